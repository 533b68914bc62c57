"""Does the timeline have the right events, in their lanes, with the days that the source bears?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import casechron as cc
from casechron.analysis.chronicle import UNDRAWN
from casechron.coding.codebook import codebook
from casechron.report.draw.canvas import LANES, NARROW, WIDE, Canvas
from casechron.report.draw.timeline import _Layout, draw_timeline
from casechron.report.draw.timeline import drawn as timeline_drawn
from drawn_shapes import shapes
from real_reviews import real_review
from test_draw import WAITS, events, outside, texts

W = "child-w-manchester-2020"
DATA = Path(__file__).parents[1] / "data"
REVIEWS = sorted(folder.parent.name for folder in DATA.glob("*/review.toml"))
NO_WAITS = pd.DataFrame(columns=WAITS)


def test_each_kind_has_a_lane_that_is_drawn_or_none() -> None:
    book = codebook()
    assert set(book.lanes) == set(book.codes("event_kind"))
    assert set(book.lanes.values()) == {*LANES, UNDRAWN} - {"missing", "wait"}


def test_child_w() -> None:
    rows = cc.timeline(real_review(W)).set_index("event")
    days = {
        "referral-2014": ("raised", date(2014, 1, 1), date(2014, 12, 31)),
        "closure-2017-10": ("steps", date(2017, 10, 1), date(2017, 10, 31)),
        "notification-july": ("raised", date(2018, 7, 21), date(2018, 7, 31)),
        "no-enquiries-july": ("missing", date(2018, 7, 21), date(2018, 8, 31)),
        "incident-august": ("family", date(2018, 8, 21), date(2018, 8, 31)),
        # Who did not come did not leave out a step.
        "absence-wf-conference": ("family", date(2018, 9, 21), date(2018, 9, 30)),
        # Beside the age that was published with it: no finer than November.
        "admission-w": ("steps", date(2018, 11, 1), date(2018, 11, 30)),
        # By orders as judged, as its words say.
        "closure-midwife": ("steps", date(2017, 11, 1), date(2018, 7, 30)),
        "harm-w": ("family", date(2018, 9, 21), date(2018, 11, 30)),
    }
    for event, found in days.items():
        told = [
            None if pd.isna(day) else day.date() for day in rows.loc[event, ["earliest", "latest"]]
        ]
        assert (rows.lane[event], *told) == found, event
    # A worry is what somebody had, and nothing that the family did.
    assert rows.lane[["concern-2017-wm", "concern-mh-wf"]].tolist() == ["raised"] * 2
    assert rows.when["harm-w"] == "between 21 September and 30 November 2018 (as judged)"
    assert rows.when["closure-2017-10"] == "in October 2017"
    assert rows.status["assault-denied"] == "alleged and denied"
    assert rows.who["referral-2014"] == "S1's school"
    assert rows.who["referrals-october"] == ""
    assert set(rows.index[rows.always.astype(bool)]) == {
        "closure-2017-10",
        "closure-midwife",
        "harm-w",
        "admission-w",
    }
    # What the review says went wrong is to see one parent's violence alone.
    assert {event: rows.status[event] for event in rows.index[rows.other_side.astype(bool)]} == {
        "abuse-of-wm-history": "",
        "assault-attempt": "alleged",
        "assault-denied": "alleged and denied",
        "nose-wf": "alleged",
        "reported-abuse-home": "alleged",
        "counter-accusations-wf": "alleged in part",
        "chain-abuse": "",
        "incident-august": "alleged in part",
        "incident-october": "",
        "harm-w": "",
        # The closures left these.
        "referral-2017-09": "",
        "referral-midwife": "",
    }
    assert not {"family-known", "sentence-wm", "review-published"} & set(rows.index)


def test_the_heading_of_a_lane_is_true_of_what_stands_below_it() -> None:
    lanes = {
        # Who met, and who did no more, is not said; the others are a hospital's and the police's.
        (W, "meeting-2014"): "Contacts and steps",
        (W, "nfa-amphetamine"): "Contacts and steps",
        ("child-a-haringey-2008", "discharge"): "Contacts and steps",
        ("child-t-cwm-taf-morgannwg-2022", "found"): "Contacts and steps",
        ("child-t-cwm-taf-morgannwg-2022", "no-action-2020"): "Contacts and steps",
        # Nobody told this: somebody was seen, or taken, somewhere.
        (W, "contact-ae-wf"): "Contacts and steps",
        ("child-ak-northamptonshire-2019", "arrest"): "Contacts and steps",
        # Children's services suggest it, who are no others.
        (W, "suspicion-amphetamine"): "Seen, told or raised",
        # The source gives no place, or the school.
        (W, "nose-wf"): "Child and family",
        (W, "collection-alcohol"): "Child and family",
        # It could not be confirmed; no evidence was found; it was not sufficient.
        (W, "no-safety-planning"): "Not done, not enough, in doubt",
        (W, "no-enquiries-july"): "Not done, not enough, in doubt",
        (W, "breach-response"): "Not done, not enough, in doubt",
        # A child comes to know a parent.
        ("child-ak-northamptonshire-2019", "introduction"): "Child and family",
        # A judge says so, and no review does.
        ("child-ak-northamptonshire-2019", "no-assessment"): "Not done, not enough, in doubt",
    }
    for (review, event), heading in lanes.items():
        drawn_in = cc.timeline(real_review(review)).set_index("event").loc[event, "lane"]
        assert LANES[drawn_in].name == heading, event


def test_rows_in_another_order_make_the_same_timeline() -> None:
    review = real_review(W)
    timeline = cc.timeline(review).set_index("event").sort_index()
    turned = {
        name: table.iloc[::-1].reset_index(drop=True) for name, table in review.tables.items()
    }
    again = cc.timeline(replace(review, tables=turned)).set_index("event").sort_index()
    assert again.drop(columns="places").equals(timeline.drop(columns="places"))


def test_it_can_be_drawn() -> None:
    for name in (W, "child-a-haringey-2008"):
        canvas = draw_timeline(cc.timeline(real_review(name)), NO_WAITS, "Title")
        assert any(group.startswith("event-") for group in canvas.links)


def as_on_the_page(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The events and the waits of which the page of a review draws its timeline."""
    review = real_review(name)
    chronicle = cc.chronicle(review)
    events = cc.words.story.in_words(cc.timeline(review), chronicle)
    gaps, checks = cc.response_gaps(review), cc.timescale_checks(review)
    waits = cc.words.waits.on_timeline(cc.words.waits.waits(gaps, checks, chronicle), events)
    return events, waits


def test_neither_side_of_the_record_is_left_out_at_any_width_and_all_is_told_in_words() -> None:
    events, waits = as_on_the_page(W)
    # Of what has no day at all there is no bar.
    must = events[events["other_side"] | events["always"]].dropna(
        subset=["earliest", "latest"], how="all"
    )
    assert len(must) > 10
    spoken = cc.words.story.timeline_alt(events, waits)
    for px in (NARROW, WIDE):
        canvas = draw_timeline(events, waits, "Title", px=px)
        shown = {name.removeprefix("event-") for name in canvas.links if name.startswith("event-")}
        assert set(must["event"]) <= shown
        for row in events[events["event"].isin(shown)].itertuples():
            assert f"{row.summary.rstrip('.')} (" in spoken
            # Whoever hears a bar hears, as whoever sees it sees, that it is alleged.
            heard = canvas.links[f"event-{row.event}"].label
            assert heard.startswith(". ".join(filter(None, (row.summary, row.status, row.when))))
        heads = [what[2] for _, _, shape, what in shapes(canvas) if shape == "text"]
        assert [one for one in heads if one.startswith("the scale changes: ")], px


def test_what_is_alleged_is_told_as_such_in_words() -> None:
    spoken = cc.words.story.timeline_alt(*as_on_the_page("child-polly-derbyshire-2017"))
    warning = "warns children's services that Polly is at serious risk (alleged; between "
    assert warning in spoken


def test_a_second_scale_stands_where_it_spares_much_height_and_then_at_each_width() -> None:
    parts = {
        W: ["2014 to June 2018", "July to November 2018"],
        # One part for the one event of 2005 would spare less than a tenth.
        "child-u-manchester-2013": ["2005 to September 2011"],
    }
    for review, named in parts.items():
        for px in (NARROW, WIDE):
            canvas = draw_timeline(*as_on_the_page(review), "Title", px=px)
            heads = [what[2] for _, _, shape, what in shapes(canvas) if shape == "text"]
            assert [one for one in heads if re.search(r"\d{4} to |to \w+ \d{4}", one)] == named, px


def test_a_year_that_ends_the_chart_is_not_named_beyond_its_edge() -> None:
    spans = [(date(2008, 3, 1), date(2008, 5, 1)), (date(2010, 1, 1), date(2013, 1, 9))]
    rows = events(2, 3)
    rows["earliest"], rows["latest"] = zip(*spans, strict=True)
    for column in ("certain_from", "certain_to"):
        rows[column] = None
    for px in (NARROW, WIDE):
        canvas = draw_timeline(rows, NO_WAITS, "Years", px=px)
        assert not outside(canvas), px
        named = [one[0] for one in texts(canvas) if one[0] in ("2010", "2012", "2013")]
        assert named == ["2010", "2012"], px


@pytest.mark.parametrize("review", REVIEWS)
def test_a_bar_has_the_days_of_its_words_and_a_limit_wherever_they_have_one(review: str) -> None:
    read = real_review(review)
    days = ["event", "earliest", "latest"]
    told = cc.chronicle(read)[days].set_index("event")
    drawn = cc.timeline(read)[days].set_index("event")
    assert drawn.equals(told.loc[drawn.index])


def groups(canvas: Canvas, name: str) -> list[tuple[str, tuple[Any, ...]]]:
    """The shapes of one part of a drawing: their kinds and looks."""
    return [(shape, what) for _, group, shape, what in shapes(canvas) if group == name]


def row(event: str, first: date, last: date, **cells: Any) -> dict[str, Any]:
    """A row of a timeline."""
    texts = ("short", "summary", "when", "places", "kind", "who", "absence", "status")
    empty = {**dict.fromkeys(texts, ""), "always": False, "other_side": False}
    none = dict.fromkeys(("certain_from", "certain_to"), pd.NaT)
    days = {"earliest": pd.Timestamp(first), "latest": pd.Timestamp(last)}
    return {"event": event, "lane": "steps", **empty, **none, **days, **cells}


@pytest.mark.parametrize("px", [NARROW, WIDE])
def test_what_goes_on_in_the_other_part_is_marked_and_the_mark_explained(px: int) -> None:
    days = [date(2018, 7, 1) + timedelta(weeks=week) for week in range(20)]
    crowd = [row(f"step-{day}", day, day, summary="Visit") for day in days]
    # Most of it lies in the first part, and a wait begins there.
    long = row("long", date(2014, 1, 1), date(2018, 9, 9), summary="A long one")
    ends = pd.to_datetime(["2014-01-01", "2018-09-09", "2014-02-01", "2018-09-01"])
    wait = dict(zip(["earliest", "latest", "least_from", "least_to"], ends, strict=True))
    waits = pd.DataFrame([{"event": "long", "to_event": "step-9", "text": "4 years", **wait}])
    canvas = draw_timeline(pd.DataFrame([*crowd, long]), waits, "Title", px=px)
    for name in ("event-long", "wait-long-step-9"):
        # Beside the bar itself (and its least), two strokes of one point.
        boxes = [what[2] for shape, what in groups(canvas, name) if shape == "box"]
        assert boxes.count(1) == 2, name
        assert not [1 for shape, _ in groups(canvas, name) if shape == "polygon"]
    said = " ".join(one[0] for one in texts(canvas))
    assert "Two strokes at an end: it goes on in the other part" in said
    assert "thick is what certainly lies within it, thin what can" in said
    plain = draw_timeline(pd.DataFrame(crowd), waits.iloc[:0], "Title", px=px)
    assert not {"strokes", "thick"} & {*" ".join(one[0] for one in texts(plain)).split()}


@pytest.mark.parametrize("px", [NARROW, WIDE])
@pytest.mark.parametrize("review", REVIEWS)
def test_no_part_of_the_time_is_empty(review: str, px: int) -> None:
    read = real_review(review)
    layout = _Layout(Canvas(px, "timeline"), timeline_drawn(cc.timeline(read), NO_WAITS), [])
    spans = layout.spans()
    for begins, ends in spans:
        assert any(begins <= home < ends for home in layout.homes), (begins, ends)


def test_a_label_on_a_phone_tells_what_happened_where_the_kind_would_hide_it() -> None:
    labels = {
        ("child-t-cwm-taf-morgannwg-2022", "killing"): (
            "Child T is killed at home by members of the family"
        ),
        ("child-polly-derbyshire-2017", "order-interim-care"): (
            "Polly becomes subject of an interim care order"
        ),
        ("child-polly-derbyshire-2017", "order-supervision"): (
            "Care proceedings end with a supervision order"
        ),
        ("child-polly-derbyshire-2017", "no-procedures"): (
            "Child protection procedures are not begun"
        ),
        ("child-ak-northamptonshire-2019", "introduction"): (
            "Mother introduces Child Ak to the father after a DNA test"
        ),
        # That an opinion was given does not say which.
        ("child-u-manchester-2013", "opinion-psychiatrist"): (
            "Psychiatrist finds no symptoms of a serious mental illness in the mother"
        ),
        # The kind and who say it as well, in less room.
        (W, "notification-july"): "Notification: Greater Manchester Police",
    }
    for (review, event), label in labels.items():
        canvas = draw_timeline(cc.timeline(real_review(review)), NO_WAITS, "Title", px=NARROW)
        lines = [what[2] for shape, what in groups(canvas, f"event-{event}") if shape == "text"]
        assert " ".join(lines) == label
        assert len(lines) <= 2


def test_keys_go_through_a_lane_in_the_order_of_time() -> None:
    rows = [
        row("first", date(2018, 1, 1), date(2018, 3, 31), summary="One thing"),
        row("second", date(2018, 1, 10), date(2018, 1, 12), summary="Another thing"),
        row("third", date(2018, 12, 1), date(2018, 12, 31), summary="The last thing"),
    ]
    for px in (NARROW, WIDE):
        # The third stands beside the first, above the second.
        canvas = draw_timeline(pd.DataFrame(rows), NO_WAITS, "Title", px=px)
        assert [*canvas.links] == ["event-first", "event-second", "event-third"]
