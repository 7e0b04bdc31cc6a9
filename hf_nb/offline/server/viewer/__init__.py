"""The dataset viewer: what https://datasets-server.huggingface.co answers, below /datasets-server of the first origin.

conversion   what a dataset is once it is Parquet: configurations, splits, files     making   how it becomes that
said         /splits /parquet /size /info, told from a conversion
asked        a question's parameters, checked                                        refused  errors, word for word
links        addresses of pictures and sounds that need no token for a while
"""
