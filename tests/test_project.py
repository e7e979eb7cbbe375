"""The project folder: paths that stay inside, files of a bearable size, whole writes, and a date that is no clock."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from livret.findings import LivretError, OutputError
from livret.project import OutsideProject, Project, TooLarge, digest, installed, replacing, write
from livret.translation import in_language, verbatim

EVENT = date(2019, 4, 30)


@pytest.fixture
def project(catalogue_folder: CatalogueFolder) -> Project:
    return catalogue_folder.project


# --- writing ---


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.txt"
    write(path, "first")
    write(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]


def test_the_former_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write(path, "former")
    with replacing(path) as beside:
        beside.write_text("half")
        assert beside.parent == path.parent, "a rename is one step only within a folder"
        assert path.read_text() == "former"
    assert path.read_text() == "half"


def half_write(path: Path, problem: BaseException) -> None:
    with replacing(path) as beside:
        beside.write_text("half")
        raise problem


@pytest.mark.parametrize(
    "problem", [ValueError("bad"), KeyboardInterrupt(), SystemExit(1), LivretError(verbatim("bad"))]
)
def test_a_write_that_fails_leaves_the_former_file(tmp_path: Path, problem: BaseException) -> None:
    path = tmp_path / "a.txt"
    write(path, "former")
    with pytest.raises(type(problem)):
        half_write(path, problem)
    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_an_output_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with pytest.raises(OutputError, match="No space left") as told, replacing(path):
        raise OSError(28, "No space left on device")
    assert str(path) in str(told.value)
    assert told.value.exit_code == 4
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", ["file", "file/a.txt", "file/b/a.txt"])
def test_a_file_in_the_way_of_a_folder_is_an_output_error(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("in the way")
    target = tmp_path / path
    if path == "file":
        (tmp_path / "file").unlink()
        (target / "below").mkdir(parents=True)
    with pytest.raises(OutputError, match="cannot write"):
        write(target, "x")


def test_a_store_that_cannot_be_written_is_told_as_the_output_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError) as told:
        write(tmp_path / "file" / ".store" / "runs" / "1" / "a.txt", "x")
    assert str(told.value) == f"cannot write to the output folder {tmp_path / 'file'}: Not a directory"
    assert told.value.hints == ("choose another folder with -o",)
    assert in_language(told.value.message, "fr").endswith("ce n’est pas un dossier")


@pytest.mark.parametrize("below", ["catalogue", "catalogue/initiatives", "nowhere"])
def test_a_folder_inside_a_project_is_answered_with_the_project(
    project: Project, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    monkeypatch.chdir(project.root.parent)
    with pytest.raises(LivretError) as told:
        Project.at(Path(project.root.name, below))
    assert told.value.hints == (f"did you mean -C {project.root.name}?",)


def test_a_project_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LivretError, match=f"there is no folder {tmp_path}/nowhere"):
        Project.at(tmp_path / "nowhere")


def test_a_link_is_replaced_and_what_it_led_to_is_not_written(tmp_path: Path) -> None:
    other, path = tmp_path / "other.txt", tmp_path / "a.txt"
    other.write_text("untouched")
    path.symlink_to(other)
    write(path, "new")
    assert other.read_text() == "untouched"
    assert path.read_text() == "new"


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_output_is_as_readable_as_other_files(tmp_path: Path, umask: int, mode: int) -> None:
    former = os.umask(umask)
    try:
        write(tmp_path / "a.txt", "x")
    finally:
        os.umask(former)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == mode


# --- staying inside ---


@pytest.mark.parametrize(
    "name", ["../catalogue.yaml", "images/../../secret", "/etc/passwd", "images/out.svg", "far/inside.svg", ".."]
)
def test_a_path_that_leaves_the_catalogue_is_refused(catalogue_folder: CatalogueFolder, name: str) -> None:
    catalogue_folder.path("images/out.svg").symlink_to("/etc/passwd")
    catalogue_folder.path("far").symlink_to(catalogue_folder.root.parent, target_is_directory=True)
    with pytest.raises(OutsideProject, match="outside the catalogue folder"):
        catalogue_folder.project.inside_catalogue(name)


@pytest.mark.parametrize("name", ["images/aajt.svg", "images/../images/aajt.svg", "images/near.svg", "images/none.svg"])
def test_a_path_inside_is_given_whole(catalogue_folder: CatalogueFolder, name: str) -> None:
    catalogue_folder.path("images/near.svg").symlink_to("aajt.svg")
    path = catalogue_folder.project.inside_catalogue(name)
    assert path.is_absolute()
    assert path.parent == catalogue_folder.path("images").resolve()


def test_a_catalogue_that_is_itself_a_link_may_hold_its_files(
    tmp_path: Path, catalogue_folder: CatalogueFolder
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "catalogue").symlink_to(catalogue_folder.path("."), target_is_directory=True)
    assert Project.at(other).inside_catalogue("images/aajt.svg").is_file()


# --- reading ---


def test_a_file_over_its_limit_is_not_read(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert project.read(path, limit=5) == b"12345"
    with pytest.raises(TooLarge, match="over the limit"):
        project.read(path, limit=4)


def test_a_huge_file_is_refused_by_its_size_alone(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(TooLarge, match="1099512 MB"):
        project.read(path)


def test_a_text_that_is_not_utf_8_is_told_with_its_line(project: Project) -> None:
    path = project.root / "layouts" / "own" / "base.css"
    write(path, "a { }\n/* é */".encode("latin-1"))
    with pytest.raises(LivretError, match=r"layouts/own/base\.css:2: .*UTF-8"):
        project.read_text(path)


# --- folders ---


def test_a_folder_without_a_catalogue_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(LivretError, match="no catalogue in") as told:
        Project.at(tmp_path)
    assert "-C" in told.value.hints[0]


def test_output_goes_where_it_is_told(catalogue_folder: CatalogueFolder, tmp_path: Path) -> None:
    assert catalogue_folder.project.output == catalogue_folder.root / "output"
    assert Project.at(catalogue_folder.root, tmp_path / "elsewhere").output == tmp_path / "elsewhere"


def test_paths_are_shown_from_the_project(project: Project) -> None:
    assert project.shown(project.root / "catalogue" / "a.yaml") == "catalogue/a.yaml"
    assert project.shown(Path("/etc/passwd")) == "/etc/passwd"


def test_layouts_come_from_the_project_first_and_then_from_livret(project: Project) -> None:
    assert project.layout_folders("forum") == (installed("layouts") / "forum",)
    assert project.layout_folders("none") == ()
    write(project.root / "layouts" / "forum" / "card.css", "")
    write(project.root / "layouts" / "own" / "layout.yaml", "")
    write(project.root / "layouts" / "unfinished" / "card.css", "")
    assert project.layout_folders("forum") == (project.root / "layouts" / "forum", installed("layouts") / "forum")
    assert project.layout_folders("own") == (project.root / "layouts" / "own",)
    assert {"forum", "own"} <= set(project.layouts())
    assert "unfinished" not in project.layouts()


def test_pictograms_come_from_the_project_first_and_then_from_livret(project: Project) -> None:
    own = project.root / "pictograms" / "logement.svg"
    assert project.pictogram("logement") == own
    own.unlink()
    assert project.pictogram("logement") == installed("pictograms") / "logement.svg"
    assert project.pictogram("none") is None


def test_fonts_of_the_project_are_added_and_change_the_digest(catalogue_folder: CatalogueFolder) -> None:
    before = catalogue_folder.project
    assert before.fonts
    own = catalogue_folder.root / "fonts" / "Own" / "Own.TTF"
    write(own, before.fonts[0].read_bytes())
    write(own.with_name("OFL.txt"), "licence")
    after = catalogue_folder.project
    assert after.fonts == (own, *before.fonts)
    assert after.fonts_digest != before.fonts_digest


# --- digests and dates ---


@pytest.mark.parametrize(
    ("one", "other"), [(("ab", "c"), ("a", "bc")), (("a", ""), ("a",)), (("",), ()), (("a", "b"), ("b", "a"))]
)
def test_lists_of_parts_never_have_the_same_digest(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert digest(*one) != digest(*other)
    assert digest(*one) == digest(*(part.encode() for part in one))


@pytest.mark.parametrize(
    ("epoch", "day", "expected"),
    [
        (None, EVENT, datetime(2019, 4, 30, tzinfo=UTC)),
        (None, None, datetime(2000, 1, 1, tzinfo=UTC)),
        ("", EVENT, datetime(2019, 4, 30, tzinfo=UTC)),
        ("0", EVENT, datetime(1970, 1, 1, tzinfo=UTC)),
        ("1556582401", None, datetime(2019, 4, 30, 0, 0, 1, tzinfo=UTC)),
    ],
)
def test_the_date_is_the_epoch_or_the_day_of_the_edition(
    project: Project, monkeypatch: pytest.MonkeyPatch, epoch: str | None, day: date | None, expected: datetime
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert project.build_date(day) == expected


@pytest.mark.parametrize("epoch", ["yesterday", "1.5", "9" * 30, "-1", " 12", "1_000", "١٢", "0x10", "253402300800"])
def test_an_epoch_that_is_no_number_of_seconds_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(LivretError, match="SOURCE_DATE_EPOCH") as told:
        project.build_date(EVENT)
    assert told.value.hints


# --- files that cannot be read ---


def test_a_file_of_a_layout_that_cannot_be_read_is_named(project: Project, tmp_path: Path) -> None:
    pipe = project.root / "layouts" / "mine" / "base.css"
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    with pytest.raises(
        LivretError, match=r"^layouts/mine/base\.css: this file cannot be read: it is not an ordinary file$"
    ):
        project.read_text(pipe)
    pipe.unlink()
    with pytest.raises(LivretError, match=r"^layouts/mine/base\.css: this file cannot be read: No such file"):
        project.read_text(pipe)
    pipe.write_bytes(b" " * 3_000_000)
    with pytest.raises(
        LivretError, match=r"^layouts/mine/base\.css: this file is not read: 3 MB is over the limit of 2 MB$"
    ):
        project.read_text(pipe)
    pipe.write_bytes(b"a\nb\xe9")
    with pytest.raises(LivretError, match=r"^layouts/mine/base\.css:2: this file is not saved as UTF-8$"):
        project.read_text(pipe)


def test_a_pipe_among_the_fonts_is_no_font(project: Project) -> None:
    (project.root / "fonts").mkdir(exist_ok=True)
    os.mkfifo(project.root / "fonts" / "pipe.otf")
    assert all(path.name != "pipe.otf" for path in Project(project.root, project.output).fonts)


def test_an_interruption_at_any_moment_leaves_no_half_written_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = os.close

    def interrupted(number: int) -> None:
        close(number)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "close", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "words.txt", "words")
    assert list(tmp_path.iterdir()) == []
