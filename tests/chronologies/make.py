"""Makes the chronologies of this folder, in the shapes of the trade's templates: `python make.py`
writes them anew, byte for byte. Every fact in them is invented, and no person is anybody.

What each must become stands in `right.toml`, which is written by hand and never from what casechron
makes of a chronology."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

from xlsxwriter import Workbook

HERE = Path(__file__).parent
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
TICK = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'

# ------------------------------------------------------------------- files


def packed(parts: Mapping[str, str]) -> bytes:
    """A packed file whose bytes depend on nothing but its parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


def par(text: str) -> str:
    """A paragraph; a text that is markup already stands as it is, a line feed is a break."""
    if text.startswith("<w:"):
        return f"<w:p>{text}</w:p>"
    runs = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(one)}</w:t>' for one in text.split("\n")
    )
    return f"<w:p><w:pPr><w:rPr/></w:pPr><w:r>{runs}</w:r></w:p>"


def cell(*texts: str, span: int = 1, merge: str = "") -> str:
    """A cell of a paragraph for each text; `merge` is `restart` or `continue`, downwards."""
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    high = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    return f"<w:tc><w:tcPr>{wide}{high}</w:tcPr>{''.join(map(par, texts or ('',)))}</w:tc>"


def table(*rows: Sequence[str]) -> str:
    """A table of rows of cells: texts, or cells as `cell` makes them."""
    made = ("".join(one if one.startswith("<w:tc>") else cell(one) for one in row) for row in rows)
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in made)}</w:tbl>"


def docx(*blocks: str, footnotes: str = "") -> bytes:
    """A Word document of paragraphs and tables."""
    body = "".join(one if one.startswith("<w:tbl>") else par(one) for one in blocks)
    start = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>'
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    parts = {"[Content_Types].xml": types, "_rels/.rels": rels}
    parts["word/document.xml"] = f"{start}{body}</w:body></w:document>"
    if footnotes:
        parts["word/footnotes.xml"] = (
            f'<w:footnotes xmlns:w="{W}"><w:footnote>{par(footnotes)}</w:footnote></w:footnotes>'
        )
    return packed(parts)


def xlsx(write: Callable[[Workbook], None]) -> bytes:
    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        write(book)
    return data.getvalue()


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """An OpenDocument spreadsheet of one sheet; a cell that is markup stands as it is."""
    spaces = " ".join(
        f'xmlns:{one}="{OFFICE}:{of}:1.0"'
        for one, of in {
            "office": "office",
            "table": "table",
            "text": "text",
            "style": "style",
            "number": "datastyle",
        }.items()
    )
    lines = "".join(
        "<table:table-row>"
        + "".join(
            one
            if one.startswith("<")
            else f'<table:table-cell office:value-type="string"><text:p>{escape(one)}</text:p>'
            "</table:table-cell>"
            for one in row
        )
        + "</table:table-row>"
        for row in rows
    )
    styles = (
        '<office:automatic-styles><number:date-style style:name="N1"><number:day/>'
        "<number:text>/</number:text><number:month/><number:text>/</number:text><number:year/>"
        '</number:date-style><style:style style:name="day" style:family="table-cell" '
        'style:data-style-name="N1"/></office:automatic-styles>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return packed(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": manifest,
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
            f'{spaces} office:version="1.2">{styles}<office:body><office:spreadsheet>'
            f'<table:table table:name="Sheet1">{lines}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        }
    )


def plain(rows: Sequence[Sequence[str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


# ------------------------------------------------------------------- chronologies


def merged_heads() -> bytes:
    """Heads in two rows, of which one spans two columns; days and months as numbers."""
    return docx(
        "Integrated chronology of Child K",
        table(
            [
                cell("Date", merge="restart"),
                cell("Agency", merge="restart"),
                cell("Significant event", merge="restart"),
                cell("Agency response", span=2),
            ],
            [cell(merge="continue")] * 3 + [cell("Action taken"), cell("Outcome")],
            [
                "14/01/2015",
                "Health visitor",
                cell("New birth visit at home.", "Home cold and sparsely furnished."),
                "Advice on heating given",
                "Mother to ring the housing office",
            ],
            [
                "03/02/2015",
                "Police",
                "Neighbour reports shouting",
                "Officers attended; no offences disclosed",
                "NFA",
            ],
            ["w/c 09/02/2015", "Children’s Services", "Referral", "Initial assessment opened", ""],
            [
                "12/03/2015 - 19/03/2015",
                "Hospital",
                "Admitted with a chest infection",
                "None",
                "Discharged home",
            ],
            ["April 2015", "GP", "Not brought to two appointments", "", ""],
        ),
    )


def year_headings() -> bytes:
    """Days and months, with the year in rows of their own."""

    def wide(text: str) -> list[str]:
        return [cell(text, span=4)]

    return docx(
        table(
            ["Date", "Event", "Source of information", "Comment"],
            wide("2016"),
            [
                "5 March",
                "Mother attends the housing office with both children",
                "Housing file",
                "Rent arrears are mentioned for the first time",
            ],
            ["late June", "School writes about lateness", "School file", ""],
            wide("Year: 2017"),
            ["2 Jan", "Father moves out", "Mother's account", ""],
            [
                "Next day",
                "Police called to the home",
                "Police log",
                "No record of the children being seen",
            ],
            ["", "Letter sent to the family", "CSC file", ""],
            wide("March 2017"),
            ["14th", "Core group cancelled", "CSC file", ""],
            wide("Events after the move"),
            ["9 May 2017", "Family seen at the new address", "", ""],
        )
    )


def two_tables() -> bytes:
    """A table of initials, and a chronology that goes on in a second table without heads."""
    heads = ["Date", "Agency", "What happened", "Child seen"]
    return docx(
        table(
            ["Abbreviation", "Meaning"],
            ["HV", "Health visitor"],
            ["FSW", "Family support worker"],
        ),
        table(
            heads,
            ["3 September 2018", "HV", "Clinic appointment kept", cell(TICK)],
            heads,
            ["10 September 2018", "FSW", "Nobody in", "✗"],
        ),
        "After the summer",
        table(
            ["1 October 2018", cell("SN", "HV"), "Weight below the range", "Yes, at school"],
            ["4 October 2018", "PC", "Telephone call, content not recorded", "n/a"],
        ),
        "Completed by the review team",
    )  # fmt: skip


def times() -> bytes:
    """A workbook with a title, numbered rows, and dates and times that are the spreadsheet's."""

    def write(book: Workbook) -> None:
        sheet = book.add_worksheet("Chronology")
        day, month, no_year, clock = (
            book.add_format({"num_format": one})
            for one in ("dd/mm/yyyy", "mmm yy", 'd" "mmm', "hh:mm")
        )
        sheet.merge_range(0, 0, 0, 6, "Chronology – Child M")
        heads = ["No.", "Date", "Time", "Professional", "Event", "Details", "Source"]
        sheet.write_row(2, 0, heads)
        rows = [
            ["Health visitor", "Home visit", "Mother low in mood", "CH file p. 12"],
            ["J. Example, social worker", "Telephone call", "Grandmother reports a bruise", "CSC"],
            ["Midwife", "Antenatal booking", "", ""],
            ["Police", "Call-out", "Argument, no injuries seen", "Police log"],
            ["HV", "Home visit", "No reply", ""],
        ]
        for number, row in enumerate(rows, start=1):
            sheet.write(number + 2, 0, number)
            sheet.write_row(number + 2, 3, row)
        sheet.write_datetime(3, 1, date(2019, 11, 5), day)
        sheet.write_datetime(3, 2, time(9, 30), clock)
        sheet.write_datetime(4, 1, datetime(2019, 11, 6, 0, 0), day)
        sheet.write(4, 2, "2pm")
        sheet.write_datetime(5, 1, date(2019, 11, 1), month)
        sheet.write_datetime(6, 1, date(2019, 12, 24), no_year)
        sheet.write_datetime(6, 2, time(23, 15), clock)
        sheet.write(7, 1, "early December 2019")

    return xlsx(write)


def child_seen() -> bytes:
    """Whether the child was seen, in several columns, and blank rows."""
    blank = [""] * 6
    return plain(
        [
            ["Date", "Event", "Child seen?", "Seen alone?", "Voice of the child", "Action"],
            [
                "12 May 2014",
                "Visit after a missed appointment",
                "Y",
                "N",
                "Said she liked her new room",
                "",
            ],
            blank,
            ["19 May 2014", "Unannounced visit", "N", "", "", "Card left"],
            blank,
            blank,
            [
                "26 May 2014",
                "Joint visit with police",
                "Seen asleep",
                "not possible",
                "",
                "Protection order considered; not applied for",
            ],
            ["May 2014", "Duty call", "unclear", "", "", "-"],
        ]
    )


def initials() -> bytes:
    """Initials for agencies, and a date that is merged over two rows."""
    over_two = (
        '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1" '
        'office:value-type="string"><text:p>7 January 2020</text:p></table:table-cell>'
    )
    day = (
        '<table:table-cell table:style-name="day" office:value-type="date" '
        'office:date-value="2020-01-09"><text:p>9/1/2020</text:p></table:table-cell>'
    )
    return ods(
        [
            ["Date", "Agency", "Event/Contact", "Action/Response"],
            [over_two, "HV", "Weight static", "Referral to the dietitian"],
            [
                "<table:covered-table-cell/>",
                "CSC/Police",
                "Strategy meeting",
                "Section 47 enquiries agreed",
            ],
            ["8 January 2020", "EDT", "Grandmother rings out of hours", "nil"],
            [day, "XYZ", "Letter received", "NFA"],
        ]
    )


def from_and_to() -> bytes:
    """When it began and ended, kinds, and the separator and the letters of an older Excel."""
    return plain(
        [
            ["From", "To", "Type of event", "Narrative", "Analysis", "Location"],
            [
                "01.02.2013",
                "28.02.2013",
                "Support from a service",
                "Parenting course attended",
                "Father’s attendance isn’t noted",
                "Children’s centre",
            ],
            ["15.03.2013", "", "Case closed", "Closed after the course", "", ""],
            [
                "April 2013",
                "ongoing",
                "Placement",
                "Lives with grandmother",
                "Legal basis not stated",
                "Grandmother’s home",
            ],
            ["n/k", "", "Other", "Worries of a teacher, undated", "", "School"],
        ],
        separator=";",
        encoding="cp1252",
    )


def long_cells() -> bytes:
    """Lists and breaks within cells, changes that are marked, a footnote, heads of its own."""
    kept = (
        "<w:r><w:t>Appointment </w:t></w:r><w:moveFrom><w:r><w:t>in time </w:t></w:r></w:moveFrom>"
        f"<w:del><w:r><w:delText>cancelled</w:delText></w:r>{TICK}"
        "</w:del><w:ins><w:r><w:t>kept</w:t></w:r></w:ins>"
    )
    return docx(
        table(
            ["When", "Who", "What was written down"],
            [
                "Monday 4 June 2018",
                "Police & Housing",
                cell("Joint visit.", "- door damaged", "- no food in the kitchen"),
            ],
            ["13/06/18", "Anytown Women’s Centre", "Mother says:\n‘I am fine’"],
            ["4/7/18", "School", "+ve test for head lice"],
            ["around 20 July 2018", "Hospital", cell(kept)],
            [
                "on two or three afternoons in the school holidays",
                "Neighbour",
                "Children seen alone in the street",
            ],
        ),
        footnotes="Taken from the day book.",
    )


def two_sheets() -> bytes:
    """A sheet for each year, and one that is no chronology."""

    def write(book: Workbook) -> None:
        heads = ["Date", "Agency", "Event", "Outcome"]
        years = {
            "2017": [
                ["5 March", "School", "Late on six days", "Letter home"],
                ["12/3/2017", "GP", "Immunisation", ""],
            ],
            "2018": [
                ["5 March", "School", "Late on nine days", "Meeting with mother (kept)"],
                ["13 or 14 March", "Health visitor", "Developmental review", ""],
            ],
        }
        for name, rows in years.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate([heads, *rows]):
                sheet.write_row(at, 0, row)
        family = book.add_worksheet("Family")
        family.write_row(0, 0, ["Name", "Relationship"])
        family.write_row(1, 0, ["Child P", "subject"])

    return xlsx(write)


CHRONOLOGIES = {
    "merged-heads.docx": merged_heads,
    "year-headings.docx": year_headings,
    "two-tables.docx": two_tables,
    "times.xlsx": times,
    "child-seen.csv": child_seen,
    "initials.ods": initials,
    "from-and-to.csv": from_and_to,
    "long-cells.docx": long_cells,
    "two-sheets.xlsx": two_sheets,
}

if __name__ == "__main__":
    for name, make in CHRONOLOGIES.items():
        (HERE / name).write_bytes(make())
