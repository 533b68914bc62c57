"""What was there to know at each decision: what reached those who decided, what stayed elsewhere,
and what stood for and against each view? The cells of `knowledge`, put together for reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from casechron.analysis.chronicle import chronicle
from casechron.analysis.concerns import (
    events_of_parts,
    statuses_in_words,
)
from casechron.analysis.decisions import DECISION, decisions
from casechron.analysis.intervals import waits_between
from casechron.analysis.judgements import JUDGED, firmest
from casechron.analysis.knowledge import (
    CERTAIN,
    LATER,
    POSSIBLE,
    Recorded,
    held_state,
    knowledge,
)
from casechron.analysis.knowledge_paths import Way, afterwards, ways_to
from casechron.analysis.record import (
    party_labels,
    placed,
    places_of,
    places_together,
    summaries,
)
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import (
    Tables,
    as_in_help,
    as_rows,
    by_key,
    cells,
    columns_in_help,
    kept,
    rows_in,
)
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = [
    "evidence_on_views",
    "information_at_decision",
    "knowledge_at_a_decision",
    "views_at_decisions",
]


#: The states of an agency that held a matter, then or later, or of which this cannot be told.
_HELD = (CERTAIN, POSSIBLE, LATER, NOT_ADMISSIBLE)
_WHEN_WORDS = {
    **{"certainly": "certainly by then", "possibly": "possibly by then", "later": "only later"},
    "": "not comparable in time",
}
_FOUND_BY_REVIEW = "found by the review, afterwards"
_GROUPS = ("decided", "left out", "other agencies", "unnamed agencies")


@table_of_rows
def information_at_decision(review: Review) -> Iterator[RowOfTable]:
    """Of what had come about by each decision, what stood on the record of those who decided, how
    old was it and how had it come there, and who else held it?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision and matter that had, or may have, come about by then.

        - `decision` (text): the decision's id, as `decisions` has it
        - `matter`, `summary` (text): the matter's id, and what happened
        - `counted_as`, `had_come_about` (text): as in `knowledge`
        - `reached` (text): what is recorded for those who decided, together, in the words of
          `knowledge`, or 'who decided is not stated'; 'learned only afterwards' where no other
          held it by then; that it stood on their record does not say that they looked
        - `age_days_min`, `age_days_max` (days; <NA>: open, or only an order): how old it was, from
          its first day to the decision
        - `came_by` (text): the ways by which it came to each agency that decided
        - `basis` (text): how firm the firmest of them is: 'stated', 'derived' or 'judged'; empty
          where there is none
        - `certain_with`, `possible_with` (labels): the agencies that certainly and possibly held it
        - `left_out_with` (labels): those of them that the review says were left out of the decision
        - `learned_later` (labels): the agencies that learned of it only afterwards
        - `carried_by` (ids): the concerns that tell of it or count it together with others; of what
          tells of something that had reached those who decided more surely, that; where one of them
          is a matter of this decision, this one is not to be counted again
        - `rows` (ids): the rows behind it
        - `places` (text): paragraph and sentence of the source
        - `only_as_judged` (labels): those of `certain_with` that are certain only with what the
          coder judged, as in `knowledge`, or by judged ways alone

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.information_at_decision(review)[["certain_with", "decision", "matter"]].head(4)
                 certain_with       decision          matter
    0  (Children's services,)   closure-2014   referral-2014
    1                      ()   closure-2014  referrals-2014
    2           (X's school,)   closure-2014      worry-2014
    3  (Children's services,)  strategy-2014   referral-2014
    """
    tables, chronology = review.tables, review.chronology
    record, places = Recorded(tables), placed(tables["locators"])
    cells_of: dict[tuple[str, str], list[Any]] = by_key(
        ((cell.matter, cell.decision), cell) for cell in as_rows(knowledge(review))
    )
    ages = waits_between(chronology, cells_of)
    reached: dict[str, dict[str, str]] = {}
    for (matter, decision), by_agency in cells_of.items():
        states = {cell.agency: cell.known for cell in by_agency if cell.known in _HELD}
        decided_by = [cell.agency for cell in by_agency if cell.decided]
        reached.setdefault(decision, {})[matter] = record.among(decided_by, states)
    counted = {point: record.counted(kinds) for point, kinds in reached.items()}
    for ((matter, decision), by_agency), age in zip(cells_of.items(), ages, strict=True):
        shared = by_agency[0]
        bearing = [cell for cell in by_agency if cell.known in _HELD]
        holding = [cell for cell in bearing if cell.known in (CERTAIN, POSSIBLE)]
        deciding = [cell for cell in holding if cell.decided]
        # How firm is what is certain by then, if anything is.
        firm = [cell for cell in deciding if cell.known == CERTAIN] or deciding
        behind = dict.fromkeys(row for cell in bearing for row in cell.rows)
        agencies = (
            [cell for cell in holding if cell.known == CERTAIN],
            [cell for cell in holding if cell.known == POSSIBLE],
            [cell for cell in holding if cell.left_out],
            [cell for cell in bearing if cell.known == LATER],
        )
        yield (
            *(decision, matter, shared.summary, shared.counted_as, shared.had_come_about),
            reached[decision][matter],
            *(age.days_min, age.days_max),
            "; ".join(f"{cell.agency_label}: {cell.by}" for cell in deciding),
            firmest(cell.basis for cell in firm),
            *([cell.agency_label for cell in group] for group in agencies),
            counted[decision][matter],
            *(behind, places_of(places, matter, *behind)),
            [
                cell.agency_label
                for cell in holding
                if cell.only_as_judged or (cell.known == CERTAIN and cell.basis == JUDGED)
            ],
        )


@kept
def knowledge_at_a_decision(review: Review, *, decision: str = "") -> pd.DataFrame:
    """Who could have known what at one decision: what would those who decided have seen with
    everybody in the room?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    decision : str, default ""
        The id of the decision; empty is the one at which the review says that most agencies were
        left out, and of several such the last.

    Returns
    -------
    pandas.DataFrame
        The rows of `knowledge` for one decision: each matter for each agency that decided or was
        left out, and for every other what it held, then or later. Where no row is, nothing is
        recorded with that agency.

        - `decision` (text): the decision's id
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `matter` (text): the matter's id; what it is, and who else held it,
          `information_at_decision` has
        - `known`, `by`, `basis` (text), `rows` (ids), `only_as_judged` (text): as in `knowledge`
        - `group` (text): 'decided', 'left out', 'other agencies' or 'unnamed agencies'

    Raises
    ------
    ValueError
        For what is no decision of the review; all are named.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> room = cc.knowledge_at_a_decision(review, decision="icpc-2014")
    >>> room.loc[room["known"] == "certainly known", ["agency", "matter", "by"]]
                    agency         matter                                  by
    0   childrens-services  referral-2014   took part or held (referral-2014)
    6             school-x     worry-2014      took part or held (worry-2014)
    7   childrens-services    bruise-2014  told (told-2014, then bruise-2014)
    9             school-x    bruise-2014     took part or held (bruise-2014)
    10  childrens-services      told-2014       took part or held (told-2014)
    12            school-x      told-2014       took part or held (told-2014)
    """
    table, points = knowledge(review), decisions(review)
    chosen = "" if points.empty else chosen_decision(points, decision)
    bears = table["known"].isin(_HELD) | table["decided"] | table["left_out"]
    table = table[bears & (table["decision"] == chosen)]
    groups = [
        0 if decided else 1 if left_out else 2 if named else 3
        for decided, left_out, named in rows_in(table, "decided", "left_out", "named")
    ]
    table = table.assign(group=texts(_GROUPS[group] for group in groups))
    # Matters in their order, and the agencies of each in groups.
    matters = pd.factorize(table["matter"])[0].tolist()
    order = sorted(range(len(table)), key=lambda at: (matters[at], groups[at]))
    return table.iloc[order][columns_in_help(knowledge_at_a_decision)].reset_index(drop=True)


def chosen_decision(points: pd.DataFrame, decision: str = "") -> str:
    """The decision to look at closely: the one named, else the one at which the review says that
    most agencies were left out.

    `points` is `decisions.decisions`. Of several the last; responses that were absent come second
    to decisions; '' if there is none. Raises `ValueError` for what is no decision of the review.
    """
    if decision and decision not in set(points["decision"]):
        raise ValueError(
            f"'{decision}' is no point of decision of this review; these are:"
            f" {', '.join(points['decision'])}"
        )
    if decision or points.empty:
        return decision
    ranks = [
        (len(left_out), point == DECISION)
        for point, left_out in rows_in(points, "point", "left_out_ids")
    ]
    last = max(range(len(ranks)), key=lambda at: (ranks[at], at))
    return str(points["decision"].iloc[last])


@kept
def evidence_on_views(review: Review) -> pd.DataFrame:
    """What supports and what contradicts each view, how firmly is it said, and who ties it to the
    view?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per view and row that supports or contradicts it; a view with nothing coded for or
        against it has one row.

        - `view`, `holder`, `proposition`, `view_date` (text): the view's id, who held it, what was
          held to be so, and when, as coded
        - `tie` (text): 'supports', 'contradicts' or 'nothing is coded for or against it'
        - `judged` (True or False): True where the coder alone ties the row to the view, so that it
          is no evidence that the source holds against it or for it
        - `evidence`, `evidence_summary` (text): the id of the row, and what it says; of a view also
          who held it
        - `evidence_status` (text): how firmly, and on whose account, it is said
        - `evidence_said` (text): when it came about, in words
        - `learned_afterwards` (labels): the agencies that learned of it only afterwards, each with
          where from
        - `basis` (text): of the tie: 'stated', 'derived' or 'judged'; empty where there is none
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    views_at_decisions : whether it had come about by each decision, and who held it then.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.evidence_on_views(review)[["view", "tie", "evidence", "judged"]]
                view          tie     evidence  judged
    0  view-low-risk  contradicts  bruise-2014    True
    """
    tables = review.tables
    book, labels, together = codebook(), party_labels(tables), places_together(tables["locators"])
    views = list(rows_in(tables["views"], "id", "holder", "proposition", "date"))
    held = {view: f"{labels[holder]}: {proposition}" for view, holder, proposition, _ in views}
    summary_of, evidence_held = summaries(tables) | held, _evidence_held(tables)
    status_of, when = _statuses(tables, labels), dict(rows_in(chronicle(review), "event", "said"))
    ties_of = by_key((view, tie) for view, *tie in _evidence(tables))
    rows: list[tuple[object, ...]] = []
    for view, holder, proposition, date in views:
        about = (view, labels[holder], proposition, date)
        if view not in ties_of:
            nothing = "nothing is coded for or against it", False, "", "", "", "", (), ""
            rows.append((*about, *nothing, together(view)))
        for link, type_, row, basis in ties_of.get(view, ()):
            event, ways_held = evidence_held[row]
            rows.append(
                (
                    *(*about, book.label("link_type", type_), basis == JUDGED),
                    *(row, summary_of.get(row, ""), status_of(row, event), when.get(event, "")),
                    afterwards(tables, ways_held, labels),
                    *(basis, together(row, link)),
                )
            )
    table = as_in_help(evidence_on_views, rows)
    return table.drop_duplicates(ignore_index=True)


@table_of_rows
def views_at_decisions(review: Review) -> Iterator[RowOfTable]:
    """What supports or contradicts a view: had it come about by each decision, and who held it?

    That something was held is not to say that it was read or weighed.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per row of evidence and decision, decisions in order of time; `evidence_on_views`
        tells which views it bears on, `decisions` who decided and when.

        - `evidence`, `decision` (text): the ids of the row and of the decision
        - `evidence_when` (text): 'certainly by then', 'possibly by then', 'only later', 'found by
          the review, afterwards' or, of what has no day of its own or has it left open on a side,
          'not comparable in time'
        - `held_certainly`, `held_possibly`, `held_later` (labels): the agencies that held it by
          then in every admissible chronology, in some, or only after
        - `with_those_who_decided` (text): what is recorded for those who decided, in the words of
          `known` in `knowledge`, or 'who decided is not stated'; empty for a finding

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.views_at_decisions(review)[["evidence", "decision", "evidence_when"]]
          evidence       decision      evidence_when
    0  bruise-2014   closure-2014         only later
    1  bruise-2014  strategy-2014  certainly by then
    2  bruise-2014      icpc-2014  certainly by then
    """
    tables, chronology = review.tables, review.chronology
    labels = party_labels(tables)
    findings = set(cells(tables["findings"], "id"))
    points = list(rows_in(decisions(review), "decision", "decided_by_ids"))
    record = Recorded(tables)
    by_then = record.by_then(chronology)
    for row, (event, ways_held) in _evidence_held(tables).items():
        held_by = by_key((way.agency, way) for way in ways_held)
        at_the_time = dict.fromkeys(way.agency for way in ways_held if not way.later)
        for decision, decided_by in points:
            then = by_then.steps[decision]
            states = {agency: held_state(ways, then)[0] for agency, ways in held_by.items()}
            come = by_then.said(event, decision) if event else ""
            # Of what the coding leaves open nobody knows when it was held.
            held = (
                [labels[agency] for agency in at_the_time if come and states[agency] in wanted]
                for wanted in ((CERTAIN,), (POSSIBLE,), (LATER, ""))
            )
            reached = record.among(decided_by, states) if come and then else come
            when = _FOUND_BY_REVIEW if row in findings else _WHEN_WORDS.get(come, come)
            yield (row, decision, when, *held, reached)


def _evidence(tables: Tables) -> list[tuple[str, str, str, str, str]]:
    """Each view and link to it, views in their order: the link's id and type, the row that it comes
    from, and its basis."""
    links = rows_in(tables["links"], "to_row", "id", "type", "from_row", "basis")
    ties_of = by_key((row[0], row) for row in links if row[2] in ("supports", "contradicts"))
    return [row for view in cells(tables["views"], "id") for row in ties_of.get(view, ())]


def _evidence_held(tables: Tables) -> dict[str, tuple[str, list[Way]]]:
    """Of each row of evidence the event that it is about, and the ways in which agencies came to
    hold that; neither for a finding, a view, or a fact of a person at no event."""
    event_of = events_of_parts(tables) | {event: event for event in cells(tables["events"], "id")}
    evidence = {row: event_of.get(row, "") for *_, row, _ in _evidence(tables)}
    ways_of = ways_to(tables, filter(None, evidence.values()))
    return {row: (event, ways_of.get(event, [])) for row, event in evidence.items()}


def _statuses(tables: Tables, labels: Mapping[str, str]) -> Callable[[str, str], str]:
    """With what force, and on whose account, is a row of evidence said? Asked with the row and the
    event that it is about."""
    findings = dict(rows_in(tables["findings"], "id", "attributed_to"))
    parts = statuses_in_words(tables)
    of_row = by_key((row, words) for row, _, words in parts)
    of_event = by_key((event, words) for _, event, words in parts)

    def status(row: str, event: str) -> str:
        if row in findings:
            return f"finding ({labels[findings[row]]})"
        return "; ".join(dict.fromkeys(of_row.get(row, of_event.get(event, []))))

    return status
