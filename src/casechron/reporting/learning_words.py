"""What do findings, what they rest on, and the recommendations show in plain sentences?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.words import counted, listed

__all__ = ["alt_traceability", "plan_categories_in_words", "traceability_in_words"]

#: One and many of a polarity, and whether they are named in words: shortfalls are the bulk of a review, the table has them.
_POLARITY = {
    "strength": ("strength", "strengths", True),
    "shortfall": ("shortfall", "shortfalls", False),
    "neither": ("finding that is neither", "findings that are neither", True),
}


def traceability_in_words(table: pd.DataFrame, completeness: pd.DataFrame) -> list[str]:
    """Which findings have a recommendation, which have none, and which recommendation has no finding?

    `table` is `learning.traceability`, `completeness` is `learning.completeness`: the caution that a source lists only
    some is repeated in the coder's words wherever the coding has it.
    """
    if table.empty:
        return ["No findings and no recommendations are coded.", *_caution(completeness)]
    findings = table.loc[table["finding"] != ""].drop_duplicates("finding")
    said = []
    for polarity in dict.fromkeys(findings["polarity"]):
        here = findings.loc[findings["polarity"] == polarity, "finding_summary"]
        one, many, named = _POLARITY.get(polarity, (polarity, polarity, True))
        said.append(f"Coded: {counted(len(here), one, many)}" + (f": {_all(here)}" if named else "."))
    for advice, rows in _by_recommendation(findings).items():
        said.append(f"Addressed by the recommendation “{advice}”: {_all(rows)}")
    if findings["recommendations_basis"].str.contains("judged").any():
        said.append("Ties between recommendations and findings are in part, or all, the coder's judgement: the table says which.")
    bare = findings.loc[findings["recommendations"] == ""]
    if len(bare):
        strengths = counted(int((bare["polarity"] == "strength").sum()), "strength")
        said.append(f"No coded recommendation addresses {counted(len(bare), 'finding')}, {strengths} among them.")
    loose = table.loc[table["finding"] == "", "recommendation_summaries"]
    if len(loose):
        said.append(f"Recommended without a coded finding that it addresses: {_all(loose)}")
    unrested = findings.loc[findings["rests_on_rows"] == 0, "finding_summary"]
    if len(unrested):
        said.append(f"Without a coded row that they rest on: {_all(unrested)}")
    return [*said, *_caution(completeness)]


def plan_categories_in_words(table: pd.DataFrame) -> list[str]:
    """Under which category was each plan made, and after what?

    `table` is `learning.plan_categories`. One sentence for each plan and category, one for each of its themes.
    """
    if table.empty:
        return ["No child protection plan is coded."]
    said = [
        "Possibly means that the dates and orders that are coded leave it open; that something happened is not to say who "
        "knew of it.",
    ]
    for (_, category), rows in table.groupby(["plan", "category"], sort=False):
        first = rows.iloc[0]
        named = f"the category is {category}" if category else "no category is stated"
        said.append(f"{first['summary']} ({first['said']}): {named}.")
        if first["findings"]:
            said.append(f"The review's finding on that category: {first['findings']}.")
        if (rows["dates"] == NOT_ADMISSIBLE).any():
            said.append("No chronology is admissible, so what came before the plan is not known.")
            continue
        for row in rows.to_dict("records"):
            if row["certainly_by_then"]:
                said.append(f"{row['theme']}, certainly by the day of the plan: {row['certainly_by_then']}.")
            if row["possibly_by_then"]:
                said.append(f"{row['theme']}, possibly by then: {row['possibly_by_then']}.")
    return said


def alt_traceability(table: pd.DataFrame) -> str:
    """Alt text of the figure of findings and recommendations, from its table."""
    if table.empty:
        return "No rows: no findings and no recommendations are coded."
    findings = table.loc[table["finding"] != ""].drop_duplicates("finding")
    recommendations = dict.fromkeys(row for cell in table["recommendations"] for row in cell.split("; ") if row)
    said = [
        f"A matrix of {counted(len(findings), 'finding')} by {counted(len(recommendations), 'recommendation')}, "
        "with a mark where a recommendation addresses a finding."
    ]
    for row in findings.loc[findings["recommendations"] != ""].to_dict("records"):
        many = "recommendation" if "; " not in row["recommendations"] else "recommendations"
        said.append(f"{row['finding_summary']} — {many}: {row['recommendation_summaries']}.")
    bare = findings.loc[findings["recommendations"] == ""]
    if len(bare):
        said.append(f"{counted(len(bare), 'finding').capitalize()} without a mark.")
    loose = table.loc[table["finding"] == "", "recommendation_summaries"]
    if len(loose):
        said.append(f"Without a mark in its column: {_all(loose)}")
    return " ".join(said)


def _by_recommendation(findings: pd.DataFrame) -> dict[str, list[str]]:
    """The findings that each recommendation addresses, both as summaries."""
    found: dict[str, list[str]] = {}
    for finding, cell in zip(findings["finding_summary"], findings["recommendation_summaries"], strict=True):
        for advice in filter(None, cell.split(" · ")):
            found.setdefault(advice, []).append(finding)
    return found


def _caution(completeness: pd.DataFrame) -> list[str]:
    if completeness.empty:
        return ["Whether the sources at hand give all findings and recommendations of the review is not coded."]
    notes = [f"{note.rstrip('.')} ({where})" for where, note in zip(completeness["where"], completeness["note"], strict=True)]
    return [f"The sources at hand give only some: the coding notes {listed([f'“{note}”' for note in notes])}. What has no "
            "counterpart here may have one in the review."]  # fmt: skip


def _all(summaries: Iterable[str]) -> str:
    return f"{' · '.join(summaries)}."
