"""How many expressions of when are found, how much of what is found is none, are the days right?

    python benchmarks/suggest.py [FILE]

FILE is a table of expressions of official reports that were frozen before they were looked at, with
the days that somebody else wrote down for each; by default tests/expressions/frozen.csv (columns
id, document, expression, type, anchor_date, narrative_year, earliest, latest, decision, edtf,
note).
Beside the PyPI package `dateparser` where that can be imported (an environment of its own, with
casechron installed without its dependencies: `pip install -r benchmarks/requirements-suggest.txt &&
pip install --no-deps -e . && pip install holidays`).

Each expression is read twice: as it stands, and in a sentence of other words, in which all that is
found beside it counts as false. It is *found* where what is found covers all of its words but
prepositions, articles and conjunctions, up to the event from which it counts ('two weeks before'
of 'two weeks before the move'). `anchor_date` is the day or the days from which it counts, also
where it names an event. Its *days are right* where the first and the last are those
of the table, both; of what a person has to decide there (`decision`) also where none are given."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from casechron.dates.days import day_text
from casechron.dates.phrases import Narrative, find_phrases, window_of

search: Any = (
    importlib.import_module("dateparser.search") if importlib.util.find_spec("dateparser") else None
)

FROZEN = Path(__file__).parents[1] / "tests" / "expressions" / "frozen.csv"
#: The sentence in which an expression stands; no word of it says when.
FRAME = ("The social worker noted that, ", ", nobody had called on the family.")
#: Words that need not be covered.
SMALL = frozenset(
    "a an the in on at of and or from to by during over for until since it this that".split()  # noqa: SIM905
)
TARGET = 0.95


class Span(NamedTuple):
    """What was found: from where to where, and the first and last day, '' where a side is open."""

    start: int
    end: int
    days: tuple[str, str]
    #: Whether it counts from an event that is named after it.
    of_event: bool = False


Finder = Callable[[str, dict[str, str]], list[Span]]


def ours(text: str, row: dict[str, str]) -> list[Span]:
    """What casechron finds."""
    found = []
    for one in find_phrases(text):
        anchor = row["anchor_date"]
        if "/" in anchor:  # a day between two, to the one who wrote the table
            anchor = "[{}..{}]".format(*anchor.split("/"))
        told = Narrative(anchor, row["narrative_year"][:4])
        of_event = one.of_event and not anchor
        reading, _ = told.read(one.words, of_event=of_event)
        first, last = (day_text(day) if day else "" for day in window_of(reading))
        found.append(Span(one.start, one.end, (first, last), one.of_event))
    return found


def theirs(text: str, row: dict[str, str]) -> list[Span]:
    """What dateparser finds: points in time, in the British order, counted from the same day."""
    day = next(iter(re.findall(r"\d{4}-\d\d-\d\d", row["anchor_date"])), "")
    year = (row["narrative_year"] or "2000")[:4]
    base = datetime.fromisoformat(day or f"{year}-01-01")
    settings = {"DATE_ORDER": "DMY", "RELATIVE_BASE": base}
    found = search.search_dates(text, languages=["en"], settings=settings) or []
    spans, start = [], 0
    for words, at in found:
        start = max(text.find(words, start), 0)
        spans.append(Span(start, start + len(words), (at.date().isoformat(),) * 2))
        start += len(words)
    return spans


def covered(text: str, start: int, end: int, spans: Iterable[Span]) -> bool:
    """Whether all words of a part that are not small lie in what was found."""
    spans = list(spans)
    end = min([end, *(one.end for one in spans if one.of_event)])  # then comes the event
    return bool(spans) and all(
        any(one.start <= word.start() and word.end() <= one.end for one in spans)
        for word in re.finditer(r"[\w']+", text[:end])
        if word.start() >= start and word[0].lower() not in SMALL
    )


def judged(
    finder: Finder, rows: list[dict[str, str]]
) -> tuple[Counter[str], dict[str, Counter[str]], list[str]]:
    """The counts of a finder over the table, by type too, and what it missed or read otherwise."""
    counts: Counter[str] = Counter()
    types: dict[str, Counter[str]] = defaultdict(Counter)
    slips = []
    for row in rows:
        expression = row["expression"].strip()
        text = f"{FRAME[0]}{expression}{FRAME[1]}"
        start, end = len(FRAME[0]), len(FRAME[0]) + len(expression)
        framed = finder(text, row)
        within = [one for one in framed if one.start < end and one.end > start]
        counts["false"] += len(framed) - len(within)
        counts["found in a sentence"] += covered(text, start, end, within)
        alone = finder(expression, row)
        found = covered(expression, 0, len(expression), alone)
        counts["found"] += found
        dated = bool(row["earliest"] or row["latest"])
        counts["with days"] += dated
        given = {one.days for one in alone if any(one.days)}
        wanted = {(row["earliest"], row["latest"])} if dated else set()
        # Where a person has to decide, none are right, and so are those of all readings.
        asked = row["decision"] == "true" and not given
        right = found and (asked or given == wanted)
        counts["right days"] += right
        counts["right days of those that have some"] += right and dated
        types[row["type"]].update(all=1, found=found, right=right)
        if not right:
            said = "; ".join("..".join(one) for one in sorted(given)) or "none"
            wants = "..".join(wanted.pop()) if dated else "none"
            missed = "" if found else "not found, "
            slips.append(f"{row['id']}: {expression!r}: {missed}days {said}, wanted {wants}")
    return counts, types, slips


def main() -> int:
    """Prints the figures of both; the status is 1 where a target is missed."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FROZEN
    if not path.is_file():
        print(f"{path.name} is not there; name a table of expressions")
        return 2
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    finders: dict[str, Finder] = {"casechron": ours}
    if search:
        finders["dateparser"] = theirs
    print(f"{len(rows)} expressions; dateparser: {'compared' if search else 'not installed'}")
    good = True
    for name, finder in finders.items():
        counts, types, slips = judged(finder, rows)
        shares = {
            "recall": (counts["found"], len(rows)),
            "recall in a sentence": (counts["found in a sentence"], len(rows)),
            "precision in a sentence": (
                counts["found in a sentence"],
                counts["found in a sentence"] + counts["false"],
            ),
            "right days": (counts["right days"], len(rows)),
            "right days of those that have some": (
                counts["right days of those that have some"],
                counts["with days"],
            ),
        }
        print(f"\n{name}")
        for share, (part, whole) in shares.items():
            print(f"  {share:36}{part:5} of {whole:5}{part / max(whole, 1):8.1%}")
        print(f"\n  {'type':20}{'all':>5}{'found':>7}{'right days':>12}")
        for kind, by in sorted(types.items(), key=lambda one: (-one[1]["all"], one[0])):
            print(f"  {kind:20}{by['all']:5}{by['found']:7}{by['right']:12}")
        if name == "casechron":
            print("\n  read otherwise or not found:", *slips, sep="\n  ")
            good = all(
                shares[one][0] >= TARGET * shares[one][1] for one in ("recall", "right days")
            )
            print(f"\n  target: {TARGET:.0%} recall and right days: {'met' if good else 'MISSED'}")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
