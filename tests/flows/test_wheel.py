"""The wheel, installed into an environment of its own and used from another folder."""

import os
import subprocess
import sys
import venv
import zipfile

import pytest

from tests.conftest import EXAMPLES, ROOT, clean_environment


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.wheel
def test_the_wheel_carries_what_it_needs_and_no_more(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "accord/flows/ingest.py",
        "accord/ontology/actors.ttl",
        "accord/ontology/queries/claims.rq",
        "accord/mappings/claim.context.jsonld",
        "accord/language/model/meta.json",
        "accord/py.typed",
    ):
        assert part in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"accord", "accord_kg"}


@pytest.mark.wheel
def test_it_works_from_another_folder(wheel, tmp_path):
    # The packages that Accord depends on come from this environment, Accord itself from the wheel.
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True
    )
    (site,) = (home / "lib").glob("python*/site-packages")
    installed = next(path for path in map(str, sys.path) if path.endswith("site-packages"))
    (site / "dependencies.pth").write_text(installed + "\n")
    # The checkout's own editable install must not be what is found.
    where = subprocess.run(
        [python, "-c", "import accord; print(accord.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert where.startswith(str(site))
    done = subprocess.run(
        [home / "bin" / "accord", "extract", EXAMPLES / "lebanon-ceasefire-2025.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=clean_environment(tmp_path) | {"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr
    assert '"holder": "Lebanon"' in done.stdout or '"actor": ["Israel"]' in done.stdout
