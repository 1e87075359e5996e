// SPDX-License-Identifier: Apache-2.0
#include "runtime/keychain.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QLocalSocket>
#include <qt6keychain/keychain.h>
#include <QTimer>
#include <QUrl>

#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace luthien::runtime {

namespace {
const auto kService = QStringLiteral("luthien");
constexpr int kServiceMillis = 10'000; // it may have to be started first

/// Where a session bus listens.
struct BusSocket
{
    QString name; ///< empty = somewhere else than at a socket of this machine
    QLocalSocket::SocketOptions options = QLocalSocket::NoOptions;
};

/// None = there is no bus, and asking for one may try to start one. Source: D-Bus specification 0.43, server addresses.
std::optional<BusSocket> sessionBus(const Variables& environment)
{
    const auto address = environment.find("DBUS_SESSION_BUS_ADDRESS");
    if (address != environment.end() && !address->second.empty()) {
        const QString first = QString::fromStdString(address->second).section(u';', 0, 0).section(u',', 0, 0);
        const auto value = QUrl::fromPercentEncoding(first.section(u'=', 1).toUtf8());
        if (first.startsWith(u"unix:path="))
            return BusSocket{.name = value};
        if (first.startsWith(u"unix:abstract="))
            return BusSocket{.name = value, .options = QLocalSocket::AbstractNamespaceOption};
        return BusSocket();
    }
    const auto directory = environment.find("XDG_RUNTIME_DIR");
    if (directory == environment.end() || directory->second.empty())
        return std::nullopt;
    const auto path = std::filesystem::path(directory->second) / "bus";
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? std::optional(BusSocket{.name = QString::fromStdString(path)})
                                                  : std::nullopt;
}

/// KWallet is what QtKeychain takes there; it asks in its own way.
bool isKde(const Variables& environment)
{
    const auto desktop = environment.find("XDG_CURRENT_DESKTOP");
    return desktop != environment.end() && desktop->second.find("KDE") != std::string::npos;
}

Error unavailable(const QString& why)
{
    return {.code = ErrorCode::Unavailable, .message = why.toStdString(), .context = "keychain"};
}

/// Sees to it that there is a keychain which can be asked, and then starts one of QtKeychain's jobs.
class Question final : public QObject
{
public:
    Question(QObject* context, const Variables& environment, std::unique_ptr<QKeychain::Job> job, KeychainText done)
        : QObject(context)
        , m_bus(sessionBus(environment))
        , m_isKde(isKde(environment))
        , m_job(job.release())
        , m_done(std::move(done))
    {
        m_job->setParent(this);
        m_job->setAutoDelete(false);
        m_job->setInsecureFallback(false);
        // Later in any case: looking for a keychain may take a moment, and whoever starts shall not wait for it.
        QTimer::singleShot(0, this, [this] { begin(); });
    }

private:
    /// The libraries below wait for a bus that does not answer, up to minutes and in the calling thread; so it has to
    /// say a word first. If it never does, nor do we.
    void begin()
    {
        if (!m_bus) {
            finish(unavailable(QStringLiteral("there is no session bus to find a keychain on")));
            return;
        }
        if (m_bus->name.isEmpty()) {
            findCollection();
            return;
        }
        auto* const socket = new QLocalSocket(this);
        socket->setSocketOptions(m_bus->options);
        connect(socket, &QLocalSocket::connected, this, [socket] {
            const QByteArray user = QByteArray::number(::geteuid()).toHex();
            socket->write(QByteArray(1, '\0') + "AUTH EXTERNAL " + user + "\r\n");
        });
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            socket->disconnect(this);
            socket->deleteLater();
            findCollection();
        });
        connect(socket, &QLocalSocket::errorOccurred, this, [this, socket] {
            socket->disconnect(this);
            finish(unavailable(QStringLiteral("the session bus cannot be reached: ") + socket->errorString()));
        });
        socket->connectToServer(m_bus->name);
    }

    /// Without a default collection a Secret Service asks the user for the password of a new one, above whatever they
    /// are doing. Source: Secret Service API 0.2, ReadAlias gives "/" then.
    void findCollection()
    {
        if (m_isKde) {
            ask();
            return;
        }
        QDBusMessage message = QDBusMessage::createMethodCall(
            QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"),
            QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("ReadAlias"));
        message << QStringLiteral("default");
        auto* const watcher =
            new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message, kServiceMillis), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
            const QDBusPendingReply<QDBusObjectPath> reply = *watcher;
            const bool isSilent = reply.isError() && (reply.error().type() == QDBusError::NoReply ||
                                                      reply.error().type() == QDBusError::Timeout ||
                                                      reply.error().type() == QDBusError::TimedOut);
            if (isSilent)
                finish(unavailable(QStringLiteral("the keychain does not answer")));
            else if (reply.isValid() && reply.value().path() == u"/")
                finish(unavailable(QStringLiteral("has no default keyring, and would ask for the password of a new "
                                                  "one; make one in the desktop's password manager, or set secrets to "
                                                  "file")));
            else // where there is no Secret Service there may be something else
                ask();
        });
    }

    void ask()
    {
        connect(m_job, &QKeychain::Job::finished, this, [this] {
            if (m_job->error() == QKeychain::NoError) {
                const auto* const read = qobject_cast<QKeychain::ReadPasswordJob*>(m_job);
                finish(read == nullptr ? std::string() : read->textData().toStdString());
            } else if (m_job->error() == QKeychain::EntryNotFound) {
                finish(Error{.code = ErrorCode::NotFound,
                             .message = "holds nothing named " + m_job->key().toStdString(),
                             .context = "keychain"});
            } else {
                finish(unavailable(m_job->errorString()));
            }
        });
        m_job->start();
    }

    void finish(Result<std::string> text)
    {
        deleteLater();
        const KeychainText done = std::move(m_done); // whoever is told may end our context
        done(std::move(text));
    }

    const std::optional<BusSocket> m_bus;
    const bool m_isKde;
    QKeychain::Job* const m_job; ///< a child
    KeychainText m_done;
};

void put(QObject* context, const Variables& environment, std::unique_ptr<QKeychain::Job> job, const QString& name,
         KeychainText done)
{
    job->setKey(name);
    new Question(context, environment, std::move(job), std::move(done)); // a child of context, which ends itself
}

KeychainText withoutText(KeychainDone done)
{
    return [done = std::move(done)](const Result<std::string>& text) {
        done(text ? Result<void>() : Result<void>(text.error()));
    };
}
} // namespace

void readKeychain(QObject* context, const Variables& environment, const QString& name, KeychainText done)
{
    put(context, environment, std::make_unique<QKeychain::ReadPasswordJob>(kService), name, std::move(done));
}

void writeKeychain(QObject* context, const Variables& environment, const QString& name, const std::string& text,
                   KeychainDone done)
{
    auto job = std::make_unique<QKeychain::WritePasswordJob>(kService);
    job->setTextData(QString::fromStdString(text));
    put(context, environment, std::move(job), name, withoutText(std::move(done)));
}

void removeFromKeychain(QObject* context, const Variables& environment, const QString& name, KeychainDone done)
{
    put(context, environment, std::make_unique<QKeychain::DeletePasswordJob>(kService), name,
        withoutText(std::move(done)));
}

} // namespace luthien::runtime
