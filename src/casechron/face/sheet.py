"""What did the sheet that a coder typed become, and from which sentences?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casechron.analysis import record
from casechron.analysis.kept import kept
from casechron.coding.expansion import ROWS
from casechron.coding.form_sources import texts_at_hand
from casechron.coding.meta import sources_in
from casechron.coding.source_text import source_paragraphs
from casechron.coding.sources import SourceError, digest, numbered_sentences
from casechron.review import Review, ReviewError

__all__ = ["coded_rows", "sentences"]


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
    return record.coded_rows(review.expanded, events)


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
        owners = {one.origins[0][:2]: one for name in ROWS for one in done.tables[name]}
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
