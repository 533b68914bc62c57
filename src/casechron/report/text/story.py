"""What happened, and when can it have happened? The sentences of the page that tells the story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from casechron.analysis.timeline import AS_JUDGED
from casechron.coding.codebook import codebook
from casechron.report.show import Point
from casechron.report.text.english import (
    as_dated,
    counted,
    in_brackets,
    kinds,
    listed,
    sentence,
    told,
)
from casechron.report.text.naming import (
    Row,
    begins_with,
    capital,
    contradicted,
    named_events,
    rows_of,
)
from casechron.report.text.records import whens
from casechron.report.text.steps import lacking, next_step, outweighed

__all__ = [
    "as_read",
    "found_first",
    "in_order",
    "in_words",
    "key_points",
    "timeline_alt",
    "timeline_note",
    "timeline_title",
]

#: What a story comes to, the gravest first, by the codes of the kinds.
_ENDS = ("death", "harm-to-child", "admission")
#: How many steps one sentence tells.
_FEW = 8
#: How many findings the story leads with.
_FIRST = 5
_NO_CONCERNS = (
    "told or counted in another row",
    "itself an answer",
    "the end of the account",
    "learned only afterwards",
)
_LACKING = ("missing (says the source)", "answered insufficiently")


def as_read(chronicle: pd.DataFrame) -> pd.DataFrame:
    """The chronicle with a mark in `said` on each window that leans on what the coder judged.

    Parameters
    ----------
    chronicle
        What `chronicle` gives.
    """
    marked = chronicle["said"].where(~chronicle["as_judged"], chronicle["said"] + AS_JUDGED)
    return chronicle.assign(said=marked)


def in_words(events: pd.DataFrame, chronicle: pd.DataFrame, column: str = "when") -> pd.DataFrame:
    """A table of events with their dates in a column as the source words them, and marked where
    they lean on what the coder judged.

    Parameters
    ----------
    events
        Any table that has `event`.
    chronicle
        What `chronicle` gives.
    column
        The column that is written.
    """
    return events.assign(**{column: events["event"].map(whens(chronicle)).astype("str")})


def key_points(chronicle: pd.DataFrame, facts: pd.DataFrame) -> list[Point]:
    """What the story comes to, and what came of it.

    Parameters
    ----------
    chronicle
        What `chronicle` gives.
    facts
        What `further_facts` gives.

    Returns
    -------
    list of Point
        The first is the page's finding. Dates are those of the source; where it gives none, that
        is said of what the story comes to.
    """
    happened = [row for row in _told(chronicle, facts).values() if not row["absence"]]
    if not happened:
        return [Point("No event is coded, so there is no story to tell.")]
    end = _end(happened)
    after = kinds("outcome") | _labels("admission")
    return [
        *contradicted(chronicle),
        _finding(end, happened),
        *_joined(row for row in happened if row["kind"] in after and row is not end),
    ]


def found_first(findings: pd.DataFrame) -> list[Point]:
    """What the review found wanting, as far as the source leads with it.

    Parameters
    ----------
    findings
        What `findings_and_recommendations` gives, in the order of the source.

    Returns
    -------
    list of Point
        One point of its first shortfalls; none where none is coded.
    """
    first = findings[findings["what"] == "finding: shortfall"].head(_FIRST)
    told = " ".join(sentence(summary) for summary in first["summary"])
    ids = tuple(first["row"])
    text = f"Among what the review found wanting, first in the source: {told}"
    return [Point(text, ids)] if ids else []


def in_order(chronicle: pd.DataFrame, gaps: pd.DataFrame, facts: pd.DataFrame) -> list[Point]:
    """What led to it, in a few sentences, in order of time.

    Parameters
    ----------
    chronicle, gaps, facts
        What `chronicle`, `response_gaps` and `further_facts` give.

    Returns
    -------
    list of Point
        The first concern that has a date and those after it, what was closed, what the review
        finds missing before and after the steps that protect, and these.
    """
    rows = _told(chronicle, facts)
    happened = [row for row in rows.values() if not row["absence"]]
    first = _first_concern(rows, gaps, named_events(chronicle, gaps))
    missing = _lacking(rows, gaps)
    known = [rows[one] for point in first for one in point.rows[:1]]
    return [
        *first,
        *_joined(row for row in happened if row["kind"] in _closing()),
        *(point for follows, point in missing if follows),
        *_steps(happened, [*known, *filter(None, [_end(happened)])], gaps),
        *(point for follows, point in missing if not follows),
    ]


def timeline_title(chronicle: pd.DataFrame, waits: pd.DataFrame) -> str:
    """The finding of the timeline: what was closed, and the last wait for a protective step.

    Parameters
    ----------
    chronicle
        What `chronicle` gives.
    waits
        What `casechron.report.text.waits.waits` gives.

    Returns
    -------
    str
        A sentence without a stop at its end.
    """
    # The shortest: what was passed on last before the step.
    passed = sorted(
        (row for row in rows_of(waits) if row["protective"]),
        key=lambda row: (not row["passed_on"], row["days_max"], row["days_min"]),
    )
    lengths = [f"{row['length']} from {row['text_from']} to {row['text_to']}" for row in passed]
    # A plan that ends is no case that is closed, and what is closed after the step came not before.
    order = {row["event"]: at for at, row in enumerate(rows_of(chronicle))}
    until = order[passed[0]["to_event"]] if passed else len(order)
    closed = [
        row
        for row in rows_of(chronicle)
        if row["kind"] in _labels("closure") and not row["absence"] and order[row["event"]] < until
    ]
    begins = f"{counted(len(closed), len(closed), 'closure')};" if closed else ""
    if not lengths:
        return capital(begins.removesuffix(";")) or "What happened, and when it can have been"
    return capital(f"{begins} {lengths[0]}".strip())


def timeline_note(events: pd.DataFrame) -> str:
    """How the timeline is to be read, as far as it has what needs to be said.

    Parameters
    ----------
    events
        What `timeline` gives.
    """
    said = ["A bar covers all days on which an event can have happened"]
    if len(events) and events["earliest"].isna().any():
        said.append("an arrow: the source sets no limit there")
    if len(events) and events["status"].ne("").any():
        said.append("hatched: alleged or denied")
    if len(events) and events["absence"].ne("").any():
        said.append("dashed: missing, as the review says")
    return sentence("; ".join(said))


def timeline_alt(events: pd.DataFrame, waits: pd.DataFrame) -> str:
    """What the timeline shows, in words: lane by lane what is drawn, then how long it took.

    Parameters
    ----------
    events
        What `timeline` gives.
    waits
        What the chart is given of waits.
    """
    from casechron.report.draw.timeline import LANES, drawn

    shown = {row["event"] for row in drawn(events, waits)}
    parts = []
    for name, lane in LANES.items():
        here = [row for row in rows_of(events) if row["lane"] == name]
        if here:
            texts = [
                f"{row['summary'].rstrip('.')} ({in_brackets(row['when'])})"
                for row in here
                if row["event"] in shown
            ]
            rest = len(here) - len(texts)
            texts += [f"{rest} more that {'is' if rest == 1 else 'are'} not drawn"] * (rest > 0)
            parts.append(f"{lane.name}: {'; '.join(texts)}.")
    parts += [f"{capital(row['text'])}." for row in rows_of(waits)]
    return " ".join(parts) or "No event has a date that could be drawn."


def _told(chronicle: pd.DataFrame, facts: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The events by their ids, in order of time."""
    outcomes = _outcomes(facts)
    return {str(row["event"]): _row(row, outcomes) for row in rows_of(chronicle)}


def _row(row: Row, outcomes: Mapping[str, str]) -> dict[str, Any]:
    """A row with what is said of it: when it was by its source's own date, and what came of it."""
    found = dict(row)
    found["dated"] = as_dated(found["date"], found["said_stated"])
    summary = found["summary"].rstrip(".")
    if outcome := outcomes.get(summary, ""):
        found["summary"] = f"{summary}; outcome: {outcome}"
    return found


def _outcomes(facts: pd.DataFrame) -> dict[str, str]:
    """What came of an event, by its summary, where the summary does not say it already."""
    label = codebook().lists["attribute"].codes["outcome"].label
    found: dict[str, str] = {}
    for row in rows_of(facts):
        of, value = str(row["of"]).rstrip("."), str(row["value"])
        if row["fact"] == label and value.lower() not in of.lower():
            found[of] = f"{found[of]}; {value}" if of in found else value
    return found


def _end(happened: Sequence[Row]) -> Row | None:
    """What the story comes to: the gravest of what harmed the child, the first of its kind; what is
    alleged or denied only where there is nothing else."""
    rows = [
        row
        for alleged in (False, True)
        for code in _ENDS
        for row in happened
        if row["kind"] in _labels(code) and bool(row["alleged"]) == alleged
    ]
    return rows[0] if rows else None


def _finding(end: Row | None, happened: Sequence[Row]) -> Point:
    if end is None:
        last = next((row for row in reversed(happened) if row["dated"]), happened[-1])
        return Point(sentence(_said(last)), _ids([last]))
    if end["dated"]:
        return Point(sentence(_said(end)), _ids([end]))
    words = f"{told(end['summary'], '', end['alleged'])}; the source does not say when"
    return Point(sentence(words), _ids([end]))


def _first_concern(
    rows: Mapping[str, Row], gaps: pd.DataFrame, events: Mapping[str, Row]
) -> list[Point]:
    """The first concern that the source dates, and when more were passed on."""
    carriers = {row["concern"]: set(row["carried_by"].split("; ")) - {""} for row in rows_of(gaps)}
    # Of two that name each other, the one stands that its own answers are told of.
    ids = {
        str(row["concern"])
        for row in rows_of(gaps)
        if row["state"] not in _NO_CONCERNS
        and all(row["concern"] in carriers.get(one, ()) for one in carriers[row["concern"]])
    }
    seen = _labels("bruising")
    raised = [
        row
        for one, row in rows.items()
        if one in ids
        and row["dated"]
        and row["kind"] in (kinds("concern") & kinds("telling")) | seen
    ]
    if not raised:
        return []
    first, *later = raised
    words = _said(first)
    # What is open at an end can have been before, or after, whatever else is dated.
    last, others = first["stated_latest"], [row["stated_earliest"] for row in later]
    dated = bool(first["stated_earliest"])
    if dated and all(last and other and last <= other for other in others):
        words += ", the first concern raised that the source dates"
    if later:
        named = dict.fromkeys(begins_with(events[row["event"]]) for row in later)
        words += f". Also raised: {listed([*named])}"
    return [Point(sentence(words), _ids(raised))]


def _joined(rows: Iterable[Row]) -> list[Point]:
    """What happened, as a point of its own."""
    rows = list(rows)[:_FEW]
    return [Point(" ".join(sentence(_said(row)) for row in rows), _ids(rows))] if rows else []


def _said(row: Row) -> str:
    return told(row["summary"], row["dated"], row["alleged"])


def _steps(happened: Sequence[Row], apart: Sequence[Row], gaps: pd.DataFrame) -> list[Point]:
    """The steps that protect or decide and the injuries that were seen, in order of time; those
    that protect where there are many. Before them what they answer, by the source, of harm."""
    found = (kinds("protective", "decision") - kinds("disposes")) | _labels("bruising")
    steps = [row for row in happened if row["kind"] in found and row not in apart]
    if len(steps) > _FEW:
        steps = [row for row in steps if row["kind"] in kinds("protective")]
    told = {row["event"] for row in steps}
    stated = gaps[gaps["answer"].isin(told) & gaps["coded_as"].eq("stated")]
    told |= {row["event"] for row in happened if row["kind"] in kinds("harm")} & {
        *stated["concern"]
    }
    return _joined(row for row in happened if row["event"] in told)


def _lacking(rows: Mapping[str, Row], gaps: pd.DataFrame) -> list[tuple[bool, Point]]:
    """To what the review finds that an answer was missing or not enough: each with whether a
    protective step certainly followed."""
    lacks: dict[str, list[tuple[str, str]]] = {}
    follows: dict[str, bool] = {}
    for row in rows_of(gaps):
        concern, answer = str(row["concern"]), str(row["answer"])
        told = row["state"] in _LACKING and not outweighed(row, gaps)
        if told and answer in rows and concern in rows:
            lacks.setdefault(concern, []).append((answer, row["coded_as"]))
            follows[concern] = row["next_step_follows"].startswith("certainly")
    points = []
    for state in (True, False):
        here = [one for one in rows if one in lacks and follows[one] is state]
        always = kinds("telling", "turning-point") | _labels("distress")
        grave = kinds("harm")
        here = [
            one
            for one in here
            if rows[one]["kind"] in always or (rows[one]["kind"] in grave and rows[one]["dated"])
        ] or [one for one in here if rows[one]["dated"]]
        found = [pair for one in here for pair in lacks[one]]
        answers = list(dict.fromkeys(answer for answer, _ in found))
        if here:
            concerns = " ".join(sentence(_said(rows[one])) for one in here)
            what = lacking([one for one, _ in found], [tie for _, tie in found], rows)
            text = f"{concerns} {what}"
            then, steps = next_step(gaps, rows, here)
            text = " ".join(filter(None, [text, then]))
            points.append((state, Point(text, (*here, *answers, *steps))))
    return points


def _closing() -> frozenset[str]:
    """The kinds that close a case or end a plan."""
    return kinds("disposes") & kinds("turning-point")


def _labels(*codes: str) -> frozenset[str]:
    listed_ = codebook().lists["event_kind"].codes
    return frozenset(listed_[code].label for code in codes)


def _ids(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(str(row["event"]) for row in rows)
