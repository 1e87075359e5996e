// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/budget.h"

#include "policy/builtin/allowance_policy.h"

#include <array>
#include <cmath>

namespace luthien::policy::builtin {

namespace {

constexpr std::array<std::string_view, 5> kPeriods{"session", "hour", "day", "week", "month"};
constexpr std::array<std::chrono::hours, 5> kWindows{std::chrono::hours(0), std::chrono::hours(1),
                                                     std::chrono::hours(24), std::chrono::hours(24 * 7),
                                                     std::chrono::hours(24 * 30)};
constexpr std::array<std::string_view, 5> kSpans{"in all", "in the last hour", "in the last 24 hours",
                                                 "in the last 7 days", "in the last 30 days"};
constexpr std::size_t kSession = 0;
constexpr std::size_t kDay = 2;
constexpr std::int64_t kMostTokens = 1'000'000'000'000;
constexpr double kMostUsd = 1'000'000;
constexpr double kUsd = 10;

Result<std::shared_ptr<const Policy>> makeBudget(const boost::json::object& config, const Services& services)
{
    ObjectReader reader(config);
    Allowance allowance;
    std::optional<double> usd = reader.number("usd", 0, kMostUsd);
    allowance.tokens = reader.whole("tokens", 1, kMostTokens);
    if (!usd && !allowance.tokens)
        usd = kUsd;
    if (usd)
        allowance.nanoUsd = std::llround(*usd * 1e9);
    const std::size_t period = reader.choice("per", kPeriods).value_or(kDay);
    allowance.window = kWindows.at(period);
    const bool saysWhose = config.contains("by");
    allowance.by = readSpentBy(reader);
    if (period == kSession && saysWhose && allowance.by != SpentBy::Session)
        reader.reject("by", "A budget per session is counted for each session.");
    if (period == kSession)
        allowance.by = SpentBy::Session;
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    if (!services.spending)
        return Error{ErrorCode::Unavailable, "Nothing counts what is spent here.", {}};
    return makeAllowancePolicy(allowance, std::string(kSpans.at(period)), *services.spending);
}

} // namespace

const PolicyType kBudget{
    .name = "budget",
    .title = "Budget",
    .summary = "Stops requests once so much money or so many tokens are spent.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Budget",
  "type": "object",
  "properties": {
    "usd": {
      "title": "US dollars",
      "description": "At the list prices of the price table; models that are not in it count as free. If neither this nor tokens is set: 10.",
      "type": "number",
      "minimum": 0,
      "maximum": 1000000
    },
    "tokens": {
      "title": "Tokens",
      "description": "Of input, cache and output together.",
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000000
    },
    "per": {
      "title": "In",
      "description": "A session as a whole, or the last hour, 24 hours, 7 days or 30 days.",
      "type": "string",
      "enum": ["session", "hour", "day", "week", "month"],
      "default": "day"
    },
    "by": {
      "title": "Counted for",
      "description": "Each session, each client (as it names itself), or all together (which is what counts if nothing is chosen).",
      "type": "string",
      "enum": ["session", "client", "all"]
    }
  },
  "additionalProperties": false
})",
    .make = makeBudget,
};

} // namespace luthien::policy::builtin
