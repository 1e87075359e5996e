// SPDX-License-Identifier: Apache-2.0
#include "proxy/request_intake.h"

#include "protocol/content_coding.h"
#include "protocol/dialect.h"
#include "protocol/identity.h"
#include "protocol/query.h"
#include "protocol/redaction.h"
#include "proxy/access.h"
#include "proxy/trial_chains.h"

#include <algorithm>
#include <array>

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
    own.fields.remove(kTrialField);
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

protocol::RequestView viewOf(const PreparedCall& call, std::string_view target)
{
    if (call.route.api == conversation::Api::Other || call.readableBody().empty())
        return {};
    auto view = protocol::dialectFor(call.route.api).parseRequest(target, call.readableBody());
    // A body the API itself will refuse is still a call worth recording.
    return view ? std::move(*view) : protocol::RequestView{};
}

/// The fields that say who asks and who pays. Source: the providers' API references, authentication.
constexpr std::array<std::string_view, 8> kCredentialFields = {
    "authorization",  "x-api-key",           "api-key",        "x-goog-api-key",
    "anthropic-beta", "openai-organization", "openai-project", "chatgpt-account-id"};

std::vector<protocol::Field> credentialsIn(const PreparedCall& call, RequestHead head)
{
    removeClientToken(call.snapshot->clients, head);
    std::vector<protocol::Field> found;
    for (const protocol::Field& field : head.fields.all()) {
        const auto isField = [&](std::string_view name) { return protocol::equalsIgnoringCase(name, field.name); };
        if (std::ranges::any_of(kCredentialFields, isField))
            found.push_back(field);
    }
    (void)protocol::withoutParameters(head.target, [&](const std::string& name, const std::string& value) {
        if (name == kKeyParameter)
            found.push_back({"x-goog-api-key", value});
        return false;
    });
    return found;
}

/// Bytes of was that are not the same at the beginning or the end of is.
std::size_t changedBytes(std::string_view was, std::string_view is)
{
    const auto shorter = std::min(was.size(), is.size());
    const auto front = static_cast<std::size_t>(
        std::mismatch(was.begin(), was.begin() + static_cast<std::ptrdiff_t>(shorter), is.begin()).first - was.begin());
    std::size_t back = 0;
    while (back < shorter - front && was[was.size() - 1 - back] == is[is.size() - 1 - back])
        ++back;
    return std::max<std::size_t>(was.size() - front - back, 1); // what is only added changes a body too
}

/// The head's lines without those that speak of the body that was.
std::string withoutBodyFields(std::string_view head)
{
    constexpr std::array<std::string_view, 5> kFields = {"content-length", "content-encoding", "content-md5",
                                                         "content-digest", "digest"};
    std::string kept;
    while (!head.empty() && head != "\r\n") {
        const std::string_view line = head.substr(0, head.find("\r\n") + 2);
        head.remove_prefix(line.size());
        const auto isField = [name = line.substr(0, line.find(':'))](std::string_view field) {
            return protocol::equalsIgnoringCase(field, name);
        };
        if (std::ranges::none_of(kFields, isField))
            kept += line;
    }
    return kept;
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
    protocol::RequestView view = viewOf(*call, head.target);
    call->identity = protocol::identify(call->route.api, head.fields, view);
    call->model = std::move(view.model);
    call->preview = std::move(view.preview);
    call->stream = view.stream;
    call->messages = std::move(view.messages);
    call->upstreamHead = upstreamHead(*call, head, forwardProxy);
    if (const auto& gates = call->snapshot->gates; gates && gates->concerns(call->route.api))
        call->credentials = credentialsIn(*call, head);
    return call;
}

void replaceBody(PreparedCall& call, std::string body)
{
    call.totals.changedBytes =
        std::max<std::uint64_t>(call.totals.changedBytes, changedBytes(call.readableBody(), body));
    call.body = std::move(body);
    call.decodedBody = {};
    call.wasCompressed = false;
    call.messages = viewOf(call, call.path).messages;
    call.upstreamHead =
        withoutBodyFields(call.upstreamHead) + "Content-Length: " + std::to_string(call.body.size()) + "\r\n\r\n";
}

} // namespace luthien::proxy
