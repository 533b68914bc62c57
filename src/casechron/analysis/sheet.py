"""What did the sheet that a coder typed become, and from which sentences?"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd

from casechron.analysis.columns import cells, rows_in
from casechron.analysis.kept import kept
from casechron.chronology.day_columns import texts
from casechron.coding.codebook import codebook
from casechron.coding.expansion import NAMED_FORMS
from casechron.coding.meta import sources_in
from casechron.coding.source_text import source_paragraphs, texts_at_hand
from casechron.coding.sources import SourceError, digest, numbered_sentences
from casechron.review import Review, ReviewError

__all__ = ["basis_of_rows", "coded_rows", "other_readings", "rows_by_paragraph", "sentences"]


@kept
def coded_rows(review: Review, events: Iterable[str] | None = None) -> pd.DataFrame:
    """Which row of which table did each cell of the sheet become?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    events : iterable of str, optional
        The ids of events: only what their rows of events.csv became; default: all rows.

    Returns
    -------
    pandas.DataFrame
        One row per row of the coded tables, in the order of the files, lines and columns.

        - `file` (text): the file in which it was typed, as 'events.csv'
        - `line` (number): the line there; 0 for what review.toml says
        - `column` (text): the column there; empty for the line as a whole
        - `item` (text): which item of that cell; empty for the cell as a whole
        - `table` (text): the coded table that has the row
        - `row` (text): its id; empty in a table whose rows have none
        - `says` (text): its filled columns, each as 'column: value'

    Raises
    ------
    KeyError
        For an id that no event has.
    ReviewError
        For a review that was made of tables, and of no sheet.

    See Also
    --------
    coded_events : the events with their codes in words.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> rows = cc.coded_rows(review, ["referral-2014"])
    >>> rows[["line", "column", "item", "table"]].head(5)
       line   column                                   item          table
    0     2                                                         events
    1     2       to                     childrens-services    involvement
    2     2     with  mother-x (harming, alleged by police)  participation
    3     2    about                                child-x  participation
    4     2  without                                 police    involvement
    """
    if review.expanded is None:
        raise ReviewError(
            f"the review '{review.meta.id}' was made of tables, which do not say from which cells"
            " they came; read its folder with read_review"
        )
    expanded = review.expanded
    forms = codebook().forms
    files = list(forms)
    lines = None
    if events is not None:
        typed = {made["id"]: made.origins[0][:2] for made in expanded.tables["events"]}
        wanted = list(events)
        if unknown := [one for one in wanted if one not in typed]:
            raise KeyError(f"there is no event {', '.join(unknown)}")
        lines = {typed[one] for one in wanted}
    rows = []
    for made in (made for table in expanded.tables.values() for made in table):
        origin = made.origins[0]
        if lines is None or origin[:2] in lines:
            says = "; ".join(
                f"{name}: {value}" for name, value in made.cells.items() if value and name != "id"
            )
            form = Path(origin.file).stem
            # review.toml is no form and comes first; so does the line as a whole.
            at = files.index(form) if form in files else -1
            columns = [*forms[form].columns] if form in files else []
            column = columns.index(origin.column) if origin.column in columns else -1
            rows.append(((at, origin.line, column), (*origin, made.table, made["id"], says)))
    rows.sort(key=itemgetter(0))
    names = ["file", "line", "column", "item", "table", "row", "says"]
    table = pd.DataFrame([row for _, row in rows], columns=pd.Index(names), dtype="str")
    return table.astype({"line": "int64"})


@kept
def sentences(review: Review) -> pd.DataFrame:
    """What does each sentence of an invented review's text say, and which rows rest on it?

    The text of a real review never travels with its coding, so of one there are no rows here.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per sentence of each text in the review's folder, in reading order; none of a review
        that is not invented.

        - `place` (text): the source's id, paragraph and sentence, as 'report p5.1'
        - `sentence` (text): the sentence
        - `coded` (text): what rests on it: summaries of rows, labels of persons and agencies
        - `rows` (text): the ids of these rows

    Raises
    ------
    SourceError
        Where a text is no more the one that sentences.csv was written from.

    See Also
    --------
    rows_by_paragraph : the same by paragraph, without the text.

    Examples
    --------
    >>> import casechron as cc
    >>> len(cc.sentences(cc.read_review("child-x-anytown-2019")))
    0
    """
    done, found = review.expanded, []
    if review.meta.invented and done is not None:
        owners = {one.origins[0][:2]: one for name in NAMED_FORMS for one in done.tables[name]}
        rests: dict[tuple[str, str, str], dict[str, str]] = {}
        for place in done.tables["locators"]:
            key = place["source"], place["paragraph"], place["sentence"]
            for owner in (owners[one[:2]] for one in place.origins if one[:2] in owners):
                says = owner["summary"] or owner["proposition"] or owner["label"]
                rests.setdefault(key, {})[owner["id"]] = says
        salts = dict(zip(*(review.tables["sources"][name] for name in ("id", "salt")), strict=True))
        shipped = any("text" in one for one in sources_in(review.folder))
        for source, path in texts_at_hand(review.folder) if shipped else ():
            located = done.sentences.get(source, {})
            for one in numbered_sentences("\n\n".join(source_paragraphs(path))):
                at = one.paragraph, one.sentence
                if located.get(at) != digest(one.text, salts[source]):
                    raise SourceError(
                        f"p{at[0]}.{at[1]} of {path.name} is another sentence than when it was"
                        " located; mend the text, or run casechron locate and check the places"
                    )
                whole = rests.get((source, str(at[0]), ""), {})
                rows = whole | rests.get((source, str(at[0]), str(at[1])), {})
                coded = "; ".join(dict.fromkeys(rows.values()))
                found.append((f"{source} p{at[0]}.{at[1]}", one.text, coded, ", ".join(rows)))
    return pd.DataFrame(found, columns=["place", "sentence", "coded", "rows"], dtype="str")


_CODED = (
    *("events", "involvement", "participation", "attributes", "relations"),
    *("links", "views", "findings", "recommendations"),
)


@kept
def basis_of_rows(review: Review) -> pd.DataFrame:
    """How much of the coding is stated by the source, derived from it, or judged by the coder?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per table whose rows have a basis, in the order of the codebook.

        - `table` (text): the table's name
        - `grain` (text): what one row of it stands for
        - `rows` (count): how many rows it has
        - `stated`, `derived`, `judged` (count): how many of them have this basis

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.basis_of_rows(review)[["table", "rows", "stated", "derived", "judged"]]
                 table  rows  stated  derived  judged
    0           events    16      16        0       0
    1      involvement    11      11        0       0
    2    participation     2       2        0       0
    3       attributes     3       2        1       0
    4        relations     6       1        4       1
    5            links     7       3        1       3
    6            views     1       1        0       0
    7         findings     1       1        0       0
    8  recommendations     1       1        0       0
    """
    tables = review.tables
    counts = [
        {
            "table": name,
            "grain": codebook().tables[name].grain,
            "rows": len(tables[name]),
            **{
                basis: cells(tables[name], "basis").count(basis)
                for basis in codebook().codes("basis")
            },
        }
        for name in _CODED
    ]
    return pd.DataFrame(counts)


@kept
def rows_by_paragraph(review: Review) -> pd.DataFrame:
    """What was made of each paragraph of the source?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per paragraph in the table coverage, in the order of the coding.

        - `source` (text): the source's id
        - `paragraph` (number): the number of the paragraph
        - `section` (text): the heading under which it stands
        - `ordinal` (text): its number within the section
        - `status` (text): whether it was coded, and if not, why
        - `rows` (count): how many coded rows rest on it
        - `row_ids` (text): their ids
        - `note` (text): what was left out

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.rows_by_paragraph(review)[["source", "paragraph", "status", "rows"]]
       source  paragraph   status  rows
    0  report          1  heading     0
    1  report          2    coded    22
    2  report          3    coded    26
    """
    tables = review.tables
    coverage, locators = tables["coverage"], tables["locators"]
    resting: dict[tuple[str, str], dict[str, None]] = {}
    for source, paragraph, row in rows_in(locators, "source", "paragraph", "row"):
        resting.setdefault((source, paragraph), {})[row] = None
    found = [resting.get(key, {}) for key in rows_in(coverage, "source", "paragraph")]
    return pd.DataFrame(
        {
            "source": coverage["source"],
            "paragraph": pd.to_numeric(coverage["paragraph"]).astype("Int64"),
            "section": coverage["section"],
            "ordinal": coverage["ordinal"],
            "status": texts(
                codebook().label("coverage", status) if status else ""
                for status in cells(coverage, "status")
            ),
            "rows": np.array([len(ids) for ids in found], dtype=np.int64),
            "row_ids": texts(", ".join(ids) for ids in found),
            "note": coverage["note"],
        }
    ).reset_index(drop=True)


@kept
def other_readings(review: Review) -> pd.DataFrame:
    """Where could the source, or another source, be read otherwise?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per cell that a reading changes, in the order of the coding.

        - `reading` (text): the reading's id, as the dating policy's `readings` takes it
        - `row`, `column` (text): the row and the column of the cell
        - `as_coded`, `otherwise` (text): the cell's value, and the value under the reading
        - `source` (text): the id of the source that can be read so
        - `reason` (text): the coder's reason

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.other_readings(review)[["reading", "row", "column", "as_coded", "otherwise"]]
                  reading         row column                  as_coded   otherwise
    0  visit-in-september  visit-2014   date  [2014-08-21..2014-09-30]     2014-09
    1    plan-in-november   plan-2014   date                2014-10/..  2014-11/..
    """
    tables = review.tables
    rows = tables["readings"]
    wanted = set(rows_in(rows, "row", "column"))
    named = {column for _, column in wanted}
    coded = {
        (row_id, column): value
        for table in tables.values()
        if "id" in table
        for column in table.columns
        if column in named
        for row_id, value in rows_in(table, "id", column)
    }
    return pd.DataFrame(
        {
            "reading": rows["reading"],
            "row": rows["row"],
            "column": rows["column"],
            "as_coded": texts(
                review.replaced.get(cell, coded.get(cell[1:], ""))
                for cell in rows_in(rows, "reading", "row", "column")
            ),
            "otherwise": rows["value"],
            "source": rows["source"],
            "reason": rows["reason"],
        }
    ).reset_index(drop=True)
