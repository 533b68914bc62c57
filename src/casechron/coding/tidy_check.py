"""Do the tidy tables hold together, is it sure which row an id names, and what is legal and odd?

Ids, cells, keys and rules are asked over rows that know where a coder typed them; who asks says how
a row is spoken of, and puts each breach where it was typed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice, pairwise

from casechron.characters import shown
from casechron.coding.cells import Ids, cell_breach, first_date, form_breach
from casechron.coding.codebook import codebook
from casechron.coding.expansion import ROWS, Expanded, Made, Origin
from casechron.coding.forms import ReadForms
from casechron.coding.rules import Rule, Tables
from casechron.coding.sheets import Breach, Row, Sheet
from casechron.dates.windows import DateBounds, DateError, bounds

#: Wrong cells of one table that are told.
MANY = 1000
#: Rows that are looked at once more for the sake of readings.
TRIED = 500_000
#: Tables whose rows a rule takes together.
_WHOLE = frozenset({"people", "sources"})
#: How a message names another row: its sheet and the row.
Where = Callable[[Sheet, Row], str]
Rules = Mapping[Rule, frozenset[str]]


def unique_ids(
    sheets: Mapping[str, Sheet], where: Where
) -> tuple[Ids, dict[str, tuple[str, Row]], list[Breach]]:
    """The ids of the whole review, the row of each, and those that stand twice."""
    by_id: dict[str, tuple[str, Row]] = {}
    found: list[Breach] = []
    for name, sheet in sheets.items():
        for row in sheet.rows:
            value = row["id"]
            other, first = by_id.setdefault(value, (name, row)) if value else (name, row)
            if first is not row:
                told = f"{shown(value)} is already the id of {where(sheets[other], first)}; ids are"
                told = f"{told} unique in the whole review, so write another"
                found.append(Breach(sheet.file, row.line, "id", told))
    in_part = {name for name in codebook().tables if name not in sheets or not sheets[name].whole}
    return Ids({value: name for value, (name, _) in by_id.items()}, in_part), by_id, found


def cell_breaches(sheet: Sheet, ids: Ids) -> Iterator[Breach]:
    """Cells that their column does not allow; the rows then know them as refused."""
    # Codes and ids stand in many rows: what is wrong with one is found once.
    known = [(column, dict[tuple[str, str], str]()) for column in sheet.table.columns]
    wrong = 0
    for place, row in enumerate(sheet.rows, start=1):
        cells, refused = row.cells, row.refused
        for column, messages in known:
            value = cells.get(column.name)
            if value is None or column.name in refused:
                continue
            asked = value, ids.table_of.get(row["row"], "") if column.kind == "column" else ""
            if asked not in messages:
                messages[asked] = cell_breach(column, value, ids, asked[1])
            if message := messages[asked]:
                refused.add(column.name)
                wrong += 1
                yield Breach(sheet.file, row.line, column.name, message)
        if wrong > MANY and place < len(sheet.rows):
            # What is meant by each takes time to find out.
            sheet.whole = False
            for unseen in sheet.rows[place:]:
                unseen.refused.update(sheet.table.header)
            told = f"more than {MANY:,} cells of this table are wrong; mend them first, nothing"
            yield Breach(sheet.file, row.line, "", f"{told} after this line has been looked at")
            return


def key_breaches(sheet: Sheet, where: Where) -> Iterator[Breach]:
    """Rows that say again what another row says, by the table's key or by what it declares
    unique."""
    for key in (sheet.table.key, sheet.table.unique):
        if not key or key == ("id",):  # ids are unique in the whole review, which is asked above
            continue
        first: dict[tuple[str, ...], Row] = {}
        for row in sheet.rows:
            if not row.sound(*key):
                continue
            other = first.setdefault(tuple([row.cells[column] for column in key]), row)
            if other is not row:
                same = f"{', '.join(key[:-1])} and {key[-1]}"
                told = f"{same} are those of {where(sheet, other)}; delete one, or correct it"
                yield Breach(sheet.file, row.line, key[0], told)


def rule_breaches(
    tables: Tables, rules: Rules, changed: frozenset[str] | None = None
) -> list[Breach]:
    """What breaks a rule, or one that reads one of the changed tables."""
    return [
        breach
        for rule, reads in rules.items()
        if changed is None or reads & changed
        for breach in rule(tables)
    ]


class _Near:
    """The rows that rules look at for the sake of some rows: themselves, and those that name the id
    of one."""

    def __init__(self, tables: Tables, ids: set[str]) -> None:
        self.tables = tables
        self.naming: dict[str, dict[int, tuple[str, Row]]] = defaultdict(dict)
        for name, sheet in tables.sheets.items():
            for row in sheet.rows if name not in _WHOLE else ():
                for value in ids.intersection(row.cells.values()):
                    self.naming[value][id(row)] = name, row

    def of(self, ids: Iterable[str]) -> Tables:
        """The tables with no other rows than those near some, and with all of `_WHOLE`."""
        rows: dict[str, list[Row]] = defaultdict(list)
        near = {at: one for each in ids for at, one in self.naming[each].items()}
        for name, row in near.values():
            rows[name].append(row)
        sheets = self.tables.sheets
        some = {name: replace(sheets[name], rows=found) for name, found in rows.items()}
        return replace(self.tables, sheets={**some, **{name: sheets[name] for name in _WHOLE}})


def reading_breaches(
    tables: Tables,
    ids: Ids,
    rules: Rules,
    already: Iterable[Breach],
    told_of: Callable[[Breach], Breach],
) -> Iterator[Breach]:
    """An alternative value is one that the cell could hold, differs from it, and fits the rows it
    would stand in.

    ``told_of`` puts a breach that a reading would make where it was typed."""
    book = codebook()
    chosen: dict[str, list[tuple[Row, str, Row]]] = {}
    for row in tables.rows("readings"):
        if not row.sound("reading", "row", "column", "value") or row["row"] not in tables.by_id:
            continue
        table, target = tables.by_id[row["row"]]
        name, value = row["column"], row["value"]
        if message := form_breach(value) or cell_breach(
            book.tables[table].column(name), value, ids
        ):
            yield tables.at("readings", row, "value", message)
        elif value == target[name] and name in target.cells:
            same = f"already holds {shown(value)}" if value else "is empty already"
            told = f"{name} of {shown(row['row'])} {same}; write a value that differs from it"
            yield tables.at("readings", row, "value", told)
        else:
            chosen.setdefault(row["reading"], []).append((target, name, row))
    known, near = set(already), _Near(tables, {row["row"] for row in tables.rows("readings")})
    rows = sum(len(sheet.rows) for sheet in tables.sheets.values())
    tried = TRIED // max(rows, 1) or 1
    if len(chosen) > tried:
        told = f"there are {len(chosen):,} readings, and each is tried against {rows:,} rows; at"
        yield tables.at("readings", None, "reading", f"{told} most {tried:,} are for so many")
    for reading, changes in islice(chosen.items(), tried):
        kept = [
            (target, name, target.cells.get(name, ""), name in target.refused)
            for target, name, _ in changes
        ]
        for target, name, row in changes:
            target.cells[name] = row["value"]
            target.refused.discard(name)
        changed = frozenset(tables.by_id[row["row"]][0] for _, _, row in changes)
        seen = tables if changed & _WHOLE else near.of(row["row"] for _, _, row in changes)
        for breach in rule_breaches(seen, rules, changed):
            if breach not in known:
                told = f"under the reading '{reading}' a rule would be broken: {told_of(breach)}"
                yield tables.at("readings", changes[0][2], "value", told)
        for target, name, value, refused in reversed(kept):
            target.cells[name] = value
            if refused:
                target.refused.add(name)


#: What a review conference reviews comes from one of these.
CONFERENCES = ("icpc", "transfer-conference")
PLANS = ("protection-plan", "child-in-need-plan")
#: What ends a plan, where the plan's own row does not say when it ended.
PLAN_ENDS = ("plan-end", "closure")
_MONTH = re.compile(r"-([0-9]{4}-[0-9]{2})(?:-[0-9]+)?")
_CLOCK = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:")
_NOT_DATED = DateBounds("moment", None, None, None, None, "none")
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
    owner = {made["id"]: made.origins[0][:2] for form in ROWS for made in done.tables[form]}
    for table, columns in _ENDS.items():
        for made in done.tables[table]:
            origin = made.origins[0]
            for column in columns:
                if made[column] and owner.get(made[column]) != origin[:2]:
                    yield made[column], origin if origin.item else origin._replace(column=column)
    for name in ("readings", "details"):
        for row in read.rows(name):
            yield row["row"], Origin(f"{read.prefix}{name}.csv", row.line, "row")


def unsure_ids(done: Expanded, read: ReadForms) -> Iterator[Breach]:
    """Ids that several rows could be meant by: rows of one kind and month that have no id are
    numbered by what they hold, so that another row would be named as soon as one is added."""
    for identity, origin in references(done, read):
        if identity in done.alike:
            *lines, last = map(str, done.alike[identity])
            told = f"{shown(identity)} can be the row of line {', '.join(lines)} or {last}, none of"
            told = f"{told} which has an id; write an id into the one that is meant, and name that"
            yield Breach(*origin[:3], told)


def no_events(done: Expanded) -> Iterator[Breach]:
    """Facts that end in `(at X)` where no event has the id: the bracket is then part of the value,
    as in `(at home)`, and was perhaps meant otherwise before the event was deleted."""
    for made in done.tables["attributes"]:
        if found := _AT.search(made["value"]):
            told = f"{shown(made.origins[0].item)}: no event has the id {shown(found[1])}, so that"
            yield made.breach(f"{told} the bracket is part of the value")


def looks(expanded: Expanded) -> Iterator[Breach]:
    """What is worth a look, each at the cell that it concerns."""
    yield from _Looks(expanded).all()


class _Looks:
    """What is looked for, and the rows in which."""

    def __init__(self, expanded: Expanded) -> None:
        self.tables, self.book = expanded.tables, codebook()
        self.events = {made["id"]: made for made in self.tables["events"]}
        self.there = [made for made in self.events.values() if not made["absence"]]
        self.parts: dict[str, list[Made]] = defaultdict(list)
        for made in self.tables["involvement"]:
            self.parts[made["event"]].append(made)
        self.carriers: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for made in self.tables["links"]:
            one, other = made["from_row"], made["to_row"]
            if made["type"] == "part-of":
                one, other = other, one
            if made["type"] in ("tells-of", "part-of") and one in self.events:
                self.carriers[other].append((made["type"], one))

    def all(self) -> Iterator[Breach]:
        """Everything, event by event, and then what stands in other tables."""
        # An answer comes no earlier than what it answers, and so has an order without more.
        ordered = {
            made[end]
            for made in (*self.tables["relations"], *self.tables["links"])
            if made.table == "relations" or made["type"] == "answers"
            for end in _ENDS[made.table]
        }
        # Where nobody has a part in anything, who had one is not coded.
        coded = self.tables["involvement"] or self.tables["participation"]
        for made in self.events.values():
            if not made["date"] and made["id"] not in ordered and not made["absence"]:
                told = "neither a date nor an order; write a date, or what it came after or before"
                yield made.breach(f"{told}, if the source says one", "date")
            yield from self._month(made)
            yield from self._clock(made)
            if coded:
                yield from self._nobody(made)
        yield from self._roles()
        yield from self._conferences()
        yield from self._plans()
        yield from self._answers()
        yield from self._views()
        yield from self._alleged()

    def _flags(self, made: Made) -> frozenset[str]:
        code = self.book.codes("event_kind").get(made["kind"])
        return code.flags if code else frozenset()

    def _window(self, made: Made) -> DateBounds:
        """The days of an event, as its own date has them."""
        try:
            return bounds(made["date"]) if made["date"] else _NOT_DATED
        except DateError:  # it is told of as wrong
            return _NOT_DATED

    def _month(self, made: Made) -> Iterator[Breach]:
        """An id whose month its date no longer has."""
        month, begins = _MONTH.search(made["id"]), first_date(made["date"])
        if month and begins and begins[: len(month[1])] != month[1][: len(begins)]:
            told = f"{shown(made['id'])} names a month, and its date is {shown(made['date'])}"
            yield made.breach(told, "id")

    def _clock(self, made: Made) -> Iterator[Breach]:
        """A time of day, by which nothing is ordered: relations hold between days."""
        told = "a time of day orders nothing; say in after or before what came first on that day"
        if found := _CLOCK.match(made["date"]):
            yield made.breach(f"{told}, and write '{found[1]}' here", "date")
        elif made["time"]:
            yield made.breach(told, "time")

    def _nobody(self, made: Made) -> Iterator[Breach]:
        """A concern that nobody received or held, an event without any agency, a meeting with
        one."""
        flags, kind, roles = self._flags(made), made["kind"], self.parts[made["id"]]
        if "concern" in flags and not made["absence"]:
            telling = "telling" in flags
            if not self._held(made["id"], "was-told" if telling else "knows"):
                told = f"a concern ({kind}) that no agency received or held; say one, if it did"
                if telling:
                    told = f"a concern ({kind}) that was passed on, and nobody received it"
                yield made.breach(told, "to")
        elif not roles and "protected" not in flags:
            told = "no agency has a part in it; name one if the source does, and leave it if not"
            yield made.breach(told, "by")
        elif kind in self.book.implied["with"][1] and not made["absence"] and len(roles) == 1:
            told = f"a decision of several agencies ({kind}) with one; say who else took part"
            yield made.breach(told, "with")

    def _held(self, event: str, wanted: str) -> bool:
        """Whether an agency has a role that is `wanted` in an event; of what is not itself told,
        also in what told of it at the time, or counts it together with others."""
        roles, learning = partial(self.book.flagged, "involvement_role"), "learning"
        stack, seen = [(event, roles(wanted))], {event}
        while stack:
            row, knowing = stack.pop()
            if not {part["role"] for part in self.parts[row]}.isdisjoint(knowing):
                return True
            for tie, carrier in self.carriers[row] if wanted == "knows" else ():
                made = self.events[carrier]
                if carrier in seen or made["absence"] or learning in self._flags(made):
                    continue
                seen.add(carrier)
                # Who raised one of several referrals did not raise the others.
                told = roles("told") if tie == "part-of" else frozenset[str]()
                stack.append((carrier, roles(wanted) - told))
        return False

    def _roles(self) -> Iterator[Breach]:
        """A role that makes no sense with the kind of its event."""
        for table, party in (("involvement", "agency"), ("participation", "person")):
            codes = self.book.codes(f"{table}_role")
            for made in self.tables[table]:
                kind = self.events[made["event"]]["kind"] if made["event"] in self.events else ""
                roles, code = self.book.roles.get(kind), codes.get(made["role"])
                if roles is None or code is None or code.flags & {"gap", "later"}:
                    continue
                given = (roles.agency,) if party == "agency" else (roles.child, roles.adult)
                fitting = {role for columns in given for role in columns.values()}
                if code.code not in fitting | self.book.anywhere:
                    item = made.origins[0].item or made[party]
                    told = f"{shown(item)}: the role {shown(code.code)} is unusual in {shown(kind)}"
                    yield made.breach(told)

    def _conferences(self) -> Iterator[Breach]:
        """A review conference without a conference before it."""
        firsts = [self._window(one).earliest for one in self.there if one["kind"] in CONFERENCES]
        for made in self.there:
            latest = self._window(made).latest
            first = any(one is None or latest is None or one <= latest for one in firsts)
            if made["kind"] == "review-conference" and not first:
                told = f"'review-conference', and no initial one ({' or '.join(CONFERENCES)})"
                yield made.breach(f"{told} is coded before it", "kind")

    def _plans(self) -> Iterator[Breach]:
        """Two plans for a child, and no end of the first between them."""
        subjects: dict[str, set[str]] = defaultdict(set)
        for made in self.tables["participation"]:
            if made["role"] == "subject":
                subjects[made["event"]].add(made["person"])
        lasting = {
            made["from_event"]
            for made in self.tables["relations"]
            if made["from_event"] == made["to_event"] and made["meaning"] != "at-least"
        }
        ends = [self._window(made) for made in self.there if made["kind"] in PLAN_ENDS]
        for kind in PLANS:
            plans = [made for made in self.there if made["kind"] == kind]
            plans.sort(key=lambda made: self._window(made).earliest or 0)
            for first, second in pairwise(plans):
                of = subjects[first["id"]], subjects[second["id"]]
                one, other = self._window(first), self._window(second)
                ended = one.latest is not None or first["id"] in lasting
                if (all(of) and not of[0] & of[1]) or ended:
                    continue
                if not any(_may_lie_between(end, one, other) for end in ends):
                    told = f"{shown(first['id'])} is a plan too, and no end of it is coded before"
                    told = f"{told} this one; write its until, or a row plan-end"
                    yield second.breach(told, "date")

    def _answers(self) -> Iterator[Breach]:
        """An answer that is no step of a kind that answers, or is dated before what it answers."""
        for made in self.tables["links"]:
            answer, concern = self.events.get(made["from_row"]), self.events.get(made["to_row"])
            if made["type"] != "answers" or answer is None or concern is None:
                continue
            if answer["kind"] and not self._flags(answer) & {"response", "disposes", "telling"}:
                told = f"{shown(answer['kind'])} is no kind of step that answers a concern; leave"
                yield made.breach(
                    f"{told} {concern['id']} out, or code the step that was taken on it"
                )
            latest, earliest = self._window(answer).start_latest, self._window(concern).earliest
            if latest is not None and earliest is not None and latest < earliest:
                told = f"dated {shown(answer['date'])}, it comes before what it answers:"
                yield made.breach(f"{told} {concern['id']}, dated {shown(concern['date'])}")

    def _views(self) -> Iterator[Breach]:
        """Views of which only one side has evidence."""
        sides: dict[str, set[str]] = defaultdict(set)
        for made in self.tables["links"]:
            sides[made["to_row"]].add(made["type"])
        for made in self.tables["views"]:
            there = sides[made["id"]] & {"supports", "contradicts"}
            if len(there) == 1:
                other = "for" if there == {"contradicts"} else "against"
                told = f"no row is evidence {other} it; judge both sides or none"
                yield made.breach(told, "proposition")

    def _alleged(self) -> Iterator[Breach]:
        """What is alleged of a person, where no row of the review tells who harmed whom."""
        parts = self.tables["participation"]
        if any(made["role"] == "harming" for made in parts):
            return
        for made in parts:
            if made["role"] == "of-concern" and made["status"] in ("alleged", "counter-alleged"):
                told = f"{shown(made.origins[0].item or made['person'])}: if what is"
                told = f"{told} {made['status']} is harm, no row tells who harmed whom; code it as"
                yield made.breach(
                    f"{told} violence or harm-to-child, and write that row in tells_of"
                )


def _may_lie_between(end: DateBounds, first: DateBounds, second: DateBounds) -> bool:
    """Whether an end can lie on a day from the start of the first to the start of the second."""
    after = end.latest is None or first.earliest is None or end.latest >= first.earliest
    before = (
        end.earliest is None or second.start_latest is None or end.earliest <= second.start_latest
    )
    return after and before
