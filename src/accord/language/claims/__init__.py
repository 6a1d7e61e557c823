"""What is claimed: which matches stay and what they become, up to ``doc._.claims``."""
