"""Can this one cell stand as it is? What was found, and what its column allows.

A question about a cell needs its column, and for ids the ids of the whole review; what ties several
cells or rows together is asked in `casechron.coding.rules`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from casechron.coding.characters import ID_LETTERS, LETTERS, shown, text_breach
from casechron.coding.codebook import Codebook, Column, codebook
from casechron.coding.dates import DateError, bounds
from casechron.coding.files import is_slug, slug
from casechron.coding.sheets import nearest

__all__ = [
    "Ids",
    "allowed",
    "cell_breach",
    "date_breach",
    "form_breach",
    "one_of",
    "text_slip",
    "words_breach",
]

WORDS_AT_MOST = 6
#: Codes of a list that a message names one by one; of a longer list it names the nearest.
LISTED = 12
#: Letters of a cell that is not prose: a date, a code, an id.
SHORT = 500
PARTIES = ("agencies", "people")
_COUNT = re.compile(r"[1-9][0-9]{0,8}")
_DURATION = re.compile(r"P[1-9][0-9]{0,5}[DWMY]")
_DIGEST = re.compile(r"[0-9a-f]{8,128}")
_SHEET_ERROR = re.compile(r"#(REF!|NAME\?|VALUE!|N/A|DIV/0!|NUM!|NULL!|#+)|Err:[0-9]+")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
#: What a spreadsheet makes of a text: a day and a month, a month and a year, or the number of a
#: day; a number without its last digits; a word in capitals.
_SPREADSHEET_MADE = re.compile(
    rf"(?P<date>[0-3]?[0-9]-(?:{_MONTHS})(?:-[0-9]{{2,4}})?|(?:{_MONTHS})-[0-9]{{2}}"
    r"|[34][0-9]{4}(?:\.0+)?)|(?P<number>[0-9](?:[.,][0-9]+)?E[+-]?[0-9]{2,3})|TRUE|FALSE"
)
#: What an error of the spreadsheet begins with, and a space.
_ASKED = frozenset(" #E")
_KEEP_TEXT = (
    "; to keep dates as they are typed, format the column as Text before typing or importing"
)
_NUMBER_WORDS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_WORDS_IN_WORDS = _NUMBER_WORDS[WORDS_AT_MOST - 1]
_NUMBERS = {"a": 1, "an": 1, **{word: number for number, word in enumerate(_NUMBER_WORDS, start=1)}}
_UNITS = {
    "day": (1, "D"),
    "week": (1, "W"),
    "fortnight": (2, "W"),
    "month": (1, "M"),
    "year": (1, "Y"),
}


@dataclass(slots=True)
class Ids:
    """The ids of a whole review: the table of each, and the tables of which not every row could be
    read."""

    table_of: dict[str, str] = field(default_factory=dict)
    in_part: set[str] = field(default_factory=set)
    #: How many words may yet be compared to find out which ids were meant.
    comparisons: int = 150_000

    def nearest(self, value: str, tables: Iterable[str]) -> str:
        """The id that was probably meant, while finding it takes no time."""
        among = self.of(tables) if tables else list(self.table_of)
        self.comparisons -= len(among)
        return nearest(value, among) if self.comparisons >= 0 else ""

    def of(self, tables: Iterable[str]) -> list[str]:
        """The ids of some of the tables."""
        wanted = set(tables)
        return [name for name, table in self.table_of.items() if table in wanted]


def allowed(column: Column, book: Codebook | None = None) -> str:
    """What may stand in a column, as the end of a sentence that begins with 'write'.

    >>> allowed(codebook().tables["involvement"].column("agency"))
    'the id of a row of agencies'
    """
    if column.kind == "code":
        return one_of((book or codebook()).codes(column.list))
    if column.kind == "ref":
        return f"the id of a row of {column.refers}"
    if column.kind == "row":
        return (
            f"the id of a row of {_either(column.tables)}"
            if column.tables
            else "the id of a row of any table"
        )
    return {
        "id": "a short name of lower-case letters, digits and hyphens",
        "text": "a text in your own words",
        "words": f"at most {_WORDS_IN_WORDS} of the source's words",
        "date": (
            "EDTF, such as 2018-08, or early, mid, late or end before a month, a season or a year"
        ),
        "party": "the id of an agency or a person",
        "count": "a whole number from 1",
        "duration": "a duration in one unit, such as P14D, P2W, P2M or P4Y",
        "column": "the name of a column of the row's table",
        "salt": "nothing (`casechron locate` fills it)",
        "digest": "nothing (`casechron locate` fills it)",
    }[column.kind]


def one_of(codes: Iterable[str]) -> str:
    """Which codes are allowed, as the end of a sentence; of many only where they are listed.

    >>> one_of(["stated", "derived"]), one_of(map(str, range(50)))
    ('one of: stated, derived', 'one of the codes that `casechron codebook` lists')
    """
    names = list(codes)
    if len(names) > LISTED:
        return "one of the codes that `casechron codebook` lists"
    return f"one of: {', '.join(names)}"


def _either(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def form_breach(value: str) -> str:
    """What keeps any cell from being one clean line of text? Empty when nothing does.

    >>> form_breach("a text "), form_breach("a text")
    ("'a text ' begins or ends with a space; delete it", '')
    """
    plain = value.isascii() and value.isprintable() and len(value) <= LETTERS
    if plain and value[:1] not in _ASKED and value[-1:] != " ":
        return ""  # nearly every cell, so it takes the shortest way
    if message := text_breach(value):
        return message
    if value != value.strip():
        return f"{shown(value)} begins or ends with a space; delete it"
    if value.isascii():
        if _SHEET_ERROR.fullmatch(value):
            return (
                f"{shown(value)} is an error of the spreadsheet, not a value; write the value as"
                " text"
            )
        return ""
    if "\ufffd" in value:
        return (
            f"{shown(value)} holds '\ufffd', which stands for a letter lost in a wrong encoding;"
            " write the letter"
        )
    try:
        meant = value.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
    return f"{shown(value)} was saved in one encoding and read in another; write {shown(meant)}"


def words_breach(value: str) -> str:
    """What is wrong with words of the source; '' where they are few enough."""
    count = len(value.split())
    if count <= WORDS_AT_MOST:
        return ""
    return (
        f"{shown(value)} has {count} words; at most {_WORDS_IN_WORDS} of the source's words are"
        " allowed"
    )


def text_slip(value: str, *, plain: bool = True) -> str:
    """What a spreadsheet has made of a text, or would make of a `plain` one, which is no list and
    no number with a unit; '' where it leaves it alone.

    >>> text_slip("Mar-14")[:48], text_slip("=SUM(A1)")[:26], text_slip("in March 2014")
    ("'Mar-14' is what a spreadsheet makes of a date o", "'=SUM(A1)' begins with '='", '')
    """
    if made := _SPREADSHEET_MADE.fullmatch(value):
        known = {"date": "a date or an id", "number": "a long number"}
        of = known.get(made.lastgroup or "", f"the word {value.lower()}")
        return (
            f"{shown(value)} is what a spreadsheet makes of {of}; look up what was"
            " typed, format the column as text and type it again"
        )
    if plain and value[0] in "=+-@":
        return (
            f"{shown(value)} begins with {value[0]!r}, which a spreadsheet takes for a formula;"
            " begin with a letter"
        )
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
    if column.kind != "text" and len(value) > SHORT:
        return text_breach(value, most=SHORT)
    match column.kind:
        case "id":
            return _id(value)
        case "words":
            return words_breach(value)
        case "date":
            return date_breach(value)
        case "code":
            return _code(column.list, value)
        case "ref":
            return _reference(value, (column.refers,), ids)
        case "party":
            return _reference(value, PARTIES, ids)
        case "row":
            return _reference(value, column.tables, ids)
        case "count":
            return _count(value, column.name)
        case "duration":
            return _duration(value)
        case "salt" | "digest":
            if not _DIGEST.fullmatch(value):
                return (
                    f"{shown(value)} is no {column.kind}; leave the cell empty, `casechron locate`"
                    " fills it"
                )
        case "column":
            return _column_name(value, row_table)
    return ""


def _id(value: str) -> str:
    if is_slug(value) and len(value) <= ID_LETTERS:
        return ""
    if len(value) > ID_LETTERS:
        return text_breach(value, "the id", most=ID_LETTERS)
    could = slug(value)
    such = f", such as '{could}'" if could else ""
    return (
        f"{shown(value)} is no id; write a short name of lower-case letters, digits and"
        f" hyphens{such}"
    )


@lru_cache(maxsize=10_000)
def date_breach(value: str) -> str:
    """Why a text is no date, and how it is written; '' for a date.

    >>> date_breach("2018-08"), date_breach("5 March 2013")
    ('', "'5 March 2013' is not a date: it is written in words; write '2013-03-05'")
    """
    if len(value) > SHORT:
        return text_breach(value, most=SHORT)
    try:
        bounds(value)
    except DateError as error:
        message = str(error)
        made = "spreadsheet" in message and "as text" not in message
        return message + _KEEP_TEXT if made else message
    return ""


@lru_cache(maxsize=10_000)
def _code(list_name: str, value: str) -> str:
    codes = codebook().codes(list_name)
    if value in codes:
        return ""
    parts = [part.strip() for part in re.split("[;,]", value)]
    if len(parts) > 1 and all(part in codes for part in parts):
        return (
            f"{shown(value)} is {len(parts)} codes, and the cell holds one; write one of them, or"
            " two rows where there were two things"
        )
    begin = [code for code in codes if code.startswith(value.upper())]
    if len(begin) > 1:
        return f"{shown(value)} is no code of {list_name}; did you mean {_either(begin)}?"
    labels: Mapping[str, str] = {entry.label.lower(): code for code, entry in codes.items()}
    meant = nearest(value, codes) or labels.get(nearest(value, labels), "")
    told = f"{shown(value)} is no code of {list_name}; "
    if meant:
        more = "" if len(codes) > LISTED else f" Allowed: {', '.join(codes)}"
        return f"{told}did you mean '{meant}'?{more}"
    return f"{told}write {one_of(codes)}"


def _reference(value: str, tables: tuple[str, ...], ids: Ids) -> str:
    table = ids.table_of.get(value)
    where = _either(tables) if tables else "any table"
    if table is not None:
        if not tables or table in tables:
            return ""
        return f"{shown(value)} is the id of a row of {table}; write the id of a row of {where}"
    if ids.in_part.intersection(tables or ids.in_part):
        return ""
    near = ids.nearest(value, tables)
    offer = (
        f"did you mean '{near}'?" if near else "add the row, or write the id of one that is there"
    )
    return f"no row of {where} has the id {shown(value)}; {offer}"


def _count(value: str, column: str) -> str:
    if _COUNT.fullmatch(value):
        return ""
    if re.fullmatch(r"0+", value):
        absent = (
            " (what did not happen has its grade in absence)" if column.startswith("count_") else ""
        )
        return f"{shown(value)} is less than 1; write a whole number from 1{absent}"
    if decimal := re.fullmatch(r"0*([1-9][0-9]{0,8})([.,]0?)?", value):
        return f"{shown(value)} is not a plain whole number; write {decimal[1]}"
    return f"{shown(value)} is not a whole number from 1 to 999999999; write digits only"


def _duration(value: str) -> str:
    if _DURATION.fullmatch(value):
        return ""
    start = f"{shown(value)} is no duration in one unit"
    words = value.lower().split()
    if (
        len(words) == 2
        and words[1].rstrip("s") in _UNITS
        and (words[0] in _NUMBERS or _COUNT.fullmatch(words[0]))
    ):
        size, unit = _UNITS[words[1].rstrip("s")]
        number = _NUMBERS.get(words[0]) or int(words[0])
        return f"{start}; write P{number * size}{unit}"
    if re.fullmatch(r"P0+[DWMY]", value):
        return f"{start}, for it is 0; write a relation of type same-day instead"
    if loose := re.fullmatch(r"P?([1-9][0-9]{0,5})([DWMY])", value.upper().replace(" ", "")):
        return f"{start}; write P{loose[1]}{loose[2]}"
    if "T" in value:
        return (
            f"{start}: hours and minutes are not held; write whole days, such as P1D, or a relation"
            " without a gap"
        )
    if re.fullmatch(r"P([0-9]+[YMWD]){2,}", value):
        return (
            f"{start} but in several; write the whole in the smallest of them, as P33D for a month"
            " and two days"
        )
    return f"{start}; write P and a whole number and D, W, M or Y: P14D, P2W, P2M or P4Y"


def _column_name(value: str, row_table: str) -> str:
    if not row_table:
        return ""
    header = [name for name in codebook().tables[row_table].header if name != "id"]
    if value in header:
        return ""
    if value == "id":
        return f"an id has no other reading; write a column of {row_table}: {', '.join(header)}"
    meant = nearest(value, header)
    offer = f"did you mean '{meant}'? Its columns" if meant else "its columns"
    return f"{shown(value)} is no column of {row_table}; {offer} are: {', '.join(header)}"
