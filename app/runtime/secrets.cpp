// SPDX-License-Identifier: Apache-2.0
#include "runtime/secrets.h"

#include "base/private_file.h"
#include "runtime/keychain.h"
#include "runtime/keychain_answer.h"

#include <QTimer>

#include <openssl/rand.h>

#include <utility>

namespace luthien::runtime {

namespace {
const auto kName = QStringLiteral("evidence-key");

Result<std::string> newKey()
{
    Digest bytes{};
    if (RAND_priv_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return Error{.code = ErrorCode::Internal, .message = "the system has no randomness for a key"};
    return toHex(bytes);
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

/// And reads again, for another instance may have been faster.
void makeInKeychain(QObject* context, const Variables& environment, const KeyDone& done)
{
    const auto key = newKey();
    if (!key) {
        done(key.error());
        return;
    }
    writeKeychain(context, environment, kName, *key, [context, environment, done](const Result<void>& written) {
        if (written)
            askKeychain(context, environment, IfMissing::Leave, done);
        else
            done(written.error());
    });
}
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
    readKeychain(context, environment, kName,
                 [context, environment, ifMissing, done = std::move(done)](const Result<std::string>& text) {
                     if (text)
                         done(store::EvidenceKey::parse(*text));
                     else if (text.error().code == ErrorCode::NotFound && ifMissing == IfMissing::Make)
                         makeInKeychain(context, environment, done);
                     else
                         done(text.error());
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
    return keychainAnswer<store::EvidenceKey>(wait, [&environment](QObject* context, KeyDone done) {
        askKeychain(context, environment, IfMissing::Leave, std::move(done));
    });
}

} // namespace luthien::runtime
