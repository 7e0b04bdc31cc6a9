"""A small Hub that a file of tests may write to, and its people; tests/offline/small.py says what it holds."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from tests.offline.small import LEARNER, STRANGER, TEACHER

if TYPE_CHECKING:
    import pytest
    from huggingface_hub import HfApi

    from hf_nb.offline.running import Running
    from hf_nb.plumbing.session import Session

_numbers = itertools.count()
TOKENS = {"learner": LEARNER, "teacher": TEACHER, "stranger": STRANGER}


class Own:
    """The Hub, a session that talks to it, and whose token is in use."""

    def __init__(self, hub: Running, session: Session, patch: pytest.MonkeyPatch) -> None:
        self.hub, self.session, self._patch = hub, session, patch

    def be(self, name: str | None) -> None:
        """From here on requests are this person's; None: nobody's."""
        if name is None:
            self._patch.delenv("HF_TOKEN", raising=False)
        else:
            self._patch.setenv("HF_TOKEN", TOKENS[name])

    @staticmethod
    def name(word: str) -> str:
        """A name that no repository has yet."""
        return f"{word}-{next(_numbers)}"

    def api(self, name: str) -> HfApi:
        """The official client as somebody, past our wrappers' settings."""
        from huggingface_hub import HfApi

        return HfApi(endpoint=self.hub.url, token=TOKENS[name])
