"""Marks as the engine takes them: JSON texts, made on the sender's thread from what `mark()` put aside."""

from __future__ import annotations

import json
import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

    class Moment(NamedTuple):
        """What one call of `mark()` said. Values are as they were given: a tensor is read later, not by the training."""

        at_seconds: float
        label: Optional[str]
        step: Any
        epoch: Any
        samples: Any
        tokens: Any
        metrics: Dict[str, Any]
        #: Where the metrics belong, said without counting it as a step.
        at_step: Any

else:
    from collections import namedtuple

    Moment = namedtuple("Moment", ["at_seconds", "label", "step", "epoch", "samples", "tokens", "metrics", "at_step"])

_nothing = (None, None, None)
_own_kinds = frozenset(("step", "epoch", "samples", "tokens", "note", "window-begin", "window-end"))
most_kind_characters = 40
most_label_characters = 200
#: Whole numbers are exact in JSON up to here. One beyond it is no count, and would be refused with all marks beside it.
most_count = 2**53 - 1


class MarkEncoder:
    """Turns moments of one run into marks, each with an id by which a repeated one is known."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0
        # The epoch that the last marks with a step said they were in, and where the last of them was.
        self._open_epoch: Optional[Tuple[int, float, Optional[float]]] = None
        self.unusable: List[str] = []

    def encode(self, moment: Moment) -> List[str]:
        """JSON texts of the marks that a moment is: one for each of step, epoch, samples, tokens and every metric."""
        if (
            type(moment.step) is int
            and 0 <= moment.step <= most_count
            and moment[3:6] == _nothing
            and moment.label is None
            and self._open_epoch is None
        ):
            return self._encode_step(moment.at_seconds, moment.step, moment.metrics)
        at, step, epoch = moment.at_seconds, self._number(moment.step, "step"), self._number(moment.epoch, "epoch")
        marks: List[str] = []
        marks += self._finished_epoch(at, step, epoch)
        put = self._put_into(marks, at, self._number(moment.at_step, "step") if step is None else step, epoch)
        if step is not None:
            put("step", step, "")
        for kind, given in (("samples", moment.samples), ("tokens", moment.tokens)):
            value = self._number(given, kind)
            if value is not None:
                put(kind, value, "")
        if moment.metrics:
            for name, given in moment.metrics.items():
                self._put_metric(put, name, given)
        if moment.label is not None:
            put("note", None, str(moment.label))
        return marks

    def _encode_step(self, at_seconds: float, step: int, metrics: Dict[str, Any]) -> List[str]:
        """The same for what a loop says most often, a step and its loss, at a third of the time."""
        at = round(at_seconds * 1000)
        self._count = count = self._count + 1
        marks = [f'{{"kind":"step","atMs":{at},"id":"{self._prefix}-{count}","value":{step},"step":{step}}}']
        for name, given in metrics.items():
            try:
                value = given if type(given) is float else float(given)
                is_plain = name.isalnum() and name.isascii() and value - value == 0 and name not in _own_kinds
            except Exception:
                is_plain = False
            if is_plain:
                self._count = count = self._count + 1
                kind = name[:most_kind_characters]
                marks.append(f'{{"kind":"{kind}","atMs":{at},"id":"{self._prefix}-{count}","value":{value!r},"step":{step}}}')
            else:
                self._put_metric(self._put_into(marks, at_seconds, step, None), name, given)
        return marks

    def end(self) -> List[str]:
        """Marks that were still open: the epoch that the last steps were in is done at the last of them."""
        marks: List[str] = []
        self._close_epoch(marks)
        return marks

    def window(self, at: float, kind: str, name: str, window_id: str) -> str:
        """`window-begin` or `window-end`."""
        return self._text(at, kind, None, name, None, None, window_id)

    def _finished_epoch(self, at: float, step: Optional[float], epoch: Optional[float]) -> List[str]:
        """An epoch alone is done now. Beside a step, said once at the end or with every step, it is done at the last that says it."""
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
        marks.append(self._text(at, "epoch", int(epoch), "", None, epoch, None))
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
        kind = _metric_kind(str(name))
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
        except Exception:
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
        text = f'{{"kind":{_quoted(kind)},"atMs":{round(at * 1000)},"id":"{self._prefix}-{self._count}"'
        if value is not None:
            text += f',"value":{value!r}'
        if label or value is None:
            text += f',"label":{_quoted(label[:most_label_characters])}'
        if step is not None:
            text += f',"step":{step!r}'
        if epoch is not None:
            text += f',"epoch":{epoch!r}'
        if window_id is not None:
            text += f',"windowId":{_quoted(window_id)}'
        return text + "}"


def _metric_kind(name: str) -> str:
    """What a metric is called on record: one that is called as a count or a window's edge is none of them."""
    kind = f"log/{name}" if name in _own_kinds else name
    return kind[:most_kind_characters]


def _quoted(text: str) -> str:
    if text.isalnum() and text.isascii():
        return '"' + text + '"'
    # A lone surrogate is no text that UTF-8 knows.
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"))
