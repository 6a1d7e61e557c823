"""The mechanics of Universal Dependencies: a document's parse as plain lists, and what it says.

``arcs`` reads the parse, ``repairs`` mends it, ``tree`` says who does what to whom. Tokens are
their indices in the document (``doc[i].i``).
"""

from accord.language.syntax.tree import SUBJECTS, Tree

__all__ = ["SUBJECTS", "Tree"]
