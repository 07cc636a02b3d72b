"""Names of countries in other languages, and English adjectives, by ISO 3166 alpha-2 code.

Names are those of the Unicode CLDR (cldr.unicode.org, territories) in the languages of
`intake/table/abroad.toml`; adjectives those of GOV.UK's list of nationalities, and the usual
short names besides.  What is the same as in `countries` is left out.
"""

from typing import Final

NAMES: Final = {
    "GB": "British, English, Scottish, Welsh, UK registered, Vereinigtes Königreich, "
    "Royaume-Uni, Verenigd Koninkrijk, Wielka Brytania, Reino Unido, Regno Unito, Regatul "
    "Unit, Spojené království, Egyesült Királyság, Jungtinė Karalystė, Обединеното "
    "кралство, Велика Британія, Birleşik Krallık, Ηνωμένο Βασίλειο, Großbritannien, "
    "Grande-Bretagne, Groot-Brittannië, Gran Bretaña, Gran Bretagna, Marea Britanie, "
    "Grã-Bretanha, Velká Británie, Nagy-Britannia, Didžioji Britanija, Великобритания, "
    "Büyük Britanya, Anglia, Angleterre, Engeland, Inglaterra, Inghilterra",
    "IE": "Irish, Irland, Irlande, Ierland, Irlandia, Irlanda, Irsko, Írország, Airija, "
    "Ирландия, Ірландія, Ιρλανδία",
    "FR": "French, Frankrijk, Francja, Franța, França, Francie, Franciaország, Prancūzija, "
    "Франция, Франція, Fransa, Γαλλία",
    "NL": "Dutch, Niederlande, Pays-Bas, Holandia, Países Bajos, Paesi Bassi, Țările de Jos, "
    "Países Baixos, Nizozemsko, Hollandia, Nyderlandai, Нидерландия, Нідерланди, "
    "Hollanda, Κάτω Χώρες, Holanda, Olanda",
    "BE": "Belgian, Belgia, Bélgica, Belgio, Belgija, Белгия, Бельгія, Belçika, Βέλγιο",
    "DE": "German, Duitsland, Niemcy, Alemania, Germania, Alemanha, Německo, Németország, "
    "Vokietija, Германия, Німеччина, Almanya, Γερμανία",
    "PL": "Polish, Pologne, Polonia, Polsko, Lengyelország, Lenkija, Полша, Польща, Polonya, "
    "Πολωνία",
    "RO": "Romanian, Rumanian, Rumänien, Roumanie, Roemenië, Rumunia, Romênia, Rumunsko, "
    "Rumunija, Румъния, Румунія, Romanya, Ρουμανία",
    "LT": "Lithuanian, Litauen, Lituanie, Litouwen, Litwa, Lituania, Litva, Litvánia, Литва, "
    "Litvanya, Λιθουανία",
    "BG": "Bulgarian, Bulgarien, Bulgarie, Bulgarije, Bułgaria, Bulharsko, Bulgarija, Болгарія, "
    "Bulgaristan, Βουλγαρία",
    "ES": "Spanish, Spanje, Hiszpania, Spagna, Spania, Espanha, Španělsko, Spanyolország, "
    "Ispanija, Испания, Іспанія, İspanya, Ισπανία",
    "IT": "Italian, Italie, Włochy, Olaszország, Italija, Италия, Італія, İtalya, Ιταλία",
    "PT": "Portuguese, Portugalia, Portogallo, Portugalsko, Portugalija, Португалия, "
    "Португалія, Portekiz, Πορτογαλία",
    "HU": "Hungarian, Hongrie, Hongarije, Węgry, Hungría, Ungheria, Ungaria, Maďarsko, "
    "Vengrija, Унгария, Угорщина, Macaristan, Ουγγαρία",
    "CZ": "Tschechien, Tchéquie, Tsjechië, Czechy, Chequia, Cechia, Cehia, Tchéquia, "
    "Csehország, Čekija, Чехия, Чехія, Çekya, Τσεχία",
    "SK": "Slovak, Slovakian, Slowakei, Slovaquie, Slowakije, Słowacja, Eslovaquia, Slovacchia, "
    "Slovacia, Szlovákia, Slovakija, Словакия, Словаччина, Slovakya, Σλοβακία",
    "TR": "Turkish, Türkei, Turquie, Turkije, Turcja, Turquía, Turchia, Turcia, Turecko, "
    "Törökország, Turkija, Турция, Туреччина, Τουρκία",
    "UA": "Ukrainian, Oekraïne, Ucrania, Ucraina, Ukrajina, Ukrajna, Украйна, Ukrayna, Ουκρανία",
    "LV": "Latvian, Lettland, Lettonie, Letland, Łotwa, Letonia, Lettonia, Lotyšsko, "
    "Lettország, Латвия, Латвія, Letonya, Λετονία",
    "EE": "Estonian, Estland, Estonie, Estonsko, Észtország, Estija, Естония, Естонія, Estonya, "
    "Εσθονία",
    "AT": "Austrian, Autriche, Oostenrijk, Rakousko, Ausztria, Austrija, Австрия, Австрія, "
    "Avusturya, Αυστρία",
    "CH": "Swiss, Zwitserland, Szwajcaria, Suiza, Elveția, Suíça, Švýcarsko, Svájc, Šveicarija, "
    "Швейцария, Швейцарія, İsviçre, Ελβετία",
    "SI": "Slovenian, Slovene, Slowenien, Slovénie, Słowenia, Eslovenia, Slovinsko, Szlovénia, "
    "Словения, Словенія, Slovenya, Σλοβενία",
    "HR": "Croatian, Kroatien, Croatie, Kroatië, Chorwacja, Croacia, Croazia, Chorvatsko, "
    "Horvátország, Kroatija, Хърватия, Хорватія, Hırvatistan, Κροατία",
    "RS": "Serbian, Serbien, Serbie, Servië, Sérvia, Srbsko, Szerbia, Serbija, Сърбия, Сербія, "
    "Sırbistan, Σερβία",
    "LU": "Luxembourgish, Luksemburg, Luxemburgo, Lussemburgo, Lucembursko, Liuksemburgas, "
    "Люксембург, Λουξεμβούργο",
    "GR": "Greek, Griechenland, Grèce, Griekenland, Grecja, Grecia, Řecko, Görögország, "
    "Graikija, Гърция, Греція, Yunanistan",
    "DK": "Danish, Dänemark, Denemarken, Dania, Dinamarca, Danimarca, Danemarca, Dánsko, "
    "Danija, Дания, Данія, Danimarka, Δανία",
    "SE": "Swedish, Suède, Zweden, Szwecja, Suecia, Svezia, Suedia, Švédsko, Svédország, "
    "Švedija, Швеция, Швеція, İsveç, Σουηδία",
    "NO": "Norwegian, Norwegen, Norvège, Noorwegen, Norwegia, Noruega, Norvegia, Norsko, "
    "Norvegija, Норвегия, Норвегія, Norveç, Νορβηγία",
    "FI": "Finnish, Finnland, Finlande, Finlandia, Finlanda, Finsko, Finnország, Suomija, "
    "Финландия, Фінляндія, Finlandiya, Φινλανδία",
    "BA": "Bosnian, Bosnien und Herzegowina, Bosnie-Herzégovine, Bosnië en Herzegovina, Bośnia "
    "i Hercegowina, Bosnia y Herzegovina, Bosnia ed Erzegovina, Bosnia și Herțegovina, "
    "Bósnia e Herzegovina, Bosna a Hercegovina, Bosznia-Hercegovina, Bosnija ir "
    "Hercegovina, Босна и Херцеговина, Боснія і Герцеговина, Bosna-Hersek, Βοσνία - "
    "Ερζεγοβίνη",
    "MK": "Macedonian, Nordmazedonien, Macédoine du Nord, Noord-Macedonië, Macedonia Północna, "
    "Macedonia del Norte, Macedonia del Nord, Macedonia de Nord, Macedônia do Norte, "
    "Severní Makedonie, Észak-Macedónia, Šiaurės Makedonija, Северна Македония, Північна "
    "Македонія, Kuzey Makedonya, Βόρεια Μακεδονία",
    "MD": "Moldovan, Republik Moldau, Moldavie, Mołdawia, Republica Moldova, Moldavsko, "
    "Молдова, Μολδαβία",
    "BY": "Belarusian, Belorussian, Biélorussie, Białoruś, Bielorrusia, Bielorussia, "
    "Bielorrússia, Bělorusko, Belarusz, Baltarusija, Беларус, Білорусь, Λευκορωσία",
    "RU": "Russian, Russland, Russie, Rusland, Rosja, Rusia, Rusko, Oroszország, Rusija, Русия, "
    "Росія, Rusya, Ρωσία",
    "GE": "Georgian, Georgien, Géorgie, Gruzja, Gruzie, Grúzia, Gruzija, Грузия, Грузія, "
    "Gürcistan, Γεωργία",
    "ME": "Montenegrin, Czarnogóra, Muntenegru, Černá Hora, Juodkalnija, Черна гора, "
    "Чорногорія, Karadağ, Μαυροβούνιο",
    "AL": "Albanian, Albanien, Albanie, Albanija, Албания, Албанія, Arnavutluk, Αλβανία",
    "XK": "Kosovan, Kosovar, Kosowo, Koszovó, Kosovas, Косово, Κοσσυφοπέδιο",
    "CY": "Cypriot, Zypern, Chypre, Cypr, Chipre, Cipro, Cipru, Kypr, Ciprus, Kipras, Кипър, "
    "Кіпр, Kıbrıs",
    "MT": "Maltese, Malte, Малта, Мальта, Μάλτα",
    "IS": "Icelandic, Islande, IJsland, Islandia, Islanda, Izland, Islandija, Исландия, "
    "Ісландія, İzlanda, Ισλανδία",
    "LI": "Listenstaine, Lichtenštejnsko, Lichtenšteinas, Лихтенщайн, Ліхтенштейн, Λιχτενστάιν",
    "AD": "Andorre, Andora, Андора, Андорра, Ανδόρα",
    "MC": "Monako, Monakas, Монако, Μονακό",
    "SM": "Saint-Marin, São Marinho, San Marinas, Сан Марино, Άγιος Μαρίνος",
    "KZ": "Kazakh, Kasachstan, Kazachstan, Kazajistán, Kazakistan, Kazahstan, Cazaquistão, "
    "Kazahsztán, Kazachstanas, Καζακστάν",
    "AM": "Armenian, Armenien, Arménie, Örményország, Armėnija, Армения, Вірменія, Ermenistan, "
    "Αρμενία",
    "AZ": "Azerbaijani, Azeri, Aserbaidschan, Azerbaïdjan, Azerbeidzjan, Azerbejdżan, "
    "Azerbaiyán, Azerbaigian, Azerbaijão, Ázerbájdžán, Azerbajdzsán, Azerbaidžanas, "
    "Азербайджан, Azerbaycan, Αζερμπαϊτζάν",
    "MA": "Moroccan, Marokko, Maroko, Marocco, Marrocos, Marokas, Мароко, Марокко, Fas, Μαρόκο",
    "TN": "Tunisian, Tunesien, Tunesië, Tunezja, Túnez, Tunisko, Tunézia, Tunisas, Тунис, "
    "Туніс, Tunus, Τυνησία",
    "UZ": "Uzbek, Usbekistan, Ouzbékistan, Oezbekistan, Uzbequistão, Usbequistão, Üzbegisztán, "
    "Uzbekistanas, Узбекистан, Özbekistan, Ουζμπεκιστάν",
    "KG": "Kirgisistan, Kirghizstan, Kirgizië, Kirgistan, Kirguistán, Kirghizistan, Kârgâzstan, "
    "Quirguistão, Kirgizisztán, Kirgizija, Киргизстан, Kırgızistan, Κιργιστάν",
    "TJ": "Tadschikistan, Tadjikistan, Tadzjikistan, Tadżykistan, Tayikistán, Tagikistan, "
    "Tadjiquistão, Tajiquistão, Tádžikistán, Tádzsikisztán, Tadžikija, Таджикистан, "
    "Tacikistan, Τατζικιστάν",
    "TM": "Turcomenistão, Turquemenistão, Türkmenisztán, Turkmėnistanas, Туркменистан, "
    "Туркменістан, Τουρκμενιστάν",
    "IR": "Iranian, Irã, Irão, Iranas, Иран, Іран, Ιράν",
    "IM": "Île de Man, Wyspa Man, Isla de Man, Isola di Man, Insula Man, Ilha de Man, Ostrov "
    "Man, Man-sziget, Meno Sala, остров Ман, Острів Мен, Man Adası, Νήσος του Μαν",
    "JE": "Džersis, Джърси, Джерсі, Τζέρζι",
    "GG": "Guernesey, Gernsis, Гърнзи, Гернсі, Γκέρνζι",
    "FO": "Färöer, Îles Féroé, Faeröer, Wyspy Owcze, Islas Feroe, Isole Fær Øer, Insulele "
    "Feroe, Ilhas Faroé, Faerské ostrovy, Feröer szigetek, Farerų Salos, Фарьорски "
    "острови, Фарерські Острови, Faroe Adaları, Νήσοι Φερόες",
    "DZ": "Algerian, Algerien, Algerije, Algieria, Argelia, Alžírsko, Alžyras, Алжир, Cezayir, "
    "Αλγερία",
    "GI": "Gibraltarian, Gibilterra, Gibraltaras, Гибралтар, Гібралтар, Cebelitarık, Γιβραλτάρ",
}
