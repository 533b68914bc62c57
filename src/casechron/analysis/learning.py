"""From what did the review learn, and what did it recommend? What each finding rests on, and what answers it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from casechron.analysis.accounts_held import harm_ids
from casechron.analysis.chronicle import chronicle
from casechron.analysis.concerns import concern_ids
from casechron.analysis.decisions import in_time
from casechron.analysis.record import places
from casechron.analysis.views import joined_places, labels_of, summaries
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.coding.codebook import codebook

__all__ = ["NO_FINDING", "NO_RECOMMENDATION", "RESTS_ON_NOTHING", "completeness", "plan_categories", "traceability"]

Tables = Mapping[str, pd.DataFrame]

NO_RECOMMENDATION = "no recommendation coded"
NO_FINDING = "no finding coded"
RESTS_ON_NOTHING = "no row coded that it rests on"
_PLAN, _CATEGORY = "protection-plan", "plan-category"
#: How coders write that a source gives only part of what the review has.
_PARTIAL = re.compile(r"\b(incomplete|not complete|not all|only some|some of (its|the|their))\b", re.IGNORECASE)


def traceability(tables: Tables) -> pd.DataFrame:
    """On which rows does each finding rest, and which recommendations address it?

    One row per finding and row that it rests on, findings as coded; a finding without such a row has one. Then one row
    per recommendation that addresses no coded finding, with `finding` empty. `rests_on_rows` is how many rows the finding
    rests on in this coding. `polarity` is the review's: it found
    strengths too. `recommendations` are the ids of those that address the finding, with their summaries beside them in
    the same order, and the basis of the tie: where the source does not tie them, it is the coder's judgement. `untraced`
    says what is missing. That a finding has no recommendation here is no statement that the review made none: see
    `completeness`.

    >>> tables = {name: pd.DataFrame(columns=table.header, dtype="str") for name, table in codebook().tables.items()}
    >>> def rows(name, **columns):
    ...     return pd.DataFrame(columns).reindex(columns=codebook().tables[name].header, fill_value="")
    >>> tables |= {"agencies": rows("agencies", id=["board"], label=["The board"]),
    ...            "findings": rows("findings", id=["f1", "f2"], polarity=["strength", "shortfall"], attributed_to=["board"] * 2),
    ...            "recommendations": rows("recommendations", id=["r1"]),
    ...            "links": rows("links", id=["l"], type=["addresses"], from_row=["r1"], to_row=["f2"])}
    >>> found = traceability(tables)
    >>> found[["finding", "polarity", "recommendations", "rests_on_rows"]]
      finding   polarity recommendations  rests_on_rows
    0      f1   strength                              0
    1      f2  shortfall              r1              0
    >>> found["untraced"].iloc[0]
    'no row coded that it rests on; no recommendation coded'
    """
    book, labels, placed, said = codebook(), labels_of(tables), places(tables["locators"]), summaries(tables)
    findings, recommendations, links = tables["findings"], tables["recommendations"], tables["links"]
    table_of = {row: name for name, table in tables.items() if "id" in table for row in table["id"]}
    advice = dict(zip(recommendations["id"], recommendations["summary"], strict=True))
    rows: list[dict[str, str]] = []
    counts: list[int | None] = []
    for finding, polarity, summary, party, basis in zip(
        *(findings[name] for name in ("id", "polarity", "summary", "attributed_to", "basis")), strict=True
    ):
        rests = links.loc[(links["type"] == "rests-on") & (links["from_row"] == finding)]
        answered = links.loc[(links["type"] == "addresses") & (links["to_row"] == finding)]
        own = {
            "finding": finding,
            "polarity": book.label("polarity", polarity),
            "finding_summary": summary,
            "attributed_to": labels[party],
            "finding_basis": basis,
            "recommendations": "; ".join(answered["from_row"]),
            "recommendation_summaries": " · ".join(advice[row] for row in answered["from_row"]),
            "recommendations_basis": "; ".join(answered["basis"]),
        }
        lacking = [*([RESTS_ON_NOTHING] if rests.empty else []), *([NO_RECOMMENDATION] if answered.empty else [])]
        for row, tie in zip(rests["to_row"], rests["basis"], strict=True):
            found = {"rests_on": row, "rests_on_table": table_of[row], "rests_on_summary": said[row], "rests_on_basis": tie}
            where = joined_places(placed.get(one, "") for one in (finding, row))
            rows.append({**own, **found, "untraced": "; ".join(lacking), "places": where})
        if rests.empty:
            rows.append({**own, "untraced": "; ".join(lacking), "places": placed.get(finding, "")})
        counts += [len(rests)] * max(1, len(rests))
    addressing = set(links.loc[links["type"] == "addresses", "from_row"])
    for row, summary in advice.items():
        if row not in addressing:
            shown = {"recommendations": row, "recommendation_summaries": summary, "untraced": NO_FINDING}
            rows.append({**shown, "places": placed.get(row, "")})
            counts.append(None)
    names = (
        "finding", "polarity", "finding_summary", "attributed_to", "finding_basis", "rests_on", "rests_on_table",
        "rests_on_summary", "rests_on_basis", "recommendations", "recommendation_summaries", "recommendations_basis",
        "untraced", "places",
    )  # fmt: skip
    made = pd.DataFrame({name: texts(row.get(name, "") for row in rows) for name in names})
    made.insert(names.index("rests_on"), "rests_on_rows", pd.Series(counts, dtype="Int64"))
    return made


def completeness(tables: Tables) -> pd.DataFrame:
    """Where does the coding say that a source gives only some of what the review found or recommended?

    One row per note of coverage, or summary of a publication, whose words say so: where it stands, and the note. No rows
    is no statement that the sources are complete. The words looked for are 'incomplete', 'not complete', 'not all',
    'only some', 'some of its' and the like; a coder who says it otherwise is not heard.
    """
    coverage, events, placed = tables["coverage"], tables["events"], places(tables["locators"])
    found = [
        (f"{source}, paragraph {paragraph}", note)
        for source, paragraph, note in zip(coverage["source"], coverage["paragraph"], coverage["note"], strict=True)
        if _PARTIAL.search(note)
    ]
    found += [
        (placed.get(event, event), summary)
        for event, kind, summary in zip(events["id"], events["kind"], events["summary"], strict=True)
        if kind == "publication" and _PARTIAL.search(summary)
    ]
    return pd.DataFrame({"where": texts(where for where, _ in found), "note": texts(note for _, note in found)})


def plan_categories(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Under which category was each plan made, and after which incidents and concerns, by theme?

    One row per child protection plan, category and theme, plans and categories as coded, themes in the order of the
    codebook; a plan without a category, or without an incident of any theme, has a row all the same. `certainly_by_then`
    are the incidents and concerns that had begun on the day the plan was made, or before, in every admissible
    chronology, `possibly_by_then` in some, `only_later` in none; each as a summary, with 'alleged' or 'told to the review
    only' where nothing more is said, between ' · ', and as `_rows`. What only tells of an incident listed under the theme
    is left out. `findings` is what the review says of the category. A theme is the coder's: that an incident has it is
    not to say that agencies knew of it.
    """
    book, events, facts = codebook(), tables["events"], tables["attributes"]
    told = chronicle(tables, chronology).set_index("event")
    plans = list(events.loc[(events["kind"] == _PLAN) & (events["absence"] == ""), "id"])
    times = in_time(chronology, plans, {}) if chronology.admissible and plans else None
    by_theme, placed = _incidents_by_theme(tables), places(tables["locators"])
    rows: list[dict[str, str]] = []
    for column, plan in enumerate(plans):
        coded = facts.loc[(facts["row"] == plan) & (facts["attribute"] == _CATEGORY)]
        categories = list(zip(coded["id"], coded["value"], coded["basis"], strict=True)) or [("", "", "")]
        for fact, category, basis in categories:
            own = {"plan": plan, "summary": told.loc[plan, "summary"], "said": told.loc[plan, "said"], "category": category}
            own |= {"findings": " · ".join(_findings_on(tables, fact)), "basis": basis}
            own |= {"places": joined_places(placed.get(row, "") for row in (plan, fact)), "dates": told.loc[plan, "status"]}
            for theme, incidents in by_theme.items() or {"": []}.items():
                when: dict[str, list[str]] = {"certainly_by_then": [], "possibly_by_then": [], "only_later": []}
                for event in incidents:
                    if times is None:
                        continue
                    at = chronology.lowered.place[event], column
                    state = "certainly_by_then" if times.begun_certain[at] else "only_later"
                    when["possibly_by_then" if state == "only_later" and times.begun_possible[at] else state].append(event)
                if times is None and incidents:
                    own["dates"] = NOT_ADMISSIBLE
                lists = {name: " · ".join(_said_of(tables, told, event) for event in found) for name, found in when.items()}
                ids = {f"{name}_rows": "; ".join(found) for name, found in when.items()}
                rows.append({**own, "theme": book.label("theme", theme) if theme else "", **lists, **ids})
    names = (
        "plan", "summary", "said", "category", "theme", "certainly_by_then", "possibly_by_then", "only_later", "findings",
        "certainly_by_then_rows", "possibly_by_then_rows", "only_later_rows", "basis", "places", "dates",
    )  # fmt: skip
    return pd.DataFrame({name: texts(str(row.get(name, "")) for row in rows) for name in names})


def _incidents_by_theme(tables: Tables) -> dict[str, list[str]]:
    """Incidents and concerns by theme; what tells of an incident of the theme is left out."""
    themes, links = tables["themes"], tables["links"]
    wanted = {*concern_ids(tables), *harm_ids(tables)}
    ids = [event for event in tables["events"]["id"] if event in wanted]
    touched = set(zip(themes["row"], themes["theme"], strict=True))
    tells = links.loc[links["type"] == "tells-of"]
    told: dict[str, list[str]] = {}
    for one, other in zip(tells["from_row"], tells["to_row"], strict=True):
        told.setdefault(one, []).append(other)
    found = {}
    for theme in codebook().codes("theme"):
        here = [event for event in ids if (event, theme) in touched]
        if here:
            found[theme] = [event for event in here if not _told_of(event, told) & set(here)]
    return found


def _told_of(telling: str, told: Mapping[str, list[str]]) -> set[str]:
    """What an event tells of, by itself or through other tellings; never itself."""
    found: set[str] = set()
    ahead = [*told.get(telling, [])]
    while ahead:
        event = ahead.pop()
        if event not in found and event != telling:
            found.add(event)
            ahead += told.get(event, [])
    return found


def _findings_on(tables: Tables, fact: str) -> Iterable[str]:
    """What the review finds on a fact: findings that rest on it, or contradict it."""
    links, findings = tables["links"], tables["findings"]
    tied = links["type"].isin(["rests-on", "contradicts"]) & (links["to_row"] == fact)
    on = set(links.loc[tied, "from_row"]) if fact else set()
    return [summary for row, summary in zip(findings["id"], findings["summary"], strict=True) if row in on]


def _said_of(tables: Tables, told: pd.DataFrame, event: str) -> str:
    """A summary, with what is only alleged, or was told to the review only, marked as such."""
    part, summary, mark = tables["participation"], str(told.loc[event, "summary"]), str(told.loc[event, "alleged"])
    forces = {codebook().codes("status")[status].force for status in part.loc[part["event"] == event, "status"]}
    marks = [*([mark] if mark else []), *(["told to the review only"] if forces == {"later"} else [])]
    return f"{summary} ({', '.join(marks)})" if marks else summary
