"""What does a person read who has reviews checked?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from casechron.coding import checks
from casechron.coding.reviews import ListedReview, read_coding, read_review
from casechron.coding.sheets import in_brief

__all__ = ["check"]


def check(
    reviews: Sequence[ListedReview], say: Callable[[str], None], *, dates: bool = False
) -> bool:
    """Check reviews one after another, each to its end whatever the others are; whether all are
    good.

    Parameters
    ----------
    reviews
        What `list_reviews` gives, or some of it; folders of codings too.
    say
        Is given each line as soon as it is known.
    dates
        Whether it is also told if all dates and relations of a good review can hold together. A
        source can contradict itself, so that they cannot is no breach.

    Raises
    ------
    KeyboardInterrupt
        With how many were checked and which are not good.
    """
    found, checked = 0, 0
    failed: list[str] = []
    try:
        for review in reviews:
            breaches = _breaches(review, say, dates)
            found += breaches or 0
            checked += 1
            if breaches != 0:
                failed.append(review.name)
    except KeyboardInterrupt as error:
        # What was printed of them may have gone into a file, or have scrolled away.
        wrong = f"; not good: {', '.join(failed)}" if failed else ""
        raise KeyboardInterrupt(
            f"interrupted. {checked} of {len(reviews)} reviews were checked{wrong}"
        ) from error
    if found:
        say(
            f"{found} {'breach' if found == 1 else 'breaches'} of the codebook; `casechron"
            " codebook` says what may be written"
        )
    return not failed


def _breaches(listed: ListedReview, say: Callable[[str], None], dates: bool) -> int | None:
    """How many breaches of the codebook a review has, each told; None where it cannot be read."""
    folder, problem = listed.folder, listed.problem
    coding = checks.is_coding(folder)
    review = folder.parents[1].name if coding else folder.name
    name = f"{review}/codings/{folder.name}" if coding else review
    try:
        breaches = [] if problem else [*checks.check_review(folder), *checks.check_codings(folder)]
    except OSError as error:
        problem = f"it cannot be read ({error.strerror or type(error).__name__})"
    if problem:
        say(f"{name}: {problem}")
        return None
    for line in in_brief(breaches, f"{review}/"):
        say(line)
    if not breaches:
        say(f"{name}: good{_dates(folder) if dates else ''}")
    return len(breaches)


def _dates(folder: Path) -> str:
    from casechron.chronology.admission import admission

    coding = checks.is_coding(folder)
    tables = read_coding(folder.parents[1], folder.name) if coding else read_review(folder)
    clash = admission(tables)
    if not clash:
        return "; all its dates and relations can hold together"
    said = (
        ", but not all its dates and relations can hold together under the default dating policy;"
        " the source may contradict "
    )
    return "\n  ".join([f"{said}itself, or the coding may have a slip:", *clash])
