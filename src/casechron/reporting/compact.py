"""How does a page say the same in fewer bytes? What tables and drawings repeat at every cell and stroke is said once."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["compact", "lean"]

_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_LOOKS = re.compile(r'(?: clip-path="(url\(#[^"]*\))")?(?: style="([^"]*)")')
_NOT_TURNED = re.compile(r' transform="rotate\(-?0 [^")]*\)"')
_ADDRESS = re.compile(r' id="([^"]*)"')
_CELL = re.compile(r'<td class="number">')
#: A look is said once in the page's style sheet if it stands this often.
_OFTEN = 3


def compact(text: str) -> str:
    """The same page: looks that drawings repeat become classes, and numbers are set right by their column's class.

    >>> drawing = "<svg>" + '<g style="fill: #ffffff; stroke: #1d1d1b" />' * 3 + "</svg>"
    >>> print(compact(f"<style></style>{drawing}"))
    <style>.d0{fill:#ffffff;stroke:#1d1d1b}
    </style><svg><g class="d0" /><g class="d0" /><g class="d0" /></svg>
    """
    text = _CELL.sub("<td>", text)
    seen = Counter(look for drawing in _DRAWING.findall(text) for look in _LOOKS.findall(drawing))
    names = {look: f"d{place}" for place, look in enumerate(look for look, count in seen.items() if count >= _OFTEN)}

    def named(match: re.Match[str]) -> str:
        name = names.get((match[1] or "", match[2]))
        return f' class="{name}"' if name else match.group(0)

    text = _DRAWING.sub(lambda drawing: _LOOKS.sub(named, drawing.group(0)), text)
    rules = "".join(f".{name}{{{_rule(*look)}}}\n" for look, name in names.items())
    return text.replace("</style>", f"{rules}</style>", 1)


def lean(text: str) -> str:
    """The same page: drawings without turns by nothing and without addresses that nothing leads to.

    >>> lean('<svg><g id="a" transform="rotate(-0 1 2)"/><g id="b"/><use href="#b"/></svg>')
    '<svg><g/><g id="b"/><use href="#b"/></svg>'
    """
    return _DRAWING.sub(lambda drawing: _lean(drawing.group(0)), text)


def _lean(drawing: str) -> str:
    drawing = _NOT_TURNED.sub("", drawing)
    led_to = set(re.findall(r"url\(#([^)]*)\)", drawing)) | set(re.findall(r'href="#([^"]*)"', drawing))
    led_to |= {one for said in re.findall(r'aria-[a-z]+="([^"]*)"', drawing) for one in said.split()}
    return _ADDRESS.sub(lambda match: match.group(0) if match[1] in led_to else "", drawing)


def _rule(clip: str, style: str) -> str:
    said = re.sub(r"\s*([:;])\s*", r"\1", style.replace("&quot;", '"')).strip(";")
    return f"{said};clip-path:{clip}" if clip else said
