"""The stress catalogue: cards at the lengths that forty organisations send, for tests, the benchmark and the eye.

    python tests/stress.py FOLDER [--cards N] [--layout pocket]

writes a project with 36 cards (or N: the same lengths in turn), two forewords, eight partners and fourteen themes.
All words are invented; all is made from fixed lists, so that it is the same each time.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).resolve().parents[1]

SENTENCES = """
L'atelier ouvre ses portes deux soirs par semaine, dans une ancienne école que la commune a remise en état.
Chacun y vient avec ce qu'il sait faire, et repart avec ce qu'un autre lui a montré.
Les premières semaines servent à faire connaissance, sans dossier à remplir ni promesse à signer.
Une équipe de trois salariés et d'une vingtaine de bénévoles se relaie pour accueillir, écouter et orienter.
Rien n'est imposé.
Les horaires tiennent compte des trains, des gardes d'enfants et des contrats de nuit.
Quand une question dépasse l'équipe, un appel suffit pour joindre le service compétent.
Le trajet compte autant que l'arrivée.
On y parle français, mais aussi pachto, tigrigna, arabe, ukrainien, et parfois avec les mains autour d'une carte.
Les familles choisissent le quartier, le bailleur propose le logement, et l'association suit chacun dix-huit mois.
Un livret de suivi, tenu par la personne elle-même, garde la trace des démarches et des rendez-vous.
Le bouche-à-oreille a fait le reste.
Au printemps, le groupe part marcher une journée dans les collines, avec des habitants du canton.
Les employeurs visitent l'atelier avant de recevoir un curriculum vitae, ce qui change la conversation.
Chaque mois, une réunion courte permet de dire ce qui marche et ce qui doit changer.
La mairie prête la salle ; le centre social, ses tables ; le club de football, son minibus.
Depuis l'ouverture, personne n'a été refusé faute de place.
Des étudiants en droit tiennent une permanence le samedi matin, sous la conduite d'une avocate à la retraite.
Il a fallu deux ans pour convaincre les assureurs.
La cuisine partagée réunit jusqu'à quarante personnes le vendredi, autour de plats que l'on apprend à deux.
Les données restent sur place et sont effacées au bout d'un an, sauf demande contraire.
Trois communes voisines ont repris l'idée en l'adaptant à leurs moyens.
Un parrain ou une marraine suit chaque participant pendant six mois, puis la relation continue si les deux le veulent.
Les cours commencent par les mots du travail : outils, consignes, horaires, sécurité, fiche de paie.
On s'étonne encore de la simplicité du procédé.
Les soins ne s'arrêtent pas à l'ordonnance, et l'infirmière du réseau rappelle après chaque consultation.
Le jardin, planté en 2016, nourrit aujourd'hui la cantine et occupe les mains de ceux qui attendent une réponse.
Pour les plus jeunes, un local reste ouvert tard, avec des ordinateurs et quelqu'un qui sait s'en servir.
Le financement est partagé entre l'État, le département et une fondation privée.
La suite dépendra des moyens.
Ce que l'on voit ici tient surtout à la patience des voisins et à la constance des bénévoles.
Au fil des mois, les questions changent : d'abord un toit, puis un médecin, une école, enfin un métier.
Les retraités du bourg corrigent les lettres de motivation le mercredi, autour d'un thé.
Deux chambres restent libres en permanence pour les urgences de la nuit.
La bibliothèque a ouvert un rayon en sept langues, choisi par ses nouveaux lecteurs.
Un contrat simple fixe ce que chacun donne, ce que chacun reçoit et ce qui se passe en cas de désaccord.
Le dimanche, l'équipe se repose.
Les erreurs du début, trop de réunions et pas assez de visites, ont servi de leçon.
Une carte affichée à l'entrée indique qui habite où, qui conduit et qui cherche une place.
Plusieurs anciens participants encadrent maintenant les nouveaux et en connaissent tous les pièges.
Le conseil municipal a voté le principe d'une maison commune, sans étiquette et sans guichet.
Les médecins du canton acceptent un patient nouveau chacun, sur simple appel de la permanence.
Cela demande du temps, des chaises et beaucoup de café.
À la rentrée, une classe entière est venue poser ses questions, qui n'étaient pas les plus faciles.
Le matériel prêté revient toujours, parfois réparé.
La gare la plus proche étant à douze kilomètres, les covoiturages du lundi ont tout changé.
Une enquête menée à la sortie montre que huit personnes sur dix recommanderaient le parcours à un proche.
""".strip().splitlines()

# From one to nine words, to end a text at a given length.
ENDINGS = [
    "",
    "Voilà.",
    "C'est tout.",
    "Et cela suffit.",
    "Le reste est venu.",
    "Chacun y trouve son compte.",
    "Les portes restent ouvertes le samedi.",
    "Le projet continue avec les mêmes partenaires.",
    "Une seconde équipe se forme depuis la rentrée.",
    "Les habitants en parlent désormais comme d'un lieu familier.",
]

ORGANISATIONS = [
    "Mission locale du bassin",
    "Habitat jeunes du littoral",
    "Secours des quartiers",
    "Union des centres sociaux de la vallée",
    "Maison des familles",
    "Réseau santé et exil",
    "Compagnons bâtisseurs du plateau",
    "Fédération des jardins partagés",
    "Caisse d'allocations",
    "Centre communal d'action sociale",
    "Cité des métiers",
    "Bureau des droits",
]

LONG_PARTNER = (
    "Délégation interministérielle à la coordination des politiques d'hospitalité et de cohésion des territoires"
)

PLACES = [
    ["FR-PAC", "FR-13"],
    ["FR-BRE", "FR-35"],
    ["FR-OCC", "FR-31", "FR-34"],
    ["FR-ARA", "FR-69"],
    ["FR-HDF", "FR-59"],
    ["FR-NAQ"],
    ["FR-IDF", "FR-93", "FR-75"],
    ["FR-GES", "FR-67", "FR-10"],
    ["FR-PAC", "FR-05", "FR-06", "FR-84"],
]

# Fourteen themes; seven have a pictogram.
THEMES = [
    ("langue", "Apprentissage de la langue", True),
    ("logement", "Accès au logement", True),
    ("droits", "Accès aux droits", True),
    ("soins", "Accès aux soins", True),
    ("emploi", "Accès à la formation et à l'emploi", True),
    ("culture", "Accès aux activités culturelles, sportives et aux loisirs", True),
    ("lien", "Créer du lien social", True),
    ("mobilite", "Mobilité", False),
    ("enfance", "Petite enfance et parentalité", False),
    ("numerique", "Inclusion numérique", False),
    ("alimentation", "Alimentation, cuisine et jardins", False),
    ("memoire", "Mémoire", False),
    ("engagement", "Bénévolat et engagement", False),
    ("etudes", "Études supérieures", False),
]


class Writer:
    """Writes texts of a given number of words; no sentence twice in a card, as long as there are any."""

    def __init__(self, start: int) -> None:
        self._left = [SENTENCES[(start + step) % len(SENTENCES)] for step in range(len(SENTENCES))]

    def words(self, number: int, paragraph: int = 60) -> str:
        """So many words in whole sentences, a new paragraph after each `paragraph` words."""
        paragraphs: list[list[str]] = [[]]
        left, since = number, 0
        while left > 9:
            sentence = next((sentence for sentence in self._left if len(sentence.split()) <= left), None)
            if sentence is None:
                # All that are short enough have been used.
                sentence = next(sentence for sentence in SENTENCES if len(sentence.split()) <= left)
            else:
                self._left.remove(sentence)
            if since >= paragraph and left > 20:
                paragraphs.append([])
                since = 0
            paragraphs[-1].append(sentence)
            length = len(sentence.split())
            left, since = left - length, since + length
        if left:
            paragraphs[-1].append(ENDINGS[left])
        text = "\n\n".join(map(" ".join, paragraphs))
        assert len(text.split()) == number, (number, len(text.split()))
        return text


@dataclass(frozen=True)
class Case:
    """One card: its lengths in words (about, partners, description with results), and what is special about it."""

    id: str
    about: int = 110
    partners: int = 30
    project: int = 180
    name: str = ""
    title: str = "Ensemble, pas à pas"
    summary: int = 24
    figures: list[tuple[str, str]] = field(default_factory=list)
    contacts: int = 1
    themes: list[str] = field(default_factory=lambda: ["lien"])
    scope: str = "regional"
    more: dict[str, Any] = field(default_factory=dict)


# The longest value has 12 characters, the longest label 60.
FIGURES = [
    ("97 %", "de sorties dynamiques"),
    ("12", "aides accordées"),
    ("1 250 000 km", "parcourus en minibus"),
    ("340", "personnes logées entre 2016 et 2018, dont la moitié à deux"),
    ("> 50", "structures informées"),
    ("3/4", "des participants trouvent un contrat de plus de six mois"),
    ("18 mois", "de suivi"),
    ("6", "communes"),
    ("4 200 €", "de budget par place et par an"),
]

TOWNS = (
    "Arles Brest Caen Dijon Épinal Foix Gap Hyères Istres Jarnac Laon Mende Nevers Orange Pau Quimper Redon Sedan "
    "Tulle Uzès Vannes Wissous Yvetot Agen Blois Cholet Dole Évreux Fougères Guéret"
)
PARTNERS_30 = "\n".join(f"- {ORGANISATIONS[i % 12]} de {town}" for i, town in enumerate(TOWNS.split()))

CASES = [
    Case("longue", 190, 30, 260, figures=FIGURES[:4], contacts=2, themes=["emploi", "logement"]),
    Case("partenaires-bavards", 60, 90, 300, name="Association pour l'accueil", themes=["logement"]),
    Case("organisation-bavarde", 224, 12, 293, contacts=1, themes=["droits", "soins"]),
    Case("mediane", 145, 40, 65, name="Maison commune", themes=["culture"]),
    Case("presque-rien", 20, 0, 40, name="L'Escale", summary=0, title="Ici", themes=["langue"]),
    Case("recit", 110, 20, 420, name="Les Passerelles du Sud", themes=["soins", "lien"]),
    Case("courte", 82, 4, 180, name="Terre ferme", contacts=1, themes=["lien"]),
    Case(
        "trente-partenaires",
        90,
        0,
        150,
        more={"partners": PARTNERS_30},
        name="Coordination régionale",
        themes=["logement"],
    ),
    Case("douze-contacts", 80, 10, 160, contacts=12, name="Réseau des douze", themes=["emploi"]),
    Case("neuf-chiffres", 90, 20, 120, figures=FIGURES[:9], name="Observatoire des parcours", themes=["emploi"]),
    Case(
        "nom-de-150",
        name="Union départementale des associations familiales, des centres sociaux et des maisons de la jeunesse "
        "et de la culture du littoral et de l'arrière-pays du Var",
        title="Un toit d'abord",
        themes=["logement"],
    ),
    Case("mot-de-28", name="Antikonstitutionnalisationen", title="Anticonstitutionnellementesque", themes=["droits"]),
    Case(
        "mot-de-42",
        name="Donaudampfschifffahrtsgesellschaftskapitän Europe",
        title="La Rindfleischetikettierungsueberwachungss ouvre ses archives",
        themes=["culture"],
    ),
    Case("nom-de-12", name="Le Refuge 12", title="Veillée d'hiver", themes=["lien"]),
    Case("courriel-de-48", name="Correspondances", contacts=3, more={"long_email": True}, themes=["numerique"]),
    Case("titre-de-4", name="Relais", title="Cap!", themes=["mobilite"]),
    Case(
        "titre-de-160",
        name="Fédération des ateliers",
        title="Accompagner vers l'emploi durable les personnes bénéficiaires d'une protection internationale, par la "
        "formation en alternance et le parrainage en entreprise",
        themes=["emploi", "langue"],
    ),
    Case("quatorze-themes", name="Maison de tous les thèmes", themes=[theme[0] for theme in THEMES]),
    Case("cinq-themes", name="Carrefour", themes=["numerique", "mobilite", "langue", "droits", "soins"]),
    Case("sans-titre", name="Foyer sans titre", title="", themes=["logement"]),
    Case("sans-titre-ni-accroche", name="Silence et Cie", title="", summary=0, themes=["memoire"]),
    Case("sans-accroche", name="Vite dit", summary=0, themes=["enfance"]),
    Case("nationale", name="Réseau national d'entraide", scope="national", themes=["engagement"]),
    Case("accroche-longue", name="Parole tenue", summary=60, themes=["droits"]),
    Case("trois-fiches-1", name="Habitat et rencontre", title="Bail glissant", themes=["logement"]),
    Case("trois-fiches-2", name="Habitat et rencontre", title="Café des langues", themes=["langue"], project=90),
    Case("trois-fiches-3", name="Habitat et rencontre", title="Jardin du Mas", themes=["alimentation"], project=250),
    Case("sigle", name="S.O.S. Voisins", title="Permanence", themes=["lien"], about=40, project=70),
    Case("sigle-sans-points", name="SOS Accueil", title="Ligne ouverte", themes=["lien"]),
    Case("nombre", name="100 pour 1", title="Cent donateurs, un toit", themes=["logement"]),
    Case("petit-nombre", name="2 rives", title="Traversées", themes=["culture"]),
    Case("adresse-dans-le-texte", name="Cité numérique", more={"addresses": True}, themes=["numerique"]),
    Case("listes", name="Méthode pas à pas", more={"lists": True}, themes=["etudes"], about=60),
    Case("colle", name="Copié-collé", more={"pasted": True}, themes=["enfance"], about=50),
    Case("departements", name="Les quatre départements", themes=["soins"], more={"territories": PLACES[8]}),
    Case("chiffres-larges", 60, 10, 60, name="Bilan", figures=FIGURES[:3], themes=["engagement"]),
]

LISTS = """
Le parcours compte trois temps :

1. accueillir la personne et comprendre sa demande ;
2. construire avec elle un projet qui tienne compte de ses droits ;
3. l'accompagner chez l'employeur ou le bailleur.

Entre deux rendez-vous, le référent reste joignable.

4. Faire le point au bout de six mois.
5. Passer le relais.

Les dernières promotions portent les numéros suivants :

98. promotion du printemps, douze personnes ;
99. promotion d'été ;
100. promotion d'automne, ouverte aux couples et aux familles avec enfants ;
101. promotion d'hiver ;
102. promotion de la rentrée.
"""

PASTED = """
Nos actions :
•\tateliers de français deux fois par semaine, avec garde d'enfants ;
•\tvisites d'entreprises ;
•\tpermanences juridiques.

\uf0b7 Premier point venu d'un traitement de texte
\uf0b7 Second point, un peu plus long que le premier pour passer à la ligne

@STUCK@

### Un troisième niveau

Une ligne sous ce titre.
""".replace(
    "@STUCK@",
    "Une phrase collée avec des espaces insécables partout, comme il en vient des sites, qui ne se coupe plus.".replace(
        " ", "\u00a0"
    ),
)

ADDRESSES = """
Les inscriptions se font sur
https://www.inscriptions-departementales.example.org/formulaires/accueil/premiere-demande?annee=2019
ou par courrier à l'adresse accueil.des.nouveaux.participants@inscriptions-departementales.example.org,
qui répond en deux jours.

- voir aussi https://ressources.example.org/guides/hebergement-citoyen/mode-d-emploi.pdf ;
- et contact.permanence@centre-de-ressources-de-la-vallee.example.org.
"""


def contact(number: int, long_email: bool) -> dict[str, Any]:
    email = f"accueil{number}@example.org"
    if long_email:
        email = [
            "coordination.secteur@habitat-jeunes.example.org",
            "responsable.parcours@reseau-du-rhone.example.org",
            email,
        ][number % 3]
    return {
        "role": ["Directrice", "Chargé de mission insertion et logement", "Coordinatrice des bénévoles"][number % 3],
        "organisation": ORGANISATIONS[number % 12],
        "address": ["Marseille", "12, rue des Lilas, 35000 Rennes", "Lyon 7e"][number % 3],
        "phones": [f"01 99 00 {10 + number:02} {20 + number:02}"],
        "email": email,
        "website": f"www.structure{number}.example.org",
    }


def card(case: Case, number: int) -> dict[str, Any]:
    """The fields of a card as its YAML file holds them."""
    pilot: dict[str, Any] = {"name": case.name or f"Association {ORGANISATIONS[number % 12]}"}
    writer = Writer(number)
    pilot["about"] = writer.words(case.about)
    made: dict[str, Any] = {"pilot": pilot}
    if case.partners:
        made["partners"] = writer.words(case.partners)
    made["contacts"] = [contact(number + i, bool(case.more.get("long_email"))) for i in range(case.contacts)]
    if case.title:
        made["title"] = case.title
    if case.summary:
        made["summary"] = writer.words(case.summary)
    results = case.project // 4 if case.project >= 100 else 0
    made["description"] = writer.words(case.project - results)
    if results:
        made["results"] = writer.words(results)
    if case.figures:
        made["figures"] = [{"value": value, "label": label} for value, label in case.figures]
    for name, text in (("lists", LISTS), ("pasted", PASTED), ("addresses", ADDRESSES)):
        if name in case.more:
            made["description"] = made["description"].split("\n\n")[0] + "\n\n" + text
    if "partners" in case.more:
        made["partners"] = case.more["partners"]
    made["themes"] = case.themes
    made["scope"] = case.scope
    if case.scope == "regional":
        made["territories"] = case.more.get("territories", PLACES[number % 8])
    return made


def dump(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")


def publication(layout: str) -> dict[str, Any]:
    themes = [{"id": id_, "name": name, **({"pictogram": id_} if drawn else {})} for id_, name, drawn in THEMES]
    return {
        "title": "Rencontres des initiatives locales",
        "subtitle": "Accueillir, loger, former, soigner : ce que les associations et les habitants font ensemble",
        "date": "2019-06-14",
        "issued": "2019-06-14",
        "place": "Rennes - Halle Martenot",
        "language": "fr",
        "demonstration": True,
        "layout": layout,
        "publisher": {"name": "Collectif des initiatives locales", "address": "Rennes", "email": "contact@example.org"},
        "themes": themes,
        "partners": [f"partenaire-{i}" for i in range(1, 9)],
    }


def write(folder: Path, cards: int = len(CASES), layout: str = "forum") -> Path:
    """Write the project with so many cards; beyond the list, the same lengths come again under other names."""
    for name in ("layouts", "fonts", "pictograms", "press"):
        shutil.copytree(TOP / name, folder / name)
    home = folder / "catalogue"
    dump(home / "catalogue.yaml", publication(layout))
    signed = {"name": "La présidence du collectif", "role": "Collectif des initiatives locales"}
    dump(home / "foreword.yaml", {"title": "Éditorial", "body": Writer(2).words(420), "signature": signed})
    untitled = {"body": Writer(20).words(140), "signature": {"name": "Le comité de lecture"}}
    dump(home / "pages" / "second-avant-propos.yaml", untitled)
    for i, length in enumerate((40, 90, 130, 160, 190, 220, 260, 320), 1):
        partner = {
            "name": LONG_PARTNER if i == 5 else ORGANISATIONS[i],
            "website": f"www.partenaire{i}.example.org",
            "body": Writer(i * 3).words(length),
        }
        dump(home / "partners" / f"partenaire-{i}.yaml", partner)
    for number in range(cards):
        case = CASES[number % len(CASES)]
        again = number // len(CASES)
        made = card(case, number)
        if again:
            made["pilot"]["name"] += f" {again + 1}"
        dump(home / "initiatives" / (case.id + (f"-{again + 1}" if again else "") + ".yaml"), made)
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cards", type=int, default=len(CASES))
    parser.add_argument("--layout", default="forum")
    asked = parser.parse_args()
    print(write(asked.folder, asked.cards, asked.layout))
