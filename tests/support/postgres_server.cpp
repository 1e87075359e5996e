// SPDX-License-Identifier: Apache-2.0
#include "support/postgres_server.h"

#include "base/ids.h"
#include "store/database.h"
#include "store/migrator.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <unistd.h>

namespace luthien::test {

namespace {
constexpr int kCommandMillis = 60'000;

/// The newest one Debian or Ubuntu installed.
QString programFolder()
{
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    const QStringList found = versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    return found.isEmpty() ? QString() : versions.filePath(found.last() + QStringLiteral("/bin/"));
}

/// The server refuses to run as root.
bool run(const QString& program, const QStringList& arguments)
{
    QStringList words = QStringList{programFolder() + program} + arguments;
    if (::geteuid() == 0)
        words = QStringList{QStringLiteral("setpriv"), QStringLiteral("--reuid=postgres"),
                            QStringLiteral("--regid=postgres"), QStringLiteral("--clear-groups")} +
                words;
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setWorkingDirectory(QStringLiteral("/tmp"));
    process.setStandardOutputFile(QProcess::nullDevice()); // the server inherits it: a pipe would never end
    process.start(words.takeFirst(), words);
    const bool done = process.waitForFinished(kCommandMillis) && process.exitStatus() == QProcess::NormalExit &&
                      process.exitCode() == 0;
    if (!done)
        qCritical("%s %s failed; is postgresql installed?", qPrintable(program), qPrintable(arguments.join(u' ')));
    return done;
}
} // namespace

PostgresServer::PostgresServer(QString directory, Ownership ownership)
    : m_directory(std::move(directory))
    , m_isOurs(ownership == Ownership::Ours)
{
}

std::unique_ptr<PostgresServer> PostgresServer::make()
{
    QTemporaryDir directory(QStringLiteral("/tmp/luthien-postgres-XXXXXX")); // short: it holds a socket
    directory.setAutoRemove(false);
    if (::geteuid() == 0)
        QProcess::execute(QStringLiteral("chown"), {QStringLiteral("postgres:"), directory.path()});
    auto server = std::make_unique<PostgresServer>(directory.path(), Ownership::Ours);
    const bool made =
        run(QStringLiteral("initdb"),
            {QStringLiteral("-D"), directory.path() + QStringLiteral("/data"), QStringLiteral("-A"),
             QStringLiteral("trust"), QStringLiteral("-U"), QStringLiteral("luthien"), QStringLiteral("-E"),
             QStringLiteral("UTF8"), QStringLiteral("--locale=C.UTF-8"), QStringLiteral("--no-sync")});
    return made && server->start() && server->makeTemplate() ? std::move(server) : nullptr;
}

PostgresServer* PostgresServer::shared()
{
    static const std::unique_ptr<PostgresServer> server = [] {
        QFile file(qEnvironmentVariable("LUTHIEN_TEST_POSTGRES"));
        if (file.fileName().isEmpty() || !file.open(QIODevice::ReadOnly))
            return make();
        auto running = std::make_unique<PostgresServer>(QString::fromUtf8(file.readAll()), Ownership::Theirs);
        return running->runSql(QStringLiteral("SELECT 1")) ? std::move(running) : make();
    }();
    return server.get();
}

PostgresServer::~PostgresServer()
{
    if (!m_isOurs)
        return;
    if (QFile::exists(m_directory + QStringLiteral("/data/postmaster.pid")))
        static_cast<void>(stop(Stop::Immediate));
    QDir(m_directory).removeRecursively();
}

bool PostgresServer::start()
{
    return run(QStringLiteral("pg_ctl"),
               {QStringLiteral("start"), QStringLiteral("-w"), QStringLiteral("-D"),
                m_directory + QStringLiteral("/data"), QStringLiteral("-l"), m_directory + QStringLiteral("/log"),
                QStringLiteral("-o"), QStringLiteral("-k %1 -c listen_addresses=''").arg(m_directory)});
}

bool PostgresServer::stop(Stop how)
{
    return run(QStringLiteral("pg_ctl"), {QStringLiteral("stop"), QStringLiteral("-w"), QStringLiteral("-D"),
                                          m_directory + QStringLiteral("/data"), QStringLiteral("-m"),
                                          how == Stop::Fast ? QStringLiteral("fast") : QStringLiteral("immediate")});
}

std::string PostgresServer::url(const QString& database) const
{
    return QStringLiteral("postgresql://luthien@/%1?host=%2").arg(database, m_directory).toStdString();
}

bool PostgresServer::runSql(const QString& sql)
{
    const auto database = store::Database::open({{}, url(QStringLiteral("postgres"))}, store::Access::ReadWrite);
    const auto done = database ? (*database)->run(sql) : Result<void>(database.error());
    if (!done)
        qCritical("%s", done.error().toString().c_str());
    return done.hasValue();
}

/// Copying a schema is ten times as fast as making it.
bool PostgresServer::makeTemplate()
{
    if (!runSql(QStringLiteral("CREATE DATABASE luthien_template")))
        return false;
    const auto database =
        store::Database::open({{}, url(QStringLiteral("luthien_template"))}, store::Access::ReadWrite);
    return database && store::migrate(**database, store::builtInMigrations(**database));
}

QString PostgresServer::makeDatabase(Content content)
{
    const QString name = QString::fromStdString(CallId::make(SystemClock().now()).toString());
    const QString original =
        content == Content::Schema ? QStringLiteral("luthien_template") : QStringLiteral("template1");
    return runSql(QStringLiteral("CREATE DATABASE \"%1\" TEMPLATE %2").arg(name, original)) ? name : QString();
}

void PostgresServer::dropDatabase(const QString& name)
{
    static_cast<void>(runSql(QStringLiteral("DROP DATABASE \"%1\" WITH (FORCE)").arg(name)));
}

} // namespace luthien::test
