"""Does every page say first what it rests on and who is who, from the tables alone?"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import casechron as cc
from a_good_review import good_review
from casechron.coding.expansion import TidyRow
from casechron.coding.form_check import check_form
from casechron.report.about import About, Party, about, link_of, the_source

SOURCE = Path(cc.__file__).parent
_WITH = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def tables_of(folder: Path) -> dict[str, list[TidyRow]]:
    return check_form(folder).expanded.tables


def test_a_review_says_what_it_rests_on_and_who_is_who(tmp_path: Path) -> None:
    facts = about(tables_of(good_review(tmp_path)))
    assert facts.rests_on == "1 review report and 1 published timeline"
    assert [source.kind for source in facts.sources] == ["review report", "published timeline"]
    assert [(agency.label, agency.named) for agency in facts.agencies if not agency.named] == [
        ("Unspecified agency", False)
    ]
    assert about(tables_of(tmp_path / "nowhere")) == About()


@pytest.mark.parametrize(
    "address", ["", "In print", "javascript:x", "a b.org", "ftp://example.org/", "example"]
)
def test_what_is_no_address_of_the_web_is_no_link(address: str) -> None:
    assert link_of(address) == ""


def test_a_sibling_is_introduced_by_the_tie_that_the_source_gives() -> None:
    facts = about(tables_of(Path(__file__).parent.parent / "data" / "child-w-manchester-2020"))
    assert facts.introduced.endswith("; S1, S2: half-siblings of W")
    (first,) = [person for person in facts.people if person.label == "S1"]
    assert (first.what, first.note) == ("half-sibling of W", "another father than W and than S2")


@pytest.mark.parametrize(
    ("tie", "several"),
    [
        ("the child", "the children"),
        ("the child, aged 2 in May 2011", "the children, aged 2 in May 2011"),
        ("brother or sister, full or half", "brothers or sisters, full or half"),
        ("half-brother by another father", "half-brothers by another father"),
        ("partner of a parent", "partners of a parent"),
        ("other relative", "other relatives"),
        ("friend or acquaintance", "friends or acquaintances"),
        ("professional, unnamed", "professionals, unnamed"),
        ("other baby in the home", "other babies in the home"),
        ("neighbour's boy", "neighbour's boys"),
    ],
)
def test_what_several_persons_are_is_told_in_the_plural(tie: str, several: str) -> None:
    people = Party("C6", tie), Party("A1", "mother"), Party("C5", tie)
    assert About(people=people).introduced == f"C6, C5: {several}; A1: mother"


def test_a_label_that_is_the_tie_is_not_told_twice() -> None:
    """Of the mother and the father of Child E, who are labelled so, nothing else is to be told."""
    facts = about(tables_of(Path(__file__).parent.parent / "data" / "child-e-example-2024"))
    assert facts.introduced == (
        "Child E: the child; Brother: half-brother by another father, five years older;"
        " Grandmother: Mother's own mother; Partner: partner of a parent"
    )
    several = (Party("Mother", "mother, aged 20"), Party("Father", "father, aged 20"))
    assert About(people=several).introduced == "Mother, Father: aged 20"


def test_the_age_of_a_child_is_told_only_where_the_child_died() -> None:
    """Child U died; Child E has an age and got well, Child W and the siblings have ages."""
    data = Path(__file__).parent.parent / "data"
    told = {
        name: [person.what for person in about(tables_of(data / name)).people]
        for name in ("child-u-manchester-2013", "child-e-example-2024", "child-w-manchester-2020")
    }
    assert told["child-u-manchester-2013"][0] == "the child, aged 4 in September 2011"
    assert "aged" not in f"{told['child-e-example-2024']} {told['child-w-manchester-2020']}"


def test_of_the_ages_of_a_child_who_died_the_last_is_told_whatever_its_unit() -> None:
    """N's ages are coded from the last to the first; the sisters live."""

    def age(person: str, unit: str, value: str) -> dict[str, str]:
        return {"row": person, "attribute": f"age-{unit}", "value": value, "basis": "stated"}

    people = {"n": "Child N", "s1": "Sibling 1", "s2": "Sibling 2"}
    tables: dict[str, Any] = {
        "people": [
            {"id": person, "label": label, "kinship": "child", "note": ""}
            for person, label in people.items()
        ],
        "events": [{"id": "death", "kind": "death", "absence": ""}],
        "participation": [{"event": "death", "person": "n", "role": "subject"}],
        "attributes": [
            age("n", "years", "2 (at the fall)"),
            age("n", "months", "20 (at the diagnosis)"),
            age("n", "weeks", "6 (in May 2019)"),
            age("s1", "years", "9 (in June 2021)"),
        ],
        "agencies": [],
        "sources": [],
    }
    assert about(tables).introduced == (
        "Child N (aged 2 at the fall), Sibling 1, Sibling 2: the children"
    )
    tables["people"] = tables["people"][:1]
    assert about(tables).introduced == "Child N: the child, aged 2 at the fall"


def test_a_twin_at_the_centre_is_no_less_the_child_than_the_other() -> None:
    """What a brother is to them says more than that he is a brother; of a child it says less."""
    people = [("k", "Baby K", "child"), ("l", "Baby L", "child"), ("s", "S1", "sibling")]
    tie = {"attribute": "family-tie", "basis": "stated"}
    tables: dict[str, Any] = {
        "people": [
            dict(zip(("id", "label", "kinship"), one, strict=True), note="") for one in people
        ],
        "attributes": [
            tie | {"row": "l", "value": "twin of Baby K"},
            tie | {"row": "s", "value": "half-brother"},
        ],
    } | {name: [] for name in ("events", "participation", "agencies", "sources")}
    told = about(tables)
    assert told.introduced == "Baby K, Baby L: the children; S1: half-brother"
    assert [person.note for person in told.people] == ["", "twin of Baby K", ""]


@pytest.mark.parametrize("review", ["child-x-dundee-2009", "child-w-manchester-2020"])
def test_a_board_or_a_committee_is_called_no_partnership(review: str) -> None:
    """Dundee had a committee, Manchester by 2020 a partnership: either is the reviewing body."""
    facts = about(tables_of(Path(__file__).parent.parent / "data" / review))
    (body,) = [agency for agency in facts.agencies if agency.what == "reviewing body"]
    assert re.search("Committee$|Partnership$", body.label)


@pytest.mark.parametrize(
    ("review", "rests_on", "whose"),
    [
        ("child-w-manchester-2020", "a news article; the review itself was not read", "source"),
        (
            "child-x-dundee-2009",
            "5 news articles and 2 other published texts, only the opening of each; the"
            " review itself was not read",
            "material at hand",
        ),
        (
            "child-polly-derbyshire-2017",
            "1 review extract, 5 news articles and 1 other published text, only the opening of 5 of"
            " them; the review itself was not read",
            "material at hand",
        ),
        (
            "child-a-haringey-2008",
            "2 published timelines and 1 news article; the review itself was not read, and no text"
            " of these sources was at hand",
            "material at hand",
        ),
    ],
)
def test_no_silence_is_told_of_a_source_that_was_not_read_whole(
    review: str, rests_on: str, whose: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of each text of Child X only the opening was read; the article of Child W was read whole."""
    folder = Path(__file__).parent.parent / "data" / review
    assert about(tables_of(folder)).rests_on == rests_on
    try:
        coded = cc.read_review(folder)
        cc.show.style(coded)
        events, found = cc.chronicle(coded), cc.findings_and_recommendations(coded)
        first, *_ = cc.words.learning.published(events, found[:0], "silent")
        assert first.text == f"The {whose} tells of no recommendation."
        # The child is seen nowhere where nothing is said of it.
        contacts = cc.contacts(coded)[:1].assign(absence="", seen="not said", alone="not said")
        (seen, *_) = cc.words.waits.contact_points(contacts)
        assert seen.text.startswith(f"The {whose} does not say of any visit or contact")
        cc.show.points(["The source has a day."])
        assert capsys.readouterr().out == "- The source has a day.\n"
    finally:
        cc.show.style()
    assert the_source() == "the source"


def test_every_silence_is_worded_where_it_is_known_who_is_silent() -> None:
    """No sentence of a page says by itself that it is the source that says nothing."""
    silent = re.compile(
        r"\b[Tt]he source (?:does not|(?:names|tells of|ties|settles) no)|does the s"
    )
    told = []
    for path in sorted((SOURCE / "report").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documents = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, _WITH)
        }
        told += [
            f"{path.name}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if node.value not in documents and silent.search(node.value)
        ]
    assert not told
