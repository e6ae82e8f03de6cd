"""Runs and marks: what a training script holds in its hands."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextvars import ContextVar
from time import time as now

from . import _tensor
from ._address import find_addresses
from ._energy import energy_of_report, energy_so_far, no_energy, read_timeout_seconds
from ._job import job_of, local_rank_of
from ._moment import new_id, text_of
from ._program import command, directory
from ._queue import most_waiting
from ._say import say_once
from ._sender import current_sender, sender
from ._window import Window
from ._within import end_of, within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Set, Tuple, Type, TypeVar, Union

    from ._energy import Energy
    from ._http import Refused
    from ._loggers import Logger, Reporter
    from ._moment import Metric
    from ._queue import RunQueue, Waiting

    F = TypeVar("F", bound=Callable[..., Any])

no_run = "a mark outside of any run is not recorded. Use: with wattrun.run('NAME'), or: wattrun run -- COMMAND"

#: The run whose `with` block or task this code is in.
entered_run: ContextVar[Optional[Run]] = ContextVar("wattrun_run", default=None)
_newest: Optional[Run] = None
#: Where the marks wait of the one run that is on in this process; None where there is none, or several, or it has no queue yet.
_only_entries: Optional[Waiting] = None
#: A child has its parent's runs beside its own: which is meant is asked each time.
_is_forked = False
_started: List[Run] = []
#: Those with a queue in this process.
_bound: List[Run] = []
#: (process, run) of runs that were started here and not inherited.
_own_ids: Set[Tuple[int, str]] = set()
_jobs_begun = 0


class Run:
    """A training run. A context manager and a decorator; or `start()` and `finish()` by hand."""

    def __init__(
        self,
        name: Optional[str] = None,
        *,
        project: Optional[str] = None,
        tags: Optional[Mapping[str, Any]] = None,
        log_to: Union[None, Logger, Sequence[Logger]] = None,
        synchronize: bool = True,
        all_ranks: bool = False,
    ) -> None:
        self.name = name
        self.project = project
        self.tags = tags
        self.log_to = log_to
        self.synchronize = synchronize
        self.all_ranks = all_ranks
        #: The run's id. Ranks of one job have one: it is known for certain once the engine has answered.
        self.id = ""
        self.is_attached = False
        self.is_started = False
        #: Nothing is recorded: no engine, or it refused.
        self.is_off = False
        self.is_finished = False
        self._is_silent = True
        self._pid = 0
        self._started_at = 0.0
        self._ended_at = 0.0
        self._job: Optional[str] = None
        self._end: Tuple[Optional[str], Optional[int]] = (None, None)
        self._report: Optional[Dict[str, Any]] = None
        self._settled = threading.Event()
        self._stopped = threading.Event()
        self._token: Any = None
        self._reporter: Optional[Reporter] = None
        self._queue: Optional[RunQueue] = None
        #: The queue's, where there is one in this process.
        self._entries: Optional[Waiting] = None

    # The life of a run.

    def start(self) -> Run:
        """Begins the run, or joins the one that this program is wrapped in. Returns at once: the engine is told beside."""
        global _newest
        try:
            if self._pid == 0:
                self._begin()
                _started.append(self)
                _newest = self
                _look_for_only()
        except Exception:
            self.turn_off()
        return self

    def finish(self, status: Optional[str] = None, exit_code: Optional[int] = None) -> None:
        """Ends the run as `finished`, `failed` or `stopped`. Returns at once; `energy_joules` then waits for the final sum.

        A run that was joined goes on: whoever started it ends it.
        """
        try:
            if self.is_finished or self._pid != os.getpid():
                return
            self.is_finished = True
            self._end = (status or "finished", exit_code)
            self._ended_at = now()
            if self in _started:
                _started.remove(self)
            self._forget()
            if self.is_attached:
                self._stopped.set()
            queue = self._queue_here()
            self._is_silent = True
            if queue is not None:
                queue.end()
                self._bind(None)
            if self._reporter is not None:
                self._reporter.close()
        except Exception:
            self.turn_off()

    def __enter__(self) -> Run:
        self.start()
        self._token = entered_run.set(self)
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._leave_context()
        self.finish(*end_of(kind, error))

    async def __aenter__(self) -> Run:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.__exit__(kind, error, trace)

    def __call__(self, function: F) -> F:
        """As a decorator: every call is a run of its own, named as the function unless named otherwise."""

        def fresh() -> Run:
            return Run(
                self.name or getattr(function, "__name__", None),
                project=self.project,
                tags=self.tags,
                log_to=self.log_to,
                synchronize=self.synchronize,
                all_ranks=self.all_ranks,
            )

        return within(function, fresh)

    # What is said of it.

    def mark(
        self,
        label: Optional[str] = None,
        *,
        step: Any = None,
        epoch: Any = None,
        samples: Any = None,
        tokens: Any = None,
        **metrics: Any,
    ) -> None:
        """Marks a moment: how many steps, epochs, samples, tokens are done so far, and metrics by their names.

        Takes a few microseconds, whatever the engine does; never raises. An `epoch` counts as done where it was said last.
        A tensor on a device is detached and read by another thread.
        """
        _keep(self._entries_here(), label, step, epoch, samples, tokens, None, metrics)

    def log(self, metrics: Mapping[str, Any], *, step: Any = None, epoch: Any = None) -> None:
        """Metrics from a mapping, whatever they are called, at a step that is not counted by this. As cheap as `mark`; never raises.

        An `epoch` is done with that step.
        """
        _keep(self._entries_here(), None, None, epoch, None, None, step, metrics)

    def mark_begin(self, *, step: int = 0, epoch: int = 0, samples: Optional[int] = None, tokens: Optional[int] = None) -> None:
        """Marks where the training begins, and what was done before it if it is resumed: that is not this run's. Never raises.

        From here the first epoch counts, and not from the program's start.
        """
        entries = self._entries_here()
        _keep(entries, None, step, None, samples or None, tokens or None, None, {})
        if entries is not None and (step or epoch):
            entries.put((now(), "epoch", epoch, None))

    def window(self, name: str, *, synchronize: Optional[bool] = None) -> Window:
        """A part of the loop with an energy of its own: a context manager, a decorator, or `begin()` and `end()` by hand."""
        return Window(name, lambda: self, self.synchronize if synchronize is None else synchronize)

    # What it took.

    @property
    def energy_joules(self) -> Optional[float]:
        """Energy of the run so far, or to its end, in joules; None where nothing is known. Asks the engine: it may wait."""
        return self.energy().joules

    def energy(self, timeout: float = read_timeout_seconds) -> Energy:
        """The same with its bounds. Waits up to `timeout` seconds; never raises."""
        try:
            if not self._wait(timeout):
                return no_energy
            if self._report is not None and "energy" in self._report:
                return energy_of_report(self._report)
            value = self._read(f"api/v1/runs/{self.id}/energy", timeout)
            return no_energy if value is None else energy_so_far(value)
        except Exception:
            return no_energy

    def report(self, timeout: float = read_timeout_seconds) -> Optional[Dict[str, Any]]:
        """All that `wattrun show RUN --json` says; None where it is not to be had. Waits; never raises."""
        try:
            if not self._wait(timeout):
                return None
            return self._read(f"api/v1/runs/{self.id}", timeout)
        except Exception:
            return None

    # For the sender's thread.

    @property
    def pid(self) -> int:
        """The process that began it, or joined it; a forked child's run is its parent's."""
        return self._pid

    @property
    def name_said(self) -> str:
        """What to call it in a message."""
        return f"“{text_of(self.name)}”" if self.name else "this run"

    def start_body(self) -> str:
        """The request that starts it."""
        body: Dict[str, Any] = {
            "runId": self.id,
            "foundBy": "api",
            "pid": self._pid,
            "command": command(),
            "cwd": directory(),
            "startedAtMs": round(self._started_at * 1000),
        }
        if self.name:
            body["name"] = text_of(self.name)[:200]
        if self.project:
            body["project"] = text_of(self.project)[:200]
        if self.tags:
            body["tags"] = {text_of(key): text_of(value) for key, value in self.tags.items()}
        if self._job:
            body["job"] = self._job[:200]
        return json.dumps(body)

    def stop_body(self) -> str:
        """The request that ends it, for this process."""
        status, code = self._end
        body: Dict[str, Any] = {"status": status, "endedAtMs": round(self._ended_at * 1000)}
        if code is not None:
            body["exitCode"] = code
        if self._job:
            body["pid"] = self._pid
        return json.dumps(body)

    def on_started(self, answer: Mapping[str, Any]) -> None:
        """The engine has it, perhaps under the id of the job's run."""
        self.id = str(answer.get("id") or self.id)
        self.is_started = True
        self._settled.set()

    def is_known_already(self, refused: Refused) -> bool:
        """True where the start was refused because an earlier try had reached the engine before it was restarted."""
        if "already a run" not in str(refused):
            return False
        self.on_started({})
        return True

    def on_stopped(self, report: Dict[str, Any]) -> None:
        """It has ended, and this is its report; of a job that goes on, the report so far is not the last word."""
        if report.get("run", {}).get("status") != "running":
            self._report = report or None
        self._stopped.set()

    def turn_off(self) -> None:
        """Nothing of it is recorded from here on."""
        self.is_off = True
        self._is_silent = True
        self._bind(None)
        self._settled.set()
        self._stopped.set()

    def _begin(self) -> None:
        global _jobs_begun

        self._pid = os.getpid()
        self._started_at = time.time()
        if os.environ.get("WATTRUN_DISABLED") not in (None, "", "0"):
            return self.turn_off()
        self._is_silent = not (self.all_ranks or local_rank_of() == 0)
        inherited = os.environ.get("WATTRUN_RUN_ID")
        if inherited and (self._pid, inherited) not in _own_ids:
            self.id = inherited
            self.is_attached = self.is_started = True
            self._settled.set()
        else:
            self.id = new_id()
            job = job_of()
            if job is not None:
                _jobs_begun += 1
                # Ranks run the same program: the second run of each is one run again, and not the first.
                self._job = job if _jobs_begun == 1 else f"{job}/{_jobs_begun}"
            known = sender()
            if known is None:
                return self.turn_off()
            queue = known.queue_of(self)
            self._bind(queue)
            queue.begin()
            if not self._job:
                _tell_children(self.id, self._pid)
        if self.log_to is not None and not self._is_silent:
            from ._loggers import Reporter

            self._reporter = Reporter(self, self.log_to)

    def _entries_here(self) -> Optional[Waiting]:
        """Where what it says waits in this process; None where nothing of it is recorded."""
        if self._is_silent:
            return None
        try:
            if self._entries is None:
                self._queue_here()
        except Exception:
            self.turn_off()
        return self._entries

    def _queue_here(self) -> Optional[RunQueue]:
        """Its queue in this process; None, and it is off, where nothing is recorded."""
        known = current_sender() or sender()
        if self._queue is None or self._queue.sender is not known:
            if known is None or known.is_off:
                self.turn_off()
                return None
            self._bind(known.queue_of(self))
        return self._queue

    def _bind(self, queue: Optional[RunQueue]) -> None:
        self._queue = queue
        self._entries = None if queue is None else queue.entries
        if self in _bound:
            _bound.remove(self)
        if queue is not None:
            _bound.append(self)
        _look_for_only()

    def _nudge(self) -> None:
        known = current_sender()
        if known is not None:
            known.wake()

    def _forget(self) -> None:
        global _newest
        if _newest is self:
            _newest = _started[-1] if _started else None
        if not self.is_attached and os.environ.get("WATTRUN_RUN_ID") == self.id:
            _tell_children(_newest.id if _newest is not None and not _newest._job else None, self._pid)

    def _leave_context(self) -> None:
        if self._token is None:
            return
        try:
            entered_run.reset(self._token)
        except (ValueError, RuntimeError):
            entered_run.set(None)  # Left in another context than it was entered in.
        self._token = None

    def _wait(self, timeout: float) -> bool:
        """Until its id is certain and, once it is finished, its last sums are in."""
        if self._pid == 0 or self.is_off:
            return False
        deadline = time.monotonic() + timeout
        if not self._settled.wait(timeout) or self.is_off:
            return False
        if self.is_finished:
            self._stopped.wait(max(0.0, deadline - time.monotonic()))
        return not self.is_off

    def _read(self, path: str, timeout: float) -> Optional[Dict[str, Any]]:
        from ._http import Connection, Refused, Unreachable

        connection = Connection(find_addresses)
        try:
            return connection.request("GET", path, timeout=timeout)
        except (Refused, Unreachable):
            return None
        finally:
            connection.close()


def mark(
    label: Optional[str] = None,
    *,
    step: Any = None,
    epoch: Any = None,
    samples: Any = None,
    tokens: Any = None,
    **metrics: Any,
) -> None:
    """Marks a moment of the run that is on: `mark(step=100, tokens=204800, loss=2.31)`. See `Run.mark`."""
    entries = _only_entries
    if entries is None:
        run = current_run()
        if run is None:
            say_once("no-run", no_run)
            return
        entries = run._entries_here()
    _keep(entries, label, step, epoch, samples, tokens, None, metrics)


def _keep(
    entries: Optional[Waiting],
    label: Optional[str],
    step: Any,
    epoch: Any,
    samples: Any,
    tokens: Any,
    at_step: Any,
    metrics: Mapping[str, Any],
) -> None:
    """What a mark takes of a training's time: all that can wait is left to the sender's thread. See RunQueue."""
    if entries is None:
        return
    try:
        kept: Optional[Metric] = None
        for name in metrics:
            value = metrics[name]
            kind = type(value)
            if kind is _tensor.plain and value.is_cpu:
                try:
                    value = value.item()
                except Exception:
                    value = _tensor.held(value)
            elif kind is not float and kind is not int:
                value = _tensor.held(value)
            kept = (name, value, kept)
        # As Waiting.put, without the call: here a call costs as much as what it does.
        if len(entries) < most_waiting:
            entries.append((now(), label, step, epoch, samples, tokens, at_step, kept))
        else:
            entries.dropped += 1
    except Exception:  # noqa: S110 - never into the training
        pass


def _look_for_only() -> None:
    """With one run on in this process nobody has to ask which is meant: between two steps that costs a microsecond."""
    global _only_entries
    run = _started[0] if len(_started) == 1 and not _is_forked else None
    _only_entries = None if run is None or run._is_silent else run._entries


def current_run() -> Optional[Run]:
    """The run that this code is in: of its `with` block or task, else the newest that is on, else the one the program is wrapped in."""
    run = entered_run.get()
    if run is not None and not run.is_finished:
        return run
    if _newest is not None:
        return _newest
    if os.environ.get("WATTRUN_RUN_ID"):
        return Run().start()
    return None


def end_runs_left_on() -> None:
    """At the program's end: what nobody finished ends with it, and as it."""
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    for run in list(_started):
        run.finish(*end_of(type(error) if error is not None else None, error))


def _tell_children(run_id: Optional[str], pid: int) -> None:
    """Processes that this one starts are of its run."""
    if run_id is None:
        os.environ.pop("WATTRUN_RUN_ID", None)
        return
    _own_ids.add((pid, run_id))
    os.environ["WATTRUN_RUN_ID"] = run_id


def _after_fork_in_child() -> None:
    """The runs go on in the parent, which ends them; a child that marks something marks it in them."""
    global _is_forked
    _is_forked = True
    _started.clear()
    for run in list(_bound):
        run._bind(None)
    _look_for_only()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
