"""Conversations by name, kept by the session: each message is answered with all that was said before.

chat("My name is Ann.")                       in the conversation "default"
chat("And mine?", "other", system="Be brief.")
chat("How warm is it?", tools=[weather])      the model may call these functions, and no others
chat("Ann, 34", schema={"type": "object", …}) .data holds the reply, checked

A turn that was stopped or failed leaves its conversation as it was.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hf_nb.errors import BadInput, Broken, OutOfMemory, Stopped, TooLarge
from hf_nb.infer import schema as schemas
from hf_nb.infer.own import objects
from hf_nb.infer.run import run
from hf_nb.infer.tools import Tools
from hf_nb.plumbing import jobs
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Reply, Source, Table, Text, ToolCall

DEFAULT = "default"
ROUNDS = 8  # of calling tools, for one message
Message = dict[str, Any]


@dataclass
class Conversation:
    """What was said under one name, and who is asked. `left_out`: messages the window has no room for, the oldest."""

    name: str
    messages: list[Message] = field(default_factory=list)
    system: str = ""
    model: str | None = None
    provider: str = "auto"
    left_out: int = 0
    mask: bool = False
    lock: Any = field(default_factory=threading.RLock)  # a tool may speak in its own conversation

    def asked(self, left_out: int, new: Sequence[Message]) -> list[Message]:
        """What the model is given: the system prompt, what there is room for, what is new."""
        system = [{"role": "system", "content": self.system}] if self.system else []
        return [*system, *self.messages[left_out:], *new]

    def next_exchange(self, left_out: int) -> int | None:
        """Where the next exchange begins, to leave out one more; None when none is left."""
        begins = (i for i in range(left_out + 1, len(self.messages)) if self.messages[i]["role"] == "user")
        following = next(begins, len(self.messages))
        return following if left_out < len(self.messages) else None


def chat(
    message: str,
    name: str = DEFAULT,
    *,
    model: Any = None,
    provider: str | None = None,
    system: str | None = None,
    schema: Any = None,
    tools: Sequence[Callable[..., Any]] = (),
    params: Mapping[str, Any] | None = None,
    fallback: Sequence[str] = (),
    policy: str | None = None,
    reset: bool = False,
    timeout: float | None = None,
    mask: bool = False,
    fresh: bool = False,
    session: Session | None = None,
) -> Reply:
    """Say something in the conversation `name`; the model's reply.

    `model`, `provider`, `system` and `mask` are remembered by the conversation; `reset` begins it anew; `timeout`:
    seconds for all of it, tools included; `fresh`: the model is asked even where its reply is kept.
    """
    session = session or current()
    if not isinstance(message, str) or not message.strip():
        raise BadInput("A message needs words.", 'For example: hf_nb.infer.chat("What is a tensor?")')
    wanted = None if schema is None else schemas.read(schema)
    model = objects.named(model)
    again = functools.partial(
        chat, message, name, model=model, provider=provider, system=system, schema=schema, tools=tools,
        params=params, fallback=fallback, policy=policy, reset=reset, timeout=timeout, mask=mask, fresh=fresh,
        session=session,
    )  # fmt: skip
    talk: Conversation = session.conversations.setdefault(name, Conversation(name))
    with session.jobs.doing("infer", task="chat", model=model, unit="tokens", again=again), talk.lock:
        kept = Conversation(name) if reset else replace(talk, lock=talk.lock)
        kept.system = kept.system if system is None else system
        kept.mask = kept.mask or mask  # what was said before goes along with every message
        kept.model, kept.provider = model or kept.model, provider or kept.provider
        turn = _Turn(
            kept, Tools(tools), wanted, dict(params or {}), tuple(fallback), policy, timeout, session
        )
        turn.how["fresh"] = fresh
        reply = turn.answer(message)
        talk.system, talk.model, talk.provider = kept.system, kept.model, kept.provider
        talk.mask = kept.mask
        talk.messages, talk.left_out = turn.kept, turn.left_out
        return reply


def conversations(session: Session | None = None) -> Table:
    """Those of this session."""
    session = session or current()
    rows = tuple(
        (one.name, sum(said["role"] == "user" for said in one.messages), one.model or "chosen by the task")
        for one in session.conversations.values()
        if one.messages
    )
    return Table(("conversation", "turns", "model"), rows)


def forget(name: str = DEFAULT, session: Session | None = None) -> Text:
    """Begin a conversation anew."""
    session = session or current()
    if session.conversations.pop(name, None) is None:
        others = ", ".join(session.conversations) or "none yet"
        raise BadInput(f"There is no conversation called {name!r}.", f"Conversations here: {others}")
    return Text(f"{name}: begins anew.")


class _Turn:
    """One message on its way to its reply."""

    def __init__(
        self,
        talk: Conversation,
        tools: Tools,
        schema: dict[str, Any] | None,
        params: dict[str, Any],
        fallback: tuple[str, ...],
        policy: str | None,
        timeout: float | None,
        session: Session,
    ) -> None:
        self.talk, self.tools, self.schema, self.session = talk, tools, schema, session
        self.params = dict(params)
        if tools:
            self.params["tools"] = tools.listed()
        if schema is not None:
            form = {"name": "reply", "schema": schema, "strict": True}
            self.params["response_format"] = {"type": "json_schema", "json_schema": form}
        self.how: dict[str, Any] = {"fallback": fallback, "policy": policy, "mask": talk.mask}
        limit = session.settings.inference_deadline if timeout is None else timeout
        self.ends = session.clock.now() + limit
        self.left_out = talk.left_out
        self.sources: list[Source] = []
        self.new: list[Message] = []
        self.done: list[ToolCall] = []
        self.kept: list[Message] = []

    def answer(self, message: str) -> Reply:
        """The reply to it, with all that led there."""
        self.new = [{"role": "user", "content": message}]
        try:
            reply = self._fitting(self._after_tools())
        except (Stopped, Broken) as wrong:
            if isinstance(wrong.partial, Reply):
                wrong.partial = self._whole(wrong.partial)
            raise
        self.kept = [*self.talk.messages, *self.new]
        return self._whole(reply)

    def _after_tools(self) -> Reply:
        """The first reply that asks for nothing."""
        for _ in range(ROUNDS + 1):
            reply = self._said()
            self.new.append(dict(reply.messages[-1]))
            if not reply.calls or not self.tools:
                return reply
            for number, call in enumerate(reply.calls):
                with jobs.inside(None):  # what a tool asks a model is no part of this reply
                    result = self.tools.result(call)
                self.done.append(replace(call, result=result))
                self.new.append({
                    "role": "tool", "tool_call_id": call.id or str(number), "name": call.name, "content": result,
                })  # fmt: skip
        raise Broken(
            f"The model asked for tools {ROUNDS} times and gave no answer.",
            "Ask for less at once, or with another model.",
            partial=reply,
        )

    def _fitting(self, reply: Reply) -> Reply:
        """A reply in the form that was asked for; one that is not is told so once."""
        if self.schema is None:
            return reply
        wrong, data = self._misfit(reply)
        if wrong:
            before = len(self.new) - 1
            self.new.append({
                "role": "user",
                "content": f"That does not fit the schema. {wrong}. Answer with JSON that fits, and nothing else.",
            })  # fmt: skip
            reply = self._said()
            # The conversation keeps the reply that fits, not the way there.
            self.new[before:] = [dict(reply.messages[-1])]
            wrong, data = self._misfit(reply)
        if wrong:
            raise Broken(
                f"The reply does not fit the schema. {wrong}.",
                "Ask for less in it, or with a larger model: -m owner/name",
                partial=reply,
            )
        return replace(reply, data=data)

    def _misfit(self, reply: Reply) -> tuple[str | None, Any]:
        try:
            data = schemas.data(reply.text)
        except ValueError as wrong:
            return f"It is no JSON: {wrong}", None
        return schemas.misfit(self.schema or {}, data), data

    def _said(self) -> Reply:
        """What the model says now; where its window is full, the oldest exchanges are left out."""
        while True:
            try:
                reply = run(
                    {"messages": self.talk.asked(self.left_out, self.new)},
                    task="chat",
                    model=self.talk.model,
                    provider=self.talk.provider,
                    params=self.params,
                    timeout=max(0.0, self.ends - self.session.clock.now()),
                    session=self.session,
                    **self.how,
                )
            except OutOfMemory:
                raise
            except TooLarge:
                following = self.talk.next_exchange(self.left_out)
                if following is None:
                    raise
                self.left_out = following
            else:
                assert isinstance(reply, Reply)
                self.sources.append(reply.source)
                return reply

    def _whole(self, reply: Reply) -> Reply:
        """With all messages, all calls and the sums of all rounds."""
        said = self.talk.asked(0, self.new)
        if reply.text and (not said or said[-1].get("content") != reply.text):
            said.append({"role": "assistant", "content": reply.text})
        return replace(
            reply,
            source=self._sum(reply.source),
            messages=tuple(said),
            calls=tuple(self.done) or reply.calls,
            conversation=self.talk.name,
        )

    def _sum(self, last: Source) -> Source:
        sources = self.sources if self.sources and self.sources[-1] is last else [*self.sources, last]
        notes = []
        if self.left_out:
            gone = sum(one["role"] == "user" for one in self.talk.messages[: self.left_out])
            notes.append(
                f"the oldest {gone} turns left out: the window is full".replace(
                    "oldest 1 turns", "oldest turn"
                )
            )
        if len(sources) > 1:
            notes.append(f"{len(sources)} rounds")
        return replace(
            last,
            seconds=sum(one.seconds for one in sources),
            first=sources[0].first,
            read=_total(one.read for one in sources),
            written=_total(one.written for one in sources),
            cost=_total(one.cost for one in sources),
            reason="; ".join(filter(None, (last.reason, *notes))),
        )


def _total(numbers: Any) -> Any:
    found = list(numbers)
    return None if None in found else sum(found)
