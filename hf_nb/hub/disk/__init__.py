"""From the Hub onto this disk, and what stays there."""
