"""Nouns: tables, and what one row can answer about itself. No query, no rule that needs a second row, no web."""
