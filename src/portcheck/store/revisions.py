"""The schema's revisions, oldest first; the migrations of the same names make them."""

REVISIONS = ("0001", "0002")
HEAD = REVISIONS[-1]
