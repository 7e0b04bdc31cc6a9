"""A list of the Hub, page by page: it goes on where it stopped, also after a failure, and repeats nothing.

The official lists are generators: one that failed is over, and their page is as long as the whole answer may be.
Here the Hub's own address of the next page is kept instead, so a page can be asked for again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from hf_nb.errors import Busy
from hf_nb.hub.headers import headers
from hf_nb.hub.translate import translated
from hf_nb.plumbing import http, reading
from hf_nb.plumbing.session import Session
from hf_nb.values import Kind

LONGEST = 1000
# So many pages in a row without anything new: the list goes in circles.
CIRCLES = 20


class Listing:
    """One list, and how far it has been read."""

    def __init__(self, session: Session, kind: Kind, asked: Mapping[str, Any]) -> None:
        self.session, self.kind, self.asked = session, kind, asked
        self.read = 0
        self.note: str | None = None
        self._next: str | None = f"{session.settings.endpoint}/api/{kind}s"
        self._began = False
        self._stale = 0
        self._seen: set[str] = set()

    @property
    def over(self) -> bool:
        """Whether the Hub has nothing further."""
        return self._next is None

    @property
    def looked(self) -> int:
        """Repositories seen, each once."""
        return len(self._seen)

    def page(self, size: int) -> list[dict[str, Any]]:
        """The next ones, without any that an earlier page had (lists shift while they are read)."""
        if self._next is None:
            return []
        settings = self.session.settings
        # whether a Space runs is worth knowing as of now; a deadline a page: a list may be long, but no page of it
        with (
            translated(f"the list of {self.kind}s", settings),
            reading.fresh() if self.kind == "space" else contextlib.nullcontext(),
            reading.scope(settings.deadline) as read,
        ):
            items, following = self._ask(self._next, min(size, LONGEST))
            if not isinstance(items, list):
                raise Busy("The Hub answered with something that is no list.", "Try again in a minute.")
        self.note = self.note or read.note
        self._began = True
        self._next = following if following != self._next else None
        self.read += max(1, len(items))
        found = [item for item in items if self._new(item)]
        self._stale = 0 if found else self._stale + 1
        if self._stale == CIRCLES:
            self._next = None
        return found

    def _ask(self, address: str, size: int) -> tuple[Any, str | None]:
        from huggingface_hub.utils import hf_raise_for_status, http_backoff

        http.install(self.session)
        if self._began:
            address, params = _with_limit(address, size), None
        else:
            params = {**self.asked, "limit": size}
        answer = http_backoff("GET", address, params=params, headers=headers())
        hf_raise_for_status(answer)
        return answer.json(), answer.links.get("next", {}).get("url")

    def _new(self, item: object) -> bool:
        id = item.get("id") if isinstance(item, dict) else None
        if not isinstance(id, str) or id in self._seen:
            return False
        self._seen.add(id)
        return True


def _with_limit(address: str, size: int) -> str:
    """The next page's address with another length: what it holds besides is the Hub's business."""
    parts = urlsplit(address)
    given = parse_qsl(parts.query, keep_blank_values=True)
    if ("limit", str(size)) in given:
        return address
    kept = [(name, value) for name, value in given if name != "limit"]
    return urlunsplit(parts._replace(query=urlencode([*kept, ("limit", str(size))])))
