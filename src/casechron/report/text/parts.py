"""Which agency had a part in what? In words.

>>> import casechron as cc
>>> agencies = cc.involvement(cc.read_review("child-x-anytown-2019"))
>>> cc.words.parts.involvement_alt(agencies).split(": ")[0]
"Children's services"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from casechron.analysis.concerns import by_event
from casechron.analysis.involvement import ABSENT, CONTACT_PARTS, TOLD_OF, part_words
from casechron.analysis.record import PRIVATE_SECTORS, bodies
from casechron.analysis.tables import Tables, ids_where, reached
from casechron.characters import counted
from casechron.coding.codebook import AS_JUDGED
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.english import groups, point, rows_of

#: The most agencies that are named one by one.
_LISTED = 6


def had_part(contact: pd.DataFrame, involvement: pd.DataFrame, tables: Tables) -> list[Point]:
    """How many agencies had a part, which of them can be one body, and who was told only. Who did
    no more than convict somebody had none, whenever that was.

    Parameters
    ----------
    contact, involvement : pandas.DataFrame
        What `agency_contact` and `involvement` give.
    tables : mapping of str to pandas.DataFrame
        The tidy tables: private persons who refer, as their sector says, are no agencies.

    Returns
    -------
    list of Point
        At most two; none where no agency that is named had a part.
    """
    private = ids_where(tables["agencies"], "sector", PRIVATE_SECTORS)
    convicted = involvement["event"].map(by_event(tables, "kind")).eq("conviction")
    acted = involvement.loc[involvement["part"].isin(CONTACT_PARTS) & ~convicted, "agency"]
    active = contact[contact["agency"].isin(acted) & ~contact["agency"].isin(private)]
    unnamed, active = active[~active["named"]], active[active["named"]]
    if active.empty:
        return []
    same = {row["agency"]: row["can_be"] for row in rows_of(active)}
    label = dict(zip(active["agency"], map(say.with_article, active["agency_label"]), strict=True))
    fewest, largest = bodies(same, same)
    # Where some can be one body, or others are not named, nothing limits how many they were.
    all_told = fewest == largest and unnamed.empty
    count = say.count_in_words(fewest, largest if all_told else None, "agency", "agencies")
    text = f"{count} had a part, as recorded in this source"
    if fewest < largest:
        several = [
            "several of " * (len(group) > 2) + say.listed(map(label.__getitem__, group))
            for group in _alike(same)
        ]
        one, all_of_them = f"{several[0]} can be one body", "; ".join(several)
        text += f"; {one if len(several) == 1 else f'these can be one body: {all_of_them}'}"
    elif largest <= _LISTED:
        among = ":" if all_told or largest == 1 else ", among them"
        text += f"{among} {say.listed(label.values())}"
    points = [point(text, (event for events in active["first_events"] for event in events[:1]))]
    idle = involvement["named"] & ~involvement["agency"].isin([*label, *private])
    only = involvement[idle & involvement["part"].eq(TOLD_OF)].drop_duplicates("agency")
    if len(only):
        who = say.all_named(only["agency_label"])
        was, have = ("was", "has") if len(only) == 1 else ("were", "have")
        words = f"{who} {was} told of something, and {have} no other part on record"
        points.append(Point(say.sentence(words), tuple(only["event"])))
    return points


def _alike(same: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """The agencies that can be one body with others, each group of them apart.

    >>> _alike(
    ...     {"ward": ["er"], "gp": ["clinic"], "er": ["ward", "lab"], "lab": ["er"], "court": []}
    ...     | {"clinic": ["gp"]}
    ... )
    [('ward', 'er', 'lab'), ('gp', 'clinic')]
    """
    tied = (set(reached(agency, same)) for agency in same)
    groups = dict.fromkeys(tuple(agency for agency in same if agency in each) for each in tied)
    return [group for group in groups if len(group) > 1]


def involvement_title(involvement: pd.DataFrame) -> str:
    """The finding of the matrix: who had a part, and who is named as missing only.

    Parameters
    ----------
    involvement : pandas.DataFrame
        What `involvement` gives.

    Returns
    -------
    str
        One sentence.
    """
    agencies = involvement[involvement["named"]]
    absent = agencies["part"].str.startswith("absent")
    later = agencies["part"].str.startswith("learned")
    had = set(agencies.loc[~absent & ~later, "agency_label"])
    lacking = dict.fromkeys(agencies.loc[absent, "agency_label"])
    only = [agency for agency in lacking if agency not in had]
    if not only:
        return "Who had a part in what, as this source tells it."
    stand, were = ("stand", "they were") if len(only) > 1 else ("stands", "it was")
    who = say.all_named(only)
    return say.sentence(
        f"{who} {stand} in this account only where the source says that {were} missing or too"
        " little involved"
    )


def involvement_alt(involvement: pd.DataFrame) -> str:
    """The matrix in words: for each agency what it had a part in first and where it was missing;
    of those that the source does not name, who share a column, in how many events.

    Parameters
    ----------
    involvement : pandas.DataFrame
        What `involvement` gives.

    Returns
    -------
    str
        A sentence for each agency that is named.
    """
    by_name = involvement["named"]
    words = [
        f"{say.capital(label)}: {'; '.join(_parts_of(rows))}."
        for label, rows in groups(involvement[by_name], "agency_label")
    ]
    others = involvement[~by_name].groupby(part_words(involvement), sort=False)["event"]
    counts = [f"{part}, {counted(count, 'event')}" for part, count in others.nunique().items()]
    if counts:
        words.append(f"Agencies not named in the source: {'; '.join(counts)}.")
    return " ".join(words) or "No agency is coded."


def _parts_of(rows: pd.DataFrame) -> Iterable[str]:
    # Of an absence the words say whose they are; of any other part each event that is judged.
    judged = rows["basis"].eq("judged") & rows["part"].ne(ABSENT)
    marked = rows.assign(mark=judged.map({True: AS_JUDGED, False: ""}))
    words = part_words(rows.assign(basis=rows["basis"].mask(judged, "stated")))
    for part, events in marked.groupby(words, sort=False):
        each = list(dict.fromkeys("“" + events["summary"] + "”" + events["mark"]))
        # '1 more' is no shorter than the one itself, so two at least are left out.
        if len(each) > 4:
            each[3:] = [f"{len(each) - 3} more"]
        yield f"{part}: {say.listed(each)}"
