"""How fast is this machine at this moment?

A machine that is shared runs now faster, now slower, by half and more. Seconds that are measured
then say little without this number beside them; ratios of one run say as much as ever."""

from __future__ import annotations

import time

_ADDITIONS = 5_000_000


def seconds() -> float:
    """Seconds that a loop of five million additions takes."""
    began, total = time.perf_counter(), 0
    for number in range(_ADDITIONS):
        total += number
    return time.perf_counter() - began
