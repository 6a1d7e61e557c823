"""The network that finds utterances, in torch: cues, then source and content of each cue.

B is the number of stretches of a batch, T the longest one, W the number of words, N the number of
words in all windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from accord.language.neural import windows
from accord.language.neural.traits import CASES, STATES

#: Labels of words: outside, begin and inside of a cue; and of a source and a content.
CUES = ("O", "B", "I")
ROLES = ("O", "B-source", "I-source", "B-content", "I-content")
#: Places in a sentence, from its start, that are told apart.
FIRSTS = 8
NEVER = -1e4


@dataclass(frozen=True)
class Dims:
    """Sizes of the network's parts."""

    tensor: int = 416
    lemma: int = 64
    project: int = 192
    hidden: int = 112
    window: int = 112
    window_hidden: int = 64


class Lstm(nn.Module):
    """One bidirectional layer over stretches of different lengths.

    Two layers of one direction each: the second reads every stretch turned round, so that padding
    comes last for both. (A packed layer is several times slower on a CPU.)
    """

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.ahead = nn.LSTM(inputs, hidden, batch_first=True)
        self.behind = nn.LSTM(inputs, hidden, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Run words (N x inputs, stretch behind stretch) -> N x 2 hidden."""
        starts = lengths.cumsum(0) - lengths
        places, values = [], []
        # Stretches of about the same length together: less padding.
        for part in lengths.argsort().tensor_split(3 if len(lengths) > 12 else 1):
            count = lengths[part, None]
            steps = torch.arange(int(count.max()))[None]
            mask = steps < count
            rows = starts[part, None] + steps.minimum(count - 1)
            back = (count - 1 - steps).clamp(min=0)
            ahead = self.ahead(x[rows])[0]
            behind = self.behind(x[starts[part, None] + back])[0]
            behind = behind.gather(1, back[:, :, None].expand_as(behind))
            places.append(rows[mask])
            values.append(torch.cat([ahead, behind], 2)[mask])
        order = torch.cat(places).argsort()
        return torch.cat(values)[order]


class Crf(nn.Module):
    """Scores of label sequences; only well-formed ones count (labels as in `ROLES`)."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__()
        self.moves = nn.Parameter(torch.zeros(len(labels), len(labels)))
        barrier = torch.zeros(len(labels), len(labels))
        start = torch.zeros(len(labels))
        for j, right in enumerate(labels):
            if right[0] == "I":
                start[j] = NEVER
                for i, left in enumerate(labels):
                    if left[0] == "O" or left[1:] != right[1:]:
                        barrier[i, j] = NEVER
        self.register_buffer("barrier", barrier)
        self.register_buffer("start", start)

    def transitions(self) -> Tensor:
        """Return the scores of moves, left label x right label."""
        return self.moves + self.barrier

    def loss(self, scores: Tensor, gold: Tensor, mask: Tensor) -> Tensor:
        """Return the negative log likelihood of each stretch (B)."""
        moves = self.transitions()
        total = scores[:, 0] + self.start
        right = total.gather(1, gold[:, :1])[:, 0]
        # Cut at once: the gradient of a slice is as large as the whole.
        columns, masks = scores.unbind(1), mask[:, :, None].unbind(1)
        for column, inside in zip(columns[1:], masks[1:], strict=True):
            step = torch.logsumexp(total[:, :, None] + moves, 1) + column
            total = torch.where(inside, step, total)
        emitted = scores[:, 1:].gather(2, gold[:, 1:, None])[:, :, 0]
        moved = moves[gold[:, :-1], gold[:, 1:]]
        right = right + ((emitted + moved) * mask[:, 1:]).sum(1)
        return torch.logsumexp(total, 1) - right


class Network(nn.Module):
    """Words to cues, and words around a cue to its source and content."""

    def __init__(self, dims: Dims, sizes: dict[str, int]) -> None:
        super().__init__()
        self.dims, self.sizes = dims, sizes
        self.lemma = nn.Embedding(sizes["lemmas"], dims.lemma)
        self.project = nn.Linear(dims.tensor + dims.lemma, dims.project)
        counts = {
            "tag": sizes["tags"],
            "dep": sizes["deps"],
            "head_tag": sizes["tags"],
            "name": 2 * sizes["names"],
            "case": CASES,
            "state": STATES,
            "first": FIRSTS,
        }
        self.marks = nn.ModuleDict({k: nn.Embedding(n, dims.project) for k, n in counts.items()})
        self.head_lemma = nn.Linear(dims.lemma, dims.project, bias=False)
        self.encoder = Lstm(dims.project, dims.hidden)
        size = 2 * dims.hidden
        self.cue = nn.Linear(size, len(CUES))
        self.word = nn.Linear(size, dims.window)
        self.centre = nn.Linear(size, dims.window, bias=False)
        relations = {
            "distance": windows.DISTANCES,
            "sentence": windows.SENTENCES,
            "paragraph": windows.PARAGRAPHS,
            "quote": windows.QUOTES,
            "level": windows.LEVELS,
            "branch": windows.BRANCHES * sizes["deps"],
        }
        self.relations = nn.ModuleDict(
            {k: nn.Embedding(n, dims.window) for k, n in relations.items()}
        )
        for table in [*self.marks.values(), *self.relations.values()]:
            nn.init.normal_(table.weight, std=0.2)
        self.reader = Lstm(dims.window, dims.window_hidden)
        self.role = nn.Linear(2 * dims.window_hidden, len(ROLES))
        self.cue_crf, self.role_crf = Crf(CUES), Crf(ROLES)
        self.drop_tensor, self.drop = nn.Dropout(0.4), nn.Dropout(0.45)

    def words(
        self, tensor: Tensor, lemmas: Tensor, heads: Tensor, marks: dict[str, Tensor]
    ) -> Tensor:
        """Return the input of each word (W x project)."""
        lemma = self.lemma(lemmas)
        x = self.project(torch.cat([self.drop_tensor(tensor), self.drop(lemma)], 1))
        x = x + self.head_lemma(self.drop(lemma[heads]))
        for name, rows in marks.items():
            x = x + self.marks[name](rows)
        return self.drop(nn.functional.leaky_relu(x, 0.1))

    def encode(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Read stretches (W x project, their lengths) -> W x 2 hidden."""
        return self.drop(self.encoder(x, lengths))

    def label(
        self,
        hidden: Tensor,
        centres: Tensor,
        rows: dict[str, Tensor],
        lengths: Tensor,
    ) -> Tensor:
        """Score the words of windows -> N x roles.

        :param centres: mean of each cue's words (windows x 2 hidden)
        """
        x = self.word(hidden)[rows["words"]] + self.centre(centres)[rows["owners"]]
        for name, table in self.relations.items():
            x = x + table(rows[name])
        x = self.drop(nn.functional.leaky_relu(x, 0.1))
        return self.role(self.drop(self.reader(x, lengths)))
