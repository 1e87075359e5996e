// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/approval.h"

#include "policy/approval_requests.h"
#include "policy/glob.h"
#include "policy/object_reader.h"

#include <chrono>
#include <utility>

namespace luthien::policy::builtin {

namespace {

constexpr std::chrono::seconds kShortestTimeout{1};
constexpr std::chrono::hours kLongestTimeout{24};

class ApprovalCall final : public PolicyCall
{
public:
    ApprovalCall(ApprovalDesk& desk, const PolicyContext& context, const Pattern& tools,
                 std::chrono::milliseconds timeout)
        : m_requests(desk, context)
        , m_tools(tools)
        , m_timeout(timeout)
    {
    }

    [[nodiscard]] Result<PolicyVerdict> request(std::span<const conversation::RequestPart> parts) override
    {
        m_requests.request(parts);
        return PolicyVerdict{};
    }

    [[nodiscard]] Result<PolicyVerdict> toolCall(const JudgedCall& call) override
    {
        if (!matches(m_tools, call.call.name))
            return PolicyVerdict{};
        return m_requests.toolCall(
            call, {.reason = "Calls of " + std::string(call.call.name) + " need a person's permission."}, m_timeout);
    }

private:
    ApprovalRequests m_requests;
    const Pattern& m_tools;
    std::chrono::milliseconds m_timeout;
};

class Approvals final : public Policy
{
public:
    Approvals(ApprovalDesk& desk, Pattern tools, std::chrono::milliseconds timeout)
        : m_desk(desk)
        , m_tools(std::move(tools))
        , m_timeout(timeout)
    {
    }

    [[nodiscard]] Interests interests() const noexcept override
    {
        return {.toolCalls = true, .request = true, .changesArguments = true, .remembersVerdicts = true};
    }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext& context) const override
    {
        return std::make_unique<ApprovalCall>(m_desk, context, m_tools, m_timeout);
    }

private:
    ApprovalDesk& m_desk;
    Pattern m_tools;
    std::chrono::milliseconds m_timeout;
};

Result<std::shared_ptr<const Policy>> makeApproval(const boost::json::object& config, const Services& services)
{
    ObjectReader reader(config);
    const std::vector<std::string> globs = reader.texts("tools").value_or(std::vector<std::string>{"*"});
    if (globs.empty())
        reader.reject("tools", "This is empty: nobody would be asked about anything.");
    const Result<Pattern> tools = compileGlobs(globs);
    if (!tools)
        reader.reject("tools", tools.error().message);
    const auto timeout = reader.duration("timeout", kShortestTimeout, kLongestTimeout);
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    if (!services.approvals)
        return Error{ErrorCode::Unavailable, "There is nobody to ask here.", {}};
    return std::shared_ptr<const Policy>(
        std::make_shared<Approvals>(*services.approvals, *tools, timeout.value_or(std::chrono::milliseconds())));
}

} // namespace

const PolicyType kApproval{
    .name = "approval",
    .title = "Approval",
    .summary = "Holds tool calls until a person has allowed, changed or denied them; no answer in time is a denial.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Approval",
  "type": "object",
  "properties": {
    "tools": {
      "title": "Tools",
      "description": "Names of the tools a person is asked about; * stands for any characters, ? for one.",
      "type": "array",
      "minItems": 1,
      "maxItems": 1000,
      "items": {"type": "string", "minLength": 1},
      "default": ["*"]
    },
    "timeout": {
      "title": "Answer within",
      "description": "How long a call waits, such as 30s, 2m or 1h; then it is denied, once.",
      "type": "string",
      "pattern": "^[0-9]+(ms|s|m|h)$",
      "default": "120s"
    }
  },
  "additionalProperties": false
})",
    .make = makeApproval,
};

} // namespace luthien::policy::builtin
