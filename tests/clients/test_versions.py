"""hf_nb works with the oldest huggingface_hub it lets in: our own tests of every seam say so (see versions.py)."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from hf_nb.hub.checkup.symptoms import software
from tests.clients import prepare, versions
from tests.clients.conftest import installed


def test_one_lower_bound_is_declared_prepared_and_told_by_the_doctor() -> None:
    with (prepare.ROOT / "pyproject.toml").open("rb") as read:
        declared = tomllib.load(read)["project"]["dependencies"]
    (official,) = (one for one in declared if one.startswith("huggingface_hub"))
    first, last = software.TRIED
    assert official == f"huggingface_hub>={first},<3"
    assert prepare.OLDEST.startswith(f"{first}.")
    assert versions.shipped().startswith(f"{last}.")
    assert f"huggingface_hub=={versions.shipped()}" == prepare.CLIENT


@pytest.mark.timeout(400)
def test_the_seams_hold_with_the_oldest_huggingface_hub(capsys: Any) -> None:
    installed(prepare.light(prepare.OLDEST))
    report = versions.run(prepare.OLDEST)
    with capsys.disabled():
        print("", *report.lines(), sep="\n")
    assert not report.failures
    passed = {case["file"] for case in report.cases if case["outcome"] == "passed"}
    assert passed == set(versions.CONTRACT)
    assert sum(case["outcome"] == "passed" for case in report.cases) > 400
