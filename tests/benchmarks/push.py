"""How long a push takes beside `upload_folder`, in one run and on one Hub, and what the look for secrets costs.

python tests/benchmarks/run.py push
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TOKEN = (
    "hf_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z"
)  # as long as real ones: short ones are slower to look for
ROUNDS = 5
HOW = (
    f"Median of {ROUNDS} new repositories each, turn by turn. `hf upload` is its own process, as people run it; "
    "the two functions run in a warm one, as in a notebook."
)


def main() -> str:
    """One section."""
    from hf_nb.offline import running

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with running.start(folder / "store", users=[f"ada:{TOKEN}"], home=folder / "home") as hub:
            environment = {**hub.environment_for(os.environ), "HF_TOKEN": TOKEN}
            done = subprocess.run(
                [sys.executable, __file__, place],
                env=environment,
                cwd=Path(__file__).parents[2],
                check=True,
                capture_output=True,
                text=True,
            )
    rows = json.loads(done.stdout.splitlines()[-1])
    lines = [
        "## Pushing a folder",
        "",
        HOW,
        "",
        "| folder | `hf_nb.push` | of it the scan | `upload_folder` | ratio | `hf upload` | ratio |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, ours, scan, theirs, program in rows:
        lines.append(
            f"| {name} | {ours:.2f} s | {scan:.2f} s | {theirs:.2f} s | {ours / theirs:.2f} | "
            f"{program:.2f} s | {ours / program:.2f} |"
        )
    return "\n".join(lines)


def folders(place: Path) -> dict[str, Callable[[Path], None]]:
    """What people push: weights, a repository of small files, a table."""
    dice = random.Random(5)  # noqa: S311 -- test data

    def weights(path: Path) -> None:
        for number in range(4):
            (path / f"model-{number}.safetensors").write_bytes(
                (2).to_bytes(8, "little") + b"{}" + os.urandom(50_000_000)
            )
        (path / "config.json").write_text("{}")

    def small(path: Path) -> None:
        source = Path(__file__).parents[2] / "hf_nb"
        for number in range(2):
            shutil.copytree(source, path / str(number), ignore=shutil.ignore_patterns("__pycache__"))
        (path / "run.txt").write_text(str(dice.random()))

    def table(path: Path) -> None:
        with (path / "rows.csv").open("w") as file:
            for number in range(400_000):
                file.write(
                    f"{number},{dice.getrandbits(128):032x},some words as people write them,{dice.random()}\n"
                )

    return {"200 MB of weights": weights, "two copies of hf_nb's source": small, "a CSV of 33 MB": table}


def measure(place: Path) -> list[tuple[str, float, float, float, float]]:
    """Every folder, by each of the three in turn."""
    from huggingface_hub import HfApi

    import hf_nb

    api, rows = HfApi(), list[tuple[str, float, float, float, float]]()
    for index, (name, fill) in enumerate(folders(place).items()):
        ours, scans, theirs, programs = [], [], [], []
        for number in range(ROUNDS):
            for way in ("push", "upload_folder", "hf"):
                folder = place / f"{index}-{number}-{way}"
                folder.mkdir()
                fill(folder)  # new bytes: the Hub knows none of them
                repo = f"ada/b{index}-{number}-{way}".replace("_", "-")
                began = time.perf_counter()
                if way == "push":
                    pushed = hf_nb.push(repo, folder, kind="model", card=False)
                    ours.append(time.perf_counter() - began)
                    scans.append(pushed.scan_seconds)
                elif way == "upload_folder":
                    api.create_repo(repo, private=True, exist_ok=True)
                    api.upload_folder(repo_id=repo, folder_path=folder)
                    theirs.append(time.perf_counter() - began)
                else:
                    command = [
                        str(Path(sys.executable).parent / "hf"),
                        "upload",
                        repo,
                        str(folder),
                        "--private",
                        "--quiet",
                    ]
                    subprocess.run(command, check=True, capture_output=True)
                    programs.append(time.perf_counter() - began)
                shutil.rmtree(folder)
        our, scan, their, program = (statistics.median(one) for one in (ours, scans, theirs, programs))
        rows.append((name, our, scan, their, program))
    return rows


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    print(json.dumps(measure(Path(sys.argv[1]))))
