"""How do findings in words stand on a page, each with the tables on which it rests?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from casechron.coding.characters import legible

__all__ = ["NOTHING", "rests_html", "words_html"]

#: What is said where there is no finding.
NOTHING = "Nothing that is coded bears on this."


def words_html(
    sentences: list[str],
    name: str,
    heading: str | None = None,
    rests_on: Sequence[Sequence[str]] | None = None,
) -> str:
    """Sentences as an HTML list at the address ``#words-<name>``; after each a link to each table
    that it rests on.

    >>> print(words_html(["a < b"], "order"))
    <div class="words" id="words-order">
    <ul>
    <li>a &lt; b</li>
    </ul>
    </div>
    """
    behind = rests_on or [()] * len(sentences)
    lines = [
        f"<li>{escape(legible(sentence), quote=False)}{rests_html(names)}</li>"
        for sentence, names in zip(sentences, behind, strict=True)
    ]
    items = ["<ul>", *lines, "</ul>"] if lines else [f"<p>{NOTHING}</p>"]
    # No heading element: the level would depend on the prose around it.
    above = [f'<p class="words-heading">{escape(legible(heading))}</p>'] if heading else []
    return "\n".join([f'<div class="words" id="words-{name}">', *above, *items, "</div>"])


def rests_html(names: Sequence[str]) -> str:
    """Links to the tables on which a sentence rests, to stand behind it; nothing if it names none.

    >>> print(rests_html(["response_gaps"]))
     <a href="#table-response_gaps" class="rests">response gaps</a>
    """
    links = (
        f'<a href="#table-{escape(name)}" class="rests">{escape(name.replace("_", " "))}</a>'
        for name in names
    )
    return f" {', '.join(links)}" if names else ""
