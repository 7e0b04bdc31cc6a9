"""One repository: what it is, its tree, its history."""

from __future__ import annotations

import hashlib
import shutil
import subprocess

import pytest
from huggingface_hub.errors import EntryNotFoundError, RevisionNotFoundError

from tests.offline.small import FILES, WEIGHTS

SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


def test_a_models_metadata_comes_from_its_files(api):
    model = api.model_info("demo/tiny", files_metadata=True, securityStatus=True)
    assert (model.author, model.pipeline_tag, model.library_name) == (
        "demo",
        "text-classification",
        "transformers",
    )
    assert set(model.tags) >= {
        "transformers",
        "safetensors",
        "bert",
        "en",
        "fr",
        "tiny",
        "license:mit",
        "arxiv:1810.04805",
        "region:us",
    }
    assert set(model.tags) >= {"dataset:demo/rows", "base_model:demo/base", "base_model:finetune:demo/base"}
    assert model.config["architectures"] == ["BertForSequenceClassification"]
    assert (model.safetensors.parameters, model.safetensors.total) == ({"F32": 120_000}, 120_000)
    assert model.transformers_info.auto_model == "AutoModelForSequenceClassification"
    assert (model.mask_token, model.inference, model.gated, model.spaces) == (
        "[MASK]",
        "warm",
        False,
        ["demo/app"],
    )
    large = next(one for one in model.siblings if one.rfilename == "model.safetensors")
    assert (large.lfs.sha256, large.size) == (SHA256, len(WEIGHTS))
    assert model.security_repo_status == {"scansDone": True, "filesWithIssues": []}


def test_datasets_and_spaces_too(api):
    rows = api.dataset_info("demo/rows")
    assert {"task_categories:text-classification", "language:en", "license:cc0-1.0"} <= set(rows.tags)
    assert rows.description == "A few rows."
    app = api.space_info("demo/app")
    assert (app.sdk, app.subdomain, app.models, app.datasets) == (
        "gradio",
        "demo-app",
        ["demo/tiny"],
        ["demo/rows"],
    )
    assert app.runtime.stage == "RUNNING"
    assert api.get_space_runtime("demo/app").hardware == "cpu-basic"


def test_the_first_bytes_of_an_id_are_its_date(api):
    model = api.model_info("demo/tiny", expand=["createdAt"])
    assert int(model._id[:8], 16) == int(model.created_at.timestamp())


def test_a_tree_shows_folders_files_and_who_touched_them_last(api):
    tree = {one.path: one for one in api.list_repo_tree("demo/tiny", recursive=True, expand=True)}
    assert set(tree) == {*FILES, ".gitattributes", "data", "data/sub"}
    assert tree["data/sub/deep file.txt"].last_commit.title == "Change <one> file"
    assert tree["data"].last_commit.title == "Change <one> file"
    assert tree["config.json"].last_commit.title == "Add model"
    assert tree["model.safetensors"].lfs.sha256 == SHA256
    assert tree["config.json"].security.safe
    assert [one.path for one in api.list_repo_tree("demo/tiny", "data/sub")] == ["data/sub/deep file.txt"]
    with pytest.raises(EntryNotFoundError):
        list(api.list_repo_tree("demo/tiny", "nowhere"))
    with pytest.raises(RevisionNotFoundError):
        list(api.list_repo_tree("demo/tiny", revision="nowhere"))


def test_a_tree_is_paged_and_forgives_a_trailing_slash(raw, box):
    found, address = [], "/api/models/demo/tiny/tree/main/?recursive=true&limit=2"
    while address:
        answer = raw.get(address)
        assert answer.status_code == 200
        found += [one["path"] for one in answer.json()]
        address = answer.headers.get("link", "")[1:].partition(">")[0]
        assert not address or address.startswith(box.url)
    assert sorted(found) == sorted({*FILES, ".gitattributes", "data", "data/sub"})
    assert len(found) == len(set(found))
    for path in ("data%2Fsub", "data/sub", "data%2Fsub/", "data/%C3%BCml%C3%A4ut.txt"):
        assert raw.get(f"/api/models/demo/tiny/tree/main/{path}").status_code == 200


def test_paths_info_leaves_out_what_is_missing_whether_asked_by_form_or_by_json(api, raw):
    found = api.get_paths_info(
        "demo/tiny", ["data/sub", "config.json", "nothing", "model.safetensors"], expand=True
    )
    assert [one.path for one in found] == ["data/sub", "config.json", "model.safetensors"]
    assert found[0].last_commit.title == "Change <one> file"
    answer = raw.post("/api/models/demo/tiny/paths-info/main", json={"paths": ["config.json", "nothing"]})
    assert [one["path"] for one in answer.json()] == ["config.json"]
    assert "lastCommit" not in answer.json()[0]


def test_branches_tags_and_commits(api, raw):
    refs = api.list_repo_refs("demo/tiny", include_pull_requests=True)
    assert [one.name for one in refs.branches] == ["main", "feature/x"]
    assert [(one.name, one.ref) for one in refs.tags] == [("v1.0", "refs/tags/v1.0")]
    assert [one.ref for one in refs.pull_requests] == ["refs/pr/2"]
    commits = api.list_repo_commits("demo/tiny", formatted=True)
    assert [one.title for one in commits] == ["Change <one> file", "Add model", "initial commit"]
    assert commits[0].formatted_title == "Change &lt;one&gt; file"
    assert commits[0].authors == ["learner"]
    assert refs.tags[0].target_commit == commits[1].commit_id
    answer = raw.get("/api/models/demo/tiny/commits/main?limit=1")
    assert answer.headers["x-total-count"] == "3"
    assert 'p=1&limit=1>; rel="next"' in answer.headers["link"]
    assert [one.title for one in api.list_repo_commits("demo/tiny", revision="feature/x")] == [
        "Add model",
        "initial commit",
    ]


def test_two_revisions_are_compared_as_git_does(raw):
    diff = raw.get("/api/models/demo/tiny/compare/v1.0..main").text
    assert diff.startswith("diff --git a/data/sub/deep file.txt b/data/sub/deep file.txt\nindex ")
    assert "-deep\n+deeper\n" in diff
    assert raw.get("/api/models/demo/tiny/compare/v1.0..never").status_code == 404


def test_sizes_headers_and_large_files(api, raw, bearer):
    assert raw.get("/api/models/demo/tiny/treesize/main/data").json() == {
        "path": "/data",
        "size": len("deeper\n") + 2,
    }
    assert api.get_safetensors_metadata("demo/tiny").parameter_count == {"F32": 120_000}
    headers = raw.get("/api/models/demo/tiny/safetensors-metadata/model.safetensors").json()["headers"]
    assert headers["model.safetensors"]["weight"]["shape"] == [300, 400]
    assert [one.filename for one in api.list_lfs_files("demo/tiny", token="hf_teacher_offline")] == [
        "model.safetensors"
    ]
    assert raw.get("/api/models/demo/tiny/lfs-files", headers=bearer["learner"]).status_code == 403


def test_head_works_on_every_api_route_and_sends_no_body(raw):
    for path in (
        "/api/models",
        "/api/models/demo/tiny",
        "/api/models/demo/tiny/tree/main",
        "/api/models/demo/tiny/refs",
        "/api/trending",
        "/api/tasks",
    ):
        got, head = raw.get(path), raw.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(got.content))
        assert head.headers["etag"] == got.headers["etag"]
        assert raw.get(path, headers={"if-none-match": got.headers["etag"]}).status_code == 304


def test_git_agrees_with_every_name(box_root, tmp_path):
    """The trees and blobs are written into a real git repository, which gives them the same names."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    from hf_nb.offline import history, trees
    from hf_nb.offline.store import Store

    def git(*words: str, given: bytes = b"") -> str:
        return (
            subprocess.run(["git", *words], cwd=tmp_path, input=given, capture_output=True, check=True)
            .stdout.decode()
            .strip()
        )

    git("init", "-q")
    store = Store.open(box_root)
    sql = store.database.connection
    row = store.database.one("SELECT rid, sha FROM repos WHERE id = 'demo/tiny'")
    assert row
    tip = history.commit(sql, row["rid"], row["sha"])
    for path, oid in trees.files(sql, tip.tree).items():
        assert git("hash-object", "-w", "--stdin", given=store.blobs.path("sha1", oid).read_bytes()) == oid
        git("update-index", "--add", "--cacheinfo", f"100644,{oid},{path}")
    assert git("write-tree") == tip.tree
    store.close()
