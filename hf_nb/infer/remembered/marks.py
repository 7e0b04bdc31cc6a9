"""What an answer is known by: a hash of all that decides about it."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING

from hf_nb import __version__

if TYPE_CHECKING:
    from hf_nb.infer.call import Call, Target
    from hf_nb.plumbing.session import Session

LENGTH = 20
# What makes an answer of a model on this machine.
MAKERS = ("torch", "transformers", "tokenizers")


def mark(call: Call, target: Target, session: Session, also: str = "") -> bytes | None:
    """None where what is asked cannot be written down. The order of a table's columns decides too, so it stays."""
    here = target.method == "local"
    where = versions() if here else f"{session.settings.router_address}"
    try:
        told = json.dumps(
            [
                __version__, where, session.settings.endpoint, target.method, target.model, target.revision,
                call.task, also, sorted(call.params.items()), call.input,
            ],
            ensure_ascii=False,
        )  # fmt: skip
    except (TypeError, ValueError, RecursionError):
        return None
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=LENGTH).digest()


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
