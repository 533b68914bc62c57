"""Which fact would settle whether a timescale was met?"""

from __future__ import annotations

from collections.abc import Sequence

from casechron.analysis.clocks import Clock, Coded, on_a_plan, start_window
from casechron.analysis.timescale_rules import Rule
from casechron.analysis.verdicts import NOT_APPLICABLE, UNDETERMINED
from casechron.chronology import Chronology
from casechron.coding.codebook import codebook


def would_settle(
    said: Coded, chronology: Chronology, applying: Sequence[Rule], clock: Clock, found: str
) -> str:
    """What would settle an undetermined check, or why a check does not apply."""
    rule = applying[0]
    if found == NOT_APPLICABLE:
        if clock.before_birth == "certain":
            return "a conference before birth has other limits, which are not on file here"
        return "what the source tells ends before it was due"
    if found != UNDETERMINED:
        return ""
    unknown = [one.edition for one in applying if one.limit is None]
    if unknown:
        limit = f"the limit in {' and in '.join(unknown)} (not on file here)"
        return limit if clock.start else f"{limit}, and {rule.start_fact}"
    if not clock.start:
        return rule.start_fact
    facts = [] if clock.ours else ["whether children's social care received it"]
    if said.there[clock.start] == "referral" and on_a_plan(said, chronology, clock.start):
        facts.append("whether a request on an open case counted as a referral")
    if not clock.abuse:
        facts.append("whether abuse or neglect was known or suspected")
    if clock.before_birth == "possible":
        facts.append("whether the child was born before the conference")
    if clock.several:
        facts.append(
            f"for each of several events that stand in one row: {rule.start_fact}, and"
            f" {rule.end_fact}"
        )
    elif not clock.ends:
        facts += _lacking(rule, clock)
    else:
        facts += _not_settled(chronology, applying, clock)
    return " and ".join(dict.fromkeys(facts)).replace(" and , ", " and, ")


def _lacking(rule: Rule, clock: Clock) -> list[str]:
    if not rule.ends:
        facts = [rule.start_fact] * (rule.starts_by != "the event") + [rule.end_fact]
        return [f"{', and '.join(facts)}; the codebook has no code that tells it"]
    said = [codebook().label("absence", grade) for grade in clock.lacks]
    # Nothing says that there was such a step: its day is not all that is not known.
    told = f" (the source says: {'; '.join(said)})" if said else ""
    kept = f"whether it took place at all{told}, and " if said or rule.ends_by == "the step" else ""
    known = "" if rule.starts_by == "the event" else f"{rule.start_fact}, and "
    return [f"{kept}{known}{rule.end_fact}; the source gives {'neither' if known else 'none'}"]


def _not_settled(chronology: Chronology, applying: Sequence[Rule], clock: Clock) -> list[str]:
    """The facts that would settle a clock with a start and an end on record."""
    rule = applying[0]
    facts = []
    if not _dated(chronology, clock.start):
        facts.append(rule.start_fact)
    if rule.ends_by != "the step" or not (clock.end and _dated(chronology, clock.end)):
        facts.append(rule.end_fact)
    if len(applying) > 1 and len({one.limit for one in applying}) > 1 and not facts:
        facts.append("which edition held")
    if not clock.none_between and rule.ends_by == "the step":
        kinds = " or ".join(codebook().label("event_kind", kind).lower() for kind in rule.ends)
        late = ", were it late," if facts else ""
        facts.append(f"{late} whether another {kinds}, which is not coded, came first".strip())
    return facts


def _dated(chronology: Chronology, event: str) -> bool:
    first, last = start_window(chronology, event)
    return first is not None and first == last
