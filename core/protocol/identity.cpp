// SPDX-License-Identifier: Apache-2.0
#include "protocol/identity.h"

#include "base/ids.h"
#include "base/sha256.h"
#include "protocol/client_name.h"
#include "protocol/json_read.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace luthien::protocol {

using namespace conversation;

namespace {
// Best known first; x-<vendor>-session-id and baggage come after them.
constexpr std::array<std::string_view, 14> kSessionFields = {
    "x-claude-code-session-id", "session-id",          "session_id",         "x-session-id",
    "x-session-affinity",       "x-opencode-session",  "x-codex-session-id", "conversation_id",
    "x-claude-session-id",      "x-openai-session-id", "x-agent-session-id", "helicone-session-id",
    "x-litellm-session-id",     "x-task-id", // Cline
};
constexpr std::array<std::string_view, 4> kCredentialFields = {"authorization", "x-api-key", "api-key",
                                                               "x-goog-api-key"};

std::string_view firstValue(const Fields& headers, std::span<const std::string_view> names)
{
    for (const std::string_view name : names) {
        if (const std::string_view value = headers.value(name); !value.empty())
            return value;
    }
    return {};
}

/// The first 32 hex digits of a hash over the parts, each with its length, so that no two lists of parts read alike.
std::string hashOf(std::initializer_list<std::string_view> parts)
{
    Sha256 hash;
    for (const std::string_view part : parts) {
        hash.add(std::to_string(part.size()));
        hash.add(":");
        hash.add(part);
    }
    return toHex(hash.finish()).substr(0, 32);
}

/// Labels from outside, made safe to keep: what is not safe is hashed, with the caller's credential, so that two
/// callers' odd labels never meet.
class Labels
{
public:
    explicit Labels(const Fields& headers)
        : m_caller(hashOf({"caller", firstValue(headers, kCredentialFields)}))
    {
    }
    [[nodiscard]] std::string safe(std::string_view label) const
    {
        if (label.empty() || isSafeLabel(label))
            return std::string(label);
        return "derived:" + hashOf({"label", m_caller, label});
    }
    [[nodiscard]] std::string derived(Api api, const RequestView& request) const
    {
        return "derived:" + hashOf({"session", m_caller, apiName(api), request.systemPrefix, request.firstUserText});
    }

private:
    std::string m_caller;
};

/// Any x-<vendor>-session-id.
std::string_view vendorSession(const Fields& headers)
{
    constexpr std::string_view kPrefix = "x-";
    constexpr std::string_view kSuffix = "-session-id";
    // Sub-agents name their parent's session beside their own.
    constexpr std::string_view kParent = "x-parent-session-id";
    for (const Field& field : headers.all()) {
        const std::string_view name = field.name;
        if (name.size() > kPrefix.size() + kSuffix.size() &&
            equalsIgnoringCase(name.substr(0, kPrefix.size()), kPrefix) &&
            equalsIgnoringCase(name.substr(name.size() - kSuffix.size()), kSuffix) &&
            !equalsIgnoringCase(name, kParent) && !field.value.empty())
            return field.value;
    }
    return {};
}

/// session.id of a W3C baggage list: "a=1,session.id=abc;prop".
std::string_view baggageSession(std::string_view baggage)
{
    constexpr std::string_view kName = "session.id=";
    for (std::size_t at = 0; at < baggage.size();) {
        const std::size_t end = std::min(baggage.find(',', at), baggage.size());
        std::string_view entry = baggage.substr(at, end - at);
        entry.remove_prefix(std::min(entry.find_first_not_of(" \t"), entry.size()));
        if (entry.starts_with(kName)) {
            entry.remove_prefix(kName.size());
            return entry.substr(0, std::min(entry.find_first_of("; \t"), entry.size()));
        }
        at = end + 1;
    }
    return {};
}

/// What Claude Code packs into metadata.user_id.
struct ClaudeUser
{
    std::string user;
    std::string session;
};

ClaudeUser readClaudeUser(const std::string& userId)
{
    if (userId.starts_with('{')) { // since 2.1: {"device_id","account_uuid","session_id"}
        ClaudeUser user;
        std::string account;
        JsonReader reader;
        if (const auto object = reader.object(userId)) {
            forEachMember(*object, [&](std::string_view key, auto& value) {
                if (key == "session_id")
                    user.session = textOf(value);
                else if (key == "account_uuid")
                    account = textOf(value);
                else if (key == "device_id")
                    user.user = textOf(value);
            });
        }
        if (!account.empty())
            user.user = account;
        return user;
    }
    // before: user_<hash>_account_<uuid or nothing>_session_<uuid>
    constexpr std::string_view kSession = "_session_";
    const std::size_t at = userId.rfind(kSession);
    if (!userId.starts_with("user_") || at == std::string::npos)
        return {userId, {}};
    return {userId.substr(0, at), userId.substr(at + kSession.size())};
}

/// The trace id of "00-<32 hex>-<16 hex>-<flags>". Source: W3C Trace Context.
std::string traceIdOf(std::string_view traceparent)
{
    constexpr std::size_t kFrom = 3;
    constexpr std::size_t kSize = 32;
    if (traceparent.size() < 55 || traceparent[2] != '-' || traceparent[kFrom + kSize] != '-')
        return {};
    const std::string_view id = traceparent.substr(kFrom, kSize);
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (!std::ranges::all_of(id, isHex) || id.find_first_not_of('0') == std::string_view::npos)
        return {};
    return std::string(id);
}

std::string_view sessionIn(const Fields& headers, const RequestView& request, const ClaudeUser& claude)
{
    constexpr std::array<std::string_view, 2> kTraceFields = {"x-litellm-trace-id", "x-portkey-trace-id"};
    for (const std::string_view candidate :
         {firstValue(headers, kSessionFields), vendorSession(headers), baggageSession(headers.value("baggage")),
          std::string_view(claude.session), std::string_view(request.sessionHint),
          std::string_view(request.promptCacheKey), firstValue(headers, kTraceFields)}) {
        if (!candidate.empty())
            return candidate;
    }
    return {};
}

/// Who within the session calls: Claude Code's agents, Codex's threads, OpenCode's child sessions.
void findAgent(const Fields& headers, const Labels& labels, Identity& identity)
{
    identity.agent = labels.safe(headers.value("x-claude-code-agent-id"));
    identity.parentAgent = labels.safe(headers.value("x-claude-code-parent-agent-id"));
    if (identity.agent.empty()) {
        const std::string thread = labels.safe(headers.value("thread-id"));
        if (thread != identity.session) // the main thread has the session's id
            identity.agent = thread;
    }
    if (identity.agent.empty())
        identity.agent = labels.safe(headers.value("x-openai-subagent"));
    if (identity.parentAgent.empty()) {
        const std::string parent = labels.safe(headers.value("x-codex-parent-thread-id"));
        if (parent != identity.session)
            identity.parentAgent = parent;
    }
    const std::string_view parentSession = headers.value("x-parent-session-id");
    if (identity.agent.empty() && !parentSession.empty()) {
        identity.agent = identity.session;
        identity.session = labels.safe(parentSession);
    }
}

} // namespace

Identity identify(Api api, const Fields& headers, const RequestView& request)
{
    const Labels labels(headers);
    const ClaudeUser claude =
        api == Api::AnthropicMessages ? readClaudeUser(request.userId) : ClaudeUser{request.userId, {}};
    Identity identity;
    identity.traceId = traceIdOf(headers.value("traceparent"));
    identity.session = labels.safe(sessionIn(headers, request, claude));
    if (identity.session.empty())
        identity.session = identity.traceId;
    if (identity.session.empty()) {
        identity.session = labels.derived(api, request);
        identity.sessionDerived = true;
    }
    findAgent(headers, labels, identity);
    identity.user = labels.safe(claude.user);
    ClientName client = clientNameOf(headers.value("user-agent"));
    identity.client = std::move(client.name);
    identity.clientVersion = std::move(client.version);
    return identity;
}

} // namespace luthien::protocol
