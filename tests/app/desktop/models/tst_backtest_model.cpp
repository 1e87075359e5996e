// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/backtest_model.h"
#include "fake_policies.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QSemaphore>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::BacktestModel;
using desktop::BacktestWish;
using desktop::PolicyEditor;

namespace {
archive::BacktestChange changeOf(int number)
{
    return {.call = CallId::make(fromMicros(1'790'000'000'000'000 + number)),
            .at = fromMicros(1'790'000'000'000'000 + number),
            .session = "s" + std::to_string(number),
            .would = conversation::Verdict::Block,
            .policy = "a",
            .reason = "no \u202e more"};
}
} // namespace

class TestBacktestModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<test::FakePolicies>();
        m_source->add({.id = "a", .type = "noop"});
        m_source->add({.id = "b", .type = "noop"});
        m_editor = std::make_unique<PolicyEditor>(*m_source);
        m_editor->openPolicy(u"a"_s);
    }

    void listsWhatWouldEndOtherwiseAsItIsFound()
    {
        QSemaphore go;
        desktop::PolicyTrials trials;
        trials.backtest = [&](const BacktestWish& wish,
                              const archive::BacktestSinks& sinks) -> Result<archive::BacktestSummary> {
            m_tried = wish.definition.name;
            for (int i = 0; i < 3; ++i)
                sinks.change(changeOf(i));
            (void)sinks.progress(50, 100);
            go.acquire();
            sinks.change(changeOf(3));
            (void)sinks.progress(100, 100);
            return archive::BacktestSummary{.calls = 100, .wouldBlock = 4, .changed = 4};
        };
        BacktestModel model(*m_editor, trials, m_values, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_editor->setName(u"draft"_s); // not saved
        model.run();
        QTRY_COMPARE(model.count(), 3);
        QVERIFY(model.isRunning());
        QCOMPARE(model.share(), 0.5);
        QCOMPARE(model.progress(), u"50 of 100 calls"_s);
        go.release();
        QTRY_VERIFY(model.isDone());
        QCOMPARE(m_tried, std::string("draft"));
        QCOMPARE(model.count(), 4);
        QCOMPARE(model.sessionOf(3), u"s3"_s);
        QCOMPARE(model.index(3).data(BacktestModel::ReasonRole).toString(), u"no \u2039U+202E\u203a more"_s);
        QVERIFY(model.summary().contains(u"4 would end otherwise"_s));
        QVERIFY(!model.isStale());
        m_editor->setName(u"other"_s);
        QVERIFY(model.isStale());
        m_editor->openPolicy(u"b"_s);
        QCOMPARE(model.count(), 0);
    }

    void canBeStopped()
    {
        desktop::PolicyTrials trials;
        trials.backtest = [](const BacktestWish&, const archive::BacktestSinks& sinks) {
            std::uint64_t done = 0;
            while (sinks.progress(++done, 1'000'000))
                QThread::yieldCurrentThread();
            return Result<archive::BacktestSummary>(Error{.code = ErrorCode::Timeout, .message = "stopped"});
        };
        BacktestModel model(*m_editor, trials, m_values, m_clock);
        model.run();
        QTRY_VERIFY(model.share() > 0);
        model.cancel();
        QTRY_VERIFY(!model.isRunning());
        QVERIFY(model.problem().startsWith(u"Stopped"_s));
        // What belongs to a run that was given up is not shown; the end waits for it.
        model.run();
        m_editor->openPolicy(u"b"_s);
        QVERIFY(!model.isRunning());
        QStringList problems;
        connect(&model, &BacktestModel::changed, this, [&] { problems += model.problem(); });
        // Runs come one after the other: the end of the one that was given up arrives before anything of this one.
        model.run();
        QTRY_VERIFY(model.share() > 0);
        QCOMPARE(problems.join(QString()), QString());
    }

    void saysWhyItDidNotRun()
    {
        desktop::PolicyTrials trials;
        trials.backtest = [](const BacktestWish&, const archive::BacktestSinks&) {
            return Result<archive::BacktestSummary>(Error{.code = ErrorCode::InvalidInput, .message = "It counts."});
        };
        BacktestModel model(*m_editor, trials, m_values, m_clock);
        model.run();
        QTRY_COMPARE(model.problem(), u"It counts."_s);
        model.filter()->setText(u"client:"_s);
        model.run();
        QVERIFY(!model.isRunning()); // the filter says why
        QVERIFY(!model.filter()->error().isEmpty());
    }

private:
    SystemClock m_clock;
    desktop::KnownValues m_values;
    std::string m_tried;
    std::unique_ptr<test::FakePolicies> m_source;
    std::unique_ptr<PolicyEditor> m_editor;
};

LUTHIEN_TEST(tst_backtest_model, TestBacktestModel)
#include "tst_backtest_model.moc"
