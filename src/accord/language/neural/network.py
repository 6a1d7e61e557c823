"""The shared network, run in numpy: words to vectors, two BiLSTM layers, and the scores above them.

It is trained with torch (``training/scripts/train.py``) and run here without it. All sentences of
a batch are packed, longest first, so that each step of the LSTM is one matrix product for both
directions. N is the number of tokens of a batch, H the size of one direction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.language.neural.words import WIDTH, characters, normal

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Weights = dict[str, Floats]

#: Word forms remembered with their vectors; past this number the memory starts anew.
MEMORY = 30_000


def leaky(x: Floats) -> Floats:
    """Leaky rectifier with slope 0.1, in place."""
    np.maximum(x, 0.1 * x, out=x)
    return x


def product(x: Floats, w: Floats) -> Floats:
    """Return ``x @ w``, each row bit for bit the same whatever other rows stand beside it.

    BLAS has other ways, with other roundings, for small products (OpenBLAS: up to a million
    multiplications) and for columns that its blocks of 16 leave over. Both are filled up with
    zeros: without this an article's claims could depend on its batch.
    """
    columns, rows = w.shape[-1], x.shape[-2]
    if columns % 16:
        w = np.concatenate([w, _zeros(w, -1, -columns % 16)], axis=-1)
    least = 1 + 1_000_000 // (w.shape[-2] * w.shape[-1])
    if rows < least:
        x = np.concatenate([x, _zeros(x, -2, least - rows)], axis=-2)
    out: Floats = x @ w
    return out[..., :rows, :columns]


def _zeros(like: Floats, axis: int, size: int) -> Floats:
    shape = list(like.shape)
    shape[axis] = size
    return np.zeros(shape, np.float32)


def dense(x: Floats, weights: Weights, name: str) -> Floats:
    """One linear layer, ``x W + b``, weights as (inputs, outputs)."""
    out = product(x, weights[f"{name}.weight"])
    out += weights[f"{name}.bias"]
    return out


class WordEncoder:
    """Vectors of word forms: a trained table, vectors from raw text, and characters.

    :param weights: ``word``, ``vectors``, ``char``, ``conv0..2``, ``project``.
    :param words: the words of the trained table; row 0 is the unknown word.
    :param vector_words: those of the vectors from raw text; row 0 likewise.
    """

    def __init__(self, weights: Weights, words: list[str], vector_words: list[str]) -> None:
        self.weights = weights
        self.words = {word: row for row, word in enumerate(words)}
        self.vector_words = {word: row for row, word in enumerate(vector_words)}
        self.size = weights["project.weight"].shape[1]
        self._clear()

    def _clear(self) -> None:
        self.rows: dict[int, int] = {}
        self.table: Floats = np.zeros((1024, self.size), np.float32)

    def encode(self, forms: list[str]) -> Floats:
        """Return one vector for each form (forms x size), without the memory."""
        w = self.weights
        keys = [normal(form) for form in forms]
        known = w["word"][[self.words.get(key, 0) for key in keys]]
        vectors = w["vectors"][[self.vector_words.get(key, 0) for key in keys]]
        letters = w["char"][np.array([characters(form) for form in forms])]
        parts = [known, vectors]
        for number, width in enumerate((2, 3, 4)):
            places = WIDTH - width + 1
            kernel = w[f"conv{number}.weight"]  # width x letters x filters
            sums = np.zeros((len(forms), places, kernel.shape[2]), np.float32)
            for offset in range(width):
                sums += letters[:, offset : offset + places] @ kernel[offset]
            top = sums.max(axis=1) + w[f"conv{number}.bias"]
            parts.append(np.maximum(top, 0))
        return leaky(dense(np.concatenate(parts, axis=1), w, "project"))

    def lookup(self, keys: NDArray[np.uint64], text: Callable[[int], str]) -> tuple[Floats, Ints]:
        """Return the vectors of a batch's distinct forms, and each token's row among them.

        :param keys: one number for each token that stands for its form.
        :param text: gives the form of a number.
        """
        unique, inverse = np.unique(keys, return_inverse=True)
        if len(self.rows) + len(unique) > MEMORY:
            self._clear()
        names = unique.tolist()
        rows = self.rows
        new = [key for key in names if key not in rows]
        if new:
            start = len(rows)
            while start + len(new) > len(self.table):
                self.table = np.concatenate([self.table, np.zeros_like(self.table)])
            for i in range(0, len(new), 512):
                part = new[i : i + 512]
                vectors = self.encode([text(key) for key in part])
                self.table[start + i : start + i + len(part)] = vectors
            rows.update(zip(new, range(start, start + len(new)), strict=True))
        return self.table[[rows[key] for key in names]], inverse.astype(np.int64)


@dataclass(slots=True)
class Packing:
    """How the tokens of a batch are laid out step by step, longest sentence first.

    ``ahead`` and ``behind`` give, in packed order, the token that each direction reads; step t
    takes the ``active[t]`` rows from ``offsets[t]``.
    """

    ahead: Ints
    behind: Ints
    active: list[int]
    offsets: list[int]


def pack(lengths: Ints) -> Packing:
    """Lay out sentences of the given lengths that follow each other in the batch."""
    starts = np.cumsum(lengths) - lengths
    order = np.argsort(-lengths, kind="stable")
    sizes, firsts = lengths[order], starts[order]
    longest = int(sizes[0]) if len(sizes) else 0
    active = len(sizes) - np.searchsorted(sizes[::-1], np.arange(longest), side="right")
    offsets = np.cumsum(active) - active
    steps = np.repeat(np.arange(longest), active)
    ranks = np.arange(len(steps)) - np.repeat(offsets, active)
    ahead = firsts[ranks] + steps
    behind = firsts[ranks] + sizes[ranks] - 1 - steps
    return Packing(ahead, behind, active.tolist(), offsets.tolist())


class Encoder:
    """Sentences to contextual vectors (N x 2H).

    :param weights: ``lstm{k}.input`` (inputs x 8H, both directions), ``lstm{k}.bias`` (8H),
        ``lstm{k}.recurrent`` (2 x H x 4H), gates in the order input, forget, output, cell; the
        first three already halved, because a sigmoid is taken as a tangent of half its argument.
    """

    def __init__(self, words: WordEncoder, weights: Weights) -> None:
        self.words = words
        self.weights = weights
        self.layers = sum(name.endswith(".recurrent") for name in weights)
        self.hidden = weights["lstm0.recurrent"].shape[1]
        self.size = 2 * self.hidden

    def run(self, keys: NDArray[np.uint64], text: Callable[[int], str], lengths: Ints) -> Floats:
        """Encode the tokens of sentences of the given lengths."""
        types, inverse = self.words.lookup(keys, text)
        packing = pack(lengths)
        gates = product(types, self.weights["lstm0.input"])
        gates += self.weights["lstm0.bias"]
        x = self._lstm(gates, packing, inverse, 0)
        for layer in range(1, self.layers):
            gates = product(x, self.weights[f"lstm{layer}.input"])
            gates += self.weights[f"lstm{layer}.bias"]
            x += self._lstm(gates, packing, None, layer)
        return x

    def _lstm(self, gates: Floats, packing: Packing, rows: Ints | None, layer: int) -> Floats:
        """Run both directions of one layer over input gates (rows x 8H) -> N x 2H."""
        return lstm(gates, packing, self.weights[f"lstm{layer}.recurrent"], rows)


def lstm(gates: Floats, packing: Packing, recurrent: Floats, rows: Ints | None = None) -> Floats:
    """Run both directions of one layer over input gates -> N x 2H.

    :param gates: rows x 8H, both directions' side by side
    :param recurrent: 2 x H x 4H
    :param rows: the row of each of the N tokens; without it, row i is token i's
    """
    hidden, count = recurrent.shape[1], len(packing.ahead)
    wide = 4 * hidden
    ahead = packing.ahead if rows is None else rows[packing.ahead]
    behind = packing.behind if rows is None else rows[packing.behind]
    sentences = packing.active[0] if packing.active else 0
    state = np.zeros((2, sentences, hidden), np.float32)
    cell = np.zeros((2, sentences, hidden), np.float32)
    out = np.empty((2, count, hidden), np.float32)
    left, right = gates[:, :wide], gates[:, wide:]
    for step, (size, start) in enumerate(zip(packing.active, packing.offsets, strict=True)):
        end = start + size
        if step:
            g = product(state[:, :size], recurrent)
            g[0] += left[ahead[start:end]]
            g[1] += right[behind[start:end]]
        else:
            g = np.stack([left[ahead[start:end]], right[behind[start:end]]])
        np.tanh(g, out=g)
        sigmoid = g[:, :, : 3 * hidden]
        sigmoid *= 0.5
        sigmoid += 0.5
        c = cell[:, :size]
        c *= g[:, :, hidden : 2 * hidden]
        c += g[:, :, :hidden] * g[:, :, 3 * hidden :]
        np.multiply(np.tanh(c), g[:, :, 2 * hidden : 3 * hidden], out=state[:, :size])
        out[:, start:end] = state[:, :size]
    joined = np.empty((count, 2 * hidden), np.float32)
    joined[packing.ahead, :hidden] = out[0]
    joined[packing.behind, hidden:] = out[1]
    return joined


def best_tags(scores: Floats, transitions: Floats, lengths: Ints) -> Ints:
    """Return the best tag sequence of each sentence (Viterbi; scores: N x tags) -> N."""
    packing = pack(lengths)
    result = np.zeros(len(scores), np.int64)
    if not len(scores):
        return result
    emitted = scores[packing.ahead]
    total = emitted[: packing.active[0]].copy()
    back: list[NDArray[np.int64]] = []
    into = np.ascontiguousarray(transitions.T)[None]  # tag reached x tag left
    for size, start in zip(packing.active[1:], packing.offsets[1:], strict=True):
        paths = total[:size, None, :] + into
        pointers = paths.argmax(axis=2)
        back.append(pointers)
        best = np.take_along_axis(paths, pointers[:, :, None], axis=2)[:, :, 0]
        total[:size] = best + emitted[start : start + size]
    current = total.argmax(axis=1)
    for step in range(len(packing.active) - 1, -1, -1):
        size, start = packing.active[step], packing.offsets[step]
        result[packing.ahead[start : start + size]] = current[:size]
        if step:
            current[:size] = back[step - 1][np.arange(size), current[:size]]
    return result
