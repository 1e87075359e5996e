// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "conversation/call_event.h"
#include "conversation/identity.h"
#include "protocol/http_message.h"
#include "proxy/routes.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::proxy {

/// One request, complete and ready to go upstream, with all that the record wants to know of it.
struct PreparedCall
{
    CallId id;
    std::shared_ptr<const ProxySnapshot> snapshot; ///< what this call goes by to its end; keeps route.upstream alive
    Route route;
    std::string method;
    int clientMinorVersion = 1;
    bool keepClient = true; ///< the client connection may carry another request

    std::string upstreamHead; ///< wire bytes
    std::string body;         ///< as it came; goes upstream byte for byte

    conversation::Identity identity;
    std::string path;     ///< without credentials
    std::string headJson; ///< without credentials
    std::string model;
    std::string preview;
    bool stream = false;
    bool wasCompressed = false;
    std::string decodedBody;    ///< if wasCompressed
    bool isBodyReadable = true; ///< false = its content coding is unknown, several, or broken
    std::vector<conversation::Span> messages;
    conversation::BodyTotals totals;

    /// A call of our own: the one it is made for, and by which policy.
    CallId cause;
    std::string causePolicy;
    /// What the client proves itself to its provider with, and to whom it pays: for questions to models on its behalf.
    /// Only where policies may ask; never recorded.
    std::vector<protocol::Field> credentials;

    [[nodiscard]] std::string_view readableBody() const noexcept { return wasCompressed ? decodedBody : body; }
};

/// Whether the reply may come in codings we read, or only in none: a gate forwards what it has decoded.
[[nodiscard]] std::string acceptableCodings(std::string_view offered);

/// The request goes upstream with another body, not compressed; its head fits it.
void replaceBody(PreparedCall& call, std::string body);

/// Turns a whole request into a call. Header changes are a closed list: the hop-by-hop fields, Host, Content-Length,
/// Expect, our own token, a configured credential, and Accept-Encoding without the codings we cannot read.
[[nodiscard]] std::unique_ptr<PreparedCall> prepareCall(std::shared_ptr<const ProxySnapshot> snapshot,
                                                        const ForwardProxy& forwardProxy, CallId id, Route route,
                                                        const protocol::RequestHead& head, std::string body);

} // namespace luthien::proxy
