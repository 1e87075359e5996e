// SPDX-License-Identifier: Apache-2.0
#include "demo/db_drop.h"
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <optional>

using namespace luthien;
using namespace luthien::demo;
using conversation::Api;

Q_DECLARE_METATYPE(luthien::conversation::Api)
Q_DECLARE_METATYPE(luthien::demo::ReplyForm)

/// The demo through a real proxy without policies. What policies do to it: tests/app/runtime/tst_policies.
class TestDbDrop : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void losesTheTable_data();
    void losesTheTable();
    void canBeStopped();
    void failsWithoutARoute();

private:
    QTemporaryDir m_directory;
};

void TestDbDrop::losesTheTable_data()
{
    QTest::addColumn<Api>("api");
    QTest::addColumn<ReplyForm>("form");
    QTest::newRow("Messages, streamed") << Api::AnthropicMessages << ReplyForm::Streamed;
    QTest::newRow("Messages, whole") << Api::AnthropicMessages << ReplyForm::Whole;
    QTest::newRow("Responses, streamed") << Api::OpenAiResponses << ReplyForm::Streamed;
    QTest::newRow("Responses, whole") << Api::OpenAiResponses << ReplyForm::Whole;
}

void TestDbDrop::losesTheTable()
{
    QFETCH(Api, api);
    QFETCH(ReplyForm, form);
    std::unique_ptr<test::RunningProxy> proxy;
    bool isClosed = false;
    DbDrop drop({.open = [&proxy](const std::string& providerUrl) -> Result<AgentAddress> {
                     proxy = std::make_unique<test::RunningProxy>(providerUrl);
                     return AgentAddress{.url = "http://127.0.0.1:" + std::to_string(proxy->port), .clientToken = {}};
                 },
                 .close = [&isClosed] { isClosed = true; }});
    std::optional<DbDropOutcome> outcome;
    std::vector<DbDropStep> steps;
    connect(&drop, &DbDrop::progressed, this, [&](const DbDropProgress& progress) { steps.push_back(progress.step); });
    connect(&drop, &DbDrop::finished, this, [&](const DbDropOutcome& result) { outcome = result; });
    drop.start({.api = api,
                .form = form,
                .directory = m_directory.path().toStdString(),
                .pace = std::chrono::milliseconds(0)});
    QVERIFY(drop.isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 20'000);
    QVERIFY(!drop.isRunning() && isClosed);
    QVERIFY(outcome->isTableGone());
    QCOMPARE(outcome->before.find("customers")->rows, 240);
    QVERIFY(*outcome->before.find("orders") == *outcome->after.find("orders"));
    QVERIFY(outcome->dropAttempt() != nullptr && !outcome->dropAttempt()->wasStopped());
    QVERIFY(outcome->answer.starts_with("No."));
    QCOMPARE(steps.front(), DbDropStep::ShopMade);
    QCOMPARE(std::ranges::count(steps, DbDropStep::ToolRan), 3);

    QVERIFY(proxy->recording.waitForEnded(5));
    for (const test::RecordedCall& call : proxy->recording.calls()) {
        QCOMPARE(call.identity.session, outcome->session);
        QCOMPARE(call.identity.client, std::string("luthien-demo"));
        QCOMPARE(call.api, api);
    }
}

void TestDbDrop::canBeStopped()
{
    int closed = 0;
    DbDrop drop({.open = [](const std::string& url) -> Result<AgentAddress> {
                     return AgentAddress{.url = url, .clientToken = {}};
                 },
                 .close = [&closed] { ++closed; }});
    std::vector<Error> errors;
    int progress = 0;
    connect(&drop, &DbDrop::failed, this, [&](const Error& error) { errors.push_back(error); });
    connect(&drop, &DbDrop::progressed, this, [&] { ++progress; });
    // Slow enough that it cannot be over before it is stopped.
    const DbDropOptions slow{.directory = m_directory.path().toStdString(), .pace = std::chrono::seconds(30)};
    drop.start(slow);
    QTRY_VERIFY(progress > 1);
    drop.cancel();
    drop.cancel();
    QCOMPARE(errors.size(), 1U);
    QVERIFY(!drop.isRunning());
    QCOMPARE(closed, 1);

    std::optional<DbDropOutcome> outcome;
    connect(&drop, &DbDrop::finished, this, [&](const DbDropOutcome& result) { outcome = result; });
    drop.start({.directory = m_directory.path().toStdString(), .pace = std::chrono::milliseconds(0)});
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 20'000);
    QVERIFY2(outcome->isTableGone(), "a run after a stopped one is a run like any other");
}

void TestDbDrop::failsWithoutARoute()
{
    DbDrop drop({.open = [](const std::string&) -> Result<AgentAddress> {
                     return Error{.code = ErrorCode::Unavailable, .message = "not running"};
                 },
                 .close = [] { QFAIL("nothing was opened"); }});
    std::optional<Error> failure;
    connect(&drop, &DbDrop::failed, this, [&](const Error& error) { failure = error; });
    drop.start({.directory = m_directory.path().toStdString()});
    QTRY_VERIFY(failure.has_value());
    QCOMPARE(failure->message, std::string("not running"));
}

LUTHIEN_TEST(tst_db_drop, TestDbDrop)
#include "tst_db_drop.moc"
