"""Characters that look alike: tables only, nothing is decided here.

Three kinds are kept apart.  *Shapes* are letters of another script that are
printed like a Latin one: on a plate they are the same character, so they fold
in the key.  *Letters* are Latin letters that Unicode does not take apart.
*Lookalikes* are different characters that a reader confuses: they never fold
in the key, only in the skeleton by which candidates are found.
"""

from typing import Final

# Cyrillic and Greek capitals by shape, never by sound: В is printed like B.
# The Bulgarian toll system asks for CB0000HP where a plate shows СВ0000НР.
CYRILLIC_SHAPES: Final = dict(zip("АВЕІӀЈКМНОРСТУҮХЅѴԚԜ", "ABEIIJKMHOPCTYYXSVQW", strict=True))
GREEK_SHAPES: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))

# Latin letters whose stroke or ligature is not a combining mark in Unicode.
LATIN_LETTERS: Final = {
    "Đ": "D",
    "Ð": "D",
    "Ħ": "H",
    "Ł": "L",
    "Ø": "O",
    "Ŧ": "T",
    "Æ": "AE",
    "ẞ": "SS",
    "Œ": "OE",
}

# What people write between the groups of a mark beside spaces, dashes and
# format characters (which are known by their Unicode category).  A semicolon,
# a plus or a bracket is not here: it says that there is more than one mark in
# the text, or a remark, and joining the two would give a key nobody looks up.
SEPARATORS: Final = frozenset("./\\,،:|¦~'\"`´΄῾᾿᾽`´ʻʽ′″‘’‚‛“”„«»‹›ʼʹ·•∙⋅‧・ꞏ●○◦∘°⁃−˗─⁄∕")

# Genetec AutoVu, "OCR equivalence": 0ODQ 1I 2Z 5S 8B 6G (Security Center
# Administrator Guide 5.12, techdocs.genetec.com).  The first of each stands
# for its class in a skeleton.
LOOKALIKE_CLASSES: Final = ("0ODQ", "1I", "2Z", "5S", "8B", "6G")
SKELETON: Final = {ord(other): members[0] for members in LOOKALIKE_CLASSES for other in members[1:]}
SKELETON_ALPHABET: Final = "".join(
    c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if ord(c) not in SKELETON
)
