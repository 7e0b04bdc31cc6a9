"""B9, local: one warm classification through the engine, beside the bare model and transformers' pipeline.

python tests/benchmarks/run.py local_model
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 400
MODEL = "hfnb-demo/sentiment-en"
TEXT = "Room {} was small, but we loved the view."  # another number each time: no answer is there already
AGAIN = "The room was small, but we loved the view."
TARGET = 0.3  # ms over tokenizer and bare model


def main() -> str:
    """One section."""
    from hf_nb.offline import running

    with tempfile.TemporaryDirectory() as place, running.start(home=Path(place)) as hub:
        done = subprocess.run(
            [sys.executable, __file__],
            env={**hub.environment_for(os.environ), "HF_NB_TRACE": "1"},
            cwd=Path(__file__).parents[2],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    bare, rows = json.loads(done.stdout.splitlines()[-1])
    how = (
        f"`{MODEL}`, one sentence, never the same one, {ROUNDS} rounds turn by turn, one thread, processor time. The"
        f" bare model with its tokenizer takes {bare:.2f} ms (median); the others are the median of what they took"
        f" more in the same round. Target: at most {TARGET} ms."
    )
    lines = [
        "## B9, local: one warm classification",
        "",
        how,
        "",
        "| how | ms more | 99 % |",
        "|---|---:|---:|",
    ]
    lines += [f"| {name} | {middle:.2f} | {worst:.2f} |" for name, middle, worst in rows]
    return "\n".join(lines)


def measure() -> None:
    """In a process that sees the Hub: print the figures as JSON."""
    import torch
    from huggingface_hub import snapshot_download
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

    from hf_nb import infer
    from hf_nb.infer.backends.local import Local
    from hf_nb.infer.call import Call, Terms
    from hf_nb.plumbing import spans
    from hf_nb.plumbing.session import Session, current

    torch.set_num_threads(1)
    folder = snapshot_download(MODEL)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    pipe = pipeline("text-classification", model=model, tokenizer=tokenizer)
    local, untold = Local(current()), Session()
    untold.spans = spans.Sink(None)
    unkept = Session()
    unkept.spans, unkept.settings.answers_cache = spans.Sink(None), 0

    def bare(text: str) -> None:
        read = tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            model(**read).logits.softmax(-1).tolist()

    ways: dict[str, Callable[[str], object]] = {
        "`pipeline`": pipe,
        "the local backend alone": lambda text: list(
            local.stream(Call("text-classification", folder, None, text), Terms())
        ),
        "`hf_nb.infer.run`, neither traced nor its answers kept": lambda text: infer.run(
            text, model=MODEL, session=unkept
        ),
        "`hf_nb.infer.run`, not traced": lambda text: infer.run(text, model=MODEL, session=untold),
        "`hf_nb.infer.run`, traced": lambda text: infer.run(text, model=MODEL),
        "`hf_nb.infer.run`, traced, a folder": lambda text: infer.run(text, model=folder),
        "`hf_nb.infer.run`, traced, asked before": lambda _: infer.run(AGAIN, model=MODEL),
    }
    numbers = itertools.count(1000)
    for way in (bare, *ways.values()):
        for _ in range(20):
            way(TEXT.format(next(numbers)))
    bares: list[float] = []
    more: dict[str, list[float]] = {name: [] for name in ways}

    for _ in range(ROUNDS):
        bares.append(timed(bare, TEXT.format(next(numbers))))
        for name, way in ways.items():
            more[name].append(timed(way, TEXT.format(next(numbers))) - bares[-1])
    rows = [
        (name, statistics.median(some), statistics.quantiles(some, n=100)[-1]) for name, some in more.items()
    ]
    print(json.dumps([statistics.median(bares), rows]))


def timed(way: Callable[[str], object], text: str) -> float:
    """Milliseconds of processor time: other work on the machine does not count."""
    began = time.process_time()
    way(text)
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    measure()
