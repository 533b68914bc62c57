"""What happened, and when can it have happened? The sentences of the page that tells the story.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> points = cc.words.story.key_points(cc.chronicle(review), cc.further_facts(review))
>>> [point.text for point in points]
['X is injured on 12 January 2015.', 'A court passes sentence.']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

import pandas as pd

from casechron.analysis.on_record import LEARNED_LATER
from casechron.analysis.tables import by_key
from casechron.analysis.timing import END
from casechron.coding.codebook import AS_JUDGED, codebook
from casechron.report.about import the_source
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.ending import (
    FOUND,
    before_the_end,
    follows,
    how_it_came_about,
    story_end,
    tell_offences,
)
from casechron.report.text.english import RowCells, point, rows_by_event, rows_of
from casechron.report.text.learning import BESIDE
from casechron.report.text.steps import (
    LACKING,
    NOT_DONE,
    TIED,
    Concerns,
    contradicted,
    event_with_date,
    leading,
    what_happened,
)

#: What was not done, without a word of what it was to answer.
_UNTIED = "untied"
#: What can stand behind what in one point: first what was raised, and last what was missing.
_TOLD_TOGETHER = {
    "raised": {"raised"},
    "step": {"raised", "step"},
    NOT_DONE: {"raised", "step", NOT_DONE},
    _UNTIED: {_UNTIED},
}
#: A number, as a summary names it, and counts that its plural says already.
_NUMBER = re.compile(rf"\d|\b(once|twice|{'|'.join(say.SMALL_WORDS[2:])})\b", re.IGNORECASE)
_PLURAL = ("at least 1", "at least 2")
#: Of how many steps each is told.
_FEW = 12
#: What only carries a plan on.
_CARRY_ON = ("review-conference", "core-group")
#: What a fact says of an event that is told with it.
_TOLD_WITH = ("no-section-47", "outcome", "child-not-seen")
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
    events = rows_by_event(chronicle).values()
    said = [say.told_days(row) + AS_JUDGED * row["as_judged"] for row in events]
    return chronicle.assign(said=pd.array(said, dtype="str"))


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
    return events.assign(**{column: events[of].map(say.whens(chronicle)).astype("str")})


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
        the story comes to is told with the day, or without any date with the days, that follow from
        other dates. Where none do, or only as judged, the source does not say when.
    """
    events = _told(chronicle, facts)
    tell_offences(events, facts)
    happened = [row for row in events.values() if not row["absence"]]
    if not happened:
        return [Point("No event is coded, so there is no story to tell.")]
    end = story_end(happened)
    finding = _finding(end, happened)
    over = happened.index(end) if end else len(happened)
    # A sentence of years before is of something else.
    came_of_it = [
        row
        for place, row in enumerate(happened)
        if row["kind"] in say.labels("admission")
        or (row["kind"] in say.kinds("outcome") and not (end and follows(end, row)))
        # Who was cleared of one charge can have been found guilty of another.
        or (row["kind"] in say.labels("conviction") and place > over)
    ]
    return [
        *contradicted(chronicle),
        finding,
        *_joined(row for row in came_of_it if row["event"] not in finding.rows),
    ]


def found_first(findings: pd.DataFrame, advice: Sequence[Point] = ()) -> list[Point]:
    """What the review found wanting, the first as coded, and besides, and what it recommends.

    Parameters
    ----------
    findings : pandas.DataFrame
        What `findings_and_recommendations` gives.
    advice : sequence of Point, optional
        What `learning.advised` gives.

    Returns
    -------
    list of Point
        One of its first shortfalls, of how many, and the first other findings; then the advice.
    """
    short = findings["what"] == "finding: shortfall"
    others = findings["what"].str.startswith("finding") & ~short
    more = f" (some of {sum(short)} shortfalls coded)" * (sum(short) > _FIRST)
    wanting = f"What the review found wanting{more}", findings[short][:_FIRST]
    beside = "Also found", findings[others][:BESIDE]
    parts = [(lead, rows) for lead, rows in (wanting, beside) if len(rows)]
    told = (f"{lead}: {' '.join(map(say.sentence, rows['summary']))}" for lead, rows in parts)
    ids = tuple(row for _, rows in parts for row in rows["row"])
    return [Point(" ".join(told), ids)] * bool(parts) + [*advice] * bool(len(findings))


def in_order(
    chronicle: pd.DataFrame,
    gaps: pd.DataFrame,
    facts: pd.DataFrame,
    statements: pd.DataFrame | None = None,
) -> list[Point]:
    """What led to it, in order of time: what was raised, the steps and decisions, harm to the
    child, and what the review finds missing.

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
        A point begins with what was raised, and ends with what was missing after it; what was
        missing and is tied to nothing is one of its own, where there are few. What the
        source does not date is told with the days that other dates leave. What certainly came
        after the beginning of harm that lasts stands last, and says so.
    """
    concerns = Concerns(gaps, _told(chronicle, facts))
    events = concerns.events
    for event, length in before_the_end(statements, events).items():
        events[event]["put"] = f" The source puts that {length}."
    wanting = concerns.wanting(*LACKING).values()
    firm = {answer for pairs in wanting for answer, tie in pairs if tie != "judged"}
    points: list[Point] = []
    before, begun = "", False
    for event, what, while_it_lasts in _classified(concerns):
        row = events[event]
        if what == NOT_DONE and event not in firm:
            row["summary"] += TIED
        text = say.sentence(event_with_date(row)) if what == _UNTIED else _in_a_sentence(row)
        if what in (NOT_DONE, _UNTIED) and before != what:
            text = f"{NOT_DONE} {text}"
        if while_it_lasts > begun:
            before, text = "", f"After the harm above had begun: {text}"
        if before in _TOLD_TOGETHER[what]:
            last = points.pop()
            points.append(Point(f"{last.text} {text}", (*last.rows, event)))
        else:
            points.append(Point(text, (event,)))
        before, begun = what, while_it_lasts
    return points


def _classified(concerns: Concerns) -> list[tuple[str, str, bool]]:
    """The events that came before the end of the story, or can have, in order of time, each with
    what it is: 'raised', 'step' or what was not done; last, and marked, those that came after the
    beginning of an end that lasts, and what was missing after them."""
    events, wanting = concerns.events, concerns.wanting(*LACKING)
    lacked_by = by_key((answer, concern) for concern in wanting for answer, _ in wanting[concern])
    happened = [row for row in events.values() if not row["absence"]]
    end = story_end(happened)
    told_above = [end, *how_it_came_about(end, happened)]
    before_it = [
        row
        for row in happened
        if row not in told_above and not follows(row, end)
        # Where the end lasts, what orders put behind its beginning can be told as after that.
        if not end or end["shape"] == "span" or end["event"] not in row["behind"]
        # Nothing says of what is alleged without a day that it came before.
        if not row["alleged"] or say.by_order(row) or say.dated(row)
    ]
    classes = dict.fromkeys(_steps(before_it), "step")
    # The last contact or step is told whatever it was, where the day of the end is the source's.
    seen = [row for row in before_it if end and say.dated(end) and follows(end, row)]
    seen = [row for row in seen if row["kind"] in say.kinds("contact", "response")]
    classes |= {row["event"]: "step" for row in seen[-1:]}
    classes |= dict.fromkeys(_raised(concerns, before_it, {*classes}), "raised")
    classes |= dict.fromkeys(lacked_by, NOT_DONE)
    untied = _untied(concerns, end)
    classes |= dict.fromkeys(untied if len({*lacked_by, *untied}) <= _FEW else (), _UNTIED)
    place = {event: at for at, event in enumerate(events) if event in classes}
    # What was missing stands behind what it was to answer.
    behind = {
        event: max(
            [place.get(row, 0) for row in lacked_by.get(event, ())]
            + [at] * (event not in lacked_by or bool(say.dated(events[event])))
        )
        for event, at in place.items()
    }
    rows, lasts = [*events.values()], bool(end and end["shape"] == "span")
    begun = {e: lasts and follows(rows[at], end, "start_latest") for e, at in behind.items()}
    order = sorted(place, key=lambda e: (begun[e], behind[e], classes[e] == NOT_DONE, place[e]))
    return [(event, classes[event], begun[event]) for event in order]


def _untied(concerns: Concerns, end: RowCells | None) -> list[str]:
    """The steps that were not made, or not enough, of which nothing says what they were to answer,
    and which by their own date were wanting before the end."""
    answers = {row["answer"] for row in concerns.rows}
    return [
        event
        for event, row in concerns.events.items()
        if row["absence"] and row["kind"] in say.kinds("response") and event not in answers
        if say.dated(row) and (not end or say.after(end["earliest"], row["start_latest"]))
    ]


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
    wait = next(iter(leading(waits)), None)
    # Only closures of a case count, not the end of a plan.
    closed = int(
        (chronicle["kind"].isin(say.labels("closure")) & chronicle["absence"].eq("")).sum()
    )
    begins = [say.count_in_words(closed, closed, "closure")] if closed else []
    if wait:
        begins.append(f"{wait['length']} from {wait['text_from']} to {wait['text_to']}")
    return say.capital("; ".join(begins)) or "What happened, and when it can have been"


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
        f"bold: {', '.join(map(say.lowered, kinds_bold))}": bold.any(),
    }
    return say.with_notes("A bar covers all days on which an event can have happened", notes)


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
    from casechron.report.draw.canvas import LANES
    from casechron.report.draw.timeline import drawn

    shown = {row["event"] for row in drawn(events, waits)}
    lanes = []
    for name, lane in LANES.items():
        in_lane = [row for row in rows_of(events) if row["lane"] == name]
        texts = [
            say.noted(row["summary"].rstrip("."), row["status"], say.in_brackets(row["when"]))
            for row in in_lane
            if row["event"] in shown
        ]
        rest = len(in_lane) - len(texts)
        texts += [f"{rest} more that {'is' if rest == 1 else 'are'} not drawn"] if rest > 0 else []
        lanes += [f"{lane.name}: {'; '.join(texts)}."] if in_lane else []
    lanes += [f"{say.capital(row['text'])}." for row in rows_of(waits)]
    return " ".join(lanes) or "No event has a date that could be drawn."


def _told(chronicle: pd.DataFrame, facts: pd.DataFrame) -> dict[str, RowCells]:
    """The events by their ids, in order of time, each with what came of it, and that the child was
    not seen, where its summary does not say that already."""
    told = by_key(
        ((row["row"], row["fact"]), row["value"] + AS_JUDGED * (row["basis"] == "judged"))
        for row in rows_of(facts)
        if row["value"].lower() not in row["of"].lower()
    )
    events, known = rows_by_event(chronicle), codebook().codes("attribute")
    for event, row in events.items():
        for label in (name for code in _TOLD_WITH for name in known[code].names):
            if values := told.get((event, label)):
                row["outcome"] = row.get("outcome", "") + f"; {label}: {'; '.join(values)}"
    return events


def _finding(end: RowCells | None, happened: Sequence[RowCells]) -> Point:
    """What the story comes to; of a death also how it came about, where the source says that."""
    if end and not say.dated(end):
        when = say.in_brackets(say.by_order(end) * (not end["as_judged"]))
        words = event_with_date(end, when)
        words += f"; {the_source()} does not say when" * (not when)
        return point(words, [end["event"]])
    last = next((row for row in reversed(happened) if say.dated(row)), happened[-1])
    found: list[RowCells] = []
    if end and end["kind"] in say.labels("death"):
        # A conviction says most; what came before the death is about something else.
        after = happened[happened.index(end) :]
        found = [row for code in FOUND for row in after if row["kind"] in say.labels(code)]
    harm = how_it_came_about(end, happened)
    if end and not end["as_judged"] and end["earliest"] == end["latest"] is not None:
        # One day that other dates leave is told as the chart tells it.
        day = say.told_days(end)
        end = end | {"date": day, "said_stated": day, "other_dates": ()}
    return _joined([*harm, end or last, *found[:1]])[0]


def _raised(concerns: Concerns, happened: Iterable[RowCells], steps: Iterable[str]) -> list[str]:
    """What was raised at the time, what these steps answer by the source, and what the review finds
    an answer to missing or not enough."""
    known = {row["concern"] for row in concerns.rows if row["state"] not in (LEARNED_LATER, END)}
    told = {
        row["concern"]
        for row in concerns.known
        if row["answer"] in steps and row["coded_as"] != "judged"
    }
    told |= concerns.wanting(*LACKING).keys()
    raising = (say.kinds("concern") & say.kinds("telling")) | say.labels("bruising")
    raised = {e: r for e, r in concerns.events.items() if e in known and r["kind"] in raising}
    # What a row of several counts is told there.
    several = {event for event, row in raised.items() if row["recurs"]}
    told |= raised.keys() - {
        row["concern"] for row in concerns.rows if several & {*row["carried_by"]}
    }
    # One of several would be taken for all.
    wholes = (row["carried_by"] for row in concerns.rows if row["concern"] in told)
    several = {
        event for event in known & concerns.events.keys() if concerns.events[event]["recurs"]
    }
    told |= several.intersection(chain(*wholes))
    return [row["event"] for row in happened if row["event"] in told]


def _steps(happened: Sequence[RowCells]) -> list[str]:
    """The steps that protect or decide, what doctors held, and the turning points but for what the
    page begins with; where there are many, without what only carries a plan on."""
    told = say.kinds("protective", "decision", "turning-point")
    told |= say.labels("medical-opinion", "neglect")
    told -= say.labels("admission")
    rows = [row for row in happened if row["kind"] in told]
    fewer = [row for row in rows if row["kind"] not in say.labels(*_CARRY_ON)]
    return [row["event"] for row in (rows if len(rows) <= _FEW else fewer)]


def _in_a_sentence(row: RowCells) -> str:
    """What happened, how often where it says no number itself, by the source's own date or else,
    where it does not last, with the days that other dates leave, and how long before the end the
    source itself puts that; of what was missing what it was, as what it was to answer has the
    date."""
    if row["absence"]:
        return say.sentence(row["summary"])
    often = "" if _NUMBER.search(row["summary"]) else row["how_many"]
    if often not in ("", "once", *_PLURAL):
        row = row | {"summary": f"{row['summary']} ({often} times)"}
    when = "" if row["state"] else say.in_brackets(say.by_order(row))
    if row["date"].startswith("/") and say.dated(row) and row["earliest"] is not None:
        # Its beginning follows from how long it lasted.
        when = say.in_brackets(row["said"] + AS_JUDGED * row["as_judged"])
    # The number and the date share their brackets.
    return say.sentence(event_with_date(row, when).replace(" times) (", " times; ")) + str(
        row.get("put", "")
    )


def _joined(rows: Iterable[RowCells]) -> list[Point]:
    """What happened, as a point of its own."""
    rows = list(rows)
    return [Point(what_happened(rows), tuple(row["event"] for row in rows))] if rows else []
