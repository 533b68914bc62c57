"""How long did each concern wait, and what can be said for sure? The sentences of that page, and
the waits that it draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from casechron.report.show import Point
from casechron.report.text.english import between, counted, listed, sentence
from casechron.report.text.limits import SETTLED, limit_points
from casechron.report.text.naming import (
    Row,
    begins_with,
    capital,
    chart_label,
    contradicted,
    dated,
    ends_with,
    named_events,
    own_concerns,
    passes_on,
    rows_of,
    said_of,
    told_later,
    was_passed_on,
)
from casechron.report.text.steps import (
    ANSWERED,
    days_as_judged,
    lacking,
    next_step,
    other_steps,
    outweighed,
    with_steps,
)

__all__ = [
    "closure_points",
    "contact_points",
    "in_words",
    "key_points",
    "limit_points",
    "on_timeline",
    "re_referral_points",
    "unanswered",
    "waits",
    "waits_alt",
    "waits_note",
    "waits_title",
]

#: How many waits are drawn, and how many of them on the timeline.
MOST, FEW = 8, 4
_CLOSED = "closed or left"
_MISSING, _WEAK = "missing (says the source)", "answered insufficiently"
_SILENT = ("followed, not said to answer it", "without an answer on record")
_WITHIN = {
    "certain": "certainly",
    "certain as judged": "certainly, as judged,",
    "possible": "possibly",
}
_BEFORE = {
    "after a referral": "an earlier referral of the same child",
    "after a closure": "an earlier closure",
}
_COLUMNS = (
    "event",
    "to_event",
    "text",
    "text_from",
    "text_to",
    "length",
    "days_min",
    "days_max",
    "limit_min",
    "limit_max",
    "limit",
    "verdict",
    "protective",
    "passed_on",
)


def waits(gaps: pd.DataFrame, checks: pd.DataFrame, chronicle: pd.DataFrame) -> pd.DataFrame:
    """The waits that the page tells of: those that have a least and a most.

    First what was passed on, up to the next protective step on record; then answers by a step and
    what guidance limits; then what nobody is said to have passed on; eight at most.

    Parameters
    ----------
    gaps, checks, chronicle
        What `response_gaps`, `timescale_checks` and `chronicle` give.

    Returns
    -------
    pandas.DataFrame
        One row per wait, in that order.

        - `event`, `to_event` (text): ids of where it begins and ends
        - `text` (text): from what to what; `text_from` and `text_to` apart, as parts of a sentence
        - `length` (text): how long, in words that admit all its days
        - `days_min`, `days_max` (days)
        - `limit_min`, `limit_max` (days; <NA>: none): the calendar days that its limit can be
        - `limit`, `verdict` (text): the limit, and whether it is kept; empty where there is none
        - `protective`, `passed_on` (True or False): whether it ends with the next protective step,
          and whether somebody raised with an agency what it begins with
    """
    events = named_events(chronicle, gaps)
    limits = {
        (row["start"], row["end"]): row
        for row in rows_of(checks)
        if row["verdict"] in SETTLED and row["start"] and row["end"]
    }
    found: dict[tuple[str, str], dict[str, Any]] = {}
    ranks: dict[tuple[str, str], int] = {}

    def add(rank: int, pair: tuple[str, str], days: tuple[Any, Any], **how: bool) -> None:
        # What is certainly on one day is no wait.
        bounded = None not in days and days[1] > 0
        if not bounded or pair in found or not {*pair} <= set(events):
            return
        limit = limits.get(pair, {})
        text_from, text_to = begins_with(events[pair[0]]), ends_with(events[pair[1]])
        found[pair] = {
            "event": pair[0],
            "to_event": pair[1],
            "text": chart_label(events[pair[0]], text_to),
            "text_from": text_from,
            "text_to": text_to,
            "length": between(int(days[0]), int(days[1])),
            "days_min": days[0],
            "days_max": days[1],
            "limit_min": limit.get("due_days_min"),
            "limit_max": limit.get("due_days_max"),
            "limit": limit.get("limit", ""),
            "verdict": limit.get("verdict", ""),
            "protective": False,
            "passed_on": False,
        } | how
        ranks[pair] = rank

    answered: set[str] = set()
    for row in own_concerns(gaps):
        concern, passed_on = row["concern"], was_passed_on(row, events)
        step = row["next_step"].split("; ")[0]
        if row["next_step_follows"].startswith("certainly") and step:
            days = row["next_step_days_min"], row["next_step_days_max"]
            rank = 0 if passed_on else 2
            if passed_on or (dated(events[concern]) and not told_later(row, events)):
                add(rank, (concern, step), days, protective=True, passed_on=passed_on)
        if row["state"] == ANSWERED and concern not in answered:
            answered.add(concern)
            add(1, (concern, row["answer"]), (row["days_min"], row["days_max"]))
            # A step that is an answer too is told, whoever raised the concern.
            if (concern, row["answer"]) in ranks:
                ranks[concern, row["answer"]] = min(1, ranks[concern, row["answer"]])
    for pair, row in limits.items():
        add(1, pair, (row["days_min"], row["days_max"]))
    chosen = sorted(found, key=lambda pair: ranks[pair])[:MOST]
    types = dict.fromkeys(("days_min", "days_max", "limit_min", "limit_max"), "Int64")
    types |= dict.fromkeys(("protective", "passed_on"), "bool")
    types = dict.fromkeys(_COLUMNS, "str") | types
    return pd.DataFrame([found[pair] for pair in chosen], columns=_COLUMNS).astype(types)


def in_words(table: pd.DataFrame, chronicle: pd.DataFrame) -> pd.DataFrame:
    """A table of concerns with `when`: the date of the source in words; empty where it gives none.

    Parameters
    ----------
    table, chronicle
        What `opportunities` and `chronicle` give.
    """
    when = {row["event"]: dated(row) for row in rows_of(chronicle)}
    return table.assign(when=table["concern"].map(when).astype("str"))


def on_timeline(waits: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The waits that stand below the timeline, with the days between which they lie.

    Parameters
    ----------
    waits
        What `waits` gives.
    events
        What `timeline` gives.

    Returns
    -------
    pandas.DataFrame
        One row per wait, four at most, whose ends the timeline can draw: `event`, `to_event`,
        `text`, and `earliest`, `latest`, `least_from`, `least_to` (dates) as `draw_timeline` takes
        them.
    """
    days = {row["event"]: row for row in rows_of(events)}
    ends_of = _first_and_last(waits)
    others = sorted(
        (row for row in rows_of(waits) if row not in ends_of), key=lambda row: row["protective"]
    )
    rows = []
    for row in [*ends_of, *others]:
        begins, ends = days.get(row["event"]), days.get(row["to_event"])
        if not begins or not ends or begins["earliest"] is None or ends["latest"] is None:
            continue
        # Of what lasts `latest` is its end, and the wait runs to its beginning.
        latest = ends["latest"]
        if begins["latest"] is not None:
            latest = min(latest, begins["latest"] + pd.Timedelta(days=int(row["days_max"])))
        rows.append(
            {
                "event": row["event"],
                "to_event": row["to_event"],
                "text": f"{row['text']}: {row['length']}",
                "earliest": begins["earliest"],
                "latest": latest,
                "least_from": begins["latest"],
                "least_to": ends["earliest"],
            }
        )
    columns = ["event", "to_event", "text", "earliest", "latest", "least_from", "least_to"]
    return pd.DataFrame(rows[:FEW], columns=columns)


def key_points(waits: pd.DataFrame, gaps: pd.DataFrame, chronicle: pd.DataFrame) -> list[Point]:
    """How long the main concerns waited; the first point is the page's finding.

    Parameters
    ----------
    waits
        What `waits` gives.
    gaps, chronicle
        What `response_gaps` and `chronicle` give.
    """
    events = named_events(chronicle, gaps)
    points = [*contradicted(chronicle), *_first_step(waits, gaps, events)]
    shown = {(one, row) for point in points for one in point.rows[:1] for row in point.rows[1:2]}
    for row in rows_of(waits):
        if (row["event"], row["to_event"]) not in shown and not row["protective"]:
            points.append(_wait(row, gaps, events))
    answered = {row["concern"] for row in own_concerns(gaps) if row["state"] == ANSWERED}
    closed = [
        row
        for row in own_concerns(gaps)
        if row["state"] == _CLOSED and row["concern"] in {*events} - answered
    ]
    if closed:
        points.append(_closed(closed, events))
    if points:
        return points
    if not own_concerns(gaps):
        return [Point("No concern is coded, so there is no wait to tell of.")]
    return [Point("No concern and its answer are dated so that the wait has two ends.")]


def waits_title(waits: pd.DataFrame) -> str:
    """The finding of the chart of waits: what was passed on first and last, up to the step that
    came next; else the longest wait."""
    ends = _first_and_last(waits)
    if ends:
        after = [f"{row['length']} after {row['text_from']}" for row in reversed(ends)]
        return f"{capital(ends[0]['text_to'].removeprefix('the '))}: {', '.join(after)}"
    rows = sorted(rows_of(waits), key=lambda row: -row["days_max"])
    if not rows:
        return "No wait has both a least and a most"
    step = capital(rows[0]["text_to"].removeprefix("the "))
    return f"{step}: {rows[0]['length']} after {rows[0]['text_from']}"


def waits_note(waits: pd.DataFrame, gaps: pd.DataFrame, chronicle: pd.DataFrame) -> str:
    """How the chart of waits is to be read, and which other steps are on record."""
    said = ["From the least to the most that the dates admit"]
    said += ["the scale is not even: the longer, the closer"] * bool(len(waits))
    if len(waits) and waits["days_min"].eq(0).any():
        said.append("an arrow at the left, unlike on the timeline: it may be the same day")
    if len(waits) and waits["limit_min"].notna().any():
        said.append("an upright rule: the limit of the guidance")
    events, ends = named_events(chronicle, gaps), _first_and_last(waits)
    steps = other_steps(gaps, events, ends[0]["event"], ends[0]["to_event"]) if ends else []
    if steps:
        said.append(with_steps("", steps, gaps, events, ends[0]["event"]).removeprefix("; "))
    return sentence("; ".join(said))


def waits_alt(waits: pd.DataFrame) -> str:
    """What the chart of waits shows, in words."""
    texts = []
    for row in rows_of(waits):
        limit = f" (limit: {row['limit']})" if row["limit"] else ""
        texts.append(f"from {row['text_from']} to {row['text_to']} {row['length']}{limit}")
    return sentence("; ".join(texts)) if texts else "No wait is drawn."


def unanswered(gaps: pd.DataFrame, chronicle: pd.DataFrame) -> list[Point]:
    """What was never answered, or not enough, each with the next protective step on record. Of
    what has no answer on record only what happened and has a date is told.

    Parameters
    ----------
    gaps, chronicle
        What `response_gaps` and `chronicle` give.
    """
    events = {str(row["event"]): row for row in rows_of(chronicle)}
    lacks: dict[str, list[tuple[str, str]]] = {}
    follows: dict[str, str] = {}
    for row in own_concerns(gaps):
        event = events.get(row["concern"])
        told = (_MISSING, _WEAK, *_SILENT)
        if event is None or row["state"] not in told or outweighed(row, gaps):
            continue
        if row["state"] in _SILENT and (event["absence"] or not dated(event)):
            continue
        found = lacks.setdefault(row["concern"], [])
        found += [(row["answer"], row["coded_as"])] * (row["answer"] in events)
        follows[row["concern"]] = row["next_step_follows"]
    groups: dict[tuple[object, ...], list[str]] = {}
    for concern, found in lacks.items():
        key = (follows[concern], *found) if found else (concern,)
        groups.setdefault(key, []).append(concern)
    points = []
    for concerns in groups.values():
        first = concerns[0]
        answers = [one for one, _ in lacks[first]]
        said = [sentence(said_of(events[one])) for one in concerns]
        if answers:
            said.append(lacking(answers, [tie for _, tie in lacks[first]], events))
        else:
            said.append("The source tells of no answer.")
        then, steps = next_step(gaps, events, concerns)
        text = " ".join(filter(None, [*said, then]))
        points.append(Point(text, (*concerns, *answers, *steps)))
    return points


def closure_points(closures: pd.DataFrame, chronicle: pd.DataFrame) -> list[Point]:
    """Each closure and the next concern after it.

    Parameters
    ----------
    closures, chronicle
        What `closures_and_next_concern` and `chronicle` give.
    """
    events = {str(row["event"]): row for row in rows_of(chronicle)}
    points = []
    for row in rows_of(closures):
        closed = sentence(said_of(events[row["closure"]]))
        if row["next_concern"] not in events:
            points.append(Point(f"{closed} No concern is on record after it.", (row["closure"],)))
            continue
        event = events[row["next_concern"]]
        then = "The next concern is on record later"
        if row["days_min"] is not None and row["days_max"] is not None:
            then = (
                f"The next concern is on record {between(row['days_min'], row['days_max'])} later"
            ) + days_as_judged(events[row["closure"]], event)
        if not passes_on(event):
            then += ", and can have happened before it was recorded"
        ours = ", as judged," * bool(days_as_judged(events[row["closure"]], event))
        words = f"{closed} {then}. The first that is certainly{ours} later:"
        words += f" {sentence(said_of(event))}"
        if row["can_come_first"]:
            words += " Others may have come before it, by the dates."
        points.append(Point(words, (row["closure"], row["next_concern"])))
    return points


def re_referral_points(re_referrals: pd.DataFrame) -> list[Point]:
    """Which referrals came within twelve months of a referral or a closure before them.

    Parameters
    ----------
    re_referrals
        What `re_referrals` gives.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    ids: dict[tuple[str, str], list[str]] = {}
    rows = rows_of(re_referrals)
    summaries = {row["referral"]: row["summary"] for row in rows}
    for row in rows:
        if row["re_referral"] in _WITHIN:
            key = (row["referral"], _WITHIN[row["re_referral"]])
            groups.setdefault(key, []).append(row["measure"].replace("after a", "the"))
            ids.setdefault(key, [row["referral"]]).extend(row["before"].split("; "))
    points = []
    for (referral, sure), measures in groups.items():
        before = f"{listed(measures)} before it"
        text = f"{sentence(summaries[referral])} This is {sure} within twelve months of {before}."
        points.append(Point(text, tuple(dict.fromkeys(ids[referral, sure]))))
    of_what: dict[str, str] = {}
    for row in rows:
        if row["re_referral"] == "cannot be told":
            named = of_what.get(row["referral"], ""), _BEFORE[row["measure"]]
            of_what[row["referral"]] = " or ".join(filter(None, named))
    for what in dict.fromkeys(of_what.values()):
        untold = [one for one, said in of_what.items() if said == what]
        text = " ".join(sentence(summaries[one]) for one in untold)
        these = "these" if len(untold) > 1 else "this"
        text = f"Whether {these} came within twelve months of {what} cannot be told: {text}"
        points.append(Point(text, tuple(untold)))
    if points:
        return points
    return [Point("No referral is on record that follows another one or a closure.")]


def contact_points(contacts: pd.DataFrame) -> list[Point]:
    """At which contacts the child was seen, seen alone and spoken to.

    Parameters
    ----------
    contacts
        What `contacts` gives.
    """
    rows = rows_of(contacts)
    if not rows:
        return [Point("No visit and no contact is coded, so it cannot be told who was seen.")]
    columns = {"seen": "seen", "seen_alone": "seen alone", "spoken_to": "spoken to"}
    silent = [
        words for column, words in columns.items() if all(row[column] == "not said" for row in rows)
    ]
    points = []
    if silent:
        many = counted(len(rows), len(rows), "visit or contact", "visits and contacts")
        are = "is" if len(rows) == 1 else "are"
        words = f"{capital(many)} at which the child can have been seen {are} coded, care for an"
        words += " emergency apart; the source does not say whether the child was"
        words += f" {listed(silent, 'or')} there."
        points.append(Point(words, tuple(row["contact"] for row in rows)))
    for row in rows:
        said = [
            f"the child was {words}: {row[column]}"
            for column, words in columns.items()
            if row[column] != "not said"
        ]
        said += [f"what the child said: {row['child_said']}"] * bool(row["child_said"])
        if said:
            points.append(
                Point(f"{sentence(row['summary'])} {sentence('; '.join(said))}", (row["contact"],))
            )
    return points


# Parts of sentences


def _first_step(waits: pd.DataFrame, gaps: pd.DataFrame, events: Mapping[str, Row]) -> list[Point]:
    """From the first and from the last of what was passed on to the step that came next."""
    ends = _first_and_last(waits)
    if not ends:
        return [_wait(row, gaps, events) for row in rows_of(waits)[:1]]
    points = []
    for row in reversed(ends):
        steps = other_steps(gaps, events, row["event"], row["to_event"])
        told = with_steps(_passed(row, gaps, events), steps, gaps, events, row["event"])
        points.append(Point(told, (row["event"], row["to_event"], *steps)))
    return points


def _first_and_last(waits: pd.DataFrame) -> list[dict[str, Any]]:
    """Of the waits of what was passed on, up to the same protective step, the longest and the
    shortest."""
    passed = [row for row in rows_of(waits) if row["protective"] and row["passed_on"]]
    passed = [row for row in passed if row["to_event"] == passed[0]["to_event"]]
    passed.sort(key=lambda row: (-row["days_max"], -row["days_min"]))
    return [passed[0], passed[-1]] if len(passed) > 1 else [*passed]


def _passed(row: Row, gaps: pd.DataFrame, events: Mapping[str, Row]) -> str:
    words = f"{capital(row['length'])} passed from {row['text_from']} to {row['text_to']}"
    words += days_as_judged(events[row["event"]], events[row["to_event"]])
    # A step that the source ties to something else alone did not answer this.
    step = [one for one in own_concerns(gaps) if one["answer"] == row["to_event"]]
    answered = dict.fromkeys(one["concern"] for one in step if one["coded_as"] == "stated")
    if answered and row["event"] not in {one["concern"] for one in step}:
        words += (
            f", on record in answer to {listed([begins_with(events[one]) for one in answered])}"
        )
    return words


def _wait(row: Row, gaps: pd.DataFrame, events: Mapping[str, Row]) -> Point:
    words = _passed(row, gaps, events)
    if row["days_min"] == 0:
        words += ", which can have been on the same day"
    return Point(f"{words}.", (row["event"], row["to_event"]))


def _closed(rows: Sequence[Row], events: Mapping[str, Row]) -> Point:
    ids = list(dict.fromkeys(row["concern"] for row in rows))
    ids = [one for one in ids if passes_on(events[one])] or ids
    ends = list(
        dict.fromkeys(
            row["answer"] for row in rows if row["concern"] in ids and row["answer"] in events
        )
    )
    said = " ".join(sentence(said_of(events[one])) for one in [*ids, *ends])
    return Point(f"Closed or left, and the source names no step before that: {said}", (*ids, *ends))
