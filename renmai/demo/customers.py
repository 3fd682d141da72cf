"""The sample company's customers: accounts and the people who work there."""

from __future__ import annotations

from typing import Any

from renmai.demo.catalogue import price
from renmai.demo.names import CULTURES, ascii_name, culture, phone
from renmai.demo.staff import sellers
from renmai.demo.story import Story

ACCOUNTS, PEOPLE = 250, 900
HOME_SHARE = 0.46
BRANCH_SHARE = 0.12
DAYS = 730  # the story's length
DOMAINS = ("example.com", "example.org", "example.net")


def make_accounts(story: Story) -> None:
    """Companies of every culture, most of them of the company's own; some belong to others."""
    taken: set[str] = set()
    while len(story.records["accounts"]) < story.count(ACCOUNTS):
        name = _culture_of(story)
        same = [account for account in story.records["accounts"] if account.culture == name and account.parent is None]
        parent = story.rng.choice(same) if same and story.rng.random() < BRANCH_SHARE else None
        made = culture(name).company(story.rng) if parent is None else (parent.name, parent.industry)
        city = story.rng.choice(culture(name).cities)
        title = made[0] if parent is None else culture(name).branch.format(name=made[0], city=place(story, name, city, local=True))
        if title not in taken:
            taken.add(title)
            _account(story, name, title, made[1], city, parent)


def _culture_of(story: Story) -> str:
    others = [name for name in CULTURES if name != story.words.home]
    return story.words.home if story.rng.random() < HOME_SHARE else story.rng.choice(others)


def place(story: Story, name: str, city: dict[str, str], *, local: bool = False) -> str:
    """A city as the company writes it: in the script of its own language, else in Latin letters."""
    ours = local or (
        story.words.cities_in == "local" and (name == story.words.home or (name.startswith("zh") and story.words.home.startswith("zh")))
    )
    return city["name"] if ours else city.get("latin", city["name"])


def _account(story: Story, name: str, title: str, industry: str, city: dict[str, str], parent: Any) -> None:
    rng, people = story.rng, culture(name)
    at = story.at(rng.uniform(DAYS + 10, DAYS + 200) if rng.random() < 0.6 or not story.records["accounts"] else rng.uniform(60, DAYS))
    owner = parent.owner if parent else rng.choice(sellers(story, name))
    number = len(story.records["accounts"]) + 1
    domain = f"{ascii_name(title) or f'{people.language}{number}'}.{rng.choice(DOMAINS)}"
    employees = rng.choice([12, 35, 60, 90, 140, 220, 400, 850, 1600, 5200])
    account = story.add(
        "accounts",
        at,
        owner,
        name=title,
        legal_name=people.legal.format(name=title, city=city["name"], form=rng.choice(people.forms)),
        industry=industry,
        employees=employees,
        annual_revenue=price(story, employees * rng.randint(40, 160) * 1000),
        currency=story.currency,
        country=city["country"],
        region=city["region"] if place(story, name, city) == city["name"] else "",
        city=place(story, name, city),
        domain=domain,
        email=f"info@{domain}",
        phone=phone(rng, city["country"], mobile=False),
        parent=parent,
        level=rng.choice("abbcccdd"),
        tags=[rng.choice(story.words.tags)] if rng.random() < 0.25 else [],
    )
    account.culture, account.people = name, []


def make_people(story: Story) -> None:
    """At least one person at each account, and more at some."""
    accounts = story.records["accounts"]
    for number in range(story.count(PEOPLE)):
        account = accounts[number] if number < len(accounts) else story.rng.choice(accounts)
        account.people.append(_person(story, account))


def _person(story: Story, account: Any) -> Any:
    rng = story.rng
    person = culture(account.culture).person(rng)
    local = ascii_name(person["given_name"]) or f"contact{len(story.records['people']) + 1}"
    family = ascii_name(person["family_name"])
    # Whoever is entered with the account is known from its first day.
    at = (
        account.created_at
        if not account.people
        else story.after(account.created_at, rng.uniform(0, story.days_ago(account.created_at) * 0.8))
    )
    born = story.now.date().replace(year=story.now.year - rng.randint(24, 62), month=rng.randint(1, 12), day=rng.randint(1, 28))
    return story.add(
        "people",
        at,
        account.owner,
        **person,
        job_title=rng.choice(story.words.jobs),
        account=account,
        email=f"{local}{'.' if family else ''}{family}@{account.domain}",
        mobile=phone(rng, account.country, mobile=True),
        phone=account.phone if rng.random() < 0.5 else "",
        birthday=born if rng.random() < 0.4 else None,
        country=account.country,
        city=account.city,
        source=rng.choice(["referral", "web", "event", "partner", ""]),
    )
