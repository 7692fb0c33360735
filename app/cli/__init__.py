"""Commands: `flask --app app …`. Each group is a room of its own; the names are fixed in the contract."""

from flask import Flask

from app.cli import account, audit, certificate, check, demo, job, plan, routes, seed, serve, worker

GROUPS = (
    account.group,
    audit.group,
    certificate.group,
    check.group,
    demo.group,
    job.group,
    plan.group,
    seed.group,
)
COMMANDS = (serve.command, worker.command, routes.command)


def init_app(app: Flask) -> None:
    for command in (*GROUPS, *COMMANDS):
        app.cli.add_command(command)
