"""How Sphinx builds the site: the documents of this folder, and a page for each group of public
functions, written from `casechron.__init__` so that none can be missing."""

from __future__ import annotations

import re
import shutil
import sys
from importlib import import_module
from inspect import getdoc, getmembers, isfunction
from pathlib import Path

from sphinx.application import Sphinx

import casechron as cc

project = "casechron"
version = release = cc.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]
html_theme = "furo"
html_title = "casechron"
html_copy_source = html_show_search_summary = False
html_show_sphinx = html_show_copyright = False
myst_heading_anchors = 4
# `bounds` in a docstring leads to where it is told; what is no public name stays code.
default_role = "py:obj"
autodoc_typehints = "none"  # they stand with the parameters
add_module_names = smartquotes = False
autosummary_generate = False
toc_object_entries_show_parents = "hide"
numpydoc_show_class_members = False
# What every public docstring has: a summary, each parameter and what is returned, an example.
numpydoc_validation_checks = {
    *("GL07", "GL08", "SS01", "SS02", "EX01"),
    *("PR01", "PR02", "PR03", "PR04", "PR07", "PR10", "RT01", "RT03"),
}
numpydoc_validation_exclude = {r"Error$", r"\.words\."}


def summary(names: list[str]) -> str:
    """A table of names, each with the first line of its docstring."""
    return ".. autosummary::\n   :nosignatures:\n\n" + "\n".join(f"   {name}" for name in names)


def in_full(name: str, found: object) -> str:
    """All that is told of one name."""
    kind = "function" if isfunction(found) else "class"
    kind = "exception" if isinstance(found, type) and issubclass(found, Exception) else kind
    return f".. auto{kind}:: {name}"


def write_page(module: str, *parts: str, title: str = "", known_as: str = "casechron") -> None:
    """Write the page of a module: what it answers, then its parts."""
    name = title or module.rpartition(".")[2]
    told = getdoc(import_module(module)) or ""
    page = [name.capitalize() + "\n" + "=" * len(name), told, f".. currentmodule:: {known_as}"]
    (API / f"{name}.rst").write_text("\n\n".join([*page, *parts]) + "\n", encoding="utf-8")


API = Path(__file__).parent / "api"
shutil.rmtree(API, ignore_errors=True)
API.mkdir()

groups: dict[str, list[str]] = {}
for module, names in cc._MODULES.items():
    # A chart has a module of its own: they are told on one page.
    group = module.rpartition(".")[0] if module.startswith("reporting.") else module
    groups.setdefault(f"casechron.{group}", []).extend(names)
for module, public in groups.items():
    write_page(module, summary(public), *(in_full(name, getattr(cc, name)) for name in public))

# Sphinx looks for what it is told of by import, where readers have an attribute.
sys.modules["casechron.show"] = cc.show
shown = [name for name in cc.show.__all__ if callable(getattr(cc.show, name))]
write_page(
    cc.show.__name__,
    summary(shown),
    *(in_full(name, getattr(cc.show, name)) for name in shown),
    known_as="casechron.show",
)
# These give sentences to the notebooks, and are listed only.
listed = []
for page in dir(cc.words):
    module = getattr(cc.words, page)
    own = [
        name
        for name, found in getmembers(module, isfunction)
        if name[0] != "_" and found.__module__ == module.__name__
    ]
    listed += [f"{page}\n{'-' * len(page)}", getdoc(module) or ""]
    listed += [f".. currentmodule:: casechron.words.{page}", summary(own)]
write_page(cc.words.__name__, *listed, title="words")


def setup(app: Sphinx) -> None:
    """Make the HTML anchors of the documents known, so that links to them are checked."""

    def anchors(app: Sphinx, document: str, source: list[str]) -> None:
        source[0] = re.sub(r'<a id="([\w-]+)"></a>', r"(\1)=", source[0])

    app.connect("source-read", anchors)
