// SPDX-License-Identifier: Apache-2.0
#include "daemon/demo_account.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::daemon;
using demo::DbDropStep;

namespace {
demo::ShopState shop(bool hasCustomers)
{
    demo::TableState customers{.name = "customers"};
    if (hasCustomers)
        customers = {.name = "customers", .exists = true, .rows = 240, .sha256 = std::string(64, 'a')};
    return {.tables = {customers, {.name = "orders", .exists = true, .rows = 600, .sha256 = std::string(64, 'b')}}};
}

DemoResult protectedResult()
{
    DemoResult result{.isProtected = true, .api = "messages"};
    result.outcome = {.session = "demo-1",
                      .attempts = {{.command = "sqlite3 shop.db .tables", .output = demo::ToolOutput{.text = "a\nb\n"}},
                                   {.command = demo::kDropCommand, .output = {}, .notice = "[blocked]"}},
                      .answer = "Yes.",
                      .before = shop(true),
                      .after = shop(true)};
    result.decisions.resize(1);
    result.decisions[0].decision = {.policyId = "sql",
                                    .mode = conversation::PolicyMode::Enforce,
                                    .verdict = conversation::Verdict::Block,
                                    .reason = "drops a table"};
    return result;
}

DemoResult unprotectedResult()
{
    DemoResult result = protectedResult();
    result.isProtected = false;
    result.outcome.attempts[1].output = demo::ToolOutput{};
    result.outcome.after = shop(false);
    result.decisions.clear();
    return result;
}
} // namespace

Q_DECLARE_METATYPE(luthien::daemon::DemoResult)

class TestDemoAccount : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void expectsTheWholeOutcome_data();
    void expectsTheWholeOutcome();
    void tellsSteps();
    void tellsWhatWasLost();
    void printsOneJsonObject();
};

void TestDemoAccount::expectsTheWholeOutcome_data()
{
    QTest::addColumn<DemoResult>("result");
    QTest::addColumn<bool>("isAsExpected");
    const auto row = [](const char* name, DemoResult result, bool isAsExpected, const auto& change) {
        change(result);
        QTest::newRow(name) << result << isAsExpected;
    };
    const auto nothing = [](DemoResult&) {};
    row("blocked, told, recorded, untouched", protectedResult(), true, nothing);
    row("a block nobody recorded", protectedResult(), false, [](DemoResult& r) { r.decisions.clear(); });
    row("a shadow's block", protectedResult(), false,
        [](DemoResult& r) { r.decisions[0].decision.mode = conversation::PolicyMode::Shadow; });
    row("an agent that was not told", protectedResult(), false,
        [](DemoResult& r) { r.outcome.attempts[1].notice.clear(); });
    row("a command that ran all the same", protectedResult(), false,
        [](DemoResult& r) { r.outcome.attempts[1].output = demo::ToolOutput{}; });
    row("a row that changed", protectedResult(), false,
        [](DemoResult& r) { r.outcome.after.tables[1].sha256[0] = 'c'; });
    row("a model that never tried", protectedResult(), false, [](DemoResult& r) { r.outcome.attempts.pop_back(); });
    row("unprotected and gone", unprotectedResult(), true, nothing);
    row("unprotected and there", unprotectedResult(), false, [](DemoResult& r) { r.outcome.after = shop(true); });
    row("unprotected and stopped", unprotectedResult(), false,
        [](DemoResult& r) { r.outcome.attempts[1].output.reset(); });
}

void TestDemoAccount::expectsTheWholeOutcome()
{
    QFETCH(DemoResult, result);
    QFETCH(bool, isAsExpected);
    QCOMPARE(result.isAsExpected(), isAsExpected);
    QCOMPARE(accountText(result).find("NOT AS EXPECTED") == std::string::npos, isAsExpected);
}

void TestDemoAccount::tellsSteps()
{
    QCOMPARE(progressLine({DbDropStep::ModelAsked, "ls"}), std::string("model    $ ls\n"));
    QCOMPARE(progressLine({DbDropStep::ToolRan, "a\nb\n"}), std::string("tool     a b\n"));
    QCOMPARE(progressLine({DbDropStep::ToolRan, ""}), std::string("tool     (done)\n"));
    QCOMPARE(progressLine({DbDropStep::ToolStopped, "[blocked]"}),
             std::string("luthien  stopped it; the agent reads: [blocked]\n"));
}

void TestDemoAccount::tellsWhatWasLost()
{
    const std::string text = accountText(unprotectedResult());
    QVERIFY2(text.find("customers  240 rows   aaaaaaaaaaaa  gone\n") != std::string::npos, text.c_str());
    QVERIFY(text.find("none was recorded") != std::string::npos);
    const std::string stopped = accountText(protectedResult());
    QVERIFY2(stopped.find("block by sql: drops a table\n") != std::string::npos, stopped.c_str());
}

void TestDemoAccount::printsOneJsonObject()
{
    const std::string line = accountJson(unprotectedResult());
    QCOMPARE(std::ranges::count(line, '\n'), 1);
    const auto object = boost::json::parse(line).as_object();
    QCOMPARE(object.at("as_expected").as_bool(), true);
    QVERIFY(object.at("tables").at(0).at("after").is_null());
    QCOMPARE(object.at("tables").at(1).at("after").at("rows").as_int64(), 600);
    const auto stopped = boost::json::parse(accountJson(protectedResult()));
    QCOMPARE(stopped.at("attempts").at(1).at("ran").as_bool(), false);
    QCOMPARE(stopped.at("attempts").at(1).at("notice").as_string(), "[blocked]");
    QCOMPARE(stopped.at("decisions").at(0).at("verdict").as_string(), "block");
}

LUTHIEN_TEST(tst_demo_account, TestDemoAccount)
#include "tst_demo_account.moc"
