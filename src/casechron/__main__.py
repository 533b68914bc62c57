"""The commands, as `python -m casechron`: where no folder of scripts is on the path."""

import sys

from casechron.cli import main

if __name__ == "__main__":
    sys.exit(main())
