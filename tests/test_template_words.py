"""What is wrong in a template is told in words of our own, in French and in English."""

from __future__ import annotations

import pytest

from conftest import CatalogueFolder
from livret.pages.compose import layout_checks
from livret.pages.layout import Layout
from press import livret_here, plain_layout


@pytest.mark.parametrize(
    ("template", "english", "french"),
    [
        (
            "{% if card %}",
            "{% if %} is not closed before the end of the file",
            "{% if %} n’est pas fermé avant la fin du fichier",
        ),
        ("{{ card|gras }}", 'there is no filter "gras"', "il n’y a pas de filtre «\u00a0gras\u00a0»"),
        ("{% if card is gras %}{% endif %}", 'there is no test "gras"', "il n’y a pas de test «\u00a0gras\u00a0»"),
        (
            "{% si card %}",
            "{% si %} is no tag, or closes nothing here",
            "{% si %} n’est pas une balise, ou ne ferme rien ici",
        ),
        ("{% if %}", "a value is missing before %}", "il manque une valeur avant %}"),
        ("{{ card", "}} is expected before the end of the file", "il faut }} avant la fin du fichier"),
        (
            "{% block a %}{% endblock %}{% block a %}{% endblock %}",
            'the block "a" stands twice',
            "le bloc «\u00a0a\u00a0» se trouve deux fois",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read(catalogue_folder: CatalogueFolder, template: str, english: str, french: str) -> None:
    (plain_layout(catalogue_folder) / "card.html").write_text(template, encoding="utf-8")
    (found,) = layout_checks.findings(Layout(catalogue_folder.project, "plain"))
    assert found.text("en").startswith(f"layouts/plain/card.html:1: error: {english} [template]")
    assert french in found.text("fr")


@pytest.mark.parametrize(
    ("template", "french"),
    [
        ("{{ carte }}", "rien ne s’appelle «\u00a0carte\u00a0» ici"),
        ("{{ card.titre }}", "il n’y a pas de «\u00a0titre\u00a0» dans ce qui précède le point"),
        ("{% include 'rien.html' %}", "il n’y a pas de gabarit «\u00a0rien.html\u00a0»"),
    ],
)
def test_what_fails_when_it_is_run(catalogue_folder: CatalogueFolder, template: str, french: str) -> None:
    (plain_layout(catalogue_folder) / "card.html").write_text(template, encoding="utf-8")
    done = livret_here("-C", catalogue_folder.root, "--lang", "fr", "build")
    told = f"layouts/plain/card.html:1: erreur\u00a0: la maquette plain échoue ici\u00a0: {french}"
    assert told in done.err
