"""The Hub's official Python client, unchanged, with Xet's Rust client at hand and without."""

import pytest

from tests.clients.operations import READING

# the Hub box sends no Xet headers: with hf_xet active everything must still come over plain HTTP
CLIENTS: dict[str, dict[str, str | None]] = {
    "hub + xet": {"HF_HUB_DISABLE_XET": None},
    "hub": {"HF_HUB_DISABLE_XET": "1"},
}
# both take twenty seconds; the one without Xet is what `hf-nb hub run` gives its command
SLOW = {"hub + xet": [pytest.mark.slow], "hub": []}
CELLS = [
    pytest.param(
        client,
        name,
        marks=[pytest.mark.cell(client, name), *SLOW[client]],
        id=f"{client}: {name}".replace(" ", "-"),
    )
    for name in READING
    for client in CLIENTS
]


@pytest.mark.parametrize(("client", "operation"), CELLS)
def test_huggingface_hub_reads(workers, client, operation):
    workers(client, **CLIENTS[client]).call(f"tests.clients.reading.{READING[operation]}")


def test_xet_is_really_active_in_one_and_not_in_the_other(workers):
    active = {
        client: workers(client, **CLIENTS[client]).call("huggingface_hub.utils._runtime:is_xet_available")
        for client in CLIENTS
    }
    assert active == {"hub + xet": True, "hub": False}


@pytest.mark.cell("pyarrow", "read parquet")
def test_pyarrow_reads_parquet_through_hffilesystem(workers):
    workers("hub", HF_HUB_DISABLE_XET="1").call("tests.clients.reading.parquet:pyarrow_over_the_file_system")


@pytest.mark.cell("duckdb", "read parquet")
def test_duckdb_reads_parquet_through_hffilesystem(workers):
    workers("hub", HF_HUB_DISABLE_XET="1").call("tests.clients.reading.parquet:duckdb_over_the_file_system")


def test_a_large_file_comes_by_redirect_and_the_token_stays_at_the_hub(workers, hub):
    workers("hub", HF_HUB_DISABLE_XET="1").call("tests.clients.reading.files:download_large_with_a_token")
    asked = [
        (line["origin"], line["method"], line["status"], line["authorization"])
        for line in hub.requests()
        if "agent-harnesses" not in line["path"]
    ]
    assert any(method == "HEAD" and status == 302 and signed for _, method, status, signed in asked)
    cdn = [line for line in asked if line[0] == "cdn"]
    assert cdn
    assert not any(signed for *_, signed in cdn)
