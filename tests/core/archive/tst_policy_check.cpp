// SPDX-License-Identifier: Apache-2.0
#include "archive/policy_check.h"
#include "policy/builtin/builtin.h"
#include "support/test_registry.h"

#include <QtTest>

#include <boost/json.hpp>

using namespace luthien;
using archive::CheckedLine;
using archive::Models;
using archive::Rehearsal;

class TestPolicyCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachLineGetsItsVerdict_data();
    void eachLineGetsItsVerdict();
    void aPolicyThatIsOffDoesNotAnswer();
    void whoNeedsAModelFollowsOnError();
    void aLineThatNeedsAPersonSaysSo();
};

namespace {
policy::Definition definition(const char* id, const char* type, const char* config = "{}",
                              policy::PolicyMode mode = policy::PolicyMode::Shadow)
{
    return {.id = id, .type = type, .mode = mode, .config = config};
}

Result<std::unique_ptr<Rehearsal>> rehearse(std::vector<policy::Definition> definitions)
{
    return Rehearsal::make(policy::builtin::registry(), std::move(definitions), {}, Models::Absent);
}
} // namespace

void TestPolicyCheck::eachLineGetsItsVerdict_data()
{
    QTest::addColumn<std::string>("line");
    QTest::addColumn<std::string>("verdict");
    QTest::addColumn<std::string>("policy");
    QTest::addColumn<std::string>("replaced");
    const auto row = [](const char* name, const char* line, const char* verdict, const char* policy,
                        const char* replaced = "") {
        QTest::newRow(name) << std::string(line) << std::string(verdict) << std::string(policy)
                            << std::string(replaced);
    };
    row("a call that drops a table", R"({"tool":"Bash","arguments":{"command":"psql -c 'DROP TABLE users'"}})", "block",
        "sql");
    row("a harmless one", R"({"tool":"Bash","arguments":{"command":"ls"}})", "continue", "");
    row("no arguments are none", R"({"tool":"Bash"})", "continue", "");
    row("other members do not count", R"({"expected":"deny","tool":"Bash","arguments":{"command":"ls"}})", "continue",
        "");
    row("a text", R"({"text":"hello"})", "replace", "caps", "HELLO");
    row("a text that stays", R"({"text":"123"})", "continue", "");
    row("a request that no policy looks at", R"({"request":{"messages":[{"role":"user","content":"hi"}]}})", "continue",
        "");
    row("no JSON", "{", "error", "");
    row("nothing to judge", R"({"arguments":{}})", "error", "");
    row("an empty line", "", "error", "");
}

void TestPolicyCheck::eachLineGetsItsVerdict()
{
    QFETCH(std::string, line);
    QFETCH(std::string, verdict);
    QFETCH(std::string, policy);
    QFETCH(std::string, replaced);
    const auto rehearsal = rehearse({definition("sql", "destructive-sql"), definition("caps", "all-caps")});
    QVERIFY2(rehearsal, rehearsal ? "" : rehearsal.error().toString().c_str());
    const CheckedLine checked = checkLine(**rehearsal, 7, line);
    const auto object = boost::json::parse(checked.json).as_object();
    const auto text = [&](const char* name) {
        const auto& value = object.at(name);
        return value.is_string() ? std::string(value.get_string()) : std::string();
    };
    QCOMPARE(object.at("line").to_number<int>(), 7);
    QCOMPARE(text("verdict"), verdict);
    QCOMPARE(text("policy"), policy);
    QCOMPARE(text("replaced"), replaced);
    QCOMPARE(object.size(), std::size_t{7});
    QCOMPARE(checked.isBlocked, verdict == "block");
    QCOMPARE(checked.isUnreadable, verdict == "error");
    QCOMPARE(object.at("matched").get_array().empty(), verdict != "block");
}

void TestPolicyCheck::aPolicyThatIsOffDoesNotAnswer()
{
    const auto off = definition("sql", "destructive-sql", "{}", policy::PolicyMode::Off);
    QCOMPARE(rehearse({off}).error().code, ErrorCode::InvalidInput);
    const auto rehearsal = rehearse({off, definition("caps", "all-caps")});
    QVERIFY(!checkLine(**rehearsal, 1, R"({"tool":"sql","arguments":{"query":"DROP TABLE t"}})").isBlocked);
}

void TestPolicyCheck::whoNeedsAModelFollowsOnError()
{
    const char* const config = R"({"upstream":"anthropic","model":"m","instructions":"nothing dangerous"})";
    auto judge = definition("judge", "llm-judge", config);
    const char* const line = R"({"tool":"Bash","arguments":{"command":"ls"}})";
    const auto strict = rehearse({judge});
    QVERIFY2(strict, strict ? "" : strict.error().toString().c_str());
    QVERIFY(checkLine(**strict, 1, line).isBlocked);
    judge.onError = policy::OnError::Pass;
    QVERIFY(!checkLine(**rehearse({judge}), 1, line).isBlocked);
}

void TestPolicyCheck::aLineThatNeedsAPersonSaysSo()
{
    const auto rehearsal = rehearse({definition("ask", "approval")});
    QVERIFY2(rehearsal, rehearsal ? "" : rehearsal.error().toString().c_str());
    const char* const line = R"({"tool":"Bash","arguments":{"command":"ls"}})";
    const auto object = boost::json::parse(checkLine(**rehearsal, 1, line).json).as_object();
    QCOMPARE(std::string(object.at("verdict").get_string()), std::string("hold"));
    QCOMPARE(std::string(object.at("policy").get_string()), std::string("ask"));
    QVERIFY(!object.at("reason").get_string().empty());
}

LUTHIEN_TEST(tst_policy_check, TestPolicyCheck)
#include "tst_policy_check.moc"
