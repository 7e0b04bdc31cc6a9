"""Who runs a model: explicit wins; else who can, in the policy's order, and who was left out is said."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.choose import Wish, choose
from hf_nb.infer.choose.prices import Offer
from hf_nb.plumbing.session import Session
from tests.infer.choose.world import COMMIT, Chooses, methods


def test_a_model_that_fits_runs_here_and_the_hub_is_next_where_there_is_a_token(
    chooses: Chooses, token: None
) -> None:
    choice = chooses(model="own/served")
    here, there = choice.targets
    assert (here.method, here.revision, here.equal) == ("local", COMMIT, True)
    assert (there.method, there.revision, there.equal) == ("hf", None, True)
    assert there.reason == "its commit is the provider's"
    assert choice.reason == "the model you named"


def test_without_a_token_only_this_machine_is_asked(chooses: Chooses) -> None:
    assert methods(chooses(model="own/served")) == ["local"]


def test_without_torch_the_hub_answers_and_the_reason_says_why(
    chooses: Chooses, token: None, no_torch: None
) -> None:
    choice = chooses(model="own/served")
    assert methods(choice) == ["hf"]
    assert choice.reason == "the model you named; local left out: torch is not installed"


def test_with_neither_torch_nor_token_the_error_names_both(chooses: Chooses, no_torch: None) -> None:
    with pytest.raises(errors.MissingExtra) as nobody:
        chooses(model="own/served")
    assert "torch" in nobody.value.problem
    assert "hf: no token" in nobody.value.problem
    assert nobody.value.next_step == '%pip install "hf-nb[local]"'


def test_what_is_too_large_to_fetch_is_left_to_the_hub(
    chooses: Chooses, session: Session, token: None
) -> None:
    choice = chooses(model="own/large")
    assert methods(choice) == ["hf"]
    assert choice.reason.endswith("local left out: 14 B parameters, 28 GB: too large to fetch here")
    session.settings.local_download_limit = 30_000_000_000
    assert methods(chooses(model="own/large")) == ["local", "hf"]


def test_what_is_too_large_and_lies_here_already_runs_here(
    chooses: Chooses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.infer.choose.places.is_cached", lambda _: True)
    assert methods(chooses(model="own/large")) == ["local"]


def test_what_is_too_large_for_everybody_says_how_to_fetch_it(chooses: Chooses) -> None:
    with pytest.raises(errors.TooLarge, match=r"28 GB.*no token") as large:
        chooses(model="own/large")
    assert "--provider local -m own/large" in large.value.next_step
    assert methods(chooses(model="own/large", provider="local")) == ["local"]


def test_a_model_nobody_serves_is_not_asked_of_the_hub(chooses: Chooses, token: None) -> None:
    assert methods(chooses(model="own/unserved")) == ["local"]


@pytest.mark.parametrize(
    ("setting", "value", "why"),
    [
        ("local_only", True, "local_only is set"),
        ("allow_remote", False, "allow_remote is false"),
        ("policy", "local only", "the policy is local only"),
    ],
)
def test_nothing_leaves_where_that_is_forbidden(
    setting: str, value: object, why: str, chooses: Chooses, session: Session, token: None
) -> None:
    setattr(session.settings, setting, value)
    session.settings.methods = ["hf", "local"]
    assert methods(chooses(model="own/served")) == ["local"]
    with pytest.raises((errors.TooLarge, errors.Refused), match=why):
        chooses(model="own/large")


def test_a_call_cannot_loosen_the_policy_of_the_settings(
    chooses: Chooses, session: Session, token: None
) -> None:
    session.settings.policy = "local only"
    assert methods(chooses(model="own/served", policy="as listed")) == ["local"]


def test_the_order_of_the_methods_is_the_users(chooses: Chooses, session: Session, token: None) -> None:
    session.settings.methods = ["hf", "local"]
    assert methods(chooses(model="own/served")) == ["hf", "local"]
    session.settings.methods = ["hf/far", "local", "hf"]
    session.settings.local_download_limit = 10**12
    assert methods(chooses(model="own/large")) == ["hf/far", "local", "hf"]


def test_a_revision_keeps_a_model_from_providers(chooses: Chooses, token: None) -> None:
    choice = chooses(model="own/served", revision="v1", policy="as listed")
    assert methods(choice) == ["local"]
    assert "hf left out: providers cannot be held to v1" in choice.reason


@pytest.mark.parametrize(
    ("provider", "method"),
    [("local", "local"), ("hf", "hf"), ("hf/far", "hf/far"), ("far", "hf/far"), ("groq", "hf/groq")],
)
def test_a_place_that_is_named_is_the_only_one(provider: str, method: str, chooses: Chooses) -> None:
    assert methods(chooses(model="own/large", provider=provider)) == [method]


@pytest.mark.parametrize(("wrong", "near"), [("locl", "local"), ("hf/grok", "groq"), ("hashng", "hashing")])
def test_a_place_nobody_knows_offers_the_nearest(wrong: str, near: str, chooses: Chooses) -> None:
    with pytest.raises(errors.BadInput, match=wrong) as unknown:
        chooses(model="own/large", provider=wrong)
    assert near in unknown.value.next_step


def test_substitutes_come_last_and_are_marked(chooses: Chooses, token: None) -> None:
    choice = chooses(model="own/served", fallback=("own/small",))
    assert [(one.method, one.model, one.equal) for one in choice.targets] == [
        ("local", "own/served", True),
        ("hf", "own/served", True),
        ("local", "own/small", False),
        ("hf", "own/small", False),
    ]
    assert choice.targets[2].reason == "in place of own/served"


def test_substitutes_are_asked_at_the_place_that_was_named(chooses: Chooses, token: None) -> None:
    choice = chooses(model="own/served", provider="hf", fallback=("own/small",))
    assert [(one.method, one.model) for one in choice.targets] == [("hf", "own/served"), ("hf", "own/small")]


def test_a_substitute_for_another_task_is_refused(chooses: Chooses) -> None:
    with pytest.raises(errors.BadInput, match="own/embeds is a model for sentence-similarity"):
        chooses(model="own/served", fallback=("own/embeds",))


def test_free_first_takes_what_costs_nothing_then_the_cheapest(
    chooses: Chooses, session: Session, token: None, offers: None
) -> None:
    session.settings.local_download_limit = 10**12
    session.settings.methods = ["hf", "local"]
    choice = chooses(model="own/large", policy="free first")
    assert methods(choice) == ["local", "hf/far", "hf/near"]
    assert choice.reason == "the model you named; free first: local, it costs nothing"
    assert (choice.targets[1].read, choice.targets[1].written) == (0.1, 0.2)
    session.settings.local_download_limit = 0
    choice = chooses(model="own/large", policy="free first")
    assert "free first: hf/far, $0.1 and $0.2 a million tokens" in choice.reason


def test_fastest_seen_goes_by_the_router_until_it_was_seen(
    chooses: Chooses, session: Session, token: None, offers: None
) -> None:
    from hf_nb.infer import numbers

    choice = chooses(model="own/large", policy="fastest seen")
    assert methods(choice) == ["hf/near", "hf/far"]
    assert "fastest seen: hf/near, about 300 ms as the router says" in choice.reason
    with numbers._of(session).guard:
        numbers._of(session).of(("hf/far", "own/large", "chat"))[0].seconds.extend([0.1, 0.2, 0.1])
    choice = chooses(model="own/large", policy="fastest seen")
    assert methods(choice) == ["hf/far", "hf/near"]
    assert "fastest seen: hf/far, 100 ms" in choice.reason


def test_a_policy_nobody_knows_names_the_nearest(chooses: Chooses) -> None:
    with pytest.raises(errors.BadInput, match="fastest") as unknown:
        chooses(model="own/small", policy="fastest")
    assert "fastest seen" in unknown.value.next_step


@pytest.fixture
def offers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a router lists for the large model."""
    listed = (Offer("far", 0.1, 0.2, 2.0, 50.0), Offer("near", 1.0, 3.0, 0.1, 500.0))
    monkeypatch.setattr("hf_nb.infer.choose.prices._ask", lambda _: {"own/large": listed, "own/served": ()})


class Lists(BaseHTTPRequestHandler):
    """A server of somebody's, as far as its list of models."""

    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        body = json.dumps({"data": [{"id": "own/large"}, {"id": "llama:3b"}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server(session: Session) -> Iterator[None]:
    Lists.asked = 0
    with HTTPServer(("127.0.0.1", 0), Lists) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        session.settings.servers = {"mine": f"http://127.0.0.1:{made.server_port}/v1"}
        yield
        made.shutdown()


def test_a_server_here_with_the_same_model_comes_before_the_hub(
    chooses: Chooses, session: Session, server: None, token: None
) -> None:
    choice = chooses(model="own/large")
    assert methods(choice) == ["mine", "hf"]
    assert choice.targets[0].equal
    assert choice.targets[0].reason == "mine has the same model"
    assert methods(chooses(model="own/served")) == ["local", "hf"]
    assert Lists.asked == 1


def test_a_server_here_may_answer_where_nothing_may_leave(
    chooses: Chooses, session: Session, server: None
) -> None:
    session.settings.local_only = True
    assert methods(chooses(model="own/large")) == ["mine"]


def test_a_servers_own_names_are_not_asked_of_the_hub(session: Session, server: None) -> None:
    choice = choose(Wish(model="llama:3b", provider="mine", input="Hello"), session)
    assert [(one.method, one.model, one.revision) for one in choice.targets] == [("mine", "llama:3b", None)]
    assert (choice.task, choice.reason) == ("chat", "the server you named")
    choice = choose(Wish(model="llama:3b", provider="mine", input=["a"], fallback=("own/embeds",)), session)
    assert [(one.method, one.model) for one in choice.targets] == [
        ("mine", "llama:3b"),
        ("local", "own/embeds"),
    ]
    with pytest.raises(errors.BadInput, match="Which model of mine") as which:
        choose(Wish(provider="mine", input="Hello"), session)
    assert "own/large, llama:3b" in which.value.next_step
