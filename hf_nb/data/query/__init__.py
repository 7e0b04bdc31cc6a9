"""Which rows are meant, in which order, and what SQL says of them.

wanted      what is asked of a table, checked, and as SQL        names texts    names and texts in that SQL
view        the rows that match, in order                        scan numbers order take   how they are found and read
sql         a query over sources                                 tree engine fs result mishaps   what it stands on
price       what that will move, before it does                  groups   the row groups it is told from
"""
