"""What does each of several reviews say to the same question? Rows for one review, in the order of
the questions.

Nothing is worked out anew here but the last contact: the answers are those of the tables of one
review. What a review does not give says why, and is never a zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import pandas as pd

from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import Tables, ids_where, rows_in
from casechron.analysis.concerns import by_event, concern_ids, end_event, rows_with
from casechron.analysis.contacts import contacts
from casechron.analysis.intervals import (
    AT_LEAST,
    BETWEEN,
    EXACTLY,
    as_rows,
    days_between,
)
from casechron.analysis.involvement import stated_absences
from casechron.analysis.judgements import JUDGED
from casechron.analysis.prior_concerns import first_concern_to_first_step
from casechron.analysis.re_referrals import closures_and_next_concern, re_referrals
from casechron.analysis.record import UNNAMED_SECTOR, placed_together, with_roles
from casechron.analysis.record import agency_parts as parts_of
from casechron.analysis.timescales import timescale_checks
from casechron.analysis.timing import response_gaps
from casechron.analysis.windows import shown_windows
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["across"]

Answer = dict[str, Any]

FIRST = "first concern passed on to first protective step"
ANY = "first concern of any kind to first protective step"
CLOSED = "closure to the next concern"
CONFERENCE = "strategy discussion to initial conference"
CONTACT = "last contact to the harm"
AGAIN = "referred again within twelve months"
RAISED = "sectors that raised or held concerns"
MISSING = "sectors that were missing, as the source says"
#: The questions and, for the ids of rows, their short names.
QUESTIONS: Mapping[str, str] = {
    FIRST: "first-step",
    ANY: "any-first-step",
    CLOSED: "closure",
    CONFERENCE: "conference",
    CONTACT: "last-contact",
    AGAIN: "again",
    RAISED: "raised",
    MISSING: "missing",
}
NONE, UNTOLD, NOT_CODED = "none on record", "cannot be told", "not coded"
#: What `re_referrals` says of a referral, the most telling first, and what it is for a review.
_AGAIN = {
    "certain": "certainly",
    "certain as judged": "certainly, as judged",
    "possible": "possibly",
    "cannot be told": UNTOLD,
    "case open": "case open",
    "none on record": NONE,
}
_NOT_NAMED = "not named"
_NO_DISCUSSION = "no strategy discussion is on record"
_DAYS, _WORKING = ("days_min", "days_max"), ("working_days_min", "working_days_max")
_NO_CONCERN = ("the end of the account", "learned only afterwards", "itself an answer")


@dataclass(frozen=True)
class Question:
    """One review, with its tables by the names of the functions of the face that make them."""

    tables: Tables
    chronology: Chronology
    jurisdiction: str
    coded: Callable[[str], str]
    made: Mapping[str, pd.DataFrame]

    @cached_property
    def events(self) -> dict[str, Any]:
        """The rows of the chronicle by event, in order of time."""
        return {row.event: row for row in as_rows(self.made["chronicle"])}


def answers(of: Question) -> Iterator[Answer]:
    """The answers of one review: at least one for each of `QUESTIONS`, in their order."""
    if of.coded("kind") == NOT_CODED:
        yield from (_answer(question, NOT_CODED) for question in QUESTIONS)
        return
    in_time = chain(*(ask(of) for ask in _IN_TIME))
    if not of.chronology.admissible:
        why = "its dates and orders cannot all hold"
        asked = [question for question in QUESTIONS if question not in (RAISED, MISSING)]
        in_time = chain(_answer(one, NOT_ADMISSIBLE, why=why) for one in asked)
    for answer in chain(in_time, [_raised(of), _missing(of)]):
        yield answer | _ends(answer, of.events)


def _answer(question: str, answer: str, **more: Any) -> Answer:
    return {"question": question, "answer": answer} | more


def _ends(answer: Answer, events: Mapping[str, Any]) -> Answer:
    """What the two ends of an interval are and when, no finer than the source dates them; of
    several that an end can be, the first that has a day."""
    ends: Answer = {"as_judged": False}
    for side in ("from", "to"):
        ids = _ids(answer.get(f"{side}_event", ""))
        if not ids:
            continue
        row = events[_first_dated(ids, events)]
        ends |= {f"{side}_kind": row.kind, f"{side}_date": row.date}
        ends[f"{side}_said"] = row.said_stated
        if answer.get("days_min") is not None:
            ends["as_judged"] |= bool(row.as_judged) or row.basis == "judged"
    return ends


def _first_dated(ids: Iterable[str], events: Mapping[str, Any]) -> str:
    rows = [row for row in events.values() if row.event in set(ids)]
    return str(next((row for row in rows if pd.notna(row.earliest)), rows[0]).event)


def _first_steps(of: Question) -> Iterator[Answer]:
    rows = {row.scope: row for row in as_rows(of.made["first_concern_to_first_step"])}
    for question, scope in ((FIRST, "concerns passed on"), (ANY, "any concern")):
        row = rows[scope]
        concerns, steps = _ids(row.first_concern), _ids(row.first_step)
        if not concerns:
            yield _answer(question, NONE, why="no such concern is on record")
            continue
        until, days = (steps[0], 0) if steps else (end_event(of.tables), 1)
        ends = {"from_event": row.first_concern, "to_event": row.first_step}
        ends |= _steps(of, _first_dated(concerns, of.events), until, days)
        if not steps:
            yield _answer(question, NONE, **ends, why="no protective step is on record after it")
            continue
        days_min, days_max = _whole(row.days_min), _whole(row.days_max)
        known = days_min is not None and days_min >= 0 and (days_min > 0 or days_max is not None)
        undated = [
            of.events[concern].kind for concern in concerns if pd.isna(of.events[concern].earliest)
        ]
        whys = [] if known else ["the step can have come before the first concern"]
        if undated:
            whys.append(f"no earliest day is given of: {', '.join(_lower(undated))}")
        ends |= _numbers(row, *_DAYS, *_WORKING) if known else {}
        why = "; ".join(whys) if days_max is None or not known else ""
        yield _answer(question, row.known if known else UNTOLD, **ends, why=why)


def _steps(of: Question, concern: str, until: str, days: int) -> Answer:
    """The steps that protect nobody by themselves and can lie between a concern and an event, so
    many days before that at least."""
    book, kinds = codebook(), by_event(of.tables, "kind")
    steps = [
        step
        for step in rows_with(of.tables, "response")
        if kinds[step] not in book.flagged("event_kind", "protective") and step != concern
    ]
    between = []
    for step in steps if until else []:
        since = feasible_region(of.chronology, concern, step)
        left = feasible_region(of.chronology, step, until)
        known = since.gap_lo is not None or since.gap_hi is not None
        early = since.gap_hi is not None and since.gap_hi < 0
        late = left.gap_hi is not None and left.gap_hi < days
        if known and not early and not late:
            between.append(step)
    return {
        "step_events": "; ".join(between),
        "steps": "; ".join(_lower(book.label("event_kind", kinds[step]) for step in between)),
    }


def _closures(of: Question) -> Iterator[Answer]:
    rows = list(as_rows(of.made["closures_and_next_concern"]))
    if not rows:
        yield _answer(CLOSED, NONE, why="no closure of a case is on record")
    for row in rows:
        ends = {"from_event": row.closure, "to_event": row.next_concern}
        if not row.next_concern:
            yield _answer(CLOSED, NONE, **ends, why="no concern is certainly later")
        else:
            yield _answer(CLOSED, row.known, **ends, **_numbers(row, *_DAYS))


def _conferences(of: Question) -> Iterator[Answer]:
    checks = [row for row in as_rows(of.made["timescale_checks"]) if row.rule == "icpc"]
    kinds = by_event(of.tables, "kind")
    there = rows_with(of.tables, "decision")
    meetings = [row for row in there if kinds[row] == "strategy-discussion"]
    conferences = [row for row in there if kinds[row] == "icpc"]
    if not checks:
        ends: Answer = {"from_event": "; ".join(meetings), "to_event": "; ".join(conferences)}
        answer, why = UNTOLD, f"no limit of guidance is on file for {of.jurisdiction}"
        if not meetings:
            answer, why = NONE, _NO_DISCUSSION
        elif not conferences:
            answer, why = NONE, f"no initial conference is on record; {why}"
        elif len(meetings) == len(conferences) == 1:
            shown = shown_windows(of.tables, of.chronology)
            ((answer, *days),) = days_between(of.chronology, [(meetings[0], conferences[0])], shown)
            ends |= zip(_DAYS, days, strict=True)
        yield _answer(CONFERENCE, answer, **ends, why=why)
    for row in checks:
        yield _answer(
            CONFERENCE,
            NONE if row.verdict == "not applicable" else row.verdict,
            from_event=row.start,
            to_event=row.end,
            **_numbers(row, *_DAYS, *_WORKING),
            limit=row.limit,
            limit_days_min=_whole(row.due_days_min),
            limit_days_max=_whole(row.due_days_max),
            why=row.would_settle if row.start or row.end else _NO_DISCUSSION,
        )


def _last_contact(of: Question) -> Iterator[Answer]:
    """From the last contact or visit, of child or family, on an earlier day than the end of the
    account: the least over those that can have been it, the most over those that surely were before
    it. Of what occurred several times the last occurrence can be as late as its window allows."""
    end = end_event(of.tables)
    if not end:
        yield _answer(CONTACT, NONE, why="no harm, admission or death is on record")
        return
    asked = [*rows_with(of.tables, "contact"), *of.made["contacts"]["contact"].tolist()]
    asked = [contact for contact in dict.fromkeys(asked) if contact != end]
    shown = shown_windows(of.tables, of.chronology)
    spans = days_between(of.chronology, [(contact, end) for contact in asked], shown)
    fewest: dict[str, int] = {}
    sure: list[int] = []
    for contact, (_, low, high) in zip(asked, spans, strict=True):
        if high is not None and high < 1:
            continue
        if low is not None and low >= 1 and high is not None:
            sure.append(high)
        row, last = of.events[contact], of.events[end].earliest
        if row.recurs:
            known = pd.notna(row.latest) and pd.notna(last)
            low = (last - row.latest).days if known else None
        fewest[contact] = max(1, low or 1)
    if not fewest:
        yield _answer(CONTACT, NONE, to_event=end, why="no contact before its day is on record")
        return
    low, days_max = min(fewest.values()), min(sure, default=None)
    can_be = [contact for contact, days in fewest.items() if days_max is None or days <= days_max]
    ends = {"from_event": "; ".join(can_be), "to_event": end}
    if low == 1 and days_max is None:
        yield _answer(CONTACT, UNTOLD, **ends, why="no contact certainly came before its day")
    else:
        way = AT_LEAST if days_max is None else EXACTLY if low == days_max else BETWEEN
        yield _answer(CONTACT, way, **ends, days_min=low, days_max=days_max)


def _again(of: Question) -> Iterator[Answer]:
    rows = list(as_rows(of.made["re_referrals"]))
    if not rows:
        yield _answer(AGAIN, NONE, why="no referral to children's social care is on record")
        return
    # Of answers alike that after a closure, which says more of the case.
    rows.sort(key=lambda row: row.measure != "after a closure")
    order = {words: at for at, words in enumerate(_AGAIN)}
    best = min(rows, key=lambda row: order.get(row.re_referral, len(order)))
    answer = _AGAIN.get(best.re_referral, best.re_referral)
    if answer == NONE:
        yield _answer(AGAIN, NONE)
        return
    days = {} if answer == UNTOLD else _numbers(best, *_DAYS)
    ends = {"from_event": best.before, "to_event": best.referral, "measure": best.measure}
    yield _answer(AGAIN, answer, **ends, **days, why=best.would_settle)


#: What is asked of time, in the order of the questions.
_IN_TIME = (_first_steps, _closures, _conferences, _last_contact, _again)


def _raised(of: Question) -> Answer:
    """Who raised each concern that was known at the time; of what nobody is said to have raised,
    who held it."""
    if of.coded("by") == NOT_CODED:
        return _answer(RAISED, NOT_CODED)
    state = {row.concern: row.state for row in as_rows(of.made["response_gaps"])}
    holding = codebook().flagged("involvement_role", "knows") - {"raised", "received"}
    parts, sectors = parts_of(of.tables), set[str]()
    told_in = ids_where(of.tables["participation"], "role", {"told"}, "event")
    sector = dict(rows_in(of.tables["agencies"], "id", "sector"))
    for concern in concern_ids(of.tables):
        if state.get(concern) in _NO_CONCERN:
            continue
        concern_parts = parts.get(concern, [])
        raised_by = with_roles(concern_parts, {"raised"}) or with_roles(concern_parts, holding)
        sectors |= {sector[part.party] for part in raised_by}
        sectors |= {"1A"} if concern in told_in else set()
    return _sectors(RAISED, sectors)


def _missing(of: Question) -> Answer:
    if {of.coded("absence"), of.coded("without")} == {NOT_CODED}:
        return _answer(MISSING, NOT_CODED)
    sector = dict(rows_in(of.tables["agencies"], "id", "sector"))
    absences = [(sector[row.agency], row.basis) for row in as_rows(of.made["stated_absences"])]
    firm = {code for code, basis in absences if basis != JUDGED}
    return _sectors(MISSING, {code for code, _ in absences}, firm)


def _sectors(question: str, codes: set[str], firm: set[str] | None = None) -> Answer:
    """Sectors in words, in the order of the codebook; what is not `firm` is marked as judged."""
    book = codebook()
    named = []
    order = [code for code in book.lists["sector"].codes if code != UNNAMED_SECTOR]
    for code in [*order, UNNAMED_SECTOR]:
        if code in codes:
            label = _NOT_NAMED if code == UNNAMED_SECTOR else book.label("sector", code)
            named.append(label + " (as judged)" * (firm is not None and code not in firm))
    return _answer(question, "named" if named else NONE, sectors="; ".join(named))


def _numbers(row: Any, *names: str) -> Answer:
    return {name: _whole(getattr(row, name)) for name in names}


def _lower(labels: Iterable[str]) -> list[str]:
    """Labels as they stand within a sentence, each once."""
    return list(dict.fromkeys(f"{label[:1].lower()}{label[1:]}" for label in labels))


def _ids(cell: str) -> list[str]:
    return [row for row in cell.split("; ") if row]


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


_TABLES = (
    chronicle,
    closures_and_next_concern,
    contacts,
    first_concern_to_first_step,
    re_referrals,
    response_gaps,
    stated_absences,
    timescale_checks,
)
_TEXTS = (
    *("row", "review", "title", "question", "answer", "from_event", "from_kind", "from_date"),
    *("from_said", "to_event", "to_kind", "to_date", "to_said", "limit", "measure"),
    *("step_events", "steps", "sectors", "why", "places"),
)
_COUNTS = (
    *("year", "days_min", "days_max", "working_days_min", "working_days_max"),
    *("limit_days_min", "limit_days_max"),
)


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
        - `review`, `title` (text), `year` (number): the review's id, what review.toml calls it, and
          its year
        - `question` (text): 'first concern passed on to first protective step', 'first concern of
          any kind to first protective step', 'closure to the next concern', 'strategy discussion to
          initial conference', 'last contact to the harm', 'referred again within twelve months',
          'sectors that raised or held concerns' or 'sectors that were missing, as the source says'
        - `answer` (text): of an interval in what way it is known ('exactly', 'between', 'at least',
          'only an order'), or the verdict on its limit; of a referral 'certainly', 'certainly, as
          judged', 'possibly' or 'case open'; 'named' where sectors are; and 'none on record',
          'cannot be told', 'not coded' or 'no admissible chronology'
        - `from_event`, `to_event` (text): the ids of the two ends, several where it is not certain
          which one it was
        - `from_kind`, `to_kind` (text): what kinds of event they are; of several, the first that
          has a day
        - `from_date`, `to_date` (text): their dates as coded
        - `from_said`, `to_said` (text): the same in words
        - `days_min`, `days_max` (days; <NA>: open, or none told): from the one to the other, at
          least and at most
        - `working_days_min`, `working_days_max` (working days; <NA>: as for the days): the same in
          working days of the review's jurisdiction, of first steps and conferences
        - `as_judged` (True or False): whether the days of an end lean on what the coder judged
        - `limit` (text): the limit of the guidance, if any
        - `limit_days_min`, `limit_days_max` (days; <NA>: no limit): the calendar days that it can
          be
        - `measure` (text): of a referral, whether 'after a closure' or 'after a referral'
        - `step_events`, `steps` (text): the ids and the kinds of the other steps that can lie in
          between, or after a concern that no protective step follows
        - `sectors` (text): sectors of agencies, never their names; 'not named' where the source
          names none
        - `why` (text): why it cannot be told, what would settle it, or what is not on record
        - `places` (text): where the source tells of the two ends

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
    short = {question: at for at, question in enumerate(QUESTIONS)}
    rows = []
    for review in [reviews] if isinstance(reviews, Review) else reviews:
        tables_of = {table.__name__: table(review) for table in _TABLES}
        asked = Question(
            review.tables, review.chronology, review.meta.jurisdiction, review.coded, tables_of
        )
        counts = dict.fromkeys(QUESTIONS, 0)
        answered = []
        for answer in answers(asked):
            counts[answer["question"]] += 1
            name = f"{review.meta.id}.{QUESTIONS[answer['question']]}"
            number = counts[answer["question"]]
            answered.append(
                {
                    "row": f"{name}-{number}" if number > 1 else name,
                    "review": review.meta.id,
                    "title": review.meta.title,
                    "year": review.meta.year,
                    **answer,
                }
            )
        ends = {
            cells["row"]: f"{cells.get('from_event', '')}; {cells.get('to_event', '')}".split("; ")
            for cells in answered
        }
        places = placed_together(review.tables["locators"], ends)
        rows += [{**cells, "places": places[cells["row"]]} for cells in answered]
    rows.sort(key=lambda cells: short[cells["question"]])
    return pd.DataFrame(
        {
            **{name: _text_column(rows, name) for name in _TEXTS},
            **{name: _number_column(rows, name) for name in _COUNTS},
            "as_judged": pd.Series([bool(row.get("as_judged")) for row in rows], dtype="bool"),
        }
    )


def _text_column(rows: Sequence[dict[str, object]], name: str) -> pd.Series:
    return pd.Series([str(row.get(name) or "") for row in rows], dtype="str")


def _number_column(rows: Sequence[dict[str, object]], name: str) -> pd.Series:
    values = [row.get(name) for row in rows]
    return pd.Series([pd.NA if value is None else value for value in values], dtype="Int64")
