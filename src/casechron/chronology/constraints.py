"""Which constraints on days do the tables of a review state?

Each event becomes points, each date and each relation a statement with its constraints. What is no
interval of days (a set with holes, a calendar month) is lowered to the narrowest interval that
loses nothing admissible, and the loss is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from casechron.chronology.date_sets import MOST_ASSIGNMENTS, DaySet, date_groups
from casechron.chronology.network import (
    HARD,
    LARGEST,
    OPEN,
    Constraint,
    Ints,
    Network,
    columns_of,
    from_arrays,
)
from casechron.chronology.rows import (
    ANSWERS,
    EventRow,
    RelationRow,
    answer_orders,
    counted_in_months,
    event_rows,
    read_dates,
    relation_rows,
    stated_days,
)
from casechron.coding.codebook import codebook
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import DateBounds

if TYPE_CHECKING:
    import pandas as pd


#: What stands behind the loss of a date with holes: in which tables its holes do not count.
_NONE_TRIED = f": with those tied to it, it has more than {MOST_ASSIGNMENTS:,} assignments"
_ALL_TRIED = ", in the longest stretch between contacts only"
_TRIED_APART = (
    f", but not in bounds, gaps and orders: with all other sets, it has more than"
    f" {MOST_ASSIGNMENTS:,} assignments"
)
#: The window of an event that nothing bounds.
_OPEN_WINDOW = (-OPEN, OPEN, -OPEN, OPEN)

NETWORK, PROTECTED, ABSENCE = "network", "protected", "absence"


#: A point of the event from which a relation leads and one of that to which it leads (where none is
#: named, the start), and the least and the most days from the one to the other.
_Difference = tuple[str, str, int, int]


class Loss(NamedTuple):
    """What lowering one row to an interval of days left out; never a day that the row admits."""

    table: str
    row: str
    written: str
    loss: str


@dataclass(frozen=True, slots=True, eq=False)
class Lowered:
    """A review's statements about time as a network.

    `sets` are the points whose date has holes, with the runs of days that it admits, `untried` the
    points of groups whose sets have too many assignments to try. `birth_points` has the point of
    each birth, by way of which orders with it also order other events, -1 for all else: no day
    bounds it, so that nothing dates a birth.

    Per event, in table order: its row, the bounds of its written date, its shape, its membership
    ('network', 'protected' or 'absence'), its first and last point (-1 outside the network) and its
    stated window (earliest, start_latest, end_earliest, latest; -OPEN and OPEN for no bound).
    `statement_rows` has, for each statement, whether it is a 'date' or a 'relation', and the place
    of its row in `events` or `relations`."""

    events: tuple[EventRow, ...]
    relations: tuple[RelationRow, ...]
    dates: tuple[DateBounds, ...]
    row_of: Mapping[str, int]
    shape: tuple[str, ...]
    membership: tuple[str, ...]
    points: Ints
    stated: Ints
    statement_rows: tuple[tuple[str, int], ...]
    birth_points: Ints
    sets: tuple[DaySet, ...]
    untried: frozenset[int]
    network: Network
    policy: DatingPolicy
    losses: tuple[Loss, ...]

    @property
    def start(self) -> Ints:
        """The first point of each event."""
        return self.points[:, 0]

    @property
    def end(self) -> Ints:
        """The last point of each event."""
        return self.points[:, 1]


@cache
def protected_kinds() -> frozenset[str]:
    """Kinds of event that no output dates more finely than the source does: births."""
    return codebook().flagged("event_kind", "protected")


def lower(
    events: pd.DataFrame,
    relations: pd.DataFrame,
    policy: DatingPolicy,
    links: pd.DataFrame | None = None,
) -> Lowered:
    """The points, statements and constraints of a review's events and relations, and of what it
    says to answer what (`links`).

    An event that happens once, on a day, is one point. A state, an event that can have occurred
    more than once and an undated event that lasts (by its kind, or as a relation names its start or
    end, or lets another lie within it) have a first and a last point. Absences have none. Protected
    events (births) have none either: a relation to one bounds the other event by the published
    window, so nothing that follows can date the birth more finely. That one event is not after a
    birth and another not before it orders the two: such orders meet in a point that no date bounds.

    Raises `ChronologyInputError`, every breach at once.
    """
    rows = event_rows(events)
    ties = relation_rows(relations, [row.id for row in rows], policy)
    row_of = {row.id: i for i, row in enumerate(rows)}
    dates = read_dates(rows, policy)
    losses: list[Loss] = []
    stated = [_stated_window(row, date, losses) for row, date in zip(rows, dates, strict=True)]
    shape, membership, points, point_count = _points(rows, dates, ties)
    inside = [row.id for row, kind in zip(rows, membership, strict=True) if kind == NETWORK]
    ties += answer_orders(links, inside)
    statements: list[tuple[str, int]] = []
    edges: list[Constraint] = []
    for event, (start, end) in enumerate(points):
        if start < 0:
            continue
        if start != end:
            edges.append((start, end, 0, OPEN, HARD))
        if rows[event].date:
            earliest, start_latest, end_earliest, latest = stated[event]
            edges.append((0, start, earliest, start_latest, len(statements)))
            if start != end:
                edges.append((0, end, end_earliest, latest, len(statements)))
            statements.append(("date", event))
    birth_points, points_of_orders = [-1] * len(rows), points.copy()
    for number, tie in enumerate(ties):
        said = constraints(tie, row_of, membership, points, stated, policy, losses)
        if births := _births_in_order(tie, row_of, membership):
            for birth in births:
                if birth_points[birth] < 0:
                    birth_points[birth] = point_count
                    points_of_orders[birth] = (point_count, point_count)
                    point_count += 1
            # An order says the same from every day.
            differences = _differences(tie, policy, _OPEN_WINDOW)
            first, second = row_of[tie.from_event], row_of[tie.to_event]
            said += _between(points_of_orders[first], points_of_orders[second], differences)
        edges += [(*constraint, len(statements)) for constraint in said]
        statements.append(("relation", number))
    # Where several statements suffice alone, the first by id is named, not by row order.
    ids = [(kind, (rows if kind == "date" else ties)[at].id) for kind, at in statements]
    edges.sort(key=lambda edge: ("", "") if edge[4] == HARD else ids[edge[4]])
    network = from_arrays(point_count, *columns_of(edges))
    sets = tuple(_sets(dates, points, statements))
    untried: set[int] = set()
    assignments = 1
    for group in date_groups(network, sets):
        if group.assignments > MOST_ASSIGNMENTS:
            untried.update(group.points.tolist())
        else:
            assignments *= group.assignments
    # What is tried is exact; only where groups meet can the assignments of all be too many.
    tried = _TRIED_APART if assignments > MOST_ASSIGNMENTS else _ALL_TRIED
    losses_of_sets = {
        ("events", rows[statements[days.statement][1]].id): (
            _NONE_TRIED if days.point in untried else tried
        )
        for days in sets
    }
    return Lowered(
        events=tuple(rows),
        relations=tuple(ties),
        dates=tuple(dates),
        row_of=row_of,
        shape=tuple(shape),
        membership=tuple(membership),
        points=np.array(points, dtype=np.int64).reshape(-1, 2),
        stated=np.array(stated, dtype=np.int64).reshape(-1, 4),
        statement_rows=tuple(statements),
        birth_points=np.array(birth_points, dtype=np.int64),
        sets=sets,
        untried=frozenset(untried),
        network=network,
        policy=policy,
        losses=tuple(
            loss._replace(loss=loss.loss + losses_of_sets.get((loss.table, loss.row), ""))
            for loss in losses
        ),
    )


def _stated_window(row: EventRow, date: DateBounds, losses: list[Loss]) -> Sequence[int]:
    """Earliest, start_latest, end_earliest and latest of one event as its date states them, -OPEN
    and OPEN for no bound."""
    days = [date.earliest, date.start_latest, date.end_earliest, date.latest]
    if date.shape == "moment" and row.can_recur:
        # Somewhere within the window, each of them: the first occurrence and the last range over
        # all of it.
        days[1:3] = date.latest, date.earliest
    too_far = [day is not None and abs(day) > LARGEST for day in days]
    if any(too_far):
        further = "a bound further than 190 billion years is left open"
        losses.append(Loss("events", row.id, row.date, further))
    if not date.convex or date.note:
        losses.append(Loss("events", row.id, row.date, date.note))
    return [
        no_bound if day is None or far else day
        for day, far, no_bound in zip(days, too_far, _OPEN_WINDOW, strict=True)
    ]


def _points(
    rows: list[EventRow], dates: list[DateBounds], ties: list[RelationRow]
) -> tuple[list[str], list[str], list[tuple[int, int]], int]:
    """Shape, membership, first and last point of each event, and the number of points; point 0 is
    the reference."""
    # An event without a date lasts if its kind does, or if a relation names its start or end, or
    # lets another lie within it.
    lasting = {tie.from_event for tie in ties if tie.from_point}
    lasting |= {tie.to_event for tie in ties if tie.to_point or tie.type == "during"}
    kinds = codebook().flagged("event_kind", "state") | codebook().may_last
    lasting |= {row.id for row in rows if row.kind in kinds}
    shapes: list[str] = []
    memberships: list[str] = []
    points: list[tuple[int, int]] = []
    point_count, births = 1, protected_kinds()
    for row, date in zip(rows, dates, strict=True):
        shape = "several" if row.can_recur else date.shape
        lasts = shape in ("span", "several") or (shape == "undated" and row.id in lasting)
        shapes.append("undated" if date.shape == "undated" else shape)
        memberships.append(ABSENCE if row.absence else PROTECTED if row.kind in births else NETWORK)
        inside = memberships[-1] == NETWORK
        points.append((point_count, point_count + lasts) if inside else (-1, -1))
        point_count += inside * (1 + lasts)
    return shapes, memberships, points, point_count


def days_of_gap(
    tie: RelationRow, policy: DatingPolicy, since: Sequence[int]
) -> tuple[int, int | None]:
    """The least and the most days of a gap from an event whose stated window is `since`."""
    low, high = _side(since, tie.from_point)
    return stated_days(tie.gap, tie.meaning, policy, low if low == high else None)


def _differences(tie: RelationRow, policy: DatingPolicy, since: Sequence[int]) -> list[_Difference]:
    """What a relation says: (point of from_event, point of to_event, least, most) of to minus
    from, whose stated window is `since`."""
    from_point, to_point = tie.from_point, tie.to_point
    if tie.type == "gap":
        least, most = days_of_gap(tie, policy, since)
        return [(from_point, to_point, least, OPEN if most is None else most)]
    if tie.type == ANSWERS:
        # Of what lasts or recurs, its last day came no earlier than the first of the other.
        return [("start", "end", 0, OPEN)]
    if tie.type in ("before", "not-after"):
        return [(from_point or "end", to_point, int(tie.type == "before"), OPEN)]
    within = OPEN if tie.type == "during" else 0
    return [
        (from_point, to_point, -within, 0),
        (from_point or "end", to_point or "end", 0, within),
    ]


def constraints(
    tie: RelationRow,
    row_of: Mapping[str, int],
    membership: Sequence[str],
    points: Sequence[tuple[int, int]],
    stated: Sequence[Sequence[int]],
    policy: DatingPolicy,
    losses: list[Loss],
) -> list[tuple[int, int, int, int]]:
    """The constraints of one relation: (point, point, least, most).

    `membership`, `points` (first and last of each) and `stated` are those of the events, at their
    `row_of`."""
    first, second = row_of[tie.from_event], row_of[tie.to_event]
    memberships = (membership[first], membership[second])
    differences = _differences(tie, policy, stated[first])
    if tie.type == "gap" and counted_in_months(tie.gap, tie.meaning, policy):
        low, high = _side(stated[first], tie.from_point)
        if low != high:
            depends = "its days depend on the month in which it starts; all are kept"
            losses.append(Loss("relations", tie.id, tie.gap, depends))
    if memberships == (NETWORK, NETWORK):
        return _between(points[first], points[second], differences)
    edges = []
    if ABSENCE in memberships:
        loss, differences = "it ties an absence, which is a window and moves nothing", []
    elif memberships == (PROTECTED, PROTECTED):
        loss, differences = "it ties two births, which keep their published windows", []
    else:
        used = " is used" if tie.type == "gap" else " and the order are used"
        loss = f"it ties a birth, of which only the published window{used}"
    losses.append(Loss("relations", tie.id, tie.type, loss))
    for from_point, to_point, days_min, days_max in differences:
        if memberships[0] == PROTECTED:
            low, high = _side(stated[first], from_point)
            point = points[second][to_point == "end"]
        else:
            low, high = _side(stated[second], to_point)
            point, days_min, days_max = points[first][from_point == "end"], -days_max, -days_min
        edges.append((0, point, _days_on(low, days_min, -OPEN), _days_on(high, days_max, OPEN)))
    return edges


def _sets(
    dates: list[DateBounds],
    points: Sequence[tuple[int, int]],
    statements: Sequence[tuple[str, int]],
) -> Iterator[DaySet]:
    """The points of the network whose dates have holes: of what can have occurred more than once,
    its first and its last day."""
    for number, (kind, event) in enumerate(statements):
        if kind == "relation" or not dates[event].pieces:
            continue
        runs = tuple(
            (-OPEN if low is None else low, OPEN if high is None else high)
            for low, high in dates[event].pieces
        )
        for point in dict.fromkeys(points[event]):
            yield DaySet(point, number, runs)


def _births_in_order(
    tie: RelationRow, row_of: Mapping[str, int], membership: Sequence[str]
) -> list[int]:
    """The births among the two events that a relation orders; none where one did not happen."""
    first, second = row_of[tie.from_event], row_of[tie.to_event]
    memberships = (membership[first], membership[second])
    if tie.type == "gap" or PROTECTED not in memberships or ABSENCE in memberships:
        return []
    return [event for event in (first, second) if membership[event] == PROTECTED]


def _between(
    first: tuple[int, int], second: tuple[int, int], differences: Sequence[_Difference]
) -> list[tuple[int, int, int, int]]:
    """The constraints between the first and last points of two events."""
    edges = [
        (first[from_point == "end"], second[to_point == "end"], least, most)
        for from_point, to_point, least, most in differences
    ]
    # For two moments 'same day' gives one constraint twice.
    return edges if len(edges) == 1 else list(dict.fromkeys(edges))


def _side(window: Sequence[int], point: str) -> Sequence[int]:
    """The two days between which the start of an event lies, where no point is named too, or its
    end."""
    return window[2:] if point == "end" else window[:2]


def _days_on(day: int, days: int, no_bound: int) -> int:
    """The day so many days on, or no bound where there is none of either."""
    return no_bound if OPEN in (abs(day), abs(days)) else day + days
