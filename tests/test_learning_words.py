"""Do the sentences on findings say strengths, gaps and the caution that a source lists only
some?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from an_invented_review import Tables, invented, no_rows, rows
from casechron.analysis.learning import completeness, plan_categories, traceability
from casechron.chronology import attempt
from casechron.coding.reviews import list_reviews, read_review
from casechron.reporting.learning_words import (
    alt_traceability,
    plan_categories_in_words,
    traceability_in_words,
)

ROOT = Path(__file__).parents[1]


def plans(tables: Tables) -> pd.DataFrame:
    return plan_categories(tables, attempt(tables["events"], tables["relations"]))


def test_traceability_by_hand() -> None:
    tables = invented()
    assert traceability_in_words(traceability(tables), completeness(tables)) == [
        "The review found 2 shortfalls (as coded here).",
        "The review found 1 strength (as coded here): The bruise was seen.",
        (
            "The review has 1 finding that is neither strength nor shortfall (as coded here): The"
            " town is large."
        ),
        (
            "Addressed by the recommendation “Ask both parents”: One parent was seen as violent ·"
            " The plan had the wrong category."
        ),
        "Addressed by the recommendation “Review the plans”: The plan had the wrong category.",
        (
            "Ties between recommendations and findings are in part, or all, the coder's judgement:"
            " the table says which."
        ),
        "No coded recommendation addresses 2 findings, 1 strength among them.",
        "Recommended without a coded finding that it addresses: Train the staff.",
        "Without a coded row that they rest on: The town is large.",
        (
            "The sources at hand give only some: the coding notes “Says that the list is not"
            " complete (s, paragraph 7)”. What has no counterpart here may have one in the review."
        ),
    ]


def test_plan_categories_by_hand() -> None:
    assert plan_categories_in_words(plans(invented()))[1:] == [
        "K is placed on a plan (from 3 June 2019 on): the category is neglect.",
        "The review's finding on that category: The plan had the wrong category.",
        (
            "Domestic abuse, certainly by the day of the plan: F says that M scratched him"
            " (alleged) · M says that F shoved her (alleged and denied in part)."
        ),
        (
            "Domestic abuse, possibly by then: The father of H was afraid of M (told to the review"
            " only)."
        ),
        "Physical harm to a child, certainly by the day of the plan: A teacher sees a bruise on K.",
        "Information sharing, certainly by the day of the plan: The police pass on what M said.",
    ]


def test_a_plan_without_a_category_and_without_an_admissible_chronology() -> None:
    tables = invented() | {
        "attributes": rows("attributes"),
        "relations": rows("relations", "rl|before|plan||shove|||||stated"),
    }
    assert plan_categories_in_words(plans(tables))[1:] == [
        "K is placed on a plan (no admissible chronology): no category is stated.",
        "No chronology is admissible, so what came before the plan is not known.",
    ]


def test_no_rows_are_said_in_words() -> None:
    empty = traceability(no_rows())
    assert traceability_in_words(empty, completeness(no_rows())) == [
        "No findings and no recommendations are coded.",
        (
            "Whether the sources at hand give all findings and recommendations of the review is not"
            " coded."
        ),
    ]
    assert alt_traceability(empty) == "No rows: no findings and no recommendations are coded."
    assert plan_categories_in_words(plans(no_rows())) == ["No child protection plan is coded."]


def test_alt_text_by_hand() -> None:
    assert (
        alt_traceability(traceability(invented()))
        == "A matrix of 4 findings by 3 recommendations, with a mark where a recommendation"
        " addresses a finding. One parent was seen as violent — recommendation: Ask both"
        " parents. The plan had the wrong category — recommendations: Ask both parents · Review"
        " the plans. 2 findings without a mark. Without a mark in its column: Train the staff."
    )


@pytest.mark.parametrize("review", [listed.name for listed in list_reviews(ROOT)])
def test_real_reviews_are_said_in_sentences(review: str) -> None:
    tables = read_review(ROOT / "data" / review)
    traced = traceability(tables)
    said = [
        *traceability_in_words(traced, completeness(tables)),
        *plan_categories_in_words(plans(tables)),
    ]
    said.append(alt_traceability(traced))
    assert all(
        sentence.endswith(".") and ".." not in sentence and "  " not in sentence
        for sentence in said
    )
    for strength in traced.loc[traced["polarity"] == "strength", "finding_summary"]:
        assert any(strength in sentence for sentence in said)
