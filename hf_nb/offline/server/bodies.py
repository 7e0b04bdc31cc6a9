"""Files over the wire: ranges, ETags, and reading that never blocks the loop."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import anyio
import anyio.to_thread

from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, Part

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")
_READERS = anyio.CapacityLimiter(16)


def file(path: Path, size: int, headers: Mapping[str, str], request: Mapping[str, str]) -> Answer:
    """A file, or the part of it a Range header asks for. `headers` must hold the ETag."""
    found = path.stat().st_size if path.exists() else None
    if found != size:
        # half an answer would look like a broken line, and be asked for again and again
        raise refusals.damaged("missing" if found is None else f"damaged ({found} of {size} bytes)")
    known = {"accept-ranges": "bytes", **headers}
    etag = known.get("etag", "")
    if any(
        given.strip().removeprefix("W/") in (etag, "*")
        for given in request.get("if-none-match", "").split(",")
        if given
    ):
        return Answer(304, known)
    wanted = request.get("range")
    if wanted and request.get("if-range", etag) == etag:
        span = _span(wanted, size)
        if span is not None:
            start, end = span
            return Answer(
                206, known | {"content-range": f"bytes {start}-{end - 1}/{size}"}, Part(path, start, end)
            )
    return Answer(200, known, Part(path, 0, size))


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """(start, end) of one range; None where the header is to be ignored: another unit, or several ranges."""
    if not wanted.startswith("bytes=") or "," in wanted:
        return None
    found = _RANGE.fullmatch(wanted)
    first, last = found.groups() if found else ("", "")
    if first:
        start, end = int(first), min(int(last) + 1 if last else size, size)
    elif last:
        start, end = max(0, size - int(last)), size
    else:
        start, end = size, size
    if start >= size or start >= end:
        raise refusals.Refusal(416, "Range Not Satisfiable", headers={"content-range": f"bytes */{size}"})
    return start, end


async def chunks(part: Part) -> AsyncIterator[bytes]:
    """The bytes of a part, read in a thread."""
    source = await anyio.to_thread.run_sync(part.path.open, "rb", limiter=_READERS)
    try:
        await anyio.to_thread.run_sync(source.seek, part.start, limiter=_READERS)
        left = part.end - part.start
        while left > 0:
            piece = await anyio.to_thread.run_sync(source.read, min(CHUNK, left), limiter=_READERS)
            if not piece:
                return
            left -= len(piece)
            yield piece
    finally:
        source.close()
