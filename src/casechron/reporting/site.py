"""Where does a reader begin? The front page over all reports, and the hashes of everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casechron.reporting.export import write_manifest, write_text

__all__ = ["reports_in", "write_site"]

_TEMPLATE = Path(__file__).parent / "templates" / "casechron"


def reports_in(reports_dir: Path) -> list[dict[str, Any]]:
    """What each report says of itself (its ``report.json``), in the order of the reviews' names."""
    found = sorted(path for path in reports_dir.glob("*/report.json") if not path.parent.name.startswith("."))
    return [json.loads(path.read_text(encoding="utf-8")) for path in found]


def write_site(reports_dir: Path) -> Path:
    """Write ``index.html`` over the reports in a folder, and ``SHA256SUMS`` over all; the front page.

    Only reports that stand are listed; a folder without ``report.json`` is none.
    """
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(_TEMPLATE), autoescape=True, keep_trailing_newline=True)
    page = environment.get_template("site.html.j2").render(reports=reports_in(reports_dir))
    write_text(reports_dir / "index.html", page.strip() + "\n")
    write_manifest(reports_dir)
    return reports_dir / "index.html"
