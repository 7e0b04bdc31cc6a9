"""hfnb-demo/welcome: one page of HTML. Static, so always there."""

from pathlib import Path

from hf_nb.offline.content import card, space_card
from hf_nb.offline.content.recipe import Context, Recipe, day

PAGE = """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Welcome</title>
    <link rel="stylesheet" href="style.css" />
  </head>
  <body>
    <h1>Welcome</h1>
    <p>This Hub lives on your own machine. Search it, pull from it, break it: a new one is a minute away.</p>
  </body>
</html>
"""
STYLE = (
    "body { font-family: system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; line-height: 1.5; }\n"
)


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    front = space_card.front(
        "Welcome", "👋", "static", app_file="index.html", license="cc0-1.0", short_description="Where you are"
    )
    card.write(folder, front, "# Welcome\n\nOne page that says where you are.")
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "style.css").write_text(STYLE, "utf-8")
    return "static"


RECIPE = Recipe(
    type="space",
    id="hfnb-demo/welcome",
    created_at=day("2025-09-15T08:00"),
    updated_at=day("2025-09-15T08:10"),
    build=build,
    shared=("space_card.py",),
    likes=8,
    runtime=space_card.runtime("RUNNING", hardware=None),
)
