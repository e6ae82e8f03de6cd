"""This program, as the record names it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional


def command() -> List[str]:
    """What it was called with; empty where that is not known."""
    try:
        arguments = [str(part) for part in getattr(sys, "orig_argv", None) or [sys.executable, *sys.argv]]
    except Exception:
        return []
    # A program given on the command line (`python -c`) may be long; what it was called with is what matters.
    return [part[:1000] for part in arguments[:100]]


def directory() -> Optional[str]:
    """Where it works; None where that folder is gone."""
    try:
        return os.getcwd()
    except OSError:
        return None
