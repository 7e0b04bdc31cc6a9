"""Logging in with a browser: the real `hf auth login`, `login()`, `notebook_login()`, and each way it can go wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.offline.small import LEARNER, STRANGER

CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")
CLIENT = "a-program"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
DAYS = 86_400
# a front end that writes down what it is to show
IN_A_NOTEBOOK = """
import huggingface_hub
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.instance().display_pub.publish = lambda data, **_: print(data["text/html"])
huggingface_hub.notebook_login()
"""


@pytest.fixture
def program(mine, tmp_path) -> Any:
    """Start Python as a person without a token would: a home of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(*command: str) -> subprocess.Popen[str]:
        environment = mine.environment_for(os.environ) | {
            "HF_HOME": str(tmp_path / "home"),
            "PYTHONUNBUFFERED": "1",
        }
        process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def code_shown(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if found := CODE.search(line):
            return found[0]
    raise AssertionError("no code was shown")


def begin(raw: Any) -> dict[str, Any]:
    answer = raw.post("/oauth/device", data={"client_id": CLIENT})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def poll(raw: Any, begun: dict[str, Any], client: str = CLIENT) -> tuple[int, dict[str, Any]]:
    given = {"grant_type": GRANT, "device_code": begun["device_code"], "client_id": client}
    answer = raw.post("/oauth/token", data=given)
    return answer.status_code, answer.json()


def renew(raw: Any, token: str, client: str = CLIENT) -> tuple[int, dict[str, Any]]:
    given = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client}
    answer = raw.post("/oauth/token", data=given)
    return answer.status_code, answer.json()


def say(raw: Any, code: str, token: str, answer: str = "allow", **headers: str) -> Any:
    form = {"user_code": code, "token": token, "answer": answer}
    return raw.post("/oauth/device/answer", data=form, headers=headers)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("-m", "huggingface_hub.cli.hf", "auth", "login"),
        ("-c", "import huggingface_hub; huggingface_hub.login()"),
        ("-c", IN_A_NOTEBOOK),
    ],
    ids=["hf auth login", "login()", "notebook_login()"],
)
def test_the_official_client_logs_in(mine, program, command, tmp_path):
    process = program(*command)
    mine.approve(code_shown(process), "learner")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    token = (tmp_path / "home" / "token").read_text(encoding="utf-8")
    assert token.startswith("hf_oauth_")
    assert "[oauth-learner]" in (tmp_path / "home" / "stored_tokens").read_text(encoding="utf-8")
    who = program("-c", "import huggingface_hub, json; print(json.dumps(huggingface_hub.whoami()))")
    me = json.loads(who.communicate(timeout=60)[0])
    assert (me["name"], me["auth"]["type"]) == ("learner", "oauth")
    assert HfApi(endpoint=mine.url, token=token).create_repo("by-login").repo_id == "learner/by-login"
    HfApi(endpoint=mine.url, token=token).delete_repo("learner/by-login")


@pytest.mark.slow
def test_a_login_that_is_denied_fails_in_words(mine, program, tmp_path):
    process = program("-c", "import huggingface_hub; huggingface_hub.login()")
    mine.approve(code_shown(process), "learner", allowed=False)
    output, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Authorization was denied" in output
    assert not (tmp_path / "home" / "token").exists()


@pytest.mark.slow
def test_the_official_client_renews_a_token_that_is_about_to_end(mine, program, tmp_path):
    process = program("-c", "import huggingface_hub; huggingface_hub.login()")
    mine.approve(code_shown(process), "learner")
    process.communicate(timeout=60)
    before = (tmp_path / "home" / "token").read_text(encoding="utf-8")
    stored = tmp_path / "home" / "stored_tokens"
    soon = re.sub(
        r"expires_at = \d+", f"expires_at = {int(time.time()) + 60}", stored.read_text(encoding="utf-8")
    )
    stored.write_text(soon, encoding="utf-8")
    who = program("-c", "import huggingface_hub; print(huggingface_hub.whoami()['name'])")
    assert who.communicate(timeout=60)[0].splitlines()[-1] == "learner"
    after = (tmp_path / "home" / "token").read_text(encoding="utf-8")
    assert after != before
    assert after.startswith("hf_oauth_")


def test_a_person_allows_it_on_the_page(mine, raw_mine):
    begun = begin(raw_mine)
    assert (begun["expires_in"], begun["verification_uri"]) == (900, f"{mine.url}/oauth/device")
    assert poll(raw_mine, begun)[1]["error"] == "authorization_pending"
    page = raw_mine.get(begun["verification_uri_complete"])
    assert begun["user_code"] in page.text
    assert CLIENT in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    typed = begun["user_code"].lower().replace("-", " ")
    done = say(raw_mine, typed, LEARNER, origin=mine.url)
    assert (done.status_code, "logged in as learner" in done.text) == (200, True)
    status, found = poll(raw_mine, begun)
    assert (status, found["token_type"], found["expires_in"]) == (200, "bearer", 30 * DAYS)
    assert poll(raw_mine, begun)[1]["error"] == "invalid_grant"
    assert say(raw_mine, begun["user_code"], LEARNER).status_code == 400
    bearer = {"authorization": f"Bearer {found['access_token']}"}
    me = raw_mine.get("/oauth/userinfo", headers=bearer).json()
    assert (me["preferred_username"], [org["preferred_username"] for org in me["orgs"]]) == (
        "learner",
        ["demo"],
    )
    assert raw_mine.get("/oauth/userinfo").status_code == 401


def test_the_page_wants_proof_and_comes_from_here(mine, raw_mine, bearer):
    begun = begin(raw_mine)
    code = begun["user_code"]
    assert say(raw_mine, code, "hf_nobody").status_code == 403
    assert say(raw_mine, code, "").status_code == 403
    for origin in ("http://evil.example", "null"):
        assert say(raw_mine, code, LEARNER, origin=origin).status_code == 403
    assert say(raw_mine, code, LEARNER, "perhaps").status_code == 400
    assert say(raw_mine, "XXXX-XXXX", LEARNER).status_code == 400
    form = {"user_code": code, "answer": "allow"}
    assert raw_mine.post("/oauth/device/answer", data=form, headers=bearer["learner"]).status_code == 403
    hostile = raw_mine.get("/oauth/device", params={"user_code": "'><script>alert(1)</script>"})
    assert "<script" not in hostile.text.lower()
    strange = raw_mine.post("/oauth/device", data={"client_id": "<b onclick='x'>"}).json()
    assert "<b onclick" not in raw_mine.get(strange["verification_uri_complete"]).text
    assert poll(raw_mine, begun)[1]["error"] == "authorization_pending"
    assert say(raw_mine, code, LEARNER, "deny").status_code == 200
    assert poll(raw_mine, begun)[1]["error"] == "access_denied"


def test_a_login_may_do_what_the_persons_own_token_may(mine, raw_mine):
    begun = begin(raw_mine)
    say(raw_mine, begun["user_code"], STRANGER)  # a token that reads
    token = poll(raw_mine, begun)[1]["access_token"]
    with pytest.raises(HfHubHTTPError, match="403"):
        HfApi(endpoint=mine.url, token=token).create_repo("by-a-reader")
    another = begin(raw_mine)
    assert say(raw_mine, another["user_code"], token).status_code == 403


def test_whoever_asks_too_often_is_told_to_slow_down(mine, raw_mine):
    begun = begin(raw_mine)
    assert poll(raw_mine, begun)[1]["error"] == "authorization_pending"
    assert poll(raw_mine, begun)[1]["error"] == "slow_down"
    mine.pass_(begun["interval"] + 1)
    assert poll(raw_mine, begun)[1]["error"] == "slow_down"  # the pause has grown by five seconds
    mine.pass_(30)
    assert poll(raw_mine, begun)[1]["error"] == "authorization_pending"


def test_codes_tokens_and_refresh_tokens_come_to_an_end(mine, raw_mine):
    late = begin(raw_mine)
    begun = begin(raw_mine)
    mine.approve(begun["user_code"], "learner")
    first = poll(raw_mine, begun)[1]
    mine.pass_(901)
    assert poll(raw_mine, late)[1]["error"] == "expired_token"
    assert say(raw_mine, late["user_code"], LEARNER).status_code == 400
    api = HfApi(endpoint=mine.url)
    assert api.whoami(token=first["access_token"])["name"] == "learner"
    assert renew(raw_mine, first["refresh_token"], "another-program")[1]["error"] == "invalid_grant"
    second = renew(raw_mine, first["refresh_token"])[1]
    assert renew(raw_mine, first["refresh_token"]) == (
        400,
        {
            "error": "invalid_grant",
            "error_description": "This refresh token is unknown, was used already, or has expired",
        },
    )
    mine.pass_(30 * DAYS)
    for pair in (first, second):
        with pytest.raises(HfHubHTTPError):
            api.whoami(token=pair["access_token"])
    third = renew(raw_mine, second["refresh_token"])[1]
    assert api.whoami(token=third["access_token"])["name"] == "learner"
    mine.pass_(181 * DAYS)
    assert renew(raw_mine, third["refresh_token"])[1]["error"] == "invalid_grant"


def test_what_is_asked_wrongly_is_refused_in_the_standards_words(mine, raw_mine):
    begun = begin(raw_mine)
    assert raw_mine.post("/oauth/device").json()["error"] == "invalid_request"
    assert raw_mine.post("/oauth/token").json()["error"] == "unsupported_grant_type"
    exchange = {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": "x"}
    assert raw_mine.post("/oauth/token", json=exchange).json()["error"] == "unsupported_grant_type"
    assert poll(raw_mine, begun, "another-program")[1]["error"] == "invalid_grant"
    assert poll(raw_mine, {"device_code": ""})[1]["error"] == "invalid_grant"


def test_nothing_that_opens_anything_is_kept_as_it_is(mine, raw_mine):
    begun = begin(raw_mine)
    mine.approve(begun["user_code"], "learner")
    pair = poll(raw_mine, begun)[1]
    pending = begin(raw_mine)
    kept = b"".join(Path(path).read_bytes() for path in mine.root.glob("hub.sqlite*"))
    for secret in (pair["access_token"], pair["refresh_token"], pending["device_code"]):
        assert secret.encode() not in kept
    assert pair["access_token"] not in json.dumps(mine.requests())
