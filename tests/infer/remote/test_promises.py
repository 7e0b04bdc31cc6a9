"""The promises every backend keeps, kept by a server of OpenAI's kind and by the router; both run on loopback."""

from collections.abc import Sequence
from typing import ClassVar

import pytest

from hf_nb import errors
from hf_nb.infer.backends.openai_like import Server
from hf_nb.infer.backends.providers import Providers
from hf_nb.infer.call import Call
from hf_nb.plumbing.session import Session
from hf_nb.testing.backends import BackendTests
from tests.infer.remote.served import Served

FAILING: dict[str, type[errors.HfNbError]] = {
    "bad": errors.BadInput,
    "no-key": errors.Unauthorized,
    "no-money": errors.Spent,
    "unknown": errors.NotFound,
    "limited": errors.RateLimited,
    "busy": errors.Busy,
    "unended": errors.Broken,
}


class OnServed(BackendTests):
    served: Served

    @pytest.fixture(autouse=True)
    def _known(self, served: Served) -> None:
        self.served = served

    def call(self, task: str, value: object = None, **params: object) -> Call:
        made = super().call(task, value, **params)
        endless = params.get("max_new_tokens", 0) == self.lasting_params["max_new_tokens"]
        return Call(made.task, "endless", None, made.input, made.params) if endless else made

    def idle(self, seconds: float) -> bool | None:
        return self.served.idle(seconds)

    def wrong(self) -> Sequence[tuple[Call, type[errors.HfNbError]]]:
        message = {"messages": [{"role": "user", "content": "x"}]}
        return [(Call("chat", model, None, message), kind) for model, kind in FAILING.items()]


class TestServer(OnServed):
    models: ClassVar = dict.fromkeys(
        ("text-generation", "chat", "feature-extraction", "sentence-similarity"), "echo"
    )
    lasting = "text-generation"

    @pytest.fixture
    def backend(self, session: Session) -> Server:
        return Server(session, "box")

    def sent(self) -> str | None:
        return self.served.sent()


class TestRouter(OnServed):
    """`sent` is left out: this one is the Hub, which gets its token."""

    models: ClassVar = {"chat": "echo"}
    lasting = "chat"

    @pytest.fixture
    def backend(self, served: Served) -> Providers:
        session = Session()
        session.settings.endpoint = served.address.removesuffix("/v1")
        return Providers(session)
