"""``python -m casechron`` is the command, also where its folder is not on the path."""

from casechron.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
