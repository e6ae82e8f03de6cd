"""The one thread that speaks to the engine: what a training says is put into a queue, and this sends it, in order, once."""

from __future__ import annotations

import _thread
import atexit
import itertools
import os
import sys
import threading
import time

from ._address import find_addresses
from ._http import Connection, Refused, Unreachable
from ._queue import Request, RunQueue
from ._say import say_once, say_once_in_job, speak_for_children
from ._spool import Spooled, claim_spools, write_spool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterator, List, Optional

    from ._run import Run

#: What comes within this time goes together.
_gather_seconds = 1.0
#: Between two slices of work: long enough that a training which waits for Python's lock has it.
_breath_seconds = 0.001
#: An engine that was never there is waited for this long: it may be starting beside us.
_patience_seconds = 3.0
_longest_back_off_seconds = 2.0
#: The end of the program waits for the rest at most this long.
_exit_seconds = 1.0


class Sender:
    """Queues that never block who puts something in, and a daemon thread that empties them."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.is_off = False
        #: By this, the queue's number and their own, marks are told from any others.
        self._prefix = os.urandom(6).hex()
        self._number = itertools.count(1)
        self._queues: Dict[Run, RunQueue] = {}
        self._requests: Iterator[Request] = iter(())
        #: Taken from its queue, and not answered yet.
        self._in_flight: Optional[Request] = None
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._done = threading.Event()
        self._is_closing = False
        self._ends_at = 0.0
        self._connection = Connection(find_addresses)
        self._was_connected = False
        #: What programs before this one kept, and the part of it that is being delivered.
        self._spools = claim_spools()
        self._spooled: Optional[Spooled] = None
        self._born = time.monotonic()
        self._thread = threading.Thread(target=self._main, name="wattrun", daemon=True)
        _thread.start_new_thread(self._start, ())
        atexit.register(self.close)
        _close_with_multiprocessing(self)
        speak_for_children()

    @property
    def is_done(self) -> bool:
        """Its thread has ended."""
        return self._done.is_set()

    def queue_of(self, run: Run) -> RunQueue:
        """Where what the run says waits here."""
        known = self._queues.get(run)
        return known or self._queues.setdefault(run, RunQueue(run, self, f"{self._prefix}{next(self._number)}"))

    def wake(self) -> None:
        """What waits is not to wait for more."""
        self._wake.set()

    def close(self) -> None:
        """Delivers what is left, for a second at most, and keeps the rest for whoever speaks to the engine next."""
        if os.getpid() != self.pid or self.is_done:
            return
        try:
            from ._run import end_runs_left_on

            end_runs_left_on()
            self._ends_at = time.monotonic() + _exit_seconds
            self._is_closing = True
            self.wake()
            try:
                self._done.wait(_exit_seconds)
            except KeyboardInterrupt:
                pass  # The user waits no longer for the engine; what is left is kept all the same.
            if not self.is_done:
                self._keep_rest()
        except KeyboardInterrupt:
            # An impatient Ctrl-C here must not become the program's last words.
            say_once("lost", "interrupted: the last marks were not recorded.")
        except Exception:
            pass

    def _start(self) -> None:
        """In a thread of its own: starting one waits until it has begun, which on a busy machine is milliseconds of the training's time."""
        try:
            self._thread.start()
        except RuntimeError:
            # The program is ending already, and Python 3.12 begins no thread then; but there is this one.
            self._main()

    def _main(self) -> None:
        try:
            self._work()
        except BaseException as error:  # In a thread SystemExit ends that alone, without a word.
            say_once("off", f"energy is no longer recorded: {type(error).__name__}: {error}")
            self._turn_off()
        finally:
            self._give_spooled_back()
            self._connection.close()
            self._done.set()

    def _work(self) -> None:
        while True:
            if not self._deliver_spooled(_gather_seconds):
                # A run that is on is looked after: marking wakes nobody.
                self._wake.wait(_gather_seconds if self._queues else None)
            self._wake.clear()
            is_last = self._is_closing
            if not self._deliver():
                return
            if is_last:
                # Or programs that are short would leave it to each other. What a request takes is kept of the time that there is.
                self._deliver_spooled(self._ends_at - _exit_seconds / 3 - time.monotonic())
                return

    def _round(self) -> Iterator[Request]:
        """What waits now in all queues."""
        for queue in list(self._queues.values()):
            yield from queue.requests(self._breathe)
            names = queue.take_unusable()
            if names:
                say_once("unusable", f"{names[0]} is no number that can be recorded; it was left out.")
            if queue.entries.dropped > 0:
                say_once("dropped", f"marks came faster than the engine took them: {queue.entries.dropped} were left out so far.")
            if queue.is_done:
                self._queues.pop(queue.run, None)

    def _breathe(self) -> None:
        if not self._is_closing:
            time.sleep(_breath_seconds)

    def _next(self) -> Optional[Request]:
        with self._lock:
            if self._in_flight is None and not self.is_off:
                self._in_flight = next(self._requests, None)
            return self._in_flight

    def _deliver(self) -> bool:
        """Sends a round of requests in their order, each as often as it takes. False: there is no engine, or the program ends."""
        back_off = 0.05
        began = time.monotonic()
        self._requests = self._round()
        while True:
            request = self._next()
            if request is None:
                return not self.is_off
            try:
                self._send(request)
            except Unreachable as unreachable:
                request.is_sent = False
                if self._gives_up(unreachable, began):
                    return False
                self._wake.wait(back_off)
                # What is urgent does not make an engine answer sooner; the program's end does not wait for it.
                if not self._is_closing:
                    self._wake.clear()
                back_off = min(_longest_back_off_seconds, back_off * 2)
                continue
            except Refused as refused:
                if self._comes_before_its_run(request, refused, began):
                    time.sleep(back_off)
                    continue
                self._give_up_request(request, refused)
            back_off = 0.05
            with self._lock:
                self._in_flight = None

    def _send(self, request: Request) -> None:
        run = request.run
        if run.is_off:
            return
        request.is_sent = True
        answer = self._connection.request("POST", request.path, request.body())
        if request.kind == "start":
            run.on_started(answer)
        elif request.kind == "stop":
            run.on_stopped(answer)
        elif answer.get("refused"):
            say_once("refused", f"{answer['refused']} marks lie outside the run's time and were not recorded.")
        self._was_connected = True

    def _deliver_spooled(self, seconds: float) -> bool:
        """What others kept, while nothing of this process waits. False: there is nothing to do until something does."""
        until = time.monotonic() + seconds
        while self._was_connected and not self._wake.is_set() and time.monotonic() < until:
            self._spooled = self._spooled or next(self._spools, None)
            if self._spooled is None:
                return False
            request = self._spooled.first()
            if request is None:
                self._spooled.remove()
                self._spooled = None
                continue
            try:
                self._spooled.pass_on(self._connection.request("POST", *request))
            except (Refused, Unreachable) as failure:
                if isinstance(failure, Unreachable) or failure.status in (401, 403):
                    self._give_spooled_back()
                    self._spools = iter(())
                    return False
                # Its run is known already, is over or gone; the rest may be of another.
                if request[0].endswith("/marks"):
                    say_once("spooled", f"marks that an earlier program had left were not recorded: {failure}")
                self._spooled.pass_on({})
            time.sleep(_breath_seconds)
        return self._was_connected

    def _give_spooled_back(self) -> None:
        if self._spooled is not None:
            self._spooled.give_back()
        self._spooled = None

    def _comes_before_its_run(self, request: Request, refused: Refused, began: float) -> bool:
        """True for marks of a run that another process begins, while that may still be on its way to the engine."""
        run = request.run
        is_of_another = run.is_attached or run.pid != self.pid
        patience = _exit_seconds * 0.8 if self._is_closing else _patience_seconds
        return request.kind == "marks" and refused.status == 404 and is_of_another and time.monotonic() - began < patience

    def _give_up_request(self, request: Request, refused: Refused) -> None:
        run = request.run
        if refused.status in (401, 403):
            say_once_in_job("off", f"the engine refuses the token: {run.name_said} is not recorded. {refused}")
            self._turn_off()
        elif request.kind == "start":
            if not run.is_known_already(refused):
                run.turn_off()
                say_once("start", f"{run.name_said} is not recorded: {refused}")
        elif request.kind == "stop":
            run.on_stopped({})
        else:
            say_once("marks", f"{request.count} marks of {run.name_said} were not recorded: {refused}")

    def _gives_up(self, unreachable: Unreachable, began: float) -> bool:
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
        self._say_no_engine(list(self._queues))
        self._turn_off()
        return True

    def _say_no_engine(self, runs: List[Run]) -> None:
        what = " and ".join(run.name_said for run in runs[:2]) or "this run"
        is_not = "are not" if len(runs) > 1 else "is not"
        if self._connection.has_address:
            message = f"the engine does not answer: {what} {is_not} recorded."
        else:
            message = f"no Wattrun is running: {what} {is_not} recorded. Open the app, or start: wattrun serve"
        # A run that another process began there is one that the engine was there for: that process may have nothing to say.
        is_new = not any(run.is_started and not run.is_attached for run in runs)
        (say_once_in_job if is_new else say_once)("off", message)

    def _turn_off(self) -> None:
        """Nothing more is recorded in this process, until a run begins anew."""
        self.is_off = True
        for queue in list(self._queues.values()):
            queue.run.turn_off()
            queue.clear()
        self._queues.clear()

    def _keep_rest(self) -> None:
        """Writes down what was not delivered, from the start of a run to its end, and says so."""
        if self.is_done or self.is_off:
            return
        runs = list(self._queues)
        # An end that was sent is being measured: the engine needs no second word. All else it knows again by its id.
        rest = [request for request in self._take_rest() if request.kind != "stop" or not request.is_sent]
        if not rest:
            return
        if not self._was_connected and not find_addresses():
            self._say_no_engine(runs)
            return
        names = " and ".join(list({request.run.name_said: None for request in rest})[:2])
        count = sum(request.count for request in rest)
        what = f"{count} marks of {names}" if count else f"the end of {names}"
        if write_spool([(request.path, request.body()) for request in rest]):
            say_once("kept", f"the engine did not answer in time; kept for the next program: {what}.")
        else:
            say_once("lost", f"the engine did not answer, and this could not be kept and is not recorded: {what}.")

    def _take_rest(self) -> List[Request]:
        """What is in flight and what waits; nothing more is taken by the thread, which may be held up anywhere."""
        is_locked = self._lock.acquire(timeout=0.1)
        try:
            self.is_off = True
            first = self._in_flight
            return ([first] if first is not None else []) + list(self._round())
        finally:
            if is_locked:
                self._lock.release()


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
    if known is not None and not known.is_off and not known.is_done:
        return known
    with _making:
        known = _sender
        if known is None or known.is_off or known.is_done:
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
