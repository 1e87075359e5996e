// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/rate_limit.h"

#include "policy/builtin/allowance_policy.h"

namespace luthien::policy::builtin {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMost = 1'000'000'000'000;
constexpr std::int64_t kRequests = 60;

Result<std::shared_ptr<const Policy>> makeRateLimit(const boost::json::object& config, const Services& services)
{
    ObjectReader reader(config);
    Allowance allowance;
    allowance.requests = reader.whole("requests", 1, kMost);
    allowance.tokens = reader.whole("tokens", 1, kMost);
    if (!allowance.requests && !allowance.tokens)
        allowance.requests = kRequests;
    const auto per = reader.duration("per", 1s, 1h).value_or(1min);
    allowance.window = std::chrono::ceil<std::chrono::seconds>(per);
    allowance.by = readSpentBy(reader);
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    if (!services.spending)
        return Error{ErrorCode::Unavailable, "Nothing counts requests here.", {}};
    return makeAllowancePolicy(allowance, "in " + durationText(per), *services.spending);
}

} // namespace

const PolicyType kRateLimit{
    .name = "rate-limit",
    .title = "Rate limit",
    .summary = "Lets only so many requests or tokens through in a while.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Rate limit",
  "type": "object",
  "properties": {
    "requests": {
      "title": "Requests",
      "description": "How many requests are let through in that time. If neither this nor tokens is set: 60.",
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000000
    },
    "tokens": {
      "title": "Tokens",
      "description": "A request is let through while fewer tokens than this were used in that time.",
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000000
    },
    "per": {
      "title": "In",
      "description": "How far back is counted: 1s to 1h.",
      "type": "string",
      "pattern": "^[0-9]+(ms|s|m|h)$",
      "default": "1m"
    },
    "by": {
      "title": "Counted for",
      "description": "Each session, each client (as it names itself), or all together.",
      "type": "string",
      "enum": ["session", "client", "all"],
      "default": "all"
    }
  },
  "additionalProperties": false
})",
    .make = makeRateLimit,
};

} // namespace luthien::policy::builtin
