"""Likes: given, taken back, and by whom."""

from hf_nb.offline.repos import stamp
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask

_PAGE = 500


def like(ask: Ask) -> Answer:
    """`POST …/like`; a second one changes nothing."""
    row, name = ask.repo, ask.participant()
    with ask.database.writing() as sql:
        if sql.execute(
            "INSERT OR IGNORE INTO likes VALUES (?, ?, ?)", (row["rid"], name, stamp(ask.now()))
        ).rowcount:
            sql.execute("UPDATE repos SET likes = likes + 1 WHERE rid = ?", (row["rid"],))
    return as_text("OK")


def unlike(ask: Ask) -> Answer:
    """`DELETE …/like`; where there was none, nothing changes."""
    row, name = ask.repo, ask.participant()
    with ask.database.writing() as sql:
        if sql.execute("DELETE FROM likes WHERE rid = ? AND name = ?", (row["rid"], name)).rowcount:
            sql.execute("UPDATE repos SET likes = max(0, likes - 1) WHERE rid = ?", (row["rid"],))
    return as_text("OK")


def likers(ask: Ask) -> Answer:
    """`GET …/likers`: the latest first."""
    rid, at = ask.repo["rid"], ask.number("p", 0, 10**9, least=0)
    limit = ask.number("limit", _PAGE, _PAGE)
    rows = ask.database.all(
        "SELECT p.name, p.fullname FROM likes l JOIN people p ON p.name = l.name WHERE l.rid = ?"
        " ORDER BY l.created DESC, p.name LIMIT ? OFFSET ?",
        rid,
        limit + 1,
        at * limit,
    )
    headers = ask.next_link(p=str(at + 1), limit=str(limit)) if len(rows) > limit else None
    return as_json(
        [
            {
                "user": row["name"],
                "fullname": row["fullname"],
                "type": "user",
                "avatarUrl": f"/avatars/{row['name']}.svg",
            }
            for row in rows[:limit]
        ],
        headers=headers,
    )
