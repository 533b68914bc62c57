"""What stood for and against each view at each decision, and to whom was it known?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import Tables, by_key, cells, rows_in, to_table
from casechron.analysis.concerns import end_event
from casechron.analysis.decisions import answered_by, decisions, in_time
from casechron.analysis.judgements import JUDGED
from casechron.analysis.kept import kept
from casechron.analysis.knowledge import CERTAIN, LATER, POSSIBLE, held_state, state_among
from casechron.analysis.knowledge_paths import afterwards, ways
from casechron.analysis.record import (
    can_be,
    joined_places,
    labels_of,
    placed,
    summaries,
    unnamed_agencies,
)
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["evidence_on_views", "views_at_decisions"]


_NO_EVIDENCE = "nothing is coded for or against it"


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
        - `evidence`, `evidence_summary` (text): the id of the row, and what it says
        - `evidence_status` (text): how firmly, and on whose account, it is said
        - `evidence_said` (text): when it came about, in words
        - `learned_afterwards` (text): the agencies that learned of it only afterwards
        - `basis` (text): of the tie: 'stated', 'derived' or 'judged'
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
    book, labels, where = codebook(), labels_of(tables), placed(tables["locators"])
    summary_of, event_of = summaries(tables), _events_of(tables)
    status_of, said = _statuses(tables, labels), dict(rows_in(chronicle(review), "event", "said"))
    ties = by_key((view, tie) for view, *tie in _evidence(tables))
    ways_to = by_key((way.matter, way) for way in ways(tables, set(event_of.values())))
    rows: list[tuple[str | bool, ...]] = []
    for view, holder, proposition, date in rows_in(
        tables["views"], "id", "holder", "proposition", "date"
    ):
        about = (view, labels[holder], proposition, date)
        if view not in ties:
            rows.append((*about, _NO_EVIDENCE, False, *[""] * 6, where.get(view, "")))
        for link, type_, row, basis in ties.get(view, ()):
            event = event_of.get(row, "")
            rows.append(
                (
                    *(*about, book.label("link_type", type_), basis == JUDGED),
                    *(row, summary_of.get(row, ""), status_of(row, event), said.get(event, "")),
                    "; ".join(afterwards(tables, ways_to.get(event, []), labels)),
                    *(basis, joined_places(where.get(place, "") for place in (row, link))),
                )
            )
    columns = (
        *("view", "holder", "proposition", "view_date", "tie", "judged", "evidence"),
        *("evidence_summary", "evidence_status", "evidence_said", "learned_afterwards"),
        *("basis", "places"),
    )
    return to_table(columns, rows, judged="bool").drop_duplicates(ignore_index=True)


@kept
def views_at_decisions(review: Review) -> pd.DataFrame:
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
          the review, afterwards' or 'not comparable in time'
        - `held_certainly`, `held_possibly`, `held_later` (text): the agencies that held it by then
          in every admissible chronology, in some, or only after
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
    labels, event_of = labels_of(tables), _events_of(tables)
    evidence = dict.fromkeys(row for *_, row, _ in _evidence(tables))
    findings = set(cells(tables["findings"], "id"))
    ways_to = by_key(
        (way.matter, way)
        for way in ways(tables, {event_of[row] for row in evidence if row in event_of})
    )
    same, unnamed = can_be(tables), unnamed_agencies(tables)
    points = list(rows_in(decisions(review), "decision", "decided_by_ids"))
    ids = [decision for decision, _ in points]
    when = None
    if chronology.admissible and ids:
        when = in_time(chronology, ids, answered_by(tables), end_event(tables))
    by_then = [when and when.at(column) for column in range(len(ids))]
    rows = []
    for row in evidence:
        event = event_of.get(row, "")
        held_by = by_key((way.agency, way) for way in ways_to.get(event, []))
        at_the_time = dict.fromkeys(way.agency for way in ways_to.get(event, []) if not way.later)
        for (decision, decided_by), then in zip(points, by_then, strict=True):
            states = {agency: held_state(held, then)[0] for agency, held in held_by.items()}
            if not event:
                come, reached = "not comparable in time", ""
            elif then is None:
                come = reached = NOT_ADMISSIBLE
            else:
                certain, possible = ((event, False) in steps for steps in then)
                come = "possibly by then" if possible else "only later"
                come = "certainly by then" if certain else come
                deciders = [agency for agency in decided_by.split("; ") if agency]
                reached = state_among(deciders, states, same, unnamed)
            held = (
                "; ".join(labels[agency] for agency in at_the_time if states[agency] in wanted)
                for wanted in ((CERTAIN,), (POSSIBLE,), (LATER, ""))
            )
            come = "found by the review, afterwards" if row in findings else come
            rows.append((row, decision, come, *held, reached))
    columns = (
        *("evidence", "decision", "evidence_when", "held_certainly", "held_possibly"),
        *("held_later", "with_those_who_decided"),
    )
    return to_table(columns, rows)


def _evidence(tables: Tables) -> list[tuple[str, str, str, str, str]]:
    """Each view and link to it, views in their order: the link's id and type, the row that it comes
    from, and its basis."""
    links = rows_in(tables["links"], "to_row", "id", "type", "from_row", "basis")
    ties = by_key((row[0], row) for row in links if row[2] in ("supports", "contradicts"))
    return [row for view in cells(tables["views"], "id") for row in ties.get(view, ())]


def _events_of(tables: Tables) -> dict[str, str]:
    """The event that each row is about; none for a finding, a view, or a fact of a person at no
    event."""
    events = {event: event for event in cells(tables["events"], "id")}
    facts = {
        row: of if of in events else event
        for row, of, event in rows_in(tables["attributes"], "id", "row", "event")
    }
    return facts | dict(rows_in(tables["participation"], "id", "event")) | events


def _statuses(tables: Tables, labels: Mapping[str, str]) -> Callable[[str, str], str]:
    """With what force, and on whose account, is a row of evidence said? Asked with the row and the
    event that it is about."""
    book, findings = codebook(), dict(rows_in(tables["findings"], "id", "attributed_to"))
    parts = [
        (row, event, book.label("status", status) + (f" ({labels[account]})" if account else ""))
        for row, event, status, account in rows_in(
            tables["participation"], "id", "event", "status", "account"
        )
    ]
    by_row = by_key((row, words) for row, _, words in parts)
    by_event = by_key((event, words) for _, event, words in parts)

    def status(row: str, event: str) -> str:
        if row in findings:
            return f"finding ({labels[findings[row]]})"
        return "; ".join(dict.fromkeys(by_row.get(row, by_event.get(event, []))))

    return status
