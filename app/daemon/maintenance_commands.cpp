// SPDX-License-Identifier: Apache-2.0
#include "archive/read_texts.h"
#include "daemon/commands.h"
#include "runtime/data_directory.h"
#include "runtime/instance_file.h"
#include "store/store.h"

#include <QTcpSocket>
#include <QUrl>

#include <chrono>

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
} // namespace

CommandResult checkHealth(const CommandContext& context)
{
    const auto instance = runtime::runningInstance(context.paths);
    if (!instance)
        return instance.error();
    // Without a control port the proxy itself is asked: HEAD|GET / is answered by us, not by an upstream.
    const auto status = instance->control ? statusOf(*instance->control, "/readyz") : statusOf(instance->proxy, "/");
    if (!status)
        return status.error();
    if (*status != 200)
        return Error{.code = ErrorCode::Unavailable,
                     .message = "is running but not ready; its log says why",
                     .context = instance->proxy};
    if (auto printed = printOut("ready: " + instance->proxy + '\n'); !printed)
        return printed.error();
    return Done;
}

CommandResult migrate(const CommandContext& context)
{
    const auto lock = runtime::DataDirectoryLock::acquire(context.paths, "luthiend");
    if (!lock)
        return lock.error();
    const auto store = store::Store::open({.directory = context.paths.dataDirectory,
                                           .database = context.paths.databaseUrl,
                                           .evidenceKey = evidenceKeyFor(context),
                                           .readTexts = archive::readTexts});
    if (!store)
        return store.error();
    if (auto printed = printOut("the database is up to date\n"); !printed)
        return printed.error();
    return Done;
}

} // namespace luthien::daemon
