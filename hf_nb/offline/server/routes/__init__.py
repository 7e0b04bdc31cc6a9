"""What the Hub answers, a noun per file. A handler takes one `Ask` and returns an `Answer` or raises a `Refusal`."""
