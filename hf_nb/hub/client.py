"""The official client, on our HTTP client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_nb.errors import BadInput
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session, current

if TYPE_CHECKING:
    from huggingface_hub import HfApi

    from hf_nb.values import Kind

KINDS: dict[str, Kind] = {
    "model": "model",
    "models": "model",
    "dataset": "dataset",
    "datasets": "dataset",
    "space": "space",
    "spaces": "space",
}


def api(session: Session | None = None) -> HfApi:
    """An `HfApi` for the endpoint in use."""
    session = http.install(session or current())
    from huggingface_hub import HfApi

    return HfApi(endpoint=session.settings.endpoint, library_name="hf_nb", library_version=_version())


def kind_of(word: str) -> Kind:
    """`models`, `model`, `datasets` …: the kind meant."""
    if word.lower() not in KINDS:
        raise BadInput(f"There is no kind of repository called {word!r}.", "Kinds: models, datasets, spaces")
    return KINDS[word.lower()]


def _version() -> str:
    from hf_nb import __version__

    return __version__
