"""What stood for and against each view at each decision, and to whom was it known?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import Tables, by_key, cells, kept, rows_in
from casechron.analysis.concerns import end_event
from casechron.analysis.decisions import InTime, answered_by, decisions, in_time
from casechron.analysis.knowledge import CERTAIN, POSSIBLE, held_state, state_among
from casechron.analysis.knowledge_paths import JUDGED, Way, ways
from casechron.analysis.parties import UNSPECIFIED, can_be, party_labels, unnamed_agencies
from casechron.analysis.record import placed
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["evidence_on_views", "views_at_decisions"]


#: What is so of a row of evidence and a view, and of a row of evidence and a decision.
_EVIDENCE = (
    "view",
    "holder",
    "proposition",
    "view_date",
    "tie",
    "judged",
    "evidence",
    "evidence_summary",
    "evidence_status",
    "evidence_said",
    "learned_afterwards",
    "basis",
    "places",
)
_AT_DECISIONS = (
    "evidence",
    "decision",
    "evidence_when",
    "held_certainly",
    "held_possibly",
    "held_later",
    "with_those_who_decided",
)

BY_THEN, POSSIBLY, LATER = "certainly by then", "possibly by then", "only later"
FINDING, UNDATED = "found by the review, afterwards", "not comparable in time"
NO_EVIDENCE = "nothing is coded for or against it"
#: The codebook's id for the row of agencies that stands for an account, a referrer or a holder that
#: is left open.
NOT_NAMED = "somebody not named"
_TO_REVIEW = ("told-to-review", "publication")


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
    return _evidence_by_decision(review)[list(_EVIDENCE)].drop_duplicates(ignore_index=True)


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
    table = _evidence_by_decision(review)
    table = table.loc[table["decision"] != "", list(_AT_DECISIONS)]
    return table.drop_duplicates(ignore_index=True)


@kept
def _evidence_by_decision(review: Review) -> pd.DataFrame:
    """One row per view, row tied to it and point of decision: what `evidence_on_views` and
    `views_at_decisions` tell."""
    tables, chronology = review.tables, review.chronology
    book, labels, where = codebook(), labels_of(tables), placed(tables["locators"])
    views, shown_as = tables["views"], summaries(tables)
    links = rows_in(tables["links"], "to_row", "id", "type", "from_row", "basis")
    ties = by_key(
        (view, (link, kind, row, basis))
        for view, link, kind, row, basis in links
        if kind in ("supports", "contradicts")
    )
    of_event = _events_of(tables)
    events = {row: of_event.get(row, "") for tied in ties.values() for _, _, row, _ in tied}
    findings, status_of = set(cells(tables["findings"], "id")), _statuses(tables, labels)
    ways_to = by_key((way.matter, way) for way in ways(tables, set(filter(None, events.values()))))
    points = decisions(review)
    when_said = dict(rows_in(chronicle(review), "event", "said"))
    ids, decided = cells(points, "decision"), points.to_dict("records")
    times = (
        in_time(chronology, ids, answered_by(tables), end_event(tables))
        if chronology.admissible and ids
        else None
    )
    when = _Times(times, chronology.lowered.place, {point: at for at, point in enumerate(ids)})
    same, unnamed = can_be(tables), unnamed_agencies(tables)

    def reached(ways: Iterable[Way], point: Mapping[Hashable, Any]) -> str:
        """What is recorded for those who decided of what came to agencies by these ways."""
        if when.found is None:
            return NOT_ADMISSIBLE
        return state_among(_deciders(point), when.states(ways, point["decision"]), same, unnamed)

    rows: list[dict[str, str]] = []
    for view, holder, proposition, date in rows_in(views, "id", "holder", "proposition", "date"):
        view_cells = {"view": view, "holder": labels[holder], "proposition": proposition}
        view_cells["view_date"] = date
        if view not in ties:
            rows.append({**view_cells, "tie": NO_EVIDENCE, "places": where.get(view, "")})
        for link, kind, row, basis in ties.get(view, ()):
            event = events[row]
            shown = {
                **view_cells,
                "tie": book.label("link_type", kind),
                "evidence": row,
                "evidence_summary": shown_as.get(row, ""),
                "evidence_status": status_of(row, event),
                "evidence_said": when_said.get(event, ""),
                "learned_afterwards": "; ".join(afterwards(tables, ways_to.get(event, []), labels)),
                "basis": basis,
                "places": joined_places(where.get(row_id, "") for row_id in (row, link)),
            }
            if not decided:
                rows.append(shown)
            for point in decided:
                known = when.held(ways_to.get(event, []), point["decision"])
                rows.append(
                    {
                        **shown,
                        "decision": point["decision"],
                        "decision_point": point["point"],
                        "decision_summary": point["summary"],
                        "decision_said": point["said"],
                        "decided_by": "; ".join(map(labels.__getitem__, _deciders(point))),
                        "evidence_when": (
                            FINDING if row in findings else when.come(event, point["decision"])
                        ),
                        **{
                            name: "; ".join(map(labels.__getitem__, agencies))
                            for name, agencies in known.items()
                        },
                        "with_those_who_decided": (
                            reached(ways_to.get(event, []), point) if event else ""
                        ),
                    }
                )
    names = (
        *("view", "holder", "proposition", "view_date", "tie", "evidence", "evidence_summary"),
        *("evidence_status", "evidence_said", "decision", "decision_point", "decision_summary"),
        *("decision_said", "decided_by", "evidence_when", "held_certainly", "held_possibly"),
        *("held_later", "learned_afterwards", "with_those_who_decided", "basis", "places"),
    )
    table = pd.DataFrame({name: texts(row.get(name, "") for row in rows) for name in names})
    table.insert(names.index("tie") + 1, "judged", table["basis"] == JUDGED)
    return table


def _deciders(point: Mapping[Hashable, Any]) -> list[str]:
    return [agency for agency in point["decided_by_ids"].split("; ") if agency]


class _Times(NamedTuple):
    """Which events lay before which decisions (None where no chronology is admissible), and where
    each stands in that."""

    found: InTime | None
    place: Mapping[str, int]
    column: Mapping[str, int]

    def come(self, event: str, point: str) -> str:
        """Whether an event had begun by a decision."""
        if not event:
            return UNDATED
        if self.found is None:
            return NOT_ADMISSIBLE
        at = self.place[event], self.column[point]
        if self.found.begun_certain[at]:
            return BY_THEN
        return POSSIBLY if self.found.begun_possible[at] else LATER

    def held(self, ways_held: Iterable[Way], point: str) -> dict[str, list[str]]:
        """The agencies that certainly, possibly or only later held something, by its ways; not
        those of learning."""
        names = {CERTAIN: "held_certainly", POSSIBLE: "held_possibly", "": "held_later"}
        agencies: dict[str, list[str]] = {name: [] for name in names.values()}
        at_the_time = [way for way in ways_held if not way.later]
        for agency, state in self.states(at_the_time, point).items():
            agencies[names[state]].append(agency)
        return agencies

    def states(self, ways_held: Iterable[Way], point: str) -> dict[str, str]:
        """What is said of each agency that has some of these ways, as `knowledge.held_state`."""
        if self.found is None:
            return {}
        then, by_agency = (
            self.found.at(self.column[point]),
            by_key((way.agency, way) for way in ways_held),
        )
        return {
            agency: held_state(agency_ways, then)[0] for agency, agency_ways in by_agency.items()
        }


def labels_of(tables: Tables) -> dict[str, str]:
    """The label of each agency and person, by its id; the row for whom the source leaves open, in
    plain words."""
    labels = party_labels(tables)
    return labels | ({UNSPECIFIED: NOT_NAMED} if UNSPECIFIED in labels else {})


def afterwards(tables: Tables, ways_held: Iterable[Way], labels: Mapping[str, str]) -> list[str]:
    """The agencies that learned something only afterwards, each with where from: in the review, or
    from a kind of event."""
    book, kinds = codebook(), dict(rows_in(tables["events"], "id", "kind"))
    learning = book.flagged("event_kind", "learning")
    words_by_agency: dict[str, dict[str, None]] = {}
    for way in ways_held:
        if way.later:
            through = [kinds[step] for step, _ in way.steps if kinds[step] in learning]
            review = not through or any(kind in _TO_REVIEW for kind in through)
            named = ", ".join(book.label("event_kind", kind).lower() for kind in through)
            words = "in the review" if review else named
            words_by_agency.setdefault(way.agency, {}).setdefault(words)
    return [f"{labels[agency]} ({', '.join(words)})" for agency, words in words_by_agency.items()]


def joined_places(places: Iterable[str]) -> str:
    """Places of several rows as one, each once.

    >>> joined_places(["para 13.1, 13.2", "", "para 13.2, 14.1"])
    'para 13.1, 13.2, 14.1'
    """
    parts = [part for words in places if words for part in words.removeprefix("para ").split(", ")]
    words = ", ".join(dict.fromkeys(parts))
    return f"para {words}" if words[:1].isdigit() else words


def _events_of(tables: Tables) -> dict[str, str]:
    """The event that each row is about; none for a finding, a view, or a fact of a person at no
    event."""
    events = {event: event for event in cells(tables["events"], "id")}
    facts = {
        row: of if of in events else event
        for row, of, event in rows_in(tables["attributes"], "id", "row", "event")
    }
    return facts | dict(rows_in(tables["participation"], "id", "event")) | events


def summaries(tables: Tables) -> dict[str, str]:
    """Per row of events, participation, attributes, involvement, views and findings what it says,
    in words."""
    words: dict[str, str] = {}
    for name, column in (("events", "summary"), ("findings", "summary"), ("views", "proposition")):
        words |= dict(rows_in(tables[name], "id", column))
    part, facts, labels = tables["participation"], tables["attributes"], labels_of(tables)
    for row, person, event, role in rows_in(part, "id", "person", "event", "role"):
        words[row] = (
            f"{labels[person]}, {codebook().label('participation_role', role)}: {words[event]}"
        )
    for row, fact, value in rows_in(facts, "id", "attribute", "value"):
        words[row] = f"{codebook().label('attribute', fact)}: {value}"
    rows = tables["involvement"]
    for row, agency, event, role in rows_in(rows, "id", "agency", "event", "role"):
        words[row] = (
            f"{labels[agency]}, {codebook().label('involvement_role', role)}: {words[event]}"
        )
    return words


def _statuses(tables: Tables, labels: Mapping[str, str]) -> Callable[[str, str], str]:
    """With what force, and on whose account, is a row of evidence said? Asked with the row and the
    event that it is about."""
    book, findings = codebook(), dict(rows_in(tables["findings"], "id", "attributed_to"))
    by_row: dict[str, dict[str, None]] = {}
    at: dict[str, dict[str, None]] = {}
    for row, event, status, account in rows_in(
        tables["participation"], "id", "event", "status", "account"
    ):
        words = book.label("status", status) + (f" ({labels[account]})" if account else "")
        by_row.setdefault(row, {})[words] = at.setdefault(event, {})[words] = None

    def said(row: str, event: str) -> str:
        if row in findings:
            return f"finding ({labels[findings[row]]})"
        return "; ".join(by_row.get(row, at.get(event, {})))

    return said
