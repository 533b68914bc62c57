"""Who is in a simulated review? Agencies by what they do, persons by kinship; nobody and no place
that exists."""

from __future__ import annotations

__all__ = ["AGENCIES", "BOARD", "people_of"]

BOARD = "board"
#: The label and the code of the sector of each agency.
AGENCIES = {
    "childrens-services": ("Children's services", "5A"),
    "police": ("Police", "6"),
    "school": ("School", "2A"),
    "gp": ("GP", "3A"),
    "health-visitor": ("Health visitor", "3B"),
    "midwifery": ("Midwifery", "3D"),
    "emergency-department": ("A&E", "3E"),
    "hospital": ("Hospital", "3F"),
    "housing": ("Housing", "4"),
    "edt": ("Emergency duty team", "x-edt"),
    "ambulance": ("Ambulance service", "x-ambulance"),
    "court": ("Court", "7"),
    BOARD: ("The board (simulated)", "x-partnership"),
    "professionals": ("Professionals, unnamed", "10"),
    "unspecified": ("Unspecified", "10"),
}


def people_of(number: int) -> dict[str, tuple[str, str, str]]:
    """The label, the kinship to the child and a note of each person of a review.

    >>> people_of(7)["child"]
    ('Child S7', 'child', 'Invented, as everybody here')
    """
    return {
        "child": (f"Child S{number}", "child", "Invented, as everybody here"),
        "mother": ("mother", "mother", ""),
        "father": ("father", "father", ""),
        "sibling": ("sibling A", "sibling", "Half-sibling, older"),
        "father-of-sibling": ("father of sibling A", "sibling-parent", ""),
        "grandmother": ("grandmother", "relative", ""),
        "friend": ("family friend", "friend", ""),
    }
