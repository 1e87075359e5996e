// SPDX-License-Identifier: Apache-2.0
#include "archive/call_facts.h"

#include "conversation/response.h"
#include "protocol/dialect.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace luthien::archive {

using namespace conversation;
using filter::CallFacts;
using filter::Needs;

namespace {
constexpr std::uint32_t kDecisionsPerPage = 100;

CallFacts rowFacts(const store::CallRow& call)
{
    CallFacts facts{.id = call.id,
                    .identity = call.identity,
                    .upstream = call.upstream,
                    .api = call.api,
                    .method = call.method,
                    .path = call.path,
                    .model = call.model,
                    .preview = call.preview,
                    .stream = call.stream,
                    .status = call.status,
                    .httpStatus = call.httpStatus,
                    .stopReason = call.stopReason,
                    .rawStopReason = call.rawStopReason,
                    .startedAt = call.startedAt,
                    .firstByteAt = call.firstByteAt,
                    .firstTokenAt = call.firstTokenAt,
                    .endedAt = call.endedAt,
                    .heldByPolicy = call.heldByPolicy,
                    .heldByPerson = call.heldByPerson,
                    .usage = call.usage,
                    .request = call.request,
                    .response = call.response,
                    .messageCount = call.messageCount,
                    .error = call.error,
                    .cause = call.cause,
                    .causePolicy = call.causePolicy};
    constexpr double kNano = 1e9;
    if (call.costUsd)
        facts.costNanoUsd = std::llround(*call.costUsd * kNano);
    return facts;
}

Result<void> readSession(store::Reader& reader, CallFacts& facts)
{
    const auto session = reader.session(facts.identity.session);
    if (!session)
        return session.error();
    facts.sessionCalls = session->calls;
    facts.sessionTurns = session->turns;
    facts.isSessionPinned = session->isPinned;
    return {};
}

Result<void> readDecisions(store::Reader& reader, CallFacts& facts)
{
    std::optional<store::Cursor> from;
    do {
        auto page = reader.decisionsOfCall(facts.id, from, kDecisionsPerPage);
        if (!page)
            return page.error();
        for (store::DecisionRow& row : page->items)
            facts.decisions.push_back(std::move(row.decision));
        from = page->next;
    } while (from);
    return {};
}

Result<void> readReply(store::Reader& reader, CallFacts& facts)
{
    const auto json = reader.reply(facts.id);
    if (!json || json->empty())
        return json ? Result<void>() : json.error();
    // A reply that cannot be read says nothing, here as everywhere it is shown.
    if (auto reply = responseFromJson(*json))
        facts.reply = std::move(reply->blocks);
    return {};
}

/// What the model said before is the reply of an earlier call.
Result<void> readAsked(store::Reader& reader, const store::CallRow& call, CallFacts& facts)
{
    const protocol::Dialect& dialect = protocol::dialectFor(call.api);
    for (std::uint32_t from = call.freshFrom;; from += store::Reader::kMaxPage) {
        const auto messages = reader.messages(call.id, from, store::Reader::kMaxPage);
        if (!messages)
            return messages.error().code == ErrorCode::NotFound ? Result<void>() : messages.error();
        for (const store::MessageRow& message : *messages) {
            std::vector<Block> blocks;
            const Role role = dialect.parseMessage(message.json, blocks);
            if (role == Role::User || role == Role::Tool)
                std::ranges::move(blocks, std::back_inserter(facts.asked));
        }
        if (messages->size() < store::Reader::kMaxPage)
            return {};
    }
}
} // namespace

Result<CallFacts> factsOf(store::Reader& reader, const store::CallRow& call, Needs needs)
{
    CallFacts facts = rowFacts(call);
    Result<void> done;
    if (includes(needs, Needs::Session))
        done = readSession(reader, facts);
    if (done && includes(needs, Needs::Decisions))
        done = readDecisions(reader, facts);
    if (call.areTextsRemoved) // nothing is said in it
        return done ? Result<CallFacts>(std::move(facts)) : done.error();
    if (done && includes(needs, Needs::Reply))
        done = readReply(reader, facts);
    if (done && includes(needs, Needs::Request))
        done = readAsked(reader, call, facts);
    return done ? Result<CallFacts>(std::move(facts)) : done.error();
}

} // namespace luthien::archive
