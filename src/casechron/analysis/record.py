"""How do all tables name agencies and persons, count what recurs, and say where something stands?

Labels, counts and places of coded rows, and the table of who is who. (`coded` shows the rows
themselves, `on_record` since when something was known.)"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

import pandas as pd

from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import Tables, by_key, cells, ids_where, rows_in
from casechron.coding.codebook import UNNAMED_SECTOR, codebook
from casechron.coding.items import parted_items
from casechron.review import Review

__all__ = ["who_is_who"]

#: The sectors of private persons, and of who withheld a name: they refer, and are no agencies.
PRIVATE_SECTORS = ("1A", "1B", "1C", "1D", "9")
#: The id of the row of agencies for an account, a referrer or a holder whom the source leaves open,
#: and who need not be an agency.
UNSPECIFIED = "unspecified"
#: The role of the agency whose step an absence is, and those of agencies that were left out.
RESPONSIBLE = "responsible-absent"
NOT_INVOLVED = ("not-involved", "insufficiently-involved", "not-told")
#: The ready agency of the codebook, and the code of `sector`, that are children's social care.
_CHILDRENS_SERVICES, _SOCIAL_CARE = "childrens-services", "x-childrens"
#: Codes of `sector` that can be children's social care or another service, or anybody.
_MAY_BE = frozenset({"5A", "5C", "10"})
#: How the row for whom the source leaves open is called in a sentence.
NOT_NAMED = "somebody not named"


class Part(NamedTuple):
    """The part of an agency or a person in an event, and the row that says so."""

    party: str
    role: str
    row: str


def agency_labels(tables: Tables) -> dict[str, str]:
    """The label of each agency, by its id; whom the source leaves open in plain words."""
    labels = dict(rows_in(tables["agencies"], "id", "label"))
    return labels | ({UNSPECIFIED: NOT_NAMED} if UNSPECIFIED in labels else {})


def party_labels(tables: Tables) -> dict[str, str]:
    """The label of each agency and each person, by its id."""
    return agency_labels(tables) | dict(rows_in(tables["people"], "id", "label"))


def unnamed_agencies(tables: Tables) -> frozenset[str]:
    """Which rows of agencies stand for what the source leaves unnamed?

    >>> agencies = pd.DataFrame({"id": ["gp", "somebody"], "sector": ["3A", "10"]})
    >>> unnamed_agencies({"agencies": agencies})
    frozenset({'somebody'})
    """
    return frozenset(ids_where(tables["agencies"], "sector", {UNNAMED_SECTOR}))


def can_be(tables: Tables) -> dict[str, frozenset[str]]:
    """Which other rows of agencies can be the same body as each row?

    What the source does not name can be any of them, whichever row stands for it. Of named ones the
    coding says so (`may_be`), in one direction or both.

    >>> rows = {"id": ["gp", "clinic", "police"], "sector": ["3A", "3B", "6"]}
    >>> agencies = pd.DataFrame({**rows, "may_be": ["clinic", "", ""]})
    >>> {row: sorted(others) for row, others in can_be({"agencies": agencies}).items()}
    {'gp': ['clinic'], 'clinic': ['gp'], 'police': []}
    """
    agencies, unnamed = tables["agencies"], unnamed_agencies(tables)
    ids = cells(agencies, "id")
    same: dict[str, set[str]] = {row: set(ids if row in unnamed else unnamed) for row in ids}
    if "may_be" in agencies:
        for row, listed in rows_in(agencies, "id", "may_be"):
            for other_row in parted_items(listed):
                same[row].add(other_row)
                same[other_row].add(row)
    return {row: frozenset(others - {row}) for row, others in same.items()}


def bodies(agencies: Iterable[str], same: Mapping[str, Collection[str]]) -> tuple[int, int]:
    """How many bodies can some rows of agencies be, at least and at most?

    `same` has, by row, those that can be the same body (`can_be`). At most each row is one. At
    least as many as there are groups of rows that can all be one body, where the groups are as few
    as can be.

    >>> bodies(["gp", "ward", "clinic"], {"gp": ["clinic"], "clinic": ["gp"], "ward": []})
    (2, 3)
    """

    def fewest(rest: list[str], groups: list[list[str]], best: int) -> int:
        if len(groups) >= best or not rest:
            return min(best, len(groups))
        first, *others = rest
        for group in groups:
            if set(group) <= set(same[first]):
                group.append(first)
                best = fewest(others, groups, best)
                group.pop()
        return fewest(others, [*groups, [first]], best)

    rows = sorted(set(agencies))
    tied = [row for row in rows if set(same[row]).intersection(rows)]
    return len(rows) - len(tied) + fewest(tied, [], len(tied)), len(rows)


def takes_in() -> frozenset[str]:
    """The kinds of event in which an agency that received somebody was there itself: what reached
    it was a person, and not word of what happened.

    Those in which a person who receives is, by the codebook, caring.

    >>> sorted(takes_in())[:2]
    ['admission', 'contact']
    """
    roles = codebook().roles
    return frozenset(kind for kind, parts in roles.items() if parts.adult["to"] == "caring")


@table_of_rows
def who_is_who(review: Review) -> Iterator[RowOfTable]:
    """Which persons and which agencies are there, and what is each of them?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per person, then one per agency, in the order of the coding.

        - `party` (text): the id of the person or agency
        - `label` (text): how reports call it: the label of other tables, which joins them to the
          id; 'somebody not named' is whom the source leaves open, and may be no agency
        - `kind` (text): 'person or group' or 'agency or body'
        - `tie_or_sector` (text): a person's tie to the child, an agency's sector
        - `note` (text): the coder's note, and of a person the ties to others

    See Also
    --------
    involvement : the agencies' parts in events.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.who_is_who(review)[["party", "label", "tie_or_sector"]]
                    party                label           tie_or_sector
    0             child-x                    X               the child
    1            mother-x           X's mother                  mother
    2  childrens-services  Children's services  Children's social care
    3              police               Police                  Police
    4         unspecified   somebody not named  Unknown or unspecified
    5            school-x           X's school                  School
    """
    tables, book, labels = review.tables, codebook(), agency_labels(review.tables)
    facts = rows_in(tables["attributes"], "row", "attribute", "value")
    ties = by_key((row, value) for row, attribute, value in facts if attribute == "family-tie")
    for person, label, note, tie in rows_in(tables["people"], "id", "label", "note", "kinship"):
        notes = "; ".join(filter(None, [note, *ties.get(person, [])]))
        yield (person, label, "person or group", book.label("kinship", tie), notes)
    for agency, note, sector in rows_in(tables["agencies"], "id", "note", "sector"):
        yield (agency, labels[agency], "agency or body", book.label("sector", sector), note)


def agency_parts(tables: Tables) -> dict[str, list[Part]]:
    """The parts of agencies in each event with any, as coded.

    >>> rows = {"id": ["i1", "i2"], "agency": ["gp", "cs"], "event": "letter"}
    >>> rows = pd.DataFrame(rows | {"role": ["raised", "received"]})
    >>> agency_parts({"involvement": rows})["letter"][1]
    Part(party='cs', role='received', row='i2')
    """
    return _parts(tables["involvement"], "agency")


def person_parts(tables: Tables) -> dict[str, list[Part]]:
    """The parts of persons in each event with any, as coded."""
    return _parts(tables["participation"], "person")


def with_roles(parts: Iterable[Part], roles: Collection[str]) -> list[Part]:
    """Those of some parts that are one of these roles."""
    return [part for part in parts if part.role in roles]


def who_was_left_out(parts: Iterable[Part]) -> list[Part]:
    """Those of some parts that say who was left out. Where the source leaves open who that was, it
    says that nobody was told, or had a part, and not that somebody was left out."""
    return [part for part in with_roles(parts, NOT_INVOLVED) if part.party != UNSPECIFIED]


def _parts(rows: pd.DataFrame, who: str) -> dict[str, list[Part]]:
    return by_key(
        (event, Part(*part)) for event, *part in rows_in(rows, "event", who, "role", "id")
    )


def sector_of(tables: Tables) -> dict[str, str]:
    """The sector of each agency: the ready children's services are children's social care."""
    sectors = dict(rows_in(tables["agencies"], "id", "sector"))
    if sectors.get(_CHILDRENS_SERVICES) == "5A":
        sectors[_CHILDRENS_SERVICES] = _SOCIAL_CARE
    return sectors


def reviewing_bodies(tables: Tables) -> set[str]:
    """The agencies that commission or oversee a review: what they do is no part of the case."""
    return set(ids_where(tables["agencies"], "sector", {"x-partnership"}))


def steps_of_review(tables: Tables) -> set[str]:
    """The events in which only such bodies had a part, as that a review is held."""
    bodies = reviewing_bodies(tables)
    agencies: dict[str, list[str]] = by_key(rows_in(tables["involvement"], "event", "agency"))
    return {event for event, had_part in agencies.items() if bodies.issuperset(had_part)}


def by_childrens_services(tables: Tables, role: str) -> dict[str, str]:
    """Did children's social care have this role in each event, such as receive a referral?

    'yes' where the source names it, 'no' where only others had it, 'open' where an agency of the
    authority not said which had it, an unnamed one, or none on record."""
    sectors = sector_of(tables)
    rows = rows_in(tables["involvement"], "event", "role", "agency")
    had = by_key((event, agency) for event, coded_role, agency in rows if coded_role == role)
    answers = {}
    for event in cells(tables["events"], "id"):
        of = {sectors[agency] for agency in had.get(event, [])}
        answers[event] = "yes" if _SOCIAL_CARE in of else "open" if of & _MAY_BE or not of else "no"
    return answers


def led_elsewhere(tables: Tables) -> frozenset[tuple[str, str]]:
    """What children's social care of one place led, with what that of another place received."""
    cared = {agency for agency, sector in sector_of(tables).items() if sector == _SOCIAL_CARE}
    parts = list(rows_in(tables["involvement"], "agency", "role", "event"))
    led, received = (
        by_key((event, agency) for agency, had, event in parts if had == role and agency in cared)
        for role in ("led", "received")
    )
    pairs = product(led.items(), received.items())
    return frozenset((one, two) for (one, by), (two, to) in pairs if {*by}.isdisjoint(to))


def placed(locators: pd.DataFrame) -> dict[str, str]:
    """Where does each coded row stand? By row, in words.

    A place is `para 13.2`: paragraph 13, sentence 2. Where no text was at hand the place is the
    source's id.

    >>> rows = {"row": ["a", "a", "b"], "source": "report", "paragraph": ["13", "13", ""]}
    >>> placed(pd.DataFrame(rows | {"sentence": ["1", "2", ""]}))
    {'a': 'para 13.1, 13.2', 'b': 'report'}
    """
    return {row: _paragraphs(places) for row, places in _places_by_row(locators).items()}


def places_together(locators: pd.DataFrame) -> Callable[..., str]:
    """What says where some rows stand together: each place once, in words as in `placed`.

    >>> rows = {"row": ["a", "a", "b", "b"], "source": "report"}
    >>> places = {"paragraph": ["13", "13", "13", "14"], "sentence": ["1", "2", "2", "1"]}
    >>> together = places_together(pd.DataFrame(rows | places))
    >>> together("a", "none", "b"), together()
    ('para 13.1, 13.2, 14.1', '')
    """
    by_row = _places_by_row(locators)
    return lambda *rows: _paragraphs(
        dict.fromkeys(place for row in rows for place in by_row.get(row, ()))
    )


def places_of(places: Mapping[str, str], *rows: str) -> str:
    """The places of some rows, of those that have any, one after the other and each once; `places`
    is `placed`."""
    return "; ".join(dict.fromkeys(places[row] for row in rows if row in places))


def _paragraphs(places: Collection[str]) -> str:
    return ("para " if "".join(places)[:1].isdigit() else "") + ", ".join(places)


def _places_by_row(locators: pd.DataFrame) -> dict[str, list[str]]:
    rows = list(rows_in(locators, "row", "source", "paragraph", "sentence"))
    several = len({source for _, source, paragraph, _ in rows if paragraph}) > 1

    def place(source: str, paragraph: str, sentence: str) -> str:
        if not paragraph:
            return source
        return f"{f'{source} ' * several}{paragraph}.{sentence}".removesuffix(".")

    return by_key((row, place(*where)) for row, *where in rows)


def count_words(kind: str, absence: str, least: str, most: str) -> str:
    """How often, in words, from the kind and the count columns of an event.

    Of a worry, of what did not happen, and of what lasts, a source that gives no count does not say
    'once'.

    >>> counts = [("", ""), ("2", ""), ("4", "4"), ("", "3"), ("2", "5")]
    >>> [count_words("referral", "", *count) for count in counts]
    ['once', 'at least 2', '4', 'at most 3', '2 to 5']
    >>> [count_words(kind, "", "", "") for kind in ("concern", "household", "fear")]
    ['', '', '']
    >>> count_words("visit", "did-not-happen", "", "")
    ''
    """
    if not least and not most:
        lasts = kind == "concern" or kind in codebook().flagged("event_kind", "state")
        return "" if absence or lasts else "once"
    if least and not most:
        return f"at least {least}"
    if not least:
        return f"at most {most}"
    return least if least == most else f"{least} to {most}"


def summaries(tables: Tables) -> dict[str, str]:
    """Per row of events, participation, attributes, involvement, views and findings what it says,
    in words."""
    words: dict[str, str] = {}
    for name, column in (("events", "summary"), ("findings", "summary"), ("views", "proposition")):
        words |= dict(rows_in(tables[name], "id", column))
    label, labels = codebook().label, party_labels(tables)
    for name, party in (("participation", "person"), ("involvement", "agency")):
        for row, who, event, role in rows_in(tables[name], "id", party, "event", "role"):
            words[row] = f"{labels[who]}, {label(f'{name}_role', role)}: {words[event]}"
    for row, fact, value in rows_in(tables["attributes"], "id", "attribute", "value"):
        words[row] = f"{label('attribute', fact)}: {value}"
    return words


def event_counts(tables: Tables) -> dict[str, tuple[int, int | None]]:
    """How often each event occurred, at least and at most; None is open.

    A row without a count is one occasion; one with a greatest count alone is at least one.

    >>> counts = {"count_min": ["", "2", "4", ""], "count_max": ["", "", "4", "3"]}
    >>> event_counts({"events": pd.DataFrame({"id": list("abcd")} | counts)})
    {'a': (1, 1), 'b': (2, None), 'c': (4, 4), 'd': (1, 3)}
    """
    return {
        event: (int(least or 1), int(most) if most else None if least else 1)
        for event, least, most in rows_in(tables["events"], "id", "count_min", "count_max")
    }


def other_dates(tables: Tables) -> dict[str, list[str]]:
    """The dates that other sources give each event, with source and place; what has none is left
    out.

    A reading that changes a date is another source's if it says so (kind 'sources-differ'), or if
    it says nothing and its source is none of those in which the event stands.

    >>> events = pd.DataFrame({"id": ["visit"], "date": ["2018-03-01"]})
    >>> locators = pd.DataFrame({"row": ["visit"], "source": ["report"]})
    >>> readings = [
    ...     ("2018-03-02", "radio", "radio:p3.1", ""),
    ...     ("2018-04-01", "report", "", ""),
    ...     ("2018-05-01", "report", "", "sources-differ"),
    ... ]
    >>> readings = pd.DataFrame(readings, columns=["value", "source", "place", "kind"])
    >>> readings = readings.assign(row="visit", column="date")
    >>> other_dates({"events": events, "readings": readings, "locators": locators})
    {'visit': ['2018-03-02 (radio p3.1)', '2018-05-01 (report)']}
    """
    readings, dates = tables["readings"], dict(rows_in(tables["events"], "id", "date"))
    sources: dict[str, list[str]] = by_key(rows_in(tables["locators"], "row", "source"))
    blank = [""] * len(readings)
    kinds, places = (
        cells(readings, name) if name in readings.columns else blank for name in ("kind", "place")
    )
    changed = rows_in(readings, "row", "column", "value", "source")
    others = [
        (event, f"{date} ({' '.join(filter(None, (source, place.removeprefix(source + ':'))))})")
        for (event, column, date, source), kind, place in zip(changed, kinds, places, strict=True)
        if column == "date"
        and date not in ("", dates.get(event, date))
        and (kind == "sources-differ" or (not kind and source not in sources.get(event, [source])))
    ]
    return by_key(others)
