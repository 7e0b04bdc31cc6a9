"""B11: many texts written side by side beside one by one; and guessing, where a text repeats itself and where not.

python tests/benchmarks/run.py generation_many
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEXTS, ROUNDS = 64, 3
HOW = (
    f"One thread, processor time, {ROUNDS} rounds turn by turn in one process, medians. {TEXTS} prompts of 1 to 80"
    " words, or of 1 to 3 sentences; greedy. Same: rows with the very text, count and end that each has alone. Targets:"
    " at least 2.5 times one by one, 63 of 64 the same."
)
GUESSING = (
    "Guessing: one text, beside the same loop without it; the texts are compared and are the same. Targets: at least"
    " 1.5 times on what repeats itself, nowhere below 0.97."
)
GPT = "hfnb-demo/pydoc-gpt"
REPEATS = "class A:\n    def f(self): return 1\n    def g(self): return 2\n    def h"
GREEDY: dict[str, Any] = {"do_sample": False, "repetition_penalty": 1.0, "no_repeat_ngram_size": 0}
ENDLESS = {**GREEDY, "logit_bias": {0: -100.0}}
NOTES = (
    "The meeting was in the library. Coffee was served. The group voted to repair ten chairs. It should be done by"
    " May. They will meet again on Friday. Nora wanted to buy six lamps, but nobody agreed."
)


def main() -> str:
    """One section."""
    from hf_nb.offline import running

    with tempfile.TemporaryDirectory() as place, running.start(home=Path(place)) as hub:
        done = subprocess.run(
            [sys.executable, __file__, place],
            env=hub.environment_for(os.environ),
            cwd=Path(__file__).parents[2],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    many, guesses = json.loads(done.stdout.splitlines()[-1])
    lines = ["## B11: many texts written, and guessing", "", HOW, ""]
    lines += [
        "| model | task | one by one, s | side by side, s | times | same | written again |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for model, task, alone, together, times, same, again in many:
        lines.append(
            f"| {model} | {task} | {alone:.2f} | {together:.2f} | {times:.1f} | {same} of {TEXTS} | {again} |"
        )
    lines += ["", GUESSING, "", "| model | text | without, s | with, s | times |", "|---|---|---:|---:|---:|"]
    for model, text, without, with_it, times in guesses:
        lines.append(f"| {model} | {text} | {without:.3f} | {with_it:.3f} | {times:.2f} |")
    return "\n".join(lines)


def prompts() -> list[str]:
    """Of skewed length, out of this file."""
    pick, words = random.Random(3), Path(__file__).read_text(encoding="utf-8").split()  # noqa: S311
    sizes = [min(80, int(pick.lognormvariate(2.3, 0.9)) + 1) for _ in range(TEXTS)]
    return [" ".join(words[(at := pick.randrange(len(words) - size)) : at + size]) for size in sizes]


def sentences() -> list[str]:
    """Of one to three."""
    pick, all_of_them = random.Random(4), NOTES.split(". ")  # noqa: S311
    return [". ".join(pick.sample(all_of_them, pick.randint(1, 3))) + "." for _ in range(TEXTS)]


def measure(place: Path) -> None:
    """In a process that sees the Hub: print the figures as JSON."""
    import torch
    from huggingface_hub import snapshot_download

    torch.set_num_threads(1)
    larger = str(_generation()._larger(Path(snapshot_download(GPT)), place / "larger"))
    chats = [{"messages": [{"role": "user", "content": one}]} for one in sentences()]
    many: list[tuple[str, str, str, list[Any], dict[str, Any]]] = [
        (f"`{GPT}`", "text-generation", GPT, prompts(), {**ENDLESS, "max_new_tokens": 32}),
        (
            f"`{GPT}`, its own penalties",
            "code-generation",
            GPT,
            prompts(),
            {"do_sample": False, "max_new_tokens": 32},
        ),
        ("`hfnb-demo/chat-en`", "chat", "hfnb-demo/chat-en", chats, {"temperature": 0, "max_tokens": 32}),
        ("`hfnb-demo/summarize-en`", "summarization", "hfnb-demo/summarize-en", sentences(), {}),
        ("`hfnb-demo/translate-en-fr`", "translation", "hfnb-demo/translate-en-fr", sentences(), {}),
        (
            "one of 43 M parameters, random",
            "text-generation",
            larger,
            prompts(),
            {**ENDLESS, "max_new_tokens": 12},
        ),
    ]
    guesses: list[tuple[str, str, str, dict[str, Any]]] = [
        ("what repeats itself", GPT, REPEATS, {**ENDLESS, "max_new_tokens": 200}),
        (
            "what may not repeat 2 tokens",
            GPT,
            REPEATS,
            {**ENDLESS, "max_new_tokens": 100, "no_repeat_ngram_size": 2},
        ),
        ("a sentence, its own penalties", GPT, "Return the list of", {"do_sample": False}),
        ("what repeats itself", larger, REPEATS, {**ENDLESS, "max_new_tokens": 60}),
        (
            "what may not repeat 2 tokens",
            larger,
            REPEATS,
            {**ENDLESS, "max_new_tokens": 40, "no_repeat_ngram_size": 2},
        ),
    ]
    names = {GPT: f"`{GPT}`", larger: "one of 43 M parameters, random"}
    print(
        json.dumps(
            [
                [
                    (model, task, *_many(task, name, inputs, params))
                    for model, task, name, inputs, params in many
                ],
                [
                    (names[name], text, *_guessed(name, prompt, params))
                    for text, name, prompt, params in guesses
                ],
            ]
        )
    )


def _generation() -> Any:
    """The benchmark beside this one: its larger model."""
    spec = importlib.util.spec_from_file_location("generation", Path(__file__).with_name("generation.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name="generation")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _many(
    task: str, model: str, inputs: list[Any], params: dict[str, Any]
) -> tuple[float, float, float, int, int]:
    from hf_nb.infer.backends.local import Local, ragged
    from hf_nb.infer.call import Call, Terms
    from hf_nb.plumbing.session import current

    local = Local(current())
    calls = [Call(task, model, None, one, params) for one in inputs]
    again = [0]
    through = ragged.together

    def counted(*given: Any) -> Any:
        for at, said in through(*given):
            again[0] += said is None
            yield at, said

    ragged.together = counted  # type: ignore[assignment]

    def alone() -> dict[int, Any]:
        return {at: _whole(list(local.stream(one, Terms()))) for at, one in enumerate(calls)}

    def together() -> dict[int, Any]:
        again[0] = 0
        return {at: _whole([one]) for at, one in local.several(calls, Terms())}

    local_alone, side_by_side = alone(), together()
    same = sum(side_by_side[at] == one for at, one in local_alone.items())
    slow, quick = zip(*[(_seconds(alone), _seconds(together)) for _ in range(ROUNDS)], strict=True)
    ragged.together = through
    times = statistics.median(one / other for one, other in zip(slow, quick, strict=True))
    return statistics.median(slow), statistics.median(quick), times, same, again[0]


def _guessed(model: str, prompt: str, params: dict[str, Any]) -> tuple[float, float, float]:
    from hf_nb.infer.backends.local import Local, guessing
    from hf_nb.infer.call import Call, Terms
    from hf_nb.plumbing.session import current

    local, call = Local(current()), Call("text-generation", model, None, prompt, params)
    next_ones = guessing.Guess.next

    def with_it() -> Any:
        return _whole(list(local.stream(call, Terms())))

    def without() -> Any:
        guessing.Guess.next = lambda *_: []  # type: ignore[method-assign]
        try:
            return with_it()
        finally:
            guessing.Guess.next = next_ones  # type: ignore[method-assign]

    if without() != with_it():
        raise AssertionError("They did not write the same.")
    slow, quick = zip(*[(_seconds(without), _seconds(with_it)) for _ in range(4 * ROUNDS)], strict=True)
    times = statistics.median(one / other for one, other in zip(slow, quick, strict=True))
    return statistics.median(slow), statistics.median(quick), times


def _whole(chunks: list[Any]) -> Any:
    last = chunks[-1]
    return "".join(one.text for one in chunks), last.finish, last.usage


def _seconds(way: Callable[[], Any]) -> float:
    began = time.process_time()
    way()
    return time.process_time() - began


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    measure(Path(sys.argv[1]))
