"""`transformers serve`, the real program in a process of its own, answers as a server of the settings."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from hf_nb import errors
from hf_nb.infer import remote, servers
from hf_nb.infer.backends.openai_like import Server
from hf_nb.infer.call import Call
from hf_nb.plumbing.session import Session
from hf_nb.testing.backends import BackendTests, fold
from tests.infer.transformers_serve import MODEL, Serving

pytestmark = pytest.mark.slow  # a process that loads PyTorch


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
