"""Why was a report not rendered, in words to the person who can mend it?"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

from casechron.reporting.crews import LostError
from casechron.reporting.execution import RenderError

__all__ = ["is_full", "why", "words"]

#: With these nothing more can be written, for no review.
_NO_MORE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
#: How the error of a cell goes on that speaks of the review's tables.
_OF_TABLES = ": ReviewError: "


def is_full(error: BaseException | None) -> bool:
    """Whether nothing more can be written."""
    return isinstance(error, OSError) and error.errno in _NO_MORE


def words(error: BaseException | None) -> str:
    """What an error says, without its kind where it is ours or the system's.

    >>> (
    ...     words(RenderError("no notebook")),
    ...     words(OSError(28, "No space left on device", "a.csv")),
    ...     words(KeyError("a")),
    ... )
    ('no notebook', 'No space left on device: a.csv', "KeyError: 'a'")
    """
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    ours = isinstance(error, RenderError | LostError)
    return str(error) if ours else f"{type(error).__name__}: {error}"


def why(review_dir: Path, errors: Sequence[str]) -> str:
    """Why a review failed, a line each: what breaches the codebook, if that is it; else every error
    of its notebooks.

    What all notebooks say of the tables, which each of them reads, is said once.
    """
    if any(_OF_TABLES in error for error in errors):
        from casechron.coding.checks import check_review

        breaches = check_review(review_dir)
        if breaches:
            return "\n  ".join(
                [
                    "its tables breach the codebook, as casechron check says too:",
                    *map(str, breaches),
                ]
            )
    return "\n  ".join(dict.fromkeys(error.partition(_OF_TABLES)[2] or error for error in errors))
