"""What a repository's tables hold, as texts: the same in a terminal and in a page."""

from collections.abc import Sequence

from hf_nb.render import facts, units
from hf_nb.render.repos import NAMES
from hf_nb.values import RepoInfo
from hf_nb.values.info import Subset

PRECISIONS = {
    "fp32": "32 bits a number (fp32)",
    "bf16": "16 bits (bf16, fp16)",
    "int8": "8 bits (int8)",
    "int4": "4 bits (int4, with their scales)",
}
ASSUMED = "The weights alone. A run on short inputs needs about a fifth more, on long ones more than that."
FEW = 10_000  # numbers: below that, nobody asks how they would fit
MOST_SCORES = 30


def sort(repo: RepoInfo) -> str:
    """model, dataset, Space."""
    return NAMES[repo.kind][0]


def scores(repo: RepoInfo) -> list[list[str]]:
    """Evaluated on, metric, value, who checked."""
    return [
        [
            f"{one.dataset} ({one.split})" if one.split and one.split not in one.dataset else one.dataset,
            one.metric,
            facts.value(one.value),
            "verified" if one.verified else "by its author",
        ]
        for one in repo.scores[:MOST_SCORES]
    ]


def memory(repo: RepoInfo) -> list[list[str]]:
    """Loaded as what, and how large."""
    if repo.memory.get("int8", 0) < FEW:
        return []
    return [[words, f"≈ {units.size(repo.memory[name])}"] for name, words in PRECISIONS.items()]


def splits(one: Subset) -> str:
    """Their names, each with its rows: train (1.4 k), test (360)."""
    return ", ".join(
        f"{split.name} ({units.count(split.rows)})" if split.rows is not None else split.name
        for split in one.splits[:8]
    ) + (f", {len(one.splits) - 8} more" if len(one.splits) > 8 else "")


def paths(paths: Sequence[str]) -> str:
    """One file, or the first of them."""
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
