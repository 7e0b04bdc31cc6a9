"""Where a call can be answered: one line each, imported when first asked; and the servers the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_nb.infer.call import Backend
from hf_nb.plumbing.extras import load

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

# The first part of a method's name: "hf/some-provider" is the backend "hf", told which provider.
BACKENDS: dict[str, str] = {
    "local": "hf_nb.infer.backends.local:Local",
    "hf": "hf_nb.infer.backends.providers:Providers",
    "hashing": "hf_nb.infer.backends.hashing:Hashing",
}
SERVER = "hf_nb.infer.backends.openai_like:Server"


def find(method: str, session: Session) -> Backend:
    """The backend of a method, made when first asked for and kept by the session."""
    if method not in session.backends:
        kind, _, detail = method.partition("/")
        made = load(BACKENDS.get(kind, SERVER))
        session.backends[method] = (
            made(session) if kind in BACKENDS and not detail else made(session, detail or method)
        )
    backend: Backend = session.backends[method]
    return backend
