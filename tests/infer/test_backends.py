"""The promises every backend keeps, by the engine of this machine, by the offline Hub's router, by hashing."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import pytest

from hf_nb import errors
from hf_nb.infer import backends, remote
from hf_nb.infer.call import Backend, Call
from hf_nb.offline.people import LEARNER
from hf_nb.plumbing.session import Session
from hf_nb.testing.backends import BackendTests

pytestmark = pytest.mark.slow  # models are loaded, here and behind the router
MODELS = {
    "text-generation": "hfnb-demo/pydoc-gpt",
    "chat": "hfnb-demo/chat-en",
    "text-classification": "hfnb-demo/sentiment-en",
    "zero-shot-classification": "hfnb-demo/nli-en",
    "token-classification": "hfnb-demo/ner-en",
    "question-answering": "hfnb-demo/qa-en",
    "table-question-answering": "hfnb-demo/table-qa-en",
    "summarization": "hfnb-demo/summarize-en",
    "translation": "hfnb-demo/translate-en-fr",
    "text2text-generation": "hfnb-demo/text2text-tiny",
    "fill-mask": "hfnb-demo/pydoc-mlm",
    "feature-extraction": "hfnb-demo/similar-en",
    "sentence-similarity": "hfnb-demo/similar-en",
}


@pytest.fixture(scope="module")
def kept(served_hub: object) -> Iterator[Session]:
    """One session for all of them: a model is loaded once."""
    made = Session()
    yield made
    remote.client(made).close()


class TestLocal(BackendTests):
    models = MODELS
    lasting = "text-generation"
    # The token of the end is never said, so it goes on until its window is full.
    lasting_params: ClassVar[dict[str, Any]] = {"max_new_tokens": 500, "logit_bias": {0: -1000}}
    beyond = 300

    @pytest.fixture
    def backend(self, kept: Session) -> Backend:
        return backends.find("local", kept)

    def wrong(self) -> Sequence[tuple[Call, type[errors.HfNbError]]]:
        return [
            (Call("fill-mask", "hfnb-demo/pydoc-mlm", None, "no gap here"), errors.BadInput),
            (Call("text-classification", "hfnb-demo/nothing-like-it", None, "x"), errors.NotFound),
        ]


class TestRouter(BackendTests):
    models = MODELS
    lasting = "text-generation"
    beyond = 300

    @pytest.fixture
    def backend(self, kept: Session, monkeypatch: pytest.MonkeyPatch) -> Backend:
        monkeypatch.setenv("HF_TOKEN", LEARNER)
        return backends.find("hf", kept)

    def wrong(self) -> Sequence[tuple[Call, type[errors.HfNbError]]]:
        return [
            (Call("fill-mask", "hfnb-demo/pydoc-mlm", None, "no gap here"), errors.BadInput),
            (Call("text-classification", "hfnb-demo/nothing-like-it", None, "x"), errors.NotFound),
            (Call("chat", "hfnb-demo/nothing-like-it", None, {"messages": [_SAID]}), errors.NotFound),
        ]


_SAID: dict[str, Any] = {"role": "user", "content": "Hello"}


class TestHashing(BackendTests):
    models: ClassVar = dict.fromkeys(("feature-extraction", "sentence-similarity"), "hashing-512")

    @pytest.fixture
    def backend(self, kept: Session) -> Backend:
        return backends.find("hashing", kept)
