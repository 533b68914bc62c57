"""Is little typed for a fact? Two lists of facts, frozen before the form of a review was built,
are coded by hand in it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

LIGHTNESS = Path(__file__).parent / "lightness"
#: How many facts each list has.
FACTS = {"plain": 20, "findings": 15}
FROZEN = "is frozen: a fact that is hard to code is a fault of the form, not of the list"


def facts(text: str) -> list[str]:
    """The numbered facts of a list, in their order, each on one line."""
    return [" ".join(one.split()) for one in re.findall(r"(?ms)^\d+\. (.*?)(?=^\d+\. |\Z)", text)]


@pytest.mark.parametrize("name", FACTS)
def test_a_list_of_facts_is_the_one_that_was_frozen(name: str) -> None:
    raw = (LIGHTNESS / f"{name}-facts.md").read_bytes()
    sums = (LIGHTNESS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert f"{hashlib.sha256(raw).hexdigest()}  {name}-facts.md" in sums, f"the list {FROZEN}"
    assert len(facts(raw.decode("utf-8"))) == FACTS[name]
