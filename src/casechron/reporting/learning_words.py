"""What do findings, what they rest on, and the recommendations show in plain sentences?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.said import all_said, said
from casechron.reporting.words import counted, listed, quoted, some_of, verb

__all__ = [
    "alt_traceability",
    "learning_key_points",
    "plan_categories_in_words",
    "traceability_in_words",
]

#: One and many of a polarity, and whether they are named in words: shortfalls are the bulk of a
#: review, the table has them.
_POLARITY = {
    "strength": ("strength", "strengths", True),
    "shortfall": ("shortfall", "shortfalls", False),
    "neither": (
        "finding that is neither strength nor shortfall",
        "findings that are neither strength nor shortfall",
        True,
    ),
}


def learning_key_points(
    table: pd.DataFrame, completeness: pd.DataFrame, categories: pd.DataFrame
) -> list[str]:
    """The key points on findings, recommendations and plans; six at most.

    `table` is `learning.traceability`, `completeness` is `learning.completeness`, `categories` is
    `learning.plan_categories`.
    """
    points = _findings_in_short(table) + _advice_in_short(table)
    if not points:
        points = ["No findings and no recommendations are coded."]
    if completeness.empty:
        points.append(
            "Whether the sources at hand give all findings and recommendations of the review is not"
            " coded."
        )
    else:
        points.append(
            said(
                "The sources at hand give only some of what the review says: more may stand in it.",
                "completeness",
            )
        )
    return [*points, *_plans_in_short(categories)]


def _findings_in_short(table: pd.DataFrame) -> list[str]:
    """How many findings of each kind there are, and which strengths are among them."""
    findings = table.loc[table["finding"] != ""].drop_duplicates("finding")
    if findings.empty:
        return []
    split = []
    for polarity in dict.fromkeys(findings["polarity"]):
        one, many, _ = _POLARITY.get(polarity, (polarity, polarity, True))
        split.append(counted(int((findings["polarity"] == polarity).sum()), one, many))
    points = [f"The review's findings, as coded: {listed(split)}."]
    good = [
        quoted(summary)
        for summary in findings.loc[findings["polarity"] == "strength", "finding_summary"]
    ]
    if good:
        points.append(
            f"{verb(len(good), 'The strength', 'Strengths')} that it found: {some_of(good, 32)}."
        )
    return all_said(points, "traceability")


def _advice_in_short(table: pd.DataFrame) -> list[str]:
    """How many recommendations there are, and how many findings they address."""
    findings = table.loc[table["finding"] != ""].drop_duplicates("finding")
    loose = table.loc[table["finding"] == "", "recommendation_summaries"]
    advice = {one for cell in table["recommendations"] for one in cell.split("; ") if one}
    if not advice:
        return []
    met = int((findings["recommendations"] != "").sum())
    tied = len(advice) - len(loose)
    address = verb(tied, "addresses", "address")
    words = (
        f"{tied or 'None'} of {counted(len(advice), 'recommendation')} {address} findings coded"
        " here"
    )
    words += f", {met} of the {len(findings)} in all" if tied else ""
    judged = findings["recommendations_basis"].str.contains("judged").any()
    words += (
        ". Which addresses which is, in part or in whole, the coder's judgement" if judged else ""
    )
    points = [f"{words}."]
    if len(loose):
        told = some_of([quoted(summary) for summary in loose], 28)
        points.append(f"Recommended without a finding coded here that it addresses: {told}.")
    return all_said(points, "traceability")


def _plans_in_short(categories: pd.DataFrame) -> list[str]:
    """Under which category the first plans were made, after what, and what the review found of
    it."""
    points = []
    for _, rows in list(categories.groupby("plan", sort=False))[:1]:
        first = rows.iloc[0]
        kinds = [one for one in dict.fromkeys(rows["category"]) if one]
        named = (
            f"{verb(len(kinds), 'category', 'categories')}: {listed(kinds)}"
            if kinds
            else "no category stated"
        )
        found = (
            f" The review's finding: {quoted(first['findings'].split(' · ')[0])}."
            if first["findings"]
            else ""
        )
        points.append(f"{quoted(first['summary'])}, {named}.{found}")
        themes = [
            theme
            for theme in dict.fromkeys(rows.loc[rows["certainly_by_then"] != "", "theme"])
            if theme
        ]
        if themes and not (rows["dates"] == NOT_ADMISSIBLE).any():
            told = some_of([f"{theme[:1].lower()}{theme[1:]}" for theme in themes], 4)
            # What had come about need not have been on anybody's record: some of it was told only
            # to the review.
            points[-1] += f" Themes, as coded, of what had certainly come about by then: {told}."
    return all_said(points, "plan_categories")


def traceability_in_words(table: pd.DataFrame, completeness: pd.DataFrame) -> list[str]:
    """Which findings have a recommendation, which have none, and which recommendation has no
    finding?

    `table` is `learning.traceability`, `completeness` is `learning.completeness`: the caution that
    a source lists only some is repeated in the coder's words wherever the coding has it."""
    if table.empty:
        return all_said(
            ["No findings and no recommendations are coded.", *_caution(completeness)],
            "traceability",
        )
    findings = table.loc[table["finding"] != ""].drop_duplicates("finding")
    found = []
    for polarity in dict.fromkeys(findings["polarity"]):
        here = findings.loc[findings["polarity"] == polarity, "finding_summary"]
        one, many, named = _POLARITY.get(polarity, (polarity, polarity, True))
        what = (
            f"The review {'has' if one.startswith('finding') else 'found'}"
            f" {counted(len(here), one, many)} (as coded here)"
        )
        found.append(f"{what}: {_all(here)}" if named else f"{what}.")
    for advice, rows in _by_recommendation(findings).items():
        found.append(f"Addressed by the recommendation “{advice}”: {_all(rows)}")
    if findings["recommendations_basis"].str.contains("judged").any():
        judged = "in part, or all, the coder's judgement"
        found.append(
            f"Ties between recommendations and findings are {judged}: the table says which."
        )
    bare = findings.loc[findings["recommendations"] == ""]
    if len(bare):
        strengths = counted(int((bare["polarity"] == "strength").sum()), "strength")
        found.append(
            f"No coded recommendation addresses {counted(len(bare), 'finding')}, {strengths} among"
            " them."
        )
    loose = table.loc[table["finding"] == "", "recommendation_summaries"]
    if len(loose):
        found.append(f"Recommended without a coded finding that it addresses: {_all(loose)}")
    unrested = findings.loc[findings["rests_on_rows"] == 0, "finding_summary"]
    if len(unrested):
        found.append(f"Without a coded row that they rest on: {_all(unrested)}")
    return all_said([*found, *_caution(completeness)], "traceability", "completeness")


def plan_categories_in_words(table: pd.DataFrame) -> list[str]:
    """Under which category was each plan made, and after what?

    `table` is `learning.plan_categories`. One sentence for each plan and category, one for each of
    its themes."""
    if table.empty:
        return ["No child protection plan is coded."]
    found = [
        (
            "Possibly means that the dates and orders that are coded leave it open; that something"
            " happened is not to say who knew of it."
        )
    ]
    for (_, category), rows in table.groupby(["plan", "category"], sort=False):
        first = rows.iloc[0]
        named = f"the category is {category}" if category else "no category is stated"
        found.append(f"{first['summary']} ({first['said']}): {named}.")
        if first["findings"]:
            found.append(f"The review's finding on that category: {first['findings']}.")
        if (rows["dates"] == NOT_ADMISSIBLE).any():
            found.append("No chronology is admissible, so what came before the plan is not known.")
            continue
        for row in rows.to_dict("records"):
            if row["certainly_by_then"]:
                found.append(
                    f"{row['theme']}, certainly by the day of the plan: {row['certainly_by_then']}."
                )
            if row["possibly_by_then"]:
                found.append(f"{row['theme']}, possibly by then: {row['possibly_by_then']}.")
    return all_said(found, "plan_categories")


def alt_traceability(table: pd.DataFrame) -> str:
    """Alt text of the figure of findings and recommendations, from its table."""
    if table.empty:
        return "No rows: no findings and no recommendations are coded."
    findings = table.loc[table["finding"] != ""].drop_duplicates("finding")
    recommendations = dict.fromkeys(
        row for cell in table["recommendations"] for row in cell.split("; ") if row
    )
    found = [
        f"A matrix of {counted(len(findings), 'finding')} by"
        f" {counted(len(recommendations), 'recommendation')}, with a mark where a recommendation"
        " addresses a finding."
    ]
    for row in findings.loc[findings["recommendations"] != ""].to_dict("records"):
        many = "recommendation" if "; " not in row["recommendations"] else "recommendations"
        found.append(f"{row['finding_summary']} — {many}: {row['recommendation_summaries']}.")
    bare = findings.loc[findings["recommendations"] == ""]
    if len(bare):
        found.append(f"{counted(len(bare), 'finding').capitalize()} without a mark.")
    loose = table.loc[table["finding"] == "", "recommendation_summaries"]
    if len(loose):
        found.append(f"Without a mark in its column: {_all(loose)}")
    return " ".join(found)


def _by_recommendation(findings: pd.DataFrame) -> dict[str, list[str]]:
    """The findings that each recommendation addresses, both as summaries."""
    found: dict[str, list[str]] = {}
    for finding, cell in zip(
        findings["finding_summary"], findings["recommendation_summaries"], strict=True
    ):
        for advice in filter(None, cell.split(" · ")):
            found.setdefault(advice, []).append(finding)
    return found


def _caution(completeness: pd.DataFrame) -> list[str]:
    if completeness.empty:
        return [
            "Whether the sources at hand give all findings and recommendations of the review is not"
            " coded."
        ]
    notes = [
        f"{note.rstrip('.')} ({where})"
        for where, note in zip(completeness["where"], completeness["note"], strict=True)
    ]
    return [
        "The sources at hand give only some: the coding notes"
        f" {listed([f'“{note}”' for note in notes])}. What has no counterpart here may have one in"
        " the review."
    ]


def _all(summaries: Iterable[str]) -> str:
    return f"{' · '.join(summaries)}."
