// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "steady_calls.h"
#include "store/database.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <random>
#include <thread>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::eventsOf;
using luthien::test::PostgresServer;
using luthien::test::RecordedCall;
using luthien::test::SteadyCalls;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

class TestPostgresEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void urls_data();
    void urls();
    void aPasswordIsNeverRepeated();
    void errorsTellNoValues();
    void whatLibpqSaysIsPartOfASentence();
    void aQueryEndsAtItsDeadline();
    void anInterruptedQueryEndsAtOnce();
    void anInterruptionWithoutAQueryHasNoEffect();
    void largeBytesComeBackAsTheyWere();
    void aLostConnectionIsMadeAnew();
    void aStoppedServerLosesNothing();
    void aFrozenServerIsToldAndDoesNotKeepUs();
    void aFrozenServerLosesNothing();
    void closingDoesNotWaitForAFrozenServer();
    void readersOfAServerInTroubleGetAnAnswerAtOnce();
};

namespace {
const QString kEngine = QStringLiteral("postgres");

std::int64_t millisOf(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
}

std::unique_ptr<Store> openOn(const PostgresServer& server, const QString& name, const QTemporaryDir& directory)
{
    auto opened = Store::open({.directory = directory.path().toStdString(),
                               .database = server.url(name),
                               .blockInterval = 20ms,
                               .answerLimit = 700ms});
    if (!opened)
        qCritical("%s", opened.error().toString().c_str());
    return opened ? *std::move(opened) : nullptr;
}

void verifyStored(Reader& reader, const RecordedCall& call)
{
    const auto events = eventsOf(reader, call.id());
    QVERIFY2(events, events ? "" : events.error().toString().c_str());
    QCOMPARE(events->size(), call.bytes().size() + 1);
    for (std::size_t i = 0; i < call.bytes().size(); ++i)
        QCOMPARE((*events)[i].bytes, call.bytes()[i]);
}

/// The server's process that answers the store's writer.
pid_t serverOfWriter(const TestDatabase& test)
{
    return static_cast<pid_t>(test.ask(
        QStringLiteral("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
                       "pg_backend_pid() AND application_name = 'luthien' ORDER BY backend_start DESC LIMIT 1")));
}

/// A process that does nothing for as long as this lives.
class Frozen
{
public:
    explicit Frozen(pid_t process)
        : m_process(process)
    {
        ::kill(m_process, SIGSTOP);
    }
    ~Frozen() { ::kill(m_process, SIGCONT); }
    Frozen(const Frozen&) = delete;
    Frozen& operator=(const Frozen&) = delete;

private:
    const pid_t m_process;
};

/// These are there, once, and nothing else is.
void verifyAll(const Store& store, const DatabaseLocation& location, const std::vector<RecordedCall>& calls)
{
    const auto reader = store.openReader();
    QVERIFY(reader);
    for (const RecordedCall& call : calls)
        verifyStored(**reader, call);
    const auto connection = Database::open(location, Access::ReadWrite);
    const auto ask = [&](const char* sql) { return (*connection)->number(QLatin1String(sql))->value_or(-1); };
    const auto count = static_cast<std::int64_t>(calls.size());
    QCOMPARE(ask("SELECT count(*) FROM call"), count);
    QCOMPARE(ask("SELECT CAST(sum(calls) AS BIGINT) FROM session"), count);
    QCOMPARE(ask("SELECT count(*) FROM decision"), count);
    QCOMPARE(ask("SELECT CAST(sum(block_decisions) AS BIGINT) FROM session"), count);
}
} // namespace

void TestPostgresEngine::urls_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char* name, const char* url, bool isGood) {
        QTest::newRow(name) << QString::fromLatin1(url) << isGood;
    };
    row("SQLite", "sqlite", true);
    row("user, host, port, database", "postgresql://me@db.example:5433/luthien", true);
    row("a socket", "postgresql:///luthien?host=/run/postgresql", true);
    row("the short scheme", "postgres://me@db/luthien", true);
    row("with TLS", "postgresql://me@db/luthien?sslmode=verify-full", true);
    row("a password", "postgresql://me:secret@db/luthien", false);
    row("a password as a parameter", "postgresql://me@db/luthien?password=secret", false);
    row("an unknown parameter", "postgresql://me@db/luthien?nonsense=1", false);
    row("another database", "mysql://me@db/luthien", false);
    row("a port that is none", "postgresql://me@db:port:2/luthien", false);
    row("a semicolon", "postgresql://me@db/a;b", false);
    row("nothing", "", false);
}

void TestPostgresEngine::urls()
{
    QFETCH(QString, url);
    QFETCH(bool, isGood);
    const auto checked = checkDatabaseUrl(url.toStdString());
    QCOMPARE(checked.hasValue(), isGood);
}

void TestPostgresEngine::aPasswordIsNeverRepeated()
{
    for (const char* url : {"postgresql://me:hunter2@db/luthien", "postgresql://me@db/luthien?password=hunter2",
                            "postgresql://me:hunter2@db:x/luthien"}) {
        QVERIFY(checkDatabaseUrl(url).error().toString().find("hunter2") == std::string::npos);
        QVERIFY(describe({"/tmp", url}).find("hunter2") == std::string::npos);
        const auto opened = Database::open({"/tmp", url}, Access::ReadWrite);
        QVERIFY(!opened && opened.error().toString().find("hunter2") == std::string::npos);
    }
}

void TestPostgresEngine::errorsTellNoValues()
{
    const TestDatabase test(kEngine);
    const auto database = test.connect();
    const auto insert = database->statement("insert_policy_version");
    (*insert)->bindText(":version", "v").bindText(":policy", "p").bindText(":definition", "what was recorded");
    const auto refused = (*insert)->bindNull(":first_used").run();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
    QVERIFY2(refused.error().toString().find("what was recorded") == std::string::npos,
             refused.error().toString().c_str());
}

void TestPostgresEngine::whatLibpqSaysIsPartOfASentence()
{
    const auto refusal = [](const std::string& url) {
        return Database::open({"/tmp", url}, Access::ReadOnly).error().toString();
    };
    QCOMPARE(refusal("postgresql:///none?host=/nowhere"),
             "PostgreSQL at /nowhere, database none: cannot connect: No such file or directory");
    const DatabaseLocation missing{"/tmp", PostgresServer::shared()->url(QStringLiteral("missing"))};
    QCOMPARE(refusal(missing.url), describe(missing) + R"(: cannot connect: database "missing" does not exist)");
    const TestDatabase test(kEngine);
    const auto database = test.connect();
    QTest::ignoreMessage(QtWarningMsg, "the database server says: one  two");
    QVERIFY(database->run(QStringLiteral("DO $$ BEGIN RAISE WARNING E'one\\x07\\ttwo\\nthree'; END $$")));
}

void TestPostgresEngine::aQueryEndsAtItsDeadline()
{
    const TestDatabase test(kEngine);
    const auto database = test.connect(Access::ReadOnly);
    database->startDeadline(100ms);
    Result<void> slept;
    QVERIFY(millisOf([&] { slept = database->run(QStringLiteral("SELECT pg_sleep(30)")); }) < 10'000);
    QVERIFY(!slept);
    QCOMPARE(slept.error().code, ErrorCode::Timeout);
    QVERIFY(database->run(QStringLiteral("SELECT 1")));
    QVERIFY2(!database->run(QStringLiteral("DELETE FROM policy")), "a reader can write");
}

void TestPostgresEngine::anInterruptedQueryEndsAtOnce()
{
    const TestDatabase test(kEngine);
    const auto database = test.connect();
    const auto other = test.connect();
    const auto isAsleep = [&] {
        return other
                   ->number(QStringLiteral("SELECT count(*) FROM pg_stat_activity "
                                           "WHERE wait_event = 'PgSleep' AND datname = current_database()"))
                   ->value_or(0) > 0;
    };
    std::jthread interrupter([&] {
        const std::unique_ptr<Database> watching = test.connect();
        while (watching
                   ->number(QStringLiteral("SELECT count(*) FROM pg_stat_activity "
                                           "WHERE wait_event = 'PgSleep' AND datname = current_database()"))
                   ->value_or(0) == 0) {
        }
        database->interrupt();
    });
    const auto slept = database->run(QStringLiteral("SELECT pg_sleep(30)"));
    QVERIFY(!slept);
    QCOMPARE(slept.error().code, ErrorCode::Timeout);
    QVERIFY(!isAsleep());
    QVERIFY(database->run(QStringLiteral("SELECT 1")));
}

void TestPostgresEngine::anInterruptionWithoutAQueryHasNoEffect()
{
    const TestDatabase test(kEngine);
    const auto database = test.connect();
    for (int i = 0; i < 20; ++i) {
        database->interrupt();
        QVERIFY(database->run(QStringLiteral("SELECT 1")));
    }
}

void TestPostgresEngine::largeBytesComeBackAsTheyWere()
{
    const TestDatabase test(kEngine);
    const auto store = luthien::test::openStore(test, 32 << 20);
    const auto sink = store->makeSink(0);
    std::mt19937_64 random(5);
    std::string noise; // which no compression makes smaller
    for (int i = 0; i < 3'000'000 / 8; ++i) {
        const auto number = random();
        noise.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    RecordedCall call(*sink, "s");
    call.request(noise);
    call.wire(noise.substr(0, 1'500'000));
    call.wire(std::string("zero \0 and \xff", 12));
    call.end();
    QVERIFY(store->flush(20s));
    verifyStored(**store->openReader(), call);
}

void TestPostgresEngine::aLostConnectionIsMadeAnew()
{
    const TestDatabase test(kEngine);
    const auto store = luthien::test::openStore(test);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    const QString others = QStringLiteral("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                          "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    for (int i = 0; i < 5; ++i) {
        call.wire("before " + std::to_string(i));
        QVERIFY(store->flush(20s));
        QVERIFY(test.ask(others) >= 1);
        call.wire("after " + std::to_string(i));
    }
    call.end();
    QVERIFY(store->flush(20s));
    // The server ends a connection some time after it was asked to, which may be after the flush.
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    verifyStored(**store->openReader(), call);
}

void TestPostgresEngine::aStoppedServerLosesNothing()
{
    const auto server = PostgresServer::make();
    QVERIFY(server);
    const QString name = server->makeDatabase(PostgresServer::Content::Schema);
    const QTemporaryDir directory;
    const auto store = openOn(*server, name, directory);
    QVERIFY(store);
    const auto sink = store->makeSink(0);
    std::vector<RecordedCall> calls;
    for (int round = 0; round < 3; ++round) {
        SteadyCalls steady(*sink);
        QVERIFY(server->stop(PostgresServer::Stop::Immediate));
        QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Broken, 20'000);
        QVERIFY(!store->stateText().empty());
        QVERIFY(server->start());
        QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
        std::ranges::move(steady.end(), std::back_inserter(calls));
    }
    QVERIFY(store->flush(20s));
    qInfo("%zu calls recorded while the server was stopped three times", calls.size());
    verifyAll(*store, {{}, server->url(name)}, calls);
}

void TestPostgresEngine::aFrozenServerIsToldAndDoesNotKeepUs()
{
    const TestDatabase test(kEngine);
    StoreConfig config{.directory = test.path().toStdString(), .database = test.url(), .answerLimit = 300ms};
    auto store = std::move(*Store::open(config));
    auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.wire("before");
    QVERIFY(store->flush(20s));
    const pid_t writer = serverOfWriter(test);
    QVERIFY(writer > 1);
    QCOMPARE(::kill(writer, SIGSTOP), 0);
    call.wire("while it is frozen");
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Broken, 20'000);
    QVERIFY2(store->stateText().find("does not answer") != std::string::npos, store->stateText().c_str());
    call.end();
    QVERIFY(sink->hasRoom());
    QCOMPARE(::kill(writer, SIGCONT), 0);
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    QVERIFY(store->flush(20s));
    verifyStored(**store->openReader(), call);

    // Closing does not wait for it, either; what it did not take stays in the journal.
    RecordedCall last(*sink, "s");
    QVERIFY(store->flush(20s));
    const auto next = static_cast<pid_t>(
        test.ask(QStringLiteral("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
                                "pg_backend_pid() LIMIT 1")));
    QCOMPARE(::kill(next, SIGSTOP), 0);
    last.wire("still in the journal");
    sink.reset();
    QVERIFY(millisOf([&] { store.reset(); }) < 40'000);
    QCOMPARE(::kill(next, SIGCONT), 0);
    store = std::move(*Store::open(config));
    const auto events = eventsOf(**store->openReader(), last.id());
    QCOMPARE(events->front().bytes, std::string("still in the journal"));
}

/// What it was sent before may come true when it wakes: after it was sent anew to another one.
void TestPostgresEngine::aFrozenServerLosesNothing()
{
    const TestDatabase test(kEngine);
    Metrics metrics;
    const auto opened = Store::open({.directory = test.path().toStdString(),
                                     .database = test.url(),
                                     .blockInterval = 20ms,
                                     .answerLimit = 300ms,
                                     .metrics = &metrics});
    QVERIFY(opened);
    const auto& store = *opened;
    const auto sink = store->makeSink(0);
    SteadyCalls steady(*sink);
    for (int round = 0; round < 5; ++round) {
        const pid_t server = serverOfWriter(test);
        QVERIFY(server > 1);
        const auto errors = metrics.value(Metric::StoreErrors);
        {
            const Frozen frozen(server);
            QTRY_VERIFY_WITH_TIMEOUT(metrics.value(Metric::StoreErrors) > errors, 20'000);
        }
        QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    }
    const auto calls = steady.end();
    QVERIFY(store->flush(20s));
    qInfo("%zu calls recorded while the server was frozen five times", calls.size());
    verifyAll(*store, test.location(), calls);
}

/// A service is killed if it takes too long to end, with all that it had yet to do.
void TestPostgresEngine::closingDoesNotWaitForAFrozenServer()
{
    const TestDatabase test(kEngine);
    auto store = luthien::test::openStore(test);
    auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    QVERIFY(store->flush(20s));
    std::vector<pid_t> servers; // of the writer, and of the bus
    for (const char* const order : {"ASC", "DESC"})
        servers.push_back(static_cast<pid_t>(
            test.ask(QStringLiteral("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
                                    "pg_backend_pid() ORDER BY pid %1 LIMIT 1")
                         .arg(QLatin1String(order)))));
    QVERIFY(servers[0] > 1 && servers[0] != servers[1]);
    for (const pid_t server : servers)
        QCOMPARE(::kill(server, SIGSTOP), 0);
    call.wire("while it is frozen");
    sink.reset();
    const auto millis = millisOf([&] { store.reset(); });
    for (const pid_t server : servers)
        QCOMPARE(::kill(server, SIGCONT), 0);
    QVERIFY2(millis < 17'000, std::to_string(millis).c_str());
}

void TestPostgresEngine::readersOfAServerInTroubleGetAnAnswerAtOnce()
{
    const auto server = PostgresServer::make();
    QVERIFY(server);
    const QString name = server->makeDatabase(PostgresServer::Content::Schema);
    const QTemporaryDir directory;
    Metrics metrics;
    auto opened = Store::open({.directory = directory.path().toStdString(),
                               .database = server->url(name),
                               .blockInterval = 20ms,
                               .answerLimit = 700ms,
                               .breaker = {.failures = 2, .pause = {.first = 20ms, .most = 500ms}},
                               .metrics = &metrics});
    QVERIFY(opened);
    const auto store = *std::move(opened);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.wire("before");
    QVERIFY(store->flush(20s));
    const auto reader = store->openReader();
    QVERIFY(reader && (*reader)->call(call.id()));

    QVERIFY(server->stop(PostgresServer::Stop::Immediate));
    call.wire("while it is down");
    QTRY_COMPARE_WITH_TIMEOUT(metrics.value(Metric::StoreBreakerOpens), std::uint64_t{1}, 20'000);
    for (int i = 0; i < 3; ++i) {
        Result<CallRow> read = Error{};
        QVERIFY(millisOf([&] { read = (*reader)->call(call.id()); }) < 100);
        QVERIFY(!read && read.error().code == ErrorCode::Unavailable);
        QVERIFY(!store->openReader());
    }
    QCOMPARE(store->health().state, StoreState::Broken);
    QVERIFY(store->health().isRecording && sink->hasRoom());
    Result<void> saved;
    store->savePolicyBook({}, [&saved](const Result<void>& done) { saved = done; });
    QTRY_VERIFY_WITH_TIMEOUT(!saved && saved.error().code == ErrorCode::Unavailable, 20'000);
    store->notePolicyVersions({{.version = "v1", .policyId = "p", .definition = "{}"}}); // nobody waits for it

    QVERIFY(server->start());
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    call.end();
    QVERIFY(store->flush(20s));
    QVERIFY(metrics.value(Metric::StoreBreakerTrials) >= 1);
    QCOMPARE(metrics.value(Metric::StoreBreakerCloses), metrics.value(Metric::StoreBreakerOpens));
    // The same reader: its old connection is gone, it makes a new one.
    QTRY_VERIFY_WITH_TIMEOUT((*reader)->call(call.id()), 20'000);
    verifyStored(**reader, call);
    QTRY_VERIFY_WITH_TIMEOUT((*reader)->policyVersion("v1"), 20'000);
}

LUTHIEN_TEST(tst_postgres_engine, TestPostgresEngine)
#include "tst_postgres_engine.moc"
