"""Behind a company's wall: the environment's proxy and certificates are used, and nothing secret of them is shown."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.errors import BadInput, HfNbError, Unreachable
from hf_nb.hub.translate import translated
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session
from tests.company import NAME, Wall

REPO = "hfnb-demo/sentiment-en"
PASSWORD = "s3cret-pass-word"
SECRET = f"ada:{PASSWORD}"


@pytest.fixture
def wall(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    for name in ("NO_PROXY", "no_proxy", *http.CERTIFICATES):
        monkeypatch.delenv(name, raising=False)
    with Wall(hub.url, tmp_path) as standing:
        monkeypatch.setenv("SSL_CERT_FILE", str(standing.authority))
        yield standing


@pytest.fixture
def locked(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    with Wall(hub.url, tmp_path, secret=SECRET) as standing:
        monkeypatch.setenv("SSL_CERT_FILE", str(standing.authority))
        yield standing


def info(endpoint: str) -> tuple[Any, Session]:
    """A verb's question and an official call, through our client."""
    from huggingface_hub import HfApi

    session = Session()
    session.settings.endpoint = endpoint
    session.settings.response_cache_minutes = 0
    http.install(session)
    api = HfApi(endpoint=endpoint)
    with http.verb(session), session.span("hub.info"), translated(REPO, session.settings):
        found = api.model_info(REPO)
    assert list(api.list_models(limit=1))
    return found, session


def test_a_hub_behind_a_proxy_and_the_companys_certificate_answers(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", wall.proxy)
    found, _ = info(f"https://{NAME}")
    assert found.id == REPO
    assert set(wall.tunnels) == {f"{NAME}:443"}


def test_files_come_the_same_way(wall: Wall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import hf_hub_download

    monkeypatch.setenv("HTTPS_PROXY", wall.proxy)
    _, session = info(f"https://{NAME}")
    path = hf_hub_download(
        REPO, "config.json", endpoint=session.settings.endpoint, cache_dir=tmp_path / "cache"
    )
    assert Path(path).stat().st_size


def test_no_proxy_leads_past_the_proxy(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", wall.proxy)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert info(wall.mirror)[0].id == REPO
    assert wall.tunnels == []


def test_a_mirror_with_a_certificate_of_its_own_answers(wall: Wall) -> None:
    assert info(wall.mirror)[0].id == REPO


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_certificates_may_be_named_as_requests_and_curl_taught(
    variable: str, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv(variable, str(wall.authority))
    assert info(wall.mirror)[0].id == REPO


def test_a_proxy_that_wants_a_password_gets_the_environments(
    locked: Wall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_NB_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HTTPS_PROXY", locked.proxy.replace("//", f"//{SECRET}@"))
    found, session = info(f"https://{NAME}")
    assert found.id == REPO
    assert locked.refused == 0
    assert PASSWORD not in str([one.to_dict() for one in session.spans.recent()])
    written = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert written
    assert all(PASSWORD.encode() not in path.read_bytes() for path in written)


@pytest.mark.parametrize("given", ["", "ada:wrong-pass-word@"])
def test_a_proxy_that_refuses_us_says_what_to_set_and_never_the_password(
    given: str, locked: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", locked.proxy.replace("//", f"//{given}"))
    with pytest.raises(Unreachable) as caught:
        info(f"https://{NAME}")
    shown = str(caught.value)
    assert "HTTPS_PROXY" in shown
    assert "wrong-pass-word" not in shown
    assert locked.refused == 1, "what a proxy refuses is not asked again"
    assert len(caught.value._render_traceback_()) <= 3


def wrong_name(wall: Wall, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")


def wrong_authority(wall: Wall, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    import trustme

    other = folder / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.setenv("SSL_CERT_FILE", str(other))


@pytest.mark.parametrize("spoil", [wrong_name, wrong_authority])
def test_a_certificate_nobody_trusts_says_what_to_set_and_is_not_tried_again(
    spoil: Callable[[Wall, pytest.MonkeyPatch, Path], None],
    wall: Wall,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    spoil(wall, monkeypatch, tmp_path)
    monkeypatch.setattr("hf_nb.plumbing.transports.retry.time.sleep", _never)
    with pytest.raises(Unreachable) as caught:
        info(wall.mirror)
    assert "certificate" in caught.value.problem
    assert "SSL_CERT_FILE=" in caught.value.next_step


def _never(seconds: float) -> None:
    raise AssertionError(seconds)


def test_certificates_that_are_not_there_are_named(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/company.pem")
    with pytest.raises(BadInput, match="SSL_CERT_FILE names certificates that are not there"):
        info(wall.mirror)


def test_a_proxy_that_is_not_there_is_an_error_of_ours(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(HfNbError, match="cannot be reached") as caught:
        info(f"https://{NAME}")
    assert "proxy" in caught.value.next_step
