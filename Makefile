.DEFAULT_GOAL := help
.PHONY: help run test check bench demo soak pictures clean
.SILENT:

help: ## What can be asked for
	sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name does; do \
		printf '  make %-8s %s\n' "$$name" "$$does"; done

run: ## Everything from nothing to a running site with demo data; a second call keeps the data
	tools/setup.sh
	exec .venv/bin/flask --app app serve

test: ## All tests, on SQLite and on PostgreSQL, in a real browser too (ARGS="-k word" narrows)
	tools/setup.sh --dev
	tools/browser.sh
	tools/test.sh $(ARGS)

check: ## Linters, types, import contracts
	tools/setup.sh --dev
	tools/check.sh

bench: ## The ratios of bench/, as one table
	tools/setup.sh --dev
	.venv/bin/python -m bench

demo: ## The demo data anew, anchored on today
	tools/setup.sh
	.venv/bin/flask --app app demo load --anew

soak: ## Fault, load, race and timing tests with their full counts
	tools/setup.sh --dev
	tools/browser.sh
	WORKERS=0 tools/test.sh --soak --timeout 1800 $(ARGS)

pictures: ## The pictures of the documents, from a demonstration that is running (URL=http://127.0.0.1:8000)
	tools/setup.sh --dev
	tools/browser.sh
	.venv/bin/python -m tools.pictures $(URL)

clean: ## Forget what was installed and built; the data in instance/ stays
	rm -rf .venv node_modules app/static/vendor .cache .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
