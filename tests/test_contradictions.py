from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings

from brute_force import Event, Relation, coded, network, solutions, tables
from casechron.chronology import ContradictionError
from casechron.chronology.chronologies import solve
from casechron.chronology.conflicts import _minimal_set, conflicts, least_widening
from casechron.dates.policy import DatingPolicy
from chronology_cases import conflicting_statements
from thoroughly import examples


def contradictions(
    events: pd.DataFrame, relations: pd.DataFrame, policy: DatingPolicy | None = None
) -> pd.DataFrame:
    return conflicting_statements(solve(events, relations, policy))


FREE = range(
    -6, 11
)  # an event whose date is left out or widened falls in here; gaps and windows are within 4 days


def widened(event: Event, slack: int) -> Event:
    """Every bound of a date wider by so many days."""
    return event._replace(
        lo=event.lo - slack,
        start_hi=event.start_hi + slack,
        end_lo=event.end_lo - slack,
        hi=event.hi + slack,
    )


def can_hold(
    events: list[Event], relations: list[Relation], slack: dict[str, int] | None = None
) -> bool:
    """Whether any days satisfy everything, by search over days; each row with its own slack, None
    drops it."""
    slack = slack or {}
    domains = []
    for event in events:
        event = widened(event, slack.get(event.id, 0))
        domains.append(list(event.days()))
    ids = [event.id for event in events]
    # Relations that touch one event alone thin out its days before the product is tried.
    for at, name in enumerate(ids):
        own = [tie for tie in relations if tie.a == tie.b == name]
        domains[at] = [
            days
            for days in domains[at]
            if all(tie.holds({name: days}, slack.get(tie.id, 0)) for tie in own)
        ]
    return any(
        all(tie.holds(dict(zip(ids, days, strict=True)), slack.get(tie.id, 0)) for tie in relations)
        for days in itertools.product(*domains)
    )


def least_slack(events: list[Event], relations: list[Relation], row: str) -> int | None:
    """The least days of slack for one row that let everything hold; windows and gaps are so small
    that 12 suffice."""
    return next((days for days in range(13) if can_hold(events, relations, {row: days})), None)


def without_date(event: Event) -> Event:
    """An event whose date was left out: anywhere, with the points it had."""
    return event._replace(lo=FREE[0], start_hi=FREE[-1], end_lo=FREE[0], hi=FREE[-1])


@given(coded(undated=False, events=2, relations=4))
@settings(max_examples=examples(150), deadline=None)
def test_sets_are_minimal_disjoint_and_exactly_short(
    case: tuple[list[Event], list[Relation]],
) -> None:
    events, relations = case
    table = contradictions(*tables(events, relations))
    assert table.empty == bool(solutions(events, relations))
    assert not table["row"].duplicated().any()
    left_events, left_relations = events, relations
    for _, conflict in table.groupby("conflict"):
        rows = set(conflict["row"])

        def of(kept: set[str]) -> tuple[list[Event], list[Relation]]:
            return (
                [event if event.id in kept else without_date(event) for event in events],
                [tie for tie in relations if tie.id in kept],
            )

        assert not can_hold(*of(rows))
        for row in rows:
            assert can_hold(*of(rows - {row}))
        shorts = [least_slack(*of(rows), row) for row in rows]
        # Who has one bound in the contradiction has to give all that is missing; who gives at both
        # its ends, half of it.
        [short] = set(conflict["days_short"])
        most = max(days for days in shorts if days is not None)
        one_sided = any(
            tie.id in rows and tie.type in ("before", "not-after", "gap") for tie in relations
        )
        assert most <= short <= (most if one_sided else 2 * most)
        for row, alone in zip(conflict["row"], conflict["days_to_relax_alone"], strict=True):
            assert least_slack(events, relations, row) == (None if pd.isna(alone) else alone)
        left_events = [without_date(event) if event.id in rows else event for event in left_events]
        left_relations = [tie for tie in left_relations if tie.id not in rows]
    assert can_hold(left_events, left_relations)


def events_of(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["id", "date"], dtype="str")


def relations_of(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["id", "type", "from_event", "to_event"], dtype="str")


def test_two_conflicts_are_both_found_and_neither_relaxation_is_enough() -> None:
    events = events_of(
        ("a", "2018-03-05"), ("b", "2018-03-01"), ("c", "2018-04-08"), ("d", "2018-04-01")
    )
    table = contradictions(
        events, relations_of(("r1", "before", "a", "b"), ("r2", "not-after", "c", "d"))
    )
    assert table.groupby("conflict")["row"].apply(lambda rows: sorted(rows)).tolist() == [
        ["a", "b", "r1"],
        ["c", "d", "r2"],
    ]
    assert table["days_short"].tolist() == [5, 5, 5, 7, 7, 7]
    assert table["days_to_relax_alone"].isna().all()


def test_a_set_is_shortened_until_each_statement_counts() -> None:
    # All four are on one negative cycle, but 0 and 1 clash by themselves through their other
    # bounds.
    net = network(
        4,
        [
            (0, 1, None, 0, 0),
            (2, 3, 5, None, 0),
            (1, 2, None, 0, 1),
            (2, 3, None, 3, 1),
            (2, 3, None, 0, 2),
            (3, 0, None, -1, 3),
        ],
    )
    assert sorted(_minimal_set(net, (2, 3, 0, 1))) == [0, 1]
    # Without 1, statement 0 clashes with 2 alone; 3 is then in no conflict.
    assert [sorted(one.statements) for one in conflicts(net.without([1]))] == [[0, 2]]


def test_widening_counts_each_bound_that_gives_way() -> None:
    # Statement 0 is the window of 1 and 2 together: widening it gives at both ends of the gap.
    net = network(3, [(0, 1, 0, 3, 0), (0, 2, 0, 3, 0), (1, 2, 10, None, 1)])
    assert least_widening(net, 0) == 4
    assert least_widening(net, 1) == 7
    [one] = conflicts(net)
    assert (set(one.statements), one.days_short) == ({0, 1}, 7)


def test_where_all_give_at_both_ends_the_set_lacks_the_whole_and_each_gives_half() -> None:
    events = events_of(("a", "2018-03-01/2018-03-03"), ("b", "2018-03"))
    table = contradictions(events, relations_of(("r1", "same-day", "a", "b")))
    assert table[["row", "days_short", "days_to_relax_alone"]].values.tolist() == [
        ["a", 2, 1],
        ["r1", 2, 1],
    ]


def test_slack_of_the_policy_decides() -> None:
    events = events_of(("a", "2018-03-01"), ("b", "2018-03-13"))
    relations = relations_of(("r1", "gap", "a", "b")).assign(gap="P2W", meaning="rounded")
    assert contradictions(events, relations, DatingPolicy(duration_slack="none"))[
        "days_short"
    ].tolist() == [2, 2, 2]
    assert contradictions(events, relations).empty
    # What the source means as exact has no slack under either policy.
    assert len(contradictions(events, relations.assign(meaning="exact"))) == 3


def test_a_date_that_no_day_fits_under_a_policy_cannot_hold_by_itself() -> None:
    events = events_of(("a", "2013-23/2013-24"), ("b", "2013-10-01"))
    assert contradictions(events, relations_of()).empty
    [only] = contradictions(events, relations_of(), DatingPolicy(winter="ends")).to_dict("records")
    assert (only["row"], only["days_short"]) == ("a", 185)
    assert (only["days_to_relax_alone"], only["statement"]) == (
        93,
        "“a” starts and ends between 2013-09-01 and 2013-02-28 [2013-23/2013-24]",
    )


def test_a_minimal_network_is_refused_in_words() -> None:
    chronology = solve(
        events_of(("a", "2018-03-02"), ("b", "2018-03-01")),
        relations_of(("r1", "not-after", "a", "b")),
    )
    with pytest.raises(
        ContradictionError,
        match=r"^no admissible chronology\nthese 3 statements cannot hold together \(1 day",
    ):
        _ = chronology.minimal
