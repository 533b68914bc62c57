"""From what did the review learn, and what did it recommend? What each finding rests on, and what
answers it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from casechron.analysis.accounts_held import harm_ids
from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import Tables, cells, listed, rows_in, ties
from casechron.analysis.decisions import in_time
from casechron.analysis.knowledge_paths import matters
from casechron.analysis.record import placed
from casechron.analysis.views import joined_places, labels_of, summaries
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.coding.codebook import codebook

NO_RECOMMENDATION = "no recommendation coded"
NO_FINDING = "no finding coded"
RESTS_ON_NOTHING = "no row coded that it rests on"
_WHEN = ("certainly_by_then", "possibly_by_then", "only_later")
_PLAN, _CATEGORY = "protection-plan", "plan-category"
#: How coders write that a source gives only part of what the review has.
_PARTIAL = re.compile(
    r"\b(incomplete|not complete|not all|only some|some of (its|the|their))\b", re.IGNORECASE
)


def traceability(tables: Tables) -> pd.DataFrame:
    """On which rows does each finding rest, and which recommendations address it?

    One row per finding and row that it rests on, findings as coded; a finding without such a row
    has one. Then one row per recommendation that addresses no coded finding, with `finding` empty.
    `rests_on_rows` is how many rows the finding rests on in this coding; `rests_on_event` is the
    event that such a row is or is a part of (of a fact: the row that it is about). `polarity` is
    the review's: it found strengths too. `recommendations` are the ids of those that address the
    finding, with their summaries beside them in the same order, and the basis of the tie: where the
    source does not tie them, it is the coder's judgement. `untraced` says what is missing. That a
    finding has no recommendation here is no statement that the review made none: see
    `completeness`.

    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> def rows(name, **columns):
    ...     return pd.DataFrame(columns).reindex(
    ...         columns=codebook().tables[name].header, fill_value=""
    ...     )
    >>> tables |= {
    ...     "agencies": rows("agencies", id=["board"], label=["The board"]),
    ...     "findings": rows(
    ...         "findings",
    ...         id=["f1", "f2"],
    ...         polarity=["strength", "shortfall"],
    ...         attributed_to=["board"] * 2,
    ...     ),
    ...     "recommendations": rows("recommendations", id=["r1"]),
    ...     "links": rows("links", id=["l"], type=["addresses"], from_row=["r1"], to_row=["f2"]),
    ... }
    >>> found = traceability(tables)
    >>> found[["finding", "polarity", "recommendations", "rests_on_rows"]]
      finding   polarity recommendations  rests_on_rows
    0      f1   strength                              0
    1      f2  shortfall              r1              0
    >>> found["untraced"].iloc[0]
    'no row coded that it rests on; no recommendation coded'
    """
    book, labels, said = codebook(), labels_of(tables), summaries(tables)
    where = placed(tables["locators"])
    table_of = {
        row: name for name, table in tables.items() if "id" in table for row in cells(table, "id")
    }
    part_of = {
        row: event
        for name in ("involvement", "participation", "attributes")
        for row, event in rows_in(tables[name], "id", "row" if name == "attributes" else "event")
    }
    advice = dict(rows_in(tables["recommendations"], "id", "summary"))
    rests_on: dict[str, list[tuple[str, str]]] = {}
    addressed_by: dict[str, list[tuple[str, str]]] = {}
    addressing = set()
    for kind, one, other, basis in rows_in(tables["links"], "type", "from_row", "to_row", "basis"):
        if kind == "rests-on":
            rests_on.setdefault(one, []).append((other, basis))
        elif kind == "addresses":
            addressed_by.setdefault(other, []).append((one, basis))
            addressing.add(one)
    rows: list[dict[str, str]] = []
    counts: list[int | None] = []
    names = ("id", "polarity", "summary", "attributed_to", "basis")
    for finding, polarity, summary, party, basis in rows_in(tables["findings"], *names):
        rests, answered = rests_on.get(finding, []), addressed_by.get(finding, [])
        own = {
            "finding": finding,
            "polarity": book.label("polarity", polarity),
            "finding_summary": summary,
            "attributed_to": labels[party],
            "finding_basis": basis,
            "recommendations": "; ".join(row for row, _ in answered),
            "recommendation_summaries": " · ".join(advice[row] for row, _ in answered),
            "recommendations_basis": "; ".join(tie for _, tie in answered),
        }
        lacking = [RESTS_ON_NOTHING] * (not rests) + [NO_RECOMMENDATION] * (not answered)
        for row, tie in rests:
            found = {
                "rests_on": row,
                "rests_on_table": table_of[row],
                "rests_on_event": row if table_of[row] == "events" else part_of.get(row, ""),
                "rests_on_summary": said[row],
                "rests_on_basis": tie,
            }
            both = joined_places(where.get(one, "") for one in (finding, row))
            rows.append({**own, **found, "untraced": "; ".join(lacking), "places": both})
        if not rests:
            rows.append({**own, "untraced": "; ".join(lacking), "places": where.get(finding, "")})
        counts += [len(rests)] * max(1, len(rests))
    for row, summary in advice.items():
        if row not in addressing:
            shown = {"recommendations": row, "recommendation_summaries": summary}
            rows.append({**shown, "untraced": NO_FINDING, "places": where.get(row, "")})
            counts.append(None)
    shown_columns = (
        *("finding", "polarity", "finding_summary", "attributed_to"),
        *("finding_basis", "rests_on", "rests_on_table", "rests_on_event"),
        *("rests_on_summary", "rests_on_basis", "recommendations", "recommendation_summaries"),
        *("recommendations_basis", "untraced", "places"),
    )
    made = pd.DataFrame({name: texts(row.get(name, "") for row in rows) for name in shown_columns})
    made.insert(shown_columns.index("rests_on"), "rests_on_rows", pd.Series(counts, dtype="Int64"))
    return made


def completeness(tables: Tables) -> pd.DataFrame:
    """Where does the coding say that a source gives only some of what the review found or
    recommended?

    One row per note of coverage, or summary of a publication, whose words say so: where it stands,
    and the note. No rows is no statement that the sources are complete. The words looked for are
    'incomplete', 'not complete', 'not all', 'only some', 'some of its' and the like; a coder who
    says it otherwise is not heard."""
    coverage, events, found_at = tables["coverage"], tables["events"], placed(tables["locators"])
    found = [
        (f"{source}, paragraph {paragraph}", note)
        for source, paragraph, note in rows_in(coverage, "source", "paragraph", "note")
        if _PARTIAL.search(note)
    ]
    found += [
        (found_at.get(event, event), summary)
        for event, kind, summary in rows_in(events, "id", "kind", "summary")
        if kind == "publication" and _PARTIAL.search(summary)
    ]
    return pd.DataFrame(
        {"where": texts(where for where, _ in found), "note": texts(note for _, note in found)}
    )


def plan_categories(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Under which category was each plan made, and after which incidents and matters, by theme?

    One row per child protection plan, category and theme, plans and categories as coded, themes in
    the order of the codebook; a plan without a category, or without an incident of any theme, has a
    row all the same. `certainly_by_then` are the incidents of harm and the matters (`ways.matters`:
    concerns, and what the source sets against or beside a view) that had begun on the day
    the plan was made, or before, in every admissible chronology, `possibly_by_then` in some,
    `only_later` in none; each as a summary, with 'alleged' or 'told to the review only' where
    nothing more is said, between ' · ', and as `_rows`. What only tells of an incident listed under
    the theme, or is counted in one, is left out. `findings` is what the review says of the
    category. A theme is the coder's: that an incident has it is not to say that agencies knew of
    it."""
    book = codebook()
    facts = list(rows_in(tables["attributes"], "row", "attribute", "id", "value", "basis"))
    told = {row["event"]: row for row in chronicle(tables, chronology).to_dict("records")}
    events = rows_in(tables["events"], "id", "kind", "absence")
    plans = [event for event, kind, absence in events if kind == _PLAN and not absence]
    times = in_time(chronology, plans, {}) if chronology.admissible and plans else None
    by_theme, where = _incidents_by_theme(tables), placed(tables["locators"])
    forces = _forces(tables)
    rows: list[dict[str, str]] = []
    for column, plan in enumerate(plans):
        categories = [
            own for of, attribute, *own in facts if of == plan and attribute == _CATEGORY
        ] or [["", "", ""]]
        for fact, category, basis in categories:
            own = {"plan": plan, "category": category}
            own |= {name: told[plan][name] for name in ("summary", "said")}
            own |= {"findings": " · ".join(_findings_on(tables, fact)), "basis": basis}
            own["places"] = joined_places(where.get(row, "") for row in (plan, fact))
            own["dates"] = told[plan]["status"]
            for theme, incidents in by_theme.items() or {"": []}.items():
                when: dict[str, list[str]] = {name: [] for name in _WHEN}
                for event in incidents:
                    at = chronology.lowered.place[event], column
                    if times:
                        certain, possible = times.begun_certain[at], times.begun_possible[at]
                        when[_WHEN[0 if certain else 1 if possible else 2]].append(event)
                if times is None and incidents:
                    own["dates"] = NOT_ADMISSIBLE
                lists = {
                    name: " · ".join(
                        _said_of(told[event], forces.get(event, set())) for event in found
                    )
                    for name, found in when.items()
                }
                ids = {f"{name}_rows": "; ".join(found) for name, found in when.items()}
                rows.append(
                    {**own, "theme": book.label("theme", theme) if theme else "", **lists, **ids}
                )
    names = (
        *("plan", "summary", "said", "category", "theme", "certainly_by_then"),
        *("possibly_by_then", "only_later", "findings", "certainly_by_then_rows"),
        *("possibly_by_then_rows", "only_later_rows", "basis", "places", "dates"),
    )
    return pd.DataFrame({name: texts(str(row.get(name, "")) for row in rows) for name in names})


def _incidents_by_theme(tables: Tables) -> dict[str, list[str]]:
    """Matters and incidents by theme; what is part of one of the theme, or tells of one, is left
    out."""
    wanted = {*cells(matters(tables), "matter"), *harm_ids(tables)}
    ids = [event for event in cells(tables["events"], "id") if event in wanted]
    touched = set(rows_in(tables["themes"], "row", "theme"))
    others = [listed(ties(tables, tie)) for tie in ("part-of", "tells-of")]
    found = {}
    for theme in codebook().codes("theme"):
        here = [event for event in ids if (event, theme) in touched]
        # Parts first: what tells of a part alone is still a row of its own where the whole stands
        # for the part.
        for tie in others:
            here = [event for event in here if not _reached_from(event, tie) & set(here)]
        if here:
            found[theme] = here
    return found


def _reached_from(row: str, tie: Mapping[str, list[str]]) -> set[str]:
    """What a row is tied to, by itself or through others; never itself."""
    found: set[str] = set()
    ahead = [*tie.get(row, [])]
    while ahead:
        event = ahead.pop()
        if event not in found and event != row:
            found.add(event)
            ahead += tie.get(event, [])
    return found


def _findings_on(tables: Tables, fact: str) -> Iterable[str]:
    """What the review finds on a fact: findings that rest on it, or contradict it."""
    tied = rows_in(tables["links"], "type", "to_row", "from_row")
    on = {
        row for kind, to, row in tied if fact and kind in ("rests-on", "contradicts") and to == fact
    }
    return [summary for row, summary in rows_in(tables["findings"], "id", "summary") if row in on]


def _forces(tables: Tables) -> dict[str, set[str]]:
    """The forces with which persons' parts in each event are said."""
    codes = codebook().codes("status")
    found: dict[str, set[str]] = {}
    for event, status in rows_in(tables["participation"], "event", "status"):
        found.setdefault(event, set()).add(codes[status].force)
    return found


def _said_of(told: Mapping[Hashable, Any], forces: set[str]) -> str:
    """A summary, with what is only alleged, or was told to the review only, marked as such."""
    summary, mark = str(told["summary"]), str(told["alleged"])
    marks = [mark] * bool(mark) + ["told to the review only"] * (forces == {"later"})
    return f"{summary} ({', '.join(marks)})" if marks else summary
