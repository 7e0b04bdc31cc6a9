"""What the Hub says of itself: its tags, its tasks, and small services around it."""

# ruff: noqa: S608 -- only words of this package are put into statements; every value is a parameter

import json
from typing import Any

import yaml

from hf_nb.offline.derive import card
from hf_nb.offline.people import visible
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.vocabulary import LANGUAGES, LIBRARIES, TASKS, describe

_GROUPS = {
    "model": ("pipeline_tag", "library", "language", "license", "region", "dataset", "other"),
    "dataset": (
        "task_categories",
        "task_ids",
        "language",
        "size_categories",
        "format",
        "modality",
        "library",
        "license",
        "benchmark",
        "region",
        "other",
    ),
}
_MOST_OF_A_KIND, _WIDGET_MODELS = 2000, 5
_SDK_ERRORS = ("gradio", "streamlit", "docker", "static")


def model_tags(ask: Ask) -> Answer:
    """`GET /api/models-tags-by-type`: the Hub's tasks, libraries and languages, and every tag in use."""
    return _by_type(ask, "model", [*TASKS, *LIBRARIES, *LANGUAGES])


def dataset_tags(ask: Ask) -> Answer:
    """`GET /api/datasets-tags-by-type`."""
    return _by_type(ask, "dataset", [f"task_categories:{task}" for task in TASKS])


def _by_type(ask: Ask, kind: str, always: list[str]) -> Answer:
    used = [
        row["tag"]
        for row in ask.database.all(
            "SELECT tag FROM tag_counts WHERE type = ? AND everyone > 0 ORDER BY everyone DESC, tag", kind
        )
    ]
    seen, values = visible(ask.who, "r")
    if values:  # a caller with a namespace also knows the tags of what only they see
        statement = (
            "SELECT DISTINCT t.tag FROM tags t JOIN repos r ON r.rid = t.rid"
            f" WHERE t.type = ? AND r.private = 1 AND {seen}"
        )
        used += [row[0] for row in ask.sql.execute(statement, [kind, *values])]
    found: dict[str, list[dict[str, str]]] = {group: [] for group in _GROUPS[kind]}
    for tag in dict.fromkeys([*always, *used]):
        one = describe(kind, tag)
        group = found[one["type"]]
        if len(group) < _MOST_OF_A_KIND:
            group.append(one)
    return as_json(found)


def tasks(ask: Ask) -> Answer:
    """`GET /api/tasks`: each task with the best known models of this very Hub."""
    found: dict[str, Any] = {}
    for task, (label, _) in TASKS.items():
        rows = ask.database.all(
            "SELECT id FROM repos INDEXED BY by_pipeline WHERE type = 'model' AND pipeline = ? AND private = 0"
            " ORDER BY likes DESC, rid LIMIT ?",
            task,
            _WIDGET_MODELS,
        )
        ids = [row["id"] for row in rows]
        found[task] = {
            "id": task,
            "label": label,
            "libraries": [],
            "summary": "",
            "demo": {"inputs": [], "outputs": []},
            "metrics": [],
            "spaces": [],
        } | {
            "widgetModels": ids,
            "models": [{"id": id, "description": ""} for id in ids],
            "datasets": [],
        }
    return as_json(found)


def agent_harnesses(ask: Ask) -> Answer:
    """`GET /api/agent-harnesses`: none. The client asks once a day."""
    return as_json({})


def telemetry(ask: Ask) -> Answer:
    """`GET|HEAD /api/telemetry/…`: not kept."""
    return as_text("OK")


def quiet_list(ask: Ask) -> Answer:
    """Lists that are empty here."""
    return as_json([])


def validate_yaml(ask: Ask) -> Answer:
    """`POST /api/validate-yaml`: what is wrong with a README's front matter; always JSON."""
    given = ask.json()
    content, kind = given.get("content"), given.get("repoType") or "model"
    if not isinstance(content, str):
        raise refusals.bad_request('"content" must be a string')
    front, _ = card.split(content)
    if front is None:
        started = content.lstrip("\ufeff").startswith("---")
        if started and kind != "space":
            return _verdict(["The front matter that starts with --- never ends"], [])
        return _verdict(
            ["Missing configuration in README"] if kind == "space" else [],
            [] if kind == "space" else ["empty or missing yaml metadata in repo card"],
        )
    try:
        found = card.load(front)
    except yaml.YAMLError as broken:
        return _verdict([f"YAML Metadata Error: {str(broken)[:500]}"], [])
    if not isinstance(found, dict):
        return _verdict(
            ["The front matter must be a mapping of names to values"] if found is not None else [], []
        )
    errors, warnings = _judged(kind, found)
    return _verdict(errors, warnings)


def _judged(kind: str, front: dict[str, Any]) -> tuple[list[str], list[str]]:
    errors, warnings = [], []
    for key in ("license", "language", "tags", "datasets", "base_model"):
        value = front.get(key)
        if (
            value is not None
            and not isinstance(value, str)
            and not (isinstance(value, list) and all(isinstance(item, str) for item in value))
        ):
            errors.append(f'"{key}" must be a string or a list of strings')
    results = front.get("model-index")
    if results is not None and not (
        isinstance(results, list) and all(isinstance(one, dict) for one in results)
    ):
        errors.append('"model-index" must be an array')
    if kind == "space" and front.get("sdk") not in _SDK_ERRORS:
        errors.append(f'"sdk" must be one of [{", ".join(_SDK_ERRORS)}]')
    task = front.get("pipeline_tag")
    if kind == "model" and task is not None and task not in TASKS:
        warnings.append(f'The pipeline tag "{task}" is not in the official list: {", ".join(TASKS)}'[:400])
    return errors, warnings


def _verdict(errors: list[str], warnings: list[str]) -> Answer:
    body = {
        "errors": [{"message": text} for text in errors],
        "warnings": [{"message": text} for text in warnings],
    }
    headers = {"x-error-message": json.dumps(errors)[1:-1][:500]} if errors else {}
    return as_json(body, status=400 if errors else 200, headers=headers)
