"""What is legal and odd in what is said of harm: accusations of nothing that is coded, and a harm
that is told as a fact where who did it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from casechron.coding.codebook import codebook
from casechron.coding.expansion import Made
from casechron.coding.items import folded, without_bracket
from casechron.coding.messages import say
from casechron.coding.sheets import Breach

#: Statuses of what somebody says of somebody that they did.
_ACCUSING = ("alleged", "counter-alleged", "withdrawn")
#: Forces of a status that say of a harm that it was done.
_AS_FACTS = frozenset(("fact", "found", "established"))


def looks_of_harm(tables: Mapping[str, Sequence[Made]]) -> Iterator[Breach]:
    """What is worth a look in the parts of persons, each at the cell that it concerns."""
    yield from _accused_of_nothing(tables)
    yield from _harmed_as_a_fact(tables["participation"])


def _accused_of_nothing(tables: Mapping[str, Sequence[Made]]) -> Iterator[Breach]:
    """What is alleged of a person, where no row of the review tells who harmed whom; and an
    accusation, or its withdrawal, that tells of no row."""
    parts = tables["participation"]
    harm_told = any(part["role"] == "harming" for part in parts)
    telling = {link["from_row"] for link in tables["links"] if link["type"] == "tells-of"}
    statements = {event["id"] for event in tables["events"] if event["kind"] == "account"}
    of_nothing = statements - telling
    for part in parts:
        if harm_told and part["event"] not in of_nothing:
            continue
        if part["role"] == "of-concern" and part["status"] in _ACCUSING:
            item = part.origins[0].item or part["person"]
            yield part.breach(say("harm-untold", item=item, status=part["status"]))


def _harmed_as_a_fact(parts: Sequence[Made]) -> Iterator[Breach]:
    """Who was harmed, without a status, where nobody is said as a fact to have done it."""
    forces: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        status = codebook().codes("status").get(part["status"])
        if part["role"] == "harming" and status:
            forces[part["event"]].add(status.force)
    for part in parts:
        said = forces[part["event"]]
        if part["role"] != "harmed" or not said or said & _AS_FACTS:
            continue
        item = part.origins[0].item
        _, bracket = without_bracket(item) or ("", "")
        if part["status"] == "reported" and "reported" not in map(folded, bracket.split(",")):
            yield part.breach(say("harmed-as-fact", item=item))
