"""What the sample company sold, lost and may still sell: opportunities, quotes and the leads they came from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from renmai.demo.catalogue import PRODUCTS, price
from renmai.demo.customers import DAYS, DOMAINS
from renmai.demo.names import CULTURES, ascii_name, culture, phone
from renmai.demo.staff import sellers
from renmai.demo.story import Story
from renmai.sales.lead.model import CAUSES
from renmai.sales.pipeline.model import Stage, StageKind
from renmai.sales.pipeline.ready import default_pipeline
from renmai.sales.pipeline.staged import LOST_REASONS

OPPORTUNITIES, OPEN_SHARE, WON_SHARE = 6000, 1 / 3, 0.6
SHORTEST, USUAL, LONGEST = 20, 50, 90  # days from first talk to the end
WITH_LINES, QUOTES = 0.07, 150
SOURCES = ["web", "form", "referral", "event", "partner", "phone", "email", "social"]
CLOSED = {"disqualified", "converted"}
LEADS = {"new": 350, "working": 300, "mql": 200, "sql": 150, "converted": 300, "disqualified": 200}


class Pipeline:
    """The stages, by what they mean."""

    def __init__(self) -> None:
        stages = list(Stage.objects.live().filter(pipeline=default_pipeline()).select_related("pipeline").order_by("position"))
        self.open = [stage for stage in stages if stage.kind == StageKind.OPEN]
        self.won = next(stage for stage in stages if stage.kind == StageKind.WON)
        self.lost = next(stage for stage in stages if stage.kind == StageKind.LOST)


def make_opportunities(story: Story) -> None:
    """Two years of sales: cycles of 20 to 90 days, three in five of the closed ones won, a third still open."""
    pipeline = Pipeline()
    for _ in range(story.count(OPPORTUNITIES)):
        if story.rng.random() < OPEN_SHARE:
            _open(story, pipeline)
        else:
            _closed(story, pipeline)


def _opportunity(story: Story, pipeline: Pipeline, opened: dt.datetime, close_on: dt.date) -> Any:
    rng = story.rng
    account = _account_known_by(story, opened)
    index = rng.choices(range(len(PRODUCTS)), weights=[9, 6, 5, 6, 3, 4, 3, 3, 3])[0]
    product, quantity = story.records["products"][index], rng.randint(*PRODUCTS[index][3])
    amount = (product.price * quantity * Decimal(rng.randint(85, 104)) / 100).quantize(Decimal(10))
    rows = {"lines": _lines(story, product, quantity)} if rng.random() < WITH_LINES else None
    opportunity = story.add(
        "opportunities",
        opened,
        account.owner,
        rows=rows,
        name=story.words.opportunity.format(account=account.name, project=rng.choice(story.words.projects)),
        account=account,
        person=rng.choice([person for person in account.people if person.created_at <= opened]),
        stage=pipeline.open[0],
        currency=story.currency,
        **({} if rows or rng.random() < 0.02 else {"amount": amount}),  # lines rule the amount; now and then nobody knows it yet
        opened_on=opened.date(),
        close_on=close_on,
        source=rng.choice(SOURCES),
        campaign=_campaign_at(story, opened) if rng.random() < 0.4 else None,
        product=product,
        tags=[rng.choice(story.words.tags)] if rng.random() < 0.1 else [],
    )
    opportunity.path = [(opened, pipeline.open[0])]
    return opportunity


def _account_known_by(story: Story, moment: dt.datetime) -> Any:
    while True:
        account = story.rng.choice(story.records["accounts"])
        if account.created_at <= moment:
            return account


def _campaign_at(story: Story, moment: dt.datetime) -> Any:
    begun = [campaign for campaign in story.records["campaigns"] if campaign.starts_on <= moment.date()]
    return begun[-1] if begun else None


def _lines(story: Story, main: Any, quantity: int) -> list[dict[str, Any]]:
    """The main product, and what goes with it."""
    others = story.rng.sample([product for product in story.records["products"] if product is not main], story.rng.randint(0, 3))
    discount = Decimal(story.rng.choice([0, 0, 0, 5, 8, 10]))
    lines = [{"product": main, "quantity": Decimal(quantity), "discount_percent": discount}]
    return lines + [{"product": product, "quantity": Decimal(story.rng.randint(1, 6))} for product in others]


def _closed(story: Story, pipeline: Pipeline) -> None:
    rng = story.rng
    cycle = rng.triangular(SHORTEST, LONGEST, USUAL)
    # More is sold from year to year: the exponent puts more of the ends near today.
    ended = story.at((DAYS - cycle) * (1 - rng.random() ** 0.7) + 0.5)
    opened = story.at(story.days_ago(ended) + cycle)
    won = rng.random() < WON_SHARE
    opportunity = _opportunity(story, pipeline, opened, (ended + dt.timedelta(days=rng.randint(-9, 12))).date())
    reached = len(pipeline.open) if won else rng.randint(1, len(pipeline.open))
    steps = sorted(rng.sample(range(1, len(pipeline.open)), min(reached - 1, rng.randint(1, 3))))
    _move(story, opportunity, [pipeline.open[step] for step in steps], opened, ended)
    last = {"stage": pipeline.won} if won else {"stage": pipeline.lost, "lost_reason": rng.choice(list(LOST_REASONS))}
    story.change(opportunity, ended, opportunity.owner, closed_at=ended, **last)
    opportunity.path.append((ended, last["stage"]))
    if won:
        opportunity.account.lifecycle = "customer"


def _open(story: Story, pipeline: Pipeline) -> None:
    rng = story.rng
    age = rng.triangular(0.3, 150, 12)
    opened = story.at(age)
    remaining = rng.triangular(-12, LONGEST, 25)
    opportunity = _opportunity(story, pipeline, opened, story.at(-remaining).date())
    reached = min(len(pipeline.open) - 1, int(rng.triangular(0, len(pipeline.open), age / 20)))
    steps = sorted(rng.sample(range(1, reached + 1), min(reached, rng.randint(1, 3))))
    _move(story, opportunity, [pipeline.open[step] for step in steps], opened, story.now)


def _move(story: Story, opportunity: Any, stages: list[Any], begin: dt.datetime, end: dt.datetime) -> None:
    """Move it through stages, evenly between two moments."""
    for number, stage in enumerate(stages, 1):
        share = number / (len(stages) + 1)
        at = max(opportunity.path[-1][0], min(end, story.after(begin, (end - begin) / dt.timedelta(days=1) * share)))
        story.change(opportunity, at, opportunity.owner, stage=stage)
        opportunity.path.append((at, stage))


def make_quotes(story: Story) -> None:
    """Quotes for sales with lines that came to an offer: accepted where won, refused where lost, else out or in draft."""
    offered = [one for one in story.records["opportunities"] if one.rows("lines") and len(one.path) > 2]
    for opportunity in sorted(offered, key=lambda one: one.path[-1][0])[-story.count(QUOTES) :]:
        _quote(story, opportunity)


def _quote(story: Story, opportunity: Any) -> None:
    rng, owner = story.rng, opportunity.owner
    made = opportunity.path[-2][0]
    same = ("product", "description", "quantity", "unit_price", "discount_percent", "tax_rate")
    lines = [{name: getattr(line, name) for name in same} for line in opportunity.rows("lines")]
    quote = story.add(
        "quotes",
        made,
        owner,
        rows={"lines": lines},
        opportunity=opportunity,
        currency=opportunity.currency,
        valid_until=(made + dt.timedelta(days=30)).date(),
        terms=story.words.terms,
    )
    if opportunity.is_open() and rng.random() < 0.3:
        return
    sent = story.after(made, 0.5)
    story.change(quote, sent, owner, status="sent", sent_at=sent)
    story.happen(quote, "sent", sent, owner)
    if opportunity.is_open():
        return
    answer = "accepted" if opportunity.stage.kind == StageKind.WON else "refused"
    story.change(quote, opportunity.closed_at, owner, status=answer, decided_at=opportunity.closed_at)
    story.happen(quote, answer, opportunity.closed_at, owner)


def make_leads(story: Story) -> None:
    """Leads in every status; the converted ones are where some of the opportunities came from."""
    for status, count in LEADS.items():
        if status == "converted":
            for opportunity in story.rng.sample(story.records["opportunities"], story.count(count)):
                _converted(story, opportunity)
        else:
            for _ in range(story.count(count)):
                _lead(story, status)


def _lead(story: Story, status: str) -> None:
    rng = story.rng
    at = story.at(rng.triangular(0.1, 20, 1) if status == "new" else rng.triangular(3, 140, 15))
    name = rng.choice([story.words.home, story.words.home, *CULTURES])
    company, industry = culture(name).company(rng)
    city = rng.choice(culture(name).cities)
    person = {key: value for key, value in culture(name).person(rng).items() if key in {"family_name", "given_name"}}
    number = len(story.records["leads"]) + 1
    lead = story.add(
        "leads",
        at,
        rng.choice(sellers(story, name)),
        **_lead_values(story, at, status),
        **person,
        company=company,
        industry=industry,
        employees=rng.choice([8, 20, 45, 120, 300, 900]),
        country=city["country"],
        mobile=phone(rng, city["country"], mobile=True),
        email=f"{ascii_name(person['given_name']) or 'hello'}@{ascii_name(company) or f'lead{number}'}.{rng.choice(DOMAINS)}",
    )
    path = {"working": ["working"], "mql": ["working", "mql"], "sql": ["working", "mql", "sql"]}.get(status, [])
    path = ["working", "disqualified"] if status == "disqualified" else path
    for number, step in enumerate(path, 1):
        _step(story, lead, step, story.after(at, story.days_ago(at) * number / (len(path) + 2)))


STEPS = {"working": "working_at", "mql": "mql_at", "sql": "sql_at", "disqualified": "disqualified_at", "converted": "converted_at"}


def _step(story: Story, lead: Any, step: str, at: dt.datetime) -> None:
    """Take a lead to a step, at its time, as its facts tell it."""
    before = str(lead.status)
    if step in CLOSED:
        if step == "disqualified":
            cause, reason = story.rng.choice(list(CAUSES)), story.rng.choice(story.words.disqualified)
            more, told = {"disqualified_cause": cause, "disqualified_reason": reason}, {"cause": cause, "reason": reason}
        else:
            more, told = {}, {}
        story.change(lead, at, lead.owner, status=step, **{STEPS[step]: at}, **more)
        story.happen(lead, step, at, lead.owner, {"from": before, "to": step, **told})
    else:
        story.change(lead, at, lead.owner, status=step, **{STEPS[step]: at})


def _lead_values(story: Story, at: dt.datetime, status: str) -> dict[str, Any]:
    rng = story.rng
    return {
        "job_title": rng.choice(story.words.jobs),
        "source": rng.choice(SOURCES),
        "campaign": _campaign_at(story, at) if rng.random() < 0.6 else None,
        "expected_amount": price(story, rng.randint(4, 60) * 500),
        "currency": story.currency,
    }


def _converted(story: Story, opportunity: Any) -> None:
    account, person = opportunity.account, opportunity.person
    at = story.at(story.days_ago(opportunity.created_at) + story.rng.uniform(1, 14))
    same = ("family_name", "given_name", "email", "phone", "mobile", "country", "city")
    values = _lead_values(story, at, "converted") | {name: getattr(person, name) for name in same}
    lead = story.add(
        "leads",
        at,
        opportunity.owner,
        **values,
        company=account.name,
        industry=account.industry,
        employees=account.employees,
        converted_account=account,
        converted_person=person,
        converted_opportunity=opportunity,
    )
    for number, step in enumerate(["working", "mql", "sql"], 1):
        _step(story, lead, step, at + (opportunity.created_at - at) * number / 4)
    _step(story, lead, "converted", opportunity.created_at)
