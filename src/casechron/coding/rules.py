"""Do the cells of a row fit together, does the row fit those that it names, and its time?

Each rule yields what is wrong over a whole review, and relies only on cells that are sound in
themselves, so that one mistake is said once. Nothing here reads a clock: what can be known is that
a text tells of nothing later than itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from graphlib import CycleError, TopologicalSorter

from casechron.characters import meant_then, nearest
from casechron.coding.cells import MOST_WORDS, one_of
from casechron.coding.codebook import codebook
from casechron.coding.expansion import TidyRow
from casechron.coding.messages import say
from casechron.dates.days import day_number
from casechron.dates.windows import DateBounds, DateError, day_span

PLAN_CATEGORIES = ("physical", "emotional", "sexual", "neglect", "multiple")
AGES = ("age-years", "age-months", "age-weeks")
#: Facts of which the row says that they were so, and what to write where they were not.
_SEEN = {
    "child-seen": "'child-not-seen: why, if it is said'",
    "child-seen-alone": "'child-seen: X, not alone'",
    "child-spoken-to": "'child-seen: X, not spoken to'",
    "child-not-seen": "'child-seen: X'",
}
_NO = re.compile(r"(?:no|n|none|never|false)(?:$|[.,;:–-])|[✗✘]", re.IGNORECASE)
_NOT = re.compile(r"not\b", re.IGNORECASE)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,3}")
#: An age, and when in brackets.
_AGE = re.compile(rf"({_WHOLE.pattern})( \([^\s()]+( [^\s()]+){{0,{MOST_WORDS - 1}}}\))?")
#: No review tells of an earlier day.
EARLIEST_YEAR = 1900
_EARLIEST_DAY = day_number(EARLIEST_YEAR, 1, 1)
#: Days by which a date may lie behind its last source where it is a convention, and no fact, when
#: it begins: a third of a month, a season, 'about'.
LEEWAY_DAYS = 366
#: A word or a sign by which a date is not exact.
_LOOSE = re.compile(r"[a-z~%?]")
_NOT_DATED = DateBounds("moment", None, None, None, None, "none")


@dataclass(frozen=True, slots=True)
class TidyTables:
    """The tidy rows of a review by their tables and by their ids, what its review.toml says as far
    as it can be relied on, and whether all rows could be read, so that 'there is none' can be
    said."""

    rows: Mapping[str, Sequence[TidyRow]]
    by_id: Mapping[str, TidyRow]
    meta: Mapping[str, object]
    whole: bool

    def table_of(self, row_id: str) -> str:
        """The table in which an id stands; '' where it stands in none."""
        return self.by_id[row_id].table if row_id in self.by_id else ""

    def named(self, table: str, row_id: str) -> TidyRow | None:
        """The row of a table that has an id, if there is one."""
        return self.by_id[row_id] if self.table_of(row_id) == table else None


#: What is wrong: a tidy row, or a table as a whole by its name; the column; and the sentence.
Finding = tuple[TidyRow | str, str, str]
Findings = Iterator[Finding]
TidyRule = Callable[[TidyTables], Findings]
#: Everything that is asked of the tables.
TIDY_RULES: list[TidyRule] = []


def _rule(rule: TidyRule) -> TidyRule:
    """Enter a function among the rules."""
    TIDY_RULES.append(rule)
    return rule


#: What is wrong with a row: the column and the sentence.
RowFindings = Iterator[tuple[str, str]]
RowRule = Callable[[TidyRow, TidyTables], RowFindings]


def _of_each(table: str, *sound: str) -> Callable[[RowRule], TidyRule]:
    """Enter a function among the rules that is asked of each row of a table in which some cells
    are sound."""

    def enter(rule: RowRule) -> TidyRule:
        @wraps(rule)
        def of_all(tables: TidyTables) -> Findings:
            for row in tables.rows[table]:
                if row.sound(*sound):
                    yield from ((row, *finding) for finding in rule(row, tables))

        return _rule(of_all)

    return enter


@_of_each("events")
def _event_dates(row: TidyRow, _: TidyTables) -> RowFindings:
    """A date and its basis stand together; a birth is a moment and never worked out from something
    else."""
    date, basis = row["date"], row["date_basis"]
    if row.sound("date", "date_basis"):
        if date and not basis:
            yield "date_basis", say("date-basis-missing")
        elif basis and not date:
            yield "date_basis", row.say("date-missing")
    if not row.sound("kind") or row["kind"] not in codebook().flagged("event_kind", "protected"):
        return
    if row.sound("date_basis") and basis == "derived":
        yield "date_basis", say("birth-derived")
    if row.sound("date") and date and day_span(date).shape != "moment":
        yield "date", row.say("birth-lasts")


@_of_each("events", "count_min", "count_max")
def _event_counts(row: TidyRow, _: TidyTables) -> RowFindings:
    """A count's least is no greater than its greatest, and an absence has none."""
    lower, upper = row["count_min"], row["count_max"]
    if upper and not lower:
        yield "count_min", row.say("count-without-least")
    elif upper and int(lower) > int(upper):
        yield "count_min", row.say("count-crossed")
    if row.sound("absence") and row["absence"] and (lower or upper):
        yield "absence", row.say("absence-counts")


@_of_each("involvement", "role", "grade")
def _involvement_gaps(row: TidyRow, tables: TidyTables) -> RowFindings:
    """A role that says an agency was missing has its grade, and no other role has one."""
    gaps = codebook().flagged("involvement_role", "gap")
    role, grade = row["role"], row["grade"]
    event = tables.named("events", row["event"]) if row.sound("event") else None
    if role not in gaps:
        if grade:
            codes = codebook().codes("involvement_role")
            roles = ", ".join(code for code in codes if code in gaps)
            yield "grade", row.say("grade-without-gap", roles=roles)
    elif event is None or not event.sound("absence"):
        return
    elif role == "responsible-absent" and not event["absence"]:
        yield "role", say("absent-without-absence")
    elif not grade and not event["absence"]:
        grades = ", ".join(codebook().codes("absence"))
        yield "grade", row.say("gap-without-grade", grades=grades)


@_of_each("participation", "status", "account")
def _participation_accounts(row: TidyRow, _: TidyTables) -> RowFindings:
    """What somebody alleges, denies or holds says whose statement it is."""
    if row["status"] in codebook().words.need_account and not row["account"]:
        yield "account", row.say("account-missing")


@_of_each("participation", "status", "event")
def _withdrawn_by_a_statement(row: TidyRow, tables: TidyTables) -> RowFindings:
    """What was alleged is withdrawn by a statement of its own, which has its own day and hearer."""
    event = tables.named("events", row["event"])
    if event is None or row["status"] != "withdrawn" or not event.sound("kind"):
        return
    if event["kind"] not in ("", "account"):
        yield "status", say("withdrawn-elsewhere", kind=event["kind"])


@_of_each("attributes", "attribute")
def _attribute_values(row: TidyRow, tables: TidyTables) -> RowFindings:
    """Ages and sentences are whole numbers, an age is of a person and of no event, a plan's
    category is a known one."""
    attribute, value = row["attribute"], row["value"]
    table = tables.table_of(row["row"]) if row.sound("row") else ""
    event = row["event"] if row.sound("event") else ""
    if attribute in AGES and table and table != "people":
        yield "row", row.say("age-of-no-person", table=table)
    if attribute in AGES and event:
        yield "event", row.say("age-at-event")
    elif table == "events" and event:
        yield "event", row.say("fact-of-event-at-event")
    if not row.sound("value"):
        return
    if attribute in AGES and not _AGE.fullmatch(value):
        yield "value", row.say("no-age")
    if attribute == "sentence-months" and not (_WHOLE.fullmatch(value) and int(value) >= 1):
        yield "value", row.say("no-sentence")
    # Why a child was not seen can begin with 'not'.
    not_so = _NO.match(value) or (attribute != "child-not-seen" and _NOT.match(value))
    if attribute in _SEEN and not_so:
        yield "value", row.say("not-seen", instead=_SEEN[attribute])
    if attribute == "plan-category" and value not in PLAN_CATEGORIES:
        allowed = f"allowed: {', '.join(PLAN_CATEGORIES)}, each as a fact of its own"
        offer = meant_then(nearest(value, PLAN_CATEGORIES), allowed)
        yield "value", row.say("no-plan-category", offer=offer)


@_of_each("relations")
def _relation_ends(row: TidyRow, tables: TidyTables) -> RowFindings:
    """A relation ties two events that took place, and has a gap just when its type asks for one."""
    ends = row["from_point"], row["to_point"], row["type"]
    same = row.sound("from_event", "to_event") and row["from_event"] == row["to_event"]
    # How long an event lasts is a gap from its start to its end.
    if same and ends != ("start", "end", "gap"):
        yield "to_event", row.say("relation-to-itself")
    for column in ("from_event", "to_event"):
        event = tables.named("events", row[column]) if row.sound(column) else None
        if event and event.sound("absence") and event["absence"]:
            yield column, say("relation-of-absence", event=row[column])
    if not row.sound("type"):
        return
    if row["type"] == "during" and row.sound("to_point") and row["to_point"]:
        yield "to_point", row.say("during-a-point")
    for column in ("gap", "meaning"):
        if not row.sound(column):
            continue
        if row["type"] == "gap" and not row[column]:
            meanings = one_of(codebook().codes("gap_meaning"))
            missing = say("how-long") if column == "gap" else meanings
            yield column, say("gap-incomplete", what=missing)
        elif row["type"] != "gap" and row[column]:
            yield column, row.say("gap-of-no-gap", value=row[column])


@_of_each("links", "type", "from_row", "to_row")
def _link_ends(row: TidyRow, tables: TidyTables) -> RowFindings:
    """A link goes between rows of the tables that its type allows, and never to itself."""
    code = codebook().codes("link_type")[row["type"]]
    for side, allowed_tables in (("from", code.from_tables), ("to", code.to_tables)):
        end = row[f"{side}_row"]
        table = tables.table_of(end)
        if table and table not in allowed_tables:
            typed = f" of {table}.csv" if table in codebook().forms else ""
            allowed = " or ".join(map(_a_row, allowed_tables))
            ends = {"row": end, "what": _a_row(table), "side": side, "allowed": allowed}
            yield f"{side}_row", row.say("link-end", **ends, typed=typed)
    if row["from_row"] == row["to_row"]:
        yield "to_row", row.say("link-to-itself")


def _a_row(table: str) -> str:
    return codebook().tables[table].row or f"a row of {table}"


@_of_each("links", "type", "from_row", "to_row")
def _answers_are_answers(row: TidyRow, tables: TidyTables) -> RowFindings:
    """What answers is no birth, and what is answered no response: the link runs from the response
    to the concern."""
    from_row, to_row = row["from_row"], row["to_row"]
    if row["type"] != "answers" or from_row == to_row:
        return
    flagged = partial(codebook().flagged, "event_kind")
    responses = (flagged("response") | flagged("disposes")) - flagged("concern")

    def kind(row_id: str) -> str:
        event = tables.named("events", row_id)
        return event["kind"] if event and event.sound("kind") else ""

    first, last = kind(from_row), kind(to_row)
    if first in flagged("protected"):
        yield "from_row", row.say("birth-answers")
    elif last in responses:
        mend = "name the concern, or tie the two by a link of another type"
        if first not in {"", *responses}:
            mend = "write the tie in the row of the response"
        yield "to_row", row.say("response-answered", kind=last, mend=mend)


@_of_each("events", "date", "kind", "absence")
def _states_last(row: TidyRow, _: TidyTables) -> RowFindings:
    """A state has the date of what lasts, unless its row says whether it does."""
    date, kind = row["date"], row["kind"]
    lasts = kind in codebook().always_last and not row["absence"]
    if lasts and date and day_span(date).shape == "moment":
        yield "date", row.say("state-is-a-moment")


@_rule
def _a_child_is_there(tables: TidyTables) -> Findings:
    """At least one person is the child whom the review is about, if persons are coded."""
    people = tables.rows["people"]
    sure = tables.whole and people and all(row.sound("kinship") for row in people)
    if sure and "child" not in {row["kinship"] for row in people}:
        yield "people", "kinship", say("no-child")


@_rule
def _circles(tables: TidyTables) -> Findings:
    """Nothing is part of itself, by way of its parts either; the first circle that is found."""
    links: dict[tuple[str, str], TidyRow] = {}
    parts: TopologicalSorter[str] = TopologicalSorter()
    for row in tables.rows["links"]:
        part, whole = row["from_row"], row["to_row"]
        if row.sound("type", "from_row", "to_row") and row["type"] == "part-of" and part != whole:
            links[part, whole] = row
            parts.add(whole, part)
    try:
        parts.prepare()
    except CycleError as error:
        circle = error.args[1]
        link = links[circle[-2], circle[-1]]
        yield link, "to_row", say("parts-in-a-circle", circle=" → ".join(circle))


# Time


def days_meant(text: str) -> DateBounds:
    """The days that a date can mean; no bounds where there is none, or a wrong one, which is
    reported elsewhere."""
    try:
        return day_span(text) if text else _NOT_DATED
    except DateError:
        return _NOT_DATED


def last_sources(
    tables: Mapping[str, Sequence[TidyRow]], meta: Mapping[str, object]
) -> dict[str, tuple[int, str, str]]:
    """The last source that each event and view rests on: the day after which it tells of nothing,
    its id, and when it was published. A row one of whose sources can be of any day has none."""
    finished = str(meta.get("coded_on", ""))
    #: When each source was published; where it does not say so, before the coding was finished.
    published = {
        row["id"]: (row["published"], row["published"])
        if row["published"] and row.sound("published")
        else (finished, f"before the coding was finished, {finished}")
        for row in tables["sources"]
    }
    sources: dict[str, set[str]] = defaultdict(set)
    for row in (*tables["locators"], *tables["readings"]):
        sources[row["row"]].add(row["source"])
    last = {}
    for row in (*tables["events"], *tables["views"]):
        row_sources = sources.get(row["id"], set()) & published.keys() or set(published)
        days = [(days_meant(published[source][0]).latest, source) for source in row_sources]
        known = [(day, source) for day, source in days if day is not None]
        if known and len(known) == len(days):
            day, source = max(known)
            last[row["id"]] = day, source, published[source][1]
    return last


@_rule
def _dates_before_telling(tables: TidyTables) -> Findings:
    """What a row tells of is no earlier than 1900, and neither begins nor ends after its last
    source was published."""
    last_told = last_sources(tables.rows, tables.meta)
    for row in (*tables.rows["events"], *tables.rows["views"]):
        if not row["date"] or not row.sound("date"):
            continue
        window = day_span(row["date"])
        if window.latest is not None and window.latest < _EARLIEST_DAY:
            yield row, "date", row.say("too-old", year=EARLIEST_YEAR)
            continue
        if row["id"] not in last_told:
            continue
        last, source, when = last_told[row["id"]]
        loose = _LOOSE.search(row["date"]) or window.precision not in ("day", "month", "year")
        last += LEEWAY_DAYS if loose else 0
        begins, ends = window.earliest, window.end_earliest if window.shape != "moment" else None
        if begins is not None and begins > last:
            yield row, "date", row.say("begins-too-late", source=source, when=when)
        elif ends is not None and ends > last:
            yield row, "date", row.say("ends-too-late", source=source, when=when)
