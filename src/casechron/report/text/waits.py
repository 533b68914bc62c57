"""How long did each concern wait, and what can be said for sure? The sentences of that page, and
the waits that it draws.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> gaps, chronicle = cc.response_gaps(review), cc.chronicle(review)
>>> waits = cc.words.waits.waits(gaps, cc.timescale_checks(review), chronicle)
>>> waits[["event", "to_event", "length"]].head(2)
           event    to_event                  length
0      told-2014   plan-2014  between 20 and 28 days
1  referral-2014  visit-2014  between 11 and 17 days
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from casechron.analysis.re_referrals import AFTER_CLOSURE, AFTER_REFERRAL
from casechron.analysis.tables import by_key, to_table
from casechron.analysis.timing import ANSWERED, FOLLOWED, NOTHING_RECORDED
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import AS_JUDGED
from casechron.report.about import the_source
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.english import point, rows_by_event, rows_of
from casechron.report.text.steps import (
    LACKING,
    Concerns,
    by_one_source,
    contradicted,
    days_as_judged,
    event_with_date,
    kept_from,
    leading,
    lengths_said,
    limit_kept,
)

#: How many waits are drawn, and how many of them on the timeline.
WAITS_DRAWN, WAITS_ON_TIMELINE = 8, 4
_SILENT = (FOLLOWED, NOTHING_RECORDED)
_WITHIN = {
    "certain": "certainly",
    "certain as judged": "certainly, as judged,",
    "possible": "possibly",
}
#: The Department for Education counts no request on a case that is still open.
_CLOSED = ", with the case closed in between,"
_EARLIER = {
    AFTER_CLOSURE: "an earlier closure",
    AFTER_REFERRAL: f"an earlier referral of the same child{_CLOSED}",
}
_AMONG = f"each other{_CLOSED}"
_WAIT = (
    "event to_event text text_from text_to length days_min days_max limit_min limit_max"
    " limit verdict steps protective passed_on answered doubtful"
)
#: What is told of a child at a contact, by its column.
_CONTACT = {"seen": "seen", "seen_alone": "seen alone", "spoken_to": "spoken to"}
#: Verdicts that say whether a limit is kept.
_SETTLED = ("met", "met as judged", "not met")


def waits(gaps: pd.DataFrame, checks: pd.DataFrame, chronicle: pd.DataFrame) -> pd.DataFrame:
    """The waits that the page tells of: those that have a least and a most.

    First what was passed on, up to the next protective step on record; then answers by a step, the
    source's before ours; then what guidance limits; then what nobody is said to have passed on;
    eight at most, by their days.

    Parameters
    ----------
    gaps, checks, chronicle : pandas.DataFrame
        What `response_gaps`, `timescale_checks` and `chronicle` give.

    Returns
    -------
    pandas.DataFrame
        One row per wait, in that order.

        - `event`, `to_event` (text): ids of where it begins and ends
        - `text`, `text_from`, `text_to` (text): from what to what, and both apart, as parts of a
          sentence, where an answer that only the coder ties to it, or that is a protective step, is
          marked; so are days that lean on what the coder judged, or that another source has
          otherwise
        - `length` (text): how long, in words that admit all its days
        - `days_min`, `days_max` (days): the least and the most
        - `limit_min`, `limit_max` (days; <NA>: none): the calendar days that its limit can be
        - `limit`, `verdict` (text): the limit, and whether it is kept; empty where there is none
        - `steps` (ids): where it ends: the step, or all of different days that can be the next one
        - `protective`, `passed_on`, `answered` (True or False): whether it ends with the next
          protective step, whether somebody raised with an agency what it begins with, and whether
          only other steps are on record in answer to that
        - `doubtful` (True or False): whether it leads a page only where no other can: its days lean
          on a date that another source has otherwise; or it begins with a notice, given as a matter
          of course, of which the source neither says that anything answers it nor that it should
    """
    concerns = Concerns(gaps, rows_by_event(chronicle))
    events, place = concerns.events, concerns.place
    limits = {
        (row["start"], row["end"]): row
        for row in rows_of(checks)
        if row["verdict"] in _SETTLED and row["start"] and row["end"]
    }
    waits: dict[tuple[str, str], list[Any]] = {}

    def add(rank: int, pair: tuple[str, str], days: tuple[Any, Any], *how: Any) -> None:
        # What is certainly on one day is no wait.
        bounded = None not in days and days[1] > 0
        if bounded and pair not in waits and {*pair} <= {*events}:
            waits[pair] = [rank, *days, *how]

    answers = by_key(
        (row["concern"], row["answer"]) for row in concerns.known if row["state"] == ANSWERED
    )
    passed_on = {row["concern"] for row in concerns.known if concerns.was_passed_on(row)}
    spoken_of = {row["concern"] for row in concerns.known if row["state"] not in _SILENT}
    for row in concerns.known:
        concern, steps = row["concern"], row["next_step"]
        dated = say.dated(events[concern]) and not concerns.told_later(row)
        follows = row["next_step_follows"].startswith("certainly")
        if not follows or not (dated or concern in passed_on):
            continue
        answering = answers.get(concern, ())
        # Of several the one known to have come soonest; an answer has a wait of its own.
        soonest = min(steps, key=lambda step: (place[step][1], step in answering, step))
        days = row["next_step_days_min"], row["next_step_days_max"]
        otherwise = bool(answering) and {*answering}.isdisjoint(steps)
        # Where steps of different days can be the next one, none is named for it.
        days_of = {(events[step]["earliest"], events[step]["start_latest"]) for step in steps}
        unsure, rank = len(days_of) > 1, 0 if concern in passed_on else 4
        add(rank, (concern, soonest), days, steps if unsure else (soonest,), otherwise)
    for row in concerns.answers_waited_for():
        pair, judged = (row["concern"], row["answer"]), row["coded_as"] == "judged"
        add(1 + judged, pair, (row["days_min"], row["days_max"]), (), False)
        # A step that is an answer too is told, whoever raised the concern.
        if pair in waits:
            waits[pair][0] = min(1 + judged, waits[pair][0])
    for pair, row in limits.items():
        add(3, pair, (row["days_min"], row["days_max"]), (), False)
    rows = []
    in_order = sorted(waits, key=lambda pair: (waits[pair][0], *map(place.get, pair)))
    for start, end in in_order[:WAITS_DRAWN]:
        _, days_min, days_max, steps, otherwise = waits[start, end]
        protective, unsure = bool(steps), len(steps) > 1
        bare = start not in spoken_of and events[start]["kind"] in say.labels("notification")
        doubtful = bare or by_one_source(events[start], events[end])
        how = steps or (end,), protective, start in passed_on, otherwise, doubtful
        limit = limits.get((start, end), {})
        due = limit.get("due_days_min"), limit.get("due_days_max")
        verdict = limit.get("limit", ""), limit.get("verdict", "")
        step = "the next protective step" if unsure else say.ends_with(events[end])
        step += concerns.for_whom(start, steps or (end,))
        begins, length = say.begins_with(events[start]), say.between(days_min, days_max)
        mark = "" if unsure or limit else concerns.as_its_answer(start, end, protective)
        label = say.chart_label(events[start], step + AS_JUDGED * ("judged" in mark))
        spans = days_min, days_max, *due
        sure = days_as_judged(events[start], events[end])
        label, to = (f"{words}{sure}".replace(") (", "; ") for words in (label, step + mark))
        rows.append((start, end, label, begins, to, length, *spans, *verdict, *how))
    kinds = dict.fromkeys(_WAIT.split()[-4:], "bool")
    return to_table(_WAIT.split(), rows, lists=["steps"], **kinds)


def on_timeline(waits: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The waits that stand below the timeline, with the days between which they lie.

    Parameters
    ----------
    waits : pandas.DataFrame
        What `waits` gives.
    events : pandas.DataFrame
        What `timeline` gives.

    Returns
    -------
    pandas.DataFrame
        One row per wait, four at most, whose ends the timeline can draw: `event`, `to_event`,
        `text`, and `earliest`, `latest`, `least_from`, `least_to` (dates) as `draw_timeline` takes
        them.
    """
    days = rows_by_event(events)
    first = leading(waits)
    others = [row for row in rows_of(waits) if row not in first]
    rows = []
    for row in [*first, *sorted(others, key=lambda row: row["protective"])]:
        begins, ends = days.get(row["event"]), days.get(row["to_event"])
        if not begins or not ends or begins["earliest"] is None or ends["latest"] is None:
            continue
        # `latest` of a state is its end, but the wait runs to its beginning, and another step can
        # be the next one: bound both by the days.
        latest, known_by, least_to = ends["latest"], begins["latest"], ends["earliest"]
        if known_by is not None:
            latest = min(latest, known_by + pd.Timedelta(days=row["days_max"]))
            least_to = least_to and min(least_to, known_by + pd.Timedelta(days=row["days_min"]))
        text = f"{row['text']}: {row['length']}"
        spans = begins["earliest"], latest, known_by, least_to
        rows.append((row["event"], row["to_event"], text, *spans))
    columns = ["event", "to_event", "text", "earliest", "latest", "least_from", "least_to"]
    return pd.DataFrame(rows[:WAITS_ON_TIMELINE], columns=columns)


def key_points(waits: pd.DataFrame, gaps: pd.DataFrame, chronicle: pd.DataFrame) -> list[Point]:
    """How long the main concerns waited; the first point is the page's finding.

    Parameters
    ----------
    waits, gaps, chronicle : pandas.DataFrame
        What `waits`, `response_gaps` and `chronicle` give.

    Returns
    -------
    list of Point
        One for each wait and one for what was closed or left.
    """
    concerns, first = Concerns(gaps, rows_by_event(chronicle)), leading(waits)
    ends = ("", *(row["to_event"] for row in first))
    points = [
        *contradicted(chronicle),
        *(concerns.wait_point(row, told) for row, told in zip(first, ends, strict=False)),
        *(
            concerns.wait_point(row)
            for row in rows_of(waits)
            if row not in first and not row["protective"]
        ),
    ]
    points += concerns.closed_points()
    if not concerns.known:
        return points or [Point("No concern is coded, so there is no wait to tell of.")]
    nothing = "How long a concern waited cannot be told: no wait has both a least and a most."
    return points or [Point(nothing)]


def waits_title(waits: pd.DataFrame) -> str:
    """The finding of the chart of waits: the wait that the page leads with.

    Parameters
    ----------
    waits : pandas.DataFrame
        What `waits` gives.

    Returns
    -------
    str
        A sentence without a stop at its end.
    """
    if waits.empty:
        return "No wait has both a least and a most"
    first = leading(waits)[0]
    step = say.capital(first["text_to"].removeprefix("the "))
    return f"{step}: {first['length']} after {first['text_from']}"


def waits_note(waits: pd.DataFrame, gaps: pd.DataFrame, chronicle: pd.DataFrame) -> str:
    """How the chart of waits is to be read, and which other steps are on record.

    Parameters
    ----------
    waits, gaps, chronicle : pandas.DataFrame
        What `waits`, `response_gaps` and `chronicle` give.

    Returns
    -------
    str
        One sentence; empty where no wait is drawn.
    """
    if waits.empty:
        return ""
    concerns, last = Concerns(gaps, rows_by_event(chronicle)), leading(waits)[-1]
    steps = concerns.steps_beside(last)
    others = concerns.with_steps("", steps, last["event"]) if steps else ""
    notes = {
        "the scale is not even: the longer a time, the less room it has": True,
        "an arrow at the left: it may be the same day": (waits["days_min"].eq(0).any()),
        "an upright rule: the limit of the guidance": waits["limit_min"].notna().any(),
        others: others,
    }
    return say.with_notes("From the least to the most that the dates admit", notes)


def waits_alt(waits: pd.DataFrame) -> str:
    """What the chart of waits shows, in words.

    Parameters
    ----------
    waits : pandas.DataFrame
        What `waits` gives.

    Returns
    -------
    str
        One sentence.
    """
    texts = []
    for row in rows_of(waits):
        limit = f" (limit: {row['limit']})" if row["limit"] else ""
        texts.append(f"from {row['text_from']} to {row['text_to']} {row['length']}{limit}")
    return say.sentence("; ".join(texts)) if texts else "No wait is drawn."


def unanswered(gaps: pd.DataFrame, chronicle: pd.DataFrame) -> list[Point]:
    """What was never answered, or not enough, each with the next protective step on record; last
    and together, what has no date and no answer on record.

    Parameters
    ----------
    gaps, chronicle : pandas.DataFrame
        What `response_gaps` and `chronicle` give.

    Returns
    -------
    list of Point
        One for each concern; those with the same answers stand together.
    """
    concerns = Concerns(gaps, rows_by_event(chronicle))
    wanting = concerns.wanting(*LACKING, *_SILENT)
    alike = by_key(
        ((concerns.follows[concern], *sorted(answers)) if answers else (concern,), concern)
        for concern, answers in wanting.items()
    )
    points = [concerns.wanting_point(ids, wanting[ids[0]]) for ids in alike.values()]
    return points + concerns.undated_point(NOTHING_RECORDED)


def closure_points(
    closures: pd.DataFrame, chronicle: pd.DataFrame, statements: pd.DataFrame
) -> list[Point]:
    """Each closure and the next concern after it, as long after it as the source says, if it does.

    Parameters
    ----------
    closures, chronicle, statements : pandas.DataFrame
        What `closures_and_next_concern`, `chronicle` and `time_statements` give.

    Returns
    -------
    list of Point
        One for each closure.
    """
    events, lengths = rows_by_event(chronicle), lengths_said(statements, one_sided=False)
    points = []
    for row in rows_of(closures):
        closed = say.sentence(event_with_date(events[row["closure"]]))
        if row["next_concern"] not in events:
            no = "No concern certainly came" if row["can_come_first"] else "No concern is on record"
            points.append(Point(f"{closed} {no} after it.", (row["closure"],)))
            continue
        event, when_words = events[row["next_concern"]], "later"
        judged = days_as_judged(events[row["closure"]], event)
        if row["days_min"] is not None and row["days_max"] is not None:
            when_words = f"{say.between(row['days_min'], row['days_max'])} later{judged}"
        if not say.passes_on(event):
            when_words += ", and can have happened before it was recorded"
        as_judged = ", as judged," if "judged" in judged else ""
        words = f"{closed} The next concern is on record {when_words}."
        later = f"certainly{as_judged} later"
        if source_says := lengths.get((row["closure"], row["next_concern"])):
            # A length that is said is told alone: beside it the days would be a second answer.
            words, later = closed, f"{source_says} later by the source's own words"
        words += f" {say.capital(later)}: {say.sentence(event_with_date(event))}"
        words += " Others may have come before it." * bool(row["can_come_first"])
        points.append(Point(words, (row["closure"], row["next_concern"])))
    return points


def re_referral_points(re_referrals: pd.DataFrame) -> list[Point]:
    """Which referrals came within twelve months of a referral or a closure before them.

    Parameters
    ----------
    re_referrals : pandas.DataFrame
        What `re_referrals` gives.

    Returns
    -------
    list of Point
        One for each referral of which it is so, then those of which it cannot be told.
    """
    rows = rows_of(re_referrals)
    summaries = {row["referral"]: say.sentence(row["summary"]) for row in rows}
    within = by_key(
        ((row["referral"], _WITHIN[row["re_referral"]]), row)
        for row in rows
        if row["re_referral"] in _WITHIN
    )
    points = []
    for (referral, sure), each in within.items():
        before = say.listed(row["measure"].replace("after a", "the") for row in each)
        # Which child the closed case was of need not be the same.
        family = any(row["measure"] == AFTER_CLOSURE for row in each)
        note = " (a closure counts for the whole family)" * family
        text = f"{summaries[referral]} This is {sure} within twelve months of {before} before it"
        text += f"{note}."
        ids = [event for row in each for event in row["before"]]
        points.append(point(text, (referral, *ids)))
    untold = by_key(
        (row["referral"], _AMONG if row["referral"] in row["before"] else _EARLIER[row["measure"]])
        for row in rows
        if row["re_referral"] in ("cannot be told", NOT_ADMISSIBLE)
    )
    alike = by_key((" or ".join(measures), referral) for referral, measures in untold.items())
    for what, referrals in alike.items():
        text = " ".join(summaries[referral] for referral in referrals)
        these = "any of these" if len(referrals) > 1 else "this"
        these = "two of these referrals" if what == _AMONG else these
        text = f"Whether {these} came within twelve months of {what} cannot be told: {text}"
        points.append(Point(text, tuple(referrals)))
    nothing = "No referral on a closed case is on record within twelve months of one before it"
    return points or [Point(f"{nothing}, or of a closure.")]


def contact_points(contacts: pd.DataFrame) -> list[Point]:
    """At which contacts which child was seen, not seen, seen alone and spoken to.

    Parameters
    ----------
    contacts : pandas.DataFrame
        What `contacts` gives.

    Returns
    -------
    list of Point
        What is said of no contact, then one for each contact of which something is said.
    """
    rows = rows_of(contacts)
    if not rows:
        return [Point("No visit and no contact is coded, so it cannot be told who was seen.")]
    # At a visit that was not made nobody can have been seen.
    made = contacts[contacts["absence"].eq("")]
    silent = [words for at, words in _CONTACT.items() if made[at].eq("not said").all()]
    points = []
    if silent and len(made):
        words = f"{the_source()} does not say of any visit or contact that took place whether"
        points.append(point(f"{words} the child was {say.listed(silent, 'or')}", made["contact"]))
    for row in rows:
        if row["facts"]:
            # What is said of a row of several need not be so of each.
            among = "" if row["how_many"] in ("", "once") else "at one of these at least, "
            text = f"{say.sentence(row['summary'])} {say.sentence(among + row['facts'])}"
            points.append(Point(text, (row["contact"],)))
    return points


def limit_points(checks: pd.DataFrame, gaps: pd.DataFrame, chronicle: pd.DataFrame) -> list[Point]:
    """Which limits of guidance are kept or not, and of a step whose clock has no start on record
    from which day on it would be; the table has the others.

    Parameters
    ----------
    checks, gaps, chronicle : pandas.DataFrame
        What `timescale_checks`, `response_gaps` and `chronicle` give.

    Returns
    -------
    list of Point
        One for each limit of which the source settles this.
    """
    events = Concerns(gaps, rows_by_event(chronicle)).events
    if not len(checks):
        none = "No limit of this nation's guidance is on file here, so none is checked"
        return [Point(f"{none}; that is not to say that there was none.")]
    points = []
    for row in rows_of(checks):
        start, end = row["start"], row["end"]
        if row["verdict"] in _SETTLED and start in events:
            points.append(limit_kept(row, events[start], events.get(end)))
        elif row["met_from_earliest"] is not None and not start and not events[end]["recurs"]:
            words = (
                f"Whether {say.begins_with(events[end])} kept the limit of {row['limit']} cannot be"
                f" told: one would have to know {row['would_settle']}. {kept_from(row)}."
            )
            points.append(Point(words, (end,)))
    nothing = f"{the_source()} settles no limit of guidance; the table says what would"
    if checks["verdict"].eq("not applicable").all():
        nothing = "none of the limits of guidance on file here applies; the table says why"
    return points or [point(nothing)]


def told_wider(chronicle: pd.DataFrame) -> list[Point]:
    """That waits are told wider than they are known, where some days are.

    Parameters
    ----------
    chronicle : pandas.DataFrame
        What `chronicle` gives.

    Returns
    -------
    list of Point
        One, or none.
    """
    wider = "Some days and waits are told wider than known, to give away no living child's birth."
    return [Point(wider)] * bool(chronicle["beside_an_age"].any())
