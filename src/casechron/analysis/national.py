"""How long do conferences take nationally? Context for a review's interval, and years later than
it.

Department for Education figures of initial child protection conferences by working days from the
actual start of section 47 enquiries (as the Department publishes them since 2012/13; not from the
strategy discussion, from which guidance counts), rounded to 10, so that the bins need not add up to
the total, under the Open Government Licence v3.0. They judge nothing: a distribution over all
conferences of a later year says nothing about one conference."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from casechron.analysis.columns import rows_in, table_of

_FILE = Path(__file__).with_name("national.csv")
_COUNTS = (
    *("conferences", "within_10_working_days", "in_11_to_15_working_days"),
    *("in_16_to_20_working_days", "in_21_or_more_working_days"),
)
_FIGURES = ("first_quartile", "median", "third_quartile", *_COUNTS)
_NO_FIGURES = (None,) * len(_FIGURES)
_WORKING_DAYS = ("working_days_min", "working_days_max")
_ENQUIRIES = "section 47 enquiries"


def national_conferences() -> pd.DataFrame:
    """How many conferences were held within how many working days? One row per area and year;
    counts rounded to 10.

    >>> national_conferences()[
    ...     ["area", "year", "conferences", "first_quartile", "median", "third_quartile"]
    ... ]
             area  year  conferences  first_quartile  median  third_quartile
    0     England  2023        74380              13      14              15
    1  North West  2023        10740              12      14              15
    2     England  2025        72100              13      14              15
    """
    return _read().copy()


@cache
def _read() -> pd.DataFrame:
    numbers = dict.fromkeys(("year", *_FIGURES), "int64")
    return pd.read_csv(_FILE, dtype={"area": "str", "source": "str", "licence": "str", **numbers})


def conferences_beside_national(
    checks: pd.DataFrame, *, region: str = "", rule: str = "icpc"
) -> pd.DataFrame:
    """Where does a review's interval to its conference stand beside the national distribution?

    First one row per conference in the checks of its rule (`timescales.timescale_checks`), with its
    working days (<NA>: open or not known) and what they are `measured_from`: the strategy
    discussion that started the clock, or where none is on record the section 47 enquiries near to
    it, as the national figures are. Then the figures of England, and those of the review's `region`
    if there are any, with quartiles in working days. `years_later` is how many years after the
    review's conference they are. No row where no conference is coded.

    >>> columns = [
    ...     "rule",
    ...     "start",
    ...     "end",
    ...     "near",
    ...     "working_days_min",
    ...     "working_days_max",
    ...     "near_working_days_min",
    ...     "near_working_days_max",
    ...     "actual_earliest",
    ... ]
    >>> row = ["icpc", "meeting", "conference", "", 8, 8, pd.NA, pd.NA, pd.Timestamp("2006-12-22")]
    >>> found = conferences_beside_national(pd.DataFrame([row], columns=columns))
    >>> found[["what", "year", "working_days_min", "median", "years_later"]]
                                 what  year  working_days_min  median  years_later
    0  conference, as far as recorded  2006                 8    <NA>         <NA>
    1        England, all conferences  2023              <NA>      14           17
    2        England, all conferences  2025              <NA>      14           19
    """
    own = checks.loc[(checks["rule"] == rule) & (checks["end"] != "")].drop_duplicates("end")
    years = [None if pd.isna(day) else day.year for day in own["actual_earliest"]]
    last = max((year for year in years if year), default=None)
    rows = []
    for check, year in zip(own.itertuples(), years, strict=True):
        measured = "strategy discussion" if check.start else _ENQUIRIES if check.near else ""
        least, most = (
            getattr(check, name if check.start else f"near_{name}") for name in _WORKING_DAYS
        )
        event = f"{check.end}, as far as recorded"
        rows.append((event, year, measured, least, most, *_NO_FIGURES, None, "this review"))
    every = national_conferences()
    nation = every.loc[every["area"].isin({"England", region} if rows else set())]
    for area, year, source, *figures in rows_in(nation, "area", "year", "source", *_FIGURES):
        later = None if last is None else year - last
        what = f"{area}, all conferences"
        rows.append((what, year, _ENQUIRIES, None, None, *figures, later, source))
    numbers = ("year", *_FIGURES, "years_later")
    columns = ("what", "year", "measured_from", *_WORKING_DAYS, *_FIGURES, "years_later", "source")
    return table_of(columns, rows, **dict.fromkeys(numbers, "Int64"))
