"""Make the pictures of docs/pictures: the HTML report in a real browser, and look at it there.

Run it as `.venv/bin/python tools/make_pictures.py`.  It needs Debian's packages
chromium and chromium-driver.  The report of the sample day is shown on a
desktop, in the dark, on a phone and as it is printed; on each, nothing may
stick out sideways and every text must be told from its ground (WCAG 2.2, 1.4.3).
A second report, with long names everywhere, must pass the same.  The journal's
fingerprint differs from one run to the next; nothing else does.
"""

import base64
import csv
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from browser import Session, browser
from portcheck.intake.files.source import open_source, source_of_bytes
from portcheck.journal.append import Actor
from portcheck.report.publish import publish
from portcheck.services import operation
from portcheck.services.checks.correct import Correction, amend
from portcheck.services.checks.import_log import import_log
from portcheck.services.context import Context
from portcheck.services.day.end_operation import end
from portcheck.services.day.selection import select
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.services.settings import load
from portcheck.store.schema import open_store

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
DAY = "Portsmouth 17 June 2021"
MORNING = datetime(2021, 6, 17, 4, 30, tzinfo=UTC)
EVENING = datetime(2021, 6, 17, 17, 0, tzinfo=UTC)
MOST_PAGES = 4

CHECKS = """
const wide = document.documentElement.clientWidth, faults = [];
const name = e => `${e.tagName.toLowerCase()} "${(e.textContent || '').trim().slice(0, 40)}"`;
const frame = e => e.closest('.scroll');
const scrolls = e => frame(e) && getComputedStyle(frame(e)).overflowX === 'auto';
if (document.documentElement.scrollWidth > wide) faults.push('the page scrolls sideways');
const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
const lum = c => { const [r, g, b] = c.map(v => v / 255)
  .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ground = e => { for (; e; e = e.parentElement) {
  const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
  return [255, 255, 255]; };
let texts = 0;
for (const e of document.body.querySelectorAll('*')) {
  const box = e.getBoundingClientRect();
  if (!scrolls(e) && (box.right > wide + 1 || box.left < -1)) faults.push('sticks out: ' + name(e));
  const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!own || !box.width || ['title', 'desc'].includes(e.tagName.toLowerCase())) continue;
  texts += 1;
  const style = getComputedStyle(e), inside = e.ownerSVGElement;
  const front = lum(parse(inside ? style.fill : style.color)), back = lum(ground(e));
  const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(2)}: ` + name(e));
}
return {faults: faults.slice(0, 10), texts, height: document.documentElement.scrollHeight};
"""


class Look(NamedTuple):
    """A way to look at a report, in CSS pixels; `height` is what a picture shows of it."""

    name: str
    width: int
    height: int
    media: str = "screen"
    scheme: str = "light"


LOOKS = (
    Look("report-desktop", 1280, 1500),
    Look("report-dark", 1280, 1500, scheme="dark"),
    Look("report-phone", 360, 1400),
    Look("report-a4", 695, 1016, media="print"),  # 184 x 269 mm: A4 without its margins
)


def main() -> int:
    """Write the pictures; 1 when something does not look as it should."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        print("install Debian's packages chromium and chromium-driver", file=sys.stderr)
        return 2
    PICTURES.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="portcheck-pictures-") as name:
        folder = Path(name)
        with browser(folder) as session:
            for page in reports(folder):
                faults += look_at(session, page, keep=page.name == "day.html")
    for fault in faults:
        print(fault, file=sys.stderr)
    return int(bool(faults))


@contextmanager
def station(folder: Path, clock: list[datetime]) -> Iterator[Context]:
    """A database of its own, where the time is the last one of `clock`."""
    path = folder / "portcheck.db"
    environ = {"PORTCHECK_CONFIG": str(folder / "none.toml"), "PORTCHECK_OFFICER": "4711"}
    settings = load({"database": str(path)}, environ)
    with closing(open_store(path, create=True)) as connection:
        actor = Actor("4711", "Police", "L1")
        yield Context(connection, path, settings, actor, now=lambda: clock[-1])


def reports(folder: Path) -> Iterator[Path]:
    """The report of the published operation, and one in which every name is long."""
    clock = [MORNING]
    with station(folder, clock) as context:
        samples = ROOT / "sample_data"
        source = open_source(samples / "action_list.xlsx")
        import_list(context, source, ImportOptions(list_name="CECPT"))
        operation.start(
            context,
            DAY,
            site="Portsmouth International Port",
            agencies=("Police", "Border Force", "Port"),
        )
        clock.append(EVENING)
        import_log(context, open_source(samples / "checks.csv"))
        end(context)
        yield report(context, folder / "day.html", DAY)
        operation.start(context, "Operation " + "of a very long name " * 6, site="W" * 90)
        import_log(context, source_of_bytes("long.csv", long_names()))
        correction = Correction({}, {"haulier": "H" * 150}, {})
        current = context.operation().operation_id
        amend(context, "L1-001", current, correction, "r" * 150)
        yield report(context, folder / "long.html")


def long_names() -> bytes:
    """A log in which everything that people write is long."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        (
            ("At", "Registration", "Lane", "Officer", "Agency", "Cash", "Decision"),
            (
                *("17/06/2021 10:00", "CJ 47 TKV", "L" * 80, "O" * 60, "A long agency " * 6),
                *("EUR:123456789.00:seized; GBP:1.00:seized", "rejected: " + "x" * 200),
            ),
            ("17/06/2021 11:00", "CJ 47 TKV", "two words " * 9, "1", "", "", ""),
        )
    )
    return out.getvalue().encode()


def report(context: Context, path: Path, name: str = "") -> Path:
    """The report's file."""
    publish(context, select(context, (name,) if name else ()), path)
    return path


def look_at(session: Session, page: Path, *, keep: bool) -> Iterator[str]:
    """What is wrong with the page in any look; pictures of it with `keep`."""
    session.command("url", {"url": page.as_uri()})
    session.devtools("Emulation.setScrollbarsHidden", hidden=True)
    for look in LOOKS:
        session.devtools(
            "Emulation.setEmulatedMedia",
            media=look.media,
            features=[{"name": "prefers-color-scheme", "value": look.scheme}],
        )
        session.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=look.width,
            height=look.height,
            deviceScaleFactor=1,
            mobile=False,
        )
        seen = session.script(CHECKS)
        yield from (f"{page.name}, {look.name}: {fault}" for fault in seen["faults"])
        print(f"{page.name}, {look.name}: {seen['texts']} texts, {seen['height']} px high")
        if keep:
            taken = session.devtools("Page.captureScreenshot", format="png")
            path = PICTURES / f"{look.name}.png"
            path.write_bytes(base64.b64decode(taken["data"]))
            print(path.relative_to(ROOT))
    pages = printed_pages(session)
    print(f"{page.name}, printed: {pages} pages of A4")
    if pages > MOST_PAGES:
        yield f"{page.name}: {pages} pages of A4"


def printed_pages(session: Session) -> int:
    """How many pages of A4 the report takes."""
    return len(re.findall(rb"/Type\s*/Page\b", session.printed()))


if __name__ == "__main__":
    sys.exit(main())
