"""What publishing an operation came to."""

from dataclasses import dataclass

from portcheck.store.finder import OperationRow


@dataclass(frozen=True, slots=True)
class Published:
    """An operation that was published: how many of its checks were written now (all of them
    where it is `whole`), of which devices more is awaited, and how much is disputed or pending.
    """

    operation: OperationRow
    checks: int
    whole: bool
    awaited: tuple[str, ...]
    disputes: int
    pending: int

    @property
    def complete(self) -> bool:
        """Whether everything is known of it."""
        return not (self.awaited or self.disputes or self.pending)
