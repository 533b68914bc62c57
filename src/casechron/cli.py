"""The command line: parses, calls one function, prints."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from casechron.characters import legible, text_breach
from casechron.coding.files import UnfitError, from_here, out_folder
from casechron.coding_commands import (
    UsageError,
    agree_arguments,
    export_arguments,
    review_folder,
    run,
    suggest_arguments,
)

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
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
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

    parser = _Parser(
        prog="casechron",
        description=(
            "Case chronologies of child safeguarding reviews: check a coding, verify it"
            " against the source, render reports that anyone can reproduce."
        ),
    )
    parser.add_argument("--version", action="version", version=f"casechron {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = commands.add_parser(
        "init", help="make a new project: a folder with data/ and the notebooks of this package"
    )
    init.add_argument("folder", type=_folder, help="a new folder, or an empty one")
    init.add_argument(
        "--example",
        action="store_true",
        help="with the invented review in data/, its texts and both codings, to learn with",
    )
    init.set_defaults(command=_init)

    check = commands.add_parser(
        "check",
        help="say what is wrong, still to do or worth a look; exit 1 unless all is good",
    )
    check.add_argument(
        "review",
        nargs="*",
        help="a review's id, or the path of its folder; a coding is ID/codings/CODER",
    )
    check.add_argument("--all", action="store_true", help="every review in data/")
    check.add_argument(
        "--draft", action="store_true", help="what is still to do is no reason for exit 1"
    )
    check.add_argument(
        "--every",
        action="store_true",
        help="each slip on a line of its own, not one line for all of a kind",
    )
    check.add_argument(
        "--dates",
        action="store_true",
        help=(
            "also see whether all dates and relations can hold together, under each reading alone"
            " too"
        ),
    )
    check.set_defaults(command=_check)

    new = commands.add_parser(
        "new",
        help=(
            "begin a review: review.toml to fill in, and one sheet with a worked row, as events.csv"
            " and as a workbook"
        ),
    )
    new.add_argument(
        "review", help="id of the review: child, body and year, as in child-x-example-2021"
    )
    new.add_argument(
        "--coding",
        metavar="CODER",
        help="make the folder of an independent coding of a review that is there",
    )
    new.set_defaults(command=_coding, name="new")

    sheet = commands.add_parser(
        "sheet", help="write the sheets of a review as a workbook that changes no date"
    )
    sheet.add_argument(
        "review", help="a review's id, or the path of its folder; a coding is ID/codings/CODER"
    )
    sheet.add_argument(
        "workbook",
        nargs="?",
        type=Path,
        metavar="FILE.xlsx",
        help="a new file; default: the review's id, in the folder of the project",
    )
    sheet.set_defaults(command=_coding, name="sheet")

    back = commands.add_parser(
        "read-sheet",
        help="write a workbook into the CSV files of a review; nothing if a cell is no text",
    )
    back.add_argument("workbook", type=Path, metavar="FILE", help="a workbook, .xlsx or .ods")
    back.add_argument(
        "review", help="a review's id, or the path of its folder; a coding is ID/codings/CODER"
    )
    back.set_defaults(command=_coding, name="read-sheet")

    bring = commands.add_parser(
        "import",
        help="write a chronology that exists already (a table in Word, Excel or CSV) as a sheet",
        description=(
            "Write a chronology that exists already as the sheet of a review: an entry is a row,"
            " and so is an action that answers it. Columns are found by the heads that the trade"
            " uses. Each cell stands in the sheet, or is said to be left out; what a person has to"
            " decide is said row by row. Nothing is written over."
        ),
    )
    bring.add_argument(
        "file", type=Path, metavar="FILE", help="a file with tables: .docx, .xlsx, .ods or .csv"
    )
    bring.add_argument(
        "review", help="id of a new review, as in child-x-example-2021, or of one without events"
    )
    bring.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=HEAD",
        help="which head is which column, as in 'summary=What we found'; may be repeated",
    )
    bring.set_defaults(command=_coding, name="import")

    fill = commands.add_parser(
        "fill", help="write an id into each row that another one refers to and that has none"
    )
    fill.add_argument(
        "review", help="a review's id, or the path of its folder; a coding is ID/codings/CODER"
    )
    fill.add_argument(
        "--parties",
        action="store_true",
        help="write the parties that a kind implies into the cells that name nobody, as derived",
    )
    fill.set_defaults(command=_coding, name="fill")

    rename = commands.add_parser(
        "rename", help="change the id of a row everywhere, in the codings below it too"
    )
    rename.add_argument("review", help="a review's id, or the path of its folder")
    rename.add_argument("old", help="the id as it is")
    rename.add_argument("new", help="the id as it shall be")
    rename.set_defaults(command=_coding, name="rename")

    locate = commands.add_parser(
        "locate", help="write the digests of a source's sentences into sentences.csv"
    )
    _source_arguments(locate)
    either = locate.add_mutually_exclusive_group()
    either.add_argument(
        "--print",
        action="store_true",
        help="print each sentence after its place instead, to code by; nothing is written",
    )
    either.add_argument(
        "--force",
        action="store_true",
        help="take the text although it seems to be another than the one that was coded",
    )
    locate.set_defaults(command=_coding, name="locate")

    verify = commands.add_parser(
        "verify", help="say of every place whether its sentence stands in a copy of the source"
    )
    _source_arguments(verify, several=True)
    verify.add_argument(
        "--all", action="store_true", help="every review in data/ whose folder holds its texts"
    )
    verify.add_argument(
        "--page",
        type=Path,
        metavar="OUT.html",
        help=(
            "also write each sentence beside its rows, for yourself: a new file outside of the"
            " project and of any git repository"
        ),
    )
    verify.set_defaults(command=_coding, name="verify")

    agree_arguments(commands).set_defaults(command=_coding, name="agree")
    exported = export_arguments(commands, _source_arguments)
    exported.set_defaults(command=_coding, name="export")

    suggest = suggest_arguments(commands)
    _source_arguments(suggest)
    suggest.set_defaults(command=_coding, name="suggest")

    render = commands.add_parser(
        "render",
        help="run the notebooks of reviews and write reports/",
        description=(
            "Run the notebooks of reviews and write reports/. A report is verified, byte for byte,"
            " and left alone if its data, its notebooks, their parameters, casechron and the"
            " packages in use are what it was made from. A run that was interrupted leaves whole"
            " reports, and the same command goes on from there."
        ),
    )
    render.add_argument("review", nargs="*", help="a review's id")
    render.add_argument("--all", action="store_true", help="every review in data/")
    render.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=(
            "a field of the dating policy, as in duration_slack=none; may be repeated, also for one"
            " more reading"
        ),
    )
    render.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=(
            "another parameter, for the notebooks that declare it: a number, true, false, null or"
            " text (a number in quotes is text); may be repeated"
        ),
    )
    render.add_argument(
        "--out", type=_folder, help="where to write; default: reports/ of the project"
    )
    render.add_argument(
        "--force", action="store_true", help="render reports anew also where nothing has changed"
    )
    render.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help=(
            "let the workers of a Dask scheduler run the notebooks: its host:port, or local:N for N"
            " workers started here for this run; --jobs then says how many processes here put"
            " reports together"
        ),
    )
    _jobs(render)
    render.set_defaults(command=_render)

    again = commands.add_parser(
        "check-reports", help="render anew elsewhere; exit 1 where any byte differs from reports/"
    )
    _jobs(again)
    again.set_defaults(command=_check_reports)

    book = commands.add_parser("codebook", help="print the codebook as Markdown")
    book.set_defaults(command=_codebook)
    return parser


def _source_arguments(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    parser.add_argument(
        "review",
        nargs="?" if several else None,
        help="a review's id, or the path of its folder; a coding is ID/codings/CODER",
    )
    parser.add_argument(
        "--source",
        type=Path,
        metavar="FILE",
        help=(
            "the source: text, a saved web page, .docx, or PDF (with casechron[pdf]); default: the"
            " texts that stand in the review's own folder"
        ),
    )
    parser.add_argument(
        "--source-id",
        metavar="ID",
        help="id in review.toml; needed only where the review has several texts",
    )


def _jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs",
        type=_some,
        default=_processors(),
        metavar="N",
        help="notebooks run at the same time; default: as many as there are processors",
    )


def _processors() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _folder(text: str) -> Path:
    try:
        return out_folder(text)
    except UnfitError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _some(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"write a whole number from 1 on, not '{text}'")
    return int(text)


def _reviews(names: list[str], every: bool) -> list[ListedReview]:
    from casechron.coding.reviews import ListedReview, find_root, list_reviews

    if every and names:
        raise UsageError(
            f"--all is every review, and '{names[0]}' is named as well; leave out one of the two"
        )
    if not every and not names:
        raise UsageError("name one or more reviews, or say --all")
    root = find_root()
    if every:
        return list_reviews(root)
    return [
        ListedReview(folder.name, folder)
        for folder in (review_folder(name, root) for name in names)
    ]


def _init(arguments: argparse.Namespace) -> int:
    from casechron.coding.starter import begin

    names = begin(arguments.folder, with_example=arguments.example)
    _say(
        f"made {from_here(arguments.folder)} with data/ and {len(names)} notebooks, one of them for"
        " a question of your own, and with a workflow that holds all of it to account"
    )
    _say("next: go there, and take the three steps of its README.md")
    return GOOD


def _check(arguments: argparse.Namespace) -> int:
    # Next to nothing is garbage: looking for it takes a twentieth of a check.
    gc.set_threshold(200_000)

    from casechron.checking import check

    reviews = _reviews(arguments.review, arguments.all)
    if not reviews:
        raise UsageError("there is no review to check; `casechron new` makes one")
    good = check(
        reviews,
        _say,
        draft=arguments.draft,
        every=arguments.every,
        dates=arguments.dates,
    )
    return GOOD if good else BREACHES


def _coding(arguments: argparse.Namespace) -> int:
    return GOOD if run(arguments.name, arguments, _say) else BREACHES


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
            raise UsageError(
                f"{option} {name} is said twice, as {found[name]} and as {value}; say it once"
            )
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _check_reports(arguments: argparse.Namespace) -> int:
    from casechron.coding.reviews import find_root
    from casechron.report.compare import check_reports

    found = check_reports(find_root(), jobs=arguments.jobs)
    for line in found:
        _say(line)
    print(
        f"{len(found)} files differ from reports/: render and commit them"
        if found
        else "reports/ reproduces, byte for byte"
    )
    return BREACHES if found else GOOD


def _codebook(arguments: argparse.Namespace) -> int:
    from casechron.coding.codebook_page import markdown

    print(markdown(), end="")
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
