"""What could not be delivered before the process ended, in the data directory: whoever speaks to the engine next delivers it."""

from __future__ import annotations

import json
import os
import time

from ._address import data_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, List, Optional, Tuple

most_file_bytes = 8 * 1024 * 1024
most_files = 64
_longest_age_seconds = 7 * 24 * 3600
_suffix = ".jsonl"
_claim = ".sending-"


def _directory() -> str:
    return os.path.join(data_directory(), "python-spool")


def write_spool(requests: List[Tuple[str, str]]) -> bool:
    """Keeps (path, body) pairs, in their order. False where it cannot: no such directory, read-only, full, too much."""
    try:
        if not os.path.isdir(data_directory()):
            return False
        folder = _directory()
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if len(os.listdir(folder)) >= most_files:
            return False
        text = "".join(json.dumps({"path": path, "body": body}) + "\n" for path, body in requests)
        if len(text) > most_file_bytes:
            return False
        name = os.path.join(folder, f"{int(time.time() * 1000)}-{os.getpid()}-{os.urandom(4).hex()}")
        descriptor = os.open(name + ".part", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name + ".part", name + _suffix)
    except (OSError, ValueError):
        return False
    return True


class Spooled:
    """One file that this process has taken: nobody else delivers it."""

    def __init__(self, path: str) -> None:
        self._path = path

    def requests(self) -> List[Tuple[str, str]]:
        """(path, body) pairs; what is no such line is left out."""
        found: List[Tuple[str, str]] = []
        try:
            with open(self._path, encoding="utf-8") as file:
                lines = file.read(most_file_bytes + 1).splitlines()
        except (OSError, ValueError):
            return found
        for line in lines:
            try:
                value = json.loads(line)
                path, body = value["path"], value["body"]
            except (ValueError, KeyError, TypeError):
                continue
            if isinstance(path, str) and isinstance(body, str) and path.startswith("api/v1/runs/"):
                found.append((path, body))
        return found

    def remove(self) -> None:
        """It is delivered."""
        try:
            os.remove(self._path)
        except OSError:
            pass

    def give_back(self) -> None:
        """The engine went away meanwhile: for the next one."""
        try:
            os.replace(self._path, self._path.split(_claim)[0])
        except OSError:
            pass


def claim_spools() -> Iterator[Spooled]:
    """Takes the files that nobody delivers, oldest first, one after the other. Those of a week ago are removed unsent."""
    try:
        names = sorted(os.listdir(_directory()))
    except OSError:
        return
    for name in names:
        spooled = _claim_one(os.path.join(_directory(), name))
        if spooled is not None:
            yield spooled


def _claim_one(path: str) -> Optional[Spooled]:
    try:
        if time.time() - os.stat(path).st_mtime > _longest_age_seconds:
            os.remove(path)
            return None
        base, _, owner = path.partition(_claim)
        if owner and _is_alive(owner) or not base.endswith(_suffix):
            return None
        claimed = f"{base}{_claim}{os.getpid()}"
        os.rename(path, claimed)
    except OSError:
        return None
    return Spooled(claimed)


def _is_alive(owner: str) -> bool:
    if not owner.isdigit():
        return False
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
