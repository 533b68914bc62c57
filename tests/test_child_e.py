"""Do the texts of the invented review fit its true chronology, save where they are meant not to?

The truth was written before the texts (two absences that the report tells were added to it after),
and every window by hand from their words: nothing here is taken from what the package computes, so
that its results can be held against it."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import holidays
import numpy as np
import pytest

from article import ROOT
from casechron.cli import main
from casechron.coding.codebook import codebook
from casechron.coding.form_check import check_form
from casechron.coding.meta import meta_values
from casechron.coding.sources import normalise, numbered_sentences

HERE = Path(__file__).parent / "child-e"
REVIEW = next(ROOT.glob("*/child-e-example-2024"))
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


TRUTH = {row["id"]: row for row in rows("truth")}
TEXTS = {
    source: (REVIEW / "sources" / f"{source}.md").read_text(encoding="utf-8")
    for source in ("report", "news")
}
SENTENCES = {
    (source, f"p{one.paragraph}.{one.sentence}"): one.text
    for source, text in TEXTS.items()
    for one in numbered_sentences(text)
}


def day(event: str, point: str = "start") -> date:
    row = TRUTH[event]
    return date.fromisoformat(row["until"] if point == "end" else row["date"])


def working_days(first: date, last: date) -> int:
    """Working days in England, the day after the first being day 1."""
    off = list(holidays.country_holidays("GB", subdiv="ENG", years=range(2021, 2024)))
    after = timedelta(days=1)
    return int(np.busday_count(first + after, last + after, holidays=sorted(off)))


def test_the_truth_has_every_grade_of_absence_and_one_day_for_each_point() -> None:
    """But for what only one of those concerned says, which is no grade of the truth."""
    grades = {*codebook().codes("absence")} - {"by-one-account"}
    assert {row["absence"] for row in TRUTH.values()} - {""} == grades
    assert len(TRUTH) == len(rows("truth"))
    for event, row in TRUTH.items():
        assert day(event) <= (day(event, "end") if row["until"] else day(event)), event


@pytest.mark.parametrize("row", rows("dates"), ids=lambda row: f"{row['source']}-{row['truth']}")
def test_each_date_in_words_admits_the_true_day(row: Row) -> None:
    assert row["words"] in SENTENCES[row["source"], row["place"]]
    first, last = date.fromisoformat(row["earliest"]), date.fromisoformat(row["latest"])
    assert first <= day(row["truth"], row["point"]) <= last


@pytest.mark.parametrize("row", rows("intervals"), ids=lambda row: f"{row['from']}-{row['to']}")
def test_each_interval_in_words_admits_the_true_one_or_no_chronology_at_all(row: Row) -> None:
    assert row["words"] in SENTENCES[row["source"], row["place"]]
    true = (day(row["to"]) - day(row["from"])).days
    least, most = int(row["days_min"]), int(row["days_max"] or true)
    assert (least <= true <= most) == (row["holds"] == "yes")
    if row["holds"] == "no":
        # It cannot hold with the dates of the same text, whichever of their days is meant.
        said = {
            one["truth"]: (date.fromisoformat(one["earliest"]), date.fromisoformat(one["latest"]))
            for one in rows("dates")
            if one["source"] == row["source"]
        }
        longest = (said[row["to"]][1] - said[row["from"]][0]).days
        shortest = (said[row["to"]][0] - said[row["from"]][1]).days
        assert longest < least or (row["days_max"] and shortest > most)


def test_one_statement_alone_cannot_hold() -> None:
    assert [row["place"] for row in rows("intervals") if row["holds"] == "no"] == ["p40.2"]


@pytest.mark.parametrize("row", rows("limits"), ids=lambda row: f"{row['rule']}-{row['to']}")
def test_each_limit_of_guidance_is_counted_in_the_truth(row: Row) -> None:
    first, last = day(row["from"]), day(row["to"])
    if row["unit"] == "working days":
        assert working_days(first, last) == int(row["truth"])
    else:
        whole = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
        assert whole == int(row["truth"])
    assert (row["from_report"] == "undetermined") == bool(row["settled_by"])
    if row["from_report"] != "undetermined":
        assert (row["from_report"] == "met") == (int(row["truth"]) <= int(row["limit"]))


def test_the_news_differs_from_the_report_in_three_places() -> None:
    told = rows("differences")
    assert [row["what"] for row in told] == ["date", "count", "who was told"]
    for row in told:
        assert row["report_words"] in SENTENCES["report", row["report_place"]]
        assert row["news_words"] in SENTENCES["news", row["news_place"]]
        assert row["report_says"] != row["news_says"]
    days = {source: set(re.findall(r"\d{1,2} [A-Z][a-z]+", text)) for source, text in TEXTS.items()}
    assert days["news"] - days["report"] == {"21 November"}


@pytest.mark.parametrize("source", TEXTS)
def test_a_text_says_in_its_first_sentence_and_its_title_that_it_is_invented(source: str) -> None:
    assert SENTENCES[source, "p1.1"].startswith("**Invented text.** No child, family,")
    assert SENTENCES[source, "p2.1"].endswith("(invented)")


def test_the_texts_are_as_long_as_such_texts_are() -> None:
    count = {source: len(text.split()) for source, text in TEXTS.items()}
    assert 1800 <= count["report"] <= 2500
    assert 450 <= count["news"] <= 600


def test_no_word_of_the_truth_stands_beside_the_data() -> None:
    """Who codes from the folder does not stumble over what he must not know."""
    assert {path.name for path in REVIEW.iterdir()} & {
        path.name for path in HERE.iterdir()
    } == set()


def test_every_place_of_the_answers_is_in_a_text() -> None:
    text = normalise((HERE / "answers.md").read_text(encoding="utf-8"))
    named = re.findall(r"\b(news )?(p\d+\.\d+)\b", text)
    assert len(named) > 40
    assert [
        one for news, one in named if ("news" if news else "report", one) not in SENTENCES
    ] == []


def test_both_texts_are_held_from_the_folder_alone(tmp_path: Path) -> None:
    review = shutil.copytree(REVIEW, tmp_path / "data" / REVIEW.name)
    for coded in review.glob("*.csv"):
        coded.unlink()
    events = "date,kind,summary,by,about,place\n2022-11-22,bruising,A bruise,school,E,"
    (review / "events.csv").write_text(f"{events}p26.1; news:p10.2\n", encoding="utf-8")
    (review / "people.csv").write_text("id,label,kinship\ne,E,child\n", encoding="utf-8")
    for command in ("locate", "verify"):
        assert main([command, str(review)]) == 0
    assert check_form(review).wrong == []


def test_the_review_says_that_it_is_invented() -> None:
    meta, wrong = meta_values(REVIEW)
    assert wrong == []
    assert meta["invented"] is True
    assert "invented" in str(meta["title"])
