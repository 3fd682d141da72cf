"""People in three scripts, some of whom are there twice as two clerks would write them, and how long it takes to find these."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection, transaction
from opencc import OpenCC

from bench.errands import POLL, Client
from bench.house import House
from renmai.demo.names import CULTURES, ascii_name, culture, phone
from renmai.directory.account.model import Account
from renmai.directory.person.model import Person
from renmai.kernel.access.user import User
from renmai.kernel.matching import apart
from renmai.kernel.records.clean import Cleaned
from renmai.kernel.records.record import Record
from renmai.kernel.records.store import build
from renmai.kernel.records.types import registry
from renmai.kernel.transfer.store_many import copy_records

TWICE = 0.07
BATCH = 5_000
ONE, OTHER = "bench", "bench-again"  # sources of the ids by which the two entries of a person are known
COUNTRIES = {"zh_hans": "CN", "zh_hant": "TW", "th": "TH", "west": "GB"}
TITLES = {"th": "คุณ", "west": "Mr "}
FOUND = """
SELECT count(*), count(*) FILTER (WHERE one.external_ids ->> %s = other.external_ids ->> %s)
FROM kernel_pair pair JOIN directory_person one ON one.id = pair.one JOIN directory_person other ON other.id = pair.other
WHERE pair.type = 'people'
"""
"""The entry that was made first has the lesser id."""
FIRST_DAY, DAYS = dt.date(1950, 1, 1), 20_000


@dataclass(frozen=True)
class Human:
    """Somebody as somebody wrote them down; ``account`` is the place of theirs among all."""

    culture: str
    family: str
    given: str
    name: str
    email: str
    mobile: str
    account: int
    city: str
    birthday: dt.date


def written(count: int, accounts: int) -> Iterator[tuple[str, int, Human]]:
    """So many entries, always the same ones: the source that tells the one from the other, the number of the person, and what it says."""
    rng = random.Random("twins")  # noqa: S311
    number = 0
    while True:
        human = _human(rng, number, accounts)
        for source, entry in [(ONE, human), *([(OTHER, _again(rng, human, accounts))] if rng.random() < TWICE else [])]:
            if count == 0:
                return
            yield source, number, entry
            count -= 1
        number += 1


def _human(rng: random.Random, number: int, accounts: int) -> Human:
    which = rng.choice(CULTURES)
    family, given = rng.choice(_families(which)), rng.choice(_givens(which))
    mail = f"{ascii_name(given) or 'p'}.{ascii_name(family) or 'p'}{number}@example.com"
    mobile, birthday = phone(rng, COUNTRIES[which], mobile=True), FIRST_DAY + dt.timedelta(days=rng.randrange(DAYS))
    name = f"{family}{given}" if which.startswith("zh") else f"{given} {family}"
    return Human(
        which, family, given, name, mail, mobile, int(rng.random() * accounts), rng.choice(culture(which).cities)["name"], birthday
    )


@cache
def _families(which: str) -> list[str]:
    """Of Thai names, which hardly two families share, and of Western ones any two together."""
    found = culture(which).family
    between = {"th": "", "west": "-"}
    return [f"{one}{between[which]}{other}" for one in found for other in found if one != other] if which in between else found


@cache
def _givens(which: str) -> list[str]:
    """Of Han names any two characters together."""
    found = [*culture(which).female, *culture(which).male]
    signs = sorted(set("".join(found)))
    return [one + other for one in signs for other in signs] if which.startswith("zh") else found


def _again(rng: random.Random, human: Human, accounts: int) -> Human:
    """The same person by another hand: the address is the same, or the number, or where they work and when they were born."""
    other = replace(human, name=_other_name(rng, human))
    match rng.choice(("email", "mobile", "work")):
        case "email":
            return replace(other, mobile=phone(rng, COUNTRIES[human.culture], mobile=True), city="")
        case "mobile":
            return replace(other, email="", account=int(rng.random() * accounts))
        case _:
            return replace(other, email=f"info.{human.email}", mobile="")


def _other_name(rng: random.Random, human: Human) -> str:
    """In the other script, with a title, turned round, or with a slip."""
    if human.culture.startswith("zh"):
        spelled = f"{ascii_name(human.given).capitalize()} {ascii_name(human.family).capitalize()}"
        return rng.choice((human.name, _converted("s2t", human.name), _converted("t2s", human.name), spelled))
    place = rng.randrange(1, len(human.name) - 2)
    slip = human.name[:place] + human.name[place + 1] + human.name[place] + human.name[place + 2 :]
    return rng.choice((f"{TITLES[human.culture]}{human.name}", f"{human.family} {human.given}", slip, human.name.upper()))


@cache
def _converter(which: str) -> OpenCC:
    return OpenCC(which)


def _converted(which: str, text: str) -> str:
    return str(_converter(which).convert(text))


def add(count: int) -> None:
    """Bring the people of a database to so many, at accounts that are there; what was begun is gone on with."""
    made = Person.objects.filter(external_ids__has_any_keys=[ONE, OTHER]).count()
    wanted, by = count - Person.objects.count() + made, User.objects.get(email="dao@example.com")
    accounts = list(Account.objects.order_by("pk"))
    entries = islice(written(wanted, len(accounts)), made, None)
    while some := list(islice(entries, BATCH)):
        with transaction.atomic():
            copy_records(registry["people"], [_person(entry, accounts, by) for entry in some])


def dedupe(house: House, client: Client) -> dict[str, Any]:
    """Look through all people, and compare what was found with what is known."""
    busy, began, comparing = house.busy("worker"), time.monotonic(), 0
    key = client.ask("POST", "duplicates/", {"type": "people"})["job"]
    while (job := client.ask("GET", f"jobs/{key}/"))["state"] in {"queued", "working"}:
        comparing = max(comparing, house.peak(apart.__name__))
        time.sleep(POLL)
    seconds = time.monotonic() - began
    if job["state"] != "done":
        raise RuntimeError(f"duplicates: {job}")
    found, right, same = found_of_known()
    return {
        "rows": Person.objects.live().count(),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(house.busy("worker") - busy, 1),
        "worker_peak_mb": house.peak("worker"),
        "comparing_peak_mb": comparing,
        "pairs": found,
        "precision": round(right / found, 4),
        "recall": round(right / same, 4),
    }


def found_of_known() -> tuple[int, int, int]:
    """How many pairs of people were found, how many of these are right, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [ONE, OTHER])
        found, right = cursor.fetchone()
    return found, right, Person.objects.filter(external_ids__has_key=OTHER).count()


def _person(entry: tuple[str, int, Human], accounts: list[Account], by: User) -> Record:
    source, number, human = entry
    told = {name: getattr(human, name) for name in ("name", "email", "mobile", "city", "birthday")}
    columns: dict[str, Any] = {**told, "account": accounts[human.account], "external_ids": {source: str(number)}}
    return build(registry["people"], Cleaned({**columns, "country": COUNTRIES[human.culture]}), by)
