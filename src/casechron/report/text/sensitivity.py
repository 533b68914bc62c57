"""What changes if another would read it otherwise? The sentences of that page.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> changes, tried = cc.changes_by_choice(review), cc.policies_tried(review)
>>> cc.words.sensitivity.choices(changes, tried)[["choice", "waits", "total"]].head(2)
                      choice  waits  total
0     judged orders left out      1      7
1  rl-worry-closure left out      1      7
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from casechron.analysis.choices import ALLEGED_OUT, JUDGED_OUT
from casechron.analysis.sensitivity import NO_CHOICE, NOT_ASKED
from casechron.analysis.tables import by_key, to_table
from casechron.characters import counted
from casechron.report.about import the_source
from casechron.report.draw.choices import CHOICES_DRAWN
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.english import RowCells, point, rows_by, rows_of

#: What can change, by what the numbers are about.
SORTS: Mapping[str, str] = {
    "response gap": "waits",
    "next protective step": "waits",
    "first concern to first step": "waits",
    "next concern after a closure": "waits",
    "timescale": "verdicts",
    "re-referral": "verdicts",
    "concerns on record": "on_record",
    "known at a decision": "known",
}
#: What the numbers of each sort are: one and, where that is not one with an s, several.
_NOUNS = {
    "waits": ("wait",),
    "verdicts": ("verdict",),
    "on_record": ("count of concerns on record", "counts of concerns on record"),
    "known": ("count of what was known at a decision", "counts of what was known at a decision"),
}
#: How many choices a cell tells.
_TOLD = 2
#: What can be an id in the name of a number: all of one side of ' to ' or ': '.
_ID_IN_NAME = r"(?:^|(?<= to )|(?<=: ))[\w-]+(?= to |: |$)"
#: What a step of a contradiction says besides: what follows of it.
_FOLLOWS = r": (?:on [^“”]* at the latest|[\d,]+ days? too late)$"
#: As what a relation is coded, and where it stands, behind its words.
_CODED_AS = re.compile(r"( \[[^\]]*P\d+[DWMY]\])?( \(judged,.*?\))?$")


def choices(changes: pd.DataFrame, tried: pd.DataFrame) -> pd.DataFrame:
    """How many numbers and verdicts of each sort each choice changes.

    Parameters
    ----------
    changes, tried : pandas.DataFrame
        What `changes_by_choice` and `policies_tried` give.

    Returns
    -------
    pandas.DataFrame
        One row per choice under which something does not hold, those that change most first.

        - `choice` (text): the choice, as `policies_tried` names it
        - `text` (text): what it is, in words
        - `waits`, `verdicts`, `on_record`, `known`, `total` (count): how many it changes
        - `not_asked` (count): how many are then no longer asked, as nothing ties their rows
    """
    meanings = dict(zip(tried["alternative"], tried["meaning"], strict=True))
    rows = []
    for choice, changed in rows_by(changes, "choice").items():
        sorts = [SORTS.get(row["about"]) for row in changed if row["value_then"] != NOT_ASKED]
        counts = *map(sorts.count, _NOUNS), len(sorts), len(changed) - len(sorts)
        rows.append((choice, _words(choice, meanings.get(choice, "")), *counts))
    rows.sort(key=lambda row: row[-2:], reverse=True)
    columns = ["choice", "text", *_NOUNS, "total", "not_asked"]
    return to_table(columns, rows, **dict.fromkeys(columns[2:], "int64"))


def in_words(
    sensitivity: pd.DataFrame, chronicle: pd.DataFrame, tried: pd.DataFrame
) -> pd.DataFrame:
    """The numbers and verdicts with what they name in words and not by ids.

    Parameters
    ----------
    sensitivity, chronicle, tried : pandas.DataFrame
        What `sensitivity`, `chronicle` and `policies_tried` give.

    Returns
    -------
    pandas.DataFrame
        The same rows: `about` and `value` as there, with a word on days below 0, and `what`,
        `changed_by` and `rests_on` (text): what `name`, `flipped_by` and `leans_on` say, of several
        choices the first two.
    """
    quoted = {row["event"]: f"“{row['summary']}”" for row in rows_of(chronicle)}
    meanings = dict(zip(tried["alternative"], tried["meaning"], strict=True))

    def with_summaries(name: str) -> str:
        words = re.sub(r" [(]([^()]*)[)]$", r": \1", name)
        words = re.sub(_ID_IN_NAME, lambda row: quoted.get(row[0], row[0]), words)
        return words.replace("not on record to ", "no beginning on record, to ")

    def chosen(names: tuple[str, ...], ending: str = "") -> str:
        choices = [f"{name}{ending}" for name in names if names != NO_CHOICE]
        words = [_words(choice, meanings.get(choice, "")).rstrip(".") for choice in choices]
        more = [f"{len(words) - _TOLD} more"] if len(words) > _TOLD else []
        return "; ".join([*words[:_TOLD], *more])

    def counted_back(value: str) -> str:
        below = re.search(r"(?<![\w-])-\d", value)
        return f"{value} (below 0: the step came first)" if below else value

    return sensitivity[["about"]].assign(
        value=[counted_back(value) for value in sensitivity["value"]],
        what=[with_summaries(name) for name in sensitivity["name"]],
        changed_by=[chosen(names) for names in sensitivity["flipped_by"]],
        rests_on=[chosen(rows, " left out") for rows in sensitivity["leans_on"]],
    )


def key_points(sensitivity: pd.DataFrame, choices: pd.DataFrame) -> list[Point]:
    """How many numbers no single choice changes, and what changes most of the others.

    Parameters
    ----------
    sensitivity : pandas.DataFrame
        What `sensitivity` gives.
    choices : pandas.DataFrame
        What `choices` gives.

    Returns
    -------
    list of Point
        The count, what is counted, then the three choices that change most.
    """
    rows = rows_of(sensitivity)
    changed = [row for row in rows if not row["flipped_by"] == row["leans_on"] == NO_CHOICE]
    same = [row for row in rows if row not in changed and not row["open"]]
    if not changed + same:
        return [point(f"{the_source()} settles no number here, so nothing can change")]
    sorts = _counted(Counter(SORTS.get(row["about"], "") for row in same))
    # Where a choice leaves no chronology, nothing is told of it either way.
    lead = (
        f"{len(same)} of {len(changed + same)} numbers and verdicts hold under every other choice"
    )
    asked = "Counted are those that are settled, change or are no longer asked"
    return [
        Point(f"{lead}, one at a time, that leaves no contradiction."),
        Point(f"{asked}{f'; those that hold: {say.listed(sorts)}' if sorts else ''}."),
        *(Point(_change(row)) for row in rows_of(choices)[:3]),
    ]


def wait_points(waits: pd.DataFrame, changes: pd.DataFrame, tried: pd.DataFrame) -> list[Point]:
    """What each wait that is drawn becomes under each other choice that changes it.

    Parameters
    ----------
    waits : pandas.DataFrame
        What `waits.waits` gives.
    changes, tried : pandas.DataFrame
        What `changes_by_choice` and `policies_tried` give.

    Returns
    -------
    list of Point
        One for each wait, or that there is none.
    """
    meanings = dict(zip(tried["alternative"], tried["meaning"], strict=True))
    points = []
    for row in rows_of(waits):
        # What comes next stays so where nothing ties it to the concern, as its answer it goes.
        names = {f"{row['event']} to {row['to_event']}": " as its answer" * row["protective"]}
        if row["protective"]:
            names[f"{row['event']} to the next protective step"] = ""
        values: dict[str, dict[str, str]] = {}
        for change in rows_of(changes):
            if change["name"] in names and SORTS.get(change["about"]) == "waits":
                words = _words(change["choice"], meanings.get(change["choice"], ""))
                then, value = values.setdefault(words.rstrip("."), {}), change["value_then"]
                how = names[change["name"]]
                then[value] = then.get(value, how) and how
        days = say.span(row["days_min"], row["days_max"], "day")
        text = f"From {row['text_from']} to {row['text_to']}: {days}"
        parts = " ".join(
            f"{words}: {say.listed(map(''.join, then.items()))}." for words, then in values.items()
        )
        holds = f"{text}; nothing that was tried allows fewer or more"
        points.append(point(f"{text}. {parts}" if values else holds, (row["event"], *row["steps"])))
    return points or [Point("No wait has both a least and a most.")]


def contradiction_points(
    contradictions: pd.DataFrame, dissolved: pd.DataFrame, tried: pd.DataFrame
) -> list[Point]:
    """Which statements cannot all hold if each length of time is taken to the day, and which other
    choice lets them; and under which reading not all that is said can hold.

    Parameters
    ----------
    contradictions, dissolved : pandas.DataFrame
        What `contradictions` and `dissolved_by` give of the review read without slack.
    tried : pandas.DataFrame
        What `policies_tried` gives of the review.

    Returns
    -------
    list of Point
        For each contradiction what cannot hold and what dissolves it, then the readings.
    """
    under = [
        Point(f"Under another reading not all statements can hold: {_first(row['meaning'])}.")
        for row in rows_of(tried)
        if row["alternative"].startswith("reading: ") and row["windows_that_differ"] is None
    ]
    conflicts = by_key(
        (row["conflict"], row) for row in rows_of(contradictions) if row["conflict"] is not None
    )
    if not conflicts:
        all_hold = "With each length of time taken to the day, all statements hold together."
        return [Point(all_hold), *under]
    by_conflict = by_key(
        (row["conflict"], say.sentence(_first(row["meaning"])))
        for row in rows_of(dissolved)
        if row["all_hold"]
    )
    points = []
    for conflict, rows in conflicts.items():
        statements = [
            f"‘{row['words']}’" if row["words"] else re.sub(_FOLLOWS, "", row["says"])
            for row in rows
        ]
        words = f"Taken to the day, these cannot all hold: {say.listed(dict.fromkeys(statements))}"
        for row in [row for row in rows if row["days_needed"] is not None][:1]:
            words += f"; {row['days_needed']} days are needed"
            if row["days_possible"] is not None:
                words += f", and {row['days_possible']} are possible"
        events = tuple(row["row"] for row in rows if row["table"] == "events")
        points.append(Point(f"{words}.", events))
        if ways := by_conflict.get(conflict):
            points.append(Point(f"Each of these alone lets all statements hold: {' '.join(ways)}"))
    return points + under


def choices_title(choices: pd.DataFrame) -> str:
    """The finding of the chart of choices.

    Parameters
    ----------
    choices : pandas.DataFrame
        What `choices` gives.

    Returns
    -------
    str
        A sentence without a stop at its end.
    """
    if not len(choices):
        return "Nothing that was tried changes a number"
    return _change(rows_of(choices)[0]).rstrip(".")


def choices_note(choices: pd.DataFrame) -> str:
    """How the chart of choices is to be read.

    Parameters
    ----------
    choices : pandas.DataFrame
        What `choices` gives.

    Returns
    -------
    str
        One sentence.
    """
    more = len(choices) - CHOICES_DRAWN
    return say.with_notes(
        "In each square: how many numbers or verdicts of that sort the choice changes, in the last"
        " how many are then no longer asked",
        {f"{more} more that change as many or fewer stand in the table": more > 0},
    )


def choices_alt(choices: pd.DataFrame) -> str:
    """What the chart of choices shows, in words.

    Parameters
    ----------
    choices : pandas.DataFrame
        What `choices` gives.

    Returns
    -------
    str
        A sentence for each choice that is drawn.
    """
    return " ".join(map(_change, rows_of(choices)[:CHOICES_DRAWN])) or "No choice is drawn."


def _change(row: RowCells) -> str:
    """What a choice changes, and how many numbers and verdicts are asked no more."""
    changes = [f"changes {say.listed(_counted(row))}"] if row["total"] else []
    changes += [f"leaves {counted(row['not_asked'], 'number')} unasked"] * bool(row["not_asked"])
    text = row["text"].rstrip(".")
    # A condition behind the rule would run into what the choice changes.
    text += "," * (text.startswith("Reading") and ", if" in text)
    return f"{text} {say.listed(changes)}."


def _counted(numbers: Mapping[str, int]) -> list[str]:
    """How many numbers of each sort there are, where there are any."""
    counts = ((numbers[sort], nouns) for sort, nouns in _NOUNS.items())
    return [say.span(count, count, *nouns) for count, nouns in counts if count]


def _words(choice: str, meaning: str) -> str:
    """What a choice is, as the beginning of a sentence."""
    if choice == JUDGED_OUT:
        return "Leaving out every order that only the coder judged"
    if choice == ALLEGED_OUT:
        return "Leaving out what rests on allegations alone"
    what = _first(meaning) or choice
    if choice.endswith(" left out"):
        return f"Leaving out that {_CODED_AS.sub('', what)}"
    if choice.startswith("reading: "):
        name = choice.removeprefix("reading: ").replace("-", " ")
        return f"Another reading ({name}: {what})"
    rule, colon, example = what.partition(": ")
    return f"Reading that {rule}" + f" ({example})" * bool(colon)


def _first(meaning: str) -> str:
    """The first part of what a choice means."""
    return meaning.partition(";")[0].strip().rstrip(".") if "“" not in meaning else meaning
