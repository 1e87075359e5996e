// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/strict_json.h"
#include "policy/approval_desk.h"
#include "policy/builtin/builtin.h"
#include "policy/policy.h"
#include "policy/spending_book.h"
#include "scripted_runner.h"

#include <QByteArray>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <string_view>

namespace luthien::policy::builtin::test {

inline std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

/// A policy of the type, or why there is none.
inline Result<std::shared_ptr<const Policy>> make(std::string_view type, std::string_view config)
{
    const Result<boost::json::value> parsed = parseStrictJson(config);
    static ScriptedRunner scripts;
    static const SystemClock clock;
    static ApprovalDesk approvals(clock);
    static SpendingBook spending(clock);
    return parsed
               ? findType(registry(), type)
                     ->make(parsed->get_object(), {.approvals = &approvals, .scripts = &scripts, .spending = &spending})
               : parsed.error();
}

inline PolicyContext contextOf(const CallFacts& facts)
{
    static const SystemClock clock;
    return {.facts = facts, .clock = clock, .wake = [] {}};
}

/// The verdict about one call; arguments are JSON.
inline PolicyVerdict judge(const Policy& policy, std::string_view tool, std::string_view arguments)
{
    const Result<boost::json::value> parsed = parseStrictJson(arguments);
    const CallFacts facts;
    const PolicyContext context = contextOf(facts);
    return *policy.open(context)->toolCall({{.name = tool, .arguments = arguments}, &*parsed});
}

/// The verdict about one call of a tool that takes free text.
inline PolicyVerdict judgeText(const Policy& policy, std::string_view tool, std::string_view text)
{
    const CallFacts facts;
    const PolicyContext context = contextOf(facts);
    return *policy.open(context)->toolCall({{.isFreeText = true, .name = tool, .arguments = text}, nullptr});
}

} // namespace luthien::policy::builtin::test
