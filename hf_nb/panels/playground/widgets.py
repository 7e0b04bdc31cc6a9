"""The examples a model's card brings: its `widget` entries, as inputs of the task it is tried for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError
from hf_nb.hub.client import api
from hf_nb.hub.translate import translated
from hf_nb.panels import cards
from hf_nb.panels.models import here
from hf_nb.panels.playground import forms, given
from hf_nb.plumbing import reading
from hf_nb.tasks import FIELDS, In, Task

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MOST, LONGEST = 8, 4_000
PATIENCE = 5.0  # seconds: good to have, and not to be waited for
# What a card calls the first of several fields.
_FIRST = {In.LABELLED: "text", In.QUESTION: "question", In.SENTENCES: "source_sentence", In.TABLE: "query"}


def examples(id: str, row: Task, session: Session) -> list[dict[str, Any]]:
    """Those that fit the task, from the card on this machine, else from the Hub's; none where nobody says."""
    found = []
    for entry in _entries(_card(id, session)):
        value = _input(entry, row)
        if value is not None and len(str(value)) <= LONGEST:
            shown = given.shown(row, value)
            title = cards.word(entry.get("example_title"))
            found.append({"label": cards.clipped(title or forms.label(shown)), "input": shown})
    return found[:MOST]


def _card(id: str, session: Session) -> Mapping[str, Any]:
    snapshot = here.commit_of(here.folder_of(id))
    if snapshot is not None and (front := cards.front(snapshot / "README.md")):
        return front
    expand: Any = ["cardData"]
    with contextlib.suppress(HfNbError), translated(f"model {id}", session.settings):
        with reading.scope(PATIENCE), session.ledger.looking():
            data = api(session).model_info(id, expand=expand).card_data
        return data.to_dict() if data is not None else {}
    return {}


def _entries(card: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    widget = card.get("widget")
    yield from (one for one in widget if isinstance(one, Mapping)) if isinstance(widget, list) else ()


def _input(entry: Mapping[str, Any], row: Task) -> Any:
    """An entry as the task's input; None where it is for another one."""
    text = entry.get("text")
    if row.input is In.TEXT:
        return text if isinstance(text, str) and text.strip() else None
    if row.input is In.CHAT:
        messages = entry.get("messages")
        if messages is None and isinstance(text, str):
            messages = [{"role": "user", "content": text}]
        return {"messages": messages} if _conversation(messages) else None
    fields = {_FIRST[row.input]: text, **entry}
    found = {name: fields.get(name) for name in FIELDS[row.input]}
    if isinstance(found.get("candidate_labels"), str):
        found["candidate_labels"] = [one.strip() for one in str(found["candidate_labels"]).split(",")]
    return found if all(found.values()) else None


def _conversation(messages: Any) -> bool:
    return (
        isinstance(messages, list)
        and bool(messages)
        and all(isinstance(one, Mapping) and isinstance(one.get("content"), str) for one in messages)
    )
