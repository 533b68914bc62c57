"""Is every number as it was in the first edition, save for what golden/changes.toml names?

The net is taken down when the second edition stands. `golden/freeze.py` says what was frozen and
how."""

from __future__ import annotations

import ast
import hashlib
import random
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import net
from net import ROWS, Difference
from net_changes import Change, ChangesError, read_changes, report, unnamed
from net_tables import POLICIES, TABLES, Case
from thoroughly import EVERY, drawn, thorough

#: Looked at by `make test`, beside the two real reviews: of 36, 52 and 44 events, the first of
#: Scotland, the last without an admissible chronology under one policy.
FEW = ("simulated-0005", "simulated-0017", "simulated-0026")
LOOKED_AT = (*net.REAL, *(net.SIMULATED if EVERY else FEW))


def hold(found: list[Difference]) -> None:
    if left := unnamed(found, read_changes()):
        pytest.fail(report(left), pytrace=False)


#: By `make test`, each under the default and one other policy.
UNDER = [
    (review, policy)
    for review in LOOKED_AT
    for policy in ("default", *drawn([one for one in POLICIES if one != "default"]))
]


@pytest.mark.parametrize(("review", "policy"), UNDER)
def test_every_table_is_as_it_was(review: str, policy: str) -> None:
    hold(list(net.table_differences(review, policy)))


@thorough
def test_what_is_named_still_differs() -> None:
    changes = read_changes()
    kinds = {change.kind for change in changes}
    found: list[Difference] = []
    if kinds & {"table", "gone", "new"}:
        for review in LOOKED_AT:
            found += [one for policy in POLICIES for one in net.table_differences(review, policy)]
    said = [
        f"entry {number} ({change.reason}): no difference in {', '.join(lost)}"
        for number, change in enumerate(changes, start=1)
        if (lost := change.no_longer(found, LOOKED_AT))
    ]
    if said:
        pytest.fail("\n".join(["changes.toml names what no longer differs", *said]), pytrace=False)


def test_what_was_frozen_is_as_it_was_written() -> None:
    tree = ast.parse((net.GOLDEN / "freeze.py").read_text(encoding="utf-8"))
    lines = (line.split() for line in (ast.get_docstring(tree) or "").splitlines())
    said = {words[1]: words[0] for words in lines if len(words) == 2 and len(words[0]) == 64}
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in net.GOLDEN.iterdir()
        if path.is_file() and path.name not in ("freeze.py", "changes.toml")
    }
    assert there == said
    assert len(there) == 7


def test_every_published_table_of_both_reviews_was_frozen() -> None:
    frozen = net.frozen_digests()
    assert set(frozen) == {*net.REAL, *net.SIMULATED}
    assert all(set(of_policies) == set(POLICIES) for of_policies in frozen.values())
    # 58 that pages publish, 7 of the engine, and 3 that others are made from.
    assert {len(frozen[review]["default"]) for review in net.REAL} == {58 + 7 + 3}
    assert {len(frozen[review]["default"]) for review in net.SIMULATED} == {58 + 7 + 3 - 5}


# The net itself: what it catches, and what is no difference


SMALL = {
    "event": ["a", "b", "c", "d"],
    "days": ["1", "2", "2", ""],
    "said": ["x", "y", "y", "z"],
}


def test_the_order_of_rows_and_columns_is_no_difference() -> None:
    order = list(range(4))
    random.Random(1).shuffle(order)
    shuffled = {name: [SMALL[name][at] for at in order] for name in reversed(SMALL)}
    for key in (["event"], ["days"]):  # the second tells not all rows apart
        assert net.digests(shuffled, key) == net.digests(SMALL, key)
    assert net.compared(SMALL, shuffled, ["event"]) == {}


@pytest.mark.parametrize("key", ["event", "said"])  # the second tells not all rows apart
def test_a_value_that_moves_to_another_row_is_a_difference_of_its_column_alone(key: str) -> None:
    moved = SMALL | {"days": ["2", "1", "2", ""]}
    old, new = net.digests(SMALL, [key]), net.digests(moved, [key])
    assert old["rows"] == new["rows"]
    assert old["table"] != new["table"]
    assert [one for one in SMALL if old["columns"][one] != new["columns"][one]] == ["days"]
    assert list(net.compared(SMALL, moved, [key])) == ["days"]


def test_where_rows_are_gone_or_new_the_others_are_still_compared() -> None:
    other = {
        "event": ["a", "b", "c", "e"],
        "days": ["1", "9", "2", ""],
        "said": ["x", "y", "y", ""],
    }
    assert net.compared(SMALL, other, ["event"]) == {
        ROWS: "rows that are gone, or not as many: 1; that are new: 1\n- d\n+ e",
        "days": "1 of 4 rows differ\nb: was '2', is '9'",
    }


def test_what_is_missing_is_empty_and_a_number_is_a_number_however_it_is_held() -> None:
    held = pd.DataFrame(
        {
            "days": pd.array([1, None], dtype="Int64"),
            "share": [1.0, 2.5],
            "when": pd.to_datetime(["2018-08-01", ""]),
            "said": pd.array(["x; y", None], dtype="str"),
            "sure": [True, False],
        }
    )
    other = pd.DataFrame(
        {
            "days": [1.0, None],
            "share": pd.Series([1, 2.5], dtype="object"),
            "when": ["2018-08-01", ""],
            "said": [("x", "y"), ()],
            "sure": pd.array([True, False], dtype="boolean"),
        }
    )
    assert net.texts(held) == net.texts(other)
    assert net.texts(held)["days"] == ["1", ""]
    assert net.texts(held)["share"] == ["1", "2.5"]


def differences(*what: tuple[str, str, str, str]) -> list[Difference]:
    return [Difference("table", *one) for one in what]


def test_an_entry_covers_no_more_than_it_names() -> None:
    found = differences(
        ("child-w-manchester-2020", "default", "bounds", "latest"),
        ("child-w-manchester-2020", "no-slack", "bounds", "latest"),
        ("child-w-manchester-2020", "default", "bounds", "earliest"),
        ("child-a-haringey-2008", "default", "bounds", "latest"),
        ("child-w-manchester-2020", "default", "reached", "latest"),
    )

    def left(entry: Change) -> list[int]:
        return [found.index(one) for one in unnamed(found, [entry])]

    whole = Change("table", ("bounds",), 1, "why")
    assert left(whole) == [4]
    assert left(replace(whole, columns=("latest",))) == [2, 4]
    assert left(replace(whole, reviews=("child-a-haringey-2008",))) == [0, 1, 2, 4]
    assert left(replace(whole, reviews=("simulated",))) == [0, 1, 2, 3, 4]
    assert left(replace(whole, policies=("no-slack",))) == [0, 2, 3, 4]
    assert left(replace(whole, kind="gone")) == [0, 1, 2, 3, 4]
    assert left(replace(whole, names=("all",))) == []


def test_an_entry_says_what_of_it_no_longer_differs() -> None:
    found = differences(("child-w-manchester-2020", "default", "bounds", "latest"))
    entry = Change("table", ("bounds", "reached"), 1, "why", ("latest", "earliest"))
    assert entry.no_longer(found, LOOKED_AT) == ["table 'reached'", "column 'earliest'"]
    entry = replace(entry, names=("bounds",), columns=(), policies=("default", "start-day"))
    assert entry.no_longer(found, LOOKED_AT) == ["policy 'start-day'"]
    entry = replace(entry, policies=(), reviews=("real", "child-a-haringey-2008"))
    assert entry.no_longer(found, LOOKED_AT) == ["review 'child-a-haringey-2008'"]
    entry = replace(entry, reviews=("simulated",))
    assert entry.no_longer(found, net.REAL) == []
    lost = ["table 'bounds'", "review 'simulated'"]
    assert entry.no_longer(found, [*net.REAL, *net.SIMULATED]) == lost


GOOD = 'table = "bounds"\nissue = 1\nreason = "r"'
NO_ISSUE = "entry 2: issue is a number and reason a sentence"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("issue = 1", "entry 2: one of table, gone, new says what differs; found []"),
        ('table = "bound"', "entry 2: table 'bound' is none of accounts, accounts_of_harm, "),
        ('table = "bounds"\nreason = "r"', NO_ISSUE),
        ('table = "bounds"\nissue = 1\nreason = " "', NO_ISSUE),
        ('gone = "all"\ncolumns = "x"', "entry 2: only a table has columns"),
        ('gone = "all"\npolicy = "x"', "entry 2: policy is no key; write columns, reviews, "),
        ('table = "all"\nreviews = "all"', "entry 2: reviews 'all' is none of child-a-haringey-"),
        ("table = 3", "entry 2, table: write a text, or a list of texts"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "changes.toml"
    path.write_text(f"[[change]]\n{GOOD}\n[[change]]\n{text}\n", encoding="utf-8")
    with pytest.raises(ChangesError) as error:
        read_changes(path)
    assert str(error.value).startswith(f"changes.toml, {why}")


def test_a_planted_error_is_found_and_told_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    made = TABLES["steps_before_harm"]

    def wrong(case: Case) -> pd.DataFrame:
        table = made(case)
        return table.assign(days_min=table["days_min"] + 1)

    monkeypatch.setitem(TABLES, "steps_before_harm", wrong)
    there = net.table_differences.__wrapped__("child-a-haringey-2008", "default")
    found = [one for one in there if one.name == "steps_before_harm"]  # others differ on purpose
    assert [(one.name, one.column) for one in found] == [("steps_before_harm", "days_min")]
    said = report(found).splitlines()
    assert said[0] == "child-a-haringey-2008, default: table steps_before_harm, days_min"
    assert "rows differ" in said[1]
    assert ": was '" in said[2]
