"""Which style sheet and which script does every page carry?"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def page_script() -> str:
    """The script of every page, which sorts and filters long tables and brings out the code; pages
    are read without it too.

    Without indentation and without the lines for those who write it.
    """
    lines = (TEMPLATES / "page.js").read_text(encoding="utf-8").splitlines()
    # Lines stay lines: nothing depends on knowing where a statement of the language ends.
    return "\n".join(
        line.strip() for line in lines if line.strip() and not line.lstrip().startswith("//")
    )


@cache
def page_style() -> str:
    """The style sheet of every page, without the words for those who write it."""
    from jinja2 import Environment, FileSystemLoader

    styles = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=False)
    sheet = styles.get_template("page.css").render()
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    # Strings between quotation marks stay as they are.
    parts = re.split(r'("[^"]*")', sheet)
    parts[::2] = map(_squeezed, parts[::2])
    return "".join(parts).strip()


def _squeezed(rules: str) -> str:
    rules = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", rules)).replace(";}", "}")
    # What stands between a property and its value; after a selector's name a space would mean
    # something.
    return re.sub(r"(?<=[{;])([a-z-]+): ", r"\1:", rules)


def page_script_hash() -> str:
    """What a page's security policy says of its script, so that no other can run."""
    digest = hashlib.sha256(page_script().encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


@cache
def chart_fonts() -> str:
    """The style rules that give a page the letters in which its charts were laid out, so that words
    in them are as wide where they are read."""
    rules = []
    for name, weight in (("charts", "normal"), ("charts-bold", "bold")):
        letters = base64.b64encode((TEMPLATES / f"{name}.woff2").read_bytes()).decode("ascii")
        source = f'url(data:font/woff2;base64,{letters}) format("woff2")'
        family = f'font-family:"DejaVu Sans";font-weight:{weight}'
        rules.append(f"@font-face{{{family};src:{source}}}")
    return "\n".join(rules)
