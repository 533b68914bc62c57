"""How long do conferences take nationally? Context for a review's interval, and years later than
it.

Department for Education figures of initial child protection conferences by working days from the
actual start of section 47 enquiries (as the Department publishes them since 2012/13; not from the
strategy discussion, from which guidance counts), rounded to 10, so that the bins need not add up to
the total, under the Open Government Licence v3.0. They judge nothing: a distribution over all
conferences of a later year says nothing about one conference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from casechron.analysis.concerns import happened
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import rows_in
from casechron.analysis.timescales import conference_rules, timescale_checks
from casechron.review import Review

__all__ = ["conferences_beside_national"]


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
    numbers = dict.fromkeys(("year", *_FIGURES), "int64")
    return pd.read_csv(_FILE, dtype={"area": "str", "source": "str", "licence": "str", **numbers})


@table_of_rows
def conferences_beside_national(review: Review) -> Iterator[RowOfTable]:
    """Where does the interval to the initial conference stand beside the national distribution?

    The national figures run from the actual start of section 47 enquiries. They stand beside
    reviews of England in which a conference is coded, those of a region beside reviews of that
    region only (`region` in review.toml).

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        First one row per initial conference that `timescale_checks` names as the `end` of a clock,
        so none for conferences of which it cannot be told which came first; then one per area and
        year of the national figures.

        - `what` (text): the conference's id with ', as far as recorded', or the area with
          ', all conferences'
        - `year` (number; <NA>: not known, or one of several): the year of the conference, or of
          the figures
        - `measured_from` (text): 'strategy discussion' or 'section 47 enquiries'; empty where
          neither is on record
        - `working_days_min`, `working_days_max` (working days; <NA>: not known, or a national row):
          from there to the conference
        - `first_quartile`, `median`, `third_quartile` (working days; <NA>: the review's own row):
          of all conferences of the area
        - `conferences` (count; <NA>: the review's own row): how many there were
        - `within_10_working_days`, `in_11_to_15_working_days`, `in_16_to_20_working_days`,
          `in_21_or_more_working_days` (count; <NA>: the review's own row): of these, how many were
          held so soon
        - `years_later` (number; <NA>: the review's own row, or the `year` of a conference is not
          known): how many years after the review's last conference the figures are
        - `source` (text): where the row comes from

    References
    ----------
    Department for Education, *Children in need* statistics; the column `source` has the editions.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.conferences_beside_national(review)[["what", "year", "median", "conferences"]]
                                what  year  median  conferences
    0  icpc-2014, as far as recorded  2014    <NA>         <NA>
    1       England, all conferences  2023      14        74380
    2       England, all conferences  2025      14        72100
    """
    checks = timescale_checks(review)
    asked = checks["rule"].isin(conference_rules(review.meta.jurisdiction))
    conferences = checks.loc[asked & (checks["end"] != "")].drop_duplicates("end")
    spans = rows_in(conferences, "actual_earliest", "actual_latest")
    # A side that is open has no year, and is like no other.
    years = [first.year if first.year == last.year else None for first, last in spans]
    coded = [*happened(review.tables).values()].count("icpc")
    known = [year for year in years if year is not None]
    last_year = max(known) if len(known) == coded > 0 else None
    for check, year in zip(conferences.itertuples(), years, strict=True):
        measured = "strategy discussion" if check.start else _ENQUIRIES if check.near else ""
        days = (getattr(check, name if check.start else f"near_{name}") for name in _WORKING_DAYS)
        conference = f"{check.end}, as far as recorded"
        yield (conference, year, measured, *days, *_NO_FIGURES, None, "this review")
    national = national_conferences()
    areas = {"England", review.meta.region} if review.meta.jurisdiction == "England" else set()
    beside = national.loc[national["area"].isin(areas if coded else set())]
    for area, year, source, *figures in rows_in(beside, "area", "year", "source", *_FIGURES):
        later = None if last_year is None else year - last_year
        what = f"{area}, all conferences"
        yield (what, year, _ENQUIRIES, None, None, *figures, later, source)
