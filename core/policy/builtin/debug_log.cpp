// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/debug_log.h"

#include "base/logging.h"
#include "policy/notice.h"
#include "policy/object_reader.h"

#include <map>
#include <utility>

namespace luthien::policy::builtin {

namespace {

using conversation::CallEnded;
using conversation::RequestPart;

/// Sizes and names, never what was said: the log is no place for it, and credentials stand in it often enough.
class DebugLogCall final : public PolicyCall
{
public:
    explicit DebugLogCall(const PolicyContext& context)
        : m_id(context.facts.call.toString())
        , m_policy(context.policyId)
    {
    }

    [[nodiscard]] Result<PolicyVerdict> request(std::span<const RequestPart> parts) override
    {
        std::size_t bytes = 0;
        for (const RequestPart& part : parts)
            bytes += part.text.size();
        qCInfo(lcPolicy, "call %s, %s: a request of %zu texts, %zu bytes", m_id.c_str(), m_policy.c_str(), parts.size(),
               bytes);
        return PolicyVerdict{};
    }

    [[nodiscard]] Result<PolicyVerdict> toolCall(const JudgedCall& judged) override
    {
        qCInfo(lcPolicy, "call %s, %s: a call of %s, %zu bytes of arguments", m_id.c_str(), m_policy.c_str(),
               oneLine(judged.call.name, kMaxNameCharacters).c_str(), judged.call.arguments.size());
        return PolicyVerdict{};
    }

    void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out) override
    {
        out += part;
        Seen& seen = m_texts[{choice, block}];
        seen.bytes += part.size();
        ++seen.parts;
    }

    [[nodiscard]] Result<PolicyVerdict> textEnd(std::uint32_t choice, std::uint32_t block, std::string&) override
    {
        const Seen seen = std::exchange(m_texts[{choice, block}], {});
        qCInfo(lcPolicy, "call %s, %s: text %u of choice %u, %zu bytes in %zu parts", m_id.c_str(), m_policy.c_str(),
               block, choice, seen.bytes, seen.parts);
        m_texts.erase({choice, block});
        return PolicyVerdict{};
    }

    void ended(const CallEnded& event) override
    {
        qCInfo(lcPolicy, "call %s, %s: it is %s, status %d, %lld tokens in, %lld out", m_id.c_str(), m_policy.c_str(),
               std::string(callStatusName(event.status)).c_str(), event.httpStatus,
               static_cast<long long>(event.usage.input.value_or(0)),
               static_cast<long long>(event.usage.output.value_or(0)));
    }

private:
    static constexpr std::size_t kMaxNameCharacters = 128;
    struct Seen
    {
        std::size_t bytes = 0;
        std::size_t parts = 0;
    };

    std::string m_id;
    std::string m_policy;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Seen> m_texts;
};

class DebugLog final : public Policy
{
public:
    [[nodiscard]] Interests interests() const noexcept override
    {
        return {.toolCalls = true, .text = true, .request = true, .end = true};
    }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext& context) const override
    {
        return std::make_unique<DebugLogCall>(context);
    }
};

Result<std::shared_ptr<const Policy>> makeDebugLog(const boost::json::object& config, const Services&)
{
    if (const Result<void> read = ObjectReader(config).finish(); !read)
        return read.error();
    return std::shared_ptr<const Policy>(std::make_shared<DebugLog>());
}

} // namespace

const PolicyType kDebugLog{
    .name = "debug-log",
    .title = "Debug log",
    .summary = "Writes to the program's log what policies get to see: names, counts and sizes, never contents.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Debug log",
  "type": "object",
  "properties": {},
  "additionalProperties": false
})",
    .make = makeDebugLog,
};

} // namespace luthien::policy::builtin
