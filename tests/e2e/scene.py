# SPDX-License-Identifier: Apache-2.0
"""What the agents of the pictures say and do: a small company at work. Invented, and played through the real proxy."""

import functools

from studio import Agent, ChatAgent, CodexAgent, calls, says, thinks, together

CLAUDE = "claude-cli/2.1.14 (external, cli)"
CODEX = "codex_cli_rs/0.98.0 (Debian 12; x86_64)"
OPENCODE = "opencode/1.2.6"
PYTHON = "OpenAI/Python 2.11.0"

CONFIG = """\
limits: {{idle: 15m}}
upstreams:
  - {{name: anthropic, base_url: 'http://127.0.0.1:{port}', api: anthropic-messages}}
  - {{name: openai, base_url: 'http://127.0.0.1:{port}', api: openai}}
policies:
  - {{id: destructive-sql, type: destructive-sql, name: Destructive SQL, mode: enforce, agent_text: full}}
  - id: no-force-push
    type: tool-rules
    name: No force push
    mode: enforce
    agent_text: full
    config: {{rules: [{{tool: Bash, pointer: /command, re2: 'git push.*(--force|-f)\\b', do: deny, reason: This push would rewrite history that others have.}}]}}
  - {{id: ask-before-deploying, type: approval, name: Ask before deploying, mode: enforce, config: {{tools: ['mcp__prod__*'], timeout: 15m}}}}
"""

HANDLERS = '''\
from billing.models import Invoice, WebhookLog
from billing.webhooks import signatures


def handle_invoice_paid(event):
    """v1: the lines are at the top of the invoice."""
    invoice = event["data"]["object"]
    for line in invoice["lines"]:
        Invoice.objects.apply(invoice["id"], line["amount"], line["currency"])
    WebhookLog.record(event["id"], kind="invoice.paid")
'''

ADAPTER = '''\
def normalised(event):
    """The invoice of either schema, as the handlers read it."""
    invoice = event["data"]["object"]
    if event.get("api_version", "") >= "2026-09":
        return {**invoice, "lines": invoice["lines"]["data"]}
    return invoice
'''


def migrate_webhooks(proxy, studio):
    """The long one: plan, code, tools, a sub-agent, calls that are stopped, changed and held."""
    session = "7c0e7f0a-5a39-4b5e-9a53-0e4f6f0d8a11"
    agent = Agent(proxy, studio, CLAUDE, session, "claude-sonnet-4-5",
                  system="You are Claude Code, a coding agent. Work in /srv/billing.")
    agent.asked("Move the Stripe webhook handlers to the v2 event schema. Keep v1 working until the flag flips, and run "
                "the test suite before you push.",
                thinks("The v1 handler reads invoice.lines directly. v2 nests them under lines.data, so I need an adapter "
                       "that both can use. First look at the handlers, then at the tests that pin the old shape."),
                says("I will read the handlers first, then write **one adapter** that both schemas go through:\n\n"
                     "1. `normalised(event)` returns the invoice in the shape the handlers read.\n"
                     "2. The handlers stay as they are; only their first line changes.\n"
                     "3. The flag decides which schema Stripe *sends*, not which one we *read*.\n"),
                calls("Read", file_path="/srv/billing/webhooks/handlers.py"), think=1.1)
    agent.told(HANDLERS, think=0.6, then=[
        says("Here is the adapter:\n\n```python\n" + ADAPTER + "```\n\nWhat differs between the schemas:\n\n"
             "| field | v1 | v2 |\n| --- | --- | --- |\n| lines | `lines[]` | `lines.data[]` |\n"
             "| version | absent | `api_version` |\n| amounts | integer | integer |\n"),
        calls("Edit", file_path="/srv/billing/webhooks/adapter.py", old_string="", new_string=ADAPTER)])
    agent.told("The file was created.", think=0.5, then=[
        calls("Bash", command="pytest tests/billing -q")])
    agent.told("...............................................                          [100%]\n47 passed in 2.91s",
               think=0.7, then=[
        says("All **47 tests** pass. Before I go on, a sub-agent looks for other readers of `invoice.lines`."),
        calls("Task", description="Find readers of invoice.lines", prompt="List every place that reads invoice.lines.")])
    explore(proxy, studio, session)
    agent.told("Three places: billing/reports/monthly.py:41, billing/reports/tax.py:18, tests/billing/factories.py:77.",
               think=0.6, then=[
        says("Two reports read the lines as well. I switch them to the adapter."),
        calls("Edit", file_path="/srv/billing/reports/monthly.py", old_string='for line in invoice["lines"]:',
              new_string='for line in normalised(event)["lines"]:'),
        calls("Edit", file_path="/srv/billing/reports/tax.py", old_string='lines = invoice["lines"]',
              new_string='lines = normalised(event)["lines"]')])
    agent.told("The file was changed.", "The file was changed.", think=0.5, then=[
        says("The log still holds events of the old schema, which the reports would count twice."),
        calls("Bash", command='psql "$PROD_URL" -c "DELETE FROM webhook_log"')])
    agent.asked("Leave the log alone, filter by version instead. The tests need the stripe package of this month.",
                says("Right: the reports skip what has no `api_version`. Now the package."),
                calls("Bash", command="pip install --upgrade 'stripe>=14'"), think=0.8)
    agent.told("Installed 3 packages in 41ms\n + stripe==14.0.1", think=0.6, then=[
        calls("WebFetch", url="https://docs.stripe.com/webhooks/v2", prompt="Which fields does an invoice event have?")])
    agent.told("An event has id, api_version, created and data.object; questions go to api-team@stripe.example. Test key "
               "of the page: sk_test-4eC39HqLyjWDarjtT1zdp7dc", think=0.7, then=[
        says("That agrees with the adapter. The page names jane.doe@example.com for questions.\n\n"
             "> An event is delivered at least once, so handlers must be idempotent.\n\n"
             "They are: `WebhookLog.record` ignores an id it knows."),
        calls("Bash", command="git push --force origin billing-webhooks-v2")])
    agent.asked("No force. Push it as a new branch.",
                says("Pushed as a branch of its own."),
                calls("Bash", command="git push -u origin billing-webhooks-v2-adapter"), think=0.5)
    agent.told("branch 'billing-webhooks-v2-adapter' set up to track 'origin/billing-webhooks-v2-adapter'.", think=0.6, then=[
        says("**Done.** Both schemas go through one adapter, v1 keeps working, 47 tests pass, and the branch is pushed.\n\n"
             "- `billing/webhooks/adapter.py`: new\n- `handlers.py`, `reports/monthly.py`, `reports/tax.py`: read through it\n"
             "- not touched: the webhook log\n")])


def explore(proxy, studio, session):
    agent = Agent(proxy, studio, CLAUDE, session, "claude-haiku-4-5", agent="explore-1", parent="main")
    agent.asked("List every place that reads invoice.lines.", calls("Grep", pattern=r'\["lines"\]'), think=0.4)
    agent.told("billing/reports/monthly.py:41\nbilling/reports/tax.py:18\ntests/billing/factories.py:77", think=0.4, then=[
        calls("Read", file_path="/srv/billing/reports/monthly.py")])
    agent.told('for line in invoice["lines"]:\n    total += line["amount"]', think=0.3, then=[
        says("Three places: billing/reports/monthly.py:41, billing/reports/tax.py:18, tests/billing/factories.py:77.")])


UNITS = ["backup", "certificates", "cleanup", "digest-mail", "exchange-rates", "exports", "health", "invoices", "metrics",
         "reports", "sessions", "thumbnails"]


def port_timers(proxy, studio):
    """Many small calls, one after the other: a timeline."""
    agent = CodexAgent(proxy, studio, CODEX, "0199f2a7-3c44-7d02-b7c1-90ab54e0d5a1", "gpt-5.3-codex",
                       system="You are Codex. Work in /srv/ops.")
    agent.asked("Port our cron jobs to systemd timers, one unit at a time.",
                says("Twelve jobs. I begin with `backup`."), calls("Bash", command="cat /etc/cron.d/backup"), think=0.5)
    for number, unit in enumerate(UNITS):
        agent.told(f"17 3 * * * root /srv/ops/bin/{unit}", think=0.15, then=[
            calls("Edit", file_path=f"/srv/ops/systemd/{unit}.timer", old_string="",
                  new_string=f"[Timer]\nOnCalendar=*-*-* 03:{17 + number}:00\nRandomizedDelaySec=60\n")])
        agent.told("The file was created.", think=0.1, then=[
            calls("Bash", command=f"systemd-analyze verify systemd/{unit}.timer")])
        agent.told("", think=0.12, then=[
            says(f"`{unit}.timer` is valid."),
            calls("Bash", command=f"cat /etc/cron.d/{UNITS[number + 1]}") if number + 1 < len(UNITS) else
            calls("mcp__prod__deploy", service="timers", environment="staging")])
    agent.told("Deployed to staging.", think=0.3, then=[says("All twelve timers run in staging; cron is still there.")])


def answer(proxy, studio, client, session, model, said, words, make=Agent, **how):
    """One question, one answer."""
    make(proxy, studio, client, session, model).asked(said, says(words), **how)


def backfill_region(proxy, studio):
    agent = CodexAgent(proxy, studio, CODEX, "0199ee01-11d2-7a80-8a4e-77f0c2d1be02", "gpt-5.3-codex",
                       system="You are Codex. Work in /srv/shop.")
    agent.asked("Backfill customers.region from the shipping address.", says("I look at the table first."),
                calls("Bash", command="psql shop -c '\\d customers'"))
    agent.told("region | text | nullable", then=[
        says("The old column is in the way."), calls("Bash", command="psql shop -c 'DROP TABLE customers_old'")])
    agent.told("", then=[says("That was blocked, so I rename it instead."),
                         calls("Bash", command="psql shop -c 'ALTER TABLE customers_old RENAME TO customers_2025'")])
    agent.told("ALTER TABLE", status=529, then=[])


def flaky_test(proxy, studio):
    agent = Agent(proxy, studio, OPENCODE, "ses_4d21flaky", "claude-haiku-4-5", system="You are opencode.")
    agent.asked("tests/test_retry.py fails one time in ten. Find out why.",
                thinks("Probably the clock."), calls("Bash", command="pytest tests/test_retry.py -q --count 50"), think=0.4)
    agent.told("FAILED tests/test_retry.py::test_backs_off - assert 0.099 >= 0.1", then=[
        says("The test compares a sleep with the wall clock. A fake clock takes the race away:\n\n```diff\n"
             "-    assert time.time() - began >= 0.1\n+    assert clock.slept == [0.1]\n```\n"),
        calls("Bash", command="pip install pytest-repeat && pytest tests/test_retry.py -q --count 500")])
    agent.told("500 passed in 3.02s", then=[says("500 runs, no failure.")])


def release_notes(proxy, studio):
    agent = Agent(proxy, studio, CLAUDE, "3f9a2d3c-77aa-4a0e-8a54-2b1f4d1c9e07", "claude-opus-4-5")
    agent.asked("Draft the release notes for 4.12 from the merged pull requests.",
                calls("Bash", command="git log --oneline v4.11..v4.12"), think=0.5)
    agent.told("8f1c2ab Retry uploads\n41b99de Faster search\na0c3d11 Dark mode", then=[
        says("## 4.12\n\n- Uploads are retried.\n- Search is three times as fast.\n- There is a dark mode.\n")])
    agent.asked("Send them to the list.", calls("mcp__mail__send", to="announce@lists.example.net", subject="4.12",
                                                body="Uploads are retried, search is faster, and there is a dark mode."))


def deploy(proxy, studio, session, service, environment):
    """A call that a person is asked about."""
    agent = Agent(proxy, studio, CLAUDE, session, "claude-sonnet-4-5", system="You are Claude Code. Work in /srv/shop.")
    agent.asked(f"Deploy {service} to {environment} once the checks are green.",
                says("The checks are green. I deploy now."),
                calls("mcp__prod__deploy", service=service, environment=environment))
    agent.told("Deployed.", then=[says(f"{service} runs in {environment}.")])


def yesterday(proxy, studio):
    one = functools.partial(answer, proxy, studio)
    together(
        lambda: port_timers(proxy, studio),
        lambda: release_notes(proxy, studio),
        lambda: one(OPENCODE, "ses_4d21emails", "claude-haiku-4-5", "Translate the onboarding e-mails into Dutch.",
                    "Welkom! Hier zijn de eerste stappen…"),
        lambda: one(PYTHON, "tickets-nightly", "gpt-5-mini", "Summarise today's support tickets in five lines.",
                    "1. Three customers miss an invoice.\n2. Exports time out over 10 MB.", ChatAgent),
        lambda: deploy(proxy, studio, "b1c5c1a2-61f0-4d0e-a6d5-0c4f3c8e2a55", "search", "staging"))


def this_morning(proxy, studio):
    one = functools.partial(answer, proxy, studio)
    together(
        lambda: backfill_region(proxy, studio),
        lambda: flaky_test(proxy, studio),
        lambda: one(CLAUDE, "a8be4a10-92f5-49d5-bb8e-6f0d9c7c1b21", "claude-opus-4-5",
                    "Explain the pricing service to a new colleague.",
                    "The pricing service answers one question: what does this basket cost *now*? " * 6, stop="max_tokens"),
        lambda: one(OPENCODE, "ses_4d21audit", "claude-sonnet-4-5", "Audit the S3 bucket policies for public access.",
                    "Two buckets are public: `assets` on purpose, `exports` by mistake."),
        lambda: deploy(proxy, studio, "c2d6a77e-0b7c-4e59-8f07-4b2f0e6d1a90", "checkout", "production"))


def just_now(proxy, studio):
    migrate_webhooks(proxy, studio)


def running(proxy, studio):
    """Calls that go on while the pictures are taken."""
    def writes(client, session, model, said, words, pace):
        return lambda: answer(proxy, studio, client, session, model, said, words, pace=pace)

    def thinks_long():
        agent = Agent(proxy, studio, CLAUDE, "f2c1a7d4-0c52-4bb0-8a1e-3c5e9b7d6f10", "claude-opus-4-5")
        agent.asked("Why do the invoices of March differ by one cent?",
                    thinks("The sum of the lines is rounded, and so is each line. With 19 % of 0.05 the halves go up. " * 300),
                    says("Each line is rounded before the sum."), pace=0.3)

    return [
        writes(CLAUDE, "d0a3b1c9-1b0d-4b55-93aa-5d0e7a9c4e31", "claude-opus-4-5", "Write down how the checkout holds stock.",
               "The checkout holds the stock for ten minutes. When the payment comes later, the stock may be gone, and the "
               "order is kept as *waiting for stock*. " * 400, 0.25),
        writes(OPENCODE, "ses_4d21slow", "claude-sonnet-4-5", "Investigate the slow checkout query.",
               "The plan shows a sequential scan over `order_lines`. " * 900, 0.4),
        thinks_long,
        writes(PYTHON, "changelog", "claude-haiku-4-5", "Translate the change log into French.",
               "La recherche est trois fois plus rapide. Les envois sont répétés. " * 800, 0.35)]
