"""What the explorer asks (`labextension/src/panels/explorer/answers.ts` has the shapes).

asked     which table is meant, how it is looked at        held       objects of the notebook, by a handle
tables    opened tables and views, the last used kept      counted    bytes are counted, bounded, and told
opening   open     paging   page, view                     summing    summaries
whole     cell, row                                        media/     pictures and sounds
coding    codes    taking   take, save                     estimating quote, estimate
loaded    libraries, loaded where no stop can come in between
"""
