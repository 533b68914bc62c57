"""Can somebody work who has the package and nothing of this repository?"""

from __future__ import annotations

import csv
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from textwrap import dedent
from typing import Any

import pandas as pd
import pytest
import yaml
from jupyter_client.manager import start_new_kernel

import casechron as cc
from a_good_review import NAME, good_review
from an_example_review import example_review
from an_invented_review import invented
from casechron.cli import main
from casechron.coding.folder import BlankError, example_folder, new_project, starter_folder
from casechron.coding.meta import PLACEHOLDER
from casechron.report.export import write_manifest
from reader_tables import of_tables
from real_reviews import real_review
from thoroughly import thorough, walked

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
OWN = "20_days_left_open.ipynb"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installed package consists of: the wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(folder / built.stdout.split()[-1]) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def casechron(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the installed package, which does not see this repository."""
    environment = {name: value for name, value in os.environ.items() if name != "CASECHRON_ROOT"}
    return subprocess.run(
        [sys.executable, "-m", "casechron.cli", *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_package_brings_its_notebooks_and_the_words_on_its_method(installed: Path) -> None:
    packed = installed / "casechron" / "starter"
    there = {
        path.relative_to(packed).as_posix(): path.read_bytes()
        for path in packed.rglob("*")
        if path.is_file()
    }
    brought = [
        *(ROOT / "notebooks" / name for name in NOTEBOOKS),
        ROOT / "docs" / "method.md",
        *(path for path in example_folder().rglob("*") if path.is_file()),
    ]
    assert there == {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in brought}
    modules = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "casechron").rglob("*")
        if path.is_file()
    }
    modules = {name for name in modules if "__pycache__" not in name}
    assert {name for name in modules if not (installed / name).is_file()} == set()


def test_three_lines_in_a_fresh_kernel_give_bounds_and_waits(
    installed: Path, tmp_path: Path
) -> None:
    assert casechron(installed, tmp_path, "init", "study").returncode == 0
    folder = example_review(tmp_path / "study" / "data")
    lines = """
    import casechron as cc
    review = cc.read_review()
    display(cc.bounds(review), cc.response_gaps(review)[["concern", "state"]], cc.__file__)
    """
    inherited = {name: value for name, value in os.environ.items() if name != "CASECHRON_ROOT"}
    environment = {**inherited, "PYTHONPATH": str(installed)}
    at = str(tmp_path / "study")
    manager, client = start_new_kernel(kernel_name="python3", cwd=at, env=environment)
    shown: list[dict[str, Any]] = []
    try:
        client.execute_interactive(
            dedent(lines), output_hook=lambda reply: shown.append(reply["content"]), timeout=120
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    data = [message["data"] for message in shown if "data" in message]
    assert len(data) == 3, shown
    bounds, waits, file = data
    assert str(installed) in file["text/plain"]
    with (folder / "events.csv").open(encoding="utf-8", newline="") as coded:
        ids = [row["id"] for row in csv.DictReader(coded) if row["id"]]
    assert ids
    assert [row_id for row_id in ids if f"<td>{row_id}</td>" not in bounds["text/html"]] == []
    states = {
        "answered by a step": 3,
        "without an answer on record": 2,
        "told or counted in another row": 1,
        "the end of the account": 1,
    }
    assert {state: waits["text/html"].count(f"<td>{state}</td>") for state in states} == states


MONTHS = """\
import casechron as cc
import matplotlib.pyplot as plt


def events_by_month(review):
    months = cc.bounds(review).merge(review.tables["events"], left_on="event", right_on="id")
    months["month"] = months["earliest"].astype("str").str[:7]
    by_month = months.groupby("month", as_index=False)
    return by_month.agg(events=("event", "size"), row=("event", "first"))


def words_on_events_by_month(table):
    most = table.loc[table["events"].idxmax()]
    text = f"Most began in {most['month']}: {most['events']} events."
    return [cc.show.Point(text, (most["row"],))]


def draw_events_by_month(table):
    ax = plt.subplots(figsize=(7, 3))[1]
    ax.barh(table["month"], table["events"])
    return ax
"""


def test_what_did_not_happen_has_no_day_that_is_known(tmp_path: Path) -> None:
    """By hand: 12 events that happened have a first and a last possible day, 9 of them one day;
    the scratch can be of each day of January and February 2019. That nobody assessed the bruise
    from 6 May on is none of them."""
    questions = ROOT / "src" / "casechron" / "example" / "own_questions"
    worked = runpy.run_path(str(questions / "days_left_open.py"))
    tables = invented()
    tables["events"].loc[tables["events"]["id"] == "no-assessment", "date"] = "2019-05-06/.."
    table = worked["days_left_open"](of_tables(tables, tmp_path))
    assert "no-assessment" not in set(table["event"])
    assert [point.text for point in worked["words_on_days_left_open"](table)] == [
        "Of 12 events with a first and a last possible day, the day is known of 9; the vaguest can"
        " have begun on any of 59 days."
    ]


def test_the_worked_question_counts_no_day_that_is_kept_back_beside_an_age() -> None:
    """Child W was admitted in November, says the source, and has an age there. The statements leave
    twelve of the thirty days; a page that said so would be half of a birthday."""
    questions = ROOT / "src" / "casechron" / "example" / "own_questions"
    worked = runpy.run_path(str(questions / "days_left_open.py"))
    table = worked["days_left_open"](real_review(ROOT / "data" / "child-w-manchester-2020"))
    assert table.set_index("event").loc["admission-w", "days"] == 30


@walked("the steps of the README")
def test_a_newcomer_makes_a_question_by_the_steps_of_the_readme(
    installed: Path, tmp_path: Path
) -> None:
    """A table, a finding and a chart, one call each; what goes wrong on the way is told."""
    lost = casechron(installed, tmp_path, "check", "--all")
    assert lost.returncode == 2
    assert lost.stderr.endswith("let CASECHRON_ROOT name it, or make one: casechron init FOLDER\n")
    assert casechron(installed, tmp_path, "init", "study").returncode == 0
    study = tmp_path / "study"
    good_review(study / "data")
    for name in {*NOTEBOOKS} - {"02_chronology.ipynb"}:
        (study / "notebooks" / name).unlink()
    worked = (study / "notebooks" / OWN).read_text(encoding="utf-8")
    questions, notebook = study / "own_questions", study / "notebooks" / "21_events_by_month.ipynb"
    (study / "notebooks" / OWN).rename(notebook)
    (questions / "__init__.py").write_text("from own_questions.events_by_month import *\n")
    report = study / "reports" / NAME

    def rendered(functions: str = MONTHS, needs: str = "date") -> str:
        """What `casechron render` says of the question, with these functions and this need."""
        (questions / "events_by_month.py").write_text(functions)
        text = json.loads(worked.replace("days_left_open", "events_by_month"))
        text["cells"][0]["source"] = "# In which month did most begin?"
        text["cells"][0]["metadata"]["needs"] = [needs]
        notebook.write_text(json.dumps(text), encoding="utf-8")
        done = casechron(installed, study, "render", "--all")
        return done.stdout + done.stderr

    assert "1 report rendered" in rendered()
    # The repository's words on the method, not a page without any.
    assert "Dechter" in (study / "reports" / "method.html").read_text(encoding="utf-8")
    table = pd.read_csv(report / "tables" / "events_by_month.csv")
    most = table.loc[table["events"].idxmax()]
    title = f"Most began in {most['month']}: {most['events']} events"
    page = (report / "21_events_by_month.html").read_text(encoding="utf-8")
    assert f"<h1>{title}.</h1>" in page
    drawings = re.findall(r'<div class="drawing (\w+)"><svg.*?</svg>', page, re.DOTALL)
    assert drawings == ["narrow", "wide"]
    for drawing in re.findall(r'<div class="drawing \w+"><svg.*?</svg>', page, re.DOTALL):
        drawn = re.findall(r"<text[^>]*>([^<]*)</text>", drawing)
        assert title in " ".join(drawn)
    # An error within the own package, and a need that is not coded. (An id that is no row is told
    # in test_render, a need that is none in test_page_needs.)
    line = MONTHS.splitlines().index('    most = table.loc[table["events"].idxmax()]') + 1
    output = rendered(MONTHS.replace('table["events"].idxmax', 'table["event"].idxmax'))
    assert f", own_questions/events_by_month.py, line {line}: KeyError: 'event'" in output
    assert "1 report rendered" in rendered(needs="findings.facts")
    assert not (report / "21_events_by_month.html").exists()
    waits = "In which month did most begin?"
    assert f"No page on “{waits}”: it is not coded." in (report / "index.html").read_text()
    checked = casechron(installed, study, "check", NAME).stdout
    assert f"no page yet: {waits} Fill `facts` in findings.csv, or say in" in checked


#: What a newcomer writes into review.toml, in the order of its places.
FILLED = """\
Review of Child X; Anytown Safeguarding Board; 2021-05; review; England; AB; 2021-09-30; Neglect.;\
 Coded once.; CC-BY-4.0; AB (2021); report; Anytown Safeguarding Board (2021). Child X.;\
 review-report; Blocks of text between blank lines; the title is 1"""
EVENTS = """\
id,date,kind,summary,by,to,answers,place
worry,2018-09,concern,A teacher worries about X's clothes,school,,,p2.1
told,late 2018-09,referral,The school refers X,school,childrens-services,,p2.2
visit,2018-10-15,visit,A social worker visits,childrens-services,,told,p2.3
closed,early 2018-11,closure,The case is closed,childrens-services,,,p3.1
bruise,2019-02,bruising,A nurse sees a bruise,health visiting,,,p3.2
rung,2019-02-20,notification,The nurse rings the police,health visiting,police,,p3.3
call,2019-02-21,contact,Officers call at the home,police,,,p3.4
met,2019-03-05,strategy-discussion,Agencies discuss X,childrens-services; police,,bruise,p4.1
enquiry,mid 2019-03,section-47,Enquiries begin,childrens-services,,bruise,p4.2
conference,2019-04-02,icpc,A conference is held,childrens-services; police,,bruise,p4.3
second,2019-05,visit,A second visit finds nobody in,childrens-services,,,p5.1
harm,2019-06-11,admission,X is taken to hospital,,,,p5.2
"""
TEXT = """\
# Child X

In September 2018 a teacher grew uneasy about the child. The school sent a referral. A worker came.

The file was shut. In February a nurse noticed a bruise. She rang the police. Officers called.

The agencies met on 5 March. Enquiries started. A conference followed on 2 April.

In May nobody was in. On 11 June X was taken to hospital.
"""


def workflow_of(project: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load(
        (project / ".github" / "workflows" / "reviews.yml").read_text(encoding="utf-8")
    )
    return workflow


def commands_of(project: Path) -> list[list[str]]:
    """What the workflow of a project runs, in its order, in words."""
    steps = [step for job in workflow_of(project)["jobs"].values() for step in job["steps"]]
    return [shlex.split(step["run"]) for step in steps if "run" in step]


def test_a_workflow_runs_what_a_person_can_type_in_the_versions_that_are_in_use(
    tmp_path: Path,
) -> None:
    new_project(tmp_path)
    jobs = workflow_of(tmp_path)["jobs"]
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert len(used) == 4
    assert [
        action for action in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action)
    ] == []
    # Nothing is published, and nothing kept to be, unless somebody has said so.
    uploads = [step for step in jobs["validate"]["steps"] if "upload" in step.get("uses", "")]
    assert [step["if"] for step in uploads] == ["vars.PUBLISH == 'yes'"]
    assert jobs["publish"]["if"].startswith("vars.PUBLISH == 'yes' && ")
    (python,) = (step["with"]["python-version"] for step in jobs["validate"]["steps"][1:2])
    assert python == ".".join(map(str, sys.version_info[:2]))
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    typed = [shlex.split(line, comments=True) for line in re.findall(r"^   (\w.*)", readme, re.M)]
    commands = commands_of(tmp_path)
    assert [command for command in commands if command not in typed] == []
    assert [command[1] for command in commands if command[0] == "casechron"] == [
        *("check", "verify", "check-reports")
    ]
    pins = (tmp_path / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert pins[0] == f"casechron[nbval]=={cc.__version__}"
    versions = dict(line.split("==") for line in pins[1:])
    assert versions == {name: version(name) for name in versions}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["nbval"]
    assert {re.split("[>=<]", requirement)[0] for requirement in asked} <= set(versions)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".ipynb"]
    assert [path for path in files if "://" in path.read_text(encoding="utf-8")] == []


def test_the_file_that_a_project_installs_casechron_from_is_made_as_its_readme_says(
    tmp_path: Path,
) -> None:
    """Of a checkout, where no package index has it."""
    new_project(tmp_path / "study")
    readme = (tmp_path / "study" / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^   python (-m pip wheel .*) PATH/TO/CASECHRON$", readme, re.M)
    # What builds it is here already; pip would fetch it otherwise.
    words = [*shlex.split(line), "--no-index", "--no-build-isolation", str(ROOT)]
    subprocess.run([sys.executable, *words], cwd=tmp_path / "study", check=True, timeout=300)
    (wheel,) = (tmp_path / "study").glob("*.whl")
    assert wheel.name == f"casechron-{cc.__version__}-py3-none-any.whl"
    assert f"`./{wheel.name}[nbval]`" in readme
    # git is not told to leave it out.
    ignored = (tmp_path / "study" / ".gitignore").read_text(encoding="utf-8").split()
    assert not any(wheel.match(pattern.rstrip("/")) for pattern in ignored)


@thorough
def test_the_workflow_of_a_project_passes_and_finds_one_changed_number(
    installed: Path, tmp_path: Path
) -> None:
    """From the wheel to a commit, as a newcomer would; then its workflow, command by command, in a
    clone."""
    venv, study, name = tmp_path / "venv", tmp_path / "study", "child-x-anytown-2021"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    (site,) = venv.glob("lib/*/site-packages")
    # All but casechron itself is that of this environment; pip looks for nothing elsewhere.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CASECHRON")
    }
    environment |= {"PATH": f"{venv / 'bin'}{os.pathsep}{environment['PATH']}", "PIP_NO_INDEX": "1"}

    def run(*words: str, cwd: Path = study) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )

    def good(*words: str, cwd: Path = study) -> str:
        done = run(*words, cwd=cwd)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def commit() -> None:
        author = ["-c", "user.name=AB", "-c", "user.email=ab@example.org"]
        good("git", "add", ".")
        good("git", *author, "commit", "--quiet", "--message", "What was coded")

    (wheel,) = installed.parent.glob("*.whl")
    good("python", "-m", "pip", "install", "--no-deps", str(wheel), cwd=tmp_path)
    where = good("python", "-c", "import casechron; print(casechron.__file__)", cwd=tmp_path)
    assert where.startswith(str(site))
    good("casechron", "init", "study", cwd=tmp_path)
    good("git", "init", "--quiet")
    commit()
    assert run("casechron", "check", "--all").stderr == (
        "casechron: there is no review to check; `casechron new` makes one\n"
    )
    good("casechron", "new", name)
    empty = run("casechron", "render", "--all")
    assert empty.returncode == 1
    assert empty.stdout.count("places are not filled in yet") == 1
    review = study / "data" / name
    head, line, rest = (review / "review.toml").read_text(encoding="utf-8").partition("\n")
    for value in FILLED.split("; ", maxsplit=14):
        rest = rest.replace(PLACEHOLDER, value, 1)
    rest = rest.replace("year = 0", "year = 2021") + 'text = "sources/report.md"\n'
    (review / "review.toml").write_text(head + line + rest, encoding="utf-8")
    (review / "events.csv").write_text(EVENTS, encoding="utf-8")
    (review / "sources").mkdir()
    (review / "sources" / "report.md").write_text(TEXT, encoding="utf-8")
    coverage = "source,paragraph,status,note\nreport,1,heading,\n"
    (review / "coverage.csv").write_text(coverage, encoding="utf-8")
    good("casechron", "locate", name)
    questions, worked = study / "own_questions", study / "notebooks" / OWN
    notebook = "21_events_by_month.ipynb"
    text = worked.read_text(encoding="utf-8").replace("days_left_open", "events_by_month")
    worked.with_name(notebook).write_text(text, encoding="utf-8")
    assert "both have 'Days left open'" in run("casechron", "render", "--all").stderr
    text = text.replace("Days left open", "Months")
    worked.with_name(notebook).write_text(text, encoding="utf-8")
    (questions / "events_by_month.py").write_text(MONTHS)
    with (questions / "__init__.py").open("a") as file:
        file.write("from own_questions.events_by_month import *\n")
    for other in NOTEBOOKS[1:]:
        (study / "notebooks" / other).unlink()  # each takes a kernel; these two are enough
    good("casechron", "render", "--all")
    commit()

    good("git", "clone", "--quiet", "study", "clone", cwd=tmp_path)
    clone = tmp_path / "clone"
    commands = commands_of(clone)

    def workflow() -> list[subprocess.CompletedProcess[str]]:
        """What its commands did, up to the first that fails."""
        done: list[subprocess.CompletedProcess[str]] = []
        for words in commands:
            if not any(one.returncode for one in done):
                done.append(run(*words, cwd=clone))
        return done

    assert [done.returncode for done in workflow()] == [0] * 5
    # A page and a notebook say something else, a page is of others, and all manifests vouch for it.
    reports = clone / "reports"
    page = reports / name / f"{Path(notebook).stem}.html"
    text = page.read_text(encoding="utf-8")
    assert "Most began" in text
    page.write_text(text.replace("Most began", "Few began"), encoding="utf-8")
    (reports / "bogus.html").write_text("<p>Case chronologies, by casechron")
    report = reports / name / notebook
    text = report.read_text(encoding="utf-8")
    most = re.search(r"Most began in [\d-]+: (\d+) events", text)
    assert most
    planted = f"{most[0].rpartition(':')[0]}: {int(most[1]) + 1} events"
    report.write_text(text.replace(most[0], planted), encoding="utf-8")
    write_manifest(reports / name)
    write_manifest(reports)
    failed = workflow()
    assert [done.returncode for done in failed] == [0, 0, 0, 1]
    told = {f"{name}/{changed.name}: other bytes" for changed in (page, report)}
    assert told | {"bogus.html: gone"} <= {*failed[-1].stdout.splitlines()}
    outcome = run(*commands[-1][:-1], str(report), cwd=clone)
    assert outcome.returncode == 1
    assert "mismatch" in outcome.stdout
    # Reports that nobody committed are no reproduced ones.
    shutil.rmtree(reports)
    outcome = run(*commands[3], cwd=clone)
    assert (outcome.returncode, f"\n{name}/{page.name}: new\n" in outcome.stdout) == (1, True)
    # A source can contradict itself: that is told, and fails nothing.
    order = "type,from_event,to_event,place\nbefore,harm,worry,p5.2\n"
    (review / "relations.csv").write_text(order, encoding="utf-8")
    said = good(*commands_of(study)[1])
    assert "\n  not all its dates and relations can hold together under the default" in said


def test_the_readme_of_a_project_names_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_project(tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    for command in {*re.findall(r"`casechron ([a-z-]+)", text)}:
        with pytest.raises(SystemExit) as asked:
            main([command, "--help"])
        assert asked.value.code == 0, command
    names = {*re.findall(r"\bcc\.(\w+(?:\.\w+)?)", text)}
    assert {"read_review", "show.points", "show.figure", "show.table", "show.keep"} <= names
    assert [name for name in names if not callable(attrgetter(name)(cc))] == []
    there = re.findall(r"`((?:notebooks|own_questions)/[\w./]*)`", text)
    assert [name for name in there if not (tmp_path / name).exists()] == []
    capsys.readouterr()


def test_a_project_is_begun_in_a_new_or_empty_folder_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert starter_folder() == ROOT
    (tmp_path / ".git").mkdir()
    assert new_project(tmp_path) == [*NOTEBOOKS, OWN]
    with pytest.raises(BlankError) as refused:
        new_project(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path} is not empty (.gitattributes, .github, .gitignore, …); name a new folder, or"
        " copy the notebooks into it by hand"
    )
    assert main(["init", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"casechron: {refused.value}\n"
