"""News of Spaces, as long as somebody looks at them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, HfNbError, Passing
from hf_nb.panels.spaces import states

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

PERIOD, LONGEST = 3.0, 60.0
MOST = 300


def watch(ask: Ask, *, ids: list[str]) -> dict[str, Any]:
    """`spaces.watch`: an event whenever something is different; it ends when nobody waits for it.

    A Hub in trouble is asked ever less often, and the panel is told that its news are old.
    """
    if len(ids) > MOST:
        raise BadInput(f"At most {MOST} Spaces at once.", "Watch those that can be seen.")
    ask.official()
    wanted, pause = list(dict.fromkeys(ids)), PERIOD
    told: dict[str, dict[str, Any]] = {}
    trouble: str | None = None
    while not ask.stopped.is_set() and wanted:
        wrong: str | None = None
        try:
            found = states.look(wanted, ask.session, ask.stopped)
        except HfNbError as failed:
            found, wrong = {}, failed.problem
            pause = _longer(pause, failed)
        else:
            pause = PERIOD
        new = {id: one.shown() for id, one in found.items() if one.stage}
        changed = {id: one for id, one in new.items() if told.get(id) != one}
        if changed or wrong != trouble:
            told |= changed
            trouble = wrong
            ask.tell({"states": changed, "trouble": trouble})
        ask.stopped.wait(pause)
    return {"states": told, "trouble": trouble}


def _longer(pause: float, failed: HfNbError) -> float:
    """Twice as long, as long as the Hub asks for, and not all at once; what will not pass is not asked for often."""
    if not isinstance(failed, Passing):
        return LONGEST
    after = getattr(failed, "after", None) or 0.0
    return max(after, min(LONGEST, 2 * pause * random.uniform(0.9, 1.1)))  # noqa: S311 -- not a secret
