"""What is a simulated review? Sixteen tables and a review.toml like any other, and beside them the
true days."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypedDict, Unpack

from casechron.coding.codebook import codebook
from casechron.dates.days import date_of, day_text
from casechron.dates.policy import DatingPolicy
from simulation.account import account
from simulation.case import ABSENCE, TrueEvent
from simulation.dates import Style, dated, without_date
from simulation.draws import Draws
from simulation.evidence import evidence_rows, reading_rows
from simulation.life import FEWEST, MOST, true_events
from simulation.relations import related
from simulation.rows import Row, Tables, cast_rows, event_rows, relation_rows

_DEFAULT = DatingPolicy()
#: Numbers of reviews are written with so many digits, so that their folders sort as they count.
_DIGITS = 4
_FEW_RELATIONS = 0.8


class SimulationError(ValueError):
    """What was asked of the generator that it cannot do, and what it can."""


class TrueDay(NamedTuple):
    """The day on which an event truly began or ended: `point` is 'start' or 'end', `day` the
    ordinal."""

    event: str
    point: str
    day: int


@dataclass(frozen=True, slots=True)
class SimulatedReview:
    """A review that a seed made up, and what is true in it.

    ``tables`` are the rows of the sixteen tables by the table's name, every cell a text; ``meta``
    is the text of review.toml, ``text`` the invented source that the locators rest on. ``truth``
    has a row for each point that a day is true of: two for each event, whether it lasts or not;
    none for absences, and none for the end of a state that outlasts the account. ``policy`` is the
    one under which each phrase holds."""

    id: str
    meta: str
    tables: Mapping[str, list[Row]]
    text: str
    truth: tuple[TrueDay, ...]
    policy: DatingPolicy


class Asked(TypedDict, total=False):
    """What can be asked of a review beside its seed, number and size; see `simulate`."""

    vagueness: float
    undated: float
    relations: int | None
    policy: DatingPolicy


def simulate(
    seed: int,
    number: int = 1,
    *,
    events: int = 40,
    vagueness: float = 0.5,
    undated: float = 0.15,
    relations: int | None = None,
    policy: DatingPolicy = _DEFAULT,
) -> SimulatedReview:
    """Review `number` of a seed: an invented case, told with its dates blurred, and its true days
    beside it.

    ``events`` is the number of rows of the events table. ``vagueness`` is the share of dates that
    are not told to the day (0: every day is told, but for the birth, which is never told finer than
    its month), ``undated`` the share of events without a date, bounded by relations only;
    ``relations`` how many relations there are (default: four to five events), fewer where nothing
    is left to tie. Every phrase and every relation is one that holds of the true days under
    ``policy``: the truth is always an admissible chronology.

    The same arguments give the same review, byte for byte, on any machine. Raises
    `SimulationError`.

    >>> made = simulate(1, events=12, vagueness=0)
    >>> made.id, len(made.tables["events"]), made.truth[-1].event
    ('simulated-0001', 12, 'publication-1')
    >>> simulate(1, events=5)
    Traceback (most recent call last):
    ...
    simulation.reviews.SimulationError: 5 events: a simulated review has from 8 to 400
    """
    _refuse(number, events, vagueness, undated, relations)
    if relations is None:
        relations = int(events * _FEW_RELATIONS)
    # What happened, how it is said and what else is coded are drawn apart: more vagueness leaves
    # the truth as it was.
    happened = true_events(number, events, Draws(seed, number, events, "truth"))
    draws = Draws(seed, number, events, "account")
    style = Style(vagueness, policy)
    hidden = _hidden(happened, undated, draws)
    dates = {
        one.id: (without_date if one.id in hidden else dated)(one, draws, style) for one in happened
    }
    ties = related(happened, hidden, relations, draws, style)
    tables = Tables()
    event_rows(tables, happened, dates, draws)
    relation_rows(tables, ties, draws)
    evidence_rows(tables, happened, draws)
    reading_rows(tables, happened, dates, draws, style)
    cast_rows(tables, number)
    title, published = f"Simulated review {number} (seed {seed})", happened[-1].start
    name = f"simulated-{number:0{_DIGITS}d}"
    text = account(name, title, day_text(published), tables, dates, draws)
    meta = _meta(seed, number, published, policy)
    return SimulatedReview(name, meta, tables, text, _truth(happened), policy)


def simulate_many(
    seed: int, reviews: int, *, events: tuple[int, int] = (20, 60), **asked: Unpack[Asked]
) -> Iterator[SimulatedReview]:
    """Reviews 1 to `reviews` of a seed, one after the other, of from so many to so many events;
    else as `simulate` takes it.

    >>> [len(made.tables["events"]) for made in simulate_many(7, 3, events=(10, 20))]
    [15, 12, 17]
    """
    if reviews < 1:
        raise SimulationError(f"{reviews} reviews: write a whole number from 1")
    if events[0] > events[1]:
        raise SimulationError(
            f"from {events[0]} to {events[1]} events: write the smaller number first"
        )
    for size in events:
        # At once, and not when chance comes to it.
        shares = asked.get("vagueness", 0), asked.get("undated", 0)
        _refuse(1, size, *shares, asked.get("relations"))
    for number in range(1, reviews + 1):
        yield simulate(seed, number, events=Draws(seed, number, "size").whole(*events), **asked)


def _refuse(
    number: int, events: int, vagueness: float, undated: float, relations: int | None
) -> None:
    if number < 1:
        raise SimulationError(f"review {number}: reviews are numbered from 1")
    if not FEWEST <= events <= MOST:
        raise SimulationError(f"{events} events: a simulated review has from {FEWEST} to {MOST}")
    for what, share in (("vagueness", vagueness), ("undated", undated)):
        if not 0 <= share <= 1:
            raise SimulationError(f"{what} {share}: it is a share, from 0 to 1")
    if relations is not None and relations < 0:
        raise SimulationError(f"{relations} relations: write a whole number from 0")


def _hidden(happened: tuple[TrueEvent, ...], share: float, draws: Draws) -> frozenset[str]:
    """The events that get no date. Absences keep their windows, births what is published, and the
    review its day."""
    could = [
        one.id
        for one in happened
        if one.shape != ABSENCE and one.kind not in ("birth", "publication")
    ]
    return frozenset(draws.shuffled(could)[: int(share * len(could) + 0.5)])


def _truth(happened: tuple[TrueEvent, ...]) -> tuple[TrueDay, ...]:
    return tuple(
        TrueDay(event.id, point, day)
        for event in happened
        if event.shape != ABSENCE
        for point, day in (("start", event.start), ("end", event.end))
        if not (point == "end" and event.lasts_on)
    )


def _meta(seed: int, number: int, published: int, policy: DatingPolicy) -> str:
    """The text of review.toml, which says in every place that the review is made up."""
    differs = policy.as_parameters()
    under = f"dating policy {json.dumps(differs)}" if differs else "default dating policy"
    return (Path(__file__).with_name("meta.toml").read_text(encoding="utf-8")).format(
        seed=seed,
        number=number,
        year=date_of(published)[0],
        published=day_text(published),
        codebook=codebook().version,
        under=json.dumps(under)[1:-1],
    )
