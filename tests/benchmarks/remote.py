"""B9, remote: what a question to a model elsewhere costs here, beside the bare HTTP client and InferenceClient.

One server on loopback in a process of its own answers at once, so that what is left is the client's. Each asks in
turn. Processor time is this process's, with the thread that reads an answer; wall time is what a person waits.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

ROUNDS = 200
MESSAGES = [{"role": "user", "content": "Hello there, how is it going today"}]
TEXT = "I love this library."


def main() -> str:
    """The table."""
    os.environ.pop("HF_TOKEN", None)
    with _serving() as address:
        rows = [*_chat(address), *_task(address)]
    return "\n".join(
        [
            "## B9, remote: one warm call on loopback",
            "",
            f"Medians of {ROUNDS} calls in turn, ms. Target: at most 1 ms over InferenceClient.",
            "",
            "| question | asked with | processor | wall |",
            "|---|---|--:|--:|",
            *rows,
        ]
    )


def _chat(address: str) -> Iterator[str]:
    from huggingface_hub import InferenceClient
    from huggingface_hub.utils import httpx

    from hf_nb import infer
    from hf_nb.infer.backends.openai_like import Server
    from hf_nb.infer.call import Call, Terms
    from hf_nb.plumbing.session import Session

    session = Session()
    session.settings.servers = {"box": address}
    server, call = Server(session, "box"), Call("chat", "echo", None, {"messages": MESSAGES})
    bare, official = httpx.Client(), InferenceClient(base_url=address, api_key="-")
    body = {"model": "echo", "messages": MESSAGES, "stream": True}

    def plain() -> None:
        with bare.stream("POST", f"{address}/chat/completions", json=body) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: {"):
                    json.loads(line[6:])

    yield from _table(
        "a chat, streamed",
        {
            "the bare client": plain,
            "InferenceClient": lambda: list(official.chat_completion(MESSAGES, model="echo", stream=True)),
            "our backend": lambda: list(server.stream(call, Terms())),
            "infer.run": lambda: infer.run(
                MESSAGES, model="echo", task="chat", provider="box", session=session
            ),
        },
    )


def _task(address: str) -> Iterator[str]:
    from huggingface_hub import InferenceClient
    from huggingface_hub.utils import httpx

    from hf_nb.infer.backends.providers import Providers
    from hf_nb.infer.call import Call, Terms
    from hf_nb.plumbing.session import Session

    session = Session()
    session.settings.endpoint = address.removesuffix("/v1")
    router, call = Providers(session), Call("text-classification", "echo", None, TEXT)
    url = f"{session.settings.router_address}/hf-inference/models/echo"
    bare, official = httpx.Client(), InferenceClient(api_key="-")
    yield from _table(
        "a classification",
        {
            "the bare client": lambda: bare.post(url, json={"inputs": TEXT}).json(),
            "InferenceClient": lambda: official.text_classification(TEXT, model=url),
            "our backend": lambda: list(router.stream(call, Terms())),
        },
    )


def _table(what: str, ways: dict[str, Callable[[], Any]]) -> Iterator[str]:
    from huggingface_hub import set_client_factory
    from huggingface_hub.utils._http import default_client_factory

    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for ask in ways.values():
        ask()
    # the official client's own HTTP client again: ours was put in its place with the first question to the router
    set_client_factory(default_client_factory)
    ways["InferenceClient"]()
    for _ in range(ROUNDS // 10):
        for name, ask in ways.items():
            taken[name] += [_timed(ask) for _ in range(10)]
    for name, times in taken.items():
        cpu, wall = (statistics.median(one) * 1000 for one in zip(*times, strict=True))
        yield f"| {what} | {name} | {cpu:.2f} | {wall:.2f} |"


def _timed(call: Callable[[], Any]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return time.process_time() - cpu, time.perf_counter() - wall


@contextmanager
def _serving() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.infer.remote.served"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
