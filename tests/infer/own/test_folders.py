"""A folder where an id stands: as `save_pretrained` and a Trainer write it, an adapter on its base; what is wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from hf_nb import errors, infer
from hf_nb.infer.own import adapters, folders
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow
LABELS, WRITES = "hfnb-demo/sentiment-en", "hfnb-demo/pydoc-gpt"
TEXT = "The room was small, but we loved the view."


def run(text: str, **how: Any) -> Any:
    """An answer of any kind."""
    return infer.run(text, **how)


@pytest.fixture
def session(served_hub: object) -> Session:
    return Session()


@pytest.fixture
def put(served_hub: Any) -> Iterator[Callable[[str, Path], str]]:
    """Puts a folder on the Hub for this test; its commit."""
    from hf_nb.offline.store import Store

    made: list[int] = []
    store = Store.open(served_hub.root)

    def put(id: str, folder: Path) -> str:
        files = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
        made.append(store.create_repo("model", id, created_at=datetime.now(tz=UTC), files=files))
        return str(HfApi().model_info(id).sha)

    yield put
    for rid in made:
        store.delete_repo(rid)
    store.close()


@pytest.fixture
def saved(served_hub: object, tmp_path: Path) -> Path:
    """A model as `save_pretrained` leaves it."""
    import transformers

    folder = tmp_path / "my-model"
    transformers.AutoModelForSequenceClassification.from_pretrained(LABELS).save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(LABELS).save_pretrained(folder)
    return folder


def labels(value: Any) -> Any:
    return [(one.label, pytest.approx(one.score, abs=1e-5)) for one in value.labels]


def test_a_saved_model_answers_from_its_folder_with_a_revision_of_its_own(
    saved: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = labels(run(TEXT, model=LABELS, session=session))
    monkeypatch.chdir(saved.parent)
    for given in (saved, str(saved), "./my-model", "my-model"):
        found = run(TEXT, model=given, session=session)
        source = found.to_dict()["source"]
        assert labels(found) == expected
        assert (source["model"], source["method"]) == (str(given), "local")
        assert "the folder you named" in source["reason"]
        assert source["revision"].startswith("folder-")


def test_other_weights_in_the_same_folder_are_another_revision_and_the_old_ones_go(
    saved: Path, session: Session
) -> None:
    import transformers

    first = run(TEXT, model=saved, session=session)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(saved)
    model.classifier.weight.data.mul_(-1)
    model.save_pretrained(saved)
    other = run(TEXT, model=saved, session=session)
    assert labels(other) != labels(first)
    assert other.to_dict()["source"]["revision"] != first.to_dict()["source"]["revision"]
    assert len(infer.loaded(session=session)) == 1


def test_a_folder_of_checkpoints_names_the_newest(saved: Path, session: Session, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for step in (90, 500, 1000):
        shutil.copytree(saved, out / f"checkpoint-{step}")
    with pytest.raises(errors.NotFound, match="3 checkpoints") as said:
        run(TEXT, model=out, session=session)
    assert said.value.next_step == f"The newest: -m {out / 'checkpoint-1000'}"
    assert run(TEXT, model=out / "checkpoint-500", session=session).label == "positive"


def test_a_place_that_is_not_there_is_not_asked_of_the_hub(saved: Path, session: Session) -> None:
    near = str(saved.parent / "my-modle")
    with pytest.raises(errors.NotFound, match="no folder") as said:
        run(TEXT, model=near, session=session)
    assert said.value.nearest == (str(saved),)
    for given in ("./nowhere/at/all", "../" + "x" * 300, "~/no-such-model"):
        with pytest.raises(errors.NotFound, match="no folder"):
            run(TEXT, model=given, session=session)
    with pytest.raises(errors.NotFound, match="is a file"):
        run(TEXT, model=saved / "config.json", session=session)


def without(folder: Path, *names: str) -> None:
    for name in names:
        for path in folder.glob(name):
            path.unlink()


@pytest.mark.parametrize(
    ("spoil", "kind", "word"),
    [
        (lambda at: without(at, "*"), errors.NotFound, "no config.json"),
        (lambda at: without(at, "*.safetensors"), errors.NotFound, "no weights"),
        (lambda at: (at / "model.safetensors").rename(at / "pytorch_model.bin"), errors.Refused, "pickled"),
        (lambda at: without(at, "tok*", "vocab*", "special*"), errors.BadInput, "no tokenizer"),
        (
            lambda at: (at / "model.safetensors").write_bytes(b"\xff" * 64),
            errors.BadInput,
            "cannot be loaded",
        ),
        (lambda at: (at / "config.json").write_text("[" * 5_000), errors.Lasting, "my-model"),
    ],
    ids=["empty", "no weights", "pickled", "no tokenizer", "damaged", "nested"],
)
def test_what_is_wrong_with_a_folder_is_said(
    spoil: Callable[[Path], Any], kind: type, word: str, saved: Path, session: Session
) -> None:
    spoil(saved)
    with pytest.raises(kind, match=word) as said:
        run(TEXT, model=saved, task="text-classification", session=session)
    assert len(str(said.value).splitlines()) <= 3


def test_a_folder_for_another_task_is_said(saved: Path, session: Session) -> None:
    with pytest.raises(errors.BadInput, match="not for fill-mask"):
        run("A [MASK].", model=saved, task="fill-mask", session=session)


# -- adapters


@pytest.fixture
def adapted(served_hub: object, tmp_path: Path) -> tuple[Path, Any]:
    """An adapter of a classifier with three classes on a base with two, and the model that it was saved of."""
    peft = pytest.importorskip("peft")
    import torch
    import transformers

    torch.manual_seed(3)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        LABELS, num_labels=3, ignore_mismatched_sizes=True
    )
    changed = peft.get_peft_model(
        model, peft.LoraConfig(task_type="SEQ_CLS", r=4, target_modules="all-linear")
    )
    with torch.no_grad():
        for name, one in changed.named_parameters():
            if "lora_" in name:
                one.normal_(std=0.05)
    folder = tmp_path / "my-adapter"
    changed.save_pretrained(folder)
    return folder, changed.eval()


def test_an_adapter_answers_as_the_model_it_was_saved_of(adapted: tuple[Path, Any], session: Session) -> None:
    import torch
    import transformers

    folder, whole = adapted
    read = transformers.AutoTokenizer.from_pretrained(LABELS)(TEXT, return_tensors="pt")
    with torch.no_grad():
        expected = whole(**read).logits.softmax(-1)[0].tolist()
    found = run(TEXT, model=folder, session=session)
    assert {one.label: one.score for one in found.labels} == {
        f"LABEL_{at}": pytest.approx(score, abs=1e-4) for at, score in enumerate(expected)
    }
    source = found.to_dict()["source"]
    assert (source["model"], source["method"]) == (str(folder), "local")


def test_an_adapter_of_the_hub_brings_its_base(
    adapted: tuple[Path, Any], session: Session, put: Callable[[str, Path], str]
) -> None:
    folder, _ = adapted
    expected = labels(run(TEXT, model=folder, session=session))
    (folder / "README.md").write_text(f"---\nlibrary_name: peft\nbase_model: {LABELS}\n---\n")
    commit = put("own-models/adapter", folder)
    found = run(TEXT, model="own-models/adapter", session=session)
    assert labels(found) == expected
    assert found.to_dict()["source"]["revision"] == commit


def test_an_adapter_that_is_pickled_or_points_nowhere_or_elsewhere_is_refused(
    adapted: tuple[Path, Any], session: Session, tmp_path: Path
) -> None:
    folder, _ = adapted
    settings = json.loads((folder / folders.ADAPTER).read_text())

    def other(**changed: Any) -> Path:
        (folder / folders.ADAPTER).write_text(json.dumps({**settings, **changed}))
        return folder

    with pytest.raises(errors.NotFound):
        run(TEXT, model=other(base_model_name_or_path="hfnb-demo/no-such-base"), session=session)
    with pytest.raises(errors.BadInput, match="does not name"):
        run(TEXT, model=other(base_model_name_or_path=None), session=session)
    with pytest.raises(errors.BadInput, match="does not fit"):
        run(TEXT, model=other(base_model_name_or_path="hfnb-demo/similar-en"), session=session)
    with pytest.raises(errors.Refused, match="folder of its author"):
        adapters.base_of(other(base_model_name_or_path="/etc"), "somebody/adapter")
    (other() / adapters.WEIGHTS).rename(folder / "adapter_model.bin")
    with pytest.raises(errors.Refused, match="pickled"):
        run(TEXT, model=folder, session=session)


# -- code of its own

CODE = """
import torch, transformers
from pathlib import Path
Path({mark!r}).write_text("ran")

class Config(transformers.PretrainedConfig):
    model_type = "odd"

    def __init__(self, pad_token_id=None, **more):
        super().__init__(pad_token_id=pad_token_id, **more)
        self.pad_token_id = pad_token_id

class Odd(transformers.PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.post_init()

    def forward(self, input_ids, **_):
        rows = torch.stack([self.weight.expand(len(input_ids)), torch.ones(len(input_ids))], 1)
        return transformers.modeling_outputs.SequenceClassifierOutput(logits=rows)
"""


@pytest.fixture
def strange(saved: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A model with code of its own, and the file that is there once it has run."""
    import torch
    from safetensors.torch import save_file

    mark = tmp_path / "mark"
    (saved / "odd.py").write_text(CODE.format(mark=str(mark)))
    config = {
        "architectures": ["OddForSequenceClassification"],
        "auto_map": {"AutoConfig": "odd.Config", "AutoModelForSequenceClassification": "odd.Odd"},
        "model_type": "odd",
        "id2label": {"0": "no", "1": "yes"},
        "pad_token_id": 0,
    }
    (saved / "config.json").write_text(json.dumps(config))
    save_file({"weight": torch.zeros(1)}, saved / "model.safetensors", metadata={"format": "pt"})
    return saved, mark


def test_code_of_its_own_is_refused_and_runs_only_when_it_is_named_with_its_commit(
    strange: tuple[Path, Path], session: Session, put: Callable[[str, Path], str]
) -> None:
    folder, mark = strange
    commit = put("own-models/odd", folder)
    how = {"model": "own-models/odd", "task": "text-classification"}
    with pytest.raises(errors.Refused, match="code of its own") as said:
        run(TEXT, **how, session=session)
    assert f"own-models/odd@{commit}" in said.value.next_step
    assert "all that you can" in said.value.next_step
    for vague in ("own-models/odd", "own-models/odd@main", f"{commit}", "true"):
        with pytest.raises(errors.BadInput, match="at one commit"):
            run(TEXT, **how, trust=vague, session=session)
    for other in (f"own-models/odd@{'0' * 40}", f"own-models/other@{commit}"):
        with pytest.raises(errors.Refused):
            run(TEXT, **how, trust=other, session=session)
    assert not mark.exists(), "nothing of it has run"
    assert run(TEXT, **how, trust=f"own-models/odd@{commit}", session=session).label == "yes"
    assert mark.exists()
    with pytest.raises(errors.Refused):
        run(TEXT, **how, session=Session())


def test_a_batch_refuses_such_code_too_and_runs_it_where_it_is_named(
    strange: tuple[Path, Path], session: Session, put: Callable[[str, Path], str]
) -> None:
    folder, mark = strange
    commit = put("own-models/odd", folder)

    def batch(**how: Any) -> Any:
        return infer.batch(
            [TEXT, "Bad."], model="own-models/odd", task="text-classification", session=session, **how
        )

    with pytest.raises(errors.Refused, match="code of its own") as said:
        batch()
    assert f"--trust own-models/odd@{commit}" in said.value.next_step
    assert not mark.exists(), "nothing of it has run"
    assert batch(trust=f"own-models/odd@{commit}").values == ["yes", "yes"]


def test_code_from_a_third_repository_is_refused_even_then(
    strange: tuple[Path, Path], session: Session
) -> None:
    folder, mark = strange
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {name: f"somebody/else--{one}" for name, one in config["auto_map"].items()}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(errors.HfNbError):
        run(TEXT, model=folder, task="text-classification", trust=str(folder), session=session)
    assert not mark.exists()
