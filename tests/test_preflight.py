"""Preflight: each rule of PDF/UA fires on a file that breaks it and on no other, and any file at all may be given."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Literal

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject

import verapdf
from livret.control import preflight
from livret.control.preflight import verapdf as engine
from livret.control.preflight.fonts import font
from livret.control.preflight.rules import RULES
from livret.findings import Severity
from press import Done, livret, livret_here
from tagged import ANNOTATIONS, Break, Maker, everything, figure, link, make, pdf, stream, tag
from verapdf import assert_compliant, clauses, validate


def rules(path: Path) -> set[str]:
    return {finding.rule for finding in preflight.check(path)}


def told(path: Path, rule: str) -> str:
    """The messages of a rule."""
    return "\n".join(finding.message for finding in preflight.check(path) if finding.rule == rule)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("good") / "good.pdf", everything())


def test_a_file_with_everything_right_has_no_finding(good: Path) -> None:
    assert preflight.check(good) == ()


# --- what veraPDF says ---


@pytest.fixture(scope="module")
def verdicts(good: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[engine.Verdict, ...]:
    """Of a good file, a bad one, one that is no PDF, and the good one again."""
    folder = tmp_path_factory.mktemp("verdicts")
    bad = make(folder / "bad.pdf", everything(), lambda made: made.set(made.named["figure"], "Alt", None))
    junk = folder / "odd \u00e9 name \u2014 -x.pdf"
    junk.write_bytes(b"%PDF-1.7\nnothing")
    return validate([good, bad, junk, good])


def test_verapdf_agrees_about_a_good_file_and_a_bad_one(verdicts: tuple[engine.Verdict, ...]) -> None:
    right, wrong, *_ = verdicts
    assert right.compliant, right
    assert right.checks > 100
    assert not wrong.compliant
    assert clauses(wrong) == ["7.3-1"]
    assert wrong.failures[0].count == 1
    assert "Figure" in wrong.failures[0].where


def test_verapdf_validates_archives_too(good: Path) -> None:
    (verdict,) = validate([good], "3u")
    assert not verdict.compliant
    assert any(clause.startswith("6.2.4.3") for clause in clauses(verdict)), "colours need an output intent"


def test_verapdf_has_one_verdict_a_file_also_for_what_is_none(verdicts: tuple[engine.Verdict, ...]) -> None:
    first, _, third, fourth = verdicts
    assert first.compliant
    assert fourth.compliant
    assert third.problem
    assert not third.compliant


def test_the_tests_of_other_files_tell_what_is_not_compliant_and_why(
    verdicts: tuple[engine.Verdict, ...], good: Path
) -> None:
    _, bad, junk, _ = verdicts
    with pytest.raises(AssertionError, match=r"bad\.pdf: not compliant") as told:
        assert_compliant([good, bad.path, junk.path])
    assert str(told.value).splitlines() == [*str(bad).splitlines(), *str(junk).splitlines()]
    assert_compliant([good])


@pytest.mark.parametrize(
    "written",
    [
        '<pdfuaid:part xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">1</pdfuaid:part>',
        "<pdfuaid:part >1</pdfuaid:part>",
        '<rdf:Description pdfuaid:part="1"/>',
    ],
)
def test_the_mark_of_pdf_ua_may_be_written_in_several_ways(tmp_path: Path, written: str) -> None:
    mark = "<pdfuaid:part>1</pdfuaid:part>"
    path = make(tmp_path / "mark.pdf", everything(), lambda made: _metadata(made, mark, written))
    assert "no-pdfua-mark" not in rules(path)


def test_without_java_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch, good: Path, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(engine, "HOMEBREW", ())
    engine.java.cache_clear()
    try:
        with pytest.raises(AssertionError, match="tools/setup dev"):
            validate([good])
        # As in a process that has not asked it before.
        monkeypatch.setattr(verapdf, "_machine", verapdf._machine.__wrapped__)
        with pytest.raises(AssertionError, match="tools/setup dev"):
            assert_compliant([good])
        verdicts, (finding,) = preflight.validate({"good.pdf": good})
        assert verdicts == {}
        assert finding.rule == "verapdf-not-run"
        assert finding.severity is Severity.NOTE
        assert any("default-jre-headless" in hint for hint in finding.hints)
    finally:
        engine.java.cache_clear()


def test_without_the_engine_it_names_the_extra(monkeypatch: pytest.MonkeyPatch, good: Path) -> None:
    monkeypatch.setattr(engine, "PACKAGE", "no_such_package")
    _, (finding,) = preflight.validate({"good.pdf": good})
    assert finding.rule == "verapdf-not-run"
    assert "livret[verapdf]" in finding.hints[0]


# --- each rule ---


def _gap(made: Maker) -> None:
    """As binding might leave it: an MCID taken away from the page and from the tree, its place in the array empty."""
    made.rewrite(0, "/P <</MCID 4>> BDC", "/Artifact BMC")
    made.named["p"]["/K"].remove(NumberObject(4))
    made.parents[0][4] = pdf(None)


def _swap(made: Maker, index: int, other: int) -> None:
    parents = made.parents[0]
    parents[index], parents[other] = parents[other], parents[index]


def _swap_pages(made: Maker) -> None:
    first, second = (page for page in made.pages)
    first[NameObject("/StructParents")], second[NameObject("/StructParents")] = (
        second["/StructParents"],
        first["/StructParents"],
    )


def _stray_content(made: Maker) -> None:
    """Marked content with a number that stands nowhere else."""
    made.rewrite(0, "/H1 <<", "/H1 <</MCID 77>> BDC BT /F 9 Tf (perdu) Tj ET EMC /H1 <<")


def _double(made: Maker, name: str) -> None:
    """A second annotation for a link, on the first."""
    annotation = made.named[f"{name} annotation"]
    twin = annotation.clone(made.writer, force_duplicate=True)
    twin[NameObject("/StructParent")] = NumberObject(5000)
    element = made.named[name]
    made.pages[0]["/Annots"].append(twin.indirect_reference)
    element["/K"].append(pdf({"Type": "/OBJR", "Obj": twin.indirect_reference}))
    made.structure["/ParentTree"]["/Nums"].extend([NumberObject(5000), element.indirect_reference])


def _second_line(made: Maker) -> None:
    _double(made, "link")
    twin = made.pages[0]["/Annots"][-1].get_object()
    twin[NameObject("/Rect")] = pdf([20, 40, 90, 52])


def _form(made: Maker, code: str, before: str = "", **entries: Any) -> None:
    """A form XObject, drawn on the first page between what is given and its end."""
    resources = made.pages[0]["/Resources"]
    data = stream(
        code.encode("cp1252"), Type="/XObject", Subtype="/Form", BBox=[0, 0, 300, 400], Resources=resources, **entries
    )
    resources[NameObject("/XObject")] = pdf({"X": made.add(data)})
    end = " EMC" if before else ""
    made.rewrite(0, "/H1 <<", f"{before} /X Do{end} /H1 <<")


def _owned_form(made: Maker, parents: Any) -> None:
    """A form with a marked content that a P owns, which the ParentTree knows as `parents` says."""
    _form(made, "/P <</MCID 0>> BDC BT /F 9 Tf 9 9 Td (forme) Tj ET EMC", StructParents=7000)
    form = made.pages[0]["/Resources"]["/XObject"].raw_get("/X")
    page = made.pages[0].indirect_reference
    owner = made.add(pdf({"Type": "/StructElem", "S": "/P", "P": made.top.indirect_reference}))
    made.set(owner, "K", {"Type": "/MCR", "Pg": page, "Stm": form, "MCID": 0})
    made.top["/K"].append(owner)
    made.structure["/ParentTree"]["/Nums"].extend([NumberObject(7000), ArrayObject(parents(made, owner))])


def _adopt(made: Maker, kid: str, parent: str) -> None:
    made.named[parent]["/K"].append(made.named[kid].indirect_reference)


def _loop(made: Maker) -> None:
    """An element below itself."""
    made.named["body"]["/K"].append(made.named["l"].indirect_reference)


def _widget(made: Maker, **entries: Any) -> None:
    page = made.pages[0]
    page["/Annots"].append(made.add(pdf({"Type": "/Annot", "Rect": [9, 9, 20, 20], **entries})))


def _metadata(made: Maker, old: str, new: str) -> None:
    found = made.root["/Metadata"].get_object()
    assert old.encode() in found._data
    found._data = found._data.replace(old.encode(), new.encode())


BREAKS: tuple[tuple[str, str, Break], ...] = (
    # The file
    ("untagged-pdf", "no tags", lambda made: made.set(made.root, "StructTreeRoot", None)),
    ("untagged-pdf", "empty", lambda made: made.set(made.structure, "K", [])),
    ("untagged-pdf", "MarkInfo", lambda made: made.set(made.root, "MarkInfo", None)),
    ("untagged-pdf", "MarkInfo", lambda made: made.set(made.root, "MarkInfo", {"Marked": False})),
    ("suspect-tags", "Suspects", lambda made: made.set(made.root["/MarkInfo"], "Suspects", True)),
    ("no-pdfua-mark", "pdfuaid", lambda made: _metadata(made, "<pdfuaid:part>1</pdfuaid:part>", "")),
    ("no-title", "no title", lambda made: _metadata(made, "Un essai", " ")),
    ("title-not-shown", "DisplayDocTitle", lambda made: made.set(made.root, "ViewerPreferences", None)),
    ("no-language", "Lang", lambda made: made.set(made.root, "Lang", None)),
    ("no-language", "Lang", lambda made: made.set(made.root, "Lang", "")),
    ("bad-language", "french", lambda made: made.set(made.root, "Lang", "french_FR")),
    ("bad-language", "page 1: P", lambda made: made.set(made.named["p"], "Lang", "e n")),
    ("bad-language", "q", lambda made: made.rewrite(0, "/H1 <</MCID", "/H1 <</Lang (q) /MCID")),
    ("bad-language", "é", lambda made: made.rewrite(0, "/H1 <</MCID", "/H1 <</Lang <FEFF00E9> /MCID")),
    ("tab-order", "page 1:", lambda made: made.set(made.pages[0], "Tabs", "/R")),
    # Fonts
    ("font-not-embedded", "Essai", lambda made: made.set(made.font["/FontDescriptor"], "FontFile2", None)),
    ("font-without-unicode", "Essai", lambda made: made.set(made.font, "Encoding", None)),
    # Content
    ("unmarked-content", '"nu"', lambda made: made.rewrite(0, "/H1 <<", "BT /F 9 Tf (nu) Tj ET /H1 <<")),
    ("unmarked-content", "one piece", lambda made: made.rewrite(1, "/TD <<", "0 0 9 9 re f /TD <<")),
    ("unmarked-content", "a drawing", lambda made: made.rewrite(1, "/TD <<", "/P BMC 0 0 9 9 re S EMC /TD <<")),
    ("unmarked-content", "a picture", lambda made: made.rewrite(1, "/TD <<", "BI /W 1 ID f EMC ( EI /TD <<")),
    ("unmarked-content", "inside form XObject", lambda made: _form(made, "BT /F 9 Tf (nu) Tj ET")),
    ("unowned-content", "77", _stray_content),
    ("artifact-in-content", "page 1:", lambda made: made.rewrite(
        0, "/MCID 2>> BDC", "/MCID 2>> BDC /Artifact BMC 0 0 1 1 re f EMC")),
    ("content-in-artifact", "1 tagged", lambda made: (
        made.rewrite(0, "/H1 <<", "/Artifact BMC /H1 <<"), made.rewrite(0, "/H2 <<", "EMC /H2 <<"))),
    ("unbalanced-marks", "page 1: 1 mark without its", lambda made: made.rewrite(0, "EMC", "EMC EMC")),
    ("repeated-mcid", "content 2", lambda made: made.rewrite(
        0, "/H1 <<", "/H1 <</MCID 2>> BDC 0 0 1 1 re f EMC /H1 <<")),
    ("shared-mcid", "belongs to", lambda made: made.named["p"]["/K"].append(NumberObject(2))),
    ("missing-mcid", "99", lambda made: made.named["p"]["/K"].append(NumberObject(99))),
    ("mcid-gap", "1 gap, for 4", _gap),
    ("parent-tree", "H2", lambda made: _swap(made, 2, 3)),
    ("parent-tree", "such)", _swap_pages),
    ("parent-tree", "has nothing", lambda made: made.parents[0].pop()),
    ("parent-tree", "leads on", lambda made: made.parents[0].append(made.named["p"].indirect_reference)),
    ("parent-tree", "no entry", lambda made: made.set(made.pages[0], "StructParents", 4444)),
    ("parent-tree", "no StructParents", lambda made: made.set(made.pages[0], "StructParents", None)),
    ("parent-tree", "as has page 1", lambda made: made.set(made.pages[1], "StructParents", 0)),
    ("parent-tree", "as has another annotation", lambda made: made.set(
        made.named["link annotation"], "StructParent", ANNOTATIONS + 1)),
    ("parent-tree", "no entry 4444", lambda made: made.set(made.named["link annotation"], "StructParent", 4444)),
    ("parent-tree", "form XObject", lambda made: _owned_form(made, lambda made, owner: [])),
    # The tree
    ("tag-met-twice", "LI", lambda made: _adopt(made, "li", "l")),
    ("tag-met-twice", "L (", _loop),
    ("wrong-parent", "H1", lambda made: made.set(made.named["h1"], "P", made.named["p"].indirect_reference)),
    ("unknown-tag", "Truc", lambda made: made.set(made.named["p"], "S", "/Truc")),
    ("unknown-tag", "Truc", lambda made: (
        made.set(made.named["p"], "S", "/Truc"),
        made.set(made.structure, "RoleMap", {"Truc": "/Chose", "Chose": "/Truc"}),
    )),
    ("repeated-id", "n1", lambda made: made.set(made.named["p"], "ID", "n1")),
    ("id-tree", "no IDTree", lambda made: made.set(made.structure, "IDTree", None)),
    ("id-tree", "does not lead", lambda made: made.set(made.named["p"], "ID", "n2")),
    ("id-tree", "no element has", lambda made: made.structure["/IDTree"]["/Names"].extend(
        [pdf("zz"), made.named["p"].indirect_reference])),
    # Shapes
    ("first-heading", "H2", lambda made: made.set(made.named["h1"], "S", "/H2")),
    ("skipped-heading", "H4", lambda made: made.set(made.named["h3"], "S", "/H4")),
    ("mixed-headings", "no level", lambda made: made.set(made.named["h3"], "S", "/H")),
    ("list-shape", "P", lambda made: made.set(made.named["li"], "S", "/P")),
    ("list-shape", "is inside", lambda made: made.set(made.named["p"], "S", "/LBody")),
    ("list-shape", "no element inside", lambda made: made.set(made.named["body"], "S", "/L")),
    ("list-in-list", "1 list beside", lambda made: made.named["l"]["/K"].append(made.add(pdf(
        {"Type": "/StructElem", "S": "/L", "P": made.named["l"].indirect_reference, "ActualText": "x"})))),
    ("contents-shape", "TOCI", lambda made: made.set(made.named["contents"], "S", "/Sect")),
    ("contents-shape", "holds page 1: Quote", lambda made: made.set(made.named["second entry"], "S", "/Quote")),
    ("table-shape", "TR", lambda made: made.set(made.named["table"], "S", "/Sect")),
    ("table-shape", "Span", lambda made: made.set(made.named["td"], "S", "/Span")),
    ("ragged-table", "2 to 4 cells", lambda made: made.set(
        made.named["td"], "A", {"O": "/Table", "ColSpan": 3})),
    ("table-without-headers", "TH", lambda made: [
        made.set(cell, "S", "/TD") for cell in made.named["tr"]["/K"]]),
    ("header-without-scope", "TH", lambda made: made.set(made.named["th"], "A", None)),
    ("figure-without-alt", "Figure", lambda made: made.set(made.named["figure"], "Alt", " ")),
    ("figure-without-box", "BBox", lambda made: made.set(made.named["figure"], "A", None)),
    ("figure-box", "not on its page", lambda made: made.set(
        made.named["figure"], "A", {"O": "/Layout", "BBox": [10, 10, 30, 500]})),
    ("figure-box", "no extent", lambda made: made.set(
        made.named["figure"], "A", {"O": "/Layout", "BBox": [10, 10, 10, 50]})),
    ("note-without-id", "Note", lambda made: (
        made.set(made.named["note"], "ID", None), made.set(made.structure, "IDTree", None))),
    # Links
    ("link-without-description", "Contents", lambda made: made.set(made.named["link annotation"], "Contents", None)),
    ("link-without-text", "https://b.example.org", lambda made: made.rewrite(0, "(un lien)", "(  )")),
    ("link-is-address", "www.b.example.org", lambda made: (
        made.rewrite(0, "(un lien)", "(www.b.example.org)"),
        made.set(made.named["link annotation"], "Contents", "https://b.example.org"),
    )),
    ("repeated-link", "side by side", lambda made: _double(made, "link")),
    ("annotation-without-parent", "StructParent", lambda made: made.set(
        made.named["link annotation"], "StructParent", None)),
    ("untagged-link", "P (", lambda made: made.set(made.named["link"], "S", "/P")),
    ("untagged-annotation", "Text annotation", lambda made: _widget(made, Subtype="/Text", Contents="a")),
    ("annotation-without-description", "Text", lambda made: _widget(made, Subtype="/Text")),
    # Order
    ("empty-tag", "H2", lambda made: made.rewrite(0, "(Un sous-titre)", "( )")),
)  # fmt: skip

# What breaks together with a rule, because one fault is two.
ALSO = {
    "content-in-artifact": {"empty-tag"},
    "repeated-id": {"id-tree"},
    "table-shape": {"ragged-table"},
    "link-without-text": {"empty-tag"},
    "unknown-tag": {"untagged-link"},
    "untagged-annotation": {"annotation-without-parent"},
    "annotation-without-description": {"annotation-without-parent", "untagged-annotation"},
}


@pytest.mark.parametrize(
    ("rule", "word", "change"), BREAKS, ids=[f"{number}-{rule}" for number, (rule, _, _) in enumerate(BREAKS)]
)
def test_a_rule_fires_on_what_breaks_it_and_no_other_does(tmp_path: Path, rule: str, word: str, change: Break) -> None:
    path = make(tmp_path / "broken.pdf", everything(), change)
    assert word in told(path, rule)
    assert rules(path) - ALSO.get(rule, set()) == {rule}, [finding.text() for finding in preflight.check(path)]


def test_every_rule_is_broken_by_some_test() -> None:
    elsewhere = {
        "unreadable-file", "not-a-pdf", "broken-pdf", "mended-pdf", "protected-pdf", "verapdf", "verapdf-not-run",
        "no-headings", "reading-order", "torn-paragraph",
    }  # fmt: skip
    assert {rule for rule, _, _ in BREAKS} | elsewhere == set(RULES)


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.set(made.root, "Lang", "zh-Hant-TW"),
        lambda made: made.set(made.named["p"], "Lang", ""),
        lambda made: (
            made.set(made.structure, "RoleMap", {"Chapeau": "/Intro", "Intro": "/P"})
            or made.set(made.named["p"], "S", "/Chapeau")
        ),
        lambda made: made.rewrite(0, "/H1 <<", "q 0 0 9 9 re W n Q BT /F 9 Tf ET /H1 <<"),
        lambda made: made.rewrite(0, "(Folio)", "(a \\) EMC ( /P <</MCID 3>> BDC ) \\( b)"),
        lambda made: made.rewrite(0, "(Folio)", "<45 4D4> Tj % EMC BT (\n[(E) 12.5 (M)] TJ (C)"),
        lambda made: made.rewrite(1, "10 10 20 20 re f", "BI /W 1 /H 1 ID EMC (\x01 BDC EI 10 10 20 20 re f"),
        lambda made: _form(made, "BT /F 9 Tf 9 9 Td (nu) Tj ET", "/Artifact BMC"),
        lambda made: _form(made, "/Artifact BMC BT /F 9 Tf 9 9 Td (nu) Tj ET EMC"),
        lambda made: _form(made, "/X Do"),
        lambda made: _owned_form(made, lambda made, owner: [owner]),
        _second_line,
        lambda made: _widget(made, Subtype="/Popup"),
        lambda made: _widget(made, Subtype="/Text", F=2),
        lambda made: made.rewrite(0, "(un lien)", "(www.b.example.org)"),
        lambda made: made.set(made.named["link"], "Alt", "Un lien") or made.rewrite(0, "(un lien)", "(  )"),
        lambda made: made.set(made.named["figure"], "Alt", None) or made.set(made.named["figure"], "ActualText", "A"),
        lambda made: (
            made.set(made.named["td"], "A", [{"O": "/Table", "RowSpan": 2}, 0])
            or made.set(made.named["empty td"], "S", "/NonStruct")
        ),
        lambda made: made.set(made.named["th"], "A", [{"O": "/Layout"}, {"O": "/Table", "Scope": "/Both"}]),
    ],
)
def test_what_is_right_in_another_way_has_no_finding(tmp_path: Path, change: Break) -> None:
    path = make(tmp_path / "right.pdf", everything(), change)
    assert [finding.text() for finding in preflight.check(path)] == []


def test_a_file_without_headings_is_told_when_it_has_pages_to_get_lost_in(tmp_path: Path) -> None:
    page = [tag("P", "Un texte")]
    assert rules(make(tmp_path / "one.pdf", [page])) == set()
    assert rules(make(tmp_path / "two.pdf", [page, page])) == {"no-headings"}


def test_a_part_that_goes_back_a_page_is_noted(tmp_path: Path) -> None:
    def wrong(made: Maker) -> None:
        made.top["/K"].reverse()
        whole = made.add(pdf({"Type": "/StructElem", "S": "/Sect", "P": made.top.indirect_reference}))
        kids = made.top["/K"]
        for kid in kids:
            made.set(kid, "P", whole)
        made.set(whole, "K", kids)
        other = {"Type": "/StructElem", "S": "/P", "P": made.top.indirect_reference, "ActualText": "x"}
        made.set(made.top, "K", [whole, made.add(pdf(other))])

    page = [tag("H1", "Un texte")]
    path = make(tmp_path / "back.pdf", [page, page], wrong)
    assert "page 2 to page 1" in told(path, "reading-order")
    assert {finding.severity for finding in preflight.check(path)} == {Severity.NOTE}


def test_a_paragraph_torn_to_pieces_is_told(tmp_path: Path) -> None:
    lines = [tag("P", words) for words in ("Un texte", "qui va de ligne en", " ligne, et", "finit ici.")]
    path = make(tmp_path / "torn.pdf", [[tag("H1", "Un titre"), tag("Sect", *lines)]])
    assert '3 paragraphs go on in the next, first "Un texte"' in told(path, "torn-paragraph")
    whole = [
        tag("P", words) for words in ("Association d'essai", "rue Haute", "75001 Paris", "Un texte.", "et un autre")
    ]
    assert rules(make(tmp_path / "whole.pdf", [[tag("H1", "Un titre"), tag("Sect", *whole)]])) == set()


def test_pages_go_back_from_part_to_part_without_a_word(tmp_path: Path) -> None:
    page = [tag("H1", "Un texte")]
    assert rules(make(tmp_path / "back.pdf", [page, page], lambda made: made.top["/K"].reverse())) == set()


def test_a_place_names_page_and_object(tmp_path: Path) -> None:
    path = make(tmp_path / "x.pdf", everything(), lambda made: made.set(made.named["figure"], "Alt", None))
    (finding,) = preflight.check(path, shown="x.pdf")
    number = next(
        number
        for number in range(1, 99)
        if (found := PdfReader(path).get_object(number)) and isinstance(found, dict) and found.get("/S") == "/Figure"
    )
    assert finding.text() == (
        f"x.pdf: error: page 2: Figure (object {number}) has no alternative text (ISO 14289-1, 7.3) "
        "[figure-without-alt]"
    )


def test_much_of_a_kind_is_told_a_few_times_and_counted(tmp_path: Path) -> None:
    path = make(tmp_path / "many.pdf", [[tag("H1", "Un"), *(figure(Alt="") for _ in range(27))]])
    found = [finding for finding in preflight.check(path) if finding.rule == "figure-without-alt"]
    assert len(found) == 21
    assert found[-1].message == "and 7 more of this kind"
    assert found[-1].severity is Severity.ERROR


@pytest.mark.parametrize("language", ["fr", "fr-FR", "sr-Latn-RS", "ar-001", "de-CH-1996", "en-x-privat", "x-klingon"])
def test_a_well_formed_language(language: str, tmp_path: Path) -> None:
    assert preflight.check(_in_language(language, tmp_path)) == ()


@pytest.mark.parametrize("language", ["f", "fr_FR", "français", "fr-", "-fr", "fr FR", "e n", "fr-F"])
def test_a_language_that_is_none(language: str, tmp_path: Path) -> None:
    path = _in_language(language, tmp_path)
    assert told(path, "bad-language") == f'the language of the file, "{language}", is none (ISO 14289-1, 7.2)'


def _in_language(language: str, folder: Path) -> Path:
    return make(folder / "language.pdf", everything(), lambda made: made.set(made.root, "Lang", language))


def test_text_is_read_by_the_table_of_its_font() -> None:
    table = (
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <0003> <00660069> endbfchar "
        b"2 beginbfrange <0010> <0012> <0061> <0020> <0021> [<0041> <D83DDE00>] endbfrange"
    )
    read = font(pdf({"Subtype": "/Type0", "ToUnicode": _plain(table)}))
    assert read.read(bytes.fromhex("0003 0010 0012 0020 0021 0099")) == "fiacA\U0001f600\ufffd"


def _plain(table: bytes) -> Any:
    found = stream(b"")
    found._data = table
    del found["/Filter"]
    return found


# --- any file at all ---


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not-a-pdf"),
        (b"<html></html>", "not-a-pdf"),
        (b"%PDF-1.7\n", "broken-pdf"),
        (b"%PDF-1.7\n" + b"junk " * 100, "broken-pdf"),
        (b"%PDF-1.7\ntrailer <</Root 1 0 R>>\nstartxref\n9\n%%EOF", "broken-pdf"),
        (b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 1 0 R>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF", "broken-pdf"),
    ],
)
def test_what_cannot_be_read_is_a_finding(tmp_path: Path, content: bytes, rule: str) -> None:
    assert rule in rules(_written(tmp_path / "bad.pdf", content))


def test_a_missing_file_and_a_folder_are_findings(tmp_path: Path) -> None:
    assert rules(tmp_path / "none.pdf") == {"unreadable-file"}
    assert rules(tmp_path) == {"unreadable-file"}


def test_a_protected_file_is_a_finding(good: Path, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=good)
    writer.encrypt("", "secret", algorithm="RC4-128")
    path = tmp_path / "locked.pdf"
    writer.write(path)
    (finding,) = preflight.check(path)
    assert finding.rule == "protected-pdf"
    assert "qpdf" in finding.hints[0]


def test_a_damaged_file_is_mended_and_told(good: Path, tmp_path: Path) -> None:
    content = good.read_bytes()
    start = content.rindex(b"startxref")
    path = _written(tmp_path / "bad.pdf", content[:start] + b"startxref\n7\n%%EOF\n")
    assert rules(path) == {"mended-pdf"}


# The property is simple, and each example reads a whole file.
@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seeds=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12), cut=st.booleans()
)
def test_no_damage_ends_in_a_traceback(good: Path, tmp_path: Path, seeds: list[tuple[int, int]], cut: bool) -> None:
    content = bytearray(_uncompressed(good))
    for place, value in seeds:
        content[place % len(content)] = value
    if cut:
        del content[seeds[0][0] % len(content) :]
    preflight.check(_written(tmp_path / "damaged.pdf", bytes(content)))


WRONG: tuple[Any, ...] = (0, -1, 2**40, 1.5, True, "text", "/Name", [], [1, None, "/A"], {}, {"K": 1}, None)


# The property is simple, and each example reads a whole file.
@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_wrong_type_ends_in_a_traceback(tmp_path: Path, data: st.DataObject) -> None:
    def wrong(made: Maker) -> None:
        holders: list[Any] = [found for found in made.writer._objects if isinstance(found, dict)]
        holders += [made.structure["/ParentTree"], made.root["/MarkInfo"], made.pages[0]["/Resources"]]
        for _ in range(data.draw(st.integers(1, 5))):
            holder = holders[data.draw(st.integers(0, len(holders) - 1))]
            keys = sorted(set(holder) - {"/Filter", "/Length"})
            if keys:
                key = data.draw(st.sampled_from(keys))
                value = data.draw(st.sampled_from(WRONG) | st.sampled_from(holders))
                found = value if value in holders and isinstance(value, dict) and value else pdf(value)
                holder[NameObject(key)] = getattr(found, "indirect_reference", None) or found

    preflight.check(make(tmp_path / "wrong.pdf", everything(), wrong))


def _uncompressed(path: Path) -> bytes:
    """A file with its pages in plain sight, and without its font program, so that damage hits what is read."""
    writer = PdfWriter(clone_from=path)
    for found in writer._objects:
        if isinstance(found, dict) and "/Length1" in found:
            found._data = b""
    for page in writer.pages:
        drawn: Any = page["/Contents"]
        page[NameObject("/Contents")] = writer._add_object(_plain(drawn.get_data()))
    target = path.with_suffix(".plain")
    writer.write(target)
    return target.read_bytes()


# --- much ---


def test_time_grows_with_the_pages_and_no_faster(tmp_path: Path) -> None:
    page = [tag("H1", "Un"), *(tag("P", "Un texte ", link("un lien", f"https://a.example.org/{n}")) for n in range(20))]
    path = make(tmp_path / "long.pdf", [page] * 120)
    start = time.process_time()
    assert preflight.check(path) == ()
    assert time.process_time() - start < 20


def test_a_deep_tree_and_forms_that_draw_forms_end(tmp_path: Path) -> None:
    def deep(made: Maker) -> None:
        above = made.named["h1"]
        for _ in range(3000):
            below = pdf({"Type": "/StructElem", "S": "/Span", "P": above.indirect_reference, "K": []})
            above["/K"].append(made.add(below))
            above = below

    assert rules(make(tmp_path / "deep.pdf", everything(), deep)) == {"empty-tag"}

    def bomb(made: Maker) -> None:
        inner: Any = None
        for _ in range(12):
            form = stream(b"/X Do " * 30, Type="/XObject", Subtype="/Form", BBox=[0, 0, 9, 9])
            if inner is not None:
                form[NameObject("/Resources")] = pdf({"XObject": {"X": inner}})
            inner = made.add(form)
        made.pages[0]["/Resources"][NameObject("/XObject")] = pdf({"X": inner})
        made.rewrite(0, "/H1 <<", "/X Do /H1 <<")

    start = time.process_time()
    preflight.check(make(tmp_path / "bomb.pdf", everything(), bomb))
    assert time.process_time() - start < 60


# --- the command ---


def run(*arguments: str | Path, cwd: Path | None = None) -> Done:
    return livret_here("preflight", *arguments, cwd=cwd)


def test_the_command_says_that_a_good_file_is_good(good: Path) -> None:
    done = run(good.name, cwd=good.parent)
    assert (done.code, done.err) == (0, "")
    assert done.out == "good.pdf: PDF/UA-1, checked by Livret and veraPDF\n"


def test_the_command_tells_what_both_find(tmp_path: Path) -> None:
    make(tmp_path / "bad.pdf", everything(), lambda made: made.set(made.named["figure"], "Alt", None))
    done = run("bad.pdf", "--profile", "pdfua", cwd=tmp_path)
    assert done.code == 1
    assert done.out == "bad.pdf: not PDF/UA-1, checked by Livret and veraPDF\n"
    assert "bad.pdf: error: page 2: Figure" in done.err
    assert "(veraPDF, clause 7.3, test 1)" in done.err


def test_the_command_as_json(
    verdicts: tuple[engine.Verdict, ...], good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What veraPDF said of the good file before: to start it takes three seconds.
    monkeypatch.setattr(engine, "validate", lambda paths, *flavour: verdicts[: len(paths)])
    (tmp_path / "junk.pdf").write_text("junk")
    done = run(good, "junk.pdf", "--format", "json", cwd=tmp_path)
    assert done.code == done.told["exit_code"] == 1
    first, second = done.told["files"]
    assert first == {"file": str(good), "profile": "pdfua", "errors": 0, "verapdf": True}
    assert second == {"file": "junk.pdf", "profile": "pdfua", "errors": 1, "verapdf": None}
    assert [finding["rule"] for finding in done.told["findings"]] == ["not-a-pdf"]


def test_the_command_notes_that_verapdf_was_not_run(good: Path, tmp_path: Path) -> None:
    if any(path.exists() for path in engine.HOMEBREW):
        pytest.fail("this test needs a machine whose only Java is the one that PATH finds")
    # In a process of its own, which has found no Java yet.
    done = livret("preflight", good, "-v", more={"PATH": str(tmp_path), "JAVA_HOME": ""})
    assert done.code == 0
    assert "checked by Livret\n" in done.out
    assert "note: veraPDF was not run" in done.err


@pytest.mark.parametrize("arguments", [("x.pdf", "--profile", "pdfx"), (), ("x.pdf", "--profile", "")])
def test_a_mistyped_command_is_usage(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.code == 2
    assert "Usage" in done.err


def test_the_help_has_examples() -> None:
    done = run("--help")
    assert "livret preflight output/full/full-screen.pdf" in done.out


def test_looking_at_a_pdf_loads_no_engine(good: Path) -> None:
    code = (
        "import sys\nfrom livret.control import preflight\nfrom pathlib import Path\n"
        "preflight.check(Path(sys.argv[1]))\nprint(*sorted(set(sys.modules) & {'weasyprint', 'pypdfium2', 'jinja2'}))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(good)], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")


@pytest.mark.parametrize("password", ["", "secret"])
@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_an_encrypted_file_is_told_as_that(
    good: Path, tmp_path: Path, password: str, revision: Literal[2, 3, 4, 6]
) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(good) as pdf:
        encryption = pikepdf.Encryption(
            owner="owner", user=password, R=revision, aes=revision > 3, metadata=revision > 3
        )
        pdf.save(locked, encryption=encryption)
    assert [finding.rule for finding in preflight.check(locked)] == ["protected-pdf"]


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        (finding,) = preflight.check(path)
        assert finding.rule == "unreadable-file"
