"""Spaces, one file each."""
