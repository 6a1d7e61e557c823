"""Where: the places and zones of a text, and which of them a claim is about."""
