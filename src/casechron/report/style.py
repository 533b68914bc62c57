"""In which one look do figures and tables appear, whatever the machine's own settings?"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import pandas as pd
from cycler import cycler

INK = "#1d1d1b"
MUTED = "#6b6b66"
#: After Okabe and Ito (2008, "Color Universal Design"), moved in lightness only, so that the order
#: from dark to light survives greyscale: neighbours differ by at least 8 in CIE L*.
PALETTE = ("#00476f", "#a84800", "#008f68", "#cc79a7", "#8cc9ee", "#f4e96b")
#: The matplotlib settings of every figure. Whatever is not named here keeps matplotlib's own
#: default.
RC: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11.0,
    "axes.unicode_minus": False,
    "figure.constrained_layout.use": True,
    "figure.dpi": 72.0,
    "figure.figsize": (7.2, 4.2),
    "font.family": ["DejaVu Sans"],
    "grid.color": "#d9d7cf",
    "grid.linewidth": 0.6,
    "hatch.color": INK,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "patch.edgecolor": INK,
    "patch.force_edgecolor": True,
    "patch.linewidth": 0.6,
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "casechron",  # fixes the ids that matplotlib derives from content
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
}

#: The options of pandas that are not its defaults, or that it guesses from the front end.
PANDAS: dict[str, Any] = {
    "display.html.border": 0,
    "display.html.use_mathjax": False,
    "display.max_columns": 40,
    "display.max_colwidth": 60,
    "display.min_rows": 20,
    "display.precision": 3,
    "display.width": 110,
}


def use() -> None:
    """Figures and tables that look the same wherever this notebook runs.

    Call it once, in the first cell after the parameters. Resets matplotlib to its defaults before
    it sets `RC`, so that a user's own matplotlibrc changes no report; sets the pandas options in
    `PANDAS`; tells the inline backend to draw SVG without a date.

    >>> use()
    >>> mpl.rcParams["svg.hashsalt"], pd.get_option("display.max_columns")
    ('casechron', 40)
    """
    _set_matplotlib()
    pd.reset_option("display")
    for option, value in PANDAS.items():
        pd.set_option(option, value)
    # Text in figures stays text, so a glyph that matplotlib's own font lacks is no loss and no
    # news.
    warnings.filterwarnings("ignore", message="Glyph .* missing from font")
    _set_inline_backend()


def _set_matplotlib() -> None:
    mpl.rcdefaults()
    mpl.rcParams.update(RC)


@contextmanager
def rc_context() -> Iterator[None]:
    """The settings of `RC` for the time of a `with` block; for code that runs outside a report's
    notebook.

    >>> with rc_context():
    ...     mpl.rcParams["svg.fonttype"]
    'none'
    """
    with mpl.rc_context():
        _set_matplotlib()
        yield


def _set_inline_backend() -> None:
    """The same settings of the inline backend in every kernel; nothing outside a kernel."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats
    from matplotlib_inline.config import InlineBackend

    # An `ax` left open at the end of a cell is then drawn as deterministic SVG too, not as PNG.
    set_matplotlib_formats("svg")
    inline = InlineBackend.instance(parent=shell)
    inline.print_figure_kwargs = {"bbox_inches": None, "metadata": {"Date": None, "Creator": None}}
    inline.rc = {}
