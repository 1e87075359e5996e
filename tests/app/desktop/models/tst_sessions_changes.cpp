// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/sessions_model.h"
#include "fake_sources.h"
#include "filter/parser.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

#include <random>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::test::FakeSessions;

/// The list while sessions come, change and go, and while it is narrowed down.
class TestSessionsChanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFilterShowsWhatItMatches()
    {
        FakeSessions source(1000);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        start(model, source);
        source.setMatch(everyTenth);
        model.setFilter(filterOf("model:x"));
        QVERIFY(model.isSearching());
        QCOMPARE(model.shownCount(), 1000); // what was there stays until the first of it comes
        source.answer();
        QVERIFY(!model.isSearching());
        QCOMPARE(model.shownCount(), 100);
        QCOMPARE(model.count(), 1000);
        QCOMPARE(titles(model)[1], u"Title 10"_s);
        model.setFilter({});
        QCOMPARE(model.shownCount(), 1000);
    }

    void theNewestFilterWins()
    {
        FakeSessions source(50);
        SessionsModel model(source, m_clock);
        start(model, source);
        source.setMatch(everyTenth);
        model.setFilter(filterOf("model:x"));
        model.setFilter(filterOf("model:xy"));
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        source.answer();
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.shownCount(), 5);
    }

    void whatChangesUnderAFilterIsAskedAgain()
    {
        FakeSessions source(50);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        start(model, source);
        source.setMatch([](const store::SessionRow& row) { return row.label == "mine"; });
        model.setFilter(filterOf("model:x"));
        source.answer();
        QCOMPARE(model.shownCount(), 0);
        store::SessionRow row = source.session(30);
        row.label = "mine";
        change(model, source, row);
        QCOMPARE(titles(model), QStringList{u"mine"_s});
        row.label = "other";
        change(model, source, row);
        QCOMPARE(model.shownCount(), 0);
        QCOMPARE(model.count(), 50);
    }

    void whatChangesWhileASearchRunsIsAskedAfterIt()
    {
        FakeSessions source(300);
        SessionsModel model(source, m_clock);
        start(model, source);
        source.setMatch([](const store::SessionRow& row) { return row.label == "mine"; });
        model.setFilter(filterOf("model:x"));
        store::SessionRow row = source.session(200);
        row.label = "mine";
        row.cursor.micros = source.session(0).cursor.micros + 1;
        source.change(row);
        Q_EMIT source.sessionLoaded(std::make_shared<const store::SessionRow>(row));
        source.remove("nothing");
        source.answer();
        QCOMPARE(titles(model), QStringList{u"mine"_s});
    }

    void aFailedSearchSaysWhyAndIsTriedAgain()
    {
        FakeSessions source(50);
        SessionsModel model(source, m_clock);
        start(model, source);
        source.setMatch(everyTenth);
        source.failNext(u"it took too long"_s);
        model.setFilter(filterOf("model:x"));
        source.answer();
        QCOMPARE(model.error(), u"it took too long"_s);
        QCOMPARE(model.shownCount(), 0);
        model.retry();
        source.answer();
        QCOMPARE(model.error(), QString());
        QCOMPARE(model.shownCount(), 5);
    }

    void aFailedListSaysWhyAndGoesOnWhereItEnded()
    {
        FakeSessions source(1500);
        SessionsModel model(source, m_clock);
        source.failNext(u"the database is away"_s);
        start(model, source);
        QCOMPARE(model.error(), u"the database is away"_s);
        QVERIFY(!model.isLoaded());
        model.retry();
        source.answer();
        QVERIFY(model.isLoaded());
        QCOMPARE(model.count(), 1500);
        QCOMPARE(model.error(), QString());
    }

    void chipsShowTheirPartAndCountAll()
    {
        FakeSessions source(40);
        for (const int number : {3, 5, 8}) {
            store::SessionRow row = source.session(number);
            row.decisions.block = 1;
            source.change(row);
        }
        store::SessionRow live = source.session(5);
        live.status = conversation::CallStatus::Open;
        source.change(live);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        start(model, source);
        QCOMPARE(model.flaggedText(), u"3"_s);
        QCOMPARE(model.openText(), u"1"_s);
        model.setPart(SessionsModel::Part::Flagged);
        QCOMPARE(titles(model), (QStringList{u"Title 3"_s, u"Title 5"_s, u"Title 8"_s}));
        model.setPart(SessionsModel::Part::Open);
        QCOMPARE(titles(model), QStringList{u"Title 5"_s});
        live.status = conversation::CallStatus::Completed;
        change(model, source, live);
        QCOMPARE(titles(model), QStringList());
        QCOMPARE(model.openText(), u"0"_s);
        model.setPart(SessionsModel::Part::All);
        QCOMPARE(model.shownCount(), 40);
    }

    void pinnedOnesStandFirst()
    {
        FakeSessions source(200);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        start(model, source);
        const int heads = headCount(model);
        store::SessionRow row = source.session(150);
        row.isPinned = true;
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        change(model, source, row);
        QCOMPARE(titles(model).front(), u"Title 150"_s);
        QCOMPARE(text(model, 0), u"Pinned"_s);
        QCOMPARE(headCount(model), heads + 1);
        row.isPinned = false;
        change(model, source, row);
        QCOMPARE(titles(model).front(), u"Title 0"_s);
        QCOMPARE(headCount(model), heads);
        QCOMPARE(resets.size(), 0);
    }

    void groupsByClient()
    {
        FakeSessions source(30);
        for (int number = 0; number < 30; number += 3) {
            store::SessionRow row = source.session(number);
            row.client = "codex";
            source.change(row);
        }
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        start(model, source);
        model.setGrouping(SessionsModel::Grouping::Client);
        QCOMPARE(headCount(model), 2);
        QCOMPARE(text(model, 0), u"codex"_s);
        QCOMPARE(model.index(0).data(SessionsModel::DetailRole).toString(), u"10"_s);
        QCOMPARE(text(model, 11), u"claude-code"_s);
        QCOMPARE(titles(model)[10], u"Title 1"_s);
    }

    void isWhatAPlainListWouldBe_data()
    {
        QTest::addColumn<bool>("byClient");
        QTest::addColumn<bool>("isFiltered");
        QTest::newRow("all by day") << false << false;
        QTest::newRow("all by client") << true << false;
        QTest::newRow("filtered by day") << false << true;
        QTest::newRow("filtered by client") << true << true;
    }

    void isWhatAPlainListWouldBe()
    {
        QFETCH(bool, byClient);
        QFETCH(bool, isFiltered);
        std::mt19937 random(42);
        FakeSessions source(400);
        for (const auto& [number, client] : {std::pair{1, "codex"}, {2, "opencode"}}) { // in the order of clients
            store::SessionRow row = source.session(number);
            row.client = client;
            source.change(row);
        }
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        start(model, source);
        source.setMatch([](const store::SessionRow& row) { return row.calls % 2 == 1; });
        if (byClient)
            model.setGrouping(SessionsModel::Grouping::Client);
        if (isFiltered)
            model.setFilter(filterOf("model:x"));
        source.answer();
        std::map<std::string, store::SessionRow> plain;
        for (int number = 0; number < 400; ++number)
            plain[source.session(number).id] = source.session(number);
        std::int64_t newest = source.session(0).cursor.micros;
        for (int round = 0; round < 600; ++round)
            applyOne(source, model, plain, random, ++newest);
        QCOMPARE(model.count(), static_cast<int>(plain.size()));
        QCOMPARE(listed(model, source), expected(plain, byClient, isFiltered));
    }

private:
    static bool everyTenth(const store::SessionRow& row) { return row.id.ends_with('0'); }

    static filter::Expression filterOf(std::string_view text)
    {
        return std::get<filter::Expression>(filter::parse(text));
    }

    static void start(SessionsModel& model, FakeSessions& source)
    {
        model.start();
        source.answer();
    }

    static void change(SessionsModel&, FakeSessions& source, const store::SessionRow& row)
    {
        source.change(row);
        source.loadSession(row.id); // as a commit that names it makes the model do
        source.answer();
    }

    /// A new session, a change, or a deletion.
    void applyOne(FakeSessions& source, SessionsModel& model, std::map<std::string, store::SessionRow>& plain,
                  std::mt19937& random, std::int64_t newest) const
    {
        auto victim = plain.begin();
        std::advance(victim, static_cast<std::ptrdiff_t>(random() % plain.size()));
        store::SessionRow row = victim->second;
        switch (random() % 5) {
        case 0:
            source.remove(row.id);
            plain.erase(victim);
            source.loadSession(row.id);
            source.answer();
            return;
        case 1:
            row = source.original(1);
            row.id = "fresh-" + std::to_string(newest);
            row.cursor = {.micros = newest, .row = newest % 1'000'000 + 1'000};
            break;
        case 2:
            row.isPinned = !row.isPinned;
            break;
        case 3:
            row.client = random() % 2 == 0 ? "codex" : "opencode";
            break;
        default:
            row.cursor.micros = newest;
            row.calls += 1;
            break;
        }
        plain[row.id] = row;
        change(model, source, row);
    }

    static QStringList listed(SessionsModel& model, FakeSessions& source)
    {
        QStringList ids;
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.index(row).data(SessionsModel::HeadRole).toBool())
                continue;
            if (model.idAt(row).isEmpty()) {
                (void)text(model, row);
                source.answer();
            }
            ids += model.idAt(row);
        }
        return ids;
    }

    static QStringList expected(const std::map<std::string, store::SessionRow>& plain, bool byClient, bool isFiltered)
    {
        const QStringList clients{u"claude-code"_s, u"codex"_s, u"opencode"_s};
        std::vector<store::SessionRow> rows;
        for (const auto& [id, row] : plain) {
            if (!isFiltered || row.calls % 2 == 1)
                rows.push_back(row);
        }
        const auto rank = [&](const store::SessionRow& row) {
            return row.isPinned ? -1 : byClient ? clients.indexOf(QString::fromStdString(row.client)) : 0;
        };
        std::ranges::sort(rows, [&](const store::SessionRow& a, const store::SessionRow& b) {
            return rank(a) != rank(b) ? rank(a) < rank(b) : a.cursor > b.cursor;
        });
        QStringList ids;
        for (const store::SessionRow& row : rows)
            ids += QString::fromStdString(row.id);
        return ids;
    }

    static QString text(const SessionsModel& model, int row)
    {
        return model.index(row).data(SessionsModel::TitleRole).toString();
    }

    static QStringList titles(const SessionsModel& model)
    {
        QStringList all;
        for (int row = 0; row < model.rowCount(); ++row) {
            if (!model.index(row).data(SessionsModel::HeadRole).toBool())
                all += text(model, row);
        }
        return all;
    }

    static int headCount(const SessionsModel& model) { return model.rowCount() - model.shownCount(); }

    SystemClock m_clock;
};

LUTHIEN_TEST(tst_sessions_changes, TestSessionsChanges)
#include "tst_sessions_changes.moc"
