"""A PostgreSQL database as a target: pieces come and go whole, and are kept as rows.

So the engine itself refuses what breaks a chain, and lets each role read the texts of its own
operations only.  The rows are `server/tables.sql`.
"""

from portcheck.errors import FileRefused
from portcheck.journal.pieces import Piece, named, unpack
from portcheck.targets.server import rows
from portcheck.targets.server.connection import Ask, Connection, Server
from portcheck.targets.server.news import hint
from portcheck.targets.server.rows import Fetched, Place
from portcheck.targets.server.version import hold_version
from portcheck.targets.target import MOST_BYTES, MOST_PIECES, checked, checked_piece

EVENTS = "events"


class Postgresql:
    """The pieces are rows of an exchange; what is no piece of a chain stands there as it is."""

    takes = True

    def __init__(self, text: str, *, writing: bool, ask: Ask | None = None) -> None:
        self._server = Server(text, ask)
        self.words = self._server.words
        self.plain = self._server.is_open_to_listeners
        self._writing = writing
        self._told = False
        self._ahead: dict[Place, Fetched] = {}
        self._server.run(lambda connection: hold_version(connection, self.words))

    def have(self, under: str) -> dict[str, int]:
        """The names of the pieces that this role may read, below a folder."""
        operation, _, inner = (checked(under) if under else "").partition("/")
        folder, _, chain = inner.partition("/")
        found: dict[str, int] = {}
        if folder in {"", EVENTS} and (not chain or _is_chain(chain)):
            of = bytes.fromhex(chain) if chain else None
            there = self._server.run(lambda connection: rows.pieces(connection, operation, of))
            found |= {f"{one.operation}/{EVENTS}/{one.piece}": size for one, size in there.items()}
        others = self._server.run(lambda connection: rows.contents(connection, operation))
        found |= {
            name: size for name, size in others.items() if not under or name.startswith(f"{under}/")
        }
        if len(found) > MOST_PIECES:
            raise FileRefused(f"there are more than {MOST_PIECES:,} pieces in it", where=self.words)
        return dict(sorted(found.items()))

    def fetch(self, name: str) -> bytes:
        """A piece, made of its rows, or what else stands under that name."""
        place = _place(checked(name))
        if place is None:
            content = self._server.run(lambda connection: rows.content(connection, name))
            if content is None:
                raise self._server.unreachable(f"has no {name} any more")
            if len(content) > MOST_BYTES:
                raise FileRefused("it is larger than a piece can be", where=f"{self.words}, {name}")
            return content
        if place not in self._ahead:
            self._ahead = self._server.run(lambda connection: rows.fetch(connection, place))
        found = self._ahead.pop(place, None)
        if found is None:
            raise self._server.unreachable(f"has no {name} any more")
        return rows.packed(place, found)

    def put(self, name: str, content: bytes) -> None:
        """Put a piece there, in a transaction of its own."""
        assert self._writing, "it was opened for reading"
        checked_piece(name, content)
        self._told = True
        place = _place(name)
        if place is None:
            self._put_content(name, content)
        else:
            self._put_piece(place, content)

    def close(self) -> None:
        """Leave the server: what was put is there since it was put."""
        self._ahead.clear()
        if self._told:
            self._server.run(hint)
            self._told = False
        self._server.close()

    def _put_content(self, name: str, content: bytes) -> None:
        def work(connection: Connection) -> bool:
            new = rows.put_content(connection, name, content)
            return new or rows.content(connection, name) == content

        if not self._server.run(work, "cannot be written"):
            raise FileRefused(
                "something else stands there under its name",
                where=f"{self.words}, {name}",
                hint="Nothing is written over there, and no piece of it is lost here.",
            )

    def _put_piece(self, place: Place, content: bytes) -> None:
        piece = unpack(content, place.piece)
        operation, size = place.operation, len(content)
        taken = self._server.run(
            lambda connection: rows.put(connection, operation, piece, size), "cannot be written"
        )
        if not taken:
            raise self._refused(piece)

    def _refused(self, piece: Piece) -> FileRefused:
        """Why the engine refused a piece, by what stands there."""
        chain, before = piece.head.chain, piece.first - 1
        own = {before: piece.events[0].previous} if before else {}
        own |= {one.header.seq: one.hash for one in piece.events}
        there = self._server.run(
            lambda connection: rows.stands(connection, chain, before, piece.head.seq)
        )
        where = f"{self.words}, chain {chain.hex()[:16]}"
        for seq in sorted(own.keys() & there.keys()):
            if there[seq] != own[seq]:
                return FileRefused(
                    f"its chain was continued twice: event {seq} is {there[seq].hex()[:16]} there,"
                    f" and {own[seq].hex()[:16]} here",
                    where=where,
                    hint="“portcheck sync” on the device whose chain it is says what to do.",
                )
        return FileRefused(
            f"events before {piece.first} are not there yet, and no gap is made",
            where=where,
            hint="Who has them puts them there with its next sync; then these follow.",
        )


def _place(name: str) -> Place | None:
    """Which piece of a chain a name names; None for anything else."""
    operation, _, inner = name.partition("/")
    folder, _, own = inner.partition("/")
    piece = named(own) if folder == EVENTS else None
    return Place(operation, piece) if piece else None


def _is_chain(text: str) -> bool:
    return named(f"{text}/{1:09}-{1:09}-{'0' * 16}.piece") is not None
