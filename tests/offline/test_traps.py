"""What a Hub of one's own gets wrong easily, and the official client then says something else: one test a trap."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.offline.small import DAY, FILES, LEARNER, TEACHER, WEIGHTS, fill

TINY = "/api/models/demo/tiny"
BEARER = {"authorization": f"Bearer {TEACHER}"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A small Hub that these tests may write to."""
    root = tmp_path_factory.mktemp("traps") / "store"
    store = Store.open(root)
    fill(store)
    store.branch("model", "demo/tiny", "refs-like/name")
    store.close()
    with start(root) as running:
        yield running


@pytest.fixture(scope="module")
def ask(hub):
    from huggingface_hub.utils import httpx

    with httpx.Client(base_url=hub.url, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def teacher(hub: Running) -> HfApi:
    return HfApi(endpoint=hub.url, token=TEACHER)


@pytest.mark.parametrize("token", [None, LEARNER])
@pytest.mark.parametrize(
    "path",
    ["/api/models/demo/no", f"{TINY}/revision/no", "/demo/tiny/resolve/main/no", "/api/users/no/overview"],
)
def test_01_every_refusal_over_plain_http_names_its_code(ask, path, token):
    answer = ask.get(path, headers={"authorization": f"Bearer {token}"} if token else {})
    assert answer.status_code in (401, 403, 404)
    assert answer.headers["x-error-code"]


def test_02_the_commit_is_named_on_200_on_302_and_where_a_file_is_missing(ask):
    sha = ask.get(TINY).json()["sha"]
    for name, status in (("config.json", 200), ("model.safetensors", 302), ("no.txt", 404)):
        answer = ask.head(f"/demo/tiny/resolve/main/{name}")
        assert (answer.status_code, answer.headers["x-repo-commit"]) == (status, sha)


def test_03_etags_are_quoted_and_a_large_file_is_named_by_its_sha256(ask):
    small, large = (
        ask.head(f"/demo/tiny/resolve/main/{name}").headers for name in ("config.json", "model.safetensors")
    )
    assert re.fullmatch(r'"[0-9a-f]{40}"', small["etag"])
    assert large["x-linked-etag"] == f'"{hashlib.sha256(WEIGHTS).hexdigest()}"'
    assert large["x-linked-size"] == str(len(WEIGHTS))


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_04_creating_what_exists_answers_409_with_its_address(hub, ask, teacher, kind):
    sdk = {"space_sdk": "static"} if kind == "space" else {}
    made = teacher.create_repo("teacher/twice", repo_type=kind, **sdk)
    body = {"name": "twice", "organization": "teacher", "type": kind, "sdk": "static"}
    again = ask.post("/api/repos/create", json=body, headers=BEARER)
    assert again.status_code == 409
    assert again.json()["url"] == str(made)
    assert (
        teacher.create_repo("teacher/twice", repo_type=kind, exist_ok=True, **sdk).repo_id == "teacher/twice"
    )


def test_05_large_files_come_from_another_origin_which_never_sees_the_token(hub, ask, teacher, tmp_path):
    location = ask.head("/demo/tiny/resolve/main/model.safetensors").headers["location"]
    assert location.startswith(hub.cdn_url)
    assert hub.cdn_url != hub.url
    hub.clear_requests()
    got = teacher.hf_hub_download("demo/tiny", "model.safetensors", cache_dir=tmp_path)
    assert Path(got).read_bytes() == WEIGHTS
    asked = [line for line in hub.requests() if line["origin"] == "cdn"]
    assert asked
    assert not any(line["authorization"] for line in asked)


def test_06_revisions_and_folders_arrive_encoded_as_one_segment(ask, teacher):
    branch = ask.get(f"{TINY}/revision/refs-like%2Fname")
    assert branch.status_code == 200
    inside = ask.get(f"{TINY}/tree/main/data%2Fsub").json()
    assert [entry["path"] for entry in inside] == ["data/sub/deep file.txt"]
    proposed = teacher.create_commit(
        "demo/tiny", [CommitOperationAdd("pr.txt", b"1")], commit_message="propose", create_pr=True
    )
    assert ask.get(f"{TINY}/revision/refs%2Fpr%2F{proposed.pr_num}").json()["sha"] == proposed.oid


def test_07_paths_info_takes_forms_and_json_and_leaves_out_what_is_missing(ask):
    wanted = ["config.json", "no", "data"]
    form = ask.post(f"{TINY}/paths-info/main", data={"paths": wanted})
    as_json = ask.post(f"{TINY}/paths-info/main", json={"paths": wanted})
    assert [entry["path"] for entry in form.json()] == ["config.json", "data"]
    assert form.json() == as_json.json()


def test_08_head_is_answered_wherever_get_is(ask):
    from hf_nb.offline.server.table import GET

    names = {"types": "models", "ns": "demo", "name": "tiny", "rev": "main", "user": "teacher", "org": "demo"}
    names |= {"path*": "config.json", "folder*": "", "num": "1", "kind": "run", "file": "teacher.svg"}
    for pattern in GET:
        if not set(re.findall(r"\{([\w*]+)\}", pattern)) <= names.keys():
            continue
        path = re.sub(r"\{([\w*]+)\}", lambda found: names[found[1]], pattern)
        assert ask.head(path).status_code == ask.get(path).status_code, path
        assert ask.head(path).content == b""


def test_09_a_trailing_slash_on_a_tree_changes_nothing(ask):
    assert ask.get(f"{TINY}/tree/main/").json() == ask.get(f"{TINY}/tree/main").json()


def test_10_head_is_a_revision(ask):
    assert ask.get(f"{TINY}/revision/HEAD").json()["sha"] == ask.get(TINY).json()["sha"]


def test_11_links_to_the_next_page_are_whole_and_on_this_host(hub, ask):
    link = ask.get("/api/models?limit=1&sort=downloads").headers["link"]
    found = re.fullmatch(r'<(.+)>; rel="next"', link)
    assert found
    assert found[1].startswith(f"{hub.url}/api/models?")
    assert "sort=downloads" in found[1]


def test_12_every_answer_says_how_much_of_the_limit_is_left(ask, tmp_path):
    for path in (TINY, "/api/models/demo/no", "/demo/tiny/resolve/main/config.json", "/demo/tiny"):
        headers = ask.get(path).headers
        assert re.fullmatch(r'"(api|resolvers|pages)";r=\d+;t=\d+', headers["ratelimit"])
        assert "q=" in headers["ratelimit-policy"]
    with start(tmp_path / "store", limits="api=1,window=60") as strict:
        api = HfApi(endpoint=strict.url, token=False)
        api.list_repo_refs  # noqa: B018 -- the client is ready before the one request there is
        list(api.list_models())
        with pytest.raises(HfHubHTTPError, match="Retry after"):
            api.model_info("demo/tiny")


def test_13_every_answer_has_an_id_and_echoes_the_callers_trace(ask):
    assert ask.get(TINY).headers["x-request-id"].startswith("Root=1-")
    assert (
        ask.get(TINY, headers={"x-amzn-trace-id": "my-trace"}).headers["x-request-id"].endswith(";my-trace")
    )
    assert ask.get("/api/models/demo/no", headers={"x-request-id": "mine"}).headers["x-request-id"] == "mine"


def test_14_a_renamed_repository_redirects_by_a_relative_address_that_keeps_the_query(ask, teacher):
    teacher.create_repo("teacher/before")
    teacher.move_repo("teacher/before", "teacher/after")
    answer = ask.get("/api/models/teacher/before/tree/main?recursive=true&expand=false")
    assert answer.status_code == 307
    assert answer.headers["location"] == "/api/models/teacher/after/tree/main?recursive=true&expand=false"
    assert ask.get("/api/models/Demo/TINY").headers["location"] == TINY
    assert teacher.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="teacher/before").oid


@pytest.mark.parametrize("name", ["rows.py", ".huggingface.yaml", "dataset_infos.json"])
def test_15_what_datasets_looks_for_and_nobody_has_is_a_missing_entry(ask, name):
    answer = ask.head(f"/datasets/demo/rows/resolve/main/{name}")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound")


def test_16_expand_brings_the_last_commit_of_files_and_folders(ask):
    for entry in ask.get(f"{TINY}/tree/main?expand=true").json():
        assert entry["lastCommit"].keys() == {"id", "title", "date"}
    expanded = ask.post(f"{TINY}/paths-info/main", data={"paths": "config.json", "expand": "true"}).json()
    assert expanded[0]["lastCommit"]["title"]


def test_17_front_matter_is_judged_before_a_commit_and_always_in_json(ask, teacher):
    bad = ask.post("/api/validate-yaml", json={"content": "---\ntags: [1\n---\n", "repoType": "model"})
    assert bad.json()["errors"]
    teacher.create_repo("teacher/card")
    with pytest.raises(ValueError, match="Invalid metadata in README"):
        teacher.upload_file(
            path_or_fileobj=b"---\nlicense: {}\n---\n", path_in_repo="README.md", repo_id="teacher/card"
        )


def test_18_what_has_not_changed_is_not_committed_again(ask, teacher):
    teacher.create_repo("teacher/same")
    contents = {"small.txt": b"small", "large.bin": b"large"}
    adds = lambda: [CommitOperationAdd(path, content) for path, content in contents.items()]  # noqa: E731
    first = teacher.create_commit("teacher/same", adds(), commit_message="first")
    assert teacher.create_commit("teacher/same", adds(), commit_message="again").oid == first.oid
    files = [
        {"path": path, "size": 5, "sample": base64.b64encode(c).decode()} for path, c in contents.items()
    ]
    told = ask.post("/api/models/teacher/same/preupload/main", json={"files": files}, headers=BEARER).json()
    assert told["commitOid"] == first.oid
    assert [len(file["oid"]) for file in told["files"]] == [40, 64]
    assert [file["uploadMode"] for file in told["files"]] == ["regular", "lfs"]


def test_19_gitattributes_are_there_from_the_start_and_grow_with_large_files(hub, teacher, tmp_path):
    teacher.create_repo("teacher/grows")
    first = Path(hf_hub_download("teacher/grows", ".gitattributes", endpoint=hub.url, cache_dir=tmp_path))
    assert "*.safetensors filter=lfs" in first.read_text()
    assert "odd.data" not in first.read_text()
    teacher.upload_file(
        path_or_fileobj=bytes(10 * 2**20 + 1), path_in_repo="my odd.data", repo_id="teacher/grows"
    )
    second = Path(hf_hub_download("teacher/grows", ".gitattributes", endpoint=hub.url, cache_dir=tmp_path))
    assert "my[[:space:]]odd.data filter=lfs" in second.read_text()
    assert teacher.get_paths_info("teacher/grows", "my odd.data")[0].lfs.size == 10 * 2**20 + 1


def test_20_deleting_answers_ok_as_plain_text(ask, teacher):
    teacher.create_repo("teacher/gone")
    body = json.dumps({"name": "gone", "organization": "teacher"})
    answer = ask.request("DELETE", "/api/repos/delete", content=body, headers=BEARER)
    assert (answer.status_code, answer.text) == (200, "OK")
    assert answer.headers["content-type"].startswith("text/plain")
    with pytest.raises(RepositoryNotFoundError):
        teacher.model_info("teacher/gone")


def test_21_a_digest_is_called_sha256_among_siblings_and_oid_in_a_tree(ask):
    sibling = next(
        one
        for one in ask.get(f"{TINY}?blobs=true").json()["siblings"]
        if one["rfilename"] == "model.safetensors"
    )
    entry = next(one for one in ask.get(f"{TINY}/tree/main").json() if one["path"] == "model.safetensors")
    assert sibling["lfs"]["sha256"] == entry["lfs"]["oid"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert sibling["blobId"] == entry["oid"]


def test_22_a_token_for_xet_is_told_in_json_and_in_headers(ask):
    answer = ask.get(f"{TINY}/xet-write-token/main", headers=BEARER)
    told = answer.json()
    assert answer.headers["x-xet-access-token"] == told["accessToken"]
    assert answer.headers["x-xet-cas-url"] == told["casUrl"]
    assert answer.headers["x-xet-token-expiration"] == str(told["exp"])


def test_23_nothing_is_offered_through_xet_that_does_not_come_that_way(ask):
    for path in ("/demo/tiny/resolve/main/model.safetensors", f"{TINY}/tree/main?recursive=true", TINY):
        answer = ask.get(path)
        assert not [name for name in answer.headers if name.startswith("x-xet")]
        assert "xetHash" not in answer.text


def test_24_a_token_that_does_not_start_with_hf_is_refused_at_the_door(tmp_path: Path):
    from hf_nb.errors import HfNbError

    with pytest.raises(HfNbError, match="hf_"):
        start(tmp_path / "store", users=["me:secret"])


def test_25_it_listens_on_127_0_0_1_only_and_says_so_in_every_address(hub: Running, ask: Any):
    assert hub.url.startswith("http://127.0.0.1:")
    assert hub.cdn_url.startswith("http://127.0.0.1:")
    port = int(hub.url.rpartition(":")[2])
    if socket.has_ipv6:
        with socket.socket(socket.AF_INET6) as other, pytest.raises(OSError):
            other.connect(("::1", port))
    text = ask.get(TINY).text + ask.head("/demo/tiny/resolve/main/model.safetensors").headers["location"]
    assert "localhost" not in text


def test_the_small_hub_is_the_one_these_tests_think_it_is():
    assert FILES["model.safetensors"] == WEIGHTS
    assert DAY.year == 2025
