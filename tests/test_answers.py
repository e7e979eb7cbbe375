"""Answers that came back: forms filled in by other programs, notes on pages, and files that must not be believed."""

from __future__ import annotations

import base64
import contextlib
import ctypes
import json
import os
import re
import socket
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from shutil import copytree
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw
import pytest
from pikepdf import Array, Dictionary, Name, String

from conftest import FILES, CatalogueFolder
from press import Done, change, livret_here, plain_layout
from web import Tab, browser


@pytest.fixture(scope="module")
def proofed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two cards with their proofs; nobody changes it."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("answers") / "project")
    for name, content in FILES.items():
        folder.write(name, content)
    plain_layout(folder)
    done = livret_here("-C", folder.root, "proof", "aajt", "kodiko")
    assert done.code == 0, done.err
    return folder.root


@pytest.fixture
def root(proofed: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy with a catalogue to be changed; no day is set from outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        yield Path(copytree(proofed, tmp_path / "project"))


def proof(root: Path, card: str = "aajt") -> Path:
    return root / "output" / "proofs" / f"{card}.pdf"


def returned(root: Path, card: str = "aajt", more: Callable[[pikepdf.Pdf], None] | None = None, **values: Any) -> Path:
    """A proof filled in by qpdf, as any program may write it; `more` changes anything else."""
    path = root / f"returned-{card}.pdf"
    with pikepdf.open(proof(root, card)) as pdf:
        for field in pdf.Root.AcroForm.Fields[0].Kids:
            name = str(field.T)
            if name == "state" and "state" in values:
                field.V = Name(f"/{values['state']}")
            elif name in values:
                field.V = String(values[name])
        if more:
            more(pdf)
        pdf.save(path, encryption=values.get("encryption", False))
    return path


def answers(root: Path, *arguments: str | Path) -> Done:
    return livret_here("-C", root, "answers", *arguments)


def state(root: Path, card: str = "aajt") -> dict[str, Any]:
    told = json.loads(livret_here("-C", root, "status", card, "--format", "json").out)
    part = told["parts"][0]
    assert isinstance(part, dict)
    return part


def register(root: Path) -> str:
    path = root / "catalogue" / "approvals.yaml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


# --- forms filled in ---


def boxes_of(path: Path) -> dict[str, list[float]]:
    """The rectangle of each field, a button by the name of what it says."""
    boxes = {}
    with pikepdf.open(path) as pdf:
        for one in pdf.pages[0].Annots:
            if one.Subtype == "/Widget":
                appearances = [key.strip("/") for key in one.AP.N.keys() if key != "/Off"]  # noqa: SIM118
                names = [str(one.T)] if "/T" in one else appearances
                boxes[names[0]] = [float(value) for value in one.Rect]
    return boxes


def typed_into(path: Path, target: Path, texts: dict[str, str], ticked: str) -> None:
    """Fill a proof in with the mouse and the keys of pdfium."""
    raw, boxes = pypdfium2.raw, boxes_of(path)
    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()
        page, form = document[0], document.formenv
        assert form is not None
        for name in (*texts, ticked):
            left, low, right, high = boxes[name]
            at = (left + right) / 2, (low + high) / 2
            raw.FORM_OnMouseMove(form, page, 0, *at)
            raw.FORM_OnLButtonDown(form, page, 0, *at)
            raw.FORM_OnLButtonUp(form, page, 0, *at)
            if name in texts:
                encoded = (texts[name] + "\0").encode("utf-16-le")
                units = (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded)
                raw.FORM_ReplaceSelection(form, page, units)
        raw.FORM_ForceToKillFocus(form)
        document.save(target)


# What the viewer of Chromium has of the file with all that was typed: what its button saves.
SAVED = """document.querySelector('pdf-viewer').currentController.save('EDITED').then(saved => {
  const bytes = new Uint8Array(saved.dataToSave);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
})"""
RECT = "JSON.stringify(document.querySelector('pdf-viewer').viewport.getPageScreenRect(0))"
LOADED = """(() => {
  try { return document.querySelector('pdf-viewer').viewport.getPageScreenRect(0).width > 100; }
  catch { return false; }
})()"""


def typed_in_chromium(path: Path, target: Path, texts: dict[str, str], ticked: str) -> None:
    """Fill a proof in with the mouse and the keys in the PDF viewer of a Chromium, and save it."""
    boxes = boxes_of(path)
    with pikepdf.open(path) as pdf:
        width, height = map(float, pdf.pages[0].mediabox[2:])
    with browser() as chromium:
        page = chromium.tab()
        page.size(1600, 1300)
        page.open(path.as_uri() + "#zoom=100&toolbar=0")
        viewer = None
        while viewer is None:
            targets = chromium.pipe.ask("Target.getTargets")["targetInfos"]
            own = [one["targetId"] for one in targets if one["url"].startswith("chrome-extension://")]
            if own:
                session = chromium.pipe.ask("Target.attachToTarget", targetId=own[0], flatten=True)["sessionId"]
                viewer = Tab(chromium.pipe, session, own[0])
        viewer.until(LOADED)
        shown = json.loads(viewer.run(RECT))
        scale = shown["width"] / width

        def click(name: str) -> None:
            left, low, right, high = boxes[name]
            at = {"x": shown["x"] + (left + right) / 2 * scale, "y": shown["y"] + (height - (low + high) / 2) * scale}
            for kind, button in (("mouseMoved", "none"), ("mousePressed", "left"), ("mouseReleased", "left")):
                page.ask("Input.dispatchMouseEvent", type=kind, button=button, clickCount=int(button == "left"), **at)

        click(ticked)
        for name, text in texts.items():
            click(name)
            page.ask("Input.insertText", text=text)
        # A field takes what was typed when it is left.
        click(ticked)
        target.write_bytes(base64.b64decode(viewer.run(SAVED)))


@pytest.mark.parametrize("fill", [typed_into, typed_in_chromium], ids=["pdfium", "chromium"])
def test_a_form_filled_in_by_another_program_is_entered(root: Path, fill: Callable[..., None]) -> None:
    path = root / "filled.pdf"
    fill(proof(root), path, {"name": "Zoé Lefèvre", "date": "4 mai 2026", "remarks": "Très bien"}, "approved")
    done = answers(root, path, "--yes")
    assert done.code == 0, done.err
    assert "initiatives/aajt, version 1: approved by Zoé Lefèvre on 2026-05-04" in done.out
    found = state(root)
    assert (found["state"], found["by"], found["on"], found["note"]) == (
        "approved", "Zoé Lefèvre", "2026-05-04", "Très bien",
    )  # fmt: skip
    assert "approved-with-remarks" in done.err, "somebody should read them"


def test_a_form_that_names_only_its_state_and_a_name_is_enough(root: Path) -> None:
    done = answers(root, returned(root, state="approved", name="Luc", date="2026-05-02"), "--yes")
    assert done.code == 0, done.err
    assert state(root)["state"] == "approved"


def test_corrections_are_entered_with_their_text(root: Path) -> None:
    path = returned(root, state="corrections", name="Luc", date="2/5/2026", remarks="Le titre.\rLe téléphone.")
    assert answers(root, path, "--yes").code == 0
    assert (state(root)["state"], state(root)["note"]) == ("corrections", "Le titre.\nLe téléphone.")


def test_a_box_that_is_only_drawn_as_ticked_counts(root: Path) -> None:
    def tick(pdf: pikepdf.Pdf) -> None:
        for one in pdf.pages[0].Annots:
            if one.Subtype == "/Widget" and "/AS" in one and "/approved" in one.AP.N:
                one.AS = Name.approved

    answers(root, returned(root, more=tick, name="Luc"), "--yes")
    assert state(root)["state"] == "approved"


def widgets(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [one for page in pdf.pages for one in page.obj.get("/Annots", Array()) if one.Subtype == "/Widget"]


def named_anew(pdf: pikepdf.Pdf, *names: str) -> None:
    """Give the two buttons other names for on, as programs do that write forms anew."""
    buttons = [one for one in widgets(pdf) if "/AS" in one]
    for button, name in zip(buttons, names, strict=True):
        (own,) = (key for key in button.AP.N.keys() if key != "/Off")  # noqa: SIM118
        drawn = button.AP.N[own]
        del button.AP.N[own]
        button.AP.N[f"/{name}"] = drawn


def second_by_number(pdf: pikepdf.Pdf) -> None:
    named_anew(pdf, "0", "1")
    pdf.Root.AcroForm.Fields[0].Kids[0].V = Name("/1")


def second_shown(pdf: pikepdf.Pdf) -> None:
    named_anew(pdf, "Yes", "Yes")
    [one for one in widgets(pdf) if "/AS" in one][1].AS = Name.Yes


def flat_fields(pdf: pikepdf.Pdf) -> None:
    """Each field by itself under its full name, as viewers of macOS write them."""
    form = pdf.Root.AcroForm.Fields[0]
    name, fields = str(form.T), []
    for field in list(form.Kids):
        field.T = String(f"{name}.{field.T}")
        del field.Parent
        fields.append(field)
    fields[0].V = Name.corrections
    pdf.Root.AcroForm.Fields = Array(fields)


def only_on_pages(pdf: pikepdf.Pdf) -> None:
    """The form of the file is gone, and its fields are still on the pages."""
    pdf.Root.AcroForm.Fields[0].Kids[0].V = Name.corrections
    del pdf.Root.AcroForm


def leftovers(pdf: pikepdf.Pdf) -> None:
    """What form programs leave behind, a value as text, and appearances that nobody drew."""
    pdf.Root.AcroForm.NeedAppearances = True
    pdf.Root.AcroForm.XFA = Array([String("template"), pdf.make_stream(b"<xdp/>")])
    pdf.Root.AcroForm.Fields[0].Kids[0].V = String("corrections")
    for one in widgets(pdf):
        if "/AS" not in one and "/AP" in one:
            del one.AP


@pytest.mark.filterwarnings("ignore:This document has")
@pytest.mark.parametrize("change", [second_by_number, second_shown, flat_fields, only_on_pages, leftovers])
def test_a_form_is_read_however_a_program_arranged_it(root: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    path = returned(root, more=change, name="Luc", remarks="Le titre")
    done = answers(root, path, "--yes")
    assert done.code == 0, done.err
    assert (state(root)["state"], state(root)["by"], state(root)["note"]) == ("corrections", "Luc", "Le titre")


@pytest.mark.filterwarnings("ignore:Copying pages")
def test_several_proofs_in_one_file_are_several_answers_each_with_its_notes(root: Path) -> None:
    first = returned(root, state="approved", name="Luc")
    second = returned(
        root, "kodiko", lambda pdf: void(noted(pdf, "Highlight", "Épreuve", "là")), state="corrections", name="Zoé"
    )
    with pikepdf.open(first) as pdf, pikepdf.open(second) as other:
        pdf.pages.extend(other.pages)
        copied = pdf.copy_foreign(other.Root.AcroForm.Fields[0])
        pdf.Root.AcroForm.Fields.append(copied)
        pdf.save(root / "both.pdf")
    done = answers(root, root / "both.pdf", "--yes")
    assert done.code == 0, done.err
    assert [state(root, card)["state"] for card in ("aajt", "kodiko")] == ["approved", "corrections"]
    assert "là" in state(root, "kodiko")["note"]
    assert state(root)["note"] is None


def test_a_mark_over_two_lines_gives_the_words_of_both(root: Path) -> None:
    def mark(pdf: pikepdf.Pdf) -> None:
        with pypdfium2.PdfDocument(pdf.filename) as document:
            text = document[0].get_textpage()
            lines = [text.get_rect(index) for index in range(text.count_rects())]
            first, second = next(
                (one, other)
                for one, other in pairwise(lines)
                if abs(one[0] - other[0]) < 1
                and 5 < one[1] - other[1] < 20
                and min(one[2] - one[0], other[2] - other[0]) > 60
            )
            words.extend(" ".join(text.get_text_bounded(*line).split()) for line in (first, second))
        lines = [(left, high, right, high, left, low, right, low) for left, low, right, high in (first, second)]
        corners = Array([number for line in lines for number in line])
        box = [min(first[0], second[0]), second[1], max(first[2], second[2]), first[3]]
        pdf.pages[0].Annots.append(
            Dictionary(Type=Name.Annot, Subtype=Name.Highlight, Rect=Array(box), QuadPoints=corners)
        )

    words: list[str] = []
    path = returned(root, more=mark, state="corrections", name="Luc", remarks="voir")
    (note,) = livret_here("-C", root, "--format", "json", "answers", path).told["answers"][0]["notes"]
    assert note["on"].split() == " ".join(words).split()


def test_nothing_is_entered_that_nobody_confirms(root: Path) -> None:
    done = answers(root, returned(root, state="approved", name="Luc"))
    assert done.code == 0
    assert "approved by Luc" in done.out
    assert "nothing was entered" in done.out
    assert register(root) == ""


def test_a_file_that_is_no_answer_keeps_no_other_answer_out(root: Path) -> None:
    (root / "other.pdf").write_bytes(b"not a PDF")
    done = answers(root, root / "other.pdf", returned(root, state="approved", name="Luc"), "--yes")
    assert (done.code, "unreadable-answer" in done.err, "1 answer entered" in done.out) == (1, True, True)
    assert state(root)["state"] == "approved"


@pytest.mark.parametrize("date", ["02/05/26", "2.5.26", "02-05-26"])
def test_a_year_of_two_digits_is_one_of_this_century(root: Path, date: str) -> None:
    answers(root, returned(root, state="approved", name="Luc", date=date), "--yes")
    assert state(root)["on"] == "2026-05-02"


def test_an_answer_is_entered_once(root: Path) -> None:
    path = returned(root, state="approved", name="Luc", date="2026-05-02")
    answers(root, path, path, "--yes")
    again = answers(root, path, "--yes")
    assert register(root).count("state: approved") == 1
    known = f"{path}: note: this answer of Luc on initiatives/aajt is in the register already [known-answer]\n"
    assert (again.code, again.out) == (0, known)


def test_a_name_can_be_given_where_the_form_has_none(root: Path) -> None:
    path = returned(root, state="approved", date="2026-05-02")
    done = answers(root, path, "--yes")
    assert (done.code, "unclear-answer" in done.err, register(root)) == (1, True, "")
    assert answers(root, path, "--yes", "--by", "Luc").code == 0
    assert state(root)["by"] == "Luc"


@pytest.mark.parametrize("date", ["la semaine dernière", "2093-01-01", "0" * 50])
def test_a_date_that_says_nothing_is_told_and_replaced(root: Path, date: str) -> None:
    done = answers(root, returned(root, state="approved", name="Luc", date=date), "--yes", "--on", "2026-05-02")
    assert "unclear-date" in done.err
    assert state(root)["on"] == "2026-05-02"


def test_an_answer_dated_before_its_proof_was_sent_counts_all_the_same(root: Path) -> None:
    livret_here("-C", root, "proof", "aajt", "--sent")
    done = answers(root, returned(root, state="approved", name="Luc", date="2001-05-02"), "--yes")
    assert "when the proof was sent" in done.err
    assert state(root)["state"] == "approved"


# --- notes on pages ---


def noted(pdf: pikepdf.Pdf, kind: str, around: str, text: str, **more: Any) -> pikepdf.Object:
    """Put a note of this kind on the words `around`."""
    with pypdfium2.PdfDocument(pdf.filename) as document:
        page = document[0].get_textpage()
        start, count = page.search(around, match_case=True).get_next() or (0, 1)
        boxes = [page.get_charbox(index, loose=True) for index in range(start, start + count)]
    left, low = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, high = max(box[2] for box in boxes), max(box[3] for box in boxes)
    corners = [left, high, right, high, left, low, right, low] if kind not in ("Text", "Caret", "FreeText") else None
    made = Dictionary(
        Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([left, low, right, high]), Contents=String(text), **more
    )
    if corners:
        made.QuadPoints = Array(corners)
    note = pdf.make_indirect(made)
    pdf.pages[0].Annots.append(note)
    return note


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("Highlight", 'highlighted "01 99 00 12 34": à changer'),
        ("StrikeOut", 'struck out "01 99 00 12 34": à changer'),
        ("Underline", 'underlined "01 99 00 12 34": à changer'),
        ("Text", "à changer"),
        ("FreeText", "à changer"),
        ("Caret", "à changer"),
    ],
)
def test_a_note_is_listed_with_the_words_it_stands_on(root: Path, kind: str, told: str) -> None:
    path = returned(
        root, more=lambda pdf: void(noted(pdf, kind, "01 99 00 12 34", "à changer")), state="corrections", name="Luc"
    )
    done = answers(root, path, "--yes")
    (line,) = [line for line in done.out.splitlines() if "à changer" in line]
    assert line.startswith("  page 1: ")
    assert told in line
    assert "01 99 00 12 34" in line
    assert "à changer" in state(root)["note"]


def test_a_mark_finds_words_that_are_read_otherwise_than_they_are_printed(root: Path) -> None:
    def mark(pdf: pikepdf.Pdf) -> None:
        noted(pdf, "Highlight", "01 99 00 12 34", "à changer")
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form":
                content = re.sub(rb"<<\s*/MCID (\d+)\s*>>", rb"<</MCID \1/ActualText (read)>>", one.read_bytes())
                one.write(content)

    done = answers(root, returned(root, more=mark, state="corrections", name="Luc"), "--yes")
    assert 'highlighted "01 99 00 12 34": à changer' in done.out


def test_a_note_is_near_whole_words(root: Path) -> None:
    path = returned(root, more=lambda pdf: void(noted(pdf, "Text", "de jeunes", "?")), state="corrections", name="Luc")
    (line,) = [line for line in answers(root, path).out.splitlines() if line.endswith(": ?")]
    assert line == '  page 1: note near "accueille de jeunes travailleurs.": ?'


def void(_: object) -> None:
    return None


def test_a_reply_is_listed_as_one_and_popups_and_links_are_not(root: Path) -> None:
    def two(pdf: pikepdf.Pdf) -> None:
        first = noted(pdf, "Highlight", "01 99 00 12 34", "à changer")
        noted(pdf, "Text", "01 99 00 12 34", "non, il est juste", IRT=first)
        noted(pdf, "Popup", "01 99 00 12 34", "", Parent=first)
        noted(pdf, "Ink", "01 99 00 12 34", "").Rect = Array([5, 5, 9, 9])

    told = livret_here(
        "-C", root, "--format", "json", "answers", returned(root, more=two, state="corrections", name="Luc")
    ).told
    notes = told["answers"][0]["notes"]
    assert [(one["kind"], one["reply"], one["text"]) for one in notes] == [
        ("Highlight", False, "à changer"),
        ("Text", True, "non, il est juste"),
        ("Ink", False, ""),
    ]
    path = returned(root, more=two, state="corrections", name="Luc")
    assert livret_here("-C", root, "answers", path).out.count("page 1: a mark without words\n") == 1


def test_a_note_with_rich_text_alone_is_read_and_a_state_of_a_note_is_none(root: Path) -> None:
    def three(pdf: pikepdf.Pdf) -> None:
        rich = noted(pdf, "FreeText", "01 99 00 12 34", "")
        rich.RC = String("<body xmlns='http://www.w3.org/1999/xhtml'><p>num&#233;ro</p><p>à changer</p></body>")
        noted(pdf, "Text", "01 99 00 12 34", "", StateModel=String("Review"), State=String("Accepted"), IRT=rich)
        noted(pdf, "FileAttachment", "01 99 00 12 34", "voir le fichier joint")

    path = returned(root, more=three, state="corrections", name="Luc")
    told = livret_here("-C", root, "--format", "json", "answers", path).told
    notes = told["answers"][0]["notes"]
    assert [(one["kind"], one["text"]) for one in notes] == [
        ("FreeText", "numéro\nà changer"),
        ("FileAttachment", "voir le fichier joint"),
    ]


def test_two_answers_that_contradict_each_other_are_told(root: Path) -> None:
    first = returned(root, state="corrections", name="Jeanne", date="2019-04-08").rename(root / "first.pdf")
    second = returned(root, state="approved", name="Luc", date="2019-04-08")
    done = answers(root, first, second, "--yes")
    assert done.code == 0
    assert "Luc answers otherwise about initiatives/aajt than Jeanne" in done.err
    assert "[contradicting-answers]" in done.err
    assert register(root).count("state:") == 2


# --- answers that must not be entered ---


def refused(root: Path, path: Path, rule: str, told: str = "") -> str:
    done = answers(root, path, "--yes", "--by", "Luc")
    assert done.code == 1
    assert f"[{rule}]" in done.err
    assert told in done.err
    assert "Traceback" not in done.err
    assert register(root) == ""
    return done.err


def test_an_answer_about_another_version_is_refused(root: Path) -> None:
    card = root / "catalogue" / "initiatives" / "aajt.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("01 99 00 12 34", "01 99 00 12 35"), encoding="utf-8")
    refused(root, returned(root, state="approved", name="Luc"), "stale-answer", "version 1 of initiatives/aajt")


def test_a_stale_answer_names_the_fields_that_changed_since(root: Path) -> None:
    livret_here("-C", root, "correct", "aajt", "--by", "Luc", "--note", "Le numéro", "--on", "2026-05-01")
    card = root / "catalogue" / "initiatives" / "aajt.yaml"
    text = card.read_text(encoding="utf-8").replace("01 99 00 12 34", "01 99 00 12 35")
    card.write_text(text.replace("Coup de Pouce", "Coup de pouce"), encoding="utf-8")
    before = register(root)
    done = answers(root, returned(root, state="approved", name="Luc"), "--yes")
    assert "since then changed: contacts and title" in done.err
    assert "livret proof initiatives/aajt" in done.err
    assert (done.code, register(root)) == (1, before)


def test_an_answer_about_a_card_that_is_gone_is_refused(root: Path) -> None:
    (root / "catalogue" / "initiatives" / "kodiko.yaml").rename(root / "catalogue" / "initiatives" / "kodikos.yaml")
    card = root / "catalogue" / "initiatives" / "aajt.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("card:kodiko", "card:kodikos"), encoding="utf-8")
    path = returned(root, "kodiko", state="approved", name="Luc")
    refused(root, path, "stale-answer", "initiatives/kodikos has the same content")
    change(card.with_name("kodikos.yaml"), "Kodiko réunit", "Kodiko rassemble")
    refused(root, path, "stale-answer", "it was renamed or deleted")


def test_a_pdf_of_another_maker_is_no_answer(root: Path, tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "other.pdf")
    refused(root, tmp_path / "other.pdf", "foreign-answer", "hint: give the PDF that came back")


def test_an_encrypted_pdf_is_told_as_one(root: Path) -> None:
    for password in ("", "secret"):
        encryption = pikepdf.Encryption(owner="owner", user=password)
        refused(root, returned(root, state="approved", encryption=encryption), "encrypted-answer")


def test_a_proof_without_its_form_is_told_as_one(root: Path) -> None:
    def flatten(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.AcroForm
        del pdf.pages[0].Annots

    refused(root, returned(root, more=flatten), "flattened-answer", "livret approve initiatives/aajt")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"not a PDF", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>\nendobj\n"])
def test_a_damaged_file_is_told_as_one(root: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.pdf"
    path.write_bytes(content)
    refused(root, path, "unreadable-answer")


def test_an_archive_with_an_answer_in_it_is_no_answer(root: Path) -> None:
    path = root / "answers.pdf"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(returned(root, state="approved", name="Luc"), "aajt.pdf")
    refused(root, path, "unreadable-answer", "no PDF")


def test_a_file_that_is_not_there_is_told(root: Path) -> None:
    refused(root, root / "none.pdf", "unreadable-answer", "no such file")
    refused(root, root, "unreadable-answer", "this is a folder")


def test_what_is_no_file_is_told_by_what_it_is(root: Path, tmp_path: Path) -> None:
    pipe, gone = tmp_path / "pipe.pdf", tmp_path / "gone.pdf"
    os.mkfifo(pipe)
    gone.symlink_to(tmp_path / "nowhere.pdf")
    refused(root, pipe, "unreadable-answer", "this is a pipe, not a file")
    refused(root, Path("/dev/null"), "unreadable-answer", "this is a device, not a file")
    refused(root, gone, "unreadable-answer", "no such file")
    with socket.socket(socket.AF_UNIX) as opened, contextlib.chdir(tmp_path):
        # The name of a socket may have about a hundred characters.
        opened.bind("socket.pdf")
        refused(root, tmp_path / "socket.pdf", "unreadable-answer", "this is a socket, not a file")


@pytest.mark.parametrize("given", ["", "other", "approved corrections", "Off"])
def test_an_answer_that_is_not_clear_is_refused(root: Path, given: str) -> None:
    refused(root, returned(root, state=given or "Off", name="Luc"), "unclear-answer")


@pytest.mark.parametrize("field", ["name", "date", "remarks"])
def test_a_text_without_end_is_refused(root: Path, field: str) -> None:
    values: dict[str, Any] = {"state": "approved", "name": "Luc", field: "a" * 3_000_000}
    refused(root, returned(root, **values), "long-answer")


def test_the_name_of_the_form_is_not_believed(root: Path) -> None:
    for name in (
        "livret:full:../../etc:1:0123456789abcdef",
        "livret:full:initiatives/aajt:1:x",
        "livret:" + "a" * 10**6,
    ):

        def rename(pdf: pikepdf.Pdf, name: str = name) -> None:
            pdf.Root.AcroForm.Fields[0].T = String(name)
            del pdf.pages[0].Contents

        refused(root, returned(root, more=rename, state="approved"), "foreign-answer")


def test_invisible_characters_do_not_reach_the_register(root: Path) -> None:
    path = returned(
        root, state="approved", name="Luc\x00\x07\u202e Martin\nstate: approved", remarks="a\x1b[31m\u2066b"
    )
    assert answers(root, path, "--yes").code == 0
    found = state(root)
    assert (found["by"], found["note"]) == ("Luc Martin state: approved", "a[31mb")
    assert register(root).count("\n  - {state") == 1


def test_a_file_made_to_take_for_ever_is_given_up_and_harms_nothing(root: Path) -> None:
    def burst(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('no')"))
        page = pdf.pages[0]
        for _ in range(400):
            page.Annots.append(Dictionary(Type=Name.Annot, Subtype=Name.Highlight, QuadPoints=Array([0] * 1200)))
        field = pdf.Root.AcroForm.Fields[0]
        field.Kids.append(field)

    path = returned(root, more=burst, state="corrections", name="Luc")
    done = livret_here("-C", root, "--format", "json", "answers", path)
    assert len(done.told["answers"][0]["notes"]) <= 300
