"""Does a page say the same in fewer bytes?"""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from browser import Browser, browser_or_skip
from casechron.reporting.assets import TEMPLATES, page_script, page_style
from casechron.reporting.compact import compact, lean_tables
from casechron.reporting.tables import table_html

HOSTILE = [
    "</td></table><h1>x",
    "a\nb",
    " ",
    "\"'><b>",
    "&lt;i&gt;",
    "</tbody>",
    '<td class="number">',
    'x="y"',
    "=1+1",
    "é — 😀",
]
TABLE = table_html(
    pd.DataFrame(
        {
            "event": [f"e{place}" for place in range(len(HOSTILE))],
            "words": HOSTILE,
            "days": range(len(HOSTILE)),
            "no": None,
        }
    ),
    "gaps",
    'Gaps "of" <days>',
).replace(
    "<td>x=",
    '<td><a href="01_when.html#gaps-e1">e1</a> <button type="button" class="term" title="a'
    ' b">t</button>x=',
)
#: What a browser makes of markup, without the line end that a cell takes in where its end tag is
#: left out.
PARSED = """(markup => {
    const body = new DOMParser().parseFromString(markup, 'text/html').body;
    body.querySelectorAll('td, th').forEach(cell => {
        const last = cell.lastChild;
        if (last && last.nodeType === 3) { last.data = last.data.replace(/\\n$/, ''); }
    });
    body.querySelectorAll('table, thead, tbody').forEach(part => Array.from(part.childNodes).forEach(one => {
        if (one.nodeType === 3) { one.remove(); }
    }));
    return body.innerHTML;
})"""  # noqa: E501


def test_a_lean_table_is_the_same_table_to_a_browser() -> None:
    lean = lean_tables(TABLE)
    assert len(lean) < len(TABLE) - 8 * len(HOSTILE) * 4
    with Browser(browser_or_skip()) as browser:
        page = browser.page()
        first, second = (page.run(f"{PARSED}({json.dumps(text)})") for text in (TABLE, lean))
    assert first == second
    assert first.count("<tr") == len(HOSTILE) + 1


def test_a_table_keeps_every_word_and_gives_up_end_tags_and_needless_marks() -> None:
    lean = lean_tables(TABLE)
    words = re.compile(r"<[^<>]*>")
    assert "".join(words.sub("", lean).split()) == "".join(words.sub("", TABLE).split())
    assert not re.findall(r"</(?:td|th|tr|thead|tbody)>", lean)
    assert '<a href=01_when.html#gaps-e1>e1</a> <button type=button class=term title="a b">' in lean


@pytest.mark.parametrize(
    ("value", "bare"),
    [("a b", False), ("", False), ("a'b", False), ("x&amp;y", False), ("a.b#c-d:/_1", True)],
)
def test_only_values_that_need_no_marks_lose_them(value: str, bare: bool) -> None:
    assert lean_tables(f'<td title="{value}">') == (
        f"<td title={value}>" if bare else f'<td title="{value}">'
    )


def test_a_page_has_the_rules_of_the_columns_that_it_has_and_no_other() -> None:
    text = compact(f"<style>a{{}}</style>{TABLE}<p>{TABLE.replace('gaps', 'more')}")
    style = re.search("<style>(.*?)</style>", text, flags=re.DOTALL)
    assert style
    assert (
        style[1] == "a{}.s1 tbody tr>:nth-child(1){white-space:nowrap}\n.n3"
        " tr>:nth-child(3){text-align:right;white-space:nowrap}\n"
    )
    assert not re.search(r"<t[dh][^<>]*number", text)
    assert '&lt;td class="number"&gt;' in text
    assert compact("<style>a{}</style><p>x</p>") == "<style>a{}</style><p>x</p>"


def test_a_table_whose_rows_may_be_cards_holds_its_heads_once() -> None:
    table = table_html(
        pd.DataFrame([[1] * 5], columns=["a_b", "c'd", 'e"f', "g\\h", "<i>"]), "t", "T"
    )
    text = compact(f"<style></style>{table}")
    assert text.count(".cards tr>:nth-child(5){--h:var(--5)}") == text.count("{--h:") / 5 == 1
    assert "--1:'a b';" in text
    with Browser(browser_or_skip()) as browser:
        page = browser.page()
        read = f"""(text => {{
            document.documentElement.innerHTML = text;
            return Array.from(document.querySelector('tbody tr').cells).map(one => getComputedStyle(one).getPropertyValue('--h'));
        }})({json.dumps(text)})"""  # noqa: E501
        # As a string of CSS is written.
        assert page.run(read) == ["'a b'", "'c\\'d'", "'e\"f'", "'g\\\\h'", "'<i>'"]


def test_a_list_of_ids_is_folded_on_a_phone_where_a_touch_can_unfold_it() -> None:
    text = compact('<style></style><table class="casechron cards i2 l3"></table>')
    assert "(scripting:enabled){.i2 tr>:nth-child(2):is(td):not(.whole,:focus-within){" in text
    assert ".i2 tr>:nth-child(2){min-width:15rem}" in text
    assert "line-clamp" not in compact('<style></style><table class="casechron cards l3"></table>')


def test_what_is_no_table_and_no_drawing_stays_as_it_is() -> None:
    text = '<style></style><ul class="a"><li id="b">x</li></ul><pre>&lt;td&gt;&lt;/td&gt;</pre>'
    assert compact(text) == text


def test_style_sheet_and_script_lose_nothing_but_words_for_their_writers() -> None:
    sheet = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    bare = re.sub(r"\s+", "", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    assert re.sub(r"\s+", "", page_style()) == bare.replace(";}", "}")
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    # A text over several lines would lose its white space.
    assert "`" not in script
    assert "/*" not in script
    kept = [
        line.strip()
        for line in script.splitlines()
        if line.strip() and not line.strip().startswith("//")
    ]
    assert page_script().split("\n") == kept


def test_the_style_sheet_means_the_same_to_a_browser() -> None:
    sheet = re.sub(r"\{[%#].*?[%#]\}", "", (TEMPLATES / "page.css").read_text(encoding="utf-8"))
    rules = """(text => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        // The browser keeps the white space of custom properties, which means nothing.
        return Array.from(sheet.cssRules).map(rule => rule.cssText.replace(/,\\s+/g, ','));
    })"""
    with Browser(browser_or_skip()) as browser:
        page = browser.page()
        first, second = (page.run(f"{rules}({json.dumps(text)})") for text in (sheet, page_style()))
    assert len(first) > 100
    assert first == second
