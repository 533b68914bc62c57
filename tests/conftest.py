"""Settings that all tests share."""

from __future__ import annotations

import matplotlib
from hypothesis import settings

# No screen is needed, and a busy machine is no failure.
matplotlib.use("agg")
settings.register_profile("casechron", deadline=None)
settings.load_profile("casechron")
