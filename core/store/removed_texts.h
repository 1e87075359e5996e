// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/result.h"

namespace luthien::store {

inline constexpr const char* kTextsRemoved =
    "the texts of this call are past the time for which they are kept (retention.bodies)";

/// What a reader says of the events, requests and replies of a call that has none any more, see
/// CallRow::areTextsRemoved: not the same as a call that never had any.
[[nodiscard]] inline Error textsRemoved(const CallId& call)
{
    return {ErrorCode::Unavailable, kTextsRemoved, call.toString()};
}

[[nodiscard]] inline bool isTextsRemoved(const Error& error)
{
    return error.code == ErrorCode::Unavailable && error.message == kTextsRemoved;
}

} // namespace luthien::store
