"""Who is in a simulated review? Agencies by what they do, persons by kinship; nobody and no place
that exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["AGENCIES", "BOARD", "Agency", "Person", "people_of"]

BOARD = "board"


class Agency(NamedTuple):
    """An agency: its label, the code of its sector, its name within a sentence."""

    label: str
    sector: str
    spoken: str


class Person(NamedTuple):
    """A person: the label, the kinship to the child, and what tells persons apart."""

    label: str
    kinship: str
    note: str


AGENCIES: Mapping[str, Agency] = {
    "childrens-services": Agency("Children's services", "5A", "children's services"),
    "police": Agency("Police", "6", "the police"),
    "school": Agency("School", "2A", "the school"),
    "gp": Agency("GP", "3A", "the GP"),
    "health-visitor": Agency("Health visitor", "3B", "the health visitor"),
    "midwifery": Agency("Midwifery", "3D", "a midwife"),
    "emergency-department": Agency("A&E", "3E", "A&E"),
    "hospital": Agency("Hospital", "3F", "the hospital"),
    "housing": Agency("Housing", "4", "the landlord"),
    "edt": Agency("Emergency duty team", "x-edt", "the emergency duty team"),
    "ambulance": Agency("Ambulance service", "x-ambulance", "the ambulance service"),
    "court": Agency("Court", "7", "a court"),
    BOARD: Agency("The board (simulated)", "x-partnership", "the board"),
    "professionals": Agency("Professionals, unnamed", "10", "professionals"),
    "unspecified": Agency("Unspecified", "10", "somebody"),
}


def people_of(number: int) -> dict[str, Person]:
    """The persons of a review, by id.

    >>> people_of(7)["child"].label
    'Child S7'
    """
    return {
        "child": Person(f"Child S{number}", "child", "Invented, as everybody here"),
        "mother": Person("mother", "mother", ""),
        "father": Person("father", "father", ""),
        "sibling": Person("sibling A", "sibling", "Half-sibling, older"),
        "father-of-sibling": Person("father of sibling A", "sibling-parent", ""),
        "grandmother": Person("grandmother", "relative", ""),
        "friend": Person("family friend", "friend", ""),
    }
