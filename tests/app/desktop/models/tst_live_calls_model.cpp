// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/live_calls_model.h"
#include "fake_activity.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QtTest>

#include <random>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::desktop;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using luthien::test::FakeLiveCalls;
using luthien::test::FakeTimeline;
using luthien::test::StillClock;

class TestLiveCallsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock = StillClock();
        m_source = std::make_unique<FakeLiveCalls>();
        m_model = std::make_unique<LiveCallsModel>(*m_source, m_clock);
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(),
                                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    void cleanup() { m_tester.reset(); }

    void tellsWhatACallDoesNow_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("state");
        QTest::newRow("thinking") << static_cast<int>(EventKind::Thinking) << u"Thinking"_s;
        QTest::newRow("writing") << static_cast<int>(EventKind::Text) << u"Writing"_s;
        QTest::newRow("a tool call begins") << static_cast<int>(EventKind::ToolStart) << u"Calling Bash"_s;
        QTest::newRow("a count is nothing it does") << static_cast<int>(EventKind::Usage) << u"Waiting for the model"_s;
    }
    void tellsWhatACallDoesNow()
    {
        QFETCH(int, kind);
        QFETCH(QString, state);
        open(1);
        QCOMPARE(data(0, LiveCallsModel::StateRole), u"Waiting for the model"_s);
        write(1, "x", static_cast<EventKind>(kind));
        QCOMPARE(data(0, LiveCallsModel::StateRole), state);
    }

    void showsTheNewestLineOfTheNewestBlock()
    {
        open(1);
        write(1, "first\nsec");
        QCOMPARE(data(0, LiveCallsModel::LineRole), u"sec"_s);
        write(1, "ond\n");
        QCOMPARE(data(0, LiveCallsModel::LineRole), u"second"_s);
        write(1, "{\"command\":", EventKind::ToolStart, 1);
        QCOMPARE(data(0, LiveCallsModel::LineRole), u"{\"command\":"_s);
        write(1, std::string(100'000, 'y') + "\u202E", EventKind::Text, 2);
        QVERIFY(data(0, LiveCallsModel::LineRole).endsWith(u"y‹U+202E›"_s));
        QVERIFY(data(0, LiveCallsModel::LineRole).size() < 600);
        for (int i = 0; i < 300; ++i)
            write(1, "\u00e4", EventKind::Text, 3);
        QVERIFY(!data(0, LiveCallsModel::LineRole).contains(QChar::ReplacementCharacter));
    }

    void howFastItIsIsEstimatedUntilItIsCounted()
    {
        open(1);
        write(1, "begin");
        for (int second = 0; second < 8; ++second) {
            m_clock.pass(1s);
            write(1, std::string(160, 'x'));
            m_model->tick();
        }
        QCOMPARE(data(0, LiveCallsModel::RateRole), u"≈ 40 tok/s"_s);
        QCOMPARE(data(0, LiveCallsModel::ElapsedRole), u"8.0s"_s);
        live::Ended end{.call = FakeTimeline::idOf(1), .at = m_clock.now()};
        end.usage.output = 200;
        m_model->applyLive({.events = {end}});
        QCOMPARE(data(0, LiveCallsModel::RateRole), u"25 tok/s"_s);
    }

    void whatIsOverStaysForAWhileAndGoes()
    {
        open(1);
        open(2);
        QCOMPARE(m_model->running(), 2);
        m_model->applyLive({.events = {live::Ended{
                                .call = FakeTimeline::idOf(1), .at = m_clock.now(), .status = CallStatus::Blocked}}});
        QCOMPARE(m_model->running(), 1);
        QCOMPARE(data(0, LiveCallsModel::StateRole), u"Blocked"_s);
        QVERIFY(m_model->index(0).data(LiveCallsModel::OverRole).toBool());
        m_clock.pass(LiveCallsModel::kStays - 1s);
        m_model->tick();
        QCOMPARE(m_model->count(), 2);
        m_clock.pass(1s);
        m_model->tick();
        QCOMPARE(m_model->count(), 1);
        QCOMPARE(m_model->rowOf(QString::fromStdString(FakeTimeline::idOf(2).toString())), 0);
    }

    void whatWaitsForAPersonSaysSo()
    {
        m_model->setWaiting({{FakeTimeline::idOf(1), toMicros(m_clock.now())}});
        open(1); // asked about before it is shown
        m_clock.pass(3s);
        QCOMPARE(data(0, LiveCallsModel::StateRole), u"Waiting for you"_s);
        QCOMPARE(data(0, LiveCallsModel::WaitingRole), u"3.0s"_s);
        QCOMPARE(m_model->waiting(), 1);
        m_model->setWaiting({});
        QCOMPARE(data(0, LiveCallsModel::StateRole), u"Waiting for the model"_s);
    }

    void whatWasOpenBeforeAndElsewhereIsShown()
    {
        store::CallRow row = FakeTimeline::call(5, 0s, 1s);
        row.endedAt.reset();
        m_source->open = {row};
        m_model->start();
        QCOMPARE(m_source->reads, 1);
        m_source->answer();
        m_source->answer();
        QCOMPARE(m_model->count(), 1);
        m_model->applyLive(
            {.events = {live::Committed{.calls = {{row.id, "s", 3, CallStatus::Completed}}, .isElsewhere = true}}});
        QCOMPARE(m_model->running(), 0);
        m_model->applyLive({.events = {live::Committed{.calls = {{FakeTimeline::idOf(6), "s", 0, CallStatus::Open}},
                                                       .isElsewhere = true}}});
        QTRY_COMPARE(m_source->reads, 2);
    }

    void thousandsOfStepsAreToldAtOnce()
    {
        for (int call = 0; call < 50; ++call)
            open(call);
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        for (int i = 0; i < 5000; ++i)
            write(i % 50, "word ");
        QTRY_COMPARE(changed.size(), 1);
    }

    void anythingInAnyOrderLeavesWhatRuns()
    {
        std::mt19937 random(2);
        std::map<std::int64_t, TimePoint> running;
        for (int step = 0; step < 3000; ++step) {
            m_clock.pass(std::chrono::milliseconds(random() % 2000));
            const auto number = static_cast<std::int64_t>(random() % 200);
            switch (random() % 4) {
            case 0:
                if (m_model->rowOf(QString::fromStdString(FakeTimeline::idOf(number).toString())) < 0)
                    running[number] = m_clock.now();
                open(number);
                break;
            case 1:
                running.erase(number);
                m_model->applyLive({.events = {live::Ended{.call = FakeTimeline::idOf(number), .at = m_clock.now()}}});
                break;
            case 2:
                write(number, "text");
                break;
            default:
                m_model->tick();
            }
            QCOMPARE(m_model->running(), static_cast<int>(running.size()));
        }
        m_clock.pass(1h);
        m_model->tick();
        QCOMPARE(m_model->count(), static_cast<int>(running.size()));
        for (const auto& [number, since] : running) {
            const int row = m_model->rowOf(QString::fromStdString(FakeTimeline::idOf(number).toString()));
            QVERIFY(row >= 0);
            QCOMPARE(m_model->callAt(row).toStdString(), FakeTimeline::idOf(number).toString());
        }
    }

private:
    void open(std::int64_t number)
    {
        live::Opened event{.call = FakeTimeline::idOf(number), .at = m_clock.now(), .model = "claude"};
        event.identity.session = "s";
        m_model->applyLive({.events = {event}});
    }
    void write(std::int64_t number, const std::string& text, EventKind kind = EventKind::Text, std::uint32_t block = 0)
    {
        m_model->applyLive({.events = {live::Delta{.call = FakeTimeline::idOf(number),
                                                   .at = m_clock.now(),
                                                   .kind = kind,
                                                   .block = block,
                                                   .name = kind == EventKind::ToolStart ? "Bash" : "",
                                                   .text = text}}});
    }
    [[nodiscard]] QString data(int row, int role) const { return m_model->index(row).data(role).toString(); }

    StillClock m_clock;
    std::unique_ptr<FakeLiveCalls> m_source;
    std::unique_ptr<LiveCallsModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

LUTHIEN_TEST(tst_live_calls_model, TestLiveCallsModel)
#include "tst_live_calls_model.moc"
