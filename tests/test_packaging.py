"""What gets installed is what the repository says: the wheel's files, its commands, the locked versions."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from gettext import GNUTranslations
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from conftest import QUICK

TOP = Path(__file__).resolve().parents[1]
PACKAGE = TOP / "src" / "livret"
SHARED = ("layouts", "fonts", "pictograms", "press", "catalogue", "docs")
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-lowest.lock")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """The standard output of a command; when it fails, the test fails with all that it said."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{command} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def shipped(folder: Path) -> Iterator[str]:
    """The files under a folder that belong into the wheel, relative to it."""
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if path.is_file() and "__pycache__" not in inside.parts:
            yield inside.as_posix()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this working tree, built without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet")
    run(sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, TOP, cwd=folder)
    (built,) = folder.glob("livret-*.whl")
    return built


@pytest.fixture(scope="module")
def commands(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment with the wheel and the locked packages, but without this tree."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, with_pip=False, symlinks=True)
    options = ("--no-deps", "--no-index", "--quiet")
    python = place / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, cwd=place)
    (packages,) = place.glob("lib/python*/site-packages")
    # A folder named in a .pth file is searched, but .pth files in it (our editable install) are not obeyed.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n" + sysconfig.get_path("platlib") + "\n")
    return place / "bin"


def test_wheel_holds_the_package_and_what_it_shares_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {f"livret/{name}" for name in shipped(PACKAGE)}
    expected |= {name.removesuffix(".po") + ".mo" for name in expected if name.endswith(".po")}
    for folder in SHARED:
        expected |= {f"livret/share/{folder}/{name}" for name in shipped(TOP / folder)}
    assert inside == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "livret/share/layouts/forum/layout[.]yaml",
        "livret/share/fonts/.+[.](ttf|otf)",
        "livret/share/pictograms/.+[.]svg",
        "livret/share/press/coated-fogra39[.]yaml",
        "livret/share/press/.+[.]icc",
        "livret/share/catalogue/PROVENANCE[.]md",
        "livret/share/catalogue/initiatives/aajt[.]yaml",
        "livret/share/docs/content[.]md",
        "livret/content/.*territories.*[.]csv",
        "livret-.+[.]dist-info/licenses/LICENSE",
        "livret-.+[.]dist-info/licenses/fonts/.+/(OFL|LICENSE).*",
        "livret-.+[.]dist-info/licenses/press/LICENSE.*",
    ],
)
def test_wheel_holds_what_a_booklet_needs(wheel: Path, pattern: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert any(re.fullmatch(pattern, name) for name in archive.namelist())


def test_building_twice_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=TOP)
    (again,) = tmp_path.glob("livret-*.whl")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert [name for name in one.namelist() if one.read(name) != other.read(name)] == []
    assert sha256(again.read_bytes()).hexdigest() == sha256(wheel.read_bytes()).hexdigest()


def test_wheel_says_no_minute_of_its_making(wheel: Path) -> None:
    """2 February 2020 is what Hatchling writes beside every file of a wheel, unless SOURCE_DATE_EPOCH says another."""
    with zipfile.ZipFile(wheel) as archive:
        with archive.open("livret/locale/fr/LC_MESSAGES/livret.mo") as file:
            dates = {value for name, value in GNUTranslations(file).info().items() if name.endswith("date")}
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 2, 2, 0, 0, 0)}
    assert dates == {"2020-02-02 00:00+0000", "YEAR-MO-DA HO:MI+ZONE"}


def test_installed_package_is_the_wheel_and_finds_its_folders(commands: Path, tmp_path: Path) -> None:
    code = f"from livret.project import installed; print(*map(installed, {SHARED}), sep='\\n')"
    shared = commands.parent.resolve()
    found = run(commands / "python", "-c", code, cwd=tmp_path).splitlines()
    assert len(found) == len(SHARED)
    for line in found:
        assert Path(line).is_dir()
        assert Path(line).is_relative_to(shared)


def test_installed_commands_tell_the_version(commands: Path, tmp_path: Path) -> None:
    version = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["version"]
    assert version in run(commands / "python", "-m", "livret", "--version", cwd=tmp_path)
    assert version in run(commands / "livret", "--version", cwd=tmp_path)


def test_installed_livret_builds_a_catalogue_without_layouts_or_fonts(commands: Path, tmp_path: Path) -> None:
    files = {
        "catalogue.yaml": """
            title: Petit livret
            language: fr
            date: 2019-04-30
            publisher: {name: Une association}
            themes: [{id: logement, name: Accès au logement, pictogram: logement}]
        """,
        "initiatives/essai.yaml": """
            pilot: {name: Association d'essai, about: Une association qui essaie.}
            summary: Essayer encore.
            description: On essaie.
            themes: [logement]
            scope: national
        """,
    }
    catalogue = tmp_path / "project" / "catalogue"
    for name, text in files.items():
        (catalogue / name).parent.mkdir(parents=True, exist_ok=True)
        (catalogue / name).write_text(text, encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(commands / "livret", "-C", tmp_path / "project", "build", cwd=elsewhere, HOME=str(elsewhere))
    built = tmp_path / "project" / "output" / "full" / "full-screen.pdf"
    assert built.read_bytes().startswith(b"%PDF-")


def test_package_and_project_have_the_same_version() -> None:
    version = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f'__version__ = "{version}"' in (PACKAGE / "__init__.py").read_text(encoding="utf-8")


# --- the lock files ---


def locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Every requirement of a lock file, with its hashes, by name."""
    text = (TOP / name).read_text(encoding="utf-8")
    lines = [
        line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for line in lines:
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        parsed = Requirement(requirement)
        found[canonicalize_name(parsed.name)] = (parsed, hashes)
    named = [Requirement(re.split(r"\s+--hash=", line.strip())[0]) for line in lines]
    # One for each Python where the newest does not run on all of them.
    assert len({(one.name, str(one.marker)) for one in named}) == len(lines), "a package is named twice"
    return found


def wanted(group: str | None = None) -> Iterator[Requirement]:
    """The requirements that pyproject.toml names: the dependencies, or those of a group."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    if group is None:
        yield from map(Requirement, project["project"]["dependencies"] + project["build-system"]["requires"])
        return
    for entry in project["dependency-groups"][group]:
        if isinstance(entry, dict):
            yield from wanted(entry["include-group"])
        else:
            yield Requirement(entry)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_and_hashes_everything(name: str) -> None:
    for requirement, hashes in locked(name).values():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_machine_and_no_index(name: str) -> None:
    text = (TOP / name).read_text(encoding="utf-8")
    for trace in (
        "http",
        "file:",
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--trusted-host",
        str(Path.home()) + "/",
    ):
        assert trace not in text


@pytest.mark.parametrize(
    ("name", "group"),
    [("requirements.lock", None), ("requirements.lock", "build"), ("requirements-dev.lock", "dev")],
)
def test_lock_answers_what_pyproject_asks_for(name: str, group: str | None) -> None:
    pins = locked(name)
    for requirement in wanted(group):
        pinned = pins[canonicalize_name(requirement.name)][0]
        (pin,) = pinned.specifier
        assert requirement.specifier.contains(Version(pin.version)), requirement


def test_the_lowest_lock_pins_the_least_versions_that_are_declared() -> None:
    """`make lowest` tests with these; a least version may have been written short, as 70 for 70.0."""
    pins = locked("requirements-lowest.lock")
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    for requirement in map(Requirement, project["project"]["dependencies"]):
        (least,) = requirement.specifier
        (pin,) = pins[canonicalize_name(requirement.name)][0].specifier
        assert least.operator == ">="
        assert Version(pin.version).release[: len(Version(least.version).release)] == Version(least.version).release


def test_both_locks_agree() -> None:
    everything = locked("requirements-dev.lock")
    for name, pin in locked("requirements.lock").items():
        assert everything[name] == pin


@pytest.mark.parametrize(("folder", "name"), [("src", "requirements.lock"), ("tests", "requirements-dev.lock")])
def test_everything_imported_is_locked(folder: str, name: str) -> None:
    pins = set(locked(name))
    if folder == "src":
        # What extras bring is imported where they are installed.
        extras = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
        pins |= {canonicalize_name(Requirement(line).name) for lines in extras.values() for line in lines} | {"dask"}
    distributions = packages_distributions()
    imported = set()
    for path in (TOP / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    ours = {"livret", "tests"} | {path.stem for place in ("tests", "tools") for path in (TOP / place).glob("*.py")}
    # PyICU is used where the system has it, and does not install without a compiler; so no lock names it.
    ours |= {"icu"}
    ours |= {path.parent.name for path in (TOP / "tests").glob("*/__init__.py")}
    for module in sorted(imported - set(sys.stdlib_module_names) - ours):
        owners = {canonicalize_name(owner) for owner in distributions.get(module, ())}
        assert owners & pins, f"{module} is imported in {folder}/ but {name} does not bring it"


# --- the commands of the repository ---


def test_build_server_runs_what_the_readme_names() -> None:
    runner = TOP / ".ci" / "run"
    assert os.access(runner, os.X_OK)
    assert "\nmake test\n" in runner.read_text()


def test_every_locked_package_is_in_the_table_of_licences() -> None:
    text = (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8").lower()
    for name in locked("requirements-dev.lock"):
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text), f"CONTRIBUTING.md does not say why {name}"


def test_make_lists_every_target_it_has() -> None:
    text = (TOP / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    told = set(re.findall(r"^([a-z]+):.*  ## \S", text, re.MULTILINE))
    assert told == set(phony.split()) - {"environment"}


def test_a_clone_has_a_place_for_what_is_built_and_cleaning_keeps_it(tmp_path: Path) -> None:
    ignored = (TOP / "output" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ignored[-2:] == ["*", "!.gitignore"]
    (tmp_path / "Makefile").write_bytes((TOP / "Makefile").read_bytes())
    for name in ("output/.gitignore", "output/full/full-screen.pdf", "output/.store/0/x", "src/a.py", "tests/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    run("make", "clean", cwd=tmp_path)
    assert [path.name for path in (tmp_path / "output").iterdir()] == [".gitignore"]


def test_the_quick_tests_are_there() -> None:
    assert {name for name in QUICK if not (TOP / "tests" / name).is_file()} == set()
    assert len(QUICK) > 20
    assert re.search(r"^quick: lint.*\n.* --quick$", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_wheel_speaks_french(commands: Path) -> None:
    code = (
        "import sys; from livret.translation import in_language, say;"
        "print(in_language(say('error'), 'fr'), 'babel' in sys.modules)"
    )
    assert run(commands / "python", "-c", code, cwd=commands) == "erreur False\n"
