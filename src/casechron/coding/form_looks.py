"""What is legal and odd in a coded chronology, so that a coder may want to look again?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from casechron.coding.characters import shown
from casechron.coding.codebook import codebook
from casechron.coding.made import Expanded, Made
from casechron.coding.notation import first_date
from casechron.coding.sheets import Breach

__all__ = ["looks"]

_MONTH = re.compile(r"-([0-9]{4}-[0-9]{2})(?:-[0-9]+)?")


def looks(expanded: Expanded) -> Iterator[Breach]:
    """What is worth a look, each at the row that it concerns."""
    events = expanded.tables["events"]
    parts: dict[str, list[Made]] = defaultdict(list)
    for made in expanded.tables["involvement"]:
        parts[made["event"]].append(made)
    ordered = {
        made[end] for made in expanded.tables["relations"] for end in ("from_event", "to_event")
    }
    flags = {code: entry.flags for code, entry in codebook().codes("event_kind").items()}
    conferences = any(made["kind"] == "icpc" for made in events)
    for made in events:
        of = flags.get(made["kind"], frozenset())
        roles = {part["role"] for part in parts[made["id"]]}
        if not made["date"] and made["id"] not in ordered and not made["absence"]:
            yield _look(
                expanded, made, "date", "neither a date nor an order; say one if it is there"
            )
        if month := _MONTH.search(made["id"]):
            begins = first_date(made["date"])
            if begins and begins[: len(month[1])] != month[1][: len(begins)]:
                told = f"{shown(made['id'])} names a month, and its date is {shown(made['date'])}"
                yield _look(expanded, made, "id", told)
        if made["kind"] == "review-conference" and not conferences and not made["absence"]:
            told = "a review conference, and no initial one is coded before it"
            yield _look(expanded, made, "kind", told)
        if not expanded.tables["involvement"]:
            continue  # who had a part is not coded
        if not parts[made["id"]]:
            yield _look(expanded, made, "by", "no agency has a part in it; say one if it is there")
        elif {"concern", "telling"} <= of and "received" not in roles and not made["absence"]:
            yield _look(
                expanded, made, "to", "a concern that was passed on, and nobody received it"
            )
        elif "decision" in of and len(parts[made["id"]]) == 1 and "led" in roles:
            yield _look(
                expanded, made, "with", "a decision with one agency; say who else took part"
            )
    yield from _views(expanded)


def _views(expanded: Expanded) -> Iterator[Breach]:
    """Views of which only one side has evidence."""
    sides: dict[str, set[str]] = defaultdict(set)
    for made in expanded.tables["links"]:
        sides[made["to_row"]].add(made["type"])
    for made in expanded.tables["views"]:
        there = sides[made["id"]] & {"supports", "contradicts"}
        if len(there) == 1:
            other = "for" if there == {"contradicts"} else "against"
            told = f"no row is evidence {other} it; judge both sides or none"
            yield _look(expanded, made, "proposition", told)


def _look(expanded: Expanded, made: Made, column: str, message: str) -> Breach:
    origin = made.origins[0]
    return Breach(origin.file, origin.line, column, message)
