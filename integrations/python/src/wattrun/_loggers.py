"""A run's energy in the places where its loss already is: W&B, MLflow, TensorBoard, or a function."""

from __future__ import annotations

import os
import sys
import threading

from ._say import say_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Sequence, Union

    from ._energy import Energy
    from ._run import Run

    #: 'wandb', 'mlflow', 'tensorboard', a W&B run, a SummaryWriter, or a function that takes a dict of numbers.
    Logger = Union[str, object, Callable[[Dict[str, float]], object]]
    Write = Callable[[Dict[str, float], bool], None]

_period_seconds = 10.0
_end_seconds = 3.0


class Reporter:
    """Logs a run's energy every ten seconds and at its end, from a thread of its own: a logger that hangs holds nothing up."""

    def __init__(self, run: Run, loggers: Union[Logger, Sequence[Logger]]) -> None:
        self._run = run
        self._end = threading.Event()
        chosen: List[Logger] = list(loggers) if isinstance(loggers, (list, tuple)) else [loggers]
        self._writers = [writer for writer in (_writer(run, one) for one in chosen) if writer is not None]
        self._thread = threading.Thread(target=self._main, name="wattrun-log", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Logs the final sum; the caller waits for it, three seconds at most, so that `wandb.finish()` may follow."""
        self._end.set()
        self._thread.join(_end_seconds)

    def _main(self) -> None:
        while not self._end.wait(_period_seconds):
            self._log(is_last=False)
        self._log(is_last=True)

    def _log(self, is_last: bool) -> None:
        values = _values(self._run.energy())
        if not values:
            return
        for writer in self._writers:
            try:
                writer(values, is_last)
            except Exception as error:
                say_once("logger", f"energy could not be logged: {type(error).__name__}: {error}")


def _values(energy: Energy) -> Dict[str, float]:
    named = {
        "wattrun/energy_joules": energy.joules,
        "wattrun/energy_low_joules": energy.low_joules,
        "wattrun/energy_high_joules": energy.high_joules,
    }
    return {name: value for name, value in named.items() if value is not None}


def _writer(run: Run, logger: Logger) -> Any:
    try:
        if logger == "wandb":
            return _wandb(None)
        if logger == "mlflow":
            return _mlflow()
        if logger == "tensorboard":
            return _tensorboard(_new_summary_writer(run), is_own=True)
        if hasattr(logger, "add_scalar"):
            return _tensorboard(logger, is_own=False)
        if hasattr(logger, "summary") and hasattr(logger, "log"):
            return _wandb(logger)
        if callable(logger):
            return lambda values, _is_last: logger(values)
        say_once("logger", f"energy is not logged to {logger!r}: it is no logger that is known.")
    except ImportError as error:
        say_once("logger", f"energy is not logged to {logger}: {error}")
    return None


def _wandb(given: Any) -> Write:
    if given is None:
        import wandb

        given = wandb

    def write(values: Dict[str, float], is_last: bool) -> None:
        target = given.run if hasattr(given, "Settings") else given
        if target is None:
            say_once("wandb", "energy is not logged to W&B: there is no run; call wandb.init() before.")
            return
        # Uncommitted: it goes out with the training's own next step, and makes no step of its own.
        target.log(values, commit=is_last)
        if is_last:
            target.summary.update(values)

    return write


def _mlflow() -> Write:
    import mlflow

    # An active run is a thread's own: it is asked for here, where the training is.
    active = mlflow.active_run()
    client = mlflow.tracking.MlflowClient()

    def write(values: Dict[str, float], _is_last: bool) -> None:
        if active is None:
            say_once("mlflow", "energy is not logged to MLflow: there is no active run; call mlflow.start_run() before.")
            return
        for name, value in values.items():
            client.log_metric(active.info.run_id, name, value)

    return write


def _new_summary_writer(run: Run) -> Any:
    folder = os.path.join(os.environ.get("TENSORBOARD_LOGDIR") or "runs", f"wattrun-{run.id}")
    if "torch" in sys.modules:
        from torch.utils.tensorboard import SummaryWriter  # type: ignore[attr-defined, unused-ignore]
    else:
        from tensorboardX import SummaryWriter
    return SummaryWriter(folder)  # type: ignore[no-untyped-call, unused-ignore]


def _tensorboard(writer: Any, is_own: bool) -> Write:
    count = 0

    def write(values: Dict[str, float], is_last: bool) -> None:
        nonlocal count
        for name, value in values.items():
            writer.add_scalar(name, value, count)
        count += 1
        if is_last:
            writer.flush()
            if is_own:
                writer.close()

    return write
