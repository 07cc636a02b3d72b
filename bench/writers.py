"""Writers at a server who hold their transactions open, and somebody who pulls meanwhile."""

import random
import threading
import time
from collections.abc import Callable

import psycopg

from chains import OPERATION, chain, piece
from portcheck.journal.pieces import Piece, named, unpack
from portcheck.targets.server import rows
from portcheck.targets.target import open_target

_HELD = 0.01  # seconds at most that a transaction is held open


def opened(name: str, content: bytes) -> Piece:
    """A piece, by its name at a target."""
    own = named(name.split("/", 2)[2])
    assert own is not None
    return unpack(content, own)


def write_and_pull(address: str, writers: int, rounds: int) -> dict[str, int]:
    """Have so many writers put a chain each, an event at a time, while another pulls what is
    there; up to which event each chain was pulled, by label.

    Raises AssertionError where an event was skipped or came twice.
    """
    chains = [chain(rounds, f"L{number}") for number in range(writers)]
    failed: list[BaseException] = []
    ended = threading.Event()
    pulled: dict[str, int] = {}

    def write(own: int) -> None:
        with psycopg.connect(address) as connection:
            for at in range(rounds):
                name, content = piece(chains[own][at : at + 1])
                assert rows.put(connection, OPERATION, opened(name, content), len(content))
                time.sleep(random.uniform(0, _HELD))
                connection.commit()

    def pull(_: int) -> None:
        while not ended.is_set():
            _pull(address, pulled)

    threads = [
        threading.Thread(target=_noting, args=(write, number, failed)) for number in range(writers)
    ]
    puller = threading.Thread(target=_noting, args=(pull, 0, failed))
    for one in (*threads, puller):
        one.start()
    for one in threads:
        one.join()
    ended.set()
    puller.join()
    _pull(address, pulled)
    assert not failed, failed
    return pulled


def _noting(work: Callable[[int], None], number: int, failed: list[BaseException]) -> None:
    try:
        work(number)
    except BaseException as error:
        failed.append(error)
        raise


def _pull(address: str, pulled: dict[str, int]) -> None:
    """Fetch what is new, as who syncs does; each piece must follow what came before."""
    target = open_target(address, writing=False)
    for name in target.have(f"{OPERATION}/events"):
        own = named(name.split("/", 2)[2])
        assert own is not None
        label = own.chain.hex()
        if own.last > pulled.get(label, 0):
            found = opened(name, target.fetch(name))
            assert found.first == pulled.get(label, 0) + 1, name
            pulled[label] = found.head.seq
    target.close()
