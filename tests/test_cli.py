"""The command line: what scripts rely on, and what a person who mistypes is told."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from conftest import FILES, SVG, CatalogueFolder
from inspector import Inspector
from lengths import mm
from press import change, environment, livret, livret_here, plain_layout

COMMANDS = (
    "build", "check", "editions", "compare", "proof", "preflight", "approve", "correct", "answers", "status", "new",
    "docs", "completion",
)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two cards in the plain layout with two editions, built once; nobody changes it."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("cli") / "project")
    for name, content in FILES.items():
        folder.write(name, content)
    folder.write("editions/paca.yaml", "title: Le forum en Provence\nterritories: [FR-PAC]\nnational: false\n")
    (folder.root / "pictograms").mkdir()
    for name in ("logement", "emploi"):
        (folder.root / "pictograms" / f"{name}.svg").write_text(SVG)
    plain_layout(folder)
    done = livret_here("-C", folder.root, "build", "--all")
    assert done.code == 0, done.err
    return folder.root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of the built project, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "project"))


# --- help ---


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_the_help_of_every_command_has_examples(command: str, flag: str) -> None:
    done = livret_here(command, flag)
    assert done.code == 0
    assert "Examples:" in done.out
    assert f"livret {command}" in done.out.partition("Examples:")[2]


def test_the_help_lists_every_command_and_the_common_options() -> None:
    done = livret_here("--help")
    for word in (*COMMANDS, "-C", "-o", "--jobs", "--strict", "--format", "--quiet", "--verbose"):
        assert re.search(rf"^ +.*{re.escape(word)}\b", done.out, re.MULTILINE), word


def test_the_version() -> None:
    assert livret("--version").out.strip() == f"livret, version {version('livret')}"


README = re.findall(
    r"^    livret (.+?)(?:  +#.*)?$",
    (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def test_the_readme_has_commands() -> None:
    assert len(README) > 10


@pytest.mark.parametrize("line", README)
def test_every_command_of_the_readme_works(built: Path, packed_fonts: Path, tmp_path: Path, line: str) -> None:
    shutil.copytree(built, tmp_path / "my-forum")
    shutil.copytree(packed_fonts, tmp_path / "my-forum" / "output" / ".store" / "web-fonts")
    shutil.copy(built / "output" / "full" / "full-screen.pdf", tmp_path / "any.pdf")
    # The small layout of the tests has no words for a web page.
    more = ["--layout", "forum"] if "--for web" in line else []
    done = livret_here(*shlex.split(line), *more, cwd=tmp_path)
    if line.startswith("preflight"):
        assert "PDF/UA-1, checked by Livret" in done.out
    else:
        assert done.code == 0, done.err


# --- usage ---


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("build", "pcaa"), 'no edition "pcaa"; did you mean "paca"?'),
        (("build", "x"), 'no edition "x"; there are: full, paca'),
        (("proof", "ajat"), 'no card "ajat" in this edition; did you mean "aajt"?'),
        (("proof", "aajt", "--edition", "pcaa"), 'no edition "pcaa"; did you mean "paca"?'),
        (("proof", "kodiko", "--edition", "paca"), 'no card "kodiko"'),
        (("proof",), "name a card"),
        (("biuld",), "No such command"),
        (("build", "--jobs", "0"), "--jobs"),
        (("build", "--for", "paper"), "--for"),
        (("proof", "aajt", "--png", "--ppi", "10000"), "--ppi"),
        (("build", "--format", "xml"), "--format"),
        (("completion", "tcsh"), "tcsh"),
    ],
)
def test_a_mistyped_command_is_exit_2_and_told(built: Path, arguments: tuple[str, ...], told: str) -> None:
    done = livret_here("-C", built, *arguments)
    assert done.code == 2
    assert told in " ".join(done.err.split())
    assert done.out == ""


@pytest.mark.parametrize("command", [("build",), ("check",), ("proof", "aajt")])
def test_a_folder_without_a_catalogue_is_told(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = livret_here(*command, cwd=tmp_path)
    assert done.code == 1
    assert f"no catalogue in {tmp_path}" in done.err
    assert "-C" in done.err
    assert list(tmp_path.iterdir()) == [], "nothing is made there"


# --- where ---


@pytest.mark.parametrize(
    "arguments",
    [
        ("-C", "{project}", "-o", "{output}", "build"),
        ("build", "-C", "{project}", "-o", "{output}"),
        ("-C", "{project}", "build", "-o", "{output}"),
        ("-C", "/nowhere", "-o", "/nowhere", "build", "-C", "{project}", "-o", "{output}"),
    ],
)
def test_common_options_stand_before_the_command_or_after_it(
    built: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    output = tmp_path / "elsewhere"
    shutil.copytree(built / "output" / ".store", output / ".store")
    done = livret_here(*(one.format(project=built, output=output) for one in arguments), cwd=tmp_path)
    assert done.code == 0, done.err
    pdf = output / "full" / "full-screen.pdf"
    assert pdf.read_bytes() == (built / "output" / "full" / "full-screen.pdf").read_bytes()
    assert done.out.startswith("elsewhere/full/full-screen.pdf: "), "as seen from here"


def test_the_project_is_here_by_default(project: Path) -> None:
    done = livret("build", cwd=project)
    assert done.code == 0
    assert re.fullmatch(
        r"output/full/full-screen\.pdf: \d+ pages, 2 cards \(typeset 0, reused \d+, unchanged\)\n", done.out
    )
    assert done.err == ""


# --- build ---


def test_every_edition_is_built_with_its_own_cards(built: Path) -> None:
    done = livret_here("-C", built, "--format", "json", "build", "--all", "--for", "screen")
    editions = {edition["edition"]: edition for edition in done.told["editions"]}
    assert {name: edition["cards"] for name, edition in editions.items()} == {"full": 2, "paca": 1}
    text = " ".join(Inspector(Path(editions["paca"]["files"]["screen"])).words(range(editions["paca"]["pages"])))
    assert "kodiko réunit" not in text
    assert Inspector(Path(editions["paca"]["files"]["screen"])).info["/Title"] == "Le forum en Provence"


def test_editions_are_built_once_each_in_the_order_given(built: Path) -> None:
    done = livret_here("-C", built, "--format", "json", "build", "paca", "full", "paca")
    assert [edition["edition"] for edition in done.told["editions"]] == ["paca", "full"]


def test_another_layout_may_be_tried(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "layouts" / "plain", project / "layouts" / "wide")
    change(project / "layouts" / "wide" / "layout.yaml", "width: 100", "width: 120")
    done = livret_here("-C", project, "-o", tmp_path / "out", "build", "--layout", "wide")
    assert done.code == 0, done.err
    trim = Inspector(tmp_path / "out" / "full" / "full-screen.pdf").box(0, "/TrimBox")
    assert trim.width == pytest.approx(mm(120), abs=0.01)
    missing = livret_here("-C", project, "build", "--layout", "wdie")
    assert missing.code == 1
    assert 'no layout "wdie"' in missing.err
    assert "wide" in missing.err


def test_json_is_all_that_stdout_carries(built: Path) -> None:
    done = livret("-C", built, "build", "--format", "json", "-v")
    told = done.told
    assert set(told) == {"exit_code", "editions", "findings"}
    assert told["exit_code"] == 0
    (edition,) = told["editions"]
    assert {name: type(value) for name, value in edition.items()} == {
        "edition": str, "files": dict, "written": list, "pages": int, "cards": int, "typeset": int, "reused": int,
        "failed": bool,
    }  # fmt: skip
    assert Path(edition["files"]["screen"]).is_absolute()


def test_json_tells_findings_and_errors_too(project: Path) -> None:
    change(project / "catalogue" / "initiatives" / "kodiko.yaml", "scope: national", "scop: national")
    done = livret_here("-C", project, "build", "--format", "json")
    assert done.code == done.told["exit_code"] == 1
    assert all(set(one) == {"severity", "rule", "message", "file", "line", "hints"} for one in done.told["findings"])
    assert any(one["file"] == "catalogue/initiatives/kodiko.yaml" and one["line"] for one in done.told["findings"])
    done = livret_here("-C", project / "none", "build", "--format", "json")
    assert done.code == done.told["exit_code"] == 1
    assert "there is no folder" in done.told["error"]["message"]
    assert done.told["error"]["hints"]


def test_the_report_keeps_its_shape(built: Path) -> None:
    report = json.loads((built / "output" / "paca" / "report.json").read_text(encoding="utf-8"))
    assert {name: type(value) for name, value in report.items()} == {
        "edition": str, "layout": str, "files": dict, "pages": int, "cards": int, "fillers": dict, "parts": list,
        "findings": list, "leaves_out": list, "pictures": list,
    }  # fmt: skip
    assert (report["edition"], report["layout"], report["cards"]) == ("paca", "plain", 1)
    assert (built / "output" / "paca" / report["files"]["screen"]).is_file()
    for part in report["parts"]:
        assert {name for name, value in part.items() if value is not None} | {"fit"} == {
            "anchor", "title", "folios", "words", "fit", "overset", "fragment",
        }  # fmt: skip
        first, last = part["folios"]
        assert 1 <= first <= last <= report["pages"]
        assert len(part["words"]) <= last - first + 1
    assert [part["anchor"] for part in report["parts"] if part["anchor"].startswith("card-")] == ["card-aajt"]


# --- warnings ---


def with_a_warning(project: Path) -> Path:
    """A project whose layout has a property that the engine does not know."""
    with (project / "layouts" / "plain" / "base.css").open("a") as file:
        file.write("p { colour: red }\n")
    return project


def test_a_warning_is_told_and_the_book_is_built(project: Path) -> None:
    done = livret_here("-C", with_a_warning(project), "build")
    assert done.code == 0
    assert re.search(r"^layouts/plain/base\.css:\d+: warning: .*colour.* \[stylesheet\]$", done.err, re.MULTILINE)
    assert done.err.rstrip().endswith("1 warning")


def test_strict_takes_warnings_for_errors(project: Path) -> None:
    pdf = with_a_warning(project) / "output" / "full" / "full-screen.pdf"
    before = pdf.stat().st_mtime_ns
    done = livret_here("-C", project, "build", "--strict")
    assert done.code == 1
    assert ": error: " in done.err
    assert ": warning: " not in done.err
    assert pdf.stat().st_mtime_ns == before


def test_quiet_tells_errors_alone(project: Path) -> None:
    assert livret_here("-C", with_a_warning(project), "-q", "build").err == ""
    change(project / "catalogue" / "initiatives" / "kodiko.yaml", "scope: national", "scop: national")
    done = livret_here("-C", project, "-q", "build")
    assert done.code == 1
    assert ": error: " in done.err
    assert "errors" not in done.err.splitlines()[-1]


def test_colours_are_for_terminals(project: Path) -> None:
    assert "\x1b" not in livret("-C", with_a_warning(project), "build").err


# --- check ---


def test_check_counts_and_typesets_nothing(built: Path, tmp_path: Path) -> None:
    done = livret_here("-C", built, "-o", tmp_path / "out", "check")
    assert done.code == 0, done.err
    assert done.out == "2 initiatives, 1 partner, 2 themes, 2 editions\n"
    assert not (tmp_path / "out").exists()
    told = livret_here("-C", built, "check", "--format", "json").told
    assert told["catalogue"] == {"initiatives": 2, "partners": 1, "themes": 2, "editions": 2}


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("catalogue/initiatives/kodiko.yaml", "scope: national", "scop: national", r"kodiko\.yaml:\d+: error: "),
        ("catalogue/editions/paca.yaml", "territories:", "layout: none\nterritories:", "none"),
        ("layouts/plain/layout.yaml", "width: 100", "width: wide", r"plain/layout\.yaml:\d+: error: trim\.width"),
    ],
)
def test_check_finds_what_is_wrong(project: Path, file: str, old: str, new: str, told: str) -> None:
    change(project / file, old, new)
    done = livret_here("-C", project, "check")
    assert done.code == 1
    assert re.search(told, done.err)
    assert "Traceback" not in done.err


# --- completion ---


@pytest.mark.parametrize(
    ("shell", "mark"), [("bash", "complete -o"), ("zsh", "#compdef livret"), ("fish", "complete ")]
)
def test_completion_scripts(shell: str, mark: str) -> None:
    done = livret_here("completion", shell)
    assert done.code == 0
    assert mark in done.out
    assert "_LIVRET_COMPLETE" in done.out


def test_the_bash_script_is_one(tmp_path: Path) -> None:
    script = tmp_path / "livret.bash"
    script.write_text(livret_here("completion", "bash").out)
    assert subprocess.run(["bash", "-n", script], capture_output=True).returncode == 0


def completed(shell: str, cwd: Path, *line: str) -> set[str]:
    """What a shell offers for the last word of a line."""
    variables: dict[str, Any] = {"_LIVRET_COMPLETE": f"{shell}_complete", "COMP_WORDS": " ".join(("livret", *line))}
    variables["COMP_CWORD"] = line[-1] if shell == "fish" else str(len(line))
    done = livret_here(cwd=cwd, more=variables)
    assert done.err == ""
    lines = [one for one in done.out.splitlines() if one]
    if shell == "zsh":
        return set(lines[1::3])
    return {re.split(r"[,\t]", one)[1] for one in lines}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        (("pro",), {"proof"}),
        (("proof", "a"), {"aajt"}),
        (("proof", "aajt", "ko"), {"kodiko"}),
        (("build", "p"), {"paca"}),
        (("build", "f"), {"full"}),
        (("proof", "x"), set()),
    ],
)
def test_commands_editions_and_cards_are_completed(
    built: Path, shell: str, line: tuple[str, ...], offered: set[str]
) -> None:
    assert completed(shell, built, *line) == offered


@pytest.mark.parametrize("line", [("-C", "{}", "proof", "ko"), ("proof", "-C", "{}", "ko")])
def test_cards_of_another_folder_are_completed(built: Path, tmp_path: Path, line: tuple[str, ...]) -> None:
    assert completed("bash", tmp_path, *(word.format(built) for word in line)) == {"kodiko"}


# --- faults from outside ---


@pytest.mark.parametrize("arguments", [("check",), ("check", "--format", "json"), ("editions",), ("--help",)])
def test_a_full_device_is_told_in_one_line(built: Path, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "livret", "-C", str(built), *arguments],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=100, env=environment(),
        )  # fmt: skip
    assert done.returncode == 4
    assert done.stderr.splitlines()[-1] == "livret: error: standard output cannot be written: No space left on device"
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_gone_is_not_worth_a_word(built: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "livret", "-C", str(built), "-q", "check"],
            stdout=writing, stderr=subprocess.PIPE, text=True, timeout=100, env=environment(),
        )  # fmt: skip
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("module", ["click", "livret.cli", "livret.pipeline"])
def test_an_interruption_while_modules_are_loaded_has_no_traceback(built: Path, tmp_path: Path, module: str) -> None:
    code = f"""
import sys
class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
from livret.__main__ import run
sys.argv = ["livret", "-C", {str(built)!r}, "check"]
run()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100, env=environment())
    assert done.returncode == 130
    assert "interrupted" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_project_named_in_another_encoding_is_refused_in_words(built: Path, tmp_path: Path) -> None:
    project = Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9"))
    shutil.copytree(built, project)
    shutil.rmtree(project / "output")
    done = livret("-C", project, "build")
    assert done.code == 1
    assert done.err.startswith("livret: error: the path ")
    assert "/caf\\udce9 is not written in UTF-8" in done.err
    assert "hint: rename the folder" in done.err
    assert "Traceback" not in done.err
    assert not (project / "output").exists()


def test_a_project_with_an_accent_in_its_name_is_built(built: Path, tmp_path: Path) -> None:
    project = tmp_path / "café"
    shutil.copytree(built, project)
    shutil.rmtree(project / "output")
    done = livret_here("-C", project, "build")
    assert done.code == 0, done.err
    assert (project / "output" / "full" / "full-screen.pdf").is_file()


def test_a_file_is_no_project_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = livret_here("-C", tmp_path / "file", "check")
    assert done.code == 2
    assert "is a file" in done.err


def test_for_screen_and_for_press_are_both(catalogue_folder: CatalogueFolder) -> None:
    plain_layout(catalogue_folder)
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "screen", "--for", "press")
    assert done.code == 0, done.err
    made = {path.name for path in (catalogue_folder.root / "output" / "full").glob("*.pdf")}
    assert made == {"full-screen.pdf", "full-press.pdf"}


def test_for_web_goes_alone(catalogue_folder: CatalogueFolder) -> None:
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "web", "--for", "press")
    assert done.code == 2
    assert "--for web goes alone" in done.err
