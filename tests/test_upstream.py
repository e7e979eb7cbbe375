"""The changes offered to WeasyPrint and tinyhtml5: each patch applies to what is installed, and its test needs it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from livret.pages.pool.forkserver import fonts_conf
from livret.project import Project

UPSTREAM = Path(__file__).resolve().parents[1] / "docs" / "upstream"
PATCHES = sorted(UPSTREAM.glob("*.patch"))


@pytest.fixture(scope="module")
def conf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fonts")
    (root / "catalogue").mkdir()
    return fonts_conf(Project.at(root))


def copy_of(package: str, folder: Path) -> Path:
    """The installed source of a package, in a folder of its own, with what Python has compiled of it."""
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    shutil.copytree(Path(found.origin).parent, folder / package)
    return folder


def own_test(patch: Path) -> Path:
    """The file with the test that goes with a patch."""
    return patch.with_name(f"test_{patch.stem.replace('-', '_')}.py")


def run_tests(conf: Path, source: Path | None, *tests: Path) -> subprocess.CompletedProcess[str]:
    """Run tests on the installed packages or on the source in a folder."""
    environment = {**os.environ, "FONTCONFIG_FILE": str(conf), "PYTHONPATH": str(source or "")}
    options = ("-q", "-rf", "-p", "no:cacheprovider", "--rootdir", str(UPSTREAM))
    command = [sys.executable, "-m", "pytest", *options, *map(str, tests)]
    return subprocess.run(command, env=environment, cwd=UPSTREAM, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def failing(conf: Path) -> set[str]:
    """The files whose tests fail on the installed packages. All run in one process, which takes a second to begin."""
    done = run_tests(conf, None, *map(own_test, PATCHES))
    assert done.returncode == 1, done.stdout + done.stderr
    return set(re.findall(r"^FAILED (\w+\.py)::", done.stdout, re.MULTILINE))


def test_there_are_patches() -> None:
    assert len(PATCHES) >= 5


@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: path.stem)
def test_a_patch_applies_to_the_installed_source_and_its_test_passes_only_then(
    patch: Path, conf: Path, failing: set[str], tmp_path: Path
) -> None:
    package = patch.stem.partition("-")[0]
    folder = copy_of(package, tmp_path / "source")
    assert own_test(patch).name in failing, "without the patch its test must fail"
    applied = subprocess.run(
        ["git", "apply", "--verbose", str(patch)],
        cwd=folder,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert applied.returncode == 0, applied.stderr
    after = run_tests(conf, folder, own_test(patch))
    assert after.returncode == 0, after.stdout + after.stderr


@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: path.stem)
def test_a_patch_says_what_it_is_for(patch: Path) -> None:
    title, empty, *_ = patch.read_text(encoding="utf-8").splitlines()
    assert title[0].isupper()
    assert len(title) <= 72
    assert empty == ""
