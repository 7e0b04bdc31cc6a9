"""B11: one text written on this machine, beside a bare `generate` with a streamer, and the stop button.

python tests/benchmarks/run.py generation
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROUNDS = 20
HOW = (
    f"Greedy after a short prompt, {ROUNDS} rounds turn by turn, one thread. Bare: `generate` in a thread with"
    " `TextIteratorStreamer`. Guessing: what was said before is tried again, several tokens in one pass; the words are"
    " compared and are the same. Prefill: one forward pass over the prompt. Stop: from closing the answer until its"
    " thread is over. Medians, `of bare` by processor time; targets: tokens a second at least 0.97 of bare, first token"
    " at most 15 ms beyond prefill, stop within 100 ms or one token."
)
PROMPT = "Return the list of"
MODEL = "hfnb-demo/pydoc-gpt"
# A Llama of a real size, with random weights: what it says means nothing, what it costs does.
LARGER: dict[str, Any] = {
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 12,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
}


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
    lines = [
        "## B11: one text, token by token",
        "",
        HOW,
        "",
        "| model | how | tokens/s | of bare | first text, ms | beyond prefill, ms | stop, ms |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for model, rows in json.loads(done.stdout.splitlines()[-1]):
        for how, rate, ratio, first, beyond, stop in rows:
            lines.append(
                f"| {model} | {how} | {rate:.0f} | {ratio:.2f} | {first:.1f} | {beyond:.1f} |"
                f" {'' if stop is None else f'{stop:.1f}'} |"
            )
    return "\n".join(lines)


def measure(place: Path) -> None:
    """In a process that sees the Hub: print the figures as JSON."""
    import torch
    from huggingface_hub import snapshot_download

    torch.set_num_threads(1)
    small = Path(snapshot_download(MODEL))
    larger = _larger(small, place / "larger")
    models = [(f"`{MODEL}`", small, 200), ("one of 43 M parameters, random", larger, 40)]
    print(json.dumps([(name, _measured(folder, tokens)) for name, folder, tokens in models]))


def _larger(small: Path, folder: Path) -> Path:
    """The same words in a larger model."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    config = LlamaConfig.from_pretrained(small, **LARGER)
    config.head_dim = 64
    LlamaForCausalLM(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(small).save_pretrained(folder)
    return folder


def _measured(folder: Path, tokens: int) -> list[tuple[str, float, float, float, float, float | None]]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer

    from hf_nb.infer.backends.local import Local, guessing
    from hf_nb.infer.call import Call, Terms
    from hf_nb.plumbing.session import current

    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForCausalLM.from_pretrained(folder).eval()
    model.generation_config = type(model.generation_config)(eos_token_id=None, pad_token_id=0)
    local = Local(current())
    # The end is never said, and no other setting changes the scores: both write the same.
    params = {
        "do_sample": False,
        "repetition_penalty": 1.0,
        "max_new_tokens": tokens,
        "logit_bias": {0: -1000.0},
    }
    call = Call("text-generation", str(folder), None, PROMPT, params)

    def bare() -> tuple[float, float, float, str]:
        began = time.perf_counter(), time.process_time()
        read = tokenizer(PROMPT, return_tensors="pt")
        voice = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
        how = {
            **read,
            "streamer": voice,
            "max_new_tokens": tokens,
            "do_sample": False,
            "suppress_tokens": [0],
        }
        thread = threading.Thread(target=model.generate, kwargs=how)
        thread.start()
        return _told((one for one in voice), began, thread)

    def guessed() -> tuple[float, float, float, str]:
        began = time.perf_counter(), time.process_time()
        return _told((one.text for one in local.stream(call, Terms())), began)

    def ours() -> tuple[float, float, float, str]:
        next_ones = guessing.Guess.next
        guessing.Guess.next = lambda *_: []  # type: ignore[method-assign]
        try:
            return guessed()
        finally:
            guessing.Guess.next = next_ones  # type: ignore[method-assign]

    def prefill() -> float:
        began = time.perf_counter()
        with torch.inference_mode():
            model(**tokenizer(PROMPT, return_tensors="pt"))
        return time.perf_counter() - began

    def stop() -> float:
        parts = local.stream(call, Terms())
        for _ in range(5):
            next(parts)
        began = time.perf_counter()
        parts.close()
        while any(one.name == "hf_nb answer" for one in threading.enumerate()):
            time.sleep(0.0005)
        return time.perf_counter() - began

    ways = (bare, ours, guessed, prefill, stop)
    for way in ways:
        way()
    rounds: list[Any] = [[way() for way in ways] for _ in range(ROUNDS)]
    return _rows(rounds, tokens)


def _rows(rounds: list[Any], tokens: int) -> list[tuple[str, float, float, float, float, float | None]]:
    if any(len({told[3] for told in one[:3]}) > 1 for one in rounds):
        raise AssertionError("They did not write the same.")
    middle = statistics.median
    fill = middle(one[3] for one in rounds)
    rows: list[tuple[str, float, float, float, float, float | None]] = []
    for at, how in enumerate(("bare", "hf_nb, no guessing", "hf_nb")):
        rate = tokens / middle(one[at][0] for one in rounds)
        ratio = middle(one[0][1] / one[at][1] for one in rounds)
        first = middle(one[at][2] for one in rounds)
        stopped = middle(one[4] for one in rounds) * 1000 if at else None
        rows.append((how, rate, ratio, first * 1000, (first - fill) * 1000, stopped))
    return rows


def _told(
    texts: Any, began: tuple[float, float], thread: threading.Thread | None = None
) -> tuple[float, float, float, str]:
    """Seconds until all of it, of the processor as well, until the first text; and the text."""
    first, parts = 0.0, []
    for text in texts:
        parts.append(text)
        if text and not first:
            first = time.perf_counter() - began[0]
    if thread is not None:
        thread.join()
    return time.perf_counter() - began[0], time.process_time() - began[1], first, "".join(parts)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    measure(Path(sys.argv[1]))
