"""Judging: what a comparison may say. Statistics alone; nothing here asks a model or shows anything.

metrics/ -> scores     labelled rows -> figures that remember their rows
figure units           what is drawn when rows are drawn again
intervals              Wilson, BCa
significance           McNemar, permutation, Wilcoxon, Holm
paired -> slices       two contenders on the same rows, and in parts of them
votes -> ratings       blind votes, Bradley-Terry; peeking: intervals that hold at every look; agreement: of raters
judge                  a model as judge, asked in both orders
verdict                the sentence the data support

from hf_nb.measure.metrics import score
from hf_nb.measure.verdict import verdict
verdict({"a": score("text-classification", one, labels), "b": score("text-classification", other, labels)})
"""
