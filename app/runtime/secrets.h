// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/backoff.h"
#include "base/result.h"
#include "runtime/paths.h"
#include "store/evidence_key.h"

#include <QObject>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

/// The secrets of the program itself: the key that signs the chain of evidence. Never in the data directory, the
/// database, a log or an export.
namespace luthien::runtime {

/// Where secrets are kept.
enum class SecretPlace : std::uint8_t {
    Keychain, ///< of the user's session: Secret Service or KWallet; there is none, and there are no secrets
    File,     ///< one of mode 0600 beside the configuration, for machines without a keychain
    Off,
};
[[nodiscard]] std::string_view secretPlaceName(SecretPlace place) noexcept;

enum class IfMissing : std::uint8_t { Make, Leave };

/// $XDG_CONFIG_HOME/luthien/evidence-key; empty if there is no home.
[[nodiscard]] std::filesystem::path evidenceKeyFile(const Variables& environment);
/// The key in the file. Errors: NotFound, those of readPrivateFile, InvalidInput if it holds something else.
[[nodiscard]] Result<store::EvidenceKey> keyFromFile(const std::filesystem::path& file, IfMissing ifMissing);

using KeyDone = std::function<void(Result<store::EvidenceKey>)>;
/// Asks the keychain and calls done once, later; never if context is destroyed first. The keychain may ask the user,
/// so that this can take as long as people do. Errors: NotFound if there is no such key, Unavailable if there is no
/// keychain, it is locked or refuses. Thread: the context's, which has an event loop.
void askKeychain(QObject* context, const Variables& environment, IfMissing ifMissing, KeyDone done);
/// The same, making one if there is none; while the keychain is Unavailable it asks again, after pauses. told hears of
/// each answer.
void followKeychain(QObject* context, const Variables& environment, Backoff pauses, KeyDone told);
/// The key, wherever it is kept, for programs that have nothing else to do: waits for a keychain in an event loop of
/// its own. None is made. Errors: NotFound if secrets are off, too; Timeout; those of keyFromFile and askKeychain.
[[nodiscard]] Result<store::EvidenceKey> findKey(SecretPlace place, const Variables& environment,
                                                 std::chrono::milliseconds wait);

} // namespace luthien::runtime
