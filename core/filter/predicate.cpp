// SPDX-License-Identifier: Apache-2.0
#include "filter/predicate.h"

#include <algorithm>
#include <array>
#include <vector>

namespace luthien::filter {

using namespace conversation;

namespace {
bool hasReplyBlock(const CallFacts& call, BlockKind kind)
{
    return std::ranges::find(call.reply, kind, &Block::kind) != call.reply.end();
}
bool isAsked(const CallFacts& call, BlockKind kind)
{
    return std::ranges::find(call.asked, kind, &Block::kind) != call.asked.end();
}
bool isDecided(const CallFacts& call, bool (*test)(const Decision&))
{
    return std::ranges::any_of(call.decisions, test);
}

// The numbers in the conditions below.
static_assert(static_cast<int>(CallStatus::Open) == 0 && static_cast<int>(CallStatus::Blocked) == 5 &&
              static_cast<int>(PolicyMode::Shadow) == 1 && static_cast<int>(PolicyMode::Enforce) == 2 &&
              static_cast<int>(Verdict::Continue) == 0 && static_cast<int>(Verdict::Block) == 2 &&
              static_cast<int>(AnsweredBy::Person) == 1);

constexpr std::array kFlags = std::to_array<Flag>({
    {"has", "decision", "have a decision", [](const CallFacts& call) { return !call.decisions.empty(); },
     "EXISTS (SELECT 1 FROM decision AS any_of WHERE any_of.call_id = call.id)", Needs::Decisions},
    {"has", "repeat", "have a decision that repeats one before",
     [](const CallFacts& call) { return isDecided(call, [](const Decision& each) { return each.isRepeat; }); },
     "EXISTS (SELECT 1 FROM decision AS any_of WHERE any_of.call_id = call.id AND any_of.is_repeat <> 0)",
     Needs::Decisions},
    {"has", "change", "were changed on their way",
     [](const CallFacts& call) { return call.request.changedBytes + call.response.changedBytes > 0; },
     "(call.request_changed_bytes + call.response_changed_bytes) > 0"},
    {"has", "error", "ended with an error", [](const CallFacts& call) { return !call.error.empty(); },
     "call.error <> ''"},
    {"has", "cost", "have a price", [](const CallFacts& call) { return call.costNanoUsd.has_value(); },
     "call.cost_nano_usd IS NOT NULL"},
    {"has", "tool", "have a tool call",
     [](const CallFacts& call) { return hasReplyBlock(call, BlockKind::ToolUse); }, "", Needs::Reply},
    {"has", "said", "have text in the reply", [](const CallFacts& call) { return hasReplyBlock(call, BlockKind::Text); },
     "", Needs::Reply},
    {"has", "thinking", "have thinking in the reply",
     [](const CallFacts& call) { return hasReplyBlock(call, BlockKind::Thinking); }, "", Needs::Reply},
    {"has", "refusal", "have the model's refusal in the reply",
     [](const CallFacts& call) { return std::ranges::any_of(call.reply, &Block::isRefusal); }, "", Needs::Reply},
    {"has", "result", "bring a tool's result", [](const CallFacts& call) { return isAsked(call, BlockKind::ToolResult); },
     "", Needs::Request},
    {"has", "image", "bring an image", [](const CallFacts& call) { return isAsked(call, BlockKind::Image); }, "",
     Needs::Request},
    {"has", "document", "bring a document", [](const CallFacts& call) { return isAsked(call, BlockKind::Document); }, "",
     Needs::Request},
    {"is", "open", "are not over", [](const CallFacts& call) { return call.status == CallStatus::Open; },
     "call.status = 0"},
    {"is", "blocked", "were blocked, or a part of them",
     [](const CallFacts& call) {
         return call.status == CallStatus::Blocked || isDecided(call, [](const Decision& each) {
                    return each.verdict == Verdict::Block && each.mode == PolicyMode::Enforce;
                });
     },
     "(call.status = 5 OR EXISTS (SELECT 1 FROM decision AS any_of WHERE any_of.call_id = call.id"
     " AND any_of.verdict = 2 AND any_of.mode = 2))",
     Needs::Decisions},
    {"is", "shadow", "would have been changed or blocked by a shadow policy",
     [](const CallFacts& call) {
         return isDecided(call, [](const Decision& each) {
             return each.mode == PolicyMode::Shadow && each.verdict != Verdict::Continue;
         });
     },
     "EXISTS (SELECT 1 FROM decision AS any_of WHERE any_of.call_id = call.id"
     " AND any_of.mode = 1 AND any_of.verdict <> 0)",
     Needs::Decisions},
    {"is", "answered", "were answered by a person",
     [](const CallFacts& call) {
         return isDecided(call, [](const Decision& each) { return each.answeredBy == AnsweredBy::Person; });
     },
     "EXISTS (SELECT 1 FROM decision AS any_of WHERE any_of.call_id = call.id AND any_of.answered_by = 1)",
     Needs::Decisions},
    {"is", "judge", "were made for a policy", [](const CallFacts& call) { return !call.cause.isNil(); },
     "call.cause_uid IS NOT NULL"},
    {"is", "stream", "asked for a stream", [](const CallFacts& call) { return call.stream; }, "call.stream <> 0"},
    {"is", "anonymous", "name no session of their own",
     [](const CallFacts& call) { return call.identity.sessionDerived; }, "call.session_derived <> 0"},
    {"is", "pinned", "belong to a session that is pinned", [](const CallFacts& call) { return call.isSessionPinned; },
     "session.pinned <> 0", Needs::Session},
});

bool equalIgnoringCase(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char left, char right) {
        const auto lower = [](char letter) {
            return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
        };
        return lower(left) == lower(right);
    });
}
} // namespace

std::string_view Choices::name(std::uint32_t number) const
{
    const std::string_view name = nameOf(number);
    return name.empty() ? "none" : name;
}

const Predicate* findPredicate(std::string_view name) noexcept
{
    const auto found = std::ranges::find_if(
        predicates(), [name](const Predicate& predicate) { return equalIgnoringCase(predicate.name, name); });
    return found == predicates().end() ? nullptr : &*found;
}

std::span<const Flag> flags() noexcept
{
    return kFlags;
}

std::vector<std::string_view> fixedValues(const Predicate& predicate)
{
    std::vector<std::string_view> values;
    for (std::uint32_t i = 0; i < predicate.choices.count; ++i)
        values.push_back(predicate.choices.name(i));
    for (const Flag& flag : flags()) {
        if (flag.predicate == predicate.name)
            values.push_back(flag.name);
    }
    return values;
}

} // namespace luthien::filter
