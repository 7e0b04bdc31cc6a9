"""What is known of how good a model is: the results in its repository's `.eval_results`, and those in its card.

The first name a benchmark's dataset on the Hub and the task within it, so that two models' results are surely of the
same thing; the second name whatever their author wrote. Neither is checked here: whose word it is, is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError
from hf_nb.hub.client import api
from hf_nb.hub.reading import card
from hf_nb.hub.translate import translated
from hf_nb.values.info import Score

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MOST = 200  # of one model


def of(id: str, session: Session) -> tuple[Score, ...]:
    """The Hub's, then the card's; where one of the Hub's cannot be read, the card's alone."""
    return _asked(id, ["cardData", "evalResults"], session) or _asked(id, ["cardData"], session)


def _asked(id: str, expand: Any, session: Session) -> tuple[Score, ...]:
    try:
        with translated(f"model {id}", session.settings):
            found = api(session).model_info(id, expand=expand)
        return (*entered(found), *card.scores(found))[:MOST]
    # The official client stops at the first entry that is not as it should be; a stranger wrote them.
    except (HfNbError, TypeError, AttributeError, KeyError, ValueError):
        return ()


def entered(found: Any) -> Iterator[Score]:
    """The entries of `.eval_results`. A note says how it was measured: with another it is another measure."""
    for one in getattr(found, "eval_results", None) or ():
        if isinstance(one.value, bool) or not isinstance(one.value, (int, float)):
            continue
        whose = next(
            (w for w in (one.source_name, one.source_org, one.source_user) if isinstance(w, str)), None
        )
        note = one.notes if isinstance(one.notes, str) else None
        yield Score("", str(one.dataset_id), str(one.task_id), one.value, split=note, source=whose)
