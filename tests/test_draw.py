"""Do the charts of the pages say what their tables say, and does nothing in them overlap?"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from casechron.report.draw import canvas as canvases
from casechron.report.draw.canvas import GROUND, LANES, NARROW, WIDE, Canvas, rc_context, text_width
from casechron.report.draw.involvement import STATE_WORDS, draw_decisions, draw_tellings
from casechron.report.draw.ledger import draw_ledger
from casechron.report.draw.svg import figure_svg
from casechron.report.draw.timeline import draw_timeline
from casechron.report.draw.waits import draw_waits
from casechron.report.text.english import between, count_in_words, label_options
from drawn_shapes import shapes

SENTENCE = "The school refers worries over attendance and conditions at the home of the family"
WORDS = SENTENCE.split()
WAITS = ["event", "to_event", "text", "earliest", "latest", "least_from", "least_to"]


def events(count: int, words: int) -> pd.DataFrame:
    """So many events over four years, crowded at the end, in all lanes, some of them open."""
    lanes = [lane for lane in LANES if lane != "wait"]
    rows = []
    for number in range(count):
        begins = date(2014, 1, 1) + timedelta(days=int(1700 * (number / count) ** 0.4))
        first = None if number % 11 == 5 else begins
        last = None if number % 13 == 6 else begins + timedelta(days=number * 7 % 45)
        rows.append(
            {
                "event": f"event-{number}",
                "lane": lanes[number % 4],
                "short": "",
                "summary": " ".join((WORDS * 3)[number % 7 :][: words + number % 3]),
                "when": "",
                "places": "p1.1",
                "kind": "Referral",
                "who": "the school" if number % 2 else "",
                "absence": "Did not happen" if number % 4 == 3 else "",
                "status": "alleged" if number % 9 == 4 else "",
                "always": number % 17 == 0,
                "other_side": False,
                "earliest": first,
                "latest": last,
                "certain_from": None,
                "certain_to": None,
            }
        )
    return pd.DataFrame(rows)


def waits(count: int) -> pd.DataFrame:
    rows = [
        (
            f"event-{number}",
            f"event-{number + 3}",
            "From a referral to an assessment: between 3 and 11 weeks",
            date(2016, 1, 1) + timedelta(days=100 * number),
            date(2016, 8, 1) + timedelta(days=100 * number),
            date(2016, 2, 1) + timedelta(days=100 * number),
            date(2016, 6, 1) + timedelta(days=100 * number),
        )
        for number in range(count)
    ]
    return pd.DataFrame(rows, columns=WAITS)


def texts(canvas: Canvas) -> Iterator[tuple[str, float, float, float, float, str, str]]:
    """Each line of a canvas: its words, its box (left, top, right, bottom), colour and group."""
    for _, group, shape, what in shapes(canvas):
        if shape == "text":
            x, y, text, size, color, bold, align = what
            width = text_width(text, size, bold)
            left = x - (width / 2 if align == "center" else width if align == "right" else 0)
            yield text, left, y - size * 0.76, left + width, y + size * 0.2, color, group


def overlaps(canvas: Canvas) -> list[tuple[str, str]]:
    boxes = list(texts(canvas))
    return [
        (one[0], other[0])
        for one, other in combinations(boxes, 2)
        if min(one[3], other[3]) - max(one[1], other[1]) > 0.5
        and min(one[4], other[4]) - max(one[2], other[2]) > 0.5
    ]


def outside(canvas: Canvas) -> list[str]:
    return [one[0] for one in texts(canvas) if one[1] < -0.1 or one[3] > canvas.width + 0.1]


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "text", ["Section 47", "AVAToYo, LTVAW.", "a", "between 3½ and 5 years – late August", "ﬁ “é”"]
)
def test_a_text_is_as_wide_as_matplotlib_measures_it(text: str, bold: bool) -> None:
    font = FontProperties(family="DejaVu Sans", size=9, weight="bold" if bold else "normal")
    measured, _, _ = text_to_path.get_text_width_height_descent(text, font, False)
    # It measures the ink: what stands free beside the first and the last letter is ours alone.
    assert abs(text_width(text, 9, bold) - measured) < 0.01 * measured + 0.2 * 9


def test_words_stand_where_matplotlib_itself_draws_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn() -> str:
        canvas = Canvas(WIDE, "words")
        canvas.text(10.2, 20, "Begins here, at $5", 9, color="#0a5f96")
        canvas.text(200, 40.7, "Stands in the middle", 8.6, bold=True, align="center")
        canvas.text(300, 99, "Goes up", 9, angle=58)
        return figure_svg(canvas.figure(), "words", "Words", canvas.links)

    ours = drawn()
    monkeypatch.setattr(canvases, "_Line", Text)
    assert drawn() == ours


def in_the_dark(color: str) -> tuple[float, ...]:
    """A colour of a drawing as the dark shows it: `invert(.905) hue-rotate(180deg)`."""
    red, green, blue = (0.905 - 0.81 * part for part in to_rgb(color))
    # Turned half round the wheel of colours, as CSS's filter effects define it.
    grey = 2 * (0.213 * red + 0.715 * green + 0.072 * blue)
    return tuple(min(max(grey - part, 0), 1) for part in (red, green, blue))


def contrast(one: str | tuple[float, ...], other: str | tuple[float, ...]) -> float:
    def light(color: str | tuple[float, ...]) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in to_rgb(color)
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted([light(one), light(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def ground_at(canvas: Canvas, x: float, y: float) -> str:
    """The colour on which a point stands: that of the last filled box below it."""
    color = GROUND
    for layer, _, shape, what in sorted(shapes(canvas), key=lambda one: one[0]):
        if shape == "box" and layer <= 2 and what[4] != "none":
            left, top, width, height = what[:4]
            if left <= x <= left + width and top <= y <= top + height:
                color = what[4]
    return color


def tellings(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    told = pd.DataFrame(
        {
            "event": f"e{number}",
            "who": "Greater Anytown Police and Partners" if number % 2 else "School",
            "to": "" if number % 4 == 3 else "Children's services",
            "how": "insufficiently involved",
            "when": "between 21 and 31 July 2018",
            "what": " ".join(WORDS[: 4 + number % 8]),
            "places": "p1.1",
            "afterwards": number % 5 == 4,
        }
        for number in range(count)
    )
    return told, told.drop(columns=["when", "afterwards"])


def decisions(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "decision": f"d{number}",
            "decision_label": " ".join(WORDS[: 3 + number]),
            "when": "in October 2017",
            "concern": f"c{concern}",
            "summary": "",
            "state": list(STATE_WORDS)[(number + concern) % len(STATE_WORDS)],
            "who": (),
            "basis": "stated",
        }
        for number in range(count)
        for concern in range(5 + 6 * number)
    )


def accounts(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event": f"e{number}",
            "said_of": (("WM",), ("WF",), ("WM", "WF"))[number % 3],
            "when": "between 1 January and 30 December 2018",
            "what": " ".join(WORDS[: 4 + number % 8]),
            "how_firmly": "alleged by somebody not named; denied by WF" if number % 2 else "",
            "places": "p1",
        }
        for number in range(count)
    )


def bars(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event": f"e{number}",
            "to_event": "x",
            "text": " ".join(WORDS[: 4 + number % 8]),
            "length": "between 3½ and 5 years",
            "days_min": [0, 1, 21, 1329][number % 4],
            "days_max": [None, 60, 71, 1733][number % 4],
            "limit_min": 63 if number % 3 == 1 else None,
            "limit_max": 69 if number % 3 == 1 else None,
        }
        for number in range(count)
    )


def charts(count: int, words: int, px: int) -> dict[str, Canvas]:
    title = "Two cases closed, then between 3 and 11 weeks from the police's report to enquiries"
    return {
        "timeline": draw_timeline(events(count, words), waits(4), title, "A note.", px),
        "waits": draw_waits(bars(min(count, 12)), title, "A note.", px),
        "tellings": draw_tellings(
            *tellings(min(count, 15)), "Children's services", title, "A note.", px
        ),
        "decisions": draw_decisions(decisions(min(count, 8)), title, "A note.", px),
        "ledger": draw_ledger(accounts(min(count, 20)), ("WM", "WF"), title, "A note.", px),
    }


def test_a_telling_by_somebody_not_said_begins_with_whom_it_was_told() -> None:
    told = tellings(1)[0].assign(who="", to="Ambulance service", when="in 2018", what="A call")
    canvas = draw_tellings(told, tellings(1)[1].iloc[:0], "Children's services", "A title", px=WIDE)
    texts = [what[2] for _, _, shape, what in shapes(canvas) if shape == "text"]
    assert "To Ambulance service, in 2018: A call" in texts


@pytest.mark.parametrize("px", ["1160", None, float("nan"), 199, 10_001, -5])
def test_a_width_that_is_none_is_refused_in_words(px: Any) -> None:
    told = f"px is {px!r}; write the width in CSS pixels, from 200 to 10,000"
    with pytest.raises(ValueError, match=re.escape(told)):
        charts(2, 3, px)


@pytest.mark.parametrize("px", [NARROW, WIDE])
@pytest.mark.parametrize("words", [3, 12])
@pytest.mark.parametrize("count", [1, 12, 30, 120])
def test_no_words_stand_on_each_other_or_outside(count: int, words: int, px: int) -> None:
    for name, canvas in charts(count, words, px).items():
        assert not overlaps(canvas), name
        assert not outside(canvas), name


def test_an_overlap_is_found() -> None:
    canvas = Canvas(WIDE, "x")
    canvas.text(10, 20, "One", 9)
    canvas.text(20, 22, "Other", 9)
    canvas.text(WIDE * 0.75 - 10, 60, "Beyond", 9)
    assert overlaps(canvas) == [("One", "Other")]
    assert outside(canvas) == ["Beyond"]


@pytest.mark.parametrize("px", [NARROW, WIDE])
def test_words_can_be_read_on_their_ground(px: int) -> None:
    for name, canvas in charts(30, 6, px).items():
        for text, left, top, right, bottom, color, _ in texts(canvas):
            ground = ground_at(canvas, (left + right) / 2, (top + bottom) / 2)
            assert contrast(color, ground) >= 4.5, (name, text, color, ground)
            in_dark = contrast(in_the_dark(color), in_the_dark(ground))
            assert in_dark >= 4.5, (name, text, color, ground, in_dark)
    assert contrast("#777777", GROUND) < 4.5


def test_bars_can_be_told_from_their_ground() -> None:
    from casechron.report.draw.timeline import _POSSIBLE

    for lane in LANES.values():
        assert contrast(canvases.mixed(lane.color, _POSSIBLE, lane.ground), lane.ground) >= 3


def test_of_very_many_events_the_chart_says_how_many_it_draws() -> None:
    canvas = draw_timeline(events(120, 5), waits(2), "Title", px=WIDE)
    drawn = {group for _, group, _, _ in shapes(canvas) if group.startswith("event-")}
    # Of how many is not said: what lasts for years, and what came after, is never asked for.
    assert "Drawn: 30 events; the table of events has all." in " ".join(
        one[0] for one in texts(canvas)
    )
    assert len(drawn) == 30
    must = set(events(120, 5).query("always")["event"]) | {
        "event-0",
        "event-1",
        "event-3",
        "event-4",
    }
    assert {f"event-{event}" for event in must} <= drawn


def test_each_bar_leads_to_its_row() -> None:
    canvas = draw_timeline(events(12, 5), waits(2), "Title", px=WIDE)
    groups = {group for _, group, _, _ in shapes(canvas) if group}
    assert groups == {"head", *canvas.links}
    assert canvas.links["event-event-3"].href == "tables/chronicle.html#event-3"
    assert canvas.links["wait-event-0-event-3"].href == "tables/chronicle.html#event-0"


def bar_of(first: date | None, last: date | None, px: int = WIDE) -> list[tuple[str, tuple]]:
    """The shapes of one event's bar, without words."""
    table = events(1, 3).assign(earliest=[first], latest=[last])
    canvas = draw_timeline(table, waits(0), "Title", px=px)
    return [(shape, what) for _, group, shape, what in shapes(canvas) if group and shape != "text"]


def test_an_open_end_is_an_arrow_and_a_closed_one_is_none() -> None:
    day, later = date(2018, 5, 3), date(2018, 6, 20)
    assert [shape for shape, _ in bar_of(day, later)] == ["box"]
    assert [shape for shape, _ in bar_of(day, None)] == ["box", "polygon"]
    assert [shape for shape, _ in bar_of(None, later)] == ["box", "polygon"]


@pytest.mark.parametrize(("least", "most"), [(0, 60), (3, None), (0, None), (3, 60)])
def test_an_arrow_points_out_of_a_bar_at_the_end_that_is_open(least: int, most: int | None) -> None:
    canvas = draw_waits(bars(1).assign(days_min=least, days_max=most), "Title", px=WIDE)
    drawn = [(shape, what) for _, group, shape, what in shapes(canvas) if group]
    ((x, _, width, *_),) = [what for shape, what in drawn if shape == "box"]
    points = {what[0][0] for shape, what in drawn if shape == "polygon"}
    assert {point < x for point in points if point < x + width} == ({True} if least == 0 else set())
    assert {point > x + width for point in points if point > x} == (
        {True} if most is None else set()
    )


def test_a_bar_covers_its_days_and_no_others() -> None:
    # May and June are drawn, 61 days.
    ((_, (x, _, width, *_)),) = bar_of(date(2018, 5, 11), date(2018, 6, 20))
    names, room = 92.0, WIDE * 0.75 - 7 - 92.0
    assert x == pytest.approx(names + room * 10 / 61)
    assert x + width == pytest.approx(names + room * 51 / 61)


@given(
    st.text("abc ;:,", min_size=1, max_size=40),
    st.sampled_from(["", "alleged", "denied", "counter-alleged"]),
    st.sampled_from(["", "the school"]),
)
def test_no_label_of_ours_loses_a_status(summary: str, status: str, who: str) -> None:
    row = {"short": "", "summary": summary, "kind": "Violence", "who": who, "absence": ""}
    for option in label_options(row | {"status": status}):
        assert status in option


def test_a_label_of_what_is_denied_has_both_sides() -> None:
    row = dict.fromkeys(("short", "who", "absence"), "") | {"kind": "Violence"}
    row |= {"summary": "She says that he pushed her; he says that she struck him"}
    denied = "alleged and denied in part"
    assert label_options(row | {"status": denied}) == [
        f"She says that he pushed her; he says that she struck him ({denied})",
        f"Violence ({denied})",
    ]
    assert label_options(row | {"status": ""})[0] == "She says that he pushed her"


def test_the_title_is_heard_once() -> None:
    """As the name of the drawing: not as its description too, nor line by line."""
    for name, canvas in charts(3, 1, NARROW).items():
        root = ET.fromstring(figure_svg(canvas.figure(), name, "A title", canvas.links))
        assert not {"aria-labelledby", "aria-describedby", "aria-label"} & root.attrib.keys()
        assert [one.text for one in root.iterfind("{*}title")] == ["A title"]
        (head,) = root.findall(".//*[@aria-hidden='true']")
        words = (
            "Two cases closed, then between 3 and 11 weeks from the police's report to enquiries"
        )
        assert " ".join(line.text or "" for line in head) == words


def test_one_chart_is_shown_in_a_notebook_and_saved_in_several_forms() -> None:
    """With nothing between: the file of each form begins as such files do."""
    canvas = charts(3, 1, WIDE)["waits"]
    (shown, _) = DisplayFormatter().format(canvas)
    assert repr(canvas) == shown["text/plain"].replace("\n", "")
    assert len(repr(canvas)) < 60
    assert plt.imread(io.BytesIO(shown["image/png"])).shape[1] == WIDE
    for form, first in {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}.items():
        file = io.BytesIO()
        canvas.figure().savefig(file, format=form)
        assert file.getvalue().startswith(first)


def test_a_drawing_is_the_same_every_time_and_shares_no_address() -> None:
    seen: set[str] = set()
    for px in (NARROW, WIDE):
        others = charts(30, 6, px)
        for name, canvas in charts(30, 6, px).items():
            again = others[name]
            svg = figure_svg(canvas.figure(), f"{name}-{px}", "Title", canvas.links)
            assert svg == figure_svg(again.figure(), f"{name}-{px}", "Title", again.links)
            assert len(svg) < 60_000, name
            ids = re.findall(r'\bid="([^"]*)"', svg)
            assert len(ids) == len(set(ids))
            assert not seen & set(ids)
            seen |= set(ids)
            used = set(re.findall(r"url\(#([^)]*)\)", svg))
            assert used <= set(ids)
            root = ET.fromstring(svg)
            assert not [element for element in root.iter() if element.tag.endswith("style")]


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (21, 71, "between 3 and 11 weeks"),
        (1329, 1733, "between 3½ and 5 years"),
        (11, 17, "between 11 and 17 days"),
        (46, 57, "between 6 and 9 weeks"),
        (0, 60, "up to 9 weeks"),
        (1, 349, "between 1 day and 12 months"),
        (6, 60, "between 6 days and 9 weeks"),
        (None, 5, "up to 5 days"),
        (14, 14, "14 days"),
        (28, 28, "28 days"),
        # A month has no 35 days.
        (0, 30, "up to 30 days"),
        (14, 31, "between 14 and 31 days"),
        (0, 32, "up to 5 weeks"),
        # One number of days is no range.
        (68, 68, "68 days"),
        (1000, 1000, "1000 days"),
        (68, None, "at least 9 weeks"),
        (200, 300, "between 6 and 10 months"),
        (0, None, "for a time that cannot be told"),
        (400, None, "at least 13 months"),
    ],
)
def test_durations_in_words(least: int | None, most: int | None, words: str) -> None:
    assert between(least, most) == words


UNITS = {"day": 1.0, "week": 7.0, "month": 365.2425 / 12, "year": 365.2425}


def number(text: str) -> float:
    return float(text.rstrip("½") or 0) + 0.5 * text.endswith("½")


@given(st.integers(0, 9000), st.integers(0, 9000))
def test_the_words_admit_all_that_the_days_admit(one: int, other: int) -> None:
    least, most = sorted([one, other])
    words = between(least, most)
    match = re.fullmatch(
        r"(?:up to (?P<to>\S+)|between (?P<low>\S+)(?P<days> days?)? and (?P<high>\S+)"
        r"|(?P<only>\S+)) (\w+?)s?",
        words,
    )
    assert match, words
    days = UNITS[match[6]]
    low = number(match["low"] or match["only"] or "0") / (days if match["days"] else 1)
    high = number(match["high"] or match["to"] or match["only"])
    assert low * days <= least + 1e-9, words
    assert most <= high * days + 1e-9, words
    # Outwards, and no further than a unit or half a year.
    step = 0.5 if match[6] == "year" else 1
    assert high * days - most < step * days
    assert least - low * days < (1 if match["days"] else step * days)


def test_counts_in_words() -> None:
    assert count_in_words(1, 1, "agency", "agencies") == "one agency"
    assert count_in_words(7, 10, "agency", "agencies") == "7 to 10 agencies"
    assert count_in_words(28, 28, "contact") == "28 contacts"
    assert count_in_words(2, None, "report") == "at least two reports"


def test_a_drawing_of_ones_own_is_kept_whole_and_leans_on_nothing_else() -> None:
    figure, ax = plt.subplots()
    ax.barh(["a", "b"], [3, 400], hatch="//", label="x")
    ax.set_xscale("log")
    ax.plot([1, 1000], [0, 1])
    ax.legend()
    raw = io.BytesIO()
    with rc_context():
        figure.savefig(raw, format="svg")
    svg = figure_svg(figure, "own", "Own")
    plt.close(figure)
    for kind in ("path", "use", "text", "tspan"):
        assert svg.count(f"<{kind} ") + svg.count(f"<{kind}>") == len(
            re.findall(rf"<{kind}[ >]", raw.getvalue().decode())
        ), kind
    ids = set(re.findall(r'\sid="([^"]+)"', svg))
    assert all(one.startswith("own-") for one in ids)
    led_to = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    assert led_to
    assert led_to <= ids
    assert "<style" not in svg


@pytest.mark.parametrize("px", [NARROW, WIDE])
def test_a_bar_does_not_reach_far_towards_an_end_that_is_open(px: int) -> None:
    """It would seem to say that an event can have been years before."""
    many = events(30, 6)
    canvas = draw_timeline(many, waits(0), "A title", px=px)
    widths: dict[str, float] = {}
    for _, group, shape, what in shapes(canvas):
        if shape == "box" and group.startswith("event-"):
            widths[group] = max(widths.get(group, 0.0), what[2])
    opened = many[many["earliest"].isna() ^ many["latest"].isna()]
    drawn = [widths[f"event-{one}"] for one in opened["event"] if f"event-{one}" in widths]
    assert len(drawn) > 2
    assert max(drawn) <= 30.01


def test_a_label_keeps_who_it_is_about() -> None:
    row = dict.fromkeys(("short", "who", "absence", "status"), "") | {"kind": "Death"}
    assert label_options(row | {"summary": "A dies"})[0] == "A dies"
    assert label_options(row | {"summary": "The case is closed"})[0] == "Case is closed"
    # What stands in the midst does not end it.
    told = {"summary": "The father, as he says, warns them, who do not hear"}
    assert label_options(row | told)[0] == "Father, as he says, warns them"
    # Nor does what says how sure it is.
    doubted = {"summary": "The mother is ill, as one text alone has it"}
    assert label_options(row | doubted)[0] == "Mother is ill, as one text alone has it"
