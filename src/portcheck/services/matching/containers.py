"""Container numbers: what is wrong with one, in words; never a refusal.

ISO 6346: an owner code of three letters, U, J or Z, six digits and a check
digit.  python-stdnum knows the rule; it is imported when a number is typed.
"""

from portcheck.domain.text import one_line

_CATEGORIES = "UJZ"
_LENGTH = 11
CHECK_DIGIT = "check digit"
"""What a remark begins with where nothing but the check digit is wrong."""

_SEPARATORS = str.maketrans("", "", " -./")


def container_remark(text: str) -> str:
    """What is wrong with a container number, in one sentence; "" when nothing is.

    The number is taken as typed all the same: a wrong digit may stand on the
    box.  Spaces, hyphens, full stops and slashes are passed over.

    >>> container_remark("CSQU 305438-3")
    ''
    >>> container_remark("CSQU3054389")
    'check digit should be 3, not 9'
    """
    from stdnum import iso6346  # noqa: PLC0415 - only a check with a container needs it
    from stdnum.exceptions import InvalidChecksum, ValidationError  # noqa: PLC0415

    number = iso6346.compact(one_line(text).translate(_SEPARATORS))
    if len(number) != _LENGTH:
        return f"a container number has 11 characters, this has {len(number)}"
    if not (number[:3].isascii() and number[:3].isalpha()):
        return f"a container number begins with three letters, not {number[:3]}"
    if number[3] not in _CATEGORIES:
        return f"the fourth letter is U, J or Z, not {number[3]}"
    if not (number[4:].isascii() and number[4:].isdigit()):
        return f"seven digits stand at the end, not {number[4:]}"
    try:
        iso6346.validate(number)
    except InvalidChecksum:
        right = iso6346.calc_check_digit(number[:-1])
        return f"{CHECK_DIGIT} should be {right}, not {number[-1]}"
    except ValidationError:
        return f"{number} is not a well-formed container number"
    return ""
