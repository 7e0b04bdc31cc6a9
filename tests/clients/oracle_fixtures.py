"""The fixtures that huggingface_hub's source distribution leaves out; oracle.py copies this file beside its tests.

A test that asks the real Hub, which the loopback guard forbids, is none of the offline Hub's.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi, RepoUrl, constants

ENDPOINT = constants.ENDPOINT
TOKEN = "hf_HubCITokenXXXXXXXXXXXXXXXXXXXXX"
RepoFactory = Callable[..., RepoUrl]


def pytest_configure(config: pytest.Config) -> None:
    for marker in ("api", "transfer", "inference", "xet", "no_xet", "production", "deprecated", "git_lfs"):
        config.addinivalue_line("markers", f"{marker}: as in huggingface_hub's pyproject.toml")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    wrong = call.excinfo.value if call.excinfo else None
    while wrong is not None and report.failed:
        if why := not_applicable(wrong):
            report.outcome, report.longrepr = "skipped", (str(item.path), 0, f"Skipped: {why}")
        wrong = wrong.__cause__ or wrong.__context__
    return report


def not_applicable(wrong: BaseException) -> str:
    """Why this error is none of the offline Hub's."""
    # by the loopback guard, which this process does not import by name
    return "asks the real Hub" if type(wrong).__name__ == "ReachedOut" else ""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "own-cache"))


# for the session: some of their classes make one repository for all their tests
@pytest.fixture(scope="session")
def api() -> HfApi:
    return HfApi(endpoint=ENDPOINT, token=TOKEN)


@pytest.fixture(scope="session")
def repo_factory(api: HfApi) -> RepoFactory:
    from .testing_utils import repo_name  # type: ignore[import-untyped]

    def create(repo_type: str | None = None, *, repo_id: str | None = None, **more: Any) -> RepoUrl:
        return api.create_repo(repo_id or repo_name(), repo_type=repo_type, **more)

    return create
