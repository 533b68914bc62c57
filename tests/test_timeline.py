"""Does the timeline have the right events, in their lanes, with the days that the source bears?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

import casechron as cc
from casechron.analysis.timeline import UNDRAWN
from casechron.coding.codebook import codebook
from casechron.report.draw.canvas import NARROW, WIDE
from casechron.report.draw.timeline import LANES, draw_timeline
from drawn_shapes import shapes
from test_draw import WAITS

W = "child-w-manchester-2020"


def test_each_kind_has_a_lane_that_is_drawn_or_none() -> None:
    book = codebook()
    assert set(book.lanes) == set(book.codes("event_kind"))
    assert set(book.lanes.values()) == {*LANES, UNDRAWN} - {"missing", "wait"}


def test_child_w() -> None:
    rows = cc.timeline(cc.read_review(W)).set_index("event")
    days = {
        "referral-2014": ("raised", date(2014, 1, 1), date(2014, 12, 31)),
        "closure-2017-10": ("services", date(2017, 10, 1), date(2017, 10, 31)),
        "notification-july": ("raised", date(2018, 7, 21), date(2018, 7, 31)),
        "no-enquiries-july": ("missing", date(2018, 7, 21), date(2018, 8, 31)),
        "incident-august": ("home", date(2018, 8, 21), date(2018, 8, 31)),
        # Who did not come did not leave out a step.
        "absence-wf-conference": ("home", date(2018, 9, 21), date(2018, 9, 30)),
        # Beside the age that was published with it: no finer than November.
        "admission-w": ("raised", date(2018, 11, 1), date(2018, 11, 30)),
        # How long the case stayed open is not said.
        "closure-midwife": ("services", date(2017, 11, 1), None),
    }
    for event, found in days.items():
        told = [
            None if pd.isna(day) else day.date() for day in rows.loc[event, ["earliest", "latest"]]
        ]
        assert (rows.lane[event], *told) == found, event
    # The source does not say when within that time.
    assert pd.isna(rows.earliest["harm-w"])
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


def test_rows_in_another_order_make_the_same_timeline() -> None:
    review = cc.read_review(W)
    timeline = cc.timeline(review).set_index("event").sort_index()
    turned = {
        name: table.iloc[::-1].reset_index(drop=True) for name, table in review.tables.items()
    }
    again = cc.timeline(replace(review, tables=turned)).set_index("event").sort_index()
    assert again.drop(columns="places").equals(timeline.drop(columns="places"))


def test_it_can_be_drawn() -> None:
    for name in (W, "child-a-haringey-2008"):
        canvas = draw_timeline(
            cc.timeline(cc.read_review(name)), pd.DataFrame(columns=WAITS), "Title"
        )
        assert any(group.startswith("event-") for group in canvas.links)


def test_neither_side_of_the_record_is_left_out_at_any_width_and_all_is_told_in_words() -> None:
    review = cc.read_review(W)
    chronicle = cc.chronicle(review)
    events = cc.words.story.in_words(cc.timeline(review), chronicle)
    gaps, checks = cc.response_gaps(review), cc.timescale_checks(review)
    waits = cc.words.waits.on_timeline(cc.words.waits.waits(gaps, checks, chronicle), events)
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
        heads = [what[2] for _, _, shape, what in shapes(canvas) if shape == "text"]
        assert [one for one in heads if one.startswith("the scale changes: ")], px
