"""A small invented review whose waits, counts and timescales are worked out by hand in the
tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from casechron.coding.reviews import frames_with
from text_tables import records_of

#: Days of the week: 5 March 2018 is a Monday, 1 June 2018 a Friday; no bank holiday of England lies
#: in June or July 2018.
EVENTS = records_of("""
    id | date | kind | summary | count_min | absence
    birth | 2018-01 | birth
    referral | 2018-03-05 | referral | A school refers
    assessment | 2018-03-19 | assessment | An assessment ends
    referrals-more | [2018-04..2018-05] | referral | More referrals | 2
    bruise | | bruising | A bruise is seen
    nfa | | no-further-action | Nothing more is done
    strategy | 2018-06-01 | strategy-discussion | A strategy discussion
    notification | 2018-06-04 | notification | The police notify
    incident | 2018-06 | violence | An incident
    no-visit | 2018-06 | visit | No visit is found | | no-evidence-found
    conference | [2018-06-20..2018-06-25] | icpc | A conference
    plan | /.. | protection-plan | A plan
    breach | 2018-08-01 | plan-breach | The plan is broken
    breach-answer | 2018-08 | action | A weak answer | | insufficient
    admission | late 2018-08 | admission | X is admitted
""")
RELATIONS = records_of("""
    id         | type      | from_event | to_event     | from_point
    r-bruise   | not-after | bruise     | nfa
    r-incident | not-after | incident   | notification
    r-plan     | same-day  | plan       | conference   | start
""")
LINKS = records_of("""
    id           | type     | from_row      | to_row       | basis
    l-assessment | answers  | assessment    | referral     | stated
    l-nfa        | answers  | nfa           | bruise       | stated
    l-visit      | answers  | no-visit      | notification | derived
    l-breach     | answers  | breach-answer | breach       | stated
    l-tells      | tells-of | notification  | incident     | stated
""")
OTHERS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "agencies": [
        {"id": "school", "label": "School", "sector": "2A"},
        {"id": "cs", "label": "Children's services", "sector": "x-childrens"},
    ],
    "people": [{"id": "x", "label": "X", "kinship": "child"}],
    "involvement": [
        {"id": "iv-1", "agency": "school", "event": "referral", "role": "raised"},
        {"id": "iv-2", "agency": "cs", "event": "referral", "role": "received"},
        {"id": "iv-3", "agency": "cs", "event": "referrals-more", "role": "received"},
        {"id": "iv-4", "agency": "school", "event": "bruise", "role": "held"},
        {"id": "iv-5", "agency": "cs", "event": "notification", "role": "received"},
        {"id": "iv-6", "agency": "cs", "event": "breach", "role": "held"},
    ],
    "participation": records_of("""
        id   | person | event     | role      | status
        pt-1 | x      | admission | subject   | reported
        pt-2 | x      | incident  | concerned | alleged
    """),
    "themes": [{"row": "referral", "theme": "neglect"}],
    "locators": [{"row": "referral", "source": "s", "paragraph": "2", "sentence": "1"}],
    "readings": records_of("""
        reading | row        | column | value      | source | reason
        later   | conference | date   | 2018-06-26 | s      | r
    """),
}


def review(**changed: Sequence[Mapping[str, str]]) -> dict[str, pd.DataFrame]:
    """The tables of the review, with whole tables exchanged; columns not given are empty."""
    rows = {"events": EVENTS, "relations": RELATIONS, "links": LINKS, **OTHERS, **changed}
    return frames_with(rows)


def nothing() -> dict[str, pd.DataFrame]:
    """A review without a row."""
    return review(**{name: [] for name in ("events", "relations", "links", *OTHERS)})
