"""The Hub: finding, reading and moving repositories."""
