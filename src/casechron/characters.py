"""Which characters may stand in a text that a person writes, and how is one shown that may not?

Cells of tables, keys and values of review.toml, names of files, folders and parameters are all held
to this one rule, and pages and tables once more when they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import accumulate
from unicodedata import category, name, unidata_version

#: Letters of one text, and of an id, of which folders and addresses are made.
LETTERS, ID_LETTERS = 20_000, 100
#: More than any message needs; longer text in it helps nobody.
_SHOWN = 60
#: Controls, characters of format (turns of direction and tags among them), halves of pairs, private
#: use, what is not assigned, and ends of lines and paragraphs that no editor shows.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Letters and marks that nothing is seen of (Default_Ignorable_Code_Point beyond `Cf`), save the
#: variation selectors of U+FE00, which emoji carry.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\U000e0100-\U000e01ef]"
)
#: Persian, Arabic and the scripts of India spell words with these two, and emoji are joined by
#: them; after any other letter they make two words differ that look the same.
_JOINERS = "\u200c\u200d"
_JOINED = frozenset({"Lo", "Mn", "Mc", "So"})
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
#: Unicode gives controls no names of their own.
_CONTROLS = {"\0": "NUL", "\a": "BELL", "\b": "BACKSPACE", "\t": "TAB", "\n": "LINE FEED"}
_CONTROLS |= {"\r": "CARRIAGE RETURN", "\x1b": "ESCAPE", "\x7f": "DELETE"}
_NAMELESS = {"Cc": "a control", "Co": "for private use", "Cs": "half of a pair"}


def text_breach(
    text: str, what: str = "the cell", *, lines: bool = False, most: int = LETTERS
) -> str:
    """What keeps a text from being printed, shown and searched for as it looks? '' when nothing.

    Parameters
    ----------
    text
        What a person wrote.
    what
        What the sentence calls it.
    lines
        Whether it may have several lines; they end in a line feed.
    most
        How many letters it may have.

    Returns
    -------
    str
        A sentence with what was found, at which letter (the first is 1), and what to do.

    Notes
    -----
    Refused are the categories Cc, Cf, Cs, Co, Cn, Zl and Zp of the Unicode that this Python knows,
    and letters that are not seen. ZWJ and ZWNJ are let pass after a letter, mark or symbol of a
    script that joins by them.

    Examples
    --------
    >>> text_breach("abc\\u202edef")
    'the cell holds U+202E RIGHT-TO-LEFT OVERRIDE at letter 4; delete it'
    >>> text_breach("a\\nb"), text_breach("a\\nb", lines=True)
    ('the cell holds a line break (U+000A LINE FEED at letter 2); write it on one line', '')
    """
    if len(text) > most:
        return f"{what} has {len(text):,} letters; at most {most:,} are allowed"
    refused = first_refused(text, lines=lines)
    if refused is None:
        return ""
    place, char = refused
    at = f"{named(char)} at letter {place + 1}"
    if char in _LINE_ENDS:
        mend = "end its lines with line feeds alone" if lines else "write it on one line"
        return f"{what} holds a line break ({at}); {mend}"
    instead = "write a space instead or " if char == "\t" else ""
    return f"{what} holds {at}; {instead}delete it"


def first_refused(text: str, *, lines: bool = False) -> tuple[int, str] | None:
    """The first character that may not stand in a text, with its place from 0; None if all may."""
    if lines:
        text = text.replace("\n", " ")
    # Nearly every text returns here: of printable characters only `_UNSEEN` are refused.
    if text.isprintable() and (text.isascii() or not _UNSEEN.search(text)):
        return None
    for place, (before, char) in enumerate(zip(" " + text, text, strict=False)):
        joins = char in _JOINERS and category(before) in _JOINED and before >= "\u0590"
        if _UNSEEN.match(char) or (category(char) in _REFUSED and not joins):
            return place, char
    return None


def named(char: str) -> str:
    """A character by its code point and its name, never as itself.

    >>> named("\\u202e"), named("\\x1b"), named("\\ue000")
    ('U+202E RIGHT-TO-LEFT OVERRIDE', 'U+001B ESCAPE', 'U+E000 (for private use)')
    """
    known = name(char, "") or _CONTROLS.get(char, "")
    unknown = _NAMELESS.get(category(char), f"not in Unicode {unidata_version}")
    return f"U+{ord(char):04X} {known or f'({unknown})'}"


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "sentence"), counted(2, "sentence")
    ('1 sentence', '2 sentences')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(words: Iterable[str], link: str = "and") -> str:
    """Several things in a sentence.

    >>> listed(["the GP"]), listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('the GP', 'a, b and c', 'a or b')
    """
    *before, last = words
    return f"{', '.join(before)} {link} {last}" if before else last


def shown(value: object) -> str:
    """A value as a message quotes it: in single quotes, on one line, cut where it is long; what no
    terminal should be sent stands as its code point.

    >>> print(shown("late Augst"), shown("a\\x1b[31mb"))
    'late Augst' 'a<U+001B>[31mb'
    """
    return f"'{in_short(value)}'"


def in_short(value: object) -> str:
    """What `shown` puts in quotes: for names that stand without."""
    text = str(value)
    pieces = [
        char if char.isprintable() and not _UNSEEN.match(char) else _code(char)
        for char in text[:_SHOWN]
    ]
    ends = accumulate(map(len, pieces))
    short = [piece for piece, end in zip(pieces, ends, strict=True) if end <= _SHOWN]
    return f"{''.join(short)}{'…' if len(short) < len(text) else ''}"


def legible(text: object) -> str:
    """Lines that a page can show and a terminal can be sent, whatever is in them: each character
    that no text may hold, save tabs, stands as its code point.

    >>> print(legible("child\\x1b[2J: good"))
    child<U+001B>[2J: good
    """
    legible_text = str(text)
    while (refused := first_refused(legible_text.replace("\t", " "), lines=True)) is not None:
        legible_text = legible_text.replace(refused[1], _code(refused[1]))
    return legible_text


def _code(char: str) -> str:
    return f"<U+{ord(char):04X}>"


#: What makes a word another, before it.
_OTHER = "grand|great|step|half|foster|god|not|no|non|un"


def nearest(value: str, allowed: Iterable[str]) -> str:
    """Which of the allowed words was probably meant? Empty when none is near.

    Upper and lower case, spaces and underscores make no difference. A word with something before it
    that makes it another is not that word, and neither is one with other digits, or another letter
    by itself: it names something else of the same kind.

    >>> nearest("Refferal", ["referral", "closure"]), nearest("xyz", ["referral"])
    ('referral', '')
    >>> nearest("not coded", ["coded"]), nearest("grandmother", ["mother"])
    ('', '')
    >>> nearest("plan-2104", ["plan-2014"]), nearest("plan-2015", ["plan-2014"])
    ('plan-2014', '')
    >>> nearest("Child D", ["child c", "child e"])
    ''
    """
    plain, marks = _parted(value[:60])
    parted = ((word, *_parted(word)) for word in allowed)
    words = {letters: word for word, letters, own in parted if marks in ([], own)}
    close = get_close_matches(plain, words, n=1, cutoff=0.6)
    is_other = close and re.fullmatch(f"(?:{_OTHER})-?{re.escape(close[0])}", plain)
    return words[close[0]] if close and not is_other else ""


def meant_or(meant: str, otherwise: str = "") -> str:
    """The end of a sentence: whether something was meant, or what to do where it is not known what.

    >>> meant_or("referral"), meant_or("", "write another"), meant_or("")
    ("; did you mean 'referral'?", '; write another', '')
    """
    return f"; did you mean {shown(meant)}?" if meant else f"; {otherwise}" if otherwise else ""


def meant_then(meant: str, advice: str) -> str:
    """What to do, behind the question whether something was meant, where it is known what.

    >>> meant_then("referral", "write a code"), meant_then("", "write a code")
    ("; did you mean 'referral'? Write a code", '; write a code')
    """
    capital = f"{advice[:1].upper()}{advice[1:]}"
    return f"; did you mean {shown(meant)}? {capital}" if meant else f"; {advice}"


def _parted(word: str) -> tuple[str, list[str]]:
    """The letters of a word, and its digits and letters by themselves, in any order. A nought,
    which some write before a month or a number below ten, makes no other."""
    plain = re.sub(r"[\s_]+", "-", word.strip().lower())
    return re.sub("[0-9]", "", plain), sorted(re.findall("[1-9]|(?<![^-])[a-z](?![^-])", plain))
