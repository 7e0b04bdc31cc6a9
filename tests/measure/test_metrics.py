"""Each metric against the library that defines it, or a worked example; and rows that are no rows."""

import math
import subprocess
import sys

import numpy
import pytest
import sklearn.metrics
from sklearn.metrics import ndcg_score

from hf_nb.errors import BadInput
from hf_nb.measure.metrics import score
from hf_nb.measure.metrics.scoring import METRICS, NEEDS, TASKS
from hf_nb.measure.scores import Score, numbers

RNG = numpy.random.default_rng(0)
LABELS = RNG.choice(["good", "bad", "meh"], 80, p=[0.6, 0.3, 0.1])
GUESSES = numpy.where(RNG.random(80) < 0.7, LABELS, RNG.choice(["good", "bad", "meh"], 80))
ENGLISH = ["The cat sat on a mat.", "Hello, wide world!", "It rains."]
HEARD = ["The cat sat on the mat.", "Hello, world!", "It pours today."]


def only(task: str, predictions, references=None, **more) -> Score:
    return score(task, predictions, references, **more).all[0]


def test_accuracy_and_macro_f1_are_scikit_learns():
    made = score("text-classification", GUESSES, LABELS)
    assert made["accuracy"].value == pytest.approx(sklearn.metrics.accuracy_score(LABELS, GUESSES))
    expected = sklearn.metrics.f1_score(LABELS, GUESSES, average="macro")
    assert made["macro_f1"].value == pytest.approx(expected)


def test_bleu_and_chrf_of_a_corpus_are_sacrebleus():
    sacrebleu = pytest.importorskip("sacrebleu")
    made = score("translation", HEARD, ENGLISH)
    assert made["bleu"].value == pytest.approx(sacrebleu.corpus_bleu(HEARD, [ENGLISH]).score)
    assert made["chrf"].value == pytest.approx(sacrebleu.corpus_chrf(HEARD, [ENGLISH]).score)
    assert made["chrf"].values[1] == pytest.approx(sacrebleu.sentence_chrf(HEARD[1], [ENGLISH[1]]).score)


def test_several_references_each_count():
    pytest.importorskip("sacrebleu")
    both = [[one, other] for one, other in zip(ENGLISH, HEARD, strict=True)]
    assert only("translation", HEARD, both).value == pytest.approx(100)
    assert only("question-answering", ["wolf"], [["dog", "The wolf!"]]).value == 1


def test_the_error_rates_of_a_corpus_are_jiwers():
    jiwer = pytest.importorskip("jiwer")
    made = score("automatic-speech-recognition", HEARD, ENGLISH)
    assert made["wer"].value == pytest.approx(jiwer.wer(ENGLISH, HEARD))
    assert made["cer"].value == pytest.approx(jiwer.cer(ENGLISH, HEARD))
    assert not made["wer"].higher


def test_words_heard_in_silence_are_too_many():
    pytest.importorskip("jiwer")
    assert only("automatic-speech-recognition", ["a b", "one two"], ["a b", ""]).value == pytest.approx(2 / 2)


def test_rouge_l_is_lins_example():
    """Lin 2004, section 3: "police kill the gunman" and "the gunman kill police" for "police killed the gunman"."""
    pytest.importorskip("rapidfuzz")
    truth = "police killed the gunman"
    made = only("summarization", ["police kill the gunman", "the gunman kill police"], [truth, truth])
    assert made.values == pytest.approx((0.75, 0.5))


def test_squad_reads_answers_without_case_articles_and_punctuation():
    made = score("question-answering", ["The Eiffel Tower.", "in Paris, France"], ["eiffel tower", "Paris"])
    assert made["exact_match"].values == (1, 0)
    assert made["token_f1"].values == pytest.approx((1, 2 * (1 / 3) / (1 / 3 + 1)))


def test_ndcg_is_scikit_learns():
    gains, scores = RNG.integers(0, 4, (20, 8)), RNG.random((20, 8))
    gains[:, 0] = 1
    order = [[int(at) for at in numpy.argsort(-line)] for line in scores]
    made = only("text-ranking", order, [dict(enumerate(map(int, line))) for line in gains], k=5)
    assert made.value == pytest.approx(ndcg_score(gains, scores, k=5))


def test_mrr_and_recall_count_places():
    made = score("text-ranking", [["x", "a", "b"], ["c"], ["y", "z"]], [["a", "b", "q"], "c", ["d"]], k=2)
    assert made["mrr"].values == (0.5, 1, 0)
    assert made["recall"].values == pytest.approx((1 / 3, 1, 0))


def test_a_ranking_that_repeats_itself_gains_nothing_by_it():
    assert only("text-ranking", [["a", "a", "a"]], [["a", "b"]]).value < 1


def test_spearman_is_scipys_with_ties():
    stats = pytest.importorskip("scipy.stats")
    one, other = RNG.integers(0, 6, 50), RNG.integers(0, 6, 50)
    made = only("sentence-similarity", one, other)
    assert made.value == pytest.approx(stats.spearmanr(one, other).statistic)


def test_spearman_of_rows_drawn_again_is_that_of_the_rows_repeated():
    stats = pytest.importorskip("scipy.stats")
    one, other, times = RNG.random(12), RNG.random(12), RNG.integers(0, 4, 12)
    made = only("sentence-similarity", one, other)
    expected = stats.spearmanr(numpy.repeat(one, times), numpy.repeat(other, times)).statistic
    assert made.figure.weighted(made.parts, times[None, :].astype(float))[0] == pytest.approx(expected)


def test_entities_count_where_label_and_both_ends_are_right():
    tags = [["B-PER", "I-PER", "O", "B-LOC"], ["I-ORG", "I-PER", "O"]]
    guess = [["B-PER", "O", "O", "B-LOC"], ["B-ORG", "B-PER", "I-PER"]]
    made = only("token-classification", guess, tags)
    assert made.value == pytest.approx(2 * 2 / (4 + 4))
    spans = [[{"start": 0, "end": 2, "entity_group": "PER"}]]
    assert only("token-classification", spans, [[(0, 2, "PER"), (5, 6, "LOC")]]).value == pytest.approx(2 / 3)


def test_nothing_to_find_and_nothing_found_is_right():
    assert only("token-classification", [[]], [[]]).value == 1


def test_perplexity_is_of_all_tokens_together():
    rows = [[math.log(0.5)] * 3, [math.log(0.25)]]
    assert only("text-generation", rows).value == pytest.approx((0.5**3 * 0.25) ** (-1 / 4))


def test_a_corpus_metric_is_not_the_average_of_its_rows():
    pytest.importorskip("jiwer")
    made = only("automatic-speech-recognition", ["a", "x y z w"], ["b", "x y z w"])
    assert made.by == "corpus"
    assert made.value == pytest.approx(1 / 5)
    assert made.values == (1, 0)


def test_a_row_without_an_answer_is_wrong_and_counted():
    made = score("text-classification", ["a", None, float("nan")], ["a", "b", "b"])
    assert made["accuracy"].value == pytest.approx(1 / 3)
    assert made.unanswered == 2
    assert "2 unanswered" in str(made)


def test_a_row_without_a_label_is_left_out_and_counted():
    made = score("text-classification", ["a", "b", "a"], ["a", None, "b"])
    assert made["accuracy"].value == 0.5
    assert made["accuracy"].values == (1, None, 0)
    assert made.unlabelled == 1


def test_labels_nobody_knows_are_counted_and_wrong():
    made = score("text-classification", ["a", "c", "c"], ["a", "b", "a"])
    assert made.unknown == (("c", 2),)
    assert made["accuracy"].value == pytest.approx(1 / 3)
    expected = sklearn.metrics.f1_score(
        ["a", "b", "a"], ["a", "c", "c"], average="macro", labels=["a", "b"], zero_division=0
    )
    assert made["macro_f1"].value == pytest.approx(expected)


def test_a_model_with_names_of_its_own_is_told_apart_from_a_bad_one():
    with pytest.raises(BadInput) as caught:
        score("text-classification", ["LABEL_1", "LABEL_0"], ["positive", "negative"])
    assert "LABEL_0" in caught.value.problem
    assert "labels=" in caught.value.next_step
    said = {"LABEL_0": "negative", "LABEL_1": "positive"}
    assert (
        only("text-classification", ["LABEL_1", "LABEL_0"], ["positive", "negative"], labels=said).value == 1
    )


@pytest.mark.parametrize(
    ("predictions", "references", "said"),
    [
        (["a"], ["a", "b"], "1 predictions for 2"),
        ([], [], "no rows"),
        (["a"], [None], "No row has a reference"),
        ([["a"]], [["a"]], "cannot be measured"),
    ],
)
def test_rows_that_are_no_rows_are_an_error(predictions, references, said):
    with pytest.raises(BadInput, match=said):
        score("text-classification", predictions, references)


def test_a_wrong_task_metric_or_likelihood_says_what_is_known():
    with pytest.raises(BadInput, match="No metric is known"):
        score("object-detection", [1], [1])
    with pytest.raises(BadInput, match="No metric is called"):
        score("text-classification", ["a"], ["a"], metrics=["accurasy"])
    with pytest.raises(BadInput, match="above 0"):
        score("text-generation", [[0.7]])
    with pytest.raises(BadInput, match="needs references"):
        score("translation", ["a"])


def test_every_task_names_metrics_that_exist_and_every_metric_says_what_it_needs():
    assert {name for names in TASKS.values() for name in names} == METRICS.keys()
    assert all(NEEDS[name] for name in METRICS)


def test_numbers_refuse_what_is_no_ratio():
    with pytest.raises(BadInput, match="not above 0"):
        numbers("seconds", [1, 0], higher=False, scale="ratio")
    assert numbers("seconds", [1, None, 3], higher=False, scale="ratio").value == 2


def test_without_its_packages_it_says_how_to_get_them():
    """In a process that cannot import them; nothing of ours needs them to be imported itself."""
    script = (
        "import sys\n"
        "class Gone:\n"
        "    def find_spec(self, name, *more):\n"
        "        root = name.partition('.')[0]\n"
        "        if root in {'numpy', 'scipy', 'sacrebleu', 'jiwer', 'rapidfuzz'}:\n"
        "            raise ModuleNotFoundError(name, name=root)\n"
        "sys.meta_path.insert(0, Gone())\n"
        "from hf_nb.errors import MissingExtra\n"
        "from hf_nb.measure import agreement, judge, peeking, ratings, slices, verdict, votes\n"
        "from hf_nb.measure.metrics import score\n"
        "for use in (lambda: score('translation', ['a'], ['a']), lambda: agreement.cohen([1], [1]),\n"
        "            lambda: ratings.ratings([votes.Vote('a', 'b', 'left')])):\n"
        "    try: use()\n"
        "    except MissingExtra as missing: print(missing.next_step)\n"
        "print(peeking.anytime(3, 1).value)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines() == ['%pip install "hf-nb[measure]"'] * 3 + ["0.75"]
