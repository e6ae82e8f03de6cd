"""One training of `bench:python`: real PyTorch on the CPU. ARGV: how many pairs. Prints JSON: wall and CPU seconds of each stretch of 100 steps, and of one mark."""

import json
import sys
import threading
import time

import torch

torch.manual_seed(0)
torch.set_num_threads(1)
net = torch.nn.Sequential(torch.nn.Linear(256, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(), torch.nn.Linear(256, 1))
optimizer = torch.optim.Adam(net.parameters(), 1e-3)
x = torch.randn(64, 256)
y = x.pow(2).sum(1, keepdim=True)


def train(first, last, mark):
    for step in range(first, last):
        loss = (net(x) - y).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if mark is not None:
            mark(step=step, loss=loss)


# Alternating stretches of one process, so that both see the same machine: what the callback costs is the difference.
import wattrun  # noqa: E402

train(1, 200, None)
stretches = {"plain": [], "marked": []}
cpu = {"plain": [], "marked": []}
with wattrun.run("bench") as run:
    run.energy()
    done = 1
    for pair in range(int(sys.argv[1])):
        for kind in ("plain", "marked") if pair % 2 == 0 else ("marked", "plain"):
            began, used = time.perf_counter(), time.process_time()
            train(done, done + 100, wattrun.mark if kind == "marked" else None)
            cpu[kind].append(time.process_time() - used)
            stretches[kind].append(time.perf_counter() - began)
            done += 100
# Of the whole loop, exactly: what the sender's thread used, whatever else the machine did meanwhile.
sender = next(thread for thread in threading.enumerate() if thread.name == "wattrun")
sender_seconds = time.clock_gettime(time.pthread_getcpuclockid(sender.ident))
marks = []
with wattrun.run("calls"):
    for step in range(20_000):
        began = time.perf_counter()
        wattrun.mark(step=step)
        marks.append(time.perf_counter() - began)
marks.sort()
print(json.dumps({"wall": stretches, "cpu": cpu, "senderSeconds": sender_seconds, "markSeconds": [marks[10_000], marks[19_800], marks[-1]]}))
