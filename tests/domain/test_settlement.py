"""Lists and payments held against each other."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portcheck.domain.settlement import (
    Act,
    Key,
    Recorded,
    Shown,
    by_line,
    key_of_line,
    records_of,
    reference_key,
    same_line,
    settle,
    spread,
    together,
)

DAY = date(2021, 6, 17)
NOON = datetime(2021, 6, 17, 12, tzinfo=UTC)


def shown(owed: int | None, *, late: int = 0) -> Shown:
    """What a list gives that is dated so many days after the payments."""
    return Shown(owed, DAY + timedelta(days=late))


def paid(
    pence: int, owed: int | None, *, place: int = 1, action: str = "part_paid", late: int = 0
) -> Recorded:
    """A payment at a check where the list gave `owed`."""
    at = NOON + timedelta(minutes=place)
    ref = f"L1-{place:03}"
    return Recorded(ref, "op", "Day", ref, at, action, pence, pence, shown(owed, late=late))


def paid_so(amounts: Sequence[int], owed: int | None) -> list[Recorded]:
    return [paid(pence, owed, place=place) for place, pence in enumerate(amounts)]


Case = tuple[list[Recorded], Shown, int | None, list[int], bool, bool, bool]
CASES: dict[str, Case] = {
    # records, newest showing; left, taken, whether settled, in the list, in doubt
    "nothing recorded": ([], shown(500), 500, [], False, False, False),
    "nothing recorded, no sum": ([], shown(None), None, [], False, False, False),
    "paid in full, the same list": ([paid(500, 500)], shown(500), 0, [500], True, False, False),
    "paid in part, the same list": ([paid(200, 500)], shown(500), 300, [200], False, False, False),
    "the newer list does not know": (
        [paid(200, 500)],
        shown(500, late=3),
        300,
        [200],
        False,
        False,
        False,
    ),
    "the newer list knows": ([paid(200, 500)], shown(300, late=3), 300, [200], False, True, False),
    "the newer list, of the same day, knows": (
        [paid(200, 500)],
        shown(300),
        300,
        [200],
        False,
        True,
        False,
    ),
    "a list from before the payment cannot know": (
        [paid(200, 500)],
        shown(300, late=-1),
        100,
        [200],
        False,
        False,
        True,
    ),
    "the newer list is higher": ([paid(200, 500)], shown(600), 400, [200], False, False, True),
    "lower by something else": ([paid(200, 500)], shown(350), 150, [200], False, False, True),
    "lower by more than was owed here": ([paid(500, 500)], shown(20), 0, [500], False, False, True),
    "paid in full, then higher": ([paid(500, 500)], shown(700), 200, [500], False, False, True),
    "the newer list says nothing is owed": (
        [paid(200, 500)],
        shown(0),
        0,
        [200],
        True,
        True,
        False,
    ),
    "the newer list gives no sum": ([paid(200, 500)], shown(None), None, [200], False, False, True),
    "a sum where there was none": ([paid(200, None)], shown(500), 300, [200], False, False, True),
    "no sum, before and after": (
        [paid(200, None)],
        shown(None),
        None,
        [200],
        False,
        False,
        False,
    ),
    "more than was owed": ([paid(900, 500)], shown(500), 0, [500], True, False, False),
    "two payments, the first is known": (
        [paid(100, 500), paid(150, 500, place=2)],
        shown(400),
        250,
        [100, 150],
        False,
        True,
        False,
    ),
    "two payments, the second is known": (
        [paid(100, 500), paid(150, 500, place=2)],
        shown(350),
        250,
        [100, 150],
        False,
        True,
        False,
    ),
    "two payments, both are known": (
        [paid(100, 500), paid(150, 500, place=2)],
        shown(250),
        250,
        [100, 150],
        False,
        True,
        False,
    ),
    "one known at the next check, where the rest was paid": (
        [paid(200, 500), paid(300, 300, place=2)],
        shown(300),
        0,
        [200, 300],
        True,
        True,
        False,
    ),
    "and the list after that knows all": (
        [paid(200, 500), paid(300, 300, place=2)],
        shown(0),
        0,
        [200, 300],
        True,
        True,
        False,
    ),
    "a doubt that the next list resolves": (
        [paid(200, 500), paid(100, 600, place=2)],
        shown(500),
        200,
        [200, 100],
        False,
        False,
        False,
    ),
    "nothing was paid": (
        [paid(0, 500, action="refused")],
        shown(500),
        500,
        [0],
        False,
        False,
        False,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_left(case: Case) -> None:
    records, newest, left, taken, settled, in_list, doubt = case
    found = settle(records, newest)
    assert (found.left_pence, list(found.taken)) == (left, taken)
    assert (found.settled, found.in_list, found.doubt) == (settled, in_list, doubt)
    assert [one + over for one, over in zip(taken, found.over, strict=True)] == [
        one.given_pence for one in records
    ]


pence = st.integers(1, 400)
amounts = st.lists(pence, min_size=1, max_size=5)
sums = st.none() | st.integers(0, 900)


@given(amounts, st.integers(1, 900), st.integers(0, 3))
def test_the_same_balance_again_and_the_payments_are_taken_off(
    given_here: list[int], owed: int, late: int
) -> None:
    found = settle(paid_so(given_here, owed), shown(owed, late=late))
    assert found.left_pence == max(owed - sum(given_here), 0)
    assert sum(found.over) == max(sum(given_here) - owed, 0)
    assert (found.doubt, found.in_list) == (False, False)
    assert found.settled == (sum(given_here) >= owed)


@given(amounts, st.data())
def test_a_list_that_has_the_first_payments_leaves_the_same(
    given_here: list[int], data: st.DataObject
) -> None:
    owed = sum(given_here) + data.draw(st.integers(0, 100))
    known = sum(given_here[: data.draw(st.integers(1, len(given_here)))])
    assume(known < owed)
    found = settle(paid_so(given_here, owed), shown(owed - known, late=1))
    assert (found.left_pence, found.doubt) == (owed - sum(given_here), False)


@given(amounts, st.integers(1, 900), st.integers(1, 900))
def test_a_balance_that_no_payment_explains_is_a_doubt_and_never_settled(
    given_here: list[int], owed: int, newest: int
) -> None:
    taken = settle(paid_so(given_here, owed), shown(owed)).taken
    explained = {owed - pence for pence in (0, *taken, *accumulate(taken))}
    found = settle(paid_so(given_here, owed), shown(newest, late=1))
    assert found.doubt == (newest not in explained)
    assert not (found.doubt and found.settled)


@given(st.lists(st.tuples(pence, sums), max_size=6), sums)
def test_money_is_neither_made_nor_lost(paid_at: list[tuple[int, int | None]], owed: int) -> None:
    records = [paid(pence, sum_, place=n) for n, (pence, sum_) in enumerate(paid_at)]
    found = settle(records, shown(owed, late=1))
    assert sum(found.taken) + sum(found.over) == sum(pence for pence, _ in paid_at)
    assert min((*found.taken, *found.over, 0)) == 0
    assert (found.left_pence is None) == (owed is None)
    assert found.left_pence is None or 0 <= found.left_pence <= (owed or 0)


LINES: list[Key] = [("cp1", "acme", ""), ("cp1", "smith", ""), ("cp1", "", "driver")]


@given(st.lists(st.tuples(pence, st.lists(sums, min_size=1, max_size=3)), max_size=5))
def test_what_is_given_to_several_lines_is_all_given(
    acts: list[tuple[int, list[int | None]]],
) -> None:
    given_out = by_line(
        Act(
            paid(amount, None, place=place),
            tuple((key, shown(owed)) for key, owed in zip(LINES, owing, strict=False)),
        )
        for place, (amount, owing) in enumerate(acts)
    )
    assert sum(one.given_pence for some in given_out.values() for one in some) == sum(
        amount for amount, _ in acts
    )


def test_lines_without_a_sum_take_what_the_others_leave() -> None:
    lines = tuple(zip(LINES, map(shown, (None, 300, 100)), strict=True))
    found = by_line([Act(paid(1000, None), lines)])
    assert {key: [one.given_pence for one in some] for key, some in found.items()} == {
        LINES[0]: [600],
        LINES[1]: [300],
        LINES[2]: [100],
    }


ANYBODYS = ("cp1", "", "")


@given(st.text(st.characters(max_codepoint=127)))
def test_a_reference_in_ascii_is_read_as_any_other(text: str) -> None:
    """A letter that is not, of a word of its own, takes the other way through."""
    assert reference_key(f"{text} é") == f"{reference_key(text)}e"


SPREAD: list[tuple[int, list[tuple[Key, int | None]], list[int | None]]] = [
    (300, [(LINES[0], 240), (LINES[1], 100)], [240, 60]),
    (300, [(LINES[1], 100), (LINES[0], 240)], [60, 240]),
    (400, [(LINES[0], 240), (LINES[1], 100)], [300, 100]),
    (300, [(ANYBODYS, 340), (LINES[0], 240), (LINES[1], 100)], [None, 240, 60]),
    (300, [(ANYBODYS, None), (LINES[0], 240), (LINES[1], None)], [None, 240, 60]),
    (300, [(ANYBODYS, 340), (LINES[0], 240)], [300, 0]),  # known to be another's
    (300, [(ANYBODYS, 240)], [300]),
    (300, [(LINES[2], 50), (LINES[0], 240), (LINES[1], 100)], [50, 240, 10]),  # a driver's
]


@pytest.mark.parametrize(("amount", "left", "parts"), SPREAD)
def test_how_a_payment_is_spread(
    amount: int, left: list[tuple[Key, int | None]], parts: list[int | None]
) -> None:
    found = spread(amount, left)
    assert [found.get(key) for key, _ in left] == parts


def test_what_is_over_stands_with_the_first_line() -> None:
    lines = tuple(zip(LINES, map(shown, (200, 300)), strict=False))
    found = by_line([Act(paid(1000, None), lines)])
    assert [settle(some, some[0].shown).over for some in found.values()] == [(500,), (0,)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("CP-1042", "cp 1042", True),
        ("CP/1042", "CP1042", True),
        ("CP-1042", "CP-1043", False),
        ("1/12", "11/2", False),
        ("1/12", "1-12", True),
        ("1/12", "112", False),
        ("CP 11", "CP-1-1", False),
        ("Überweisung 3", "UBERWEISUNG-3", True),
        ("--", "", True),
    ],
)
def test_a_reference_is_known_in_whatever_way_it_is_written(
    one: str, other: str, same: bool
) -> None:
    assert (reference_key(one) == reference_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("1", "Acme Ltd", ""), ("1", "ACME LIMITED", "owner"), True),
        (("1", "Acme Ltd", "owner"), ("1", "J Smith", "owner"), False),
        (("1", "Acme Ltd", "owner"), ("2", "Acme Ltd", "owner"), False),
        (("1", "Acme Ltd", "owner"), ("1", "", ""), True),
        (("1", "Acme Ltd", "owner"), ("1", "", "driver"), False),
        (("1", "", "owner"), ("1", "", "driver"), False),
        (("1", "", "owner"), ("1", "", ""), True),
    ],
)
def test_a_line_is_known_by_reference_and_party(
    one: tuple[str, str, str], other: tuple[str, str, str], same: bool
) -> None:
    keys = key_of_line(*one), key_of_line(*other)
    assert same_line(*keys) is same_line(*reversed(keys)) is same
    found = together(keys)
    assert (found[keys[0]] == found[keys[1]]) is same


def test_a_line_of_nobody_joins_nobody_where_two_are_named() -> None:
    owner, driver, nobody = ("1", "acme", "owner"), ("1", "smith", "driver"), ("1", "", "")
    found = together([owner, driver, nobody])
    assert found == {owner: ("1", "acme", ""), driver: ("1", "smith", ""), nobody: nobody}
    records = {owner: [paid(1, 5, place=2)], driver: [paid(2, 5, place=1)]}
    assert [one.given_pence for one in records_of(nobody, records)] == [2, 1]
    assert [one.given_pence for one in records_of(owner, records)] == [1]


@pytest.mark.parametrize(
    ("amount", "owed", "said"),
    [(500, 500, "paid_in_full"), (499, 500, "part_paid"), (5, None, "paid_in_full")],
)
def test_paid_in_full_with_less_than_was_owed_is_paid_in_part(
    amount: int, owed: int | None, said: str
) -> None:
    found = settle([paid(amount, owed, action="paid_in_full")], shown(owed))
    assert found.action(0) == said
