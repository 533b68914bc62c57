"""What does review.toml say of a review, and is it all there?"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from casechron.characters import meant_or, meant_then, nearest, shown, text_breach
from casechron.coding.codebook import Key, codebook
from casechron.coding.files import (
    TOML_BYTES,
    UnfitError,
    is_coding,
    prefix_of,
    read_file_of,
    whole_review,
)
from casechron.coding.messages import say
from casechron.coding.sheets import Breach, decoded
from casechron.dates.windows import DateError, day_span

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
PUBLISHED_OF = ("review", "article")
#: How many unknown keys are reported one by one.
_UNKNOWN_LISTED = 100
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


def source_tables(values: Mapping[str, object]) -> list[Mapping[str, Any]]:
    """The sources that a review.toml names, in order, each with its `id` as a text; one whose id
    is not filled in yet is none, and neither is a text that may stand elsewhere."""
    declared = values.get("sources")
    sources = [
        source | {"id": str(source.get("id", ""))}
        for source in (declared if isinstance(declared, list) else ())
        if isinstance(source, dict)
    ]
    return [
        {key: each for key, each in source.items() if key != "text" or _TEXT.fullmatch(str(each))}
        for source in sources
        if PLACEHOLDER not in source["id"]
    ]


def sources_in(folder: str | Path) -> Sequence[Mapping[str, Any]]:
    """The sources of a review's folder, or of a coding's."""
    return values_and_sources(Path(os.path.abspath(folder)))[2]


def values_and_sources(
    folder: Path, vouched: Mapping[str, bytes] | None = None
) -> tuple[dict[str, object], list[Breach], Sequence[Mapping[str, Any]]]:
    """What the review.toml of a review, or of the review of a coding, says; what is wrong with that
    of the folder; and the sources: an independent coding that names none has those of its
    review."""
    values, wrong = meta_values(folder, None if vouched is None else vouched.get(META, b""))
    if not is_coding(folder):
        return values, wrong, source_tables(values)
    review_values, _ = meta_values(whole_review(folder))
    wrong = wrong if os.path.lexists(folder / META) else []
    return review_values, wrong, source_tables(values) or source_tables(review_values)


def is_placeholder(breach: Breach) -> bool:
    """Whether a breach of review.toml is a placeholder: nothing that is wrong in a draft."""
    return f"the placeholder {PLACEHOLDER} " in breach.message or _YEAR_0 in breach.message


def meta_values(folder: Path, data: bytes | None = None) -> tuple[dict[str, object], list[Breach]]:
    """The values of a folder's review.toml that are right in themselves, and everything that is
    wrong with it. That of an independent coding needs no more than its sources. It is read from its
    bytes where these are given."""
    breaches: list[Breach] = []

    def breach(key: str, message: str, line: int | None = None) -> None:
        line = _line_of(key, text) if key else line
        breaches.append(Breach(f"{prefix_of(folder)}{META}", line, key, message))

    try:
        if data is None and not os.path.lexists(folder / META):
            raise UnfitError("the file is missing; `casechron new` writes a blank one")
        data = read_file_of(folder, META, TOML_BYTES) if data is None else data
    except UnfitError as error:
        breach("", str(error))
        return {}, breaches
    text, wrong = decoded(data, "save it as UTF-8 in a text editor")
    for line, message in wrong:
        breach("", message, line)
    if dotted := _DOTTED.search(text):
        line = text.count("\n", 0, dotted.start()) + 1
        breach("", "a key has 50 parts or more; write one word", line)
        return {}, breaches
    try:
        parsed = tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        line, message = _not_toml(text.replace("\r\n", "\n"), str(error))
        breach("", message, line)
        return {}, breaches
    values: dict[str, object] = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in parsed.items()
    }
    keys = codebook().keys
    unknown = [name for name in values if name not in keys]
    for name in unknown[:_UNKNOWN_LISTED]:
        meant = nearest(name, [known for known in keys if known not in values])
        offer = meant_or(meant, f"the keys are: {', '.join(keys)}")
        breach(name, f"there is no such key{offer}")
    if further := len(unknown[_UNKNOWN_LISTED:]):
        breach("", f"there are {further:,} more keys that are none")
    for name, key in keys.items():
        if name in values:
            for message in _problems(key, values[name]):
                breach(name, message)
        # A misspelt key has been reported already.
        elif (key.needed and not is_coding(folder)) and not any(
            nearest(misspelt, [name]) for misspelt in unknown[:_UNKNOWN_LISTED]
        ):
            breach(name, f"the key is missing; write {key.write}")
    wrong_keys = {each.column for each in breaches} - {"sources"}
    values = {name: values[name] for name in keys if name in values and name not in wrong_keys}
    for name, message in list(_together(values, folder.absolute().name)):
        breach(name, message)
        del values[name]
    return values, breaches


def _not_toml(text: str, error: str) -> tuple[int | None, str]:
    """The line that `tomllib` refused, and what it found there, with how to write the line."""
    form = say("toml-line")
    at = _AT.search(error)
    if at is None:
        return None, f"this is not TOML (too deep, or too long a number); {form}"
    reason, lines = error.removesuffix(at[0]), text.split("\n")
    if not at[1]:
        quoted_lines = [n for n, line in enumerate(lines, start=1) if line.count('"""') % 2]
        if len(quoted_lines) % 2 == 0:  # each text over several lines is closed
            return None, say("toml-unended", reason=reason, form=form)
        opening = shown(lines[quoted_lines[-1] - 1].strip())
        return quoted_lines[-1], f'{opening} opens a text that is never closed; end it with """'
    line = lines[int(at[1]) - 1].strip()
    pair, advice, keys = _PAIR.fullmatch(line), form, codebook().keys
    key = keys.get(pair[1]) if pair else None
    if reason == "Cannot overwrite a value":
        advice = "the key stands twice; delete one of the two lines"
    elif key and key.kind == "year":
        advice = f"write {key.write}"
    elif pair and key and key.needed and line.isprintable() and len(line) <= 200:
        value = pair[2].strip(_QUOTES).replace('"', "'").replace("\\", "\\\\")
        right = f'{pair[1]} = "{value}"'
        advice = form if right == line else f"write, in straight quotes, {right}"
    return int(at[1]), f"{shown(line)} is not TOML ({at[2]}: {reason}); {advice}"


def _together(values: Mapping[str, object], review: str) -> Iterator[tuple[str, str]]:
    """The values that do not fit each other or the review's id: the key of each, and what is
    wrong."""
    year, year_of_id = values.get("year"), re.search(r"-((?:19|20)[0-9]{2})$", review)
    if year is not None and year_of_id and int(year_of_id[1]) != year:
        yield "year", say("year-of-id", year=year, review=review, of_id=int(year_of_id[1]))
    title = str(values.get("title", "invented"))
    if values.get("invented") and not _INVENTED.search(title):
        yield "title", say("title-not-invented", title=title, like=shown(title)[1:-1])


def _line_of(key: str, text: str) -> int | None:
    """The line of review.toml in which a key or its table begins; None where it stands in none."""
    name = re.escape(key)
    match = re.search(
        rf"""^[ \t]*(?:["']?{name}["']?[ \t]*[=.]|\[\[?[ \t]*{name}[ \t]*\])""", text, re.MULTILINE
    )
    return text.count("\n", 0, match.start()) + 1 if match else None


def _problems(key: Key, value: object) -> Iterator[str]:
    """What is wrong with the value of a key."""
    if key.kind == "sources":
        yield from _source_problems(value)
    elif key.kind == "names":
        forms = codebook().forms
        allowed = [*forms, *(column for form in forms.values() for column in form.columns)]
        for entry in value if isinstance(value, list) else [None]:
            if not isinstance(entry, str):
                yield f"{_quoted(value)} is no list of names; write {key.write}"
            elif entry not in allowed:
                offer = meant_or(nearest(entry, allowed))
                yield f"{shown(entry)} is no file and no column of the form{offer}"
    elif message := _problem(key, value):
        yield message


def _problem(key: Key, value: object) -> str:
    """What is wrong with one value. Empty when nothing is."""
    if key.kind == "flag":
        return "" if isinstance(value, bool) else say("no-flag", value=_as_text(value))
    if key.kind == "year":
        if not isinstance(value, int) or isinstance(value, bool):
            return say("no-whole-year", value=_as_text(value))
        message = f"{_as_text(value)} is no year of four digits" if value else _YEAR_0
        return "" if 1000 <= value <= 9999 else f"{message}; write {key.write}"
    if not isinstance(value, str) or not (value.strip() or key.needed):
        write = "a text in double quotes" if key.needed else key.write
        return f"{_quoted(value)} is no text; write {write}"
    if not value.strip():
        return f"the text is empty; write {key.write}"
    if message := text_breach(value, "the text", lines=key.kind == "lines"):
        return message
    if PLACEHOLDER in value and key.needed:
        return f"the placeholder {PLACEHOLDER} still stands here; write {key.write}"
    match key.kind:
        case "date":
            try:
                day_span(value)
            except DateError as error:
                return str(error)
        case "day" if not _is_day(value):
            return f"{shown(value)} is no day; write year, month and day, such as 2021-03-01"
        case "one" if value not in PUBLISHED_OF:
            write = f"write one of: {', '.join(PUBLISHED_OF)}"
            return f"{shown(value)} is not allowed{meant_then(nearest(value, PUBLISHED_OF), write)}"
        case "jurisdiction" if value not in JURISDICTIONS:
            # None is offered as meant: Ireland is a letter or two from England.
            return say("another-country", value=value, names=", ".join(JURISDICTIONS))
        case "version" if value != (version := codebook().version):
            return say("other-codebook", value=value, version=version)
    return ""


def _source_problems(value: object) -> Iterator[str]:
    """What is wrong with the sources that a review.toml names."""
    keys = codebook().source_keys
    if not isinstance(value, list) or not all(isinstance(source, dict) for source in value):
        write = codebook().keys["sources"].write
        yield f"{_quoted(value)} is no list of sources; write {write}"
        return
    for number, source in enumerate(value, start=1):
        for key, entry in source.items():
            if key not in keys:
                meant = nearest(key, [name for name in keys if name not in source])
                offer = meant_or(meant, f"its keys are: {', '.join(keys)}")
                yield f"source {number} has no key {shown(key)}{offer}"
            elif message := _source_problem(keys[key], entry):
                yield f"source {number}'s {key}: {message}"


def _source_problem(key: Key, entry: object) -> str:
    """What is wrong with one value of a source. Empty when nothing is."""
    if key.kind == "flag":
        return "" if isinstance(entry, bool) else "write true or false, without quotes"
    if not isinstance(entry, (str, date)):
        return f"{_quoted(entry)} is no text; write it in quotes"
    if PLACEHOLDER in str(entry):
        return f"the placeholder {PLACEHOLDER} still stands; write {key.write}"
    if message := text_breach(str(entry), "the text"):
        return message
    if key.kind == "file" and not _TEXT.fullmatch(str(entry)):
        return say("no-source-file", entry=_as_text(entry), folder=TEXTS)
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
