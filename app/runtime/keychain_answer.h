// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <QEventLoop>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>
#include <utility>

namespace luthien::runtime {

/// Waits in an event loop of its own for what the keychain answers, for programs that have nothing else to do.
/// ask(context, done) sends for it; the end of context ends the question. Errors: Timeout, and those of the answer.
template <typename Value, typename Ask>
[[nodiscard]] Result<Value> keychainAnswer(std::chrono::milliseconds wait, Ask ask)
{
    std::optional<Result<Value>> answer;
    QEventLoop loop;
    QObject context;
    ask(&context, [&](Result<Value> given) {
        answer = std::move(given);
        loop.quit();
    });
    QTimer::singleShot(wait, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeUserInputEvents);
    return answer ? *std::move(answer)
                  : Error{.code = ErrorCode::Timeout, .message = "does not answer", .context = "keychain"};
}

} // namespace luthien::runtime
