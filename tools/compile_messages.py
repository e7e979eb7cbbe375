"""Hatchling's hook: compiles the catalogues of messages into the wheel. In a clone they are read from their source."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.utils import get_reproducible_timestamp


class CompileMessages(BuildHookInterface):  # type: ignore[type-arg]
    """Adds a .mo file beside each .po file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into a folder that lives as long as the hook. An editable install uses the sources."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        top = Path(self.root)
        for source in sorted(top.glob("src/livret/locale/*/LC_MESSAGES/*.po")):
            place = source.relative_to(top / "src").with_suffix(".mo")
            compiled = Path(self._folder.name, place)
            compiled.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as given, compiled.open("wb") as made:
                messages = read_po(given, locale=place.parts[2], abort_invalid=True)
                # Babel writes the minute of the compiling where the source names none: no two wheels would be equal.
                messages.creation_date = datetime.fromtimestamp(get_reproducible_timestamp(), UTC)
                write_mo(made, messages)
            build_data["force_include"][str(compiled)] = place.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove that folder."""
        if version != "editable":
            self._folder.cleanup()
