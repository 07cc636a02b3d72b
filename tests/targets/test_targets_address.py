"""Addresses of targets: which there are, and that no password is ever shown, kept or used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.errors import WrongUsage
from portcheck.targets.address import Address, read_address, shown
from portcheck.targets.target import open_target, words_of

READ = [
    ("s3://bucket", Address("s3", "", "bucket", 0, "")),
    ("S3://bucket/", Address("s3", "", "bucket", 0, "")),
    (" s3://my-bucket.ports/day/one/ ", Address("s3", "", "my-bucket.ports", 0, "day/one")),
    ("sftp://share", Address("sftp", "", "share", 0, "")),
    ("sftp://l5@share.example:2222/~/day", Address("sftp", "l5", "share.example", 2222, "~/day")),
    ("sftp://[::1]:22/day 1", Address("sftp", "", "[::1]", 22, "day 1")),
    ("gs://bucket/day", Address("gs", "", "bucket", 0, "day")),
]
NO_ADDRESS = [
    *("s3://", "s3:///day", "://", "x://", "ftp://share/day", "http://share/day", "file:///day"),
    *("sftp://-oProxyCommand=x/day", "sftp://l5 x@share/day", "sftp://-l@share/day"),
    *("sftp://share:port/day", "sftp://share:999999/day", "s3://bucket?x=1", "s3://bucket/#a"),
    *("s3://l5@bucket", "s3://bucket:80/day", "abfs://lanes@account/day", "sftp://share:65536"),
    *("s3://bucket/a\nb", "s3://bucket/\x1b[31m", "sftp://sh are/day", "sftp://[day/x"),
]
SECRET = [
    *("sftp://l5:hunter2@share/day", "sftp://:hunter2@share/day", "sftp://l5:hunter2/x@share/day"),
    *("sftp://l5:a@hunter2@share/day", "s3://AKIA:hunter2@bucket", "sftp://l5:hunter2#@share"),
    *("s3://bucket/day?secret=hunter2", "s3://bucket?a=1&SSLPassword=hunter2&b=2"),
    *("s3://bucket?X-Amz-Security-Token=hunter2", "SFTP://l5:hunter2@share"),
]


@pytest.mark.parametrize(("text", "address"), READ)
def test_what_an_address_says(text: str, address: Address) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_none(text: str) -> None:
    for call in (read_address, open_target):
        with pytest.raises(WrongUsage, match="is no target") as error:
            call(text)
        assert "s3://" in error.value.hint
        assert error.value.message.isprintable()


@pytest.mark.parametrize("text", SECRET)
def test_a_password_is_refused_and_not_repeated(text: str) -> None:
    for call in (read_address, open_target):
        with pytest.raises(WrongUsage, match="a password stands in the address") as error:
            call(text)
        assert "hunter2" not in str(error.value) + error.value.hint
        assert error.value.hint.startswith("Leave it out. ")
    assert "hunter2" not in shown(text) + words_of(text)


@given(st.text(st.sampled_from("ab:/@?#[]=& \x1bé"), max_size=14))
def test_any_text_after_the_scheme(rest: str) -> None:
    for scheme in ("s3", "sftp", "ftp"):
        text = f"{scheme}://{rest}"
        assert words_of(text).isprintable()
        try:
            found = read_address(text)
        except WrongUsage:
            continue
        assert found.host
        assert found.path == found.path.strip("/")
        assert ":" not in found.user
