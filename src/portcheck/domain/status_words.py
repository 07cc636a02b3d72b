"""Words for how a penalty stands, by language and by the value of `penalty.Status`.

Words are parted by commas and compared without regard to case, marks, spacing and
punctuation.  Only what can mean nothing else is here: "closed" or "live" is left to the office,
which can say what it means by it.

Where they are from: English, Immigration and Asylum Act 1999 ss.31A-37 and SI 2002/2817
(outstanding, objection, appeal, cancelled, reduced) and the short forms of ledgers; the others,
"paid", "unpaid" and "due" in the language versions of Directive 2011/7/EU and "financial
penalty" in those of Framework Decision 2005/214/JHA (eur-lex.europa.eu), and the remedies by
the names of the laws that `intake/table/abroad.toml` names; usual office language, from
memory, for the rest.
"""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "outstanding": "outstanding, unpaid, due, overdue, not paid, owed, open, O/S, owing,"
        " not yet paid, nothing paid, still outstanding, still owed, still due, unsettled,"
        " not settled, awaiting payment, payment outstanding, payment due, payment overdue,"
        " in arrears, past due, in default, defaulted, outstanding debt, balance outstanding,"
        " fully outstanding, outstanding in full, unpaid in full, O/S in full, no payment,"
        " no payment received, no pymt, enforceable, enforceable debt, debt outstanding, payable",
        "part_paid": "part paid, partly paid, partially paid, part payment, part, part pd, pt paid,"
        " part-pd, paid in part, partial, partial payment, part settled, part payment received",
        "instalments": "instalments, installments, instalment, payment plan, on instalments,"
        " by instalments, paying by instalments, paying in instalments, on a payment plan, on plan,"
        " instalment plan, installment plan, payment arrangement, arrangement to pay, paying off,"
        " payment by instalments, time to pay",
        "paid": "paid, settled, paid in full, fully paid, cleared, pd, PIF, paid up, full payment,"
        " payment received in full, paid - in full, settled in full, paid and closed, discharged"
        " by payment",
        "cancelled": "cancelled, canceled, withdrawn, cxl, cancelled on objection, cancelled on"
        " appeal, cancelled by court, quashed, rescinded, revoked, annulled, penalty cancelled,"
        " penalty withdrawn, notice withdrawn, void",
        "superseded": "superseded, replaced, reissued, re-issued, superseded by new notice,"
        " replaced by new notice",
        "objection": "objection, under objection, objection received, objected, obj, obj received,"
        " obj rec'd, objection lodged, objection pending, objection outstanding, objection under"
        " consideration, notice of objection received, awaiting objection decision",
        "appeal": "appeal, under appeal, appealed, appeal lodged, appeal pending, appeal received,"
        " in appeal, at appeal, at court on appeal, appeal outstanding, awaiting appeal,"
        " appeal hearing pending",
        "written_off": "written off, write off, debt written off, irrecoverable",
        "security_held": "security held, security given, security, security provided, bond held,"
        " security lodged, security deposited",
    },
    "de": {
        "outstanding": "offen, unbezahlt, fällig, überfällig, nicht bezahlt, ausstehend, säumig,"
        " noch offen, rückständig",
        "part_paid": "teilbezahlt, teilweise bezahlt, teilzahlung, teilgezahlt, zum Teil bezahlt",
        "instalments": "Ratenzahlung, Raten, in Raten, Zahlungsplan, Ratenplan",
        "paid": "bezahlt, beglichen, voll bezahlt, vollständig bezahlt, gezahlt, ausgeglichen",
        "cancelled": "aufgehoben, storniert, zurückgenommen, eingestellt, annulliert",
        "superseded": "ersetzt, neu erlassen",
        "objection": "Einspruch, Widerspruch, Einspruch eingelegt, Widerspruch eingelegt",
        "appeal": "Berufung, Rechtsmittel, Rechtsmittel eingelegt, Berufung eingelegt,"
        " Rechtsbeschwerde",
        "written_off": "abgeschrieben, ausgebucht, niedergeschlagen",
        "security_held": "Sicherheit hinterlegt, Sicherheitsleistung, Kaution hinterlegt",
    },
    "fr": {
        "outstanding": "impayé, impayée, dû, due, non payé, non payée, à payer, en souffrance,"
        " échu, exigible, non réglé, non réglée, en retard",
        "part_paid": "partiellement payé, partiellement payée, payé en partie, paiement partiel",
        "instalments": "échelonné, paiement échelonné, échéancier, plan de paiement, mensualités",
        "paid": "payé, payée, réglé, réglée, soldé, soldée, acquitté, acquittée, payé en totalité",
        "cancelled": "annulé, annulée, retiré, retirée, abandonné, classé sans suite",
        "superseded": "remplacé, remplacée",
        "objection": "réclamation, contesté, contestée, contestation, en contestation, opposition",
        "appeal": "appel, en appel, recours, recours en cours, appel en cours",
        "written_off": "admis en non-valeur, passé en perte, irrécouvrable",
        "security_held": "caution, garantie déposée, consignation, consigné",
    },
    "nl": {
        "outstanding": "openstaand, onbetaald, niet betaald, open, verschuldigd, te betalen,"
        " achterstallig, vervallen",
        "part_paid": "deels betaald, gedeeltelijk betaald, deelbetaling",
        "instalments": "betalingsregeling, termijnen, in termijnen, afbetaling",
        "paid": "betaald, voldaan, volledig betaald, vereffend",
        "cancelled": "geannuleerd, ingetrokken, vernietigd, geseponeerd",
        "superseded": "vervangen",
        "objection": "bezwaar, in bezwaar, bezwaar ingediend, bezwaar gemaakt",
        "appeal": "beroep, in beroep, hoger beroep, beroep ingesteld",
        "written_off": "afgeschreven, afgeboekt, oninbaar",
        "security_held": "zekerheid gesteld, borg gesteld, zekerheidstelling",
    },
    "pl": {
        "outstanding": "niezapłacone, niezapłacona, niezapłacony, nieopłacone, nieopłacona,"
        " nieopłacony, zaległe, zaległa, zaległy, do zapłaty, należne, nie zapłacono,"
        " przeterminowane, przeterminowana, niezaplacone, niezaplacona, nieuregulowane,"
        " nieuregulowana",
        "part_paid": "częściowo zapłacone, częściowo zapłacona, częściowo opłacone, zapłacono"
        " częściowo, wpłata częściowa, czesciowo zaplacone, częściowo opłacona",
        "instalments": "raty, w ratach, na raty, rozłożone na raty, rozłożona na raty",
        "paid": "zapłacone, zapłacona, zapłacony, opłacone, opłacona, opłacony, zapłacono,"
        " uregulowane, uregulowana, zaplacone, zaplacona, zaplacono, oplacone, oplacona,"
        " zapłacone w całości",
        "cancelled": "anulowane, anulowana, anulowany, uchylone, uchylona, umorzone, umorzona,"
        " cofnięte, wycofane",
        "superseded": "zastąpione, zastąpiona",
        "objection": "sprzeciw, wniesiono sprzeciw, złożono sprzeciw",
        "appeal": "odwołanie, w odwołaniu, wniesiono odwołanie, skarga, odwolanie",
        "written_off": "odpisane, spisane, nieściągalne",
        "security_held": "kaucja, zabezpieczenie, wpłacono kaucję",
    },
    "es": {
        "outstanding": "pendiente, impagado, impagada, no pagado, no pagada, sin pagar, vencido,"
        " vencida, adeudado, pendiente de pago, por pagar",
        "part_paid": "pagado parcialmente, parcialmente pagado, parcialmente pagada, pago parcial,"
        " pagada parcialmente",
        "instalments": "a plazos, plazos, pago aplazado, fraccionado, pago fraccionado, aplazado",
        "paid": "pagado, pagada, abonado, abonada, liquidado, liquidada, saldado, cobrado",
        "cancelled": "anulado, anulada, cancelado, cancelada, retirado, retirada, archivado",
        "superseded": "sustituido, sustituida, reemplazado",
        "objection": "alegaciones, en alegaciones, objeción, alegaciones presentadas",
        "appeal": "recurrido, recurrida, en recurso, recurso, apelación, recurso presentado",
        "written_off": "incobrable, dado de baja",
        "security_held": "fianza, depósito, garantía depositada, fianza depositada",
    },
    "it": {
        "outstanding": "insoluto, insoluta, non pagato, non pagata, da pagare, in sospeso, dovuto,"
        " scaduto, scaduta, in arretrato",
        "part_paid": "parzialmente pagato, parzialmente pagata, pagato in parte,"
        " pagamento parziale",
        "instalments": "rateizzato, rateizzata, rateale, a rate, rate, pagamento rateale",
        "paid": "pagato, pagata, saldato, saldata, pagato per intero, estinto",
        "cancelled": "annullato, annullata, ritirato, ritirata, revocato, archiviato, archiviata",
        "superseded": "sostituito, sostituita",
        "objection": "opposizione, opposizione presentata, reclamo, in opposizione",
        "appeal": "ricorso, in ricorso, appello, in appello, ricorso presentato, impugnato",
        "written_off": "inesigibile, stralciato, stornato a perdita",
        "security_held": "cauzione, cauzione versata, garanzia prestata",
    },
    "ro": {
        "outstanding": "neplătit, neplătită, neachitat, neachitată, restant, restantă, scadent,"
        " scadentă, de plată, datorat",
        "part_paid": "plătit parțial, plătită parțial, achitat parțial, achitată parțial, parțial"
        " achitat, parțial plătit",
        "instalments": "rate, în rate, eșalonat, eșalonată, plată eșalonată",
        "paid": "plătit, plătită, achitat, achitată, achitat integral, plătit integral",
        "cancelled": "anulat, anulată, retras, retrasă, clasat",
        "superseded": "înlocuit, înlocuită",
        "objection": "contestat, contestată, contestație, obiecție",
        "appeal": "apel, în apel, recurs, plângere, în recurs",
        "written_off": "nerecuperabil, scos din evidență",
        "security_held": "cauțiune, garanție depusă",
    },
    "pt": {
        "outstanding": "em dívida, não pago, não paga, por pagar, pendente, vencido, vencida,"
        " em atraso, por liquidar",
        "part_paid": "parcialmente pago, parcialmente paga, pago parcialmente, pagamento parcial",
        "instalments": "prestações, em prestações, pagamento em prestações",
        "paid": "pago, paga, liquidado, liquidada, pago na totalidade, quitado",
        "cancelled": "anulado, anulada, cancelado, cancelada, arquivado, arquivada, retirado",
        "superseded": "substituído, substituída",
        "objection": "defesa apresentada, em defesa, impugnado, impugnação",
        "appeal": "recurso, em recurso, recorrido, recurso apresentado",
        "written_off": "incobrável, anulado por incobrável",
        "security_held": "caução, depósito prestado, caução prestada",
    },
    "cs": {
        "outstanding": "nezaplaceno, neuhrazeno, nezaplacená, neuhrazená, dlužné, po splatnosti,"
        " k úhradě, splatné, nezaplacený",
        "part_paid": "částečně zaplaceno, částečně uhrazeno, částečná úhrada",
        "instalments": "splátky, na splátky, splátkový kalendář",
        "paid": "zaplaceno, uhrazeno, zaplacená, uhrazená, vyrovnáno, zaplacený",
        "cancelled": "zrušeno, zrušená, stornováno, zastaveno, staženo",
        "superseded": "nahrazeno, nahrazená",
        "objection": "námitka, námitky, odpor, podána námitka, podán odpor",
        "appeal": "odvolání, podáno odvolání, v odvolání",
        "written_off": "odepsáno, nedobytné",
        "security_held": "kauce, složena kauce, jistota",
    },
    "hu": {
        "outstanding": "befizetetlen, kifizetetlen, nem fizetett, hátralékos, esedékes, lejárt,"
        " nincs befizetve, nincs kifizetve, rendezetlen, kintlévő",
        "part_paid": "részben fizetve, részben befizetve, részben kifizetve, részfizetés",
        "instalments": "részletfizetés, részletekben",
        "paid": "fizetve, befizetve, kifizetve, megfizetve, rendezve, kiegyenlítve",
        "cancelled": "törölve, visszavonva, megsemmisítve, megszüntetve",
        "superseded": "helyettesítve, felváltva",
        "objection": "kifogás, kifogásolva, kifogás benyújtva",
        "appeal": "fellebbezés, fellebbezve, fellebbezés alatt",
        "written_off": "leírva, behajthatatlan",
        "security_held": "biztosíték, óvadék, letétbe helyezve",
    },
    "lt": {
        "outstanding": "nesumokėta, neapmokėta, nesumokėtas, skolingas, pradelsta, mokėtina",
        "part_paid": "iš dalies sumokėta, iš dalies apmokėta, dalinai sumokėta, dalinai apmokėta",
        "instalments": "dalimis, mokama dalimis, išsimokėtinai",
        "paid": "sumokėta, apmokėta, sumokėtas, apmokėtas",
        "cancelled": "atšaukta, panaikinta, anuliuota, nutraukta",
        "superseded": "pakeista",
        "objection": "prieštaravimas, pateiktas prieštaravimas",
        "appeal": "apeliacija, apskųsta, skundas, pateiktas skundas",
        "written_off": "nurašyta, neišieškoma",
        "security_held": "užstatas, sumokėtas užstatas",
    },
    "bg": {
        "outstanding": "неплатено, неплатена, неплатен, дължимо, дължима, просрочено, просрочена,"
        " за плащане, непогасено",
        "part_paid": "частично платено, частично платена, частично плащане",
        "instalments": "разсрочено, на вноски, разсрочено плащане",
        "paid": "платено, платена, платен, погасено, погасена, изплатено",
        "cancelled": "отменено, отменена, анулирано, анулирана, прекратено, оттеглено",
        "superseded": "заменено, заменена",
        "objection": "възражение, подадено възражение",
        "appeal": "обжалвано, обжалвана, жалба, подадена жалба, обжалване",
        "written_off": "отписано, несъбираемо",
        "security_held": "гаранция, внесена гаранция",
    },
    "uk": {
        "outstanding": "не сплачено, несплачено, не сплачена, несплачений, неоплачено, не оплачено,"
        " прострочено, до сплати, заборгованість",
        "part_paid": "частково сплачено, частково оплачено, сплачено частково",
        "instalments": "розстрочка, у розстрочку, розстрочено",
        "paid": "сплачено, оплачено, сплачена, сплачений, погашено",
        "cancelled": "скасовано, скасована, анульовано, відкликано, закрито провадження",
        "superseded": "замінено, замінена",
        "objection": "заперечення, подано заперечення",
        "appeal": "оскаржено, оскаржується, апеляція, скарга, подано скаргу",
        "written_off": "списано, безнадійний борг",
        "security_held": "застава, внесено заставу",
    },
    "tr": {
        "outstanding": "ödenmedi, ödenmemiş, vadesi geçmiş, borçlu, gecikmiş, ödenecek",
        "part_paid": "kısmen ödendi, kısmi ödeme, kısmen ödenmiş",
        "instalments": "taksit, taksitli, taksitlendirildi, taksitle",
        "paid": "ödendi, ödenmiş, tamamı ödendi",
        "cancelled": "iptal, iptal edildi, geri çekildi",
        "superseded": "yenilendi, yerine yenisi düzenlendi",
        "objection": "itiraz, itiraz edildi, itirazda",
        "appeal": "temyiz, istinaf, temyizde, temyiz edildi, istinafta",
        "written_off": "terkin, terkin edildi, silindi",
        "security_held": "teminat, teminat yatırıldı",
    },
    "el": {
        "outstanding": "απλήρωτο, ανεξόφλητο, οφείλεται, εκκρεμεί, ληξιπρόθεσμο",
        "part_paid": "μερικώς πληρωμένο, μερική πληρωμή",
        "instalments": "δόσεις, σε δόσεις",
        "paid": "πληρωμένο, εξοφλημένο, πληρώθηκε, εξοφλήθηκε",
        "cancelled": "ακυρωμένο, ακυρώθηκε, ανακλήθηκε",
        "objection": "ένσταση, αντιρρήσεις",
        "appeal": "έφεση, προσφυγή",
    },
}
