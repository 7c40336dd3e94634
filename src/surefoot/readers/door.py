"""The door: columns about persons, times and technicalities, told by their header or content, that never come in."""

from __future__ import annotations

import re

import polars as pl

from surefoot.readers.mapping import KEEP, ColumnMapping
from surefoot.readers.table import Column, RawTable

_NOT_WORD = re.compile(r"[^\w]+|_+")

PERSONAL = frozenset(
    """
    ip; ip address; ipaddress; ipaddr; ip adresse; adresse ip; direccion ip; email; e mail; mail; email address;
    emailaddress; e mail address; your email; your email address; e mail adresse; correo electronico; adresse e mail;
    correo electrónico; dirección de correo electrónico; adresse de messagerie; courriel; e mailadres; emailadres;
    endereço de email; endereço de e mail; posta elettronica; indirizzo email; indirizzo e mail; e bost; ebost;
    cyfeiriad e bost; naam; nome; enw; prénom; cognome; apellidos; achternaam; voornaam; sobrenome; cyfenw; enw cyntaf;
    name; your name; full name; first name; firstname; last name; lastname; surname; family name; given name; forename;
    vorname; nachname; nom; prenom; nombre; apellido; latitude; longitude; location; locationlatitude;
    locationlongitude; locationaccuracy; location latitude; location longitude; location accuracy;
    geolocation; gps; coordinates;
    breitengrad; längengrad; device id; deviceid; device identifier; phone; phone number; phonenumber; telephone;
    telephone number; mobile; mobile number; telefon; token; zugangsschlüssel; refurl; referrer url; referer url;
    user agent; useragent; username; user name; user; login; recipientlastname; recipientfirstname; recipientemail;
    recipient last name; recipient first name; recipient email; externalreference; external reference;
    externaldatareference; external data reference; custom data 1; subscriberid; simserial; simid; address; postcode;
    zip code; postal address; date of birth; dob; geburtsdatum; nhs number; staff number; staff id; employee id;
    employee number; payroll number; national insurance number; cookie; browser fingerprint
    """.replace("\n", " ").split(";")
)
PERSONAL_PARTS = (
    "ip address",
    "ip adresse",
    "email address",
    "e mail address",
    "e mail des",
    "recipient",
    "empfänger",
    "breitengrad",
    "längengrad",
    "latitude",
    "longitude",
    "first name",
    "last name",
    "vorname",
    "nachname",
    "phone number",
    "externe datenreferenz",
)
IDENTIFYING = frozenset(
    """email|e mail|mail|email address|emailaddress|e mail address|your email|your email address|e mail adresse|
    correo electronico|adresse e mail|recipientemail|recipient email|token|zugangsschlüssel|externalreference|
    external reference|externaldatareference|external data reference|nhs number|staff number|staff id|employee id|
    employee number|payroll number|national insurance number|login|username|user name""".replace("\n    ", "").split(
        "|"
    )
)
"""Personal columns whose cells stand for one person each; a name or an IP address may be shared."""
_PERSONAL = frozenset(name.strip() for name in PERSONAL)

RESPONDENT = "respondent id: it could link answers to people"
TIME = "time: it could link answers to people"
DURATION = "duration: it could link answers to people"
TECHNICAL = "about the survey tool, no answer"
METADATA = {
    RESPONDENT: """id; respondent id; respondentid; response id; responseid; respondent; record id; uuid; instanceid;
        participant id; participant; case id; recordid; antwort id; response number; submission id; submission uuid;
        seed; key; rootuuid""",
    TIME: """startdate; enddate; recordeddate; start date; end date; recorded date; start time; completion time; start;
        end; last modified time; timestamp; zeitstempel; submitdate; date submitted; datestamp; date started;
        date last action; anfangsdatum; enddatum; erfassungsdatum; submission time; form started dttm; form ended dttm;
        created;
        created at; updated at; submitted; submitted at; today; hora de inicio; hora de finalización""",
    DURATION: """duration; duration in seconds; dauer in sekunden; interviewtime; total time; time taken;
        interview time; duration seconds""",
    TECHNICAL: """lastpage; last page; startlanguage; start language; userlanguage; user language; distributionchannel;
        distribution channel; responseset; response set; collector id; collectorid; benutzersprache; verteilungskanal;
        index; version; validation status; tags; notes; status; formhub uuid; xform id string""",
}
ANSWERED: tuple[frozenset[str], ...] = tuple(
    frozenset(name.strip() for name in names.replace("\n", " ").split(";"))
    for names in (
        """submitdate; date submitted; submitted; submitted at; completion time; enddate; end date; end; enddatum;
        datum abgeschickt; date de soumission; fecha de envío; inzenddatum""",
        "recordeddate; recorded date; erfassungsdatum; submission time; datestamp; date last action",
        "timestamp; zeitstempel; when; date; created at; created",
        "startdate; start date; start time; start; anfangsdatum; date started; today",
    )
)
"""Names of the columns that say when somebody answered, the surest first."""
_METADATA = {name.strip(): why for why, names in METADATA.items() for name in names.replace("\n", " ").split(";")}

_EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"
_IP = r"^(\d{1,3}\.){3}\d{1,3}$|^([0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}$"
_STAMP = r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T]+\d{1,2}:\d{2}.*)?$"
_TOKEN = r"^([0-9a-fA-F]{8}-[0-9a-fA-F-]{20,30}|[0-9a-fA-F]{16,64}|R_\w{10,20}|uuid:.*)$"


def simple(header: str) -> str:
    """A header as words: lower case, without punctuation.

    >>> simple("Duration (in seconds)")
    'duration in seconds'
    """
    return _NOT_WORD.sub(" ", header.casefold()).strip()


def is_personal(column: Column) -> bool:
    """Whether the header or its wording says that the column holds something about a person."""
    if column.role == "personal":
        return True
    return any(_personal_name(simple(name)) for name in (column.header, column.text) if name)


def _personal_name(name: str) -> bool:
    short = len(name.split()) <= 5
    return name in _PERSONAL or (short and any(part in name for part in PERSONAL_PARTS))


def holds_addresses(values: pl.Series, *, ip: bool = True) -> bool:
    """Whether most cells are e-mail or IP addresses, whatever the header says. ip: whether those of machines count."""
    filled = values.drop_nulls()
    if not len(filled):
        return False
    sample = filled.head(2000)
    return any(_share(sample, pattern) > 0.5 for pattern in ((_EMAIL, _IP) if ip else (_EMAIL,)))


def _share(values: pl.Series, pattern: str) -> float:
    """The share of cells that match a pattern."""
    return int(values.str.contains(pattern).sum()) / max(1, len(values))


def metadata(column: Column, values: pl.Series) -> str:
    """Why a column is no answer (an id, a time, a duration, a technicality), or "" where it may be one."""
    for name in (column.header, column.text):
        if simple(name) in _METADATA:
            return _METADATA[simple(name)]
    filled = values.drop_nulls()
    if not len(filled):
        return ""
    sample = filled.head(2000)
    if _share(sample, _STAMP) > 0.9:
        return TIME
    if _share(sample, _TOKEN) > 0.9 and sample.n_unique() == len(sample):
        return RESPONDENT
    return ""


def at_the_door(table: RawTable, wanted: frozenset[str]) -> tuple[RawTable, list[str]]:
    """The table without its personal columns, and their headers.

    wanted: headers that a kept mapping or the instrument's own question ids claim as answers; their name alone does not
    drop them, addresses in them do.
    """
    dropped = [
        column.header
        for column in table.columns
        if (column.header not in wanted and is_personal(column)) or holds_addresses(table[column.header])
    ]
    return table.without(set(dropped)), dropped


# Rows to keep -----------------------------------------------------------------------------------------------------

UNFINISHED, PREVIEW, TEST, SPAM, EMPTY = "unfinished", "survey preview", "survey test", "spam", "empty row"
CUT = "row cut off at the end of the file"
FINISHED_VALUES = {
    **dict.fromkeys(("1", "true", "yes", "wahr", "vrai", "verdadero"), KEEP),
    **dict.fromkeys(("0", "false", "no", "falsch", "faux", "falso"), UNFINISHED),
}
STATUS_VALUES = {
    **dict.fromkeys(("0", "4", "16", "32", "48", "ip address", "imported", "offline", "uploaded", "complete"), KEEP),
    **dict.fromkeys(("1", "9", "17", "survey preview", "preview", "umfragenvorschau"), PREVIEW),
    **dict.fromkeys(("2", "survey test", "test", "generated"), TEST),
    **dict.fromkeys(("8", "12", "40", "spam", "possible spam"), SPAM),
}
_ROW_ROLES = {
    "finished": ("finished", FINISHED_VALUES),
    "beendet": ("finished", FINISHED_VALUES),
    "status": ("status", STATUS_VALUES),
    "antworttyp": ("status", STATUS_VALUES),
}


def row_role(column: Column, values: pl.Series) -> ColumnMapping | None:
    """How a column says which rows to keep (finished, progress, status), or None where it does not."""
    names = [column.role, *(simple(name) for name in (column.header, column.text))]
    distinct = [str(value) for value in values.unique().drop_nulls().sort().head(50)]
    for name in names:
        if name in _ROW_ROLES:
            role, known = _ROW_ROLES[name]
            if distinct and all(value.casefold() in known for value in distinct):
                return ColumnMapping(role=role, values={value: known[value.casefold()] for value in distinct})
        if name in ("progress", "aktueller stand") and values.drop_nulls().str.contains(r"^\d{1,3}$").all():
            return ColumnMapping(role="progress")
        if name == "submitted" and column.role == "submitted":
            return ColumnMapping(role="submitted")
    return None
