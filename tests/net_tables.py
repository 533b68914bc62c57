"""What the net holds: every table of the first edition, by name, and how it is made today.

Where a function is renamed, or takes a `Review`, its line here changes and its name stays. A table
that is no longer made loses its line and is named as `gone` in golden/changes.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import pandas as pd

import casechron as cc
from casechron import chronology as engine
from casechron.analysis import (
    choices,
    information_at_decision,
    timescale_rules,
    views,
)
from casechron.chronology import calendars, shares
from casechron.dates.policy import DatingPolicy
from made_reviews import review_of

#: The dating policies under which everything was frozen: as given, rounded durations read as said,
#: 'about', the parts of a month and winter read otherwise, and working days counted otherwise.
POLICIES: dict[str, dict[str, object]] = {
    "default": {},
    "no-slack": {"duration_slack": "none"},
    "other-words": {
        "approximate_slack": "half-unit",
        "early_to": 15,
        "mid_to": 25,
        "late_from": 16,
        "end_from": 25,
        "winter": "ends",
    },
    "start-day": {"working_day_one": "start day"},
}
#: Of a review with more events only neighbours in the table are asked for gap and order: the pairs
#: grow with the square of the events, and say no more.
ALL_PAIRS = 80


@dataclass(frozen=True, eq=False)
class Case:
    """A frozen review under one policy; `case["reached"]` is a table of it, made once."""

    tables: Mapping[str, pd.DataFrame]
    policy: DatingPolicy
    jurisdiction: str
    _made: dict[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def chronology(self) -> engine.Chronology:
        return self.solve(self.policy)

    @cached_property
    def review(self) -> cc.Review:
        return review_of(self.tables, self.chronology, self.jurisdiction)

    @cached_property
    def choices(self) -> list[choices.Choice]:
        return choices.choices(self.tables, self.chronology)

    def solve(self, policy: DatingPolicy) -> engine.Chronology:
        tables = self.tables
        return engine.solve(
            tables["events"],
            tables["relations"],
            policy,
            locators=tables["locators"],
            readings=tables["readings"],
        )

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = TABLES[name](self)
        return self._made[name]


def _neighbours(case: Case) -> list[tuple[str, str]]:
    rows = case.tables["events"]
    return list(pairwise(rows.loc[rows["absence"] == "", "id"].tolist()))


def _pairs(case: Case) -> list[tuple[str, str]] | None:
    return None if len(case.tables["events"]) <= ALL_PAIRS else _neighbours(case)


def _without_slack(case: Case) -> pd.DataFrame:
    policy = {**case.policy.as_parameters(), "duration_slack": "none"}
    return cc.contradictions(review_of({}, case.solve(DatingPolicy.from_parameters(policy))))


def _reached(case: Case) -> pd.DataFrame:
    points = case["decisions"].set_index("decision")
    table = cc.information_at_decision(case.review)
    return table.assign(
        decision_summary=table["decision"].map(points["summary"]),
        decided_by=table["decision"].map(points["decided_by"]),
    )


def _statements(case: Case) -> pd.DataFrame:
    rows = [{**one._asdict(), "cited": one.cited} for one in case.chronology.statements]
    return pd.DataFrame(rows).drop(columns="id")  # its place in the tables


def _shares(case: Case) -> pd.DataFrame:
    """How many of the date pairs of neighbours in the table meet each kind of condition."""
    calendar = calendars.working_calendar(case.jurisdiction)
    conditions: dict[str, shares.Condition] = {
        "before": shares.WithinDays(1, None),
        "same_day": shares.WithinDays(0, 0),
        "not_after": shares.NOT_AFTER,
        "within_14_days": shares.WithinDays(0, 14),
        "within_15_working_days": shares.WithinWorkingDays(
            15, calendar, case.policy.working_day_one
        ),
        "within_3_months": shares.WithinMonths(3),
    }
    rows = []
    for one, other in _neighbours(case) if case.chronology.admissible else []:
        region = engine.feasible_region(case.chronology, one, other)
        found = {name: shares.share(region, asked) for name, asked in conditions.items()}
        rows.append(
            {
                "from_event": one,
                "to_event": other,
                **region._asdict(),
                "admitted": found["before"].admitted,
                **{name: number.satisfying for name, number in found.items()},
            }
        )
    names = ["from_event", "to_event", *engine.PairRegion._fields, "admitted", *conditions]
    return pd.DataFrame(rows, columns=pd.Index(names), dtype="object")


Maker = Callable[[Case], pd.DataFrame]

#: Every table that pages publish has the name of its CSV; what they are made from, and what the
#: engine gives, stands beside them.
TABLES: dict[str, Maker] = {
    # The engine.
    "chronology.bounds": lambda case: engine.bounds_table(case.chronology),
    "chronology.gaps": lambda case: engine.gaps_table(case.chronology, _pairs(case)),
    "chronology.order": lambda case: engine.order_table(case.chronology, _pairs(case)),
    "chronology.precedence": lambda case: engine.precedence_table(case.chronology),
    "chronology.shares": _shares,
    "chronology.contradictions": lambda case: engine.conflicting_statements(case.chronology),
    "chronology.statements": _statements,
    # 01
    "sources": lambda case: case.tables["sources"].drop(columns=["salt", "digest"]),
    "basis_of_rows": lambda case: cc.basis_of_rows(case.review),
    "who_is_who": lambda case: cc.who_is_who(case.review),
    "coded_events": lambda case: cc.coded_events(case.review),
    "accounts": lambda case: cc.accounts(case.review),
    "agencies_in_events": lambda case: cc.agencies_in_events(case.review),
    "further_facts": lambda case: cc.further_facts(case.review),
    "time_statements": lambda case: cc.time_statements(case.review),
    "views_held": lambda case: cc.views_held(case.review),
    "findings_and_recommendations": lambda case: cc.findings_and_recommendations(case.review),
    "other_readings": lambda case: cc.other_readings(case.review),
    "rows_by_paragraph": lambda case: cc.rows_by_paragraph(case.review),
    # 02
    "reading_rules": lambda case: cc.dating_policy(case.review),
    "chronicle": lambda case: cc.chronicle(case.review),
    "bounds": lambda case: cc.bounds_and_orders(case.review),
    "narrowings": lambda case: cc.narrowings(case.review),
    "contradictions": lambda case: cc.contradictions(case.review),
    "contradictions_without_slack": _without_slack,
    "policies_tried": lambda case: cc.policies_tried(case.review),
    "bounds_by_policy": lambda case: cc.bounds_by_policy(case.review),
    "turning_point_gaps": lambda case: cc.turning_point_gaps(case.review),
    "precedence": lambda case: cc.precedence(case.review),
    "durations": lambda case: engine.durations_table(case.chronology),
    "losses": lambda case: engine.approximations_table(case.chronology),
    # 03
    "response_gaps": lambda case: cc.response_gaps(case.review),
    "steps_after_concerns": lambda case: cc.steps_after_concerns(case.review),
    "opportunities": lambda case: cc.opportunities(case.review),
    "contacts": lambda case: cc.contacts(case.review),
    "breach_responses": lambda case: cc.breach_responses(case.review),
    "concerns_before_decisions": lambda case: cc.concerns_before_decisions(case.review),
    "first_concern_to_first_step": lambda case: cc.first_concern_to_first_step(case.review),
    "closures_and_next_concern": lambda case: cc.closures_and_next_concern(case.review),
    "steps_before_harm": lambda case: cc.steps_before_harm(case.review),
    "said_before_harm": lambda case: cc.said_before_harm(case.review),
    "timescale_rules": lambda case: timescale_rules.timescale_rules(case.jurisdiction),
    "timescale_checks": lambda case: cc.timescale_checks(case.review),
    "conferences_beside_national": lambda case: cc.conferences_beside_national(case.review),
    # 04
    "involvement_by_event": lambda case: cc.involvement(case.review),
    "stated_absences": lambda case: cc.stated_absences(case.review),
    "phases": lambda case: cc.phases(case.review),
    "phase_of_events": lambda case: cc.phase_of_events(case.review),
    "involvement_by_phase": lambda case: cc.involvement_by_phase(case.review),
    "agency_contact": lambda case: cc.agency_contact(case.review),
    "contact_gaps": lambda case: cc.contact_gaps(case.review),
    "tellings": lambda case: cc.tellings(case.review),
    "telling_network": lambda case: cc.telling_network(case.review),
    # 05, 06, 07
    "decisions": lambda case: cc.decisions(case.review),
    "knowledge": lambda case: cc.knowledge(case.review),
    "reached": _reached,
    "known_by_decision": lambda case: cc.known_by_decision(case.review),
    "knowledge_at_a_decision": lambda case: information_at_decision._at_one_decision(
        case["knowledge"], case["decisions"], ""
    ),
    "knowledge_by_agency": lambda case: cc.knowledge_by_agency(case.review),
    # 08
    "accounts_of_harm": lambda case: cc.accounts_of_harm(case.review),
    "views_at_decisions": lambda case: views._evidence_by_decision(case.review),
    "holders_of_accounts": lambda case: cc.holders_of_accounts(case.review),
    # 09
    "traceability": lambda case: cc.traceability(case.review),
    "completeness": lambda case: cc.completeness(case.review),
    "plan_categories": lambda case: cc.plan_categories(case.review),
}
