// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using namespace std::chrono_literals;

namespace {

class SetClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return at; }
    [[nodiscard]] SteadyPoint steady() const override { return {}; }
    TimePoint at{std::chrono::hours(24 * 365 * 56)};
};

class TestRateLimit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatIsUsedAndWhenItFrees()
    {
        const auto policy = made(R"({"requests":2,"per":"10s","by":"session"})");
        QVERIFY(policy->interests().request && !policy->interests().toolCalls);
        QVERIFY(ask(*policy, "s").empty());
        QVERIFY(ask(*policy, "s").empty());
        QCOMPARE(ask(*policy, "s"),
                 "This session has used 2 of 2 requests in 10s; the next request is let through at " +
                     toRfc3339(m_clock.at + 11s) + ".");
        QVERIFY(ask(*policy, "another").empty());
        m_clock.at += 11s;
        QVERIFY(ask(*policy, "s").empty());
    }

    void tokensCountWhenTheReplyHasEnded()
    {
        const auto policy = made(R"({"tokens":100,"per":"1m"})");
        QVERIFY(ask(*policy, "s", {.input = 60, .output = 39}).empty());
        QVERIFY(ask(*policy, "s", {.input = 1}).empty());
        QVERIFY(ask(*policy, "s").starts_with("All clients have used 100 of 100 tokens in 1m;"));
    }

    void aShadowTakesNothingFromWhoIsEnforced()
    {
        const auto policy = made(R"({"requests":1,"per":"10s"})");
        QVERIFY(ask(*policy, "s", {}, conversation::PolicyMode::Shadow).empty());
        QVERIFY(!ask(*policy, "s", {}, conversation::PolicyMode::Shadow).empty());
        QVERIFY(ask(*policy, "s").empty());
        QVERIFY(!ask(*policy, "s").empty());
    }

    void needsSomethingThatCounts()
    {
        const auto config = parseStrictJson("{}");
        const auto policy = findType(builtin::registry(), "rate-limit")->make(config->get_object(), {});
        QVERIFY(!policy);
        QCOMPARE(policy.error().code, ErrorCode::Unavailable);
    }

    void refusesAWrongConfig_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("no requests at all") << QByteArray(R"({"requests":0})") << QByteArray("requests");
        QTest::newRow("a longer time than is counted") << QByteArray(R"({"per":"2h"})") << QByteArray("per");
        QTest::newRow("by something else") << QByteArray(R"({"by":"user"})") << QByteArray("by");
    }
    void refusesAWrongConfig()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, where);
        const auto policy = builtin::test::make("rate-limit", builtin::test::view(config));
        QVERIFY(!policy);
        QCOMPARE(QByteArray::fromStdString(policy.error().context), where);
    }

private:
    std::shared_ptr<const Policy> made(std::string_view config)
    {
        m_book = std::make_unique<SpendingBook>(m_clock);
        const auto parsed = parseStrictJson(config);
        return *findType(builtin::registry(), "rate-limit")->make(parsed->get_object(), {.spending = m_book.get()});
    }
    /// Makes a call; why it was refused, or nothing.
    std::string ask(const Policy& policy, std::string session, const conversation::Usage& usage = {},
                    conversation::PolicyMode mode = conversation::PolicyMode::Enforce)
    {
        CallFacts facts;
        facts.call = CallId::make(m_clock.at);
        facts.api = conversation::Api::OpenAiChat;
        facts.identity.session = std::move(session);
        const PolicyContext context{.facts = facts, .clock = m_clock, .wake = [] {}, .mode = mode};
        const auto call = policy.open(context);
        const PolicyVerdict verdict = *call->request({});
        if (!verdict.isBlocked())
            call->ended({.usage = usage});
        return verdict.reason;
    }

    SetClock m_clock;
    std::unique_ptr<SpendingBook> m_book;
};

} // namespace

LUTHIEN_TEST(tst_rate_limit, TestRateLimit)
#include "tst_rate_limit.moc"
