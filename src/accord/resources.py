"""Where Accord's data folders are: ``ontology/``, ``mappings/``, ``flows/`` and ``examples/``.

They lie at the top of the checkout, where a researcher edits them, and travel in the wheel as
folders of the package. This is the only module that knows which of the two it is.
"""

from importlib import util
from pathlib import Path
from types import ModuleType

from accord.errors import AccordError

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


def resource(*parts: str) -> Path:
    """Return the path of a data file or folder, beside the package or in the checkout.

    :param parts: the path's parts, for instance ``"ontology", "actors.ttl"``
    :raises AccordError: if it is in neither place
    """
    for root in (_PACKAGE, _CHECKOUT):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise AccordError(
        f"{Path(*parts)} is missing from this installation of Accord.",
        "Install the package again (pip install --force-reinstall accord-kg).",
    )


def load_flow(name: str) -> ModuleType:
    """Import ``flows/NAME.py`` by its path: ``flows`` is deliberately not an importable package.

    :param name: the file's stem, for instance ``"ingest"``
    """
    path = resource("flows", f"{name}.py")
    spec = util.spec_from_file_location(f"accord_flow_{name}", path)
    if spec is None or spec.loader is None:  # pragma: no cover - a .py file always has a loader
        raise AccordError(f"{path} cannot be imported.")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
