"""How much is looked at? All of it in CI, a fair part of it while somebody works and waits.

`CASECHRON_EVERY=1 make test` looks at all of it anywhere.
"""

from __future__ import annotations

import os

#: Every notebook of every review on both kinds of kernel, every page by every rule in light and
#: dark at both widths, each signal that can end a run, and what needs a cluster or processes of
#: pytest of its own.
EVERY = os.environ.get("CASECHRON_EVERY") == "1"
