"""What could each agency have known, and since when? Derived from the coding alone, row by row.

Nothing here says what anybody knew: it says what the source lets an agency have held, by taking
part, by receiving and by being told, and leaves everything open that the dates leave open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from casechron.analysis.concerns import (
    by_event,
    carried_by_concerns,
    end_event,
    end_events,
    rows_with,
)
from casechron.analysis.decisions import (
    ByThen,
    deciders,
    decision_ids,
    decisions,
    events_answered,
)
from casechron.analysis.judgements import bases, firmest, weakest, without_judged
from casechron.analysis.knowledge_paths import Step, Way, matters, ways_to
from casechron.analysis.record import agency_labels, agency_parts, can_be, unnamed_agencies
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import (
    Tables,
    by_key,
    rows_in,
    ties,
)
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.review import Review

__all__ = ["knowledge", "knowledge_by_agency"]


CERTAIN = "certainly known"
POSSIBLE = "possibly known"
LATER = "learned only afterwards"
# Where a matter is recorded says nothing of who lacked it, so these say 'recorded'. What the source
# does not name can be anybody, and so is never another agency.
OTHER = "recorded with another agency only, certainly or possibly by then"
WITH_ONE_IT_CAN_BE = "recorded with an agency that can be this one, certainly or possibly by then"
NOBODY = "not recorded with any agency"
#: Of those who decided alone, where the source names none of them.
NOT_STATED = "who decided is not stated"

#: How an agency came to hold something, by the type of the link that led there: who answered what
#: tells of it answered, and need not have been told.
_HOW = {"answers": "answered", "tells-of": "told", "part-of": "counted together"}


@table_of_rows
def knowledge(review: Review) -> Iterator[RowOfTable]:
    """At each decision, what could each agency have known?

    An agency certainly knew if it held the matter by the day of the decision in every admissible
    chronology, and possibly if in some. A matter is a concern or evidence on a view that had come
    about by then.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision, matter that had, or may have, come about by then, and agency;
        decisions in order of time, matters and agencies as coded.

        - `decision` (text): the decision's id
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `matter`, `summary` (text): the matter's id, and what happened
        - `counted_as` (text): why it counts: 'concern', 'evidence on a view' or 'learned
          afterwards'
        - `had_come_about` (text): whether it had by then: 'certainly' or 'possibly'
        - `known` (text): 'certainly known', 'possibly known', 'recorded with another agency only,
          certainly or possibly by then', 'recorded with an agency that can be this one, certainly
          or possibly by then' (it is not named, or not told apart from this one), 'not recorded
          with any agency', 'learned only afterwards' or 'no admissible chronology'
        - `by` (text): the ways by which it came to know, in words
        - `basis` (text): how firm the firmest of them is: 'stated', 'derived' or 'judged'; empty
          where there is none
        - `others` (labels): the other agencies that knew, each that may have with '(possibly)'
        - `decided`, `left_out` (True or False): whether the agency was among those who decided, and
          whether the review says that it was left out there
        - `rows` (ids): the rows behind the ways
        - `only_as_judged` (text): 'yes' where 'certainly known' needs dates or orders that only the
          coder judged, or judged ties that say what a step that was lacking should have answered

    See Also
    --------
    information_at_decision : what of it had reached those who decided.
    knowledge_at_a_decision : one decision closely.

    References
    ----------
    Pairs in the minimal network: Dechter, Meiri and Pearl 1991, *Artificial Intelligence* 49,
    theorem 3.3. Closure under the earlier and the later of two solutions: Jeavons and Cooper 1995,
    *Artificial Intelligence* 79, 327-339.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cells = cc.knowledge(review)
    >>> cells.loc[cells["known"] == "certainly known", ["decision", "agency", "matter"]].head(4)
             decision              agency         matter
    0    closure-2014  childrens-services  referral-2014
    11   closure-2014            school-x     worry-2014
    12  strategy-2014  childrens-services  referral-2014
    23  strategy-2014            school-x     worry-2014
    """
    # A network of differences between days is closed under the earlier and the later of two
    # solutions, so a way is in time in every chronology exactly if each step of it is, and one of
    # several ways is exactly if one of them is: pairs of events in the minimal network are enough.
    tables, chronology = review.tables, review.chronology
    record, points = Recorded(tables), decisions(review)
    labels = agency_labels(tables)
    summary, counted_as = by_event(tables, "summary"), matters(tables)
    parts = {
        decision: (decided, left_out)
        for decision, decided, left_out in rows_in(
            points, "decision", "decided_by_ids", "left_out_ids"
        )
    }
    tie, basis = dict(rows_in(tables["links"], "id", "type")), bases(tables)
    firm = _certain_unless_judged(tables, chronology, record)
    for decision, matter, come, states in record.at_decisions(parts, record.by_then(chronology)):
        decided, left_out = parts[decision]
        known_by = {
            agency: labels[agency] + (" (possibly)" if states[agency][0] == POSSIBLE else "")
            for agency in labels
            if agency in states and states[agency][0] in (CERTAIN, POSSIBLE)
        }
        not_held = "" if chronology.admissible else NOT_ADMISSIBLE
        for agency, label in labels.items():
            state, ways_held = states.get(agency, (not_held, []))
            others = [words for knowing, words in known_by.items() if knowing != agency]
            leans = (decision, matter, agency) not in firm
            yield (
                *(decision, agency, label, agency not in record.unnamed),
                *(matter, summary[matter], counted_as[matter], come),
                state or _elsewhere(record.same[agency], known_by),
                "; ".join(_way_in_words(way, tie) for way in ways_held),
                firmest(weakest(*map(basis.__getitem__, way.rows)) for way in ways_held),
                *(others, agency in decided, agency in left_out),
                dict.fromkeys(row for way in ways_held for row in way.rows),
                "yes" if leans and state == CERTAIN else "",
            )


def _certain_unless_judged(
    tables: Tables, chronology: Chronology, record: Recorded
) -> set[tuple[str, str, str]]:
    """At which decision, of which matter, is which agency certain without the dates, the orders and
    the ties that only the coder judged?"""
    less, firm = without_judged(tables, chronology)
    # What was lacking stands on a day of its own, which the other answers leave.
    by_then = record.by_then(firm, events_answered(less))
    return {
        (decision, matter, agency)
        for decision, matter, _, states in record.at_decisions(record.decisions, by_then)
        for agency, (state, _) in states.items()
        if state == CERTAIN
    }


def _way_in_words(way: Way, tie: Mapping[str, str]) -> str:
    """In words, how an agency came to hold something, and by which events."""
    through = {tie.get(row, "") for row in way.rows[1:]}
    how = next((words for type_, words in _HOW.items() if type_ in through), "took part or held")
    steps = ", then ".join(step for step, _ in way.steps)
    unsaid = "not said whether" if way.unsure else "not said when" if way.undated else ""
    return f"{unsaid or how} ({steps})"


class Recorded:
    """What the tables say of who can have known what at which decision, whatever the dates.

    `held` has the ways to each matter, `held_by` the same by agency; `carried` the concerns that
    carry it, `telling` the ties to what is told of; `until` is the end of the account up to which
    waits run, `end` the gravest of what it runs up to."""

    def __init__(self, tables: Tables) -> None:
        self.decisions = tuple(decision_ids(tables))
        self.absences, self.answers = by_event(tables, "absence"), events_answered(tables)
        self.parts, self.responses = agency_parts(tables), rows_with(tables, "response")
        self.held = ways_to(tables, matters(tables))
        self.held_by = {
            matter: by_key((way.agency, way) for way in held) for matter, held in self.held.items()
        }
        self.carried, self.telling = carried_by_concerns(tables), ties(tables, "tells-of")
        self.same, self.unnamed = can_be(tables), unnamed_agencies(tables)
        self.until, self.end = end_event(tables), next(iter(end_events(tables)), "")

    @property
    def steps(self) -> tuple[str, ...]:
        """The matters, and the events by which they were held."""
        ways_held = chain(*self.held.values())
        steps = (step for way in ways_held for step, _ in way.steps)
        return tuple(dict.fromkeys([*self.held, *steps]))

    def by_then(
        self, chronology: Chronology, answers: Mapping[str, list[str]] | None = None
    ) -> ByThen:
        """What had come about by which of the `decisions`. With other `answers` than those that are
        coded, these place what was lacking."""
        placing = self.answers if answers is None else answers
        return ByThen(chronology, self.decisions, placing, self.until, self.end)

    def deciders(self, chronology: Chronology, decision: str) -> tuple[str, ...]:
        """The agencies that decided at a point."""
        answers, absence = self.answers.get(decision, []), self.absences[decision]
        who, _ = deciders(chronology, self.parts, self.responses, decision, answers, absence)
        return tuple(dict.fromkeys(part.party for part in who))

    def at_decisions(
        self, asked: Iterable[str], by_then: ByThen
    ) -> Iterator[tuple[str, str, str, dict[str, tuple[str, list[Way]]]]]:
        """Each decision that is asked about, and what `held_at` says of each matter by then."""
        for decision in asked:
            for held in self.held_at(decision, by_then):
                yield decision, *held

    def held_at(
        self, decision: str, by_then: ByThen
    ) -> Iterator[tuple[str, str, dict[str, tuple[str, list[Way]]]]]:
        """Each matter that had, or may have, come about by a decision: whether it certainly had,
        and how each agency with a way to it held it (`held_state`)."""
        then = by_then.steps[decision]
        for matter, of_agency in self.held_by.items():
            if come := by_then.come_about(matter, decision):
                states = {agency: held_state(held, then) for agency, held in of_agency.items()}
                yield matter, come, states

    def among(self, decided_by: Collection[str], held: Mapping[str, str]) -> str:
        """What is said of a matter for those who decided (`state_among`)."""
        return state_among(decided_by, held, self.same, self.unnamed)

    def counted(self, kinds: Mapping[str, str]) -> dict[str, list[str]]:
        """With which others each matter at one decision is counted (`counted_with`)."""
        return counted_with(kinds, self.carried, self.telling)

    def reached(self, decision: str, who: Collection[str], by_then: ByThen) -> dict[str, list[str]]:
        """The matters at a decision where `who` decided, by kind of reaching, but for those counted
        with another of them."""
        kinds = {}
        for matter, _, held in self.held_at(decision, by_then):
            states = {agency: state for agency, (state, _) in held.items()}
            kinds[matter] = self.among(who, states)
        stand_for = self.counted(kinds)
        return by_key(
            (kind, matter)
            for matter, kind in kinds.items()
            if kinds.keys().isdisjoint(stand_for[matter])
        )


def counted_with(
    kinds: Mapping[str, str],
    carried: Mapping[str, list[str]],
    telling: Iterable[tuple[str, str]],
) -> dict[str, list[str]]:
    """With which others each matter at one decision is counted: a matter and what tells of it
    count as one, under that of the two which those who decided knew more surely.

    `kinds` has how each matter reached them, `carried` is `carried_by_concerns`, `telling` are the
    ties from a telling to what it tells of.

    >>> ties = [("report", "missing")]
    >>> counted_with({"missing": OTHER, "report": OTHER}, {"missing": ["report"]}, ties)
    {'missing': ['report'], 'report': []}
    >>> counted_with({"missing": CERTAIN, "report": OTHER}, {"missing": ["report"]}, ties)
    {'missing': [], 'report': ['missing']}
    """
    counted = {matter: list(carried.get(matter, ())) for matter in kinds}
    told_in = by_key(
        (teller, row)
        for teller, row in telling
        if teller in kinds and teller in counted.get(row, ())
    )
    rank = {matter: {CERTAIN: 0, POSSIBLE: 1}.get(kind, 2) for matter, kind in kinds.items()}
    best_rank = dict(rank)
    for _ in told_in:  # As far as tellings of tellings can reach.
        for teller, told in told_in.items():
            best_rank[teller] = min(best_rank[teller], max(best_rank[row] for row in told))
    for teller, told in told_in.items():
        better = [row for row in told if best_rank[row] < rank[teller]]
        for row in better:
            counted[row].remove(teller)
        # What tells of something else besides still stands for that.
        if better == told:
            counted[teller] += better
    return counted


def held_state(held: Collection[Way], then: Mapping[Step, int] | None) -> tuple[str, list[Way]]:
    """Whether an agency held a matter at a decision, and by which of its ways to the matter.

    `then` is `ByThen.steps` of the decision, None where no chronology is admissible. The state
    is empty where it did not hold it by then."""
    if then is None:
        return NOT_ADMISSIBLE, list(held)
    states = [_state_by(way, then) for way in held]
    for state in (CERTAIN, POSSIBLE, LATER):
        if state in states:
            return state, [way for way, its in zip(held, states, strict=True) if its == state]
    return "", []


def _state_by(way: Way, then: Mapping[Step, int]) -> str:
    """What a way alone makes of it: a matter is held once all of its steps have come."""
    if way.later:
        return LATER
    in_time = min(map(then.__getitem__, way.steps))
    sure = in_time == 2 and not (way.undated or way.unsure)
    return CERTAIN if sure else POSSIBLE if in_time else ""


def state_among(
    decided_by: Collection[str],
    held: Mapping[str, str],
    same: Mapping[str, frozenset[str]],
    unnamed: Collection[str],
) -> str:
    """What is said of a matter for those who decided: one of the words of `known` in
    `knowledge`, or `NOT_STATED`.

    `held` has the state of each agency that held it, then or later; `same` is `record.can_be`. A
    row for what the source does not name can stand for another agency each time: that it decided,
    and that it held a matter, does not say that those who decided held it, nor that they did not.

    >>> same = {"cs": frozenset({"x"}), "gp": frozenset({"x"}), "x": frozenset({"cs", "gp"})}
    >>> state_among(["cs"], {"gp": CERTAIN}, same, {"x"})
    'recorded with another agency only, certainly or possibly by then'
    >>> state_among(["cs", "x"], {"x": CERTAIN}, same, {"x"})
    'recorded with an agency that can be this one, certainly or possibly by then'
    """
    states = {held.get(agency, "") for agency in decided_by if agency not in unnamed}
    for state in (CERTAIN, POSSIBLE):
        if state in states:
            return state
    if NOT_ADMISSIBLE in held.values():
        return NOT_ADMISSIBLE
    holders = [agency for agency, state in held.items() if state in (CERTAIN, POSSIBLE)]
    if not decided_by:
        return NOT_STATED if holders else NOBODY
    # That those who decided learned of it afterwards takes nothing from who held it by then.
    if LATER in states and not holders:
        return LATER
    either = frozenset().union(*(same[agency] for agency in decided_by))
    return _elsewhere(either | (set(decided_by) & set(unnamed)), holders)


def _elsewhere(same: frozenset[str], holders: Collection[str]) -> str:
    """Where a matter is recorded that an agency did not hold, as recorded; `same` are the rows that
    can be the same body."""
    if not holders:
        return NOBODY
    return OTHER if same.isdisjoint(holders) else WITH_ONE_IT_CAN_BE


@table_of_rows
def knowledge_by_agency(review: Review) -> Iterator[RowOfTable]:
    """At each decision, which matters could each agency have known, and how many were elsewhere?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision and agency; decisions in order of time, agencies as coded.

        - `decision` (text): the decision's id
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `part` (text): its part in the decision: 'decided', 'left out' or empty
        - `certainly_known`, `possibly_known`, `learned_afterwards` (ids): the matters
        - `recorded_with_another`, `recorded_with_one_it_can_be`, `recorded_with_none` (count; <NA>:
          no admissible chronology): how many of the others are recorded with another agency only,
          with one that can be this one, or with none
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.knowledge_by_agency(review)[["decision", "certainly_known", "agency"]].head(4)
           decision   certainly_known              agency
    0  closure-2014  (referral-2014,)  childrens-services
    1  closure-2014                ()              police
    2  closure-2014                ()         unspecified
    3  closure-2014     (worry-2014,)            school-x
    """
    cells, points, tables = knowledge(review), decisions(review), review.tables
    lists = {CERTAIN: "certainly_known", POSSIBLE: "possibly_known", LATER: "learned_afterwards"}
    counts = {
        OTHER: "recorded_with_another",
        WITH_ONE_IT_CAN_BE: "recorded_with_one_it_can_be",
        NOBODY: "recorded_with_none",
    }
    unnamed, labels = unnamed_agencies(tables), agency_labels(tables)
    matters_of = by_key(
        (tuple(key), matter)
        for matter, *key in rows_in(cells, "matter", "decision", "agency", "known")
    )
    for decision, decided, left_out in rows_in(
        points, "decision", "decided_by_ids", "left_out_ids"
    ):
        for agency, label in labels.items():
            part = "decided" if agency in decided else "left out" if agency in left_out else ""
            by_state = {
                state: matters_of.get((decision, agency, state), []) for state in (*lists, *counts)
            }
            refused = (decision, agency, NOT_ADMISSIBLE) in matters_of
            yield (
                *(decision, agency, label, agency not in unnamed, part),
                *(by_state[state] for state in lists),
                *(None if refused else len(by_state[state]) for state in counts),
                NOT_ADMISSIBLE if refused else "admissible",
            )
