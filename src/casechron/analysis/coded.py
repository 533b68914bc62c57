"""What does the source say, and where? The coded rows in words, with places.

Nothing is computed about time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from casechron.analysis.concerns import by_event
from casechron.analysis.record import count_words, party_labels, placed
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import by_key, cells, columns_in_help, rows_in
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = [
    "accounts",
    "agencies_in_events",
    "coded_events",
    "findings_and_recommendations",
    "further_facts",
    "time_statements",
    "views_held",
]


@table_of_rows
def coded_events(review: Review) -> Iterable[RowOfTable]:
    """Which events, states and absences does the source give?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, state or absence, in the order of the coding.

        - `event` (text): its id
        - `date` (text): its date as coded, in EDTF or with early, mid, late or end; empty: none
        - `date_words` (text): the source's own words for the date
        - `date_basis` (text): 'stated', 'derived' or 'judged', of the date; empty: none
        - `kind` (text): what kind of event it is
        - `how_many` (text): 'once', or how often it occurred, as in 'at least 2'; empty for a
          worry, for what did not happen, and for what lasts, of which the source gives no count
        - `absence` (text): for what did not happen, how firmly that is said
        - `summary` (text): what happened, in the coder's words
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    chronicle : the same in order of time, with what is known of when.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.coded_events(review)[["event", "date", "kind"]].head(4)
               event                      date      kind
    0  referral-2014              late 2014-08  Referral
    1     visit-2014  [2014-08-21..2014-09-30]     Visit
    2        birth-x                   2007-05     Birth
    3  no-visit-2014                   2014-09     Visit
    """
    tables = review.tables
    counts = rows_in(tables["events"], "id", "kind", "absence", "count_min", "count_max")
    return _in_words(
        coded_events,
        review,
        "events",
        kind=("kind", "event_kind"),
        how_many=("id", {event: count_words(*words) for event, *words in counts}),
        absence=("absence", "absence"),
    )


@table_of_rows
def accounts(review: Review) -> Iterable[RowOfTable]:
    """Which person took part in what, how firmly is it said, and on whose account?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per person, event, role and status, in the order of the coding.

        - `participation` (text): the id of the row
        - `person` (text): the person's label
        - `role` (text): the part that the person had
        - `event`, `summary` (text): the event's id, and what happened
        - `status` (text): how firmly it is said: 'reported as fact', 'alleged', 'denied' and so on
        - `account` (text): whose account it is; empty where the source speaks for itself
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    accounts_of_harm : what is said of harm, with who held it and when.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.accounts(review)[["person", "role", "event", "account", "status"]]
           person     role          event account            status
    0  X's mother  harming  referral-2014  Police           alleged
    1           X  subject  referral-2014          reported as fact
    """
    tables, labels = review.tables, party_labels(review.tables)
    return _in_words(
        accounts,
        review,
        "participation",
        person=("person", labels),
        role=("role", "participation_role"),
        summary=("event", by_event(tables, "summary")),
        status=("status", "status"),
        account=("account", labels),
    )


@table_of_rows
def agencies_in_events(review: Review) -> Iterable[RowOfTable]:
    """Which agency had which role in which event, as coded?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency, event and role, in the order of the coding.

        - `involvement` (text): the id of the row
        - `agency` (text): the agency's label
        - `role` (text): the part that the agency had, or that it was missing
        - `event`, `summary` (text): the event's id, and what happened
        - `stated_absence` (text): for what the agency did not do, how firmly that is said
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    involvement : one row per event and agency, in order of time.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.agencies_in_events(review)[["agency", "role", "event"]].head(4)
                    agency                      role          event
    0  Children's services                  received  referral-2014
    1               Police                  not told  referral-2014
    2  Children's services  responsible, step absent  no-visit-2014
    3           X's school      held the information     worry-2014
    """
    tables = review.tables
    return _in_words(
        agencies_in_events,
        review,
        "involvement",
        agency=("agency", party_labels(tables)),
        role=("role", "involvement_role"),
        summary=("event", by_event(tables, "summary")),
        stated_absence=("grade", "absence"),
    )


@table_of_rows
def further_facts(review: Review) -> Iterable[RowOfTable]:
    """Which further facts does the source give of events and persons?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per fact, in the order of the coding.

        - `attribute` (text): the id of the row
        - `row` (text): the id of the person or the event
        - `of` (text): the person's label, or what happened
        - `fact` (text): what kind of fact it is, such as 'offence'
        - `value` (text): the fact
        - `at_event` (text): the id of the event at which it held, if one is named
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.further_facts(review)[["of", "fact", "value"]]
                            of                          fact               value
    0                        X                  age in years  7 (in late August)
    1     A plan is made for X          category of the plan             neglect
    2  A court passes sentence  length of sentence in months                  18
    """
    tables = review.tables
    return _in_words(
        further_facts,
        review,
        "attributes",
        of=("row", party_labels(tables) | by_event(tables, "summary")),
        fact=("attribute", "attribute"),
        at_event=("event", None),
    )


@table_of_rows
def time_statements(review: Review) -> Iterable[RowOfTable]:
    """Which statements tie two events in time?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per statement, in the order of the coding.

        - `relation` (text): the id of the row
        - `from_event`, `relation_type`, `to_event` (text): the ids of the two events, and how they
          are tied: 'before', 'same day', 'gap' and so on
        - `gap` (text): the duration between them as an ISO 8601 duration, such as 'P2W'
        - `meaning` (text): of that duration: 'exact', 'rounded', 'approximate', 'at least' or 'at
          most'; empty where there is none
        - `words` (text): the source's own words
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    gaps : the days between two events that follow from all statements.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.time_statements(review)[["from_event", "gap", "meaning", "relation_type", "to_event"]]
          from_event  gap  meaning relation_type      to_event
    0  referral-2014  P2W  rounded           gap    visit-2014
    1     visit-2014                      before     plan-2014
    2     worry-2014                   not after  closure-2014
    3    bruise-2014                   not after     told-2014
    4      icpc-2014                    same day     plan-2014
    5      icpc-2014  P3M  rounded           gap     harm-2015
    """
    return _in_words(
        time_statements,
        review,
        "relations",
        relation_type=("type", "relation_type"),
        meaning=("meaning", "gap_meaning"),
    )


@table_of_rows
def views_held(review: Review) -> Iterable[RowOfTable]:
    """Which views did somebody hold, and which rows support or contradict them?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per view, in the order of the coding.

        - `view` (text): its id
        - `holder` (text): who held it; empty where the source does not say
        - `proposition` (text): what was held to be so
        - `date` (text): when, as coded
        - `supported_by`, `contradicted_by` (labels): the ids of the rows coded for and against it,
          each with its basis in brackets where the source does not make the tie
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    views_at_decisions : what stood for and against each view at each decision.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.views_held(review)[["holder", "proposition", "contradicted_by"]]
                    holder            proposition          contradicted_by
    0  Children's services  The risk to X was low  (bruise-2014 (judged),)
    """
    tables = review.tables
    links = list(rows_in(tables["links"], "type", "from_row", "to_row", "basis"))

    def tied(tie: str) -> tuple[str, dict[str, Sequence[str]]]:
        rows = by_key(
            (view, row if basis == "stated" else f"{row} ({basis})")
            for kind, row, view, basis in links
            if kind == tie
        )
        return "id", {view: rows.get(view, ()) for view in cells(tables["views"], "id")}

    return _in_words(
        views_held,
        review,
        "views",
        holder=("holder", party_labels(tables)),
        supported_by=tied("supports"),
        contradicted_by=tied("contradicts"),
    )


@table_of_rows
def findings_and_recommendations(review: Review) -> Iterable[RowOfTable]:
    """What did the review find, and what does it recommend?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per finding, then one per recommendation, in the order of the coding.

        - `row` (text): its id
        - `what` (text): 'finding' with the review's own judgement, or 'recommendation'
        - `summary` (text): what was found or is recommended, in the coder's words
        - `by_or_to` (text): who found it, or to whom it is addressed
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    traceability : on which rows each finding rests.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.findings_and_recommendations(review)[["row", "what", "summary"]]
               row                what                                 summary
    0  fd-response  finding: shortfall  The response to the referral took long
    1    rc-visits      recommendation             Visit soon after a referral
    """
    tables, labels = review.tables, party_labels(review.tables)
    polarities = codebook().codes("polarity").items()
    yield from _in_words(
        findings_and_recommendations,
        review,
        "findings",
        what=("polarity", {code: f"finding: {polarity.label}" for code, polarity in polarities}),
        by_or_to=("attributed_to", labels),
    )
    recommended = cells(tables["recommendations"], "id")
    yield from _in_words(
        findings_and_recommendations,
        review,
        "recommendations",
        what=("id", dict.fromkeys(recommended, "recommendation")),
        by_or_to=("addressed_to", labels),
    )


def _in_words(
    function: Callable[[Review], pd.DataFrame],
    review: Review,
    name: str,
    **sources: tuple[str, str | Mapping[str, str | Sequence[str]] | None],
) -> Iterable[RowOfTable]:
    """A coded table in words, row by row, as the help of a function describes it.

    The first column is the id of the row; every other shows the coded column of its name, unless
    `sources` names the coded column and what its cells are looked up in: a code list, or what is
    said of ids (None: nothing). What has nothing there is empty."""
    tables, book = review.tables, codebook()
    shown, columns = [], columns_in_help(function)
    sources |= {columns[0]: ("id", None), "places": ("id", placed(tables["locators"]))}
    for column in columns:
        coded_column, lookup = sources.get(column, (column, None))
        values = cells(tables[name], coded_column)
        if isinstance(lookup, str):
            codes, nation = book.codes(lookup), review.meta.jurisdiction
            lookup = {code: book.label(lookup, code, nation) for code in codes}
        shown.append(values if lookup is None else [lookup.get(value, "") for value in values])
    return zip(*shown, strict=True)
