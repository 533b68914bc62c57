"""What does a person at the command line see, and which exit code does a script get?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from casechron import __version__, coding_commands
from casechron.cli import main
from casechron.coding.reviews import list_reviews

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CASECHRON_ROOT", raising=False)
    return tmp_path


def a_review(project: Path) -> str:
    return sorted(folder.parent.name for folder in (project / "data").glob("*/review.toml"))[0]


def test_check_of_good_reviews(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines if ": good" in line] == [
        f"{listed.name}: good" for listed in list_reviews(project)
    ]
    assert not any(", wrong:" in line or ", still to do:" in line for line in lines)


def test_check_names_file_line_and_column(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = a_review(project)
    events = project / "data" / review / "events.csv"
    lines = events.read_text(encoding="utf-8").splitlines(keepends=True)
    header = lines[0].rstrip("\n").split(",")
    cells = lines[1].split(",")
    cells[header.index("date")] = "late Augst 2018"
    lines[1] = ",".join(cells)
    events.write_text("".join(lines), encoding="utf-8")
    assert main(["check", review]) == 1
    out = capsys.readouterr().out
    assert f"{review}/events.csv line 2, date: 'late Augst 2018'" in out
    assert re.search(rf"\n{review}: 1 wrong(, \d+ worth a look)?\n", out)
    assert out.endswith("\n`casechron codebook` says what may be written\n")
    assert "(2 times: lines 13, 22)" in out
    assert main(["check", review, "--every"]) == 1
    assert "times: lines" not in capsys.readouterr().out


def test_what_is_still_to_do_is_no_fault_of_a_draft(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = a_review(project)
    events = project / "data" / review / "events.csv"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace(",contact,", ",,", 1), encoding="utf-8")
    for options, code, good in (([], 1, ""), (["--draft"], 0, "good, ")):
        assert main(["check", review, *options]) == code
        out = capsys.readouterr().out
        assert f"{review}, still to do:\n  {review}/events.csv line " in out
        assert f"\n{review}: {good}1 still to do" in out


def test_check_asks_whether_all_dates_can_hold_under_another_policy(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["check", "child-w-manchester-2020", "--dates"]
    assert main([*asked, "--policy", "duration_slack=none"]) == 0
    said = capsys.readouterr().out
    assert (
        "\n  not all its dates and relations can hold together under duration_slack = none" in said
    )
    assert "\n    until this is resolved, no table tells days" in said
    both = ["--policy", "duration_slack=none", "--policy", "late_from=16"]
    assert main([*asked, *both]) == 0
    assert (
        "\n  all its dates and relations can hold together under late_from = 16,"
        " duration_slack = none, also under each reading alone\n"
    ) in capsys.readouterr().out
    assert main([*asked, "--policy", "readings=nowhere"]) == 1
    said = capsys.readouterr().out
    assert "\n  the review 'child-w-manchester-2020' has no reading 'nowhere'; its readings" in said
    assert "casechron codebook" not in said
    # A reading of one review does not make the others bad, which have it not.
    readings = pd.read_csv(project / "data" / asked[1] / "readings.csv", dtype="str")["reading"]
    others = [listed.name for listed in list_reviews(project)[:2]]
    assert main(["check", *others, *asked[1:], "--policy", f"readings={readings[0]}"]) == 0
    said = capsys.readouterr().out
    assert said.count(f" has no reading '{readings[0]}'; ") == len(others)
    assert "casechron codebook" not in said
    assert main([*asked[:2], *both]) == 2
    assert capsys.readouterr().err == (
        "casechron: --policy says how dates are read; say --dates too\n"
    )


def test_check_says_which_statements_cannot_hold_together(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--all", "--dates"]) == 0
    lines_said = capsys.readouterr().out.splitlines()
    fits = "  all its dates and relations can hold together, also under each reading alone"
    # The invented review has a reading under which it contradicts itself, and no other.
    contradictory = "not all its dates and relations can hold together under the reading"
    # One has no other reading.
    assert lines_said.count(fits) == len(list_reviews(project)) - 2
    assert lines_said.count(fits.removesuffix(", also under each reading alone")) == 1
    assert [line[2:].split("; ")[0] for line in lines_said if line[2:].startswith("not all")] == [
        f"{contradictory} 'finding-1-weeks'"
    ]
    review = "child-w-manchester-2020"
    folder = project / "data" / review
    table = pd.read_csv(folder / "relations.csv", dtype="str", keep_default_na=False)
    births = pd.read_csv(folder / "events.csv", dtype="str").query("kind == 'birth'")["id"]
    between = (
        (table["type"] == "before")
        & ~table["from_event"].isin(births)
        & ~table["to_event"].isin(births)
    )
    row = table[between].iloc[0]
    turned = row.copy()
    turned[["id", "from_event", "to_event"]] = "turned", row["to_event"], row["from_event"]
    pd.concat([table, turned.to_frame().T]).to_csv(
        folder / "relations.csv", index=False, lineterminator="\n"
    )
    # No breach: a source can contradict itself.
    assert main(["check", review, "--dates"]) == 0
    summary = pd.read_csv(folder / "events.csv", dtype="str").set_index("id")["summary"]
    earlier, later = summary[row["from_event"]], summary[row["to_event"]]
    lines = capsys.readouterr().out.splitlines()
    clashes = [
        line
        for line in lines
        if line.startswith("  not all its dates and relations can hold together under ")
    ]
    may = "; the source may contradict itself, or the coding may have a slip:"
    assert all(line.endswith(may) for line in clashes)
    unders = [line.removesuffix(may).partition(" under ")[2] for line in clashes]
    first, *readings = unders[0].split(", ")
    assert first == "the default dating policy"
    assert readings  # the same conflict is told once
    assert all(re.fullmatch(r"the reading '[a-z0-9-]+'", reading) for reading in readings)
    at = lines.index(clashes[0])
    ends = next(place for place, line in enumerate(lines) if line.startswith("    until this is"))
    assert lines[ends] == (
        "    until this is resolved, no table tells days; a reading can leave out"
        f" rl-before-{row['from_event']}-{row['to_event']} or turned"
    )
    second, *clash = lines[at + 1 : ends]
    counted = re.fullmatch(
        r"    these (\d) statements cannot hold together \(\d+ days? short\):", second
    )
    assert counted is not None
    assert int(counted[1]) == len(clash) > 1
    assert any(line.startswith(f"    - “{later}” comes before “{earlier}”") for line in clash)


def test_no_such_review_is_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "child-nobody-2000"]) == 2
    assert "child-nobody-2000" in capsys.readouterr().err


def test_nothing_named_is_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "casechron: name one or more reviews, or say --all\n"


def test_a_name_and_all_are_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "child-x", "--all"]) == 2
    message = "--all is every review, and 'child-x' is named as well; leave out one of the two"
    assert capsys.readouterr().err == f"casechron: {message}\n"


def test_new_makes_a_folder_that_says_what_to_fill_in(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "child-x-example-2021"]) == 0
    assert (project / "data" / "child-x-example-2021" / "review.toml").is_file()
    assert main(["check", "child-x-example-2021"]) == 1
    assert "review.toml" in capsys.readouterr().out
    assert main(["new", "child-x-example-2021"]) == 2


def test_a_second_coding_is_made_checked_and_located_by_its_name(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "child-x-example-2021"]) == 0
    assert main(["new", "child-x-example-2021", "--coding", "bob"]) == 0
    name = "child-x-example-2021/codings/bob"
    write_first = "write the chronology in place of the worked row, then: casechron check"
    other = "to write it in a spreadsheet instead; then: casechron read-sheet"
    workbook = "child-x-example-2021.xlsx"
    assert capsys.readouterr().out.splitlines() == [
        f"made data/child-x-example-2021: fill in review.toml, {write_first} child-x-example-2021",
        f"made {workbook}, {other} {workbook} child-x-example-2021",
        f"made data/{name}: {write_first} {name}",
        f"made child-x-example-2021-bob.xlsx, {other} child-x-example-2021-bob.xlsx {name}",
    ]
    assert not (project / "data" / name / "review.toml").exists()
    assert main(["check", name]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{name}, still to do:"
    assert lines[1].startswith(f"  {name}/events.csv line 2: this is the worked row")
    sheet_rows = (
        "if it holds what these files hold, in their order, line 2 of events.csv is row 2 of the"
        " sheet events, and so with the others"
    )
    assert lines[2:] == [
        f"{name}: 1 still to do",
        f"  in child-x-example-2021-bob.xlsx, {sheet_rows}",
        "`casechron codebook` says what may be written",
    ]
    (project / "text.txt").write_text("Title\n\nOne sentence.\n", encoding="utf-8")
    (project / "data" / name / "events.csv").write_text(
        "date,kind,summary,by,place\n2014-08,referral,A school worries,school,p2.1\n",
        encoding="utf-8",
    )
    (project / "data" / name / "review.toml").write_text(
        '[[sources]]\nid = "report"\ncitation = "A report"\nkind = "review-report"\n'
        'located_by = "Blocks of text"\n',
        encoding="utf-8",
    )
    for place in (name, f"data/{name}"):
        assert main(["locate", place, "--source", "text.txt"]) == 0
        assert capsys.readouterr().out == (
            f"wrote the digests of 2 sentences into data/{name}/sentences.csv; next: casechron"
            f" check {place}\n"
        )
        assert main(["verify", place, "--source", "text.txt"]) == 0
        out = capsys.readouterr().out
        assert out.startswith(
            "2 places: 2 exact, 0 moved, 0 recut, 0 changed, 0 missing\nworth a look: "
        )
    capsys.readouterr()
    assert main(["new", "child-nobody-2000", "--coding", "bob"]) == 2


def test_a_coding_of_a_real_review_is_good_by_itself(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (coding,) = sorted((project / "data").glob("*/codings/pass-1"))
    assert main(["check", f"{coding.parents[1].name}/codings/pass-1"]) == 0
    name = f"{coding.parents[1].name}/codings/pass-1"
    *_, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(rf"{name}: good, \d+ worth a look", last)


def test_ids_are_filled_in_and_renamed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project / "data" / "child-x-example-2021"
    assert main(["new", folder.name]) == 0
    (folder / "events.csv").write_text(
        "id,date,kind,summary,by,with,answers\n"
        ",2014-08,referral,A school worries,school,,\n"
        "plan,2014-09,icpc,A conference is held,,,referral-2014-08\n",
        encoding="utf-8",
    )
    capsys.readouterr()
    check = f"casechron check {folder.name}\n"
    assert main(["fill", folder.name]) == 0
    assert capsys.readouterr().out == (
        "events.csv line 2, id: referral-2014-08\n"
        f"wrote an id that is referred to into 1 cell; look at each, then: {check}"
    )
    assert main(["fill", folder.name]) == 0
    assert capsys.readouterr().out == "nothing to write: no row lacks an id that is referred to\n"
    assert main(["fill", folder.name, "--parties"]) == 0
    assert "line 3, by: childrens-services (derived)" in capsys.readouterr().out
    assert main(["rename", folder.name, "referral-2014-08", "worry"]) == 0
    assert capsys.readouterr().out == (
        f"events.csv: 2 cells\nreferral-2014-08 is now worry in all these cells; next: {check}"
    )
    assert ",worry\n" in (folder / "events.csv").read_text(encoding="utf-8")
    assert main(["rename", folder.name, "nobody", "worry"]) == 2
    assert capsys.readouterr().err == "casechron: no row has the id 'nobody'\n"


def test_a_policy_field_that_is_none(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "--all", "--policy", "late=21"]) == 2
    assert capsys.readouterr().err.startswith(
        "casechron: late is no part of a dating policy; did you mean 'late_from'? Write one of:"
    )


def a_notebook(project: Path) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# How many?", metadata={"needs": []}),
            nbformat.v4.new_code_cell(
                "review = ''\npolicy = {}\nlimit = 1", metadata={"tags": ["parameters"]}
            ),
            nbformat.v4.new_code_cell("print(repr(limit))"),
        ]
    )
    nbformat.write(notebook, project / "notebooks" / "01_many.ipynb")


def test_render_does_what_is_new_and_says_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_notebook(project)
    review = a_review(project)
    report = project / "reports" / review
    ends = f"Open {project / 'reports' / 'index.html'}\n"
    assert main(["render", review]) == 0
    assert capsys.readouterr().out == f"1 report rendered. {ends}"
    files = len((report / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert main(["render", review]) == 0
    assert (
        capsys.readouterr().out
        == f"{review}: unchanged since it was rendered, {files} files verified; --force renders it"
        f" anew\n0 reports rendered, 1 unchanged. {ends}"
    )
    assert main(["render", review, "--force"]) == 0
    assert (
        capsys.readouterr().out
        == f"{review}, the pages over all reports: rendered anew, and all {files + 8} files byte"
        f" for byte as they were\n1 report rendered. {ends}"
    )
    for given, seen in (("limit='3'", "'3'"), ("limit=-0.5", "-0.5")):
        assert main(["render", review, "--parameter", given]) == 0
        assert capsys.readouterr().out == (
            f"1 report rendered. {ends}made with {given}: render again without it for the report as"
            " it is by default, or with --out FOLDER to have both\n"
        )
        shown = nbformat.read(report / "01_many.ipynb", as_version=4)
        assert shown.cells[-1].outputs[0].text == f"{seen}\n"


def test_what_was_done_is_said_whatever_the_streams_can_take(project: Path) -> None:
    a_notebook(project)
    review = a_review(project)
    command = [sys.executable, "-m", "casechron.cli", "render", review, "--out", "reports-ü"]
    ascii_alone = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=ascii_alone, capture_output=True, check=False, cwd=project)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert (project / "reports-ü" / "index.html").is_file()
    assert done.stdout.startswith(b"1 report rendered. Open "), done.stdout
    assert rb"\xfc" in done.stdout


def test_what_is_no_parameter_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_notebook(project)
    for given, message in (
        ("limit", "--parameter limit: write NAME=VALUE, as in limit=3"),
        (
            "limits=3",
            (
                "no notebook has a parameter limits; beside review and policy their cells tagged"
                " 'parameters' declare: limit (01_many.ipynb)"
            ),
        ),
        (
            "review=x",
            "review cannot be given as a parameter: name the review, and use --policy FIELD=VALUE",
        ),
    ):
        assert main(["render", "--all", "--parameter", given]) == 2
        assert capsys.readouterr().err == f"casechron: {message}\n"
    assert not (project / "reports").exists()


def test_words_are_no_number_where_a_notebook_wants_one(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_notebook(project)
    assert main(["render", "--all", "--parameter", "limit=many"]) == 2
    assert (
        capsys.readouterr().err
        == "casechron: limit=many: 01_many.ipynb wants a number there, such as 1\n"
    )


def test_what_is_said_twice_is_refused_and_readings_are_gathered(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_notebook(project)
    for option, early, late in (
        ("--policy", "winter=ends", "winter=starts"),
        ("--parameter", "limit=1", "limit=2"),
    ):
        assert main(["render", "--all", option, early, option, late]) == 2
        (name, _, first), (_, _, second) = early.partition("="), late.partition("=")
        message = (
            f"casechron: {option} {name} is said twice, as {first} and as {second}; say it once\n"
        )
        assert capsys.readouterr().err == message
    notebook = nbformat.read(project / "notebooks" / "01_many.ipynb", as_version=4)
    notebook.cells[-1].source = "print(policy)"
    nbformat.write(notebook, project / "notebooks" / "01_many.ipynb")
    review = a_review(project)
    for given, seen in (
        (["readings=b", "readings=a"], "{'readings': ['a', 'b']}"),
        (["readings=none"], "{}"),
    ):
        assert (
            main(["render", review, *(word for pair in given for word in ("--policy", pair))]) == 0
        )
        shown = nbformat.read(project / "reports" / review / "01_many.ipynb", as_version=4)
        assert shown.cells[-1].outputs[0].text == f"{seen}\n"


@pytest.mark.parametrize("many", ["0", "-1", "two"])
def test_jobs_are_one_or_more(project: Path, many: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["render", "--all", f"--jobs={many}"])
    assert ended.value.code == 2
    message = (
        f"casechron render: error: argument --jobs: write a whole number from 1 on, not '{many}'\n"
    )
    assert capsys.readouterr().err.endswith(message)


def test_an_address_that_is_none_is_refused_at_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed")
    a_notebook(project)
    assert main(["render", "--all", "--cluster", "local"]) == 2
    message = (
        "casechron: --cluster local: write host:port of a Dask scheduler, or local:N for N workers"
        " started here, as in local:2\n"
    )
    assert capsys.readouterr().err == message


def test_tables_that_breach_the_codebook_are_said_to_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = a_review(project)
    for name in ("01_many", "02_more"):
        a_notebook(project)
        path = project / "notebooks" / "01_many.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[
            -1
        ].source = (
            "from casechron.coding.reviews import read_coded\ntables = read_coded(review).tables"
        )
        nbformat.write(notebook, project / "notebooks" / f"{name}.ipynb")
    events = project / "data" / review / "events.csv"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace("2007", "2oo7", 1), encoding="utf-8")
    assert main(["check", review]) == 1
    breach = capsys.readouterr().out.splitlines()[1].partition("/")[2]
    assert "2oo7" in breach
    assert main(["render", review, "--jobs", "2"]) == 1
    assert (
        capsys.readouterr().out
        == f"{review}: not rendered; it has no report.\n  it cannot be read, as casechron"
        f" check says too:\n  {breach}\n0 reports rendered, 1 failed. Open"
        f" {project / 'reports' / 'index.html'}\n"
    )


def test_the_commands_are_there_without_a_folder_of_scripts_on_the_path() -> None:
    command = [sys.executable, "-m", "casechron", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"casechron {__version__}\n", "")


def test_a_reader_that_has_gone_is_no_traceback(project: Path) -> None:
    command = [sys.executable, "-m", "casechron.cli", "codebook"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert (run.stderr.read(), run.wait()) == (b"", 141)


def test_a_list_of_differences_is_written_whoever_reads_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(text: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("casechron.cli._say", gone)
    path = tmp_path / "differences.xlsx"
    with monkeypatch.context() as streams:
        streams.setattr("os.dup2", lambda *_: None)
        assert main(["agree", "child-e-example-2024", "--sheet", str(path)]) == 141
    assert path.exists()


def test_a_folder_that_cannot_be_made_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "taken").write_text("a file")
    study = project / "taken" / "study"
    assert main(["init", str(study)]) == 2
    assert capsys.readouterr().err == f"casechron: Not a directory: {study / 'data'}\n"


def test_codebook_prints_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codebook"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")


DECLARED = tomllib.loads((ROOT / "src/casechron/commands.toml").read_text(encoding="utf-8"))


def test_what_is_declared_is_a_command_with_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert {*DECLARED["commands"]} == {"check", *coding_commands._COMMANDS}
    for name, command in DECLARED["commands"].items():
        arguments = command.get("arguments", {})
        assert {*command.get("either", ()), *command.get("one_of", ())} <= {*arguments}, name
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        words = capsys.readouterr().out.split()
        for argument, declared in arguments.items():
            settings = [DECLARED["shared"].get(argument, {}), declared]
            texts = [part if isinstance(part, str) else part.get("help") for part in settings]
            text = " ".join([part for part in texts if part][-1].split())
            # Long words are parted at their hyphens.
            assert text.replace(" ", "") in "".join(words), (name, argument)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["locate", "x", "--print", "--force"], "argument --force: not allowed with argument"),
        (["export", "x"], "one of the arguments --datapackage --qdc --qdpx --sqlite is required"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_what_does_not_go_together_is_refused(
    given: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom casechron.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit:"
        " pass\nheavy = {'pandas', 'numpy', 'matplotlib', 'papermill', 'IPython'} &"
        " set(sys.modules)\nassert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "usage: casechron" in done.stdout


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_closed_stream_is_no_failure(
    project: Path, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of services: what would be said there is said to nobody."""
    monkeypatch.setattr(sys, closed, None)
    assert main(["check", a_review(project)]) == 0
    assert getattr(sys, closed).name == os.devnull
    getattr(sys, closed).close()
