"""Is nothing that lies beside a review ever run, and of a project only what its settings name?"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from a_good_review import NAME, good_review
from casechron.questions import ROOT_VARIABLE, QuestionsError, questions_package
from casechron.report.execution import ENGINE, PLAIN, RenderError, execute
from casechron.report.export import questions_key
from casechron.report.render import render_all
from test_engine import notebook, texts
from test_render import PARAMETERS, write_notebook
from thoroughly import EVERY, drawn, in_turns, some, thorough

OTHER = "child-y-anytown-2019"
OTHERS = (
    *(
        "numpy",
        "pandas",
        "matplotlib",
        "casechron",
        "papermill",
        "nbclient",
        "nbconvert",
        "nbformat",
    ),
    *("pyarrow", "numexpr", "bottleneck", "black", "IPython", "ipykernel", "jupyter_client", "zmq"),
    *("traitlets", "tqdm", "holidays", "jinja2", "distributed", "dask", "cloudpickle", "notebook"),
    *("sitecustomize", "usercustomize", "matplotlib_inline", "dateutil", "six", "yaml", "requests"),
)
#: What a notebook imports that nothing has imported before.
USES = (
    "import importlib, sys\nnames = sys.stdlib_module_names - {'antigravity', 'this'}\n"
    "for name in sorted(names):\n    try: importlib.import_module(name)\n"
    "    except (ImportError, OSError): pass",
    "import casechron, pandas, matplotlib.pyplot, numpy\n"
    "for name in ('pyarrow', 'numexpr', 'bottleneck', 'black'):\n"
    "    try: importlib.import_module(name)\n    except ImportError: pass",
    "import subprocess\nsubprocess.run([sys.executable, '-c', 'import tabnanny'], check=True);",
    "import multiprocessing\nwith multiprocessing.get_context('spawn').Pool(1) as pool:\n"
    "    print(pool.map(abs, [-1]))",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project where each folder holds a module by every name that anybody could import; each
    writes its name down when it is run."""
    root = tmp_path_factory.mktemp("project")
    for name in (OTHER, NAME):
        good_review(root / "data").rename(root / "data" / name)
    write_notebook(root / "notebooks" / "01_when.ipynb", *USES)
    for folder in folders(root).values():
        folder.mkdir(exist_ok=True)
        for name in (*sys.stdlib_module_names, *OTHERS):
            wrote = f"open({str(root / 'ran.txt')!r}, 'a').write(__file__ + '\\n')\n"
            (folder / f"{name}.py").write_text(wrote)
    # Settings in a review's folder are nobody's. (Of a review that holds such files nothing runs;
    # it is the folder where commands are called.)
    for name in ("black", "pyarrow"):
        package = root / "data" / OTHER / name
        package.mkdir()
        shutil.copy(root / "wave.py", package / "__init__.py")
        (root / "data" / OTHER / "casechron.toml").write_text(f'questions = "{name}"\n')
    return root


def folders(root: Path) -> dict[str, Path]:
    return {
        "root": root,
        "notebooks": root / "notebooks",
        "review": root / "data" / OTHER,
    }


def call(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("casechron")), *words]
    return subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)


def what_ran(root: Path) -> list[str]:
    path = root / "ran.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def test_whatever_is_run_there_would_be_seen(project: Path) -> None:
    for name, where in folders(project).items():
        subprocess.run([sys.executable, "-c", "import tabnanny"], cwd=where, check=True)
        assert what_ran(project) == [str(where / "tabnanny.py")], name


turn = in_turns("root", "review", "papermill")
CALLED_IN = ["root", "review", *["notebooks"] * EVERY]


@pytest.mark.parametrize(
    "name", [pytest.param(at, marks=turn(at) if not EVERY else ()) for at in CALLED_IN]
)
def test_commands_run_nothing_of_the_folder_where_they_are_called(project: Path, name: str) -> None:
    where = folders(project)[name]
    foreign = f"{OTHER}/wave.py: this is no part of a review"
    commands = {
        ("check", "--all"): foreign,
        ("render", "--all", "--force"): "1 report rendered, 1 failed",
        ("render", NAME, "--force", "--cluster", "local:1"): "1 report rendered",
        ("check-reports",): "it cannot be read",
    }
    for words, shown in commands.items():
        # What runs notebooks elsewhere, from one folder.
        slow = words[-1] in ("local:1", "check-reports")
        if EVERY and slow and name != "root":
            continue
        if not EVERY and (slow != (name == "review") or words[-1] == "local:1"):
            continue
        done = call(where, *words)
        assert shown in done.stdout, (words, done.stdout, done.stderr)
        assert what_ran(project) == [], words


@thorough
@pytest.mark.parametrize("name", ["root", "review"])
def test_nor_do_plain_kernels(project: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folders(project)[name])
    ran = execute(notebook(*USES), "it", {}, project, engine=PLAIN)
    assert texts(ran)[-1] == "[1]\n"
    assert what_ran(project) == []


# ---- a project's own questions


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A project with a package of its own questions."""
    good_review(tmp_path / "data")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "__init__.py").write_text("from own.more import said\n")
    (tmp_path / "own" / "more.py").write_text("said = 'this'\n")
    (tmp_path / "casechron.toml").write_text('questions = "own"\n')
    write_notebook(tmp_path / "notebooks" / "01_when.ipynb", "import casechron, own\nown.said")
    return tmp_path


@pytest.mark.parametrize("engine", some([ENGINE, PLAIN]))
def test_the_package_that_the_settings_name_is_found_and_nothing_beside_it(
    study: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (study / "beside.py").write_text("")
    # As for a script that lies there.
    monkeypatch.syspath_prepend(study)
    asked = notebook("import casechron, own, sys\nprint(own.said, own.__file__, '' in sys.path)")
    assert texts(execute(asked, "it", {}, study, engine=engine)) == [
        f"this {study / 'own' / '__init__.py'} False\n"
    ]
    with pytest.raises(RenderError, match="No module named 'beside'"):
        execute(notebook("import casechron, beside"), "it", {}, study, engine=engine)
    # What is installed comes first: a project shadows nothing.
    (study / "tqdm").mkdir()
    (study / "tqdm" / "__init__.py").write_text("ours = 1\n")
    (study / "casechron.toml").write_text('questions = "tqdm"\n')
    asked = notebook("import casechron, tqdm\nhasattr(tqdm, 'ours')")
    assert texts(execute(asked, "it", {}, study, engine=engine)) == ["False"]


@turn("papermill")
@pytest.mark.parametrize("where", drawn(["elsewhere", "data", ""], in_ci=1))
def test_papermill_by_hand_finds_the_package_of_the_notebooks_project(
    study: Path,
    where: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    at = tmp_path_factory.mktemp("elsewhere") if where == "elsewhere" else study / where
    # What lies where it is called, or with the data, is nobody's settings.
    for other in {at, study / "data"} - {study}:
        (other / "beside").mkdir()
        (other / "beside" / "__init__.py").write_text("")
        (other / "casechron.toml").write_text('questions = "beside"\n')
    papermill = str(Path(sys.executable).with_name("papermill"))

    def ran(given: Path) -> subprocess.CompletedProcess[str]:
        command = [
            papermill,
            "--engine",
            ENGINE,
            "-k",
            "python3",
            str(given),
            str(study / "out.ipynb"),
        ]
        return subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)

    asked = study / "notebooks" / "01_when.ipynb"
    found = "import casechron, own, importlib.util as there\nown.said, there.find_spec('beside')"
    done = ran(write_notebook(asked, found))
    assert done.returncode == 0, done.stderr
    assert texts(nbformat.read(study / "out.ipynb", as_version=4))[-1] == "('this', None)"
    # One that lies in no project runs in that of the folder where it is called.
    stray = tmp_path_factory.mktemp("stray") / "stray.ipynb"
    write_notebook(stray, "import casechron, own\nown.said")
    done = ran(stray)
    assert (done.returncode == 0) == (where != "elsewhere")
    assert ("No module named 'own'" in done.stderr) == (where == "elsewhere")


@pytest.mark.parametrize("engine", some([ENGINE, PLAIN]))
@pytest.mark.parametrize(
    ("more", "where"),
    [
        (
            "def said(x):\n    return pick(x)\ndef pick(x):\n    return {}[x]\n",
            "line 4: KeyError: 3",
        ),
        ("import json\ndef said(x):\n    json.loads('')\n", "line 3: JSONDecodeError: "),
        ("def said(x:\n    pass\n", "line 1: SyntaxError: "),
    ],
)
def test_an_error_in_it_is_told_with_its_file_and_line(
    study: Path, engine: str, more: str, where: str
) -> None:
    (study / "own" / "more.py").write_text(more)
    with pytest.raises(RenderError) as raised:
        execute(notebook("import casechron, own", "own.said(3)"), "it", {}, study, engine=engine)
    cell = "1 (import casechron, own)" if "Syntax" in where else "2 (own.said(3))"
    assert str(raised.value).startswith(f"it, cell {cell}, own/more.py, {where}")


@thorough
def test_a_change_of_it_renders_anew(study: Path) -> None:
    assert render_all(study, jobs=1, progress=False).failures == ()
    assert render_all(study, jobs=1, progress=False).rendered == ()
    # Of another length: Python knows a compiled file's source by its second and its length alone.
    (study / "own" / "more.py").write_text("said = 'the other'\n")
    done = render_all(study, jobs=1, progress=False)
    assert done.rendered == (NAME,)
    page = nbformat.read(study / "reports" / NAME / "01_when.ipynb", as_version=4)
    assert texts(page)[-1] == "'the other'"
    # What Python compiles of it is no change.
    (study / "own" / "__pycache__").mkdir(exist_ok=True)
    (study / "own" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert render_all(study, jobs=1, progress=False).rendered == ()


def test_one_that_is_changed_while_it_is_read_makes_no_report(study: Path) -> None:
    change = "import casechron, own\nopen(own.__file__, 'a').write('\\n');"
    write_notebook(study / "notebooks" / "01_when.ipynb", change, parameters=PARAMETERS)
    ((_, why),) = render_all(study, jobs=1, progress=False).failures
    assert why == "the project's own questions changed while it was rendered; render it again"


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ('questions = "json"', "json is the name of another package"),
        ('questions = "casechron"', "casechron is the name of another package"),
        ('questions = "nowhere"', "there is no package nowhere beside it"),
        ('questions = "linked"', "there is no package linked beside it"),
        ('questions = "../own"', "'../own' is no name of a package"),
        ('questions = "class"', "'class' is no name of a package"),
        ("questions = 3", "3 is no name of a package"),
        ("questions =", "casechron.toml cannot be read: "),
    ],
)
def test_what_names_no_package_is_refused_in_words(study: Path, settings: str, why: str) -> None:
    (study / "linked").symlink_to(study / "own")
    (study / "casechron.toml").write_text(settings)
    with pytest.raises(QuestionsError, match=r"^casechron\.toml") as refused:
        questions_package(study)
    assert why in str(refused.value)
    with pytest.raises(RenderError) as stopped:
        render_all(study, progress=False)
    assert str(stopped.value).startswith("nothing can be rendered: casechron.toml")
    assert why in str(stopped.value)


def test_no_link_in_it_is_followed_out_of_the_project(study: Path, tmp_path_factory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "more.py"
    elsewhere.write_text("said = 'from elsewhere'\n")
    (study / "own" / "more.py").unlink()
    (study / "own" / "more.py").symlink_to(elsewhere)
    with pytest.raises(QuestionsError, match="is a link"):
        questions_key(study)
