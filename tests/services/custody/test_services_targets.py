"""No file that is written may be one that is read, whatever it is called and however linked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portcheck.errors import Refused
from portcheck.intake.files.source import open_source, source_of_bytes
from portcheck.services.custody.targets import check_target
from portcheck.services.settings import Settings, load

FORMATS = (".csv", ".xlsx", ".db", ".toml", ".db-journal", ".db-wal", ".txt", ".key")
LIST = "Registration\nAB12 CDE\n"


@pytest.fixture
def used(tmp_path: Path) -> Settings:
    """Settings whose files, a list and a password stand in one folder."""
    (tmp_path / "checks.db").write_bytes(b"x")
    (tmp_path / "portcheck.toml").write_text('officer = "1"\n', encoding="utf-8")
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "password.txt").write_text("Sesame", encoding="utf-8")
    (tmp_path / "other.csv").write_text("mine", encoding="utf-8")
    environ = {"PORTCHECK_CONFIG": str(tmp_path / "portcheck.toml")}
    return load({"database": str(tmp_path / "checks.db")}, environ)


def check(used: Settings, path: Path, *, force: bool = True) -> None:
    check_target(
        used,
        path,
        formats=FORMATS,
        force=force,
        sources=[open_source(path.parent / "list.csv")],
        password_file=str(path.parent / "password.txt"),
    )


READ = {
    "checks.db": "the database",
    "checks.db-journal": "the database's journal",
    "CHECKS.DB-WAL": "the database's journal",
    "portcheck.toml": "the settings",
    "PortCheck.TOML": "the settings",
    "device.key": "this device's key",
    "list.csv": "the file that is read",
    "password.txt": "the password",
}


@pytest.mark.parametrize("name", READ)
def test_a_file_that_is_read_is_refused(used: Settings, tmp_path: Path, name: str) -> None:
    for force in (False, True):
        with pytest.raises(Refused, match=f"take the place of {READ[name]}") as refused:
            check(used, tmp_path / name, force=force)
        assert refused.value.hint


LINKS: list[Callable[[Path, Path], None]] = [
    lambda link, to: link.symlink_to(to),
    lambda link, to: link.hardlink_to(to),
]


@pytest.mark.parametrize("name", ["checks.db", "portcheck.toml", "list.csv", "password.txt"])
@pytest.mark.parametrize("make", LINKS)
def test_links_are_followed(
    used: Settings, tmp_path: Path, name: str, make: Callable[[Path, Path], None]
) -> None:
    make(tmp_path / "link.xlsx", tmp_path / name)
    with pytest.raises(Refused, match="take the place of"):
        check(used, tmp_path / "link.xlsx")


def test_the_database_may_itself_be_a_link(used: Settings, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "checks.db").rename(tmp_path / "real" / "1.db")
    (tmp_path / "checks.db").symlink_to(tmp_path / "real" / "1.db")
    for name in ("real/1.db", "real/1.db-journal", "checks.db-journal"):
        with pytest.raises(Refused, match="take the place of the database"):
            check_target(used, tmp_path / name, formats=FORMATS, force=True)


def test_a_link_that_leads_to_a_journal_that_is_not_there_yet(
    used: Settings, tmp_path: Path
) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "checks.db-journal")
    with pytest.raises(Refused, match="take the place of the database's journal"):
        check(used, tmp_path / "link.csv")


def test_standard_input_may_be_a_file(
    used: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "other.csv").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        with pytest.raises(Refused, match="the file that is read"):
            check_target(
                used,
                tmp_path / "other.csv",
                formats=FORMATS,
                force=True,
                sources=[source_of_bytes("standard input", b"Reg\nAB12\n")],
            )


@pytest.mark.parametrize(
    ("name", "force", "why"),
    [
        ("stop.pdf", True, "is none of .csv"),
        ("stop", True, "is none of .csv"),
        ("other.csv", False, "there already"),
        ("other.csv", True, ""),
        ("dangling.csv", False, "there already"),
        ("NEW.XLSX", False, ""),
        ("nowhere/new.csv", True, "no such folder"),
        ("folder.csv", True, "a folder"),
    ],
)
def test_where_a_file_may_go(
    used: Settings, tmp_path: Path, name: str, force: bool, why: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nothing")
    if not why:
        check(used, tmp_path / name, force=force)
        return
    with pytest.raises(Refused, match=why):
        check_target(used, tmp_path / name, formats=FORMATS, force=force)
