"""Do the coded rows still rest on the sentences that they were coded from?

The fingerprints of these sentences are looked for in a copy of the source;
`casechron.coding.form_sources` reads and writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casechron.coding.characters import counted
from casechron.coding.copies import OTHER, CopySentence
from casechron.coding.sheets import Row

#: What can be said of a place, best first.
STATUSES = {
    "exact": "the same sentence in the same place",
    "moved": (
        "the same sentence under another number, as on a saved web page, whose blocks are counted"
        " otherwise"
    ),
    "recut": "the same words, cut into sentences or lines otherwise",
    "changed": "another sentence stands where it stood between its neighbours",
    "missing": "neither the sentence nor its place was found",
}
#: Rows named with a place.
_MANY = 3
#: Those of them where the same words stand.
SAME = ("exact", "moved", "recut")


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
    places: Sequence[tuple[Row, int, int]],
    source_id: str,
    copy: Sequence[CopySentence],
) -> list[Verification]:
    """What became of places in a copy.

    Parameters
    ----------
    places
        Rows with the digests of their sentence and its neighbours, its paragraph and number.
    source_id
        The source that they are places of.
    copy
        The sentences of the copy, as `casechron.coding.copies.sentences_of_copy` has them.

    Returns
    -------
    list of Verification
        One for each place, in their order.
    """
    held = _Copy.of(copy)
    return [
        Verification(
            row["row"], source_id, paragraph, sentence, *held.found(row, paragraph, sentence)
        )
        for row, paragraph, sentence in places
    ]


@dataclass(frozen=True, slots=True)
class _Copy:
    """The sentences of a copy in reading order, with empty ones for its start and its end."""

    listed: list[CopySentence]
    positions: dict[str, list[int]]

    @classmethod
    def of(cls, sentences: Sequence[CopySentence]) -> _Copy:
        edge = CopySentence(0, 0, "", False, "")
        listed = [edge, *sentences, edge]
        positions: dict[str, list[int]] = {}
        for position, one in enumerate(listed):
            positions.setdefault(one.digest, []).append(position)
        return cls(listed, positions)

    def found(self, row: Row, paragraph: int, sentence: int) -> tuple[str, int | None, int | None]:
        before, itself, after = row["digest_before"], row["digest"], row["digest_after"]
        spots = self.positions.get(itself, [])
        here = [spot for spot in spots if self.listed[spot][:2] == (paragraph, sentence)]
        if here and not self.listed[here[0]].recut:
            return "exact", paragraph, sentence

        def distance(spot: int) -> tuple[int, int]:
            return abs(self.listed[spot].paragraph - paragraph), spot

        def company(spot: int) -> int:
            around = self.listed[spot - 1].digest, self.listed[spot + 1].digest
            return (around[0] == before) + (around[1] == after)

        def at(status: str, spot: int) -> tuple[str, int, int]:
            one = self.listed[spot]
            return "recut" if one.recut else status, one.paragraph, one.sentence

        best = min(spots, key=lambda spot: (-company(spot), distance(spot)), default=None)
        if best is not None and company(best):
            return at("moved", best)
        # The sentence between both neighbours, the start and the end of the text being neighbours
        # too. This comes before a copy of the sentence in quite other company, which is another
        # sentence in the same words. A sentence of the source is itself, not a changed form of
        # another.
        others = self.positions.get(OTHER, [])
        between = [spot for spot in others if company(spot) == 2]
        if between:
            return at("changed", min(between, key=distance))
        if best is not None:
            return at("moved", best)
        # One neighbour will do, if it is a sentence: the start of a web page is not the start of
        # its article.
        beside = [
            spot
            for spot in others
            if (before and self.listed[spot - 1].digest == before)
            or (after and self.listed[spot + 1].digest == after)
        ]
        if beside:
            return at("changed", min(beside, key=distance))
        return "missing", None, None


def holds(results: Iterable[Verification]) -> bool:
    """Does every place still hold, exact, moved or recut?

    >>> holds([Verification("visit-2014", "report", 3, 1, "moved", 4, 1)])
    True
    """
    return all(result.status in SAME for result in results)


def verification_report(results: Sequence[Verification], *, every: bool = False) -> str:
    """The outcome in words: counts of places, what the statuses that occur mean, a line for each
    sentence that is not exact, with the rows that rest on it.

    Where not one sentence was found again that is said first, and a missing one then has no line.
    With ``every`` each sentence has its line. It holds ids and numbers, never text of the source.

    >>> print(verification_report([Verification("visit-2014", "report", 3, 1, "moved", 4, 1)]))
    1 place: 0 exact, 1 moved, 0 recut, 0 changed, 0 missing
    moved: the same sentence under another number, as on a saved web page, whose blocks are counted otherwise
    <BLANKLINE>
    place  status  found at                 rows
    p3.1   moved   paragraph 4, sentence 1  visit-2014
    """  # noqa: E501
    counts = Counter(result.status for result in results)
    lost = bool(results) and not any(counts[status] for status in SAME)
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
    several = len({one.source for one in results}) > 1
    rows: dict[tuple[str, str, str], list[str]] = {}
    for one in sorted(results, key=lambda one: (one.source, one.paragraph, one.sentence)):
        if every or one.status not in ("exact", "missing" if lost else ""):
            at = f"paragraph {one.found_paragraph}, sentence {one.found_sentence}"
            source = f"{one.source}:" if several else ""
            place = f"{source}p{one.paragraph}.{one.sentence}"
            cells = (place, one.status, at if one.found_paragraph else "")
            rows.setdefault(cells, []).append(one.row)
    if rows:
        cut = [("place", "status", "found at", "rows")]
        cut += [(*cells, _listed(list(dict.fromkeys(ids)))) for cells, ids in rows.items()]
        widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
        aligned = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in cut)
        lines += ["", *aligned]
    return "\n".join(lines)


def _listed(ids: Sequence[str]) -> str:
    """Ids of rows, no more than a line has room for."""
    more = f" and {len(ids) - _MANY} more" if len(ids) > _MANY else ""
    return ", ".join(ids[:_MANY]) + more
