"""The questions of this project: for each a table, what it says in words, and a figure."""

from own_questions.days_left_open import (
    days_left_open,
    words_on_days_left_open,
    draw_days_left_open,
)

__all__ = ["days_left_open", "draw_days_left_open", "words_on_days_left_open"]
