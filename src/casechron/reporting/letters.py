"""How wide and how high is a line of words in the font of our figures?

matplotlib shapes every line anew, which takes most of the time of a page of words. Here the letters
of the one font are measured once each and added up, with the kerning of neighbours and the font's
ligatures: the same to a ten-thousandth of a point. Words with letters that are not simply set side
by side are left to matplotlib."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font, Kerning, LoadFlags
from matplotlib.textpath import text_to_path

from casechron.reporting import style

__all__ = ["extent", "font", "heights", "is_of_family", "learn", "width"]

#: Letters are measured at this size, in 64ths of a point.
_SIZE = 100.0
_UNITS = 64.0 * _SIZE
_LIGATURES = (
    ("ffi", "\ufb03"),
    ("ffl", "\ufb04"),
    ("ff", "\ufb00"),
    ("fi", "\ufb01"),
    ("fl", "\ufb02"),
)
#: Latin letters, punctuation, arrows and signs: no marks that combine, nothing that runs from right
#: to left.
_PLAIN = (
    (0x20, 0x7F),
    (0xA1, 0xAD),
    (0xAE, 0x250),
    (0x2010, 0x2028),
    (0x2030, 0x2044),
    (0x2190, 0x22FF),
    (0xFB00, 0xFB05),
)
_FAMILY = list(style.RC["font.family"])


class _Unmeasured(LookupError):
    """A letter that is not simply set beside another."""


def _face(path: str) -> FT2Font:
    """The open font, at the size of our measures.

    Asked for each time: a process that was forked from this one reads from the same place in the
    same open file, so two that look for a letter at once lead each other astray. matplotlib forgets
    its open fonts in a fork, we keep none."""
    face = get_font(path)
    face.set_size(_SIZE, 72)
    return face


class _Advances(dict[str, int]):
    """From the beginning of a letter to where the next one begins, measured when first asked
    for."""

    def __init__(self, path: str) -> None:
        self._path = path
        #: How far each letter reaches below and above the line.
        self.low: dict[str, int] = {}
        self.high: dict[str, int] = {}

    def __missing__(self, letter: str) -> int:
        code, face = ord(letter), _face(self._path)
        if not any(first <= code < after for first, after in _PLAIN) or not face.get_char_index(
            code
        ):
            raise _Unmeasured(letter)
        glyph = face.load_char(code, LoadFlags.NO_HINTING)
        _, self.low[letter], _, self.high[letter] = glyph.bbox
        self[letter] = advance = round(glyph.linearHoriAdvance / 1024)
        return advance


class _Kernings(dict[tuple[str, str], int]):
    """By how much two letters stand further apart than their advances say."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __missing__(self, pair: tuple[str, str]) -> int:
        face = _face(self._path)
        one, other = (face.get_char_index(ord(letter)) for letter in pair)
        self[pair] = kerning = int(face.get_kerning(one, other, Kerning.UNFITTED))
        return kerning

    def learn(self, letters: str) -> None:
        """Measure each of these beside each."""
        face = _face(self._path)
        places = [(letter, face.get_char_index(ord(letter))) for letter in letters]
        for one, here in places:
            for other, there in places:
                self[one, other] = int(face.get_kerning(here, there, Kerning.UNFITTED))


@lru_cache(maxsize=16)
def font(size: float, bold: bool = False) -> FontProperties:
    """The font of our figures."""
    return FontProperties(family=_FAMILY, size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=2)
def _measures(bold: bool) -> tuple[_Advances, _Kernings]:
    path = findfont(font(_SIZE, bold))
    return _Advances(path), _Kernings(path)


def learn(letters: str) -> None:
    """Measure these letters, each beside each, so that no font need be opened for words that are
    made of them."""
    for bold in (False, True):
        advances, kernings = _measures(bold)
        known = "".join({*letters, *(ligature for _, ligature in _LIGATURES)})
        for letter in known:
            advances[letter]
        kernings.learn(known)


def _joined(text: str) -> str:
    """The text with the ligatures that the font sets."""
    if "f" in text:
        for letters, ligature in _LIGATURES:
            text = text.replace(letters, ligature)
    return text


@lru_cache(maxsize=4096)
def _word(text: str, bold: bool) -> int:
    """How wide a word is, in 64ths of a point at the size of our measures."""
    advances, kernings = _measures(bold)
    joined = _joined(text)
    return sum(map(advances.__getitem__, joined)) + sum(map(kernings.__getitem__, pairwise(joined)))


@lru_cache(maxsize=16384)
def width(text: str, bold: bool = False) -> float:
    """How wide is a line of words at 1 point?

    >>> round(11 * width("Safe"), 2), round(11 * width("Safe", bold=True), 2)
    (24.36, 27.59)
    """
    try:
        # Lines are measured while they are filled, so their words come again; no letter stands
        # closer to a space than another.
        words = text.split(" ")
        return (
            sum([_word(word, bold) for word in words]) + (len(words) - 1) * _measures(bold)[0][" "]
        ) / _UNITS
    except _Unmeasured:
        return (
            float(
                text_to_path.get_text_width_height_descent(text, font(_SIZE, bold), ismath=False)[0]
            )
            / _SIZE
        )


@lru_cache(maxsize=4096)
def extent(text: str, prop: FontProperties) -> tuple[float, float, float]:
    """Width, height and descent of a line of words in any font, in points."""
    bold = _is_ours(prop)
    if bold is not None:
        joined = _joined(text)
        advances, _ = _measures(bold)
        scale = prop.get_size_in_points() / _UNITS
        try:
            sum(map(advances.__getitem__, joined))
        except _Unmeasured:
            pass
        else:
            low = min(map(advances.low.__getitem__, joined), default=0)
            high = max(map(advances.high.__getitem__, joined), default=0)
            return width(text, bold) * prop.get_size_in_points(), (high - low) * scale, -low * scale
    measured = text_to_path.get_text_width_height_descent(text, prop, ismath=False)
    return float(measured[0]), float(measured[1]), float(measured[2])


@lru_cache(maxsize=64)
def _is_ours(prop: FontProperties) -> bool | None:
    """Whether it is our font and bold, or our font and not bold; None for any other font."""
    path = findfont(prop)
    return next((bold for bold in (False, True) if path == findfont(font(_SIZE, bold))), None)


def is_of_family(prop: FontProperties) -> bool:
    """Whether what is drawn in this font is drawn in the family of our figures."""
    return str(get_font(findfont(prop)).family_name) in _FAMILY


@lru_cache(maxsize=64)
def heights(prop: FontProperties) -> tuple[float, float, float] | tuple[None, None, None]:
    """How far lines of a font reach above and below, and the gap between two, in points; None if
    the font does not say."""
    face: Any = get_font(findfont(prop))
    for table, gap, above, below in (
        ("OS/2", "sTypoLineGap", "sTypoAscender", "sTypoDescender"),
        ("hhea", "lineGap", "ascent", "descent"),
    ):
        said = face.get_sfnt_table(table)
        if said is not None:
            scale = prop.get_size_in_points() / face.get_sfnt_table("head")["unitsPerEm"]
            return said[above] * scale, -said[below] * scale, said[gap] * scale
    return None, None, None
