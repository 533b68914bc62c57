"""What does each of several reviews say to the same question?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from casechron.analysis.across import QUESTIONS, Asked, answers
from casechron.analysis.prior_concerns import closures_and_next_concern, first_concern_to_first_step
from casechron.analysis.record import placed_together
from casechron.analysis.timing import response_gaps
from casechron.face.agencies import stated_absences
from casechron.face.narrative import chronicle
from casechron.face.opportunities import contacts
from casechron.face.timescales import re_referrals, timescale_checks
from casechron.review import Review

__all__ = ["across"]

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
        made = {table.__name__: table(review) for table in _TABLES}
        asked = Asked(
            review.tables, review.chronology, review.meta.jurisdiction, review.coded, made
        )
        counts = dict.fromkeys(QUESTIONS, 0)
        own = []
        for answer in answers(asked):
            counts[answer["question"]] += 1
            name = f"{review.meta.id}.{QUESTIONS[answer['question']]}"
            number = counts[answer["question"]]
            own.append(
                {
                    "row": f"{name}-{number}" if number > 1 else name,
                    "review": review.meta.id,
                    "title": review.meta.title,
                    "year": review.meta.year,
                    **answer,
                }
            )
        ends = {
            one["row"]: f"{one.get('from_event', '')}; {one.get('to_event', '')}".split("; ")
            for one in own
        }
        places = placed_together(review.tables["locators"], ends)
        rows += [{**one, "places": places[one["row"]]} for one in own]
    rows.sort(key=lambda one: short[one["question"]])
    return pd.DataFrame(
        {
            **{name: _texts(rows, name) for name in _TEXTS},
            **{name: _numbers(rows, name) for name in _COUNTS},
            "as_judged": pd.Series([bool(row.get("as_judged")) for row in rows], dtype="bool"),
        }
    )


def _texts(rows: Sequence[dict[str, object]], name: str) -> pd.Series:
    return pd.Series([str(row.get(name) or "") for row in rows], dtype="str")


def _numbers(rows: Sequence[dict[str, object]], name: str) -> pd.Series:
    values = [row.get(name) for row in rows]
    return pd.Series([pd.NA if one is None else one for one in values], dtype="Int64")
