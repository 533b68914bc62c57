"""Published bank holidays and worked counts, and every count against days walked one by one."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendar_cases import CONVENTIONS, counted, day, last_in_time, works
from casechron.chronology.calendars import (
    CalendarError,
    WorkingCalendar,
    corresponding_days,
    last_days_within,
    limit_day,
    working_calendar,
    working_days_between,
)
from casechron.coding.meta import JURISDICTIONS
from casechron.dates.days import months_on, working_day_span
from thoroughly import examples

# gov.uk/bank-holidays (Open Government Licence), with the jubilees of 2012 and 2022, Victory in
# Europe Day of 2020, the funeral of 2022 and the coronation of 2023.
PUBLISHED = {
    "England": {
        2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
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
PUBLISHED["Wales"] = PUBLISHED["England"]
ENGLAND = working_calendar("England")

jurisdictions = st.sampled_from(list(JURISDICTIONS))
days = st.integers(day("1978-01-02"), day("2035-12-31"))


def working(calendar: WorkingCalendar, of: np.ndarray) -> list[bool]:
    """Of consecutive days, which has a number of its own?"""
    return (working_days_between(of[:-1], of[1:], calendar, "day after") == 1).tolist()


# --- which days are working days ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("jurisdiction", "year"), [(name, year) for name, years in PUBLISHED.items() for year in years]
)
def test_published_bank_holidays(jurisdiction: str, year: int) -> None:
    published = [f"{year}-{month_day}" for month_day in PUBLISHED[jurisdiction][year].split()]
    whole = np.arange(day(f"{year - 1}-12-31"), day(f"{year + 1}-01-01"))
    on = [date.fromordinal(int(ordinal)) for ordinal in whole[1:]]
    work = working(working_calendar(jurisdiction), whole)
    assert [
        str(at) for at, is_work in zip(on, work, strict=True) if at.weekday() < 5 and not is_work
    ] == published
    assert not any(is_work for at, is_work in zip(on, work, strict=True) if at.weekday() >= 5)


@pytest.mark.parametrize(
    ("on", "off_in"),
    [
        ("2007-01-02", "Scotland"),
        ("2017-03-17", "Northern Ireland"),  # St Patrick
        ("2018-07-12", "Northern Ireland"),  # the Boyne
        ("2018-04-02", "England, Wales, Northern Ireland"),  # Easter Monday
        ("2018-08-06", "Scotland"),  # the summer holiday
        ("2018-08-27", "England, Wales, Northern Ireland"),
        ("2006-11-30", ""),  # St Andrew, before the act of 2007
        ("2007-11-30", "Scotland"),
        ("2011-04-29", "England, Wales, Scotland, Northern Ireland"),  # a royal wedding
        ("2020-05-04", ""),  # the first Monday in May, moved to Victory in Europe Day
    ],
)
def test_days_on_which_the_nations_differ_and_days_once_given(on: str, off_in: str) -> None:
    off = [
        name
        for name in JURISDICTIONS
        if working(working_calendar(name), np.array([day(on) - 1, day(on)])) == [False]
    ]
    assert ", ".join(off) == off_in


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_day_is_what_the_library_lists(jurisdiction: str) -> None:
    calendar = working_calendar(jurisdiction)
    every = np.arange(calendar.first, calendar.last + 1)
    assert working(calendar, every) == [works(jurisdiction, int(ordinal)) for ordinal in every[1:]]


@pytest.mark.parametrize("written", ["IE", "GB", "GB-ENG", "england", "England and Wales", ""])
def test_another_jurisdiction_is_refused_with_those_that_are_allowed(written: str) -> None:
    with pytest.raises(CalendarError) as caught:
        working_calendar(written)
    assert (
        str(caught.value) == f"no working-day calendar is known for {written!r}; write one of:"
        " England, Wales, Scotland, Northern Ireland"
    )


def test_outside_the_calendar_is_refused_and_its_edges_are_not() -> None:
    first, last = ENGLAND.first, ENGLAND.last
    covers = (
        " lies outside the working-day calendar of England, which covers 1978-01-01 to 2100-12-31;"
        " no working days are counted there"
    )
    for day_one in CONVENTIONS:
        # 1 January 1978 was a Sunday, the Monday its substitute: Tuesday is day 1.
        assert int(working_days_between(first, first + 2, ENGLAND, day_one)) == 1
        assert limit_day(first, 1, ENGLAND, day_one) == first + 2
        for start, end, refused in [
            (first - 1, first, "1977-12-31"),
            (first, first - 1, "1977-12-31"),
            (last, last + 1, "2101-01-01"),
        ]:
            with pytest.raises(CalendarError) as caught:
                working_days_between(start, end, ENGLAND, day_one)
            assert str(caught.value) == refused + covers
        with pytest.raises(CalendarError, match=r"^1977-12-31 lies outside"):
            last_days_within(first - 1, 5, ENGLAND, day_one)
    # Friday 31 December 2100 is working day 1; which day is day 2 is not known.
    assert limit_day(last - 1, 1, ENGLAND, "day after") == last
    with pytest.raises(CalendarError, match=r"^2101-01-01 lies outside"):
        limit_day(last - 1, 2, ENGLAND, "day after")
    assert last_days_within([last - 1, last], 1, ENGLAND, "day after").tolist() == [last, last]


def test_the_library_is_imported_only_when_days_are_counted() -> None:
    code = "import sys, casechron.chronology.shares; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_so_many_working_days_take_no_fewer_and_no_more_days_than_is_said() -> None:
    first, last = day("1978-01-02"), day("2100-12-30")
    fewest, most = {}, {}
    for jurisdiction in JURISDICTIONS:
        calendar = working_calendar(jurisdiction)
        whole = np.arange(first, last + 1)
        number = working_days_between(np.full(whole.size, first), whole, calendar, "day after")
        for wanted in (*range(1, 60), 100, 250, 999):
            # The first day on which so many are over, from each day from which it is still covered
            over = np.searchsorted(number, number + wanted)
            taken = (over - np.arange(whole.size))[over < whole.size]
            fewest[wanted] = min(fewest.get(wanted, 9999), int(taken.min()))
            most[wanted] = max(most.get(wanted, 0), int(taken.max()))
    for wanted, told in ((wanted, working_day_span(wanted)) for wanted in most):
        assert told[0] <= fewest[wanted]
        assert told[1] >= most[wanted]
    # From a Sunday, from a Friday before the Christmas of 2021 and the New Year in Scotland
    assert (fewest[7], most[7]) == working_day_span(7) == (9, 18)


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
def test_worked_counts(start: str, end: str, day_after: int, start_day: int) -> None:
    counts = [
        int(working_days_between(day(start), day(end), ENGLAND, day_one)) for day_one in CONVENTIONS
    ]
    assert counts == [day_after, start_day]


def test_jurisdiction_matters() -> None:
    start, end = day("2018-08-24"), day("2018-08-28")
    counts = {
        name: int(working_days_between(start, end, working_calendar(name), "day after"))
        for name in JURISDICTIONS
    }
    assert counts == {"England": 1, "Wales": 1, "Scotland": 2, "Northern Ireland": 1}


@given(
    jurisdictions,
    st.lists(st.tuples(days, st.integers(-60, 400)), min_size=1, max_size=20),
    st.sampled_from(CONVENTIONS),
)
@settings(max_examples=examples(300), deadline=None)
def test_counts_are_the_days_walked_one_by_one(
    jurisdiction: str, drawn: list[tuple[int, int]], day_one: str
) -> None:
    pairs = [(start, max(start + away, ENGLAND.first)) for start, away in drawn]
    starts, ends = np.array(pairs).T
    expected = [counted(start, end, jurisdiction, day_one) for start, end in pairs]
    calendar = working_calendar(jurisdiction)
    assert working_days_between(starts, ends, calendar, day_one).tolist() == expected


@given(jurisdictions, days, st.integers(0, 60), st.sampled_from(CONVENTIONS))
@settings(max_examples=examples(300), deadline=None)
def test_limits_are_the_days_walked_one_by_one(
    jurisdiction: str, start: int, limit: int, day_one: str
) -> None:
    calendar = working_calendar(jurisdiction)
    last = last_in_time(start, limit, jurisdiction, day_one)
    assert last_days_within([start], limit, calendar, day_one).tolist() == [last]
    due = int(limit_day(start, limit + 1, calendar, day_one))
    assert due == last + 1
    assert works(jurisdiction, due)


def test_whole_arrays_broadcast() -> None:
    start = day("2018-08-20")  # a Monday
    ends = np.arange(start, start + 9).reshape(3, 3)
    counts = working_days_between(start, ends, ENGLAND, "day after")
    assert counts.tolist() == [[0, 1, 2], [3, 4, 4], [4, 4, 5]]


def test_unknown_convention_is_refused() -> None:
    with pytest.raises(CalendarError) as caught:
        working_days_between(day("2018-08-20"), day("2018-08-21"), ENGLAND, "first day")
    assert str(caught.value) == "day_one is 'first day'; write 'day after' or 'start day'"


def test_child_a_conference_was_due_after_new_year() -> None:
    start = day("2006-12-12")
    assert limit_day(start, 15, ENGLAND, "day after") == day("2007-01-05")
    assert limit_day(start, 15, ENGLAND, "start day") == day("2007-01-04")
    # The Sunday after the Friday is still in time.
    assert last_days_within(start, 15, ENGLAND, "day after") == day("2007-01-07")


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("1978-09-30", 4, "1979-01-30"),  # Dodds v Walker: the 31st was one day late
        ("2018-11-30", 3, "2019-02-28"),
        ("2019-11-30", 3, "2020-02-29"),
        ("2018-02-28", 6, "2018-08-28"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2018-01-31", 13, "2019-02-28"),
    ],
)
def test_limits_in_months(start: str, months: int, due: str) -> None:
    assert int(corresponding_days(day(start), months)) == day(due)


@given(st.lists(st.integers(-800_000, 4_000_000), min_size=1), st.integers(0, 40))
@settings(deadline=None)
def test_months_agree_with_the_scalar_reckoning(days: list[int], months: int) -> None:
    assert corresponding_days(days, months).tolist() == [months_on(start, months) for start in days]
