"""The command line: parses, calls one function, prints."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from casechron.characters import legible, text_breach
from casechron.coding.files import UnfitError, out_folder
from casechron.coding_commands import UsageError, declared, review_folder, run

if TYPE_CHECKING:
    from casechron.coding.reviews import ListedReview

GOOD, BREACHES, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
#: What a shell says of a command whose reader has gone, as in `casechron check --all | head -1`.
NO_READER = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 good, 1 breaches or failures, 2 wrong usage, 130
    and more if interrupted."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
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


def _open_closed_streams() -> None:
    """Where somebody closed a stream, as in `casechron ... 2>&-`, it leads nowhere, and no file
    gets its number."""
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        while (nowhere := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(nowhere, True)
        os.close(nowhere)
        sys.stdin, sys.stdout, sys.stderr = (
            stream or io.TextIOWrapper(io.FileIO(number, mode, closefd=False), write_through=True)
            for number, (stream, mode) in enumerate(
                [(sys.stdin, "r"), (sys.stdout, "w"), (sys.stderr, "w")]
            )
        )


def _run(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        if own := {"check": _check, "render": _render}.get(arguments.command):
            return own(arguments)
        return GOOD if run(arguments, _say) else BREACHES
    except KeyboardInterrupt as error:
        # Where the terminal is what has ended, nobody can be told.
        with suppress(OSError):
            _say(f"casechron: {str(error) or 'interrupted'}", sys.stderr)
        return int(getattr(error, "exit_code", INTERRUPTED))
    except BrokenPipeError:
        raise
    except OSError as error:
        # A folder that may not be written to, a name that is taken: nobody's fault in here.
        where = f": {error.filename}" if error.filename else ""
        _say(f"casechron: {error.strerror or error}{where}", sys.stderr)
        return WRONG_USAGE
    except Exception as error:
        # Our own errors are sentences to the person who can mend them; anything else is a fault of
        # ours and stays one.
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

    told = declared()
    parser = _Parser(prog="casechron", description=told["description"])
    parser.add_argument("--version", action="version", version=f"casechron {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, command in told["commands"].items():
        one = commands.add_parser(
            name, help=command["help"], description=command.get("description")
        )
        alone = command.get("either", command.get("one_of", ()))
        group = one.add_mutually_exclusive_group(required="one_of" in command) if alone else one
        for argument, own in command.get("arguments", {}).items():
            to = group if argument in alone else one
            to.add_argument(argument, **_settings(argument, told["shared"].get(argument, {}), own))
    return parser


def _settings(name: str, *declarations: str | dict[str, Any]) -> dict[str, Any]:
    """What `argparse` is told of an argument, of which the last declaration counts."""
    settings: dict[str, Any] = {}
    for one in declarations:
        settings |= {"help": one} if isinstance(one, str) else one
    if name.startswith("--") and settings.keys() == {"help"}:
        settings["action"] = "store_true"
    if "type" in settings:
        settings["type"] = {"path": Path, "folder": _folder, "count": _count}[settings["type"]]
    if name == "--jobs":
        settings["default"] = _processors()
    return settings


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _folder(text: str) -> Path:
    try:
        return out_folder(text)
    except UnfitError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"write a whole number from 1 on, not '{text}'")
    return int(text)


def _reviews(names: list[str], every: bool) -> list[ListedReview]:
    from casechron.coding.reviews import ListedReview, find_root, list_reviews

    if every and names:
        also = f"'{names[0]}' is named as well; leave out one of the two"
        raise UsageError(f"--all is every review, and {also}")
    if not every and not names:
        raise UsageError("name one or more reviews, or say --all")
    root = find_root()
    if every:
        return list_reviews(root)
    folders = [review_folder(name, root) for name in names]
    return [ListedReview(folder.name, folder) for folder in folders]


def _check(arguments: argparse.Namespace) -> int:
    # Next to nothing is garbage: looking for it takes a twentieth of a check.
    gc.set_threshold(200_000)

    from casechron.checking import check

    reviews = _reviews(arguments.review, arguments.all)
    if not reviews:
        raise UsageError("there is no review to check; `casechron new` makes one")
    good = check(reviews, _say, draft=arguments.draft, every=arguments.every, dates=arguments.dates)
    return GOOD if good else BREACHES


def _render(arguments: argparse.Namespace) -> int:
    from casechron.coding.reviews import find_root
    from casechron.dates.policy import DatingPolicy
    from casechron.report.plans import coded_as, parameter_value
    from casechron.report.render import render_all

    policy = DatingPolicy.from_parameters(_fields(arguments.policy))
    given = _fields(arguments.parameter, "--parameter", "NAME=VALUE, as in limit=3")
    names = [coded_as(review.folder) for review in _reviews(arguments.review, arguments.all)]
    summary = render_all(
        find_root(),
        names,
        arguments.jobs,
        policy.as_parameters(),
        out_dir=arguments.out,
        parameters={name: parameter_value(text) for name, text in given.items()},
        force=arguments.force,
        cluster=arguments.cluster,
    )
    _say(summary)
    return summary.exit_code


def _fields(
    pairs: Iterable[str],
    option: str = "--policy",
    form: str = "FIELD=VALUE, as in duration_slack=none",
) -> dict[str, str]:
    """What is said of each name; readings are gathered, all else is said once."""
    found: dict[str, str] = {}
    for pair in pairs:
        if message := text_breach(pair, option):
            raise UsageError(message)
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not equals:
            raise UsageError(f"{option} {pair}: write {form}")
        if name in found and (option, name) != ("--policy", "readings"):
            twice = f"is said twice, as {found[name]} and as {value}"
            raise UsageError(f"{option} {name} {twice}; say it once")
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


if __name__ == "__main__":
    sys.exit(main())
