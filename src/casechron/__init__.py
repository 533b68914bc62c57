"""Case chronologies of child safeguarding reviews: what can be known of when things happened, who
knew it, and how long each concern waited.

    import casechron as cc

    review = cc.read_review("child-x-anytown-2019")   # a name in data/, or a folder
    cc.bounds(review)                                 # a table: one row per event
    cc.response_gaps(review)                          # a table: one row per concern and answer

Each function takes a review first and gives a table; ``help(cc.bounds)`` tells what a row of it is,
and every column with its unit. ``dir(cc)`` lists them all. The dating policy, under which vague
dates and rounded durations are read, is given once, to `read_review`.
"""

# ruff: noqa: F403 (type checkers see what `__getattr__` finds; nothing is imported so at run time)
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casechron.face.agencies import *
    from casechron.face.coded import *
    from casechron.face.dates import *
    from casechron.face.days import *
    from casechron.face.findings import *
    from casechron.face.knowledge import *
    from casechron.face.narrative import *
    from casechron.face.sensitivity import *
    from casechron.face.timescales import *
    from casechron.face.waits import *
    from casechron.review import *

from casechron.questions import find

__version__ = "0.1.0"

# A project's own questions can be imported where this package is.
find()
