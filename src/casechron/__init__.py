"""Case chronologies of child safeguarding reviews: what can be known of when things happened, who
knew it, and how long each concern waited.

    import casechron as cc

    review = cc.read_review("child-x-anytown-2019")   # a name in data/, or a folder
    cc.bounds(review)                                 # a table: one row per event
    cc.response_gaps(review)                          # a table: one row per concern and answer

Each function takes a review first and gives a table; ``help(cc.bounds)`` tells what a row of it is,
and every column with its unit. ``dir(cc)`` lists them all. The dating policy, under which vague
dates and rounded durations are read, is given once, to `read_review`.
"""

# ruff: noqa: F403 (type checkers see what `__getattr__` finds; nothing is imported so at run time)
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from casechron.questions import find

if TYPE_CHECKING:
    from casechron.analysis.opportunities import *
    from casechron.analysis.prior_concerns import *
    from casechron.analysis.steps import *
    from casechron.analysis.timing import *
    from casechron.face.across import *
    from casechron.face.agencies import *
    from casechron.face.agreement import *
    from casechron.face.coded import *
    from casechron.face.dates import *
    from casechron.face.days import *
    from casechron.face.findings import *
    from casechron.face.knowledge import *
    from casechron.face.narrative import *
    from casechron.face.opportunities import *
    from casechron.face.sensitivity import *
    from casechron.face.sheet import *
    from casechron.face.timescales import *
    from casechron.report import show as show
    from casechron.report import text as words  # noqa: F401
    from casechron.report.draw.across import draw_across as draw_across
    from casechron.report.draw.choices import draw_choices as draw_choices
    from casechron.report.draw.decisions import draw_decisions as draw_decisions
    from casechron.report.draw.findings import draw_findings as draw_findings
    from casechron.report.draw.involvement import draw_involvement as draw_involvement
    from casechron.report.draw.ledger import draw_ledger as draw_ledger
    from casechron.report.draw.tellings import draw_tellings as draw_tellings
    from casechron.report.draw.timeline import draw_timeline as draw_timeline
    from casechron.report.draw.waits import draw_waits as draw_waits
    from casechron.review import *

__version__ = "0.1.0"

#: The public names, by the module that has them: each is imported when it is first asked for, so
#: that `import casechron` alone costs nothing.
_MODULES = {
    "review": (
        "PolicyError",
        "Review",
        "ReviewError",
        "read_review",
        "read_reviews",
    ),
    "face.across": ("across",),
    "face.dates": (
        "DateError",
        "DateWindow",
        "date_bounds",
    ),
    "face.coded": (
        "accounts",
        "agencies_in_events",
        "basis_of_rows",
        "coded_events",
        "findings_and_recommendations",
        "further_facts",
        "other_readings",
        "rows_by_paragraph",
        "time_statements",
        "unmatched",
        "views_held",
        "who_is_who",
    ),
    "face.days": (
        "bounds",
        "contradictions",
        "dissolved_by",
        "durations",
        "gaps",
        "losses",
        "order",
        "precedence",
        "turning_point_gaps",
    ),
    "face.narrative": (
        "bounds_and_orders",
        "chronicle",
        "dating_policy",
        "narrowings",
        "timeline",
    ),
    "face.agreement": (
        "agreement",
        "coding_differences",
        "conclusions_compared",
    ),
    "face.sheet": (
        "coded_rows",
        "sentences",
    ),
    "face.opportunities": ("contacts",),
    "face.timescales": (
        "conferences_beside_national",
        "re_referrals",
        "timescale_checks",
    ),
    "face.sensitivity": (
        "bounds_by_policy",
        "changes_by_choice",
        "policies_tried",
        "sensitivity",
    ),
    "face.agencies": (
        "agency_contact",
        "contact_gaps",
        "involvement",
        "involvement_by_phase",
        "phase_of_events",
        "phases",
        "stated_absences",
        "telling_network",
        "tellings",
    ),
    "face.knowledge": (
        "decisions",
        "knowledge",
        "knowledge_at_a_decision",
        "knowledge_by_agency",
        "known_by_decision",
        "reached",
    ),
    "face.findings": (
        "accounts_of_harm",
        "completeness",
        "evidence_on_views",
        "holders_of_accounts",
        "plan_categories",
        "traceability",
        "views_at_decisions",
    ),
    "analysis.timing": ("breach_responses", "response_gaps"),
    "analysis.steps": ("said_before_harm", "steps_after_concerns", "steps_before_harm"),
    "analysis.prior_concerns": (
        "closures_and_next_concern",
        "concerns_before_decisions",
        "first_concern_to_first_step",
    ),
    "analysis.opportunities": ("opportunities",),
}
_MODULES |= {
    f"report.draw.{name}": (f"draw_{name}",)
    for name in (
        "across",
        "choices",
        "decisions",
        "findings",
        "involvement",
        "ledger",
        "tellings",
        "timeline",
        "waits",
    )
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}
#: What a notebook shows with, and the words in which it tells.
_PARTS = {"show": "report.show", "words": "report.text"}

__all__ = [*sorted([*_HOME, *_PARTS]), "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        found = getattr(import_module(f"casechron.{_HOME[name]}"), name)
        globals()[name] = found
        return found
    if name in _PARTS:
        globals()[name] = import_module(f"casechron.{_PARTS[name]}")
        return globals()[name]
    from difflib import get_close_matches

    near = get_close_matches(name, _HOME, n=1)
    meant = f"did you mean '{near[0]}'? dir" if near else "dir"
    raise AttributeError(f"casechron has no '{name}'; {meant}(casechron) lists what it has")


def __dir__() -> list[str]:
    return list(__all__)


# A project's own questions can be imported where this package is.
find()
