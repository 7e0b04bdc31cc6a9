"""Xet: tokens from the Hub, and the storage they open on the other origin.

A client asks the Hub for a token and an address, sends what is new there in xorbs, then a shard that says what files
they make; from then on the repository may name these files in a commit.
"""

import base64
import hashlib
import hmac
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import anyio
import anyio.to_thread
from starlette.types import Receive

from hf_nb.errors import HfNbError
from hf_nb.offline import room
from hf_nb.offline.arriving import Arriving
from hf_nb.offline.server import incoming, refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask, Site
from hf_nb.offline.server.refusals import Refusal
from hf_nb.offline.xet import shard, xorb
from hf_nb.offline.xet.cas import Kept, Long

Scope = Literal["read", "write"]
PREFIX = "/xet/"
LIFE = 900
_QUICK = 4 << 30
_MARK = "xet_"
_PIECE = 1 << 20
_XORB = re.compile(r"v1/xorbs/default/(?P<name>[0-9a-f]{64})")
# Unpacking and hashing: a few at a time, however many come in.
_HANDS = anyio.CapacityLimiter(2)
# Looking at tokens must not wait for that; and every thread keeps a connection to the database.
_DOORS = anyio.CapacityLimiter(2)


class Grant(NamedTuple):
    """Whom a token lets do what, and until when."""

    rid: int
    oid: str
    scope: Scope
    until: int


def write_token(ask: Ask) -> Answer:
    """`GET /api/{types}/{id}/xet-write-token/{rev}`."""
    if ask.flag("create_pr"):
        ask.participant()
        return _token(ask, "write")
    if ask.names["rev"].startswith("refs/pr/"):
        ask.participant()
    else:
        ask.writable()
    ask.commit(ask.repo)
    return _token(ask, "write")


def read_token(ask: Ask) -> Answer:
    """`GET /api/{types}/{id}/xet-read-token/{rev}`."""
    ask.commit(ask.readable())
    return _token(ask, "read")


def _token(ask: Ask, scope: Scope) -> Answer:
    """In JSON, which Xet's own client reads, and in headers, which the Hub's client reads."""
    row = ask.readable()
    until = int(ask.site.clock.time()) + LIFE
    token = signed(ask.site, Grant(row["rid"], row["oid"], scope, until))
    url = f"{ask.site.cdn_url}{PREFIX}{ask.site.cas.id}"
    return as_json(
        {"accessToken": token, "exp": until, "casUrl": url},
        headers={
            "x-xet-access-token": token,
            "x-xet-token-expiration": str(until),
            "x-xet-cas-url": url,
            "cache-control": "no-store",
        },
    )


def signed(site: Site, grant: Grant) -> str:
    """A token that needs no memory of ours."""
    words = base64.urlsafe_b64encode(json.dumps(grant).encode()).decode()
    return f"{_MARK}{words}.{_signature(site, words)}"


def granted(site: Site, headers: dict[str, str]) -> Grant:
    """What the token of a request allows."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    words, _, signature = token.strip().removeprefix(_MARK).partition(".")
    right = _signature(site, words)
    if scheme.lower() != "bearer" or not hmac.compare_digest(right.encode(), signature.encode()):
        raise Refusal(401, "This storage needs a token of its own, from xet-write-token", "Unauthorized")
    grant = Grant(*json.loads(base64.urlsafe_b64decode(words)))
    if grant.until < site.clock.time():
        raise Refusal(401, "The token's time is over", "Unauthorized")
    known = site.store.database.one("SELECT 1 FROM repos WHERE rid = ? AND oid = ?", grant.rid, grant.oid)
    if known is None:
        raise Refusal(401, "The token's repository is no more", "Unauthorized")
    return grant


async def receive(site: Site, method: str, path: str, headers: dict[str, str], receive: Receive) -> Answer:
    """Everything below `/xet/` on the other origin."""
    try:
        return await _answer(site, method, path, headers, receive)
    except (OSError, sqlite3.Error) as wrong:
        if not room.is_spent(wrong):
            raise
        # 507 would be tried again for minutes
        full = refusals.no_room()
        raise Refusal(413, full.message, full.code) from None


async def _answer(site: Site, method: str, path: str, headers: dict[str, str], receive: Receive) -> Answer:
    # the name before it is there for clients to tell storages apart
    inside = path.removeprefix(PREFIX).partition("/")[2]
    found = _XORB.fullmatch(inside)
    try:
        grant = await anyio.to_thread.run_sync(granted, site, headers, limiter=_DOORS)
        if method == "POST" and (found or inside in _SHARDS) and grant.scope != "write":
            raise refusals.not_allowed("This token may only read")
    except Refusal:
        await _ignore(incoming.pieces(receive))
        raise
    if method == "POST" and found:
        return await _spooled(
            site, receive, xorb.MOST_BYTES, lambda body: _keep_xorb(site, body, found["name"])
        )
    if method == "POST" and inside in _SHARDS:
        use = _SHARDS[inside]
        return await _spooled(site, receive, shard.MOST_BYTES, lambda body: use(site, body, grant))
    await _ignore(incoming.pieces(receive))
    # above all v1/chunks/…, a question whether a chunk is known here: clients take 404 for no
    raise refusals.not_found()


def _keep_xorb(site: Site, body: Path, name: str) -> Answer:
    return as_json({"was_inserted": site.cas.keep(body, name)})


def _shard(site: Site, body: Path, grant: Grant) -> Answer:
    """`POST /v1/shards`: clients wait for as long as it takes, and show nothing of a refusal but its status."""
    _accept(site, grant, site.cas.accept(body))
    return as_json({"result": 1})


def _told_shard(site: Site, body: Path, grant: Grant) -> Answer:
    """`POST /v2/shards`: one event a line, here only the last, whose words clients show.

    They wait for it no longer than minutes: what may take longer is answered as if this address were unknown, and comes
    again to the other one.
    """
    try:
        _accept(site, grant, site.cas.accept(body, _QUICK))
    except Long:
        raise refusals.not_found() from None
    except HfNbError as wrong:
        return _event({"type": "error", "message": wrong.problem, "retryable": False})
    except (OSError, sqlite3.Error) as wrong:
        if not room.is_spent(wrong):
            raise
        return _event({"type": "error", "message": refusals.no_room().message, "retryable": False})
    return _event({"type": "result", "result": 1})


def _accept(site: Site, grant: Grant, files: list[Kept]) -> None:
    for kept in files:
        site.store.uploaded(grant.rid, kept.sha256, kept.size)


def _event(event: dict[str, Any]) -> Answer:
    headers = {"content-type": "application/x-ndjson", "cache-control": "no-cache"}
    return Answer(200, headers, json.dumps(event).encode() + b"\n")


_SHARDS = {"v1/shards": _shard, "v2/shards": _told_shard}


async def _spooled(site: Site, receive: Receive, most: int, use: Callable[[Path], Answer]) -> Answer:
    """Let a body come to disk, then work on it in a thread."""
    coming = incoming.pieces(receive)
    with site.cas.arriving() as body:
        try:
            await _write(coming, body, most)
        except (Refusal, OSError):
            await _ignore(coming)
            raise
        return await anyio.to_thread.run_sync(use, body.path, limiter=_HANDS)


async def _write(coming: AsyncIterator[bytes], body: Arriving, most: int) -> None:
    waiting, total = bytearray(), 0
    async for piece in coming:
        total += len(piece)
        if total > most:
            raise Refusal(413, f"The body is longer than {most} bytes", "PayloadTooLarge")
        waiting += piece
        if len(waiting) >= _PIECE:
            await anyio.to_thread.run_sync(body.write, bytes(waiting))
            waiting.clear()
    await anyio.to_thread.run_sync(body.write, bytes(waiting))
    await anyio.to_thread.run_sync(body.close)


async def _ignore(coming: AsyncIterator[bytes]) -> None:
    """Hear a body out before saying no: a client in the middle of sending reads no answer."""
    left = xorb.MOST_BYTES
    async for piece in coming:
        left -= len(piece)
        if left < 0:
            return


def _signature(site: Site, words: str) -> str:
    return hmac.new(site.secret, f"xet\n{words}".encode(), hashlib.sha256).hexdigest()
