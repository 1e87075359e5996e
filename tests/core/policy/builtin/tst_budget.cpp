// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;

namespace {

class TestBudget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stopsWhenTheMoneyIsSpent()
    {
        const SystemClock clock;
        SpendingBook book(clock);
        const auto config = parseStrictJson(R"({"usd":0.01,"per":"session"})");
        const auto policy = findType(builtin::registry(), "budget")->make(config->get_object(), {.spending = &book});
        QVERIFY(policy.hasValue());
        const auto ask = [&](std::string session, std::int64_t cost) {
            CallFacts facts;
            facts.call = CallId::make(clock.now());
            facts.identity.session = std::move(session);
            const PolicyContext context{.facts = facts, .clock = clock, .wake = [] {}};
            const auto call = (*policy)->open(context);
            const PolicyVerdict verdict = *call->request({});
            if (!verdict.isBlocked())
                call->ended({.costNanoUsd = cost});
            return verdict.reason;
        };
        QCOMPARE(ask("s", 6'000'000), std::string());
        QCOMPARE(ask("s", 6'500'000), std::string());
        QCOMPARE(ask("s", 0),
                 std::string("This session has used $0.0125 of $0.0100 in all; nothing more is let through."));
        QCOMPARE(ask("t", 0), std::string());
    }

    void refusesAWrongConfig_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("less than nothing") << QByteArray(R"({"usd":-1})") << QByteArray("usd");
        QTest::newRow("half a token") << QByteArray(R"({"tokens":0.5})") << QByteArray("tokens");
        QTest::newRow("another period") << QByteArray(R"({"per":"year"})") << QByteArray("per");
        QTest::newRow("a session's, but all together")
            << QByteArray(R"({"per":"session","by":"all"})") << QByteArray("by");
    }
    void refusesAWrongConfig()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, where);
        const auto policy = builtin::test::make("budget", builtin::test::view(config));
        QVERIFY(!policy);
        QCOMPARE(QByteArray::fromStdString(policy.error().context), where);
    }
};

} // namespace

LUTHIEN_TEST(tst_budget, TestBudget)
#include "tst_budget.moc"
