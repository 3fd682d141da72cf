"""What ``openapi.json`` says of the addresses of forms: those for programs of the company, and those that everybody may use."""

from __future__ import annotations

from renmai.kernel.api.operations import (
    COUNT,
    ID,
    MAYBE_TEXT,
    MOMENT,
    TEXT,
    UUID,
    YES_NO,
    Schema,
    as_media,
    for_anybody,
    listed,
    named,
    numbered,
    operation,
    query,
    several,
    whole,
    without_answer,
)
from renmai.marketing.form.model import State
from renmai.marketing.form.sent import LONGEST, UTM
from renmai.marketing.form.taking import ORIGIN

RECORD: Schema = {**whole(type=TEXT, id=UUID), "type": ["object", "null"]}
STATE: Schema = {"type": "string", "enum": list(State.values)}
SUBMISSION: Schema = whole(
    id=COUNT,
    at=MOMENT,
    state=STATE,
    values={"type": "object", "examples": [{"name": "Somchai Jaidee", "email": "somchai@example.com"}]},
    origin={"type": "object", "examples": [{"utm_source": "newsletter"}]},
    consents=several({"type": "object"}),
    record=RECORD,
    joined=YES_NO,
    link=MAYBE_TEXT,
    problem=TEXT,
)
WEB: Schema = {"type": "string", "maxLength": LONGEST}
LINK: Schema = whole(code=TEXT, name=TEXT, address=TEXT, leads_to=TEXT, referrer=RECORD, visits=COUNT, submissions=COUNT)
LINK["properties"] |= dict.fromkeys(UTM, TEXT)
NEW_LINK: Schema = {
    "type": "object",
    "properties": {"name": WEB, "address": WEB, **dict.fromkeys(UTM, WEB), "referrer": RECORD},
    "required": ["name"],
    "examples": [{"name": "Poster at the fair", "utm_source": "fair", "utm_medium": "poster"}],
}
ORIGINS: Schema = {"type": "object", "properties": dict.fromkeys(ORIGIN, TEXT)}
SENT: Schema = {
    "type": "object",
    "properties": {
        "values": {"type": "object", "description": "field: value"},
        "consents": {**several(TEXT), "description": "keys of those that were ticked"},
        "origin": ORIGINS,
        "link": {"type": "string", "description": "code of the landing link that was followed"},
        "challenge": {"type": "string", "description": "as `challenge/` posed it"},
        "solution": {"type": "string", "description": "a number N: SHA-256 of `challenge:N` begins with as many zero bits as asked"},
    },
    "required": ["values"],
    "examples": [{"values": {"name": "Somchai Jaidee", "email": "somchai@example.com"}, "consents": ["news"], "origin": {}}],
}
TAKEN: Schema = {
    **whole(state=STATE, joined=YES_NO, thanks=TEXT),
    "examples": [{"state": "taken", "joined": False, "thanks": "Thank you."}],
}
SPEAKS = query("lang", TEXT, "the language of the form, as far as it speaks it", "th")
TOKEN, CODE = named("token"), named("code")
FOR_THE_COMPANY: dict[str, Schema] = {
    "/api/v1/forms/{id}/submissions/": {
        "get": operation(
            "What was sent",
            listed(SUBMISSION),
            parameters=[
                ID,
                query("limit", {"type": "integer", "minimum": 1, "maximum": 200}, "rows", 50),
                query("after", TEXT, "the cursor that the page before gave as next"),
            ],
            told="Newest first, with what became of each.",
        )
    },
    "/api/v1/forms/{id}/submissions/{number}/spam/": {
        "post": operation(
            "Say that one is spam, or none",
            SUBMISSION,
            parameters=[ID, numbered("number")],
            given={"type": "object", "properties": {"spam": YES_NO}, "examples": [{"spam": False}]},
            told="One that is none after all is taken in.",
        )
    },
    "/api/v1/forms/{id}/links/": {
        "get": operation("Landing links", listed(LINK), parameters=[ID], told="Each with how many followed it, and sent the form."),
        "post": operation("Make a landing link", LINK, parameters=[ID], given=NEW_LINK, status="201"),
    },
    "/api/v1/forms/{id}/links/{code}/": {
        "delete": without_answer(operation("Take a landing link away", {}, parameters=[ID, CODE], status="204"))
    },
}
PAGE = as_media(operation("The form as a page", {}, parameters=[TOKEN, SPEAKS], told="404 while it is closed."), "text/html")
SCRIPT = as_media(operation("The script that puts a form into a page", {}, parameters=[TOKEN]), "text/javascript")
LEAD_ON = without_answer(operation("Follow a landing link", {}, parameters=[CODE], told="Leads on and counts the visit.", status="204"))
LEAD_ON["responses"]["302"] = LEAD_ON["responses"].pop("204") | {"description": "leads on, with where people come from"}
FOR_EVERYBODY: dict[str, Schema] = {
    "/f/{token}/": {
        "get": for_anybody(PAGE),
        "post": for_anybody(
            operation(
                "Send a form",
                TAKEN,
                parameters=[TOKEN, SPEAKS],
                given=SENT,
                told="From a script; without a solved puzzle three a minute from one place, twenty with. Where letters are "
                "to be confirmed the state is `pending` until then. A page posts the same as a form.",
            ),
            "409",
            "422",
            "429",
        ),
    },
    "/f/{token}/challenge/": {
        "get": for_anybody(operation("A puzzle against robots", whole(challenge=TEXT, bits=COUNT), parameters=[TOKEN]))
    },
    "/f/{token}/embed.js": {"get": for_anybody(SCRIPT)},
    "/l/{code}/": {"get": for_anybody(LEAD_ON)},
}
