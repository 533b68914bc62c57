"""What is wrong with a folder in the form, what is still to do in it, and what is worth a look?

The rules are those of the tidy tables; each message points at the file, line and column that a
coder typed."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from casechron.characters import counted, meant_or, nearest, shown
from casechron.coding.cells import first_few, form_breach, is_whole, text_slip
from casechron.coding.codebook import FormColumn, codebook
from casechron.coding.expand import expand_forms
from casechron.coding.expansion import NAMED_FORMS, Expanded, Origin, TidyRow
from casechron.coding.files import prefix_of, wrong_folder
from casechron.coding.folder import folder_breaches
from casechron.coding.items import folded, parted_items
from casechron.coding.looks import Looks
from casechron.coding.messages import say
from casechron.coding.meta import META, is_placeholder, values_and_sources
from casechron.coding.sheets import Breach, ReadForms, Row, read_forms
from casechron.coding.tidy_check import tidy_breaches, unsure_ids

#: Columns in which two rows can differ and tell of one event.
_NOT_COMPARED = frozenset(
    ("id", "place", "note", "short", "date_words", "date_basis", "basis", "themes")
)
#: How many letters a label for charts has at most.
SHORT_LABEL = 40
SEQUENCES = ("first", "next")
READING_KINDS = ("sources-differ", "two-readings")
_MONTHS = "january february march april may june july august september october november december"
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS.split())
#: Ids that a spreadsheet makes dates of.
_DATED = re.compile(rf"({_MONTH}|sept)(?:-[0-9]+)*")
#: Columns of values that are no text, and forms of a cell that are dates: what a spreadsheet makes
#: of them is reported where they are read.
_NO_TEXT = frozenset(("date", "time", "paragraph", "sentence", "ordinal", "salt", "digest"))
_DATES = ("date", "until", "other-date")
#: What may stand in columns that only the form has, and what is said of anything else there.
_ALLOWED = {
    ("events", "short"): (re.compile(f".{{0,{SHORT_LABEL}}}", re.DOTALL), "label-too-long"),
    ("events", "time"): (re.compile("([01][0-9]|2[0-3]):[0-5][0-9]"), "no-time-of-day"),
    ("events", "sequence"): (re.compile("|".join(SEQUENCES)), "no-sequence"),
    ("readings", "kind"): (re.compile("|".join(READING_KINDS)), "no-kind-of-reading"),
}
_VARIES = re.compile(r"(?<!\w)'.*?'(?!\w)|\d[\d,]*")
_MEANT = re.compile(r"did you mean .*?\?")
#: Why a paragraph is left out, where a note has to say more.
_NEED_NOTE = {
    "repeats": "which paragraph says the same",
    "furniture": "what it is",
    "not-the-review": "what it is",
}
_BEGINS = re.compile(r"\b(?:beg[aiu]ns?|start(?:s|ed)?|open(?:s|ed)?|under way)\b", re.IGNORECASE)
#: How many lines a check prints at most.
_MOST_LINES = 1000


class FormCheck(NamedTuple):
    """What a check of a folder found: breaches, what is still to do, what is legal and odd; the
    files as they were read, the tidy tables that they become, and what review.toml says."""

    wrong: Sequence[Breach]
    to_do: Sequence[Breach]
    looks: Sequence[Breach]
    forms: ReadForms
    expanded: Expanded
    meta: Mapping[str, object]


def check_form(folder: str | Path, vouched: Mapping[str, bytes] | None = None) -> FormCheck:
    """Check a folder in the form against the codebook.

    Parameters
    ----------
    folder
        The folder of a review, or of an independent coding.
    vouched
        The bytes of its files, where a check has found nothing wrong with them: no rule is asked
        again, and nothing is looked at that is only odd.

    Returns
    -------
    FormCheck
        Everything at once, each in the order of files, lines and columns.
    """
    folder = Path(os.path.abspath(folder))  # '.' has no name, and a link keeps its own
    prefix = prefix_of(folder)
    if message := wrong_folder(folder):
        breach = Breach(prefix.rstrip("/") or folder.name, None, "", message)
        nothing = read_forms(folder, {})
        return FormCheck([breach], [], [], nothing, expand_forms(nothing, []), {})
    meta, wrong, sources = values_and_sources(folder, vouched)
    forms = read_forms(folder, vouched)
    worked = list(_worked(forms))
    wrong += [*forms.breaches, *_unfit_cells(forms)]
    expanded = expand_forms(forms, sources)
    wrong += [*expanded.breaches, *unsure_ids(expanded, forms)]
    placeholders = [breach for breach in wrong if is_placeholder(breach)]
    wrong = [breach for breach in wrong if not is_placeholder(breach)]
    to_do = [*placeholders, *expanded.to_do, *_uncovered(expanded, prefix), *worked]
    to_do += _unlocated(expanded, sources, prefix)
    unread = any(breach.column == "" and breach.file.endswith(META) for breach in wrong)
    if not (sources or meta.get("sources") or unread):  # one that is not filled in is reported
        to_do.append(Breach(f"{prefix}{META}", None, "sources", say("no-source-named")))
    events = forms.sheets.get("events")
    if not expanded.tables["events"] and not worked and not (events and events.breaches):
        to_do.append(Breach(f"{prefix}events.csv", None, "", "no event is coded yet; write a row"))
    looks: list[Breach] = []
    if vouched is None:
        whole = all(sheet.whole for sheet in forms.sheets.values())
        wrong += tidy_breaches(expanded, meta, [*wrong, *to_do], whole=whole)
        if prefix and not os.path.lexists(folder / META):  # its sources are the review's
            wrong = [breach for breach in wrong if breach.file != f"{prefix}{META}"]
        wrong += [*folder_breaches(folder), *_form_breaches(forms, expanded)]
        wrong += [*_unknown_places(expanded), *_left_out(expanded)]
        # Nothing else is reported of a line that could not be parted into its cells.
        ragged = _unreadable(forms)
        wrong = [breach for breach in wrong if breach.column == "" or breach[:2] not in ragged]
        to_do = [breach for breach in to_do if breach[:2] not in ragged]
        # What looks odd in a row may follow from a breach in it.
        faulty = ragged | {breach[:2] for breach in (*wrong, *to_do)}
        odd = (*Looks(expanded, meta).all(), *_doubled(forms), *_ended(forms))
        looks = [*forms.left_alone, *(breach for breach in odd if breach[:2] not in faulty)]
    wrong, to_do, looks = (_in_order(breaches, prefix) for breaches in (wrong, to_do, looks))
    return FormCheck(wrong, to_do, looks, forms, expanded, meta)


def _unreadable(forms: ReadForms) -> set[tuple[str, int | None]]:
    """The lines of which nothing more can be said: those that could not be parted into cells, and
    all lines of a file that lacks a head."""
    unreadable: set[tuple[str, int | None]] = set()
    for name, sheet in forms.sheets.items():
        lacks = not {*codebook().forms[name].needed}.issubset(sheet.heads)
        lacks = lacks and any(breach.line == 1 for breach in sheet.breaches)
        unreadable |= {(row.file, row.line) for row in sheet.rows if row.ragged or lacks}
    return unreadable


def _worked(forms: ReadForms) -> Iterator[Breach]:
    """Worked rows of a new review that still stand; they are taken out, so that they cause no other
    line."""
    for name, sheet in forms.sheets.items():
        example = codebook().forms[name].example
        for row in list(sheet.rows):
            if example and row.filled == example:
                sheet.rows.remove(row)
                yield row.slip("", "worked-row")


def _unfit_cells(forms: ReadForms) -> Iterator[Breach]:
    """Cells that are no clean line of text, and what a spreadsheet has made of one; what is no text
    is empty afterwards, and so is what could not be read as items."""
    for name, sheet in forms.sheets.items():
        columns = codebook().forms[name].columns
        for row in sheet.rows:
            for column, value in row.cells.items():
                if not value or column not in columns:
                    continue
                plain = columns[column].form == "same"
                message = breach = form_breach(value)
                if not breach and _is_text(columns[column], row):
                    message = text_slip(value, plain=plain)
                if message:
                    if breach or not plain:
                        row.cells[column] = ""
                    yield row.breach(message, column)


def _is_text(column: FormColumn, row: Row) -> bool:
    """Whether a cell is to stand as it was typed, and is neither a date nor a number."""
    if (column.form == "count" or row["column"].startswith("count")) and row[column.name].isdigit():
        return False
    typed_column = row["column"] if column.name == "value" else column.name
    return column.form not in _DATES and typed_column not in _NO_TEXT


def _form_breaches(forms: ReadForms, expanded: Expanded) -> Iterator[Breach]:
    """What is wrong with the columns that only the form has, and with ids and labels as they are
    typed."""
    for (name, column), (allowed, sentence) in _ALLOWED.items():
        for row in forms.rows(name):
            if (value := row[column]) and not allowed.fullmatch(value):
                values = {"value": value, "letters": len(value), "most": SHORT_LABEL}
                yield row.slip(column, sentence, **values)
    for name in NAMED_FORMS:
        for row in forms.rows(name):
            if message := _id_slip(row["id"]):
                yield row.breach(f"{shown(row['id'])} {message}", "id")
    agencies = {row["id"] for row in expanded.tables["agencies"]}
    yield from _labels(forms, agencies)
    for row in forms.rows("agencies"):
        others = agencies - {row["id"]}
        for item in parted_items(row["may_be"]):
            if item not in others:
                offer = meant_or(nearest(item, others), say("may-be-nobody"))
                message = f"{shown(item)} is the id of no other agency here{offer}"
                yield row.breach(message, "may_be")


def _id_slip(value: str) -> str:
    """Why a spreadsheet would not leave an id alone; '' where it would."""
    if text_slip(value or "x"):
        return ""  # reported already
    if value[:1].isdigit():
        return "is no id, since it begins with a digit; begin with a letter"
    month = _DATED.fullmatch(value)
    return say("month-in-id", month=month[1], value=value) if month else ""


def _doubled(forms: ReadForms) -> Iterator[Breach]:
    """Rows of events that say the same as one above them."""
    columns = codebook().forms["events"].columns.keys() - _NOT_COMPARED
    first: dict[tuple[str, ...], Row] = {}
    for row in forms.rows("events"):
        earlier = first.setdefault(tuple(folded(row[column]) for column in columns), row)
        if earlier is not row and row["summary"]:
            yield row.slip("summary", "event-twice", line=earlier.line)


def _ended(forms: ReadForms) -> Iterator[Breach]:
    """Ends of what is a moment by its kind, where it is taken for what lasts as easily; and what is
    dated as a moment, and said to begin."""
    for row in forms.rows("events"):
        kind, date, until = row["kind"], row["date"], row["until"]
        lasting = until == "?" or row["lasts"] or row["absence"] or row["count"]
        if kind in codebook().taken_to_last and date and until and not lasting:
            yield row.slip("until", "until-of-a-moment", both=f"{date}/{until}")
        dated = date not in ("", "?") and not (until or lasting or is_whole(date))
        if dated and kind in codebook().may_last and _BEGINS.search(row["summary"]):
            yield row.slip("until", "begins-as-a-moment")


def _labels(forms: ReadForms, agencies: Collection[str]) -> Iterator[Breach]:
    """Labels that cannot name one agency or person in a cell; `agencies` are those of the review,
    with the ready ones that a cell names."""
    defined = {row["id"] for row in forms.rows("agencies")}
    entries = codebook().ready_agencies
    ready = {folded(entries[key]["label"]): key for key in entries.keys() - defined}
    first: dict[str, Row] = {}
    for name in ("agencies", "people"):
        for row in forms.rows(name):
            label = row["label"]
            if ";" in label:
                yield row.slip("label", "label-parted")
            earlier = first.setdefault(folded(label), row)
            where = f"{earlier.file} line {earlier.line}" if earlier is not row else ""
            ready_id, instead = ready.get(folded(label), ""), ""
            if ready_id and not where and (name == "people" or ready_id in agencies):
                where = "a ready agency"
                instead = f", or the id {shown(ready_id)}" if name == "agencies" else ""
            if where and label:
                yield row.slip("label", "label-twice", where=where, instead=instead)


# Places and paragraphs


def _unknown_places(expanded: Expanded) -> Iterator[Breach]:
    """Places that a located text does not have."""
    sentence_counts = expanded.sentence_counts
    reported: set[Origin] = set()
    for locator in expanded.all_locators:
        counts, origin = sentence_counts.get(locator["source"]), locator.origins[0]
        if not counts or not locator["paragraph"] or origin in reported:
            continue
        reported.add(origin)
        paragraph, sentence = int(locator["paragraph"]), int(locator["sentence"] or 0)
        if paragraph not in counts:
            extent = f"{shown(locator['source'])} has paragraphs 1 to {max(counts)}"
        elif sentence > counts[paragraph]:
            extent = f"paragraph {paragraph} has {counted(counts[paragraph], 'sentence')}"
        else:
            continue
        yield locator.breach(f"{shown(origin.item)}: {extent}; correct the place")


def _left_out(expanded: Expanded) -> Iterator[Breach]:
    """Rows of coverage that do not fit the text or the places of the coding."""
    named: dict[tuple[str, str], TidyRow] = {}
    for locator in expanded.all_locators:
        named.setdefault((locator["source"], locator["paragraph"]), locator)
    sentence_counts = expanded.sentence_counts
    for row in expanded.tables["coverage"]:
        source, number, status = row["source"], row["paragraph"], row["status"]
        if not row.origins[0].file.endswith("coverage.csv"):
            continue  # no row lists it
        by = named.get((source, number))
        last = max(sentence_counts.get(source, ()), default=0)  # 0 where it is not located
        if 0 < last < int(number):
            yield row.slip("paragraph", "no-such-paragraph", last=last)
        elif status == "coded" and not by and last:
            yield row.slip("status", "coded-by-no-place")
        elif status != "coded" and by:
            yield row.slip("status", "left-out-and-named", place=by.typed_at)
        elif status in _NEED_NOTE and not row["note"]:
            yield row.breach(f"the cell is empty; write {_NEED_NOTE[status]}", "note")


def _uncovered(expanded: Expanded, prefix: str) -> Iterator[Breach]:
    """Paragraphs of a located text that no place names and coverage does not leave out; a review's
    own coding leaves none to another coder."""
    covered: dict[str, set[int]] = defaultdict(set)
    for row in expanded.tables["coverage"]:
        if row["status"] != "not-coded" or prefix:
            covered[row["source"]].add(int(row["paragraph"]))
    for source, counts in expanded.sentence_counts.items():
        missing = sorted(counts.keys() - covered[source])
        name = "paragraphs-uncovered" if missing[1:] else "paragraph-uncovered"
        if missing:
            some = first_few(missing, 10)
            message = say(name, many=len(missing), some=some, source=source)
            yield Breach(f"{prefix}coverage.csv", None, "", message)


def _unlocated(
    expanded: Expanded, sources: Sequence[Mapping[str, Any]], prefix: str
) -> Iterator[Breach]:
    """Texts in the review's folder of which no sentence is located, so that no place in them has
    been looked up."""
    for source in sources:
        if source.get("text") and not expanded.sentences.get(source["id"]):
            message = say("text-not-located", text=source["text"])
            yield Breach(f"{prefix}sentences.csv", None, "", message)


# What is reported


def _in_order(breaches: Iterable[Breach], prefix: str) -> list[Breach]:
    """Breaches in the order of files, lines and columns, each once."""
    names = [META, *(f"{name}.csv" for name in codebook().forms)]
    headers = {f"{name}.csv": list(form.columns) for name, form in codebook().forms.items()}

    def place(breach: Breach) -> tuple[int, int, int]:
        file = breach.file.removeprefix(prefix)
        columns = headers.get(file, [])
        column = columns.index(breach.column) if breach.column in columns else -1
        return names.index(file) if file in names else len(names), breach.line or 0, column

    return sorted(dict.fromkeys(breaches), key=place)


def _placeholders(breaches: Sequence[Breach]) -> list[Breach]:
    """The breaches, with one in place of all placeholders of a file."""
    placeholders: dict[str, list[Breach]] = defaultdict(list)
    others: list[Breach] = []
    for breach in breaches:
        (placeholders[breach.file] if is_placeholder(breach) else others).append(breach)
    for file, alike in placeholders.items():
        if not alike[1:]:
            others += alike
            continue
        names = ", ".join(
            breach.message.split(":")[0] if breach.message.startswith("source ") else breach.column
            for breach in alike
        )
        message = say("not-filled-in", many=len(alike), names=names)
        others.append(Breach(file, alike[0].line, "", message))
    return others


def by_message(breaches: Sequence[Breach], *, every: bool = False) -> list[str]:
    """Lines on breaches by file: one for each kind of slip, with how many and the first
    three places, the rarest kind first; what is not filled in yet in a new review.toml is one line.

    >>> many = [
    ...     Breach("events.csv", line, "by", f"'x{line}' names nobody") for line in (4, 7, 9, 12)
    ... ]
    >>> by_message([Breach("events.csv", 3, "date", "'May' is no date"), *many])
    ["events.csv line 3, date: 'May' is no date", "events.csv line 4, by: 'x4' names nobody (4 of this kind: lines 4, 7, 9 …)"]
    """  # noqa: E501
    if every:
        return [str(breach) for breach in breaches]
    kinds: dict[tuple[str, str, str], list[Breach]] = defaultdict(list)
    for breach in _placeholders(breaches):
        # What was meant stands in a line of its own: it is the mend of one slip, and of no other.
        meant = _MEANT.findall(breach.message)
        kind = f"{_VARIES.sub('', breach.message)}{meant}"
        kinds[breach.file, breach.column, kind].append(breach)
    files = {
        file: place for place, file in enumerate(dict.fromkeys(breach.file for breach in breaches))
    }
    lines = []
    for alike in sorted(kinds.values(), key=lambda alike: (files[alike[0].file], len(alike))):
        at = list(dict.fromkeys(breach.line for breach in alike if breach.line is not None))
        places = f": lines {first_few(at)}" if at[1:] else ""
        message = str(alike[0])
        remedies = {breach.message.partition("; ")[2] for breach in alike}
        # The remedy for the first place is not that for the others.
        how = "; --every says it of each" if len(remedies) > 1 else ""
        times = "of this kind" if len({breach.message for breach in alike}) > 1 else "times"
        lines.append(f"{message} ({len(alike)} {times}{places}{how})" if alike[1:] else message)
    more = len(lines) - _MOST_LINES
    return (
        lines if more <= 0 else [*lines[:_MOST_LINES], f"and {more:,} more lines; mend these first"]
    )
