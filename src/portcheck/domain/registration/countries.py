"""Countries whose vehicles come to a port: codes, names, signs, and where their formats stand."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from portcheck.domain.text import fold

Confidence = Literal["read at a source", "partly checked", "from memory"]

_READ: Final = "read at a source"
_PARTLY: Final = "partly checked"
_MEMORY: Final = "from memory"
_VEHICLESDB: Final = "vehiclesdb project, plates/{}.yml (statute cited, CC-BY-4.0)"


@dataclass(frozen=True, slots=True)
class Country:
    """A country; `code` is ISO 3166 alpha-2, `sign` its distinguishing sign on vehicles.

    `names` are the other names and codes it goes by, parted by commas.
    `source` says where its formats (`format_table`) were read.
    """

    code: str
    name: str
    sign: str
    names: str
    confidence: Confidence
    source: str


def _vehiclesdb(code: str) -> str:
    return _VEHICLESDB.format(code.lower())


# In the order in which a country is suggested: commonest at British ports first.
COUNTRIES: Final = (
    Country(
        "GB",
        "United Kingdom",
        "UK",
        "GBR, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, N Ireland, "
        "GBNI, GB-NIR, NIR, NI, ENG, SCO, CYM, Cymru",
        _READ,
        "uksi/2001/561 sch. 3; trailers uksi/2018/1203 (legislation.gov.uk)",
    ),
    Country(
        "IE",
        "Ireland",
        "IRL",
        "IRE, Eire, Éire, Republic of Ireland, Rep of Ireland, Rep Ireland, ROI",
        _READ,
        _vehiclesdb("ie"),
    ),
    Country(
        "FR",
        "France",
        "F",
        "FRA, Frankreich, Francia",
        _PARTLY,
        "arrêté du 9 février 2009 (NOR DEVS0824995A) annexe VII, shapes only; that I, O and U "
        f"are not issued is practice; {_vehiclesdb('fr')}",
    ),
    Country(
        "NL",
        "Netherlands",
        "NL",
        "NLD, Nederland, The Netherlands, Holland",
        _READ,
        _vehiclesdb("nl"),
    ),
    Country("BE", "Belgium", "B", "BEL, België, Belgique, Belgien", _PARTLY, _vehiclesdb("be")),
    Country("DE", "Germany", "D", "DEU, GER, Deutschland, Allemagne", _PARTLY, _vehiclesdb("de")),
    Country("PL", "Poland", "PL", "POL, Polska, Polen", _READ, _vehiclesdb("pl")),
    Country("RO", "Romania", "RO", "ROU, ROM, România, Rumania", _READ, _vehiclesdb("ro")),
    Country("LT", "Lithuania", "LT", "LTU, Lietuva", _READ, _vehiclesdb("lt")),
    Country(
        "BG",
        "Bulgaria",
        "BG",
        "BGR, България, Balgariya",
        _PARTLY,
        "encyclopedias agreeing on shapes and letters; trailers have a series beginning with E",
    ),
    Country("ES", "Spain", "E", "ESP, España, Spanien, Espagne", _READ, _vehiclesdb("es")),
    Country("IT", "Italy", "I", "ITA, Italia, Italien", _READ, _vehiclesdb("it")),
    Country("PT", "Portugal", "P", "PRT, POR", _PARTLY, _vehiclesdb("pt")),
    Country("HU", "Hungary", "H", "HUN, Magyarország, Ungarn", _READ, _vehiclesdb("hu")),
    Country(
        "CZ",
        "Czechia",
        "CZ",
        "CZE, Czech, Czech Republic, Česko, Česká republika",
        _PARTLY,
        _vehiclesdb("cz"),
    ),
    Country(
        "SK",
        "Slovakia",
        "SK",
        "SVK, Slovensko, Slovak Republic",
        _READ,
        f"zákon 8/2009 Z. z. § 124; trailers vyhláška 9/2009 § 35(3); read in {_vehiclesdb('sk')}",
    ),
    Country("TR", "Türkiye", "TR", "TUR, Turkey, Turkiye", _READ, _vehiclesdb("tr")),
    Country(
        "UA",
        "Ukraine",
        "UA",
        "UKR, Україна, Ukraina",
        _READ,
        f"Interior Ministry order 166 of 2021 (zakon.rada.gov.ua z0353-21); {_vehiclesdb('ua')}",
    ),
    Country("LV", "Latvia", "LV", "LVA, Latvija", _READ, _vehiclesdb("lv")),
    Country("EE", "Estonia", "EST", "Eesti", _PARTLY, _vehiclesdb("ee")),
    Country("AT", "Austria", "A", "AUT, Österreich, Oesterreich", _PARTLY, _vehiclesdb("at")),
    Country(
        "CH",
        "Switzerland",
        "CH",
        "CHE, SUI, Schweiz, Suisse, Svizzera",
        _PARTLY,
        _vehiclesdb("ch"),
    ),
    Country("SI", "Slovenia", "SLO", "SVN, Slovenija", _PARTLY, _vehiclesdb("si")),
    Country("HR", "Croatia", "HR", "HRV, CRO, Hrvatska", _PARTLY, _vehiclesdb("hr")),
    Country(
        "RS",
        "Serbia",
        "SRB",
        "Srbija, Србија",
        _PARTLY,
        "encyclopedias agreeing; trailers carry the district last",
    ),
    Country("LU", "Luxembourg", "L", "LUX, Luxemburg, Lëtzebuerg", _PARTLY, _vehiclesdb("lu")),
    Country("GR", "Greece", "GR", "GRC, EL, Hellas, Ελλάδα, Ellada", _PARTLY, _vehiclesdb("gr")),
    Country("DK", "Denmark", "DK", "DNK, Danmark, DEN", _PARTLY, _vehiclesdb("dk")),
    Country("SE", "Sweden", "S", "SWE, Sverige, Schweden", _PARTLY, _vehiclesdb("se")),
    Country("NO", "Norway", "N", "NOR, Norge, Noreg", _PARTLY, _vehiclesdb("no")),
    Country(
        "FI",
        "Finland",
        "FIN",
        "Suomi",
        _PARTLY,
        f"asetus 162/2021 § 16, no number begins with 0; {_vehiclesdb('fi')}",
    ),
    Country(
        "BA",
        "Bosnia and Herzegovina",
        "BIH",
        "Bosnia, Bosnia & Herzegovina, Bosna i Hercegovina",
        _PARTLY,
        "encyclopedias",
    ),
    Country(
        "MK",
        "North Macedonia",
        "NMK",
        "MKD, Macedonia, FYROM, Северна Македонија",
        _PARTLY,
        "kennzeichen-guide.de; four figures since 2012",
    ),
    Country(
        "MD",
        "Moldova",
        "MD",
        "MDA, Moldavia, Republic of Moldova",
        _PARTLY,
        "encyclopedias; new shape 2015",
    ),
    Country(
        "BY",
        "Belarus",
        "BY",
        "BLR, Беларусь, Belorussia",
        _PARTLY,
        "licenseplatemania.com and encyclopedias agreeing: lorries, cars and trailers differ",
    ),
    Country("RU", "Russia", "RUS", "Russian Federation, Россия", _PARTLY, "encyclopedias"),
    Country("GE", "Georgia", "GE", "GEO, Sakartvelo", _PARTLY, "encyclopedias"),
    Country("ME", "Montenegro", "MNE", "Crna Gora", _MEMORY, "not checked"),
    Country("AL", "Albania", "AL", "ALB, Shqipëria", _MEMORY, "not checked"),
    Country("XK", "Kosovo", "RKS", "XKX, KOS, KSV, KS, Kosova", _MEMORY, "not checked"),
    Country("CY", "Cyprus", "CY", "CYP, Κύπρος, Kypros", _MEMORY, "not checked"),
    Country("MT", "Malta", "M", "MLT", _MEMORY, "not checked"),
    Country("IS", "Iceland", "IS", "ISL, Ísland", _MEMORY, "not checked"),
    Country("LI", "Liechtenstein", "FL", "LIE", _MEMORY, "not checked"),
    Country("AD", "Andorra", "AND", "", _MEMORY, "not checked"),
    Country("MC", "Monaco", "MC", "MCO", _MEMORY, "no formats held"),
    Country("SM", "San Marino", "RSM", "SMR", _MEMORY, "no formats held"),
    Country("KZ", "Kazakhstan", "KZ", "KAZ, Казахстан, Qazaqstan", _MEMORY, "not checked"),
    Country("AM", "Armenia", "AM", "ARM", _MEMORY, "no formats held"),
    Country("AZ", "Azerbaijan", "AZ", "AZE, Azərbaycan", _MEMORY, "not checked"),
    Country("MA", "Morocco", "MA", "MAR, Maroc, Marruecos", _MEMORY, "not checked"),
    Country("TN", "Tunisia", "TN", "TUN, Tunisie", _MEMORY, "no formats held"),
    Country("UZ", "Uzbekistan", "UZ", "UZB", _MEMORY, "no formats held"),
    Country("KG", "Kyrgyzstan", "KG", "KGZ", _MEMORY, "no formats held"),
    Country("TJ", "Tajikistan", "TJ", "TJK", _MEMORY, "no formats held"),
    Country("TM", "Turkmenistan", "TM", "TKM", _MEMORY, "no formats held"),
    Country("IR", "Iran", "IR", "IRN", _MEMORY, "no formats held"),
    Country("IM", "Isle of Man", "GBM", "IMN", _MEMORY, "no formats held"),
    Country("JE", "Jersey", "GBJ", "JEY", _MEMORY, "no formats held"),
    Country("GG", "Guernsey", "GBG", "GGY", _MEMORY, "no formats held"),
    Country("FO", "Faroe Islands", "FO", "FRO, Føroyar", _MEMORY, "no formats held"),
    Country("DZ", "Algeria", "DZ", "DZA, Algérie", _MEMORY, "no formats held"),
    Country("GI", "Gibraltar", "GBZ", "GIB", _MEMORY, "no formats held"),
)


def country_code(text: str) -> str | None:
    """The ISO 3166 alpha-2 code for a code, a distinguishing sign, or a name in any of the
    languages of lists.

    Case, marks and spacing do not matter.  "" when `text` is blank, `None`
    when it is not known.

    >>> country_code("UK"), country_code("D"), country_code("Deutschland"), country_code(" ")
    ('GB', 'DE', 'DE', '')
    >>> country_code("Atlantis") is None
    True
    """
    folded = fold(text)
    if not folded:
        return ""
    return _codes().get(folded) or _codes_abroad().get(folded)


def country_name(code: str) -> str:
    """The English name for an ISO code; the code itself when it is not known.

    >>> country_name("PL"), country_name("ZZ")
    ('Poland', 'ZZ')
    """
    return _names().get(code, code)


@cache
def signs() -> dict[str, str]:
    """ISO codes by what stands on a plate or beside it: distinguishing signs and the codes.

    >>> signs()["UK"], signs()["GB"], signs()["D"]
    ('GB', 'GB', 'DE')
    """
    codes = {country.sign: country.code for country in COUNTRIES}
    return codes | {country.code: country.code for country in COUNTRIES}


@cache
def _names() -> dict[str, str]:
    return {country.code: country.name for country in COUNTRIES}


@cache
def _codes() -> dict[str, str]:
    """Every folded name by its code; ISO codes are put last, so that they win."""
    codes = {
        fold(name): country.code
        for country in COUNTRIES
        for name in (*country.names.split(","), country.name, country.sign)
    }
    return codes | {fold(country.code): country.code for country in COUNTRIES}


@cache
def _codes_abroad() -> dict[str, str]:
    """The folded names in other languages, which are seldom needed, by their code."""
    from portcheck.domain.registration.country_names import NAMES  # noqa: PLC0415

    return {fold(name): code for code, names in NAMES.items() for name in names.split(",")}
