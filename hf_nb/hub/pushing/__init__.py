"""From here to the Hub, after a look for secrets."""
