// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/replay.h"
#include "fake_recordings.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QSignalSpy>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
class HandClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return {}; }
    [[nodiscard]] SteadyPoint steady() const override { return SteadyPoint(time); }
    std::chrono::milliseconds time{};
};

QString textOf(Replay& replay)
{
    QCoreApplication::processEvents();
    const ConversationModel& rows = *replay.conversation();
    QStringList texts;
    for (int row = 0; row < rows.rowCount(); ++row) {
        const QString text = rows.index(row).data(ConversationModel::TextRole).toString().trimmed();
        if (!text.isEmpty())
            texts << text;
    }
    return texts.join(u'|');
}
} // namespace

class TestReplay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void playsInItsOwnTime()
    {
        open();
        QVERIFY(m_replay->isPlaying());
        QVERIFY(!textOf(*m_replay).contains(u"one"_s));
        QVERIFY(textOf(*m_replay).startsWith(u"the question"_s));
        pass(1000ms);
        QVERIFY(textOf(*m_replay).contains(u"one"_s));
        pass(1500ms);
        QVERIFY(textOf(*m_replay).endsWith(u"one two"_s));
        QCOMPARE(m_replay->timeText(), u"0:02.5"_s);
        QCOMPARE(m_replay->lengthText(), u"0:04.0"_s);
        pass(5000ms);
        QVERIFY(textOf(*m_replay).endsWith(u"one two three"_s));
        QVERIFY(!m_replay->isPlaying());
        QCOMPARE(m_replay->share(), 1.0);
    }

    void standsStillWhilePaused()
    {
        open();
        pass(1000ms);
        m_replay->pause();
        pass(60'000ms);
        QCOMPARE(m_replay->timeText(), u"0:01.0"_s);
        m_replay->play();
        pass(500ms);
        QCOMPARE(m_replay->timeText(), u"0:01.5"_s);
    }

    void goesAtTheSpeedThatIsChosen_data()
    {
        QTest::addColumn<int>("speed");
        QTest::addColumn<double>("share"); // of 4 s, after one
        QTest::newRow("a quarter") << 0 << 0.0625;
        QTest::newRow("its own") << 2 << 0.25;
        QTest::newRow("double") << 3 << 0.5;
        QTest::newRow("16 times") << 6 << 1.0;
        QTest::newRow("one that there is not") << 7 << 0.25;
    }
    void goesAtTheSpeedThatIsChosen()
    {
        QFETCH(const int, speed);
        QFETCH(const double, share);
        open();
        m_replay->setSpeed(speed);
        pass(1000ms);
        QCOMPARE(m_replay->share(), share);
    }

    // Wherever one goes, forth or back, what is shown is what was there at that time.
    void showsThePlaceThatIsSought()
    {
        open();
        m_replay->pause();
        const std::pair<double, const char*> places[] = {{0.8, "one two three"}, {0.3, "one"},
                                                         {1.0, "one two three"}, {0.55, "one two"},
                                                         {0.5, "one two"},       {0.1, ""}};
        for (const auto& [share, said] : places) {
            m_replay->seek(share);
            const QString text = textOf(*m_replay);
            QVERIFY2(*said == '\0' ? !text.contains(u"one"_s) : text.endsWith(QLatin1String(said)), qPrintable(text));
            QCOMPARE(text.count(u"the question"_s), 1);
        }
    }

    void beginsAgainAtItsEnd()
    {
        open();
        pass(5000ms);
        m_replay->play();
        QVERIFY(m_replay->isPlaying());
        QVERIFY(!textOf(*m_replay).contains(u"one"_s));
    }

    void tellsWhyThereIsNothing()
    {
        m_source = std::make_unique<test::FakeRecordings>();
        m_source->fails = true;
        m_replay = std::make_unique<Replay>(*m_source, m_clock);
        m_replay->open(callId());
        QCOMPARE(m_replay->problem(), u"gone"_s);
        QVERIFY(!m_replay->isLoaded());
        m_replay->close();
        QCOMPARE(m_replay->problem(), QString());
    }

private:
    static QString callId() { return QString::fromStdString(test::FakeConversation::idOf(5).toString()); }
    void open()
    {
        m_source = std::make_unique<test::FakeRecordings>();
        m_replay = std::make_unique<Replay>(*m_source, m_clock);
        m_replay->open(callId());
        QVERIFY(m_replay->isLoaded());
    }
    void pass(std::chrono::milliseconds time)
    {
        m_clock.time += time;
        m_replay->advance();
    }

    HandClock m_clock;
    std::unique_ptr<test::FakeRecordings> m_source;
    std::unique_ptr<Replay> m_replay;
};

LUTHIEN_TEST(tst_replay, TestReplay)
#include "tst_replay.moc"
