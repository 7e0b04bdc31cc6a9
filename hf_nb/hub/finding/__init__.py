"""Finding repositories: what may be asked, page by page, as rows."""
