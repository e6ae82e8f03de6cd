"""What a run has said and the engine was not told yet."""

from __future__ import annotations

from collections import deque

from ._encode import MarkEncoder
from ._tensor import read_tensors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Deque, Iterator, List

    from ._encode import Moment
    from ._run import Run
    from ._sender import Sender

#: Moments of a run that wait at most; more are counted, dropped and said. 250 bytes each: 25 MB.
most_waiting = 100_000
#: Marks in one request; the engine takes no more.
most_at_once = 1000
#: Moments that are encoded in one go: few enough that Python's lock is held for a fraction of a millisecond.
_slice = 100


class Request:
    """One request that must reach the engine, and what it is about: `start`, `marks` or `stop`."""

    __slots__ = ("run", "kind", "marks", "is_sent")

    def __init__(self, run: Run, kind: str, marks: List[str]) -> None:
        self.run = run
        self.kind = kind
        self.marks = marks
        self.is_sent = False

    def body(self) -> str:
        """What is sent."""
        if self.kind == "marks":
            return '{"marks":[' + ",".join(self.marks) + "]}"
        return self.run.start_body() if self.kind == "start" else self.run.stop_body()


class RunQueue:
    """Moments of one run on their way to one sender. Filled by the training, emptied by the sender's thread.

    Marking only puts numbers aside: between two steps, which have filled the processor's caches with their own, all else takes ten times as
    long as in the sender's thread, many at a time.
    """

    def __init__(self, run: Run, sender: Sender, prefix: str) -> None:
        self.run = run
        self.sender = sender
        #: Oldest first.
        self.entries: Deque[Moment] = deque()
        #: That there was no place for.
        self.dropped = 0
        #: All is sent, to its end.
        self.is_done = False
        self._ready: List[str] = []
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

    def put(self, entry: Moment) -> None:
        """Takes an entry; the sender's thread comes for it by itself."""
        if len(self.entries) < most_waiting:
            self.entries.append(entry)
        else:
            self.dropped += 1

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
            while len(self._ready) >= most_at_once:
                yield self._marks()
            if due > 0:
                breathe()
        if is_over:
            self._ready += self._encoder.end()
        if self._ready:
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
        self._is_start_due = False
        self.is_done = True

    def _marks(self) -> Request:
        marks, self._ready = self._ready[:most_at_once], self._ready[most_at_once:]
        return Request(self.run, "marks", marks)

    def _encode(self, entries: List[Moment]) -> None:
        read_tensors(entries)
        for entry in entries:
            try:
                self._ready += self._encoder.encode(entry)
            except Exception:
                self._encoder.unusable.append("what was given to a mark")
