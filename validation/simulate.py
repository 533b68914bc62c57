"""Write invented reviews whose true dates are known into a new folder.

    python validation/simulate.py --reviews 20 --seed 1 --out FOLDER

It runs from a checkout with casechron installed. The folder gets ``data/``, the true days in
``truth/`` and the source texts in ``texts/``; with a copy of ``notebooks/`` it is a project of its
own, for ``casechron render --all``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from casechron.coding.files import UnfitError, out_folder
from casechron.dates.policy import DatingPolicy, PolicyError
from simulation import SimulationError, simulate_many, write_reviews


def main(argv: Sequence[str] | None = None) -> int:
    """Write the reviews that the arguments ask for; wrong usage ends with a sentence and 2."""
    parser = argparse.ArgumentParser("simulate.py", description=(__doc__ or "").splitlines()[0])
    add = parser.add_argument
    add("--reviews", type=int, default=10, metavar="N", help="how many; default 10")
    add("--seed", type=int, default=1, metavar="S", help="the same gives the same bytes; default 1")
    add("--out", required=True, metavar="FOLDER", help="a new folder")
    add("--events", default="20-60", metavar="N-M", help="rows of events; default 20-60")
    add("--relations", type=int, metavar="N", help="of each; default: four to five events")
    add("--vagueness", type=float, default=0.5, metavar="SHARE", help="of vague dates; default 0.5")
    add("--undated", type=float, default=0.15, metavar="SHARE", help="without date; default 0.15")
    add("--policy", action="append", default=[], metavar="FIELD=VALUE", help="may be repeated")
    asked = parser.parse_args(argv)
    least, _, most = asked.events.partition("-")
    if not (least.isdecimal() and (most or least).isdecimal()):
        parser.error(f"--events {asked.events}: write a whole number, or two as in 20-60")
    try:
        written = write_reviews(
            simulate_many(
                asked.seed,
                asked.reviews,
                events=(int(least), int(most or least)),
                vagueness=asked.vagueness,
                undated=asked.undated,
                relations=asked.relations,
                policy=DatingPolicy.from_parameters(
                    {name: value for name, _, value in (one.partition("=") for one in asked.policy)}
                ),
            ),
            out_folder(asked.out),
        )
    except (SimulationError, PolicyError, UnfitError, OSError) as error:
        parser.error(str(error))
    print(f"reviews written into {Path(asked.out)}: {written}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
