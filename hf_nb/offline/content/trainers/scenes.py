"""Generated premises and hypotheses from the lists in `texts/nli_en.txt`.

A young painter is washing a blue jacket at the market.
    A painter is washing a piece of clothing.      entailment: something left out, or said more generally
    The painter is washing a blue jacket at noon.  neutral: something added
    A painter is washing a red jacket.             contradiction: something that excludes it
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

CONTRADICTION, NEUTRAL, ENTAILMENT = LABELS = ("contradiction", "neutral", "entailment")
_VOWEL = re.compile(r"\b([Aa]) (?=[aeio]|un(?!i))")
THINGS_NOT = ("person", "creature", "bird", "insect", "building", "tree", "game", "drink")

Lists = dict[str, list[str]]
Listed = dict[str, Lists]


@dataclass(frozen=True)
class Pair:
    """What is said, what is claimed, and how the two stand to each other."""

    premise: str
    hypothesis: str
    label: str


@dataclass(frozen=True)
class Scene:
    """Somebody does something, somewhere."""

    who: str
    verb: str
    article: str = "a"
    number: str = ""
    young: str = ""  # an adjective of whoever it is
    colour: str = ""  # an adjective of the thing
    thing: str = ""
    where: str = ""
    extra: str = ""
    negated: bool = False

    def __str__(self) -> str:
        be = "are" if self.number else "is"
        person = self.who + ("s" if self.number else "")
        words = [
            self.number or self.article,
            self.young,
            person,
            be,
            "not" if self.negated else "",
            self.verb,
        ]
        thing = ["a", self.colour, self.thing] if self.thing else []
        return sentence(*words, *thing, self.where, self.extra)


def sentence(*parts: str) -> str:
    """Parts as a sentence, with "an" where it belongs."""
    text = _VOWEL.sub(r"\1n ", " ".join(part for part in parts if part))
    return text[0].upper() + text[1:] + "."


class Scenes:
    """Endless pairs; the same seed gives the same pairs."""

    def __init__(self, listed: Listed, random: Random) -> None:
        self.random = random
        self.kinds = listed["kinds"]
        self.flat = {section: lines[""] for section, lines in listed.items() if "" in lines}
        self.kind_of = {
            thing: kind for kind, things in self.kinds.items() if kind not in THINGS_NOT for thing in things
        }
        self.opposite: Lists = {}
        for entry in self.flat["opposites"]:
            first, second = entry.split("/")
            self.opposite.setdefault(first, []).append(second)
            self.opposite.setdefault(second, []).append(first)
        self.actions = [entry.split("/") for entry in self.flat["actions"]]

    def pairs(self) -> Iterator[Pair]:
        makers = (self._of_scene, self._of_thing, self._of_verbs, self._of_two, self._of_kind)
        while True:
            pair = self.random.choices(makers, (50, 20, 12, 8, 10))[0]()
            if pair.premise != pair.hypothesis:
                yield pair

    def _scene(self) -> Scene:
        chance = self.random.random
        action = chance() < 0.65
        return Scene(
            who=self._pick("people"),
            verb=self.random.choice(self.actions)[2] if action else self._pick("motions").split("/")[0],
            thing=self.random.choice(list(self.kind_of)) if action else "",
            article=self.random.choice(("a", "a", "the")),
            young=self._adjective() if chance() < 0.4 else "",
            colour=self.random.choice((self._pick("colours"), self._adjective()))
            if action and chance() < 0.5
            else "",
            where=self._pick("places") if chance() < 0.5 else "",
            number=self._pick("numbers") if chance() < 0.15 else "",
        )

    def _of_scene(self) -> Pair:
        scene = self._scene()
        if scene.number == "one":
            scene = replace(scene, number="")
        label = self.random.choice(LABELS)
        makers: dict[str, Callable[[Scene], str]] = {
            ENTAILMENT: self._less,
            NEUTRAL: self._more,
            CONTRADICTION: self._other,
        }
        return Pair(str(scene), makers[label](scene), label)

    def _less(self, scene: Scene) -> str:
        """Leave something out, or say it more generally."""
        said = self._shorter(scene)
        kind = self.random.random()
        if said.thing and kind < 0.3:
            return str(replace(said, thing=self.kind_of[said.thing], colour=""))
        if kind < 0.5:
            return str(replace(said, who=self.random.choice(("person", "person", "human")), young=""))
        if kind < 0.6 and not scene.number:
            return sentence("somebody is", scene.verb)
        if kind < 0.7 and scene.where and not scene.number:
            return sentence(self.random.choice(("the", "a")), scene.who, "is", scene.where)
        if kind < 0.8:
            return sentence(
                "there", "are some" if scene.number else "is a", scene.who + "s" * bool(scene.number)
            )
        if scene.thing and kind < 0.9 and not scene.number:
            return sentence(
                self.random.choice(("the", "a")),
                scene.thing,
                "is being",
                self._done(scene),
                "by a",
                scene.who,
            )
        return str(replace(said, number="some" if said.number else ""))

    def _shorter(self, scene: Scene) -> Scene:
        names = [name for name in ("young", "colour", "where") if getattr(scene, name)]
        gone = self.random.sample(names, self.random.randint(min(1, len(names)), len(names)))
        article = self.random.choice((scene.article, "the"))
        changes: dict[str, Any] = dict.fromkeys(gone, "")
        return replace(scene, article=article, **changes)

    def _more(self, scene: Scene) -> str:
        """Add what nobody said."""
        said, kind = self._shorter(scene) if self.random.random() < 0.5 else scene, self.random.random()
        if kind < 0.35:
            return str(replace(said, extra=self._pick("extras")))
        if kind < 0.6:
            be = "are" if scene.number else "is"
            return sentence("the", scene.who + "s" * bool(scene.number), be, self._pick("traits"))
        if kind < 0.7 and scene.thing:
            return sentence(
                "the",
                scene.thing,
                "is",
                self.random.choice((self._pick("traits"), self._adjective(scene.colour))),
            )
        if kind < 0.8 and said.thing and not scene.colour:
            return str(replace(said, colour=self._adjective()))
        if kind < 0.87 and not scene.young:
            return str(replace(said, young=self._adjective()))
        if kind < 0.94 and not scene.where:
            return str(replace(said, where=self._pick("places")))
        other = self._scene()
        while other.who == scene.who:
            other = self._scene()
        return str(other)

    def _other(self, scene: Scene) -> str:
        """Say what cannot be at the same time."""
        said, kind = self._shorter(scene) if self.random.random() < 0.6 else scene, self.random.random()
        if kind < 0.2 and scene.colour:
            if self.random.random() < 0.5:
                return sentence("the", scene.thing, "is", self._excluding(scene.colour))
            return str(replace(said, colour=self._excluding(scene.colour)))
        if kind < 0.35 and scene.young:
            return str(replace(said, young=self._excluding(scene.young)))
        if kind < 0.55:
            return str(replace(said, negated=True))
        if kind < 0.65:
            return sentence(
                self.random.choice(("nobody is", "no one is")),
                scene.verb,
                *(["a", scene.thing] if scene.thing else []),
            )
        if kind < 0.72:
            return sentence("there is no", scene.who)
        if kind < 0.8 and scene.number:
            return str(replace(said, number=self._another("numbers", scene.number)))
        if not scene.thing:
            return str(replace(said, verb=self._exclusive(scene.verb)))
        return str(replace(said, negated=True, thing=scene.thing))

    def _of_thing(self) -> Pair:
        """What something is like: "the jar is cold and empty"."""
        thing, label = self.random.choice([*self.kind_of, *self._buildings()]), self.random.choice(LABELS)
        first = self._adjective()
        second = self._adjective(first)
        be = self.random.choice(("is", "was"))
        ways = (
            ("the", thing, be, first),
            ("the", first, thing, be, second),
            ("the", thing, be, first, "and", second),
            ("the", thing, be, "too", first, "to", self.random.choice(("use", "touch", "keep", "sell"))),
            ("it", be, "a", first, thing),
        )
        premise = self.random.choice(ways)
        said = self.random.choice([word for word in (first, second) if word in premise])
        excluded = self._excluding(said)
        claims = {
            ENTAILMENT: (("the", thing, be, said), ("the", thing, be, "not", excluded)),
            CONTRADICTION: (
                ("the", thing, be, excluded),
                ("the", thing, be, "not", said),
                ("it", be, "a", excluded, thing),
            ),
            NEUTRAL: (
                ("the", thing, be, self._adjective(first, second)),
                ("the", thing, be, self._pick("traits")),
                (*premise, self._pick("extras"))
                if premise[0] == "it"
                else ("the", thing, "belongs to my", self._pick("people")),
            ),
        }
        return Pair(sentence(*premise), sentence(*self.random.choice(claims[label])), label)

    def _of_verbs(self) -> Pair:
        """Verbs that exclude one another: bought, sold."""
        first, second = self.random.choice(self.flat["verb-opposites"]).split("/")
        if self.random.random() < 0.5:
            first, second = second, first
        who = self.random.choice(
            ("he", "she", *(f"the {person}" for person in self.flat["people"]), *self.flat["names"])
        )
        thing, colour = self.random.choice(list(self.kind_of)), self.random.choice(("", self._adjective()))
        label = self.random.choice(LABELS)
        claim = {
            ENTAILMENT: self.random.choice(
                (
                    (who, first, "something"),
                    (who, first, "a", self.kind_of[thing]),
                    ("somebody", first, "a", thing),
                )
            ),
            CONTRADICTION: self.random.choice(
                ((who, second, "the", thing), (who, second, "a", colour, thing), (who, first, "nothing"))
            ),
            NEUTRAL: self.random.choice(
                (
                    (who, first, "a", colour, thing, self._pick("extras")),
                    (who, first, "a", self._adjective(colour), thing),
                    ("the", thing, "was", self._pick("places")),
                )
            ),
        }[label]
        if label == NEUTRAL and colour and claim[2:3] == ("a",):
            claim = (who, first, "a", colour, thing, self._pick("extras"))
        article = self.random.choice(("a", "the", "a"))
        return Pair(sentence(who, first, article, colour, thing), sentence(*claim), label)

    def _of_two(self) -> Pair:
        """Two people: what both do, each does."""
        one, two = self.random.sample(self.flat["names"], 2)
        verb = self._pick("motions").split("/")[0]
        label, either = self.random.choice(LABELS), self.random.choice((one, two))
        claim = {
            ENTAILMENT: (either, "is", verb),
            CONTRADICTION: self.random.choice(
                ((either, "is not", verb), (either, "is", self._exclusive(verb)))
            ),
            NEUTRAL: self.random.choice(
                (
                    (either, "is", self._pick("traits")),
                    (one, "and", two, "are", verb, self._pick("extras")),
                    (one, "and", two, "are", self._pick("traits")),
                )
            ),
        }[label]
        return Pair(sentence(one, "and", two, "are", verb), sentence(*claim), label)

    def _of_kind(self) -> Pair:
        """A violin is an instrument; an instrument need not be a violin."""
        kind = self.random.choice(list(self.kinds))
        one, two = self.random.sample(self.kinds[kind], 2)
        frame = self.random.choice(
            (
                "we saw a {}",
                "there is a {} " + self._pick("places"),
                "the " + self._pick("people") + " has a {}",
                "I need a {}",
                "she bought a {}",
            )
        )
        label = self.random.choice(LABELS)
        premise, claim = {
            ENTAILMENT: (one, kind),
            NEUTRAL: self.random.choice(((kind, one), (one, f"{self._adjective()} {one}"), (one, two))),
            CONTRADICTION: (one, one),
        }[label]
        made = frame.format(claim)
        if label == CONTRADICTION:
            made = _denied(frame).format(self.random.choice((one, kind)))
        return Pair(sentence(frame.format(premise)), sentence(made), label)

    def _buildings(self) -> list[str]:
        return [*self.kinds["building"], "room", "street", "house", "village", "story"]

    def _done(self, scene: Scene) -> str:
        return next(done for _, done, doing in self.actions if doing == scene.verb)

    def _exclusive(self, motion: str) -> str:
        sides = [entry.split("/") for entry in self.flat["motions"]]
        listed = [b for a, b in sides if a == motion] + [a for a, b in sides if b == motion]
        return self.random.choice(listed)

    def _excluding(self, word: str) -> str:
        return (
            self._another("colours", word)
            if word in self.flat["colours"]
            else self.random.choice(self.opposite[word])
        )

    def _adjective(self, *but: str) -> str:
        """One that says nothing about any of the others."""
        taken = {*but, *(other for word in but for other in self.opposite.get(word, ()))}
        return self.random.choice([word for word in self.opposite if word not in taken])

    def _another(self, section: str, word: str) -> str:
        return self.random.choice([entry for entry in self.flat[section] if entry != word])

    def _pick(self, section: str) -> str:
        return self.random.choice(self.flat[section])


def _denied(frame: str) -> str:
    changes = {
        "we saw": "we did not see",
        "there is a": "there is no",
        " has a": " has no",
        "I need": "I do not need",
        "she bought": "she did not buy",
    }
    for said, denied in changes.items():
        if said in frame:
            return frame.replace(said, denied)
    raise LookupError(frame)
