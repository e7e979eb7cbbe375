"""What goes wrong outside: a full disk, few open files, an impatient user. Each has a plain message and exit code."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from conftest import CatalogueFolder
from press import Done, command, environment, livret, livret_here, plain_layout


@pytest.fixture
def root(catalogue_folder: CatalogueFolder) -> Path:
    """A project of two cards in the plain layout, with a photograph."""
    plain_layout(catalogue_folder)
    Image.new("RGB", (180, 120), "#336699").save(catalogue_folder.path("images/photo.png"))
    catalogue_folder.change("initiatives/aajt.yaml", "images/atelier.svg", "images/photo.png")
    return catalogue_folder.root


def limited(which: int, limit: int, *arguments: str | Path) -> Done:
    """Run `livret` where the system allows no more of something."""
    done = subprocess.run(
        command(*arguments),
        env=environment({"PYTHONDONTWRITEBYTECODE": "1"}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(which, (limit, limit)),
    )
    return Done(done.returncode, done.stdout, done.stderr)


def left_beside(root: Path) -> list[Path]:
    """Half-written files below the output folder."""
    return [path for path in (root / "output").rglob(".*") if path.is_file()]


def test_a_file_that_cannot_be_written_to_its_end_is_exit_4_and_the_next_build_is_right(root: Path) -> None:
    # A file that grows over this is refused as on a full disk: first fragments, then plates, then the book.
    for limit in (2_000, 12_000, 40_000):
        done = limited(resource.RLIMIT_FSIZE, limit, "-C", root, "build", "--for", "both")
        assert done.code == 4, done.err
        assert "error: cannot write " in done.err
        assert "Traceback" not in done.err
        assert "terminate called" not in done.err
        assert left_beside(root) == []
    done = livret_here("-C", root, "build", "--for", "both")
    assert done.code == 0, done.err
    assert {path.name for path in (root / "output" / "full").glob("*.pdf")} == {"full-press.pdf", "full-screen.pdf"}


@pytest.mark.parametrize("limit", [14, 20, 26, 30])
def test_too_few_open_files_are_told_with_the_line_to_type(root: Path, limit: int) -> None:
    done = limited(resource.RLIMIT_NOFILE, limit, "-C", root, "build", "--for", "both", "--jobs", "6")
    assert done.code == 1, done.err
    assert f"the system lets a program open {limit} files at a time" in done.err
    assert "ulimit -n 256" in done.err
    assert "Traceback" not in done.err


IMPATIENT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "{module}" and "livret" in sys.modules:
            os.kill(os.getpid(), signal.{signal})
sys.meta_path.insert(0, Finder())
"""


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("module", ["click", "livret.cli.build", "pydantic", "livret.pipeline", "jinja2"])
def test_ctrl_c_while_things_are_imported_has_no_traceback(root: Path, module: str, number: str) -> None:
    folder = root / "impatient"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(IMPATIENT.format(module=module, signal=number))
    done = livret("-C", root, "build", more={"PYTHONPATH": str(folder)})
    # Told to end before it has begun, it ends as the system does it.
    assert done.code in ({130} if number == "SIGINT" else {130, -signal.SIGTERM}), done.err
    assert "Traceback" not in done.err
    assert left_beside(root) == []


IN_AN_EXTENSION = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "pikepdf._core" and "livret" in sys.modules:
            sys.setprofile(self.profile)
    def profile(self, frame, event, argument):
        if frame.f_code.co_filename.endswith("enum.py"):
            sys.setprofile(None)
            os.kill(os.getpid(), signal.{signal})
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Finder())
"""


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_ctrl_c_while_a_module_in_c_begins_has_no_core_dump(root: Path, number: str) -> None:
    """pikepdf makes enumerations while it begins, in Python code that its C++ calls."""
    folder = root / "impatient"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(IN_AN_EXTENSION.format(signal=number))
    done = livret("-C", root, "build", "--for", "both", more={"PYTHONPATH": str(folder)})
    assert done.code == 130, done.err
    assert "interrupted" in done.err
    assert "Traceback" not in done.err
    assert left_beside(root) == []


@pytest.mark.parametrize("arguments", [("proof", "aajt"), ("build",)])
def test_a_store_that_cannot_be_written_is_exit_4(root: Path, arguments: tuple[str, ...]) -> None:
    assert livret_here("-C", root, *arguments).code == 0
    store = root / "output" / ".store"
    shutil.rmtree(store)
    store.write_text("in the way")
    done = livret_here("-C", root, *arguments)
    assert done.code == 4, done.err
    assert "cannot write" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("arguments", [("proof", "aajt"), ("build",), ("check",)])
def test_a_folder_of_cards_that_cannot_be_read_is_told_as_that(root: Path, arguments: tuple[str, ...]) -> None:
    """And not as a card that nobody wrote."""
    folder = root / "catalogue" / "initiatives"
    folder.rename(root / "away")
    folder.symlink_to("initiatives")
    done = livret_here("-C", root, *arguments)
    assert done.code == 1, done.err
    assert "catalogue/initiatives: error: this must be a folder [unreadable-file]" in done.err
    assert "no card" not in done.err


REPORTS = {
    "deep": "[" * 200_000,
    "list": "[]",
    "number": '{"pictures": 5}',
    "strange": '{"pictures": [1, null, {"file": "/etc/passwd", "digest": "x"}, {"file": "../x", "digest": 5},'
    ' {"file": 7}, {"file": "images/photo.png", "digest": "x", "ppi": "a", "source": 3}]}',
}


@pytest.mark.parametrize("report", [*REPORTS, "pipe"])
def test_a_report_that_somebody_changed_is_passed_over(root: Path, report: str) -> None:
    path = root / "output" / "full" / "report.json"
    path.parent.mkdir(parents=True)
    if report == "pipe":
        os.mkfifo(path)
    else:
        path.write_text(REPORTS[report])
    done = livret_here("-C", root, "check", "-v")
    assert (done.code, "picture-resolution" in done.err) == (0, report in ("deep", "list", "pipe"))


@pytest.mark.parametrize("kind", ["pipe", "folder", "deep"])
def test_what_decoding_found_is_found_anew_if_its_file_was_changed(root: Path, kind: str) -> None:
    (root / "output" / ".store").mkdir(parents=True)
    assert livret_here("-C", root, "check").code == 0
    (kept,) = (root / "output" / ".store" / "decoded").rglob("*.json")
    kept.unlink()
    if kind == "pipe":
        os.mkfifo(kept)
    elif kind == "folder":
        kept.mkdir()
    else:
        kept.write_text(REPORTS["deep"])
    assert livret_here("-C", root, "check").code == 0


def test_each_part_that_is_typeset_is_named_with_v(root: Path) -> None:
    first = livret_here("-C", root, "build", "-v").err.splitlines()
    assert "full: typeset card-aajt" in first
    assert "full: typeset cover" in first
    assert not [line for line in livret_here("-C", root, "build", "-v").err.splitlines() if "typeset" in line]


def test_what_was_damaged_is_told_with_v_alone(root: Path) -> None:
    assert livret_here("-C", root, "build").code == 0
    for path in (root / "output" / ".store" / "fragments").rglob("*.pdf"):
        path.write_bytes(b"%PDF-")
    copy = shutil.copytree(root, root.with_name("copy"))
    quiet, told = livret_here("-C", root, "build"), livret_here("-C", copy, "build", "-v")
    assert (quiet.code, told.code) == (0, 0)
    assert "damaged" not in quiet.err
    assert "[damaged-store]" in told.err
    assert os.fspath(Path("fragments")) in told.err


def _without_the_rights_of_root() -> None:
    """Root may write where nobody may, unless it gives that right away (capabilities(7): CAP_DAC_OVERRIDE is 1)."""
    if os.geteuid() == 0 and sys.platform == "linux":
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.parametrize("arguments", [("proof", "aajt"), ("build", "--for", "web"), ("build",)])
def test_a_store_that_cannot_be_written_is_told_and_the_last_good_file_stays(
    catalogue_folder: CatalogueFolder, arguments: tuple[str, ...]
) -> None:
    plain_layout(catalogue_folder)
    good = catalogue_folder.root / "output" / "full" / "full-screen.pdf"
    good.parent.mkdir(parents=True)
    good.write_bytes(b"the last good file")
    store = catalogue_folder.root / "output" / ".store"
    store.mkdir(mode=0o555)
    done = subprocess.run(
        command("-C", catalogue_folder.root, *arguments),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=_without_the_rights_of_root,
    )
    assert done.returncode == 4, done.stderr
    told, hint = done.stderr.splitlines()
    assert told == f"livret: error: cannot write to the output folder {store.parent}: Permission denied"
    assert hint == "  hint: choose another folder with -o"
    assert good.read_bytes() == b"the last good file"
    assert list(store.iterdir()) == []


def test_nothing_that_could_be_run_is_kept_on_disk(root: Path, packed_fonts: Path) -> None:
    """Neither code nor pickle: a pickle of protocol 2 or later begins with 0x80, Jinja's bytecode with `j2`."""
    shutil.copytree(packed_fonts, root / "output" / ".store" / "web-fonts")
    assert livret_here("-C", root, "build", "--for", "both").code == 0
    assert livret_here("-C", root, "build", "--for", "web").code == 0
    kept = [path for path in (root / "output").rglob("*") if path.is_file()]
    assert len(kept) > 20
    for path in kept:
        assert not path.read_bytes().startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"j2")), path
        assert path.suffix not in (".py", ".pyc", ".pickle", ".so", ".cache"), path


SLOW = """
import sys, time
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            time.sleep(1.5)
sys.meta_path.insert(0, Finder())
"""


def test_a_build_that_ends_while_the_engine_is_loaded_says_nothing_of_fonts(root: Path) -> None:
    """The process that loads the engine goes on for a second, and writes on the same terminal."""
    (root / "catalogue" / "initiatives" / "x.yaml").mkdir()
    slow = root / "slow"
    slow.mkdir()
    (slow / "sitecustomize.py").write_text(SLOW)
    # All that is written until the last process has gone.
    done = livret("-C", root, "build", more={"PYTHONPATH": str(slow)})
    assert done.code == 1
    assert re.fullmatch(r"catalogue/initiatives/x\.yaml: error: .*\n(  hint: .*\n)*1 error\n", done.err), done.err
