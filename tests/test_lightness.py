"""Is little typed for a fact, and is nothing lost? Two lists of facts, frozen before the form of a
review was built, are coded by hand in it, and held against what a reader of the facts can know."""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from casechron.cli import main
from casechron.coding.form_check import FormCheck, check_form
from casechron.coding.importing import import_chronology, write_chronology
from casechron.coding.meta import sources_in
from casechron.coding.reviews import frames_of
from casechron.coding.sheets import form_text
from chronologies.make import docx, table
from text_tables import cells_of, lists_of, records_of, words_of
from thoroughly import EVERY
from tidy_key_points import Days, failures

LIGHTNESS = Path(__file__).parent / "lightness"
#: How many facts each list has, and how many typed cells one of them may cost.
FACTS = {"plain": (20, 4), "findings": (15, 6)}
FROZEN = "is frozen: a fact that is hard to code is a fault of the form, not of the list"
Tables = dict[str, pd.DataFrame]
Rows = dict[str, list[dict[str, str]]]


def facts(text: str) -> list[str]:
    """The numbered facts of a list, in their order, each on one line."""
    return [" ".join(fact.split()) for fact in re.findall(r"(?ms)^\d+\. (.*?)(?=^\d+\. |\Z)", text)]


def points(name: str) -> dict[str, Any]:
    return tomllib.loads((LIGHTNESS / f"{name}-key-points.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FACTS)
def test_a_list_of_facts_is_the_one_that_was_frozen(name: str) -> None:
    raw = (LIGHTNESS / f"{name}-facts.md").read_bytes()
    sums = (LIGHTNESS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert f"{hashlib.sha256(raw).hexdigest()}  {name}-facts.md" in sums, f"the list {FROZEN}"
    assert len(facts(raw.decode("utf-8"))) == FACTS[name][0]


def typed(folder: Path) -> int:
    """The filled cells below the heads of every table; `review.toml` alone is not counted."""
    cells = 0
    for path in folder.iterdir():
        if path.name == "review.toml":
            continue
        assert path.suffix == ".csv", f"{path.name} is no table, so that its cells are not counted"
        head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
        assert all(len(row) == len(head) for row in rows), path
        cells += sum(bool(cell.strip()) for row in rows for cell in row)
    return cells


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_costs_few_cells(name: str) -> None:
    number, most = FACTS[name]
    assert typed(LIGHTNESS / name) <= most * number


def test_every_filled_cell_of_every_table_is_counted(tmp_path: Path) -> None:
    (tmp_path / "review.toml").write_text('title = "K"\n', encoding="utf-8")
    (tmp_path / "events.csv").write_text('date,summary\n2013,"a, b"\n,c\n', encoding="utf-8")
    (tmp_path / "people.csv").write_text("id,label,note\nk,K, \n", encoding="utf-8")
    assert typed(tmp_path) == 5
    (tmp_path / "events.xlsx").write_bytes(b"")
    with pytest.raises(AssertionError, match=r"events\.xlsx is no table"):
        typed(tmp_path)


# ------------------------------------------------- the helper, on tidy tables written by hand


#: Facts 6 to 9, 15, 17, 19 and 20 of the plain list, and what tidy tables would hold of them.
PLAIN: Rows = {
    "events": records_of("""
        id  | date       | kind              | absence | summary
        e6  | 2013-03-04 | visit             |  | The health visitor visits the flat
        e7  |            | emergency-call    |  | A neighbour rings the police because K is out on \
the stairs at night
        e8  |            | notification      |  | The police tell children's services of the call
        e9  | 2013-04    | no-further-action |  | Children's services decide to do nothing more
        e15 | 2013-09-09 | strategy-discussion | | Children's services hold a strategy meeting
        e17 | 2013-09-23 | icpc              |  | The first conference on K is held
        e19 | /          | protection-plan   |  | K is placed on a child protection plan
        e20 | 2014-23    | closure           |  | Children's services close the case for the \
second time
    """),
    "relations": records_of("""
        type      | from_event | from_point | to_event | to_point | gap | meaning
        not-after | e6         |            | e7       |          |     |
        gap       | e7         |            | e8       |          | P2D | rounded
        not-after | e8         |            | e9       |          |     |
        same-day  | e17        |            | e19      | start    |     |
        gap       | e19        | start      | e19      | end      | P9M | rounded
    """),
    "readings": records_of("""
        row | column | value      | source
        e6  | date   | 2013-03-05 | paper
        e17 | date   | 2013-09-27 | paper
    """),
    "locators": [{"row": "e7", "source": "paper"}]
    + [
        {"row": event, "source": source}
        for event in ("e6", "e8", "e9", "e15", "e17", "e19", "e20")
        for source in ("paper", "report")
    ],
    "involvement": records_of("""
        event | role         | agency     | grade
        e6    | led          | hv         |
        e7    | raised       | neighbours |
        e7    | received     | police     |
        e8    | raised       | police     |
        e8    | received     | cs         |
        e9    | led          | cs         |
        e15   | led          | cs         |
        e15   | took-part    | police     |
        e15   | took-part    | school     |
        e17   | led          | cs         |
        e17   | not-involved | gp         | did-not-happen
        e20   | led          | cs         |
    """),
    "agencies": records_of("""
        id         | label
        hv         | Health visitor
        neighbours | Neighbours
        school     | School
        police     | Police
        cs         | Children’s services
        gp         | GP
    """),
}
#: Facts 7, 8, 12 and 14 of the other list.
FINDINGS: Rows = {
    "events": records_of("""
        id | date | kind          | absence           | summary
        e7 |      | harm-to-child |                   | N says that his father struck him on the \
arm, and the father denies it
        e8 |      | action        | no-evidence-found | Children's services do not speak with N \
about what the police told them
    """),
    "locators": records_of("""
        row | source
        e7  | report
        e8  | report
    """),
    "involvement": records_of("""
        event | role               | agency | grade
        e8    | responsible-absent | cs     |
    """),
    "participation": records_of("""
        event | role    | person | status   | account
        e7    | harmed  | n      | alleged  | n
        e7    | harming | father | alleged  | n
        e7    | harming | father | denied   | father
        e8    | subject | n      | reported |
    """),
    "findings": records_of("""
        id | summary                | polarity  | attributed_to
        f1 | Nobody asked N himself | shortfall | board
    """),
    "recommendations": records_of("""
        id | summary
        r1 | Speak with the child alone in every assessment
    """),
    "links": records_of("""
        type      | from_row | to_row | basis
        rests-on  | f1       | e8     | stated
        addresses | r1       | f1     | stated
    """),
    "themes": records_of("""
        row | theme
        e7  | physical-harm
        f1  | assessment
        r1  | assessment
    """),
    "agencies": records_of("""
        id    | label
        cs    | Children's services
        board | The reviewing body
    """),
    "people": records_of("""
        id     | label
        n      | N
        father | N's father
    """),
}
BY_HAND = {"plain": PLAIN, "findings": FINDINGS}
SOME = {
    "plain": {
        *words_of("""
        visit call notification nothing-more strategy conference plan closure-2
    """)
    },
    "findings": {"arm", "not-asked", "finding-nobody-asked", "rec-alone"},
}


def tidy(rows: Rows) -> Tables:
    """As data frames, each with its columns even where it has no rows."""
    some: list[Rows] = [PLAIN, FINDINGS, rows]
    columns = {
        name: list(
            dict.fromkeys(key for tables in some for row in tables.get(name, []) for key in row)
        )
        for name in {name: None for tables in some for name in tables}
    }
    return {
        name: pd.DataFrame(rows.get(name, []), columns=keys, dtype="str").fillna("")
        for name, keys in columns.items()
    }


def of_some(name: str) -> dict[str, Any]:
    """The key points of a list that speak of the rows by hand and of no others."""
    whole, some = points(name), SOME[name]
    ends = ("event", "from", "to", "first", "then")

    def speaks(point: dict[str, Any]) -> bool:
        return {point[end].partition(".")[0] for end in ends if end in point} <= some

    def those(table: str, row: list[str]) -> bool:
        return set(row[1:3] if table == "links" else row[:1]) <= some

    named = ("events", "kinds", "absences", "dated", "findings", "recommendations")
    return {
        "sources": whole["sources"],
        **{
            part: {row: value for row, value in whole.get(part, {}).items() if row in some}
            for part in named
        },
        **{part: list(filter(speaks, whole[part])) for part in ("bounds", "gap", "order")},
        "rows": {
            table: [row for row in rows if those(table, row)]
            for table, rows in whole["rows"].items()
        },
    }


def edited(name: str, table: str, number: int, column: str, value: str) -> Rows:
    """The tables by hand with another cell."""
    rows = [dict(row) for row in BY_HAND[name][table]]
    assert rows[number].get(column, "") != value
    rows[number][column] = value
    return {**BY_HAND[name], table: rows}


def lacking(name: str, table: str, number: int) -> Rows:
    """The tables by hand without a row."""
    rows = BY_HAND[name][table]
    return {**BY_HAND[name], table: rows[:number] + rows[number + 1 :]}


def having(name: str, table: str, **row: str) -> Rows:
    """The tables by hand with a further row."""
    return {**BY_HAND[name], table: [*BY_HAND[name].get(table, []), row]}


@pytest.mark.parametrize("name", FACTS)
def test_tidy_tables_written_by_hand_bear_out_the_key_points(name: str) -> None:
    assert list(failures(of_some(name), tidy(BY_HAND[name]))) == []


def test_the_key_points_that_are_held_against_them_are_not_few() -> None:
    asked = [of_some(name) for name in FACTS]
    assert [
        [len(facts_asked[part]) for part in ("bounds", "gap", "order")] for facts_asked in asked
    ] == [
        [7, 6, 4],
        [0, 0, 0],
    ]
    assert [sum(map(len, facts_asked["rows"].values())) for facts_asked in asked] == [12, 10]


PLANTED = [
    (edited("plain", "events", 3, "date", "2013-05"), "visit to nothing-more: "),
    (edited("plain", "relations", 1, "gap", "P3D"), r"call to notification: \(3, 3\) days"),
    (edited("plain", "relations", 1, "meaning", "at-most"), r"call to notification: \(0, 2\)"),
    (lacking("plain", "relations", 0), r"call : \[None, '2013-04-28'\]"),
    (lacking("plain", "relations", 2), "notification and nothing-more: unclear, not not after"),
    (edited("plain", "relations", 0, "type", "before"), "visit and call: before, not not after"),
    (edited("plain", "relations", 0, "type", "same-day"), "call : .*'2013-03-04', '2013-03-04'"),
    (edited("plain", "relations", 3, "type", "not-after"), r"plan.start : \['2013-09-23', None\]"),
    (edited("plain", "relations", 4, "gap", "P39W"), "plan.end : .*'2014-06-20'"),
    (edited("plain", "events", 5, "date", "mid 2013-09"), "plan.start : "),
    (edited("plain", "events", 7, "date", "2014-10"), "closure-2 : "),
    (edited("plain", "events", 4, "date", "2013-09-08"), r"strategy to conference: \(15, 15\)"),
    (edited("plain", "events", 4, "date", "2013-09-10"), "conference paper: 13 weekdays, not 14"),
    (edited("plain", "events", 4, "date", "early 2013-09"), "conference: not known to the day"),
    (lacking("plain", "readings", 0), "the sources differ in"),
    (edited("plain", "readings", 0, "value", "2013-03-06"), "2013-03-06.*not in"),
    (edited("plain", "readings", 1, "source", "report"), "the sources differ in"),
    (edited("plain", "events", 0, "date", "[2013-03-04..2013-03-05]"), "visit: dated"),
    (having("plain", "locators", row="e7", source="report"), "call: told by .*'paper', 'report'"),
    (lacking("plain", "locators", 1), r"visit: told by \['report'\]"),
    (edited("plain", "events", 1, "kind", "referral"), "call: kind is 'referral'"),
    (edited("plain", "events", 1, "summary", "A call"), "call: 0 rows.*\ne7: the facts have no"),
    (having("plain", "events", id="e0", summary="More"), "e0: the facts have no 'more'"),
    (lacking("plain", "involvement", 2), "there is no .'call', 'received', 'police'"),
    (edited("plain", "involvement", 4, "agency", "gp"), "the facts have no .*'gp'"),
    (edited("plain", "involvement", 4, "role", "held"), "the facts have no .*'held'"),
    (
        edited("plain", "involvement", 10, "grade", ""),
        "the facts have no .*'not-involved', 'gp', ''",
    ),
    (having("plain", "involvement", event="e6", role="led", agency="hv"), "no .'visit', 'led'"),
    (having("plain", "links", type="tells-of", from_row="e8", to_row="e7"), "links: the facts"),
    (having("plain", "themes", row="e7", theme="neglect"), "themes: the facts have no"),
    (having("plain", "attributes", row="e7", attribute="reason", value="x"), "attributes: the"),
    (edited("findings", "events", 1, "absence", "did-not-happen"), "not-asked: absence is"),
    (edited("findings", "events", 1, "absence", ""), "not-asked: absence is"),
    (edited("findings", "participation", 2, "status", "alleged"), "no .*'alleged', \"n's father\""),
    (edited("findings", "participation", 1, "account", ""), "there is no .*'alleged', 'n'"),
    (lacking("findings", "participation", 0), "there is no .'arm', 'harmed'"),
    (edited("findings", "findings", 0, "polarity", "strength"), "findings: the facts have no"),
    (edited("findings", "findings", 0, "attributed_to", "cs"), "findings: the facts have no"),
    (lacking("findings", "recommendations", 0), "rec-alone: 0 rows"),
    (edited("findings", "links", 0, "basis", "judged"), "there is no .'rests-on'"),
    (edited("findings", "links", 1, "to_row", "e8"), "there is no .'addresses'"),
    (lacking("findings", "themes", 2), "there is no .'rec-alone', 'assessment'"),
]


@pytest.mark.parametrize(("rows", "message"), PLANTED)
def test_a_planted_error_is_found(rows: Rows, message: str) -> None:
    name = "plain" if "relations" in rows else "findings"
    text = "\n".join(failures(of_some(name), tidy(rows)))
    assert re.search(message, text), text


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            having("plain", "relations", type="before", from_event="e9", to_event="e6"),
            "no days fit all dates and relations",
        ),
        (edited("plain", "events", 3, "date", "?2013-03-04"), "no form that is read here"),
        (edited("plain", "events", 7, "date", "Y12014"), "no form that is read here"),
        (edited("plain", "relations", 1, "gap", "2 days"), "of no form that is known"),
        (edited("plain", "relations", 0, "type", "near"), "the relation 'near' is not known"),
    ],
)
def test_what_no_days_fit_and_what_is_of_no_known_form_is_refused(rows: Rows, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(failures(of_some("plain"), tidy(rows)))


@pytest.mark.parametrize("under", ["", "paper"])
def test_the_bounds_are_those_of_every_day_tried(under: str) -> None:
    """Facts 6 to 9, over all days of March and April 2013."""
    visit = date(2013, 3, 5 if under else 4).toordinal()
    every = range(date(2013, 3, 1).toordinal(), date(2013, 4, 30).toordinal() + 1)
    tried = [
        {"e6": visit, "e7": call, "e8": call + 2, "e9": decided}
        for call in every
        for decided in every
        if visit <= call and call + 2 <= decided and date.fromordinal(decided).month == 4
    ]
    assert len(tried) > 100
    course = Days(tidy(PLAIN), under)
    for first, then in itertools.permutations(("e6", "e7", "e8", "e9"), 2):
        apart = [days[then] - days[first] for days in tried]
        assert course.between((first, "start"), (then, "end")) == (min(apart), max(apart))


# --------------------------------------------------------- the codings, once they can be read


@pytest.mark.parametrize("name", FACTS)
def test_a_light_coding_says_all_that_a_reader_can_know(name: str) -> None:
    checked = check_form(LIGHTNESS / name)
    assert [str(breach) for breach in checked.wrong] == []
    assert list(failures(points(name), tables_of(checked))) == []


def tables_of(checked: FormCheck) -> Tables:
    return frames_of(checked.expanded)


# ------------------------------------------------- the same facts as a Word table

#: The plain facts as a colleague's chronology has them: when, who, what, and how sources tell it.
TOLD = lists_of("""
    September 2012 | School | The school notes that K often comes in the cold without a coat
    late November 2012 | School | The school refers K to children's services
    at some point between 17 and 21 December 2012 | Children’s services
    ... Children's services close the case for the first time
    4 March 2013 | HV | The health visitor visits the flat
    N/K | Neighbour | A neighbour rings the police because K is out on the stairs at night | paper
    N/K | Police | The police tell children's services of the call
    April 2013 | Children’s services | Children's services decide to do nothing more
    early June 2013 | Relatives | Relatives tell the GP that K is losing weight
    mid-June 2013 | GP | The GP weighs K and writes down that it is too little
    N/K | GP | The GP does not refer K to anybody
    July 2013 | School | The school refers K a second time
    9 September 2013 | Children’s services | Children's services hold a strategy meeting
    23 September 2013 | Children’s services | The first conference on K is held
     | | K is placed on a child protection plan
    autumn 2014 | Children’s services | Children's services close the case for the second time
""")
#: What is typed into the sheet afterwards, by line and column: nothing else is touched.
COMPLETED = {
    2: {"kind": "concern"},
    3: {"kind": "referral", "to": "children's services", "without": "health visitor"},
    4: {"kind": "closure", "without": "school (not-told, did-not-happen)"},
    5: {"kind": "visit", "id": "visit", "other_date": "2013-03-05 (paper)"},
    6: {"kind": "emergency-call", "id": "call", "to": "police", "after": "visit"},
    7: {
        "kind": "notification",
        "id": "told-of-call",
        "to": "children's services",
        "after": "call 2 days",
    },
    8: {"kind": "no-further-action", "after": "told-of-call"},
    9: {"kind": "concern", "by": "relatives (raised)", "to": "gp"},
    10: {"kind": "concern"},
    11: {"kind": "referral", "absence": "did-not-happen"},
    12: {"kind": "referral", "to": "children's services; police"},
    13: {"kind": "strategy-discussion", "with": "police; school"},
    14: {"kind": "icpc", "id": "conference", "other_date": "2013-09-27 (paper)", "without": "gp"},
    15: {
        "kind": "protection-plan",
        "date": "",
        "lasts": "9 months",
        "after": "conference same day",
    },
    16: {"kind": "closure"},
}


def completed(folder: Path, kept: Path) -> None:
    """A review of the Word table, imported and then completed."""
    rows = [["Date", "Agency", "What happened", "Source"]]
    rows += [[*row, *[""] * (4 - len(row))] for row in TOLD]
    kept.write_bytes(docx(table(*rows)))
    folder.mkdir()
    meta = (LIGHTNESS / "plain" / "review.toml").read_text(encoding="utf-8")
    (folder / "review.toml").write_text(meta, encoding="utf-8")
    sources = [str(source["id"]) for source in sources_in(folder)]
    write_chronology(import_chronology(kept, folder, sources), folder)
    events = list(csv.DictReader((folder / "events.csv").read_text("utf-8").splitlines()))
    for line, cells in COMPLETED.items():
        events[line - 2] |= cells
    (folder / "events.csv").write_text(form_text("events", events), encoding="utf-8")


def test_the_facts_as_a_word_table_cost_fewer_than_forty_cells(tmp_path: Path) -> None:
    folder = tmp_path / "child-k-invented-2016"
    completed(folder, tmp_path / "kept.docx")
    assert sum(map(len, COMPLETED.values())) < 40
    checked = check_form(folder)
    assert [*map(str, checked.wrong), *map(str, checked.to_do)] == []
    assert list(failures(points("plain"), tables_of(checked))) == []


@pytest.mark.skipif(not EVERY, reason="a render of pages; other tests read the same review")
def test_the_completed_word_table_renders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a project of somebody's own, the pages for which enough is coded; what the others would
    need is said."""
    project, name = tmp_path / "ours", "child-k-invented-2016"
    assert main(["init", str(project)]) == 0
    monkeypatch.chdir(project)
    completed(project / "data" / name, tmp_path / "kept.docx")
    assert main(["check", name]) == 0
    waiting = [line for line in capsys.readouterr().out.splitlines() if "no page yet" in line]
    assert [line.split()[3] for line in waiting] == ["How", "Who", "What"]  # 03, 05 and 06
    assert main(["render", name]) == 0
    report = project / "reports" / name
    names = {path.name for path in report.iterdir()}
    notebooks = cells_of(
        "01_coding | 02_chronology | 04_involvement | 07_sensitivity | 20_days_left_open"
    )
    assert sorted(file for file in names if file.endswith(".ipynb")) == [
        f"{notebook}.ipynb" for notebook in notebooks
    ]
    text = (report / "index.html").read_text(encoding="utf-8")
    assert "A neighbour rings the police because K is out on the stairs at night" in text
