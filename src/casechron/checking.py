"""What does a person read who has reviews checked?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from casechron.characters import text_breach
from casechron.coding.expansion import Expanded
from casechron.coding.files import is_coding, prefix_of, whole_review
from casechron.coding.folder import codings_in, default_workbook
from casechron.coding.form_check import FormCheck, by_message, check_form
from casechron.coding.messages import watched
from casechron.coding.reviews import (
    ListedReview,
    NeedsError,
    ReviewError,
    find_review,
    find_root,
    frames_of,
    list_reviews,
    pages_that_wait,
    with_readings,
)
from casechron.coding.rules import LEEWAY_DAYS, last_sources
from casechron.coding.sheets import Breach
from casechron.dates.days import day_text
from casechron.dates.policy import DatingPolicy

if TYPE_CHECKING:
    from casechron.chronology.chronologies import Chronology

__all__ = ["UsageError", "check", "named_reviews", "option_values", "policy_of", "review_folder"]


_DEFAULT = DatingPolicy()


class UsageError(ValueError):
    """The words of a command do not fit together."""


def review_folder(name: str, root: Path | None = None) -> Path:
    """The folder of a review that a person names; `UsageError` for an empty name."""
    if not name.strip():
        raise UsageError("the name of a review is empty; write its id, as in child-x-example-2021")
    return find_review(name, root)


def named_reviews(names: list[str], every: bool) -> list[ListedReview]:
    """The reviews that a person names, or every one; `UsageError` where it is not said which."""
    if every and names:
        also = f"'{names[0]}' is named as well; leave out one of the two"
        raise UsageError(f"--all is every review, and {also}")
    if not every and not names:
        raise UsageError("name one or more reviews, or say --all")
    root = find_root()
    if every:
        return list_reviews(root)
    folders = [review_folder(name, root) for name in names]
    return [ListedReview(folder.name, folder) for folder in folders]


def option_values(
    pairs: Iterable[str],
    option: str = "--policy",
    form: str = "FIELD=VALUE, as in duration_slack=none",
) -> dict[str, str]:
    """The value of each field that an option gives; readings are gathered, all else is given
    once."""
    values: dict[str, str] = {}
    for pair in pairs:
        if message := text_breach(pair, option):
            raise UsageError(message)
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not equals:
            raise UsageError(f"{option} {pair}: write {form}")
        if name in values and (option, name) != ("--policy", "readings"):
            twice = f"is said twice, as {values[name]} and as {value}"
            raise UsageError(f"{option} {name} {twice}; say it once")
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def policy_of(pairs: Iterable[str]) -> DatingPolicy:
    """The dating policy that a person asks for, field by field."""
    return DatingPolicy.from_parameters(option_values(pairs))


def check(
    reviews: Sequence[ListedReview],
    say: Callable[[str], None],
    *,
    draft: bool = False,
    every: bool = False,
    dates: bool = False,
    policy: DatingPolicy = _DEFAULT,
) -> bool:
    """Check reviews one after another, each to its end whatever the others are; whether all are
    good.

    What is wrong, still to do and worth a look is reported by file, one line for each kind of slip.

    Parameters
    ----------
    reviews
        What `list_reviews` gives, or some of it; folders of codings too.
    say
        Is given each line as soon as it is known.
    draft
        Whether a review of which something is still to do is good.
    every
        Whether each slip is reported on a line of its own.
    dates
        Whether it is also asked if all dates and relations of a review can hold together, as they
        stand and under each alternative reading alone. A source can contradict itself, so that they
        cannot is no breach; and neither is what they put behind the last source that tells of it.
    policy
        The dating policy under which that is asked.

    Returns
    -------
    bool
        Whether nothing is wrong with any of them, and nothing to do, and one of them at least
        has the readings of the policy.

    Raises
    ------
    KeyboardInterrupt
        With how many were checked and which are not good.
    """
    failed: list[str] = []
    unasked: list[str] = []
    checked = 0
    watched_reviews = watched(reviews, "checked", "reviews")

    def say_beside_bar(line: str) -> None:
        if not isinstance(watched_reviews, Sequence):
            watched_reviews.clear()  # so that the line does not stand behind it
        say(line)

    asked = policy if dates else None
    try:
        for review in watched_reviews:
            if not _say_whether_good(
                review, say_beside_bar, draft=draft, every=every, dates=asked, unasked=unasked
            ):
                failed.append(review.name)
            checked += 1
    except KeyboardInterrupt as error:
        # Named again, because the lines above may be in a file or have scrolled away.
        wrong = f"; not good: {', '.join(failed)}" if failed else ""
        raise KeyboardInterrupt(
            f"interrupted. {checked} of {len(reviews)} reviews were checked{wrong}"
        ) from error
    if failed:
        say("`casechron codebook` says what may be written")
    return not failed and (not unasked or len(unasked) < len(reviews))


def _say_whether_good(
    listed: ListedReview,
    say: Callable[[str], None],
    *,
    draft: bool,
    every: bool,
    dates: DatingPolicy | None,
    unasked: list[str],
) -> bool:
    """Say of a review what is wrong, to do and odd; whether it is good. One that lacks a reading of
    the policy is named in `unasked`."""
    folder, problem = listed.folder, listed.problem
    prefix, review = prefix_of(folder), whole_review(folder).name
    name = f"{review}/{prefix}".rstrip("/")
    try:
        checked = None if problem else _checked(folder)
    except OSError as error:
        checked, problem = None, f"it cannot be read ({error.strerror or type(error).__name__})"
    if checked is None:
        say(f"{name}: {problem}")
        return False
    form_check, classes = checked
    for heading, breaches in classes.items():
        say(f"{name}, {heading}:")
        for line in by_message(breaches, every=every):
            say(f"  {review}/{line}")
    counts = [f"{len(breaches)} {heading}" for heading, breaches in classes.items()]
    wrong = "wrong" in classes
    good = not wrong and (draft or "still to do" not in classes)
    say(f"{name}: {', '.join(['good'] * good + counts)}")
    waiting = _waiting(folder, form_check) if not prefix and not wrong else []
    for line in waiting:
        say(f"  {line}")
    if (waiting or counts) and (workbook := default_workbook(folder)).exists():
        # The column # of the workbook counts otherwise than the lines of the file.
        message = "if it holds what these files hold, in their order, line 2 of events.csv is row 2"
        say(f"  in {workbook.name}, {message} of the sheet events, and so with the others")
    if dates and not wrong:
        try:
            lines = _dates_and_relations(form_check, dates, name)
        except ReviewError as error:  # a reading of the policy that this review does not have
            lines = [f"  {error}"]
            unasked.append(name)
        for line in lines:
            say(line)
    return good


def _checked(folder: Path) -> tuple[FormCheck, dict[str, Sequence[Breach]]]:
    """The check of a folder; and what is wrong and to do in it and in the codings below it, and
    what is odd in the folder itself, by heading, where there is any."""
    itself = check_form(folder)
    codings, strays = ([], []) if is_coding(folder) else codings_in(folder)
    checks = [itself, *map(check_form, codings)]
    wrong = [breach for check in checks for breach in check.wrong]
    to_do = [breach for check in checks for breach in check.to_do]
    classes = {"wrong": [*wrong, *strays], "still to do": to_do, "worth a look": itself.looks}
    return itself, {heading: breaches for heading, breaches in classes.items() if breaches}


def _waiting(folder: Path, checked: FormCheck) -> list[str]:
    """What the pages that cannot be made yet would need."""
    try:
        lines = pages_that_wait(folder, checked.forms)
    except NeedsError as error:
        return [str(error)]
    return [f"no page yet: {line}" for line in lines]


def _typed_at(expanded: Expanded) -> dict[str, str]:
    """Where each date and each relation of two events was typed, by the id of its row."""
    typed = {}
    for row in expanded.tables["events"]:
        cells = [
            origin.column for origin in row.origins if origin.column in ("date", "until", "count")
        ]
        columns = " and ".join(dict.fromkeys(cells)) or "date"
        origin = row.origins[0]
        typed[row["id"]] = f"{origin.file} line {origin.line} ({row['id']}), {columns}"
    for row in expanded.tables["relations"]:
        origin = row.origins[0]
        cell = f", {origin.column}: {origin.item}" if origin.column else ""
        typed[row["id"]] = f"{origin.file} line {origin.line}{cell} ({row['id']})"
    return typed


def _after_the_sources(
    checked: FormCheck, chronology: Chronology, typed_at: Mapping[str, str]
) -> list[str]:
    """The first of all that orders and lengths put behind the last source that tells of it."""
    from casechron.chronology.network import HARD

    windows, sources = chronology.windows, last_sources(checked.expanded.tables, checked.meta)
    if windows is None:
        return []
    late = [
        (int(windows.lower[end]), windows.chain(end, upper=False), row)
        for row, end in zip(chronology.events, chronology.lowered.end.tolist(), strict=True)
        if end >= 0 and row in sources and windows.lower[end] > sources[row][0] + LEEWAY_DAYS
    ]
    if not late:
        return []
    # Of several on one day the one that fewest statements put there.
    day, chain, row = min(late, key=lambda each: (each[0], len(each[1])))
    numbers = windows.network.statement[chain].tolist()
    by = next(chronology.statement(number).row for number in numbers if number != HARD)
    _, source, when = sources[row]
    over = f"'{row}' is then over on {day_text(day)} at the earliest"
    rests = f"the last source that it rests on ('{source}', published {when})"
    mend = "correct that, or name in place the later source that tells of it"
    return [f"  {typed_at.get(by, by)}: {over}, later than {rests}; {mend}"]


def _dates_and_relations(checked: FormCheck, policy: DatingPolicy, name: str) -> list[str]:
    """Whether all dates and relations can hold together under a policy, and under each reading
    alone; and what they put behind the last source that tells of it."""
    from casechron.chronology.chronologies import chronology_of, consistency

    expanded = checked.expanded
    readings = dict.fromkeys(row["reading"] for row in expanded.rows("readings"))
    typed_at, in_short = _typed_at(expanded), policy.in_short() or "the default dating policy"
    others = replace(policy, readings=_DEFAULT.readings).in_short()
    beside = f" with {others}" if others else ""
    clashes: dict[tuple[str, ...], list[str]] = {}
    too_late: list[str] = []
    for reading in ("", *readings):
        chosen = [reading] if reading else policy.readings
        chronology = chronology_of(frames_of(with_readings(expanded, chosen, name)), policy)
        if clash := consistency(chronology, typed_at):
            under = f"the reading '{reading}'{beside}" if reading else in_short
            clashes.setdefault(tuple(clash), []).append(under)
        if not reading:
            too_late = _after_the_sources(checked, chronology, typed_at)
    if not clashes:
        under = f" under {in_short}" if policy != _DEFAULT else ""
        each = ", also under each reading alone" if readings else ""
        return [f"  all its dates and relations can hold together{under}{each}", *too_late]
    lines, relations = [], [relation["id"] for relation in expanded.tables["relations"]]
    for sentences, unders in clashes.items():
        may = "the source may contradict itself, or the coding may have a slip"
        together = "not all its dates and relations can hold together under"
        lines += [f"  {together} {', '.join(unders)}; {may}:"]
        lines += [f"    {line}" for line in sentences]
        if unders[0] == in_short:
            ties = [
                tie for tie in relations if any(line.endswith(f" ({tie})") for line in sentences)
            ]
            leave = f"; a reading can leave out {' or '.join(ties)}" if ties else ""
            lines.append(f"    until this is resolved, no table tells days{leave}")
    return [*lines, *too_late]
