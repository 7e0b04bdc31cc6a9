"""Downloads, as the official client does them and byte by byte."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import EntryNotFoundError, RevisionNotFoundError
from huggingface_hub.utils import httpx

from tests.offline.small import FILES, WEIGHTS

SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


def git_blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def test_a_whole_snapshot_arrives_byte_for_byte(box, tmp_path):
    folder = Path(
        snapshot_download("demo/tiny", revision="v1.0", endpoint=box.url, cache_dir=tmp_path, token=False)
    )
    assert {path: (folder / path).read_bytes() for path in FILES} == FILES
    assert (folder / ".gitattributes").exists()


def test_a_large_file_comes_from_the_other_origin_without_the_token(box, tmp_path):
    path = hf_hub_download(
        "demo/tiny", "model.safetensors", endpoint=box.url, cache_dir=tmp_path, token="hf_learner_offline"
    )
    assert Path(path).read_bytes() == WEIGHTS
    assert Path(path).resolve().name == SHA256
    asked = [
        (line["origin"], line["method"], line["status"], line["authorization"])
        for line in box.requests()
        if "resolve" in line["path"]
    ]
    assert asked[0] == ("hub", "HEAD", 302, True)
    assert asked[-1] == ("cdn", "GET", 200, False)


def test_a_regular_file_is_named_by_gits_own_hash(raw):
    answer = raw.head("/demo/tiny/resolve/main/config.json")
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{git_blob(FILES["config.json"])}"'
    assert answer.headers["content-length"] == str(len(FILES["config.json"]))
    assert len(answer.headers["x-repo-commit"]) == 40
    assert "filename*=UTF-8''config.json" in answer.headers["content-disposition"]
    assert not [name for name in answer.headers if name.startswith("x-xet")]


def test_a_large_file_answers_with_a_redirect_that_tells_everything(box, raw):
    answer = raw.get("/demo/tiny/resolve/main/model.safetensors")
    assert answer.status_code == 302
    assert answer.headers["x-linked-etag"] == f'"{SHA256}"'
    assert answer.headers["x-linked-size"] == str(len(WEIGHTS))
    assert len(answer.headers["x-repo-commit"]) == 40
    assert answer.headers["location"].startswith(box.cdn_url)


def test_a_link_that_was_tampered_with_opens_nothing(box, raw):
    link = raw.get("/demo/tiny/resolve/main/model.safetensors").headers["location"]
    with httpx.Client(timeout=10, trust_env=False) as client:
        assert client.get(link).content == WEIGHTS
        assert client.head(link).headers["content-length"] == str(len(WEIGHTS))
        assert client.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 403
        assert client.get(link.replace("Expires=", "Expires=9")).status_code == 403
        assert client.get(box.cdn_url + "/anything").status_code == 403
        assert client.get(box.cdn_url + "/../../etc/passwd?Oid=../../hub.sqlite").status_code == 403


@pytest.mark.parametrize(
    ("asked", "status", "expected", "span"),
    [
        ("bytes=0-3", 206, b"deep", "bytes 0-3/7"),
        ("bytes=2-", 206, b"eper\n", "bytes 2-6/7"),
        ("bytes=-3", 206, b"er\n", "bytes 4-6/7"),
        ("bytes=0-999", 206, b"deeper\n", "bytes 0-6/7"),
        ("bytes=-999", 206, b"deeper\n", "bytes 0-6/7"),
        ("bytes=7-", 416, None, "bytes */7"),
        ("bytes=5-2", 416, None, "bytes */7"),
        ("bytes=-0", 416, None, "bytes */7"),
        ("bytes=x-y", 416, None, "bytes */7"),
        ("bytes=0-1,3-4", 200, b"deeper\n", None),
        ("lines=0-1", 200, b"deeper\n", None),
    ],
)
def test_ranges(raw, asked, status, expected, span):
    answer = raw.get("/demo/tiny/resolve/main/data/sub/deep%20file.txt", headers={"range": asked})
    assert answer.status_code == status
    assert answer.headers.get("content-range") == span
    if expected is not None:
        assert answer.content == expected
        assert answer.headers["content-length"] == str(len(expected))


def test_a_known_etag_saves_the_body_and_a_stale_one_restarts_the_file(raw):
    path = "/demo/tiny/resolve/main/config.json"
    etag = raw.head(path).headers["etag"]
    assert raw.get(path, headers={"if-none-match": etag}).status_code == 304
    assert raw.get(path, headers={"range": "bytes=0-1", "if-range": etag}).status_code == 206
    assert raw.get(path, headers={"range": "bytes=0-1", "if-range": '"other"'}).status_code == 200


def test_raw_gives_the_pointer_that_git_keeps(raw):
    answer = raw.get("/demo/tiny/raw/main/model.safetensors")
    assert (
        answer.text
        == f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA256}\nsize {len(WEIGHTS)}\n"
    )
    assert answer.headers["etag"] == f'"{git_blob(answer.content)}"'


def test_every_kind_of_revision_leads_to_a_file(box, raw, tmp_path):
    sha = raw.get("/api/models/demo/tiny/revision/v1.0").json()["sha"]
    for revision in ("v1.0", sha, sha[:8], "refs%2Fheads%2Ffeature%2Fx", "feature%2Fx", "refs/tags/v1.0"):
        answer = raw.get(f"/demo/tiny/resolve/{revision}/data/sub/deep%20file.txt")
        assert (answer.status_code, answer.content) == (200, b"deep\n"), revision
    assert raw.get("/demo/tiny/resolve/HEAD/data/sub/deep%20file.txt").content == b"deeper\n"
    assert raw.get("/api/resolve-cache/models/demo/tiny/main/config.json").content == FILES["config.json"]
    path = hf_hub_download(
        "demo/tiny", "config.json", revision="feature/x", endpoint=box.url, cache_dir=tmp_path, token=False
    )
    assert Path(path).read_bytes() == FILES["config.json"]


def test_what_is_missing_is_missing_in_the_hubs_own_words(box, raw, api, tmp_path):
    for path in (
        "nothing.py",
        ".huggingface.yaml",
        "data",
        "data/",
        "",
        "../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "config.json/x",
    ):
        answer = raw.get(f"/demo/tiny/resolve/main/{path}")
        assert answer.status_code in (404, 401), path
        assert answer.headers["x-error-code"] in ("EntryNotFound", "RepoNotFound", "NotFound"), path
    missing = raw.head("/demo/tiny/resolve/main/nothing.py")
    assert (missing.status_code, missing.headers["x-error-code"], len(missing.headers["x-repo-commit"])) == (
        404,
        "EntryNotFound",
        40,
    )
    with pytest.raises(EntryNotFoundError):
        hf_hub_download("demo/tiny", "nothing.py", endpoint=box.url, cache_dir=tmp_path, token=False)
    assert list(tmp_path.glob("*/.no_exist/*/nothing.py"))
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download(
            "demo/tiny", "config.json", revision="never", endpoint=box.url, cache_dir=tmp_path, token=False
        )
    assert not api.file_exists("demo/tiny", "nothing.py")


def test_old_names_and_other_cases_lead_to_the_present_one(raw, box, tmp_path):
    moved = {
        "/api/models/tiny": "/api/models/demo/tiny",
        "/api/models/tiny/tree/main?recursive=true": "/api/models/demo/tiny/tree/main?recursive=true",
        "/api/models/old/name?blobs=true": "/api/models/demo/tiny?blobs=true",
        "/api/models/DEMO/Tiny/refs": "/api/models/demo/tiny/refs",
        "/tiny/resolve/main/config.json": "/demo/tiny/resolve/main/config.json",
        "/old/name/resolve/main/config.json?download=true": "/demo/tiny/resolve/main/config.json?download=true",
        "/datasets/Demo/rows/resolve/main/README.md": "/datasets/demo/rows/resolve/main/README.md",
    }
    for asked, expected in moved.items():
        answer = raw.get(asked)
        assert (answer.status_code, answer.headers["location"]) == (307, expected)
        assert "ratelimit" in answer.headers
    assert Path(
        hf_hub_download("tiny", "config.json", endpoint=box.url, cache_dir=tmp_path, token=False)
    ).exists()
    assert HfApi(endpoint=box.url, token=False).model_info("old/name").id == "demo/tiny"


def test_two_hundred_downloads_at_once(box):
    with (
        httpx.Client(
            base_url=box.url,
            timeout=60,
            trust_env=False,
            follow_redirects=True,
            limits=httpx.Limits(max_connections=200),
        ) as client,
        ThreadPoolExecutor(200) as pool,
    ):
        found = list(
            pool.map(lambda _: client.get("/demo/tiny/resolve/main/model.safetensors").content, range(200))
        )
    assert set(found) == {WEIGHTS}
