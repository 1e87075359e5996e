// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_sources.h"
#include "filter/parser.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

using namespace luthien;
using luthien::desktop::LoadedSessions;
using luthien::desktop::ReaderThread;
using luthien::desktop::SessionSearch;
using luthien::desktop::StoreSessions;
using Loaded = std::shared_ptr<const LoadedSessions>;

/// Sessions as a real store has them, through its reader threads.
class TestStoreSources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (int i = 0; i < kCount; ++i)
            m_store.add(
                {.id = CallId::make(fromMicros(1'790'000'000'000'000 + i)), .session = "session-" + std::to_string(i)});
        QVERIFY(m_store.flush());
        m_reader = std::make_unique<ReaderThread>([this] { return m_store.openReader(); });
        m_finder = std::make_unique<ReaderThread>([this] { return m_store.openReader(); });
        m_sessions = std::make_unique<StoreSessions>(*m_reader, *m_finder);
        connect(m_sessions.get(), &StoreSessions::listLoaded, this, [this](const Loaded& loaded) { m_last = loaded; });
        connect(m_sessions.get(), &StoreSessions::pageLoaded, this, [this](const Loaded& loaded) { m_last = loaded; });
        connect(m_sessions.get(), &StoreSessions::found, this, [this](const Loaded& loaded) { m_last = loaded; });
        m_sessions->loadList(std::nullopt);
        QTRY_VERIFY(m_last);
        m_all = m_last->items;
        QCOMPARE(m_all.size(), std::size_t{kCount});
    }

    void init() { m_last.reset(); }

    void cleanupTestCase()
    {
        m_reader.reset();
        m_finder.reset();
        m_sessions.reset();
    }

    void rowsComeByTheirPlaces_data()
    {
        QTest::addColumn<QList<int>>("ranks");
        QList<int> all;
        QList<int> sparse;
        QList<int> runs;
        for (int i = 0; i < kCount; ++i) {
            all << i;
            if (i % 7 == 3)
                sparse << i;
            if (i % 20 < 5)
                runs << i;
        }
        QTest::newRow("all side by side") << all;
        QTest::newRow("every seventh") << sparse;
        QTest::newRow("runs with gaps") << runs;
        QTest::newRow("the last one") << QList<int>{kCount - 1};
        QTest::newRow("none") << QList<int>{};
    }

    void rowsComeByTheirPlaces()
    {
        QFETCH(QList<int>, ranks);
        std::vector<store::Cursor> places;
        std::vector<store::SessionRow> expected;
        for (const int rank : ranks) {
            const store::SessionRow& row = m_all[static_cast<std::size_t>(rank)];
            places.push_back(row.cursor);
            expected.push_back(row);
            // What stood beside it is not there any more.
            places.push_back({.micros = row.cursor.micros - 1, .row = 1'000'000});
        }
        m_sessions->loadRows(5, places);
        QTRY_VERIFY(m_last);
        QCOMPARE(m_last->token, quint64{5});
        QCOMPARE(m_last->error, QString());
        QVERIFY(m_last->items == expected);
    }

    void aFilterFindsAndChecks()
    {
        const SessionSearch search{.token = 9,
                                   .filter = std::get<filter::Expression>(filter::parse("session:session-1*")),
                                   .now = SystemClock().now(),
                                   .from = {}};
        m_sessions->find(search);
        QTRY_VERIFY(m_last);
        QCOMPARE(m_last->token, quint64{9});
        QCOMPARE(m_last->items.size(), std::size_t{11}); // 1, 10 to 19
        QSignalSpy checked(m_sessions.get(), &StoreSessions::checked);
        m_sessions->check(search, "session-12");
        m_sessions->check(search, "session-22");
        QTRY_COMPARE(checked.size(), 2);
        QVERIFY(checked[0][2].toBool());
        QVERIFY(!checked[1][2].toBool());
    }

    void anOlderSearchIsNotAnswered()
    {
        SessionSearch search{.token = 20,
                             .filter = std::get<filter::Expression>(filter::parse("session:session-1*")),
                             .now = SystemClock().now(),
                             .from = {}};
        QSignalSpy found(m_sessions.get(), &StoreSessions::found);
        for (int i = 0; i < 50; ++i) {
            ++search.token;
            m_sessions->find(search);
        }
        QTRY_VERIFY(m_last && m_last->token == 70);
        QCOMPARE(m_last->error, QString());
        QCOMPARE(m_last->items.size(), std::size_t{11});
    }

    void aSessionThatIsNotThereIsSaid()
    {
        QSignalSpy missing(m_sessions.get(), &StoreSessions::sessionMissing);
        m_sessions->loadSession("no such");
        QTRY_COMPARE(missing.size(), 1);
    }

    void aSessionThatCannotBeReadIsSaid()
    {
        ReaderThread noReader([] { return Result<std::unique_ptr<store::Reader>>(Error{.message = "no disk"}); });
        StoreSessions sessions(noReader, noReader);
        QSignalSpy failed(&sessions, &StoreSessions::sessionFailed);
        sessions.loadSession("session-1");
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<std::string>(), std::string("session-1"));
        QVERIFY(failed[0][1].toString().contains(QStringLiteral("no disk")));
    }

private:
    static constexpr int kCount = 60;
    test::SampleStore m_store;
    std::unique_ptr<ReaderThread> m_reader;
    std::unique_ptr<ReaderThread> m_finder;
    std::unique_ptr<StoreSessions> m_sessions;
    std::vector<store::SessionRow> m_all;
    Loaded m_last;
};

LUTHIEN_TEST(tst_store_sources, TestStoreSources)
#include "tst_store_sources.moc"
