"""What is there to run for a review, and what do its pages say of it?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from casechron import __version__
from casechron.characters import shown, text_breach
from casechron.coding.files import CODINGS, is_coding, joined_key
from casechron.coding.form_check import FormCheck, check_form
from casechron.coding.meta import ReviewMeta
from casechron.coding.reviews import (
    NeedsError,
    complete_in,
    needs_of,
    question_of,
    read_meta,
    to_fill,
)
from casechron.dates.policy import DatingPolicy
from casechron.report import export
from casechron.report.about import about
from casechron.report.execution import RenderError, Task, parse_notebook, read_text
from casechron.report.export import Page, ReviewFacts
from casechron.report.parameters import check_parameters

#: The parameters that a run gives to each notebook: to one about one review, and to one that is
#: asked once, across several. None of these can be given as a further one.
_OF_ONE = ("review", "policy")
_OF_SEVERAL = ("reviews", "policy")
_GIVEN = {*_OF_ONE, *_OF_SEVERAL}
#: What the metadata of a first cell may say of the page.
_SETTINGS = {"name": str, "behind": bool, "questions": list}
#: The name of the report across several reviews.
ACROSS = "reviews"


@dataclass(frozen=True, slots=True)
class _Question:
    page: Page
    needs: tuple[str, ...]
    source: str
    parameters: dict[str, Any] = field(hash=False)
    across: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for every review of a run."""

    questions: tuple[_Question, ...]
    dating: DatingPolicy
    project_root: Path
    timeout: float


def plan(
    notebooks: Sequence[Path],
    policy: Mapping[str, Any],
    parameters: Mapping[str, Any],
    project_root: Path,
    timeout: float,
) -> Plan:
    """Read the notebooks, and see that they can take what they are to be given.

    Each is given the review, the policy, and those of the further `parameters` that it declares.
    Raises `RenderError` for what is no notebook, for one without a question, and for a parameter
    that none declares; `PolicyError` for a policy that is none."""
    if not notebooks:
        raise RenderError(
            "there is no notebook to run; put the questions into notebooks/ as *.ipynb"
        )
    dating = DatingPolicy.from_parameters(policy)
    questions, named = [], dict[str, str]()
    declared: dict[str, list[str]] = {}
    for notebook in sorted(notebooks, key=lambda path: path.stem):
        text = read_text(notebook)
        source = parse_notebook(text, notebook.name)
        if breach := text_breach(notebook.name, "the name of a notebook's file"):
            raise RenderError(breach)
        defaults = check_parameters(notebook.name, source, ())
        across = "reviews" in defaults and "review" not in defaults
        check_parameters(notebook.name, source, _OF_SEVERAL if across else _OF_ONE)
        declared[notebook.name] = [name for name in defaults if name not in _GIVEN]
        # In the order of the declaration, so that the order of a command line changes no byte of
        # the report.
        values = {name: parameters[name] for name in declared[notebook.name] if name in parameters}
        _check_kinds(notebook.name, values, defaults)
        if not (title := question_of(source)):
            raise RenderError(
                f"{notebook.name}: the notebook has no heading; begin it with its question, as"
                " '# When ...?'"
            )
        called = _settings(notebook.name, source).get("name")
        if called and called in named:
            raise RenderError(
                f"{named[called]} and {notebook.name} both have {shown(called)} as the name of"
                " their page; write another into the metadata of the first cell of one"
            )
        named[str(called)] = notebook.name
        try:
            needs = needs_of(source)
        except NeedsError as error:
            raise RenderError(f"{notebook.name}: {error}") from error
        questions.append(_Question(Page(notebook.stem, title), needs, text, values, across))
    _check_further(parameters, declared)
    return Plan(tuple(questions), dating, project_root.resolve(), timeout)


def _settings(name: str, source: NotebookNode) -> dict[str, Any]:
    """What the metadata of a notebook's first cell say of its page."""
    settings = source.cells[0].metadata.get("casechron", {})
    for key, value in settings.items():
        if not isinstance(value, _SETTINGS.get(key, ())):
            raise RenderError(
                f"{name}: {shown(key)} under casechron in the metadata of the first cell is none"
                " of: name (a text), behind (true or false), questions (a list of texts)"
            )
    return dict(settings)


def _check_kinds(name: str, values: Mapping[str, Any], declared: Mapping[str, str]) -> None:
    """Words are no number, where the notebook's own value is one; text that reads as a number may
    be meant as text."""
    for parameter, value in values.items():
        default = declared[parameter]
        if isinstance(value, str) and _is_number(default) and not _is_number(value):
            raise RenderError(
                f"{parameter}={value}: {name} wants a number there, such as {default}"
            )


def _is_number(text: object) -> bool:
    return type(parameter_value(str(text))) in (int, float)


def _check_further(parameters: Mapping[str, Any], declared: Mapping[str, Sequence[str]]) -> None:
    fixed = [name for name in parameters if name in _GIVEN]
    if fixed:
        raise RenderError(
            f"{' and '.join(fixed)} cannot be given as a parameter: name the review, and use"
            " --policy FIELD=VALUE"
        )
    unknown = [name for name in parameters if not any(name in names for names in declared.values())]
    if unknown:
        known = [f"{name} ({notebook})" for notebook, names in declared.items() for name in names]
        raise RenderError(
            f"no notebook has a parameter {', '.join(unknown)}; beside {' and '.join(_OF_ONE)}"
            f" their cells tagged 'parameters' declare: {', '.join(known) or 'none'}"
        )


def parameter_value(text: str) -> bool | int | float | str | None:
    """What the words of a command line mean as a parameter: a number, true, false, nothing, or
    text. In quotes it is text.

    >>> [
    ...     parameter_value(text)
    ...     for text in ("3", "-0.5", "1e3", "true", "null", "late 2018", "'3'", "nan")
    ... ]
    [3, -0.5, 1000.0, True, None, 'late 2018', '3', 'nan']
    """
    words = {"true": True, "false": False, "null": None, "none": None, "~": None}
    if text.lower() in words:
        return words[text.lower()]
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        return float(text)
    return text


def tasks_of(review_dir: Path, plan: Plan, checked: FormCheck | None = None) -> list[Task]:
    """What there is to run for a review, in the order of the notebooks' names: those of which all
    that they need is coded. `checked` is the review as it was read and checked, if it was.

    Raises `RenderError` where that is none."""
    checked = checked or check_form(review_dir)
    forms, complete = checked.forms, complete_in(review_dir)
    questions = [question for question in plan.questions if not question.across]
    lacking = {question.page: forms.lacking(question.needs, complete) for question in questions}
    asked = [question for question in plan.questions if lacking.get(question.page) == []]
    waiting = tuple((page.title, to_fill(names)) for page, names in lacking.items() if names)
    if not asked:
        lines = "\n  ".join(f"{title} {words}" for title, words in waiting)
        raise RenderError(f"what its pages need is not coded yet:\n  {lines}")
    facts = replace(_facts(review_dir, checked), waiting=waiting)
    return _tasks(asked, plan, facts, {"review": facts.coded})


def tasks_across(review_dirs: Sequence[Path], plan: Plan) -> list[Task]:
    """What there is to run once over several reviews, in the order of the notebooks' names."""
    asked = [question for question in plan.questions if question.across]
    reviews = [coded_as(folder) for folder in review_dirs]
    facts = ReviewFacts(
        review=ACROSS,
        title="Reviews side by side",
        data_hash=joined_key([export.data_hash(folder) for folder in review_dirs]),
        reviews=tuple(reviews),
    )
    return _tasks(asked, plan, facts, {"reviews": reviews})


def _tasks(
    asked: Sequence[_Question], plan: Plan, facts: ReviewFacts, whose: Mapping[str, Any]
) -> list[Task]:
    """A task for each question, all with the same facts and dating policy."""
    policy = plan.dating.as_parameters()
    facts = replace(
        facts,
        policy=tuple(plan.dating.describe()),
        policy_differs=tuple(policy),
        version=__version__,
        pages=tuple(question.page for question in asked),
    )
    common = {**whose, "policy": policy}
    root, seconds = plan.project_root, plan.timeout
    return [
        Task(
            question.page, question.source, facts, {**common, **question.parameters}, root, seconds
        )
        for question in asked
    ]


def coded_as(review_dir: Path) -> str:
    """How commands and notebooks call a review, or one coder's coding of it.

    >>> coded_as(Path("data/child-x/codings/bob")), coded_as(Path("data/child-x"))
    ('child-x/codings/bob', 'child-x')
    """
    return "/".join(review_dir.parts[-3 if is_coding(review_dir) else -1 :])


def report_name(review_dir: Path) -> str:
    """The name of the folder of a review's report, or of that of one coder's coding.

    >>> report_name(Path("data/child-x/codings/bob")), report_name(Path("data/child-x"))
    ('child-x--bob', 'child-x')
    """
    return coded_as(review_dir).replace(f"/{CODINGS}/", "--")


def reports_folder(review_dir: Path, project_root: Path) -> Path:
    """Where the report of a review is written, or that of one coder's coding: reports of single
    coders are not published, and stand apart from those that are.

    >>> reports_folder(Path("data/child-x/codings/bob"), Path()).as_posix()
    'build/codings'
    >>> reports_folder(Path("data/child-x"), Path()).as_posix()
    'reports'
    """
    return project_root / ("build/codings" if is_coding(review_dir) else "reports")


def coded_name(report: str) -> str:
    """What `report_name` names a report of.

    >>> coded_name("child-x--bob"), coded_name("child-x")
    ('child-x/codings/bob', 'child-x')
    """
    return report.replace("--", f"/{CODINGS}/", 1)


def _facts(review_dir: Path, checked: FormCheck) -> ReviewFacts:
    """What the pages say of their review: what review.toml and the tables do, the data's hash."""
    meta = read_meta(review_dir)
    coder = f", as coded by {review_dir.name}" if is_coding(review_dir) else ""
    return ReviewFacts(
        review=report_name(review_dir),
        # Children of one label are in more than one review, so body and year belong to the title.
        title=f"{meta.title} ({meta.body}, {meta.year}){coder}",
        coded=coded_as(review_dir),
        imprint=_imprint(meta),
        about=about(checked.expanded.tables),
        content_note=meta.content_note,
        citation=meta.citation,
        data_hash=export.data_hash(review_dir),
        to_do=len(checked.to_do),
        invented=meta.invented,
    )


def _imprint(meta: ReviewMeta) -> tuple[tuple[str, str], ...]:
    """Who published and who coded a review, in words; what review.toml leaves empty is left out."""
    of, codebook = meta.published_of, meta.codebook
    coded = [meta.coder, meta.coded_on, f"codebook {codebook}" if codebook else ""]
    imprint = {
        "Published": f"{meta.published} (the {of})" if of else meta.published,
        "Jurisdiction": meta.jurisdiction,
        "Coded by": ", ".join(filter(None, coded)),
        "Licence of the data": meta.licence,
    }
    return tuple((what, value) for what, value in imprint.items() if value)
