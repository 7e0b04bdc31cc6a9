"""A Hub with a model for chatting, one for classes, one for vectors, and a private one; parrot.py answers.

router    asks it as the learner       router("chat/completions", {…})
notes     what the parrot wrote down   notes() -> its lines
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.offline.small import DAY, LEARNER, STRANGER, safetensors

PARROT = "tests.offline.router.parrot"
CARD = "---\npipeline_tag: {}\nlibrary_name: transformers\ntags: [{}]\n---\n# A model\n"
TEMPLATE = "{{ messages }}{{ tools }}"
CHAT, CLASSES, VECTORS, SECRET = "learner/talks", "learner/sorts", "learner/vectors", "learner/secret"
GATED = "learner/gated"


@pytest.fixture(scope="session")
def router_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("router") / "store"
    store = Store.open(root)
    store.user("learner", LEARNER)
    store.user("stranger", STRANGER)
    for id, task, tag in (
        (CHAT, "text-generation", "x"),
        (CLASSES, "text-classification", "x"),
        (VECTORS, "feature-extraction", "x"),
        (SECRET, "text-generation", "x"),
        (GATED, "text-generation", "x"),
    ):
        store.create_repo("model", id, private=id == SECRET, gated=id == GATED and "manual", created_at=DAY)
        files = {
            "README.md": CARD.format(task, tag).encode(),
            "config.json": json.dumps({"model_type": "llama", "max_position_embeddings": 128}).encode(),
            "model.safetensors": safetensors(),
        }
        if task == "text-generation":
            files["tokenizer_config.json"] = json.dumps({"chat_template": TEMPLATE}).encode()
        store.commit("model", id, files, title="one", author="learner", date=DAY)
    store.alias("model", "talks", CHAT)
    store.close()
    return root


@pytest.fixture(scope="module")
def parrot_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the Hub of this file makes its temporary folders."""
    return tmp_path_factory.mktemp("parrot")


@pytest.fixture(scope="module")
def _parrots(
    router_root: Path, parrot_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("overlay") / "store"
    Store.overlay(router_root, root).close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(parrot_folder))
        running = start(root, answer=PARROT)
    with running:
        yield running


@pytest.fixture
def parrots(_parrots: Running) -> Iterator[Running]:
    """That Hub, with an empty log of requests and no faults."""
    _parrots.clear_requests()
    yield _parrots
    _parrots.clear_faults()


@pytest.fixture
def notes(parrots: Running, parrot_folder: Path) -> Callable[[], list[str]]:
    def read() -> list[str]:
        found = sorted(parrot_folder.glob("hf-nb-engine-*/parrot.txt"))
        return [line for path in found for line in path.read_text(encoding="utf-8").splitlines()]

    return read


@pytest.fixture(scope="module")
def client(_parrots: Running) -> Iterator[Any]:
    from huggingface_hub.utils import httpx

    with httpx.Client(
        base_url=f"{_parrots.url}/router/",
        headers={"authorization": f"Bearer {LEARNER}"},
        timeout=20,
        trust_env=False,
    ) as made:
        yield made


@pytest.fixture
def router(parrots: Running, client: Any) -> Callable[..., Any]:
    """POST as the learner, or as somebody else."""

    def ask(path: str, body: Any, **headers: str) -> Any:
        return client.post(path, json=body, headers=headers)

    return ask
