// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "conversation/api.h"
#include "protocol/http_message.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::proxy {

enum class AfterReply : std::uint8_t { KeepOpen, Close };

/// A reply of our own.
struct LocalReply
{
    unsigned status = 200;
    std::string body;
    CallId call;         ///< nil = none to name
    bool isHead = false; ///< the request was HEAD: headers only
    AfterReply after = AfterReply::KeepOpen;
};

/// The whole reply as wire bytes. Client errors carry "x-should-retry: false": what we refuse once we refuse again.
[[nodiscard]] std::string toWire(const LocalReply& reply);

/// An error in the form the clients of that API read. Source: docs/api.md, errors.
[[nodiscard]] LocalReply errorReply(conversation::Api api, const protocol::HttpError& error, CallId call);

/// The reason phrase of a status; "Error" for ones we never send.
[[nodiscard]] std::string_view reasonPhrase(unsigned status) noexcept;

} // namespace luthien::proxy
