"""What a Space runs on, as it can be read, and a restart."""

import json
from typing import Any

from hf_nb.offline import reading, repos, restarts
from hf_nb.offline.reading import Shown
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask

# name: (as shown, cores, memory, accelerator, its memory, how many, dollars an hour)
_HARDWARE: dict[str, tuple[str, str, str, str | None, str, int, float]] = {
    "cpu-basic": ("CPU Basic", "2 vCPU", "16 GB", None, "", 0, 0.0),
    "cpu-upgrade": ("CPU Upgrade", "8 vCPU", "32 GB", None, "", 0, 0.03),
    "zero-a10g": ("ZeroGPU", "dynamic", "dynamic", "H200", "70 GB", 1, 0.0),
    "t4-small": ("Nvidia T4 - small", "4 vCPU", "15 GB", "T4", "16 GB", 1, 0.40),
    "t4-medium": ("Nvidia T4 - medium", "8 vCPU", "30 GB", "T4", "16 GB", 1, 0.60),
    "l4x1": ("1x Nvidia L4", "8 vCPU", "30 GB", "L4", "24 GB", 1, 0.80),
    "l4x4": ("4x Nvidia L4", "48 vCPU", "186 GB", "L4", "96 GB", 4, 3.80),
    "l40sx1": ("1x Nvidia L40S", "8 vCPU", "62 GB", "L40S", "48 GB", 1, 1.80),
    "a10g-small": ("Nvidia A10G - small", "4 vCPU", "15 GB", "A10G", "24 GB", 1, 1.00),
    "a10g-large": ("Nvidia A10G - large", "12 vCPU", "46 GB", "A10G", "24 GB", 1, 1.50),
    "a100-large": ("Nvidia A100 - large", "12 vCPU", "142 GB", "A100", "80 GB", 1, 2.50),
}
_LOG = {
    "build": ("Building…", "Done."),
    "run": ("===== Application Startup =====", "Running on local URL: http://0.0.0.0:7860"),
}


def runtime(ask: Ask) -> Answer:
    """`GET /api/spaces/{id}/runtime`."""
    return as_json(_runtime(ask))


def restart(ask: Ask) -> Answer:
    """`POST /api/spaces/{id}/restart[?factory=true]`: its stages pass by the clock."""
    row, factory = ask.writable(), ask.flag("factory")
    if row["sdk"] == "static":
        raise refusals.bad_request("Static Spaces cannot be restarted")
    with ask.database.writing() as sql:
        now = json.loads(repos.standing(sql, row["rid"])["runtime"] or "{}")
        begun = restarts.begun(now, ask.now(), factory=factory)
        sql.execute("UPDATE repos SET runtime = ? WHERE rid = ?", (json.dumps(begun), row["rid"]))
    del ask.repo  # it was read before it changed
    return as_json(_runtime(ask))


def variables(ask: Ask) -> Answer:
    """`GET /api/spaces/{id}/variables`: for those who may write."""
    rows = ask.database.all("SELECT * FROM variables WHERE rid = ? ORDER BY key", _own(ask)["rid"])
    return as_json(
        {
            row["key"]: {
                "value": row["value"],
                "updatedAt": row["modified"],
                **({"description": row["description"]} if row["description"] else {}),
            }
            for row in rows
        }
    )


def secrets(ask: Ask) -> Answer:
    """`GET /api/spaces/{id}/secrets`: names only, and none are kept here."""
    _own(ask)
    return as_json({})


def logs(ask: Ask) -> Answer:
    """`GET /api/spaces/{id}/logs/{kind}`: as server-sent events; nothing really runs."""
    row = _own(ask)
    lines = _LOG.get(ask.names["kind"])
    if lines is None:
        raise refusals.not_found()
    events = "".join(f'data: {{"data":"{line}\\n","timestamp":"{row["modified"]}"}}\n\n' for line in lines)
    return as_text(events, kind="text/event-stream")


def hardware(ask: Ask) -> Answer:
    """`GET /api/spaces/hardware` and `/api/jobs/hardware`."""
    return as_json([_machine(name) for name in _HARDWARE])


def templates(ask: Ask) -> Answer:
    """`GET /api/spaces/templates`."""
    found = {
        "Blank": ("static", "static-templates/blank"),
        "Gradio chatbot": ("gradio", "gradio-templates/chatbot"),
        "JupyterLab": ("docker", "SpacesExamples/jupyterlab"),
    }
    return as_json(
        {
            "templates": [
                {"name": name, "repoId": repo, "sdk": sdk, "preferredPrivate": name == "JupyterLab"}
                for name, (sdk, repo) in found.items()
            ]
        }
    )


def quota(ask: Ask) -> Answer:
    """`GET /api/spaces/zero-gpu/quota`."""
    if ask.who.name is None:
        raise refusals.needs_login()
    seconds = 1500 if ask.who.plan == "pro" else 210
    return as_json({"base": seconds, "current": seconds, "overquotaUsed": 0})


def _runtime(ask: Ask) -> Any:
    return reading.FIELDS["space"]["runtime"](Shown(ask.sql, ask.repo, ask.who, now=ask.now()))


def _own(ask: Ask) -> Any:
    return ask.writable()


def _machine(name: str) -> dict[str, Any]:
    shown, cpu, memory, accelerator, its_memory, quantity, dollars = _HARDWARE[name]
    found: dict[str, Any] = {
        "name": name,
        "prettyName": shown,
        "cpu": cpu,
        "ram": memory,
        "accelerator": None,
    }
    if accelerator:
        found["accelerator"] = {
            "type": "gpu",
            "model": accelerator,
            "quantity": str(quantity),
            "vram": its_memory,
            "manufacturer": "Nvidia",
        }
    micro = round(dollars * 1_000_000 / 60)
    return {**found, "unitCostMicroUSD": micro, "unitCostUSD": micro / 1_000_000, "unitLabel": "minute"}
