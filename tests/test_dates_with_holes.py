"""Dates that admit several days and none between them, beside every choice of days, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations, product
from random import Random
from typing import NamedTuple

import pandas as pd
import pytest

import casechron as cc
from a_timed_review import OTHERS, review
from casechron.analysis.intervals import interval_table, waits_between
from casechron.chronology import Chronology, PairRegion, order_table, solve
from casechron.chronology.calendars import working_calendar
from casechron.chronology.pairs import feasible_regions
from casechron.chronology.shares import WithinDays, WithinMonths, WithinWorkingDays, share
from casechron.dates.days import months_on
from chronology_cases import conflicting_statements
from made_reviews import review_of
from text_tables import records_of

#: A Thursday; no bank holiday of England lies in the eight weeks from it on.
FIRST = date(2018, 2, 1).toordinal()
NAMES = ("a", "b", "c", "d")
ENGLAND = working_calendar("England")


class Tie(NamedTuple):
    """A relation between two events: its type, or how many days from the one to the other."""

    one: str
    other: str
    type: str
    gap: int = 0

    def holds(self, days: dict[str, int]) -> bool:
        between = days[self.other] - days[self.one]
        return {
            "before": between > 0,
            "not-after": between >= 0,
            "same-day": between == 0,
            "exact": between == self.gap,
            "at-least": between >= self.gap,
            "at-most": 0 <= between <= self.gap,
        }[self.type]


class Drawn(NamedTuple):
    """Events with all the days that their dates admit, and the relations between them."""

    days: dict[str, list[int]]
    ties: list[Tie]

    @property
    def courses(self) -> list[dict[str, int]]:
        """Every choice of a day for each event that satisfies all relations."""
        return [course for course in self.choices() if all(tie.holds(course) for tie in self.ties)]

    def choices(self) -> Iterator[dict[str, int]]:
        for days in product(*self.days.values()):
            yield dict(zip(self.days, days, strict=True))

    @property
    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        def written(days: list[int]) -> str:
            return f"[{','.join(date.fromordinal(day).isoformat() for day in days)}]"

        events = pd.DataFrame(
            {"id": [*self.days], "date": [written(days) for days in self.days.values()]}
        )
        ties = [
            (
                *(f"r{at}", "gap" if tie.gap else tie.type, tie.one, tie.other),
                *((f"P{tie.gap}D", tie.type) if tie.gap else ("", "")),
            )
            for at, tie in enumerate(self.ties)
        ]
        names = ["id", "type", "from_event", "to_event", "gap", "meaning"]
        return events, pd.DataFrame(ties, columns=names, dtype="str")

    def solved(self) -> Chronology:
        return solve(*self.tables)


def drawn(seed: int) -> Drawn:
    """Three or four events within six weeks, most of them with holes."""
    random = Random(seed)
    days = {}
    for name in NAMES[: random.choice((3, 4))]:
        first, apart = FIRST + random.randrange(20), random.choice((1, 4, 9))
        days[name] = sorted({first + apart * random.randrange(4) for _ in range(3)})
    ties = []
    for _ in range(random.randrange(4)):
        one, other = random.sample([*days], 2)
        kind = random.choice(("before", "not-after", "same-day", "exact", "at-least", "at-most"))
        gap = random.randrange(1, 15) if kind in ("exact", "at-least", "at-most") else 0
        ties.append(Tie(one, other, kind, gap))
    return Drawn(days, ties)


CASES = [drawn(seed) for seed in range(300)]
HOLDING = [case for case in CASES if case.courses]
CLASHING = [case for case in CASES if not case.courses]
SEEDS = range(0, len(HOLDING), 30)


def pairs_of(region: PairRegion) -> set[tuple[int, int]]:
    assert None not in region
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = (day or 0 for day in region)
    pairs = product(range(from_lo, from_hi + 1), range(to_lo, to_hi + 1))
    return {(one, other) for one, other in pairs if gap_lo <= other - one <= gap_hi}


def working_days(one: int, other: int) -> int:
    """Working days after the one day, up to and with the other; below 0 backwards."""
    sign = 1 if other >= one else -1
    low, high = min(one, other), max(one, other)
    return sign * sum(date.fromordinal(day).weekday() < 5 for day in range(low + 1, high + 1))


def asked(case: Drawn) -> list[tuple[str, str]]:
    return list(permutations(case.days, 2))


@pytest.mark.parametrize("start", SEEDS)
def test_regions_hold_the_pairs_of_days_that_some_choice_has(start: int) -> None:
    for case in HOLDING[start : start + 30]:
        chronology, courses = case.solved(), case.courses
        for one, other in asked(case):
            found = [pairs_of(part) for part in feasible_regions(chronology, one, other)]
            assert set().union(*found) == {(course[one], course[other]) for course in courses}


@pytest.mark.parametrize("start", SEEDS)
def test_days_working_days_and_shares_are_those_of_all_choices(start: int) -> None:
    for case in HOLDING[start : start + 30]:
        pairs, chronology = asked(case), case.solved()
        table = interval_table(chronology, pairs, ENGLAND)
        for row in table.itertuples():
            days = {(course[row.from_event], course[row.to_event]) for course in case.courses}
            gaps = [other - one for one, other in days]
            worked = [working_days(one, other) for one, other in days]
            assert (row.days_min, row.days_max) == (min(gaps), max(gaps))
            assert (row.working_days_min, row.working_days_max) == (min(worked), max(worked))
            later = sum(gap >= 0 for gap in gaps)
            assert row.not_before == f"{later} of {len(days)} date pairs"


@pytest.mark.parametrize("start", SEEDS)
def test_a_wait_is_that_of_the_choices_in_which_it_is_one(start: int) -> None:
    for case in HOLDING[start : start + 30]:
        chronology, pairs = case.solved(), asked(case)
        for (one, other), wait in zip(
            pairs, waits_between(chronology, pairs, ENGLAND), strict=True
        ):
            days = {(course[one], course[other]) for course in case.courses}
            waits = [(a, b) for a, b in days if b >= a]
            if waits:
                gaps = [b - a for a, b in waits]
                worked = [working_days(a, b) for a, b in waits]
                assert wait[1:5] == (min(gaps), max(gaps), min(worked), max(worked))
            else:
                assert wait.days_min is wait.days_max is None


@pytest.mark.parametrize("start", SEEDS)
def test_two_events_share_a_day_in_some_choice_or_in_none(start: int) -> None:
    for case in HOLDING[start : start + 30]:
        pairs = asked(case)
        for row in order_table(case.solved(), pairs).itertuples():
            same = {course[row.from_event] == course[row.to_event] for course in case.courses}
            word = "possible" if len(same) == 2 else "certain" if same == {True} else "ruled out"
            assert row.share_a_day == word


def test_spans_share_a_day_only_where_one_choice_lets_both_ends_meet() -> None:
    # The stay is on 5 to 10 March. The plan begins on 1 or 20 March, and lasts three days: it is
    # over on 4 March, or begins after the stay.
    events = pd.DataFrame(
        {
            "id": ["begun", "plan", "over", "stay"],
            "date": ["[2018-03-01,2018-03-20]", "2018-03/2018-03", "", "2018-03-05/2018-03-10"],
        }
    )
    ties = [
        ("r1", "same-day", "begun", "", "plan", "start", "", ""),
        ("r2", "same-day", "over", "", "plan", "end", "", ""),
        ("r3", "gap", "plan", "start", "plan", "end", "P3D", "exact"),
    ]
    names = ["id", "type", "from_event", "from_point", "to_event", "to_point", "gap", "meaning"]
    chronology = solve(events, pd.DataFrame(ties, columns=names))
    [row] = order_table(chronology, [("plan", "stay")]).to_dict("records")
    assert (row["order"], row["share_a_day"]) == ("unclear", "ruled out")


def holds(case: Drawn, rows: set[str]) -> bool:
    """Whether some rows of a case, dates and relations, can hold without the others."""
    ties = [tie for at, tie in enumerate(case.ties) if f"r{at}" in rows]
    named = rows.union(*((tie.one, tie.other) for tie in ties))
    anywhere = [*range(FIRST - 60, FIRST + 120)]
    days = {
        name: days if name in rows else anywhere
        for name, days in case.days.items()
        if name in named
    }

    def found(chosen: dict[str, int]) -> bool:
        left = sorted(days.keys() - chosen.keys(), key=lambda name: len(days[name]))
        if not left:
            return True
        tried = ({**chosen, left[0]: day} for day in days[left[0]])
        return any(
            found(more)
            for more in tried
            if all(tie.holds(more) for tie in ties if {tie.one, tie.other} <= more.keys())
        )

    return found({})


def test_a_contradiction_is_gone_round_by_all_its_statements_and_no_other() -> None:
    # In the later ones no one round passes all statements.
    for case in [*CLASHING[:10], *map(drawn, (252, 464, 586, 853, 876, 968, 998))]:
        chronology = case.solved()
        listed, told = (
            {number: set(rows) for number, rows in table.groupby("conflict")["row"]}
            for table in (
                conflicting_statements(chronology),
                cc.contradictions(review_of({}, chronology)),
            )
        )
        assert told == listed
        for rows in told.values():
            assert not holds(case, rows)
            assert all(holds(case, rows - {row}) for row in rows)


def test_a_contradiction_is_gone_round_for_each_day_that_clashes_with_others() -> None:
    # 12 February is day 146 from 19 September; 9 March is day 101 from 29 November.
    events = pd.DataFrame(
        {
            "id": ["p", "q", "r"],
            "date": ["[2016-02-12,2016-03-09]", "2015-09-19", "[2015-11-20..2015-11-29]"],
        }
    )
    ties = [("r1", "gap", "q", "p", "P150D", "at-least"), ("r2", "gap", "r", "p", "P83D", "exact")]
    names = ["id", "type", "from_event", "to_event", "gap", "meaning"]
    chronology = solve(events, pd.DataFrame(ties, columns=names))
    steps = cc.contradictions(review_of({}, chronology))
    assert set(steps["conflict"]) == {1}
    told = list(zip(steps["step"], steps["row"], steps["says"], steps["days_short"], strict=True))
    assert told == [
        (1, "p", "“p” is on 12 February 2016 at the latest", 4),
        (2, "r1", "“q” is at least 150 days before “p”: on 15 September 2015 at the latest", 4),
        (3, "q", "“q” is on 19 September 2015 at the earliest: 4 days too late", 4),
        (4, "r", "“r” is on 29 November 2015 at the latest", 18),
        (5, "r2", "“p” is at most 83 days after “r”: on 20 February 2016 at the latest", 18),
        (6, "p", "“p” is on 9 March 2016 at the earliest: 18 days too late", 18),
    ]


@pytest.mark.parametrize("seed", range(40))
def test_a_pair_that_is_in_several_regions_counts_once(seed: int) -> None:
    random = Random(seed)
    regions = []
    for _ in range(random.randrange(1, 5)):
        one, other = (FIRST + random.randrange(30) for _ in range(2))
        low = random.randrange(-9, 7)
        regions.append(
            PairRegion(one, one + 6, other, other + 6, other - one + low, other - one + low + 3)
        )
    pairs = set().union(*map(pairs_of, regions))
    conditions = (
        (WithinDays(0, 9), lambda one, other: 0 <= other - one <= 9),
        (WithinMonths(1), lambda one, other: one <= other <= months_on(one, 1)),
        (
            WithinWorkingDays(6, ENGLAND, "day after"),
            lambda one, other: one <= other and working_days(one, other) <= 6,
        ),
    )
    for condition, holds in conditions:
        satisfying = sum(holds(one, other) for one, other in pairs)
        assert share(regions, condition) == (satisfying, len(pairs))


@pytest.mark.parametrize(
    ("starts", "days", "verdict", "within", "working", "due"),
    [
        # Sundays 22 November 2015 and 10 January 2016. Of each the 16th working day is the Monday
        # 22 days on, and the 15th, the limit, the Friday before it.
        (["2015-11-22", "2016-01-10"], 22, "not met", "0 of 2", (16, 16), (19, 19)),
        # 12 January 2016 is working day 14 from 20 December 2015: 4 before Christmas, 3 until New
        # Year's Day, 5 and 2. 12 April 2016 is working day 15 from 20 March: 4 before Good Friday,
        # 4 after Easter Monday, 5 and 2. The limits are 13 January and 12 April.
        (["2015-12-20", "2016-03-20"], 23, "met", "2 of 2", (14, 15), (23, 24)),
    ],
)
def test_a_verdict_is_that_of_each_day_that_a_date_admits(
    starts: list[str],
    days: int,
    verdict: str,
    within: str,
    working: tuple[int, int],
    due: tuple[int, int],
) -> None:
    tables = review(
        events=[
            {"id": "s", "kind": "strategy-discussion", "date": f"[{','.join(starts)}]"},
            {"id": "q", "kind": "section-47"},
            {"id": "c", "kind": "icpc"},
        ],
        relations=records_of(f"""
            id | type     | from_event | to_event | gap       | meaning
            r1 | same-day | s          | q
            r2 | gap      | s          | c        | P{days}D  | exact
        """),
        links=records_of("""
            id | type   | from_row | to_row | basis
            l1 | led-to | s        | c      | stated
        """),
        **{name: [] for name in OTHERS},
    )
    checks = cc.timescale_checks(review_of(tables, solve(tables["events"], tables["relations"])))
    row = checks.set_index("rule").loc["icpc"]
    assert (row["verdict"], row["within_limit"]) == (verdict, f"{within} date pairs")
    assert (row["working_days_min"], row["working_days_max"]) == working
    assert (row["margin_min"], row["margin_max"]) == (15 - working[1], 15 - working[0])
    assert (row["due_days_min"], row["due_days_max"]) == due


def test_widening_one_statement_lets_all_hold_also_with_days_that_the_set_does_not_name() -> None:
    # The meeting of the 10th and the visit of the 20th, said to come before it, need 11 days. The
    # letter of the meeting's day is of the 10th or the 30th, so the meeting itself needs 20 more.
    ids = ["visit", "meeting", "letter"]
    dates = ["2018-03-20", "2018-03-10", "[2018-03-10,2018-03-30]"]
    ties = [("r", "before", "visit", "meeting"), ("s", "same-day", "letter", "meeting")]

    def alone(more: int) -> dict[str, int | None]:
        others = [f"letter-{number}" for number in range(more)]
        events = pd.DataFrame({"id": ids + others, "date": dates + dates[2:] * more})
        relations = pd.DataFrame(
            [*ties, *((f"s-{other}", "same-day", other, "meeting") for other in others)],
            columns=["id", "type", "from_event", "to_event"],
        )
        table = conflicting_statements(solve(events, relations))
        widths = table["days_to_relax_alone"].astype(object)
        return dict(zip(table["row"], widths.where(widths.notna(), None), strict=True))

    assert alone(0) == {"meeting": 20, "r": 11, "visit": 11}
    # Of fourteen letters there are 16,384 choices of days: too many to try.
    assert alone(13) == {"meeting": None, "r": None, "visit": None}
