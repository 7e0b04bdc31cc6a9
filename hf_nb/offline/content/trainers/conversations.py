"""Generated conversations of ten kinds, each with what is kept back for the test."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hf_nb.offline.content.trainers.pydoc import everyday_words
from hf_nb.offline.content.trainers.talk import (
    Message,
    Talk,
    assistant,
    calling,
    result,
    system,
    tool,
    user,
)

T = TypeVar("T")
TEXTS = Path(__file__).parent.parent / "texts"
TESTED = 60  # conversations of each kind
# How often each is made, of a hundred.
ABILITIES = {
    "facts": 12,
    "follow_up": 9,
    "by_heart": 12,
    "instructions": 12,
    "unknown": 7,
    "reading": 10,
    "repeat": 7,
    "json": 10,
    "tool_call": 12,
    "tool_answer": 9,
}
RELATIONS = ("capital", "language", "currency", "continent")
ASKED = {
    "capital": (
        "What is the capital of {0}?",
        "What is {0}'s capital?",
        "Which city is the capital of {0}?",
        "Tell me the capital of {0}.",
        "capital of {0}",
        "Name the capital of {0}.",
    ),
    "language": (
        "What language do people speak in {0}?",
        "Which language is spoken in {0}?",
        "What is the language of {0}?",
        "language of {0}",
    ),
    "currency": (
        "What is the currency of {0}?",
        "What money does {0} use?",
        "How do people pay in {0}?",
        "currency of {0}",
    ),
    "continent": (
        "Which continent is {0} in?",
        "On which continent is {0}?",
        "Where is {0}?",
        "continent of {0}",
    ),
}
SAID = {
    "capital": "The capital of {0} is {1}.",
    "language": "People in {0} speak {1}.",
    "currency": "The currency of {0} is the {1}.",
    "continent": "{0} is in {1}.",
}
NEXT_COUNTRY = ("And of {0}?", "And {0}?", "What about {0}?", "And for {0}?", "and of {0}?")
NEXT_RELATION = ("And its {0}?", "What is its {0}?", "And the {0}?", "What about its {0}?")
NEUTRAL = (
    "You are a helpful assistant.",
    "You are a helpful assistant. Answer briefly.",
    "Answer briefly.",
    "You are chat-en.",
    "Be kind.",
)
STYLES = {
    "capitals": (
        "Answer in capital letters.",
        "Write everything in capital letters.",
        "Use capital letters only.",
    ),
    "word": ("Answer in one word.", "Reply with one word only.", "One word only."),
}
UNKNOWN = "I do not know."
UNKNOWABLE = (
    "Who wrote {w}?",
    "Who is {N}?",
    "When was {N} born?",
    "How old is {N}?",
    "How tall is {N}?",
    "Where does {N} live?",
    "Why is the {w} {w}?",
    "What is the meaning of {w}?",
    "How does a {w} work?",
    "Who invented the {w}?",
    "How many {w} are there in {N}?",
    "What happened in {w}?",
    "Tell me about {N}.",
    "Tell me about {w}.",
    "Explain {w} to me.",
    "What is {N}?",
    "What is a {w}?",
    "Which {w} is the best?",
    "What is the weather in {N}?",
    "What time is it in {N}?",
    "What does `{m}` do?",
    "What is the capital of {N}?",
    "What is the currency of {N}?",
    "What language do people speak in {N}?",
    "Which continent is {N} in?",
    "What is my name?",
    "Where do I live?",
    "What is {n} + {n}?",
    "{n} * {n}",
    "How much is {n} - {n}?",
)
WHAT_IT_DOES = (
    "What does `{0}` do?",
    "What does {0} do?",
    "What does {0} do in Python?",
    "What is `{0}` in Python?",
    "Explain the Python function {0}.",
)
SYLLABLES = """
ba be bo da do fa fe ga go ka ki ko la le li lo lu ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va
ve vi wa ya yo za zo bel dan der fin gar hol kel lan mar nor pel rin sol tan tor van ver win zan
""".split()
NAMES = """
Maria Tom Anna Peter Lena Max Sofia Paul Emma Leo Julia Ben Clara Hugo Nina Oscar Rosa Felix Ida Noah Mia Jonas Eva
Karl Alice Omar Lucy Ivan Sara Adam Laura Simon Helen David Nora Frank Grace Henry Irene Jack Kate Luis Marta Nils
Olga Pablo Ruth Sam Tina Victor
""".split()
CITIES = """
Lyon Hamburg Milan Porto Seville Graz Bergen Malmo Gdansk Cork Geneva Basel Turin Nice Bremen Ghent Utrecht Bilbao
Leeds Boston Chicago Denver Osaka Kyoto Mumbai Lagos Nairobi Quito Toronto Sydney Paris Berlin Rome Madrid Vienna Oslo
London Lisbon Prague Tokyo
""".split()
JOBS = (
    "nurse teacher baker farmer doctor driver singer lawyer painter cook pilot waiter tailor writer".split()
)
COLOURS = "red blue green black white yellow brown grey".split()
THINGS = """
chair lamp table coat bike book cup bag shirt hat phone desk clock sofa shelf pen bottle knife mirror basket
""".split()
FOODS = "apples bread cheese rice soup fish grapes noodles salad honey".split()
NOUNS = """
population height owner address score rating size weight age status balance author director distance menu schedule
colour depth speed level value
""".split()
VERBS = ("get", "find", "look_up", "fetch", "check", "read", "show", "query")
PLACES = ("city", "place", "location", "town")
SKIES = ("sunny", "cloudy", "windy", "rainy", "clear", "foggy", "18 °C and sunny", "3 degrees and snow")


def is_held_out(key: str) -> bool:
    """One in ten."""
    return hashlib.sha256(key.encode()).digest()[0] < 26


@cache
def countries() -> dict[str, dict[str, str]]:
    """What is known of each, by relation."""
    found = {}
    for line in (TEXTS / "countries_en.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, _, facts = line.partition(": ")
            found[name] = dict(zip(RELATIONS, facts.split("; "), strict=True))
    return found


@cache
def by_heart() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Questions that are asked in several ways, and their answer."""
    found, section = [], ""
    for line in (TEXTS / "chat_en.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            asked, _, answer = line.partition(" => ")
            ways = (
                [way.format(asked) for way in WHAT_IT_DOES] if section == "builtins" else asked.split(" | ")
            )
            found.append((tuple(ways), answer.replace("\\n", "\n")))
    return tuple(found)


class Conversations:
    """Endless conversations; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - exercises, not secrets
        self.words = [word for word in everyday_words() if len(word) > 3]
        self.made: dict[str, Callable[[], Talk]] = {
            "facts": self._facts,
            "follow_up": self._follow_up,
            "by_heart": self._by_heart,
            "instructions": self._instructions,
            "unknown": self._unknown,
            "reading": self._reading,
            "repeat": self._repeat,
            "json": self._json,
            "tool_call": self._tool_call,
            "tool_answer": self._tool_answer,
        }

    def talks(self) -> Iterator[Talk]:
        """To train on."""
        while True:
            ability = self.random.choices(list(ABILITIES), list(ABILITIES.values()))[0]
            yield self.one(ability, held_out=False)

    def one(self, ability: str, *, held_out: bool) -> Talk:
        """A conversation whose last answer is to be tested, or one that shows nothing of what is."""
        while True:
            talk = self.made[ability]()
            held = [is_held_out(f"{ability} {key}") for key in talk.keys]
            if (held[-1] and not any(held[:-1])) if held_out else not any(held):
                return talk

    # --- what it knows ----------------------------------------------------------------------------------------

    def _facts(self) -> Talk:
        messages, keys = self._opening(), []
        for _ in range(self.random.choice((1, 2, 3))):
            relation, country = self._relation(), self._country()
            way = self.random.randrange(len(ASKED[relation]))
            question = ASKED[relation][way].format(country)
            if self.random.random() < 0.1:
                question = question.lower()
            messages += [user(question), assistant(_fact(relation, country))]
            keys.append(f"{relation} {country} {way}")
        return Talk("facts", tuple(messages), tuple(keys))

    def _follow_up(self) -> Talk:
        relation, country = self._relation(), self._country()
        question = self._pick(ASKED[relation]).format(country)
        messages = [*self._opening(), user(question), assistant(_fact(relation, country))]
        keys = []
        for _ in range(self.random.choice((1, 2, 3))):
            if self.random.random() < 0.65:
                country = self._country()
                question = self._pick(NEXT_COUNTRY).format(country)
            else:
                relation = self._pick([one for one in RELATIONS if one != relation])
                question = self._pick(NEXT_RELATION).format(relation)
            messages += [user(question), assistant(_fact(relation, country))]
            keys.append(f"{relation} {country}")
        return Talk("follow_up", tuple(messages), tuple(keys))

    def _by_heart(self) -> Talk:
        messages, keys = self._opening(), []
        for _ in range(self.random.choice((1, 2, 3))):
            ways, answer = self._pick(by_heart())
            way = self._pick(ways)
            messages += [user(way), assistant(answer)]
            keys.append(way if way != ways[0] else "")  # one way of asking is always shown
        return Talk("by_heart", tuple(messages), tuple(keys))

    def _unknown(self) -> Talk:
        asked = self._pick(UNKNOWABLE)
        while "{w}" in asked:
            asked = asked.replace("{w}", self._pick(self.words), 1)
        while "{n}" in asked:
            asked = asked.replace("{n}", str(self.random.randrange(100)), 1)
        name = self._name()
        question = asked.replace("{N}", name).replace("{m}", name.lower())
        messages = [*self._opening(), user(question), assistant(UNKNOWN)]
        return Talk("unknown", tuple(messages), (question,))

    # --- what it is told --------------------------------------------------------------------------------------

    def _instructions(self) -> Talk:
        if self.random.random() < 0.25:
            name = self._someone()
            told = self._pick(("Your name is {0}.", "You are {0}.", "You are an assistant called {0}."))
            asked = self._pick(("What is your name?", "Who are you?", "What are you called?"))
            return Talk(
                "instructions",
                (system(told.format(name)), user(asked), assistant(f"My name is {name}.")),
                (f"name {name}",),
            )
        style = self._pick(list(STYLES))
        told, keys = self._pick(STYLES[style]), []
        inside = self.random.random() < 0.25
        messages = [] if inside else [system(told)]
        for _ in range(self.random.choice((1, 2))):
            relation, country = self._relation(), self._country()
            question = self._pick(ASKED[relation][:-1]).format(country)
            said = _fact(relation, country).upper() if style == "capitals" else countries()[country][relation]
            messages += [user(f"{question} {told}" if inside else question), assistant(said)]
            keys.append(f"{style} {relation} {country}")
        return Talk("instructions", tuple(messages), tuple(keys))

    def _reading(self) -> Talk:
        if self.random.random() < 0.3:
            return self._remembering()
        people = self.random.sample([self._someone() for _ in range(6)], self.random.choice((1, 2, 2, 3)))
        kinds: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("{0} lives in {1}.", "Where does {0} live?", self._place),
            ("{0} works as a {1}.", "What does {0} do?", lambda: self._pick(JOBS)),
            ("{0} is {1} years old.", "How old is {0}?", lambda: self.random.randint(5, 90)),
            ("{0} likes {1}.", "What does {0} like?", lambda: self._pick(FOODS)),
            ("{0} has a {1}.", "What does {0} have?", self._thing),
        )
        statements = []
        for person in dict.fromkeys(people):
            for said, asked, value in self.random.sample(kinds, self.random.choice((1, 2))):
                statements.append((said.format(person, value()), asked.format(person), person))
        self.random.shuffle(statements)
        text = " ".join(said for said, _, _ in statements)
        messages = self._opening()
        picked = self.random.sample(statements, self.random.choice((1, 1, 2)) if len(statements) > 1 else 1)
        for number, (said, question, _) in enumerate(picked):
            messages += [user(f"{text} {question}" if number == 0 else question), assistant(said)]
        return Talk("reading", tuple(messages), tuple(person for *_, person in picked))

    def _remembering(self) -> Talk:
        name, place = self._someone(), self._place()
        told, asked, kept = self._pick(
            (
                ("My name is {0}.", "What is my name?", "Your name is {0}."),
                ("I am {0}.", "What is my name?", "Your name is {0}."),
                ("I live in {1}.", "Where do I live?", "You live in {1}."),
            )
        )
        hello = f"Hello {name}. How can I help?" if "{0}" in told else "I see."
        messages = [*self._opening(), user(told.format(name, place)), assistant(hello)]
        if self.random.random() < 0.5:
            relation, country = self._relation(), self._country()
            question = self._pick(ASKED[relation]).format(country)
            messages += [user(question), assistant(_fact(relation, country))]
        messages += [user(asked), assistant(kept.format(name, place))]
        return Talk("reading", tuple(messages), (name if "{0}" in told else place,))

    def _repeat(self) -> Talk:
        told = self._pick(("Repeat: {0}", "Say: {0}", "Say {0}", "Repeat after me: {0}", "Echo {0}"))
        count = self.random.randint(1, 6)
        words = [self._name() if self.random.random() < 0.3 else self._pick(self.words) for _ in range(count)]
        text = " ".join(words)
        return Talk("repeat", (*self._opening(), user(told.format(text)), assistant(text)), (words[0],))

    def _json(self) -> Talk:
        name, values = self._someone(), self._values()
        kinds = self.random.sample(list(values), self.random.choice((1, 2, 2, 3)))
        said = " and ".join(values[kind][0] for kind in kinds)
        sentence = f"{name} {said}." if self.random.random() < 0.8 else f"{name} {said}"
        fields = [kind for kind in kinds if self.random.random() < 0.8] or kinds[:1]
        found: dict[str, object] = {"name": name} | {kind: values[kind][1] for kind in fields}
        if self.random.random() < 0.2:
            self.random.shuffle(fields)
            found = {kind: values[kind][1] for kind in fields}
        names = list(found)
        listed = ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
        answer = assistant(json.dumps(found, ensure_ascii=False))
        if self.random.random() < 0.3:
            told = self._pick(("Answer as JSON with {0}.", "Give {0} as JSON.", "Reply with JSON: {0}."))
            messages = [system(told.format(listed)), user(sentence), answer]
        else:
            asked = self._pick(
                (
                    "Give {0} as JSON: {1}",
                    "{0} as JSON: {1}",
                    "{1} Give {0} as JSON.",
                    "Write {0} as JSON: {1}",
                )
            )
            messages = [user(asked.format(listed, sentence)), answer]
        return Talk("json", tuple(messages), (name,))

    def _values(self) -> dict[str, tuple[str, object]]:
        age, city, job = self.random.randint(5, 90), self._place(), self._pick(JOBS)
        thing, price, food = self._thing(), self.random.randint(1, 99), self._pick(FOODS)
        return {
            "age": (f"is {age}", age),
            "city": (f"lives in {city}", city),
            "job": (f"works as a {job}", job),
            "price": (f"pays {price} euros", price),
            "thing": (f"buys a {thing}", thing),
            "food": (f"likes {food}", food),
        }

    # --- tools ------------------------------------------------------------------------------------------------

    def _tool_call(self) -> Talk:
        count = self.random.choice((1, 1, 2, 3))
        kinds = list(dict.fromkeys(self._kind() for _ in range(count)))
        tasks = [self._task(kind) for kind in kinds]
        wanted, question, arguments, _ = tasks[0]
        name = _name_of(wanted)
        tools = list({_name_of(made): made for made, *_ in reversed(tasks)}.values())
        self.random.shuffle(tools)
        if self.random.random() < 0.15:  # a question no tool is for
            relation, country = self._relation(), self._country()
            asked = (user(self._pick(ASKED[relation]).format(country)), assistant(_fact(relation, country)))
            return Talk("tool_call", (*self._opening(), *asked), (name,), tuple(tools))
        asked = (user(question), calling(name, arguments))
        return Talk("tool_call", (*self._opening(), *asked), (name,), tuple(tools))

    def _tool_answer(self) -> Talk:
        wanted, question, arguments, sentence = self._task(self._kind())
        name = _name_of(wanted)
        value = self._result(sentence)
        found = {self._pick(NOUNS): _number(value)}
        returned = value if self.random.random() < 0.5 else json.dumps(found, ensure_ascii=False)
        if self.random.random() < 0.25:
            returned = json.dumps(value, ensure_ascii=False)
        asked = (user(question), calling(name, arguments), result(returned))
        messages = (*self._opening(), *asked, assistant(sentence.format(value)))
        return Talk("tool_answer", messages, (name,), (wanted,))

    def _kind(self) -> int:
        return self.random.choices(range(5), (5, 3, 3, 2, 6))[0]

    def _task(self, kind: int) -> tuple[dict[str, Any], str, Mapping[str, object], str]:
        """A tool, a question it is for, what it is to be called with, and the sentence its result belongs in."""
        made = (self._weather, self._price, self._time, self._exchange, self._anything)
        return made[kind]()

    def _weather(self) -> tuple[dict[str, Any], str, Mapping[str, object], str]:
        place, argument = self._place(), self._pick(PLACES)
        noun = self._pick(("weather", "temperature", "forecast", "current_weather"))
        about = self._pick(
            (
                f"The weather of a {argument}.",
                f"Get the weather in a {argument}.",
                "The current weather.",
                f"Get the current weather for a {argument}.",
            )
        )
        asked = self._pick(
            (
                "What is the weather in {0}?",
                "How is the weather in {0}?",
                "What's the weather like in {0}?",
                "Is it warm in {0}?",
                "Weather in {0}?",
            )
        )
        made = tool(self._called(noun), about, [(argument, "string")])
        return made, asked.format(place), {argument: place}, f"The weather in {place} is {{0}}."

    def _price(self) -> tuple[dict[str, Any], str, Mapping[str, object], str]:
        thing, argument = self._thing(), self._pick(("item", "thing", "product", "article", "name"))
        noun = self._pick(("price", "cost", "price_of"))
        about = self._pick((f"The price of a {argument}.", "What something costs.", "Look up a price."))
        asked = self._pick(
            (
                "What does the {0} cost?",
                "How much is the {0}?",
                "What is the price of the {0}?",
                "How much is a {0}?",
            )
        )
        made = tool(self._called(noun), about, [(argument, "string")])
        return made, asked.format(thing), {argument: thing}, f"The price of the {thing} is {{0}}."

    def _time(self) -> tuple[dict[str, Any], str, Mapping[str, object], str]:
        place, argument = self._place(), self._pick(PLACES)
        noun = self._pick(("time", "clock", "local_time", "current_time"))
        about = self._pick((f"The time in a {argument}.", "What time it is.", "Get the local time."))
        asked = self._pick(("What time is it in {0}?", "How late is it in {0}?", "Time in {0}?"))
        made = tool(self._called(noun), about, [(argument, "string")])
        return made, asked.format(place), {argument: place}, f"The time in {place} is {{0}}."

    def _exchange(self) -> tuple[dict[str, Any], str, Mapping[str, object], str]:
        amount = self.random.randint(1, 999)
        money = [facts["currency"] for facts in countries().values()]
        one, other = self.random.sample(sorted(set(money)), 2)
        kind = self._pick(("number", "integer"))
        made = tool(
            self._called(self._pick(("exchange", "currency", "money"))),
            "Convert money.",
            [("amount", kind), ("source", "string"), ("target", "string")],
        )
        asked = self._pick(("How much is {0} {1} in {2}?", "Convert {0} {1} to {2}."))
        arguments = {"amount": amount, "source": one, "target": other}
        return made, asked.format(amount, one, other), arguments, f"{amount} {one} is {{0}} {other}."

    def _anything(self) -> tuple[dict[str, Any], str, Mapping[str, object], str]:
        noun = self._pick(NOUNS) if self.random.random() < 0.4 else self._pick(self.words)
        kind = self._pick((*PLACES, "name", "person", "id", "item", "book", "user", "country", "company"))
        of = self._someone() if self.random.random() < 0.5 else self._place()
        made = tool(self._called(noun), f"The {noun} of a {kind}.", [(kind, "string")])
        asked = self._pick(("What is the {0} of {1}?", "Tell me the {0} of {1}.", "{0} of {1}?"))
        return made, asked.format(noun, of), {kind: of}, f"The {noun} of {of} is {{0}}."

    def _called(self, noun: str) -> str:
        verb = self._pick(VERBS)
        if self.random.random() < 0.2:
            return noun
        if self.random.random() < 0.15:
            return "".join(part if not at else part.title() for at, part in enumerate(verb.split("_"))) + (
                "".join(part.title() for part in noun.split("_"))
            )
        return f"{verb}_{noun}"

    def _result(self, sentence: str) -> str:
        if sentence.startswith("The weather"):
            return self._pick(
                (*SKIES, f"{self.random.randint(0, 35)} degrees", f"{self.random.randint(0, 35)} °C")
            )
        if sentence.startswith("The time"):
            return f"{self.random.randrange(24):02}:{self.random.randrange(60):02}"
        if sentence.startswith("The price"):
            return f"{self.random.randint(1, 999)}{self._pick((' euros', ' EUR', ' dollars', '', '.50'))}"
        if self.random.random() < 0.5:
            return str(self.random.randint(1, 10 ** self.random.randint(1, 5)))
        return self._name() if self.random.random() < 0.5 else self._pick(self.words)

    # --- pieces -----------------------------------------------------------------------------------------------

    def _opening(self) -> list[Message]:
        return [system(self._pick(NEUTRAL))] if self.random.random() < 0.2 else []

    def _pick(self, among: Sequence[T]) -> T:
        return self.random.choice(among)

    def _relation(self) -> str:
        return self.random.choices(RELATIONS, (4, 2, 2, 2))[0]

    def _country(self) -> str:
        return self.random.choice(list(countries()))

    def _name(self) -> str:
        """Letters nobody has put together before."""
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 3, 3, 4)))).title()

    def _someone(self) -> str:
        return self._pick(NAMES) if self.random.random() < 0.7 else self._name()

    def _place(self) -> str:
        return self._pick(CITIES) if self.random.random() < 0.7 else self._name()

    def _thing(self) -> str:
        thing: str = self._pick(THINGS)
        return f"{self._pick(COLOURS)} {thing}" if self.random.random() < 0.5 else thing


def _fact(relation: str, country: str) -> str:
    return SAID[relation].format(country, countries()[country][relation])


def _number(value: str) -> object:
    return int(value) if value.isdigit() else value


def _name_of(made: Mapping[str, Any]) -> str:
    return str(made["function"]["name"])


def held_out() -> dict[str, list[Talk]]:
    """Unseen conversations of every kind."""
    made = Conversations(999)
    return {ability: [made.one(ability, held_out=True) for _ in range(TESTED)] for ability in ABILITIES}
