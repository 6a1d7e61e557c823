"""``doc._.memberships``: who holds which post of whom, as the article says.

They are kept as data, so that a person whom no vocabulary knows speaks for the right side, and so
that a researcher sees from which words that was concluded.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from accord.language.actors.parties import Parties
from accord.membership import Membership


class MembershipsComponent:
    """Sets ``doc._.memberships``, those in the article's headers and boilerplate left out."""

    def __init__(self) -> None:
        for name in ("article", "memberships"):
            if not Doc.has_extension(name):
                Doc.set_extension(name, default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Take the memberships that were found while the parties were read."""
        parties: Parties = doc._.accord_parties
        article = doc._.article
        bars = [] if article is None else [article.headers, *article.boilerplate]
        found: dict[Membership, None] = {}
        for membership in parties.memberships:
            if not any(bar.start <= membership.start < bar.end for bar in bars):
                found.setdefault(membership)
        doc._.memberships = list(found)
        return doc


@Language.factory("accord_memberships", requires=["doc._.attributions"])
def make_memberships(nlp: Language, name: str) -> MembershipsComponent:
    """Make the component that keeps who holds which post; see :class:`MembershipsComponent`."""
    return MembershipsComponent()
