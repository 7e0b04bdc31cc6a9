"""What would save most time or money, going by what this session did: each change with its gain, and the line for it.

asking    the verb: looks for all habits, the largest gain first; taking a piece of advice, and taking it back
habits    what was seen: counts, the latest answers, models that were loaded again
trial     two ways beside each other, on this machine, with the questions that were asked

A file per habit, `look(habits, session, …)`:
singles    many questions one by one that could be a batch            (measured here; reckoned elsewhere)
repeats    the same question again, while no answer is kept           (reckoned from its seconds)
places     a slower or dearer place while an equal one was there      (reckoned from what was seen)
failing    a place that fails first, every time                       (reckoned from the seconds lost)
loading    models that push each other out of memory                  (reckoned from the seconds of loading)
cut        answers that their bound cut off before their end          (measured here; elsewhere from what was seen)
windows    long texts in pieces that repeat much of each other        (measured here)
copies     batches that a quicker copy of the model would answer      (measured here)

Nothing is tried that leaves this machine or costs money.
"""
