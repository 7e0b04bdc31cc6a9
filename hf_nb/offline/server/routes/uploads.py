"""Large contents on their way in, on the other origin: whoever holds a signed address may send what it names.

PUT  /upload/{rid}/{sha256}/{size}                 the whole content
PUT  /upload/{rid}/{sha256}/{size}/{n}             one part; parts may be sent again, in any order
POST /upload/{rid}/{sha256}/{size}/complete        {"parts": [{"partNumber", "etag"}]}: put together and checked
"""

import hashlib
import json
import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs

import anyio.to_thread
from starlette.types import Receive

from hf_nb.offline.arriving import Arriving
from hf_nb.offline.server import incoming, refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Site
from hf_nb.offline.server.routes import files

PREFIX = "/upload/"
MOST = 50 << 30
PART = 16 << 20
WHOLE = 64 << 20  # longer contents come in parts where the client can
_ADDRESS = re.compile(r"/upload/(?P<rid>\d+)/(?P<sha>[0-9a-f]{64})/(?P<size>\d+)(?:/(?P<what>\d+|complete))?")
_PIECE = 1 << 20


def way(site: Site, rid: int, sha256: str, size: int, *, multipart: bool) -> tuple[str, dict[str, str]]:
    """Where a content is to be sent: one address, or those of its parts in the header as the client expects them."""
    address = f"{PREFIX}{rid}/{sha256}/{size}"
    if not multipart or size <= WHOLE:
        return files.signed_link(site, address, sha256), {}
    # a client of ours must not ask for more parts than a header can hold
    part = max(PART, math.ceil(size / 500))
    parts = {
        f"{number:05d}": files.signed_link(site, f"{address}/{number}", sha256)
        for number in range(1, math.ceil(size / part) + 1)
    }
    return files.signed_link(site, f"{address}/complete", sha256), {"chunk_size": str(part), **parts}


async def receive(
    site: Site, method: str, path: str, query_string: str, headers: dict[str, str], come: Receive
) -> Answer:
    """`PUT` and `POST` below /upload/."""
    found = _ADDRESS.fullmatch(path)
    fields = {name: values[-1] for name, values in parse_qs(query_string, max_num_fields=50).items()}
    if found is None or not files.signed(site, path, fields) or fields["Oid"] != found["sha"]:
        raise refusals.not_allowed("Access denied: the address is not signed, or its time is over")
    if method != ("POST" if found["what"] == "complete" else "PUT"):
        raise refusals.Refusal(405, "Method Not Allowed", headers={"allow": "PUT, POST"})
    rid, sha256, size = int(found["rid"]), found["sha"], int(found["size"])
    if found["what"] == "complete":
        body = await incoming.body(come, headers, long=None)
        return await anyio.to_thread.run_sync(_complete, site, rid, sha256, size, body.content)
    if found["what"]:
        return await _part(site, rid, sha256, size, int(found["what"]), come)
    return await _whole(site, rid, sha256, size, come)


async def _whole(site: Site, rid: int, sha256: str, size: int, come: Receive) -> Answer:
    with Arriving(site.store.blobs.incoming, site.store.blobs.room) as file:
        digest = await _write(come, file.out, size)
        if digest != sha256 or file.out.tell() != size:
            raise refusals.bad_request("The content does not have the size and sha256 it was announced with")
        await anyio.to_thread.run_sync(_keep, site, rid, file.path, sha256, size)
    return Answer(200, {"etag": f'"{sha256}"'})


async def _part(site: Site, rid: int, sha256: str, size: int, number: int, come: Receive) -> Answer:
    folder = _parts(site, rid, sha256, size)
    await anyio.to_thread.run_sync(lambda: folder.mkdir(exist_ok=True))
    with Arriving(site.store.blobs.incoming, site.store.blobs.room) as file:
        digest = await _write(come, file.out, size)
        await anyio.to_thread.run_sync(file.path.replace, folder / f"{number}-{digest}")
    return Answer(200, {"etag": f'"{digest}"'})


def _complete(site: Site, rid: int, sha256: str, size: int, body: bytes) -> Answer:
    folder = _parts(site, rid, sha256, size)
    if site.store.may_name(rid, sha256) == size:  # of two who sent the same, the other was faster
        shutil.rmtree(folder, ignore_errors=True)
        return as_json({})
    with Arriving(site.store.blobs.incoming, site.store.blobs.room) as file:
        digest = hashlib.sha256()
        for part in _named(body):
            try:
                with (folder / part).open("rb") as source:
                    while piece := source.read(_PIECE):
                        digest.update(piece)
                        file.out.write(piece)
            except FileNotFoundError:
                raise refusals.bad_request(f"Part {part.partition('-')[0]} has not arrived") from None
        if digest.hexdigest() != sha256 or file.out.tell() != size:
            raise refusals.bad_request("The parts do not make the content that was announced")
        _keep(site, rid, file.path, sha256, size, file.out)
    shutil.rmtree(folder, ignore_errors=True)
    return as_json({})


def _named(body: bytes) -> Iterator[str]:
    try:
        parts = [(int(part["partNumber"]), str(part["etag"])) for part in json.loads(body)["parts"]]
    except (ValueError, KeyError, TypeError):
        raise refusals.bad_request('"parts" must list every part\'s number and etag') from None
    for number, etag in sorted(parts):
        if not re.fullmatch(r'"?[0-9a-f]{64}"?', etag):
            raise refusals.bad_request(f"Part {number} has no etag of ours")
        yield f"{number}-{etag.strip(chr(34))}"


def _keep(site: Site, rid: int, path: Path, sha256: str, size: int, out: IO[bytes] | None = None) -> None:
    if out:
        out.flush()
    site.store.blobs.adopt(path, sha256)
    site.store.uploaded(rid, sha256, size)


def _parts(site: Site, rid: int, sha256: str, size: int) -> Path:
    return site.store.blobs.incoming / f"parts-{rid}-{sha256}-{size}"


async def _write(come: Receive, out: IO[bytes], most: int) -> str:
    """Everything that comes, into the file; its sha256. The disk is waited for in a thread."""
    digest = hashlib.sha256()
    waiting = bytearray()
    total = 0

    def flush() -> None:
        digest.update(waiting)
        out.write(waiting)
        waiting.clear()

    async for piece in incoming.pieces(come):
        total += len(piece)
        if total > most:
            raise refusals.Refusal(413, "The content is longer than announced", "PayloadTooLarge")
        waiting += piece
        if len(waiting) >= _PIECE:
            await anyio.to_thread.run_sync(flush)
    await anyio.to_thread.run_sync(flush)
    await anyio.to_thread.run_sync(out.flush)
    return digest.hexdigest()
