"""`transformers serve`, the real program in a process of its own, answers as a server of the settings."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from hf_nb import errors
from hf_nb.infer import remote, servers
from hf_nb.infer.backends.openai_like import Server
from hf_nb.infer.call import Call
from hf_nb.plumbing.session import Session
from hf_nb.testing.backends import BackendTests, fold

pytestmark = pytest.mark.slow  # a process that loads PyTorch
MODEL = "hfnb-demo/pydoc-gpt"
TEMPLATE = "{% for one in messages %}{{ one['content'] }}{% endfor %}"
TICK = 1 / os.sysconf("SC_CLK_TCK")


class Serving:
    """The running program."""

    def __init__(self, folder: Path, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.model, self.root, self.log = str(folder), f"http://127.0.0.1:{port}", log
        how = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "transformers.cli.transformers", "serve", self.model, *how],
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        until = time.monotonic() + 90
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.root}/health", timeout=5):  # noqa: S310 -- on loopback
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def used(self) -> float:
        """Seconds of processor time, so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK

    def idle(self, seconds: float) -> bool:
        """Whether it stops computing within so many seconds."""
        until = time.monotonic() + seconds
        while True:
            before = self.used()
            time.sleep(0.1)
            if self.used() - before <= TICK:
                return True
            if time.monotonic() > until + 0.1:
                return False


@pytest.fixture(scope="module")
def serving(served_hub: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    pytest.importorskip("fastapi")
    from huggingface_hub import snapshot_download

    folder = tmp_path_factory.mktemp("serving")
    shutil.copytree(snapshot_download(MODEL), folder / "model", symlinks=False)
    (folder / "model" / "chat_template.jinja").write_text(TEMPLATE)
    started = Serving(folder / "model", folder / "log")
    try:
        started.wait()
        yield started
    finally:
        started.process.terminate()
        started.process.wait(30)


@pytest.fixture
def session(serving: Serving) -> Iterator[Session]:
    made = Session()
    made.settings.servers = {"serve": f"{serving.root}/v1"}
    yield made
    remote.client(made).close()


class TestTransformersServe(BackendTests):
    models: ClassVar = dict.fromkeys(("text-generation", "code-generation", "chat"), "the one it has")
    lasting = "text-generation"
    lasting_params: ClassVar = {"max_new_tokens": 2_000}
    beyond = 200  # it reads whatever it is given, and cannot be stopped while it reads
    serving: Serving

    @pytest.fixture(autouse=True)
    def _known(self, serving: Serving) -> None:
        self.serving = serving

    def call(self, task: str, value: object = None, **params: object) -> Call:
        return replace(super().call(task, value, **params), model=self.serving.model)

    @pytest.fixture
    def backend(self, session: Session) -> Server:
        return Server(session, "serve")

    def idle(self, seconds: float) -> bool | None:
        return self.serving.idle(seconds)

    def wrong(self) -> Sequence[tuple[Call, type[errors.HfNbError]]]:
        return [
            (Call("text-generation", "nobody/nothing", None, "x"), errors.NotFound),
            (Call("feature-extraction", self.serving.model, None, "x"), errors.NotFound),
            (Call("chat", self.serving.model, None, {"messages": "none"}), errors.HfNbError),
        ]


def test_its_answer_is_the_one_transformers_gives(serving: Serving, session: Session) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(serving.model)
    asked = tokens("Return the list of", return_tensors="pt")
    model: Any = AutoModelForCausalLM.from_pretrained(serving.model)
    made = model.generate(**asked, max_new_tokens=8, do_sample=False)
    meant = str(tokens.decode(made[0, asked["input_ids"].shape[1] :], skip_special_tokens=True))
    params = {"max_new_tokens": 8, "do_sample": False}
    got = fold(
        Server(session, "serve"), Call("text-generation", serving.model, None, "Return the list of", params)
    )
    assert got.text.strip() == meant.strip()
    assert (got.finish, got.written) == ("length", 8)


def test_it_lists_what_it_serves(serving: Serving, session: Session) -> None:
    with urllib.request.urlopen(f"{serving.root}/v1/models", timeout=20) as said:  # noqa: S310 -- on loopback
        listed = [one["id"] for one in json.load(said)["data"]]
    assert MODEL in listed
    assert [row[0] for row in servers.models("serve", session=session).rows] == sorted(listed)
