// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/database_trial.h"
#include "store/database.h"
#include "support/test_registry.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QThreadPool>
#include <QtTest>

#include <future>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestDatabaseTrial : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatWasFoundAndWhatFollows_data()
    {
        QTest::addColumn<int>("schema");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("text");
        QTest::newRow("no tables") << 0 << int(DatabaseTrial::NeedsTables)
                                   << u"PostgreSQL answers. It has no tables of ours; the next start with it makes "
                                      "them, of version 9, or do it now."_s;
        QTest::newRow("tables of an earlier version")
            << 7 << int(DatabaseTrial::NeedsTables)
            << u"PostgreSQL answers. Its tables are of version 7; the next start with it brings them to version 9, or do it now."_s;
        QTest::newRow("up to date") << 9 << int(DatabaseTrial::Ready)
                                    << u"PostgreSQL answers, and its tables are up to date: version 9."_s;
    }
    void saysWhatWasFoundAndWhatFollows()
    {
        QFETCH(const int, schema);
        QFETCH(const int, outcome);
        QFETCH(const QString, text);
        DatabaseTrial trial(
            [schema](const std::string&) -> Result<DatabaseFinding> {
                return DatabaseFinding{.server = "PostgreSQL", .schema = schema, .newest = 9};
            },
            [](const std::string&) { return Result<void>(); });
        trial.start(u"postgresql://u@h/d"_s);
        QTRY_COMPARE(int(trial.outcome()), outcome);
        QCOMPARE(trial.text(), text);
        trial.forget();
        QCOMPARE(trial.text(), QString());
    }

    void makesTheTablesOfTheOneThatWasTried()
    {
        std::atomic<int> schema = 0;
        std::string made;
        DatabaseTrial trial(
            [&schema](const std::string&) -> Result<DatabaseFinding> {
                return DatabaseFinding{.server = "PostgreSQL", .schema = schema, .newest = 9};
            },
            [&](const std::string& url) {
                made = url;
                schema = 9;
                return Result<void>();
            });
        trial.makeTables(); // of none yet
        QVERIFY(!trial.isRunning());
        trial.start(u" postgresql://u@h/d "_s);
        QTRY_COMPARE(trial.outcome(), DatabaseTrial::NeedsTables);
        trial.makeTables();
        QTRY_COMPARE(trial.outcome(), DatabaseTrial::Ready);
        QCOMPARE(made, std::string("postgresql://u@h/d"));
    }

    /// The window may close while a server is awaited that never says a word.
    void isNotWaitedFor()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        const std::string url = "postgresql://u@127.0.0.1:" + std::to_string(silent.serverPort()) + "/d";
        std::promise<bool> answer; // whether it was opened
        auto answered = answer.get_future();
        {
            DatabaseTrial trial(
                [&answer](const std::string& each) {
                    answer.set_value(store::Database::open({{}, each}, store::Access::ReadOnly).hasValue());
                    return Result<DatabaseFinding>(Error{});
                },
                [](const std::string&) { return Result<void>(); });
            trial.start(QString::fromStdString(url));
            QVERIFY(silent.waitForNewConnection(5'000)); // it is under way
        }
        QCOMPARE(answered.wait_for(0s), std::future_status::timeout); // and still is
        silent.nextPendingConnection()->abort();
        silent.close();
        QCOMPARE(answered.wait_for(10s), std::future_status::ready);
        QVERIFY(!answered.get());
        QVERIFY(QThreadPool::globalInstance()->waitForDone(10'000));
    }

    void isStopped()
    {
        std::promise<void> release;
        std::atomic<int> asked = 0;
        DatabaseTrial trial(
            [&asked, until = release.get_future().share()](const std::string&) -> Result<DatabaseFinding> {
                if (++asked == 1)
                    until.wait();
                return DatabaseFinding{.server = "PostgreSQL", .schema = asked, .newest = 2};
            },
            [](const std::string&) { return Result<void>(); });
        trial.stop(); // nothing runs
        QCOMPARE(trial.text(), QString());
        trial.start(u"postgresql://u@h/d"_s);
        QTRY_COMPARE(asked, 1);
        trial.stop();
        QVERIFY(!trial.isRunning());
        QVERIFY(trial.text().startsWith(u"Not waited for"_s));
        trial.start(u"postgresql://u@h/d"_s);
        QTRY_COMPARE(trial.outcome(), DatabaseTrial::Ready);
        const QString found = trial.text();
        release.set_value();
        QVERIFY(QThreadPool::globalInstance()->waitForDone(10'000));
        QCoreApplication::processEvents();
        QCOMPARE(trial.text(), found); // what was stopped says nothing any more
        trial.start(u"postgresql://u@h/d"_s);
        trial.stop();
        trial.forget();
        QCOMPARE(trial.text(), QString());
        QVERIFY(QThreadPool::globalInstance()->waitForDone(10'000));
    }

    void whatHasNotBegunNeverDoes()
    {
        QThreadPool& pool = *QThreadPool::globalInstance();
        const int threads = pool.maxThreadCount();
        pool.setMaxThreadCount(1);
        std::promise<void> release;
        pool.start([until = release.get_future().share()] { until.wait(); });
        bool isMade = false;
        {
            DatabaseTrial trial(
                [&isMade](const std::string&) {
                    isMade = true;
                    return Result<DatabaseFinding>(Error{});
                },
                [](const std::string&) { return Result<void>(); });
            trial.start(u"postgresql://u@h/d"_s);
        }
        release.set_value();
        QVERIFY(pool.waitForDone(10'000));
        pool.setMaxThreadCount(threads);
        QVERIFY(!isMade);
    }

    void saysWhyNot()
    {
        DatabaseTrial trial(
            [](const std::string&) -> Result<DatabaseFinding> {
                return Error{.code = ErrorCode::Unavailable, .message = "no route\u202Eto host"};
            },
            [](const std::string&) { return Result<void>(); });
        trial.start(u"postgresql://u@h/d"_s);
        QTRY_COMPARE(trial.outcome(), DatabaseTrial::Failed);
        QCOMPARE(trial.text(), u"no route‹U+202E›to host"_s);
    }
};

LUTHIEN_TEST(tst_database_trial, TestDatabaseTrial)
#include "tst_database_trial.moc"
