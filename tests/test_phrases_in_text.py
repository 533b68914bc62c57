"""Phrases in running text: is each found where it stands, whole, with the days that it can mean,
and is nothing else taken for one?"""

from __future__ import annotations

import calendar
import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.dates.days import day_text
from casechron.dates.phrase_reader import WHY
from casechron.dates.phrases import Narrative, PhraseReading, find_phrases, parse_phrase, window_of
from casechron.dates.windows import day_span
from thoroughly import drawn, examples

#: Invented sentences, and the days that a reader would say, written down by hand.
TABLE = list(
    csv.DictReader(
        (Path(__file__).parent / "found_phrases.csv").read_text(encoding="utf-8").splitlines()
    )
)
MONTHS = calendar.month_name[1:]


def days(reading: PhraseReading) -> tuple[str, str]:
    first, last = window_of(reading)
    return day_text(first) if first else "", day_text(last) if last else ""


def test_each_phrase_is_found_in_its_sentence_and_read_there_and_as_a_cell() -> None:
    for row in TABLE:
        phrases = find_phrases(row["sentence"])
        assert [phrase.words for phrase in phrases] == [row["phrase"]], row
        narrative = Narrative(row["anchor"], row["year"])
        reading, _ = narrative.read(phrases[0].words, of_event=phrases[0].of_event)
        assert days(reading) == (row["earliest"], row["latest"]), row
        assert (row["why"] in reading.why) if row["why"] else reading.date, row
        assert "not read" not in parse_phrase(row["phrase"], row["anchor"], row["year"]).why, row


def test_two_phrases_with_a_word_between_them_are_both_found() -> None:
    for text, words in (
        ("He had a plan from 01/02/2016 to 03/04/2017.", ["01/02/2016", "03/04/2017"]),
        (
            "On 2 May 2016 and within two working days it was made.",
            ["On 2 May 2016", "within two working days"],
        ),
        (
            "Seen on 3 March 2016 and on a Monday in May 2017.",
            ["on 3 March 2016", "on a Monday in May 2017"],
        ),
        (
            "An order of nine months on 2 March 2022, for two years on Monday 3 May 2021.",
            ["of nine months", "on 2 March 2022", "on Monday 3 May 2021"],
        ),
        ("At the end of Year 9, in July 2021, he left.", ["in July 2021"]),
        ("It was closed on 20 May 2022, on the day on which he left.", ["on 20 May 2022"]),
        (
            "She rang on 3 May 2022, on a whim, and on 4 May 2022 on a bus.",
            ["on 3 May 2022", "on 4 May 2022"],
        ),
        ("From 3 May 2022 on, and a year on, he was seen.", ["From 3 May 2022 on", "a year on"]),
    ):
        assert [phrase.words for phrase in find_phrases(text)] == words


@pytest.mark.parametrize(
    "text",
    [
        "He may march on, and the sun sat low.",
        "The Children Act 1989 and Working Together (2015) say so.",
        "The Children Acts 1989 and 2004 say so.",
        "5.1.12 Agencies met.",
        "The second of the three, the first and the last.",
        "It was one of 12 or 13, from 4 to 6.",
        "Paragraph 5.30 has 2000 words.",
        "Over and above, before and after, by and by.",
        "The Sun and The Times said so.",
        "At the end of Year 9 and in Year 10 she sat alone.",
        "She was not told, and has never been.",
        "The first time that she was seen, a third worker took over from the one before.",
        "At no point, from time to time, all the time: in time, on time, at times, over time.",
        "She had an evening meal, morning sickness, summer clothes and a Monday Club.",
        "The ratio was 2:1, 3/4 of them, 50-60 per cent; call 0161 234 5678 at once.",
        "A fall; early help; a mid-point review; the next steps; past harm and recent events.",
        "There was a daily record, weekly supervision, and a half-hourly check.",
        "The 2004 Act and the 2015 guidance were known to their 2000 families.",
    ],
)
def test_what_is_no_time_is_not_found(text: str) -> None:
    assert find_phrases(text) == []


@pytest.mark.parametrize("weekday", drawn(list(calendar.day_name), 2))
@pytest.mark.parametrize("of_year", ["1 January", "29 February", "1 March", "31 December"])
def test_each_day_of_the_year_is_found_with_each_weekday(weekday: str, of_year: str) -> None:
    words = f"On the night of {weekday} {of_year}"
    assert [one.words for one in find_phrases(f"{words} she was seen.")] == [words]


def test_what_is_found_hangs_on_no_wording_of_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WHY, "how_often", "it happened again and again")
    (found,) = find_phrases("The family doctor saw him every other Monday by pure chance.")
    assert found.words == "every other Monday"


def test_several_phrases_of_a_sentence_are_told_apart() -> None:
    text = "Aged four months in May 2018, two months after the visit, she was seen for six weeks."
    assert [(phrase.words, phrase.of_event) for phrase in find_phrases(text)] == [
        ("Aged four months", False),
        ("in May 2018", False),
        ("two months after", True),
        ("for six weeks", False),
    ]


def test_a_month_beside_another_is_found_with_the_year_of_that() -> None:
    text = "He came in the second week of December 2013 and January."
    narrative = Narrative()
    readings = [(phrase.words, narrative.read(phrase.words, 1)) for phrase in find_phrases(text)]
    assert [words for words, _ in readings] == ["in the second week of December 2013", "January"]
    reading, basis = readings[1][1]
    assert (reading.choices, basis) == (("2013-01", "2014-01"), "derived")


def test_what_is_left_out_comes_from_the_date_before_and_says_so() -> None:
    narrative = Narrative()
    story = [
        ("late June", 1, None, ""),
        ("In May 2018", 2, "2018-05", "stated"),
        ("in late June", 2, "late 2018-06", "derived"),
        ("at the end of the month", 3, "end 2018-06", "judged"),
        ("for six weeks", 3, None, ""),
        ("on 3 July", 3, "2018-07-03", "judged"),
        ("two days later", 4, "2018-07-05", "judged"),
        ("the previous year", 5, "2017", "judged"),  # a look back moves nothing
        ("the next day", 6, "2018-07-06", "judged"),
    ]
    for phrase, sentence, dated, basis in story:
        reading, rests_on = narrative.read(phrase, sentence)
        assert (phrase, reading.date, rests_on) == (phrase, dated, basis)


@pytest.mark.parametrize(
    "between",
    ["a few days later", "by 14 September 2018", "from 3 August 2018", "from 2018 to 2021"],
)
def test_nothing_counts_from_a_date_behind_another_that_has_no_days(between: str) -> None:
    narrative = Narrative()
    narrative.read("on 17 June 2018", 1)
    narrative.read(between, 2)
    reading, basis = narrative.read("two weeks later", 3)
    assert (days(reading), basis) == (("", ""), "")
    assert "it is in relation to something else" in reading.why
    # what only leaves out its year has it still, and counts again
    assert narrative.read("on 3 October", 4)[0].date == "2018-10-03"
    assert narrative.read("two days later", 5)[0].date == "2018-10-05"


def test_what_has_been_so_since_a_date_is_not_counted_from() -> None:
    narrative = Narrative()
    narrative.read("on 17 June 2018", 1)
    narrative.read("since 2016", 2)
    assert narrative.read("two days later", 3)[0].date == "2018-06-19"


def test_a_month_before_the_one_told_of_can_be_of_two_years() -> None:
    narrative = Narrative()
    narrative.read("November 2018", 1)
    reading, _ = narrative.read("in January", 2)
    assert (reading.date, reading.choices) == (None, ("2018-01", "2019-01"))
    assert Narrative("2018-11", "2019").read("in January")[0].date == "2019-01"


@pytest.mark.parametrize(
    ("told", "phrase", "dates"),
    [
        # Two winters have days in a year; the one before a March is nearer than the one after it.
        ("2015-03", "In the winter", "2014-24 2015-24"),
        ("2015-03", "that winter", "2014-24 2015-24"),
        ("2015-03", "in early winter", "early 2014-24, early 2015-24"),
        ("2015", "in the winter", "2014-24 2015-24"),
        ("2015-10", "in the winter", "2015-24"),
        ("2015-10", "that winter", "2015-24"),
        # One that lasts while something is told is that, and the one before it another.
        ("2015-01-10", "that winter", "2014-24"),
        ("2015-01-10", "the previous winter", "2013-24"),
        ("2015-01-10", "the following winter", "2015-24"),
        ("2015-12-10", "the following winter", "2016-24"),
        ("2015-03", "the previous winter", "2014-24"),
        ("2015-03", "last winter", "2014-24"),
        ("2015-03", "the winter before", "2014-24"),
        ("2015", "the previous winter", "2014-24"),
        ("2015", "the following winter", "2015-24"),
        ("2015-03", "the following summer", "2015-22"),
        # The same rule for months, days and feasts: 1 July is 181 days after 1 January, 3 July 183.
        ("2015-01-01", "in December", "2014-12 2015-12"),
        ("2015-01-01", "on 1 July", "2015-07-01"),
        ("2015-01-01", "on 3 July", "2014-07-03 2015-07-03"),
        ("2015-01-01", "on Boxing Day", "2014-12-26 2015-12-26"),
        ("2015-12-10", "that summer", "2015-22"),
        ("2015-12-10", "in the summer", "2015-22 2016-22"),
        ("2015", "in November", "2015-11"),
        ("2015", "on New Year's Eve", "2015-12-31"),
        # A day that only one of the two years has: no other 29 February, no other Monday.
        ("2016-03-05", "on 29 February", "2016-02-29"),
        ("2015-03-10", "on Monday 5 January", "2015-01-05"),
    ],
)
def test_what_comes_every_year_is_offered_of_both_where_either_can_be_meant(
    told: str, phrase: str, dates: str
) -> None:
    reading, basis = Narrative(told).read(phrase)
    wanted = tuple(dates.split(", ") if ", " in dates else dates.split())
    assert (reading.dates, basis) == (wanted, "judged")
    assert (reading.date is None) == (len(wanted) > 1)
    assert reading.why == ("it can lie before or after the date beside it" if wanted[1:] else "")


def test_the_season_before_something_is_of_that_and_not_of_what_was_told() -> None:
    (phrase,) = find_phrases("The winter before she was born, he left.")
    assert (phrase.words, phrase.of_event) == ("The winter before", True)


def test_a_feast_before_the_month_told_of_can_be_of_two_years_and_moves_nothing_back() -> None:
    narrative = Narrative()
    story = [
        ("In September 2019", "2019-09", (), ("2019-09-01", "2019-09-30")),
        (
            "In the New Year",
            None,
            ("2019-01-01", "[2018-12-25..2019-01-06]", "2020-01-01", "[2019-12-25..2020-01-06]"),
            ("2018-12-25", "2020-01-06"),
        ),
        (
            "in the summer term",
            None,
            ("[2019-04..2019-07]", "[2020-04..2020-07]"),
            ("2019-04-01", "2020-07-31"),
        ),
        (
            "At Christmas",
            None,
            ("2019-12-25", "[2019-12-18..2020-01-06]"),
            ("2019-12-18", "2020-01-06"),
        ),
        ("By Easter", None, (), ("", "")),
        ("By March", None, (), ("", "")),
    ]
    whys = []
    for phrase, dated, choices, window in story:
        reading, _ = narrative.read(phrase, phrase)
        assert (phrase, reading.date, reading.choices) == (phrase, dated, choices)
        assert days(reading) == window
        whys.append(reading.why)
    assert whys[1] == (
        "it can lie before or after the date beside it, and New Year is the day or the days"
        " around it"
    )
    assert whys[4] == whys[5]
    # where the year is that of the narrative, it is not asked for
    feast, _ = Narrative("2019-09", "2019").read("At Easter")
    assert feast.choices == ("2019-04-21", "[2019-04-14..2019-04-28]")


def test_a_year_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'18' is no year; write four digits"):
        parse_phrase("May", "", "18")


# Sentences around dates of every form, and the days that these mean, by the standard library.


def written(day: date) -> list[str]:
    month = MONTHS[day.month - 1]
    return [
        f"on {day.day} {month} {day.year}",
        f"On the {day.day}th of {month} {day.year}",
        f"{month[:3]} {day.day}, {day.year}",
        day.isoformat(),
        f"at around 3pm on {day.day} {month} {day.year}",
    ]


FRAMES = (
    "The nurse rang {} and left.",
    "{}, he moved out.",
    "He moved out {}.",
    "Seen ({}) at home.",
)


@given(
    day=st.dates(date(1990, 1, 1), date(2049, 11, 30)),
    form=st.integers(0, 4),
    frame=st.sampled_from(FRAMES),
)
@settings(max_examples=examples(200), deadline=None)
def test_a_day_is_found_in_any_sentence(day: date, form: int, frame: str) -> None:
    phrase = written(day)[form]
    (phrase_found,) = find_phrases(frame.format(phrase))
    assert phrase_found.words == phrase
    reading, basis = Narrative().read(phrase_found.words)
    assert (reading.date, basis) == (day.isoformat(), "stated")


@given(
    day=st.dates(date(1990, 1, 1), date(2049, 11, 30)),
    number=st.integers(2, 11),
    unit=st.sampled_from([("day", 1), ("week", 7), ("month", 30.44), ("year", 365.25)]),
    way=st.sampled_from(["later", "earlier", "afterwards", "previously"]),
    rounded=st.sampled_from(["", "about ", "nearly ", "over ", "some ", "at least ", "up to "]),
)
@settings(max_examples=examples(300), deadline=None)
def test_what_counts_from_a_day_holds_the_day_that_is_counted(
    day: date, number: int, unit: tuple[str, float], way: str, rounded: str
) -> None:
    text = f"{rounded}{number} {unit[0]}s {way}".capitalize()
    (phrase,) = find_phrases(f"{text}, the plan ended.")
    assert phrase.words == text
    reading, _ = Narrative(day.isoformat()).read(phrase.words)
    first, last = window_of(reading)
    off = number * unit[1] * (1 if way in ("later", "afterwards") else -1)
    at = (day + timedelta(round(off))).toordinal()
    slack = 2 if unit[1] > 7 else 0  # months and years are not all of one length
    assert first is None or first <= at + slack
    assert last is None or at - slack <= last
    # and never on the other side of the day from which it counts
    sides = (first, last) if off > 0 else (last, first)
    assert sides[0] is not None
    assert (sides[0] - day.toordinal()) * off >= 0


WORDS = sorted({word for row in TABLE for word in row["sentence"].split()})


@given(text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
@settings(max_examples=examples(200), deadline=None)
def test_phrases_never_overlap_and_are_what_stands_there(text: str) -> None:
    phrases = find_phrases(text)
    assert all(text[phrase.start : phrase.end] == phrase.words for phrase in phrases)
    assert all(phrase.end <= later.start for phrase, later in pairwise(phrases))
    narrative = Narrative("2014-05-05", "2014")
    for phrase in phrases:
        reading, basis = narrative.read(phrase.words, of_event=phrase.of_event)
        first, last = window_of(reading)
        assert bool(basis) == (first is not None or last is not None)
        if reading.date:  # a date that is sure is one that the sheet reads, and has these days
            assert (day_span(reading.date).earliest, day_span(reading.date).latest) == (first, last)
