"""What the net holds: every table of the first edition, by name, and how it is made today.

Where a function is renamed, or takes a `Review`, its line here changes and its name stays. A table
that is no longer made loses its line and is named as `gone` in golden/changes.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import pandas as pd

from casechron import chronology as engine
from casechron.analysis import (
    choices,
    chronicle,
    contacts,
    contradictions,
    decisions,
    dynamics,
    involvement,
    knowledge,
    learning,
    national,
    opportunities,
    parties,
    phases,
    prior_concerns,
    record,
    sensitivity,
    telling,
    timescale_rules,
    timescales,
    timing,
    views,
)
from casechron.analysis import information_at_decision as known_at_decisions
from casechron.chronology import calendars, shares
from casechron.dates.policy import DatingPolicy

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
    return contradictions.contradictions(case.solve(DatingPolicy.from_parameters(policy)))


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
    "chronology.bounds": lambda case: engine.bounds(case.chronology),
    "chronology.gaps": lambda case: engine.gaps(case.chronology, _pairs(case)),
    "chronology.order": lambda case: engine.order(case.chronology, _pairs(case)),
    "chronology.precedence": lambda case: engine.precedence(case.chronology),
    "chronology.shares": _shares,
    "chronology.contradictions": lambda case: engine.conflicting_statements(case.chronology),
    "chronology.statements": _statements,
    # 01
    "sources": lambda case: case.tables["sources"].drop(columns=["salt", "digest"]),
    "basis_of_rows": lambda case: record.basis_of_rows(case.tables),
    "who_is_who": lambda case: parties.who_is_who(case.tables),
    "coded_events": lambda case: record.coded_events(case.tables),
    "accounts": lambda case: record.accounts(case.tables),
    "agencies_in_events": lambda case: record.agencies_in_events(case.tables),
    "further_facts": lambda case: record.further_facts(case.tables),
    "time_statements": lambda case: record.time_statements(case.tables),
    "views_held": lambda case: record.views_held(case.tables),
    "findings_and_recommendations": lambda case: record.findings_and_recommendations(case.tables),
    "other_readings": lambda case: record.other_readings(case.tables),
    "rows_by_paragraph": lambda case: record.rows_by_paragraph(case.tables),
    # 02
    "reading_rules": lambda case: choices.dating_policy(case.policy),
    "chronicle": lambda case: chronicle.chronicle(case.tables, case.chronology),
    "bounds": lambda case: chronicle.bounds_and_orders(case["chronicle"], case.chronology),
    "narrowings": lambda case: chronicle.narrowings(case.tables, case.chronology),
    "contradictions": lambda case: contradictions.contradictions(case.chronology),
    "contradictions_without_slack": _without_slack,
    "policies_tried": lambda case: sensitivity.policies_tried(
        case.tables, case.chronology, case.choices
    ),
    "bounds_by_policy": lambda case: sensitivity.bounds_by_policy(
        case.tables, case.chronology, case.choices
    ),
    "turning_point_gaps": lambda case: phases.turning_point_gaps(
        case.tables, case.chronology, calendars.working_calendar(case.jurisdiction)
    ),
    "precedence": lambda case: chronicle.precedence(case.tables, case.chronology),
    "durations": lambda case: engine.durations(case.chronology),
    "losses": lambda case: engine.approximations(case.chronology),
    # 03
    "response_gaps": lambda case: timing.response_gaps(
        case.tables, case.chronology, case.jurisdiction
    ),
    "steps_after_concerns": lambda case: timing.steps_after_concerns(
        case.tables, case.chronology, case.jurisdiction
    ),
    "opportunities": lambda case: opportunities.opportunities(
        case.tables, case.chronology, case.jurisdiction
    ),
    "contacts": lambda case: contacts.contacts(case.tables, case.chronology),
    "breach_responses": lambda case: timing.breach_responses(case["response_gaps"], case.tables),
    "concerns_before_decisions": lambda case: prior_concerns.concerns_before_decisions(
        case.tables, case.chronology
    ),
    "first_concern_to_first_step": lambda case: prior_concerns.first_concern_to_first_step(
        case.tables, case.chronology, case.jurisdiction
    ),
    "closures_and_next_concern": lambda case: prior_concerns.closures_and_next_concern(
        case.tables, case.chronology
    ),
    "steps_before_harm": lambda case: prior_concerns.steps_before_harm(
        case.tables, case.chronology, case.jurisdiction
    ),
    "said_before_harm": lambda case: prior_concerns.said_before_harm(case.tables, case.chronology),
    "timescale_rules": lambda case: timescale_rules.timescale_rules(case.jurisdiction),
    "timescale_checks": lambda case: timescales.timescale_checks(
        case.tables, case.chronology, case.jurisdiction
    ),
    "conferences_beside_national": lambda case: national.conferences_beside_national(
        case["timescale_checks"]
    ),
    # 04
    "involvement_by_event": lambda case: involvement.involvement_by_event(
        case.tables, case.chronology
    ),
    "stated_absences": lambda case: involvement.stated_absences(case.tables, case.chronology),
    "phases": lambda case: phases.phases(case.tables, case.chronology),
    "phase_of_events": lambda case: phases.phase_of_events(case.tables, case.chronology),
    "involvement_by_phase": lambda case: involvement.involvement_by_phase(
        case.tables, case.chronology
    ),
    "agency_contact": lambda case: involvement.agency_contact(case.tables, case.chronology),
    "contact_gaps": lambda case: contacts.contact_gaps(case.tables, case.chronology),
    "tellings": lambda case: telling.tellings(case.tables, case.chronology),
    "telling_network": lambda case: telling.telling_network(case["tellings"], case.tables),
    # 05, 06, 07
    "decisions": lambda case: decisions.decisions(case.tables, case.chronology),
    "knowledge": lambda case: knowledge.marked(
        knowledge.knowledge(case.tables, case.chronology), case.tables, case.chronology
    ),
    "reached": lambda case: knowledge.with_judged(
        known_at_decisions.reached(
            case["knowledge"], case["decisions"], case.tables, case.chronology
        ),
        case["knowledge"],
    ),
    "known_by_decision": lambda case: known_at_decisions.known_by_decision(
        case["reached"], case["decisions"]
    ),
    "knowledge_at_a_decision": lambda case: known_at_decisions.knowledge_at_a_decision(
        case["knowledge"], case["decisions"]
    ),
    "knowledge_by_agency": lambda case: known_at_decisions.knowledge_by_agency(
        case["knowledge"], case["decisions"], case.tables
    ),
    # 08
    "accounts_of_harm": lambda case: dynamics.accounts_of_harm(case.tables, case.chronology),
    "views_at_decisions": lambda case: views.views_at_decisions(case.tables, case.chronology),
    "holders_of_accounts": lambda case: dynamics.holders_of_accounts(case.tables, case.chronology),
    # 09
    "traceability": lambda case: learning.traceability(case.tables),
    "completeness": lambda case: learning.completeness(case.tables),
    "plan_categories": lambda case: learning.plan_categories(case.tables, case.chronology),
}
