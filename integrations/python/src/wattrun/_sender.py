"""The one thread that speaks to the engine: what a training says is put into a queue, and this sends it, in order, once."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from collections import deque

from ._address import find_addresses
from ._encode import MarkEncoder, Moment
from ._http import Connection, Refused, Unreachable
from ._say import say_once
from ._spool import claim_spools, write_spool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Deque, Dict, List, Optional, Tuple, Union

    from ._run import Run

    #: What the training puts in: (run, moment), (run, (at, kind, name, windowId)), or (run, 'start' | 'stop').
    Entry = Tuple[Run, Union[Moment, Tuple[float, str, str, str], str]]

#: Moments that wait at most; more are counted, dropped and said. 400 bytes each: 40 MB.
most_waiting = 100_000
#: Marks in one request: few enough that making their text holds Python's lock for less than a millisecond.
_batch = 250
#: What comes within this time goes together; the first goes sooner.
_gather_seconds = 1.0
_first_gather_seconds = 0.1
#: An engine that was never there is waited for this long: it may be starting beside us.
_patience_seconds = 3.0
_longest_back_off_seconds = 2.0
#: The end of the program waits for the rest at most this long.
_exit_seconds = 1.0


class Request:
    """One request that must reach the engine, and what it is about."""

    __slots__ = ("run", "kind", "body", "count", "is_sent")

    def __init__(self, run: Run, kind: str, body: str, count: int) -> None:
        self.run = run
        self.kind = kind
        self.body = body
        self.count = count
        self.is_sent = False


class Sender:
    """A queue that never blocks who puts something in, and a daemon thread that empties it."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.is_off = False
        self._queue: Deque[Entry] = deque()
        self._outbox: Deque[Request] = deque()
        self._held = 0
        self._dropped = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._done = threading.Event()
        self._is_awake = False
        self._is_closing = False
        self._encoders: Dict[Run, MarkEncoder] = {}
        self._prefix = os.urandom(6).hex()
        self._runs = 0
        self._connection = Connection(find_addresses)
        self._was_connected = False
        self._born = time.monotonic()
        self._thread = threading.Thread(target=self._main, name="wattrun", daemon=True)
        self._thread.start()
        atexit.register(self.close)
        _close_with_multiprocessing(self)

    def put(self, entry: Entry, is_urgent: bool = False) -> None:
        """Takes an entry: a few hundred nanoseconds, whatever the engine does."""
        if self.is_off:
            return
        if len(self._queue) + self._held >= most_waiting and type(entry[1]) is not str:
            self._dropped += 1
            return
        self._queue.append(entry)
        if is_urgent:
            self._hurry.set()
        if not self._is_awake:
            self._is_awake = True
            self._wake.set()

    def close(self) -> None:
        """Delivers what is left, for a second at most, and keeps the rest for whoever speaks to the engine next."""
        if os.getpid() != self.pid or self._done.is_set():
            return
        try:
            from ._run import end_runs_left_on

            end_runs_left_on()
            self._is_closing = True
            self._hurry.set()
            self._wake.set()
            self._done.wait(_exit_seconds)
            if not self._done.is_set():
                self._keep_rest()
        except BaseException as error:  # noqa: BLE001 - an impatient Ctrl-C here must not become the program's last words
            if not isinstance(error, (Exception, KeyboardInterrupt)):
                raise

    def _main(self) -> None:
        try:
            self._work()
        except Exception as error:
            self._turn_off(f"energy is no longer recorded: {type(error).__name__}: {error}")
        finally:
            self._connection.close()
            self._done.set()

    def _work(self) -> None:
        gather = _first_gather_seconds
        while True:
            self._wake.wait()
            if not self._is_closing:
                self._hurry.wait(gather)
            gather = _gather_seconds
            self._wake.clear()
            self._hurry.clear()
            self._is_awake = False
            is_last = self._is_closing
            self._take()
            if not self._deliver() or is_last:
                return

    def _take(self) -> None:
        """Moves what waits into requests, a batch of marks at a time."""
        while self._queue:
            run, what = self._queue.popleft()
            if run.is_off:
                continue
            if what == "start":
                self._append(Request(run, "start", "", 0))
            elif what == "stop":
                encoder = self._encoder(run)
                self._put_marks(run, encoder.end())
                self._say_unusable(encoder)
                del self._encoders[run]
                if not run.is_attached:
                    self._append(Request(run, "stop", "", 0))
            elif isinstance(what, str):
                continue
            elif isinstance(what, Moment):
                self._put_marks(run, self._encoder(run).encode(what))
            else:
                at, kind, name, window_id = what
                self._put_marks(run, [self._encoder(run).window(at, kind, name, window_id)])
        for encoder in self._encoders.values():
            self._say_unusable(encoder)
        if self._dropped > 0:
            say_once("dropped", f"marks came faster than the engine took them: {self._dropped} were left out so far.")

    def _say_unusable(self, encoder: MarkEncoder) -> None:
        if encoder.unusable:
            say_once("unusable", f"{encoder.unusable[0]} is no number that can be recorded; it was left out.")
            encoder.unusable.clear()

    def _encoder(self, run: Run) -> MarkEncoder:
        encoder = self._encoders.get(run)
        if encoder is None:
            self._runs += 1
            encoder = self._encoders[run] = MarkEncoder(f"{self._prefix}{self._runs}")
        return encoder

    def _put_marks(self, run: Run, marks: List[str]) -> None:
        for mark in marks:
            last = self._outbox[-1] if self._outbox else None
            if last is None or last.run is not run or last.kind != "marks" or last.count >= _batch:
                last = Request(run, "marks", "", 0)
                self._append(last)
            last.body = mark if last.count == 0 else last.body + "," + mark
            last.count += 1
            self._held += 1

    def _append(self, request: Request) -> None:
        with self._lock:
            self._outbox.append(request)

    def _deliver(self) -> bool:
        """Sends all requests in their order, as often as it takes. False: there is no engine, or the program ends."""
        back_off = 0.05
        began = time.monotonic()
        while self._outbox:
            request = self._outbox[0]
            try:
                self._send(request)
            except Unreachable as unreachable:
                if self._gives_up(request, unreachable, began):
                    return False
                self._hurry.wait(back_off)
                # Entries that are urgent do not make an engine answer sooner; the program's end does not wait for it.
                if not self._is_closing:
                    self._hurry.clear()
                back_off = min(_longest_back_off_seconds, back_off * 2)
                self._take()
                continue
            except Refused as refused:
                if self._comes_before_its_run(request, refused, began):
                    time.sleep(back_off)
                    continue
                self._give_up_request(request, refused)
            back_off = 0.05
            with self._lock:
                if self._outbox and self._outbox[0] is request:
                    self._outbox.popleft()
            self._held = max(0, self._held - request.count)
        return True

    def _send(self, request: Request) -> None:
        run = request.run
        if run.is_off:
            return
        if request.kind == "start":
            _, answer = self._connection.request("POST", "api/v1/runs", run.start_body())
            run.on_started(answer)
        elif request.kind == "stop":
            request.body = run.stop_body()
            request.is_sent = True
            _, answer = self._connection.request("POST", f"api/v1/runs/{run.id}/stop", request.body)
            run.on_stopped(answer)
        else:
            _, answer = self._connection.request("POST", f"api/v1/runs/{run.id}/marks", _marks_body(request.body))
            if answer.get("refused"):
                say_once("refused", f"{answer['refused']} marks lie outside the run's time and were not recorded.")
        self._now_connected()

    def _now_connected(self) -> None:
        if self._was_connected:
            return
        self._was_connected = True
        for spooled in claim_spools():
            for path, body in spooled.requests():
                try:
                    self._connection.request("POST", path, body)
                except Refused:
                    continue  # Its run is over or gone; the rest of the file may be of another.
                except Unreachable:
                    spooled.give_back()
                    return
            spooled.remove()

    def _comes_before_its_run(self, request: Request, refused: Refused, began: float) -> bool:
        """True for marks of a run that another process begins, while that may still be on its way to the engine."""
        run = request.run
        is_of_another = run.is_attached or run.pid != self.pid
        patience = _exit_seconds * 0.8 if self._is_closing else _patience_seconds
        return request.kind == "marks" and refused.status == 404 and is_of_another and time.monotonic() - began < patience

    def _give_up_request(self, request: Request, refused: Refused) -> None:
        run = request.run
        if refused.status in (401, 403):
            self._turn_off(f"the engine refuses the token: {run.name_said} is not recorded. {refused}")
        elif request.kind == "start":
            if not run.is_known_already(refused):
                run.turn_off()
                say_once("start", f"{run.name_said} is not recorded: {refused}")
        elif request.kind == "stop":
            run.on_stopped({})
        else:
            say_once("marks", f"{request.count} marks of {run.name_said} were not recorded: {refused}")

    def _gives_up(self, request: Request, unreachable: Unreachable, began: float) -> bool:
        now = time.monotonic()
        if self._is_closing:
            self._keep_rest()
            return True
        if self._was_connected:
            if now - began > 30:
                say_once("away", f"the engine has not answered for 30 s ({unreachable}); marks are kept and sent when it does.")
            return False
        if now - self._born < _patience_seconds:
            return False
        self._turn_off(self._no_engine())
        return True

    def _no_engine(self) -> str:
        runs = {request.run: None for request in self._outbox}
        what = " and ".join(run.name_said for run in list(runs)[:2]) or "this run"
        is_not = "are not" if len(runs) > 1 else "is not"
        if self._connection.has_address:
            return f"the engine does not answer: {what} {is_not} recorded."
        return f"no Wattrun is running: {what} {is_not} recorded. Open the app, or start: wattrun serve"

    def _turn_off(self, message: str) -> None:
        """Nothing more is recorded in this process, until a run begins anew."""
        self.is_off = True
        say_once("off", message)
        with self._lock:
            for run in {request.run: None for request in self._outbox}:
                run.turn_off()
            self._outbox.clear()
        while self._queue:
            self._queue.popleft()[0].turn_off()

    def _keep_rest(self) -> None:
        """Writes down what was not delivered; says so where it cannot."""
        if self._done.is_set() or self.is_off:
            return
        self._take()
        self.is_off = True
        if not self._was_connected:
            if self._outbox or self._queue:
                say_once("off", self._no_engine())
            return
        rest, lost = self._undelivered()
        count = sum(number for _, _, number in rest)
        if not rest or write_spool([(path, body) for path, body, _ in rest]):
            if lost:
                say_once("lost", f"{lost} entries were not recorded: the engine did not answer in time.")
        elif count + lost > 0:
            say_once("lost", f"{count + lost} marks were not recorded: the engine did not answer, and they could not be kept.")

    def _undelivered(self) -> Tuple[List[Tuple[str, str, int]], int]:
        """(path, body, marks) of what an engine can take later, and how many entries it cannot."""
        rest: List[Tuple[str, str, int]] = []
        lost = 0
        self._lock.acquire(timeout=0.1)
        try:
            requests = list(self._outbox)
        finally:
            if self._lock.locked():
                self._lock.release()
        for request in requests:
            if not request.run.is_started:
                lost += max(1, request.count)
            elif request.kind == "marks":
                rest.append((f"api/v1/runs/{request.run.id}/marks", _marks_body(request.body), request.count))
            elif request.kind == "stop" and not request.is_sent:
                rest.append((f"api/v1/runs/{request.run.id}/stop", request.run.stop_body(), 0))
        return rest, lost


def _marks_body(marks: str) -> str:
    return '{"marks":[' + marks + "]}"


def _close_with_multiprocessing(sender: Sender) -> None:
    """A worker of multiprocessing ends without `atexit`; it has finalizers of its own."""
    module = sys.modules.get("multiprocessing.util")
    process = sys.modules.get("multiprocessing.process")
    if module is None or process is None or process.parent_process() is None:
        return
    module.Finalize(None, sender.close, exitpriority=10)


_sender: Optional[Sender] = None
_making = threading.Lock()


def sender() -> Optional[Sender]:
    """This process's sender, made with its first use. None where no thread can be started: the interpreter is ending."""
    global _sender
    known = _sender
    if known is not None and not known.is_off and not known._done.is_set():
        return known
    with _making:
        known = _sender
        if known is None or known.is_off or known._done.is_set():
            try:
                _sender = Sender()
            except RuntimeError:
                return None
        return _sender


def current_sender() -> Optional[Sender]:
    """The sender, if there is one already."""
    return _sender


def _after_fork_in_child() -> None:
    """The thread stayed behind, and what the parent had queued is the parent's: a child begins anew if it has something to say."""
    global _sender, _making
    _sender = None
    _making = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
