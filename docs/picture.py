"""Make docs/page.png, the picture of a page in the README: `python docs/picture.py [FOLDER OF
REPORTS]`; needs a Chromium.

It shows the overview of the first review as a reader at a desk sees it: key points in plain words,
and the chronology's figure."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import Browser, find_browser  # noqa: E402  (the driver of the browser tests)

PAGE, PART = "child-w-manchester-2020/index.html", "part-02_chronology"
WIDTH, HEIGHT, COLOURS = 800, 900, 64


def main() -> None:
    """Open the page, scroll to the part, take what is in sight; few colours make a small file."""
    reports = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "reports").resolve()
    path = find_browser()
    if path is None:
        sys.exit("there is no Chromium to take a picture with (Debian: apt-get install chromium)")
    with Browser(path, draws=True) as browser:
        page = browser.page()
        page.look(WIDTH, HEIGHT)
        page.open(reports / PAGE)
        page.run(f"document.getElementById('{PART}').closest('section').scrollIntoView()")
        seen = Image.open(io.BytesIO(page.picture())).convert("RGB")
    out = ROOT / "docs" / "page.png"
    seen.quantize(COLOURS, dither=Image.Dither.NONE).save(out, optimize=True)
    print(
        f"{out.relative_to(ROOT)}: {seen.width} x {seen.height} pixels, {out.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
