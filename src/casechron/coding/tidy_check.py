"""Do the tidy tables hold together, is it sure which row an id names, and what is legal and odd?

Ids, cells, keys and rules are asked over tidy rows, which know where a coder typed them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, pairwise

from casechron.characters import ID_LETTERS, shown
from casechron.coding.cells import Ids, cell_breach, first_date, form_breach
from casechron.coding.codebook import Table, codebook
from casechron.coding.expansion import NAMED_FORMS, Expanded, Made, Origin
from casechron.coding.looks_of_harm import looks_of_harm
from casechron.coding.messages import say
from casechron.coding.rules import (
    TIDY_RULES,
    Finding,
    Findings,
    TidyTables,
    days_meant,
)
from casechron.coding.sheets import Breach, ReadForms
from casechron.dates.windows import DateBounds

#: After so many wrong cells a table is not checked further.
MOST_WRONG_CELLS = 1000
#: How many rows are checked again under alternative readings.
TRIED = 500_000
#: Tables whose rows a rule takes together.
_WHOLE = frozenset({"people", "sources"})
#: Columns of which an item's id is made, and columns that an item takes from its row.
_MADE_OF = ("event", "row", "agency", "person", "from_row", "to_row")
_ITS_ROWS = {
    **dict.fromkeys(("involvement", "participation"), ("basis", "event")),
    **dict.fromkeys(("attributes", "themes"), ("basis", "row")),
}


def tidy_breaches(
    expanded: Expanded, meta: Mapping[str, object], already: Sequence[Breach], *, whole: bool
) -> list[Breach]:
    """Everything in the tidy tables that breaks a rule, at the cells of the form.

    Parameters
    ----------
    expanded
        The tidy tables.
    meta
        What review.toml says, as far as it can be relied on.
    already
        What is told of the form: of a cell that was refused there, nothing more is said.
    whole
        Whether all rows of the form could be read.
    """
    by_id, findings = _unique_ids(expanded.tables.values())
    tables = TidyTables(expanded.tables, by_id, meta, whole)
    ids = Ids({identity: made.table for identity, made in by_id.items()}, whole)
    for table in codebook().tables.values():
        findings += _cell_breaches(table, expanded.tables[table.name], ids)
    # Items that a cell repeats are reported when it is expanded.
    findings += _repeated_readings(expanded.tables["readings"])
    findings += _rule_breaches(tables)
    findings += _reading_breaches(tables, ids, list(findings), expanded)
    of_sources = any(breach.column == "sources" for breach in already)
    refused = {breach[:3] for breach in already}
    placed = [
        _typed(expanded, *finding)
        for finding in findings
        if not _is_said_of_another(*finding, of_sources)
    ]
    return [breach for breach in placed if breach[:3] not in refused]


def _is_said_of_another(row: Made | str, column: str, message: str, of_sources: bool) -> bool:
    """Whether a finding repeats one of another row: of the row in whose cell an item stands, or of
    all sources together."""
    if isinstance(row, str):
        return False
    if row.table == "sources" or not row.origins[0].item:
        return row.table == "sources" and of_sources
    if column == "id":
        made_of = (row[name] for name in _MADE_OF)
        return len(row["id"]) <= ID_LETTERS or any(len(part) > ID_LETTERS for part in made_of)
    # An item takes these from its row, where they are reported.
    return column in _ITS_ROWS.get(row.table, ("basis",))


def _typed(expanded: Expanded, row: Made | str, column: str, message: str) -> Breach:
    """A breach of a tidy table where a coder typed it."""
    if isinstance(row, str):
        form = codebook().form_of(row)
        return Breach(f"{form.name if form else row}.csv", None, column, message)
    origin = expanded.where(row, column)
    if row.table == "sources" and column in ("paragraphs", "salt", "digest"):
        located = row.origins[-1]
        return Breach(located.file, located.line or None, column, message)
    if row.table == "sources":
        message = message.replace("the cell is empty;", "the key is missing;")
        return Breach(origin.file, None, column, f"source {origin.item}: {message}")
    if column == "id" and origin.item:
        message = f"{message} in the id that it makes; shorten those that it is made of"
    if origin.item and not message.startswith(shown(origin.item)):
        message = f"{shown(origin.item)}: {message}"
    return Breach(origin.file, origin.line or None, origin.column or column, message)


def _unique_ids(tables: Iterable[Sequence[Made]]) -> tuple[dict[str, Made], list[Finding]]:
    """The row of each id of the whole review, and the ids that stand twice."""
    by_id: dict[str, Made] = {}
    findings: list[Finding] = []
    for row in (row for rows in tables for row in rows if row["id"]):
        first = by_id.setdefault(row["id"], row)
        if first is not row:
            findings.append((row, "id", say("id-twice", id=row["id"], where=first.typed_at)))
    return by_id, findings


def _cell_breaches(table: Table, rows: Sequence[Made], ids: Ids) -> Findings:
    """Cells that their column does not allow; the rows then know them as refused."""
    # Codes and ids recur in many rows, so each value is checked once.
    checked = [(column, dict[tuple[str, str], str]()) for column in table.columns]
    wrong = 0
    for place, row in enumerate(rows, start=1):
        for column, messages in checked:
            value = row.cells.get(column.name)
            if value is None:
                continue
            question = value, ids.table_of.get(row["row"], "") if column.kind == "column" else ""
            if question not in messages:
                messages[question] = cell_breach(column, value, ids, question[1])
            if message := messages[question]:
                row.refused.add(column.name)
                wrong += 1
                yield row, column.name, message
        if wrong > MOST_WRONG_CELLS and place < len(rows):
            # Guessing what was meant takes time, so the other rows are not checked.
            for unseen in rows[place:]:
                unseen.refused.update(table.header)
            yield row, "", say("too-many-wrong", many=MOST_WRONG_CELLS)
            return


def _repeated_readings(rows: Sequence[Made]) -> Findings:
    """Readings that say again what another row says, by the table's key or by what it declares
    unique."""
    table = codebook().tables["readings"]
    for key in filter(None, (table.key, table.unique)):
        first: dict[tuple[str, ...], Made] = {}
        for row in rows:
            if not row.sound(*key):
                continue
            earlier = first.setdefault(tuple([row.cells[column] for column in key]), row)
            if earlier is not row:
                columns = f"{', '.join(key[:-1])} and {key[-1]}"
                yield row, key[0], say("row-twice", columns=columns, where=earlier.typed_at)


def _rule_breaches(tables: TidyTables) -> list[Finding]:
    """The findings of all rules."""
    return [finding for rule in TIDY_RULES for finding in rule(tables)]


class _Near:
    """The rows that a reading can affect: those that it changes, and those that name the id of
    one."""

    def __init__(self, tables: TidyTables) -> None:
        self.tables = tables
        self.naming: dict[str, list[Made]] = defaultdict(list)
        ids = {row["row"] for row in tables.rows["readings"]}
        for name, rows in tables.rows.items() if ids else ():
            for row in rows if name not in _WHOLE else ():
                for value in ids.intersection(row.cells.values()):
                    self.naming[value].append(row)

    def of(self, ids: Iterable[str]) -> TidyTables:
        """The tables with only the rows that hold one of the ids; those of `_WHOLE` stay whole."""
        rows: dict[str, list[Made]] = {name: [] for name in self.tables.rows}
        for row in dict.fromkeys(row for each in ids for row in self.naming[each]):
            rows[row.table].append(row)
        whole = {name: self.tables.rows[name] for name in _WHOLE}
        return replace(self.tables, rows={**rows, **whole})


def _reading_breaches(
    tables: TidyTables, ids: Ids, already: Sequence[Finding], expanded: Expanded
) -> Findings:
    """An alternative value is one that the cell could hold, differs from it, and fits the rows it
    would stand in."""
    chosen: dict[str, list[tuple[Made, Made]]] = {}
    for row in tables.rows["readings"]:
        if not row.sound("reading", "row", "column", "value") or row["row"] not in tables.by_id:
            continue
        target, name, value = tables.by_id[row["row"]], row["column"], row["value"]
        column = codebook().tables[target.table].column(name)
        if message := form_breach(value) or cell_breach(column, value, ids):
            yield row, "value", message
        elif value == target[name] and name in target.cells:
            same = "reading-same" if value else "reading-same-empty"
            yield row, "value", say(same, column=name, row=row["row"], value=value)
        else:
            chosen.setdefault(row["reading"], []).append((target, row))
    known, near = set(already), _Near(tables)
    rows = sum(map(len, tables.rows.values()))
    tried = TRIED // max(rows, 1) or 1
    if len(chosen) > tried:
        message = say("too-many-readings", many=len(chosen), rows=rows, most=tried)
        yield "readings", "reading", message
    for reading, changes in islice(chosen.items(), tried):
        before = [(target, target.cells, target.refused) for target, _ in changes]
        for target, row in changes:
            target.cells = target.cells | {row["column"]: row["value"]}
            target.refused = target.refused - {row["column"]}
        whole = any(target.table in _WHOLE for target, _ in changes)
        seen = tables if whole else near.of(row["row"] for _, row in changes)
        for finding in _rule_breaches(seen):
            if finding not in known:
                breach = _typed(expanded, *finding)
                yield changes[0][1], "value", say("reading-breaks", reading=reading, breach=breach)
        for target, cells, refused in reversed(before):
            target.cells, target.refused = cells, refused


#: What a review conference reviews comes from one of these.
CONFERENCES = ("icpc", "transfer-conference")
_PLAN_KINDS = ("protection-plan", "child-in-need-plan")
#: A season that can be a year that begins in one calendar year and ends in the next, and its name.
_SEASON = re.compile(r"\b(\d{4})-(2[1-8])\b(?!-)")
_SEASONS = ("spring", "summer", "autumn", "winter")
#: What ends a plan, where the plan's own row does not say when it ended.
PLAN_ENDS = ("plan-end", "closure")
_MONTH = re.compile(r"-([0-9]{4}-[0-9]{2})(?:-[0-9]+)?")
_CLOCK = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:")
#: A bracket at the end of a fact that may have been meant for an event.
_AT = re.compile(r"\((?:[^()]*, *)?at ([a-z0-9]+(?:-[a-z0-9]+)*)(?:,[^()]*)?\)$", re.IGNORECASE)
#: The columns of tidy tables that name another row.
_ENDS = {
    "links": ("from_row", "to_row"),
    "relations": ("from_event", "to_event"),
    "attributes": ("event",),
}


def references(done: Expanded, read: ReadForms) -> Iterator[tuple[str, Origin]]:
    """Each id by which a cell names another row than its own, and that cell."""
    owner = {row["id"]: row.origins[0][:2] for form in NAMED_FORMS for row in done.tables[form]}
    for table, columns in _ENDS.items():
        for tie in done.tables[table]:
            origin = tie.origins[0]
            for column in columns:
                if tie[column] and owner.get(tie[column]) != origin[:2]:
                    yield tie[column], origin if origin.item else origin._replace(column=column)
    for name in ("readings", "details"):
        for row in read.rows(name):
            yield row["row"], Origin(f"{read.prefix}{name}.csv", row.line, "row")


def unsure_ids(done: Expanded, read: ReadForms) -> Iterator[Breach]:
    """Ids that several rows could be meant by: rows of one kind and month that have no id are
    numbered by what they hold, so that another row would be named as soon as one is added."""
    for identity, origin in references(done, read):
        if identity in done.alike:
            *lines, last = map(str, done.alike[identity])
            message = say("id-unsure", id=identity, lines=", ".join(lines), last=last)
            yield Breach(*origin[:3], message)


def looks(expanded: Expanded) -> Iterator[Breach]:
    """What is worth a look, each at the cell that it concerns."""
    yield from _Looks(expanded).all()


class _Looks:
    """Looks for what is legal and odd, event by event and table by table."""

    def __init__(self, expanded: Expanded) -> None:
        self.tables, self.book = expanded.tables, codebook()
        self.events = {event["id"]: event for event in self.tables["events"]}
        self.there = [event for event in self.events.values() if not event["absence"]]
        self.parts: dict[str, list[Made]] = defaultdict(list)
        for part in self.tables["involvement"]:
            self.parts[part["event"]].append(part)
        self.carriers: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for link in self.tables["links"]:
            carrier, carried = link["from_row"], link["to_row"]
            if link["type"] == "part-of":
                carrier, carried = carried, carrier
            if link["type"] in ("tells-of", "part-of") and carrier in self.events:
                self.carriers[carried].append((link["type"], carrier))

    def all(self) -> Iterator[Breach]:
        """Everything, event by event, and then what stands in other tables."""
        # An answer comes no earlier than what it answers, so the link orders both.
        ordered = {
            row[end]
            for row in (*self.tables["relations"], *self.tables["links"])
            if row.table == "relations" or row["type"] == "answers"
            for end in _ENDS[row.table]
        }
        # Where no event has any role, roles were not coded.
        coded = self.tables["involvement"] or self.tables["participation"]
        for event in self.events.values():
            if not event["date"] and event["id"] not in ordered and not event["absence"]:
                yield event.breach(say("neither-date-nor-order"), "date")
            yield from self._month(event)
            yield from self._season(event)
            yield from self._clock(event)
            if coded:
                yield from self._nobody(event)
        of_tables = (self._conferences, self._plans, self._answers, self._views, self._no_events)
        for look in (self._roles, partial(looks_of_harm, self.tables), *of_tables):
            yield from look()

    def _flags(self, event: Made) -> frozenset[str]:
        code = self.book.codes("event_kind").get(event["kind"])
        return code.flags if code else frozenset()

    def _month(self, event: Made) -> Iterator[Breach]:
        """An id whose month its date no longer has."""
        month, begins = _MONTH.search(event["id"]), first_date(event["date"])
        if month and begins and begins[: len(month[1])] != month[1][: len(begins)]:
            yield event.breach(say("month-of-id", id=event["id"], date=event["date"]), "id")

    def _season(self, event: Made) -> Iterator[Breach]:
        """A season that is written as a school or financial year is, without words that say so."""
        for year, number in _SEASON.findall(event["date"] if not event["date_words"] else ""):
            if int(number) == int(year) % 100 + 1:
                season = _SEASONS[(int(number) - 21) % 4]
                values = {"date": f"{year}-{number}", "season": season, "year": year}
                yield event.breach(say("season-or-year", next=int(year) + 1, **values), "date")

    def _clock(self, event: Made) -> Iterator[Breach]:
        """A time of day, by which nothing is ordered: relations hold between days."""
        if day := _CLOCK.match(event["date"]):
            yield event.breach(say("time-in-date", day=day[1]), "date")
        elif event["time"]:
            yield event.breach(say("time-of-day"), "time")

    def _nobody(self, event: Made) -> Iterator[Breach]:
        """A concern that nobody received or held, an event without any agency, a meeting with
        one."""
        flags, kind, roles = self._flags(event), event["kind"], self.parts[event["id"]]
        if "concern" in flags and not event["absence"]:
            telling = "telling" in flags
            if not self._held(event["id"], "was-told" if telling else "knows"):
                message = "concern-unreceived" if telling else "concern-unheld"
                yield event.breach(say(message, kind=kind), "to")
        elif not roles and "protected" not in flags:
            yield event.breach(say("no-agency"), "by")
        elif kind in self.book.implied["with"][1] and not event["absence"] and len(roles) == 1:
            yield event.breach(say("one-agency", kind=kind), "with")

    def _held(self, event: str, wanted: str) -> bool:
        """Whether an agency has a role with the flag `wanted` in an event; for `knows` also in an
        event that told of it at the time, or counts it together with others."""
        roles, learning = partial(self.book.flagged, "involvement_role"), "learning"
        stack, seen = [(event, roles(wanted))], {event}
        while stack:
            row, knowing = stack.pop()
            if not {part["role"] for part in self.parts[row]}.isdisjoint(knowing):
                return True
            for tie, carrier in self.carriers[row] if wanted == "knows" else ():
                carrying = self.events[carrier]
                if carrier in seen or carrying["absence"] or learning in self._flags(carrying):
                    continue
                seen.add(carrier)
                # Who raised one of several referrals did not raise the others.
                message = roles("told") if tie == "part-of" else frozenset[str]()
                stack.append((carrier, roles(wanted) - message))
        return False

    def _roles(self) -> Iterator[Breach]:
        """A role that makes no sense with the kind of its event."""
        for table, party in (("involvement", "agency"), ("participation", "person")):
            codes = self.book.codes(f"{table}_role")
            for part in self.tables[table]:
                kind = self.events[part["event"]]["kind"] if part["event"] in self.events else ""
                roles, code = self.book.roles.get(kind), codes.get(part["role"])
                if roles is None or code is None or code.flags & {"gap", "later"}:
                    continue
                given = (roles.agency,) if party == "agency" else (roles.child, roles.adult)
                fitting = self.book.anywhere.union(*(columns.values() for columns in given))
                if code.code not in fitting:
                    item = part.origins[0].item or part[party]
                    yield part.breach(say("unusual-role", item=item, role=code.code, kind=kind))

    def _conferences(self) -> Iterator[Breach]:
        """A review conference without a conference before it."""
        before = [event["date"] for event in self.there if event["kind"] in CONFERENCES]
        firsts = [days_meant(date).earliest for date in before]
        kinds = " or ".join(CONFERENCES)
        for event in self.there:
            latest = days_meant(event["date"]).latest
            first = any(day is None or latest is None or day <= latest for day in firsts)
            if event["kind"] == "review-conference" and not first:
                yield event.breach(say("no-conference-before", kinds=kinds), "kind")

    def _plans(self) -> Iterator[Breach]:
        """Two plans for a child, and no end of the first between them."""
        subjects: dict[str, set[str]] = defaultdict(set)
        for part in self.tables["participation"]:
            if part["role"] == "subject":
                subjects[part["event"]].add(part["person"])
        lasting = {
            relation["from_event"]
            for relation in self.tables["relations"]
            if relation["from_event"] == relation["to_event"] and relation["meaning"] != "at-least"
        }
        ends = [days_meant(event["date"]) for event in self.there if event["kind"] in PLAN_ENDS]
        for kind in _PLAN_KINDS:
            plans = [plan for plan in self.there if plan["kind"] == kind]
            plans.sort(key=lambda plan: days_meant(plan["date"]).earliest or 0)
            for first, second in pairwise(plans):
                children = subjects[first["id"]], subjects[second["id"]]
                first_window, second_window = days_meant(first["date"]), days_meant(second["date"])
                ended = first_window.latest is not None or first["id"] in lasting
                if (all(children) and not children[0] & children[1]) or ended:
                    continue
                if not any(_may_lie_between(end, first_window, second_window) for end in ends):
                    yield second.breach(say("plan-without-end", plan=first["id"]), "date")

    def _answers(self) -> Iterator[Breach]:
        """An answer that is no step of a kind that answers, or is dated before what it answers."""
        for link in self.tables["links"]:
            answer, concern = self.events.get(link["from_row"]), self.events.get(link["to_row"])
            if link["type"] != "answers" or answer is None or concern is None:
                continue
            kind, concern_id = answer["kind"], concern["id"]
            if kind and not self._flags(answer) & {"response", "disposes", "telling"}:
                yield link.breach(say("no-answering-kind", kind=kind, concern=concern_id))
            latest = days_meant(answer["date"]).start_latest
            earliest = days_meant(concern["date"]).earliest
            if latest is not None and earliest is not None and latest < earliest:
                dates = {"date": answer["date"], "of": concern["date"]}
                yield link.breach(say("answer-before-concern", concern=concern_id, **dates))

    def _views(self) -> Iterator[Breach]:
        """Views of which only one side has evidence."""
        sides: dict[str, set[str]] = defaultdict(set)
        for link in self.tables["links"]:
            sides[link["to_row"]].add(link["type"])
        for view in self.tables["views"]:
            evidence = sides[view["id"]] & {"supports", "contradicts"}
            if len(evidence) == 1:
                side = "for" if evidence == {"contradicts"} else "against"
                yield view.breach(say("one-side", side=side), "proposition")

    def _no_events(self) -> Iterator[Breach]:
        """Facts that end in `(at X)` where no event has the id: the bracket is then part of the
        value, as in `(at home)`, and was perhaps meant otherwise before the event was deleted."""
        for fact in self.tables["attributes"]:
            if match := _AT.search(fact["value"]):
                item = fact.origins[0].item
                yield fact.breach(say("at-no-event", item=item, event=match[1]))


def _may_lie_between(end: DateBounds, first: DateBounds, second: DateBounds) -> bool:
    """Whether an end can lie on a day from the start of the first to the start of the second."""
    after = end.latest is None or first.earliest is None or end.latest >= first.earliest
    last = second.start_latest
    return after and (end.earliest is None or last is None or end.earliest <= last)
