"""What truly happened? The events of an invented case, each with its true days."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from simulation.draws import Draws

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


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """An event as it truly was.

    ``days`` are the true days in order: one for a moment, each occurrence of what happened several
    times, the first and the last day of a state, of an absence those of its window. ``lasts_on``:
    the state outlasts the account, so nobody knows its last day, and the one here only says that it
    lies after everything else. ``link`` is the tie other than time to an earlier event: its type
    and the event's id."""

    id: str
    kind: str
    shape: str
    days: tuple[int, ...]
    summary: str
    absence: str = ""
    lasts_on: bool = False
    agencies: tuple[Involved, ...] = ()
    people: tuple[Part, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    themes: tuple[str, ...] = ()
    link: tuple[str, str] | None = None

    @property
    def start(self) -> int:
        """The true first day."""
        return self.days[0]

    @property
    def end(self) -> int:
        """The true last day."""
        return self.days[-1]


@cache
def sheet(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file that stands beside this module."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Case:
    """A case as it unfolds: its events so far, and the day up to which it has been told."""

    number: int
    day: int
    draws: Draws
    events: list[TrueEvent] = field(default_factory=list)
    _counted: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, *days: int, **more: TrueEvent | str | None) -> TrueEvent:
        """One more event, of a row of happenings.csv, and time goes on to its last day, unless it
        lasts. ``answers=event`` and the like tie it; a text fills the place of its name in the
        row's cells."""
        words = {key: said for key, said in more.items() if isinstance(said, str)}
        words["child"] = f"Child S{self.number}"
        row = next(row for row in sheet("happenings") if row["name"] == name)
        cells = {key: cell.format(**words) for key, cell in row.items()}
        items = {key: list(filter(None, cell.split("; "))) for key, cell in cells.items()}
        kind, shape = cells["kind"], cells["shape"]
        ties = [(key, to.id) for key, to in more.items() if isinstance(to, TrueEvent)]
        self._counted[kind] += 1
        event = TrueEvent(
            f"{kind}-{self._counted[kind]}",
            kind,
            STATE if shape == "lasts-on" else shape,
            days,
            cells["summary"],
            cells["absence"],
            shape == "lasts-on",
            tuple(Involved(*item.split()) for item in items["agencies"]),
            tuple(Part(*item.split()) for item in items["people"]),
            tuple(
                (fact, value)
                for item in items["facts"]
                for fact, _, value in [item.partition(": ")]
            ),
            tuple(cells["themes"].split()),
            (ties[0][0].replace("_", "-"), ties[0][1]) if ties else None,
        )
        self.events.append(event)
        if shape in (MOMENT, SEVERAL):
            self.day = max(self.day, event.end)
        return event

    def later(self, least: int, most: int) -> int:
        """A day so many days on from where the case stands."""
        return self.day + self.draws.whole(least, most)

    def workday(self, least: int, most: int, after: TrueEvent | None = None) -> int:
        """The same, or so many days after an event; or the Monday after it where it falls on a
        weekend: conferences are not held on Sundays.

        >>> case = Case(1, 736933, Draws("example"))  # Monday 27 August 2018
        >>> [case.workday(days, days) - case.day for days in range(7)]
        [0, 1, 2, 3, 4, 7, 7]
        """
        day = (after.end if after else self.day) + self.draws.whole(least, most)
        of_week = (day - 1) % 7  # day 1 of the calendar was a Monday
        return day + 7 - of_week if of_week > 4 else day

    def last(self, *kinds: str) -> TrueEvent | None:
        """The latest event of some kinds that took place, if there is one."""
        found = [event for event in self.events if event.kind in kinds and not event.absence]
        return found[-1] if found else None
