"""What do several reviews say to the same questions? In sentences: one for each review, and lists
by name; no count of reviews, no average, no agency by its name.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> cc.words.across.chart_title(cc.across([review])).partition(" are ")[2]
'told of Review of Child X (invented, 2019)'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from casechron.analysis import across as asked
from casechron.analysis.chronicle import chronicle
from casechron.analysis.tables import by_key, to_table
from casechron.characters import counted
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.report.about import basis_in_words
from casechron.report.show import Card, Point
from casechron.report.text import english as say
from casechron.report.text.english import RowCells, point, rows_of
from casechron.review import Review, told_apart

#: The small charts, by their questions.
PANELS: Mapping[str, str] = {
    asked.PASSED_ON: "From the first concern that was passed on to the first protective step",
    asked.CLOSURE_TO_CONCERN: "From the closure of a case to the next concern",
    asked.CONFERENCE: "From the strategy discussion to the initial conference",
    asked.LAST_CONTACT: "From the last contact on record to the harm, or to the death or admission",
}
#: The answers on a further referral, each before the reviews of which it is so.
_AGAIN = {
    "certainly": "certainly",
    "certainly, as judged": "certainly, as judged",
    "possibly": "possibly",
    asked.UNTOLD: "it cannot be told",
    "case open": "while the case was open",
    asked.NONE: "no such referral is on record",
    asked.NOT_CODED: asked.NOT_CODED,
    NOT_ADMISSIBLE: "no dates of which all can hold",
}
#: Why no length is told of the way to a first protective step.
_NO_LENGTH = {
    "how long it was cannot be told": (asked.UNTOLD, NOT_ADMISSIBLE),
    "no such step is on record after such a concern": (asked.NONE,),
    "such steps are on record only before such a concern": (asked.ONLY_BEFORE,),
    asked.NO_SUCH_CONCERN: (asked.NO_SUCH_CONCERN,),
    "it is not coded": (asked.NOT_CODED,),
}
#: Stands behind an end that can have been one of several.
_WHICH = " (which of several is not certain)"
#: Of more reviews no sentence lists all, and no heading.
_MANY = 8
#: What a reader asks for, by what a notebook calls it.
_QUESTION_OF = {short: question for question, short in asked.QUESTIONS.items()}


def _review(row: RowCells) -> str:
    """A review in a sentence: two can have one title, so the year belongs to it.

    >>> (
    ...     _review({"title": "Child A", "year": 2008}),
    ...     _review({"title": "Child X (Leeds)", "year": 2009}),
    ... )
    ('Child A (2008)', 'Child X (Leeds, 2009)')
    """
    title, year = str(row["title"]).rstrip("."), row["year"]
    return f"{title[:-1]}, {year})" if title.endswith(")") else f"{title} ({year})"


def key_points(across: pd.DataFrame) -> list[Point]:
    """How long the first concern waited in each review: the page's finding.

    Parameters
    ----------
    across : pandas.DataFrame
        What `across` gives.

    Returns
    -------
    list of Point
        Reviews in which it is told, then those in which it is not, and why.
    """
    rows = _of(across, asked.PASSED_ON)
    lead = f"{PANELS[asked.PASSED_ON]}, which need not answer it"
    answered = [row for row in rows if row["days_min"] is not None]
    points = []
    if len(answered) > _MANY:
        points.append(Point(f"{lead}, review by review."))
    elif answered:
        lengths = [
            _marked(
                f"{say.between(row['days_min'], row['days_max'])} in {_review(row)}{_about(row)}",
                row,
            )
            for row in answered
        ]
        stepped = [_review(row) for row in answered if row["steps"]]
        words = f"{lead}: {say.listed(lengths)}"
        words += ", with other steps on record in between" * bool(stepped)
        words += f" in {say.listed(stepped)}" if 0 < len(stepped) < len(answered) else ""
        points.append(Point(f"{words}."))
    apart = (asked.ONLY_BEFORE, asked.NO_SUCH_CONCERN)
    why = [row["why"] if row["why"] in apart else row["answer"] for row in rows]
    rest = [
        f"{words} in {say.listed(names)}"
        for words, answers in _NO_LENGTH.items()
        if (names := [_review(row) for row, one in zip(rows, why, strict=True) if one in answers])
    ]
    if rest and not answered:
        rest[0] = f"{lead}: {rest[0]}"
    points += _together(rest, rows)
    return points or [Point("No review says how long it was to a first protective step.")]


def _together(parts: Sequence[str], rows: Sequence[RowCells]) -> list[Point]:
    """Parts of a sentence as one, or, of many reviews, each as a sentence of its own."""
    return [*map(point, parts if len(rows) > _MANY or not parts else ["; ".join(parts)])]


def _again(across: pd.DataFrame) -> list[Point]:
    """In which reviews a case was referred again within a year: lists by name."""
    rows = _of(across, asked.AGAIN)
    reviews = by_key((row["answer"], _review(row)) for row in rows)
    lists = [
        f"{words}: {say.listed(reviews.get(answer, ['none']))}"
        for answer, words in _AGAIN.items()
        if answer in reviews or answer in ("certainly", "possibly", asked.UNTOLD)
    ]
    lead = "Referred again within twelve months of a closure or of an earlier referral"
    return _together([f"{lead}: {lists[0]}", *lists[1:]], rows)


def points_on(across: pd.DataFrame, question: str) -> list[Point]:
    """What each review says to one question, in the order of years.

    Parameters
    ----------
    across : pandas.DataFrame
        What `across` gives.
    question : str
        Its short name: 'first-step', 'closure', 'again', 'conference', 'last-contact', 'raised' or
        'missing'.

    Returns
    -------
    list of Point
        A sentence for each answer; reviews that say nothing alike stand together. Of 'again' one
        list by name.
    """
    title = _QUESTION_OF[question]
    if title == asked.AGAIN:
        return _again(across)
    any_concern = {row["review"]: row for row in _of(across, asked.ANY_CONCERN)}
    points: list[Point] = []
    silent: list[tuple[str, str]] = []
    for row in _of(across, title):
        if title in (asked.RAISED, asked.MISSING):
            answered = bool(row["sectors"])
            words = "; ".join(map(_sector, row["sectors"])) or _silent(row)
        else:
            words, answered = _interval(row)
        if not answered:
            silent.append((words, _review(row)))
            continue
        if title == asked.PASSED_ON:
            words += _earlier(row, any_concern[row["review"]])
        points.append(point(f"{_review(row)}: {words}"))
    return points + [point(f"{say.listed(names)}: {why}") for why, names in by_key(silent).items()]


def _sector(label: str) -> str:
    """A sector within a sentence.

    >>> _sector("Individual: acquaintance"), _sector("A&E (emergency department)")
    ('acquaintance', 'A&E (emergency department)')
    """
    if label.endswith(("Other", "other")):
        return "another person" if label.startswith("Individual") else "another organisation"
    return say.lowered(label.removeprefix("Individual: "))


def _interval(row: RowCells) -> tuple[str, bool]:
    """An interval in words, and whether the words are of this review alone."""
    days, steps = row["days_min"] is not None, row["steps"]
    if not days and row["answer"] in (asked.NONE, asked.NOT_CODED) and not steps:
        return _silent(row), False
    if days:
        words = f"{say.between(row['days_min'], row['days_max'])} from {_end(row, 'from')} to"
        words = _marked(f"{words} {_end(row, 'to')}", row)
        if row["limit"]:
            days_min, days_max = row["working_days_min"], row["working_days_max"]
            if days_max is not None:
                words += f", {say.span(days_min, days_max, 'working day')}"
            # What would settle an undetermined one stands among what cannot be told.
            supposed = row["why"].replace("whether ", ", if ", 1) * row["answer"].endswith("met")
            words += f"; the limit of {row['limit']}: {row['answer']}{supposed}"
            words += " (its days are told wider than known)" * _told_wider(row)
        elif row["question"] == asked.CONFERENCE:
            words += f"; {row['why']}"
    elif row["answer"] == asked.NONE:
        words = f"no protective step is on record after {_end(row, 'from')}"
        words = _marked(words, row, "its day as judged")
        words += ", only before it" * (row["why"] == asked.ONLY_BEFORE)
    elif row["limit"]:
        # Why stands among what cannot be told.
        words = f"whether the limit of {row['limit']} was kept cannot be told"
    else:
        words = f"it cannot be told; {_why(row)}"
    if steps:
        lie = "lie in between" if days else "have followed it"
        words += f"; other steps that can {lie}: {say.listed(steps)}"
    return words, True


def _told_wider(row: RowCells) -> bool:
    """Whether the days are told beyond what the verdict on their limit says, beside an age."""
    if row["answer"] == "not met":
        return bool(row["days_min"] <= row["limit_days_min"])
    kept = row["answer"].startswith("met")
    return bool(kept and (row["days_max"] or 0) > row["limit_days_max"])


def _marked(words: str, row: RowCells, as_judged: str = "days in part as judged") -> str:
    """With, in brackets, that an end is alleged, and that its day is the coder's judgement."""
    return say.noted(words, row["alleged"], as_judged * bool(row["as_judged"])).replace(") (", "; ")


def _about(row: RowCells) -> str:
    """Whom a first concern is about, in brackets, where not the child, and for whom the step is."""
    step_for = f"; the step is for {say.lowered(row['step_for'])}" * bool(row["step_for"])
    return f" (about a {say.lowered(row['about'])}{step_for})" * bool(row["about"])


def _why(row: RowCells) -> str:
    """Why it cannot be told, or what would settle it."""
    settles = row["answer"] == "undetermined" or row["question"] == asked.AGAIN
    settles &= row["answer"] != NOT_ADMISSIBLE
    return f"what would settle it: {row['why']}" if settles else row["why"]


def _earlier(row: RowCells, earlier: RowCells) -> str:
    """The longer interval from a concern that nobody passed on, where it has a most."""
    if earlier["days_max"] is None or earlier["days_max"] == row["days_max"]:
        return ""
    length = say.between(earlier["days_min"], earlier["days_max"])
    which = f", {_event(earlier, 'from')}" if len(earlier["from_event"]) == 1 else _WHICH
    return _marked(f"; {length} from the first concern of any kind{which}", earlier)


def _end(row: RowCells, side: str) -> str:
    """One end of an interval; where it can have been one of several, that."""
    if side == "from" and row["question"] == asked.LAST_CONTACT:
        if len(row["from_event"]) > 1:
            return f"the last contact{_WHICH}"
        return f"the last contact {say.as_dated(row['from_date'], row['from_said'])}".rstrip()
    if side == "from" and len(row["from_event"]) > 1:
        passed_on = " passed on" * (row["question"] == asked.PASSED_ON)
        return f"the first concern{passed_on} (at the latest {_event(row, side)})"
    return _event(row, side) + (_about(row) if side == "from" else "")


def _event(row: RowCells, side: str) -> str:
    """What an end was, and when."""
    kind = row[f"{side}_kind"]
    closed = "the closure of the case" if kind in say.kinds("disposes") else ""
    what = closed or say.ends_with({"kind": kind})
    return f"{what} {say.as_dated(row[f'{side}_date'], row[f'{side}_said'])}".rstrip()


def _silent(row: RowCells) -> str:
    return str(
        row["why"] or ("none is on record" if row["answer"] == asked.NONE else row["answer"])
    )


def intervals(across: pd.DataFrame) -> pd.DataFrame:
    """The intervals that the chart shows, in the order of questions and of years.

    Parameters
    ----------
    across : pandas.DataFrame
        What `across` gives.

    Returns
    -------
    pandas.DataFrame
        One row per review and answer: `panel`, `row`, `text`, `length` (text), and `days_min`,
        `days_max`, `limit_min`, `limit_max` (days; <NA>: open, or none told).
    """
    rows = []
    for question, panel in PANELS.items():
        for row in _of(across, question):
            days = row["days_min"] is not None
            when = say.as_dated(row["from_date"], row["from_said"])
            text = _review(row)
            if question == asked.CLOSURE_TO_CONCERN and days:
                text += f", closed {when}" if when else ", a closure without a date"
            length = say.between(row["days_min"], row["days_max"]) if days else _shortly(row)
            limit = (row["limit_days_min"], row["limit_days_max"]) if days else (None, None)
            bounds = row["days_min"], row["days_max"], *limit
            rows.append((panel, row["row"], text, length, *bounds))
    columns = "panel row text length days_min days_max limit_min limit_max"
    return to_table(columns.split(), rows)


def _shortly(row: RowCells) -> str:
    """Why no days are told, in a few words."""
    if row["answer"] == asked.NONE and row["question"] == asked.CONFERENCE and row["from_kind"]:
        return "no conference on record"
    if row["why"] == asked.NO_SUCH_CONCERN:
        return "no such concern on record"
    return str(row["answer"]) if row["answer"] in (asked.NONE, asked.NOT_CODED) else asked.UNTOLD


def chart_title(across: pd.DataFrame) -> str:
    """The finding of the chart: which reviews tell days in each of the small charts.

    Parameters
    ----------
    across : pandas.DataFrame
        What `across` gives.

    Returns
    -------
    str
        A sentence without a stop at its end.
    """
    with_days = (
        {_review(row) for row in _of(across, question) if row["days_min"] is not None}
        for question in PANELS
    )
    told = set.intersection(*with_days)
    names = [name for name in dict.fromkeys(map(_review, rows_of(across))) if name in told]
    if not names:
        return "No review tells the days of all four intervals"
    if len(names) > _MANY:
        return "Days from one event to another, review by review"
    return f"The days of all four intervals are told of {say.listed(names)}"


def chart_note(drawn: pd.DataFrame) -> str:
    """How the chart is to be read.

    Parameters
    ----------
    drawn : pandas.DataFrame
        What `intervals` gives.

    Returns
    -------
    str
        One sentence.
    """
    measured = drawn[drawn["days_min"].notna()]
    marks = {
        "an arrow at the left: it may be the same day": measured["days_min"].eq(0).any(),
        "an arrow at the right: nothing limits it": measured["days_max"].isna().any(),
        "an upright rule: the limit of guidance": measured["limit_min"].notna().any(),
    }
    lead = "By year, never by length; from the least to the most that the dates admit"
    return say.with_notes(lead, marks)


def chart_alt(drawn: pd.DataFrame) -> str:
    """What the chart shows, in words.

    Parameters
    ----------
    drawn : pandas.DataFrame
        What `intervals` gives.

    Returns
    -------
    str
        A sentence for each small chart.
    """
    panels = by_key((row["panel"], f"{row['text']}, {row['length']}") for row in rows_of(drawn))
    sentences = [f"{panel}: {'; '.join(each)}." for panel, each in panels.items()]
    return " ".join(sentences) or "No review is drawn."


def undetermined(across: pd.DataFrame) -> list[Card]:
    """What is undetermined in each review, and why: a card for each, in the order of years.

    Parameters
    ----------
    across : pandas.DataFrame
        What `across` gives.

    Returns
    -------
    list of Card
        One for each review in which something is undetermined.
    """
    cards: dict[str, list[Point]] = {}
    for row in sorted(rows_of(across), key=lambda row: row["year"]):
        points = cards.setdefault(_review(row), [])
        undetermined = row["answer"] in (asked.UNTOLD, "undetermined", NOT_ADMISSIBLE)
        if undetermined and row["question"] != asked.ANY_CONCERN:
            points.append(point(f"{row['question']}: {_why(row)}"))
    return [Card(name, tuple(points)) for name, points in cards.items() if points]


def set_points(reviews: Sequence[Review]) -> list[Point]:
    """Which reviews these are, on what each rests, how many events of which years are coded; then
    by whom, and why they were chosen.

    Parameters
    ----------
    reviews : sequence of Review
        What `read_reviews` gives.

    Returns
    -------
    list of Point
        One for each review, and one for those alike in who coded them and why.
    """
    points, titles, chosen = [], told_apart(reviews), []
    for review in reviews:
        meta, sources = review.meta, rows_of(review.tables["sources"])
        name = _review({"title": titles[meta.id], "year": meta.year})
        dates = chronicle(review)[["earliest", "latest"]].dropna()
        events = counted(len(review.tables["events"]), "event")
        told = f"{events} {say.years(dates['earliest'], dates['latest'])}".strip()
        points.append(point(f"{name}, {meta.jurisdiction}: from {basis_in_words(sources)}; {told}"))
        why = meta.chosen.rstrip(".") or "why it was chosen is not said"
        chosen.append((f"Coded by {meta.coder}; {why}", name))
    return points + [point(f"{why}: {say.listed(names)}") for why, names in by_key(chosen).items()]


def _of(across: pd.DataFrame, question: str) -> list[RowCells]:
    return [row for row in rows_of(across) if row["question"] == question]
