"""Are simulated reviews written in the form so that nothing of them is lost?"""

from __future__ import annotations

import pytest

from casechron.coding.codebook import codebook
from casechron.coding.expand import expand
from casechron.coding.forms import form_text
from casechron.coding.sheets import Row
from sheet_cases import differences, told, without_origin
from simulation import simulate
from simulation.as_form import as_form

DRAWN = [(seed, 10 + seed % 50, seed % 10 / 10, seed % 5 / 8) for seed in range(6000, 6040)]


@pytest.mark.parametrize(("seed", "events", "vagueness", "undated"), DRAWN)
def test_a_simulated_review_is_written_and_read_back(
    seed: int, events: int, vagueness: float, undated: float
) -> None:
    review = simulate(seed, seed % 97 + 1, events=events, vagueness=vagueness, undated=undated)
    tables = review.tables
    sources = [
        {name: value for name, value in row.items() if name not in ("paragraphs", "salt", "digest")}
        | {"default": bool(row["paragraphs"])}
        for row in tables["sources"]
    ]
    written = as_form(tables, review.text)
    forms = {
        name: [Row(line, dict(cells)) for line, cells in enumerate(rows, start=2)]
        for name, rows in written.items()
    }
    done = expand(forms, sources)
    assert told(done) == [str(one) for one in done.to_do] == []
    assert differences(tables, done) == []
    assert without_origin(done, forms) == []
    # And back: the tidy tables make the very same sheets again, byte for byte.
    back = {
        name: [{one: made.cells.get(one, "") for one in table.header} for made in done.tables[name]]
        for name, table in codebook().tables.items()
    }
    again = as_form(back, review.text)
    assert {name: form_text(name, rows) for name, rows in again.items()} == {
        name: form_text(name, rows) for name, rows in written.items()
    }
