"""What happened, and when can it have happened? The sentences of the page that tells the story.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> points = cc.words.story.key_points(cc.chronicle(review), cc.further_facts(review))
>>> [point.text for point in points]
['X is injured on 12 January 2015.', 'A court passes sentence.']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import pandas as pd

from casechron.analysis.concerns import END_KINDS
from casechron.analysis.on_record import LEARNED_LATER
from casechron.analysis.tables import by_key
from casechron.analysis.timing import END
from casechron.coding.codebook import AS_JUDGED, codebook
from casechron.report.about import the_source
from casechron.report.show import Point
from casechron.report.text.english import (
    SOURCES_DIFFER,
    RowCells,
    begins_with,
    by_order,
    capital,
    count_in_words,
    dated,
    ends_with,
    in_brackets,
    kinds,
    labels,
    listed,
    lowered,
    passes_on,
    point,
    rows_by_event,
    rows_of,
    sentence,
    whens,
    with_notes,
)
from casechron.report.text.learning import BESIDE
from casechron.report.text.steps import (
    LACKING,
    Concerns,
    contradicted,
    event_with_date,
    leading,
    lengths_said,
)

#: What says how a child came to die, the firmest first.
_FOUND = ("conviction", "plea")
#: How many steps one sentence tells.
_FEW = 8
#: What only carries a plan on.
_CARRY_ON = ("review-conference", "core-group")
#: How many findings the story leads with.
_FIRST = 5


def as_read(chronicle: pd.DataFrame) -> pd.DataFrame:
    """The chronicle with a mark in `said` on each window that leans on what the coder judged, and
    on each that another source dates otherwise.

    Parameters
    ----------
    chronicle : pandas.DataFrame
        What `chronicle` gives.

    Returns
    -------
    pandas.DataFrame
        The same rows.
    """
    days = chronicle.assign(said_stated="", as_judged=False)
    words = chronicle["event"].map(whens(days)).astype("str")
    return chronicle.assign(said=words.where(~chronicle["as_judged"], words + AS_JUDGED))


def in_words(
    events: pd.DataFrame, chronicle: pd.DataFrame, column: str = "when", of: str = "event"
) -> pd.DataFrame:
    """A table of events with their dates in a column as the source words them, and marked where
    they lean on what the coder judged.

    Parameters
    ----------
    events : pandas.DataFrame
        Any table of events.
    chronicle : pandas.DataFrame
        What `chronicle` gives.
    column : str, default "when"
        The column that is written.
    of : str, default "event"
        The column that has their ids.

    Returns
    -------
    pandas.DataFrame
        The same rows.
    """
    return events.assign(**{column: events[of].map(whens(chronicle)).astype("str")})


def key_points(chronicle: pd.DataFrame, facts: pd.DataFrame) -> list[Point]:
    """What the story comes to, and what came of it.

    Parameters
    ----------
    chronicle : pandas.DataFrame
        What `chronicle` gives.
    facts : pandas.DataFrame
        What `further_facts` gives.

    Returns
    -------
    list of Point
        The first is the page's finding. Dates are those of the source; where it gives no day, what
        the story comes to is told with the one that follows from other dates, and where it gives no
        date at all with the days that do. Where none do, or
        only by what the coder judged, the source does not say when.
    """
    happened = [row for row in _told(chronicle, facts).values() if not row["absence"]]
    if not happened:
        return [Point("No event is coded, so there is no story to tell.")]
    end = _end(happened)
    after = kinds("outcome") | labels("admission")
    finding = _finding(end, happened)
    return [
        *contradicted(chronicle),
        finding,
        *_joined(
            row for row in happened if row["kind"] in after and row["event"] not in finding.rows
        ),
    ]


def found_first(findings: pd.DataFrame) -> list[Point]:
    """What the review found wanting, the first as coded, and what it found besides.

    Parameters
    ----------
    findings : pandas.DataFrame
        What `findings_and_recommendations` gives.

    Returns
    -------
    list of Point
        One point of its first shortfalls, of how many, and behind them the first of the other
        findings; none where none is coded.
    """
    short = findings["what"] == "finding: shortfall"
    others = findings["what"].str.startswith("finding") & ~short
    more = f" (of {sum(short)} shortfalls coded, the first {_FIRST})" * (sum(short) > _FIRST)
    wanting = f"What the review found wanting{more}", findings[short][:_FIRST]
    beside = "Also found", findings[others][:BESIDE]
    parts = [(lead, rows) for lead, rows in (wanting, beside) if len(rows)]
    told = " ".join(f"{lead}: {' '.join(map(sentence, rows['summary']))}" for lead, rows in parts)
    ids = tuple(row for _, rows in parts for row in rows["row"])
    return [Point(told, ids)] if parts else []


def in_order(
    chronicle: pd.DataFrame,
    gaps: pd.DataFrame,
    facts: pd.DataFrame,
    statements: pd.DataFrame | None = None,
) -> list[Point]:
    """What led to it, in a few sentences, in order of time.

    Parameters
    ----------
    chronicle, gaps, facts : pandas.DataFrame
        What `chronicle`, `response_gaps` and `further_facts` give.
    statements : pandas.DataFrame, optional
        What `time_statements` gives; with it is told how long before a death, an injury or an
        admission the source says that something was.

    Returns
    -------
    list of Point
        The first concern and those that are told nowhere else here, what was
        closed, what the review finds missing before and after the steps that protect, these, and
        what else it finds missing: in order of what each begins with.
    """
    concerns = Concerns(gaps, _told(chronicle, facts))
    events = concerns.events
    for event, length in _before_the_end(statements, events).items():
        events[event]["put"] = f" The source puts that {length}."
    happened = [row for row in events.values() if not row["absence"]]
    raised, missing = _raised(concerns), _lacking(concerns)
    known = [events[event] for event in raised[:1]]
    closing = kinds("disposes") & kinds("turning-point")
    again = labels("bruising") | kinds("telling")
    wanting = {event for point in missing for event in point.rows}
    seen = [row for row in happened if row["event"] in wanting and row["kind"] in again]
    place = {event: at for at, event in enumerate(events)}
    ended = [row for row in happened if row["kind"] in closing]
    # Steps on either side of the first concern, or of what was closed, are told apart.
    cuts = [place[row["event"]] for row in [*known, *ended]]
    shown = _steps(happened, [*known, *filter(None, [_end(happened)]), *seen], gaps)
    then = [*missing]
    for _, rows in groupby(shown, lambda row: sum(cut < place[row["event"]] for cut in cuts)):
        then += _joined(rows)
    steps = [events[event] for point in then for event in point.rows]
    # What was closed on either side of other steps is told apart.
    for before, rows in groupby(
        ended, lambda row: sum(place[step["event"]] < place[row["event"]] for step in steps)
    ):
        then += _joined(rows, steps if before else ())
    # What is told below is not told twice.
    told = {event for point in then for event in point.rows} - {*raised[:1]}
    # Who raised something on a day that is not told is told as well.
    untold = [event for event in [*raised, *_undated(concerns)] if event not in told]
    first = _first_concern(concerns, untold)
    then += first
    then += concerns.also_wanting(then)
    # What else was raised follows the first, though it may have no date, and have been earlier.
    since = {point.rows: place[first[0].rows[0]] for point in first}
    return sorted(then, key=lambda point: max(place[point.rows[0]], since.get(point.rows, 0)))


def timeline_title(chronicle: pd.DataFrame, waits: pd.DataFrame) -> str:
    """The finding of the timeline: what was closed, and the wait that pages lead with.

    Parameters
    ----------
    chronicle : pandas.DataFrame
        What `chronicle` gives.
    waits : pandas.DataFrame
        What `waits.waits` gives.

    Returns
    -------
    str
        A sentence without a stop at its end.
    """
    events = rows_of(chronicle)
    order = {row["event"]: at for at, row in enumerate(events)}
    wait = next(iter(leading(waits)), None)
    # Only closures of a case count, not the end of a plan, and only those before the step.
    before = events[: order[wait["to_event"]]] if wait else events
    closed = sum(row["kind"] in labels("closure") and not row["absence"] for row in before)
    begins = [count_in_words(closed, closed, "closure")] if closed else []
    if wait:
        begins.append(f"{wait['length']} from {wait['text_from']} to {wait['text_to']}")
    return capital("; ".join(begins)) or "What happened, and when it can have been"


def timeline_note(events: pd.DataFrame) -> str:
    """How the timeline is to be read, as far as it has what needs to be said.

    Parameters
    ----------
    events : pandas.DataFrame
        What `timeline` gives.

    Returns
    -------
    str
        One sentence.
    """
    sides = events["earliest"].isna(), events["latest"].isna()
    certain = events["certain_from"].notna() & events["lane"].ne("missing")
    bold = events["always"] & events["status"].eq("") & ~(sides[0] & sides[1])
    kinds_bold = events.loc[bold, "kind"].unique()
    notes = {
        "strong: certainly on these days": certain.any(),
        "an arrow: no limit is known there": sides[0].ne(sides[1]).any(),
        "hatched: alleged or denied": events["status"].ne("").any(),
        "dashed: not done, not enough or in doubt": events["absence"].ne("").any(),
        f"bold: {', '.join(map(lowered, kinds_bold))}": bold.any(),
    }
    return with_notes("A bar covers all days on which an event can have happened", notes)


def timeline_alt(events: pd.DataFrame, waits: pd.DataFrame) -> str:
    """What the timeline shows, in words: lane by lane what is drawn, then how long it took.

    Parameters
    ----------
    events : pandas.DataFrame
        What `timeline` gives.
    waits : pandas.DataFrame
        What the chart is given of waits.

    Returns
    -------
    str
        A sentence for each lane and for each wait.
    """
    from casechron.report.draw.timeline import LANES, drawn

    shown = {row["event"] for row in drawn(events, waits)}
    lanes = []
    for name, lane in LANES.items():
        in_lane = [row for row in rows_of(events) if row["lane"] == name]
        texts = [
            f"{row['summary'].rstrip('.')} ({row['status']}{'; ' * bool(row['status'])}"
            f"{in_brackets(row['when'])})"
            for row in in_lane
            if row["event"] in shown
        ]
        rest = len(in_lane) - len(texts)
        texts += [f"{rest} more that {'is' if rest == 1 else 'are'} not drawn"] if rest > 0 else []
        lanes += [f"{lane.name}: {'; '.join(texts)}."] if in_lane else []
    lanes += [f"{capital(row['text'])}." for row in rows_of(waits)]
    return " ".join(lanes) or "No event has a date that could be drawn."


def _told(chronicle: pd.DataFrame, facts: pd.DataFrame) -> dict[str, RowCells]:
    """The events by their ids, in order of time, each with what came of it where its summary does
    not say that already."""
    label = codebook().label("attribute", "outcome")
    outcomes = by_key(
        (row["row"], row["value"])
        for row in rows_of(facts)
        if row["fact"] == label and row["value"].lower() not in row["of"].rstrip(".").lower()
    )
    events = rows_by_event(chronicle)
    for event, outcome in outcomes.items():
        if event in events:
            events[event]["outcome"] = f"; outcome: {'; '.join(outcome)}"
    return events


def _before_the_end(
    statements: pd.DataFrame | None, events: Mapping[str, RowCells]
) -> dict[str, str]:
    """How long before a death, an injury or an admission the source itself says that something was,
    however closely the dates bound that; in its own words where it dates the event by that."""
    lengths = lengths_said(statements)
    of_one = Counter(event for event, _ in lengths)

    def put(event: str, length: str) -> str:
        words = events[event]["date_words"]
        return words if words.endswith(" before") and of_one[event] == 1 else f"{length} before"

    return {
        event: f"{put(event, length)} {ends_with(events[end])}"
        for (event, end), length in reversed(lengths.items())
        if {event, end} <= {*events}
        and events[end]["kind"] in labels(*END_KINDS)
        and not events[end]["absence"]
    }


def _end(happened: Sequence[RowCells]) -> RowCells | None:
    """What the story comes to: the gravest of what harmed the child, the first of its kind; what is
    alleged or denied only where there is nothing else."""
    rows = [
        row
        for alleged in (False, True)
        for code in END_KINDS
        for row in happened
        if row["kind"] in labels(code) and bool(row["alleged"]) == alleged
    ]
    return rows[0] if rows else None


def _finding(end: RowCells | None, happened: Sequence[RowCells]) -> Point:
    """What the story comes to; of a death with what was found or admitted of it, where that is."""
    if end and not dated(end):
        when = in_brackets(by_order(end) * (not end["as_judged"]))
        words = event_with_date(end, when)
        words += f"; {the_source()} does not say when" * (not when)
        return point(words, [end["event"]])
    last = next((row for row in reversed(happened) if dated(row)), happened[-1])
    # A conviction says most; what came before the death is about something else.
    after = happened[happened.index(end) :] if end and end["kind"] in labels("death") else []
    verdicts = [row for code in _FOUND for row in after if row["kind"] in labels(code)]
    if end and not end["as_judged"] and end["earliest"] == end["latest"] is not None:
        # One day that other dates leave is told as the chart tells it.
        day = end["said"] + SOURCES_DIFFER * end["differs"]
        end = end | {"date": day, "said_stated": day, "other_dates": ""}
    return _joined([end or last, *verdicts[:1]])[0]


def _raised(concerns: Concerns) -> list[str]:
    """The concerns that were raised and have a date, in order of time."""
    carriers = {row["concern"]: row["carried_by"] for row in concerns.rows}
    known = {row["concern"] for row in concerns.rows if row["state"] not in (LEARNED_LATER, END)}
    rows = {event: row for event, row in concerns.events.items() if event in known and dated(row)}
    telling = (kinds("concern") & kinds("telling")) | labels("bruising")
    order = [event for event, row in rows.items() if row["kind"] in telling and not row["absence"]]
    raised = dict.fromkeys(order)
    for event in order:
        # What another one tells of or counts is told there; but what comes first is told itself,
        # and so is who passed that on.
        carried_by = [other for other in raised if other in carriers[event]]
        first = event == order[0] and not any(rows[other]["recurs"] for other in carried_by[:1])
        if carried_by and not first and not (carried_by == order[:1] and passes_on(rows[event])):
            raised.pop(event)
    return list(raised)


def _undated(concerns: Concerns) -> list[str]:
    """The concerns that were raised on a day that is not told."""
    rows = filter(None, (concerns.events.get(row["concern"]) for row in concerns.known))
    told = (row for row in rows if passes_on(row) and not dated(row) and not row["absence"])
    return list(dict.fromkeys(row["event"] for row in told))


def _first_concern(concerns: Concerns, raised: Sequence[str]) -> list[Point]:
    """The first of the concerns that were raised, and apart which others were."""
    if not raised:
        return []
    first, *later = (concerns.events[event] for event in raised)
    points = [Point(sentence(event_with_date(first)) + first.get("put", ""), (raised[0],))]
    if later:
        others = listed(dict.fromkeys(map(begins_with, later)))
        points.append(point(f"Also raised: {others}", raised[1:]))
    return points


def _joined(rows: Iterable[RowCells], told_before: Sequence[RowCells] = ()) -> list[Point]:
    """What happened, as a point of its own. What the source does not date, and can have come after
    what is told next or before what was, is told with the days that follow from the order of
    events."""
    rows = list(rows)[:_FEW]
    sentences = []
    for at, row in enumerate(rows):
        words = event_with_date(row)
        if not dated(row) and (
            any(_can_follow(row, other) for other in rows[at + 1 :])
            or any(_can_follow(other, row) for other in told_before)
        ):
            when = in_brackets(row["said"] + AS_JUDGED * row["as_judged"])
            words = event_with_date(row, when)
        sentences.append(sentence(words) + row.get("put", ""))
    return [Point(" ".join(sentences), tuple(row["event"] for row in rows))] if rows else []


def _can_follow(row: RowCells, other: RowCells) -> bool:
    """Whether what is told first can have begun after the other certainly had."""
    last, by = row["start_latest"], other["start_latest"]
    return by is not None and (last is None or last > by)


def _steps(
    happened: Sequence[RowCells], apart: Sequence[RowCells], gaps: pd.DataFrame
) -> list[RowCells]:
    """The steps that protect or decide and the injuries that were seen, in order of time; where
    there are many those that protect, and then without what only carries a plan on. Before them
    what they answer, not by the coder's reading alone: harm, and what was told on days that only
    other dates give."""
    kinds_told = (kinds("protective", "decision") - kinds("disposes")) | labels("bruising")
    steps = [row for row in happened if row["kind"] in kinds_told and row not in apart]
    for fewer in (kinds("protective"), kinds("protective") - labels(*_CARRY_ON)):
        if len(steps) > _FEW:
            steps = [row for row in steps if row["kind"] in fewer]
    shown = {row["event"] for row in steps}
    answered = set(gaps.loc[gaps["answer"].isin(shown) & gaps["coded_as"].ne("judged"), "concern"])
    return [
        row
        for row in happened
        if row["event"] in shown
        or (row["event"] in answered and (row["kind"] in kinds("harm") or _dated_by_others(row)))
        if row not in apart
    ]


def _dated_by_others(row: RowCells) -> bool:
    """Whether it is a telling that has no date, so that it is not told as raised, and days all the
    same."""
    return passes_on(row) and not dated(row) and row["earliest"] is not None


def _lacking(concerns: Concerns) -> list[Point]:
    """To what the review finds that an answer was missing or not enough: what a protective step
    certainly followed, and apart what none did."""
    rows, wanting = concerns.events, concerns.wanting(*LACKING)
    follows = {concern: concerns.follows[concern].startswith("certainly") for concern in wanting}
    always = kinds("telling", "turning-point") | labels("distress")
    points = []
    for state in (True, False):
        ids = [concern for concern in rows if follows.get(concern) is state]
        with_date = [concern for concern in ids if dated(rows[concern])]
        grave = [concern for concern in with_date if rows[concern]["kind"] in kinds("harm")]
        telling = [concern for concern in ids if rows[concern]["kind"] in always]
        # A telling without a date says not when: what it tells of goes before it.
        undated = {concern for concern in telling if not dated(rows[concern])}
        told_of = [row["concern"] for row in concerns.rows if undated & {*row["carried_by"]}]
        ids = [concern for concern in ids if concern in (*telling, *grave, *told_of)] or with_date
        if ids:
            answers = [pair for concern in ids for pair in wanting[concern]]
            points.append(concerns.wanting_point(ids, answers))
    return points
