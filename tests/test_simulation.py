"""Does the truth of a simulated review always lie within what the chronology says, and would we
notice if it did not?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from casechron.chronology import bounds_table, gaps_table, solve
from casechron.coding.codebook import codebook
from casechron.coding.form_check import check_form
from casechron.coding.reviews import frames_with
from casechron.coding.verification import verify_form
from casechron.dates.days import day_number, day_text
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import day_span as date_bounds
from sheet_cases import simulated
from simulation import (
    SimulatedReview,
    SimulationError,
    TrueDay,
    simulate,
    simulate_many,
    write_reviews,
)
from simulation.containment import outside, widths
from simulation.draws import Draws
from simulation.folders import form_files
from simulation.phrases import exact, honest, vague
from thoroughly import EVERY

KEYS = [name for name, key in codebook().keys.items() if key.needed]

DEFAULT = DatingPolicy()
POLICIES = (
    DEFAULT,
    DatingPolicy(duration_slack="none", approximate_slack="none", winter="ends"),
    DatingPolicy(early_to=8, mid_to=19, late_from=20, end_from=26, approximate_slack="half-unit"),
)
SEEDS = range(150)


@cache
def review(seed: int) -> SimulatedReview:
    """A small review, its vagueness and the rest as the seed has it: every sixth is exact, every
    sixth all vague."""
    draws = Draws("tests", seed)
    return simulate(
        seed,
        1 + seed % 7,
        events=draws.whole(8, 24),
        vagueness=seed % 6 / 5,
        undated=draws.pick([0, 0.15, 0.5, 1]),
        relations=draws.pick([None, None, 0, 6, 50]),
        policy=POLICIES[seed % len(POLICIES)],
    )


def moved(truth: tuple[TrueDay, ...], event: str, days: int) -> list[TrueDay]:
    return [one._replace(day=one.day + days) if one.event == event else one for one in truth]


def kinds(made: SimulatedReview) -> dict[str, str]:
    return {row["id"]: row["kind"] for row in made.tables["events"]}


# ---------------------------------------------------------------- the truth is admissible


@pytest.mark.parametrize("seed", SEEDS)
def test_every_true_day_and_gap_lies_within_the_bounds(seed: int) -> None:
    made = review(seed)
    assert outside(frames_with(made.tables), made.truth, made.policy) == []


@pytest.mark.parametrize("seed", range(0, 150, 15))
def test_the_tables_of_bounds_and_gaps_say_so_too(seed: int) -> None:
    made = review(seed)
    tables = frames_with(made.tables)
    chronology = solve(tables["events"], tables["relations"], made.policy)
    assert chronology.admissible
    table = bounds_table(chronology).set_index("event")
    for event, point, day in made.truth:
        low, high = ("earliest", "start_latest") if point == "start" else ("end_earliest", "latest")
        true = pd.Timestamp(day_text(day)).to_datetime64()
        assert (
            pd.isna(table.at[event, low])
            or table[low].to_numpy()[table.index.get_loc(event)] <= true
        )
        assert (
            pd.isna(table.at[event, high])
            or table[high].to_numpy()[table.index.get_loc(event)] >= true
        )
    days = {(event, point): day for event, point, day in made.truth}
    asked = pd.DataFrame(
        [(*one, *other) for one in days for other in days if one[0] != other[0]],
        columns=["from_event", "from_point", "to_event", "to_point"],
    )
    gaps = gaps_table(chronology, asked)
    true_gaps = [
        days[row.to_event, row.to_point] - days[row.from_event, row.from_point]
        for row in asked.itertuples()
    ]
    assert (gaps["days_min"].isna() | (gaps["days_min"] <= true_gaps)).all()
    assert (gaps["days_max"].isna() | (gaps["days_max"] >= true_gaps)).all()


@pytest.mark.parametrize("number", range(20))
def test_the_truth_lies_within_every_other_reading(number: int) -> None:
    made = next(islice((one for one in map(review, SEEDS) if one.tables["readings"]), number, None))
    for reading in {row["reading"] for row in made.tables["readings"]}:
        tables = frames_with(made.tables)
        for row in made.tables["readings"]:
            if row["reading"] == reading:
                tables["events"].loc[tables["events"]["id"] == row["row"], row["column"]] = row[
                    "value"
                ]
        assert outside(tables, made.truth, made.policy) == []


def test_with_no_vagueness_the_bounds_are_the_truth_but_for_the_birth() -> None:
    for seed in range(12):
        simulated = simulate(seed, events=8 + seed, vagueness=0, undated=0)
        tables = frames_with(simulated.tables)
        chronology = solve(tables["events"], tables["relations"])
        kind = kinds(simulated)
        born = [one for one in simulated.truth if kind[one.event] == "birth"]
        rest = [one for one in simulated.truth if kind[one.event] != "birth"]
        assert len(born) == 2
        assert len(rest) > 12
        assert widths(chronology, rest) == [1] * len(rest)
        assert outside(tables, simulated.truth, DEFAULT) == []
        month = day_text(born[0].day)[:7]
        assert {row["date"] for row in simulated.tables["events"] if row["kind"] == "birth"} == {
            month
        }


def test_more_vagueness_leaves_the_truth_as_it_was_and_widens_the_bounds() -> None:
    made = [simulate(5, events=40, vagueness=share, undated=share / 2) for share in (0, 0.5, 1)]
    assert made[0].truth == made[1].truth == made[2].truth
    closed = [
        [
            width or 10**6
            for width in widths(
                solve(*(frames_with(one.tables)[name] for name in ("events", "relations"))),
                one.truth,
            )
        ]
        for one in made
    ]
    assert sum(closed[0]) < sum(closed[1]) < sum(closed[2])


# ---------------------------------------------------------------- and we would notice if it were
# not


def network_events(made: SimulatedReview) -> Iterator[str]:
    kind = kinds(made)
    yield from dict.fromkeys(one.event for one in made.truth if kind[one.event] != "birth")


def test_a_true_day_moved_out_of_its_phrase_is_found() -> None:
    looked_at = 0
    for seed in range(0, 30, 3):
        made = review(seed)
        tables = frames_with(made.tables)
        chronology = solve(tables["events"], tables["relations"], made.policy)
        for event in network_events(made):
            at = chronology.lowered.row_of[event]
            high = int(chronology.event_windows[at, 1])
            true = next(one.day for one in made.truth if one.event == event)
            if high < 2**50:
                just_out = moved(made.truth, event, high + 1 - true)
                found = outside(tables, just_out, made.policy)
                low = int(chronology.event_windows[at, 0])
                since = "no bound" if low < -(2**50) else day_text(low)
                assert (
                    f"start of {event}: the true day {day_text(high + 1)} is not between {since}"
                    f" and {day_text(high)}" in found
                )
                looked_at += 1
    assert looked_at > 60


def test_a_false_phrase_is_found() -> None:
    looked_at = 0
    for seed in range(0, 60, 5):
        made = review(seed)
        draws = Draws("false phrases", seed)
        for row in made.tables["events"]:
            true = {one.day for one in made.truth if one.event == row["id"]}
            if row["date"] and len(true) == 1 and row["kind"] != "birth" and not row["count_min"]:
                tables = frames_with(made.tables)
                (day,) = true
                said = vague(day + 800, draws, made.policy)
                if honest(iter([said]), day, made.policy):
                    continue  # so wide, or so open, that it holds of both days
                tables["events"].loc[tables["events"]["id"] == row["id"], "date"] = said.text
                assert outside(tables, made.truth, made.policy), (
                    f"{row['id']} of {seed} told as {said.text} and not noticed"
                )
                looked_at += 1
    assert looked_at > 40


def test_a_relation_turned_round_is_found() -> None:
    looked_at = 0
    for seed in SEEDS[::3]:
        made = review(seed)
        for number, row in enumerate(made.tables["relations"]):
            born = "birth" in (kinds(made)[row["from_event"]], kinds(made)[row["to_event"]])
            if row["type"] == "before" and not born:
                turned = {
                    **row,
                    "from_event": row["to_event"],
                    "from_point": row["to_point"],
                    "to_event": row["from_event"],
                    "to_point": row["from_point"],
                }
                relations = [
                    *made.tables["relations"][:number],
                    turned,
                    *made.tables["relations"][number + 1 :],
                ]
                assert outside(
                    frames_with({**made.tables, "relations": relations}), made.truth, made.policy
                )
                looked_at += 1
                break
    assert looked_at > 25


def test_a_gap_that_is_not_admitted_is_found_where_both_days_are() -> None:
    events = pd.DataFrame({"id": ["visit", "call"], "date": ["2018-08", "2018-08"]})
    relations = pd.DataFrame(
        {
            "id": ["r"],
            "type": ["gap"],
            "from_event": ["visit"],
            "to_event": ["call"],
            "gap": ["P3D"],
            "meaning": ["exact"],
        }
    )
    first = day_number(2018, 8, 10)
    for days, found in (
        (3, []),
        (
            4,
            [
                "from the start of visit to the start of call: the true gap of 4 days is more than"
                " the 3 that are admitted"
            ],
        ),
        (
            2,
            [
                "from the start of call to the start of visit: the true gap of -2 days is more than"
                " the -3 that are admitted"
            ],
        ),
    ):
        truth = [TrueDay("visit", "start", first), TrueDay("call", "start", first + days)]
        assert outside({"events": events, "relations": relations}, truth, DEFAULT) == found


def test_an_account_that_contradicts_itself_is_found() -> None:
    simulated = simulate(1, events=10, vagueness=0)
    row = simulated.tables["relations"][0]
    turned = {
        **row,
        "id": "rl-turned",
        "type": "gap",
        "from_point": "",
        "to_point": "",
        "gap": "P9Y",
        "meaning": "exact",
    }
    tables = frames_with(
        {**simulated.tables, "relations": [*simulated.tables["relations"], turned]}
    )
    assert outside(tables, simulated.truth, DEFAULT) == [
        "no chronology is admissible, and the truth is one"
    ]


# ---------------------------------------------------------------- honest phrases


def test_a_phrase_is_said_of_the_days_that_it_holds_of_only() -> None:
    draws = Draws("days of a month")
    said: dict[str, set[int]] = {}
    for _ in range(60):
        for of_month in range(1, 32):
            text = vague(day_number(2018, 8, of_month), draws, DEFAULT).text
            said.setdefault(text, set()).add(of_month)
    assert said["early 2018-08"] <= set(range(1, 11))
    assert said["mid 2018-08"] <= set(range(11, 21))
    assert said["late 2018-08"] <= set(range(21, 32))
    assert {min(said[f"{word} 2018-08"]) for word in ("early", "mid", "late")} == {1, 11, 21}
    assert len(said) > 150


def test_the_policy_says_whose_winter_it_is() -> None:
    for day in (day_number(2018, 1, 15), day_number(2018, 12, 15)):
        for policy, year in ((DEFAULT, 2017), (DatingPolicy(winter="ends"), 2018)):
            draws, texts = Draws("winter"), set()
            for _ in range(300):
                texts.add(vague(day, draws, policy).text)
            whole_winters = {text for text in texts if text.endswith("-24") and len(text) == 7}
            assert whole_winters == {f"{year + (day > day_number(2018, 6))}-24"}


@pytest.mark.parametrize(
    "day", [day_number(2016, 2, 29), day_number(2018, 12, 31), day_number(2020, 1, 1)]
)
def test_every_phrase_holds_of_days_at_the_edges_of_the_calendar(day: int) -> None:
    for policy in POLICIES:
        draws = Draws("edges", day)
        for _ in range(300):
            found = date_bounds(vague(day, draws, policy).text, policy)
            assert found.shape == "moment"
            assert found.earliest is None or found.earliest <= day
            assert found.latest is None or day <= found.latest


def test_words_are_the_sources_and_at_most_six() -> None:
    assert exact(day_number(2018, 8, 28)).words == "on 28 August 2018"
    for seed in SEEDS:
        tables = review(seed).tables
        for row in [*tables["events"], *tables["views"]]:
            assert len(row["date_words"].split()) <= 6
            # A month or a day whose year only the context gives is derived.
            if row["date_words"] and row.get("date_basis", row["basis"]) == "stated":
                assert any(word[:4].isdigit() for word in row["date_words"].split()), row


# ---------------------------------------------------------------- whole reviews


@pytest.mark.parametrize("first", range(0, 150, 30))
def test_every_review_passes_the_check_and_every_locator_its_text(
    first: int, tmp_path: Path
) -> None:
    for seed in range(first, first + 30, 1 if EVERY else 3):
        made = review(seed)
        out = tmp_path / str(seed)
        assert write_reviews([made], out) == 1
        folder = out / "data" / made.id
        check = check_form(folder)
        assert [*check.wrong, *check.to_do] == []
        text = out / "texts" / f"{made.id}.txt"
        assert {one.status for one in verify_form(folder, "report", text)[0]} == {"exact"}


def test_where_things_stand(tmp_path: Path) -> None:
    made = list(simulate_many(4, 2, events=(8, 10)))
    assert write_reviews(made, tmp_path) == 2
    names = sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    )
    files = {n: list(form_files(one)) for n, one in enumerate(made, start=1)}
    assert names == sorted(
        [
            *(f"data/simulated-000{n}/{name}" for n in (1, 2) for name in files[n]),
            *(f"texts/simulated-000{n}.txt" for n in (1, 2)),
            *(f"truth/simulated-000{n}.csv" for n in (1, 2)),
        ]
    )
    lines = (tmp_path / "truth" / "simulated-0001.csv").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "event,point,day",
        *(f"{event},{point},{day_text(day)}" for event, point, day in made[0].truth),
    ]


def test_the_truth_has_two_points_of_every_event_but_an_end_that_nobody_knows() -> None:
    simulated = simulate(3, events=30)
    ends = {(one.event, one.point) for one in simulated.truth}
    open_ended = {
        row["id"]
        for row in simulated.tables["events"]
        if row["kind"] in ("known-to-agencies", "protection-plan")
    }
    there = {row["id"] for row in simulated.tables["events"] if not row["absence"]}
    assert ends == {(event, "start") for event in there} | {
        (event, "end") for event in there - open_ended
    }
    assert len(simulated.truth) == len(ends)
    assert open_ended


def test_an_invented_review_says_everywhere_that_it_is_invented() -> None:
    simulated = simulate(12, 34, events=10)
    meta = tomllib.loads(simulated.meta)
    assert list(meta) == list(KEYS)
    assert meta["title"] == "Simulated review 34 (seed 12)"
    assert meta["body"] == "Nobody: invented by simulate.py"
    assert meta["content_note"].startswith(
        "This review is invented by a program; no child, family or agency in it exists."
    )
    assert (
        meta["citation"]
        == "casechron, simulate.py, seed 12, review 34. Invented data; no review of any case."
    )
    assert meta["licence"] == "CC0-1.0 (invented data)"
    assert meta["notes"].endswith(
        "Each phrase holds of a true day under the default dating policy."
    )
    assert simulated.id == "simulated-0034"
    assert all("nvented" in row["citation"] for row in simulated.tables["sources"])
    assert simulated.text.startswith("Simulated review 34 (seed 12), an invented text\n\n")
    under = simulate(12, 34, events=10, policy=DatingPolicy(winter="ends"))
    assert 'dating policy {"winter": "ends"}.' in tomllib.loads(under.meta)["notes"]


def test_persons_have_labels_and_no_names() -> None:
    labels = {row["label"] for seed in SEEDS for row in review(seed).tables["people"]}
    assert {label for label in labels if label[0].isupper()} == {
        f"Child S{number}" for number in range(1, 8)
    }
    assert labels - {f"Child S{number}" for number in range(1, 8)} == {
        "mother",
        "father",
        "sibling A",
        "father of sibling A",
    }


def test_births_are_windows_and_no_gap_or_day_is_told_of_one() -> None:
    for seed in SEEDS:
        tables = review(seed).tables
        (birth,) = (row for row in tables["events"] if row["kind"] == "birth")
        assert date_bounds(birth["date"]).precision in ("month", "year")
        told = [
            row["type"]
            for row in tables["relations"]
            if birth["id"] in (row["from_event"], row["to_event"])
        ]
        assert set(told) <= {"before", "not-after"}


def test_what_is_asked_for_is_made() -> None:
    simulated = simulate(2, events=50, undated=0.4, relations=70)
    assert len(simulated.tables["events"]) == 50
    assert len(simulated.tables["relations"]) == 70
    could = [
        row
        for row in simulated.tables["events"]
        if not row["absence"] and row["kind"] not in ("birth", "publication")
    ]
    bare = [row["id"] for row in could if row["date"] in ("", "/..")]
    assert len(bare) == round(0.4 * len(could))
    tied = {
        row[side] for row in simulated.tables["relations"] for side in ("from_event", "to_event")
    }
    assert set(bare) <= tied
    everything = simulate(2, events=30, vagueness=1, undated=1, relations=100)
    assert all(
        row["date"] in ("", "/..") or row["absence"] or row["kind"] in ("birth", "publication")
        for row in everything.tables["events"]
    )
    assert simulate(2, events=20, relations=0).tables["relations"] == []


def test_every_way_of_speaking_is_heard() -> None:
    made = [review(seed) for seed in SEEDS]
    dates = {row["date"] for one in made for row in one.tables["events"]}
    for sort, holds in {
        "day": lambda date: len(date) == 10 and date[:4].isdigit(),
        "month": lambda date: len(date) == 7 and date[5] in "01",
        "part of a month": lambda date: date.startswith("late 20") and len(date) == 12,
        "season": lambda date: len(date) == 7 and date[5:] in ("21", "22", "23", "24"),
        "year": lambda date: len(date) == 4 and date.isdigit(),
        "part of a year": lambda date: date.startswith("early 20"),
        "approximate": lambda date: "~" in date,
        "doubted": lambda date: date.endswith("?"),
        "both": lambda date: "%" in date,
        "unspecified": lambda date: "X" in date,
        "window": lambda date: date.startswith("[20") and date.count("..") == 1,
        "one of": lambda date: date.startswith("[") and "," in date,
        "all of": lambda date: date.startswith("{"),
        "not later": lambda date: date.startswith("[.."),
        "not before": lambda date: date.endswith("..]"),
        "span": lambda date: "/" in date and date[0] in "2em" and date[-1] not in "./",
        "open end": lambda date: date.endswith("/.."),
        "end not given": lambda date: date.endswith("/"),
        "start not given": lambda date: date.startswith("/2"),
        "on or before": lambda date: date.startswith("..2"),
        "none": lambda date: date == "",
    }.items():
        assert any(map(holds, dates)), f"no date is told as {sort}"
    relations = [row for one in made for row in one.tables["relations"]]
    assert {row["type"] for row in relations} == set(codebook().codes("relation_type"))
    spoken = codebook().codes("gap_meaning").keys() - {"approximate"}  # nobody says 'around' there
    assert {row["meaning"] for row in relations} == {"", *spoken}
    assert {row["gap"][-1:] for row in relations} == {"", "D", "W", "M", "Y"}
    assert {row["from_point"] for row in relations} == {"", "start", "end"}
    for table in ("events", "involvement", "participation", "attributes", "relations", "links"):
        assert {row["basis"] for one in made for row in one.tables[table]} == {
            "stated",
            "derived",
            "judged",
        }
    events = [row for one in made for row in one.tables["events"]]
    assert len({row["kind"] for row in events}) > 30
    assert len({row["absence"] for row in events}) == 6
    counts = {
        (bool(row["count_min"]), bool(row["count_max"]), row["count_min"] == row["count_max"])
        for row in events
    }
    assert counts == {
        (False, False, True),
        (True, False, False),
        (True, True, False),
        (True, True, True),
    }
    assert all(
        one.tables[table]
        for one in made
        for table in codebook().tables
        if table not in ("relations", "readings")
    )


# ---------------------------------------------------------------- what cannot be made


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"events": 7}, "7 events: a simulated review has from 8 to 400"),
        ({"events": 401}, "401 events: a simulated review has from 8 to 400"),
        ({"number": 0}, "review 0: reviews are numbered from 1"),
        ({"vagueness": 1.5}, "vagueness 1.5: it is a share, from 0 to 1"),
        ({"undated": -0.1}, "undated -0.1: it is a share, from 0 to 1"),
        ({"relations": -1}, "-1 relations: write a whole number from 0"),
    ],
)
def test_what_cannot_be_made_is_refused(asked: dict[str, float], why: str) -> None:
    with pytest.raises(SimulationError) as refused:
        simulate(1, **asked)
    assert str(refused.value) == why


def test_no_reviews_and_sizes_the_wrong_way_round_are_refused() -> None:
    for reviews, events, why in (
        (0, (20, 60), "0 reviews: write a whole number from 1"),
        (3, (20, 10), "from 20 to 10 events: write the smaller number first"),
        (3, (5, 9), "5 events: a simulated review has from 8 to 400"),
    ):
        with pytest.raises(SimulationError) as refused:
            list(simulate_many(1, reviews, events=events))
        assert str(refused.value) == why


def test_nothing_is_written_among_other_reviews(tmp_path: Path) -> None:
    (tmp_path / "data" / "child-x-anytown-2019").mkdir(parents=True)
    with pytest.raises(SimulationError) as refused:
        write_reviews(simulate_many(1, 2), tmp_path)
    assert (
        str(refused.value)
        == f"{tmp_path} is not empty (data); name a new folder, so that invented reviews stand by"
        " themselves"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("number", "events", "vagueness", "undated", "policy"),
    [(24, 30, 0.2, 0, DEFAULT), (7, 52, 1, 0.15, DatingPolicy(duration_slack="none"))],
)
def test_a_seed_tells_what_it_told(
    number: int, events: int, vagueness: float, undated: float, policy: DatingPolicy
) -> None:
    """What a seed gives is promised for every machine: each sentence, by its digest, is that of the
    reviews which were kept long ago."""
    asked = {"vagueness": vagueness, "undated": undated, "policy": policy}
    review_now = simulate(2014 + number, number, events=events, **asked)
    kept = simulated()[review_now.id]["sentences.csv"]
    assert form_files(review_now)["sentences.csv"].encode() == kept
