"""Which agency had a part in what, who told whom, and what had reached those who decided? Three
charts: a matrix of agencies and events, boxes around those who decided, a square a concern."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from math import cos, radians, sin
from typing import Any

import pandas as pd

from casechron.analysis.involvement import (
    ABSENT,
    ACTED,
    HELD,
    LATER_PART,
    PART_WORDS,
    PARTS,
    RECEIVED,
    TOLD_OF,
    TOLD_OTHERS,
    part_words,
)
from casechron.report.draw.canvas import (
    FAINT_RULE,
    GROUND,
    INK,
    LANES,
    PALE,
    Canvas,
    Lane,
    check_columns,
    mixed,
    text_width,
    wrapped,
)
from casechron.report.text.english import capital, rows_by, rows_of

__all__ = ["draw_decisions", "draw_involvement", "draw_tellings"]

#: How many events and how many agencies the matrix has at most: more cannot be read.
EVENTS_IN_MATRIX, AGENCIES_DRAWN = 25, 14
_SERVICES, _RAISED, _MISSING = (LANES[lane] for lane in ("steps", "raised", "missing"))
_UNNAMED = "Not named in the source"
#: Which events stand where there is no room for all: where somebody was missing, told or led.
_TURNS = (ABSENT, TOLD_OTHERS, ACTED, RECEIVED, TOLD_OF, HELD, LATER_PART)
#: How steeply the names of agencies go up, in degrees.
_SLANT = 58.0
#: How many rows stand on a phone's screen below the names.
_SCREEN = 13
#: The states of a concern at a decision, with the words of the key, the best known first.
STATE_WORDS: Mapping[str, str] = {
    "certainly": "had reached an agency that decided or was to act",
    "possibly": "can have reached it in time",
    "unsure": "certainly or possibly with an agency, not said whether with one of these",
    "elsewhere": "certainly or possibly recorded with another agency only",
    "nowhere": "not recorded with any agency at the time",
}
_KNOWN = LANES["wait"].color
_Row = Mapping[Any, Any]


def draw_involvement(
    involvement: pd.DataFrame, title: str, note: str = "", px: int = 1160
) -> Canvas:
    """A matrix of events, in order of time, and agencies, with a mark for each part.

    At most 25 events and 14 agencies are drawn: first those where the source says that somebody was
    missing, then those at which somebody told or led; what is left out is said below. Agencies that
    the source does not name share one column.

    Parameters
    ----------
    involvement : pandas.DataFrame
        What `involvement` gives: `event`, `summary`, `said` (when, in words), `agency_label`,
        `named`, `part`, `roles`, `stated_absence`, `basis`, `differs`, `places`.
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Each event is a group by its name, `event-ID`, that leads to its row.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"event": "call", "summary": "A call", "said": "in 2018", "agency_label": "School"}
    >>> row |= {"named": True, "part": "raised or told", "roles": ("raised",)}
    >>> row |= {"stated_absence": (), "basis": "stated", "differs": False}
    >>> parts = pd.DataFrame([row | {"places": "para 1.1"}])
    >>> list(cc.draw_involvement(parts, "The school called").links)
    ['event-call']
    """
    columns = "event summary said agency_label named part roles stated_absence basis differs places"
    check_columns(involvement, "involvement", columns, "cc.involvement")
    canvas = Canvas.headed(px, "involvement", title, note)
    if len(involvement):
        _Matrix(canvas, involvement).draw(canvas.height + 8)
    return canvas


class _Matrix:
    """The agencies that have a column each, the events that have a row, and the marks."""

    def __init__(self, canvas: Canvas, table: pd.DataFrame) -> None:
        self.canvas = canvas
        self.size = size = canvas.size
        column = table["agency_label"].where(table["named"], _UNNAMED)
        table = table.assign(column=column, words=part_words(table))
        named = table.loc[table["named"], "column"]
        # Those with most rows stand, in the order in which they appear.
        drawn_agencies = set(named.value_counts(sort=True).index[:AGENCIES_DRAWN])
        self.columns = [agency for agency in dict.fromkeys(named) if agency in drawn_agencies]
        if not table["named"].all():
            self.columns.append(_UNNAMED)
        drawn = table[table["column"].isin(self.columns)]
        turns = drawn["part"].map(_TURNS.index)
        # What is told of unnamed agencies alone comes last.
        turn = (turns + len(_TURNS) * ~drawn["named"]).groupby(drawn["event"], sort=False).min()
        order = turn.sort_values(kind="stable").index
        # Each agency that has a column has a row too.
        best = drawn.loc[turns.groupby(drawn["column"]).idxmin(), "event"]
        kept = set([*dict.fromkeys([*best, *order])][:EVENTS_IN_MATRIX])
        self.rows = drawn[drawn["event"].isin(kept)]
        self.left_out = table["event"].nunique() - len(kept), named.nunique() - len(drawn_agencies)
        wide = [text_width(column, size) * cos(radians(_SLANT)) for column in self.columns]
        self.names = 2.0 if canvas.narrow else min(330.0, canvas.width - max(wide) - 20)
        # Each slanted name ends within the drawing.
        rooms = [
            (canvas.width - self.names - name - size) / (place + 0.5)
            for place, name in enumerate(wide)
        ]
        self.step = min(26.0, *rooms)

    def x(self, column: str) -> float:
        return self.names + self.step * (self.columns.index(column) + 0.5)

    def draw(self, y: float) -> None:
        canvas, size = self.canvas, self.size
        y = self._key(y)
        high = max(text_width(column, size) for column in self.columns) * sin(radians(_SLANT))
        rows = [*rows_by(self.rows, "event").items()]
        # On a phone the names stand again where they have gone out of sight.
        at_once = _SCREEN if canvas.narrow else len(rows)
        for begin in range(0, len(rows), at_once):
            y = top = y + high + size + 6
            self._names(y)
            for event, parts in rows[begin : begin + at_once]:
                y = self._row(y, event, parts)
            for column in self.columns:
                canvas.line((self.x(column),) * 2, (top, y), FAINT_RULE, 0.5)
        nouns = (("event", "events"), ("agency", "agencies"))
        left_out = [
            f"{count} more {noun if count == 1 else plural}"
            for count, (noun, plural) in zip(self.left_out, nouns, strict=True)
            if count
        ]
        if what := " and ".join(left_out):
            canvas.paragraph(2, y + 4, f"Not drawn: {what}.", size, canvas.width - 4, color=PALE)

    def _names(self, y: float) -> None:
        """The names of the agencies, slanted, above `y`."""
        for column in self.columns:
            color = PALE if column == _UNNAMED else INK
            x = self.x(column) + self.size * 0.3
            self.canvas.text(x, y - 4, column, self.size, color=color, angle=_SLANT)

    def _key(self, y: float) -> float:
        canvas, size = self.canvas, self.size
        x = 2.0
        words: dict[str, str] = {}
        for part in sorted(set(self.rows["part"]), key=PARTS.index):
            words.setdefault(PART_WORDS[part], part)
        for text, part in words.items():
            width = text_width(text, size) + 18
            if x > 2 and x + width > canvas.width:
                x, y = 2.0, y + size * 1.7
            self._mark(x + 5, y + size * 0.75, part)
            canvas.text(x + 14, y + size * 1.1, text, size)
            x += width + 12
        return y + size * 1.7

    def _row(self, y: float, event: str, rows: Sequence[_Row]) -> float:
        canvas, size = self.canvas, self.size
        first = rows[0]
        agencies = "; ".join(f"{row['agency_label']}: {row['words']}" for row in rows)
        label = f"{first['summary']}, {first['said']}. {capital(agencies)}. {first['places']}"
        with canvas.group(f"event-{event}", f"tables/chronicle.html#{event}", label):
            room = canvas.either(canvas.width - 6, self.names - 14)
            below = canvas.paragraph(2, y + 2, first["summary"], size, room)
            if canvas.narrow:
                middle, end = below + 9, below + 17
            else:
                middle, end = (y + below) / 2 + 2, below + 6
            marks: dict[str, list[str]] = {}
            for row in rows:
                marks.setdefault(row["column"], []).append(row["part"])
            for column, parts in marks.items():
                self._mark(self.x(column), middle, min(parts, key=_TURNS.index))
        canvas.line((2, canvas.width - 2), (end, end), FAINT_RULE, 0.5)
        return end

    def _mark(self, x: float, y: float, part: str) -> None:
        canvas = self.canvas
        if part == ABSENT:
            canvas.bar(x - 3.5, y - 3.5, 7, 7, GROUND, edge=_MISSING.color, dashed=True)
        elif part == LATER_PART:
            canvas.bar(x - 3, y - 3, 6, 6, GROUND, edge=PALE)
        elif part == TOLD_OTHERS:
            canvas.arrow(x - 3, y, 7, 4, _RAISED.color)
        elif PART_WORDS[part] == "was told":
            canvas.arrow(x + 3, y, -7, 4, _SERVICES.color)
        elif part == ACTED:
            canvas.bar(x - 3.5, y - 3.5, 7, 7, _SERVICES.color)
        else:
            canvas.bar(x - 2, y - 2, 4, 4, mixed(_SERVICES.color, 0.75))


def draw_tellings(
    tellings: pd.DataFrame,
    missing: pd.DataFrame,
    centre: str,
    title: str,
    note: str = "",
    px: int = 1160,
) -> Canvas:
    """Who told those who decided, when and of what; who was missing; what was told to the review.

    Parameters
    ----------
    tellings : pandas.DataFrame
        What `cc.words.involvement.told` gives, one row per telling, in order of time: `event`,
        `who` and `to` (empty: not stated), `when` (its date in words), `what` (of what, in few
        words), `places`, `afterwards` (bool: told to the review, after it all).
    missing : pandas.DataFrame
        What `cc.words.involvement.missing` gives, one row per agency of which the source says that
        it was not there: `event`, `who`, `how`, `what` (from which steps), `places`.
    centre : str
        Who was told, as `cc.words.involvement.centre` gives it.
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Each row is a group by its name, `told-N`, `missing-N`, `other-N` or `later-N`, that leads
        to its event.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"event": "call", "who": "School", "to": "Social care", "when": "in 2018"}
    >>> told = pd.DataFrame([row | {"what": "Worries", "places": "para 1.1", "afterwards": False}])
    >>> missing = pd.DataFrame(columns=["event", "who", "how", "what", "places"])
    >>> list(cc.draw_tellings(told, missing, "Social care", "The school told").links)
    ['told-0']
    """
    columns = "event who to when what places afterwards"
    check_columns(tellings, "tellings", columns, "cc.words.involvement.told")
    columns = "event who how what places"
    check_columns(missing, "missing", columns, "cc.words.involvement.missing")
    canvas = Canvas.headed(px, "tellings", title, note)
    later = tellings["afterwards"].astype(bool)
    here = tellings["to"] == centre
    layout = _Columns(canvas)
    here_told, absent = (rows_of(rows) for rows in (tellings[here & ~later], missing))
    y = layout.draw(canvas.height + 12, here_told, absent, centre)
    for name, head, rows in (
        ("other", "Told to others, or to whom is not said", tellings[~here & ~later]),
        ("later", "Told to the review", tellings[later]),
    ):
        if rows.empty:
            continue
        y = canvas.paragraph(2, y + 14, head, layout.head, canvas.width, color=PALE, bold=True)
        for place, row in enumerate(rows_of(rows)):
            with layout.group(name, place, row):
                to = f"to {row['to']}" if row["to"] else ""
                telling = capital(", ".join(filter(None, (row["who"], to, row["when"]))))
                text = f"{telling}: {row['what']}"
                y = canvas.paragraph(2, y + 2, text, layout.size, canvas.width - 4)
    return canvas


def _said(row: _Row) -> str:
    """What a box says below its name: when it was, or how somebody was missing, and of what."""
    head = capital(row.get("when") or row.get("how") or "")
    return ": ".join(filter(None, [head, row["what"]]))


class _Columns:
    """Boxes at the left with arrows to the middle, dashed boxes at the right; below each other on a
    phone."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.size, self.head = canvas.either(8.6, 9.0), canvas.either(9.4, 10.0)
        self.middle = (canvas.width - 190) / 2
        self.side = canvas.either(canvas.width - 40, self.middle - 24)

    def group(self, name: str, place: int, row: _Row) -> AbstractContextManager[None]:
        """What is drawn of a row, which leads to its event."""
        href = f"tables/chronicle.html#{row['event']}"
        return self.canvas.group(f"{name}-{place}", href, row["who"], _said(row), row["places"])

    def draw(self, y: float, told: Sequence[_Row], missing: Sequence[_Row], centre: str) -> float:
        canvas, top = self.canvas, y + self.head * 1.6
        below = self._heading(2, y, _RAISED, "Told, as recorded")
        if canvas.narrow:
            y = self._boxes("told", 2, below, told, _RAISED, canvas.width - 2)
            y = self._centre(2, y + 4, y + 30, canvas.width - 4, centre) + 10
        else:
            left = self._boxes("told", 2, top, told, _RAISED, self.middle)
        at, right = canvas.either(2, canvas.width - self.side - 2), y
        if missing:
            below = self._heading(at, y, _MISSING, "Missing or not enough, certainly or perhaps")
            right = self._boxes("missing", at, canvas.either(below, top), missing, _MISSING)
        if canvas.narrow:
            return right
        bottom = max(left, right, y + 70)
        self._centre(self.middle, top, bottom, 190, centre)
        return bottom

    def _heading(self, x: float, y: float, lane: Lane, text: str) -> float:
        look = {"color": lane.color, "bold": True}
        return self.canvas.paragraph(x, y, text, self.head, self.side, **look) + 3

    def _boxes(
        self, name: str, x: float, y: float, rows: Sequence[_Row], lane: Lane, to: float = 0
    ) -> float:
        """A box for each row, with an arrow that goes up to `to`; dashed where none goes out."""
        for place, row in enumerate(rows):
            with self.group(name, place, row):
                y = self._box(x, y, row, lane, to) + 5
        return y

    def _box(self, x: float, y: float, row: _Row, lane: Lane, to: float) -> float:
        canvas = self.canvas
        name = capital(row["who"] or "not said who")
        who = wrapped(name, self.side - 12, self.size, bold=True)
        what = wrapped(_said(row), self.side - 12, self.size)
        height = (len(who) + len(what)) * self.size * 1.25 + 7
        if to:
            canvas.bar(x, y, self.side, height, lane.ground)
            canvas.bar(x, y, 2, height, lane.color)
            begin, middle = x + self.side + 2, y + height / 2
            length = max(to - begin - 6, 6.0)
            canvas.bar(begin, middle - 0.6, length, 1.2, lane.color)
            canvas.arrow(begin + length, middle, 5, 3, lane.color)
        else:
            canvas.bar(x, y, self.side, height, "none", edge=lane.color, dashed=True)
        down = canvas.lines(x + 7, y + 1, who, self.size, color=lane.color, bold=True)
        canvas.lines(x + 7, down, what, self.size)
        return y + height

    def _centre(self, x: float, y: float, bottom: float, width: float, text: str) -> float:
        canvas = self.canvas
        canvas.bar(x, y, width, bottom - y, mixed(_SERVICES.color, 0.12, _SERVICES.ground))
        lines = wrapped(text, width - 16, self.head, bold=True)
        at = (y + bottom) / 2 - len(lines) * self.head * 0.62
        at = canvas.lines(x + width / 2, at, lines, self.head, bold=True, align="center")
        return max(bottom, at + 6)


def draw_decisions(concerns: pd.DataFrame, title: str, note: str = "", px: int = 1160) -> Canvas:
    """At each decision, a square for each concern raised by then, by where it stood.

    Parameters
    ----------
    concerns : pandas.DataFrame
        What `cc.words.decisions.at_decisions` gives, one row per decision and concern, decisions in
        order of time: `decision` (id), `decision_label`, `when` (in words), `state` (of
        `STATE_WORDS`), `basis` ('judged': by the coder's reading alone).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Each decision is a group by its name, `decision-ID`, that leads to its event.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"decision": "closure", "decision_label": "The case is closed", "when": "in 2018"}
    >>> row |= {"state": "certainly", "basis": "stated"}
    >>> list(cc.draw_decisions(pd.DataFrame([row]), "The call was on record").links)
    ['decision-closure']
    """
    columns = "decision decision_label when state basis"
    check_columns(concerns, "concerns", columns, "cc.words.decisions.at_decisions")
    canvas = Canvas.headed(px, "decisions", title, note)
    y = _states_key(canvas, canvas.height + 8, set(concerns["state"]))
    for decision, rows in rows_by(concerns, "decision").items():
        y = _decision(canvas, y + 10, decision, rows)
    return canvas


def _states_key(canvas: Canvas, y: float, states: set[str]) -> float:
    x, below, size = 2.0, y, canvas.size
    for state, words in STATE_WORDS.items():
        if state not in states:
            continue
        lines = wrapped(words, canvas.width - 20, size)
        width = max(text_width(line, size) for line in lines) + 16
        if x > 2 and x + width > canvas.width:
            x, y = 2.0, below + size * 0.45
        _square(canvas, x, y + 2, size, state)
        below = max(below, canvas.lines(x + size + 5, y - 1.5, lines, size))
        x += width + 16
    return below + size * 0.45


def by_state(rows: Sequence[_Row]) -> Iterator[str]:
    """How many of the concerns at a decision stood where, and how many of these as judged.

    >>> list(by_state([{"state": "certainly", "basis": basis} for basis in ("judged", "stated")]))
    ['2 had reached an agency that decided or was to act (1 as judged)']
    """
    for state, words in STATE_WORDS.items():
        bases = [row["basis"] for row in rows if row["state"] == state]
        judged = bases.count("judged")
        how_many = "" if judged == len(bases) else f"{judged} "
        if bases:
            yield f"{len(bases)} {words}" + f" ({how_many}as judged)" * bool(judged)


def _square(canvas: Canvas, x: float, y: float, side: float, state: str) -> None:
    if state == "certainly":
        canvas.bar(x, y, side, side, _KNOWN)
    elif state == "possibly":
        canvas.bar(x, y, side, side, mixed(_KNOWN, 0.62))
        canvas.bar(x, y, side, side, "none", edge=GROUND, hatch="/////")
    elif state in ("unsure", "elsewhere"):
        canvas.bar(x, y, side, side, "none", edge=_RAISED.color)
        # Half full: whether it was at the table is not said; a point: it was elsewhere.
        part = side / 2 if state == "unsure" else side / 3
        at = (x, y) if state == "unsure" else (x + part, y + part)
        canvas.bar(*at, part, side if state == "unsure" else part, _RAISED.color)
    else:
        canvas.bar(x, y, side, side, "none", edge=_MISSING.color, dashed=True)


def _decision(canvas: Canvas, y: float, decision: str, rows: Sequence[_Row]) -> float:
    """A decision with its squares, those that are best known first."""
    states = sorted((row["state"] for row in rows), key=list(STATE_WORDS).index)
    label, when = str(rows[0]["decision_label"]), str(rows[0]["when"])
    href = f"tables/chronicle.html#{decision}"
    names, size = canvas.either(canvas.width - 4, 250.0), canvas.size
    words = f"{label}, {when}: {'; '.join(by_state(rows))}"
    with canvas.group(f"decision-{decision}", href, words):
        top = y
        y = canvas.paragraph(2, y, label, size, names - 14, bold=True)
        y = canvas.paragraph(2, y, when, size, names - 14, color=PALE)
        left = x = canvas.either(2.0, names)
        down = canvas.either(y + 4, top + 3)
        step = size + 4
        for state in states:
            if x + size > canvas.width - 2:
                x, down = left, down + step
            _square(canvas, x, down, size, state)
            x += step
    return max(y, down + step)
