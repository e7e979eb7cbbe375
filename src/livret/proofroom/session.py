"""The live session: the one long-lived owner of workers, fonts, styles and the parsed catalogue."""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

from livret.content.catalogue import rereading
from livret.content.catalogue.folder import SourceFile
from livret.content.catalogue.rereading import LiveReading
from livret.content.schema.model import Catalogue
from livret.control.approvals.register import FILE as REGISTER
from livret.findings import Finding, LivretError
from livret.pages.compose.drawings import QrCodes
from livret.pages.flatplan import edition_names, select
from livret.pages.pool import forkserver
from livret.pages.pool.pressroom import PressRoom
from livret.pipeline.run import MASKS_KEPT, QR_MASKS
from livret.project import Project, digest
from livret.proofroom.desk import Desk
from livret.proofroom.edition_view import View
from livret.proofroom.events import Hub
from livret.proofroom.live_edition import LiveEdition, Surroundings
from livret.proofroom.pictures import PagePictures
from livret.proofroom.press_view import SoftProofs
from livret.proofroom.warm import WarmStore
from livret.translation import foreign, say, system_reason

# So many editions and layouts stay up to date; the one that was looked at longest ago goes first.
KEPT = 6

# After a part was set at once, all else waits until its pages have probably been drawn.
PICTURE_SECONDS = 0.12

TEXTS = (".yaml", ".yml")
# How long an answer waits for what has to be read before it.
READING_SECONDS = 30.0
# Of so many texts that were read last it is known what they held.
LATELY = 8


class Session:
    """Everything that lives between two saves. Its methods may be called from any thread, unless they say otherwise."""

    def __init__(self, project: Project, hub: Hub, pictures: PagePictures, jobs: int | None = None) -> None:
        self.project = project
        self._hub = hub
        self._pictures = pictures
        self._jobs = jobs
        self.desk = Desk(self._failed)
        self.reading: LiveReading | None = None
        self._press_room: PressRoom | None = None
        self._surroundings: Surroundings | None = None
        self._soft_proofs: SoftProofs | None = None
        self._live: dict[tuple[str, str], LiveEdition] = {}
        # The part that was looked at last, in each edition.
        self._looked_at: dict[tuple[str, str], str] = {}
        # What waits to be read: files that changed.
        self._waiting: deque[Path] = deque()
        # Readings that are ordered and have not ended.
        self._ordered: set[Future[Any]] = set()
        # Files that were read lately and have not changed since, and the digests of what they held.
        self._read_lately: dict[Path, str] = {}
        # What went wrong last and is not a finding of a file: told on top of the page until something works again.
        self.problem: LivretError | None = None

    def start(self) -> None:
        """Read the catalogue and start the workers, in the thread of the desk."""
        self.desk.start()
        self.desk.urgent(self._open)

    def close(self) -> None:
        """End the workers. What is on disk is whole at every moment."""
        self.desk.stop()
        if self._press_room is not None:
            # As after an exception: nobody waits for what is being typeset.
            self._press_room.__exit__(KeyboardInterrupt, None, None)
        self.desk.close()
        if self._press_room is not None:
            self._press_room.store.prune()

    # --- from any thread ---

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What reading the catalogue found."""
        return self.reading.findings if self.reading else ()

    @property
    def catalogue(self) -> Catalogue | None:
        """The newest catalogue that can be shown."""
        return self.reading.catalogue if self.reading else None

    def source(self, shown: str) -> SourceFile | None:
        """A file of the content, by the name that findings show; an empty one is `catalogue.yaml`."""
        found = self._read_source(shown)
        if found is None:
            # It may have been written just now.
            self.until_read()
            found = self._read_source(shown)
        return found

    def _read_source(self, shown: str) -> SourceFile | None:
        reading = self.reading
        for source in (*reading.folder.sources, *reading.folder.translations) if reading else ():
            if source.shown == shown or (not shown and source.role == "catalogue"):
                return source
        return None

    def live(self, edition: str, layout: str) -> LiveEdition | None:
        """This edition in this layout, which from now on is kept up to date; None if there is none of these names."""
        name = (edition, layout)
        if known := self._live.get(name):
            return known
        catalogue = self.catalogue
        if catalogue is None or edition not in edition_names(catalogue) or layout not in self.book_layouts():
            return None
        found: LiveEdition = self.desk.urgent(lambda: self._open_edition(name)).result(30)
        return found

    def book_layouts(self) -> tuple[str, ...]:
        """The layouts of books: those with a cover."""
        layouts = self.project.layouts()
        return tuple(
            name for name in layouts if any((one / "cover.html").is_file() for one in self.project.layout_folders(name))
        )

    def look_at(self, edition: str, layout: str, anchor: str) -> None:
        """Somebody looks at this part: its edition is set before others, and when a layout changes, the part first."""
        self._looked_at[edition, layout] = anchor
        self.desk.urgent(lambda: self._look_at((edition, layout), anchor))

    def changed(self, paths: Iterable[Path]) -> Future[Any]:
        """Files changed; everything that depends on them is made again. The future ends when what is urgent is done."""
        self._waiting.extend(paths)
        ordered = self.desk.urgent(self._read_what_waits)
        self._ordered.add(ordered)
        ordered.add_done_callback(self._ordered.discard)
        return ordered

    def until_read(self) -> None:
        """Wait until all is read that `changed` was told of; not in the thread of the desk. Raises TimeoutError."""
        if wait(tuple(self._ordered), READING_SECONDS).not_done:
            raise TimeoutError

    def fragment_path(self, key: str) -> Path:
        """The file of a fragment in the store; there may be none."""
        return self.project.output / ".store" / "fragments" / key[:2] / f"{key}.pdf"

    def watching_failed(self, problem: Exception) -> None:
        """Files cannot be watched; what is saved in the page is still seen."""
        told = system_reason(problem) if isinstance(problem, OSError) else foreign(problem)
        self.desk.urgent(lambda: self._failed(LivretError(say("files are not watched: {reason}", reason=told))))

    # --- in the thread of the desk ---

    @property
    def _around(self) -> Surroundings:
        """What editions share; it is there once the session is open."""
        assert self._surroundings is not None
        return self._surroundings

    def _open(self) -> None:
        self.reading = self._begin()
        self._hub.tell("catalogue")
        catalogue = self.reading.catalogue
        if catalogue is not None:
            first = edition_names(catalogue)[0]
            self._open_edition((first, select(catalogue, first).layout))

    def _begin(self) -> LiveReading:
        """Start the press room with the fonts as they are now, and read the catalogue."""
        forkserver.start(self.project)
        store = WarmStore(self.project)
        self._press_room = PressRoom(self.project, store, self._jobs, is_watched=True)
        self._soft_proofs = SoftProofs(self.project, self._press_room)
        masks = QrCodes(store.recall(QR_MASKS))
        self._surroundings = Surroundings(
            self.project,
            self._press_room,
            store,
            masks,
            self._catalogue,
            self.desk.give_way,
            self._hub.tell,
            self._pictures.follow,
            self._is_postponed,
        )
        return rereading.read(self.project, self.reading)

    def _fonts_changed(self) -> None:
        """Workers look at fonts once: begin again with others."""
        assert self._press_room is not None
        self._press_room.__exit__(KeyboardInterrupt, None, None)
        # A project looks at its fonts once, too.
        self.project = Project(self.project.root, self.project.output)
        names = tuple(self._live)
        self._live.clear()
        self.reading = self._begin()
        for name in names:
            self._open_edition(name)
        self._hub.tell("catalogue")

    def soft_proofs(self, view: View, keys: list[str]) -> list[Future[Path] | None]:
        """Have fragments of a view, by their names, shown as the press prints them."""
        assert self._soft_proofs is not None
        return [self._soft_proofs.order(view, key) for key in keys]

    def _catalogue(self) -> Catalogue:
        if self.catalogue is None:
            raise LivretError(say("the catalogue cannot be shown yet"), say("correct the errors that are reported"))
        return self.catalogue

    def _look_at(self, name: tuple[str, str], anchor: str) -> None:
        self._put_first(name)
        live = self._live.get(name)
        # While an edition is set for the first time, what somebody opens need not wait for its turn.
        if live is not None and live.view is not None and anchor not in live.view.fragments:
            try:
                live.refresh(anchor)
            except LivretError as problem:
                self._failed(problem)
            live.put_first(anchor)

    def _put_first(self, name: tuple[str, str]) -> None:
        """Keep an edition up to date before others, and longer than they."""
        if name in self._live:
            self._live[name] = self._live.pop(name)
            self.desk.first = f"settle {name}"

    def _is_postponed(self, name: tuple[str, str]) -> bool:
        """Whether the edition that was looked at last is another one, and still has to be set."""
        last = next(reversed(self._live), name)
        view = self._live[last].view
        return last != name and self.desk.is_waiting(f"settle {last}") and (view is None or not view.is_settled)

    def _open_edition(self, name: tuple[str, str]) -> LiveEdition:
        if name not in self._live:
            while len(self._live) >= KEPT:
                self._live.pop(next(iter(self._live)))
            self._live[name] = LiveEdition(self._around, *name)
            self._put_first(name)
            self._settle(self._live[name])
        return self._live[name]

    def _settle(self, live: LiveEdition, rest: float | None = None) -> None:
        self.desk.background(f"settle {live.name}", lambda: self._settling(live, rest))

    def _settling(self, live: LiveEdition, rest: float | None) -> Iterator[float | None]:
        yield rest
        try:
            yield from live.settle()
            self._worked()
        except LivretError as problem:
            self._failed(problem)
        masks = self._around.qr_codes.masks
        self._around.store.remember(QR_MASKS, dict(list(masks.items())[-MASKS_KEPT:]))

    def _read_what_waits(self) -> None:
        """Read all files that changed until now, at once: another save may have come before the first was read."""
        waiting: dict[Path, None] = {}
        with suppress(IndexError):
            while True:
                waiting[self._waiting.popleft()] = None
        self._changed(tuple(waiting))

    def _changed(self, paths: tuple[Path, ...]) -> None:
        catalogue = self.project.catalogue
        paths = tuple(path for path in paths if self._matters(path))
        held, lately = self._held(paths), self._read_lately
        if not paths or (held is not None and held.items() <= lately.items()):
            # What is saved in the page is told by the page, and once more by the system.
            return
        self._read_lately = {}
        fonts = self.project.folders("fonts")
        if any(path.is_relative_to(folder) for path in paths for folder in fonts):
            self._fonts_changed()
            return
        content = [path for path in paths if path.is_relative_to(catalogue)]
        texts = [path for path in content if path.suffix.lower() in TEXTS]
        register = [path for path in texts if path == catalogue / REGISTER]
        layout = [path for path in paths if path not in content]
        pictures = [path for path in content if path not in texts]
        if len(register) == len(paths):
            self.sign_offs_changed()
            return
        if layout or pictures:
            self._around.store.forget()
        for live in self._live.values():
            if layout:
                live.layout_changed()
        before = self.reading
        self._read([path for path in texts if path not in register], whole=bool(pictures))
        if held is not None:
            newest = dict([*lately.items(), *held.items()][-LATELY:])
            now = self._held(tuple(newest)) or {}
            self._read_lately = {path: one for path, one in newest.items() if now.get(path) == one}
        assert self.reading is not None
        if before is None or self.reading.findings != before.findings:
            self._hub.tell("findings")
        elif layout or self._editions(before) != self._editions(self.reading):
            self._hub.tell("catalogue")
        shown = self.reading.changed | ({self.project.shown(path) for path in pictures} if pictures else set())
        if shown or layout or pictures:
            self._refresh(shown, everything=bool(layout or pictures))

    def _editions(self, reading: LiveReading) -> tuple[object, ...]:
        """What the page offers to choose from."""
        catalogue = reading.catalogue
        return (catalogue.editions, catalogue.publication) if catalogue else ()

    def _held(self, paths: tuple[Path, ...]) -> dict[Path, str] | None:
        """The digests of what a few texts hold; None for anything else."""
        if len(paths) > LATELY or any(path.suffix.lower() not in TEXTS for path in paths):
            return None
        # The reader of the catalogue reports a file that is gone or too large.
        with suppress(OSError, LivretError):
            return {path: digest(self.project.read(path)) for path in paths}
        return None

    def _matters(self, path: Path) -> bool:
        """Whether a path is a file, or was one: programs write others beside it for a moment when they save."""
        if path.is_file() or not path.is_relative_to(self.project.catalogue):
            return path.is_file() or path.suffix != ""
        known = self.reading.folder.paths if self.reading else ()
        return path.relative_to(self.project.catalogue).as_posix() in known

    def _read(self, texts: list[Path], *, whole: bool) -> None:
        reading = None
        if self.reading is not None and len(texts) == 1 and not whole:
            path = posixpath.normpath(texts[0].relative_to(self.project.catalogue).as_posix())
            reading = rereading.reread(self.project, self.reading, path)
        self.reading = reading or rereading.read(self.project, self.reading)

    def _refresh(self, shown: set[str] | frozenset[str], *, everything: bool) -> None:
        """Set first what changed and is looked at, then all else."""
        for name, live in reversed(tuple(self._live.items())):
            live.changed()
            is_shown = False
            try:
                for anchor in self._urgent_parts(name, live, shown, everything=everything):
                    is_shown |= live.refresh(anchor)
                if is_shown:
                    self._worked()
            except LivretError as problem:
                self._failed(problem)
            self._settle(live, PICTURE_SECONDS if is_shown else None)

    def _urgent_parts(
        self, name: tuple[str, str], live: LiveEdition, shown: set[str] | frozenset[str], *, everything: bool
    ) -> list[str]:
        if live.view is None:
            return []
        looked_at = self._looked_at.get(name)
        pairs = [(part.anchor, one) for part in live.view.parts for one in (part, part.second) if one]
        anchors = [anchor for anchor, one in pairs if one.subject and one.subject.source.path in shown]
        if everything and looked_at:
            anchors = [looked_at]
        # One at once; what else changed follows in the background.
        return sorted(anchors, key=lambda anchor: anchor != looked_at)[:1]

    def signed(self, path: str) -> None:
        """A part was signed from the page, by its name in the register."""
        for live in self._live.values():
            live.signed(path)

    def sign_offs_changed(self) -> None:
        """The register changed."""
        for live in self._live.values():
            self.desk.background(f"sign-offs {live.name}", live.sign_offs_changed)

    def _worked(self) -> None:
        if self.problem is not None:
            self.problem = None
            self._hub.tell("problem", message=None)

    def _failed(self, problem: BaseException) -> None:
        """Say what went wrong and go on."""
        if self.desk.is_closed:
            return
        if not isinstance(problem, LivretError):
            problem = LivretError(
                say("this is a fault in Livret: {name}: {problem}", name=type(problem).__name__, problem=problem)
            )
        self.problem = problem
        self._hub.tell("problem", message=problem.told, hints=list(problem.hints))
