"""A first draft from a text: candidate rows, each with its place, when it says that something was,
the kind of event or the absence, and the agencies that it names. A coder accepts or refuses each:
nothing here enters the tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from casechron.coding.cells import MOST_WORDS, Place
from casechron.coding.codebook import Cue, cues_in
from casechron.coding.expand import expand_forms
from casechron.coding.expansion import Expanded
from casechron.coding.files import SUGGESTED, csv_text, write_files
from casechron.coding.import_names import Agencies
from casechron.coding.meta import sources_in
from casechron.coding.sheets import read_whole_forms
from casechron.coding.source_text import source_paragraphs
from casechron.coding.sources import SourceError, meant_source, numbered_sentences
from casechron.coding.workbook_cells import as_workbook, from_csv, from_workbook
from casechron.dates.days import day_text
from casechron.dates.phrase_reader import WHY, is_from_print
from casechron.dates.phrases import (
    FoundPhrase,
    Narrative,
    PhraseReading,
    find_phrases,
    parse_phrase,
    window_of,
)
from casechron.dates.windows import DateError, day_span

Candidate = dict[str, str]
#: A candidate: where it stands and the words of its date; the date where it is sure, on what that
#: rests and the first and last day of all that it can be; what a coder has to decide or know; what
#: kind, grade of absence and agencies the sentence has, by which cues; and what the coder said.
CANDIDATE_COLUMNS = (
    "place", "words", "date", "date_basis", "earliest", "latest", "decide", "kind", "absence", "by",
    "cue", "accepted",
)  # fmt: skip
#: What tells one candidate from another.
_KEY = itemgetter("place", "words", "kind", "cue")
_SHEET = "suggested"
#: The columns of the workbook with their widths.
_WIDTHS = dict(zip(CANDIDATE_COLUMNS, (9, 24, 18, 12, 12, 12, 40, 22, 20, 24, 24, 12), strict=True))


def candidates(
    paragraphs: Sequence[str],
    agencies: Iterable[Mapping[str, str]] = (),
    source: str = "",
    printed: str = "",
) -> list[Candidate]:
    """What a text suggests: a row for each phrase that says when and each kind that has none, and
    for what is missing in a sentence without either; in reading order.

    The paragraphs are those that `casechron.coding.source_text.source_paragraphs` reads, the
    agencies rows of agencies.csv (ready ones are known without), `source` the id of the source
    where places have to name it, `printed` the day on which a newspaper has printed it: 'today' and
    'last year' count from it. `earliest` and `latest` are days of the calendar, '' where that side
    is open. Of the text itself a row holds the words of its date alone, at most six of them.

    >>> text = ["A nurse referred the family on 3 May 2018. Two days later the case was closed."]
    >>> for row in candidates(text):
    ...     print(row["place"], row["date"], row["date_basis"], row["kind"], row["cue"])
    p1.1 2018-05-03 stated referral referred
    p1.2 2018-05-05 judged closure case .. closed
    """
    known = Agencies(agencies, [])
    narrative = Narrative()
    blank = dict.fromkeys(CANDIDATE_COLUMNS, "")
    rows: list[Candidate] = []
    for sentence in numbered_sentences("\n\n".join(paragraphs)):
        place = str(Place(source, str(sentence.paragraph), str(sentence.sentence)))
        of_sentence = _of_sentence(sentence.text, known, narrative, place, printed)
        rows += (blank | {"place": place} | row for row in of_sentence)
    return rows


def _of_sentence(
    sentence: str, known: Agencies, narrative: Narrative, place: str, printed: str
) -> Iterator[Candidate]:
    """The candidates of a sentence: a row for each phrase that says when, with the kind whose cue
    stands next to it, and one for each kind that is left over; else one for what is missing."""
    phrases = find_phrases(sentence)
    readings = [
        (printed and _from_print(phrase, printed))
        or narrative.read(phrase.words, place, of_event=phrase.of_event)
        for phrase in phrases
    ]
    cues = cues_in("event_kind", sentence)
    kinds = [cue for cue in cues if not any(_distance(cue, phrase) < 0 for phrase in phrases)]
    # A kind goes to a phrase with days first, then to one that counts from an event; durations,
    # frequencies and ages date none.
    ranks = [
        2 * bool(basis) + phrase.of_event
        for phrase, (_, basis) in zip(phrases, readings, strict=True)
    ]
    kind_of = _paired(
        (-ranks[at], _distance(phrase, cue), at, number)
        for at, phrase in enumerate(phrases)
        for number, cue in enumerate(kinds)
        if ranks[at]
    )
    grades = cues_in("absence", sentence)
    grade = max(grades, key=lambda cue: (cue.code != "did-not-happen", -cue.start), default=None)
    by_start: dict[int, Candidate] = {}
    for at, (phrase, (reading, basis)) in enumerate(zip(phrases, readings, strict=True)):
        first, last = _days(*window_of(reading))
        row = {"words": _shortened(phrase.words), "date": reading.date or "", "date_basis": basis}
        row |= {"earliest": first, "latest": last}
        if reading.date is None:
            row["decide"] = "; ".join([reading.why.partition("; ")[0], *reading.choices])
        elif WHY["day_first"] in reading.notes:
            row["decide"] = WHY["day_first"]
        kind = kinds[kind_of[at]] if at in kind_of else None
        by_start[phrase.start] = row | _coded(kind, grade)
    codes = {kinds[number].code for number in kind_of.values()}
    for cue in kinds:
        if cue.code not in codes:
            codes.add(cue.code)
            by_start[cue.start] = _coded(cue, grade)
    if grade and not by_start:
        by_start[0] = {"absence": grade.code, "cue": grade.cue}
    agencies = "; ".join(known.named_in(sentence))
    yield from (row | {"by": agencies} for _, row in sorted(by_start.items()))


def _from_print(phrase: FoundPhrase, printed: str) -> tuple[PhraseReading, str] | None:
    """What a phrase says that counts from the day of print; None where it is none. It may be
    somebody's whom the newspaper quotes: a coder decides."""
    if not is_from_print(phrase.words):
        return None
    with suppress(ValueError):  # the source's day of publication is no date
        reading = parse_phrase(phrase.words, printed, day_first=True)
        return (reading, "judged") if reading.dates else None
    return None


def _paired(pairs: Iterable[tuple[int, ...]]) -> dict[int, int]:
    """Each left number with one right number of its own. The two stand last in each tuple; what
    stands before them is the cost of the pair, and the cheapest pairs are taken first."""
    right_of: dict[int, int] = {}
    for *_, left, right in sorted(pairs):
        if left not in right_of and right not in right_of.values():
            right_of[left] = right
    return right_of


def _days(first: int | None, last: int | None) -> tuple[str, str]:
    """A window as days of the calendar, '' where a side is open."""
    return day_text(first) if first else "", day_text(last) if last else ""


def _coded(cue: Cue | None, grade: Cue | None) -> Candidate:
    """The kind and the grade of absence that cues give; a denial beside a date is no absence."""
    denial_alone = grade is not None and grade.code == "did-not-happen" and not cue
    absence = None if denial_alone else grade
    return {
        "kind": cue.code if cue else "",
        "absence": absence.code if absence else "",
        "cue": "; ".join(each.cue for each in (cue, absence) if each),
    }


def _distance(first: FoundPhrase | Cue, second: FoundPhrase | Cue) -> int:
    """How many letters lie between two parts of a sentence; below 0 where they overlap."""
    return max(first.start, second.start) - min(first.end, second.end)


def _shortened(phrase: str) -> str:
    """The words of a date, at most six of them."""
    words = phrase.split()
    return phrase if len(words) <= MOST_WORDS else " ".join([*words[:3], "…", *words[-3:]])


def merged(
    rows: Sequence[Candidate], before: Iterable[Candidate], read: Collection[str] = ("",)
) -> list[Candidate]:
    """Candidates with what a coder said to them before; one that was decided stays, also where the
    text no longer suggests it, and so does each of a source that is not `read` now.

    >>> row = dict.fromkeys(CANDIDATE_COLUMNS, "") | {"place": "p1.1", "words": "in May"}
    >>> [candidate["accepted"] for candidate in merged([row], [row | {"accepted": "no"}])]
    ['no']
    """
    earlier: dict[tuple[str, ...], list[Candidate]] = {}
    for row in before:
        earlier.setdefault(_KEY(row), []).append(row)
    # Of candidates that are alike, each has what was said to its own.
    new = [row | {"accepted": (earlier.get(_KEY(row)) or [row]).pop(0)["accepted"]} for row in rows]
    stay = [
        row
        for alike in earlier.values()
        for row in alike
        if row["accepted"].strip() or row["place"].rpartition(":")[0] not in read
    ]
    # Places of sources that are not read now, or suggest nothing any more, come last.
    sources = [*dict.fromkeys(row["place"].rpartition(":")[0] for row in [*rows, *stay])]

    def in_order(row: Candidate) -> tuple[int, list[int]]:
        source, _, place = row["place"].rpartition(":")
        return sources.index(source), [*map(int, re.findall(r"\d+", place))]

    return sorted([*new, *stay], key=in_order)


class CodedEvent(NamedTuple):
    """A coded row that a text could suggest: its places, each as 'p13.2' or 'radio:p13', whether
    words of the text date it, the days that its date admits, and its grade of absence."""

    id: str
    kind: str
    places: frozenset[str]
    dated: bool
    window: tuple[str, str]
    absence: str = ""


class Comparison(NamedTuple):
    """Candidates beside a coding: each coded row that was found with its candidate, those that were
    missed, and the candidates that are no coded row."""

    found: list[tuple[CodedEvent, Candidate]]
    missed: list[CodedEvent]
    extra: list[Candidate]

    def table(self) -> list[str]:
        """The counts as lines of a table, and the coded rows that were missed.

        >>> print(*Comparison([], [], []).table(), sep="\\n")
                          coded  found  same window  missed
        dated in words        0      0            0       0
        not                   0      0                    0
        candidates: 0, of which 0 are no coded row
        found: a candidate of its own is in a sentence of the row, with its days or its kind
        """
        lines = [f"{'':16}{'coded':>7}{'found':>7}{'same window':>13}{'missed':>8}"]
        for name, dated in (("dated in words", True), ("not", False)):
            pairs = [(event, row) for event, row in self.found if event.dated == dated]
            same = sum(event.window == (row["earliest"], row["latest"]) for event, row in pairs)
            missed = sum(event.dated == dated for event in self.missed)
            coded = len(pairs) + missed
            lines.append(f"{name:16}{coded:7}{len(pairs):7}{same if dated else '':>13}{missed:8}")
        suggested, extra = len(self.found) + len(self.extra), len(self.extra)
        lines.append(f"candidates: {suggested}, of which {extra} are no coded row")
        lines.append(
            "found: a candidate of its own is in a sentence of the row, with its days or its kind"
        )
        if self.missed:
            lines.append(f"missed: {', '.join(event.id for event in self.missed)}")
        return lines


def compared(rows: Iterable[Candidate], coded: Iterable[CodedEvent]) -> Comparison:
    """Hold candidates against the coded events that rest on the same source, one to each; in the
    order of the coding and of the candidates.

    A candidate is that of a coded row where it stands in one of its sentences and has its kind, or
    just its days; one without either, where it has its grade of absence. What is alike in both goes
    first, then the days, then the kind."""
    rows, coded = list(rows), list(coded)
    pairs = []
    for at, event in enumerate(coded):
        for number, row in enumerate(rows):
            places = {row["place"], row["place"].rpartition(".")[0]}
            days = row["earliest"], row["latest"]
            same_days = event.window == days and (event.dated or any(days))
            same_kind = event.kind == row["kind"]
            if not (row["kind"] or row["words"]):
                same_kind = event.absence == row["absence"]
            if (same_days or same_kind) and not event.places.isdisjoint(places):
                pairs.append((-2 * same_days - same_kind, at, number))
    row_of = _paired(pairs)
    return Comparison(
        [(coded[at], rows[number]) for at, number in sorted(row_of.items())],
        [event for at, event in enumerate(coded) if at not in row_of],
        [row for number, row in enumerate(rows) if number not in row_of.values()],
    )


class Suggestions(NamedTuple):
    """What was suggested, and beside the coding of the review where it has one."""

    rows: list[Candidate]
    beside: Comparison | None


def suggest(
    folder: Path, texts: Sequence[tuple[str | None, Path]], out: Path | None = None
) -> Suggestions:
    """Draw candidate rows from texts of sources, and write them beside a review, or a coding, whose
    agencies are looked for.

    Each text has the id of its source, None where the review has one. They are written into
    suggested.csv of the folder, or into `out`, which may be a workbook (.xlsx): what a coder wrote
    into `accepted` there is kept, and each candidate of another source. `SourceError` where the
    folder or a text cannot be read, or it is not said which source it is; `WorkbookError` where the
    file that stands there is not as it was written."""
    forms, sources = read_whole_forms(folder, SourceError), sources_in(folder)
    ids = [source["id"] for source in sources]
    several = "the review has several sources"
    meant = {meant_source(named, ids, ids, several): file for named, file in texts}
    rows: list[Candidate] = []
    printed = {
        source["id"]: str(source.get("published", ""))
        for source in sources
        if source.get("kind") == "news-article"
    }
    named = {source: source if len(ids) > 1 else "" for source in meant}
    for source, file in meant.items():
        day = printed.get(source, "")
        rows += candidates(source_paragraphs(file), forms.cells("agencies"), named[source], day)
    target = target_of(folder, out)
    if target.suffix.lower() == ".xlsx":
        anew = "move it away, and write it anew with casechron suggest"
        before = from_workbook(target, _SHEET, CANDIDATE_COLUMNS, anew) if target.exists() else []
        rows = merged(rows, before, named.values())
        data = as_workbook(_SHEET, _WIDTHS, rows, ("accepted", ("yes", "no")))
    else:
        before = from_csv(target, CANDIDATE_COLUMNS, "casechron suggest")
        rows = merged(rows, before, named.values())
        data = csv_text(CANDIDATE_COLUMNS, rows).encode()
    write_files({target: data})
    expanded = expand_forms(forms, sources)
    coded = [event for source in meant for event in _coded_rows(expanded, source, len(ids) > 1)]
    return Suggestions(rows, compared(rows, coded) if coded else None)


def target_of(folder: Path, out: Path | None = None) -> Path:
    """Where the candidates of a review are written; `SourceError` for a name of no table."""
    target = out or folder / SUGGESTED
    if target.suffix.lower() not in (".csv", ".xlsx"):
        raise SourceError(f"'{target.name}' is no table; let its name end in .csv or .xlsx")
    return target


def _coded_rows(expanded: Expanded, source: str, named: bool) -> Iterator[CodedEvent]:
    """The events that rest on a source, whose places name it where there are several."""
    for event in expanded.tables["events"]:
        places = frozenset(
            str(place if named else place._replace(source=""))
            for place, _ in event.places
            if place.source == source and place.paragraph
        )
        if places:
            try:
                days = day_span(event["date"])
                window = _days(days.earliest, days.latest)
            except DateError:
                window = "", ""
            dated = bool(event["date_words"])
            yield CodedEvent(event["id"], event["kind"], places, dated, window, event["absence"])
