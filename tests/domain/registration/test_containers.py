"""Container numbers: what is said about each, and that none is refused."""

import pytest

from portcheck.services.matching.containers import container_remark


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("CSQU3054383", ""),
        ("csqu 305438 3", ""),
        ("CSQU-305438/3", ""),
        ("TASU1170000", ""),
        ("CSQU3054389", "check digit should be 3, not 9"),
        ("CSQU305438", "a container number has 11 characters, this has 10"),
        ("", "a container number has 11 characters, this has 0"),
        ("C5QU3054383", "a container number begins with three letters, not C5Q"),
        ("ÉÉÉU3054383", "a container number begins with three letters, not ÉÉÉ"),
        ("CSQX3054383", "the fourth letter is U, J or Z, not X"),
        ("CSQU30543B3", "seven digits stand at the end, not 30543B3"),
        ("CSQU305438٣", "seven digits stand at the end, not 305438٣"),
    ],
)
def test_remark(text: str, remark: str) -> None:
    assert container_remark(text) == remark


def test_a_check_digit_of_ten_is_written_nought() -> None:
    assert container_remark("TASU1170001") == "check digit should be 0, not 1"
