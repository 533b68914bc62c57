from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from casechron.coding.policy import PolicyError
from casechron.reporting.export import check_manifest
from casechron.reporting.render import RenderError, render_all, render_review

PARAMETERS = (
    "review = 'alpha-2001'  # the review\npolicy = {}  # what differs from the default dating"
    " policy"
)
SHOWS = (
    (
        "import pandas as pd\nimport matplotlib.pyplot as plt\nfrom casechron.reporting import"
        " style\nfrom casechron.reporting.display import show, show_figure, show_words\nstyle.use()"
    ),
    (
        "gaps = pd.DataFrame({'event': ['e1', 'e2'], 'day': pd.to_datetime(['2018-08-27', None]),"
        " 'policy': [str(policy), '']})\nshow(gaps, 'gaps', 'Gaps of ' + review)"
    ),
    "show_words({'one', 'two', 'three'} & {'two'}, 'order', 'In short')",
    (
        "figure, ax = plt.subplots()\nax.barh([0, 1], [3, 4], hatch='//',"
        " label='agency')\nax.legend()\nshow_figure(ax, 'gaps', alt='Two bars.')"
    ),
    "print('a')\nprint('b')",
)


def write_notebook(
    path: Path, *sources: str, title: str = "# When?", parameters: str = PARAMETERS
) -> Path:
    cells = [new_markdown_cell(title), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    notebook = new_notebook(cells=[*cells, *map(new_code_cell, sources)])
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def write_review(root: Path, name: str) -> Path:
    folder = root / "data" / name
    folder.mkdir(parents=True)
    (folder / "review.toml").write_text(
        f'title = "Review {name}"\nbody = "A board"\nyear = 2001\npublished ='
        ' 2001-09-29\npublished_of = "article"\njurisdiction = "England"\ncoder = "the'
        ' project"\ncoded_on = "2026-01-02"\ncodebook = "1.0"\nlicence = ""\ncontent_note = "This'
        ' report describes X."\ncitation = "Cited so."\nnotes = "Left out of the facts."\n'
    )
    (folder / "events.csv").write_text("id\ne1\n")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_review(tmp_path, "alpha-2001")
    return tmp_path


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose two reviews were rendered, with a policy that differs from the default, by
    two processes."""
    root = tmp_path_factory.mktemp("project")
    for name in ("alpha-2001", "beta-2002"):
        write_review(root, name)
    write_notebook(root / "notebooks" / "01_when.ipynb", *SHOWS)
    run_render(root, root / "reports", jobs=2, TZ="Asia/Tokyo", PYTHONHASHSEED="1", LC_ALL="C")
    return root


def run_render(root: Path, out: Path, jobs: int, **environment: str) -> None:
    code = (
        "import sys; from pathlib import Path; from casechron.reporting.render import render_all\n"
        "if __name__ == '__main__':\n"
        f"    done = render_all(Path({str(root)!r}), jobs={jobs}, policy={{'winter': 'ends'}}, "
        f"out_dir=Path({str(out)!r}), progress=False)\n"
        "    print(done); sys.exit(done.exit_code)\n"
    )
    script = out.with_suffix(".py")
    script.write_text(code)
    ran = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"2 reports rendered. Open {out / 'index.html'}\n"


def test_a_folder_that_is_no_report_is_left_out_with_a_line(project):
    write_notebook(project / "notebooks" / "01_when.ipynb", "review")
    other = project / "reports" / "other"
    other.mkdir(parents=True)
    (other / "report.json").write_text("[]")
    done = render_all(project, progress=False, jobs=1)
    assert (done.rendered, done.unreadable, done.stale, done.exit_code) == (
        ("alpha-2001",),
        ("other",),
        (),
        0,
    )
    assert (
        str(done).splitlines()[0]
        == "other: its report.json cannot be read, so the front page leaves it out; render it anew,"
        " or remove it."
    )
    assert "Review alpha-2001" in done.front_page.read_text(encoding="utf-8")


# ---- what a report holds


def test_a_report_is_whole(rendered):
    assert sorted(contents(rendered / "reports")) == sorted(
        ["SHA256SUMS", "codebook.html", "glossary.html", "index.html", "method.html"]
        + [
            f"{review}/{name}"
            for review in ("alpha-2001", "beta-2002")
            for name in (
                *(
                    "01_when.html",
                    "01_when.ipynb",
                    "SHA256SUMS",
                    "datapackage.json",
                    "figures/gaps.svg",
                ),
                *(
                    "report.json",
                    "tables/gaps.csv",
                    "index.html",
                    f"{review}.html",
                    "made_from.json",
                ),
            )
        ]
    )
    for folder in ("", "alpha-2001", "beta-2002"):
        assert check_manifest(rendered / "reports" / folder) == []


def test_the_same_bytes_whatever_the_time_zone_the_hash_seed_the_locale_and_the_jobs(
    rendered, tmp_path
):
    run_render(
        rendered,
        tmp_path / "again",
        jobs=1,
        TZ="America/Caracas",
        PYTHONHASHSEED="77",
        LC_ALL="C.UTF-8",
    )
    assert contents(tmp_path / "again") == contents(rendered / "reports")


def test_review_and_policy_reach_the_notebook(rendered):
    table = (rendered / "reports" / "beta-2002" / "tables" / "gaps.csv").read_text(encoding="utf-8")
    assert table == "event,day,policy\ne1,2018-08-27,{'winter': 'ends'}\ne2,,\n"
    said = json.loads(
        (rendered / "reports" / "beta-2002" / "report.json").read_text(encoding="utf-8")
    )
    assert (said["title"], said["policy"]["winter"]) == ("Review beta-2002 (A board, 2001)", "ends")
    assert said["about"] == [
        ["Published", "2001-09-29 (the article)"],
        ["Jurisdiction", "England"],
        ["Coded by", "the project, 2026-01-02, codebook 1.0"],
    ]
    assert (said["content_note"], said["citation"]) == ("This report describes X.", "Cited so.")


def test_nothing_of_this_machine_stands_in_a_report(rendered):
    for name, content in contents(rendered / "reports").items():
        for trace in (
            str(rendered),
            sys.prefix,
            os.path.expanduser("~/"),
            "papermill",
            "3.11",
            "3.13",
        ):
            assert trace.encode() not in content.replace(b"papermill adds", b""), (name, trace)


def run_nbval(reports: Path) -> subprocess.CompletedProcess[str]:
    (reports.parent / "pytest.ini").write_text("[pytest]\n")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "-q",
            "-p",
            "no:cacheprovider",
            str(reports),
        ],
        cwd=reports.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nbval_passes_a_report_and_fails_one_whose_table_or_figure_was_changed(rendered, tmp_path):
    reports = tmp_path / "reports"
    shutil.copytree(rendered / "reports" / "alpha-2001", reports / "alpha-2001")
    for name, (old, new) in {
        "02_table": ("2018-08-27", "2018-08-28"),
        "03_figure": ("Two bars.", "Ten bars."),
    }.items():
        text = (reports / "alpha-2001" / "01_when.ipynb").read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                for kind in ("text/csv", "image/svg+xml"):
                    if kind in output.get("data", {}):
                        output.data[kind] = output.data[kind].replace(old, new)
        nbformat.write(notebook, reports / "alpha-2001" / f"{name}.ipynb")
    ran = run_nbval(reports)
    failed = sorted(
        line.split(" - ")[0] for line in ran.stdout.splitlines() if line.startswith("FAILED")
    )
    assert failed == [
        "FAILED reports/alpha-2001/02_table.ipynb::Cell 3",
        "FAILED reports/alpha-2001/03_figure.ipynb::Cell 5",
    ], ran.stdout
    assert "2 failed, 19 passed" in ran.stdout


# ---- what is refused before anything runs


def refusal(project: Path, *notebooks: Path, **more: object) -> str:
    with pytest.raises(RenderError) as refused:
        render_review(
            project / "data" / "alpha-2001",
            notebooks,
            project / "reports",
            project_root=project,
            **more,
        )
    return str(refused.value)


def test_an_unknown_parameter_is_refused(project):
    notebook = write_notebook(project / "01_when.ipynb", parameters="review = 'x'  # help")
    assert (
        refusal(project, notebook)
        == "01_when.ipynb has no parameter policy; its cell tagged 'parameters' declares: review"
    )
    notebook = write_notebook(project / "02_where.ipynb")
    assert (
        refusal(project, notebook, parameters={"revue": 1, "limit": 2})
        == "no notebook has a parameter revue, limit; beside review and policy their cells tagged"
        " 'parameters' declare: none"
    )
    other = write_notebook(
        project / "03_who.ipynb",
        parameters=f"{PARAMETERS}\nlimit = 1  # how many\nwho = ''  # an id",
    )
    assert (
        refusal(project, notebook, other, parameters={"revue": 1, "limit": 2})
        == "no notebook has a parameter revue; beside review and policy their cells tagged"
        " 'parameters' declare: limit (03_who.ipynb), who (03_who.ipynb)"
    )
    assert (
        refusal(project, notebook, parameters={"policy": {}})
        == "policy cannot be given as a parameter: name the review, and use --policy FIELD=VALUE"
    )


def test_an_unknown_policy_is_refused(project):
    notebook = write_notebook(project / "01_when.ipynb")
    with pytest.raises(PolicyError, match=r"^summer is no part of a dating policy"):
        render_review(
            project / "data" / "alpha-2001", [notebook], project / "reports", {"summer": "starts"}
        )


def test_what_is_no_notebook_is_refused(project):
    (project / "01_when.ipynb").write_text("{")
    assert refusal(project, project / "01_when.ipynb").startswith(
        "01_when.ipynb is no notebook that can be read: "
    )


def test_a_notebook_without_a_question_is_refused(project):
    notebook = write_notebook(project / "01_when.ipynb", title="words")
    assert (
        refusal(project, notebook)
        == "01_when.ipynb: the notebook has no heading; begin it with its question, as '# When"
        " ...?'"
    )


def test_a_review_without_title_or_without_review_toml_is_refused(project):
    notebook = write_notebook(project / "01_when.ipynb")
    (project / "data" / "alpha-2001" / "review.toml").write_text("body = 'x'")
    assert refusal(project, notebook) == "alpha-2001/review.toml has no title; a report needs one"
    (project / "data" / "alpha-2001" / "review.toml").write_text("title =")
    assert refusal(project, notebook).startswith("alpha-2001/review.toml cannot be read: ")


def test_nothing_to_run_is_refused(project):
    said = "there is no notebook to run; put the questions into notebooks/ as *.ipynb"
    assert refusal(project) == said


def test_an_unknown_review_is_refused(project):
    with pytest.raises(RenderError, match=r"^there is no review gamma; data/ holds: alpha-2001$"):
        render_all(project, ["gamma"], progress=False)
    shutil.rmtree(project / "data")
    with pytest.raises(
        RenderError,
        match=r"^there is no review to render; data/ holds no folder with a review\.toml$",
    ):
        render_all(project, progress=False)


# ---- what fails while it runs


def test_a_failing_cell_is_named_and_the_previous_report_stands(project):
    notebook = write_notebook(
        project / "01_when.ipynb", "x = 1", "\nfrom math import sqrt\nsqrt(-x)", "y = 1"
    )
    previous = project / "reports" / "alpha-2001"
    previous.mkdir(parents=True)
    (previous / "report.json").write_text("before")
    # Python 3.14 words the error anew, so only its kind is compared.
    assert refusal(project, notebook).startswith(
        "01_when.ipynb, cell 4 (from math import sqrt): ValueError: "
    )
    assert contents(project / "reports") == {"alpha-2001/report.json": b"before"}
    assert [path.name for path in (project / "reports").iterdir()] == ["alpha-2001"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "import time\ntime.sleep(30)",
            "01_when.ipynb, cell 3 (import time): it took more than 1 seconds",
        ),
        (
            "import os\nos._exit(1)",
            "01_when.ipynb, cell 3 (import os): its process ended with the exit code 1",
        ),
        ("raise SystemExit(0)", "01_when.ipynb: cell 3 raised SystemExit: 0; cell 4 did not run"),
        (
            "import sys\nprint('careful', file=sys.stderr)",
            "01_when.ipynb: cell 3 wrote to the error stream, which no report shows: careful",
        ),
    ],
    ids=["timeout", "death", "exit", "stderr"],
)
def test_other_ways_to_fail(project, source, said):
    notebook = write_notebook(project / "01_when.ipynb", source, "1")
    # Enough for a busy machine, where it is not the limit itself that is tried.
    assert refusal(project, notebook, timeout=1 if "1 seconds" in said else 60) == said


def test_a_report_is_replaced_whole_and_leftovers_are_mended(project):
    reports = project / "reports"
    # As an interrupted run leaves it: the old report moved away, the new one half made.
    (reports / ".alpha-2001.casechron-old").mkdir(parents=True)
    (reports / ".alpha-2001.casechron-old" / "report.json").write_text("before")
    (reports / ".alpha-2001.casechron-new").mkdir()
    (reports / ".alpha-2001.casechron-new" / "half.html.part").write_text("half")
    broken = write_notebook(project / "01_when.ipynb", "1 / 0")
    refusal(project, broken)
    assert contents(reports) == {"alpha-2001/report.json": b"before"}
    notebook = write_notebook(project / "01_when.ipynb", "review")
    assert (
        render_review(project / "data" / "alpha-2001", [notebook], reports, project_root=project)
        == reports / "alpha-2001"
    )
    assert sorted(contents(reports)) == [
        *(
            "alpha-2001/01_when.html",
            "alpha-2001/01_when.ipynb",
            "alpha-2001/SHA256SUMS",
            "alpha-2001/alpha-2001.html",
        ),
        *("alpha-2001/index.html", "alpha-2001/made_from.json", "alpha-2001/report.json"),
    ]


def test_a_failure_in_one_review_hinders_no_other(project, capsys):
    write_review(project, "beta-2002")
    write_notebook(
        project / "notebooks" / "01_when.ipynb",
        "assert review != 'alpha-2001', 'no alpha'",
        "review",
    )
    (project / "reports" / "gone-1999").mkdir(parents=True)
    (project / "reports" / "gone-1999" / "report.json").write_text(
        '{"review": "gone-1999", "pages": [], "about": []}'
    )
    done = render_all(project, jobs=2, progress=False)
    assert done.exit_code == 1
    assert (
        str(done)
        == "alpha-2001: not rendered; it has no report.\n  01_when.ipynb, cell 3 (assert review !="
        " 'alpha-2001', 'no alpha'): AssertionError: no alpha\ngone-1999: there is a report but"
        " no such review any more; remove it.\n1 report rendered, 1 failed. Open"
        f" {project / 'reports' / 'index.html'}"
    )
    assert sorted(path.name for path in (project / "reports").iterdir()) == [
        *(
            "SHA256SUMS",
            "beta-2002",
            "codebook.html",
            "glossary.html",
            "gone-1999",
            "index.html",
            "method.html",
        )
    ]
