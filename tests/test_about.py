"""Does every page say first what it rests on and who is who, from the tables alone?"""

from __future__ import annotations

from pathlib import Path

import pytest

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
