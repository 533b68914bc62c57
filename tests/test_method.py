"""Do the words on the method cite their field as it was seen, stay short, tell no result, and say
what the code does?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

import pandas as pd
import pytest

from article import ROOT
from casechron.analysis import contacts, knowledge, timing, verdicts
from casechron.analysis.clocks import SOURCE_SEEN
from casechron.chronology import date_sets, solve
from casechron.chronology.rows import stated_days
from casechron.dates.policy import DatingPolicy
from casechron.report.text.english import between

METHOD = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
WORKS = "## Works, and how each was seen"
#: The first edition had 9,735 words.
MOST_WORDS = 5_000
#: What is told of an edition, with the strokes of its tables.
MOST_WORDS_OF_CHANGES = 5_500
#: How each work was seen, kept apart from the document: whoever cites another, or says that one was
#: seen better, says so here too. A work nobody saw has no word here.
SEEN = {
    "Beyond blame": "web page",
    "Analysing child deaths and serious injury": "web page",
    "Pathways to harm, pathways to protection": "web page",
    "Complexity and challenge": "web page",
    "Learning for the future": "web page",
    "Learning together to safeguard children": "edition",
    "The Munro review of child protection: final report": "web page",
    "Inside the black box": "abstract",
    "Case file analyses in child protection research": "abstract",
    "Extended Date/Time Format (EDTF) specification": "edition",
    "openEO": "web page",
    "Verbal estimation of the magnitude": "abstract",
    "The effect that rounding to prototypical values": "abstract",
    "Response heaping": "accepted manuscript",
    "Don't overthink!": "record",
    "python-edtf": "edition",
    "Met Office": "web page",
    "Civil Procedure Rules": "web page",
    "Dodds v Walker": "web page",
    "Temporal constraint networks": "abstract",
    "Maintaining knowledge about temporal intervals": "abstract",
    "Computing all-pairs shortest paths": "abstract",
    "Children in need: a focus on re-referrals": "web page",
    "Predictors of re-referral": "abstract",
}
#: Numbers that may stand in prose: those of rules and of the calendar, and years of works. A number
#: that a review gave is none of them.
NUMBERS = {
    "0": "levels of EDTF, the year 0, a count of 0, at most",
    "1": "paragraphs, sentences and normalisation from 1; a working day before",
    "2": "levels of EDTF",
    "28": "a month after 31 January",
    "31": "the same",
    "32": "digits of a fingerprint",
    "47": "section 47",
    "256": "SHA-256",
    "1978": "the first year of the holidays",
    "1991": "Dechter, Meiri and Pearl",
    "1998": "the national analyses of serious case reviews",
    "2019": "the same",
    "2100": "the last year of the holidays",
    "10,000": "choices of days that are tried",
}
#: What the project gave up, and words for it.
GONE = re.compile(
    r"robust|\bcrews?\b|combination|\blean(?:s|ing)?\b|leans_on|\bholdings\b|due_day|losses"
    r"|\bparticipation\b|involvement\.csv|locators\.csv|known to any agency|run-up|delays?\b"
    r"|conclusions? (?:that )?holds?|hold under (?:all|every)",
    re.IGNORECASE,
)
CITATION = re.compile(r"\[(\d+(?:(?:, | to )\d+)*)\]")
BY_YEAR = re.compile(r"\b([A-Z]\w+)(?: and others)?,? \(?(?:19|20)\d\d\b(?:\)? \[(\d+)\])?")
UNSEEN = re.compile(
    r"not at hand|cited from|not seen|from its catalogue|known through", re.IGNORECASE
)


def cited(prose: str) -> list[int]:
    """The numbers of works, in the order in which they are cited first."""
    found: dict[int, None] = {}
    for group in CITATION.findall(prose):
        for one in group.split(", "):
            first, _, last = one.partition(" to ")
            found |= dict.fromkeys(range(int(first), int(last or first) + 1))
    return list(found)


def breaches(text: str) -> Iterator[str]:
    """What is wrong with words on the method."""
    if (words := len(text.split())) > MOST_WORDS:
        yield f"{words} words, not {MOST_WORDS} at most"
    body, _, table = text.partition(WORKS)
    works = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if re.match(r"\| \d", line)
    ]
    prose = re.sub(r"```.*?```|`[^`]*`", "", body, flags=re.DOTALL)
    if cited(prose) != [int(number) for number, *_ in works] or not works:
        yield f"cited {cited(prose)}, listed {[number for number, *_ in works]}"
    for number, work, seen in works:
        kinds = [kind for title, kind in SEEN.items() if title in work]
        if len(kinds) != 1 or not seen.startswith(kinds[0]):
            yield f"work {number} was seen as {kinds}, not as {seen}: {work}"
        if UNSEEN.search(seen):
            yield f"work {number} was not seen: {seen}"
    for title in SEEN:
        if not any(title in work for _, work, _ in works):
            yield f"not cited any more: {title}"
    running = "\n".join(
        re.sub(r"^\d\. ", "", line)
        for line in prose.splitlines()
        if not line.startswith(("|", "#"))
    )
    of_number = {number: work for number, work, _ in works}
    for name, number in BY_YEAR.findall(running):
        if name not in of_number.get(number, ""):
            yield f"not the number of this work: {name} [{number}]"
    for number in re.findall(r"\d+(?:,\d{3})*", CITATION.sub("", running)):
        if number not in NUMBERS:
            yield f"a figure: {number}"
    yield from (f"given up: {found[0]}" for found in GONE.finditer(text))


def test_the_method_cites_its_field_as_seen_is_short_and_tells_no_result():
    assert list(breaches(METHOD)) == []


@pytest.mark.parametrize(
    ("sound", "planted", "breach"),
    [
        pytest.param("## One sheet in", "word " * MOST_WORDS, "words, not", id="too long"),
        ("[8], and", "and", "cited"),
        ("time [6]", "time [6, 25]", "cited"),
        ("time [6]", "time, as Letson and others 2016 [6]", "not the number of this work: Letson"),
        (
            "time [6]",
            "time [6], as Letson and others (2016)",
            "not the number of this work: Letson",
        ),
        ("| accepted manuscript, 'forth", "| edition, 'forth", "work 14 was seen as"),
        (
            "Witte, S. (2020). *Case file",
            "Krifka, M. (2009). *Approximate",
            "work 9 was seen as []",
        ),
        ("| abstract, of the", "| abstract, cited from the", "work 8 was not seen"),
        ("## One sheet in", "Of these, 18 of 24 wait.\n\n## One sheet in", "a figure: 18"),
        ("Waits, limits", "What is robust in all combinations", "given up: robust"),
        ("Waits, limits", "The orders on which a bound leans", "given up: leans"),
    ],
)
def test_each_of_it_can_fail(sound, planted, breach):
    assert METHOD.count(sound) == 1
    assert any(breach in found for found in breaches(METHOD.replace(sound, planted)))


def test_the_method_tells_what_stands_now():
    """Its words and numbers are those of the code: states, verdicts, defaults, slack."""
    text = re.sub(r"\s+", " ", METHOD)
    states = [
        timing.ANSWERED,
        timing.CLOSED_OR_LEFT,
        timing.INSUFFICIENT,
        timing.STATED_ABSENCE,
        timing.NOT_CLASSIFIED,
        timing.NOTHING_RECORDED,
    ]
    assert [state for state in states if f"| {state} |" not in text] == []
    said = [
        verdicts.MET,
        verdicts.MET_AS_JUDGED,
        verdicts.NOT_MET,
        verdicts.UNDETERMINED,
        verdicts.NOT_APPLICABLE,
        contacts.NOT_SAID,
    ]
    assert [word for word in said if f"*{word}*" not in text.lower()] == []
    assert f"{date_sets.MOST_ASSIGNMENTS:,} choices" in text
    assert knowledge.WITH_ONE_IT_CAN_BE.startswith("recorded with an agency that can be this one")
    assert "one that can be this one" in text
    policy = DatingPolicy()
    row = "| `early_to`, `mid_to`, `late_from` | "
    assert f"{row}{policy.early_to}, {policy.mid_to}, {policy.late_from} |" in text
    assert f"| `end_from` | {policy.end_from} |" in text
    for field in ("duration_slack", "approximate_slack", "winter", "working_day_one"):
        assert f"| `{field}` | `{getattr(policy, field)}` |" in text
    assert [one.name for one in fields(policy) if f"`{one.name}`" not in text] == []
    for words, gap in (("2 weeks", "P2W"), ("2 months", "P2M")):
        cells = []
        for slack in ("none", "half-unit", "one-unit"):
            least, most = stated_days(gap, "rounded", DatingPolicy(duration_slack=slack))
            cells.append(str(least) if least == most else f"{least} to {most}")
        assert f"| {words} | {' | '.join(cells)} |" in text
        least, most = stated_days(gap, "approximate", policy)
        assert f"{least} to {most}" == cells[-1]
    assert [word for word in SOURCE_SEEN if f"(*{word}*)" not in text] == []


def test_it_is_said_that_words_are_rounded_outwards():
    # 124 days are 4 months and 2 days at the least; 215 are 7 months and 1 day.
    assert between(124, 215) == "between 4 and 8 months"
    assert "weeks, months round outwards" in " ".join(METHOD.split())
    for notebook in ("03_timing", "08_reviews"):
        text = (ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")
        assert "weeks and months are rounded outwards" in text


@pytest.mark.parametrize(("basis", "open_start"), [("stated", False), ("derived", True)])
def test_only_an_unstated_relation_to_a_birth_leaves_a_side_open(basis, open_start):
    events = pd.DataFrame({"id": ["b", "harm"], "date": ["2018-07", ""], "kind": ["birth", ""]})
    tie = {"id": "r", "type": "not-after", "from_event": "b", "to_event": "harm", "basis": basis}
    assert solve(events, pd.DataFrame([tie])).open_sides["harm"].start == open_start
    assert "those by an unstated relation to a birth" in " ".join(METHOD.split())


def test_the_newest_section_of_the_changelog_is_short_and_says_nothing_twice():
    """Sections that grow on many branches are doubled where they are merged, and told in stages
    that no edition had; nobody reads sixteen thousand words."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = text[: text.index("## 0.1.0")]
    starts = [" ".join(item.split()[:7]) for item in re.split(r"\n *- |\n\| ", newest)[1:]]
    assert sorted(starts) == sorted(set(starts))
    for said in ("No number moved.", "25 matters"):
        assert said not in newest
    assert len(newest.split()) <= MOST_WORDS_OF_CHANGES
