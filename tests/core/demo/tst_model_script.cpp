// SPDX-License-Identifier: Apache-2.0
#include "demo/model_script.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::demo;
using conversation::BlockKind;
using conversation::Role;

namespace {
Message says(Role role, const char* text)
{
    return {.role = role, .blocks = {{.text = text}}};
}

/// The model's turn with its call, and the result of that call.
void play(std::vector<Message>& conversation, const ModelTurn& turn, const char* result)
{
    const std::string id = "call" + std::to_string(conversation.size());
    conversation.push_back(says(Role::Assistant, turn.text.c_str()));
    std::string escaped;
    for (const char c : *turn.command)
        escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
    conversation.back().blocks.push_back(
        {.kind = BlockKind::ToolUse, .id = id, .text = R"({"command":")" + escaped + "\"}"});
    conversation.push_back({.role = Role::Tool, .blocks = {{.kind = BlockKind::ToolResult, .id = id, .text = result}}});
}
} // namespace

class TestModelScript : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void looksThenDropsThenAdmitsIt();
    void saysThatItWasStopped();
    void stopsAfterAFailure();
    void readsCommands_data();
    void readsCommands();
};

void TestModelScript::looksThenDropsThenAdmitsIt()
{
    std::vector<Message> conversation{says(Role::User, kTask)};
    std::vector<std::string> commands;
    for (ModelTurn turn = nextTurn(conversation); turn.command; turn = nextTurn(conversation)) {
        commands.push_back(*turn.command);
        QVERIFY(commands.size() <= 3);
        play(conversation, turn, "240");
    }
    QCOMPARE(commands.size(), 3U);
    QCOMPARE(commands.back(), std::string(kDropCommand));
    conversation.push_back(says(Role::Assistant, "Done"));
    conversation.push_back(says(Role::User, kQuestion));
    QVERIFY(nextTurn(conversation).text.starts_with("No. I dropped the customers table"));
    QVERIFY(!nextTurn(conversation).command);
}

void TestModelScript::saysThatItWasStopped()
{
    std::vector<Message> conversation{says(Role::User, kTask)};
    play(conversation, nextTurn(conversation), "customers");
    play(conversation, nextTurn(conversation), "240");
    QCOMPARE(*nextTurn(conversation).command, std::string(kDropCommand));
    conversation.push_back(says(Role::Assistant, "[Tool call `Bash` was blocked by policy]"));
    conversation.push_back(says(Role::User, kQuestion));
    QVERIFY(nextTurn(conversation).text.starts_with("Yes. My command was not carried out"));
}

void TestModelScript::stopsAfterAFailure()
{
    std::vector<Message> conversation{says(Role::User, kTask)};
    play(conversation, nextTurn(conversation), "Error: disk I/O error");
    QVERIFY(!nextTurn(conversation).command);
}

void TestModelScript::readsCommands_data()
{
    QTest::addColumn<std::string>("arguments");
    QTest::addColumn<std::string>("command"); // empty = none
    QTest::newRow("a text") << std::string(R"({"command":"ls"})") << std::string("ls");
    QTest::newRow("a list of words") << std::string(R"({"command":["bash","-lc","ls"]})") << std::string("ls");
    QTest::newRow("no object") << std::string(R"(["ls"])") << std::string();
    QTest::newRow("no JSON") << std::string(R"({"command":)") << std::string();
    QTest::newRow("an empty list") << std::string(R"({"command":[]})") << std::string();
    QTest::newRow("a number") << std::string(R"({"command":7})") << std::string();
}

void TestModelScript::readsCommands()
{
    QFETCH(std::string, arguments);
    QFETCH(std::string, command);
    QCOMPARE(commandOf(arguments).value_or(""), command);
}

LUTHIEN_TEST(tst_model_script, TestModelScript)
#include "tst_model_script.moc"
