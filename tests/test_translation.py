"""Messages in English and French: said once, shown in the language of each reader."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import messages
from livret.content.messages import did_you_mean, listed, quoted
from livret.findings import Finding, Location, Report, error, warning
from livret.translation import Text, in_language, joined, packed, say, say_number, unpacked, verbatim

THIN = "\N{NARROW NO-BREAK SPACE}"
FIXED = "\N{NO-BREAK SPACE}"


def test_a_message_is_its_english_sentence() -> None:
    text = say("{words} and {last}", words="a", last=3)
    assert isinstance(text, str)
    assert text == "a and 3"


def test_a_message_knows_its_french() -> None:
    assert in_language(say("{words} and {last}", words="a", last="b"), "fr") == "a et b"
    assert in_language(say("{words} and {last}", words="a", last="b"), "en") == "a and b"


def test_a_message_inside_a_message_is_translated_with_it() -> None:
    assert in_language(say("{words} or {last}", words=quoted("a"), last="b"), "fr") == f"«{FIXED}a{FIXED}» ou b"
    assert in_language(joined([quoted("a"), "b"], " {} "), "fr") == f"«{FIXED}a{FIXED}» {{}} b"
    assert in_language(listed(["a", "b", "c"]), "fr") == "a, b et c"
    assert in_language(did_you_mean("presse", ["press"])[0], "fr") == f"vouliez-vous dire «{FIXED}press{FIXED}»{THIN}?"


def test_words_of_the_content_are_never_translated() -> None:
    assert in_language("error", "fr") == "error"
    assert in_language(say("{words} and {last}", words="error", last="{words}"), "fr") == "error et {words}"


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [(0, "0 errors", "0 erreur"), (1, "1 error", "1 erreur"), (2, "2 errors", "2 erreurs")],
)
def test_plurals_follow_each_language(number: int, english: str, french: str) -> None:
    text = say_number("{number} error", "{number} errors", number=number)
    assert (text, in_language(text, "fr")) == (english, french)


def test_numbers_are_written_as_each_language_writes_them() -> None:
    text = joined([say("{a:.1f} {b:,} {c} {d}", a=2.55, b=12000, c=2026, d=0.5)])
    assert text == "2.5 12,000 2026 0.5"
    assert in_language(text, "fr") == f"2,5 12{THIN}000 2026 0,5"


def test_a_message_survives_workers_and_stores() -> None:
    text = say("{words} or {last}", words=quoted("a"), last=say_number("{number} error", "{number} errors", number=2))
    for again in (pickle.loads(pickle.dumps(text)), unpacked(json.loads(json.dumps(packed(text))))):
        assert again == '"a" or 2 errors'
        assert in_language(again, "fr") == f"«{FIXED}a{FIXED}» ou 2 erreurs"


def test_an_exception_gives_its_message_back_whole() -> None:
    assert isinstance(str(ValueError(say("error"))), Text)


def test_a_stored_finding_is_shown_in_both_languages() -> None:
    found = error("r", say("{words} or {last}", words="a", last="b"), Location("f", 3), quoted("c"))
    for one in (found, Finding.from_stored(json.loads(json.dumps(found.stored())))):
        assert one.text() == 'f:3: error: a or b [r]\n  hint: "c"'
        assert one.text("fr") == f"f:3: erreur{FIXED}: a ou b [r]\n  conseil{FIXED}: «{FIXED}c{FIXED}»"
        assert one.as_dict("fr")["message"] == "a ou b"
        assert one.as_dict("fr")["severity"] == "error"


def test_a_report_counts_in_french() -> None:
    report = Report()
    report.add([error("r", verbatim("a")), error("r", verbatim("b")), warning("r", verbatim("c"))])
    assert in_language(report.summary(), "fr") == "2 erreurs, 1 avertissement"


def test_every_message_has_its_french_with_the_same_placeholders() -> None:
    assert list(messages.faults(messages.updated())) == []
    assert list(messages.faults(messages.updated(messages.CLICK))) == []


def test_the_catalogue_is_what_the_code_says() -> None:
    assert messages.FRENCH.read_text(encoding="utf-8") == messages.po(messages.updated()), "run: make messages"


def test_the_french_that_is_typed_gets_its_spaces() -> None:
    assert messages.set_right('l\'image « a » : écrire "fit: crop" ; ok ?') == (
        f'l’image «{FIXED}a{FIXED}»{FIXED}: écrire "fit: crop"{THIN}; ok{THIN}?'
    )


def test_a_message_that_is_not_written_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("say(f'{a} b')\n")
    with pytest.raises(ValueError, match=r"a\.py:1: write the message out"):
        list(messages.said(tmp_path))


def test_english_loads_no_catalogue() -> None:
    code = "import sys, livret.findings as f; print(f.error('r', f.say('error')).text(), 'babel' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, check=True)
    assert done.stdout == "error: error [r] False\n"


def test_a_merge_with_conflicts_keeps_the_entries_of_both(tmp_path: Path) -> None:
    entry = 'msgid "{0}"\nmsgstr "{1}"\n\n'
    sides = entry.format("b", "B") + "=======\n" + entry.format("b", "") + entry.format("c", "C")
    file = tmp_path / "livret.po"
    file.write_text(messages.HEADER + "\n" + entry.format("a", "A") + f"<<<<<<< HEAD\n{sides}>>>>>>> mine\n")
    assert {one: entry.french for one, entry in messages.written(file).items()} == {
        "a": ("A",),
        "b": ("B",),
        "c": ("C",),
    }


def test_nothing_joined_is_nothing_in_french_too() -> None:
    assert in_language(joined([], say("; ")), "fr") == ""
