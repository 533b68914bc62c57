"""Does a review become a report, whole and the same bytes anywhere, or a sentence that says why?"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import casechron as cc
from a_good_review import good_review
from casechron.cli import main
from casechron.coding.folder import new_review
from casechron.coding.form_check import check_form
from casechron.coding.reviews import ROOT_VARIABLE
from casechron.dates.policy import PolicyError
from casechron.report import export
from casechron.report import render as render_module
from casechron.report.execution import execute
from casechron.report.export import check_manifest
from casechron.report.parameters import ParameterError
from casechron.report.render import RenderError, Summary, render_all
from thoroughly import in_turns, thorough

ALPHA, BETA = "alpha-2001", "beta-2002"
PARAMETERS = f"review = {ALPHA!r}  # the review\npolicy = {{}}  # what differs from the default"
SHOWS = (
    "import pandas as pd\nimport matplotlib.pyplot as plt\nimport casechron as cc\ncc.show.style()",
    "gaps = pd.DataFrame({'event': ['e1', 'e2'], 'day': pd.to_datetime(['2018-08-27', None]),"
    " 'policy': [str(policy), '']})\ncc.show.table(gaps, 'gaps', 'Gaps of ' + review)",
    "cc.show.points({'one', 'two', 'three'} & {'two'}, 'order')",
    "figure, ax = plt.subplots()\nax.barh([0, 1], [3, 4], hatch='//', label='agency')\n"
    "ax.legend()\ncc.show.figure(ax, name='gaps', title='Gaps', alt='Two bars.')",
    "print('a')\nprint('b')",
)
#: The end of a bar of `SHOWS` as it is drawn, and one that ends two points later.
BAR = ("H827.4", "H829.4")

#: Each renders several reports anew.
turn = in_turns("the same bytes", "what differs", "an own question")


def _redrawn(old: str, new: str, drawn: re.Match[str]) -> str:
    changed = base64.b64decode(drawn[0]).replace(old.encode(), new.encode(), 1)
    return base64.b64encode(changed).decode()


def write_notebook(
    path: Path, *sources: str, title: str = "# When?", parameters: str = PARAMETERS
) -> Path:
    first = new_markdown_cell(title, metadata={"needs": []})
    cells = [first, new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[*cells, *map(new_code_cell, sources)]), path)
    return path


def write_review(root: Path, name: str) -> Path:
    """A review that breaches nothing; its name ends with its year."""
    folder = good_review(root / "data").rename(root / "data" / name)
    text = (folder / "review.toml").read_text(encoding="utf-8")
    meta, part, sources = text.partition("[[sources]]")
    meta = meta.replace("Review of Child X", f"Review {name}").replace("2019", name[-4:])
    (folder / "review.toml").write_text(f"{meta}{part}{sources}", encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def render(root: Path, **options: object) -> Summary:
    return render_all(root, jobs=1, progress=False, **options)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_review(tmp_path, ALPHA)
    return tmp_path


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose two reviews were rendered with another policy, by one process."""
    root = tmp_path_factory.mktemp("project")
    for name in (ALPHA, BETA):
        write_review(root, name)
    write_notebook(root / "notebooks" / "01_when.ipynb", *SHOWS)
    command(root, "reports", "1", TZ="Asia/Tokyo", PYTHONHASHSEED="1", LC_ALL="C")
    return root


def command(root: Path, out: str, jobs: str, **environment: str) -> None:
    words = ["render", "--all", "--policy", "winter=ends", "--jobs", jobs, "--out", out]
    done = subprocess.run(
        [sys.executable, "-m", "casechron.cli", *words],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == f"2 reports rendered. Open {root / out / 'index.html'}\n"


# ---- what a report holds


def test_a_report_is_whole(rendered: Path) -> None:
    of_each = (
        # The page of the first notebook is the review's own.
        *("01_when.ipynb", "SHA256SUMS", "datapackage.json", "handout.html", "index.html"),
        *("made_from.json", "report.json", "tables/gaps.csv", "tables/gaps.html"),
    )
    pages = ("cite", "codebook", "glossary", "help", "index", "method")
    site = ["SHA256SUMS", *(f"{page}.html" for page in pages)]
    both = [f"{name}/{file}" for name in (ALPHA, BETA) for file in (*of_each, f"{name}.html")]
    assert sorted(contents(rendered / "reports")) == sorted([*site, *both])
    for folder in ("", ALPHA, BETA):
        assert check_manifest(rendered / "reports" / folder) == []


@turn("the same bytes")
def test_the_same_bytes_whatever_is_around_and_by_however_many(rendered: Path) -> None:
    place = {"TZ": "America/Caracas", "PYTHONHASHSEED": "77", "LC_ALL": "C.UTF-8"}
    settings = {"PYTHONWARNINGS": "error", "MPLBACKEND": "svg", "COLUMNS": "33", "FORCE_COLOR": "1"}
    command(rendered, "again", "2", **place, **settings)
    again = contents(rendered / "again")
    shutil.rmtree(rendered / "again")
    assert again == contents(rendered / "reports")


@turn("what differs")
def test_what_differs_from_the_reports_that_are_there_is_said_file_by_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(project / "notebooks" / "01_when.ipynb", "print('a')")
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    assert render(project).failures == ()
    assert main(["check-reports", "--jobs", "1"]) == 0
    assert capsys.readouterr().out == "reports/ reproduces, byte for byte\n"
    report = project / "reports" / ALPHA
    (report / "handout.html").unlink()
    (report / "of-before.html").write_text("Nobody writes it now.")
    with (report / "report.json").open("a") as file:
        file.write("\n")
    as_changed = contents(report)
    assert main(["check-reports", "--jobs", "1"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{ALPHA}/handout.html: new",
        f"{ALPHA}/of-before.html: gone",
        f"{ALPHA}/report.json: other bytes",
        "not as in reports/: 3 files; render and commit what has changed",
    ]
    assert contents(report) == as_changed
    ((_, refused),) = render(project).failures
    assert "holds what was not rendered there (of-before.html)" in refused


def test_why_reports_are_not_as_they_stand_is_said_where_they_were_made_otherwise(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By an earlier version, under another assumption, before something was changed, or of a review
    that has another name by now, whose files are not told one by one."""
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    question = project / "notebooks" / "01_when.ipynb"
    write_notebook(question, "print('a')")
    moved = write_review(project, BETA)
    with monkeypatch.context() as before:
        before.setattr("casechron.report.export.__version__", "0.1.9")
        assert render(project, policy={"winter": "ends"}).failures == ()
    moved.rename(project / "data" / "gamma-2002")
    write_notebook(question, "print('b')")
    meta = project / "data" / ALPHA / "review.toml"
    meta.write_text(meta.read_text(encoding="utf-8").replace("Review alpha", "Review of alpha"))
    assert render(project, reviews=["gamma-2002"]).failures == ()
    assert main(["check-reports", "--jobs", "1"]) == 1
    lines = capsys.readouterr().out.splitlines()
    files, whys = lines[:-5], lines[-5:]
    assert [line for line in files if BETA in line] == []
    assert f"{ALPHA}/made_from.json: other bytes" in files
    assert whys == [
        f"{ALPHA}: made by casechron 0.1.9, and this is {cc.__version__}",
        f"{ALPHA}: made with winter=ends; what is tried is rendered elsewhere, with --out",
        f"{ALPHA}: made before these were changed: 01_when.ipynb, data",
        f"{BETA}: there is a report but no such review any more; remove it.",
        f"not as in reports/: {len(files)} files; render and commit what has changed",
    ]
    # Nothing is said of a record that somebody wrote into; that its bytes are others is.
    report = project / "reports" / ALPHA
    for text in ("", "[]", "{}", '{"casechron": 1, "notebooks": {"a": 1}}'):
        (report / "made_from.json").write_text(text)
        assert export.made_otherwise(report, report) == []


def test_what_a_new_review_lacks_is_said_below_its_name(project: Path) -> None:
    write_notebook(project / "notebooks" / "01_when.ipynb", "print('a')")
    new_review(project / "data" / BETA)
    assert str(render(project)).splitlines() == [
        f"{BETA}: not rendered; it has no report.",
        f"  the review '{BETA}' cannot be read; 16 things to mend:",
        "  review.toml line 5: 16 places are not filled in yet (title, body, year, published,"
        " published_of, jurisdiction, coder, coded_on, content_note, notes, licence, citation,"
        " source 1's id, source 1's citation, source 1's kind, source 1's located_by); write what"
        " the comment at each asks for, there or on the sheets review and sources",
        f"1 report rendered, 1 failed. Open {project / 'reports' / 'index.html'}",
    ]


def test_a_review_that_is_not_ready_waits_and_can_be_checked_meanwhile(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    write_notebook(project / "notebooks" / "01_when.ipynb", "print('a')")
    assert render(project).failures == ()
    write_review(project, BETA).rename(project / "data" / f"_{BETA}")
    assert main(["check", f"_{BETA}"]) == 0
    assert f"_{BETA}: good" in capsys.readouterr().out
    assert main(["check", "--all"]) == main(["check-reports", "--jobs", "1"]) == 0
    assert BETA not in capsys.readouterr().out


def test_what_is_tried_in_the_place_of_the_reports_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    monkeypatch.chdir(project)
    write_notebook(project / "notebooks" / "01_when.ipynb", "print('a')")
    tried = ["--policy", "winter=ends", "--policy", "late_from=16"]
    front = project / "reports" / "index.html"
    assert main(["render", "--all", *tried]) == 0
    assert capsys.readouterr().out == (
        f"1 report rendered. Open {front}\nmade with late_from=16, winter=ends: render again"
        " without it for the report as it is by default, or with --out FOLDER to have both\n"
    )
    assert main(["render", "--all"]) == main(["render", "--all", *tried, "--out", "late"]) == 0
    assert "made with" not in capsys.readouterr().out


def test_what_cannot_be_rendered_anew_is_no_reproduced_report(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that a failure of its own question has taken out of reports/ is not there either when
    all is rendered anew: the files are the same, and nothing is well."""
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    write_notebook(project / "notebooks" / "01_when.ipynb", "print('a')")
    write_notebook(project / "notebooks" / "02_own.ipynb", "import own_questions\n1 / 0")
    (project / "own_questions").mkdir()
    (project / "own_questions" / "__init__.py").write_text("")
    (project / "casechron.toml").write_text('questions = "own_questions"\n')
    ((_, why),) = render(project).lost
    assert main(["check-reports", "--jobs", "1"]) == 1
    assert capsys.readouterr().out == (
        f"{ALPHA}: {why}\nnot compared with reports/: mend first what could not be made; a review"
        " that is not ready waits in a folder of data/ whose name begins with _\n"
    )


def test_review_and_policy_reach_the_notebook(rendered: Path) -> None:
    report = rendered / "reports" / BETA
    table = (report / "tables" / "gaps.csv").read_text(encoding="utf-8")
    assert table == "event,day,policy\ne1,2018-08-27,{'winter': 'ends'}\ne2,,\n"
    facts = json.loads((report / "report.json").read_text(encoding="utf-8"))
    assert facts["title"] == f"Review {BETA} (Example Safeguarding Board, 2002)"
    assert facts["policy"]["winter"] == "ends"


def test_nothing_of_this_machine_stands_in_a_report(rendered: Path) -> None:
    python = f"{sys.version_info.major}.{sys.version_info.minor}."
    traces = (str(rendered), sys.prefix, os.path.expanduser("~/"), "papermill", python, "/tmp/")
    for name, content in contents(rendered / "reports").items():
        content = content.replace(b"papermill adds", b"")
        assert [trace for trace in traces if trace.encode() in content] == [], name


@thorough
def test_nbval_passes_a_report_but_for_a_table_and_a_figure_that_were_changed(
    rendered: Path, tmp_path: Path
) -> None:
    shutil.copytree(rendered / "data", tmp_path / "data")
    executed = (rendered / "reports" / ALPHA / "01_when.ipynb").read_text(encoding="utf-8")
    ran = nbformat.reads(executed, as_version=4)
    for output in (output for cell in ran.cells for output in cell.get("outputs", [])):
        if "text/html" in output.get("data", {}):
            html = output.data["text/html"].replace("2018-08-27", "2018-08-28")
            if "<picture>" in html:
                html = re.sub(r"(?<=base64,)[\w+/=]+", partial(_redrawn, *BAR), html)
            output.data["text/html"] = html
    nbformat.write(ran, tmp_path / "01_when.ipynb")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    nbval = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "."]
    done = subprocess.run(nbval, cwd=tmp_path, capture_output=True, text=True, check=False)
    failed = re.findall(r"^FAILED (.*?) - ", done.stdout, re.MULTILINE)
    assert failed == [f"01_when.ipynb::Cell {number}" for number in (3, 5)], done.stdout
    assert "\n2 failed, 5 passed" in done.stdout


# ---- the check runs once a run


def test_a_review_is_checked_once_and_vouched_for_to_every_notebook(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = (
        "import os\nfrom casechron.coding.files import data_key, vouched_files\n"
        "from casechron.coding.reviews import find_review\nfolder = find_review(review)\n"
        "os.environ['CASECHRON_VOUCHED'] == data_key(folder), vouched_files(folder) is not None"
    )
    for name in ("one", "two", "three"):
        write_notebook(project / "notebooks" / f"{name}.ipynb", asks)
    checked = []
    monkeypatch.setattr(
        render_module,
        "check_form",
        lambda folder: checked.append(folder.name) or check_form(folder),
    )
    monkeypatch.setenv("CASECHRON_VOUCHED", "what somebody else has vouched for")
    assert render(project).failures == ()
    assert checked == [ALPHA]
    for name in ("one", "two", "three"):
        assert b"(True, True)" in contents(project / "reports" / ALPHA)[f"{name}.ipynb"]


def test_of_a_review_that_breaches_the_codebook_nothing_runs(project: Path) -> None:
    write_notebook(project / "notebooks" / "01_when.ipynb", "open('ran', 'w')")
    write_review(project, BETA)
    (project / "data" / BETA / "events.csv").write_text("id,date,summary\ne1,2oo7,A\n")
    (project / "data" / ALPHA / "events.csv").write_text("id,date,summary\ne1,2oo7,A\n")
    done = render(project)
    assert [name for name, _ in done.failures] == [ALPHA, BETA]
    intro, first, *_ = done.failures[0][1].splitlines()
    assert intro == "it cannot be read, as casechron check says too:"
    assert first == f"  {check_form(project / 'data' / ALPHA).wrong[0]}"
    assert not (project / "ran").exists()


def test_every_page_file_and_figure_of_an_invented_review_says_so(project: Path) -> None:
    folder = write_review(project, BETA)
    toml = (folder / "review.toml").read_text(encoding="utf-8")
    marked = f'title = "Review {BETA}, invented"\ninvented = true'
    toml = toml.replace(f'title = "Review {BETA}"', marked)
    (folder / "review.toml").write_text(toml, encoding="utf-8")
    read = (
        "review = cc.read_review(review, **policy)\ncc.show.style(review)\nreview = review.meta.id"
    )
    shows = (SHOWS[0].replace("cc.show.style()", read), *SHOWS[1:])
    write_notebook(project / "notebooks" / "02_chronology.ipynb", *shows)
    assert not render(project).failures
    reports = project / "reports"
    for name, says in ((ALPHA, False), (BETA, True)):
        pages = {
            path: path.read_text(encoding="utf-8") for path in (reports / name).rglob("*.html")
        }
        assert {path.name for path in pages} >= {
            "index.html",
            "gaps.html",
            "handout.html",
            f"{name}.html",
        }
        for path, page in pages.items():
            (title,) = re.findall(r"<title>([^<]*)</title>\n<link", page)
            assert ("invented" in title) == says, path
            assert ("<strong>Invented.</strong>" in page) == says, path
        for drawn in re.findall(
            r'<title id="gaps-\d+-title">(.*?)</title>', pages[reports / name / "index.html"]
        ):
            assert drawn == ("Invented: Gaps" if says else "Gaps")
        for file, word in (("report.json", "invented"), ("datapackage.json", "an invented review")):
            assert (word in (reports / name / file).read_text(encoding="utf-8")) == says
    front = (reports / "index.html").read_text(encoding="utf-8")
    assert front.index(f'id="{ALPHA}"') < front.index('id="invented"') < front.index(f'id="{BETA}"')


def test_data_that_change_while_notebooks_run_make_no_report(project: Path) -> None:
    cell = "with open(f'data/{review}/events.csv', 'a') as table:\n    _ = table.write('\\n')"
    write_notebook(project / "notebooks" / "01_when.ipynb", cell)
    why = "its data changed while it was rendered; render it again"
    assert render(project).failures == ((ALPHA, why),)
    assert not (project / "reports" / ALPHA).exists()


# ---- what is refused before anything runs


def refusal(project: Path, **more: object) -> str:
    with pytest.raises(RenderError) as refused:
        render(project, **more)
    return str(refused.value)


def test_a_parameter_that_no_notebook_declares_is_refused(project: Path) -> None:
    notebooks = project / "notebooks"
    write_notebook(notebooks / "02_where.ipynb")
    more = f"{PARAMETERS}\nlimit = 1  # how many\nwho = ''  # an id"
    write_notebook(notebooks / "03_who.ipynb", parameters=more)
    assert refusal(project, parameters={"revue": 1, "limit": 2}) == (
        "no notebook has a parameter revue; beside review and policy their cells tagged"
        " 'parameters' declare: limit (03_who.ipynb), who (03_who.ipynb)"
    )
    assert refusal(project, parameters={"policy": {}}) == (
        "policy cannot be given as a parameter: name the review, and use --policy FIELD=VALUE"
    )
    write_notebook(notebooks / "01_when.ipynb", parameters="review = 'x'  # help")
    with pytest.raises(ParameterError) as refused:
        render(project)
    assert str(refused.value) == (
        "01_when.ipynb has no parameter 'policy'; its cell tagged 'parameters' declares: review"
    )


def test_a_page_that_is_copied_gets_a_name_of_its_own_and_settings_are_those_that_there_are(
    project: Path,
) -> None:
    """Else menus have two pages of one name, and a word that is misspelt has no effect."""

    def say(settings: dict[str, object]) -> Path:
        notebook = nbformat.read(copied, as_version=4)
        notebook.cells[0].metadata["casechron"] = settings
        nbformat.write(notebook, copied)
        return copied

    copied = write_notebook(project / "notebooks" / "01_when.ipynb")
    shutil.copy(
        say({"name": "Days", "behind": True, "questions": ["Why?"]}),
        project / "notebooks" / "02_who.ipynb",
    )
    assert refusal(project) == (
        "01_when.ipynb and 02_who.ipynb both have 'Days' as the name of their page; write another"
        " into the metadata of the first cell of one"
    )
    wrong = ({"question": ["Why?"]}, {"behind": "no"}, {"name": 3}, {"questions": "Why?"})
    for settings in wrong:
        say(settings)
        assert refusal(project) == (
            f"01_when.ipynb: {next(iter(settings))!r} under casechron in the metadata of the first"
            " cell is none of: name (a text), behind (true or false), questions (a list of texts)"
        )


def test_a_notebook_of_an_earlier_version_that_fails_is_told_from_the_one_of_today(
    project: Path,
) -> None:
    """What a project copied when it began, where casechron has moved on since."""
    write_notebook(project / "notebooks" / "03_timing.ipynb", "import casechron as cc\ncc.reached")
    write_notebook(project / "notebooks" / "04_own.ipynb", "import casechron as cc\ncc.reached")
    ((_, whys),) = render(project).failures
    fails = (
        "cell 3 (import casechron as cc): AttributeError: casechron has no 'reached'; did you mean"
    )
    lines = whys.split("\n  ")
    assert [line.partition(" 'unmatched'? ")[0] for line in lines] == [
        f"03_timing.ipynb, {fails}",
        f"04_own.ipynb, {fails}",
    ]
    assert [line.partition("lists what it has")[2] for line in lines] == [
        f"; casechron {cc.__version__} comes with another 03_timing.ipynb, as README.md of a"
        " project says under How to update",
        "",
    ]


def test_what_is_no_question_is_refused(project: Path) -> None:
    message = "there is no notebook to run; put the questions into notebooks/ as *.ipynb"
    assert refusal(project) == message
    notebook = write_notebook(project / "notebooks" / "01_when.ipynb", title="words")
    assert refusal(project) == (
        "01_when.ipynb: the notebook has no heading; begin it with its question, as '# When ...?'"
    )
    notebook.write_text("{")
    assert "01_when.ipynb is no notebook that can be read: " in refusal(project)
    notebook.unlink()
    notebook.mkdir()
    unreadable = f"01_when.ipynb is no notebook that can be read: Is a directory: {notebook}"
    assert refusal(project) == unreadable


def test_an_unknown_review_or_policy_is_refused(project: Path) -> None:
    write_notebook(project / "notebooks" / "01_when.ipynb")
    message = f"there is no review gamma; data/ holds: {ALPHA}"
    assert refusal(project, reviews=["gamma"]) == message
    with pytest.raises(PolicyError, match=r"^summer is no part of a dating policy"):
        render(project, policy={"summer": "starts"})


# ---- what fails while it runs

FAILS = {
    "error": ("import math\nmath.sqrt(-1)", "cell 3 (import math): ValueError: "),
    "time": ("import time\ntime.sleep(600)", "cell 3 (import time): it took more than 1 s"),
    "death": ("import os\nos._exit(1)", "cell 3 (import os): its process ended with the exit code"),
    "exit": ("raise SystemExit(0)", "cell 3 raised SystemExit: 0; cell 4 did not run"),
    "stderr": (
        "import sys\nprint('careful', file=sys.stderr)",
        "cell 3 wrote to the error stream, which no report shows: careful",
    ),
}


@pytest.mark.parametrize("name", FAILS)
def test_a_cell_that_fails_is_named_and_costs_its_own_report_alone(
    project: Path, name: str
) -> None:
    cell, message = FAILS[name]
    first, _, then = cell.rpartition("\n")
    write_review(project, BETA)
    source = f"{first}\nif review == {ALPHA!r}: {then}"
    write_notebook(project / "notebooks" / "01_when.ipynb", source, "review")
    previous = project / "reports" / ALPHA
    previous.mkdir(parents=True)
    (previous / "report.json").write_text('{"review": "alpha-2001", "pages": [], "about": []}')
    before = contents(previous)
    # Enough for a busy machine, where it is not the limit itself that is tried.
    done = render(project, timeout=1 if name == "time" else 60)
    ((failed, why),) = done.failures
    assert (failed, done.rendered, done.exit_code) == (ALPHA, (BETA,), 1)
    assert message in why
    assert why.startswith("01_when.ipynb")
    assert contents(previous) == before
    assert not [*(project / "reports").glob(".*")]


@turn("an own question")
def test_an_own_question_that_fails_costs_its_own_page_alone(project: Path) -> None:
    (project / "casechron.toml").write_text('questions = "own"\n')
    questions = project / "own" / "__init__.py"
    questions.parent.mkdir()
    questions.write_text("def asked(review):\n    raise LookupError(f'{review} has no fall')\n")
    write_notebook(project / "notebooks" / "01_when.ipynb", *SHOWS)
    source = "import own\nown.asked(review)"
    write_notebook(project / "notebooks" / "21_fall.ipynb", source, title="# Before the fall?")
    report = project / "reports" / ALPHA
    for _ in range(2):  # it is asked again, and the other page stands
        done = render(project)
        assert (done.rendered, done.failures, done.exit_code) == ((ALPHA,), (), 1)
        ((review, why),) = done.lost
        assert review == ALPHA
        assert "LookupError: alpha-2001 has no fall" in why
        assert str(done).startswith(
            f"{ALPHA}: rendered without a page of your own, which failed; the first page says so.\n"
            "  21_fall.ipynb, cell 3 (import own), own/__init__.py, line 2: LookupError: alpha-2001"
            " has no fall\n1 report rendered."
        )
        assert check_manifest(report) == []
        assert not (report / "21_fall.html").exists()
        page = (report / "index.html").read_text(encoding="utf-8")
        assert "No page on “Before the fall?”: its notebook failed." in page
    questions.write_text("def asked(review):\n    print(review)\n")
    done = render(project)
    assert (done.rendered, done.lost, done.exit_code) == ((ALPHA,), (), 0)
    assert "its notebook failed" not in (report / "index.html").read_text(encoding="utf-8")
    questions.write_text("def asked(review):\n    raise LookupError\n")
    (project / "notebooks" / "01_when.ipynb").unlink()
    assert render(project).failures[0][0] == ALPHA  # there is no other page


def test_a_folder_that_is_no_report_is_left_out_with_a_line(project: Path) -> None:
    write_notebook(project / "notebooks" / "01_when.ipynb", "review")
    for name, text in (
        ("other", "[]"),
        ("gone-1999", '{"review": "gone-1999", "pages": [], "about": []}'),
    ):
        (project / "reports" / name).mkdir(parents=True)
        (project / "reports" / name / "report.json").write_text(text)
    done = render(project)
    assert (done.rendered, done.unreadable, done.stale) == ((ALPHA,), ("other",), ("gone-1999",))
    assert done.exit_code == 0
    assert "other: its report.json cannot be read, so the front page leaves it out" in str(done)
    assert "gone-1999: there is a report but no such review any more; remove it." in str(done)


def test_a_point_that_names_no_row_of_the_review_is_refused(project: Path) -> None:
    read = "import casechron as cc\nreview = cc.read_review()"

    def said_by(call: str) -> str:
        asked = new_notebook(cells=[new_code_cell(read), new_code_cell(call)])
        try:
            ran = execute(asked, "it", {}, project)
        except RenderError as error:
            return str(error)
        return str(ran.cells[-1].outputs[0].data["text/plain"])

    # A finding and a person are rows too.
    assert (
        said_by("cc.show.points([cc.show.Point('So.', ('referral-2014', 'child-x'))])") == "- So."
    )
    wrong = "[cc.show.Point('So.', ('referral-2041', 'nowhere'))]"
    for call in (f"cc.show.points({wrong})", f"cc.show.cards([cc.show.Card('A', {wrong})], 'a')"):
        assert said_by(call) == (
            f"it, cell 2 ({call[:80]}): ValueError: 'So.' names rows that the review does not have:"
            " 'referral-2041', 'nowhere'; did you mean 'referral-2014'? (looked in sources,"
            " agencies, people, events, involvement, participation, attributes, relations, links,"
            " views, findings, recommendations)"
        )


@pytest.mark.parametrize("again", [False, True])
def test_what_keeps_the_pages_over_all_from_being_written_is_said_once(
    project: Path, again: bool
) -> None:
    """By a process that ran notebooks, and, where nothing is to be run, by this one."""
    write_notebook(project / "notebooks" / "01_when.ipynb", *SHOWS)
    if again:
        assert render(project).failures == ()
        (project / "reports" / "index.html").unlink()
    (project / "reports" / "index.html").mkdir(parents=True)
    done = render(project)
    assert (done.failures, done.rendered == ()) == ((), again)
    assert done.trouble.startswith("the pages over all reports could not be written: ")
    assert done.trouble.count("could not be written") == 1
    assert str(done).count("index.html") == 1


def test_what_fails_in_the_run_itself_is_not_blamed_on_its_pages(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise FileNotFoundError("gone meanwhile")

    write_notebook(project / "notebooks" / "01_when.ipynb", *SHOWS)
    monkeypatch.setattr(render_module, "carry_out", lost)
    with pytest.raises(FileNotFoundError, match="gone meanwhile"):
        render(project)
