"""Between which days does one written date lie?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from casechron.dates.days import day_text
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import DateError, day_span

__all__ = ["DateError", "DateWindow", "date_bounds"]


@dataclass(frozen=True, slots=True)
class DateWindow:  # numpydoc ignore=PR01
    """The days between which a written date lies, as `date_bounds` gives them.

    Attributes
    ----------
    earliest, latest : datetime.date, str or None
        The first and the last day that it can touch, both included. None where the date is open;
        beyond the years 1 to 9999, which Python's dates do not reach, the day as ISO 8601 text.
    start_latest, end_earliest : datetime.date, str or None
        Of what lasts (``2018-09/2018-11``), the last day on which it can have begun and the first
        on which it can have ended; of one day, `latest` and `earliest` again.

    Examples
    --------
    >>> import casechron as cc
    >>> cc.date_bounds("late 2018-08").earliest
    datetime.date(2018, 8, 21)
    """

    earliest: date | str | None
    start_latest: date | str | None
    end_earliest: date | str | None
    latest: date | str | None


def date_bounds(text: str, /, **policy: Any) -> DateWindow:
    """The days between which a written date lies.

    Parameters
    ----------
    text : str
        A date in EDTF, such as ``2018-08``, ``2018-08?``, ``2018-09/2018-11`` or ``../2018-08``,
        or ``early``, ``mid``, ``late`` or ``end`` before a month, a season or a year.
    **policy : str or int
        The fields of the dating policy that differ from the default, as `read_review` takes them.

    Returns
    -------
    DateWindow
        `earliest`, `start_latest`, `end_earliest` and `latest`, ends included: dates; None where
        the date is open; beyond the years 1 to 9999 their ISO text. Where no day fits a date under
        the policy given, though it is in order as written, `earliest` lies after `latest`.

    Raises
    ------
    DateError
        For what is no date: it says what was found and shows a right way to write it.
    PolicyError
        For a field that the dating policy does not have, or a value that it does not allow.
    TypeError
        For what is no text.

    See Also
    --------
    bounds : the days of every event of a review, as all its statements together imply them.

    References
    ----------
    Library of Congress, *Extended Date/Time Format (EDTF) Specification*, 4 February 2019.

    Examples
    --------
    >>> import casechron as cc
    >>> august = cc.date_bounds("late 2018-08")
    >>> print(august.earliest, august.latest)
    2018-08-21 2018-08-31
    >>> print(cc.date_bounds("late 2018-08", late_from=16).earliest)
    2018-08-16
    >>> print(cc.date_bounds("2018-11/..").latest)
    None
    >>> cc.date_bounds("Y-10000").latest
    '-10000-12-31'
    """
    if not isinstance(text, str):
        raise TypeError(f"a date is written as text, such as '2018-08', not as {text!r}")
    days = day_span(text, DatingPolicy.from_parameters(policy))
    return DateWindow(
        _day(days.earliest),
        _day(days.start_latest),
        _day(days.end_earliest),
        _day(days.latest),
    )


def _day(number: int | None) -> date | str | None:
    if number is None:
        return None
    if date.min.toordinal() <= number <= date.max.toordinal():
        return date.fromordinal(number)
    return day_text(number)
