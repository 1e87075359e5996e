// SPDX-License-Identifier: Apache-2.0
#include "proxy/routes.h"

#include "protocol/query.h"

#include <algorithm>

namespace luthien::proxy {

namespace {
using conversation::Api;
using protocol::HttpError;
using protocol::RequestHead;

std::string_view pathOf(std::string_view target)
{
    return target.substr(0, target.find('?'));
}

/// True for "/v1/messages" and "/v1/messages/…", false for "/v1/messages2".
bool isAtOrBelow(std::string_view path, std::string_view root)
{
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

std::string_view firstSegment(std::string_view path)
{
    const std::string_view rest = path.substr(std::min<std::size_t>(1, path.size()));
    return rest.substr(0, rest.find('/'));
}

/// "." and ".." would let a path leave the base URL's path at the upstream; both may hide in percent-encoding.
bool hasDotSegment(std::string_view path)
{
    while (!path.empty()) {
        path.remove_prefix(1);
        std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        int dots = 0;
        while (!segment.empty() && dots < 3) {
            const std::size_t length = segment[0] == '.'                                          ? 1
                                       : segment.starts_with("%2e") || segment.starts_with("%2E") ? 3
                                                                                                  : 0;
            if (length == 0)
                break;
            ++dots;
            segment.remove_prefix(length);
        }
        if (segment.empty() && (dots == 1 || dots == 2))
            return true;
    }
    return false;
}

ApiFamily familyOfModels(const protocol::Fields& fields)
{
    if (fields.has("x-goog-api-key"))
        return ApiFamily::Gemini;
    if (fields.has("anthropic-version") || fields.has("x-api-key"))
        return ApiFamily::Anthropic;
    return ApiFamily::OpenAi;
}

/// The provider a bare path belongs to; nothing for paths that more than one provider has.
std::optional<ApiFamily> familyOfPath(std::string_view path, const protocol::Fields& fields)
{
    if (isAtOrBelow(path, "/v1/messages"))
        return ApiFamily::Anthropic;
    if (isAtOrBelow(path, "/v1/chat/completions") || isAtOrBelow(path, "/v1/responses") ||
        isAtOrBelow(path, "/v1/embeddings"))
        return ApiFamily::OpenAi;
    if (isAtOrBelow(path, "/v1/models"))
        return familyOfModels(fields);
    if (path.starts_with("/v1beta/"))
        return ApiFamily::Gemini;
    if (path.starts_with("/api/"))
        return ApiFamily::Ollama;
    return std::nullopt;
}

const Upstream* named(const ProxySnapshot& snapshot, std::string_view name)
{
    const auto found = std::ranges::find(snapshot.upstreams, name, &Upstream::name);
    return found == snapshot.upstreams.end() ? nullptr : &*found;
}

const Upstream* defaultOf(const ProxySnapshot& snapshot, ApiFamily family)
{
    const auto found = std::ranges::find(snapshot.upstreams, family, &Upstream::api);
    return found == snapshot.upstreams.end() ? nullptr : &*found;
}

/// base_url's path and the client's, "/v1" never doubled.
std::string joined(const Upstream& upstream, std::string_view rest)
{
    const std::string& base = upstream.baseUrl.path;
    if (base.ends_with("/v1") && isAtOrBelow(pathOf(rest), "/v1"))
        rest.remove_prefix(3);
    std::string target = base + std::string(rest);
    if (!target.starts_with('/'))
        target.insert(0, "/");
    return target;
}

Route routeTo(const Upstream& upstream, const RequestHead& head, std::string_view rest)
{
    return {.upstream = &upstream, .api = apiOfPath(head.method, pathOf(rest)), .target = joined(upstream, rest)};
}

HttpError notFound(std::string_view path)
{
    const bool bare = path == "/chat/completions" || path == "/responses" || path == "/messages" || path == "/models";
    return {404, "not_found",
            bare ? "No such path here. The base URL of this API ends in /v1."
                 : "No such path here. Use a known API path, or /UPSTREAM/... with the name of a configured upstream."};
}

Api errorApiOfFamily(ApiFamily family)
{
    switch (family) {
    case ApiFamily::Anthropic:
        return Api::AnthropicMessages;
    case ApiFamily::Gemini:
        return Api::Gemini;
    case ApiFamily::Ollama:
        return Api::Ollama;
    case ApiFamily::OpenAi:
    case ApiFamily::Other:
        break;
    }
    return Api::OpenAiChat;
}

bool contains(std::string_view path, std::string_view part)
{
    return path.find(part) != std::string_view::npos;
}
} // namespace

Api apiOfPath(std::string_view method, std::string_view path) noexcept
{
    const std::string plain = protocol::lookedUpPath(path);
    const bool post = method == "POST";
    const bool get = method == "GET";
    if (post && (plain.ends_with("/messages") || plain.ends_with("/messages/count_tokens")))
        return Api::AnthropicMessages;
    // A stored completion answers in the form of a new one.
    if ((post && plain.ends_with("/chat/completions")) || ((post || get) && contains(plain, "/chat/completions/")))
        return Api::OpenAiChat;
    if (post && (plain.ends_with("/responses") || plain.ends_with("/responses/compact")))
        return Api::OpenAiResponses;
    // A stored reply, or the rest of a background stream; one that is cancelled may be complete.
    if (contains(plain, "/responses/") && (get || (post && plain.ends_with("/cancel"))))
        return Api::OpenAiResponses;
    if (post && (plain.ends_with(":generatecontent") || plain.ends_with(":streamgeneratecontent")))
        return Api::Gemini;
    if (post && (plain.ends_with("/api/chat") || plain.ends_with("/api/generate")))
        return Api::Ollama;
    return Api::Other;
}

std::variant<Route, RootPage, HttpError> findRoute(const ProxySnapshot& snapshot, const RequestHead& head)
{
    const std::string_view path = pathOf(head.target);
    if (head.isUpgrade)
        return HttpError{426, "upgrade_refused",
                         "WebSocket is not offered here; use plain HTTP with server-sent events."};
    if (path == "/" && (head.method == "GET" || head.method == "HEAD"))
        return RootPage{};
    if (!path.starts_with('/'))
        return notFound(path);
    if (hasDotSegment(path))
        return HttpError{400, "dot_segment", "The path has a dot segment."};
    if (const Upstream* upstream = named(snapshot, firstSegment(path)))
        return routeTo(*upstream, head, std::string_view(head.target).substr(1 + upstream->name.size()));
    const auto family = familyOfPath(path, head.fields);
    if (!family)
        return notFound(path);
    const Upstream* upstream = defaultOf(snapshot, *family);
    if (!upstream)
        return HttpError{404, "no_upstream",
                         "No upstream with api " + std::string(apiFamilyName(*family)) + " is configured."};
    return routeTo(*upstream, head, head.target);
}

Api errorApiFor(const ProxySnapshot& snapshot, const RequestHead& head) noexcept
{
    const std::string_view path = pathOf(head.target);
    if (const Api api = apiOfPath(head.method, path); api != Api::Other)
        return api;
    if (const Upstream* upstream = named(snapshot, firstSegment(path)))
        return errorApiOfFamily(upstream->api);
    return errorApiOfFamily(familyOfPath(path, head.fields).value_or(ApiFamily::OpenAi));
}

Api errorApiOf(const Route& route) noexcept
{
    return route.api == Api::Other ? errorApiOfFamily(route.upstream->api) : route.api;
}

} // namespace luthien::proxy
