"""The demo content of the offline Hub: small real models, datasets and Spaces, built on the spot.

recipe.py     what a recipe is             build.py    ensure(): build what is missing, once, on two cores
catalogue.py  finds the recipes            worker.py   one of the two builder processes
card.py       writes their README.md       seed.py     puts what was built into a Store, with its history
records.py    people, collections, papers, discussions
parquet.py    a dataset's files              space_card.py  a Space's front matter and state

models/  datasets/  spaces/     one file per repository: to add one, add a file with RECIPE in it
trainers/                       what several recipes share
texts/                          word lists, and the hand-written sentences the models are tested on
"""
