"""What could each agency have known, and since when? Derived from the coding alone, row by row.

Nothing here says what anybody knew: it says what the source lets an agency have held, by taking part, by receiving and
by being told, and leaves everything open that the dates leave open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis.concerns import concern_ids
from casechron.analysis.decisions import InTime, agency_labels, answered_by, decisions, in_time, unnamed_agencies
from casechron.analysis.record import places
from casechron.analysis.window_words import window_words
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, texts
from casechron.chronology.network import OPEN
from casechron.coding.codebook import codebook

__all__ = [
    "CERTAIN", "LATER", "NOBODY", "OTHER", "POSSIBLE", "STATES", "UNNAMED", "Way", "holdings", "knowledge", "matters", "ways",
]  # fmt: skip

Tables = Mapping[str, pd.DataFrame]

CERTAIN = "certainly known"
POSSIBLE = "possibly known"
LATER = "learned only afterwards"
OTHER = "known to another agency only"
UNNAMED = "known to an unnamed agency only"
NOBODY = "not known to any agency"
STATES = (CERTAIN, POSSIBLE, OTHER, UNNAMED, NOBODY, LATER)

#: From firm to weak; a way is as weak as its weakest row.
_BASES = ("stated", "derived", "judged")
_CONCERN, _EVIDENCE, _LATER = "concern", "evidence on a view", "learned afterwards"


class Way(NamedTuple):
    """One way in which an agency came to hold a matter.

    `steps` are the events on it with the day that counts: True where something was told on an unknown day from the first
    to the last, False where the first day counts. The agency holds the matter once all of them have come. `rows` are the
    rows that made it. `later`: it runs through what came after the events. `undated`: it was received, the source
    does not say when.
    """

    agency: str
    matter: str
    steps: tuple[tuple[str, bool], ...]
    rows: tuple[str, ...]
    later: bool
    undated: bool


def matters(tables: Tables) -> pd.DataFrame:
    """Which rows of the record are matters that an agency could have known?

    One row per event, in table order, with why it counts: a `concern` (`concerns.concern_ids`); `evidence on a view`,
    if the coding says that it supports or contradicts a view; `learned afterwards`, if the source says that an agency
    learned of it only later. The first that fits is named. `part_of` names the rows that count it together with others.

    >>> from casechron.coding.codebook import codebook
    >>> empty = {name: pd.DataFrame(columns=table.header, dtype="str") for name, table in codebook().tables.items()}
    >>> rows = pd.DataFrame({"id": ["a", "b"], "kind": ["referral", "visit"], "summary": ["One", "Two"]})
    >>> events = rows.reindex(columns=codebook().tables["events"].header, fill_value="")
    >>> matters(empty | {"events": events})[["matter", "counted_as", "summary"]]
      matter counted_as summary
    0      a    concern     One
    """
    events, links, involved = tables["events"], tables["links"], tables["involvement"]
    concerns = set(concern_ids(tables))
    weighs = links["type"].isin(["supports", "contradicts"]) & links["to_row"].isin(tables["views"]["id"])
    evidence = set(links.loc[weighs, "from_row"])
    later = set(involved.loc[involved["role"].isin(codebook().flagged("involvement_role", "later")), "event"])
    parts = links[links["type"] == "part-of"]
    reasons = ((_CONCERN, concerns), (_EVIDENCE, evidence), (_LATER, later))
    why = [next((reason for reason, rows in reasons if event in rows), "") for event in events["id"]]
    kept = [at for at, reason in enumerate(why) if reason]
    ids = [events["id"].iloc[at] for at in kept]
    return pd.DataFrame(
        {
            "matter": texts(ids),
            "counted_as": texts(why[at] for at in kept),
            "summary": texts(events["summary"].iloc[at] for at in kept),
            "part_of": texts("; ".join(parts.loc[parts["from_row"] == event, "to_row"]) for event in ids),
        }
    )


def ways(tables: Tables) -> list[Way]:
    """By which ways did each agency come to hold each matter, whatever the dates? In the order of the coding.

    An agency holds an event in which it has a role that knows; what that event tells of (`tells-of`), and what that tells
    of in turn; and each of the events that it counts together (`part-of`, from the whole to its parts). Who raised one of
    several referrals did not raise the others, so a role on the telling side is not passed on to parts. Where an
    agency received what is no telling (an incident, say), the tellings that reached it say when; without one it held it
    at a time that is not stated. Who led or took part in a response that happened held what it answers by then. A role
    for later learning, and a way through events that the codebook flags as learning, is marked `later`. A way that goes
    through all the steps of another adds nothing and is left out.
    """
    book, events, rows = codebook(), tables["events"], tables["involvement"]
    knows, hears = book.flagged("involvement_role", "knows"), book.flagged("involvement_role", "was-told")
    tells, decides = book.flagged("involvement_role", "told"), book.flagged("involvement_role", "decides")
    afterwards, learning = book.flagged("involvement_role", "later"), book.flagged("event_kind", "learning")
    telling_kinds = book.flagged("event_kind", "telling")
    kind = dict(zip(events["id"], events["kind"], strict=True))
    absent = set(events.loc[events["absence"] != "", "id"])
    ties = _ties(tables)
    wanted = set(matters(tables)["matter"])
    found: list[Way] = []
    for row, agency, event, role in zip(rows["id"], rows["agency"], rows["event"], rows["role"], strict=True):
        if role in afterwards and event in wanted:
            found.append(Way(agency, event, ((event, False),), (row,), True, True))
        if role not in knows:
            continue
        # Received, and no telling itself: known from some telling, if one is coded, or at a time not stated.
        tells_on = any(tie == "tells-of" for tie, _, _ in ties.get(event, []))
        undated = role in hears and kind[event] not in telling_kinds and not tells_on
        onward = _onward(event, ties, pass_to_parts=role not in tells, answering=role in decides and event not in absent)
        for steps, through in [(((event, False),), ()), *onward]:
            if steps[-1][0] in wanted:
                later = any(kind[step] in learning for step, _ in steps[: max(1, len(steps) - 1)])
                found.append(Way(agency, steps[-1][0], steps, (row, *through), later, undated))
    return _shortest(found)


def _shortest(found: list[Way]) -> list[Way]:
    """Without ways that add nothing: with no date where another has one, or by way of all the steps of another."""
    timed = {(way.agency, way.matter, way.later) for way in found if not way.undated}
    kept = [way for way in found if not way.undated or (way.agency, way.matter, way.later) not in timed]
    alike: dict[tuple[str, str, bool], list[tuple[int, Way]]] = {}
    for at, way in enumerate(kept):
        alike.setdefault((way.agency, way.matter, way.later), []).append((at, way))

    def adds(at: int, way: Way) -> bool:
        needs = {(step, False) for step, _ in way.steps} | set(way.steps)
        for other_at, other in alike[way.agency, way.matter, way.later]:
            if other_at != at and set(other.steps) <= needs and (set(other.steps) != set(way.steps) or other_at < at):
                # A way by the same steps is kept once, a longer one not at all.
                return False
        return True

    return [way for at, way in enumerate(kept) if adds(at, way)]


def holdings(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Who held which matter, from when, and by which rows?

    One row per way in which an agency came to hold a matter (`ways`), in the order of the coding: `earliest` and `latest`
    bound the first day on which it held it, both attained by some admissible chronology; NaT is open. `said` puts them in
    words. `how` is 'took part or held', 'told', 'answered it', 'counted together' or 'not said when'; `through` lists the
    events on the way. `contemporaneous` is False for what was learned only afterwards. `basis` is that of the way's
    weakest row. `rows` are the rows that made it, so that each cell of `knowledge` can be traced.

    >>> from casechron.chronology import attempt
    >>> from casechron.coding.codebook import codebook
    >>> tables = {name: pd.DataFrame(columns=table.header, dtype="str") for name, table in codebook().tables.items()}
    >>> def rows(name, **columns):
    ...     return pd.DataFrame(columns).reindex(columns=codebook().tables[name].header, fill_value="")
    >>> tables |= {
    ...     "agencies": rows("agencies", id=["gp", "cs"], label=["GP", "Children's services"]),
    ...     "events": rows("events", id=["bruise", "letter"], date=["2018-03-01", "2018-04"],
    ...                    kind=["bruising", "information-sharing"]),
    ...     "involvement": rows("involvement", id=["i1", "i2"], agency=["gp", "cs"], event=["bruise", "letter"],
    ...                         role=["held", "received"]),
    ...     "links": rows("links", id=["l1"], type=["tells-of"], from_row=["letter"], to_row=["bruise"])}
    >>> holdings(tables, attempt(tables["events"], tables["relations"]))[["agency_label", "matter", "how", "said", "rows"]]
              agency_label  matter                how             said    rows
    0                   GP  bruise  took part or held  on 1 March 2018      i1
    1  Children's services  bruise               told    in April 2018  i2; l1
    """
    labels, unnamed, placed = agency_labels(tables), unnamed_agencies(tables), places(tables["locators"])
    summary = dict(zip(tables["events"]["id"], tables["events"]["summary"], strict=True))
    tie = dict(zip(tables["links"]["id"], tables["links"]["type"], strict=True))
    basis = _bases(tables)
    found = ways(tables)
    days = [_held_from(way, chronology) for way in found]
    known = np.full(len(found), chronology.admissible, dtype=bool)
    low, high = (np.array([day[side] for day in days], dtype=np.int64) for side in (0, 1))
    return pd.DataFrame(
        {
            "agency": texts(way.agency for way in found),
            "agency_label": texts(labels[way.agency] for way in found),
            "named": np.array([way.agency not in unnamed for way in found], dtype=bool),
            "matter": texts(way.matter for way in found),
            "summary": texts(summary[way.matter] for way in found),
            "how": texts(_how(way, tie) for way in found),
            "contemporaneous": np.array([not way.later for way in found], dtype=bool),
            "earliest": calendar_days(low, known),
            "latest": calendar_days(high, known),
            "said": texts(_from_words(day) if chronology.admissible else NOT_ADMISSIBLE for day in days),
            "through": texts("; ".join(step for step, _ in way.steps) for way in found),
            "basis": texts(max((basis[row] for row in way.rows), key=_BASES.index) for way in found),
            "rows": texts("; ".join(way.rows) for way in found),
            "places": texts("; ".join(dict.fromkeys(placed[row] for row in way.rows if row in placed)) for way in found),
            "status": texts(["admissible" if chronology.admissible else NOT_ADMISSIBLE] * len(found)),
        }
    )


def knowledge(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """At each decision, what could each agency have known?

    One row per decision, matter that had come about by then (certainly or possibly: `had_come_about`) and agency; decisions
    in order of time, matters and agencies as coded. `known`:

    - 'certainly known': in every admissible chronology it held the matter on the day of the decision or before;
    - 'possibly known': in some, the dates leave it open;
    - 'known to another agency only': it did not, and another agency did or possibly did (`others` says which and how);
    - 'known to an unnamed agency only': as before, but the source names none that did: it may be this one;
    - 'not known to any agency': none did, as recorded in this source;
    - 'learned only afterwards': the source says that this agency learned of it, but only after the events.

    `by` says by which ways, in words, `basis` how firm the firmest of them is. `rows` are the rows behind them; of an
    agency that did not hold it, the rows of those that did. `decided` tells whether the agency was among those who
    decided, `left_out` whether the review says that it was left out there. Where no chronology is admissible there is a
    row for every matter, and `known` says so.

    Method: a network of differences between days is closed under the earlier and the later of two solutions, so a way is
    in time in every chronology exactly if each step of it is, and one of several ways is exactly if one of them is:
    pairs of events in the minimal network are enough. Source: Dechter, Meiri and Pearl 1991 (theorem 3.3); Jeavons and
    Cooper 1995, Tractable constraints on ordered domains, Artificial Intelligence 79, 327-339 (closure under min and max).
    """
    points = decisions(tables, chronology)
    ids = list(points["decision"])
    labels, unnamed = agency_labels(tables), unnamed_agencies(tables)
    subjects = matters(tables)
    held: dict[tuple[str, str], list[Way]] = {}
    for way in ways(tables):
        held.setdefault((way.agency, way.matter), []).append(way)
    when = in_time(chronology, ids, answered_by(tables)) if chronology.admissible else None
    place = chronology.lowered.place
    tie = dict(zip(tables["links"]["id"], tables["links"]["type"], strict=True))
    basis = _bases(tables)
    cells: list[tuple[object, ...]] = []
    for column, (decision, deciders, missing) in enumerate(
        zip(ids, points["decided_by_ids"], points["left_out_ids"], strict=True)
    ):
        decided, left_out = set(deciders.split("; ")), set(missing.split("; "))
        for matter, counted in zip(subjects["matter"], subjects["counted_as"], strict=True):
            come = NOT_ADMISSIBLE
            if when:
                come = _word(when.begun_certain[place[matter], column], when.begun_possible[place[matter], column])
            if not come:
                continue
            states = {agency: _state(held.get((agency, matter), []), when, place, column) for agency in labels}
            for agency, label in labels.items():
                state, grounds = states[agency]
                others = [
                    (other, *states[other]) for other in labels if other != agency and states[other][0] in (CERTAIN, POSSIBLE)
                ]
                if not state:
                    state = NOBODY if not others else UNNAMED if all(other in unnamed for other, _, _ in others) else OTHER
                    grounds = [way for _, _, known in others for way in known]
                elif state == LATER and others:
                    grounds = [*grounds, *(way for _, _, known in others for way in known)]
                own = [way for way in grounds if way.agency == agency]
                by = [f"{_how(way, tie)} ({', then '.join(step for step, _ in way.steps)})" for way in own]
                firm = [max((basis[row] for row in way.rows), key=_BASES.index) for way in own]
                cells.append(
                    (
                        decision, agency, label, agency not in unnamed, matter, counted, come, state,
                        "; ".join(by), min(firm, key=_BASES.index) if firm else "",
                        "; ".join(labels[other] + (" (possibly)" if known == POSSIBLE else "") for other, known, _ in others),
                        agency in decided, agency in left_out,
                        "; ".join(dict.fromkeys(row for way in grounds for row in way.rows)),
                    )
                )
    names = ["decision", "agency", "agency_label", "named", "matter", "counted_as", "had_come_about", "known", "by", "basis",
             "others", "decided", "left_out", "rows"]  # fmt: skip
    table = pd.DataFrame(cells, columns=names)
    flags = {"named": bool, "decided": bool, "left_out": bool}
    return table.astype({name: flags.get(name, "str") for name in names})


def _ties(tables: Tables) -> dict[str, list[tuple[str, str, str]]]:
    """From each event: the tie, the event that one who knows the first knows too, and the row that says so."""
    links = tables["links"]
    events = set(tables["events"]["id"])
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row, tie, one, other in zip(links["id"], links["type"], links["from_row"], links["to_row"], strict=True):
        if tie in ("tells-of", "answers") and one in events and other in events:
            found.setdefault(one, []).append((tie, other, row))
        elif tie == "part-of":
            found.setdefault(other, []).append((tie, one, row))
    return found


def _onward(
    event: str, ties: Mapping[str, list[tuple[str, str, str]]], *, pass_to_parts: bool, answering: bool
) -> list[tuple[tuple[tuple[str, bool], ...], tuple[str, ...]]]:
    """Every way on from an event along tellings, parts and (from its own) answers: its steps and its rows."""
    found = []
    first = {"tells-of"} | ({"part-of"} if pass_to_parts else set()) | ({"answers"} if answering else set())
    stack: list[tuple[tuple[tuple[str, bool], ...], str, tuple[str, ...]]] = [((), event, ())]
    while stack:
        steps, at, rows = stack.pop()
        if steps:
            found.append(((*steps, (at, False)), rows))
        seen = {step for step, _ in steps} | {at}
        allowed = {"tells-of", "part-of"} if steps else first
        onward = [
            ((*steps, (at, tie == "tells-of")), other, (*rows, row))
            for tie, other, row in ties.get(at, [])
            if other not in seen and tie in allowed
        ]
        stack += reversed(onward)
    return found


def _bases(tables: Tables) -> dict[str, str]:
    """The basis of each row of involvement and links; a row without one counts as stated."""
    said = pd.concat([tables["involvement"][["id", "basis"]], tables["links"][["id", "basis"]]])
    return {row: basis or _BASES[0] for row, basis in zip(said["id"], said["basis"], strict=True)}


def _held_from(way: Way, chronology: Chronology) -> tuple[int, int]:
    """The earliest and the latest first day on which the agency can have come to hold the matter."""
    days, place = chronology.event_windows, chronology.lowered.place
    low = max(int(days[place[step], 0]) for step, _ in way.steps)
    high = max(int(days[place[step], 3 if told else 1]) for step, told in way.steps)
    return low, OPEN if way.undated else high


def _from_words(days: tuple[int, int]) -> str:
    return window_words(*(None if abs(day) > OPEN // 2 else day for day in days))


def _how(way: Way, tie: Mapping[str, str]) -> str:
    through = {tie.get(row, "") for row in way.rows[1:]}
    if way.undated:
        return "not said when"
    for one, words in (("tells-of", "told"), ("answers", "answered it"), ("part-of", "counted together")):
        if one in through:
            return words
    return "took part or held"


def _word(certain: np.bool_, possible: np.bool_) -> str:
    return "certainly" if certain else "possibly" if possible else ""


def _state(held: list[Way], when: InTime | None, place: Mapping[str, int], column: int) -> tuple[str, list[Way]]:
    """Whether an agency held a matter at a decision, and by which ways; empty where it did not."""
    if when is None:
        return NOT_ADMISSIBLE, held
    certain, possible = [], []
    for way in held:
        if way.later:
            continue
        steps = [
            ((when.told_certain if told else when.begun_certain)[place[step], column],
             (when.told_possible if told else when.begun_possible)[place[step], column])
            for step, told in way.steps
        ]  # fmt: skip
        if all(sure for sure, _ in steps) and not way.undated:
            certain.append(way)
        elif all(may for _, may in steps):
            possible.append(way)
    if certain:
        return CERTAIN, certain
    if possible:
        return POSSIBLE, possible
    later = [way for way in held if way.later]
    return (LATER, later) if later else ("", [])
