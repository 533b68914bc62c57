"""What does trying one choice at a time cost, beside making every table anew under each choice?

    python benchmarks/sensitivity.py [--rounds 3] [REVIEW ...]

For each review: how many choices there are, the seconds of processor of
`sensitivity.under_each_choice` (aim: a second at the most), those of the tables that its numbers
come from, made whole under each choice, and the ratio of the two; medians of the rounds. First what
five million additions take in the same run. The numbers are the same
(`tests/test_sensitivity.py`)."""

from __future__ import annotations

import argparse
import os
import statistics
import time
import timeit
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import yardstick

import casechron as cc
from casechron.analysis.choices import Choice, other_choices
from casechron.analysis.sensitivity import under_each_choice

ROOT = Path(__file__).parents[1]
TABLES = (
    cc.timescale_checks,
    cc.response_gaps,
    cc.first_concern_to_first_step,
    cc.closures_and_next_concern,
    cc.concerns_before_decisions,
)


def anew(review: cc.Review, choice: Choice | None = None) -> cc.Review:
    """The review as it is, or under a choice: solved, and nothing has been made of it."""
    given = choice or review
    variant = replace(review, tables=given.tables, policy=given.chronology.policy)
    vars(variant)["chronology"] = given.chronology
    return variant


def whole_tables(review: cc.Review) -> None:
    """Every table that the numbers come from, under each choice that admits a chronology."""
    for choice in other_choices(review.tables, review.chronology):
        if choice.chronology.admissible:
            read = anew(review, choice)
            for table in TABLES:
                table(read)


def _each_choice_anew(review: cc.Review) -> None:
    under_each_choice(anew(review))


def seconds(ask: Callable[[], object], rounds: int) -> float:
    """Of the processor, the median of some rounds."""
    return statistics.median(timeit.repeat(ask, timer=time.process_time, number=1, repeat=rounds))


def main() -> None:
    """Measure, and print a line for each review."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("reviews", nargs="*", help="ids of reviews; left out: all in data/")
    given = parser.parse_args()
    print(f"five million additions: {yardstick.seconds():.2f} s")
    names = given.reviews or sorted(path.parent.name for path in ROOT.glob("data/*/review.toml"))
    for name in names:
        review = cc.read_review(ROOT / "data" / name)
        under_each_choice(review)  # calendars and the codebook are read
        own = seconds(partial(_each_choice_anew, review), given.rounds)
        other = seconds(partial(whole_tables, review), given.rounds)
        print(
            f"{name}: {len(other_choices(review.tables, review.chronology))} choices, {own:.2f} s;"
            f" whole tables {other:.2f} s, {other / own:.1f} times as long"
        )


if __name__ == "__main__":
    main()
