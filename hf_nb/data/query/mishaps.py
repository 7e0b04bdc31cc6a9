"""What DuckDB says against a query, in our words and classes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from hf_nb.errors import BadInput, HfNbError, Stopped, TooLarge
from hf_nb.plumbing.extras import require

_KIND = re.compile(r"^[A-Za-z ]{3,40} Error: ")
_LINE = re.compile(r"^LINE (\d+): (.*)\n( *)\^", re.MULTILINE)
SHOWN = 60  # characters of a query around the place that is meant


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Errors of DuckDB leave as ours."""
    duckdb = require("duckdb", "data", "Queries over tables")
    try:
        yield
    except duckdb.InterruptException as error:
        raise Stopped("Stopped.") from error
    except duckdb.OutOfMemoryException as error:
        raise TooLarge(
            "This query needs more memory and disk than there is.", "Ask for fewer rows or columns."
        ) from error
    except duckdb.Error as error:
        raise meant(str(error)) from error


def meant(message: str) -> HfNbError:
    """The first line, with the place in the query and the nearest names where DuckDB tells them."""
    first = _KIND.sub("", message.split("\n", 1)[0]).strip().rstrip("!.")
    near = re.search(r"^(?:Candidate bindings|Did you mean):? (.*)$", message, re.MULTILINE)
    place = _LINE.search(message)
    parts = []
    if place:
        parts.append("at: " + around(place.group(2), len(place.group(3)) - len(f"LINE {place.group(1)}: ")))
    if near:
        parts.append(f"nearest: {near.group(1)[:200].rstrip('?')}")
    return BadInput(f"{first}.", "; ".join(parts) or "Look at the query.")


def around(line: str, at: int) -> str:
    """The place in a line, marked before the word that is meant."""
    at = max(0, min(at, len(line)))
    begin, end = max(0, at - SHOWN // 2), min(len(line), at + SHOWN // 2)
    return f"{'…' if begin else ''}{line[begin:at]}→{line[at:end]}{'…' if end < len(line) else ''}"
