"""A doctor names the right cause, quickly, and lets no secret out."""

import errno
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hf_nb.hub.checkup import doctor as doctors
from hf_nb.hub.checkup.doctor import doctor
from hf_nb.hub.checkup.symptoms import disk, software
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session
from hf_nb.plumbing.transports.faults import Fault
from hf_nb.values.doctor import Checkup, Symptom
from tests.company import Wall

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

TOKEN = "hf_" + "Doctor0123" * 3


@pytest.fixture
def session(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    for name in ("HF_NB_CACHE_DIR", "HF_NB_DATA_DIR", "HF_NB_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in http.CERTIFICATES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return Session()


def told(checkup: Checkup, area: str) -> list[Symptom]:
    return [one for one in checkup.findings if one.area == area]


def test_a_healthy_machine_has_no_problem_and_the_hub_is_asked_little(hub: Any, session: Session) -> None:
    hub.clear_requests()
    found = doctor(session=session)
    assert found.problems == ()
    assert "answers in" in told(found, "hub")[0].detail
    assert {"hub", "disk", "software", "environment"} <= set(found.areas)
    assert len([one for one in hub.requests() if "agent" not in one["path"]]) == 1
    assert found.seconds < 5


class Case(NamedTuple):
    """A broken machine: what makes it so, and what the doctor must say."""

    break_: Callable[[Session, Any, Path, pytest.MonkeyPatch], None]
    area: str
    says: str
    step: str


def no_network(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    session.faults.append(Fault("connect"))


def no_name(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """As the system says it of a name that nobody knows; no question about it may leave this machine."""
    import socket

    asked = socket.getaddrinfo

    def unknown(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host == "127.0.0.1":
            return asked(host, *args, **kwargs)
        raise socket.gaierror(-2, "Name or service not known")

    patch.setattr(socket, "getaddrinfo", unknown)
    session.settings.endpoint = "https://hugingface.example"


def wrong_endpoint(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    session.settings.endpoint = hub.cdn_url


def portal(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    hub.add_fault("portal")


def bad_token(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("HF_TOKEN", TOKEN)


def full_disk(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    patch.setattr(Path, "write_bytes", full)
    patch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**11, 10**11, 0))


def unwritable_cache(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder / "hub").write_text("a file where a folder should be")


def closed_cache(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    def closed(path: Path, content: bytes) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    patch.setattr(Path, "write_bytes", closed)


def lost_certificates(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("SSL_CERT_FILE", str(folder / "nowhere.pem"))


def offline_variable(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("HF_HUB_OFFLINE", "1")
    patch.setattr("huggingface_hub.constants.is_offline_mode", lambda: True)


def hang(session: Session, hub: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
    hub.add_fault("latency", seconds=8)


BROKEN: dict[str, Case] = {
    "no network": Case(no_network, "hub", "not running", "hf-nb hub run"),
    "no such name": Case(no_name, "hub", "no address is known", "%hf settings endpoint="),
    "wrong endpoint": Case(wrong_endpoint, "hub", "it is no Hub", "%hf settings endpoint="),
    "a hotel's page": Case(portal, "hub", "it is no Hub", "%hf settings endpoint="),
    "bad token": Case(bad_token, "token", "does not accept", "%hf login"),
    "full disk": Case(full_disk, "disk", "the disk is full", "%hf cache trim"),
    "a file for a cache": Case(unwritable_cache, "disk", "is a file", "HF_HOME="),
    "closed cache": Case(closed_cache, "disk", "may not be written", "chmod"),
    "lost certificates": Case(lost_certificates, "network", "not there", "SSL_CERT_FILE"),
    "offline variable": Case(offline_variable, "environment", "asks nothing", "os.environ.pop"),
    "a Hub that hangs": Case(hang, "hub", "did not answer in time", "Try again"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_the_right_cause_is_named_with_a_step_in_five_seconds(
    case: str, hub: Any, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = BROKEN[case]
    broken.break_(session, hub, tmp_path, monkeypatch)
    began = time.monotonic()
    found = doctor(session=session)
    assert time.monotonic() - began < doctors.PATIENCE + 1
    (first, *_) = [one for one in found.problems if one.area == broken.area]
    assert broken.says in first.detail
    assert broken.step in first.next_step
    assert f"✗ {broken.area}: {first.what}" in str(found)


def test_a_copy_does_not_make_a_hub_in_trouble_look_well(hub: Any, session: Session) -> None:
    from huggingface_hub import HfApi

    http.install(session)
    with http.verb(session):
        list(HfApi(endpoint=session.settings.endpoint).list_models(limit=1))
    with hub.fault("status", status=503, match="/api/*"):
        (problem,) = doctor(session=session).problems
    assert "cannot answer now" in problem.detail


def test_a_certificate_nobody_trusts_is_named(hub: Any, session: Session, tmp_path: Path) -> None:
    with Wall(hub.url, tmp_path) as wall:
        session.settings.endpoint = wall.mirror
        (problem, *_) = doctor(session=session).problems
    assert "certificate" in problem.detail
    assert "SSL_CERT_FILE=" in problem.next_step


def test_nothing_is_asked_of_a_hub_elsewhere_under_local_only(session: Session) -> None:
    session.settings.endpoint = "https://huggingface.co"
    session.settings.local_only = True
    found = doctor(session=session)
    (one,) = told(found, "hub")
    assert "not asked" in one.detail
    assert any(one.what == "local_only" for one in found.warnings)


def test_no_secret_is_in_the_report(session: Session, hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setenv("HTTPS_PROXY", "http://ada:s3cret-pass-word@127.0.0.1:1")
    monkeypatch.setenv("HF_HOME", f"/nowhere/{TOKEN}")
    found = doctor(session=session)
    everything = str(found) + json.dumps(found.to_dict()) + found._repr_mimebundle_()["text/html"]
    assert TOKEN not in everything
    assert "s3cret-pass-word" not in everything
    assert "HTTPS_PROXY" in everything


def test_a_clock_that_is_wrong_is_noticed(
    hub: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime, timedelta

    from hf_nb.hub.checkup.symptoms import network

    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ARG003 -- as datetime has it
            return datetime.now(UTC) + timedelta(minutes=10)

    monkeypatch.setattr(network, "datetime", Late)
    (warning,) = [one for one in doctor(session=session).warnings if one.what == "clock"]
    assert "10 min ahead" in warning.detail


def test_spent_limits_are_a_problem(session: Session) -> None:
    session.settings.monthly_requests = 1
    found = doctor(session=session)
    assert [one.area for one in found.problems] == ["limits"]


def test_parts_of_broken_downloads_are_counted(session: Session, tmp_path: Path) -> None:
    blobs = tmp_path / "hub" / "models--a--b" / "blobs"
    blobs.mkdir(parents=True)
    for name, age in (("old.incomplete", 7200), ("now.incomplete", 0), ("whole", 7200)):
        (blobs / name).write_bytes(b"x" * 1000)
        os.utime(blobs / name, (time.time() - age,) * 2)
    (parts,) = [one for one in told(doctor(session=session), "disk") if one.what == "parts"]
    assert parts.detail.startswith("1 unfinished")


def test_a_large_cache_is_not_counted_to_its_end(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(disk, "_LOOKING", 0.0)
    blobs = tmp_path / "hub" / "models--a--b" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / "x").write_bytes(b"x")
    (size,) = [one for one in told(doctor(session=session), "disk") if one.what == "cache size"]
    assert size.detail.startswith("more than")


def test_a_graphics_card_is_found_by_its_own_tool_and_torch_is_not_loaded(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho 'NVIDIA H200, 143771, 12'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    found = told(doctor(session=session), "accelerator")
    assert found[0].detail == "NVIDIA H200, 12 of 143771 MiB in use"
    if (software._version("torch") or "").endswith("+cpu"):
        assert found[1].state == "warn"
    tool.write_text("#!/bin/sh\nexit 9\n")
    assert "none found" in told(doctor(session=session), "accelerator")[0].detail


def test_one_look_that_fails_or_hangs_spoils_no_other(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faints(session: Session) -> Any:
        yield Symptom("first", "half", "ok")
        raise RuntimeError("ouch")

    def hangs(session: Session) -> Any:
        time.sleep(3)
        yield Symptom("late", "late", "ok")

    monkeypatch.setattr(doctors, "PATIENCE", 0.3)
    monkeypatch.setattr(
        doctors, "LOOKS", (("hangs", hangs), ("faints", faints), ("settings", software.settings))
    )
    found = doctor(session=session)
    assert found.seconds < 1
    assert "not finished" in told(found, "hangs")[0].detail
    assert told(found, "first")
    assert "ouch" in told(found, "faints")[0].detail
    assert told(found, "settings")


@pytest.mark.parametrize(
    ("version", "state", "says"),
    [
        ("2.2.0", "problem", "2.2.0 is too old"),
        ("2.3.0", "ok", "2.3.0"),
        ("2.4.7.dev0", "ok", "2.4.7.dev0"),
        ("2.10.1", "note", "2.10.1; hf_nb was tried with 2.3 to 2.4"),
        ("3.0.0", "note", "hf_nb was tried with"),
        (None, "problem", "none is too old"),
    ],
)
def test_a_huggingface_hub_nobody_tried_is_said(
    version: str | None, state: str, says: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(software, "_version", lambda name: version if name == "huggingface_hub" else "1.0")
    monkeypatch.setattr(doctors, "LOOKS", (("software", software.versions),))
    (found,) = [one for one in told(doctor(session=session), "software") if one.what == "huggingface_hub"]
    assert found.state == state
    assert says in found.detail
    assert bool(found.next_step) == (state == "problem")


def test_hostile_words_stay_words(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", "<script>alert(1)</script>\x1b[31m")
    found = doctor(session=session)
    assert "<script>" not in found._repr_mimebundle_()["text/html"]
    assert "\x1b" not in str(found)
