"""The Hub's official Python client writes: over plain HTTP and LFS, and through Xet's Rust client."""

import pytest

from tests.clients.operations import WRITING

CLIENTS: dict[str, dict[str, str | None]] = {
    "hub + xet": {"HF_HUB_DISABLE_XET": None},
    "hub": {"HF_HUB_DISABLE_XET": "1"},
}
CELLS = [
    pytest.param(
        client,
        name,
        marks=pytest.mark.cell(client, name),
        id=f"{client}: {name}".replace(" ", "-"),
    )
    for name in WRITING
    for client in CLIENTS
]


@pytest.mark.parametrize(("client", "operation"), CELLS)
def test_huggingface_hub_writes(writers, client, operation):
    writers(client, **CLIENTS[client]).call(f"tests.clients.writing.{WRITING[operation]}")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_large_file_goes_the_way_it_should_and_without_the_token(writers, writable_hub, client):
    writer = writers(client, **CLIENTS[client])
    repo = writer.call("tests.clients.writing.client:repository", "way")
    writable_hub.clear_requests()
    writer.call("tests.clients.writing.uploads:known", repo, 1_000_000)
    asked = [
        (line["origin"], line["method"], line["path"], line["authorization"])
        for line in writable_hub.requests()
    ]
    batches = [path for _, _, path, _ in asked if path == f"/{repo}.git/info/lfs/objects/batch"]
    tokens = [path for _, _, path, _ in asked if path == f"/api/models/{repo}/xet-write-token/main"]
    sent = {
        path.split("/")[1]: signed
        for origin, method, path, signed in asked
        if origin == "cdn" and method != "GET"
    }
    if client == "hub":
        assert (len(batches), tokens, sent) == (1, [], {"upload": False})
    else:
        assert (batches, len(tokens), sent) == ([], 1, {"xet": True})


@pytest.mark.parametrize(
    "client", [pytest.param(name, marks=pytest.mark.cell(name, "upload: broken once")) for name in CLIENTS]
)
def test_an_upload_that_breaks_once_is_sent_again_by_the_client(writers, writable_hub, client):
    writer = writers(client, **CLIENTS[client])
    repo = writer.call("tests.clients.writing.client:repository", "broken")
    match = "PUT /upload/*" if client == "hub" else "POST /xet/*"
    with writable_hub.fault("cut-upload", match=match, count=1) as fault:
        writer.call("tests.clients.writing.uploads:known", repo, 1_000_000)
        assert fault.used == 1
