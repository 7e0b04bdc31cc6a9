"""`grown`: a model with 64 commits, one of which turns its answer over; and one of whose commits one is broken."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hf_nb.hub.disk.listing import cache_folder
from hf_nb.offline.running import Running
from hf_nb.offline.store import Store
from hf_nb.plumbing.session import Session

COMMITS, CULPRIT = 64, 37
TURNED, NUDGED = "classifier.bias", "bert.pooler.dense.bias"
GROWN, BROKEN = "hfnb-lab/grown", "hfnb-lab/broken"
DAY = datetime(2025, 3, 1, 12, tzinfo=UTC)


@dataclass
class Grown:
    """Both models' commits, the first one first."""

    hub: Running
    session: Session
    commits: list[str]
    broken: list[str]
    size: int  # bytes of the weights


class Model:
    """A tiny classifier of two words, whose answer its last bias decides."""

    def __init__(self, folder: Path) -> None:
        import torch

        from tests.clients.saving import tiny  # it loads the official client, before it hears of this Hub

        torch.manual_seed(1)
        self.model, tokenizer = tiny()
        self.model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        self.beside = {one.name: one.read_bytes() for one in folder.iterdir() if one.suffix != ".safetensors"}

    def leaning(self, bad: float, good: float) -> dict[str, bytes]:
        """Its weights with this bias."""
        return self._with("classifier", [bad, good])

    def nudged(self, by: float) -> dict[str, bytes]:
        """With something that changes no answer."""
        import torch

        with torch.no_grad():
            self.model.bert.pooler.dense.bias.add_(by)
        return self.weights()

    def weights(self) -> dict[str, bytes]:
        from safetensors.torch import save

        return {"model.safetensors": save(dict(self.model.state_dict()), metadata={"format": "pt"})}

    def _with(self, layer: str, bias: list[float]) -> dict[str, bytes]:
        import torch

        with torch.no_grad():
            getattr(self.model, layer).bias.copy_(torch.tensor(bias))
        return self.weights()


class Line:
    """Commits of one repository, a minute apart."""

    def __init__(self, store: Store, id: str) -> None:
        self.store, self.id, self.made = store, id, list[str]()
        self.rid = store.create_repo("model", id, created_at=DAY)

    def commit(self, files: Mapping[str, bytes], title: str) -> None:
        date = DAY + timedelta(minutes=len(self.made))
        made: Any = self.store.commit("model", self.id, files, title=title, author="hfnb-lab", date=date)
        self.made.append(getattr(made, "oid", made))


def _grow(line: Line, model: Model) -> None:
    """Every fourth commit nudges a tensor; the others but one change no file of the model."""
    line.commit({**model.beside, **model.leaning(0.0, 3.0)}, "first")
    for at in range(1, COMMITS - 1):  # the Hub made one before: the empty repository's
        if at == CULPRIT:
            line.commit(model.leaning(3.0, 0.0), "trained a little longer")
        elif at % 4 == 0:
            line.commit(model.nudged(1e-4), f"nudged {at}")
        else:
            line.commit({"README.md": f"---\nlicense: mit\n---\nStep {at}.\n".encode()}, f"card {at}")


def _break(line: Line, model: Model) -> None:
    line.commit({**model.beside, **model.leaning(0.0, 5.0)}, "well")
    line.commit({"model.safetensors": b"no weights at all"}, "broken")
    line.commit(model.leaning(5.0, 0.0), "mended")


@pytest.fixture(scope="module")
def _grown(served_hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    store = Store.open(served_hub.root)
    model = Model(tmp_path_factory.mktemp("model"))
    grown, broken = Line(store, GROWN), Line(store, BROKEN)
    _grow(grown, model)
    _break(broken, model)
    yield Grown(served_hub, Session(), grown.made, broken.made, len(model.weights()["model.safetensors"]))
    for one in (grown, broken):
        store.delete_repo(one.rid)
    store.close()


@pytest.fixture
def grown(_grown: Grown) -> Iterator[Grown]:
    """With nothing of either on the disk or in memory yet."""
    for one in (GROWN, BROKEN):
        shutil.rmtree(cache_folder() / f"models--{one.replace('/', '--')}", ignore_errors=True)
    _grown.session = Session()
    _grown.session.settings.response_cache_minutes = 0
    yield _grown
    _grown.hub.clear_faults()
