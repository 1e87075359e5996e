// SPDX-License-Identifier: Apache-2.0
#include "support/stream_checker.h"

#include "protocol/sse_parser.h"
#include "protocol/stream_checker.h"

#include <boost/json.hpp>

namespace luthien::test {

namespace json = boost::json;

std::vector<SentEvent> splitEvents(std::string_view bytes)
{
    std::vector<SentEvent> events;
    protocol::SseParser parser;
    while (!bytes.empty()) {
        const auto step = parser.parse(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.state == protocol::SseParser::State::Event && step.event.hasData)
            events.push_back({std::string(step.event.type), std::string(step.event.data)});
    }
    return events;
}

std::vector<SentEvent> splitReply(std::string_view kind, std::string_view bytes)
{
    if (kind == "sse")
        return splitEvents(bytes);
    std::vector<SentEvent> events;
    if (kind == "ndjson") {
        while (!bytes.empty()) {
            const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1);
            events.push_back({{}, std::string(bytes.substr(0, end + 1))});
            bytes.remove_prefix(end + 1);
        }
    } else if (kind == "json-array-stream") {
        const json::value list = json::parse({bytes.data(), bytes.size()});
        for (const json::value& element : list.as_array())
            events.push_back({{}, json::serialize(element)});
    } else {
        events.push_back({{}, std::string(bytes)});
    }
    return events;
}

QString breach(conversation::Api api, const std::vector<SentEvent>& events)
{
    const auto checker = protocol::makeStreamChecker(api);
    for (const SentEvent& event : events) {
        if (const Result<void> checked = checker->event(event.type, event.data); !checked)
            return QString::fromStdString(checked.error().message + " " + event.data);
    }
    const Result<void> ended = checker->end();
    return ended ? QString() : QString::fromStdString(ended.error().message);
}

} // namespace luthien::test
