"""What the Hub's viewer says of a dataset, where it is cheaper than asking every file. Never needed: it may be down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hf_nb.hub.headers import headers
from hf_nb.plumbing import http, reading

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

SECONDS = 1.5  # a hint is waited for so long
HUB = "huggingface.co"
SERVER = "https://datasets-server.huggingface.co"


def server(endpoint: str) -> str | None:
    """Where the viewer of a Hub is; None where nobody knows."""
    host = urlsplit(endpoint).hostname
    if host == HUB:
        return SERVER
    return f"{endpoint}/datasets-server" if host in ("localhost", "127.0.0.1", "::1") else None


def sizes(id: str, commit: str, session: Session) -> dict[str, dict[str, int]]:
    """Rows of each split, as counted by the viewer of that very commit; nothing where it does not say."""
    answer = _asked("/size", id, commit, session)
    splits = answer.get("size", {}).get("splits") if isinstance(answer.get("size"), Mapping) else None
    found: dict[str, dict[str, int]] = {}
    if answer.get("partial"):
        return {}
    for one in splits if isinstance(splits, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("num_rows"), int):
            found.setdefault(str(one.get("config")), {})[str(one.get("split"))] = one["num_rows"]
    return found


def _asked(path: str, id: str, commit: str, session: Session) -> Mapping[str, Any]:
    """An answer about this commit; empty for any other, and for none."""
    from huggingface_hub.utils import get_session

    where = server(session.settings.endpoint)
    if where is None:
        return {}
    http.install(session)
    try:
        with reading.scope(SECONDS):
            answer = get_session().get(
                f"{where}{path}", params={"dataset": id}, headers=headers(), timeout=SECONDS
            )
            if answer.status_code != 200 or answer.headers.get("x-revision", commit) != commit:
                return {}
            said = answer.json()
    except Exception:  # noqa: BLE001 -- a hint is not worth an error
        return {}
    return said if isinstance(said, Mapping) else {}
