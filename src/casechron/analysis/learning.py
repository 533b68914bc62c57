"""From what did the review learn, and what did it recommend? What each finding rests on, and what
answers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import events_of_parts, forces_of, happened
from casechron.analysis.decisions import ByThen
from casechron.analysis.judgements import without_judged
from casechron.analysis.knowledge_paths import harm_ids, matters
from casechron.analysis.record import party_labels, places_together, summaries
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import (
    Tables,
    by_key,
    cells,
    reached,
    rows_in,
    ties,
)
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["plan_categories", "traceability"]


NO_RECOMMENDATION = "no recommendation coded"
NO_FINDING = "no finding coded"
RESTS_ON_NOTHING = "no row coded that it rests on"
_WHEN = ("certainly", "possibly", "later")
_PLAN, _CATEGORY = "protection-plan", "plan-category"


@table_of_rows
def traceability(review: Review) -> Iterator[RowOfTable]:
    """On which rows does each finding rest, and which recommendations address it?

    That a finding has no recommendation here is no statement that the review made none: a source
    can give only some, which coders note in `rows_by_paragraph`.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per finding and row that it rests on, findings as coded, and one for a finding
        without any; then one per recommendation that addresses no coded finding.

        - `finding`, `polarity`, `finding_summary` (text): the finding's id, the review's own
          judgement ('shortfall', 'strength' or 'neither'), and what was found
        - `attributed_to`, `finding_basis` (text): whose finding it is, and its basis
        - `rests_on_rows` (count; <NA>: no finding): on how many rows it rests
        - `rests_on`, `rests_on_table`, `rests_on_event`, `rests_on_summary`, `rests_on_basis`
          (text): the row's id, its table, the event that it is or is a part of, what it says, and
          the basis of the tie
        - `recommendations` (ids), `recommendation_summaries` (text), `recommendations_basis`
          (labels): those that address the finding, what they say, and the basis of each tie
        - `untraced` (text): what is missing
        - `places` (text): paragraph and sentence of the source

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.traceability(review)[["finding", "recommendations", "polarity", "rests_on_rows"]]
           finding recommendations   polarity  rests_on_rows
    0  fd-response              ()  shortfall              1
    1                 (rc-visits,)                      <NA>
    """
    tables = review.tables
    book, labels, summary_of = codebook(), party_labels(tables), summaries(tables)
    together, event_of = places_together(tables["locators"]), events_of_parts(tables)
    table_of = {
        row: name for name, table in tables.items() if "id" in table for row in cells(table, "id")
    }
    summary_of_advice = dict(rows_in(tables["recommendations"], "id", "summary"))
    links = list(rows_in(tables["links"], "type", "from_row", "to_row", "basis"))
    rests_on = by_key((row, (to, basis)) for tie, row, to, basis in links if tie == "rests-on")
    addressed_by = by_key((to, (row, basis)) for tie, row, to, basis in links if tie == "addresses")
    names = ("id", "polarity", "summary", "attributed_to", "basis")
    for finding, polarity, summary, party, basis in rows_in(tables["findings"], *names):
        rests, advice = rests_on.get(finding, []), addressed_by.get(finding, [])
        lacking = [RESTS_ON_NOTHING] * (not rests) + [NO_RECOMMENDATION] * (not advice)
        about = (finding, book.label("polarity", polarity), summary, labels[party], basis)
        addressed = (
            [row for row, _ in advice],
            " · ".join(summary_of_advice[row] for row, _ in advice),
            [tie for _, tie in advice],
            "; ".join(lacking),
        )
        for row, tie in rests or [("", "")]:
            table = table_of.get(row, "")
            event = row if table == "events" else event_of.get(row, "")
            bearing = (len(rests), row, table, event, summary_of[row] if row else "", tie)
            yield (*about, *bearing, *addressed, together(finding, row))
    addressing = {row for advice in addressed_by.values() for row, _ in advice}
    for row, summary in summary_of_advice.items():
        if row not in addressing:
            yield {
                "recommendations": (row,),
                "recommendation_summaries": summary,
                "untraced": NO_FINDING,
                "places": together(row),
            }


@table_of_rows
def plan_categories(review: Review) -> Iterator[RowOfTable]:
    """Under which category was each plan made, and after which incidents and matters, by theme?

    A theme is the coder's: that an incident has it is not to say that agencies knew of it.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per child protection plan, category and theme; a plan without a category, or without
        an incident of any theme, has a row all the same.

        - `plan`, `summary` (text): the plan's id, and what happened
        - `said` (text): when it was made, in words
        - `category`, `theme` (text): its category, and the theme of what is listed
        - `certainly_by_then`, `possibly_by_then`, `only_later` (text): the incidents and matters
          that had begun on the day of the plan or before in every admissible chronology, in some,
          or in none; 'its time as judged' where that is certain only with dates or orders that
          the coder judged. What has a day left open on a side, and what did not happen, stand in
          none of these unless one is certain
        - `findings` (text): what the review says of the category
        - `certainly_by_then_rows`, `possibly_by_then_rows`, `only_later_rows` (ids): the same
        - `basis` (text): of the category: 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source
        - `dates` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.plan_categories(review)[["plan", "category", "theme"]]
            plan category              theme
    0  plan-2014  neglect  School attendance
    """
    tables, chronology = review.tables, review.chronology
    events = chronicle_rows(review)
    plans = [event for event, kind in happened(tables).items() if kind == _PLAN]
    _, less = without_judged(tables, chronology)
    by_then, firm = (ByThen(each, plans, {}) for each in (chronology, less))
    facts = rows_in(tables["attributes"], "row", "attribute", "id", "value", "basis")
    categories = by_key((plan, fact) for plan, name, *fact in facts if name == _CATEGORY)
    by_theme, forces = _incidents_by_theme(tables), forces_of(tables)
    together = places_together(tables["locators"])
    for plan in plans:
        for fact, category, basis in categories.get(plan, [["", "", ""]]):
            for theme, incidents in by_theme.items() or {"": []}.items():
                come_by = {event: by_then.said(event, plan) for event in incidents}
                when = by_key((said, event) for event, said in come_by.items())
                listed = [when.get(said, []) for said in _WHEN]
                words = {
                    event: _marked_summary(
                        events[event],
                        forces.get(event, set()),
                        said != "possibly" and firm.said(event, plan) != said,
                    )
                    for event, said in come_by.items()
                }
                untold = incidents and not chronology.admissible
                yield (
                    *(plan, events[plan].summary, events[plan].said, category),
                    codebook().label("theme", theme),
                    *(" · ".join(words[event] for event in of) for of in listed),
                    " · ".join(_findings_on(tables, fact)),
                    *listed,
                    *(basis, together(plan, fact)),
                    NOT_ADMISSIBLE if untold else events[plan].status,
                )


def _incidents_by_theme(tables: Tables) -> dict[str, list[str]]:
    """Matters and incidents by theme; what is part of one of the theme, or tells of one, is left
    out."""
    wanted = {*matters(tables), *harm_ids(tables)}
    ids = [event for event in cells(tables["events"], "id") if event in wanted]
    coded = set(rows_in(tables["themes"], "row", "theme"))
    others = [by_key(ties(tables, tie)) for tie in ("part-of", "tells-of")]
    by_theme = {}
    for theme in codebook().codes("theme"):
        listed = [event for event in ids if (event, theme) in coded]
        # Parts first: what tells of a part alone is still a row of its own where the whole stands
        # for the part.
        for tie in others:
            listed = [event for event in listed if set(listed).isdisjoint(reached(event, tie)[1:])]
        if listed:
            by_theme[theme] = listed
    return by_theme


def _findings_on(tables: Tables, fact: str) -> Iterable[str]:
    """What the review finds on a fact: findings that rest on it, or contradict it."""
    about_fact = {row for row, to in ties(tables, "rests-on", "contradicts") if fact and to == fact}
    findings = rows_in(tables["findings"], "id", "summary")
    return [summary for row, summary in findings if row in about_fact]


def _marked_summary(event: Any, forces: set[str], as_judged: bool) -> str:
    """A summary, with what is only alleged, was told to the review only, or stands where it does
    only by orders that the coder judged, marked as such."""
    summary, mark = str(event.summary), str(event.alleged)
    marks = [mark] * bool(mark) + ["told to the review only"] * (forces == {"later"})
    marks += ["its time as judged"] * as_judged
    return f"{summary} ({', '.join(marks)})" if marks else summary
