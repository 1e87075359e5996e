// SPDX-License-Identifier: Apache-2.0
#include "proxy/config.h"

#include <QByteArray>
#include <QList>

#include <algorithm>
#include <cstdlib>

namespace luthien::proxy {

namespace {
std::string environment(const char* lower, const char* upper)
{
    for (const char* name : {lower, upper}) {
        if (const char* value = name ? std::getenv(name) : nullptr; value && *value)
            return value;
    }
    return {};
}

/// "[http://][user:password@]host[:port]". Source: the convention of curl and Go's net/http.
Result<std::optional<ForwardProxy::Hop>> hopFrom(std::string value, const char* variable)
{
    if (value.empty())
        return std::optional<ForwardProxy::Hop>();
    if (value.find("://") == std::string::npos)
        value.insert(0, "http://");
    ForwardProxy::Hop hop;
    const auto hostAt = value.find("://") + 3;
    if (const auto at = value.rfind('@'); at != std::string::npos && at >= hostAt) {
        const auto user = QByteArray::fromPercentEncoding(QByteArray::fromStdString(value.substr(hostAt, at - hostAt)));
        hop.authorization = "Basic " + user.toBase64().toStdString();
        value.erase(hostAt, at + 1 - hostAt);
    }
    const auto url = parseBaseUrl(value);
    if (!url)
        return Error{ErrorCode::InvalidArgument, "Not a proxy address of the form http://host:port.", variable};
    if (url->origin.tls)
        return Error{ErrorCode::Unsupported, "A proxy that is itself reached over TLS is not supported.", variable};
    hop.origin = url->origin;
    return std::optional(std::move(hop));
}

std::vector<std::string> listFrom(const std::string& text)
{
    std::vector<std::string> items;
    for (const QByteArray& item : QByteArray::fromStdString(text).split(',')) {
        if (const QByteArray name = item.trimmed().toLower(); !name.isEmpty())
            items.push_back(name.toStdString());
    }
    return items;
}

bool isLoopback(const std::string& host)
{
    return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1";
}

/// A NO_PROXY entry names the host itself and what lies below it; a port in it must match too.
bool excepts(const std::string& exception, const Origin& origin)
{
    if (exception == "*")
        return true;
    std::string name = exception;
    if (const auto colon = name.find(':');
        colon != std::string::npos && name.find(':', colon + 1) == std::string::npos) {
        if (name.substr(colon + 1) != std::to_string(origin.port))
            return false;
        name.resize(colon);
    }
    if (name.starts_with("*."))
        name.erase(0, 1);
    if (!name.starts_with('.') && origin.host == name)
        return true;
    return origin.host.ends_with(name.starts_with('.') ? name : '.' + name);
}
} // namespace

const ForwardProxy::Hop* ForwardProxy::hopFor(const Origin& origin) const
{
    const std::optional<Hop>& hop = origin.tls ? https : http;
    if (!hop || isLoopback(origin.host))
        return nullptr;
    const auto excepted = std::ranges::any_of(exceptions, [&](const auto& entry) { return excepts(entry, origin); });
    return excepted ? nullptr : &*hop;
}

Result<ForwardProxy> forwardProxyFromEnvironment()
{
    // Under CGI a request header "Proxy:" arrives as HTTP_PROXY ("httpoxy"), so only the lower-case form counts there.
    const bool cgi = std::getenv("REQUEST_METHOD") != nullptr;
    const std::string all = environment("all_proxy", "ALL_PROXY");
    const std::string http = environment("http_proxy", cgi ? nullptr : "HTTP_PROXY");
    const std::string https = environment("https_proxy", "HTTPS_PROXY");
    auto httpHop = hopFrom(http.empty() ? all : http, "HTTP_PROXY");
    if (!httpHop)
        return httpHop.error();
    auto httpsHop = hopFrom(https.empty() ? all : https, "HTTPS_PROXY");
    if (!httpsHop)
        return httpsHop.error();
    return ForwardProxy{std::move(*httpHop), std::move(*httpsHop), listFrom(environment("no_proxy", "NO_PROXY"))};
}

} // namespace luthien::proxy
