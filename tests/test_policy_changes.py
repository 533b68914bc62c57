"""Does the box of the policy say what other choices change in this review, in its own tables'
numbers, and no more?"""

from __future__ import annotations

import re

from casechron.reporting.page_texts import policy_lines
from casechron.reporting.pages import rendered
from casechron.reporting.policy_changes import policy_changes, with_changes
from test_export import FACTS

TRIED = """alternative,meaning,windows_that_differ,status
late_from = 16,x,21,admissible
end_from = 25,x,1,admissible
duration_slack = none,x,,no admissible chronology
approximate_slack = none,x,0,admissible
approximate_slack = half-unit,x,0,admissible
reading: a,x,0,admissible
reading: b,x,3,admissible
reading: c,x,5,admissible
reading: d,x,,no admissible chronology
"""
BOUNDS = "event\n" + "e\n" * 75
CONCLUSIONS = "conclusion,choice,outcome\n" + "".join(
    f"{number},{choice},{'changes' if number < changes else 'holds'}\n"
    for choice, changes in (("as given", 0), ("late_from = 16", 8), ("reading: b", 1))
    for number in range(38)
)
CHANGED = (
    "\n".join(
        line
        for line in CONCLUSIONS.splitlines()
        if not line.endswith("holds") or ",as given," in line
    )
    + "\n"
)
COMBINED = (
    "option,treatment\nend_from = 25,combined; changes no conclusion\napproximate_slack ="
    " none,folded: changes no statement\napproximate_slack = half-unit,folded: changes no"
    " statement\n"
)


def test_each_alternative_says_what_moves_and_what_changes() -> None:
    tables = {
        "policies_tried": TRIED,
        "bounds": BOUNDS,
        "conclusions_by_choice": CHANGED,
        "choices_combined": COMBINED,
    }
    assert (
        policy_changes(tables)
        == policy_changes({**tables, "conclusions_by_choice": CONCLUSIONS})
        == {
            "late_from": (
                "with <code>16</code>, 21 of 75 windows move and 8 of 38 conclusions change."
            ),
            "end_from": "with <code>25</code>, 1 of 75 windows moves and no conclusion changes.",
            "duration_slack": (
                "with <code>none</code>, there is no admissible chronology, since statements of the"
                " source contradict each other."
            ),
            "approximate_slack": (
                "with <code>none</code> or <code>half-unit</code>, no window moves and no"
                " conclusion changes."
            ),
            "readings": (
                "of 4 other readings, each tried alone, 2 move windows (most of all <code>c</code>:"
                " 5 of 75 windows); with <code>d</code> there is no admissible chronology;"
                " <code>b</code> changes 1 of 38 conclusions."
            ),
        }
    )


def test_without_conclusions_only_windows_are_told_and_without_tables_nothing() -> None:
    assert (
        policy_changes({"policies_tried": TRIED})["late_from"]
        == "with <code>16</code>, 21 windows move."
    )
    assert policy_changes({"bounds": BOUNDS, "conclusions_by_choice": CONCLUSIONS}) == {}


def test_a_hostile_reading_stays_text() -> None:
    hostile = (
        "alternative,windows_that_differ,status\nreading: <script>,2,admissible\nwinter ="
        " <b>,0,admissible\n"
    )
    assert policy_changes({"policies_tried": hostile}) == {
        "winter": "with <code>&lt;b&gt;</code>, no window moves.",
        "readings": "one other reading was tried: <code>&lt;script&gt;</code> moves 2 windows.",
    }


def test_the_box_says_it_where_it_stands_and_keeps_general_words_elsewhere() -> None:
    box = rendered("policy.html.j2", policy=policy_lines(FACTS.policy, ()))
    said = with_changes(box, {"late_from": "with 16, all changes."})
    line = next(line for line in said.split("<li>") if "late_from" in line)
    assert (
        "widen at their beginning. <strong>In this review:</strong> with 16, all changes.</span>"
        in line
    )
    assert "Tried instead" not in line
    assert said.count("In this review") == 1
    assert said.count("Tried instead") == len(re.findall("Tried instead", box)) - 1
    assert "<!-- tried" not in said
