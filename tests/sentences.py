"""What do the assertions of `sentences.toml` give? Worked out from the tidy tables by the solver of
the tests; the head of that file says what each function means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

import pandas as pd

from casechron.dates.policy import DatingPolicy
from independent import Days
from independent_results import clock, number, wait
from test_independent_results import Case, solver_case

POLICY = DatingPolicy()
ASSERTION = re.compile(r"([a-z_]+)\(([^()]*)\) (?:==|in) (.+)")
#: Roles of an agency that was missing, or that came to know too late to have had a part.
NO_PART = {"responsible-absent", "not-involved", "insufficiently-involved", "learned-later"}


class Solved:
    """What the functions of the list give for some tidy tables; each answers with a text."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables = tables
        self.case: Case = solver_case(tables, POLICY)
        events = self.rows("events")
        self.event = {row["id"]: row for row in events}

    def rows(self, table: str, **wanted: str) -> list[dict[str, str]]:
        """The rows of a table in which these columns have these values."""
        found = self.tables[table].to_dict("records")
        return [row for row in found if all(row[name] == value for name, value in wanted.items())]

    def __call__(self, assertion: str) -> tuple[str, str]:
        """What is found, and what the list says."""
        read = ASSERTION.fullmatch(assertion)
        assert read, f"{assertion!r} is no assertion"
        function = getattr(self, FUNCTIONS.get(read[1], read[1]))
        given = [part.strip() for part in read[2].split(",") if part.strip()]
        return function(*given), read[3]

    # ------------------------------------------------------------ days

    @cached_property
    def days(self) -> Days:
        return Days(self.tables, POLICY)

    def _span(self, low: float, high: float, written: Callable[[int], str]) -> str:
        return "..".join(
            "" if abs(one) == float("inf") else written(int(one)) for one in (low, high)
        )

    def gap(self, one: str, other: str) -> str:
        return self._span(*self.days.gap((one, "start"), (other, "start")), str)

    def working(self, one: str, other: str) -> str:
        found = wait(self.case.days, one, other, POLICY.working_day_one)
        return "{}..{}".format(*found[2:4]) if found else "none"

    def window(self, one: str) -> str:
        start, end = self.days.bounds[one]
        # Of an absence the whole time is meant in which the step was missing.
        low, high = start[0], (end if one in self.days.absent else start)[1]
        return self._span(low, high, lambda day: date.fromordinal(day).isoformat())

    def dated(self, one: str) -> str:
        return self.event[one]["date"] or "undated"

    def tie(self, one: str, other: str) -> str:
        found = self.rows("relations", from_event=one, to_event=other, type="gap")
        return "; ".join(f"{row['gap']} {row['meaning']}" for row in found) or "none"

    def precedes(self, one: str, other: str) -> str:
        least, most = self.days.gap((one, "start"), (other, "start"))
        return "all" if least >= 0 else "none" if most < 0 else "some"

    def _present(self, kinds: tuple[str, ...]) -> list[str]:
        return [
            one for one, row in self.event.items() if row["kind"] in kinds and not row["absence"]
        ]

    def first(self, *kinds: str) -> str:
        """Those of which no other is earlier in all dates."""
        found = self._present(kinds)
        return _joined(
            one
            for one in found
            if all(self.days.gap((other, "start"), (one, "start"))[0] < 1 for other in found)
        )

    def later(self, since: str, *kinds: str) -> str:
        """Those that can begin after a row."""
        return _joined(
            one
            for one in self._present(kinds)
            if self.days.gap((since, "start"), (one, "start"))[1] > 0
        )

    def between(self, one: str, other: str) -> str:
        """The rows that can lie after one and before another, apart from both."""
        return _joined(
            row
            for row in self.event
            if row not in (one, other)
            and self.days.gap((one, "start"), (row, "start"))[1] > 0
            and self.days.gap((row, "start"), (other, "start"))[1] > 0
        )

    def days_known(self) -> str:
        known = [one for one in self.event if re.fullmatch(r"\d{4}-\d\d-\d\d", self.dated(one))]
        return str(len(known))

    # ------------------------------------------------------------ limits

    def verdict(self, rule: str, start: str, until: str = "") -> str:
        return _verdict(self.case, rule, start, until)

    def stated_verdict(self, rule: str, start: str, until: str = "") -> str:
        return _verdict(self.case.without_judged, rule, start, until)

    def kept_from(self, step: str, limit: str) -> str:
        """The first day from which so many working days reach a step: where it is on its earliest
        day, and where on its latest."""
        ends = range(-400, 1)
        found = []
        for day in map(int, self.days.bounds[step][0]):
            kept = [day + one for one in ends if number(day + one, day, "day after") <= int(limit)]
            found.append(date.fromordinal(kept[0]).isoformat())
        return "..".join(found)

    # ------------------------------------------------------------ rows and counts

    def count(self, kind: str) -> str:
        return str(len(self._present((kind,))))

    def number(self, one: str) -> str:
        row = self.event[one]
        return f"{row['count_min']}..{row['count_max']}"

    def absent(self, one: str) -> str:
        return self.event[one]["absence"] or "no"

    def row_basis(self, one: str) -> str:
        return self.event[one]["basis"]

    def size(self, table: str) -> str:
        return str(len(self.tables[table]))

    def first_source(self, column: str) -> str:
        return str(self.tables["sources"].iloc[0][column])

    def fact(self, one: str, attribute: str) -> str:
        return _joined(
            row["value"] for row in self.rows("attributes", row=one, attribute=attribute)
        )

    def other(self, one: str, column: str) -> str:
        """What other readings of the sources have in a cell."""
        return _joined(row["value"] for row in self.rows("readings", row=one, column=column))

    # ------------------------------------------------------------ who

    def agencies(self, one: str, role: str) -> str:
        found = self.rows("involvement", event=one, role=role)
        return _joined((row["agency"] for row in found), "nobody")

    def part_basis(self, one: str, agency: str) -> str:
        return _joined(row["basis"] for row in self.rows("involvement", event=one, agency=agency))

    def held(self, agency: str) -> str:
        found = self.rows("involvement", agency=agency)
        return _joined(
            row["event"] for row in found if row["role"] in ("held", "received", "raised")
        )

    def with_part(self) -> str:
        """How many agencies with a name of their own had a part, the review's body apart and
        criminal courts: least, where those that can be one are, and most."""
        agency = {row["id"]: row for row in self.rows("agencies")}
        had = {
            row["agency"]
            for row in self.rows("involvement")
            if row["role"] not in NO_PART
            and self.event[row["event"]]["kind"] not in ("plea", "conviction", "sentence")
            and agency[row["agency"]]["sector"] not in ("10", "x-partnership")
        }
        bodies = {one: one for one in had}
        for one in had:
            for other in had & set(agency[one].get("may_be", "").split(";")):
                merged = {bodies[one], bodies[other]}
                bodies = {
                    each: min(merged) if own in merged else own for each, own in bodies.items()
                }
        return f"{len(set(bodies.values()))}..{len(had)}"

    def persons(self, one: str, role: str) -> str:
        return _joined(
            (
                f"{row['person']} ({row['status']}{' by ' * bool(row['account'])}{row['account']})"
                for row in self.rows("participation", event=one, role=role)
            ),
            "nobody",
        )

    def harming(self, person: str) -> str:
        return _joined(
            row["event"] for row in self.rows("participation", person=person, role="harming")
        )

    def holders(self, view: str) -> str:
        """Who held a view: one row of the tables for each holder of the same."""
        (own,) = self.rows("views", id=view)
        return _joined(row["holder"] for row in self.rows("views", proposition=own["proposition"]))

    # ------------------------------------------------------------ ties

    def answers(self, one: str) -> str:
        return self.tied_to("answers", one)

    def answered(self, one: str) -> str:
        """Steps that answer it: no closing, nothing that is missing or fell short."""
        closing = ("closure", "no-further-action")
        return _joined(
            row["from_row"]
            for row in self.rows("links", type="answers", to_row=one)
            if self.absent(row["from_row"]) == "no"
            and self.event[row["from_row"]]["kind"] not in closing
        )

    def tellings(self, one: str) -> str:
        return self.tied_to("tells-of", one)

    def tied_to(self, tie: str, one: str) -> str:
        return _joined(row["from_row"] for row in self.rows("links", type=tie, to_row=one))

    def tied_from(self, tie: str, one: str) -> str:
        return _joined(row["to_row"] for row in self.rows("links", type=tie, from_row=one))

    def stated_to(self, tie: str, one: str) -> str:
        found = self.rows("links", type=tie, to_row=one, basis="stated")
        return _joined(row["from_row"] for row in found)

    def bases(self, tie: str) -> str:
        return _joined({row["basis"] for row in self.rows("links", type=tie)})

    def polarity(self, finding: str) -> str:
        return _joined(row["polarity"] for row in self.rows("findings", id=finding))

    def polarities(self, polarity: str) -> str:
        return str(len(self.rows("findings", polarity=polarity)))


#: Names of the list that Python keeps for itself.
FUNCTIONS = {"from": "tied_from", "to": "tied_to"}


def _joined(found: Iterable[str], nobody: str = "none") -> str:
    return "; ".join(sorted(set(found))) or nobody


def _verdict(case: Case, rule: str, start: str, until: str) -> str:
    found = clock(case.told, case.days, rule, start, until, POLICY.working_day_one)
    return found.verdict if found else "endless"
