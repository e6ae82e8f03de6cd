"""What a training run costs, said from within it.

    import wattrun

    with wattrun.run("resnet") as run:
        for step, batch in enumerate(loader, 1):
            train(batch)
            wattrun.mark(step=step)
    print(run.energy_joules)

Measuring is the engine's work (the Wattrun app, `wattrun serve` or `wattrun run`); this package tells it what happens when.
Without an engine it does nothing and says so once. It never raises into a training.
"""

from __future__ import annotations

from ._energy import Energy
from ._run import Run, current_run, mark, no_run
from ._say import say_once
from ._window import Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping, Optional, Sequence, Union

    from ._loggers import Logger

__all__ = ["Energy", "Run", "Window", "current_run", "log", "mark", "run", "window"]
__version__ = "0.1.0"


def run(
    name: Optional[str] = None,
    *,
    project: Optional[str] = None,
    tags: Optional[Mapping[str, Any]] = None,
    log_to: Union[None, Logger, Sequence[Logger]] = None,
    synchronize: bool = True,
    all_ranks: bool = False,
) -> Run:
    """A run, to be entered with `with` or `async with`, put over a function as a decorator, or begun with `start()`.

    Inside `wattrun run` it is that run. Ranks of one job are one run; only the first of a machine marks, unless `all_ranks`.
    `log_to`: 'wandb', 'mlflow', 'tensorboard', a W&B run, a SummaryWriter or a function, or several of them.
    `synchronize`: windows wait for the GPU at their edges, where PyTorch uses one.
    """
    return Run(name, project=project, tags=tags, log_to=log_to, synchronize=synchronize, all_ranks=all_ranks)


def log(metrics: Mapping[str, Any], *, step: Any = None, epoch: Any = None) -> None:
    """Metrics of the run that is on, from a mapping. See `Run.log`."""
    known = current_run()
    if known is None:
        say_once("no-run", no_run)
    else:
        known.log(metrics, step=step, epoch=epoch)


def window(name: str, *, synchronize: bool = True) -> Window:
    """A part of the run that is on, with an energy of its own. See `Run.window`."""
    known = current_run()
    if known is None:
        # Which run it is in is looked for when it begins: it may be put over a function before any run is on.
        return Window(name, current_run, synchronize)
    return known.window(name, synchronize=synchronize and known.synchronize)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext wattrun`."""
    from .notebook import load

    load(shell)
