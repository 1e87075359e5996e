// SPDX-License-Identifier: Apache-2.0
// What reading a reply costs per event, from the bytes of a read to the folded reply, and what checking it costs.
// Prints JSON.
#include "conversation/response.h"
#include "protocol/dialect.h"
#include "protocol/sse_parser.h"
#include "protocol/stream_checker.h"
#include "report.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;

namespace {

constexpr int kEvents = 100'000;
constexpr int kRuns = 7;
constexpr std::size_t kReadBytes = 16 * 1024;

struct Stream
{
    const char* name;
    Api api;
    std::string event;
    std::vector<std::string> opening; ///< the data of what must come before it
};

/// One usual delta of each API, about 170 bytes.
std::vector<Stream> streams()
{
    return {
        {"messages_text",
         Api::AnthropicMessages,
         sseEvent("content_block_delta", R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
                                         R"("text":" a couple of words of text"}          })"),
         {R"({"type":"message_start","message":{"content":[]}})",
          R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"}},
        {"chat_text",
         Api::OpenAiChat,
         sseEvent({}, R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5",)"
                      R"("choices":[{"index":0,"delta":{"content":" words"},"finish_reason":null}]})"),
         {}},
        {"responses_text",
         Api::OpenAiResponses,
         sseEvent("response.output_text.delta",
                  R"({"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,)"
                  R"("content_index":0,"delta":" words"})"),
         {R"({"type":"response.created","response":{}})",
          R"({"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"msg_1"}})",
          R"({"type":"response.content_part.added","output_index":0,"content_index":0,"part":{"type":"output_text"}})"}},
    };
}

enum class Depth { Split, Decode, Fold };

/// Nanoseconds per event of one pass.
double measure(const Stream& stream, const std::string& bytes, Depth depth)
{
    SseParser parser;
    const auto decoder = dialectFor(stream.api).makeDecoder();
    ResponseAssembler assembler;
    std::size_t seen = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t at = 0; at < bytes.size(); at += kReadBytes) {
        for (std::string_view rest = std::string_view(bytes).substr(at, kReadBytes); !rest.empty();) {
            const SseParser::Step step = parser.parse(rest);
            rest.remove_prefix(step.consumed);
            if (step.state != SseParser::State::Event)
                continue;
            ++seen;
            if (depth == Depth::Split)
                continue;
            for (const StreamEvent& event : decoder->decode(step.event.type, step.event.data)) {
                if (depth == Depth::Fold)
                    assembler.apply(event);
            }
        }
    }
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    return seen == kEvents ? took.count() / kEvents : -1; // -1: events were lost, the figure means nothing
}

double best(const Stream& stream, const std::string& bytes, Depth depth)
{
    double least = measure(stream, bytes, depth);
    for (int run = 1; run < kRuns; ++run)
        least = std::min(least, measure(stream, bytes, depth));
    return least;
}

/// Nanoseconds a checker takes for the event; -1 if it finds fault with it.
double checkNanos(const Stream& stream)
{
    SseParser parser;
    const SseParser::Step step = parser.parse(stream.event);
    const auto checker = makeStreamChecker(stream.api);
    double least = 1e9;
    bool isRight = true;
    for (const std::string& data : stream.opening) {
        constexpr std::size_t at = std::string_view("{\"type\":\"").size();
        isRight &= checker->event(std::string_view(data).substr(at, data.find('"', at) - at), data).hasValue();
    }
    for (int run = 0; run < kRuns; ++run) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < kEvents; ++i)
            isRight &= checker->event(step.event.type, step.event.data).hasValue();
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
        least = std::min(least, took.count() / kEvents);
    }
    return isRight ? least : -1;
}

/// A conversation of some turns, about 300 KB, as agents send it again with each call.
std::string longRequest()
{
    std::string body = R"({"model":"m","stream":true,"system":"be kind","messages":[)";
    for (int i = 0; body.size() < 300'000; ++i)
        body += std::string(i == 0 ? "" : ",") + R"({"role":")" + (i % 2 == 0 ? "user" : "assistant") +
                R"(","content":[{"type":"text","text":")" + std::string(1500, 'x') + R"("}]})";
    return body + "]}";
}

double requestMicros(const std::string& body)
{
    double least = 1e9;
    for (int run = 0; run < 30; ++run) {
        const auto begin = std::chrono::steady_clock::now();
        const auto view = dialectFor(Api::AnthropicMessages).parseRequest("/v1/messages", body);
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        least = std::min(least, view && view->messages.size() > 100 ? took.count() : 1e9);
    }
    return least;
}

} // namespace

int main()
{
    bench::Report report;
    for (const Stream& stream : streams()) {
        std::string bytes;
        for (int i = 0; i < kEvents; ++i)
            bytes += stream.event;
        report.beginRow();
        std::printf("{\"stream\":\"%s\",\"event_bytes\":%zu,\"split_ns\":%.0f,\"decode_ns\":%.0f,\"fold_ns\":%.0f,"
                    "\"check_ns\":%.0f}",
                    stream.name, stream.event.size(), best(stream, bytes, Depth::Split),
                    best(stream, bytes, Depth::Decode), best(stream, bytes, Depth::Fold), checkNanos(stream));
    }
    const std::string body = longRequest();
    report.beginRow();
    std::printf("{\"request_bytes\":%zu,\"request_us\":%.0f}", body.size(), requestMicros(body));
    return 0;
}
