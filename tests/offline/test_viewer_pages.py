"""What a browser is shown of a dataset's rows: each has an address of its own, and nothing in them is markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.offline import tables
from tests.offline.small import TEACHER

HTML = {"accept": "text/html,*/*;q=0.8"}
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe"
Get = Callable[..., Any]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("pages") / "store"
    store = Store.open(root)
    tables.fill(store)
    tables.made(store, "demo/hostile", {"train.parquet": hostile()})
    tables.made(store, "demo/wide", {"train.csv": wide()})
    store.close()
    with start(root, rows="hf_nb.data.serving") as running:
        yield running


@pytest.fixture
def get(hub: Running) -> Iterator[Get]:
    from huggingface_hub.utils import httpx

    with httpx.Client(base_url=hub.url, timeout=60, trust_env=False) as client:

        def send(path: str, *, token: str = "") -> Any:
            headers = HTML | ({"authorization": f"Bearer {token}"} if token else {})
            return client.get(path, headers=headers, follow_redirects=True)

        yield send


def hostile() -> bytes:
    import io

    import pyarrow.parquet

    fake = {"src": f"javascript:{HOSTILE}", "height": 1, "width": 1}
    table = pyarrow.table({HOSTILE: [HOSTILE, None], "long": ["<b>" * 500_000, ""], "picture": [fake, None]})
    kept = io.BytesIO()
    pyarrow.parquet.write_table(table, kept)
    return kept.getvalue()


def wide() -> bytes:
    names = ",".join(f"column {number}" for number in range(2_000))
    return f"{names}\n{','.join('1' * 2_000)}\n".encode()


class Page(HTMLParser):
    """The elements of a page, with their attributes, and its cells."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self.inside = True

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")


def test_the_first_rows_are_a_click_away_from_the_card(get: Get) -> None:
    card = Page(get("/datasets/demo/csv").text)
    links = [
        found["href"] for tag, found in card.tags if tag == "a" and "viewer" in (found.get("href") or "")
    ]
    assert links == ["/datasets/demo/csv/viewer"]
    page = get(str(links[0]))
    assert page.url.path == "/datasets/demo/csv/viewer/default/train"
    found = Page(page.text)
    assert found.rows[0] == ["row", "number", "text", "mixed"]
    assert found.rows[1:] == [
        ["0", "1", "two\nlines", "7"],
        ["1", "2", 'a "quoted" word', "8"],
        ["2", "3", "null", "nine"],
    ]
    others = {found["href"] for tag, found in found.tags if tag == "a"}
    assert "/datasets/demo/csv/viewer/default/validation" in others


def test_a_row_has_an_address_and_is_marked_there(get: Get) -> None:
    page = Page(get("/datasets/demo/table/viewer/default/train?row=249").text)
    assert [row[0] for row in page.rows[1:]] == [str(number) for number in range(200, 300)]
    here = [found for tag, found in page.tags if tag == "tr" and found.get("aria-current")]
    assert len(here) == 1
    assert page.rows[50][1] == "249"
    assert any(found.get("id") == "row-249" and found.get("href") == "?row=249" for _, found in page.tags)
    for tag, found in page.tags:
        if tag == "img":
            assert get(str(found["src"])).headers["content-type"] == "image/png"
            break
    else:
        pytest.fail("no picture is shown")
    beyond = get("/datasets/demo/table/viewer/default/train?row=5000")
    assert (beyond.status_code, "No rows here." in beyond.text) == (200, True)


def test_nothing_in_a_table_becomes_markup(get: Get) -> None:
    answer = get("/datasets/demo/hostile/viewer")
    page = Page(answer.text)
    assert {tag for tag, _ in page.tags} & {"script", "img", "iframe"} == set()
    assert sum(tag == "b" for tag, _ in page.tags) == 1, "the name of the table, and none of its own"
    assert not any(name.startswith("on") for _, found in page.tags for name in found)
    assert all(str(found.get("href", "/")).startswith(("/", "?")) for tag, found in page.tags if tag == "a")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert len(answer.content) < 60_000, "a long cell is cut"


def test_very_many_columns_are_counted_not_shown(get: Get) -> None:
    answer = get("/datasets/demo/wide/viewer")
    assert "1,960 more columns" in answer.text
    assert len(answer.content) < 60_000


def test_what_cannot_be_shown_is_said_on_the_page(get: Get) -> None:
    assert "The dataset is empty." in get("/datasets/demo/empty/viewer").text
    assert "The rows cannot be shown" in get("/datasets/demo/broken/viewer").text
    assert get("/datasets/demo/csv/viewer/none").status_code == 404
    assert get("/datasets/demo/csv/viewer/default/none").status_code == 404
    private = get("/datasets/demo/secret/viewer")
    assert (private.status_code, "number" in private.text) == (401, False)
    assert get("/datasets/demo/secret/viewer", token=TEACHER).status_code == 200
    assert get("/datasets/demo/gate/viewer").status_code == 401
