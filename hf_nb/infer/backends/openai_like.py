"""A server that speaks as OpenAI does: Ollama, vLLM, TGI, llama.cpp, `transformers serve`, OpenAI itself.

chat, text-generation, code-generation          streamed
feature-extraction, sentence-similarity         by its embeddings

Its address is a setting of the user's (`servers`), its key is its own (`infer/keys.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hf_nb.errors import BadInput, NotFound
from hf_nb.infer import keys, remote
from hf_nb.infer.call import Call, Chunk, Parts, Terms, Usage
from hf_nb.infer.near import cosine
from hf_nb.infer.remote import Question, Wire
from hf_nb.plumbing.settings import LOOPBACK
from hf_nb.plumbing.wire import asking
from hf_nb.plumbing.wire.asking import Who

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

_WRITES = ("text-generation", "code-generation")
TASKS = ("chat", *_WRITES, "feature-extraction", "sentence-similarity")


class Server:
    """One server of the settings."""

    device = None

    def __init__(self, session: Session, name: str) -> None:
        self.session, self.name = session, name
        self.remote = urlsplit(self.address).hostname not in LOOPBACK

    @property
    def address(self) -> str:
        """Where it is, with the version in it."""
        servers = self.session.settings.servers
        if self.name not in servers:
            near = get_close_matches(self.name, ["local", "hf", *servers], n=3, cutoff=0.5)
            hint = f"Nearest: {', '.join(near)}" if near else "local, hf, or a server you add"
            raise BadInput(
                f"There is no server called {self.name!r} in the settings.",
                f'{hint}: hf_nb.infer.servers.add("{self.name}", "http://127.0.0.1:11434/v1")',
            )
        address = str(servers[self.name]).removesuffix("/chat/completions")
        return address if urlsplit(address).path.strip("/") else f"{address}/v1"

    def can(self, call: Call) -> bool:
        """Texts, chats and vectors: the rest has no such route."""
        return call.task in TASKS

    def stream(self, call: Call, terms: Terms) -> Parts:
        """The answer, in parts."""
        settings = self.session.settings
        settings.require("inference")
        self.remote = urlsplit(self.address).hostname not in LOOPBACK
        if self.remote:
            settings.require("remote")
        if not self.can(call):
            raise NotFound(
                f"{self.name} cannot do {call.task}: it does {', '.join(TASKS)}.",
                "Another place: provider='local'",
            )
        yield from remote.asked(self.session, terms, lambda wire: self._work(call, wire))

    def models(self, terms: Terms | None = None) -> list[str]:
        """The names of what it serves."""
        found = remote.fetched(
            self.session, terms or Terms(self.session.clock), self._question("/models", None, "")
        )
        rows = found.get("data", found.get("models")) if isinstance(found, Mapping) else found
        named = [one.get("id") or one.get("name") for one in rows or () if isinstance(one, Mapping)]
        return [str(one) for one in named if one]

    def _work(self, call: Call, wire: Wire) -> Iterator[Chunk]:
        if call.task == "feature-extraction":
            texts = [call.input] if isinstance(call.input, str) else call.input
            found, read = self._embedded(call, texts, wire)
            yield Chunk(output=found, finish="stop", usage=read)
        elif call.task == "sentence-similarity":
            texts = [call.input["source_sentence"], *call.input["sentences"]]
            (first, *others), read = self._embedded(call, texts, wire)
            yield Chunk(output=[cosine(first, one) for one in others], finish="stop", usage=read)
        elif call.task == "chat":
            body = asking.chat(call.model, call.input["messages"], call.params)
            yield from wire.written(self._question("/chat/completions", body, call.model))
        else:
            body = asking.completion(call.model, call.input, call.params)
            yield from wire.written(self._question("/completions", body, call.model))

    def _embedded(self, call: Call, texts: list[str], wire: Wire) -> tuple[list[list[float]], Usage | None]:
        question = self._question(
            "/embeddings", asking.embeddings(call.model, texts, call.params), call.model
        )
        with wire.ask(question) as answer:
            found, read = asking.vectors(answer.json(), len(texts), question.who)
        return found, None if read is None else Usage(read, None)

    def _question(self, path: str, body: Mapping[str, Any] | None, model: str) -> Question:
        address = self.address
        key = keys.find(self.name, address)
        step = f"Its key: set {keys.variable(self.name)}, or hf_nb.infer.servers.add(…, key=…)"
        return Question(f"{address}{path}", Who(self.name, model, step, (key,)), body, key, own=True)
