"""Types at a terminal of its own. ARGV: a JSON list of [wait for this text, then type this], then the command. Prints JSON: what was shown, and the exit code."""

import json
import os
import pty
import select
import sys
import time

steps = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b""
seen = 0
deadline = time.monotonic() + 60


def read():
    """False where the terminal is closed, or nothing came in time."""
    global shown
    if not select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
        return False
    try:
        part = os.read(terminal, 65536)
    except OSError:
        return False
    shown += part
    return part != b""


for text, keys in steps:
    while text.encode() not in shown[seen:] and read():
        pass
    seen = len(shown)
    # A program that shows its page sets its keyboard just before or after that.
    time.sleep(0.4)
    os.write(terminal, keys.encode())
while read():
    pass
ended = os.waitpid(child, os.WNOHANG)
for _ in range(50):
    if ended[0] != 0:
        break
    time.sleep(0.1)
    ended = os.waitpid(child, os.WNOHANG)
if ended[0] == 0:
    os.kill(child, 9)
print(json.dumps({"shown": shown.decode("utf-8", "replace"), "code": os.waitstatus_to_exitcode(ended[1]) if ended[0] else None}))
