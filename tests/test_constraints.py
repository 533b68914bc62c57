from __future__ import annotations

import itertools
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.chronology import (
    ChronologyInputError,
    ContradictionError,
    approximations_table,
    bounds_table,
    gaps_table,
    solve,
)
from casechron.chronology.constraints import lower, protected_kinds
from casechron.chronology.rows import GapError, stated_days
from casechron.dates.days import day_number, months_on
from casechron.dates.policy import DatingPolicy
from thoroughly import examples

HALF, NONE = DatingPolicy(), DatingPolicy(duration_slack="none")
TIES = ["id", "type", "from_event", "from_point", "to_event", "to_point", "gap", "meaning"]


def events_of(**dates: str) -> pd.DataFrame:
    return pd.DataFrame({"id": list(dates), "date": list(dates.values())}, dtype="str")


def relations_of(*rows: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=TIES, dtype="str")


def test_a_calendar_month_from_what_lasts_is_counted_from_its_start() -> None:
    """From 5 January a month has 31 days, whenever the plan ended."""
    for date_of_plan, month, losses in (
        ("2018-01-05/2018-03", (31, 31), []),
        ("2018-01/2018-03-05", (28, 31), ["r"]),
    ):
        month_on = relations_of(("r", "gap", "plan", "", "visit", "", "P1M", "exact"))
        found = solve(events_of(plan=date_of_plan, visit=""), month_on)
        gap = gaps_table(found).iloc[0]
        assert (gap["days_min"], gap["days_max"]) == month
        assert approximations_table(found)["row"].tolist() == losses


@given(st.dates(date(1600, 1, 1), date(2400, 12, 31)), st.integers(0, 60))
@settings(max_examples=examples(300), deadline=None)
def test_no_calendar_month_falls_outside_its_days(start: date, months: int) -> None:
    least, most = stated_days(f"P{months}M", "exact", HALF)
    assert most is not None
    assert least <= months_on(start.toordinal(), months) - start.toordinal() <= most


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12, 13])
def test_both_ends_of_a_calendar_month_are_attained(months: int) -> None:
    days = {
        months_on(day, months) - day
        for day in range(date(1996, 1, 1).toordinal(), date(2005, 1, 1).toordinal())
    }
    assert stated_days(f"P{months}M", "exact", HALF) == (min(days), max(days))


@pytest.mark.parametrize(
    ("gap", "meaning", "policy", "days"),
    [
        ("P2M", "exact", HALF, (59, 62)),
        ("P2M", "rounded", NONE, (59, 62)),
        ("P2M", "rounded", HALF, (46, 76)),
        ("P2W", "rounded", HALF, (11, 17)),
        ("P2W", "exact", HALF, (14, 14)),
        ("P1D", "rounded", HALF, (1, 1)),
        ("P1Y", "exact", HALF, (365, 366)),
        ("P4Y", "exact", HALF, (1460, 1461)),
        ("P1Y", "rounded", HALF, (183, 547)),
        ("P400Y", "exact", HALF, (146_097, 146_097)),
        ("P401Y", "exact", HALF, (146_462, 146_463)),
        ("P2M", "at-least", HALF, (59, None)),
        ("P2M", "at-most", HALF, (0, 62)),
        ("P0D", "at-most", HALF, (0, 0)),
        ("P0W", "rounded", HALF, (0, 3)),
    ],
)
def test_days_of_a_stated_duration(
    gap: str, meaning: str, policy: DatingPolicy, days: tuple[int, int | None]
) -> None:
    assert stated_days(gap, meaning, policy) == days


@pytest.mark.parametrize(
    ("start", "meaning", "days"),
    [
        (date(2016, 1, 13), "exact", (31, 31)),
        (date(2016, 1, 13), "rounded", (31, 31)),
        (date(2016, 1, 13), "at-least", (31, None)),
        (date(2015, 2, 28), "at-most", (0, 28)),
        (date(2018, 1, 31), "at-most", (0, 29)),
    ],
)
def test_a_month_from_a_day_ends_on_the_calendars_day(
    start: date, meaning: str, days: tuple[int, int | None]
) -> None:
    assert stated_days("P1M", meaning, NONE, day_number(*start.timetuple()[:3])) == days


@pytest.mark.parametrize("gap", ["", "14", "P14", "14D", "P1Y6M", "P-1D", "PT5H", "P1.5M", "P٣D"])
def test_what_is_no_duration(gap: str) -> None:
    with pytest.raises(GapError) as raised:
        stated_days(gap, "exact", HALF)
    assert (
        str(raised.value)
        == f"'{gap}' is not a duration in one unit; write for example P14D, P2W, P2M or P4Y"
    )


def test_every_breach_at_once() -> None:
    events = events_of(plan="2018-03", visit="2018-04")
    relations = relations_of(
        ("r1", "before", "plann", "", "visit", "", "", ""),
        ("r2", "afterwards", "plan", "", "zzz", "", "", ""),
        ("r3", "gap", "plan", "middle", "visit", "", "2 weeks", "exact"),
        ("r4", "gap", "plan", "", "visit", "", "P2W", ""),
    )
    with pytest.raises(ChronologyInputError) as raised:
        solve(events, relations)
    assert raised.value.breaches == [
        "relations, row 'r1', from_event: 'plann' is no event of this review; did you mean 'plan'?",
        (
            "relations, row 'r2', to_event: 'zzz' is no event of this review; add the event or"
            " correct the id"
        ),
        (
            "relations, row 'r2', type: 'afterwards' is no relation; write one of: before,"
            " not-after, same-day, during, gap"
        ),
        "relations, row 'r3': a point is empty, start or end",
        (
            "relations, row 'r3', gap: '2 weeks' is not a duration in one unit; write for example"
            " P14D, P2W, P2M or P4Y"
        ),
        (
            "relations, row 'r4', gap: '' is no meaning of a duration; write one of: exact,"
            " rounded, approximate, at-least, at-most"
        ),
    ]
    assert str(raised.value) == "\n".join(raised.value.breaches)


def test_events_that_cannot_be_read() -> None:
    with pytest.raises(ChronologyInputError) as raised:
        solve(
            pd.DataFrame({"id": ["a", "a", ""], "date": "", "count_min": ["", "two", ""]}),
            relations_of(),
        )
    assert raised.value.breaches == [
        "events, row 'a', id: an id is a short name of its own; this one is not unique",
        "events, row 'a', count_min: 'two' is not a whole number",
        "events, row '', id: an id is a short name of its own; this one is not unique",
    ]
    with pytest.raises(
        ChronologyInputError, match=r"^events, row 'a', date: 'Augst 2018' is not a date: "
    ):
        solve(events_of(a="Augst 2018"), relations_of())
    with pytest.raises(ChronologyInputError) as raised:
        solve(pd.DataFrame({"name": ["a"]}), relations_of())
    assert raised.value.breaches == [
        "events has no column id; it needs id, date",
        "events has no column date; it needs id, date",
    ]


@pytest.mark.parametrize(
    ("least", "most", "recurs"),
    [
        ("", "", False),
        ("1", "1", False),
        ("0", "1", False),
        ("2", "", True),
        ("1", "", True),
        ("", "3", True),
        ("1", "2", True),
        ("4", "4", True),
    ],
)
def test_what_can_have_occurred_more_than_once_has_two_points(
    least: str, most: str, recurs: bool
) -> None:
    events = events_of(a="[2018-03-01..2018-03-09]").assign(count_min=least, count_max=most)
    lowered = lower(events, relations_of(), HALF)
    assert (lowered.start[0] != lowered.end[0]) == recurs
    assert lowered.shape == (("several",) if recurs else ("moment",))
    assert len(set(lowered.stated[0].tolist())) == 2


def test_numbers_and_gaps_that_pandas_read_by_itself() -> None:
    events = events_of(a="[2018-03-01..2018-03-09]", b="2018").assign(
        count_min=[2.0, None], kind=None
    )
    lowered = lower(events, relations_of(), HALF)
    assert lowered.shape == ("several", "moment")
    assert (lowered.events[0].count_min, lowered.events[1].count_min, lowered.events[1].kind) == (
        "2",
        "",
        "",
    )


def test_births_are_the_protected_kind() -> None:
    assert protected_kinds() == {"birth"}
    events = events_of(birth="2018-07", twin="2018-07", visit="2018").assign(
        kind=["birth", "birth", "visit"]
    )
    relations = relations_of(
        ("r1", "before", "birth", "", "twin", "", "", ""),
        ("r2", "gap", "visit", "", "birth", "", "P2D", "exact"),
    )
    chronology = solve(events, relations)
    assert chronology.lowered.start.tolist() == [-1, -1, 1]
    assert approximations_table(chronology)["loss"].tolist() == [
        "it ties two births, which keep their published windows",
        "it ties a birth, of which only the published window is used",
    ]


def test_losses_name_what_is_no_interval() -> None:
    events = events_of(a="[2018-03-01,2018-03-09]", b="2018", c="Y-5E11")
    relations = relations_of(("r1", "gap", "a", "", "b", "", "P2M", "exact"))
    assert approximations_table(solve(events, relations))[
        ["table", "row", "written"]
    ].to_numpy().tolist() == [
        ["events", "a", "[2018-03-01,2018-03-09]"],
        ["events", "c", "Y-5E11"],
        ["relations", "r1", "P2M"],
    ]


def links_of(*rows: tuple[str, ...]) -> pd.DataFrame:
    columns = ["id", "type", "from_row", "to_row", "basis"]
    return pd.DataFrame(list(rows), columns=columns, dtype="str")


def days_of(*links: tuple[str, ...], **dates: str) -> dict[str, tuple[str, str]]:
    """The first and the last day of each event, with what answers what."""
    found = bounds_table(solve(events_of(**dates), relations_of(), HALF, links=links_of(*links)))
    days = (found[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("earliest", "latest"))
    return dict(zip(found["event"], zip(*days, strict=True), strict=True))


WORRY = {"worry": "2022-05-20", "visit": "2022-05"}


@pytest.mark.parametrize(
    ("kind", "basis", "first"),
    [
        ("answers", "stated", "2022-05-20"),
        ("answers", "derived", "2022-05-20"),
        ("answers", "judged", "2022-05-01"),
        ("led-to", "stated", "2022-05-01"),
    ],
)
def test_what_answers_a_concern_came_no_earlier(kind: str, basis: str, first: str) -> None:
    link = ("lk", kind, "visit", "worry", basis)
    assert days_of(link, **WORRY)["visit"] == (first, "2022-05-31")


def test_an_answer_dates_its_concern_too_and_gives_no_event_a_length() -> None:
    found = days_of(("lk", "answers", "visit", "worry", "stated"), worry="", visit="2022-05-10")
    assert found["worry"] == ("", "2022-05-10")
    link = links_of(("lk", "answers", "visit", "worry", "stated"))
    lowered = lower(events_of(worry="", visit=""), relations_of(), HALF, link)
    assert (lowered.start == lowered.end).all()


def test_an_answer_that_lasts_may_have_begun_before() -> None:
    """Support that ran anyway answers by going on: its last day comes no earlier."""
    link = ("lk", "answers", "support", "worry", "stated")
    found = days_of(link, worry="2022-05-20", support="2022-01/2022-08")
    assert found["support"] == ("2022-01-01", "2022-08-31")
    found = days_of(link, worry="2022-05-20", support="2022-01/2022-05")
    ends = bounds_table(
        solve(
            events_of(worry="2022-05-20", support="2022-01/2022-05"),
            relations_of(),
            HALF,
            links=links_of(link),
        )
    )
    assert str(ends.loc[1, "end_earliest"].date()) == "2022-05-20"


def test_an_absence_answers_without_a_day_and_nothing_answers_itself() -> None:
    events = events_of(worry="2022-05-20", never="2022-05").assign(absence=["", "did-not-happen"])
    links = links_of(
        ("a", "answers", "never", "worry", "stated"), ("b", "answers", "worry", "worry", "stated")
    )
    found = solve(events, relations_of(), HALF, links=links)
    assert found.admissible
    assert approximations_table(found).empty
    assert [one.row for one in found.statements] == ["worry"]


def test_an_answer_dated_before_its_concern_is_a_contradiction_in_words() -> None:
    events = events_of(worry="2022-05-20", visit="2022-05-03").assign(
        summary=["A worry", "A visit"]
    )
    link = links_of(("lk", "answers", "visit", "worry", "stated"))
    found = solve(events, relations_of(), HALF, links=link)
    assert str(ContradictionError(found)).splitlines() == [
        "no admissible chronology",
        "these 3 statements cannot hold together (17 days short):",
        "- “A visit” is on 2022-05-03 [2022-05-03]",
        "- “A visit” answers “A worry”",
        "- “A worry” is on 2022-05-20 [2022-05-20]",
    ]
    assert [one.table for one in found.statements] == ["events", "events", "links"]


spans = st.tuples(st.integers(1, 9), st.integers(0, 4)).map(lambda days: (days[0], sum(days)))


@given(st.lists(spans, min_size=2, max_size=3), st.sets(st.sampled_from([(1, 0), (2, 0), (2, 1)])))
@settings(max_examples=examples(100), deadline=None)
def test_bounds_with_answers_against_every_assignment_of_days(
    windows: list[tuple[int, int]], tied: set[tuple[int, int]]
) -> None:
    pairs = [pair for pair in tied if pair[0] < len(windows)]
    dates = {
        f"e{at}": f"[2022-05-{low:02}..2022-05-{high:02}]" for at, (low, high) in enumerate(windows)
    }
    links = [(f"l{a}{b}", "answers", f"e{a}", f"e{b}", "derived") for a, b in pairs]
    found = solve(events_of(**dates), relations_of(), HALF, links=links_of(*links))
    possible = [
        days
        for days in itertools.product(*(range(low, high + 1) for low, high in windows))
        if all(days[a] >= days[b] for a, b in pairs)
    ]
    assert found.admissible == bool(possible)
    for at in range(len(windows) if possible else 0):
        first, last = found.event_windows[at, [0, 3]].tolist()
        days = [date.fromordinal(day).day for day in (first, last)]
        assert days == [min(day[at] for day in possible), max(day[at] for day in possible)]
