"""What happened, in which lane, and on which days can it have happened? What the timeline draws."""

from __future__ import annotations

import pandas as pd

from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import kept, rows_in
from casechron.coding.codebook import AS_JUDGED, codebook
from casechron.review import Review

__all__ = ["timeline"]


#: The lane of kinds that are in none: what lasts for years, and what came after.
UNDRAWN = "undrawn"
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


@kept
def timeline(review: Review) -> pd.DataFrame:
    """What happened, in which lane, and on which days can it have happened?

    This is what the timeline draws.
    What lasts for years and what came after is not drawn. Days are those of `chronicle`; of a side
    that the source leaves open there is none.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event that is drawn, in the order of `chronicle`.

        - `event` (text): its id
        - `lane` (text): 'home', 'raised', 'services', 'missing' or 'entry' (not classified yet)
        - `short` (text): the coder's label for it; empty where there is none
        - `summary` (text): what happened, in the coder's words
        - `when` (text): when it was, in words
        - `places` (text): paragraph and sentence of the source
        - `kind` (text): what kind of event it is
        - `who` (text): the named agencies that raised, led or provided it
        - `absence` (text): for what did not happen, how firmly that is said
        - `status` (text): 'alleged', 'alleged and denied' or 'alleged in part'; empty for facts
        - `always` (True or False): whether the timeline never leaves it out
        - `other_side` (True or False): whether to leave it out would tell one side alone: whose
          violence is told, what is alleged, and what was passed on before a case was closed
        - `earliest`, `latest` (date; NaT: open): the days on which it can have happened
        - `certain_from`, `certain_to` (date; NaT: none): the days on which it certainly went on

    See Also
    --------
    chronicle : every event, with all that is known of when.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.timeline(review)[["event", "lane", "earliest", "latest"]].head(3)
                event    lane   earliest     latest
    0         birth-x    home 2007-05-01 2007-05-31
    1  referrals-2014  raised 2014-01-01 2015-12-31
    2   referral-2014  raised 2014-08-21 2014-08-31
    """
    tables, chronology = review.tables, review.chronology
    book, told = codebook(), chronicle(review)
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
