"""How does a notebook show a table, a figure or findings, so that reports can take them out again?

Each ``show`` sends one output that holds several renderings of the same thing, and says in its metadata
what it is and what it is called. The files of a report (``tables/*.csv``, ``figures/*.svg``) are taken out of
these outputs, so what stands on a page and what stands in a file cannot differ. Names are for files and
addresses: small letters, digits and underscores; no two tables of a review, and no two figures, share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from casechron.reporting import tables
from casechron.reporting.svg import figure_svg

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["show", "show_figure", "show_words", "words_html"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: Addresses of tables, figures and words begin so; as names they could make two things share an address.
_TAKEN = ("table", "caption", "figure", "words")


def show(table: pd.DataFrame, name: str, caption: str | None = None) -> None:
    """A table, shown: on the page, as plain text and as the CSV that the report offers.

    `caption` defaults to the name. The index is not shown. Errors: `ValueError` for a name that cannot be
    part of an address, or for two columns of one name.

    >>> import pandas as pd
    >>> show(pd.DataFrame({"event": ["e1"], "days_min": [3]}), "gaps")
    event  days_min
    e1     3
    1 row, 2 columns
    """
    _check_name(name)
    caption = _caption(name, caption)
    _send(
        {
            "text/html": tables.table_html(table, name, caption),
            "text/plain": tables.table_plain(table),
            "text/csv": tables.table_csv(table),
        },
        kind="table",
        name=name,
        caption=caption,
        fields=tables.table_fields(table),
        rows=len(table),
    )


def show_figure(drawing: Axes | Figure, name: str, alt: str, caption: str | None = None) -> None:
    """A figure, shown as SVG with real text, and closed.

    `alt` says in words what the figure shows, for those who cannot see it; it may not be empty. `caption`
    defaults to the name. The same drawing gives the same bytes on every run.

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
        {"image/svg+xml": picture, "text/plain": f"Figure {name}: {tables.clean(alt)}"},
        kind="figure",
        name=name,
        caption=caption,
        alt=tables.clean(alt),
    )


def show_words(sentences: Iterable[str], name: str, heading: str | None = None) -> None:
    """Findings in words, shown as a list with a line above it.

    Sentences come from functions, so that they stay true for the next review. None at all is said too.

    >>> show_words(["The gap is 3 to 9 days."], "gap_words", "What the dates allow")
    What the dates allow
    - The gap is 3 to 9 days.
    """
    _check_name(name)
    said = [tables.clean(sentence) for sentence in ([sentences] if isinstance(sentences, str) else sentences)]
    plain = [f"- {sentence}" for sentence in said] or [_NOTHING]
    _send(
        {
            "text/html": words_html(said, name, heading),
            "text/plain": "\n".join([tables.clean(heading), *plain] if heading else plain),
        },
        kind="words",
        name=name,
        caption=tables.clean(heading) if heading else "",
        sentences=said,
    )


def words_html(sentences: list[str], name: str, heading: str | None = None) -> str:
    """Sentences as an HTML list at the address ``#words-<name>``.

    >>> print(words_html(["a < b"], "order"))
    <div class="words" id="words-order">
    <ul>
    <li>a &lt; b</li>
    </ul>
    </div>
    """
    lines = [f"<li>{escape(tables.clean(sentence))}</li>" for sentence in sentences]
    items = ["<ul>", *lines, "</ul>"] if lines else [f"<p>{_NOTHING}</p>"]
    # No heading element: the level would depend on the prose around it.
    above = [f'<p class="words-heading">{escape(tables.clean(heading))}</p>'] if heading else []
    return "\n".join([f'<div class="words" id="words-{name}">', *above, *items, "</div>"])


_NOTHING = "Nothing that is coded bears on this."


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise ValueError(
            f"{name!r} cannot name a table, a figure or findings; write small letters, digits and "
            f"underscores, beginning with a letter, and none of: {', '.join(_TAKEN)}"
        )


def _caption(name: str, caption: str | None) -> str:
    text = tables.clean(caption or name.replace("_", " "))
    return text if caption else text[0].upper() + text[1:]


def _send(data: dict[str, str], **said: Any) -> None:
    """Publish one output; outside a kernel or IPython, print its plain text."""
    from IPython.core.getipython import get_ipython

    if get_ipython() is None:
        print(data["text/plain"])
        return
    from IPython.display import display

    display(data, raw=True, metadata={"casechron": said})
