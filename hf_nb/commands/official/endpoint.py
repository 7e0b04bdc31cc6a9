"""The official client knows one Hub, the one of its import; a session may look at another."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from hf_nb.plumbing.session import Session

_turn = threading.Condition()
_asking: list[str] = []  # the endpoint of every call under way


@contextlib.contextmanager
def of(session: Session) -> Iterator[None]:
    """Let the official client ask the session's Hub; calls that ask different ones wait for each other."""
    from huggingface_hub import constants
    from huggingface_hub.cli import auth

    wanted = session.settings.endpoint
    with _turn:
        _turn.wait_for(lambda: not _asking or _asking[0] == wanted)
        if not _asking:
            _before[:] = [constants.ENDPOINT, constants.HUGGINGFACE_CO_URL_TEMPLATE]
            if wanted != constants.ENDPOINT:
                template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, wanted)
                constants.ENDPOINT = auth.ENDPOINT = wanted
                constants.HUGGINGFACE_CO_URL_TEMPLATE = template
        _asking.append(wanted)
    try:
        yield
    finally:
        with _turn:
            _asking.pop()
            if not _asking:
                constants.ENDPOINT, constants.HUGGINGFACE_CO_URL_TEMPLATE = _before
                auth.ENDPOINT = constants.ENDPOINT
                _turn.notify_all()


_before: list[str] = []
