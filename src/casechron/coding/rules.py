"""Do the cells of a row fit together, and does the row fit those that it names?

Each rule yields its breaches over a whole review and relies only on cells that are sound in
themselves, so that one mistake is said once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from casechron.coding.cells import WORDS_AT_MOST
from casechron.coding.characters import shown
from casechron.coding.codebook import codebook
from casechron.coding.dates import bounds
from casechron.coding.sheets import Breach, Row, Sheet, nearest

__all__ = ["ROW_RULES", "Rule", "Tables"]

PLAN_CATEGORIES = ("physical", "emotional", "sexual", "neglect", "multiple")
AGES = ("age-years", "age-months")
#: Statuses whose coding rule asks whose statement it is.
NEED_ACCOUNT = (
    "alleged",
    "counter-alleged",
    "denied",
    "medical-opinion",
    "professional-opinion",
    "quoted",
)
#: States that a professional comes upon or hears of: their rules date the day.
FOUND_ON_A_DAY = ("household", "fear")

#: What coders call a row of a table.
_ROW_OF = {
    "events": "an event",
    "people": "a person",
    "agencies": "an agency",
    "findings": "a finding",
    "views": "a view",
    "recommendations": "a recommendation",
    "involvement": "the part of an agency",
    "participation": "the part of a person",
    "attributes": "a fact",
    "relations": "an order of events",
    "links": "a tie",
}
_WHOLE = re.compile(r"0|[1-9][0-9]{0,3}")
#: An age, and when in brackets.
_AGE = re.compile(rf"({_WHOLE.pattern})( \([^\s()]+( [^\s()]+){{0,{WORDS_AT_MOST - 1}}}\))?")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a review as read, its rows by id, and what its review.toml says as far as it
    can be relied on."""

    sheets: Mapping[str, Sheet]
    by_id: Mapping[str, tuple[str, Row]]
    meta: Mapping[str, object] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """The rows of a table; none where it could not be read."""
        return self.sheets[table].rows if table in self.sheets else []

    def whole(self, *tables: str) -> bool:
        """Whether nothing of the tables is missing, so that 'there is none' can be said."""
        return all(table in self.sheets and self.sheets[table].whole for table in tables)

    def named(self, table: str, row_id: str) -> Row | None:
        """The row of a table that has an id, if there is one."""
        found, row = self.by_id.get(row_id, ("", None))
        return row if found == table else None

    def at(self, table: str, row: Row | None, column: str, message: str) -> Breach:
        """A breach at a cell of a row, or of the whole table where no row is meant."""
        return Breach(self.sheets[table].file, row.line if row else None, column, message)


Rule = Callable[[Tables], Iterator[Breach]]


def event_dates(tables: Tables) -> Iterator[Breach]:
    """A date and its basis stand together; a birth is a moment and never worked out from something
    else."""
    births = codebook().flagged("event_kind", "protected")
    for row in tables.rows("events"):
        if row.sound("date", "date_basis"):
            if row["date"] and not row["date_basis"]:
                yield tables.at(
                    "events",
                    row,
                    "date_basis",
                    "the cell is empty, and the row has a date; "
                    "write one of: stated, derived, judged",
                )
            elif row["date_basis"] and not row["date"]:
                yield tables.at(
                    "events",
                    row,
                    "date_basis",
                    f"{shown(row['date_basis'])} is the basis of a date, "
                    "and the row has none; empty the cell or write the date",
                )
        if not row.sound("kind") or row["kind"] not in births:
            continue
        if row.sound("date_basis") and row["date_basis"] == "derived":
            yield tables.at(
                "events",
                row,
                "date_basis",
                "the date of a birth is as coarse as the source publishes it "
                "and is never derived; write the date that the source states, or none",
            )
        if row.sound("date") and row["date"] and bounds(row["date"]).shape != "moment":
            yield tables.at(
                "events",
                row,
                "date",
                f"{shown(row['date'])} lasts or is several, and a birth is a moment; "
                "write one date, or a window as a set such as [2018-07..2018-08]",
            )


def event_counts(tables: Tables) -> Iterator[Breach]:
    """Counts bound a number of occurrences: the least no greater than the greatest, and none for an
    absence."""
    for row in tables.rows("events"):
        if not row.sound("count_min", "count_max"):
            continue
        least, most = row["count_min"], row["count_max"]
        if most and not least:
            yield tables.at(
                "events",
                row,
                "count_min",
                f"the cell is empty, and count_max is {most}; write the least "
                "number too, 1 where the source gives none",
            )
        elif most and int(least) > int(most):
            yield tables.at(
                "events",
                row,
                "count_min",
                f"{least} is more than count_max ({most}); write the least number here",
            )
        if row.sound("absence") and row["absence"] and (least or most):
            yield tables.at(
                "events",
                row,
                "absence",
                f"{shown(row['absence'])} says that it did not happen, and the row "
                "counts occurrences; empty absence, or count",
            )


def involvement_gaps(tables: Tables) -> Iterator[Breach]:
    """A role that says an agency was missing has its grade, and no other role has one."""
    gaps = codebook().flagged("involvement_role", "gap")
    for row in tables.rows("involvement"):
        if not row.sound("role", "grade"):
            continue
        role, grade = row["role"], row["grade"]
        event = tables.named("events", row["event"]) if row.sound("event") else None
        if role not in gaps:
            if grade:
                yield tables.at(
                    "involvement",
                    row,
                    "grade",
                    f"{shown(grade)} grades a missing agency, and the role is '{role}'; leave it"
                    f" out, or write one of the roles: {', '.join(_order(gaps))}",
                )
            continue
        if event is None or not event.sound("absence"):
            continue
        if role == "responsible-absent" and not event["absence"]:
            yield tables.at(
                "involvement",
                row,
                "role",
                "the role 'responsible-absent' is for absences, and the row has nothing in"
                " absence; write another role, or the grade of the absence there",
            )
        elif not grade and not event["absence"]:
            yield tables.at(
                "involvement",
                row,
                "grade",
                f"the role is '{role}', and no grade is said; write in the bracket one of:"
                f" {', '.join(codebook().codes('absence'))}",
            )


def _order(roles: frozenset[str]) -> list[str]:
    return [role for role in codebook().codes("involvement_role") if role in roles]


def participation_accounts(tables: Tables) -> Iterator[Breach]:
    """What somebody alleges, denies or holds says whose statement it is."""
    for row in tables.rows("participation"):
        if row.sound("status", "account") and row["status"] in NEED_ACCOUNT and not row["account"]:
            yield tables.at(
                "participation",
                row,
                "account",
                f"the status is '{row['status']}', and nobody's account is said; write whose it"
                f" is, as {row['status']} by unspecified where the source does not say it",
            )


def attribute_values(tables: Tables) -> Iterator[Breach]:
    """Ages and sentences are whole numbers, an age is of a person and of no event, a plan's
    category is a known one."""
    for row in tables.rows("attributes"):
        if not row.sound("attribute"):
            continue
        attribute, value = row["attribute"], row["value"]
        of = tables.by_id.get(row["row"], ("", None))[0] if row.sound("row") else ""
        if attribute in AGES:
            if of and of != "people":
                yield tables.at(
                    "attributes",
                    row,
                    "row",
                    f"'{attribute}' is a fact of a person, and {shown(row['row'])} is a row of"
                    f" {of}; write it into facts of the person",
                )
            if row.sound("event") and row["event"]:
                yield tables.at(
                    "attributes",
                    row,
                    "event",
                    f"an age at an event ({shown(row['event'])}) would date the birth by what"
                    " narrows the event's date; write when in words after the number, as"
                    f" {attribute}: 7 (in late August)",
                )
        elif of == "events" and row.sound("event") and row["event"]:
            yield tables.at(
                "attributes",
                row,
                "event",
                f"'at {row['event']}' is for facts of a person, and this is a fact of an event;"
                " leave it out",
            )
        if not row.sound("value"):
            continue
        if attribute in AGES and not _AGE.fullmatch(value):
            yield tables.at(
                "attributes",
                row,
                "value",
                f"{shown(value)} is no value of '{attribute}'; write a whole number from 0, in"
                " digits, and when in brackets after it, in six words at most: 7 (in late August)",
            )
        if attribute == "sentence-months" and not (_WHOLE.fullmatch(value) and int(value) >= 1):
            yield tables.at(
                "attributes",
                row,
                "value",
                f"{shown(value)} is no value of '{attribute}'; write a whole "
                "number from 1, in digits",
            )
        if attribute == "plan-category" and value not in PLAN_CATEGORIES:
            meant = nearest(value, PLAN_CATEGORIES)
            offer = f"did you mean '{meant}'? Allowed" if meant else "allowed"
            yield tables.at(
                "attributes",
                row,
                "value",
                f"{shown(value)} is no category of a plan; {offer}: "
                f"{', '.join(PLAN_CATEGORIES)}, each as a fact of its own",
            )


def relation_ends(tables: Tables) -> Iterator[Breach]:
    """A relation ties two events that took place, and has a gap just when its type asks for one."""
    likes = (
        ("gap", allowed_gap()),
        ("meaning", f"one of: {', '.join(codebook().codes('gap_meaning'))}"),
    )
    for row in tables.rows("relations"):
        ends = tuple(row[end] for end in ("from_point", "to_point", "type"))
        same = row.sound("from_event", "to_event") and row["from_event"] == row["to_event"]
        # How long an event lasts is a gap from its start to its end.
        if same and ends != ("start", "end", "gap"):
            yield tables.at(
                "relations",
                row,
                "to_event",
                f"{shown(row['to_event'])} is tied to itself; name another event, or write how long"
                " it lasts into lasts of its row",
            )
        for column in ("from_event", "to_event"):
            event = tables.named("events", row[column]) if row.sound(column) else None
            if event and event.sound("absence") and event["absence"]:
                yield tables.at(
                    "relations",
                    row,
                    column,
                    f"{shown(row[column])} is an absence, which has no order; write its window in"
                    " date and until of its row, or tie it by answers or led_to",
                )
        if not row.sound("type"):
            continue
        if row["type"] == "during" and row.sound("to_point") and row["to_point"]:
            yield tables.at(
                "relations",
                row,
                "to_point",
                f"{shown(row['to_point'])} is one day, and nothing lasts "
                "during it; empty the cell, or write the type same-day",
            )
        for column, like in likes:
            if not row.sound(column):
                continue
            if row["type"] == "gap" and not row[column]:
                yield tables.at(
                    "relations",
                    row,
                    column,
                    f"the cell is empty, and the type is 'gap'; write {like}",
                )
            elif row["type"] != "gap" and row[column]:
                yield tables.at(
                    "relations",
                    row,
                    column,
                    f"{shown(row[column])} goes with the type 'gap', and the type "
                    f"is '{row['type']}'; empty the cell, or write the type gap",
                )


def allowed_gap() -> str:
    return "a duration in the unit that the source speaks in, such as P14D, P2W, P2M or P4Y"


def link_ends(tables: Tables) -> Iterator[Breach]:
    """A link goes between rows of the tables that its type allows, never to itself and never in a
    circle of parts."""
    parts: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    codes = codebook().codes("link_type")
    for row in tables.rows("links"):
        if not row.sound("type", "from_row", "to_row"):
            continue
        code = codes[row["type"]]
        for column, may in (("from_row", code.from_tables), ("to_row", code.to_tables)):
            table = tables.by_id.get(row[column], ("", None))[0]
            if table and table not in may:
                side = "from" if column == "from_row" else "to"
                typed = f" of {table}.csv" if table in codebook().forms else ""
                found = _a_row(table) + typed
                yield tables.at(
                    "links",
                    row,
                    column,
                    f"{shown(row[column])} is {found}, and '{row['type']}' goes {side}"
                    f" {' or '.join(map(_a_row, may))}",
                )
        if row["from_row"] == row["to_row"]:
            yield tables.at(
                "links",
                row,
                "to_row",
                f"{shown(row['to_row'])} is tied to itself; name another row",
            )
        elif row["type"] == "part-of":
            parts[row["from_row"]].append((row["to_row"], row))
    yield from _circles(tables, parts)


def _a_row(table: str) -> str:
    return _ROW_OF.get(table, f"a row of {table}")


def answers_are_answers(tables: Tables) -> Iterator[Breach]:
    """What answers is no birth, and what is answered no response: the link runs from the response
    to the concern."""
    births, asks = (
        codebook().flagged("event_kind", "protected"),
        codebook().flagged("event_kind", "concern"),
    )
    book = codebook()
    responses = book.flagged("event_kind", "response") | book.flagged("event_kind", "disposes")
    responses -= asks
    for row in tables.rows("links"):
        if (
            not row.sound("type", "from_row", "to_row")
            or row["type"] != "answers"
            or row["from_row"] == row["to_row"]
        ):
            continue
        first, last = tables.named("events", row["from_row"]), tables.named("events", row["to_row"])
        if first and first.sound("kind") and first["kind"] in births:
            yield tables.at(
                "links",
                row,
                "from_row",
                f"{shown(row['from_row'])} is a birth, which answers nothing; name the "
                "response, or tie the two by a link of another type",
            )
        elif last and last.sound("kind") and last["kind"] in responses:
            swapped = first is not None and first.sound("kind") and first["kind"] not in responses
            mend = (
                "write the tie in the row of the response"
                if swapped
                else "name the concern, or tie the two by a link of another type"
            )
            yield tables.at(
                "links",
                row,
                "to_row",
                f"{shown(row['to_row'])} is a response ({last['kind']}), and 'answers' goes "
                f"from the response to the concern; {mend}",
            )


def states_last(tables: Tables) -> Iterator[Breach]:
    """A state has the date of what lasts, unless its rule dates the day on which it was found or
    told of."""
    states = codebook().flagged("event_kind", "state") - set(FOUND_ON_A_DAY)
    for row in tables.rows("events"):
        if (
            row.sound("date", "kind", "absence")
            and row["kind"] in states
            and row["date"]
            and not row["absence"]
        ):
            date = row["date"]
            if bounds(date).shape == "moment":
                yield tables.at(
                    "events",
                    row,
                    "date",
                    f"{shown(date)} is a moment, and '{row['kind']}' lasts; write when it began"
                    " into date and when it ended into until: .. for an end that is still open when"
                    " the account ends, nothing for one that the source does not give",
                )


def a_child_is_there(tables: Tables) -> Iterator[Breach]:
    """At least one person is the child whom the review is about."""
    if tables.whole("people") and all(
        row.sound("kinship") and row["kinship"] != "child" for row in tables.rows("people")
    ):
        yield tables.at(
            "people",
            None,
            "kinship",
            "no row has the kinship 'child'; write a row for each child whom the review is about",
        )


def _circles(tables: Tables, parts: Mapping[str, list[tuple[str, Row]]]) -> Iterator[Breach]:
    """Each `part-of` link that closes a circle: no part is walked twice."""
    done: set[str] = set()
    for first in parts:
        path: dict[str, None] = {}
        open_links: list[Iterator[tuple[str, Row]]] = []
        if first not in done:
            path, open_links = {first: None}, [iter(parts[first])]
        while path:
            whole, link = next(open_links[-1], ("", None))
            if link is None:
                done.add(path.popitem()[0])
                open_links.pop()
            elif whole in path:
                way = list(path)
                circle = " → ".join([*way[way.index(whole) :], whole])
                yield tables.at(
                    "links",
                    link,
                    "to_row",
                    f"the parts run in a circle: {circle}; delete one of the links",
                )
            elif whole not in done:
                path[whole] = None
                open_links.append(iter(parts.get(whole, ())))


#: Each rule and the tables whose cells it reads, so that a changed cell need not be asked about by
#: all of them.
ROW_RULES: Mapping[Rule, frozenset[str]] = {
    event_dates: frozenset({"events"}),
    event_counts: frozenset({"events"}),
    involvement_gaps: frozenset({"involvement", "events"}),
    participation_accounts: frozenset({"participation"}),
    attribute_values: frozenset({"attributes"}),
    relation_ends: frozenset({"relations", "events"}),
    link_ends: frozenset({"links"}),
    answers_are_answers: frozenset({"links", "events"}),
    states_last: frozenset({"events"}),
    a_child_is_there: frozenset({"people"}),
}
