"""Numbers out of PyTorch's tensors, without the training waiting for a device."""

from __future__ import annotations

import sys

from ._moment import each_metric

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    from ._moment import Metric, Moment


#: PyTorch's own class, once a value of it was seen. What derives from it may ask other ranks for its number.
plain: Any = None


def held(value: Any) -> Any:
    """What is to be kept of a value until it is read.

    Of a tensor in the CPU's memory its number, which waits for nothing; of others the tensor, without what it was computed from.
    """
    global plain
    detach = getattr(value, "detach", None)
    if detach is None:
        return value
    if plain is None:
        plain = getattr(sys.modules.get("torch"), "Tensor", None)
    if type(value) is plain and value.is_cpu:
        try:
            return value.item()
        except Exception:  # noqa: S110 - of several numbers, or under a transform
            pass
    return detach()


def read_tensors(moments: List[Moment]) -> None:
    """Puts numbers in the place of metrics that lie on a device.

    Those on one device are fetched in one go: every fetch waits for what the device was told to do before.
    """
    if plain is None:
        return
    rows: List[int] = []
    for row, moment in enumerate(moments):
        metrics = moment[-1]
        while type(metrics) is tuple:
            if type(metrics[1]) is plain:
                rows.append(row)
                break
            metrics = metrics[2]
    groups: Dict[Tuple[Any, Any], Dict[int, Any]] = {}
    for row in rows:
        for _, value in each_metric(moments[row][7]):
            if type(value) is plain and value.numel() == 1:
                groups.setdefault((value.device, value.dtype), {})[id(value)] = value
    numbers: Dict[int, Any] = {}
    for group in groups.values():
        try:
            read = sys.modules["torch"].stack([value.reshape(()) for value in group.values()]).tolist()
        except BaseException:  # noqa: S112 - each is tried by itself, where it is encoded
            continue
        numbers.update(zip(group, read))
    for row in rows:
        read_metrics: Optional[Metric] = None
        for name, value in reversed(list(each_metric(moments[row][7]))):
            read_metrics = (name, numbers.get(id(value), value), read_metrics)
        moments[row] = (*moments[row][:7], read_metrics)
