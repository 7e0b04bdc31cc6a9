"""Licences in plain words, and a team's list of those it lets in."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.finding.search import search
from hf_nb.hub.reading import licence
from hf_nb.hub.reading.terms import TERMS
from hf_nb.offline.running import Running
from hf_nb.plumbing import http, progress
from hf_nb.plumbing.session import Session
from hf_nb.values import Licence
from tests.hub import odd

# Every id the Hub's documentation lists (hub-docs, repositories-licenses).
KNOWN = """
apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m
afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5
cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0
cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0
cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl
lgpl-2.1 lgpl-3.0 isc h-research intel-research lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0 odc-by odbl openmdw-1.0
openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr deepfloyd-if-license
fair-noncommercial-research-license llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 grok2-community gemma unknown other
""".split()


class Heard(progress.Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def heard() -> Iterator[list[str]]:
    listener = Heard()
    with progress.to(listener):
        yield listener.lines


@pytest.fixture
def session(hub: Any) -> Session:
    return Session()


@pytest.fixture(scope="module")
def odd_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with odd.served(tmp_path_factory.mktemp("odd")) as running:
        yield running


@pytest.fixture
def among_odd(odd_hub: Running) -> Session:
    session = Session()
    session.settings.endpoint = odd_hub.url
    return session


@pytest.mark.parametrize("id", KNOWN)
def test_every_licence_of_the_hub_has_one_plain_sentence(id: str) -> None:
    told = licence.explain(id)
    assert told.id == id
    assert told.name
    assert told.sentence.endswith((".", "author."))
    assert 20 < len(told.sentence) < 130
    assert told.sort in licence.SORTS
    assert str(told)


def test_what_the_names_of_licences_say_is_what_the_table_says() -> None:
    for id in TERMS:
        told = licence.explain(id)
        if "-nc" in id or "noncommercial" in id or "research" in id or id == "apple-amlr":
            assert (told.sort, told.commercial) == ("non-commercial", False), id
        if "-nd" in id:
            assert told.changes is False, id
        if "-sa-" in id or "gpl" in id:
            assert told.share_alike is True, id
        if "rail" in id or "gpl" in id:
            assert told.sort == "conditions", id
        if told.open:
            assert (told.commercial, told.changes, told.share_alike) == (True, True, False), id


def test_every_licence_of_the_demo_content_is_known(session: Session) -> None:
    for kind in ("models", "datasets", "spaces"):
        for row in search(kind=kind, limit=100, session=session):
            if row.licence:
                assert row.licence in TERMS, row.id


def test_a_wrong_id_offers_near_ones() -> None:
    with pytest.raises(errors.BadInput, match=r"cc-by-nc-4\.0"):
        licence.explain("cc-by-nc-4")


@pytest.mark.parametrize(
    ("card", "tags", "id", "sort"),
    [
        ({"license": "mit"}, [], "mit", "open"),
        ({"license": "MIT"}, [], "mit", "open"),
        ({}, ["license:gpl-3.0"], "gpl-3.0", "conditions"),
        ({}, [], "unknown", "unknown"),
        ({"license": "other"}, [], "other", "custom"),
        ({"license": "other", "license_name": "psf-2.0"}, [], "psf-2.0", "open"),
        ({"license": "other", "license_name": "my-own"}, [], "my-own", "custom"),
        ({"license": "other", "license_name": "other"}, [], "other", "custom"),
        ({"license": "never-heard-of"}, [], "never-heard-of", "custom"),
        ({"license": ["mit", "apache-2.0"]}, [], "mit, apache-2.0", "open"),
        ({"license": ["mit", "cc-by-nc-4.0"]}, [], "mit, cc-by-nc-4.0", "non-commercial"),
        ({"license": {"a": "b"}}, [], "unknown", "unknown"),
        ({"license": [1, None, ""]}, [], "unknown", "unknown"),
        ({"license": "x" * 10_000}, [], "unknown", "unknown"),
    ],
)
def test_whatever_a_card_states_is_read(card: dict[str, Any], tags: list[str], id: str, sort: str) -> None:
    told = licence.stated(card, tags)
    assert (told.id, told.sort) == (id, sort)


@pytest.mark.parametrize(
    ("id", "list_", "in_"),
    [
        ("mit", [], True),
        ("cc-by-nc-4.0", [], True),
        ("mit", ["open"], True),
        ("mit", ["MIT"], True),
        ("mit", ["apache-2.0"], False),
        ("cc-by-nc-4.0", ["open", "conditions"], False),
        ("cc-by-nc-4.0", ["open", "cc-by-nc-4.0"], True),
        ("unknown", ["open"], False),
        ("unknown", ["unknown"], True),
    ],
)
def test_a_list_holds_ids_and_sorts(id: str, list_: list[str], in_: bool) -> None:  # noqa: FBT001 -- a parameter
    assert licence.allowed(licence.explain(id), list_) is in_


def test_of_several_licences_all_must_be_on_the_list() -> None:
    both = licence.stated({"license": ["mit", "gpl-3.0"]})
    assert not licence.allowed(both, ["mit"])
    assert licence.allowed(both, ["mit", "gpl-3.0"])
    assert licence.allowed(both, ["conditions"])


def test_what_the_list_lacks_is_refused_with_what_to_do(session: Session) -> None:
    session.settings.allowed_licences = ["open"]
    with pytest.raises(errors.Refused, match=r"cc-by-nc-4\.0 \(non-commercial\)") as refused:
        licence.check("hfnb-lab/sentiment-de", session=session)
    lines = refused.value._render_traceback_()
    assert len(lines) == 3
    assert lines[2] == "To let it in: %hf settings allowed_licences=open,cc-by-nc-4.0"
    assert licence.check("hfnb-demo/sentiment-en", session=session).id == "apache-2.0"
    session.settings.allowed_licences = ["open", "cc-by-nc-4.0"]
    assert licence.check("hfnb-lab/sentiment-de", session=session).sort == "non-commercial"
    session.settings.allowed_licences = ["open"]
    with pytest.raises(errors.Refused):
        licence.check("hfnb-lab/sentiment-de", session=session)


def test_a_licence_that_is_not_open_is_said_once_a_session(session: Session, heard: list[str]) -> None:
    for _ in range(3):
        licence.check("hfnb-demo/breast-cancer-logreg", session=session)
        licence.check("hfnb-demo/sentiment-en", session=session)
    (line,) = heard
    assert line.startswith("hfnb-demo/breast-cancer-logreg: openrail (open with conditions).")
    assert "uses its list forbids" in line


def test_it_is_asked_once_and_not_at_all_where_the_answer_is_at_hand(session: Session, hub: Any) -> None:
    for _ in range(3):
        licence.check("hfnb-demo/qa-en", session=session)
    assert len([one for one in hub.requests() if "/api/models/" in one["path"]]) == 1
    hub.clear_requests()
    card = SimpleNamespace(to_dict=lambda: {"license": "mit"})
    found = SimpleNamespace(card_data=card, tags=[], gated="auto")
    assert licence.check("somebody/else", found=found, session=session).id == "mit"
    assert licence.check("some/body", known=licence.explain("mit"), session=session).open
    assert hub.requests() == []


def test_datasets_and_spaces_have_licences_too(session: Session) -> None:
    assert licence.check("hfnb-demo/digits", kind="dataset", session=session).id == "cc-by-4.0"
    assert licence.check("hfnb-demo/digit-reader", kind="space", session=session).id == "bsd-3-clause"


def test_without_a_network_the_card_in_the_cache_is_read(session: Session) -> None:
    from huggingface_hub import hf_hub_download

    hf_hub_download("hfnb-demo/wine-logreg", "README.md")
    with http.fault("connect", session):
        assert licence.check("hfnb-demo/wine-logreg", session=session).id == "bsd-3-clause"
        assert licence.check("hfnb-demo/never-downloaded", session=session).sort == "unknown"


def test_a_list_refuses_what_nobody_can_know(session: Session) -> None:
    session.settings.allowed_licences = ["open"]
    with http.fault("connect", session), pytest.raises(errors.Refused, match="unknown"):
        licence.check("hfnb-demo/never-downloaded", session=session)


def test_terms_of_its_own_come_with_their_link(among_odd: Session, heard: list[str]) -> None:
    told = licence.check("odd/named", session=among_odd)
    assert (told.id, told.sort, told.link) == ("my-own-terms", "custom", "https://example.org/terms")
    assert heard
    assert licence.check("odd/two", session=among_odd).sort == "non-commercial"
    assert licence.check("odd/none", session=among_odd).sort == "unknown"


def test_a_list_holds_for_running_a_model_and_refuses_before_anything_is_loaded(session: Session) -> None:
    from hf_nb.infer.choose import Wish, choose

    session.settings.allowed_licences = ["mit"]
    with pytest.raises(errors.Refused, match=r"apache-2\.0"):
        choose(Wish("hfnb-demo/sentiment-en"), session)
    session.settings.allowed_licences = ["mit", "apache-2.0"]
    assert choose(Wish("hfnb-demo/sentiment-en"), session).targets[0].revision


def test_choosing_a_model_costs_one_request(session: Session, hub: Any) -> None:
    from hf_nb.infer.choose import Wish, choose

    session.settings.allowed_licences = ["open"]
    choose(Wish("hfnb-demo/sentiment-en"), session)
    assert len([one for one in hub.requests() if "/api/models/" in one["path"]]) == 1


def test_the_list_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_NB_ALLOWED_LICENCES", "open, cc-by-nc-4.0")
    assert Session().settings.allowed_licences == ["open", "cc-by-nc-4.0"]


def test_a_licence_is_a_value() -> None:
    told = licence.explain("mit")
    assert isinstance(told, Licence)
    assert told.to_dict()["commercial"] is True
    assert told.brief() == ["mit"]
    assert "MIT License" in str(told)
    assert "MIT License" in told._repr_mimebundle_()["text/html"]
