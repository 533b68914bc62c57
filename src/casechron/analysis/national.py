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

from casechron.analysis.intervals import whole_numbers
from casechron.chronology.day_columns import texts

_FILE = Path(__file__).with_name("national.csv")
_COUNTS = (
    *("conferences", "within_10_working_days", "in_11_to_15_working_days"),
    *("in_16_to_20_working_days", "in_21_or_more_working_days"),
)
_QUARTILES = ("first_quartile", "median", "third_quartile")
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
    numbers = dict.fromkeys(("year", *_COUNTS, *_QUARTILES), "int64")
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
    every = national_conferences()
    nation = every.loc[every["area"].isin({"England", region} if len(own) else set())]
    years = [None if pd.isna(day) else day.year for day in own["actual_earliest"]]
    last = max((year for year in years if year), default=None)
    none: list[int | None] = [None] * len(nation)
    mine: list[int | None] = [None] * len(own)
    started = (own["start"] != "").tolist()
    work = {}
    for name in ("working_days_min", "working_days_max"):
        days = zip(started, own[name], own[f"near_{name}"], strict=True)
        said = [clock if begun else near for begun, clock, near in days]
        work[name] = whole_numbers([*(None if pd.isna(one) else int(one) for one in said), *none])
    measured = [
        "strategy discussion" if begun else _ENQUIRIES if near else ""
        for begun, near in zip(started, own["near"], strict=True)
    ]
    quartiles = {name: whole_numbers([*mine, *nation[name]]) for name in (*_QUARTILES, *_COUNTS)}
    later = [None if last is None else int(year) - last for year in nation["year"]]
    return pd.DataFrame(
        {
            "what": texts(
                [
                    *(f"{event}, as far as recorded" for event in own["end"]),
                    *(f"{area}, all conferences" for area in nation["area"]),
                ]
            ),
            "year": whole_numbers([*years, *nation["year"]]),
            "measured_from": texts([*measured, *[_ENQUIRIES] * len(nation)]),
            **work,
            **quartiles,
            "years_later": whole_numbers([*mine, *later]),
            "source": texts(["this review"] * len(own) + list(nation["source"])),
        }
    )
