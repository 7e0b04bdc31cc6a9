"""The `hf` command, as a user types it: a process each, its own HF_HOME, no token unless given."""

import json
from pathlib import Path

import pytest

from tests.clients.commands import runner
from tests.clients.demo import (
    DIGITS,
    GATED,
    LAB,
    PRIVATE,
    PUBLIC,
    RENAMED,
    TEACHER,
    TEACHER_TOKEN,
    TEXT,
    WEIGHTS,
)

pytestmark = pytest.mark.slow


def cell(operation):
    return pytest.mark.cell("hf command", operation)


@pytest.fixture
def hf(workers):
    return runner(workers("hf-command"))


@cell("list models")
def test_hf_models_ls_shows_a_table_to_a_human(hf):
    said = hf("models", "ls", "--search", "sentiment", "--format", "human", "--no-truncate")
    assert TEXT in said
    assert PRIVATE not in said


@cell("list models: filters")
def test_hf_models_ls_filters_and_gives_json(hf):
    found = json.loads(
        hf("models", "ls", "--author", PUBLIC, "--pipeline-tag", "text-classification", "--json")
    )
    assert TEXT in {one["id"] for one in found}
    assert all(one["id"].startswith(PUBLIC) for one in found)


@cell("list models: sort")
def test_hf_models_ls_sorts(hf):
    found = json.loads(hf("models", "ls", "--sort", "likes", "--limit", "3", "--expand", "likes", "--json"))
    assert len(found) == 3
    assert [one["likes"] for one in found] == sorted((one["likes"] for one in found), reverse=True)


@cell("repository info")
def test_hf_models_info_gives_json(hf):
    found = json.loads(hf("models", "info", TEXT, "--json"))
    assert found["id"] == TEXT
    assert found["pipeline_tag"] == "text-classification"


@cell("info: expand")
def test_hf_models_info_expands(hf):
    found = json.loads(hf("models", "info", TEXT, "--expand", "downloads,safetensors", "--json"))
    assert found["safetensors"]["total"] > 0


@cell("tree")
def test_hf_models_ls_of_a_repository_lists_its_files(hf):
    said = hf("models", "ls", TEXT, "-R", "-h", "--format", "human", "--no-truncate")
    assert WEIGHTS in said
    assert "config.json" in said


@cell("list datasets")
def test_hf_datasets_ls(hf):
    assert DIGITS in hf("datasets", "ls", "--author", PUBLIC, "-q").split()


@cell("list spaces")
def test_hf_spaces_ls_and_info(hf):
    spaces = hf("spaces", "ls", "--author", PUBLIC, "-q").split()
    assert spaces
    assert json.loads(hf("spaces", "info", spaces[0], "--json"))["sdk"]


@cell("search spaces")
def test_hf_spaces_search(hf):
    assert json.loads(hf("spaces", "search", "sentiment", "--include-non-running", "--json"))


@cell("cards")
def test_hf_datasets_card(hf):
    assert hf("datasets", "card", DIGITS, "--text").strip()


@cell("download small")
def test_hf_download_of_a_file(hf, tmp_path):
    path = hf("download", TEXT, "config.json", "--local-dir", str(tmp_path), "-q").strip()
    assert json.loads(Path(path).read_text(encoding="utf-8"))["model_type"]


@cell("snapshot")
@cell("verify checksums")
def test_hf_download_then_cache_ls_and_verify(hf):
    folder = Path(hf("download", TEXT, "-q").strip())
    assert (folder / WEIGHTS).is_file()
    assert any(TEXT in one["repo_id"] for one in json.loads(hf("cache", "ls", "--json")))
    hf("cache", "verify", TEXT, "--fail-on-missing-files", "--fail-on-extra-files")
    weights = (folder / WEIGHTS).resolve()
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + b"\0" if whole[-1:] != b"\0" else whole[:-1] + b"\1")
    said = hf("cache", "verify", TEXT, status=1)
    assert WEIGHTS in said
    weights.write_bytes(whole)


@cell("dry run")
def test_hf_download_dry_run(hf, tmp_path):
    said = hf(
        "download",
        DIGITS,
        "--type",
        "dataset",
        "--dry-run",
        "--local-dir",
        str(tmp_path),
        "--format",
        "human",
        "--no-truncate",
    )
    assert "README.md" in said
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and ".cache" not in path.parts]


@cell("file system")
def test_hf_cp_prints_a_file(hf):
    assert json.loads(hf("cp", f"hf://{TEXT}/config.json", "-"))["model_type"]


@cell("whoami")
def test_hf_auth_whoami_with_and_without_a_token(hf):
    assert json.loads(hf("auth", "whoami", "--json", HF_TOKEN=TEACHER_TOKEN))["user"] == TEACHER
    assert "hf auth login" in hf("auth", "whoami", status=1)


@cell("refs")
def test_hf_repos_tag_list(hf):
    hf("repos", "tag", "list", TEXT)


@cell("renamed")
def test_hf_models_info_of_an_old_name(hf):
    assert json.loads(hf("models", "info", RENAMED, "--json"))["id"] == TEXT


@cell("gated")
def test_hf_download_of_a_gated_model(hf, tmp_path):
    said = hf("download", GATED, "config.json", "--local-dir", str(tmp_path), status=1)
    assert f"Model '{GATED}' requires approval" in said
    assert hf("download", GATED, "config.json", "--local-dir", str(tmp_path), "-q", "--token", TEACHER_TOKEN)


@cell("private")
def test_hf_models_ls_of_what_is_private(hf):
    assert PRIVATE not in hf("models", "ls", "--author", LAB, "-q").split()
    assert PRIVATE in hf("models", "ls", "--author", LAB, "-q", HF_TOKEN=TEACHER_TOKEN).split()


@cell("what is missing")
def test_hf_says_that_a_model_is_not_found(hf):
    assert "not found" in hf("models", "info", f"{PUBLIC}/no-such-model", status=1).lower()


@cell("collections")
def test_hf_collections_ls_and_info(hf):
    found = json.loads(hf("collections", "ls", "--owner", PUBLIC, "--json"))
    assert found
    assert json.loads(hf("collections", "info", found[0]["slug"], "--json"))["title"] == found[0]["title"]


@cell("discussions")
def test_hf_discussions_ls_and_info(hf):
    found = json.loads(hf("discussions", "ls", TEXT, "--status", "all", "--json"))
    assert found
    assert hf("discussions", "info", TEXT, str(found[0]["num"]), "--format", "human")


@cell("papers")
def test_hf_papers_ls_and_info(hf):
    found = json.loads(hf("papers", "ls", "--json"))
    assert found
    assert json.loads(hf("papers", "info", found[0]["id"], "--json"))["title"] == found[0]["title"]
