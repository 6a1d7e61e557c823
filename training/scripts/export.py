"""Turn trained weights into the components of a spaCy pipeline."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

Arrays = dict[str, np.ndarray]


def linear(state: Arrays, theirs: str, ours: str) -> Arrays:
    """Rename one linear layer, transposed to (inputs, outputs)."""
    return {f"{ours}.weight": state[f"{theirs}.weight"].T, f"{ours}.bias": state[f"{theirs}.bias"]}


def gates(matrix: np.ndarray, hidden: int) -> np.ndarray:
    """Reorder torch's gates (input, forget, cell, output; first axis) and halve the sigmoids'."""
    i, f, g, o = (matrix[k * hidden : (k + 1) * hidden] for k in range(4))
    return np.concatenate([i / 2, f / 2, o / 2, g])


def components(
    state: Arrays, labels: dict[str, Any]
) -> dict[str, tuple[Arrays, dict[str, list[str]]]]:
    """Return arrays and lists of each component."""
    dims, sets = labels["dims"], labels["sets"]
    hidden = dims["hidden"]
    encoder: Arrays = {
        "word": state["word.weight"],
        "vectors": state["vectors"],
        "char": state["char.weight"],
        **linear(state, "project", "project"),
    }
    for k in range(3):
        encoder[f"conv{k}.weight"] = state[f"conv.{k}.weight"].transpose(2, 1, 0)
        encoder[f"conv{k}.bias"] = state[f"conv.{k}.bias"]
    for k in range(dims["layers"]):
        inputs, recurrent, bias = [], [], []
        for way in ("forward_lstm", "backward_lstm"):
            part = f"{way}.{k}"
            inputs.append(gates(state[f"{part}.weight_ih_l0"], hidden).T)
            recurrent.append(gates(state[f"{part}.weight_hh_l0"], hidden).T)
            bias.append(gates(state[f"{part}.bias_ih_l0"] + state[f"{part}.bias_hh_l0"], hidden))
        encoder[f"lstm{k}.input"] = np.concatenate(inputs, axis=1)
        encoder[f"lstm{k}.recurrent"] = np.stack(recurrent)
        encoder[f"lstm{k}.bias"] = np.concatenate(bias)
    tagger = linear(state, "tag_mlp", "mlp")
    parser: Arrays = {
        "mlps.weight": np.concatenate(
            [
                state[f"{n}.weight"].T
                for n in ("head_mlp", "child_mlp", "label_head_mlp", "label_child_mlp")
            ],
            axis=1,
        ),
        "mlps.bias": np.concatenate(
            [
                state[f"{n}.bias"]
                for n in ("head_mlp", "child_mlp", "label_head_mlp", "label_child_mlp")
            ]
        ),
        "root": state["root"],
        "arc": state["arc"],
        "arc_bias": state["arc_bias"],
        # below x (dep, above): one matrix product gives all labels
        "label": np.ascontiguousarray(state["label"].transpose(1, 0, 2)),
        "label_child": state["label_linear.weight"].T[: dims["label_hidden"]],
        "label_head": state["label_linear.weight"].T[dims["label_hidden"] :],
        "label_bias": state["label_linear.bias"],
    }
    ner = {
        **linear(state, "ner_mlp", "mlp"),
        **linear(state, "entity", "entity"),
        "transitions": state["transitions"],
    }
    return {
        "encoder": (encoder, {"words": sets["words"], "vector_words": labels["vector_words"]}),
        "tagger": (
            {
                **tagger,
                **linear(state, "upos", "upos"),
                **linear(state, "xpos", "xpos"),
                **linear(state, "morph", "morph"),
            },
            {"upos": sets["upos"], "xpos": sets["xpos"], "morphs": sets["morphs"]},
        ),
        "lemmatizer": ({**tagger, **linear(state, "lemma", "lemma")}, {"lemmas": sets["lemmas"]}),
        "parser": (parser, {"deps": sets["deps"]}),
        "ner": (ner, {"entities": sets["entities"]}),
    }


def load_state(path: Path) -> Arrays:
    """Read ``weights.pt`` as numpy arrays."""
    return {k: v.float().numpy() for k, v in torch.load(path).items()}


def main() -> None:
    """Export: ``export.py TRAINED OUT --sentences FOLDER``."""
    import shutil
    import tempfile

    import spacy

    import accord.language.pipeline  # noqa: F401  (registers the factories)

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("trained", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sentences", type=Path, required=True)
    parser.add_argument("--card", type=Path, help="README.md to put beside the weights")
    args = parser.parse_args()
    labels = json.loads((args.trained / "labels.json").read_text(encoding="utf-8"))
    state = load_state(args.trained / "weights.pt")
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "accord.Tokenizer.v1"}}})
    nlp.add_pipe("accord_line_breaks", name="line_breaks")
    nlp.add_pipe("accord_sentences", name="sentences").from_disk(args.sentences)  # type: ignore[attr-defined]
    for name, (arrays, lists) in components(state, labels).items():
        part: Any = nlp.add_pipe(f"accord_{name}", name=name)
        # Through half precision at once, so that what is measured is what is stored.
        part.set({k: v.astype(np.float16).astype(np.float32) for k, v in arrays.items()}, lists)
    nlp.add_pipe("accord_forget", name="forget")
    nlp.meta["lang"] = "en"
    nlp.meta["name"] = "accord_news"
    nlp.meta["version"] = "0.1.0"
    nlp.meta["description"] = (
        "English news: sentences, tags, lemmas, UD v2 dependencies, nine classes of names"
    )
    nlp.meta["license"] = "see README.md"
    nlp.meta["spacy_version"] = ">=3.8.7,<3.9.0"
    nlp.meta["performance"] = {
        "training": labels["record"]["scores"],
        "step": labels["record"]["step"],
    }
    digest = hashlib.sha256()
    for _, pipe in nlp.pipeline:
        if hasattr(pipe, "to_bytes"):
            digest.update(pipe.to_bytes())
    nlp.meta["digest"] = digest.hexdigest()
    # Built beside, then renamed: a reader never sees half a model.
    args.out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=args.out.parent, prefix=".model-"))
    nlp.to_disk(fresh)
    if args.card:
        shutil.copy(args.card, fresh / "README.md")
    fresh.chmod(0o755)
    old = fresh.with_name(fresh.name + "-old")
    if args.out.exists():
        args.out.rename(old)
    fresh.rename(args.out)
    shutil.rmtree(old, ignore_errors=True)
    size = sum(f.stat().st_size for f in args.out.rglob("*") if f.is_file())
    print(f"{args.out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
