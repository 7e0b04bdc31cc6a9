"""Real clients of inference on the offline Hub's router, answered by the real engine.

official   InferenceClient, told the address     official.text_classification("…", model=at("sentiment-en"))
at         the address of a model's task route   at("similar-en", "sentence-similarity")
spoken     OpenAI's own client
notebook   a kernel with `%load_ext hf_nb`, logged in, where InferenceClient() is told nothing
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb.offline.people import LEARNER
from tests.kernels import Kernel

if TYPE_CHECKING:
    from huggingface_hub import InferenceClient
    from openai import OpenAI

    from hf_nb.offline.running import Running

PATIENCE = 110  # the engine loads what is asked first, and some models are built then
CHAT, GPT = "hfnb-demo/chat-en", "hfnb-demo/pydoc-gpt"


def there_is(name: str) -> None:
    """Skip where the demo content has no such model."""
    from hf_nb.offline.content import catalogue

    if f"model--hfnb-demo--{name}" not in catalogue.recipes():
        pytest.skip(f"the demo content has no {name}")


@pytest.fixture
def at(hub: Running) -> Callable[..., str]:
    def address(name: str, task: str = "") -> str:
        return f"{hub.url}/router/hf-inference/models/hfnb-demo/{name}" + (
            f"/pipeline/{task}" if task else ""
        )

    return address


@pytest.fixture
def official(hub: Running) -> Iterator[InferenceClient]:
    from huggingface_hub import InferenceClient

    with InferenceClient(base_url=f"{hub.url}/router/v1", api_key=LEARNER, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def tasks(hub: Running) -> Iterator[InferenceClient]:
    """The same for addresses of its own."""
    from huggingface_hub import InferenceClient

    with InferenceClient(token=LEARNER, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def spoken(hub: Running) -> Iterator[OpenAI]:
    from openai import OpenAI

    with OpenAI(base_url=f"{hub.url}/router/v1", api_key=LEARNER, timeout=PATIENCE, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def notebook(served_hub: Running) -> Iterator[Any]:
    with Kernel({**served_hub.environment, "HF_TOKEN": LEARNER}) as kernel:
        ran = kernel.run(
            "%load_ext hf_nb\nfrom huggingface_hub import InferenceClient\nc = InferenceClient()"
        )
        assert ran.error is None
        yield kernel
