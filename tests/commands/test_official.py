"""The official commands in this process: a call hears itself alone, asks nothing of its own, fails in our words."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pytest

from hf_nb import errors
from hf_nb.commands import official
from hf_nb.commands.official import refused, said, wrong
from hf_nb.plumbing import progress, session
from hf_nb.plumbing.session import Session
from hf_nb.values.official import OfficialRecord, OfficialResult, OfficialRows, OfficialText
from tests.kernels import Kernel

MODEL = "hfnb-demo/sentiment-en"
TOKEN = "hf_teacher_offline"


@pytest.fixture
def here(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A session on the test's Hub; whatever Hub the official client was imported for."""
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    session.use(Session())
    official.run(["version"])  # the official client asks its Hub something when it is imported
    hub.clear_requests()
    return hub


def asked(hub: Any) -> list[str]:
    return [f"{one['method']} {one['path']}" for one in hub.requests()]


def test_rows_keep_their_types_and_know_their_ids(here: Any) -> None:
    rows = official.run(["models", "ls", "--search", "sentiment"])
    assert isinstance(rows, OfficialRows)
    assert MODEL in rows.ids
    first = next(row for row in rows if row["id"] == MODEL)
    assert isinstance(first["downloads"], int)
    assert isinstance(first["created_at"], datetime)
    assert isinstance(first["tags"], list)
    assert rows.brief() == rows.ids
    assert json.loads(json.dumps(rows.to_dict()))["rows"][0]["id"] == rows.ids[0]
    frame = rows.to_pandas()
    assert len(frame) == len(rows)
    assert frame["created_at"].dt.year.min() > 2000


def test_a_line_asks_the_network_for_what_it_says_and_nothing_else(here: Any) -> None:
    official.run(["models", "ls", "--search", "sentiment"])
    official.run(["models", "info", MODEL])
    assert asked(here) == ["GET /api/models", f"GET /api/models/{MODEL}"]


@pytest.mark.parametrize("words", [["modles", "ls"], ["models", "lss"], ["models", "ls", "--serch", "x"]])
def test_a_word_there_is_not_asks_nothing_and_names_the_nearest(words: list[str], here: Any) -> None:
    with pytest.raises(errors.BadInput) as caught:
        official.run(words)
    assert asked(here) == []
    assert len(str(caught.value).splitlines()) <= 3
    if words[0] == "models":
        assert "Did you mean" in caught.value.problem


def test_the_hub_asked_is_the_one_of_the_session(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert official.run(["models", "info", MODEL])["id"] == MODEL  # type: ignore[index]
    assert constants.ENDPOINT == "http://127.0.0.1:9", "and the user's own calls ask whom they asked"


def test_two_calls_at_once_each_get_their_own_rows(here: Any) -> None:
    found: dict[str, Any] = {}
    wait = threading.Barrier(2, timeout=20)

    def work(noun: str) -> None:
        wait.wait()
        for _ in range(10):
            found.setdefault(noun, []).append(official.run([noun, "ls", "--author", "hfnb-demo"]))
            print(f"{noun} prints")

    threads = [threading.Thread(target=work, args=(noun,)) for noun in ("models", "datasets")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    models, datasets = ({tuple(one.ids) for one in found[noun]} for noun in ("models", "datasets"))
    assert len(models) == len(datasets) == 1
    assert not set(models.pop()) & set(datasets.pop())


def test_what_others_print_while_a_command_runs_is_not_the_commands(
    here: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with said.listening(said.Said("json")) as kept:
        thread = threading.Thread(target=lambda: print("another thread"))
        thread.start()
        thread.join()
        print("this command")
    assert [event.text for event in kept.events if isinstance(event, said.Printed)] == ["this command", "\n"]
    assert capsys.readouterr().out == "another thread\n"


def test_afterwards_the_official_output_and_its_log_are_as_they_were(
    here: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub.cli._output import out

    before = (sys.stdout, sys.stderr, sys.stdin, logging.getLogger("huggingface_hub").level, out.mode)
    official.run(["models", "ls", "--json"])
    after = (sys.stdout, sys.stderr, sys.stdin, logging.getLogger("huggingface_hub").level, out.mode)
    assert before == after
    out.table([{"id": "a"}])
    out.text("words")
    assert "words" in capsys.readouterr().out, "the user's own use of it prints as ever"


@pytest.mark.parametrize(
    ("option", "check"),
    [
        (["--json"], lambda text: json.loads(text)[0]["id"].startswith("hfnb-demo/")),
        (["-q"], lambda text: all("/" in line for line in text.splitlines())),
        (["--quiet"], lambda text: all("/" in line for line in text.splitlines())),
        (["--format", "agent"], lambda text: text.splitlines()[0].split("\t")[0] == "id"),
        (["--format", "human"], lambda text: "…" in text or "id" in text.splitlines()[0]),
        (["--format", "human", "--no-truncate"], lambda text: "last_modified" in text or "tags" in text),
    ],
)
def test_the_formats_are_the_official_ones(option: list[str], check: Any, here: Any) -> None:
    value = official.run(["datasets", "ls", "--author", "hfnb-demo", *option])
    assert isinstance(value, OfficialRows)
    assert value.as_asked is not None
    assert check(value.as_asked), value.as_asked


def test_two_formats_at_once_are_refused_as_officially(here: Any) -> None:
    with pytest.raises(errors.BadInput, match="mutually exclusive"):
        official.run(["models", "ls", "--json", "-q"])


def test_files_of_a_repository_are_rows_too_and_a_tree_is_text(here: Any) -> None:
    files = official.run(["models", "ls", MODEL])
    assert isinstance(files, OfficialRows)
    assert {"README.md", "model.safetensors"} <= set(files.ids)
    assert all(isinstance(row["size"], int) for row in files)
    assert isinstance(files[0]["date"], datetime)
    tree = official.run(["models", "ls", MODEL, "--tree"])
    assert isinstance(tree, OfficialText)
    assert "├── README.md" in tree.text


def test_one_thing_is_a_record(here: Any) -> None:
    found = official.run(["models", "info", MODEL])
    assert isinstance(found, OfficialRecord)
    assert found["pipeline_tag"] == "text-classification"
    assert isinstance(found["created_at"], datetime)
    assert "pipeline tag" in str(found)


def test_help_is_the_official_one_as_it_is_typed_here(here: Any) -> None:
    text = str(official.run(["models", "ls", "--help"]))
    assert text.startswith("Usage: %hf models ls")
    assert "%hf models ls --sort downloads" in text
    assert " hf models" not in text
    assert str(official.run(["models"])).startswith("Usage: %hf models")
    assert "hf-nb models ls" in str(official.run(["models", "ls", "--help"], "terminal"))


def test_a_hint_is_the_last_line_and_can_be_pasted(here: Any) -> None:
    shown = str(official.run(["models", "card", MODEL])).splitlines()
    assert f"%hf models card {MODEL}" in shown[-1]


def test_a_wrong_id_is_not_found_and_says_where_to_look(here: Any) -> None:
    with pytest.raises(errors.NotFound) as caught:
        official.run(["models", "info", "hfnb-demo/nothing"])
    assert caught.value.next_step == "Try: %hf search models nothing"


def test_what_would_be_destroyed_is_said_with_the_line_that_does_it(here: Any) -> None:
    with pytest.raises(errors.BadInput) as caught:
        official.run(["repos", "delete", "hfnb-demo/some thing"])
    assert "permanently delete" in caught.value.problem
    assert caught.value.next_step.endswith("%hf repos delete 'hfnb-demo/some thing' -y")
    assert asked(here) == []


def test_the_cell_below_is_what_a_dash_reads(here: Any) -> None:
    with pytest.raises(errors.BadInput, match="text below the line"):
        official.run(["discussions", "create", MODEL, "--title", "t", "--body-file", "-"])
    with said.listening(said.Said("json", body="the cell")):
        assert sys.stdin.read() == "the cell"


def test_a_file_that_is_no_text_is_not_printed(here: Any) -> None:
    assert '"model_type"' in str(official.run(["cp", f"hf://{MODEL}/config.json", "-"]))
    with pytest.raises(errors.BadInput, match="not text"):
        official.run(["cp", f"hf://{MODEL}/model.safetensors", "-"])


def test_an_answer_without_end_is_cut_off(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(said, "MOST_BYTES", 100)
    with pytest.raises(errors.TooLarge):
        official.run(["cp", f"hf://{MODEL}/tokenizer.json", "-"])


class TestTokens:
    @pytest.fixture(autouse=True)
    def stored(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "stored_tokens").write_text(f"[work]\nhf_token = {TOKEN}\n")
        monkeypatch.setenv("HF_STORED_TOKENS_PATH", str(tmp_path / "stored_tokens"))

    def test_a_name_stands_for_the_stored_token_which_is_never_shown(self, here: Any) -> None:
        for words in (["--token", "work"], ["--token=work"]):
            value = official.run(["models", "ls", "--author", "hfnb-lab", *words])
            assert isinstance(value, OfficialRows)
            assert any(row["private"] for row in value), "what only a token shows"
            assert TOKEN not in json.dumps(value.to_dict()) + str(value)
            assert value.warnings == (), "the official warning is about a token on the line"

    @pytest.mark.parametrize("given", [TOKEN, "hf_" + "A1b2C3d4E5" * 3])
    @pytest.mark.parametrize("spelling", ["--token {}", "--token={}"])
    def test_a_token_itself_is_refused_and_not_repeated(self, given: str, spelling: str, here: Any) -> None:
        with pytest.raises(errors.BadInput) as caught:
            official.run(["models", "ls", *spelling.format(given).split()])
        assert given not in str(caught.value)
        assert asked(here) == []

    def test_a_name_nobody_stored_lists_the_names(self, here: Any) -> None:
        with pytest.raises(errors.BadInput, match="'nobody'") as caught:
            official.run(["models", "ls", "--token", "nobody"])
        assert caught.value.next_step == "Names: work"

    def test_what_follows_two_dashes_is_another_programs(self) -> None:
        words = ["jobs", "run", "image", "--", "tool", "--token", "theirs"]
        assert refused.with_token(words) == words

    def test_a_token_in_what_is_printed_is_taken_out(self, here: Any, tmp_path: Path) -> None:
        shown = official.run(["auth", "list"])
        assert TOKEN[-4:] not in str(shown)


@pytest.mark.parametrize(
    ("line", "way"),
    [
        ("auth login", "%hf login"),
        ("auth login --token x", "%hf login"),
        ("auth token", "%hf whoami"),
        ("update", "pip install"),
        ("extensions install owner/hf-x", "In a terminal: hf extensions install owner/hf-x"),
        ("ext ls", "In a terminal"),
        ("jobs ssh 1", "In a terminal: hf jobs ssh 1"),
        ("spaces ssh me/space", "In a terminal"),
        ("jobs run --ssh image", "In a terminal"),
        ("jobs stats -f 1", "Leave out -f"),
        ("repos ls --explore", "In a terminal"),
        ("skills add", "In a terminal"),
    ],
)
def test_what_has_no_place_in_a_notebook_is_refused_with_the_way_that_is_safe(
    line: str, way: str, here: Any
) -> None:
    with pytest.raises(errors.Refused) as caught:
        official.run(line.split())
    assert way in caught.value.next_step
    assert asked(here) == []


def test_sql_that_would_leave_the_machine_is_refused_when_it_may_not() -> None:
    assert refused.refusal(("datasets", "sql"), []) is None
    assert isinstance(refused.refusal(("datasets", "sql"), [], local_only=True), errors.Refused)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 429}, errors.RateLimited),
        ({"status": 503}, errors.Busy),
        ({"status": 403}, errors.Unauthorized),
    ],
)
def test_an_answer_of_the_hub_that_is_none_is_one_of_our_errors(fault: Any, kind: type, here: Any) -> None:
    session.current().settings.deadline = 1.0  # it is asked again until then
    with here.fault("status", match="/api/models*", **fault), pytest.raises(kind) as caught:
        official.run(["models", "info", MODEL])
    assert len(str(caught.value).splitlines()) <= 3


def test_no_network_is_unreachable(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    session.current().settings.endpoint = "http://127.0.0.1:9"
    with pytest.raises(errors.Unreachable):
        official.run(["models", "info", MODEL])


@pytest.mark.parametrize("how", [SystemExit(3), click.exceptions.Exit(3), ZeroDivisionError("odd")])
def test_however_a_command_ends_badly_it_is_one_of_our_errors(
    how: BaseException, here: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub.cli import hf

    def ends() -> None:
        print("what there was")
        raise how

    monkeypatch.setitem(hf.app.commands, "env", click.Command("env", callback=ends))
    with pytest.raises(errors.HfNbError) as caught:
        official.run(["env"])
    if not isinstance(how, ZeroDivisionError):
        assert "what there was" in caught.value.problem + capsys.readouterr().out
    else:
        assert "odd" in caught.value.problem


def test_the_stop_button_is_the_stop_button(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub.cli import hf

    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(hf.app.commands, "env", click.Command("env", callback=stopped))
    before = sys.stdout
    with pytest.raises(KeyboardInterrupt):
        official.run(["env"])
    assert sys.stdout is before


def test_a_check_that_fails_shows_on_what_and_is_an_error(
    here: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "model")
    official.run(["download", MODEL, "config.json", "--local-dir", folder])
    (tmp_path / "model" / "config.json").write_text("{}")
    with pytest.raises(errors.HfNbError):
        official.run(["cache", "verify", MODEL, "--local-dir", folder])
    assert "config.json" in capsys.readouterr().out


def test_a_download_is_told_as_progress_and_draws_no_bar(
    here: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # what an earlier test left in the cache is copied from there, and nothing is told
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "here"

    class Heard(progress.Silent):
        def __init__(self) -> None:
            self.steps: list[progress.Progress] = []

        def show(self, progress: progress.Progress) -> None:
            self.steps.append(progress)

    heard = Heard()
    with progress.to(heard):
        done = official.run(["download", MODEL, "--local-dir", str(folder)])
    assert isinstance(done, OfficialResult)
    assert done.data["path"] == str(folder)
    assert {one.unit for one in heard.steps} >= {"bytes", "files"}
    assert heard.steps[-1].done > 0
    assert "%|" not in "".join(capfd.readouterr()), "no bar of another kind beside it"


def test_logs_that_are_followed_are_shown_while_they_come(
    here: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    value = official.run(["spaces", "logs", "hfnb-demo/sentiment-demo", "-f"])
    assert isinstance(value, OfficialText)
    assert value.streamed
    assert "Application Startup" in value.text
    assert "Application Startup" in capsys.readouterr().out
    assert str(value).splitlines()[0].startswith("Ended after")


def test_words_of_the_official_advice_are_ours_to_type() -> None:
    assert wrong.spoken("Run `hf auth login` first.") == "Run `%hf login` first."
    assert wrong.spoken("$ hf models ls") == "%hf models ls"
    assert wrong.spoken("hf://me/model of hf (the tool)") == "hf://me/model of hf (the tool)"


def test_markup_from_outside_stays_text(here: Any) -> None:
    from hf_nb import render

    row = {"id": "a/<script>alert(1)</script>", "url": "javascript:alert(1)", "see": 'https://x.org/"><b>'}
    shown = render.html(OfficialRows(command="%hf x", columns=tuple(row), rows=(row,), hints=("<i>h</i>",)))
    assert "<script" not in shown
    assert "<i>" not in shown
    assert 'href="javascript' not in shown
    assert '<a href="https://x.org/"' in shown


def test_an_empty_table_says_so(here: Any) -> None:
    rows = official.run(["models", "ls", "--search", "no model is called this"])
    assert isinstance(rows, OfficialRows)
    assert list(rows) == []
    assert "No results." in str(rows)


@pytest.mark.slow
def test_in_a_kernel_it_can_be_stopped_while_the_hub_hangs(hub: Any) -> None:
    with Kernel(hub.environment) as kernel:
        assert kernel.run("from hf_nb.commands import official\nofficial.run(['version']).data").error is None
        hub.clear_requests()
        with hub.fault("latency", seconds=30, match="/api/models*"):
            slow = kernel.begin("official.run(['models', 'ls'])")
            deadline = time.monotonic() + 10
            while not hub.requests() and time.monotonic() < deadline:
                time.sleep(0.02)
            kernel.interrupt()
            stopped = kernel.finish(slow)
        assert stopped.error is not None
        assert stopped.error.name == "KeyboardInterrupt"
        assert stopped.seconds < 5
        assert kernel.run("len(official.run(['models', 'ls'])) > 3").text == "True"


@pytest.mark.slow
def test_in_a_terminal_and_a_notebook_the_formats_print_the_same(hub: Any) -> None:
    line = ["datasets", "ls", "--author", "hfnb-demo", "--json"]
    said = subprocess.run(
        [sys.executable, "-m", "hf_nb", *line],
        env={**os.environ, **hub.environment},
        capture_output=True,
        check=True,
    ).stdout.decode()
    with Kernel(hub.environment) as kernel:
        assert kernel.run("%load_ext hf_nb").error is None
        ran = kernel.run(f"%hf {' '.join(line)}")
        assert (ran.error, ran.result) == (None, None)
        assert json.loads(ran.stdout) == json.loads(said)
        assert json.loads(said)[0]["id"].startswith("hfnb-demo/")
        kept = kernel.run("x = %hf datasets ls --author hfnb-demo\nprint(len(x))")
        assert kept.stdout.strip() == str(len(json.loads(said)))
        assert kernel.run("hf models ls --limit 2").result is not None, "a pasted line, without the %"
        refused = kernel.run("%hf auth token")
        assert refused.error is not None
        assert refused.error.name == "Refused"
        assert len(refused.error.shown.splitlines()) <= 3


@pytest.mark.slow
def test_logs_that_hang_are_stopped_and_what_came_stays(hub: Any) -> None:
    with Kernel({**hub.environment, "HF_TOKEN": TOKEN}) as kernel:
        assert kernel.run("%load_ext hf_nb").error is None
        assert kernel.run("%hf version").error is None
        with hub.fault("stall", match="/api/spaces/*/logs/*", seconds=30, at=0.7):
            slow = kernel.begin("%hf spaces logs hfnb-demo/sentiment-demo -f")
            deadline = time.monotonic() + 15
            while (
                not [one for one in hub.requests() if "/logs/" in one["path"]] and time.monotonic() < deadline
            ):
                time.sleep(0.02)
            time.sleep(0.5)
            kernel.interrupt()
            stopped = kernel.finish(slow)
    assert stopped.error is not None
    assert stopped.error.name == "Stopped"
    assert stopped.seconds < 10
    assert "Application Startup" in stopped.stdout
