"""Whether this machine's clock can be believed."""

from dataclasses import replace

from portcheck.domain.answer import Answer
from portcheck.domain.text import one_line
from portcheck.domain.times import SET_EVERY_DAY, utc_text
from portcheck.journal.append import latest
from portcheck.services.context import Context


def behind(context: Context) -> str:
    """That this machine's clock is behind its own journal, in words; "" where it is not."""
    newest = latest(context.connection)
    now = context.now()
    if newest is None or newest[2] <= utc_text(now + SET_EVERY_DAY):
        return ""
    device, seq, at = newest
    return (
        f"THIS MACHINE'S CLOCK IS BEHIND its own journal: it says {_minute(utc_text(now))}, and "
        f"event {device} {seq} was recorded at {_minute(at)}. Set it: ages of lists and dates for "
        "payment are reckoned from it"
    )


def remarked(context: Context, answer: Answer) -> Answer:
    """The answer, saying so where this machine's clock is behind its own journal."""
    told = behind(context)
    return replace(answer, remarks=(told, *answer.remarks)) if told else answer


def _minute(text: str) -> str:
    return one_line(f"{text[:16].replace('T', ' ')} UTC")
