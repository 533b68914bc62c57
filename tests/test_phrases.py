"""Phrases: is the table of casework read as it was written down before the grammar, and is what is
advised a date whose days hold all that the phrase admits?"""

from __future__ import annotations

import calendar
import csv
import re
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.dates import phrase_reader
from casechron.dates.days import day_text
from casechron.dates.phrases import parse_phrase
from casechron.dates.windows import DateError, day_span
from thoroughly import examples

TABLE = list(
    csv.DictReader((Path(__file__).parent / "phrases.csv").read_text(encoding="utf-8").splitlines())
)


def run(first: int | None, last: int | None) -> str:
    begin, end = ("" if day is None else day_text(day) for day in (first, last))
    return begin if begin == end else f"{begin}..{end}"


def days(text: str) -> str:
    """The days of a date as the table writes them."""
    window = day_span(text)
    marks = "".join(mark for mark in "~?" if mark in text.replace("%", "~?"))
    if window.shape == "several":
        shown = f"all {run(window.earliest, window.latest)}"
    elif window.shape == "span":
        start = ".." if window.open_start else run(window.earliest, window.start_latest)
        end = ".." if window.open_end else run(window.end_earliest, window.latest)
        shown = f"{'' if window.unknown_start else start}/{'' if window.unknown_end else end}"
    elif window.pieces:
        shown = " or ".join(run(*piece) for piece in window.pieces)
    else:
        shown = run(window.earliest, window.latest)
    return f"{shown} {marks}".strip()


def test_the_table_holds_each_phrase_once() -> None:
    keys = [(row["phrase"], row["anchor"]) for row in TABLE]
    assert len(set(keys)) == len(keys) >= 200


def test_each_phrase_is_read_as_the_table_says() -> None:
    for row in TABLE:
        phrase = parse_phrase(row["phrase"], row["anchor"])
        dates = [phrase.date] if phrase.date else phrase.choices
        assert " | ".join(map(days, dates)) == row["days"], row
        assert phrase.time == row["time"], row
        if row["why"] == "none":
            assert phrase.date == "", row
        elif row["why"]:
            assert phrase.date is None, row
            assert row["why"] in phrase.why, row
        else:
            assert phrase.date, (row, phrase.why)


#: What was tried on the project and answered wrongly, and the dates that are right.
CASES = {
    "31 April 2019": ["2019-04"],
    "29 February 2019": ["2019-02"],
    "30 Feb 2011": ["2011-02"],
    "Nov 31, 2018": ["2018-11"],
    "32 January 2011": ["2011-01"],
    "28/29 May 2011": ["[2011-05-28,2011-05-29]"],
    "28 or 29 May 2011": ["[2011-05-28,2011-05-29]"],
    "28 to 31 May 2011": ["[2011-05-28..2011-05-31]", "2011-05-28/2011-05-31"],
    "late May/early June 2011": ["[late 2011-05..early 2011-06]"],
    "May or June 2011": ["[2011-05,2011-06]"],
    "w/c 27/08/2018": ["[2018-08-27..2018-09-02]"],
    "week commencing 27 August 2018": ["[2018-08-27..2018-09-02]"],
    "2018-W35": ["[2018-08-27..2018-09-02]"],
    "[2018-08..2018-10]/2019-03": ["/2019-03", "[2018-08..2018-10]"],
    "[2018-08..2018-10]/..": ["/..", "[2018-08..2018-10]"],
    "2018-08..2018-10/2019-03": ["/2019-03", "[2018-08..2018-10]"],
    "2018-present": ["2018/.."],
    "2018/present": ["2018/.."],
    "2018-08/ongoing": ["2018-08/.."],
    "2018 to date": ["2018/.."],
    "2018-08-28+": ["2018-08-28/.."],
    "before summer 2018": ["[..2018-05-31]"],
    "after summer 2018": ["[2018-09-01..]"],
    "prior to autumn 2017": ["[..2017-08-31]"],
    "circa May 2018": ["2018-05~"],
    "c. 5 May 2018": ["2018-05-05~"],
    "on or about 5 May 2018": ["2018-05-05~"],
    "possibly May 2018": ["2018-05?"],
    "May 2018?": ["2018-05?"],
    "circa summer 2018": ["2018-22~"],
    "two weeks before 5 May 2018": ["[2018-04-18..2018-04-24]", "2018-04-21"],
    "fortnight after 5 May 2018": ["[2018-05-16..2018-05-22]", "2018-05-19"],
    "week ending 5 May 2018": ["[2018-04-29..2018-05-05]"],
    "weekend of 5 May 2018": ["[2018-05-05..2018-05-06]"],
    "not in May 2018": [],
    "every Monday in May 2018": ["{2018-05}"],
    "several times in May 2018": ["{2018-05}"],
    "May 2018 onwards": ["2018-05/.."],
}
#: Refusals in full.
TOLD = {
    "28 August 2018": "it is written in words; write '2018-08-28'",
    "14 Febuary 2018": "'febuary' is read as February; write '2018-02-14'",
    "3/9/18": (
        "its parts stand as spreadsheets show them, and the day or the month first, either can be"
        " meant; look it up, and write '2018-09-03' or '2018-03-09'"
    ),
    "22/13/2006": (
        "its parts stand as spreadsheets show them, and there is no month 13 ('2006-12-22' is of"
        " December); look it up, or write '2006'"
    ),
    "22/13": "its parts stand as spreadsheets show them, and its year is missing; look it up",
    "2018/8/28": "its parts are not written as EDTF has them; write '2018-08-28'",
    "Monday 14 September 2018": (
        "2018-09-14 was a Friday, so its weekday or its day is a slip; look it up, or write"
        " '2018-09-14'"
    ),
    "by mid-June": (
        "its year is missing; look it up, and write [..mid YYYY-06] with its year for YYYY"
    ),
    "w/c 3/9": ("its parts stand as spreadsheets show them, and its year is missing; look it up"),
    "since 2016": (
        "it can have happened once or lasted; write '2016/..' for what lasted from then on and is"
        " open when the account ends or '[2016..]' for what happened from then on"
    ),
    "5 May 2018 at 18:00": "it is written in words; write '2018-05-05', and '18:00' into time",
    "autumn term 2017": (
        "terms differ between authorities; write '[2017-09..2017-12]' for what happened on one day"
        " of them"
    ),
    "two days later": (
        "it is in relation to something else that happened; leave the date empty, and name that in"
        " the column after or before, such as 'referral-1 exactly 2 days' or 'referral-1 same day'"
        "; of a birth the order alone"
    ),
    "on the same day": (
        "it is in relation to something else that happened; leave the date empty, and name that in"
        " the column after or before, such as 'referral-1 exactly 2 days' or 'referral-1 same day'"
        "; of a birth the order alone"
    ),
    "aged 4": "it is an age, which is no date; keep the words in date_words",
    "N/K": "it says that there is none; leave the cell empty",
    "[..Sept 2018]": ("of its part 'Sept 2018', it is written in words; write '2018-09'"),
}
#: What is quoted in an advice and stands in another column than the date.
ELSEWHERE = {"Y", "T", "..", "same day", "referral-1 exactly 2 days", "6 weeks", "at least 3 weeks"}
ELSEWHERE |= {"referral-1 same day"}


def refused(text: str) -> str:
    with pytest.raises(DateError) as caught:
        day_span(text)
    return str(caught.value).removeprefix(f"'{text}' is not a date: ")


def advised(text: str) -> list[str]:
    """The dates that the refusal of a text shows."""
    quoted = re.findall(r"'([^']+)'", refused(text).partition("; ")[2])
    return [
        form for form in quoted if form not in ELSEWHERE and not re.fullmatch("[0-9:]{5}", form)
    ]


@pytest.mark.parametrize(("text", "dates"), CASES.items())
def test_what_was_answered_wrongly_is_answered_rightly(text: str, dates: list[str]) -> None:
    assert advised(text) == dates


@pytest.mark.parametrize(("text", "message"), TOLD.items())
def test_the_refusal_of_a_phrase_is_told_in_full(text: str, message: str) -> None:
    assert refused(text) == message


def test_what_is_advised_for_the_table_is_read() -> None:
    texts = [row["phrase"] for row in TABLE if row["phrase"] not in ("2018", "early 2018")]
    assert [(text, words) for text in texts for words in advised(text) if not days(words)] == []


def test_an_anchor_is_a_date() -> None:
    with pytest.raises(ValueError, match=r"'May' is no date to count from: .+; write EDTF"):
        parse_phrase("two days later", "May")


# An interpretation of its own, by the standard library, day by day.

MONTHS = calendar.month_name[1:]
Admits = Callable[[date], bool]


def on_day(day: date) -> tuple[str, Admits]:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}", lambda at: at == day


def in_numbers(day: date) -> tuple[str, Admits]:
    ways = {day}
    if day.day <= 12:
        ways.add(date(day.year, day.day, day.month))
    return f"{day.day}/{day.month}/{day.year % 100:02d}", ways.__contains__


def in_month(day: date) -> tuple[str, Admits]:
    return (
        f"{MONTHS[day.month - 1][:3]} {day.year}",
        lambda at: at.timetuple()[:2] == day.timetuple()[:2],
    )


def in_week(day: date) -> tuple[str, Admits]:
    monday = day - timedelta(day.weekday())
    return f"w/c {on_day(monday)[0]}", lambda at: 0 <= (at - monday).days < 7


def in_season(day: date) -> tuple[str, Admits]:
    return f"summer {day.year}", lambda at: at.year == day.year and at.month in (6, 7, 8)


def in_part(day: date) -> tuple[str, Admits]:
    return f"late {in_month(day)[0]}", lambda at: in_month(day)[1](at) and at.day > 20


def on_weekend(day: date) -> tuple[str, Admits]:
    saturday = day - timedelta((day.weekday() - 5) % 7)
    return f"the weekend of {on_day(saturday)[0]}", lambda at: 0 <= (at - saturday).days < 2


SINGLE = (on_day, in_numbers, in_month, in_week, in_season, in_part, on_weekend)
#: What may stand before a date, and whether a day is admitted where it admits `one`, day by day.
AROUND: dict[str, Callable[[date, list[date]], bool]] = {
    "{}": lambda at, those: at in those,
    "around {}": lambda at, those: at in those,
    "possibly {}": lambda at, those: at in those,
    "by {}": lambda at, those: at <= those[-1],
    "before {}": lambda at, those: at < those[0],
    "prior to {}": lambda at, those: at < those[0],
    "after {}": lambda at, those: at > those[-1],
    "on or after {}": lambda at, those: at >= those[0],
    "until {}": lambda at, those: at in those,
    "since {}": lambda at, those: at >= those[0],
    "{} onwards": lambda at, those: at >= those[0],
    "throughout {}": lambda at, those: at in those,
    "10 days after {}": lambda at, those: at - timedelta(10) in those,
    "a fortnight before {}": lambda at, those: at + timedelta(14) in those,
    "within three days of {}": lambda at, those: any(abs((at - day).days) < 4 for day in those),
    "the Monday after {}": lambda at, those: at.weekday() == 0 and 0 < (at - those[-1]).days < 8,
    "the day before {}": lambda at, those: at + timedelta(1) == those[0],
    "{} at 18:00": lambda at, those: at in those,
    "in the evening of {}": lambda at, those: at in those and len(those) < 3,
}


def holds(text: str, at: date) -> bool:
    window = day_span(text)
    return (window.earliest is None or window.earliest <= at.toordinal()) and (
        window.latest is None or at.toordinal() <= window.latest
    )


@given(
    day=st.dates(date(1990, 1, 1), date(2049, 11, 30)),
    single=st.sampled_from(SINGLE),
    around=st.sampled_from(list(AROUND)),
)
@settings(max_examples=examples(400), deadline=None)
def test_what_is_read_holds_every_day_that_the_phrase_admits(
    day: date, single: Callable[[date], tuple[str, Admits]], around: str
) -> None:
    words, admits = single(day)
    near = [day + timedelta(off) for off in range(-400, 401)]
    those = [at for at in near if admits(at)]
    phrase = parse_phrase(around.format(words))
    dates = [phrase.date] if phrase.date else phrase.choices
    if around == "{}":
        assert dates
    if single is in_numbers and len(those) > 1:  # which of two days is meant is asked first
        assert phrase.date is None
        return
    for at in (at for at in near if AROUND[around](at, those)) if dates else ():
        assert any(holds(text, at) for text in dates), (phrase, at)


@given(first=st.dates(date(1990, 1, 1), date(2048, 12, 31)), off=st.integers(0, 700))
@settings(max_examples=examples(200), deadline=None)
def test_a_range_holds_all_between_its_ends(first: date, off: int) -> None:
    last = first + timedelta(off)
    # a 29 February without its year is looked for in the year beside it, which may have none
    short_too = off < 365 and (last.year == first.year or (first.month, first.day) != (2, 29))
    for form in ("between {} and {}", "from {} to {}", "{} - {}"):
        short = form.format(on_day(first)[0].rsplit(" ", 1)[0], on_day(last)[0])
        for text in (form.format(on_day(first)[0], on_day(last)[0]), short)[: 1 + short_too]:
            phrase = parse_phrase(text)
            dates = [phrase.date] if phrase.date else phrase.choices
            assert dates, text
            assert all(holds(date_, at) for date_ in dates for at in (first, last)), (text, dates)


WORDS = sorted({word for row in TABLE for word in row["phrase"].split()})


@given(
    text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
    anchor=st.sampled_from(["", "2018", "2018-05", "2018-05-05"]),
)
@settings(max_examples=examples(600), deadline=None)
def test_words_in_any_order_are_read_whole_or_not_at_all(text: str, anchor: str) -> None:
    phrase = parse_phrase(text, anchor)
    dates = [phrase.date] if phrase.date else phrase.choices
    years_in = {int(year) for year in re.findall("[0-9]{4}", f"{text} {anchor}")}
    short = re.findall(r"(?<![0-9])[0-9]{2}(?![0-9])", text)
    years_in |= {2000 + int(year) for year in short} | {1900 + int(year) for year in short}
    for date_ in dates:
        assert days(date_)
        years = {int(year) for year in re.findall("(?<![0-9])[0-9]{4}", date_)}
        assert all(any(abs(year - then) <= 10 for then in years_in) for year in years), (
            text,
            date_,
        )


@given(
    row=st.sampled_from([row for row in TABLE if row["days"]]),
    word=st.sampled_from(["mother", "Smith", "school", "zebra", "allegedly", "two", "not"]),
    place=st.integers(0, 8),
)
@settings(max_examples=examples(600), deadline=None)
def test_no_word_more_is_dropped(row: dict[str, str], word: str, place: int) -> None:
    words = row["phrase"].split()
    words.insert(min(place, len(words)), word)
    more = parse_phrase(" ".join(words), row["anchor"])
    plain = parse_phrase(row["phrase"], row["anchor"])
    # A school's holidays are the holidays that every authority sets for its schools.
    holidays = "(school (summer|Christmas|Easter)|(summer|Christmas|Easter) school) holidays"
    if not re.search(holidays, " ".join(words)):
        assert (more.date, more.choices) == (None, ()) or (more.date, more.choices) != (
            plain.date,
            plain.choices,
        )
    if word in ("mother", "Smith", "zebra", "allegedly"):
        assert (more.date, more.choices) == (None, ())


@pytest.mark.parametrize(
    "text",
    ["may or " * 28, "1/" * 90, "- " * 90, " and ".join(["1 may"] * 24), "not " * 40 + "may"],
)
def test_a_text_that_could_be_parted_for_ever_is_given_up(text: str) -> None:
    phrase = parse_phrase(text)
    assert (phrase.date, phrase.choices) == (None, ())


NEARLY = st.text(alphabet="0123456789-/., X~?[]", max_size=14)


@given(text=st.one_of(NEARLY, st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)))
@settings(max_examples=examples(600), deadline=None)
def test_what_is_advised_is_read(text: str) -> None:
    text = text.replace("'", "")  # which quotes a date in a refusal
    try:
        day_span(text)
    except DateError:
        for words in advised(text):
            assert days(words), (words, refused(text))


def test_each_rule_of_the_grammar_has_what_reads_it_and_nothing_is_declared_that_none_uses():
    folder = Path(phrase_reader.__file__).parent
    declared = tomllib.loads((folder / "phrases.toml").read_text(encoding="utf-8"))
    assert set(declared["rules"]) == set(phrase_reader._READS)
    text = (folder / "phrases.toml").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("phrase*.py"))
    named = {*declared["patterns"], *declared["tables"], *declared["words"], *declared["reasons"]}
    asked_for = set(re.findall(r'(?:pattern|meaning_of)\("(\w+)"', code))
    asked_for |= set(re.findall(r"""(?:TABLES|WORDS_IN_TEXT|WHY)\[["'](\w+)["']\]""", code))
    asked_for |= set(re.findall(r"\{([a-z_]+)\}", text)) | {"no_dates", "over_two_years", "named"}
    asked_for |= set(re.findall(r'with_patterns\(r?"[^"]*\{([a-z_]+)\}', code))
    assert sorted(named - asked_for) == []


def test_signs_between_words_part_them():
    assert parse_phrase("May&June 2018") == parse_phrase("May and June 2018")
    assert parse_phrase("(about)June 2018") == parse_phrase("about June 2018")
    assert parse_phrase("about June 2018").date == "2018-06~"


@pytest.mark.parametrize(
    "text", ["two weeks after the call", "a fortnight before the call", "3 days after call"]
)
def test_a_time_from_something_else_is_told_where_to_write_it(text: str) -> None:
    assert parse_phrase(text).why == (
        f"the words '{text}' are not read; it is in relation to something else that happened; leave"
        " the date empty, and name that in the column after or before, such as 'referral-1 exactly"
        " 2 days' or 'referral-1 same day'; of a birth the order alone"
    )
