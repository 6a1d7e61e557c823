"""How many: numbers with what they count, and which of them a claim has."""
