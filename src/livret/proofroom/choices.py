"""What the choices of a field are called in forms."""

from __future__ import annotations

from livret.translation import say

# What the choices of a field are called; with the name of the field before it where the value means something else
# elsewhere.
CHOICES = {
    "national": say("The whole country"),
    "regional": say("Some territories"),
    "international": say("Several countries"),
    "online": say("Online"),
    "scope.none": say("No place"),
    "contain": say("The whole picture is shown"),
    "fit.cover": say("The picture fills the frame and may be cut at its edges"),
    "binding.left": say("The left"),
    "binding.right": say("The right"),
    "notes": say("Pages for notes"),
    "blank": say("Blank pages"),
    "required": say("Required"),
    "optional": say("Not required"),
    "cover": say("Cover"),
    "imprint": say("Imprint"),
    "foreword": say("Foreword"),
    "pages": say("Further pages"),
    "partners": say("Partners"),
    "legend": say("Legend"),
    "contents": say("Contents"),
    "initiatives": say("Cards"),
    "index": say("Index"),
    "back-cover": say("Back cover"),
}


def choice_name(field: str, value: str) -> str:
    """The name of a value that a field may have, by the name of the field."""
    return CHOICES.get(f"{field}.{value}") or CHOICES.get(value) or value
