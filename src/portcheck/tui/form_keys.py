"""The keys of a form: every field's own, and those of its options."""

from string import ascii_uppercase

from portcheck.domain.fields import Field, Kind

OPTION_KEYS = "1234567890.," + ascii_uppercase
"""The keys of a field's options, in order: none of them is a field's letter."""

YES, NO = "yes", "no"


def options_of(field: Field) -> tuple[str, ...]:
    """What can be chosen for a field with one key."""
    return (YES, NO) if field.kind is Kind.FLAG else field.choices


def letters_for(fields: tuple[Field, ...]) -> dict[str, Field]:
    """The fields by their letters, one or two each, as the registry pins them."""
    return {field.letter: field for field in fields}
