"""Marks as the engine takes them: JSON texts, made on the sender's thread from what `mark()` put aside."""

from __future__ import annotations

import math
from collections import namedtuple

from ._columns import columns_text, kinds_of, shape_of
from ._moment import each_metric, metric_kind, most_count, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

    from ._columns import Shape
    from ._moment import Moment

    class Part(NamedTuple):
        """A part of a request's JSON: one mark, or a group in columns, and how many marks it is."""

        is_columns: bool
        mark_count: int
        text: str

else:
    Part = namedtuple("Part", ["is_columns", "mark_count", "text"])

#: Marks in one request; the engine takes no more.
most_at_once = 1000

most_label_characters = 200


class MarkEncoder:
    """Turns moments of one run into marks, each with an id by which a repeated one is known."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0
        # The epoch that the last marks with a step said they were in, and where the last of them was.
        self._open_epoch: Optional[Tuple[int, float, Optional[float]]] = None
        self.unusable: List[str] = []

    def encode(self, moments: List[Moment]) -> List[Part]:
        """What moments are: a mark for each of step, epoch, samples, tokens and every metric; in columns where they tell only numbers."""
        marks: List[str] = []
        groups: Dict[Shape, List[Moment]] = {}
        of_all = shape_of(moments)
        for alike in [moments] if of_all is not None else [[moment] for moment in moments]:
            try:
                shape = of_all or shape_of(alike)
                if shape is None:
                    marks += self._one_by_one(alike[0])
                    continue
                if self._open_epoch is not None or shape[1]:
                    for moment in alike:
                        marks += self._finished_epoch(moment[0], moment[2], moment[3], moment[6])
                groups.setdefault(shape, []).extend(alike)
            except BaseException:  # What raises SystemExit when it is read ends neither the thread nor the record.
                self.unusable.append("what was given to a mark")
        parts: List[Part] = []
        for shape, alike in groups.items():
            kinds = kinds_of(shape)
            most = most_at_once // len(kinds)
            for group in [alike[first : first + most] for first in range(0, len(alike), most)]:
                count = len(group) * len(kinds)
                parts.append(Part(True, count, columns_text(group, shape, kinds, self._prefix, self._count + 1)))
                self._count += count
        return parts + [Part(False, 1, mark) for mark in marks]

    def _one_by_one(self, moment: Moment) -> List[str]:
        if len(moment) == 4:
            at, kind, told, place = moment
            if kind == "epoch":
                # Done before the first step of this run: so the engine knows it from one that was done here.
                done = self._number(told, kind)
                return [] if done is None else [self._text(at, kind, done, "", 0, done, None)]
            return [self._text(at, kind, None, told, None, None, place)]
        at, label, step, epoch, samples, tokens, at_step, metrics = moment
        step, epoch = self._number(step, "step"), self._number(epoch, "epoch")
        at_step = self._number(at_step, "step")
        marks = self._finished_epoch(at, step, epoch, at_step)
        put = self._put_into(marks, at, at_step if step is None else step, epoch)
        if step is not None:
            put("step", step, "")
        for kind, given in (("samples", samples), ("tokens", tokens)):
            value = self._number(given, kind)
            if value is not None:
                put(kind, value, "")
        for name, given in reversed(list(each_metric(metrics))):
            self._put_metric(put, name, given)
        if label is not None:
            put("note", None, str(label))
        return marks

    def end(self) -> List[Part]:
        """What was still open: the epoch that the last steps were in is done at the last of them."""
        marks: List[str] = []
        self._close_epoch(marks)
        return [Part(False, 1, mark) for mark in marks]

    def _finished_epoch(self, at: float, step: Optional[float], epoch: Optional[float], at_step: Optional[float]) -> List[str]:
        """An epoch alone, or at a step that is not counted, is done now. Beside one that is, it is done at the last that says it."""
        marks: List[str] = []
        is_whole = epoch is not None and float(epoch).is_integer()
        is_open = self._open_epoch is not None
        if is_open and step is not None and (epoch is None or (is_whole and epoch != self._open_epoch[0])):  # type: ignore[index]
            self._close_epoch(marks)
        if epoch is None or not is_whole:
            return marks
        if step is not None:
            self._open_epoch = (int(epoch), at, step)
            return marks
        if self._open_epoch is not None and self._open_epoch[0] != int(epoch):
            self._close_epoch(marks)
        self._open_epoch = None
        marks.append(self._text(at, "epoch", int(epoch), "", at_step, epoch, None))
        return marks

    def _close_epoch(self, marks: List[str]) -> None:
        if self._open_epoch is None:
            return
        epoch, at, step = self._open_epoch
        self._open_epoch = None
        marks.append(self._text(at, "epoch", epoch, "", step, epoch, None))

    def _put_into(
        self, marks: List[str], at: float, step: Optional[float], epoch: Optional[float]
    ) -> Callable[[str, Optional[float], str], None]:
        def put(kind: str, value: Optional[float], label: str) -> None:
            marks.append(self._text(at, kind, value, label, step, epoch, None))

        return put

    def _put_metric(self, put: Callable[[str, Optional[float], str], None], name: object, given: object) -> None:
        kind = metric_kind(str(name))
        if isinstance(given, str):
            put(kind, None, given)
            return
        value = self._number(given, kind, is_count=False)
        if value is None:
            return
        if math.isfinite(value):
            put(kind, value, "")
        else:
            # JSON has no word for it, and a loss that went there is worth a mark.
            put(kind, None, str(value))

    def _number(self, given: Any, name: str, is_count: bool = True) -> Optional[float]:
        if given is None:
            return None
        if type(given) is int and (0 if is_count else -most_count) <= given <= most_count:
            return given
        try:
            value = float(given)
        except BaseException:
            self.unusable.append(name)
            return None
        if is_count and not 0 <= value <= most_count:
            self.unusable.append(name)
            return None
        return value

    def _text(
        self,
        at: float,
        kind: str,
        value: Optional[float],
        label: str,
        step: Optional[float],
        epoch: Optional[float],
        window_id: Optional[str],
    ) -> str:
        self._count += 1
        text = f'{{"kind":{quoted(kind)},"atMs":{round(at * 1000)},"id":"{self._prefix}-{self._count}"'
        if value is not None:
            text += f',"value":{value!r}'
        if label or value is None:
            text += f',"label":{quoted(label[:most_label_characters])}'
        if step is not None:
            text += f',"step":{step!r}'
        if epoch is not None:
            text += f',"epoch":{epoch!r}'
        if window_id is not None:
            text += f',"windowId":{quoted(window_id)}'
        return text + "}"
