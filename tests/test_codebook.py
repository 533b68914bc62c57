"""The codebook declares all that it speaks of, and docs/codebook.md says what it declares."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from casechron.coding import codebook as module
from casechron.coding.cells import Ids, cell_breach, form_breach
from casechron.coding.codebook import Table, codebook, codebook_markdown
from casechron.coding.form_check import FormCheck, check_form
from casechron.coding.rules import PLAN_CATEGORIES
from casechron.coding.sheets import form_text
from sheet_cases import made_by
from text_tables import records_of

BOOK = codebook()
PAGES = BOOK.pages
#: Kinds of column; docs/codebook.md has words for each.
HOLDS = {*BOOK.kinds, "code", "ref"}
CODES = [(name, code) for name, entries in BOOK.lists.items() for code in entries.codes.values()]
COLUMNS = [(table, column) for table in BOOK.tables.values() for column in table.columns]
EXAMPLES = [(table, row) for table in BOOK.tables.values() for row in table.examples]


def test_every_code_says_what_it_means_and_shows_it() -> None:
    assert len(CODES) > 100
    for name, code in CODES:
        for text in (code.label, code.definition, code.rule, code.example):
            assert form_breach(text) == "", code
            assert text, code
            assert "|" not in text, f"{code} would break the page's tables"
        assert code.definition.endswith("."), code
        assert set(code.from_tables) | set(code.to_tables) <= set(BOOK.tables), code
        assert bool(code.from_tables) == bool(code.to_tables) == (name == "link_type"), code


def test_labels_of_a_list_differ() -> None:
    for entries in BOOK.lists.values():
        labels = [code.label for code in entries.codes.values()]
        assert len(set(labels)) == len(labels)


def test_a_column_whose_items_do_not_have_the_basis_of_the_row_says_so() -> None:
    own = [
        (column, form.columns["basis"])
        for form in BOOK.forms.values()
        for column in form.columns.values()
        if column.empty_basis
    ]
    assert [column.name for column, _ in own] == ["answers", "led_to"]
    for column, basis in own:
        assert f"without a basis in brackets {column.empty_basis}." in column.meaning
        assert column.name in basis.meaning.partition("but for ")[2]


def test_every_list_has_a_title_and_is_used() -> None:
    assert all(entries.title for entries in BOOK.lists.values())
    assert {column.list for _, column in COLUMNS if column.kind == "code"} == set(BOOK.lists)


def test_every_column_is_of_a_kind_and_names_what_exists() -> None:
    assert len(COLUMNS) > 50
    for table, column in COLUMNS:
        assert column.kind in HOLDS, column
        assert column.meaning.endswith("."), column
        assert (column.kind == "code") == bool(column.list), column
        assert column.kind != "ref" or len(column.tables) == 1, column
        assert set(column.tables) <= set(BOOK.tables), column
        is_id = table.key == ("id",) and column is table.columns[0]
        assert (column.name == "id") == is_id, column


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
    ids = Ids({cells["id"]: of_table.name for of_table, cells in EXAMPLES if "id" in cells})
    assert list(row) == table.header or set(row) == set(table.header)
    for column in table.columns:
        of = ids.table_of.get(row["row"], "") if column.kind == "column" else ""
        assert cell_breach(column, row[column.name], ids, of) == ""
        assert form_breach(row[column.name]) == ""


def test_the_rules_speak_of_codes_that_exist() -> None:
    assert BOOK.words.need_account <= set(BOOK.codes("status"))
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


def test_the_page_is_the_declaration() -> None:
    page = Path(__file__).parents[1] / "docs" / "codebook.md"
    assert page.read_text(encoding="utf-8") == codebook_markdown()


def test_the_page_holds_every_word_of_the_declaration() -> None:
    page = codebook_markdown()
    for name, code in CODES:
        assert f"| `{code.code}` | **{code.label}.** {code.definition} | {code.rule}" in page
        assert f'<a id="{name.replace("_", "-")}"></a>' in page
    for table, column in COLUMNS:
        assert f"### {table.name}\n" in page
        assert f"| `{column.name}` | {'always' if column.required else 'or empty'} | " in page


# ------------------------------------------------- flags, notations, which code when


def test_every_flag_says_what_the_analyses_make_of_it() -> None:
    used = {
        name: {flag for code in entries.codes.values() for flag in code.flags}
        for name, entries in BOOK.lists.items()
    }
    assert {name: set(flags) for name, flags in BOOK.flags.items()} == {
        name: flags for name, flags in used.items() if flags
    }
    page = codebook_markdown()
    for flags in BOOK.flags.values():
        for flag, does in flags.items():
            assert f"| *{flag}* | {does} | `" in page


#: Where the cells of each notation stand; the other cells of a row that has them.
STANDS = {
    "date": ("date", {}),
    "until": ("until", {"date": "2018-08", "kind": "support"}),
    "lasts": ("lasts", {"date": "2018-08", "kind": "support"}),
    "count": ("count", {}),
    "other-date": ("other_date", {"date": "2018-08"}),
    "parties": ("by", {"kind": "violence"}),
    "links": ("part_of", {}),
    "order": ("after", {}),
    "codes": ("themes", {}),
    "facts": ("facts", {}),
    "places": ("place", {}),
    "party": ("holder", {}),
    "holders": ("holder", {}),
}
NOTATIONS = [
    (form, cell) for form, notation in PAGES["notations"].items() for cell, _ in notation["cells"]
]
#: What the invented rows and cells of the declaration name.
NAMED = records_of("""
    id    | date    | kind            | summary | by                 | until
    worry | 2018-01 | concern         | A worry | school
    plan  | 2018-02 | protection-plan | A plan  | childrens-services | 2018-06
""")
TOML = """\
title = "Child X"
body = "Example Safeguarding Board"
year = 2020
published = "2020-05"
published_of = "review"
jurisdiction = "England"
coder = "A. Coder"
coded_on = "2021-03-01"
codebook = "{version}"
content_note = "It tells of harm."
notes = "Coded once."
licence = "CC-BY-4.0"
citation = "A. Coder (2021)."
"""


def checked(folder: Path, **files: list[dict[str, str]]) -> FormCheck:
    """The check of a review with the people and sources of the declared example."""
    (folder / "child-x").mkdir()
    toml = TOML.format(version=BOOK.version) + PAGES["example"]["review"]
    (folder / "child-x" / "review.toml").write_text(toml, encoding="utf-8")
    for name, rows in {"people": PAGES["example"]["files"]["people"], **files}.items():
        (folder / "child-x" / f"{name}.csv").write_text(form_text(name, rows), encoding="utf-8")
    return check_form(folder / "child-x")


def remarks(form_check: FormCheck) -> list[str]:
    return [str(slip) for slip in (*form_check.wrong, *form_check.to_do, *form_check.looks)]


def test_every_form_of_a_cell_has_a_notation() -> None:
    forms = {column.form for form in BOOK.forms.values() for column in form.columns.values()}
    assert set(PAGES["notations"]) == forms - {"same"} == set(STANDS)


@pytest.mark.parametrize(("form", "cell"), NOTATIONS)
def test_every_cell_that_the_codebook_shows_is_read(tmp_path: Path, form: str, cell: str) -> None:
    column, other = STANDS[form]
    files = {"events": NAMED}
    if form in ("party", "holders"):
        files["views"] = [{"holder": cell, "proposition": "All was well"}]
    else:
        row = {"date": "2018-09-10", "kind": "concern", "summary": "Cold", **other, column: cell}
        files["events"] = [*NAMED, row]
    if form == "parties":  # agencies take part in violence only as those who held it
        agencies = "father" not in cell
        files["events"][-1]["kind"] = "assessment" if agencies else "violence"
    check = checked(tmp_path, **files)
    assert [str(slip) for slip in check.expanded.breaches] == []
    to_do = [(slip.column, slip.message) for slip in check.to_do]
    assert [column for column, _ in to_do] == (["date"] if (form, cell) == ("date", "?") else [])
    filled = (
        check.expanded.tables["views"] if form in ("party", "holders") else made_by(check.expanded)
    )
    assert filled


@pytest.mark.parametrize("entry", PAGES["entries"], ids=lambda entry: entry["title"])
def test_the_rows_of_each_entry_stand_as_they_are(tmp_path: Path, entry: dict[str, Any]) -> None:
    rows = [row for entry in PAGES["entries"] for row in entry["rows"]]
    check = checked(tmp_path, events=rows)
    first = next(at for at, row in enumerate(rows, start=2) if row is entry["rows"][0])
    lines = range(first, first + len(entry["rows"]))
    assert [str(slip) for slip in check.wrong] == []
    assert [
        slip for slip in remarks(check) if any(f" line {line}," in slip for line in lines)
    ] == []


def test_a_review_without_a_text_at_hand_leaves_nothing_to_do(tmp_path: Path) -> None:
    check = checked(tmp_path, **PAGES["example"]["files"])
    assert remarks(check) == []
    places = {(locator["row"], locator["source"]) for locator in check.expanded.tables["locators"]}
    assert ("call", "report") in places
    assert {source for row, source in places if row.startswith("no-access")} == {"radio"}


def test_the_page_has_each_column_part_entry_and_answer() -> None:
    page = codebook_markdown()
    for form in BOOK.forms.values():
        for column in form.columns.values():
            assert f"| `{column.name}` | " in page
            assert column.meaning in page
    for entry in PAGES["entries"]:
        assert f"### {entry['title']}\n\n{entry['rule']}\n" in page
    for question in PAGES["questions"]:
        assert question["ask"] in page
        assert question["answer"] in page
    for kind in BOOK.roles:
        assert f"`{kind}`" in page.split("## Parts by kind")[1].split("##")[0]
    for identity, entry in BOOK.ready_agencies.items():
        assert (
            f"| `{identity}` | {entry['label']} | {', '.join(BOOK.other_names[identity])} | "
            in page
        )


def test_what_is_named_by_a_section_of_england_and_wales_has_other_names_elsewhere() -> None:
    of_section_47 = {
        code: entry.nations
        for of in BOOK.lists.values()
        for code, entry in of.codes.items()
        if "section 47" in entry.label.lower()
    }
    assert set(of_section_47) == {"section-47", "no-section-47"}
    for nations in of_section_47.values():
        assert set(nations) == {"Scotland", "Northern Ireland"}


def test_a_ready_agency_is_told_in_words_that_hold_in_each_nation() -> None:
    """In Northern Ireland no local authority has social workers, and only in England does a
    partnership have reviews made."""
    ready = BOOK.ready_agencies
    sectors = {name: BOOK.label("sector", entry["sector"]) for name, entry in ready.items()}
    assert sectors["childrens-services"] == "Children's social care"
    assert [name for name, sector in sectors.items() if "Local authority" in sector] == []
    assert [entry["label"] for entry in ready.values() if "partnership" in entry["label"]] == []


def test_a_ready_agency_is_found_by_what_it_is_also_called(tmp_path: Path) -> None:
    names = [name for names in BOOK.other_names.values() for name in names]
    assert len({name.casefold() for name in names}) == len(names)
    rows = [{"date": "2018-08", "kind": "contact", "summary": name, "by": name} for name in names]
    check = checked(tmp_path, events=rows)
    assert [str(slip) for slip in check.wrong] == []
    named = [(row["agency"], row.origins[0].item) for row in check.expanded.tables["involvement"]]
    assert sorted(named) == sorted(
        (identity, name) for identity, names in BOOK.other_names.items() for name in names
    )
    agencies = check.expanded.rows("agencies")
    assert all("also" not in row for row in agencies)
    # A row of one's own with such a label is the one that is meant.
    check = checked(
        (tmp_path / "own").mkdir() or tmp_path / "own",
        events=rows[:1],
        agencies=[{"id": "mine", "label": names[0].upper(), "sector": "5A"}],
    )
    assert check.expanded.tables["involvement"][0]["agency"] == "mine"


def test_the_declaration_is_read_once_and_whole() -> None:
    assert codebook() is codebook()
    text = Path(module.__file__).with_name("codebook.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)
    assert list(BOOK.lists) == list(declared["lists"])
    assert list(BOOK.tables) == [entry["name"] for entry in declared["tables"]]
    assert len(BOOK.tables) == 16
