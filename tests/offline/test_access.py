"""Who may see and fetch what, and in which words the others are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from tests.offline.small import LEARNER, STRANGER, TEACHER

EVERYWHERE = (
    "/api/models",
    "/api/models?search=secret",
    "/api/models?author=lab&full=true",
    "/api/models?filter=classified",
    "/api/models?sort=trendingScore&limit=1",
    "/api/trending",
    "/api/quicksearch?q=secret",
    "/api/models-tags-by-type",
    "/api/spaces?full=true&linked=true",
    "/api/spaces/demo/app",
    "/api/collections",
    "/api/users/teacher/likes",
    "/api/tasks",
    "/api/models?expand=spaces&expand=baseModels",
)


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("who", ["nobody", "stranger", "learner"])
def test_a_private_repository_shows_nowhere(raw, bearer, path, who):
    answer = raw.get(path, headers=bearer.get(who, {}))
    assert answer.status_code == 200
    assert "lab/secret" not in answer.text
    assert "classified" not in answer.text


def test_its_own_people_see_it(raw, bearer):
    assert raw.get("/api/models?limit=1", headers=bearer["teacher"]).json()[0]["id"] == "lab/secret"
    assert {"id": "classified", "label": "classified", "type": "other"} in raw.get(
        "/api/models-tags-by-type", headers=bearer["teacher"]
    ).json()["other"]
    assert raw.get("/api/organizations/lab/overview", headers=bearer["teacher"]).json()["numModels"] == 3
    assert raw.get("/api/organizations/lab/overview").json()["numModels"] == 2


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "/tree/main",
        "/refs",
        "/commits/main",
        "/revision/main",
        "/likers",
        "/discussions",
        "/auth-check",
        "/compare/a..b",
    ],
)
def test_private_and_missing_look_the_same(raw, bearer, tail):
    for repo in ("lab/secret", "lab/missing", "LAB/SECRET"):
        nobody = raw.get(f"/api/models/{repo}{tail}")
        assert (nobody.status_code, nobody.headers["x-error-code"]) == (401, "RepoNotFound")
        assert nobody.json() == {"error": "Invalid username or password."}
        known = raw.get(f"/api/models/{repo}{tail}", headers=bearer["learner"])
        assert (known.status_code, known.headers["x-error-code"]) == (404, "RepoNotFound")
        assert known.headers["x-error-message"] == known.json()["error"]


def test_the_official_client_calls_it_not_found(box, api, tmp_path):
    for repo in ("lab/secret", "lab/missing", "missing"):
        with pytest.raises(RepositoryNotFoundError):
            api.model_info(repo)
        with pytest.raises(RepositoryNotFoundError):
            hf_hub_download(repo, "x.txt", endpoint=box.url, cache_dir=tmp_path, token=LEARNER)
    assert HfApi(endpoint=box.url, token=TEACHER).model_info("lab/secret").private


def test_a_gated_repository_is_shown_but_not_handed_out(box, api, raw, tmp_path):
    assert api.model_info("lab/manual").gated == "manual"
    assert "model.bin" in api.list_repo_files("lab/manual")
    for token, status in ((False, 401), (LEARNER, 403), (STRANGER, 403)):
        with pytest.raises(GatedRepoError) as refused:
            hf_hub_download("lab/manual", "x.txt", endpoint=box.url, cache_dir=tmp_path, token=token)
        assert refused.value.response.status_code == status
    assert hf_hub_download("lab/manual", "model.bin", endpoint=box.url, cache_dir=tmp_path, token=TEACHER)
    assert hf_hub_download("lab/auto", "x.txt", endpoint=box.url, cache_dir=tmp_path, token=LEARNER)
    assert (
        raw.get("/lab/manual/resolve/main/x.txt", headers={"authorization": "Bearer hf_nobody"}).headers[
            "x-error-code"
        ]
        == "GatedRepo"
    )
    assert raw.get("/api/models/lab/manual/commits/main").headers["x-error-code"] == "GatedRepo"
    with pytest.raises(GatedRepoError):
        api.auth_check("lab/manual")
    api.auth_check("demo/tiny")
    HfApi(endpoint=box.url, token=LEARNER).auth_check("lab/auto")


def test_a_token_of_nobody_is_named_as_such(box, raw, bearer):
    answer = raw.get("/api/models/demo/tiny", headers=bearer["garbage"])
    assert (answer.status_code, answer.json()["error"]) == (
        401,
        "Invalid credentials in Authorization header",
    )
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        HfApi(endpoint=box.url).whoami(token="hf_nobody")
    assert raw.get("/api/whoami-v2").status_code == 401


def test_who_am_i(box):
    me = HfApi(endpoint=box.url).whoami(token=TEACHER)
    assert (me["name"], me["type"], me["auth"]["accessToken"]["role"]) == ("teacher", "user", "write")
    assert {org["name"]: org["roleInOrg"] for org in me["orgs"]} == {"demo": "admin", "lab": "admin"}


def test_writing_needs_a_role(raw, bearer):
    for who, status in (("teacher", 200), ("learner", 403), ("stranger", 403)):
        assert raw.get("/api/models/demo/tiny/auth-check/write", headers=bearer[who]).status_code == status


def test_what_this_hub_does_not_do_is_said_and_a_wrong_method_too(raw, bearer):
    for path, given in (
        ("/api/settings/webhooks", {}),
        ("/api/spaces/demo/app/pause", {}),
        ("/api/spaces/demo/app/secrets", {"key": "A", "value": "b"}),
        ("/api/repos/move", {"fromRepo": "demo/a", "toRepo": "demo/b", "type": "bucket"}),
    ):
        answer = raw.post(path, headers=bearer["teacher"], json=given)
        assert (answer.status_code, answer.headers["x-error-code"]) == (501, "NotImplemented"), path
        assert "nothing was changed" in answer.json()["error"]
    for method, path in (("PUT", "/api/models"), ("DELETE", "/api/models/demo/tiny")):
        answer = raw.request(method, path, headers=bearer["teacher"])
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]


def test_variables_are_for_those_who_may_write(box, raw, bearer):
    assert HfApi(endpoint=box.url, token=TEACHER).get_space_variables("demo/app")["MODE"].value == "fast"
    assert raw.get("/api/spaces/demo/app/variables").status_code == 401
    assert raw.get("/api/spaces/demo/app/variables", headers=bearer["learner"]).status_code == 403


def test_people_collections_papers_and_discussions(box, api, raw, bearer):
    assert api.get_user_overview("learner").orgs[0].name == "demo"
    assert (
        api.get_organization_overview("demo").num_users == 2
        or api.get_organization_overview("demo").num_users == 3
    )
    assert "learner" in {one.username for one in api.list_organization_members("demo")}
    assert [one.username for one in api.list_organization_followers("demo")] == ["learner"]
    assert list(api.list_liked_repos("learner").models) == ["demo/tiny"]
    assert [one.username for one in api.list_repo_likers("demo/tiny")] == ["learner"]
    missing = raw.get("/api/users/demo/overview")
    assert (missing.status_code, missing.json()) == (404, {"error": "This user does not exist"})
    found = next(iter(api.list_collections(owner="demo")))
    full = api.get_collection(found.slug)
    assert [(item.item_type, item.item_id) for item in full.items] == [
        ("model", "demo/tiny"),
        ("paper", "1810.04805"),
    ]
    assert [item.item_id for item in HfApi(endpoint=box.url, token=TEACHER).get_collection(found.slug).items][
        1
    ] == "lab/secret"
    assert api.paper_info("1810.04805").title == "Transformers, two ways"
    assert [one.id for one in api.list_papers(query="deep")] == ["1810.04805"]
    assert [one.id for one in api.list_daily_papers()] == ["1810.04805"]
    assert raw.get("/papers/1810.04805.md").text.startswith("# Transformers")
    talks = list(api.get_repo_discussions("demo/tiny"))
    assert [(one.num, one.status, one.is_pull_request) for one in talks] == [
        (2, "closed", True),
        (1, "open", False),
    ]
    talk = api.get_discussion_details("demo/tiny", 1)
    assert [event.content for event in talk.events] == ["Why?", "Because."]
    assert raw.get("/api/models/demo/tiny/discussions/99").status_code == 404


def test_readme_front_matter_is_really_parsed(raw):
    def judged(content: str, kind: str = "model") -> tuple[int, dict[str, Any]]:
        answer = raw.post("/api/validate-yaml", json={"content": content, "repoType": kind})
        return answer.status_code, answer.json()

    assert judged("---\nlicense: mit\n---\n# x") == (200, {"errors": [], "warnings": []})
    assert judged("# no front matter")[0] == 200
    assert judged("---\nlicense: [mit\n---\n")[0] == 400
    assert judged("---\nlicense: {a: b}\n---\n")[0] == 400
    assert judged("---\npipeline_tag: dreaming\n---\n")[1]["warnings"]
    assert judged("---\ntitle: x\n---\n", "space")[0] == 400
    assert judged("---\nsdk: gradio\n---\n", "space")[0] == 200
    bomb = "a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a,*a]\n" for n in range(9))
    assert judged(f"---\n{bomb}---\n")[0] == 400
    assert json.loads(raw.post("/api/validate-yaml", content=b"{").content)["error"]
