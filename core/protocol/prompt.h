// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"
#include "conversation/usage.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::protocol {

/// One question to a model, in no API's words.
struct Prompt
{
    std::string model;
    std::string system;
    std::string text;
    std::uint32_t maxTokens = 256;
    double temperature = 0;
};

/// How it is asked, without streaming.
struct PromptRequest
{
    std::string path; ///< as a client of that API would ask for it
    std::string body;
    /// "name: value" lines the API needs besides the credential and Content-Type.
    std::string headers;
};

/// Errors: Unsupported for Api::Other.
[[nodiscard]] Result<PromptRequest> promptRequest(conversation::Api api, const Prompt& prompt);

struct PromptReply
{
    std::string text; ///< of all text blocks
    conversation::Usage usage;
};
/// Reads the body of a 200 reply. Errors: InvalidInput if it is none, or is cut off, or says nothing.
[[nodiscard]] Result<PromptReply> promptReply(conversation::Api api, std::string_view body);

} // namespace luthien::protocol
