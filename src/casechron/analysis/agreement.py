"""How far do two coders agree? Which events there are, their codes, sets, dates and order, and what
is concluded from them.

What is found of matched events hangs on the matching, so each figure has two ends: with as many
pairs as places allow, and with those alone that are alike in more than their place. The intervals
draw paragraphs, not events, since what one paragraph tells hangs together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis.coefficients import (
    Floats,
    cohen_kappa,
    gwet_ac1,
    jaccard,
    krippendorff_alpha,
    masi_distance,
    observed_agreement,
    unitizing_alpha,
    window_distance,
)
from casechron.analysis.compared import Compared, Matching, Side, Unit, joined, windows_meet
from casechron.analysis.quantities import QUANTITIES, UNKNOWN, Asked, Quantity, Span, Value
from casechron.analysis.timing import response_gaps
from casechron.analysis.verdicts import UNDETERMINED
from casechron.chronology import solve
from casechron.chronology.day_columns import texts
from casechron.chronology.network import OPEN

DRAWS, SEED = 2000, 1
SAME_WORDS = "summaries that are the same word for word"
MEETINGS = ("equal", "nested", "overlapping", "disjoint")
#: How what two codings say of one conclusion lies together.
SAME, WITHIN, OVERLAPPING = "the same", "one within the other", "overlapping"
DIFFERENT, ONE_ONLY = "different", "in one coding only"
_NOTHING_VARIES = "undefined: nothing varies"
_NO_UNITS = "undefined: nothing to compare"
_NOT_ADMISSIBLE = "undefined: one of the codings admits no chronology"
Measure = Callable[[Sequence[tuple[Any, Any]], Floats | None], Floats]
_OF_CODES: dict[str, Measure] = {
    "agreement": observed_agreement,
    "kappa": cohen_kappa,
    "AC1": gwet_ac1,
    "alpha": krippendorff_alpha,
}


def _mean(of: Callable[[Any, Any], float]) -> Measure:
    """The mean of what is found of two values, over units."""

    def mean(units: Sequence[tuple[Any, Any]], weights: Floats | None) -> Floats:
        found = np.array([of(one, other) for one, other in units], dtype=float)
        drawn = np.ones(len(units)) if weights is None else weights
        whole = drawn.sum(axis=-1)
        return np.where(whole > 0, drawn @ found / np.where(whole > 0, whole, 1), np.nan)

    return mean


def _alpha(distance: Callable[[Any, Any], float]) -> Measure:
    return lambda units, weights: krippendorff_alpha(units, weights, distance)


_OF_SETS: dict[str, Measure] = {
    "Jaccard": _mean(jaccard),
    "MASI": _mean(lambda one, other: 1 - masi_distance(one, other)),
    "alpha (MASI)": _alpha(masi_distance),
}


def _meets(how: str) -> Measure:
    return _mean(lambda one, other: windows_meet(one, other) == how)


_OF_WINDOWS = {how: _meets(how) for how in MEETINGS}


class _Figure(NamedTuple):
    """One row of the table: its two ends, with what a bootstrap makes of each; `why` it is
    undefined, where that is known."""

    part: str
    about: str
    measure: str
    units: tuple[int, ...]
    values: tuple[float, ...]
    drawn: tuple[Floats, ...] = ()
    note: str = ""
    why: str = ""

    @property
    def row(self) -> tuple[Any, ...]:
        """The row of the table."""
        known = [value for value in self.values if not np.isnan(value)]
        # Where the draws of one end are alike, it is its own interval; where those of both are,
        # they tell nothing.
        ends = [
            np.nanquantile(draws, [0.025, 0.975]) if _varies(draws) else (value, value)
            for value, draws in zip(self.values, self.drawn, strict=False)
            if not np.isnan(value) and any(map(_varies, self.drawn))
        ]
        without = [int(np.isnan(draws).sum()) for draws in self.drawn]
        defined = len(known) == len(self.values)
        told = [self.note] if self.note else []
        if not defined:
            told.append(self.why or (_NOTHING_VARIES if max(self.units) else _NO_UNITS))
        elif self.drawn and not ends:
            told.append("no interval, all draws being alike")
        elif any(without):
            many = f"{max(without)} of {len(self.drawn[0])} draws"
            told.append(f"without {many} in which nothing varies")
        return (
            self.part,
            self.about,
            self.measure,
            min(self.units),
            max(self.units),
            *((min(known), max(known)) if defined else (None, None)),
            *(
                (min(low for low, _ in ends), max(high for _, high in ends))
                if ends
                else (None,) * 2
            ),
            "; ".join(told),
        )


def _varies(draws: Floats) -> bool:
    known = draws[~np.isnan(draws)]
    return bool(len(known)) and bool(np.ptp(known) > 0)


class _Draws:
    """How often each paragraph is drawn, in each draw; each event counts as often as its own."""

    def __init__(self, compared: Compared, draws: int, seed: int) -> None:
        self._paragraphs = compared.paragraphs
        there = {place for own in self._paragraphs for place in own.values()}
        self._place = {one: at for at, one in enumerate(sorted(there, key=str))}
        many = len(self._place)
        self._drawn: Floats = np.zeros((draws, many))
        if many:
            drawn = np.random.default_rng(seed).multinomial(many, [1 / many] * many, size=draws)
            self._drawn += drawn

    def of(self, events: Iterable[str], side: int = 0) -> Floats:
        """The weight of events of one coding, a row for each draw."""
        own = self._paragraphs[side]
        return self._drawn[:, [self._place[own[event]] for event in events]]


def agreement(compared: Compared, *, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """How far do two codings agree? One row per figure, as `casechron.agreement` tells."""
    drawn = _Draws(compared, draws, seed)
    figures = [*_events(compared, drawn)]
    for part, units, measures in (
        ("codes", Compared.codes, _OF_CODES),
        ("sets", Compared.sets, _OF_SETS),
        ("dates", _dated, _OF_CODES),
    ):
        both = [units(compared, matching) for matching in compared.matchings]
        for about in both[0]:
            figures += _measured(part, about, [one[about] for one in both], measures, drawn)
    figures += [*_windows(compared, drawn), *_order(compared), *_concluded(compared)]
    return figures_table([figure.row for figure in figures])


def figures_table(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Figures as a table, which has its columns and their kinds where there are none too."""
    names = ("part", "about", "measure", "units_min", "units_max", "least", "most", "low", "high")
    table = pd.DataFrame(rows, columns=pd.Index([*names, "note"]))
    kinds = dict.fromkeys(names[:3], "str") | dict.fromkeys(names[3:5], "int64")
    return table.astype(kinds | dict.fromkeys(names[5:], "Float64") | {"note": "str"})


def _measured(
    part: str,
    about: str,
    units: Sequence[Sequence[Unit]],
    measures: Mapping[str, Measure],
    drawn: _Draws,
    note: str = "",
) -> Iterable[_Figure]:
    weights = [drawn.of([unit.event for unit in own]) for own in units]
    values = [[unit.values for unit in own] for own in units]
    many = tuple(map(len, units))
    for name, measure in measures.items():
        yield _Figure(
            part,
            about,
            name,
            many,
            tuple(float(measure(own, None)) for own in values),
            tuple(measure(own, each) for own, each in zip(values, weights, strict=True)),
            note,
        )


def _dated(compared: Compared, matching: Matching) -> dict[str, list[Unit]]:
    return {"dated at all": compared.dated(matching)}


def _count(part: str, about: str, counts: Iterable[int], note: str = "") -> _Figure:
    found = tuple(counts)
    return _Figure(part, about, "count", found, tuple(map(float, found)), note=note)


def _events(compared: Compared, drawn: _Draws) -> Iterable[_Figure]:
    """Which events exist: in both codings, in one alone; specific agreement, and u-alpha."""
    sides = (compared.one, compared.other)
    ids = [side.tables["events"]["id"].tolist() for side in sides]
    matched = [own.events for own in compared.matchings]
    yield _count("events", "in both codings", map(len, matched))
    for at, side in enumerate(sides):
        yield _count("events", f"only in {side.name}", (len(ids[at]) - len(one) for one in matched))
    whole = sum(drawn.of(own, at).sum(axis=1) for at, own in enumerate(ids))
    both = [drawn.of(own).sum(axis=1) + drawn.of(own.values(), 1).sum(axis=1) for own in matched]
    total = len(ids[0]) + len(ids[1])
    yield _Figure(
        "events",
        "in both codings",
        "positive specific agreement",
        (total, total),
        tuple(2 * len(own) / total if total else np.nan for own in matched),
        tuple(np.where(whole > 0, own / np.where(whole > 0, whole, 1), np.nan) for own in both),
    )
    sentences, runs = compared.continuum
    length = len(sentences)
    merged = [{"any": joined(run for own in coder.values() for run in own)} for coder in runs]
    why = "undefined: no text of a source is located"
    for about, coders in (("where events are told", merged), ("where each kind is told", runs)):
        alpha = unitizing_alpha(coders, length) if length else np.nan
        yield _Figure("events", about, "u-alpha", (length,) * 2, (alpha,) * 2, why=why)
    summaries = [
        dict(zip(own, side.tables["events"]["summary"].tolist(), strict=True))
        for own, side in zip(ids, sides, strict=True)
    ]
    same = (
        sum(summaries[0][one] == summaries[1][two] for one, two in own.items()) for own in matched
    )
    yield _count("events", SAME_WORDS, same)


def _windows(compared: Compared, drawn: _Draws) -> Iterable[_Figure]:
    """How the windows of dates lie, and alpha where both are bounded."""
    both = [compared.windows(matching) for matching in compared.matchings]
    yield from _measured("dates", "windows", both, _OF_WINDOWS, drawn)
    bounded = [
        [unit for unit in own if all(abs(day) < OPEN for each in unit.values for day in each)]
        for own in both
    ]
    open_ = max(len(own) - len(some) for own, some in zip(both, bounded, strict=True))
    note = f"without {open_} that are open on a side" if open_ else ""
    alpha = {"alpha (Hausdorff)": _alpha(window_distance)}
    yield from _measured("dates", "bounded windows", bounded, alpha, drawn, note)


def _order(compared: Compared) -> Iterable[_Figure]:
    """Contradictions of order, and temporal awareness both ways."""
    admissible = compared.one.chronology.admissible and compared.other.chronology.admissible
    why = "" if admissible else _NOT_ADMISSIBLE
    found = [compared.contradictions(matching) for matching in compared.matchings]
    yield _Figure(
        "order",
        "pairs of events with orders that exclude each other",
        "count",
        tuple(pairs for _, pairs in found),
        tuple(float(len(pairs)) if admissible else np.nan for pairs, _ in found),
        why=why,
    )
    shares, numbers = [], []
    for theirs in (False, True):
        side, over = (compared.one, compared.other)[:: -1 if theirs else 1]
        said = [compared.entailed(matching, theirs=theirs) for matching in compared.matchings]
        asked = [[one for one in own.values() if one is not None] for own in said]
        shares.append([sum(own) / len(own) if own else np.nan for own in asked])
        stated = f"of {len(said[0])} those with a counterpart of both events"
        about = f"relations of {side.name} that follow from {over.name}"
        numbers.append(tuple(map(len, asked)))
        yield _Figure("order", about, "share", numbers[-1], tuple(shares[-1]), note=stated, why=why)
    both = [
        2 * one * other / (one + other) if one + other else 0.0
        for one, other in zip(*shares, strict=True)
    ]
    about = "temporal awareness, both ways"
    many = tuple(map(sum, zip(*numbers, strict=True)))
    yield _Figure("order", about, "F1", many, tuple(both), why=why)


def _concluded(compared: Compared) -> Iterable[_Figure]:
    table = conclusions_compared(compared)
    both = table["outcome"] != ONE_ONLY
    many = int(both.sum())
    for outcome in (SAME, WITHIN, OVERLAPPING, DIFFERENT):
        share = float((table["outcome"] == outcome).sum()) / many if many else np.nan
        yield _Figure("conclusions", outcome, "share", (many,) * 2, (share,) * 2)
    yield _count("conclusions", ONE_ONLY, (int((~both).sum()),) * 2)


def conclusions_compared(compared: Compared) -> pd.DataFrame:
    """What would be concluded from each coding? One row per number or verdict, as
    `casechron.conclusions_compared` tells."""
    same = compared.matchings[1]
    names = {there: event for event, there in same.events.items()}
    names |= {there: one for one, there in same.agencies.items()}
    names |= {there: one for one, there in same.people.items()}
    for event in compared.other.tables["events"]["id"]:
        names.setdefault(event, f"{event} of {compared.other.name}")
    ours, theirs = _values(compared.one), _values(_renamed(compared.other, names, compared.one))
    kinds = {one.about: one for one in QUANTITIES}
    rows = []
    for key in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(key), theirs.get(key)
        said = [kinds[key[0]].words(value) if value is not None else "" for value in (one, other)]
        if said[0] in UNKNOWN and said[1] in UNKNOWN:
            continue
        rows.append((*key, *said, _outcome(kinds[key[0]], one, other)))
    columns = ("about", "name", "value", "value_other", "outcome")
    return pd.DataFrame({name: texts(row[at] for row in rows) for at, name in enumerate(columns)})


def _values(side: Side) -> dict[tuple[str, str], Value]:
    """What is printed of a coding, by what it is about and its name."""
    if not side.chronology.admissible:
        return {}
    tables = dict(side.tables)
    gaps = response_gaps(tables, side.chronology, side.jurisdiction)
    asked = Asked(tables, side.chronology, side.jurisdiction, "", gaps, (), {})
    return {
        (one.about, name): value for one in QUANTITIES for name, value in one.values(asked).items()
    }


def _renamed(side: Side, names: Mapping[str, str], like: Side) -> Side:
    """The same coding with other ids, wherever they stand, and its events in the order of those of
    another: pairs are named by it."""
    where = {
        *("row", "event", "agency", "person", "from_event", "to_event", "from_row", "to_row"),
        *("holder", "attributed_to", "addressed_to", "may_be"),
    }
    tables = {}
    for table, frame in side.tables.items():
        own = where | ({"id"} if table in ("events", "agencies", "people") else set())
        tables[table] = frame.assign(
            **{
                column: texts(
                    # Of whom an agency can be there are several in one cell.
                    "; ".join(names.get(one, one) for one in cell.split("; "))
                    for cell in frame[column]
                )
                for column in own.intersection(frame.columns)
            }
        )
    order = {event: at for at, event in enumerate(like.tables["events"]["id"])}
    tables["events"] = tables["events"].sort_values(
        "id", key=lambda ids: ids.map(order).fillna(len(order)), kind="stable", ignore_index=True
    )
    chronology = solve(
        tables["events"],
        tables["relations"],
        side.chronology.policy,
        locators=tables["locators"],
        readings=tables["readings"],
    )
    return side._replace(tables=tables, chronology=chronology)


def _outcome(kind: Quantity, one: Value | None, other: Value | None) -> str:
    if one is None or other is None:
        return ONE_ONLY
    if one == other:
        return SAME
    if not (isinstance(one, Span) and isinstance(other, Span)):
        left_open = {*UNKNOWN, UNDETERMINED}.intersection([*one, *other])
        firmer = kind.holds(one, other) or kind.holds(other, one)
        return WITHIN if left_open or firmer else DIFFERENT
    least, most = (
        [empty if end is None else end for end in ends]
        for ends, empty in (((one.least, other.least), -np.inf), ((one.most, other.most), np.inf))
    )
    within = least[0] >= least[1] and most[0] <= most[1]
    if within or (least[1] >= least[0] and most[1] <= most[0]):
        return WITHIN
    return OVERLAPPING if max(least) <= min(most) else DIFFERENT
