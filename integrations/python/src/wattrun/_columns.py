"""Moments that tell the same things, in columns: less to write and to read than a mark for each thing of each moment."""

from __future__ import annotations

from math import isfinite

from ._moment import metric_kind, most_count, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, FrozenSet, List, Optional, Sequence, Tuple

    from ._moment import Moment

    #: Whether it tells each of step, epoch, samples, tokens and a step that is not counted, and the names of its metrics, the last first.
    Shape = Tuple[bool, bool, bool, bool, bool, Tuple[str, ...]]

_most_kinds = 100
_counts: FrozenSet[type] = frozenset((int,))
_numbers: FrozenSet[type] = frozenset((int, float))
_nothing = {type(None)}


def shape_of(moments: Sequence[Moment]) -> Optional[Shape]:
    """What moments tell, where that is the same of all and nothing but numbers that JSON has; None where it is anything else."""
    if set(map(len, moments)) != {8}:
        return None
    _, label, step, epoch, samples, tokens, at_step, metrics = zip(*moments)
    has_step, has_samples, has_tokens, has_at_step = [_are_told(column, _counts, 0) for column in (step, samples, tokens, at_step)]
    has_epoch = _are_told(epoch, _numbers, 0)
    names: Tuple[str, ...] = ()
    while set(map(type, metrics)) == {tuple} and len(names) < _most_kinds:
        called, values, metrics = zip(*metrics)
        if set(map(type, called)) != {str} or len(set(called)) != 1 or not _are_told(values, _numbers, -most_count):
            return None
        names += (called[0],)
    shape = (has_step, has_epoch, has_samples, has_tokens, has_at_step, names)
    is_plain = None not in shape and set(map(type, label + metrics)) == _nothing
    return shape if is_plain and (has_step or has_samples or has_tokens or names) else None  # type: ignore[return-value]


def _are_told(column: Sequence[Any], kinds: FrozenSet[type], least: int) -> Optional[bool]:
    """True for numbers of these kinds, False where there is nothing at all, None where anything else is among them."""
    found = set(map(type, column))
    if found == _nothing:
        return False
    if not found <= kinds or (int in found and not (least <= min(column) and max(column) <= most_count)):
        return None
    # One that is no number, or without an end, is so in the sum.
    return True if float not in found or (isfinite(sum(column)) and (least < 0 or min(column) >= least)) else None


def kinds_of(shape: Shape) -> List[str]:
    """Kinds of the marks that one moment is, as JSON texts: at least one."""
    has_step, _, has_samples, has_tokens, _, names = shape
    counts = [kind for kind, is_told in (("step", has_step), ("samples", has_samples), ("tokens", has_tokens)) if is_told]
    return [quoted(kind) for kind in counts + [metric_kind(name) for name in reversed(names)]]


def columns_text(moments: Sequence[Moment], shape: Shape, kinds: Sequence[str], prefix: str, first_id: int) -> str:
    """JSON text of moments of one shape."""
    has_step, has_epoch, has_samples, has_tokens, has_at_step, names = shape
    at, _, step, epoch, samples, tokens, at_step, metrics = zip(*moments)
    columns: List[Sequence[Any]] = []
    for _ in names:
        columns.append([metric[1] for metric in metrics])
        metrics = tuple([metric[2] for metric in metrics])
    columns += [column for column, is_told in ((tokens, has_tokens), (samples, has_samples), (step, has_step)) if is_told]
    text = f'{{"idPrefix":"{prefix}","firstId":{first_id},"atMs":{[round(one * 1000) for one in at]}'
    if has_step or has_at_step:
        text += f',"step":{list(step if has_step else at_step)}'
    if has_epoch:
        text += f',"epoch":{list(epoch)}'
    values = ",".join([f'{{"kind":{kind},"values":{list(column)}}}' for kind, column in zip(kinds, reversed(columns))])
    return f'{text},"kinds":[{values}]}}'
