"""The way in for whoever started the Hub. It needs the admin token.

GET  POST  DELETE  /_offline/faults          what is in force; one more (see faults.py); none at all
           DELETE  /_offline/faults/{id}     without this one
GET  POST  DELETE  /_offline/disk            {"left": bytes or null}: what it still takes; as much as there is
GET  POST  DELETE  /_offline/clock           {"now", "ahead"}; {"seconds"} pass; this machine's time
GET        DELETE  /_offline/requests        what was asked; forget it
GET                /_offline/memory          kilobytes this process holds
     POST          /_offline/gc              {"older_than": "1d", "dry_run"}: clear what nothing leads to
"""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hf_nb.errors import BadInput, HfNbError, NotFound
from hf_nb.offline import oauth, upkeep
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.app import respond
from hf_nb.offline.server.ask import Site
from hf_nb.offline.server.log import Requests
from hf_nb.offline.server.refusals import Refusal, bad_request, not_allowed, not_found
from hf_nb.offline.server.rules import Rules

PREFIX = "/_offline/"
HEADER = "x-offline-admin"
_MOST = 1 << 20


class Admin:
    """ASGI: `/_offline/…` here, everything else further in."""

    def __init__(self, app: ASGIApp, token: str, controls: Controls) -> None:
        self.app, self.token, self.controls = app, token, controls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        body = b""
        message: Message = {"more_body": True}
        while message.get("more_body") and len(body) < _MOST:
            message = await receive()
            body += message.get("body", b"")
        try:
            answer = await anyio.to_thread.run_sync(self._answer, scope, body)
        except Refusal as refusal:
            answer = refusal.answer()
        except (HfNbError, ValueError, TypeError) as wrong:
            answer = bad_request(str(wrong)).answer()
        await respond(answer, scope["method"], send)

    def _answer(self, scope: Scope, body: bytes) -> Answer:
        given = dict(scope["headers"]).get(HEADER.encode(), b"")
        if not hmac.compare_digest(given, self.token.encode()):
            raise not_allowed("The admin token is missing or wrong")
        words = scope["path"].removeprefix(PREFIX).split("/")
        return as_json(self.controls.do(scope["method"], words, body))


class Controls:
    """What can be commanded."""

    def __init__(self, site: Site, rules: Rules, requests: Requests) -> None:
        self.site, self.rules, self.requests = site, rules, requests

    def do(self, method: str, words: list[str], body: bytes) -> Any:
        """One command; what it answers."""
        match method, words:
            case "GET", ["requests"]:
                return self.requests.lines()
            case "DELETE", ["requests"]:
                self.requests.clear()
            case "GET", ["memory"]:
                return _memory()
            case "POST", ["gc"]:
                return self._clear(_object(body))
            case "POST", ["logins"]:
                self._login(_object(body))
            case _, ["faults", *rest]:
                return self._faults(method, rest, body)
            case _, ["disk"]:
                return self._disk(method, body)
            case _, ["clock"]:
                return self._clock(method, body)
            case _:
                raise not_found()
        return {}

    def _login(self, given: dict[str, Any]) -> None:
        code, name, role = (str(given.get(key, "")) for key in ("user_code", "name", "role"))
        if role not in ("read", "write"):
            raise BadInput(f"{role!r} is no role of a token.", "Roles: read, write")
        with self.site.store.database.writing() as sql:
            try:
                oauth.answer(
                    sql, code, name, role, self.site.clock.now(), allowed=bool(given.get("allowed", True))
                )
            except NotFound as wrong:
                raise BadInput(wrong.problem, wrong.next_step) from None

    def _faults(self, method: str, rest: list[str], body: bytes) -> Any:
        match method, rest:
            case "GET", []:
                return self.rules.lines()
            case "POST", []:
                return {"id": self.rules.add(_object(body)).id}
            case "DELETE", []:
                self.rules.remove()
            case "DELETE", [number] if number.isdecimal():
                self.rules.remove(int(number))
            case _:
                raise not_found()
        return {}

    def _clear(self, how: dict[str, Any]) -> Any:
        older_than = upkeep.age(str(how.get("older_than", "1d")))
        return asdict(
            upkeep.clear(self.site.store, older_than, dry_run=bool(how.get("dry_run")), cas=self.site.cas)
        )

    def _disk(self, method: str, body: bytes) -> Any:
        room = self.site.store.room
        if method == "POST":
            left = _object(body).get("left", 0)
            if left is not None and (isinstance(left, bool) or not isinstance(left, int) or left < 0):
                raise BadInput(f"A disk cannot take {left!r} bytes.")
            room.left = left
        elif method == "DELETE":
            room.left = None
        elif method != "GET":
            raise not_found()
        return {"left": room.left}

    def _clock(self, method: str, body: bytes) -> Any:
        clock = self.site.clock
        if method == "POST":
            clock.pass_(_object(body).get("seconds", 0))
        elif method == "DELETE":
            clock.reset()
        elif method != "GET":
            raise not_found()
        return {"now": clock.now().isoformat(), "ahead": clock.ahead}


def _object(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise BadInput("An object is expected.")
    return found


def _memory() -> dict[str, Any]:
    """Kilobytes this process holds, where the system tells."""
    status = Path("/proc/self/status")
    found = {"pid": os.getpid()}
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            name, _, rest = line.partition(":")
            if name in ("VmRSS", "VmHWM", "RssAnon"):
                found[name] = int(rest.split()[0])
    return found
