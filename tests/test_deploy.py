"""What hosts start from: requirements, the Space's front matter, containers."""

from __future__ import annotations

from deploy.requirements import ROOT, requirements


def test_a_space_installs_what_pyproject_asks_for():
    assert (ROOT / "requirements.txt").read_text("utf-8") == requirements(), "see the top of requirements.txt"
