// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/notices.h"
#include "private_bus.h"
#include "support/test_registry.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// A desktop that shows notices: remembers what it was asked to show.
class FakeDesktop : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Shown
    {
        uint replaced = 0;
        QString title;
        QString body;
        QStringList actions;
        QVariantMap hints;
    };
    QStringList capabilities{u"body"_s, u"body-markup"_s, u"actions"_s};
    QList<Shown> shown;

public Q_SLOTS:
    QStringList GetCapabilities() { return capabilities; }
    uint Notify(const QString& /*program*/, uint replaced, const QString& /*icon*/, const QString& title,
                const QString& body, const QStringList& actions, const QVariantMap& hints, int /*time*/)
    {
        shown.append({replaced, title, body, actions, hints});
        return replaced == 0 ? static_cast<uint>(shown.size()) : replaced;
    }

Q_SIGNALS:
    void ActionInvoked(uint id, const QString& action);
    void NotificationClosed(uint id, uint reason);
};

class HandClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return {}; }
    [[nodiscard]] SteadyPoint steady() const override { return SteadyPoint(100s) + passed; }
    std::chrono::seconds passed{0};
};

class TestNotices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bus = std::make_unique<test::PrivateBus>();
        QVERIFY(m_bus->isRunning());
        m_desktop = std::make_unique<FakeDesktop>();
        auto desktop = m_bus->connect(u"desktop"_s);
        QVERIFY(desktop.registerObject(u"/org/freedesktop/Notifications"_s, m_desktop.get(),
                                       QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
        QVERIFY(desktop.registerService(u"org.freedesktop.Notifications"_s));
        m_directory = std::make_unique<QTemporaryDir>();
        m_watched.clear();
        m_notifier = std::make_unique<DesktopNotifier>(m_bus->connect(u"program"_s));
        QTRY_VERIFY(m_notifier->isAvailable());
        m_notices = make();
    }
    void cleanup()
    {
        m_notices.reset();
        m_notifier.reset();
        m_bus.reset();
    }

    void onlyWhatIsOnScreenIsKnown_data()
    {
        QTest::addColumn<bool>("isInFront");
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("asked");
        QTest::addColumn<bool>("isShown");
        QTest::newRow("its conversation is read") << true << u"sessions"_s << u"one"_s << true;
        QTest::newRow("another page covers it") << true << u"metrics"_s << u"one"_s << false;
        QTest::newRow("another session is read") << true << u"sessions"_s << u"two"_s << false;
        QTest::newRow("another program is in front") << false << u"sessions"_s << u"one"_s << false;
        QTest::newRow("what waits is told on every page") << true << u"metrics"_s << QString() << true;
        QTest::newRow("nobody is here") << false << u"metrics"_s << QString() << false;
    }
    void onlyWhatIsOnScreenIsKnown()
    {
        QFETCH(const bool, isInFront);
        QFETCH(const QString, page);
        QFETCH(const QString, asked);
        QFETCH(const bool, isShown);
        const OnScreen onScreen{.isInFront = isInFront, .page = page, .session = u"one"_s};
        QCOMPARE(onScreen.shows(asked), isShown);
    }

    void aBlockIsToldInPlainText()
    {
        block(u"<b>rm</b> & co"_s);
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        const auto& shown = m_desktop->shown.constFirst();
        QCOMPARE(shown.body, u"sql, Bash: &lt;b&gt;rm&lt;/b&gt; &amp; co"_s);
        QCOMPARE(shown.hints.value(u"desktop-entry"_s), u"luthien"_s);
        QVERIFY(shown.actions.contains(u"default"_s));
    }

    void aPolicyIsCalledAsPeopleDo()
    {
        m_notices->setPolicyNames([](const QString& id) { return u"No "_s + id; });
        block(u"rm"_s);
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        QCOMPARE(m_desktop->shown.constFirst().body, u"No sql, Bash: rm"_s);
    }

    void aDesktopWithoutMarkupGetsTheTextAsItIs()
    {
        m_desktop->capabilities = {u"body"_s};
        m_notifier = std::make_unique<DesktopNotifier>(QDBusConnection(u"program"_s));
        m_notices = make();
        QTRY_VERIFY(m_notifier->isAvailable());
        block(u"a < b"_s);
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        QCOMPARE(m_desktop->shown.constFirst().body, u"sql, Bash: a < b"_s);
    }

    void pressingItLeadsToTheCall()
    {
        QSignalSpy wanted(m_notices.get(), &Notices::callWanted);
        block(u"no"_s);
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        // Its number reaches the program with the answer, before anything that happens after it.
        Q_EMIT m_desktop->ActionInvoked(1, u"default"_s);
        QTRY_COMPARE(wanted.size(), 1);
        QCOMPARE(wanted.constFirst().constFirst().toString(), u"session-1"_s);
        QCOMPARE(wanted.constFirst().constLast().toString(), QString::fromStdString(m_call.toString()));
    }

    void aLoopIsToldOnceAndThenInOne()
    {
        block(u"1"_s);
        for (int i = 0; i < 100; ++i)
            block(u"again"_s);
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        QVERIFY(answersAreIn());
        m_clock.passed = NoticeQueue::kPause;
        block(u"last"_s);
        QTRY_COMPARE(m_desktop->shown.size(), 2);
        QVERIFY(m_desktop->shown.constLast().title.contains(u"101"_s));
        QCOMPARE(m_desktop->shown.constLast().replaced, 1U);
    }

    void whatIsOnScreenOrSwitchedOffIsNotTold()
    {
        m_watched = u"session-1"_s;
        block(u"seen"_s);
        m_watched.clear();
        m_notices->setTellsBlocks(false);
        block(u"off"_s);
        m_notices->setWaiting(1, u"Bash"_s);
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        QVERIFY(m_desktop->shown.constFirst().title.contains(u"waits"_s));
        m_notices = make();
        QVERIFY2(!m_notices->tellsBlocks(), "it is kept");
    }

    void whatAPersonDeniedOrAShadowSawIsNoNews()
    {
        conversation::Decision decision = decided(u"no"_s);
        decision.answeredBy = conversation::AnsweredBy::Person;
        m_notices->applyLive({.events = {live::Decided{decision}}});
        decision = decided(u"no"_s);
        decision.mode = conversation::PolicyMode::Shadow;
        m_notices->applyLive({.events = {live::Decided{decision}}});
        live::Ended ended{.call = m_call, .status = conversation::CallStatus::Truncated, .error = "upstream closed"};
        m_notices->applyLive({.events = {ended}});
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        QCOMPARE(m_desktop->shown.constFirst().body, u"upstream closed"_s);
    }

private:
    [[nodiscard]] std::unique_ptr<Notices> make()
    {
        auto notices = std::make_unique<Notices>(
            *m_notifier, m_clock, m_directory->filePath(u"window.ini"_s),
            [this](const QString& session) { return !m_watched.isEmpty() && session == m_watched; });
        live::Opened opened{.call = m_call};
        opened.identity.session = "session-1";
        notices->applyLive({.events = {opened}});
        return notices;
    }
    [[nodiscard]] conversation::Decision decided(const QString& reason) const
    {
        conversation::Decision decision{
            .id = m_call, .call = m_call, .policyId = "sql", .reason = reason.toStdString()};
        decision.verdict = conversation::Verdict::Block;
        decision.tool = "Bash";
        return decision;
    }
    /// Answers come in the order of the questions: with that of a new one, all before it were taken.
    [[nodiscard]] static bool answersAreIn()
    {
        const QString name = u"org.freedesktop.Notifications"_s;
        const auto ask =
            QDBusMessage::createMethodCall(name, u"/org/freedesktop/Notifications"_s, name, u"GetCapabilities"_s);
        const QDBusPendingCallWatcher watcher(QDBusConnection(u"program"_s).asyncCall(ask));
        return QSignalSpy(&watcher, &QDBusPendingCallWatcher::finished).wait();
    }
    void block(const QString& reason) { m_notices->applyLive({.events = {live::Decided{decided(reason)}}}); }

    const CallId m_call = CallId::make(TimePoint(1s));
    HandClock m_clock;
    QString m_watched;
    std::unique_ptr<test::PrivateBus> m_bus;
    std::unique_ptr<FakeDesktop> m_desktop;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<DesktopNotifier> m_notifier;
    std::unique_ptr<Notices> m_notices;
};

LUTHIEN_TEST(tst_notices, TestNotices)
#include "tst_notices.moc"
