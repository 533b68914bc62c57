"""Do conclusions lean on the judged orders that trying every set of them says?"""

from __future__ import annotations

import random
from functools import cache
from itertools import chain, combinations, product
from pathlib import Path

import pandas as pd
import pytest

from a_timed_review import RELATIONS, review
from casechron.analysis import robustness, run_up
from casechron.analysis.combinations import JUDGED
from casechron.analysis.conclusions import value_at
from casechron.analysis.timescales import timescale_checks
from casechron.chronology import attempt, feasible_region
from casechron.chronology.network import closed
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import read_review
from casechron.reporting import robustness_words

DATA = Path(__file__).parents[1] / "data"
W, A = "child-w-manchester-2020", "child-a-haringey-2008"
Tables = dict[str, pd.DataFrame]

#: 'bruise' is no later than 'strategy' by j-seen, and by j-bruise with j-nfa.
ORDERS = [
    {
        "id": "j-bruise",
        "type": "not-after",
        "from_event": "bruise",
        "to_event": "nfa",
        "basis": "judged",
    },
    {
        "id": "j-nfa",
        "type": "not-after",
        "from_event": "nfa",
        "to_event": "strategy",
        "basis": "judged",
    },
    {
        "id": "j-seen",
        "type": "not-after",
        "from_event": "bruise",
        "to_event": "strategy",
        "basis": "judged",
    },
]
#: Which conference the strategy discussion led to hangs on j-second alone.
CLOCK = [
    {"id": "strategy", "date": "2018-06-01", "kind": "strategy-discussion"},
    {"id": "other", "kind": "icpc"},
    {"id": "conference", "date": "2018-06-11", "kind": "icpc"},
]


def small(**changed: str) -> Tables:
    """The timed review with three judged orders; some relations with another basis."""
    rows = [*RELATIONS[1:], *ORDERS]
    basis = {
        row["id"]: changed.get(row["id"].replace("-", "_"), row.get("basis", "stated"))
        for row in rows
    }
    return review(relations=[{**row, "basis": basis[row["id"]]} for row in rows])


@cache
def every_of(name: str) -> tuple[Tables, robustness.Every]:
    tables = read_review(DATA / name)
    return tables, robustness.every_combination(tables, DatingPolicy(), "England")


def every_set(orders: list[str]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(orders, size) for size in range(len(orders) + 1)))


def test_every_set_of_judged_orders_under_every_combination() -> None:
    """What holds without all of them holds without any set of them; what a conclusion leans on is
    what trying all sets says."""
    judged = [row["id"] for row in ORDERS]
    whole = robustness.every_combination(small(), DatingPolicy(), "England")
    names = [(one.about, one.name) for one in whole.conclusions]
    holds: dict[tuple[str, ...], dict[tuple[int, ...], list[bool]]] = {}
    for gone in every_set(judged):
        # Only these are judged, so the choice leaves out these and no others.
        basis = {row.replace("-", "_"): "stated" for row in judged if row not in gone}
        every = robustness.every_combination(small(**basis), DatingPolicy(), "England")
        assert [(one.about, one.name) for one in every.conclusions] == names
        axis, choices = every.combined.axis(JUDGED), every.combined.choices
        assert (axis is None) == (not gone)
        others = [range(len(choice.options)) for choice in choices if choice.name != JUDGED]
        holds[gone] = {
            index: [bool(value_at(one.holds, at)) for one in every.conclusions]
            for index in product(*others)
            for at in [index if axis is None else (*index[:axis], 1, *index[axis:])]
        }
    assert len(holds[()]) == 16
    given, changed = (0,) * 4, set()
    for index, with_all in holds[()].items():
        without = holds[tuple(judged)][index]
        for gone, found in holds.items():
            for at, held in enumerate(found[index]):
                assert held or not (with_all[at] and without[at]), (gone, index, names[at])
                assert not held or with_all[at], (gone, index, names[at])
                changed |= {names[at]} if not held and with_all[at] else set()
    assert len(changed) == 3
    for at, leans_on in enumerate(whole.without.leans_on):
        flips = (
            [{*gone} for gone in holds if not holds[gone][given][at]]
            if holds[()][given][at]
            else []
        )
        smallest = [own for own in flips if not any(other < own for other in flips)]
        assert all(set(one) in smallest for one in leans_on)
        assert [one for one in leans_on if len(one) == 1] == [
            (one,) for one in judged if {one} in smallest
        ]
        rest = {*judged} - {order for one in leans_on for order in one}
        assert not any(own <= rest for own in flips)


def test_whole_tables_of_a_small_review() -> None:
    tables = small()
    every = robustness.every_combination(tables, DatingPolicy(), "England")
    chronology = attempt(tables["events"], tables["relations"])
    table = robustness.robust_conclusions(every).set_index("conclusion")
    lean = table.loc[
        table["leans_on"] != "none",
        ["hold_under", "combinations", "flipped_by", "leans_on", "under_all"],
    ]
    assert set(lean["hold_under"]) == {"some"}
    assert set(lean["combinations"]) == {2}
    assert set(lean["flipped_by"]) == {"judged orders left out"}
    assert lean[["leans_on", "under_all"]].reset_index().to_numpy().tolist() == [
        ["nfa: at least 1 concern on record before it", "j-bruise", "at least 0 to at least 1"],
        [
            "strategy: at least 4 concerns on record before it",
            "j-bruise with j-seen",
            "at least 3 to at least 4",
        ],
        [
            "conference: at least 5 concerns on record before it",
            "j-bruise with j-seen",
            "at least 4 to at least 5",
        ],
    ]
    orders = robustness.judged_orders(every, chronology)
    says = [
        "“A bruise is seen” comes no later than “Nothing more is done” (judged)",
        "“Nothing more is done” comes no later than “A strategy discussion” (judged)",
        "“A bruise is seen” comes no later than “A strategy discussion” (judged)",
    ]
    about, nfa, strategy, conference = "concerns on record", *lean.index
    assert orders.values.tolist() == [
        ["j-bruise", says[0], about, nfa, "none", "at least 0"],
        ["j-bruise", says[0], about, strategy, "j-seen", "at least 3"],
        ["j-bruise", says[0], about, conference, "j-seen", "at least 4"],
        ["j-nfa", says[1], "none", "none", "none", "as given"],
        ["j-seen", says[2], about, strategy, "j-bruise", "at least 3"],
        ["j-seen", says[2], about, conference, "j-bruise", "at least 4"],
    ]
    assert robustness_words.judged_orders_in_words(orders) == [
        (
            "Of 3 orders that only the coder judged, 2 bear conclusions, which change if they are"
            " left out, all else as given; without any one of the others every conclusion stays as"
            " it is."
        ),
        f"Leave out that {says[0]}, and 1 conclusion changes: “{nfa}” becomes “at least 0”.",
        (
            f"Leave out together that {says[0]} and that {says[2]}, and 2 conclusions change:"
            f" “{strategy}” becomes “at least 3”; “{conference}” becomes “at least 4”."
        ),
    ]
    matrix = robustness.conclusions_by_choice(every)
    own = [
        "judged orders left out",
        "j-bruise left out",
        "j-nfa left out",
        "j-seen left out",
        "j-bruise with j-seen left out",
    ]
    assert matrix["choice"].unique().tolist() == [
        "as given",
        "late_from = 16",
        "reading: later",
        *own,
    ]
    assert len(matrix) == len(table) * 8
    outcomes = {
        name: [
            outcome == "changes"
            for choice, outcome in zip(rows["choice"], rows["outcome"], strict=True)
            if choice in own
        ]
        for name, rows in matrix.groupby("conclusion", sort=False)
    }
    assert {name: changes for name, changes in outcomes.items() if any(changes)} == {
        nfa: [True, True, False, False, True],
        strategy: [True, False, False, False, True],
        conference: [True, False, False, False, True],
    }
    changes = robustness.changes_by_choice(matrix)
    there = matrix[(matrix["choice"] == "as given") | (matrix["outcome"] == "changes")]
    pd.testing.assert_frame_equal(changes, there.reset_index(drop=True))
    assert set(changes["choice"]) & set(own) == {own[0], own[1], own[4]}
    said = matrix.loc[matrix["conclusion"] == nfa].set_index("choice")["said"]
    assert said[own].tolist() == [
        "at least 0",
        "at least 0",
        "at least 1",
        "at least 1",
        "at least 0",
    ]
    choices = robustness.choices_combined(every).set_index("option")
    assert choices.loc[own, "treatment"].tolist() == ["combined", *["tried alone"] * 4]
    assert set(choices.loc[own, "alone"]) == {"admissible"}


def test_which_step_stops_a_clock_can_hang_on_a_judged_order() -> None:
    order = {
        "id": "j-second",
        "type": "before",
        "from_event": "other",
        "to_event": "strategy",
        "basis": "judged",
    }
    none = {"links": [], "participation": [], "involvement": [], "readings": []}
    tables = review(events=CLOCK, relations=[order], **none)
    every = robustness.every_combination(tables, DatingPolicy(), "England")
    table = robustness.robust_conclusions(every).set_index("conclusion")
    row = table.loc["Initial child protection conference (strategy to conference): met"]
    # Without the order the other conference is the next that may follow, and the clock of the first
    # does not run.
    assert (row["leans_on"], row["flipped_by"], row["under_all"]) == (
        "j-second",
        "judged orders left out",
        "met; not applicable",
    )
    chronology = attempt(tables["events"], tables["relations"]).without({"j-second"})
    checks = timescale_checks(tables, chronology, "England")
    assert ("strategy", "other") in zip(checks["start"], checks["end"], strict=True)


def test_a_contradiction_that_leans_on_a_judged_order() -> None:
    clash = {
        "id": "j",
        "type": "before",
        "from_event": "admission",
        "to_event": "referral",
        "basis": "judged",
    }
    every = robustness.every_combination(review(relations=[clash]), DatingPolicy(), "England")
    table = robustness.robust_conclusions(every).set_index("conclusion")
    wait = table.loc["referral to assessment: no admissible chronology"]
    assert (wait["hold_under"], wait["leans_on"], wait["under_all"]) == ("none", "j", "14 days")
    choices = robustness.choices_combined(every).set_index("option")
    assert choices.loc["j left out", "alone"] == "admissible"


def test_without_judged_orders_nothing_is_added() -> None:
    tables, every = every_of(A)
    assert robustness.judged_orders(every, attempt(tables["events"], tables["relations"])).empty
    assert every.combined.axis(JUDGED) is None
    assert set(robustness.robust_conclusions(every)["leans_on"]) == {"none"}
    assert not robustness.choices_combined(every)["option"].str.contains("left out").any()
    table = robustness.judged_orders(every, attempt(tables["events"], tables["relations"]))
    assert robustness_words.judged_orders_in_words(table) == [
        "No order is coded that only the coder judged, so no conclusion leans on one."
    ]
    row = ["r", "“A” comes before “B” (judged)", "none", "none", "none", "as given"]
    idle = pd.DataFrame([row], columns=table.columns, dtype="str")
    assert robustness_words.judged_orders_in_words(idle) == [
        "Of 1 order that only the coder judged, none bears a conclusion: without them every one"
        " stays as it is."
    ]


# ---------------------------------------------------------------- the real review


LEANS = """
rl-assessment-closure|Assessment (referral-2017-09 to assessment-2017): met|undetermined
rl-assessment-closure|referral-2017-09 to assessment-2017: 0 to 60 days|at least 0 days
rl-assessment-closure|concern-2017-wm to closure-2017-10: 0 to 60 days|at most 60 days
rl-assessment-closure|closure-2017-10: at least 6 concerns on record before it|at least 5
rl-assessment-closure|closure-midwife: at least 9 concerns on record before it|at least 8
rl-assessment-closure|section-47: at least 17 concerns on record before it|at least 16
rl-assessment-closure|icpc: at least 17 concerns on record before it|at least 16
rl-distress-chain|distress-wf to admission-w: 67 to 139 days|not bounded
rl-chain-notification|incident-chain to admission-w: 98 to 139 days|67 to 139 days
rl-chain-august|distress-wf to admission-w: 67 to 139 days|at most 139 days
rl-chain-august|section-47: at least 17 concerns on record before it|at least 16
rl-chain-august|icpc: at least 17 concerns on record before it|at least 16
rl-s47-icpc|incident-august to section-47: 0 to 40 days|at least 0 days
rl-s47-icpc|section-47 to admission-w: 46 to 88 days|at most 88 days
rl-visit-icpc|staying-wf to admission-w: at least 46 days|not bounded
rl-report-same-day|report-wm to paramedics: 0 days|at least 0 days
rl-referrals-admission|Assessment (referrals-october to nothing on record): not applicable|not applicable; undetermined
rl-referrals-admission|referrals-october to admission-w: 0 to 17 days|at most 17 days
rl-midwife-closure-birth|referral-midwife to closure-midwife: 0 to 272 days|at least 0 days
rl-midwife-closure-birth|closure-midwife to the next concern: 1 to 303 days|at least 1 day
rl-midwife-closure-birth|section-47: at least 17 concerns on record before it|at least 15
rl-midwife-closure-birth|icpc: at least 17 concerns on record before it|at least 15
"""  # noqa: E501


def test_what_leans_on_which_order_in_child_w() -> None:
    tables, every = every_of(W)
    orders = robustness.judged_orders(
        every, attempt(tables["events"], tables["relations"], locators=tables["locators"])
    )
    judged = tables["relations"].loc[tables["relations"]["basis"] == "judged", "id"].tolist()
    assert orders["order"].unique().tolist() == judged
    rows = orders.loc[orders["conclusion"] != "none", ["order", "conclusion", "said_without"]]
    assert ["|".join(row) for row in rows.values.tolist()] == LEANS.split("\n")[1:-1]
    assert set(orders["with_others"]) == {"none"}
    assert orders["says"].str.contains("(judged, paragraph", regex=False).all()
    table = robustness.robust_conclusions(every)
    firm = table.loc[table["hold_under"] == "all"]
    assert (len(firm), len(table), int((table["leans_on"] != "none").sum())) == (14, 41, 17)
    assert set(firm["leans_on"]) == {"none"}


def test_sets_of_judged_orders_in_child_w_are_what_the_engine_finds() -> None:
    tables, every = every_of(W)
    chronology = attempt(tables["events"], tables["relations"])
    judged = tables["relations"].loc[tables["relations"]["basis"] == "judged", "id"].tolist()
    pick = random.Random(2)
    sets = [
        tuple(one for one in judged if pick.random() < share)
        for share in (0.1, 0.3, 0.5, 0.7, 0.9)
        for _ in range(3)
    ]
    less = every.combined.leaving_out(sets)
    pairs = [
        ("referral-2017-09", "assessment-2017"),
        ("section-47", "icpc"),
        ("fear-father-s1", "admission-w"),
        ("closure-midwife", "icpc"),
        ("harm-w", "admission-w"),
        ("incident-chain", "admission-w"),
    ]
    for at, gone in enumerate(sets, start=1):
        alone = chronology.without(gone)
        assert value_at(less.admissible, (at,)) == alone.admissible
        for one, other in pairs:
            region = feasible_region(alone, one, other)
            found = tuple(closed(value_at(days, (at,))) for days in less.days(one, other))
            assert found == (region.gap_lo, region.gap_hi), (gone, one, other)


@pytest.mark.parametrize("seed", range(4))
def test_what_holds_under_all_holds_without_any_set_of_judged_orders(seed: int) -> None:
    tables, every = every_of(W)
    judged = tables["relations"].loc[tables["relations"]["basis"] == "judged", "id"].tolist()
    pick = random.Random(seed)
    gone = [one for one in judged if pick.random() < 0.5]
    options = [{"late_from": 16}, {"end_from": 25}, {"working_day_one": "start day"}, {}]
    policy = DatingPolicy.from_parameters(options[seed])
    chronology = attempt(tables["events"], tables["relations"], policy).without(gone)
    checks = timescale_checks(tables, chronology, "England")
    before = run_up.concerns_before_decisions(tables, chronology).set_index("decision")[
        "concerns_min"
    ]
    table = robustness.robust_conclusions(every)
    for row in table.loc[table["hold_under"] == "all"].itertuples():
        name, _, said = row.conclusion.rpartition(": ")
        if row.about == "timescale":
            title, _, clock = name.partition(" (")
            start, _, end = clock.removesuffix(")").partition(" to ")
            start, end = start.replace("not on record", ""), end.replace("nothing on record", "")
            own = checks.loc[
                (checks["title"] == title) & (checks["start"] == start) & (checks["end"] == end),
                "verdict",
            ]
            assert "; ".join(dict.fromkeys(own)) == said, (gone, name)
        elif row.about == "concerns on record":
            assert before[name] >= int(said.split()[2]), (gone, name)
        elif "days" in said:
            start, _, end = name.partition(" to ")
            region = feasible_region(chronology, start, end)
            least, _, most = said.removesuffix(" days").partition(" to ")
            assert (region.gap_lo or 0) >= int(least), (gone, name)
            assert region.gap_hi is not None
            assert region.gap_hi <= int(most), (gone, name)
