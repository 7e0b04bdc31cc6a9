"""What the tests of the local backend ask for.

ask("fill-mask", MODEL, "A [MASK].", top_k=3)   a whole answer, folded from its parts
copied(MODEL)                                   a folder with a model's files, free to be changed
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hf_nb.infer.backends.local import Local
from hf_nb.infer.call import Call, Chunk, Terms
from hf_nb.plumbing.session import Session


@dataclass
class Answer:
    """All parts of an answer."""

    chunks: list[Chunk]

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.chunks)

    @property
    def output(self) -> Any:
        return next((one.output for one in self.chunks if one.output is not None), None)

    @property
    def last(self) -> Chunk:
        assert [one.finish is not None for one in self.chunks] == [False] * (len(self.chunks) - 1) + [True]
        return self.chunks[-1]

    @property
    def note(self) -> str:
        return "; ".join(one.note for one in self.chunks if one.note)


@pytest.fixture(scope="session")
def local(served_hub: Any) -> Iterator[Local]:
    """The backend with a session of its own. One thread: such small models only wait for a second one."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield Local(Session())
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def ask(local: Local) -> Callable[..., Answer]:
    """A whole answer."""

    def answered(task: str, model: Any, input: Any, *, terms: Terms | None = None, **params: Any) -> Answer:
        call = Call(task, str(model), None, input, params)
        answer = Answer(list(local.stream(call, terms or Terms())))
        assert answer.last.finish
        return answer

    return answered


@pytest.fixture
def copied(tmp_path: Path, served_hub: Any) -> Callable[[str], Path]:
    """A model's files in a folder of this test."""
    from huggingface_hub import snapshot_download

    def copy(model: str) -> Path:
        folder = tmp_path / model.rpartition("/")[2]
        shutil.copytree(snapshot_download(model), folder, symlinks=False)
        return folder

    return copy
