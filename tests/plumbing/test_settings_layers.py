"""Who may decide what: a team, the user, a folder's .env, a project; and what a planted project gets: nothing."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hf_nb.errors import BadInput, Refused
from hf_nb.plumbing import token
from hf_nb.plumbing.settings import ENVIRONMENT, Settings

CANARY = "hf_" + "PlantedCanary" * 3


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's config.toml; the working folder is an empty project."""
    folder, project = tmp_path / "config", tmp_path / "project"
    folder.mkdir()
    project.mkdir()
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(folder))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    monkeypatch.delenv("HF_NB_TEAM_CONFIG", raising=False)
    monkeypatch.chdir(project)
    for variable in (
        *(one for known in ENVIRONMENT.values() for one in known),
        *token.VARIABLES,
        token.API_KEY,
    ):
        monkeypatch.setenv(variable, "")
    monkeypatch.setattr(token, "origin", {})
    return folder / "config.toml"


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "team.toml"
    monkeypatch.setenv("HF_NB_TEAM_CONFIG", str(path))
    return path


def project(text: str) -> None:
    Path("pyproject.toml").write_text(text)


# -- the team


def test_a_team_suggests_and_the_user_decides(team: Path, config: Path) -> None:
    team.write_text("search_limit = 5\nread_timeout = 7.0\n")
    config.write_text("search_limit = 9\n")
    settings = Settings()
    assert (settings.search_limit, settings.source("search_limit")) == (9, "config.toml")
    assert (settings.read_timeout, settings.source("read_timeout")) == (7.0, f"team file {team}")


def test_what_a_team_locks_nobody_changes(team: Path, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    team.write_text('allow_upload = false\nlocked = ["allow_upload"]\n')
    config.write_text("allow_upload = true\n")
    monkeypatch.setenv("HF_NB_ALLOW_UPLOAD", "1")
    settings = Settings()
    assert settings.allow_upload is False
    assert settings.about("allow_upload").locked
    with pytest.raises(Refused, match="locked by the team file") as caught:
        settings.allow_upload = True
    assert str(team) in caught.value.problem
    assert settings.allow_upload is False
    with pytest.raises(Refused, match="allow_upload = false") as caught:
        settings.require("upload")
    assert str(team) in caught.value.next_step
    settings.require("datasets")


def test_lock_true_locks_all_it_sets_and_a_default_can_be_locked(team: Path) -> None:
    team.write_text("read_timeout = 5.0\nlocked = true\n")
    assert Settings().lock_of("read_timeout") == team
    team.write_text('locked = ["endpoint"]\n')
    with pytest.raises(Refused):
        Settings().endpoint = "https://mirror.example"


def test_the_machines_own_folder_counts_before_the_variable(team: Path, tmp_path: Path) -> None:
    site = tmp_path / "etc" / "hf-nb"
    site.mkdir(parents=True)
    (site / "config.toml").write_text("local_only = true\nlocked = true\n")
    team.write_text("local_only = false\nlocked = true\n")
    settings = Settings()
    assert (settings.local_only, settings.lock_of("local_only")) == (True, site / "config.toml")


def test_a_locked_endpoint_is_handed_to_the_official_libraries(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.write_text('endpoint = "https://mirror.example"\nlocked = true\n')
    monkeypatch.setenv("HF_ENDPOINT", "https://elsewhere.example")
    Settings().hand_on()
    assert os.environ["HF_ENDPOINT"] == "https://mirror.example"


@pytest.mark.parametrize("text", ["locked = ['nothing_of_ours']\n", "endpont = 'x'\n", "locked = [\n"])
def test_a_team_file_with_a_mistake_is_not_passed_over(text: str, team: Path) -> None:
    team.write_text(text)
    with pytest.raises(BadInput):
        Settings()


def test_a_team_file_that_is_gone_is_not_passed_over(team: Path) -> None:
    with pytest.raises(BadInput, match="HF_NB_TEAM_CONFIG"):
        Settings()


# -- .env


def test_a_dotenv_of_a_strange_folder_counts_for_nothing_and_that_is_said() -> None:
    Path(".env").write_text(f"HF_TOKEN={CANARY}\nHF_ENDPOINT=https://evil.example\nOTHER=1\n")
    settings = Settings()
    settings.hand_on()
    assert settings.source("endpoint") == "default"
    assert not os.environ["HF_TOKEN"]
    (note,) = settings.notes
    assert "HF_TOKEN, HF_ENDPOINT" in note
    assert CANARY not in note
    assert "--trust-here" in note


def test_a_dotenv_of_a_trusted_folder_counts_below_the_environment(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(f'trusted_folders = ["{Path.cwd()}"]\n')
    Path(".env").write_text(
        f"# mine\nexport HUGGINGFACE_BASE_URL='https://mirror.example' # ours\n\n"
        f'HF_TOKEN = "{CANARY}"\nHF_NB_READ_TIMEOUT=3\n'
    )
    monkeypatch.setenv("HF_NB_READ_TIMEOUT", "4")
    settings = Settings()
    settings.hand_on()
    assert (settings.endpoint, settings.source("endpoint")) == ("https://mirror.example", ".env")
    assert (settings.read_timeout, settings.source("read_timeout")) == (4.0, "environment")
    assert os.environ["HF_TOKEN"] == CANARY
    assert token.name() == "token from .env"


def test_trust_does_not_reach_into_folders_below(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text(f'trusted_folders = ["{Path.cwd()}"]\n')
    below = Path("clone")
    below.mkdir()
    (below / ".env").write_text("HF_ENDPOINT=https://evil.example\n")
    monkeypatch.chdir(below)
    assert Settings().source("endpoint") == "default"


def test_a_dotenv_cannot_make_itself_trusted(config: Path) -> None:
    Path(".env").write_text("HF_NB_TRUSTED_FOLDERS=/\ntrusted_folders=/\nHF_ENDPOINT=https://evil.example\n")
    project(f'[tool.hf_nb]\ntrusted_folders = ["{Path.cwd()}"]\n')
    settings = Settings()
    assert settings.source("endpoint") == "default"
    assert settings.refusal is not None


def test_an_api_key_serves_as_a_token_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUGGINGFACE_API_KEY", CANARY)
    Settings().hand_on()
    assert os.environ["HF_TOKEN"] == CANARY
    assert token.name() == "token from HUGGINGFACE_API_KEY"


# -- a project


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("local_only = true", "local_only", True),
        ("search_limit = 3", "search_limit", 3),
        ("read_timeout = 2", "read_timeout", 2.0),
        ("allow_upload = false", "allow_upload", False),
        ("trace = false", "trace", False),
        ("monthly_requests = 100", "monthly_requests", 100),
        ("allowed_licences = ['open']", "allowed_licences", ["open"]),
    ],
)
def test_a_project_may_tighten(line: str, name: str, value: object) -> None:
    project(f"[tool.hf_nb]\n{line}\n")
    settings = Settings()
    assert settings.refusal is None
    assert getattr(settings, name) == value
    assert settings.source(name).startswith("project ")


def test_a_project_cannot_raise_a_limit(config: Path) -> None:
    config.write_text("search_limit = 4\n")
    project("[tool.hf_nb]\nsearch_limit = 400\n")
    settings = Settings()
    assert (settings.search_limit, settings.source("search_limit")) == (4, "config.toml")


def test_a_project_cannot_widen_a_list_or_lift_a_budget(config: Path) -> None:
    config.write_text("allowed_licences = ['mit', 'apache-2.0']\nmonthly_requests = 50\n")
    project("[tool.hf_nb]\nallowed_licences = ['apache-2.0', 'unknown']\nmonthly_requests = 0\n")
    settings = Settings()
    assert (settings.allowed_licences, settings.monthly_requests) == (["apache-2.0"], 50)
    project("[tool.hf_nb]\nallowed_licences = ['unknown']\n")
    with pytest.raises(Refused, match="allowed_licences"):
        Settings().check()  # nothing would be left, and an empty list lets everything in


def test_a_project_tightens_even_what_a_team_locks_and_the_lock_stays(team: Path) -> None:
    team.write_text("search_limit = 10\nlocked = true\n")
    project("[tool.hf_nb]\nsearch_limit = 2\n")
    settings = Settings()
    assert settings.search_limit == 2
    with pytest.raises(Refused):
        settings.search_limit = 3


@pytest.mark.parametrize(
    "line",
    [
        'endpoint = "https://evil.example"',
        f'hf_token = "{CANARY}"',
        f'token = "{CANARY}"',
        'proxy = "http://evil.example"',
        "local_only = false",
        "allow_upload = true",
        'allow_upload = "false"',
        'search_limit = "3"',
        "search_limit = true",
        "default_models = {text-classification = 'evil/model'}",
        'policy = "free first"',
        'methods = ["hf"]',
        "local_download_limit = true",
        "[tool.hf_nb.endpoint]\nx = 1",
    ],
)
def test_a_project_that_asks_for_more_stops_every_verb_until_it_is_gone(line: str) -> None:
    project(f"[tool.hf_nb]\n{line}\n")
    settings = Settings()
    with pytest.raises(Refused, match="may not set") as caught:
        settings.check()
    assert str(Path("pyproject.toml").resolve()) in caught.value.problem
    assert "Delete" in caught.value.next_step
    assert CANARY not in str(caught.value)
    assert settings.source("endpoint") == "default"
    assert len(caught.value._render_traceback_()) <= 3


def test_a_project_may_keep_its_models_here() -> None:
    project('[tool.hf_nb]\npolicy = "local only"\nlocal_download_limit = 5\n')
    settings = Settings()
    assert (settings.policy, settings.local_download_limit) == ("local only", 5)
    assert settings.refusal is None


@pytest.mark.parametrize(
    "text", ["", "[tool.hf_nb", "tool = 1\n# hf_nb", "[tool.other]\nx = 'hf_nb'\n", "tool.hf_nb = 3\n"]
)
def test_other_projects_are_none_of_our_business(text: str) -> None:
    project(text)
    assert Settings().refusal is None


def test_a_pipe_or_an_endless_file_in_its_place_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo("pyproject.toml")
    Path(".env").symlink_to("/dev/zero")
    assert Settings().refusal is None


class Evil(http.server.BaseHTTPRequestHandler):
    """Writes down whatever it is sent."""

    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(f"{self.command} {self.path} {self.headers}")
        self.send_response(404)
        self.end_headers()

    do_POST = do_HEAD = do_PUT = do_GET  # noqa: N815 -- the library's names

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def evil() -> Iterator[tuple[str, list[str]]]:
    seen: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Evil,), {"seen": seen}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("own_endpoint", [False, True], ids=["planted alone", "with the user's own Hub"])
def test_a_planted_project_gets_no_request_at_all(
    own_endpoint: bool,  # noqa: FBT001 -- a parameter
    evil: tuple[str, list[str]],
    tmp_path: Path,
) -> None:
    address, seen = evil
    project(f'[tool.hf_nb]\nendpoint = "{address}"\nhf_token = "x"\n')
    Path(".env").write_text(f"HF_ENDPOINT={address}\nHUGGINGFACE_BASE_URL={address}\n")
    environment = {**os.environ, "HF_HOME": str(tmp_path / "home"), "HF_TOKEN": CANARY}
    environment["HF_ENDPOINT"] = "http://127.0.0.1:9" if own_endpoint else "http://127.0.0.1:7"
    for words in (["info", "a/b"], ["whoami"], ["login", "--wait", "2"]):
        ran = subprocess.run(
            [sys.executable, "-m", "hf_nb", *words],
            env=environment,
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 1, (words, ran)
        assert "This project may not set endpoint" in ran.stderr
        assert CANARY not in ran.stdout + ran.stderr
    shown = subprocess.run(
        [sys.executable, "-m", "hf_nb", "settings"],
        env=environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert "may not set endpoint" in shown.stdout
    assert seen == []


# -- an assignment


def test_a_misspelt_name_is_not_a_new_attribute() -> None:
    with pytest.raises(BadInput, match="endpont") as caught:
        Settings().endpont = "x"
    assert "endpoint" in caught.value.next_step


def test_a_wrong_value_is_our_error_and_changes_nothing() -> None:
    settings = Settings()
    with pytest.raises(BadInput):
        settings.search_limit = 0
    with pytest.raises(BadInput):
        settings.endpoint = "http://hub.example"
    assert settings.search_limit == 20
