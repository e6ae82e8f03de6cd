"""Energy of a Hugging Face `Trainer`: `Trainer(…, callbacks=[WattrunCallback()])`. Importing this imports transformers."""

from __future__ import annotations

import os

from transformers import TrainerCallback

from ._run import Run, current_run
from ._window import Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

__all__ = ["WattrunCallback"]


class WattrunCallback(TrainerCallback):
    """Marks steps, epochs, samples, tokens and logged metrics, and puts evaluations into windows.

    Joins the run that is on; without one it begins and ends its own, with the arguments of `wattrun.run`.
    Evaluations are windows `eval`: their energy is told apart from the training's.
    """

    def __init__(self, name: Optional[str] = None, **options: Any) -> None:
        self.run: Optional[Run] = None
        self._name = name
        self._options = options
        self._is_own = False
        self._window: Optional[Window] = None
        self._epochs = 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Begins the run, and marks where the training begins."""
        self.run = current_run()
        self._is_own = self.run is None
        if self.run is None:
            name = self._name or getattr(args, "run_name", None) or os.path.basename(str(args.output_dir or "")) or None
            self.run = Run(name, **self._options).start()
        self._epochs = int(state.epoch or 0)
        step, tokens = state.global_step, state.num_input_tokens_seen
        self.run.mark_begin(step=step, epoch=self._epochs, samples=self._samples(args, step), tokens=tokens)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Marks an optimizer step."""
        if self.run is not None:
            self._end_window()
            tokens = state.num_input_tokens_seen or None
            self.run.mark(step=state.global_step, samples=self._samples(args, state.global_step), tokens=tokens)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Marks an epoch that is done."""
        if self.run is not None:
            self._epochs += 1
            self.run.log({}, step=state.global_step, epoch=self._epochs)

    def on_log(self, args: Any, state: Any, control: Any, logs: Optional[Dict[str, Any]] = None, **kwargs: Any) -> None:
        """Marks what is logged, by its names."""
        if self.run is not None and logs and "train_runtime" not in logs:
            counted = {"epoch", "step", "num_input_tokens_seen"}
            metrics = {name: value for name, value in logs.items() if isinstance(value, (int, float)) and name not in counted}
            self.run.log(metrics, step=state.global_step)

    def on_prediction_step(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Opens the evaluation's window with its first step."""
        if self.run is not None and self._window is None:
            self._window = self.run.window("eval").begin()

    def on_evaluate(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Closes it."""
        self._end_window()

    def on_predict(self, args: Any, state: Any, control: Any, metrics: Any = None, **kwargs: Any) -> None:
        """Closes it."""
        self._end_window()

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Ends the run, if it is this callback's own."""
        self._end_window()
        if self.run is not None and self._is_own:
            self.run.finish()

    @staticmethod
    def _samples(args: Any, step: int) -> int:
        return int(step * args.train_batch_size * args.gradient_accumulation_steps * max(1, args.world_size))

    def _end_window(self) -> None:
        if self._window is not None:
            self._window.end()
            self._window = None
