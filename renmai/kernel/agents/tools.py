"""What a program in somebody's service can ask for and propose. Each tool is one function of the person's token and its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.config.env import env
from renmai.kernel.actions.errors import Forbidden, Invalid, Missing
from renmai.kernel.actions.undo import undo
from renmai.kernel.agents.doing import CREATE, UPDATE, Step, propose, require_key
from renmai.kernel.agents.model import Proposal
from renmai.kernel.api.fixed import rights_of, type_json
from renmai.kernel.api.http import typed
from renmai.kernel.api.records import visible
from renmai.kernel.criteria import condition
from renmai.kernel.records.clean import identity
from renmai.kernel.records.listing import Question, page, sorts
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.types import registry
from renmai.kernel.search.find import find

if TYPE_CHECKING:
    from renmai.kernel.access.token import Token

Schema = dict[str, Any]
MOST = 100
TEXT: Schema = {"type": "string"}
TYPE: Schema = {"type": "string", "description": "slug of a type, such as those that describe_types lists"}
ID: Schema = {"type": "string", "format": "uuid"}
VALUES: Schema = {"type": "object", "description": "values by field name, as describe_types tells them"}
VERSION: Schema = {"type": "integer", "description": "of the record as it was read; refused if somebody has saved since"}
KEY: Schema = {"type": "string", "maxLength": 200, "description": "of your choice: the same key again brings the same proposal"}
WHY: Schema = {"type": "string", "maxLength": 1000, "description": "why, for the person who decides"}
FILTER: Schema = {"type": "object", "description": 'criteria, as {"field": "status", "op": "eq", "value": "new"}; and, or, not'}


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes:
        told: what it does, for the program.
        asks: argument → JSON Schema.
        needs: names of the arguments that must be given.
        do: what happens.
        writes: it may come to a change.
    """

    name: str
    told: str
    asks: Schema
    needs: tuple[str, ...]
    do: Callable[[Token, Mapping[str, Any]], Any]
    writes: bool = False

    @property
    def schema(self) -> Schema:
        """Of its arguments."""
        return {"type": "object", "properties": self.asks, "required": list(self.needs), "additionalProperties": False}

    def check(self, given: Mapping[str, Any]) -> None:
        """Raise ``Invalid`` where an argument is missing or strange."""
        missing = {name: [_("This is needed.")] for name in self.needs if given.get(name) in (None, "")}
        strange = {name: [_("There is no such field.")] for name in given if name not in self.asks}
        if found := missing | strange:
            raise Invalid(found)


def call(token: Token, name: str, given: Mapping[str, Any]) -> Any:
    """Use a tool.

    Raises:
        Refusal: it is not open to the person, or something does not do.
    """
    tool = TOOLS.get(name)
    if tool is None:
        raise Missing(_("There is no such tool."))
    tool.check(given)
    if tool.writes and token.read_only:
        raise Forbidden(_("This token may only read."))
    return tool.do(token, given)


def describe(token: Token, given: Mapping[str, Any]) -> Any:
    """The types in brief, or one with everything."""
    by = token.user
    if slug := given.get("type"):
        return type_json(typed(str(slug)), by)
    kinds = [kind for kind in registry.all() if by.may("view", kind)]
    return {"types": [{"type": kind.slug, "label": str(kind.label), "rights": rights_of(kind, by)} for kind in kinds]}


def search(token: Token, given: Mapping[str, Any]) -> Any:
    """Records of any type by words."""
    types = [str(slug) for slug in given.get("types") or []]
    hits = find(str(given["q"]), token.user, types=types or None, limit=_limit(given))
    return {"items": [{"type": hit.type, "id": str(hit.id), "title": hit.title, "subtitle": hit.subtitle} for hit in hits]}


def listed(token: Token, given: Mapping[str, Any]) -> Any:
    """Records of one type by criteria."""
    kind, by = typed(str(given["type"])), token.user
    where = condition(given["filter"], kind, by) if given.get("filter") else None
    names = [str(name) for name in given.get("fields") or []] or None
    asked = Question(kind, by, where, str(given.get("q") or ""), sorts(kind, str(given.get("sort") or ""), by))
    found, following = page(asked, limit=_limit(given), after=given.get("after") or None)
    return {"items": as_json(kind, found, by, names), "next": following}


def _limit(given: Mapping[str, Any]) -> int:
    try:
        return max(1, min(MOST, int(given.get("limit") or 20)))
    except (TypeError, ValueError):
        raise Invalid({"limit": [_("A whole number is expected here.")]}) from None


def get(token: Token, given: Mapping[str, Any]) -> Any:
    """One record."""
    kind = typed(str(given["type"]))
    return as_json(kind, [visible(kind, _key(given), token.user)], token.user)[0]


def _key(given: Mapping[str, Any]) -> Any:
    try:
        return identity(given["id"])
    except ValueError as problem:
        raise Invalid({"id": [str(problem)]}) from None


def _values(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = given.get(name) or {}
    if not isinstance(found, dict):
        raise Invalid({name: [_("A JSON object is expected.")]})
    return found


def _version(given: Mapping[str, Any]) -> int | None:
    version = given.get("version")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        raise Invalid({"version": [_("A whole number is expected here.")]})
    return version


def _proposed(token: Token, given: Mapping[str, Any], *steps: Step) -> Any:
    made = propose(steps, token, key=require_key(given.get("idempotency_key") or ""), why=str(given.get("why") or ""))
    return proposal_json(made)


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """A proposal as its program is told of it."""
    told = {"proposal": str(proposal.pk), "status": str(proposal.status), "what": proposal.name, "preview": proposal.preview}
    done = {"change_set": str(proposal.change_set_id)} if proposal.change_set_id else {}
    return {**told, **done, "address": f"{env.base_url}{registry.of(proposal).path(proposal)}"}


def propose_create(token: Token, given: Mapping[str, Any]) -> Any:
    """A new record."""
    return _proposed(token, given, Step(str(given["type"]), CREATE, values=_values(given, "values")))


def propose_update(token: Token, given: Mapping[str, Any]) -> Any:
    """Other values of a record."""
    return _proposed(token, given, Step(str(given["type"]), UPDATE, str(_key(given)), _values(given, "values"), _version(given)))


def propose_changes(token: Token, given: Mapping[str, Any]) -> Any:
    """Several new records and other values of records."""
    changes = given["changes"]
    is_list = isinstance(changes, list) and 0 < len(changes) <= MOST
    if not is_list or not all(isinstance(one, dict) and one.get("type") for one in changes):
        raise Invalid({"changes": [_("A list of entries is expected here.")]})
    return _proposed(token, given, *(_change(one) for one in changes))


def _change(given: Mapping[str, Any]) -> Step:
    """A new record where it names no id."""
    if given.get("id"):
        return Step(str(given["type"]), UPDATE, str(_key(given)), _values(given, "values"), _version(given))
    return Step(str(given["type"]), CREATE, values=_values(given, "values"))


def propose_action(token: Token, given: Mapping[str, Any]) -> Any:
    """An action on a record."""
    verb = str(given["action"])
    if typed(str(given["type"])).action(verb) is None:
        raise Missing(_("There is no such action."))
    step = Step(str(given["type"]), verb, str(_key(given)), _values(given, "arguments"), _version(given))
    return _proposed(token, given, step)


def status(token: Token, given: Mapping[str, Any]) -> Any:
    """What became of a proposal."""
    return proposal_json(_proposal(token, given))


def take_back(token: Token, given: Mapping[str, Any]) -> Any:
    """Decline what waits; undo what was done, where the token may change things at once."""
    found = _proposal(token, given)
    kind = registry.of(found)
    if found.is_waiting:
        from renmai.kernel.actions.run import run

        return proposal_json(run(kind, "decline", found.pk, by=token.user).item)  # type: ignore[arg-type]
    if not token.at_once:
        raise Forbidden(_("This token may only propose: its person can undo this on the page of the change set."))
    job = undo(found.change_set_id, token.user)
    return {**proposal_json(found), "job": str(job.pk)}


def _proposal(token: Token, given: Mapping[str, Any]) -> Proposal:
    return visible(registry.of(Proposal), _key(given), token.user)  # type: ignore[return-value]


ASKED = {"idempotency_key": KEY, "why": WHY}
ONE = {"type": TYPE, "id": ID}
CHANGE: Schema = {
    "type": "object",
    "properties": {"type": TYPE, "id": {**ID, "description": "of the record; none for a new one"}, "values": VALUES, "version": VERSION},
    "required": ["type", "values"],
}
PROPOSES = "Nothing changes until the person agrees, unless the token says otherwise. Answers with a preview of every field."
TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "describe_types",
            "The types of record with the caller's rights; with `type`, its fields, choices and actions.",
            {"type": TYPE},
            (),
            describe,
        ),
        Tool(
            "search",
            "Find records of any type by words: names in any script, pinyin, parts of numbers and addresses.",
            {"q": TEXT, "types": {"type": "array", "items": TEXT}, "limit": {"type": "integer"}},
            ("q",),
            search,
        ),
        Tool(
            "list_records",
            "Records of one type by criteria, page by page.",
            {
                "type": TYPE,
                "filter": FILTER,
                "q": TEXT,
                "sort": {"type": "string", "description": "such as -created_at"},
                "fields": {"type": "array", "items": TEXT},
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
                "after": {"type": "string", "description": "next of the page before"},
            },
            ("type",),
            listed,
        ),
        Tool("get_record", "One record with all its fields and its version.", ONE, ("type", "id"), get),
        Tool(
            "propose_create",
            f"Propose a new record. {PROPOSES}",
            {"type": TYPE, "values": VALUES, **ASKED},
            ("type", "values"),
            propose_create,
            writes=True,
        ),
        Tool(
            "propose_update",
            f"Propose other values for a record. {PROPOSES}",
            {**ONE, "values": VALUES, "version": VERSION, **ASKED},
            ("type", "id", "values"),
            propose_update,
            writes=True,
        ),
        Tool(
            "propose_changes",
            f"Propose several new records and other values of records as one change set: all of it or nothing. {PROPOSES}",
            {"changes": {"type": "array", "items": CHANGE, "minItems": 1, "maxItems": MOST}, **ASKED},
            ("changes",),
            propose_changes,
            writes=True,
        ),
        Tool(
            "propose_action",
            f"Propose an action on a record, by the names that describe_types tells. {PROPOSES}",
            {**ONE, "action": TEXT, "arguments": VALUES, "version": VERSION, **ASKED},
            ("type", "id", "action"),
            propose_action,
            writes=True,
        ),
        Tool("get_proposal", "What became of a proposal: waiting, done or declined.", {"id": ID}, ("id",), status),
        Tool(
            "take_back",
            "Withdraw a proposal that waits, or undo one that was done where the token may change things at once.",
            {"id": ID},
            ("id",),
            take_back,
            writes=True,
        ),
    )
}
