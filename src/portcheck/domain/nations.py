"""Nationalities by the ISO 3166-1 alpha-2 code of their state, with its short English name.

`XX` stands for a nationality that is not known, `XS` for nobody's (both are codes that ISO
leaves to users).
"""

from functools import cache
from typing import Final

from portcheck.domain.text import fold
from portcheck.errors import Refused

_STATES: Final = """
AD Andorra, AE United Arab Emirates, AF Afghanistan, AG Antigua and Barbuda, AL Albania,
AM Armenia, AO Angola, AR Argentina, AT Austria, AU Australia, AZ Azerbaijan,
BA Bosnia and Herzegovina, BB Barbados, BD Bangladesh, BE Belgium, BF Burkina Faso, BG Bulgaria,
BH Bahrain, BI Burundi, BJ Benin, BN Brunei, BO Bolivia, BR Brazil, BS Bahamas, BT Bhutan,
BW Botswana, BY Belarus, BZ Belize, CA Canada, CD Congo (Democratic Republic),
CF Central African Republic, CG Congo, CH Switzerland, CI Ivory Coast, CL Chile, CM Cameroon,
CN China, CO Colombia, CR Costa Rica, CU Cuba, CV Cape Verde, CY Cyprus, CZ Czechia, DE Germany,
DJ Djibouti, DK Denmark, DM Dominica, DO Dominican Republic, DZ Algeria, EC Ecuador, EE Estonia,
EG Egypt, EH Western Sahara, ER Eritrea, ES Spain, ET Ethiopia, FI Finland, FJ Fiji,
FM Micronesia, FR France, GA Gabon, GB United Kingdom, GD Grenada, GE Georgia, GH Ghana,
GM Gambia, GN Guinea, GQ Equatorial Guinea, GR Greece, GT Guatemala, GW Guinea-Bissau, GY Guyana,
HK Hong Kong, HN Honduras, HR Croatia, HT Haiti, HU Hungary, ID Indonesia, IE Ireland, IL Israel,
IN India, IQ Iraq, IR Iran, IS Iceland, IT Italy, JM Jamaica, JO Jordan, JP Japan, KE Kenya,
KG Kyrgyzstan, KH Cambodia, KI Kiribati, KM Comoros, KN Saint Kitts and Nevis, KP North Korea,
KR South Korea, KW Kuwait, KZ Kazakhstan, LA Laos, LB Lebanon, LC Saint Lucia, LI Liechtenstein,
LK Sri Lanka, LR Liberia, LS Lesotho, LT Lithuania, LU Luxembourg, LV Latvia, LY Libya,
MA Morocco, MC Monaco, MD Moldova, ME Montenegro, MG Madagascar, MH Marshall Islands,
MK North Macedonia, ML Mali, MM Myanmar, MN Mongolia, MO Macao, MR Mauritania, MT Malta,
MU Mauritius, MV Maldives, MW Malawi, MX Mexico, MY Malaysia, MZ Mozambique, NA Namibia,
NE Niger, NG Nigeria, NI Nicaragua, NL Netherlands, NO Norway, NP Nepal, NR Nauru,
NZ New Zealand, OM Oman, PA Panama, PE Peru, PG Papua New Guinea, PH Philippines, PK Pakistan,
PL Poland, PS Palestine, PT Portugal, PW Palau, PY Paraguay, QA Qatar, RO Romania, RS Serbia,
RU Russia, RW Rwanda, SA Saudi Arabia, SB Solomon Islands, SC Seychelles, SD Sudan, SE Sweden,
SG Singapore, SI Slovenia, SK Slovakia, SL Sierra Leone, SM San Marino, SN Senegal, SO Somalia,
SR Suriname, SS South Sudan, ST Sao Tome and Principe, SV El Salvador, SY Syria, SZ Eswatini,
TD Chad, TG Togo, TH Thailand, TJ Tajikistan, TL Timor-Leste, TM Turkmenistan, TN Tunisia,
TO Tonga, TR Turkey, TT Trinidad and Tobago, TV Tuvalu, TW Taiwan, TZ Tanzania, UA Ukraine,
UG Uganda, US United States, UY Uruguay, UZ Uzbekistan, VA Holy See,
VC Saint Vincent and the Grenadines, VE Venezuela, VN Vietnam, VU Vanuatu, WS Samoa, XK Kosovo,
XS stateless, XX not known, YE Yemen, ZA South Africa, ZM Zambia, ZW Zimbabwe
"""


@cache
def _names() -> dict[str, str]:
    rows = (one.split(maxsplit=1) for one in _STATES.replace("\n", " ").split(","))
    return {code: name.strip() for code, name in rows}


@cache
def _codes() -> dict[str, str]:
    names = {fold(name): code for code, name in _names().items()}
    return names | {fold(code): code for code in _names()}


def nation_code(text: str) -> str:
    """The code of a state by its code or name.

    >>> nation_code("vn"), nation_code("Viet nam"), nation_code("not known")
    ('VN', 'VN', 'XX')

    Raises Refused for what is neither.
    """
    code = _codes().get(fold(text))
    if code is None:
        raise Refused(
            f"“{text}” is no nationality",
            hint="Give the state by its name or its code of two letters, as VN; XX if not known.",
        )
    return code


def nation_name(code: str) -> str:
    """The state's name; the code itself when it is none.

    >>> nation_name("ER")
    'Eritrea'
    """
    return _names().get(code, code)
