"""Which model to take, under what it has to keep to: ranked, each with its reasons.

choosing   pick(): candidates from the search, what keeps them out, the rest in order
merits     what a model has going for it: stated results, use, speed, age; and the words for it
"""
