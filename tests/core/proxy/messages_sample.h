// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace luthien::test {

// A streamed Messages call as Claude Code and the API would write it.
inline const std::string kBody = R"({"model":"claude-x","stream":true,"messages":[{"role":"user","content":"hello"}]})";
inline const std::string kRequest =
    "POST /v1/messages?beta=true HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nx-api-key: sk-secret\r\n"
    "Accept-Encoding: gzip, br, zstd\r\nConnection: keep-alive\r\nanthropic-version: 2023-06-01\r\n"
    "Content-Length: " +
    std::to_string(kBody.size()) + "\r\n\r\n" + kBody;
inline const std::string kUpstreamHead =
    "POST /v1/messages?beta=true HTTP/1.1\r\nHost: up.test\r\nx-api-key: sk-secret\r\n"
    "Accept-Encoding: gzip, zstd\r\nanthropic-version: 2023-06-01\r\n"
    "Content-Length: " +
    std::to_string(kBody.size()) + "\r\n\r\n";

inline const std::vector<std::string> kEvents = {
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude-x\","
    "\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n",
    "event: content_block_start\ndata: "
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
    "\"text\":\"\"}}\n\n",
    "event: content_block_delta\ndata: "
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
    "\"text\":\"Hi\"}}\n\n",
    ": a comment\n\n",
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
    "{\"output_tokens\":5}}\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
};
inline const std::string kStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nrequest-id: req_1\r\n"
                                       "alt-svc: h3=\":443\"\r\nTransfer-Encoding: chunked\r\n\r\n";

inline std::string chunk(const std::string& bytes)
{
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + bytes + "\r\n";
}

inline std::string joined(const std::vector<std::string>& parts)
{
    std::string all;
    for (const std::string& part : parts)
        all += part;
    return all;
}

inline std::string streamReply()
{
    std::string wire = kStreamHead;
    for (const std::string& event : kEvents)
        wire += chunk(event);
    return wire + "0\r\n\r\n";
}

inline std::string jsonReply(int status, const std::string& body, const std::string& fields = {})
{
    return "HTTP/1.1 " + std::to_string(status) + " Said\r\nContent-Type: application/json\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace luthien::test
