"""Pieces of text that run against the language around them keep their order."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livret.content.language.bidi import isolated, joined_from_left
from livret.content.language.markdown import inline_html, to_html
from livret.content.language.typography import typeset_html, typeset_runs, typeset_text


def shown(text: str) -> str:
    """The text with marks that can be read: < for U+2066, > for U+2067, | for U+2069, ~ for a space that holds."""
    return text.translate({0x2066: "<", 0x2067: ">", 0x2069: "|", 0xA0: "~"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("هاتف 01 99 00 12 34 مكتب", "هاتف <01~99~00~12~34| مكتب"),
        ("هاتف +33 (0)1 99 00 12 34.", "هاتف <+33~(0)1~99~00~12~34|."),
        ("وجد 97 % منهم", "وجد <97~%| منهم"),
        ("مبلغ 1 234,50 € للشهر", "مبلغ <1~234,50~€| للشهر"),
        ("يوم 30/04/2019 في 10:30", "يوم <30/04/2019| في <10:30|"),
        (
            "عنوان 12, rue de la République (13001) Marseille في",
            "عنوان <12, rue de la République (13001) Marseille| في",
        ),
        ("مشروع AAJT « Coup de Pouce » (2015) هنا", "مشروع <AAJT « Coup de Pouce » (2015)| هنا"),
        ("اكتبوا إلى contact@bayt.example.org اليوم", "اكتبوا إلى <contact@bayt.example.org| اليوم"),
    ],
)
def test_numbers_and_addresses_keep_their_order_in_arabic(text: str, expected: str) -> None:
    assert shown(isolated(text, "ar")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الأسر (ن = 212) هنا", "الأسر (ن = 212) هنا"),
        ("ثم (5 €) هنا", "ثم (<5~€|) هنا"),
        ("(نحو 350) و (2019) و [12].", "(نحو 350) و (2019) و [12]."),
        ("في 2015 (350) هنا", "في 2015 (350) هنا"),
        ("(+33 1 99 00 12 34)", "(<+33~1~99~00~12~34|)"),
        ("هاتف (01) 99 00 و +33(0)1 99", "هاتف <(01)~99~00| و <+33(0)1~99|"),
        ('«5 €» و “12 %” و "3 €"', '«<5~€|» و “<12~%|” و "<3~€|"'),
        ('مع Foo [2] (5 €) "Bar" هنا', 'مع <Foo [2] (5 €) "Bar"| هنا'),
        ("(من Foo Bar) و 1) و 2)", "(من <Foo Bar|) و 1) و 2)"),
        ("مع ‘Foo’ Bar و 'Foo' bar", "مع <‘Foo’ Bar| و <'Foo' bar|"),
        ("مع the girls' home في", "مع <the girls' home| في"),
        # A sign at the end of a name belongs to it; so does a stop where nothing else stands between the marks.
        ("مع Erasmus+ و C++ و C#، 18+", "مع <Erasmus+| و <C++| و <C#|، 18+"),
        ("مع «Data & Co.» (Ltd.) في", "مع «<Data & Co.|» (<Ltd.|) في"),
        ("(نص Foo Bar.) Open Doors Ltd. في", "(نص <Foo Bar|.) <Open Doors Ltd|. في"),
    ],
)
def test_an_isolate_holds_both_marks_of_a_pair_or_none(text: str, expected: str) -> None:
    assert shown(isolated(text, "ar")) == expected


def test_an_isolate_from_the_right_holds_both_brackets_of_a_pair() -> None:
    assert shown(isolated("Le بيت (الضيافة) et (بيت) ici", "fr")) == "Le >بيت (الضيافة)| et (>بيت|) ici"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("> 50", "[> 50]"),
        ("> 50 %", "[> 50 %]"),
        ("≈ 5", "[≈ 5]"),
        ("97 %", "[97 %]"),
        ("1/3", "[1/3]"),
        ("+12", "[+12]"),
        ("2 019 €", "[2 019 €]"),
        ("10–12", "[10–12]"),
        ("10 – 12", "[10 – 12]"),
        ("50 → 80", "[50 → 80]"),
        ("× 3", "[× 3]"),
        ("(5 €)", "[(5 €)]"),
        ("n° 1", "[n° 1]"),
        ("5 - 3 = 2", "[5 - 3 = 2]"),
        ("2019", "2019"),
        ("أكثر من 5", "أكثر من 5"),
    ],
)
def test_a_value_keeps_its_order_on_a_card_from_the_right(value: str, expected: str) -> None:
    html = re.sub(r'<span class="nobr">(.*?)</span>', r"\1", typeset_html(value, "ar"))
    html = re.sub(r'<span dir="ltr">(.*?)</span>', r"[\1]", html)
    assert unescape(html).translate({0x2066: "[", 0x2069: "]", 0xA0: " "}) == expected


def test_comparisons_in_text_from_the_right_keep_their_order() -> None:
    marked = isolated("وبلغ > 50 % منهم (< 5) و 5 - 3 = 2 و a < b", "ar")
    marked = marked.translate({0x2066: "{", 0x2069: "}", 0xA0: " "})
    assert marked == "وبلغ {> 50 %} منهم ({< 5}) و {5 - 3 = 2} و {a < b}"


def test_a_name_with_a_range_of_numbers_stays_one_run() -> None:
    html = typeset_html("في Salle 10–12 Nord", "ar").translate({0x2066: None, 0x2069: None})
    assert html == 'في <span dir="ltr">Salle <span class="nobr">10–12</span> Nord</span>'


@pytest.mark.parametrize("text", ["منذ عام 2015", "الاندماج (OFII) في", "في 2015, 2016 و 2017", "من 15 إلى 20", "بيت"])
def test_what_keeps_its_order_by_itself_is_left_alone(text: str) -> None:
    """Single words and numbers; a list of years runs from the right, as the text does."""
    assert isolated(text, "ar") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le « بيت » (2015) et le reste", "Le « >بيت| » (2015) et le reste"),
        ("Maison بيت الضيافة (2015) « oui »", "Maison >بيت الضيافة| (2015) « oui »"),
        ("Association « دار 2015 » et", "Association « >دار| 2015 » et"),
        ("Bayt [בית], 2019", "Bayt [>בית|], 2019"),
        ("Rien d'arabe (2015)", "Rien d'arabe (2015)"),
    ],
)
def test_quotes_brackets_and_years_keep_their_place_around_an_arabic_word(text: str, expected: str) -> None:
    assert shown(isolated(text, "fr")) == expected


def test_a_hyphen_after_a_hebrew_prefix_is_not_a_minus() -> None:
    assert shown(isolated("ב-12.5.2019", "he")) == "ב-<12.5.2019|"


def test_printed_text_is_isolated_inside_the_element_that_holds_a_number_together() -> None:
    assert shown(typeset_html("هاتف 01 99 00 12 34", "ar")) == 'هاتف <span class="nobr"><01~99~00~12~34|</span>'


@given(st.text(st.sampled_from("اب1a («)».,-€% \n"), max_size=40), st.sampled_from(["ar", "fr"]))
def test_nothing_is_lost_and_isolates_are_closed(text: str, language: str) -> None:
    marked = shown(isolated(text, language))
    assert marked.translate(str.maketrans("", "", "<>|")).replace("~", " ") == text
    assert marked.count("|") == marked.count("<") + marked.count(">")


def test_a_long_text_takes_no_time() -> None:
    for piece in ("(", "a(", "«a ", "1 ", "ا ", "1(1)"):
        isolated(piece * 20_000, "ar")


@pytest.mark.parametrize("name", ["Auvergne-Rhône-Alpes", "Provence-Alpes-Côte d'Azur", "Bouches-du-Rhône (FR)"])
def test_a_place_in_latin_letters_stays_one_run_in_arabic_text(name: str) -> None:
    html = typeset_html(f"في {name}", "ar").replace("&#x27;", "'").replace("\u00a0", " ").replace("’", "'")
    assert html == f"في \u2066{name}\u2069"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("المشروع **Cap vers** l'emploi في", "المشروع [<strong>Cap vers</strong> l’emploi] في"),
        ("مع OFII (Office *français* de la ville)", "مع OFII ([Office <em>français</em> de la ville])"),
        ("**Kodiko**, *Singa*", "[<strong>Kodiko</strong>, <em>Singa</em>]"),
        ("عام **2015** Lyon", "عام [<strong>2015</strong> Lyon]"),
        ("**A** &quot; *B*", '[<strong>A</strong> " <em>B</em>]'),
        # One element, numbers, and a list with the comma of Arabic keep their places from the right.
        ("مع **Cap vers l'emploi** في", "مع <strong>Cap vers l’emploi</strong> في"),
        ("عام **2015** و **2016**", "عام <strong>2015</strong> و <strong>2016</strong>"),
        ("**2015** *2016*", "<strong>2015</strong> <em>2016</em>"),
        ("**Kodiko**، *Singa*", "<strong>Kodiko</strong>، <em>Singa</em>"),
        ("**بيت** *Kodiko*", "<strong>بيت</strong> <em>Kodiko</em>"),
        # An element inside one of its own kind: nothing is cut.
        ("*a *b* c* d", "<em>a <em>b</em> c</em> d"),
    ],
)
def test_words_from_the_left_go_on_from_one_element_to_the_next(text: str, expected: str) -> None:
    html = inline_html(text, "ar").translate(str.maketrans("", "", "\u2066\u2067\u2069"))
    assert unescape(re.sub(r'<span dir="ltr">(.*)</span>', r"[\1]", html)) == expected
    assert "dir=" not in inline_html(text, "fr")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("À **بيت** **الضيافة** ici", "À [<strong>بيت</strong> <strong>الضيافة</strong>] ici"),
        ("À **بيت** الضيافة.", "À [<strong>بيت</strong> الضيافة]."),
        ("À بيت *الضيافة*, ici", "À [بيت <em>الضيافة</em>], ici"),
        ("*بيت*, **الضيافة** ici", "[<em>بيت</em>, <strong>الضيافة</strong>] ici"),
        ("(**שלום** *עולם*) mots", "([<strong>שלום</strong> <em>עולם</em>]) mots"),
        ("[بيت](lang:ar) **الضيافة**", '[<span lang="ar" dir="rtl">بيت</span> <strong>الضيافة</strong>]'),
        ("**بيت 12** *الضيافة* 13", "[<strong>بيت 12</strong> <em>الضيافة</em>] 13"),
        # One element, a word or a number of the French text between or around them.
        ("À **بيت** ici", "À <strong>بيت</strong> ici"),
        ("**بيت** et **الضيافة**", "<strong>بيت</strong> et <strong>الضيافة</strong>"),
        ("**12** *بيت* 13", "<strong>12</strong> <em>بيت</em> 13"),
        ("**La بيت** *الضيافة*", "<strong>La بيت</strong> <em>الضيافة</em>"),
        # An element inside one of its own kind: nothing is cut.
        ("*بيت *ب* بيت* ب", "<em>بيت <em>ب</em> بيت</em> ب"),
    ],
)
def test_words_from_the_right_go_on_from_one_element_to_the_next(text: str, expected: str) -> None:
    html = inline_html(text, "fr").translate(str.maketrans("", "", "\u2066\u2067\u2069"))
    assert unescape(re.sub(r'<span dir="rtl">(.*)</span>', r"[\1]", html)) == expected
    assert "dir=" not in inline_html(text.replace("La", ""), "ar")


@pytest.mark.parametrize(
    "text",
    [
        "[to write] The person to turn to",
        "(Bracketed) text, 12 words…",
        "“Quoted” – and more!",
        "– 5 km; (so).",
        "12 people; {three} rooms",
        "x " * 20_000 + "{y}",
    ],
)
def test_a_whole_text_in_latin_letters_is_one_run_on_a_card_from_the_right(text: str) -> None:
    text = text.strip()
    assert inline_html(text, "ar") == f'<span dir="ltr">{text}</span>'
    assert typeset_html(text, "ar") == f'<span dir="ltr">{text}</span>'
    assert "dir=" not in inline_html(f"نص {text}", "ar")
    assert "dir=" not in inline_html(text, "en")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "برنامج [Erasmus+](lang:fr) و", 'برنامج <span lang="fr" dir="ltr">Erasmus+</span> و'),
        ("ar", "«[Data & Co.](lang:en)» و", '«<span lang="en" dir="ltr">Data & Co.</span>» و'),
        ("ar", "و[Bourse « Demain »](lang:fr)", 'و<span lang="fr" dir="ltr">Bourse « Demain »</span>'),
        ("ar", "نص [« بيت » Foo](lang:fr)", 'نص <span lang="fr" dir="ltr">« بيت » Foo</span>'),
        ("ar", "نص [(*Erasmus*) +](lang:fr)", 'نص <span lang="fr" dir="ltr">(<em>Erasmus</em>) +</span>'),
        ("fr", "Le [بيت (2019)](lang:ar) ici", 'Le <span lang="ar" dir="rtl">بيت (2019)</span> ici'),
        ("fr", "Le [بيت Foo!](lang:fa).", 'Le <span lang="fa" dir="rtl">بيت Foo\u202f!</span>.'),
        # Of the same direction, or marked as what they are not.
        ("ar", "نص [שלום!](lang:he)", 'نص <span lang="he">שלום!</span>'),
        ("ar", "نص [هنا](lang:fr).", 'نص <span lang="fr">هنا</span>.'),
        ("fr", "Un [mot (a)](lang:ar) ici", 'Un<span lang="ar"> mot (a)</span> ici'),
    ],
)
def test_words_in_a_language_of_the_other_direction_are_one_element(language: str, text: str, expected: str) -> None:
    html = inline_html(text, language)
    assert unescape(html).translate(dict.fromkeys(range(0x2066, 0x206A))) == expected


@pytest.mark.parametrize("language", ["ar", "fa", "he-IL"])
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Association d'aide", "Association d’aide"),
        ("في Côte d'Azur و l'Été", "في Côte d’Azur و l’Été"),
        ("צה'ל, 5'30, l' et 'mot'", "צה'ל, 5'30, l' et 'mot'"),
        ("https://example.org/l'eau `l'eau` l'eau", "https://example.org/l'eau `l'eau` l’eau"),
    ],
)
def test_an_apostrophe_between_latin_letters_is_curly_in_text_from_the_right(
    language: str, text: str, printed: str
) -> None:
    assert typeset_text(text, language) == printed
    assert typeset_runs([text], language) == (printed,)


def test_an_apostrophe_at_the_end_of_a_run_is_curly_in_text_from_the_right() -> None:
    assert typeset_runs(["في l'", "eau", "", "’a"], "ar") == ("في l’", "eau", "", "’a")
    assert typeset_runs([], "ar") == ()


@given(st.text(st.sampled_from("اب1a *_`[](),.&<>;'\"-\n"), max_size=60))
def test_html_with_words_of_both_directions_is_whole(text: str) -> None:
    for language in ("ar", "fr"):
        html = to_html(text, 3, language)
        ElementTree.fromstring(re.sub(r"<(br|hr|wbr)>", r"<\1/>", f"<div>{html}</div>"))


def test_many_elements_take_no_time() -> None:
    for piece in ("*a* ", "*a* 1 ", "**a *b* c** ", "a *b*, ", "[a](https://b.example) "):
        joined_from_left(to_html("ا " + piece * 1_000, 3, "ar"))
        to_html("Le " + piece.replace("a", "بيت").replace("b", "ب") * 1_000, 3, "fr")
