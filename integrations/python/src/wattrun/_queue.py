"""What a run has said and the engine was not told yet."""

from __future__ import annotations

from collections import deque

from ._encode import MarkEncoder, most_at_once
from ._tensor import read_tensors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Deque, Iterator, List

    from ._encode import Part
    from ._moment import Moment
    from ._run import Run
    from ._sender import Sender

#: Moments of a run that wait at most; more are counted, dropped and said. 250 bytes each: 25 MB.
most_waiting = 100_000
#: Moments that are encoded in one go: few enough that Python's lock is held for a fraction of a millisecond.
_slice = 100


class Request:
    """One request that must reach the engine, and what it is about: `start`, `marks` or `stop`."""

    __slots__ = ("run", "kind", "parts", "is_sent")

    def __init__(self, run: Run, kind: str, parts: List[Part]) -> None:
        self.run = run
        self.kind = kind
        self.parts = parts
        self.is_sent = False

    @property
    def count(self) -> int:
        """How many marks it is."""
        return sum(part.mark_count for part in self.parts)

    @property
    def path(self) -> str:
        """Where it is sent to."""
        return "api/v1/runs" if self.kind == "start" else f"api/v1/runs/{self.run.id}/{self.kind}"

    def body(self) -> str:
        """What is sent."""
        if self.kind != "marks":
            return self.run.start_body() if self.kind == "start" else self.run.stop_body()
        marks = ",".join([part.text for part in self.parts if not part.is_columns])
        columns = ",".join([part.text for part in self.parts if part.is_columns])
        lists = (("marks", marks), ("columns", columns))
        return "{" + ",".join([f'"{name}":[{text}]' for name, text in lists if text]) + "}"


class Waiting(Deque[Moment] if TYPE_CHECKING else deque):  # type: ignore[misc]
    """Moments that nobody took yet, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        #: That there was no place for.
        self.dropped = 0

    def put(self, moment: Moment) -> None:
        """Takes one where there is place; the sender's thread comes for it by itself."""
        if len(self) < most_waiting:
            self.append(moment)
        else:
            self.dropped += 1


class RunQueue:
    """Moments of one run on their way to one sender. Filled by the training, emptied by the sender's thread.

    Marking only puts numbers aside: between two steps, which have filled the processor's caches with their own, all else takes ten times as
    long as in the sender's thread, many at a time.
    """

    def __init__(self, run: Run, sender: Sender, prefix: str) -> None:
        self.run = run
        self.sender = sender
        self.entries = Waiting()
        #: All is sent, to its end.
        self.is_done = False
        self._ready: List[Part] = []
        self._ready_count = 0
        self._encoder = MarkEncoder(prefix)
        self._is_start_due = False
        self._is_over = False

    # For the training.

    def begin(self) -> None:
        """The engine is to begin the run."""
        self._is_start_due = True
        self.sender.wake()

    def end(self) -> None:
        """Nothing more of it follows."""
        self._is_over = True
        self.sender.wake()

    # For the sender's thread.

    def requests(self, breathe: Callable[[], None]) -> Iterator[Request]:
        """What waits now, in its order. `breathe` is called between slices of work, for others to have Python's lock."""
        if self.run.is_off:
            self.clear()
        if self.is_done:
            return
        if self._is_start_due:
            self._is_start_due = False
            yield Request(self.run, "start", [])
        # What comes meanwhile is for the next round; but nothing comes after the end.
        is_over = self._is_over
        due = len(self.entries)
        while due > 0:
            entries = [self.entries.popleft() for _ in range(min(due, _slice))]
            due -= len(entries)
            self._encode(entries)
            while self._ready_count > most_at_once:
                yield self._marks()
            if due > 0:
                breathe()
        if is_over:
            self._take(self._encoder.end())
        while self._ready:
            yield self._marks()
        if is_over:
            self.is_done = True
            if not self.run.is_attached:
                yield Request(self.run, "stop", [])

    def take_unusable(self) -> List[str]:
        """Names of what was no number, since it was asked last."""
        names, self._encoder.unusable = self._encoder.unusable, []
        return names

    def clear(self) -> None:
        """Nothing of it is to be sent any more."""
        self.entries.clear()
        self._ready.clear()
        self._ready_count = 0
        self._is_start_due = False
        self.is_done = True

    def _marks(self) -> Request:
        end = count = 0
        for part in self._ready:
            if count + part.mark_count > most_at_once:
                break
            end += 1
            count += part.mark_count
        parts, self._ready = self._ready[:end], self._ready[end:]
        self._ready_count -= count
        return Request(self.run, "marks", parts)

    def _encode(self, entries: List[Moment]) -> None:
        read_tensors(entries)
        self._take(self._encoder.encode(entries))

    def _take(self, parts: List[Part]) -> None:
        self._ready += parts
        self._ready_count += sum([part.mark_count for part in parts])
