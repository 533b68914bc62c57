"""How many distinct dates a second does `bounds` read, and do its bounds agree with another
implementation's?

    python benchmarks/dates.py

Beside the PyPI package `edtf` where that can be imported (an environment of its own, with casechron
installed without its dependencies: `pip install -r benchmarks/requirements-edtf.txt && pip install
--no-deps -e .`). Speeds are dates a second of CPU time on one core, the median of the rounds; the
two implementations take turns within one run on the same dates, so the ratio holds where the
machine is busy. No date is read twice in a round, and nothing is remembered between rounds (`edtf`
keeps no memory of dates either)."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from casechron.dates.days import day_number
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import DateBounds, DateError, day_span

edtf: Any = importlib.import_module("edtf") if importlib.util.find_spec("edtf") else None

ROUNDS = 5
#: What reads a date, without what it remembers of dates that it has read.
_READ = day_span.__wrapped__
COUNT = 19_000  # dates of each shape: no more years have four digits and a sign
BESIDE = 40  # dates of each shape that both read
TARGET = 50_000
#: `edtf`'s strict bounds know no slack, so agreement is asked under a policy that has none.
NO_SLACK = DatingPolicy(approximate_slack="none")

#: Per shape, the i-th of as many distinct dates as are wanted (up to COUNT).
SHAPES: dict[str, Callable[[int], str]] = {
    "day": lambda i: f"{1000 + i // 336:04d}-{i // 28 % 12 + 1:02d}-{i % 28 + 1:02d}",
    "month": lambda i: f"{1000 + i // 12:04d}-{i % 12 + 1:02d}",
    "year": lambda i: f"{i:04d}" if i < 10_000 else f"-{i - 9_999:04d}",
    "season": lambda i: f"{1000 + i // 4:04d}-{21 + i % 4}",
    "about a month": lambda i: f"{1000 + i // 12:04d}-{i % 12 + 1:02d}~",
    "doubtful day": lambda i: f"{1000 + i // 336:04d}-{i // 28 % 12 + 1:02d}-{i % 28 + 1:02d}?",
    "about a part": lambda i: f"{1000 + i // 336:04d}-{i // 28 % 12 + 1:02d}~-{i % 28 + 1:02d}",
    "unspecified day": lambda i: f"{1000 + i // 12:04d}-{i % 12 + 1:02d}-XX",
    "unspecified month": lambda i: f"{1000 + i // 28:04d}-XX-{i % 28 + 1:02d}",
    "interval": lambda i: f"{1000 + i // 12:04d}-{i % 12 + 1:02d}/{3000 + i % 6000}",
    "open interval": lambda i: f"{1000 + i // 336:04d}-{i // 28 % 12 + 1:02d}-{i % 28 + 1:02d}/..",
    "set": lambda i: f"[{1000 + i // 12:04d}-{i % 12 + 1:02d},{3000 + i % 6000},9000..9100]",
    "long year": lambda i: f"Y{17_000 + i}",
    "exponent": lambda i: f"Y{1 + i}E5",
    "late in a month": lambda i: (
        f"{('early', 'mid', 'late', 'end')[i % 4]} {1000 + i // 48:04d}-{i // 4 % 12 + 1:02d}"
    ),
    "late in an interval": lambda i: (
        f"late {1000 + i // 12:04d}-{i % 12 + 1:02d}/mid {3000 + i % 6000}"
    ),
}
#: What EDTF does not have, so `edtf` is not asked.
OUR_OWN = {"late in a month", "late in an interval"}

#: The examples of the specification of 4 February 2019, and some forms beside each.
EXAMPLES = [
    text
    for line in (
        (
            "1985-04-12 1985-04 1985 1985-04-12T23:20:30 1985-04-12T23:20:30Z"
            " 1985-04-12T23:20:30-04 1985-04-12T23:20:30+04:30"
        ),
        (
            "1964/2008 2004-06/2006-08 2004-02-01/2005-02-08 2004-02-01/2005-02 2004-02-01/2005"
            " 2005/2006-02"
        ),
        (
            "Y170000002 Y-170000002 2001-21 2001-22 2001-23 2001-24 1984? 2004-06~ 2004-06-11% 201X"
            " 20XX 2004-XX 1985-04-XX"
        ),
        (
            "1985-XX-XX 1985-04-12/.. 1985-04/.. 1985/.. ../1985-04-12 ../1985-04 ../1985"
            " 1985-04-12/ 1985-04/ 1985/"
        ),
        (
            "/1985-04-12 /1985-04 /1985 1984~/2004-06 1984/2004-06~ 1984~/2004~ 1984?/2004%"
            " 1984-06-02?/2004-08-08~ -1985"
        ),
        (
            "Y-17E7 1950S2 Y171010000S3 Y3388E2S3 2001-25 2001-28 2001-29 2001-30 2001-31 2001-32"
            " 2001-33 2001-34 2001-35 2001-36"
        ),
        (
            "2001-37 2001-38 2001-39 2001-40 2001-41 [1667,1668,1670..1672] [..1760-12-03]"
            " [1760-12..] [1760-01,1760-02,1760-12..]"
        ),
        (
            "[1667,1760-12] [..1984] {1667,1668,1670..1672} {1960,1961-12} {..1984} 2004-06~-11"
            " 2004?-06-11 ?2004-06-~11"
        ),
        (
            "2004-%06-11 156X-12-25 15XX-12-25 XXXX-12-XX 1XXX-XX 1XXX-12 1984-1X"
            " 2004-06-~01/2004-06-~20"
        ),
        "2004-06-XX/2004-07-03 2004-02-XX 1900-02-XX 2018-XX-31 -0004-02-29 0000",
    )
    for text in line.split()
]


def main() -> int:
    """Prints the speeds and the cross-check; the status is 1 if the target is missed or a bound is
    unexplained."""
    print(
        f"Python {sys.version.split()[0]}; edtf:"
        f" {'not installed, so no comparison' if edtf is None else 'compared'}"
    )
    slowest = speeds()
    unexplained = cross_check() if edtf is not None else 0
    return int(slowest < TARGET or unexplained > 0)


def speeds() -> float:
    """Prints dates a second, per shape and over all; the speed over all is returned."""
    print(f"\n{'shape':22}{'dates':>8}{'bounds/s':>12}{'edtf/s':>10}{'ratio':>8}")
    total_dates, total_seconds, beside_dates, our_seconds, their_seconds = 0, 0.0, 0, 0.0, 0.0
    for name, date in SHAPES.items():
        many = [date(i) for i in range(COUNT)]
        assert len(set(many)) == len(many), name
        seconds = statistics.median(_seconds(_READ, many) for _ in range(ROUNDS))
        total_dates, total_seconds = total_dates + len(many), total_seconds + seconds
        theirs = ratio = ""
        if edtf is not None and name not in OUR_OWN:
            few = many[:: len(many) // BESIDE][:BESIDE]
            turns = [(_seconds(_READ, few), _seconds(_their_bounds, few)) for _ in range(ROUNDS)]
            ours_few, theirs_few = (statistics.median(turn) for turn in zip(*turns, strict=True))
            beside_dates, our_seconds = beside_dates + len(few), our_seconds + ours_few
            their_seconds += theirs_few
            theirs, ratio = f"{len(few) / theirs_few:,.0f}", f"{theirs_few / ours_few:,.0f}"
        print(f"{name:22}{len(many):8,}{len(many) / seconds:12,.0f}{theirs:>10}{ratio:>8}")
    over_all = total_dates / total_seconds
    theirs, ratio = "", ""
    if beside_dates:
        theirs, ratio = (
            f"{beside_dates / their_seconds:,.0f}",
            f"{their_seconds / our_seconds:,.0f}",
        )
    print(f"{'all':22}{total_dates:8,}{over_all:12,.0f}{theirs:>10}{ratio:>8}")
    print(
        f"target: {TARGET:,} distinct dates a second over all:"
        f" {'met' if over_all >= TARGET else 'MISSED'}"
    )
    return over_all


def _seconds(read: Callable[[str], object], dates: Iterable[str]) -> float:
    """CPU seconds to read each of the dates once; a date that is refused counts as read."""
    begun = time.process_time()
    for date in dates:
        read(date)
    return time.process_time() - begun


def _their_bounds(text: str) -> tuple[float, float] | None:
    """The first and last day by `edtf`'s bounds, infinite where open; None if it cannot read the
    date."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints before some of its errors
            found = edtf.parse_edtf(text)
            # Its strict bounds leave out significant digits, its fuzzy bounds hold them.
            digits = "S" in text
            ends = (
                (found.lower_fuzzy(), found.upper_fuzzy())
                if digits
                else (found.lower_strict(), found.upper_strict())
            )
    except (edtf.EDTFParseException, AttributeError, TypeError, ValueError, KeyError, IndexError):
        return None
    first, last = (end if isinstance(end, float) else day_number(*end[:3]) for end in ends)
    return first, last


def _our_bounds(text: str) -> tuple[float, float] | None:
    try:
        found: DateBounds = day_span(text, NO_SLACK)
    except DateError:
        return None
    return (
        -math.inf if found.earliest is None else found.earliest,
        math.inf if found.latest is None else found.latest,
    )


def cross_check() -> int:
    """Prints where the two implementations differ and why; the number of differences without a
    reason is returned."""
    sample = {
        date(i)
        for name, date in SHAPES.items()
        if name not in OUR_OWN
        for i in range(0, COUNT, COUNT // 50)
    }
    asked = sorted(sample | set(EXAMPLES))
    agree, differ, unread = 0, [], []
    for text in asked:
        ours, theirs = _our_bounds(text), _their_bounds(text)
        if ours is None:
            differ.append((text, "not read here"))
        elif theirs is None:
            unread.append(text)
        elif ours == theirs:
            agree += 1
        else:
            differ.append((text, _reason(text)))
    print(
        f"\ncross-check: {len(asked)} dates, {agree} agree, {len(differ)} differ, {len(unread)} not"
        " read by edtf"
    )
    for reason in sorted({reason for _, reason in differ}):
        texts = [text for text, why in differ if why == reason]
        print(
            f"  {reason or 'NO REASON KNOWN'} ({len(texts)}):"
            f" {' '.join(texts[:8])}{' ...' * (len(texts) > 8)}"
        )
    if unread:
        print(
            f"  not read by edtf ({len(unread)}):"
            f" {' '.join(unread[:12])}{' ...' * (len(unread) > 12)}"
        )
    return sum(1 for _, reason in differ if not reason or reason == "not read here")


def _reason(text: str) -> str:
    """Why the bounds of the two implementations differ, '' if no reason is known."""
    if text.startswith("/") or text.endswith("/"):
        return "edtf gives an unknown end ten years; here it is unknown"
    if text[-3:] in ("-24", "-28", "-30"):
        return "edtf ends a season at New Year; here it has its three months"
    return ""


if __name__ == "__main__":
    sys.exit(main())
