"""What an answer is known by: a hash of all that decides about it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hf_nb import __version__

if TYPE_CHECKING:
    from hf_nb.infer.call import Call, Target
    from hf_nb.plumbing.session import Session

LENGTH = 20
# What makes an answer of a model on this machine.
MAKERS = ("torch", "transformers", "tokenizers")
_json = json.JSONEncoder(ensure_ascii=False)  # `json.dumps` would make one for each question


Begun = hashlib.blake2b  # a mark without its input


def mark(call: Call, target: Target, session: Session, also: str = "") -> bytes | None:
    """None where what is asked cannot be written down. The order of a table's columns decides too, so it stays."""
    begun = beginning(call.task, call.params, target, session, also)
    return None if begun is None else of(begun, call.input)


def beginning(
    task: str, params: Mapping[str, Any], target: Target, session: Session, also: str = ""
) -> Begun | None:
    """All that decides about an answer beside its input: the same for thousands of questions, so it is hashed once."""
    try:
        told = _json.encode(sorted(params.items())) if params else ""
    except (TypeError, ValueError, RecursionError):
        return None
    where = versions() if target.method == "local" else session.settings.router_address
    endpoint = session.settings.endpoint
    return _hashed(where, endpoint, target.method, target.model, target.revision, task, also, told)


def of(begun: Begun, asked: Any) -> bytes | None:
    """The mark of one input."""
    whole = begun.copy()
    if type(asked) is str:
        whole.update(b"text ")
        whole.update(asked.encode("utf-8", "surrogatepass"))
        return whole.digest()
    try:
        told = _json.encode(asked)
    except (TypeError, ValueError, RecursionError):
        return None
    whole.update(b"json ")
    whole.update(told.encode("utf-8", "surrogatepass"))
    return whole.digest()


@functools.lru_cache(maxsize=64)
def _hashed(*told: str | None) -> Begun:
    """Its length too, so that nothing of an input can be taken for a part of this."""
    said = json.dumps([__version__, *told], ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(b"%d " % len(said) + said, digest_size=LENGTH)


@functools.cache
def versions() -> str:
    """Of the libraries that answer here: another one may round, cut or pool otherwise."""
    import importlib.metadata

    found = []
    for name in MAKERS:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(name)
    return ", ".join(found)
