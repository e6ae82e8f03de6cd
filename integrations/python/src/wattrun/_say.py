"""What a user is told: through `logging` where that is set up, else one line on stderr; each thing once in a process."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set

_said: "Set[str]" = set()


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
