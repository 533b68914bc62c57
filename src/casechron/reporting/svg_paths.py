"""How does a path become few characters of an SVG? With relative steps, one digit after the point,
and circles as arcs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import floor, isfinite
from typing import NamedTuple

from matplotlib.path import Path
from matplotlib.transforms import Affine2D

__all__ = ["Box", "Matrix", "Stroke", "data", "number", "strokes"]

#: Left, top, right, bottom.
Box = tuple[float, float, float, float]
#: x = a x + c y + e, y = b x + d y + f, from a path's own units to points on the page, y downwards.
Matrix = tuple[float, float, float, float, float, float]
#: Places are counted in tenths of a point.
_TENTHS = 10
_HALF = 0.5 + 1e-6
_CIRCLE = Path.unit_circle()


class Stroke(NamedTuple):
    """A part of a path that is drawn without lifting the pen.

    Where it begins and ends in tenths of a point, the steps between, the box that it fills in
    points, whether it turns on its way, and whether at another angle than a right one."""

    start: tuple[int, int]
    end: tuple[int, int]
    steps: str
    box: Box
    turns: bool
    sharp: bool

    @property
    def moves(self) -> bool:
        """Whether it is more than a point."""
        return self.steps not in ("", "z")


@lru_cache(maxsize=65536)
def _tenths(count: int) -> str:
    whole, tenth = divmod(abs(count), _TENTHS)
    digits = f"{whole}.{tenth}" if tenth and whole else f".{tenth}" if tenth else f"{whole}"
    return f"-{digits}" if count < 0 else digits


def _count(value: float) -> int:
    """In tenths of a point. Halves go up, also those that a machine's arithmetic puts a hair
    lower."""
    return floor(value * _TENTHS + _HALF)


def number(value: float, digits: int = 2) -> str:
    """A number in as few characters as it can be.

    >>> number(0.25), number(-3.0), number(1.999)
    ('.25', '-3', '2')
    """
    if digits == 1:
        return _tenths(_count(value))
    text = f"{value + 1e-7:.{digits}f}".rstrip("0").rstrip(".")
    text = text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    return "0" if text in ("", "-", "-0") else text


def _said(*counts: int) -> str:
    """Numbers in a row: a minus parts two as well as a blank does."""
    text = ""
    for count in counts:
        one = _tenths(count)
        text += one if not text or one[0] == "-" else f" {one}"
    return text


def data(drawn: Iterable[Stroke]) -> str:
    """Strokes as the data of one path, each beginning where it is shorter to say: on the page, or
    from the one before it.

    >>> square = Path.unit_rectangle()
    >>> data([*strokes(square, (10, 0, 0, 10, 15, 5)), *strokes(square, (10, 0, 0, 10, 32.04, 5))])
    'M15 5h10v10h-10zm17 0h10v10h-10z'
    """
    text, at = "", (0, 0)
    for stroke in drawn:
        x, y = stroke.start
        there, onwards = f"M{_said(x, y)}", f"m{_said(x - at[0], y - at[1])}"
        text += (onwards if text and len(onwards) <= len(there) else there) + stroke.steps
        at = stroke.end
    return text


def strokes(path: Path, matrix: Matrix) -> Iterator[Stroke]:
    """The strokes of a path in `matrix`; what is not finite is left out."""
    a, b, c, d, e, f = matrix
    if path is _CIRCLE and not b and not c:
        yield _ellipse(e, f, abs(a), abs(d))
        return
    places = [(a * x + c * y + e, b * x + d * y + f) for x, y in path.vertices.tolist()]  # type: ignore[union-attr]
    codes: list[int] | None = None if path.codes is None else path.codes.tolist()  # type: ignore[union-attr]
    if not all(isfinite(x) and isfinite(y) for x, y in places):
        whole = path.cleaned(transform=Affine2D.from_values(*matrix), remove_nans=True)
        places, codes = [(x, y) for x, y in whole.vertices.tolist()], whole.codes.tolist()  # type: ignore[union-attr]
    first = 0
    ends = (
        []
        if codes is None
        else [at for at, code in enumerate(codes) if at and code in (Path.MOVETO, Path.STOP)]
    )
    for after in [*ends, len(places)]:
        if after - first > 1:
            found = _stroke(places[first:after], None if codes is None else codes[first:after])
            if found is not None:
                yield found
        if codes is not None and after < len(codes) and codes[after] == Path.STOP:
            return
        first = after


def _stroke(places: list[tuple[float, float]], codes: list[int] | None) -> Stroke | None:
    """From a first place on; None for a mere place."""
    closed = codes is not None and codes[-1] == Path.CLOSEPOLY
    if closed:
        places = places[:-1]
    held = [(_count(x), _count(y)) for x, y in places]
    curved = codes is not None and any(code in (Path.CURVE3, Path.CURVE4) for code in codes)
    steps = _curves(held, codes) if curved and codes is not None else _lines(held, closed)
    xs, ys = [x for x, _ in places], [y for _, y in places]
    box = min(xs), min(ys), max(xs), max(ys)
    start = held[0]
    turns = len(held) > 2
    sharp = turns and any(step in steps for step in "lqc")
    return Stroke(
        start, start if closed else held[-1], steps + ("z" if closed else ""), box, turns, sharp
    )


def _lines(held: list[tuple[int, int]], closed: bool) -> str:
    steps, (x, y) = "", held[0]
    # The last side of what is closed is drawn by closing it.
    for to_x, to_y in held[1:-1] if closed and held[-1] == held[0] else held[1:]:
        if to_x == x and to_y == y:
            continue
        if to_y == y:
            steps += f"h{_tenths(to_x - x)}"
        elif to_x == x:
            steps += f"v{_tenths(to_y - y)}"
        else:
            steps += f"l{_said(to_x - x, to_y - y)}"
        x, y = to_x, to_y
    return steps


def _curves(held: list[tuple[int, int]], codes: list[int]) -> str:
    steps, (x, y), at = "", held[0], 1
    while at < len(held):
        many, letter = (
            (2, "q")
            if codes[at] == Path.CURVE3
            else (3, "c")
            if codes[at] == Path.CURVE4
            else (1, "l")
        )
        steps += letter + _said(
            *(step for to_x, to_y in held[at : at + many] for step in (to_x - x, to_y - y))
        )
        x, y = held[min(at + many, len(held)) - 1]
        at += many
    return steps


def _ellipse(x: float, y: float, wide: float, high: float) -> Stroke:
    start = _count(x - wide), _count(y)
    across = _count(2 * wide)
    radii = f"{number(wide)} {number(high)}"
    steps = f"a{radii} 0 1 1 {_tenths(across)} 0 {radii} 0 1 1{_tenths(-across)} 0z"
    return Stroke(start, start, steps, (x - wide, y - high, x + wide, y + high), False, False)
