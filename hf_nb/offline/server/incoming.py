"""What a request brings: in memory while it is short, in an unnamed file on the store's disk where it may be long."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from typing import IO, NamedTuple

import anyio.to_thread
from starlette.types import Receive

from hf_nb.offline.blobs import Blobs

MOST_BODY = 32 << 20
MOST_COMMIT = 8 << 30  # a commit brings the contents of all its small files
_PIECE = 1 << 20


class Body(NamedTuple):
    """A whole body: bytes, or a file at its beginning; `too_long` when it was not looked at."""

    content: bytes = b""
    file: IO[bytes] | None = None
    too_long: bool = False


class Gone(Exception):
    """The caller hung up before everything had come."""


async def body(receive: Receive, headers: Mapping[str, str], *, long: Blobs | None) -> Body:
    """The body of a request; `long` takes one that may be larger than memory should hold."""
    most = MOST_COMMIT if long else MOST_BODY
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:18]) > most:
        return Body(too_long=True)
    content = bytearray()
    file: IO[bytes] | None = None
    total = 0
    try:
        async for piece in pieces(receive):
            total += len(piece)
            if total > most:
                _close(file)
                return Body(too_long=True)
            content += piece
            if long and len(content) >= _PIECE:
                if file is None:
                    file = await anyio.to_thread.run_sync(_unnamed, long)
                await anyio.to_thread.run_sync(file.write, bytes(content))
                content.clear()
        if file:
            await anyio.to_thread.run_sync(file.write, bytes(content))
            file.seek(0)
            return Body(file=file)
    except BaseException:
        _close(file)
        raise
    return Body(bytes(content))


async def pieces(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes; `Gone` when it ends early."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


def _unnamed(blobs: Blobs) -> IO[bytes]:
    return blobs.room.guard(tempfile.TemporaryFile(dir=blobs.incoming))


def _close(file: IO[bytes] | None) -> None:
    if file:
        file.close()
