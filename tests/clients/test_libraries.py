"""Libraries on top of huggingface_hub, unchanged: nothing but the environment points them at the offline Hub."""

import importlib.util

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def libraries(workers):
    """One process for all: torch is imported once."""
    # else `datasets` counts each load at a third party, whatever HF_HUB_DISABLE_TELEMETRY says
    return lambda name: workers("libraries", HF_UPDATE_DOWNLOAD_COUNTS="0").call(
        f"tests.clients.loading:{name}"
    )


@pytest.fixture
def pushing(writers):
    """The same for what is pushed, on the writable Hub."""
    return lambda name: writers("libraries", HF_UPDATE_DOWNLOAD_COUNTS="0").call(
        f"tests.clients.saving:{name}"
    )


@pytest.mark.cell("datasets", "load images")
def test_load_dataset_gives_images_streamed_and_not(libraries):
    libraries("digits")


@pytest.mark.cell("datasets", "load configs")
def test_load_dataset_gives_every_config_streamed_and_not(libraries):
    libraries("tables")


@pytest.mark.cell("datasets", "load text")
def test_load_dataset_gives_texts_streamed_and_not(libraries):
    libraries("docs")


@pytest.mark.cell("datasets", "what is missing")
def test_load_dataset_names_the_configs_there_are(libraries):
    libraries("missing_config")


@pytest.mark.cell("transformers", "text-classification")
def test_a_pipeline_classifies_text(libraries):
    libraries("classify_text")


@pytest.mark.cell("transformers", "repository info")
def test_a_pipeline_finds_its_task_on_the_hub(libraries):
    libraries("task_from_the_hub")


@pytest.mark.cell("transformers", "image-classification")
def test_a_pipeline_classifies_images(libraries):
    libraries("classify_images")


@pytest.mark.cell("transformers", "text-generation")
def test_a_pipeline_generates_text(libraries):
    libraries("generate_text")


@pytest.mark.cell("transformers", "from_pretrained")
def test_auto_classes_load_from_the_hub(libraries):
    libraries("load_parts")


@pytest.mark.cell("sentence-transformers", "embeddings")
@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None, reason="sentence-transformers is not installed"
)
def test_sentence_transformers_embeds(libraries):
    libraries("embed")


@pytest.mark.cell("datasets", "push rows")
def test_a_pushed_dataset_is_loaded_again(pushing):
    pushing("push_one")


@pytest.mark.cell("datasets", "push splits and configs")
def test_pushed_splits_configs_and_pictures_are_loaded_again(pushing):
    pushing("push_splits_and_configs")


@pytest.mark.cell("datasets", "push a stream")
def test_a_pushed_stream_is_loaded_again(pushing):
    pushing("push_a_stream")


@pytest.mark.cell("transformers", "push a model")
def test_a_pushed_model_and_tokenizer_are_loaded_again(pushing):
    pushing("push_a_model")


@pytest.mark.cell("transformers", "push from Trainer")
def test_what_a_trainer_pushes_is_loaded_again(pushing):
    pushing("push_a_trained_model")
