"""Who says what: quotations and reported speech, up to ``doc._.attributions``."""
