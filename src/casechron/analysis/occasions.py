"""How many occasions do some rows of events stand for?"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from casechron.analysis.columns import rows_in


class Occasions:
    """The counts of events, and what each counts together with others (`part-of`).

    A row without a count is one occasion. One with a greatest number alone is at least one: what
    did not happen has no such row.

    >>> counts = {"id": ["calls", "call"], "count_min": ["28", ""], "count_max": ["28", ""]}
    >>> links = {"type": ["part-of"], "from_row": ["call"], "to_row": ["calls"]}
    >>> found = Occasions({"events": pd.DataFrame(counts), "links": pd.DataFrame(links)})
    >>> found.least(["calls", "call"], ["calls", "call"]), found.most(["calls", "call"])
    (28, 28)
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._counts = {
            event: (int(low or 1), int(high) if high else None if low else 1)
            for event, low, high in rows_in(tables["events"], "id", "count_min", "count_max")
        }
        self._wholes: dict[str, set[str]] = {}
        for tie, one, whole in rows_in(tables["links"], "type", "from_row", "to_row"):
            if tie == "part-of":
                self._wholes.setdefault(one, set()).add(whole)

    def least(self, events: Collection[str], entire: Collection[str]) -> int:
        """At least how many, where of those that are not `entire` one occasion at least is meant.

        A row that counts others together is as many as it says, or as these are; rows that count
        one and the same other can be the same occasions."""
        own = {event: self._counts[event][0] if event in entire else 1 for event in events}
        groups: list[tuple[set[str], set[str]]] = []
        for top in self._tops(events):
            parts = {event for event in own if top in self._wholes.get(event, ())}
            tops = {top}
            for group in [group for group in groups if group[1] & parts]:
                groups.remove(group)
                tops |= group[0]
                parts |= group[1]
            groups.append((tops, parts))
        return sum(
            max(*(own[top] for top in tops), sum(own[part] for part in parts))
            for tops, parts in groups
        )

    def most(self, events: Collection[str]) -> int | None:
        """At most how many; None where a count is open."""
        counts = [self._counts[event][1] for event in self._tops(events)]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def _tops(self, events: Collection[str]) -> list[str]:
        """Those that no other of them counts."""
        return [event for event in events if self._wholes.get(event, set()).isdisjoint(events)]
