"""Formats of registrations by country, one row each; a row's example is its test.

A format is a regular expression over a key, matched whole, in which a space,
a hyphen or a full stop outside brackets is where the mark is parted when it
is shown.  Rows only suggest, display and warn: between 10 and 30 % of real
marks fit none.  Where a row was read stands with its country in `countries`.
"""

from typing import Final, NamedTuple

VEHICLE: Final = "vehicle"
TRAILER: Final = "trailer"
PERSONAL: Final = "personal"
OTHER: Final = "other"


class Format(NamedTuple):
    """A shape of mark that `country` issues, for what `kind` of unit, with an example as shown."""

    country: str
    kind: str
    pattern: str
    example: str


# Letters that stand in both alphabets, as printed.
_BG: Final = "[ABCEHKMOPTXY]"
_BY: Final = "[ABCEHIKMOPTX]"
_GR: Final = "[ABEHIKMNOPTXYZ]"
# Letters a country issues.
_CZ: Final = "[A-FH-NPR-VX-Z]"
_ES: Final = "[BCDFGHJ-NPR-TV-Z]"
_FR: Final = "[A-HJ-NP-TV-Z]"
_IT: Final = "[A-HJ-NPR-TV-Z]"
_PL: Final = "[ACE-HJ-NPR-Y]"
_TR: Final = "[A-PR-VYZ]"
_PROVINCE_TR: Final = r"(?:0[1-9]|[1-7]\d|8[01])"
_DEPARTMENT_FR: Final = r"(?:0[1-9]|[1-8]\d|9[0-5]|97[1-6]|2[AB])"
_COUNTY_IE: Final = "(?:C[ENW]?|DL?|G|K[EKY]|L[DHKMS]?|M[HNO]|OY|RN|SO|T[NS]?|W[DHWX]?)"
_CANTON_CH: Final = "(?:A[GIR]|B[ELS]|FR|G[ELR]|JU|LU|N[EW]|OW|S[GHOZ]|T[GI]|UR|V[DS]|Z[GH])"
_COUNTY_RO: Final = (
    "(?:A[BGR]|B[CHNRTVZ]|C[JLSTV]|D[BJ]|G[JLR]|H[DR]|I[FLS]|M[HMS]|NT|OT|PH|S[BJMV]|T[LMR]|V[LNS])"
)
_TOWN_SI: Final = "(?:CE|GO|K[KPR]|LJ|M[BS]|NM|PO|SG)"

FORMATS: Final = (
    Format("GB", VEHICLE, r"[A-HJ-PR-Y]{2}\d{2} [A-HJ-PR-Z]{3}", "AB12 CDE"),
    Format("GB", VEHICLE, r"[A-HJ-NP-TV-Y][1-9]\d{0,2} [A-HJ-PR-Z]{3}", "H123 JKL"),
    Format("GB", VEHICLE, r"[A-Z]{3} [1-9]\d{0,2}[A-HJ-NPR-TV-Y]", "ABC 123T"),
    Format("GB", VEHICLE, r"[A-Z]{1,3} [1-9]\d{0,3}", "ABZ 1234"),
    Format("GB", VEHICLE, r"[1-9]\d{0,3} [A-Z]{1,3}", "1234 AB"),
    Format("GB", TRAILER, r"[A-Z]\d{3} \d{4}", "A123 4567"),
    Format("GB", OTHER, r"\d{2} [A-Z]{2} \d{2}", "12 AB 34"),
    Format("GB", OTHER, r"[A-Z]{2} \d{2} [A-Z]{2}", "AB 12 CD"),
    Format("GB", OTHER, r"\d{3} [DX] \d{3}", "101 D 123"),
    Format("IE", VEHICLE, rf"\d{{2}}[12]?-{_COUNTY_IE}-[1-9]\d{{0,5}}", "131-D-12345"),
    Format("IE", VEHICLE, r"[A-Z]{2,3} [1-9]\d{0,3}", "ZA 1234"),
    Format("IE", VEHICLE, r"[1-9]\d{0,3} [A-Z]{2,3}", "123 ABI"),
    Format("FR", VEHICLE, rf"{_FR}{{2}}-\d{{3}}-{_FR}{{2}}", "AB-123-CD"),
    Format("FR", VEHICLE, rf"[1-9]\d{{0,3}} {_FR}{{1,3}} {_DEPARTMENT_FR}", "1234 AB 75"),
    Format("FR", OTHER, rf"W-\d{{3}}-{_FR}{{2}}", "W-123-AB"),
    Format("NL", VEHICLE, r"[A-Z]{2}-\d{2}-\d{2}", "AB-12-34"),
    Format("NL", VEHICLE, r"\d{2}-\d{2}-[A-Z]{2}", "12-34-AB"),
    Format("NL", VEHICLE, r"\d{2}-[A-Z]{2}-\d{2}", "12-AB-34"),
    Format("NL", VEHICLE, r"[A-Z]{2}-\d{2}-[A-Z]{2}", "AB-12-CD"),
    Format("NL", VEHICLE, r"[A-Z]{2}-[A-Z]{2}-\d{2}", "BX-AB-12"),
    Format("NL", VEHICLE, r"\d{2}-[A-Z]{2}-[A-Z]{2}", "12-AB-CD"),
    Format("NL", VEHICLE, r"\d{2}-[A-Z]{3}-\d", "12-BCD-3"),
    Format("NL", VEHICLE, r"\d-[A-Z]{3}-\d{2}", "1-BCD-23"),
    Format("NL", VEHICLE, r"[A-Z]{2}-\d{3}-[A-Z]", "AB-123-C"),
    Format("NL", VEHICLE, r"[A-Z]-\d{3}-[A-Z]{2}", "V-123-AB"),
    Format("NL", VEHICLE, r"[A-Z]{3}-\d{2}-[A-Z]", "VAB-12-C"),
    Format("NL", VEHICLE, r"[A-Z]-\d{2}-[A-Z]{3}", "V-12-BCD"),
    Format("NL", VEHICLE, r"\d-[A-Z]{2}-\d{3}", "1-VB-234"),
    Format("NL", VEHICLE, r"\d{3}-[A-Z]{2}-\d", "123-VB-4"),
    Format("NL", TRAILER, r"[OW][A-Z]-\d{2}-[A-Z]{2}", "OR-12-AB"),
    Format("NL", TRAILER, r"[OW][A-Z]-[A-Z]{2}-\d{2}", "OA-BC-12"),
    Format("BE", VEHICLE, r"[1-9]-[A-Z]{3}-\d{3}", "1-ABC-234"),
    Format("BE", VEHICLE, r"[A-Z]{3}-\d{3}", "ABC-123"),
    Format("BE", VEHICLE, r"\d{3}-[A-Z]{3}", "123-ABC"),
    Format("BE", TRAILER, r"Q-[A-Z]{3}-\d{3}", "Q-ABC-123"),
    Format("BE", OTHER, r"[GMOSTUWZ]-[A-Z]{3}-\d{3}", "G-ABC-123"),
    Format("DE", VEHICLE, r"[A-Z]{2,5} [1-9]\d{0,3}[EH]?", "MUAB 12"),
    Format("DE", OTHER, r"[A-Z]{1,3} 0\d{2,5}", "HH 04123"),
    Format("DE", OTHER, r"[A-Z]{1,3} [1-9]\d{0,5}", "B 30123"),
    Format("DE", OTHER, r"0\d{2,6}", "017123"),
    Format("PL", VEHICLE, r"[A-PR-Z]{2} \d{5}", "WI 12345"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{2}} \d{{4}}{_PL}", "WI 1234A"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{2}} \d{{3}}{_PL}{{2}}", "GD 123XY"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{2}} \d{_PL}{{1,2}}\d{{2,3}}", "KR 1AC23"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{3}} {_PL}\d{{3}}", "PZA A123"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{3}} {_PL}{{2}}\d{{2}}", "WGM AC12"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{3}} \d{{2}}{_PL}{{2}}", "WGM 12AC"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{3}} \d{{1,2}}{_PL}\d{{1,2}}", "WGM 1A23"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{3}} \d{_PL}{{2}}\d", "WGM 1AC2"),
    Format("PL", VEHICLE, r"[A-PR-Z]{3} \d{5}", "WGM 12345"),
    Format("PL", VEHICLE, rf"[A-PR-Z]{{3}} (?:\d{{4}}{_PL}|\d{{3}}{_PL}{{2}})", "WGM 1234A"),
    Format("PL", PERSONAL, r"[A-PR-Z]\d [A-PR-Z0-9]{3,5}", "W1 ABCDE"),
    Format("RO", VEHICLE, r"B \d{2,3} [A-Z]{3}", "B 123 ABC"),
    Format("RO", VEHICLE, rf"{_COUNTY_RO} \d{{2}} [A-Z]{{3}}", "CJ 12 ABC"),
    Format("RO", OTHER, rf"(?:B|{_COUNTY_RO}) \d{{5,6}}", "CJ 012345"),
    Format("LT", VEHICLE, r"[A-Z]{3} \d{3}", "ABC 123"),
    Format("LT", TRAILER, r"[A-Z]{2} \d{3}", "AB 123"),
    Format("BG", VEHICLE, rf"{_BG}{{1,2}} \d{{4}} {_BG}{{2}}", "CB 1234 HP"),
    Format("BG", TRAILER, rf"{_BG}{{1,2}} \d{{4}} E{_BG}", "CA 1234 EX"),
    Format("BG", PERSONAL, rf"{_BG}{{1,2}} {_BG}{{6}}", "CB BABAPA"),
    Format("BG", OTHER, r"\d{3} [BHT] \d{3}", "123 H 456"),
    Format("ES", VEHICLE, rf"\d{{4}} {_ES}{{3}}", "1234 BCD"),
    Format("ES", TRAILER, rf"R \d{{4}} {_ES}{{3}}", "R 1234 BCD"),
    Format("ES", TRAILER, r"[A-Z]{1,2}-\d{5}-R", "M-12345-R"),
    Format("ES", VEHICLE, r"[A-Z]{1,2}-\d{4}-[A-Z]{1,2}", "M-1234-AB"),
    Format("ES", OTHER, r"[A-Z]{1,2}-[1-9]\d{0,5}", "M-123456"),
    Format("ES", OTHER, rf"[CEHPSTV] \d{{4}} {_ES}{{3}}", "P 1234 BCD"),
    Format("IT", VEHICLE, rf"{_IT}{{2}} \d{{3}} {_IT}{{2}}", "AB 123 CD"),
    Format("IT", TRAILER, rf"{_IT}{{2}} \d{{5}}", "AB 12345"),
    Format("PT", VEHICLE, r"[A-Z]{2}-\d{2}-[A-Z]{2}", "AB-12-CD"),
    Format("PT", VEHICLE, r"\d{2}-[A-Z]{2}-\d{2}", "12-AB-34"),
    Format("PT", VEHICLE, r"\d{2}-\d{2}-[A-Z]{2}", "12-34-AB"),
    Format("PT", VEHICLE, r"[A-Z]{2}-\d{2}-\d{2}", "AB-12-34"),
    Format("PT", TRAILER, r"[A-Z]{1,2}-\d{5,6}", "L-123456"),
    Format("HU", VEHICLE, r"[A-Z]{2} [A-Z]{2}-\d{3}", "AA BC-123"),
    Format("HU", VEHICLE, r"[A-Z]{3}-\d{3}", "ABC-123"),
    Format("HU", OTHER, r"[A-Z]{2} \d{4}", "CD 1234"),
    Format("CZ", VEHICLE, rf"\d{_CZ}[0-9A-FH-NPR-VX-Z] \d{{4}}", "1AB 2345"),
    Format("CZ", VEHICLE, r"[A-Z]{2,3} \d{2}-\d{2}", "ABC 12-34"),
    Format("CZ", VEHICLE, r"EL \d{3} [A-Z]{2}", "EL 123 AB"),
    Format("CZ", PERSONAL, r"(?=.*\d)[A-FH-NPR-VX-Z0-9]{8}", "TRANS123"),
    Format("SK", VEHICLE, r"[A-Z]{2} \d{3} [A-Z]{2}", "BA 123 AB"),
    Format("SK", TRAILER, r"[A-Z]{2} \d{3} Y[A-Z]", "BA 123 YB"),
    Format("SK", PERSONAL, r"[A-Z]{2} [A-Z0-9]{5}", "BA TRANS"),
    Format("TR", VEHICLE, rf"{_PROVINCE_TR} {_TR} \d{{4,5}}", "34 A 1234"),
    Format("TR", VEHICLE, rf"{_PROVINCE_TR} {_TR}{{2}} \d{{3,4}}", "34 AB 1234"),
    Format("TR", VEHICLE, rf"{_PROVINCE_TR} {_TR}{{3}} \d{{2,3}}", "34 ABC 123"),
    Format("UA", VEHICLE, rf"(?:{_BY}{{2}}|ED|DC|DI|PD) \d{{4}} {_BY}{{2}}", "AA 1234 BC"),
    Format("UA", TRAILER, rf"(?:{_BY}{{2}}|ED|DC|DI|PD) \d{{4}} [CFX][A-Z]", "AA 1234 XF"),
    Format("UA", OTHER, rf"{_BY}{{2}} \d{{4}} [QUYZ][A-Z]", "AA 1234 ZK"),
    Format("UA", OTHER, rf"\d{{5}} {_BY}{{2}}", "12345 AB"),
    Format("LV", VEHICLE, r"[A-Z]{2}-[1-9]\d{0,3}", "AB-1234"),
    Format("LV", TRAILER, r"[A-Z]\d{1,4}", "P1234"),
    Format("LV", TRAILER, r"[A-Z]\d{1,2}[A-Z]{1,2}", "A12BC"),
    Format("EE", VEHICLE, r"\d{2,3} [A-Z]{3}", "123 ABC"),
    Format("EE", TRAILER, r"\d{3} [A-Z]{2}", "123 AB"),
    Format("AT", VEHICLE, r"[A-Z]{1,2} [1-9]\d{0,4}[A-Z]{1,3}", "W 12345A"),
    Format("AT", PERSONAL, r"[A-Z]{2,7}[1-9]\d{0,3}", "WTRANS1"),
    Format("AT", OTHER, r"[A-Z]{1,2} [1-9]\d{0,4}", "W 1234"),
    Format("CH", VEHICLE, rf"{_CANTON_CH} [1-9]\d{{0,5}}[UVZ]?", "ZH 123456"),
    Format("CH", OTHER, r"M [1-9]\d{3,5}", "M 12345"),
    Format("SI", VEHICLE, rf"{_TOWN_SI} [0-9A-Z]{{2}}-[0-9A-Z]{{3}}", "LJ AB-123"),
    Format("SI", PERSONAL, rf"{_TOWN_SI} [0-9A-Z]{{4,6}}", "LJ TRANS1"),
    Format("HR", VEHICLE, r"[A-Z]{2} \d{3,4}-[A-Z]{1,2}", "ZG 1234-AB"),
    Format("RS", VEHICLE, r"[A-Z]{2} \d{3,5}-[A-Z]{2}", "BG 1234-AB"),
    Format("RS", TRAILER, r"[A-Z]{2}-\d{2,3} [A-Z]{2}", "AB-12 BG"),
    Format("LU", VEHICLE, r"[A-Z]{2} \d{4}", "AB 1234"),
    Format("LU", VEHICLE, r"[1-9]\d{3,5}", "12345"),
    Format("LU", TRAILER, r"[A-Z]{2} \d{3}", "AB 123"),
    Format("GR", VEHICLE, rf"{_GR}{{3}}-\d{{4}}", "IKA-1234"),
    Format("GR", VEHICLE, rf"{_GR}{{2}}-\d{{4}}", "AB-1234"),
    Format("GR", TRAILER, rf"{_GR}-\d{{4,6}}", "P-12345"),
    Format("DK", VEHICLE, r"[A-Z]{2} \d{2} \d{3}", "AB 12 345"),
    Format("DK", TRAILER, r"[A-Z]{2} \d{4}", "AB 1234"),
    Format("SE", VEHICLE, r"[A-HJ-PR-UW-Z]{3} \d{2}[0-9A-HJ-NPR-UW-Z]", "ABC 12D"),
    Format("NO", VEHICLE, r"[A-Z]{2} \d{5}", "AB 12345"),
    Format("NO", TRAILER, r"[A-Z]{2} \d{4}", "AB 1234"),
    Format("FI", VEHICLE, r"[A-Z]{2,3}-[1-9]\d{0,2}", "ABC-123"),
    Format("FI", TRAILER, r"[DPW][A-Z]{2}-[1-9]\d{0,3}", "PAB-123"),
    Format("BA", VEHICLE, r"[AEJKMOT]\d{2}-[AEJKMOT]-\d{3}", "A12-K-345"),
    Format("MK", VEHICLE, r"[A-Z]{2} \d{3,4}-[A-Z]{2}", "SK 1234-AB"),
    Format("MD", VEHICLE, r"[A-Z]{3} \d{3}", "ABC 123"),
    Format("MD", VEHICLE, r"(?:C|K|[A-Z]{2}) [A-Z]{2} \d{2,3}", "BL AB 123"),
    Format("BY", VEHICLE, rf"{_BY}{{2}} \d{{4}}-[0-8]", "AB 1234-5"),
    Format("BY", VEHICLE, rf"(?:\d|E)\d{{3}} {_BY}{{2}}-[0-8]", "1234 AB-5"),
    Format("BY", TRAILER, rf"{_BY}\d{{4}}{_BY}-[0-8]", "A1234B-5"),
    Format("RU", VEHICLE, rf"{_BG}\d{{3}}{_BG}{{2}} \d{{2,3}}", "A123BC 77"),
    Format("RU", TRAILER, rf"{_BG}{{2}}\d{{4}} \d{{2,3}}", "AB1234 77"),
    Format("GE", VEHICLE, r"[A-Z]{2}-\d{3}-[A-Z]{2}", "AB-123-CD"),
    Format("GE", VEHICLE, r"[A-Z]{3}-\d{3}", "ABC-123"),
    Format("ME", VEHICLE, r"[A-Z]{2} [A-Z]{2}\d{3}", "PG AB123"),
    Format("AL", VEHICLE, r"[A-Z]{2} \d{3} [A-Z]{2}", "AA 123 BB"),
    Format("XK", VEHICLE, r"0[1-7]-\d{3}-[A-Z]{2}", "01-234-AB"),
    Format("CY", VEHICLE, r"[A-Z]{3} \d{3}", "ABC 123"),
    Format("MT", VEHICLE, r"[A-Z]{3} \d{3}", "ABC 123"),
    Format("IS", VEHICLE, r"[A-Z]{2} [A-Z0-9]\d{2}", "AB C12"),
    Format("LI", VEHICLE, r"FL [1-9]\d{0,4}", "FL 12345"),
    Format("AD", VEHICLE, r"[A-Z]\d{4}", "A1234"),
    Format("KZ", VEHICLE, r"\d{3} [A-Z]{2,3} \d{2}", "123 ABC 01"),
    Format("KZ", TRAILER, r"\d{2} [A-Z]{3} \d{2}", "12 ABC 01"),
    Format("AZ", VEHICLE, r"\d{2}-[A-Z]{2}-\d{3}", "10-AA-123"),
    Format("MA", VEHICLE, r"[1-9]\d{0,4}-[A-Z]-\d{1,2}", "12345-A-6"),
)
