// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/evidence_check.h"
#include "store/instance.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::RecordedCall;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

/// Two data directories, one PostgreSQL.
class TestInstance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneDirectoryIsOneInstance();
    void twoInstancesDoNotCollide();
    void oneThatIsOpenIsNotOpenedTwice();

private:
    [[nodiscard]] static std::unique_ptr<Store> openStore(const TestDatabase& database, const QString& directory)
    {
        auto opened = Store::open({.directory = directory.toStdString(), .database = database.url()});
        return opened ? *std::move(opened) : nullptr;
    }
};

void TestInstance::oneDirectoryIsOneInstance()
{
    const TestDatabase database(QStringLiteral("postgres"));
    const QTemporaryDir other;
    const auto numberOf = [&](const QString& directory) {
        const auto connection = database.connect();
        const auto joined = joinInstance(*connection, directory.toStdString());
        const auto number = connection->number(QStringLiteral("SELECT max(id) FROM store_state"));
        return joined && number ? number->value_or(0) : 0;
    };
    QCOMPARE(numberOf(database.path()), 1);
    QCOMPARE(numberOf(database.path()), 1);
    QVERIFY(numberOf(other.path()) > 1);
    QCOMPARE(database.ask(QStringLiteral("SELECT count(*) FROM instance")), 2);
}

void TestInstance::twoInstancesDoNotCollide()
{
    const TestDatabase database(QStringLiteral("postgres"));
    const QTemporaryDir otherDirectory;
    auto first = openStore(database, database.path());
    auto second = openStore(database, otherDirectory.path());
    QVERIFY(first && second);
    // The same worker number, the same session, the same message: only the calls are different.
    std::vector<std::unique_ptr<EventSink>> sinks;
    std::vector<RecordedCall> calls;
    for (Store* const store : {first.get(), second.get()}) {
        sinks.push_back(store->makeSink(0));
        calls.emplace_back(*sinks.back(), "shared");
        calls.back().request(R"({"messages":["the same"]})", {{13, 10}});
        calls.back().wire("one");
        calls.back().decide("the same");
    }
    QVERIFY(first->flush(20s) && second->flush(20s));
    calls[0].end();
    QVERIFY(first->flush(20s));
    first.reset(); // closes its own calls, not the other's
    sinks.erase(sinks.begin());
    first = openStore(database, database.path());
    const auto reader = first->openReader();
    QCOMPARE((*reader)->call(calls[0].id())->status, CallStatus::Completed);
    QCOMPARE((*reader)->call(calls[1].id())->status, CallStatus::Open);
    QCOMPARE((*reader)->session("shared")->calls, 2);
    QCOMPARE((*reader)->sessionCount().value(), 1);
    QCOMPARE(database.ask(QStringLiteral("SELECT count(*) FROM content WHERE raw_bytes = 10")), 1);

    calls[1].end();
    QVERIFY(second->flush(20s));
    for (const QString& directory : {database.path(), otherDirectory.path()}) {
        const auto connection = openToRead({directory.toStdString(), database.url()});
        QVERIFY(connection);
        const auto report = checkEvidence(**connection);
        QVERIFY(report);
        QVERIFY2(!report->firstBreak, report->firstBreak ? report->firstBreak->what.c_str() : "");
        QCOMPARE(report->head.number, 2); // its own call and its own decision
    }
}

void TestInstance::oneThatIsOpenIsNotOpenedTwice()
{
    const TestDatabase database(QStringLiteral("postgres"));
    const auto holder = database.connect();
    QVERIFY(joinInstance(*holder, database.path().toStdString()));
    const auto second = database.connect();
    QVERIFY(second->run(QStringLiteral("SET lock_timeout = '50ms'")));
    const auto refused = joinInstance(*second, database.path().toStdString());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
}

LUTHIEN_TEST(tst_instance, TestInstance)
#include "tst_instance.moc"
