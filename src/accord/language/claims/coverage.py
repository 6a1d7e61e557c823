"""What lies inside what somebody wants, owes, promises or threatens, and is no claim by itself."""

from __future__ import annotations

from collections.abc import Iterable

from accord.language.claims.duties import Duties
from accord.language.frames.matching import Draft
from accord.language.reading import Reading
from accord.language.wordlists import word_sets


class Coverage(dict[int, Draft]):
    """The tokens inside the contents of drafts: token to the draft whose content it is."""

    def __init__(self, reading: Reading, drafts: Iterable[Draft], duties: Duties) -> None:
        """Cover the contents of the drafts that have any."""
        super().__init__()
        self.tree, self.stance, self.accords = reading.tree, reading.stance, reading.accords
        self.subordinators = word_sets("grammar")["subordinators"]
        for draft in drafts:
            if draft.frame.content:
                heads = list(draft.complements)
                heads += [
                    k for p, k in self.tree.obliques(draft.token) if p in ("for", "of", "to", "on")
                ]
                if draft.frame.open:
                    heads += [k for k, _ in duties.listed(draft)]
                self.cover(heads, draft)

    def cover(self, heads: list[int], draft: Draft) -> None:
        """Add what stands below some tokens, clauses of their own excepted."""
        queue = list(heads)
        while queue:
            i = queue.pop()
            if i in self:
                continue
            if i != draft.token:
                self[i] = draft
            queue += [
                k
                for k in self.tree.kids[i]
                if self.tree.deps[k] not in ("acl:relcl", "parataxis", "appos")
                and not self._own_clause(k)
                and not self._basis(k)
                and not (
                    self.tree.deps[k] == "advcl" and self.subordinators & set(self.tree.marks(k))
                )
            ]

    def _basis(self, k: int) -> bool:
        """Whether it is "under the accord that they signed", which is no part of the duty."""
        return self.stance.is_basis(k)

    def _own_clause(self, k: int) -> bool:
        """Whether a coordinated verb has a subject of its own and says something of its own."""
        if self.tree.deps[k] != "conj" or self.tree.marks(k):
            return False
        finite = self.tree.tags[k] in ("VBZ", "VBP", "VBD") or bool(self.tree.children(k, "aux"))
        return finite and any(self.tree.deps[c].startswith("nsubj") for c in self.tree.kids[k])
