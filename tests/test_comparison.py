"""livret compare of PDFs: pages matched through what was added and taken out, words, and places that look different."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest

from conftest import CatalogueFolder
from livret.control.comparison.changes import BookChange, changes
from livret.control.comparison.pages import ComparedFile
from livret.control.comparison.report import html_report
from livret.findings import LivretError
from press import livret_here

WORDS = "une aide simple et rapide pour trouver un logement près du travail".split()


def page_text(name: str) -> str:
    """Some words of a page, which no other page has in common but a few."""
    return " ".join(f"{name}{word}" for word in WORDS) + f" fiche de {name}"


def pdf(path: Path, pages: Sequence[str], *, folios: bool = True, drawn: Sequence[str] = ()) -> Path:
    """A PDF with a line of text on each page, its folio below, and for some pages further operators."""
    made = pikepdf.new()
    font = made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name("/Font"), Subtype=pikepdf.Name("/Type1"),
                                                 BaseFont=pikepdf.Name("/Helvetica"),
                                                 Encoding=pikepdf.Name("/WinAnsiEncoding")))  # fmt: skip
    for number, text in enumerate(pages):
        lines = [text[start : start + 60] for start in range(0, len(text), 60)] if " " not in text else wrap(text)
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        content = f"BT /F 10 Tf 40 380 Td {shown}ET "
        content += f"BT /F 8 Tf 140 20 Td ({number + 1}) Tj ET " if folios else ""
        content += drawn[number] if number < len(drawn) else ""
        made.add_blank_page(page_size=(300, 420))
        made.pages[-1].Contents = made.make_stream(content.encode("cp1252"))
        made.pages[-1].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    made.save(path)
    return path


def wrap(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append("")
        for word in line.split():
            fits = len(lines[-1]) < 40
            lines = [*lines[:-1], f"{lines[-1]} {word}".strip()] if fits else [*lines, word]
    return lines


def compared(before: Path, after: Path) -> BookChange:
    with ComparedFile(before) as first, ComparedFile(after) as second:
        return changes(first, second)


def told(change: BookChange) -> list[tuple[str, int | None, int | None]]:
    return [(one.kind, one.first, one.second) for one in change.changes]


def removed_and_added(change: BookChange) -> list[tuple[str, str]]:
    return [(run.old, run.new) for one in change.changes for run in one.runs if run.old != run.new]


@pytest.fixture
def pages() -> list[str]:
    return [page_text(name) for name in ("alpha", "bravo", "coral", "delta", "ecrin", "fusee")]


def test_the_same_pages_have_no_difference(tmp_path: Path, pages: list[str]) -> None:
    found = compared(pdf(tmp_path / "a.pdf", pages), pdf(tmp_path / "b.pdf", pages))
    assert (found.differs, found.same, found.pages) == (False, 6, (6, 6))


def test_one_added_spread_does_not_mark_what_follows(tmp_path: Path, pages: list[str]) -> None:
    more = [*pages[:2], page_text("neuve"), page_text("neuvebis"), *pages[2:]]
    found = compared(pdf(tmp_path / "a.pdf", pages), pdf(tmp_path / "b.pdf", more))
    assert told(found) == [("added", None, 3), ("added", None, 4)]
    assert found.same == 6
    back = compared(tmp_path / "b.pdf", tmp_path / "a.pdf")
    assert told(back) == [("removed", 3, None), ("removed", 4, None)]


def test_a_changed_word_is_told_and_framed_on_both_pages(tmp_path: Path, pages: list[str]) -> None:
    changed = [*pages[:1], pages[1].replace("bravorapide", "bravolente"), *pages[2:]]
    found = compared(pdf(tmp_path / "a.pdf", pages), pdf(tmp_path / "b.pdf", changed))
    assert told(found) == [("changed", 2, 2)]
    assert removed_and_added(found) == [("bravorapide", "bravolente")]
    (change,) = found.changes
    (before,), (after,) = change.places_before, change.places
    # It ends the first line, which stands on 380.
    assert 374 < before[1] < 380 < before[3] < 392
    assert 374 < after[1] < 380 < after[3] < 392


def test_words_and_an_added_page_are_found_together(tmp_path: Path, pages: list[str]) -> None:
    changed = [pages[0], page_text("neuve"), *pages[1:4], pages[4].replace("ecrintravail", "ecrinbureau"), pages[5]]
    found = compared(pdf(tmp_path / "a.pdf", pages), pdf(tmp_path / "b.pdf", changed))
    assert told(found) == [("added", None, 2), ("changed", 5, 6)]


def test_a_page_that_moved_is_moved(tmp_path: Path, pages: list[str]) -> None:
    moved = [*pages[:1], *pages[2:5], pages[1], pages[5]]
    found = compared(pdf(tmp_path / "a.pdf", pages), pdf(tmp_path / "b.pdf", moved))
    assert told(found) == [("moved", 2, 5)]


def test_page_numbers_that_follow_their_pages_are_no_change(tmp_path: Path, pages: list[str]) -> None:
    def contents(numbers: Sequence[int]) -> str:
        names = ("alpha", "bravo", "coral", "delta")
        lines = [f"{name} {at}" for name, at in zip(names, numbers, strict=True)]
        return "\n".join(["Sommaire", *lines, "logement 2, " + f"{numbers[2]}, {numbers[3]}", "avec 12 fiches"])

    before = [contents([2, 3, 4, 5]), *pages[:4]]
    after = [contents([2, 3, 5, 6]), *pages[:2], page_text("neuve"), *pages[2:4]]
    found = compared(pdf(tmp_path / "a.pdf", before), pdf(tmp_path / "b.pdf", after))
    assert told(found) == [("added", None, 4)]
    wrong = [contents([2, 3, 6, 6]), *after[1:]]
    found = compared(tmp_path / "a.pdf", pdf(tmp_path / "c.pdf", wrong))
    assert told(found) == [("changed", 1, 1), ("added", None, 4)]
    assert removed_and_added(found) == [("4", "6"), ("4,", "6,")]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("voir page 4 aussi", [("page 4", "5")]),
        ("voir (p. 4), puis", [("p. 4", "5")]),
        ("voir pages 2, 4 et 5 aussi", [("4", "5"), ("5", "6")]),
        ("voir pages 4-5 aussi", [("pages 4-5", "5–6")]),
        ("see page 2 and 4 more", [("4", "5")]),
        ("siehe S. 4 dort", [("S. 4", "5")]),
        ("depuis 4 ans, 5 pages et page 2", []),
        ("04 05 06 04 05", []),
    ],
)
def test_a_page_number_that_did_not_follow_is_told(
    tmp_path: Path, pages: list[str], printed: str, expected: list[tuple[str, str]]
) -> None:
    before = [f"{pages[0]} {printed}", *pages[1:5]]
    after = [before[0], pages[1], page_text("neuve"), *pages[2:5]]
    found = compared(pdf(tmp_path / "a.pdf", before), pdf(tmp_path / "b.pdf", after))
    assert [change.stale for change in found.changes if change.stale] == [tuple(expected)] * bool(expected)
    assert told(found) == [("changed", 1, 1)] * bool(expected) + [("added", None, 3)]


def test_a_page_number_of_a_page_that_was_taken_out_is_told(tmp_path: Path, pages: list[str]) -> None:
    before = [f"{pages[0]} voir page 4 encore", *pages[1:]]
    after = [*before[:3], *before[4:]]
    found = compared(pdf(tmp_path / "a.pdf", before), pdf(tmp_path / "b.pdf", after))
    assert [(one.kind, one.stale) for one in found.changes] == [("changed", (("page 4", None),)), ("removed", ())]


def test_a_contents_page_with_one_number_that_did_not_follow_is_told(tmp_path: Path, pages: list[str]) -> None:
    names = ("alpha", "bravo", "coral", "delta", "ecrin")

    def contents(*numbers: int) -> str:
        return "\n".join(f"{name} {at}" for name, at in zip(names, numbers, strict=True))

    before = [contents(2, 3, 4, 5, 6), *pages[:5]]
    after = [contents(3, 4, 5, 5, 7), page_text("neuve"), *pages[:5]]
    found = compared(pdf(tmp_path / "a.pdf", before), pdf(tmp_path / "b.pdf", after))
    assert [(one.kind, one.stale) for one in found.changes] == [("changed", (("5", "6"),)), ("added", ())]


@pytest.mark.parametrize(("was", "now"), [("depuis 3 ans", "depuis 4 ans"), ("1 65 3 20 36", "1 65 4 20 36")])
def test_a_number_that_is_no_page_is_a_change_though_it_looks_as_if_it_followed(
    tmp_path: Path, pages: list[str], was: str, now: str
) -> None:
    before = [f"{was} {pages[0]}", *pages[1:4]]
    after = [f"{now} {pages[0]}", page_text("neuve"), *pages[1:4]]
    found = compared(pdf(tmp_path / "a.pdf", before), pdf(tmp_path / "b.pdf", after))
    assert told(found) == [("changed", 1, 1), ("added", None, 2)]
    assert removed_and_added(found) == [("3", "4")]


def test_a_page_number_beside_a_number_of_another_column_follows_its_page(tmp_path: Path, pages: list[str]) -> None:
    """A contents with folio, number of the theme, name; a list of telephone numbers has its groups close together."""

    def contents(numbers: Sequence[int], across: int) -> str:
        lines = (f"BT /F 10 Tf 40 {300 - 14 * place} Td ({at}) Tj {across} 0 Td (7) Tj 20 0 Td (fiche {name}) Tj ET "
                 for place, (at, name) in enumerate(zip(numbers, "abcd", strict=True)))  # fmt: skip
        return "".join(lines)

    for across, expected in ((18, [("added", None, 3)]), (8, [("changed", 1, 1), ("added", None, 3)])):
        before = pdf(tmp_path / "a.pdf", ["Sommaire", *pages[:4]], drawn=[contents((2, 3, 4, 5), across)])
        new = ["Sommaire", pages[0], page_text("neuve"), *pages[1:4]]
        after = pdf(tmp_path / "b.pdf", new, drawn=[contents((2, 4, 5, 6), across)])
        assert told(compared(before, after)) == expected


def test_a_hyphen_at_a_line_end_is_no_change(tmp_path: Path) -> None:
    one = pdf(
        tmp_path / "a.pdf", ["structures"], drawn=[" BT /F 10 Tf 40 300 Td (des struc-) Tj 0 -14 Td (tures) Tj ET"]
    )
    other = pdf(tmp_path / "b.pdf", ["structures"], drawn=[" BT /F 10 Tf 40 300 Td (des structures) Tj ET"])
    assert removed_and_added(compared(one, other)) == []


def test_a_picture_that_moved_is_framed_where_it_was_and_is(tmp_path: Path, pages: list[str]) -> None:
    before = pdf(tmp_path / "a.pdf", pages, drawn=["", " 0 0.4 0.2 rg 40 100 60 40 re f"])
    after = pdf(tmp_path / "b.pdf", pages, drawn=["", " 0 0.4 0.2 rg 180 100 60 40 re f"])
    found = compared(before, after)
    assert told(found) == [("changed", 2, 2)]
    assert removed_and_added(found) == []
    places = sorted(found.changes[0].places)
    expected = [(40, 100, 100, 140), (180, 100, 240, 140)]
    for place, wanted in zip(places, expected, strict=True):
        assert place == pytest.approx(wanted, abs=8)


def test_a_page_of_another_size_is_a_change(tmp_path: Path, pages: list[str]) -> None:
    one = pdf(tmp_path / "a.pdf", pages[:1])
    with pikepdf.open(one) as made:
        made.pages[0].MediaBox = [0, 0, 300, 430]
        made.save(tmp_path / "b.pdf")
    found = compared(one, tmp_path / "b.pdf")
    assert told(found) == [("changed", 1, 1)]
    assert found.changes[0].places == ((0, 0, 300, 430),)


def test_changes_are_told_under_the_entry_of_the_outline(tmp_path: Path, pages: list[str]) -> None:
    one = pdf(tmp_path / "a.pdf", pages)
    other = pdf(tmp_path / "b.pdf", [*pages[:3], pages[3].replace("deltarapide", "deltalente"), *pages[4:]])
    for path in (one, other):
        with pikepdf.open(path, allow_overwriting_input=True) as made:
            with made.open_outline() as outline:
                outline.root += [pikepdf.OutlineItem("Alpha", 0), pikepdf.OutlineItem("Coral", 2)]
            made.save(path)
    assert {part: len(ones) for part, ones in compared(one, other).by_part().items()} == {"Coral": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "no PDF"), (b"%PDF-1.4\nbroken", "no PDF"), (b"<html></html>", "no PDF"), (None, "No such file")],
)
def test_what_is_no_pdf_is_told(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "a.pdf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LivretError, match=message):
        ComparedFile(path)


def test_what_is_no_ordinary_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pdf")
    for path in (tmp_path / "a.pdf", Path("/dev/zero")):
        with pytest.raises(LivretError, match="not an ordinary file"):
            ComparedFile(path)


def test_a_file_with_a_password_is_told(tmp_path: Path, pages: list[str]) -> None:
    with pikepdf.open(pdf(tmp_path / "a.pdf", pages)) as made:
        made.save(tmp_path / "b.pdf", encryption=pikepdf.Encryption(owner="x", user="y"))
    with pytest.raises(LivretError, match="password"):
        ComparedFile(tmp_path / "b.pdf")


def test_the_report_shows_both_pages_and_escapes_their_words(tmp_path: Path, pages: list[str]) -> None:
    before = pdf(tmp_path / "a.pdf", [*pages[:1], f"{pages[1]} <script>alert</script>"])
    after = pdf(tmp_path / "b.pdf", [*pages[:1], f"{pages[1]} <b>autre</b>", pages[2]])
    found = compared(before, after)
    html = html_report([("a & b", found)], "en")
    # Before and after of the changed page, and the added one.
    assert html.count("data:image/png;base64,") == 3
    assert "<script>" not in html
    assert "a &amp; b" in html
    assert "&lt;script&gt;alert&lt;/script&gt;" in html


# --- the command ---


def test_the_command_writes_a_report_and_ends_with_1_if_asked(tmp_path: Path, pages: list[str]) -> None:
    before = pdf(tmp_path / "a.pdf", pages)
    after = pdf(tmp_path / "b.pdf", [*pages[:5], page_text("neuve")])
    report = tmp_path / "report.html"
    done = livret_here("-C", str(tmp_path), "compare", str(before), str(after), "--report", str(report))
    assert done.code == 0, done.err
    assert "page 6" in done.out
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    strict = livret_here("compare", str(before), str(after), "--report", str(report), "--exit-code", "--format", "json")
    assert strict.code == 1
    (comparison,) = json.loads(strict.out)["comparisons"]
    assert (comparison["pages"], comparison["differs"]) == ({"first": 6, "second": 6}, True)
    same = livret_here("compare", str(before), str(before), "--exit-code")
    assert same.code == 0
    assert "6 pages, no difference" in same.out


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path, pages: list[str]) -> None:
    before, after = pdf(tmp_path / "a.pdf", pages), pdf(tmp_path / "b.pdf", pages[:3])
    # The folder that it would go into is a file.
    done = livret_here("compare", str(before), str(after), "--report", str(before / "report.html"))
    assert done.code == 4
    assert "cannot write" in done.err


def test_two_output_folders_are_compared_file_by_file(tmp_path: Path, pages: list[str]) -> None:
    for folder in ("old", "new"):
        for name in ("full/full-screen.pdf", "proofs/x.pdf", "full/web/full-screen.pdf"):
            (tmp_path / folder / name).parent.mkdir(parents=True, exist_ok=True)
            pdf(tmp_path / folder / name, pages[:2])
    pdf(tmp_path / "old" / "gone.pdf", pages[:1])
    done = livret_here("compare", str(tmp_path / "old"), str(tmp_path / "new"), "--exit-code")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0].endswith("gone.pdf")
    assert lines[1] == "full/full-screen.pdf: 2 pages, no difference"
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "name what to compare"),
        (("a.pdf",), 2, "name a second PDF"),
        (("none.pdf", "a.pdf"), 1, "does not exist"),
        (("a.pdf", "."), 2, "two files, or two folders"),
    ],
)
def test_what_cannot_be_compared_is_told(
    tmp_path: Path,
    pages: list[str],
    arguments: tuple[str, ...],
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pdf(tmp_path / "a.pdf", pages[:1])
    done = livret_here("compare", *arguments, cwd=tmp_path)
    assert done.code == code
    assert message in done.err


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.mark.parametrize("commit", ["nowhere", "--output=/tmp/x", "HEAD\n"])
def test_a_commit_that_is_not_there_is_told(catalogue_folder: CatalogueFolder, commit: str) -> None:
    git(catalogue_folder.root, "init", "-q")
    done = livret_here("-C", str(catalogue_folder.root), "compare", f"--since={commit}")
    assert done.code == 1
    assert "is no commit, tag or branch" in done.err


def test_a_folder_without_git_is_told(catalogue_folder: CatalogueFolder) -> None:
    done = livret_here("-C", str(catalogue_folder.root), "compare", "--since", "v1")
    assert done.code == 1
    assert "in no repository of git" in done.err


def test_an_edition_is_compared_with_what_it_was_at_a_tag(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change("catalogue.yaml", "partners:", "sections: [initiatives]\npartners:")
    git(catalogue_folder.root, "init", "-q")
    git(catalogue_folder.root, "add", ".")
    git(catalogue_folder.root, "commit", "-qm", "First")
    git(catalogue_folder.root, "tag", "v1")
    catalogue_folder.change("initiatives/kodiko.yaml", "salariés et réfugiés", "salariés et bénévoles")
    done = livret_here("-C", str(catalogue_folder.root), "compare", "--since", "v1", "--exit-code")
    assert "[-réfugiés.-] {+bénévoles.+}" in done.out
    assert done.code == 1
    assert (catalogue_folder.root / "output" / "comparison.html").is_file()


def test_each_card_has_its_pages_and_words_summed_up(tmp_path: Path, pages: list[str]) -> None:
    one = pdf(tmp_path / "a.pdf", pages)
    other = pdf(tmp_path / "b.pdf", [pages[0], *pages[2:3], pages[3].replace("deltarapide", "deltalente"), *pages[4:]])
    for path, starts in ((one, (0, 2)), (other, (0, 1))):
        with pikepdf.open(path, allow_overwriting_input=True) as made:
            with made.open_outline() as outline:
                outline.root += [
                    pikepdf.OutlineItem(name, at) for name, at in zip(("Alpha", "Coral"), starts, strict=True)
                ]
            made.save(path)
    done = livret_here("compare", one, other, "--cards", "--report", tmp_path / "r.html")
    assert done.code == 0
    assert "  Alpha: 1 page taken out\n  Coral: 1 page changed, 1 word\n" in done.out
    assert "<th>Coral</th><td>1 page changed, 1 word</td>" in (tmp_path / "r.html").read_text(encoding="utf-8")
