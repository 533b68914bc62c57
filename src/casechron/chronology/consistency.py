"""Can all that a coding says about time hold together?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from casechron.chronology.chronologies import ContradictionError, attempt
from casechron.chronology.statements import Statement


def admission(
    tables: Mapping[str, pd.DataFrame], where: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """The statements that cannot hold together under the default dating policy, in lines; none
    where some chronology holds.

    `tables` are those of a review or of a coding, as they are read; `where` says of the id of a row
    where it was typed, which stands behind what it says. Contradictions are as in
    `conflicts`: each set is minimal, and `days short` says by how much it falls short.

    >>> events = pd.DataFrame(
    ...     {"id": ["a", "b"], "date": ["2018-03", "2018-01"], "summary": ["A", "B"]}
    ... )
    >>> relations = pd.DataFrame(
    ...     {"id": ["r"], "type": ["before"], "from_event": ["a"], "to_event": ["b"]}
    ... )
    >>> for line in admission({"events": events, "relations": relations}):
    ...     print(line)
    these 3 statements cannot hold together (30 days short):
    - “B” is between 2018-01-01 and 2018-01-31 [2018-01]
    - “A” comes before “B”
    - “A” is between 2018-03-01 and 2018-03-31 [2018-03]
    """
    found = attempt(tables["events"], tables["relations"], locators=tables.get("locators"))
    if found.admissible:
        return []

    def place(statement: Statement) -> str:
        return f" – {where[statement.row]}" if statement.row in where else ""

    return str(ContradictionError(found, place)).splitlines()[1:]
