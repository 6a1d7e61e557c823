"""The network in torch, for training only; the package runs the same sums in numpy."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from accord.language.neural.words import ALPHABET


class Dims:
    """Sizes of the network, and of the label sets."""

    def __init__(self, **sizes: int) -> None:
        self.words = sizes["words"]
        self.vectors = sizes["vectors"]
        self.vector_size = sizes["vector_size"]
        self.upos, self.xpos = sizes["upos"], sizes["xpos"]
        self.morphs, self.lemmas = sizes["morphs"], sizes["lemmas"]
        self.deps, self.entities = sizes["deps"], sizes["entities"]
        self.word_size = sizes.get("word_size", 64)
        self.char_size = sizes.get("char_size", 24)
        self.char_filters = sizes.get("char_filters", 48)
        self.input_size = sizes.get("input_size", 200)
        self.hidden = sizes.get("hidden", 256)
        self.layers = sizes.get("layers", 2)
        self.tag_hidden = sizes.get("tag_hidden", 192)
        self.ner_hidden = sizes.get("ner_hidden", 128)
        self.arc_hidden = sizes.get("arc_hidden", 200)
        self.label_hidden = sizes.get("label_hidden", 64)


def locked_dropout(x: Tensor, rate: float, training: bool) -> Tensor:
    """Drop the same features at all places of a sentence (x: batch x time x features)."""
    if not training or rate == 0:
        return x
    mask = x.new_empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - rate) / (1 - rate)
    return x * mask


class Network(nn.Module):
    """Word encoder, BiLSTM, and heads for tags, lemma rules, heads and labels, and names."""

    vectors: Tensor

    def __init__(self, dims: Dims, vectors: Tensor, dropout: float = 0.33) -> None:
        super().__init__()
        self.dims = dims
        self.rate = dropout
        d = dims
        self.word = nn.Embedding(d.words, d.word_size, padding_idx=None)
        nn.init.normal_(self.word.weight, std=0.1)
        self.register_buffer("vectors", vectors)
        self.char = nn.Embedding(ALPHABET, d.char_size)
        self.conv = nn.ModuleList(
            nn.Conv1d(d.char_size, d.char_filters, width) for width in (2, 3, 4)
        )
        raw = d.word_size + d.vector_size + 3 * d.char_filters
        self.project = nn.Linear(raw, d.input_size)
        sizes = [d.input_size] + [2 * d.hidden] * (d.layers - 1)
        self.forward_lstm = nn.ModuleList(nn.LSTM(n, d.hidden, batch_first=True) for n in sizes)
        self.backward_lstm = nn.ModuleList(nn.LSTM(n, d.hidden, batch_first=True) for n in sizes)
        for lstm in [*self.forward_lstm, *self.backward_lstm]:
            for name, value in lstm.named_parameters():
                if "weight_hh" in name:
                    for part in value.data.chunk(4):
                        nn.init.orthogonal_(part)
                elif "bias" in name:
                    value.data.zero_()
                    if "bias_ih" in name:
                        value.data[d.hidden : 2 * d.hidden] = 1.0  # remember at first
        wide = 2 * d.hidden
        self.tag_mlp = nn.Linear(wide, d.tag_hidden)
        self.ner_mlp = nn.Linear(wide, d.ner_hidden)
        self.head_mlp = nn.Linear(wide, d.arc_hidden)
        self.child_mlp = nn.Linear(wide, d.arc_hidden)
        self.label_head_mlp = nn.Linear(wide, d.label_hidden)
        self.label_child_mlp = nn.Linear(wide, d.label_hidden)
        self.upos = nn.Linear(d.tag_hidden, d.upos)
        self.xpos = nn.Linear(d.tag_hidden, d.xpos)
        self.morph = nn.Linear(d.tag_hidden, d.morphs)
        self.lemma = nn.Linear(d.tag_hidden, d.lemmas)
        self.root = nn.Parameter(torch.zeros(wide))
        self.arc = nn.Parameter(torch.zeros(d.arc_hidden, d.arc_hidden))
        self.arc_bias = nn.Parameter(torch.zeros(d.arc_hidden))
        self.label = nn.Parameter(torch.randn(d.deps, d.label_hidden, d.label_hidden) * 0.02)
        self.label_linear = nn.Linear(2 * d.label_hidden, d.deps)
        self.entity = nn.Linear(d.ner_hidden, d.entities)
        self.transitions = nn.Parameter(torch.zeros(d.entities, d.entities))

    def types(self, words: Tensor, vectors: Tensor, chars: Tensor) -> Tensor:
        """Encode word forms: ids, vector rows, characters (types x WIDTH) -> types x input."""
        letters = self.char(chars)
        letters = letters.transpose(1, 2)
        # Padding has a learned vector too; numpy does the same.
        shapes = [F.relu(conv(letters)).amax(2) for conv in self.conv]
        known = F.dropout(self.word(words), self.rate * 0.6, self.training)
        raw = torch.cat([known, self.vectors[vectors], *shapes], 1)
        return F.leaky_relu(self.project(F.dropout(raw, 0.15, self.training)), 0.1)

    def encode(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Run the BiLSTM (x: batch x time x input) -> batch x time x 2 hidden."""
        time = torch.arange(x.shape[1])
        back = (lengths[:, None] - 1 - time[None]).clamp(min=0)
        inside = time[None] < lengths[:, None]
        back = torch.where(inside, back, time[None].expand_as(back))
        for layer, (ahead, behind) in enumerate(
            zip(self.forward_lstm, self.backward_lstm, strict=True)
        ):
            x = locked_dropout(x, self.rate if layer else 0.25, self.training)
            left = ahead(x)[0]
            flipped = x.gather(1, back[:, :, None].expand_as(x))
            right = behind(flipped)[0]
            right = right.gather(1, back[:, :, None].expand_as(right))
            out = torch.cat([left, right], 2)
            x = out + x if layer else out
        return locked_dropout(x, self.rate, self.training)

    def mlp(self, layer: nn.Linear, x: Tensor, rate: float | None = None) -> Tensor:
        """One hidden layer with dropout."""
        return locked_dropout(
            F.leaky_relu(layer(x), 0.1), self.rate if rate is None else rate, self.training
        )

    def arcs(self, x: Tensor) -> Tensor:
        """Score heads: batch x time x (1 + time), place 0 is the root."""
        rooted = torch.cat([self.root.expand(x.shape[0], 1, -1).to(x.dtype), x], 1)
        heads = self.mlp(self.head_mlp, rooted)
        children = self.mlp(self.child_mlp, x)
        scale = 1 / math.sqrt(self.dims.arc_hidden)
        return (
            ((children @ self.arc.to(x.dtype) + self.arc_bias.to(x.dtype)) @ heads.transpose(1, 2))
            * scale
            * 4
        )

    def labels(self, x: Tensor, heads: Tensor) -> Tensor:
        """Score labels given heads (batch x time, 0 is the root) -> batch x time x deps."""
        rooted = torch.cat([self.root.expand(x.shape[0], 1, -1).to(x.dtype), x], 1)
        above = self.mlp(self.label_head_mlp, rooted)
        above = above.gather(1, heads[:, :, None].expand(-1, -1, above.shape[2]))
        below = self.mlp(self.label_child_mlp, x)
        mixed = torch.einsum("bti,lij->btlj", below, self.label.to(x.dtype))
        bilinear = (mixed * above[:, :, None, :]).sum(3)
        linear: Tensor = self.label_linear(torch.cat([below, above], 2))
        scores: Tensor = bilinear + linear
        return scores

    def crf_loss(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Negative log-likelihood of tag sequences, a mean over tokens (float32)."""
        trans = self.transitions
        time = emissions.shape[1]
        score = emissions.gather(2, tags[:, :, None])[:, :, 0]
        gold = (score * mask).sum() + (trans[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]).sum()
        alpha = emissions[:, 0]
        weights = trans.exp()
        for t in range(1, time):
            # log-sum-exp as a matrix product: fast, and safe as transitions stay small.
            top = alpha.amax(1, keepdim=True)
            step = ((alpha - top).exp() @ weights).clamp(min=1e-30).log() + top + emissions[:, t]
            alpha = torch.where(mask[:, t : t + 1] > 0, step, alpha)
        return (alpha.logsumexp(1).sum() - gold) / mask.sum()
