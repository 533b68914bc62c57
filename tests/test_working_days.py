"""Published values, brute force over small grids, and numpy's own counting as an independent
check."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import holidays
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casechron.chronology.network import PairRegion
from casechron.chronology.working_days import (
    CalendarError,
    WorkingCalendar,
    corresponding_days,
    due_day,
    limit_day,
    narrowed,
    working_calendar,
    working_day_gaps,
    working_days_between,
)
from casechron.coding.days import months_on

CONVENTIONS = ("day after", "start day")

# gov.uk/bank-holidays (Open Government Licence), with the funeral of 2022 and the coronation of
# 2023.
PUBLISHED = {
    "England": {
        2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
        2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
        2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
        2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
        2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
        2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
        2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    },
    "Scotland": {
        2017: "01-02 01-03 04-14 05-01 05-29 08-07 11-30 12-25 12-26",
        2018: "01-01 01-02 03-30 05-07 05-28 08-06 11-30 12-25 12-26",
        2019: "01-01 01-02 04-19 05-06 05-27 08-05 12-02 12-25 12-26",
        2020: "01-01 01-02 04-10 05-08 05-25 08-03 11-30 12-25 12-28",
        2021: "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28",
        2022: "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
        2023: "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
    },
    "Northern Ireland": {
        2017: "01-02 03-17 04-14 04-17 05-01 05-29 07-12 08-28 12-25 12-26",
        2018: "01-01 03-19 03-30 04-02 05-07 05-28 07-12 08-27 12-25 12-26",
        2019: "01-01 03-18 04-19 04-22 05-06 05-27 07-12 08-26 12-25 12-26",
    },
}


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def dates_of(year: int, month_days: str) -> list[date]:
    return [date.fromisoformat(f"{year}-{month_day}") for month_day in month_days.split()]


def weekdays_off(calendar: WorkingCalendar, year: int) -> list[date]:
    days = [date(year, 1, 1) + timedelta(n) for n in range(366)]
    return [
        d
        for d in days
        if d.year == year and d.weekday() < 5 and not calendar.is_working(d.toordinal())
    ]


def made_calendar(working: list[bool], first: int = 1) -> WorkingCalendar:
    counts = np.concatenate([[0], np.cumsum(working)]).astype(np.int64)
    return WorkingCalendar("Testland", first, first + len(working) - 1, "", counts)


def counted_one_by_one(start: int, end: int, calendar: WorkingCalendar, day_one: str) -> int:
    """The definition, walked day by day: no cumulative counts."""
    number = 1 if day_one == "start day" and calendar.is_working(start) else 0
    if end >= start:
        return number + sum(bool(calendar.is_working(d)) for d in range(start + 1, end + 1))
    return number - sum(bool(calendar.is_working(d)) for d in range(end + 1, start + 1))


calendars = st.lists(st.booleans(), min_size=120, max_size=120).map(
    lambda days: made_calendar(days, -60)
)
bound = st.none() | st.integers(-8, 8)


@st.composite
def regions(draw: st.DrawFn, *, open_sides: bool = False) -> PairRegion:
    drawn = [draw(bound if open_sides else st.integers(-8, 8)) for _ in range(4)]
    gaps = [draw(bound), draw(bound)]
    bounds: list[int | None] = []
    for low, high in (drawn[:2], drawn[2:], gaps):
        # Crossed bounds are turned round, not thrown away: few examples are lost.
        bounds += [low, high] if low is None or high is None else sorted([low, high])
    return PairRegion(*bounds)


def pairs_of(region: PairRegion, reach: int = 40) -> list[tuple[int, int]]:
    """Every pair, tried one by one; an open side reaches far beyond all bounds that the strategy
    draws."""

    def low(value: int | None) -> int:
        return -reach if value is None else value

    def high(value: int | None) -> int:
        return reach if value is None else value

    return [
        (a, b)
        for a in range(low(region.from_lo), high(region.from_hi) + 1)
        for b in range(low(region.to_lo), high(region.to_hi) + 1)
        if (region.gap_lo is None or b - a >= region.gap_lo)
        and (region.gap_hi is None or b - a <= region.gap_hi)
    ]


# --- the calendar -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jurisdiction", "year"), [(name, year) for name, years in PUBLISHED.items() for year in years]
)
def test_published_bank_holidays(jurisdiction: str, year: int) -> None:
    published = dates_of(year, PUBLISHED[jurisdiction][year])
    assert weekdays_off(working_calendar(jurisdiction), year) == published


def test_wales_england_and_both_are_one_calendar() -> None:
    assert (
        working_calendar("Wales")
        is working_calendar("England")
        is working_calendar("England and Wales")
    )
    assert working_calendar("GB-WLS") is working_calendar(" england ")
    # The library keeps the two apart; they must agree for one calendar to stand for both.
    years = range(1978, 2101)
    english = holidays.country_holidays("GB", subdiv="ENG", years=years)
    welsh = holidays.country_holidays("GB", subdiv="WLS", years=years)
    assert set(english) == set(welsh)


def test_scotland_had_no_st_andrews_holiday_before_its_act() -> None:
    calendar = working_calendar("Scotland")
    assert calendar.is_working([day("2006-11-30"), day("2007-11-30")]).tolist() == [True, False]


@pytest.mark.parametrize(
    ("name", "part"), [("England", "ENG"), ("Scotland", "SCT"), ("Northern Ireland", "NIR")]
)
def test_uk_days_are_the_library_day_by_day(name: str, part: str) -> None:
    calendar = working_calendar(name)
    listed = holidays.country_holidays("GB", subdiv=part)
    days = [d for d in range(calendar.first, day("2031-01-01")) if d != day("2006-11-30")]
    expected = [listed.is_working_day(date.fromordinal(d)) for d in days]
    assert calendar.is_working(days).tolist() == expected


def test_other_countries() -> None:
    october, thanksgiving = (
        day("2018-10-29"),
        day("2018-11-22"),
    )  # a bank holiday in Ireland; one in New York
    assert working_calendar("IE").is_working([october, thanksgiving]).tolist() == [False, True]
    assert working_calendar("us-ny").is_working([october, thanksgiving]).tolist() == [True, False]
    assert (
        working_calendar("US-NY").note
        == "working days of US-NY as the holidays library lists them, 1978 to 2100"
    )
    # A weekend on other days: in Israel, Sunday 4 and Friday 9 March 2018.
    assert working_calendar("IL").is_working([day("2018-03-04"), day("2018-03-09")]).tolist() == [
        True,
        False,
    ]


@pytest.mark.parametrize("written", ["Narnia", "GB", "United Kingdom", ""])
def test_unknown_jurisdiction_lists_what_is_allowed(written: str) -> None:
    codes = sorted(set(holidays.list_supported_countries(include_aliases=False)) - {"GB"})
    with pytest.raises(CalendarError) as caught:
        working_calendar(written)
    assert (
        str(caught.value)
        == f"no working-day calendar is known for {written.upper()!r}; write England, Wales,"
        " England and Wales, Scotland or Northern Ireland, or the ISO 3166 code of a country,"
        f" with or without one of its parts ('IE', 'US-NY'): {', '.join(codes)}"
    )


def test_unknown_part_lists_the_parts() -> None:
    with pytest.raises(CalendarError) as caught:
        working_calendar("IE-D")
    assert (
        str(caught.value)
        == "no working-day calendar is known for 'IE-D'; of IE, write IE or: none of its parts"
    )
    with pytest.raises(
        CalendarError, match=r"^no working-day calendar is known for 'CA-ZZ'; .*: CA-AB, CA-BC, "
    ):
        working_calendar("CA-ZZ")


def test_outside_the_calendar_is_refused_and_its_edges_are_not() -> None:
    england = working_calendar("England")
    assert england.is_working([england.first, england.last]).tolist() == [False, True]
    text = (
        "1977-12-31 lies outside the working-day calendar of England and Wales, which covers"
        " 1978-01-01 to 2100-12-31; no working days are counted there"
    )
    for day_one in CONVENTIONS:
        # 1 January 1978 was a Sunday, the Monday its substitute: Tuesday is day 1.
        assert int(working_days_between(england.first, england.first + 2, england, day_one)) == 1
        with pytest.raises(CalendarError) as caught:
            working_days_between(england.first - 1, england.first, england, day_one)
        assert str(caught.value) == text
        with pytest.raises(CalendarError) as caught:
            working_days_between(england.first, england.first - 1, england, day_one)
        assert str(caught.value) == text
    with pytest.raises(CalendarError, match=r"^2101-01-01 lies outside"):
        england.is_working(england.last + 1)
    with pytest.raises(CalendarError, match=r"^1977-12-31 lies outside"):
        england.is_working(england.first - 1)


def test_the_library_is_imported_only_when_days_are_counted() -> None:
    code = "import sys, casechron.chronology.shares; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- counting -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "day_after", "start_day"),
    [
        ("2006-12-12", "2006-12-22", 8, 9),  # Child A: strategy meeting to conference
        ("2018-08-24", "2018-08-28", 1, 2),  # over the bank holiday of 27 August 2018
        ("2018-08-24", "2018-08-24", 0, 1),
        ("2018-08-25", "2018-08-25", 0, 0),  # a Saturday is never day 1
        ("2018-08-25", "2018-08-28", 1, 1),  # a start on a day off: Tuesday is day 1 under both
        ("2018-08-28", "2018-08-24", -1, 0),
        ("2022-09-16", "2022-09-20", 1, 2),  # over the day of the state funeral
    ],
)
def test_published_and_worked_counts(start: str, end: str, day_after: int, start_day: int) -> None:
    england = working_calendar("England")
    counts = [
        int(working_days_between(day(start), day(end), england, day_one)) for day_one in CONVENTIONS
    ]
    assert counts == [day_after, start_day]


def test_jurisdiction_matters() -> None:
    start, end = day("2018-08-24"), day("2018-08-28")
    counts = {
        name: int(working_days_between(start, end, working_calendar(name), "day after"))
        for name in ("England", "Wales", "Scotland", "Northern Ireland")
    }
    assert counts == {"England": 1, "Wales": 1, "Scotland": 2, "Northern Ireland": 1}


@given(
    st.lists(
        st.tuples(*[st.integers(day("2016-12-31"), day("2023-12-30"))] * 2).map(sorted),
        min_size=1,
        max_size=50,
    )
)
@settings(deadline=None)
def test_agrees_with_numpy_over_the_published_holidays(pairs: list[list[int]]) -> None:
    off = [d for year, listed in PUBLISHED["England"].items() for d in dates_of(year, listed)]
    starts, ends = np.array(pairs).T
    epoch = day("1970-01-01")

    def to_numpy(days: np.ndarray) -> np.ndarray:
        return (days - epoch).astype("datetime64[D]")

    # numpy counts from its first day up to, not including, its last.
    expected = np.busday_count(to_numpy(starts + 1), to_numpy(ends + 1), holidays=off)
    england = working_calendar("England")
    assert working_days_between(starts, ends, england, "day after").tolist() == expected.tolist()
    working = np.is_busday(to_numpy(starts), holidays=off)
    with_start = working_days_between(starts, ends, england, "start day")
    assert with_start.tolist() == (expected + working).tolist()


@given(
    calendars,
    st.lists(st.tuples(st.integers(-60, 59), st.integers(-60, 59)), min_size=1),
    st.sampled_from(CONVENTIONS),
)
@settings(deadline=None)
def test_counts_are_the_definition_walked_day_by_day(
    calendar: WorkingCalendar, pairs: list[tuple[int, int]], day_one: str
) -> None:
    starts, ends = np.array(pairs).T
    expected = [counted_one_by_one(a, b, calendar, day_one) for a, b in pairs]
    assert working_days_between(starts, ends, calendar, day_one).tolist() == expected


def test_whole_arrays_broadcast() -> None:
    start = day("2018-08-20")  # a Monday
    ends = np.arange(start, start + 9).reshape(3, 3)
    counts = working_days_between(start, ends, working_calendar("England"), "day after")
    assert counts.tolist() == [[0, 1, 2], [3, 4, 4], [4, 4, 5]]


def test_unknown_convention_is_refused() -> None:
    with pytest.raises(CalendarError) as caught:
        working_days_between(
            day("2018-08-20"), day("2018-08-21"), working_calendar("England"), "first day"
        )
    assert str(caught.value) == "day_one is 'first day'; write 'day after' or 'start day'"


# --- regions and gaps ---------------------------------------------------------------------------


@given(regions(open_sides=True))
@settings(deadline=None)
def test_narrowed_keeps_every_pair_and_is_tight(region: PairRegion) -> None:
    pairs = pairs_of(region)
    if not pairs:
        with pytest.raises(
            ValueError, match=r"^no pair of days fits these dates: a contradiction, with nothing"
        ):
            narrowed(region)
        return
    tight = narrowed(region)
    assert pairs_of(tight) == pairs
    extremes = [
        f(values) for values in ({a for a, _ in pairs}, {b for _, b in pairs}) for f in (min, max)
    ]
    extremes += [f(b - a for a, b in pairs) for f in (min, max)]
    for found, extreme in zip(tight, extremes, strict=True):
        # An open side is one whose extreme lies where the enumeration was cut off.
        assert found == extreme or (found is None and abs(extreme) >= 40 - 8 - 8)


@given(regions(open_sides=True), calendars, st.sampled_from(CONVENTIONS))
@settings(max_examples=200, deadline=None)
def test_gaps_are_the_extremes_over_all_pairs(
    region: PairRegion, calendar: WorkingCalendar, day_one: str
) -> None:
    pairs = pairs_of(region)
    assume(pairs)
    starts, ends = np.array(pairs).T
    counts = working_days_between(starts, ends, calendar, day_one)
    least, most = working_day_gaps(region, calendar, day_one)
    tight = narrowed(region)
    assert least == (None if None in (tight.from_hi, tight.to_lo) else counts.min())
    assert most == (None if None in (tight.from_lo, tight.to_hi) else counts.max())


@pytest.mark.parametrize("day_one", CONVENTIONS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_gaps_in_a_real_calendar_over_christmas(day_one: str, data: st.DataObject) -> None:
    drawn, middle = data.draw(regions()), day("2018-12-26")
    assume(pairs_of(drawn))
    from_lo, from_hi, to_lo, to_hi = (middle + (side or 0) for side in drawn[:4])
    region = PairRegion(from_lo, from_hi, to_lo, to_hi, drawn.gap_lo, drawn.gap_hi)
    england = working_calendar("England")
    counts = [
        counted_one_by_one(a + middle, b + middle, england, day_one) for a, b in pairs_of(drawn)
    ]
    assert working_day_gaps(region, england, day_one) == (min(counts), max(counts))


def test_gaps_of_child_a_and_of_open_dates() -> None:
    england = working_calendar("England")
    start, end = day("2006-12-12"), day("2006-12-22")
    assert working_day_gaps(
        PairRegion(start, start, end, end, None, None), england, "day after"
    ) == (8, 8)
    assert working_day_gaps(
        PairRegion(start, start, end, None, None, None), england, "day after"
    ) == (8, None)
    assert working_day_gaps(
        PairRegion(None, start, end, end, None, None), england, "day after"
    ) == (8, None)
    assert working_day_gaps(
        PairRegion(start, None, None, end, None, None), england, "day after"
    ) == (None, 8)
    assert working_day_gaps(PairRegion(start, None, None, None, 0, None), england, "day after") == (
        None,
        None,
    )
    # The gap alone bounds the second day.
    assert working_day_gaps(PairRegion(start, start, None, None, 10, 10), england, "start day") == (
        9,
        9,
    )


def test_gaps_refuse_only_where_a_day_that_decides_is_outside() -> None:
    england = working_calendar("England")
    far = PairRegion(
        day("1950-01-01"), day("1950-12-31"), day("2018-01-01"), day("2018-01-02"), None, None
    )
    with pytest.raises(
        CalendarError, match=r"^1950-12-31 lies outside the working-day calendar of England and W"
    ):
        working_day_gaps(far, england, "day after")


def test_gaps_refuse_a_window_without_measure_at_once() -> None:
    region = PairRegion(1, 10**15, 1, 10**15, None, None)
    with pytest.raises(CalendarError, match=r"^\+2737907006989-07-04 lies outside"):
        working_day_gaps(region, working_calendar("England"), "day after")


# --- limits -------------------------------------------------------------------------------------


@given(
    st.integers(day("2018-01-01"), day("2019-01-31")),
    st.integers(0, 50),
    st.sampled_from(CONVENTIONS),
)
@settings(deadline=None)
def test_due_day_is_where_the_count_exceeds_the_limit(start: int, limit: int, day_one: str) -> None:
    england = working_calendar("England")
    due = due_day(start, limit, england, day_one)
    days = np.arange(start - 5, start + 120)
    in_time = working_days_between(start, days, england, day_one) <= limit
    assert in_time.tolist() == (days <= due).tolist()


@given(
    st.integers(day("2018-01-01"), day("2019-01-31")),
    st.integers(1, 50),
    st.sampled_from(CONVENTIONS),
)
@settings(deadline=None)
def test_limit_day_is_the_working_day_of_that_number(start: int, limit: int, day_one: str) -> None:
    england = working_calendar("England")
    found = limit_day(start, limit, england, day_one)
    days = [d for d in range(start, start + 120) if england.is_working(d)]
    assert found == next(d for d in days if counted_one_by_one(start, d, england, day_one) == limit)


def test_child_a_conference_was_due_after_new_year() -> None:
    england, start = working_calendar("England"), day("2006-12-12")
    assert date.fromordinal(limit_day(start, 15, england, "day after")) == date(2007, 1, 5)
    assert date.fromordinal(limit_day(start, 15, england, "start day")) == date(2007, 1, 4)
    assert date.fromordinal(due_day(start, 15, england, "day after")) == date(
        2007, 1, 7
    )  # the Sunday


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("1978-09-30", "P4M", "1979-01-30"),  # Dodds v Walker: the 31st was one day late
        ("2018-11-30", "P3M", "2019-02-28"),
        ("2019-11-30", "P3M", "2020-02-29"),
        ("2018-02-28", "P6M", "2018-08-28"),
        ("2020-02-29", "P1Y", "2021-02-28"),
        ("2018-01-31", "P1Y1M", "2019-02-28"),
        ("2018-09-28", "P2W", "2018-10-12"),
        ("2018-09-28", "P14D", "2018-10-12"),
        ("2018-09-28", "P0D", "2018-09-28"),
    ],
)
@pytest.mark.parametrize("day_one", CONVENTIONS)
def test_calendar_limits(start: str, limit: str, due: str, day_one: str) -> None:
    assert date.fromordinal(due_day(day(start), limit, None, day_one)).isoformat() == due


@given(st.lists(st.integers(-800_000, 4_000_000), min_size=1), st.integers(0, 40))
@settings(deadline=None)
def test_months_agree_with_the_scalar_reckoning(days: list[int], months: int) -> None:
    assert corresponding_days(days, months).tolist() == [months_on(one, months) for one in days]


@pytest.mark.parametrize("limit", ["P", "3M", "P3", "P1M2D", "P-3M", "PT3M", "15"])
def test_what_is_no_limit_is_refused(limit: str) -> None:
    with pytest.raises(ValueError, match="is no limit") as caught:
        due_day(day("2018-09-28"), limit, None, "day after")
    assert (
        str(caught.value)
        == f"{limit!r} is no limit; write working days as a whole number, or P14D, P2W, P3M, P1Y"
    )


def test_limits_that_cannot_be_told() -> None:
    england = working_calendar("England")
    with pytest.raises(ValueError, match=r"^a limit of -1 working days is none; write 0 or more$"):
        due_day(day("2018-09-28"), -1, england, "day after")
    with pytest.raises(ValueError, match=r"^a limit of 0 working days is none; write 1 or more$"):
        limit_day(day("2018-09-28"), 0, england, "day after")
    with pytest.raises(CalendarError) as caught:
        due_day(day("2018-09-28"), 5, None, "day after")
    assert (
        str(caught.value)
        == "a limit in working days needs a calendar; give working_calendar(jurisdiction)"
    )
    # Friday 31 December 2100 is in the calendar; whether the day after the limit is a working day
    # is not known.
    with pytest.raises(
        CalendarError, match=r"^2101-01-01 lies outside the working-day calendar of England and W"
    ):
        due_day(england.last - 1, 1, england, "day after")
    assert due_day(england.last - 1, 0, england, "day after") == england.last - 1
