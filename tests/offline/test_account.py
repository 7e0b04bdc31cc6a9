"""The demo Hub's own account: whoever runs a lesson under it can log in, and nobody else is given it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi

from hf_nb.offline import running


def test_the_variable_logs_in_as_the_learner(hub: Any) -> None:
    token = hub.environment[running.LEARNER_TOKEN]
    assert HfApi(hub.url, token=token).whoami()["name"] == "learner"
    assert hub.environment_for({})[running.LEARNER_TOKEN] == token


def test_a_hub_with_a_folder_of_its_own_has_no_such_account(tmp_path: Path) -> None:
    with running.start(tmp_path / "root") as own:
        assert running.LEARNER_TOKEN not in own.environment_for(os.environ)
