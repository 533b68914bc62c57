"""What does a person read who has reviews checked?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from casechron.coding.expansion import Expanded
from casechron.coding.folder import codings_in, prefix_of
from casechron.coding.form_check import FormCheck, check_form, grouped
from casechron.coding.forms import NeedsError, pages_that_wait
from casechron.coding.reviews import ListedReview, frames_of, with_readings
from casechron.coding.sheets import Breach
from casechron.coding.watching import watched
from casechron.coding.workbook import default_workbook

__all__ = ["check"]


def check(
    reviews: Sequence[ListedReview],
    say: Callable[[str], None],
    *,
    draft: bool = False,
    every: bool = False,
    dates: bool = False,
) -> bool:
    """Check reviews one after another, each to its end whatever the others are; whether all are
    good.

    What is wrong, still to do and worth a look is told by file, one line for each kind of slip.

    Parameters
    ----------
    reviews
        What `list_reviews` gives, or some of it; folders of codings too.
    say
        Is given each line as soon as it is known.
    draft
        Whether a review of which something is still to do is good.
    every
        Whether each slip is told on a line of its own.
    dates
        Whether it is also told if all dates and relations of a review can hold together, as they
        stand and under each alternative reading alone. A source can contradict itself, so that they
        cannot is no breach.

    Returns
    -------
    bool
        Whether nothing is wrong with any of them, and nothing to do.

    Raises
    ------
    KeyboardInterrupt
        With how many were checked and which are not good.
    """
    failed: list[str] = []
    checked = 0
    shown = watched(reviews, "checked", "reviews")

    def told(line: str) -> None:
        if not isinstance(shown, Sequence):
            shown.clear()  # so that the line does not stand behind it
        say(line)

    try:
        for review in shown:
            if not _good(review, told, draft=draft, every=every, dates=dates):
                failed.append(review.name)
            checked += 1
    except KeyboardInterrupt as error:
        # What was printed of them may have gone into a file, or have scrolled away.
        wrong = f"; not good: {', '.join(failed)}" if failed else ""
        raise KeyboardInterrupt(
            f"interrupted. {checked} of {len(reviews)} reviews were checked{wrong}"
        ) from error
    if failed:
        say("`casechron codebook` says what may be written")
    return not failed


def _good(
    listed: ListedReview, say: Callable[[str], None], *, draft: bool, every: bool, dates: bool
) -> bool:
    """Whether a review is good; what is not is told."""
    folder, problem = listed.folder, listed.problem
    prefix = prefix_of(folder)
    review = folder.parents[1].name if prefix else folder.name
    name = f"{review}/{prefix}".rstrip("/")
    try:
        found, wrong, to_do, looks = _found(folder, prefix) if not problem else _NOTHING
    except OSError as error:
        problem = f"it cannot be read ({error.strerror or type(error).__name__})"
    if problem or found is None:
        say(f"{name}: {problem}")
        return False
    classes = {"wrong": wrong, "still to do": to_do, "worth a look": looks}
    for what, breaches in classes.items():
        if breaches:
            say(f"{name}, {what}:")
        for line in grouped(breaches, every=every):
            say(f"  {review}/{line}")
    counts = [f"{len(breaches)} {what}" for what, breaches in classes.items() if breaches]
    good = not wrong and (draft or not to_do)
    say(f"{name}: {', '.join(['good'] * good + counts)}")
    waiting = _waiting(folder, found) if not prefix and not wrong else []
    for line in waiting:
        say(f"  {line}")
    if (waiting or counts) and (workbook := default_workbook(folder)).exists():
        # A person who works in it has a sheet before them, and # beside its row, which differs.
        told = "events.csv is the sheet events and its line 2 row 2, and so with the others"
        say(f"  in {workbook.name}, {told}")
    if dates and not wrong:
        for line in _dates(found):
            say(line)
    return good


_DEFAULT = "the default dating policy"
_Found = tuple[FormCheck | None, list[Breach], list[Breach], list[Breach]]
_NOTHING: _Found = (None, [], [], [])


def _found(folder: Path, prefix: str) -> _Found:
    """What is wrong and to do in a folder and in the codings below it, and what is odd in the
    folder itself."""
    own = check_form(folder, prefix)
    below, strays = ([], []) if prefix else codings_in(folder)
    all_of = [own, *(check_form(coding, prefix_of(coding)) for coding in below)]
    wrong = [breach for one in all_of for breach in one.wrong]
    to_do = [breach for one in all_of for breach in one.to_do]
    return own, [*wrong, *strays], to_do, list(own.looks)


def _waiting(folder: Path, found: FormCheck) -> list[str]:
    """What the pages that cannot be made yet would need."""
    try:
        lines = pages_that_wait(folder, found.forms)
    except NeedsError as error:
        return [str(error)]
    return [f"no page yet: {line}" for line in lines]


def _typed(done: Expanded) -> dict[str, str]:
    """Where each date and each relation of two events was typed, by the id of its row."""
    found = {}
    for made in done.tables["events"]:
        cells = [one.column for one in made.origins if one.column in ("date", "until", "count")]
        columns = " and ".join(dict.fromkeys(cells)) or "date"
        origin = made.origins[0]
        found[made["id"]] = f"{origin.file} line {origin.line} ({made['id']}), {columns}"
    for made in done.tables["relations"]:
        origin = made.origins[0]
        cell = f", {origin.column}: {origin.item}" if origin.column else ""
        found[made["id"]] = f"{origin.file} line {origin.line}{cell} ({made['id']})"
    return found


def _dates(found: FormCheck) -> list[str]:
    """Whether all dates and relations can hold together, and under each reading alone."""
    from casechron.chronology.chronologies import consistency

    done = found.expanded
    readings = dict.fromkeys(row["reading"] for row in done.rows("readings"))
    where = _typed(done)
    clashes: dict[tuple[str, ...], list[str]] = {}
    for one in ("", *readings):
        tables = frames_of(with_readings(done, [one] if one else [], ""))
        if clash := consistency(tables, where):
            under = f"the reading '{one}'" if one else _DEFAULT
            clashes.setdefault(tuple(clash), []).append(under)
    if not clashes:
        each = ", also under each reading alone" if readings else ""
        return [f"  all its dates and relations can hold together{each}"]
    lines, relations = [], [made["id"] for made in done.tables["relations"]]
    for told, unders in clashes.items():
        may = "the source may contradict itself, or the coding may have a slip"
        together = "not all its dates and relations can hold together under"
        lines += [f"  {together} {', '.join(unders)}; {may}:"]
        lines += [f"    {line}" for line in told]
        if unders[0] == _DEFAULT:
            ties = [one for one in relations if any(line.endswith(f" ({one})") for line in told)]
            leave = f"; a reading can leave out {' or '.join(ties)}" if ties else ""
            lines.append(f"    until this is resolved, no table tells days{leave}")
    return lines
