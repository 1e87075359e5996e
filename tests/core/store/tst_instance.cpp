// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/evidence_check.h"
#include "store/instance.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <future>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::Body;
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
    void removalStandsInNobodysWay();
    void whatOneRemovedAnotherRecordsAgain();
    void whatNobodyRunsIsRemovedByOthers();

private:
    [[nodiscard]] static std::unique_ptr<Store> openStore(const TestDatabase& database, const QString& directory)
    {
        auto opened =
            Store::open({.directory = directory.toStdString(), .database = database.url(), .blockInterval = 1ms});
        return opened ? *std::move(opened) : nullptr;
    }
};

namespace {
Result<void> removeSession(Store& store, const std::string& id)
{
    std::promise<Result<void>> answer;
    store.removeSession(id, [&](const Result<void>& done) { answer.set_value(done); });
    return answer.get_future().get();
}

/// A call of one request.
CallId recordBody(EventSink& sink, const std::string& session, const Body& body)
{
    RecordedCall call(sink, session);
    call.request(body.bytes, body.spans);
    call.end();
    return call.id();
}
} // namespace

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

void TestInstance::removalStandsInNobodysWay()
{
    const TestDatabase database(QStringLiteral("postgres"));
    const QTemporaryDir otherDirectory;
    const auto remover = openStore(database, database.path());
    const auto other = openStore(database, otherDirectory.path());
    QVERIFY(remover && other);
    const auto sink = remover->makeSink(0);
    const auto otherSink = other->makeSink(0);
    recordBody(*sink, "goes", Body({R"({"role":"user","content":"canary"})"}));
    QVERIFY(remover->flush(20s));
    // A third instance hangs in the middle of recording.
    const auto stuck = database.connect();
    QVERIFY(stuck->begin());
    QVERIFY((*stuck->statement("lock_contents"))->firstNumber());
    QVERIFY(removeSession(*remover, "goes"));
    QCOMPARE(remover->finishRemovals(500ms).error().code, ErrorCode::Timeout);
    recordBody(*otherSink, "goes on", Body({R"({"role":"user","content":"robin"})"}));
    recordBody(*sink, "goes on", Body({R"({"role":"user","content":"wren"})"}));
    QVERIFY(other->flush(5s));
    QVERIFY(remover->flush(5s));
    stuck->rollback();
    QVERIFY(remover->finishRemovals(20s));
    QCOMPARE(database.ask(QStringLiteral("SELECT count(*) FROM call")), 2);
}

void TestInstance::whatOneRemovedAnotherRecordsAgain()
{
    const TestDatabase database(QStringLiteral("postgres"));
    const QTemporaryDir otherDirectory;
    const auto remover = openStore(database, database.path());
    const auto other = openStore(database, otherDirectory.path());
    QVERIFY(remover && other);
    const auto sink = remover->makeSink(0);
    const auto otherSink = other->makeSink(0);
    const Body body({R"({"role":"user","content":"both are asked this"})"});
    recordBody(*sink, "first", body);
    QVERIFY(remover->flush(20s));
    recordBody(*otherSink, "second", body); // from now on it remembers the rows
    QVERIFY(other->flush(20s));
    QVERIFY(removeSession(*other, "second"));
    QVERIFY(other->finishRemovals(20s));
    QVERIFY(removeSession(*remover, "first"));
    QVERIFY(remover->finishRemovals(20s));
    QCOMPARE(database.ask(QStringLiteral("SELECT count(*) FROM content")), 0);
    const CallId again = recordBody(*otherSink, "second", body);
    QVERIFY(other->flush(20s));
    const auto reader = other->openReader();
    const auto stored = (*reader)->requestBody(again);
    QVERIFY2(stored, "it names rows that the other has removed");
    QCOMPARE(*stored, body.bytes);

    // The same while the one removes and the other records.
    std::vector<std::pair<CallId, std::string>> kept;
    for (int i = 0; i < 30; ++i) {
        const Body each({R"({"role":"user","content":"question )" + std::to_string(i) + R"("})"});
        const std::string session = "goes " + std::to_string(i);
        recordBody(*sink, session, each);
        QVERIFY(remover->flush(20s));
        QVERIFY(removeSession(*remover, session));
        kept.emplace_back(recordBody(*otherSink, "stays", each), each.bytes);
    }
    QVERIFY(other->flush(20s));
    QVERIFY(remover->finishRemovals(20s));
    for (const auto& [call, bytes] : kept) {
        const auto each = (*reader)->requestBody(call);
        QVERIFY(each);
        QCOMPARE(*each, bytes);
    }
}

void TestInstance::whatNobodyRunsIsRemovedByOthers()
{
    const TestDatabase database(QStringLiteral("postgres"));
    const QTemporaryDir otherDirectory;
    const auto recordedCalls = [&] { return database.ask(QStringLiteral("SELECT count(*) FROM call")); };
    const auto faultOf = [&](const QString& directory) {
        const auto connection = openToRead({directory.toStdString(), database.url()});
        const auto report = checkEvidence(**connection);
        return report && report->firstBreak ? QString::fromStdString(report->firstBreak->what) : QString();
    };
    auto first = openStore(database, database.path());
    QVERIFY(first);
    {
        const auto sink = first->makeSink(0);
        recordBody(*sink, "goes", Body({R"({"role":"user","content":"canary"})"}));
        RecordedCall(*sink, "goes").end();
        recordBody(*sink, "stays", Body({R"({"role":"user","content":"robin"})"}));
        QVERIFY(first->flush(20s));
    }
    first.reset();
    const auto second = openStore(database, otherDirectory.path());
    QVERIFY(second && removeSession(*second, "goes"));
    QVERIFY(second->finishRemovals(20s));
    QCOMPARE(recordedCalls(), 1);
    QCOMPARE(database.ask(QStringLiteral("SELECT count(*) FROM session")), 1);
    QCOMPARE(faultOf(database.path()), QString());
    QCOMPARE(faultOf(otherDirectory.path()), QString());

    first = openStore(database, database.path()); // as if nothing had been
    QVERIFY(first && first->finishRemovals(20s));
    recordBody(*first->makeSink(0), "goes", Body({R"({"role":"user","content":"canary"})"}));
    QVERIFY(first->flush(20s));
    QCOMPARE(faultOf(database.path()), QString());
    QVERIFY(removeSession(*second, "stays"));
    QVERIFY(second->finishRemovals(20s));
    QCOMPARE(recordedCalls(), 2); // the one that runs does it itself
    QVERIFY(first->finishRemovals(20s));
    QCOMPARE(recordedCalls(), 1);
}

LUTHIEN_TEST(tst_instance, TestInstance)
#include "tst_instance.moc"
