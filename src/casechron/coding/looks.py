"""What is legal and odd in the tidy tables, and worth a look?

Events whose dates, roles and orders fit badly, ties that run backwards in time, and what is said of
harm: accusations of nothing that is coded, and a harm that is told as a fact where who did it is
not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import pairwise

from casechron.coding.cells import first_date
from casechron.coding.codebook import codebook
from casechron.coding.expansion import Expanded, TidyRow
from casechron.coding.items import folded, parted_bracket
from casechron.coding.rules import LEEWAY_DAYS, days_meant, last_sources
from casechron.coding.sheets import Breach
from casechron.coding.tidy_check import ENDS
from casechron.dates.windows import DateBounds

#: What a review conference reviews comes from one of these.
CONFERENCES = ("icpc", "transfer-conference", "conference")
_PLAN_KINDS = ("protection-plan", "child-in-need-plan")
#: A season that can be a year that begins in one calendar year and ends in the next, and its name.
_SEASON = re.compile(r"\b(\d{4})-(2[1-8])\b(?!-)")
_SEASONS = ("spring", "summer", "autumn", "winter")
#: What ends a plan, where the plan's own row does not say when it ended.
PLAN_ENDS = ("plan-end", "closure")
_MONTH = re.compile(r"-([0-9]{4}-[0-9]{2})(?:-[0-9]+)?")
_CLOCK = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:")
#: Ties whose one end comes no earlier than the other, and how a message tells them.
_IN_ORDER = {
    "answers": ("before", "answers"),
    "tells-of": ("before", "tells of"),
    "led-to": ("after", "led to"),
}
#: A bracket at the end of a fact that may have been meant for an event.
_AT = re.compile(r"\((?:[^()]*, *)?at ([a-z0-9]+(?:-[a-z0-9]+)*)(?:,[^()]*)?\)$", re.IGNORECASE)
#: Statuses of what somebody says of somebody that they did.
_ACCUSING = ("alleged", "counter-alleged", "withdrawn")
#: The role of who was harmed or is feared, and that of who did the harm or is afraid.
_WHOSE_ACT = {"harmed": "harming", "feared": "afraid"}
#: Forces of a status that say of something that it was so.
_AS_FACTS = frozenset(("fact", "found", "established"))


class Looks:
    """Looks for what is legal and odd, event by event and table by table."""

    def __init__(self, expanded: Expanded, meta: Mapping[str, object]) -> None:
        self.tables, self.book = expanded.tables, codebook()
        self.last_told = last_sources(self.tables, meta)
        # An id that is typed twice is reported at the second row; ties and parts are the first's.
        self.events: dict[str, TidyRow] = {}
        for event in self.tables["events"]:
            self.events.setdefault(event["id"], event)
        self.happened = [event for event in self.events.values() if not event["absence"]]
        self.parts: dict[str, list[TidyRow]] = defaultdict(list)
        for part in self.tables["involvement"]:
            self.parts[part["event"]].append(part)
        #: The events that tell of a row, or count it together with others, with the type of tie.
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
            for end in ENDS[row.table]
        }
        # Where no event has any role, roles were not coded.
        coded = self.tables["involvement"] or self.tables["participation"]
        for event in self.events.values():
            if not event["date"] and event["id"] not in ordered and not event["absence"]:
                yield event.slip("date", "neither-date-nor-order")
            yield from self._month(event)
            yield from self._season(event)
            yield from self._clock(event)
            yield from self._last_day(event)
            if event["kind"] == "conviction" and event["absence"]:
                yield event.slip("kind", "no-conviction")
            if coded:
                yield from self._nobody(event)
        for agency in self.tables["agencies"]:
            own = agency["id"] not in self.book.ready_agencies
            if own and agency["sector"] in ("5A", "5C") and "child" in folded(agency["label"]):
                yield agency.slip("sector", "no-childrens-services")
        yield from self._roles()
        yield from self._accused_of_nothing()
        yield from self._half_as_a_fact()
        yield from self._harmed_each_other()
        yield from self._conferences()
        yield from self._plans()
        yield from self._ties()
        yield from self._views()
        yield from self._no_events()

    def _flags(self, event: TidyRow) -> frozenset[str]:
        code = self.book.codes("event_kind").get(event["kind"])
        return code.flags if code else frozenset()

    def _month(self, event: TidyRow) -> Iterator[Breach]:
        """An id whose month its date no longer has."""
        month, begins = _MONTH.search(event["id"]), first_date(event["date"])
        if month and begins and begins[: len(month[1])] != month[1][: len(begins)]:
            yield event.slip("id", "month-of-id")

    def _season(self, event: TidyRow) -> Iterator[Breach]:
        """A season that is written as a school or financial year is, without words that say so."""
        for year, number in _SEASON.findall(event["date"] if not event["date_words"] else ""):
            if int(number) == int(year) % 100 + 1:
                season = _SEASONS[(int(number) - 21) % 4]
                values = {"date": f"{year}-{number}", "season": season, "year": year}
                yield event.slip("date", "season-or-year", next=int(year) + 1, **values)

    def _clock(self, event: TidyRow) -> Iterator[Breach]:
        """A time of day, by which nothing is ordered: relations hold between days."""
        if day := _CLOCK.match(event["date"]):
            yield event.slip("date", "time-in-date", day=day[1])
        elif event["time"]:
            yield event.slip("time", "time-of-day")

    def _last_day(self, event: TidyRow) -> Iterator[Breach]:
        """A moment whose last day was written, long after its last source was published."""
        latest = days_meant(event["date"]).latest if ".." in event["date"] else None
        last, source, when = self.last_told.get(event["id"], (latest, "", ""))
        if latest is not None and last is not None and latest > last + LEEWAY_DAYS:
            yield event.slip("date", "last-day-too-late", source=source, when=when)

    def _nobody(self, event: TidyRow) -> Iterator[Breach]:
        """A concern that nobody received or held, an event without any agency, a meeting with
        one."""
        flags, kind, parts = self._flags(event), event["kind"], self.parts[event["id"]]
        _, meetings = self.book.implied["with"]
        if "concern" in flags and not event["absence"]:
            telling = "telling" in flags
            if not self._held(event["id"], "was-told" if telling else "knows"):
                yield event.slip("to", "concern-unreceived" if telling else "concern-unheld")
        elif not parts and "protected" not in flags:
            yield event.slip("by", "no-agency")
        elif kind in meetings and not event["absence"] and len(parts) == 1:
            yield event.slip("with", "one-agency")

    def _held(self, event: str, wanted: str) -> bool:
        """Whether an agency has a role with the flag `wanted`, or is said to, in an event; for
        `knows` also in an event that told of it at the time, or counts it together with others."""
        roles, learning = partial(self.book.flagged, "involvement_role"), "learning"
        stack, visited = [(event, roles(wanted) | roles("may-know"))], {event}
        while stack:
            row, knowing = stack.pop()
            if not {part["role"] for part in self.parts[row]}.isdisjoint(knowing):
                return True
            for tie, carrier in self.carriers[row] if wanted == "knows" else ():
                carrying = self.events[carrier]
                if carrier in visited or carrying["absence"] or learning in self._flags(carrying):
                    continue
                visited.add(carrier)
                # Who raised one of several referrals did not raise the others.
                of_one_alone = roles("told") if tie == "part-of" else frozenset[str]()
                stack.append((carrier, roles(wanted) - of_one_alone))
        return False

    def _roles(self) -> Iterator[Breach]:
        """A role that makes no sense with the kind of its event."""
        for table in ("involvement", "participation"):
            codes = self.book.codes(f"{table}_role")
            for part in self.tables[table]:
                kind, code = self.events[part["event"]]["kind"], codes[part["role"]]
                roles = self.book.roles.get(kind)
                if roles is None or code.flags & {"gap", "later"}:
                    continue
                given = (roles.agency,) if part["agency"] else (roles.child, roles.adult)
                fitting = self.book.roles_anywhere.union(*(columns.values() for columns in given))
                if code.code not in fitting:
                    yield part.slip("", "unusual-role", kind=kind)

    def _conferences(self) -> Iterator[Breach]:
        """A review conference without a conference before it."""
        dates = [event["date"] for event in self.happened if event["kind"] in CONFERENCES]
        firsts = [days_meant(date).earliest for date in dates]
        for event in self.happened:
            latest = days_meant(event["date"]).latest
            has_first = any(day is None or latest is None or day <= latest for day in firsts)
            if event["kind"] == "review-conference" and not has_first:
                yield event.slip("kind", "no-conference-before", kinds=" or ".join(CONFERENCES))

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
        ends = [days_meant(event["date"]) for event in self.happened if event["kind"] in PLAN_ENDS]
        for kind in _PLAN_KINDS:
            plans = [plan for plan in self.happened if plan["kind"] == kind]
            plans.sort(key=lambda plan: days_meant(plan["date"]).earliest or 0)
            for first, second in pairwise(plans):
                children = subjects[first["id"]], subjects[second["id"]]
                first_window, second_window = days_meant(first["date"]), days_meant(second["date"])
                ended = first_window.latest is not None or first["id"] in lasting
                if (all(children) and not children[0] & children[1]) or ended:
                    continue
                if not any(_may_lie_between(end, first_window, second_window) for end in ends):
                    yield second.slip("date", "plan-without-end", plan=first["id"])

    def _ties(self) -> Iterator[Breach]:
        """An answer that is no step of a kind that answers; and what is dated before what it
        answers, tells of or came of."""
        for link in self.tables["links"]:
            row, other = self.events.get(link["from_row"]), self.events.get(link["to_row"])
            if link["type"] not in _IN_ORDER or row is None or other is None:
                continue
            answers, kind = link["type"] == "answers", row["kind"]
            if answers and kind and not self._flags(row) & {"response", "disposes", "telling"}:
                yield link.slip("", "no-answering-kind", kind=kind, concern=other["id"])
            later, earlier = (other, row) if link["type"] == "led-to" else (row, other)
            window, earliest = days_meant(later["date"]), days_meant(earlier["date"]).earliest
            # What tells, or came of something, can do so until its end.
            latest = window.start_latest if answers else window.latest
            if latest is not None and earliest is not None and latest < earliest:
                side, tie = _IN_ORDER[link["type"]]
                dates = {"date": row["date"], "of": other["date"]}
                yield link.slip("", "tie-backwards", **dates, side=side, tie=tie, row=other["id"])

    def _views(self) -> Iterator[Breach]:
        """Views of which only one side has evidence."""
        sides: dict[str, set[str]] = defaultdict(set)
        for link in self.tables["links"]:
            sides[link["to_row"]].add(link["type"])
        for view in self.tables["views"]:
            evidence = sides[view["id"]] & {"supports", "contradicts"}
            if len(evidence) == 1:
                side = "for" if evidence == {"contradicts"} else "against"
                yield view.slip("proposition", "one-side", side=side)

    def _no_events(self) -> Iterator[Breach]:
        """Facts that end in `(at X)` where no event has the id: the bracket is then part of the
        value, as in `(at home)`, and was perhaps meant otherwise before the event was deleted."""
        for fact in self.tables["attributes"]:
            if match := _AT.search(fact["value"]):
                yield fact.slip("", "at-no-event", event=match[1])

    def _accused_of_nothing(self) -> Iterator[Breach]:
        """What is alleged of a person, where no row of the review tells who harmed whom; and an
        accusation, or its withdrawal, that tells of no row."""
        parts = self.tables["participation"]
        harm_told = any(part["role"] == "harming" for part in parts)
        telling = {link["from_row"] for link in self.tables["links"] if link["type"] == "tells-of"}
        statements = {event["id"] for event in self.events.values() if event["kind"] == "account"}
        of_nothing = statements - telling
        for part in parts:
            if harm_told and part["event"] not in of_nothing:
                continue
            if part["role"] == "of-concern" and part["status"] in _ACCUSING:
                yield part.slip("", "harm-untold")

    def _half_as_a_fact(self) -> Iterator[Breach]:
        """Who was harmed or feared, without a status, where nobody is said as a fact to have done
        it or to be afraid."""
        parts = self.tables["participation"]
        forces: dict[tuple[str, str], set[str]] = defaultdict(set)
        for part in parts:
            force = self.book.codes("status")[part["status"]].force
            forces[part["event"], part["role"]].add(force)
        for part in parts:
            other = _WHOSE_ACT.get(part["role"], "")
            other_forces = forces[part["event"], other]
            if not other_forces or other_forces & _AS_FACTS:
                continue
            _, bracket = parted_bracket(part.origins[0].item)
            if part["status"] == "reported" and "reported" not in map(folded, bracket.split(",")):
                yield part.slip("", "half-as-fact", other=other)

    def _harmed_each_other(self) -> Iterator[Breach]:
        """Who is said in one account to have done harm and to have suffered it."""
        parts, of = self.tables["participation"], ("event", "person", "account", "status")
        harming = [[part[key] for key in of] for part in parts if part["role"] == "harming"]
        for part in parts:
            if part["role"] == "harmed" and [part[key] for key in of] in harming:
                yield part.slip("", "harmed-each-other")


def _may_lie_between(end: DateBounds, first: DateBounds, second: DateBounds) -> bool:
    """Whether an end can lie on a day from the start of the first to the start of the second."""
    after = end.latest is None or first.earliest is None or end.latest >= first.earliest
    last = second.start_latest
    return after and (end.earliest is None or last is None or end.earliest <= last)
