from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casechron.analysis.chronicle import chronicle, precedence
from casechron.analysis.contradictions import contradictions
from casechron.analysis.window_words import day_words, event_words, window_words
from casechron.chronology import Chronology, attempt
from casechron.coding.days import day_number
from casechron.coding.policy import DatingPolicy
from casechron.reporting.chronology_words import (
    alt_chronicle,
    alt_contradictions,
    alt_precedence,
    chronology_in_words,
    contradictions_in_words,
    dissolved_in_words,
    known_of,
)
from chronology_cases import generated, tables_of, tension

EXACT = DatingPolicy(duration_slack="none")
Tables = dict[str, pd.DataFrame]


def attempted(tables: Tables, policy: DatingPolicy | None = None) -> Chronology:
    return attempt(tables["events"], tables["relations"], policy, locators=tables["locators"])


def day(text: str) -> int | None:
    return day_number(*map(int, text.split("-"))) if text else None


# ---------------------------------------------------------------- windows


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("", "", "not dated"),
        ("", "2018-07-31", "by 31 July 2018"),
        ("2018-01-02", "", "on or after 2 January 2018"),
        ("2006-12-12", "2006-12-12", "on 12 December 2006"),
        ("2018-11-05", "2018-11-06", "on 5 or 6 November 2018"),
        ("2018-10-31", "2018-11-01", "on 31 October or 1 November 2018"),
        ("2018-12-31", "2019-01-01", "on 31 December 2018 or 1 January 2019"),
        ("2018-11-05", "2018-11-07", "between 5 and 7 November 2018"),
        ("2018-11-06", "2018-11-17", "between 6 and 17 November 2018"),
        ("2018-11-01", "2018-11-29", "between 1 and 29 November 2018"),
        ("2018-11-01", "2018-11-30", "in November 2018"),
        ("2018-11-02", "2018-11-30", "between 2 and 30 November 2018"),
        ("2018-02-01", "2018-02-28", "in February 2018"),
        ("2020-02-01", "2020-02-28", "between 1 and 28 February 2020"),
        ("2020-02-01", "2020-02-29", "in February 2020"),
        ("2018-11-01", "2018-12-31", "between November and December 2018"),
        ("2018-11-01", "2018-12-30", "between 1 November and 30 December 2018"),
        ("2018-12-01", "2019-01-31", "between December 2018 and January 2019"),
        ("2018-12-02", "2019-01-31", "between 2 December 2018 and 31 January 2019"),
        ("2018-01-01", "2018-12-31", "in 2018"),
        ("2018-01-01", "2018-12-30", "between 1 January and 30 December 2018"),
        ("2018-01-02", "2018-12-31", "between 2 January and 31 December 2018"),
        ("2008-01-01", "2012-12-31", "between 2008 and 2012"),
        ("2008-01-01", "2012-11-30", "between January 2008 and November 2012"),
        ("2008-02-01", "2012-12-31", "between February 2008 and December 2012"),
        ("2018-06-01", "2019-05-31", "between June 2018 and May 2019"),
    ],
)
def test_a_window_at_every_boundary(low: str, high: str, words: str) -> None:
    assert window_words(day(low), day(high)) == words


DAYS = st.integers(day_number(2017, 11), day_number(2019, 3))


@given(DAYS, DAYS, st.sampled_from([(-1, 0), (1, 0), (0, -1), (0, 1)]))
def test_windows_that_differ_are_said_differently(
    one: int, other: int, by: tuple[int, int]
) -> None:
    low, high = sorted((one, other))
    beside = (low + by[0], high + by[1])
    assume(beside[0] <= beside[1])
    assert window_words(low, high) != window_words(*beside)
    assert window_words(low, None) != window_words(beside[0], None) or by[0] == 0
    assert window_words(None, high) != window_words(None, beside[1]) or by[1] == 0


def test_days_far_from_now_are_said() -> None:
    assert [day_words(0), day_words(10**7)] == ["31 December 0", "26 January 27380"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("", "", "", ""), "not dated"),
        (("2018-01-01", "2018-12-31", "2018-01-01", "2018-12-31"), "in 2018"),
        (
            ("2006-12-15", "2006-12-15", "2007-03-03", "2007-03-03"),
            "from 15 December 2006 to 3 March 2007",
        ),
        (("2009-01-01", "2009-12-31", "2009-01-01", ""), "from 2009 on"),
        (("2009-01-01", "2009-12-31", "", ""), "from 2009 on"),
        (
            ("2009-01-01", "2009-12-31", "2009-01-02", ""),
            "from 2009, not ended before 2 January 2009",
        ),
        (("2018-07-01", "2018-07-31", "2018-08-01", "2018-08-31"), "from July 2018 to August 2018"),
        (
            ("2018-09-21", "2018-09-30", "2018-10-21", ""),
            "from some day between 21 and 30 September 2018, not ended before 21 October 2018",
        ),
        (
            ("2018-09-21", "2018-09-22", "2018-10-21", "2018-10-21"),
            "from 21 or 22 September 2018 to 21 October 2018",
        ),
        (("", "2017-12-31", "", ""), "begun by 31 December 2017"),
        (
            ("", "2018-09-30", "2018-08-21", ""),
            "begun by 30 September 2018, not ended before 21 August 2018",
        ),
        (("", "", "2018-01-02", ""), "not ended before 2 January 2018"),
        (
            ("2018-01-02", "", "2018-01-02", "2018-05-01"),
            "not begun before 2 January 2018, to some day between 2 January and 1 May 2018",
        ),
        (
            ("2018-01-02", "", "2018-01-03", ""),
            "not begun before 2 January 2018, not ended before 3 January 2018",
        ),
        (("2018-01-02", "", "2018-01-02", ""), "on or after 2 January 2018"),
        (("", "2012-12-31", "2012-01-01", "2012-12-31"), "until 2012"),
        (("", "2018-09-30", "", "2018-09-30"), "by 30 September 2018"),
        (
            ("", "2018-09-20", "", "2018-09-30"),
            "begun by 20 September 2018, ended by 30 September 2018",
        ),
    ],
)
def test_what_lasts_at_every_boundary(days: tuple[str, str, str, str], words: str) -> None:
    assert event_words(*map(day, days)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("2008-01-01", "2012-12-31", "2008-01-01", "2012-12-31"), "between 2008 and 2012"),
        (("2018-07-01", "2018-07-31", "2018-07-01", ""), "first in July 2018"),
        (
            ("2018-07-01", "", "2018-07-02", ""),
            "first on or after 1 July 2018, last on or after 2 July 2018",
        ),
        (("", "2018-07-31", "", ""), "first by 31 July 2018"),
        (("", "2018-07-31", "2018-07-02", "2018-07-31"), "last between 2 and 31 July 2018"),
        (
            ("2018-07-01", "2018-07-03", "2018-07-05", "2018-07-09"),
            "first between 1 and 3 July 2018, last between 5 and 9 July 2018",
        ),
        (("", "", "", ""), "not dated"),
    ],
)
def test_what_recurs_at_every_boundary(days: tuple[str, str, str, str], words: str) -> None:
    assert event_words(*map(day, days), several=True) == words


# ---------------------------------------------------------------- key points


def test_the_key_points_of_a_chronology() -> None:
    tables = tension()
    assert chronology_in_words(tables, attempted(tables), DatingPolicy()) == [
        (
            "Of 4 events and states, none is known to the day; 4 fall between a first and a last"
            " possible day."
        ),
        (
            "1 event has no date in the source: only its order, or a gap to other events, limits"
            " when it can have been."
        ),
        (
            "The source dates “An admission” in November 2018; read with everything else, that"
            " becomes between 6 and 17 November 2018."
        ),
        (
            "Of 3 statements on how two events lie in time, 1 is the coder's own reading; the"
            " source makes the others."
        ),
        (
            "Words such as ‘late’ or ‘about’ are read by the default rules listed below; further"
            " down other rules are tried."
        ),
    ]


def test_the_key_points_where_no_chronology_is_admissible() -> None:
    tables = tension()
    assert chronology_in_words(tables, attempted(tables, EXACT), EXACT) == [
        "The source gives 4 events and states; when they were cannot be worked out.",
        (
            "As vague words are read here, the statements about time cannot all be true: no course"
            " of days fits them. Only the dates as written are given."
        ),
        (
            "Of 3 statements on how two events lie in time, 1 is the coder's own reading; the"
            " source makes the others."
        ),
        (
            "Vague words are read by the default rules but for one: a rounded duration is read as"
            " said: a fortnight is 14 days, two months 59 to 62 days."
        ),
    ]


def test_the_key_points_of_nothing_and_of_a_birth() -> None:
    assert chronology_in_words(tables_of([]), attempted(tables_of([])), DatingPolicy()) == [
        "No event is coded, so there is no chronology."
    ]
    tables = tables_of(
        [{"id": "birth", "date": "2018-07", "kind": "birth", "summary": "X is born"}]
    )
    said = chronology_in_words(tables, attempted(tables), DatingPolicy())
    assert (
        "The one birth is shown as coarsely as published: no closer date is worked out for it."
        in said
    )
    assert "No date is narrowed when the statements are read together." in said


@pytest.mark.parametrize(
    ("bases", "said"),
    [
        (["stated"], "The one statement on how two events lie in time is the source's own."),
        (
            ["judged"],
            (
                "The one statement on how two events lie in time is the coder's own reading."
                " Without it, only judged, no windows would be wider."
            ),
        ),
        (["stated"] * 2, "The 2 statements on how two events lie in time are the source's own."),
        (
            ["judged"] * 2,
            (
                "The 2 statements on how two events lie in time are the coder's own reading."
                " Without them, only judged, no windows would be wider."
            ),
        ),
        (
            ["derived", "judged"],
            (
                "The 2 statements on how two events lie in time are the coder's own reading."
                " Without the one that only the coder judged, no windows would be wider."
            ),
        ),
        (
            ["stated", "judged", "derived"],
            (
                "Of 3 statements on how two events lie in time, 2 are the coder's own reading; the"
                " source makes the others. Without the one that only the coder judged, no windows"
                " would be wider."
            ),
        ),
    ],
)
def test_whose_the_statements_about_order_are(bases: list[str], said: str) -> None:
    events = [{"id": f"e{at}", "date": f"201{at}", "kind": "visit"} for at in range(len(bases) + 1)]
    ties = [
        {
            "id": f"r{at}",
            "type": "before",
            "from_event": f"e{at}",
            "to_event": f"e{at + 1}",
            "basis": basis,
        }
        for at, basis in enumerate(bases)
    ]
    tables = tables_of(events, ties)
    assert chronology_in_words(tables, attempted(tables), DatingPolicy())[-2] == said


def test_how_closely_each_event_is_known() -> None:
    events = [
        {"id": "day", "date": "2018-07-05", "kind": "visit"},
        {"id": "month", "date": "2018-07", "kind": "visit"},
        {"id": "after", "date": "2018-07/..", "kind": "support"},
        {"id": "begun", "date": "", "kind": "support"},
        {"id": "nothing", "date": "", "kind": "visit"},
    ]
    tie = {
        "id": "r",
        "type": "not-after",
        "from_event": "begun",
        "from_point": "start",
        "to_event": "day",
    }
    tables = tables_of(events, [tie])
    table = chronicle(tables, attempted(tables)).set_index("event")
    assert known_of(table).to_dict() == {
        "day": "day",
        "month": "window",
        "after": "one side",
        "begun": "part",
        "nothing": "none",
    }
    assert set(known_of(chronicle(tension(), attempted(tension(), EXACT)))) == {
        "no admissible chronology"
    }


# ---------------------------------------------------------------- contradictions and policies


def test_a_contradiction_in_words() -> None:
    table = contradictions(attempted(tension(), EXACT))
    assert contradictions_in_words(table) == [
        "5 statements cannot hold together: 59 days are needed and 54 days are possible.",
        (
            "The coder's own among them: “A plan is made” and “A conference” are on the same day"
            " (derived)."
        ),
        (
            "It would be enough to widen any one of them by 5 days; which one is wrong, if any, the"
            " text does not say."
        ),
    ]
    for left, which in ((3, "any one of 3 of them"), (1, "one of them")):
        some = table.copy()
        some.loc[some.index[left:], "days_to_relax_alone"] = pd.NA
        assert contradictions_in_words(some)[-1].startswith(
            f"It would be enough to widen {which} by 5 days; "
        )
    assert contradictions_in_words(table.iloc[:0]) == ["The statements about time hold together."]


def test_two_contradictions_in_words() -> None:
    events = [
        {"id": f"e{at}", "date": f"201{at}-03", "kind": "visit", "summary": f"Event {at}"}
        for at in range(4)
    ]
    ties = [
        {"id": f"r{at}", "type": "before", "from_event": f"e{at + 1}", "to_event": f"e{at}"}
        for at in (0, 2)
    ]
    tables = tables_of(events, ties)
    assert contradictions_in_words(contradictions(attempted(tables))) == [
        "Contradiction 1: 3 statements cannot hold together: 336 days short.",
        "Widening any one of them is not enough: another contradiction remains.",
        "Contradiction 2: 3 statements cannot hold together: 336 days short.",
        "Widening any one of them is not enough: another contradiction remains.",
    ]


def test_what_dissolves_a_contradiction_in_words() -> None:
    table = pd.DataFrame(
        {
            "conflict": [1, 1, 1],
            "kind": ["policy", "policy", "judged row left out"],
            "choice": ["late_from = 16", "duration_slack = half-unit", "r1"],
        }
    )
    assert dissolved_in_words(table) == [
        "What clashes is the source as it is read here; one other choice is enough (policy:"
        " late_from = 16; duration_slack = half-unit; judged row left out: r1)."
    ]
    assert dissolved_in_words(table[:0]) == []


def test_the_alt_text_of_a_chronicle() -> None:
    tables = tension()
    assert (
        alt_chronicle(chronicle(tables, attempted(tables)))
        == "Bars of time for 4 rows of the chronology, one below the other in order of time. The"
        " first is “A conference”, between 21 and 30 September 2018; the last is “An admission”,"
        " between 6 and 17 November 2018. Of the events and states, 4 are known to lie within a"
        " window."
    )
    assert (
        alt_chronicle(chronicle(tables, attempted(tables, EXACT)))
        == "Bars of time for 3 rows of the chronology, one below the other in order of time. No"
        " chronology is admissible, so windows are drawn as written. The first is “A"
        " conference”, between 21 and 30 September 2018; the last is “An admission”, in November"
        " 2018. Of the events and states, 4 are without an admissible chronology. 1 row without"
        " any date is listed at the end."
    )
    assert (
        alt_chronicle(chronicle(tables, attempted(tables)).iloc[:0])
        == "No bars: no event is coded."
    )


def test_what_has_only_its_start_or_its_end_bounded_is_said_in_words() -> None:
    table = chronicle(tension(), attempted(tension())).assign(absence="")
    last = table.index == table.index[-1]
    table.loc[last, ["earliest", "latest", "end_earliest"]] = pd.NaT
    said = (
        "Of the events and states, 3 are known to lie within a window and for 1 only the start or"
        " only the end is bounded."
    )
    assert said in alt_chronicle(table)


def test_the_alt_text_counts_absences_and_allegations() -> None:
    tables = generated(75)
    table = chronicle(tables, attempted(tables))
    said = alt_chronicle(table)
    assert f"{(table['absence'] != '').sum()} absences are hollow and crossed." in said
    assert (
        f"In {(table['alleged'] != '').sum()} events what persons did is, wholly or in part, only"
        " alleged or denied." in said
    )


def test_the_alt_text_of_an_order() -> None:
    table = precedence(tension(), attempted(tension()))
    assert (
        alt_precedence(table)
        == "3 events from top to bottom, each below all that certainly came before it, joined by 2"
        " lines. Events with nothing certain before them: 1; with nothing certain after them: 1."
    )
    assert alt_precedence(table.iloc[:0]) == "No lines: of no two events is the order certain."
    refused = precedence(tension(), attempted(tension(), EXACT))
    assert (
        alt_precedence(refused) == "No lines: no chronology is admissible, so no order is certain."
    )


def test_the_alt_text_of_contradictions() -> None:
    table = contradictions(attempted(tension(), EXACT))
    assert (
        alt_contradictions(table)
        == "Two bars: 59 days needed, 54 days possible. A ruler with 5 steps: 1. “An incident” is"
        " on 31 October 2018 at the latest; 2. “An admission” is at most 14 days after “An"
        " incident”: on 14 November 2018 at the latest; 3. “A plan is made” is at least 59 days"
        " before “An admission”: on 16 September 2018 at the latest; 4. “A conference” is no"
        " later than “A plan is made”: on 16 September 2018 at the latest; 5. “A conference” is"
        " on 21 September 2018 at the earliest: 5 days too late. 5 days short."
    )
    assert (
        alt_contradictions(table.iloc[:0])
        == "No contradiction is drawn: the statements hold together."
    )


@given(st.integers(0, 40), st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_every_review_finds_its_words(count: int, seed: int) -> None:
    tables = generated(count, seed)
    chronology = attempted(tables)
    sentences = [
        *chronology_in_words(tables, chronology, DatingPolicy()),
        alt_chronicle(chronicle(tables, chronology)),
    ]
    assert all(
        sentence[0].isupper() or sentence[0].isdigit() or sentence[0] == "“"
        for sentence in sentences
    )
    assert all(
        sentence.endswith(".") and "nan" not in sentence.split() and "NaT" not in sentence
        for sentence in sentences
    )
