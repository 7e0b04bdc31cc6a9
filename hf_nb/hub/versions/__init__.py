"""Branches, commits, what changed between them, and the lock that holds to some; repositories made and named."""
