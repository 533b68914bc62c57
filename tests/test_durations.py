from __future__ import annotations

import pandas as pd
from hypothesis import given, settings

from brute_force import Event, Relation, coded, solutions, tables
from casechron.chronology import durations_table, solve
from text_tables import cells_of
from thoroughly import examples


@given(coded())
@settings(max_examples=examples(100), deadline=None)
def test_durations_are_the_extremes_over_all_solutions(
    case: tuple[list[Event], list[Relation]],
) -> None:
    events, relations = case
    every = solutions(events, relations)
    table = durations_table(solve(*tables(events, relations)))
    assert table["event"].tolist() == [
        event.id for event in events if event.shape == "span" or event.lasts
    ]
    if not every:
        assert table[["days_min", "days_max"]].isna().all(axis=None)
        assert set(table["status"]) <= {"no admissible chronology"}
        return
    wider = solutions(events, relations, 1)
    for row in table.itertuples():
        near, far = (
            [days[row.event][1] - days[row.event][0] for days in some] for some in (every, wider)
        )
        assert row.days_min == min(near)
        assert (None if pd.isna(row.days_max) else row.days_max) == (
            max(near) if max(near) == max(far) else None
        )


def test_open_and_unknown_ends_stay_apart() -> None:
    events = pd.DataFrame(
        [
            ("known", "2018-03-01/2018-03"),
            ("on", "2018-03-01/.."),
            ("since", "../2018-03-01"),
            ("to", "2018-03-01/"),
            ("from", "/2018-03-01"),
            ("day", "2018-03-01"),
            ("often", "2018/2019"),
            ("never", "2018/2019"),
        ],
        columns=["id", "date"],
    ).assign(count_min=[*[""] * 6, "3", ""], absence=[*[""] * 7, "did-not-happen"])
    relations = pd.DataFrame(
        [("r", "gap", "known", "start", "on", "end", "P9D", "at-most")],
        columns=cells_of(
            "id | type | from_event | from_point | to_event | to_point | gap | meaning"
        ),
    )
    table = durations_table(solve(events, relations))
    assert table.to_dict("list") == {
        "event": ["known", "on", "since", "to", "from"],
        "days_min": [0, 0, 0, 0, 0],
        "days_max": [30, 9, None, None, None],
        # A relation bounds how long it lasted; the source still says that it was open.
        "open_start": [False, False, True, False, False],
        "open_end": [False, True, False, False, False],
        "unknown_start": [False, False, False, False, True],
        "unknown_end": [False, False, False, True, False],
        "status": ["admissible"] * 5,
    }


def test_an_undated_event_whose_end_is_named_lasts() -> None:
    events = pd.DataFrame({"id": ["plan", "talk"], "date": ["", "2018-03-01"]})
    relations = pd.DataFrame(
        [
            ("r1", "same-day", "talk", "", "plan", "start", "", ""),
            ("r2", "gap", "talk", "", "plan", "end", "P14D", "exact"),
        ],
        columns=cells_of(
            "id | type | from_event | from_point | to_event | to_point | gap | meaning"
        ),
    )
    assert durations_table(solve(events, relations))[
        ["event", "days_min", "days_max"]
    ].to_numpy().tolist() == [["plan", 14, 14]]
