// SPDX-License-Identifier: Apache-2.0
#include "control/route.h"

#include "control/live_filter.h"
#include "filter/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>
#include <vector>

namespace luthien::control {

namespace {
constexpr std::uint32_t kMaxLimit = 500;

Problem notFound()
{
    return {.status = 404, .code = "not_found", .detail = "There is nothing at this path."};
}

Problem badRequest(std::string code, std::string detail)
{
    return {.status = 400, .code = std::move(code), .detail = std::move(detail)};
}

int hexValue(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        if (at + 2 >= text.size() || hexValue(text[at + 1]) < 0 || hexValue(text[at + 2]) < 0)
            return std::nullopt;
        decoded += static_cast<char>(hexValue(text[at + 1]) * 16 + hexValue(text[at + 2]));
        at += 2;
    }
    return decoded;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

template <typename Number>
std::optional<Number> wholeNumber(std::string_view text)
{
    Number number = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || rest != text.data() + text.size())
        return std::nullopt;
    return number;
}

Problem badSessionId()
{
    return badRequest("invalid_id", "A session id is 1 to 128 of letters, digits and . _ : -");
}

Problem badCallId()
{
    return badRequest("invalid_id", "A call id is a UUID.");
}

std::variant<Route, Problem> parseCollection(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, Resource>, 8> kCollections{
        {{"sessions", Resource::Sessions},
         {"approvals", Resource::Approvals},
         {"approval-rules", Resource::ApprovalRules},
         {"decisions", Resource::Decisions},
         {"evidence", Resource::Evidence},
         {"search", Resource::Search},
         {"policies", Resource::Policies},
         {"events", Resource::EventStream}}};
    const auto* const found = std::ranges::find(kCollections, name, &std::pair<std::string_view, Resource>::first);
    return found != kCollections.end() ? std::variant<Route, Problem>(Route{.resource = found->second}) : notFound();
}

/// A kind of thing that has ids, and something below it.
struct Kind
{
    std::string_view name;
    Resource resource;
    std::string_view partName;
    Resource part;
};
constexpr std::array<Kind, 5> kKinds{
    {{"sessions", Resource::Session, "calls", Resource::SessionCalls},
     {"calls", Resource::Call, "events", Resource::CallEvents},
     {"approvals", Resource::Approval, "preview", Resource::ApprovalPreview},
     {"approval-rules", Resource::ApprovalRule, "preview", Resource::ApprovalRulePreview},
     {"policies", Resource::Policy, "versions", Resource::PolicyVersions}}};

std::variant<Route, Problem> withId(Resource resource, std::string_view kind, const std::optional<std::string>& id)
{
    Route route{.resource = resource};
    if (kind == "sessions" || kind == "policies") {
        if (!id || !isSafeLabel(*id))
            return kind == "sessions"
                       ? badSessionId()
                       : badRequest("invalid_id", "A policy id is 1 to 128 of letters, digits and . _ : -");
        (kind == "sessions" ? route.session : route.policy) = *id;
        return route;
    }
    const auto number = id ? CallId::parse(*id) : std::nullopt;
    if (!number)
        return kind == "calls" ? badCallId() : badRequest("invalid_id", "An approval's id is a UUID.");
    (kind == "calls" ? route.call : route.approval) = *number;
    return route;
}

/// The resource at path[0..], below /api/v1.
std::variant<Route, Problem> parseApiPath(const std::vector<std::string_view>& path)
{
    if (path.size() == 1)
        return parseCollection(path[0]);
    const auto* const kind = std::ranges::find(kKinds, path[0], &Kind::name);
    if (kind == kKinds.end() || path.size() > 3)
        return notFound();
    const bool isPart = path.size() == 3;
    if (isPart && path[2] != kind->partName)
        return notFound();
    return withId(isPart ? kind->part : kind->resource, kind->name, percentDecoded(path[1]));
}

std::variant<Route, Problem> parsePath(std::string_view path)
{
    constexpr std::string_view kApi = "/api/v1/";
    if (path == "/healthz")
        return Route{.resource = Resource::Health};
    if (path == "/readyz")
        return Route{.resource = Resource::Ready};
    if (!path.starts_with(kApi))
        return notFound();
    return parseApiPath(split(path.substr(kApi.size()), '/'));
}

std::optional<Problem> applyCursor(Route& route, const std::string& value)
{
    if (route.resource == Resource::CallEvents) {
        if (const auto seq = wholeNumber<std::uint32_t>(value)) {
            route.fromSeq = *seq;
            return std::nullopt;
        }
    } else if (const auto cursor = store::cursorFromText(value)) {
        route.cursor = *cursor;
        return std::nullopt;
    }
    return badRequest("invalid_cursor", "A cursor is what the page before gave as 'next'.");
}

/// Whose decisions are asked for.
std::optional<Problem> applyOwner(Route& route, std::string_view key, const std::string& value)
{
    if (!route.session.empty() || !route.call.isNil())
        return badRequest("invalid_query", "Decisions are of one call or of one session.");
    if (key == "session") {
        route.session = value;
        return isSafeLabel(value) ? std::nullopt : std::optional(badSessionId());
    }
    const auto call = CallId::parse(value);
    route.call = call.value_or(CallId());
    return call ? std::nullopt : std::optional(badCallId());
}

bool takesFilter(Resource resource)
{
    return resource == Resource::Sessions || resource == Resource::SessionCalls || resource == Resource::Decisions ||
           resource == Resource::Search || resource == Resource::EventStream;
}

std::optional<Problem> applyFilter(Route& route, const std::string& value)
{
    auto filter = filter::parseFilter(value);
    if (!filter)
        return badRequest("invalid_filter", filter.error().toString());
    if (const auto known = LiveFilter::check(*filter); !known && route.resource == Resource::EventStream)
        return badRequest("invalid_filter", known.error().toString());
    route.filter = *std::move(filter);
    return std::nullopt;
}

std::optional<Problem> applyWords(Route& route, const std::string& value)
{
    auto words = filter::parseWordQuery(value);
    if (!words)
        return badRequest("invalid_query", words.error().toString());
    route.words = *std::move(words);
    return std::nullopt;
}

std::optional<Problem> applyOrder(Route& route, const std::string& value)
{
    if (value != "newest" && value != "ranked")
        return badRequest("invalid_order", "The order is newest or ranked.");
    route.order = value == "ranked" ? store::FoundOrder::BestFirst : store::FoundOrder::NewestFirst;
    return std::nullopt;
}

std::optional<Problem> applyParameter(Route& route, std::string_view key, const std::string& value)
{
    const bool isList = route.resource == Resource::Sessions || route.resource == Resource::SessionCalls ||
                        route.resource == Resource::CallEvents || route.resource == Resource::Decisions ||
                        route.resource == Resource::Search || route.resource == Resource::PolicyVersions;
    if (isList && key == "cursor")
        return applyCursor(route, value);
    if (isList && key == "limit") {
        const auto limit = wholeNumber<std::uint32_t>(value);
        if (!limit || *limit < 1 || *limit > kMaxLimit)
            return badRequest("invalid_limit", "A limit is a number from 1 to " + std::to_string(kMaxLimit) + '.');
        route.limit = *limit;
        return std::nullopt;
    }
    if (route.resource == Resource::Decisions && (key == "call" || key == "session"))
        return applyOwner(route, key, value);
    if (route.resource == Resource::Search && key == "q")
        return applyWords(route, value);
    if (route.resource == Resource::Search && key == "order")
        return applyOrder(route, value);
    if (takesFilter(route.resource) && key == "filter")
        return applyFilter(route, value);
    return badRequest("unknown_parameter", isList                        ? "This list takes limit and cursor."
                                           : takesFilter(route.resource) ? "Only a filter may stand here."
                                                                         : "No parameters here.");
}

std::optional<Problem> applyQuery(Route& route, std::string_view query)
{
    std::set<std::string_view> seen;
    for (const std::string_view pair : split(query, '&')) {
        const std::size_t equals = pair.find('=');
        const std::string_view key = pair.substr(0, equals);
        const auto value = percentDecoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
        if (!seen.insert(key).second || !value)
            return badRequest("invalid_query", "Each parameter is given once, as key=value.");
        if (auto problem = applyParameter(route, key, *value))
            return problem;
    }
    return std::nullopt;
}

/// What may be done with a resource; empty = nothing of the kind.
struct Methods
{
    std::string_view read;
    std::string_view change;
    std::string_view remove;

    [[nodiscard]] std::string all() const
    {
        std::string all(read);
        for (const std::string_view method : {change, remove})
            all += (all.empty() || method.empty() ? "" : ", ") + std::string(method);
        return all;
    }
};

Methods methodsOf(Resource resource)
{
    if (resource == Resource::Session)
        return {.read = "GET", .change = "PATCH", .remove = "DELETE"};
    if (resource == Resource::Policy)
        return {.change = "PATCH"};
    if (resource == Resource::Policies)
        return {.read = "GET", .change = "PUT"};
    if (resource == Resource::Approval || resource == Resource::ApprovalPreview)
        return {.change = "POST"};
    if (resource == Resource::ApprovalRule)
        return {.change = "DELETE"};
    return {.read = "GET"};
}
} // namespace

Protection Route::protection() const noexcept
{
    return resource == Resource::Health || resource == Resource::Ready ? Protection::Open : Protection::Token;
}

std::variant<Route, Problem> parseRoute(std::string_view method, std::string_view target)
{
    const std::size_t question = target.find('?');
    auto parsed = parsePath(target.substr(0, question));
    auto* route = std::get_if<Route>(&parsed);
    if (route == nullptr)
        return parsed;
    const Methods methods = methodsOf(route->resource);
    route->removes = method == methods.remove && !method.empty();
    route->changes = route->removes || (method == methods.change && !method.empty());
    if (!route->changes && method != methods.read)
        return Problem{.status = 405,
                       .code = "method_not_allowed",
                       .detail = "There is no such method here.",
                       .allow = methods.all()};
    if (question != std::string_view::npos) {
        if (auto problem = applyQuery(*route, target.substr(question + 1)))
            return *std::move(problem);
    }
    if (route->resource == Resource::Search && route->words.phrases.empty())
        return badRequest("invalid_query", "What is searched for stands in q.");
    return parsed;
}

} // namespace luthien::control
