"""How is chance drawn so that the same seed gives the same bytes on every machine?"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """Draws that a seed settles, on any machine and any version of Python.

    Everything is made of `random.Random.random`, the one method that Python promises not to change,
    of a whole-number seed and of arithmetic that every machine rounds alike; nothing is drawn from
    a set or from a hash.

    >>> draws = Draws("example", 1)
    >>> [draws.whole(1, 6) for _ in range(8)], draws.shuffled("abcde")
    ([5, 4, 5, 1, 6, 4, 6, 4], ['b', 'c', 'e', 'd', 'a'])
    """

    def __init__(self, *seed: int | str) -> None:
        text = "\n".join(map(str, seed))
        self._random = random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases; never at 0, always at
        1."""
        return self._random.random() < share

    def whole(self, least: int, most: int) -> int:
        """A whole number from least to most, both included."""
        return least + int(self._random.random() * (most - least + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of some choices, each as likely."""
        return choices[self.whole(0, len(choices) - 1)]

    def weighted(self, choices: Sequence[tuple[int, T]]) -> T:
        """One of some choices, each as likely as the whole number before it says."""
        left = self.whole(1, sum(weight for weight, _ in choices))
        for weight, choice in choices:
            left -= weight
            if left <= 0:
                return choice
        raise AssertionError("the weights are whole numbers above 0")

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """The choices in an order of chance."""
        found = list(choices)
        for last in range(len(found) - 1, 0, -1):
            other = self.whole(0, last)
            found[last], found[other] = found[other], found[last]
        return found

    def basis(self) -> str:
        """The basis of a row: mostly stated."""
        return self.weighted([(8, "stated"), (1, "derived"), (1, "judged")])

    def salt(self) -> str:
        """Sixteen hexadecimal digits."""
        return f"{self.whole(0, 2**32 - 1):08x}{self.whole(0, 2**32 - 1):08x}"
