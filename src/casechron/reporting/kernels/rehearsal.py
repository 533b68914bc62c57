"""What is slow the first time, done once before any notebook runs?

An invented review is read, solved, put into tables and drawn as notebooks do it: fonts are then
looked up, calendars made, and the libraries have set up what they set up when they are first used.
Only what is keyed by content is kept, and pyplot is not touched, so a notebook finds nothing that
it could see."""

from __future__ import annotations

import string
import tempfile
from pathlib import Path

__all__ = ["rehearse"]

#: Of the invented review: as small as one can be that has something of each kind.
_EVENTS = 12
#: What words in figures are made of.
_LETTERS = string.ascii_letters + string.digits + " .,:;?!'()-/+=&%_–‘’“”…→·¼½¾"


def rehearse() -> None:
    """Do once what each notebook would do for the first time."""
    import matplotlib
    import nbformat
    from matplotlib.figure import Figure

    from casechron.analysis import chronicle, involvement, timing
    from casechron.analysis.timescale_rules import rules
    from casechron.chronology import attempt
    from casechron.chronology.working_days import working_calendar
    from casechron.coding.codebook import codebook
    from casechron.coding.policy import DatingPolicy
    from casechron.coding.reviews import read_review
    from casechron.reporting import figures, letters, style
    from casechron.reporting.svg import figure_svg
    from casechron.reporting.tables import table_csv, table_html
    from casechron.simulation import simulate, write_reviews

    nbformat.validate(nbformat.v4.new_notebook())
    codebook()
    rules()
    # Most reviews are of England; another calendar is made when it is asked for.
    working_calendar("England")
    letters.learn(_LETTERS)
    invented = simulate(1, events=_EVENTS)
    policy = DatingPolicy()
    with tempfile.TemporaryDirectory(prefix="casechron-") as folder:
        write_reviews([invented], Path(folder))
        tables = read_review(Path(folder) / "data" / invented.id, policy)
    chronology = attempt(tables["events"], tables["relations"], policy, locators=tables["locators"])
    shown = chronicle.chronicle(tables, chronology)
    gaps = timing.response_gaps(tables, chronology, "England")
    parts = involvement.involvement_by_event(tables, chronology)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
    with style.rc_context():
        for draw, table in (
            (figures.draw_chronicle, shown),
            (figures.draw_response_gaps, gaps),
            (figures.draw_involvement_by_event, parts),
        ):
            figure = Figure()
            draw(table, figure.subplots())
            figure_svg(figure, "first", "0", "0")
            table_html(table, "first", "0")
            table_csv(table)
