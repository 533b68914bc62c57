"""The codebook, and a coded text, for programs of qualitative analysis (REFI-QDA 1.0: QDC and
QDPX)."""

from __future__ import annotations

import unicodedata
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from casechron.analysis.tables import rows_in
from casechron.coding.codebook import Codebook, codebook
from casechron.coding.source_text import source_paragraphs
from casechron.coding.sources import CopySentence, normalise
from casechron.coding.verification import STILL_THERE, Verified, verify_form
from casechron.exchange import ExchangeError, told_of, zipped
from casechron.review import Review

__all__ = ["codebook_qdc", "project_qdpx", "sentence_spans"]

#: Ids are made of what they name, so that they are the same each time and in both formats.
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:casechron")
_ORIGIN = "casechron"


def codebook_qdc() -> bytes:
    """The codebook as a QDC file: its lists, in each its codes, each with definition and rule.

    Returns
    -------
    bytes
        XML in the namespace ``urn:QDA-XML:codebook:1.0``. A list is a code that nothing is coded
        with; names are unique, since some programs hold one code for a name.

    Examples
    --------
    >>> b'name="Basis of a coded value"' in codebook_qdc()
    True
    """
    root = ET.Element("CodeBook", xmlns="urn:QDA-XML:codebook:1.0", origin=_ORIGIN)
    _codes(root, codebook())
    return _xml(root)


def project_qdpx(
    review: Review, texts: Sequence[tuple[str | None, Path]]
) -> tuple[bytes, list[str]]:
    """A coded text as a QDPX project: the text, and the codes at each sentence that rows rest on.

    The codes of a sentence are those of all rows that rest on it; its description names the rows.
    Positions count characters (Unicode code points) from 0; the end is the one after the last.

    Parameters
    ----------
    review
        The review, or a coding of it.
    texts
        The sources with the files of their texts; None where the review has one source.

    Returns
    -------
    bytes
        A zip archive of ``project.qde`` and the texts; the same coding and text give the same
        bytes.
    list of str
        What is not in it: the places whose sentence does not stand in the text, and why.

    Raises
    ------
    casechron.coding.sources.SourceError
        Where a text cannot be read, or was not located.
    ExchangeError
        Where not one sentence that rows rest on stands in the texts.
    """
    meta = review.meta
    cited = dict(rows_in(review.tables["sources"], "id", "citation"))
    user = _id("coder", meta.coder)
    # A coding without a review.toml of its own does not say when it was made.
    when = {"creationDateTime": f"{meta.coded_on}T00:00:00Z"} if meta.coded_on else {}
    creation = {"creatingUser": user} | when
    root = ET.Element("Project", xmlns="urn:QDA-XML:project:1.0", origin=_ORIGIN)
    root.set("name", f"{meta.title} ({meta.body}, {meta.year})")
    root.attrib |= {"creatingUserGUID": user} | when
    ET.SubElement(ET.SubElement(root, "Users"), "User", guid=user, name=meta.coder)
    _codes(ET.SubElement(root, "CodeBook"), codebook())
    sources, coded = ET.SubElement(root, "Sources"), _coded(review, codebook())
    files, lost = {}, []
    for source_id, path in texts:
        verified = verify_form(review.folder, source_id, path)
        blocks, source = source_paragraphs(path), _id(meta.id, verified.source)
        files[f"sources/{source}.txt"] = "\n\n".join(blocks).encode()
        text = ET.SubElement(sources, "TextSource", creation, guid=source)
        text.set("name", f"{verified.source}: {cited[verified.source]}")
        text.set("plainTextPath", f"internal://{source}.txt")
        rows, missed = _rows_at(verified, spans := sentence_spans(blocks, verified.copy))
        lost += missed
        for place, ids in rows.items():
            name = f"p{place[0]}.{place[1]}"
            selection = ET.SubElement(text, "PlainTextSelection", creation, name=name)
            selection.set("guid", _id(meta.id, verified.source, name))
            for end, position in zip(("start", "end"), spans[place], strict=True):
                selection.set(f"{end}Position", str(position))
            ET.SubElement(selection, "Description").text = ", ".join(ids)
            for code in dict.fromkeys(code for row_id in ids for code in coded.get(row_id, ())):
                guid = _id(meta.id, verified.source, name, *code)
                coding = ET.SubElement(selection, "Coding", creation, guid=guid)
                ET.SubElement(coding, "CodeRef", targetGUID=_id("code", *code))
    if not next(root.iter("PlainTextSelection"), None):
        raise ExchangeError("not one sentence that rows rest on stands in the text: is it the one?")
    version = "data {data_sha256}, casechron {casechron}".format_map(told_of(review))
    about = filter(None, [meta.citation, version, meta.licence, meta.content_note])
    ET.SubElement(root, "Description").text = "\n".join(about)
    return zipped({"project.qde": _xml(root), **files}), lost


def _codes(root: ET.Element, book: Codebook) -> None:
    """The lists of the codebook, each with its codes below it."""
    codes = [code for listed in book.lists.values() for code in listed.codes.values()]
    labels = Counter(code.label.casefold() for code in codes)
    element = ET.SubElement(root, "Codes")
    for name, listed in book.lists.items():
        group = ET.SubElement(element, "Code", guid=_id("list", name), name=listed.title)
        group.set("isCodable", "false")
        for code in listed.codes.values():
            unique = labels[code.label.casefold()] == 1
            label = code.label if unique else f"{code.label} ({name.replace('_', ' ')})"
            leaf = ET.SubElement(group, "Code", guid=_id("code", name, code.code), name=label)
            leaf.set("isCodable", "true")
            ET.SubElement(leaf, "Description").text = f"{code.definition}\n{code.rule}"


def _id(*names: str) -> str:
    return str(uuid.uuid5(_IDS, "\n".join(names)))


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _coded(review: Review, book: Codebook) -> Mapping[str, list[tuple[str, str]]]:
    """The codes of each row by its id, each with its list: those of its own columns, and those of
    the rows that only say something of it, such as its themes."""
    codes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, table in book.tables.items():
        key = table.key[0]
        for column in table.columns:
            if column.kind == "code" and key in ("id", "row"):
                for row, code in rows_in(review.tables[name], key, column.name):
                    codes[row] += [(column.list, code)] if code else []
    return codes


def _rows_at(
    verified: Verified, spans: Mapping[tuple[int, int], tuple[int, int]]
) -> tuple[dict[tuple[int, int], list[str]], list[str]]:
    """The rows that rest on each sentence of a copy, in its order, and the places that are not in
    it."""
    rows: dict[tuple[int, int], list[str]] = {}
    lost = []
    for mention in verified.found:
        place = (mention.found_paragraph or 0, mention.found_sentence or 0)
        if mention.status not in STILL_THERE or place not in spans:
            why = "parted" if mention.status in STILL_THERE else mention.status
            lost.append(f"{mention.source} p{mention.paragraph}.{mention.sentence}: {why}")
        elif mention.row not in rows.setdefault(place, []):
            rows[place].append(mention.row)
    return dict(sorted(rows.items())), list(dict.fromkeys(lost))


def sentence_spans(
    blocks: Sequence[str], copy: Sequence[CopySentence]
) -> dict[tuple[int, int], tuple[int, int]]:
    """From which character to which does each sentence stand in a text of these paragraphs?

    Sentences are known normalised, so each letter is normalised with the marks that it carries, and
    keeps where it came from; white space is left out on both sides. A sentence that something
    parts, such as the foot of a page, has no place.

    Parameters
    ----------
    blocks
        The paragraphs of the text, between which a blank line stands.
    copy
        Its sentences in reading order.

    Returns
    -------
    dict
        By paragraph and sentence, the first character and the one after the last, from 0.

    Examples
    --------
    >>> sentence = CopySentence(1, 2, "", False, "It's \N{GRINNING FACE}.")
    >>> sentence_spans(["\N{GRINNING FACE} So.  It\u2019s \N{GRINNING FACE}."], [sentence])
    {(1, 2): (7, 14)}
    """
    plain, origin, begins, spans = "", [], [], {}
    offset = 0
    for block in blocks:
        begins.append(len(plain))
        letters = [at for at, character in enumerate(block) if not unicodedata.combining(character)]
        for start, end in zip(letters, [*letters[1:], len(block)], strict=True):
            written = "".join(normalise(block[start:end]).split())
            plain += written
            origin += [(offset + start, offset + end)] * len(written)
        offset += len(block) + 2
    begins.append(len(plain))
    at = 0
    for sentence in copy:
        words = "".join(sentence.text.split())
        place = plain.find(words, max(at, begins[sentence.paragraph - 1]))
        if words and 0 <= place < begins[sentence.paragraph]:
            at = place + len(words)
            spans[sentence.paragraph, sentence.sentence] = origin[place][0], origin[at - 1][1]
    return spans
