"""What does a coder read of a folder in the form: wrong, still to do, worth a look?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.coding.blank import new_review
from casechron.coding.form_check import FormCheck, check_form, grouped
from casechron.coding.forms import read_forms
from sheet_cases import CODINGS, SHEETS, simulated

TOML = """\
title = "Child X"
body = "Example Safeguarding Board"
year = 2019
published = "2019-05"
published_of = "review"
jurisdiction = "England"
coder = "A. Coder"
coded_on = "2021-03-01"
codebook = "2.0"
content_note = "It tells of harm."
notes = "Coded once."
licence = "CC-BY-4.0"
citation = "A. Coder (2021)."

[[sources]]
id = "report"
citation = "Example Safeguarding Board (2019). Review of Child X."
kind = "review-report"
published = "2019-05"
located_by = "source only"
"""
#: A chronology of twelve cells and the people in it: nothing is wrong with it, nothing to do.
GOOD = {
    "review.toml": TOML,
    "events.csv": """\
id,date,kind,summary,by,to,about
worry,2014-08,referral,A school refers a child's attendance,school,Children's services,X
,2014-09-02,visit,A social worker visits,childrens-services,,X
""",
    "people.csv": "id,label,kinship\nx,X,child\nm,X's mother,mother\n",
}


def checked(tmp_path: Path, **changes: str) -> FormCheck:
    """The check of the good folder with other files; `events` is a text for events.csv."""
    folder = tmp_path / "child-x-example-2019"
    folder.mkdir()
    files = GOOD | {
        "review.toml" if name == "toml" else f"{name}.csv": text for name, text in changes.items()
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return check_form(folder)


def lines(found: object) -> list[str]:
    return [str(one) for one in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", CODINGS)
def test_nothing_is_wrong_with_a_real_coding(name: str) -> None:
    _, _, below = name.partition("/")
    found = check_form(SHEETS / name, f"{below}/" if below else "")
    assert lines(found.wrong) == lines(found.to_do) == []
    assert found.good()


def test_nothing_is_wrong_with_simulated_reviews(tmp_path: Path) -> None:
    for review, files in list(simulated().items())[::7]:
        (tmp_path / review).mkdir()
        for name, content in files.items():
            (tmp_path / review / name).write_bytes(content)
        found = check_form(tmp_path / review)
        assert lines(found.wrong) == lines(found.to_do) == []


def test_a_chronology_of_date_summary_and_by_is_good(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    found = checked(tmp_path / "r", events="by,summary,date\nschool,A worry,2014-08\n", people="")
    assert lines(found.wrong) == []
    assert lines(found.to_do) == [
        "events.csv line 2, kind: the cell is empty; write what kind of event it is"
    ]
    assert (found.good(draft=True), found.good()) == (True, False)
    found = checked(tmp_path)
    assert lines(found.wrong) == lines(found.to_do) == lines(found.looks) == []


def event(**cells: str) -> str:
    """The file of the worry, and of one more event."""
    whole = {"id": "e", "date": "2015-03", "kind": "visit", "summary": "A visit", **cells}
    head = dict.fromkeys(["id", "date", "kind", "summary", "by", "to", "about", *whole], "")
    worry = {
        "id": "worry",
        "date": "2014-08",
        "kind": "referral",
        "summary": "A worry",
        "by": "school",
    }
    rows = [head.keys(), (head | worry).values(), (head | whole).values()]
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"


WRONG = [
    (
        {"date": "Augst 2018"},
        "date: 'Augst 2018' is not a date: it has no form that is known; write EDTF, for example",
    ),
    (
        {"kind": "visist", "by": ""},
        "kind: 'visist' is no code of event_kind; did you mean 'visit'?",
    ),
    (
        {"id": "E 1"},
        "id: 'E 1' is no id; write a short name of lower-case letters, digits and hyphens",
    ),
    (
        {"id": "mar-14"},
        "id: 'mar-14' would be made a number or a date by a spreadsheet; begin with",
    ),
    ({"id": "2"}, "id: '2' would be made a number or a date by a spreadsheet; begin with a letter"),
    (
        {"id": "worry"},
        "id: 'worry' is already the id of events.csv line 2; ids are unique in the whole",
    ),
    ({"date": "2021-04"}, "date: '2021-04' is later than the last source that the row rests on"),
    ({"date_words": "a b c d e f g"}, "date_words: 'a b c d e f g' has 7 words; at most 6 of the"),
    ({"short": "x" * 41}, f"short: '{'x' * 41}' has 41 letters; a label has at most 40"),
    ({"time": "5pm"}, "time: '5pm' is no time of day; write hours and minutes, as 17:00"),
    (
        {"sequence": "last"},
        "sequence: 'last' is not allowed; write first or next, or empty the cell",
    ),
    (
        {"kind": "support", "date": "[2014..2015]"},
        "date: '[2014..2015]' is a moment, and 'support' lasts; write an interval:",
    ),
    (
        {"absence": "apparently-not", "count": "2"},
        "absence: 'apparently-not' says that it did not happen, and the row counts occurrences;"
        " empty absence, or count",
    ),
    (
        {"about": "m (denied)"},
        "about: 'm (denied)': no account is said, and the status is 'denied'; write whose",
    ),
    (
        {"by": "gp (insufficient)"},
        "by: 'gp (insufficient)': 'insufficient' grades a missing agency, and the role is 'led';"
        " leave it out, or write one of the roles:",
    ),
    ({"answers": "x"}, "answers: 'x' is a row of people; 'answers' goes to a row of events"),
    (
        {"facts": "plan-category: sad"},
        "facts: 'plan-category: sad': 'sad' is no category of a plan; allowed: physical,",
    ),
    ({"part_of": "e"}, "part_of: 'e': the link ties 'e' to itself; name two rows"),
    ({"summary": "a\u200bb"}, "summary: the cell holds U+200B"),
    ({"by": "gpp"}, "by: 'gpp' names no agency and no person; did you mean 'gp'?"),
]


@pytest.mark.parametrize(("cells", "message"), WRONG)
def test_a_slip_is_told_where_it_was_typed(
    tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    found = lines(checked(tmp_path, events=event(**cells)).wrong)
    assert [one[: len("events.csv line 3, ") + len(message)] for one in found] == [
        f"events.csv line 3, {message}"
    ]


def test_a_reading_is_held_against_what_it_would_change(tmp_path: Path) -> None:
    readings = (
        "reading,row,column,value,reason\nlater,worry,date,Augst,It can\nsame,worry,date,2014-08,\n"
    )
    found = lines(checked(tmp_path, readings=readings).wrong)
    assert [one.split(": it")[0].split("; ")[0] for one in found] == [
        "readings.csv line 2, value: for date of events, 'Augst' is not a date",
        "readings.csv line 3, value: date of 'worry' already holds '2014-08'",
        "readings.csv line 3, reason: the cell is empty",
    ]


LOCATED = "source,paragraph,sentence,salt,digest\n" + "".join(
    f"report,{place},{digest}\n"
    for place, digest in [
        (",,aaaaaaaa", "bbbbbbbb"),
        ("1,1,", "cccccccc"),
        ("2,1,", "dddddddd"),
        ("2,2,", "eeeeeeee"),
        ("3,1,", "ffffffff"),
    ]
)


def test_a_place_is_one_of_the_text_that_was_located(tmp_path: Path) -> None:
    found = checked(tmp_path, sentences=LOCATED, events=event(place="p2.3; p4; p2.2"))
    assert lines(found.wrong) == [
        "events.csv line 3, place: 'p2.3': paragraph 2 has 2 sentences; correct the place",
        "events.csv line 3, place: 'p4': 'report' has paragraphs 1 to 3; correct the place",
    ]
    assert lines(found.to_do) == [
        "events.csv line 2, place: the cell is empty, and the text of 'report' is at hand; write"
        " where it stands, as p13.2",
        "coverage.csv: no row rests on 2 of the paragraphs of 'report' (1, 3); code them, or write"
        " why each is left out",
    ]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("", "sources: no source is named, so nothing says where a row stands; write [[sources]]"),
        (
            'id = "report"\nkind = "review-report"\nlocated_by = "x"\n',
            "citation: source 1: the key is",
        ),
        ('id = "report"\nkin = "x"\n', "sources: source 1 has no key 'kin'; did you mean 'kind'?"),
        ('id = "report"\ndefault = "yes"\n', "sources: source 1, default: write true or false,"),
    ],
)
def test_sources_stand_in_review_toml(tmp_path: Path, toml: str, message: str) -> None:
    text = TOML[: TOML.index("[[sources]]")] + (f"[[sources]]\n{toml}" if toml else "")
    found = checked(tmp_path, toml=text)
    told = [one.partition(", ")[2] for one in lines([*found.wrong, *found.to_do])]
    assert [one for one in told if one.startswith(message)]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ('complete = ["bye"]', "'bye' is no file and no column of the form; did you mean 'by'?"),
        ("complete = 1", "'1' is no list of names; write the columns and files that are coded"),
        ("invented = 1", "'1' is not allowed; write true or false, without quotes"),
        ('region = ""', "'' is no text; write the region of England"),
    ],
)
def test_what_else_review_toml_may_say(tmp_path: Path, key: str, message: str) -> None:
    found = lines(checked(tmp_path, toml=f"{key}\n{TOML}").wrong)
    assert len(found) == 1
    assert found[0].startswith(f"review.toml line 1, {key.split()[0]}: {message}")


def test_a_label_names_one_party(tmp_path: Path) -> None:
    people = "id,label,kinship\nx,X,child\nm,The  trust,mother\n"
    agencies = "id,label,sector\na,The Trust,3F\nb,A; B,8\n"
    assert lines(checked(tmp_path, people=people, agencies=agencies).wrong) == [
        "people.csv line 3, label: 'The  trust' is the label of agencies.csv line 2 too; write"
        " another",
        "agencies.csv line 3, label: 'A; B' holds a ;, which parts items; write a comma",
    ]


def test_of_several_sources_one_is_the_default_or_a_place_is_to_do(tmp_path: Path) -> None:
    second = TOML[TOML.index("[[sources]]") :].replace('"report"', '"radio"')
    found = checked(tmp_path, toml=f"{TOML}\n{second}", events=event(place="radio"))
    assert lines(found.wrong) == []
    assert lines(found.to_do) == [
        "events.csv line 2, place: the cell is empty, and no source of review.toml is the default;"
        " write the place, or default = true below the source that an empty place means"
    ]


def test_an_unknown_column_is_said_and_left_alone(tmp_path: Path) -> None:
    events = "date,summary,kind,by,Our ref,to\n2014,A worry,referral,school,77,police\n"
    found = checked(tmp_path, events=events)
    assert lines(found.wrong) == lines(found.to_do) == []
    assert lines(found.looks)[0].startswith(
        "events.csv line 1: 'Our ref' is no column of events; its"
    )


def test_a_head_that_must_be_there_is_missed(tmp_path: Path) -> None:
    found = checked(tmp_path, events="summary,kind,by,to\nA worry,referral,school,police\n")
    assert lines(found.wrong) == [
        "events.csv line 1: the column 'date' is missing; write it into the first line"
    ]


def test_slips_of_one_kind_are_one_line_and_the_rarest_first(tmp_path: Path) -> None:
    rows = "".join(f"2014,visit,A visit {number},gpp,\n" for number in range(30))
    found = checked(
        tmp_path, events=f"date,kind,summary,by,count\n{rows}2014,visit,Two,gp,2+\n"
    ).wrong
    assert grouped(found) == [
        "events.csv line 32, count: '2+' is no count; write 2, at least 2, at most 5 or 2 to 5",
        "events.csv line 2, by: 'gpp' names no agency and no person; did you mean 'gp'? (30 times:"
        " lines 2, 3, 4 …)",
    ]
    assert len(grouped(found, every=True)) == 31


def test_a_new_review_says_what_to_fill_in_and_its_worked_row_is_one_line(tmp_path: Path) -> None:
    made = new_review(tmp_path / "child-x-anytown-2021")
    found = check_form(made)
    assert {one.file for one in found.wrong} == {"review.toml"}
    assert all("the placeholder" in one.message for one in found.wrong)
    assert lines(found.to_do) == [
        "events.csv line 2: this is the worked row of a new review, and it is invented; write what"
        " the source says in its place, or delete it"
    ]
    (made / "review.toml").write_text(
        TOML.replace("2019", "2021").replace("2021-03", "2022-03"), encoding="utf-8"
    )
    events = made / "events.csv"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace("A school refers", "A school sends"), encoding="utf-8")
    found = check_form(made)
    assert lines(found.wrong) == lines(found.to_do) == lines(found.looks) == []


def test_an_empty_cell_is_not_coded_or_silent() -> None:
    read = read_forms(SHEETS / "child-a-haringey-2008")
    assert read.state("by", []) == "coded"
    assert read.state("sequence", []) == read.state("", [], "views") == "not coded"
    assert read.state("sequence", ["sequence"]) == read.state("", ["views"], "views") == "silent"


FILES = st.sampled_from(
    [*(name for name in GOOD if name != "review.toml"), "details.csv", "views.csv"]
)
BYTES = st.one_of(
    st.binary(max_size=60),
    st.text(alphabet='abx,";\n()=p1. \r\t', max_size=60).map(str.encode),
)


@given(FILES, BYTES, st.integers(0, 200))
@settings(deadline=None, max_examples=150)
def test_no_file_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes, at: int
) -> None:
    folder = tmp_path_factory.mktemp("fuzzed") / "child-x-example-2019"
    folder.mkdir()
    for file, text in GOOD.items():
        (folder / file).write_text(text, encoding="utf-8")
    good = GOOD.get(name, "").encode()
    (folder / name).write_bytes(good[:at] + content + good[at:])
    found = check_form(folder)
    assert all(str(one) for one in (*found.wrong, *found.to_do, *found.looks))
