"""What was raised, by whom, to whom and on which theme?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from casechron.analysis.record import count_words, places
from casechron.coding.codebook import codebook

__all__ = [
    "CONDUCT",
    "alleged_events",
    "by_event",
    "carriers",
    "concern_ids",
    "concerns",
    "end_event",
    "end_events",
    "learned_later",
    "rows_with",
]

Tables = Mapping[str, pd.DataFrame]

#: Of this kind an absence is a concern itself: somebody did not come.
CONDUCT = "behaviour"
#: What a review's account runs up to, the last of them first.
_ENDS = ("death", "harm-to-child", "admission")
_ANSWERS = "answers"


def concern_ids(tables: Tables) -> list[str]:
    """Which rows of events ask for a response? In table order.

    Events of a kind that the codebook flags as a concern, and whatever else an `answers` link points to. Absences are
    left out (nothing was raised), but for conduct: who did not come is coded as an absence.

    >>> events = pd.DataFrame({"id": ["a", "b"], "kind": ["referral", "visit"], "absence": ["", ""]})
    >>> concern_ids({"events": events, "links": pd.DataFrame({"type": [], "to_row": []})})
    ['a']
    """
    events, links = tables["events"], tables["links"]
    flagged = codebook().flagged("event_kind", "concern")
    answered = set(links.loc[links["type"] == _ANSWERS, "to_row"])
    return [
        row
        for row, kind, absence in zip(events["id"], events["kind"], events["absence"], strict=True)
        if row in answered or (kind in flagged and (not absence or kind == CONDUCT))
    ]


def concerns(tables: Tables) -> pd.DataFrame:
    """What was raised, by whom, to whom and on which theme, and who says so?

    One row per concern (`concern_ids`), in table order. `by` are the agencies that raised it and the persons who told
    it, `to` those that received it, `held_by` those that the source says held it. `carried_by` names the rows that tell
    of it or count it with others, so that a total does not count it twice. `says` gives the status of what is said
    of persons in it, with whose account it is; empty where the source speaks of none.
    """
    book, events = codebook(), tables["events"].set_index("id", drop=False)
    found, themes = places(tables["locators"]), tables["themes"]
    ids = concern_ids(tables)
    rows, carried = events.loc[ids], carriers(tables)
    return pd.DataFrame(
        {
            "concern": list(ids),
            "raised": [book.label("event_kind", kind) for kind in rows["kind"]],
            "summary": list(rows["summary"]),
            "date": list(rows["date"]),
            "how_many": [_how_many(*row) for row in zip(rows["absence"], rows["count_min"], rows["count_max"], strict=True)],
            "by": ["; ".join([*_agencies(tables, row, ("raised",)), *_people(tables, row, "told")]) for row in ids],
            "to": ["; ".join(_agencies(tables, row, ("received",))) for row in ids],
            "held_by": ["; ".join(_agencies(tables, row, ("held",))) for row in ids],
            "themes": ["; ".join(book.label("theme", code) for code in themes.loc[themes["row"] == row, "theme"]) for row in ids],
            "carried_by": ["; ".join(carried.get(row, [])) for row in ids],
            "says": [_says(tables, row) for row in ids],
            "basis": list(rows["basis"]),
            "places": [found.get(row, "") for row in ids],
        },
    ).astype("str")


def carriers(tables: Tables) -> dict[str, list[str]]:
    """Which rows tell of an event, or count it together with others? By event; none for those that no row carries."""
    links = tables["links"]
    found: dict[str, list[str]] = {}
    for wanted, own, other in (("tells-of", "to_row", "from_row"), ("part-of", "from_row", "to_row")):
        rows = links.loc[links["type"] == wanted]
        for event, carrier in zip(rows[own], rows[other], strict=True):
            if carrier not in (there := found.setdefault(event, [])):
                there.append(carrier)
    return found


def end_events(tables: Tables) -> list[str]:
    """Which events does the account run up to: the child's death, the injury, the admission? The last of them first.

    Deaths before harm to a child before admissions; within a kind the later row first. An admission counts only where
    the child at the centre takes part in it, or nobody is said to.

    >>> events = pd.DataFrame({"id": ["admission", "death"], "kind": ["admission", "death"], "absence": ["", ""]})
    >>> people = pd.DataFrame({"id": ["x"], "kinship": ["child"]})
    >>> end_events({"events": events, "people": people, "participation": pd.DataFrame({"event": [], "person": []})})
    ['death', 'admission']
    """
    events, part, people = tables["events"], tables["participation"], tables["people"]
    children = set(people.loc[people["kinship"] == "child", "id"])
    found = []
    for kind in _ENDS:
        there = events.loc[(events["kind"] == kind) & (events["absence"] == ""), "id"]
        for event in reversed(list(there)):
            who = set(part.loc[part["event"] == event, "person"])
            if kind == "harm-to-child" or not who or who & children:
                found.append(event)
    return found


def end_event(tables: Tables, chosen: str = "") -> str:
    """Up to which event are waits observed? The chosen one; else the first of `end_events` that has a date of its own.

    Empty if the review has none. Raises `ValueError` for a chosen event that is not in the table.
    """
    dates = dict(zip(tables["events"]["id"], tables["events"]["date"], strict=True))
    if chosen:
        if chosen not in dates:
            raise ValueError(f"'{chosen}' is no event of this review; write the id of a row of events")
        return chosen
    found = end_events(tables)
    return next((event for event in found if dates[event]), found[0] if found else "")


def alleged_events(tables: Tables) -> list[str]:
    """Which events rest on allegations alone? In table order.

    Events with a part that is alleged or counter-alleged and none that is reported as fact, found or established.
    """
    part, book = tables["participation"], codebook().codes("status")
    forces = {event: {book[status].force for status in rows} for event, rows in part.groupby("event", sort=False)["status"]}
    return [row for row in tables["events"]["id"] if "alleged" in forces.get(row, set()) and forces[row] <= {"alleged", "denied"}]


def learned_later(tables: Tables) -> set[str]:
    """Which events did agencies learn of only through the review? Nobody is coded as having known them at the time."""
    rows, book = tables["involvement"], codebook()
    later, knows = book.flagged("involvement_role", "later"), book.flagged("involvement_role", "knows")
    return set(rows.loc[rows["role"].isin(later), "event"]) - set(rows.loc[rows["role"].isin(knows), "event"])


def by_event(tables: Tables, column: str) -> dict[str, str]:
    """One column of events, by event."""
    return dict(zip(tables["events"]["id"], tables["events"][column], strict=True))


def rows_with(tables: Tables, flag: str) -> list[str]:
    """Which events are of a kind with this flag and did happen? In table order."""
    events, flagged = tables["events"], codebook().flagged("event_kind", flag)
    return list(events.loc[events["kind"].isin(flagged) & (events["absence"] == ""), "id"])


def _how_many(absence: str, least: str, most: str) -> str:
    return "an absence" if absence else count_words(least, most)


def _agencies(tables: Tables, event: str, roles: Iterable[str]) -> list[str]:
    rows, labels = tables["involvement"], dict(zip(tables["agencies"]["id"], tables["agencies"]["label"], strict=True))
    return [labels[one] for one in rows.loc[(rows["event"] == event) & rows["role"].isin(list(roles)), "agency"]]


def _people(tables: Tables, event: str, role: str) -> list[str]:
    rows, labels = tables["participation"], dict(zip(tables["people"]["id"], tables["people"]["label"], strict=True))
    return list(dict.fromkeys(labels[one] for one in rows.loc[(rows["event"] == event) & (rows["role"] == role), "person"]))


def _says(tables: Tables, event: str) -> str:
    rows, book = tables["participation"], codebook()
    labels = {
        row: label
        for name in ("agencies", "people")
        for row, label in zip(tables[name]["id"], tables[name]["label"], strict=True)
    }
    said = [
        book.label("status", status) + (f" ({labels.get(account, account)})" if account else "")
        for own, status, account in zip(rows["event"], rows["status"], rows["account"], strict=True)
        if own == event
    ]
    return "; ".join(dict.fromkeys(said))
