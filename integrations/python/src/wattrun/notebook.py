"""Energy of a notebook's cells: `%load_ext wattrun`, then `%%wattrun [NAME]` above a cell, or `%wattrun` alone."""

from __future__ import annotations

import time

from ._run import Run, current_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ._energy import Energy


def load(shell: Any) -> None:
    """Makes the magic known to a shell of IPython's."""

    def wattrun(line: str, cell: Optional[str] = None) -> None:
        """`%%wattrun [NAME]`: runs the cell as a run of its own and shows its energy. `%wattrun`: energy of the run that is on."""
        # What is shown of an error is the cell's.
        __tracebackhide__ = True
        if cell is None:
            run = current_run()
            print("No run is on." if run is None else _line(run.name or run.id, run.energy(), None))
            return
        name = line.strip() or f"cell {shell.execution_count}"
        run = Run(name)
        began = time.perf_counter()
        try:
            with run:
                _run_quietly(shell, cell).raise_error()
        finally:
            print(_line(name, run.energy(), time.perf_counter() - began))

    shell.register_magic_function(wattrun, magic_kind="line_cell", magic_name="wattrun")


def _run_quietly(shell: Any, cell: str) -> Any:
    """A cell's result. Its error is raised by us, so that the shell learns of it and shows it; shown here, it would be there twice."""
    quiet = dict.fromkeys(("showtraceback", "showsyntaxerror"), _show_nothing)
    # A cell's magic may lie within another's.
    before = {name: vars(shell)[name] for name in quiet if name in vars(shell)}
    vars(shell).update(quiet)
    try:
        return shell.run_cell(cell)
    finally:
        for name in quiet:
            del vars(shell)[name]
        vars(shell).update(before)


def _show_nothing(*_: Any, **__: Any) -> None:
    """In the place of what shows an error."""


def _line(name: str, energy: Energy, seconds: Optional[float]) -> str:
    if energy.joules is None:
        return f"{name}: energy not known"
    text = f"{name}: {_joules(energy.joules)}"
    if energy.low_joules is not None and energy.high_joules is not None:
        text += f" ({_joules(energy.low_joules)} to {_joules(energy.high_joules)})"
    if seconds is not None and seconds > 0:
        text += f", {seconds:.1f} s, mean {energy.joules / seconds:.3g} W"
    return text


def _joules(joules: float) -> str:
    if joules < 10_000:
        return f"{joules:.3g} J" if joules < 1000 else f"{joules:.0f} J"
    return f"{joules / 3.6e6:.3g} kWh" if joules >= 360_000 else f"{joules / 3600:.3g} Wh"
