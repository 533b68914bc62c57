"""Does every page say first what it rests on and who is who, from the tables alone?"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from a_good_review import good_review
from casechron.coding.codebook import codebook
from casechron.reporting.about import About, about, link_of
from casechron.reporting.export import page_html, write_text
from casechron.reporting.page_texts import kinship_words
from casechron.reporting.pages import write_pages
from test_export import FACTS, PAGES, notebook, table_output


def write(folder: Path, said: About) -> dict[str, str]:
    facts = dataclasses.replace(FACTS, basis=said)
    notebooks = {page.stem: notebook(table_output(page.stem)) for page in PAGES}
    for page in PAGES:
        write_text(folder / f"{page.stem}.html", page_html(notebooks[page.stem], page, facts))
    write_pages(folder, facts, notebooks)
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


def test_every_kinship_has_words_for_one_and_for_several() -> None:
    for kinship in codebook().codes("kinship"):
        assert kinship_words(kinship) != kinship_words(kinship, 2)


def test_a_review_says_what_it_rests_on_and_who_is_who(tmp_path: Path) -> None:
    said = about(good_review(tmp_path))
    assert said.rests_on == "1 review report and 1 published timeline"
    assert [(one.kind, one.read) for one in said.sources] == [
        ("review report", True),
        ("published timeline", False),
    ]
    assert said.who == "X: the child"
    assert [(one.label, one.named) for one in said.agencies if not one.named] == [
        ("Unspecified agency", False)
    ]
    assert about(tmp_path / "nowhere") == About()


def test_pages_say_it_first(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "review.toml").write_text(
        '[[sources]]\nid = "s"\ncitation = "Gazette <1>."\nkind = "news-article"\n'
        'address = "example.org"\nlocated_by = "blocks"\n'
    )
    (folder / "people.csv").write_text(
        "id,label,kinship,note\nk,K,child,\nm,KM,mother,A & B\nf,father of H,sibling-parent,\n"
    )
    (folder / "agencies.csv").write_text(
        "id,label,sector,note\np,Police,6,\nu,Somebody,10,\nc,Clinic,3F,\n"
    )
    pages = write(tmp_path / "out", about(folder))
    source = (
        'Gazette &lt;1&gt; (<a href="https://example.org">example.org</a>): a news article; the'
        " review itself was not read."
    )
    for stem in ("01_when", "02_wait"):
        assert f"<dl>\n<div><dt>Source</dt><dd>{source}</dd></div>" in pages[stem]
        line = (
            '<p class="who">K: the child · KM: mother · <a href="index.html#who">Who is who</a></p>'
        )
        assert line in pages[stem]
        assert pages[stem].index(line) < pages[stem].index("<h1")
    for stem in ("index", "alpha-2001"):
        assert f"<strong>Source.</strong> {source}" in pages[stem]
        assert "<div><dt>KM</dt><dd>mother – A &amp; B</dd></div>" in pages[stem]
        assert "Police; Clinic (other health services)." in pages[stem]
        assert "<strong>Not named in the source:</strong> Somebody." in pages[stem]
    for text in pages.values():
        assert (
            "<li>All that is told here rests on a news article; the review itself was not read."
            in text
        )


@pytest.mark.parametrize(
    "address", ["", "In print", "javascript:x", "a b.org", "ftp://example.org/", "example"]
)
def test_what_is_no_address_of_the_web_is_no_link(address: str) -> None:
    assert link_of(address) == ""
