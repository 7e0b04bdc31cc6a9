"""What a dataset viewer answers, as a process of its own: questions come as lines of JSON, answers go as lines of JSON.

    python -m hf_nb.data.serving

The offline Hub starts it, names files for every question, and speaks to it as to any engine (`offline/engine.py`).
Everything is read by pyarrow, DuckDB and the official `datasets` library alone, never by our own readers: what the two
say of the same rows can be compared.

    convert     which configurations and splits a folder holds, and their Parquet files
    rows        so many rows from a place           cells      a row as the viewer's API writes it
    table       where, order by, in DuckDB          search     full text, ranked            stems    English word stems
    statistics  a column in figures                 media      pictures and sounds
"""
