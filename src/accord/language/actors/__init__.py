"""Who is meant: parties, persons, posts, organisations, and the words that go back to them."""
