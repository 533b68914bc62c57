"""What did the sheet that a coder typed become, and from which sentences?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import cells, rows_in
from casechron.coding.codebook import codebook
from casechron.coding.expansion import NAMED_FORMS, Expanded, TidyRow
from casechron.coding.files import is_coding
from casechron.coding.meta import sources_in
from casechron.coding.source_text import source_paragraphs, texts_at_hand
from casechron.coding.sources import SourceError, numbered_sentences, text_digest
from casechron.review import Review, ReviewError, one_or_more

__all__ = ["basis_of_rows", "coded_rows", "other_readings", "rows_by_paragraph", "sentences"]


@table_of_rows
def coded_rows(review: Review, events: str | Iterable[str] | None = None) -> Iterator[RowOfTable]:
    """Which row of which table did each cell of the sheet become?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    events : str or iterable of str, optional
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
    forms = codebook().forms
    by_table = review.expanded.tables
    lines = None
    if events is not None:
        line_of = {event["id"]: event.origins[0][:2] for event in by_table["events"]}
        wanted = one_or_more(events)
        if unknown := [event for event in wanted if event not in line_of]:
            raise KeyError(f"there is no event {', '.join(map(str, unknown))}")
        lines = {line_of[event] for event in wanted}

    def position(row: TidyRow) -> tuple[int, int, int]:
        """Where a row was typed: which file, line and column; review.toml, which is no form, comes
        first, and so does the line as a whole."""
        origin = row.origins[0]
        form = Path(origin.file).stem
        columns = list(forms[form].columns) if form in forms else []
        return (
            list(forms).index(form) if form in forms else -1,
            origin.line,
            columns.index(origin.column) if origin.column in columns else -1,
        )

    made = [
        row
        for table in by_table.values()
        for row in table
        if lines is None or row.origins[0][:2] in lines
    ]
    for row in sorted(made, key=position):
        filled = {name: value for name, value in row.cells.items() if value and name != "id"}
        says = "; ".join(f"{name}: {value}" for name, value in filled.items())
        yield (*row.origins[0], row.table, row["id"], says)


@table_of_rows
def sentences(review: Review) -> Iterator[RowOfTable]:
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
        - `rows` (ids): the ids of these rows

    Raises
    ------
    SourceError
        Where a text that was located has changed since.

    See Also
    --------
    rows_by_paragraph : the same by paragraph, without the text.

    Examples
    --------
    >>> import casechron as cc
    >>> len(cc.sentences(cc.read_review("child-x-anytown-2019")))
    0
    """
    expanded = review.expanded
    if review.meta.invented and expanded is not None and not is_coding(review.folder):
        resting = _resting_on_sentences(expanded)
        sources = review.tables["sources"]
        located = {row: as_located for row, *as_located in rows_in(sources, "id", "salt", "digest")}
        shipped = any("text" in source for source in sources_in(review.folder))
        for source, path in texts_at_hand(review.folder) if shipped else ():
            text = "\n\n".join(source_paragraphs(path))
            salt, whole = located[source]
            if whole and text_digest(text, salt) != whole:
                raise SourceError(
                    f"{path.name} is another text than when it was located; mend the text, or run"
                    " casechron locate and check the places"
                )
            for numbered in numbered_sentences(text):
                paragraph, number = numbered.paragraph, numbered.sentence
                of_paragraph = resting.get((source, str(paragraph), ""), {})
                coded = of_paragraph | resting.get((source, str(paragraph), str(number)), {})
                says = "; ".join(dict.fromkeys(coded.values()))
                place = f"{source} p{paragraph}.{number}"
                yield (place, numbered.text, says, coded)


def _resting_on_sentences(expanded: Expanded) -> dict[tuple[str, str, str], dict[str, str]]:
    """Which rows rest on which place, by source, paragraph and sentence (empty: the paragraph as a
    whole), each with what it says."""
    owners = {row.origins[0][:2]: row for name in NAMED_FORMS for row in expanded.tables[name]}
    resting: dict[tuple[str, str, str], dict[str, str]] = {}
    for place in expanded.tables["locators"]:
        key = place["source"], place["paragraph"], place["sentence"]
        for owner in (owners[origin[:2]] for origin in place.origins if origin[:2] in owners):
            says = owner["summary"] or owner["proposition"] or owner["label"]
            resting.setdefault(key, {})[owner["id"]] = says
    return resting


@table_of_rows
def basis_of_rows(review: Review) -> Iterator[RowOfTable]:
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
    tables, bases = review.tables, tuple(codebook().codes("basis"))
    for name, coded in codebook().tables.items():
        if "basis" in coded.header:
            of_rows = cells(tables[name], "basis")
            counts = (of_rows.count(basis) for basis in bases)
            yield (name, coded.grain, len(of_rows), *counts)


@table_of_rows
def rows_by_paragraph(review: Review) -> Iterator[RowOfTable]:
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
        - `paragraph` (number; <NA>: none): the number of the paragraph
        - `section` (text): the heading under which it stands
        - `ordinal` (text): its number within the section
        - `status` (text): whether it was coded, and if not, why
        - `rows` (count): how many coded rows rest on it
        - `note` (text): what was left out

        Which rows rest on it stands in `review.tables["locators"]` (`tables/coded/locators.csv`).

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
    places = set(rows_in(tables["locators"], "source", "paragraph", "row"))
    resting = Counter((source, paragraph) for source, paragraph, _ in places)
    for source, paragraph, section, ordinal, status, note in rows_in(
        tables["coverage"], "source", "paragraph", "section", "ordinal", "status", "note"
    ):
        count = resting[source, paragraph]
        label = codebook().label("coverage", status)
        number = int(paragraph) if paragraph else None
        yield (source, number, section, ordinal, label, count, note)


@table_of_rows
def other_readings(review: Review) -> Iterator[RowOfTable]:
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
    tables, readings = review.tables, review.tables["readings"]
    columns = set(cells(readings, "column"))
    coded = {
        (row, column): value
        for table in tables.values()
        if "id" in table
        for column in columns.intersection(table.columns)
        for row, value in rows_in(table, "id", column)
    }
    for reading, row, column, value, source, reason in rows_in(
        readings, "reading", "row", "column", "value", "source", "reason"
    ):
        as_coded = review.replaced.get((reading, row, column), coded.get((row, column), ""))
        yield (reading, row, column, as_coded, value, source, reason)
