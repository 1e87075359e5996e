// SPDX-License-Identifier: Apache-2.0
#include "daemon/command_line.h"
#include "support/test_registry.h"

#include <array>

using namespace luthien;
using namespace luthien::daemon;

class TestCommandLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads();
    void keepsTheProgramsOwnOptions();
    void refuses_data();
    void refuses();
    void helpNamesEverything();

private:
    const std::array<CommandRule, 3> m_rules{
        CommandRule{
            .name = "serve", .summary = "take calls", .options = {{"listen", "H:P", "where"}, {"json", "", "so"}}},
        CommandRule{.name = "run", .summary = "run an agent", .options = {}, .takesProgram = true},
        CommandRule{.name = "policy", .summary = "set", .options = {}, .words = "set-mode ID MODE", .maxWords = 3}};
    using Words = std::vector<std::string>;
};

void TestCommandLine::reads()
{
    const auto line = parseCommandLine(Words{"--data-dir", "/d", "serve", "--listen=[::1]:0", "--json"}, m_rules);
    QVERIFY(line.hasValue());
    QCOMPARE(line->command, "serve");
    QCOMPARE(line->value("data-dir").value(), "/d");
    QCOMPARE(line->value("listen").value(), "[::1]:0");
    QVERIFY(line->has("json"));
    QVERIFY(!line->value("help"));
    QCOMPARE(parseCommandLine(Words{"policy", "set-mode", "--data-dir", "/d", "sql"}, m_rules)->words,
             (Words{"set-mode", "sql"}));
    QVERIFY(parseCommandLine(Words{"--help"}, m_rules)->has("help"));
    QVERIFY(parseCommandLine(Words{}, m_rules)->command.empty());
}

void TestCommandLine::keepsTheProgramsOwnOptions()
{
    const auto line = parseCommandLine(Words{"run", "--", "claude", "--help", "--", "-p"}, m_rules);
    QCOMPARE(line->program, (Words{"claude", "--help", "--", "-p"}));
    QVERIFY(!line->has("help"));
}

void TestCommandLine::refuses_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<std::string>("message");
    QTest::newRow("an unknown command") << Words{"sevre"}
                                        << std::string("there is no command 'sevre'; luthiend --help lists all");
    QTest::newRow("an unknown option") << Words{"serve", "--port", "1"}
                                       << std::string("unknown option --port; luthiend serve --help lists all");
    QTest::newRow("an option of another command")
        << Words{"run", "--listen", "x"} << std::string("unknown option --listen; luthiend run --help lists all");
    QTest::newRow("a short option") << Words{"serve", "-l"}
                                    << std::string("unknown option -l; luthiend serve --help lists all");
    QTest::newRow("an option before any command")
        << Words{"--listen", "x"} << std::string("unknown option --listen; luthiend --help lists all");
    QTest::newRow("a value that is missing")
        << Words{"serve", "--listen"} << std::string("--listen needs a value: H:P");
    QTest::newRow("a value for a switch") << Words{"serve", "--json=yes"} << std::string("--json takes no value");
    QTest::newRow("an option twice") << Words{"serve", "--listen", "a", "--listen", "b"}
                                     << std::string("--listen is given twice");
    QTest::newRow("a word too many") << Words{"serve", "now"}
                                     << std::string("'now' is one word too many; luthiend serve --help tells more");
    QTest::newRow("one of several words too many")
        << Words{"policy", "set-mode", "a", "off", "now"}
        << std::string("'now' is one word too many; luthiend policy --help tells more");
    QTest::newRow("a program nobody runs") << Words{"serve", "--", "claude"} << std::string("'--' has no meaning here");
}

void TestCommandLine::refuses()
{
    QFETCH(Words, words);
    const auto line = parseCommandLine(words, m_rules);
    QVERIFY(!line);
    QCOMPARE(line.error().code, ErrorCode::InvalidArgument);
    QTEST(line.error().message, "message");
}

void TestCommandLine::helpNamesEverything()
{
    const std::string all = helpText("", m_rules);
    for (const char* word : {"serve", "take calls", "run", "--data-dir DIR", "--version"})
        QVERIFY2(all.find(word) != std::string::npos, word);
    const std::string one = helpText("serve", m_rules);
    QVERIFY(one.find("--listen H:P") != std::string::npos);
    QVERIFY(one.find("run an agent") == std::string::npos);
    QVERIFY(helpText("policy", m_rules).find("policy set-mode ID MODE [OPTIONS]") != std::string::npos);
    QVERIFY(helpText("run", m_rules).find("-- PROGRAM") != std::string::npos);
}

LUTHIEN_TEST(tst_command_line, TestCommandLine)
#include "tst_command_line.moc"
