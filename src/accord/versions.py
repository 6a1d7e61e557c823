"""The versions that an extraction depends on: software, language model, mappings.

An article is extracted again when one of them has changed, and every claim says which it came
from. All are found without loading the model, since most runs find everything unchanged.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from accord import __version__
from accord.errors import UsageError
from accord.resources import resource


@dataclass(frozen=True, slots=True)
class Versions:
    """Version of the software, and short hashes of the model and of the mappings."""

    software: str
    model: str
    mappings: str

    @property
    def key(self) -> str:
        """One string that changes when any of the versions does."""
        return f"accord {self.software}, model {self.model}, mappings {self.mappings}"


@cache
def current_versions(model: str | None = None) -> Versions:
    """Return the versions of this installation.

    :param model: the spaCy pipeline's name or folder; None for the one that ships with Accord
    :raises UsageError: if no such pipeline is installed
    """
    return Versions(__version__, _model_hash(model), _mappings_hash())


def _model_hash(model: str | None) -> str:
    folder = resource("language", "model") if model is None else Path(model)
    if folder.is_dir():
        return _hash(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    try:
        return f"{model}-{metadata.version(str(model))}"
    except metadata.PackageNotFoundError as error:
        raise UsageError(
            f"The language model {model!r} is neither a folder nor an installed spaCy pipeline.",
            "Leave the setting `model` out to use the one that ships with Accord.",
        ) from error


def _mappings_hash() -> str:
    return _hash([*mapping_files(), vocabulary_file("actors"), vocabulary_file("agreements")])


def mapping_files() -> list[Path]:
    """Return the files of ``mappings/`` that change claims: what is linked to what changes none."""
    files = resource("mappings").rglob("*")
    linking = ("linking.yaml", "wikidata.yaml")
    return [f for f in files if f.suffix in (".yaml", ".jsonld") and f.name not in linking]


def vocabulary_file(name: str) -> Path:
    """Return the path of ``ontology/NAME.ttl``."""
    return resource("ontology", f"{name}.ttl")


def _hash(paths: Iterable[Path]) -> str:
    """Return 12 hexadecimal digits of the SHA-256 of files' names and contents."""
    digest = hashlib.sha256()
    # By name and not by path: the folders lie elsewhere in a wheel than in a checkout.
    for path in sorted(paths, key=lambda path: (path.name, path.parent.name)):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
