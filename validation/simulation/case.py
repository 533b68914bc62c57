"""What truly happened? The events of an invented case, each with its true days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from simulation.draws import Draws

__all__ = [
    "ABSENCE",
    "MOMENT",
    "SEVERAL",
    "STATE",
    "Case",
    "Involved",
    "Link",
    "Part",
    "TrueEvent",
    "weekday",
]

MOMENT, STATE, SEVERAL, ABSENCE = "moment", "state", "several", "absence"


class Involved(NamedTuple):
    """An agency's role in an event, with the grade where it is a gap."""

    agency: str
    role: str
    grade: str = ""


class Part(NamedTuple):
    """A person's part in an event, with what force it is said and whose account it is."""

    person: str
    role: str
    status: str = "reported"
    account: str = ""


class Link(NamedTuple):
    """A tie other than time from an event to an earlier one."""

    type: str
    to: str


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """An event as it truly was.

    ``days`` are the true days in order: one for a moment, each occurrence of what happened several
    times, the first and the last day of a state, of an absence those of its window. ``lasts_on``:
    the state outlasts the account, so nobody knows its last day, and the one here only says that it
    lies after everything else."""

    id: str
    kind: str
    shape: str
    days: tuple[int, ...]
    summary: str
    absence: str = ""
    lasts_on: bool = False
    agencies: tuple[Involved, ...] = ()
    people: tuple[Part, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    themes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def start(self) -> int:
        """The true first day."""
        return self.days[0]

    @property
    def end(self) -> int:
        """The true last day."""
        return self.days[-1]


def weekday(day: int) -> int:
    """The day, or the Monday after it where it falls on a weekend: conferences are not held on
    Sundays.

    >>> [weekday(day) - day for day in range(736933, 736940)]  # from Monday 27 August 2018
    [0, 0, 0, 0, 0, 2, 1]
    """
    of_week = (day - 1) % 7  # day 1 of the calendar was a Monday
    return day + 7 - of_week if of_week > 4 else day


@dataclass
class Case:
    """A case as it unfolds: its events so far, and the day up to which it has been told."""

    number: int
    day: int
    draws: Draws
    events: list[TrueEvent] = field(default_factory=list)
    _counted: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        kind: str,
        summary: str,
        *days: int,
        shape: str = MOMENT,
        absence: str = "",
        lasts_on: bool = False,
        agencies: Sequence[Involved] = (),
        people: Sequence[Part] = (),
        attributes: Sequence[tuple[str, str]] = (),
        themes: Sequence[str] = (),
        **links: TrueEvent | None,
    ) -> TrueEvent:
        """One more event, and time goes on to its last day, unless it lasts; ``answers=event`` and
        the like tie it."""
        self._counted[kind] += 1
        ties = tuple(
            Link(name.replace("_", "-"), other.id) for name, other in links.items() if other
        )
        event = TrueEvent(
            f"{kind}-{self._counted[kind]}",
            kind,
            shape,
            days,
            summary,
            absence,
            lasts_on,
            tuple(agencies),
            tuple(people),
            tuple(attributes),
            tuple(themes),
            ties,
        )
        self.events.append(event)
        if shape in (MOMENT, SEVERAL):
            self.day = max(self.day, event.end)
        return event

    def later(self, least: int, most: int) -> int:
        """A day so many days on from where the case stands."""
        return self.day + self.draws.whole(least, most)

    def last(self, *kinds: str) -> TrueEvent | None:
        """The latest event of some kinds that took place, if there is one."""
        found = [event for event in self.events if event.kind in kinds and not event.absence]
        return found[-1] if found else None
