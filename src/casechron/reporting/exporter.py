"""How does an executed notebook become one of our pages?

nbconvert's own HTML exporter passes every page through an HTML parser to add what our template has already;
its parent does all that a template of one's own needs.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets import default

__all__ = ["Prose", "ReportExporter", "slug"]

_TEMPLATES = Path(__file__).parent / "templates"


class ReportExporter(TemplateExporter):  # type: ignore[misc]
    """The nbconvert exporter of our reports: template ``casechron``, one self-contained page."""

    export_from_notebook = "casechron report"
    output_mimetype = "text/html"

    @default("file_extension")  # type: ignore[untyped-decorator]
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")  # type: ignore[untyped-decorator]
    def _template_name_default(self) -> str:
        return "casechron"

    @default("extra_template_basedirs")  # type: ignore[untyped-decorator]
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(_TEMPLATES)]

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page as text, and nbconvert's resources."""
        # One renderer to a page: it counts the headings, so that each has an address of its own.
        prose = Prose()
        self.register_filter("prose", MarkdownWithMath(renderer=prose).render)
        text, resources = super().from_notebook_node(nb, resources, **kw)
        return text, resources


class Prose(IPythonRenderer):  # type: ignore[misc]
    """Markdown as HTML: headings have addresses, markup and links that run something stay text."""

    def __init__(self) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
        self._seen: dict[str, int] = {}

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """A heading with an address made of its words."""
        name = slug(unescape(re.sub(r"<[^>]*>", "", text)))
        count = self._seen[name] = self._seen.get(name, 0) + 1
        address = f"section-{name}" if count == 1 else f"section-{name}-{count}"
        return f'<h{level} id="{address}">{text}</h{level}>\n'


def slug(text: str) -> str:
    """Words as part of an address.

    >>> slug("What does the source say, and where?")
    'what-does-the-source-say-and-where'
    """
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "section"
