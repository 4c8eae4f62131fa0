"""`organisation` and `user`: units, accounts, posts, passwords."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from api.bootstrap import Installation
from api.cli.options import with_installation
from api.identity import organisation as organisations
from api.identity.organisation import PostEntry
from api.identity.people import day_of
from engine.store.database import read_transaction, write_transaction


@click.group()
def organisation() -> None:
    """Units, people and posts as a whole."""


@organisation.command("import")
@with_installation()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(installation: Installation, file: Path) -> None:
    """Bring in units, users and posts from a JSON file, whole or not at all.

    What is there is brought up to date. Passwords are set with `user password`.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.UsageError(f"Expected JSON in {file}, but: {error}") from error
    catalogue = installation.identity.catalogue
    found = organisations.read_organisation(content, catalogue)
    with write_transaction(installation.database) as connection:
        organisations.import_organisation(
            connection,
            installation.settings.tenant_id,
            found,
            catalogue,
            _make_id(installation),
            installation.clock.now(),
        )
    click.echo(f"{len(found.units)} units, {len(found.users)} users, {len(found.posts)} posts")


@click.group()
def user() -> None:
    """Accounts, posts and passwords."""


@user.command("list")
@with_installation()
def list_users(installation: Installation) -> None:
    """Accounts that are open, with the posts held today."""
    identity = installation.identity
    with read_transaction(installation.database) as connection:
        today = day_of(installation.clock.now())
        directory = identity.directories.read(connection, installation.settings.tenant_id, today)
    for person in sorted(directory.people.values(), key=lambda each: each.user_id):
        posts = ", ".join(f"{role}@{unit}" for role, unit in person.posts) or "–"
        click.echo(f"{person.user_id:20} {person.title}  [{posts}]")


@user.command("add")
@with_installation()
@click.argument("login")
@click.option("--title", required=True, help="What people call the post, e.g. 教育局绩效经办.")
@click.option("--unit", required=True, help="Code of the home unit.")
@click.option("--role", help="Role held in the home unit.")
def add_user(installation: Installation, login: str, title: str, unit: str, role: str | None) -> None:
    """Open an account; its password is set with `user password`."""
    with write_transaction(installation.database) as connection:
        organisations.add_user(
            connection,
            installation.settings.tenant_id,
            organisations.UserEntry(user_id=login, title=title, unit=unit),
            installation.clock.now(),
        )
        if role:
            organisations.give_post(
                connection,
                installation.settings.tenant_id,
                PostEntry(user_id=login, role=role, unit=unit),
                installation.identity.catalogue,
                _make_id(installation),
            )
    click.echo(f"{login}: open")


@user.command("post")
@with_installation()
@click.argument("login")
@click.option("--role", required=True)
@click.option("--unit", required=True, help="Code of the unit in which the role is held.")
@click.option("--from", "active_from", type=click.DateTime(["%Y-%m-%d"]), help="First day.  [at once]")
@click.option("--until", "active_until", type=click.DateTime(["%Y-%m-%d"]), help="Last day.  [until further notice]")
def give_post(
    installation: Installation,
    login: str,
    role: str,
    unit: str,
    active_from: datetime | None,
    active_until: datetime | None,
) -> None:
    """Give a person a post; roles that must be kept apart are refused."""
    entry = PostEntry(
        user_id=login,
        role=role,
        unit=unit,
        active_from=active_from.date() if active_from else None,
        active_until=active_until.date() if active_until else None,
    )
    with write_transaction(installation.database) as connection:
        organisations.give_post(
            connection,
            installation.settings.tenant_id,
            entry,
            installation.identity.catalogue,
            _make_id(installation),
        )
    click.echo(f"{login}: {role}@{unit}")


@user.command("password")
@with_installation()
@click.argument("login")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read one line from standard input instead of asking.")
def set_password(installation: Installation, login: str, from_stdin: bool) -> None:
    """Set a password; the person is logged out everywhere, and tokens end."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    installation.identity.front_desk.set_password(login, password)
    click.echo(f"{login}: password set")


@user.command("close")
@with_installation()
@click.argument("login")
def close_user(installation: Installation, login: str) -> None:
    """Close an account: it can no longer log in, and nothing is routed to it. Its history stays."""
    with write_transaction(installation.database) as connection:
        organisations.close_account(connection, installation.settings.tenant_id, login)
    click.echo(f"{login}: closed")


def _make_id(installation: Installation) -> Callable[[], str]:
    return lambda: installation.ids.make(installation.clock.now())
