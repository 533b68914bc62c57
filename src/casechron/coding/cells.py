"""How is one cell written, can it stand as it is, and what does it say by itself?

What ties several cells or rows together is asked in `casechron.coding.rules`. A function that reads
a cell gives what the tidy tables hold, or None for what it cannot read: who asks knows the file and
the line, and says what is allowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from casechron.characters import (
    ID_LETTERS,
    LETTERS,
    listed,
    meant_or,
    meant_then,
    nearest,
    shown,
    text_breach,
)
from casechron.coding.codebook import Column, codebook, cues_in
from casechron.coding.files import is_slug, slug
from casechron.coding.messages import say
from casechron.dates.windows import DateError, day_span

MOST_WORDS = 6
#: Codes of a list that a message names one by one; of a longer list it names the nearest.
MOST_LISTED = 12
#: Letters of a cell that is not prose: a date, a code, an id.
SHORT_LETTERS = 500
_COUNT = r"([1-9][0-9]{0,8})"
_DIGEST = re.compile(r"[0-9a-f]{8,128}")
_SHEET_ERROR = re.compile(r"#(REF!|NAME\?|VALUE!|N/A|DIV/0!|NUM!|NULL!|#+)|Err:[0-9]+")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
#: What a spreadsheet makes of a text: a day and a month, a month and a year, or the number of a
#: day; a number without its last digits; a word in capitals.
_SPREADSHEET_MADE = re.compile(
    rf"(?P<date>[0-3]?[0-9]-(?:{_MONTHS})(?:-[0-9]{{2,4}})?|(?:{_MONTHS})-[0-9]{{2}}"
    r"|[34][0-9]{4}(?:\.0+)?)|(?P<number>[0-9](?:[.,][0-9]+)?E[+-]?[0-9]{2,3})|TRUE|FALSE"
)
#: The first letters of cells that begin with a space or are an error of the spreadsheet.
_SUSPECT_STARTS = frozenset(" #E")
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
)
_SPAN = re.compile(r"(?:between )?(\d+|[a-z]+) ?(?:-|–|to|or|and) ?(\d+|[a-z]+) ?([a-z]+)")
_UNITS = {"day": (1, "D"), "week": (1, "W"), "fortnight": (2, "W")}
_UNITS |= {"month": (1, "M"), "year": (1, "Y")}
#: What a duration means, by the words before it.
_MEANINGS = {
    "exactly": "exact",
    "about": "approximate",
    "around": "approximate",
    "at least": "at-least",
    "at most": "at-most",
    "": "rounded",
}
_QUALIFIERS = "|".join(filter(None, _MEANINGS))
_PLACE = re.compile(rf"(?:(?P<source>[a-z0-9]+(?:-[a-z0-9]+)*):)?p{_COUNT}(?:\.{_COUNT})?")


@dataclass(slots=True)
class Guesses:
    """Finds out what was probably meant, until that has taken too long."""

    #: How many words may yet be compared.
    comparisons: int

    def nearest(self, value: str, among: Collection[str]) -> str:
        """Which of the words was probably meant; '' where none is near, or time is over."""
        self.comparisons -= len(among)
        return nearest(value, among) if self.comparisons >= 0 else ""


@dataclass(slots=True)
class Ids:
    """The ids of a whole review: the table of each, and whether every row could be read."""

    table_of: dict[str, str] = field(default_factory=dict)
    whole: bool = True
    guesses: Guesses = field(default_factory=lambda: Guesses(150_000))


# What a column allows


def allowed(column: Column) -> str:
    """What may stand in a column, as the end of a sentence that begins with 'write'.

    >>> allowed(codebook().tables["involvement"].column("agency"))
    'the id of a row of agencies'
    """
    if column.kind == "code":
        return one_of(codebook().codes(column.list))
    if column.kind in ("ref", "row"):
        return f"the id of a row of {_any_of(column.tables)}"
    return codebook().kinds[column.kind]["write"]


def one_of(codes: Iterable[str]) -> str:
    """Which codes are allowed, as the end of a sentence; of many only where they are listed.

    >>> one_of(["stated", "derived"]), one_of(map(str, range(50)))
    ('one of: stated, derived', 'one of the codes that `casechron codebook` lists')
    """
    names = list(codes)
    if len(names) > MOST_LISTED:
        return "one of the codes that `casechron codebook` lists"
    return f"one of: {', '.join(names)}"


def first_few(names: Sequence[object], most: int = 3) -> str:
    """The first of some names or places, with a mark where there are more.

    >>> first_few([4, 7, 9, 12]), first_few([4, 7])
    ('4, 7, 9 …', '4, 7')
    """
    return ", ".join(map(str, names[:most])) + (" …" if names[most:] else "")


def _any_of(tables: Sequence[str]) -> str:
    return listed(tables, "or") if tables else "any table"


def form_breach(value: str) -> str:
    """What keeps a cell, which has no blanks around it, from being one clean line of text? Empty
    when nothing does.

    >>> form_breach("#REF!")[:38], form_breach("a text")
    ("'#REF!' is an error of the spreadsheet", '')
    """
    plain = value.isascii() and value.isprintable() and len(value) <= LETTERS
    if plain and value[:1] not in _SUSPECT_STARTS:
        return ""  # nearly every cell, so it takes the shortest way
    if message := text_breach(value):
        return message
    if value.isascii():
        return say("spreadsheet-error", value=value) if _SHEET_ERROR.fullmatch(value) else ""
    if "\ufffd" in value:
        return say("letter-lost", value=value)
    try:
        return say("wrong-encoding", value=value, meant=value.encode("cp1252").decode("utf-8"))
    except UnicodeError:
        return ""


def words_breach(value: str) -> str:
    """What is wrong with words of the source; '' where they are few enough."""
    if (count := len(value.split())) <= MOST_WORDS:
        return ""
    return f"{shown(value)} has {count} words; {codebook().kinds['words']['write']} are allowed"


def text_slip(value: str, *, plain: bool = True) -> str:
    """What a spreadsheet has made of a text, or would make of a `plain` one, which is no list and
    no number with a unit; '' where it leaves it alone.

    >>> text_slip("Mar-14")[:48], text_slip("=SUM(A1)")[:26], text_slip("in March 2014")
    ("'Mar-14' is what a spreadsheet makes of a date o", "'=SUM(A1)' begins with '='", '')
    """
    if match := _SPREADSHEET_MADE.fullmatch(value):
        meanings = {"date": "a date or an id", "number": "a long number"}
        made_from = meanings.get(match.lastgroup or "", f"the word {value.lower()}")
        return say("spreadsheet-made", value=value, of=made_from)
    if plain and value[0] in "=+-@":
        return say("begins-as-formula", value=value, first=value[0])
    return ""


def cell_breach(column: Column, value: str, ids: Ids, row_table: str = "") -> str:
    """What is wrong with the value of one cell, and what is allowed? Empty when nothing is wrong.

    ``value`` has no space around it. ``row_table`` is the table of the row that a cell of kind
    'column' is about. References to a table of which a part could not be read are let pass.

    >>> basis = codebook().tables["events"].column("basis")
    >>> cell_breach(basis, "stted", Ids())
    "'stted' is no code of basis; did you mean 'stated'? Allowed: stated, derived, judged"
    """
    if not value:
        return f"the cell is empty; write {allowed(column)}" if column.required else ""
    if column.kind != "text" and len(value) > SHORT_LETTERS:
        return text_breach(value, most=SHORT_LETTERS)
    match column.kind:
        case "id":
            return _id(value)
        case "words":
            return words_breach(value)
        case "date":
            return date_breach(value)
        case "code":
            return _code(column.list, value)
        case "ref" | "party" | "row":
            return _reference(value, column.tables, ids)
        case "count":
            return _count(value, column.name)
        case "duration":
            return _duration(value)
        case "salt" | "digest" if not _DIGEST.fullmatch(value):
            return say("no-digest", value=value, kind=column.kind)
        case "column":
            return _column_name(value, row_table)
    return ""


def _id(value: str) -> str:
    if len(value) > ID_LETTERS:
        return text_breach(value, "the id", most=ID_LETTERS)
    if is_slug(value):
        return ""
    example = f", such as '{could}'" if (could := slug(value)) else ""
    return f"{shown(value)} is no id; write {codebook().kinds['id']['write']}{example}"


@lru_cache(maxsize=10_000)
def date_breach(value: str) -> str:
    """Why a text is no date, and how it is written; '' for a date.

    >>> date_breach("2018-08"), date_breach("5 March 2013")
    ('', "'5 March 2013' is not a date: it is written in words; write '2013-03-05'")
    """
    if len(value) > SHORT_LETTERS:
        return text_breach(value, most=SHORT_LETTERS)
    try:
        day_span(value)
    except DateError as error:
        message = str(error)
        plain = "spreadsheet" not in message or "as text" in message
        return message if plain else say("date-of-spreadsheet", message=message)
    return ""


@lru_cache(maxsize=10_000)
def _code(list_name: str, value: str) -> str:
    codes = codebook().codes(list_name)
    if value in codes:
        return ""
    parts = [part.strip() for part in re.split("[;,]", value)]
    if len(parts) > 1 and all(part in codes for part in parts):
        return say("codes-in-one-cell", value=value, many=len(parts))
    message = f"{shown(value)} is no code of {list_name}"
    begun = [code for code in codes if code.startswith(value.upper())]
    if len(begun) > 1:
        return f"{message}; did you mean {listed(begun, 'or')}?"
    labels: Mapping[str, str] = {entry.label.lower(): code for code, entry in codes.items()}
    meant = _by_cue(list_name, value) or nearest(value, codes)
    if meant := meant or labels.get(nearest(value, labels), ""):
        more = "" if len(codes) > MOST_LISTED else f" Allowed: {', '.join(codes)}"
        return f"{message}{meant_or(meant)}{more}"
    return f"{message}; write {one_of(codes)}"


def _by_cue(list_name: str, value: str) -> str:
    """The code of the longest cue in a value: what people call a thing says more than how near the
    letters of its name come to those of a code.

    >>> _by_cue("event_kind", "Interim care-order"), _by_cue("event_kind", "NFA")
    ('court-order', 'no-further-action')
    """
    apart = re.sub(r"[\s_-]+", " ", value)
    found = [*cues_in(list_name, value), *cues_in(list_name, apart)]
    return max(found, key=lambda cue: len(cue.cue)).code if found else ""


def _reference(value: str, tables: tuple[str, ...], ids: Ids) -> str:
    table = ids.table_of.get(value)
    if table is not None:
        if not tables or table in tables:
            return ""
        write = f"write the id of a row of {_any_of(tables)}"
        if "agencies" in tables and value in codebook().ready_agencies:
            write = "it is that of a ready agency too, so give the row another"
        return f"{shown(value)} is the id of a row of {table}; {write}"
    if not ids.whole:
        return ""
    among = [identity for identity, table in ids.table_of.items() if not tables or table in tables]
    add = "add the row, or write the id of one that is there"
    offer = meant_or(ids.guesses.nearest(value, among), add)
    return f"no row of {_any_of(tables)} has the id {shown(value)}{offer}"


def _count(value: str, column: str) -> str:
    if re.fullmatch(_COUNT, value):
        return ""
    if re.fullmatch(r"0+", value):
        grade = " (what did not happen has its grade in absence)" if column[:6] == "count_" else ""
        return f"{shown(value)} is less than 1; write a whole number from 1{grade}"
    if decimal := re.fullmatch(rf"0*{_COUNT}([.,]0?)?", value):
        return f"{shown(value)} is not a plain whole number; write {decimal[1]}"
    return f"{shown(value)} is not a whole number from 1 to 999999999; write digits only"


def _duration(value: str) -> str:
    if re.fullmatch(r"P[1-9][0-9]{0,5}[DWMY]", value):
        return ""
    start = f"{shown(value)} is no duration in one unit"
    if len(value.split()) == 2 and (meant := duration(value)):
        return f"{start}; write {meant[0]}"
    if span := duration_span(value):
        least, most = ((duration(end) or ("",))[0] for end in span)
        return f"{start}{say('duration-span', least=least, most=most)}"
    if re.fullmatch(r"P0+[DWMY]", value):
        return f"{start}, for it is 0; write a relation of type same-day instead"
    if loose := re.fullmatch(r"P?([1-9][0-9]{0,5})([DWMY])", value.upper().replace(" ", "")):
        return f"{start}; write P{loose[1]}{loose[2]}"
    if "T" in value:
        return f"{start}{say('duration-in-hours')}"
    several = re.fullmatch(r"P([0-9]+[YMWD]){2,}", value)
    return f"{start}{say('duration-in-several' if several else 'duration-form')}"


def _column_name(value: str, row_table: str) -> str:
    if not row_table:
        return ""
    header = [name for name in codebook().tables[row_table].header if name != "id"]
    columns = ", ".join(header)
    if value in header:
        return ""
    if value == "id":
        return f"an id has no other reading; write a column of {row_table}: {columns}"
    offer = meant_then(nearest(value, header), f"its columns are: {columns}")
    return f"{shown(value)} is no column of {row_table}{offer}"


# What a cell says


class Place(NamedTuple):
    """A place in a source: '' what is not named, the source too where it goes without saying."""

    source: str
    paragraph: str = ""
    sentence: str = ""

    def __str__(self) -> str:
        number = ".".join(filter(None, (self.paragraph, self.sentence)))
        return ":".join(filter(None, (self.source, number and f"p{number}")))


def is_whole(date: str) -> bool:
    """Whether a date says by itself both when it begins and when it ends: an interval or a set.

    >>> is_whole("2018/2019"), is_whole("[2018..]"), is_whole("late 2018-08")
    (True, True, False)
    """
    return "/" in date or date[:1] in ("[", "{")


def tidy_text(column: str, cell: str, empty: str) -> str:
    """What a cell of plain words becomes: a summary or a label without the stop at its end, since
    sentences put their own; an empty basis or kind what that means.

    >>> tidy_text("summary", "The case is closed.", ""), tidy_text("kind", "", "entry")
    ('The case is closed', 'entry')
    """
    if column in ("summary", "short", "label"):
        return cell.rstrip(".")
    return cell or (empty if column in ("basis", "kind") else "")


def tidy_date(date: str, until: str, *, lasts: bool, window: bool = False) -> str | None:
    """The one date of the tidy tables from what stands in `date` and `until`; None where both of
    them say when it ends, or `until` says of what has no date that its end is open or not given.

    ``lasts`` is for what lasts, ``window`` for an absence, whose two days bound it.

    >>> tidy_date("2018-08", "", lasts=True), tidy_date("2018-08", "..", lasts=False)
    ('2018-08/', '[2018-08..]')
    >>> tidy_date("2018-08", "2018-09", lasts=False, window=True), tidy_date("", "..", lasts=True)
    ('2018-08/2018-09', '/..')
    >>> tidy_date("2018/2019", "2019", lasts=True) is None
    True
    """
    unread = date == "?"
    date = "" if unread else date
    if is_whole(date):
        return None if until else date
    if until == "?":
        return f"{date}/" if date else "" if lasts or unread else None
    if window:
        return f"{date}/{until}" if until else date
    if lasts:
        return f"{date}/{until}" if date or until else ""
    if not until:
        return date
    return f"[{date}..{'' if until == '..' else until}]" if date or until != ".." else None


def first_date(date: str) -> str:
    """The year and month with which a date begins, as far as it has them; '' where it has none.

    >>> first_date("late 2018-08/.."), first_date("[..2018-08-14]"), first_date("2018~")
    ('2018-08', '2018-08', '2018')
    """
    match = re.search(r"(?<![0-9X-])[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?![0-9X]))?", date)
    return match[0] if match else ""


def count_bounds(cell: str) -> tuple[str, str] | None:
    """The least and the greatest number; the greatest is '' where it is not bounded.

    >>> count_bounds("2"), count_bounds("at least 2"), count_bounds("at most 5")
    (('2', '2'), ('2', ''), ('1', '5'))
    >>> count_bounds("2 to 5"), count_bounds("2-5"), count_bounds("5 to 2")
    (('2', '5'), None, None)
    """
    match = re.fullmatch(
        rf"(at least |at most )?{_COUNT}(?: to {_COUNT})?", " ".join(cell.lower().split())
    )
    if not match or (match[3] and (match[1] or int(match[2]) > int(match[3]))):
        return None
    if match[1] == "at most ":
        return "1", match[2]
    return match[2], "" if match[1] else match[3] or match[2]


def duration(phrase: str) -> tuple[str, str] | None:
    """An ISO duration in one unit, and what it means.

    >>> duration("6 months"), duration("exactly one day"), duration("at most P2W")
    (('P6M', 'rounded'), ('P1D', 'exact'), ('P2W', 'at-most'))
    >>> duration("around 4 years")
    ('P4Y', 'approximate')
    >>> duration("a while") is None, duration("0 days") is None
    (True, True)
    """
    plain = " ".join(phrase.lower().split())
    match = re.fullmatch(rf"(?:({_QUALIFIERS}) )?(?:(an?) |(\w+) )?(\w+)", plain)
    if not match:
        return None
    meaning, article, number, unit = _MEANINGS[match[1] or ""], match[2], match[3], match[4]
    if re.fullmatch(r"p([1-9][0-9]{0,5})([dwmy])", unit):
        return None if number else (unit.upper(), meaning)
    number = "1" if article else str(_NUMBERS.index(number)) if number in _NUMBERS else number or ""
    size = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    if size is None or not re.fullmatch(r"[1-9][0-9]{0,4}", number):
        return None
    return f"P{int(number) * size[0]}{size[1]}", meaning


def duration_span(phrase: str) -> tuple[str, str] | None:
    """The least and the most where a text says how long by two numbers of one unit.

    >>> duration_span("6-8 weeks"), duration_span("between two and three months")
    (('6 weeks', '8 weeks'), ('two months', 'three months'))
    >>> duration_span("6 weeks") is None, duration_span("6 to 8 times") is None
    (True, True)
    """
    match = _SPAN.fullmatch(" ".join(phrase.lower().split()))
    ends = (f"{match[1]} {match[3]}", f"{match[2]} {match[3]}") if match else ("", "")
    return ends if all(map(duration, ends)) else None


def read_place(text: str, sources: Sequence[str], default: str) -> Place | None:
    """The place that a text names: `p13.2`, `p14`, `radio:p3.1` or a source alone.

    ``default`` is the source of a place that names none; '' where several could be meant.

    >>> read_place("p13.2", ["report"], "report")
    Place(source='report', paragraph='13', sentence='2')
    >>> read_place("13.2", ["report"], "report") is None
    True
    """
    if text in sources:
        return Place(text)
    match = _PLACE.fullmatch(text)
    if not match:
        return None
    source = match["source"] or default
    return Place(source, match[2], match[3] or "") if source in sources else None


def free_ids(base: str, taken: Collection[str]) -> Iterator[str]:
    """The base, then the base and a number from 2: each that is not taken."""
    names = (f"{base}-{number}" if number > 1 else base for number in count(1))
    return (name for name in names if name not in taken)
