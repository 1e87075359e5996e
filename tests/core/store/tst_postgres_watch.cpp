// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/instance.h"
#include "store/journal.h"
#include "store/postgres_watch.h"
#include "store/writer_thread.h"
#include "support/postgres_server.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <atomic>
#include <future>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace luthien;
using namespace luthien::store;
using luthien::test::PostgresServer;
using namespace std::chrono_literals;

/// A server that falls silent; what becomes of one that ends is in tst_postgres_engine.
class TestPostgresWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void openingEndsWhereverTheServerFallsSilent();
    void aStoreSaysThatItsServerDoesNotAnswer_data();
    void aStoreSaysThatItsServerDoesNotAnswer();
    void stoppingDoesNotWaitForAConnectionThatIsBeingMade();

private:
    PostgresServer* m_server = nullptr;
};

namespace {
int unixSocket(const QString& directory, int (*use)(int, const sockaddr*, socklen_t))
{
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    const std::string path = directory.toStdString() + "/.s.PGSQL.5432";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (use(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        qCritical("%s: %s", path.c_str(), std::strerror(errno));
    return descriptor;
}

/// Stands between a connection and its server like a pooler. Once the client asks for something, nothing passes any
/// more, and nothing is closed.
class Relay
{
public:
    Relay(const PostgresServer& server, std::string silentFrom)
        : m_silentFrom(std::move(silentFrom))
        , m_listener(unixSocket(m_directory.path(), ::bind))
        , m_server(unixSocket(server.directory(), ::connect))
    {
        ::listen(m_listener, 1);
        m_thread = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }
    ~Relay()
    {
        m_thread.request_stop();
        m_thread.join();
        for (const int descriptor : {m_listener, m_server, m_client})
            ::close(descriptor);
    }
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] std::string url(const QString& database) const
    {
        return QStringLiteral("postgresql://luthien@/%1?host=%2").arg(database, m_directory.path()).toStdString();
    }
    [[nodiscard]] bool isSilent() const { return m_isSilent; }

private:
    void work(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            std::array<pollfd, 2> ready = {
                {{.fd = m_client < 0 ? m_listener : m_client, .events = POLLIN, .revents = 0},
                 {.fd = m_server, .events = POLLIN, .revents = 0}}};
            ::poll(ready.data(), m_isSilent ? 0 : ready.size(), 20);
            if (m_client < 0 && ready[0].revents != 0)
                m_client = ::accept(m_listener, nullptr, nullptr);
            else if (ready[0].revents != 0)
                pass(m_client, m_server);
            if (ready[1].revents != 0)
                pass(m_server, m_client);
        }
    }
    void pass(int from, int to)
    {
        std::array<char, 65536> bytes{};
        const ssize_t count = ::recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count <= 0)
            return;
        const std::string_view message(bytes.data(), static_cast<std::size_t>(count));
        if (from == m_client && message.find(m_silentFrom) != std::string_view::npos)
            m_isSilent = true;
        else
            (void)::send(to, message.data(), message.size(), MSG_NOSIGNAL);
    }

    const std::string m_silentFrom;
    QTemporaryDir m_directory;
    const int m_listener;
    const int m_server;
    int m_client = -1;
    std::atomic<bool> m_isSilent{false};
    std::jthread m_thread;
};
} // namespace

void TestPostgresWatch::initTestCase()
{
    m_server = PostgresServer::shared();
    QVERIFY(m_server);
}

/// All at once: what is waited for is the time that an answer may take.
void TestPostgresWatch::openingEndsWhereverTheServerFallsSilent()
{
    const QString name = m_server->makeDatabase(PostgresServer::Content::Schema);
    struct Point
    {
        const char* silentFrom;
        const char* message;
    };
    constexpr std::array kPoints = {
        Point{"application_name", "timeout expired"},    // it lets nobody in
        Point{"version()", "does not answer"},           // Qt's driver has questions of its own
        Point{"client_min_messages", "does not answer"}, // the connection is set up
        Point{"default_transaction_read_only", "does not answer"},
        Point{"schema_migration", "does not answer"}, // the schema is looked at
        Point{"FROM instance", "does not answer"},    // and the instance looked for
    };
    std::vector<std::future<std::string>> errors;
    for (const Point& point : kPoints) {
        errors.push_back(std::async(std::launch::async, [this, &name, point] {
            const QTemporaryDir directory;
            const Relay relay(*m_server, point.silentFrom);
            const auto opened = openToRead({directory.path().toStdString(), relay.url(name)});
            return opened ? std::string("it opened") : opened.error().toString();
        }));
    }
    const auto end = std::chrono::steady_clock::now() + 40s;
    for (std::size_t i = 0; i < kPoints.size(); ++i) {
        if (errors[i].wait_until(end) != std::future_status::ready)
            qFatal("still waiting at %s", kPoints[i].silentFrom); // the future would wait on
        const std::string error = errors[i].get();
        QVERIFY2(error.find(kPoints[i].message) != std::string::npos, error.c_str());
    }
    m_server->dropDatabase(name);
}

void TestPostgresWatch::aStoreSaysThatItsServerDoesNotAnswer_data()
{
    QTest::addColumn<QString>("silentFrom");
    QTest::newRow("while others that migrate are waited for") << "luthien schema";
    QTest::newRow("while the schema is looked at") << "FROM schema_migration";
    QTest::newRow("while it joins") << "INSERT INTO instance";
    QTest::newRow("while another of this instance is waited for") << "luthien instance";
    QTest::newRow("while the chain of evidence is looked at") << "evidence_filled";
    QTest::newRow("while the journals' places are read") << "FROM journal_position";
}

void TestPostgresWatch::aStoreSaysThatItsServerDoesNotAnswer()
{
    QFETCH(const QString, silentFrom);
    const QString name = m_server->makeDatabase(PostgresServer::Content::Schema);
    const QTemporaryDir directory;
    const Relay relay(*m_server, silentFrom.toStdString());
    const auto opened =
        Store::open({.directory = directory.path().toStdString(), .database = relay.url(name), .answerLimit = 1s});
    QVERIFY(relay.isSilent());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Timeout);
    QVERIFY2(opened.error().message.find("does not answer") != std::string::npos, opened.error().message.c_str());
    m_server->dropDatabase(name);
}

void TestPostgresWatch::stoppingDoesNotWaitForAConnectionThatIsBeingMade()
{
    const QString name = m_server->makeDatabase(PostgresServer::Content::Schema);
    const QTemporaryDir directory;
    QVERIFY(QDir(directory.path()).mkdir(QStringLiteral("journal")));
    const Relay relay(*m_server, "luthien instance");
    const auto budget = std::make_shared<JournalBudget>(1 << 20);
    const StoreConfig config{
        .directory = directory.path().toStdString(), .database = relay.url(name), .answerLimit = 120s};
    auto journals = JournalSet::open(config.directory / "journal", config.segmentBytes, budget, {});
    WriterThread writer(config, budget, *std::move(journals));
    writer.start();
    QTRY_VERIFY_WITH_TIMEOUT(relay.isSilent(), 20'000);
    const auto start = std::chrono::steady_clock::now();
    writer.stop();
    const auto took = std::chrono::steady_clock::now() - start;
    QVERIFY2(took < kLastAnswer + 10s, qPrintable(QString::number(took / 1ms)));
    m_server->dropDatabase(name);
}

LUTHIEN_TEST(tst_postgres_watch, TestPostgresWatch)
#include "tst_postgres_watch.moc"
