"""Applies the frames to a parse: which predicate makes which claim, with whom in which role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from accord.claim import ClaimType
from accord.language.actors.parties import Party
from accord.language.frames.arguments import Arguments
from accord.language.frames.frame import Frame, Frames, Need, Source
from accord.language.inflection import known_forms
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

#: How far behind its head the further words of a trigger may stand.
_WINDOW = 12
_SORTS = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN", "PROPN": "NOUN", "ADJ": "ADJ"}


@dataclass(slots=True)
class Draft:
    """A claim in the making: the predicate at ``token`` fired ``frame``.

    ``holder`` is set where a construction says who holds it, ``mutual`` where each of the actors
    says it of the other, ``span`` (tokens, end exclusive) where the evidence is only a part.
    """

    token: int
    frame: Frame
    type: ClaimType
    actors: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    complements: list[int] = field(default_factory=list)
    actor_tokens: list[int] = field(default_factory=list)
    target_tokens: list[int] = field(default_factory=list)
    weak: bool = False
    status: str = ""
    holder: Party | None = None
    mutual: bool = False
    span: tuple[int, int] | None = None


class Matcher:
    """Finds the drafts of one document."""

    def __init__(
        self,
        tree: Tree,
        arguments: Arguments,
        frames: Frames,
        refused: list[tuple[Draft, str]] | None = None,
    ) -> None:
        """Match the frames on a parse.

        :param refused: if given, what a trigger began and no claim came of is added to it
        """
        self.tree, self.arguments, self.frames, self.refused = tree, arguments, frames, refused

    def drafts(self) -> Iterator[Draft]:
        """Yield a draft for each predicate and frame that fits, in the order of the text."""
        for i, pos in enumerate(self.tree.pos):
            if pos == "ADV" and self.tree.children(i, "cop"):
                pos = "ADJ"  # "the truce is over"
            if pos not in _SORTS:
                continue
            fired: set[ClaimType] = set()
            sorts = [_SORTS[pos]]
            if pos == "ADJ" and self.tree.tags[i] in ("VBN", "VBG"):
                sorts.append("VERB")
            if self.arguments.is_hyphenated(i) and sorts != ["VERB"]:
                sorts.append("VERB")
            if pos == "ADJ" and "-" in self.tree.words[i]:
                sorts.append("PREFIX")
            for kind in sorts:
                for further, frame in self.frames.of(kind, self._lemma(i, kind)):
                    if frame.type in fired or not self._below(i, further):
                        continue
                    draft = self._draft(i, frame)
                    if draft is not None:
                        fired.add(frame.type)
                        yield draft

    def _lemma(self, i: int, kind: str) -> str:
        if kind == "PREFIX":
            return self.tree.words[i].partition("-")[0]
        if kind == "VERB" and self.tree.pos[i] not in ("VERB", "AUX"):
            return known_forms()["VERB"].get(self.tree.words[i], self.tree.lemmas[i])
        return self.tree.lemmas[i]

    def _below(self, i: int, further: tuple[str, ...]) -> bool:
        """Whether the trigger's further words stand behind the head and below it."""
        at = i
        for word in further:
            for k in range(at + 1, min(at + _WINDOW, self.tree.right[i] + 1)):
                if word in (self.tree.lemmas[k], self.tree.words[k]) and self._governs(i, k):
                    at = k
                    break
            else:
                return False
        return True

    def _governs(self, i: int, k: int) -> bool:
        for steps, head in enumerate(self.tree.climb(k)):
            if head == i:
                return True
            if steps > 3:
                return False
        return False

    # -- one frame -----------------------------------------------------------------------------

    def _draft(self, i: int, frame: Frame) -> Draft | None:
        draft = Draft(i, frame, frame.type, weak=frame.weak, status=frame.status)
        why = self._refusal(draft, filled=False)
        if not why:
            self._fill(draft)
            why = self._refusal(draft, filled=True)
        if why and self.refused is not None:
            self.refused.append((draft, why))
        return None if why else draft

    def _fill(self, draft: Draft) -> None:
        """Fill a draft's roles and its content."""
        i, frame = draft.token, draft.frame
        draft.complements = self.tree.complement(i)
        if frame.content == "duty":
            draft.complements = [k for k in draft.complements if self.tree.is_infinitive(k)]
        if frame.content == "duty" or (frame.content and not draft.complements):
            for k in self.tree.patients(i):
                draft.complements += [c for c in self.tree.complement(k) if c > k]
        draft.actors, draft.actor_tokens = self._role(i, frame.sources("actor"))
        if draft.actors and not any(p.acts for p in draft.actors):
            # "Israeli fire killed ...": whose fire it is; "the raid, carried out by X, broke ...".
            doers = [d for k in draft.actor_tokens for d in self._behind(k)]
            owners = [p for d in doers for p in self.arguments.who(d) if p.acts]
            owners = owners or [
                p for k in draft.actor_tokens for p in self.arguments.parties.owners(k) if p.acts
            ]
            draft.actors = tuple(dict.fromkeys(owners)) or draft.actors
        if frame.type is ClaimType.VIOLATION and not any(p.acts for p in draft.actors):
            # "X shelled the town, which went against the deal": what X did.
            doers = self._of_clause(i)
            acting = [p for k in doers for p in self.arguments.who(k) if p.acts]
            if acting:
                draft.actors, draft.actor_tokens = tuple(dict.fromkeys(acting)), doers
        draft.targets, draft.target_tokens = self._role(i, frame.sources("target"))

    def _refusal(self, draft: Draft, filled: bool) -> str:
        """Return why a draft is none of its frame, "" if it is.

        :param filled: whether its roles are filled; what does not need them is asked before
        """
        i, frame = draft.token, draft.frame
        if not filled:
            if frame.weak and self.tree.deps[i] == "compound":
                return "part of a compound"  # An assault rifle is no assault.
            adjective = self.tree.deps[i] == "amod" and not self.arguments.is_hyphenated(i)
            if adjective and frame.type is ClaimType.INCIDENT:
                return "an adjective"  # Nor is a targeted measure.
        for need in frame.needs:
            if _of_roles(need) is filled and not self._holds(need, draft):
                return f"needs {need}"
        for need in frame.excludes:
            if _of_roles(need) is filled and self._holds(need, draft):
                return f"excludes {need}"
        return self._unasked(draft) if filled and frame.type is ClaimType.DEMAND else ""

    def _unasked(self, draft: Draft) -> str:
        """Return why a demand is none: it is addressed to nobody, or to who makes it."""
        asked = {p.side for p in draft.actors if p.acts}
        if not asked and not draft.frame.open:
            return "nobody is named who has to do it"
        said = {*self.tree.patients(draft.token), *(k for _, k in self.tree.obliques(draft.token))}
        if draft.frame.holder == "subject" and asked and not said & set(draft.actor_tokens):
            asking = self.arguments.parties.resolve_all(self.tree.agents(draft.token))
            if {p.side for p in asking if p.acts} == asked:
                # "requested to extend the deadline".
                return "whom they asked is not said"
        return ""

    def _holds(self, need: Need, draft: Draft) -> bool:
        if need.classes == ("other",):
            asking = {p.side for k in self.tree.agents(draft.token) for p in self.arguments.who(k)}
            return any(p.acts and p.side not in asking for p in draft.actors)
        return any(
            self.arguments.is_a(kind, tokens)
            for argument in need.arguments
            for tokens in [self._tokens(draft.token, argument, draft)]
            for kind in need.classes
        )

    def _of_clause(self, i: int) -> list[int]:
        """Return who does what a relative clause at the end of a clause comments on."""
        if self.tree.pos[i] != "VERB":
            return []
        for at in (i, *self.tree.climb(i)):
            if self.tree.deps[at] == "acl:relcl":
                verbs = [k for k in self.tree.climb(at) if self.tree.pos[k] == "VERB"]
                return self.tree.agents(verbs[0]) if verbs else []
            if self.tree.deps[at] not in ("ccomp", "xcomp", "conj", "parataxis"):
                break
        return []

    def _behind(self, k: int) -> list[int]:
        """Return who does the act that a noun names, by its own phrases or the verb above it."""
        if self.tree.pos[k] not in ("NOUN", "PROPN"):
            return []
        return self.arguments.fillers(k, "doer") or self.arguments.fillers(k, "committer")

    def _tokens(self, i: int, argument: str, draft: Draft) -> list[int]:
        if argument == "actor":
            return draft.actor_tokens
        if argument == "target":
            return draft.target_tokens
        return self.arguments.fillers(i, argument)

    def _role(self, i: int, sources: tuple[Source, ...]) -> tuple[tuple[Party, ...], list[int]]:
        for source in sources:
            tokens: list[int] = []
            for argument in source.arguments:
                found = self.arguments.fillers(i, argument)
                kept = [
                    k
                    for k in found
                    if source.kind == "any" or self.arguments.is_a(source.kind, [k])
                ]
                if not kept and argument != source.arguments[0]:
                    tokens = []
                    break
                tokens += kept
            if tokens:
                parties = tuple(dict.fromkeys(p for k in tokens for p in self.arguments.who(k)))
                return parties, tokens
        return (), []


def _of_roles(need: Need) -> bool:
    """Whether a need is about who was found for a role, and not only about arguments."""
    roles = {"actor", "target"} & set(need.arguments)
    return bool(roles) or need.classes == ("other",)


def owed_verbs(frames: Frames) -> frozenset[str]:
    """Return the verbs of acts that agreements ask for: to fail at them is a matter of duty."""
    return frozenset(word_lists("operators")["owed"]) | {
        words[0]
        for frame in frames.all
        if frame.owed or (frame.type is ClaimType.COMPLIANCE and not _of_things(frame))
        for _, words in frame.triggers
    }


def _of_things(frame: Frame) -> bool:
    """Whether a frame's subject is a thing: what an accord or a truce does, no party owes."""
    return any(
        "subject" in need.arguments and not {"party", "parties", "armed", "any"} & set(need.classes)
        for need in frame.needs
    )
