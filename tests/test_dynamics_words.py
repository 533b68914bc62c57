"""Do the sentences on accounts and views keep what is alleged alleged, and count nobody's
accounts?"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from an_invented_review import Tables, invented, no_rows, rows
from casechron.analysis.dynamics import accounts_of_harm, views_at_decisions
from casechron.chronology import attempt
from casechron.coding.reviews import list_reviews, read_review
from casechron.reporting.dynamics_words import (
    accounts_of_harm_in_words,
    alt_accounts_of_harm,
    views_at_decisions_in_words,
)

ROOT = Path(__file__).parents[1]
REVIEWS = [listed.name for listed in list_reviews(ROOT)]


def accounts(tables: Tables) -> pd.DataFrame:
    return accounts_of_harm(tables, attempt(tables["events"], tables["relations"]))


def views(tables: Tables) -> pd.DataFrame:
    return views_at_decisions(tables, attempt(tables["events"], tables["relations"]))


def contradicted() -> Tables:
    return invented() | {"relations": rows("relations", "rl|before|conference||shove|||||stated")}


def test_accounts_by_hand() -> None:
    assert accounts_of_harm_in_words(accounts(invented())) == [
        (
            "Accounts stand side by side as the source gives them: they are not counted, and none"
            " is weighed against another."
        ),
        (
            "Between January and February 2019: F says that M scratched him. F alleges in turn that"
            " M did this to F. Police came to hold this account on 2 April 2019."
        ),
        (
            "In March 2019: M says that F shoved her. M alleges that F did this to M; F denies it."
            " Police came to hold this account between 20 and 31 March 2019; Children's services on"
            " 10 April 2019. Police came to hold this denial on 2 April 2019. Reported as fact; who"
            " harmed whom is not said (it concerns K)."
        ),
        (
            "On 6 May 2019: A teacher sees a bruise on K. Reported as fact: an injury was seen on"
            " K. School came to hold this account on 6 May 2019. Response: an absence (did not"
            " happen): Nobody assesses the bruise."
        ),
        (
            "Not dated: The father of H was afraid of M. Told to the review by father of H: father"
            " of H was afraid of M. Learned only afterwards by The board (in the review)."
        ),
        (
            "On 20 June 2019: K suffers a broken arm. Reported as fact: K was harmed; by whom, this"
            " account does not say. F was convicted of this, on the account of Court. Learned only"
            " afterwards by Court (sentence)."
        ),
        (
            "What was learned only afterwards, by The board (in the review) and Court (sentence),"
            " is no knowledge of the time."
        ),
        (
            "Where no agency is named, the source does not say who held the account; somebody may"
            " have."
        ),
    ]


def test_views_by_hand() -> None:
    said = views_at_decisions_in_words(views(invented()))
    points = (
        "“The case is closed”, “A first conference is held on K” and 1 point where a response was"
        " lacking"
    )
    assert (
        said[1]
        == "Where a response was lacking, the review found it missing or not enough, or could not"
        " confirm it."
    )
    assert said[2:] == [
        "Children's services held the view “F alone is violent”, as coded from this source.",
        (
            "For this view: “M says that F shoved her” (denied by F; alleged by M; tied to the"
            f" view by the coder alone). It had certainly come about by the time of {points}; by"
            " each of these times Police and Children's services certainly held it."
        ),
        (
            "Against this view: “M, harming: F says that M scratched him” (alleged in turn by F)."
            f" It had certainly come about by the time of {points}; by each of these times Police"
            " certainly held it."
        ),
        (
            "Against this view: “The father of H was afraid of M” (told to the review by father of"
            f" H). It may already have come about by the time of {points}. Learned only afterwards"
            " by The board (in the review)."
        ),
        (
            "Against this view: “One parent was seen as violent” (finding by The board). It is a"
            " finding of the review, made after every decision."
        ),
        "On the view of School, “K is well”: nothing is coded for or against it.",
    ]


def test_who_held_evidence_at_some_points_only_is_said_by_those_points() -> None:
    table = views(invented())
    here = table.index[table["evidence"] == "pt-1"]
    table.loc[here[1:], "held_certainly"] = ""
    table.loc[here[1:], "held_possibly"] = "Police"
    assert views_at_decisions_in_words(table)[4].endswith(
        "It had certainly come about by the time of “The case is closed”, “A first conference is"
        " held on K” and 1 point where a response was lacking. Police certainly held it by “The"
        " case is closed”. Police may have held it by “A first conference is held on K” and 1 point"
        " where a response was lacking."
    )


def test_evidence_that_comes_later_or_that_nobody_held_is_said_to() -> None:
    tables = invented()
    tables["links"] = rows("links", "lk-1|contradicts|harm|v-well||stated")
    assert views_at_decisions_in_words(views(tables))[-1].endswith(
        "It comes after every point of decision, or cannot be compared with them. No agency is"
        " recorded as holding it."
    )


def test_without_an_admissible_chronology_there_is_no_order() -> None:
    said = views_at_decisions_in_words(views(contradicted()))
    assert said[3].endswith("No chronology is admissible, so no order is known.")
    assert (
        "No admissible chronology: F says that M scratched him."
        in accounts_of_harm_in_words(accounts(contradicted()))[1]
    )
    assert "No chronology is admissible, so there are no bars." in alt_accounts_of_harm(
        accounts(contradicted())
    )


def test_no_rows_are_said_in_words() -> None:
    assert accounts_of_harm_in_words(accounts(no_rows())) == [
        "No incident or statement of harm is coded."
    ]
    assert views_at_decisions_in_words(views(no_rows())) == ["No view is coded."]
    assert (
        alt_accounts_of_harm(accounts(no_rows()))
        == "No bars: no incident or statement of harm is coded."
    )


def test_alt_text_names_every_incident_and_the_denial() -> None:
    alt = alt_accounts_of_harm(accounts(invented()))
    assert alt.startswith("Incidents and statements of harm, one below the other,")
    assert "In March 2019: M says that F shoved her." in alt
    assert "Not dated: The father of H was afraid of M." in alt
    assert alt.endswith("Alleged and denied by F: M says that F shoved her.")


@pytest.mark.parametrize("review", REVIEWS)
def test_real_reviews_are_said_in_sentences_and_no_persons_accounts_are_counted(
    review: str,
) -> None:
    tables = read_review(ROOT / "data" / review)
    table = accounts(tables)
    said = accounts_of_harm_in_words(table)
    assert all(
        sentence.endswith(".") for sentence in [*said, *views_at_decisions_in_words(views(tables))]
    )
    for words in [*said, alt_accounts_of_harm(table)]:
        assert not re.search(r"\b\d+ (accounts?|allegations?|times|denials?)\b", words)
        assert "  " not in words
        assert ".." not in words
    # Whatever is only alleged is called so in its own sentence.
    for row in table.loc[table["force"] == "alleged"].to_dict("records"):
        assert any(
            row["summary"] in one and re.search(r": .*\b(alleges|accuses)\b", one) for one in said
        )


def test_who_held_an_account_is_said_where_the_day_is_not_known() -> None:
    said = accounts_of_harm_in_words(accounts(contradicted()))
    assert (
        said[1]
        == "No admissible chronology: F says that M scratched him. F alleges in turn that M did"
        " this to F. Held, from a day that cannot be told, by: Police."
    )
