"""Logging in against a Hub that plays its part: in a browser, at a prompt, from a variable; and every way it ends."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import hf_nb
from hf_nb.errors import BadInput, Busy, NotFound, Refused, Stopped, Timeout, Unauthorized, Unreachable
from hf_nb.hub.people import device, stored
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from hf_nb.plumbing import progress, redact, session
from hf_nb.values.login import Panel, Who

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

LEARNER, TEACHER = "hf_learner_offline", "hf_teacher_offline"
DAY = datetime(2026, 1, 2, tzinfo=UTC)
CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")


@pytest.fixture(scope="module")
def _own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("hub") / "store"
    store = Store.open(root)
    store.organisation("lab", "Lab")
    store.user("learner", LEARNER, orgs={"lab": "read"})
    store.user("teacher", TEACHER, orgs={"lab": "admin"})
    store.create_repo("model", "teacher/secret", private=True, created_at=DAY)
    store.commit(
        "model", "teacher/secret", {"README.md": b"# Secret"}, title="one", author="teacher", date=DAY
    )
    store.close()
    with start(root) as running:
        yield running


@pytest.fixture
def own(_own: Running) -> Iterator[Running]:
    """A Hub with a learner and a teacher, whose model `teacher/secret` is private."""
    _own.clear_requests()
    yield _own
    _own.clear_faults()
    _own.reset_clock()


@pytest.fixture
def home(own: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person without a token, on that Hub."""
    from huggingface_hub import constants
    from huggingface_hub.utils import _auth

    folder = tmp_path / "home"
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.setenv(variable, "")
    monkeypatch.setenv("HF_ENDPOINT", own.url)
    for name, file in (("HF_TOKEN_PATH", "token"), ("HF_STORED_TOKENS_PATH", "stored_tokens")):
        monkeypatch.setenv(name, str(folder / file))
        monkeypatch.setattr(constants, name, str(folder / file))
    monkeypatch.setattr(constants, "ENDPOINT", own.url)
    monkeypatch.setattr(_auth, "_OAUTH_REFRESH_CACHE", None)
    return folder


class Face:
    """Sees every state of the panel, and does something at the first sight of the code."""

    def __init__(self, act: Callable[[Panel], None] = lambda _: None) -> None:
        self.panels: list[Panel] = []
        self.act = act

    def say(self, line: str) -> None:
        pass

    def show(self, how_far: progress.Progress) -> None:
        pass

    def panel(self, value: object) -> bool:
        assert isinstance(value, Panel)
        self.panels.append(value)
        if len(self.panels) == 1:
            self.act(value)
        return True

    @property
    def states(self) -> list[str]:
        return [panel.state for panel in self.panels]


def log_in(act: Callable[[Panel], None], **how: Any) -> tuple[Face, Who]:
    face = Face(act)
    with progress.to(face):
        return face, hf_nb.login(**how)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# -- with a browser


def test_a_code_is_shown_and_whoever_enters_it_is_logged_in(own: Running, home: Path) -> None:
    face, who = log_in(lambda panel: own.approve(panel.code, "learner"))
    assert CODE.fullmatch(face.panels[0].code)
    assert face.panels[0].link == f"{own.url}/oauth/device?user_code={face.panels[0].code}"
    assert face.states == ["waiting", "allowed"]
    assert (who.name, who.token, who.role, who.renewed) == ("learner", "oauth-learner", "oauth", True)
    assert [org.name for org in who.orgs] == ["lab"]
    assert (mode(home / "token"), mode(home / "stored_tokens"), mode(home)) == (0o600, 0o600, 0o700)
    from huggingface_hub import HfApi

    assert HfApi().whoami()["name"] == "learner"
    assert hf_nb.whoami().name == "learner"


def test_no_panel_and_no_value_holds_what_opens_anything(own: Running, home: Path) -> None:
    face, who = log_in(lambda panel: own.approve(panel.code, "learner"))
    kept = (home / "stored_tokens").read_text()
    secret = [
        line.partition(" = ")[2] for line in kept.splitlines() if line.startswith(("hf_token", "refresh"))
    ]
    assert len(secret) == 2
    shown = "".join(
        f"{one}{one.to_dict()}{one!r}{json.dumps(one._repr_mimebundle_())}" for one in (*face.panels, who)
    )
    shown += f"{hf_nb.tokens.list()}{hf_nb.tokens.list().to_dict()}"
    assert not any(part in shown for part in secret)
    spans = str([span.to_dict() for span in session.current().spans.recent()])
    assert "hub.login" in spans
    assert not any(part in spans for part in secret)


def test_a_denial_is_said_and_nothing_is_stored(own: Running, home: Path) -> None:
    face = Face(lambda panel: own.approve(panel.code, "learner", allowed=False))
    with progress.to(face), pytest.raises(Unauthorized, match="denied"):
        hf_nb.login()
    assert face.states[-1] == "denied"
    assert not (home / "token").exists()


def test_a_code_that_nobody_enters_comes_to_an_end(own: Running, home: Path) -> None:
    face = Face(lambda _: own.pass_(901))
    with progress.to(face), pytest.raises(Timeout, match="Nobody entered the code"):
        hf_nb.login()
    assert face.states[-1] == "expired"


def test_a_shorter_wait_is_kept_to(home: Path) -> None:
    face, began = Face(), time.monotonic()
    with progress.to(face), pytest.raises(Timeout):
        hf_nb.login(wait=1.5)
    assert time.monotonic() - began < 10
    assert not (home / "token").exists()


@pytest.mark.slow  # the Hub asks for five seconds more
def test_being_told_to_slow_down_is_obeyed_and_no_failure(
    own: Running, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = device._begin
    monkeypatch.setattr(device, "_begin", lambda session: begin(session) | {"interval": 0.3})
    face, who = log_in(lambda panel: threading.Timer(1, own.approve, (panel.code, "learner")).start())
    polls = [one for one in own.requests() if one["path"] == "/oauth/token"]
    assert (who.name, face.states[-1]) == ("learner", "allowed")
    assert len(polls) <= 4, "at its first pace it would have been seventeen"


def test_a_hub_that_has_enough_for_a_moment_is_no_failure(own: Running, home: Path) -> None:
    with own.fault("status", match="POST /oauth/token", status=503, count=1):
        face, who = log_in(lambda panel: own.approve(panel.code, "learner"))
    assert (who.name, face.states[-1]) == ("learner", "allowed")


@pytest.mark.slow  # the Hub is silent for longer than its pause
def test_a_network_that_goes_in_the_middle_is_said_and_may_come_back(
    own: Running, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "_SILENCE", 1.0)
    face = Face()

    def act(panel: Panel) -> None:
        fault = own.add_fault("refuse", match="POST /oauth/token")
        threading.Timer(4, fault.end).start()
        threading.Timer(4.5, lambda: own.approve(panel.code, "learner")).start()

    face.act = act
    with progress.to(face):
        who = hf_nb.login()
    assert "silent" in face.states
    assert face.states[-1] == "allowed"
    assert who.name == "learner"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 503}, Busy),
        ({"kind": "refuse"}, Unreachable),
        ({"kind": "portal"}, Busy),
        ({"kind": "empty"}, Busy),
    ],
    ids=["503", "no connection", "a hotel's page", "nothing"],
)
def test_a_hub_that_cannot_begin_says_so(
    fault: dict[str, Any], kind: type[Exception], own: Running, home: Path
) -> None:
    how = dict(fault)
    with own.fault(how.pop("kind"), match="POST /oauth/device", **how), pytest.raises(kind) as caught:
        hf_nb.login()
    assert len(str(caught.value).splitlines()) <= 3


def test_plain_python_prints_the_code_and_the_page(
    own: Running, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def watch() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not (found := CODE.search(shown())):
            time.sleep(0.05)
        assert found
        own.approve(found[0], "learner")

    seen: list[str] = []

    def shown() -> str:
        seen.append(capsys.readouterr().out)
        return "".join(seen)

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert hf_nb.login().name == "learner"
    watcher.join()
    assert f"{own.url}/oauth/device" in shown()
    assert "The code was entered." in shown()


@pytest.mark.slow
def test_the_stop_button_ends_it_at_once_and_a_late_yes_stores_nothing(own: Running, home: Path) -> None:
    import _thread

    face = Face(lambda _: threading.Timer(0.7, _thread.interrupt_main).start())
    began = time.monotonic()
    with progress.to(face), pytest.raises(Stopped):
        hf_nb.login()
    assert time.monotonic() - began < 10
    assert face.states[-1] == "stopped"
    own.approve(face.panels[0].code, "learner")
    time.sleep(2.5)
    assert not (home / "token").exists()
    assert not any(thread.name == "hf_nb login" for thread in threading.enumerate())


# -- at a prompt, from a variable


def test_a_variable_is_checked_and_stored_under_a_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", f"{TEACHER}\n")
    who = hf_nb.login("work", from_env="MY_TOKEN")
    assert (who.name, who.token, who.role) == ("teacher", "work", "write")
    assert [token.name for token in hf_nb.tokens.list()] == ["work"]
    assert hf_nb.tokens.list()[0].role == "write"


def test_a_token_that_the_hub_does_not_know_is_not_stored(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "hf_" + "Zz9" * 12
    monkeypatch.setenv("MY_TOKEN", wrong)
    with pytest.raises(Unauthorized) as caught:
        hf_nb.login(from_env="MY_TOKEN")
    assert wrong not in str(caught.value)
    assert not (home / "stored_tokens").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "no variable"),
        ("api_org_abcdefgh", "organisation"),
        ("two words", "no token"),
        ("hf_ümläut", "no token"),
        ("x" * 5_000, "no token"),
    ],
)
def test_what_is_no_token_is_not_sent(
    given: str, said: str, own: Running, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", given)
    with pytest.raises(BadInput, match=said):
        hf_nb.login(from_env="MY_TOKEN")
    assert own.requests() == []


@pytest.mark.parametrize("name", ["a]b", "x\ny", "DEFAULT", " ", "n" * 101, LEARNER])
def test_a_name_the_file_cannot_hold_is_refused(name: str, home: Path) -> None:
    with pytest.raises(BadInput) as caught:
        hf_nb.login(name, from_env="PATH")
    assert LEARNER not in str(caught.value)


def test_a_line_of_a_pipe_will_do(home: Path, own: Running) -> None:
    environment = {**os.environ, "HF_HOME": str(home)}
    ran = subprocess.run(
        [sys.executable, "-m", "hf_nb", "login", "ci", "--paste"],
        input=f"{LEARNER}\n",
        env=environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "learner" in ran.stdout
    assert LEARNER not in ran.stdout + ran.stderr


@pytest.mark.slow
def test_in_a_terminal_the_code_is_shown_once_and_the_answer_printed(home: Path, own: Running) -> None:
    environment = {**os.environ, "HF_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "hf_nb", "login", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, text=True, stdout=pipe, stderr=pipe) as running:
        assert running.stderr
        shown = ""
        while not (found := CODE.search(shown.partition("  enter")[2])):
            line = running.stderr.readline()
            assert line, shown
            shown += line
        own.approve(found[0], "learner")
        out, rest = running.communicate(timeout=60)
    assert json.loads(out)["name"] == "learner"
    assert (shown + rest).count("Log in to the offline Hub") == 1
    assert rest.endswith("The code was entered.\n")
    assert "hf_" not in out + shown + rest


# -- several tokens


@pytest.fixture
def both(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two tokens are stored; the learner's is in use."""
    monkeypatch.setenv("ONE", TEACHER)
    monkeypatch.setenv("TWO", LEARNER)
    hf_nb.login("work", from_env="ONE")
    hf_nb.login("play", from_env="TWO")
    return home


def test_switching_counts_at_once_for_every_official_call(both: Path) -> None:
    from huggingface_hub import HfApi, HfFileSystem
    from huggingface_hub.errors import RepositoryNotFoundError

    theirs = HfApi()
    assert theirs.whoami()["name"] == "learner"
    with pytest.raises(RepositoryNotFoundError):
        theirs.model_info("teacher/secret")
    with pytest.raises(FileNotFoundError):
        HfFileSystem().ls("teacher/secret")
    who = hf_nb.tokens.use("work")
    assert isinstance(who, Who)
    assert who.name == "teacher"
    assert theirs.whoami()["name"] == "teacher"
    assert theirs.model_info("teacher/secret").private
    assert HfFileSystem().ls("teacher/secret", detail=False)
    hf_nb.tokens.use("play")
    with pytest.raises(RepositoryNotFoundError):
        theirs.model_info("teacher/secret")
    with pytest.raises(NotFound):
        hf_nb.info("teacher/secret")


def test_switching_takes_a_variable_out_of_this_process_and_says_so(
    both: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", LEARNER)
    listed = hf_nb.tokens.list()
    assert [(token.name, token.active) for token in listed] == [
        ("HF_TOKEN", True),
        ("play", False),
        ("work", False),
    ]
    assert "%hf tokens use" in str(listed.note)
    who = hf_nb.tokens.use("work")
    assert isinstance(who, Who)
    assert "HF_TOKEN no longer counts" in str(who.note)
    assert "HF_TOKEN" not in os.environ
    assert hf_nb.whoami().name == "teacher"


def test_an_unknown_name_lists_the_known_ones(both: Path) -> None:
    with pytest.raises(NotFound, match="no stored token") as caught:
        hf_nb.tokens.use("wrok")
    assert "play, work" in caught.value.next_step


def test_a_token_that_was_revoked_is_not_switched_to(both: Path) -> None:
    text = (both / "stored_tokens").read_text()
    (both / "stored_tokens").write_text(text.replace(TEACHER, "hf_" + "Revoked123" * 3))
    with pytest.raises(Unauthorized):
        hf_nb.tokens.use("work")
    assert hf_nb.whoami().name == "learner"


def test_without_a_network_the_switch_still_happens(both: Path, own: Running) -> None:
    began = time.monotonic()
    with own.fault("refuse", match="/api/whoami-v2"):
        token = hf_nb.tokens.use("work")
    assert time.monotonic() - began < 12
    assert (token.brief(), stored.active()) == (["work"], TEACHER)


ROTATE = """
import gc, os, sys
import hf_nb
old = os.environ.pop("OLD_REVERSED")[::-1]
hf_nb.whoami()
import huggingface_hub
huggingface_hub.HfApi().whoami(cache=True)
huggingface_hub.whoami(cache=True)
who = hf_nb.tokens.rotate("work", from_env="NEW")
print(who.name, who.token)
from hf_nb.hub.people import stored
assert old not in str(stored.read())
gc.collect()
seen = {id(box): box for box in gc.get_objects()}
# a dictionary of texts alone is not tracked: it is found through what refers to it
seen |= {id(inner): inner for box in list(seen.values()) for inner in gc.get_referents(box) if isinstance(inner, dict)}
held = []
for box in list(seen.values()):
    inside = [*box, *box.values()] if isinstance(box, dict) else box if isinstance(box, (list, set, tuple)) else ()
    if box is not globals() and any(type(one) is str and old in one for one in inside):
        held.append(str(box)[:300])
print("held", held)
print("variables", [name for name, value in os.environ.items() if old in value])
"""


@pytest.mark.slow
def test_rotating_replaces_a_token_and_leaves_the_old_one_nowhere(both: Path, own: Running) -> None:
    hf_nb.tokens.use("work")
    environment = {**os.environ, "HF_TOKEN": TEACHER, "NEW": LEARNER, "OLD_REVERSED": TEACHER[::-1]}
    del environment["ONE"]
    ran = subprocess.run(
        [sys.executable, "-c", ROTATE],
        env=environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["learner work", "held []", "variables []"]
    assert TEACHER not in (both / "token").read_text() + (both / "stored_tokens").read_text()


def test_a_rotation_that_fails_keeps_the_old_token(both: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW", "hf_" + "Unknown123" * 3)
    with pytest.raises(Unauthorized):
        hf_nb.tokens.rotate("work", from_env="NEW")
    assert stored.value_of("work") == TEACHER


def test_a_token_about_to_end_says_when(both: Path) -> None:
    kept = stored.read()
    kept["work"] |= {"expires_at": str(int(time.time()) + 7_300)}
    stored._save(kept)
    assert "expires in 2 h" in str(hf_nb.tokens.list())


# -- logging out


def test_logging_out_forgets_the_token_in_use_and_names_the_others(both: Path) -> None:
    gone = hf_nb.logout()
    assert (gone.forgotten, gone.left) == (("play",), ("work",))
    with pytest.raises(Unauthorized, match="not logged in") as caught:
        hf_nb.whoami()
    assert caught.value.next_step.endswith("%hf login")
    assert hf_nb.logout("work").forgotten == ("work",)
    with pytest.raises(Unauthorized):
        hf_nb.logout()


def test_logging_out_of_everything_takes_variables_too(both: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TEACHER)
    gone = hf_nb.logout(everything=True)
    assert gone.forgotten == ("play", "work", "HF_TOKEN")
    assert len(hf_nb.tokens.list()) == 0
    assert stored.read() == {}


# -- the files


FULL = """
import resource, sys
import hf_nb
hf_nb.tokens.list()
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    hf_nb.login("third", from_env="TWO")
except hf_nb.errors.TooLarge as full:
    print(full.problem)
"""


def test_a_full_disk_loses_no_token(both: Path) -> None:
    before = (both / "stored_tokens").read_bytes()
    ran = subprocess.run(
        [sys.executable, "-c", FULL],
        env={**os.environ, "HF_NB_TRACE": "0"},
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert "The disk is full" in ran.stdout, ran.stderr
    assert (both / "stored_tokens").read_bytes() == before
    assert not [path for path in both.iterdir() if path.name.startswith(".stored")]


def test_another_hub_than_the_official_clients_is_refused(home: Path, own: Running) -> None:
    hf_nb.settings().endpoint = "http://127.0.0.1:9"
    with pytest.raises(Refused, match="still speaks to"):
        hf_nb.login(from_env="PATH")
    assert own.requests() == []


def test_what_the_official_login_stored_is_listed_and_used(home: Path) -> None:
    from huggingface_hub import login as theirs

    theirs(token=LEARNER)
    assert [(token.name, token.active) for token in hf_nb.tokens.list()] == [("learner-offline", True)]
    assert redact.tokens(f"it is {LEARNER}") == "it is hf_[redacted]"


def test_names_of_the_hub_that_would_break_the_file_are_tidied() -> None:
    from hf_nb.hub.people.login import _tidy

    assert _tidy("evil]\nhf_token = x") == "evilhf_token = x"
    assert _tidy("[]") == "token"
