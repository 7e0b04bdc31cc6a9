"""What a browser is shown: every page answers, nothing people write becomes markup, nothing private shows."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from huggingface_hub import HfApi
from huggingface_hub.hf_api import RepoFile

from hf_nb.offline.changes import Change
from hf_nb.offline.repos import TYPES
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.offline.small import DAY, TEACHER

pytestmark = pytest.mark.slow

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp; \u202egnp.exe"
CARD = f"""---
tags: ["{ATTACK.replace('"', "")}"]
---
# {ATTACK}

[{ATTACK.replace("]", "")}](javascript:alert(3)) [out](https://example.invalid/"onclick='x') ![p](data:text/html,x)
[j](javascript:alert`5`)

- item `{ATTACK}` **{ATTACK}**

| a | b |
|---|---|
| {ATTACK} | `x` |

> {ATTACK}

```html
{ATTACK}
```
"""
PATHS = (
    "a b#c?d%.txt",
    "ünï/çödé +&.txt",
    "<script>alert(4)<",
    "\"on'x=.txt",
    "\u202egnp.txt",
    "deep/er/x.txt",
)
PAGES = (
    "", "/tree/main", "/commits/main", "/discussions", "/discussions/1", "/discussions/2", "/discussions/3",
    "/commit/main", "/blob/main/README.md",
)  # fmt: skip
PLAIN = ("", "/tree/main", "/tree/v1.0", "/tree/feature%2Fx", "/tree/main/data/sub", "/tree/refs%2Fheads%2Fmain",
         "/blob/main/config.json", "/blob/main/data/sub/deep%20file.txt", "/blob/main/empty.txt",
         "/blob/main/model.safetensors", "/commits/main", "/commit/main", "/discussions", "/discussions/1",
         "/discussions/2")  # fmt: skip


class Seen(HTMLParser):
    """The tags, the links and the words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Hub where every word that somebody chose is an attack."""
    from huggingface_hub.utils import httpx

    root = tmp_path_factory.mktemp("hostile") / "store"
    store = Store.open(root)
    store.user("mallory", "hf_mallory_offline")
    for kind in TYPES:
        rid = store.create_repo(kind, "mallory/repo", created_at=DAY)
        files = {
            "README.md": CARD.encode(),
            "rules.txt": b"---\n",
            **{path: f"{ATTACK}\n".encode() for path in PATHS},
        }
        store.commit(kind, "mallory/repo", files, title=ATTACK, author="mallory", date=DAY)
        store.point(rid, "heads", "<b>'x\"", "main")
        said = [("mallory", CARD, DAY)]
        store.discussion(
            kind, "mallory/repo", title=ATTACK, author="mallory", body=CARD, comments=said, date=DAY
        )
        with store.database.writing() as sql:
            from hf_nb.offline import community

            community.retitle(sql, rid, 1, ATTACK + "!", "mallory", DAY)
            community.event(sql, rid, 1, ATTACK, "mallory", DAY, {})
        for text in (b"1\n", b"2\n"):  # the second conflicts once the first is merged
            blob = store.blobs.put_regular(text)
            change = Change(ATTACK, "mallory", DAY, {"rules.txt": blob})
            store.propose(rid, change, base="refs/heads/main")
        store.merge(rid, 2, author="mallory", date=DAY, comment=ATTACK)
    many = {f"{place:04} {'<b>' if place % 2 else '#'}.txt": b"x" for place in range(5000)}
    long = {"README.md": f"# long\n\n{'[`**<i>' * 150_000}".encode(), "one line.txt": b"<" * 199_000}
    store.create_repo("model", "mallory/many", created_at=DAY)
    store.commit("model", "mallory/many", many, title="5,000", author="mallory", date=DAY)
    store.create_repo("model", "mallory/long", created_at=DAY)
    store.commit("model", "mallory/long", long, title="1 MB", author="mallory", date=DAY)
    store.close()
    with (
        start(root) as running,
        httpx.Client(base_url=running.url, headers=HTML, timeout=20, trust_env=False) as client,
    ):
        yield client


def checked(answer: Any) -> Seen:
    """A page that keeps every promise of a page."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text[:300]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    assert (len(styles), f"'sha256-{digest}'" in policy) == (1, True)
    seen = Seen(answer.text)
    assert not seen.tags & {"script", "img", "iframe", "object", "b onclick", "i"}
    assert not {name for name in seen.attributes if name.startswith("on")} | (seen.attributes & {"style"})
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", answer.text)
    for link in seen.links:
        assert link.startswith(("/", "?", "https://example.invalid/")), link
    return seen


@pytest.mark.parametrize("folder", ["", "datasets/", "spaces/"])
@pytest.mark.parametrize("end", PAGES)
def test_nothing_that_people_write_becomes_markup(hostile, folder, end):
    answer = hostile.get(f"/{folder}mallory/repo{end}")
    assert answer.status_code == 200, answer.text[:300]
    seen = checked(answer)
    if end not in ("/tree/main", "/discussions/3"):
        assert "<script>alert(1)</script>" in seen.words


def test_every_link_of_every_page_leads_somewhere(hostile):
    ahead, known = ["/"], {"/"}
    while ahead:
        where = ahead.pop()
        answer = hostile.get(where)
        assert answer.status_code in (200, 302), (where, answer.status_code, answer.text[:200])
        if answer.status_code == 302 or "/resolve/" in where:
            continue
        for link in checked(answer).links:
            full = where.partition("?")[0] + link if link.startswith("?") else link
            if full.startswith("/") and full not in known and "mallory/many" not in full:
                known.add(full)
                ahead.append(full)
    found = {unquote(link) for link in known}
    for path in PATHS:
        assert f"/mallory/repo/blob/main/{path}" in found
        assert f"/datasets/mallory/repo/resolve/main/{path}" in found


def test_a_pull_request_says_what_it_changes_and_what_is_in_its_way(hostile):
    merged, blocked = (hostile.get(f"/mallory/repo/discussions/{num}") for num in (2, 3))
    assert "merged as" in Seen(merged.text).words
    assert "Conflicts" not in merged.text
    words = Seen(blocked.text).words
    assert "Conflicts: both sides changedrules.txt" in words
    assert '<span class="plus">+2</span>' in blocked.text
    assert '<span class="minus">----</span>' in blocked.text


def test_5000_files_come_in_pages(hostile):
    names: list[str] = []
    where = "/mallory/many/tree/main"
    for place in range(11):
        answer = hostile.get(f"{where}?p={place}")
        links = [link for link in checked(answer).links if "/blob/" in link]
        assert len(links) <= 500
        names += links
    assert len(set(names)) == len(names) == 5001  # and .gitattributes
    assert len(hostile.get("/mallory/many").text) < 40_000
    assert "only the beginning" in checked(hostile.get("/mallory/many/commit/main")).words


def test_a_card_of_a_megabyte_is_cut_and_quick(hostile):
    answer = hostile.get("/mallory/long")
    assert "Only the beginning is shown" in checked(answer).words
    assert len(answer.content) < 2_000_000
    assert answer.elapsed.total_seconds() < 5
    assert "Too long" in checked(hostile.get("/mallory/long/blob/main/README.md")).words
    assert "<" * 199_000 in checked(hostile.get("/mallory/long/blob/main/one%20line.txt")).words
    assert "Not shown" in checked(hostile.get("/mallory/long/commit/main")).words


@pytest.mark.parametrize("end", PLAIN)
def test_the_addresses_the_client_prints_are_pages(raw, end):
    answer = raw.get(f"/demo/tiny{end}", headers=HTML)
    assert answer.status_code == 200, answer.text[:300]
    checked(answer)
    assert raw.head(f"/demo/tiny{end}", headers=HTML).content == b""


def test_what_the_client_prints_after_a_write_can_be_opened(mine, raw_mine):
    api = HfApi(endpoint=mine.url, token=TEACHER)
    made = api.create_repo("lab/clicked", exist_ok=True)
    commit = api.upload_file(path_or_fileobj=b"hi\n", path_in_repo="a b/ü#.txt", repo_id="lab/clicked")
    pull = api.upload_file(
        path_or_fileobj=b"ho\n", path_in_repo="a b/ü#.txt", repo_id="lab/clicked", create_pr=True
    )
    talk = api.create_discussion("lab/clicked", title="why", description="**because**")
    for url in (made, commit.commit_url, pull.pr_url, pull.commit_url, talk.url):
        assert url
        checked(answer := raw_mine.get(str(url), headers=HTML))
        assert answer.status_code == 200, url
    assert "+hi" in raw_mine.get(commit.commit_url, headers=HTML).text
    assert "<b>because</b>" in raw_mine.get(talk.url, headers=HTML).text
    file = raw_mine.get(f"{made}/blob/main/a%20b/%C3%BC%23.txt", headers=HTML)
    assert "<pre>hi\n</pre>" in file.text


def test_a_folder_and_a_file_lead_to_each_other(raw):
    for wrong, right in (
        ("tree/main/config.json", "blob/main/config.json"),
        ("blob/main/data", "tree/main/data"),
    ):
        answer = raw.get(f"/demo/tiny/{wrong}")
        assert (answer.status_code, answer.headers["location"]) == (307, f"/demo/tiny/{right}")
    renamed = raw.get("/old/name/tree/main/data", headers=HTML)
    assert renamed.headers["location"] == "/demo/tiny/tree/main/data"


def test_the_search_field_searches(raw):
    seen = checked(raw.get("/", params={"search": "TIN"}, headers=HTML))
    assert "/demo/tiny" in seen.links
    assert "/demo/base" not in seen.links
    nothing = checked(raw.get("/", params={"search": f"none {ATTACK}"}, headers=HTML))
    assert "No repository has these words" in nothing.words
    assert raw.get("/", params={"search": "a " * 3000}, headers=HTML).status_code == 200


def test_lists_are_filtered_sorted_and_paged(raw, monkeypatch):
    assert "/demo/tiny" in checked(raw.get("/models?filter=tiny", headers=HTML)).links
    assert "/demo/base" not in checked(raw.get("/models?filter=tiny", headers=HTML)).links
    assert "/lab/auto" not in checked(raw.get("/models?author=demo", headers=HTML)).links
    order = [
        link for link in checked(raw.get("/models?sort=downloads", headers=HTML)).links if "/demo/" in link
    ]
    assert order == ["/demo/tiny", "/demo/base"]
    for wrong in ("sort=rm", "cursor=!!!", "cursor=W10="):
        assert raw.get(f"/models?{wrong}", headers=HTML).status_code == 400


@pytest.mark.parametrize("path", ["/", "/models", "/?search=secret", "/models?filter=classified"])
def test_lists_hide_what_is_private_from_those_without_a_token(raw, bearer, path):
    assert "lab/secret" not in raw.get(path, headers=HTML).text
    assert "lab/secret" in raw.get(path, headers=HTML | bearer["teacher"]).text


@pytest.mark.parametrize("end", PLAIN)
def test_private_and_missing_pages_are_the_same_page(raw, bearer, end):
    for who, status in ((None, 401), ("stranger", 404)):
        token = bearer[who] if who else {}
        secret, missing = (raw.get(f"/lab/{name}{end}", headers=HTML | token) for name in ("secret", "none"))
        assert (secret.status_code, secret.headers["x-error-code"]) == (status, "RepoNotFound")
        assert secret.content == missing.content
        assert "or it is private" in checked(secret).words
        plain = raw.get(f"/lab/secret{end}", headers=token)
        assert plain.json() == {"error": plain.headers["x-error-message"]}
        assert plain.headers["x-error-code"] == "RepoNotFound"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/demo/tiny/tree/none", 404),
        ("/demo/tiny/blob/main/none", 404),
        ("/demo/tiny/blob/main/", 404),
        ("/demo/tiny/commit/0000000", 404),
        ("/demo/tiny/discussions/99", 404),
        ("/demo/tiny/discussions/x", 404),
        ("/demo/tiny/settings", 404),
        ("/demo/tiny/commits/main?p=-1", 400),
        ("/lab/manual/blob/main/x.txt", 401),
        ("/lab/manual/commit/main", 401),
        ("/nothing", 404),
    ],
)
def test_a_refusal_is_a_page_for_a_browser_and_json_for_everybody_else(raw, path, status):
    page, plain = raw.get(path, headers=HTML), raw.get(path)
    assert (page.status_code, plain.status_code) == (status, status)
    assert page.headers.get("x-error-code") == plain.headers.get("x-error-code")
    assert plain.json()["error"] in checked(page).words
    assert raw.get("/api/models/demo/none", headers=HTML).json()["error"]


def test_the_files_of_a_gated_repository_stay_behind_its_gate(raw, bearer):
    assert "asked for access" in raw.get("/lab/auto", headers=HTML).text
    assert "asked for access" not in raw.get("/lab/auto", headers=HTML | bearer["learner"]).text
    inside = raw.get("/lab/auto/blob/main/x.txt", headers=HTML | bearer["learner"])
    assert "<pre>gate</pre>" in inside.text


def test_damage_is_said_and_nothing_fails(mine, raw_mine):
    api = HfApi(endpoint=mine.url, token=TEACHER)
    api.create_repo("lab/damaged")
    commit = api.upload_file(
        path_or_fileobj=b"---\nlicense: mit\n---\nsoon gone\n",
        path_in_repo="README.md",
        repo_id="lab/damaged",
    )
    (card,) = api.get_paths_info("lab/damaged", "README.md")
    assert isinstance(card, RepoFile)
    oid = card.blob_id
    (mine.root / "blobs" / "sha1" / oid[:2] / oid).unlink()
    for end in ("", "/blob/main/README.md"):
        answer = raw_mine.get(f"/lab/damaged{end}", headers=HTML)
        assert (answer.status_code, "hf-nb hub verify" in answer.text) == (200, True)
    assert raw_mine.get(f"/lab/damaged/commit/{commit.oid}", headers=HTML).status_code == 200
    api.delete_repo("lab/damaged")


def test_the_login_page_has_the_same_frame(raw_mine):
    seen = checked(raw_mine.get("/oauth/device", params={"user_code": ATTACK}))
    assert seen.links == ["/oauth/device/answer"]


def test_a_running_hub_is_the_one_named(box: Running, raw):
    assert f"HF_ENDPOINT={box.url}" in raw.get("/").text
