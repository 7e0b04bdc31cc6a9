"""The quicker copies of the zoo's trained models: how quick, and whether they say the same.

python tests/benchmarks/run.py parity
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TRAINED = (
    "hfnb-demo/sentiment-en",
    "hfnb-demo/sentiment-fr",
    "hfnb-demo/topic-en",
    "hfnb-demo/ner-en",
    "hfnb-demo/minilm-embeddings",
)
HOW = (
    "64 texts of all lengths through the model and each of its copies, turn by turn, one thread, processor time, the"
    " least of three; of classes the largest difference of a logit, of vectors that of a number of a vector of length"
    " one. A copy is taken from 1.3× on, where it decides the same, or gives the same vector to 1e-5. What it decides"
    " by less than four times its largest difference the model itself decides again; that is in its pace."
)


def main() -> str:
    """One section."""
    from hf_nb.offline import running

    with tempfile.TemporaryDirectory() as place, running.start(home=Path(place)) as hub:
        done = subprocess.run(
            [sys.executable, __file__],
            env={**hub.environment_for(os.environ), "HF_NB_CACHE_DIR": f"{place}/cache"},
            cwd=Path(__file__).parents[2],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    processor, rows = json.loads(done.stdout.splitlines()[-1])
    lines = ["## The same answers from quicker copies", "", f"{HOW} {processor}.", ""]
    lines += ["| model | copy | pace | same | largest difference | asked again | taken |"]
    lines += ["|---|---|---:|---:|---:|---:|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def measure() -> None:
    """In a process that sees the Hub: print the figures as JSON."""
    import torch

    from hf_nb import infer

    torch.set_num_threads(1)
    rows, processor = [], ""
    for model in TRAINED:
        found = infer.parity(model)
        processor = found.processor
        for one in found.ways:
            if not one.speed:
                rows.append([model, one.name, "", "", "", "", one.why])
                continue
            same = f"{one.same:.1%}" if one.cosine == 1.0 else f"cosine {one.cosine:.6f}"
            taken = "yes" if one.taken else f"no: {one.why}"
            rows.append(
                [
                    model,
                    one.name,
                    f"{one.speed:.2f}×",
                    same,
                    f"{one.difference:.1g}",
                    f"{one.again:.0%}",
                    taken,
                ]
            )
    print(json.dumps([processor, rows]))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    measure()
