// SPDX-License-Identifier: Apache-2.0
#include "runtime/asked_upstreams.h"

#include "base/strict_json.h"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace luthien::runtime {

namespace {
namespace json = boost::json;

std::optional<std::string> textAt(const json::value& value, std::string_view pointer)
{
    boost::system::error_code absent;
    const json::value* const found = value.find_pointer({pointer.data(), pointer.size()}, absent);
    return found != nullptr && found->is_string() ? std::optional(std::string(found->get_string())) : std::nullopt;
}

/// A type that asks a model says so in its schema; what is left out is the schema's default.
std::optional<std::string> askedUpstream(const policy::Definition& definition, const policy::PolicyType& type)
{
    const auto schema = parseStrictJson(type.schema);
    const auto usual = schema ? textAt(*schema, "/properties/upstream/default") : std::nullopt;
    if (!usual)
        return std::nullopt;
    const auto config = parseStrictJson(definition.config);
    const auto named = config ? textAt(*config, "/upstream") : std::nullopt;
    return named ? named : usual;
}
} // namespace

Result<void> checkAskedUpstream(const policy::Definition& definition, policy::Registry registry,
                                const std::vector<UpstreamConfig>& upstreams)
{
    const policy::PolicyType* const type = policy::findType(registry, definition.type);
    if (type == nullptr || definition.mode == policy::PolicyMode::Off)
        return {};
    const auto asked = askedUpstream(definition, *type);
    if (!asked || std::ranges::find(upstreams, *asked, &UpstreamConfig::name) != upstreams.end())
        return {};
    std::string names;
    for (const UpstreamConfig& upstream : upstreams)
        names += (names.empty() ? "" : ", ") + upstream.name;
    return Error{.code = ErrorCode::InvalidInput,
                 .message = "There is no upstream '" + *asked + "' to ask; " +
                            (names.empty() ? "none is configured." : "configured are " + names + "."),
                 .context = "policies[" + definition.id + "].config.upstream"};
}

} // namespace luthien::runtime
