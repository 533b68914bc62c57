"""How do the tests read the data of a path? As SVG 1.1 says, for the letters that we write."""

from __future__ import annotations

import re

Point = tuple[float, float]
_WORD = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")


def outlines(data: str) -> list[tuple[list[Point], bool]]:
    """Each part of a path as its corners, or the ends and controls of its curves, and whether it is
    closed.

    An arc gives the places where it begins and ends.
    """
    words = _WORD.findall(data)
    assert "".join(words) == re.sub(r"\s", "", data)
    found: list[tuple[list[Point], bool]] = []
    x = y = 0.0
    letter = ""
    at = 0

    def take(count: int) -> list[float]:
        nonlocal at
        at += count
        return [float(word) for word in words[at - count : at]]

    while at < len(words):
        if words[at].isalpha():
            letter = words[at]
            at += 1
        if letter in "Mm":
            to_x, to_y = take(2)
            x, y = (to_x, to_y) if letter == "M" or not found else (x + to_x, y + to_y)
            found.append(([(x, y)], False))
            continue
        points, _ = found[-1]
        if letter == "z":
            found[-1] = (points, True)
            x, y = points[0]
        elif letter in "HhVv":
            (step,) = take(1)
            x, y = {"H": (step, y), "V": (x, step), "h": (x + step, y), "v": (x, y + step)}[letter]
            points.append((x, y))
        elif letter in "lqc":
            steps = take({"l": 2, "q": 4, "c": 6}[letter])
            points += [(x + a, y + b) for a, b in zip(steps[::2], steps[1::2], strict=True)]
            x, y = points[-1]
        elif letter == "a":
            step_x, step_y = take(7)[5:]
            x, y = x + step_x, y + step_y
            points.append((x, y))
        else:
            raise AssertionError(f"{letter!r} in {data!r}")
    return found
