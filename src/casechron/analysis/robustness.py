"""Which conclusions hold however the vague dates are read, and which choice flips the others?

A conclusion is a verdict or a headline number as it stands under the policy given. It holds under
another combination of choices if the verdict is the same, or if the number stays within the bounds
first given. A combination under which no chronology is admissible says nothing either way and is
counted as that.

The orders that only the coder judged are left out all together as one of the combined choices, and
one at a time with all else as given: of so many, not every combination can be asked for, and not
every one has to be (`analysis.leaning`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations as chosen_together

import numpy as np
import pandas as pd

from casechron.analysis.choices import AS_GIVEN, judged_relations
from casechron.analysis.combinations import Combinations, combinations
from casechron.analysis.concerns import end_event, rows_with
from casechron.analysis.conclusions import (
    Conclusion,
    concerns_on_record,
    first_to_first,
    next_concerns,
    steps_to_end,
    value_at,
    waits,
)
from casechron.analysis.group_distances import lean
from casechron.analysis.intervals import whole_numbers
from casechron.analysis.leaning import NO_ORDER, sets_in_words
from casechron.analysis.on_record import counted
from casechron.analysis.structures import Index
from casechron.analysis.timescale_rules import rules
from casechron.analysis.timing import response_gaps
from casechron.analysis.varied_verdicts import clock_events, verdicts
from casechron.analysis.without_orders import Without, without_orders
from casechron.chronology import Chronology, attempt
from casechron.chronology.calendars import working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.coding.policy import DatingPolicy

__all__ = [
    "ALL",
    "MOST",
    "NONE",
    "SOME",
    "Every",
    "changes_by_choice",
    "choices_combined",
    "conclusions_by_choice",
    "every_combination",
    "judged_orders",
    "robust_conclusions",
]

Tables = Mapping[str, pd.DataFrame]

ALL, MOST, SOME, NONE = "all", "most", "some", "none"
HOLDS, CHANGES = "holds", "changes"


@dataclass(frozen=True, eq=False)
class Every:
    """All conclusions of a review under all combinations of its choices, and without the judged
    orders on which they lean."""

    combined: Combinations
    conclusions: tuple[Conclusion, ...]
    without: Without


def every_combination(
    tables: Tables, policy: DatingPolicy, jurisdiction: str, *, until: str = ""
) -> Every:
    """All verdicts and headline numbers of a review under every combination of choices, to be asked
    about.

    `tables` as read under `policy`. The tables made from it are `robust_conclusions`,
    `conclusions_by_choice` and `choices_combined`."""
    calendar = working_calendar(jurisdiction)
    chronology = attempt(tables["events"], tables["relations"], policy)
    end = end_event(tables, until)
    gaps = response_gaps(tables, chronology, jurisdiction, until=until)
    on_record = [row.concern for row in counted(tables)]
    ours = {rule.rule: rule for rule in rules() if rule.jurisdiction == jurisdiction}
    wanted = {
        *gaps["concern"],
        *gaps["answer"],
        *on_record,
        end,
    }
    wanted |= {*rows_with(tables, "decision"), *rows_with(tables, "protective")}
    wanted |= clock_events(tables, ours)
    combined = combinations(tables, policy, wanted - {""})

    def concluded(combined: Combinations) -> tuple[Conclusion, ...]:
        rows = combined.structures.each(
            ("events", "links", "involvement", "participation", "people"),
            lambda read: tuple((row.concern, row.concern, row.count_min) for row in counted(read)),
        )
        found = [
            *verdicts(combined, chronology, jurisdiction, calendar, end),
            *waits(combined, gaps, end),
            *steps_to_end(combined, tables, end),
            *first_to_first(combined, rows),
            *next_concerns(combined, tables, rows),
            *concerns_on_record(combined, tables, rows),
        ]
        # Where no chronology is admissible nothing is concluded, so nothing there counts as a
        # change.
        nothing = ~combined.admissible
        return tuple(replace(one, holds=lean(one.holds | nothing)) for one in found)

    conclusions = concluded(combined)
    return Every(
        combined,
        conclusions,
        without_orders(judged_relations(tables), combined, conclusions, concluded),
    )


def robust_conclusions(every: Every) -> pd.DataFrame:
    """Which conclusions hold under all, most, some or none of the combinations, and what flips the
    others?

    One row per conclusion. `combinations` counts those of the choices that bear on it or on whether
    any chronology is admissible; of these it `holds`, `changes`, or there is
    `no_admissible_chronology`. `hold_under` is 'all', 'most' (more than half), 'some' or 'none' of
    the combinations with an admissible chronology. `flipped_by` are the options that change it
    alone, all else as given; failing that, the fewest that do so together. `leans_on` are the
    orders that only the coder judged, without which it changes, all else as given: each that is
    enough alone, then of the others those that do so only together ('a with b'), or 'none'. As long
    as these stand, no other judged order matters to it. `under_all` is what is said over all
    admissible combinations."""
    admissible = lean(every.combined.admissible)
    rows = []
    for one in every.conclusions:
        holds, open_ = np.broadcast_arrays(one.holds, admissible)
        kept, changed, gone = (
            int((holds & open_).sum()),
            int((~holds & open_).sum()),
            int((~open_).sum()),
        )
        under = (
            ALL if kept and not changed else NONE if not kept else MOST if kept > changed else SOME
        )
        rows.append(
            (kept, changed, gone, under, _flips(every, one), one.spread(every.combined.admissible))
        )
    return pd.DataFrame(
        {
            "about": texts(one.about for one in every.conclusions),
            "conclusion": texts(one.text for one in every.conclusions),
            "hold_under": texts(row[3] for row in rows),
            "combinations": whole_numbers(row[0] + row[1] + row[2] for row in rows),
            "holds": whole_numbers(row[0] for row in rows),
            "changes": whole_numbers(row[1] for row in rows),
            "no_admissible_chronology": whole_numbers(row[2] for row in rows),
            "flipped_by": texts(row[4] for row in rows),
            "leans_on": texts(map(sets_in_words, every.without.leans_on)),
            "under_all": texts(row[5] for row in rows),
        }
    )


def conclusions_by_choice(every: Every) -> pd.DataFrame:
    """What does each single choice do to each conclusion?

    One row per conclusion and option, all other choices as given; the first option of each
    conclusion is 'as given', the last ones leave out the judged orders, one at a time. `outcome` is
    'holds', 'changes' or 'no admissible chronology', `said` what is then said. Other options that
    change no conclusion alone and none together with others are left out (`choices_combined` names
    them)."""
    rows = []
    shown = [
        (-1, 0, AS_GIVEN),
        *((axis, at, option) for axis, at, option in _options(every) if _bears(every, axis)),
    ]
    orders = list(enumerate(every.without.combined.choices[0].options))[1:]
    for one, without in zip(every.conclusions, every.without.conclusions, strict=True):
        for axis, at, option in shown:
            index = _alone(every, [(axis, at)] if axis >= 0 else [])
            outcome = _outcome(every.combined, one, index)
            rows.append(
                (
                    one.about,
                    one.text,
                    option,
                    outcome,
                    one.said(index) if outcome != NOT_ADMISSIBLE else "",
                )
            )
        for at, option in orders:
            outcome = _outcome(every.without.combined, without, (at,))
            rows.append(
                (
                    one.about,
                    one.text,
                    option,
                    outcome,
                    without.said((at,)) if outcome != NOT_ADMISSIBLE else "",
                )
            )
    return pd.DataFrame(
        rows, columns=["about", "conclusion", "choice", "outcome", "said"], dtype="str"
    )


def changes_by_choice(table: pd.DataFrame) -> pd.DataFrame:
    """Which conclusions does a single choice change? Where a choice has no row, the conclusion
    holds under it.

    The rows of `conclusions_by_choice` in which a conclusion does not hold, and each conclusion as
    given."""
    return table.loc[(table["outcome"] != HOLDS) | (table["choice"] == AS_GIVEN)].reset_index(
        drop=True
    )


def choices_combined(every: Every) -> pd.DataFrame:
    """Which choices were combined, and which were folded because they change nothing?

    One row per option. `treatment` is 'combined', 'combined; changes no conclusion', 'folded:
    changes no statement', 'held as given: too many to combine' or, of judged orders left out one at
    a time, 'tried alone'. `alone` says whether a chronology is admissible under the option alone.
    """
    rows = []
    for axis, at, option in _options(every):
        alone = bool(value_at(every.combined.admissible, _alone(every, [(axis, at)])))
        rows.append(
            (
                option,
                "combined" if _bears(every, axis) else "combined; changes no conclusion",
                "admissible" if alone else NOT_ADMISSIBLE,
            )
        )
    rows += [
        (option, "folded: changes no statement", "as given") for option in every.combined.folded
    ]
    rows += [(option, "held as given: too many to combine", "") for option in every.combined.held]
    for at, option in list(enumerate(every.without.combined.choices[0].options))[1:]:
        open_ = value_at(every.without.combined.admissible, (at,))
        rows.append((option, "tried alone", "admissible" if open_ else NOT_ADMISSIBLE))
    return pd.DataFrame(rows, columns=["option", "treatment", "alone"], dtype="str")


def judged_orders(every: Every, chronology: Chronology) -> pd.DataFrame:
    """Which orders are only the coder's judgement, and which conclusions lean on each?

    One row per judged relation and conclusion that leans on it, in the order of the relations; a
    relation on which none leans has one row, with the conclusion 'none'. `says` is the relation in
    words with its basis and its places. `with_others` are the orders that have to be left out
    together with it before the conclusion changes; 'none' where it is enough alone. `said_without`
    is what is said without it, all else as given. `chronology` is that of the tables, as given."""
    says = {one.row: one.cited for one in chronology.statements if one.kind == "relation"}
    rows = []
    for order in dict.fromkeys(order for own in every.without.sets for order in own):
        leaning = [
            (
                one.about,
                one.text,
                " with ".join(other for other in own if other != order) or NO_ORDER,
                without.said((1 + at,)),
            )
            for at, own in enumerate(every.without.sets)
            for one, without, leans_on in zip(
                every.conclusions, every.without.conclusions, every.without.leans_on, strict=True
            )
            if order in own and own in leans_on
        ]
        rows += [
            (order, says.get(order, ""), *own)
            for own in leaning or [(NO_ORDER, NO_ORDER, NO_ORDER, "as given")]
        ]
    columns = ["order", "says", "about", "conclusion", "with_others", "said_without"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def _options(every: Every) -> list[tuple[int, int, str]]:
    return [
        (axis, at, option)
        for axis, choice in enumerate(every.combined.choices)
        for at, option in enumerate(choice.options)
        if at
    ]


def _alone(every: Every, chosen: Iterable[tuple[int, int]]) -> Index:
    index = [0] * len(every.combined.choices)
    for axis, at in chosen:
        index[axis] = at
    return tuple(index)


def _bears(every: Every, axis: int) -> bool:
    """Whether a choice changes any conclusion, or whether a chronology is admissible, under some
    combination."""
    arrays = [lean(every.combined.admissible), *(one.holds for one in every.conclusions)]
    return any(array.shape[axis] > 1 for array in arrays)


def _outcome(combined: Combinations, one: Conclusion, index: Index) -> str:
    if not value_at(combined.admissible, index):
        return NOT_ADMISSIBLE
    return HOLDS if value_at(one.holds, index) else CHANGES


def _flips(every: Every, one: Conclusion) -> str:
    """The options that change a conclusion alone; else the smallest combinations of two or three
    that do."""
    options = [(axis, at, name) for axis, at, name in _options(every) if one.holds.shape[axis] > 1]
    for size in (1, 2, 3):
        found = [
            " with ".join(name for _, _, name in some)
            for some in chosen_together(options, size)
            if len({axis for axis, _, _ in some}) == size
            and _outcome(every.combined, one, _alone(every, [(axis, at) for axis, at, _ in some]))
            == CHANGES
        ]
        if found:
            return "; ".join(found)
    return ""
