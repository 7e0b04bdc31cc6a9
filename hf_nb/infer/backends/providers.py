"""Hugging Face's router: many companies behind one address and one token.

chat                          {router}/v1/chat/completions, the provider behind the model's name
text-generation               the provider's completions, or hf-inference's task route
every other task              {router}/hf-inference/models/{id}[/pipeline/{task}]

The same addresses and bodies as the official client's. The Hub's token goes to the Hub's router alone; one that the
settings name on another host gets the key that is kept for "hf".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from hf_nb import tasks
from hf_nb.errors import NotFound, Unauthorized
from hf_nb.infer import keys, remote
from hf_nb.infer.call import Call, Chunk, Parts, Terms
from hf_nb.infer.remote import Question, Wire
from hf_nb.plumbing import http
from hf_nb.plumbing.settings import LOOPBACK
from hf_nb.plumbing.transports.gate import is_hub_origin
from hf_nb.plumbing.wire import asking, outputs
from hf_nb.plumbing.wire.asking import Who

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

LOGIN = "Set HF_TOKEN before the kernel starts, or: %hf login"
OWN = "hf-inference"  # Hugging Face's own machines, the only ones with task routes
_PIPELINES = ("feature-extraction", "sentence-similarity")
_COMPLETIONS = ("text-generation", "code-generation")
_ID = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?(:[\w-]+)?")
KEPT = 900.0  # seconds it is remembered who serves a model


class Providers:
    """The router; `provider`: one of those behind it, else whoever the router takes."""

    remote = True
    device = None

    def __init__(self, session: Session, provider: str | None = None) -> None:
        self.session, self.provider = session, provider
        self.name = f"hf/{provider}" if provider else "hf"
        self._places: dict[str, tuple[float, tuple[str, str]]] = {}

    def can(self, call: Call) -> bool:
        """Texts are written by many, every other task is done by hf-inference alone."""
        if call.task not in tasks.TASKS:
            return False
        return call.task == "chat" or call.task in _COMPLETIONS or self.provider in (None, OWN)

    def stream(self, call: Call, terms: Terms) -> Parts:
        """The answer, in parts."""
        settings = self.session.settings
        settings.require("inference")
        settings.require("remote")
        if not self.can(call):
            raise NotFound(f"{self.provider} does not do {call.task}.", "provider='hf' asks one that does")
        if not _ID.fullmatch(call.model):
            raise NotFound(f"{call.model} is no id of a model on the Hub.", "Ids look like owner/name.")
        key = self._key()
        yield from remote.asked(self.session, terms, lambda wire: self._work(call, wire, key))

    def models(self, terms: Terms | None = None) -> list[Mapping[str, Any]]:
        """What the router serves: per model its providers, with price, speed and what they can."""
        question = self._question("/v1/models", None, "", self._key())
        found = remote.fetched(self.session, terms or Terms(self.session.clock), question)
        rows = found.get("data") if isinstance(found, Mapping) else None
        return [one for one in rows or () if isinstance(one, Mapping)]

    def _work(self, call: Call, wire: Wire, key: str | None) -> Iterator[Chunk]:
        if call.task == "chat":
            model = f"{call.model}:{self.provider}" if self.provider else call.model
            body = asking.chat(model, call.input["messages"], call.params)
            yield from wire.written(self._question("/v1/chat/completions", body, call.model, key))
        elif call.task in _COMPLETIONS:
            provider, model = self._place(call.model, wire, key)
            if provider == OWN:
                yield from self._task(call, wire, key)
            else:
                body = asking.completion(model, call.input, call.params)
                question = self._question(f"/{quote(provider)}/v1/completions", body, call.model, key)
                yield from wire.written(question)
        else:
            yield from self._task(call, wire, key)

    def _task(self, call: Call, wire: Wire, key: str | None) -> Iterator[Chunk]:
        path = f"/{OWN}/models/{quote(call.model)}"
        if call.task in _PIPELINES:
            path += f"/pipeline/{call.task}"
        question = self._question(path, asking.task(call.task, call.input, call.params), call.model, key)
        with wire.ask(question) as answer:
            provider = answer.provider or OWN
            if call.task in outputs.TEXTS and not answer.is_json:
                yield from answer.parts()
            elif call.task in outputs.TEXTS:
                text = outputs.text(call.task, answer.json(), question.who)
                yield Chunk(text, finish="stop", provider=provider)
            else:
                output, note = outputs.output(call.task, call.input, answer.json(), question.who)
                yield Chunk(output=output, finish="stop", note=note, provider=provider)

    def _question(self, path: str, body: Mapping[str, Any] | None, model: str, key: str | None) -> Question:
        settings = self.session.settings
        headers = {"x-hf-bill-to": settings.bill_to} if settings.bill_to else {}
        who = Who("The router", model, LOGIN, (key,) if key else ())
        return Question(f"{settings.router_address}{path}", who, body, key, headers)

    def _place(self, model: str, wire: Wire, key: str | None) -> tuple[str, str]:
        """Who goes on with texts for this model, and what it is called there; as the Hub says, for a while."""
        now = wire.terms.clock.now()
        kept = self._places.get(model)
        if kept and now - kept[0] < KEPT:
            return kept[1]
        endpoint = self.session.settings.endpoint
        hub_key = key if is_hub_origin(self.session.settings.router_address, endpoint) else None
        question = Question(
            f"{endpoint}/api/models/{quote(model)}?expand=inferenceProviderMapping",
            Who("The Hub", model, LOGIN, (key,) if key else ()),
            key=hub_key,
        )
        with self.session.ledger.looking(), wire.ask(question) as answer:
            found = answer.json()
        place = self._chosen(_mapping(found), model)
        self._places[model] = (now, place)
        return place

    def _chosen(self, mapping: list[Mapping[str, Any]], model: str) -> tuple[str, str]:
        fit = [
            one for one in mapping if one.get("task") == "text-generation" and one.get("status") != "error"
        ]
        if self.provider is not None:
            there = next((one for one in fit if one.get("provider") == self.provider), {})
            return self.provider, str(there.get("providerId") or model)
        if not fit:
            return OWN, model
        return str(fit[0]["provider"]), str(fit[0].get("providerId") or model)

    def _key(self) -> str | None:
        """The Hub's token for its router; none is needed where the Hub is on this machine."""
        settings = self.session.settings
        router = settings.router_address
        if not is_hub_origin(router, settings.endpoint):
            return keys.find("hf", router)
        http.install(self.session)
        from huggingface_hub import get_token

        key = get_token()
        if key is None and urlsplit(router).hostname not in LOOPBACK:
            raise Unauthorized("Running models over Hugging Face needs a token, and there is none.", LOGIN)
        return key


def _mapping(found: Any) -> list[Mapping[str, Any]]:
    """Entries with their provider: the Hub says it as a mapping or as a list."""
    raw = found.get("inferenceProviderMapping") if isinstance(found, Mapping) else None
    if isinstance(raw, Mapping):
        return [{"provider": name, **one} for name, one in raw.items() if isinstance(one, Mapping)]
    return [one for one in raw or () if isinstance(one, Mapping) and one.get("provider")]
