"""The inference router's routes. A handler only says what is to be asked; `app` asks it in the loop."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import AsyncGenerator, Callable
from functools import partial, wraps
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.offline import providers
from hf_nb.offline.engine import Engine, Part, Wrong
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.promises import Promised
from hf_nb.offline.server.refusals import Redirect, Refusal
from hf_nb.offline.server.router import flow, folders, models
from hf_nb.offline.server.router.models import Served
from hf_nb.plumbing.wire import answering, sse
from hf_nb.plumbing.wire.answering import Asked, Writer

Handler = Callable[[Ask], Answer]
_NO_ENGINE = "This Hub was started without anything that answers models' questions: hf-nb hub serve"
# class of the engine's error -> status, code
_STATUS = {
    "BadInput": (422, "validation"),
    "TooLarge": (400, "context_length_exceeded"),
    "Refused": (404, "model_not_supported"),
    "NotFound": (404, "model_not_supported"),
    "Filtered": (400, "content_filter"),
    "MissingExtra": (501, "NotImplemented"),
    "OutOfMemory": (503, "overloaded"),
    "Busy": (503, "overloaded"),
    "RateLimited": (429, "rate_limited"),
    "Timeout": (504, "timeout"),
}


def _as_openai(handler: Handler) -> Handler:
    """Errors in the form OpenAI's clients read."""

    @wraps(handler)
    def handled(ask: Ask) -> Answer:
        try:
            answer = handler(ask)
        except Redirect:
            raise
        except Refusal as refusal:
            raise _openai(refusal) from None
        if answer.later is not None:
            answer.later = partial(_later_openai, answer.later)
        return answer

    return handled


async def _later_openai(later: Any) -> Answer:
    try:
        answer: Answer = await later()
    except Refusal as refusal:
        raise _openai(refusal) from None
    return answer


def _openai(refusal: Refusal) -> Refusal:
    kind = "server_error" if refusal.status >= 500 else "invalid_request_error"
    body = answering.failure(refusal.message, kind, refusal.code or "")
    return Refusal(refusal.status, refusal.message, refusal.code, headers=refusal.headers, more=body)


@_as_openai
def model_list(ask: Ask) -> Answer:
    """`GET /router/v1/models`, and a provider's."""
    wish = _provider(ask)
    return as_json({"object": "list", "data": models.listing(ask, wish)})


def model(ask: Ask) -> Answer:
    """`GET /router/v1/models/{id}`."""
    row = _named(ask)
    if not providers.servable(row["pipeline"], row["parameters"], row["library"]):
        raise refusals.not_found(f"The model '{row['id']}' is not served here", "model_not_supported")
    return as_json(models.shown(ask, row))


@_as_openai
def model_by_id(ask: Ask) -> Answer:
    """The same with the slash of the id encoded."""
    row = models.known(ask, ask.names["id"])
    if row is None or not providers.servable(row["pipeline"], row["parameters"], row["library"]):
        raise models.unknown(ask.names["id"])
    return as_json(models.shown(ask, row))


@_as_openai
def chat(ask: Ask) -> Answer:
    """`POST /router[/{provider}]/v1/chat/completions`."""
    return _openai_route(ask, answering.chat)


@_as_openai
def completion(ask: Ask) -> Answer:
    """`POST /router[/{provider}]/v1/completions`."""
    return _openai_route(ask, answering.completion)


@_as_openai
def embeddings(ask: Ask) -> Answer:
    """`POST /router[/{provider}]/v1/embeddings`."""
    return _openai_route(ask, answering.embeddings)


def task(ask: Ask) -> Answer:
    """`POST /router/hf-inference/models/{id}[/pipeline/{task}]`."""
    row = _named(ask)
    _needs_token(ask)
    name = ask.names.get("task") or str(row["pipeline"])
    if "task" in ask.names and name not in providers.TASKS:
        raise Refusal(404, f"There is no task '{name}' here", "model_not_supported")
    asked = _read(partial(answering.task, name), ask)
    return _asked(ask, asked, models.served(ask, row, row["id"], name, providers.OWN))


@_as_openai
def model_chat(ask: Ask) -> Answer:
    """`POST /router/hf-inference/models/{id}/v1/chat/completions`."""
    row = _named(ask)
    _needs_token(ask)
    asked = _read(partial(answering.chat, model=row["id"]), ask)
    return _asked(ask, asked, models.served(ask, row, row["id"], "chat", providers.OWN))


def _openai_route(ask: Ask, read: Callable[[Any], Asked]) -> Answer:
    _needs_token(ask)
    wish = _provider(ask)
    asked = _read(read, ask)
    id, _, suffix = asked.model.partition(":")
    named = models.served(ask, models.known(ask, id), id, asked.task, suffix or wish)
    return _asked(ask, asked, named)


def _named(ask: Ask) -> sqlite3.Row:
    """The model in the address; one that is not there, or not for this caller, is refused as its page is."""
    id = ask.names.get("nameless") or f"{ask.names['ns']}/{ask.names['name']}"
    if "name" in ask.names:
        with contextlib.suppress(Promised):
            return ask.repo
    row = models.known(ask, id)
    if row is None:
        raise refusals.repo_not_found(ask.who)
    return row


def _provider(ask: Ask) -> str:
    """The provider in the address, if there is one."""
    name = ask.names.get("provider", "")
    if name and name not in providers.NAMES:
        raise refusals.not_found(f"There is no provider '{name}' here: {', '.join(providers.NAMES)}")
    return name


def _needs_token(ask: Ask) -> None:
    if ask.who.name is None:
        raise Refusal(401, "A token is needed to ask a model: log in first.", "Unauthorized")


def _read(read: Callable[[Any], Asked], ask: Ask) -> Asked:
    try:
        asked = read(ask.json())
        json.dumps(asked.input, ensure_ascii=False).encode()
    except BadInput as wrong:
        raise refusals.bad_request(wrong.problem) from None
    except UnicodeEncodeError:
        raise refusals.bad_request("The input holds half a character (a lone surrogate)") from None
    return asked


def _asked(ask: Ask, asked: Asked, served: Served) -> Answer:
    """What will be the answer."""
    engine = ask.site.engine
    if engine is None:
        raise Refusal(501, _NO_ENGINE, "NotImplemented")
    question = {
        "task": asked.task,
        "model": served.id,
        "folder": str(folders.folder(ask, engine.folder, served.row["rid"], served.commit)),
        "input": asked.input,
        "params": dict(asked.params),
    }
    writer = answering.writer(asked, served.id, ask.site.clock.time())
    headers = {"x-inference-provider": served.provider.name, "x-repo-commit": served.commit.oid}
    paced = asked.form != "task"
    return Answer(headers=headers, later=partial(_answered, engine, question, writer, served, paced=paced))


async def _answered(
    engine: Engine, question: dict[str, Any], writer: Writer, served: Served, *, paced: bool
) -> Answer:
    """The answer itself; of a stream its beginning, so that what goes wrong before has a status."""
    parts = engine.ask(question)
    if paced:
        parts = flow.paced(parts, served.provider)
    try:
        if not writer.asked.stream:
            async with contextlib.aclosing(parts):
                whole = [part async for part in parts]
            answer = as_json(writer.whole(whole))
            del answer.headers["etag"]
            return answer
        first = await anext(parts)
    except Wrong as wrong:
        raise _refused(wrong) from None
    headers = {"content-type": sse.TYPE, "cache-control": "no-cache"}
    return Answer(200, headers, _events(flow.after(first, parts), writer))


async def _events(parts: AsyncGenerator[Part, None], writer: Writer) -> AsyncGenerator[bytes, None]:
    """One event at a time; a failure in the midst is said in one, and there is no end mark then."""
    try:
        async with contextlib.aclosing(parts):
            async for part in parts:
                for event in writer.events(part):
                    yield event
    except Wrong as wrong:
        yield writer.wrong(wrong.problem, _STATUS.get(wrong.kind, (500, "server_error"))[1])
        return
    for event in writer.end():
        yield event


def _refused(wrong: Wrong) -> Refusal:
    status, code = _STATUS.get(wrong.kind, (500, "server_error"))
    headers = {} if wrong.after is None else {"retry-after": str(max(1, round(wrong.after)))}
    words = f"{wrong.problem} {wrong.next_step}".strip() if status == 422 else wrong.problem
    return Refusal(status, words, code, headers=headers, more={} if status != 422 else {"error_type": code})
