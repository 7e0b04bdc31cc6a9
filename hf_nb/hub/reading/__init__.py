"""One repository: its card, its numbers, what it may be used for, what in it could run."""
