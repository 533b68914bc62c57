"""Reviews for the tests of the sentences: the invented one, that of the examples, and an empty
one."""

from __future__ import annotations

from pathlib import Path

import casechron as cc
from an_example_review import example_review
from an_invented_review import Tables, invented, no_rows


def example(folder: Path) -> cc.Review:
    """The review of the examples in docstrings."""
    return cc.read_review(example_review(folder))


def of_tables(tables: Tables, folder: Path) -> cc.Review:
    """A review of these tables."""
    read = example(folder)
    return cc.Review(tables, read.meta, read.policy, read.folder)


def the_invented(folder: Path) -> cc.Review:
    return of_tables(invented(), folder)


def the_empty(folder: Path) -> cc.Review:
    return of_tables(no_rows(), folder)
