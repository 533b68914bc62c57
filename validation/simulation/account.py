"""What does the invented source text say, and where in it does each coded row stand?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from casechron.coding.sources import digest, text_digest
from simulation.dates import Dated
from simulation.draws import Draws
from simulation.rows import REPORT, Row, Tables

_GAZETTE = "gazette"
_SECTIONS = ("Early concerns", "As things went on", "Towards the end")
_SENTENCES = 4
_LOCATED_BY = (
    "Blocks of text between blank lines, counted from 1 (normalisation 1); the text was invented"
    " with the tables"
)


class _Text:
    """Paragraphs as they are written, and the places of the rows that rest on their sentences."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.paragraphs: list[list[str]] = []
        self.places: dict[str, list[tuple[int, int]]] = {}

    def paragraph(self, status: str, section: str = "", ordinal: int = 0, note: str = "") -> None:
        self.paragraphs.append([])
        number, within = str(len(self.paragraphs)), str(ordinal or "")
        self.tables.add("coverage", REPORT, number, section, within, status, note)

    def sentence(self, text: str, rows: Iterable[str] = ()) -> None:
        self.paragraphs[-1].append(text)
        for row in rows:
            self.places.setdefault(row, []).append((len(self.paragraphs), len(self.paragraphs[-1])))

    def heading(self, section: str, text: str = "") -> None:
        self.paragraph("heading", section)
        self.sentence(text or section)


def account(
    name: str, title: str, published: str, tables: Tables, dates: Mapping[str, Dated], draws: Draws
) -> str:
    """The text that a review would be, of which the coded tables are the coding; the rows of
    sources, locators and coverage are added to them."""
    told = _Text(tables)
    told.heading(title, f"{title}, an invented text")
    told.paragraph("repeats", title, 1, "Summary; coded below")
    told.sentence("A child is harmed, and services had known the family.")
    resting = _resting(tables)
    events = {row["id"]: row for row in tables["events"]}
    place = {name: at for at, name in enumerate(events)}
    after = defaultdict(list)  # what the source states, after the later told of the two events
    for relation in tables["relations"]:
        if relation["basis"] == "stated":
            ends = relation["from_event"], relation["to_event"]
            after[max(ends, key=place.__getitem__)].append(relation)
    third = -(-len(events) // len(_SECTIONS))
    for number, section in enumerate(_SECTIONS):
        told.heading(section)
        ordinal, left = 0, 0
        for row in tables["events"][third * number : third * (number + 1)]:
            if not left:
                ordinal, left = ordinal + 1, draws.whole(1, _SENTENCES)
                told.paragraph("coded", section, ordinal)
            left -= 1
            told.sentence(_of_event(row, dates[row["id"]]), resting[row["id"]])
            for relation in after[row["id"]]:
                one, other = (
                    events[relation[end]]["summary"] for end in ("from_event", "to_event")
                )
                if relation["type"] == "gap" or relation["words"] == "following":
                    one, other = other, one
                told.sentence(f"{one}, {relation['words']} this: {other}.", [relation["id"]])
    for row in tables["relations"]:  # what is derived or judged rests on both events' sentences
        if row["basis"] != "stated":
            both = told.places[row["from_event"]] + told.places[row["to_event"]]
            told.places[row["id"]] = list(dict.fromkeys(both))
    for section, table in (
        ("What the review finds", "findings"),
        ("What it recommends", "recommendations"),
    ):
        told.heading(section)
        for ordinal, row in enumerate(tables[table], start=1):
            told.paragraph("coded", section, ordinal)
            told.sentence(f"{row['summary']}.", [row["id"], *resting.get(row["id"], ())])
            for view in tables["views"] if (ordinal, table) == (1, "findings") else ():
                told.sentence(f"It was held that this was so: {view['proposition']}.", [view["id"]])
    told.paragraph("furniture", "", 0, "A line at the foot of the page")
    told.sentence("Page 1 of 1")
    return _located(name, title, published, told, draws)


def _resting(tables: Tables) -> dict[str, list[str]]:
    """The rows that rest on the sentence of an event or a finding: itself, who took part, what more
    is said, ties."""
    found = {row["id"]: [row["id"]] for row in tables["events"]}
    for row in [*tables["involvement"], *tables["participation"]]:
        found[row["event"]].append(row["id"])
    admitted = next(row["id"] for row in tables["events"] if row["kind"] == "admission")
    for row in tables["attributes"]:
        # An age names no event; the source says it where it tells of the admission.
        found[row["row"] if row["row"] in found else admitted].append(row["id"])
    owner = {row: event for event, rows in found.items() for row in rows}
    for row in tables["links"]:
        if row["basis"] == "stated":  # other ties rest on the rows that they tie
            owning = owner.get(row["from_row"], row["from_row"])
            found.setdefault(owning, []).append(row["id"])
    return found


def _of_event(row: Row, dated: Dated) -> str:
    least, most = dated.count_min, dated.count_max
    often = f"{least} to {most} times" if most else f"{least} times or more"
    if least == most:
        often = f"{least} times"
    said = "; ".join(filter(None, [dated.said, often if least else ""]))
    return f"{row['summary']} ({said})." if said else f"{row['summary']}."


def _located(name: str, title: str, published: str, told: _Text, draws: Draws) -> str:
    """The text; the rows of sources and locators are added, with the digests of the sentences."""
    tables, salt = told.tables, draws.salt()
    text = "\n\n".join(" ".join(paragraph) for paragraph in told.paragraphs) + "\n"
    sentences = {
        (at, number): digest(sentence, salt)
        for at, paragraph in enumerate(told.paragraphs, start=1)
        for number, sentence in enumerate(paragraph, start=1)
    }
    digests, position = ["", *sentences.values(), ""], {one: at for at, one in enumerate(sentences)}
    citation = f"{title}. Invented by simulate.py; no such text was ever published."
    many, whole = str(len(told.paragraphs)), text_digest(text, salt)
    beside = (published, "", _LOCATED_BY, many, salt, whole)
    tables.add("sources", REPORT, citation, "review-report", *beside)
    for row, places in told.places.items():
        for place in places:
            before, itself, after = digests[position[place] :][:3]
            tables.add("locators", row, REPORT, *map(str, place), itself, before, after)
    if draws.chance(0.3):
        citation = f"An invented newspaper on {name}; no text of it was made up."
        tables.add("sources", _GAZETTE, citation, "news-article", "", "", "source only")
        for event in tables["events"]:
            if draws.chance(0.1):
                tables.add("locators", event["id"], _GAZETTE)
    return text
