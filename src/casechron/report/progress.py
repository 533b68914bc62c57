"""What does somebody see while many reports are made, and what when it is over?"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casechron.characters import counted

#: Of more reports than these, those of which nothing has to be done are counted and not named.
_FEW = 10
NO_SUCH_REVIEW = "{}: there is a report but no such review any more; remove it."
_BAR = (
    "{percentage:3.0f}% |{bar:24}| {n_fmt} of {total_fmt} notebooks, {elapsed} gone, {remaining}"
    " left{postfix}"
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of `render_all` did; as text, what a person wants to know of it."""

    front_page: Path | None  # if it is there
    rendered: tuple[str, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()  # (review, why)
    stale: tuple[str, ...] = ()  # reports whose review is gone
    unchanged: tuple[tuple[str, int], ...] = ()  # (review, files verified)
    lost: tuple[tuple[str, str], ...] = ()  # (review, why a page of its own question is not there)
    not_begun: int = 0  # reviews that a run which had to end left as they were
    without_report: tuple[str, ...] = ()  # of the failures, those without an earlier report either
    trouble: str = ""  # what befell the pages over all reports
    unreadable: tuple[str, ...] = ()  # folders that those pages leave out
    #: Of what was rendered over what stood there: (review or pages, files now, how they differ).
    compared: tuple[tuple[str, int, tuple[str, ...]], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if every report was made whole, or was there; else 1."""
        return 1 if self.failures or self.lost or self.trouble else 0

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from self._kept()
        yield from self._compared()
        yield from self._failed()
        yield from map(NO_SUCH_REVIEW.format, self.stale)
        for name in self.unreadable:
            yield (
                f"{name}: its report.json cannot be read, so the front page leaves it out; render"
                " it anew, or remove it."
            )
        if self.not_begun:
            reviews = counted(self.not_begun, "review")
            yield f"{reviews} not begun; the same command goes on from here."
        if self.trouble:
            yield f"{self.trouble}; the same command writes them."
        unchanged, failed = len(self.unchanged), len(self.failures)
        rendered = f"{counted(len(self.rendered), 'report')} rendered"
        rest = ((unchanged, "unchanged"), (failed, "failed"))
        counts = [rendered, *(f"{count} {what}" for count, what in rest if count)]
        yield f"{', '.join(counts)}.{f' Open {self.front_page}' if self.front_page else ''}"

    def _kept(self) -> Iterator[str]:
        if len(self.unchanged) > _FEW:
            files = sum(count for _, count in self.unchanged)
            yield (
                f"{len(self.unchanged)} reports: unchanged since they were rendered, {files} files"
                " verified; --force renders them anew"
            )
            return
        for name, files in self.unchanged:
            yield (
                f"{name}: unchanged since it was rendered, {counted(files, 'file')} verified;"
                " --force renders it anew"
            )

    def _compared(self) -> Iterator[str]:
        same = [(what, files) for what, files, differing in self.compared if not differing]
        if same:
            files = sum(files for _, files in same)
            yield (
                f"{_named([what for what, _ in same])}: rendered anew, and all"
                f" {counted(files, 'file')} byte for byte as they were"
            )
        others = [report for report in self.compared if report[2]]
        for what, files, differing in others[:_FEW]:
            yield (
                f"{what}: rendered anew, and not as it was ({len(differing)} of"
                f" {counted(files, 'file')}): {_named(differing)}"
            )
        if len(others) > _FEW:
            yield f"{len(others) - _FEW} more: rendered anew, and not as they were"

    def _failed(self) -> Iterator[str]:
        earlier = [(name, why) for name, why in self.failures if name not in self.without_report]
        none = [(name, why) for name, why in self.failures if name in self.without_report]
        for stands, some in (("its previous report stands", earlier), ("it has no report", none)):
            for why, names in _together(some):
                yield f"{_named(names)}: not rendered; {stands}.\n  {why}"
        for why, names in _together(self.lost):
            said = "rendered without a page of your own, which failed; the first page says so"
            yield f"{_named(names)}: {said}.\n  {why}"


def _together(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """What is said of each, and of whom; the same thing is said once."""
    by_words = defaultdict(list)
    for name, words in pairs:
        by_words[words].append(name)
    return list(by_words.items())


def _named(names: Sequence[str]) -> str:
    return (
        ", ".join(names)
        if len(names) <= _FEW
        else f"{', '.join(names[:3])} and {len(names) - 3} more"
    )


class Progress:
    """One bar over all notebooks of a run, with an estimate of the time left, on the error stream,
    from the first one that has to run."""

    def __init__(self, notebooks: int, shown: bool) -> None:
        self._notebooks, self._shown = notebooks, shown
        self._bar: Any = None

    def begin(self) -> None:
        """Something has to run."""
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(
                total=self._notebooks,
                disable=not self._shown,
                dynamic_ncols=True,
                bar_format=_BAR,
                # In a log a line every half minute is enough.
                mininterval=0.1 if sys.stderr.isatty() else 30,
                # Notebooks differ much in length, so the estimate averages over many.
                smoothing=0.05,
            )

    def made(self, review: str, notebook: str) -> None:
        """One more notebook has run, or has failed."""
        self._bar.set_postfix_str(f"{review} {notebook}", refresh=False)
        self._bar.update()

    def putting_together(self, review: str) -> None:
        """All notebooks of a review have run; its pages become one account."""
        self._bar.set_postfix_str(f"putting {review} together")

    def left_out(self, notebooks: int) -> None:
        """So many need not run: there is less to do, and nothing was done that would say how fast
        it goes."""
        self._notebooks -= notebooks
        if self._bar is not None:
            self._bar.total = self._notebooks

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            # The terminal may have been closed.
            with suppress(OSError):
                self._bar.close()
