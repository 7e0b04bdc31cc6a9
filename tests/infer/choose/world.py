"""Models of a Hub that is not on this machine: what it says of them is written down here."""

from __future__ import annotations

from collections.abc import Callable

from hf_nb.infer.choose import Choice
from hf_nb.infer.lookup import Known

COMMIT = "c" * 40
MODELS = {
    one.id: one
    for one in (
        Known("own/small", COMMIT, "text-classification", parameters=66_000_000, bytes=264_000_000),
        Known(
            "own/served",
            COMMIT,
            "text-classification",
            parameters=66_000_000,
            bytes=264_000_000,
            providers=("hf-inference",),
        ),
        Known("own/unserved", COMMIT, "text-classification", providers=()),
        Known(
            "own/large",
            COMMIT,
            "text-generation",
            frozenset({"conversational"}),
            14_000_000_000,
            28_000_000_000,
            ("far", "near"),
        ),
        Known("own/embeds", COMMIT, "sentence-similarity", bytes=90_000_000),
        Known("openai/gpt-oss-120b", COMMIT, "text-generation", bytes=240_000_000_000, providers=("far",)),
        Known("Qwen/Qwen2.5-0.5B-Instruct", COMMIT, "text-generation", bytes=990_000_000),
        Known("sentence-transformers/all-MiniLM-L6-v2", COMMIT, "sentence-similarity", bytes=90_000_000),
    )
}
Chooses = Callable[..., Choice]


def methods(choice: Choice) -> list[str]:
    """Who is asked, one after the other."""
    return [one.method for one in choice.targets]
