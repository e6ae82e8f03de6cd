"""What a training said at one moment, and the words of marks that it becomes."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, Optional, Tuple

    #: What one call of `mark()` said: Unix seconds, label, step, epoch, samples, tokens, a step that metrics belong to and that is not
    #: counted, and the metrics as (name, value, those before it or None). The garbage collector leaves tuples alone that hold only numbers
    #: and texts, or tuples that do. A window's edge: Unix seconds, kind, name, the window's id; epochs done before
    #: the run: Unix seconds, `epoch`, how many, None.
    Moment = Tuple[Any, ...]
    Metric = Tuple[str, Any, Any]

_own_kinds = frozenset(("step", "epoch", "samples", "tokens", "note", "window-begin", "window-end"))
most_kind_characters = 40
#: Whole numbers are exact in JSON up to here. One beyond it is no count, and would be refused with all marks beside it.
most_count = 2**53 - 1


def each_metric(metrics: Optional[Metric]) -> Iterator[Tuple[str, Any]]:
    """Names and values of a moment's metrics, the last first."""
    while metrics is not None:
        name, value, metrics = metrics
        yield name, value


def metric_kind(name: str) -> str:
    """What a metric is called on record: one that is called as a count or a window's edge is none of them."""
    kind = f"log/{name}" if name in _own_kinds else name
    return kind[:most_kind_characters]


def text_of(given: object) -> str:
    """As `str`, of whatever a training gives: what cannot tell itself is called by its type."""
    try:
        return str(given)
    except Exception:
        return f"a {type(given).__name__}"


def quoted(text: str) -> str:
    """A text in JSON."""
    if text.isalnum() and text.isascii():
        return '"' + text + '"'
    # A lone surrogate is no text that UTF-8 knows.
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"))


def new_id() -> str:
    """An id of a run or a window that no other has."""
    return "p" + os.urandom(6).hex()
