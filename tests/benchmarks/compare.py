"""B13: four models on 200 prompts, beside the processor time that each takes alone.

python tests/benchmarks/run.py compare
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

PROMPTS, MODELS, ROUNDS = 200, 4, 3
HOW = (
    f"{MODELS} models of random weights on {PROMPTS} prompts of 1 to 80 words. Batches: each by itself, processor time,"
    " models in memory. Timed: the processor time of the rows that a comparison asks one at a time, for their seconds."
    f" Together: `compare.run` of all, by the clock. {ROUNDS} rounds turn by turn in one process, the least of each;"
    " what others take of the processors meanwhile counts against us. Target: at most 1.15 times the processor time of"
    " the same work one after the other, divided by the processors; and the first answer within 1 s."
)
HEAD = (
    "task", "batches, processor s", "timed, processor s", "together, processor s", "together, s", "times",
    "times, of batches alone", "first answer, s", "from the disk, s",
)  # fmt: skip
GPT, BERT = "hfnb-demo/pydoc-gpt", "hfnb-demo/minilm-embeddings"
WRITES: dict[str, Any] = {
    "do_sample": False, "repetition_penalty": 1.0, "no_repeat_ngram_size": 0, "min_new_tokens": 16,
    "max_new_tokens": 16,
}  # fmt: skip
TASKS: dict[str, dict[str, Any]] = {"text-classification": {}, "text-generation": WRITES}


def main() -> str:
    """One section."""
    from hf_nb.offline import running

    with tempfile.TemporaryDirectory() as place, running.start(home=Path(place)) as hub:
        done = subprocess.run(
            [sys.executable, __file__, place],
            env={**hub.environment_for(os.environ), "HF_NB_ANSWERS_CACHE": "0"},
            cwd=Path(__file__).parents[2],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    lines = ["## B13: four models on 200 prompts", "", HOW, ""]
    lines += [f"| {' | '.join(HEAD)} |", f"|---|{'---:|' * (len(HEAD) - 1)}"]
    for task, alone, timed, cores, wall, spent, first, cold in json.loads(done.stdout.splitlines()[-1]):
        lines.append(
            f"| {task} | {alone:.2f} | {timed:.2f} | {spent:.2f} | {wall:.2f} | {wall / ((alone + timed) / cores):.2f}×"
            f" | {wall / (alone / cores):.2f}× | {first:.2f} | {cold:.2f} |"
        )
    return "\n".join(lines)


def measure(place: Path) -> None:
    """In a process that sees the Hub: print the figures as JSON."""
    import hf_nb
    from hf_nb.plumbing import processors

    rows = []
    for task, params in TASKS.items():
        folders = [made(place, task, seed) for seed in range(MODELS)]
        hf_nb.infer.run("warm", model=made(place, task, MODELS), task=task, params=params)  # torch itself
        cold = together(task, folders, params, prompts(9)[:1])[3]
        alone: list[list[float]] = [[] for _ in folders]
        rounds = []
        for round_ in range(ROUNDS):
            some = prompts(round_)
            for at, folder in enumerate(folders):
                began = time.process_time()
                hf_nb.infer.batch(some, model=folder, task=task, params=params, journal=False)
                alone[at].append(time.process_time() - began)
            rounds.append(together(task, folders, params, some))
        wall, spent, timed, first = (min(values) for values in zip(*rounds, strict=True))
        rows.append((task, sum(map(min, alone)), timed, processors.there(), wall, spent, first, cold))
    print(json.dumps(rows))


def together(
    task: str, folders: list[str], params: dict[str, Any], some: list[str]
) -> tuple[float, float, float, float]:
    """Seconds, processor seconds, those of the rows asked alone, and seconds until the first answer could be seen."""
    from hf_nb.compare.running import Running

    began, spent = time.perf_counter(), time.process_time()
    first: list[float] = []
    running = Running(
        {f"model {at}": folder for at, folder in enumerate(folders)},
        some,
        task=task,
        params=params,
        journal=False,
    )

    def seen(made: Any) -> None:
        if not first and any(one.ok for one in made.showings):
            first.append(time.perf_counter() - began)

    plainly, timed = running._side_by_side, []

    def side_by_side() -> None:
        timed.append(time.process_time() - spent)
        plainly()

    with patch.object(running, "_side_by_side", side_by_side):
        made = running.run(seen)
    assert all(one.ok == len(some) for one in made.showings), made
    return time.perf_counter() - began, time.process_time() - spent, timed[0], first[0]


def prompts(seed: int) -> list[str]:
    """Of skewed length, other words each round."""
    from hf_nb.infer.parity import sentences

    pick, words = random.Random(seed), " ".join(sentences(400)).split()  # noqa: S311
    sizes = [min(80, int(pick.lognormvariate(2.3, 0.9)) + 1) for _ in range(PROMPTS)]
    return [" ".join(words[(at := pick.randrange(len(words) - size)) : at + size]) for size in sizes]


def made(place: Path, task: str, seed: int) -> str:
    """A model with random weights: 6 layers, 384 wide."""
    import torch
    from huggingface_hub import snapshot_download
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, BertConfig
    from transformers import BertForSequenceClassification as Classifier

    folder = place / f"{task}-{seed}"
    if not folder.is_dir():
        torch.manual_seed(seed)
        if task == "text-generation":
            small = snapshot_download(GPT)
            config = AutoConfig.from_pretrained(small, n_layer=6, n_embd=384, n_head=6)
            AutoModelForCausalLM.from_config(config).save_pretrained(folder)
            AutoTokenizer.from_pretrained(small).save_pretrained(folder)
        else:
            layers = BertConfig(
                hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
            )
            layers.num_labels = 3
            Classifier(layers).save_pretrained(folder)
            reads = AutoTokenizer.from_pretrained(snapshot_download(BERT))
            reads.model_max_length = 512
            reads.save_pretrained(folder)
    return str(folder)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    measure(Path(sys.argv[1]))
