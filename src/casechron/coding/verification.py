"""Do the coded rows still rest on the sentences that they were coded from?

The fingerprints of these sentences are looked for in a copy of the source;
`casechron.coding.form_sources` reads and writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casechron.coding.characters import counted
from casechron.coding.sheets import Row
from casechron.coding.sources import digest, numbered_sentences

__all__ = [
    "STATUSES",
    "Verification",
    "holds",
    "verification_report",
    "verified",
]

#: What can be said of a place, best first.
STATUSES = {
    "exact": "the same sentence in the same place",
    "moved": (
        "the same sentence under another number, as on a saved web page, whose blocks are counted"
        " otherwise"
    ),
    "changed": "another sentence stands where it stood between its neighbours",
    "missing": "neither the sentence nor its place was found",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of one place that a coded row rests on; numbers from 1, None where nothing was
    found."""

    row: str
    source: str
    paragraph: int
    sentence: int
    status: str
    found_paragraph: int | None
    found_sentence: int | None


def verified(
    places: Sequence[tuple[Row, int, int]], source_id: str, text: str, salt: str
) -> list[Verification]:
    """What became of places whose rows have the digests of their sentence and its neighbours."""
    known = {
        row[column]
        for row, _, _ in places
        for column in ("digest", "digest_before", "digest_after")
    } - {""}
    copy = _Copy.of(text, salt, known)
    return [
        Verification(
            row["row"], source_id, paragraph, sentence, *copy.found(row, paragraph, sentence)
        )
        for row, paragraph, sentence in places
    ]


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy of a source as digests only, in reading order, with empty ones for its start and its
    end."""

    places: list[tuple[int, int]]
    digests: list[str]
    positions: dict[str, list[int]]
    known: set[str]

    @classmethod
    def of(cls, text: str, salt: str, known: set[str]) -> _Copy:
        listed = numbered_sentences(text)
        digests = ["", *(digest(found.text, salt) for found in listed), ""]
        positions: dict[str, list[int]] = {}
        for position, value in enumerate(digests):
            positions.setdefault(value, []).append(position)
        places = [(0, 0), *((found.paragraph, found.sentence) for found in listed)]
        return cls(places, digests, positions, known)

    def found(self, row: Row, paragraph: int, sentence: int) -> tuple[str, int | None, int | None]:
        before, itself, after = row["digest_before"], row["digest"], row["digest_after"]
        spots = self.positions.get(itself, [])
        if any(self.places[spot] == (paragraph, sentence) for spot in spots):
            return "exact", paragraph, sentence

        def distance(spot: int) -> tuple[int, int]:
            return abs(self.places[spot][0] - paragraph), spot

        def company(spot: int) -> int:
            return (self.digests[spot - 1] == before) + (self.digests[spot + 1] == after)

        best = min(spots, key=lambda spot: (-company(spot), distance(spot)), default=None)
        if best is not None and company(best):
            return "moved", *self.places[best]
        # The sentence between both neighbours, the start and the end of the text being neighbours
        # too. This comes before a copy of the sentence in quite other company, which is another
        # sentence in the same words. A sentence that the table knows by its digest is itself, not a
        # changed form of another.
        fresh = [
            spot for spot in range(1, len(self.places)) if self.digests[spot] not in self.known
        ]
        between = [spot for spot in fresh if company(spot) == 2]
        if between:
            return "changed", *self.places[min(between, key=distance)]
        if best is not None:
            return "moved", *self.places[best]
        # One neighbour will do, if it is a sentence: the start of a web page is not the start of
        # its article.
        beside = [
            spot
            for spot in fresh
            if (before and self.digests[spot - 1] == before)
            or (after and self.digests[spot + 1] == after)
        ]
        if beside:
            return "changed", *self.places[min(beside, key=distance)]
        return "missing", None, None


def holds(results: Iterable[Verification]) -> bool:
    """Does every place still hold, exact or moved?

    >>> holds([Verification("visit-2014", "report", 3, 1, "moved", 4, 1)])
    True
    """
    return all(result.status in ("exact", "moved") for result in results)


def verification_report(results: Sequence[Verification], *, every: bool = False) -> str:
    """The outcome in words: counts, what the statuses that occur mean, a line per place that is not
    exact.

    Where not one sentence was found again that is said first, and a missing place then has no line.
    With ``every`` each place has its line. It holds ids and numbers, never text of the source.

    >>> print(verification_report([Verification("visit-2014", "report", 3, 1, "moved", 4, 1)]))
    1 place: 0 exact, 1 moved, 0 changed, 0 missing
    moved: the same sentence under another number, as on a saved web page, whose blocks are counted otherwise
    <BLANKLINE>
    row         source  paragraph  sentence  status  found at
    visit-2014  report          3         1  moved   paragraph 4, sentence 1
    """  # noqa: E501
    counts = Counter(result.status for result in results)
    lost = bool(results) and not counts["exact"] + counts["moved"]
    lines = []
    if lost:
        none = (
            "the one sentence does not stand"
            if len(results) == 1
            else f"none of the {len(results)} sentences stands"
        )
        lines.append(f"{none} in this file: is it the right one?")
    lines += [
        f"{counted(len(results), 'place')}: "
        + ", ".join(f"{counts[status]} {status}" for status in STATUSES)
    ]
    lines += [
        f"{status}: {meaning}"
        for status, meaning in STATUSES.items()
        if counts[status] and status != "exact"
    ]
    cells = [("row", "source", "paragraph", "sentence", "status", "found at")]
    for found in results:
        if every or found.status not in ("exact", "missing" if lost else ""):
            at = (
                ""
                if found.found_paragraph is None
                else f"paragraph {found.found_paragraph}, sentence {found.found_sentence}"
            )
            cells.append(
                (
                    found.row,
                    found.source,
                    str(found.paragraph),
                    str(found.sentence),
                    found.status,
                    at,
                )
            )
    if len(cells) > 1:
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines.append("")
        for line in cells:
            aligned = [
                value.rjust(width) if number in (2, 3) else value.ljust(width)
                for number, (value, width) in enumerate(zip(line, widths, strict=True))
            ]
            lines.append("  ".join(aligned).rstrip())
    return "\n".join(lines)
