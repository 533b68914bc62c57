"""Invented reviews for the tests of involvement, telling and knowledge. No row has to do with any
real case."""

from __future__ import annotations

import pandas as pd

from casechron.chronology import Chronology, chronology_of
from casechron.coding.reviews import frames_with
from text_tables import records_of

Tables = dict[str, pd.DataFrame]

#: What the help of `knowledge` says that `known` can be, where a chronology is admissible.
KNOWN = {"certainly known", "possibly known", "learned only afterwards"}
KNOWN |= {"not recorded with any agency"}
KNOWN |= {
    f"recorded with {whom}, certainly or possibly by then"
    for whom in ("another agency only", "an agency that can be this one")
}


def counted_once(reached: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """The matters of `information_at_decision` by decision and kind of reaching, without those that
    another of the decision's matters carries."""
    matters = set(zip(reached["decision"], reached["matter"], strict=True))
    counted: dict[tuple[str, str], list[str]] = {}
    for row in reached.itertuples():
        if matters.isdisjoint((row.decision, other) for other in row.carried_by):
            counted.setdefault((row.decision, row.reached), []).append(row.matter)
    return counted


def tables_of(text: str = "", **rows: list[dict[str, str]]) -> Tables:
    """All tables of a review, with these rows, in words (`rows_in`) or not; what a row leaves out
    is empty."""
    rows |= rows_in(text)
    return frames_with(rows)


def rows_in(text: str) -> dict[str, list[dict[str, str]]]:
    """The rows of tables that are told in words, a row in a line. It begins with `agency`, `event`,
    `part` or `tie` and the words of the function of that name, or with the name of a table; further
    cells are written as column=cell."""
    builders = {
        "agency": ("agencies", agency),
        "event": ("events", event),
        "part": ("involvement", part),
        "tie": ("links", tie),
    }
    tables: dict[str, list[dict[str, str]]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        what, *words = (word.strip() for word in line.split("|"))
        table, builder = builders.get(what, (what, dict))
        plain = [word for word in words if "=" not in word]
        more = dict(word.split("=", 1) for word in words if "=" in word)
        tables.setdefault(table, []).append(builder(*plain) | more)
    return tables


def agency(row: str, label: str, sector: str) -> dict[str, str]:
    return {"id": row, "label": label, "sector": sector}


def event(row: str, kind: str, date: str = "", **more: str) -> dict[str, str]:
    return {
        "id": row,
        "kind": kind,
        "date": date,
        "summary": more.pop("summary", f"What {row} is"),
        "basis": "stated",
        **more,
    }


def part(agency_id: str, event_id: str, role: str, grade: str = "") -> dict[str, str]:
    row = {
        "id": f"iv-{agency_id}-{event_id}",
        "agency": agency_id,
        "event": event_id,
        "role": role,
        "grade": grade,
    }
    return {**row, "basis": "stated"}


def tie(kind: str, one: str, other: str) -> dict[str, str]:
    return {
        "id": f"lk-{one}-{other}",
        "type": kind,
        "from_row": one,
        "to_row": other,
        "basis": "stated",
    }


def solved(tables: Tables) -> Chronology:
    return chronology_of({name: table for name, table in tables.items() if name != "links"})


def worked() -> Tables:
    """A review of fourteen events whose tables were worked out by hand (tests/test_knowledge.py and
    its neighbours)."""
    return tables_of(
        """
        agency | cs       | Children's services | 5A
        agency | police   | Police              | 6
        agency | gp       | GP                  | 3A
        agency | school   | School              | 2A
        agency | landlord | Landlord            | 4
        agency | edt      | Duty team           | x-edt
        agency | board    | Board               | x-partnership
        agency | unnamed  | Unnamed agencies    | 10
        people | id=aunt | label=an aunt | kinship=relative
        event | bruise | bruising | 2017-03-02
        event | referral | referral | 2017-03-06
        event | closure | closure | 2017-03-20
        event | assault | violence | [2017-05-01..2017-05-10]
        event | report | notification | 2017-05
        event | enquiries | section-47 | 2017-05-15
        event | fear | fear | 2017
        event | letter | information-sharing | 2017-05-20
        event | conference | icpc | 2017-06-01
        event | noise | concern | 2017-05
        event | fight | violence | 2017-07-01
        event | calls | referral | 2017-07-02 | count_min=3 | count_max=3
        event | no-duty | emergency-duty-response | 2017-07 | absence=did-not-happen
        event | told-board | told-to-review | 2018-02
        part | gp       | bruise     | held
        part | school   | referral   | raised
        part | cs       | referral   | received
        part | cs       | closure    | led
        part | police   | assault    | held
        part | police   | report     | raised
        part | cs       | report     | received
        part | cs       | enquiries  | led
        part | board    | fear       | learned-later
        part | gp       | letter     | raised
        part | school   | letter     | received
        part | cs       | conference | led
        part | school   | conference | took-part
        part | gp       | conference | insufficiently-involved | insufficient
        part | landlord | conference | not-involved            | did-not-happen
        part | landlord | noise      | held
        part | unnamed  | calls      | raised
        part | cs       | calls      | received
        part | edt      | no-duty    | not-involved            | did-not-happen
        part | board    | told-board | received
        tie | answers  | closure    | referral
        tie | tells-of | report     | assault
        tie | tells-of | letter     | bruise
        tie | tells-of | calls      | fight
        tie | answers  | no-duty    | calls
        tie | tells-of | told-board | fear
    """,
        participation=records_of("""
            id      | person | event      | role | status
            pt-aunt | aunt   | told-board | told | told-to-review
        """),
        locators=[
            {"row": row, "source": "report", "paragraph": str(at), "sentence": "1"}
            for at, row in enumerate(
                ("bruise", "iv-gp-conference", "iv-edt-no-duty", "lk-report-assault"), start=1
            )
        ],
    )
