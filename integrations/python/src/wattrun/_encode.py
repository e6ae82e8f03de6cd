"""Marks as the engine takes them: JSON texts, made on the sender's thread from what `mark()` put aside."""

from __future__ import annotations

import json
import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

    #: What one call of `mark()` said: Unix seconds, label, step, epoch, samples, tokens, a step that metrics belong to and that is not
    #: counted, and the metrics as (name, value, those before it or None). The garbage collector leaves tuples alone that hold only numbers
    #: and texts, or tuples that do. A window's edge: Unix seconds, kind, name, the window's id.
    Moment = Tuple[Any, ...]
    Metric = Tuple[str, Any, Any]

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
        if len(moment) == 4:
            return [self._text(moment[0], moment[1], None, moment[2], None, None, moment[3])]
        at, label, step, epoch, samples, tokens, at_step, metrics = moment
        if (
            type(step) is int
            and 0 <= step <= most_count
            and label is epoch is samples is tokens is self._open_epoch is None
            and (metrics is None or (metrics[2] is None and type(metrics[1]) is float and metrics[1] - metrics[1] == 0))
        ):
            return self._encode_step(at, step, metrics)
        step, epoch = self._number(step, "step"), self._number(epoch, "epoch")
        marks: List[str] = []
        marks += self._finished_epoch(at, step, epoch)
        put = self._put_into(marks, at, self._number(at_step, "step") if step is None else step, epoch)
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

    def _encode_step(self, at: float, step: int, metric: Optional[Metric]) -> List[str]:
        """The same for what a loop says most often, a step and its loss, at a third of the time."""
        at_ms = round(at * 1000)
        self._count = count = self._count + 1
        text = f'{{"kind":"step","atMs":{at_ms},"id":"{self._prefix}-{count}","value":{step},"step":{step}}}'
        if metric is None:
            return [text]
        self._count = count = count + 1
        name, value, _ = metric
        kind = _kinds.get(name) or _quoted_kind(name)
        return [text, f'{{"kind":{kind},"atMs":{at_ms},"id":"{self._prefix}-{count}","value":{value!r},"step":{step}}}']

    def end(self) -> List[str]:
        """Marks that were still open: the epoch that the last steps were in is done at the last of them."""
        marks: List[str] = []
        self._close_epoch(marks)
        return marks

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


def each_metric(metrics: Optional[Metric]) -> Iterator[Tuple[str, Any]]:
    """Names and values of a moment's metrics, the last first."""
    while metrics is not None:
        name, value, metrics = metrics
        yield name, value


def _metric_kind(name: str) -> str:
    """What a metric is called on record: one that is called as a count or a window's edge is none of them."""
    kind = f"log/{name}" if name in _own_kinds else name
    return kind[:most_kind_characters]


#: Metrics' names as kinds, in JSON, of a program's first thousand.
_kinds: Dict[object, str] = {}


def _quoted_kind(name: object) -> str:
    kind = _quoted(_metric_kind(str(name)))
    if len(_kinds) < 1000:
        _kinds[name] = kind
    return kind


def _quoted(text: str) -> str:
    if text.isalnum() and text.isascii():
        return '"' + text + '"'
    # A lone surrogate is no text that UTF-8 knows.
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"))
