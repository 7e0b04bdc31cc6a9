"""What comparisons are tried on: hand-written sentences, and models of the offline Hub that read them."""

from __future__ import annotations

from hf_nb.offline import content

GOOD, OTHER, THIRD = "hfnb-demo/sentiment-en", "hfnb-demo/sentiment-fr", "hfnb-demo/topic-en"
WRITES, CHATS = "hfnb-demo/pydoc-gpt", "hfnb-demo/chat-en"


def sentences(count: int | None = None) -> tuple[list[str], list[str]]:
    """Texts and whether they are pleased, as their writers meant them; so many, of both kinds."""
    from pathlib import Path

    file = Path(content.__file__).parent / "texts" / "sentiment_en_test.txt"
    lines = [one for one in file.read_text(encoding="utf-8").splitlines() if one[:2] in ("+ ", "- ")]
    texts = [one[2:] for one in lines]
    labels = ["positive" if one[0] == "+" else "negative" for one in lines]
    step = max(1, len(texts) // count) if count else 1
    return texts[::step][:count], labels[::step][:count]
