"""Who told whom, who should have been there, and what was not passed on? In words.

That something stood on an agency's record is not to say that anybody read it, and that nothing is
recorded is not to say that nothing was known: sentences say *recorded*, and whose word it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from casechron.analysis.involvement import ABSENT, LATER, TOLD_OF
from casechron.analysis.parties import NOT_INVOLVED, bodies
from casechron.analysis.telling import IN_TIME, TIES
from casechron.coding.codebook import codebook
from casechron.report.draw.involvement import KEY
from casechron.report.show import Point
from casechron.report.text.english import counted, kinds, listed, sentence
from casechron.report.text.naming import capital
from casechron.report.text.records import named, parts, quoted, records, whens, within

__all__ = [
    "OUR_READING",
    "UNNAMED",
    "centre",
    "had_part",
    "involvement_alt",
    "involvement_title",
    "key_points",
    "missing",
    "missing_in_short",
    "passed_on",
    "tellings_alt",
    "tellings_title",
    "told",
]

UNNAMED = "not named in the source"
#: What stands behind a telling of which the coder judged who told whom.
OUR_READING = "; who told whom is in part our reading"
#: So many agencies are named one by one.
_LISTED = 6
_TOLD, _AFTERWARDS = TIES[0], TIES[1]
_NOT_PASSED_ON = IN_TIME[3]
#: How it is said in which way somebody was missing.
_MISSING = {
    "insufficiently-involved": "had too little part",
    "not-involved": "had no part",
    "not-told": "had no word",
}


def told(
    tellings: pd.DataFrame, dates: pd.DataFrame, involvement: pd.DataFrame, links: pd.DataFrame
) -> pd.DataFrame:
    """Who told whom, one row per telling and hearer, for reading.

    Parameters
    ----------
    tellings
        What `tellings` gives.
    dates
        What `chronicle` gives: an event's date as coded.
    involvement, links
        The tidy tables: what the coder alone judged of who told and who heard is said to be that,
        and of several tellings in one row those that have a row of their own are named.

    Returns
    -------
    pandas.DataFrame
        - `event` (text): the id of the telling
        - `who`, `to` (text): who told, and whom; empty is not stated
        - `when` (text): its date in words
        - `what` (text): what the telling says, and how often it was
        - `places` (text): paragraph and sentence of the source
        - `afterwards` (True or False): told to the review, when it was all over
    """
    later = codebook().label("event_kind", "told-to-review")
    when = whens(dates)
    rows: dict[tuple[str, str, str], dict[str, object]] = {}
    judged = set(involvement.loc[involvement["basis"] == "judged", "id"])
    who = {row["telling"]: _party(row, "from") for row in records(tellings)}
    among: dict[str, list[str]] = {}
    for row in records(links[links["type"] == "part-of"]):
        if who.get(row["from_row"], UNNAMED) not in ("", UNNAMED):
            among.setdefault(row["to_row"], []).append(named(who[row["from_row"]]))
    roles = {"raised", "received"}
    passing = set(involvement.loc[involvement["role"].isin(roles), "id"])
    for row in records(tellings):
        if row["tie"] != _TOLD and not (row["tie"] == _AFTERWARDS and row["how"] == later):
            continue
        # What somebody found or concluded is a telling only where somebody told or heard it.
        told_it = row["how"] in kinds("telling") or row["from_kind"] == "person"
        if not (told_it or passing & {*parts(row["rows"])}):
            continue
        key = (row["telling"], row["from_party"], row["to_party"])
        rows.setdefault(
            key,
            {
                "event": row["telling"],
                "who": _party(row, "from"),
                "to": _party(row, "to"),
                "when": when[row["telling"]],
                "what": _how_often(row["summary"], row["how_many"])
                + f", those of {listed(among.get(row['telling'], ['']))} among them"
                * (row["telling"] in among)
                + OUR_READING * bool(judged & {*parts(row["rows"])}),
                "places": row["places"],
                "afterwards": row["tie"] == _AFTERWARDS,
            },
        )
    names = ["event", "who", "to", "when", "what", "places", "afterwards"]
    types = dict.fromkeys(names, "str") | {"afterwards": "bool"}
    return pd.DataFrame(list(rows.values()), columns=names).astype(types)


def _party(row: Mapping[str, str], end: str) -> str:
    kind = row[f"{end}_kind"]
    if kind == "not stated":
        return ""
    return UNNAMED if kind == "unnamed" else row[f"{end}_label"]


def _how_often(summary: str, how_many: str) -> str:
    """What is told, with how often it was where one row stands for several.

    >>> _how_often("Referrals are made", "at least 2"), _how_often("A midwife refers", "once")
    ('Referrals are made (at least 2)', 'A midwife refers')
    """
    if how_many in ("", "once", "at least 1"):
        return summary
    return f"{summary} ({how_many}{' in all' if how_many.isdecimal() else ''})"


def missing(absences: pd.DataFrame) -> pd.DataFrame:
    """Who was missing from which steps, as the review says: one row per party and way.

    Parameters
    ----------
    absences
        What `stated_absences` gives.

    Returns
    -------
    pandas.DataFrame
        - `event` (text): the id of the first of these steps
        - `events` (text): the ids of all of them
        - `who` (text): the agency
        - `how` (text): in what way it was missing
        - `what` (text): the steps
        - `places` (text): paragraph and sentence of the source
    """
    ways = {codebook().label("involvement_role", one): one for one in NOT_INVOLVED}
    here = absences[absences["absence"].isin(list(ways))]
    here = here.sort_values("named", ascending=False, kind="stable")
    rows = []
    for (_, absence), steps in here.groupby(["agency", "absence"], sort=False):
        first = steps.iloc[0]
        rows.append(
            {
                "event": first["event"],
                "events": "; ".join(steps["event"]),
                "who": first["agency_label"] if first["named"] else _unnamed(first["agency_label"]),
                "how": absence,
                "what": "; ".join(dict.fromkeys(steps["summary"])),
                "places": "; ".join(dict.fromkeys(steps["places"])),
            }
        )
    names = ["event", "events", "who", "how", "what", "places"]
    return pd.DataFrame(rows, columns=names).astype("str")


def _unnamed(label: str) -> str:
    """The label of those that the source does not name, within a sentence.

    >>> _unnamed("Safeguarding partners, unnamed"), _unnamed("Family GP")
    ('unnamed safeguarding partners', 'Family GP')
    """
    who = label.removesuffix(", unnamed")
    return f"unnamed {who[:1].lower()}{who[1:]}" if who != label else label


def missing_in_short(absences: pd.DataFrame, sources: pd.DataFrame) -> list[Point]:
    """Who was missing, in a sentence for a first screen.

    Parameters
    ----------
    absences
        What `stated_absences` gives.
    sources
        The tidy table: whether the review itself is among them.

    Returns
    -------
    list of Point
        One; none where the review says of nobody that it was missing.
    """
    ways = [codebook().label("involvement_role", one) for one in NOT_INVOLVED]
    here = absences[absences["absence"].isin(ways)]
    here = here.sort_values("named", ascending=False, kind="stable")
    found: dict[str, list[str]] = {}
    for (label, way), rows in here.groupby(["agency_label", "absence"], sort=False):
        how = str(way) + ", as judged" * bool(rows["basis"].eq("judged").all())
        who = named(_unnamed(str(label)))
        # Nothing says that those who are not named are others than those who are.
        same = who != named(str(label)) and bool(here["named"].any())
        found.setdefault(how, []).append(who + ", perhaps some of these" * same)
    if not found:
        return []
    who = "; ".join(f"{listed(each)} ({how})" for how, each in found.items())
    read = sources["kind"].eq("review-report").any()
    text = f"Missing, {'says' if read else 'as told of'} the review: {who}."
    return [Point(text, tuple(dict.fromkeys(here["event"])))]


def centre(tellings: pd.DataFrame, decisions: pd.DataFrame) -> str:
    """Who stands in the middle: of the agencies that decided, the one that most told; where none of
    them was told anything, whom most told; where nobody was, who decided most.

    Parameters
    ----------
    tellings, decisions
        What the analyses of these names give.
    """
    by = [one for cell in decisions["decided_by"] for one in parts(cell)]
    heard = tellings[(tellings["tie"] == _TOLD) & (tellings["to_kind"] == "agency")]
    for here in (heard[heard["to_label"].isin(by)], heard):
        if len(here):
            return str(here.groupby("to_label", sort=False)["telling"].nunique().idxmax())
    return max(by, key=by.count, default="Those who decided")


def key_points(
    told: pd.DataFrame, absences: pd.DataFrame, tellings: pd.DataFrame, middle: str
) -> list[Point]:
    """Who was told by whom, and who was missing.

    Parameters
    ----------
    told
        What `told` gives.
    absences, tellings
        What `stated_absences` and `tellings` give.
    middle
        Who stands in the middle, as `centre` has it.
    """
    points = [*_heard(told, tellings, middle), *_missing_points(absences)]
    return points or [Point("The source tells of nobody who told an agency anything.")]


def _heard(told: pd.DataFrame, tellings: pd.DataFrame, middle: str) -> list[Point]:
    here = told[(told["to"] == middle) & ~told["afterwards"]]
    if here.empty:
        return []
    dates = tellings[tellings["telling"].isin(set(here["event"]))]
    when = _years(dates["earliest"], dates["latest"])
    rows = tuple(dict.fromkeys(here["event"]))
    return [Point(f"{middle} heard from {_from_whom(here)}{when}.", rows)]


def _from_whom(rows: pd.DataFrame) -> str:
    """Who told, those that are not named last."""
    who = [named(one) for one in dict.fromkeys(rows["who"]) if one not in ("", UNNAMED)]
    if set(rows["who"]) & {"", UNNAMED}:
        who.append("others not named" if who else "somebody whom the source does not name")
    return listed(who)


def _years(earliest: pd.Series[pd.Timestamp], latest: pd.Series[pd.Timestamp]) -> str:
    """Between which years something was, outwards; nothing where it is open.

    >>> days = pd.Series(pd.to_datetime(["2014-01-01", "2018-11-30"]))
    >>> _years(days, days), _years(days[:1], days[:1])
    (', between 2014 and 2018', ', in 2014')
    """
    if earliest.isna().any() or latest.isna().any() or earliest.empty:
        return ""
    first, last = int(earliest.min().year), int(latest.max().year)
    return f", in {first}" if first == last else f", between {first} and {last}"


def _missing_points(absences: pd.DataFrame) -> list[Point]:
    """A sentence for each way of being missing from the same steps; named agencies come first."""
    ways = {codebook().label("involvement_role", one): one for one in NOT_INVOLVED}
    here = absences[absences["absence"].isin(list(ways))]
    here = here.sort_values("named", ascending=False, kind="stable")
    found: dict[tuple[str, tuple[str, ...], str], list[tuple[str, str]]] = {}
    for (_, absence), rows in here.groupby(["agency", "absence"], sort=False):
        steps = tuple(dict.fromkeys(rows["step"]))
        lacking = str(rows["summary"].iloc[0]) if rows["missing_step"].any() else ""
        who = named(_unnamed(str(rows["agency_label"].iloc[0])))
        key = str(absence), () if lacking else steps, lacking
        found.setdefault(key, []).extend((who, event) for event in rows["event"])
    points: list[Point] = []
    lacking_steps: dict[str, str] = {}
    for (absence, steps, lacking), pairs in found.items():
        if lacking:
            lacking_steps |= {lacking: pairs[0][1]}
            continue
        parties = list(dict.fromkeys(party for party, _ in pairs))
        link = "of" if ways[absence] == "not-told" else "in"
        what = f"{_MISSING[ways[absence]]} {link} {listed([within(one) for one in steps])}"
        ids = tuple(dict.fromkeys(event for _, event in pairs))
        points.append(Point(sentence(f"{listed(parties)} {what}, says the review"), ids))
    if lacking_steps:
        also = "also says" if points else "says"
        steps_said = f"The review {also} this: {'; '.join(lacking_steps)}."
        points.append(Point(steps_said, tuple(lacking_steps.values())))
    return points


def had_part(contact: pd.DataFrame, agencies: pd.DataFrame) -> list[Point]:
    """How many agencies had a part, which of them can be one body, and who was told only.

    Parameters
    ----------
    contact
        What `agency_contact` gives.
    agencies
        What `involvement` gives.
    """
    active = contact[contact["named"] & (contact["contact_rows"] > 0)]
    if active.empty:
        return []
    same = {row["agency"]: parts(row["can_be"]) for row in records(active)}
    label = dict(zip(active["agency"], active["agency_label"], strict=True))
    least, most = bodies(same, same)
    # Where some can be one body, and others are not named, nothing limits how many they were.
    count = counted(least, most if least == most else None, "agency", "agencies")
    text = f"{count} had a part, as recorded in this source"
    if least < most:
        linked = [one for one in same if same[one] or any(one in of for of in same.values())]
        text += f"; of {listed([named(label[one]) for one in linked])} several can be one body"
    elif most <= _LISTED:
        text += f": {listed([named(one) for one in label.values()])}"
    ids = dict.fromkeys(one for cell in active["first_events"] for one in parts(cell)[:1])
    points = [Point(sentence(text), tuple(ids))]
    idle = agencies["named"] & ~agencies["agency"].isin(list(label))
    only = agencies[idle & agencies["part"].eq(TOLD_OF)].drop_duplicates("agency")
    if len(only):
        who = listed([named(one) for one in only["agency_label"]])
        was, have = ("was", "has") if len(only) == 1 else ("were", "have")
        words = f"{who} {was} told of something, and {have} no other part on record"
        points.append(Point(sentence(words), tuple(only["event"])))
    return points


def passed_on(tellings: pd.DataFrame, reached: pd.DataFrame, agencies: pd.DataFrame) -> list[Point]:
    """What is not recorded as passed on to those who decided, and what was learned only afterwards.

    Parameters
    ----------
    tellings, reached
        What the analyses of these names give.
    agencies
        What `involvement` gives: which agency held what.
    """
    return [*_not_passed_on(tellings), *_learned_later(tellings, reached, agencies)]


def _not_passed_on(tellings: pd.DataFrame) -> list[Point]:
    """What somebody told an agency that did not decide, and what nothing says was passed on."""
    here = tellings[(tellings["tie"] == _TOLD) & (tellings["in_time"] == _NOT_PASSED_ON)]
    points = []
    for to, rows in here.groupby("to_label", sort=False):
        each = rows.drop_duplicates("telling")
        points.append(
            Point(
                f"{to} heard this: {quoted(each['summary'])}; the source does not say that it was"
                " passed on to those who decided.",
                tuple(each["telling"]),
            )
        )
    return points


def _learned_later(
    tellings: pd.DataFrame, reached: pd.DataFrame, agencies: pd.DataFrame
) -> list[Point]:
    """What the review was told, and no agency is recorded as having held at the time."""
    later = codebook().label("event_kind", "told-to-review")
    held = set(reached.loc[(reached["certain_with"] + reached["possible_with"]) != "", "matter"])
    held |= set(tellings.loc[tellings["tie"] == _TOLD, "about"])
    held |= set(agencies.loc[~agencies["part"].isin((ABSENT, LATER)), "event"])
    here = tellings[
        (tellings["tie"] == _AFTERWARDS)
        & (tellings["how"] == later)
        & (tellings["to_kind"] == "agency")
        & (tellings["about"] != "")
        & ~tellings["about"].isin(held)
    ]
    return [
        Point(
            f"{capital(named(str(who)))} was told this afterwards: {quoted(rows['about_summary'])};"
            " no agency is recorded as having held it at the time.",
            tuple(dict.fromkeys(rows["about"])),
        )
        for who, rows in here.groupby("to_label", sort=False)
    ]


def tellings_title(told: pd.DataFrame, missing: pd.DataFrame, middle: str) -> str:
    """The finding of the chart of who told whom: who was missing, else who told."""
    out = [named(one) for one in dict.fromkeys(missing["who"])]
    if out:
        return sentence(f"{listed(out)} had too little part, or none, says the review")
    here = told[(told["to"] == middle) & ~told["afterwards"]]
    if here.empty:
        return "Who told whom is not said."
    return sentence(f"{middle} heard from {_from_whom(here)}")


def tellings_alt(told: pd.DataFrame, missing: pd.DataFrame, middle: str) -> str:
    """The chart of who told whom, in words."""
    parts = [
        _people(told[(told["to"] == middle) & ~told["afterwards"]], f"Told to {middle}"),
        _people(
            told[(told["to"] != middle) & ~told["afterwards"]],
            "Told to others, or to whom is not said",
        ),
        _people(told[told["afterwards"]], "Told to the review"),
        "; ".join(f"{row['who']}, {row['how']}" for row in records(missing)),
    ]
    if parts[-1]:
        parts[-1] = f"Not there, or not enough, as the review says: {parts[-1]}"
    return (
        " ".join(f"{part}." for part in parts if part) or "Nobody is recorded as telling anybody."
    )


def _people(rows: pd.DataFrame, head: str) -> str:
    if rows.empty:
        return ""
    told = [f"{row['who'] or UNNAMED}, {row['when']}: {row['what']}" for row in records(rows)]
    return f"{head}: {'; '.join(told)}"


def involvement_title(involvement: pd.DataFrame) -> str:
    """The finding of the matrix: who had a part, and who is named as missing only."""
    parts = involvement[involvement["named"]]
    absent = parts["part"].str.startswith("absent")
    later = parts["part"].str.startswith("learned")
    had = set(parts.loc[~absent & ~later, "agency_label"])
    only = [one for one in dict.fromkeys(parts.loc[absent, "agency_label"]) if one not in had]
    if only:
        return sentence(
            f"{listed([named(one) for one in only])} stand in this account only where the review"
            " says that they were missing or too little involved"
            if len(only) > 1
            else f"{named(only[0])} stands in this account only where the review says that it was"
            " missing or too little involved"
        )
    return "Who had a part in what, as this source tells it."


def involvement_alt(involvement: pd.DataFrame) -> str:
    """The matrix in words: for each agency what it had a part in first and where it was missing;
    of those that the source does not name, who share a column, in how many events."""
    named_ones = involvement["named"]
    parts = [
        f"{label}: {'; '.join(_parts_of(rows))}."
        for label, rows in involvement[named_ones].groupby("agency_label", sort=False)
    ]
    others = involvement[~named_ones].groupby(involvement["part"].map(KEY), sort=False)["event"]
    if counts := [f"{part}, {count} events" for part, count in others.nunique().items()]:
        parts.append(f"{capital(UNNAMED)}: {'; '.join(counts)}.".replace(", 1 events", ", 1 event"))
    return " ".join(parts) or "No agency is coded."


def _parts_of(rows: pd.DataFrame) -> Iterable[str]:
    for part, here in rows.groupby(rows["part"].map(KEY), sort=False):
        each = [f"“{one}”" for one in dict.fromkeys(here["summary"])]
        # To say that there is one more takes no less room than that one.
        if len(each) > 4:
            each[3:] = [f"{len(each) - 3} more"]
        yield f"{part}: {listed(each)}"
