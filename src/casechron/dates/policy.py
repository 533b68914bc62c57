"""Under which conventions is a vague date, a rounded duration or a working day read?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from casechron.characters import meant_then, nearest

_ABOUT = "'about' (~ or %) widens a date, and a duration, on each side by"
#: The values of each field that has but a few, with what each means.
_CHOICES: dict[str, dict[str, str]] = {
    "duration_slack": {
        "none": "a rounded duration is read as said: a fortnight is 14 days, two months 59 to 62"
        " days",
        "half-unit": "a rounded duration may be half a unit shorter or longer: a fortnight is 11 to"
        " 17 days, two months 46 to 76 days; what the source means as exact has no slack",
        "one-unit": "a rounded duration may be a whole unit shorter or longer: a fortnight is 7 to"
        " 21 days, two months 31 to 91 days; what the source means as exact has no slack",
    },
    "approximate_slack": {
        "none": "'about' (~ or %, or of a duration) moves no bound; nor does doubt (?)",
        "half-unit": f"{_ABOUT} half a unit of its precision; doubt (?) moves no bound",
        "one-unit": f"{_ABOUT} one unit of its precision: about May 2018 is April to June 2018;"
        " doubt (?) moves no bound",
    },
    "winter": {
        "starts": "a season across New Year belongs to the year in which it starts: winter 2018 is"
        " December 2018 to February 2019",
        "ends": "a season across New Year belongs to the year in which it ends: winter 2018 is"
        " December 2017 to February 2018",
    },
    "working_day_one": {
        "day after": "working day 1 is the first working day after the day on which the clock"
        " starts",
        "start day": "the day on which the clock starts is working day 1, if it is a working day",
    },
}
_DAYS = ("early_to", "mid_to", "late_from", "end_from")
#: Every month has a day 28, so a part of a month that ends or starts by then is never empty.
_LAST_SURE_DAY = 28


class PolicyError(ValueError):
    """What is wrong with a dating policy, every breach at once, and what is allowed."""


@dataclass(frozen=True, slots=True)
class DatingPolicy:
    """How vague words about time are read: one value, passed to everything that reads a date.

    The fields, their values and the reason for each default are in ``docs/method.md``. Days of a
    month are counted from 1. ``early`` is 1 to ``early_to``, ``mid`` the day after that to
    ``mid_to``, ``late`` and ``end`` run from ``late_from`` and ``end_from`` to the end of the
    month. Before a year or a season they mean as many thirtieths of it, in whole months that hold
    all of them: by default its thirds.

    Raises `PolicyError`, which names every breach at once.

    >>> DatingPolicy()
    DatingPolicy(early_to=10, mid_to=20, late_from=21, end_from=21, duration_slack='half-unit', \
approximate_slack='one-unit', winter='starts', working_day_one='day after', readings=())
    >>> DatingPolicy(early_to=0, winter="summer")
    Traceback (most recent call last):
    ...
    casechron.dates.policy.PolicyError: early_to is 0; it is a day of the month from 1 to 26, before mid_to
    winter is 'summer'; write one of: starts, ends
    """  # noqa: E501

    early_to: int = 10
    mid_to: int = 20
    late_from: int = 21
    end_from: int = 21
    duration_slack: str = "half-unit"
    approximate_slack: str = "one-unit"
    winter: str = "starts"
    working_day_one: str = "day after"
    readings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        breaches = _breaches(self)
        if breaches:
            raise PolicyError("\n".join(breaches))
        object.__setattr__(self, "readings", tuple(sorted(set(self.readings))))

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> DatingPolicy:
        """The policy that the parameters of a notebook or a command line ask for.

        A mapping from field to value; what is left out keeps its default, so ``{}`` is the default
        policy. Days may come as digits in a string, ``readings`` as a list or as
        ids with commas between them, since a command line knows only strings.

        Raises `PolicyError` for an unknown field or value, every breach at once.

        >>> DatingPolicy.from_parameters({"duration_slack": "none", "early_to": "12"}).as_parameters()
        {'early_to': 12, 'duration_slack': 'none'}
        >>> DatingPolicy.from_parameters({"duration_slak": "none"})
        Traceback (most recent call last):
        ...
        casechron.dates.policy.PolicyError: duration_slak is no part of a dating policy; did you mean 'duration_slack'? Write one of: \
early_to, mid_to, late_from, end_from, duration_slack, approximate_slack, winter, working_day_one, readings
        """  # noqa: E501
        if not isinstance(parameters, Mapping):
            raise PolicyError(
                "a dating policy is read from a mapping of field to value, not from"
                f" {parameters!r}; write for example {{'duration_slack': 'none'}}"
            )
        names = [field.name for field in fields(cls)]
        write = f"write one of: {', '.join(names)}"
        breaches = [
            f"{name} is no part of a dating policy{meant_then(nearest(str(name), names), write)}"
            for name in parameters
            if name not in names
        ]
        known = {name: _read(name, value) for name, value in parameters.items() if name in names}
        try:
            policy = cls(**known)
        except PolicyError as error:
            breaches.append(str(error))
        if breaches:
            raise PolicyError("\n".join(breaches))
        return policy

    def as_parameters(self) -> dict[str, Any]:
        """What differs from the default policy, as `from_parameters` reads it back.

        A mapping in the order of the fields, of plain values that JSON and YAML can hold.

        >>> DatingPolicy().as_parameters()
        {}
        >>> DatingPolicy(winter="ends", readings=("r2", "r1")).as_parameters()
        {'winter': 'ends', 'readings': ['r1', 'r2']}
        """
        differs: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                differs[field.name] = list(value) if isinstance(value, tuple) else value
        return differs

    def in_short(self) -> str:
        """What differs from the default policy, in a line; '' where nothing does.

        >>> DatingPolicy(duration_slack="none", late_from=16).in_short()
        'late_from = 16, duration_slack = none'
        """
        return ", ".join(
            f"{name} = {', '.join(value) if isinstance(value, list) else value}"
            for name, value in self.as_parameters().items()
        )

    def part(self, word: str, of: int = 30) -> tuple[int, int]:
        """Where 'early', 'mid', 'late' or 'end' lies in a month of thirty days, or in `of` months:
        how many come before it, and which is its last; whole ones that hold all of it.

        >>> DatingPolicy().part("mid"), DatingPolicy().part("mid", 12)
        ((10, 20), (4, 8))
        >>> DatingPolicy(late_from=16).part("late", 12), DatingPolicy(late_from=16).part("late", 3)
        ((6, 12), (1, 3))
        """
        starts = {"mid": self.early_to, "late": self.late_from - 1, "end": self.end_from - 1}
        ends = {"early": self.early_to, "mid": self.mid_to}
        return starts.get(word, 0) * of // 30, -(-ends.get(word, 30) * of // 30)

    def describe(self) -> list[tuple[str, str, str]]:
        """What the policy means in plain English, for printing in every report.

        One triple (field, value, meaning) for each field, in the order of the fields.

        >>> for field, value, meaning in DatingPolicy(duration_slack="none").describe()[:5]:
        ...     print(f"{field} = {value}: {meaning}")
        early_to = 10: 'early' ends with day 10 of a month and month 4 of a year; a season likewise
        mid_to = 20: 'mid' is day 11 to 20 of a month and month 5 to 8 of a year; a season likewise
        late_from = 21: 'late' begins with day 21 of a month and month 9 of a year; a season likewise
        end_from = 21: 'end' begins with day 21 of a month and month 9 of a year; a season likewise
        duration_slack = none: a rounded duration is read as said: a fortnight is 14 days, two months 59 to 62 days
        """  # noqa: E501
        meaning_of = {}
        for name in _DAYS:
            word = name.split("_")[0]
            (before, to), (months_before, month_to) = self.part(word), self.part(word, 12)
            day, month = f"day {before + 1}", f"month {months_before + 1}"
            meaning = f"begins with {day} of a month and {month} of a year"
            if word == "early":
                meaning = f"ends with day {to} of a month and month {month_to} of a year"
            elif word == "mid":
                meaning = f"is {day} to {to} of a month and {month} to {month_to} of a year"
            meaning_of[name] = f"'{word}' {meaning}; a season likewise"
        meaning_of |= {name: meanings[getattr(self, name)] for name, meanings in _CHOICES.items()}
        chosen = ", ".join(self.readings)
        used = (
            f"these readings are used: {chosen}"
            if chosen
            else "the coder's default reading is used"
        )
        meaning_of["readings"] = f"where sources differ or can be read two ways, {used}"
        values = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        values["readings"] = chosen or "none"
        return [(name, values[name], meaning) for name, meaning in meaning_of.items()]


def _read(name: str, value: Any) -> Any:
    """The value of a parameter as its field holds it, unread if it cannot be."""
    if name in _DAYS and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if name == "readings" and isinstance(value, str):
        # Reports say 'none' where there are none.
        return tuple(part.strip() for part in value.split(",") if part.strip() not in ("", "none"))
    if name == "readings" and isinstance(value, (list, set, frozenset)):
        return tuple(value)
    return value


def _breaches(policy: DatingPolicy) -> list[str]:
    """What is wrong with the fields of a policy, a sentence for each breach."""
    breaches = []

    def is_day(name: str, first: int, last: int, allowed: str) -> bool:
        """Whether a field is a day from the first to the last; else that is a breach."""
        value = getattr(policy, name)
        fits = isinstance(value, int) and not isinstance(value, bool) and first <= value <= last
        if not fits:
            breaches.append(f"{name} is {value!r}; it is a day of the month {allowed}")
        return fits

    early, mid = 0, _LAST_SURE_DAY - 1
    after, day_after = "after early_to", "the day after mid_to"
    if is_day("early_to", 1, mid - 1, "from 1 to 26, before mid_to"):
        early = policy.early_to
        after += f" ({early})"
    if is_day("mid_to", early + 1, mid, f"{after} and before 28"):
        mid = policy.mid_to
        day_after += f" ({mid})"
    late = f"{after} and no later than {day_after}, so that no day is left out"
    is_day("late_from", early + 1, mid + 1, late)
    is_day("end_from", early + 1, _LAST_SURE_DAY, f"{after} and up to 28")
    for name, allowed in _CHOICES.items():
        value = getattr(policy, name)
        if value not in allowed:
            breaches.append(f"{name} is {value!r}; write one of: {', '.join(allowed)}")
    readings = policy.readings
    if not isinstance(readings, tuple) or not all(
        isinstance(reading, str) and reading for reading in readings
    ):
        breaches.append(
            f"readings is {readings!r}; it is a list of ids of readings, for example ['r1', 'r2']"
        )
    return breaches
