"""How do days and numbers of days stand in a table?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray
from pandas.arrays import IntegerArray

from casechron.chronology.network import Ints, is_open

NOT_ADMISSIBLE = "no admissible chronology"
_EPOCH = 719_163  # 1970-01-01, numpy's day 0


def calendar_days(days: Ints, known: NDArray[np.bool_] | bool = True) -> NDArray[np.datetime64]:
    """Days as dates to the second (the coarsest that pandas has); NaT where open or not known."""
    given = ~is_open(days) & known
    dates = np.where(given, days - _EPOCH, 0).view("datetime64[D]").astype("datetime64[s]")
    dates[~given] = np.datetime64("NaT", "s")
    return dates


def day_counts(days: Ints, known: NDArray[np.bool_] | bool = True) -> IntegerArray:
    """Numbers of days as nullable integers; <NA> where open or not known."""
    given = ~is_open(days) & known
    return IntegerArray(np.where(given, days, 0).astype(np.int64), ~given)


def texts(values: Iterable[str]) -> ExtensionArray:
    """Text as a column, with its type also when it is empty; numpy's own text becomes Python's."""
    return pd.array(list(map(str, values)), dtype="str")
