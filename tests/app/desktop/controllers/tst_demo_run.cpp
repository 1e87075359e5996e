// SPDX-License-Identifier: Apache-2.0
#include "demo/model_script.h"
#include "desktop/controllers/demo_run.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using demo::DbDropOutcome;
using desktop::DemoRun;
using desktop::DemoSteps;
using desktop::DemoTables;

class TestDemoRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsEachStep()
    {
        DemoRun run({}, {});
        const QAbstractItemModelTester tester(run.steps(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(run.steps()->rowCount(), 0);
        run.progress({.step = demo::DbDropStep::ModelAsked, .text = "sqlite3 shop.db 'DROP TABLE customers'"});
        run.progress({.step = demo::DbDropStep::ToolStopped, .text = "[blocked]\xe2\x80\xae\n"});
        QCOMPARE(run.steps()->rowCount(), 2);
        const QModelIndex last = run.steps()->index(1);
        QCOMPARE(last.data(DemoSteps::StepRole).toInt(), int(DemoSteps::ToolStopped));
        QCOMPARE(last.data(DemoSteps::TextRole).toString(), u"[blocked]\u2039U+202E\u203a"_s);
    }

    void tellsHowItEnded_data()
    {
        QTest::addColumn<bool>("stopped");
        QTest::addColumn<bool>("gone");
        QTest::addColumn<DemoRun::Outcome>("outcome");
        QTest::newRow("the call ran and the table is gone") << false << true << DemoRun::TableGone;
        QTest::newRow("the call was stopped and the table stands") << true << false << DemoRun::TableStands;
        QTest::newRow("a stopped call and a table that is gone all the same are no success")
            << true << true << DemoRun::TableGone;
        QTest::newRow("a call that ran and did nothing is no success") << false << false << DemoRun::Unclear;
    }
    void tellsHowItEnded()
    {
        QFETCH(bool, stopped);
        QFETCH(bool, gone);
        QFETCH(DemoRun::Outcome, outcome);
        DemoRun run({}, {});
        const QAbstractItemModelTester tester(run.tables(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        run.finish(ended(stopped, gone));
        QCOMPARE(run.outcome(), outcome);
        QVERIFY(!run.verdict().isEmpty());
        QCOMPARE(run.sessionId(), u"demo-1"_s);
        QCOMPARE(run.tables()->rowCount(), 2);
        QCOMPARE(run.tables()->index(0).data(DemoTables::GoneRole).toBool(), gone);
        QCOMPARE(run.tables()->index(1).data(DemoTables::SameRole).toBool(), true);
        QCOMPARE(run.tables()->index(1).data(DemoTables::BeforeSumRole).toString(), u"123456789abc"_s);
    }

    void tellsWhyItFailed()
    {
        DemoRun run({}, {});
        run.fail({.code = ErrorCode::Unavailable, .message = "no route"});
        QCOMPARE(run.outcome(), DemoRun::Failed);
        QVERIFY(run.explanation().contains(u"no route"_s));
    }

private:
    static DbDropOutcome ended(bool stopped, bool gone)
    {
        DbDropOutcome outcome{.session = "demo-1"};
        outcome.before.tables = {{.name = "customers", .exists = true, .rows = 500, .sha256 = "aa"},
                                 {.name = "orders", .exists = true, .rows = 9, .sha256 = "123456789abcdef"}};
        outcome.after = outcome.before;
        if (gone)
            outcome.after.tables[0] = {.name = "customers"};
        demo::ToolAttempt drop{.command = demo::kDropCommand};
        if (stopped)
            drop.notice = "[blocked]";
        else
            drop.output = demo::ToolOutput();
        outcome.attempts = {drop};
        return outcome;
    }
};

LUTHIEN_TEST(tst_demo_run, TestDemoRun)
#include "tst_demo_run.moc"
