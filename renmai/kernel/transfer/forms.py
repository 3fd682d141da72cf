"""What the wizard's forms show and what they send."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.user import Era
from renmai.kernel.records.custom import first_field
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.encoding import ENCODINGS
from renmai.kernel.transfer.model import ChangeSet, Mode, RowAction
from renmai.kernel.transfer.plan import Plan
from renmai.kernel.transfer.values import as_text
from renmai.kernel.transfer.wizard import Wizard, offered, reading_of

if TYPE_CHECKING:
    pass

SHOWN_ROWS = 8
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "gb18030": "GB 18030 (简体中文)",
    "big5hkscs": "Big5-HKSCS (繁體中文)",
    "cp874": "TIS-620 / Windows-874 (ไทย)",
    "cp932": "Shift-JIS (日本語)",
    "euc_kr": "EUC-KR (한국어)",
    "cp1252": "Windows-1252 / Latin-1",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
}
DELIMITERS = [
    (",", gettext_lazy("Comma")),
    (";", gettext_lazy("Semicolon")),
    ("\t", gettext_lazy("Tab")),
    ("|", gettext_lazy("Vertical bar")),
]
ORDERS = [("", gettext_lazy("Doubtful dates come back")), ("dmy", gettext_lazy("Day first")), ("mdy", gettext_lazy("Month first"))]
ERAS = list(Era.choices)
SIGNS = [(".", "1,234.5"), (",", "1.234,5")]
STEP_LABELS = {
    "file": gettext_lazy("File"),
    "columns": gettext_lazy("Columns"),
    "values": gettext_lazy("Unknown values"),
    "preview": gettext_lazy("Preview"),
}


@dataclass(frozen=True)
class Step:
    """A step of the wizard: ``state`` is done, now or later."""

    name: str
    label: Any
    href: str
    state: str


def steps(wizard: Wizard, now: str) -> list[Step]:
    """All steps, with where one stands."""
    names = list(STEP_LABELS)
    place = names.index(now)
    states = ["done" if at < place else "now" if at == place else "later" for at in range(len(names))]
    return [Step(name, STEP_LABELS[name], f"?step={name}", state) for name, state in zip(names, states, strict=True)]


# --- the file


def file(wizard: Wizard) -> dict[str, Any]:
    """How the file is laid out, with everything else it could be."""
    found, layout = wizard.found, wizard.layout
    header = layout.header_row
    first = [(number, [as_text(cell) for cell in row]) for number, row in enumerate(found.first[: header + SHOWN_ROWS], start=1)]
    shown = [(number, row) for number, row in first if number >= header - 2 and any(row)]
    names = list(ENCODINGS) if layout.encoding in ENCODINGS or not layout.encoding else [layout.encoding, *ENCODINGS]
    return {
        "encodings": [(name, ENCODING_NAMES.get(name, name)) for name in names],
        "delimiters": DELIMITERS,
        "quotes": [('"', '"…"'), ("'", "'…'"), ("", _("None"))],
        "sheets": [(name, name) for name in found.sheets],
        "rows": shown,
        "width": max((len(row) for _number, row in shown), default=0),
    }


def settled(wizard: Wizard) -> dict[str, str | int]:
    """The layout as the form would send it unchanged."""
    layout = wizard.layout
    if layout.sheet:
        return {"sheet": layout.sheet, "header_row": layout.header_row}
    if layout.form:
        return {"encoding": layout.encoding}
    return {"encoding": layout.encoding, "delimiter": layout.delimiter, "quote": layout.quote, "header_row": layout.header_row}


def corrections(given: Mapping[str, str], wizard: Wizard) -> dict[str, str | int]:
    """The layout that the form sends. Another encoding or sheet has its header found anew."""
    before = settled(wizard)
    after = {name: given.get(name, value) for name, value in before.items()}
    if wizard.layout.form:
        return after
    row = str(after["header_row"])
    after["header_row"] = int(row) if row.isdigit() else before["header_row"]
    if any(after[name] != before[name] for name in ("sheet", "encoding", "delimiter") if name in after):
        after.pop("header_row")
    return {name: value for name, value in after.items() if value != "" or name == "quote"}


# --- the columns


def columns(wizard: Wizard) -> dict[str, Any]:
    """Each column with what it may become, and the settings."""
    plan = wizard.plan
    return {
        "columns": wizard.proposal.columns,
        "targets": [("", _("Leave it out")), *offered(wizard.kind, plan.columns.values())],
        "questions": {name: text for name, text in wizard.proposal.questions.items() if _is_open(plan, name)},
        "orders": ORDERS,
        "eras": ERAS,
        "signs": SIGNS,
        "modes": Mode.choices,
        "keys": [("", "—"), *_keys(wizard)],
        "missing": _needed(wizard),
    }


def _is_open(plan: Plan, name: str) -> bool:
    """A question about the order of dates is answered by setting it; the others stay as a remark beside what was taken."""
    return name != "date_order" or not plan.reading.date_order


def _keys(wizard: Wizard) -> list[tuple[str, str]]:
    labels = dict(offered(wizard.kind))
    return [(name, labels.get(name, name)) for name in dict.fromkeys(wizard.plan.columns.values())]


def _needed(wizard: Wizard) -> list[Any]:
    """Labels of fields that a new record must have and that no column brings."""
    given = {first_field(name)[0] for name in wizard.plan.columns.values()} | set(wizard.plan.defaults)
    derived = getattr(wizard.kind.model, "derived_from", {})
    heading = {"name", "subject"} if wizard.plan.name_template else set()
    arranged = wizard.kind.arranged(wizard.by)
    return [
        arranged.specs[name].label
        for name in arranged.always_needed
        if name not in arranged.defaults and name not in given | heading and not given & set(derived.get(name, ()))
    ]


def plan_of(given: Mapping[str, Any], wizard: Wizard) -> Plan:
    """The choices that the form sends."""
    chosen = {header: given.get(f"column-{at}", "") for at, header in enumerate(wizard.found.header)}
    key = given.get("key", "")
    return Plan.of(
        {
            **wizard.plan.as_json(),
            "columns": {header: name for header, name in chosen.items() if name},
            "name_template": given.get("name_template", ""),
            "mode": given.get("mode") or Mode.CREATE,
            "key": [key] if key else [],
            "reading": reading_of(given, wizard.plan.reading).as_json(),
        }
    )


# --- unknown values


def plan_of_values(given: Mapping[str, str], plan: Plan) -> Plan:
    """What becomes of unknown values.

    Args:
        given: ``all-<target>`` says ``make``, ``leave`` or ``back`` of all that is not said singly; of one text, ``text-<n>`` with
            ``of-<n>``, ``do-<n>`` says ``leave`` or ``map``, the latter to ``to-<n>``.
    """
    values: dict[str, dict[str, str]] = defaultdict(dict, {name: dict(pairs) for name, pairs in plan.values.items()})
    for number in (name.removeprefix("text-") for name in given if name.startswith("text-")):
        target, text = given[f"of-{number}"], given[f"text-{number}"]
        to = given.get(f"to-{number}", "")
        if given.get(f"do-{number}") == "leave" or (given.get(f"do-{number}") == "map" and to):
            values[target][text] = to if given[f"do-{number}"] == "map" else ""
    make, leave = set(plan.make_missing), set(plan.leave_missing)
    for name in (name for name in given if name.startswith("all-")):
        target, slug = name.removeprefix("all-"), given.get(f"type-{name.removeprefix('all-')}", "")
        (make.add if given[name] == "make" else make.discard)(slug)
        (leave.add if given[name] == "leave" else leave.discard)(target)
    return plan.with_(values=dict(values), make_missing=frozenset(make - {""}), leave_missing=frozenset(leave))


# --- afterwards


def also_made(change_set: ChangeSet) -> list[tuple[RecordType, int]]:
    """Types of which records were made because rows named them, and how many."""
    made = change_set.rows_of_file.filter(action=RowAction.ALSO_MADE).values_list("type").annotate(number=Count("pk")).order_by("type")
    return [(registry[slug], number) for slug, number in made]
