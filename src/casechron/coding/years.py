"""Can this have happened when it is said to have, and which year was probably meant?

Nothing here reads a clock: what can be known is that a text tells of nothing later than itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from casechron.coding.characters import shown
from casechron.coding.dates import DateError, bounds
from casechron.coding.days import date_of, day_number, day_text
from casechron.coding.rules import Rule, Tables
from casechron.coding.sheets import Breach

__all__ = ["TIME_RULES", "did_you_mean", "likely", "too_old"]

#: No review tells of an earlier day.
FIRST_YEAR = 1900
_FIRST = day_number(FIRST_YEAR, 1, 1)
#: How far back of its publication a review is likely to reach, for a guess at what was meant.
_REACH = 40
_LOOSE = re.compile(r"[a-z~%?]")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


def likely(text: str, first: int, last: int) -> str:
    """The text with each year outside of a range as it was probably meant; empty where that is not
    clear.

    Two digits that changed places are thought of first, then one that is wrong.

    >>> (
    ...     likely("2091-10-14", 1980, 2021),
    ...     likely("0219-10/2019-11", 1980, 2021),
    ...     likely("1777", 1980, 2021),
    ... )
    ('2019-10-14', '2019-10/2019-11', '')
    """
    meant = text
    for year in set(_YEAR.findall(text)):
        if first <= int(year) <= last:
            continue
        swapped = {year[:at] + year[at + 1] + year[at] + year[at + 2 :] for at in range(3)}
        mistyped = {year[:at] + digit + year[at + 1 :] for at in range(4) for digit in "0123456789"}
        near = next(
            (
                found
                for could in (swapped, mistyped)
                if (found := [y for y in could if first <= int(y) <= last])
            ),
            [],
        )
        if len(near) != 1:
            return ""
        meant = re.sub(rf"(?<![0-9]){year}(?![0-9])", near[0], meant)
    try:
        bounds(meant)
    except DateError:  # an interval whose ends would change places
        return ""
    return meant if meant != text else ""


def did_you_mean(text: str, first: int, last: int) -> str:
    """What was probably meant, as a question where that is clear, and the first letter of the
    'write' that follows."""
    meant = likely(text, first, last)
    return f"did you mean '{meant}'? W" if meant else "w"


def too_old(text: str, last: int | None) -> str:
    """What is wrong with a date that can only lie before 1900; empty where nothing is. ``last``:
    the last likely year."""
    found = bounds(text)
    if found.latest is None or found.latest >= _FIRST:
        return ""
    ask = did_you_mean(
        text, FIRST_YEAR if last is None else last - _REACH, 2100 if last is None else last
    )
    return f"{shown(text)} lies before {FIRST_YEAR}; {ask}rite the year in full, in four digits"


def _publications(tables: Tables) -> dict[str, int | None]:
    """The last day on which each source can have been published; None where nothing says it."""
    finished = _last_day(str(tables.meta.get("coded_on", "")))
    return {
        row["id"]: (
            _last_day(row["published"]) if row["published"] and row.sound("published") else finished
        )
        for row in tables.rows("sources")
    }


def _last_day(text: str) -> int | None:
    try:
        return bounds(text).latest if text else None
    except DateError:
        return None


def dates_before_telling(tables: Tables) -> Iterator[Breach]:
    """What a row tells of began no later than its last source was published, and not before
    1900."""
    published = _publications(tables)
    sources: dict[str, set[str]] = defaultdict(set)
    for row in (*tables.rows("locators"), *tables.rows("readings")):
        sources[row["row"]].add(row["source"])
    for name in ("events", "views"):
        for row in tables.rows(name):
            if not row["date"] or not row.sound("date"):
                continue
            tellers = sources.get(row["id"], set()) & published.keys() or set(published)
            known = {source: day for source in tellers if (day := published[source]) is not None}
            by = (
                max(known, key=lambda source: (known[source], source))
                if known and len(known) == len(tellers)
                else None
            )
            message = too_old(row["date"], date_of(known[by])[0] if by else None)
            if by and not message:
                message = _too_late(row["date"], by, known[by], tables)
            if message:
                yield tables.at(name, row, "date", message)


def _too_late(text: str, source: str, published: int, tables: Tables) -> str:
    found = bounds(text)
    year = date_of(published)[0]
    ask = did_you_mean(text, year - _REACH, year)
    row = tables.named("sources", source)
    when = (
        f"published {row['published']}"
        if row and row["published"]
        else f"published before the coding was finished, {day_text(published)}"
    )
    # Where a third of a month, a season or 'about' begins is a convention, which nobody need share.
    loose = _LOOSE.search(text) or found.precision not in ("day", "month", "year")
    last = published + (366 if loose else 0)
    if found.earliest is not None and found.earliest > last:
        return (
            f"{shown(text)} is later than the last source that the row rests on ('{source}',"
            f" {when}); {ask}rite the date that the source gives, or name in place the later"
            " source that tells of it"
        )
    if found.shape != "moment" and found.end_earliest is not None and found.end_earliest > last:
        return (
            f"{shown(text)} ends later than the last source that the row rests on ('{source}',"
            f" {when}); {ask}rite .. for an end that is still open there, or name in place the"
            " later source that tells of it"
        )
    return ""


def sources_are_of_our_time(tables: Tables) -> Iterator[Breach]:
    """A source was published after 1900, and before the coding from it was finished."""
    finished = _last_day(str(tables.meta.get("coded_on", "")))
    last = date_of(finished)[0] if finished is not None else None
    for row in tables.rows("sources"):
        if not row["published"] or not row.sound("published"):
            continue
        if message := too_old(row["published"], last):
            yield tables.at("sources", row, "published", message)
            continue
        earliest = bounds(row["published"]).earliest
        if (
            last is not None
            and finished is not None
            and earliest is not None
            and earliest > finished
        ):
            ask = did_you_mean(row["published"], last - _REACH, last)
            yield tables.at(
                "sources",
                row,
                "published",
                f"{shown(row['published'])} is later than the day on which the coding was finished"
                f" (coded_on in review.toml, {day_text(finished)}); {ask}rite when the source was"
                " published, or correct coded_on",
            )


TIME_RULES: Mapping[Rule, frozenset[str]] = {
    dates_before_telling: frozenset({"events", "views", "sources", "locators"}),
    sources_are_of_our_time: frozenset({"sources"}),
}
