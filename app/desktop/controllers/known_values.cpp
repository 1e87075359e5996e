// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/known_values.h"

#include <algorithm>

namespace luthien::desktop {

namespace {
char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
}

bool beginsLike(std::string_view value, std::string_view typed)
{
    return typed.size() <= value.size() && std::ranges::equal(value.substr(0, typed.size()), typed, {}, lower, lower);
}

/// Predicates that are asked with the same values share them.
std::string_view sourceOf(std::string_view predicate)
{
    if (predicate == "judged.tool")
        return "tool";
    return predicate == "cause.policy" ? "policy" : predicate;
}
} // namespace

void KnownValues::add(std::string_view predicate, std::string_view value)
{
    if (value.empty() || value.size() > kMostBytes)
        return;
    auto& values = m_values[std::string(sourceOf(predicate))];
    if (values.size() < kMostOfOne)
        values.emplace(value);
}

void KnownValues::learn(const store::SessionRow& session)
{
    add("client", session.client);
    for (const std::string& agent : session.agents)
        add("agent", agent);
    for (const std::string& model : session.models)
        add("model", model);
}

void KnownValues::learn(const live::LiveBatch& batch)
{
    for (const live::Event& event : batch.events) {
        if (const auto* const call = std::get_if<live::Opened>(&event)) {
            add("client", call->identity.client);
            add("client.version", call->identity.clientVersion);
            add("user", call->identity.user);
            add("model", call->model);
            add("upstream", call->upstream);
        } else if (const auto* const step = std::get_if<live::Delta>(&event)) {
            if (step->kind == conversation::EventKind::ToolStart)
                add("tool", step->name);
        } else if (const auto* const decided = std::get_if<live::Decided>(&event)) {
            learn(decided->decision);
        }
    }
}

void KnownValues::learn(const conversation::Decision& decision)
{
    add("policy", decision.policyId);
    add("tool", decision.tool);
}

std::vector<std::string> KnownValues::beginningWith(std::string_view predicate, std::string_view typed,
                                                    std::size_t limit) const
{
    std::vector<std::string> found;
    const auto values = m_values.find(sourceOf(predicate));
    if (values == m_values.end())
        return found;
    for (const std::string& value : values->second) {
        if (found.size() == limit)
            break;
        if (beginsLike(value, typed))
            found.push_back(value);
    }
    return found;
}

} // namespace luthien::desktop
