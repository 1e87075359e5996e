// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "control/access_rules.h"
#include "filter/expression.h"
#include "filter/word_query.h"
#include "store/cursor.h"
#include "store/found_texts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace luthien::control {

enum class Resource : std::uint8_t {
    Health,
    Ready,
    Sessions,
    Session, ///< PATCH: its marks; DELETE
    SessionCalls,
    Call,
    CallEvents,
    Decisions,
    Evidence, ///< the head of its chain
    Search,
    Policies,
    Policy, ///< PATCH: its mode
    PolicyVersions,
    Approvals,
    Approval,        ///< POST: the answer
    ApprovalPreview, ///< POST: what a rule would have matched
    ApprovalRules,
    ApprovalRule, ///< DELETE
    ApprovalRulePreview,
    EventStream,
};

/// A request that makes sense: what is asked for, every part checked.
struct Route
{
    Resource resource = Resource::Health;
    std::string session; ///< Decisions: empty = of all
    CallId call;         ///< Decisions: nil = of all
    CallId approval;     ///< Approval, ApprovalRule, and their previews
    std::string policy;
    std::uint32_t limit = 50;
    std::optional<store::Cursor> cursor; ///< Sessions, SessionCalls, Decisions, Search, PolicyVersions
    std::uint32_t fromSeq = 0;           ///< CallEvents
    filter::Expression filter;           ///< Sessions, SessionCalls, Decisions, Search, EventStream
    filter::WordQuery words;             ///< Search: never empty
    store::FoundOrder order = store::FoundOrder::NewestFirst; ///< Search
    bool changes = false;                                     ///< all but GET
    bool removes = false;                                     ///< Session: DELETE, not PATCH

    [[nodiscard]] Protection protection() const noexcept;
    bool operator==(const Route&) const = default;
};

/// Finds what a method and target ask for: 404 for what does not exist, 405, and 400 for ids, keys or values outside
/// their grammar. Thread: any.
[[nodiscard]] std::variant<Route, Problem> parseRoute(std::string_view method, std::string_view target);

} // namespace luthien::control
