"""What could not be delivered before the process ended, in the data directory: whoever speaks to the engine next delivers it."""

from __future__ import annotations

import json
import os
import time

from ._address import data_directory, is_alive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO, Dict, Iterator, List, Mapping, Optional, Tuple

most_file_bytes = 8 * 1024 * 1024
most_files = 64
_longest_age_seconds = 7 * 24 * 3600
_suffix = ".jsonl"
_claim = ".sending-"
#: Where a run is begun; its marks and its end go below.
_starts = "api/v1/runs"


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
        self._file: Optional[BinaryIO] = None
        #: The first that is not delivered yet, and whether any before it was.
        self._line = b""
        self._is_begun = False
        #: Runs by the ids that they were asked for: ranks of one job are one run, under one of theirs.
        self._ids: Dict[str, str] = {}

    def first(self) -> Optional[Tuple[str, str]]:
        """(path, body) of what is to be delivered now; what is no such line is left out. None: nothing is left."""
        while True:
            self._line = self._line or self._read()
            if not self._line:
                return None
            request = _request_of(self._line)
            if request is not None:
                return request
            self._line = b""

    def pass_on(self, answer: Mapping[str, Any]) -> None:
        """That one is delivered."""
        request = _request_of(self._line)
        if request is not None and request[0] == _starts and answer.get("id"):
            self._ids[str(json.loads(request[1]).get("runId"))] = str(answer["id"])
        self._line = b""
        self._is_begun = True

    def remove(self) -> None:
        """All of it is delivered."""
        self._close()
        try:
            os.remove(self._path)
        except OSError:
            pass

    def give_back(self) -> None:
        """What is left of it is for the next one."""
        if self.first() is None:
            return self.remove()
        own = self._path.split(_claim)[0]
        try:
            if self._is_begun:
                age = os.stat(self._path)
                with open(own + ".part", "wb") as file:
                    while self._line:
                        file.write(self._line)
                        self._line = self._read()
                # It is as old as it was: what nobody takes is not kept for ever.
                os.utime(own + ".part", (age.st_atime, age.st_mtime))
                os.replace(own + ".part", own)
                return self.remove()
            self._close()
            os.replace(self._path, own)
        except OSError:
            pass

    def _read(self) -> bytes:
        """A line: all of them at once would hold Python's lock for longer than a training should wait."""
        try:
            if self._file is None:
                self._file = open(self._path, "rb")  # noqa: SIM115 - until it is removed or given back
            line = self._file.readline(most_file_bytes)
        except OSError:
            return b""
        for asked, given in self._ids.items():
            line = line.replace(f'"{_starts}/{asked}/'.encode(), f'"{_starts}/{given}/'.encode(), 1)
        return line

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


def _request_of(line: bytes) -> Optional[Tuple[str, str]]:
    try:
        value = json.loads(line)
        path, body = value["path"], value["body"]
    except (ValueError, KeyError, TypeError):
        return None
    is_one = isinstance(path, str) and isinstance(body, str) and (path == _starts or path.startswith(_starts + "/"))
    return (path, body) if is_one else None


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
    return owner.isdigit() and is_alive(int(owner))
