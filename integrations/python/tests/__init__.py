"""Run with `python -m unittest`: the package beside these is tested, whatever is installed."""

import sys

from .fake_engine import source

sys.path.insert(0, source)
