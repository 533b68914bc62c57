"""Why was a report not rendered, in words to the person who can mend it?"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

from casechron.coding.checks import check_review
from casechron.coding.sheets import in_brief

__all__ = ["breaches_of", "is_full", "together", "words"]

#: With these nothing more can be written, for no review.
_NO_MORE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def is_full(error: BaseException | None) -> bool:
    """Whether nothing more can be written."""
    return isinstance(error, OSError) and error.errno in _NO_MORE


def words(error: BaseException | None) -> str:
    """What an error says, without its kind where it is ours or the system's.

    >>> words(OSError(28, "No space left on device", "a.csv"))
    'No space left on device: a.csv'
    >>> words(KeyError("a"))
    "KeyError: 'a'"
    """
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    ours = type(error).__module__.startswith("casechron.")
    return str(error) if ours else f"{type(error).__name__}: {error}"


def breaches_of(review_dir: Path) -> str:
    """What in a review breaches the codebook, a line each; nothing of it runs then."""
    found = check_review(review_dir)
    if not found:
        return ""
    intro = "its tables breach the codebook, as casechron check says too:"
    return "\n  ".join([intro, *in_brief(found)])


def together(errors: Sequence[str]) -> str:
    """What the notebooks of a review say, a line each; what several say alike is said once."""
    return "\n  ".join(dict.fromkeys(errors))
