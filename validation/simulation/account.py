"""What does the invented source text say, and where in it does each coded row stand?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casechron.coding.sources import digest, text_digest
from simulation.dates import Dated
from simulation.draws import Draws
from simulation.rows import Row, Tables

__all__ = ["REPORT", "Account", "account"]

REPORT, GAZETTE = "report", "gazette"
_SECTIONS = ("Early concerns", "As things went on", "Towards the end")
_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Account:
    """A source text, and the rows of sources, locators and coverage that go with it."""

    text: str
    tables: Tables


@dataclass
class _Text:
    """Paragraphs as they are written; each sentence with the rows that rest on it."""

    paragraphs: list[list[str]] = field(default_factory=list)
    coverage: list[Row] = field(default_factory=list)
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def paragraph(self, status: str, section: str = "", ordinal: int = 0, note: str = "") -> None:
        self.paragraphs.append([])
        self.coverage.append(
            {
                "source": REPORT,
                "paragraph": str(len(self.paragraphs)),
                "section": section,
                "ordinal": str(ordinal) if ordinal else "",
                "status": status,
                "note": note,
            }
        )

    def sentence(self, text: str, rows: Sequence[str] = ()) -> None:
        self.paragraphs[-1].append(text)
        for row in rows:
            self.places.setdefault(row, []).append((len(self.paragraphs), len(self.paragraphs[-1])))


def account(
    name: str, title: str, published: str, tables: Tables, dates: Mapping[str, Dated], draws: Draws
) -> Account:
    """The text that a review would be, of which the coded tables are the coding."""
    told = _Text()
    told.paragraph("heading", title)
    told.sentence(f"{title}, an invented text")
    told.paragraph("repeats", title, 1, "Summary; coded below")
    told.sentence("A child is harmed, and services had known the family.")
    by_event = _rows_by_event(tables)
    after = _relations_by_event(tables)
    events = tables["events"]
    third = -(-len(events) // len(_SECTIONS))
    for number, section in enumerate(_SECTIONS):
        told.paragraph("heading", section)
        told.sentence(section)
        ordinal, left = 0, 0
        for row in events[third * number : third * (number + 1)]:
            if not left:
                ordinal, left = ordinal + 1, draws.whole(1, _SENTENCES)
                told.paragraph("coded", section, ordinal)
            left -= 1
            told.sentence(_of_event(row, dates[row["id"]]), by_event[row["id"]])
            for relation in after.get(row["id"], ()):
                told.sentence(_of_relation(relation, tables), [relation["id"]])
    _unsaid_relations(told, tables)
    for section, name_of_table in (
        ("What the review finds", "findings"),
        ("What it recommends", "recommendations"),
    ):
        told.paragraph("heading", section)
        told.sentence(section)
        for ordinal, row in enumerate(tables[name_of_table], start=1):
            told.paragraph("coded", section, ordinal)
            told.sentence(f"{row['summary']}.", [row["id"], *by_event.get(row["id"], ())])
            if ordinal == 1 and name_of_table == "findings":
                for view in tables["views"]:
                    told.sentence(
                        f"It was held that this was so: {view['proposition']}.", [view["id"]]
                    )
    told.paragraph("furniture", "", 0, "A line at the foot of the page")
    told.sentence("Page 1 of 1")
    return _coded(name, title, published, tables, told, draws)


def _rows_by_event(tables: Tables) -> dict[str, list[str]]:
    """The rows that rest on the sentence of an event or a finding: itself, who took part, what more
    is said, ties."""
    found = {row["id"]: [row["id"]] for row in tables["events"]}
    for name in ("involvement", "participation"):
        for row in tables[name]:
            found[row["event"]].append(row["id"])
    admitted = next((row["id"] for row in tables["events"] if row["kind"] == "admission"), "")
    for row in tables["attributes"]:
        # An age names no event; the source says it where it tells of the admission.
        found[row["row"] if row["row"] in found else admitted].append(row["id"])
    owner = {row: event for event, rows in found.items() for row in rows}
    for row in tables["links"]:
        if row["basis"] == "stated":  # other ties rest on the rows that they tie
            found.setdefault(owner.get(row["from_row"], row["from_row"]), []).append(row["id"])
    return found


def _relations_by_event(tables: Tables) -> dict[str, list[Row]]:
    """The relations that the source states, after the later told of their events."""
    place = {row["id"]: at for at, row in enumerate(tables["events"])}
    found: dict[str, list[Row]] = {}
    for row in tables["relations"]:
        if row["basis"] == "stated":
            found.setdefault(
                max(row["from_event"], row["to_event"], key=place.__getitem__), []
            ).append(row)
    return found


def _unsaid_relations(told: _Text, tables: Tables) -> None:
    """A relation that a coder derives or judges rests on the sentences of both events."""
    for row in tables["relations"]:
        if row["basis"] != "stated":
            told.places[row["id"]] = list(
                dict.fromkeys(told.places[row["from_event"]] + told.places[row["to_event"]])
            )


def _of_event(row: Row, dated: Dated) -> str:
    beside = [dated.said]
    least, most = dated.count_min, dated.count_max
    if least:
        beside.append(
            f"{least} times"
            if least == most
            else f"{least} to {most} times"
            if most
            else f"{least} times or more"
        )
    said = "; ".join(filter(None, beside))
    return f"{row['summary']} ({said})." if said else f"{row['summary']}."


def _of_relation(row: Row, tables: Tables) -> str:
    summaries = {event["id"]: event["summary"] for event in tables["events"]}
    one, other = summaries[row["from_event"]], summaries[row["to_event"]]
    if row["type"] == "gap" or row["words"] == "following":
        one, other = other, one
    return f"{one}, {row['words']} this: {other}."


def _coded(
    name: str, title: str, published: str, tables: Tables, told: _Text, draws: Draws
) -> Account:
    """The rows of sources, locators and coverage, with the digests of the sentences."""
    text = "\n\n".join(" ".join(paragraph) for paragraph in told.paragraphs) + "\n"
    salt = draws.salt()
    placed = [
        (at, number)
        for at, paragraph in enumerate(told.paragraphs, start=1)
        for number in range(1, len(paragraph) + 1)
    ]
    digests = [
        "",
        *(digest(sentence, salt) for paragraph in told.paragraphs for sentence in paragraph),
        "",
    ]
    position = {place: at for at, place in enumerate(placed)}
    sources = [
        {
            "id": REPORT,
            "citation": (f"{title}. Invented by simulate.py; no such text was ever published."),
            "kind": "review-report",
            "published": published,
            "address": "",
            "located_by": (
                "Blocks of text between blank lines, counted from 1 (normalisation 1); the text was"
                " invented with the tables"
            ),
            "paragraphs": str(len(told.paragraphs)),
            "salt": salt,
            "digest": text_digest(text, salt),
        }
    ]
    locators = []
    for row_id, places in told.places.items():
        for place in places:
            before, itself, after = digests[position[place] :][:3]
            locators.append(
                {
                    "row": row_id,
                    "source": REPORT,
                    "paragraph": str(place[0]),
                    "sentence": str(place[1]),
                    "digest": itself,
                    "digest_before": before,
                    "digest_after": after,
                }
            )
    if draws.chance(0.3):
        sources.append(
            {
                "id": GAZETTE,
                "citation": f"An invented newspaper on {name}; no text of it was made up.",
                "kind": "news-article",
                "published": "",
                "address": "",
                "located_by": "source only",
                "paragraphs": "",
                "salt": "",
                "digest": "",
            }
        )
        locators += [
            {
                "row": row["id"],
                "source": GAZETTE,
                "paragraph": "",
                "sentence": "",
                "digest": "",
                "digest_before": "",
                "digest_after": "",
            }
            for row in tables["events"]
            if draws.chance(0.1)
        ]
    return Account(text, {"sources": sources, "locators": locators, "coverage": told.coverage})
