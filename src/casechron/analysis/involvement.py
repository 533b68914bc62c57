"""Which agencies were involved, in what, when, and where does the source say that one was missing?

A row can stand for several occasions, which are counted as coded, and two rows can be one body.
Every count is as recorded in this source: it says as much about the account as about the agency."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import pandas as pd

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import by_event, end_event
from casechron.analysis.decisions import events_answered
from casechron.analysis.judgements import DERIVED, JUDGED, firmest
from casechron.analysis.phases import no_later, phase_of_events, phases
from casechron.analysis.record import (
    NOT_INVOLVED,
    RESPONSIBLE,
    UNSPECIFIED,
    agency_labels,
    event_counts,
    placed,
    places_of,
    reviewing_bodies,
    takes_in,
    unnamed_agencies,
)
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import Tables, by_key, ids_where, rows_in, ties
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import SOURCES_DIFFER, codebook
from casechron.review import Review

__all__ = ["involvement", "involvement_by_phase", "stated_absences"]


ACTED, TOLD_OTHERS = "led or took part", "raised or told"
RECEIVED, HELD = "received", "held or provided"
TOLD_OF, ABSENT = "was told of it", "absent or insufficient, as stated"
LATER_PART = "learned or acted only afterwards"
#: What an agency's roles in one event come to, the strongest first; the first four are contacts.
PARTS = (ACTED, TOLD_OTHERS, RECEIVED, HELD, TOLD_OF, ABSENT, LATER_PART)
CONTACT_PARTS = PARTS[:4]
#: What the key of the chart says of each part; the two that are drawn alike have the same words.
PART_WORDS: Mapping[str, str] = {
    ACTED: "led or took part",
    TOLD_OTHERS: "raised it or told of it",
    RECEIVED: "was told",
    HELD: "held or provided something",
    TOLD_OF: "was told",
    ABSENT: "missing, not told, not done or not enough",
    LATER_PART: "learned or acted afterwards",
}
#: How a sentence keeps the force of a grade that is no plain statement, the firmest first.
HEDGES = {
    "no-evidence-found": ", as far as evidence was found",
    "by-one-account": ", by one account",
    "does-not-appear": ", it seems",
    "apparently-not": ", it seems",
    "could-not-be-confirmed": ", perhaps",
}
#: Whose word it is, by the basis of what is told.
SAYS = ", says the source"
_WHOSE_WORD = {"stated": SAYS, DERIVED: ", as derived from the source", JUDGED: ", as judged"}


@table_of_rows
def involvement(review: Review) -> Iterator[RowOfTable]:
    """Which agency was involved in which event, and in which roles?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event and agency with a part in it, events in order of time, agencies as coded.

        - `event`, `summary` (text): the event's id, and what happened
        - `said` (text): when, in words
        - `phase` (text): where the event falls, as in `phase_of_events`
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `part` (text): what the roles come to; the first that fits of 'led or took part', 'raised
          or told', 'received', 'held or provided', 'was told of it', 'absent or insufficient, as
          stated' and 'learned or acted only afterwards', which is all that the body that made the
          review, and a conviction after what the account runs up to, come to
        - `roles` (labels): the roles as coded
        - `stated_absence` (labels): for what the agency did not do, how firmly that is said
        - `rows` (ids): the rows of involvement
        - `basis` (text): the firmest of 'stated', 'derived' and 'judged' on which it had this part
        - `differs` (True or False): whether another source says otherwise of one of these rows
        - `places` (text): paragraph and sentence of the source
        - `status` (text): 'admissible', 'absence: as stated' and so on, as in `bounds`

    See Also
    --------
    stated_absences : where the source says that an agency was missing.
    agencies_in_events : the rows as coded.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.involvement(review)[["event", "agency", "part"]].head(4)
               event              agency                               part
    0  referral-2014  childrens-services                           received
    1  referral-2014              police  absent or insufficient, as stated
    2  no-visit-2014  childrens-services  absent or insufficient, as stated
    3     worry-2014            school-x                   held or provided
    """
    tables, book = review.tables, codebook()
    role_codes, gaps = book.codes("involvement_role"), book.flagged("involvement_role", "gap")
    labels, unnamed = agency_labels(tables), unnamed_agencies(tables)
    absence, kind = by_event(tables, "absence"), by_event(tables, "kind")
    after = book.flagged("event_kind", "learning")
    places, outcomes = placed(tables["locators"]), _outcomes(review)
    differ, reviewing = _differing(tables), reviewing_bodies(tables)
    coded = by_key(
        ((event, agency), (row, role, grade, basis))
        for row, agency, event, role, grade, basis in rows_in(
            tables["involvement"], "id", "agency", "event", "role", "grade", "basis"
        )
        if role_codes[role].flags - {"may-know"}
        and not (role in gaps and kind[event] in after)
        # Nobody was told, and not somebody who is not named.
        and not (role in NOT_INVOLVED and agency == UNSPECIFIED)
    )
    for event, summary, said, phase, status in rows_in(
        phase_of_events(review), "event", "summary", "said", "placed", "status"
    ):
        for agency, label in labels.items():
            if (event, agency) not in coded:
                continue
            ids, roles, *_ = zip(*coded[event, agency], strict=True)
            later = event in outcomes or agency in reviewing
            part = _part_of_roles(roles, kind[event], later)
            missing = [
                grade or absence[event]
                for _, role, grade, _ in coded[event, agency]
                if role in gaps
            ]
            bases = (
                basis
                for _, role, _, basis in coded[event, agency]
                if _part_of_roles([role], kind[event], later) == part
            )
            yield (
                *(event, summary, said, phase, agency, label, agency not in unnamed),
                part,
                [role_codes[role].label for role in roles],
                [book.label("absence", grade) for grade in dict.fromkeys(missing)],
                *(ids, firmest(bases), not differ.isdisjoint(ids)),
                *(places_of(places, *ids), status),
            )


@table_of_rows
def involvement_by_phase(review: Review) -> Iterator[RowOfTable]:
    """In which phase was each agency involved, and in which does the source say that it was
    missing?

    Counts are of what this source records; what an agency learned only afterwards does not count.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency and phase, agencies as coded, also where nothing is recorded; none for
        those that only learned or acted afterwards, as the body that made the review.

        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `phase` (number), `title` (text): the phase, as in `phases`
        - `recorded` (text): 'involved', 'possibly involved' or 'nothing recorded', each with
          'stated absence' or 'possible stated absence' where there is one; or 'no admissible
          chronology'
        - `contact_rows`, `contact_rows_may_fall` (count): rows of events with a part of the agency
          that certainly have a day in the phase, and that may have one
        - `absence_rows`, `absence_rows_may_fall` (count): the same of stated absences
        - `contacts_min`, `contacts_max` (count; <NA>: open): how many times it had a part there, by
          the counts of these rows; where a row counts the occasions of several agencies, one or
          more of them; the most leaves out the first and the last of several whose phase is certain
          and another, and is one at least of each row that may have a day there
        - `rows` (ids): the rows of involvement

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.involvement_by_phase(review)[["agency_label", "phase", "recorded"]].head(4)
              agency_label  phase                           recorded
    0  Children's services      1  involved; possible stated absence
    1  Children's services      2  involved; possible stated absence
    2  Children's services      3                           involved
    3  Children's services      4                   nothing recorded
    """
    tables, admissible = review.tables, review.chronology.admissible
    placed_in = phase_of_events(review)
    certain_in = dict(rows_in(placed_in, "event", "certain_in"))
    phases_of = {
        event: range(first, last + 1)
        for event, first, last in rows_in(placed_in, "event", "first_phase", "last_phase")
    }
    parts_of = by_key(
        (agency, row)
        for agency, *row in rows_in(involvement(review), "agency", "event", "part", "rows")
    )
    titles, told = list(rows_in(phases(review), "phase", "title")), (*CONTACT_PARTS, ABSENT)
    unnamed, occasions = unnamed_agencies(tables), Occasions(tables)
    for agency, label in agency_labels(tables).items():
        parts = parts_of.get(agency, [])
        if parts and all(part == LATER_PART for _, part, _ in parts):
            continue
        for phase, title in titles:
            certain = [row for row in parts if str(phase) in certain_in[row[0]]]
            possible = [row for row in parts if phase in phases_of[row[0]] and row not in certain]
            contacts, contacts_may_fall = (
                [event for event, part, _ in group if part in CONTACT_PARTS]
                for group in (certain, possible)
            )
            absences, absences_may_fall = (
                sum(part == ABSENT for _, part, _ in group) for group in (certain, possible)
            )
            counts = len(contacts), len(contacts_may_fall), absences, absences_may_fall
            whole = {event for event in contacts if len(phases_of[event]) == 1}
            # The first and the last of several can certainly be of other phases.
            elsewhere = {
                event: len({*certain_in[event]} - {str(phase)})
                for event in (*contacts, *contacts_may_fall)
            }
            yield (
                *(agency, label, agency not in unnamed, phase, title),
                _recorded(*counts) if admissible else NOT_ADMISSIBLE,
                *counts,
                occasions.least(contacts, whole, agency),
                occasions.most(elsewhere),
                [row for _, part, ids in [*certain, *possible] if part in told for row in ids],
            )


@table_of_rows
def stated_absences(review: Review) -> Iterator[RowOfTable]:
    """Where does the source say that an agency was absent, not involved enough or not told?

    What a review, or a court afterwards, was not told is no gap in the case.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency and step that it was missing from, in order of time.

        - `involvement` (text): the id of the row of involvement
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `absence`, `force` (text): in what way it was missing, and how firmly that is said
        - `event`, `step`, `summary` (text): the step's id, its kind, and what is said of it
        - `missing_step` (True or False): whether the step as a whole was absent or insufficient, so
          that no more is said of the agency than that the step was its own
        - `answers` (labels): what the step was to answer: ids, in brackets how often that was where
          one stands for several
        - `answers_summary` (text): what happened there
        - `said` (text): when, in words
        - `phase` (text): where it falls, as in `phase_of_events`
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `differs` (True or False): whether another source says otherwise
        - `places` (text): paragraph and sentence of the source

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.stated_absences(review)[["agency_label", "event", "force"]]
              agency_label          event              force
    0               Police  referral-2014     did not happen
    1  Children's services  no-visit-2014  no evidence found
    2               Police      icpc-2014     did not happen
    """
    tables, book = review.tables, codebook()
    gaps, after = book.flagged("involvement_role", "gap"), book.flagged("event_kind", "learning")
    events, kind = chronicle_rows(review), by_event(tables, "kind")
    phase_of = dict(rows_in(phase_of_events(review), "event", "placed"))
    order = {event: number for number, event in enumerate(events)}
    labels, unnamed = agency_labels(tables), unnamed_agencies(tables)
    places, answering = placed(tables["locators"]), events_answered(tables)
    differ = _differing(tables)

    def with_count(event: str) -> str:
        words = events[event].how_many
        return event if words in ("", "once") else f"{event} ({words})"

    missing = rows_in(tables["involvement"], "id", "agency", "event", "role", "grade", "basis")
    for row, agency, event, role, grade, basis in sorted(
        (row for row in missing if row[3] in gaps and kind[row[2]] not in after),
        key=lambda row: order[row[2]],
    ):
        step, answered = events[event], answering.get(event, [])
        yield (
            *(row, agency, labels[agency], agency not in unnamed),
            book.label("involvement_role", role),
            book.label("absence", grade) or step.absence,
            *(event, step.kind, step.summary, bool(step.absence)),
            [*map(with_count, answered)],
            "; ".join(events[answer].summary for answer in answered),
            *(step.said, phase_of[event], basis, row in differ),
            places.get(row, places.get(event, "")),
        )


def _differing(tables: Tables) -> set[str]:
    """The rows of which two sources say different things."""
    return set(ids_where(tables["readings"], "kind", {"sources-differ"}, "row"))


def _outcomes(review: Review) -> set[str]:
    """The events that come after the case: those of which the codebook says so, and convictions
    that are certainly not earlier than what the account runs up to."""
    tables, book = review.tables, codebook()
    kinds = book.flagged("event_kind", "learning")
    end, convictions = end_event(tables), ids_where(tables["events"], "kind", {"conviction"})
    after: list[str] = []
    if end and review.chronology.admissible:
        follows = no_later(review.chronology, [end, *convictions])[0, 1:]
        after = [event for event, later in zip(convictions, follows, strict=True) if later]
    return {*ids_where(tables["events"], "kind", kinds), *after}


def _part_of_roles(roles: Collection[str], kind: str, later: bool) -> str:
    """What some roles in an event of a kind come to; `later`: it came after the case."""
    book = codebook()
    at_once = book.flagged("event_kind", "telling") | takes_in()
    part_of_flag = {
        "decides": ACTED,
        "told": TOLD_OTHERS,
        "was-told": RECEIVED if kind in at_once else TOLD_OF,
        "knows": HELD,
        "gap": ABSENT,
        "later": LATER_PART,
    }
    parts = set()
    for role in roles:
        flags = set(book.codes("involvement_role")[role].flags)
        # Who was told knows by that alone.
        flags -= {"knows"} if "was-told" in flags else set()
        parts |= {part for flag, part in part_of_flag.items() if flag in flags}
    if later:
        parts = {part if part == ABSENT else LATER_PART for part in parts}
    return min(parts, key=PARTS.index)


def hedge(forces: Collection[str]) -> str:
    """The words behind 'missing' that keep the force of the firmest of some grades, as labels.

    >>> hedge(["could not be confirmed", "no evidence found"]), hedge(["did not happen"])
    (', as far as evidence was found', '')
    """
    words = {codebook().label("absence", code): words for code, words in HEDGES.items()}
    behind = {words.get(force, "") for force in forces}
    return min(behind, key=["", *HEDGES.values()].index, default="")


def whose_word(bases: Iterable[str], differs: Iterable[bool]) -> str:
    """Whose word it is that somebody was missing, by the rows that say so; those come first of
    which no other source says otherwise.

    >>> whose_word(["derived", "stated"], [False, True]), whose_word(["stated"], [True])
    (', as derived from the source', ', says the source, though sources differ')
    """
    rows = list(zip(bases, differs, strict=True))
    agreed = [basis for basis, differ in rows if not differ]
    firm = firmest(agreed or [basis for basis, _ in rows])
    return _WHOSE_WORD[firm] + SOURCES_DIFFER * (not agreed)


def part_words(parts: pd.DataFrame) -> pd.Series[str]:
    """What each part comes to, in words, and whose word it is: the source's or the coder's."""
    ways = {"not-told": "not told", RESPONSIBLE: "step not taken or not enough"}
    words_of = {codebook().label("involvement_role", role): words for role, words in ways.items()}

    def words(
        part: str, roles: Iterable[str], forces: Collection[str], basis: str, differs: bool
    ) -> str:
        if part != ABSENT:
            return PART_WORDS[part] + ", as judged" * (basis == JUDGED)
        missing = {words_of.get(role, "missing or not enough") for role in roles}
        way = missing.pop() if len(missing) == 1 else "missing or not enough"
        return way + hedge(forces) + whose_word([basis], [differs])

    columns = ("part", "roles", "stated_absence", "basis", "differs")
    each = [words(*row) for row in rows_in(parts, *columns)]
    return pd.Series(each, index=parts.index, dtype="str")


def _recorded(contacts: int, contacts_may: int, absences: int, absences_may: int) -> str:
    involved = "involved" if contacts else "possibly involved" if contacts_may else ""
    absent = "stated absence" if absences else "possible stated absence" if absences_may else ""
    return "; ".join(filter(None, (involved, absent))) or "nothing recorded"


class Occasions:
    """In how many occasions of some events had an agency a part, where none is counted twice?

    What a row counts together with others (`part-of`) is not counted beside that row. In all that a
    row counts had an agency a part where it alone has a role in it, else in one or more.

    >>> counts = {"id": ["calls", "call"], "count_min": ["28", ""], "count_max": ["28", ""]}
    >>> links = {"type": ["part-of"], "from_row": ["call"], "to_row": ["calls"]}
    >>> parts = {"event": "calls", "agency": ["gp", "ward", "police"]}
    >>> roles = {"role": ["raised", "raised", "received"]}
    >>> tables = {"events": counts, "links": links, "involvement": parts | roles}
    >>> calls = Occasions({name: pd.DataFrame(rows) for name, rows in tables.items()})
    >>> [calls.least(["calls"], ["calls"], agency) for agency in ("gp", "ward", "police")]
    [1, 1, 28]
    >>> calls.most({"calls": 0, "call": 0}), calls.most({"calls": 1})
    (28, 27)
    """

    def __init__(self, tables: Tables) -> None:
        self._counts = event_counts(tables)
        self._wholes = by_key(ties(tables, "part-of"))
        gaps = codebook().flagged("involvement_role", "gap")
        holders = by_key(
            ((event, role), agency)
            for event, role, agency in rows_in(tables["involvement"], "event", "role", "agency")
            if role not in gaps
        )
        self._alone = {(row[0], *who) for row, who in holders.items() if len(who) == 1}

    def least(self, events: Collection[str], entire: Collection[str], agency: str) -> int:
        """In at least how many occasions of some events had an agency a part?

        Of those in `entire` the whole count is meant, of the others at least one occasion. A row
        that counts others together is as many as it says, or as these are together. Two rows that
        count the same row can be the same occasions, so that only the greater of them counts."""
        whole_count = {event for event in entire if (event, agency) in self._alone}
        count = {event: self._counts[event][0] if event in whole_count else 1 for event in events}
        groups: list[tuple[set[str], set[str]]] = []
        for whole in self._not_counted_by_others(events):
            parts = {event for event in count if whole in self._wholes.get(event, ())}
            wholes = {whole}
            for group in [group for group in groups if group[1] & parts]:
                groups.remove(group)
                wholes |= group[0]
                parts |= group[1]
            groups.append((wholes, parts))
        return sum(
            max(*(count[whole] for whole in wholes), sum(count[part] for part in parts))
            for wholes, parts in groups
        )

    def most(self, elsewhere: Mapping[str, int]) -> int | None:
        """In at most how many, without those of each event that are certainly `elsewhere`? None
        where a count is open. Of each event one at least is meant."""
        events = self._not_counted_by_others(elsewhere)
        counts = [(self._counts[event][1], elsewhere[event]) for event in events]
        known = [max(1, count - other) for count, other in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def _not_counted_by_others(self, events: Iterable[str]) -> list[str]:
        return [event for event in events if set(self._wholes.get(event, ())).isdisjoint(events)]
