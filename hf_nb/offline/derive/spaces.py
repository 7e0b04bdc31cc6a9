"""What the Hub says about a Space, from its card and its code."""

import re

from hf_nb.offline.derive import card
from hf_nb.offline.derive.facts import Facts, Snapshot, unique, words

SDKS = ("gradio", "streamlit", "docker", "static")
_QUOTED_ID = re.compile(r"""["']([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})["']""")
_MOST_CODE = 1 << 20


def space(id: str, files: Snapshot) -> Facts:
    """Everything about a Space."""
    text = files.bytes("README.md").decode("utf-8", "replace")
    front = card.metadata(text)
    sdk = next((word for word in words(front.get("sdk")) if word in SDKS), None)
    named = [("model", name, "") for name in words(front.get("models"))] + [
        ("dataset", name, "") for name in words(front.get("datasets"))
    ]
    # Ids the code quotes count as used; those that name no repository are dropped when they are read.
    quoted = [(kind, name, "") for name in _quoted(files) for kind in ("model", "dataset")]
    details = {"cardData": front or None, "description": card.opening(text) or None}
    return Facts(
        tags=unique(
            [
                sdk or "",
                *words(front.get("tags")),
                *[f"license:{word}" for word in words(front.get("license"))],
                "region:us",
            ]
        ),
        sdk=sdk,
        links=list(dict.fromkeys(named + quoted)),
        details={key: value for key, value in details.items() if value is not None},
    )


def _quoted(files: Snapshot) -> list[str]:
    found: list[str] = []
    for path in files.blobs:
        if path.endswith((".py", ".js", ".html")):
            found += _QUOTED_ID.findall(files.bytes(path, _MOST_CODE).decode("utf-8", "replace"))
    return unique(found)[:200]
