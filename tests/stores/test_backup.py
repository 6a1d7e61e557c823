"""A backup comes back as it was, or not at all, and says which."""

import hashlib
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad
from pyoxigraph import Store as Oxigraph

from accord.errors import AccordError
from accord.graph import NamedGraph
from accord.store import open_store
from accord.store.backup import back_up, contents, read_manifest, restore
from accord.store.embedded import EmbeddedStore
from tests.stores.samples import article, capture, graphs


def ignore(quads: int) -> None:
    pass


@pytest.fixture
def folder(tmp_path) -> Path:
    with open_store(tmp_path / "store", create=True) as store:
        store.replace(graphs(range(100)))
    return tmp_path / "store"


@pytest.fixture
def backup(folder, tmp_path) -> Path:
    with EmbeddedStore(folder) as store:
        back_up(store, tmp_path / "backup", ignore)
    return tmp_path / "backup"


def quads(folder: Path) -> set[Quad]:
    with open_store(folder) as store:
        return set(store.quads())


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "unfinished" in path.name]


def test_what_was_backed_up_comes_back(folder, backup, tmp_path):
    before = quads(folder)
    with open_store(folder) as store:
        store.replace([article(0, "other")], drop=[article(1).iri])
    manifest = restore(backup, tmp_path / "again", ignore)
    assert quads(tmp_path / "again") == before != quads(folder)
    assert manifest.contents.articles == 100
    assert manifest.contents.claims == {"Demand": 100}
    assert (manifest.contents.graphs, manifest.contents.quads) == (200, len(before))
    assert left(tmp_path) == []


def test_a_restored_store_is_its_own(folder, backup, tmp_path):
    restore(backup, tmp_path / "again", ignore)
    with open_store(tmp_path / "again") as store:
        store.replace([], drop=[article(5).iri])
    restore(backup, tmp_path / "third", ignore)
    assert quads(tmp_path / "third") == quads(folder)


def test_the_hash_is_of_the_content_and_not_of_its_order(tmp_path):
    def of(name: str, *batches: list[NamedGraph]) -> str:
        with EmbeddedStore(tmp_path / name, create=True) as store:
            for batch in batches:
                store.replace(batch)
            return contents(store).sha256

    one = of("one", [article(1)], [article(2), capture(1)])
    assert one == of("two", [capture(1)], [article(2)], [article(1, "x")], [article(1)])
    assert one != of("three", [article(1), article(2, "x"), capture(1)])
    moved = NamedGraph(article(3).iri, article(2).triples)
    assert one != of("four", [article(1), moved, capture(1)])


def test_progress_counts_every_quad(folder, tmp_path):
    told = []
    with EmbeddedStore(folder) as store:
        manifest = back_up(store, tmp_path / "backup", told.append)
    assert sum(told) == manifest.contents.quads
    assert len(told) > 1


@pytest.mark.parametrize("place", ["full", "file"])
def test_nothing_is_overwritten(folder, backup, tmp_path, place):
    there = tmp_path / place
    if place == "full":
        there.mkdir()
        (there / "thesis.txt").write_text("x")
    else:
        there.write_text("x")
    with EmbeddedStore(folder) as store, pytest.raises(AccordError, match="something at"):
        back_up(store, there, ignore)
    with pytest.raises(AccordError, match="something at") as error:
        restore(backup, there, ignore)
    assert "--store" in error.value.remedy
    assert (there / "thesis.txt" if place == "full" else there).read_text() == "x"


def test_an_empty_folder_will_do(folder, tmp_path):
    for name in ("backup", "again"):
        (tmp_path / name).mkdir()
    with EmbeddedStore(folder) as store:
        back_up(store, tmp_path / "backup", ignore)
    restore(tmp_path / "backup", tmp_path / "again", ignore)
    assert quads(tmp_path / "again") == quads(folder)


def largest(backup: Path) -> Path:
    return max((backup / "store").glob("*.sst"), key=lambda path: path.stat().st_size)


def flip(backup: Path) -> None:
    # The file is shared with the store that it was made from: damage a copy of it.
    path = largest(backup)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0x01
    path.unlink()
    path.write_bytes(data)


def cut(backup: Path) -> None:
    path = largest(backup)
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[: len(data) // 2])


def vouch(backup: Path) -> None:
    """Have the manifest say that the files are as they are now."""
    path = backup / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (backup / "store").iterdir()
    }
    path.write_text(json.dumps(manifest))


def lose_a_quad(backup: Path) -> None:
    store = Oxigraph(backup / "store")
    store.remove(next(iter(store)))
    store.flush()
    del store
    vouch(backup)


def change_a_quad(backup: Path) -> None:
    store = Oxigraph(backup / "store")
    quad = next(store.quads_for_pattern(None, None, None))
    store.remove(quad)
    store.add(Quad(quad.subject, quad.predicate, quad.predicate, quad.graph_name))
    store.flush()
    del store
    vouch(backup)


def open_it(backup: Path) -> None:
    Oxigraph(backup / "store").add(Quad(NamedNode("urn:a"), NamedNode("urn:a"), NamedNode("urn:a")))


def miscount(backup: Path) -> None:
    path = backup / "manifest.json"
    path.write_text(re.sub(r'"articles": \d+', '"articles": 99', path.read_text()))


@pytest.mark.parametrize(
    "damage",
    [
        flip,
        cut,
        lose_a_quad,
        change_a_quad,
        miscount,
        open_it,
        lambda backup: largest(backup).unlink(),
        lambda backup: (backup / "store" / "000999.sst").write_text("x"),
        lambda backup: (backup / "store" / "CURRENT").unlink(),
        lambda backup: (backup / "store" / "CURRENT").write_text("MANIFEST-999999\n"),
        lambda backup: (backup / "manifest.json").write_text('{"format": 1, "made"'),
        lambda backup: (backup / "manifest.json").write_text("[]"),
    ],
)
def test_a_damaged_backup_is_named_and_nothing_is_left(backup, tmp_path, damage):
    damage(backup)
    with pytest.raises(AccordError, match=re.escape(f"backup at {backup} is damaged")) as error:
        restore(backup, tmp_path / "again", ignore)
    assert ".unfinished" not in str(error.value)
    assert not (tmp_path / "again").exists()
    assert left(tmp_path) == []


def test_what_is_no_backup(folder, tmp_path):
    with pytest.raises(AccordError, match="no backup at"):
        restore(folder, tmp_path / "again", ignore)
    assert not (tmp_path / "again").exists()


def test_a_backup_of_another_form_names_who_can_read_it(backup, tmp_path):
    path = backup / "manifest.json"
    path.write_text(
        json.dumps(json.loads(path.read_text()) | {"format": 2, "software": "accord 9"})
    )
    with pytest.raises(AccordError, match="accord 9"):
        read_manifest(backup)


KILLED = """
import os, signal, sys
from pathlib import Path
import accord.store.backup as backup
from accord.store.embedded import EmbeddedStore

real, steps = backup._to_disk, int(sys.argv[2])

def dies(path):
    global steps
    steps -= 1
    if steps < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(path)

backup._to_disk = dies
if sys.argv[1] == "backup":
    with EmbeddedStore(Path(sys.argv[3])) as store:
        backup.back_up(store, Path(sys.argv[4]), lambda quads: None)
else:
    backup.restore(Path(sys.argv[3]), Path(sys.argv[4]), lambda quads: None)
"""


@pytest.mark.parametrize("what", ["backup", "restore"])
@pytest.mark.parametrize("steps", [0, 3, 8])
def test_a_kill_leaves_nothing_half_done(folder, backup, tmp_path, what, steps):
    source, made = (folder, tmp_path / "new") if what == "backup" else (backup, tmp_path / "new")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, what, str(steps), source, made], timeout=60
    )
    assert ended.returncode == -signal.SIGKILL
    assert not made.exists()
    if what == "backup":
        with EmbeddedStore(folder) as store:
            back_up(store, made, ignore)
        restore(made, tmp_path / "again", ignore)
    else:
        restore(backup, made, ignore)
        (tmp_path / "again").symlink_to(made)
    assert quads(tmp_path / "again") == quads(folder)
    assert left(tmp_path) == []


def test_the_commands(folder, tmp_path, accord):
    made = accord("backup", "kept/monday", "--store", folder, "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["contents"]["articles"] == 100
    done = accord("restore", "kept/monday", "--store", "again")
    assert done.returncode == 0, done.stderr
    assert "100 articles with 100 claims" in done.stderr
    assert quads(tmp_path / "again") == quads(folder)
    again = accord("restore", "kept/monday", "--store", "again", "--quiet")
    assert again.returncode == 1
    assert "Name another folder with --store" in again.stderr


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_server_is_copied_instead(accord, command):
    refused = accord(command, "there", "--store", "http://127.0.0.1:9")
    assert refused.returncode == 2
    assert "accord copy" in refused.stderr
