"""Requests to gated repositories, as people make them and as authors answer them."""

import csv
import io
import sqlite3
from collections.abc import Mapping
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.offline import access
from hf_nb.offline.server import fields
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.refusals import Refusal, bad_request, not_found, of

_PAGE = 1000
_MOST_FIELDS, _LONGEST = 50, 2000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def request(ask: Ask) -> Answer:
    """`POST /{id}/ask-access`: with the answers to whatever the gate asks for, as a form or as JSON."""
    row, name = ask.repo, ask.participant()
    answers = fields.last(ask.form()) if ask.body else {}
    if len(answers) > _MOST_FIELDS or any(len(one) > _LONGEST for pair in answers.items() for one in pair):
        raise bad_request(f"At most {_MOST_FIELDS} fields of {_LONGEST} characters")
    with ask.database.writing() as sql:
        status = access.ask(sql, row["rid"], name, row["gated"], answers, ask.now())
    return as_json({"status": status})


def withdraw(ask: Ask) -> Answer:
    """`POST …/user-access-request/cancel`: by whoever made it."""
    row, name = ask.repo, ask.participant()
    with ask.database.writing() as sql:
        access.withdraw(sql, row["rid"], name)
    return as_text("OK")


def listing(ask: Ask) -> Answer:
    """`GET …/user-access-request/{pending|accepted|rejected}`."""
    row, status = ask.writable(), ask.names["status"]
    if status not in access.STATUSES:
        raise not_found()
    found = access.listed(ask.sql, row["rid"], row["gated"], status)
    at, limit = ask.number("p", 0, 10**9, least=0), ask.number("limit", _PAGE, _PAGE)
    more = (at + 1) * limit < len(found)
    return as_json(
        [_shown(one) for one in found[at * limit : (at + 1) * limit]],
        headers=ask.next_link(p=str(at + 1), limit=str(limit)) if more else None,
    )


def handle(ask: Ask) -> Answer:
    """`POST …/user-access-request/handle`."""
    row, given = ask.writable(), ask.json()
    with ask.database.writing() as sql:
        _handle(ask, sql, row, given)
    return as_text("OK")


def batch(ask: Ask) -> Answer:
    """`POST …/user-access-request/batch`: a list of the same; each is answered for itself."""
    row = ask.writable()
    given = ask.json()
    asked = given.get("requests")
    if not isinstance(asked, list) or len(asked) > _PAGE or not all(isinstance(one, dict) for one in asked):
        raise bad_request(f'"requests" must be a list of at most {_PAGE} objects')
    return as_json({"results": [_tried(ask, row, one) for one in asked]})


def grant(ask: Ask) -> Answer:
    """`POST …/user-access-request/grant`: nobody needs to have asked."""
    row, by = ask.writable(), ask.participant()
    name = fields.text(ask.json(), "user", 100)
    with ask.database.writing() as sql:
        access.grant(sql, row["rid"], name, row["gated"], by, ask.now())
    return as_json({"user": name, "status": "accepted"})


def report(ask: Ask) -> Answer:
    """`GET /{id}/user-access-report`: everybody who asked, as a table."""
    row = ask.writable()
    found = access.listed(ask.sql, row["rid"], row["gated"])
    asked = sorted({key for one in found for key in access.details(one).get("fields", {})})
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["username", "fullname", "email", "status", "timestamp", *map(_cell, asked)])
    for one in found:
        about = access.details(one)
        known = [one["person"], one["fullname"], _email(one) or "", one["status"], one["created"]]
        table.writerow(
            [
                _cell(str(value))
                for value in [*known, *(about.get("fields", {}).get(key, "") for key in asked)]
            ]
        )
    name = f"access-report-{row['id'].replace('/', '-')}.csv"
    return as_text(
        out.getvalue(), kind="text/csv", headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _tried(ask: Ask, row: sqlite3.Row, given: Mapping[str, Any]) -> dict[str, Any]:
    named = {key: given[key] for key in ("user", "requestId") if key in given}
    try:
        with ask.database.writing() as sql:
            _handle(ask, sql, row, given)
    except HfNbError as wrong:
        return {**named, "success": False, "error": of(wrong).message}
    except Refusal as refusal:
        return {**named, "success": False, "error": refusal.message}
    return {**named, "success": True}


def _handle(ask: Ask, sql: sqlite3.Connection, row: sqlite3.Row, given: Mapping[str, Any]) -> None:
    name, number = fields.optional(given, "user", 100), fields.optional(given, "requestId", 24)
    if (name is None) == (number is None):
        raise bad_request('One of "user" and "requestId" is needed')
    access.handle(
        sql,
        row["rid"],
        row["gated"],
        status=fields.text(given, "status", 10),
        by=ask.participant(),
        name=name,
        request=number,
        reason=fields.optional(given, "rejectionReason", _LONGEST),
    )


def _shown(one: sqlite3.Row) -> dict[str, Any]:
    about = access.details(one)
    user = {
        "_id": one["oid"],
        "user": one["person"],
        "fullname": one["fullname"],
        "avatarUrl": f"/avatars/{one['person']}.svg",
        "type": "user",
        "isPro": one["plan"] == "pro",
    }
    if email := _email(one):
        user["email"] = email
    shown = {
        "requestId": access.request_id(one),
        "user": user,
        "status": one["status"],
        "timestamp": one["created"],
    }
    more = {
        "fields": about.get("fields"),
        "grantedBy": about.get("by"),
        "rejectionReason": about.get("reason"),
    }
    return shown | {key: value for key, value in more.items() if value}


def _email(one: sqlite3.Row) -> str | None:
    """Only who asked has agreed to share it."""
    return f"{one['person']}@example.invalid" if access.details(one).get("asked") else None


def _cell(value: str) -> str:
    """What a spreadsheet would take for a formula is text here."""
    return f"'{value}" if value.startswith(_FORMULA) else value
