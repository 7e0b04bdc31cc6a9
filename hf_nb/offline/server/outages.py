"""The answers of a Hub in trouble, and of what may stand before it, with the headers the real ones send."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from hf_nb.offline.server.answers import Answer, as_text
from hf_nb.offline.server.limits import bucket_of


class Outage(NamedTuple):
    """What is said, and with which headers; an HTML page comes from a load balancer."""

    words: str
    headers: Mapping[str, str] = {}


_RESTRICTED = "Access to this repository is restricted"
_OURS = "Internal Error - We're working hard to fix this as soon as possible!"


def _page(title: str) -> Outage:
    return Outage(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>",
        {"server": "awselb/2.0"},
    )


# status -> X-Error-Code -> answer; the first is meant where no code is named, "" is sent without one
OUTAGES: dict[int, dict[str, Outage]] = {
    400: {"BadRequest": Outage("Bad Request")},
    401: {
        "InvalidCredentials": Outage("Invalid credentials in Authorization header"),
        "RepoNotFound": Outage("Invalid username or password."),
        "GatedRepo": Outage(
            f"{_RESTRICTED}. You must have access to it and be authenticated to access it. Please log in."
        ),
        "Unauthorized": Outage("Invalid username or password."),
    },
    402: {"": Outage("You have used up what your account may spend on inference this month.")},
    403: {
        "Forbidden": Outage("Forbidden"),
        "GatedRepo": Outage(f"{_RESTRICTED} and you are not in the authorized list. Ask for access."),
        "DisabledRepo": Outage("Access to this resource is disabled."),
    },
    404: {
        "RepoNotFound": Outage("Repository not found"),
        "RevisionNotFound": Outage("Invalid rev id"),
        "EntryNotFound": Outage("Entry not found"),
    },
    408: {"": Outage("Request Timeout", {"connection": "close"})},
    # the one conflict that is not about what is there already, which the Hub says itself; the client asks again at once
    409: {"": Outage("Cannot create repo: another conflicting operation is in progress. Please retry.")},
    410: {"": Outage("The model is no longer served here.")},
    412: {"": Outage("A commit has happened since. Please refresh and try again.")},
    413: {"PayloadTooLarge": Outage("The body is too long")},
    416: {"": Outage("Range Not Satisfiable", {"content-range": "bytes */0"})},
    422: {"": Outage("The input is not what this model expects.")},
    429: {
        "": Outage(
            "We had to rate limit you",
            {
                "ratelimit": '"{bucket}";r=0;t={seconds}',
                "ratelimit-policy": '"fixed window";"{bucket}";q=500;w=300',
            },
        )
    },
    500: {"": Outage(_OURS)},
    502: {"": _page("502 Bad Gateway")},
    503: {"": Outage("Service Unavailable")},
    504: {"": _page("504 Gateway Time-out")},
    507: {"InsufficientStorage": Outage("The Hub's disk takes nothing more: nothing was written.")},
}
PORTAL = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><form>Room number <input></form></body></html>"


def outage(status: int, code: str | None, *, path: str, seconds: float | None) -> Answer:
    """One of the above, about this address."""
    known = OUTAGES[status]
    code = next(iter(known)) if code is None else code
    words, headers = known[code]
    asked = {"bucket": bucket_of(path), "seconds": str(max(1, round(seconds or 1)))}
    filled = {name: value.format(**asked) for name, value in headers.items()}
    if status == 503 and seconds is not None:
        filled["retry-after"] = asked["seconds"]
    if words.startswith("<"):
        return Answer(status, {**filled, "content-type": "text/html"}, words.encode())
    if code:
        filled["x-error-code"] = code
    filled |= {"x-error-message": words, "content-type": "application/json; charset=utf-8"}
    return Answer(status, filled, json.dumps({"error": words}).encode())


def portal() -> Answer:
    """A page nobody asked for, with every sign of success."""
    return as_text(PORTAL, kind="text/html")


def empty() -> Answer:
    """Success, and nothing in it."""
    return Answer(200, {"content-type": "application/json; charset=utf-8"})


def loop(path: str, query: str) -> Answer:
    """To the same address again."""
    location = f"{path}?{query}" if query else path
    return as_text("Found", status=302, headers={"location": location})
