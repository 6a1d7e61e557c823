"""Turn the trained network that finds utterances into a component of the shipped pipeline."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from export import Arrays, gates, linear


def both(state: Arrays, theirs: str, ours: str) -> Arrays:
    """Rename a layer of two directions, side by side as the run time wants them."""
    hidden = state[f"{theirs}.ahead.weight_hh_l0"].shape[1]
    ways = [f"{theirs}.{way}" for way in ("ahead", "behind")]
    recurrent = [gates(state[f"{way}.weight_hh_l0"], hidden).T for way in ways]
    inputs = [gates(state[f"{way}.weight_ih_l0"], hidden).T for way in ways]
    biases = [state[f"{way}.bias_ih_l0"] + state[f"{way}.bias_hh_l0"] for way in ways]
    return {
        f"{ours}.input.weight": np.concatenate(inputs, axis=1),
        f"{ours}.input.bias": np.concatenate([gates(bias, hidden) for bias in biases]),
        f"{ours}.recurrent": np.stack(recurrent),
    }


def arrays(state: Arrays) -> Arrays:
    """Return the component's arrays."""
    size = state["lemma.weight"].shape[1]
    project = state["project.weight"].T
    out: Arrays = {
        "lemma": state["lemma.weight"],
        "project.tensor": project[:-size],
        "project.lemma": project[-size:],
        "project.bias": state["project.bias"],
        "head_lemma": state["head_lemma.weight"].T,
        **both(state, "encoder", "encoder"),
        **linear(state, "cue", "cue"),
        **linear(state, "word", "word"),
        "centre.weight": state["centre.weight"].T,
        **both(state, "reader", "reader"),
        **linear(state, "role", "role"),
        "cue.moves": state["cue_crf.moves"],
        "role.moves": state["role_crf.moves"],
    }
    for kind, ours in (("marks", "mark"), ("relations", "relation")):
        for key, value in state.items():
            if key.startswith(f"{kind}."):
                out[f"{ours}.{key.split('.')[1]}"] = value
    return out


def main() -> None:
    """Export: ``export_attribution.py WEIGHTS.pt MODEL``."""
    import spacy
    import srsly

    import accord.language.pipeline  # noqa: F401  (registers the factories)

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("trained", type=Path)
    parser.add_argument("model", type=Path)
    args = parser.parse_args()
    stored: dict[str, Any] = torch.load(args.trained, weights_only=False)
    state = {key: value.float().numpy() for key, value in stored["state"].items()}
    nlp = spacy.load(args.model)
    if "utterances" not in nlp.pipe_names:
        nlp.add_pipe("accord_utterances", name="utterances", before="forget")
    part: Any = nlp.get_pipe("utterances")
    part.set(
        {key: value.astype(np.float16).astype(np.float32) for key, value in arrays(state).items()},
        stored["sets"],
    )
    digest = hashlib.sha256()
    for _, pipe in nlp.pipeline:
        if hasattr(pipe, "to_bytes"):
            digest.update(pipe.to_bytes())
    nlp.meta["digest"] = digest.hexdigest()
    # Only what is new is written, beside and then renamed: a reader never sees half a component.
    fresh = Path(tempfile.mkdtemp(dir=args.model, prefix=".utterances-"))
    part.to_disk(fresh)
    fresh.chmod(0o755)
    old = args.model / ".utterances-old"
    target = args.model / "utterances"
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    for name, text in (
        ("config.cfg", nlp.config.to_str()),
        ("meta.json", srsly.json_dumps(nlp.meta, indent=2)),
    ):
        beside = args.model / f".{name}"
        beside.write_text(text, encoding="utf-8")
        beside.replace(args.model / name)
    size = sum(f.stat().st_size for f in target.rglob("*"))
    print(f"{target}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
