"""The language half of the line: an article's text becomes a spaCy document with claims."""
