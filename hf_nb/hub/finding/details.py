"""What a list leaves out of datasets: rows and columns, from the card, else from the dataset viewer."""

from __future__ import annotations

import contextvars
import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.hub.client import api
from hf_nb.hub.finding import rows
from hf_nb.hub.headers import headers
from hf_nb.hub.translate import translated
from hf_nb.plumbing import reading
from hf_nb.plumbing.session import Session
from hf_nb.plumbing.settings import REAL_HUB
from hf_nb.values import Row

AT_ONCE, MOST = 8, 100
# The viewer may be at work on an answer for minutes; a table does not wait for that.
PATIENCE = 10.0


def detailed(found: Sequence[Row], session: Session, *, carded: bool) -> tuple[list[Row], str | None]:
    """The same rows with what is known of them, and what went wrong. `carded`: the list brought the cards along.

    A card costs a request, and so does the viewer, so there is an end to it.
    """
    viewer = viewer_of(session)

    def look(row: Row) -> Row:
        known = row if carded else _with(row, _card(row, session), session)
        if known.rows is None and viewer:
            return _with(known, {"dataset_info": _viewed(viewer, row, session)}, session)
        return known

    lacking = [row for row in found if row.rows is None][:MOST] if viewer or not carded else []
    with reading.scope(session.settings.deadline):
        answers = _at_once(look, lacking)
    better, troubles = {}, []
    for row, answer in zip(lacking, answers, strict=True):
        try:
            better[row.id] = answer.result()
        except HfNbError as trouble:
            troubles.append(trouble)
    said = (
        f"{len(troubles)} of {len(lacking)} cards could not be read: {troubles[0].problem}"
        if troubles
        else None
    )
    return [better.get(row.id, row) for row in found], said


def viewer_of(session: Session) -> str | None:
    """The dataset viewer's address; only the real Hub has one."""
    from huggingface_hub import constants

    return constants.DATASETS_SERVER_ENDPOINT if session.settings.endpoint == REAL_HUB else None


def _at_once(work: Callable[[Row], Row], some: Sequence[Row]) -> list[Future[Row]]:
    """All of it, a few at a time; the stop button waits for none of them."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        answers = [pool.submit(contextvars.copy_context().run, work, row) for row in some]
        for answer in answers:
            answer.exception()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return answers


def _card(row: Row, session: Session) -> Any:
    with translated(f"dataset {row.id}", session.settings):
        card = api(session).dataset_info(row.id, expand=["cardData"]).card_data
    return card.to_dict() if card else None


def _viewed(viewer: str, row: Row, session: Session) -> list[dict[str, Any]]:
    """The viewer's words for a dataset, turned into those of a card; empty where it knows nothing (yet)."""
    from huggingface_hub.utils import get_session, hf_raise_for_status

    try:
        with translated(f"dataset {row.id}", session.settings), reading.scope(PATIENCE):
            answer = get_session().get(f"{viewer}/info", params={"dataset": row.id}, headers=headers())
            hf_raise_for_status(answer)
            said = answer.json()
    except HfNbError:
        return []
    return [
        {
            "features": [{"name": name} for name in _named(one.get("features"))],
            "splits": list(_named(one.get("splits")).values()),
            "download_size": one.get("download_size"),
        }
        for one in _named(_named(said).get("dataset_info")).values()
        if isinstance(one, dict)
    ]


def _named(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _with(row: Row, card: Any, session: Session) -> Row:
    count, columns, download = rows.described(card)
    size = row.bytes if row.bytes is not None else download
    return dataclasses.replace(
        row,
        rows=row.rows if count is None else count,
        columns=columns or row.columns,
        bytes=size,
        seconds=rows.seconds(size, session.settings.download_mbit),
    )
