"""Who is who: the caller, users, organisations."""

# ruff: noqa: S608 -- only words of this package are put into statements; every value is a parameter

import json
import re
from typing import Any

from hf_nb.offline.people import visible
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.routes.search import seen_count

_PAGE = 500


def whoami(ask: Ask) -> Answer:
    """`GET /api/whoami-v2`."""
    if ask.who.name is None:
        raise refusals.Refusal(401, "Invalid username or password.", "InvalidCredentials")
    person = _person(ask, ask.who.name, "user")
    token = {"displayName": f"{person['name']}-offline", "role": ask.who.role, "createdAt": person["created"]}
    auth = {"type": "access_token", "accessToken": token}
    if ask.who.until:
        auth = {"type": "oauth", "expiresAt": ask.who.until}
    return as_json(
        {
            "type": "user",
            "id": person["oid"],
            "name": person["name"],
            "fullname": person["fullname"],
            "email": f"{person['name']}@example.invalid",
            "emailVerified": True,
            "canPay": False,
            "isPro": person["plan"] == "pro",
            "periodEnd": None,
            "avatarUrl": _avatar(person["name"]),
            "billingMode": "prepaid",
            "orgs": [_org_of_caller(ask, org, role) for org, role in ask.who.orgs.items()],
            "auth": auth,
        }
    )


def user(ask: Ask) -> Answer:
    """`GET /api/users/{user}/overview`."""
    person = _person(ask, ask.names["user"], "user")
    orgs = ask.database.all(
        "SELECT p.* FROM members m JOIN people p ON p.name = m.org WHERE m.name = ? ORDER BY p.name",
        person["name"],
    )
    likes = ask.database.one("SELECT count(*) FROM likes WHERE name = ?", person["name"])
    return as_json(
        {
            **_card(person),
            "isPro": person["plan"] == "pro",
            "createdAt": person["created"],
            **_counts(ask, person["name"]),
            "numLikes": likes[0] if likes else 0,
            "numFollowing": _count(ask, "SELECT count(*) FROM follows WHERE name = ?", person["name"]),
            "numUpvotes": 0,
            "orgs": [_card(org) for org in orgs],
        }
    )


def organisation(ask: Ask) -> Answer:
    """`GET /api/organizations/{org}/overview`."""
    org = _person(ask, ask.names["org"], "org")
    return as_json(
        {
            **_card(org),
            "isVerified": False,
            "isEnterprise": org["plan"].startswith("enterprise"),
            "createdAt": org["created"],
            **_counts(ask, org["name"]),
            "numUsers": _count(ask, "SELECT count(*) FROM members WHERE org = ?", org["name"]),
        }
    )


def members(ask: Ask) -> Answer:
    """`GET /api/organizations/{org}/members`; roles are for members to see."""
    org = _person(ask, ask.names["org"], "org")
    rows = ask.database.all(
        "SELECT p.*, m.role FROM members m JOIN people p ON p.name = m.name WHERE m.org = ? ORDER BY p.name",
        org["name"],
    )
    inside = ask.who.rank(org["name"]) > 0
    return _paged(ask, [{**_short(row), **({"role": row["role"]} if inside else {})} for row in rows])


def followers(ask: Ask) -> Answer:
    """`GET /api/users|organizations/{name}/followers`."""
    kind, name = ("user", ask.names["user"]) if "user" in ask.names else ("org", ask.names["org"])
    person = _person(ask, name, kind)
    rows = ask.database.all(
        "SELECT p.* FROM follows f JOIN people p ON p.name = f.name WHERE f.target = ? ORDER BY p.name",
        person["name"],
    )
    return _paged(ask, [_short(row) for row in rows])


def following(ask: Ask) -> Answer:
    """`GET /api/users/{user}/following`."""
    person = _person(ask, ask.names["user"], "user")
    rows = ask.database.all(
        "SELECT p.* FROM follows f JOIN people p ON p.name = f.target WHERE f.name = ? ORDER BY p.name",
        person["name"],
    )
    return _paged(ask, [_short(row) for row in rows])


def likes(ask: Ask) -> Answer:
    """`GET /api/users/{user}/likes`; what the caller may not know of is left out."""
    person = _person(ask, ask.names["user"], "user")
    seen, values = visible(ask.who, "r")
    statement = (
        "SELECT l.created, r.id, r.type FROM likes l JOIN repos r ON r.rid = l.rid"
        f" WHERE l.name = ? AND {seen} ORDER BY l.created DESC, r.id"
    )
    rows = ask.sql.execute(statement, [person["name"], *values]).fetchall()
    return _paged(
        ask, [{"createdAt": row["created"], "repo": {"name": row["id"], "type": row["type"]}} for row in rows]
    )


def own_repositories(ask: Ask) -> Answer:
    """`GET /api/settings/repositories`, and an organisation's for its members."""
    if ask.who.name is None:
        raise refusals.needs_login()
    name = _person(ask, ask.names["org"], "org")["name"] if "org" in ask.names else ask.who.name
    if not ask.who.rank(name):
        raise refusals.not_allowed()
    rows = ask.database.all(
        "SELECT type, id, oid, private, modified FROM repos WHERE namespace = ? COLLATE NOCASE ORDER BY id",
        name,
    )
    return _paged(
        ask,
        [
            {
                "_id": row["oid"],
                "id": row["id"],
                "name": row["id"],
                "type": row["type"],
                "visibility": "private" if row["private"] else "public",
            }
            | {"updatedAt": row["modified"], "storage": 0, "storagePercent": 0}
            for row in rows
        ],
    )


def avatar(ask: Ask) -> Answer:
    """`GET /api/users|organizations/{name}/avatar`."""
    kind, name = ("user", ask.names["user"]) if "user" in ask.names else ("org", ask.names["org"])
    return as_json({"avatarUrl": _avatar(_person(ask, name, kind)["name"])})


def picture(ask: Ask) -> Answer:
    """`GET /avatars/{name}.svg`: a letter on a colour."""
    name = ask.names["file"].removesuffix(".svg")
    if not re.fullmatch(r"[\w.-]{1,100}", name):
        raise refusals.not_found()
    letter = next((letter for letter in name.upper() if letter.isascii() and letter.isalnum()), "?")
    hue = sum(name.encode("utf-8", "replace")) * 47 % 360
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" fill="hsl({hue},55%,45%)"/>'
        '<text x="32" y="43" font-family="sans-serif" font-size="32" fill="#fff" text-anchor="middle">'
        f"{letter}</text></svg>"
    )
    return Answer(200, {"content-type": "image/svg+xml"}, drawing.encode())


def _person(ask: Ask, name: str, kind: str) -> Any:
    row = ask.database.one("SELECT * FROM people WHERE name = ? AND kind = ?", name, kind)
    if row is None:
        raise refusals.not_found(
            "This user does not exist" if kind == "user" else "This organization does not exist"
        )
    return row


def _org_of_caller(ask: Ask, name: str, role: str) -> dict[str, Any]:
    org = _person(ask, name, "org")
    return {
        "type": "org",
        "id": org["oid"],
        "name": org["name"],
        "fullname": org["fullname"],
        "email": None,
        "canPay": False,
        "periodEnd": None,
        "avatarUrl": _avatar(org["name"]),
        "roleInOrg": role,
        "isEnterprise": org["plan"].startswith("enterprise"),
        "resourceGroups": [],
    }


def _card(person: Any) -> dict[str, Any]:
    shown = {
        "_id": person["oid"],
        "fullname": person["fullname"],
        "avatarUrl": _avatar(person["name"]),
        "type": person["kind"],
    }
    shown["user" if person["kind"] == "user" else "name"] = person["name"]
    return {**shown, **json.loads(person["details"])}


def _short(person: Any) -> dict[str, Any]:
    return {**_card(person), "isPro": person["plan"] == "pro"}


def _counts(ask: Ask, name: str) -> dict[str, int]:
    return {
        "numModels": seen_count(ask, "model", name),
        "numDatasets": seen_count(ask, "dataset", name),
        "numSpaces": seen_count(ask, "space", name),
        "numDiscussions": 0,
        "numPapers": 0,
        "numFollowers": _count(ask, "SELECT count(*) FROM follows WHERE target = ?", name),
    }


def _count(ask: Ask, statement: str, value: str) -> int:
    row = ask.database.one(statement, value)
    return int(row[0]) if row else 0


def _avatar(name: str) -> str:
    return f"/avatars/{name}.svg"


def _paged(ask: Ask, every: list[dict[str, Any]]) -> Answer:
    at, limit = ask.number("p", 0, 10**9, least=0), ask.number("limit", _PAGE, _PAGE)
    more = (at + 1) * limit < len(every)
    return as_json(
        every[at * limit : (at + 1) * limit],
        headers=ask.next_link(p=str(at + 1), limit=str(limit)) if more else None,
    )
