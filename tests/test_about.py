"""Does every page say first what it rests on and who is who, from the tables alone?"""

from __future__ import annotations

from pathlib import Path

import pytest

import casechron as cc
from a_good_review import good_review
from casechron.coding.expansion import Made
from casechron.coding.form_check import check_form
from casechron.report.about import About, about, link_of


def tables_of(folder: Path) -> dict[str, list[Made]]:
    return check_form(folder).expanded.tables


def test_a_review_says_what_it_rests_on_and_who_is_who(tmp_path: Path) -> None:
    facts = about(tables_of(good_review(tmp_path)))
    assert facts.rests_on == "1 review report and 1 published timeline"
    assert [(source.kind, source.read) for source in facts.sources] == [
        ("review report", True),
        ("published timeline", False),
    ]
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
    ("review", "rests_on", "whose"),
    [
        ("child-w-manchester-2020", "a news article; the review itself was not read", "source"),
        (
            "child-x-dundee-2009",
            "7 news articles, only the opening of each; the review itself was not read",
            "material at hand",
        ),
        (
            "child-polly-derbyshire-2017",
            "1 review extract and 6 news articles, only the opening of 5 of them; the review"
            " itself was not read",
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
    silences = [
        "{} tells of no answer.",
        "A step follows. {} tells of no protective step after that.",
        "{} does not say of any visit whether the child was seen.",
        "{} names nobody as having done this.",
        "At none of these does {} say who was told.",
        "The police heard from somebody whom {} does not name.",
    ]
    try:
        cc.show.style(cc.read_review(folder))
        cc.show.points([*(_of(one, "source") for one in silences), "The source has a day."])
    finally:
        cc.show.style()
    told = [*(_of(one, whose) for one in silences), "The source has a day."]
    assert capsys.readouterr().out.splitlines() == [f"- {one}" for one in told]


def _of(text: str, whose: str) -> str:
    return text.format(f"{'The' if text[0] == '{' or '. {' in text else 'the'} {whose}")
