"""Logging in with a browser: the official client's device flow, shown while it goes on, and never for ever.

The official loop waits in a thread of its own, so that the panel counts down, a Hub that does not answer is said to be
silent, and the stop button is obeyed at once.
"""

from __future__ import annotations

import contextvars
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hf_nb.errors import Busy, HfNbError, Refused, Stopped, Timeout, Unauthorized
from hf_nb.hub.translate import translate
from hf_nb.plumbing import http, progress
from hf_nb.values.login import Panel, State

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

AGAIN = "%hf login"
_STEP = 0.2
_SILENCE = 12.0  # seconds without an answer, beyond the pause the Hub asked for
_LONGEST = 1_800.0  # seconds, whatever the Hub says


class _Given(Exception):
    """Nobody waits any more: the only way out of the official loop."""


class Waiting(threading.Thread):
    """The official loop, polling."""

    def __init__(self, device: dict[str, Any]) -> None:
        super().__init__(name="hf_nb login", daemon=True)
        self.device = device
        self.heard = time.monotonic()
        self.given_up = False
        self.found: dict[str, Any] = {}
        self.wrong: Exception | None = None
        self._context = contextvars.copy_context()

    def run(self) -> None:
        """Until there is a token, a no, or nobody who waits."""
        from huggingface_hub.utils._oauth_device import poll_device_token

        try:
            self.found = dict(
                self._context.run(poll_device_token, self.device, on_pending=self._pending)  # type: ignore[arg-type]
            )
        except _Given:
            pass
        except Exception as wrong:  # noqa: BLE001 -- it is raised where somebody waits for it
            self.wrong = wrong
        if self.given_up:
            self.found = {}

    def _pending(self) -> None:
        self.heard = time.monotonic()
        if self.given_up:
            raise _Given


def run(session: Session, wait: float | None = None) -> dict[str, Any]:
    """Show a code, wait until it was entered, and give what the Hub answers: the tokens."""
    http.install(session)
    device = _begin(session)
    panel = _panel(device, session)
    ends = time.monotonic() + min(device["expires_in"], _LONGEST, wait or _LONGEST)
    waiting = Waiting(device)
    shown = Shown()
    try:
        shown.show(panel.now("waiting", ends - time.monotonic()))
        waiting.start()
        while waiting.is_alive() and time.monotonic() < ends:
            waiting.join(_STEP)
            silent = time.monotonic() - waiting.heard > device["interval"] + _SILENCE
            if waiting.is_alive():
                shown.show(panel.now("silent" if silent else "waiting", ends - time.monotonic()))
    except KeyboardInterrupt:
        shown.show(panel.now("stopped", 0))
        raise Stopped from None
    finally:
        waiting.given_up = waiting.is_alive()
    return _outcome(waiting, panel, shown, session)


class Shown:
    """The panel where it is shown: in place by a face, else printed when there is something new to do."""

    def __init__(self) -> None:
        self._last = ""
        self._state: State | None = None

    def show(self, panel: Panel) -> None:
        """Draw it again only if a reader would see a difference."""
        text = str(panel)
        if text == self._last:
            return
        self._last = text
        if not progress.panel(panel) and panel.state != self._state:
            print(text, flush=True)  # noqa: T201 -- plain Python: nobody else would show the code
        self._state = panel.state


def _begin(session: Session) -> dict[str, Any]:
    from huggingface_hub.errors import DeviceCodeError
    from huggingface_hub.utils._oauth_device import request_device_code

    try:
        device = dict(request_device_code())
        device["interval"] = max(1, int(device["interval"]))  # type: ignore[call-overload]
        device["expires_in"] = max(1, int(device["expires_in"]))  # type: ignore[call-overload]
        str(device["user_code"]), str(device["device_code"]), str(device["verification_uri"])
    except DeviceCodeError as wrong:
        cause = wrong.__cause__ if isinstance(wrong.__cause__, Exception) else wrong
        raise translate(cause, "login", session.settings) or Busy(
            "The Hub does not let anybody log in with a browser now.", f"{AGAIN} --paste"
        ) from wrong
    except (KeyError, TypeError, ValueError):
        raise Busy("The Hub's answer to the login cannot be read.", f"{AGAIN} --paste") from None
    return device


def _panel(device: dict[str, Any], session: Session) -> Panel:
    page = _page(str(device["verification_uri"]))
    link = _page(str(device.get("verification_uri_complete") or "")) or page
    hub = urlsplit(session.settings.endpoint)
    if not page or (urlsplit(page).scheme == "http" and not session.settings.endpoint_is_local):
        raise Refused("The Hub named a page for the login that is not safe to open.", f"{AGAIN} --paste")
    return Panel(str(device["user_code"])[:40], page, link, hub.netloc, float(device["expires_in"]))


def _page(address: str) -> str:
    return address if urlsplit(address).scheme in ("http", "https") else ""


def _outcome(waiting: Waiting, panel: Panel, shown: Shown, session: Session) -> dict[str, Any]:
    if waiting.found.get("access_token"):
        shown.show(panel.now("allowed", 0))
        return waiting.found
    code = getattr(waiting.wrong, "error_code", None)
    if code == "access_denied":
        shown.show(panel.now("denied", 0))
        raise Unauthorized("The login was denied on the Hub's page.", f"To try again: {AGAIN}")
    if waiting.wrong is None or code == "expired_token":
        shown.show(panel.now("expired", 0))
        raise Timeout(f"Nobody entered the code {panel.code} in time.", f"For a new one: {AGAIN}")
    shown.show(panel.now("failed", 0))
    if isinstance(waiting.wrong, HfNbError):
        raise waiting.wrong
    raise translate(waiting.wrong, "login", session.settings) or Busy(
        f"The Hub ended the login: {waiting.wrong}", f"To try again: {AGAIN}"
    ) from waiting.wrong
