// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/paths.h"

#include <QObject>
#include <QString>

#include <functional>
#include <string>

/// The keychain of the user's session: Secret Service or KWallet. Each question is answered once, later; never if
/// context is destroyed first. An existing keychain may ask the user to unlock it, so that this can take as long as
/// people do; one that would have to be made first is not used, for it asks for a new password out of the blue. Errors:
/// Unavailable if there is no keychain, it is locked, or refuses. Thread: the context's, which has an event loop.
namespace luthien::runtime {

using KeychainText = std::function<void(Result<std::string>)>;
using KeychainDone = std::function<void(Result<void>)>;

/// Errors: NotFound, too.
void readKeychain(QObject* context, const Variables& environment, const QString& name, KeychainText done);
void writeKeychain(QObject* context, const Variables& environment, const QString& name, const std::string& text,
                   KeychainDone done);
/// What is not there is gone already.
void removeFromKeychain(QObject* context, const Variables& environment, const QString& name, KeychainDone done);

} // namespace luthien::runtime
