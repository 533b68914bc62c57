"""Freeze the first edition: its tables.

How it was made, at the commit that the tag ``first-edition`` names, with that commit's packages:

    git worktree add ../first first-edition
    PYTHONPATH=../first/src:tests python tests/golden/freeze.py ../first

It overwrites nothing: where a file of its output stands, it stops. The net (``tests/test_net.py``)
compares with what it wrote; ``changes.toml``, which people write, names what differs since.

- ``inputs.tar.xz``: the tidy tables, review.toml and codings of the two reviews, and 30 simulated
  ones (`DRAWN`).
- ``digests.json.xz``: review, policy, table: digests of the table, its keys and its columns.
- ``keys.json``: the columns that tell the rows of each table apart, in every review and policy.
- ``rows-<review>.tar.xz``: whole tables of the two reviews, a CSV for each policy and table.
- ``flips-<review>.csv``: of each conclusion, the choices that change it and the judged orders it
  leans on, under the default policy.

SHA-256 of what was frozen:

25a8c4c61ebb78589182d266bbb936bf975d730b54242253ccce9eac35cf6baa digests.json.xz
931761d45e95f8d2f68fa190ee46b387fbbfaf17522b823c8933c121383266f5 flips-child-a-haringey-2008.csv
f55b8c1608bb3ace55908605e0622345452ab763a471795c088d768d56441929 flips-child-w-manchester-2020.csv
cca404cd77fea6059445df63d9afb8094d34cda5b883eda4b28111f1b3a30a97 inputs.tar.xz
5637c133b0346e04b63b97162c81366a06e68d52b5ab4c68cd8ee3673c3ea35b keys.json
356a1da12f923663cbb47c357621b7c8cf39f73bc261285f630728fbf3383ef0 rows-child-a-haringey-2008.tar.xz
0e88cf16faa4c820918a556396160a1d08df4e768072e8eb68878ac7b9225884 rows-child-w-manchester-2020.tar.xz
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from casechron.coding.policy import DatingPolicy

import casechron
import net
from net_tables import POLICIES

#: The policies under which the phrases of simulated reviews hold of their true days. Read under a
#: stricter policy than its own, an account can contradict itself.
WIDE = {"early_to": 15, "mid_to": 25, "late_from": 16, "end_from": 16}
STRICT = {"duration_slack": "none"}
TOLD: tuple[dict[str, Any], ...] = (
    {},
    STRICT,
    WIDE | STRICT,
    STRICT,
    STRICT | {"winter": "ends"},
    STRICT,
)
#: Of each simulated review: its number, seed, events, vagueness, share without a date, relations
#: (None: as many as the generator takes by default) and policy.
DRAWN: list[tuple[int, int, int, float, float, int | None, dict[str, Any]]] = [
    (
        number,
        2014 + number,
        (9, 14, 18, 24, 30, 36, 44, 52, 64, 90)[number % 10],
        (0.2, 0.5, 0.8, 1.0)[number % 4],
        (0.0, 0.15, 0.4)[number % 3],
        None if number % 5 else 70,
        TOLD[number % 6],
    )
    for number in range(1, 31)
]
#: In these simulated reviews working days are counted by the calendar of another nation.
NATIONS = {5: "Scotland", 10: "Wales", 15: "Northern Ireland", 20: "Scotland", 25: "Wales"}


def main(first: Path) -> None:
    """Freeze everything from a checkout of the first edition, whose code is the one imported."""
    single = ("inputs.tar.xz", "digests.json.xz", "keys.json")
    of_each = ("rows-{}.tar.xz", "flips-{}.csv")
    written = [*single, *(name.format(review) for name in of_each for review in net.REAL)]
    if there := [name for name in written if (net.GOLDEN / name).exists()]:
        sys.exit(f"{', '.join(there)} stand in {net.GOLDEN}; what is frozen is never overwritten")
    if Path(casechron.__file__).parents[1] != first.resolve() / "src":
        sys.exit(f"the code imported is {casechron.__file__}, not that of {first}")
    pack("inputs.tar.xz", {**real_files(first), **simulated_files()})
    freeze_tables()
    for name in sorted(written):
        print(hashlib.sha256((net.GOLDEN / name).read_bytes()).hexdigest(), name)


def real_files(first: Path) -> dict[str, bytes]:
    """The files of the two reviews and their codings."""
    return {
        path.relative_to(first / "data").as_posix(): path.read_bytes()
        for review in net.REAL
        for path in sorted((first / "data" / review).rglob("*"))
        if path.is_file()
    }


def simulated_files() -> dict[str, bytes]:
    """The files of the simulated reviews, as `casechron simulate` writes them."""
    # Only the first edition can draw them; what it froze is read without it.
    from casechron.simulation import simulate, write_reviews

    drawn = (
        simulate(
            seed,
            number,
            events=events,
            vagueness=vagueness,
            undated=undated,
            relations=relations,
            policy=DatingPolicy.from_parameters(policy),
        )
        for number, seed, events, vagueness, undated, relations, policy in DRAWN
    )
    with tempfile.TemporaryDirectory() as folder:
        write_reviews(drawn, Path(folder) / "drawn")
        data = Path(folder) / "drawn" / "data"
        files = {
            path.relative_to(data).as_posix(): path.read_bytes()
            for path in sorted(data.rglob("*"))
            if path.is_file()
        }
    for number, nation in NATIONS.items():
        meta = f"simulated-{number:04d}/review.toml"
        files[meta] = files[meta].replace(b'"England"', f'"{nation}"'.encode())
    return files


def freeze_tables() -> None:
    """Every table of every review under every policy."""
    tables: dict[tuple[str, str, str], net.Rows] = {}
    for review in (*net.REAL, *net.SIMULATED):
        for policy in POLICIES:
            made = net.case(review, policy)
            for name in net.names(review, policy):
                tables[review, policy, name] = net.texts(made[name])
            if not made.chronology.admissible:
                print(f"{review}, {policy}: no admissible chronology")
    keys = {
        name: shortest_key([table for (_, _, other), table in tables.items() if other == name])
        for name in dict.fromkeys(name for _, _, name in tables)
    }
    write("keys.json", keys)
    found: dict[str, Any] = {}
    for (review, policy, name), table in tables.items():
        digests = net.digests(table, keys[name])
        found.setdefault(review, {}).setdefault(policy, {})[name] = digests
    write("digests.json.xz", found)
    for review in net.REAL:
        rows = {
            f"{policy}/{name}.csv": csv_bytes(table)
            for (other, policy, name), table in tables.items()
            if other == review
        }
        pack(f"rows-{review}.tar.xz", rows)
        conclusions = tables[review, "default", "robust_conclusions"]
        columns = ("about", "conclusion", "flipped_by", "leans_on")
        flips = csv_bytes({column: conclusions[column] for column in columns})
        (net.GOLDEN / f"flips-{review}.csv").write_bytes(flips)


def shortest_key(tables: list[net.Rows]) -> list[str]:
    """The fewest first columns that tell all rows apart in every table, less those not needed; all
    columns if none do."""

    def tells(key: list[str]) -> bool:
        return all(len(set(one)) == len(one) for one in (net.row_keys(t, key) for t in tables))

    columns = list(tables[0])
    key = next((columns[:n] for n in range(1, len(columns) + 1) if tells(columns[:n])), columns)
    for column in reversed(key):  # ids stand before labels, and are the better key
        less = [one for one in key if one != column]
        if less and tells(less):
            key = less
    return key


def csv_bytes(table: net.Rows) -> bytes:
    """A table as the bytes of a CSV file."""
    return net.csv_content([list(table), *zip(*table.values(), strict=True)])


def write(name: str, content: Any) -> None:
    """Values as JSON, compressed if the name says so."""
    packed = name.endswith(".xz")
    text = json.dumps(content, ensure_ascii=False, indent=None if packed else 1, sort_keys=True)
    written = f"{text}\n".encode()
    (net.GOLDEN / name).write_bytes(lzma.compress(written, preset=9) if packed else written)


def pack(name: str, files: dict[str, bytes]) -> None:
    """An archive that holds names and contents, and nothing of the day or the machine."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    (net.GOLDEN / name).write_bytes(lzma.compress(raw.getvalue(), preset=9))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("freeze.py FOLDER: name a checkout of the first edition, whose code is imported")
    main(Path(sys.argv[1]))
