"""The commands for whoever codes a review: each calls one function, and says what was written and
what comes next."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from casechron.characters import counted
from casechron.checking import UsageError, named_reviews, option_values, policy_of, review_folder
from casechron.coding.codebook import codebook_markdown
from casechron.coding.files import CODINGS, an_id, from_here, whole_review
from casechron.coding.fill import fill, fill_parties, rename
from casechron.coding.folder import (
    codings_in,
    default_workbook,
    new_coding,
    new_project,
    new_review,
)
from casechron.coding.form_check import by_message
from casechron.coding.messages import watched
from casechron.coding.meta import TEXTS, sources_in
from casechron.coding.reviews import find_review, find_root, list_reviews
from casechron.coding.source_text import source_paragraphs, texts_at_hand
from casechron.coding.sources import SourceError, sentences_in
from casechron.coding.verification import (
    all_hold,
    locate_form,
    rested_texts,
    verification_report,
    verify_form,
)
from casechron.coding.workbook import new_file, write_workbook
from casechron.coding.workbook_reading import LAST_READ, read_workbook

_FOR_YOU_ALONE = "it holds the text of the source, so that it is for you alone"

#: What a command says, line by line; one that can find something wrong returns its exit code.
Lines = Iterator[str]
LinesAndCode = Generator[str, None, int]


def run_command(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Run the command that a person gave; its exit code.

    Raises `UsageError` where its words do not fit together, and what the called function raises.
    """
    lines = _COMMANDS[arguments.command](arguments)
    try:
        while True:
            say(next(lines))
    except StopIteration as ended:
        return ended.value or 0


def _init(arguments: argparse.Namespace) -> Lines:
    count = len(new_project(arguments.folder, with_example=arguments.example))
    notebooks = f"{count} notebooks, one of them for a question of your own"
    message = f"made {from_here(arguments.folder)} with data/ and {notebooks}"
    yield f"{message}, and with a workflow that holds all of it to account"
    yield "next: go there, and take the three steps of its README.md"


def _new(arguments: argparse.Namespace) -> Lines:
    review = an_id(arguments.review, new=arguments.coding is None)
    root = find_root()
    if arguments.coding is None:
        workbook = new_file(default_workbook(root / "data" / review))
        name, target = review, new_review(root / "data" / review)
        first = "fill in review.toml, "
    else:
        folder = find_review(review, root)
        if folder.parent != root / "data":
            raise UsageError(f"{from_here(folder)} does not stand in data/; move it there first")
        coder = an_id(arguments.coding, "a coder")
        workbook = new_file(default_workbook(folder / "codings" / coder))
        target, first = new_coding(folder, coder), ""
        name = f"{review}/codings/{target.name}"
    write_workbook(target, workbook)
    write = f"{first}write the chronology in place of the worked row"
    yield f"made {from_here(target)}: {write}, then: casechron check {name}"
    read = f"casechron read-sheet {from_here(workbook)} {name}"
    yield f"made {from_here(workbook)}, to write it in a spreadsheet instead; then: {read}"


def _sheet(arguments: argparse.Namespace) -> Lines:
    folder = review_folder(arguments.review)
    workbook = arguments.workbook or default_workbook(folder)
    yield from write_workbook(folder, workbook)
    # The new workbook has not been read yet, even if an equal one was.
    (folder / LAST_READ).unlink(missing_ok=True)
    read = f"casechron read-sheet {from_here(workbook)} {arguments.review}"
    work = "work on it in a spreadsheet, save it"
    yield f"wrote these into {from_here(workbook)}; {work}, then: {read}"


def _read_sheet(arguments: argparse.Namespace) -> Lines:
    yield from read_workbook(arguments.workbook, review_folder(arguments.review))
    yield f"next: casechron check {arguments.review}"


def _import(arguments: argparse.Namespace) -> Lines:
    from casechron.coding.importing import asked_columns, import_chronology, write_chronology

    name, root = arguments.review, find_root()
    new = root / "data" / name
    is_new = bool(name.strip()) and "/" not in name and not new.exists()
    folder = root / "data" / an_id(name, new=True) if is_new else review_folder(name, root)
    sources = [] if is_new else [source["id"] for source in sources_in(folder)]
    chronology = import_chronology(arguments.file, folder, sources, asked_columns(arguments.column))
    if is_new:
        new_review(folder)
    write_chronology(chronology, folder)
    yield from (f"read: {line}" for line in chronology.done)
    yield from (f"left out: {line}" for line in chronology.left_out)
    yield from (f"to decide: {line}" for line in chronology.to_decide)
    written = f"{counted(len(chronology.events), 'row')} into {from_here(folder / 'events.csv')}"
    if chronology.agencies:
        written = f"{written} and {counted(len(chronology.agencies), 'row')} into agencies.csv"
    first = "fill in review.toml, decide" if is_new else "decide"
    next_ = f"{first} what is left, then: casechron check {name}"
    yield f"wrote {written} from {from_here(arguments.file)}; {next_}"


def _fill(arguments: argparse.Namespace) -> Lines:
    folder = review_folder(arguments.review)
    written = fill_parties(folder) if arguments.parties else fill(folder)
    yield from written
    filled = "a party that its kind implies" if arguments.parties else "an id that is referred to"
    if written:
        next_ = f"look at each, then: casechron check {arguments.review}"
        yield f"wrote {filled} into {counted(len(written), 'cell')}; {next_}"
    else:
        yield f"nothing to write: no row lacks {filled}"


def _rename(arguments: argparse.Namespace) -> Lines:
    yield from rename(review_folder(arguments.review), arguments.old, arguments.new)
    renamed = f"{arguments.old} is now {arguments.new} in all these cells"
    yield f"{renamed}; next: casechron check {arguments.review}"


def _locate(arguments: argparse.Namespace) -> Lines:
    folder = review_folder(arguments.review)
    if arguments.print:
        yield from _numbered(folder, arguments)
        return
    located = sum(
        locate_form(folder, source, file, force=arguments.force)
        for source, file in _texts(folder, arguments)
    )
    digests = "the digest of 1 sentence" if located == 1 else f"the digests of {located} sentences"
    table = from_here(folder / "sentences.csv")
    yield f"wrote {digests} into {table}; next: casechron check {arguments.review}"


def _numbered(folder: Path, arguments: argparse.Namespace) -> Lines:
    """Each sentence of the texts after its place, a blank line between paragraphs."""
    sources = sources_in(folder)
    unnamed = {source["id"] for source in sources if source.get("default") or len(sources) == 1}
    for source, file in _texts(folder, arguments):
        prefix = "" if source is None or source in unnamed else f"{source}:"
        for number, block in enumerate(source_paragraphs(file), start=1):
            for place, sentence in enumerate(sentences_in(block), start=1):
                yield f"{prefix}p{number}.{place}  {sentence}"
            yield ""


def _verify(arguments: argparse.Namespace) -> LinesAndCode:
    if not arguments.all:
        if arguments.review is None:
            raise UsageError("name a review, or say --all")
        return (yield from _verify_one(arguments))
    if arguments.review or arguments.source or arguments.source_id or arguments.page:
        raise UsageError("--all is every review whose folder holds its texts; say nothing else")
    if not (reviews := list_reviews()):
        raise UsageError("there is no review to verify; `casechron new` makes one")
    wrong = 0
    for name, folder, _ in reviews:
        if not (folder / TEXTS).is_dir():
            yield f"{name}: not verified, since no text of it is here"
            continue
        yield f"{name}:"
        arguments.review = name
        try:
            wrong |= yield from _verify_one(arguments)
        except SourceError as error:  # of one review: the others are verified too
            yield str(error)
            wrong = 1
    return wrong


def _verify_one(arguments: argparse.Namespace) -> LinesAndCode:
    folder = review_folder(arguments.review)
    if arguments.page:
        from casechron.exchange import write_new
        from casechron.report.verified_page import page_text, private_file

        private_file(arguments.page, folder)
    verified = [
        verify_form(folder, source, file)
        for source, file in watched(_texts(folder, arguments, rested=True), "verified", "texts")
    ]
    verifications = [verification for text in verified for verification in text.found]
    yield verification_report(verifications)
    looks = by_message([breach for text in verified for breach in text.looks])
    yield from (f"worth a look: {line}" for line in looks)
    if arguments.page:
        write_new(arguments.page, page_text(verified, folder.name).encode(), private=True)
        yield f"wrote {from_here(arguments.page)}: {_FOR_YOU_ALONE}"
    good = all_hold(verifications)
    first = "" if good else "mend the places that are named, then: "
    yield f"next: {first}casechron check {arguments.review}"
    return int(not good)


def _suggest(arguments: argparse.Namespace) -> Lines:
    from casechron.coding.suggest import suggest, target_of

    folder = review_folder(arguments.review)
    target = target_of(folder, arguments.out)
    suggestions = suggest(folder, _texts(folder, arguments), target)
    rows = suggestions.rows
    dated = sum(bool(row["date"]) for row in rows)
    undecided = sum(bool(row["decide"]) and not row["date"] for row in rows)
    decided = sum(bool(row["accepted"].strip()) for row in rows)
    wrote = f"wrote {counted(len(rows), 'candidate')} into {from_here(target)}"
    dates = f"{dated} with a date, {undecided} whose date is to be decided"
    yield f"{wrote}: {dates}; {decided} accepted or refused before"
    if suggestions.beside:
        yield "held against the coding:"
        yield from suggestions.beside.table()
    yield "next: judge each row, write yes or no into accepted, and code it in events.csv"


def _texts(
    folder: Path, arguments: argparse.Namespace, *, rested: bool = False
) -> list[tuple[str | None, Path]]:
    """The sources and texts that are meant: the one that is given, or those in the folder."""
    if arguments.source is not None:
        return [(arguments.source_id, arguments.source)]
    texts = texts_at_hand(folder, arguments.source_id)
    return [*(rested_texts(texts, folder) if rested else texts)]


def _agree(arguments: argparse.Namespace) -> Lines:
    from casechron.report.text.agreement import agreement_in_words, as_json, codings

    folder = review_folder(arguments.review)
    review = whole_review(folder)
    coders = [coding.name for coding in codings_in(review)[0]]
    copy = f"first: copy the .csv files of {from_here(review)} into its {CODINGS}/CODER, as only a"
    copy += " copy shows how far two agree who have not talked; "
    if arguments.decided:
        from casechron.reconciling import keep_decisions

        yield keep_decisions(arguments.decided, folder)
        if len(coders) == 1:
            yield f"{copy}the decisions stay with: casechron agree {review.name} --with {coders[0]}"
        then = f"casechron check {arguments.review}"
        yield f"next: mend the review's own coding by them, then: {then}"
        return
    first, second = codings(folder, arguments.other)
    if arguments.sheet:
        from casechron.reconciling import write_list

        # Before anything is said: whoever reads that may go before the end of it.
        wrote = write_list(first, second, arguments.sheet)
    yield as_json(first, second) if arguments.json else agreement_in_words(first, second)
    if arguments.sheet:
        yield wrote
        if len(coders) == 1:
            yield f"{copy}then write the sheet anew, as decisions stay with the two they are of"
        then = f"casechron agree {arguments.review} --decided {from_here(arguments.sheet)}"
        yield f"fill in the column decision, save it, then: {then}"


def _export(arguments: argparse.Namespace) -> Lines:
    from casechron.exchange import new_path, write_new
    from casechron.exchange.datapackage import data_package
    from casechron.exchange.qda import codebook_qdc, project_qdpx
    from casechron.exchange.sqlite import database
    from casechron.report.verified_page import private_file
    from casechron.review import read_review

    formats = arguments.declared
    option = next(flag for flag in formats["one_of"] if getattr(arguments, flag.strip("-")))
    name, chosen = option.strip("-"), formats["arguments"][option]
    out = new_path(getattr(arguments, name), Path(chosen["metavar"]).suffix)
    folder = review_folder(arguments.review)
    if name != "qdpx" and (arguments.source or arguments.source_id):
        raise UsageError(f"a text travels with --qdpx alone; leave out --source with --{name}")
    own_copy, lost = name == "qdpx" and arguments.source is not None, list[str]()
    if own_copy:
        private_file(out, folder)
    if name == "datapackage":
        data = data_package(folder, find_root())
    elif name == "qdc":
        data = codebook_qdc()
    elif name == "sqlite":
        data = database(read_review(folder))
    else:
        texts = _texts(folder, arguments, rested=True)
        data, lost = project_qdpx(read_review(folder), texts)
    write_new(out, data, private=own_copy)
    yield from (f"not in it: {line}" for line in lost)
    yield f"wrote {from_here(out)}: {chosen['help']}"
    if own_copy:
        yield _FOR_YOU_ALONE
    elif name == "qdpx":
        yield "it holds the texts that stand in the review's folder, which may be passed on"


def _render(arguments: argparse.Namespace) -> LinesAndCode:
    from casechron.report.plans import coded_as, parameter_value
    from casechron.report.render import render_all

    policy = policy_of(arguments.policy)
    parameters = option_values(arguments.parameter, "--parameter", "NAME=VALUE, as in limit=3")
    names = [coded_as(review.folder) for review in named_reviews(arguments.review, arguments.all)]
    summary = render_all(
        find_root(),
        names,
        arguments.jobs,
        policy.as_parameters(),
        out_dir=arguments.out,
        parameters={name: parameter_value(text) for name, text in parameters.items()},
        force=arguments.force,
        cluster=arguments.cluster,
    )
    yield str(summary)
    tried = [f"{name}={value}" for name, value in {**policy.as_parameters(), **parameters}.items()]
    if tried and summary.rendered and arguments.out is None:
        yield (
            f"made with {', '.join(tried)}: render again without it for the report as it is by"
            " default, or with --out FOLDER to have both"
        )
    return summary.exit_code


def _check_reports(arguments: argparse.Namespace) -> LinesAndCode:
    from casechron.report.render import check_reports

    failed, differing, whys = check_reports(find_root(), jobs=arguments.jobs)
    yield from (*failed, *differing, *whys)
    if failed:
        yield (
            "not compared with reports/: mend first what could not be made; a review that is not"
            " ready waits in a folder of data/ whose name begins with _"
        )
    elif differing or whys:
        files = counted(len(differing), "file")
        yield f"not as in reports/: {files}; render and commit what has changed"
    else:
        yield "reports/ reproduces, byte for byte"
    return int(bool(failed or differing or whys))


def _codebook(arguments: argparse.Namespace) -> Lines:
    yield codebook_markdown().removesuffix("\n")


_COMMANDS: dict[str, Callable[[argparse.Namespace], Lines]] = {
    "init": _init,
    "new": _new,
    "sheet": _sheet,
    "read-sheet": _read_sheet,
    "import": _import,
    "fill": _fill,
    "rename": _rename,
    "locate": _locate,
    "verify": _verify,
    "agree": _agree,
    "suggest": _suggest,
    "render": _render,
    "export": _export,
    "check-reports": _check_reports,
    "codebook": _codebook,
}
