"""Paper: facts in, drawings out. Knows no database and no web."""
