"""Why was a report not rendered, in words to the person who can mend it?"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

from casechron.coding.folder import prefix_of
from casechron.coding.form_check import check_form, grouped
from casechron.coding.reviews import read_meta

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


def breaches_of(review_dir: Path) -> tuple[str, int]:
    """What in a review is wrong, a line for each kind; nothing of it runs then. And how many things
    are still to do in it, which keeps nothing from being rendered.

    Raises `ReviewError` where review.toml is not filled in, of which nothing can be read."""
    found = check_form(review_dir, prefix_of(review_dir))
    intro = "it cannot be read, as casechron check says too:"
    wrong = "\n  ".join([intro, *grouped(found.wrong)]) if found.wrong else ""
    if not wrong:
        read_meta(review_dir)  # what is not filled in there, each notebook would say once more
    return wrong, len(found.to_do)


def together(errors: Sequence[str]) -> str:
    """What the notebooks of a review say, a line each; what several say alike is said once."""
    return "\n  ".join(dict.fromkeys(errors))
