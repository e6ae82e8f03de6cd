"""Where the engine is: from the environment of a wrapped command, else from `engine.json` in the data directory."""

from __future__ import annotations

import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Mapping, NamedTuple, Optional

    class Address(NamedTuple):
        """URL of the engine, ending in '/', and the token it asks for."""

        url: str
        token: str

else:
    from collections import namedtuple

    Address = namedtuple("Address", ["url", "token"])


def data_directory(environment: Optional[Mapping[str, str]] = None, platform: str = sys.platform) -> str:
    """The directory of the record: WATTRUN_HOME, else the platform's place. As engine/ownership/data-directory.ts."""
    env = os.environ if environment is None else environment
    own = env.get("WATTRUN_HOME")
    if own:
        return own
    home = os.path.expanduser("~")
    if platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "wattrun")
    if platform == "win32":
        return os.path.join(env.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local"), "wattrun")
    return os.path.join(env.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"), "wattrun")


def find_addresses() -> List[Address]:
    """Where an engine may answer, the likelier first.

    Inside `wattrun run` that is what the environment says; when another process has taken the engine over since,
    `engine.json` says where it is now. Empty: there is no engine.
    """
    found: List[Address] = []
    url, token = os.environ.get("WATTRUN_URL"), os.environ.get("WATTRUN_TOKEN")
    if url and token:
        found.append(Address(_with_slash(url), token))
    published = _read_published()
    if published is not None and published not in found:
        found.append(published)
    return found


def _read_published() -> Optional[Address]:
    try:
        with open(os.path.join(data_directory(), "engine.json"), encoding="utf-8") as file:
            value = json.loads(file.read(65536))
        if not is_alive(value.get("pid")):
            return None
        return Address(_with_slash(str(value["url"])), str(value["token"]))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def is_alive(pid: object) -> bool:
    """False where a process is known to be gone. Of the engine: it was killed, and its port may be another's."""
    if not isinstance(pid, int) or os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else url + "/"
