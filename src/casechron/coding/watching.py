"""What does somebody see who waits for one thing after another?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tqdm import tqdm

_T = TypeVar("_T")


def watched(things: Sequence[_T], what: str, unit: str) -> Sequence[_T] | tqdm[_T]:
    """The things one after another; in a terminal a bar on the error stream shows after a second
    how far it is, and goes when it is over. Anywhere else nothing is shown.

    >>> list(watched(["a", "b"], "looking", "letters"))
    ['a', 'b']
    """
    if len(things) < 2 or not sys.stderr.isatty():
        return things
    from tqdm import tqdm

    return tqdm(things, desc=what, unit=f" {unit}", delay=1, leave=False)
