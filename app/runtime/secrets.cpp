// SPDX-License-Identifier: Apache-2.0
#include "runtime/secrets.h"

#include "runtime/private_file.h"

#include <QEventLoop>
#include <QLocalSocket>
#include <qt6keychain/keychain.h>
#include <QTimer>
#include <QUrl>

#include <openssl/rand.h>

#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace luthien::runtime {

namespace {
const auto kService = QStringLiteral("luthien");
const auto kName = QStringLiteral("evidence-key");

Result<std::string> newKey()
{
    Digest bytes{};
    if (RAND_priv_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return Error{.code = ErrorCode::Internal, .message = "the system has no randomness for a key"};
    return toHex(bytes);
}

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

/// Several instances may start at once; all of them read what the first one wrote.
Result<std::string> makeKeyFile(const std::filesystem::path& file)
{
    if (auto made = makePrivateDirectory(file.parent_path()); !made)
        return made.error();
    const auto lock = lockDirectory(file.parent_path());
    if (!lock)
        return lock.error();
    if (auto text = readPrivateFile(file); text || text.error().code != ErrorCode::NotFound)
        return text;
    auto key = newKey();
    if (auto written = key ? writePrivateFile(file, *key) : Result<void>(key.error()); !written)
        return written.error();
    return key;
}

Error unavailable(const QString& why)
{
    return {.code = ErrorCode::Unavailable, .message = why.toStdString(), .context = "keychain"};
}

/// Reads the key; makes one where there is none, and reads again, for another instance may have been faster.
class KeychainRequest final : public QObject
{
public:
    KeychainRequest(QObject* context, IfMissing ifMissing, KeyDone done)
        : QObject(context)
        , m_ifMissing(ifMissing)
        , m_done(std::move(done))
    {
    }

    /// The libraries below wait for a bus that does not answer, up to minutes and in the calling thread; so it has to
    /// say a word first. If it never does, nor do we.
    void begin(const BusSocket& bus)
    {
        if (bus.name.isEmpty()) {
            read();
            return;
        }
        auto* const socket = new QLocalSocket(this);
        socket->setSocketOptions(bus.options);
        connect(socket, &QLocalSocket::connected, this, [socket] {
            const QByteArray user = QByteArray::number(::geteuid()).toHex();
            socket->write(QByteArray(1, '\0') + "AUTH EXTERNAL " + user + "\r\n");
        });
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            socket->disconnect(this);
            socket->deleteLater();
            read();
        });
        connect(socket, &QLocalSocket::errorOccurred, this, [this, socket] {
            socket->disconnect(this);
            finish(unavailable(QStringLiteral("the session bus cannot be reached: ") + socket->errorString()));
        });
        socket->connectToServer(bus.name);
    }

    void read()
    {
        auto* const job = new QKeychain::ReadPasswordJob(kService, this);
        job->setInsecureFallback(false);
        job->setKey(kName);
        connect(job, &QKeychain::Job::finished, this, [this, job] { hasRead(*job); });
        job->start();
    }

    void finish(Result<store::EvidenceKey> key)
    {
        m_done(std::move(key));
        deleteLater();
    }

private:
    void hasRead(const QKeychain::ReadPasswordJob& job)
    {
        if (job.error() == QKeychain::NoError) {
            finish(store::EvidenceKey::parse(job.textData().toStdString()));
            return;
        }
        if (job.error() != QKeychain::EntryNotFound) {
            finish(unavailable(job.errorString()));
            return;
        }
        if (std::exchange(m_ifMissing, IfMissing::Leave) == IfMissing::Make)
            make();
        else
            finish(Error{.code = ErrorCode::NotFound,
                         .message = "holds no key of the chain of evidence",
                         .context = "keychain"});
    }

    void make()
    {
        const auto key = newKey();
        if (!key) {
            finish(key.error());
            return;
        }
        auto* const job = new QKeychain::WritePasswordJob(kService, this);
        job->setInsecureFallback(false);
        job->setKey(kName);
        job->setTextData(QString::fromStdString(*key));
        connect(job, &QKeychain::Job::finished, this, [this, job] {
            if (job->error() == QKeychain::NoError)
                read();
            else
                finish(unavailable(job->errorString()));
        });
        job->start();
    }

    IfMissing m_ifMissing;
    KeyDone m_done;
};
} // namespace

std::string_view secretPlaceName(SecretPlace place) noexcept
{
    switch (place) {
    case SecretPlace::Keychain:
        return "keychain";
    case SecretPlace::File:
        return "file";
    case SecretPlace::Off:
        break;
    }
    return "off";
}

std::filesystem::path evidenceKeyFile(const Variables& environment)
{
    const std::filesystem::path config = defaultConfigFile(environment);
    return config.empty() ? config : config.parent_path() / "evidence-key";
}

Result<store::EvidenceKey> keyFromFile(const std::filesystem::path& file, IfMissing ifMissing)
{
    if (file.empty())
        return Error{.code = ErrorCode::NotFound,
                     .message = "there is no home directory to keep a key in; set secrets to off"};
    auto text = readPrivateFile(file);
    if (!text && text.error().code == ErrorCode::NotFound && ifMissing == IfMissing::Make)
        text = makeKeyFile(file);
    if (!text)
        return text.error();
    auto key = store::EvidenceKey::parse(*text);
    return key ? key : Error{.code = key.error().code, .message = key.error().message, .context = file.string()};
}

void askKeychain(QObject* context, const Variables& environment, IfMissing ifMissing, KeyDone done)
{
    auto* const request = new KeychainRequest(context, ifMissing, std::move(done));
    // Later in any case: looking for a keychain may take a moment, and whoever starts shall not wait for it.
    QTimer::singleShot(0, request, [request, bus = sessionBus(environment)] {
        if (bus)
            request->begin(*bus);
        else
            request->finish(unavailable(QStringLiteral("there is no session bus to find a keychain on")));
    });
}

void followKeychain(QObject* context, const Variables& environment, Backoff pauses, KeyDone told)
{
    askKeychain(context, environment, IfMissing::Make,
                [context, environment, pauses, told = std::move(told)](Result<store::EvidenceKey> key) mutable {
                    if (!key && key.error().code == ErrorCode::Unavailable)
                        QTimer::singleShot(pauses.next(), context, [context, environment, pauses, told] {
                            followKeychain(context, environment, pauses, told);
                        });
                    told(std::move(key));
                });
}

Result<store::EvidenceKey> findKey(SecretPlace place, const Variables& environment, std::chrono::milliseconds wait)
{
    if (place == SecretPlace::Off)
        return Error{.code = ErrorCode::NotFound, .message = "secrets are off"};
    if (place == SecretPlace::File)
        return keyFromFile(evidenceKeyFile(environment), IfMissing::Leave);
    Result<store::EvidenceKey> key(
        Error{.code = ErrorCode::Timeout, .message = "does not answer", .context = "keychain"});
    QEventLoop loop;
    QObject request;
    askKeychain(&request, environment, IfMissing::Leave, [&](Result<store::EvidenceKey> found) {
        key = std::move(found);
        loop.quit();
    });
    QTimer::singleShot(wait, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeUserInputEvents);
    return key;
}

} // namespace luthien::runtime
