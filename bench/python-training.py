"""One training of `bench:python`: real PyTorch on the CPU. ARGV: pairs, rows of a batch, seconds of a stretch. Prints JSON.

Plain and marked stretches take turns in one process. Before each, what the package still has to send is waited for, so that each stretch pays for its own marks.
"""

import gc
import json
import sys
import threading
import time

import torch
import wattrun

#: Longer than marks are gathered for: what was marked before is sent.
settle_seconds = 1.3
pairs, rows, stretch_seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
torch.manual_seed(0)
torch.set_num_threads(1)
net = torch.nn.Sequential(torch.nn.Linear(256, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(), torch.nn.Linear(256, 1))
optimizer = torch.optim.Adam(net.parameters(), 1e-3)
x = torch.randn(rows, 256)
y = x.pow(2).sum(1, keepdim=True)


def train(first, count, mark):
    """Seconds of the middle call of `mark`, with the reading of the clock around it."""
    lengths = []
    for step in range(first, first + count):
        loss = (net(x) - y).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        began = time.perf_counter()
        if mark is not None:
            mark(step=step, loss=loss)
        lengths.append(time.perf_counter() - began)
    return sorted(lengths)[len(lengths) // 2]


def sender_seconds():
    thread = next(thread for thread in threading.enumerate() if thread.name == "wattrun")
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


def settle():
    time.sleep(settle_seconds)
    gc.collect()


def usual_step_seconds():
    lengths = []
    while sum(lengths) < 2:
        began = time.perf_counter()
        train(0, 1, None)
        lengths.append(time.perf_counter() - began)
    return sorted(lengths)[len(lengths) // 2]


def stretches(run):
    """Seconds of each stretch: on the wall, of the process's CPU time, where the mark is, and of the CPU time of the package's thread."""
    run.energy()
    time.sleep(settle_seconds)
    usual_step_seconds()
    steps = max(1, round(stretch_seconds / usual_step_seconds()))
    wall, cpu, marking, sender = ({"plain": [], "marked": []} for _ in range(4))
    done = 0
    for pair in range(pairs):
        for kind in ("plain", "marked") if pair % 2 == 0 else ("marked", "plain"):
            gc.collect()
            of_sender, used, began = sender_seconds(), time.process_time(), time.perf_counter()
            in_mark = train(done, steps, wattrun.mark if kind == "marked" else None)
            wall[kind].append(time.perf_counter() - began)
            cpu[kind].append(time.process_time() - used)
            marking[kind].append(in_mark)
            # With what is sent after it, so that every mark is paid for.
            time.sleep(settle_seconds)
            sender[kind].append(sender_seconds() - of_sender)
            done += steps
    return {"steps": steps, "wall": wall, "cpu": cpu, "marking": marking, "sender": sender}


def nothing(label=None, *, step=None, epoch=None, samples=None, tokens=None, **metrics):
    """What a call with these arguments takes on this machine, whatever it does."""


class Collections:
    """When Python collected garbage: a collection falls into whatever call allocates next, and is as long as the program's memory wants it."""

    def __init__(self):
        self.count, self.seconds, self._began = 0, [], 0.0

    def __call__(self, phase, _info):
        if phase == "start":
            self.count += 1
            self._began = time.perf_counter()
        else:
            self.seconds.append(time.perf_counter() - self._began)


def calls(mark, count, collections):
    """Seconds of each call in which nothing was collected, in order of length, and the longest of those in which something was."""
    clear, collected = [], [0.0]
    for step in range(count):
        before, began = collections.count, time.perf_counter()
        mark(step=step, loss=0.125)
        seconds = time.perf_counter() - began
        (clear if collections.count == before else collected).append(seconds)
    clear.sort()
    return {"median": clear[len(clear) // 2], "p99": clear[len(clear) * 99 // 100], "longest": clear[-1], "longestCollected": max(collected)}


def compare_calls():
    """Rounds of 20,000 calls without a pause, of `mark` and of what does nothing: a machine that is shared interrupts both."""
    collections = Collections()
    gc.callbacks.append(collections)
    rounds = {"mark": [], "nothing": []}
    for _ in range(5):
        for kind, mark in (("mark", wattrun.mark), ("nothing", nothing)):
            settle()
            rounds[kind].append(calls(mark, 20_000, collections))
    gc.callbacks.remove(collections)
    return {**rounds, "longestCollection": max(collections.seconds, default=0.0)}


with wattrun.run("bench") as run:
    measured = stretches(run)
with wattrun.run("calls") as run:
    run.energy()
    measured["calls"] = compare_calls()
print(json.dumps(measured))
