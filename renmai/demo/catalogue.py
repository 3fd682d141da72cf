"""What the sample company sells, and how it tells the world."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from renmai.demo.story import Story

# Code, unit, list price in US dollars, and how many a customer usually takes.
PRODUCTS = [
    ("LT-100", "piece", 89, (40, 300)),
    ("LT-200", "piece", 129, (30, 200)),
    ("LD-10", "piece", 59, (40, 240)),
    ("LG-500", "piece", 690, (4, 40)),
    ("LP-700", "piece", 1250, (2, 18)),
    ("LC-Y", "year", 2400, (1, 8)),
    ("LI-D", "day", 980, (2, 14)),
    ("LK-Y", "year", 1600, (1, 10)),
    ("LS-Y", "year", 3600, (1, 6)),
]
PER_DOLLAR = {"USD": 1, "EUR": 1, "GBP": 1, "SGD": 1, "AUD": 1, "CNY": 7, "HKD": 8, "TWD": 32, "THB": 35, "JPY": 150}
KINDS = [
    "webinar",
    "trade_show",
    "content",
    "event",
    "email",
    "event",
    "trade_show",
    "referral",
    "advertising",
    "email",
    "email",
    "webinar",
]
TAX = {"CN": 13, "TW": 5, "TH": 7, "SG": 9}


def price(story: Story, dollars: float) -> Decimal:
    """An amount in the company's currency, rounded as price lists are."""
    amount = dollars * PER_DOLLAR.get(story.currency, 1)
    return Decimal(round(amount) if amount < 1000 else round(amount, -1))


def make_products(story: Story) -> None:
    """Nine products."""
    named = zip(PRODUCTS, story.words.products, story.words.categories, strict=True)
    for (code, unit, dollars, _usual), name, category in named:
        story.add(
            "products",
            story.at(900),
            None,
            name=name,
            code=code,
            unit=unit,
            price=price(story, dollars),
            currency=story.currency,
            category=category,
            tax_rate=Decimal(TAX.get(story.words.country, 0)),
        )


def make_campaigns(story: Story) -> None:
    """Twelve campaigns over two years: most have ended, some run, one is planned."""
    owner = story.records["users"][0]
    last = len(story.words.campaigns) - 1
    for number, (name, kind) in enumerate(zip(story.words.campaigns, KINDS, strict=True)):
        starts = story.at(700 - number * 66 if number < last else -20).date()
        ends = starts + dt.timedelta(days=story.rng.choice([2, 30, 60, 75]))
        status = "planned" if starts > story.now.date() else "ended" if ends < story.now.date() else "active"
        budget = price(story, story.rng.choice([3000, 5000, 8000, 12000, 20000]))
        spent = {"planned": Decimal(0), "active": Decimal("0.6"), "ended": Decimal("0.97")}[status]
        story.add(
            "campaigns",
            story.at(max(3, 740 - number * 66)),
            owner,
            name=name,
            kind=kind,
            status=status,
            starts_on=starts,
            ends_on=ends,
            budget=budget,
            cost=budget * spent,
            currency=story.currency,
        )
