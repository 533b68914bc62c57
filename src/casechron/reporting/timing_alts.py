"""What do the figures of intervention timing show, for those who cannot see them? Made from the
tables that they draw."""

from __future__ import annotations

import pandas as pd

from casechron.analysis.intervals import AT_LEAST, AT_MOST, BETWEEN, EXACTLY, ONLY_ORDER, rows_of
from casechron.reporting.day_spans import span_words
from casechron.reporting.words import capital, counted, quoted

__all__ = [
    "alt_concerns_before_decisions",
    "alt_response_gaps",
    "alt_timescale_checks",
]


def alt_response_gaps(gaps: pd.DataFrame) -> str:
    """Alt text of the figure of waits, from its table."""
    if gaps.empty:
        return "No segments: no concern is coded."
    days = gaps.loc[gaps["known"].isin([EXACTLY, BETWEEN, AT_LEAST, AT_MOST])]
    order = int((gaps["known"] == ONLY_ORDER).sum())
    open_ = int(gaps["observed_known"].isin([EXACTLY, BETWEEN, AT_LEAST, AT_MOST]).sum())
    parts = [
        f"A row for each of {counted(len(gaps), 'pair')} of concern and answer, on a scale of days."
    ]
    # Each of them, and none as the widest: a wait is wide where dates are vague, not where somebody
    # was slow.
    waits = [
        f"from {quoted(row.summary)} to {quoted(row.answer_summary)},"
        f" {span_words(row.days_min, row.days_max)}"
        for row in rows_of(days)
    ]
    if waits:
        parts.append(
            f"{capital(counted(len(days), 'answered wait'))} with days: {'; '.join(waits)}."
        )
    parts.append(
        f"{capital(counted(order, 'row'))} with only an order; {counted(open_, 'row')} without an"
        " answer, open to the right."
    )
    return " ".join(parts)


def alt_concerns_before_decisions(decisions: pd.DataFrame) -> str:
    """Alt text of the bars of the run-up, from its table."""
    if decisions.empty:
        return "No bars: no decision is coded."
    rows = decisions.dropna(subset=["concerns_min"])
    if rows.empty:
        return "No bars: no chronology is admissible."
    first, last = rows.iloc[0], rows.iloc[-1]
    return (
        f"Bars for {counted(len(decisions), 'decision')}, one below the other: certain concerns on"
        f" record go from {first['concerns_min']} before {quoted(first['summary'])} to"
        f" {last['concerns_min']} before {quoted(last['summary'])}; lighter bars show those that"
        " are possible, an arrow those without an upper limit."
    )


def alt_timescale_checks(checks: pd.DataFrame) -> str:
    """Alt text of the figure of due and actual windows, from its table."""
    drawn = checks.loc[checks["start"].ne("") | checks["end"].ne("")] if len(checks) else checks
    if drawn.empty:
        return "No windows: no clock of guidance runs in this review."
    counts: dict[str, int] = {}
    for row in rows_of(drawn):
        counts[f"{row.title} {row.verdict}"] = counts.get(f"{row.title} {row.verdict}", 0) + 1
    told = [
        f"{words}{f' ({number} clocks)' if number > 1 else ''}" for words, number in counts.items()
    ]
    return (
        f"For each of {counted(len(drawn), 'check')} the due window above the actual window:"
        f" {'; '.join(told)}."
    )
