"""Stores and servers among other things, with rights and libraries of all kinds."""

import errno
import importlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.targets import servers
from tests.targets.conftest import PUBLIC, Place, Server, Store, new_place
from tests.targets.test_targets_contract import mounted
from tests.targets.test_targets_folder import FOREIGN, SPOILS

from portcheck.errors import FileRefused, Refused, TargetUnreachable, WrongUsage
from portcheck.targets import cloud, sftp
from portcheck.targets.address import read_address
from portcheck.targets.objects import S3, Objects
from portcheck.targets.target import MOST_BYTES, open_target

DAY = {"op/events/a.piece": b"a" * 3_000, "op/lists/b.list": b"", "op/about/c.json": b"{}"}
READS = ["s3:ListBucket", "s3:GetObject"]
NO_DELETING = "-u 0027 -P remove,rmdir,posix-rename,setstat,symlink"
"""As docs/several-lanes.md has it."""

SLOW = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("store", "server")]


@pytest.fixture(params=["memory", *SLOW])
def far(request: pytest.FixtureRequest) -> Iterator[Place]:
    with new_place(request.param) as made:
        yield made


def put(place: Place, pieces: dict[str, bytes]) -> None:
    target = place.open()
    for name, content in pieces.items():
        target.put(name, content)
    target.close()


def assert_unreachable(call: Callable[[], object], words: str) -> TargetUnreachable:
    with pytest.raises(TargetUnreachable, match=words) as error:
        call()
    assert "is kept and will be sent" in error.value.hint
    return error.value


def assert_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(FileRefused, match=words) as error:
        call()
    assert error.value.where.startswith(("store ", "server "))
    assert error.value.hint


# What stands beside the pieces, or in their way


def test_what_others_keep_beside_the_pieces(far: Place) -> None:
    for name in FOREIGN:
        far.leave(name, b"mine")
    put(far, {"op/b/mine.piece": b"piece"})
    with far.reading() as target:
        assert target.have("") == {"op/b/mine.piece": 5}
    left = {name.removeprefix("exchange/"): content for name, content in far.bytes().items()}
    assert left == {**dict.fromkeys(FOREIGN, b"mine"), "op/b/mine.piece": b"piece"}


def test_anothers_file_under_the_name_of_a_piece(far: Place) -> None:
    far.leave("op/a", b"hers")
    target = far.open()
    assert_refused(lambda: target.put("op/a", b"mine"), "op/a: something else stands there")
    assert far.bytes() == {"exchange/op/a": b"hers"}


def test_a_file_that_is_larger_than_a_piece(far: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud, "MOST_BYTES", 1_000)
    far.leave("op/a", bytes(1_001))
    with far.reading() as target:
        assert_refused(lambda: target.fetch("op/a"), "op/a: it is no file, or larger than a piece")
        assert target.have("") == {"op/a": 1_001}
        assert_refused(lambda: target.fetch("op/a"), "op/a: it is no file, or larger than a piece")


def test_a_file_that_is_another_one_by_now(far: Place) -> None:
    """As where a program carries files there that are not whole yet."""
    far.leave("op/a", b"half")
    with far.reading() as target:
        assert target.have("op") == {"op/a": 4}
        far.leave("op/a", b"half and half")
        assert_unreachable(lambda: target.fetch("op/a"), "has another op/a by now")
        assert target.fetch("op/a") == b"half and half"


def test_many_are_looked_through_in_parts(far: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = S3._list

    async def two(self: S3, path: str, **words: Any) -> dict[str, Any]:
        return await listed(self, path, **{"MaxKeys": 2, **words})

    monkeypatch.setattr(S3, "_list", two)
    monkeypatch.setattr(sftp, "_AT_ONCE", 2)
    wanted = {f"op/events/{number}": 1 for number in range(5)}
    wanted |= {f"op/{number}/a": 1 for number in range(3)}
    put(far, dict.fromkeys(wanted, b"1"))
    with far.reading() as target:
        assert target.have("") == wanted
        monkeypatch.setattr(cloud, "MOST_PIECES", 7)
        assert_refused(lambda: target.have(""), "there are more than 7 files in it")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Is told of every answer that is waited for."""
    told: list[str] = []
    ask = cloud.Cloud._ask

    def noted(self: cloud.Cloud, what: str, *words: Any) -> Any:
        told.append(what)
        return ask(self, what, *words)

    monkeypatch.setattr(cloud.Cloud, "_ask", noted)
    return told


def test_many_that_are_fetched_in_order_are_read_together(far: Place, asked: list[str]) -> None:
    wanted = {f"op/events/{number // 20}/{number:03}": bytes([number]) * 9 for number in range(60)}
    put(far, wanted)
    with far.reading() as target:
        names = list(target.have("op"))
        asked.clear()
        assert {name: target.fetch(name) for name in names} == wanted
        assert len(asked) <= 2 * len(wanted) / cloud.AT_ONCE + 6
        asked.clear()
        assert all(target.fetch(name) == wanted[name] for name in reversed(names))
        assert len(asked) == len(wanted)


def test_what_is_gone_is_told_when_it_is_fetched(far: Place) -> None:
    """And not before, where others are read with it."""
    wanted = {f"a{number}": b"a" for number in range(8)}
    put(far, wanted)
    with far.reading() as target:
        target.have("")
        far.take_away("a5")
        for name in wanted:
            if name == "a5":
                assert_unreachable(partial(target.fetch, name), "has no a5 any more")
            else:
                assert target.fetch(name) == b"a"


def test_two_targets_in_one_bucket(far: Place) -> None:
    put(far, DAY)
    far.leave("lanes/Notes.txt", b"mine")
    beside = open_target(f"{far.text}/lanes")
    assert beside.have("") == {}
    assert far.pieces() == DAY


def test_it_is_not_encrypted(far: Place) -> None:
    with pytest.raises(WrongUsage, match="cannot be encrypted"):
        open_target(far.text, recipient=PUBLIC)


# A server


@pytest.mark.slow
@pytest.mark.parametrize("spoil", SPOILS, ids=lambda one: one.__name__)
def test_what_is_no_file_is_neither_read_nor_waited_for(
    server: Server, spoil: Callable[[Path], None]
) -> None:
    path = server.path / "op" / "a"
    path.parent.mkdir()
    servers.own(path.parent)
    spoil(path)
    target = server.open()
    assert target.have("") == target.have("op") == {}
    assert_refused(lambda: target.fetch("op/a"), "op/a: it is no file but a link, a folder")
    assert_refused(lambda: target.put("op/a", b"123456"), "op/a: it is no file but")
    target.put("op/b", b"b")
    assert target.have("op") == {"op/b": 1}


@pytest.mark.slow
def test_a_file_stands_where_a_folder_should(server: Server) -> None:
    (server.path / "op").write_bytes(b"")
    target = server.open()
    assert_refused(lambda: target.put("op/a", b"a"), "op: it is not the folder that it should be")
    assert_refused(lambda: open_target(f"{server.text}/op"), "it is not the folder")
    assert (server.path / "op").read_bytes() == b""


@pytest.mark.slow
def test_what_was_broken_off_is_removed_after_a_day(server: Server) -> None:
    put(server, {"op/a": b"a"})
    old, young = (server.path / f"op/.portcheck-{digit * 16}" for digit in "ab")
    at = (server.path / "op/a").stat().st_mtime
    for path, age in ((old, 90_000), (young, 80_000)):
        path.touch()
        servers.own(path)
        os.utime(path, (at - age, at - age))
    with server.reading() as target:
        target.have("")
    assert old.exists()
    assert server.open().have("op") == {"op/a": 1}
    assert not old.exists()
    assert young.exists()


@pytest.mark.slow
def test_names_of_other_times(server: Server) -> None:
    """Of a machine that writes its own letters: no text at all, to this one."""
    for name in (b"op-\xe9\xff", b"a\nb", b"\x1b[31m", "é".encode()):
        Path(os.fsdecode(os.fsencode(server.path) + b"/" + name)).mkdir()
        Path(os.fsdecode(os.fsencode(server.path) + b"/file-" + name)).touch()
    put(server, DAY)
    assert server.pieces() == DAY


@pytest.mark.slow
def test_a_folder_in_the_users_home(server: Server) -> None:
    (account,) = re.findall(r"User (\w+)", (Path.home() / ".ssh/config").read_text())
    own, above = Path(f"~{account}").expanduser(), Path(*[".."] * 20)
    target = open_target(f"sftp://{servers.HOST}/~/{above}{server.path}")
    target.put("op/a", b"a")
    assert server.pieces() == {"op/a": b"a"}
    for text in ("~", "~/"):
        assert open_target(f"sftp://{servers.HOST}/{text}").words.endswith("/~")
    assert own.is_dir()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator makes what others may not")
@pytest.mark.parametrize(("mode", "words"), [(0o555, "written"), (0o311, "read")])
def test_a_server_that_permits_less(server: Server, mode: int, words: str) -> None:
    put(server, {"a": b"a"})
    target = server.open()
    server.path.chmod(mode)

    def use() -> None:
        target.have("")
        target.put("b", b"b")

    assert_unreachable(use, f"cannot be {words}: permission denied")
    server.path.chmod(0o755)
    use()
    assert server.pieces() == {"a": b"a", "b": b"b"}


@pytest.mark.slow
def test_a_server_where_nothing_can_be_deleted(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = servers.ssh(NO_DELETING)
    monkeypatch.setenv("HOME", str(home))
    put(server, DAY)
    put(server, DAY)
    assert server.pieces() == DAY
    assert all((server.path / name).stat().st_mode & 0o777 == 0o640 for name in DAY)
    path = server.path / "op/events/.portcheck-0123456789abcdef"
    path.touch()
    os.utime(path, (0, 0))
    assert list(server.open().have("op/events")) == ["op/events/a.piece"]
    assert path.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "words", "advice"),
    [
        ("known_hosts", "", "it is not known to be that server", "Compare its key and accept it"),
        ("known_hosts", None, "it is not known to be that server", "once with “sftp lane-share”"),
        ("known_hosts", "[127.0.0.1]:{port} {key}\n", "it is not known to be that", "Compare its"),
        ("config", "Host *\n  Port {port}\n", "it lets nobody in as", "Use a key, as ssh does"),
        ("config", "Port nowhere\n", "nvalid", ""),
    ],
)
def test_who_is_who(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: str | None,
    words: str,
    advice: str,
) -> None:
    """Neither a server that is not known nor a device that it does not know."""
    home, port = servers.ssh()
    key = " ".join((home / "key.pub").read_text().split()[:2])
    (tmp_path / ".ssh").mkdir()
    for one in ("known_hosts", "config"):
        text = (home / ".ssh" / one).read_text() if one != name else content
        if text is not None:
            (tmp_path / ".ssh" / one).write_text(text.format(port=port, key=key))
    monkeypatch.setenv("HOME", str(tmp_path))
    text = server.text.replace(servers.HOST, "127.0.0.1") if name == "config" else server.text
    error = assert_unreachable(lambda: open_target(text), words)
    assert advice in error.hint


@pytest.mark.slow
def test_a_server_that_is_full(server: Server) -> None:
    if not mounted(server.path, "size=256k,mode=777"):
        pytest.skip("no disk can be mounted here")
    try:
        target = server.open()
        target.put("op/a", b"a")
        words = "cannot be written: the server says “Failure”: it may be full"
        assert_unreachable(lambda: target.put("op/b", bytes(300_000)), words)
        assert server.pieces() == {"op/a": b"a"}
        assert [path.name for path in (server.path / "op").iterdir()] == ["a"]
        target.put("op/b", b"b")
        assert server.pieces() == {"op/a": b"a", "op/b": b"b"}
    finally:
        subprocess.run(["umount", "-l", str(server.path)], check=True)


@pytest.mark.slow
def test_who_syncs_again_and_again_leaves_no_connections(server: Server) -> None:
    held = []
    for _ in range(2):
        target = server.open()
        assert isinstance(target, cloud.Cloud)
        assert isinstance(target._place, sftp.Server)
        held += [connection for _, connection in target._place._connections]
        assert not held[-1].is_closed()
        del target
    until = time.monotonic() + 20
    while not all(one.is_closed() for one in held):
        assert time.monotonic() < until
        time.sleep(0.02)


# A store


@pytest.mark.slow
def test_a_bucket_that_is_not_there(store: Store) -> None:
    assert_unreachable(lambda: open_target("s3://nobody-has-such-a-bucket/day"), "it is not there")
    assert_unreachable(lambda: open_target("s3://a/day"), "cannot be reached")
    assert [one["Name"] for one in store.client.list_buckets()["Buckets"]].count(store.bucket) == 1


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["", "/exchange"])
def test_a_bucket_as_a_whole(store: Store, folder: str) -> None:
    target = open_target(f"s3://{store.bucket}{folder}/")
    target.put("op/a", b"a")
    assert store.bytes() == {f"{folder}/op/a".strip("/"): b"a"}
    assert target.have("") == target.have("op") == {"op/a": 1}


@pytest.mark.slow
def test_the_rights_that_a_device_needs(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As docs/several-lanes.md names them: to list, to read and to write, and not to delete."""
    rights = {
        "lane": [*READS, "s3:PutObject"],
        "reader": READS,
        "writer": ["s3:GetObject", "s3:PutObject"],
    }
    keys = {name: servers.keys_for(f"{name}-{store.bucket}", may) for name, may in rights.items()}

    def become(name: str) -> None:
        for variable, value in keys[name].items():
            monkeypatch.setenv(variable, value)

    with servers.wary():
        become("lane")
        put(store, DAY)
        put(store, DAY)
        assert store.pieces() == DAY
        become("reader")
        assert store.pieces() == DAY
        target = store.open()
        assert_unreachable(lambda: target.put("op/b", b"b"), "cannot be written: permission denied")
        become("writer")
        assert_unreachable(store.open, "cannot be reached: permission denied")
    assert store.pieces() == DAY


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", "permission denied"),
        ("AWS_ACCESS_KEY_ID", None, "no keys were found for it"),
        ("AWS_PROFILE", "nobody", "nobody"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "Could not connect"),
        ("AWS_ENDPOINT_URL", "nowhere", "nowhere"),
    ],
)
def test_keys_and_places_that_are_wrong(
    store: Store, monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None, words: str
) -> None:
    if value is None:
        monkeypatch.delenv(variable)
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    else:
        monkeypatch.setenv(variable, value)
    with servers.wary():
        error = assert_unreachable(store.open, words)
    assert "not-a-secret" not in str(error) + error.hint


def without_conditions(monkeypatch: pytest.MonkeyPatch, *, keeps: bool = True) -> None:
    """As a store that knows no condition for writing."""
    made = Objects.__init__

    def init(self: Objects, *words: Any) -> None:
        made(self, *words)
        written = self._files._pipe_file

        async def pipe(path: str, content: bytes, mode: str) -> None:
            if mode == "create":
                raise OSError(errno.ENOSYS, "not implemented")
            await written(path, content if keeps else content[:-1], mode=mode)

        self._files._pipe_file = pipe

    monkeypatch.setattr(Objects, "__init__", init)


def test_a_store_that_knows_no_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    without_conditions(monkeypatch)
    with new_place("memory") as place:
        put(place, DAY)
        put(place, DAY)
        assert place.pieces() == DAY
        target = place.open()
        assert_refused(lambda: target.put("op/about/c.json", b"[]"), "something else stands there")
        assert place.pieces() == DAY


def test_a_store_that_keeps_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    without_conditions(monkeypatch, keeps=False)
    with new_place("memory") as place:
        target = place.open()
        assert_unreachable(lambda: target.put("op/a", b"abc"), "it does not keep what was written")


# What is said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "no answer in 60 s"),
        (PermissionError(), "permission denied"),
        (PermissionError("Access\x1b[31m Denied"), "permission denied (Access[31m Denied)"),
        (FileNotFoundError("op/a"), "it is not there"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "Connection reset by peer"),
        (ConnectionResetError("Connection lost"), "Connection lost"),
        (OSError(errno.EIO, "disk\x07"), "disk"),
        (OSError(), "OSError"),
        (ValueError("x" * 900), "x" * 299 + "…"),
    ],
)
def test_what_is_said_of_an_error(error: Exception, words: str) -> None:
    assert cloud._said(error, read_address("s3://day")) == (words, "")


# What is not installed


@pytest.mark.parametrize(
    ("text", "missing", "hint"),
    [
        ("s3://bucket/day", "fsspec", "“pip install 'portcheck[cloud]'”"),
        ("s3://bucket/day", "s3fs", "“pip install 'portcheck[cloud]'”"),
        ("sftp://share/day", "asyncssh", "“pip install 'portcheck[cloud]'”"),
        ("gs://bucket/day", "gcsfs", "“pip install fsspec gcsfs”"),
        ("abfs://container/day", "adlfs", "“pip install fsspec adlfs”"),
    ],
)
def test_what_is_not_installed(
    text: str, missing: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = importlib.import_module("fsspec.registry")._registry
    monkeypatch.delitem(known, "s3", raising=False)
    for name in ("portcheck.targets.sftp", "portcheck.targets.objects"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(Refused, match=r"cannot be reached: \w+ is not installed") as error:
        open_target(text)
    assert hint in error.value.hint


def test_a_piece_has_its_bounds() -> None:
    with new_place("memory") as place:
        target = place.open()
        content = os.urandom(MOST_BYTES)
        target.put("op/a", content)
        assert target.fetch("op/a") == content
