"""What the documentation says is there is there, and what is there is documented."""

import re

from accord.claim import Claim, ClaimType, Modality, Status
from accord.cli import app
from accord.settings import Settings
from accord.store import PREFIXES
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CLAIMS = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")


def test_every_setting_is_documented():
    for name in Settings.model_fields:
        assert f"| `{name}` |" in README


def test_every_command_is_documented():
    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    assert names == set(re.findall(r"^\| `accord (\w+)", README, re.MULTILINE))


def test_every_field_and_type_of_a_claim_is_documented():
    for name in (*Claim.model_fields, *Status, *Modality):
        assert f"`{name}`" in CLAIMS
    for kind in ClaimType:
        assert f"| {kind} |" in CLAIMS


def test_paths_in_the_documentation_exist():
    for page in (
        "README.md",
        "CONTRIBUTING.md",
        "docs/claims.md",
        "docs/linking.md",
        "docs/publishing.md",
        "docs/sources.md",
        "docs/stores.md",
        "examples/README.md",
    ):
        text = (ROOT / page).read_text(encoding="utf-8")
        folder = (ROOT / page).parent
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (folder / link).exists(), f"{page}: {link}"
        for path in re.findall(
            r"`((?:src|ontology|mappings|flows|training|tests)/[\w./-]*)`", text
        ):
            if "NAME" not in path:
                assert (ROOT / path).exists(), f"{page}: {path}"


def test_the_prefixes_are_named_in_the_help_of_query(accord):
    help_text = accord("query", "--help").stdout
    for prefix in ("accord", "actor", "agreement", "place", "skos", "prov", "oa"):
        assert prefix in PREFIXES
        assert prefix in help_text
