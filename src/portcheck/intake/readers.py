"""What number-plate readers call things: every vendor's document in portcheck's own names.

portcheck's own names are plate, confidence, candidates, at, lane and country. Besides,
the documents of common readers are understood:

- OpenALPR and Rekor Scout: `results[]` or an `alpr_group`; confidence in per
  cent, times in milliseconds (docs.rekor.ai/scout/application-integration).
- Plate Recognizer Snapshot and Stream: `results[]`, there inside `data`; scores
  from 0 to 1, candidates with or without one; with vehicles detected too, the plate
  is an object whose `props` have it (guides.platerecognizer.com/docs/stream/results).
- Verkada: `data` with `license_plate_number` and, in milliseconds, `detected`
  (apidocs.verkada.com/v1/reference/lpr).
- Frigate: `frigate/events`, whose `after` has `recognized_license_plate`, and
  the "lpr" updates (docs.frigate.video/integrations/mqtt).
"""

from collections.abc import Mapping
from typing import Any

from portcheck.errors import Refused

HINT = "A read is an object with “plate”, and may have confidence, candidates, at, lane, country."

_INNER = ("data", "group", "after", "best_plate")
PLATE = (
    "plate",
    "best_plate_number",
    "plate_number",
    "license_plate_number",
    "license_plate",
    "licence_plate",
    "registration",
    "vrm",
)
CONFIDENCE = ("confidence", "score", "best_confidence")
AT = ("at", "epoch_time", "epoch_start", "timestamp", "captured_at", "detected", "created", "time")
LANE = ("lane", "camera_name", "camera", "camera_id")
REGION = {"region": "region_confidence", "best_region": "best_region_confidence"}

Document = Mapping[str, Any]


def vehicles(document: Document) -> list[Document]:
    """The vehicles that a document tells of, in portcheck's own names; never empty.

    Raises Refused when the reader says that it saw none.
    """
    for name in _INNER:
        inner = document.get(name)
        if isinstance(inner, dict):
            frigate = _of_frigate(inner) if name == "after" else {}
            document = {**document, **inner, **frigate}
    return [_in_own_names(vehicle) for vehicle in _vehicles(document)]


def first(vehicle: Document, names: tuple[str, ...]) -> Any:
    """The first of these names that says something, None where none does."""
    return next((vehicle[name] for name in names if vehicle.get(name) is not None), None)


def rows(document: Any, name: str) -> list[Document]:
    """The objects in the list of this name, none where there is no such list."""
    rows = document.get(name) if isinstance(document, dict) else None
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _vehicles(document: Document) -> list[Document]:
    """The document, or each of its results with what they share."""
    results = document.get("results")
    if not isinstance(results, list):
        return [document]
    if not results:
        raise Refused("the reader saw no plate", hint=HINT)
    shared = {name: document[name] for name in (*AT, *LANE) if name in document}
    return [{**shared, **one} if isinstance(one, dict) else {} for one in results]


def _of_frigate(event: Document) -> dict[str, Any]:
    """The names of a Frigate event, whose `score` and `region` are not the plate's.

    The time is the one at which the vehicle was first tracked, which all the
    event's updates share.  A `sub_label` without a digit is a name or a logo.
    """
    plate, sure = event.get("recognized_license_plate"), event.get("recognized_license_plate_score")
    if not plate:
        plate, sure = event.get("sub_label"), None
        text = plate[0] if isinstance(plate, list) and plate else plate
        if not any(map(str.isdigit, str(text))):
            plate = None
    if isinstance(plate, list):
        plate, beside = (*plate, None, None)[:2]
        sure = beside if sure is None else sure
    at = event.get("start_time")
    return {"plate": plate, "confidence": sure, "score": None, "at": at, "region": None}


def _in_own_names(vehicle: Document) -> Document:
    """A vehicle whose plate is an object (Plate Recognizer): its readings and regions."""
    plate = vehicle.get("plate")
    if not isinstance(plate, dict):
        return vehicle
    props = plate.get("props")
    readings = rows(props, "plate")
    regions = rows(props, "region")
    candidates = [{"plate": one.get("value"), "score": one.get("score")} for one in readings]
    surest = candidates[0] if candidates else {"plate": None}
    found: dict[str, Any] = {**vehicle, **surest, "candidates": candidates}
    if regions:
        found["region"] = {"code": regions[0].get("value"), "score": regions[0].get("score")}
    return found
