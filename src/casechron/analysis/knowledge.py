"""What could each agency have known, and since when? Derived from the coding alone, row by row.

Nothing here says what anybody knew: it says what the source lets an agency have held, by taking
part, by receiving and by being told, and leaves everything open that the dates leave open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from casechron.analysis.columns import by_key, ids_where, kept, rows_in
from casechron.analysis.concerns import (
    end_event,
    end_events,
)
from casechron.analysis.decisions import (
    Then,
    answered_by,
    decisions,
    in_time,
)
from casechron.analysis.judgements import bases, firmest, weakest
from casechron.analysis.knowledge_paths import Way, matters, ways
from casechron.analysis.parties import (
    agency_labels,
    can_be,
    unnamed_agencies,
)
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.chronology.network import closed
from casechron.review import Review, varied

__all__ = ["knowledge", "knowledge_by_agency"]


CERTAIN = "certainly known"
POSSIBLE = "possibly known"
LATER = "learned only afterwards"
# Where a matter is recorded says nothing of who lacked it, so these say 'recorded'. What the source
# does not name can be anybody, and so is never another agency.
OTHER = "recorded with another agency only, certainly or possibly by then"
UNNAMED = "recorded with an agency that can be this one, certainly or possibly by then"
NOBODY = "not recorded with any agency"
#: What is said of a matter at a decision, for one agency or for those who decided.
STATES = (CERTAIN, POSSIBLE, OTHER, UNNAMED, NOBODY, LATER)
#: Of those who decided alone, where the source names none of them.
NOT_STATED = "who decided is not stated"
#: What is said of a matter for those who decided.
AMONG = (*STATES, NOT_STATED)

_COLUMNS = (
    *("decision", "agency", "agency_label", "named", "matter", "summary", "counted_as"),
    *("had_come_about", "known", "by", "basis", "others", "decided", "left_out", "rows"),
)
_FLAGS = ("named", "decided", "left_out")
#: In the column `only_as_judged`; a cell that does not lean on judged orders is empty.
YES = "yes"
_KEY = ("decision", "agency", "matter")


@kept
def knowledge(review: Review) -> pd.DataFrame:
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
        - `basis` (text): how firm the firmest of them is: 'stated', 'derived' or 'judged'
        - `others` (text): the other agencies that knew, and how certainly
        - `decided`, `left_out` (True or False): whether the agency was among those who decided, and
          whether the review says that it was left out there
        - `rows` (text): the ids of the rows behind the ways
        - `only_as_judged` (text): 'yes' where 'certainly known' needs orders that only the coder
          judged

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
    tables, chronology = review.tables, review.chronology
    cells = _cells(review)
    orders = ids_where(tables["relations"], "basis", {"judged"})
    certain = cells["known"] == CERTAIN
    still: set[tuple[str, ...]] = set(rows_in(cells[certain], *_KEY))
    if orders and chronology.admissible:
        without = _cells(varied(review, tables, chronology.without(orders)))
        still = set(rows_in(without[without["known"] == CERTAIN], *_KEY))
    leans = (
        YES if sure and key not in still else ""
        for sure, key in zip(certain, rows_in(cells, *_KEY), strict=True)
    )
    return cells.assign(only_as_judged=texts(leans))


def _cells(review: Review) -> pd.DataFrame:
    """The table of `knowledge`, without its last column.

    Method: a network of differences between days is closed under the earlier and the later of two
    solutions, so a way is in time in every chronology exactly if each step of it is, and one of
    several ways is exactly if one of them is: pairs of events in the minimal network are enough.
    Source: Dechter, Meiri and Pearl 1991 (theorem 3.3); Jeavons and Cooper 1995, Tractable
    constraints on ordered domains, Artificial Intelligence 79, 327-339 (closure under min and max).
    """
    tables, chronology = review.tables, review.chronology
    points = decisions(review)
    ids = list(points["decision"])
    labels, unnamed, same = agency_labels(tables), unnamed_agencies(tables), can_be(tables)
    subjects = matters(tables)
    ways_of = by_key(((way.matter, way.agency), way) for way in ways(tables))
    when = (
        in_time(chronology, ids, answered_by(tables), end_event(tables))
        if chronology.admissible
        else None
    )
    left_open = open_first_days(chronology)
    unsure = only_if_certain(chronology, next(iter(end_events(tables)), ""))
    tie = dict(zip(tables["links"]["id"], tables["links"]["type"], strict=True))
    basis = bases(tables)
    rows: list[tuple[str | bool, ...]] = []
    for column, (decision, deciders, missing) in enumerate(
        zip(ids, points["decided_by_ids"], points["left_out_ids"], strict=True)
    ):
        then = when and when.at(column)
        decided, left_out = deciders.split("; "), missing.split("; ")
        for matter, summary, counted in zip(
            subjects["matter"], subjects["summary"], subjects["counted_as"], strict=True
        ):
            open_side = matter in unsure or decision in left_open
            come = come_about(then, matter, open_side)
            if not come:
                continue
            states = {
                agency: held_state(ways_of.get((matter, agency), []), then)
                for agency in labels
                if not when or (matter, agency) in ways_of
            }
            known_by = {
                agency: labels[agency] + (" (possibly)" if states[agency][0] == POSSIBLE else "")
                for agency in labels
                if agency in states and states[agency][0] in (CERTAIN, POSSIBLE)
            }
            holders = frozenset(known_by)
            for agency, label in labels.items():
                state, ground = states.get(agency, ("", []))
                rows.append(
                    (
                        *(decision, agency, label, agency not in unnamed),
                        *(matter, summary, counted, come),
                        state or _elsewhere(same[agency], holders),
                        "; ".join(_by(way, tie) for way in ground),
                        firmest(weakest(*map(basis.__getitem__, way.rows)) for way in ground),
                        "; ".join(
                            words
                            for agency_knowing, words in known_by.items()
                            if agency_knowing != agency
                        ),
                        *(agency in decided, agency in left_out),
                        "; ".join(dict.fromkeys(row for way in ground for row in way.rows)),
                    )
                )
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype({name: "bool" if name in _FLAGS else "str" for name in _COLUMNS})


def _how(way: Way, tie: Mapping[str, str]) -> str:
    through = {tie.get(row, "") for row in way.rows[1:]}
    if way.undated:
        return "not said when"
    for tie_type, words in (
        ("tells-of", "told"),
        ("answers", "answered it"),
        ("part-of", "counted together"),
    ):
        if tie_type in through:
            return words
    return "took part or held"


def _by(way: Way, tie: Mapping[str, str]) -> str:
    return f"{_how(way, tie)} ({', then '.join(step for step, _ in way.steps)})"


def open_first_days(chronology: Chronology) -> set[str]:
    """Events whose first day their coding leaves open on a side (`Chronology.open_sides`): that
    they had come about by some other day is certain, or nothing is said of it."""
    first = chronology.dated_windows[:, :2].tolist()
    return {
        event
        for event, days in zip(chronology.events, first, strict=True)
        if None in map(closed, days)
    }


def only_if_certain(chronology: Chronology, end: str) -> set[str]:
    """Events that had come about by a decision certainly, or nothing is said of it: those of
    `open_first_days`; what somebody did not do, which has dates but no order; and what came no
    earlier than the `end` to which the account runs (of `concerns.end_events` the first)."""
    lowered = chronology.lowered
    rows = {row.id for row in lowered.events if row.absence}
    if end and chronology.admissible:
        after = chronology.furthest[0::2, 2 * lowered.place[end]] <= 0
        rows |= {row for row, certain in zip(chronology.events, after, strict=True) if certain}
    return rows | open_first_days(chronology)


def come_about(then: Then | None, matter: str, left_open: bool) -> str:
    """Whether a matter had come about by a decision, 'certainly' or 'possibly'; '' if it had not.

    `then` is `decisions.InTime.at` the decision, None where no chronology is admissible;
    `left_open` says whether one of the two is open on a side, or the matter one of
    `only_if_certain`."""
    if then is None:
        return NOT_ADMISSIBLE
    if (matter, False) in then.certain:
        return "certainly"
    return "possibly" if (matter, False) in then.possible and not left_open else ""


def held_state(held: Iterable[Way], then: Then | None) -> tuple[str, list[Way]]:
    """Whether an agency held a matter at a decision, and by which of its ways to the matter.

    `then` is `decisions.InTime.at` the decision, None where no chronology is admissible. The state
    is empty where it did not hold it by then."""
    held = list(held)
    if then is None:
        return NOT_ADMISSIBLE, held
    at_the_time = [way for way in held if not way.later]
    if certain := [
        way for way in at_the_time if not way.undated and then.certain.issuperset(way.steps)
    ]:
        return CERTAIN, certain
    if possible := [way for way in at_the_time if then.possible.issuperset(way.steps)]:
        return POSSIBLE, possible
    later = [way for way in held if way.later]
    return (LATER, later) if later else ("", [])


def state_among(
    deciders: Collection[str],
    held: Mapping[str, str],
    same: Mapping[str, frozenset[str]],
    unnamed: Collection[str],
) -> str:
    """What is said of a matter for those who decided, in the words of `AMONG`.

    `held` has the state of each agency that held it, then or later; `same` is `parties.can_be`. A
    row for what the source does not name can stand for another agency each time: that it decided,
    and that it held a matter, does not say that those who decided held it, nor that they did not.

    >>> same = {"cs": frozenset({"x"}), "gp": frozenset({"x"}), "x": frozenset({"cs", "gp"})}
    >>> state_among(["cs"], {"gp": CERTAIN}, same, {"x"})
    'recorded with another agency only, certainly or possibly by then'
    >>> state_among(["cs", "x"], {"x": CERTAIN}, same, {"x"})
    'recorded with an agency that can be this one, certainly or possibly by then'
    """
    states = {held.get(agency, "") for agency in deciders if agency not in unnamed}
    for state in (CERTAIN, POSSIBLE):
        if state in states:
            return state
    holders = frozenset(agency for agency, state in held.items() if state in (CERTAIN, POSSIBLE))
    if not deciders:
        return NOT_STATED if holders else NOBODY
    if LATER in states:
        return LATER
    either = frozenset().union(*(same[agency] for agency in deciders))
    return _elsewhere(either | (set(deciders) & set(unnamed)), holders)


def _elsewhere(same: frozenset[str], holders: frozenset[str]) -> str:
    """Where a matter is recorded that an agency did not hold, as recorded; `same` are the rows that
    can be the same body."""
    return NOBODY if not holders else UNNAMED if same & holders else OTHER


@kept
def knowledge_by_agency(review: Review) -> pd.DataFrame:
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
        - `certainly_known`, `possibly_known`, `learned_afterwards` (text): the ids of the matters
        - `recorded_with_another`, `recorded_with_one_it_can_be`, `recorded_with_none` (count; <NA>:
          no admissible chronology): how many of the others are recorded with another agency only,
          with one that can be this one, or with none
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.knowledge_by_agency(review)[["decision", "certainly_known", "agency"]].head(4)
           decision certainly_known              agency
    0  closure-2014   referral-2014  childrens-services
    1  closure-2014                              police
    2  closure-2014                         unspecified
    3  closure-2014      worry-2014            school-x
    """
    cells, points, tables = knowledge(review), decisions(review), review.tables
    lists = {CERTAIN: "certainly_known", POSSIBLE: "possibly_known", LATER: "learned_afterwards"}
    counts = {
        OTHER: "recorded_with_another",
        UNNAMED: "recorded_with_one_it_can_be",
        NOBODY: "recorded_with_none",
    }
    unnamed = unnamed_agencies(tables)
    matters_of = by_key(
        ((decision, agency, known), matter)
        for decision, agency, known, matter in rows_in(
            cells, "decision", "agency", "known", "matter"
        )
    )
    rows: list[dict[str, object]] = []
    for decision, decided, missing in rows_in(points, "decision", "decided_by_ids", "left_out_ids"):
        for agency, label in agency_labels(tables).items():
            by_state = {
                known: matters_of.get((decision, agency, known), []) for known in (*lists, *counts)
            }
            refused = (decision, agency, NOT_ADMISSIBLE) in matters_of
            rows.append(
                {
                    "decision": decision,
                    "agency": agency,
                    "agency_label": label,
                    "named": agency not in unnamed,
                    "part": "decided" * (agency in decided.split("; "))
                    or "left out" * (agency in missing.split("; ")),
                    **{name: "; ".join(by_state[state]) for state, name in lists.items()},
                    **{
                        name: None if refused else len(by_state[state])
                        for state, name in counts.items()
                    },
                    "status": NOT_ADMISSIBLE if refused else "admissible",
                }
            )
    types = dict.fromkeys(("decision", "agency", "agency_label"), "str")
    types |= {"named": "bool", **dict.fromkeys(("part", *lists.values()), "str")}
    types |= {**dict.fromkeys(counts.values(), "Int64"), "status": "str"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)
