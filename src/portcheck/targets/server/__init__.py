"""The exchange in a PostgreSQL database: its tables, its roles, and what is asked of it."""

from portcheck.errors import Refused

try:
    import psycopg  # noqa: F401 - an extra
except ImportError as missing:
    raise Refused(
        "PostgreSQL cannot be used here: psycopg is not installed",
        hint="Install it with “pip install 'portcheck[postgresql]'”.",
    ) from missing
