"""What lies in a folder, stands in a file or is written at the command line, whatever it is: each
ends soon, with a sentence, and nothing is read or written elsewhere."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from a_good_review import NAME, good_review
from casechron.cli import main
from casechron.coding import tidy_check
from casechron.coding.files import (
    UnfitError,
    an_id,
    data_files,
    from_here,
    out_folder,
    read_limited,
)
from casechron.coding.fill import FillError, fill, rename
from casechron.coding.folder import codings_in
from casechron.coding.form_check import FormCheck, by_message, check_form
from casechron.coding.reviews import (
    ReviewError,
    find_review,
    list_reviews,
    read_coded,
    read_coding,
)
from casechron.coding.rules import Finding, TidyTables
from casechron.coding.sheets import Breach
from casechron.coding.tidy_check import MOST_WRONG_CELLS
from casechron.report import folders
from casechron.report.about import about
from casechron.report.execution import RenderError
from casechron.report.export import write_text
from thoroughly import examples

Captured = pytest.CaptureFixture[str]
OUT = (
    "this is a link that leads out of the project, to '{}', and is not followed; put what it leads"
)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with the good review in it; the current folder. Anybody may come to it: the folder
    of pytest is closed to others, and each run of pytest that begins meanwhile closes it anew."""
    with tempfile.TemporaryDirectory() as above:
        Path(above).chmod(0o755)
        root = Path(above, "project").resolve()
        (root / "notebooks").mkdir(parents=True)
        good_review(root / "data")
        monkeypatch.chdir(root)
        monkeypatch.delenv("CASECHRON_ROOT", raising=False)
        yield root


def wrong_lines(folder: Path) -> list[str]:
    return [str(breach) for breach in wrong(folder)]


def wrong(folder: Path) -> list[Breach]:
    return list(check_form(folder).wrong)


def shortened(path: Path) -> str:
    return f"{str(path)[:60]}…" if len(str(path)) > 60 else str(path)


@contextmanager
def closed(folder: Path) -> Iterator[None]:
    """A folder that may not be looked into, by whoever runs the tests: root may look into all, and
    is nobody meanwhile."""
    folder.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


# What lies in data/


def test_every_review_is_a_line_of_its_own(project: Path, capsys: Captured) -> None:
    data = project / "data"
    (data / "child-a-b-2001").mkdir()
    (data / "child-b-b-2002").write_text("a file")
    (data / "child-c-b-2003").symlink_to(data / "nothing")
    elsewhere = project.parent / "elsewhere"
    good_review(elsewhere)
    (data / "child-d-b-2004").symlink_to(elsewhere / NAME)
    (data / "child-e-b-2005").symlink_to(NAME)  # another name for a review of the project
    os.mkfifo(data / "child-f-b-2006")
    (data / "events-only").mkdir()
    (data / "events-only" / "events.csv").write_text("id\nx\n")
    for name in ("LICENSE", "a-list.txt"):
        (data / name).write_text("no review")
    (data / "raw").mkdir()
    closed_one = data / "child-g-b-2007"
    closed_one.mkdir()
    main(["check", "--all"])  # what is imported later cannot be read by somebody else
    capsys.readouterr()
    out = OUT.format(shortened(elsewhere / NAME)) + " to in its place"
    problems = {
        "child-a-b-2001": "",
        "child-b-b-2002": "this is not a folder",
        "child-c-b-2003": "this is a link that leads nowhere; delete it",
        "child-d-b-2004": out,
        "child-e-b-2005": "",
        "child-f-b-2006": "this is not a folder",
        "child-g-b-2007": "the folder cannot be read (Permission denied)",
        NAME: "",
        "events-only": "",
    }
    with closed(closed_one):
        assert {entry.name: entry.problem for entry in list_reviews(project)} == problems
        assert main(["check", "--all"]) == 1
    lines = capsys.readouterr().out.splitlines()
    for name, problem in problems.items():
        if problem:
            assert f"{name}: {problem}" in lines
    assert any(line.startswith(f"{NAME}: good") for line in lines)
    assert (
        "  child-a-b-2001/review.toml: the file is missing; `casechron new` writes a blank one"
        in lines
    )
    assert any(
        line.startswith("  events-only/events.csv line 1: the column 'date'") for line in lines
    )
    for name in ("child-d-b-2004", "child-c-b-2003"):
        with pytest.raises(ReviewError) as refused:
            find_review(name, project)
        assert str(refused.value) == f"the review '{name}' cannot be read: {problems[name]}"
    assert find_review("", project) == data / "child-a-b-2001"


def test_a_review_that_cannot_be_read_is_no_breach_and_no_success(
    project: Path, capsys: Captured
) -> None:
    (project / "data" / "child-c-b-2003").symlink_to("nothing")
    assert main(["check", "--all"]) == 1
    first, *_, last, _ = capsys.readouterr().out.splitlines()
    assert first == "child-c-b-2003: this is a link that leads nowhere; delete it"
    assert last.startswith(f"{NAME}: good, ")


def test_an_interrupted_check_tells_what_it_has_seen(
    project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("child-a-b-2001", "child-b-b-2002"):
        (project / "data" / name).mkdir()

    def interrupted(folder: Path) -> FormCheck:
        if folder.name == NAME:
            raise KeyboardInterrupt
        return check_form(folder)

    monkeypatch.setattr("casechron.checking.check_form", interrupted)
    assert main(["check", "--all"]) == 130
    captured = capsys.readouterr()
    assert captured.err == (
        "casechron: interrupted. 2 of 3 reviews were checked; not good: child-a-b-2001,"
        " child-b-b-2002\n"
    )
    assert captured.out.count("review.toml: the file is missing") == 2


# Links


def test_no_file_is_read_through_a_link_out_of_the_project(project: Path) -> None:
    folder = project / "data" / NAME
    secret = project.parent / "secret.csv"
    secret.write_text("type\nsecret\n")
    (folder / "links.csv").symlink_to(secret)
    out = f"{OUT.format(shortened(secret))} to in its place"
    assert wrong_lines(folder) == [f"links.csv: {out}"]
    with pytest.raises(FillError) as refused:
        fill(folder)
    assert str(refused.value) == f"links.csv: {out}"
    (folder / "links.csv").rename(folder / "link.csv")  # nor under a name that is nearly right
    assert [line.partition(";")[0] for line in wrong_lines(folder)] == [
        "link.csv: this is no part of a review",
    ]
    (folder / "link.csv").unlink()
    (project / "shared.csv").write_text("type,from_row,to_row\n")
    (folder / "links.csv").symlink_to(project / "shared.csv")
    assert wrong_lines(folder) == []
    toml = folder / "review.toml"
    toml.rename(project.parent / "review.toml")
    toml.symlink_to(project.parent / "review.toml")
    out = f"{OUT.format(shortened(project.parent / 'review.toml'))} to in its place"
    assert wrong_lines(folder)[0] == f"review.toml: {out}"
    assert about(check_form(folder).expanded.tables).sources == ()


def test_no_coding_is_read_through_a_link_out_of_the_project(
    project: Path, capsys: Captured
) -> None:
    folder = project / "data" / NAME
    elsewhere = project.parent / "elsewhere"
    good_review(elsewhere)
    (folder / "codings").symlink_to(elsewhere)
    message = f"{OUT.format(shortened(elsewhere))} to in its place"
    assert wrong_lines(folder) == [f"codings: {message}"]
    assert codings_in(folder) == ([], [])
    assert main(["new", NAME, "--coding", "bob"]) == 2
    assert capsys.readouterr().err == f"casechron: data/{NAME}/codings: {message}\n"
    assert sorted(path.name for path in elsewhere.iterdir()) == [NAME]
    (folder / "codings").unlink()
    (folder / "codings").mkdir()
    (folder / "codings" / "bob").symlink_to(elsewhere / NAME)
    message = f"{OUT.format(shortened(elsewhere / NAME))} to in its place"
    assert codings_in(folder) == ([folder / "codings" / "bob"], [])
    assert wrong_lines(folder / "codings" / "bob") == [f"codings/bob: {message}"]
    with pytest.raises(ReviewError) as refused:
        read_coding(folder, "bob")
    assert str(refused.value).endswith(f"\ncodings/bob: {message}")
    for name in ("../bob", "/", "", ".."):
        with pytest.raises(ReviewError) as refused:
            read_coding(folder, name)
        assert str(refused.value).startswith(f"the review '{NAME}' has no coding '{name}'; ")


def test_what_is_read_for_a_key_is_what_a_check_reads(project: Path) -> None:
    folder = project / "data" / NAME
    before = data_files(folder)
    assert set(before) >= {"review.toml", "events.csv"}
    elsewhere = project.parent / "elsewhere"
    good_review(elsewhere)
    (folder / "codings").symlink_to(elsewhere)
    (folder / "more.csv").symlink_to(elsewhere / NAME / "events.csv")
    os.mkfifo(folder / "pipe.csv")
    with (folder / "large.csv").open("wb") as file:
        file.truncate(20_000_001)
    assert data_files(folder) == before
    (folder / "here.csv").symlink_to("events.csv")
    assert data_files(folder) == before | {"here.csv": before["events.csv"]}


def test_nothing_is_written_through_a_link_in_the_place_of_a_file_that_is_begun(
    project: Path,
) -> None:
    folder, outside = project / "data" / NAME, project.parent / "outside.txt"
    outside.write_text("mine")
    for begun, write in (
        ("events.csv.part", lambda: rename(folder, "visit-2014", "visit-1")),
        ("page.html.part", lambda: write_text(folder / "page.html", "read")),
    ):
        (folder / begun).symlink_to(outside)
        write()
        written = folder / begun.removesuffix(".part")
        assert outside.read_text() == "mine"
        assert not written.is_symlink()
        assert not (folder / begun).is_symlink()
    assert written.read_text() == "read"


def test_what_stands_where_a_file_belongs_and_is_none(project: Path) -> None:
    folder = project / "data" / NAME
    for file, make, what in (
        ("agencies.csv", os.mkfifo, "not a file"),
        ("events.csv", lambda path: path.symlink_to("nothing"), "a link that leads nowhere"),
        ("review.toml", Path.mkdir, "a folder"),
    ):
        before = (folder / file).read_bytes()
        (folder / file).unlink()
        make(folder / file)
        assert (
            f"{file}: this is {what}; move it away and save the file in its place"
            in wrong_lines(folder)
        )
        (folder / file).rmdir() if what == "a folder" else (folder / file).unlink()
        (folder / file).write_bytes(before)
    assert wrong_lines(folder) == []
    pipe = project / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UnfitError, match=r"^this is not a file; move it away"):
        read_limited(pipe, 10)


# Limits


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (
            "events.csv",
            b"x" * 20_000_001,
            "events.csv: the file has 20,000,001 bytes; at most 20,000,000 are read",
        ),
        (
            "events.csv",
            b"id,date\n" * 1_000_000,
            "events.csv: the file has 1,000,000 lines; at most 50,000 are read",
        ),
        (
            "review.toml",
            b"".join(b"key%d = 1\n" % number for number in range(20_000)),
            "review.toml: the file has 248,890 bytes; at most 100,000 are read",
        ),
        (
            "agencies.csv",
            b"id,label,sector,note" + b"," * 1_000_000,
            "agencies.csv line 1: the header has 1,000,004 cells, and the table 6 columns:"
            " id,label,sector,",
        ),
        (
            "review.toml",
            b".".join([b"a"] * 40_000) + b" = 1",
            "review.toml line 1: a key has 50 parts or more; write one word",
        ),
        (
            "review.toml",
            b"title = " + b"9" * 5000,
            "review.toml: this is not TOML (too deep, or too long a number); a line is: key =",
        ),
        (
            "review.toml",
            b"title = 0x" + b"f" * 9000,
            "review.toml line 1, title: 'a int too long to show' is no text; write a text in double"
            " quotes",
        ),
    ],
)
def test_what_is_too_much_is_told_with_what_is_allowed(
    file: str, text: bytes, message: str, project: Path
) -> None:
    folder = project / "data" / NAME
    (folder / file).write_bytes(text)
    assert any(line.startswith(message) for line in wrong_lines(folder))


def test_a_file_without_an_end_is_not_read(project: Path) -> None:
    # Nothing of it is on the disk, and reading it would take all of a machine's room.
    events = project / "data" / NAME / "events.csv"
    with events.open("wb") as file:
        file.truncate(200_000_000_000)
    assert (
        "events.csv: the file has 200,000,000,000 bytes; at most 20,000,000 are read"
        in wrong_lines(events.parent)
    )


def test_unknown_keys_are_told_and_counted(project: Path) -> None:
    folder = project / "data" / NAME
    meta = folder / "review.toml"
    text = "".join(f"key{number} = 1\n" for number in range(5000))
    meta.write_text(text + meta.read_text(encoding="utf-8"), encoding="utf-8")
    lines = by_message(wrong(folder))
    assert lines[0] == "review.toml: there are 4,900 more keys that are none"
    assert len(wrong(folder)) == 101
    assert lines[1].startswith("review.toml line 1, key0: there is no such key; the keys are: ")


def test_empty_rows_are_none(project: Path) -> None:
    folder = project / "data" / NAME
    agencies = folder / "agencies.csv"
    text = agencies.read_text(encoding="utf-8")
    agencies.write_text(
        f"{text}\nschool-y,School Y,7,\n{',,,' + chr(10)}" + "\n" * 999, encoding="utf-8"
    )
    assert wrong_lines(folder) == []
    assert read_coded(folder).tables["agencies"]["id"].tolist()[-1] == "school-y"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("y" * 100_000, "the cell has 100,000 letters; at most 20,000 are allowed"),
        ("y" * 200_000, "a cell has more than 131,072 letters; at most 20,000 are allowed"),
    ],
)
def test_a_cell_of_many_letters(cell: str, message: str, project: Path) -> None:
    folder = project / "data" / NAME
    agencies = folder / "agencies.csv"
    agencies.write_text(
        agencies.read_text(encoding="utf-8").replace("Police", cell), encoding="utf-8"
    )
    (line,) = wrong_lines(folder)
    assert line.endswith(f": {message}")


def test_a_date_and_an_id_are_short(project: Path) -> None:
    folder = project / "data" / NAME
    for file, old, new in (
        ("agencies.csv", "\npolice,", f"\n{'p' * 101},"),
        ("events.csv", "late 2014-08", "2014" * 126),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    lines = wrong_lines(folder)
    assert "agencies.csv line 3, id: the id has 101 letters; at most 100 are allowed" in lines
    assert any(
        line.endswith(", date: the cell has 504 letters; at most 500 are allowed") for line in lines
    )


def test_after_a_thousand_wrong_cells_a_table_is_not_looked_at_further(project: Path) -> None:
    folder = project / "data" / NAME
    with (folder / "agencies.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"a-{number},Body {number},none-{number},\n" for number in range(3000))
    breaches = wrong(folder)
    assert str(breaches[-2]) == (
        "agencies.csv line 1005: more than 1,000 cells of this table are wrong; mend them first,"
        " nothing after this line has been looked at"
    )
    assert str(breaches[-1]).startswith("agencies.csv line 1005, sector: 'none-1000' is no code of")
    assert len(breaches) == MOST_WRONG_CELLS + 2
    assert len(by_message(breaches)) == 2


def test_readings_are_tried_as_far_as_that_ends(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project / "data" / NAME
    rows = sum(map(len, read_coded(folder).tables.values()))
    whole, asked = tidy_check._rule_breaches, []

    def counted(tables: TidyTables) -> list[Finding]:
        asked.append(tables)
        return whole(tables)

    monkeypatch.setattr(tidy_check, "_rule_breaches", counted)
    assert wrong_lines(folder) == []
    assert len(asked) == 3  # as it stands, and under each of two readings
    asked.clear()
    monkeypatch.setattr(tidy_check, "MOST_TRIED", rows)
    assert wrong_lines(folder) == [
        f"readings.csv, reading: there are 2 readings, and each is tried against {rows} rows; at"
        " most 1 are for so many"
    ]
    assert len(asked) == 2


def test_many_breaches_are_a_few_lines() -> None:
    many = [Breach("a.csv", line, "id", f"'x{line}' is no id") for line in range(2, 12_367)]
    assert by_message([*many, Breach("b.csv", 3, "id", "'x' is no id")]) == [
        "a.csv line 2, id: 'x2' is no id (12365 of this kind: lines 2, 3, 4 …)",
        "b.csv line 3, id: 'x' is no id",
    ]
    kinds = [Breach("a.csv", 1, "", "the circle " + "x" * number) for number in range(1200)]
    assert by_message(kinds)[999:] == [
        "a.csv line 1: the circle " + "x" * 999,
        "and 200 more lines; mend these first",
    ]


# review.toml


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("title", r"A\u0000B", "the text holds U+0000 NUL at letter 2; delete it"),
        ("title", r"A\u001b[2J", "the text holds U+001B ESCAPE at letter 2; delete it"),
        ("body", r"\u202e", "the text holds U+202E RIGHT-TO-LEFT OVERRIDE at letter 1; delete it"),
        (
            "citation",
            r"A\nB",
            "the text holds a line break (U+000A LINE FEED at letter 2); write it on one line",
        ),
        ("licence", "x" * 20_001, "the text has 20,001 letters; at most 20,000 are allowed"),
    ],
)
def test_a_value_of_review_toml_is_a_text_like_any_other(
    key: str, value: str, message: str, project: Path
) -> None:
    meta = project / "data" / NAME / "review.toml"
    lines = meta.read_text(encoding="utf-8").splitlines()
    number = next(place for place, line in enumerate(lines) if line.startswith(f"{key} ="))
    lines[number] = f'{key} = "{value}"'
    meta.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert wrong_lines(meta.parent) == [f"review.toml line {number + 1}, {key}: {message}"]


def test_names_of_files_and_keys_reach_the_terminal_as_letters(
    project: Path, capsys: Captured
) -> None:
    folder = project / "data" / NAME
    meta = folder / "review.toml"
    meta.write_text('"\\u001b[2Jkey" = 1\n' + meta.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "\x1b[31mred\u202e.txt").write_text("")
    (folder.parent / "\x1b]0;title\x07").mkdir()
    (folder.parent / "\x1b]0;title\x07" / "events.csv").write_text("")
    assert main(["check", "--all"]) == 1
    assert main(["check", "\x1b[31mno"]) == 2
    with pytest.raises(SystemExit):
        main(["check", "--\x1b[31m"])
    captured = capsys.readouterr()
    for text in (captured.out, captured.err):
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    for line in (
        f"{NAME}/review.toml, <U+001B>[2Jkey: there is no such key;",
        f"{NAME}/<U+001B>[31mred<U+202E>.txt: this is no part of a review;",
        "<U+001B>]0;title<U+0007>/events.csv: no event is coded yet;",
    ):
        assert line in captured.out
    assert captured.err.startswith(
        "casechron: there is no review '<U+001B>[31mno': the name holds U+001B ESCAPE at letter 1;"
        " delete it\n"
    )


# Ids and folders


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "the id of a review is empty; {form}"),
        (" ", "the id of a review is empty; {form}"),
        ("/", "'/' is a path, and no id of a review; {form}"),
        ("..", "'..' is a path, and no id of a review; {form}"),
        ("../x", "'../x' is a path, and no id of a review; {form}"),
        ("../../x", "'../../x' is a path, and no id of a review; {form}"),
        ("a\\b", "'a\\b' is a path, and no id of a review; {form}"),
        (
            "data/child-z-y-2020",
            "'data/child-z-y-2020' is a path, and no id of a review; {form}; did you mean"
            " 'child-z-y-2020'?",
        ),
        (
            "/tmp/child-z-y-2020/",
            "'/tmp/child-z-y-2020/' is a path, and no id of a review; {form}; did you mean"
            " 'child-z-y-2020'?",
        ),
        (
            "Child Z, Y 2020",
            "'Child Z, Y 2020' is no id of a review; {form}; did you mean 'child-z-y-2020'?",
        ),
        ("child-z", "'child-z' is no id of a review; {form}"),
        ("child-z-y-20", "'child-z-y-20' is no id of a review; {form}"),
        ("\u202ex", "'<U+202E>x' is no id of a review; {form}"),
        ("x" * 101, "the id of a review has 101 letters; at most 100 are allowed"),
    ],
)
def test_new_takes_an_id_and_no_path(
    given: str, message: str, project: Path, capsys: Captured
) -> None:
    before = sorted(project.parent.rglob("*"))
    assert main(["new", given]) == 2
    form = (
        "write lower-case letters, digits and hyphens, child, body and year, as in"
        " child-x-example-2021"
    )
    assert capsys.readouterr().err == f"casechron: {message.format(form=form)}\n"
    assert main(["new", given, "--coding", "bob"]) == 2
    assert main(["new", NAME, "--coding", given]) == (
        0 if given in ("child-z", "child-z-y-20") else 2
    )
    new_paths = {path for path in sorted(project.parent.rglob("*")) if path not in before}
    new_paths -= {project / f"{NAME}-{given}.xlsx"}
    assert all(path.is_relative_to(project / "data" / NAME / "codings") for path in new_paths)


@pytest.mark.parametrize(
    ("coder", "message"),
    [
        ("", "the id of a coder is empty; {form}"),
        ("../../x", "'../../x' is a path, and no id of a coder; {form}; did you mean 'x'?"),
        ("/", "'/' is a path, and no id of a coder; {form}"),
        ("Bob B", "'Bob B' is no id of a coder; {form}; did you mean 'bob-b'?"),
    ],
)
def test_a_coder_is_an_id_and_no_path(
    coder: str, message: str, project: Path, capsys: Captured
) -> None:
    before = sorted(project.parent.rglob("*"))
    assert main(["new", NAME, "--coding", coder]) == 2
    form = "write lower-case letters, digits and hyphens"
    assert capsys.readouterr().err == f"casechron: {message.format(form=form)}\n"
    assert sorted(project.parent.rglob("*")) == before


def test_each_command_prints_the_path_that_it_made(
    project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "notebooks")  # the project is found above
    assert main(["new", "child-x-example-2021"]) == 0
    folder = project / "data" / "child-x-example-2021"
    assert capsys.readouterr().out.startswith(f"made {folder}: fill in review.toml")
    monkeypatch.chdir(project)
    assert main(["new", "child-x-example-2021", "--coding", "bob"]) == 0
    name = "child-x-example-2021/codings/bob"
    assert capsys.readouterr().out == (
        f"made data/{name}: write the chronology in place of the worked row, then: casechron check"
        f" {name}\nmade child-x-example-2021-bob.xlsx, to write it in a spreadsheet instead; then:"
        f" casechron read-sheet child-x-example-2021-bob.xlsx {name}\n"
    )
    assert main(["init", "a/../study"]) == 0
    assert capsys.readouterr().out.startswith("made study with data/ and ")
    assert (project / "study" / "data").is_dir()


def test_a_coding_is_made_in_data_and_nowhere_else(
    project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = project / "elsewhere"
    good_review(elsewhere)
    (elsewhere / NAME).rename(elsewhere / "child-y-b-2020")
    monkeypatch.chdir(elsewhere)
    assert main(["new", "child-y-b-2020", "--coding", "bob"]) == 2
    assert capsys.readouterr().err == (
        "casechron: child-y-b-2020 does not stand in data/; move it there first\n"
    )


@pytest.mark.parametrize("command", [["check"], ["render"], ["verify", "--source", "x"]])
def test_an_empty_name_is_no_review(command: list[str], project: Path, capsys: Captured) -> None:
    for name in ("", " "):
        assert main([command[0], name, *command[1:]]) == 2
        assert capsys.readouterr().err == (
            "casechron: the name of a review is empty; write its id, as in child-x-example-2021\n"
        )
    if command == ["check"]:
        assert main(["check", "/"]) == 2
        assert capsys.readouterr().err == (
            "casechron: '/' is the top of the file system, and no review\n"
        )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "the folder's name is empty; name a new folder"),
        ("/", "'/' is the top of the file system; name a new folder"),
        ("/../", "'/../' is the top of the file system; name a new folder"),
        ("home", "is your home folder; name a new folder within it"),
        ("a\x1bb", "the folder's name holds U+001B ESCAPE at letter 2; delete it"),
    ],
)
def test_what_is_written_never_goes_to_the_top_or_home(
    given: str, message: str, project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = project.parent / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    given = str(home) if given == "home" else given
    for command in (["init"], ["render", "--all", "--out"]):
        with pytest.raises(SystemExit) as ended:
            main([*command, given])
        assert ended.value.code == 2
        assert capsys.readouterr().err.rstrip("\n").endswith(message)
    with pytest.raises(UnfitError):
        out_folder(given)
    assert list(home.iterdir()) == []


def test_reports_are_not_written_among_what_is_somebody_elses(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = project.parent / "out"
    folders.guard(out, project)
    (out / "alpha").mkdir(parents=True)
    (out / ".git").mkdir()
    folders.guard(out, project)
    for name in ("thesis.pdf", "\x1bx", "b", "c"):
        (out / name).write_text("mine")
    with pytest.raises(RenderError) as refused:
        folders.guard(out, project)
    assert str(refused.value) == (
        f"{out} holds something else than reports (<U+001B>x, .git, alpha, …); name a new folder,"
        " or an empty one"
    )
    (out / "alpha" / "report.json").write_text("{}")
    folders.guard(out, project)
    reports = project / "reports"
    reports.mkdir()
    (reports / "README").write_text("what lies here")
    folders.guard(reports, project)
    monkeypatch.setenv("HOME", str(reports))
    for folder, why in (
        (Path("/"), "is the top of the file system; name a new folder"),
        (reports, "is your home folder; name a new folder within it"),
    ):
        with pytest.raises(RenderError, match=f"{why}$"):
            folders.guard(folder, project)


def test_a_path_is_written_from_here(project: Path) -> None:
    assert from_here(project / "data" / "x") == str(Path("data", "x"))
    assert from_here(project.parent / "x") == str(project.parent / "x")


def test_a_parameter_is_a_text_like_any_other(project: Path, capsys: Captured) -> None:
    for option in ("--policy", "--parameter"):
        assert main(["render", "--all", option, "a=\u202eb"]) == 2
        assert capsys.readouterr().err == (
            f"casechron: {option} holds U+202E RIGHT-TO-LEFT OVERRIDE at letter 3; delete it\n"
        )


# Anything at all

FUZZ = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
#: What files hold and a fuzzer would not soon come upon.
PIECES = st.sampled_from(
    [
        *(b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\x1b", b"\xe9", b"PK\x03\x04", b"\xe2\x80\xae"),
        *(b"\r", b"\n", b'"', b"'", b"'''", b",", b";", b"=", b"[", b"]", b"{", b"}", b".", b"#"),
        *(b"\\u202e", b"\\ud800", b"0x", b"1e999", b"nan", b"-1", b"year = ", b"title", b"notes"),
        *(b"id", b"date", b"kind", b"2018-08-28", b"late ", b"~", b"/", b".."),
    ]
)
BYTES = st.binary(max_size=300) | st.lists(PIECES, max_size=60).map(b"".join)


@FUZZ
@given(BYTES, st.sampled_from(["review.toml", "events.csv", "readings.csv", "details.csv"]))
def test_whatever_a_file_holds_it_is_told(data: bytes, file: str) -> None:
    with tempfile.TemporaryDirectory() as above:
        folder = good_review(Path(above))
        (folder / file).write_bytes(data)
        check = check_form(folder)
        items = [*check.wrong, *check.to_do, *check.looks]
        assert items
        assert all("\x1b" not in line and "\n" not in line for line in by_message(items))
        header = b"id,date,until,kind,absence,count,summary,by,about,answers,facts,place,basis\n"
        (folder / file).write_bytes(header + data)
        check_form(folder)


@FUZZ
@given(st.text(max_size=40))
def test_whatever_an_id_is_it_is_one_or_told(text: str) -> None:
    for of, new in (("a review", True), ("a review", False), ("a coder", False)):
        try:
            right = an_id(text, of, new=new)
        except UnfitError as error:
            right, message = "", str(error)
        else:
            message = ""
        assert message.isprintable()
        assert bool(message) != (right == text != "")
        assert Path("data", right or "x").parent == Path("data")


@FUZZ
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_whatever_a_review_is_called_nobody_sees_a_traceback(
    project: Path, capsys: Captured, text: str
) -> None:
    if not text.startswith("-"):
        assert main(["check", text]) in (0, 1, 2)
        assert main(["new", text, "--coding", "bob"]) == 2
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
