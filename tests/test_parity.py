"""Does a notebook show the same in a fork as in a plain kernel?"""

from __future__ import annotations

import itertools
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from casechron.report.execution import (
    ENGINE,
    PLAIN,
    execute,
    notebook_environment,
    parse_notebook,
    plain_kernels,
)
from casechron.report.normalise import normalised, notebook_text
from casechron.report.parameters import cell_of, declared_parameters
from casechron.report.run.process import can_fork
from test_engine import after, notebook
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


def rendered(notebook: Path, review: str, engine: str) -> str:
    source = parse_notebook(notebook.read_text(encoding="utf-8"), notebook.name)
    whose = {"review": review} if "review" in declared_parameters(cell_of(source)) else {}
    ran = execute(source, notebook.name, whose, ROOT, engine=engine)
    return notebook_text(ran)


@thorough
def test_every_notebook_of_ours_gives_the_same_bytes(monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    pairs = list(itertools.product(NOTEBOOKS, ["child-w-manchester-2020"]))
    assert len(pairs) > 6
    # Of one review; nbval has plain kernels over all that this engine made.
    # papermill changes the folder of the whole process, so plain kernels have processes.
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        plain = pool.map(rendered, *zip(*pairs, strict=True), [PLAIN] * len(pairs))
        forked = [rendered(*pair, ENGINE) for pair in pairs]
        for pair, ours, theirs in zip(pairs, forked, plain, strict=True):
            assert ours == theirs, pair
