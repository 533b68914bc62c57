from __future__ import annotations

import re
from html import unescape
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import text_to_path

from casechron.reporting import letters
from casechron.reporting.run import warm_up

ROOT = Path(__file__).parents[1]

#: With ligatures, kerning, and letters that are not simply set side by side.
LETTERS = "abefilgjoTVAWY.,-’“ 1/7(é→…ß\u0301\u05d0\u4e2d"


def as_shaped(text: str, prop: FontProperties) -> tuple[float, float, float]:
    width, height, descent = text_to_path.get_text_width_height_descent(text, prop, ismath=False)
    return float(width), float(height), float(descent)


@given(st.text(LETTERS, min_size=1, max_size=30), st.booleans())
@settings(max_examples=80, deadline=None)
# An accent that combines keeps its letter out of a ligature.
@example("fi\u0301", True)
@pytest.mark.filterwarnings("ignore:Glyph .* missing")
def test_a_line_is_as_wide_and_high_as_matplotlib_shapes_it(text: str, bold: bool) -> None:
    shaped = as_shaped(text, letters.font(10.0, bold))
    assert letters.extent(text, letters.font(10.0, bold)) == pytest.approx(shaped, abs=0.01)
    assert 10 * letters.width(text, bold) == pytest.approx(shaped[0], abs=0.01)


def test_letters_that_are_learnt_are_as_letters_that_are_measured() -> None:
    path = findfont(letters.font(10.0))
    measured, learnt = letters._Kernings(path), letters._Kernings(path)
    learnt.learn("AVfo ")
    assert {pair: measured[pair] for pair in product("AVfo ", repeat=2)} == learnt
    assert learnt["A", "V"] < 0
    # Words are added up without it.
    assert {learnt[pair] for pair in learnt if " " in pair} == {0}


def test_the_letters_of_our_figures_are_learnt_before_there_is_a_notebook() -> None:
    said = {
        unescape(re.sub("<[^>]*>", "", words))
        for drawn in (ROOT / "reports").rglob("*.svg")
        for words in re.findall(
            "<text[^>]*>(.*?)</text>", drawn.read_text(encoding="utf-8"), re.DOTALL
        )
    }
    assert len(said) > 100
    assert set("".join(said)) <= set(warm_up._LETTERS)


def test_nothing_has_no_width() -> None:
    assert letters.width("") == 0
    assert letters.extent("", letters.font(11.0)) == (0, 0, 0)


@pytest.mark.parametrize(
    "prop",
    [
        FontProperties(family="DejaVu Sans", style="oblique", size=7.5),
        FontProperties(family="DejaVu Serif", size=9),
        FontProperties(family="DejaVu Sans Mono", weight="bold", size=12),
        FontProperties(family=["sans-serif"], size=9),
    ],
)
def test_other_fonts_are_measured_as_themselves(prop: FontProperties) -> None:
    assert letters.extent("afflicted, WAVE", prop) == pytest.approx(
        as_shaped("afflicted, WAVE", prop), abs=0.01
    )


def test_the_family_of_our_figures_is_told_from_others() -> None:
    assert [
        letters.is_of_family(FontProperties(family=[name]))
        for name in ("DejaVu Sans", "sans-serif", "DejaVu Serif")
    ] == [True, True, False]


def test_heights_are_those_of_the_font() -> None:
    above, below, gap = letters.heights(letters.font(10.0))
    assert above is not None
    assert below is not None
    # Capitals and the tails of letters lie within.
    _, high, low = as_shaped("AgH", letters.font(10.0))
    assert above >= high - low > 0
    assert below >= low > 0
    assert gap is not None
    assert gap >= 0
