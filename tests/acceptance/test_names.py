"""Names that look the same are the same; what is asked is logged, answered or not."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

UNSEEN = "\u200d\u00ad\ufe0f"


def test_names_that_differ_by_what_cannot_be_seen(desk: "Program") -> None:
    (desk.folder / "more.csv").write_text("Registration\nXY98 ZZZ\n", encoding="utf-8")
    found = desk.json("list", "import", "more.csv", "--list", f"CEC{UNSEEN}PT", "--yes")
    assert (found["list"], found["version"]) == ("CECPT", 2)
    assert desk.run("list", "show", f"cecpt{UNSEEN}").code == 0
    assert desk.run("op", "start", f"Dover{UNSEEN} 1").code == 3
    desk.good("op", "use", f"{UNSEEN}Dover 1")
    desk.good("--officer", f"47{UNSEEN}11", "--agency", f"Poli{UNSEEN}ce", "check", "AB99 XYZ")
    people = desk.query(
        "SELECT DISTINCT officer, agency FROM journal ORDER BY position DESC LIMIT 1"
    )
    assert people == [("4711", "Police")]


@pytest.mark.parametrize(
    ("asked", "verdicts", "code"),
    [
        (["AB12 CDE"], ["listed"], 0),
        (["AB12 CDE", "?!"], ["listed", "refused"], 3),
        (["?!", "*"], ["refused", "refused"], 3),
    ],
)
def test_every_look_up_is_logged(
    desk: "Program", asked: list[str], verdicts: list[str], code: int
) -> None:
    assert desk.run("lookup", *asked).code == code
    (logged,) = desk.json("audit", "log", "--kind", "record_consulted")[-1:]
    assert (logged["payload"]["queries"], logged["payload"]["verdicts"]) == (asked, verdicts)
