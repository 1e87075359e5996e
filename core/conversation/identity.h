// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace luthien::conversation {

/// Who makes a call, as far as the request tells. All of it is an untrusted label, never an authorisation.
/// Ids obey isSafeLabel(); an empty string means unknown.
struct Identity
{
    std::string session;     ///< the trace a person sees as one conversation; never empty
    std::string agent;       ///< the sub-agent or thread within it
    std::string parentAgent; ///< who started that agent
    std::string client;      ///< "claude-code", "codex", "opencode", "gemini-cli", "openai-node", ...
    std::string clientVersion;
    std::string user;
    std::string traceId;         ///< 32 hex of a W3C traceparent
    bool sessionDerived = false; ///< the client named no session; ours is a hash of who and what

    bool operator==(const Identity&) const = default;
};

} // namespace luthien::conversation
