"""Does each figure look the same, whatever its user has set, and can its colours be told apart?"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from casechron.report.draw.canvas import PALETTE, PANDAS, rc_context, set_look


@pytest.fixture(autouse=True)
def _options_put_back():
    before = {option: pd.get_option(option) for option in PANDAS}
    with mpl.rc_context():
        yield
    for option, value in before.items():
        pd.set_option(option, value)


def linear(color: str) -> np.ndarray:
    srgb = np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lightness(color: str) -> float:
    return float(116 * np.cbrt(linear(color) @ [0.2126, 0.7152, 0.0722]) - 16)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(np.maximum(to_xyz @ rgb / [0.9505, 1.0, 1.089], 1e-9))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_lightness_of_known_colours():
    assert [round(lightness(color)) for color in ("#777777", "#ff0000", "#ffffff")] == [50, 53, 100]


def test_the_palette_goes_from_dark_to_light_with_steps_that_greyscale_keeps():
    steps = np.diff([lightness(color) for color in PALETTE])
    assert steps.min() >= 8


# Machado, Oliveira and Fernandes (2009), severity 1.0.
@pytest.mark.parametrize(
    "matrix",
    [
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ],
    ids=["protanopia", "deuteranopia", "tritanopia"],
)
def test_the_palette_survives_colour_blindness(matrix):
    seen = [lab(np.clip(np.array(matrix) @ linear(color), 0, 1)) for color in PALETTE]
    apart = [
        np.linalg.norm(first - second)
        for place, first in enumerate(seen)
        for second in seen[place + 1 :]
    ]
    assert min(apart) >= 10


def test_what_a_user_set_before_does_not_reach_a_figure():
    mpl.rcParams.update({"axes.facecolor": "red", "font.size": 30, "svg.fonttype": "path"})
    set_look()
    assert (mpl.rcParams["axes.facecolor"], mpl.rcParams["font.size"]) == ("white", 10)
    assert mpl.rcParams["svg.fonttype"] == "none"


def test_pandas_shows_the_same_whatever_its_front_end():
    pd.set_option("display.max_columns", 3)
    pd.set_option("display.precision", 9)
    pd.set_option("display.max_rows", 3)  # one that is left as pandas has it
    set_look()
    assert pd.get_option("display.max_rows") == 60
    assert {option: pd.get_option(option) for option in PANDAS} == PANDAS


def test_rc_context_puts_back_what_was_set():
    with mpl.rc_context({"font.size": 31}):
        with rc_context():
            assert mpl.rcParams["font.size"] == 10
        assert mpl.rcParams["font.size"] == 31
