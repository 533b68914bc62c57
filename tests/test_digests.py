"""Is every kind of difference between committed and fresh reports named?"""

from __future__ import annotations

from pathlib import Path

from casechron.report.export import changed, digests


def test_names_every_difference_once(tmp_path: Path) -> None:
    committed, fresh = tmp_path / "one", tmp_path / "two"
    before, after = (
        {"same": "x", "r/changed.csv": "1", "gone": ""},
        {"same": "x", "r/changed.csv": "2", "new": ""},
    )
    for folder, files in ((committed, before), (fresh, after)):
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    (fresh / ".hidden").write_text("nobody's")
    (fresh / "r" / "half.csv.part").write_text("being written")
    assert changed(digests(committed), digests(fresh)) == {
        "gone": "gone",
        "new": "new",
        "r/changed.csv": "other bytes",
    }
    assert changed(digests(committed), digests(committed)) == {}
    assert sorted(digests(fresh, "*")) == ["new", "same"]
    assert digests(tmp_path / "none") == {}
