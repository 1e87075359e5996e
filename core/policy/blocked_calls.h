// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/decision.h"

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

/// A blocked tool call that its provider still holds, and waits for an output of.
struct BlockedCall
{
    std::string id;
    std::string tool{};
    std::string notice{}; ///< what its agent was told
    std::string policyId{};
    std::string policyVersion{};
    bool operator==(const BlockedCall&) const = default;
};

/// The calls that were blocked in replies which their provider keeps. A request that goes on from such a reply is
/// refused by the provider unless it brings an output for each of them. Bounded: the oldest are forgotten first.
/// Thread: any.
class BlockedCalls
{
public:
    explicit BlockedCalls(std::size_t maxCalls = 10'000);

    /// Takes over a decision that blocked a call and names the reply, or that a conversation was given the output of
    /// one; others are none of its business. Decisions of the store go in the same way, oldest first.
    void add(const conversation::Decision& decision);
    [[nodiscard]] bool isEmpty() const;
    /// A reply can be gone on from more than once, so its calls stay.
    [[nodiscard]] std::vector<BlockedCall> ofResponse(std::string_view responseId) const;
    /// A conversation goes on from its end: what has been answered in it is over, see answered().
    [[nodiscard]] std::vector<BlockedCall> ofConversation(std::string_view conversationId) const;
    void answered(std::string_view conversationId, std::span<const BlockedCall> calls);

private:
    struct Entry
    {
        std::string responseId;
        std::string conversationId;
        BlockedCall call;
    };
    using Entries = std::list<Entry>;
    using Index = std::multimap<std::string, Entries::iterator, std::less<>>;

    [[nodiscard]] static std::vector<BlockedCall> callsAt(const Index& index, std::string_view id);
    static void unlink(Index& index, const std::string& id, Entries::iterator entry);
    void forget(Entries::iterator entry);

    const std::size_t m_maxCalls;
    mutable std::mutex m_mutex;
    Entries m_entries; ///< oldest first
    Index m_byResponse;
    Index m_byConversation;
};

} // namespace luthien::policy
