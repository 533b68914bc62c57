"""How does a notebook show a table, a figure or findings, so that reports can take them out again?

Each ``show`` sends one output that holds several renderings of the same thing, and says in its
metadata what it is and what it is called. The files of a report (``tables/*.csv``,
``figures/*.svg``) are taken out of these outputs, and its pages are made of them, so what stands on
a page and what stands in a file cannot differ. Of a table only the CSV is whole; what a notebook
shows of it are its first rows. Names are for files and addresses: small letters, digits and
underscores; no two tables of a review, and no two figures, share one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casechron.coding.characters import legible
from casechron.reporting import tables
from casechron.reporting.findings_html import NOTHING, words_html
from casechron.reporting.svg import figure_svg
from casechron.reporting.table_cells import csv_of, types_of, written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["publish", "show", "show_figure", "show_words"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: Addresses of tables, figures and words begin so; as names they could make two things share an
#: address.
_TAKEN = ("table", "caption", "figure", "words")


def show(table: pd.DataFrame, name: str, caption: str | None = None) -> None:
    """A table, shown: its first rows in the notebook and as plain text, and all of it as the CSV
    that the report offers.

    The metadata's ``fields`` give the types that the CSV does not say, by name of column. `caption`
    defaults to the name. The index is not shown. Errors: `ValueError` for a name that cannot be
    part of an address, or for two columns of one name.

    >>> import pandas as pd
    >>> show(pd.DataFrame({"event": ["e1"], "days_min": [3]}), "gaps")
    event  days_min
    e1     3
    1 row, 2 columns
    """
    _check_name(name)
    caption = _caption(name, caption)
    columns = written(table)
    _send(
        {
            "text/html": tables.begun_html(columns, name, caption),
            "text/plain": tables.plain_of(columns),
            "text/csv": csv_of(columns),
        },
        kind="table",
        name=name,
        caption=caption,
        fields=types_of(columns),
        rows=len(table),
    )


def show_figure(drawing: Axes | Figure, name: str, alt: str, caption: str | None = None) -> None:
    """A figure, shown as SVG with real text, and closed.

    `alt` says in words what the figure shows, for those who cannot see it; it may not be empty.
    `caption` defaults to the name. The same drawing gives the same bytes on every run.

    >>> import matplotlib.pyplot as plt
    >>> figure, ax = plt.subplots()
    >>> show_figure(ax, "gaps", alt="No bars yet.")
    Figure gaps: No bars yet.
    """
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure

    _check_name(name)
    if not alt.strip():
        raise ValueError(f"figure {name} has no alt text; say in words what it shows")
    figure = drawing if isinstance(drawing, Figure) else drawing.get_figure(root=True)
    if figure is None:
        raise ValueError(f"figure {name}: these axes belong to no figure any more; draw them anew")
    caption = _caption(name, caption)
    picture = figure_svg(figure, name, caption, alt)
    # Closed, or the inline backend would show it once more at the end of the cell.
    plt.close(figure)
    _send(
        {"image/svg+xml": picture, "text/plain": f"Figure {name}: {legible(alt)}"},
        kind="figure",
        name=name,
        caption=caption,
        alt=legible(alt),
    )


def show_words(sentences: Iterable[str], name: str, heading: str | None = None) -> None:
    """Findings in words, shown as a list with a line above it.

    Sentences come from functions, so that they stay true for the next review. None at all is said
    too. Where a sentence names the tables on which it rests (see `said.Said`), the metadata's
    ``rests_on`` has their names, a list a sentence.

    >>> show_words(["The gap is 3 to 9 days."], "gap_words", "What the dates allow")
    What the dates allow
    - The gap is 3 to 9 days.
    """
    _check_name(name)
    given = [sentences] if isinstance(sentences, str) else list(sentences)
    rests_on = [list(getattr(sentence, "tables", ())) for sentence in given]
    said = [legible(sentence) for sentence in given]
    plain = [f"- {sentence}" for sentence in said] or [NOTHING]
    _send(
        {
            "text/html": words_html(said, name, heading),
            "text/plain": "\n".join([legible(heading), *plain] if heading else plain),
        },
        kind="words",
        name=name,
        caption=legible(heading) if heading else "",
        sentences=said,
        **({"rests_on": rests_on} if any(rests_on) else {}),
    )


def publish(frames: Mapping[str, pd.DataFrame], folder: str) -> None:
    """Tables that a report offers as files in a folder of their own, and that no page shows: each
    as ``tables/<folder>/<name>.csv``, in a line with its rows.

    Errors: `ValueError` as of `show`.

    >>> import pandas as pd
    >>> publish({"events": pd.DataFrame({"id": ["e1"], "date": ["2018"]})}, "coded")
    tables/coded/events.csv: 1 row, 2 columns
    """
    _check_name(folder)
    for name, table in frames.items():
        _check_name(name)
        columns = written(table)
        size = tables.plain_of(columns, rows=0).rsplit("\n", 1)[-1]
        _send(
            {"text/plain": f"tables/{folder}/{name}.csv: {size}", "text/csv": csv_of(columns)},
            kind="file",
            name=f"{folder}/{name}",
            caption=f"{_caption(folder, None)}: {_caption(name, None).lower()}",
            fields=types_of(columns),
            rows=len(table),
        )


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise ValueError(
            f"{name!r} cannot name a table, a figure or findings; write small letters, digits and "
            f"underscores, beginning with a letter, and none of: {', '.join(_TAKEN)}"
        )


def _caption(name: str, caption: str | None) -> str:
    text = legible(caption or name.replace("_", " "))
    return text if caption else text[0].upper() + text[1:]


def _send(data: dict[str, str], **said: Any) -> None:
    """Publish one output; outside a kernel or IPython, print its plain text."""
    from IPython.core.getipython import get_ipython

    if get_ipython() is None:
        print(data["text/plain"])
        return
    from IPython.display import display

    display(data, raw=True, metadata={"casechron": said})
