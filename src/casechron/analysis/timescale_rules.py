"""Which timescales does statutory guidance set, in which edition, for whom, and was its source
seen?

Adding an edition, or the rules of another jurisdiction of those that review.toml allows, is adding
rows to timescales.csv, which lies beside this module.
Each row names the text that bears its limit, and `source_seen` says what that text is. A limit that
no text of an edition was seen for, but that the other editions share, is entered as 'not seen'; one
that is not known is left empty, and no check is made with it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path

import pandas as pd

from casechron.analysis.columns import to_table
from casechron.dates.windows import day_span

_FILE = Path(__file__).with_name("timescales.csv")
#: What was read of a rule: the guidance itself, another text that tells of it, or neither.
SEEN = ("edition", "secondary", "not seen")


@dataclass(frozen=True, slots=True)
class Rule:
    """One timescale in one edition of the guidance.

    The clock runs from an event of one of the kinds in `starts` to one of the kinds in `ends`;
    those in `starts_if_tied` start it only where the coding ties such an end to them. `starts_by`
    says when such an event starts it: 'the event' on its own day, or 'becoming known' when the
    agency learns of it, which no event tells. `ends_by` says what an event that ends it is: 'the
    step' itself, 'a later sign' that the step had been taken by then, or 'not told apart' from
    others of its kind. `spell` is what a clock cannot outlast: a 'case' (until it is closed), or a
    'plan' (until it ends, or another initial conference begins one). `near_start` is a kind that
    stands near the clock's start without being it. `pairing` is 'linked' (the coding must tie the
    two) or 'next' (the earliest one on or after the start, within its spell). `limit` is a number
    of working days or months, None where it is not known. `source` is what bears the limit, and
    `source_seen` one of `SEEN`.
    """

    rule: str
    title: str
    jurisdiction: str
    edition: str
    in_force_from: str
    in_force_to: str
    starts: tuple[str, ...]
    starts_if_tied: tuple[str, ...]
    starts_by: str
    ends: tuple[str, ...]
    spell: str
    near_start: str
    ends_by: str
    pairing: str
    limit: int | None
    unit: str
    start_fact: str
    end_fact: str
    source: str
    source_seen: str
    note: str

    @property
    def limit_words(self) -> str:
        """The limit with its unit; '' where it is not known."""
        if self.limit is None:
            return ""
        unit = self.unit.removesuffix("s") if self.limit == 1 else self.unit
        return f"{self.limit} {unit}"

    @property
    def in_force(self) -> tuple[int | None, int | None]:
        """The first and the last day of the edition; None is open.

        A month as a boundary counts in full on both sides, so that both editions apply to it.
        """
        return _in_force(self.in_force_from, self.in_force_to)

    def may_apply(self, earliest: int | None, latest: int | None) -> bool:
        """Whether the edition may be in force on a day of the window; None is open."""
        begins, ends = self.in_force
        late_enough = latest is None or begins is None or latest >= begins
        return late_enough and (earliest is None or ends is None or earliest <= ends)


@cache
def _in_force(begins: str, ends: str) -> tuple[int | None, int | None]:
    return day_span(begins).earliest, day_span(ends).latest if ends else None


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of timescales.csv.

    >>> [
    ...     rule.limit_words
    ...     for rule in rules()
    ...     if rule.rule == "icpc" and rule.edition == "Working Together 2018"
    ... ]
    ['15 working days']
    """
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_rule(row) for row in csv.DictReader(lines))


def timescale_rules(jurisdiction: str = "") -> pd.DataFrame:
    """Which timescales are checked, with edition, clock, limit and source? One row per rule and
    edition.

    All jurisdictions, or the one named. Kinds of event are codes of the codebook.
    """
    rows = [
        ["; ".join(value) if isinstance(value, tuple) else value for value in astuple(rule)]
        for rule in rules()
        if jurisdiction in ("", rule.jurisdiction)
    ]
    return to_table([field.name for field in fields(Rule)], rows, limit="Int64")


def _rule(row: Mapping[str, str]) -> Rule:
    kinds = {
        name: tuple(filter(None, row[name].split(";")))
        for name in ("starts", "starts_if_tied", "ends")
    }
    limit = int(row["limit"]) if row["limit"] else None
    return Rule(**{**row, **kinds, "limit": limit})  # type: ignore[arg-type]
