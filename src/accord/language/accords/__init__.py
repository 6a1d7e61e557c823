"""Which agreement: mentions, resolved to known ones or to one of the article's own."""
