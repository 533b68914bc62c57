"""Does `casechron agree` give back what two codings were made to differ in, and what was counted of
the two passes of Child W by hand?"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import casechron as cc
from casechron.analysis.agreement import SAME_WORDS, _Figure, figures_of
from casechron.analysis.coding_differences import _differences, conclusions_of
from casechron.analysis.compared import CONTRARY, Compared, Side, united
from casechron.analysis.counterparts import sentences_of
from casechron.chronology.constraints import protected_kinds
from casechron.cli import main
from casechron.coding.codebook import codebook
from casechron.coding.reviews import find_root
from casechron.report.execution import RenderError
from casechron.report.render import render_all
from casechron.report.text.agreement import (
    CodingsError,
    by_what,
    codings,
    key_points,
    reliability,
)
from involvement_cases import Tables, agency, event, part, solved, tables_of, tie
from made_reviews import review_of
from real_reviews import real_review
from thoroughly import rendered_for_it, some

CHILD_W = "child-w-manchester-2020"
PLACES = {("", 1, 1), ("", 1, 2), ("", 2, 1), ("", 3, 1)}
SENTENCES = {"article": [(1, 1), (1, 2), (2, 1), (3, 1)]}


Differ = Callable[[cc.Review, cc.Review], pd.DataFrame]


def _figures(pair: Compared, **more: int) -> pd.DataFrame:
    return figures_of([pair], **more).drop(columns="codings")


def side(tables: Tables, name: str = "ann", sentences: Any = SENTENCES) -> Side:
    return Side(name, review_of(tables, solved(tables)), sentences)


def compared(one: Tables, other: Tables, sentences: Any = SENTENCES) -> Compared:
    return Compared(side(one, "ann", sentences), side(other, "bob", sentences))


def figure(table: pd.DataFrame, about: str, measure: str) -> Any:
    (row,) = table[(table["about"] == about) & (table["measure"] == measure)].to_dict("records")
    return row


def ends(table: pd.DataFrame, about: str, measure: str) -> tuple[float, float]:
    row = figure(table, about, measure)
    return row["least"], row["most"]


def at(paragraph: str, sentence: str, *rows: str) -> list[dict[str, str]]:
    place = {"source": "article", "paragraph": paragraph, "sentence": sentence}
    return [{"row": row} | place for row in rows]


def small(**more: Any) -> Tables:
    """Four events in three paragraphs, of which one tells of two."""
    rows: dict[str, Any] = {
        "sources": [{"id": "article", "kind": "news-article"}],
        "agencies": [agency("cs", "Children's services", "5A"), agency("gp", "GP", "3A")],
        "events": [
            event("worry", "concern", "2018-01-05", summary="A GP worries"),
            event("call", "referral", "2018-02", summary="The GP calls"),
            event("visit", "visit", "2018-03", summary="A social worker visits"),
            event("end", "closure", "2018-05", summary="The case is closed"),
        ],
        "involvement": [
            part("gp", "worry", "held"),
            part("gp", "call", "raised"),
            part("cs", "call", "received"),
            part("cs", "end", "led"),
        ],
        "themes": [{"row": "worry", "theme": "neglect"}, {"row": "end", "theme": "response"}],
        "links": [tie("answers", "visit", "worry")],
        "locators": [
            *at("1", "1", "worry", "call"),
            *at("2", "1", "visit"),
            *at("3", "1", "end"),
        ],
    }
    return tables_of(**rows | more)


def renamed(tables: Tables, prefix: str, seed: int) -> Tables:
    """The same coding by somebody else: other ids for all rows, and rows in another order."""
    ids = {
        one
        for name, table in tables.items()
        if "id" in table and name != "sources"
        for one in table["id"]
        if one
    }
    mapping = {one: f"{prefix}{one}" for one in ids}
    where = {
        *("id", "row", "event", "agency", "person", "from_event", "to_event", "from_row"),
        *("to_row", "holder", "attributed_to", "addressed_to", "may_be", "account"),
    }

    def anew(cell: str) -> str:
        return "; ".join(mapping.get(one, one) for one in cell.split("; "))

    return {
        name: table.assign(
            **{column: table[column].map(anew) for column in where & {*table.columns}}
        )
        .sample(frac=1, random_state=seed)
        .reset_index(drop=True)
        for name, table in tables.items()
    }


def without_events(tables: Tables, gone: set[str]) -> Tables:
    columns = {
        "events": ["id"],
        "locators": ["row"],
        "involvement": ["event"],
        "participation": ["event"],
        "themes": ["row"],
        "attributes": ["row", "event"],
        "relations": ["from_event", "to_event"],
        "links": ["from_row", "to_row"],
        "readings": ["row"],
    }
    kept = dict(tables)
    for name, own in columns.items():
        told = tables[name][own].isin(gone).any(axis=1)
        kept[name] = tables[name][~told].reset_index(drop=True)
    return kept


@pytest.fixture(scope="module")
def final() -> cc.Review:
    return real_review(CHILD_W)


# ---------------------------------------------------------------- what two coders were made to do


def worn(summary: str, rng: random.Random) -> str:
    """A summary in which each word is left out with a chance of two in five."""
    return " ".join(word for word in summary.split() if rng.random() > 0.4)


def second_coder(
    final: cc.Review, seed: int, *, unseen: int, reworded: bool
) -> tuple[Compared, dict[tuple[str, str], float]]:
    """A coder who drops nine events of the first and sees some that the first does not, retypes
    eleven, redates six and leaves three undated; and these rates by the names of their figures."""
    rng = random.Random(seed)
    tables = {**final.tables, "relations": final.tables["relations"].iloc[:0]}
    events = tables["events"].copy()
    ids, places = events["id"].tolist(), sentences_of(tables)
    kinds = dict(zip(ids, events["kind"], strict=True))
    dates = dict(zip(ids, events["date"], strict=True))
    dropped = set(rng.sample(ids, 9))
    # Where one coder drops an event and the other one of its kind in one sentence, nobody can tell
    # that they are two.
    clear = [
        one
        for one in ids
        if one not in dropped
        and not any(kinds[one] == kinds[lost] and places[one] & places[lost] for lost in dropped)
    ]
    added = set(rng.sample(clear, unseen))
    both = [one for one in ids if one not in dropped | added]
    free = [one for one in both if kinds[one] not in protected_kinds()]
    dated = [one for one in both if dates[one]]
    retyped = set(rng.sample(free, 11))
    redated = set(rng.sample([one for one in dated if one in free], 6))
    undated = set(rng.sample([one for one in dated if one in free and one not in redated], 3))
    for row, one in events["id"].items():
        if one in retyped:
            others = {*kinds.values()} - {kinds[one], *protected_kinds(), "publication"}
            events.loc[row, "kind"] = rng.choice(sorted(others))
        if one in redated | undated:
            events.loc[row, "date"] = "1999-01-01" if one in redated else ""
            events.loc[row, ["date_basis", "date_words"]] = ""
        if reworded:
            events.loc[row, "summary"] = worn(events.loc[row, "summary"], rng)
    first = without_events(tables, added)
    second = renamed(without_events({**tables, "events": events}, dropped), "bob-", seed)
    sentences = final.expanded.sentences if final.expanded else {}
    many = len(both)
    return compared(first, second, sentences), {
        ("in both codings", "count"): many,
        ("only in ann", "count"): 9,
        ("only in bob", "count"): unseen,
        ("in both codings", "positive specific agreement"): 2 * many / (2 * many + 9 + unseen),
        ("kind", "agreement"): 1 - 11 / many,
        ("dated at all", "agreement"): 1 - 3 / many,
        ("windows", "equal"): 1 - 6 / (len(dated) - 3),
    }


@pytest.mark.parametrize("seed", some(range(4)))
def test_known_rates_of_dropping_retyping_and_redating_come_back(
    seed: int, final: cc.Review
) -> None:
    """Where the second coder sees nothing that the first does not, exactly, whichever way events
    are matched."""
    own, truth = second_coder(final, seed, unseen=0, reworded=False)
    figures = _figures(own, draws=50)
    for name, share in truth.items():
        assert ends(figures, *name) == (pytest.approx(share), pytest.approx(share)), name


@pytest.mark.parametrize("reworded", [False, True])
@pytest.mark.parametrize("seed", some(range(4)))
def test_known_rates_lie_between_the_ends(seed: int, reworded: bool, final: cc.Review) -> None:
    """Where each sees events that the other does not, some of them in one sentence: to within one
    event, and one end is as near."""
    own, truth = second_coder(final, seed, unseen=4, reworded=reworded)
    figures = _figures(own, draws=50)
    for name, share in truth.items():
        least, most = ends(figures, *name)
        each = 2 if name[1] == "positive specific agreement" else 1
        one = 1 if name[1] == "count" else each / figure(figures, *name)["units_min"]
        assert least - 1.1 * one <= share <= most + 1.1 * one, name
        assert min(abs(least - share), abs(most - share)) <= 1.1 * one, name


def test_a_coding_under_other_ids_agrees_with_itself_in_everything(final: cc.Review) -> None:
    tables = dict(final.tables)
    sentences = final.expanded.sentences if final.expanded else {}
    own = compared(tables, renamed(tables, "bob-", 4), sentences)
    figures = _figures(own, draws=20)
    counts = figures["measure"] == "count"
    gaps = figures["measure"].isin(["nested", "overlapping", "disjoint"])
    apart = figures["about"].isin(
        ["one within the other", "overlapping", "different", "in one coding only"]
    )
    assert figures.loc[counts & (figures["part"] == "events"), "least"].tolist() == [76, 0, 0, 76]
    assert (figures.loc[~counts & ~gaps & ~apart, "least"] == 1).all()
    assert (figures.loc[gaps | apart, "most"] == 0).all()
    assert _differences(own).empty


def test_rows_in_another_order_change_no_figure() -> None:
    one = small()
    other = renamed(small(), "bob-", 5)
    other["events"].loc[other["events"]["id"] == "bob-end", "kind"] = "decision"
    whole = _figures(compared(one, other))
    mixed = {
        name: table.sample(frac=1, random_state=3).reset_index(drop=True)
        for name, table in one.items()
    }
    pd.testing.assert_frame_equal(whole, _figures(compared(mixed, other)))
    pd.testing.assert_frame_equal(whole, _figures(compared(one, other)))
    assert not whole.equals(_figures(compared(one, other), seed=2))


# ---------------------------------------------------------------- worked out by hand


def changed(table: str, row: str, **cells: str) -> Tables:
    tables = small()
    frame = tables[table]
    for column, value in cells.items():
        frame.loc[frame["id"] == row, column] = value
    return tables


def told(one: Tables, other: Tables) -> list[tuple[str, ...]]:
    rows = _differences(compared(one, other))
    return [tuple(row) for row in rows.drop(columns="places").itertuples(index=False)]


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (
            changed("events", "visit", kind="call"),
            ("code", "visit", "visit", "kind", "visit", "call"),
        ),
        (
            changed("events", "visit", absence="did-not-happen"),
            ("code", "visit", "visit", "absence", "happened", "did-not-happen"),
        ),
        (
            changed("events", "end", date="2018-05-10"),
            ("date", "end", "end", "nested windows", "2018-05", "2018-05-10"),
        ),
        (
            changed("events", "end", date="2018-06"),
            ("date", "end", "end", "disjoint windows", "2018-05", "2018-06"),
        ),
        (
            changed("events", "end", date=""),
            ("date", "end", "end", "dated in one coding only", "2018-05", "no date"),
        ),
        (
            changed("involvement", "iv-cs-call", role="held"),
            ("code", "call", "call", "role of an agency: cs", "received", "held"),
        ),
        (
            changed("involvement", "iv-cs-call", agency="gp"),
            (
                "set",
                "call",
                "call",
                "agencies in one coding only",
                "Children's services",
                "nothing",
            ),
        ),
    ],
    ids=["kind", "absence", "nested", "disjoint", "undated", "role", "agency"],
)
def test_one_change_is_one_difference(other: Tables, difference: tuple[str, ...]) -> None:
    found = told(small(), other)
    assert difference in found
    assert {row[:2] for row in found if row[0] in ("code", "date", "set", "event")} <= {
        difference[:2],
        ("code", difference[1]),
    }


def told_in_full() -> Tables:
    """`small` with a row in every table that coders fill."""
    row = {"basis": "stated"}
    tables = small(
        people=[
            {"id": "c", "label": "C", "kinship": "child"},
            {"id": "m", "label": "Mother", "kinship": "mother"},
        ],
        participation=[
            row
            | {"id": "pt", "person": "c", "event": "worry", "role": "of-concern", "status": "said"}
        ],
        attributes=[row | {"id": "age", "row": "c", "attribute": "age-years", "value": "4"}],
        relations=[
            row | {"id": "then", "type": "before", "from_event": "worry", "to_event": "visit"}
        ],
        views=[row | {"id": "view", "holder": "cs", "proposition": "All is well"}],
        findings=[
            row | {"id": "lost", "polarity": "shortfall", "summary": "Time was lost"},
            row | {"id": "kept", "polarity": "strength", "summary": "Records were kept"},
        ],
        recommendations=[row | {"id": "ask", "summary": "Ask the GP"}],
        readings=[{"reading": "two", "row": "call", "column": "count_min", "value": "2"}],
        links=[
            tie("answers", "visit", "worry"),
            tie("rests-on", "lost", "visit"),
            tie("addresses", "ask", "lost"),
        ],
        locators=[
            *at("1", "1", "worry", "call"),
            *at("2", "1", "visit", "view"),
            *at("3", "1", "end", "lost", "ask"),
        ],
    )
    tables["agencies"]["may_be"] = ["gp", ""]
    tables["events"][["sequence", "time"]] = ""
    return tables


#: Own words, places, which rows are matched by, and ids.
NOT_COMPARED = {
    *("id", "label", "summary", "proposition", "note", "words", "date_words", "reason", "reading"),
    *("source", "place", "short"),
}
TOLD_IN_FULL = told_in_full()
CELLS = [
    (table, column)
    for table, frame in TOLD_IN_FULL.items()
    if table not in ("sources", "locators", "coverage")
    for column in frame
    # What relations say is held against all that follows from the other coding (below).
    if column not in NOT_COMPARED and (table != "relations" or column == "basis")
]


@pytest.mark.parametrize(("table", "column"), CELLS, ids=map("-".join, CELLS))
def test_no_cell_differs_without_a_row(table: str, column: str) -> None:
    """Whatever cell but own words and places: a difference in it is on the list."""
    codes = {"involvement": "led", "participation": "harming", "attributes": "injury"}
    words = {"date": "2018-01-09", "event": "end", "agency": "cs", "may_be": "cs", "person": "m"}
    words |= {"count_min": "2", "count_max": "3", "from_row": "end", "to_row": "end"}
    words |= dict.fromkeys(("role", "attribute"), codes.get(table, ""))
    other = told_in_full()
    other[table].loc[0, column] = words.get(column, "another")
    found = told(TOLD_IN_FULL, other)
    assert found


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "difference"),
    [
        ("events", "end", "sequence", "first", ("code", "sequence", "nothing", "first")),
        ("events", "end", "count_min", "4", ("code", "count", "nothing", "at least 4")),
        ("events", "visit", "kind", "call", ("code", "kind", "visit", "call")),
        (
            "findings",
            "lost",
            "polarity",
            "neutral",
            ("findings", "polarity", "shortfall", "neutral"),
        ),
        ("views", "view", "holder", "gp", ("views", "holder", "Children's services", "GP")),
        ("agencies", "cs", "may_be", "", ("agencies", "may_be", "GP", "nothing")),
        ("people", "c", "kinship", "sibling", ("people", "kinship", "child", "sibling")),
        ("links", "lk-visit-worry", "basis", "judged", ("links", "basis", "stated", "judged")),
    ],
)
def test_one_cell_is_one_row_that_says_what_differs(
    table: str, row: str, column: str, value: str, difference: tuple[str, ...]
) -> None:
    """Ties to a row that is coded otherwise are no difference of their own."""
    other = told_in_full()
    other[table].loc[other[table]["id"] == row, column] = value
    part, *said = difference
    assert told(TOLD_IN_FULL, other) == [(part, row, row, *said)]
    assert told(TOLD_IN_FULL, renamed(other, "bob-", 3)) == [(part, row, f"bob-{row}", *said)]


def test_a_count_differs_as_it_is_written() -> None:
    at_least, four = told_in_full(), told_in_full()
    for tables, ends in ((at_least, ["4", ""]), (four, ["4", "4"])):
        tables["events"].loc[tables["events"]["id"] == "end", ["count_min", "count_max"]] = ends
    assert told(at_least, four) == [("code", "end", "end", "count", "at least 4", "4")]


def test_two_rows_without_a_place_are_not_one_row() -> None:
    """What says something else and shares no place stands in one coding only."""
    one, other = told_in_full(), told_in_full()
    for tables in (one, other):
        where = tables["locators"]
        tables["locators"] = where[~where["row"].isin(["lost", "view"])]
    other["findings"].loc[0, ["polarity", "summary"]] = "neutral", "Something else"
    other["views"].loc[0, ["holder", "proposition"]] = "gp", "Entirely another view"
    only = "in one coding only"
    found = [row for row in told(one, other) if row[0] in ("findings", "views")]
    assert sorted(found) == [
        ("findings", "", "lost", only, "", "Something else"),
        ("findings", "lost", "", only, "Time was lost", ""),
        ("views", "", "view", only, "", "Entirely another view"),
        ("views", "view", "", only, "All is well", ""),
    ]


def test_a_difference_stands_where_its_row_does_or_what_that_is_about() -> None:
    changes = {"involvement": "para 1.1", "participation": "para 1.1", "attributes": ""}
    for table, place in changes.items():
        other = told_in_full()
        other[table].loc[0, "basis"] = "judged"
        (row,) = _differences(compared(TOLD_IN_FULL, other)).to_dict("records")
        assert (row["part"], row["places"]) == (table, place)
    one, other = small(), without_events(small(), {"visit"})
    for pair in ((one, other), (other, one)):
        table = _differences(compared(*pair))
        assert table.loc[table["part"] == "event", "places"].tolist() == ["para 2.1"]


def test_orders_that_exclude_each_other_come_first() -> None:
    after = changed("events", "visit", date="2018-07")
    found = told(small(), after)
    assert found[0] == ("order", "visit", "visit", "order with end", "before", "after") or found[
        0
    ] == ("order", "end", "end", "order with visit", "after", "before")
    assert [row[0] for row in found].index("date") == 1
    row = figure(
        _figures(compared(small(), after)),
        "pairs of events with orders that exclude each other",
        "count",
    )
    assert (row["least"], row["units_min"]) == (1, 6)


#: What each word of an order says of two events, from the first to the last day of each.
ORDERS: dict[str, Callable[[int, int, int, int], bool]] = {
    "before": lambda start, end, begin, last: end < begin,
    "after": lambda start, end, begin, last: start > last,
    "same day": lambda start, end, begin, last: start == end == begin == last,
    "not after": lambda start, end, begin, last: end <= begin,
    "not before": lambda start, end, begin, last: start >= last,
    "unclear": lambda start, end, begin, last: True,
}


def test_orders_exclude_each_other_where_no_days_have_both() -> None:
    spans = [(start, end) for start in range(4) for end in range(start, 4)]
    for (one, holds), (two, also) in product(ORDERS.items(), repeat=2):
        possible = any(holds(*a, *b) and also(*a, *b) for a, b in product(spans, repeat=2))
        assert (two in CONTRARY.get(one, ())) == (not possible), (one, two)


def test_temporal_awareness_by_hand() -> None:
    def related(*pairs: tuple[str, str], dates: bool = True) -> Tables:
        rows = [
            {"id": f"r-{one}-{two}", "type": "before", "from_event": one, "to_event": two}
            for one, two in pairs
        ]
        tables = small(relations=[row | {"basis": "stated"} for row in rows])
        if not dates:
            tables["events"]["date"] = ""
        return tables

    # Of three orders of the first two follow from the second's chain; of its two one from the
    # first: call-visit does not.
    one = related(("worry", "call"), ("worry", "visit"), ("end", "worry"), dates=False)
    other = related(("worry", "call"), ("call", "visit"), dates=False)
    figures = _figures(compared(one, other), draws=5)
    assert ends(figures, "relations of ann that follow from bob", "share") == (
        pytest.approx(2 / 3),
        pytest.approx(2 / 3),
    )
    assert ends(figures, "relations of bob that follow from ann", "share") == (0.5, 0.5)
    f1 = 2 * (2 / 3) * 0.5 / (2 / 3 + 0.5)
    assert ends(figures, "temporal awareness, both ways", "F1")[0] == pytest.approx(f1)
    # What the other coding has as dates alone follows from them.
    dated = _figures(compared(related(("worry", "call"), ("visit", "end")), small()), draws=5)
    row = figure(dated, "relations of ann that follow from bob", "share")
    assert (row["least"], row["units_max"]) == (1, 2)
    assert pd.isna(figure(dated, "relations of bob that follow from ann", "share")["least"])


def test_a_coding_that_admits_no_chronology_has_no_order() -> None:
    circle = [
        {"id": f"r{at}", "type": "before", "from_event": one, "to_event": two, "basis": "stated"}
        for at, (one, two) in enumerate([("worry", "visit"), ("visit", "worry")])
    ]
    figures = _figures(compared(small(relations=circle), small()), draws=5)
    row = figure(figures, "pairs of events with orders that exclude each other", "count")
    assert pd.isna(row["least"])
    assert row["note"] == "undefined: one of the codings admits no chronology"
    assert ends(figures, "kind", "agreement") == (1, 1)


def test_where_nothing_varies_it_is_said() -> None:
    figures = _figures(compared(small(), small()), draws=20)
    for measure in ("kappa", "AC1", "alpha"):
        row = figure(figures, "absence", measure)
        assert pd.isna(row["least"])
        assert pd.isna(row["low"])
        assert row["note"] == "undefined: nothing varies"
    assert ends(figures, "absence", "agreement") == (1, 1)
    row = figure(figures, "role of a person", "kappa")
    assert (row["units_max"], row["note"]) == (0, "undefined: nothing to compare")


def test_a_figure_that_one_way_of_matching_leaves_undefined_is_that_of_the_other() -> None:
    """By place alone a worry is taken for the visit of its sentence, and one of four is of another
    kind; matched by code, two worries are left, and nothing varies."""
    worries = [event(f"w{at}", "concern", "2018-01", summary=f"Worry {at}") for at in range(3)]
    places = [*at("1", "1", "w0"), *at("1", "2", "w1"), *at("2", "1", "w2")]
    nothing: dict[str, Any] = {"involvement": [], "themes": [], "links": [], "locators": places}
    one = small(events=worries, **nothing)
    other = small(events=[*worries[:2], event("w2", "visit", summary="Other words")], **nothing)
    figures = _figures(compared(one, other), draws=50)
    row = figure(figures, "kind", "alpha")
    # Of six values five are alike: 1 - (2 / 6) / (10 / 30).
    assert (row["units_min"], row["units_max"], row["least"], row["most"]) == (2, 3, 0, 0)
    assert row["note"].startswith("undefined in one of the two ways of matching; ")
    told = by_what(figures.assign(codings="ann and bob")).set_index("about").loc["kind", "figures"]
    assert "alpha 0.00 [" in told
    # Where no event is drawn that is matched, there is no share either.
    drawn = np.array([np.nan, 0.5, 0.7])
    *_, low, high, note = _Figure("sets", "people", "Jaccard", (2,), (0.6,), (drawn,)).row
    assert (low, high) == (pytest.approx(0.505), pytest.approx(0.695))
    assert note == "without 1 of 3 draws in which it is undefined"
    alike = np.array([np.nan, 0.5, 0.5])
    *_, note = _Figure("sets", "people", "Jaccard", (2,), (0.5,), (alike,)).row
    assert note == (
        "no interval, all draws being alike; without 1 of 3 draws in which it is undefined"
    )


def test_an_interval_draws_paragraphs() -> None:
    """Two events share the first of three paragraphs, and the one of the last is retyped: each of
    the 27 draws of three paragraphs has its share, and 0 has a chance of 1 in 27."""
    figures = _figures(compared(small(), changed("events", "end", kind="decision")))
    row = figure(figures, "kind", "agreement")
    paragraphs = [(2, 2), (1, 1), (1, 0)]  # events, and those of one kind
    draws = sorted(
        sum(one[1] for one in drawn) / sum(one[0] for one in drawn)
        for drawn in product(paragraphs, repeat=3)
    )
    assert (row["low"], row["high"]) == (draws[0], draws[-1]) == (0, 1)
    assert draws[1] > 0
    assert sum(share == 0 for share in draws) / 27 > 0.025
    assert (row["least"], row["most"]) == (0.75, 0.75)


def test_an_interval_is_from_the_lowest_to_the_highest_of_both_ends() -> None:
    # Of 41 draws, from 0 to 0.4 and from 0.5 to 0.9, one in forty lies below 0.01 and above 0.89.
    drawn = np.linspace(0, 0.4, 41), np.linspace(0.5, 0.9, 41)
    *_, low, high, note = _Figure("events", "kind", "kappa", (5, 6), (0.2, 0.7), drawn).row
    assert (low, high, note) == (pytest.approx(0.01), pytest.approx(0.89), "")


def test_an_interval_that_is_rounded_to_one_value_has_both_its_ends() -> None:
    row = {"codings": "ann and bob", "part": "dates", "about": "bounded windows"}
    row |= {
        "measure": "alpha",
        "units_min": 54,
        "units_max": 55,
        "least": 0.999997,
        "most": 0.999997,
    }
    figures = pd.DataFrame([row | {"low": 0.99999, "high": 1.0, "note": ""}])
    (told,) = by_what(figures)["figures"]
    assert told == "alpha 1.00 [1.00 to 1.00]"


def test_a_note_on_some_figures_of_a_thing_names_them() -> None:
    row = {"codings": "ann and bob", "part": "dates", "about": "windows"}
    row |= {"units_min": 54, "units_max": 54, "low": None, "high": None}
    equal = {"measure": "equal", "least": 0.86, "most": 0.86, "low": 0.74, "high": 0.94, "note": ""}
    disjoint = {"measure": "disjoint", "least": 0.0, "most": 0.0, "note": "no interval"}
    both = [row | equal, row | disjoint]
    assert by_what(pd.DataFrame(both))["note"].tolist() == ["disjoint: no interval"]
    assert by_what(pd.DataFrame(both[1:]))["note"].tolist() == ["no interval"]


def test_windows_that_are_open_on_a_side_are_left_out_of_alpha_and_told() -> None:
    one, other = small(), small()
    for tables in (one, other):
        events = tables["events"]
        events.loc[events["id"] == "call", "date"] = "2018-02/.."
        events.loc[events["id"] == "end", "date"] = "[..2018-05]"
    row = figure(
        _figures(compared(one, other), draws=20), "bounded windows", "alpha (squared Hausdorff)"
    )
    assert (row["units_max"], row["least"]) == (2, 1)
    assert row["note"].startswith("without 2 that are open on a side")
    assert ends(_figures(compared(one, other), draws=20), "windows", "equal") == (1, 1)


def test_a_coding_without_events_has_nothing_in_common() -> None:
    empty = {
        name: table.iloc[:0] if name != "sources" else table for name, table in small().items()
    }
    for one, other in ((small(), empty), (empty, small()), (empty, empty)):
        figures = _figures(compared(one, other), draws=5)
        assert ends(figures, "in both codings", "count") == (0, 0)
        assert pd.isna(figure(figures, "kind", "kappa")["least"])
    assert len(_differences(compared(small(), empty))) > 4


def test_units_in_a_text_by_hand() -> None:
    one, other = compared(small(), small()), small(locators=at("1", "", "worry", "visit"))
    other_side = side(other)
    listed, runs = Compared(one.one, other_side).continuum
    assert listed == sorted(PLACES)
    assert runs[0] == {
        "concern": [(0, 1)],
        "referral": [(0, 1)],
        "visit": [(2, 1)],
        "closure": [(3, 1)],
    }
    # A place that names a paragraph stands for each of its sentences.
    assert runs[1] == {"concern": [(0, 2)], "visit": [(0, 2)]}
    # Where events are told both say alike, however they cut it.
    cut = small(locators=[*at("1", "1", "worry"), *at("1", "2", "call"), *at("2", "1", "visit")])
    whole = small(locators=[*at("1", "", "worry", "call"), *at("2", "1", "visit")])
    told = _figures(compared(cut, whole), draws=5)
    assert ends(told, "where events are told", "alpha") == (1, 1)
    assert ends(told, "where each kind is told", "u-alpha")[0] < 1
    # Units that only touch are two; those that share a sentence are one.
    assert united([(2, 1), (0, 2), (5, 1), (5, 3)]) == [(0, 2), (2, 1), (5, 3)]
    figures = _figures(compared(small(), small(), {}), draws=5)
    row = figure(figures, "where events are told", "alpha")
    assert pd.isna(row["least"])
    assert row["note"] == "undefined: no text of a source is located"
    # Where both tell of every sentence there is nothing to tell apart.
    one_place = small(locators=at("1", "1", "worry", "call", "visit", "end"))
    all_told = _figures(compared(one_place, one_place, {"article": [(1, 1)]}), draws=5)
    assert figure(all_told, "where events are told", "alpha")["note"] == "undefined: nothing varies"
    # The digest of the text as a whole is no sentence.
    located = {"article": [(0, 0), *SENTENCES["article"]]}
    assert Compared(side(small(), "ann", located), other_side).continuum[0] == listed


def test_what_one_coder_was_not_given_is_neither_agreement_nor_disagreement() -> None:
    """Bob coded paragraphs 2 and 3 alone. The worry and the call rest on the first; with them go
    the GP, whom nothing else names, what is said of them, and the first two of four sentences."""
    rest = without_events(small(), {"worry", "call"})
    rest["agencies"] = rest["agencies"][rest["agencies"]["id"] == "cs"]
    part = [{"source": "article", "paragraph": "1", "status": "not-coded"}]
    of_bob = {**rest, "coverage": tables_of(coverage=part)["coverage"]}
    whole, in_part = compared(small(), rest), compared(small(), of_bob)
    assert ends(_figures(whole), "only in ann", "count") == (2, 2)
    assert ends(_figures(whole), "in both codings", "positive specific agreement") == (4 / 6, 4 / 6)
    assert {"call", "worry", "gp"} <= {*_differences(whole)["row"]}
    figures = _figures(in_part)
    counted = [ends(figures, f"only in {name}", "count") for name in ("ann", "bob")]
    assert counted == [(0, 0), (0, 0)]
    row = figure(figures, "in both codings", "count")
    assert row["note"] == "compared without p1, which one of the two did not code"
    assert (row["least"], row["most"]) == (2, 2)
    row = figure(figures, "where each kind is told", "u-alpha")
    assert (row["units_max"], row["least"]) == (2, 1)
    assert _differences(in_part).empty
    assert {*conclusions_of(in_part)["outcome"]} <= {"the same", "open or none"}
    # So with persons, and what is said of them.
    with_person = small(
        people=[{"id": "aunt", "label": "An aunt", "kinship": "relative"}],
        participation=[{"id": "pt", "person": "aunt", "event": "call", "role": "told"}],
        attributes=[{"id": "at", "row": "aunt", "attribute": "background", "value": "A nurse"}],
    )
    assert {"aunt", "at"} <= {*_differences(compared(with_person, rest))["row"]}
    assert _differences(compared(with_person, of_bob)).empty
    # What rests on a paragraph that both have stays, and so does what it names, but not the place.
    longer = small(locators=[*at("1", "1", "worry", "call"), *at("2", "1", "call", "visit", "end")])
    both = Compared(side(longer), side(of_bob, "bob"))
    assert [*both.one.tables["events"]["id"]] == ["call", "visit", "end"]
    assert [*both.one.tables["agencies"]["id"]] == ["cs", "gp"]
    assert sentences_of(both.one.tables)["call"] == {("", "2", "1")}


def test_which_part_is_compared_is_said() -> None:
    """Of two sources, each paragraph stands with its own."""
    sources = [{"id": "article"}, {"id": "radio"}]
    left = [("radio", "2"), ("article", "4"), ("article", "12"), ("article", "3"), ("article", "5")]
    part = [{"source": one, "paragraph": number, "status": "not-coded"} for one, number in left]
    tables = small(sources=sources, coverage=part)
    assert compared(tables, small()).notes == (
        "compared without article:p3 to p5, article:p12, radio:p2, which one of the two did not"
        " code"
    )


def test_events_without_a_place_are_matched_by_their_words_alone() -> None:
    one, other = small(locators=[]), small(locators=[])
    summaries = ["He worries greatly", "The GP rings", "Social worker meets him", "Case closed"]
    other["events"]["summary"] = summaries
    other["events"]["kind"] = "decision"
    matched = Compared(side(one), side(other)).matchings[0].events
    assert matched == {"worry": "worry", "visit": "visit", "end": "end"}


def in_one_paragraph(*rows: tuple[dict[str, str], str]) -> Tables:
    """Events, each with the sentences of the first paragraph that it rests on."""
    places = [at("1", sentence, row["id"]) for row, on in rows for sentence in on]
    return small(
        agencies=[],
        involvement=[],
        themes=[],
        links=[],
        events=[row for row, _ in rows],
        locators=[place for each in places for place in each],
    )


def test_what_did_not_happen_is_matched_with_what_did_not_happen() -> None:
    """One sentence tells of nineteen appointments, eight of them kept. Bob has one row, of the kind
    of those that were kept and with more of its words: of those that were not."""
    absent = {"absence": "did-not-happen"}
    missed = event(
        "missed",
        "behaviour",
        "2019-09/2021-12",
        summary="Child N is not brought to eleven of nineteen clinic appointments",
        **absent,
    )
    when, says = "[2019-09..2021-12]", "Child N is brought to eight clinic appointments"
    kept = event("kept", "contact", when, summary=says, count_min="8", count_max="8")
    says = "N misses 11 of 19 appointments at the clinic"
    dna = event("dna", "contact", "2019-09/2021-12", summary=says, **absent)
    one, other = in_one_paragraph((missed, "1"), (kept, "1")), in_one_paragraph((dna, "1"))
    assert told(one, other) == [
        ("code", "missed", "dna", "kind", "behaviour", "contact"),
        (
            "event",
            "kept",
            "",
            "in one coding only",
            "contact: Child N is brought to eight clinic appointments",
            "",
        ),
    ]
    # Without a look at any code nothing but words tells them apart, and the figures have two ends.
    assert compared(one, other).matchings[0].events == {"kept": "dna"}
    assert ends(_figures(compared(one, other), draws=5), "absence", "agreement") == (0, 1)


def test_parties_of_one_label_are_one_though_others_would_make_more_pairs() -> None:
    """Both coders have the police. Each has a second force, and holds of one event that the one
    took part in it, of the other event that the other did."""

    def coding(police: str, force: str) -> Tables:
        return small(
            agencies=[agency("police", "Police", "6"), agency("force", f"The {force} force", "6")],
            involvement=[part("police", police, "held"), part("force", force, "held")],
        )

    one, other = coding("worry", "end"), coding("end", "worry")
    assert compared(one, other).matchings[0].agencies == {"police": "police"}


def test_what_has_one_date_is_matched_before_what_has_another() -> None:
    """Ann has one row for a summary that was sent on a day, the one says, and came in weeks later,
    says the other; Bob two. No order of Ann's and of Bob's exclude each other."""
    transfer = event(
        "transfer", "information-sharing", "2021-09-06", summary="Northby sends a transfer summary"
    )
    sent = event("sent", "information-sharing", "2021-09-06", summary="Transfer summary: Northby")
    got = event("got", "information-sharing", "2021-10-15", summary="Transfer summary: Northby")
    closes = event("closes", "closure", "2021-09-30", summary="The case is closed")
    one = in_one_paragraph((transfer, "23"), (closes, "4"))
    other = in_one_paragraph((sent, "2"), (got, "3"), (closes, "4"))
    says = "information-sharing: Transfer summary: Northby"
    assert told(one, other) == [("event", "", "got", "in one coding only", "", says)]
    # By place alone one row of Bob's is as good as the other.
    assert ends(
        _figures(compared(one, other), draws=5),
        "pairs of events with orders that exclude each other",
        "count",
    ) == (0, 1)


@pytest.mark.parametrize("seed", some(range(40), 10))
def test_of_all_pairings_the_one_is_taken_that_the_rule_says(seed: int) -> None:
    """As many pairs as can be; of these most that both happened or did not; then most of one date,
    of one kind, most of their sentences, and most of their words."""
    rng = random.Random(seed)

    def coding(name: str) -> Tables:
        rows = []
        for at_row in range(rng.randint(2, 4)):
            kind, absence = rng.choice(["visit", "call"]), rng.choice(["", "", "not-told"])
            words = " ".join(rng.sample(["visits", "calls", "early", "again", "alone"], 3))
            date = rng.choice(["", "2018-01-05", "2018-01-06"])
            row = event(f"{name}{at_row}", kind, date, summary=words, absence=absence)
            rows.append((row, rng.choice(["1", "2", "12"])))
        return in_one_paragraph(*rows)

    one, other = coding("a"), coding("b")
    events, others = (tables["events"].set_index("id").to_dict("index") for tables in (one, other))
    places, places_other = sentences_of(one), sentences_of(other)

    def worth(left: str, right: str) -> tuple[int, ...] | None:
        """What a pair adds to each step of the rule; None where the two are no pair."""
        ann, bob = events[left], others[right]
        happened, date, kind = (
            bool(ann["absence"]) == bool(bob["absence"]),
            ann["date"] == bob["date"] != "",
            ann["kind"] == bob["kind"],
        )
        words, words_other = ({*each["summary"].split()} for each in (ann, bob))
        here, there = places[left], places_other[right]
        common, alike = (
            1000 * len(mine & theirs) // len(mine | theirs)
            for mine, theirs in ((here, there), (words, words_other))
        )
        if not common or not ((happened and kind) or alike >= 250):
            return None
        return 1, happened, date, kind, common, alike

    def pairings(left: list[str], free: frozenset[str]) -> list[list[tuple[str, str]]]:
        if not left:
            return [[]]
        first, *rest = left
        found = pairings(rest, free)
        for right in sorted(free):
            if worth(first, right):
                found += [[(first, right), *more] for more in pairings(rest, free - {right})]
        return found

    def total(pairs: list[tuple[str, str]]) -> list[int]:
        return [sum(step) for step in zip(*(worth(*pair) or () for pair in pairs), strict=True)]

    matched = Compared(side(one), side(other, "bob")).matchings[1].events
    assert total([*matched.items()]) == max(map(total, pairings([*events], frozenset(others))))


# ---------------------------------------------------------------- the passes of Child W


@pytest.fixture(scope="module")
def passes() -> tuple[cc.Review, cc.Review]:
    root = find_root(Path(__file__).parent)
    one, two = (
        cc.read_review(root / "data" / CHILD_W / "codings" / name) for name in ("pass-1", "pass-2")
    )
    return one, two


def test_the_passes_of_child_w(passes: tuple[cc.Review, cc.Review]) -> None:
    """As they were counted before this was written: 67 pairs share a sentence, 66 events have a
    counterpart of one kind, 11 summaries are word for word the same, and no two orders exclude
    each other."""
    agreement = cc.agreement(*passes)
    assert ends(agreement, "in both codings", "count") == (66, 67)
    assert ends(agreement, "only in pass-1", "count") == (75 - 67, 75 - 66)
    assert ends(agreement, "only in pass-2", "count") == (70 - 67, 70 - 66)
    least, most = ends(agreement, "kind", "agreement")
    assert (54 / 67 <= least < most, most) == (True, 1)
    assert ends(agreement, "summaries that are the same word for word", "count")[1] == 11
    row = figure(agreement, "pairs of events with orders that exclude each other", "count")
    assert (row["most"], row["units_max"]) == (0, 55 * 54 // 2)
    assert ends(agreement, "windows", "equal") == (1, 1)


def test_the_paragraph_has_every_figure(passes: tuple[cc.Review, cc.Review]) -> None:
    said = reliability(*passes)
    for row in cc.agreement(*passes).to_dict("records"):
        assert row["about"] in said
        if pd.isna(row["least"]):
            assert f"{row['measure']} undefined" in said
        elif row["measure"] != "count":
            assert f"{row['measure']} {row['least']:.2f}" in said
            assert f"{row['most']:.2f}" in said
        if not pd.isna(row["low"]):
            assert f"[{row['low']:.2f} to {row['high']:.2f}]" in said
    assert "75 events; " in said
    assert f"codebook {codebook().version}" in said
    assert said.endswith("only as far as the coders worked apart.")


def test_the_paragraph_says_how_much_was_compared_and_what_was_not() -> None:
    """Bob coded paragraphs 2 and 3 alone, in which two of Ann's four events rest."""
    rest = without_events(small(), {"worry", "call"})
    part = [{"source": "article", "paragraph": "1", "status": "not-coded"}]
    of_bob = {**rest, "coverage": tables_of(coverage=part)["coverage"]}
    ann, bob = side(small()).review, side(of_bob).review
    said = reliability(ann, bob)
    assert said.startswith(
        "Two codings of  (made with 4 events, 2 of them in what both coded; made with 2 events)"
        f" were compared with casechron {cc.__version__} (codebook ; dating policy: as by default)."
        " How the part that both coded was chosen is not recorded. Which events are the same was"
    )
    assert (
        "Intervals in square brackets are 95 % percentile intervals of a bootstrap over the 2"
        " paragraphs in which an event is told first, an event without a place being one (2,000"
        " draws, seed 1), the widest of both; of few paragraphs such intervals are too narrow"
        " (Hesterberg 2015, The American Statistician 69, 371-386). Events: in both codings"
        " (compared without p1, which one of the two did not code): 2;"
    ) in said
    assert said.endswith(
        ": 5. These figures are of events, of their parties, themes, dates and order, and of what"
        " is concluded from them; on findings, views, recommendations, facts and links no agreement"
        " was worked out. They say how far the two codings agree, not that either is right; they"
        " are evidence of reliability only as far as the coders worked apart."
    )
    # Of two codings of the whole no part was chosen.
    whole = reliability(ann, side(rest).review)
    assert whole.startswith("Two codings of  (made with 4 events; made with 2 events) were")
    assert "chosen" not in whole


def test_conclusions_of_the_passes_go_by_the_ids_of_the_first(
    passes: tuple[cc.Review, cc.Review],
) -> None:
    conclusions_compared = cc.conclusions_compared(*passes)
    outcomes = conclusions_compared["outcome"].value_counts()
    assert outcomes["the same"] > outcomes["different"] > 0
    in_both = (conclusions_compared[["value", "value_other"]] != "").all(axis=1)
    assert not conclusions_compared.loc[in_both, "name"].str.contains("ev-", regex=False).any()
    assert set(conclusions_compared.loc[~in_both, "outcome"]) == {
        "in one coding only",
        "open or none",
    }
    same = conclusions_compared["outcome"] == "the same"
    assert (
        conclusions_compared.loc[same, "value"] == conclusions_compared.loc[same, "value_other"]
    ).all()


def test_whom_an_agency_can_be_goes_by_the_ids_of_the_first_too(
    passes: tuple[cc.Review, cc.Review], final: cc.Review
) -> None:
    several = final.tables["agencies"]["may_be"]
    assert several.str.contains("; ", regex=False).any()
    conclusions_compared = cc.conclusions_compared(passes[0], final)
    assert conclusions_compared["outcome"].eq("the same").any()


def test_a_wider_date_is_a_conclusion_within_another() -> None:
    wide = changed("events", "visit", date="[2018-03..2018-04]")
    found = conclusions_of(compared(small(), wide))
    gap = found[(found["about"] == "response gap") & (found["name"] == "worry to visit")]
    assert gap["outcome"].tolist() == ["one within the other"]
    later = conclusions_of(compared(small(), changed("events", "visit", date="2018-04")))
    gap = later[(later["about"] == "response gap") & (later["name"] == "worry to visit")]
    assert gap["outcome"].tolist() == ["different"]


def test_whether_a_concern_is_answered_and_a_referral_is_one_again_is_a_conclusion() -> None:
    """The visit answers the worry in the first coding alone. The referral is within twelve months
    of a closure of 2017 in the first; with one that may be of 2016 it need not be."""
    shut, by_whom = event("shut", "closure", "2017-08"), part("cs", "shut", "led")
    first = small(
        agencies=[agency("cs", "Children's services", "x-childrens"), agency("gp", "GP", "3A")]
    )
    for name, row in (
        ("events", shut),
        ("involvement", by_whom),
        ("locators", *at("4", "1", "shut")),
    ):
        first[name] = pd.concat([first[name], pd.DataFrame([row])]).fillna("")
    other = {name: table.copy() for name, table in first.items()}
    other["links"] = other["links"].iloc[:0]
    other["events"].loc[other["events"]["id"] == "shut", "date"] = "[2016..2017]"
    found = conclusions_of(compared(first, other)).set_index(["about", "name"])
    said = found[["value", "value_other", "outcome"]].agg(" | ".join, axis=1)
    assert said["what became of a concern", "worry"] == (
        "answered by a step | without an answer on record | different"
    )
    assert said["re-referral", "call: after a closure"] == (
        "certain | possible | one within the other"
    )
    assert said["re-referral", "call: after a referral"] == (
        "none on record | none on record | open or none"
    )


def test_what_no_coding_draws_is_no_conclusion_that_both_draw() -> None:
    """Of two worries one is answered in both codings, by a visit on 31 March, the other in neither.
    Ann alone has a closure: the GP's worry was with another agency then, the cold home
    with nobody; nothing had reached those who closed, and no concern need have come later."""
    one = small(
        events=[
            event("worry", "concern", "2018-01-05", summary="A GP worries"),
            event("cold", "concern", "2018-04-01", summary="The home is cold"),
            event("visit", "visit", "2018-03-31", summary="A social worker visits"),
            event("end", "closure", "2018-05", summary="The case is closed"),
        ],
        involvement=[part("gp", "worry", "held"), part("cs", "end", "led")],
        themes=[],
        locators=[*at("1", "1", "worry"), *at("1", "2", "cold"), *at("2", "1", "visit")],
    )
    pair = compared(one, without_events(one, {"end"}))
    found = conclusions_of(pair)
    assert [*found.itertuples(index=False, name=None)] == [
        ("response gap", "worry to visit", "85 days", "85 days", "the same"),
        (
            "next concern after a closure",
            "end to the next concern",
            "not bounded",
            "",
            "open or none",
        ),
        ("concerns on record", "end", "1 to 2 concerns", "", "in one coding only"),
        ("known at a decision", "end: reached those who decided", "0 matters", "", "open or none"),
        (
            "known at a decision",
            "end: was with another agency only",
            "1 matter",
            "",
            "in one coding only",
        ),
        (
            "known at a decision",
            "end: was with one that may be them",
            "0 matters",
            "",
            "open or none",
        ),
        (
            "known at a decision",
            "end: is not recorded with anybody",
            "1 matter",
            "",
            "in one coding only",
        ),
        (
            "what became of a concern",
            "worry",
            "answered by a step",
            "answered by a step",
            "the same",
        ),
        (
            "what became of a concern",
            "cold",
            "without an answer on record",
            "without an answer on record",
            "open or none",
        ),
    ]
    figures = _figures(pair, draws=5)
    concluded = figures[figures["part"] == "conclusions"]
    columns = ["about", "measure", "units_min", "least"]
    assert [*concluded[columns].itertuples(index=False, name=None)] == [
        ("the same", "share", 5, pytest.approx(2 / 5)),
        ("one within the other", "share", 5, 0),
        ("overlapping", "share", 5, 0),
        ("different", "share", 5, 0),
        ("in one coding only", "share", 5, pytest.approx(3 / 5)),
        ("open or none", "count", 4, 4),
    ]


def test_two_dating_policies_are_no_two_codings(final: cc.Review) -> None:
    other = cc.read_review(final.folder, duration_slack="none")
    with pytest.raises(ValueError, match="read under different dating policies; read both under"):
        cc.agreement(final, other)
    with pytest.raises(cc.ReviewError, match="no coding 'bob'; its codings are: pass-1, pass-2"):
        cc.agreement(final, "bob")
    assert cc.agreement(final, "pass-1", draws=5)["about"].str.contains("the final coding").any()


def test_a_reading_is_of_the_review_that_has_it_and_of_no_other_coding(
    final: cc.Review, tmp_path: Path
) -> None:
    reading = {"readings": ["denial-before-july-report"]}  # neither pass has it
    chosen = cc.read_review(final.folder, **reading)
    pd.testing.assert_frame_equal(cc.agreement(chosen, draws=5), cc.agreement(final, draws=5))
    for review, date in ((final, "[2018-07..2018-12]"), (chosen, "2018-07")):
        differences = cc.coding_differences(review, "pass-1").set_index(["part", "row"])
        said = differences.loc[("date", "interview-wf"), ["says", "says_other"]]
        assert said.tolist() == [date, "no date"]
    with_one = shutil.copytree(final.folder, tmp_path / "data" / CHILD_W)
    shutil.rmtree(with_one / "codings" / "pass-2")
    chosen = cc.read_review(with_one, **reading)
    of_one = cc.agreement(chosen, "pass-1", draws=5)
    pd.testing.assert_frame_equal(cc.agreement(chosen, draws=5), of_one)


@pytest.mark.parametrize("table", [cc.agreement, cc.coding_differences, cc.unmatched])
def test_two_reviews_are_no_two_codings(table: Differ, final: cc.Review) -> None:
    other = cc.read_review("child-a-haringey-2008")
    with pytest.raises(ValueError, match=f"^{CHILD_W} and child-a-haringey-2008 are two reviews; "):
        table(final, other)
    with pytest.raises(ValueError, match=f" of one, as {CHILD_W} and {CHILD_W}/codings/CODER$"):
        table(cc.read_review(f"{CHILD_W}/codings/pass-1"), other)


# ---------------------------------------------------------------- the command


@pytest.fixture
def in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(find_root(Path(__file__).parent))


@pytest.mark.usefixtures("in_project")
def test_the_command_says_contradictions_first_and_the_paragraph_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["agree", CHILD_W]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{CHILD_W}/codings/pass-1 beside {CHILD_W}/codings/pass-2"
    assert lines[2] == "Orders that exclude each other: 0 in 1,485 pairs of events"
    assert "  only in pass-1: 8 to 9" in lines
    assert lines.index("For a paper:") > lines.index("What would be concluded:")
    assert max(map(len, lines[lines.index("For a paper:") : -2])) <= 100
    assert main(["agree", CHILD_W, "--json", "--with", "pass-2"]) == 0
    said = capsys.readouterr().out
    assert said.isascii()  # so that no terminal or file changes a letter
    told = json.loads(said)
    assert told["codings"] == [CHILD_W, f"{CHILD_W}/codings/pass-2"]
    assert {"agreement", "differences", "conclusions", "paragraph"} <= set(told)
    assert told["agreement"][0]["least"] > 0


@pytest.mark.usefixtures("in_project")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["agree", "child-a-haringey-2008"],
            "the review 'child-a-haringey-2008' has one coding alone; a second one is begun by:"
            " casechron new child-a-haringey-2008 --coding CODER",
        ),
        (
            ["agree", CHILD_W, "--with", "pass-9"],
            f"the review '{CHILD_W}' has no coding 'pass-9'; its codings are: pass-1, pass-2",
        ),
    ],
    ids=["one coding", "no such coding"],
)
def test_what_cannot_be_done_is_said(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err == f"casechron: {message}\n"


def test_which_codings_are_meant(tmp_path: Path, final: cc.Review) -> None:
    (tmp_path / "notebooks").mkdir()
    whole = Path(shutil.copytree(final.folder, tmp_path / "data" / CHILD_W))
    one, two = whole / "codings" / "pass-1", whole / "codings" / "pass-2"

    def meant(folder: Path, other: str | None = None) -> list[Path]:
        return [review.folder for review in codings(folder, other)]

    assert meant(whole) == [one, two]
    assert meant(two) == [two, one]
    assert meant(whole, "pass-2") == [whole, two]
    assert meant(one, f"{CHILD_W}/codings/pass-2") == [one, two]
    assert meant(one, CHILD_W) == [one, whole]
    shutil.copytree(one, whole / "codings" / "carol")
    assert meant(one) == [one, whole]
    with pytest.raises(CodingsError) as told:
        codings(whole)
    assert str(told.value) == (
        f"the review '{CHILD_W}' has 3 codings: carol, pass-1, pass-2; name two of them, as in"
        f" casechron agree {CHILD_W}/codings/carol --with pass-1"
    )
    for gone in (whole / "codings" / "carol", two):
        shutil.rmtree(gone)
    # As in cc.coding_differences(review, "pass-1"): the review's own stands first.
    assert meant(whole) == [whole, one]
    assert cc.agreement(cc.read_review(whole), draws=2)["codings"].unique().tolist() == [
        "the final coding and pass-1"
    ]


def test_a_coding_is_read_as_a_review(
    passes: tuple[cc.Review, cc.Review], final: cc.Review, tmp_path: Path
) -> None:
    one = passes[0].meta
    assert (one.id, one.coder, one.title) == (
        f"{CHILD_W}/codings/pass-1",
        "pass-1",
        final.meta.title,
    )
    # What is the review's own alone is not said of a coding.
    assert (one.coded_on, one.notes, one.complete) == ("", "", ())
    assert final.meta.complete


@pytest.mark.parametrize("table", [cc.agreement, cc.coding_differences, cc.conclusions_compared])
def test_a_table_is_a_fresh_one(table: Differ, passes: tuple[cc.Review, cc.Review]) -> None:
    first = table(*passes)
    first.iloc[:, 0] = "changed"
    again = table(*passes)
    assert not (again.iloc[:, 0] == "changed").any()
    assert again.index.tolist() == list(range(len(again)))


def test_a_page_says_what_figures_of_two_codings_bear_and_what_not(
    passes: tuple[cc.Review, cc.Review], final: cc.Review
) -> None:
    figures, lost = cc.agreement(final), cc.unmatched(final)
    assert figures["codings"].unique().tolist() == ["pass-1 and pass-2"]
    one = cc.agreement(*passes)
    pd.testing.assert_frame_equal(figures, one)
    assert set(lost["coding"]) == {"pass-1", "pass-2"}
    both = figure(one, "in both codings", "count")
    alone = [figure(one, f"only in {name}", "count") for name in ("pass-1", "pass-2")]
    same = figure(one, SAME_WORDS, "count")
    ends = [f"{row['least']:.0f} to {row['most']:.0f}" for row in (both, *alone, same)]
    assert key_points(figures, lost) == [
        "Two codings lie side by side, pass-1 and pass-2. Events:"
        f" {ends[0]} in both codings, {ends[1]} only in pass-1 and {ends[2]} only in pass-2.",
        # Short ones such as 'W is born' can be written alike by two who never met.
        f"{ends[3]} summaries that are the same word for word: that may be chance, or the two may"
        " not have come about apart.",
        "The figures are of events alone, not of findings, views or recommendations; they say how"
        " far the codings agree, not that either is right.",
        f"Of the rows of these codings the review's own has {len(lost)} otherwise, as an event of"
        " another kind, or not at all; they are listed, and stay listed.",
    ]
    table = by_what(figures).set_index("about")
    assert table.loc["where events are told", "figures"] == "alpha 0.91"
    assert table["figures"].str.count(", ").add(1).sum() == len(one)


def test_a_review_that_is_coded_once_has_no_figures() -> None:
    once = cc.read_review("child-a-haringey-2008")
    figures, lost = cc.agreement(once), cc.unmatched(once)
    assert figures.empty
    assert lost.empty
    assert by_what(figures).empty
    assert list(figures) == list(cc.agreement(once, once))
    assert "coding" in lost
    assert key_points(figures, lost) == [
        "This review has been coded once; how another would code it is not known."
    ]


@rendered_for_it("a coding apart from reviews")
def test_a_coding_is_rendered_apart_from_reviews(
    tmp_path: Path, final: cc.Review, capsys: pytest.CaptureFixture[str]
) -> None:
    root = find_root()
    one = f"{CHILD_W}/codings/pass-1"
    questions = [root / "notebooks" / f"{name}.ipynb" for name in ("01_coding", "02_chronology")]
    done = render_all(root, [one], 1, out_dir=tmp_path, notebooks=questions, progress=False)
    assert done.exit_code == 0, done
    report = tmp_path / f"{CHILD_W}--pass-1"
    said = json.loads((report / "report.json").read_text())
    assert said["title"] == f"{final.meta.title} ({final.meta.body}, 2020), as coded by pass-1"
    coded = pd.read_csv(report / "tables" / "coded" / "events.csv", dtype="str")
    assert coded["id"].tolist() == cc.read_review(one).tables["events"]["id"].tolist()
    with pytest.raises(RenderError) as told:
        render_all(root, [one, CHILD_W], 1, out_dir=tmp_path, notebooks=questions, progress=False)
    assert str(told.value) == "codings of one coder are rendered apart from reviews: name either"
