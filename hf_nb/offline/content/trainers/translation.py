"""English sentences with their French translation, by a grammar of gender, number, agreement and elision.

    the cat sleeps          ->  le chat dort
    she sees a white house  ->  elle voit une maison blanche

A noun and an adjective that are tested together never meet in training, nor do a noun and its verb.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import TYPE_CHECKING

from hf_nb.offline.content.trainers.sequences import Pair, subwords

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VOWELS = "aeiouhéê"  # every h here is mute
TESTED = 300
VOCABULARY = 620

# English singular, plural; French singular, plural; gender
NOUNS = """
cat cats chat chats m; dog dogs chien chiens m; horse horses cheval chevaux m; bird birds oiseau oiseaux m;
rabbit rabbits lapin lapins m; mouse mice souris souris f; cow cows vache vaches f; bee bees abeille abeilles f;
tree trees arbre arbres m; flower flowers fleur fleurs f; apple apples pomme pommes f; orange oranges orange oranges f;
cake cakes gâteau gâteaux m; egg eggs œuf œufs m; book books livre livres m; letter letters lettre lettres f;
house houses maison maisons f; room rooms chambre chambres f; door doors porte portes f; window windows fenêtre
fenêtres f; table tables table tables f; chair chairs chaise chaises f; bed beds lit lits m; lamp lamps lampe lampes f;
car cars voiture voitures f; train trains train trains m; boat boats bateau bateaux m; plane planes avion avions m;
school schools école écoles f; church churches église églises f; street streets rue rues f; garden gardens jardin
jardins m; island islands île îles f; river rivers rivière rivières f; hat hats chapeau chapeaux m; shirt shirts chemise
chemises f; shoe shoes chaussure chaussures f; friend friends ami amis m; child children enfant enfants m; girl girls
fille filles f; boy boys garçon garçons m; teacher teachers professeur professeurs m; doctor doctors médecin médecins m
"""
# English; French masculine, feminine (an s makes the plural, but after s or x); * before the noun
ADJECTIVES = """
red rouge rouge; green vert verte; blue bleu bleue; black noir noire; white blanc blanche; yellow jaune jaune;
brown brun brune; grey gris grise; new neuf neuve; happy heureux heureuse; sad triste triste; quiet calme calme;
expensive cher chère; round rond ronde; heavy lourd lourde; light léger légère; clean propre propre; dirty sale sale;
open ouvert ouverte; empty vide vide; big grand grande *; small petit petite *; young jeune jeune *;
bad mauvais mauvaise *
"""
# English I-form, he-form; French je, tu, il, nous, vous, ils
VERBS = """
see sees vois vois voit voyons voyez voient; like likes aime aimes aime aimons aimez aiment; look_for looks_for cherche
cherches cherche cherchons cherchez cherchent; find finds trouve trouves trouve trouvons trouvez trouvent; buy buys
achète achètes achète achetons achetez achètent; sell sells vends vends vend vendons vendez vendent; have has ai as a
avons avez ont; want wants veux veux veut voulons voulez veulent; draw draws dessine dessines dessine dessinons
dessinez dessinent; watch watches regarde regardes regarde regardons regardez regardent; know knows connais connais
connaît connaissons connaissez connaissent; lose loses perds perds perd perdons perdez perdent
"""
ALONE = """
sleep sleeps dors dors dort dormons dormez dorment; sing sings chante chantes chante chantons chantez chantent; run runs
cours cours court courons courez courent; arrive arrives arrive arrives arrive arrivons arrivez arrivent; leave leaves
pars pars part partons partez partent; laugh laughs ris ris rit rions riez rient; work works travaille travailles
travaille travaillons travaillez travaillent; dance dances danse danses danse dansons dansez dansent; wait waits attends
attends attend attendons attendez attendent; fall falls tombe tombes tombe tombons tombez tombent
"""
BE = ("am is are", "suis es est sommes êtes sont".split())
PRONOUNS = (
    ("I", "je", 0),
    ("he", "il", 2),
    ("she", "elle", 2),
    ("we", "nous", 3),
    ("you", "vous", 4),
    ("they", "ils", 5),
)
TIMES = (
    ("today", "aujourd'hui"),
    ("tomorrow", "demain"),
    ("now", "maintenant"),
    ("here", "ici"),
    ("often", "souvent"),
)


@dataclass(frozen=True)
class Noun:
    """A noun in both languages."""

    english: tuple[str, str]
    french: tuple[str, str]
    feminine: bool


@dataclass(frozen=True)
class Adjective:
    """An adjective in both languages."""

    english: str
    masculine: str
    feminine: str
    before: bool

    def agreeing(self, noun: Noun, *, plural: bool) -> str:
        word = self.feminine if noun.feminine else self.masculine
        return word + ("s" if plural and word[-1] not in "sx" else "")


@dataclass(frozen=True)
class Verb:
    """A verb in both languages, in the present."""

    english: tuple[str, str]
    french: tuple[str, ...]


@dataclass(frozen=True)
class Phrase:
    """A subject or an object; `person` is the French form of the verb it takes (2: il, 5: ils)."""

    english: str
    french: str
    person: int
    noun: Noun | None = None


def _entries(text: str) -> list[list[str]]:
    return [entry.split() for entry in text.split(";")]


def nouns() -> list[Noun]:
    """All nouns."""
    return [Noun((one, many), (un, des), gender == "f") for one, many, un, des, gender in _entries(NOUNS)]


def adjectives() -> list[Adjective]:
    """All adjectives."""
    return [Adjective(e, m, f, bool(before)) for e, m, f, *before in _entries(ADJECTIVES)]


def verbs(text: str) -> list[Verb]:
    """Those that take an object, or those that do not."""
    return [
        Verb((i.replace("_", " "), he.replace("_", " ")), tuple(forms)) for i, he, *forms in _entries(text)
    ]


def elided(word: str, following: str) -> str:
    """`le` before a vowel is `l'`."""
    return f"{word[:-1]}'{following}" if following[0] in f"{VOWELS}œîÉ" else f"{word} {following}"


def is_tested(*words: str) -> bool:
    """One combination in twelve."""
    return hashlib.sha256(" ".join(words).encode()).digest()[0] < 21


class Translation:
    """Endless pairs; the same seed gives the same ones."""

    def __init__(self, seed: int, *, held_out: bool = False) -> None:
        self.random = Random(seed)  # noqa: S311 - exercises, not secrets
        self.nouns, self.adjectives = nouns(), adjectives()
        self.taking, self.alone = verbs(VERBS), verbs(ALONE)
        self.held_out = held_out

    def pairs(self) -> Iterator[Pair]:
        while True:
            tested: list[bool] = []
            pair = self._sentence(tested)
            if any(tested) == self.held_out:
                yield pair

    def _sentence(self, tested: list[bool]) -> Pair:
        subject = self._subject(tested)
        negated = self.random.random() < 0.25
        kind = self.random.random()
        if kind < 0.25 and subject.noun:
            english, french = self._being(subject, subject.noun, tested, negated=negated)
        else:
            verb = self.random.choice(self.alone if kind < 0.5 else self.taking)
            # Not with a pronoun: "partez" is met with "vous" alone.
            tested.append(subject.noun is not None and is_tested(subject.english, verb.english[0]))
            english, french = self._doing(subject, verb, negated=negated)
            if verb in self.taking:
                thing = self._noun_phrase(tested, definite=negated or self.random.random() < 0.5)
                english, french = f"{english} {thing.english}", f"{french} {thing.french}"
        if self.random.random() < 0.2:
            when = self.random.choice(TIMES)
            english, french = f"{english} {when[0]}", f"{french} {when[1]}"
        return english, french

    def _subject(self, tested: list[bool]) -> Phrase:
        if self.random.random() < 0.4:
            english, french, person = self.random.choice(PRONOUNS)
            return Phrase(english, french, person)
        return self._noun_phrase(tested, definite=self.random.random() < 0.7)

    def _noun_phrase(self, tested: list[bool], *, definite: bool) -> Phrase:
        noun, plural = self.random.choice(self.nouns), self.random.random() < 0.35
        english, french = noun.english[plural], noun.french[plural]
        if self.random.random() < 0.5:
            adjective = self.random.choice(self.adjectives)
            tested.append(is_tested(noun.english[0], adjective.english))
            word = adjective.agreeing(noun, plural=plural)
            english = f"{adjective.english} {english}"
            french = f"{word} {french}" if adjective.before else f"{french} {word}"
        person = 5 if plural else 2
        if definite:
            article = "les" if plural else "la" if noun.feminine else "le"
            given = f"les {french}" if plural else elided(article, french)
            return Phrase(f"the {english}", given, person, noun)
        if plural:
            return Phrase(
                f"some {english}", f"{'de' if self._precedes(french) else 'des'} {french}", person, noun
            )
        an = "an" if english[0] in "aeiou" else "a"
        return Phrase(f"{an} {english}", f"{'une' if noun.feminine else 'un'} {french}", person, noun)

    def _precedes(self, french: str) -> bool:
        """`de grands arbres`: des becomes de before an adjective."""
        first = french.split(" ", 1)[0]
        return any(
            a.before and first in {f"{a.masculine}s", f"{a.feminine}s", a.masculine} for a in self.adjectives
        )

    def _being(self, subject: Phrase, noun: Noun, tested: list[bool], *, negated: bool) -> Pair:
        adjective = self.random.choice(self.adjectives)
        tested.append(is_tested(noun.english[0], adjective.english))
        plural = subject.person == 5
        english = (
            f"{subject.english} {'are' if plural else 'is'}{' not' if negated else ''} {adjective.english}"
        )
        form = BE[1][subject.person]
        verb = f"{elided('ne', form)} pas" if negated else form
        return english, f"{subject.french} {verb} {adjective.agreeing(noun, plural=plural)}"

    def _doing(self, subject: Phrase, verb: Verb, *, negated: bool) -> Pair:
        third = subject.person == 2
        english = verb.english[third] if not negated else f"{'does' if third else 'do'} not {verb.english[0]}"
        form = verb.french[subject.person]
        said = f"{elided('ne', form)} pas" if negated else form
        french = elided("je", said) if subject.french == "je" else f"{subject.french} {said}"
        return f"{subject.english} {english}", french


def held_out() -> dict[str, list[Pair]]:
    """Sentences with a combination of words that training never shows."""
    found: dict[str, str] = {}
    for english, french in Translation(999, held_out=True).pairs():
        found.setdefault(english, french)
        if len(found) == TESTED:
            break
    return {"exact_match": list(found.items())}


def tokenizer() -> "Tokenizer":
    """Trained on both languages."""
    made = Translation(1).pairs()
    return subwords(list(chain.from_iterable(next(made) for _ in range(6000))), VOCABULARY)
