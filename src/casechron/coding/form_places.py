"""Does each place stand in a text that was located, and is each paragraph of it coded or left
out?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from casechron.coding.characters import shown
from casechron.coding.made import Expanded, Made
from casechron.coding.notation import Place
from casechron.coding.sheets import Breach

__all__ = ["place_breaches", "uncovered"]

#: Why a paragraph is left out, where a note has to say more.
NEED_NOTE = {
    "repeats": "which paragraph says the same",
    "furniture": "what it is",
    "not-the-review": "what it is",
}


def place_breaches(expanded: Expanded) -> Iterator[Breach]:
    """Places that a located text does not have, and paragraphs that are left out wrongly."""
    yield from _unknown_places(expanded)
    yield from _left_out(expanded)


def _unknown_places(expanded: Expanded) -> Iterator[Breach]:
    """Places that a located text does not have."""
    known: dict[str, dict[int, list[int]]] = {}
    for source, places in expanded.sentences.items():
        for number, sentence in places:
            known.setdefault(source, {}).setdefault(number, []).append(sentence)
    told: set[tuple[object, ...]] = set()
    for made in expanded.tables["locators"]:
        place = Place(made["source"], made["paragraph"], made["sentence"])
        there = known.get(place.source)
        if not there or not place.paragraph or made.origins[0] in told:
            continue
        told.add(made.origins[0])
        paragraph = int(place.paragraph)
        numbers = there.get(paragraph)
        origin = made.origins[0]
        if not numbers:
            last = max(there)
            message = f"{shown(origin.item)}: {shown(place.source)} has paragraphs 1 to {last}"
        elif place.sentence and int(place.sentence) not in numbers:
            last = max(numbers)
            has = "1 sentence" if last == 1 else f"{last} sentences"
            message = f"{shown(origin.item)}: paragraph {paragraph} has {has}"
        else:
            continue
        yield Breach(origin.file, origin.line, origin.column, f"{message}; correct the place")


def _left_out(expanded: Expanded) -> Iterator[Breach]:
    """Rows of coverage that do not fit the text or the places of the coding."""
    named: dict[tuple[str, str], Made] = {}
    for made in expanded.tables["locators"]:
        named.setdefault((made["source"], made["paragraph"]), made)
    last = {
        source: max(number for number, _ in places)
        for source, places in expanded.sentences.items()
        if places
    }
    for made in expanded.tables["coverage"]:
        source, number, status = made["source"], made["paragraph"], made["status"]
        origin, by = made.origins[0], named.get((source, number))
        if not origin.file.endswith("coverage.csv"):
            continue  # no row lists it
        column, message = "paragraph", ""
        if source in last and int(number) > last[source]:
            message = f"{shown(source)} has paragraphs 1 to {last[source]}, not {number}; delete it"
        elif status == "coded" and not by and source in last:
            column = "status"
            message = (
                f"paragraph {number} is coded, and no place names it; write why it is left out"
            )
        elif status != "coded" and by:
            place = by.origins[0]
            column = "status"
            message = (
                f"paragraph {number} is left out ('{status}'), and {place.file} line {place.line}"
                " stands in it; correct the place, or delete the row"
            )
        elif status in NEED_NOTE and not made["note"]:
            column, message = "note", f"the cell is empty; write {NEED_NOTE[status]}"
        if message:
            yield Breach(origin.file, origin.line, column, message)


def uncovered(expanded: Expanded, prefix: str = "") -> Iterator[Breach]:
    """Paragraphs of a located text that no place names and coverage does not leave out."""
    there: dict[str, set[int]] = defaultdict(set)
    for made in expanded.tables["coverage"]:
        there[made["source"]].add(int(made["paragraph"]))
    for source, places in expanded.sentences.items():
        missing = sorted({number for number, _ in places if number} - there[source])
        if missing:
            some = ", ".join(map(str, missing[:10])) + (" …" if missing[10:] else "")
            told = (
                f"no row rests on paragraph {missing[0]} of {shown(source)}; code what it says, or"
                " write why it is left out"
                if len(missing) == 1
                else f"no row rests on {len(missing)} paragraphs of {shown(source)} ({some}); code"
                " what they say, or write why each is left out"
            )
            yield Breach(f"{prefix}coverage.csv", None, "", told)
