"""The codebook declares all that it speaks of, and docs/codebook.md says what it declares."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from casechron.coding import codebook as module
from casechron.coding.cells import Ids, cell_breach, form_breach
from casechron.coding.codebook import KINDS, Code, Column, Table, codebook, markdown
from casechron.coding.rules import NEED_ACCOUNT, PLAN_CATEGORIES

BOOK = codebook()
CODES = [(name, code) for name, entries in BOOK.lists.items() for code in entries.codes.values()]
COLUMNS = [(table, column) for table in BOOK.tables.values() for column in table.columns]
EXAMPLES = [(table, row) for table in BOOK.tables.values() for row in table.examples]


@pytest.mark.parametrize(
    ("name", "code"), CODES, ids=[f"{name}-{code.code}" for name, code in CODES]
)
def test_every_code_says_what_it_means_and_shows_it(name: str, code: Code) -> None:
    for text in (code.label, code.definition, code.rule, code.example):
        assert form_breach(text) == ""
        assert text
    assert code.definition.endswith(".")
    assert (
        "|" not in code.label + code.definition + code.rule + code.example
    )  # it would break the page's tables
    assert set(code.from_tables) | set(code.to_tables) <= set(BOOK.tables)
    assert bool(code.from_tables) == bool(code.to_tables) == (name == "link_type")


def test_labels_of_a_list_differ() -> None:
    for entries in BOOK.lists.values():
        labels = [code.label for code in entries.codes.values()]
        assert len(set(labels)) == len(labels)


def test_every_list_has_a_title_and_is_used() -> None:
    assert all(entries.title for entries in BOOK.lists.values())
    assert {column.list for _, column in COLUMNS if column.kind == "code"} == set(BOOK.lists)


@pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{table.name}-{column.name}" for table, column in COLUMNS]
)
def test_every_column_is_of_a_kind_and_names_what_exists(table: Table, column: Column) -> None:
    assert column.kind in KINDS
    assert column.meaning.endswith(".")
    assert (column.kind == "code") == bool(column.list)
    assert (column.kind == "ref") == bool(column.refers)
    assert column.refers in {"", *BOOK.tables}
    assert set(column.tables) <= set(BOOK.tables)
    assert (column.name == "id") == (table.key == ("id",) and column is table.columns[0])


def test_keys_are_columns_and_headers_have_no_doubles() -> None:
    for table in BOOK.tables.values():
        assert set(table.key) | set(table.unique) <= set(table.header)
        assert len(set(table.header)) == len(table.header)
        assert table.grain.startswith("one row per ")


@pytest.mark.parametrize(
    ("table", "row"),
    EXAMPLES,
    ids=[f"{table.name}-{place}" for place, (table, _) in enumerate(EXAMPLES)],
)
def test_every_worked_row_is_valid(table: Table, row: dict[str, str]) -> None:
    ids = Ids({one["id"]: other.name for other, one in EXAMPLES if "id" in one})
    assert list(row) == table.header or set(row) == set(table.header)
    for column in table.columns:
        of = ids.table_of.get(row["row"], "") if column.kind == "column" else ""
        assert cell_breach(column, row[column.name], ids, of) == ""
        assert form_breach(row[column.name]) == ""


def test_the_rules_speak_of_codes_that_exist() -> None:
    assert set(NEED_ACCOUNT) <= set(BOOK.codes("status"))
    assert {"age-years", "age-months", "sentence-months", "plan-category"} <= set(
        BOOK.codes("attribute")
    )
    assert set(PLAN_CATEGORIES) == set(
        BOOK.codes("attribute")["plan-category"]
        .definition.lower()
        .rstrip(".")
        .replace(" or ", ", ")
        .split(", ")
    )
    assert {"coded", "repeats", "furniture", "not-the-review"} <= set(BOOK.codes("coverage"))
    assert "responsible-absent" in BOOK.flagged("involvement_role", "gap")
    assert {"gap", "during"} <= set(BOOK.codes("relation_type"))
    assert "stated" in BOOK.codes("basis")


def test_what_the_codebook_lacks_is_said() -> None:
    with pytest.raises(KeyError) as caught:
        BOOK.tables["themes"].column("colour")
    assert caught.value.args == ("table themes has no column colour; it has row, theme",)


def test_an_unknown_key_of_a_code_is_refused() -> None:
    with pytest.raises(ValueError, match="is no part of a code") as caught:
        module._code("x", {"lable": "x"})
    assert (
        str(caught.value) == "codebook.toml, code x: ['lable'] is no part of a code; allowed: "
        "['definition', 'example', 'flags', 'force', 'from', 'label', 'rule', 'to']"
    )


def test_the_page_is_the_declaration() -> None:
    page = Path(__file__).parents[1] / "docs" / "codebook.md"
    assert page.read_text(encoding="utf-8") == markdown()


def test_the_page_holds_every_word_of_the_declaration() -> None:
    page = markdown()
    for name, code in CODES:
        assert f"| `{code.code}` | **{code.label}.** {code.definition} | {code.rule}" in page
        assert f'<a id="{name.replace("_", "-")}"></a>' in page
    for table, column in COLUMNS:
        assert f"### {table.name}\n" in page
        assert f"| `{column.name}` | {'always' if column.required else 'or empty'} | " in page


def test_the_declaration_is_read_once_and_whole() -> None:
    assert codebook() is codebook()
    text = Path(module.__file__).with_name("codebook.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)
    assert list(BOOK.lists) == list(declared["lists"])
    assert list(BOOK.tables) == [entry["name"] for entry in declared["tables"]]
    assert len(BOOK.tables) == 16
