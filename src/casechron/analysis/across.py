"""What does each of several reviews say to the same question? Rows for one review, in the order of
the questions.

Only the last contact is worked out here: all other answers are those of the tables of one review.
What a review does not give says why, and is never a zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from casechron.analysis.chronicle import chronicle_rows, place_in_time
from casechron.analysis.closures import closures_and_next_concern
from casechron.analysis.concerns import by_event, concern_ids, end_event, rows_with
from casechron.analysis.contacts import contacts
from casechron.analysis.intervals import ONLY_ORDER, days_of_pair, hull, nearest_days, way_known
from casechron.analysis.involvement import stated_absences
from casechron.analysis.judgements import JUDGED, bases, with_mark
from casechron.analysis.on_record import LEARNED_LATER
from casechron.analysis.pairing import may_be_no_later, surely_no_later
from casechron.analysis.prior_concerns import first_concern_to_first_step
from casechron.analysis.re_referrals import NONE as NONE
from casechron.analysis.re_referrals import re_referrals
from casechron.analysis.record import agency_parts, places_together, sector_of, with_roles
from casechron.analysis.tables import (
    Tables,
    as_in_help,
    as_rows,
    by_key,
    check_review,
    check_together,
    rows_in,
)
from casechron.analysis.timescales import conference_rules, timescale_checks
from casechron.analysis.timing import END, ITSELF, response_gaps
from casechron.analysis.windows import told_regions
from casechron.chronology import feasible_region
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import UNNAMED_SECTOR, codebook
from casechron.review import Review, one_or_more, told_apart

__all__ = ["across"]

Answer = dict[str, Any]

PASSED_ON = "first concern passed on to first protective step"
ANY_CONCERN = "first concern of any kind to first protective step"
CLOSURE_TO_CONCERN = "closure to the next concern"
CONFERENCE = "strategy discussion to initial conference"
LAST_CONTACT = "last contact to the harm"
AGAIN = "referred again within twelve months"
RAISED = "sectors that raised or held concerns"
MISSING = "sectors missing, too little involved or taking no step"
#: The questions and, for the ids of rows, their short names.
QUESTIONS: Mapping[str, str] = {
    PASSED_ON: "first-step",
    ANY_CONCERN: "any-first-step",
    CLOSURE_TO_CONCERN: "closure",
    CONFERENCE: "conference",
    LAST_CONTACT: "last-contact",
    AGAIN: "again",
    RAISED: "raised",
    MISSING: "missing",
}
UNTOLD, NOT_CODED = "cannot be told", "not coded"
#: What `re_referrals` says of a referral, the most telling first, and what it is for a review.
_REFERRED_AGAIN = {
    "certain": "certainly",
    "certain as judged": "certainly, as judged",
    "possible": "possibly",
    "cannot be told": UNTOLD,
    "case open": "case open",
    "none on record": NONE,
}
_NOT_NAMED = "not named"
_NONE_AFTER = "no protective step is on record after such a concern"
ONLY_BEFORE = f"{_NONE_AFTER}, only before it"
NO_SUCH_CONCERN = "no such concern is on record"
_NO_DISCUSSION = "no strategy discussion is on record"
#: Stands behind a limit of which no text of its own edition was seen.
_AS_ELSEWHERE = " (known from other editions)"
_DAYS, _WORKING = ("days_min", "days_max"), ("working_days_min", "working_days_max")
#: What brings a person before a service, besides contacts and visits.
_BEFORE_A_SERVICE = ("admission", "discharge", "arrest", "emergency-protection")
#: States of rows that are no concern that was known at the time.
_NO_CONCERN = (END, LEARNED_LATER, ITSELF)


def _rows(review: Review, titles: Mapping[str, str], question: str) -> Iterator[Answer]:
    """The answers of one review to a question, at least one, each with its id and its places."""
    meta, together = review.meta, places_together(review.tables["locators"])
    for number, answer in enumerate(_answers(review, question), start=1):
        ends = _ends(answer, chronicle_rows(review))
        yield {
            "row": f"{meta.id}.{QUESTIONS[question]}" + (f"-{number}" if number > 1 else ""),
            "review": meta.id,
            "title": titles[meta.id],
            "year": meta.year,
            "question": question,
            **(answer | ends),
            "places": together(*ends["from_event"], *ends["to_event"]),
        }


def _answers(review: Review, question: str) -> Iterable[Answer]:
    if review.coded("kind") == NOT_CODED:
        return [{"answer": NOT_CODED}]
    if not review.chronology.admissible and question not in (RAISED, MISSING):
        return [{"answer": NOT_ADMISSIBLE, "why": "its dates and orders cannot all hold"}]
    return _ASKED[question](review)


def _ends(answer: Answer, events: Mapping[str, Any]) -> Answer:
    """Both ends of an interval, where on record: the events that each can be, and of these, of the
    first that has a day, its kind, and its date no finer than the source has it."""
    ends: Answer = {"alleged": "", "as_judged": False}
    for side in ("from", "to"):
        ids = ends[f"{side}_event"] = list(filter(None, answer.get(f"{side}_event", ())))
        if not ids:
            continue
        row = events[_first_dated(ids, events)]
        ends |= {f"{side}_kind": row.kind, f"{side}_date": row.date}
        ends[f"{side}_said"] = row.said_stated
        ends["alleged"] = ends["alleged"] or row.alleged
        ends["as_judged"] |= bool(row.as_judged) or row.basis == "judged"
    return ends


def _first_dated(ids: Iterable[str], events: Mapping[str, Any]) -> str:
    rows = [events[event]._asdict() for event in ids]
    first = min(rows, key=lambda row: (pd.isna(row["earliest"]), place_in_time(row)))
    return str(first["event"])


def _first_step(scope: str, review: Review) -> Iterator[Answer]:
    """From the first concern of a scope to the first protective step."""
    rows = as_rows(first_concern_to_first_step(review))
    (row,) = (row for row in rows if row.scope == scope)
    concerns, steps = row.first_concern, row.first_step
    if not concerns:
        yield {"answer": NONE, "why": NO_SUCH_CONCERN}
        return
    follows = {gap.concern: gap.next_step_follows for gap in as_rows(response_gaps(review))}
    next_steps = [follows[concern] for concern in concerns if concern in follows]
    if next_steps and all(step.startswith(NONE) for step in next_steps):
        steps = ()
    events = chronicle_rows(review)
    until, days_before = (
        (_first_dated(steps, events), 0) if steps else (end_event(review.tables), 1)
    )
    about = _about_others(concerns, steps, review.tables)
    ends: Answer = {"from_event": concerns, "to_event": steps, **about}
    ends |= _steps(review, _first_dated(concerns, events), until, days_before)
    days_min, days_max = (None if pd.isna(days) else days for days in (row.days_min, row.days_max))
    before = days_max is not None and days_max < 0
    if not steps:
        yield {"answer": NONE, **ends, "why": ONLY_BEFORE if before else _NONE_AFTER}
        return
    later = days_min is not None and days_min >= 0
    known = later and (days_min != 0 or days_max is not None)
    undated = [events[concern].kind for concern in concerns if pd.isna(events[concern].earliest)]
    came = "came" if before else "can have come"
    whys = [] if later else [f"the step {came} before the first concern"]
    if undated:
        whys.append(f"no earliest day is given of: {', '.join(_lower(undated))}")
    whys = whys or ["no latest day is given of the step"]
    ends |= _cells(row, *_DAYS, *_WORKING) if known else {}
    why = "; ".join(whys) if days_max is None or not known else ""
    yield {"answer": row.known if known else UNTOLD, **ends, "why": why}


def _steps(review: Review, concern: str, until: str, days_before: int) -> Answer:
    """The steps that protect nobody by themselves and can lie between a concern and an event,
    `days_before` it or more."""
    book, kinds, nation = codebook(), by_event(review.tables, "kind"), review.meta.jurisdiction
    chronology, protective = review.chronology, book.flagged("event_kind", "protective")
    between = [
        step
        for step in rows_with(review.tables, "response")
        if until
        and step != concern
        and kinds[step] not in protective
        and feasible_region(chronology, concern, step).gap != (None, None)
        and may_be_no_later(chronology, concern, step)
        and may_be_no_later(chronology, step, until, days=days_before)
    ]
    return {
        "step_events": between,
        "steps": _lower(book.label("event_kind", kinds[step], nation) for step in between),
    }


def _closures(review: Review) -> Iterator[Answer]:
    rows = list(as_rows(closures_and_next_concern(review)))
    if not rows:
        yield {"answer": NONE, "why": "no closure of a case is on record"}
    for row in rows:
        ends = {"from_event": [row.closure], "to_event": [row.next_concern]}
        if not row.next_concern:
            answer = UNTOLD if row.can_come_first else NONE
            yield {"answer": answer, **ends, "why": "no concern is certainly later"}
        else:
            why = "only their order is known" * (row.known == ONLY_ORDER)
            yield {"answer": row.known, **ends, **_cells(row, *_DAYS), "why": why}


def _conferences(review: Review) -> Iterator[Answer]:
    asked = conference_rules(review.meta.jurisdiction)
    checks = [row for row in as_rows(timescale_checks(review)) if row.rule in asked]
    if not checks:
        yield _conference_without_limit(review)
    for row in checks:
        yield {
            "answer": NONE if row.verdict == "not applicable" else row.verdict,
            "from_event": [row.start],
            "to_event": [row.end],
            **_cells(row, *_DAYS, *_WORKING),
            "limit": row.limit + _AS_ELSEWHERE * (row.source_seen == "not seen"),
            "limit_days_min": row.due_days_min,
            "limit_days_max": row.due_days_max,
            "why": row.would_settle if row.start or row.end else _NO_DISCUSSION,
        }


def _conference_without_limit(review: Review) -> Answer:
    """The days to the conference, where no guidance says how many they may be."""
    kinds, decisions = by_event(review.tables, "kind"), rows_with(review.tables, "decision")
    meetings, conferences = (
        [row for row in decisions if kinds[row] == kind] for kind in ("strategy-discussion", "icpc")
    )
    days: Answer = {}
    answer, why = UNTOLD, f"no limit for this is on file for {review.meta.jurisdiction}"
    if not meetings:
        answer, why = NONE, _NO_DISCUSSION
    elif not conferences:
        answer, why = NONE, f"no initial conference is on record; {why}"
    elif len(meetings) == len(conferences) == 1:
        wait, _ = days_of_pair(review.chronology, meetings[0], conferences[0])
        answer, days = wait.known, _cells(wait, *_DAYS)
    ends = {"from_event": meetings, "to_event": conferences}
    return {"answer": answer, **ends, **days, "why": why}


def _last_contact(review: Review) -> Iterator[Answer]:
    """From the last contact, visit, arrest or stay in hospital, of child or family, on an earlier
    day than the end of the account: the least over those that can have been it, the most from
    whichever was. What lasts is one until its last day; of what occurred several times the last
    occurrence can be as late as its window allows."""
    end, events = end_event(review.tables), chronicle_rows(review)
    if not end:
        yield {"answer": NONE, "why": "no harm, admission or death is on record"}
        return
    kinds, met = by_event(review.tables, "kind"), contacts(review)
    asked = [*rows_with(review.tables, "contact"), *met["contact"].tolist()]
    asked += [row for row, kind in kinds.items() if kind in _BEFORE_A_SERVICE]
    seen = set(met.loc[met["seen"].str.startswith("yes"), "contact"])
    # Who found nobody in met nobody, unless the child was seen all the same.
    none = {end, *(row for row, kind in kinds.items() if kind == "no-access" and row not in seen)}
    asked = [row for row in dict.fromkeys(asked) if row not in none and not events[row].absence]
    chronology = review.chronology
    fewest: dict[str, int] = {}
    most_of_certain: list[int] = []
    for contact in asked:
        spans = [region.gap for region in told_regions(chronology, contact, end)]
        lows = [low for low, high in spans if high is None or high >= 1]
        if not lows:
            continue
        if (row := events[contact]).recurs or row.shape == "span":
            to_last = told_regions(chronology, contact, end, from_point="end")
            lows = [region.gap[0] for region in to_last]
            # Some of several can have come after the end; the last before it was an early one then.
            spans = spans if row.recurs else [region.gap for region in to_last]
        _, high = hull(spans)
        if high is not None and surely_no_later(chronology, contact, end, days=1):
            most_of_certain.append(max(1, high))
        fewest[contact] = min(max(1, low or 1) for low in lows)
    if not fewest:
        why = "no contact on an earlier day is on record"
        yield {"answer": NONE, "to_event": [end], "why": why}
        return
    low, days_max = min(fewest.values()), min(most_of_certain, default=None)
    if days_max is not None and len(most_of_certain) < len(fewest):
        nearest = nearest_days(chronology, end, fewest, before=True)
        days_max = min(days_max, hull(region.gap for region in nearest)[1] or days_max)
    can_be = [contact for contact, days in fewest.items() if days_max is None or days <= days_max]
    ends = {"from_event": can_be, "to_event": [end]}
    if low == 1 and days_max is None:
        yield {"answer": UNTOLD, **ends, "why": "no dated contact certainly came on an earlier day"}
    else:
        days = {"days_min": low, "days_max": days_max}
        yield {"answer": way_known(low, days_max), **ends, **days}


def _again(review: Review) -> Iterator[Answer]:
    rows = list(as_rows(re_referrals(review)))
    if not rows:
        yield {"answer": NONE, "why": "no referral to children's social care is on record"}
        return
    # Of equal answers the one after a closure, which says more of the case, then the earliest.
    events = chronicle_rows(review)
    rows.sort(key=lambda row: place_in_time(events[row.referral]._asdict()))
    rows.sort(key=lambda row: row.measure != "after a closure")
    order = {words: at for at, words in enumerate(_REFERRED_AGAIN)}
    best = min(rows, key=lambda row: order.get(row.re_referral, len(order)))
    answer = _REFERRED_AGAIN.get(best.re_referral, best.re_referral)
    if answer == NONE:
        yield {"answer": NONE}
        return
    days = {} if answer == UNTOLD else _cells(best, *_DAYS)
    ends = {"from_event": best.before, "to_event": [best.referral], "measure": best.measure}
    yield {"answer": answer, **ends, **days, "why": best.would_settle}


def _raised(review: Review) -> Iterator[Answer]:
    """Who raised each concern that was known at the time; of what nobody is said to have raised,
    who held it."""
    if review.coded("by") == NOT_CODED:
        yield {"answer": NOT_CODED}
        return
    tables = review.tables
    state = {row.concern: row.state for row in as_rows(response_gaps(review))}
    holding = codebook().flagged("involvement_role", "knows") - {"raised", "received"}
    parts, marks = agency_parts(tables), list[tuple[str, str]]()
    told = tables["participation"].loc[lambda rows: rows["role"] == "told"]
    told_as: dict[str, list[str]] = by_key(rows_in(told, "event", "status"))
    force, basis = codebook().codes("status"), bases(tables) | by_event(tables, "basis")
    sector = sector_of(tables)
    for concern in concern_ids(tables):
        if state.get(concern) in _NO_CONCERN:
            continue
        concern_parts = parts.get(concern, [])
        raised_by = with_roles(concern_parts, {"raised"}) or with_roles(concern_parts, holding)
        judged = "as judged" * (basis[concern] == JUDGED)
        for part in raised_by:
            part_judged = "as judged" * (basis[part.row] == JUDGED)
            marks.append((sector[part.party], judged or part_judged))
        for status in told_as.get(concern, ()):
            # Persons who told it are of the sector of family members, relatives and carers.
            alleged = "alleged" * (force[status].force == "alleged")
            marks.append(("1A", alleged or judged))
    yield _sectors(marks)


def _missing(review: Review) -> Iterator[Answer]:
    if {review.coded("absence"), review.coded("without")} == {NOT_CODED}:
        yield {"answer": NOT_CODED}
        return
    sector = sector_of(review.tables)
    absences = stated_absences(review)
    # Who was not told was missing from nothing: it was for another to tell.
    not_told = absences["absence"] == codebook().label("involvement_role", "not-told")
    rows = as_rows(absences[~not_told])
    yield _sectors((sector[row.agency], "as judged" * (row.basis == JUDGED)) for row in rows)


def _sectors(marked: Iterable[tuple[str, str]]) -> Answer:
    """Sectors in words, in the order of the codebook, each with its marks where nothing is without
    one; `marked` has a sector and a mark, or '', for each thing that is told of it."""
    marks, named = by_key(sorted(set(marked))), []
    labels = {code: sector.label for code, sector in codebook().codes("sector").items()}
    labels.pop(UNNAMED_SECTOR)
    for code, label in [*labels.items(), (UNNAMED_SECTOR, _NOT_NAMED)]:
        if code in marks:
            named.append(with_mark(label, *marks[code] * ("" not in marks[code])))
    return {"answer": "named" if named else NONE, "sectors": named}


#: What answers each question: a function of one review.
_ASKED: Mapping[str, Callable[[Review], Iterator[Answer]]] = {
    PASSED_ON: partial(_first_step, "concerns passed on"),
    ANY_CONCERN: partial(_first_step, "any concern"),
    CLOSURE_TO_CONCERN: _closures,
    CONFERENCE: _conferences,
    LAST_CONTACT: _last_contact,
    AGAIN: _again,
    RAISED: _raised,
    MISSING: _missing,
}


def _cells(row: Any, *names: str) -> Answer:
    return {name: getattr(row, name) for name in names}


def _lower(labels: Iterable[str]) -> list[str]:
    """Labels as they stand within a sentence, each once."""
    return list(dict.fromkeys(f"{label[:1].lower()}{label[1:]}" for label in labels))


def _about_others(concerns: Sequence[str], steps: Sequence[str], tables: Tables) -> Answer:
    """Whom concerns are about, by kinship, where the child at the centre is not among them; and for
    whom the steps are, where for none of these."""
    kinship = dict(rows_in(tables["people"], "id", "kinship"))
    parts = rows_in(tables["participation"], "role", "event", "person", "basis")
    subjects = [(event, who, basis) for role, event, who, basis in parts if role == "subject"]
    children = {who: basis for event, who, basis in subjects if event in concerns}
    stepped = {who for event, who, _ in subjects if event in steps} if children else set()

    def ties(people: Iterable[str]) -> str:
        of = sorted({kinship[who] for who in people})
        return ", ".join(codebook().label("kinship", tie) for tie in of)

    if "child" in map(kinship.get, children):
        return {}
    judged = ", as judged" * (JUDGED in children.values())
    step_for = "" if stepped & {*children} else ties(stepped)
    return {"about": ties(children) + judged, "step_for": step_for}


def across(reviews: Review | Sequence[Review]) -> pd.DataFrame:
    """What does each of several reviews say to the same question?

    The answers are those of the tables of one review: nothing is pooled, ranked or compared. What a
    review does not give says why. Days are no closer than those tables tell them.

    Parameters
    ----------
    reviews : Review or sequence of Review
        As `read_reviews` gives them.

    Returns
    -------
    pandas.DataFrame
        One row per review, question and answer, in the order of the questions, then of the reviews;
        each review has a row for each question.

        - `row` (text): the row's id: the review's, the question's short name, a number
        - `review`, `title` (text): the review's id, and what review.toml calls it, with its body
          where two reviews of one year have one title
        - `question` (text): 'first concern passed on to first protective step', 'first concern of
          any kind to first protective step', 'closure to the next concern', 'strategy discussion to
          initial conference', 'last contact to the harm', 'referred again within twelve months',
          'sectors that raised or held concerns' or 'sectors missing, too little involved or
          taking no step'
        - `answer` (text): of an interval in what way it is known ('exactly', 'between', 'at least',
          'only an order'), or the verdict on its limit; of a referral 'certainly', 'certainly, as
          judged', 'possibly' or 'case open'; 'named' where sectors are; and 'none on record',
          'cannot be told', 'not coded' or 'no admissible chronology'
        - `from_event` (ids), `from_kind`, `from_date`, `from_said` (text), `to_event` (ids),
          `to_kind`, `to_date`, `to_said` (text): of each of the two ends the ids, several where it
          is not certain which one it was (but after a closure only the concern that certainly comes
          later); of these, of the first that has a day, what kind of event it is, its date as
          coded, and the same in words
        - `about`, `step_for` (text): whom a first concern is about, by kinship, where not the
          child; and for whom the step is, where for none of these
        - `alleged` (text): whether an end is only alleged, as in `chronicle`
        - `limit` (text): the limit of the guidance, if any
        - `measure` (text): of a referral, whether 'after a closure' or 'after a referral'
        - `step_events` (ids), `steps` (labels): the ids and the kinds of the other steps that can
          lie in between, or after a concern that no protective step follows
        - `sectors` (labels): sectors of agencies, never their names; 'not named' where the source
          names none, with '(alleged)' or '(as judged)' where it rests on that alone
        - `why` (text): why it cannot be told, what would settle it or is taken for granted, or what
          is not on record
        - `places` (text): where the source tells of the two ends
        - `year` (number): the review's year
        - `days_min`, `days_max` (days; <NA>: open, or none told): from the one end to the other, at
          least and at most
        - `working_days_min`, `working_days_max` (working days; <NA>: as for the days): the same in
          working days of the review's jurisdiction, of first steps and conferences
        - `limit_days_min`, `limit_days_max` (days; <NA>: no limit): the calendar days that the
          limit can be
        - `as_judged` (True or False): whether the day of an end leans on what the coder judged

    Raises
    ------
    TypeError
        For what is no review.
    ValueError
        For one review twice, and for reviews that were read under different dating policies.

    See Also
    --------
    first_concern_to_first_step, closures_and_next_concern, timescale_checks, re_referrals

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> columns = ["answer", "days_min", "days_max"]
    >>> cc.across([review]).set_index("question")[columns].loc["closure to the next concern"]
    answer      between
    days_min          1
    days_max          5
    Name: closure to the next concern, dtype: object
    """
    asked = one_or_more(reviews)
    for review in asked:
        check_review(review, "across")
    check_together(asked)
    titles = told_apart(asked)
    return as_in_help(
        across,
        (row for name in QUESTIONS for review in asked for row in _rows(review, titles, name)),
    )
