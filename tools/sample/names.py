"""Names for the sample, none of them anybody's: hauliers who say that they are invented.

Most mean imaginary, made of paper, or built on clouds, in the language of
their country.  Those on the action list and those seen at the port are apart.
"""

SEEN = {
    "GB": (
        "Imaginary Haulage Ltd", "Never-Never Freight Ltd", "Castle in the Air Carriers Ltd",
        "Cloud Cuckoo Freight Ltd", "Paper Moon Transport Ltd", "Tall Story Logistics Ltd",
        "Once Upon a Lorry Ltd", "Fable & Fib Haulage Ltd", "Neverwas Cold Chain Ltd",
        "Pretend Pallets Ltd", "Make-Believe Tankers Ltd", "Unheard-of Livestock Ltd",
    ),
    "IE": ("Blarney & Moonshine Haulage Ltd",),
    "FR": (
        "Transports Imaginaires SARL", "Fret des Nuages SAS", "Camions de Papier SARL",
        "Messagerie Château en Espagne SAS", "Roulage Lune Bleue SAS", "Citernes Sans Fond SA",
    ),
    "ES": (
        "Transportes Inventados S.L.", "Fletes Imaginarios S.A.", "Camiones de Papel S.L.",
        "Ruta Fantasma S.L.", "Logística Castillo en el Aire S.L.", "Frío Ficticio S.L.",
    ),
    "PT": ("Camiões de Papel Lda", "Nuvem e Carga Lda", "Fretes Inventados Lda"),
    "PL": (
        "Przewozy Zmyślone Sp. z o.o.", "Trans-Bajka Sp. z o.o.", "Papierowe Koła Sp. j.",
        "Księżycowy Transport Sp. z o.o.", "Wymyślona Spedycja S.A.",
    ),
    "RO": (
        "Transport Inventat SRL", "Povești pe Roți SRL", "Nori și Marfă SRL",
        "Camionul de Hârtie SRL",
    ),
    "LT": ("UAB Pramanyti Vežimai", "UAB Popieriniai Ratai", "UAB Debesų Kroviniai"),
    "DE": ("Luftschloss Transporte GmbH", "Papiermond Logistik GmbH", "Wolkenfracht Sample GmbH"),
    "NL": ("Verzonnen Vervoer B.V.", "Luchtkasteel Transport B.V."),
    "BE": ("Droomwagens Transport NV", "Verbeelding Vracht BV"),
    "BG": ("Измислен Превоз ЕООД", "Prikazen Transport EOOD"),
    "HU": ("Fiktív Fuvar Kft.", "Papírkerék Kft."),
    "IT": ("Trasporti Immaginari S.r.l.", "Castelli in Aria Logistica S.r.l."),
    "CZ": ("Vymyšlená Doprava s.r.o.",),
}  # fmt: skip

LISTED = {
    "GB": (
        "Unreal Removals Ltd", "Phantom Parcels Haulage Ltd", "Nowhere Near Transport Ltd",
        "Moonraker Sample Freight Ltd",
    ),
    "IE": ("Leprechaun Pallets Teo",),
    "FR": ("Transports Poisson d'Avril SARL", "Routiers du Jamais SAS", "Frigo Fantôme SARL"),
    "ES": (
        "Transportes Nunca Jamás S.L.", "Cargas de Mentira S.L.", "Molinos Gigantes Fletes S.A.",
    ),
    "PT": ("Fretes Fictícios Lda",),
    "PL": (
        "Ciężarówki z Bajki Sp. z o.o.", "Fikcja-Trans Sp. z o.o.", "Chmurny Przewóz Sp. j.",
        "Trans-Urojenie Sp. z o.o.",
    ),
    "RO": ("Drumuri Închipuite SRL", "Fictiv Cargo SRL", "Basm Logistic SRL", "Nicăieri Trans SA"),
    "LT": ("UAB Nebūta Logistika", "UAB Pasakų Transportas"),
    "DE": ("Erfundene Fracht GmbH & Co. KG", "Lügenbaron Spedition GmbH"),
    "NL": ("Fabeltjes Vracht B.V.",),
    "BE": ("Transport de la Lune SRL",),
    "BG": ("Въображаем Товар ООД", "Oblachen Prevoz EOOD"),
    "HU": ("Képzelt Szállítás Kft.", "Mesebeli Kamion Zrt."),
    "IT": ("Autocarri di Carta S.r.l.", "Favola Trasporti S.p.A."),
    "CZ": ("Pohádková Spedice s.r.o.", "Papírová Kola a.s."),
    "SK": ("Rozprávkový Kamión s.r.o.",),
    "TR": ("Hayali Nakliyat Ltd. Şti.", "Masal Lojistik A.Ş."),
}  # fmt: skip

HIRERS = ("Make-Believe Truck Rental Ltd", "Locations Chimère SAS", "Wynajem na Niby Sp. z o.o.")

PLACES = {
    "GB": (
        "Southampton", "Portsmouth", "Bristol", "Leicester", "Swindon", "Birmingham", "Leeds",
        "Reading", "Avonmouth", "Chichester", "Exeter", "Daventry", "Warrington",
    ),
    "FR": ("Caen", "Rennes", "Le Mans", "Rouen", "Nantes", "Tours"),
    "ES": ("Bilbao", "Burgos", "Zaragoza", "Murcia", "Almería", "Santander"),
    "PT": ("Porto", "Braga", "Aveiro"),
    "PL": ("Poznań", "Łódź", "Gdynia", "Katowice"),
    "RO": ("Cluj-Napoca", "Oradea", "Timișoara"),
    "LT": ("Kaunas", "Klaipėda"),
    "DE": ("Kassel", "Dortmund", "Ulm"),
    "NL": ("Venlo", "Tilburg"),
    "BE": ("Gent", "Liège"),
    "BG": ("Plovdiv", "Ruse"),
    "HU": ("Győr", "Szeged"),
    "IT": ("Bologna", "Verona"),
    "CZ": ("Brno", "Plzeň"),
}  # fmt: skip

LANGUAGES = {
    "GB": "English", "IE": "English", "FR": "French", "ES": "Spanish", "PT": "Portuguese",
    "PL": "Polish", "RO": "Romanian", "LT": "Lithuanian", "DE": "German", "NL": "Dutch",
    "BE": "Dutch", "BG": "Bulgarian", "HU": "Hungarian", "IT": "Italian", "CZ": "Czech",
}  # fmt: skip
