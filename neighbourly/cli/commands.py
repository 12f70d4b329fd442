"""The commands of `flask --app wsgi`, all of them on one screen."""

from __future__ import annotations

from flask import Flask

from neighbourly.cli import demo, meanings, operations, retention, territories, users


def register(app: Flask) -> None:
    """Give the app its commands; Flask and Flask-Migrate add their own (`run`, `shell`, `db`)."""
    for group in (
        users.group,
        territories.group,
        demo.group,
        meanings.group,
        operations.audit_group,
        operations.jobs_group,
    ):
        app.cli.add_command(group)
    for command in (
        operations.work,
        operations.back_up,
        operations.bring_back,
        operations.examine,
        operations.print_openapi,
        retention.apply_retention,
    ):
        app.cli.add_command(command)
