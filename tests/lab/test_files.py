"""What an address of the files' route may name, and as what a file is shown."""

import pytest

from hf_nb.errors import BadInput
from hf_nb.lab.files import SAVED, TEXT, Wanted

HOSTILE = [
    "x.svg",
    "x.html",
    "x.htm",
    "x.xhtml",
    "x.xml",
    "x.js",
    "x.mjs",
    "x.css",
    "x.pdf",
    "x.wasm",
    "x",
    "x.png.svg",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_could_run_or_is_unknown_is_saved_and_never_shown(name):
    assert Wanted("spaces", "a/b", "main", f"folder/{name}").saved is True


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("a.PNG", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.wav", "audio/wav"),
        ("a.md", TEXT),
        ("a.bin", SAVED),
    ],
)
def test_pictures_sounds_films_and_text_are_shown_by_their_name_alone(name, type_):
    assert Wanted("models", "a/b", "main", name).type == type_


def test_an_address_stays_at_the_hub_whatever_a_file_is_called():
    odd = Wanted("datasets", "a/b", "refs/pr/1", "ünï cödé/100%?#&.png")
    assert odd.address("https://hub.example") == (
        "https://hub.example/datasets/a/b/resolve/refs%2Fpr%2F1/%C3%BCn%C3%AF%20c%C3%B6d%C3%A9/100%25%3F%23%26.png"
    )


@pytest.mark.parametrize(
    ("kind", "id", "revision", "path"),
    [
        ("model", "a/b", "main", "x"),
        ("models", "a/b/c", "main", "x"),
        ("models", "", "main", "x"),
        ("models", "../b", "main", "x"),
        ("models", "a/b?c", "main", "x"),
        ("models", "a@evil.example/b", "main", "x"),
        ("models", "a/b", "../main", "x"),
        ("models", "a/b", "main?", "x"),
        ("models", "a/b", "", "x"),
        ("models", "a/b", "main", ""),
        ("models", "a/b", "main", "/x"),
        ("models", "a/b", "main", "x/../../y"),
        ("models", "a/b", "main", "x\r\nHost: evil"),
        ("models", "a/b", "main", "x\\y"),
        ("models", "a/b", "main", "x" * 1001),
    ],
)
def test_what_is_no_file_of_a_repository_is_refused(kind, id, revision, path):
    with pytest.raises(BadInput):
        Wanted(kind, id, revision, path)
