"""How is a table made of a review: once, and handed out as a copy?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd

from casechron.review import Review, handed_over

P = ParamSpec("P")
T = TypeVar("T")

#: What has been made of each review that is still in use.
_MADE: WeakKeyDictionary[Review, dict[Any, Any]] = WeakKeyDictionary()


def kept(
    function: Callable[Concatenate[Review, P], T],
) -> Callable[Concatenate[Review, P], T]:
    """The same function, which makes its table once for a review and the same further arguments.

    A table that is handed out is a copy. Raises `TypeError`, in words, where the first argument is
    no `Review`."""

    @wraps(function)
    def made_once(review: Review, /, *args: P.args, **kwargs: P.kwargs) -> T:
        given: object = review
        if not isinstance(given, Review):
            name = repr(str(given)) if isinstance(given, str | Path) else "..."
            raise TypeError(
                f"{function.__name__} takes a review, not {type(given).__name__}; write"
                f" {function.__name__}(read_review({name}))"
            )
        made = _MADE.setdefault(review, {})
        asked = function, args, tuple(sorted(kwargs.items()))
        try:
            known = asked in made
        except TypeError:  # an argument such as a list of pairs
            return function(review, *args, **kwargs)
        if not known:
            with handed_over():
                made[asked] = function(review, *args, **kwargs)
        result: T = made[asked]
        return result.copy() if isinstance(result, pd.DataFrame) else result

    return made_once
