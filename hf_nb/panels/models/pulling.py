"""A model onto this disk, watched; what is stopped goes on when it is asked for again. And where models stand."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, Broken
from hf_nb.hub.disk.pull import pull as onto_disk
from hf_nb.panels.models import here
from hf_nb.panels.telling import Telling
from hf_nb.plumbing import progress

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.values import Pulled

MOST = 500
LOOKS, LOOK = 20, 0.05


def pull(ask: Ask, *, id: str) -> dict[str, Any]:
    """`models.pull`: how far it is; then, once the disk has it all, where."""
    ask.official()
    with here.coming(id), progress.to(Telling(ask)):
        pulled = onto_disk(id, kind="model", session=ask.session)
        confirmed(pulled)
    came = pulled.of("fetched") + pulled.of("cached")
    whole = here.needed({one.path for one in pulled.files}) <= {one.path for one in came}
    return {
        "path": pulled.path,
        "files": len(came),
        "bytes": sum(one.size or 0 for one in came),
        "status": "cached" if whole else "partial",
    }


def status(ask: Ask, *, ids: list[str]) -> dict[str, Any]:
    """`models.status`: of some models, as they stand now."""
    if len(ids) > MOST:
        raise BadInput(f"At most {MOST} models at once.", "Ask for those that can be seen.")
    found = here.stands(ids, ask.session)
    return {id: {"status": one.status, "cachedBytes": one.bytes} for id, one in found.items()}


def confirmed(pulled: Pulled) -> None:
    """Every file is where it was said to be, with every byte."""
    for one in (*pulled.of("fetched"), *pulled.of("cached")):
        path = Path(pulled.path) / one.path
        for _ in range(LOOKS):  # somebody else who pulls the same puts the same names in place anew
            if _whole(path, one.size):
                break
            time.sleep(LOOK)
        else:
            raise Broken(f"{one.path} of {pulled.repo} is not whole on the disk.", "Pull it again.")


def _whole(path: Path, size: int | None) -> bool:
    try:
        return path.stat().st_size == size or size is None
    except OSError:
        return False
