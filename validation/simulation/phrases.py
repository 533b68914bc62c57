"""How would a writer say on which day something was? Only ways that hold of the true day, under a
dating policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from casechron.dates.days import MONTH_NAMES, date_of, day_text, months_on
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import DateBounds, day_span
from simulation.draws import Draws

_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_QUARTERS = {33: "first", 34: "second", 35: "third", 36: "last"}
_TENS = "first days of", "in the teens of", "in the twenties of", "last days of"
_PARTS = {"early": "early", "mid": "mid", "late": "late", "end": "at the end of"}
_IN_SEASON = {"early": "early in the", "mid": "in the middle of", "late": "late in the"}
_IN_YEAR = {"early": "early in", "mid": "in the middle of", "late": "late in"}
_IN_YEAR["end"] = "towards the end of"


class Phrase(NamedTuple):
    """A date as the tables hold it, and the source's words for it (six at most for a single
    date)."""

    text: str
    words: str


def holds(found: DateBounds, start: int, end: int) -> bool:
    """Whether bounds admit a true first and last day.

    >>> (
    ...     holds(day_span("late 2018-08"), 736928, 736928),
    ...     holds(day_span("mid 2018-08"), 736928, 736928),
    ... )
    (True, False)
    """
    inside = ((found.earliest, start, found.start_latest), (found.end_earliest, end, found.latest))
    return all(
        (low is None or low <= day) and (high is None or day <= high) for low, day, high in inside
    )


def exact(day: int) -> Phrase:
    """The day itself.

    >>> exact(736934)
    Phrase(text='2018-08-28', words='on 28 August 2018')
    """
    year, month_number, of_month = date_of(day)
    return Phrase(day_text(day), f"on {of_month} {MONTH_NAMES[month_number]} {year}")


def month(day: int) -> Phrase:
    """The month of a day.

    >>> month(736934)
    Phrase(text='2018-08', words='in August 2018')
    """
    year, month_number, _ = date_of(day)
    return Phrase(f"{year}-{month_number:02d}", f"in {MONTH_NAMES[month_number]} {year}")


def bare(words: str) -> str:
    """Words for a date without the 'in' or 'on' before them.

    >>> bare("in August 2018")
    'August 2018'
    """
    return words.removeprefix("in ").removeprefix("on ")


def vague(day: int, draws: Draws, policy: DatingPolicy, *, single: bool = False) -> Phrase:
    """A way to say a day that leaves it open, drawn from those that hold of it under the policy.

    ``single``: a single date, as the ends of an interval have to be; else it may be a set as well.

    >>> draws = Draws("example")
    >>> [vague(736934, draws, DatingPolicy()).words for _ in range(3)]
    ['on 21 August or 28 August', 'in 2018', 'in the middle of 2018']
    """
    ways = [(weight, way) for weight, way, is_set in _WAYS if not (single and is_set)]
    while True:
        way = draws.weighted(ways)
        if found := honest(way(day, draws), day, policy):
            return draws.pick(found)


def honest(phrases: Iterator[Phrase], day: int, policy: DatingPolicy) -> list[Phrase]:
    """Those of some phrases that hold of a day under a policy: nobody who knows the day would say
    the others."""
    return [phrase for phrase in phrases if holds(day_span(phrase.text, policy), day, day)]


def _month(day: int, draws: Draws) -> Iterator[Phrase]:
    yield month(day)


def _part_of_month(day: int, draws: Draws) -> Iterator[Phrase]:
    text, words = month(day)
    for part, said in _PARTS.items():
        yield Phrase(f"{part} {text}", f"{said} {bare(words)}")


def _year(day: int, draws: Draws) -> Iterator[Phrase]:
    year = date_of(day)[0]
    yield Phrase(f"{year}", f"in {year}")
    for part, said in _IN_YEAR.items():
        yield Phrase(f"{part} {year}", f"{said} {year}")


def _season(day: int, draws: Draws) -> Iterator[Phrase]:
    year = date_of(day)[0]
    # A winter has days of two years, and the policy says whose it is.
    for of in (year - 1, year, year + 1):
        for code, name in _SEASONS.items():
            yield Phrase(f"{of}-{code}", f"in the {name} of {of}")
            for part, said in _IN_SEASON.items():
                yield Phrase(f"{part} {of}-{code}", f"{said} {name} {of}")


def _quarter(day: int, draws: Draws) -> Iterator[Phrase]:
    year = date_of(day)[0]
    for code, name in _QUARTERS.items():
        yield Phrase(f"{year}-{code}", f"in the {name} quarter of {year}")


def _about(day: int, draws: Draws) -> Iterator[Phrase]:
    for months in (-1, 0, 1):
        text, words = month(months_on(day, months))
        yield Phrase(f"{text}~", f"around {bare(words)}")
        yield Phrase(f"{text}%", f"perhaps around {bare(words)}")
    for days in (-1, 0, 1):
        text, words = exact(day + days)
        yield Phrase(f"{text}~", f"about {bare(words)}")
    for years in (-1, 0, 1):
        year = date_of(day)[0] + years
        yield Phrase(f"{year}~", f"around {year}")


def _doubted(day: int, draws: Draws) -> Iterator[Phrase]:
    for text, words in (exact(day), month(day)):
        yield Phrase(f"{text}?", f"perhaps {words}")


def _unspecified(day: int, draws: Draws) -> Iterator[Phrase]:
    year, month_number, of_month = date_of(day)
    text, words = month(day)
    yield Phrase(f"{text}-{of_month // 10}X", f"{_TENS[of_month // 10]} {bare(words)}")
    yield Phrase(f"{text}-XX", words)
    yield Phrase(f"{year}-XX-{of_month:02d}", f"in {year}, on a day {of_month}")
    yield Phrase(f"{year}-{month_number // 10}X", f"in a month of {year}")
    yield Phrase(f"{year // 10}X", f"in the {year // 10}0s")


def _window(day: int, draws: Draws) -> Iterator[Phrase]:
    first, last = day - draws.whole(0, 25), day + draws.whole(1, 25)
    yield Phrase(
        f"[{day_text(first)}..{day_text(last)}]", f"between {_short(first)} and {_short(last)}"
    )
    one, other = months_on(day, -draws.whole(0, 2)), months_on(day, draws.whole(1, 2))
    yield Phrase(
        f"[{month(one).text}..{month(other).text}]", f"between {_named(one)} and {_named(other)}"
    )


def _one_of(day: int, draws: Draws) -> Iterator[Phrase]:
    one, other = sorted((day, day + draws.pick((-21, -14, -7, -1, 1, 7, 14, 21))))
    yield Phrase(f"[{day_text(one)},{day_text(other)}]", f"on {_short(one)} or {_short(other)}")
    one, other = sorted((day, months_on(day, draws.pick((-3, -2, 2, 3)))))
    yield Phrase(f"[{month(one).text},{month(other).text}]", f"in {_named(one)} or {_named(other)}")


def _open(day: int, draws: Draws) -> Iterator[Phrase]:
    last, first = day + draws.whole(0, 30), day - draws.whole(0, 30)
    yield Phrase(f"[..{day_text(last)}]", f"by {bare(exact(last).words)}")
    yield Phrase(f"[{day_text(first)}..]", f"not before {bare(exact(first).words)}")


def _short(day: int) -> str:
    """A day without its year."""
    return bare(exact(day).words).rsplit(" ", 1)[0]


def _named(day: int) -> str:
    """A month without its year."""
    return MONTH_NAMES[date_of(day)[1]]


#: How often each way is taken, and whether it makes a set; a way none of whose phrases holds is
#: passed over.
_WAYS: tuple[tuple[int, Callable[[int, Draws], Iterator[Phrase]], bool], ...] = (
    (6, _month, False),
    (6, _part_of_month, False),
    (3, _year, False),
    (2, _season, False),
    (1, _quarter, False),
    (3, _about, False),
    (1, _doubted, False),
    (1, _unspecified, False),
    (2, _window, True),
    (1, _one_of, True),
    (1, _open, True),
)
