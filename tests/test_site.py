from __future__ import annotations

import json

from casechron.reporting.export import check_manifest
from casechron.reporting.site import reports_in, write_site


def report(folder, name, title):
    (folder / name).mkdir()
    said = {
        "review": name,
        "title": title,
        "about": [["Body", "B & C"]],
        "pages": [{"file": "01_when.html", "title": "When <x>?"}],
    }
    (folder / name / "report.json").write_text(json.dumps(said))


def test_the_front_page_leads_to_every_page_of_every_report(tmp_path):
    report(tmp_path, "beta-2002", "Beta")
    report(tmp_path, "alpha-2001", "Alpha <script>")
    report(tmp_path, ".gamma-2003.new", "Gamma")
    assert write_site(tmp_path) == tmp_path / "index.html"
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.index("Alpha &lt;script&gt;") < text.index("Beta")
    assert '<a href="alpha-2001/01_when.html">When &lt;x&gt;?</a>' in text
    assert "<dt>Body</dt><dd>B &amp; C</dd>" in text
    assert text.index("0808 800 5000") < text.index("<h1")
    assert "Gamma" not in text
    assert "<script" not in text
    assert check_manifest(tmp_path) == []


def test_a_front_page_over_nothing_says_so(tmp_path):
    write_site(tmp_path)
    assert reports_in(tmp_path) == []
    assert "No review has been rendered yet." in (tmp_path / "index.html").read_text(encoding="utf-8")
