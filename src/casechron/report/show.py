"""How does a notebook show what it found, so that a page can be made of it?

`points` shows findings in words, `figure` a chart, `table` a table; `keep` publishes a table that
no page shows. Each sends one output that says in its metadata what it is and what it is called: the
files of a report and its pages are made of these outputs, so that they cannot differ. Before
anybody trusts a notebook, a figure is a picture there and a table plain HTML."""

from __future__ import annotations

import base64
import hashlib
import inspect
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from casechron.characters import counted, legible, meant_or, nearest
from casechron.report.table_cells import (
    TextColumn,
    as_csv,
    head_of,
    plain_rows,
    types_of,
    written_columns,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from casechron.review import Review

__all__ = ["Card", "Point", "cards", "figure", "keep", "points", "style", "table"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: Rows and columns of a table that a page shows; all of them stand in a page of their own.
ROWS_SHOWN, _COLUMNS = 12, 6
#: What the title of each chart begins with: a chart that is copied out of its page takes it along.
_title_mark = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence, and the ids of the rows that bear it, so that a page can show them.

    Parameters
    ----------
    text : str
        The sentence.
    rows : tuple of str
        Ids of rows of the review, such as events, in the order in which it speaks of them.

    Examples
    --------
    >>> import casechron as cc
    >>> cc.show.points([cc.show.Point("Nobody asked.", ("visit-2014",))])
    - Nobody asked.
    """

    text: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """Points under a heading of their own.

    Parameters
    ----------
    title : str
        What the card is about.
    points : tuple of Point
        What is told of it.
    lead : str
        How the points belong to it, as a sentence above them.
    place : str
        Where the source says what the title says.

    Examples
    --------
    >>> import casechron as cc
    >>> cc.show.Card("Plans look at history", (cc.show.Point("History was not used."),)).title
    'Plans look at history'
    """

    title: str
    points: tuple[Point, ...] = ()
    lead: str = ""
    place: str = ""


def style(review: Review | None = None) -> None:
    """Let tables and figures look the same wherever this notebook runs.

    Call it once, after the review has been read. It sets matplotlib and pandas back to their
    defaults first, so that nobody's own settings change a report.

    Parameters
    ----------
    review : Review, optional
        The review that the notebook tells of. Charts of an invented one say so in their titles; and
        where its sources were not read whole, "the material at hand" is silent, not "the source".

    Examples
    --------
    >>> import casechron as cc, matplotlib as mpl
    >>> cc.show.style()
    >>> mpl.rcParams["axes.titlelocation"]
    'left'
    """
    from casechron.analysis.tables import check_review
    from casechron.report.about import tell_from
    from casechron.report.draw.canvas import set_look

    if review is not None:
        check_review(review, "style")
    global _title_mark
    _title_mark = "Invented: " if review is not None and review.meta.invented else ""
    tell_from([] if review is None else review.tables["sources"]["located_by"])
    set_look()


def points(sentences: Iterable[Point | str], name: str = "points") -> None:
    """Show findings in words: those of a page, or of a part of it.

    Parameters
    ----------
    sentences : iterable of Point or str
        Each a sentence, or a `Point` that names the rows that bear it. The first is the finding.
    name : str, default "points"
        What they are called: small letters, digits and underscores.

    Raises
    ------
    ValueError
        For a name that cannot be part of an address, and, in a notebook, for rows that the review
        does not have.

    Examples
    --------
    >>> import casechron as cc
    >>> cc.show.points(["Between 3 and 11 weeks passed."])
    - Between 3 and 11 weeks passed.
    """
    _check_name(name)
    points = _checked_points(sentences)
    plain = _plain_list(points) or "- Nothing is told here."
    data = {"text/html": _html_list(points), "text/plain": plain}
    _send(data, kind="points", name=name, points=points)


def cards(several: Iterable[Card], name: str) -> None:
    """Show points under headings: what belongs together stands on a card.

    Parameters
    ----------
    several : iterable of Card
        The cards, in the order in which they are read.
    name : str
        As `points` has it.

    Raises
    ------
    ValueError
        As `points` has it.

    Examples
    --------
    >>> from casechron.report.show import Card, Point, cards
    >>> cards([Card("Plans look at history", (Point("History was not used."),))], "recommended")
    Plans look at history
    - History was not used.
    """
    _check_name(name)
    shown: list[dict[str, Any]] = []
    html, plain = list[str](), list[str]()
    for card in several:
        title, lead, points = legible(card.title), legible(card.lead), _checked_points(card.points)
        shown.append({"title": title, "lead": lead, "place": legible(card.place), "points": points})
        paragraph = f"<p>{escape(lead, quote=False)}</p>" if lead else ""
        html.append(f"<h3>{escape(title, quote=False)}</h3>{paragraph}{_html_list(points)}")
        plain += filter(None, [title, lead, _plain_list(points)])
    data = {"text/html": "".join(html), "text/plain": "\n".join(plain) or "Nothing is told here."}
    _send(data, kind="cards", name=name, cards=shown)


def _checked_points(sentences: Iterable[Point | str]) -> list[dict[str, Any]]:
    if isinstance(sentences, Point | str):
        raise ValueError("give a list of points, also of one: [cc.show.Point(...)]")
    points = [point if isinstance(point, Point) else Point(point) for point in sentences]
    if wrong := [point.text for point in points if hasattr(point.rows, "upper")]:
        raise ValueError(f"give the rows of {wrong[0]!r} as a tuple of ids")
    _check_rows({row: point.text for point in points for row in point.rows})
    return [{"text": legible(point.text), "rows": list(point.rows)} for point in points]


def _check_rows(rows: Mapping[str, str]) -> None:
    """Refuse rows that no review of this notebook has; each is given with the text that names it.

    A page would show nothing for them, in silence."""
    from IPython.core.getipython import get_ipython

    from casechron.review import Review

    shell = get_ipython()
    values = [] if shell is None or not rows else [*shell.user_ns.values()]
    reviews = [value for value in values if isinstance(value, Review)]
    tables = [
        (name, table["id"])
        for review in reviews
        for name, table in review.tables.items()
        if "id" in table
    ]
    known_rows = [row for _, ids in tables for row in ids]
    unknown = [row for row in rows if row not in known_rows]
    if reviews and unknown:
        raise ValueError(
            f"{rows[unknown[0]]!r} names rows that the review does not have:"
            f" {', '.join(map(repr, unknown))}{meant_or(nearest(unknown[0], known_rows))}"
            f" (looked in {', '.join(dict(tables))})"
        )


def _html_list(points: Sequence[Mapping[str, Any]]) -> str:
    items = (f"<li>{escape(point['text'], quote=False)}</li>" for point in points)
    return f"<ul>{''.join(items)}</ul>"


def _plain_list(points: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"- {point['text']}" for point in points)


def figure(
    drawing: Callable[..., Any] | Axes | Figure,
    *tables: Any,
    name: str,
    title: str,
    alt: str,
    **options: Any,
) -> None:
    """Show a chart: for a desk and for a phone, with real text, the same bytes every time.

    Parameters
    ----------
    drawing : callable, Axes or Figure
        What draws the chart from `tables`: one of the charts of this package, as
        `cc.draw_timeline`, which takes its width in pixels as `px`; or a function of your own that
        returns the axes, or the figure, that it has drawn (or these themselves). Its axes are moved
        within the width of a desk and of a phone, its height stays, its title is put above it.
    *tables : object
        What the chart is drawn from. Where no table of these and the options has a row, a
        drawing of your own is not asked for, and a sentence says so.
    name : str
        What it is called: small letters, digits and underscores.
    title : str
        The finding, as a sentence.
    alt : str
        What the chart shows, in words, for those who cannot see it.
    **options : object
        What else the chart takes.

    Raises
    ------
    ValueError
        For a chart without alt text, and for one whose labels leave it no room on a phone.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from casechron.report.show import figure
    >>> figure(Figure(figsize=(1, 1)), name="gaps", title="No gap.", alt="An empty drawing.")
    Figure gaps: No gap.
    """
    from casechron.report.draw import NARROW, WIDE
    from casechron.report.draw.svg import figure_svg

    _check_name(name)
    if not alt.strip():
        raise ValueError(f"figure {name} has no alt text; say in words what it shows")
    title, alt = _title_mark + legible(title), legible(alt)
    empty = [frame.empty for frame in (*tables, *options.values()) if hasattr(frame, "empty")]
    if callable(drawing) and "px" in inspect.signature(drawing).parameters:
        canvases = {px: drawing(*tables, title=title, px=px, **options) for px in (WIDE, NARROW)}
        wide, drawn = canvases[WIDE].links, {}
        for px, canvas in canvases.items():
            # What leads to the same row in the wide drawing is said there alone: pages take it.
            links = {k: v for k, v in canvas.links.items() if px == WIDE or wide.get(k) != v}
            drawn[px] = figure_svg(canvas.figure(), f"{name}-{px}", title, links)
    elif not callable(drawing) and (tables or options):
        raise ValueError(
            f"figure {name}: this is drawn already; give the function that draws it, and its tables"
        )
    elif empty and all(empty):
        _send({"text/plain": "No chart is drawn here: there is no row to draw."})
        return
    else:
        axes = drawing(*tables, **options) if callable(drawing) else drawing
        drawn = _own_drawing(axes, name, title)
    narrow = f'<source media="(max-width: 700px)" srcset="{_data_address(drawn[NARROW])}">'
    picture = f'<img src="{_data_address(drawn[WIDE])}" alt="{escape(alt)}">'
    html, plain = f"<picture>{narrow}{picture}</picture>", f"Figure {name}: {title}"
    data = {"text/html": html, "text/plain": plain}
    _send(data, kind="figure", name=name, title=title)


def table(
    table: pd.DataFrame,
    name: str,
    caption: str,
    columns: Sequence[str] = (),
    more: Sequence[str] = (),
    in_words: pd.DataFrame | None = None,
) -> None:
    """Show a table: its first rows, and of them what a reader needs; all of it is published.

    Parameters
    ----------
    table : pandas.DataFrame
        The table; its index is not shown.
    name : str
        What it is called: small letters, digits and underscores.
    caption : str
        What it holds, in a few words.
    columns : sequence of str, optional
        The columns that are shown, six at most; the first six where none are named.
    more : sequence of str, optional
        Columns that a reader can unfold in each row.
    in_words : pandas.DataFrame, optional
        The same rows as a reader is shown them, with these columns; the table is published.

    Raises
    ------
    ValueError
        For a name that cannot be part of an address, a column that the table does not have, two
        columns of one name, or more columns than a page can show.

    Examples
    --------
    >>> import casechron as cc, pandas as pd
    >>> cc.show.table(pd.DataFrame({"event": ["e1"], "days_min": [3]}), "gaps", "Gaps")
    event  days_min
    e1     3
    1 row, 2 columns, a0ffde6b
    """
    _check_name(name)
    shown_table = table if in_words is None else in_words
    chosen = list(columns) or [str(column) for column in shown_table.columns[:_COLUMNS]]
    if len(chosen) > _COLUMNS:
        raise ValueError(f"table {name} shows {len(chosen)} columns; name {_COLUMNS} at most")
    missing = [column for column in [*chosen, *more] if column not in shown_table.columns]
    if missing:
        raise ValueError(f"table {name} has no column {', '.join(missing)}")
    written, words = written_columns(table), {}
    read = written if in_words is None else written_columns(in_words)
    if in_words is not None:
        first_rows = written_columns(in_words[[*chosen, *more]].head(ROWS_SHOWN))
        words = {"begun": as_csv(first_rows), "begun_fields": types_of(first_rows)}
    shown = [column for name in chosen for column in read if column.name == name]
    plain = f"{plain_rows(shown, len(table))}\n"
    data = {"text/html": _first_rows(shown, len(table), name), "text/plain": plain}
    facts = {"columns": chosen, "more": list(more), "caption": caption, **words}
    _publish(data, written, len(table), kind="table", name=name, **facts)


def keep(table: pd.DataFrame | Mapping[str, pd.DataFrame], name: str, caption: str) -> None:
    """Publish a table that no page shows; the notebook says its name and how many rows it has.

    Parameters
    ----------
    table : pandas.DataFrame, or mapping of str to pandas.DataFrame
        The table; or several by their names, which then stand in a folder of their own.
    name, caption : str
        As `table` has them.

    Examples
    --------
    >>> import casechron as cc, pandas as pd
    >>> cc.show.keep(pd.DataFrame({"event": ["e1"]}), "events", "Events")
    tables/events.csv: 1 row, 1 column, 9b6e7953
    """
    _check_name(name)
    if not isinstance(table, Mapping):
        _keep(table, "table", name, caption)
        return
    for part, part_table in table.items():
        _check_name(part)
        _keep(part_table, "file", f"{name}/{part}", f"{caption}: {part.replace('_', ' ')}")


def _keep(table: pd.DataFrame, kind: str, name: str, caption: str) -> None:
    facts = {"kind": kind, "name": name, "caption": caption, "columns": [], "more": []}
    _publish({"text/plain": f"tables/{name}.csv: "}, written_columns(table), len(table), **facts)


def _publish(data: dict[str, str], written: Sequence[TextColumn], count: int, **facts: Any) -> None:
    """Send a table of so many rows with its CSV. The plain text ends with its size and the
    beginning of its SHA-256: of rows that a notebook does not show it holds no other trace, and
    whoever runs it again sees that they are the same."""
    text = as_csv(written)
    size = f"{counted(count, 'row')}, {counted(len(written), 'column')}"
    data["text/plain"] += f"{size}, {hashlib.sha256(text.encode()).hexdigest()[:8]}"
    facts |= {"caption": legible(facts["caption"]), "fields": types_of(written), "rows": count}
    _send(data, csv=text, **facts)


def _own_drawing(drawing: Axes | Figure, name: str, title: str) -> dict[int, str]:
    """A drawing of somebody's own by its widths, with its title above it as our charts have it."""
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure

    from casechron.report.draw import NARROW, WIDE
    from casechron.report.draw.canvas import INK, Canvas, wrapped
    from casechron.report.draw.svg import figure_svg

    if not isinstance(drawing, Figure) and not hasattr(drawing, "get_figure"):
        raise ValueError(
            f"figure {name}: what draws it returns {type(drawing).__name__}; let it return the axes"
        )
    chart = drawing if isinstance(drawing, Figure) else drawing.get_figure(root=True)
    if chart is None:
        raise ValueError(f"figure {name}: these axes belong to no figure any more; draw them anew")
    plt.close(chart)  # or it would be shown once more
    chart.set_layout_engine("constrained")
    height, drawn = chart.get_figheight(), {}
    for px in (WIDE, NARROW):
        canvas = Canvas(px, name)
        width, size = canvas.width, canvas.either(14, 17)
        lines = wrapped(title, width - 4, size, bold=True)
        chart.set_size_inches(width / 72, height + len(lines) * size * 1.25 / 72)
        words = chart.suptitle("\n".join(lines), x=2 / width, ha="left", parse_math=False)
        words.set(fontsize=size, fontweight="bold", color=INK)
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "constrained_layout not applied", UserWarning)
            try:
                drawn[px] = figure_svg(chart, f"{name}-{px}", title)
            except UserWarning as error:
                raise ValueError(
                    f"figure {name}: in a width of {px} pixels its labels leave no room for what it"
                    " shows; let it be higher, or its labels shorter"
                ) from error
    return drawn


def _data_address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _first_rows(shown: Sequence[TextColumn], count: int, name: str) -> str:
    """The first rows of a table as a notebook holds it; text stands at the left without a style."""

    def row(texts: Iterable[str], tag: str = "td") -> str:
        cells = (f'<{tag} style="text-align:left">{escape(text)}</{tag}>' for text in texts)
        return f"<tr>{''.join(cells)}</tr>\n"

    lines = zip(*(map(legible, column.cells[:ROWS_SHOWN]) for column in shown), strict=True)
    rows = row(map(head_of, shown), "th") + "".join(map(row, lines))
    rest = f"<p>{ROWS_SHOWN} of {count} rows; all are in tables/{name}.csv</p>"
    return f"<table>\n{rows}</table>{rest * (count > ROWS_SHOWN)}"


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot name what is shown; write small letters, digits and underscores,"
            " beginning with a letter"
        )


def _send(data: dict[str, str], **facts: Any) -> None:
    """Publish one output; outside IPython, print its plain text."""
    from IPython.core.getipython import get_ipython

    if get_ipython() is None:
        print(data["text/plain"])
        return
    from IPython.display import display

    display(data, raw=True, metadata={"casechron": facts})
