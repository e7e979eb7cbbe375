"""What all models of a catalogue share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from livret.findings import Location
from livret.translation import say


class Model(BaseModel):
    """What all models share: frozen, no unknown field, and words for messages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    one: ClassVar[str] = say("a group of fields")
    many: ClassVar[str] = say("groups of fields")


class Entity(Model):
    """What has a file of its own. The reader sets these fields; a file cannot."""

    id: str = Field(default="", description="The file's name without its ending.")
    source: Location = Field(default=Location(""), description="The file.")
    named_pictures: Mapping[str, Location] = Field(default={}, description="Where each picture is named, by its path.")


class Volume(Entity):
    """A file that describes a booklet as a whole. Findings of a press build point at its fields."""

    places: Mapping[str, Location] = Field(default={}, description="Where each field of the file stands.")


# The reader sets these; in a file they are unknown fields.
SET_BY_READER = frozenset({"id", "source", "named_pictures", "places"})
