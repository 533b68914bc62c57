"""What does a reader have to know of a review before anything else: what it rests on, and who is
who?

Read from the coded tables as they stand, so that every page can say it, also one whose notebook
reads no table of people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from casechron.characters import counted
from casechron.coding.codebook import UNNAMED_SECTOR, codebook
from casechron.coding.expansion import TidyRow
from casechron.coding.items import parted_items
from casechron.coding.rules import AGES
from casechron.report.text.english import listed, lowered, noted

_REPORT = "review-report"
#: What `located_by` says where no text was at hand, and where no more than the opening was.
_NO_TEXT, _OPENING = "source only", "only the opening was read"
#: About how many days each unit of an age has: enough to tell which of two ages is the higher.
_DAYS = dict(zip(AGES, (365, 30, 7), strict=True))
#: What sentences call silent: see `the_source`.
_the_source = "the source"


@dataclass(frozen=True, slots=True)
class Source:
    """A text that a coding uses: how it is cited, what kind of text it is, where it can be read."""

    citation: str
    kind: str
    address: str = ""

    @property
    def link(self) -> str:
        """The address as a link; empty where it is none."""
        return link_of(self.address)


@dataclass(frozen=True, slots=True)
class Party:
    """A person or an agency: the published label; in words a person's tie to the child (as the
    source has it, where that says more than the category, but of who is the child), or an agency's
    sector; and a note that tells it from others. `named` is whether the source names the agency."""

    label: str
    what: str
    note: str = ""
    named: bool = True


@dataclass(frozen=True, slots=True)
class About:
    """What every page of a review says first: its sources, what that means, who is who."""

    sources: tuple[Source, ...] = ()
    rests_on: str = ""
    people: tuple[Party, ...] = ()
    agencies: tuple[Party, ...] = ()

    @property
    def introduced(self) -> str:
        """Who is meant by the labels of people that do not say it themselves, such as `WM`.

        Examples
        --------
        >>> people = (
        ...     Party("S1", "brother"),
        ...     Party("sister of WM", "relative"),
        ...     Party("S2", "brother"),
        ...     Party("Mother", "mother, aged 23 in April 2013"),
        ...     Party("Father", "father"),
        ... )
        >>> About(people=people).introduced
        'S1, S2: brothers; Mother: aged 23 in April 2013'
        >>> children = Party("N", "the child, aged 5 in May 2022"), Party("S1", "the child")
        >>> About(people=children).introduced
        'N (aged 5 in May 2022), S1: the children'
        """
        meant: dict[str, dict[str, str]] = {}
        for person in self.people:
            tie, *ages = re.split(r", (?=aged \d)", person.what)
            age = "".join(ages)
            if tie == person.label.lower():
                tie, age = age, ""
            if tie and not re.search(r"\b[a-z]{2}", person.label):
                meant.setdefault(tie, {})[person.label] = age
        told = []
        for tie, age_of in meant.items():
            # The age of all stands behind what they are; others, each behind the name.
            alike = len({*age_of.values()}) == 1
            names = (noted(who, age * (not alike)) for who, age in age_of.items())
            shared = "".join(f", {age}" for age in {*age_of.values()} if age and alike)
            what = _plural(tie) if len(age_of) > 1 else tie
            told.append(f"{', '.join(names)}: {what}{shared}")
        return "; ".join(told)


def _plural(tie: str) -> str:
    """What several persons are whose tie is the same: its nouns stand before the first word that
    says of whom, or how.

    >>> _plural("brother or sister, full or half"), _plural("half-sibling of W")
    ('brothers or sisters, full or half', 'half-siblings of W')
    >>> _plural("the child"), _plural("other baby in the home"), _plural("aged 2")
    ('the children', 'other babies in the home', 'aged 2')
    """
    nouns = re.split(r"(?=,| (?:of|on|by|in|at|from|who|with)\b)|^(?=aged )", tie, maxsplit=1)[0]
    several = re.sub(r"\w(?= or |$)", r"\g<0>s", nouns)
    several = re.sub(r"([^aeiou])ys\b", r"\1ies", several.replace("childs", "children"))
    return several + tie.removeprefix(nouns)


def about(tables: Mapping[str, Sequence[TidyRow]]) -> About:
    """What the tidy tables of a review say of its sources and its people."""
    deaths = {
        row["id"] for row in tables["events"] if row["kind"] == "death" and not row["absence"]
    }
    parts = tables["participation"]
    died = {row["person"] for row in parts if row["event"] in deaths and row["role"] == "subject"}
    ties: dict[str, list[str]] = {}
    ages: dict[str, tuple[int, str]] = {}
    for row in tables["attributes"]:
        if row["attribute"] == "family-tie":
            ties.setdefault(row["row"], []).extend(parted_items(row["value"]))
        elif row["attribute"] in AGES and row["basis"] == "stated" and row["row"] in died:
            # Of nobody who lives: it would tell when they were born. The highest is of the end.
            number, _, when = row["value"].partition(" ")
            unit = row["attribute"].removeprefix("age-")
            days = int(number) * _DAYS[row["attribute"]]
            unit = f" {unit}" * (unit != "years")
            age = days, f", aged {number}{unit} {when.strip('()')}".rstrip()
            ages[row["row"]] = max(age, ages.get(row["row"], age), key=itemgetter(0))
    people = []
    for row in tables["people"]:
        category, known = _label("kinship", row["kinship"]), ties.get(row["id"], [])
        # A twin at the centre is no less at the centre than the other.
        tie, *others = [category, *known] if row["kinship"] == "child" else known or [category]
        tie += ages.get(row["id"], (0, ""))[1]
        people.append(Party(row["label"], tie, "; ".join(filter(None, [row["note"], *others]))))
    agencies = tuple(
        Party(
            row["label"],
            _label("sector", row["sector"]),
            row["note"],
            row["sector"] != UNNAMED_SECTOR,
        )
        for row in tables["agencies"]
    )
    sources = tuple(
        Source(row["citation"], _label("source_kind", row["kind"]), row["address"])
        for row in tables["sources"]
    )
    return About(sources, basis_in_words(tables["sources"]), tuple(people), agencies)


def basis_in_words(sources: Sequence[Mapping[str, str] | TidyRow]) -> str:
    """What all that is told of a review rests on, from its table of sources.

    >>> report = {"kind": "review-report", "located_by": "sentences"}
    >>> article = {"kind": "news-article", "located_by": "sentences"}
    >>> timeline = {"kind": "timeline", "located_by": "source only"}
    >>> basis_in_words([report]), basis_in_words([article])
    ("the review's own report", 'a news article; the review itself was not read')
    >>> print(basis_in_words([timeline, timeline | {"kind": "news-article"}, timeline]))
    2 published timelines and 1 news article; the review itself was not read, and no text of these sources was at hand
    >>> opening = article | {"located_by": "Paragraphs. Only the opening was read."}
    >>> basis_in_words([opening, opening]), basis_in_words([opening, article, report])
    ('2 news articles, only the opening of each; the review itself was not read', '2 news articles and 1 review report, only the opening of 1 of them')
    """  # noqa: E501
    if not sources:
        return ""
    counts = Counter(row["kind"] for row in sources)
    texts = listed(counted(count, _label("source_kind", kind)) for kind, count in counts.items())
    if set(counts) == {_REPORT}:
        texts = "the review's own report"
    elif len(sources) == 1:
        texts = texts.replace("1", "a", 1)
    if openings := sum(_OPENING in row["located_by"].lower() for row in sources):
        of = f"{openings} of them" if openings < len(sources) else "each"
        texts += ", only its opening" if len(sources) == 1 else f", only the opening of {of}"
    kinds_read = [row["kind"] for row in sources if _was_read(row["located_by"])]
    lacks = ["the review itself was not read"] if _REPORT not in kinds_read else []
    if not kinds_read:
        these = "this source" if len(sources) == 1 else "these sources"
        lacks.append(f"no text of {these} was at hand")
    return f"{texts}; {', and '.join(lacks)}" if lacks else texts


def tell_from(located_by: Iterable[str]) -> None:
    """Let `the_source` speak from now on of sources that were read as their `located_by` says."""
    global _the_source
    whole = all(_was_read(how) and _OPENING not in how.lower() for how in located_by)
    _the_source = "the source" if whole else "the material at hand"


def the_source() -> str:
    """What a sentence calls silent: the source; or the material at hand, if not all of it was read.

    >>> tell_from(["Sentences. Only the opening was read."])
    >>> f"{the_source()} tells of no answer"
    'the material at hand tells of no answer'
    >>> tell_from([])
    >>> f"{the_source()} tells of no answer"
    'the source tells of no answer'
    """
    return _the_source


def link_of(address: str) -> str:
    """The web address of a source as a link; nothing if it is none.

    >>> link_of("example.org/a"), link_of("https://example.org/")
    ('https://example.org/a', 'https://example.org/')
    >>> link_of("In the library"), link_of("javascript:x")
    ('', '')
    """
    bare = address.removeprefix("https://").removeprefix("http://")
    if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w.~%?=&#/+,-]*)?", bare):
        return ""
    return address if bare != address else f"https://{bare}"


def _was_read(located_by: str) -> bool:
    return not located_by.lower().startswith(_NO_TEXT)


def _label(codes: str, code: str) -> str:
    """A code's label within a sentence."""
    known = codebook().codes(codes).get(code)
    return lowered(known.label) if known else code
