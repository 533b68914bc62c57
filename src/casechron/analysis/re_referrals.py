"""Which referrals came within twelve months of the referral before, or of a closure?

Of re-referrals there are two measures, which are not each other. The Department for Education's: a
referral within 12 months of a previous one, where a referral is no such thing while a case is open
(Children in need: a focus on re-referrals, explore-education-statistics.service.gov.uk). And the
time from a closure, as in research (Goldacre and others 2025, Children and Youth Services Review
169, 108113)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from casechron.analysis.clocks import (
    PLAN_KINDS,
    ClockFacts,
    clock_facts,
    of_others,
)
from casechron.analysis.concerns import by_event
from casechron.analysis.intervals import hull
from casechron.analysis.judgements import as_judged, carrying, without_judged
from casechron.analysis.pairing import Bound, any_case, regions_of_cases
from casechron.analysis.record import placed
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.verdicts import on_a_plan
from casechron.analysis.windows import dated_region, shown_region
from casechron.chronology import Chronology, PairRegion, feasible_region
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.pairs import less_open
from casechron.chronology.shares import WithinMonths, narrowed, settled
from casechron.review import Review

__all__ = ["re_referrals"]


AFTER_REFERRAL, AFTER_CLOSURE = "after a referral", "after a closure"
_CERTAIN, _POSSIBLE, _UNTOLD = "certain", "possible", "cannot be told"
NOT_SETTLED = frozenset({_POSSIBLE, _UNTOLD})
OPEN_CASE, NONE = "case open", "none on record"
#: What is held, unless only a judgement bears it.
SETTLED = frozenset({_CERTAIN, OPEN_CASE})
#: What is found by referral and measure, and whether children's social care received the referral.
Told = Mapping[tuple[str, str], tuple[str, bool]]
_MONTHS = 12
#: Steps on a case that is open.
_STEPS = {
    *("assessment", "strategy-discussion", "section-47", "icpc"),
    *("review-conference", "conference", "core-group", *PLAN_KINDS),
}
#: On the days of which it hangs what is a re-referral.
KINDS = frozenset({"referral", "closure", "no-further-action", *_STEPS})
#: What would settle it of the later ones of several referrals in one row.
_SETTLES_SEVERAL = {
    AFTER_REFERRAL: "the day of each referral in the row, and whether the case was closed between",
    AFTER_CLOSURE: "the day of each referral in the row, and of the closure",
}
#: Places in the small network of one referral: the reference day, it, and the row before it.
_REFERRAL, _BEFORE = 1, 2


class _Case(NamedTuple):
    """One way in which something can have come last before a referral: what, whether the case was
    closed in between, the pairs of days ('' and None for nothing before), and whether the referral
    came within twelve months: always, never, or in some of the pairs (None)."""

    before: str
    closed: bool
    region: PairRegion | None
    within: bool | None = False


#: A row that can have come before, the places of what is on its case, and the days that are told.
_Before = tuple[str, tuple[int, ...], PairRegion]
_Found = tuple[str, bool, Sequence[_Case], str]


@table_of_rows
def re_referrals(review: Review) -> Iterator[RowOfTable]:
    """Which referrals came within twelve months of the referral before, or of a closure?

    Two measures, named: that of the Department for Education counts from the referral before, and
    no request on an open case; the other counts from the last closure. Before is on an earlier day,
    since the days tell no order within one, whatever the coding orders. Of several referrals in one
    row the first is asked; where nothing came before it, the others follow it, or a closure that
    can lie among them, and of those it cannot be told. A referral that another row counts has no
    row of its own. The Department counts each child: a referral that is coded as about other
    children takes nothing from what is certain without it, and where it alone came before, it
    cannot be told; where no child is coded, and from a closure, the review's family counts as one.
    Where one authority closed its case, a referral to another is none after that closure.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        Two rows per referral to children's social care, in the order of the coding; what is coded
        as a notification is none.

        - `referral`, `summary` (text): its id, and what happened
        - `measure` (text): 'after a referral' (the Department's) or 'after a closure'
        - `re_referral` (text): 'certain' if every admissible chronology says so, 'certain as
          judged' (not without what the coder judged), 'possible' if some do, 'cannot be told' where
          nothing on record says that the case had been closed, who received the referral, or that
          both were about one child; 'case open' where a plan certainly ran (one that goes on beyond
          the account did; by the Department's measure none that is coded as of other children),
          'as judged' too where that, or who received the referral, was; 'none on
          record', or 'no admissible chronology'
        - `rests_on` (ids): the judged rows that carry what is so as judged
        - `before` (ids): all rows that can have come last before it; its own, where that is what
          the others in it follow
        - `days_min`, `days_max` (days; <NA>: none, or open): since then
        - `would_settle` (text): the fact that would settle what is not certain
        - `places` (text): paragraph and sentence of the source

    References
    ----------
    Department for Education, *Children in need: a focus on re-referrals*; Goldacre and others 2025,
    *Children and Youth Services Review* 169, 108113, for the time from a closure.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.re_referrals(review)[["measure", "re_referral", "before", "days_min", "days_max"]]
                measure     re_referral             before  days_min  days_max
    0  after a referral  cannot be told  (referrals-2014,)      <NA>      <NA>
    1   after a closure  cannot be told    (closure-2014,)         1       468
    """
    tables, chronology = review.tables, review.chronology
    summary, places = by_event(tables, "summary"), placed(tables["locators"])
    measured = _measured(clock_facts(tables), chronology)
    told = {key: found[:2] for key, found in measured.items()}

    def holds(key: tuple[str, str], left_out: Iterable[str]) -> bool:
        less, solved = without_judged(tables, chronology, left_out)
        return told_anew(clock_facts(less), solved, only=key[0]).get(key) == told[key]

    less, solved = without_judged(tables, chronology)
    for key, said in words(told, told_anew(clock_facts(less), solved)).items():
        (referral, measure), (found, _, cases, settles) = key, measured[key]
        regions = [
            shown_region(chronology, case.region, case.before, referral, from_point="end")
            for case in cases
            if case.region
        ]
        yield (
            *(referral, summary[referral], measure, said),
            carrying(tables, partial(holds, key)) if said != found else (),
            dict.fromkeys(case.before for case in cases if case.before),
            *hull((region.gap_lo, region.gap_hi) for region in regions),
            *(settles, places.get(referral, "")),
        )


def told_anew(coding: ClockFacts, chronology: Chronology, *, only: str = "") -> Told:
    """What is found by referral (of one alone, where it is named) and measure, and whether
    children's social care received it."""
    return {key: found[:2] for key, found in _measured(coding, chronology, only=only).items()}


def words(told: Told, firm: Told) -> dict[tuple[str, str], str]:
    """What is found in words; `firm` is what is found without what the coder judged."""
    return {
        key: as_judged(found[0], found[0] not in SETTLED or found == firm.get(key))
        for key, found in told.items()
    }


def _measured(
    coding: ClockFacts, chronology: Chronology, *, only: str = ""
) -> dict[tuple[str, str], _Found]:
    """By referral and measure what is found, whether children's social care received the referral,
    in which ways it is so, and what would settle it."""
    referrals = [
        row
        for row in coding.of_kind("referral")
        if row not in coding.parts and coding.received[row] != "no"
    ]
    # What closes a case: its closure, or no further action on a referral.
    no_action = coding.of_kind("no-further-action")
    closings = [
        *coding.closures,
        *(row for row in no_action if not coding.tied[row].isdisjoint(referrals)),
    ]
    steps = [row for row in coding.of_kind(*_STEPS) if not any(chronology.open_sides[row])]
    measured: dict[tuple[str, str], _Found] = {}

    def found(referral: str, measure: str, *rows: Iterable[str]) -> _Found:
        cases = _cases(coding, chronology, referral, *map(sorted, rows))
        verdict = _verdict(coding, chronology, referral, measure, cases)
        received = coding.received[referral] == "yes"
        if verdict == NONE and referral in coding.several:
            among = [referral] if measure == AFTER_REFERRAL else coding.closures
            among = [row for row in among if _among_several(chronology, referral, row)]
            if among:
                cases = [_Case(row, False, None) for row in among]
                settles = _SETTLES_SEVERAL[measure]
                # No day of theirs can part the first and the last by more than that.
                lasts = dated_region(chronology, referral, referral, to_point="end")
                if among == [referral] and settled(narrowed(lasts), WithinMonths(_MONTHS)):
                    settles = settles.partition(", and ")[2]
                return _UNTOLD, received, cases, settles
        return verdict, received, cases, _settles(coding, referral, measure, verdict, cases)

    for referral in [row for row in referrals if only in ("", row)]:
        others = [row for row in referrals if row != referral]
        same = [row for row in others if not of_others(coding, row, referral)]
        key = referral, AFTER_REFERRAL
        measured[key] = found(*key, same, closings, steps)
        # What is certain without a referral of another child is so with it.
        if same != others and measured[key][0] != _CERTAIN:
            measured[key] = found(*key, others, closings, steps)
        closures = [row for row in coding.closures if (row, referral) not in coding.elsewhere]
        measured[referral, AFTER_CLOSURE] = found(referral, AFTER_CLOSURE, closures, (), ())
    return measured


def _cases(
    coding: ClockFacts,
    chronology: Chronology,
    referral: str,
    before: Sequence[str],
    closings: Sequence[str],
    steps: Sequence[str],
) -> Sequence[_Case]:
    """The ways in which one of some rows can have come last before a referral, on a case that was
    closed since or left open: the case of the child of the row before, if that is another."""
    if not chronology.admissible:
        return []
    lowered, row_of = chronology.lowered, chronology.lowered.row_of
    points = [0, int(lowered.start[row_of[referral]])]
    # The last of several is what came before.
    points += [int(lowered.end[row_of[row]]) for row in before]
    points += [int(lowered.start[row_of[row]]) for row in (*closings, *steps)]
    asked = []
    for name in before:
        whose = name if of_others(coding, name, referral) else referral
        later = enumerate((*closings, *steps), start=_BEFORE + len(before))
        same = tuple(at for at, row in later if not of_others(coding, row, whose))
        dated = feasible_region(chronology.with_open_sides, name, referral, from_point="end")
        asked.append((name, same, dated))
    networks = (network.tobytes() for network in chronology.networks(points))
    return _cases_in(tuple(asked), _BEFORE + len(before) + len(closings), len(points), *networks)


@lru_cache(maxsize=256)
def _cases_in(
    asked: tuple[_Before, ...], first_step: int, size: int, *parts: bytes
) -> tuple[_Case, ...]:
    """The `_cases` in some small networks, kept since most other choices leave those as they are.

    The places on a case are those of its closings and, from `first_step` on, of its steps."""
    networks = [np.frombuffer(part, np.int64).reshape(size, size) for part in parts]
    earlier = range(_BEFORE, _BEFORE + len(asked))
    cases = []
    for last, (name, same, dated) in zip(earlier, asked, strict=True):
        shut = [place for place in same if place < first_step]
        opened = [place for place in same if place >= first_step]
        # It came before the referral, and every other before it or not before the referral.
        ordered = [[[Bound(_REFERRAL, last, -1)]]]
        ordered += [
            [[Bound(last, row, 0)], [Bound(row, _REFERRAL, 0)]] for row in earlier if row != last
        ]
        # Closed on a day from the one to the other, with no step between that and the other.
        ways_closed = [
            [
                [[Bound(closing, last, 0), Bound(_REFERRAL, closing, 0)]],
                *([[Bound(closing, step, 0)], [Bound(step, _REFERRAL, 0)]] for step in opened),
            ]
            for closing in shut
        ]
        # No closure lies between the two, or a step follows each that does.
        left_open = [
            [
                [Bound(last, closing, -1)],
                [Bound(closing, _REFERRAL, -1)],
                *([Bound(step, closing, -1), Bound(_REFERRAL, step, -1)] for step in opened),
            ]
            for closing in shut
        ]
        for choices, was_closed in (*((way, True) for way in ways_closed), (left_open, False)):
            found = regions_of_cases(networks, [*ordered, *choices], last, _REFERRAL)
            regions = dict.fromkeys(less_open(region, dated) for region in found)
            year = WithinMonths(_MONTHS)
            cases += [
                _Case(name, was_closed, region, settled(narrowed(region), year))
                for region in regions
            ]
    nothing = [[[Bound(row, _REFERRAL, 0)]] for row in earlier]
    if any_case(networks, nothing):
        cases.append(_Case("", False, None))
    return tuple(cases)


def _among_several(chronology: Chronology, referral: str, row: str) -> bool:
    """Whether a row can come before the last of several referrals, and not before the first."""
    lowered, place = chronology.lowered, chronology.lowered.row_of[referral]
    first, last = int(lowered.start[place]), int(lowered.end[place])
    points = [0, first, int(lowered.start[lowered.row_of[row]]), last]
    ordered = [[[Bound(2, 1, 0)]], [[Bound(3, 2, -1)]]]
    return any_case(chronology.networks(points), ordered)


def _verdict(
    coding: ClockFacts, chronology: Chronology, referral: str, measure: str, cases: Sequence[_Case]
) -> str:
    """Whether it is so in every case, in some or in none, or cannot be told; or a case was open."""
    if not chronology.admissible:
        return NOT_ADMISSIBLE
    outcomes = set()
    for case in cases:
        if case.within is not True:
            outcomes.add(NONE)
        if case.within is not False:
            certain = coding.received[referral] == "yes"
            if measure == AFTER_REFERRAL:
                of_one_child = not of_others(coding, case.before, referral)
                certain &= case.closed and coding.received[case.before] == "yes" and of_one_child
            outcomes.add(_CERTAIN if certain else _UNTOLD)
    if outcomes <= {NONE}:
        return NONE
    if on_a_plan(coding, chronology, referral, family=measure == AFTER_CLOSURE):
        return OPEN_CASE
    if outcomes == {_CERTAIN}:
        return _CERTAIN
    return _POSSIBLE if _CERTAIN in outcomes else _UNTOLD


def _settles(
    coding: ClockFacts, referral: str, measure: str, verdict: str, cases: Sequence[_Case]
) -> str:
    """The facts that would settle a verdict that is not certain, in words."""
    if verdict not in NOT_SETTLED:
        return ""
    closure = measure == AFTER_CLOSURE
    compared = "the closure before it and of the referral" if closure else "both referrals"
    known = [case for case in cases if case.region is not None]
    days = {case.within for case in known}
    facts = {
        "whether children's social care received it": coding.received[referral] != "yes",
        f"the days of {compared}": len(days) > 1 or None in days or len(known) < len(cases),
    }
    if not closure:
        facts |= {
            "whether the case was closed between them": not all(case.closed for case in known),
            "whether children's social care received the referral before it": not all(
                coding.received[case.before] == "yes" for case in known
            ),
            "whether they were about one child": any(
                of_others(coding, case.before, referral) for case in known
            ),
        }
    return ", and ".join(fact for fact, is_open in facts.items() if is_open)
