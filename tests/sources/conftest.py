import pytest

from accord.settings import Settings
from tests.sources.website import Website


@pytest.fixture
def website():
    """A news site of its own for a test."""
    with Website() as site:
        yield site


@pytest.fixture
def settings(tmp_path):
    """Settings with which that site may be asked, quickly."""
    return Settings(
        cache=str(tmp_path / "cache"),
        contact="desk@institute.example",
        private_hosts=("localhost",),
        pause=0.0,
    )
