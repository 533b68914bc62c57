"""What does review.toml say of a review, and is it all there?"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

from casechron.characters import meant_or, meant_then, nearest, shown, text_breach
from casechron.coding.codebook import codebook
from casechron.coding.files import TOML_BYTES, UnfitError, read_limited, within, wrong_file
from casechron.coding.rules import likely, too_old
from casechron.coding.sheets import Breach, decoded
from casechron.dates.days import date_of
from casechron.dates.windows import DateError, bounds

META = "review.toml"
#: The folder of a review that holds texts of its sources, where they may be passed on.
TEXTS = "sources"
#: Stands in a blank review.toml where a person has to write.
PLACEHOLDER = "FILL IN"
#: The jurisdictions whose bank holidays working days are counted by, with their ISO 3166-2 codes.
JURISDICTIONS: Mapping[str, str] = {
    "England": "GB-ENG",
    "Wales": "GB-WLS",
    "Scotland": "GB-SCT",
    "Northern Ireland": "GB-NIR",
}
#: A coding that is said to have been finished longer after the publication has a mistyped year.
YEARS_OF_WORK = 100
PUBLISHED_OF = ("review", "article")
#: Keys of no review that are told one by one.
_UNKNOWN = 100
#: A key of so many parts takes the reader of TOML minutes.
_DOTTED = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){50}""")
#: What is said of the year of a blank review.toml.
_YEAR_0 = "the placeholder 0 still stands here"
#: Where `tomllib` found what it refuses.
_AT = re.compile(r" \(at (?:line (\d+), (column \d+)|end of document)\)$")
_INVENTED = re.compile(r"\binvented\b", re.IGNORECASE)
#: A text stands in its review's own folder `TEXTS`, under a name that leads nowhere else.
_TEXT = re.compile(rf"{TEXTS}/\w[\w.-]*", re.ASCII)
_PAIR = re.compile(r"([A-Za-z_]+)\s*[=:]\s*(.+)")
_QUOTES = "\"'\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb"

#: Every key of review.toml and what to write there, in the order in which a blank one has them.
KEYS: Mapping[str, str] = {
    "title": "the review's title, as reports print it",
    "body": "who published the review",
    "year": "the year that the review's id carries, a whole number without quotes",
    "published": "when it was published: a day such as 2020-09-29, or EDTF such as 2020-09",
    "published_of": "whose date that is: review or article",
    "jurisdiction": "England, Wales, Scotland or Northern Ireland",
    "coder": "who coded it (a name or initials that they agree to see published)",
    "coded_on": "the day on which the coding was finished, such as 2021-03-01",
    "codebook": "the version of the codebook that it was coded with",
    "content_note": "one or two factual sentences for readers: what distressing matters it holds",
    "notes": "how the coding was made and reconciled, and what it is no evidence of",
    "licence": "the licence of the coded data",
    "citation": "how to cite the coded data",
}
#: Keys that a review of the form may have besides, and what to write there.
OPTIONAL: Mapping[str, str] = {
    "sources": "a part [[sources]] for each text that the coding uses",
    "complete": (
        "the columns and files that are coded wherever the source speaks of them, such as"
        ' ["by", "answers", "findings"]'
    ),
    "region": "the region of England whose figures stand beside the review's",
    "invented": "true (yes in a workbook) where the review is invented; then its title says so",
    "chosen": "why this review was chosen to be coded, as a page over several reviews tells it",
}
#: The keys of a source, and what to write there.
SOURCE_KEYS: Mapping[str, str] = {
    "id": "a short name",
    "citation": "author or body, title, publisher, date",
    "kind": "what kind of text it is",
    "published": "the date of publication",
    "address": "where it can be read",
    "text": "the file in the folder sources that holds its text, where that may be passed on",
    "located_by": "what a paragraph is, and what is left out; source only where no text is at hand",
    "default": (
        "true (yes in a workbook) where an empty place means this source; several may be, where"
        " each of them tells each row"
    ),
}
#: Those of them that each source has.
SOURCE_NEEDED = ("id", "citation", "kind", "located_by")


class ReviewMeta(NamedTuple):
    """What review.toml says; ``id`` is the folder's name, dates are text, ``year`` is an int."""

    id: str
    title: str
    body: str
    year: int
    published: str
    published_of: str
    jurisdiction: str
    coder: str
    coded_on: str
    codebook: str
    content_note: str
    notes: str
    licence: str
    citation: str
    #: Columns and files that are coded wherever the source speaks of them.
    complete: tuple[str, ...] = ()
    #: The region of England whose figures stand beside the review's; empty: none is said.
    region: str = ""
    #: Whether nothing of it happened: it stands apart from the others, and no count has it.
    invented: bool = False
    #: Why this review was chosen to be coded; empty: it is not said.
    chosen: str = ""


def meta_of(path: Path) -> tuple[ReviewMeta | None, list[Breach]]:
    """What a review.toml says, or None, and everything that is wrong with it."""
    values, found = meta_values(path)
    if found:
        return None, found
    own: dict[str, Any] = {key: value for key, value in values.items() if key in ReviewMeta._fields}
    own["complete"] = tuple(cast("list[str]", values.get("complete", [])))
    return ReviewMeta(id=path.absolute().parent.name, **own), found


def sources_of(values: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The sources that a review.toml names, in order, as far as they can be relied on: one whose
    id is not filled in yet names nothing."""
    found = values.get("sources", [])
    tables = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [one for one in tables if PLACEHOLDER not in str(one.get("id", ""))]


def sources_in(folder: str | Path, prefix: str = "") -> Sequence[Mapping[str, object]]:
    """The sources of a review's folder, or of a coding's."""
    return values_and_sources(Path(os.path.abspath(folder)), prefix)[2]


def values_and_sources(
    folder: Path, prefix: str, vouched: Mapping[str, bytes] | None = None
) -> tuple[dict[str, object], list[Breach], Sequence[Mapping[str, object]]]:
    """What the review.toml of a review, or of the review of a coding, says; what is wrong with that
    of the folder; and the sources: an independent coding that names none has those of its
    review."""
    if vouched is not None:
        meta, wrong = meta_values(folder / META, data=vouched.get(META, b""))
        return meta, wrong, sources_of(meta)
    if not prefix:
        meta, wrong = _values_in(folder)
        return meta, wrong, sources_of(meta)
    meta, _ = _values_in(folder.parents[1])
    if not os.path.lexists(folder / META):
        return meta, [], sources_of(meta)
    own, wrong = _values_in(folder, of_coding=True)
    wrong = [one._replace(file=f"{prefix}{one.file}") for one in wrong]
    return meta, wrong, sources_of(own) or sources_of(meta)


def _values_in(folder: Path, *, of_coding: bool = False) -> tuple[dict[str, object], list[Breach]]:
    """What the review.toml of a folder says, and what is wrong with it."""
    path = folder / META
    if not os.path.lexists(path):
        told = "the file is missing; `casechron new` writes a blank one"
        return {}, [Breach(META, None, "", told)]
    if message := wrong_file(path, within(folder)):
        return {}, [Breach(META, None, "", message)]
    return meta_values(path, of_coding=of_coding)


def not_filled_in(breach: Breach) -> bool:
    """Whether a breach of review.toml is a placeholder: nothing that is wrong in a draft."""
    return f"the placeholder {PLACEHOLDER} " in breach.message or _YEAR_0 in breach.message


def meta_values(
    path: Path, *, of_coding: bool = False, data: bytes | None = None
) -> tuple[dict[str, object], list[Breach]]:
    """The values of a review.toml that are right in themselves, and everything that is wrong with
    it. That of an independent coding needs no more than its sources. It is read from its bytes
    where these are given."""
    try:
        data = read_limited(path, TOML_BYTES) if data is None else data
    except UnfitError as error:
        return {}, [Breach(META, None, "", str(error))]
    text, wrong = decoded(data, "save it as UTF-8 in a text editor")
    found = [Breach(path.name, line, "", message) for line, message in wrong]

    def breach(key: str, message: str) -> None:
        found.append(Breach(path.name, _line_of(key, text) if key else None, key, message))

    if deep := _DOTTED.search(text):
        at = text.count("\n", 0, deep.start()) + 1
        found.append(Breach(path.name, at, "", "a key has 50 parts or more; write one word"))
        return {}, found
    try:
        read = tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        line, message = _not_toml(text.replace("\r\n", "\n"), str(error))
        found.append(Breach(path.name, line, "", message))
        return {}, found
    values: dict[str, object] = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in read.items()
    }
    keys = [*KEYS, *OPTIONAL]
    unknown = [key for key in values if key not in keys]
    for key in unknown[:_UNKNOWN]:
        meant = nearest(key, [name for name in keys if name not in values])
        there = f"the keys are: {', '.join(keys)}"
        breach(key, f"there is no such key{meant_or(meant, there)}")
    if more := len(unknown[_UNKNOWN:]):
        breach("", f"there are {more:,} more keys that are none")
    for key, help_text in KEYS.items():
        if key in values:
            if message := _problem(key, values[key]):
                breach(key, message)
        # Where a key is misspelt, that has been named.
        elif not of_coding and not any(nearest(one, [key]) for one in unknown[:_UNKNOWN]):
            breach(key, f"the key is missing; write {help_text}")
    for key in [one for one in OPTIONAL if one in values]:
        for message in _optional(key, values[key]):
            breach(key, message)
    wrong_keys = {one.column for one in found} - {"sources"}
    values = {key: values[key] for key in keys if key in values and key not in wrong_keys}
    for key, message in list(_together(values, path.absolute().parent.name)):
        breach(key, message)
        del values[key]
    return values, found


def _not_toml(text: str, error: str) -> tuple[int | None, str]:
    """The line that `tomllib` refused, and what it found there, with how to write the line."""
    like = 'a line is: key = "text", in straight quotes, with \\\\ for a backslash'
    at = _AT.search(error)
    if at is None:
        return None, f"this is not TOML (too deep, or too long a number); {like}"
    what, lines = error.removesuffix(at[0]), text.split("\n")
    if not at[1]:
        opened = [n for n, line in enumerate(lines, start=1) if line.count('"""') % 2]
        if len(opened) % 2 == 0:  # each text over several lines is closed
            return None, f"this is not TOML (at the end of the file: {what}); {like}"
        opening = shown(lines[opened[-1] - 1].strip())
        return opened[-1], f'{opening} opens a text that is never closed; end it with """'
    line = lines[int(at[1]) - 1].strip()
    pair, mend = _PAIR.fullmatch(line), like
    if what == "Cannot overwrite a value":
        mend = "the key stands twice; delete one of the two lines"
    elif pair and pair[1] == "year":
        mend = f"write {KEYS['year']}"
    elif pair and pair[1] in KEYS and line.isprintable() and len(line) <= 200:
        inner = pair[2].strip(_QUOTES).replace('"', "'").replace("\\", "\\\\")
        right = f'{pair[1]} = "{inner}"'
        mend = like if right == line else f"write, in straight quotes, {right}"
    return int(at[1]), f"{shown(line)} is not TOML ({at[2]}: {what}); {mend}"


def _together(values: Mapping[str, object], review: str) -> Iterator[tuple[str, str]]:
    """The values that do not fit each other or the review's id: the key of each, and what is
    wrong."""
    year, carried = values.get("year"), re.search(r"-((?:19|20)[0-9]{2})$", review)
    if year is not None and carried and int(carried[1]) != year:
        told = f"{year} differs from the year of the review's id '{review}'; write"
        yield "year", f"{told} {int(carried[1])}, or rename the folder"
    title = str(values.get("title", "invented"))
    if values.get("invented") and not _INVENTED.search(title):
        told = f"{shown(title)} does not say that the review is invented"
        yield "title", f"{told}; write it with the word, such as '{shown(title)[1:-1]}, invented'"
    published = str(values.get("published", ""))
    if not published:
        return
    if message := too_old(published, None if year is None else int(str(year)) + 1):
        yield "published", message
    elif "coded_on" in values:
        when, coded_on = bounds(published), str(values["coded_on"])
        finished = bounds(coded_on).earliest or 0
        write, told = "write the day on which the coding was finished", ""
        if when.earliest is not None and finished < when.earliest:
            year_of = date_of(when.earliest)[0]
            told, write = "before the review was published", f"{write}, or correct published"
        elif when.latest is not None:
            year_of = date_of(when.latest)[0]
            if date_of(finished)[0] > year_of + YEARS_OF_WORK:
                told = f"more than {YEARS_OF_WORK} years after the review was published"
        if told:
            write = meant_then(likely(coded_on, year_of, year_of + 30), write)
            yield "coded_on", f"{shown(coded_on)} lies {told} ({shown(published)}){write}"


def _line_of(key: str, text: str) -> int | None:
    name = re.escape(key)
    found = re.search(
        rf"""^[ \t]*(?:["']?{name}["']?[ \t]*[=.]|\[\[?[ \t]*{name}[ \t]*\])""", text, re.MULTILINE
    )
    return text.count("\n", 0, found.start()) + 1 if found else None


def _problem(key: str, value: object) -> str:
    """What is wrong with one value. Empty when nothing is."""
    if key == "year":
        if not isinstance(value, int) or isinstance(value, bool):
            told = f"{_quoted(value)} is no whole number; write the year in four digits, without"
            return f"{told} quotes"
        if 1000 <= value <= 9999:
            return ""
        told = f"{_as_text(value)} is no year of four digits" if value else _YEAR_0
        return f"{told}; write {KEYS[key]}"
    if not isinstance(value, str):
        return f"{_quoted(value)} is no text; write a text in double quotes"
    if not value.strip():
        return f"the text is empty; write {KEYS[key]}"
    if message := text_breach(value, "the text", lines=key == "notes"):
        return message
    if PLACEHOLDER in value:
        return f"the placeholder {PLACEHOLDER} still stands here; write {KEYS[key]}"
    match key:
        case "published":
            try:
                bounds(value)
            except DateError as error:
                return str(error)
        case "coded_on" if not _is_day(value):
            return f"{shown(value)} is no day; write year, month and day, such as 2021-03-01"
        case "published_of":
            return _one_of(value, PUBLISHED_OF)
        case "jurisdiction":
            for name, code in JURISDICTIONS.items():
                if value == code:
                    return f"{shown(value)} is written '{name}' here"
            if value in ("GB", "UK"):
                names = ", ".join(JURISDICTIONS)
                return f"{shown(value)} has no one set of rules; write one of: {names}"
            told = _one_of(value, tuple(JURISDICTIONS))
            return f"{told} (casechron has the bank holidays of these alone)" if told else ""
        case "codebook" if value != (version := codebook().version):
            told = f"the review was coded with codebook {shown(value)}, and this casechron has"
            return f'{told} {version}; see CHANGELOG, mend what changed, then write "{version}"'
    return ""


def _optional(key: str, value: object) -> Iterator[str]:
    """What is wrong with the value of a key that need not be there."""
    if key == "sources":
        yield from _source_problems(value)
    elif key == "complete":
        forms = codebook().forms
        allowed = [*forms, *(name for form in forms.values() for name in form.columns)]
        for name in value if isinstance(value, list) else [None]:
            if not isinstance(name, str):
                yield f"{_quoted(value)} is no list of names; write {OPTIONAL[key]}"
            elif name not in allowed:
                offer = meant_or(nearest(name, allowed))
                yield f"{shown(name)} is no file and no column of the form{offer}"
    elif key == "invented":
        if not isinstance(value, bool):
            yield f"{_quoted(value)} is not allowed; write true or false, without quotes"
    elif not isinstance(value, str) or not value.strip():
        yield f"{_quoted(value)} is no text; write {OPTIONAL[key]}"
    elif message := text_breach(value, "the text"):
        yield message


def _source_problems(value: object) -> Iterator[str]:
    """What is wrong with the sources that a review.toml names."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        yield f"{_quoted(value)} is no list of sources; write {OPTIONAL['sources']}"
        return
    for number, source in enumerate(value, start=1):
        for key, entry in source.items():
            if key not in SOURCE_KEYS:
                meant = nearest(key, [one for one in SOURCE_KEYS if one not in source])
                offer = meant_or(meant, f"its keys are: {', '.join(SOURCE_KEYS)}")
                yield f"source {number} has no key {shown(key)}{offer}"
            elif message := _source_problem(key, entry):
                yield f"source {number}, {key}: {message}"


def _source_problem(key: str, entry: object) -> str:
    """What is wrong with one value of a source. Empty when nothing is."""
    if key == "default":
        return "" if isinstance(entry, bool) else "write true or false, without quotes"
    if not isinstance(entry, (str, date)):
        return f"{_quoted(entry)} is no text; write it in quotes"
    if PLACEHOLDER in str(entry):
        return f"the placeholder {PLACEHOLDER} still stands; write {SOURCE_KEYS[key]}"
    if message := text_breach(str(entry), "the text"):
        return message
    if key == "text" and not _TEXT.fullmatch(str(entry)):
        write = f"write {TEXTS}/ and the name of the file, such as {TEXTS}/report.md"
        return f"{_quoted(entry)} is no file in {TEXTS}; {write}"
    return ""


def _quoted(value: object) -> str:
    return shown(_as_text(value))


def _as_text(value: object) -> str:
    try:
        return str(value).lower() if isinstance(value, bool) else str(value)
    except (ValueError, RecursionError):  # digits without end, or tables within tables
        return f"a {type(value).__name__} too long to show"


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    """Why a value is none of those that are allowed; '' for one of them."""
    write = meant_then(nearest(value, allowed), f"write one of: {', '.join(allowed)}")
    return "" if value in allowed else f"{shown(value)} is not allowed{write}"
