"""Words for kinds of vehicles, liable roles, yes and no as offices write them.

In English and in the languages of `table/abroad.toml`, compared without regard to case, marks,
spacing and punctuation; of each kind, words parted by commas.

Where they are from: HGV, LGV (light goods vehicle), artic, rigid and PSV from the vehicle
categories of the Department for Transport's road traffic statistics and DVSA's guides
(gov.uk); tractor, semi-trailer and the rest in other languages from the vehicle categories of
Directive 2007/46/EC, annex II, in its language versions (eur-lex.europa.eu); owner, hirer,
driver and operator by the Immigration and Asylum Act 1999 s.32 and s.43.  A keeper is no owner
and an employer no operator: such words are left to the office.  What is in none of these is
usual office language, from memory.
"""
# ruff: noqa: RUF001 - words in other scripts than Latin

from portcheck.domain.listing import LORRY, UnitKind

UNITS: dict[str, str] = {
    UnitKind.TRACTOR: "tractor unit, artic unit, artic, artics, arctic, articulated,"
    " articulated lorry, articulated tractor, articulated vehicle, prime mover, tractor,"
    " semi tractor, artic tractor, artic tractor unit, road tractor, fifth wheel, 5th wheel,"
    " Zugmaschine, Sattelzugmaschine, SZM, tracteur, tracteur routier, trekker, ciągnik,"
    " ciągnik siodłowy, ciagnik, tractora, cabeza tractora, trattore, trattore stradale, motrice,"
    " cap tractor, autotractor, tahač, nyergesvontató, vontató, vilkikas, влекач,"
    " седлови влекач, тягач, сідловий тягач, çekici, trator, ελκυστήρας",
    UnitKind.RIGID: "rigid, rigids, rigid lorry, rigid HGV, rigid truck, rigid vehicle, drawbar,"
    " wagon and drag, 7.5t, 7.5 tonner, tipper, porteur, Solo-LKW, Motorwagen, bakwagen,"
    " camión rígido, autocarro, Gliederzug",
    UnitKind.VAN: "van, panel van, transit van, LGV, light goods vehicle, light goods,"
    " light commercial vehicle, LCV, Luton, Luton van, Transporter, Kleintransporter,"
    " Lieferwagen, fourgon, camionnette, fourgonnette, bestelwagen, bestelauto, busje, furgon,"
    " samochód dostawczy, dostawczy, furgoneta, furgone, autofurgone, dubă, autoutilitară,"
    " dodávka, kisteherautó, furgonas, mikroavtobus, микробус, фургон, мікроавтобус, kamyonet,"
    " panelvan, carrinha",
    UnitKind.COACH: "bus, coach, PSV, PCV, minibus, Reisebus, Bus, autocar, autobus, touringcar,"
    " autokar, autobús, pullman, corriera, autobuz, busz, autobusz, autobusas, автобус, otobüs,"
    " autocarro de passageiros, λεωφορείο",
    UnitKind.CAR: "car, passenger car, private car, saloon, estate car, motor car, PKW, Auto,"
    " voiture, voiture particulière, personenauto, samochód osobowy, osobowy, coche, turismo,"
    " automobile, autovettura, autoturism, osobní vůz, osobní auto, személyautó, személygépkocsi,"
    " lengvasis automobilis, лек автомобил, лека кола, легковий автомобіль, otomobil, binek,"
    " ligeiro de passageiros",
    UnitKind.TRAILER: "trailer, semi trailer, semitrailer, drawbar trailer, box trailer, trl,"
    " trlr, UK trailer, curtainsider trailer, trailer only, unaccompanied trailer, tilt trailer,"
    " Auflieger, Anhänger, Sattelauflieger, Sattelanhänger, remorque, semi-remorque, oplegger,"
    " aanhanger, aanhangwagen, naczepa, przyczepa, remolque, semirremolque, rimorchio,"
    " semirimorchio, remorcă, semiremorcă, reboque, semirreboque, návěs, přívěs, pótkocsi,"
    " félpótkocsi, priekaba, puspriekabė, ремарке, полуремарке, причіп, напівпричіп, dorse,"
    " römork, ρυμουλκούμενο, επικαθήμενο",
    UnitKind.CONTAINER: "container, ISO container, shipping container, tank container, conteneur,"
    " kontener, contenedor, contenitore, containere, contentor, kontejner, konténer,"
    " konteineris, контейнер, konteyner, εμπορευματοκιβώτιο",
    UnitKind.RAIL_WAGON: "rail wagon, railway wagon, rail freight wagon, Güterwagen, Waggon",
    UnitKind.OTHER: "other, others, sonstige, autre, overig, inne, otro, altro, altele, jiné,"
    " egyéb, kita, друго, інше, diğer, outro",
    LORRY: "lorry, HGV, heavy goods vehicle, heavy goods, goods vehicle, truck, large goods"
    " vehicle, HCV, heavy commercial vehicle, LKW, Lastwagen, Lastkraftwagen, camion,"
    " poids lourd, PL, vrachtwagen, vrachtauto, ciężarówka, samochód ciężarowy, ciezarowka,"
    " camión, autoarticolato, autocamion, camião, nákladní vozidlo, kamion, nákladní auto,"
    " tehergépkocsi, teherautó, sunkvežimis, товарен автомобил, камион, вантажівка,"
    " вантажний автомобіль, фура, kamyon, tır, φορτηγό",
}

ROLES: dict[str, str] = {
    "owner": "owner, vehicle owner, trailer owner, owner of vehicle, owner of trailer, registered"
    " owner, own, Eigentümer, propriétaire, eigenaar, właściciel, wlasciciel, propietario,"
    " proprietario, proprietar, proprietário, vlastník, majitel, tulajdonos, savininkas,"
    " собственик, власник, malik, sahibi, araç sahibi, ιδιοκτήτης",
    "hirer": "hirer, vehicle hirer, trailer hirer, hirer of vehicle, lessee, Mieter, locataire,"
    " huurder, najemca, arrendatario, noleggiatore, locatario, chiriaș, locatar, locatário,"
    " nájemce, bérlő, nuomininkas, наемател, орендар, kiracı, μισθωτής",
    "driver": "driver, vehicle driver, lorry driver, HGV driver, drv, Fahrer, Fahrzeugführer,"
    " conducteur, chauffeur, bestuurder, kierowca, kierujący, conductor, conducente, autista,"
    " conducător auto, șofer, condutor, motorista, řidič, járművezető, sofőr, vairuotojas,"
    " шофьор, водач, водій, sürücü, şoför, οδηγός",
    "operator": "operator, trailer operator, vehicle operator, haulier, haulage operator,"
    " Betreiber, exploitant, exploitant du véhicule, exploitant de transport, operatore,"
    " operator de transport, provozovatel, üzembentartó, оператор, işletmeci, operador",
}

YES = "Y, yes, ja, oui, tak, sí, da, sim, ano, igen, taip, да, так, evet, ναι, true"
NO = "N, no, not, nein, non, nee, nie, nu, não, ne, nem, не, ні, hayır, όχι, false"
NIL = "nil, zero, nothing, nil balance, nought, null balance"
"""An amount that is written out: £0, which is no blank."""
