"""The way in for whoever started the Hub: faults, the request log, memory. It needs the admin token."""

import hmac
import json
import os
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hf_nb.errors import BadInput
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.app import respond
from hf_nb.offline.server.faults import Rules
from hf_nb.offline.server.log import Requests
from hf_nb.offline.server.refusals import Refusal, bad_request, not_allowed, not_found

PREFIX = "/_offline/"
HEADER = "x-offline-admin"
_MOST = 1 << 20


class Admin:
    """ASGI: `/_offline/…` here, everything else further in."""

    def __init__(self, app: ASGIApp, token: str, rules: Rules, requests: Requests) -> None:
        self.app, self.token, self.rules, self.requests = app, token, rules, requests

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
            answer = self._answer(scope, body)
        except Refusal as refusal:
            answer = refusal.answer()
        except (BadInput, ValueError, TypeError) as wrong:
            answer = bad_request(str(wrong)).answer()
        await respond(answer, scope["method"], send)

    def _answer(self, scope: Scope, body: bytes) -> Answer:
        given = dict(scope["headers"]).get(HEADER.encode(), b"")
        if not hmac.compare_digest(given, self.token.encode()):
            raise not_allowed("The admin token is missing or wrong")
        match scope["method"], scope["path"].removeprefix(PREFIX).split("/"):
            case "GET", ["requests"]:
                return as_json(self.requests.lines())
            case "DELETE", ["requests"]:
                self.requests.clear()
            case "GET", ["faults"]:
                return as_json(self.rules.lines())
            case "POST", ["faults"]:
                found = json.loads(body)
                if not isinstance(found, dict):
                    raise BadInput("A fault is an object.")
                return as_json({"id": self.rules.add(found).id})
            case "DELETE", ["faults"]:
                self.rules.remove()
            case "DELETE", ["faults", number] if number.isdecimal():
                self.rules.remove(int(number))
            case "GET", ["memory"]:
                return as_json(_memory())
            case _:
                raise not_found()
        return as_json({})


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
