"""Metrics of labelled data, a file per kind of task; `score` is the verb.

    task                           metrics                      by       unanswered counts as
    *-classification               accuracy                     row      wrong
                                   macro_f1                     corpus   a miss of its label
    question-answering             exact_match, token_f1        row      0
    translation                    bleu, chrf                   corpus   an empty text
    summarization                  rouge_l                      row      0
    automatic-speech-recognition   wer, cer                     corpus   every word missed
    text-ranking                   ndcg, mrr, recall            row      0 (the first k; gains as they are)
    sentence-similarity            spearman                     corpus   left out
    token-classification           entity_f1                    corpus   every entity missed
    text-generation                perplexity                   corpus   left out (rows of log-likelihoods of tokens)

A row without a reference is left out of everything and counted. bleu and chrf are sacrebleu's, wer and cer jiwer's,
with their own tokens; rouge_l is the F of the longest common run of words (letters and digits, lower case, no stems);
exact_match and token_f1 read words as SQuAD does, the best of several references.
"""

from hf_nb.measure.metrics.scoring import score as score
