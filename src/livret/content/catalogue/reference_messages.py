"""What is said of a name that leads nowhere: the sentence, and where such names are given."""

from __future__ import annotations

from pathlib import Path

from livret.project import Project
from livret.translation import Text, say

# Where files that were taken out of the catalogue are kept, in the output folder.
REMOVED = "removed"
# The folder of each kind of file that can be named.
_FOLDERS = {"card": "initiatives", "initiative": "initiatives", "partner": "partners"}

# Where names of each kind are given.
HOMES = {
    "theme": say("themes are listed in catalogue.yaml"),
    "partner": say("each partner has a file partners/ID.yaml"),
    "initiative": say("each card has a file initiatives/ID.yaml"),
    "pictogram": say("each pictogram is a file pictograms/NAME.svg"),
    "layout": say("each layout is a folder in layouts/ with a layout.yaml"),
    "press-profile": say("each press profile is a file press/NAME.yaml"),
}


def no_target(kind: str, target: Text) -> Text:
    """That a link to a part of this kind leads nowhere."""
    match kind:
        case "card":
            return say("the link to {target} leads to no card", target=target)
        case "partner":
            return say("the link to {target} leads to no partner", target=target)
    return say("the link to {target} leads to no page", target=target)


def removed(project: Project, kind: str, id: str) -> tuple[Text, ...]:
    """A hint where what is named was taken out of the catalogue."""
    folder = _FOLDERS.get(kind)
    kept = project.output / REMOVED / folder / f"{Path(id).name}.yaml" if folder else None
    if kept is None or not kept.is_file():
        return ()
    return (say("it was removed: take its name out here too, or put it back from {file}", file=project.shown(kept)),)


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
