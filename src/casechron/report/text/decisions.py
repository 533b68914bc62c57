"""What had reached those who decided, and what was elsewhere? In words.

That something stood on an agency's record is not to say that anybody looked at it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from casechron.analysis import knowledge as known
from casechron.analysis.information_at_decision import chosen_decision
from casechron.analysis.timeline import AS_JUDGED
from casechron.report.draw.decisions import STATES
from casechron.report.draw.timeline import label_options
from casechron.report.show import Point
from casechron.report.text.english import in_brackets, listed
from casechron.report.text.involvement import OUR_READING, UNNAMED
from casechron.report.text.records import named, parts, records, whens, within

__all__ = [
    "at_decisions",
    "decisions_alt",
    "decisions_in_rows",
    "decisions_title",
    "held_elsewhere",
    "known_in_short",
]

#: How many decisions a page shows, and how many things that were held elsewhere a first screen.
_DECISIONS, _ELSEWHERE = 8, 3
#: What stands before those of whom one or the other can be so, at a step that was not taken.
_RECEIVED = "whose step it was or, in part by our reading, who had received what it was to answer: "
#: What `information_at_decision` says of a matter, as the squares of the chart have it.
_STATES = {
    known.CERTAIN: "certainly",
    known.POSSIBLE: "possibly",
    known.UNNAMED: "unsure",
    known.NOT_STATED: "unsure",
    known.OTHER: "elsewhere",
    known.NOBODY: "nowhere",
    known.LATER: "nowhere",
}


def held_elsewhere(
    reached: pd.DataFrame, decisions: pd.DataFrame, agencies: pd.DataFrame, decision: str = ""
) -> list[Point]:
    """What agencies that the source names held at one decision, and what is not recorded with those
    who decided.

    Parameters
    ----------
    reached, decisions
        What the analyses of these names give.
    agencies
        What `involvement` gives: which agencies the source names.
    decision
        The id of the decision; empty is the one at which the review says that most were left out,
        else the last.
    """
    if decisions.empty:
        return []
    chosen = chosen_decision(decisions, decision)
    point = decisions[decisions["decision"] == chosen].iloc[0]
    by_name = set(agencies.loc[agencies["named"], "agency_label"])
    here = reached[reached["decision"] == chosen]
    held: dict[str, dict[str, None]] = {}
    matters: dict[str, None] = {}
    elsewhere = records(here[here["reached"].map(_STATES).isin(("unsure", "elsewhere"))])
    for column, how in (("certain_with", "held"), ("possible_with", "can have held")):
        for row in elsewhere:
            for agency in parts(row[column]):
                if agency in by_name:
                    what = f"“{row['summary']}”"
                    what += AS_JUDGED * (agency in parts(row["only_as_judged"]))
                    held.setdefault(f"{named(agency)} {how}", {})[what] = None
                    matters[row["matter"]] = None
    if not held:
        return []
    at = _at(point)
    what = "; ".join(f"{who} {listed([*each])}" for who, each in held.items())
    return [
        Point(
            f"By {at}, {what}; the source does not say that this had reached those who decided.",
            (chosen, *matters),
        )
    ]


def _at(point: pd.Series[str]) -> str:
    summary, kind = str(point["summary"]), str(point["kind"])
    return within(kind) if summary == kind else f"the decision “{summary}”"


def known_in_short(
    reached: pd.DataFrame,
    decisions: pd.DataFrame,
    told: pd.DataFrame,
    dates: pd.DataFrame,
    agencies: pd.DataFrame,
    events: pd.DataFrame,
) -> list[Point]:
    """Who knew what at the decision from which most were left out, in words for a first screen.

    Parameters
    ----------
    reached, decisions, dates
        What `information_at_decision`, `decisions` and `chronicle` give.
    told
        What `casechron.report.text.involvement.told` gives.
    agencies
        What `involvement` gives: which agencies the source names.
    events
        What `timeline` gives: by which short labels events go.

    Returns
    -------
    list of Point
        One: from whom those who decided had certainly heard by then, and what others held that is
        not said to have reached it; none where the review says of nobody that it was left out.
    """
    made = decisions[decisions["point"].eq("decision") & decisions["left_out_ids"].ne("")]
    if made.empty:
        return []
    point = made[made["decision"] == chosen_decision(made)].iloc[0]
    here = records(reached[reached["decision"] == point["decision"]])
    by_name = set(agencies.loc[agencies["named"], "agency_label"])
    deciders = [one for one in parts(str(point["decided_by"])) if one in by_name]
    # Of what is ours in part the teller is not said here without that mark.
    certain = {
        row["matter"]
        for row in here
        if _STATES.get(row["reached"]) == "certainly"
        and ({*parts(row["certain_with"])} - {*parts(row["only_as_judged"])}) & {*deciders}
    }
    heard = told[told["event"].isin(certain) & told["to"].isin(deciders)]
    heard = heard[~heard["who"].isin(("", UNNAMED)) & ~heard["what"].str.endswith(OUR_READING)]
    judged_rows = set(dates.loc[dates["basis"] == "judged", "event"])
    labels = {row["event"]: label_options(row)[0] for row in records(events)}
    elsewhere: dict[str, tuple[str, bool]] = {}
    for row in here:
        holders = [one for one in parts(row["certain_with"]) if one in by_name]
        if _STATES.get(row["reached"]) in ("unsure", "elsewhere") and holders:
            judged = row["matter"] in judged_rows or {*holders} & {*parts(row["only_as_judged"])}
            # Within brackets an agency's own brackets would be hard to read.
            who = listed([re.sub(r" \([^()]*\)", "", named(one)) for one in holders])
            told_of = f"“{labels.get(row['matter'], row['summary'])}” ({who}"
            elsewhere[row["matter"]] = told_of, bool(judged)
    shown = dict(list(elsewhere.items())[-_ELSEWHERE:])
    # What is true of all is said once.
    every = all(judged for _, judged in shown.values())
    words = [
        f"{to} had heard from {listed([named(one) for one in dict.fromkeys(rows['who'])])}"
        for to, rows in heard.groupby("to", sort=False)
    ]
    if shown:
        how = ", as judged" * every + ", among other things" * (len(shown) < len(elsewhere))
        whom = listed([named(one) for one in deciders]) or "those who decided"
        whom = "them" if [*dict.fromkeys(heard["to"])] == deciders else whom
        each = [f"{one}{', as judged' * (judged and not every)})" for one, judged in shown.values()]
        words.append(f"not said to have reached {whom}{how}: {listed(each)}")
    if not words:
        return []
    ids = (point["decision"], *dict.fromkeys(heard["event"]), *shown)
    when = in_brackets(whens(dates)[point["decision"]])
    return [Point(f"By {_at(point)} {when}: {'; '.join(words)}.", ids)]


def at_decisions(
    reached: pd.DataFrame, decisions: pd.DataFrame, dates: pd.DataFrame
) -> pd.DataFrame:
    """For each decision that a page shows, each concern raised by then and where it stood.

    Decisions come first, then answers that the review found missing, as far as the source names who
    was to give them and each once; eight at most, and of more the last. What another concern tells
    of, or counts together with others, is not listed again. Of a decision whose day is open on a
    side it cannot be told what had been raised by then: it is left out.

    Parameters
    ----------
    reached, decisions, dates
        What `information_at_decision`, `decisions` and `chronicle` give.

    Returns
    -------
    pandas.DataFrame
        One row per decision and concern, as `draw_decisions` takes it, `decided_by`, and `basis`:
        'judged' where it stood there by the coder's reading alone.
    """
    when = whens(dates)
    rows: list[dict[str, str]] = []
    bounded = dates.loc[dates[["earliest", "start_latest"]].notna().all(axis=1), "event"]
    for point in _shown(decisions[decisions["decision"].isin(bounded)], reached):
        here = reached[reached["decision"] == point["decision"]]
        listed_here = set(here["matter"])
        for row in records(here):
            if row["reached"] not in _STATES or listed_here & set(row["carried_by"].split("; ")):
                continue
            state = _STATES[row["reached"]]
            firm = {*parts(row["certain_with"])} - {*parts(row["only_as_judged"])}
            if state == "certainly":
                firm &= {*parts(point["decided_by"])}
            # Of several, some had only received what the step was to answer.
            received = bool(point["absence"]) and len(parts(point["decided_by"])) > 1
            ours = row["basis"] == "judged" or bool(row["certain_with"] and not firm)
            ours |= received and state == "certainly"
            decided = _RECEIVED * received + point["decided_by"] * bool(point["decided_by_ids"])
            holders = [*row["certain_with"].split("; "), *row["possible_with"].split("; ")]
            rows.append(
                {
                    "decision": point["decision"],
                    "decision_label": point["summary"],
                    "when": when[point["decision"]],
                    "decided_by": decided,
                    "concern": row["matter"],
                    "summary": row["summary"],
                    "state": state,
                    "who": "; ".join(filter(None, holders)),
                    "basis": "judged" if ours else row["basis"],
                }
            )
    names = [
        "decision",
        "decision_label",
        "when",
        "decided_by",
        "concern",
        "summary",
        "state",
        "who",
        "basis",
    ]
    return pd.DataFrame(rows, columns=names).astype("str")


def _shown(decisions: pd.DataFrame, reached: pd.DataFrame) -> list[dict[str, str]]:
    """The decisions that are shown, in order of time."""
    asked = set(reached["decision"])
    made: list[dict[str, str]] = []
    missed: dict[tuple[str, str], dict[str, str]] = {}
    for row in records(decisions):
        if row["decision"] not in asked:
            continue
        if not row["absence"]:
            made.append(row)
        elif "; " in row["decided_by_is"]:
            # It was the step of some, whom the source need not name, and others had received what
            # it was to answer.
            missed.setdefault((row["said"], row["decided_by_ids"]), row)
    made = made[-_DECISIONS:]
    kept = [*made, *list(missed.values())[: _DECISIONS - len(made)]]
    return [row for row in records(decisions) if row in kept]


def decisions_in_rows(concerns: pd.DataFrame) -> pd.DataFrame:
    """The same as a table: one row per decision, the concerns listed by where they stood.

    Parameters
    ----------
    concerns
        What `at_decisions` gives.

    Returns
    -------
    pandas.DataFrame
        - `decision`, `when`, `decided_by` (text): what was decided, when, by whom
        - `on_their_record`, `possibly_on_their_record`, `not_said_whether`, `with_others`,
          `not_recorded_with_any_agency` (text): the concerns; with whom they were
        - `event` (text): the decision's id
    """
    heads = dict(
        zip(
            STATES,
            (
                "on_their_record",
                "possibly_on_their_record",
                "not_said_whether",
                "with_others",
                "not_recorded_with_any_agency",
            ),
            strict=True,
        )
    )
    rows = []
    for decision, here in concerns.groupby("decision", sort=False):
        first = here.iloc[0]
        cells = {head: _concerns(here[here["state"] == state]) for state, head in heads.items()}
        rows.append(
            {
                "decision": first["decision_label"],
                "when": first["when"],
                "decided_by": first["decided_by"],
                **cells,
                "event": decision,
            }
        )
    names = ["decision", "when", "decided_by", *heads.values(), "event"]
    return pd.DataFrame(rows, columns=names).astype("str")


def _of_ours(rows: pd.DataFrame) -> str:
    """How many of them stood there by our reading."""
    ours = int(rows["basis"].eq("judged").sum())
    return f" ({'' if ours == len(rows) else f'{ours} '}as judged)" if ours else ""


def _concerns(rows: pd.DataFrame) -> str:
    told = []
    for row in records(rows):
        notes = [row["who"].replace("; ", ", ")] * _tells_who(row)
        notes += ["as judged"] * (row["basis"] == "judged")
        told.append(row["summary"] + (f" ({', '.join(notes)})" if notes else ""))
    return "; ".join(told)


def _tells_who(row: Mapping[str, str]) -> bool:
    return bool(row["who"]) and row["state"] in ("unsure", "elsewhere")


def decisions_title(concerns: pd.DataFrame) -> str:
    """The finding of the chart of decisions: whether all that was raised by then had reached those
    who decided."""
    if concerns.empty:
        return "What had reached those who decided cannot be told."
    reached = concerns["state"].eq("certainly").groupby(concerns["decision"], sort=False).all()
    full, count = int(reached.sum()), len(reached)
    had_reached = "everything raised by then had reached those who decided"
    if full == count:
        return f"At each of these decisions {had_reached}, as this source tells it."
    which = f"only {full} of these {count}" if full else "none of these"
    return f"At {which} decisions does the source say that {had_reached}."


def decisions_alt(concerns: pd.DataFrame) -> str:
    """The chart of decisions, in words."""
    parts = []
    for _, here in concerns.groupby("decision", sort=False):
        first = here.iloc[0]
        counts = [
            f"{len(told)} {words}{_of_ours(told)}"
            for state, words in STATES.items()
            if len(told := here[here["state"] == state])
        ]
        parts.append(f"{first['decision_label']}, {first['when']}: {'; '.join(counts)}.")
    return " ".join(parts) or "No decision is on record."
