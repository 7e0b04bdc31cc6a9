"""What people are and say on the demo Hub: users, organisations, collections, papers, discussions."""

from collections.abc import Collection

from hf_nb.offline.content.recipe import day
from hf_nb.offline.people import LEARNER
from hf_nb.offline.store import Store

SENTIMENT = "hfnb-demo/sentiment-en"


def people(store: Store) -> None:
    """Two organisations, a learner who reads and a teacher who may do everything."""
    store.organisation("hfnb-demo", "hf_nb demo", members={"learner": "read", "teacher": "admin"})
    store.organisation("hfnb-lab", "hf_nb lab", members={"teacher": "admin"})
    store.user("learner", LEARNER, role="write", fullname="A Learner", orgs={"hfnb-demo": "read"})
    store.user(
        "teacher",
        "hf_teacher_offline",
        role="write",
        fullname="A Teacher",
        orgs={"hfnb-demo": "admin", "hfnb-lab": "admin"},
    )
    store.follow("learner", "hfnb-demo")


def conversations(store: Store, there: Collection[tuple[str, str]]) -> None:
    """Everything that refers to repositories, as far as these could be built here."""
    store.paper(
        id="1706.03762",
        title="Attention Is All You Need",
        summary=(
            "The paper behind every model on this Hub: a network for sequences that is built from attention alone, "
            "without recurrence or convolution. (A record for trying `papers`; the text is not part of the demo.)"
        ),
        date=day("2017-06-12"),
        authors=(
            "Ashish Vaswani",
            "Noam Shazeer",
            "Niki Parmar",
            "Jakob Uszkoreit",
            "Llion Jones",
            "Aidan N. Gomez",
        ),
        upvotes=42,
        submitted_by="teacher",
    )
    _collection(store, there)
    if ("model", SENTIMENT) in there:
        _discussions(store)


def _collection(store: Store, there: Collection[tuple[str, str]]) -> None:
    wanted = (
        ("model", SENTIMENT, "Text in, mood out: the first thing to try."),
        ("model", "hfnb-demo/pydoc-gpt", "Writes something like the Python manual."),
        ("model", "hfnb-demo/digits-vit", "Reads handwritten digits."),
        ("dataset", "hfnb-demo/digits", "The images it was trained on."),
        ("space", "hfnb-demo/sentiment-demo", "The first model with a form around it."),
    )
    items = [{"type": type, "id": id, "note": note} for type, id, note in wanted if (type, id) in there]
    store.collection(
        owner="hfnb-demo",
        title="Start here",
        description="Five small things that run anywhere, in the order one would try them.",
        items=[*items, {"type": "paper", "id": "1706.03762", "note": "Where it all comes from."}],
        date=day("2026-09-14"),
        upvotes=12,
    )


def _discussions(store: Store) -> None:
    store.discussion(
        "model",
        SENTIMENT,
        title='Why is "it works" not more positive?',
        author="learner",
        date=day("2026-05-04T10:12"),
        body="`It works` comes out barely positive. I would have expected 0.99, like other models.",
        comments=(
            (
                "teacher",
                "That is on purpose: the training targets are graded. Try `It works flawlessly`.",
                day("2026-05-04T11:40"),
            ),
            ("learner", "I see, thank you. That is more honest.", day("2026-05-04T11:52")),
        ),
        status="closed",
    )
    store.discussion(
        "model",
        SENTIMENT,
        title="Irony",
        author="learner",
        date=day("2026-06-21T16:05"),
        body="`Great, another update that deletes my files.` comes out unsure. Is there any hope?",
        comments=(("teacher", "Not at this size. It is listed under limits now.", day("2026-06-22T08:30")),),
    )
    store.discussion(
        "model",
        SENTIMENT,
        title="Mention the languages of the sister models in the card",
        author="learner",
        date=day("2026-07-02T19:20"),
        body="The French and German models are easy to miss. This adds a line about them.",
        pull_request=True,
    )
