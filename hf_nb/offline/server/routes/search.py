"""Lists of repositories: search, Spaces by meaning, what is trending, quick search."""

# ruff: noqa: S608 -- only words of this package are put into statements; every value is a parameter

import json
import re
from collections.abc import Iterable
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.offline import reading
from hf_nb.offline.people import visible
from hf_nb.offline.reading import Shown
from hf_nb.offline.search import MOST, SORTS, Page, Query, page
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_SIZE = re.compile(r"(min|max):(\d{1,15}(?:\.\d{1,6})?)([KMBT]?)", re.IGNORECASE)
# Apps that run local models: a model that has one of the app's tags is offered to it.
_APPS = {
    "llama.cpp": ("gguf",),
    "ollama": ("gguf",),
    "lmstudio": ("gguf", "mlx"),
    "jan": ("gguf",),
    "mlx-lm": ("mlx",),
    "vllm": ("transformers",),
    "sglang": ("transformers",),
    "transformers": ("transformers",),
    "diffusers": ("diffusers",),
}

_MOST_CONDITIONS = 300  # SQLite takes an expression a thousand deep


def listing(ask: Ask) -> Answer:
    """`GET /api/models|datasets|spaces`."""
    fields = _fields(ask)
    found = _page(ask, _query(ask))
    return as_json(
        [_show(ask, row, fields) for row in found.rows],
        headers=ask.next_link(cursor=found.next) if found.next else None,
    )


def _query(ask: Ask) -> Query:
    sort = ask.one("sort") or "trendingScore"
    if sort not in SORTS:
        raise refusals.bad_request(f'"sort" must be one of [{", ".join(SORTS)}]')
    gated = ask.one("gated")
    inference = ask.one("inference")
    if inference not in (None, "warm", "cold"):
        raise refusals.bad_request('"inference" must be one of [warm, cold]')
    providers = tuple(ask.many("inference_provider", commas=True))
    apps = ask.many("apps", commas=True)
    words = tuple(dict.fromkeys(word for text in ask.many("search") for word in text.lower().split()))
    if len(words) + len(ask.query) > _MOST_CONDITIONS:
        raise refusals.bad_request(f"At most {_MOST_CONDITIONS} words and filters")
    return Query(
        type=ask.type,
        tags=tuple(dict.fromkeys([*ask.many("filter", commas=True), *ask.many("sdk"), *ask.many("library")])),
        words=words,
        author=ask.one("author"),
        pipeline=ask.one("pipeline_tag"),
        gated=ask.flag("gated") if gated is not None else None,
        warm=inference == "warm" or "all" in providers,
        providers=() if "all" in providers else providers,
        parameters=_sizes(ask.one("num_parameters")),
        uses=(
            *(("model", id) for id in ask.many("models", commas=True)),
            *(("dataset", id) for id in ask.many("datasets", commas=True)),
        ),
        linked=ask.flag("linked"),
        any_tag=tuple(dict.fromkeys(tag for app in apps for tag in _APPS.get(app, (f"app:{app}",)))),
        sort=sort,
        limit=ask.number("limit", MOST, MOST),
        cursor=ask.one("cursor"),
        who=ask.who,
    )


def _page(ask: Ask, query: Query) -> Page:
    try:
        return page(ask.database, query)
    except BadInput as wrong:
        raise refusals.bad_request(wrong.problem) from None


def _fields(ask: Ask) -> list[str]:
    """What each repository of a list shows."""
    if asked := expanded(ask):
        return asked
    fields = reading.LISTED[ask.type].split()
    if ask.flag("full"):
        fields += reading.FULL[ask.type].split()
    for flag, field in (("config", "config"), ("cardData", "cardData")):
        if ask.flag(flag):
            fields.append(field)
    if ask.type == "space" and ask.flag("linked"):
        fields += ["models", "datasets"]
    return fields


def expanded(ask: Ask) -> list[str]:
    """The fields `expand` asks for; an unknown one is refused with the list of those there are."""
    asked = ask.many("expand")
    known = reading.EXPANDABLE[ask.type]
    for name in asked:
        if name not in known:
            raise refusals.bad_request(f'"expand" must be one of [{", ".join(sorted(known))}]')
    if asked and (ask.flag("full") or ask.flag("config") or ask.flag("cardData")):
        raise refusals.bad_request('"expand" cannot be used with "full", "config" or "cardData"')
    return ["_id", "id", *asked] if asked else []


def _show(ask: Ask, row: Any, fields: Iterable[str]) -> dict[str, Any]:
    return reading.show(Shown(ask.sql, row, ask.who, now=ask.now()), fields)


def _sizes(text: str | None) -> tuple[int | None, int | None] | None:
    """`min:6B,max:128B` as numbers."""
    if not text:
        return None
    found: dict[str, int] = {}
    for piece in text.split(","):
        match = _SIZE.fullmatch(piece.strip())
        if match is None:
            raise refusals.bad_request('"num_parameters" must look like min:6B,max:128B')
        found[match[1].lower()] = int(float(match[2]) * _UNITS[match[3].upper()])
    return found.get("min"), found.get("max")


def semantic(ask: Ask) -> Answer:
    """`GET /api/spaces/semantic-search`: Spaces whose card shares words with the question. No model is at work here."""
    words = set(re.findall(r"\w+", (ask.one("q") or "").lower()))
    if not words:
        raise refusals.bad_request('"q" is required')
    sdks = ask.many("sdk", commas=True)
    query = Query(
        type="space",
        tags=tuple(ask.many("filter", commas=True)),
        any_tag=tuple(sdks),
        who=ask.who,
        limit=MOST,
    )
    scored = []
    for row in _page(ask, query).rows:
        shown = Shown(ask.sql, row, ask.who, now=ask.now())
        runtime = reading.FIELDS["space"]["runtime"](shown)
        if runtime.get("stage") != "RUNNING" and not ask.flag("includeNonRunning"):
            continue
        text = " ".join(
            str(part)
            for part in (
                row["id"],
                shown.card("title"),
                shown.card("short_description"),
                shown.detail("description"),
                row["tags"],
            )
        )
        share = len(words & set(re.findall(r"[^\W_]+|\w+", text.lower()))) / len(words)
        if share:
            scored.append((share, row, shown, runtime))
    scored.sort(key=lambda one: (-one[0], -one[1]["trending"], one[1]["rid"]))
    return as_json([_found_space(row, shown, runtime, share) for share, row, shown, runtime in scored[:100]])


def _found_space(row: Any, shown: Shown, runtime: dict[str, Any], share: float) -> dict[str, Any]:
    return {
        "id": row["id"],
        "author": row["namespace"],
        "title": shown.card("title") or row["id"].partition("/")[2],
        "emoji": shown.card("emoji") or "",
        "sdk": row["sdk"],
        "likes": row["likes"],
        "private": bool(row["private"]),
        "tags": json.loads(row["tags"]),
        "runtime": runtime,
        "ai_short_description": shown.card("short_description") or shown.detail("description") or "",
        "ai_category": "Other",
        "semanticRelevancyScore": round(share, 4),
        "trendingScore": row["trending"],
    }


def trending(ask: Ask) -> Answer:
    """`GET /api/trending`."""
    wanted = ask.one("type") or "all"
    kinds = ("model", "dataset", "space") if wanted == "all" else (wanted,)
    if not set(kinds) <= {"model", "dataset", "space"}:
        raise refusals.bad_request('"type" must be one of [all, dataset, model, space]')
    limit = ask.number("limit", 10, 20)
    rows = [row for kind in kinds for row in _page(ask, Query(type=kind, limit=limit, who=ask.who)).rows]
    rows.sort(key=lambda row: -row["trending"])
    return as_json(
        {
            "recentlyTrending": [
                {"repoType": row["type"], "repoData": _trending_data(ask, row)} for row in rows[:limit]
            ]
        }
    )


def _trending_data(ask: Ask, row: Any) -> dict[str, Any]:
    names = {
        "model": "id author downloads likes gated private lastModified pipeline_tag",
        "dataset": "id author downloads likes gated private lastModified",
    }
    found = _show(
        ask, row, names.get(row["type"], "id author likes private lastModified sdk runtime").split()
    )
    found["authorData"] = {"name": row["namespace"], "type": "org"}
    if row["type"] == "model":
        found["numParameters"] = row["parameters"] or None
        found["availableInferenceProviders"] = [
            one["provider"]
            for one in reading.FIELDS["model"]["inferenceProviderMapping"](Shown(ask.sql, row, ask.who))
        ]
    return found


def quick(ask: Ask) -> Answer:
    """`GET /api/quicksearch`: a few of everything."""
    text = (ask.one("q") or "").strip()
    words = tuple(text.split())
    kinds = ask.many("type", commas=True)
    limit = ask.number("limit", 5, 20)
    found: dict[str, Any] = {}
    for kind in ("model", "dataset", "space"):
        if not kinds or kind in kinds:
            rows = _page(ask, Query(type=kind, words=words, limit=limit, who=ask.who)).rows if words else []
            found[f"{kind}s"] = [
                {"_id": row["oid"], "id": row["id"], "private": bool(row["private"])} for row in rows
            ]
            found[f"{kind}sCount"] = len(rows)
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    people = (
        ask.database.all(
            "SELECT name, kind, oid, fullname FROM people WHERE name LIKE ? ESCAPE '\\' ORDER BY name LIMIT ?",
            like,
            limit,
        )
        if text
        else []
    )
    for kind, name in (("user", "users"), ("org", "orgs")):
        if not kinds or kind in kinds:
            some = [
                {"_id": row["oid"], "name": row["name"], "fullname": row["fullname"]}
                for row in people
                if row["kind"] == kind
            ]
            found |= {name: some, f"{name}Count": len(some)}
    return as_json({"q": text, **found})


def seen_count(ask: Ask, type: str, namespace: str) -> int:
    """How many repositories of a namespace this caller may know of."""
    seen, values = visible(ask.who, "r")
    statement = f"SELECT count(*) FROM repos r WHERE r.type = ? AND r.namespace = ? COLLATE NOCASE AND {seen}"
    count: int = ask.sql.execute(statement, [type, namespace, *values]).fetchone()[0]
    return count
