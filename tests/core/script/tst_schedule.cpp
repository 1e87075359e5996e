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
};

LUTHIEN_TEST(tst_schedule, TestSchedule)
#include "tst_schedule.moc"
