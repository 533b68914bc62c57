"""What is a review, once it has been read? Its tables, what it says of itself, the dating policy
and one chronology.

Everything else is asked of it by functions: `casechron.bounds(review)` and its neighbours."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from casechron.characters import counted, meant_then, nearest
from casechron.chronology import Chronology, chronology_of
from casechron.chronology.cells import are_uncopied
from casechron.coding import reviews
from casechron.coding.expansion import Expanded
from casechron.coding.meta import ReviewMeta
from casechron.coding.reviews import ReviewError
from casechron.coding.sheets import Breach, ReadForms
from casechron.dates.policy import DatingPolicy, PolicyError

__all__ = ["PolicyError", "Review", "ReviewError", "read_review", "read_reviews"]

#: The invented review that the examples in docstrings ask.
EXAMPLE = Path(__file__).with_name("example_review") / "child-x-anytown-2019"


class ReviewTables(Mapping[str, pd.DataFrame]):
    """The tables of a review by name; each one handed out is a copy.

    It is a whole one: pandas copies on write, but not where somebody writes into the array of a
    column. The analyses of this package, which change no table, are handed the very ones
    (`tables_uncopied`), so that what one of them has made of a table is there for the next."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = dict(frames)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            names = f"the tables are: {', '.join(self._frames)}"
            offer = meant_then(nearest(str(name), self._frames), names)
            raise KeyError(f"there is no table '{name}'{offer}")
        frame = self._frames[name]
        return frame if are_uncopied() else frame.copy()

    def __contains__(self, name: object) -> bool:
        return name in self._frames

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __repr__(self) -> str:
        rows = ", ".join(f"{name}: {len(frame)}" for name, frame in self._frames.items())
        return f"<tables of a review, with their rows: {rows}>"


@dataclass(frozen=True, eq=False, repr=False)
class Review:  # numpydoc ignore=PR01
    """A review as it was read; nothing of it can be changed.

    Attributes
    ----------
    tables : Mapping of str to pandas.DataFrame
        The coded tables by name, one for each table of the codebook, in its order. All cells are
        text, counts too, '' where the cell is empty; rows stand in the order of the file. A table
        that is handed out is a copy: changing it changes nothing in the review.
    meta : ReviewMeta
        What review.toml says: `id`, `title`, `body`, `year`, `published`, `jurisdiction`, `coder`
        and so on.
    policy : DatingPolicy
        The dating policy under which the review is read.
    folder : pathlib.Path
        Where the review was read.
    to_do : tuple of Breach
        What is still to do in the coding, each with file, line and column; empty where nothing is.
    forms : ReadForms
        The files as they were read; `coded` says what an empty cell of them means.
    expanded : Expanded or None
        The rows of the tables with the cells that they came from (`coded_rows`); None where the
        review was made of tables.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019", late_from=20)
    >>> review
    <Review 'child-x-anytown-2019': Review of Child X (invented). 16 events, 2 sources. \
Dating policy: late_from = 20. An admissible chronology.>
    >>> review.tables["events"].loc[0, ["id", "date", "kind"]].tolist()
    ['referral-2014', 'late 2014-08', 'referral']
    >>> review.chronology.admissible
    True
    >>> review.meta.jurisdiction, review.policy.as_parameters()
    ('England', {'late_from': 20})
    """

    tables: Mapping[str, pd.DataFrame]
    meta: ReviewMeta
    policy: DatingPolicy
    folder: Path
    to_do: tuple[Breach, ...] = ()
    forms: ReadForms = field(default_factory=lambda: ReadForms({}))
    expanded: Expanded | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", ReviewTables(self.tables))

    @cached_property
    def chronology(self) -> Chronology:
        """What can be known about time from the dates and relations: solved once, when it is first
        asked for, and kept."""
        return chronology_of(self.tables, self.policy)

    @property
    def replaced(self) -> Mapping[tuple[str, str, str], str]:
        """What the cells hold as coded that the policy's readings have replaced, by reading, row
        and column.

        Examples
        --------
        >>> import casechron as cc
        >>> dict(cc.read_review("child-x-anytown-2019").replaced)
        {}
        """
        return self.expanded.replaced if self.expanded else {}

    def coded(self, name: str) -> Literal["coded", "silent", "not coded"]:
        """What an empty cell of a column means, or a file without rows.

        Parameters
        ----------
        name : str
            A column of the events, as ``"by"``; a file, as ``"findings"``; or a column of a file,
            as ``"findings.rests_on"``.

        Returns
        -------
        str
            ``"silent"`` where review.toml lists it as `complete`: the source says nothing;
            ``"not coded"`` where nothing of it is filled; ``"coded"`` where something is, and an
            empty cell says nothing of the source.

        Raises
        ------
        KeyError
            For a name that is no file and no column.

        Examples
        --------
        >>> import casechron as cc
        >>> review = cc.read_review("child-x-anytown-2019")
        >>> review.coded("by"), review.coded("views"), review.coded("findings.facts")
        ('coded', 'coded', 'not coded')
        """
        return self.forms.coded(name, self.meta.complete)

    def __repr__(self) -> str:
        title = self.meta.title.rstrip(".")
        events = counted(len(self.tables["events"]), "event")
        sources = counted(len(self.tables["sources"]), "source")
        policy = self.policy.in_short() or "the default"
        chronology = "An" if self.chronology.admissible else "No"
        return (
            f"<Review '{self.meta.id}': {title}. {events}, {sources}. Dating policy: {policy}."
            f" {chronology} admissible chronology.>"
        )


def read_review(name_or_folder: str | Path = "", /, **policy: Any) -> Review:
    """A review, read, checked, and ready to be asked: `cc.bounds(review)`.

    Everything that is asked of it is answered under the one dating policy that is given here. The
    review is checked against the codebook as it is read. (Within `casechron render`, which has
    checked it, the check is not repeated for the very same bytes.) Where not all dates and
    orders can hold together under the policy, printing the review says *No admissible chronology*:
    no days are worked out then (`status` in `bounds` says of which rows), and `contradictions`
    tells why.

    Parameters
    ----------
    name_or_folder : str or pathlib.Path, default ""
        The name of a folder in ``data/``, or the path of a folder; empty is the first review in
        ``data/``. ``child-x-anytown-2019``, the invented review that the examples ask, comes with
        the package and is found where none of its name is in ``data/``.
    **policy : str, int or list of str
        The fields of the dating policy that differ from the default:

        - `early_to`, `mid_to` (days of the month, the first up to 26, the second after it and up to
          27; 10 and 20): 'early' and 'mid' in a month end on this day;
        - `late_from`, `end_from` (days of the month after `early_to`, the first up to the day after
          `mid_to`, so that no day is left out, the second up to 28; 21 and 21): 'late' and 'end'
          begin on this day;
        - `duration_slack` ('half-unit', 'none' or 'one-unit'): how far a rounded duration may be
          off;
        - `approximate_slack` ('one-unit', 'half-unit' or 'none'): how far `~` widens a date, and
          'around' a duration;
        - `winter` ('starts' or 'ends'): the year of a season across New Year;
        - `working_day_one` ('day after' or 'start day'): from which day working days are counted;
        - `readings` (ids of the table readings): the alternative readings that are used.

        A mapping is given as ``**mapping``.

    Returns
    -------
    Review
        The tables, what review.toml says, the policy, and one chronology that is solved once.

    Raises
    ------
    ReviewError
        Where there is no such review (the nearest is named, and all), where something in it is
        wrong (all of it is named), and for readings that the review does not have. What is only
        still to do stands in `Review.to_do`.
    PolicyError
        For a field that the dating policy does not have, or a value that it does not allow.
    TypeError
        For what is neither a name nor a path.

    See Also
    --------
    date_bounds : the days of one written date.

    Examples
    --------
    Three lines from a coded review to its waits:

    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.response_gaps(review)[["concern", "state", "days_min", "days_max"]]
              concern                           state  days_min  days_max
    0   referral-2014              answered by a step        11        17
    1  referrals-2014     without an answer on record      <NA>      <NA>
    2      worry-2014     without an answer on record      <NA>      <NA>
    3     bruise-2014  told or counted in another row      <NA>      <NA>
    4       told-2014              answered by a step        20        28
    5     breach-2014              answered by a step         4        25
    6       harm-2015          the end of the account      <NA>      <NA>
    """
    given: object = name_or_folder
    if not isinstance(given, str | os.PathLike):
        allowed = "the name of a review, as text, or the path of its folder"
        raise TypeError(f"read_review takes {allowed}, not {type(given).__name__}")
    if isinstance(policy.get("policy"), Mapping | DatingPolicy):
        raise PolicyError(
            "the dating policy is given by its fields, as in duration_slack='none'; write **policy"
            " for a mapping of them"
        )
    chosen = DatingPolicy.from_parameters(policy)
    folder = _folder(name_or_folder)
    coded = reviews.read_coded(folder, chosen)
    meta = reviews.read_meta(folder)
    return Review(coded.tables, meta, chosen, folder, coded.to_do, coded.forms, coded.expanded)


def _folder(name: str | Path) -> Path:
    """The folder of a review; that of the examples stands in the package, where no other does."""
    if str(name) == EXAMPLE.name and not os.path.lexists(name):
        try:
            names = [review.name for review in reviews.list_reviews()]
        except ReviewError:  # there is no project
            names = []
        if EXAMPLE.name not in names:
            return EXAMPLE
    return reviews.find_review(name)


def told_apart(reviews: Sequence[Review]) -> dict[str, str]:
    """By its id the title of each review, with its body where another of its year has the same."""
    metas = [review.meta for review in reviews]
    alike = Counter((meta.title, meta.year) for meta in metas)
    return {
        meta.id: meta.title + f" ({meta.body})" * (alike[meta.title, meta.year] > 1)
        for meta in metas
    }


def one_or_more(given: Any) -> list[Any]:
    """The things that are given as a list; one text, one path, a table, or another single thing as
    one."""
    several = isinstance(given, Iterable) and not isinstance(given, str | os.PathLike | Mapping)
    several = several and not hasattr(given, "columns")
    return list(given) if several else [given]


def read_reviews(
    names: str | Path | Iterable[str | Path] = (), /, **policy: Any
) -> tuple[Review, ...]:
    """Several reviews, each read as `read_review` does, under one dating policy.

    Parameters
    ----------
    names : str, pathlib.Path or iterable of them, optional
        Each the name of a folder in ``data/``, or the path of a folder; without any, every review
        in ``data/`` that is not invented.
    **policy : str, int or list of str
        As `read_review` takes them.

    Returns
    -------
    tuple of Review
        In the order of their years, then of their dates of publication, then of their ids; one that
        is named twice, once.

    Raises
    ------
    ReviewError
        As `read_review` does.
    PolicyError
        As `read_review` does.

    Examples
    --------
    >>> import casechron as cc
    >>> [review.meta.id for review in cc.read_reviews(["child-x-anytown-2019"])]
    ['child-x-anytown-2019']
    """
    folders = one_or_more(names) or [review.folder for review in reviews.real_reviews()]
    read = [read_review(folder, **policy) for folder in folders]
    different = {review.folder.resolve(): review for review in read}.values()
    return tuple(sorted(different, key=attrgetter("meta.year", "meta.published", "meta.id")))
