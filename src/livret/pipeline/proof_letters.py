"""What goes out with proofs: one ZIP for each pilot, and drafts of letters with the proofs attached.

Livret sends nothing. The drafts (.eml) open in the office's own mail program, and the table (.csv) serves a mail merge.
"""

from __future__ import annotations

import csv
import io
import re
import string
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path

from livret.content.language_tags import with_main_subtags
from livret.content.schema.model import Catalogue, EditorialPage, Initiative, Partner
from livret.findings import Finding, LivretError, Location, Report, warning
from livret.pages.compose.formatting import long_date
from livret.pages.compose.slip import ProofLayout
from livret.pages.flatplan import Edition, select
from livret.pipeline.options import Proof
from livret.pipeline.proofs import CODE, Proofed
from livret.project import Project, digest, replacing, write
from livret.translation import say

# What file systems do not take in a name, Windows least of all.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_DEVICES = re.compile("con|prn|aux|nul|(com|lpt)[0-9]", re.IGNORECASE)
_LONGEST_NAME = 80
_HEADS = ("to", "name", "pilot", "cards", "subject", "answer by", "version", "digest", "files")


def pack(
    project: Project,
    catalogue: Catalogue,
    wanted: Proof,
    proofs: Sequence[Proofed],
    report: Report,
    *,
    zipped: bool,
    letters: bool,
) -> tuple[Path, ...]:
    """Write ZIPs or letters, or both, for proofs that were made; gives the files. Raises as `write_letters` does."""
    # These are what was asked for, beside what was made of it.
    edition = select(catalogue, wanted.edition)
    files = write_zips(project, edition, proofs) if zipped else ()
    if letters:
        written, findings = write_letters(project, edition, proofs, wanted.answer_by)
        report.add(findings)
        files = (*files, *written)
    return files


@dataclass(frozen=True)
class Parcel:
    """The proofs that go to one pilot, at one address, if there is any."""

    pilot: str
    address: str | None
    name: str | None
    proofs: tuple[Proofed, ...]


def parcels(proofs: Sequence[Proofed], edition: Edition, *, by_address: bool) -> tuple[Parcel, ...]:
    """Proofs by their pilot, in the order of the book; and `by_address` also by whom they are sent to."""
    found: dict[tuple[str, str | None], list[Proofed]] = {}
    names: dict[tuple[str, str | None], str | None] = {}
    for one in proofs:
        pilot, address, name = _recipient(one, edition)
        key = (pilot, address if by_address else None)
        # Two pilots may share an address, such as that of a town hall, and have each a person of their own.
        names[key] = names.get(key) or name
        found.setdefault(key, []).append(one)
    return tuple(Parcel(*key, names[key], tuple(own)) for key, own in found.items())


def _recipient(one: Proofed, edition: Edition) -> tuple[str, str | None, str | None]:
    """The pilot, the address and the name that a proof goes to: those of the first contact that has an address."""
    subject = one.state.part.subject
    if isinstance(subject, Initiative):
        contact = next((contact for contact in subject.contacts if contact.email), None)
        if contact:
            return subject.filing_name, contact.email, contact.name
        return subject.filing_name, None, None
    if isinstance(subject, Partner):
        return subject.acronym or subject.name, None, None
    if isinstance(subject, EditorialPage) and subject.contact:
        return one.state.name, subject.contact.email, subject.contact.name
    return one.state.name, None, None


def file_name(one: Proofed, word: str) -> str:
    """What people see: `AAJT, Coup de Pouce, épreuve 2.pdf`; `word` is that for a proof."""
    subject = one.state.part.subject
    title = subject.title if isinstance(subject, Initiative) and subject.title else ""
    names = ", ".join(name for name in (one.state.name, title) if name)
    return f"{_safe(names)}, {word} {one.state.number}.pdf"


def _safe(text: str) -> str:
    """A name that every file system takes."""
    text = unicodedata.normalize("NFC", text)
    kept = "".join(one for one in text if unicodedata.category(one) not in ("Cc", "Cf"))
    name = " ".join(_FORBIDDEN.sub(" ", kept).split())[:_LONGEST_NAME].strip(" .") or "-"
    return f"{name}-" if _DEVICES.fullmatch(name) else name


def _unlike(names: Sequence[str]) -> list[str]:
    """The names, each of which is like no other one before it: a number is added."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        stem, dot, ending = name.rpartition(".")
        made.append(name if count == 1 else f"{stem} ({count}){dot}{ending}" if dot else f"{name} ({count})")
    return made


def write_zips(project: Project, edition: Edition, proofs: Sequence[Proofed]) -> tuple[Path, ...]:
    """One ZIP for each pilot in output/proofs/zip/, with names for people. Raises OutputError."""
    folder = project.output / "proofs" / "zip"
    word = ProofLayout(project, edition).labels(edition.language)["proof_file"]
    dated = project.build_date(edition.dated)
    day = (max(dated.year, 1980), dated.month, dated.day, 0, 0, 0)
    written = []
    grouped = parcels(proofs, edition, by_address=False)
    for parcel, name in zip(grouped, _unlike([f"{_safe(one.pilot)}.zip" for one in grouped]), strict=True):
        with replacing(folder / name) as beside, zipfile.ZipFile(beside, "w") as archive:
            names = _unlike([file_name(one, word) for one in parcel.proofs])
            for one, inside in zip(parcel.proofs, names, strict=True):
                # The pages of a PDF are compressed already.
                archive.writestr(zipfile.ZipInfo(inside, day), one.pdf.read_bytes())
        written.append(folder / name)
    return tuple(written)


def write_letters(
    project: Project, edition: Edition, proofs: Sequence[Proofed], answer_by: date | None
) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """A draft for each pilot and address, and the table of all, in output/proofs/letters/.

    A warning for each part without an address, whose draft has no recipient. Raises OutputError, and LivretError when
    the template of the letter cannot be used.
    """
    layout = ProofLayout(project, edition)
    word = layout.labels(edition.language)["proof_file"]
    folder = project.output / "proofs" / "letters"
    written, rows, findings = [], [], []
    grouped = parcels(proofs, edition, by_address=True)
    for parcel, name in zip(grouped, _unlike([f"{_safe(one.pilot)}.eml" for one in grouped]), strict=True):
        subject, text = _letter(layout, edition, parcel, answer_by)
        names = _unlike([file_name(one, word) for one in parcel.proofs])
        write(folder / name, _draft(edition, parcel, (subject, text), names))
        written.append(folder / name)
        rows.append(_row(parcel, subject, answer_by, names))
        if parcel.address is None:
            for one in parcel.proofs:
                told = say("{part} has no e-mail address, so its draft has no recipient", part=one.state.path)
                findings.append(warning("no-recipient", told, Location(one.state.file)))
    table = folder / "letters.csv"
    write(table, _table(rows))
    return (*written, table), tuple(findings)


def _letter(layout: ProofLayout, edition: Edition, parcel: Parcel, answer_by: date | None) -> tuple[str, str]:
    """The subject and the text of a letter, from letter.LANGUAGE.txt of layouts/proof/, else in English."""
    files = (layout.find(f"letter.{tag}.txt") for tag in with_main_subtags((edition.language, "en")))
    path = next((path for path in files if path), None)
    if path is None:
        raise LivretError(say("there is no letter.{language}.txt in layouts/proof", language=edition.language))
    values = {
        "pilot": parcel.pilot,
        "name": parcel.name or "",
        "cards": ", ".join(one.state.name for one in parcel.proofs),
        "edition": edition.title,
        "publisher": edition.publisher.name if edition.publisher else "",
        "email": (edition.publisher.email or "") if edition.publisher else "",
        "date": long_date(answer_by, edition.language) if answer_by else "",
        "versions": ", ".join(f"{one.state.name} v{one.state.number}" for one in parcel.proofs),
    }
    lines = [_filled(line, values, layout.project.shown(path)) for line in layout.project.read_text(path).splitlines()]
    head, *body = [line for line in lines if line is not None]
    return " ".join(head.partition(":")[2].split()), "\n".join(body).strip("\n") + "\n"


def _filled(line: str, values: Mapping[str, str], shown: str) -> str | None:
    """A line with its values; None for one that names a value that is empty."""
    template = string.Template(line)
    try:
        if any(not values[name] for name in template.get_identifiers()):
            return None
        return _with_inner_quotes(template.substitute(values))
    except KeyError as unknown:
        told = say("{file} names ${name}, which letters do not have", file=shown, name=unknown.args[0])
        raise LivretError(told, say("known names: {names}", names=", ".join(sorted(values)))) from None
    except ValueError:
        told = say("{file} has a $ without a name after it", file=shown)
        raise LivretError(told, say("write $$ for a dollar sign")) from None


def _with_inner_quotes(line: str) -> str:
    """A line in which guillemets within guillemets are the inner marks; a title may hold the outer ones."""
    made, depth = [], 0
    for piece in re.split(r"(«[ \u00a0\u202f]?|[ \u00a0\u202f]?»)", line):
        if piece.startswith("«"):
            depth += 1
            made.append("“" if depth > 1 else piece)
        elif piece.endswith("»"):
            made.append("”" if depth > 1 else piece)
            depth -= 1
        else:
            made.append(piece)
    return "".join(made)


def _draft(edition: Edition, parcel: Parcel, letter: tuple[str, str], names: Sequence[str]) -> bytes:
    """A letter that is not sent yet, as mail programs open it (X-Unsent is what Outlook asks for)."""
    sender = edition.publisher.email if edition.publisher else None
    addresses = {"From": _in_header(sender or ""), "To": _in_header(parcel.address or "")}
    # A name before the @ with accents is written as it is (RFC 6532): no other way of writing it is an address.
    is_plain = all(address.isascii() for address in addresses.values())
    draft = EmailMessage(policy=policy.SMTP if is_plain else policy.SMTPUTF8)
    draft["Subject"] = letter[0]
    for name, address in addresses.items():
        if address:
            draft[name] = address
    draft["X-Unsent"] = "1"
    draft.set_content(letter[1])
    for one, name in zip(parcel.proofs, names, strict=True):
        draft.add_attachment(one.pdf.read_bytes(), maintype="application", subtype="pdf", filename=name)
    # Python would choose a mark between the parts at random; this one is the same for the same letter.
    draft.set_boundary(f"=_{digest(*letter, *(one.state.version.content for one in parcel.proofs))[:32]}")
    return draft.as_bytes()


def _in_header(address: str) -> str:
    """An address as the header of a letter has it: a domain with accents in the letters of ASCII (RFC 5891)."""
    name, at, domain = address.rpartition("@")
    try:
        return f"{name}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _row(parcel: Parcel, subject: str, answer_by: date | None, names: Sequence[str]) -> tuple[str, ...]:
    own = [one.state for one in parcel.proofs]
    return (
        parcel.address or "",
        parcel.name or "",
        parcel.pilot,
        ", ".join(one.name for one in own),
        subject,
        str(answer_by or ""),
        ", ".join(str(one.number) for one in own),
        ", ".join(one.version.content[:CODE] for one in own),
        ", ".join(names),
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    """A table that spreadsheets of French systems open with accents: with a byte order mark and semicolons."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    # A cell that begins like a formula would be run by the spreadsheet.
    writer.writerows([f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell for cell in row] for row in (_HEADS, *rows))
    return "\ufeff" + file.getvalue()
