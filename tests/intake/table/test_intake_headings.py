"""Headings as offices write them, in English and in other languages, by the field they stand for."""

import csv
import io
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from portcheck.domain.listing import ListedRow
from portcheck.domain.penalty import status_of
from portcheck.intake.files.source import open_source, source_of_bytes
from portcheck.intake.listrows import read_action_list
from portcheck.intake.table.columns import Headings, names_of
from portcheck.store.entryvalues import entry_of

CASES = Path(__file__).parents[1] / "cases"
LISTS = {
    "office": {
        "VRN": "registration",
        "Trl": "trailer_registration",
        "Operator": "haulier",
        "CPN": "penalty_reference",
        "Date of CP": "issued_on",
        "Pymt due": "due_on",
        "CP Amount": "amount",
        "Pymts": "paid",
        "Bal o/s": "balance",
        "State of payment": "status",
        "Obj?": "objection_on",
        "Action on encounter": "action",
        "Rmks": "notes",
    },
    "ledger": {
        "Veh reg": "registration",
        "Notice ref": "penalty_reference",
        "Still owed": "balance",
        "Amt": "amount",
    },
    "de": {
        "Kfz-Kennzeichen": "registration",
        "Anhänger": "trailer_registration",
        "Zulassungsstaat": "country",
        "Aktenzeichen": "penalty_reference",
        "Bescheiddatum": "issued_on",
        "Fällig am": "due_on",
        "Geldbuße": "amount",
        "Gezahlt": "paid",
        "Restforderung": "balance",
        "Zahlungsstatus": "status",
        "Bemerkung": "notes",
    },
    "fr": {
        "N° d'immatriculation": "registration",
        "Semi-remorque": "trailer_registration",
        "Raison sociale": "haulier",
        "N° dossier": "penalty_reference",
        "Émis le": "issued_on",
        "Échéance": "due_on",
        "Amende": "amount",
        "Montant réglé": "paid",
        "Restant dû": "balance",
        "État du paiement": "status",
    },
    "nl": {
        "Kenteken": "registration",
        "Oplegger": "trailer_registration",
        "Vervoerder": "haulier",
        "Zaaknummer": "penalty_reference",
        "Boetedatum": "issued_on",
        "Vervaldatum": "due_on",
        "Boete": "amount",
        "Voldaan": "paid",
        "Openstaand": "balance",
        "Betaalstatus": "status",
    },
    "pl": {
        "Nr rejestracyjny pojazdu": "registration",
        "Nr naczepy": "trailer_registration",
        "Przewoźnik": "haulier",
        "Nr decyzji": "penalty_reference",
        "Data decyzji": "issued_on",
        "Termin zapłaty": "due_on",
        "Kara pieniężna": "amount",
        "Wpłacono": "paid",
        "Zaległość": "balance",
        "Stan płatności": "status",
        "Uwagi": "notes",
    },
    "es": {
        "Matrícula": "registration",
        "Semirremolque": "trailer_registration",
        "N.º de expediente": "penalty_reference",
        "Fecha de la sanción": "issued_on",
        "Vencimiento": "due_on",
        "Multa": "amount",
        "Abonado": "paid",
        "Pendiente de pago": "balance",
        "Estado del pago": "status",
    },
    "it": {
        "Targa": "registration",
        "Targa semirimorchio": "trailer_registration",
        "N. verbale": "penalty_reference",
        "Data emissione": "issued_on",
        "Scadenza": "due_on",
        "Sanzione": "amount",
        "Versato": "paid",
        "Residuo": "balance",
        "Stato pagamento": "status",
    },
    "ro": {
        "Nr. înmatriculare": "registration",
        "Semiremorcă": "trailer_registration",
        "Nr. dosar": "penalty_reference",
        "Data emiterii": "issued_on",
        "Termen de plată": "due_on",
        "Amendă": "amount",
        "Achitat": "paid",
        "Rest de plată": "balance",
        "Stadiul plății": "status",
    },
    "pt": {
        "Matrícula do veículo": "registration",
        "Reboque": "trailer_registration",
        "N.º do processo": "penalty_reference",
        "Data do auto": "issued_on",
        "Data limite de pagamento": "due_on",
        "Coima": "amount",
        "Valor pago": "paid",
        "Em dívida": "balance",
        "Situação": "status",
    },
    "cs": {
        "Registrační značka": "registration",
        "RZ návěsu": "trailer_registration",
        "Spisová značka": "penalty_reference",
        "Datum vydání": "issued_on",
        "Splatnost": "due_on",
        "Výše pokuty": "amount",
        "Uhrazeno": "paid",
        "Zbývá zaplatit": "balance",
        "Stav platby": "status",
    },
    "hu": {
        "Forgalmi rendszám": "registration",
        "Pótkocsi": "trailer_registration",
        "Ügyszám": "penalty_reference",
        "Kiállítás dátuma": "issued_on",
        "Fizetési határidő": "due_on",
        "Bírság összege": "amount",
        "Befizetve": "paid",
        "Hátralék": "balance",
        "Állapot": "status",
    },
    "lt": {
        "Valstybinis numeris": "registration",
        "Puspriekabė": "trailer_registration",
        "Bylos Nr.": "penalty_reference",
        "Išdavimo data": "issued_on",
        "Sumokėti iki": "due_on",
        "Baudos dydis": "amount",
        "Sumokėta": "paid",
        "Likutis": "balance",
        "Mokėjimo būsena": "status",
    },
    "bg": {
        "Рег. номер": "registration",
        "Полуремарке": "trailer_registration",
        "Наказателно постановление №": "penalty_reference",
        "Дата на издаване": "issued_on",
        "Срок за плащане": "due_on",
        "Глоба": "amount",
        "Платено": "paid",
        "Дължима сума": "balance",
        "Състояние": "status",
    },
    "uk": {
        "Державний номер": "registration",
        "Напівпричіп": "trailer_registration",
        "Номер постанови": "penalty_reference",
        "Дата постанови": "issued_on",
        "Термін сплати": "due_on",
        "Штраф": "amount",
        "Сплачено": "paid",
        "Заборгованість": "balance",
        "Стан оплати": "status",
    },
    "tr": {
        "Plaka No": "registration",
        "Dorse plakası": "trailer_registration",
        "Dosya No": "penalty_reference",
        "Düzenleme Tarihi": "issued_on",
        "Son Ödeme Tarihi": "due_on",
        "Ceza Tutarı": "amount",
        "Ödenen": "paid",
        "Kalan Borç": "balance",
        "Ödeme Durumu": "status",
    },
    "el": {
        "Αριθμός κυκλοφορίας": "registration",
        "Πρόστιμο": "amount",
        "Υπόλοιπο": "balance",
        "Κατάσταση πληρωμής": "status",
    },
}
FOURTEEN = {"de", "fr", "nl", "pl", "es", "it", "ro", "pt", "cs", "hu", "lt", "bg", "uk", "tr"}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_with_an_offices_headings_is_understood(name: str) -> None:
    wanted = LISTS[name]
    out = io.StringIO()
    csv.writer(out).writerows([wanted, ["AB12 CDE"] * len(wanted)])
    with read_action_list(source_of_bytes("list.csv", out.getvalue().encode())) as file:
        found = {heading: field for field, (_, heading) in file.layout.columns.items()}
    assert found == wanted


def test_a_list_of_an_agency_that_abbreviates() -> None:
    with read_action_list(open_source(CASES / "a_agency.xlsx")) as file:
        fields = set(file.layout.columns)
        (batch,) = file.batches()
    rows = [
        dict(zip(batch.columns, row, strict=True))
        for row in zip(*batch.columns.values(), strict=True)
    ]
    assert fields == {
        *("registration", "trailer_registration", "country", "haulier", "penalty_reference"),
        *("issued_on", "amount", "paid", "balance", "status", "objection_on", "action"),
    }
    assert file.layout.unknown == ()
    assert [(row["penalty_reference"], row["country"], row["balance_pence"]) for row in rows] == [
        ("CP-1", "GB", 150_000),
        ("CP-2", "PL", 100_000),
        ("CP-3", "RO", 0),
    ]
    assert [status_of(str(row["status"])) for row in rows] == ["outstanding", "part_paid", "paid"]


def entries_of(name: str) -> list[ListedRow]:
    with read_action_list(open_source(CASES / name)) as file:
        return [
            entry_of(dict(zip(batch.columns, row, strict=True)))
            for batch in file.batches()
            for row in zip(*batch.columns.values(), strict=True)
        ]


def test_signs_in_plates_kinds_of_vehicles_and_paid_or_not_are_understood() -> None:
    found = entries_of("08_country_in_plate.xlsx")
    assert [one.unit for one in found] == ["lorry", "trailer", "van", "lorry", "lorry"]
    assert [status_of(one.status) for one in found] == [
        *("outstanding", "outstanding", "paid", "outstanding", "part_paid")
    ]
    assert found[2].status == "Y = paid"
    assert [one.paid_pence for one in found] == [None] * 5
    assert [one.registration for one in found] == [
        *("PL WPR12345", "GB C1234567", "RO-B123XYZ", "(D) M-AB 1234", "AB12CDE (GB)")
    ]


@pytest.mark.parametrize(
    ("heading", "cell", "status"),
    [
        ("Paid?", "Yes", "paid"),
        ("Settled Y/N", "n", "outstanding"),
        ("Bezahlt", "nein", "outstanding"),
        ("Payé", "oui", "paid"),
        ("Opłacono", "nie", "outstanding"),
        ("Paid / unpaid", "unpaid", "outstanding"),
        ("Status", "Y", "unknown"),
    ],
)
def test_yes_and_no_say_whether_it_was_paid(heading: str, cell: str, status: str) -> None:
    text = f"Reg,{heading}\nAB12 CDE,{cell}\nCD34 EFG,{cell}\n"
    with read_action_list(source_of_bytes("list.csv", text.encode())) as file:
        (batch,) = file.batches()
    assert {status_of(str(one)).value for one in batch.columns["status"]} == {status}


def test_an_objection_that_was_not_made_is_none_and_one_without_a_day_is_pointed_out() -> None:
    text = "Reg,Obj?,Appeal\nAB12 CDE,N,no\nCD34 EFG,Y,\nEF56 GHI,01/02/2024,\n"
    with read_action_list(source_of_bytes("list.csv", text.encode())) as file:
        (batch,) = file.batches()
    assert batch.columns["objection_on"] == [None, None, "2024-02-01"]
    (problem,) = batch.problems
    assert (problem.row, problem.reason) == (
        3,
        "says that it was, and not when: the date is missing",
    )
    assert batch.columns["unread"] == ["[]", '[["objection_on", "Y"]]', "[]"]


def test_every_language_has_words_for_every_field() -> None:
    text = resources.files("portcheck.intake.table").joinpath("abroad.toml").read_text("utf-8")
    table = tomllib.loads(text)
    fields = set(names_of("action_list"))
    assert set(table) >= FOURTEEN
    for language in FOURTEEN:
        assert set(table[language]) == fields, language
    assert set(table["el"]) <= fields


def test_no_heading_abroad_stands_for_two_fields() -> None:
    headings = Headings(names_of("action_list"))
    for heading, field in [
        ("Saldo", "balance"),
        ("Estado", "status"),
        ("Firma", "haulier"),
        ("Matrícula", "registration"),
        ("ODVOLÁNÍ", "appeal_on"),
        ("țara de înmatriculare", "country"),
        ("Uwaga!", "notes"),
    ]:
        assert headings.field_of(heading) == field
