"""hfnb-demo/sentiment-demo: a form around sentiment-en. Gradio, running."""

from pathlib import Path

from hf_nb.offline.content import card, space_card
from hf_nb.offline.content.recipe import Context, Recipe, day

APP = """\
import gradio as gr
from transformers import pipeline

pipe = pipeline("text-classification", model="hfnb-demo/sentiment-en", top_k=None)


def classify(text: str) -> dict[str, float]:
    return {answer["label"]: answer["score"] for answer in pipe([text])[0]}


demo = gr.Interface(
    classify,
    inputs=gr.Textbox(label="A sentence", value="The room was small, but we loved the view."),
    outputs=gr.Label(label="Mood"),
    examples=["I love this library.", "This is not good at all.", "Not bad at all!"],
    title="Is it pleased?",
)

if __name__ == "__main__":
    demo.launch()
"""


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    front = space_card.front(
        "Is it pleased?",
        "🙂",
        "gradio",
        sdk_version="6.31.0",
        python_version="3.11",
        app_file="app.py",
        pinned=True,
        license="apache-2.0",
        short_description="Type a sentence, see its mood",
        models=["hfnb-demo/sentiment-en"],
        tags=["sentiment", "text-classification"],
    )
    text = "# Is it pleased?\n\nA form around `hfnb-demo/sentiment-en`: type a sentence, see how sure the model is."
    card.write(folder, front, text)
    (folder / "app.py").write_text(APP, "utf-8")
    (folder / "requirements.txt").write_text("torch\ntransformers>=5\n", "utf-8")
    return "gradio, running"


RECIPE = Recipe(
    type="space",
    id="hfnb-demo/sentiment-demo",
    created_at=day("2026-02-10T12:00"),
    updated_at=day("2026-06-23T09:15"),
    build=build,
    shared=("space_card.py",),
    likes=52,
    trending=9.0,
    runtime=space_card.runtime("RUNNING"),
)
