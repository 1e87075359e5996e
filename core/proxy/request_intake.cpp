// SPDX-License-Identifier: Apache-2.0
#include "proxy/request_intake.h"

#include "protocol/content_coding.h"
#include "protocol/dialect.h"
#include "protocol/identity.h"
#include "protocol/query.h"
#include "protocol/redaction.h"
#include "proxy/access.h"

#include <algorithm>

namespace luthien::proxy {

namespace {
using protocol::Fields;
using protocol::RequestHead;

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void setCredential(RequestHead& head, const Upstream& upstream)
{
    if (!upstream.credential)
        return;
    Fields& fields = head.fields;
    for (const std::string_view name : {"authorization", "x-api-key", "api-key", "x-goog-api-key"})
        fields.remove(name);
    switch (upstream.api) {
    case ApiFamily::Anthropic:
        fields.add("x-api-key", *upstream.credential);
        break;
    case ApiFamily::Gemini:
        head.target = protocol::withoutParameters(
            head.target, [](const std::string& name, const std::string&) { return name == kKeyParameter; });
        fields.add("x-goog-api-key", *upstream.credential);
        break;
    case ApiFamily::OpenAi:
    case ApiFamily::Ollama:
    case ApiFamily::Other:
        fields.add("authorization", "Bearer " + *upstream.credential);
        break;
    }
}

/// The client's head as the upstream gets it, framing and Host aside.
RequestHead upstreamRequest(const PreparedCall& call, const RequestHead& head)
{
    RequestHead own{.method = head.method, .target = call.route.target, .fields = head.fields};
    removeClientToken(call.snapshot->clients, own);
    protocol::removeHopByHop(own.fields);
    own.fields.remove("host");
    own.fields.remove("expect");
    if (own.fields.has("accept-encoding"))
        own.fields.set("accept-encoding", acceptableCodings(own.fields.value("accept-encoding")));
    setCredential(own, *call.route.upstream);
    return own;
}

/// The head as it goes upstream. To a plain-HTTP upstream behind a forward proxy the target is in absolute form.
std::string upstreamHead(const PreparedCall& call, const RequestHead& head, const ForwardProxy& forwardProxy)
{
    const Origin& origin = call.route.upstream->baseUrl.origin;
    const ForwardProxy::Hop* hop = origin.tls ? nullptr : forwardProxy.hopFor(origin);
    const RequestHead own = upstreamRequest(call, head);
    std::string wire = own.method + ' ';
    if (hop)
        wire += "http://" + origin.authority();
    wire += own.target + " HTTP/1.1\r\nHost: " + origin.authority() + "\r\n";
    if (hop && !hop->authorization.empty())
        wire += "Proxy-Authorization: " + hop->authorization + "\r\n";
    for (const protocol::Field& field : own.fields.all()) {
        wire += field.name;
        wire += ": ";
        wire += field.value;
        wire += "\r\n";
    }
    if (head.framing != protocol::BodyFraming::None)
        wire += "Content-Length: " + std::to_string(call.body.size()) + "\r\n";
    wire += "\r\n";
    return wire;
}

/// Decodes a copy for the record and the policies; what cannot be decoded is recorded as it is.
void decodeCopy(PreparedCall& call, const Fields& fields)
{
    if (!fields.has("content-encoding") || call.body.empty())
        return;
    const bool isOne = fields.count("content-encoding") == 1;
    const auto coding = isOne ? protocol::contentCodingFromName(fields.value("content-encoding")) : std::nullopt;
    if (coding == protocol::ContentCoding::Identity)
        return;
    call.isBodyReadable = false;
    if (!coding)
        return;
    protocol::ContentDecoder decoder(*coding, call.snapshot->limits.requestBodyBytes);
    std::string decoded;
    if (decoder.decode(call.body, decoded) && decoder.finish()) {
        call.decodedBody = std::move(decoded);
        call.wasCompressed = true;
        call.isBodyReadable = true;
    }
}

protocol::RequestView viewOf(const PreparedCall& call, const RequestHead& head)
{
    if (call.route.api == conversation::Api::Other || call.readableBody().empty())
        return {};
    auto view = protocol::dialectFor(call.route.api).parseRequest(head.target, call.readableBody());
    // A body the API itself will refuse is still a call worth recording.
    return view ? std::move(*view) : protocol::RequestView{};
}
} // namespace

std::string acceptableCodings(std::string_view offered)
{
    std::string kept;
    while (!offered.empty()) {
        const auto comma = std::min(offered.find(','), offered.size());
        const std::string_view item = trimmed(offered.substr(0, comma));
        offered.remove_prefix(std::min(comma + 1, offered.size()));
        const std::string_view name = trimmed(item.substr(0, item.find(';')));
        if (name.empty() || name == "*" || !protocol::contentCodingFromName(name))
            continue;
        if (!kept.empty())
            kept += ", ";
        kept += item;
    }
    return kept.empty() ? "identity" : kept;
}

std::unique_ptr<PreparedCall> prepareCall(std::shared_ptr<const ProxySnapshot> snapshot,
                                          const ForwardProxy& forwardProxy, CallId id, Route route,
                                          const RequestHead& head, std::string body)
{
    auto call = std::make_unique<PreparedCall>();
    call->id = id;
    call->snapshot = std::move(snapshot);
    call->route = std::move(route);
    call->method = head.method;
    call->clientMinorVersion = head.minorVersion;
    call->keepClient = head.keepAlive && head.minorVersion >= 1;
    call->body = std::move(body);
    call->path = protocol::redactTarget(head.target);
    call->headJson = protocol::requestHeadJson(head);
    call->totals = {.bytes = call->body.size(), .changedBytes = 0, .sha256 = Sha256::of(call->body)};
    decodeCopy(*call, head.fields);
    protocol::RequestView view = viewOf(*call, head);
    call->identity = protocol::identify(call->route.api, head.fields, view);
    call->model = std::move(view.model);
    call->preview = std::move(view.preview);
    call->stream = view.stream;
    call->messages = std::move(view.messages);
    call->upstreamHead = upstreamHead(*call, head, forwardProxy);
    return call;
}

} // namespace luthien::proxy
