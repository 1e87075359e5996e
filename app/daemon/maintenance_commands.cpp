// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands.h"
#include "runtime/data_directory.h"
#include "runtime/instance_client.h"
#include "runtime/instance_file.h"
#include "store/store.h"

#include <QTcpSocket>
#include <QUrl>

#include <boost/json.hpp>

#include <chrono>
#include <utility>

namespace luthien::daemon {

namespace {
constexpr int kAnswerMillis = 5'000;

/// The status line's number of a GET. Blocks; there is nothing else to do.
Result<int> statusOf(const std::string& address, const std::string& path)
{
    const QUrl url(QString::fromStdString(address));
    const Error silent{.code = ErrorCode::Unavailable, .message = "does not answer", .context = address};
    QTcpSocket socket;
    socket.connectToHost(url.host(), static_cast<quint16>(url.port()));
    if (!socket.waitForConnected(kAnswerMillis))
        return silent;
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: " + url.authority().toStdString() + "\r\nConnection: close\r\n\r\n";
    socket.write(request.data(), static_cast<qint64>(request.size()));
    while (!socket.canReadLine()) {
        if (!socket.waitForReadyRead(kAnswerMillis))
            return silent;
    }
    const QList<QByteArray> words = socket.readLine(1024).split(' ');
    return words.size() < 2 ? Result<int>(silent) : words.at(1).toInt();
}

/// What /readyz says.
struct Readiness
{
    std::string status;
    std::string detail;
};

Readiness readinessOf(const std::string& body)
{
    boost::system::error_code failed;
    const boost::json::value value = boost::json::parse(body, failed);
    Readiness readiness;
    const auto* const object = failed ? nullptr : value.if_object();
    for (const auto& [name, text] : {std::pair("status", &readiness.status), std::pair("detail", &readiness.detail)}) {
        const auto* const member = object == nullptr ? nullptr : object->if_contains(name);
        if (member != nullptr && member->is_string())
            *text = member->as_string().c_str();
    }
    return readiness;
}
/// Whoever records with an older program must not find tables that it does not know. SQLite's file is in the data
/// directory, whose lock is held until the end; a server is none of that directory's, so that what its instance records
/// elsewhere is in nobody's way. Null = nothing had to be locked. Errors: Conflict.
Result<std::unique_ptr<runtime::DataDirectoryLock>> keepOthersOut(const runtime::Paths& paths)
{
    if (paths.database().isSqlite())
        return runtime::DataDirectoryLock::acquire(paths, "luthiend");
    const auto instance = runtime::runningInstance(paths);
    if (instance && (instance->database.empty() || instance->database == paths.databaseUrl))
        return Error{.code = ErrorCode::Conflict,
                     .message = "the running instance records in this database; stop it first",
                     .context = describe(paths.database())};
    return std::unique_ptr<runtime::DataDirectoryLock>();
}
} // namespace

CommandResult checkHealth(const CommandContext& context)
{
    const auto instance = runtime::runningInstance(context.paths);
    if (!instance)
        return instance.error();
    const auto answer =
        runtime::askInstance(context.paths, "GET", "/readyz", {}, std::chrono::milliseconds(kAnswerMillis));
    // Where the path of the data directory is too long for a socket, the proxy itself says at least that it is there:
    // HEAD|GET / is answered by us, not by an upstream.
    const auto status = answer ? Result<int>(static_cast<int>(answer->status)) : statusOf(instance->proxy, "/");
    if (!status)
        return status.error();
    const Readiness readiness = answer ? readinessOf(answer->body) : Readiness();
    if (*status != 200)
        return Error{.code = ErrorCode::Unavailable,
                     .message = "is running but not ready: " +
                                (readiness.detail.empty() ? std::string("its log says why") : readiness.detail),
                     .context = instance->proxy};
    const bool isDegraded = readiness.status == "degraded";
    auto printed = printOut(isDegraded ? "degraded: " + instance->proxy + ": " + readiness.detail + '\n'
                                       : "ready: " + instance->proxy + '\n');
    return printed ? CommandResult(isDegraded ? Degraded : Done) : printed.error();
}

CommandResult migrate(const CommandContext& context)
{
    const auto alone = keepOthersOut(context.paths);
    if (!alone)
        return alone.error();
    if (auto done = store::Store::bringUpToDate(
            {.directory = context.paths.dataDirectory, .database = context.paths.databaseUrl});
        !done)
        return done.error();
    if (auto printed = printOut("the database is up to date\n"); !printed)
        return printed.error();
    return Done;
}

} // namespace luthien::daemon
