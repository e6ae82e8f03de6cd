"""Windows: parts of a run with an energy of their own."""

from __future__ import annotations

import time
from time import time as now

from ._energy import read_timeout_seconds, window_joules
from ._moment import new_id, text_of
from ._sync import synchronize_gpu
from ._within import within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, TypeVar

    from ._run import Run

    F = TypeVar("F", bound=Callable[..., Any])


class Window:
    """A part of a run between two moments, by name. Windows may lie within and across one another."""

    def __init__(self, name: str, find_run: Callable[[], Optional[Run]], synchronize: bool = True) -> None:
        """`find_run`: which run it is a part of, asked when it begins."""
        self.name = text_of(name)[:200]
        self.id = ""
        self.seconds: Optional[float] = None
        self._run: Optional[Run] = None
        self._find_run = find_run
        self._synchronize = synchronize
        self._began = 0.0

    def begin(self) -> Window:
        """Opens it, once the GPU has done what was ordered before, where PyTorch uses one."""
        try:
            self._run = self._find_run()
            self.id = new_id()
            if self._synchronize:
                synchronize_gpu()
            self._began = time.perf_counter()
            self._tell("window-begin")
        except Exception:  # noqa: S110
            pass
        return self

    def end(self) -> None:
        """Closes it, once the GPU has done what was ordered within."""
        try:
            if self.id == "" or self.seconds is not None:
                return
            if self._synchronize:
                synchronize_gpu()
            self.seconds = time.perf_counter() - self._began
            self._tell("window-end")
        except Exception:  # noqa: S110
            pass

    @property
    def energy_joules(self) -> Optional[float]:
        """The run's energy within the window; None while it is open and where nothing is known. Asks the engine: it may wait."""
        try:
            run = self._run
            if run is None or self.seconds is None:
                return None
            deadline = time.monotonic() + read_timeout_seconds
            while True:
                run._nudge()
                energy = window_joules(run.report(), self.id)
                # Its edges have an energy once readings cover them: within two of the sensor's periods.
                if energy is not None or run.is_off or time.monotonic() > deadline:
                    return energy
                time.sleep(0.25)
        except Exception:
            return None

    def __enter__(self) -> Window:
        return self.begin()

    def __exit__(self, *_: object) -> None:
        self.end()

    async def __aenter__(self) -> Window:
        return self.begin()

    async def __aexit__(self, *_: object) -> None:
        self.end()

    def __call__(self, function: F) -> F:
        """As a decorator: every call is a window of its own."""
        return within(function, lambda: Window(self.name, self._find_run, self._synchronize))

    def _tell(self, kind: str) -> None:
        run = self._run
        if run is not None:
            entries = run._entries_here()
            if entries is not None:
                entries.put((now(), kind, self.name, self.id))
