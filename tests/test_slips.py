"""Does a coder who slips on the sheet learn where, what was found, and what was meant? What each
message must hold was written from the coder's side, before the messages were."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron import characters
from casechron.checking import check
from casechron.coding import expansion, tidy_check
from casechron.coding.codebook import codebook
from casechron.coding.form_check import FormCheck, check_form
from casechron.coding.reviews import ListedReview
from casechron.coding.rules import TIDY_RULES
from thoroughly import examples

TOLD = tomllib.loads(
    (Path(__file__).parent / "lightness" / "slips.toml").read_text(encoding="utf-8")
)
BASE: dict[str, list[str]] = TOLD["base"]
SLIPS: dict[str, dict[str, Any]] = {slip["name"]: slip for slip in TOLD["slip"]}
FINE: dict[str, dict[str, Any]] = {fine["name"]: fine for fine in TOLD["fine"]}
KEYS = {"name", "class", "file", "lines", "cells", "edit", "also", "keeps"}
CLASSES = {"wrong", "to do", "look", "said", "dates"}
#: What `cells` of a case change.
EVENT = {
    "id": "e",
    "date": "2013-05",
    "kind": "visit",
    "summary": "K is visited at home",
    "by": "health visitor",
}
#: What is only told of dates that cannot hold together is asked of all of them at once.
CHECKED = [name for name, slip in SLIPS.items() if slip.get("class", "wrong") != "dates"]


def line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().removesuffix("\n")


def with_event(cells: dict[str, str]) -> list[str]:
    """The sheet of the review with one event more."""
    head, first = csv.reader(BASE["events.csv"])
    there = dict(zip(head, first, strict=True))
    heads = list(dict.fromkeys([*head, *EVENT, *cells]))
    rows = [[row.get(name, "") for name in heads] for row in (there, EVENT | cells)]
    return [line(row) for row in (heads, *rows)]


def lay(folder: Path, case: dict[str, Any]) -> Path:
    """The review with what the case changes in it."""
    files = {**BASE, **case.get("also", {})}
    if "lines" in case:
        name = case.get("file", "events.csv")
        files[name] = [*case["lines"], *(BASE[name] if case.get("keeps") else [])]
    if "cells" in case:
        files["events.csv"] = with_event(case["cells"])
    texts = {name: "\n".join([*lines, ""]) for name, lines in files.items()}
    if "edit" in case:
        name, old, new = case["edit"]
        assert texts[name].count(old) == 1, f"{name} holds {old!r} {texts[name].count(old)} times"
        texts[name] = texts[name].replace(old, new)
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def checked(folder: Path) -> tuple[FormCheck, list[str]]:
    """What a check of a folder in the form found, and all that it says."""
    check = check_form(folder)
    return check, [str(item) for item in (*check.wrong, *check.to_do, *check.looks)]


def holds(message: str, part: str) -> bool:
    """Whether the words stand there, whole and in whatever case."""
    before = r"(?<!\w)" if part[0].isalnum() else ""
    after = r"(?!\w)" if part[-1].isalnum() else ""
    return bool(re.search(before + re.escape(part) + after, message, re.IGNORECASE))


def faults(slip: dict[str, Any], message: str) -> list[str]:
    """What a message on a slip lacks, and what it should not hold."""
    return [f"lacks {part!r}" for part in slip.get("says", []) if not holds(message, part)] + [
        f"has {part!r}" for part in slip.get("never", []) if holds(message, part)
    ]


def test_there_are_many_slips_each_with_a_name_and_a_class() -> None:
    assert len(SLIPS) == len(TOLD["slip"]) >= 250
    assert len(FINE) == len(TOLD["fine"])
    for slip in SLIPS.values():
        assert set(slip) <= KEYS | {"says", "never", "told"}, slip["name"]
        assert {"lines", "cells", "edit", "also"} & set(slip), slip["name"]
    assert set(Counter(slip.get("class", "wrong") for slip in SLIPS.values())) == CLASSES
    assert all(set(fine) <= KEYS for fine in FINE.values())


def test_a_message_is_held_against_each_of_its_parts() -> None:
    slip = SLIPS["a name that nobody has"]
    good = slip["told"]
    assert faults(slip, good) == []
    for part, other in (("by:", ":"), ("helth", "the"), ("Health visitor", "hospital")):
        assert faults(slip, re.sub(part, other, good, flags=re.IGNORECASE)), part
    dated = SLIPS["what a spreadsheet made of an id"]
    assert faults(dated, dated["told"]) == []
    assert faults(dated, dated["told"] + "; write '02-sep'") == ["has \"write '02-sep'\""]


def test_the_review_in_which_slips_are_made_is_good(tmp_path: Path) -> None:
    form_check, messages = checked(lay(tmp_path / "k-2016", {"cells": {}}))
    assert [*form_check.wrong, *form_check.to_do] == [], messages
    assert messages == []


@pytest.mark.parametrize("name", CHECKED)
def test_a_slip_is_told_where_it_is(name: str, tmp_path: Path) -> None:
    slip = SLIPS[name]
    form_check, messages = checked(lay(tmp_path / "k-2016", slip))
    expected = [slip["told"]] if isinstance(slip["told"], str) else slip["told"]
    assert messages == [message.replace("{version}", codebook().version) for message in expected]
    assert faults(slip, "\n".join(messages)) == []
    weight = slip.get("class", "wrong")
    assert bool(form_check.wrong) == (weight == "wrong")
    assert bool([*form_check.wrong, *form_check.to_do]) == (weight in ("wrong", "to do"))


@pytest.mark.parametrize("name", sorted({*SLIPS} - {*CHECKED}))
def test_dates_that_cannot_be_are_told_with_their_cells(name: str, tmp_path: Path) -> None:
    slip = SLIPS[name]
    folder, lines = lay(tmp_path / "k-2016", slip), list[str]()
    assert check([ListedReview(folder.name, folder)], lines.append, dates=True)
    at_cells = [line.strip() for line in lines if re.search(r"(?<!/)events\.csv line", line)]
    assert at_cells == slip["told"]
    assert faults(slip, "\n".join(lines)) == []


@pytest.mark.parametrize(("years", "told"), [(4, 0), (5, 1)])
def test_only_what_is_a_year_behind_its_last_source_is_told(
    years: int, told: int, tmp_path: Path
) -> None:
    """The source is of May 2016: 1 May 2017 can be a convention, and 1 May 2018 cannot."""
    slip = SLIPS["years in place of days"]
    text = [line.replace("5 years", f"{years} years") for line in slip["lines"]]
    folder, lines = lay(tmp_path / "k-2016", {"lines": text}), list[str]()
    check([ListedReview(folder.name, folder)], lines.append, dates=True)
    assert len([line for line in lines if "is then over on" in line]) == told


@pytest.mark.parametrize("name", FINE)
def test_a_near_miss_is_no_slip(name: str, tmp_path: Path) -> None:
    form_check, messages = checked(lay(tmp_path / "k-2016", FINE[name]))
    assert [*form_check.wrong, *form_check.to_do] == [], messages


@pytest.fixture(scope="module")
def broken_by(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, list[str]]:
    """The slips that break each rule."""
    slips_of: dict[Any, list[str]] = {}
    asked = tidy_check._rule_breaches
    with pytest.MonkeyPatch.context() as here:
        for number, name in enumerate(CHECKED):

            def recorded(tables: Any, slip: str = name) -> Any:
                for rule in TIDY_RULES:
                    if any(rule(tables)):
                        slips_of.setdefault(rule, []).append(slip)
                return asked(tables)

            here.setattr(tidy_check, "_rule_breaches", recorded)
            checked(lay(tmp_path_factory.mktemp(f"k{number}") / "k-2016", SLIPS[name]))
    return slips_of


@pytest.mark.parametrize("rule", TIDY_RULES, ids=lambda rule: rule.__name__)
def test_each_rule_of_the_tidy_tables_has_a_slip(
    rule: Any, broken_by: dict[Any, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the rule, some slip is told otherwise."""
    without = [other for other in TIDY_RULES if other is not rule]
    monkeypatch.setattr(tidy_check, "TIDY_RULES", without)
    for number, name in enumerate(broken_by.get(rule, [])):
        _, message = checked(lay(tmp_path / f"k{number}-2016", SLIPS[name]))
        expected = SLIPS[name]["told"]
        if len(message) < (1 if isinstance(expected, str) else len(expected)):
            return
    raise AssertionError(f"no slip breaks {rule.__name__}")


def typed() -> dict[str, list[str]]:
    """The cells that slips and near misses have, by the name of their column."""
    cells_typed: dict[str, set[str]] = {}
    for case in (*SLIPS.values(), *FINE.values()):
        for lines in (case.get("lines", []), *case.get("also", {}).values()):
            heads, *rows = list(csv.reader(lines)) or [[]]
            for row in rows:
                for head, cell in zip(heads, row, strict=False):
                    cells_typed.setdefault(head, set()).add(cell)
        for head, cell in case.get("cells", {}).items():
            cells_typed.setdefault(head, set()).add(cell)
    return {head: sorted(cells) for head, cells in cells_typed.items()}


TYPED = typed()
ANY = sorted({cell for cells in TYPED.values() for cell in cells})
DAMAGE = [
    "",
    " ",
    "(",
    ")",
    "()",
    "[",
    ";",
    "; ;",
    ",",
    "?",
    "..",
    "/",
    ":",
    "\n",
    "\t",
    '"',
    "=",
    "\0",
]
DAMAGE += ["\u200b", "0", "9" * 30, " by ", " at ", "e\u0301", "’"]


@st.composite
def cells_of(draw: st.DrawFn, column: str) -> str:
    """A cell of a column, or of another one, as somebody typed it or with a damage in it."""
    typed_here = TYPED.get(column) or ANY
    cell = draw(st.sampled_from(draw(st.sampled_from([typed_here, typed_here, typed_here, ANY]))))
    if draw(st.booleans()):
        return cell
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(cell))] * 2)))
    return cell[:first] + draw(st.sampled_from(DAMAGE)) + cell[last:]


FORMS = {name: list(form.columns) for name, form in codebook().forms.items()}


@st.composite
def sheets(draw: st.DrawFn) -> dict[str, str]:
    """Some files of the form, of cells that coders have typed and of damaged ones."""
    texts = {}
    names = st.sampled_from(["events", *FORMS])
    for name in draw(st.lists(names, min_size=1, max_size=4, unique=True)):
        heads = draw(st.lists(st.sampled_from(FORMS[name]), min_size=1, max_size=9))
        row = st.tuples(*map(cells_of, heads)).map(list)
        rows = draw(st.lists(row, min_size=1, max_size=6))
        texts[f"{name}.csv"] = "\n".join(
            [*map(line, [heads, *rows]), draw(st.sampled_from(DAMAGE))]
        )
    return texts


@given(sheets())
@settings(deadline=None, max_examples=examples(60))
def test_no_sheet_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str]
) -> None:
    folder = lay(tmp_path_factory.mktemp("fuzzed") / "k-2016", {"cells": {}})
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    messages = checked(folder)[1]
    names = {*BASE, *texts, "coverage.csv"}
    assert all("\n" not in message for message in messages)
    assert {message.partition(" ")[0].rstrip(",:") for message in messages} <= names


@pytest.mark.parametrize("column", ["by", "about", "answers", "after", "facts", "place", "until"])
def test_each_damage_to_a_typed_cell_is_told_or_read(column: str, tmp_path: Path) -> None:
    """At its beginning, in its middle and at its end, each in a row of one sheet."""
    heads = ["kind", "summary", column]
    cells = [
        cell[:at] + damage + cell[at:]
        for cell in TYPED[column][: examples(25)]
        for damage in DAMAGE
        for at in (0, len(cell) // 2, len(cell))
    ]
    sheet = [line(row) for row in [heads, *(["violence", "K is hurt", cell] for cell in cells)]]
    sheet[0] = "date," + sheet[0]
    sheet[1:] = [f"2013,{row}" for row in sheet[1:]]
    _, messages = checked(lay(tmp_path / "k-2016", {"lines": sheet}))
    assert len(messages) > len(DAMAGE)
    assert all("\n" not in message for message in messages)


@given(st.sampled_from(["events.csv", "people.csv", "review.toml"]), st.binary(max_size=60))
@settings(deadline=None, max_examples=examples(60))
def test_no_bytes_end_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    folder = lay(tmp_path_factory.mktemp("fuzzed") / "k-2016", {"cells": {}})
    (folder / name).write_bytes((folder / name).read_bytes()[:90] + content)
    assert all("\n" not in message for message in checked(folder)[1])


def test_what_was_meant_is_looked_for_in_bounded_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in every cell of a large sheet: words are compared a bounded number of times."""
    compared = 0
    close_matches = characters.get_close_matches

    def counted(word: str, among: Any, **more: Any) -> Any:
        nonlocal compared
        compared += len(among)
        return close_matches(word, among, **more)

    monkeypatch.setattr(characters, "get_close_matches", counted)
    monkeypatch.setattr(expansion, "COMPARISONS", 20_000)
    heads = ["date", "kind", "summary", "by", "answers", "after", "themes", "facts", "place"]
    rows = [[f"{head} number {at}" for head in heads] for at in range(150)]
    sheet = [line(row) for row in [heads, *rows]]
    _, message = checked(lay(tmp_path / "k-2016", {"lines": sheet}))
    assert len(message) > 150
    assert 0 < compared < 2 * 20_000
