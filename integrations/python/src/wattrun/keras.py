"""Energy of a Keras model's `fit`: `model.fit(…, callbacks=[WattrunCallback()])`. Importing this imports Keras."""

from __future__ import annotations

from keras.callbacks import Callback

from ._run import Run, current_run
from ._window import Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

__all__ = ["WattrunCallback"]


class WattrunCallback(Callback):
    """Marks batches, epochs and their metrics, and puts evaluations into windows.

    Joins the run that is on; without one it begins and ends its own, with the arguments of `wattrun.run`.
    """

    def __init__(self, name: Optional[str] = None, **options: Any) -> None:
        super().__init__()
        self.run: Optional[Run] = None
        self._name = name
        self._options = options
        self._is_own = False
        self._window: Optional[Window] = None
        self._steps = 0
        self._is_begun = False

    def on_train_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Begins the run."""
        self.run = current_run()
        self._is_own = self.run is None
        self._steps = 0
        if self.run is None:
            self.run = Run(self._name or getattr(self.model, "name", None), **self._options).start()
        self._is_begun = False

    def on_epoch_begin(self, epoch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Marks where the training begins: `initial_epoch` is told with its first epoch."""
        if self.run is not None and not self._is_begun:
            self._is_begun = True
            self.run.mark_begin(epoch=epoch)

    def on_train_batch_end(self, batch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Marks a step."""
        if self.run is not None:
            self._steps += 1
            self.run.mark(step=self._steps)

    def on_epoch_end(self, epoch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Marks an epoch that is done, with its metrics."""
        if self.run is not None:
            self.run.log(logs or {}, step=self._steps, epoch=epoch + 1)

    def on_test_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Opens the evaluation's window."""
        run = self.run if self.run is not None else current_run()
        if run is not None:
            self._window = run.window("eval").begin()

    def on_test_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Closes it."""
        if self._window is not None:
            self._window.end()
            self._window = None

    def on_train_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Ends the run, if it is this callback's own."""
        if self.run is not None and self._is_own:
            self.run.finish()
        self.run = None
