"""What goes wrong between here and a remote file, in our words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hf_nb.errors import (
    BadInput,
    Busy,
    HfNbError,
    NotFound,
    RateLimited,
    Refused,
    Timeout,
    Unauthorized,
    Unreachable,
)
from hf_nb.plumbing import http

if TYPE_CHECKING:
    from hf_nb.data.files.place import Place

# Passing troubles of a server; the Hub's own are repeated by `plumbing.transports.retry`.
BUSY = frozenset({408, 429, 500, 502, 503, 504})
_SAID = 20_000  # of a refusal's text is read


def status(place: Place, name: str, answer: Any) -> HfNbError:
    """The error that an answer's status means. Reads a little of it, and closes it."""
    code = answer.status_code
    if place.of_hub and not place.led:
        return _of_hub(place, name, answer)
    answer.close()
    host = urlsplit(place.url).hostname
    match code:
        case 401 | 403 | 407:
            return Unauthorized(
                f"{host} does not let you read {name} ({code}).", "Check the address; a signed one ends."
            )
        case 404 | 410:
            return NotFound(f"{host} has no {name}.", "Check the address.")
        case 429:
            return RateLimited(
                f"{host} says: too many requests.", "Try again in a minute.", after=_after(answer)
            )
        case _ if code in BUSY or code >= 500:
            return Busy(f"{host} cannot answer now ({code}).", "Try again in a minute.", after=_after(answer))
        case _:
            return Refused(f"{host} refused to send a part of {name} ({code}).")


def foreign(place: Place, name: str, wrong: Exception) -> HfNbError | None:
    """The HTTP library's errors, and the Hub's, as ours; None for what is a defect."""
    if place.of_hub:
        return _by_the_hub(place, name, wrong)
    httpx, host = http.library(), urlsplit(place.url).hostname
    match wrong:
        case http.GaveUp():
            return foreign(place, name, wrong.last)
        case httpx.TimeoutException():
            return Timeout(
                f"{host} did not answer in time.", "Try again, or raise hf_nb.settings().read_timeout"
            )
        case httpx.ConnectError():
            return Unreachable(f"{host} cannot be reached.", "Check the address and the network.")
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return BadInput(f"{name} is no address of a file.", "Addresses begin with https://")
        case httpx.RequestError():
            return Unreachable(f"The connection to {host} broke off.", "Try again.")
        case _:
            return None


def _of_hub(place: Place, name: str, answer: Any) -> HfNbError:
    from huggingface_hub.utils import hf_raise_for_status

    try:
        if int(answer.headers.get("content-length") or 0) <= _SAID:
            answer.read()
        hf_raise_for_status(answer)
    except Exception as wrong:  # noqa: BLE001 -- whatever the official client makes of it is translated
        return foreign(place, name, wrong) or Busy(f"The Hub answered {answer.status_code} about {name}.")
    finally:
        answer.close()
    return Busy(f"The Hub answered {answer.status_code} about {name}.", "Try again in a minute.")


def _by_the_hub(place: Place, name: str, wrong: Exception) -> HfNbError | None:
    """What it says is said of the repository, whose page is where access is asked for."""
    from huggingface_hub import errors as theirs

    from hf_nb.hub.translate import translate

    file, settings = place.file, place.session.settings
    if file is None:
        return translate(wrong, name, settings)
    match wrong:
        case theirs.GatedRepoError():
            return Unauthorized(
                f"{file.repository} is gated: its owner has to let you in.",
                f"Ask for access at {file.page(settings.endpoint)}, or log in with a token that has it: %hf login",
            )
        case theirs.RemoteEntryNotFoundError():
            return NotFound(f"{file.repository} has no file {file.path}.")
        case _:
            return translate(wrong, file.repository, settings)


def _after(answer: Any) -> float | None:
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isdigit() else None
