# Everything that a developer types, in one place. `make help` prints this list from the ## comments.
# ./run and ./test are the two real commands; they need no make.
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test test-fast check lint format lab lab-all lab-campaigns lab-crashes faults fuzz long simulate lock bare-debian
LOCKED := requirements.lock requirements-dev.lock pyproject.toml

help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { sub("%", "NAME", $$1); printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/bin/threerings ## .venv with the command .venv/bin/threerings, from requirements.lock

.venv/bin/threerings: $(LOCKED)
	@scripts/install.sh
	@touch $@

install-dev: install ## the same with what checks and tests it
	@scripts/install.sh --dev

run: install ## starts the service; the demo where there is no threerings.toml (ARGS="--config FILE")
	@./run $(ARGS)

test: install ## every check and every test, with PostgreSQL, PBX lab and Chromium (ARGS go to pytest)
	@./test $(ARGS)

test-fast: install ## what needs only Python, without the service: a minute
	@./test --fast $(ARGS)

check: install ## format, lint, types, layers and the fast tests: before each commit
	@./test --fast

lint: install ## format, lint, types and layers alone
	@./test --checks

format: install-dev ## writes the format, and mends what ruff can mend
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

lab: install-dev ## installs a real Asterisk 22 and 16, and starts the 22 on loopback (root)
	tests/lab/lab install --suite forky
	tests/lab/lab install --suite bullseye
	tests/lab/lab start

lab-campaigns: install-dev ## 500 contacts in each mode on a real Asterisk, told apart by phones and CDR (CONTACTS, SEED); a quarter of an hour
	.venv/bin/python -m tests.lab.campaigns --contacts $(or $(CONTACTS),500) --agents 14 --seed $(or $(SEED),1) $(ARGS)

lab-crashes: install-dev ## a campaign on a real Asterisk through FAULTS crashes and restores (PostgreSQL); half an hour
	.venv/bin/python -m tests.lab.campaigns --contacts 1000 --modes progressive --agents 8 --faults $(or $(FAULTS),50) --seed $(or $(SEED),1) $(ARGS)

lab-all: install-dev ## every scenario of the lab on both, about half an hour
	THREERINGS_REQUIRE_ALL=1 THREERINGS_LAB=all ./test -m lab $(ARGS)

faults: install-dev ## outages of everything on the real PBX under a stream of calls (FAULTS=20 SEED=1; root, PostgreSQL)
	.venv/bin/python -m tests.lab.faults --faults $(or $(FAULTS),20) --seed $(or $(SEED),1) $(ARGS)

fuzz: install-dev ## bytes, broken streams and property tests by the million (SEED=1 INPUTS=2000000 STREAMS=20000 EXAMPLES=5000)
	.venv/bin/python -m tests.telephony.ami.fuzz --seed $(or $(SEED),1) --inputs $(or $(INPUTS),2000000)
	.venv/bin/python -m tests.telephony.calls.fuzz --seed $(or $(SEED),1) --streams $(or $(STREAMS),20000)
	.venv/bin/python -m tests.telephony.pbxlogs.fuzz --seed $(or $(SEED),1) --inputs $(or $(LOGS),4000)
	.venv/bin/python -m tests.telephony.pbxlogs.fuzz_road --seed $(or $(SEED),1) --inputs $(or $(ROADS),2000)
	.venv/bin/python -m tests.analytics.recordings.fuzz --seed $(or $(SEED),1) --inputs $(or $(SOUNDS),20000)
	THREERINGS_EXAMPLES=$(or $(EXAMPLES),5000) PYTHONPATH=scripts .venv/bin/pytest -p examples_plugin -m hypothesis --timeout=0 $(ARGS)

long: install-dev ## what ./test does a part of: ten thousand recordings, more kills, every roll-up on PostgreSQL
	THREERINGS_REQUIRE_ALL=1 THREERINGS_EXTENT=whole ./test tests/analytics/storage/test_rollups.py \
		tests/service/recordings tests/service/backup/test_under_load.py tests/service/api/test_answers.py \
		tests/end_to_end/test_killed.py $(ARGS)

simulate: install-dev ## a year of every shipped policy, checked all along (COUNT=100000 SEED=1 CRASHES=20 PROCESSES=2)
	.venv/bin/python -m tests.schedulers.simulation.whole --count $(or $(COUNT),100000) --seed $(or $(SEED),1) \
		--crashes $(or $(CRASHES),20) --processes $(or $(PROCESSES),2) $(ARGS)

bench-%: install-dev ## runs benchmarks/NAME.py (ARGS="…"); its last line is one JSON object
	.venv/bin/python benchmarks/$*.py $(ARGS)

lock: ## writes both lock files anew from pyproject.toml (ARGS=--upgrade takes newer versions)
	@scripts/lock.sh $(ARGS)

bare-debian: ## tries the fast tests on a bare Debian (SUITE=bookworm), as root
	scripts/bare_debian.sh $(or $(SUITE),bookworm) $(or $(COMMAND),./test --fast)
