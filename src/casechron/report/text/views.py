"""Who took what to be so, and what does the source itself set for and against it? In words.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> cc.words.views.view_points(cc.evidence_on_views(review), cc.views_held(review))
[]
"""

from __future__ import annotations

import pandas as pd

from casechron.analysis.tables import by_key
from casechron.report.show import Point
from casechron.report.text.english import listed, point, quoted, rows_by

#: The words for how evidence bears on a view.
_TIES = {"supports": "it was supported by", "contradicts": "against it stood"}


def view_points(evidence: pd.DataFrame, views: pd.DataFrame) -> list[Point]:
    """What was held to be so by whom, and what the source itself sets for and against it.

    Parameters
    ----------
    evidence : pandas.DataFrame
        What `evidence_on_views` gives. What the coder alone ties to a view is left out.
    views : pandas.DataFrame
        What `views_held` gives.

    Returns
    -------
    list of Point
        One for each view.
    """
    basis = dict(zip(views["view"], views["basis"], strict=True))
    stated = evidence[~evidence["judged"].astype(bool) & (evidence["evidence"] != "")]
    points = []
    for proposition, rows in rows_by(stated, "proposition").items():
        who = listed(dict.fromkeys(_somebody(row["holder"]) for row in rows))
        as_read = all(basis.get(row["view"]) != "stated" for row in rows)
        finding_rows = [row for row in rows if row["evidence_status"].startswith("finding")]
        others = (row for row in rows if row not in finding_rows)
        ties = by_key((row["tie"], row["evidence_summary"]) for row in others)
        borne = [f"{words}: {quoted(ties[tie])}" for tie, words in _TIES.items() if tie in ties]
        text = f"{who} took this to be so, {'as we read it' if as_read else 'says the source'}"
        text += f": {proposition}"
        text += f". As the source tells, {', and '.join(borne)}" if borne else ""
        findings = "; ".join(dict.fromkeys(row["evidence_summary"] for row in finding_rows))
        text += f". The review finds: {findings}" if finding_rows else ""
        points.append(point(text, (row["evidence"] for row in rows)))
    return points


def _somebody(holder: str) -> str:
    """Who held a view, within a sentence.

    >>> _somebody("Other agencies, unnamed"), _somebody("Police")
    ('other agencies', 'Police')
    """
    words = holder.removesuffix(", unnamed")
    unnamed = words != holder or "not named" in words
    return f"{words[:1].lower()}{words[1:]}" if unnamed else words
