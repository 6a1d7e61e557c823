"""Which words make which claim: the frames, their arguments, and how they match a parse."""
