"""Who and where: option, environment, file, default; and what cannot be a setting."""

import getpass
import stat
import sys
from pathlib import Path

import pytest

from portcheck.errors import DatabaseUnusable, Refused, WrongUsage
from portcheck.services.settings import DEFAULTS, HELP, load, read_file, store, valid, zone


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment of the test's own."""
    return {"PORTCHECK_CONFIG": str(tmp_path / "portcheck.toml"), "PORTCHECK_DATA": str(tmp_path)}


@pytest.fixture
def file(environ: dict[str, str]) -> Path:
    return Path(environ["PORTCHECK_CONFIG"])


def test_every_setting_is_explained() -> None:
    assert HELP.keys() == DEFAULTS.keys()


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("officer", "PORTCHECK_OFFICER"),
        ("agency", "PORTCHECK_AGENCY"),
        ("device", "PORTCHECK_DEVICE"),
        ("database", "PORTCHECK_DB"),
    ],
)
def test_option_before_environment_before_file_before_default(
    environ: dict[str, str], file: Path, name: str, variable: str
) -> None:
    usual = load({}, environ).values[name]
    assert usual.source in {"default", "system"}
    file.write_text(f'{name} = "F1"\n')
    assert (load({}, environ)[name], load({}, environ).values[name].source) == ("F1", "file")
    environ[variable] = "E1"
    found = load({name: None}, environ).values[name]
    assert (found.value, found.source) == ("E1", "environment")
    found = load({name: "O1"}, environ).values[name]
    assert (found.value, found.source) == ("O1", "option")


def test_an_empty_option_or_variable_is_none(environ: dict[str, str], file: Path) -> None:
    file.write_text('agency = "Port"\n')
    environ["PORTCHECK_AGENCY"] = ""
    assert load({"agency": ""}, environ)["agency"] == "Port"


def test_the_defaults(environ: dict[str, str], tmp_path: Path) -> None:
    found = load({}, environ)
    assert found.database == tmp_path / "portcheck.db"
    assert {name: found[name] for name in ("device", "timezone", "marking", "max_age_days")} == {
        "device": "L1",
        "timezone": "Europe/London",
        "marking": "OFFICIAL-SENSITIVE",
        "max_age_days": "7",
    }
    assert str(found.zone) == "Europe/London"
    assert found.file == tmp_path / "portcheck.toml"


@pytest.mark.parametrize("blank", ["", "   ", "\u200b\x07"])
def test_without_an_officer_it_is_the_systems_user(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, blank: str
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "some\x1bbody")
    found = load({"officer": blank}, environ).values["officer"]
    assert (found.value, found.source) == ("somebody", "system")


@pytest.mark.parametrize("error", [OSError, KeyError])
def test_a_system_without_users(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def nobody() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert load({}, environ)["officer"] == "unknown"


def test_values_are_cleaned(environ: dict[str, str]) -> None:
    found = load({"officer": " 47\x1b[31m11\u202e ", "agency": "Border\nForce"}, environ)
    assert (found["officer"], found["agency"]) == ("47[31m11", "Border Force")


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("device", "L2", "L2"),
        ("device", " lane7 ", "LANE7"),  # a device has one name, however it is typed
        ("device", "a1234567", "A1234567"),
        ("max_age_days", "0", "0"),
        ("seen_days", "0", "0"),
        ("seen_days", "3660", "3660"),
        ("max_age_days", "3660", "3660"),
        ("timezone", "UTC", "UTC"),
        ("timezone", " Europe/Paris ", "Europe/Paris"),
        ("site", " Portsmouth \n Port ", "Portsmouth Port"),
        ("database", " as it is ", " as it is "),
        ("officer", "", ""),
    ],
)
def test_valid_values(name: str, value: str, result: str) -> None:
    assert valid(name, value) == result


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("device", ""),
        ("device", "2L"),
        ("device", "L-2"),
        ("device", "L12345678"),
        ("device", "LÉ"),
        ("max_age_days", "-1"),
        ("seen_days", "-1"),
        ("seen_days", "3661"),
        ("seen_days", "a week"),
        ("max_age_days", "3661"),
        ("max_age_days", "7.5"),
        ("max_age_days", "٧"),
        ("max_age_days", "9" * 5000),
        ("timezone", "Mars/Olympus"),
        ("timezone", "Europe"),
        ("timezone", ""),
        ("timezone", "../../etc/passwd"),
        ("timezone", "x" * 300),
        ("timezone", "europe/nowhere\x00"),
    ],
)
def test_values_that_cannot_be(environ: dict[str, str], file: Path, name: str, value: str) -> None:
    with pytest.raises(WrongUsage):
        valid(name, value)
    with pytest.raises(WrongUsage):
        store(file, name, value)
    assert not file.exists()


def test_a_wrong_value_in_the_environment_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(WrongUsage, match="is not a label"):
        load({}, environ | {"PORTCHECK_DEVICE": "lane no. 7"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("officer = true\n", "officer is not a text"),
        ("officer = ", "cannot be read"),
        (f"officer = {'[' * 5000}{']' * 5000}", "cannot be read"),
        ("# long\n" * 20_000, "too long"),
        ("officer = 'x'\nofficer = 'y'\n", "cannot be read"),
        ("colour = 'red'\n", "“colour” is not a setting"),
        ("[officer]\nid = 1\n", "officer is not a text"),
    ],
)
def test_a_file_that_cannot_be_read(
    environ: dict[str, str], file: Path, text: str, said: str
) -> None:
    file.write_text(text)
    with pytest.raises(Refused, match=said) as refusal:
        load({}, environ)
    assert refusal.value.where == str(file)
    assert refusal.value.hint
    with pytest.raises(Refused, match=said):
        store(file, "officer", "4711")
    assert file.read_text() == text


def test_a_file_in_another_encoding(environ: dict[str, str], file: Path) -> None:
    file.write_bytes("site = 'Plymouth \xe9'".encode("latin-1"))
    with pytest.raises(Refused, match="cannot be read"):
        load({}, environ)


def test_a_setting_is_kept_with_the_rest_of_the_file(environ: dict[str, str], file: Path) -> None:
    file.write_text('# our lane\ndevice = "L2"  # by the gate\n\nsite = "Port"\n')
    store(file, "site", " Portsmouth ")
    store(file, "officer", 'O"Neil\\')
    assert file.read_text() == (
        '# our lane\ndevice = "L2"  # by the gate\n\nsite = "Portsmouth"\nofficer = "O\\"Neil\\\\"\n'
    )
    assert read_file(file) == {"device": "L2", "site": "Portsmouth", "officer": 'O"Neil\\'}
    assert load({}, environ)["officer"] == 'O"Neil\\'


def test_a_first_setting_makes_the_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "portcheck.toml"
    store(file, "device", "l7")
    assert read_file(file) == {"device": "L7"}
    assert [path.name for path in file.parent.iterdir()] == ["portcheck.toml"]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_is_no_setting_is_not_stored(file: Path) -> None:
    with pytest.raises(WrongUsage, match="“colour” is not a setting"):
        store(file, "colour", "red")
    with pytest.raises(DatabaseUnusable, match="not in postgresql"):
        store(file, "database", "postgresql://host/x")
    assert not file.exists()


def test_an_address_with_a_password_is_not_stored(file: Path) -> None:
    store(file, "sync", "sftp://l5@share/day")
    before = file.read_bytes()
    for text in ("sftp://l5:hunter2@share/day", "ftp://share/day"):
        with pytest.raises(WrongUsage) as error:
            store(file, "sync", text)
        assert "hunter2" not in str(error.value) + error.value.hint
    assert file.read_bytes() == before


def test_a_password_in_the_file_is_not_shown(environ: dict[str, str], file: Path) -> None:
    file.write_text('sync = "sftp://l5:hunter2@share/day"\ndatabase = "sqlite:////a@b/c:d@e"\n')
    settings = load({}, environ)
    assert settings.values["sync"].shown == "sftp://l5@share/day"
    assert settings.values["database"].shown == settings["database"] == "sqlite:////a@b/c:d@e"


def test_a_file_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="cannot be written") as refusal:
        store(tmp_path / "file" / "portcheck.toml", "site", "x")
    assert refusal.value.hint


def test_zone() -> None:
    assert str(zone("Europe/Warsaw")) == "Europe/Warsaw"
