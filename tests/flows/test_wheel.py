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
def test_it_works_in_a_clean_environment_from_another_folder(wheel, tmp_path):
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    constraints = ROOT / "constraints.txt"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--constraint", constraints, wheel], check=True
    )
    environment = clean_environment(tmp_path) | {"PATH": f"{home}/bin:{os.environ['PATH']}"}
    environment.pop("PYTHONPATH", None)

    def run(*command):
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, env=environment, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("python", "-c", "import accord; print(accord.__file__)")
    assert where.startswith(str(home))
    article = EXAMPLES / "lebanon-ceasefire-2025.txt"
    assert '"actor": ["Israel"]' in run("accord", "extract", article)
    run("accord", "ingest", article, "--store", "graph")
    assert "lebanon-2024" in run("accord", "query", "agreements", "--store", "graph")
