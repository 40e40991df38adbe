import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE / "src"))
os.environ.setdefault("GRIDCLEAR", str(ROOT / "build" / "gridclear"))
os.environ["MPLBACKEND"] = "Agg"

import gridclear  # noqa: E402


@pytest.fixture(scope="session")
def duck():
    """The day of the README, cleared once."""
    with gridclear.run(ROOT / "scenarios" / "duck-curve") as run:
        yield run


@pytest.fixture(scope="session")
def cloud():
    """The lesson of real time, cleared once."""
    with gridclear.run(ROOT / "scenarios" / "11-real-time") as run:
        yield run


@pytest.fixture(scope="session")
def scenarios():
    return ROOT / "scenarios"


@pytest.fixture(autouse=True)
def from_the_top(monkeypatch):
    """Paths in the tutorial begin at the top of the repository."""
    monkeypatch.chdir(ROOT)
