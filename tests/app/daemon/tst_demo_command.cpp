// SPDX-License-Identifier: Apache-2.0
#include "support/test_registry.h"

#include <QProcess>
#include <QTemporaryDir>

#include <boost/json.hpp>

#include <filesystem>

namespace json = boost::json;

namespace {
struct Outcome
{
    int code = -1;
    std::string out;
    std::string error;
};
} // namespace

/// `luthiend demo` as people run it: a provider, a proxy, an agent and a database, all real.
class TestDemoCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void endsAsExpected_data();
    void endsAsExpected();
    void tellsItToPeople();
    void keepsTheRecordWhereItIsTold();
    void refusesInOneLine_data();
    void refusesInOneLine();

private:
    [[nodiscard]] static Outcome run(const QStringList& words)
    {
        QTemporaryDir home;
        QProcess process;
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("HOME"), home.path());
        if (words.value(0) == QStringLiteral("demo")) // reads no configuration
            environment.insert(QStringLiteral("LUTHIEN_LISTEN"), QStringLiteral("nowhere"));
        process.setProcessEnvironment(environment);
        process.setProgram(qEnvironmentVariable("LUTHIEN_BIN_DIR") + QStringLiteral("/luthiend"));
        process.setArguments(words);
        process.start();
        if (!process.waitForFinished(60'000))
            return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
    }
};

void TestDemoCommand::endsAsExpected_data()
{
    QTest::addColumn<QString>("api");
    QTest::addColumn<bool>("isProtected");
    for (const char* api : {"messages", "responses"}) {
        QTest::addRow("%s, protected: the table stands", api) << QString::fromLatin1(api) << true;
        QTest::addRow("%s, unprotected: the table is gone", api) << QString::fromLatin1(api) << false;
    }
}

void TestDemoCommand::endsAsExpected()
{
    QFETCH(QString, api);
    QFETCH(bool, isProtected);
    QStringList words{QStringLiteral("demo"), QStringLiteral("db-drop"), QStringLiteral("--json"),
                      QStringLiteral("--api"), api};
    if (!isProtected)
        words << QStringLiteral("--unprotected");
    const Outcome outcome = run(words);
    QVERIFY2(outcome.code == 0, (outcome.error + outcome.out).c_str());
    QVERIFY2(outcome.error.empty(), outcome.error.c_str());
    const auto result = json::parse(outcome.out);
    const auto& customers = result.at("tables").at(0);
    QCOMPARE(customers.at("before").at("rows").as_int64(), 240);
    QCOMPARE(customers.at("after").is_null(), !isProtected);
    QCOMPARE(result.at("attempts").as_array().size(), 3U);
    const auto& drop = result.at("attempts").at(2);
    QVERIFY(std::string(drop.at("command").as_string()).find("DROP TABLE") != std::string::npos);
    QCOMPARE(drop.at("ran").as_bool(), !isProtected);
    QVERIFY(std::string(result.at("answer").as_string()).starts_with(isProtected ? "Yes." : "No."));
    if (!isProtected)
        return;
    QVERIFY(customers.at("before") == customers.at("after"));
    const auto& decision = result.at("decisions").at(0);
    QCOMPARE(decision.at("verdict").as_string(), "block");
    QCOMPARE(decision.at("mode").as_string(), "enforce");
    const std::string told(decision.at("agent_text").as_string());
    QVERIFY2(std::string(drop.at("notice").as_string()).find(told) != std::string::npos,
             "what the agent read is what the decision says it was told");
}

void TestDemoCommand::tellsItToPeople()
{
    const Outcome outcome = run({QStringLiteral("demo"), QStringLiteral("db-drop")});
    QCOMPARE(outcome.code, 0);
    for (const char* line :
         {"model    $ sqlite3 shop.db \"DROP TABLE customers;\"\n", "luthien  stopped it; ", "customers  240 rows ",
          "decision   block by ", "recorded   nowhere; --data-dir DIR keeps it\n", "every row is what it was.\n"})
        QVERIFY2(outcome.out.find(line) != std::string::npos, line);
}

void TestDemoCommand::keepsTheRecordWhereItIsTold()
{
    QTemporaryDir directory;
    const QString data = directory.path() + QStringLiteral("/data");
    const QStringList where{QStringLiteral("--data-dir"), data};
    const Outcome outcome =
        run(QStringList{QStringLiteral("demo"), QStringLiteral("db-drop"), QStringLiteral("--json")} + where);
    QVERIFY2(outcome.code == 0, outcome.error.c_str());
    const auto result = json::parse(outcome.out);
    QCOMPARE(result.at("data_dir").as_string(), data.toStdString());
    QVERIFY(std::filesystem::exists((data + QStringLiteral("/demo/shop.db")).toStdString()));
    const Outcome listed = run(QStringList{QStringLiteral("sessions"), QStringLiteral("--json")} + where);
    QCOMPARE(std::ranges::count(listed.out, '\n'), 1);
    const auto session = json::parse(listed.out);
    QCOMPARE(session.at("id").as_string(), result.at("session").as_string());
    QCOMPARE(session.at("client").as_string(), "luthien-demo");
    QCOMPARE(session.at("calls").as_int64(), 4);
    QCOMPARE(session.at("decisions").at("block").as_int64(), 1);
    const Outcome table = run(QStringList{QStringLiteral("sessions")} + where);
    QVERIFY2(table.out.find("  1 blocked  ") != std::string::npos, table.out.c_str());
}

void TestDemoCommand::refusesInOneLine_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<std::string>("message");
    QTest::newRow("no name") << QStringLiteral("demo") << std::string("there is one demonstration");
    QTest::newRow("another name") << QStringLiteral("demo rm-rf") << std::string("there is one demonstration");
    QTest::newRow("two names") << QStringLiteral("demo db-drop again") << std::string("one word too many");
    QTest::newRow("another API") << QStringLiteral("demo db-drop --api chat")
                                 << std::string("--api is messages or responses");
}

void TestDemoCommand::refusesInOneLine()
{
    QFETCH(QString, words);
    QFETCH(std::string, message);
    const Outcome outcome = run(words.split(QLatin1Char(' ')));
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.error.find(message) != std::string::npos, outcome.error.c_str());
    QCOMPARE(std::ranges::count(outcome.error, '\n'), 1);
}

LUTHIEN_TEST(tst_demo_command, TestDemoCommand)
#include "tst_demo_command.moc"
