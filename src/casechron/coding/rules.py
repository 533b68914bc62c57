"""Do the cells of a row fit together, does the row fit those that it names, and its time?

Each rule yields what is wrong over a whole review, and relies only on cells that are sound in
themselves, so that one mistake is said once. Nothing here reads a clock: what can be known is that
a text tells of nothing later than itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from casechron.characters import meant_then, nearest, shown
from casechron.coding.cells import WORDS_AT_MOST
from casechron.coding.codebook import codebook
from casechron.coding.sheets import Breach, Row, Sheet
from casechron.dates.days import date_of, day_number, day_text
from casechron.dates.windows import DateError, bounds

PLAN_CATEGORIES = ("physical", "emotional", "sexual", "neglect", "multiple")
AGES = ("age-years", "age-months")
#: Facts of which the row says that they were so, and what to write where they were not.
_SEEN = {"child-seen": "'child-not-seen: why, if it is said'"}
_SEEN |= {"child-seen-alone": "'child-seen: X, not alone'"}
_SEEN |= {"child-spoken-to": "'child-seen: X, not spoken to'"}
_NOT_SO = re.compile(r"(?:no|n|none|never|false)(?:$|[.,;:–-])|not\b|[✗✘]", re.IGNORECASE)
#: Statuses whose coding rule asks whose statement it is.
NEED_ACCOUNT = (
    "alleged", "counter-alleged", "denied", "medical-opinion", "professional-opinion", "quoted",
)  # fmt: skip
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
#: No review tells of an earlier day.
FIRST_YEAR = 1900
_FIRST = day_number(FIRST_YEAR, 1, 1)
#: How far back of its publication a review is likely to reach, for a guess at what was meant.
_REACH = 40
_LOOSE = re.compile(r"[a-z~%?]")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


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

    def table_of(self, row_id: str) -> str:
        """The table in which an id stands; '' where it stands in none."""
        return self.by_id.get(row_id, ("", None))[0]

    def named(self, table: str, row_id: str) -> Row | None:
        """The row of a table that has an id, if there is one."""
        return self.by_id[row_id][1] if self.table_of(row_id) == table else None

    def at(self, table: str, row: Row | None, column: str, message: str) -> Breach:
        """A breach at a cell of a row, or of the whole table where no row is meant."""
        return Breach(self.sheets[table].file, row.line if row else None, column, message)


Rule = Callable[[Tables], Iterator[Breach]]
#: What a rule finds: the row (None for the whole table), the column, what is wrong there.
Found = Iterator[tuple[Row | None, str, str]]
#: Each rule and the tables whose cells it reads: a changed cell is asked about by these alone.
RULES: dict[Rule, frozenset[str]] = {}


def _rule(table: str, *reads: str) -> Callable[[Callable[[Tables], Found]], Rule]:
    """Enter what finds breaches in a table among the rules; it also reads some others."""

    def enter(find: Callable[[Tables], Found]) -> Rule:
        def rule(tables: Tables) -> Iterator[Breach]:
            return (tables.at(table, *found) for found in find(tables))

        rule.__name__ = find.__name__
        RULES[rule] = frozenset({table, *reads})
        return rule

    return enter


@_rule("events")
def _event_dates(tables: Tables) -> Found:
    """A date and its basis stand together; a birth is a moment and never worked out from something
    else."""
    births = codebook().flagged("event_kind", "protected")
    for row in tables.rows("events"):
        if row.sound("date", "date_basis"):
            if row["date"] and not row["date_basis"]:
                told = "the cell is empty, and the row has a date; write one of: stated, derived,"
                yield row, "date_basis", f"{told} judged"
            elif row["date_basis"] and not row["date"]:
                told = f"{shown(row['date_basis'])} is the basis of a date, and the row has none;"
                yield row, "date_basis", f"{told} empty the cell or write the date"
        if not row.sound("kind") or row["kind"] not in births:
            continue
        if row.sound("date_basis") and row["date_basis"] == "derived":
            told = "the date of a birth is as coarse as the source publishes it and is never"
            told = f"{told} derived; write the date that the source states, or none"
            yield row, "date_basis", told
        if row.sound("date") and row["date"] and bounds(row["date"]).shape != "moment":
            told = f"{shown(row['date'])} lasts or is several, and a birth is a moment; write one"
            yield row, "date", f"{told} date, or a window as a set such as [2018-07..2018-08]"


@_rule("events")
def _event_counts(tables: Tables) -> Found:
    """A count's least is no greater than its greatest, and an absence has none."""
    for row in tables.rows("events"):
        if not row.sound("count_min", "count_max"):
            continue
        least, most = row["count_min"], row["count_max"]
        if most and not least:
            told = f"the cell is empty, and count_max is {most}; write the least number too, 1"
            yield row, "count_min", f"{told} where the source gives none"
        elif most and int(least) > int(most):
            told = f"{least} is more than count_max ({most}); write the least number here"
            yield row, "count_min", told
        if row.sound("absence") and row["absence"] and (least or most):
            told = f"{shown(row['absence'])} says that it did not happen, and the row counts"
            yield row, "absence", f"{told} occurrences; empty absence, or count"


@_rule("involvement", "events")
def _involvement_gaps(tables: Tables) -> Found:
    """A role that says an agency was missing has its grade, and no other role has one."""
    gaps = codebook().flagged("involvement_role", "gap")
    for row in tables.rows("involvement"):
        if not row.sound("role", "grade"):
            continue
        role, grade = row["role"], row["grade"]
        event = tables.named("events", row["event"]) if row.sound("event") else None
        if role not in gaps:
            if grade:
                roles = ", ".join(
                    one for one in codebook().codes("involvement_role") if one in gaps
                )
                told = f"{shown(grade)} grades a missing agency, and the role is '{role}'; leave"
                yield row, "grade", f"{told} it out, or write one of the roles: {roles}"
        elif event is None or not event.sound("absence"):
            continue
        elif role == "responsible-absent" and not event["absence"]:
            told = "the role 'responsible-absent' is for absences, and the row has nothing in"
            told = f"{told} absence; write another role, or the grade of the absence there"
            yield row, "role", told
        elif not grade and not event["absence"]:
            told = f"the role is '{role}', and no grade is said; write in the bracket one of:"
            yield row, "grade", f"{told} {', '.join(codebook().codes('absence'))}"


@_rule("participation")
def _participation_accounts(tables: Tables) -> Found:
    """What somebody alleges, denies or holds says whose statement it is."""
    for row in tables.rows("participation"):
        status = row["status"]
        if row.sound("status", "account") and status in NEED_ACCOUNT and not row["account"]:
            told = f"the status is '{status}', and nobody's account is said; write whose it is, as"
            yield row, "account", f"{told} {status} by unspecified where the source does not say it"


@_rule("attributes")
def _attribute_values(tables: Tables) -> Found:
    """Ages and sentences are whole numbers, an age is of a person and of no event, a plan's
    category is a known one."""
    for row in tables.rows("attributes"):
        if not row.sound("attribute"):
            continue
        attribute, value = row["attribute"], row["value"]
        of = tables.table_of(row["row"]) if row.sound("row") else ""
        event = row["event"] if row.sound("event") else ""
        if attribute in AGES and of and of != "people":
            told = f"'{attribute}' is a fact of a person, and {shown(row['row'])} is a row of {of};"
            yield row, "row", f"{told} write it into facts of the person"
        if attribute in AGES and event:
            told = f"an age at an event ({shown(event)}) would date the birth by what narrows the"
            told = f"{told} event's date; write when in words after the number, as {attribute}: 7"
            yield row, "event", f"{told} (in late August)"
        elif of == "events" and event:
            told = f"'at {event}' is for facts of a person, and this is a fact of an event; leave"
            yield row, "event", f"{told} it out"
        if not row.sound("value"):
            continue
        if attribute in AGES and not _AGE.fullmatch(value):
            told = f"{shown(value)} is no value of '{attribute}'; write a whole number from 0, in"
            told = f"{told} digits, and when in brackets after it, in six words at most: 7 (in late"
            yield row, "value", f"{told} August)"
        if attribute == "sentence-months" and not (_WHOLE.fullmatch(value) and int(value) >= 1):
            told = f"{shown(value)} is no value of '{attribute}'; write a whole number from 1, in"
            yield row, "value", f"{told} digits"
        if attribute in _SEEN and _NOT_SO.match(value):
            told = f"{shown(value)} is no value of '{attribute}'; write {_SEEN[attribute]} in its"
            yield row, "value", f"{told} place, if the source says that it was not so"
        if attribute == "plan-category" and value not in PLAN_CATEGORIES:
            allowed = f"allowed: {', '.join(PLAN_CATEGORIES)}, each as a fact of its own"
            offer = meant_then(nearest(value, PLAN_CATEGORIES), allowed)
            yield row, "value", f"{shown(value)} is no category of a plan{offer}"


@_rule("relations", "events")
def _relation_ends(tables: Tables) -> Found:
    """A relation ties two events that took place, and has a gap just when its type asks for one."""
    likes = {
        "gap": "a duration in the unit that the source speaks in, such as P14D, P2W, P2M or P4Y",
        "meaning": f"one of: {', '.join(codebook().codes('gap_meaning'))}",
    }
    for row in tables.rows("relations"):
        ends = row["from_point"], row["to_point"], row["type"]
        same = row.sound("from_event", "to_event") and row["from_event"] == row["to_event"]
        # How long an event lasts is a gap from its start to its end.
        if same and ends != ("start", "end", "gap"):
            told = f"{shown(row['to_event'])} is tied to itself; name another event, or write how"
            yield row, "to_event", f"{told} long it lasts into lasts of its row"
        for column in ("from_event", "to_event"):
            event = tables.named("events", row[column]) if row.sound(column) else None
            if event and event.sound("absence") and event["absence"]:
                told = f"{shown(row[column])} is an absence, which has no order; write its window"
                told = f"{told} in date and until of its row, or tie it by answers or led_to"
                yield row, column, told
        if not row.sound("type"):
            continue
        if row["type"] == "during" and row.sound("to_point") and row["to_point"]:
            told = f"{shown(row['to_point'])} is one day, and nothing lasts during it; empty the"
            yield row, "to_point", f"{told} cell, or write the type same-day"
        for column, like in likes.items():
            if not row.sound(column):
                continue
            if row["type"] == "gap" and not row[column]:
                yield row, column, f"the cell is empty, and the type is 'gap'; write {like}"
            elif row["type"] != "gap" and row[column]:
                told = f"{shown(row[column])} goes with the type 'gap', and the type is"
                told = f"{told} '{row['type']}'; empty the cell, or write the type gap"
                yield row, column, told


@_rule("links")
def _link_ends(tables: Tables) -> Found:
    """A link goes between rows of the tables that its type allows, never to itself and never in a
    circle of parts."""
    parts: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    codes = codebook().codes("link_type")
    for row in tables.rows("links"):
        if not row.sound("type", "from_row", "to_row"):
            continue
        code = codes[row["type"]]
        for side, may in (("from", code.from_tables), ("to", code.to_tables)):
            end = row[f"{side}_row"]
            table = tables.table_of(end)
            if table and table not in may:
                typed = f" of {table}.csv" if table in codebook().forms else ""
                told = f"{shown(end)} is {_a_row(table)}{typed}, and '{row['type']}' goes {side}"
                yield row, f"{side}_row", f"{told} {' or '.join(map(_a_row, may))}"
        if row["from_row"] == row["to_row"]:
            yield row, "to_row", f"{shown(row['to_row'])} is tied to itself; name another row"
        elif row["type"] == "part-of":
            parts[row["from_row"]].append((row["to_row"], row))
    yield from _circles(parts)


def _a_row(table: str) -> str:
    return _ROW_OF.get(table, f"a row of {table}")


@_rule("links", "events")
def _answers_are_answers(tables: Tables) -> Found:
    """What answers is no birth, and what is answered no response: the link runs from the response
    to the concern."""
    of = partial(codebook().flagged, "event_kind")
    responses = (of("response") | of("disposes")) - of("concern")

    def kind(event: Row | None) -> str:
        return event["kind"] if event and event.sound("kind") else ""

    for row in tables.rows("links"):
        one, other = row["from_row"], row["to_row"]
        sound = row.sound("type", "from_row", "to_row")
        if not sound or row["type"] != "answers" or one == other:
            continue
        first, last = (tables.named("events", end) for end in (one, other))
        if kind(first) in of("protected"):
            told = f"{shown(one)} is a birth, which answers nothing; name the response, or tie the"
            yield row, "from_row", f"{told} two by a link of another type"
        elif kind(last) in responses:
            swapped = first and first.sound("kind") and kind(first) not in responses
            mend = (
                "write the tie in the row of the response"
                if swapped
                else "name the concern, or tie the two by a link of another type"
            )
            told = f"{shown(other)} is a response ({kind(last)}), and 'answers' goes from the"
            yield row, "to_row", f"{told} response to the concern; {mend}"


@_rule("events")
def _states_last(tables: Tables) -> Found:
    """A state has the date of what lasts, unless its rule dates the day on which it was found or
    told of."""
    states = codebook().flagged("event_kind", "state") - set(FOUND_ON_A_DAY)
    for row in tables.rows("events"):
        sound = row.sound("date", "kind", "absence") and row["kind"] in states
        if sound and row["date"] and not row["absence"] and bounds(row["date"]).shape == "moment":
            told = f"{shown(row['date'])} is a moment, and '{row['kind']}' lasts; write when it"
            told = f"{told} began into date and when it ended into until: .. for an end that is"
            told = f"{told} still open when the account ends, nothing for one that the source does"
            yield row, "date", f"{told} not give"


@_rule("people")
def a_child_is_there(tables: Tables) -> Found:
    """At least one person is the child whom the review is about."""
    if tables.whole("people") and all(
        row.sound("kinship") and row["kinship"] != "child" for row in tables.rows("people")
    ):
        told = "no row has the kinship 'child'; write a row for each child whom the review is about"
        yield None, "kinship", told


def _circles(parts: Mapping[str, list[tuple[str, Row]]]) -> Found:
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
                told = f"the parts run in a circle: {circle}; delete one of the links"
                yield link, "to_row", told
            elif whole not in done:
                path[whole] = None
                open_links.append(iter(parts.get(whole, ())))


# Time


def likely(text: str, first: int, last: int) -> str:
    """The text with each year outside of a range as it was probably meant; empty where that is not
    clear.

    Two digits that changed places are thought of first, then one that is wrong.

    >>> [likely(text, 1980, 2021) for text in ("2091-10-14", "0219-10/2019-11", "1777")]
    ['2019-10-14', '2019-10/2019-11', '']
    """
    meant = text
    for year in set(_YEAR.findall(text)):
        if first <= int(year) <= last:
            continue
        swapped = {year[:at] + year[at + 1] + year[at] + year[at + 2 :] for at in range(3)}
        mistyped = {year[:at] + digit + year[at + 1 :] for at in range(4) for digit in "0123456789"}
        could = ([one for one in of if first <= int(one) <= last] for of in (swapped, mistyped))
        near = next(filter(None, could), [])
        if len(near) != 1:
            return ""
        meant = re.sub(rf"(?<![0-9]){year}(?![0-9])", near[0], meant)
    try:
        bounds(meant)
    except DateError:  # an interval whose ends would change places
        return ""
    return meant if meant != text else ""


def too_old(text: str, last: int | None) -> str:
    """What is wrong with a date that can only lie before 1900; empty where nothing is. ``last``:
    the last likely year."""
    found = bounds(text)
    if found.latest is None or found.latest >= _FIRST:
        return ""
    likely_years = (FIRST_YEAR, 2100) if last is None else (last - _REACH, last)
    write = meant_then(likely(text, *likely_years), "write the year in full, in four digits")
    return f"{shown(text)} lies before {FIRST_YEAR}{write}"


def _last_day(text: str) -> int | None:
    try:
        return bounds(text).latest if text else None
    except DateError:
        return None


def _finished(tables: Tables) -> int | None:
    """The day on which the coding was finished; None where nothing says it."""
    return _last_day(str(tables.meta.get("coded_on", "")))


def _dates_before_telling(name: str, tables: Tables) -> Found:
    """What a row tells of began no later than its last source was published, and not before
    1900."""
    #: The last day on which each source can have been published; None where nothing says it.
    published = {
        row["id"]: _last_day(row["published"])
        if row["published"] and row.sound("published")
        else _finished(tables)
        for row in tables.rows("sources")
    }
    sources: dict[str, set[str]] = defaultdict(set)
    for row in (*tables.rows("locators"), *tables.rows("readings")):
        sources[row["row"]].add(row["source"])
    for row in tables.rows(name):
        if not row["date"] or not row.sound("date"):
            continue
        tellers = sources.get(row["id"], set()) & published.keys() or set(published)
        known = [(day, one) for one in tellers if (day := published[one]) is not None]
        last, by = max(known) if known and len(known) == len(tellers) else (0, "")
        message = too_old(row["date"], date_of(last)[0] if by else None)
        if by and not message:
            message = _too_late(row["date"], by, last, tables)
        if message:
            yield row, "date", message


@_rule("events", "sources", "locators")
def _events_before_telling(tables: Tables) -> Found:
    return _dates_before_telling("events", tables)


@_rule("views", "sources", "locators")
def _views_before_telling(tables: Tables) -> Found:
    return _dates_before_telling("views", tables)


def _too_late(text: str, source: str, published: int, tables: Tables) -> str:
    found = bounds(text)
    year = date_of(published)[0]
    meant = likely(text, year - _REACH, year)
    row = tables.named("sources", source)
    when = f"before the coding was finished, {day_text(published)}"
    when = row["published"] if row and row["published"] else when
    # Where a third of a month, a season or 'about' begins is a convention, which nobody need share.
    loose = _LOOSE.search(text) or found.precision not in ("day", "month", "year")
    last = published + (366 if loose else 0)
    told = f"later than the last source that the row rests on ('{source}', published {when})"
    if found.earliest is not None and found.earliest > last:
        write = "write the date that the source gives, or name in place the later source that tells"
        return f"{shown(text)} is {told}{meant_then(meant, f'{write} of it')}"
    if found.shape != "moment" and found.end_earliest is not None and found.end_earliest > last:
        write = "write .. for an end that is still open there, or name in place the later source"
        return f"{shown(text)} ends {told}{meant_then(meant, f'{write} that tells of it')}"
    return ""


@_rule("sources")
def _sources_are_of_our_time(tables: Tables) -> Found:
    """A source was published after 1900, and before the coding from it was finished."""
    finished = _finished(tables)
    last = None if finished is None else date_of(finished)[0]
    for row in tables.rows("sources"):
        published = row["published"]
        if not published or not row.sound("published"):
            continue
        if message := too_old(published, last):
            yield row, "published", message
            continue
        earliest = bounds(published).earliest
        if finished is not None and last is not None and earliest and earliest > finished:
            told = f"{shown(published)} is later than the day on which the coding was finished"
            write = "write when the source was published, or correct coded_on"
            offer = meant_then(likely(published, last - _REACH, last), write)
            told = f"{told} (coded_on in review.toml, {day_text(finished)}){offer}"
            yield row, "published", told
