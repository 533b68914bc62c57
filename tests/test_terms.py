"""Is each term explained once, where it first stands in running text, and nowhere that a button
would do harm?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casechron.report.page.prose import glossary, mark_terms
from text_tables import cells_of, words_of

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
#: Terms of the field that a reader of any review meets.
NEEDED = (
    *words_of("""
    serious-case-review section-47 icpc mash marac edt strategy-discussion core-group child-in-need
    child-protection-plan edtf interval right-censored undetermined transfer-conference
    protection-medical suspended-sentence culpable-homicide
"""),
)


def marked(markup: str) -> str:
    return mark_terms(markup, lambda term, words: f"[{term.id}:{words}]")[0]


def test_the_terms_of_the_field_are_there() -> None:
    assert set(NEEDED) <= {term.id for term in glossary()}


def test_the_national_panel_is_explained_by_the_name_that_reviews_give_it() -> None:
    assert marked("Told to the National Panel.") == "Told to the [panel:National Panel]."


def test_no_form_belongs_to_two_terms_and_every_meaning_is_whole() -> None:
    forms = [form.lower() for term in glossary() for form in term.forms]
    assert len(forms) == len(set(forms))
    for term in glossary():
        assert term.meaning.endswith("."), term.id
        assert term.meaning[0].isupper(), term.id
        assert "  " not in term.meaning, term.id


def test_what_holds_in_one_nation_says_so_and_what_others_have() -> None:
    meanings = {term.id: term.meaning for term in glossary()}
    # Of law, of a time limit, and of what there was until or since a year.
    law = re.compile(
        r"Children Act|within \d+|\d+ months|(until|since|up to|from) (\d+ \w+ )?\d{4}"
    )
    bound = {term.id for term in glossary() if law.search(term.meaning) and term.group != "Time"}
    assert {"core-group", "child-in-need", "domestic-abuse", "review-conference"} <= bound
    assert [name for name in sorted(bound) if "England" not in meanings[name]] == []
    others = "child-protection-register core-group serious-case-review safeguarding-partners"
    assert [name for name in words_of(others) if "Wales" not in meanings[name]] == []
    scotland = "section-47 icpc core-group review-conference serious-case-review"
    assert [name for name in words_of(scotland) if "Scotland" not in meanings[name]] == []
    # National guidance on significant case reviews, and since 2021 on learning reviews.
    assert "Scotland had significant case reviews" in meanings["serious-case-review"]
    assert "learning reviews since 2021" in meanings["serious-case-review"]


def test_what_pages_of_every_nation_show_is_explained_for_each() -> None:
    terms = {term.id: term for term in glossary()}
    meanings = {name: term.meaning for name, term in terms.items()}
    northern = (
        "section-47 serious-case-review safeguarding-partners childrens-social-care"
        " child-protection-register"
    )
    assert [name for name in words_of(northern) if "Northern Ireland" not in meanings[name]] == []
    # Section 17 and the third part of the Children Act 1989 went in Wales on 6 April 2016.
    wales = words_of("child-in-need looked-after")
    assert [name for name in wales if "Wales" not in meanings[name]] == []
    # Of these the first sentence, which is all that a hand-out has, holds in each nation.
    everywhere = words_of("icpc protective-step childrens-social-care child-protection-register")
    assert [name for name in everywhere if "section" in terms[name].short] == []
    # Reviews are explained by the name that they have where they were made.
    for name in ("significant case", "child practice", "case management", "learning"):
        assert f"{name} review" in terms["serious-case-review"].forms
    assert "reporter" in meanings["childrens-hearing"]


def test_a_hand_out_explains_a_step_by_the_name_that_it_has_in_scotland() -> None:
    """On paper only the first sentence of a meaning stands."""
    (term,) = (term for term in glossary() if term.id == "strategy-discussion")
    assert "initial referral discussion" in term.forms
    assert "referral discussion" in f"{term.term}. {term.short}"


def test_guidance_is_told_with_the_force_that_it_has() -> None:
    """It is issued under section 7 of the Local Authority Social Services Act 1970, so that an
    authority needs good reason not to follow it."""
    (guidance,) = [term.meaning for term in glossary() if term.id == "working-together"]
    waits = (NOTEBOOKS / "03_timing.ipynb").read_text(encoding="utf-8")
    assert "statutory guidance in England" in guidance
    assert "to be followed unless there is good reason" in guidance
    assert "the most that guidance (statutory, in England) allows" in waits
    assert "not law" not in waits


def test_a_term_is_marked_where_it_first_stands_and_only_there() -> None:
    assert (
        marked("<p>The ICPC, then the icpc and the ICPC.</p>")
        == "<p>The [icpc:ICPC], then the icpc and the ICPC.</p>"
    )


def test_the_longest_form_wins_and_capitals_of_words_do_not_matter() -> None:
    assert marked("<p>Section 47 enquiries</p>") == "<p>[section-47:Section 47 enquiries]</p>"
    assert (
        marked("<p>An Initial Child Protection Conference</p>")
        == "<p>An [icpc:Initial Child Protection Conference]</p>"
    )


def test_guidance_that_is_tightened_has_nothing_to_do_with_bounds() -> None:
    text = "Guidance is to be tightened. Tightened bounds."
    assert marked(text) == "Guidance is to be tightened. [tightened:Tightened bounds]."


def test_a_form_within_a_word_is_no_term() -> None:
    assert (
        marked("<p>EDTs SMASH policyholder re-referral edt</p>")
        == "<p>EDTs SMASH policyholder re-referral edt</p>"
    )


def test_markup_of_a_character_is_part_of_the_form() -> None:
    assert marked("<td>seen in A&amp;E</td>") == "<td>seen in [a-and-e:A&amp;E]</td>"


@pytest.mark.parametrize(
    "tag",
    cells_of("""
        h2 | caption | a | code | pre | summary | svg | thead | script | style | button | nav
        dt
    """),
)
def test_where_a_button_would_do_harm_there_is_none(tag: str) -> None:
    text = f"<{tag} title='ICPC'>ICPC <b>ICPC</b></{tag}>"
    assert marked(f"{text}<p>ICPC</p>") == f"{text}<p>[icpc:ICPC]</p>"


def test_what_only_the_heading_of_a_page_names_is_explained_there() -> None:
    assert marked("<h1>An ICPC.</h1><p>An ICPC</p>") == "<h1>An ICPC.</h1><p>An [icpc:ICPC]</p>"
    assert marked("<h1>The ICPC is held.</h1><a>ICPC</a>") == (
        "<h1>The [icpc:ICPC] is held.</h1><a>ICPC</a>"
    )
    for heading in ("<h1>ICPC</h1>", "<h2>The ICPC is held.</h2>", "<h1>“The ICPC is held”.</h1>"):
        assert marked(heading) == heading


def test_a_term_in_a_quotation_is_marked_where_it_stands_outside_of_one() -> None:
    for quoted in ("“The ICPC is held”", "‘the child’s ICPC is held’", "‘an ICPC’"):
        assert (
            marked(f"<p>{quoted}, that is the ICPC.</p>")
            == f"<p>{quoted}, that is the [icpc:ICPC].</p>"
        )
        assert marked(f"<p>{quoted}</p>") == f"<p>{quoted}</p>"
    assert marked("<p>‘ICPC’ is short.</p>") == "<p>‘[icpc:ICPC]’ is short.</p>"
    assert marked("<p>W’s ICPC, and ‘more’</p>") == "<p>W’s [icpc:ICPC], and ‘more’</p>"


def test_the_inner_end_of_a_tag_within_itself_does_not_end_it() -> None:
    text = "<svg><svg>ICPC</svg>ICPC</svg>"
    assert marked(text) == text


def test_the_terms_found_are_told_by_name() -> None:
    terms = mark_terms("<p>MARAC and EDTF</p>", lambda term, words: words)[1]
    assert [term.id for term in terms] == ["edtf", "marac"]
