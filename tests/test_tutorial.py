"""Is the tutorial true as it stands, block after block, and are the numbers of the seminar those of
the tables?"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from csv import DictReader
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

import casechron as cc
from casechron.cli import main
from casechron.questions import ROOT_VARIABLE
from test_workbook import typed
from thoroughly import walked

ROOT = Path(__file__).parents[1]
#: What is done in the document, in its order: a block, or a deletion.
STEP = re.compile(r"^```(\w+)\n(.*?)^```$|Delete\s`([\w./-]+)`", re.MULTILINE | re.DOTALL)
#: Which cell of a workbook is to be changed, and what stands in it.
CELL = r"sheet \*(\w+)\*, in cell ([A-Z])(\d+), write `[^`]+` where `([^`]+)` stands"
#: The folder in which a learner works, as the tutorial has it, and what stands for lines left out.
HERE, LEFT_OUT = "/home/you", "\n[…]\n"
#: How far a command is that takes longer.
BAR = re.compile(r"\r?[ \d]*% \|.*")

#: What the tutorial says of pages, and what stands there.
REPORT = "child-e-harnmere-2024"
PAGES = [
    (f"the case is closed {when}", f"{folder}/{REPORT}/index.html", f"The case is closed {when}")
    for when, folder in (
        ("between 2 and 8 October 2022", "reports"),
        ("on 5 October 2022", "build/none"),
    )
]
PAGES += [
    (
        "between September and November 2022",
        f"reports/{REPORT}/index.html",
        "The case is closed between September and November 2022",
    )
]
WAIT = "between 8 and 10 weeks passed from the"
PAGES += [
    (
        WAIT,
        f"reports/{REPORT}/03_timing.html",
        f"B{WAIT[1:]} referral by Nursery to the assessment",
    ),
    *(
        (f"of {many} of 10 events", f"{folder}/{REPORT}/21_before_the_fall.html", there)
        for many, folder in ((5, "reports"), (6, "build/none"))
        for there in [f"Of {many} of 10 events it is known how long before"]
    ),
    ("*Not said to have reached*", f"reports/{REPORT}/index.html", "not said to have reached"),
    ("named on every page", f"build/none/{REPORT}/index.html", "the default in duration_slack"),
    (
        "There is no page on findings",
        f"reports/{REPORT}/index.html",
        "No page on “What did the review",
    ),
]


class Exchange(NamedTuple):
    """What was asked, what the tutorial answers and what the program does."""

    asked: str
    expected: str
    shown: str


def session(block: str, here: Path) -> Iterator[Exchange]:
    """Run the commands of a block, or its lines in a Python that has just been begun."""
    if block.startswith(">>>"):
        names: dict[str, object] = {}
        for example in doctest.DocTestParser().get_examples(block):
            with redirect_stdout(io.StringIO()) as output:
                exec(compile(example.source, "tutorial", "single"), names)
            yield Exchange(example.source, example.want, output.getvalue())
        return
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        program, *words = shlex.split(command)
        with redirect_stdout(io.StringIO()) as output, redirect_stderr(output):
            if program == "cd":
                os.chdir(words[0])
            else:
                assert program == "casechron", f"{command} is no command of the package"
                main(words)
        yield Exchange(command, expected, BAR.sub("", output.getvalue()).replace(str(here), HERE))


def put(rows: str, path: Path) -> None:
    """Put rows in the places of those with the same first cell."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [line.partition(",")[0] for line in lines]
    for row in rows.splitlines():
        lines[heads.index(row.partition(",")[0])] = row
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def change(rows: str, path: Path, message: str, elsewhere: Path) -> None:
    """Change rows of a file; of a workbook as somebody does who has it open and saves it, after the
    cell that is told has what it is told to have."""
    if path.suffix == ".csv":
        put(rows, path)
        return
    ((sheet, column, line, old),) = re.findall(CELL, message)
    cells = pd.read_excel(path, sheet, header=None, dtype="str", engine="calamine")
    assert cells.iat[int(line) - 1, ord(column) - ord("A")] == old
    copy = elsewhere / path.stem
    shutil.copytree(Path("data") / path.stem, copy)
    put(rows, copy / "events.csv")
    with (copy / "events.csv").open(encoding="utf-8", newline="") as lines:
        typed(path, "events", *([f"{k}={v}" for k, v in row.items()] for row in DictReader(lines)))


def followed(text: str, here: Path) -> Iterator[Exchange]:
    """Do all that a text says, from its first line to its last, as a learner does."""
    for step in STEP.finditer(text):
        kind, block, gone = step.groups()
        if gone:
            Path(gone).unlink()
            continue
        if kind == "console" or block.startswith(">>>"):
            yield from session(block, here)
            continue
        above = " ".join(text[: step.start()].rstrip().rpartition("\n\n")[2].split())
        verb, file = re.findall(r"(Save as|Change in|Among them, in) `([\w./-]+)`", above)[-1]
        if verb == "Save as":
            assert Path(file).exists() == ("in place of" in above), file
            Path(file).write_text(block, encoding="utf-8")
        elif verb == "Change in":
            change(block, Path(file), above, here / "saved")
        else:
            there = Path(file).read_text(encoding="utf-8").splitlines()
            lines_there = [line for line in block.splitlines() if line in there]
            yield Exchange(f"rows of {file}", block, "\n".join(lines_there))


def alike(exchange: Exchange) -> bool:
    """Whether the answer is the one that is told; blanks at the ends of lines do not count."""
    expected, shown = (
        "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
        for text in (exchange.expected, exchange.shown)
    )
    parts = [re.escape(part) for part in expected.split(LEFT_OUT)]
    return re.fullmatch(r"\n(?s:.*)\n".join(parts), shown) is not None


@walked("the tutorial")
def test_the_tutorial_is_true_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    many = 0
    for exchange in followed(text, tmp_path):
        assert alike(exchange), (
            f"{exchange.asked}\ntold:\n{exchange.expected}\nfound:\n{exchange.shown}"
        )
        many += 1
    assert many == len(re.findall(r"^(?:\$|>>>) |Among them, in", text, re.MULTILINE))
    minutes = [
        *map(int, re.findall(r"^## .* \((?:optional, )?(\d+) minutes\)$", text, re.MULTILINE))
    ]
    assert (len(minutes), sum(minutes[:6]), sum(minutes)) == (10, 60, 120)
    # What it says of pages stands on them.
    plain = " ".join(text.split())
    for quoted, page, there in PAGES:
        assert quoted in plain
        words = re.sub(r"<[^>]*>", " ", Path(page).read_text(encoding="utf-8"))
        assert there in " ".join(words.split()), (page, there)


# ------------------------------------------------------------------------------ the seminar
EXAMPLE = "child-e-example-2024"
#: The places that the seminar names, each with words of its sentence that bear what is said there.
PLACES = {
    **{
        "p11.4": "told no other",
        "p14.1": "1 September 2021",
        "p14.2": "21 September",
        "p14.5": "three weeks after",
        "p15.2": "does not appear",
    },
    **{"p17.1": "Early in February", "p17.3": "3 March 2022", "p20.2": "17 May"},
    **{"p20.4": "no evidence", "p21.1": "mid-June", "p21.3": "Nobody at the conference"},
    **{"p22.1": "at least four", "p24.1": "less than four months", "p26.1": "22 November 2022"},
    **{"p26.2": "squeezed", "p26.4": "seven weeks after", "p27.1": "climbing frame"},
    **{
        "p27.3": "apparently thought",
        "p28.1": "end of January 2023",
        "p28.2": "as a friend",
        "p28.4": "could not be confirmed",
    },
    **{"p29.5": "denied", "p31.1": "4 April 2023", "p31.2": "27 April", "p31.6": "10 May"},
    **{
        "p35.2": "several days older",
        "p41.2": "each had calls",
        "p41.3": "before the plan was ended",
    },
    **{"p32.2": "no other agency"},
    **{"p36.5": "not charged", "p40.2": "more than eight weeks", "p43.1": "missed opportunity"},
    **{"p43.2": "hindsight", "p43.3": "not unreasonable", "p43.4": "not read"},
    **{"news p7.1": "3 March", "news p9.1": "at least six", "news p10.2": "21 November 2022"},
    "news p12.2": "to the police",
}


@pytest.fixture(scope="module")
def seminar() -> str:
    return " ".join((ROOT / "docs" / "teaching.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def review() -> cc.Review:
    return cc.read_review(ROOT / "data" / EXAMPLE)


def day(at: object) -> str:
    read = pd.Timestamp(str(at))
    return f"{read.day} {read:%B %Y}"


def days(review: cc.Review, start: str, end: str) -> str:
    (gap,) = cc.gaps(review, [(start, end)]).to_dict("records")
    return f"{gap['days_min']} to {gap['days_max']} days"


def numbers(review: cc.Review) -> list[str]:
    """What the seminar says in numbers, made of the tables."""
    bounds = cc.bounds(review).set_index("event")
    events = review.tables["events"].set_index("id")
    readings = review.tables["readings"].set_index("reading")
    agreed = pd.read_csv(ROOT / "reports" / EXAMPLE / "tables" / "coding_agreement.csv")
    shares = agreed.drop_duplicates("about").set_index("about")["figures"]
    limits = cc.timescale_checks(review).set_index(["rule", "end"])
    second, core = limits.loc[("icpc", "icpc-2")], limits.loc[("first-core-group", "core-1")]
    assert (second["verdict"], second["other_convention"]) == ("met", "undetermined")
    assert (core["verdict"], core["other_convention"]) == ("not met", "not met")
    assert second["working_days_min"] == second["working_days_max"]
    first, later = limits.loc[("icpc", "icpc-1")], limits.loc[("first-core-group", "core-2")]
    for met in (first, later):
        assert (met["verdict"], met["other_convention"]) == ("met", "met")
        assert met["working_days_min"] == met["working_days_max"]
    assert second["edition"] == core["edition"] == "Working Together 2018"
    group, conference = bounds.loc["core-1"], day(bounds.loc["icpc-1", "earliest"])
    relations = review.tables["relations"].set_index("id")
    # Counted from the day itself, the second conference is a working day late.
    start = cc.read_review(ROOT / "data" / EXAMPLE, working_day_one="start day")
    from_day = cc.timescale_checks(start).set_index(["rule", "end"]).loc[("icpc", "icpc-2")]
    assert from_day["working_days_min"] == int(second["limit"].split()[0]) + 1
    begun, met_on = second["start_earliest"], second["actual_earliest"]
    begun, after, met_on = (
        day(at).removesuffix(" 2023") for at in (begun, begun + pd.Timedelta(days=1), met_on)
    )
    # The calls of finding 2 came after the plan was ended.
    (calls,) = cc.gaps(review, [("review-2", "summer-calls")]).to_dict("records")
    assert calls["days_min"] > 0
    (weeks,) = cc.gaps(review, [("closure", "nursery-referral")]).to_dict("records")
    assert relations.loc["rl-gap-closure-nursery-referral", "gap"] == "P7W"
    closure = bounds.loc["closure"]
    assert day(closure["earliest"])[-12:] == day(closure["latest"])[-12:] == "October 2022"
    other = bounds.loc["bruise", "other_dates"][0]
    bruise = day(bounds.loc["bruise", "stated_earliest"])
    return [
        f"allows {second['limit']} from the strategy discussion",
        f"and {core['limit']} from there",
        f"the edition of {core['edition'].split()[-1]}",
        f"the conference of {conference} (p14.2",
        f"{days(review, 'icpc-1', 'core-1')}, between {group['earliest'].day} and"
        f" {day(group['latest'])}",
        f"lies {weeks['days_min']} to {weeks['days_max']} days before"
        f" {day(bounds.loc['nursery-referral', 'earliest'])}",
        f"by the end of {bounds.loc['assessment', 'latest']:%B %Y} (p28.1)",
        f"between {closure['earliest'].day} and {day(closure['latest'])}",
        f"more than eight weeks (p40.2). The family came early in February (p17.1), the conference"
        f" was on {day(bounds.loc['transfer', 'earliest']).removesuffix(' 2022')} (p17.3):"
        f" {days(review, 'move', 'transfer')}",
        f"The health visitor from {day(bounds.loc['grandmother-warns', 'earliest'])} (p20.2)",
        f"{days(review, 'grandmother-warns', 'review-2')} later",
        f"at least {events.loc['summer-calls', 'count_min']} calls about shouting (p22.1)",
        f"a day after {bruise.removesuffix(' 2022')} (p26.1)",
        f"from E on {bruise} (p26.2)",
        f"{second['working_days_max']} working days after the strategy discussion (p31.1, p31.2)",
        f"where {after} is the first day counted. Where {begun} is, {met_on} is one too many",
        f"after {first['working_days_max']} working days (p14.1, p14.2), and the second core group,"
        f" after {later['working_days_max']} (p31.6)",
        f"which are {core['working_days_min']} to {core['working_days_max']} working days",
        f"{bruise} (p26.1), {day(other.split()[0])} (news p10.2)",
        f"at least {events.loc['summer-calls', 'count_min']} (p22.1),"
        f" at least {readings.loc['six-calls', 'value']} (news p9.1)",
        f"{shares['in both codings']} rows in common, {shares['only in ann']} that only the first"
        f" has, {shares['only in bob']} that only the second has",
    ]


def test_each_number_of_the_seminar_is_one_of_a_table(seminar: str, review: cc.Review) -> None:
    left = seminar[seminar.index("## Questions") :]
    for phrase in numbers(review):
        assert phrase in left
        left = left.replace(phrase, "")
    # Questions, places, what the report calls its finding, minutes, and a day that nobody gave.
    no_figures = (
        r"\*\*\d\. |questions 1, 3 and 7|p\d+(\.\d)?|Finding [12] |\*\*45 minutes\*\*|the 25th"
    )
    assert re.findall(r"\d+", re.sub(no_figures, "", left)) == []


def test_the_places_of_the_seminar_say_what_is_said_of_them(
    seminar: str, review: cc.Review
) -> None:
    asked = seminar[seminar.index("## Questions") :]
    assert {*re.findall(r"(?:news )?p\d+\.\d", asked)} == {*PLACES}
    sentences = cc.sentences(review).set_index("place")["sentence"]
    for place, words in PLACES.items():
        assert words in sentences[place if place.startswith("news") else f"report {place}"], place
    quoted = re.findall(r"“([^”]+)” \((p[\d.]+)\)", asked.replace("> ", ""))
    assert len(quoted) == 5
    for words, place in quoted:
        assert words in sentences[f"report {place}"], place


def test_the_seminar_is_over_in_its_minutes(
    seminar: str, review: cc.Review, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [tuple(map(int, row)) for row in re.findall(r"\| (\d+) \| (\d+) \|", seminar)]
    assert [start for start, _ in rows] == [0, *(end for _, end in rows[:-1])]
    assert f"# A seminar of {rows[-1][1]} minutes" in seminar
    texts = ROOT / "data" / EXAMPLE / "sources"
    for name, sentence in (
        ("report", "report (about {:,} words)"),
        ("news", "news summary (about {:,})"),
    ):
        words = len((texts / f"{name}.md").read_text(encoding="utf-8").split())
        assert sentence.format(round(words, 1 - len(str(words)))) in seminar
    assert f"*{review.meta.content_note}*" in seminar
    # The strip that is filled in, its rule, and the command that numbers the texts.
    bounds = cc.bounds(review).set_index("event")
    early, conference, late = (
        bounds.loc[event] for event in ("move", "review-2", "grandmother-call")
    )
    rule = (
        f"(*early* is the {early['earliest'].day}st to {early['latest'].day}th of a month,"
        f" *mid* the {conference['earliest'].day}th to {conference['latest'].day}th, *late* from"
        f" the {late['stated_earliest'].day}st,"
    )
    assert rule in seminar
    window = f"{conference['earliest'].day} to {day(conference['latest'])}"
    assert f"> *in mid-June 2022*, {window}. " in seminar
    assert main(["locate", str(ROOT / "data" / EXAMPLE), "--print"]) == 0
    numbered = capsys.readouterr().out
    assert "\np4.1 ## Why this review was held\n" in numbered.replace("  ", " ")
    assert "\nnews:p1.1 " in numbered
