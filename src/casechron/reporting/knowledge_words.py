"""What could have been known at each decision, by whom, and what reached those who decided, in
plain sentences?

Nothing here says what anybody knew, nor that anybody lacked what is recorded elsewhere, and nobody
is judged by what is known now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import pandas as pd

from casechron.analysis.decisions import DECISION
from casechron.analysis.knowledge import (
    CERTAIN,
    LATER,
    NOBODY,
    NOT_STATED,
    OTHER,
    POSSIBLE,
    UNNAMED,
)
from casechron.analysis.known_at_decisions import GROUPS, chosen_decision
from casechron.analysis.parties import NOT_INVOLVED
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.said import all_said, said
from casechron.reporting.words import capital, counted, listed, quoted, some_of, verb

__all__ = [
    "agencies_key_points",
    "alt_knowledge_at_a_decision",
    "alt_known_by_decision",
    "hindsight_in_words",
    "knowledge_in_words",
    "knowledge_key_points",
    "room_key_points",
]

Tables = Mapping[str, pd.DataFrame]

_REFUSED = "No chronology is admissible, so what was known when cannot be said."
_NO_DECISION = "No decision is coded, so nothing could have reached one."
_NOBODY_HAD_IT = (
    "This is put together afterwards from the whole record: nobody had this view at the time."
)
_HELD = (CERTAIN, POSSIBLE)
#: With whom matters are recorded that are not recorded with those who decided, in words for one,
#: for several.
_STAYED = {
    OTHER: ("only with another named agency", "only with another named agency"),
    UNNAMED: (
        "with an agency that can be one that decided",
        "with agencies that can be ones that decided",
    ),
    NOBODY: ("with none", "with none"),
}
#: What is said of somebody whom the source names no matter of: it is a gap in the source and not in
#: what they knew.
_NO_MATTER = "The source names no matter here that"


def knowledge_key_points(
    table: pd.DataFrame,
    counts: pd.DataFrame,
    points: pd.DataFrame,
    decision: str = "",
    *,
    tables: Tables | None = None,
) -> list[str]:
    """The key points on what reached those who decided; six at most.

    `table` is `known_at_decisions.reached`, `counts` is `known_by_decision`, `points` is
    `decisions.decisions`. One decision is told closely: `decision`, else the one at which, as the
    review says, most agencies were left out. With the coded `tables`, findings that rest on
    somebody's missing part are repeated beside it."""
    if points.empty:
        return [_NO_DECISION]
    if NOT_ADMISSIBLE in set(table["reached"]):
        return [_REFUSED]
    chosen = points[points["decision"] == chosen_decision(points, decision)].iloc[0]
    here = table[table["decision"] == chosen["decision"]]
    return [
        said(_became(counts, chosen), "known_by_decision"),
        *_elsewhere(here),
        *_left_out(here, chosen, tables),
        *_over_all(counts, points),
        *_only_later(table),
        _NOBODY_HAD_IT,
    ]


def _became(counts: pd.DataFrame, point: pd.Series) -> str:
    """What became of the matters on record by one decision, each counted once."""
    own = counts[counts["decision"] == point["decision"]]
    total = int(own["matters"].sum())
    when = f"By {quoted(point['summary'])} ({point['said']})"
    if not total:
        return f"{when} nothing that is on record had come about."
    split = _split(dict(zip(own["reached"], map(int, own["matters"]), strict=True)))
    return f"{when} {counted(total, 'matter')} had or may have arisen: {split}."


def _split(counts: Mapping[str, int]) -> str:
    """How many matters reached whom, and where the others were; `counts` are those of the kinds in
    `knowledge.AMONG`."""
    certain, possible = counts.get(CERTAIN, 0), counts.get(POSSIBLE, 0)
    stood = "on record with an agency that decided"
    parts = [f"{certain} certainly {stood}"] * bool(certain)
    parts += [f"{possible} possibly {'so' if certain else stood}"] * bool(possible)
    if some := counts.get(NOT_STATED, 0):
        they = verb(some, "it was", "they were")
        parts.append(
            f"for {some} it cannot be told whether {they} {stood}, since who decided is not stated"
        )
    if some := counts.get(LATER, 0):
        parts.append(f"{some} learned by those who decided only afterwards")
    said_recorded = False
    for kind, words in _STAYED.items():
        if total := counts.get(kind, 0):
            recorded = "" if said_recorded else f"{verb(total)} recorded "
            parts.append(f"{total} {recorded}{verb(total, *words)}")
            said_recorded = True
    return listed(parts)


def _elsewhere(here: pd.DataFrame) -> list[str]:
    """Which matters are recorded with another agency and not with those who decided."""
    rows = _counted_once(here)
    held = [
        f"{quoted(row['summary'])} ({_holders(row)})" for row in rows if row["reached"] == OTHER
    ]
    return (
        [
            said(
                f"Recorded by then only with agencies that did not decide: {some_of(held, 34)}.",
                "reached",
            )
        ]
        if held
        else []
    )


def _left_out(here: pd.DataFrame, point: pd.Series, tables: Tables | None) -> list[str]:
    """Whose part was missing, as the review says, what is recorded with them, and what the review
    found of it."""
    if not point["left_out"]:
        return []
    theirs = [quoted(summary) for summary in here.loc[here["left_out_with"] != "", "summary"]]
    told = (
        f"At that point, as the review says, {_missing(point['left_out'])}."
        f" {_theirs(point['left_out'], some_of(theirs))}"
    )
    found = _found(tables, point["decision"], point["left_out_ids"].split("; "))
    return [said(f"{told}{found}", "decisions", "reached")]


def _theirs(left_out: str, matters: str) -> str:
    """What is recorded with those whose part was missing; none recorded is not none held."""
    they, them = ("they", "them") if "; " in left_out else ("it", "it")
    return f"Recorded with {them}: {matters}." if matters else f"{_NO_MATTER} {they} held."


def _missing(left_out: str) -> str:
    """Whose part was missing, in what way.

    >>> _missing("GP (not involved); Landlord (not involved); School (not told)")
    'GP and Landlord were not involved and School was not told'
    """
    ways: dict[str, list[str]] = {}
    for one in left_out.split("; "):
        label, _, way = one.rpartition(" (")
        ways.setdefault(way.removesuffix(")"), []).append(label)
    return listed(
        [f"{listed(who)} {verb(len(who), 'was', 'were')} {way}" for way, who in ways.items()]
    )


def _found(tables: Tables | None, decision: str, agencies: Iterable[str]) -> str:
    """The findings that rest on the missing part of these agencies in a decision, as a sentence
    with a space before it."""
    if tables is None:
        return ""
    own, links, findings = tables["involvement"], tables["links"], tables["findings"]
    here = (
        (own["event"] == decision)
        & own["agency"].isin(list(agencies))
        & own["role"].isin(NOT_INVOLVED)
    )
    rests = links[(links["type"] == "rests-on") & links["to_row"].isin(own.loc[here, "id"])]
    told = [
        quoted(summary)
        for summary in findings.loc[findings["id"].isin(rests["from_row"]), "summary"]
    ]
    return (
        f" The review's {verb(len(told), 'finding', 'findings')}: {some_of(told)}." if told else ""
    )


def _over_all(counts: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    """At how many decisions something is recorded with another agency only."""
    total, taken = len(points), int((points["point"] == DECISION).sum())
    many = int(((counts["matters"] > 0) & (counts["reached"] == OTHER)).sum())
    lacking = total - taken
    kinds = [counted(taken, "decision")] * bool(taken)
    kinds += [
        f"{counted(lacking, 'response')} that the review found missing, unconfirmed or not enough"
    ] * bool(lacking)
    elsewhere = (
        f"{'some' if many else 'no'} matter is recorded only with a named agency that did not"
        f" decide{', certainly or possibly by then' if many else ''}"
    )
    if many and total > 1:
        elsewhere = (
            f"at {'each' if many == total else many} of"
            f" these{'' if many == total else f' {total}'}, {elsewhere}"
        )
    words = f"This page looks at {listed(kinds)}. {capital(elsewhere)}."
    return [said(words, "decisions", "known_by_decision")]


def _only_later(table: pd.DataFrame) -> list[str]:
    """What is recorded with no agency at any decision, and some agency learned afterwards."""
    on_record = (table["certain_with"] != "") | (table["possible_with"] != "")
    held = set(table.loc[on_record, "matter"])
    later = table[(table["learned_later"] != "") & ~table["matter"].isin(held)].drop_duplicates(
        "matter"
    )
    if later.empty:
        return []
    told = [quoted(summary) for summary in later["summary"]]
    return [
        said(
            f"Learned only afterwards, so no knowledge at the time: {some_of(told, 34)}.", "reached"
        )
    ]


def knowledge_in_words(table: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    """What reached those who decided, and what is recorded elsewhere? A sentence for each decision,
    one for what came later.

    `table` is `known_at_decisions.reached`, `points` is `decisions.decisions`. What is counted
    together with others in another row is not counted again."""
    if NOT_ADMISSIBLE in set(table["reached"]):
        return [_REFUSED]
    found = []
    for point in points.to_dict("records"):
        here = table[table["decision"] == point["decision"]]
        rows = _counted_once(here)
        head = f"{quoted(point['summary'])} ({point['said']}): "
        parts = _split(Counter(str(row["reached"]) for row in rows))
        words = (
            f"of {counted(len(rows), 'matter')} that had, or may have, come about by then, {parts}."
        )
        head += words if parts else "nothing on record had come about by then."
        others = [
            f"{quoted(row['summary'])} ({_holders(row)})" for row in rows if row["reached"] == OTHER
        ]
        if others:
            head += f" Recorded elsewhere: {'; '.join(others)}."
        if point["left_out"]:
            theirs = listed([quoted(row["summary"]) for row in rows if row["left_out_with"]])
            head += (
                f" As the review says, {_missing(point['left_out'])}."
                f" {_theirs(point['left_out'], theirs)}"
            )
        found.append(said(head, "reached", "known_by_decision"))
    later = table[table["learned_later"] != ""].drop_duplicates("matter")
    return [
        *found,
        *(
            said(
                f"{quoted(summary)}: learned only afterwards by {who}; that is no knowledge at the"
                " time.",
                "reached",
            )
            for summary, who in zip(later["summary"], later["learned_later"], strict=True)
        ),
    ]


def room_key_points(table: pd.DataFrame, *, tables: Tables | None = None) -> list[str]:
    """The key points on one decision: what everybody in the room would have seen; six at most.

    `table` is `known_at_decisions.knowledge_at_a_decision`. With the coded `tables`, findings that
    rest on somebody's missing part are repeated beside it."""
    if table.empty:
        return ["No decision with a matter on record before it is coded."]
    if (table["known"] == NOT_ADMISSIBLE).any():
        return [_REFUSED]
    decided, left_out, others, _ = (table[table["group"] == group] for group in GROUPS)
    points = [_in_the_room(table, decided)]
    if len(left_out):
        points.append(
            _with_them(left_out, decided)
            + _found(tables, left_out["decision"].iloc[0], set(left_out["agency"]))
        )
    points += [
        f"{_with_whom(decided)}: {some_of(rest, 32)}."
        for rest in [_held_with(others, decided)]
        if rest
    ]
    return [*all_said([*points, *_nowhere(table)], "knowledge_at_a_decision"), _NOBODY_HAD_IT]


def _not_with(decided: pd.DataFrame) -> str:
    """With whom a matter is then not recorded: those who decided, or those of them that are named;
    empty if none is."""
    if not decided["named"].any():
        return ""
    return (
        "not with those who decided"
        if decided["named"].all()
        else "not with those named as deciding"
    )


def _with_whom(decided: pd.DataFrame) -> str:
    """With whom the matters are recorded that are not recorded with those who decided; who is not
    named can be any of them."""
    not_with = _not_with(decided)
    if len(decided) and decided["named"].all():
        return f"Recorded with other agencies and {not_with}"
    return (
        f"Recorded with agencies that may have been there{', and ' if not_with else ''}{not_with}"
    )


def _with_them(left_out: pd.DataFrame, decided: pd.DataFrame) -> str:
    """What is recorded with those whose part was missing, as the review says; none recorded is not
    none held."""
    labels = list(dict.fromkeys(left_out["agency_label"]))
    was, they, them = ("was", "it", "it") if len(labels) == 1 else ("were", "they", "them")
    who = f"{listed(labels)} {was} missing or too little involved, as the review says."
    if not left_out["known"].isin(_HELD).any():
        return f"{who} {_NO_MATTER} {they} held; {they} may have held some."
    more, not_with = _held_with(left_out, decided), _not_with(decided)
    if more:
        words = f"Recorded with {them}{' and ' if not_with else ''}{not_with}: {some_of(more, 28)}."
    else:
        words = f"What is recorded with {them} is recorded with those who decided too."
    return f"{who} {words} {capital(they)} may have known more."


def _in_the_room(table: pd.DataFrame, decided: pd.DataFrame) -> str:
    """How many matters there were, and how many had reached those who decided."""
    first = table.iloc[0]
    total = f"{counted(table['matter'].nunique(), 'matter')}, parts of others counted too,"
    head = (
        f"By the time of {quoted(first['decision_summary'])} ({first['decision_said']}) {total} had"
        " or may have arisen."
    )
    return f"{head} {_had_reached(decided)}"


def _had_reached(decided: pd.DataFrame) -> str:
    """How many matters had reached those who decided, as far as they are named: a row for unnamed
    agencies ties nobody."""
    named = decided[decided["named"]]
    if named.empty:
        return "Who decided is not named."
    certain = set(named.loc[named["known"] == CERTAIN, "matter"])
    possible = set(named.loc[named["known"] == POSSIBLE, "matter"]) - certain
    labels = list(dict.fromkeys(named["agency_label"]))
    who = labels[0] if len(labels) == 1 else f"at least one of {listed(labels)}"
    also = (
        f", and {len(possible)}{' more' if certain else ''} had possibly done so"
        if possible
        else ""
    )
    others = "" if decided["named"].all() else "; others who decided are not named"
    return (
        f"{len(certain) or 'None'} of them had certainly reached {who}, who decided{also}{others}."
    )


def _held_with(rows: pd.DataFrame, decided: pd.DataFrame) -> list[str]:
    """Matters that some agencies held and none that is named as deciding did, each with who held
    it."""
    known = decided.loc[decided["named"] & decided["known"].isin(_HELD), "matter"]
    held = rows[rows["known"].isin(_HELD) & ~rows["matter"].isin(known)]
    found = []
    for _, same in held.groupby("matter", sort=False):
        who = [
            label if state == CERTAIN else f"{label}, possibly"
            for label, state in zip(same["agency_label"], same["known"], strict=True)
        ]
        found.append(f"{quoted(same['summary'].iloc[0])} ({'; '.join(who)})")
    return found


def _nowhere(table: pd.DataFrame) -> list[str]:
    """How many matters were with unnamed agencies only, and how many with none."""
    states = table.groupby("matter", sort=False)["known"].agg(set)
    named = table[table["named"] & table["known"].isin(_HELD)]["matter"]
    unnamed = set(table.loc[table["known"].isin(_HELD), "matter"]) - set(named)
    nobody = [str(matter) for matter, found in states.items() if not found & set(_HELD)]
    unsure = table[table["matter"].isin(nobody) & (table["had_come_about"] != "certainly")][
        "matter"
    ].nunique()
    points = []
    if unnamed:
        points.append(
            f"{counted(len(unnamed), 'matter')} {verb(len(unnamed))} recorded only with agencies"
            " that the source does not name; one of these may have been in the room."
        )
    if nobody:
        happened = f"leave open whether {verb(unsure, 'it', 'they')} had happened by then at all"
        doubt = (
            f" {'The' if unsure == len(nobody) else f'For {unsure} the'} dates {happened}."
            if unsure
            else ""
        )
        points.append(
            f"{capital(counted(len(nobody), 'matter'))} {verb(len(nobody))} not recorded with any"
            f" agency by then.{doubt}"
        )
    return points


def agencies_key_points(table: pd.DataFrame) -> list[str]:
    """The key points on what each agency could have known; `table` is
    `known_at_decisions.knowledge_by_agency`."""
    if table.empty:
        return [_NO_DECISION]
    if (table["status"] == NOT_ADMISSIBLE).any():
        return [_REFUSED]
    named = table[table["named"]]
    knew = (named["certainly_known"] != "") | (named["possibly_known"] != "")
    some = list(dict.fromkeys(named.loc[knew, "agency_label"]))
    none = [label for label in dict.fromkeys(named["agency_label"]) if label not in some]
    points = []
    if some:
        words = (
            f"this source records something that {verb(len(some), 'it', 'they')} could have known"
            " when a decision was taken"
        )
        points.append(f"For {_told_apart(len(some))} {words}: {some_of(some)}.")
    if none:
        # After a first sentence on others the words need not be said again.
        nothing = (
            f"this source records nothing that {verb(len(none), 'it', 'they')} could have known"
            " when a decision was taken"
        )
        what = (
            f"For {len(none)} more it records no such thing"
            if some
            else f"For {_told_apart(len(none))} {nothing}"
        )
        what += f": {some_of(none)}."
        points.append(
            f"{what} That does not say that {verb(len(none), 'it', 'they')} knew nothing."
        )
    return [
        *all_said(points, "knowledge_by_agency"),
        (
            "What an agency could have known is not what a professional had in mind, nor what it"
            " was worth to them then."
        ),
        (
            "Agencies are not compared here: what a source tells of each says as much about the"
            " source as about the agency."
        ),
    ]


def _told_apart(number: int) -> str:
    """So many agencies, each with a row of its own; the source need not give them a name."""
    return (
        f"{counted(number, 'agency', 'agencies')} with a row of {verb(number, 'its', 'their')} own"
    )


def hindsight_in_words() -> list[str]:
    """What must a reader of the tables of knowledge keep in mind?"""
    return [
        (
            "These tables are put together afterwards from an account that was itself written"
            " afterwards: nobody had this view then."
        ),
        (
            "'Certainly' means that, as coded, the agency held it by that day, whichever of the"
            " days that the dates admit are the true ones; it does not say that a professional had"
            " it in mind, or what it was worth."
        ),
        (
            "'Possibly' means that the dates, or what is not said of them, leave open whether the"
            " agency held it by then."
        ),
        (
            "'Only' means as recorded in this source: that a matter is recorded with one agency and"
            " not with another does not say that the other lacked it."
        ),
        "'Not recorded with any agency' means that this source does not say that one knew.",
        "An agency that the source does not name may be one of those that decided.",
        (
            "What was told only to the review, or came out later, is shown apart and counts for no"
            " decision."
        ),
        (
            "Counts are as recorded in this source: they say as much about the account as about the"
            " agencies, and compare none with another."
        ),
    ]


def alt_knowledge_at_a_decision(table: pd.DataFrame) -> str:
    """Alt text of the matrix of matters and agencies at one decision."""
    if table.empty:
        return "An empty matrix: no decision with a matter before it is coded."
    head = (
        f"At {quoted(table['decision_summary'].iloc[0])}: a matrix of"
        f" {counted(table['matter'].nunique(), 'matter')} and "
    )
    head += f"{counted(table['agency'].nunique(), 'agency', 'agencies')}."
    if (table["known"] == NOT_ADMISSIBLE).any():
        return f"{head} {_REFUSED}"
    # No count for each agency: beside each other they would read as a ranking.
    decided, left_out, others, _ = (table[table["group"] == group] for group in GROUPS)
    words = [head, _had_reached(decided)]
    if len(left_out):
        words.append(_with_them(left_out, decided))
    rest = _held_with(others, decided)
    if rest:
        words.append(f"{_with_whom(decided)}: {listed(rest)}.")
    summary = dict(zip(table["matter"], table["summary"], strict=True))
    each = (
        table.drop_duplicates(["matter", "known"]).groupby("matter", sort=False)["known"].agg(set)
    )
    held = table[table["known"].isin(_HELD)]
    unnamed = set(held["matter"]) - set(held.loc[held["named"], "matter"])
    nobody = [
        str(matter) for matter, states in each.items() if NOBODY in states or states <= {LATER}
    ]
    if unnamed:
        words.append(
            f"{counted(len(unnamed), 'matter')} recorded only with agencies that the source does"
            " not name."
        )
    if nobody:
        words.append(
            "Not recorded with any agency by then:"
            f" {listed([quoted(summary[one]) for one in nobody])}."
        )
    return " ".join(words)


def alt_known_by_decision(table: pd.DataFrame) -> str:
    """Alt text of the bars of what reached those who decided."""
    if table.empty:
        return "No bars: no decision is coded."
    words = []
    for _, rows in table.groupby("decision", sort=False):
        parts = [
            f"{count} {kind}"
            for kind, count in zip(rows["reached"], rows["matters"], strict=True)
            if count
        ]
        words.append(
            f"{quoted(rows['summary'].iloc[0])}: {'; '.join(parts) or 'nothing on record by then'}."
        )
    return f"A bar for each of {counted(len(words), 'decision')}. {' '.join(words)}"


def _counted_once(here: pd.DataFrame) -> list[dict[str, str]]:
    """The matters of one decision, without those that another one of them tells of, or counts
    together with others."""
    on_list = set(here["matter"])
    rows = here[
        [
            "matter",
            "summary",
            "reached",
            "certain_with",
            "possible_with",
            "left_out_with",
            "carried_by",
        ]
    ].to_dict("records")
    return [
        {str(name): str(value) for name, value in row.items()}
        for row in rows
        if on_list.isdisjoint(str(row["carried_by"]).split("; "))
    ]


def _holders(row: dict[str, str]) -> str:
    """Who held a matter: those that certainly did, then those that possibly did."""
    certain, possible = (
        [one for one in row[name].split("; ") if one] for name in ("certain_with", "possible_with")
    )
    return "; ".join([*certain, *(f"{one}, possibly" for one in possible)])
