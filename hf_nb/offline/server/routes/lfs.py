"""Git LFS: where a large content is to be sent, and whether it has arrived."""

import json
import re
from typing import Any
from urllib.parse import quote

from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.routes import files, uploads

_SHA256 = re.compile(r"[0-9a-f]{64}")
_KIND = "application/vnd.git-lfs+json"
_MOST_OBJECTS = 1000


def batch(ask: Ask) -> Answer:
    """`POST /[datasets/|spaces/]{id}.git/info/lfs/objects/batch`."""
    row = ask.repo
    given = ask.json()
    operation, objects = given.get("operation"), given.get("objects")
    if (
        operation not in ("upload", "download")
        or not isinstance(objects, list)
        or len(objects) > _MOST_OBJECTS
    ):
        raise refusals.bad_request("A batch needs an operation (upload, download) and a list of objects")
    if operation == "upload":
        ask.participant()  # whoever may propose a change may send what it holds
    ask.readable()
    transfers = given.get("transfers") or []
    if operation == "upload" and "xet" in transfers:
        objects = [_by_xet(ask, row, *_object(one), given.get("ref")) for one in objects]
        return _as_lfs({"transfer": "xet", "objects": objects, "hash_algo": "sha256"})
    multipart = "multipart" in transfers
    answered = [
        _upload(ask, row, *_object(one), multipart=multipart)
        if operation == "upload"
        else _download(ask, row, *_object(one))
        for one in objects
    ]
    parts = any("chunk_size" in _header(one) for one in answered)
    return _as_lfs(
        {"transfer": "multipart" if parts else "basic", "objects": answered, "hash_algo": "sha256"}
    )


def verify(ask: Ask) -> Answer:
    """`POST …/info/lfs/objects/verify`: the client's last word before its commit."""
    row = ask.repo
    ask.participant()
    sha256, size = _object(ask.json())
    if ask.site.store.may_name(row["rid"], sha256) != size:
        raise refusals.not_found("The object has not arrived, or has another size")
    return _as_lfs({})


def _upload(ask: Ask, row: Any, sha256: str, size: int, *, multipart: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"oid": sha256, "size": size, "authenticated": True}
    if ask.site.store.may_name(row["rid"], sha256) == size:
        return found
    if size > uploads.MOST:
        return found | {"error": {"code": 422, "message": f"At most {uploads.MOST} bytes a file"}}
    href, header = uploads.way(ask.site, row["rid"], sha256, size, multipart=multipart)
    address = ask.path.removesuffix("/").removesuffix("batch")
    actions = {
        "upload": {"href": href, "header": header},
        "verify": {"href": f"{ask.site.url}{address}verify", "header": {}},
    }
    return found | {"actions": actions}


def _by_xet(ask: Ask, row: Any, sha256: str, size: int, ref: Any) -> dict[str, Any]:
    """For a client that says it can: where it gets its token. Without a ref it is about to propose a change."""
    found: dict[str, Any] = {"oid": sha256, "size": size, "authenticated": True}
    if ask.site.store.may_name(row["rid"], sha256) == size:
        return found
    name = ref.get("name") if isinstance(ref, dict) else None
    if name is not None and not isinstance(name, str):
        raise refusals.bad_request('"ref" needs a name')
    where = quote(name.removeprefix("refs/heads/"), safe="") if name else "main?create_pr=1"
    href = f"{ask.site.url}/api/{row['type']}s/{row['id']}/xet-write-token/{where}"
    return found | {"actions": {"upload": {"href": href, "header": {}}}}


def _download(ask: Ask, row: Any, sha256: str, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"oid": sha256, "size": size, "authenticated": True}
    if ask.site.store.may_name(row["rid"], sha256) != size:
        return found | {"error": {"code": 404, "message": "Object does not exist"}}
    link = files.signed_link(ask.site, f"/{row['id']}/lfs/{sha256}", sha256)
    return found | {"actions": {"download": {"href": link, "header": {}}}}


def _object(one: Any) -> tuple[str, int]:
    sha256, size = (one.get("oid"), one.get("size")) if isinstance(one, dict) else (None, None)
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256) or not isinstance(size, int) or size < 0:
        raise refusals.bad_request("An object needs its sha256 as oid, and a size")
    return sha256, size


def _header(answered: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answered.get("actions", {}).get("upload", {}).get("header", {})
    return found


def _as_lfs(value: Any) -> Answer:
    return Answer(200, {"content-type": _KIND}, json.dumps(value).encode())
