"""What is legal and odd in a coded chronology, so that a coder may want to look again?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from casechron.coding.characters import shown
from casechron.coding.codebook import codebook
from casechron.coding.dates import DateBounds, DateError, bounds
from casechron.coding.made import Expanded, Made
from casechron.coding.notation import first_date
from casechron.coding.sheets import Breach

__all__ = ["looks"]

#: What a review conference reviews comes from one of these.
CONFERENCES = ("icpc", "transfer-conference")
PLANS = ("protection-plan", "child-in-need-plan")
#: What ends a plan, where the plan's own row does not say when it ended.
PLAN_ENDS = ("plan-end", "closure")
_MONTH = re.compile(r"-([0-9]{4}-[0-9]{2})(?:-[0-9]+)?")
_CLOCK = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:")
_NOT_DATED = DateBounds("moment", None, None, None, None, "none")


def looks(expanded: Expanded) -> Iterator[Breach]:
    """What is worth a look, each at the cell that it concerns."""
    yield from _Looks(expanded).all()


class _Looks:
    """What is looked for, and the rows in which."""

    def __init__(self, expanded: Expanded) -> None:
        self.expanded, self.book = expanded, codebook()
        self.events = {made["id"]: made for made in expanded.tables["events"]}
        self.parts: dict[str, list[Made]] = defaultdict(list)
        for made in expanded.tables["involvement"]:
            self.parts[made["event"]].append(made)
        self.carriers: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for made in expanded.tables["links"]:
            one, other = made["from_row"], made["to_row"]
            if made["type"] == "part-of":
                one, other = other, one
            if made["type"] in ("tells-of", "part-of") and one in self.events:
                self.carriers[other].append((made["type"], one))

    def all(self) -> Iterator[Breach]:
        """Everything, event by event, and then what stands in other tables."""
        ordered = {
            made[end]
            for made in self.expanded.tables["relations"]
            for end in ("from_event", "to_event")
        }
        # An answer comes no earlier than what it answers, and so has an order without more.
        links = self.expanded.tables["links"]
        answers = [made for made in links if made["type"] == "answers"]
        ordered |= {made[end] for made in answers for end in ("from_row", "to_row")}
        # Where nobody has a part in anything, who had one is not coded.
        coded = self.expanded.tables["involvement"] or self.expanded.tables["participation"]
        for made in self.events.values():
            if not made["date"] and made["id"] not in ordered and not made["absence"]:
                told = "neither a date nor an order; write a date, or what it came after or before"
                yield self._look(made, "date", f"{told}, if the source says one")
            yield from self._month(made)
            yield from self._clock(made)
            if coded:
                yield from self._nobody(made)
        yield from self._roles()
        yield from self._conferences()
        yield from self._plans()
        yield from self._answers()
        yield from self._views()

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
            yield self._look(made, "id", told)

    def _clock(self, made: Made) -> Iterator[Breach]:
        """A time of day, by which nothing is ordered: relations hold between days."""
        told = "a time of day orders nothing; say in after or before what came first on that day"
        if found := _CLOCK.match(made["date"]):
            yield self._look(made, "date", f"{told}, and write '{found[1]}' here")
        elif made["time"]:
            yield self._look(made, "time", told)

    def _nobody(self, made: Made) -> Iterator[Breach]:
        """A concern that nobody received or held, an event without any agency, a meeting with
        one."""
        flags, kind, roles = self._flags(made), made["kind"], self.parts[made["id"]]
        if "concern" in flags and not made["absence"]:
            wanted = "was-told" if "telling" in flags else "knows"
            if not self._held(made["id"], wanted):
                told = f"a concern ({kind}) that no agency received or held; say one, if it did"
                if "telling" in flags:
                    told = f"a concern ({kind}) that was passed on, and nobody received it"
                yield self._look(made, "to", told)
        elif not roles and "protected" not in flags:
            told = "no agency has a part in it; name one if the source does, and leave it if not"
            yield self._look(made, "by", told)
        elif kind in self.book.implied["with"][1] and not made["absence"] and len(roles) == 1:
            told = f"a decision of several agencies ({kind}) with one; say who else took part"
            yield self._look(made, "with", told)

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
            for made in self.expanded.tables[table]:
                kind = self.events[made["event"]]["kind"] if made["event"] in self.events else ""
                roles, code = self.book.roles.get(kind), codes.get(made["role"])
                if roles is None or code is None or code.flags & {"gap", "later"}:
                    continue
                given = (roles.agency,) if party == "agency" else (roles.child, roles.adult)
                fitting = {role for columns in given for role in columns.values()}
                if code.code not in fitting | self.book.anywhere:
                    item = made.origins[0].item or made[party]
                    told = f"{shown(item)}: the role {shown(code.code)} is unusual in {shown(kind)}"
                    yield self._look(made, made.origins[0].column, told)

    def _conferences(self) -> Iterator[Breach]:
        """A review conference without a conference before it."""
        firsts = [
            self._window(made).earliest
            for made in self.events.values()
            if made["kind"] in CONFERENCES and not made["absence"]
        ]
        for made in self.events.values():
            if made["kind"] != "review-conference" or made["absence"]:
                continue
            latest = self._window(made).latest
            if not any(one is None or latest is None or one <= latest for one in firsts):
                told = f"'review-conference', and no initial one ({' or '.join(CONFERENCES)})"
                yield self._look(made, "kind", f"{told} is coded before it")

    def _plans(self) -> Iterator[Breach]:
        """Two plans for a child, and no end of the first between them."""
        there = [made for made in self.events.values() if not made["absence"]]
        subjects: dict[str, set[str]] = defaultdict(set)
        for made in self.expanded.tables["participation"]:
            if made["role"] == "subject":
                subjects[made["event"]].add(made["person"])
        lasting = {
            made["from_event"]
            for made in self.expanded.tables["relations"]
            if made["from_event"] == made["to_event"] and made["meaning"] != "at-least"
        }
        ends = [self._window(made) for made in there if made["kind"] in PLAN_ENDS]
        for kind in PLANS:
            plans = [made for made in there if made["kind"] == kind]
            plans.sort(key=lambda made: self._window(made).earliest or 0)
            for first, second in pairwise(plans):
                of = subjects[first["id"]], subjects[second["id"]]
                one, other = self._window(first), self._window(second)
                ended = one.latest is not None or first["id"] in lasting
                if (all(of) and not of[0] & of[1]) or ended:
                    continue
                if not any(_may_lie_between(end, one, other) for end in ends):
                    told = f"{shown(first['id'])} is a plan too, and no end of it is coded before"
                    yield self._look(
                        second, "date", f"{told} this one; write its until, or a row plan-end"
                    )

    def _answers(self) -> Iterator[Breach]:
        """An answer that is no step of a kind that answers, or is dated before what it answers."""
        for made in self.expanded.tables["links"]:
            answer, concern = self.events.get(made["from_row"]), self.events.get(made["to_row"])
            if made["type"] != "answers" or answer is None or concern is None:
                continue
            if answer["kind"] and not self._flags(answer) & {"response", "disposes", "telling"}:
                told = f"{shown(answer['kind'])} is no kind of step that answers a concern"
                told = f"{told}; leave {concern['id']} out, or code the step that was taken on it"
                yield self._look(made, made.origins[0].column, told)
            latest, earliest = self._window(answer).start_latest, self._window(concern).earliest
            if latest is not None and earliest is not None and latest < earliest:
                told = f"dated {shown(answer['date'])}, it comes before what it answers"
                told = f"{told}: {concern['id']}, dated {shown(concern['date'])}"
                yield self._look(made, made.origins[0].column, told)

    def _views(self) -> Iterator[Breach]:
        """Views of which only one side has evidence."""
        sides: dict[str, set[str]] = defaultdict(set)
        for made in self.expanded.tables["links"]:
            sides[made["to_row"]].add(made["type"])
        for made in self.expanded.tables["views"]:
            there = sides[made["id"]] & {"supports", "contradicts"}
            if len(there) == 1:
                other = "for" if there == {"contradicts"} else "against"
                told = f"no row is evidence {other} it; judge both sides or none"
                yield self._look(made, "proposition", told)

    def _look(self, made: Made, column: str, message: str) -> Breach:
        origin = made.origins[0]
        return Breach(origin.file, origin.line, column, message)


def _may_lie_between(end: DateBounds, first: DateBounds, second: DateBounds) -> bool:
    """Whether an end can lie on a day from the start of the first to the start of the second."""
    after = end.latest is None or first.earliest is None or end.latest >= first.earliest
    before = (
        end.earliest is None or second.start_latest is None or end.earliest <= second.start_latest
    )
    return after and before
