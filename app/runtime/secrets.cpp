// SPDX-License-Identifier: Apache-2.0
#include "runtime/secrets.h"

#include "runtime/private_file.h"

#include <qt6keychain/keychain.h>
#include <QTimer>

#include <openssl/rand.h>

#include <memory>
#include <system_error>
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

/// Without this, asking for the session bus may try to start one.
bool hasSessionBus(const Variables& environment)
{
    const auto address = environment.find("DBUS_SESSION_BUS_ADDRESS");
    if (address != environment.end() && !address->second.empty())
        return true;
    const auto directory = environment.find("XDG_RUNTIME_DIR");
    std::error_code ignored;
    return directory != environment.end() && !directory->second.empty() &&
           std::filesystem::exists(std::filesystem::path(directory->second) / "bus", ignored);
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
    if (!text && text.error().code == ErrorCode::NotFound && ifMissing == IfMissing::Make) {
        text = newKey();
        if (auto made = makePrivateDirectory(file.parent_path()); !made)
            return made.error();
        if (auto written = text ? writePrivateFile(file, *text) : Result<void>(text.error()); !written)
            return written.error();
    }
    if (!text)
        return text.error();
    auto key = store::EvidenceKey::parse(*text);
    return key ? key : Error{.code = key.error().code, .message = key.error().message, .context = file.string()};
}

void askKeychain(QObject* context, const Variables& environment, IfMissing ifMissing, KeyDone done)
{
    auto* const request = new KeychainRequest(context, ifMissing, std::move(done));
    const bool canAsk = hasSessionBus(environment);
    // Later in any case: looking for a keychain may take a moment, and whoever starts shall not wait for it.
    QTimer::singleShot(0, request, [request, canAsk] {
        if (canAsk)
            request->read();
        else
            request->finish(unavailable(QStringLiteral("there is no session bus to find a keychain on")));
    });
}

} // namespace luthien::runtime
