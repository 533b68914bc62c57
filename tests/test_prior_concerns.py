from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations_with_replacement, product

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import casechron as cc
from a_timed_review import EVENTS, nothing, review
from casechron.analysis import on_record
from casechron.chronology import solve
from involvement_cases import event, tables_of
from made_reviews import review_of
from real_reviews import real_tables
from thoroughly import examples

BASE = 736_700


def table(
    made: Callable[..., pd.DataFrame], tables: dict[str, pd.DataFrame], **named: object
) -> pd.DataFrame:
    return made(review_of(tables, solve(tables["events"], tables["relations"])), **named)


def shown(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return [
        tuple(None if value is pd.NA else value for value in row)
        for row in frame[list(columns)].itertuples(index=False)
    ]


def held(*concerns: str, role: str = "held") -> list[dict[str, str]]:
    """Children's services held each of these."""
    return [{"id": f"iv-{one}", "agency": "cs", "event": one, "role": role} for one in concerns]


def test_no_concern_is_counted_twice() -> None:
    # The incident stands in the notification that tells of it.
    assert [row[:3] for row in on_record.each_once(review(), ())] == [
        ("referral", 1, 1),
        ("referrals-more", 2, None),
        ("bruise", 1, 1),
        ("notification", 1, 1),
        ("breach", 1, 1),
    ]
    assert on_record.each_once(review(), ())[3].matters == ("notification", "incident")


def test_what_only_an_account_tells_is_on_record_from_the_account_on() -> None:
    events = [
        {"id": "blow", "date": "2016", "kind": "violence"},
        {"id": "telling", "date": "2018-05-01", "kind": "account"},
        {"id": "met", "date": "2017", "kind": "icpc"},
    ]
    links = [{"id": "l", "type": "tells-of", "from_row": "telling", "to_row": "blow"}]
    tables = review(events=events, links=links, relations=[], participation=[], involvement=[])
    assert shown(table(cc.concerns_before_decisions, tables), "concerns_min", "concerns_max") == [
        (0, 0)
    ]


def test_what_was_told_to_the_review_alone_was_not_on_record() -> None:
    involvement = [{"id": "iv", "agency": "cs", "event": "referral", "role": "learned-later"}]

    def concerns(rows: list[dict[str, str]]) -> set[str]:
        return {row.concern for row in on_record.each_once(review(involvement=rows), ())}

    assert "referral" not in concerns(involvement)
    both = [*involvement, {"id": "iv2", "agency": "cs", "event": "referral", "role": "received"}]
    assert "referral" in concerns(both)


def test_concerns_before_decisions_worked_by_hand() -> None:
    # The bruise has no date. 'At least two' referrals end by 31 May, the day before the strategy
    # discussion. Without a holder on record each of them is no more than possible.
    every = held("referral", "referrals-more", "bruise", "notification", "breach")
    names = ("decision", "concerns_min", "concerns_max", "concerns_possible", "certain", "possible")
    called = ("referral", "referrals-more")
    concerns = table(cc.concerns_before_decisions, review(involvement=every))
    assert shown(concerns, *names) == [
        ("nfa", 1, None, 6, ("bruise",), (*called, "notification", "breach")),
        ("strategy", 3, None, 4, called, ("bruise",)),
        ("conference", 4, None, 5, (*called, "notification"), ("bruise",)),
    ]
    concerns = table(cc.concerns_before_decisions, review(involvement=held("referral")))
    everything = (*called, "bruise", "notification", "breach")
    assert shown(concerns, *names) == [
        ("nfa", 0, None, 6, (), everything),
        ("strategy", 1, None, 4, ("referral",), ("referrals-more", "bruise")),
        ("conference", 1, None, 5, ("referral",), ("referrals-more", "bruise", "notification")),
    ]


@pytest.mark.parametrize(("least", "possible"), [("1", 1), ("2", 1), ("3", 2)])
def test_of_several_calls_of_which_the_last_came_after_a_decision_one_less_counts_at_most(
    least: str, possible: int
) -> None:
    # So many calls to four, the first on 10 January and the last on 20 September: by 1 June at
    # least the first had come, and at most all but the last.
    calls = {"id": "calls", "date": "2018-01-10/2018-09-20", "kind": "referral"}
    events = [
        calls | {"count_min": least, "count_max": "4"},
        {"id": "met", "date": "2018-06-01", "kind": "icpc"},
    ]
    tables = review(
        events=events, links=[], relations=[], participation=[], involvement=held("calls")
    )
    names = ("decision", "concerns_min", "concerns_max", "concerns_possible", "certain", "possible")
    assert shown(table(cc.concerns_before_decisions, tables), *names) == [
        ("met", 1, 3, possible, ("calls",), ("calls",))
    ]


def test_an_injury_that_is_not_the_end_of_the_account_is_a_concern() -> None:
    # The blow of 2016 and the undated one, certainly before the last injury, are concerns; the last
    # injury, and the undated one of which nothing says that it is another, are what it runs up to.
    events = [
        {"id": "blow", "date": "2016-03-01", "kind": "harm-to-child"},
        {"id": "undated-blow", "date": "", "kind": "harm-to-child"},
        {"id": "met", "date": "2017-05-01", "kind": "icpc"},
        {"id": "killing", "date": "", "kind": "harm-to-child"},
        {"id": "harm", "date": "2018-02-01", "kind": "harm-to-child"},
    ]
    relations = [
        {"id": "r", "type": "before", "from_event": "undated-blow", "to_event": "harm"},
        {"id": "r2", "type": "not-after", "from_event": "killing", "to_event": "harm"},
    ]
    involvement = held("blow", "undated-blow", "killing", "harm")
    tables = review(
        events=events, links=[], relations=relations, participation=[], involvement=involvement
    )
    columns = ("concerns_min", "concerns_max", "certain", "possible")
    assert shown(table(cc.concerns_before_decisions, tables), *columns) == [
        (1, 2, ("blow",), ("undated-blow",))
    ]
    waits = table(cc.response_gaps, tables)
    assert waits.loc[waits["state"] == "the end of the account", "concern"].tolist() == [
        "killing",
        "harm",
    ]
    assert table(cc.said_before_harm, tables, months=24)["event"].tolist() == [
        "blow",
        "undated-blow",
    ]


def test_first_concern_to_first_step_worked_by_hand() -> None:
    # The first step is the conference (20 to 25 June), the first concern the referral of 5 March or
    # the undated bruise.
    waits = table(cc.first_concern_to_first_step, review())
    steps = ("conference", "plan")
    assert shown(
        waits, "scope", "first_concern", "first_step", "known", "days_min", "days_max"
    ) == [
        ("any concern", ("referral", "bruise"), steps, "at least", 107, None),
        ("concerns passed on", ("referral",), steps, "between", 107, 112),
    ]


def test_the_first_concern_is_named_by_the_row_from_which_the_days_run() -> None:
    """The call of 1 March, held by a school, of which a referral tells on the 11th: to a conference
    on the 31st it is 30 days. By what was passed on it is 20 days, from the referral."""
    events = [
        {"id": "seen", "date": "2018-03-01", "kind": "concern"},
        {"id": "referral", "date": "2018-03-11", "kind": "referral"},
        {"id": "conference", "date": "2018-03-31", "kind": "icpc"},
    ]
    tables = review(
        events=events,
        links=[{"id": "l", "type": "tells-of", "from_row": "referral", "to_row": "seen"}],
        relations=[],
        participation=[],
        involvement=[*held("seen"), *held("referral", role="received")],
    )
    first = table(cc.first_concern_to_first_step, tables)
    columns = ("first_concern", "days_min", "days_max", "working_days_min", "working_days_max")
    # Good Friday was 30 March; the 31st a Saturday, the 11th a Sunday.
    assert shown(first, *columns) == [
        (("seen",), 30, 30, 20, 20),
        (("referral",), 20, 20, 14, 14),
    ]


def test_from_a_day_on_which_nobody_is_said_to_have_known_no_working_days_are_told() -> None:
    """No agency is coded with the call of 1 March, so it can have come on record on any later day:
    no more than 30 days before the conference, and on no day between which working days run."""
    events = [
        {"id": "call", "date": "2018-03-01", "kind": "referral"},
        {"id": "conference", "date": "2018-03-31", "kind": "icpc"},
    ]
    tables = review(events=events, links=[], relations=[], participation=[], involvement=[])
    first = table(cc.first_concern_to_first_step, tables)
    columns = ("known", "days_min", "days_max", "working_days_min", "working_days_max")
    assert shown(first, *columns)[0] == ("at most", None, 30, None, None)


@pytest.mark.parametrize(("received", "most"), [(False, 121), (True, None)])
def test_what_a_visit_finds_is_passed_on_to_nobody(received: bool, most: int | None) -> None:
    events = [
        {"id": "call", "date": "2018-03-01", "kind": "referral"},
        {"id": "visit", "kind": "visit"},
        {"id": "stay", "kind": "bruising"},
        {"id": "conference", "date": "2018-06-30", "kind": "icpc"},
    ]
    links = [{"id": "l", "type": "tells-of", "from_row": "visit", "to_row": "stay"}]
    involvement = [
        *held("call", role="received"),
        *held("visit", role="received" if received else "provided"),
    ]
    tables = review(
        events=events, links=links, relations=[], participation=[], involvement=involvement
    )
    waits = table(cc.first_concern_to_first_step, tables)
    assert shown(waits, "scope", "days_max")[1] == ("concerns passed on", most)


def test_what_occurred_once_is_certainly_on_record_or_possibly_and_not_both() -> None:
    # The school held the bruise ten days before the closure, and told of it a week after; what it
    # saw from June on it held from the first day on, though it ended later.
    tables = review(
        events=[
            {"id": "closed", "date": "2020-07-20", "kind": "closure"},
            {"id": "bruise", "date": "2020-07-10", "kind": "bruising"},
            {"id": "told", "date": "2020-07-27", "kind": "notification"},
            {"id": "lasts", "date": "2020-06/2020-08", "kind": "concern"},
            {"id": "perhaps", "date": "[2020-07-10..2020-07-30]", "kind": "bruising"},
        ],
        relations=[],
        links=[{"id": "l", "type": "tells-of", "from_row": "told", "to_row": "bruise"}],
        participation=[],
        involvement=held("bruise", "lasts", "perhaps"),
    )
    counts = table(cc.concerns_before_decisions, tables)
    assert shown(counts, "certain", "possible") == [(("told", "lasts"), ("perhaps",))]


def test_closures_worked_by_hand() -> None:
    events = [
        {"id": "closed", "date": "2018-01-10", "kind": "closure"},
        {"id": "soon", "date": "[2018-01-15..2018-01-20]", "kind": "referral"},
        {"id": "late", "date": "2018-03-01", "kind": "referral"},
        {"id": "ever", "kind": "bruising"},
    ]
    tables = review(
        events=events,
        relations=[],
        links=[],
        participation=[],
        involvement=held("soon", "late", "ever"),
    )
    assert shown(
        table(cc.closures_and_next_concern, tables),
        "next_concern",
        "known",
        "days_min",
        "days_max",
        "can_come_first",
    ) == [("soon", "between", 1, 10, ("ever",))]
    tables = review(
        events=events[:3],
        relations=[],
        links=[],
        participation=[],
        involvement=held("soon", "late", "ever"),
    )
    assert shown(
        table(cc.closures_and_next_concern, tables),
        "next_concern",
        "days_min",
        "days_max",
        "can_come_first",
    ) == [("soon", 5, 10, ())]
    tables = review(
        events=[events[0], events[3]],
        relations=[],
        links=[],
        participation=[],
        involvement=held("soon", "late", "ever"),
    )
    assert shown(
        table(cc.closures_and_next_concern, tables), "next_concern", "known", "days_min", "days_max"
    ) == [("", "nothing", None, None)]


@pytest.mark.parametrize("date", ["", "2018-01-10"])
@pytest.mark.parametrize(("type", "known"), [("before", "only an order"), ("not-after", "nothing")])
def test_that_a_concern_came_after_a_closure_is_no_number_of_days(
    date: str, type: str, known: str
) -> None:
    """One day at the least is what 'after' says. A concern that need not come later says less."""
    tables = review(
        events=[
            {"id": "closed", "date": date, "kind": "closure"},
            {"id": "worry", "kind": "bruising"},
        ],
        relations=[{"id": "r", "type": type, "from_event": "closed", "to_event": "worry"}],
        links=[],
        participation=[],
        involvement=held("worry"),
    )
    closures = table(cc.closures_and_next_concern, tables)
    assert shown(closures, "known", "days_min", "days_max") == [(known, None, None)]
    assert "next concern after a closure" not in [*table(cc.sensitivity, tables)["about"]]


def as_told(least: int | None, most: object) -> int | None:
    """The least days as they are told: of one or more that have no most none."""
    return None if (least, most) == (1, None) else least


def test_days_to_the_next_concern_are_those_of_a_date_with_holes() -> None:
    # On the 2nd or the 8th of April, and the case was closed on the 6th: only the 8th is later.
    events = [
        {"id": "closed", "date": "2021-04-06", "kind": "closure"},
        {"id": "worry", "date": "[2021-04-02,2021-04-08]", "kind": "bruising"},
    ]
    tables = review(
        events=events, relations=[], links=[], participation=[], involvement=held("worry")
    )
    closures = table(cc.closures_and_next_concern, tables)
    assert shown(closures, "known", "days_min", "can_come_first") == [("at least", 2, ("worry",))]


@pytest.mark.parametrize(("role", "days"), [("told", 42), ("subject", 1)])
def test_what_a_person_told_an_agency_came_on_record_on_that_day(role: str, days: int) -> None:
    """The grandmother's word to the school before Christmas is not first heard two years later, as
    an incident can be of which it is only said that the school was told."""
    events = [
        {"id": "word", "date": "[2019-10..2019-12-24]", "kind": "concern"},
        {"id": "closed", "date": "2021-09-30", "kind": "closure"},
        {"id": "cold", "date": "2021-11-11", "kind": "concern"},
    ]
    part = {"id": "p", "person": "x", "event": "word", "role": role}
    involved = [*held("cold"), *held("word", role="received")]
    tables = review(
        events=events, relations=[], links=[], participation=[part], involvement=involved
    )
    closures = table(cc.closures_and_next_concern, tables)
    assert shown(closures, "next_concern", "days_min", "days_max") == [("cold", days, 42)]


def test_steps_before_harm_worked_by_hand() -> None:
    steps = table(cc.steps_before_harm, review())
    assert shown(steps, "step", "to_event", "days_min", "days_max", "step_first") == [
        ("conference", "admission", 57, 72, "66 of 66 date pairs"),
        ("plan", "admission", 57, 72, "66 of 66 date pairs"),
    ]


def test_what_had_been_said_depends_on_the_months() -> None:
    one = table(cc.said_before_harm, review(), months=1)
    assert shown(one, "event", "within") == [("bruise", "not dated"), ("breach", "certain")]
    three = dict(shown(table(cc.said_before_harm, review(), months=3), "event", "within"))
    # 31 May to 31 August is three months, 31 May to 21 August less; 4 June is certain.
    assert three == {
        "referrals-more": "possible",
        "bruise": "not dated",
        "notification": "certain",
        "incident": "certain",
        "breach": "certain",
    }
    assert set(table(cc.said_before_harm, review(), months=12)["event"]) >= {
        "referral",
        "referrals-more",
    }


@pytest.mark.parametrize(
    ("calls", "within", "share"),
    [
        ("{2018-06-01,2018-06-15}", "certain", "1 of 1 date pairs"),
        # On the day on which the account ends.
        ("{2018-06-15,2018-06-15}", "certain", "1 of 1 date pairs"),
        # The first before these months, the last after the account: one can have come between.
        ("{2018-06-01,2018-06-20}", "possible", "0 of 1 date pairs"),
    ],
)
def test_what_had_been_said_several_times_counts_by_its_first_and_its_last_day(
    calls: str, within: str, share: str
) -> None:
    events = [
        {"id": "calls", "kind": "emergency-call", "date": calls, "count_min": "2"},
        {"id": "harm", "kind": "harm-to-child", "date": "2018-06-15"},
    ]
    tables = review(events=events, relations=[], links=[], participation=[], involvement=[])
    said = table(cc.said_before_harm, tables, months=0)
    assert shown(said, "event", "within", "share") == [("calls", within, share)]


@pytest.mark.parametrize(("order", "least"), [("before", 1), ("not-after", 0)])
def test_days_beside_an_age_are_wider_and_keep_the_order(order: str, least: int) -> None:
    pair = {"from_event": "meet", "to_event": "care"}

    def days(age: str) -> tuple[int, int, bool]:
        tables = tables_of(
            people=[{"id": "x", "label": "X", "kinship": "child"}],
            events=[
                event("meet", "icpc", "[2018-10-25..2018-11-05]"),
                event("care", "admission", "2018-11"),
            ],
            participation=[
                {"id": "p", "event": "care", "person": "x", "role": "subject", "status": "reported"}
            ],
            attributes=[{"id": "a", "row": "x", "attribute": "age-months", "value": age}],
            relations=[
                {"id": "r", "type": order, **pair},
                {"id": "s", "type": "gap", "gap": "P2W", "meaning": "at-most", **pair},
            ],
        )
        both = [table(ask, tables) for ask in (cc.steps_before_harm, cc.turning_point_gaps)]
        (step,), (turn,) = (shown(one, "days_min", "days_max", "beside_an_age") for one in both)
        assert step == turn
        return step

    # Two weeks at most; beside the age 25 October to 30 November, and never the other way round:
    # then the tables say that the days are wider.
    assert days("12 (in May 2017)") == (least, 14, False)
    assert days("4 (in November 2018)") == (least, 36, True)


def test_child_w_and_child_a() -> None:
    w, a = (real_tables(name) for name in ("child-w-manchester-2020", "child-a-haringey-2008"))
    # The enquiries came a day before the conference, which was on 30 September at the latest, so
    # from 21 August to 29 September; the admission stands beside an age, and is told as November.
    assert shown(table(cc.steps_before_harm, w), "step", "to_event", "days_min", "days_max")[1] == (
        "section-47",
        "admission-w",
        33,
        101,
    )
    assert shown(table(cc.first_concern_to_first_step, a), "days_min", "days_max") == [
        (63, 63),
        (4, 4),
    ]
    assert shown(table(cc.concerns_before_decisions, a), "concerns_min", "concerns_max") == [
        *[(2, 2)] * 4,
        (4, 4),
    ]
    assert "harm-w" not in set(table(cc.said_before_harm, w, months=12)["event"])


@pytest.mark.parametrize(
    ("made", "said_in", "rows"),
    [
        (cc.concerns_before_decisions, "status", 3),
        (cc.closures_and_next_concern, "known", 0),
        (cc.said_before_harm, "within", 6),
    ],
)
def test_contradictions_and_empty_tables(
    made: Callable[..., pd.DataFrame], said_in: str, rows: int
) -> None:
    assert table(made, nothing()).empty
    clash = review(
        relations=[{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]
    )
    contradictory = table(made, clash)
    assert set(contradictory[said_in]) <= {"no admissible chronology"}
    assert len(contradictory) == rows
    # No number and no row is told of a chronology that there is not.
    counts = contradictory.filter(regex="^(concerns|days)_m|possible$|certain$|can_come_first")
    assert {str(each) for each in counts.to_numpy().ravel()} <= {"<NA>", "()"}


def test_first_and_steps_where_nothing_holds_or_nothing_is() -> None:
    clash = review(
        relations=[{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]
    )
    assert set(table(cc.first_concern_to_first_step, clash)["known"]) == {
        "no admissible chronology"
    }
    assert set(table(cc.steps_before_harm, clash)["known"]) == {"no admissible chronology"}
    assert set(table(cc.first_concern_to_first_step, nothing())["known"]) == {"nothing"}
    undated = review(events=[{**row, "date": ""} for row in EVENTS], relations=[])
    assert set(table(cc.first_concern_to_first_step, undated)["known"]) == {"nothing"}


def day(number: int) -> str:
    from casechron.dates.days import day_text

    return day_text(BASE + number)


windows = st.tuples(st.integers(0, 5), st.integers(0, 2))


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(windows, min_size=4, max_size=4),
    st.lists(
        st.sampled_from([(0, 2), (1, 3), (0, 3), (2, 3), (1, 2), (2, 0), (3, 1)]),
        max_size=3,
        unique=True,
    ),
)
@example([(0, 2), (1, 0), (1, 1), (5, 0)], [(2, 0)])
@example([(0, 2), (1, 0), (1, 1), (5, 0)], [(2, 0), (0, 2)])
def test_counts_and_spans_are_those_of_all_admissible_chronologies(
    spans: list[tuple[int, int]], before: list[tuple[int, int]]
) -> None:
    kinds = ("referral", "referral", "icpc", "section-47")
    events = [
        {"id": f"e{at}", "kind": kind, "date": f"[{day(low)}..{day(low + width)}]"}
        for at, (kind, (low, width)) in enumerate(zip(kinds, spans, strict=True))
    ]
    relations = [
        {"id": f"r{at}", "type": "not-after", "from_event": f"e{i}", "to_event": f"e{j}"}
        for at, (i, j) in enumerate(before)
    ]
    involvement = held("e0", "e1", role="received")
    tables = review(
        events=events, relations=relations, links=[], participation=[], involvement=involvement
    )
    admitted = [
        days
        for days in product(*(range(low, low + width + 1) for low, width in spans))
        if all(days[i] <= days[j] for i, j in before)
    ]
    counts = table(cc.concerns_before_decisions, tables)
    first = table(cc.first_concern_to_first_step, tables).iloc[0]
    if not admitted:
        assert set(counts["status"]) == {"no admissible chronology"}
        return
    # What orders put after a decision, and not on its very day, came after it on its day too.
    order = {(one, one) for one in range(4)} | {*before}
    for middle in range(4):
        ends = product(range(4), range(4))
        order |= {(i, j) for i, j in ends if {(i, middle), (middle, j)} <= order}
    for place, decision in enumerate((2, 3)):
        by_then = [
            one for one in (0, 1) if (decision, one) not in order or (one, decision) in order
        ]
        seen = [sum(days[one] <= days[decision] for one in by_then) for days in admitted]
        assert (counts["concerns_min"].iloc[place], counts["concerns_max"].iloc[place]) == (
            min(seen),
            max(seen),
        )
    gaps = [min(days[2], days[3]) - min(days[0], days[1]) for days in admitted]
    assert (first["days_min"], first["days_max"]) == (min(gaps), max(gaps))


#: How often a concern occurred, as coded, and as often as it is tried.
OFTEN = {("", ""): (1,), ("2", "2"): (2,), ("3", "3"): (3,), ("1", "2"): (1, 2), ("2", ""): (2, 3)}


# The last two draw a date with holes of which only the later days are after the closure.
@pytest.mark.parametrize("seed", [*range(60), 105, 483])
def test_the_next_concern_after_a_closure_is_that_of_all_days_tried(seed: int) -> None:
    """Every occurrence of each concern on every day of its window, and the closure on each of its
    own."""
    draw = random.Random(seed)
    events, tried = [], []
    for at in range(draw.choice((1, 1, 2))):
        first = draw.randint(1, 9)
        last, often = first + draw.randint(0, 6), draw.choice(list(OFTEN))
        apart = bool(often[0]) and draw.random() < 0.7
        begins, ended = f"2018-01-{first:02}", f"2018-01-{last:02}"
        events.append(
            {
                "id": f"worry-{at}",
                "date": f"{begins}/{ended}" if apart else f"[{begins}..{ended}]",
                "kind": "bruising",
                **dict(zip(("count_min", "count_max"), often, strict=True)),
            }
        )
        days, known = list(range(first, last + 1)), [{first}, {first, last}]
        if not apart and often != ("2", "") and seed % 2:  # some of these days, with holes
            days = sorted(draw.sample(days, min(len(days), 2)))
            some = ",".join(f"2018-01-{one:02}" for one in days)
            events[-1]["date"] = f"[{some}]"
        chosen = [one for n in OFTEN[often] for one in combinations_with_replacement(days, n)]
        # From one day to another: the first and, of several, the last occurrence were on these.
        tried.append(
            [one for one in chosen if not apart or {one[0], one[-1]} == known[len(one) > 1]]
        )
    opens, ends = 6, 6 + seed % 3
    closed = {"id": "closed", "date": f"[2018-01-{opens:02}..2018-01-{ends:02}]", "kind": "closure"}
    known = held(*(one["id"] for one in events))
    tables = review(
        events=[closed, *events], relations=[], links=[], participation=[], involvement=known
    )
    waits = [
        min((day - end for days in chosen for day in days if day > end), default=None)
        for end in range(opens, ends + 1)
        for chosen in product(*tried)
    ]
    closures = table(cc.closures_and_next_concern, tables)
    ((least, most),) = shown(closures, "days_min", "days_max")
    later = [one for one in waits if one is not None]
    assert least == as_told(min(later, default=None), most)
    # Whether one certainly follows, and by when: of several, one can have to come that need not.
    assert (most is None) >= (len(later) < len(waits))
    assert most is None or most == max(later)


@pytest.mark.parametrize("seed", range(60))
def test_the_most_days_to_the_next_concern_are_those_of_whichever_comes_first(seed: int) -> None:
    """Three concerns and a closure, each on every day of its window; one is told in another, and
    two are in order."""
    draw = random.Random(seed)
    spans = [(first, first + draw.randint(0, 6)) for first in (draw.randint(1, 12) for _ in "123")]
    spans.append((opens := draw.randint(2, 6), opens + draw.randint(0, 4)))
    names = ("a", "b", "c", "closed")
    events = [
        {"id": name, "kind": "bruising", "date": f"[2018-01-{low:02}..2018-01-{high:02}]"}
        for name, (low, high) in zip(names, spans, strict=True)
    ]
    events[-1]["kind"] = "closure"
    early, late = draw.sample(range(4), 2)
    order = {"id": "r", "type": "not-after", "from_event": names[early], "to_event": names[late]}
    telling, told = draw.sample(names[:3], 2)
    tables = review(
        events=events,
        relations=[order],
        links=[{"id": "t", "type": "tells-of", "from_row": telling, "to_row": told}],
        participation=[],
        involvement=held(*names[:3]),
    )
    tried = [
        days
        for days in product(*(range(low, high + 1) for low, high in spans))
        if days[early] <= days[late]
    ]
    closures = table(cc.closures_and_next_concern, tables)
    if not tried:
        assert shown(closures, "known") == [("no admissible chronology",)]
        return
    waits = [
        min((day - closed for day in days if day > closed), default=None) for *days, closed in tried
    ]
    later = [one for one in waits if one is not None]
    ((least, most),) = shown(closures, "days_min", "days_max")
    assert least == as_told(min(later, default=None), most)
    # By when there has to be one is told where one alone certainly comes later.
    sure = any(all(days[at] > days[3] for days in tried) for at in range(3))
    assert most == (max(later) if sure else None)


def test_what_is_told_after_a_closure_is_the_next_concern_also_of_what_came_before_it() -> None:
    """Held by one agency on 20 August, told to another on 30 October: 62 days after 29 August."""
    events = [
        {"id": "alone", "kind": "concern", "date": "2014-08-20"},
        {"id": "closed", "kind": "closure", "date": "2014-08-29"},
        {"id": "told", "kind": "notification", "date": "2014-10-30"},
        {"id": "later", "kind": "referral", "date": "2015-01-08"},
    ]
    tables = review(
        events=events,
        relations=[],
        links=[{"id": "t", "type": "tells-of", "from_row": "told", "to_row": "alone"}],
        participation=[],
        involvement=held("alone", "told", "later"),
    )
    closures = table(cc.closures_and_next_concern, tables)
    assert shown(closures, "next_concern", "days_min", "days_max") == [("told", 62, 62)]
    # Where the day of the closure is open from 2 January to 31 August: from the 2nd to the first,
    # which may have been found on the day before or be the last of several calls since 30 June.
    calls = {"id": "calls", "kind": "emergency-call", "date": "{2014-06..2014-08}"}
    calls |= {"count_min": "2", "count_max": ""}
    events[1]["date"] = "[2014-01-02..2014-08-31]"
    tables = review(
        events=[*events, calls],
        relations=[],
        links=[],
        participation=[],
        involvement=held("alone", "told", "later", "calls"),
    )
    closures = table(cc.closures_and_next_concern, tables)
    assert shown(closures, "next_concern", "days_min", "days_max") == [("told", 1, 179)]
