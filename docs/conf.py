"""How Sphinx builds the site: the documents of this folder, and a page for each group of public
functions, written from `casechron.__init__` so that none can be missing."""

from __future__ import annotations

import re
import shutil
import sys
from importlib import import_module
from inspect import getdoc, getmembers, isfunction
from pathlib import Path
from types import ModuleType

from sphinx.application import Sphinx

import casechron as cc

project = "casechron"
version = release = cc.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
html_theme = "furo"
html_title = "casechron"
html_copy_source = html_show_search_summary = False
html_show_sphinx = html_show_copyright = False
myst_heading_anchors = 4
# `bounds` in a docstring leads to where it is told; what is no public name stays code.
default_role = "py:obj"
autodoc_typehints = "none"  # they stand with the parameters
add_module_names = smartquotes = False
toc_object_entries_show_parents = "hide"
numpydoc_show_class_members = False
# What every public docstring has: a summary, each parameter and what is returned, an example.
numpydoc_validation_checks = {
    *("GL07", "GL08", "SS01", "SS02", "EX01"),
    *("PR01", "PR02", "PR03", "PR04", "PR07", "PR10", "RT01", "RT03"),
}
# The examples of a cached property are not run, so it has none; the class has. The functions of
# `cc.words` share the example of their module.
numpydoc_validation_exclude = {r"Error$", r"Review\.chronology$", r"^casechron\.words\."}


def listed(names: dict[str, object]) -> str:
    """A list of names, each with the first sentence of its docstring."""
    told = {name: (getdoc(found) or "").partition("\n\n")[0] for name, found in names.items()}
    return "\n".join(f"- `{name}`: {' '.join(text.split())}" for name, text in told.items())


def in_full(names: dict[str, object]) -> str:
    """All that is told of each name."""
    told = []
    for name, found in names.items():
        kind = "function" if isfunction(found) else "class"
        kind = "exception" if isinstance(found, type) and issubclass(found, Exception) else kind
        told.append(f".. auto{kind}:: {name}" + "\n   :members:" * (kind == "class"))
    return "\n\n".join(told)


def write_page(module: ModuleType, *parts: str, title: str = "", among: str = "casechron") -> None:
    """Write the page of a module: what it answers, then its parts."""
    name = title or module.__name__.rpartition(".")[2]
    heading = name.replace("_", " ").capitalize()
    head = [f"{heading}\n{'=' * len(heading)}", getdoc(module) or ""]
    page = [*head, f".. currentmodule:: {among}", *parts]
    (API / f"{name}.rst").write_text("\n\n".join(page) + "\n", encoding="utf-8")


API = Path(__file__).parent / "api"
shutil.rmtree(API, ignore_errors=True)
API.mkdir()

groups: dict[str, dict[str, object]] = {}
for home, names in cc._MODULES.items():
    # Charts are told on one page.
    group = home.rpartition(".")[0] if home.startswith("report.") else home
    groups.setdefault(group, {}).update({name: getattr(cc, name) for name in names})
for group, public in groups.items():
    write_page(import_module(f"casechron.{group}"), listed(public), in_full(public))

# Sphinx looks for what it is told of by import, where readers have an attribute.
sys.modules["casechron.show"] = cc.show
shown = {name: getattr(cc.show, name) for name in cc.show.__all__}
write_page(cc.show, listed(shown), in_full(shown), among="casechron.show")

# These give sentences and their tables to the notebooks; each module has one example for all.
sections = []
for name in dir(cc.words):
    module = getattr(cc.words, name)
    sys.modules[f"casechron.words.{name}"] = module
    own = {
        key: found
        for key, found in getmembers(module, isfunction)
        if key[0] != "_" and found.__module__ == module.__name__
    }
    head = f"{name}\n{'-' * len(name)}\n\n.. currentmodule:: casechron.words.{name}"
    sections += [head, getdoc(module) or "", in_full(own)]
write_page(cc.words, *sections, title="words", among="casechron.words")


def setup(app: Sphinx) -> None:
    """Make the HTML anchors of the documents known, so that links to them are checked."""

    def anchors(app: Sphinx, document: str, source: list[str]) -> None:
        source[0] = re.sub(r'<a id="([\w-]+)"></a>', r"(\1)=", source[0])

    app.connect("source-read", anchors)
