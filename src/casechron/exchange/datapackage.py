"""The tables of a review's report as one Frictionless data package."""

from __future__ import annotations

import json
from pathlib import Path

from casechron.coding.files import from_here
from casechron.exchange import ExchangeError, zipped
from casechron.report.export import DATA_PACKAGE, check_manifest, data_hash
from casechron.report.plans import coded_as, report_name, reports_folder

__all__ = ["data_package"]


def data_package(folder: Path, project_root: Path) -> bytes:
    """The data package of a review: ``datapackage.json`` and the tables that it names, as they
    stand in its report.

    Parameters
    ----------
    folder
        The folder of the review, or of a coding.
    project_root
        The folder of its project.

    Returns
    -------
    bytes
        A zip archive; the same report gives the same bytes.

    Raises
    ------
    ExchangeError
        Where the review has no report, or not of the data as they stand, or one whose files are not
        what they were when it was rendered; the message says what to run.
    """
    report = reports_folder(folder, project_root) / report_name(folder)
    name = coded_as(folder)
    run = f"run casechron render {name}, then: casechron export {name} --datapackage OUT.zip"
    if not (report / DATA_PACKAGE).is_file():
        raise ExchangeError(f"{from_here(report)} holds no tables of {name}; {run}")
    if changed := check_manifest(report):
        as_it_was = f"is not as it was rendered ({changed[0]})"
        raise ExchangeError(f"{from_here(report)} {as_it_was}; {run}")
    package = json.loads((report / DATA_PACKAGE).read_text(encoding="utf-8"))
    if package["version"] != data_hash(folder)[:16]:
        raise ExchangeError(f"{name} has changed since its report was rendered; {run}")
    names = [DATA_PACKAGE, *(resource["path"] for resource in package["resources"])]
    return zipped({name: (report / name).read_bytes() for name in names})
