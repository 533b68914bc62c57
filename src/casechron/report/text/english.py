"""How are durations, counts, labels, lists, and the rows of tables said in words? Durations are
rounded outwards, never to the nearest: the words admit every day that the table admits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casechron.characters import listed as listed
from casechron.coding.codebook import AS_JUDGED, SOURCES_DIFFER, codebook
from casechron.dates.days import MONTH_NAMES
from casechron.report.show import Point

# Who renders uses the words and need not wait for pandas.
if TYPE_CHECKING:
    import pandas as pd

#: A row of a table, by the names of its columns.
RowCells = dict[str, Any]
#: The beginnings of kinds that take no article.
_NO_ARTICLE = ("support", "safety", "information")
#: Kinds that say 'no', as what was done.
_DONE = {"No access": "visit without entry", "No further action": "decision to do no more"}
#: What a row can count several of: the noun of its kind, which takes an s.
_COUNTED = re.compile(
    r"\b(referral|notification|concern|suspicion|account|contact|visit|call|admission|assessment"
    r"|meeting|action|discussion|conference|plan|order|response|arrest|charge|decision)\b"
)
#: Below so many days a duration is in this unit: its mean days, its smallest part, its name.
_UNITS = (
    (32, (1.0, 1.0, "day")),
    (183, (7.0, 1.0, "week")),
    (730, (30.436875, 1.0, "month")),
    (math.inf, (365.2425, 0.5, "year")),
)
#: A month, or a part of one, as dates are coded.
_PART = re.compile(r"(?:(early|mid|late|end) )?(\d{4})(?:-(0[1-9]|1[0-2]))?")
#: The most words of a summary that has its date behind it.
_SHORT = 6
#: Small numbers as words, from none on.
SMALL_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: How a label begins that describes somebody, as 'One Manchester' does not.
_DESCRIBED = (
    f"(?i:an?|the) |(?i:all|both|some|those|several|(an)?other|{'|'.join(SMALL_WORDS)}) [a-z]"
)


def between(least: int | None, most: int | None) -> str:
    """How long something lasted, in words that admit all that the days admit, from the least to the
    most (None: nothing limits them): in days up to a month or where their number is known, else
    in weeks, months and half years.

    >>> between(21, 71), between(1329, 1733), between(11, 17), between(0, 60)
    ('between 3 and 11 weeks', 'between 3½ and 5 years', 'between 11 and 17 days', 'up to 9 weeks')
    >>> between(68, 68), between(40, None), between(None, None)
    ('68 days', 'at least 5 weeks', 'for a time that cannot be told')
    >>> between(1, 349)
    'between 1 day and 12 months'
    """
    least = max(least or 0, 0)
    if most is None and not least:
        return "for a time that cannot be told"
    days = least if most is None else most
    unit, step, noun = next(unit for limit, unit in _UNITS if days < limit)
    low = math.floor(least / unit / step) * step
    high = math.ceil(days / unit / step) * step
    if most is None:
        return f"at least {_units(low, noun)}"
    if low == high:
        return _units(high, noun)
    if least == days:
        return _units(days, "day")
    begins = f"between {_number(low) if low else _units(least, 'day')} and" if least else "up to"
    return f"{begins} {_units(high, noun)}"


def _units(number: float, noun: str) -> str:
    return f"{_number(number)} {noun}{'' if number == 1 else 's'}"


def _number(number: float) -> str:
    whole, half = divmod(number, 1)
    return f"{int(whole) if whole or not half else ''}{'½' if half else ''}"


def count_in_words(least: int, most: int | None, noun: str, nouns: str = "") -> str:
    """A count in words: small numbers as words, a range where it is one.

    >>> count_in_words(2, 2, "referral"), count_in_words(7, 10, "agency", "agencies")
    ('two referrals', '7 to 10 agencies')
    >>> count_in_words(2, None, "report")
    'at least two reports'
    >>> count_in_words(1, 1, "time"), count_in_words(0, 0, "step")
    ('one time', 'no steps')
    """
    if most is not None and least != most:
        return span(least, most, noun, nouns)
    number = SMALL_WORDS[least] if least < len(SMALL_WORDS) else str(least)
    lead = "at least " if most is None else ""
    return f"{lead}{number} {noun if least == 1 else nouns or f'{noun}s'}"


def span(least: int, most: int, noun: str, nouns: str = "") -> str:
    """A count in figures: a range where it is one.

    >>> span(1, 1, "day"), span(0, 3, "day"), span(2, 3, "agency", "agencies")
    ('1 day', '0 to 3 days', '2 to 3 agencies')
    """
    number = f"{most}" if least == most else f"{least} to {most}"
    return f"{number} {noun if least == most == 1 else nouns or f'{noun}s'}"


def quoted(texts: Iterable[str]) -> str:
    """Several texts in a sentence, each once, as they stand in the table.

    >>> quoted(["A midwife refers", "The case is closed", "A midwife refers"])
    '“A midwife refers” and “The case is closed”'
    """
    return listed(f"“{text}”" for text in dict.fromkeys(texts))


def capital(text: str) -> str:
    """A text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def lowered(label: str) -> str:
    """A label within a sentence: abbreviations keep their capitals.

    >>> lowered("Initial child protection conference"), lowered("MARAC"), lowered("A&E")
    ('initial child protection conference', 'MARAC', 'A&E')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def sentence(text: str) -> str:
    """A text as a sentence: with a capital at its beginning and a stop at its end.

    >>> sentence("the case was closed")
    'The case was closed.'
    """
    text = text.strip()
    return f"{capital(text)}{'' if text[-1:] in '.?!' else '.'}"


def with_notes(lead: str, notes: Mapping[str, object]) -> str:
    """A sentence with those of its notes that apply.

    >>> with_notes("the scale is even", {"an arrow: no limit": True, "a rule: the limit": False})
    'The scale is even; an arrow: no limit.'
    """
    return sentence("; ".join([lead, *(note for note, applies in notes.items() if applies)]))


def labels(*codes: str) -> frozenset[str]:
    """The labels of kinds of events, in every jurisdiction.

    >>> sorted(labels("closure", "death"))
    ['Case closed', 'Death']
    """
    known = codebook().codes("event_kind")
    return frozenset(name for code in codes for name in known[code].names)


def kinds(*flags: str) -> frozenset[str]:
    """The labels of the kinds of events that have one of these flags of the codebook.

    >>> "Case closed" in kinds("disposes"), "Referral" in kinds("disposes", "protective")
    (True, False)
    """
    return labels(*(code for flag in flags for code in codebook().flagged("event_kind", flag)))


def as_dated(date: str, stated: str) -> str:
    """When something was, with its preposition and no finer than its source dates it: a part of a
    month or of a year by its name, else `stated`, the days of that date alone in words; empty where
    the source gives no date.

    >>> as_dated("late 2018-08", "between 21 and 31 August 2018"), as_dated("2014", "in 2014")
    ('in late August 2018', 'in 2014')
    >>> as_dated("end 2018-07/late 2018-08", ""), as_dated("/..", "not dated"), as_dated("", "")
    ('from the end of July to late August 2018', '', '')
    >>> as_dated("late 2018-10/2018-11", ""), as_dated("/late 2018-09", "")
    ('from late October to November 2018', 'until late September 2018')
    >>> as_dated("[..mid 2014]", "by 31 August 2014"), as_dated("[mid 2014-12..early 2015-01]", "")
    ('by mid-2014', 'between mid-December 2014 and early January 2015')
    """
    one_of = re.fullmatch(r"\[(.*)\.\.(.*)\]", date) if " " in date else None
    months = months_named("/".join(filter(None, one_of.groups())) if one_of else date)
    if not months:
        return stated if re.search(r"\d", date) else ""
    if date.startswith("/"):
        return f"until {months[0]}"
    if len(months) > 1:
        first, last = months
        return f"between {from_to(first, last, 'and')}" if one_of else f"from {from_to(*months)}"
    if one_of and one_of[2]:
        return f"by {months[0]}"
    when = f"{'at' if months[0].startswith('the') else 'in'} {months[0]}"
    return f"{when} or later" if one_of else when


def months_named(date: str) -> list[str]:
    """The months and years, or parts of them, by which a date is coded, each with its year: one, or
    where it lasts the first and the last; none where a side of it is coded otherwise."""
    months = [_part(text) for text in date.removeprefix("/").split("/")]
    return months if all(months) else []


def from_to(first: str, last: str, word: str = "to") -> str:
    """Two months or parts of a year, with the year once where it is the same."""
    once = first[-4:] == last[-4:] and " " in first and " " in last
    return f"{first[:-5] if once else first} {word} {last}"


def _part(date: str) -> str:
    """A month, a year or a part of them as a source names it; empty for any other date."""
    written = _PART.fullmatch(date.strip())
    if not written:
        return ""
    part, year, month = written.groups()
    lead = {None: "", "mid": "mid-", "end": "the end of "}.get(part, f"{part} ")
    return f"{lead}{f'{MONTH_NAMES[int(month)]} ' if month else ''}{year}"


def summary_with_date(summary: str, when: str = "", status: str = "") -> str:
    """What happened and when, as a sentence without its stop; what is only alleged says so. Where
    it could be taken for a part of what happened, the date stands in brackets.

    >>> (
    ...     summary_with_date("The case is closed", "in October 2017"),
    ...     summary_with_date("A blow", "", "alleged"),
    ... )
    ('The case is closed in October 2017', 'A blow (alleged)')
    >>> summary_with_date("Four referrals are made; by whom is not said", "in 2018")
    'Four referrals are made; by whom is not said (2018)'
    """
    text = summary.strip()
    claimed = status if not re.search(r"alleg|accus|den(?:y|ie)", text) else ""
    if not claimed and len(text.split()) <= _SHORT and not re.search(r"[;:,(]", text):
        return f"{text} {when}".rstrip()
    return noted(text, in_brackets(bare(when)), claimed)


def noted(words: str, *notes: str) -> str:
    """Words with those notes behind them, in brackets, that are not empty.

    >>> noted("A blow", "2018", "", "alleged"), noted("A blow", "")
    ('A blow (2018; alleged)', 'A blow')
    """
    said = "; ".join(filter(None, notes))
    return f"{words} ({said})" if said else words


def in_brackets(when: str) -> str:
    """What stands in brackets, with a comma before a note that would have brackets of its own.

    >>> in_brackets("in July 2018 (as judged); in August 2018")
    'in July 2018, as judged; in August 2018'
    """
    return re.sub(r" \(([^()]*)\)(?=;|$)", r", \1", when)


def bare(when: str) -> str:
    """A date without its preposition, where that can go.

    >>> bare("at the end of July 2018"), bare("on 3 May 2007"), bare("on or after 3 May 2007")
    ('end of July 2018', '3 May 2007', 'on or after 3 May 2007')
    """
    return re.sub(r"^(?:at the|in|on(?! or)) ", "", when)


def rows_of(table: pd.DataFrame) -> list[RowCells]:
    """The rows of a table by the names of its columns; None where a cell has no value."""
    columns: list[list[Any]] = []
    for _, column in table.items():
        cells, empty = column.tolist(), column.array.isna()
        if empty.any():
            cells = [None if none else cell for cell, none in zip(cells, empty, strict=True)]
        columns.append(cells)
    names = list(map(str, table))
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def rows_by(table: pd.DataFrame, column: str) -> dict[str, list[RowCells]]:
    """The rows of a table by what they have in a column, in the order of the first of each."""
    rows: dict[str, list[RowCells]] = {}
    for row in rows_of(table):
        rows.setdefault(row[column], []).append(row)
    return rows


def groups(table: pd.DataFrame, *columns: str) -> Iterable[tuple[Any, pd.DataFrame]]:
    """The rows of a table that are alike in some columns, in the order of the table."""
    return table.groupby(columns[0] if len(columns) == 1 else list(columns), sort=False)


def point(text: str, rows: Iterable[Any] = ()) -> Point:
    """A sentence and the ids of the rows that bear it, each once."""
    return Point(sentence(text), tuple(dict.fromkeys(rows)))


def rows_by_event(chronicle: pd.DataFrame) -> dict[str, RowCells]:
    """The events by their ids, each with those on whose dates sources differ and on which its days
    rest, itself included (`differs`)."""
    events = {row["event"]: row for row in rows_of(chronicle)}
    differ = {event for event, row in events.items() if _differ(row)}
    for event, row in events.items():
        row["differs"] = differ.intersection((event, *row.get("narrowed_by_rows", ())))
    return events


def passes_on(event: RowCells) -> bool:
    """Whether it is of a kind that tells somebody."""
    return event["kind"] in kinds("telling")


def with_article(label: str) -> str:
    """A label within a sentence, with one article at most: 'father of S1' is a description, 'WM'
    and 'Family GP' are names.

    >>> [with_article(label) for label in ("father of S1", "WM", "The board", "a GP")]
    ['the father of S1', 'WM', 'the board', 'a GP']
    >>> [with_article(label) for label in ("somebody not named", "One of us", "One Manchester")]
    ['somebody not named', 'one of us', 'One Manchester']
    """
    from casechron.analysis.record import NOT_NAMED

    if re.match(_DESCRIBED, label):
        return f"{label[:1].lower()}{label[1:]}"
    described = label[:1].islower() and label != NOT_NAMED and not label.startswith("unnamed ")
    return f"the {label}" if described else label


def all_named(parties: Iterable[str]) -> str:
    """Several labels within a sentence, each once.

    >>> all_named(["WM", "father of S1", "WM"])
    'WM and the father of S1'
    """
    return listed(map(with_article, dict.fromkeys(parties)))


def dated(event: RowCells) -> str:
    """When something was by its source's own date; empty where it gives none. What another source
    dates otherwise says that sources differ.

    >>> dated({"date": "2016-04-11", "said_stated": "on 11 April", "other_dates": ("2016-04-08",)})
    'on 11 April, though sources differ'
    """
    when = as_dated(event["date"], event["said_stated"])
    return when + SOURCES_DIFFER * bool(when and _differ(event))


def after(day: Any, other: Any, *, or_same: bool = False) -> bool:
    """Whether a day is known to be after another (or the same), where both are known at all."""
    return None not in (day, other) and bool(day > other or (or_same and day == other))


def _differ(event: RowCells) -> bool:
    """Whether another source has another date, and not only a closer one."""
    return not all(other.startswith(event["date"]) for other in event.get("other_dates", ()))


def told_days(event: RowCells) -> str:
    """The days of something in words, as they are told, and whether sources differ on them."""
    return str(event["said"]) + SOURCES_DIFFER * bool(event.get("differs"))


def by_order(event: RowCells) -> str:
    """When something was that its source does not date, as far as the order of events says it."""
    has_day = any(event[day] is not None for day in ("earliest", "start_latest", "latest"))
    return told_days(event) + AS_JUDGED * event["as_judged"] if has_day and not dated(event) else ""


def how_often(event: RowCells, note: str = "") -> str:
    """What happened, with how often it was where one row stands for several.

    >>> how_often({"summary": "Referrals are made", "how_many": "at least 2"})
    'Referrals are made (at least 2)'
    """
    once = event["how_many"] in ("", "once", "at least 1")
    return noted(event["summary"], "" if once else event["how_many"] + note)


def begins_with(event: RowCells) -> str:
    """Where a wait begins, as part of a sentence: 'the referral by S1's school in 2014'."""
    kind = kind_of(event) + AS_JUDGED * (event["basis"] == "judged")
    # `by` is who told it, so it is left out where the event itself is no telling.
    by = f" by {all_named(event['by'])}" if event["by"] and passes_on(event) else ""
    when, differ, _ = dated(event).partition(SOURCES_DIFFER)  # in brackets, as more follows
    lasted = when if when.startswith("from ") else ""
    words = f"the {kind}{by} {when.removeprefix(lasted)}".rstrip()
    return noted(words, f"{lasted or _apart(event)}{differ}".removeprefix(", "), event["alleged"])


def kind_of(event: RowCells) -> str:
    """Its kind in a sentence, in the plural where its row counts several."""
    kind = _DONE.get(event["kind"]) or lowered(event["kind"]).removesuffix(" on a child")
    return _COUNTED.sub(r"\1s", kind, count=1) if event.get("recurs") else kind


def _apart(event: RowCells) -> str:
    """The days that follow for what has no date, where another has the same name (`alike`)."""
    return in_brackets(by_order(event)) if event.get("alike") else ""


def ends_with(event: RowCells) -> str:
    """Where it ends, in a sentence: the kind of the step; of what fits no kind what was done."""
    if event["kind"] in labels("action") and event.get("summary"):
        return quoted([event["summary"]])
    kind = kind_of(event)
    return kind if kind.endswith("s") or kind.startswith(_NO_ARTICLE) else f"the {kind}"


def chart_label(event: RowCells, to: str) -> str:
    """The same in a chart: a short label with its date, an arrow, the step."""
    when = bare(dated(event) or _apart(event))
    row = {"short": "", "who": "", "absence": "", "status": event["alleged"]}
    label = label_options(row | {"summary": event["summary"], "kind": event["kind"]})[0]
    if passes_on(event):
        label = capital(kind_of(event)) + AS_JUDGED * (event["basis"] == "judged")
        label += f", {all_named(event['by'])}" if event.get("by") else ""
    return f"{label}{f', {when}' if when else ''} → {to.removeprefix('the ')}"


def whens(dates: pd.DataFrame) -> dict[str, str]:
    """When each event was: the days as they are told, or, where nothing narrows them, a part of a
    month as the source names it; with a mark where they lean on what the coder judged.

    >>> import pandas as pd
    >>> columns = ["event", "date", "said", "said_stated", "as_judged"]
    >>> july = ["talk", "", "in July 2018", "not dated", True]
    >>> days = "between 21 and 30 September 2018"
    >>> late = ["met", "late 2018-09", days, days, False]
    >>> whens(pd.DataFrame([july, late], columns=columns))
    {'talk': 'in July 2018 (as judged)', 'met': 'in late September 2018'}
    """
    when = {}
    for event, row in rows_by_event(dates).items():
        # An event that is dated by orders alone has no date words.
        by_source = dated(row) if row["said"] == row["said_stated"] else ""
        when[event] = (by_source or told_days(row)) + AS_JUDGED * row["as_judged"]
    return when


def years(earliest: pd.Series[pd.Timestamp], latest: pd.Series[pd.Timestamp]) -> str:
    """Between which years something was, outwards; nothing where it is open.

    >>> import pandas as pd
    >>> days = pd.Series(pd.to_datetime(["2014-01-01", "2018-11-30"]))
    >>> years(days, days), years(days[:1], days[:1])
    ('between 2014 and 2018', 'in 2014')
    """
    if earliest.isna().any() or latest.isna().any() or earliest.empty:
        return ""
    first, last = int(earliest.min().year), int(latest.max().year)
    return f"in {first}" if first == last else f"between {first} and {last}"


def label_options(row: Mapping[str, Any]) -> list[str]:
    """What can stand at an event's bar, the best first: the coder's own short label, the first
    clause of the summary (all of it, if something is denied), the kind with who or the grade of the
    absence. None loses that something is alleged or denied, or that one text alone has it.

    >>> row = dict.fromkeys(("short", "who", "absence", "status"), "")
    >>> label_options(
    ...     row | {"summary": "The case is closed; why is not said", "kind": "Case closed"}
    ... )
    ['Case is closed', 'Case closed']
    >>> label_options(row | {"summary": "A blow", "kind": "Violence", "status": "alleged"})
    ['A blow (alleged)', 'Violence (alleged)']
    """
    # After an aside the main clause goes on; 'A' can be what the source calls the child.
    aside = r"[;:] |, (?:who|which|about|only|where|when)\b(?=[^,]*$)"
    clause = row["summary"] if "denied" in row["status"] else re.split(aside, row["summary"])[0]
    clause = re.sub(r"^(?:The|An) (?=\w)", "", clause)
    kind = ": ".join(filter(None, [row["kind"], row["absence"].lower() or row["who"]]))
    options = [row["short"], capital(clause), kind]
    status = row["status"]
    # The coder's short label stays as it is; a label that is cut here names the status again.
    return [
        option if not place or not status or status in option else f"{option} ({status})"
        for place, option in enumerate(options)
        if option
    ]
