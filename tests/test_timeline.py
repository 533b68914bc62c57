"""Does the timeline have the right events, in their lanes, with the days that the source bears?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

import casechron as cc
from casechron.analysis.timeline import UNDRAWN
from casechron.coding.codebook import codebook
from casechron.reporting.draw.timeline import LANES, draw_timeline
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
    }
    assert not {"family-known", "sentence-wm", "review-published"} & set(rows.index)


def test_rows_in_another_order_make_the_same_timeline() -> None:
    review = cc.read_review(W)
    found = cc.timeline(review).set_index("event").sort_index()
    turned = {
        name: table.iloc[::-1].reset_index(drop=True) for name, table in review.tables.items()
    }
    again = cc.timeline(replace(review, tables=turned)).set_index("event").sort_index()
    assert again.drop(columns="places").equals(found.drop(columns="places"))


def test_it_can_be_drawn() -> None:
    for name in (W, "child-a-haringey-2008"):
        canvas = draw_timeline(
            cc.timeline(cc.read_review(name)), pd.DataFrame(columns=WAITS), "Title"
        )
        assert any(group.startswith("event-") for group in canvas.links)
