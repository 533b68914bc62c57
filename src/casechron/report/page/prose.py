"""How does Markdown become part of a page? Headings have addresses, and nothing in it can run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

import mistune

from casechron.coding.files import slug


def markdown_html(
    text: str, pages: Mapping[str, str] | None = None, prefix: str = "", deeper: int = 0
) -> str:
    """Markdown as HTML.

    Parameters
    ----------
    text
        The Markdown; markup in it stays text.
    pages
        Where a link to a notebook leads, by its file's name; to any other it is its words alone.
    prefix
        What the addresses of headings begin with.
    deeper
        By how many levels its headings go down.

    Returns
    -------
    str
        HTML without scripts, pictures or styles.

    Examples
    --------
    >>> markdown_html("## Dates\\nSee [waits](03_timing.ipynb).", {"03_timing.ipynb": "waits.html"})
    '<h2 id="dates">Dates</h2>\\n<p>See <a href="waits.html">waits</a>.</p>\\n'
    """
    named = re.findall(r"(?m)^#+ .* \{#([\w-]+)\}$", text)
    markdown = mistune.create_markdown(
        renderer=_Prose(pages or {}, prefix, named, deeper), plugins=["table"]
    )
    return str(markdown(text))


class _Prose(mistune.HTMLRenderer):
    """Headings and tables have addresses; markup and links that run something stay text.

    A heading may name its address: ``### Kinds of source {#source-kind}``."""

    def __init__(
        self, pages: Mapping[str, str], prefix: str, named: Sequence[str], deeper: int
    ) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False)
        self._pages, self._prefix, self._deeper = pages, prefix, deeper
        self._seen = dict.fromkeys(named, 1)
        self._under = "Table"

    def _address(self, name: str) -> str:
        count = self._seen[name] = self._seen.get(name, 0) + 1
        return f"{self._prefix}{name}" + (f"-{count}" if count > 1 else "")

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        words, _, named = text.partition(" {#")
        self._under = words
        plain = unescape(re.sub(r"<[^>]*>", "", words))
        address = named.rstrip("}") if named else self._address(_slug(plain))
        level += self._deeper
        return f'<h{level} id="{address}">{words}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if re.fullmatch(r"[\w-]+\.ipynb", url):
            page = self._pages.get(url)
            return f'<a href="{page}">{text}</a>' if page else text
        if ":" in url.split("/")[0].split("#")[0] and not url.startswith(
            ("https://", "http://", "mailto:")
        ):
            return text
        return super().link(text, url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """The words for a picture: a page loads nothing."""
        return text

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre tabindex="0"><code>{mistune.escape(code)}</code></pre>\n'

    def table(self, text: str) -> str:
        """A table that scrolls within itself; its caption is the heading above it."""
        kind = f"table-{_slug(unescape(self._under))}"
        address = self._address(kind)
        # Two tables under one heading have names of their own for screen readers.
        count = self._seen[kind]
        name = self._under + (f" ({count})" if count > 1 else "")
        return (
            f'<div class="scroll" role="region" aria-labelledby="{address}" tabindex="0">\n<table>'
            f'<caption id="{address}"><span>{name}</span></caption>\n{text}</table></div>\n'
        )

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        return f'<th scope="col">{text}</th>\n' if head else f"<td>{text}</td>\n"


def _slug(text: str) -> str:
    return slug(text) or "section"
