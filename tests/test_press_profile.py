"""Press profiles: what is read, every fault with its line, and ICC files that serve and that do not."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import ImageCms

from conftest import CatalogueFolder
from lengths import mm
from livret.content.press.folder import press_profiles
from livret.content.press.icc import icc_fault
from livret.content.press.profile import PressProfile, read_press_profile
from livret.findings import Finding, Location, Severity
from livret.project import Project

TOP = Path(__file__).resolve().parents[1]
COATED = (TOP / "press" / "FOGRA39L_coated.icc").read_bytes()
# Line 1 is `title`, 6 `icc`, 7 `ink_limit`: the tests name the lines.
OWN = """\
title: Imprimerie du Port
colour: cmyk
condition:
  identifier: Port-1
  description: Their own paper
icc: port.icc
ink_limit: 280
bleed: 5
safe_margin: 4
marks: {crop: true, registration: true, colour_bar: false, slug: true, offset: 6.5}
pictures: {least: 150, wanted: 225, one_bit_least: 550, one_bit_wanted: 800}
text: {least: 6, least_reversed: 9}
lines: {least: 0.25, least_reversed: 0.5}
sheet: [330, 480]
paper: {weight: 120, bulk: 1.3}
pages: {multiple: 8, stitched: 48}
"""


class Press:
    """The press folder of a project, with one profile of its own and the ICC file it names."""

    def __init__(self, folder: CatalogueFolder) -> None:
        self.project = folder.project
        self.path = folder.root / "press"
        self.path.mkdir()
        self.write("port.icc", COATED)
        self.write("port.yaml", OWN)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def change(self, *changes: tuple[str, str]) -> None:
        """Put other text in the place of lines of the profile, each of which stands there once."""
        text = OWN
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.write("port.yaml", text)

    def read(self, name: str = "port") -> tuple[PressProfile | None, tuple[Finding, ...]]:
        return read_press_profile(self.project, name)

    def only(self, name: str = "port") -> Finding:
        """The one finding, an error, because of which there is no profile."""
        profile, findings = self.read(name)
        assert profile is None
        (finding,) = findings
        assert finding.severity is Severity.ERROR
        return finding


@pytest.fixture
def press(catalogue_folder: CatalogueFolder) -> Press:
    return Press(catalogue_folder)


# --- reading ---


def test_a_profile_of_the_project_is_read_with_its_own_icc_file(press: Press) -> None:
    profile, findings = press.read()
    assert findings == ()
    assert profile is not None
    assert profile.condition is not None
    assert (profile.id, profile.condition.identifier, profile.condition.registry) == ("port", "Port-1", None)
    assert profile.icc == press.path / "port.icc"
    assert profile.icc_bytes() == COATED
    assert (profile.pages.multiple, profile.sheet) == (8, (330, 480))


def test_lengths_are_had_in_points(press: Press) -> None:
    profile, _ = press.read()
    assert profile is not None
    assert profile.bleed_points == pytest.approx(mm(5))
    assert profile.safe_margin_points == pytest.approx(mm(4))
    assert profile.marks_offset_points == pytest.approx(mm(6.5))
    assert profile.sheet_points == pytest.approx((mm(330), mm(480)))
    assert profile.caliper_points == pytest.approx(mm(0.156))


@pytest.mark.parametrize(("typed", "size"), [("SRA3", (320, 450)), ("a4", (210, 297)), ('["640", 900]', (640, 900))])
def test_a_sheet_is_named_or_measured(press: Press, typed: str, size: tuple[float, float]) -> None:
    press.change(("[330, 480]", typed))
    profile, findings = press.read()
    assert findings == ()
    assert profile is not None
    assert profile.sheet == size


def test_the_project_and_livret_offer_their_profiles_together(press: Press) -> None:
    press.write("Notes.yaml", "title: not a profile's name\n")
    press.write("uncoated.yaml", OWN)
    assert press_profiles(press.project) == ("coated-fogra39", "digital", "office", "port", "uncoated")


def test_a_profile_of_the_project_takes_the_place_of_livrets_as_a_whole(press: Press) -> None:
    press.write("uncoated.yaml", OWN)
    profile, _ = press.read("uncoated")
    assert profile is not None
    assert (profile.title, profile.icc) == ("Imprimerie du Port", press.path / "port.icc")
    press.write("uncoated.yaml", OWN.replace("ink_limit: 280\n", ""))
    assert press.only("uncoated").rule == "missing-field", "Livret's own ink limit does not stand in"


def test_an_icc_file_of_livret_needs_no_copy(press: Press) -> None:
    press.change(("port.icc", "FOGRA29L_uncoated.icc"))
    profile, findings = press.read()
    assert findings == ()
    assert profile is not None
    assert profile.icc == TOP / "press" / "FOGRA29L_uncoated.icc"


# --- faults, each with its line ---


def test_an_unknown_profile_is_named_with_the_known_ones(press: Press) -> None:
    finding = press.only("coated-fogra93")
    assert finding.rule == "unknown-press-profile"
    assert '"coated-fogra93"' in finding.message
    assert 'did you mean "coated-fogra39"?' in finding.hints
    assert any("coated-fogra39, digital, office, port and uncoated" in hint for hint in finding.hints)
    where = Location("catalogue/catalogue.yaml", 12)
    (told,) = read_press_profile(press.project, "x", where)[1]
    assert told.where == where


@pytest.mark.parametrize("name", ["", "../press/port", "port.yaml", "/etc/passwd", "Port", "por\udcff"])
def test_a_name_is_no_path(press: Press, name: str) -> None:
    finding = press.only(name)
    assert finding.rule == "unknown-press-profile"
    assert "lower-case letters" in finding.hints[-1]


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "told", "hint"),
    [
        ("bleed: 5", "bleed: 5\nbled: 5", 9, "unknown-field", '"bled"', 'did you mean "bleed"?'),
        ("slug: true", "slug: true, slog: true", 10, "unknown-field", '"slog" in "marks"', 'did you mean "slug"?'),
        ("title: Imprimerie du Port\n", "", 1, "missing-field", '"title" is missing', "add title: "),
        ("ink_limit: 280\n", "", 1, "missing-field", '"ink_limit" is missing', "add ink_limit: 300"),
        ("icc: port.icc", "icc:", 6, "missing-field", '"icc" is empty', "the path of an ICC file"),
        ("weight: 120, ", "", 15, "missing-field", '"weight" is missing in "paper"', "add weight: 115"),
        ("ink_limit: 280", "ink_limit: 30", 7, "out-of-range", "30 is not a number from 100 to 400 (percent)", ""),
        ("ink_limit: 280", "ink_limit: 401", 7, "out-of-range", "401 is not", ""),
        ("bulk: 1.3", "bulk: 130", 15, "out-of-range", "from 0.4 to 4", ""),
        ("safe_margin: 4", "safe_margin: -1", 9, "out-of-range", "-1 is not", ""),
        ("safe_margin: 4", "safe_margin: 4 mm", 9, "bad-number", '"4 mm" is not a number', "write 4, without a unit"),
        ("bulk: 1.3", 'bulk: "1,3"', 15, "bad-number", '"1,3"', "write 1.3"),
        ("safe_margin: 4", "safe_margin: beaucoup", 9, "bad-number", '"beaucoup"', "write 5"),
        ("safe_margin: 4", "safe_margin: .nan", 9, "bad-number", '".nan"', ""),
        ("multiple: 8", "multiple: 8.5", 16, "bad-number", "not a whole number", "write 8"),
        ("bleed: 5", "bleed: [5]", 8, "wrong-type", '"bleed" must be', ""),
        ("[330, 480]", "A33", 14, "unknown-sheet", '"A33"', 'did you mean "A3"?'),
        ("[330, 480]", "[330]", 14, "wrong-type", "two measures", "[640, 900]"),
        ("[330, 480]", "[330, [480]]", 14, "wrong-type", "two measures", ""),
        ("[330, 480]", "[33, 48]", 14, "out-of-range", "33 is not", ""),
        ("[330, 480]", "{w: 330}", 14, "wrong-type", '"sheet" must be', ""),
        ("crop: true", "crop: perhaps", 10, "wrong-type", '"perhaps" is neither', ""),
        ("colour: cmyk", "colour: cmjn", 2, "unknown-colour-mode", '"cmjn"', "choose from cmyk or rgb"),
        (
            "offset: 6.5",
            "offset: 4.5",
            10,
            "out-of-range",
            "4.5 mm from the trim are inside the bleed",
            "write 5 or more",
        ),
        ("wanted: 225, one", "wanted: 100, one", 11, "out-of-range", '"wanted" is below "least"', "exchanged"),
        ("one_bit_wanted: 800", "one_bit_wanted: 80", 11, "out-of-range", '"one_bit_wanted"', ""),
        ("least_reversed: 9", "least_reversed: 5", 12, "out-of-range", '"least_reversed" is below "least"', ""),
        ("least_reversed: 0.5", "least_reversed: 0.2", 13, "out-of-range", "which is 0.25", ""),
        ("title: Imprimerie du Port", "id: port\ntitle: Port", 1, "unknown-field", '"id"', ""),
        ("bleed: 5", "bleed: 5\nbleed: 3", 9, "duplicate-field", "given twice", ""),
        ("pages: {", "pages: {{", 16, "yaml-syntax", "", ""),
    ],
)
def test_a_fault_is_told_with_its_line(
    press: Press, old: str, new: str, line: int, rule: str, told: str, hint: str
) -> None:
    press.change((old, new))
    finding = press.only()
    assert (finding.rule, finding.where and (finding.where.path, finding.where.line)) == (
        rule,
        ("press/port.yaml", line),
    )
    assert told in finding.message
    assert any(hint in each for each in finding.hints) or not hint, finding.hints


def test_all_faults_are_told_at_once(press: Press) -> None:
    press.change(("bleed: 5", "bled: 5"), ("ink_limit: 280", "ink_limit: much"), ("port.icc", "none.icc"))
    profile, findings = press.read()
    assert profile is None
    assert sorted(finding.rule for finding in findings) == [
        "bad-number",
        "missing-field",
        "missing-file",
        "unknown-field",
    ]


def test_a_warning_does_not_take_the_profile_away(press: Press) -> None:
    press.change(("title: Imprimerie du Port", "title: Imprimerie du Port #1"))
    profile, findings = press.read()
    assert profile is not None
    assert [(finding.severity, finding.rule) for finding in findings] == [(Severity.WARNING, "hash-in-text")]


def test_a_profile_in_rgb_has_no_use_for_inks(press: Press) -> None:
    press.change(("colour: cmyk", "colour: rgb"))
    profile, findings = press.read()
    assert profile is None
    told = {(finding.rule, finding.where.line) for finding in findings if finding.where}
    assert {line for rule, line in told if rule == "unknown-field"} == {3, 6, 7}
    assert {rule for rule, _ in told} == {"unknown-field", "out-of-range"}, "nor for bleed and marks"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty-file"),
        (b"- a\n", "wrong-type"),
        (b"title: \xe9\n", "not-utf8"),
        (b"#" * 2_100_000, "file-too-large"),
    ],
)
def test_a_file_that_is_no_profile_is_a_finding(press: Press, content: bytes, rule: str) -> None:
    press.write("port.yaml", content)
    finding = press.only()
    assert finding.rule == rule
    assert finding.where
    assert finding.where.path == "press/port.yaml"


@given(some.text(alphabet="abc:[]{}-#'\"|&*!\n 0123.,", max_size=80), some.sampled_from(OWN.splitlines()))
def test_no_text_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, noise: str, line: str) -> None:
    root = tmp_path_factory.getbasetemp() / "noise"
    for folder in ("catalogue", "press"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    name = line.partition(":")[0]
    (root / "press" / "own.yaml").write_text(OWN.replace(line, f"{name}: {noise}"), encoding="utf-8")
    profile, findings = read_press_profile(Project.at(root), "own")
    assert (profile is None) == any(finding.severity is Severity.ERROR for finding in findings)


# --- ICC files ---


def patched(*changes: tuple[int, bytes]) -> bytes:
    """The coated profile with other bytes at these places."""
    raw = bytearray(COATED)
    for place, code in changes:
        raw[place : place + len(code)] = code
    return bytes(raw)


def without(*tags: bytes) -> bytes:
    """The coated profile with these tags under another name."""
    count = struct.unpack_from(">I", COATED, 128)[0]
    places = [132 + 12 * number for number in range(count)]
    return patched(*((place, b"XXXX") for place in places if COATED[place : place + 4] in tags))


DISPLAY = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "is not an ICC profile"),
        (b"%PDF-1.6\n" * 100, "is not an ICC profile"),
        (COATED[:131], "is not an ICC profile"),
        (COATED[:-1], "is cut short: it has 121,367 bytes of 121,368"),
        (DISPLAY, "is a profile for a display in RGB, not for a printing press in CMYK"),
        (patched((12, b"scnr")), "is a profile for a scanner or camera in CMYK"),
        (patched((12, b"link")), "is a profile for a chain of devices"),
        (patched((12, b"????")), "is a profile for another use"),
        (patched((16, b"RGB ")), "is a profile for a printer in RGB"),
        (patched((16, b"6CLR")), "is a profile for a printer in other colours"),
        (patched((8, b"\x05")), "has version 5"),
        (patched((128, b"\xff\xff\xff\xff")), "is damaged"),
        (patched((136, b"\xff\xff\xff\xff")), "is damaged"),
        (patched((0, b"\0\0\0\0")), "is damaged"),
        (without(b"B2A0", b"B2A1"), "has no tables"),
        (without(b"A2B0", b"A2B1"), "has no tables"),
    ],
)
def test_a_file_that_cannot_serve_is_told_with_profile_and_file(press: Press, raw: bytes, told: str) -> None:
    press.write("port.icc", raw)
    finding = press.only()
    assert finding.rule == "bad-icc-file"
    assert finding.message.startswith(f'the ICC file "port.icc" of the press profile "port" {told}')
    assert finding.where == Location("press/port.yaml", 6, 1)
    assert finding.hints


def test_one_table_of_each_direction_is_enough() -> None:
    assert icc_fault(without(b"B2A0", b"A2B0", b"B2A2", b"gamt")) == ()


@given(some.binary(max_size=400), some.integers(0, 400))
def test_no_bytes_end_in_a_traceback(noise: bytes, place: int) -> None:
    assert icc_fault(noise)
    raw = patched((place, noise))
    assert icc_fault(raw) == () or len(icc_fault(raw)) > 1, "every fault has a hint"


@pytest.mark.parametrize("name", ["../secret.icc", "/etc/hostname", "out.icc", "far/port.icc"])
def test_an_icc_file_outside_the_folder_is_refused(press: Press, name: str) -> None:
    (press.path.parent / "secret.icc").write_bytes(COATED)
    (press.path / "out.icc").symlink_to("../secret.icc")
    (press.path / "far").symlink_to(TOP / "press", target_is_directory=True)
    press.change(("port.icc", name))
    finding = press.only()
    assert (finding.rule, finding.where) == ("outside-project", Location("press/port.yaml", 6, 1))
    assert f'"{name}" of the press profile "port"' in finding.message


def test_a_missing_icc_file_is_told_with_the_nearest_name(press: Press) -> None:
    press.change(("port.icc", "prot.icc"))
    finding = press.only()
    assert finding.rule == "missing-file"
    assert finding.message == 'the ICC file "prot.icc" of the press profile "port" does not exist'
    assert finding.hints == ('did you mean "port.icc"?', "put it into press/")


def test_an_icc_file_of_no_size_a_profile_has_is_not_read(press: Press) -> None:
    with (press.path / "port.icc").open("r+b") as file:
        file.truncate(17_000_000)
    finding = press.only()
    assert (finding.rule, finding.where and finding.where.line) == ("file-too-large", 6)


def test_an_icc_file_that_cannot_be_opened_is_a_finding(press: Press) -> None:
    (press.path / "port.icc").unlink()
    (press.path / "port.icc").symlink_to("port.icc")
    assert press.only().rule in {"unreadable-file", "missing-file"}
    press.change(("port.icc", "a" * 300 + ".icc"))
    assert press.only().rule == "unreadable-file"


@pytest.mark.parametrize(("ending", "line"), [(".yaml", 0), (".icc", 6)])
def test_a_file_that_may_not_be_read_is_a_finding(
    press: Press, monkeypatch: pytest.MonkeyPatch, ending: str, line: int
) -> None:
    # Where tests run as root, no mode of a file keeps them from reading it.
    def refuse(path: Path) -> bytes:
        if path.suffix == ending:
            raise PermissionError(13, "Permission denied")
        return path.open("rb").read()

    monkeypatch.setattr(Path, "read_bytes", refuse)
    finding = press.only()
    assert (finding.rule, finding.where and finding.where.line) == ("unreadable-file", line)
    assert "Permission denied" in finding.message


def test_an_icc_file_for_another_condition_than_the_one_named_is_an_error(press: Press) -> None:
    press.change(("identifier: Port-1", "identifier: FOGRA52"))
    finding = press.only()
    assert (finding.rule, str(finding.where)) == ("unlike-icc-file", "press/port.yaml:6")
    assert finding.message == 'the condition is FOGRA52, and the ICC file "port.icc" is made for FOGRA39'
    press.change(("identifier: Port-1", "identifier: FOGRA39"))
    assert press.read()[1] == ()


def titled(title: str, tag: bytes = b"desc") -> bytes:
    """The profile of the coated paper with another title, or with other target data, in a tag at its end."""
    text = title.encode()
    if tag == b"desc":
        body = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + bytes(1 + 4 + 4 + 2 + 1 + 67)
    else:
        body = b"text\0\0\0\0" + text + b"\0"
    raw = bytearray(COATED + body)
    struct.pack_into(">I", raw, 0, len(raw))
    for at in range(132, 132 + 12 * struct.unpack_from(">I", raw, 128)[0], 12):
        old = bytes(raw[at : at + 4])
        if old in (b"desc", b"cprt"):
            # Where there is no tag for target data, the copyright gives its place.
            is_wanted = old == (b"desc" if tag == b"desc" else b"cprt")
            name = tag if is_wanted else b"none"
            struct.pack_into(">4sII", raw, at, name, len(COATED), len(body))
    return bytes(raw)


@pytest.mark.parametrize(
    ("named", "title", "made_for"),
    [
        ("FOGRA39", "PSO Coated v3", "FOGRA51"),
        ("FOGRA51", "ISO Coated v2 300% (ECI)", "FOGRA39"),
        ("FOGRA39", "PSO Uncoated ISO12647 (ECI)", "FOGRA47"),
        ("FOGRA47", "PSOuncoated_v3_FOGRA52", "FOGRA52"),
        ("FOGRA39", "ISO Coated (ECI)", "FOGRA27"),
        ("FOGRA39", "U.S. Web Coated (SWOP) v2", "CGATS TR 001"),
        ("CGATS TR 001", "Coated GRACoL 2006 (ISO 12647-2:2004)", "CGATS TR 006"),
        ("CGATS TR 006", "GRACoL2013_CRPC6.icc", "CGATS21-2-CRPC6"),
        ("JC200103", "Japan Color 2011 Coated", "JC201103"),
        ("FOGRA39", "Japan Color 2001 Coated", "JC200103"),
        ("IFRA26", "Coated FOGRA39 (ISO 12647-2:2004)", "FOGRA39"),
    ],
)
def test_the_title_of_an_icc_file_tells_for_which_condition_of_any_registry_it_is(
    press: Press, named: str, title: str, made_for: str
) -> None:
    press.write("port.icc", titled(title))
    press.change(("identifier: Port-1", f"identifier: {named}"))
    finding = press.only()
    assert (finding.rule, finding.severity, str(finding.where)) == (
        "unlike-icc-file",
        Severity.ERROR,
        "press/port.yaml:6",
    )
    assert finding.message == f'the condition is {named}, and the ICC file "port.icc" is made for {made_for}'


@pytest.mark.parametrize(
    ("named", "title"),
    [
        ("FOGRA51", "PSO Coated v3"),
        ("FOGRA39", "ISO Coated v2 300% (ECI)"),
        ("CGATS TR 006", "GRACoL2006_Coated1v2.icc"),
        ("CGATS21-2-CRPC6", "GRACoL2013_CRPC6.icc"),
        ("JC200103", "Japan Color 2001 Coated"),
        ("Port-1", "PSO Coated v3"),
        ("FOGRA39", "The ink of our press, May"),
    ],
)
def test_an_icc_file_that_fits_its_condition_or_tells_none_is_taken(press: Press, named: str, title: str) -> None:
    press.write("port.icc", titled(title))
    press.change(("identifier: Port-1", f"identifier: {named}"))
    assert press.read()[1] == ()


def test_the_target_data_of_an_icc_file_tell_its_condition_where_the_title_does_not(press: Press) -> None:
    press.write("port.icc", titled("ICCHDAT CGATS TR 003", b"targ"))
    press.change(("identifier: Port-1", "identifier: FOGRA39"))
    assert press.only().message.endswith('"port.icc" is made for CGATS TR 003')


def test_a_profile_takes_the_icc_file_beside_it_before_one_of_livret(catalogue_folder: CatalogueFolder) -> None:
    press = Press(catalogue_folder)
    own = press.write("FOGRA39L_coated.icc", COATED)
    press.change(("icc: port.icc", "icc: FOGRA39L_coated.icc"))
    profile, findings = press.read()
    assert profile is not None, findings
    assert profile.icc == own
    installed, _ = press.read("coated-fogra39")
    assert installed is not None
    assert installed.icc == TOP / "press" / "FOGRA39L_coated.icc"
