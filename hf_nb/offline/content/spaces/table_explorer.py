"""hfnb-demo/table-explorer: looks at the small tables. Streamlit, asleep."""

from pathlib import Path

from hf_nb.offline.content import card, space_card
from hf_nb.offline.content.recipe import Context, Recipe, day

APP = """\
import streamlit as st
from datasets import load_dataset

st.title("Three small tables")
name = st.selectbox("Table", ["iris", "wine", "breast-cancer"])
frame = load_dataset("hfnb-demo/sklearn-tables", name, split="train").to_pandas()
column = st.selectbox("Column", [c for c in frame.columns if c != "target"])
st.bar_chart(frame.groupby("target")[column].mean())
st.dataframe(frame)
"""


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    front = space_card.front(
        "Table explorer",
        "📊",
        "streamlit",
        colours=("blue", "indigo"),
        sdk_version="1.51.0",
        app_file="app.py",
        license="mit",
        short_description="Iris, wine and breast cancer at a glance",
        datasets=["hfnb-demo/sklearn-tables"],
        tags=["tabular", "visualisation"],
    )
    text = "# Table explorer\n\nChoose a table and a column of `hfnb-demo/sklearn-tables`; see the mean of each class."
    card.write(folder, front, text)
    (folder / "app.py").write_text(APP, "utf-8")
    (folder / "requirements.txt").write_text("datasets\npandas\n", "utf-8")
    return "streamlit, asleep"


RECIPE = Recipe(
    type="space",
    id="hfnb-demo/table-explorer",
    created_at=day("2025-10-02T12:00"),
    updated_at=day("2025-10-02T12:45"),
    build=build,
    shared=("space_card.py",),
    likes=14,
    trending=1.0,
    runtime=space_card.runtime("SLEEPING"),
)
