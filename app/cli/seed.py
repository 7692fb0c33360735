"""`flask --app app seed …`."""

from flask.cli import AppGroup

group = AppGroup("seed", help="Rows for tests of rights.")
