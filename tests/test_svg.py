from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from casechron.reporting import style
from casechron.reporting.figures.lanes import page
from casechron.reporting.svg import figure_svg
from casechron.reporting.words import in_brief, sentences
from svg_reader import outlines

SVG = "{http://www.w3.org/2000/svg}"


def drawing(label: str = "agency"):
    with style.rc_context():
        figure, ax = plt.subplots()
        ax.barh([0, 1], [3, 4], hatch="//", label=label)
        ax.plot([1, 2], [0, 1], marker="o")
        ax.fill_between([0, 1], [0, 9], clip_on=True)
        ax.set_ylim(-0.5, 1.5)
        ax.set_title(label)
        ax.legend()
    return figure


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_the_same_drawing_is_the_same_bytes(monkeypatch):
    first = figure_svg(drawing(), "gaps", "Gaps", "Two bars.")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert figure_svg(drawing(), "gaps", "Gaps", "Two bars.") == first


def test_a_figure_says_what_it_is_and_what_it_shows():
    root = ET.fromstring(figure_svg(drawing(), "gaps", "Gaps <1>", "Two bars & a line."))
    said = [root.get(name) for name in ("role", "aria-labelledby", "aria-describedby")]
    assert said == ["img", "figure-gaps-title", "figure-gaps-desc"]
    title, desc = list(root)[:2]
    assert (title.tag, title.get("id"), title.text) == (
        f"{SVG}title",
        "figure-gaps-title",
        "Gaps <1>",
    )
    assert (desc.tag, desc.get("id"), desc.text) == (
        f"{SVG}desc",
        "figure-gaps-desc",
        "Two bars & a line.",
    )


def test_of_a_long_description_the_drawing_has_the_beginning():
    root = ET.fromstring(
        figure_svg(drawing(), "gaps", "Gaps", "Two bars. A line. " + "More and more. " * 30)
    )
    assert root[1].text == "Two bars. A line."


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("", 0),
        ("One", 1),
        ("One. Two? “Three” is. 4 bars.", 4),
        ("Steps: 1. “A”; 2. “B” and 3.5 days.", 1),
        ("e.g. this one.", 1),
    ],
)
def test_a_description_is_told_sentence_by_sentence(text, many):
    assert len(sentences(text)) == many
    assert " ".join(sentences(text)) == text
    assert text.startswith(in_brief(text))


@pytest.mark.parametrize(
    "text", ["x" * 900, "word " * 200, "A: " + "b; " * 300, "Short. " + "word " * 200 + "."]
)
def test_the_beginning_of_a_description_is_never_long(text):
    assert 0 < len(in_brief(text)) < 250


def test_text_stays_text_in_a_font_that_every_machine_has():
    root = ET.fromstring(figure_svg(drawing("agency of the north"), "gaps", "Gaps", "Two bars."))
    texts = [
        element for element in root.iter(f"{SVG}text") if element.text == "agency of the north"
    ]
    assert len(texts) == 2
    assert root.get("font-family") == "'DejaVu Sans', Verdana, sans-serif"
    assert [element for element in root.iter() if element.get("font-family")] == [root]


def test_nothing_of_a_figure_reaches_the_page_around_it():
    text = figure_svg(drawing(), "gaps", "Gaps", "Two bars.")
    assert "<style" not in text
    assert not re.search(r'\s(?:style|class)="', text)
    assert "<script" not in text
    assert "Matplotlib" not in text
    assert "<?xml" not in text
    assert "<!DOCTYPE" not in text


def test_every_reference_in_a_figure_finds_its_target_and_two_figures_share_none():
    ids = {}
    for name in ("gaps", "order"):
        text = figure_svg(drawing(), name, "Gaps", "Two bars.")
        found = re.findall(r'\sid="([^"]+)"', text)
        assert len(found) == len(set(found))
        referred = re.findall(r"url\(#([^)]+)\)", text)
        named = {f"figure-{name}-{one}" for one in ("title", "desc")}
        # Nothing has an address that nothing leads to; a hatch and a frame have.
        assert set(referred) | named == set(found)
        assert len(set(referred)) == 2
        ids[name] = set(found)
    assert not ids["gaps"] & ids["order"]
    assert all(one.startswith("figure-gaps-") for one in ids["gaps"])


@pytest.mark.parametrize(
    "label",
    ["<script>alert(1)</script>", 'id="x" url(#y)', "&amp;", "bell \x07", "right \u202eleft"],
)
def test_hostile_labels_stay_characters(label):
    root = ET.fromstring(figure_svg(drawing(label), "gaps", label, label))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "defs", "text", "clipPath", "pattern"}
    shown = label.replace("\x07", "<U+0007>").replace("\u202e", "<U+202E>")
    assert shown in ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def test_a_figure_stays_as_it_was():
    figure = drawing()
    figure.set_dpi(123)
    canvas, size = figure.canvas, tuple(figure.get_size_inches())
    figure_svg(figure, "gaps", "Gaps", "Two bars.")
    assert (figure.dpi, figure.canvas, tuple(figure.get_size_inches())) == (123, canvas, size)
    assert plt.fignum_exists(figure.number)
    figure.axes[0].title.draw = lambda renderer: 1 / 0
    with pytest.raises(ZeroDivisionError):
        figure_svg(figure, "gaps", "Gaps", "Two bars.")
    assert (figure.dpi, figure.canvas) == (123, canvas)


def test_the_resolution_of_a_screen_changes_no_byte():
    figure = drawing()
    first = figure_svg(figure, "gaps", "Gaps", "Two bars.")
    figure.set_dpi(300)
    assert figure_svg(figure, "gaps", "Gaps", "Two bars.") == first


@pytest.mark.skipif(
    os.environ.get("PYTHONHASHSEED") == "7", reason="this process has the seed of the other"
)
def test_neither_does_the_seed_of_hashes():
    draw = (
        "from test_svg import drawing, figure_svg; print(figure_svg(drawing(), 'gaps', 'Gaps', 'Two"
        " bars.'))"
    )
    other = subprocess.run(
        [sys.executable, "-c", draw],
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONHASHSEED": "7", "MPLBACKEND": "agg"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert other.stdout == figure_svg(drawing(), "gaps", "Gaps", "Two bars.") + "\n"


def test_bars_and_lines_stand_where_matplotlib_puts_them():
    figure, ax = plt.subplots(figsize=(4, 3), layout="none")
    ax.set(xlim=(0, 10), ylim=(0, 10), position=(0, 0, 1, 1))
    ax.set_axis_off()
    (bar,) = ax.barh([5], [4], height=2, left=1, facecolor="#a84800", edgecolor="none")
    ax.plot([1, 2, 9], [1, 3, 8], color="#00476f", solid_capstyle="butt")
    root = ET.fromstring(figure_svg(figure, "gaps", "Gaps", "A bar and a line."))
    (filled,) = [path for path in root if path.get("fill") == "#a84800"]
    corners, closed = outlines(filled.attrib["d"])[0]
    assert closed
    assert {tuple(np.round(corner, 1)) for corner in corners} == {
        (28.8, 86.4),
        (144.0, 86.4),
        (144.0, 129.6),
        (28.8, 129.6),
    }
    (line,) = [path for path in root if path.get("stroke") == "#00476f"]
    expected = np.array(ax.lines[0].get_xydata()) * [28.8, -21.6] + [0, 216]
    assert np.allclose(outlines(line.attrib["d"])[0][0], expected, atol=0.05)
    assert bar.get_width() == 4


def test_a_picture_of_dots_and_a_formula_are_shown_too():
    figure, ax = plt.subplots(figsize=(2, 2), layout="none")
    ax.imshow(np.array([[0.0, 1.0], [2.0, 3.0]]), cmap="gray", interpolation="nearest")
    ax.set_title("$x^2$")
    root = ET.fromstring(figure_svg(figure, "dots", "Dots", "Four dots."))
    (image,) = root.iter(f"{SVG}image")
    shown = Image.open(io.BytesIO(base64.b64decode(str(image.get("href")).split(",")[1]))).convert(
        "L"
    )
    grey = np.asarray(shown)
    assert [grey[0, 0], grey[0, -1], grey[-1, 0], grey[-1, -1]] == [0, 85, 170, 255]
    box = ax.get_window_extent()
    assert abs(float(image.attrib["x"]) - box.x0 * 72 / figure.dpi) <= 1
    assert not [text for text in root.iter(f"{SVG}text") if "x^2" in str(text.text)]


def test_fonts_and_opacity_are_kept():
    figure = plt.figure(figsize=(2, 2), layout="none")
    figure.text(
        0.1,
        0.5,
        "word",
        family="DejaVu Serif",
        weight="bold",
        style="italic",
        alpha=0.5,
        fontsize=9,
    )
    figure.text(0.1, 0.2, "other", family=["sans-serif"], fontsize=9)
    found = {
        text.text: text
        for text in ET.fromstring(figure_svg(figure, "a", "A", "B")).iter(f"{SVG}text")
    }
    word = {
        key: found["word"].get(key)
        for key in ("font-family", "font-weight", "font-style", "opacity", "font-size")
    }
    assert word == {
        "font-family": "'DejaVu Serif'",
        "font-weight": "bold",
        "font-style": "italic",
        "opacity": ".5",
        "font-size": "9",
    }
    assert found["other"].get("font-family") is None


def test_a_page_of_words_needs_few_bytes_for_each():
    with style.rc_context():
        ax, width = page(None)
        for at in range(100):
            ax.text(10, 14 * at, "word")
        ax.set_ylim(1400, 0)
        ax.set_xlim(0, width)
        ax.set_axis_off()
        text = figure_svg(ax.figure, "words", "Words", "A hundred words.")
    assert len(text) < 100 * len('<text x="10" y="1000.9">word</text>') + 500


def test_what_is_cut_by_another_shape_is_cut_by_it():
    figure, ax = plt.subplots(figsize=(2, 2), layout="none")
    ax.set(position=(0, 0, 1, 1), xlim=(0, 10), ylim=(0, 10))
    (line,) = ax.plot([0, 10], [5, 5], color="#00476f")
    line.set_clip_path(plt.Circle((5, 5), 2, transform=ax.transData))
    root = ET.fromstring(figure_svg(figure, "a", "A", "B"))
    (cut,) = [path for path in root.iter(f"{SVG}path") if path.get("stroke") == "#00476f"]
    (frame,) = root.iter(f"{SVG}clipPath")
    assert cut.get("clip-path") == f"url(#{frame.get('id')})"
    assert frame[0].get("d") == "M43.2 72a28.8 28.8 0 1 1 57.6 0 28.8 28.8 0 1 1-57.6 0z"
