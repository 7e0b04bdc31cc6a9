"""The table of everything the Hub answers, and how an address finds its line.

Addresses are matched as they come, still encoded: `refs%2Fpr%2F1` and `data%2Fsub` are one segment each, decoded
afterwards.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

from hf_nb.offline.repos import PLURALS
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.routes import (
    about,
    access,
    attachments,
    branches,
    collections,
    commits,
    discussions,
    files,
    front,
    history,
    info,
    large,
    lfs,
    likes,
    oauth,
    pages,
    papers,
    repos,
    router,
    search,
    spaces,
    table_page,
    timeline,
    tree,
    viewer,
    xet,
)
from hf_nb.offline.server.routes import people as persons

Handler = Callable[[Ask], Answer]

# {x} is one segment, {path*} the rest, possibly nothing; {types} is models, datasets or spaces, {folder*} is "",
# "datasets/" or "spaces/".
GET: dict[str, Handler] = {
    "/": front.front_page,
    "/{types}": front.listing,
    "/favicon.ico": front.icon,
    "/api/{types}": search.listing,
    "/api/spaces/semantic-search": search.semantic,
    "/api/spaces/hardware": spaces.hardware,
    "/api/spaces/templates": spaces.templates,
    "/api/spaces/zero-gpu/quota": spaces.quota,
    "/api/jobs/hardware": spaces.hardware,
    "/api/trending": search.trending,
    "/api/quicksearch": search.quick,
    "/api/models-tags-by-type": about.model_tags,
    "/api/datasets-tags-by-type": about.dataset_tags,
    "/api/tasks": about.tasks,
    "/api/agent-harnesses": about.agent_harnesses,
    "/api/telemetry/{path*}": about.telemetry,
    "/api/whoami-v2": persons.whoami,
    "/api/settings/repositories": persons.own_repositories,
    "/api/settings/webhooks": about.quiet_list,
    "/api/notifications": about.quiet_list,
    "/api/users/{user}/overview": persons.user,
    "/api/users/{user}/followers": persons.followers,
    "/api/users/{user}/following": persons.following,
    "/api/users/{user}/likes": persons.likes,
    "/api/users/{user}/avatar": persons.avatar,
    "/api/organizations/{org}/overview": persons.organisation,
    "/api/organizations/{org}/members": persons.members,
    "/api/organizations/{org}/followers": persons.followers,
    "/api/organizations/{org}/avatar": persons.avatar,
    "/api/organizations/{org}/settings/repositories": persons.own_repositories,
    "/avatars/{file}": persons.picture,
    "/api/collections": collections.collections,
    "/api/collections/{ns}/{slug}": collections.collection,
    "/api/papers/search": papers.papers,
    "/api/papers/{paper}": papers.paper,
    "/api/daily_papers": papers.daily_papers,
    "/papers/{file}": papers.paper_text,
    "/api/resolve-cache/{types}/{ns}/{name}/{rev}/{path*}": files.resolve,
    "/api/{types}/{ns}/{name}": info.info,
    "/api/{types}/{ns}/{name}/revision/{rev}": info.info,
    "/api/{types}/{ns}/{name}/auth-check": info.auth_check,
    "/api/{types}/{ns}/{name}/auth-check/write": info.auth_check_write,
    "/api/{types}/{ns}/{name}/tree/{rev}": tree.listing,
    "/api/{types}/{ns}/{name}/tree/{rev}/{path*}": tree.listing,
    "/api/{types}/{ns}/{name}/treesize/{rev}": tree.size,
    "/api/{types}/{ns}/{name}/treesize/{rev}/{path*}": tree.size,
    "/api/{types}/{ns}/{name}/refs": history.refs,
    "/api/{types}/{ns}/{name}/commits/{rev}": history.commits,
    "/api/{types}/{ns}/{name}/compare/{span}": history.compare,
    "/api/{types}/{ns}/{name}/lfs-files": large.listing,
    "/api/{types}/{ns}/{name}/scan": tree.scan,
    "/api/{types}/{ns}/{name}/likers": likes.likers,
    "/api/{types}/{ns}/{name}/xet-read-token/{rev}": xet.read_token,
    "/api/{types}/{ns}/{name}/xet-write-token/{rev}": xet.write_token,
    "/api/{types}/{ns}/{name}/safetensors-metadata/{path*}": info.safetensors,
    "/api/datasets/{ns}/{name}/parquet": viewer.files,
    "/api/datasets/{ns}/{name}/parquet/{config}": viewer.files,
    "/api/datasets/{ns}/{name}/parquet/{config}/{split}": viewer.files,
    "/api/datasets/{ns}/{name}/parquet/{config}/{split}/{file}": viewer.file,
    "/datasets-server/is-valid": viewer.is_valid,
    "/datasets-server/splits": viewer.splits,
    "/datasets-server/first-rows": viewer.first_rows,
    "/datasets-server/rows": viewer.rows,
    "/datasets-server/search": viewer.search,
    "/datasets-server/filter": viewer.matching,
    "/datasets-server/parquet": viewer.parquet,
    "/datasets-server/size": viewer.size,
    "/datasets-server/info": viewer.info,
    "/datasets-server/statistics": viewer.statistics,
    "/datasets-server/assets/{path*}": viewer.asset,
    "/api/{types}/{ns}/{name}/discussions": discussions.discussions,
    "/api/{types}/{ns}/{name}/discussions/{num}": discussions.discussion,
    "/api/{types}/{ns}/{name}/user-access-request/{status}": access.listing,
    "/{folder*}{ns}/{name}/user-access-report": access.report,
    "/uploads/{file}": attachments.show,
    "/oauth/device": oauth.page,
    "/oauth/userinfo": oauth.userinfo,
    "/api/datasets/{ns}/{name}/leaderboard": info.leaderboard,
    "/api/spaces/{ns}/{name}/runtime": spaces.runtime,
    "/api/spaces/{ns}/{name}/variables": spaces.variables,
    "/api/spaces/{ns}/{name}/secrets": spaces.secrets,
    "/api/spaces/{ns}/{name}/logs/{kind}": spaces.logs,
    "/api/kernels": about.quiet_list,
    "/api/kernels/{ns}/{name}": info.nameless,
    "/api/kernels/{ns}/{name}/revision/{rev}": info.nameless,
    "/api/{types}/{nameless}": info.nameless,
    "/api/{types}/{nameless}/revision/{rev}": info.nameless,
    "/{folder*}{ns}/{name}/resolve/{rev}/{path*}": files.resolve,
    "/{folder*}{ns}/{name}/raw/{rev}/{path*}": files.raw,
    "/{folder*}{nameless}/resolve/{rev}/{path*}": info.nameless,
    "/{folder*}{ns}/{name}/tree/{rev}": pages.folder,
    "/{folder*}{ns}/{name}/tree/{rev}/{path*}": pages.folder,
    "/{folder*}{ns}/{name}/blob/{rev}/{path*}": pages.file,
    "/{folder*}{ns}/{name}/viewer": table_page.rows,
    "/{folder*}{ns}/{name}/viewer/{config}": table_page.rows,
    "/{folder*}{ns}/{name}/viewer/{config}/{split}": table_page.rows,
    "/{folder*}{ns}/{name}/commits/{rev}": timeline.commits,
    "/{folder*}{ns}/{name}/commit/{rev}": timeline.commit,
    "/{folder*}{ns}/{name}/discussions": timeline.discussions,
    "/{folder*}{ns}/{name}/discussions/{num}": timeline.discussion,
    "/{folder*}{ns}/{name}": pages.repository,
    "/router/v1/models": router.model_list,
    "/router/v1/models/{ns}/{name}": router.model,
    "/router/v1/models/{id}": router.model_by_id,
    "/router/{provider}/v1/models": router.model_list,
}
POST: dict[str, Handler] = {
    "/api/{types}/{ns}/{name}/paths-info/{rev}": tree.paths_info,
    "/api/quicksearch": search.quick,
    "/api/validate-yaml": about.validate_yaml,
    "/api/repos/create": repos.create,
    "/api/repos/move": repos.move,
    "/api/{types}/{ns}/{name}/duplicate": repos.duplicate,
    "/api/{types}/{ns}/{name}/preupload/{rev}": commits.preupload,
    "/api/{types}/{ns}/{name}/commit/{rev}": commits.commit,
    "/api/{types}/{ns}/{name}/branch/{rev}": branches.create_branch,
    "/api/{types}/{ns}/{name}/tag/{rev}": branches.create_tag,
    "/api/{types}/{ns}/{name}/super-squash/{rev}": branches.squash,
    "/api/{types}/{ns}/{name}/discussions": discussions.create,
    "/api/{types}/{ns}/{name}/discussions/{num}/comment": discussions.comment,
    "/api/{types}/{ns}/{name}/discussions/{num}/comment/{comment}/edit": discussions.edit,
    "/api/{types}/{ns}/{name}/discussions/{num}/comment/{comment}/hide": discussions.hide,
    "/api/{types}/{ns}/{name}/discussions/{num}/title": discussions.title,
    "/api/{types}/{ns}/{name}/discussions/{num}/status": discussions.status,
    "/api/{types}/{ns}/{name}/discussions/{num}/merge": discussions.merge,
    "/api/{types}/{ns}/{name}/discussions/{num}/pin": discussions.pin,
    "/api/{types}/{ns}/{name}/like": likes.like,
    "/api/{types}/{ns}/{name}/lfs-files/batch": large.erase,
    "/api/{types}/{ns}/{name}/lfs-files/duplicate": large.duplicate,
    "/api/{types}/{ns}/{name}/user-access-request/handle": access.handle,
    "/api/{types}/{ns}/{name}/user-access-request/grant": access.grant,
    "/api/{types}/{ns}/{name}/user-access-request/batch": access.batch,
    "/api/{types}/{ns}/{name}/user-access-request/cancel": access.withdraw,
    "/api/spaces/{ns}/{name}/restart": spaces.restart,
    "/{folder*}{ns}/{name}/ask-access": access.request,
    "/api/collections": collections.create,
    "/api/collections/{ns}/{slug}/items": collections.add_item,
    "/api/collections/{ns}/{slug}/items/batch": collections.batch,
    "/api/collections/{ns}/{slug}/resource-group": collections.resource_group,
    "/uploads": attachments.send,
    "/oauth/device": oauth.begin,
    "/oauth/device/answer": oauth.answer,
    "/oauth/token": oauth.token,
    "/oauth/userinfo": oauth.userinfo,
    "/{folder*}{ns}/{name}.git/info/lfs/objects/batch": lfs.batch,
    "/{folder*}{ns}/{name}.git/info/lfs/objects/verify": lfs.verify,
    "/router/v1/chat/completions": router.chat,
    "/router/v1/completions": router.completion,
    "/router/v1/embeddings": router.embeddings,
    "/router/{provider}/v1/chat/completions": router.chat,
    "/router/{provider}/v1/completions": router.completion,
    "/router/{provider}/v1/embeddings": router.embeddings,
    "/router/hf-inference/models/{nameless}": router.task,
    "/router/hf-inference/models/{ns}/{name}": router.task,
    "/router/hf-inference/models/{ns}/{name}/pipeline/{task}": router.task,
    "/router/hf-inference/models/{ns}/{name}/v1/chat/completions": router.model_chat,
}
PUT: dict[str, Handler] = {
    "/api/{types}/{ns}/{name}/settings": repos.settings,
}
DELETE: dict[str, Handler] = {
    "/api/repos/delete": repos.delete,
    "/api/{types}/{ns}/{name}/branch/{rev}": branches.delete_branch,
    "/api/{types}/{ns}/{name}/tag/{rev}": branches.delete_tag,
    "/api/{types}/{ns}/{name}/discussions/{num}": discussions.delete,
    "/api/{types}/{ns}/{name}/discussions/{num}/ref": discussions.delete_ref,
    "/api/{types}/{ns}/{name}/like": likes.unlike,
    "/api/{types}/{ns}/{name}/lfs-files/{sha}": large.erase_one,
    "/api/collections/{ns}/{slug}": collections.delete,
    "/api/collections/{ns}/{slug}/items/{item}": collections.delete_item,
}
PATCH: dict[str, Handler] = {
    "/api/collections/{ns}/{slug}": collections.update,
    "/api/collections/{ns}/{slug}/items/{item}": collections.update_item,
}
ROUTES: dict[str, Mapping[str, Handler]] = {
    "GET": GET,
    "POST": POST,
    "PUT": PUT,
    "DELETE": DELETE,
    "PATCH": PATCH,
}


class Found(NamedTuple):
    """A route that matches, and what its pattern caught."""

    handler: Handler
    names: dict[str, str]
    repo_span: tuple[int, int]
    pattern: str


def match(method: str, path: str) -> Found | None:
    """The first route of a method whose pattern the address fits."""
    for expression, handler, pattern in _compiled().get(method, ()):
        found = expression.fullmatch(path)
        if found is None:
            continue
        caught = {name: value for name, value in found.groupdict().items() if value is not None}
        span = (found.start("ns"), found.end("name")) if "name" in caught else (0, 0)
        folder = caught.pop("folder", "")
        if folder:
            caught["types"] = folder.rstrip("/")
        elif "types" not in caught:
            caught["types"] = next((word for word in PLURALS if path.startswith(f"/api/{word}/")), "models")
        try:
            return Found(
                handler,
                {name: unquote(value, errors="strict") for name, value in caught.items()},
                span,
                pattern,
            )
        except UnicodeDecodeError:
            raise refusals.bad_request("The address is not UTF-8") from None
    return None


@cache
def _compiled() -> dict[str, list[tuple[re.Pattern[str], Handler, str]]]:
    # literal addresses come before patterns, wherever they stand in the table
    tables = {
        method: sorted(table.items(), key=lambda pair: ("{" in pair[0], 0))
        for method, table in ROUTES.items()
    }
    return {
        method: [(re.compile(_expression(pattern)), handler, pattern) for pattern, handler in table]
        for method, table in tables.items()
    }


def _expression(pattern: str) -> str:
    special = {
        "{types}": "(?P<types>models|datasets|spaces)",
        "{folder*}": "(?P<folder>(?:datasets/|spaces/)?)",
        "{path*}": "(?P<path>.*)",
        # a revision such as refs/pr/1 may come unencoded
        "{rev}": "(?P<rev>refs/(?:pr|heads|tags|convert)/[^/]+|[^/]+)",
        "{nameless}": "(?P<nameless>(?!datasets$|spaces$|api$)[^/]+)",
        "{ns}": "(?P<ns>(?!api/|datasets/|spaces/|papers/|avatars/)[^/]+)"
        if pattern.startswith("/{folder*}")
        else "(?P<ns>[^/]+)",
    }
    parts = re.split(r"(\{[^}]+\})", pattern)
    return (
        "".join(
            special.get(part) or (f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part))
            for part in parts
        )
        + "/?"
    )
