"""The tokens this user has in use, to be looked for by value before anything is sent. They are kept nowhere."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from hf_nb.plumbing import token

SHORTEST = 12  # shorter values stand in ordinary text
_NAMES = re.compile(
    r"(^|_)(TOKEN|API_?KEY|SECRET|SECRET_KEY|ACCESS_KEY|SECRET_ACCESS_KEY|PASSWORD|PASSWD|AUTH_KEY)$|^HF_NB_HUB_ADMIN$"
)
# values that say nothing: a test's, a local server's
_DULL = re.compile(
    r"(?i)^(dummy|none|null|test|empty|token|secret|password|changeme|not-needed|sk-no-key)[\w.-]*$"
)


@dataclass(frozen=True)
class Live:
    """One token in every form it could stand in a file; `kind` says whose it is and not what."""

    kind: str
    forms: tuple[bytes, ...] = field(repr=False)


def tokens() -> tuple[Live, ...]:
    """Of the environment, and those the official client has stored."""
    found: dict[str, str] = {}
    for name, value in os.environ.items():
        if _NAMES.search(name.upper()) and len(value) >= SHORTEST and not _DULL.match(value):
            found.setdefault(value, f"your {name}")
    for value in token.values():
        found.setdefault(value, "your stored Hub token")
    return tuple(Live(f"{kind}, live", forms(value)) for value, kind in found.items())


def forms(value: str) -> tuple[bytes, ...]:
    """As it is, in an address, in UTF-16, and inside anything that was encoded in base64."""
    raw = value.encode()
    made = [raw, quote(value, safe="").encode(), value.encode("utf-16-le")]
    for shift, lost in ((0, 0), (1, 2), (2, 3)):
        whole = (shift + len(raw)) * 8 // 6  # letters that depend on the token alone
        coded = base64.b64encode(b"\0" * shift + raw)[lost:whole]
        made += [coded, coded.translate(bytes.maketrans(b"+/", b"-_"))]
    return tuple(dict.fromkeys(made))
