"""Cards: pushed, changed by their metadata alone, and refused where their YAML is wrong."""

from __future__ import annotations

import pytest
from huggingface_hub import DatasetCard, EvalResult, ModelCard, ModelCardData, SpaceCard, metadata_update

from tests.clients.writing.client import api, read, repository


def push() -> None:
    repo = repository("card")
    data = ModelCardData(license="mit", language="en", pipeline_tag="text-classification", tags=["small"])
    ModelCard.from_template(data, model_id="small").push_to_hub(repo)
    info = api.model_info(repo)
    assert info.pipeline_tag == "text-classification"
    assert {"license:mit", "small", "en"} <= set(info.tags or [])
    assert ModelCard.load(repo).data.to_dict() == data.to_dict()
    rows = repository("card", "dataset")
    DatasetCard("---\nlicense: cc0-1.0\n---\n# Rows\n").push_to_hub(rows)
    assert read(rows, "README.md", repo_type="dataset") == b"---\nlicense: cc0-1.0\n---\n# Rows\n"
    proposed = ModelCard("---\nlicense: apache-2.0\n---\n").push_to_hub(repo, create_pr=True)
    assert "/discussions/" in proposed or "/commit/" in proposed
    assert ModelCard.load(repo).data.license == "mit"


def metadata() -> None:
    repo = repository("metadata")
    ModelCard("---\nlicense: mit\n---\n# Kept\n").push_to_hub(repo)
    result = EvalResult(
        task_type="text-classification",
        dataset_type="demo",
        dataset_name="Demo",
        metric_type="accuracy",
        metric_value=0.5,
    )
    metadata_update(repo, {"tags": ["new"]})
    card = ModelCard.load(repo)
    card.data.model_name, card.data.eval_results = "m", [result]
    card.push_to_hub(repo)
    with pytest.raises(ValueError):
        metadata_update(repo, {"license": "gpl"})
    metadata_update(repo, {"license": "gpl"}, overwrite=True)
    card = ModelCard.load(repo)
    assert (card.data.license, card.data.tags, card.data.eval_results) == ("gpl", ["new"], [result])
    assert card.text.strip() == "# Kept"
    assert "license:gpl" in (api.model_info(repo).tags or [])


def validation() -> None:
    repo = repository("yaml")
    for wrong in ("---\nlicense: [unclosed\n---\n", "---\ntags: 3\n---\n"):
        with pytest.raises(ValueError, match=r"Invalid metadata in README\.md"):
            api.upload_file(path_or_fileobj=wrong.encode(), path_in_repo="README.md", repo_id=repo)
    assert "README.md" not in api.list_repo_files(repo)
    with pytest.raises(ValueError, match="sdk"):
        SpaceCard("---\ntitle: No app\n---\n").validate(repo_type="space")
    ModelCard("---\nlicense: mit\n---\n").validate()
