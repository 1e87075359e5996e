// SPDX-License-Identifier: Apache-2.0
#include "policy/chain.h"

#include "base/strict_json.h"
#include "policy/chain_link.h"
#include "policy/chain_review.h"
#include "policy/policy_figures.h"

#include <boost/json/value.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace luthien::policy {

namespace {

namespace json = boost::json;

Error at(const Definition& definition, Error error)
{
    error.context = "policies[" + definition.id + "]." + error.context;
    return error;
}

std::string joinedTypes(Registry registry)
{
    std::string names;
    for (const PolicyType& type : registry)
        names += (names.empty() ? "" : ", ") + std::string(type.name);
    return names;
}

Result<ChainLink> makeLink(Registry registry, const Definition& definition, const Services& services)
{
    const PolicyType* type = findType(registry, definition.type);
    if (!type)
        return at(definition, {ErrorCode::InvalidInput,
                               "There is no such type of policy; there are " + joinedTypes(registry) + ".", "type"});
    const Result<json::value> config = parseStrictJson(definition.config);
    if (!config || !config->is_object())
        return at(definition, {ErrorCode::InvalidInput, "This must be one JSON object.", "config"});
    Result<std::shared_ptr<const Policy>> policy = type->make(config->get_object(), services);
    if (!policy) {
        Error error = policy.error();
        error.context = error.context.empty() ? "config" : "config." + error.context;
        return at(definition, std::move(error));
    }
    Result<CallScope> scope = CallScope::compile(definition.scope);
    if (!scope)
        return at(definition, scope.error());
    const Interests interests = (*policy)->interests();
    return ChainLink{.definition = definition,
                     .version = versionOf(definition),
                     .title = definition.name.empty() ? std::string(type->title) : definition.name,
                     .policy = std::move(*policy),
                     .interests = interests,
                     .scope = std::move(*scope),
                     .latency = services.figures ? services.figures->histogramOf(definition.id) : nullptr};
}

bool looksAtSomething(const Interests& interests)
{
    return interests.toolCalls || interests.text || interests.thinking || interests.request || interests.end;
}

} // namespace

Result<std::shared_ptr<const Chain>> Chain::build(Registry registry, const std::vector<Definition>& definitions,
                                                  const Services& services)
{
    auto chain = std::make_shared<Chain>();
    chain->m_verdicts = services.verdicts;
    std::set<std::string_view> ids;
    for (const Definition& definition : definitions) {
        if (!ids.insert(definition.id).second)
            return at(definition, {ErrorCode::InvalidInput, "Two policies have this id.", "id"});
        Result<ChainLink> link = makeLink(registry, definition, services);
        if (!link)
            return link.error();
        if (definition.mode == PolicyMode::Off || !looksAtSomething(link->interests))
            continue;
        chain->m_enforces = chain->m_enforces || link->enforces();
        chain->m_watches = chain->m_watches || !link->enforces();
        chain->m_links.push_back(std::make_shared<const ChainLink>(std::move(*link)));
    }
    return std::shared_ptr<const Chain>(std::move(chain));
}

std::unique_ptr<CallReview> Chain::open(ReviewParts parts, Part part) const
{
    const auto isAsked = [part](const ChainLink& link) {
        return part == Part::All || link.enforces() == (part == Part::Enforced);
    };
    std::vector<const ChainLink*> links;
    links.reserve(m_links.size());
    for (const std::shared_ptr<const ChainLink>& link : m_links) {
        if (isAsked(*link) && link->scope.includes(parts.facts))
            links.push_back(link.get());
    }
    if (links.empty())
        return nullptr;
    return std::make_unique<ChainReview>(shared_from_this(), links, m_verdicts, std::move(parts));
}

bool Chain::changesArguments() const noexcept
{
    return std::ranges::any_of(m_links, [](const auto& link) { return link->interests.changesArguments; });
}

} // namespace luthien::policy
