"""The kind of fault that sensitivity had: the number that was tried was not the number printed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from a_timed_review import review
from casechron.analysis import (
    knowledge,
    timing,
)
from casechron.analysis.quantities import QUANTITIES, Span
from casechron.chronology import solve
from casechron.coding.reviews import read_coded
from made_reviews import review_of
from simulation import frames, simulate
from thoroughly import some

DATA = Path(__file__).parents[1] / "data"
REVIEWS = sorted(folder.name for folder in DATA.iterdir() if (folder / "review.toml").is_file())
#: How sensitivity calls what had not reached those who decided.
ELSEWHERE = {
    knowledge.OTHER: "was with somebody else",
    knowledge.NOBODY: "is not recorded with anybody",
    knowledge.LATER: "was learned only afterwards",
    knowledge.NOT_STATED: "was with somebody, and who decided is not stated",
}
ABOUT = {one.about: one for one in QUANTITIES}

#: A case is closed on 10 January 2018; the next concern on record comes 66 to 74 days later.
CLOSED = [
    {"id": "closed", "date": "2018-01-10", "kind": "closure", "summary": "The case is closed"},
    {"id": "bruise", "date": "[2018-03-17..2018-03-25]", "kind": "bruising", "summary": "A bruise"},
    {"id": "harm", "date": "2018-06-01", "kind": "harm-to-child", "summary": "An injury"},
]
SOONER = [
    {
        "reading": "sooner",
        "row": "bruise",
        "column": "date",
        "value": "[2018-03-12..2018-03-25]",
        "reason": "The month can begin on the day of the visit",
    }
]


def printed(
    tables: dict[str, pd.DataFrame], jurisdiction: str = "England"
) -> dict[tuple[str, str], str]:
    """What the tables of the pages say, in the words of sensitivity, by what it is about."""
    chronology = solve(tables["events"], tables["relations"])
    found: dict[tuple[str, str], str] = {}

    def add(about: str, table: pd.DataFrame, names: list[str], numbers: str) -> None:
        for row in table.to_dict("records"):
            least, most = (row[f"{numbers}_{side}"] for side in ("min", "max"))
            span = Span(*(None if pd.isna(one) else int(one) for one in (least, most)))
            if (words := ABOUT[about].words(span)) != "not bounded":
                found[about, " to ".join(row[name] for name in names)] = words

    gaps = cc.response_gaps(review_of(tables, chronology, jurisdiction))
    answered = gaps[gaps["state"].isin([timing.ANSWERED, timing.CLOSED_OR_LEFT])]
    add("response gap", answered, ["concern", "answer"], "days")
    observed = gaps[gaps["observed_to"] != ""]
    add("no answer observed", observed, ["concern", "observed_to"], "observed_days")
    following = gaps[gaps["next_step"] != ""].assign(to="the next protective step")
    add("next protective step", following, ["concern", "to"], "next_step_days")
    steps = cc.steps_before_harm(review_of(tables, chronology, jurisdiction))
    add("protective step", steps, ["step", "to_event"], "days")
    first = cc.first_concern_to_first_step(review_of(tables, chronology, jurisdiction))
    first["to"] = "first protective step"
    add("first concern to first step", first, ["scope", "to"], "days")
    closures = cc.closures_and_next_concern(review_of(tables, chronology))
    closures["to"] = "the next concern"
    add("next concern after a closure", closures, ["closure", "to"], "days")
    before = cc.concerns_before_decisions(review_of(tables, chronology))
    add("concerns on record", before, ["decision"], "concerns")
    checks = cc.timescale_checks(review_of(tables, chronology, jurisdiction))
    for _, row in checks[(checks["start"] != "") | (checks["may_end"] != "")].iterrows():
        may = row["may_end"]
        start, end = row["start"] or "not on record", may if may and "; " not in may else ""
        end = end or "nothing on record"
        found["timescale", f"{row['title']} ({start} to {end})"] = row["verdict"]
    for decision, own in cc.known_by_decision(review_of(tables, chronology)).groupby("decision"):
        matters = dict(zip(own["reached"], own["matters"].tolist(), strict=True))
        certain, possible = (matters.pop(kind) for kind in (knowledge.CERTAIN, knowledge.POSSIBLE))
        matters[knowledge.OTHER] += matters.pop(knowledge.UNNAMED)
        words = ABOUT["known at a decision"].words
        name = f"{decision}: reached those who decided"
        found["known at a decision", name] = words(Span(certain, certain + possible))
        for kind, number in matters.items():
            if number or kind in (knowledge.OTHER, knowledge.NOBODY):
                name = f"{decision}: {ELSEWHERE[kind]}"
                found["known at a decision", name] = words(Span(number, number))
    points = cc.turning_point_gaps(review_of(tables, chronology, jurisdiction))
    for _, row in points[points["order"] != "unclear"].iterrows():
        name = f"{row['from_event']} to {row['to_event']}"
        found["order of turning points", name] = row["order"]
    return found


def tried(tables: dict[str, pd.DataFrame], jurisdiction: str = "England") -> pd.DataFrame:
    chronology = solve(tables["events"], tables["relations"])
    return cc.sensitivity(review_of(tables, chronology, jurisdiction))


@pytest.mark.parametrize(
    ("name", "jurisdiction"),
    some([*((one, "England") for one in REVIEWS), (5, "Scotland"), (6, "England")]),
)
def test_kind_07_what_is_tried_is_what_is_printed(name: str | int, jurisdiction: str) -> None:
    if isinstance(name, int):
        tables = frames(simulate(name, events=36, vagueness=0.5, undated=0.15).tables)
    else:
        tables = dict(read_coded(DATA / name).tables)
    found = tried(tables, jurisdiction)
    keys = zip(found["about"], found["name"], strict=True)
    assert dict(zip(keys, found["value"], strict=True)) == printed(tables, jurisdiction)


def test_kind_07_a_reading_that_moves_what_is_printed_flips_it() -> None:
    tables = review(
        events=CLOSED,
        relations=[],
        links=[],
        participation=[],
        involvement=[{"id": "seen", "agency": "school", "event": "bruise", "role": "held"}],
        readings=SOONER,
    )
    found = tried(tables)
    (row,) = found[found["about"] == "next concern after a closure"].to_dict("records")
    # From 10 January to 17 March are 66 days, to 25 March 74; to 12 March 61.
    assert (row["value"], row["flipped_by"], row["over_all"]) == (
        "66 to 74 days",
        "reading: sooner",
        "61 to 74 days",
    )
