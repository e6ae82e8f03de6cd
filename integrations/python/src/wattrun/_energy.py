"""An energy with its bounds, and how it is read from what the engine reports."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping, NamedTuple, Optional

    class Energy(NamedTuple):
        """Energy in joules between its bounds; None where nothing was measured. `at_ms`: Unix time of the newest reading in it."""

        joules: Optional[float]
        low_joules: Optional[float]
        high_joules: Optional[float]
        at_ms: Optional[float]

else:
    from collections import namedtuple

    Energy = namedtuple("Energy", ["joules", "low_joules", "high_joules", "at_ms"])

#: Longest time that reading an energy waits for the engine.
read_timeout_seconds = 5.0
no_energy = Energy(None, None, None, None)


def energy_of_report(report: Mapping[str, Any]) -> Energy:
    """A run's whole energy, as its report has it."""
    energy = report["energy"]
    return Energy(energy["totalJoules"], energy["lowJoules"], energy["highJoules"], _unix_ms(report["run"].get("endedAt")))


def energy_so_far(answer: Mapping[str, Any]) -> Energy:
    """A run's energy up to now, as the engine answers it."""
    return Energy(answer["joules"], answer["lowJoules"], answer["highJoules"], answer["atMs"])


def window_joules(report: Optional[Mapping[str, Any]], window_id: str) -> Optional[float]:
    """Energy between a window's two marks, as the report has them."""
    edges = {mark["kind"]: mark.get("joules") for mark in (report or {}).get("marks", []) if mark.get("windowId") == window_id}
    begin, end = edges.get("window-begin"), edges.get("window-end")
    return None if begin is None or end is None else float(end - begin)


def _unix_ms(iso: Optional[str]) -> Optional[float]:
    if not iso:
        return None
    from datetime import datetime, timezone

    return datetime.strptime(iso, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp() * 1000
