// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/metrics_model.h"
#include "fake_activity.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QtTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using luthien::test::FakeMetrics;
using luthien::test::StillClock;

class TestMetricsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source.asked.clear();
        m_model = std::make_unique<MetricsModel>(m_source, m_history, m_clock);
    }

    void readsOnlyWhileItIsShown()
    {
        const QAbstractItemModelTester tester(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(m_model->rowCount(), 0);
        m_model->setRange(1);
        QVERIFY(m_source.asked.empty());
        m_model->setShown(true);
        QCOMPARE(m_source.asked.size(), std::size_t(1));
        QVERIFY(m_model->isLoading());
        const store::ActivityRequest asked = m_source.asked.back();
        QVERIFY(asked.until - asked.since == 1h && asked.span == 1min && asked.until > m_clock.now());
        QCOMPARE(toMicros(asked.until) % 60'000'000, 0);
        const int recent = m_model->rowCount();
        QVERIFY(recent > 0);
        m_source.answer({});
        QVERIFY(!m_model->isLoading());
        QVERIFY(m_model->rowCount() > recent);
        QVERIFY(!m_model->card(0)->isRecent && m_model->card(m_model->rowCount() - 1)->isRecent);
        m_clock.pass(9s);
        m_model->refresh();
        QCOMPARE(m_source.asked.size(), std::size_t(1));
        m_clock.pass(1s);
        m_model->refresh();
        QCOMPARE(m_source.asked.size(), std::size_t(2));
        m_model->refresh();
        QCOMPARE(m_source.asked.size(), std::size_t(2)); // it is not there yet
        m_source.answer({});
        m_model->setShown(false);
        m_clock.pass(1h);
        QCOMPARE(m_source.asked.size(), std::size_t(2));
    }

    void anAnswerForAnotherRangeIsNotShown()
    {
        m_model->setShown(true);
        m_model->setRange(2);
        QCOMPARE(m_source.asked.size(), std::size_t(2));
        m_source.asked.pop_back();
        m_source.answer({});
        QVERIFY(m_model->isLoading());
        QVERIFY(m_model->card(0)->isRecent);
    }

    void anErrorLeavesWhatIsShown()
    {
        m_model->setShown(true);
        m_source.answer({});
        const int rows = m_model->rowCount();
        m_clock.pass(1min);
        m_model->refresh();
        m_source.answer({}, u"the database is gone"_s);
        QCOMPARE(m_model->rowCount(), rows);
        QCOMPARE(m_model->error(), u"the database is gone"_s);
    }

    void aTableSaysWhatTheChartDraws()
    {
        m_model->setShown(true);
        store::Activity activity;
        activity.calls = {{m_source.asked.back().since, conversation::CallStatus::Completed, 12, 0, 0, 0, 0}};
        m_source.answer(activity);
        const QStringList table = m_model->table(0);
        QCOMPARE(table.size(), 90);
        QVERIFY2(table.back().endsWith(u"12 completed"_s), qPrintable(table.back()));
        QVERIFY(table.front().endsWith(u"nothing"_s));
        QVERIFY(m_model->table(99).isEmpty());
    }

private:
    StillClock m_clock;
    Metrics m_metrics;
    FakeMetrics m_source;
    MetricsHistory m_history{m_metrics, m_clock};
    std::unique_ptr<MetricsModel> m_model;
};

LUTHIEN_TEST(tst_metrics_model, TestMetricsModel)
#include "tst_metrics_model.moc"
