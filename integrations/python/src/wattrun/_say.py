"""What a user is told: through `logging` where that is set up, else one line on stderr; each thing once in a process."""

from __future__ import annotations

import os
import sys

from ._address import is_alive
from ._job import local_rank_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set

_said: "Set[str]" = set()
#: The process that speaks for those that it starts, as they inherit it.
_speaker = "WATTRUN_SPEAKER"


def speak_for_children() -> None:
    """What is the same for a whole job is said by this process from here on, and by none that it starts."""
    if not _is_spoken_for():
        os.environ[_speaker] = str(os.getpid())


def say_once_in_job(topic: str, message: str) -> None:
    """As `say_once`, for what all processes of a job would say alike: the first of them says it."""
    if not _is_spoken_for() and local_rank_of() == 0:
        say_once(topic, message)


def _is_spoken_for() -> bool:
    speaker = os.environ.get(_speaker, "")
    return speaker.isdigit() and int(speaker) != os.getpid() and is_alive(int(speaker))


def say_once(topic: str, message: str) -> None:
    """Says a thing that the user should know, the first time it is so in this process. Never raises."""
    if topic in _said:
        return
    _said.add(topic)
    say(message)


def say(message: str) -> None:
    """Says it now. One line, on the logger `wattrun` where anything listens to it, else on stderr."""
    try:
        # A program that does not use logging does not have it loaded for this.
        logging = sys.modules.get("logging")
        if logging is not None and logging.getLogger("wattrun").hasHandlers():
            logging.getLogger("wattrun").warning("%s", message)
        elif sys.stderr is not None:
            sys.stderr.write("wattrun: " + " ".join(message.splitlines()) + "\n")
            sys.stderr.flush()
    except Exception:  # noqa: S110 - a closed stderr is no reason to disturb a training
        pass
