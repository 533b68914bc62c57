"""Does a notebook show the same in a fork as in a plain kernel?"""

from __future__ import annotations

from pathlib import Path

import pytest

from casechron.coding.reviews import find_review, real_reviews
from casechron.report.execution import (
    ENGINE,
    PLAIN,
    Task,
    make,
    notebook_environment,
    plain_kernels,
)
from casechron.report.export import with_tables
from casechron.report.normalise import normalised
from casechron.report.plans import plan, tasks_across, tasks_of
from casechron.report.run.process import can_fork
from test_engine import GUARD, after, notebook
from thoroughly import thorough

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.skipif(not can_fork(), reason="no forks; plain kernels serve")

SHOWN = (
    "1 + 1",
    "'a'; 2;",
    "_, __, Out, In[1], _i1",
    "import os, sys\nprint('a'); sys.stderr.write('e\\n'); print('b', end='')",
    "import warnings\nwarnings.warn('careful')",
    "def old():\n    warnings.warn('old', DeprecationWarning, stacklevel=2)\nold()",
    "print('a\\rb\\x08c \\u2028 \\u00e9 \\U0001F600 \\x00')",
    "from IPython.display import HTML, JSON, Image, clear_output, display",
    "handle = display('one', display_id='k')",
    "handle.update('two')\nprint('z')",
    "display(HTML('<b>x</b>'), metadata={'casechron': {'a': (1, 2)}}); display(3, 'b')\n3",
    "print('gone'); clear_output(); print('kept')",
    "print('gone'); clear_output(wait=True); display('kept')",
    "clear_output(wait=True)\nprint('q')",
    "display({'text/plain': 'p', 'text/csv': 'a,b'}, raw=True, metadata={'m': [1]})",
    "import numpy as np\nJSON({'a': [1, np.int64(2), np.float64(0.5)]})",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 40, format='png')",
    "%%capture held\nprint('in'); display('d'); 7",
    "held.show()",
    "!echo shell",
    "lines = !echo 1\nlines",
    "import asyncio\nawait asyncio.sleep(0.01); 3",
    "import threading\nt = threading.Thread(target=print, args=('x',)); t.start(); t.join()",
    "",
    "# nothing but a comment",
    "%who_ls",
    "__name__, hasattr(get_ipython(), 'kernel'), os.getcwd()",
    "sys.stdout.isatty(), sys.stdout.encoding",
    "import pickle\nclass Pickled:\n    pass\ntype(pickle.loads(pickle.dumps(Pickled())))",
    "import matplotlib.pyplot as plt\nplt.rcParams['svg.hashsalt'] = 'x'; plt.plot([1, 3])\n"
    "%config InlineBackend.figure_formats = ['svg']\n"
    "%config InlineBackend.print_figure_kwargs = {'metadata': {'Date': None}}",
    "figure, ax = plt.subplots()\nax.plot([1, 3]); ax.set_title('t')",
    "figure",
    "plt.get_fignums(), plt.get_backend(), plt.isinteractive()",
    "sorted((name, str(value)) for name, value in plt.rcParams.items())",
    "import pandas as pd\npd.DataFrame(np.arange(60 * 30).reshape(60, 30))",
    "[(n, pd.get_option(f'display.{n}')) for n in ('max_columns', 'max_rows', 'width')]",
)
FAILED = (
    "def divide(x):\n    return 1 / x\nprint('before')\ndivide(0)",
    "x = = 1",
    "try:\n    1 / 0\nexcept Exception as error:\n    raise ValueError('über') from error",
    "pd.DataFrame({'a': [1]})['b']",
    "class A:\n    def __repr__(self):\n        raise ValueError('no')\nA()",
    "%nosuch",
    "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])",
    "async def f():\n    raise KeyError('k')\nawait f()",
    "%xmode Minimal\n1 / 0",
    "raise KeyboardInterrupt",
    "1",
)


@thorough
def test_cells_show_what_they_show_in_a_plain_kernel(monkeypatch, tmp_path):
    # ipykernel captures less while it sees this.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.chdir(tmp_path)
    cells, tags = (*SHOWN, *FAILED), ("raises-exception",)
    environment = notebook_environment(tmp_path)
    forked, failure = after(notebook(*cells, tags=tags), ENGINE, environment=environment)
    with plain_kernels(environment) as config:
        plain, other = after(notebook(*cells, tags=tags), PLAIN, config=config)
    assert failure is other is None
    errors = [
        output for cell in plain.cells for output in cell.outputs if output.output_type == "error"
    ]
    assert len(errors) > 7
    pairs = list(zip(normalised(forked).cells, normalised(plain).cells, strict=True))
    assert [pair for pair in pairs if pair[0] != pair[1]] == []
    assert forked.metadata.language_info.items() <= plain.metadata.language_info.items()


#: The notebooks of the largest review, and the one over several reviews, as a run is given them.
AGREED = plan(NOTEBOOKS, {}, {}, ROOT, GUARD)
TASKS = [
    *tasks_of(find_review("child-w-manchester-2020", ROOT), AGREED),
    *tasks_across([review.folder for review in real_reviews(ROOT)], AGREED),
]


@thorough
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_plain_kernel_gives_the_bytes_that_forks_gave(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forks made what is committed, which `make reports` shows; its tables stand beside it. nbval
    has plain kernels over what was made of the other reviews (conftest.py)."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    report = ROOT / "reports" / task.facts.review
    committed = with_tables((report / task.name).read_text(encoding="utf-8"), report)
    plain = make(task, PLAIN)
    assert (plain.error, plain.notebook) == ("", committed)


def test_all_notebooks_are_asked_of_a_plain_kernel() -> None:
    assert sorted(task.name for task in TASKS) == [path.name for path in NOTEBOOKS]
