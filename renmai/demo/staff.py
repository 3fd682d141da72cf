"""Who works at the sample company."""

from __future__ import annotations

from typing import Any

from renmai.demo.names import culture
from renmai.demo.story import Story
from renmai.kernel.access.user import Role, User

SALES_PER_TEAM = 4  # besides the team's lead
SERVICE_PEOPLE = 3
JOINED = 1000  # days ago


def hire(story: Story) -> None:
    """Make the tree of teams and everyone in it. Alice and Bob are in the first team, Charlie in another region; Dao runs it all."""
    head = _team(story, story.words.head_office, None)
    _user(story, head, "admin", "dao")
    desk = _team(story, story.words.service_desk, head)
    for _ in range(SERVICE_PEOPLE):
        _user(story, desk, "rep")
    known = iter(["mina", ""])
    sellers = iter(["alice", "bob"])
    for region in story.words.regions:
        above = _team(story, region["name"], head)
        _user(story, above, "manager", next(known, ""))
        for words in region["teams"]:
            team = _team(story, words["name"], above, words["sells"])
            _user(story, team, "manager")
            for _ in range(SALES_PER_TEAM):
                _user(story, team, "rep", next(sellers, ""))
    charlie_team = story.records["teams"][6]
    _user(story, charlie_team, "rep", "charlie")


def _team(story: Story, name: str, parent: Any, sells: list[str] | None = None) -> Any:
    team = story.add("teams", story.at(JOINED), None, name=name, parent=parent)
    team.sells = sells or []
    return team


def _user(story: Story, team: Any, role: str, known: str = "") -> User:
    """A person; the known ones have the names of the word list and their own short addresses."""
    people = culture(story.words.home)
    if known:
        given, family = story.words.people[known]
        address = known
    else:
        person = people.person(story.rng)
        given, family = person["given_name"], person["family_name"]
        address = f"sales{len(story.records['users'])}"
    user: User = story.add(
        "users",
        story.at(JOINED - 10),
        None,
        name=f"{given} {family}" if people.language in {"en", "th"} or (known and family.isascii()) else f"{family}{given}",
        email=f"{address}@example.com",
        team=team,
        roles=[Role.objects.get(name=role).pk],
        language="",
        time_zone="",
    )
    return user


def sellers(story: Story, name: str) -> list[User]:
    """Those who sell to a culture; everyone who sells, where nobody does in particular."""
    reps = [user for user in story.records["users"] if user.team.sells]
    return [user for user in reps if name in user.team.sells] or reps


def service(story: Story) -> list[User]:
    """The people of the service desk."""
    return [user for user in story.records["users"] if user.team.name == story.words.service_desk]
