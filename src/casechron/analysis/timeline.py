"""What happened, in which lane, and on which days can it have happened? What the timeline draws."""

from __future__ import annotations

import pandas as pd

from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import Tables, rows_in
from casechron.chronology import Chronology
from casechron.coding.codebook import codebook

#: The lane of kinds that are in none: what lasts for years, and what came after.
UNDRAWN = "undrawn"
#: The mark on a window that leans on what the coder judged.
AS_JUDGED = " (as judged)"
COLUMNS = (
    *("event", "lane", "short", "summary", "when", "places", "kind", "who", "absence"),
    *("status", "always", "other_side", "earliest", "latest", "certain_from", "certain_to"),
)
_DAYS = ("earliest", "latest", "certain_from", "certain_to")
_TYPES = dict.fromkeys(COLUMNS, "str") | {"always": "bool", "other_side": "bool"}
_TYPES |= dict.fromkeys(_DAYS, "datetime64[s]")
#: Kinds that a timeline never leaves out.
_ALWAYS = ("harm-to-child", "death", "admission", "closure", "plan-end")
#: The sector of what the source does not name (see the codebook).
_UNNAMED = "10"
#: Roles of an agency that brought something about.
_DID = ("raised", "led", "provided")


def timeline(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """What the timeline can draw, a row an event, in the order of the chronicle.

    Kinds that are in no lane (what lasts for years, and what came after) have no row. Days are
    those of the chronicle, beside a living child's age as coarse as the source has them; a side
    that the source leaves open is NaT.

    >>> from casechron.chronology import solve
    >>> events = {"id": ["a"], "date": ["2018-05"], "kind": ["closure"], "summary": ["It ends"]}
    >>> tables = {
    ...     name: pd.DataFrame(columns=codebook().header(name), dtype="str")
    ...     for name in codebook().tables
    ... }
    >>> tables["events"] = pd.DataFrame(events).reindex(
    ...     columns=codebook().header("events"), fill_value=""
    ... )
    >>> found = timeline(tables, solve(tables["events"], tables["relations"]))
    >>> found[["event", "lane", "earliest", "latest", "always"]]
      event      lane   earliest     latest  always
    0     a  services 2018-05-01 2018-05-31    True
    """
    book, told = codebook(), chronicle(tables, chronology)
    kinds = dict(rows_in(tables["events"], "id", "kind"))
    shorts = dict(rows_in(tables["events"], "id", "short")) if "short" in tables["events"] else {}
    who: dict[str, set[str]] = {}
    named = {
        agency: label
        for agency, label, sector in rows_in(tables["agencies"], "id", "label", "sector")
        if sector != _UNNAMED
    }
    for event, agency, role in rows_in(tables["involvement"], "event", "agency", "role"):
        if role in _DID and agency in named:
            who.setdefault(event, set()).add(named[agency])
    # Whose violence is told, and what was raised before a case was closed: to leave out some would
    # be to choose a side.
    harm, closing = book.flagged("event_kind", "harm"), book.flagged("event_kind", "disposes")
    left = {
        to
        for of, to, tie in rows_in(tables["links"], "from_row", "to_row", "type")
        if tie == "answers" and kinds.get(of) in closing
    } & {one for one in kinds if kinds[one] in book.flagged("event_kind", "telling")}
    sides = chronology.open_sides if chronology.admissible else {}
    rows = []
    for row in told.to_dict("records"):
        event = row["event"]
        kind = kinds[event]
        lane = book.lanes.get(kind or "entry", UNDRAWN)
        # What somebody at home did not do is no step that was missing.
        if row["absence"] and lane != "home":
            lane = "missing"
        if lane == UNDRAWN:
            continue
        side = sides.get(event)
        rows.append(
            {
                "event": event,
                "lane": lane,
                "short": shorts.get(event, ""),
                "summary": row["summary"],
                "when": row["said"] + AS_JUDGED * row["as_judged"],
                "places": row["places"],
                "kind": row["kind"],
                "who": ", ".join(sorted(who.get(event, ()))),
                "absence": row["absence"],
                "status": row["alleged"],
                "always": kind in _ALWAYS and not row["absence"],
                "other_side": kind in harm or bool(row["alleged"]) or event in left,
                "earliest": pd.NaT if side and side.start else row["earliest"],
                "latest": pd.NaT if side and side.end else row["latest"],
                "certain_from": row["certain_from"],
                "certain_to": row["certain_to"],
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype(_TYPES)
