"""Every official command, tried once: a line for each, in an order in which each finds what it needs.

{me} {repo} {space} {set}   a person of the Hub written to, and that person's model, Space and dataset
{file} {folder}             on disk
{slug} {comment}            what an earlier answer told
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

ME, ME_TOKEN = "me", "hf_me_offline"

# On the Hub with the demo content, which is read: a command's line, and what stands in the answer.
READ: dict[str, tuple[str, str]] = {
    "models list": ("models ls --search sentiment", "hfnb-demo/sentiment-en"),
    "models info": ("models info hfnb-demo/sentiment-en", "text-classification"),
    "models card": ("models card hfnb-demo/sentiment-en --text", "sentiment"),
    "datasets list": ("datasets ls --author hfnb-demo", "hfnb-demo/digits"),
    "datasets info": ("datasets info hfnb-demo/digits", "hfnb-demo/digits"),
    "datasets card": ("datasets card hfnb-demo/digits --metadata", "license"),
    "spaces list": ("spaces ls --author hfnb-demo", "hfnb-demo/"),
    "spaces info": ("spaces info hfnb-demo/sentiment-demo", "sdk"),
    "spaces card": ("spaces card hfnb-demo/sentiment-demo", "sdk"),
    "spaces wait": ("spaces wait hfnb-demo/sentiment-demo --timeout 1", "hfnb-demo/sentiment-demo"),
    "spaces search": ("spaces search sentiment --include-non-running", "hfnb-demo/"),
    "papers list": ("papers ls", "Attention"),
    "papers info": ("papers info 1706.03762", "Attention"),
    "papers search": ("papers search attention", "1706.03762"),
    "papers read": ("papers read 1706.03762", "Attention"),
    "collections list": ("collections ls --owner hfnb-demo", "Start here"),
    "discussions list": ("discussions ls hfnb-demo/sentiment-en --status all", "num"),
    "discussions info": ("discussions info hfnb-demo/sentiment-en 1", "title"),
    "download": ("download hfnb-demo/sentiment-en config.json", "config.json"),
    "cache list": ("cache ls", "hfnb-demo/sentiment-en"),
    "cache verify": ("cache verify hfnb-demo/sentiment-en", "hfnb-demo/sentiment-en"),
    "cache prune": ("cache prune -y", ""),
    "cache rm": ("cache rm model/hfnb-demo/sentiment-en -y", "1"),
    "env": ("env", "huggingface_hub version"),
    "version": ("version", "version"),
    "skills preview": ("skills preview", "hf-cli"),
    "skills list": ("skills list", ""),
    "datasets leaderboard": ("datasets leaderboard hfnb-demo/digits", ""),
    "datasets parquet": ("datasets parquet hfnb-demo/digits", ""),
    "datasets sql": ('datasets sql "SELECT 1 AS one"', "one"),
}

# On a Hub of the test's own, in this order.
WRITE: dict[str, tuple[str, str]] = {
    "auth whoami": ("auth whoami", ME),
    "auth list": ("auth ls", "work"),
    "auth switch": ("auth switch --token-name work", "work"),
    "repos create": ("repos create {repo}", "{repo}"),
    "upload": ("upload {repo} {file} a.txt", "{repo}"),
    "cp": ("cp {file} hf://{repo}/b.txt", "b.txt"),
    "repos cp": ("repos cp hf://{repo}/b.txt hf://{repo}/c.txt", "c.txt"),
    "repos delete-files": ("repos delete-files {repo} c.txt", ""),
    "repos list": ("repos ls", "{repo}"),
    "repos settings": ("repos settings {repo} --private", "{repo}"),
    "repos branch create": ("repos branch create {repo} dev", "dev"),
    "repos branch delete": ("repos branch delete {repo} dev", "dev"),
    "repos tag create": ("repos tag create {repo} v1", "v1"),
    "repos tag list": ("repos tag ls {repo}", "v1"),
    "repos tag delete": ("repos tag delete {repo} v1 -y", "v1"),
    "repos duplicate": ("repos duplicate {repo} {repo}-twin", "{repo}-twin"),
    "repos move": ("repos move {repo}-twin {repo}-moved", "{repo}-moved"),
    "repos delete": ("repos delete {repo}-moved -y", "{repo}-moved"),
    "discussions create": ("discussions create {repo} --title Question --body Why", "1"),
    "discussions comment": ("discussions comment {repo} 1 --body Because", ""),
    "discussions edit": ("discussions edit {repo} 1 {comment} --body Therefore", ""),
    "discussions rename": ("discussions rename {repo} 1 Answer", ""),
    "discussions close": ("discussions close {repo} 1 -y", ""),
    "discussions reopen": ("discussions reopen {repo} 1 -y", ""),
    "discussions diff": ("discussions diff {repo} 2", "proposed"),
    "discussions merge": ("discussions merge {repo} 2 -y", ""),
    "collections create": ("collections create Things", "things"),
    "collections add-item": ("collections add-item {slug} {repo} model --note good", ""),
    "collections info": ("collections info {slug}", "{repo}"),
    "collections update": ("collections update {slug} --title Others", ""),
    "collections update-item": ("collections update-item {slug} {item} --note better", ""),
    "collections delete-item": ("collections delete-item {slug} {item}", ""),
    "collections delete": ("collections delete {slug}", ""),
    "buckets create": ("buckets create {me}/pail", ""),
    "buckets list": ("buckets ls", ""),
    "buckets info": ("buckets info {me}/pail", ""),
    "buckets settings": ("buckets settings {me}/pail --private", ""),
    "buckets cp": ("buckets cp {file} hf://buckets/{me}/pail/a.txt", ""),
    "buckets sync": ("buckets sync {folder} hf://buckets/{me}/pail", ""),
    "sync": ("sync {folder} hf://buckets/{me}/pail", ""),
    "buckets remove": ("buckets rm {me}/pail/a.txt -y", ""),
    "buckets move": ("buckets move {me}/pail {me}/bin", ""),
    "buckets delete": ("buckets delete {me}/pail -y", ""),
    "jobs run": ("jobs run -d python:3.12 true", ""),
    "jobs uv run": ("jobs uv run -d {script}", ""),
    "jobs list": ("jobs ls", ""),
    "jobs hardware": ("jobs hardware", ""),
    "jobs inspect": ("jobs inspect 1", ""),
    "jobs logs": ("jobs logs 1", ""),
    "jobs stats": ("jobs stats 1", ""),
    "jobs wait": ("jobs wait 1", ""),
    "jobs rerun": ("jobs rerun 1 -d", ""),
    "jobs expose": ("jobs expose 1 8000", ""),
    "jobs cancel": ("jobs cancel 1", ""),
    "jobs labels": ("jobs labels 1 --label a=b", ""),
    "jobs scheduled run": ("jobs scheduled run @hourly python:3.12 true", ""),
    "jobs scheduled uv run": ("jobs scheduled uv run @hourly {script}", ""),
    "jobs scheduled list": ("jobs scheduled ls", ""),
    "jobs scheduled inspect": ("jobs scheduled inspect 1", ""),
    "jobs scheduled labels": ("jobs scheduled labels 1 --label a=b", ""),
    "jobs scheduled suspend": ("jobs scheduled suspend 1", ""),
    "jobs scheduled resume": ("jobs scheduled resume 1", ""),
    "jobs scheduled reschedule": ("jobs scheduled reschedule 1 @daily", ""),
    "jobs scheduled trigger": ("jobs scheduled trigger 1", ""),
    "jobs scheduled delete": ("jobs scheduled delete 1", ""),
    "sandbox create": ("sandbox create python:3.12", ""),
    "sandbox exec": ("sandbox exec 1 -- true", ""),
    "sandbox spawn": ("sandbox spawn 1 -- true", ""),
    "sandbox cp": ("sandbox cp {file} 6b01af229d485f9c0184e2ae:/a.txt", ""),
    "sandbox kill": ("sandbox kill 1 -y", ""),
    "sandbox pool create": ("sandbox pool create python:3.12", ""),
    "sandbox pool ls": ("sandbox pool ls", ""),
    "sandbox pool delete": ("sandbox pool delete 1", ""),
    "sandbox process ls": ("sandbox process ls 1", ""),
    "sandbox process kill": ("sandbox process kill 1 2", ""),
    "spaces restart": ("spaces restart {space}", ""),
    "spaces pause": ("spaces pause {space}", ""),
    "spaces logs": ("spaces logs {space}", ""),
    "spaces hardware": ("spaces hardware", ""),
    "spaces settings": ("spaces settings {space} --sleep-time 300", ""),
    "spaces dev-mode": ("spaces dev-mode {space} --stop", ""),
    "spaces hot-reload": ("spaces hot-reload {space} app.py -f {script}", ""),
    "spaces templates": ("spaces templates", ""),
    "spaces secrets list": ("spaces secrets ls {space}", ""),
    "spaces secrets add": ("spaces secrets add {space} -s A=b", ""),
    "spaces secrets delete": ("spaces secrets delete {space} A -y", ""),
    "spaces variables list": ("spaces variables ls {space}", ""),
    "spaces variables add": ("spaces variables add {space} -e A=b", ""),
    "spaces variables delete": ("spaces variables delete {space} A -y", ""),
    "spaces volumes list": ("spaces volumes ls {space}", ""),
    "spaces volumes set": ("spaces volumes set {space} -v hf://{repo}:/data", ""),
    "spaces volumes delete": ("spaces volumes delete {space} -y", ""),
    "spaces zero-gpu quota": ("spaces zero-gpu quota", ""),
    "webhooks list": ("webhooks ls", ""),
    "webhooks create": ("webhooks create --url https://example.org --watch model:{repo}", ""),
    "webhooks info": ("webhooks info 1", ""),
    "webhooks update": ("webhooks update 1 --url https://example.org", ""),
    "webhooks enable": ("webhooks enable 1", ""),
    "webhooks disable": ("webhooks disable 1", ""),
    "webhooks delete": ("webhooks delete 1 -y", ""),
    "endpoints list": ("endpoints ls", ""),
    "endpoints hardware": ("endpoints hardware", ""),
    "endpoints deploy": (
        (
            "endpoints deploy e --repo {repo} --framework pytorch --accelerator cpu --instance-size x1"
            " --instance-type intel-icl --region us-east-1 --vendor aws"
        ),
        "",
    ),
    "endpoints list-catalog": ("endpoints list-catalog", ""),
    "endpoints catalog list": ("endpoints catalog ls", ""),
    "endpoints catalog deploy": ("endpoints catalog deploy --repo {repo}", ""),
    "endpoints describe": ("endpoints describe e", ""),
    "endpoints update": ("endpoints update e --min-replica 1", ""),
    "endpoints pause": ("endpoints pause e", ""),
    "endpoints resume": ("endpoints resume e", ""),
    "endpoints scale-to-zero": ("endpoints scale-to-zero e", ""),
    "endpoints delete": ("endpoints delete e --yes", ""),
    "auth logout": ("auth logout --token-name work", "work"),
}

REFUSED: dict[str, str] = {
    "auth login": "auth login",
    "auth token": "auth token",
    "update": "update",
    "lfs-enable-largefiles": "lfs-enable-largefiles .",
    "lfs-multipart-upload": "lfs-multipart-upload",
    "extensions install": "extensions install owner/hf-name",
    "extensions update": "extensions update",
    "extensions exec": "extensions exec name",
    "extensions list": "extensions ls",
    "extensions search": "ext search",
    "extensions remove": "ext rm name",
    "skills add": "skills add",
    "skills update": "skills update",
    "jobs ssh": "jobs ssh 1",
    "spaces ssh": "spaces ssh me/space",
}


def say(line: str) -> dict[str, Any]:
    """In the worker: one line through the bridge."""
    import json

    from hf_nb.commands import official
    from hf_nb.errors import HfNbError

    try:
        value = official.run(shlex.split(line))
    except HfNbError as wrong:
        return {"line": line, "kind": "", "said": "", "error": type(wrong).__name__, "wrong": str(wrong)}
    return {
        "line": line,
        "kind": type(value).__name__,
        "said": json.dumps(value.to_dict(), ensure_ascii=False, default=str),
        "error": "",
        "wrong": "",
    }


def prepare(folder: str) -> dict[str, str]:
    """In the worker: what the lines that write need, made by the official client's Python."""
    from huggingface_hub import HfApi
    from huggingface_hub._login import _save_token, _set_active_token

    where = Path(folder)
    (where / "up").mkdir()
    (where / "a.txt").write_text("text\n")
    (where / "up" / "b.txt").write_text("more\n")
    (where / "job.py").write_text("print(1)\n")
    _save_token(ME_TOKEN, "work")
    _set_active_token("work", add_to_git_credential=False)
    api = HfApi()
    repo, space = f"{ME}/model", f"{ME}/space"
    api.create_repo(space, repo_type="space", space_sdk="gradio")
    api.upload_file(path_or_fileobj=b"print(1)\n", path_in_repo="app.py", repo_id=space, repo_type="space")
    return {
        "me": ME,
        "repo": repo,
        "space": space,
        "file": str(where / "a.txt"),
        "folder": str(where / "up"),
        "script": str(where / "job.py"),
    }


def between(leaf: str, known: dict[str, str]) -> dict[str, str]:
    """In the worker, after a leaf: what the next ones have to know."""
    from huggingface_hub import HfApi

    api = HfApi()
    if leaf == "discussions comment":
        events = api.get_discussion_details(known["repo"], 1).events
        return {"comment": [one.id for one in events if one.type == "comment"][-1]}
    if leaf == "discussions reopen":
        api.upload_file(
            path_or_fileobj=b"proposed\n", path_in_repo="p.txt", repo_id=known["repo"], create_pr=True
        )
    if leaf == "collections create":
        return {"slug": next(iter(api.list_collections(owner=ME))).slug}
    if leaf == "collections add-item":
        return {"item": api.get_collection(known["slug"]).items[0].item_object_id}
    return {}
