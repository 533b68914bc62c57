"""How does an executed notebook become one of our pages?

nbconvert's own HTML exporter passes every page through an HTML parser to add what our template has
already; its parent does all that a template of one's own needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets import default

from casechron.reporting.assets import TEMPLATES
from casechron.reporting.findings_html import words_html
from casechron.reporting.page_texts import page_text
from casechron.reporting.paper import on_paper
from casechron.reporting.tables import begun_on_paper, table_html_from_csv
from casechron.reporting.words import sentences

__all__ = ["Prose", "ReportExporter", "markdown_html", "slug"]


class ReportExporter(TemplateExporter):  # type: ignore[misc]
    """The nbconvert exporter of our reports: template ``casechron``, one self-contained page."""

    export_from_notebook = "casechron report"
    _preprocessors: list[Any]
    output_mimetype = "text/html"

    @default("file_extension")  # type: ignore[untyped-decorator]
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")  # type: ignore[untyped-decorator]
    def _template_name_default(self) -> str:
        return "casechron"

    @default("extra_template_basedirs")  # type: ignore[untyped-decorator]
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES.parent)]

    def _create_environment(self) -> Any:
        made = super()._create_environment()
        # All pages of a run are of the templates that it began with.
        made.auto_reload = False
        return made

    def _init_preprocessors(self) -> None:
        super()._init_preprocessors()
        # nbconvert holds the notebook against its schema after each of them, those that are off
        # too, and most are.
        registered: list[Any] = self._preprocessors
        self._preprocessors = [one for one in registered if getattr(one, "enabled", True)]

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page as text, and nbconvert's resources."""
        # One renderer to a page: it counts the headings, so that each has an address of its own.
        self.register_filter("prose", markdown_html(Prose()))
        self.register_filter("on_paper", on_paper)
        self.register_filter("sentences", sentences)
        self.register_filter("begun_on_paper", begun_on_paper)
        self.register_filter("part", lambda stem: page_text(stem).part)
        self.register_filter("whole_table", whole_table)
        self.register_filter("linked_words", linked_words)
        self.register_filter("all_rest", all_rest)
        text, resources = super().from_notebook_node(nb, resources, **kw)
        return text, resources


class Prose(IPythonRenderer):  # type: ignore[misc]
    """Markdown as HTML: headings have addresses, tables captions, code no colours; markup and links
    that run something stay text.

    A heading may name its address: ``### Kinds of source {#source-kind}``.
    """

    def __init__(self) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
        self._seen: dict[str, int] = {}
        self._under = "Table"
        self._tables = 0
        self._captions: dict[str, int] = {}

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """A heading with an address made of its words, or the one that it names."""
        words, _, named = text.partition(" {#")
        name = slug(unescape(re.sub(r"<[^>]*>", "", words)))
        count = self._seen[name] = self._seen.get(name, 0) + 1
        address = f"section-{name}" if count == 1 else f"section-{name}-{count}"
        self._under = words
        return f'<h{level} id="{named.rstrip("}") or address}">{words}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link; what would run something, or has a scheme that no page of ours needs, is its
        words alone."""
        if re.fullmatch(r"[\w-]+\.ipynb", url):
            # Another notebook of the project is another page of the report; `pages` sees whether
            # that is there.
            return f'<a class="page" href="{url.removesuffix(".ipynb")}.html">{text}</a>'
        if ":" in url.split("/")[0].split("#")[0] and not url.startswith(
            ("https://", "http://", "mailto:")
        ):
            return text
        return str(super().link(text, url, title))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """The words for a picture: a page loads nothing."""
        return text

    def block_code(self, code: str, info: str | None = None) -> str:
        """Code as text that can be scrolled by keyboard."""
        return f'<pre tabindex="0"><code>{self.escape_html(code)}</code></pre>\n'

    def table(self, text: str) -> str:
        """A table that scrolls within itself; its caption is the heading above it."""
        self._tables += 1
        address = f"caption-{self._tables}"
        count = self._captions[self._under.lower()] = self._captions.get(self._under.lower(), 0) + 1
        words = self._under if count == 1 else f"{self._under} ({count})"
        return (
            f'<div class="scroll" role="region" aria-labelledby="{address}"'
            ' tabindex="0">\n<table>\n<caption'
            f' id="{address}"><span>{words}</span></caption>\n{text}</table>\n</div>\n'
        )

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """A cell; heads say that they head their column."""
        return f'  <th scope="col">{text}</th>\n' if head else f"  <td>{text}</td>\n"


def whole_table(output: NotebookNode) -> str:
    """The table that a cell showed, with every row; the notebook's own HTML of it has the first
    alone."""
    said = output.metadata.casechron
    return table_html_from_csv(
        output.data["text/csv"], said["fields"], said["name"], said["caption"]
    )


def linked_words(output: NotebookNode) -> str:
    """The findings that a cell showed, each with links to the tables that it names."""
    said = output.metadata.casechron
    return words_html(said["sentences"], said["name"], said["caption"], said.get("rests_on"))


def all_rest(output: NotebookNode) -> bool:
    """Whether each of the findings that a cell showed names tables of its own, so that no line for
    all of them is needed."""
    named = output.metadata.casechron.get("rests_on", [])
    return bool(named) and all(named)


def markdown_html(renderer: Prose) -> Callable[[str], str]:
    """What turns Markdown into HTML through a renderer."""
    render: Callable[[str], str] = MarkdownWithMath(renderer=renderer).render
    return render


def slug(text: str) -> str:
    """Words as part of an address.

    >>> slug("What does the source say, and where?")
    'what-does-the-source-say-and-where'
    """
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "section"
