"""One training of `bench:python`: real PyTorch on the CPU. ARGV: rows of a batch, seconds. Prints JSON.

Blocks of steps with and without marks take turns, in pairs whose order is thrown: neighbours share what else the machine does. What the
package's thread does beside them falls on both alike, and is counted.
"""

import gc
import json
import random
import sys
import threading
import time

import torch
import wattrun

#: Longer than marks are gathered for: what was marked before is sent.
settle_seconds = 1.3
#: Of a block: many steps where they are short, so that little of a mark's traces in the caches falls to the block after it.
block_seconds = 0.016
sending_seconds = 20
rows, seconds = int(sys.argv[1]), float(sys.argv[2])
random.seed(0)
torch.manual_seed(0)
torch.set_num_threads(1)
net = torch.nn.Sequential(torch.nn.Linear(256, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(), torch.nn.Linear(256, 1))
optimizer = torch.optim.Adam(net.parameters(), 1e-3)
x = torch.randn(rows, 256)
y = x.pow(2).sum(1, keepdim=True)


def train(first, count, mark):
    """Seconds that it takes."""
    began = time.perf_counter()
    for step in range(first, first + count):
        loss = (net(x) - y).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if mark is not None:
            mark(step=step, loss=loss)
    return time.perf_counter() - began


def sender_seconds():
    """On a CPU."""
    thread = next(thread for thread in threading.enumerate() if thread.name == "wattrun")
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


def settle():
    time.sleep(settle_seconds)
    gc.collect()


def usual_step_seconds():
    lengths, began = [], time.perf_counter()
    while time.perf_counter() - began < 3:
        lengths.append(train(0, 1, None))
    return sorted(lengths)[len(lengths) // 2]


def pairs_of_blocks(block):
    """Seconds of each."""
    plain, marked = [], []
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        blocks = [(plain, None), (marked, wattrun.mark)]
        random.shuffle(blocks)
        for into, mark in blocks:
            into.append(train(done, block, mark))
            done += block
    return {"plain": plain, "marked": marked}


def sending(count):
    """Seconds of a training with a mark at each step, and those that the package's thread has on a CPU until all of it is sent."""
    settle()
    before = sender_seconds()
    took = train(0, count, wattrun.mark)
    time.sleep(settle_seconds)
    return {"wall": took, "sender": sender_seconds() - before}


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
    run.energy()
    usual = usual_step_seconds()
    block = max(1, round(block_seconds / usual))
    settle()
    measured = {"steps": block, **pairs_of_blocks(block), "sending": sending(round(sending_seconds / usual))}
with wattrun.run("calls") as run:
    run.energy()
    measured["calls"] = compare_calls()
print(json.dumps(measured))
