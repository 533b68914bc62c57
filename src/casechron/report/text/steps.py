"""Which step came next, which others are on record, and did a step keep its limit? A wait is never
told without the other steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from casechron.analysis import timing
from casechron.analysis.chronicle import place_in_time
from casechron.analysis.on_record import LEARNED_LATER
from casechron.analysis.record import NOT_NAMED
from casechron.analysis.windows import day_words
from casechron.characters import counted
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import AS_JUDGED
from casechron.report.about import the_source
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.english import RowCells, point, rows_of

#: States of a concern whose answer the source finds wanting.
LACKING = (timing.STATED_ABSENCE, timing.INSUFFICIENT)
#: States of rows that are no concern of their own.
_NO_CONCERN = (timing.CARRIED, LEARNED_LATER, timing.ITSELF, timing.END)
#: How many concerns without a date are named; of the others the number is told.
_NAMED_UNDATED = 3
#: The units of a duration, and what its meaning puts before it.
_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_ABOUT = {"approximate": "around ", "at least": "at least ", "at most": "at most "}
#: What stands before steps that the source finds wanting.
NOT_DONE = "Not done, not enough or in doubt, as the source says:"
#: What stands behind it where only the coder says what it was to answer.
TIED = " (tied to this as judged)"


def event_with_date(event: RowCells, when: str = "") -> str:
    """What happened and `when` (empty: by the source's own date), with a mark where it is alleged
    or its date is judged. What came of it stands last, as the date is not that of the outcome."""
    by_source = say.dated(event)
    by_source += AS_JUDGED * bool(by_source and event.get("date_basis") == "judged")
    words = say.summary_with_date(event["summary"], when or by_source, event["alleged"])
    return words + str(event.get("outcome", ""))


def days_as_judged(begins: RowCells, ends: RowCells) -> str:
    """The mark on the days between two events that lean on what the coder judged, or on a date
    that another source has otherwise."""
    judged = "in part as judged" * (begins["as_judged"] or ends["as_judged"])
    ways = [*filter(None, [judged, "by one source's date" * by_one_source(begins, ends)])]
    return f" (days {say.listed(ways)})" if ways else ""


def by_one_source(begins: RowCells, ends: RowCells) -> bool:
    """Whether the days between two events lean on a date that another source has otherwise; not on
    one on which both events rest, which would move both."""
    one, other, own = begins["differs"], ends["differs"], {begins["event"], ends["event"]}
    return bool(one ^ other or one & other & own)


def lengths_said(
    statements: pd.DataFrame | None, *, one_sided: bool = True
) -> dict[tuple[str, str], str]:
    """How long the source itself says that it was from one event to another, in its own unit; what
    it gives as a least or a most alone only if `one_sided`.

    >>> said = {"gap": "P2W", "meaning": "approximate", "basis": "stated"}
    >>> lengths_said(pd.DataFrame([said | {"from_event": "seen", "to_event": "fall"}]))
    {('seen', 'fall'): 'around 2 weeks'}
    """
    lengths: dict[tuple[str, str], dict[str, str]] = {}
    for row in [] if statements is None else rows_of(statements):
        asked_for = one_sided or row["meaning"] not in ("at least", "at most")
        if row["gap"] and row["basis"] == "stated" and asked_for:
            number = int(row["gap"][1:-1])
            words = _ABOUT.get(row["meaning"], "") + counted(number, _UNITS[row["gap"][-1]])
            # 'About' and 'at most' so long is one length.
            by_gap = lengths.setdefault((row["from_event"], row["to_event"]), {})
            by_gap.setdefault(row["gap"], words)
    return {pair: say.listed(by_gap.values()) for pair, by_gap in lengths.items()}


def what_happened(events: Iterable[RowCells]) -> str:
    """What happened in several events, each in a sentence of its own, and behind it `put`: how the
    source itself puts when that was."""
    return " ".join(say.sentence(event_with_date(event)) + event.get("put", "") for event in events)


def contradicted(chronicle: pd.DataFrame) -> list[Point]:
    """That not all dates and orders can hold together, which a page says before all else."""
    if NOT_ADMISSIBLE not in set(chronicle["status"]):
        return []
    text = "As coded and read here, not all dates and orders of events can hold together, so that"
    return [Point(f"{text} no page tells days between them. “How sure” says which.")]


class Concerns:
    """The concerns of a review and what came of them, in words.

    Parameters
    ----------
    gaps : pandas.DataFrame
        What `response_gaps` gives.
    events : mapping of str to mapping
        The rows of `chronicle` by the ids of the events.

    Attributes
    ----------
    rows, known : list of dict
        The rows of `gaps`, and those of concerns of their own that were known at the time.
    events : dict of str to dict
        The events, each with `by`: who raised it where the source names somebody; and with `alike`:
        whether another is called the same, so that days have to tell them apart.
    place : dict of str to tuple
        The place of each event in time, whichever is coded first.
    follows : dict of str to str
        In which way the next protective step follows each concern.
    """

    def __init__(self, gaps: pd.DataFrame, events: Mapping[str, RowCells]) -> None:
        self.rows = rows_of(gaps)
        self.known = [row for row in self.rows if row["state"] not in _NO_CONCERN]
        self.follows = {row["concern"]: row["next_step_follows"] for row in self.rows}
        by = {row["concern"]: row["by"] for row in self.rows if _named(row)}
        self.events = {event: row | {"by": by.get(event, ())} for event, row in events.items()}
        self.place = {event: place_in_time(row) for event, row in events.items()}
        named = Counter(map(say.begins_with, self.events.values()))
        for row in self.events.values():
            row["alike"] = named[say.begins_with(row)] > 1

    def was_passed_on(self, row: RowCells) -> bool:
        """Whether somebody raised a concern with an agency."""
        event = self.events.get(row["concern"])
        return bool(row["by"]) and event is not None and say.passes_on(event)

    def answers_waited_for(self) -> list[RowCells]:
        """Of the answers to each concern the one that is known to have come soonest, and of those
        that the source itself ties to it the last, if it came later; none where concern and answer
        are rows of several: which followed which is not told, and the days would be those over
        which they were."""
        rows = [row for row in self.known if row["state"] == timing.ANSWERED]
        rows = [row for row in rows if row["days_max"] is not None]
        ends = ("concern", "answer")
        rows = [row for row in rows if not all(self.events[row[end]]["recurs"] for end in ends)]
        rows.sort(key=lambda row: (row["days_max"], self.place[row["answer"]]))
        soonest = {row["concern"]: row for row in reversed(rows)}
        last = {row["concern"]: row for row in rows if row["coded_as"] == "stated"}
        later = [
            row
            for concern, row in last.items()
            if say.after(row["days_min"], soonest[concern]["days_max"])
        ]
        return [*soonest.values(), *later]

    def told_later(self, row: RowCells) -> bool:
        """Whether a concern was raised by a telling of its own, so that nothing waited from its
        day."""
        return _named(row) and not say.passes_on(self.events[row["concern"]])

    def _outweighed(self, row: RowCells) -> bool:
        """Whether only a judgement ties an answer to a concern that a step firmly answers: the
        table has it, and it is not what became of the concern."""
        return row["coded_as"] == "judged" and any(
            other_row["state"] == timing.ANSWERED and other_row["coded_as"] != "judged"
            for other_row in self.rows
            if other_row["concern"] == row["concern"]
        )

    def as_its_answer(self, concern: str, answer: str, protective: bool) -> str:
        """The mark behind a step that answers a concern, where only the coder ties the two, and
        behind each protective step that does: others come next and are no answer."""
        pair = concern, answer
        ties = {row["coded_as"] for row in self.known if (row["concern"], row["answer"]) == pair}
        if "judged" in ties:
            return " (its answer as judged)"
        return " (its answer)" * bool(ties and protective)

    def for_whom(self, concern: str, steps: Sequence[str]) -> str:
        """The mark behind a step, or several that can be the next one, which is for none or not
        for all of the children whom the concern is about; of one that names no child, not for whom
        had died by then."""
        about = {*self.events[concern]["children"]} or self._dead_before(steps)
        whose = [self.events[step]["children"] for step in steps]
        if not all(whose) or any(about <= {*children} for children in whose):
            return ""
        children = dict.fromkeys(child for each in whose for child in each)
        link = "or" if len(whose) > 1 else "and"
        return f" (for {say.listed(map(say.with_article, children), link)})"

    def _dead_before(self, steps: Sequence[str]) -> set[str]:
        """The children who had died by the day of the first of some steps."""
        died = (row for row in self.events.values() if row["kind"] in say.labels("death"))
        days = [self.events[step]["earliest"] for step in steps]
        died = (
            row for row in died if all(say.after(day, row["latest"], or_same=True) for day in days)
        )
        return {child for row in died for child in row["children"]}

    def closed_points(self) -> list[Point]:
        """What was closed or left without a step that answers it, as one point; beside what the
        source ties to its end, what only a judgement does is not named."""
        met = (timing.ANSWERED, timing.NOT_CLASSIFIED)
        answered = {row["concern"] for row in self.known if row["state"] in met}
        left = [row for row in self.known if row["state"] == timing.CLOSED_OR_LEFT]
        left = [row for row in left if row["concern"] in self.events.keys() - answered]
        firm = [row for row in left if row["coded_as"] != "judged"]
        rows = firm or left
        ids, ends = ({row[of]: None for row in rows} for of in ("concern", "answer"))
        among = ", among other things" * any(row["concern"] not in ids for row in left)
        text = f"Closed or left{among}, and no step before that is coded: {self._happened(ids)}"
        text += f" How{'' if firm else ', as judged'}: {self._happened(ends)}"
        return [Point(text, (*ids, *ends))] if ids else []

    def steps_beside(self, wait: RowCells) -> list[str]:
        """The other steps on record beside a wait of what was passed on, up to the next protective
        step."""
        asked = wait["protective"] and wait["passed_on"]
        return self.other_steps(wait["event"], wait["to_event"]) if asked else []

    def wait_point(self, wait: RowCells, before: str = "") -> Point:
        """How long a wait was, with the other steps beside it and by what its concern was closed or
        left, as the source has it; `before` is where the wait ends that is told before it."""
        concern, step = wait["event"], wait["to_event"]
        own = {row["answer"]: row for row in self.known if row["concern"] == concern}
        # What a step is on record in answer to, where the source ties it to other concerns alone.
        others = [row for row in self.known if row["answer"] == step and step not in own]
        steps, length, begins = self.steps_beside(wait), wait["length"], wait["text_from"]
        words = f"{say.capital(length)} passed from {begins} to {wait['text_to']}"
        if step == before:
            steps, others = [each for each in steps if each in own] or steps, []
            words = f"To the same step{self.for_whom(concern, wait['steps'])} it was {length} from"
            words += f" {begins}{days_as_judged(self.events[concern], self.events[step])}"
        words += ", which can have been on the same day" * bool(wait["days_min"] == 0)
        answered = dict.fromkeys(row["concern"] for row in others if row["coded_as"] == "stated")
        if answered:
            answers = say.listed(say.begins_with(self.events[other]) for other in answered)
            words += f", on record in answer to {answers}"
        text, closed = self.with_steps(words, steps, concern), list[str]()
        if step in own:  # what no step answers is told of in a point of its own
            firm = (row for row in own.values() if row["coded_as"] != "judged")
            closed = [row["answer"] for row in firm if row["state"] == timing.CLOSED_OR_LEFT]
        text += f" Closed or left: {self._happened(closed)}" * bool(closed)
        return point(text, (concern, *wait["steps"], *steps, *closed))

    def _happened(self, events: Iterable[str]) -> str:
        return what_happened(map(self.events.__getitem__, events))

    def _told_by(self, concern: str) -> set[str]:
        """What tells of a concern, or counts it with others."""
        return {by for row in self.rows if row["concern"] == concern for by in row["carried_by"]}

    def other_steps(self, concern: str, step: str = "") -> list[str]:
        """The steps that answer a concern or what told of it, and those that answer others and are
        not known to have come before it or after the step (empty: it has no end); not those that
        protect, which are told as such. Ids, in the order of the coding."""
        begins = self.events[concern]["earliest"]
        ends = self.events[step]["start_latest"] if step else None
        others = say.kinds("response") - say.kinds("protective")
        own, steps = {concern} | self._told_by(concern), []
        for row in self.known:
            if row["state"] != timing.ANSWERED or row["answer"] not in self.events:
                continue
            event = self.events[row["answer"]]
            known = row["concern"] in own or say.after(event["start_latest"], begins, or_same=True)
            if event["kind"] in others and known and not say.after(event["earliest"], ends):
                steps.append(row["answer"])
        return list(dict.fromkeys(steps))

    def with_steps(self, words: str, steps: Sequence[str], concern: str) -> str:
        """A sentence on a wait, with the other steps on record: what answers the concern, what told
        of it, or another; marked where only a judgement ties them."""
        # Where the words before name the concern, its kind is enough; 'it' could mean the step.
        event = self.events[concern]
        this_concern = f"the {say.kind_of(event)}" if words else say.begins_with(event)
        clauses, lead = [words] if words else [], "steps on record in answer "
        for whose, answered in (
            (this_concern, {concern}),
            ("what told of this", self._told_by(concern)),
            ("other concerns", {row["concern"] for row in self.known}),
        ):
            rows = [row for row in self.known if row["concern"] in answered]
            answers = {row["answer"] for row in rows}
            firm = {row["answer"] for row in rows if row["coded_as"] != "judged"}
            for mark, some in (("", firm), (AS_JUDGED, answers - firm)):
                if ids := [step for step in steps if step in some]:
                    ends = say.listed(say.ends_with(self.events[step]) for step in ids)
                    clauses.append(f"{lead}to {whose}{mark}: {ends}")
                    lead = ""
            steps = [step for step in steps if step not in answers]
        return "; ".join(clauses) + "."

    def wanting(self, *states: str) -> dict[str, list[tuple[str, str]]]:
        """The concerns in these states, each with the answers on record that were wanting and the
        basis of each tie: where others are, none by a judgement alone that is firmly one to another
        concern. Of what has no answer only what has a date."""
        wanting: dict[str, list[tuple[str, str]]] = {}
        for row in self.known:
            event = self.events.get(row["concern"])
            if event is None or row["state"] not in states or self._outweighed(row):
                continue
            if row["state"] in LACKING or say.dated(event):
                answers = wanting.setdefault(row["concern"], [])
                answers += [(row["answer"], row["coded_as"])] * (row["answer"] in self.events)
        firm = {answer for pairs in wanting.values() for answer, tie in pairs if tie != "judged"}
        return {
            concern: [pair for pair in pairs if pair[1] != "judged" or pair[0] not in firm] or pairs
            for concern, pairs in wanting.items()
        }

    def undated_point(self, state: str) -> list[Point]:
        """What is in a state and has no date, told together: the first few with the days that the
        order of events leaves, and the number of the others."""
        ids = [row["concern"] for row in self.known if row["state"] == state]
        ids = [each for each in ids if each in self.events and not say.dated(self.events[each])]
        first = sorted(ids, key=self.place.__getitem__)[:_NAMED_UNDATED]
        happened = [
            say.sentence(event_with_date(row, say.in_brackets(say.by_order(row))))
            + " That this was a concern is judged." * (row["basis"] == "judged")
            for row in (self.events[concern] for concern in ids if concern in first)
        ]
        if more := len(ids[_NAMED_UNDATED:]):
            happened.append(f"And {say.count_in_words(more, more, 'more', 'more')}.")
        whose = "its" if len(ids) == 1 else "their"
        text = f"Without a date of {whose} own, and without an answer on record: "
        text += " ".join(happened)
        return [Point(text, tuple(ids))] if ids else []

    def wanting_point(self, concerns: Sequence[str], answers: Sequence[tuple[str, str]]) -> Point:
        """What happened, which answers to it were missing or not enough (with a mark where nothing
        but a judgement ties them here), and which step came next.

        Parameters
        ----------
        concerns : sequence of str
            Ids of concerns that are told together.
        answers : sequence of tuple of str
            The ids of the answers, each with the basis of its tie.
        """
        firm = {answer for answer, tie in answers if tie != "judged"}
        ids = list(dict.fromkeys(answer for answer, _ in answers))
        answered = [self.events[answer] for answer in ids]
        summaries = [row["summary"] + row.get("outcome", "") for row in answered]
        missing = [
            say.sentence(summary + TIED * (answer not in firm))
            for answer, summary in zip(ids, summaries, strict=True)
        ]
        nothing = say.sentence(f"{the_source()} tells of no answer")
        sentences = [NOT_DONE, *missing] if ids else [nothing]
        then, steps = self.next_step(concerns)
        text = " ".join(filter(None, [self._happened(concerns), *sentences, then]))
        return Point(text, (*concerns, *ids, *steps))

    def next_step(self, concerns: Sequence[str]) -> tuple[str, list[str]]:
        """When the next protective step came, after the last of some concerns that has its days.

        Parameters
        ----------
        concerns : sequence of str
            Ids of concerns that are told together.

        Returns
        -------
        text, steps : str, list of str
            A sentence, or nothing where no order can be told; ids of the other steps it names.
        """
        rows = [row for row in self.rows if row["concern"] in concerns]
        follows = [
            row
            for row in rows
            if row["next_step_follows"].startswith("certainly") and not self.told_later(row)
        ]
        for row in sorted(follows, key=lambda row: self.place[row["concern"]], reverse=True):
            if row["next_step_days_max"] is not None:
                length = say.between(row["next_step_days_min"], row["next_step_days_max"])
                concern, step = row["concern"], row["next_step"][0]
                begins = say.begins_with(self.events[concern] | {"by": ()})
                whom = self.for_whom(concern, row["next_step"])
                words = f"The next protective step on record{whom} comes {length} "
                words += "later" if len(concerns) == 1 else f"after {begins}"
                words += days_as_judged(self.events[concern], self.events[step])
                steps = self.other_steps(concern, step)
                return self.with_steps(words, steps, concern), steps
        if any(row["next_step_follows"].startswith("none on record") for row in rows):
            # Of the last days the concern that steps answer.
            answered = {row["concern"] for row in rows if row["state"] == timing.ANSWERED}
            last = max(concerns, key=lambda row: (*self.place[row][:2], row in answered, row))
            steps = self.other_steps(last)
            words = say.capital(f"{the_source()} tells of no protective step after that")
            words += self._in_force(last)
            return self.with_steps(words, steps, last), steps
        if follows:
            as_judged = ", as judged" * any("judged" in row["next_step_follows"] for row in follows)
            silent = f"{the_source()} does not say how much later"
            return f"A protective step came later{as_judged}; {silent}.", []
        possible = any(row["next_step_follows"].startswith("possibly") for row in rows)
        return "A protective step on record can have come later." * possible, []

    def _in_force(self, concern: str) -> str:
        """The plan or order that began last before a concern, unless it had ended by then."""
        since, known_by = (self.events[concern][side] for side in ("earliest", "start_latest"))
        begun = [
            row
            for row in self.events.values()
            if row["kind"] in say.labels("protection-plan", "court-order") and not row["absence"]
            if say.after(since, row["start_latest"], or_same=True)
        ]
        last = max(reversed(begun), key=lambda row: row["start_latest"], default=None)
        if last is None or (last["state"] and say.after(since, last["latest"])):
            return ""
        ends = last["end_earliest"] if last["state"] else None
        runs = last["date"].endswith("..") or say.after(ends, known_by, or_same=True)
        words = "ran then" if runs else "was on record, its end not told"
        several = Counter(row["kind"] for row in self.events.values() if not row["absence"])
        what = say.begins_with(last) if several[last["kind"]] > 1 else say.ends_with(last)
        return f"; {what} {words}"


def _named(concern: RowCells) -> bool:
    """Whether the source names all who raised a concern, and somebody did."""
    return bool(concern["by"]) and not any(label.startswith(NOT_NAMED) for label in concern["by"])


def limit_kept(row: RowCells, start: RowCells, end: RowCells | None) -> Point:
    """Whether a step kept a limit of guidance, in a row of `timescale_checks`."""
    missed = row["verdict"] == "not met"
    did = "did not keep" if missed else "kept"
    judged = ", as judged," if row["verdict"] == "met as judged" else ""
    what = say.ends_with(end) if end else row["title"]
    # What is taken for granted, and where the limit itself is one of other editions.
    supposed = row["would_settle"].replace("whether ", ", if ", 1)
    elsewhere = " (known from other editions of the guidance)" * (row["source_seen"] == "not seen")
    words = f"{what} {did}{judged} the limit of {row['limit']}{elsewhere} from"
    words += f" {say.begins_with(start)}{supposed}"
    days_min, days_max = row["working_days_min"], row["working_days_max"]
    if days_max is not None and "working" in row["limit"]:
        open_start = days_max and not days_min
        took = f"up to {days_max} working days" if open_start else ""
        words += f": it took {took or say.span(days_min, days_max, 'working day')}"
        # Beside a living child's age days are told wider, and can then not bear the verdict.
        margin = row["margin_max"] if missed else row["margin_min"]
        if margin is not None and (margin >= 0) == missed:
            words += ", told wider than known"
    return point(words, (row["start"], *([row["end"]] * bool(end))))


def kept_from(row: RowCells) -> str:
    """From which day on the start would have to be for the limit to be kept."""
    days = row["met_from_earliest"], row["met_from_latest"]
    first, last = (day_words(day.toordinal()) for day in days)
    if first == last:
        return f"The limit was kept only if it began on {first} or later"
    return (
        f"If the step came on its earliest possible day, the limit was kept only if it began on"
        f" {first} or later; if on its latest, {last} or later"
    )


def leading(waits: pd.DataFrame) -> list[RowCells]:
    """The wait that pages lead with and, where it is another, the longest up to a protective step.

    No page leads with a step as if it were an answer: the first wait is that of the last concern
    that was passed on and has no answer but this step, else that of a concern to its own answer;
    but before one that can be of no day comes one that cannot, also of what was passed on and has
    other answers, which are told beside it. What is `doubtful` leads where nothing else can."""
    every = rows_of(waits)
    rows = [row for row in every if not row["doubtful"]] or every
    protective = [row for row in every if row["protective"]]
    passed = [row for row in protective if row["passed_on"]]
    to_lead = [row for row in passed if row in rows]
    open_ones = [row for row in to_lead if not row["answered"]]
    same = [row for row in to_lead if row["to_event"] == (open_ones or to_lead)[0]["to_event"]]
    same.sort(key=lambda row: (row["days_max"], row["days_min"]))
    first = [row for row in same if not row["answered"]]
    first = first or [row for row in rows if not row["protective"]] or rows
    first = ([row for row in (*first, *to_lead) if row["days_min"]] or first)[:1]
    longest = sorted(passed or protective, key=lambda row: (row["days_max"], row["days_min"]))[-1:]
    return first + [row for row in longest if row not in first]
