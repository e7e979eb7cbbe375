"""Micro-typography: each rule where it must act and where it must not, and what holds for any text.

In the tables ~ stands for U+00A0 and ^ for U+202F, in what is expected only.
"""

from __future__ import annotations

import re
import time
import unicodedata
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livret.content.language.typography import (
    Guess,
    guesses,
    markup,
    ordinals,
    typeset_html,
    typeset_runs,
    typeset_text,
)

CATALOGUE = Path(__file__).parents[1] / "catalogue"


def shown(text: str) -> str:
    return text.replace("\u00a0", "~").replace("\u202f", "^")


FRENCH = [
    # High punctuation.
    ("Il fixe le cadre ; ce sont les habitants", "Il fixe le cadre^; ce sont les habitants"),
    ("Une envie d'agir ? On nous écrit", "Une envie d’agir^? On nous écrit"),
    ("Quoi?! Non!!", "Quoi^?! Non^!!"),
    ("(?) [!] (!)", "(?) [!] (!)"),
    ("trois chantiers :", "trois chantiers~:"),
    ("Phase 1: trouver", "Phase 1~: trouver"),
    ("Tél: (voir)", "Tél~: (voir)"),
    (" : réseau Mob'In", "~: réseau Mob’In"),
    ("à 14:30, au 16:9, clé:valeur", "à 14:30, au 16:9, clé:valeur"),
    ("mot\u00a0; mot\u2009! mot\u202f: mot", "mot^; mot^! mot~: mot"),
    # Guillemets and quotation marks.
    ("Le forum « initiatives & territoires »", "Le forum «~initiatives & territoires~»"),
    ("«Conjugaison»", "«~Conjugaison~»"),
    ('Projet "Conjugaison", dit "Elan".', "Projet «~Conjugaison~», dit «~Elan~»."),
    ('" Coup de Pouce "', "«~Coup de Pouce~»"),
    ('l\'"Elan"', "l’«~Elan~»"),
    ('« le "Plan" migrants »', "«~le “Plan” migrants~»"),
    ('"a "b" c"', "«~a “b” c~»"),
    ("« un « deux » »", "«~un «~deux~»~»"),
    ('un "mot et rien', 'un "mot et rien'),
    ('écran de 15"', 'écran de 15"'),
    # Apostrophes.
    ("L'État, aujourd'hui, l'on", "L’État, aujourd’hui, l’on"),
    ("l´accueil", "l’accueil"),
    ("Mob'", "Mob’"),
    ("Mai '68", "Mai ’68"),
    ("en 5'30", "en 5'30"),
    ("'mot'", "'mot'"),
    # Spaces and dots.
    ("deux  espaces,   trois", "deux espaces, trois"),
    ("Pôle\u00a0emploi  \u00a0 oui", "Pôle~emploi~oui"),
    ("un mot , un autre .", "un mot, un autre."),
    ("( un mot )", "(un mot)"),
    ("un nom en .org ou ,5", "un nom en .org ou ,5"),
    ("des tests...", "des tests…"),
    ("[...] puis ......", "[…] puis ......"),
    # Numbers.
    ("plus de 88 000 personnes", "plus de 88^000 personnes"),
    ("plus de 88000 personnes", "plus de 88^000 personnes"),
    ("200 à 1 500 €", "200 à 1^500~€"),
    ("200 à 1500€", "200 à 1500~€"),
    ("1\u202f234\u00a0567,50 €", "1^234^567,50~€"),
    ("en 1900, 2200 adultes, 2018", "en 1900, 2200 adultes, 2018"),
    ("en 2018 12 000 personnes", "en 2018 12^000 personnes"),
    ("12 rue Neuve, 38000 Grenoble", "12 rue Neuve, 38000 Grenoble"),
    ("13001 Marseille", "13001 Marseille"),
    ("Paris Cedex 08, CS 12345, BP 40012", "Paris Cedex 08, CS 12345, BP 40012"),
    ("réf. 98765, n° 12345, 01234", "réf. 98765, n°~12345, 01234"),
    ("12345678, AB12345, 12345-A", "12345678, AB12345, 12345-A"),
    ("123 456 789 00012", "123 456 789 00012"),
    # Telephone numbers and dates.
    ("01 99 00 12 34", "01~99~00~12~34"),
    ("01.99.00.12.34 ou 06 39 98 12 34.", "01~99~00~12~34 ou 06~39~98~12~34."),
    ("+33 1 99 00 12 30", "+33~1~99~00~12~30"),
    ("+33 (0)1 99 00 12 30", "+33~(0)1~99~00~12~30"),
    ("0199001234", "01~99~00~12~34"),
    ("le dossier A 0199001234", "le dossier A 0199001234"),
    ("01/12/2018, 13-05-19, 2019-04-30, 13.05.2019", "01/12/2018, 13-05-19, 2019-04-30, 13.05.2019"),
    ("du 30 avril 2019 au 1er mars", "du 30~avril 2019 au 1er~mars"),
    ("30 personnes en avril", "30 personnes en avril"),
    # Symbols, units, abbreviations.
    ("> 95 % et <2%", ">~95~% et <~2~%"),
    ("-> 5, a<b, x=>5", "-> 5, a<b, x=>5"),
    ("5 km, 35m², 20°C, 3 M€, 10 Mo, 12 min", "5~km, 35~m², 20~°C, 3~M€, 10~Mo, 12~min"),
    ("5 l'an, 3 mois, 9 jours", "5 l’an, 3 mois, 9 jours"),
    ("de 9h à 14h30, 14 h 30", "de 9~h à 14~h~30, 14~h~30"),
    ("DE 9H30 À 15H00, 15H", "DE 9~h~30 À 15~h~00, 15H"),
    ("24h/24, 7j/7, H24, 5G, 4x4", "24h/24, 7j/7, H24, 5G, 4x4"),
    ("n°5, n° 5, no 5, p. 12, § 3", "n°~5, n°~5, no~5, p.~12, §~3"),
    ("M. Martin, Mme Petit, J. Durand", "M.~Martin, Mme~Petit, J.~Durand"),
    ("M. et Mme", "M. et Mme"),
    # Ordinals.
    ("la 1ère fois, la 2ème, le 20ème, les 3èmes", "la 1re fois, la 2e, le 20e, les 3es"),
    ("au XXème siècle", "au XXe~siècle"),
    ("École de la 2e chance, Paris 20e, 1er", "École de la 2e chance, Paris 20e, 1er"),
    ("la crème, le 11ère", "la crème, le 11ère"),
    # Ligatures.
    ("Oeuvre, OEuvre, OEUVRE, manoeuvre", "Œuvre, Œuvre, ŒUVRE, manœuvre"),
    ("coeur, soeurs, noeud, voeux, boeuf, oeil, foetus", "cœur, sœurs, nœud, vœux, bœuf, œil, fœtus"),
    ("main-d'oeuvre, oecuménique, moeurs, ex aequo", "main-d’œuvre, œcuménique, mœurs, ex æquo"),
    ("coexister, moelle, poète, coefficient, coercition", "coexister, moelle, poète, coefficient, coercition"),
    ("Noël, Groenland, moelleux, Citroën, aéré", "Noël, Groenland, moelleux, Citroën, aéré"),
    # Accents on capitals.
    ("l'Etat, ECOLE, Ile-de-France", "l’État, ÉCOLE, Île-de-France"),
    ("A la demande des autorités", "À la demande des autorités"),
    ("Fini. A Marseille, elle", "Fini. À Marseille, elle"),
    ("A-t-il, niveau A la, Elan, Emile, A2", "A-t-il, niveau A la, Elan, Emile, A2"),
    # Dashes.
    ("Paris - Cnam", "Paris~– Cnam"),
    ("un mot – dit-il – et -- un autre", "un mot~– dit-il~– et~– un autre"),
    ("deux—trois — quatre", "deux~– trois~– quatre"),
    ("de 9 h 30 - 12 h et de 14h – 18h30 – au plus", "de 9~h~30~–~12~h et de 14~h~–~18~h~30~– au plus"),
    ("Bourgogne-Franche-Comté, franco-belge", "Bourgogne-Franche-Comté, franco-belge"),
    ("- un élément\n- un autre", "- un élément\n- un autre"),
    ("une baisse de - 10 %", "une baisse de - 10~%"),
    ("2010-2015, 14-17 ans, 2018-19", "2010–2015, 14–17 ans, 2018–19"),
    # The last may be a month: November 2009.
    ("2009-11, 2010-12, 2010-13", "2009-11, 2010-12, 2010–13"),
    ("loi 2018-778, L. 744-9, 2019-04, 75-77-78", "loi 2018-778, L. 744-9, 2019-04, 75-77-78"),
    ("ISBN 978-2-12-345680-3, A2-B1, Covid-19", "ISBN 978-2-12-345680-3, A2-B1, Covid-19"),
    # What is never touched.
    ("https://x.org/a?b=1;c!d : oui", "https://x.org/a?b=1;c!d~: oui"),
    ("écrire à l'adresse d'a.b-c@x.example.org !", "écrire à l’adresse d’a.b-c@x.example.org^!"),
    ("www.x.org?", "www.x.org^?"),
    ("aajt.example.org, plan-2010-2015.pdf", "aajt.example.org, plan-2010-2015.pdf"),
    ("`a ; b = 88000`", "`a ; b = 88000`"),
    # Inclusive forms.
    ("aux réfugié.e.s, des demandeur.se.s", "aux réfugié.e.s, des demandeur.se.s"),
    ("publics/privés, et/ou, IT&M", "publics/privés, et/ou, IT&M"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "printed"), FRENCH)
def test_french(typed: str, printed: str) -> None:
    assert shown(typeset_text(typed, "fr")) == printed
    assert typeset_text(typed, "fr-CA") == typeset_text(typed, "fr")


ENGLISH = [
    ("\"It's\" a 'test' of the '90s", "“It’s” a ‘test’ of the ’90s"),
    ('"a "b" c" and refugees\' rights', "“a ‘b’ c” and refugees’ rights"),
    ("One -- two--three...", "One—two—three…"),
    ("--option and a - b", "--option and a - b"),
    ("2010-2015, 14-17, 2019-04-30, Covid-19", "2010–2015, 14–17, 2019-04-30, Covid-19"),
    ("One , two : three ; four !", "One, two: three; four!"),
    ("5 km, 30 April 2019, Dr Smith, No. 5, p. 12", "5~km, 30~April 2019, Dr~Smith, No.~5, p.~12"),
    ("88 000 and 88000 and 1st, 2nd", "88 000 and 88000 and 1st, 2nd"),
    ("5'30, 15\"", "5'30, 15\""),
    ("https://x.org/it's -- no", "https://x.org/it's—no"),
]


@pytest.mark.parametrize(("typed", "printed"), ENGLISH)
def test_english(typed: str, printed: str) -> None:
    assert shown(typeset_text(typed, "en-GB")) == printed


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("de", "Er sagt: „Das ‚Wort‘ gilt“ ..."),
        ("de-AT", "Er sagt: „Das ‚Wort‘ gilt“ ..."),
        ("de-CH", "Er sagt: «Das ‹Wort› gilt» ..."),
        ("es-419", "Er sagt: «Das “Wort” gilt» ..."),
        ("it", "Er sagt: «Das “Wort” gilt» ..."),
        ("uk", "Er sagt: «Das „Wort“ gilt» ..."),
    ],
)
def test_straight_quotes_become_those_of_the_language(language: str, printed: str) -> None:
    assert typeset_text('Er sagt: "Das "Wort" gilt" ...', language) == printed


@pytest.mark.parametrize("language", ["ar", "sv", "frr", ""])
def test_other_languages_are_left_alone(language: str) -> None:
    text = 'L\' Etat  "dit" ... 88 000 ; oui - non 2ème'
    assert typeset_text(text, language) == text
    assert typeset_runs([text, text], language) == (text, text)
    assert guesses(text, language) == ()
    html = unescape(typeset_html(text, language))
    if language == "ar":
        # A text all in Latin letters is isolated there.
        html = html.removeprefix("\u2066").removesuffix("\u2069")
    assert html == text


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("Paris 20e & 1er", 'Paris 20<sup class="ord">e</sup> &amp; 1<sup class="ord">er</sup>'),
        ("la 2nde, les 3es, le 2e", "la 2{nde}, les 3{es}, le 2{e}"),
        ("XXe siècle, Ve République, Ier", "XX{e}~siècle, V{e} République, I{er}"),
        ("une vie, VIe, Ve, A2e, 3.2e, x1e5", "une vie, VI{e}, Ve, A2e, 3.2e, x1e5"),
        ("des salarié.e.s, un.e", "des [salarié.e.s], [un.e]"),
        ("salarié·e·s, CHARGÉ.E, celles.ceux", "[salarié·e·s], [CHARGÉ.E], [celles.ceux]"),
        ("professionnel.le.s. Le", "[professionnel.le.s]. Le"),
        ("demandeur.se@x.org, auteur.es", "<demandeur.se@x.org>, [auteur.es]"),
        ("01.99.00.12.34 en 2010-2015", "[01~99~00~12~34] en [2010–2015]"),
        ("https://x.org/2e/un.e?a&b", "<https://x.org/2e/un.e?a&amp;b>"),
        ('<b> "x', "&lt;b&gt; &quot;x"),
    ],
)
def test_html(typed: str, html: str) -> None:
    html = re.sub(r"\{(\w+)\}", r'<sup class="ord">\1</sup>', html)
    html = re.sub(r"\[(.*?)\]", r'<span class="nobr">\1</span>', html)
    html = re.sub(r"<(\w[^ <>]*[.]\w[^<>]*)>", r'<span class="address">\1</span>', html)
    assert shown(typeset_html(typed, "fr")).replace("<wbr>", "") == html


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("a.b@c.fr", '<span class="address">a.<wbr>b@<wbr>c.<wbr>fr</span>'),
        (
            "https://www.x.org/a-b/?c=d",
            '<span class="address">https://www.<wbr>x.<wbr>org/<wbr>a-b/?<wbr>c=<wbr>d</span>',
        ),
        ("Anticonstitutionnellement", '<span class="long-word">Anticonstitutionnellement</span>'),
        (
            "Donaudampfschifffahrtsgesellschaftskapitän",
            '<span class="long-word">Donaudampfschifffahrtsgesellschaftskapitän</span>',
        ),
        ("Internationalisations", '<span class="long-word">Internationalisations</span>'),
        ("internationalisation", '<span class="long-word">internationalisation</span>'),
        ("internationalisatio", "internationalisatio"),
    ],
)
def test_addresses_break_after_their_marks_and_long_words_anywhere(typed: str, html: str) -> None:
    assert typeset_html(typed, "fr") == html


def test_english_ordinals_are_not_superior() -> None:
    assert typeset_html("1st, 2e, 01 99 00 12 34", "en").count("<sup") == 0


def test_ordinals() -> None:
    assert ordinals("le 2e et 1er") == [("le 2", False), ("e", True), (" et 1", False), ("er", True)]
    assert ordinals("rien") == [("rien", False)]
    assert ordinals("") == []


def test_runs_of_a_paragraph() -> None:
    # **Opérateurs** : "a *b* c" `88000 ;` ; 12 % ...
    runs = ["Opérateurs", ': "a ', "b", ' c" ', "\ufffc", " ; 12", "%"]
    assert [shown(run) for run in typeset_runs(runs, "fr")] == [
        "Opérateurs", "~: «~a ", "b", " c~» ", "\ufffc", "^; 12", "~%"
    ]  # fmt: skip
    assert typeset_runs([], "fr") == ()
    assert typeset_runs(["", "l'", "", "État", ""], "fr") == ("", "l’", "", "État", "")
    assert typeset_runs(["voir www.x.org", " ; oui"], "fr") == ("voir www.x.org", "\u202f; oui")


@pytest.mark.parametrize(
    ("typed", "rule", "before", "after"),
    [
        ('un "mot', "quotes", '"', '"'),
        ("et passerelles »", "quotes", "»", "»"),
        ("« et passerelles", "quotes", "«", "«"),
        ('écran 15"', "quotes", '"', '"'),
        ("un pied de 12'", "apostrophe", "'", "'"),
        ("soit  15000 personnes", "digits", "15000", "15^000"),
        ("soit 15000 Syriens", "digits", "15000", "15000"),
        ("15000 Syriens ont fui", "digits", "15000", "15000"),
        ("soit 12345678 pas", "digits", "12345678", "12345678"),
        ("à  l'Etat", "accent", "Etat", "État"),
        ("A la demande", "accent", "A", "À"),
        ("les  oeuvres", "ligature", "oeuvres", "œuvres"),
        ("www.example.org  - Cnam", "dash", "  -", "~–"),
        ("une baisse de - 10 %", "dash", " -", " -"),
        ("en 2010-2015", "range", "2010-2015", "2010–2015"),
    ],
)
def test_guesses(typed: str, rule: str, before: str, after: str) -> None:
    (guess,) = guesses(typed, "fr")
    assert (guess.rule, guess.before, shown(guess.after)) == (rule, before, after)
    assert typed.startswith(before, guess.offset)


@pytest.mark.parametrize(
    "typed",
    ['L\'État dit "oui" ; soit 88 000 personnes (97%).', "12 rue Neuve, 38000 Grenoble", "01.99.00.12.34", ""],
)
def test_no_guess_where_the_rule_is_sure(typed: str) -> None:
    assert guesses(typed, "fr") == ()


def test_guesses_stand_in_order() -> None:
    found = guesses("Paris - Cnam, soit 15000 oeuvres de l'Etat", "fr")
    assert [guess.rule for guess in found] == ["dash", "digits", "ligature", "accent"]
    assert found[0] == Guess("dash", " -", "\u00a0–", 5)


PIECES = st.sampled_from(
    "a à de la le L'accueil l'État Etat Ile coeur OEUVRE mot Elan salarié.e.s un.e 2ème 1ère XXème siècle 3 12 000 88 "
    "88000 75008 Paris 1 2010-2015 14-17 5 km % € h 14h30 min 01 99 00 12 34 01.99.00.12.34 +33 (0)1 n° p. M. Mme "
    "Petit avril 1er A J. www.x.fr x@y.org https://a.fr/b?c=d a.pdf ... … . , ; : ! ? ?! « » \" ' “ ” ’ ( ) - -- – — < "
    "> / + § & &amp; `x` \n \ufffc \u00a0".split(" ")
)
SEPARATORS = st.sampled_from(["", " ", " ", " ", "\u00a0", "  ", "\u202f"])
PROSE = st.lists(st.tuples(PIECES, SEPARATORS).map("".join), max_size=14).map("".join)
NOISE = st.text(
    "aeéèmoEOALIXVhkcCsrT0123456789 .,;:!?'\"«»“”’‘-–—()<>/%€$°§+#@&`·\n\t\u00a0\u202f\u2009\ufffc", max_size=25
)
LANGUAGES = st.sampled_from(["fr", "en"])


@settings(max_examples=400, deadline=None)
@given(PROSE | NOISE, LANGUAGES)
def test_setting_a_set_text_changes_nothing(text: str, language: str) -> None:
    once = typeset_text(text, language)
    assert typeset_text(once, language) == once


@settings(max_examples=300, deadline=None)
@given(PROSE | NOISE, LANGUAGES)
def test_no_letter_or_digit_is_lost(text: str, language: str) -> None:
    assert letters(typeset_text(text, language)) == letters(text)


def letters(text: str) -> str:
    """Letters and digits, with what the rules may change made alike: ligatures, accents, 2ème, 1ère."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = re.sub(r"(?<=[\divx])i?eme", "e", text)
    text = re.sub(r"(?<=[1i])i?ere", "re", text)
    return "".join(c for c in text if c.isalnum())


@settings(max_examples=300, deadline=None)
@given(PROSE | NOISE, LANGUAGES)
def test_html_says_what_the_text_says(text: str, language: str) -> None:
    printed = typeset_text(text, language)
    html = typeset_html(text, language)
    assert html == markup(printed, language)
    assert unescape(re.sub(r"</?(?:sup|span|wbr)[^>]*>", "", html)) == printed
    assert "".join(segment for segment, _ in ordinals(printed)) == printed


@settings(max_examples=300, deadline=None)
@given(st.lists(PROSE | NOISE, max_size=4), LANGUAGES)
def test_runs_joined_are_the_text(runs: list[str], language: str) -> None:
    printed = typeset_runs(runs, language)
    assert len(printed) == len(runs)
    assert "".join(printed) == typeset_text("".join(runs), language)


@settings(max_examples=300, deadline=None)
@given(PROSE | NOISE, LANGUAGES)
def test_guesses_point_at_what_was_typed(text: str, language: str) -> None:
    for guess in guesses(text, language):
        assert text.startswith(guess.before, guess.offset)


def test_the_catalogue_is_already_sure_but_for_its_dashes() -> None:
    texts = [path.read_text("utf-8") for path in sorted(CATALOGUE.glob("*/*.yaml"))]
    assert texts
    bodies = [line for text in texts for line in text.splitlines() if re.match(r"  +[^-{]*$", line) and '"' not in line]
    assert {guess.rule for line in bodies for guess in guesses(line.strip(), "fr")} <= {"dash"}


@pytest.mark.parametrize("unit", ["a' ", "a.", '"', "« ", "12 345 ", "01 ", "a@", "I", "&a", "- "])
def test_no_text_takes_long(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    start = time.process_time()
    typeset_html(text, "fr")
    guesses(text, "fr")
    # A pattern that grows with the square of the text would take minutes.
    assert time.process_time() - start < 15
