"""hfnb-lab/embeddings-service: sentence vectors over HTTP. Docker, being built."""

from pathlib import Path

from hf_nb.offline.content import card, space_card
from hf_nb.offline.content.recipe import Context, Recipe, day

DOCKERFILE = """\
FROM python:3.11-slim
RUN useradd -m -u 1000 user
USER user
WORKDIR /home/user/app
RUN pip install --user --no-cache-dir fastapi uvicorn sentence-transformers
COPY --chown=user app.py .
EXPOSE 7860
CMD ["python", "-m", "uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]
"""
APP = """\
from fastapi import FastAPI
from sentence_transformers import SentenceTransformer

app = FastAPI()
model = SentenceTransformer("hfnb-demo/minilm-embeddings")


@app.post("/embed")
def embed(texts: list[str]) -> list[list[float]]:
    return model.encode(texts).tolist()
"""


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    front = space_card.front(
        "Embeddings service",
        "🧭",
        "docker",
        colours=("gray", "purple"),
        app_port=7860,
        license="apache-2.0",
        short_description="Sentence vectors over HTTP",
        models=["hfnb-demo/minilm-embeddings"],
        tags=["embeddings", "api"],
    )
    text = "# Embeddings service\n\n`POST /embed` with a list of texts; a list of 384 numbers for each comes back."
    card.write(folder, front, text)
    (folder / "Dockerfile").write_text(DOCKERFILE, "utf-8")
    (folder / "app.py").write_text(APP, "utf-8")
    return "docker, being built"


RECIPE = Recipe(
    type="space",
    id="hfnb-lab/embeddings-service",
    created_at=day("2026-08-30T17:20"),
    updated_at=day("2026-09-12T10:05"),
    build=build,
    shared=("space_card.py",),
    likes=6,
    trending=2.0,
    runtime=space_card.runtime("BUILDING"),
)
