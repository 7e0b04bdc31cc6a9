"""A Space that is restarted: its stages pass by the Hub's clock, for whoever may change it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from hf_nb.offline import restarts
from tests.offline.small import DAY, LEARNER, TEACHER

RUNS = {"stage": "RUNNING", "hardware": {"current": "t4-small", "requested": "t4-small"}}


def stages(runtime: dict[str, object], seconds: float = 12.0) -> list[str]:
    found: list[str] = []
    for tick in range(int(seconds * 4)):
        stage = str(restarts.at(runtime, DAY + timedelta(seconds=tick / 4))["stage"])
        if not found or found[-1] != stage:
            found.append(stage)
    return found


@pytest.mark.parametrize(
    ("before", "passes"),
    [
        ("RUNNING", ["BUILDING", "APP_STARTING", "RUNNING"]),
        ("SLEEPING", ["BUILDING", "APP_STARTING", "RUNNING"]),
        ("PAUSED", ["BUILDING", "APP_STARTING", "RUNNING"]),
        ("RUNTIME_ERROR", ["BUILDING", "APP_STARTING", "RUNTIME_ERROR"]),
        ("BUILD_ERROR", ["BUILDING", "BUILD_ERROR"]),
        ("NO_APP_FILE", ["BUILDING", "NO_APP_FILE"]),
    ],
)
def test_it_is_built_started_and_rests_where_its_code_lets_it(before, passes):
    assert stages(restarts.begun({**RUNS, "stage": before}, DAY)) == passes


def test_a_restart_of_a_restart_ends_in_the_same_place_and_an_error_keeps_its_message():
    broken = {**RUNS, "stage": "RUNTIME_ERROR", "errorMessage": "KeyError"}
    twice = restarts.begun(restarts.begun(broken, DAY), DAY)
    assert stages(twice)[-1] == "RUNTIME_ERROR"
    assert "errorMessage" not in restarts.at(twice, DAY)
    assert restarts.at(twice, DAY + timedelta(hours=1))["errorMessage"] == "KeyError"


def test_hardware_is_current_only_while_something_runs_and_a_factory_restart_takes_longer():
    begun, anew = restarts.begun(RUNS, DAY), restarts.begun(RUNS, DAY, factory=True)
    assert restarts.at(begun, DAY)["hardware"] == {"current": None, "requested": "t4-small"}
    later = DAY + timedelta(seconds=restarts.BUILDING + restarts.STARTING)
    assert restarts.at(begun, later)["hardware"]["current"] == "t4-small"
    assert (restarts.at(begun, later)["stage"], restarts.at(anew, later)["stage"]) == ("RUNNING", "BUILDING")


def test_the_official_client_restarts_a_space_and_sees_it_come_up(mine):
    owner = HfApi(endpoint=mine.url, token=TEACHER)
    assert owner.get_space_runtime("demo/app").stage == "RUNNING"
    assert owner.restart_space("demo/app").stage == "BUILDING"
    mine.pass_(restarts.BUILDING)
    shown = owner.space_info("demo/app").runtime
    assert shown is not None
    assert shown.stage == "APP_STARTING"
    mine.pass_(restarts.STARTING)
    (listed,) = owner.list_spaces(author="demo", expand=["runtime"])
    assert listed.runtime is not None
    assert listed.runtime.stage == "RUNNING"
    assert "passing" not in listed.runtime.raw


def test_who_may_not_write_restarts_nothing_and_a_static_one_has_nothing_to_start(mine):
    anybody = HfApi(endpoint=mine.url, token=False)
    mine.pass_(3600)  # whatever was begun before is over
    with pytest.raises(HfHubHTTPError, match="403"):
        HfApi(endpoint=mine.url, token=LEARNER).restart_space("demo/app")
    assert anybody.get_space_runtime("demo/app").stage == "RUNNING"
    owner = HfApi(endpoint=mine.url, token=TEACHER)
    owner.create_repo("demo/page", repo_type="space", space_sdk="static")
    with pytest.raises(BadRequestError, match="Static"):
        owner.restart_space("demo/page")
