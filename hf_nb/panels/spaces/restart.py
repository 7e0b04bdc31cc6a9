"""A Space started anew, followed until it rests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, NotFound, Passing, Refused, Timeout
from hf_nb.hub import ids
from hf_nb.hub.client import api
from hf_nb.hub.translate import translated
from hf_nb.panels.in_code import checked
from hf_nb.panels.spaces import states
from hf_nb.panels.spaces.stages import RESTING, state
from hf_nb.plumbing import reading

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

# Seconds: between two looks, for all of it, and until a restart that was accepted can be seen.
LOOK, WITHIN, SEEN = 1.0, 900.0, 6.0


def restart(ask: Ask, *, id: str) -> dict[str, Any]:
    """`spaces.restart`: its stages as the Hub says them, and the one it comes to rest in."""
    ask.official()
    stage = _begin(checked(id), ask.session)
    began, told, moved = time.monotonic(), "", False
    while True:
        if stage != told:
            told = stage
            ask.tell({"state": state(stage), "stage": stage})
        moved = moved or stage not in RESTING
        passed = time.monotonic() - began
        if stage in RESTING and (moved or passed > SEEN):
            return {"state": state(stage), "stage": stage}
        if passed > WITHIN:
            page = f"{ask.session.settings.endpoint}/spaces/{id}"
            raise Timeout(
                f"{id} is still {state(stage)}.", f"It goes on by itself; its page shows how: {page}"
            )
        ask.stopped.wait(LOOK)
        stage = _now(id, ask.session) or stage


def _begin(id: str, session: Session) -> str:
    try:
        with (
            reading.scope(session.settings.deadline, copies=False),
            translated(f"space {id}", session.settings),
        ):
            runtime = api(session).restart_space(id)
    except NotFound:
        raise ids.missing(id, "space", session) from None
    except BadInput as wrong:
        if "tatic" in wrong.next_step:
            raise Refused(
                f"{id} is a static page: there is nothing to start.", f"%hf info spaces/{id}"
            ) from None
        raise
    states.heard(id, runtime, session)
    return str(runtime.stage)


def _now(id: str, session: Session) -> str | None:
    """Its stage; None where the Hub does not say it now: it will be asked again."""
    try:
        with reading.scope(states.PATIENCE, copies=False):
            return states.one(id, session).stage
    except Passing:
        return None
