from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import matplotlib.pyplot as plt
import pytest

from casechron.reporting import style
from casechron.reporting.svg import figure_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawing(label: str = "agency"):
    with style.rc_context():
        figure, ax = plt.subplots()
        ax.barh([0, 1], [3, 4], hatch="//", label=label)
        ax.plot([1, 2], [0, 1], marker="o")
        ax.fill_between([0, 1], [0, 1], clip_on=True)
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
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "figure-gaps-title figure-gaps-desc")
    title, desc = list(root)[:2]
    assert (title.tag, title.get("id"), title.text) == (f"{SVG}title", "figure-gaps-title", "Gaps <1>")
    assert (desc.tag, desc.get("id"), desc.text) == (f"{SVG}desc", "figure-gaps-desc", "Two bars & a line.")


def test_text_stays_text_in_a_font_that_every_machine_has():
    root = ET.fromstring(figure_svg(drawing("agency of the north"), "gaps", "Gaps", "Two bars."))
    texts = [element for element in root.iter(f"{SVG}text") if element.text == "agency of the north"]
    assert len(texts) == 2
    assert "font-family: 'DejaVu Sans', Verdana, sans-serif" in str(root.get("style"))
    assert not any("font-family" in str(text.get("style")) for text in texts)


def test_nothing_of_a_figure_reaches_the_page_around_it():
    text = figure_svg(drawing(), "gaps", "Gaps", "Two bars.")
    assert "<style" not in text
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
        referred = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text)
        assert len(referred) > 5
        assert {one or other for one, other in referred} <= set(found)
        ids[name] = set(found)
    assert not ids["gaps"] & ids["order"]
    assert all(one.startswith("figure-gaps-") for one in ids["gaps"])


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", 'id="x" url(#y)', "&amp;", "bell \x07", "right \u202eleft"])
def test_hostile_labels_stay_characters(label):
    root = ET.fromstring(figure_svg(drawing(label), "gaps", label, label))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "defs", "use", "text", "tspan", "clipPath", "rect", "pattern"}
    shown = label.replace("\x07", "\ufffd").replace("\u202e", "\ufffd")
    assert shown in ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
