"""What was raised, what was then on record and with whom, what was done, and what does the review
say of it? One row per concern, for a reader who holds it against the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import end_event, events_of_parts, told_by_rows
from casechron.analysis.judgements import (
    JUDGED,
    days_inferred,
    firmest,
    weakest,
    with_mark,
    without_judged,
)
from casechron.analysis.on_record import known_as_judged, others_on_record
from casechron.analysis.record import agency_labels, placed, places_together
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import Tables, as_rows, by_key, rows_in
from casechron.analysis.timing import (
    CARRIED,
    END,
    FOLLOWED,
    ITSELF,
    followed_by,
    response_gaps,
    state_of_concerns,
)
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["opportunities"]


# What stands alike in each row of a concern.
_raised = attrgetter("concern", "raised", "summary", "how_many", "by", "to", "held_by")
_next_step = attrgetter(
    *("next_step", "next_step_summary", "next_step_follows"),
    *("next_step_known", "next_step_days_min", "next_step_days_max"),
    *("next_step_working_days_min", "next_step_working_days_max"),
)


@table_of_rows
def opportunities(review: Review) -> Iterator[RowOfTable]:
    """For each concern: what was raised, what was then on record and with whom, what was done, and
    what does the review say of it?

    What is a concern is told by its kind, as coded: the source need not say that it asked for an
    answer, or that it was about the child; a contact with a service is none, whatever it shows. Two
    rows can tell of one worry where the source does not say so. What stands unmarked is stated;
    what the coder inferred is marked 'derived' or 'judged', or 'as judged' where it is certain only
    with what was judged. An order in time that was derived bounds what was on record, and the days
    to the next step, without a mark; of the concern's own days `inferred` says so. Findings that
    rest on no concern and on no answer have no place here; `findings_and_recommendations` has all.
    Nothing here is told more closely than the source dates an event that a living child's published
    age refers to.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per concern whose answers do not stand in the row of another, in the order of the
        coding; what is certainly not before the end of the account is none.

        - `concern`, `raised`, `summary` (text): the concern's id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'; 'an absence' for what did not
          happen; empty for a worry, and for what lasts, of which the source gives no count
        - `by`, `to`, `held_by` (labels): who raised it or, as is said, a part of it; who received
          it, who held it, as coded. Where no agency is coded with the concern itself: of the row
          that tells of it, if that is no concern, plea or sentence (else see `carried_by`)
        - `inferred` (text): what of these the source does not state, whether the row itself or its
          date is inferred, and ('days') whether one of its days would be another without the dates
          and orders that were judged, or without those that were derived
        - `carried_by` (labels): the ids of the rows of this table that tell of it or count it too,
          so that it is not to be counted again; with 'derived' or 'judged' where the tie is
        - `date` (text): its date as coded
        - `earliest`, `latest` (date; NaT: open): the days between which its first day lies
        - `last_day_latest` (date; NaT: open): the latest day on which it ended, or occurred last
        - `known_at_the_time` (text): as in `said_before_harm`
        - `on_record` (ids): the other concerns that an agency, whichever it was, certainly held on
          the first day of this one or before (an absence from a meeting is of its day); of those
          that another counts, that one, and a part by itself only where more can be told of it
        - `on_record_as_judged` (ids): those of them of which that is certain only with what the
          coder judged
        - `on_record_with` (text): each of `on_record` with the agencies that certainly held the
          concern itself, as coded: 'derived' or 'judged' where the agency's part or a tie is, and
          'judged' where the order in time is; who held a part of it is not named
        - `on_record_possibly` (ids): those that one can have held by then. Of others no day says
          so, since the one or the other is open, or none held them by then. Not asked are what this
          one counts, tells of or is told in, the other parts of that, its answers, what is tied to
          these and came with them or after, and what was learned only afterwards
        - `answers` (ids): its answers
        - `done` (text): the answers in words, each with what it is and how firmly a lack is stated;
          'followed, not said to answer it' is what the concern led to and is not coded as an
          answer, as support of an adult; it is a state where there is no other. An agency's part
          that is coded as insufficient changes no state: see `review_says`
        - `state` (text): what became of the concern, as in `response_gaps`, over all its answers:
          what only the coder judged to be one, or is not classified yet, counts where there is no
          other; of several a step comes first, then what was insufficient, what was missing and
          what was closed
        - `lack` (labels): how firmly the source says that an answer was missing; 'derived' or
          'judged' where it is so inferred that this was its answer
        - `next_step` (ids), `next_step_summary`, `next_step_follows`, `next_step_known` (text): the
          next protective step on record, as in `response_gaps`
        - `next_step_days_min`, `next_step_days_max` (days; <NA>: open, only an order, or none): the
          days to it
        - `next_step_working_days_min`, `next_step_working_days_max` (working days; <NA>: as for the
          days): the same in working days of the review's jurisdiction
        - `review_says` (text): the findings that rest on the concern, on what it counts or tells
          of, on its answers, on what counts these, or on somebody's part in one of them, with
          places; 'derived' or 'judged' where the coder makes a tie on the way, or takes it for a
          finding
        - `places` (text): where the source tells of the concern, of its answers, of why they
          are its answers, and of what followed

    See Also
    --------
    response_gaps : each concern and answer, with the days between them.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.opportunities(review)[["concern", "next_step", "state"]]
              concern               next_step                        state
    0   referral-2014  (plan-2014, icpc-2014)           answered by a step
    1  referrals-2014  (plan-2014, icpc-2014)  without an answer on record
    2      worry-2014  (plan-2014, icpc-2014)  without an answer on record
    3       told-2014  (plan-2014, icpc-2014)           answered by a step
    4     breach-2014                      ()           answered by a step
    """
    tables, chronology = review.tables, review.chronology
    gaps = response_gaps(review)
    ended = set(gaps.loc[gaps["state"] == END, "concern"])
    gaps = gaps.loc[~gaps["state"].isin([CARRIED, ITSELF, END])]
    state = state_of_concerns(gaps)
    raised = by_key((row.concern, row) for row in as_rows(gaps))
    events = chronicle_rows(review)
    answer_ids = {concern: {row.answer for row in of} for concern, of in raised.items()}
    stated = {
        concern: {row.answer for row in of if row.coded_as != JUDGED}
        for concern, of in raised.items()
    }
    on_record = others_on_record(tables, chronology, answer_ids, ended)
    firm = others_on_record(*without_judged(tables, chronology), stated, ended)
    known = known_as_judged(tables, chronology, list(raised), end_event(tables))
    carrying = _carrying(tables)
    below = by_key((carrier, (row, basis)) for _, carrier, row, basis in carrying)
    above = by_key((row, (whole, basis)) for tie, whole, row, basis in carrying if tie == "part-of")
    carried = by_key(
        (row, with_mark(carrier, basis))
        for _, carrier, row, basis in carrying
        if {carrier, row} <= raised.keys()
    )
    followed, findings = followed_by(tables), _findings(tables)
    inferred = _inferred(tables, raised, days_inferred(tables, chronology))
    # The ties that make something an answer can have places of their own.
    links = rows_in(tables["links"], "type", "to_row", "id")
    answer_ties = by_key((concern, row) for tie, concern, row in links if tie == "answers")
    together = places_together(tables["locators"])
    for (concern, of), record, sure in zip(raised.items(), on_record, firm, strict=True):
        event = events[concern]
        days = event.earliest, event.start_latest, event.latest
        answered = [row for row in of if row.answer]
        ids, after = [row.answer for row in answered], followed.get(concern, ())
        tied = [*_bases_from(concern, below).items()]
        for row in answered:
            # An answer stands with what counts it.
            counting = _bases_from(row.answer, above).items()
            tied += [(whole, weakest(row.coded_as, basis)) for whole, basis in counting]
        yield (
            *_raised(of[0]),
            _joined(inferred[concern]),
            carried.get(concern, ()),
            *(event.date, *(days if chronology.admissible else [None] * 3)),
            known[concern],
            record.certain,
            [earlier for earlier in record.certain if earlier not in sure.certain],
            _joined(
                f"{earlier}: {', '.join(_holders(held_by, sure.certain.get(earlier, {})))}"
                for earlier, held_by in record.certain.items()
                if held_by
            ),
            record.possible,
            ids,
            _joined(
                [
                    with_mark(
                        row.answer_summary, row.state, events[row.answer].absence, row.coded_as
                    )
                    for row in answered
                ]
                + [with_mark(events[led].summary, FOLLOWED, how) for led, how in after]
            ),
            state[concern],
            _each_as_firmly((events[row.answer].absence, row.coded_as) for row in answered),
            *_next_step(of[0]),
            findings(tied),
            together(concern, *ids, *answer_ties.get(concern, ()), *(led for led, _ in after)),
        )


def _holders(bases_held: Mapping[str, str], sure: Mapping[str, str]) -> list[str]:
    """Agencies that certainly held a concern; `sure` are those that did without what was judged."""
    return [
        with_mark(agency, basis if agency in sure else JUDGED)
        for agency, basis in bases_held.items()
    ]


def _each_as_firmly(statements: Iterable[tuple[str, str]]) -> list[str]:
    """What is said, each once and as firmly as anywhere."""
    return [with_mark(words, firmest(of)) for words, of in by_key(statements).items() if words]


def _carrying(tables: Tables) -> list[tuple[str, str, str, str]]:
    """Each row that tells of another or counts it with others: the type of the tie, that row, the
    other, and the basis of the tie."""
    links = rows_in(tables["links"], "type", "from_row", "to_row", "basis")
    return [
        (tie, end, start, basis) if tie == "part-of" else (tie, start, end, basis)
        for tie, start, end, basis in links
        if tie in ("part-of", "tells-of")
    ]


def _bases_from(event: str, ties: Mapping[str, Iterable[tuple[str, str]]]) -> dict[str, str]:
    """An event and what some ties lead to from it, by one of them or by several in turn: each row
    with how firmly it is tied, by the firmest way."""
    firmness = {event: weakest()}
    stack = [event]
    while stack:
        row = stack.pop()
        for tied_row, basis in ties.get(row, ()):
            way, known = weakest(firmness[row], basis), firmness.get(tied_row)
            if known is None or known != firmest([way, known]):
                firmness[tied_row] = way
                stack.append(tied_row)
    return firmness


def _inferred(
    tables: Tables, ids: Iterable[str], days: Mapping[str, tuple[str, ...]]
) -> dict[str, list[str]]:
    """By concern, which agencies' parts in it, or in what tells of it, the source does not state,
    and whether it is itself no more than inferred, or its date is, or what bounds its days."""
    book, labels, sources = codebook(), agency_labels(tables), told_by_rows(tables)
    inferred: dict[str, list[str]] = {row: [] for row in ids}
    for row, basis, dated in rows_in(tables["events"], "id", "basis", "date_basis"):
        if row in inferred:
            inferred[row] += [_inferring("the row", basis), _inferring("date", dated)]
            inferred[row].append(_inferring("days", ", ".join(days[row])))
    names = ("event", "agency", "role", "basis")
    parts = by_key(
        (event, _inferring(f"{labels[agency]}, {book.label('involvement_role', role)}", basis))
        for event, agency, role, basis in rows_in(tables["involvement"], *names)
    )
    for row, notes in inferred.items():
        notes += [part for source in sources.get(row, [row]) for part in parts.get(source, ())]
    return inferred


def _inferring(what: str, basis: str) -> str:
    return f"{what}: {basis}" if with_mark(what, basis) != what else ""


def _findings(tables: Tables) -> Callable[[Iterable[tuple[str, str]]], str]:
    """What is found of some events, each with how firmly it is tied: the findings that rest on one
    or on somebody's part in it, in words, each once, with its places and how firmly it is tied."""
    findings = {
        row: columns for row, *columns in rows_in(tables["findings"], "id", "summary", "basis")
    }
    places = placed(tables["locators"])
    event_of = events_of_parts(tables)
    links = rows_in(tables["links"], "type", "from_row", "to_row", "basis")
    resting = by_key(
        (event_of.get(row, row), (finding, basis))
        for tie, finding, row, basis in links
        if tie == "rests-on"
    )

    def words(events: Iterable[tuple[str, str]]) -> str:
        tied = by_key(
            (finding, weakest(way, basis, findings[finding][1]))
            for event, way in events
            for finding, basis in resting.get(event, ())
        )
        return _joined(
            with_mark(findings[finding][0], places.get(finding, ""), firmest(of))
            for finding, of in tied.items()
        )

    return words


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, dict.fromkeys(parts)))
