"""The command line: parses, calls one function, prints."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, TextIO

from casechron.characters import legible
from casechron.coding.files import UnfitError, out_folder

ALL_GOOD, BREACHES, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
#: What a shell says of a command whose reader has gone, as in `casechron check --all | head -1`.
NO_READER = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 good, 1 breaches or failures, 2 wrong usage, 130
    and more if interrupted."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # was closed by who started this
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            # What was done is said in any case, whatever letters a terminal or a file can take.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(argv)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Python would complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER


def _run(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "check":
            return _check(arguments)
        from casechron.coding_commands import run_command

        return run_command(arguments, _say)
    except KeyboardInterrupt as error:
        # Writing fails if the terminal itself was closed.
        with suppress(OSError):
            _say(f"casechron: {str(error) or 'interrupted'}", sys.stderr)
        return int(getattr(error, "exit_code", INTERRUPTED))
    except BrokenPipeError:
        raise
    except OSError as error:
        # Such as a folder without write permission: no fault of this package.
        where = f": {error.filename}" if error.filename else ""
        _say(f"casechron: {error.strerror or error}{where}", sys.stderr)
        return WRONG_USAGE
    except Exception as error:
        # This package's errors are messages to the user; others are bugs and keep their traceback.
        if not type(error).__module__.startswith("casechron."):
            raise
        _say(f"casechron: {error}", sys.stderr)
        return WRONG_USAGE


def _say(lines: object, stream: TextIO | None = None) -> None:
    """Print what may hold the name of a file or a key that somebody else wrote."""
    print(legible(lines), file=stream or sys.stdout)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(legible(message))


def _parser() -> argparse.ArgumentParser:
    from casechron import __version__

    text = Path(__file__).with_name("commands.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)
    parser = _Parser(prog="casechron", description=declared["description"])
    parser.add_argument("--version", action="version", version=f"casechron {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, command in declared["commands"].items():
        summary, description = command["help"], command.get("description")
        subparser = commands.add_parser(name, help=summary, description=description)
        subparser.set_defaults(declared=command)
        alone = command.get("either", command.get("one_of", ()))
        group = (
            subparser.add_mutually_exclusive_group(required="one_of" in command)
            if alone
            else subparser
        )
        for argument, settings in command.get("arguments", {}).items():
            to = group if argument in alone else subparser
            to.add_argument(
                argument, **_settings(argument, declared["shared"].get(argument, {}), settings)
            )
    return parser


def _settings(name: str, *declarations: str | dict[str, Any]) -> dict[str, Any]:
    """The settings of an argument for `argparse`; the last declaration of each counts."""
    settings: dict[str, Any] = {}
    for declaration in declarations:
        settings |= {"help": declaration} if isinstance(declaration, str) else declaration
    if name.startswith("--") and settings.keys() == {"help"}:
        settings["action"] = "store_true"
    if "type" in settings:
        settings["type"] = {"path": Path, "folder": _folder, "count": _count}[settings["type"]]
    if name == "--jobs":
        settings["default"] = _processors()
    return settings


def _processors() -> int:
    """How many processors this process may use."""
    # Which of them this process may use is not told on every system.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _folder(text: str) -> Path:
    try:
        return out_folder(text)
    except UnfitError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"write a whole number from 1 on, not '{text}'")
    return int(text)


def _check(arguments: argparse.Namespace) -> int:
    # Almost nothing becomes garbage, and collecting it takes a twentieth of a check.
    gc.set_threshold(200_000)

    from casechron.checking import UsageError, check, named_reviews, policy_of

    reviews = named_reviews(arguments.review, arguments.all)
    if not reviews:
        raise UsageError("there is no review to check; `casechron new` makes one")
    if arguments.policy and not arguments.dates:
        raise UsageError("--policy says how dates are read; say --dates too")
    good = check(
        reviews,
        _say,
        draft=arguments.draft,
        every=arguments.every,
        dates=arguments.dates,
        policy=policy_of(arguments.policy),
    )
    return ALL_GOOD if good else BREACHES


if __name__ == "__main__":
    sys.exit(main())
