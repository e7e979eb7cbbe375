"""Sign-offs: the register in approvals.yaml, what changed since an approval, and what stops a press build."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from press import Done, livret_here

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="W" height="1"/></svg>'
REGISTER = """\
# Ours.

initiatives/aajt:
  # Sent by post.
  - {state: sent, version: 1, on: 2019-05-01, edition: full, content: aa, layout: bb}

# Theirs.
initiatives/kodiko:
  - {state: approved, version: 1, on: 2019-05-02, by: Luc, edition: full, content: aa, layout: bb}
"""
OTHER_CARD = """\
pilot: {name: Atelier, about: On y répare des vélos.}
contacts: [{email: velo@atelier.example.org}]
title: Un vélo pour tous
themes: [emploi]
scope: national
"""


@pytest.fixture
def folder(catalogue_folder: CatalogueFolder) -> Iterator[CatalogueFolder]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        yield catalogue_folder


def run(folder: CatalogueFolder, *arguments: str) -> Done:
    return livret_here("-C", folder.root, *arguments)


def approve(folder: CatalogueFolder, *arguments: str) -> Done:
    done = run(folder, "approve", *arguments, "--by", "Jeanne Martin", "--on", "4 mai 2019")
    assert done.code == 0, done.err
    return done


def states(folder: CatalogueFolder) -> dict[str, tuple[str, list[str]]]:
    told = json.loads(run(folder, "status", "--format", "json").out)
    return {part["part"]: (part["state"], part["changed"]) for part in told["parts"]}


def text(folder: CatalogueFolder) -> str:
    return (folder.root / "catalogue" / "approvals.yaml").read_text(encoding="utf-8")


# --- approve, correct, status ---


def test_an_approval_is_for_the_card_as_it_is(folder: CatalogueFolder) -> None:
    assert states(folder)["initiatives/aajt"] == ("missing", [])
    approve(folder, "aajt")
    assert states(folder)["initiatives/aajt"] == ("approved", [])
    folder.change("initiatives/aajt.yaml", "title: Coup de Pouce", "title: Coup de pouce")
    assert states(folder)["initiatives/aajt"] == ("changed", ["title"])
    folder.change("initiatives/aajt.yaml", "title: Coup de pouce", "title: Coup de Pouce")
    assert states(folder)["initiatives/aajt"] == ("approved", [])


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("phones: [", "name: X\n    phones: [", ["contacts"]),
        ("themes: [emploi, logement]", "themes: [logement, emploi]", ["themes"]),
        ("  name: Association d'aide", "  sort_as: Aide\n  name: Association d'aide", ["pilot.sort_as"]),
        ("title: Coup de Pouce", "# A remark.\ntitle:   Coup de Pouce", []),
        ("title: Coup de Pouce", "language: fr-CA\ntitle: Coup de Pouce", ["language"]),
    ],
)
def test_the_fields_that_changed_are_named(folder: CatalogueFolder, old: str, new: str, changed: list[str]) -> None:
    approve(folder, "aajt")
    path = folder.root / "catalogue" / "initiatives" / "aajt.yaml"
    if old not in path.read_text(encoding="utf-8"):
        pytest.fail(f"the card has no {old!r}")
    folder.change("initiatives/aajt.yaml", old, new)
    assert states(folder)["initiatives/aajt"] == ("changed" if changed else "approved", changed)


def test_another_picture_of_the_same_name_is_a_change(folder: CatalogueFolder) -> None:
    folder.write("images/atelier.svg", SQUARE.replace("W", "2"))
    approve(folder, "aajt")
    folder.write("images/atelier.svg", SQUARE.replace("W", "1"))
    assert states(folder)["initiatives/aajt"] == ("changed", ["images"])


def test_another_layout_is_told_and_changes_nothing(folder: CatalogueFolder) -> None:
    approve(folder, "aajt")
    folder.change("catalogue.yaml", "title: Le forum", "title: Le grand forum")
    folder.change("catalogue.yaml", "name: Accès à l'emploi", "name: Trouver un emploi")
    told = json.loads(run(folder, "status", "--format", "json").out)
    (aajt,) = [part for part in told["parts"] if part["part"] == "initiatives/aajt"]
    assert (aajt["state"], aajt["changed"], aajt["layout_changed"]) == ("approved", [], True)


def test_a_card_that_is_added_changes_no_other(folder: CatalogueFolder) -> None:
    approve(folder, "aajt", "kodiko", "partners/diair")
    card = (folder.root / "catalogue" / "initiatives" / "kodiko.yaml").read_text(encoding="utf-8")
    folder.write("initiatives/abc.yaml", card.replace("Kodiko", "Abc"))
    told = json.loads(run(folder, "status", "--format", "json").out)
    assert [(one["part"], one["state"], one["layout_changed"]) for one in told["parts"]] == [
        ("partners/diair", "approved", False),
        ("initiatives/aajt", "approved", False),
        ("initiatives/abc", "missing", False),
        ("initiatives/kodiko", "approved", False),
    ]


def test_the_same_catalogue_elsewhere_has_the_same_digests(folder: CatalogueFolder, tmp_path: Path) -> None:
    approve(folder, "aajt")
    elsewhere = tmp_path / "somewhere else"
    folder.root.rename(elsewhere)
    told = json.loads(livret_here("-C", elsewhere, "status", "aajt", "--format", "json").out)
    assert [(one["state"], one["layout_changed"]) for one in told["parts"]] == [("approved", False)]


def test_versions_are_counted_by_content(folder: CatalogueFolder) -> None:
    approve(folder, "aajt")
    assert "version 1" in approve(folder, "aajt").out
    folder.change("initiatives/aajt.yaml", "title: Coup de Pouce", "title: Coup de pouce")
    done = run(
        folder,
        "correct",
        "aajt",
        "--by",
        "Luc",
        "--note",
        "Le titre : « Pouce »\net le téléphone",
        "--on",
        "2019-05-04",
    )
    assert "corrections asked (version 2" in done.out
    assert "2 corrections" not in run(folder, "status").out
    assert "Le titre : « Pouce » et le téléphone" in run(folder, "status", "aajt").out
    assert states(folder)["initiatives/aajt"] == ("corrections", [])


def test_a_card_that_changed_after_it_was_sent_is_shown_with_the_version_that_was_sent(folder: CatalogueFolder) -> None:
    sent = {"state": "sent", "version": 1, "on": "2019-05-01", "edition": "full", "content": "aa", "layout": "bb"}
    listed = ", ".join(f"{name}: {value}" for name, value in sent.items())
    (folder.root / "catalogue" / "approvals.yaml").write_text(
        f"initiatives/aajt:\n  - {{{listed}, fields: ['title 12345678']}}\n", encoding="utf-8"
    )
    (line,) = [one for one in run(folder, "status").out.splitlines() if one.startswith("initiatives/aajt ")]
    assert re.search(r" sent +v1 +2019-05-01 +changed since version 1: .*title", line)
    (part,) = json.loads(run(folder, "status", "aajt", "--format", "json").out)["parts"]
    assert (part["version"], part["said_of"]) == (2, 1), "the next proof will be the second version"


def test_an_approval_of_another_version_is_refused(folder: CatalogueFolder) -> None:
    approve(folder, "aajt")
    (part,) = json.loads(run(folder, "status", "aajt", "--format", "json").out)["parts"]
    folder.change("initiatives/aajt.yaml", "title: Coup de Pouce", "title: Coup de pouce")
    before = text(folder)
    done = run(folder, "approve", "aajt", "--by", "Luc", "--digest", part["digest"])
    assert done.code == 1
    assert "no longer what was looked at" in done.err
    assert "since then changed: title" in done.err
    assert text(folder) == before


def test_a_day_that_has_not_come_is_refused(folder: CatalogueFolder) -> None:
    done = run(folder, "approve", "aajt", "--by", "Luc", "--on", "31/12/2098")
    assert done.code == 2
    assert "has not come yet" in done.err


def test_an_unknown_card_is_told_with_the_nearest_name(folder: CatalogueFolder) -> None:
    done = run(folder, "approve", "aajtt", "--by", "Luc")
    assert done.code == 2
    assert 'did you mean "aajt"?' in done.err
    assert not (folder.root / "catalogue" / "approvals.yaml").exists()


def test_a_table_for_spreadsheets_runs_no_formula(folder: CatalogueFolder, tmp_path: Path) -> None:
    run(folder, "correct", "aajt", "--by", "=1+1", "--note", "a;b", "--on", "2019-05-04")
    assert run(folder, "status", "--write", str(tmp_path / "s.csv")).code == 0
    lines = (tmp_path / "s.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[0] == "part;name;state;version;on;by;remarks"
    assert 'initiatives/aajt;AAJT;corrections asked;1;2019-05-04;\'=1+1;"a;b"' in lines
    assert run(folder, "status", "--write", str(tmp_path / "s.html")).code == 0
    assert "<td>corrections asked</td>" in (tmp_path / "s.html").read_text(encoding="utf-8")
    assert run(folder, "status", "--lang", "fr", "--write", str(tmp_path / "s.html")).code == 0
    assert '<html lang="fr">' in (tmp_path / "s.html").read_text(encoding="utf-8")
    assert run(folder, "status", "--write", str(tmp_path / "s.doc")).code == 2


# --- the file ---


def test_what_stands_in_the_register_stays(folder: CatalogueFolder) -> None:
    folder.write("approvals.yaml", REGISTER)
    approve(folder, "aajt")
    approve(folder, "partners/diair")
    lines = text(folder).splitlines()
    assert [line for line in lines if line in REGISTER.splitlines() and line] == [
        line for line in REGISTER.splitlines() if line
    ]
    heads = [line for line in lines if line and line[0] not in " -"]
    assert heads == ["# Ours.", "initiatives/aajt:", "# Theirs.", "initiatives/kodiko:", "partners/diair:"]
    assert next(n for n, line in enumerate(lines) if "state: approved" in line) < lines.index("# Theirs.")
    assert "not read" not in run(folder, "check").err


def test_a_register_with_ends_of_lines_of_windows_keeps_them(folder: CatalogueFolder) -> None:
    path = folder.write("approvals.yaml", "")
    path.write_bytes(REGISTER.replace("\n", "\r\n").encode())
    approve(folder, "aajt")
    raw = path.read_bytes()
    assert raw.count(b"state: approved") == REGISTER.count("state: approved") + 1
    assert raw.count(b"\n") == raw.count(b"\r\n") == REGISTER.count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("state: sent", "state: send", 5, 'did you mean "sent"'),
        ("on: 2019-05-01", "on: hier", 5, "not a date"),
        ("version: 1, on: 2019-05-01", "on: 2019-05-01", 5, '"version" is missing'),
        ("  - {state: sent,", "  - state: sent, {", 5, ""),
        ("by: Luc", "bye: Luc", 9, "no field"),
        ("initiatives/kodiko:", "initiatives/kodiko: yes\nx:", 8, "a list of events"),
        ("version: 1, on: 2019-05-02", "version: x, on: 2019-05-02", 9, "number of a version"),
    ],
)
def test_a_broken_register_is_told(folder: CatalogueFolder, old: str, new: str, line: int, told: str) -> None:
    broken = REGISTER.replace(old, new)
    folder.write("approvals.yaml", broken)
    done = run(folder, "status")
    assert done.code == 1
    assert f"catalogue/approvals.yaml:{line}: error:" in done.err
    assert told in done.err


def test_nothing_is_added_to_a_broken_register(folder: CatalogueFolder) -> None:
    broken = REGISTER.replace("state: sent", "state: send")
    folder.write("approvals.yaml", broken)
    for arguments in (("approve", "aajt", "--by", "Luc"), ("check",)):
        done = run(folder, *arguments)
        assert (done.code, "approvals.yaml:5: error:" in done.err) == (1, True)
    assert text(folder) == broken


@pytest.mark.parametrize("content", ["", "# Nothing yet.\n", "\n\n"])
def test_a_register_without_events_is_empty(folder: CatalogueFolder, content: str) -> None:
    folder.write("approvals.yaml", content)
    approve(folder, "aajt")
    assert states(folder)["initiatives/aajt"] == ("approved", [])


def test_a_register_laid_out_in_another_way_is_not_added_to(folder: CatalogueFolder) -> None:
    folder.write(
        "approvals.yaml",
        "{initiatives/aajt: [{state: sent, version: 1, on: 2019-05-01, edition: full, content: a, layout: b}]}\n",
    )
    before = text(folder)
    done = run(folder, "approve", "kodiko", "--by", "Luc")
    assert done.code == 1
    assert "[bad-approval]" in done.err
    assert text(folder) == before


def test_warnings_about_other_cards_are_only_counted(folder: CatalogueFolder) -> None:
    folder.write("initiatives/velo.yaml", OTHER_CARD.replace("On y répare des vélos.", "'[à écrire] Qui ?'"))
    told = run(folder, "status", "velo").err
    assert "initiatives/velo.yaml:1: warning: " in told
    assert told.endswith("\n1 warning\n")
    assert run(folder, "status", "aajt").err == "1 warning elsewhere: livret check\n"
    assert run(folder, "status").err == told


def test_a_part_that_is_gone_is_told(folder: CatalogueFolder) -> None:
    folder.write("approvals.yaml", REGISTER.replace("initiatives/kodiko", "initiatives/kodyko"))
    done = run(folder, "check")
    assert done.code == 0
    assert 'approvals.yaml:8: warning: the register has events of "initiatives/kodyko"' in done.err
    assert 'did you mean "initiatives/kodiko"?' in done.err


def test_the_last_event_is_the_latest_day_after_branches_were_merged(folder: CatalogueFolder) -> None:
    approve(folder, "aajt")
    done = run(folder, "correct", "aajt", "--by", "Luc", "--note", "x", "--on", "2019-05-01")
    assert done.code == 0
    assert states(folder)["initiatives/aajt"][0] == "approved"


def test_twenty_commands_at_once_lose_nothing(folder: CatalogueFolder) -> None:
    program = (
        "import os, sys; from datetime import date; from pathlib import Path\n"
        "from livret.content.schema.approval import Event; from livret.control.approvals.register import enter\n"
        "from livret.findings import Report; from livret.project import Project\n"
        "project, children = Project.at(Path(sys.argv[1])), []\n"
        "event = Event(state='approved', version='1', on=date(2019, 5, 4), edition='full', content='a', layout='b')\n"
        "for number in range(20):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        enter(project, {f'initiatives/card-{number}': event}, Report())\n"
        "        os._exit(0)\n"
        "    children.append(child)\n"
        "sys.exit(any(os.waitpid(child, 0)[1] for child in children))"
    )
    assert subprocess.run([sys.executable, "-c", program, str(folder.root)], check=False).returncode == 0
    lines = text(folder).splitlines()
    assert {f"initiatives/card-{number}:" for number in range(20)} <= set(lines)
    assert sum(line.startswith("  - {state: approved, ") for line in lines) == 20


def test_two_branches_that_sign_off_different_cards_merge(folder: CatalogueFolder) -> None:
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=Livret", "-c", "user.email=livret@example.org"]
        command = ["git", "-C", str(folder.root), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    card = (folder.root / "catalogue" / "initiatives" / "kodiko.yaml").read_text(encoding="utf-8")
    for name in ("b", "c"):
        folder.write(f"initiatives/{name}.yaml", card.replace("Kodiko", name.upper()))
    approve(folder, "aajt", "b", "c", "kodiko")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "other")
    approve(folder, "aajt", "c")
    git("commit", "-qam", "two")
    git("checkout", "-q", "main")
    approve(folder, "b", "kodiko", "partners/diair")
    git("commit", "-qam", "three")
    git("merge", "-q", "other", "-m", "merged")
    assert text(folder).count("state: approved") == 4 + 2 + 3


def test_two_branches_that_sign_off_the_same_card_merge_with_the_line_of_the_docs(folder: CatalogueFolder) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=Livret", "-c", "user.email=livret@example.org"]
        command = ["git", "-C", str(folder.root), *identity, *arguments]
        subprocess.run(command, check=True, capture_output=True, text=True)

    (folder.root / ".gitattributes").write_text("catalogue/approvals.yaml merge=union\n", encoding="utf-8")
    approve(folder, "aajt")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "other")
    run(folder, "correct", "aajt", "--by", "Luc", "--note", "Le titre", "--on", "2019-05-06")
    git("commit", "-qam", "two")
    git("checkout", "-q", "main")
    run(folder, "approve", "aajt", "--by", "Anne", "--on", "2019-05-05")
    git("commit", "-qam", "three")
    git("merge", "-q", "other", "-m", "merged")
    assert [name in text(folder) for name in ('by: "Luc"', 'by: "Anne"', "<<<<")] == [True, True, False]
    assert states(folder)["initiatives/aajt"] == ("corrections", []), "the latest day counts"


def test_two_branches_that_begin_with_different_cards_merge(folder: CatalogueFolder) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=Livret", "-c", "user.email=livret@example.org"]
        subprocess.run(["git", "-C", str(folder.root), *identity, *arguments], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (folder.root / ".gitattributes").write_text("*.png binary", encoding="utf-8")
    assert "[git-attributes]" in run(folder, "approve", "partners/diair", "--by", "Anne", "-v").err
    attributes = (folder.root / ".gitattributes").read_text(encoding="utf-8")
    assert attributes == "*.png binary\ncatalogue/approvals.yaml merge=union\n"
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "other")
    approve(folder, "aajt")
    git("commit", "-qam", "two")
    git("checkout", "-q", "main")
    approve(folder, "kodiko")
    git("commit", "-qam", "three")
    git("merge", "-q", "other", "-m", "merged")
    assert [f"initiatives/{name}:" in text(folder).splitlines() for name in ("aajt", "kodiko")] == [True, True]
    assert (folder.root / ".gitattributes").read_text(encoding="utf-8") == attributes


def test_an_event_that_a_merge_put_under_another_part_counts_for_its_own(folder: CatalogueFolder) -> None:
    approve(folder, "kodiko")
    strayed = text(folder).splitlines()[-1].replace("Jeanne Martin", "Luc")
    approve(folder, "aajt", "partners/diair")
    moved = text(folder).replace("\npartners/diair:\n", f"\npartners/diair:\n{strayed}\n")
    folder.write("approvals.yaml", moved)
    run(folder, "correct", "kodiko", "--by", "Anne", "--note", "Le titre", "--on", "2019-05-04")
    assert states(folder)["partners/diair"] == ("approved", [])
    assert states(folder)["initiatives/kodiko"] == ("corrections", []), "what is entered last counts on its day"
    without_head = "\n".join(line for line in text(folder).splitlines() if "kodiko" not in line or line == strayed)
    folder.write("approvals.yaml", f"{without_head}\ninitiatives/kodiko:\n")
    assert states(folder)["initiatives/kodiko"] == ("approved", [])


def test_the_events_of_a_part_that_a_merge_left_twice_count_together(folder: CatalogueFolder) -> None:
    approve(folder, "aajt")
    once = text(folder)
    folder.write("approvals.yaml", once + once[once.index("initiatives/aajt:") :].replace("Jeanne Martin", "Luc"))
    run(folder, "correct", "aajt", "--by", "Anne", "--note", "Le titre", "--on", "2019-05-04")
    assert states(folder)["initiatives/aajt"] == ("corrections", [])
    assert [text(folder).count(f'by: "{name}"') for name in ("Jeanne Martin", "Luc", "Anne")] == [1, 1, 1]


def test_a_day_to_come_in_the_register_is_told(folder: CatalogueFolder) -> None:
    approve(folder, "aajt")
    assert "future-sign-off" not in run(folder, "status").err
    folder.write("approvals.yaml", text(folder).replace("on: 2019-05-04", "on: 2119-05-04"))
    done = run(folder, "status")
    assert (done.code, "initiatives/aajt is dated 2119-05-04, which has not come yet" in done.err) == (0, True)


def test_events_of_several_lines_are_read_and_added_to(folder: CatalogueFolder) -> None:
    approve(folder, "aajt")
    fields = text(folder).split("{", 1)[1].rsplit("}", 1)[0]
    lines = re.sub(r", (?=(version|on|by|edition|content|layout|fields|part): )", "\n    ", fields)
    folder.write("approvals.yaml", f"initiatives/aajt:\n  - {lines}\n")
    assert states(folder)["initiatives/aajt"] == ("approved", [])
    approve(folder, "aajt")
    assert text(folder).count("state: approved") == 2


# --- the gate ---


@pytest.mark.parametrize(
    "arguments", [["--allow", "unsigned"], ["--because", "x"], ["--allow", "unsigned", "--because", " "]]
)
def test_a_rule_is_not_allowed_without_a_reason(folder: CatalogueFolder, arguments: list[str]) -> None:
    done = run(folder, "build", *arguments)
    assert done.code == 2
    assert "each --allow goes with a --because" in done.err


def test_what_no_rule_can_be_named_is_no_rule_to_allow(folder: CatalogueFolder) -> None:
    done = run(folder, "build", "--allow", "Foo Bar", "--because", "x")
    assert done.code == 2
    assert '"Foo Bar" is not the name of a rule' in done.err


def test_a_press_build_has_the_layout_that_was_approved_in_the_colours_of_the_catalogue(
    folder: CatalogueFolder,
) -> None:
    from livret.pages.compose.composer import Composer
    from livret.pages.flatplan import select
    from livret.pages.layout import Layout
    from livret.pipeline.approvals import sign_off_findings

    folder.change("catalogue.yaml", "date: 2019-04-30", 'date: 2019-04-30\ncolours: {ground: "#5a1f4a"}')
    approve(folder, "aajt", "kodiko", "partners/diair")
    catalogue = folder.catalogue()
    edition = select(catalogue, "full")
    composer = Composer(folder.project, edition, Layout(folder.project, edition.layout, edition.colours))
    assert sign_off_findings(composer, catalogue) == ()


def test_of_a_broken_register_a_press_build_tells_that_alone(folder: CatalogueFolder) -> None:
    from livret.pages.compose.composer import Composer
    from livret.pages.flatplan import select
    from livret.pages.layout import Layout
    from livret.pipeline.approvals import sign_off_findings

    folder.change("catalogue.yaml", "date: 2019-04-30", "date: 2019-04-30\nsign_off: required")
    catalogue = folder.catalogue()
    folder.write("approvals.yaml", "broken: [\n")
    edition = select(catalogue, "full")
    composer = Composer(folder.project, edition, Layout.of(folder.project, edition))
    assert [one.rule for one in sign_off_findings(composer, catalogue)] == ["yaml-syntax"]


def test_corrections_of_several_lines_are_one_line_of_the_finding(folder: CatalogueFolder) -> None:
    from livret.control.approvals.state import findings
    from livret.findings import Report
    from livret.pipeline.approvals import SignOffs

    assert run(folder, "correct", "aajt", "--by", "Luc", "--note", "Un\nDeux", "--on", "2019-05-04").code == 0
    shown = SignOffs(folder.project, folder.catalogue(), "full", Report()).states(["initiatives/aajt"])
    (found,) = findings(shown, is_required=True)
    assert str(found.message) == "corrections were asked for by Luc on 2019-05-04: Un Deux"


def test_status_ends_with_sums(folder: CatalogueFolder) -> None:
    approve(folder, "aajt", "kodiko")
    assert run(folder, "status").out.splitlines()[-1] == "not sent: 1, approved: 2"
    assert "bon à tirer donné\u00a0: 2" in run(folder, "--lang", "fr", "status").out


def test_a_press_build_tells_what_is_not_approved(folder: CatalogueFolder) -> None:
    from livret.findings import Report
    from livret.pages.compose.composer import Composer
    from livret.pages.flatplan import select
    from livret.pages.layout import Layout
    from livret.pipeline.approvals import sign_off_findings

    def told() -> list[str]:
        catalogue, report = folder.catalogue(), Report()
        edition = select(catalogue, "full")
        composer = Composer(folder.project, edition, Layout(folder.project, edition.layout))
        report.add(sign_off_findings(composer, catalogue))
        return [f"{one.where}: {one.severity.value} {one.rule}: {one.message}" for one in report.findings]

    nobody = "nobody has approved this part yet"
    assert told() == ["None: note no-sign-offs: nobody has approved anything yet in approvals.yaml"]
    approve(folder, "aajt", "partners/diair")
    assert told() == [f"catalogue/initiatives/kodiko.yaml:1: warning unsigned: {nobody}"]
    folder.change("catalogue.yaml", "date: 2019-04-30", "date: 2019-04-30\nsign_off: required")
    folder.change("initiatives/aajt.yaml", "title: Coup de Pouce", "title: Coup de pouce")
    assert told() == [
        "catalogue/initiatives/aajt.yaml:1: error changed-since-approval: "
        "this part changed after Jeanne Martin approved it: title",
        f"catalogue/initiatives/kodiko.yaml:1: error unsigned: {nobody}",
    ]
    folder.change("catalogue.yaml", "sign_off: required", "sign_off: required\nallow: [{rule: unsigned, reason: x}]")
    assert told()[1] == f'catalogue/initiatives/kodiko.yaml:1: note unsigned: {nobody} (allowed: "x")'


# --- parts that are gone ---


def test_a_card_renamed_after_its_approval_is_told_with_its_new_name(folder: CatalogueFolder) -> None:
    approve(folder, "aajt")
    card = folder.path("initiatives/aajt.yaml")
    card.rename(card.with_name("duos.yaml"))
    done = run(folder, "check")
    assert done.code == 0, done.err
    assert 'the register has events of "initiatives/aajt", which is not in the catalogue' in done.err
    assert "hint: initiatives/duos has the same content: if it was renamed, write its new name in its place" in done.err
    folder.change("initiatives/duos.yaml", "title: Coup", "title: Un coup")
    done = run(folder, "check")
    assert "hint: initiatives/duos has nearly the same content: if it was renamed" in done.err
    folder.change("approvals.yaml", "initiatives/aajt:", "initiatives/duos:")
    assert run(folder, "check").err.count("unknown-approval") == 0
    assert states(folder)["initiatives/duos"] == ("changed", ["title"])


@pytest.mark.parametrize("name", ["kodik", "aajt-2", "ateliers"])
def test_a_card_deleted_after_its_approval_is_not_taken_for_another(folder: CatalogueFolder, name: str) -> None:
    """Others have names that are like its name, and are no new names of it."""
    folder.write(f"initiatives/{name}.yaml", OTHER_CARD)
    approve(folder, name)
    approve(folder, "kodiko")
    folder.remove(f"initiatives/{name}.yaml")
    done = run(folder, "check")
    assert f'the register has events of "initiatives/{name}"' in done.err
    assert "hint: it was deleted or renamed; its events are kept, and count for nothing" in done.err


def test_a_card_that_was_approved_in_two_languages_is_not_called_gone(folder: CatalogueFolder) -> None:
    folder.write("initiatives/aajt.en.yaml", "title: A helping hand\n")
    folder.write("editions/both.yaml", "languages: [fr, en]\n")
    done = approve(folder, "aajt", "--edition", "both")
    assert "initiatives/aajt+aajt.en: approved" in done.out
    assert "unknown-approval" not in run(folder, "check").err
    folder.remove("initiatives/aajt.en.yaml")
    assert 'events of "initiatives/aajt+aajt.en", which is not in the catalogue' in run(folder, "check").err
