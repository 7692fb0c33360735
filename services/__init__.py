"""Verbs: what the platform does. All rules, all writes; no request, no template."""
