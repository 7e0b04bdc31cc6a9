"""Uploads through Xet by the official client, its Rust half unchanged, against a real Hub.

Downloads go over plain HTTP: the Hub says nothing of Xet there.
"""

from __future__ import annotations

import hashlib
import math
import shutil
import struct
import time
from urllib.parse import urlsplit

import pytest

from hf_nb.offline.running import start
from tests.offline.small import LEARNER, STRANGER
from tests.offline.xet import making
from tests.offline.xet.uploading import REPO, Client, asked, content, fill, left, write

pytestmark = pytest.mark.slow

FLOATS = struct.pack("<1250000f", *(0.02 * math.sin(place * place) for place in range(1_250_000)))
TEXT = b"".join(b"%d: a line much like the one before\n" % line for line in range(200_000))


class TestTheClient:
    def test_what_it_sends_comes_back_unchanged_over_plain_http(self, served, client, tmp_path):
        files = {
            "noise": making.noise(1, 5_000_000),
            "floats": FLOATS,
            "odd_floats": FLOATS[:1_000_003],
            "text": TEXT,
            "zeros": bytes(3_000_000),
            "one": b"1",
        }
        assert client.upload(served, REPO, write(tmp_path / "files", **files)) == ""
        assert set(asked(served, "/v1/xorbs/")) == {200}
        assert asked(served, "/info/lfs/") == []
        for name, expected in files.items():
            assert content(served, REPO, f"{name}.bin") == expected
        assert left(served) == []

    @pytest.mark.slow
    def test_many_files_and_the_same_one_many_times_are_all_there(self, served, client, tmp_path):
        files = {f"f{place}": making.noise(100 + place, 20_000 + place) for place in range(60)}
        files |= {f"same{place}": FLOATS[:400_000] for place in range(10)}
        assert client.upload(served, REPO, write(tmp_path / "files", **files), "many") == ""
        for name in ("f0", "f59", "same0", "same9"):
            assert content(served, REPO, f"many/{name}.bin") == files[name]

    @pytest.mark.slow
    def test_what_is_known_from_another_repository_is_not_sent_again(self, served, client, tmp_path):
        noise = making.noise(3, 4_000_000)
        folder = write(tmp_path / "files", noise=noise)
        client.upload(served, REPO, folder, "first")
        assert len(asked(served, "/v1/xorbs/")) == 1
        (folder / "noise.bin").write_bytes(noise[:2_000_000] + b"a little more" + noise[2_000_000:])
        served.clear_requests()
        assert client.upload(served, REPO, folder, "second") == ""
        sent = [path.stat().st_size for path in (served.root / "xet" / "xorbs").glob("*/*")]
        assert min(sent) < 500_000
        assert content(served, REPO, "second/noise.bin") == (folder / "noise.bin").read_bytes()

    @pytest.mark.slow
    def test_a_client_that_knows_another_hub_sends_everything_to_a_fresh_one(
        self, client, box_root, tmp_path
    ):
        folder = write(tmp_path / "files", noise=making.noise(4, 2_000_000))
        with start(fill(tmp_path / "first", box_root)) as first:
            assert client.upload(first, REPO, folder) == ""
            ports = urlsplit(first.url).port or 0, urlsplit(first.cdn_url).port or 0
        with start(fill(tmp_path / "second", box_root), port=ports[0], cdn_port=ports[1]) as second:
            assert client.upload(second, REPO, folder) == ""
            assert asked(second, "/v1/xorbs/") == [200]
            assert content(second, REPO, "noise.bin") == (folder / "noise.bin").read_bytes()

    @pytest.mark.slow
    def test_a_hub_that_was_stopped_still_has_what_it_was_sent(self, client, box_root, tmp_path):
        root = fill(tmp_path / "store", box_root)
        folder = write(tmp_path / "files", noise=making.noise(5, 2_000_000))
        with start(root) as first:
            client.upload(first, REPO, folder)
            ports = urlsplit(first.url).port or 0, urlsplit(first.cdn_url).port or 0
        with start(root, port=ports[0], cdn_port=ports[1]) as again:
            assert client.upload(again, REPO, folder, "again") == ""
            assert asked(again, "/v1/xorbs/") == []
            assert content(again, REPO, "again/noise.bin") == (folder / "noise.bin").read_bytes()

    @pytest.mark.slow
    def test_where_xorbs_were_lost_it_is_told_and_the_next_try_goes_through(self, client, box_root, tmp_path):
        folder = write(tmp_path / "files", noise=making.noise(6, 2_000_000))
        with start(fill(tmp_path / "store", box_root)) as hub:
            client.upload(hub, REPO, folder)
            shutil.rmtree(hub.root / "xet" / "xorbs")
            assert "is not here (any more). Upload again" in client.upload(hub, REPO, folder, "again")
            assert client.upload(hub, REPO, folder, "again") == ""
            assert content(hub, REPO, "again/noise.bin") == (folder / "noise.bin").read_bytes()

    @pytest.mark.slow
    def test_two_at_once_do_not_disturb_each_other(self, served, tmp_path):
        same = making.noise(7, 20_000_000)
        files = {
            place: {"same": same, f"own{place}": making.noise(200 + place, 10_000_000)} for place in range(2)
        }
        clients = [
            Client(tmp_path / f"home{place}").begin(
                served, REPO, write(tmp_path / f"files{place}", **some), f"at{place}"
            )
            for place, some in files.items()
        ]
        said = [one.communicate(timeout=100)[0] for one in clients]
        # both commit to one branch: the later one may be told so, and has lost nothing it sent
        assert [one.returncode for one in clients] == [0, 0], said
        for place, some in files.items():
            for name, expected in some.items():
                assert content(served, REPO, f"at{place}/{name}.bin") == expected

    @pytest.mark.slow
    def test_one_that_was_killed_goes_on_where_it_was(self, served, client, tmp_path):
        folder = write(tmp_path / "files", noise=making.noise(9, 150_000_000))
        killed = client.begin(served, REPO, folder, "killed")
        deadline = time.monotonic() + 30
        while 200 not in asked(served, "/v1/xorbs/"):
            assert killed.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        killed.kill()
        killed.communicate()
        deadline = time.monotonic() + 10
        while left(served) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert left(served) == []
        assert asked(served, "/commit/") == []
        assert client.upload(served, REPO, folder, "killed") == ""
        with (folder / "noise.bin").open("rb") as source:
            expected = hashlib.file_digest(source, "sha256").hexdigest()
        assert hashlib.sha256(content(served, REPO, "killed/noise.bin")).hexdigest() == expected

    @pytest.mark.slow
    def test_a_hub_that_is_killed_has_nothing_half_and_takes_it_all_at_the_next_try(
        self, client, box_root, tmp_path
    ):
        root = fill(tmp_path / "store", box_root)
        folder = write(tmp_path / "files", noise=making.noise(10, 100_000_000))
        with start(root) as hub:
            sending = client.begin(hub, REPO, folder)
            deadline = time.monotonic() + 30
            while not left(hub):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            hub.process.kill()
            sending.kill()
            sending.communicate()
        with start(root) as again:
            assert left(again) == []
            assert client.upload(again, REPO, folder) == ""
            assert content(again, REPO, "noise.bin") == (folder / "noise.bin").read_bytes()

    @pytest.mark.slow
    def test_a_passing_failure_costs_it_seconds_and_nothing_else(self, served, client, tmp_path):
        folder = write(tmp_path / "files", noise=making.noise(11, 3_000_000))
        with served.fault("status", status=503, match="POST */v1/xorbs/*", count=1) as fault:
            assert client.upload(served, REPO, folder, "passing") == ""
            assert fault.used == 1
        assert content(served, REPO, "passing/noise.bin") == (folder / "noise.bin").read_bytes()

    @pytest.mark.slow
    @pytest.mark.parametrize("left_over", [0, 5_000_000])
    def test_a_full_disk_is_told_at_once_and_not_tried_again_for_minutes(
        self, served, client, tmp_path, left_over
    ):
        folder = write(tmp_path / "files", noise=making.noise(13 + left_over, 4_000_000))
        began = time.monotonic()
        with served.full_disk(left_over):
            assert client.upload(served, REPO, folder, "full")
        assert time.monotonic() - began < 60
        assert left(served) == []
        assert client.upload(served, REPO, folder, "full") == ""

    @pytest.mark.slow
    def test_the_older_way_of_sending_a_shard_works_too(self, served, tmp_path):
        folder = write(tmp_path / "files", noise=making.noise(14, 2_000_000))
        client = Client(tmp_path / "home", HF_XET_CLIENT_SHARD_API_VERSION="1")
        assert client.upload(served, REPO, folder, "older") == ""
        assert asked(served, "/v1/shards") == [200]
        assert asked(served, "/v2/shards") == []
        assert content(served, REPO, "older/noise.bin") == (folder / "noise.bin").read_bytes()

    @pytest.mark.slow
    def test_who_may_not_write_may_propose(self, served, client, tmp_path):
        folder = write(tmp_path / "files", noise=making.noise(15, 2_000_000))
        assert client.upload(served, REPO, folder, "proposed", "propose", token=LEARNER) == ""
        assert asked(served, "/v1/xorbs/") == [200]
        proposed = content(served, REPO, "proposed/noise.bin", rev="refs%2Fpr%2F1")
        assert proposed == (folder / "noise.bin").read_bytes()

    def test_a_reader_is_told_before_anything_is_sent(self, served, client, tmp_path):
        folder = write(tmp_path / "files", noise=making.noise(12, 2_000_000))
        assert "correct permissions" in client.upload(served, REPO, folder, token=STRANGER)
        assert asked(served, "/xet/") == []
