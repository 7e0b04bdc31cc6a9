"""What an op moves: counted, bounded by what was agreed, told, and stopped with its request."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hf_nb.data.files.meter import Meter, counting
from hf_nb.data.source import CAP
from hf_nb.errors import BadInput
from hf_nb.plumbing import http
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

# As much as may ever be agreed to with one click.
MOST = 1_000_000_000_000


@contextlib.contextmanager
def counted(ask: Ask, allow: int | None = None) -> Iterator[Meter]:
    """While the block runs: at most `allow` bytes, and none once nobody waits any more."""
    if allow is not None and not 0 <= allow <= MOST:
        raise BadInput("allow is a number of bytes.")
    with ask.in_one_piece():  # a library that is half loaded stays broken
        require("pyarrow", "data", "Looking at tables")
        http.install(ask.session)
    with counting(cap=max(CAP, allow or 0), stop=ask.stopped) as spent:
        yield spent
