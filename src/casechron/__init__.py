"""Case chronologies of child safeguarding reviews: what can be known of when things happened, who
knew it, and how long each concern waited.

    import casechron as cc

    review = cc.read_review("child-x-anytown-2019")   # a name in data/, or a folder
    cc.bounds(review)                                 # a table: one row per event
    cc.response_gaps(review)                          # a table: one row per concern and answer

Each function takes a review first and gives a table; ``help(cc.bounds)`` tells what a row of it is,
and every column with its unit. A column of several ids or labels has a tuple in each cell, which
``table.explode(column)`` turns into rows; in files they are joined by '; ', as
``table[column] = table[column].str.join("; ")`` does before ``to_sql`` and ``to_excel``.
Where a cell has nothing, a date is NaT and a number <NA>; text is '', which ``isna`` does not find,
and what holds several is (), of which ``explode`` makes NaN. Tables join on ids, and on the labels
of agencies and persons, whose ids `who_is_who` has; where no `agency_label` is beside it, as in
`agencies_in_events` and `holders_of_accounts`, `agency` is the label.
``dir(cc)`` lists them all. The examples ask the invented review child-x-anytown-2019, which comes
with the package and can be read anywhere. The dating policy, under which vague
dates and rounded durations are read, is given once, to `read_review`.
"""

# ruff: noqa: F403 (type checkers see what `__getattr__` finds; nothing is imported so at run time)
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from casechron.questions import install_finder

if TYPE_CHECKING:
    from casechron.analysis.accounts_of_harm import *
    from casechron.analysis.across import *
    from casechron.analysis.agreement import *
    from casechron.analysis.choices import *
    from casechron.analysis.chronicle import *
    from casechron.analysis.closures import *
    from casechron.analysis.coded import *
    from casechron.analysis.coding_differences import *
    from casechron.analysis.contacts import *
    from casechron.analysis.contradictions import *
    from casechron.analysis.counterparts import *
    from casechron.analysis.days import *
    from casechron.analysis.decisions import *
    from casechron.analysis.information_at_decision import *
    from casechron.analysis.intervals import *
    from casechron.analysis.involvement import *
    from casechron.analysis.knowledge import *
    from casechron.analysis.learning import *
    from casechron.analysis.national import *
    from casechron.analysis.opportunities import *
    from casechron.analysis.phases import *
    from casechron.analysis.prior_concerns import *
    from casechron.analysis.re_referrals import *
    from casechron.analysis.record import *
    from casechron.analysis.sensitivity import *
    from casechron.analysis.sheet import *
    from casechron.analysis.telling import *
    from casechron.analysis.timescales import *
    from casechron.analysis.timing import *
    from casechron.dates.windows import *
    from casechron.report import show as show
    from casechron.report import text as words  # noqa: F401
    from casechron.report.draw.choices import draw_choices as draw_choices
    from casechron.report.draw.findings import draw_findings as draw_findings
    from casechron.report.draw.involvement import draw_decisions as draw_decisions
    from casechron.report.draw.involvement import draw_involvement as draw_involvement
    from casechron.report.draw.involvement import draw_tellings as draw_tellings
    from casechron.report.draw.ledger import draw_ledger as draw_ledger
    from casechron.report.draw.timeline import draw_timeline as draw_timeline
    from casechron.report.draw.waits import draw_across as draw_across
    from casechron.report.draw.waits import draw_waits as draw_waits
    from casechron.review import *

__version__ = "0.2.0"

#: The public names, by the module that has them: each is imported when it is first asked for, so
#: that `import casechron` alone costs nothing.
_MODULES = {
    "review": ("PolicyError", "Review", "ReviewError", "read_review", "read_reviews"),
    "dates.windows": ("DateError", "DateWindow", "date_bounds"),
    "analysis.days": (*("approximations", "bounds", "durations", "gaps", "order", "precedence"),),
    "analysis.chronicle": ("chronicle", "timeline"),
    "analysis.contradictions": ("contradictions",),
    "analysis.phases": ("phase_of_events", "phases", "turning_point_gaps"),
    "analysis.timing": ("breach_responses", "response_gaps"),
    "analysis.intervals": ("steps_before_harm",),
    "analysis.prior_concerns": (
        "concerns_before_decisions",
        "first_concern_to_first_step",
        "said_before_harm",
    ),
    "analysis.opportunities": ("opportunities",),
    "analysis.timescales": ("timescale_checks",),
    "analysis.closures": ("closures_and_next_concern",),
    "analysis.re_referrals": ("re_referrals",),
    "analysis.national": ("conferences_beside_national",),
    "analysis.contacts": ("agency_contact", "contact_gaps", "contacts"),
    "analysis.involvement": ("involvement", "involvement_by_phase", "stated_absences"),
    "analysis.telling": ("tellings",),
    "analysis.decisions": ("decisions",),
    "analysis.knowledge": ("knowledge", "knowledge_by_agency"),
    "analysis.information_at_decision": (
        "evidence_on_views",
        "information_at_decision",
        "knowledge_at_a_decision",
        "views_at_decisions",
    ),
    "analysis.accounts_of_harm": ("accounts_of_harm", "holders_of_accounts"),
    "analysis.learning": ("plan_categories", "traceability"),
    "analysis.choices": ("dating_policy", "dissolved_by"),
    "analysis.sensitivity": (
        "bounds_by_policy",
        "changes_by_choice",
        "policies_tried",
        "sensitivity",
    ),
    "analysis.coded": (
        "accounts",
        "agencies_in_events",
        "coded_events",
        "findings_and_recommendations",
        "further_facts",
        "time_statements",
        "views_held",
    ),
    "analysis.sheet": (
        "basis_of_rows",
        "coded_rows",
        "other_readings",
        "rows_by_paragraph",
        "sentences",
    ),
    "analysis.record": ("who_is_who",),
    "analysis.counterparts": ("unmatched",),
    "analysis.agreement": ("agreement",),
    "analysis.coding_differences": ("coding_differences", "conclusions_compared"),
    "analysis.across": ("across",),
    "report.draw.choices": ("draw_choices",),
    "report.draw.findings": ("draw_findings",),
    "report.draw.involvement": ("draw_decisions", "draw_involvement", "draw_tellings"),
    "report.draw.ledger": ("draw_ledger",),
    "report.draw.timeline": ("draw_timeline",),
    "report.draw.waits": ("draw_across", "draw_waits"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}
#: What a notebook shows with, and the words in which it tells.
_PARTS = {"show": "report.show", "words": "report.text"}

__all__ = [*sorted([*_HOME, *_PARTS]), "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"casechron.{_HOME[name]}"), name)
        globals()[name] = value
        return value
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
install_finder()
