"""B10: many texts of skewed length on the CPU, beside transformers' pipeline and sentence-transformers.

python tests/benchmarks/run.py batches
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

TEXTS, ALONE, ROUNDS = 2_000, 160, 2  # ALONE: of these, every twelfth goes through what is slow
SIZES = {"small (4×256)": (4, 256, 4), "MiniLM-size (6×384)": (6, 384, 12)}
EMBEDDED = (2_000, 300)
AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
TASK = "text-classification"
HOW = (
    f"{TEXTS:,} texts of 3 to 382 tokens (half below 25), one thread, processor time, {ROUNDS} rounds turn by turn in"
    f" one process, the least. The loop and `batch_size=32` have every {TEXTS // ALONE}th text, in no order. Random"
    " weights,"
    " so that the answers are as narrow as they get. Auto: after its verdict, which is measured once and kept. AVX2 is"
    " the same processor, held to it."
)


def main() -> str:
    """One section."""
    from hf_nb.offline import running

    lines = ["## B10: many texts", "", HOW, ""]
    lines += ["| model | instructions | how | s per 1,000 | of the loop | of batch 32 | same labels |"]
    lines += ["|---|---|---|---:|---:|---:|---:|"]
    vectors = ["", "| embeddings, MiniLM | instructions | how | s | of `encode` | largest difference |"]
    vectors += ["|---|---|---|---:|---:|---:|"]
    with tempfile.TemporaryDirectory() as place, running.start(home=Path(place)) as hub:
        for limit in ({}, AVX2):
            done = subprocess.run(
                [sys.executable, __file__, place],
                env={**hub.environment_for(os.environ), **limit, "HF_NB_CACHE_DIR": f"{place}/cache"},
                cwd=Path(__file__).parents[2],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            table, embedded = json.loads(done.stdout.splitlines()[-1])
            lines += [f"| {' | '.join(row)} |" for row in table]
            vectors += [f"| {' | '.join(row)} |" for row in embedded]
    return "\n".join([*lines, *vectors])


def measure(place: Path) -> None:
    """In a process that sees the Hub: print the figures as JSON."""
    import torch
    from huggingface_hub import snapshot_download

    torch.set_num_threads(1)
    minilm = snapshot_download("hfnb-demo/minilm-embeddings")
    some = texts(minilm)
    instructions = torch.backends.cpu.get_cpu_capability()
    rows: list[list[str]] = []
    for name, shape in SIZES.items():
        rows += [[name, instructions, *row] for row in classified(made(place, minilm, shape), some)]
    print(json.dumps([rows, [[how, instructions, *row] for how, row in embedded(minilm, some)]]))


def texts(folder: str) -> list[str]:
    """English of a length drawn as lengths are: few are long."""
    import random

    from transformers import AutoTokenizer

    from hf_nb.infer.parity import sentences

    words = " ".join(sentences(400)).split()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    draw, found = random.Random(10), []  # noqa: S311 -- the same every time
    for _ in range(TEXTS):
        size = max(3, min(382, int(draw.lognormvariate(3.22, 0.99)))) - 2
        at = draw.randrange(len(words) - 400)
        ids = tokenizer(" ".join(words[at : at + size]), add_special_tokens=False)["input_ids"][
            : max(1, size)
        ]
        found.append(str(tokenizer.decode(ids)) or "a")
    return found


def made(place: Path, tokenizer: str, shape: tuple[int, int, int]) -> str:
    """A BERT of this shape with random weights."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    layers, width, heads = shape
    folder = place / f"bert-{layers}-{width}"
    if not folder.is_dir():
        torch.manual_seed(0)
        config = BertConfig(
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            intermediate_size=4 * width,
        )
        config.num_labels = 3
        BertForSequenceClassification(config).save_pretrained(folder)
        reads = AutoTokenizer.from_pretrained(tokenizer)
        reads.model_max_length = 512
        reads.save_pretrained(folder)
    return str(folder)


def classified(folder: str, some: list[str]) -> list[list[str]]:
    """The ways to classify them."""
    from transformers import pipeline

    pipe: Any = pipeline(task="text-classification", model=folder, tokenizer=folder)
    few = some[:: TEXTS // ALONE]
    plain, auto = ours("off", TASK, folder), ours("auto", TASK, folder)
    labels: dict[str, list[str]] = {}

    def kept(name: str, made: list[str]) -> None:
        labels[name] = made

    ways: dict[str, tuple[int, Callable[[], None]]] = {
        "`pipeline`, one by one": (
            len(few),
            lambda: kept("loop", [pipe(one, truncation=True)[0]["label"] for one in few]),
        ),
        "`pipeline`, batch 32": (
            len(few),
            lambda: kept("32", [one["label"] for one in pipe(few, batch_size=32, truncation=True)]),
        ),
        "ours": (len(some), lambda: kept("ours", [top(one) for one in plain(some)])),
        "ours, auto": (len(some), lambda: kept("auto", [top(one) for one in auto(some)])),
    }
    auto(some)
    took = turns({name: way for name, (_, way) in ways.items()})
    each = {name: took[name] / ways[name][0] * 1000 for name in ways}
    loop, batch = each["`pipeline`, one by one"], each["`pipeline`, batch 32"]
    same = {
        "ours": same_share(labels["ours"][:: TEXTS // ALONE], labels["loop"]),
        "ours, auto": same_share(labels["auto"], labels["ours"]),
    }
    return [
        [
            f"{name} ({taken(auto)})" if name == "ours, auto" else name,
            f"{one:.2f}",
            f"{loop / one:.2f}×",
            f"{batch / one:.2f}×",
            same.get(name, ""),
        ]
        for name, one in each.items()
    ]


def embedded(folder: str, some: list[str]) -> list[tuple[str, list[str]]]:
    """Ours beside `encode`."""
    import torch
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(folder, device="cpu")
    plain, auto = ours("off", "feature-extraction", folder), ours("auto", "feature-extraction", folder)
    auto(some)
    found = []
    for count in EMBEDDED:
        few = some[:count]
        vectors: dict[str, Any] = {}

        def kept(name: str, made: Any, vectors: dict[str, Any] = vectors) -> None:
            vectors[name] = torch.as_tensor(made)

        ways: dict[str, Callable[[], None]] = {
            "`encode`": partial(lambda some, keep: keep("`encode`", theirs.encode(some)), few, kept),
            "ours": partial(lambda some, keep: keep("ours", [one[0] for one in plain(some)]), few, kept),
            "ours, auto": partial(
                lambda some, keep: keep("ours, auto", [one[0] for one in auto(some)]), few, kept
            ),
        }
        took = turns(ways)
        for name, seconds in took.items():
            # A text beyond the model's 256 tokens is cut by encode; ours reads all of it.
            short = [at for at, one in enumerate(few) if len(theirs.tokenizer(one)["input_ids"]) <= 256]
            apart = float((vectors[name][short] - vectors["`encode`"][short]).abs().max())
            how = f"{name} ({taken(auto)})" if name == "ours, auto" else name
            found.append(
                (
                    f"{count:,} texts",
                    [how, f"{seconds:.2f}", f"{took['`encode`'] / seconds:.2f}×", f"{apart:.1g}"],
                )
            )
    return found


def ours(accel: str, task: str, folder: str) -> Callable[[list[str]], list[Any]]:
    """The local backend in a session of its own, warm."""
    from hf_nb.infer.backends.local import Local
    from hf_nb.infer.call import Call, Terms
    from hf_nb.plumbing.session import Session

    session = Session()
    session.settings.accel = accel
    local = Local(session)

    def through(some: list[str]) -> list[Any]:
        calls = [Call(task, folder, None, one, {"truncate": True} if task != TASK else {}) for one in some]
        found: dict[int, Any] = dict(local.several(calls, Terms()))
        return [found[at].output for at in range(len(some))]

    through(["warm"])
    through.__dict__["local"] = local
    return through


def taken(auto: Any) -> str:
    """What was found to be quicker."""
    with auto.local.memory._lock:
        held = next(iter(auto.local.memory._loaded.values()))
    copy = held.kept.get("copy")
    return f"{copy.name if copy else 'the model itself'}, {held.at_once} tokens"


def top(labels: list[dict[str, Any]]) -> str:
    """The label with the highest score."""
    return str(max(labels, key=lambda one: one["score"])["label"])


def same_share(some: list[str], others: list[str]) -> str:
    """How many labels are the same."""
    same = sum(one == other for one, other in zip(some, others, strict=False))
    return f"{same} of {min(len(some), len(others))}"


def turns(ways: dict[str, Callable[[], None]]) -> dict[str, float]:
    """The least processor time of each, turn by turn."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.process_time()
            way()
            took[name].append(time.process_time() - began)
    return {name: min(some) for name, some in took.items()}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    measure(Path(sys.argv[1]))
