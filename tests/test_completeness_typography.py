"""What typography changes in a text is no loss: the completeness gate finds the text as it is printed."""

from __future__ import annotations

import pytest

from conftest import CatalogueFolder
from livret.content.language.typography import typeset_text
from livret.control.completeness import Expected, PrintedField, lost
from livret.control.printed_text import PrintedText
from livret.findings import Location
from press import livret_here, plain_layout

CARD = Location("catalogue/initiatives/aajt.yaml")
T, N = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
# The language, what is typed, and what is printed.
CHANGED = (
    ("fr", "le 2ème étage", "le 2e étage"),
    ("fr", "la 3eme fois", "la 3e fois"),
    ("fr", "les 2èmes assises", "les 2es assises"),
    ("fr", "la 2ième année", "la 2e année"),
    ("fr", "le 12ÈME lieu", "le 12e lieu"),
    ("fr", "le XXème siècle", f"le XXe{N}siècle"),
    ("fr", "la 1ère année", "la 1re année"),
    ("fr", "la 1ere, les 1ières", "la 1re, les 1res"),
    ("fr", "la Ière guerre", "la Ire guerre"),
    ("fr", "le 1er et la 2nde", "le 1er et la 2nde"),
    ("fr", "un coeur, ex aequo, OEUVRE", "un cœur, ex æquo, ŒUVRE"),
    ("fr", "l'Etat, l\u02bcété", "l’État, l’été"),
    ("fr", "A la demande", "À la demande"),
    ("fr", "à 14h30, 5km, 30%", f"à 14{N}h{N}30, 5{N}km, 30{N}%"),
    ("fr", "en 2010-2015, 12500 personnes...", f"en 2010–2015, 12{T}500 personnes…"),
    ("fr", "n°5 et N° 6", f"n°{N}5 et N°{N}6"),
    ("fr", 'dit "oui" - ou non', f"dit «{N}oui{N}»{N}– ou non"),
    ("fr", "appelez le 0199001234", "appelez le 0199001234"),
    ("en", 'the 2ème floor -- "here"...', "the 2ème floor—“here”…"),
    ("en", "in 2010-2015 it's 5 km", f"in 2010–2015 it’s 5{N}km"),
    ("de", 'die "2ème" Etage', "die „2ème“ Etage"),
)
TYPED = " ".join(typed for language, typed, _ in CHANGED if language == "fr")


def missing(typed: str, printed: str) -> list[str]:
    """The rules of what the gate says of one field."""
    fields = (PrintedField("title", "Le lieu"), PrintedField("results", typed, True))
    part = Expected("card-aajt", fields, CARD, (0,))
    return [finding.rule for finding in lost(part, PrintedText.plain(f"Le lieu\n{printed}"))]


@pytest.mark.parametrize(("language", "typed", "printed"), CHANGED)
def test_a_text_is_whole_as_typography_prints_it(language: str, typed: str, printed: str) -> None:
    assert typeset_text(typed, language) == printed
    assert missing(typed, printed) == []
    assert missing(f"{typed} puis", f"{printed}, puis") == []


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("le 2ème étage", "le 3e étage"),
        ("le 2ème étage", "le 2 étage"),
        ("la 1ère année", "la 1 année"),
        ("la deuxième année", "la deuxe année"),
        ("la 2 ème année", "la 2 e année"),
        ("12 émetteurs", "12 etteurs"),
    ],
)
def test_letters_that_typography_keeps_must_be_printed(typed: str, printed: str) -> None:
    assert missing(typed, printed) == ["missing-text"]


def test_a_card_with_all_that_french_typography_changes_is_built(catalogue_folder: CatalogueFolder) -> None:
    plain_layout(catalogue_folder)
    text = f"    {TYPED}.\n\n    Puis `2ème`, **3ème**, *1*ère et [la 4ème](lang:en).\n"
    catalogue_folder.write(
        "initiatives/formes.yaml",
        f'pilot:\n  name: Les formes de la 1ère\n  about: |\n{text}title: "La 2ÈME, la 3ème : XIXème siècle"\n'
        "summary: La 3ème.\nthemes: [emploi]\nscope: national\n",
    )
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 0, done.err
