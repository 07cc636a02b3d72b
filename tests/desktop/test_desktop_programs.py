"""What happens where a program is not installed: never a silent skip where CI could have run it."""

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Need = Callable[..., None]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine without any program."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    return monkeypatch


def test_an_absent_program_skips_the_test_and_names_its_package(
    bare: pytest.MonkeyPatch, need: Need
) -> None:
    with pytest.raises(
        pytest.skip.Exception, match="Debian's libreoffice-calc-nogui poppler-utils"
    ):
        need("soffice", "pdftotext")


def test_an_absent_program_fails_the_test_in_ci(bare: pytest.MonkeyPatch, need: Need) -> None:
    bare.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Debian's chromium"):
        need("chromium")


def test_ci_installs_what_the_tests_name(packages: dict[str, str]) -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(f"{program}:{package}" in script for program, package in packages.items())
