from __future__ import annotations

import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from casechron.report.normalise import breaches, normalised, notebook_text


def ran(seconds: str = "0.1", python: str = "3.11.7"):
    """A notebook as papermill leaves it, run at some time by some Python."""
    code = new_code_cell(
        "table",
        execution_count=2,
        metadata={
            "execution": {"iopub.execute_input": seconds},
            "papermill": {"duration": seconds},
            "tags": ["kept"],
        },
        outputs=[
            new_output("stream", name="stdout", text="a"),
            new_output(
                "display_data",
                {"text/plain": "t", "text/csv": "a\r\nb"},
                metadata={"casechron": {"kind": "table"}},
            ),
            new_output("stream", name="stdout", text="b\n"),
            new_output("execute_result", {"text/plain": "1"}, execution_count=2),
        ],
    )
    notebook = new_notebook(
        cells=[new_markdown_cell("# When?"), code],
        metadata={
            "papermill": {"duration": seconds, "input_path": "somewhere"},
            "kernelspec": {
                "name": "python3",
                "display_name": "Python 3 (here)",
                "language": "python",
            },
            "language_info": {
                "name": "python",
                "version": python,
                "codemirror_mode": {"name": "ipython", "version": 3},
            },
        },
    )
    return notebook


def test_two_runs_are_the_same_text():
    assert notebook_text(normalised(ran("0.1", "3.11.7"))) == notebook_text(
        normalised(ran("9.9", "3.13.1"))
    )


def test_what_says_something_stays_and_nothing_else():
    done = normalised(ran())
    assert json.loads(json.dumps(done)) == {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {
                "name": "python",
                "file_extension": ".py",
                "mimetype": "text/x-python",
                "nbconvert_exporter": "python",
                "pygments_lexer": "ipython3",
            },
        },
        "cells": [
            {"id": "cell-001", "cell_type": "markdown", "metadata": {}, "source": "# When?"},
            {
                "id": "cell-002",
                "cell_type": "code",
                "metadata": {"tags": ["kept"]},
                "execution_count": 2,
                "source": "table",
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": "ab\n"},
                    {
                        "output_type": "display_data",
                        "data": {"text/plain": "t", "text/csv": "a\r\nb"},
                        "metadata": {"casechron": {"kind": "table"}},
                    },
                    {
                        "output_type": "execute_result",
                        "data": {"text/plain": "1"},
                        "metadata": {},
                        "execution_count": 2,
                    },
                ],
            },
        ],
    }


def test_the_notebook_itself_stays_as_it_was():
    notebook = ran()
    before = copy.deepcopy(notebook)
    notebook_text(normalised(notebook))
    assert notebook == before


def test_once_is_enough():
    once = normalised(ran())
    assert normalised(once) == once


def test_the_text_reads_back_as_the_same_notebook():
    done = normalised(ran())
    text = notebook_text(done)
    assert text.endswith("}\n")
    assert nbformat.reads(text, as_version=4) == done


def test_a_good_run_has_no_breach():
    assert breaches(normalised(ran())) == []


@pytest.mark.parametrize(
    ("output", "breach"),
    [
        (
            new_output("error", ename="KeyError", evalue="'x'", traceback=[]),
            "cell 3 raised KeyError: 'x'",
        ),
        (
            new_output("stream", name="stderr", text="a.py:3: FutureWarning: old\n  call()\n"),
            (
                "cell 3 wrote to the error stream, which no report shows: a.py:3: FutureWarning:"
                " old / call()"
            ),
        ),
        (
            new_output("stream", name="stdout", text="<object object at 0x7f00deadbeef>"),
            (
                "cell 3 shows an address in memory, which differs from run to run; give the value a"
                " name instead"
            ),
        ),
        (
            new_output("execute_result", {"text/plain": "<function f at 0x7f00deadbeef>"}),
            (
                "cell 3 shows an address in memory, which differs from run to run; give the value a"
                " name instead"
            ),
        ),
        (
            new_output("display_data", {"image/png": "aaaa", "text/plain": "<Figure>"}),
            (
                "cell 3 shows a picture without a name and without words; end the cell with"
                " cc.show.figure(ax, name=..., title=..., alt=...)"
            ),
        ),
    ],
)
def test_what_no_report_can_hold_is_said_with_its_cell(output, breach):
    # Cells count from 1 as their author counts, without the one that papermill adds.
    cells = [
        new_code_cell("review = 'a'", execution_count=1, metadata={"tags": ["parameters"]}),
        new_code_cell(
            "review = 'b'", execution_count=2, metadata={"tags": ["injected-parameters"]}
        ),
        new_markdown_cell("words"),
        new_code_cell("f", execution_count=3, outputs=[output]),
    ]
    assert breaches(new_notebook(cells=cells)) == [breach]


def test_a_cell_that_never_ran_is_a_breach():
    assert breaches(new_notebook(cells=[new_code_cell("table"), new_code_cell("  ")])) == [
        "cell 1 did not run"
    ]
