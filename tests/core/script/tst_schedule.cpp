// SPDX-License-Identifier: Apache-2.0
#include "script/schedule.h"
#include "script_fixture.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::script;
using namespace std::chrono_literals;

class TestSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHostThatBreaksTheProtocolSaysNothing_data()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::addColumn<bool>("answers");
        QTest::newRow("a good one") << QByteArray("good") << true;
        for (const char* how :
             {"other-version", "answers-first", "odd-outline", "other-job", "no-frame", "too-large", "own-kind"})
            QTest::newRow(how) << QByteArray(how) << false;
    }
    void aHostThatBreaksTheProtocolSaysNothing()
    {
        QFETCH(QByteArray, how);
        QFETCH(bool, answers);
        const QTemporaryDir folder;
        const std::filesystem::path program = std::filesystem::path(folder.path().toStdString()) / how.toStdString();
        std::filesystem::create_symlink(scriptHostProgram().parent_path() / "broken_script_host", program);
        Metrics metrics;
        Limits limits;
        limits.start = 2s;
        limits.load = 2s;
        limits.queue = 3s;
        ScriptPool pool(program, metrics, limits);
        const Answer answer = ask(pool, callOf("function onToolCall() {}", "{}", 2s));
        QCOMPARE(answer.hasValue(), answers);
        QVERIFY(answers || metrics.value(Metric::ScriptHostsLost) > 0);
    }

    void whatWaitsForAScriptIsBounded_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::addColumn<int>("waiting");
        QTest::newRow("by how many calls they are") << 1 << 4;
        QTest::newRow("by what their arguments take") << 400 << 2;
        QTest::newRow("even if one takes it all") << 1000 << 1;
        QTest::newRow("and never more than that") << 1001 << 0;
    }
    void whatWaitsForAScriptIsBounded()
    {
        QFETCH(int, bytes);
        QFETCH(int, waiting);
        Metrics metrics;
        Schedule schedule({.queued = 4, .queuedBytes = 1000}, metrics);
        const SteadyPoint start{};
        const auto call = [&](const char* source, SteadyPoint now) {
            bool isRefused = false;
            (void)schedule.run(
                callOf(source, std::string(static_cast<std::size_t>(bytes), ' ')),
                [&](const Answer& answer) { isRefused = !answer && answer.error().code == ErrorCode::Unavailable; },
                now);
            for (const auto& tell : schedule.finished())
                tell();
            return !isRefused;
        };
        for (int i = 0; i < waiting; ++i)
            QVERIFY(call("one", start));
        QVERIFY(!call("one", start)); // at once, without waiting for a host
        QCOMPARE(metrics.value(Metric::ScriptCallsRefused), std::uint64_t(1));
        QCOMPARE(call("another", start), waiting > 0); // has room of its own

        // Who gave up waiting makes room.
        const SteadyPoint later = start + Limits().queue + 1ms;
        schedule.advance(later);
        (void)schedule.finished(); // nobody is left to be told
        QCOMPARE(call("one", later), waiting > 0);
    }
};

LUTHIEN_TEST(tst_schedule, TestSchedule)
#include "tst_schedule.moc"
