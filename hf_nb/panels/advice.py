"""The ops behind the buttons of advice: looked for when asked, taken, taken back.

What they answer is written in `labextension/src/panels/advice/answers.ts`. A piece of advice is named by its key, since
an output that was shown before the last look still has its buttons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.infer.advice import asking
from hf_nb.panels.telling import Telling
from hf_nb.plumbing import progress, redact
from hf_nb.render import advice as words

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session
    from hf_nb.values import Advice, Set, Tip


def advice(ask: Ask) -> dict[str, Any]:
    """What would have saved most; what is tried is told on the way."""
    ask.official()
    with progress.to(Telling(ask)):
        return shown(asking.advice(session=ask.session), ask.session)


def take(ask: Ask, *, tip: str) -> dict[str, Any]:
    """Do it, where it is a setting."""
    with ask.in_one_piece():
        return _set(asking.take(tip, session=ask.session), taken=True)


def undo(ask: Ask, *, tip: str) -> dict[str, Any]:
    """And back."""
    with ask.in_one_piece():
        return _set(asking.undo(tip, session=ask.session), taken=False)


def shown(value: Advice, session: Session) -> dict[str, Any]:
    """As a page draws it."""
    return {"head": redact.tokens(words.head(value)), "tips": [_tip(one, session) for one in value.tips]}


def _tip(tip: Tip, session: Session) -> dict[str, Any]:
    said = {
        "gain": words.gain(tip),
        "seen": tip.seen,
        "change": tip.change,
        "line": tip.line,
        "known": words.known(tip),
        "cell": tip.cell or tip.line,
    }
    clean = {name: redact.tokens(one) for name, one in said.items()}
    return {"key": tip.key, **clean, "setting": tip.setting is not None, "taken": asking.taken(tip, session)}


def _set(changed: Set, *, taken: bool) -> dict[str, Any]:
    return {"taken": taken, "name": changed.name, "value": redact.tokens(str(changed.value))}
