"""The meaning of events and relations, spelled out: every assignment of days, each kept or not. No
network in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from casechron.chronology.network import HARD, OPEN, Network, from_arrays
from text_tables import cells_of

DAY_0 = date(2018, 3, 1).toordinal()
LAST = 4  # days of the grid are 0..LAST
LONGEST = 2  # of a gap
WIDE = range(
    -8, LAST + 9
)  # where an event that no date bounds may fall: four relations of the longest gap away


class Event(NamedTuple):
    """An event on the grid; lo..hi is its window, start_hi and end_lo the inner bounds of a
    span."""

    id: str
    shape: str  # moment, span, several, undated
    lo: int
    start_hi: int
    end_lo: int
    hi: int
    lasts: bool = False  # an undated event with two points

    @property
    def date(self) -> str:
        if self.shape == "undated":
            return ""
        if self.shape == "span":
            return f"{window(self.lo, self.start_hi, span=True)}/{window(self.end_lo, self.hi, span=True)}"  # noqa: E501
        return window(self.lo, self.hi)

    def days(self, margin: int = 0) -> Iterator[tuple[int, int]]:
        """Every (start, end) that the date by itself admits; without a date, on a grid wider by the
        margin."""
        anywhere = range(WIDE[0] - margin, WIDE[-1] + margin + 1)
        if self.shape == "moment":
            yield from ((day, day) for day in range(self.lo, self.hi + 1))
        elif self.shape == "span":
            yield from pairs(range(self.lo, self.start_hi + 1), range(self.end_lo, self.hi + 1))
        elif self.shape == "several":
            yield from pairs(range(self.lo, self.hi + 1), range(self.lo, self.hi + 1))
        elif self.lasts:
            yield from pairs(anywhere, anywhere)
        else:
            yield from ((day, day) for day in anywhere)


def pairs(starts: range, ends: range) -> Iterator[tuple[int, int]]:
    return ((start, end) for start in starts for end in ends if start <= end)


def day(offset: int) -> str:
    return (date.fromordinal(DAY_0) + timedelta(days=offset)).isoformat()


def window(lo: int, hi: int, *, span: bool = False) -> str:
    """A window as EDTF; the ends of a span cannot be sets, so they are single days here."""
    if lo == hi:
        return day(lo)
    assert not span
    return f"[{day(lo)}..{day(hi)}]"


class Relation(NamedTuple):
    id: str
    type: str
    a: str
    a_point: str
    b: str
    b_point: str
    least: int
    meaning: str

    def holds(self, days: dict[str, tuple[int, int]], slack: int = 0) -> bool:
        """Whether the relation holds, each of its bounds given so many days of slack."""
        a_start, a_end = days[self.a]
        b_start, b_end = days[self.b]
        if self.a_point:
            a_start = a_end = days[self.a][self.a_point == "end"]
        if self.b_point:
            b_start = b_end = days[self.b][self.b_point == "end"]
        if self.type == "before":
            return a_end < b_start + slack
        if self.type == "not-after":
            return a_end <= b_start + slack
        if self.type == "same-day":
            return abs(a_start - b_start) <= slack and abs(a_end - b_end) <= slack
        if self.type == "during":
            return b_start - slack <= a_start and a_end <= b_end + slack
        gap = (b_end if self.b_point == "end" else b_start) - (
            a_end if self.a_point == "end" else a_start
        )
        if self.meaning == "at-least":
            return gap >= self.least - slack
        if self.meaning == "at-most":
            return -slack <= gap <= self.least + slack
        return abs(gap - self.least) <= slack


class Constraint(NamedTuple):
    """`least <= day(to_point) - day(from_point) <= most`, said by `statement`; None is open."""

    from_point: int
    to_point: int
    least: int | None
    most: int | None
    statement: int = HARD


def network(
    points: int, constraints: Iterable[Constraint | tuple[int, int, int | None, int | None, int]]
) -> Network:
    """The network of some constraints; None is no bound."""
    rows = [tuple(c) for c in constraints]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    least = np.array([-OPEN if v is None else v for v in columns[2]], dtype=np.int64)
    most = np.array([OPEN if v is None else v for v in columns[3]], dtype=np.int64)
    i, j, said = (np.array(columns[c], dtype=np.int64) for c in (0, 1, 4))
    return from_arrays(points, i, j, least, most, said)


def solutions(
    events: list[Event], relations: list[Relation], margin: int = 0
) -> list[dict[str, tuple[int, int]]]:
    """Every assignment of days to events that satisfies every date and relation."""
    ids = [event.id for event in events]
    found = (
        dict(zip(ids, days, strict=True))
        for days in itertools.product(*(list(e.days(margin)) for e in events))
    )
    return [days for days in found if all(relation.holds(days) for relation in relations)]


def tables(events: list[Event], relations: list[Relation]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same as the tables of a review."""
    rows = [
        {
            "id": event.id,
            "date": event.date,
            "kind": "visit",
            "count_min": "2" if event.shape == "several" else "",
            "summary": f"Event {event.id}",
            "basis": "stated",
        }
        for event in events
    ]
    ties = [
        {
            "id": tie.id,
            "type": tie.type,
            "from_event": tie.a,
            "from_point": tie.a_point,
            "to_event": tie.b,
            "to_point": tie.b_point,
            "gap": f"P{tie.least}D" if tie.type == "gap" else "",
            "meaning": tie.meaning if tie.type == "gap" else "",
            "basis": "stated",
        }
        for tie in relations
    ]
    columns = cells_of("""
        id | type | from_event | from_point | to_event | to_point | gap | meaning | basis
    """)
    return pd.DataFrame(rows, dtype="str"), pd.DataFrame(ties, columns=columns, dtype="str")


@st.composite
def coded(
    draw: st.DrawFn, *, undated: bool = True, events: int = 3, relations: int = 4
) -> tuple[list[Event], list[Relation]]:
    """Events and relations on the grid, as likely to contradict each other as to hold together."""
    shapes = ["moment", "moment", "span", "several"]
    found = []
    for number in range(draw(st.integers(1, events))):
        # One event without a date at the most: its days are enumerated over a wider grid.
        allowed = (
            [*shapes, "undated"]
            if undated and not any(e.shape == "undated" for e in found)
            else shapes
        )
        shape = draw(st.sampled_from(allowed))
        lo, hi = sorted(draw(st.tuples(st.integers(0, LAST), st.integers(0, LAST))))
        inner = (lo, hi) if shape == "span" else (hi, lo)
        found.append(Event(f"e{number}", shape, lo, inner[0], inner[1], hi))
    ids = [event.id for event in found]
    points = st.sampled_from(["", "", "start", "end"])
    ties = []
    for number in range(draw(st.integers(0, relations)) if len(found) > 1 else 0):
        one, other = draw(st.permutations(ids))[:2]
        kind = draw(st.sampled_from(["before", "not-after", "same-day", "during", "gap"]))
        meaning = draw(st.sampled_from(["exact", "at-least", "at-most"]))
        ties.append(
            Relation(
                f"r{number}",
                kind,
                one,
                draw(points),
                other,
                draw(points),
                draw(st.integers(0, LONGEST)),
                meaning,
            )
        )
    lasting = {tie.a for tie in ties if tie.a_point} | {
        tie.b for tie in ties if tie.b_point or tie.type == "during"
    }
    return [e._replace(lasts=e.id in lasting) if e.shape == "undated" else e for e in found], ties
