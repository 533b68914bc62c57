"""What can be known about time from a review's dates and relations, if they can hold together?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from casechron.characters import counted
from casechron.chronology.ages import aged_events, shown_windows
from casechron.chronology.conflicts import Conflict, conflicts, holds, relaxed, set_conflicts
from casechron.chronology.constraints import NETWORK, PROTECTED, Lowered, lower
from casechron.chronology.date_sets import Choices, choices_of, minimal_over_sets, networks_of
from casechron.chronology.network import (
    OPEN,
    Ints,
    NegativeCycleError,
    Network,
    Windows,
    is_open,
    minimal_network,
    tightened,
)
from casechron.chronology.statements import Statement, paragraphs_by_row, statement
from casechron.dates.policy import DatingPolicy

if TYPE_CHECKING:
    import pandas as pd


#: The tables that say, beside the events, to which events a published age can refer.
_TABLES_OF_AGES = {"people", "participation", "attributes"}


class OpenSides(NamedTuple):
    """Whether nothing that counts bounds an event's start from below, or its end from above."""

    start: bool
    end: bool


@dataclass(frozen=True, eq=False)
class Chronology:
    """Events with their points, what is stated about them, and what follows.

    `lowered` holds events, statements and the network of constraints that they are lowered to;
    `altered` are the rows against which the coding holds another reading, `tables` those of the
    review, in which published ages stand, `locators` the table of where each row stands in its
    source.
    What follows is worked out when it is first asked for and kept: `windows`, `open_sides`,
    `minimal` (the minimal network, `minimal[i, j]` the greatest day(j) - day(i)), `furthest`,
    `conflicts`, `statements`."""

    lowered: Lowered
    locators: pd.DataFrame | None = None
    altered: frozenset[str] = frozenset()
    tables: Mapping[str, pd.DataFrame] | None = None

    @cached_property
    def _solved(self) -> tuple[Windows | None, Ints | None]:
        """The windows and, where dates admit several runs of days, the minimal network over all
        choices of one of each."""
        net, sets = self.lowered.network, self.lowered.sets
        try:
            windows = tightened(net)
        except NegativeCycleError:  # its `conflicts` say so
            return None, None
        if not sets:
            return windows, None
        widest = minimal_over_sets(net, sets)
        if widest is None:
            return None, None
        return replace(windows, lower=-widest[:, 0], upper=widest[0]), widest

    @cached_property
    def windows(self) -> Windows | None:
        """The tightened days of every point, None if the statements cannot hold together."""
        return self._solved[0]

    @cached_property
    def admissible(self) -> bool:
        """Whether some assignment of days satisfies every statement."""
        return self.windows is not None

    @property
    def policy(self) -> DatingPolicy:
        """The dating policy under which the tables were read."""
        return self.lowered.policy

    @cached_property
    def paragraphs(self) -> Mapping[str, str]:
        """Where each coded row stands, as sentences name it."""
        return paragraphs_by_row(self.locators)

    @cached_property
    def events(self) -> tuple[str, ...]:
        """The ids of all events, in table order."""
        return tuple(row.id for row in self.lowered.events)

    def statement(self, number: int) -> Statement:
        """One statement in words, with its paragraphs."""
        return statement(self.lowered, number, self.paragraphs)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement about time: the dates in the order of the events, then the relations in
        theirs."""
        return tuple(map(self.statement, range(len(self.lowered.statement_rows))))

    @cached_property
    def event_windows(self) -> Ints:
        """Earliest, start_latest, end_earliest and latest of each event, as tightened.

        Births and absences keep what is stated, and so do all events where no chronology is
        admissible."""
        days = self.lowered.stated.copy()
        if self.windows is not None:
            inside = self.lowered.start >= 0
            points = self.lowered.points[inside]
            days[inside, 0::2] = self.windows.lower[points]
            days[inside, 1::2] = self.windows.upper[points]
        return days

    @cached_property
    def shown(self) -> Ints:
        """The windows of events as pages show them, on which a living child's published age may
        stand beside them (`ages.shown_windows`)."""
        days = self.event_windows
        if self.tables is None or not self.admissible or not self.tables.keys() >= _TABLES_OF_AGES:
            return days
        return shown_windows(self.lowered, days, aged_events(self.tables, self.lowered))

    def place(self, event: str, point: str = "start") -> int:
        """The place of the start or the end of an event in what has two rows an event."""
        return 2 * self.lowered.row_of[event] + (point == "end")

    def can_be_told(self, *events: str) -> bool:
        """Whether anything can be said of some events: of births and absences alone, where no
        chronology is admissible."""
        at = map(self.lowered.row_of.__getitem__, events)
        return self.admissible or not any(map(self.in_network, at))

    @cached_property
    def wider(self) -> NDArray[np.bool_]:
        """Whether the start and the end of each event, in turn, are shown wider than they are."""
        wider: NDArray[np.bool_] = (self.shown != self.event_windows).reshape(-1, 2).any(axis=1)
        return wider

    @cached_property
    def open_sides(self) -> Mapping[str, OpenSides]:
        """Which sides of each event does its coding leave open? By id, in table order.

        What is open on a side can have been at any time there, and the source does not say so
        either: no days, shares or 'possibly by then' are to be made of it. Two kinds of relations
        close no side, though they bound it: one to a birth that the source does not state (every
        harm to a child comes after its birth, which dates nothing), and a judged one that a reading
        alters (the coder's default, against which the coding itself holds another reading). Births
        and absences are as their own dates say; so are all events where no chronology is
        admissible.

        >>> import casechron as cc
        >>> cc.read_review("child-x-anytown-2019").chronology.open_sides["worry-2014"]
        OpenSides(start=True, end=False)
        """
        sides = is_open(self.with_open_sides.event_windows[:, ::3]).tolist()
        return dict(zip(self.events, map(OpenSides._make, sides), strict=True))

    @cached_property
    def with_open_sides(self) -> Chronology:
        """The same chronology without the relations that close no side, though they bound it
        (`open_sides`); itself where none is admissible."""
        if not self.admissible:
            return self
        memberships = dict(zip(self.events, self.lowered.membership, strict=True))
        return self.without(
            {
                tie.id
                for tie in self.lowered.relations
                if (tie.basis == "judged" and tie.id in self.altered)
                or (
                    tie.basis != "stated"
                    and PROTECTED in (memberships[tie.from_event], memberships[tie.to_event])
                )
            }
        )

    @cached_property
    def minimal(self) -> Ints:
        """The minimal network over points; raises `ContradictionError` where there is none."""
        windows, over_sets = self._solved
        if windows is None:
            raise ContradictionError(self)
        return minimal_network(self.lowered.network) if over_sets is None else over_sets

    @cached_property
    def choices(self) -> tuple[Choices, ...]:
        """The choices of one run of days for each date with holes, none where there is none."""
        if not (self.admissible and self.lowered.sets):
            return ()
        return tuple(choices_of(self.lowered.network, self.lowered.sets))

    def networks(self, points: Sequence[int]) -> list[Ints]:
        """Minimal networks of some points, the reference first, which together admit exactly what
        is admissible: one, but for dates with holes."""
        if not self.choices:
            return [self.minimal[points][:, points]]
        return networks_of(self.minimal, self.choices, np.array(points, dtype=np.int64))

    @cached_property
    def furthest(self) -> Ints:
        """The most days from a point of an event to one of another, OPEN if nothing bounds them:
        rows and columns are the start and the end of each event in turn.

        Between two events of the network this is its minimal network. With a birth or an absence,
        or where no chronology is admissible, it is the plain difference of the two windows."""
        lowered, days = self.lowered, self.event_windows
        low, high = days[:, ::2].ravel(), days[:, 1::2].ravel()
        days_max: Ints = high - low[:, None]
        days_max[is_open(days_max)] = OPEN
        points = lowered.points.ravel()
        inside = np.flatnonzero(points >= 0)
        if self.admissible:
            of_events = points[inside]
            days_max[inside[:, None], inside] = self.minimal[of_events][:, of_events]
        return days_max

    @cached_property
    def order_minimal(self) -> Ints:
        """The minimal network of what says no more than an order: no date, no stated duration."""
        orders = {tie.id for tie in self.lowered.relations if tie.type != "gap"}
        net = self.lowered.network.only(self._said_by(orders))
        # Edges at the reference are days: those of a birth that is in order with an event.
        return minimal_network(net.kept((net.tail != 0) & (net.head != 0)))

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The minimal sets of statements that cannot hold together, in table order; none share a
        statement."""
        return tuple(conflict for conflict, _ in self.conflict_networks)

    @cached_property
    def conflict_networks(self) -> tuple[tuple[Conflict, tuple[Network, ...]], ...]:
        """Each of the `conflicts` with networks that cannot hold: that of its statements or, of
        dates with holes, as many as leave no choice of their days."""
        if self.admissible:
            return ()
        net, sets = self.lowered.network, self.lowered.sets
        plain = [(conflict, (net.only(conflict.statements),)) for conflict in conflicts(net)]
        rest = net.without([number for conflict, _ in plain for number in conflict.statements])
        clashing = [*plain, *set_conflicts(rest, sets)]
        if sets:
            clashing = [(relaxed(net, sets, conflict), networks) for conflict, networks in clashing]
        return tuple(sorted(clashing, key=lambda each: min(each[0].statements)))

    def without(self, relations: Collection[str]) -> Chronology:
        """The same chronology without what some relations say, by their ids.

        Events keep their points: that something lasts is not taken back with the relation that
        names its start or its end. So whatever was admissible stays so, and no bound becomes
        narrower.

        >>> import pandas as pd
        >>> events = pd.DataFrame({"id": ["a", "b"], "date": ["2018-03", ""]})
        >>> order = {"id": ["r"], "type": ["before"], "from_event": ["a"], "to_event": ["b"]}
        >>> found = solve(events, pd.DataFrame(order))
        >>> from casechron.chronology import bounds_table
        >>> both = (found, found.without({"r"}))
        >>> [bounds_table(one)["earliest"].notna().tolist() for one in both]
        [[True, True], [True, False]]
        """
        dropped = self._said_by(relations)
        if not dropped:
            return self
        network = self.lowered.network.without(dropped)
        return replace(self, lowered=replace(self.lowered, network=network))

    def _said_by(self, relations: Collection[str]) -> list[int]:
        """The numbers of the statements of some relations, by their ids."""
        return [
            number
            for number, (kind, place) in enumerate(self.lowered.statement_rows)
            if kind == "relation" and self.lowered.relations[place].id in relations
        ]

    def in_network(self, event: int) -> bool:
        """Whether an event (by its place in the table) has points: births and absences have
        none."""
        return self.lowered.membership[event] == NETWORK


class ContradictionError(ValueError):
    """The statements that cannot hold together, in words; `chronology` is the one that found
    them."""

    def __init__(self, chronology: Chronology) -> None:
        super().__init__("\n".join(["no admissible chronology", *consistency(chronology)]))
        self.chronology = chronology


def solve(
    events: pd.DataFrame,
    relations: pd.DataFrame,
    policy: DatingPolicy | None = None,
    *,
    links: pd.DataFrame | None = None,
    locators: pd.DataFrame | None = None,
    readings: pd.DataFrame | None = None,
) -> Chronology:
    """What can be known about time from a review's events and relations.

    `events` needs the columns id and date, `relations` id, type, from_event and to_event; other
    columns of the codebook are used where they stand. Of `links` those are used that say what
    answered what, unless only the coder judged so. `locators` only serve to name paragraphs,
    `readings` to tell which rows the coding itself reads in two ways (`Chronology.open_sides`).

    A contradiction raises nothing: the chronology is then not `admissible`, and every table made
    from it keeps what is stated, leaves the rest empty and says *no admissible chronology* in its
    `status`. Raises `ChronologyInputError` for what cannot be read.

    Source: simple temporal networks; Dechter, Meiri and Pearl 1991, Artificial Intelligence 49,
    61-95.

    >>> import pandas as pd
    >>> events = pd.DataFrame({"id": ["a", "b"], "date": ["2018-03", "2018-01"]})
    >>> order = {"id": ["r"], "type": ["before"], "from_event": ["a"], "to_event": ["b"]}
    >>> found = solve(events, pd.DataFrame(order))
    >>> found.admissible
    False
    >>> print(ContradictionError(found))
    no admissible chronology
    these 3 statements cannot hold together (30 days short):
    - “b” is between 2018-01-01 and 2018-01-31 [2018-01]
    - “a” comes before “b”
    - “a” is between 2018-03-01 and 2018-03-31 [2018-03]
    """
    return Chronology(
        lower(events, relations, policy or DatingPolicy(), links),
        locators,
        frozenset() if readings is None else frozenset(readings["row"].tolist()),
    )


def chronology_of(
    tables: Mapping[str, pd.DataFrame], policy: DatingPolicy | None = None
) -> Chronology:
    """What can be known about time from the tables of a review or of a coding (`solve`)."""
    solved = solve(
        tables["events"],
        tables["relations"],
        policy,
        **{name: tables.get(name) for name in ("links", "locators", "readings")},
    )
    return replace(solved, tables=tables)


def consistency(
    chronology: Chronology, where: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """The statements of a chronology that cannot hold together, in lines; none where they can.

    `where` says of the id of a row where it was typed, which stands behind what it says.
    Contradictions are as in `conflicts`: each set is minimal, and `days short` says by how much it
    falls short.

    >>> import pandas as pd
    >>> dated = {"id": ["a", "b"], "date": ["2018-03", "2018-01"]}
    >>> events = pd.DataFrame(dated | {"summary": ["A", "B"]})
    >>> order = {"id": ["r"], "type": ["before"], "from_event": ["a"], "to_event": ["b"]}
    >>> for line in consistency(solve(events, pd.DataFrame(order))):
    ...     print(line)
    these 3 statements cannot hold together (30 days short):
    - “B” is between 2018-01-01 and 2018-01-31 [2018-01]
    - “A” comes before “B”
    - “A” is between 2018-03-01 and 2018-03-31 [2018-03]
    """
    lines = []
    for conflict in chronology.conflicts:
        count = len(conflict.statements)
        days = f"{counted(conflict.days_short, 'day')} short"
        lines.append(
            f"these {count} statements cannot hold together ({days}):"
            if count > 1
            else f"this statement cannot hold ({days}):"
        )
        for stated in map(chronology.statement, conflict.statements):
            place = f" – {where[stated.row]}" if stated.row in where else ""
            lines.append(f"- {stated.cited}{place}")
    return lines


def can_hold(lowered: Lowered, statements: Collection[int] | None = None) -> bool:
    """Whether what a review says of time can hold together, or some of its statements alone.

    >>> import casechron as cc
    >>> clash = {"duration_slack": "none", "readings": "visit-in-september"}
    >>> lowered = cc.read_review("child-x-anytown-2019", **clash).chronology.lowered
    >>> can_hold(lowered), can_hold(lowered, {0, 2})
    (False, True)
    """
    net = lowered.network if statements is None else lowered.network.only(statements)
    return holds(net, lowered.sets)
