"""Energy of a Lightning `Trainer`: `Trainer(callbacks=[WattrunCallback()])`. Importing this imports the framework."""

from __future__ import annotations

import sys

from ._run import Run, current_run
from ._window import Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

    from lightning.pytorch.callbacks import Callback
elif "pytorch_lightning" in sys.modules and "lightning.pytorch" not in sys.modules:
    from pytorch_lightning.callbacks import Callback
else:
    try:
        from lightning.pytorch.callbacks import Callback
    except ImportError:
        from pytorch_lightning.callbacks import Callback

__all__ = ["WattrunCallback"]


class WattrunCallback(Callback):
    """Marks optimizer steps, epochs and logged metrics, and puts validation and tests into windows.

    Joins the run that is on; without one it begins and ends its own, with the arguments of `wattrun.run`.
    """

    def __init__(self, name: Optional[str] = None, **options: Any) -> None:
        super().__init__()
        self.run: Optional[Run] = None
        self._name = name
        self._options = options
        self._is_own = False
        self._windows: Dict[str, Window] = {}
        self._step = -1

    def setup(self, trainer: Any, pl_module: Any, stage: Any) -> None:
        """Begins the run, before anything is validated or trained."""
        if self.run is None:
            self.run = current_run()
            self._is_own = self.run is None
            if self.run is None:
                self.run = Run(self._name or type(pl_module).__name__, **self._options).start()

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Marks where the training begins."""
        if self.run is not None:
            self._step = trainer.global_step
            self.run.mark_begin(step=self._step, epoch=trainer.current_epoch)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Marks an optimizer step, once where batches are accumulated."""
        step = trainer.global_step
        if self.run is not None and step != self._step:
            self._step = step
            self.run.mark(step=step)
            # What the trainer's own loggers get at this pace; a tensor is read by another thread.
            if trainer.log_every_n_steps and step % trainer.log_every_n_steps == 0:
                self.run.log(trainer.callback_metrics, step=step)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Marks an epoch that is done."""
        if self.run is not None:
            self.run.log({}, step=trainer.global_step, epoch=trainer.current_epoch + 1)

    def on_validation_start(self, trainer: Any, pl_module: Any) -> None:
        """Opens its window."""
        self._open("sanity check" if trainer.sanity_checking else "validation")

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """Closes it."""
        self._close("sanity check" if trainer.sanity_checking else "validation")
        if self.run is not None and not trainer.sanity_checking:
            self.run.log(trainer.callback_metrics, step=trainer.global_step)

    def on_test_start(self, trainer: Any, pl_module: Any) -> None:
        """Opens its window."""
        self._open("test")

    def on_test_end(self, trainer: Any, pl_module: Any) -> None:
        """Closes it."""
        self._close("test")

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Ends the run as what it was."""
        self._finish("stopped" if isinstance(exception, KeyboardInterrupt) else "failed")

    def teardown(self, trainer: Any, pl_module: Any, stage: Any) -> None:
        """Ends the run, if it is this callback's own."""
        self._finish(None)

    def _finish(self, status: Optional[str]) -> None:
        for name in list(self._windows):
            self._close(name)
        if self.run is not None and self._is_own:
            self.run.finish(status)
        if self._is_own:
            self.run = None
            self._step = -1

    def _open(self, name: str) -> None:
        if self.run is not None:
            self._windows[name] = self.run.window(name).begin()

    def _close(self, name: str) -> None:
        window = self._windows.pop(name, None)
        if window is not None:
            window.end()
