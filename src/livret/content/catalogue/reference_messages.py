"""What is said of a name that leads nowhere: the sentence, and where such names are given."""

from __future__ import annotations

from livret.translation import Text, say

# Where names of each kind are given.
HOMES = {
    "theme": say("themes are listed in catalogue.yaml"),
    "partner": say("each partner has a file partners/ID.yaml"),
    "initiative": say("each card has a file initiatives/ID.yaml"),
    "pictogram": say("each pictogram is a file pictograms/NAME.svg"),
    "layout": say("each layout is a folder in layouts/ with a layout.yaml"),
    "press-profile": say("each press profile is a file press/NAME.yaml"),
}


def nothing(kind: str, name: Text) -> Text:
    """That a name of this kind leads nowhere."""
    match kind:
        case "theme":
            return say("there is no theme {name}", name=name)
        case "partner":
            return say("there is no partner {name}", name=name)
        case "initiative":
            return say("there is no card {name}", name=name)
        case "pictogram":
            return say("there is no pictogram {name}", name=name)
        case "layout":
            return say("there is no layout {name}", name=name)
        case "press-profile":
            return say("there is no press profile {name}", name=name)
    return say("there is no {what} {name}", what=kind.replace("-", " "), name=name)
