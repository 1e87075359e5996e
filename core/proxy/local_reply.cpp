// SPDX-License-Identifier: Apache-2.0
#include "proxy/local_reply.h"

#include "protocol/dialect.h"

namespace luthien::proxy {

std::string_view reasonPhrase(unsigned status) noexcept
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 426:
        return "Upgrade Required";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Error";
    }
}

std::string toWire(const LocalReply& reply)
{
    std::string wire = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
    wire += reasonPhrase(reply.status);
    wire += "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n";
    if (!reply.call.isNil())
        wire += "x-luthien-call-id: " + reply.call.toString() + "\r\n";
    if (reply.status >= 400 && reply.status < 500 && reply.status != 408)
        wire += "x-should-retry: false\r\n";
    if (reply.status == 503)
        wire += "retry-after: 1\r\n";
    if (reply.status == 426)
        wire += "Upgrade: HTTP/1.1\r\nConnection: Upgrade, close\r\n";
    else if (reply.after == AfterReply::Close)
        wire += "Connection: close\r\n";
    wire += "\r\n";
    if (!reply.isHead)
        wire += reply.body;
    return wire;
}

LocalReply errorReply(conversation::Api api, const protocol::HttpError& error, CallId call)
{
    const std::string id = call.isNil() ? std::string() : call.toString();
    return {.status = error.status,
            .body = protocol::dialectFor(api).errorBody(error.status, error.code, error.message, id),
            .call = call,
            .isHead = false,
            .after = AfterReply::KeepOpen};
}

} // namespace luthien::proxy
