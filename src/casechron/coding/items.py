"""What do the items of a cell say, and what was probably meant by one that says nothing?

An item is `NAME (WORD, WORD …)`, with `;` between. A name is an id or a label, and a label can hold
brackets and commas of its own: so the whole text is tried as a name first, and then without its
last bracket. Nothing here knows what a name stands for or what a word means:
`casechron.coding.expand` does. Only what then can be read is offered; where nothing is, the message
says what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from casechron.characters import counted, listed, shown
from casechron.coding.cells import MOST_LISTED, duration, duration_span
from casechron.coding.codebook import codebook
from casechron.coding.messages import say
from casechron.coding.sources import normalise
from casechron.dates.days import working_day_span

#: Commas that the label after `by` can hold.
_MOST_COMMAS = 10
_BY = re.compile(r"(?:^|\s)by\s+", re.IGNORECASE)
#: What coders write between two names, themes or places where a `;` parts them.
_BETWEEN = re.compile(r"\s*(?:,|/|&|\+|;|\band\b)\s*", re.IGNORECASE)
#: Letters of an item that is looked into; a longer one is no name with a few words.
_MOST_LETTERS = 200
#: Places of a range that are written out.
_MOST_PLACES = 20
_PLACES = re.compile(
    r"(?P<head>(?:[a-z0-9-]+:)?p?(?:[1-9]\d{0,5}\.)?)(?P<first>[1-9]\d{0,5})\s*(?:-|–|to)\s*"
    r"(?P<again>p?(?:[1-9]\d{0,5}\.)?)(?P<last>[1-9]\d{0,5})"
)
#: A duration with what people write before and behind it.
_WORKING = re.compile(
    r"(?:(?P<most>within|up to|at most|no more than|under|less than) |"
    r"(?P<least>at least|over|more than) ||.*? )"
    r"(?P<about>(?:about|around|approximately|roughly|nearly|almost|some|ca?\.?) |~ ?)?"
    r"(?P<days>[1-9]\d{0,2}) working days?"
)
_HEDGED = re.compile(
    r"(?:(?:about|around|approximately|roughly|nearly|almost|over|under|more than|less than|some|"
    r"for|c\.?|ca\.?|[~+<>]) ?)*((?:\d+|[a-z]+) [a-z]+)(?: (?:later|after|afterwards|or so|long))?"
)


class Item(NamedTuple):
    """One item of a cell: the id of what it names, its name as it is written, and the words of its
    bracket."""

    id: str
    name: str
    words: tuple[str, ...] = ()


class Names(dict[str, list[str]]):
    """The ids that each name can stand for, by its folded letters."""

    def add(self, name: str, identity: str) -> None:
        """Let a name stand for an id."""
        key = folded(name)
        if key and identity not in self.setdefault(key, []):
            self[key].append(identity)

    def add_free(self, label: str, identity: str) -> None:
        """Let a label stand for an id where it does not name anything yet."""
        if folded(label) not in self:
            self.add(label, identity)

    def find(self, name: str) -> str:
        """The id that a name stands for: the only one, or the one that it is itself, since an id is
        stronger than a label of the same letters; '' where there is none."""
        key = folded(name)
        ids = self.get(key, [])
        named = ids if len(ids) == 1 else [each for each in ids if folded(each) == key]
        return named[-1] if named else ""

    def could_be(self, name: str) -> list[str]:
        """The ids that a label could stand for, where they are several."""
        return [] if self.find(name) else self.get(folded(name), [])

    def beginning(self, word: str) -> list[str]:
        """The ids that begin with a word, or whose label does, where they are several and few."""
        first = folded(word)
        begun = (
            ids for name, ids in self.items() if re.split("[ -]", name, maxsplit=1)[0] == first
        )
        ids = list(dict.fromkeys(chain.from_iterable(begun)))
        return ids if 1 < len(ids) <= MOST_LISTED else []


@lru_cache(maxsize=10_000)
def folded(name: str) -> str:
    """A name as it is compared: case, blanks, the forms of quotes and dashes and a stop at its end
    make no difference.

    >>> folded(" Children’s  Services. ") == folded("children's services")
    True
    """
    return normalise(name).casefold().rstrip(".")


def parted_items(cell: str) -> list[str]:
    """The items of a cell, each without the blanks around it; what is empty is left out.

    >>> parted_items("gp; Smith, Jones & Co (derived);")
    ['gp', 'Smith, Jones & Co (derived)']
    """
    return [part for text in cell.split(";") if (part := text.strip())]


def parted_facts(cell: str, codes: Iterable[str]) -> list[str]:
    """The facts of a cell: a `;` parts only before a code and a colon.

    >>> parted_facts("reason: late; tired; injury: bruise", ["reason", "injury"])
    ['reason: late; tired', 'injury: bruise']
    """
    parts = _before_a_code(tuple(codes)).split(cell) if ";" in cell else [cell]
    return [part for text in parts if (part := text.strip().removesuffix(";").rstrip())]


@lru_cache
def _before_a_code(codes: tuple[str, ...]) -> re.Pattern[str]:
    """A `;` before one of some codes and a colon."""
    known = "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
    return re.compile(rf";(?=\s*(?:{known})\s*:)", re.IGNORECASE)


def parted_bracket(text: str) -> tuple[str, str]:
    """A text before its last bracket, and what stands in that; the whole text and '' where it ends
    with none, or has nothing before it.

    >>> parted_bracket("Smith (police) (alleged by GP (old practice))")
    ('Smith (police)', 'alleged by GP (old practice)')
    >>> parted_bracket("a) (b"), parted_bracket("(b)")
    (('a) (b', ''), ('(b)', ''))
    """
    if text.endswith(")"):
        depth = 0
        for place in range(len(text) - 1, 0, -1):
            depth += (text[place] == ")") - (text[place] == "(")
            if depth == 0 and (before := text[:place].rstrip()):
                return before, text[place + 1 : -1].strip()
    return text, ""


def read_item(text: str, find: Callable[[str], str]) -> Item | None:
    """The item that a text is; None where neither it nor what stands before its last bracket names
    anything.

    Parameters
    ----------
    text
        The item as it stands.
    find
        Gives the id that a name stands for, or ''; also of one after `by` in the bracket, in which
        a comma separates nothing.

    Examples
    --------
    >>> names = {"gp": "gp", "smith (derived)": "smith"}
    >>> read_item("GP (alleged by smith, derived)", lambda name: names.get(name.lower(), ""))
    Item(id='gp', name='GP', words=('alleged by smith', 'derived'))
    >>> read_item("Smith (derived)", lambda name: names.get(name.lower(), "")).words
    ()
    """
    if identity := find(text):
        return Item(identity, text)
    name, bracket = parted_bracket(text)
    if identity := find(name):
        return Item(identity, name, tuple(_words(bracket, find)))
    return None


def _words(bracket: str, party: Callable[[str], str]) -> list[str]:
    """The words of a bracket: a comma parts them, unless it belongs to the label after `by`."""
    parts = [part.strip() for part in bracket.split(",")]
    words: list[str] = []
    while parts:
        taken = 1
        if by := _BY.search(parts[0]):
            after = parts[0][by.end() :]
            longer = (
                count
                for count in range(min(len(parts), _MOST_COMMAS), 0, -1)
                if party(", ".join([after, *parts[1:count]]))
            )
            taken = next(longer, 1)
        words.append(", ".join(parts[:taken]))
        del parts[:taken]
    return [word for word in words if word]


def account_of(word: str) -> tuple[str, str]:
    """The status before `by`, and the party after it; no party where there is no `by`.

    >>> account_of("alleged by the GP"), account_of("by wm"), account_of("derived")
    (('alleged', 'the GP'), ('', 'wm'), ('derived', ''))
    """
    if by := _BY.search(word):
        return word[: by.start()].strip(), word[by.end() :].strip()
    return word, ""


def code_among(word: str, codes: Mapping[str, str]) -> str:
    """The code that a word is, whatever its case and with blanks for hyphens; '' for none.

    >>> code_among("Took part", {"took-part": "role"})
    'took-part'
    """
    plain = re.sub(r"[\s_]+", "-", folded(word))
    return plain if plain in codes else ""


@cache
def codes_named(list_name: str) -> dict[str, str]:
    """The codes of a list by what names them, folded: themselves, else their label.

    >>> codes_named("basis")["stated"]
    'stated'
    """
    entries = codebook().codes(list_name)
    labels = {folded(entry.label): code for code, entry in entries.items()}
    return labels | {folded(code): code for code in entries}


# What was meant


def meant_list(
    text: str, reads: Callable[[str], bool], near: Callable[[str], str] = lambda _: ""
) -> str:
    """The items of a text that something else parts, with `;` between; '' where one cannot be read
    and nothing is ``near`` it.

    >>> meant_list("police, school and gp", {"police", "school", "gp"}.__contains__)
    'police; school; gp'
    """
    parts = _BETWEEN.split(" ".join(text.split()))
    if len(parts) < 2 or len(text) > _MOST_LETTERS or not any(map(reads, parts)):
        return ""
    meant = [part if reads(part) else near(part) for part in parts]
    return "; ".join(meant) if all(meant) else ""


def in_one_bracket(name: str, words: Iterable[str]) -> str:
    """A name with words in a bracket, as a coder writes it; the name alone where there are none.

    >>> in_one_bracket("gp", ["derived", "not-told"]), in_one_bracket("gp", [])
    ('gp (derived, not-told)', 'gp')
    """
    inner = ", ".join(words)
    return f"{name} ({inner})" if inner else name


def meant_item(text: str, reads: Callable[[str], bool], words: Mapping[str, str]) -> str:
    """An item whose brackets are not as they should be, in one round bracket after its name; ''
    where that is no item either.

    Parameters
    ----------
    text
        The item as it stands.
    reads
        Whether a text is an item that can be read.
    words
        The words that a bracket can hold.

    Examples
    --------
    >>> reads = {"gp (derived)", "gp (derived, not-told)"}.__contains__
    >>> words = {"derived": "basis", "not-told": "role"}
    >>> [meant_item(one, reads, words) for one in ("gp [derived]", "gp derived)", "gp (derived")]
    ['gp (derived)', 'gp (derived)', 'gp (derived)']
    >>> meant_item("gp (derived) (not-told)", reads, words)
    'gp (derived, not-told)'
    """
    parts = [part for piece in re.split(r"[()\[\]{};,]", text) if (part := " ".join(piece.split()))]
    if not parts or len(text) > _MOST_LETTERS:
        return ""
    could = [in_one_bracket(parts[0], parts[1:])]
    head = parts[0].split(" ")
    could += [  # a word may stand before the bracket, or without one
        in_one_bracket(" ".join(head[:at]), [" ".join(head[at:]), *parts[1:]])
        for at in range(1, len(head))
        if code_among(" ".join(head[at:]), words)
    ]
    return next((item for item in could if item != text and reads(item)), "")


def meant_places(text: str) -> str:
    """The places of a text with other marks between them, or from one to another; '' for none.

    >>> meant_places("p13, p14"), meant_places("p13-p15"), meant_places("p13.2-4")
    ('p13; p14', 'p13; p14; p15', 'p13.2; p13.3; p13.4')
    """
    if match := _PLACES.fullmatch(text):
        head, first, last = match["head"], int(match["first"]), int(match["last"])
        same = match["again"].lstrip("p") in ("", head.rpartition(":")[2].lstrip("p"))
        if same and first < last <= first + _MOST_PLACES:
            source, colon, number = head.rpartition(":")
            number = f"p{number.lstrip('p')}"
            return "; ".join(f"{source}{colon}{number}{at}" for at in range(first, last + 1))
    parts = [part for part in _BETWEEN.split(" ".join(text.split())) if part]
    alike = all(re.fullmatch(r"(?:[a-z0-9-]+:)?p[1-9]\d*(?:\.[1-9]\d*)?", part) for part in parts)
    return "; ".join(parts) if len(parts) > 1 and alike else ""


def no_count(text: str) -> str:
    """Why a text is no count, and what to write.

    >>> no_count("1,000")
    "'1,000' has a mark between its thousands; write 1000"
    """
    if thousands := re.fullmatch(r"([1-9]\d{0,2})((?:[., ]\d{3}){1,2})", text):
        whole = thousands[1] + re.sub("[., ]", "", thousands[2])
        asked = f", or {thousands[1]} if that was meant" if "." in text else ""
        return f"{shown(text)} has a mark between its thousands; write {whole}{asked}"
    return say("count-of-none" if re.fullmatch("0+", text) else "no-count", text=text)


def forms_of(text: str) -> str:
    """The four forms in which a duration in a text can be said, or how one in working days is
    written, 'about' so many with one more on each side, or one from so many to so many; '' where
    there is none in it.

    >>> forms_of("about nine months")
    "'nine months', 'exactly nine months', 'at least nine months' or 'at most nine months'"
    >>> forms_of("half a year"), forms_of("within 10 working days")
    ('', "'at most 21 days', or as many as a calendar gives, with weekends and bank holidays")
    """
    if working := _WORKING.fullmatch(text.lower()):
        days, slack = int(working["days"]), bool(working["about"])
        few, many = working_day_span(days - slack)[0], working_day_span(days + slack)[1]
        least = [] if working["most"] or not few else [f"'at least {counted(few, 'day')}'"]
        most = [] if working["least"] else [f"'at most {counted(many, 'day')}'"]
        forms = listed(least + most, "or")
        return f"{forms}, or as many as a calendar gives, with weekends and bank holidays"
    if span := duration_span(text):
        return f"'at least {span[0]}' and 'at most {span[1]}', with ; between them"
    match = _HEDGED.fullmatch(" ".join(text.lower().split()))
    if not match or not duration(match[1]):
        return ""
    forces = ("", "exactly ", "at least ", "at most ")
    return listed((f"'{force}{match[1]}'" for force in forces), "or")


def meant_duration(text: str) -> str:
    """How long may be said for a text that is no duration, as the end of a sentence.

    >>> meant_duration("2-3 weeks")
    'write at least 2 weeks or at most 3 weeks; what the other bound says has a row in relations.csv'
    >>> meant_duration("0 days")
    'write 1 day or more, or empty the cell where it was over on the day on which it began'
    """  # noqa: E501
    plain = " ".join(text.lower().split())
    if span := duration_span(plain):
        return say("one-bound", least=span[0], most=span[1])
    if re.fullmatch(r"(?:exactly |at least |at most )?0+ \w+|p0+[dwmy]", plain):
        return say("no-days")
    forms = "6 months, exactly 14 days, at least 3 weeks or at most 2 days"
    return f"write {forms_of(text) or forms}"


def each_by_itself(name: str) -> str:
    """What to write for a name that says several at once, as the end of a sentence; '' for any
    other.

    >>> each_by_itself("all children")
    '; it says several at once: write each by itself, by id or whole label, with ; between them'
    >>> each_by_itself("Alldale school")
    ''
    """
    several = r"(?:all|both|every|each|other|others|two|three|several)\b"
    return say("each-by-itself") if re.match(several, folded(name)) else ""


def row_number_hint(name: str) -> str:
    """Where a name is the number of a row, what makes an id of it; '' for any other.

    >>> row_number_hint("12"), row_number_hint("visit")
    (' (casechron read-sheet makes ids of the row numbers of a workbook)', '')
    """
    message = " (casechron read-sheet makes ids of the row numbers of a workbook)"
    return message if name.isdigit() and len(name) < 6 else ""
