"""The micro-typography of French, as rules for a `Draft`. `typography` explains them and names the sources."""

from __future__ import annotations

import re

from livret.content.language.rules import NBSP, SP, SPACES, THIN, Draft, TypographyRule, quotes

# A label before digits makes them a reference, not a number.
_REFERENCE = re.compile(
    r"(?:[nN][°º]s?|\b(?:[Nn]os?|r[ée]f(?:\.|[ée]rences?)?|codes?|dossier|siren|siret|rna|ape|naf|isbn|issn|ean|cs|bp|tsa"
    r"|cedex|poste|num[ée]ro|finess|rpps|adeli|orias|insee|id|convention|licence|agr[ée]ment|loi|d[ée]cret|arr[êe]t[ée]"
    r"|ordonnance|circulaire|d[ée]cision|d[ée]lib[ée]ration|articles?|art\.?|[LRD]\.?|t[ée]l(?:\.|[ée]phone)?|fax"
    r"|iso|norme|f-))[" + SPACES + r":]*$",
    re.IGNORECASE,
)
_CAPITAL = "A-ZÀ-ÖØ-ÞŒ"


def _is_reference(match: re.Match[str]) -> bool:
    return _REFERENCE.search(match.string[max(0, match.start() - 20) : match.start()]) is not None


SPACING = (
    TypographyRule(re.compile(rf"(?<=\(){SP}(?=[^\s)])|(?<=[^\s(]){SP}(?=\))"), "", needs="()"),
    # " ," and " ." but not " .org" nor " ...".
    TypographyRule(re.compile(rf"{SP}(?=,(?!\d)|\.(?![\w.+]))"), "", needs=".,"),
    TypographyRule(re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…", needs="."),
)


_APOSTROPHE = re.compile("['´ʼ‘]")
_YEAR = re.compile(rf"\d\d(?!\w|{SP}[\dh])")
_OPENED = re.compile(rf"(?<!\w)'(?=\w)(?!{_YEAR.pattern})")


def _apostrophes(draft: Draft) -> None:
    """Straight apostrophes become ’, but for minutes and feet (5'30) and for 'words between quotes'."""
    opened = _OPENED.search(draft.text)
    limit = opened.start() if opened else len(draft.text)

    def apostrophe(match: re.Match[str]) -> str | None:
        text, offset = match.string, match.start()
        before, after = text[offset - 1 : offset], text[offset + 1 : offset + 2]
        if match[0] != "'":
            return "’" if before.isalpha() and after.isalpha() else match[0]
        if before.isdigit():
            # 5' alone may be feet, minutes or the end of a quotation.
            return match[0] if after.isdigit() else None
        if before.isalpha():
            # The end of a word, unless a straight quote was opened before it.
            return "’" if after.isalnum() or offset < limit else None
        # '68 for 1968.
        return "’" if _YEAR.match(text, offset + 1) else None

    draft.change(TypographyRule(_APOSTROPHE, apostrophe, "apostrophe", sure=True))


_QUOTES = (
    _apostrophes,
    quotes(("«", "»"), ("“", "”")),
    TypographyRule(re.compile(rf"«{SP}?"), f"«{NBSP}", needs="«"),
    TypographyRule(re.compile(rf"{SP}?»"), f"{NBSP}»", needs="»"),
    TypographyRule(re.compile(rf"(?<=“){SP}|{SP}(?=”)"), "", needs="“”"),
)

_PUNCTUATION = (
    # Not at the start of a line or of a parenthesis: "(?)".
    TypographyRule(re.compile(rf"(?<![\n(\[{{]){SP}(?=[;!?])"), THIN, needs=";!?"),
    TypographyRule(re.compile(r"(?<=[^\s(\[{;!?¿¡])(?=[;!?])"), THIN, needs=";!?"),
    # Where none was typed, a colon in 14:30, 16:9 or key:value is left alone.
    TypographyRule(re.compile(rf"(?<![\n(\[{{]){SP}(?=:)"), NBSP, needs=":"),
    TypographyRule(re.compile(r"(?<=[^\s(\[{:])(?=:(?:[\s»”)\]]|$))"), NBSP, needs=":"),
)

# Words and beginnings of words that take the ligature. The list is closed, because coefficient, coexister, moelle,
# poète and Noël do not take it.
_LIGATURE = re.compile(
    r"\b(?:coeurs?|choeurs?|soeur(?:ette)?s?|consoeurs?|rancoeurs?|contrecoeur|[ée]coeur\w*|boeufs?|oeufs?|noeuds?|voeux?"
    r"|moeurs|oeuvr\w*|d[ée]soeuvr\w*|manoeuvr\w*|oeil|oeill(?:et|ade|[èe]re|eton)s?|foet(?:us|al|ale|ales|aux)"
    r"|oed[èée]m\w*|oesophag\w*|oestr(?:og|adi|al|us)\w*|oeno(?:l|t|ph)\w*|oecum[ée]n\w*|oedip\w*|coelia[qc]\w*"
    r"|coelio\w*|coelacanthes?|ex aequo|caecums?|naevus|curriculum vitae)\b",
    re.IGNORECASE,
)
_LIGATURES = (("oe", "œ"), ("Oe", "Œ"), ("OE", "Œ"), ("ae", "æ"), ("AE", "Æ"))


def _ligature(match: re.Match[str]) -> str:
    word = match[0]
    for letters, ligature in _LIGATURES:
        word = word.replace(letters, ligature, 1)
    return word


# Words often typed with a bare capital, without another reading. Names of people and projects (Elan, Emile) are left.
_CAPITALISED = (
    "Échange Échanges Échelle École Écoles Économie Économique Écosystème Écoute Écriture Éditeur Éditeurs "
    "Édition Éditions Éditorial Éducateur Éducateurs Éducation Éducatrice Éducatrices Égalité Église Églises "
    "Égypte Électricité Élection Élections Élève Élèves Élu Élue Élues Élus Élysée Énergie Énergies Épinal "
    "Équateur Équipe Équipement Équipements Équipes Érythrée Établissement Établissements Étaient Était Étant "
    "Étape Étapes État États Été Éthiopie Étranger Étrangers Étrangère Étrangères Être Étude Études Étudiant "
    "Étudiante Étudiantes Étudiants Évaluation Évaluations Événement Événements Évènement Évènements Évolution "
    "Évreux Évry Île Îles"
).split()
_CAPITALS = (
    "ACCÈS DÉLÉGATION DÉLÉGUÉ DÉPARTEMENT DÉPARTEMENTAL DÉPARTEMENTS ÉCOLE ÉCOLES ÉDITORIAL ÉDUCATION ÉGALITÉ "
    "ÉQUIPE ÉTABLISSEMENT ÉTABLISSEMENTS ÉTAT ÉTATS FRANÇAIS FRANÇAISE ÎLE INTÉGRATION INTÉRIEUR INTERMINISTÉRIEL "
    "INTERMINISTÉRIELLE MINISTÈRE PRÉFECTURE PRÉFET RÉFUGIÉ RÉFUGIÉE RÉFUGIÉES RÉFUGIÉS RÉGION RÉGIONAL "
    "RÉPUBLIQUE RÉSULTATS SANTÉ SOCIÉTÉ SOLIDARITÉ SOLIDARITÉS"
).split()
_BARE = str.maketrans("ÇÈÉÎ", "CEEI")
_ACCENTED = {word.translate(_BARE): word for word in _CAPITALS} | {
    word[0].translate(_BARE) + word[1:]: word for word in _CAPITALISED
}
_ACCENTED["Saint-Etienne"] = "Saint-Étienne"

_WORDS = (
    TypographyRule(_LIGATURE, _ligature, "ligature", needs=("oe", "OE", "Oe", "ae", "AE")),
    TypographyRule(
        re.compile(r"\b(?:Saint-E|[ADEFIMPRS])\w+"), lambda match: _ACCENTED.get(match[0], match[0]), "accent"
    ),
    # "A la demande", "A Lyon, on": the preposition, where "A" cannot be a letter of the alphabet or the verb.
    TypographyRule(
        re.compile(
            rf"(?:(?<=^)|(?<=[.!?…]{SP})|(?<=\n))A(?={SP}(?:(?:l['’]|(?:la|ce|cet|cette|ces|chaque|son|sa|ses|leurs?|notre|nos"
            r"|votre|vos|tous|toutes|partir|travers|côté|cause|propos|noter|savoir|quoi|qui|défaut|moins|mesure|terme"
            rf"|long|court)\b)|[{_CAPITAL}][\w-]+,))"
        ),
        "À",
        "accent",
        needs="A",
    ),
)


def _bare_digits(match: re.Match[str]) -> str | None:
    """Five to seven digits are a number unless they look like a postcode, a reference or a telephone number."""
    digits, text = match[0], match.string
    if _is_reference(match):
        return digits
    if len(digits) > 7 or digits.startswith("0"):
        return None
    if len(digits) == 5:
        in_address = _ADDRESS.search(text, max(0, match.start() - 2), match.start()) is not None
        if _CAPITALISED_WORD.match(text, match.end()):
            # "13001 Marseille" in an address, or else perhaps "15000 Syriens".
            return digits if in_address and _TOWN.match(text, match.end()) else None
        if in_address and _ALONE.match(text, match.end()):
            return None
    first = len(digits) % 3
    return THIN.join(filter(None, [digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))]))


_CAPITALISED_WORD = re.compile(rf"{SP}(?:[{_CAPITAL}]|cedex\b)")
_TOWN = re.compile(
    rf"(?:{SP}(?:[{_CAPITAL}][\w'’-]*|sur|sous|en|lès|les?|la|des?|du|cedex|\d\d?))+{SP}?(?:$|[\n,;.)/–-])"
)
_ALONE = re.compile(rf"{SP}?(?:\)|\Z)")
_ADDRESS = re.compile(rf"(?:\A|[\n,(–-]){SP}?\Z")


def _range(match: re.Match[str]) -> str:
    """2010-2015 and 2010-15, not 2019-04, 3-1, law 2018-778 or article L. 744-9."""
    first, last = match[1], match[2]
    rising = int(last) > int(first)
    if len(first) == 4 and len(last) == 2:
        rising = 1900 <= int(first) <= 2099 and int(last) > max(12, int(first) % 100)
    if not rising or first[0] == "0" or last[0] == "0" or _is_reference(match):
        return match[0]
    return f"{first}–{last}"


_ORDINALS = (
    TypographyRule(re.compile(r"(?<![\w.,])(1|I)i?[èée]re(s?)\b"), lambda match: f"{match[1]}re{match[2]}", needs="1I"),
    TypographyRule(
        re.compile(r"(?<![\w.,])(\d{1,4}|[IVX]+)(?:i?[èée]me|[ÈE]ME)(s?)\b"),
        lambda match: f"{match[1]}e{match[2]}",
        needs="mM",
    ),
)

_SPACE = re.compile(SP)

_NUMBERS = (
    TypographyRule(
        re.compile(
            rf"(?:(?<![\w.,/+])(?<!\d{SP})|(?<=(?<!\d)\d{{4}}{SP}))[1-9]\d{{0,2}}(?:{SP}\d{{3}})+(?!\d|{SP}\d|[/.-]\d)"
        ),
        lambda match: _SPACE.sub(THIN, match[0]),
        needs="0123456789",
    ),
    TypographyRule(
        re.compile(rf"(?<![\w.,/+#-])(?<!\d{SP})\d{{5,}}(?![\w/]|{SP}\d|[.-]\w)"),
        _bare_digits,
        "digits",
        needs="0123456789",
    ),
    TypographyRule(
        re.compile(rf"(?<![\w.,/+–-])(?<!\d{SP})(\d{{1,4}})-(\d{{1,4}})(?![\w/–-]|[.,:]\d|{SP}\d)"),
        _range,
        "range",
        needs="-",
    ),
)

# Units that get a space before them where none was typed, and units too short to be sure ("5G", "3D").
_UNITS = "km/h|km[²³]?|kg|cm[²³]?|mm[²³]?|m[²³]|ha|[kKMGT]o|[kMG]Wh?|min"
_SHORT_UNITS = "m|dm|g|mg|t|l|[cm][lL]|s|ms|Hz|[kMG]Hz|dB|ETP|ppp"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"


def _hours(match: re.Match[str]) -> str:
    return f"{match[1]}{NBSP}h" + (f"{NBSP}{match[2]}" if match[2] else "")


_BONDS = (
    TypographyRule(re.compile(rf"(?<=\d){SP}?(?=[%‰€£$]|[kM]€|Mds?€|°[CF]\b)"), NBSP, needs="%‰€£$°"),
    TypographyRule(
        re.compile(rf"(?<![\w.,])(\d{{1,2}}){SP}?h(?:{SP}?([0-5]\d)(?!{SP}h))?(?![\w/’]|\.\d)"), _hours, needs="h"
    ),
    # 15H00; 15H alone may be something else.
    TypographyRule(re.compile(r"(?<![\w.,])([01]?\d|2[0-4])H([0-5]\d)(?![\w/’]|\.\d)"), _hours, needs="H"),
    TypographyRule(re.compile(rf"(?<=\d){SP}(?=(?:{_UNITS}|{_SHORT_UNITS})(?![\w’]))"), NBSP, needs="0123456789"),
    TypographyRule(
        re.compile(rf"(?<![\w.-])(\d+(?:,\d+)?)(?=(?:{_UNITS})(?![\w’]))"),
        lambda match: f"{match[1]}{NBSP}",
        needs="mgaoW",
    ),
    TypographyRule(re.compile(rf"(?<![\w<>=-])([<>≤≥≈]){SP}?(?=\d)"), lambda match: f"{match[1]}{NBSP}", needs="<>≤≥≈"),
    TypographyRule(re.compile(rf"([nN][°º]s?){SP}?(?=\w)"), lambda match: f"{match[1]}{NBSP}", needs="°º"),
    TypographyRule(re.compile(rf"(?<=§){SP}?(?=\d)"), NBSP, needs="§"),
    TypographyRule(
        re.compile(rf"(\b(?:[Nn]o|(?:pp?|art|chap|fig|vol|t|al|col|ann)\.)){SP}(?=\d)"),
        lambda match: f"{match[1]}{NBSP}",
        needs=".Nn",
    ),
    TypographyRule(
        re.compile(rf"\b(\d\d?|1er){SP}(?=(?:{_MONTHS})\b)", re.IGNORECASE),
        lambda match: f"{match[1]}{NBSP}",
        needs="0123456789",
    ),
    TypographyRule(re.compile(rf"\b([IVX]+es?){SP}(?=siècles?\b|s\.)"), lambda match: f"{match[1]}{NBSP}", needs="IVX"),
    # "M. Martin", "Mme Martin", "J. Martin".
    TypographyRule(
        re.compile(rf"(?<![\w.])((?:MM|[A-ZÉ])\.|M(?:me|lle)s?|[DP]rs?|Mgr|Me){SP}(?=[{_CAPITAL}])"),
        lambda match: f"{match[1]}{NBSP}",
    ),
)


def _hyphen(match: re.Match[str]) -> str | None:
    return None if _MINUS.match(match.string, match.end()) else f"{NBSP}–"


_MINUS = re.compile(rf"{SP}\d+(?:,\d+)?{SP}?[%°€]")
_DASHES = (
    # At the start of a line it makes a list.
    TypographyRule(re.compile(rf"(?<!\n){SP}(?:--?|—)(?={SP})"), _hyphen, "dash", needs="-—"),
    TypographyRule(re.compile(r"(?<=\w)—(?=\w)"), f"{NBSP}– ", "dash", needs="—"),
    TypographyRule(re.compile(rf"(?<!\n){SP}–(?={SP})"), f"{NBSP}–", needs="–"),
    TypographyRule(re.compile(rf"(?<={NBSP}–){SP}(?![–—-])"), " ", needs="–"),
    # From one hour to another: "14 h – 18 h".
    TypographyRule(
        re.compile(rf"(?<=\d{NBSP}h)((?:{NBSP}\d\d)?{NBSP}–) (?=\d\d?{NBSP}h\b)"),
        lambda match: f"{match[1]}{NBSP}",
        needs="–",
    ),
)

RULES = (*SPACING, *_QUOTES, *_PUNCTUATION, *_WORDS, *_ORDINALS, *_BONDS, *_NUMBERS, *_DASHES)

# What stands in superior letters: "1er", "2e", "XXe siècle", "Ve République".
_AGES = "siècles?|République|arrondissement|Empire|législature|Plan|congrès|édition"
SUPERIOR = (
    r"(?<![\w.,])(?:(?:1(?=(?:er|re)s?\b)|2(?=(?:nde?|de?)s?\b)|\d{1,4}(?=es?\b)|I(?=(?:er|re)s?\b)|[IVX]{2,}(?=es?\b)"
    rf"|[IVX](?=es?{SP}(?:{_AGES})\b)))(?P<superior>ers?|res?|nde?s?|de?s?|es?)\b"
)
