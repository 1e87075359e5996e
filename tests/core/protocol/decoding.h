// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/response.h"
#include "protocol/dialect.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace luthien::test {

/// The events a decoder gives, one line each: "kind block text id name", so that a test reads like a transcript.
class Transcript
{
public:
    explicit Transcript(conversation::Api api)
        : m_decoder(protocol::dialectFor(api).makeDecoder())
    {
    }

    /// Decodes one event and returns its lines.
    std::string feed(std::string_view data, std::string_view type = {})
    {
        std::string lines;
        for (const conversation::StreamEvent& event : m_decoder->decode(type, data)) {
            m_assembler.apply(event);
            lines += lines.empty() ? "" : "; ";
            lines += lineOf(event);
        }
        return lines;
    }
    [[nodiscard]] const conversation::Response& response() const { return m_assembler.response(); }
    [[nodiscard]] const protocol::StreamDecoder& decoder() const { return *m_decoder; }

private:
    static std::string lineOf(const conversation::StreamEvent& event)
    {
        using conversation::EventKind;
        const std::string block = " " + std::to_string(event.block);
        const std::string mode = event.replaces ? "=" : "+";
        const std::string text(event.text);
        switch (event.kind) {
        case EventKind::Start:
            return "start " + std::string(event.id) + " " + std::string(event.name);
        case EventKind::Text:
            return (event.isRefusal ? "refusal" : "text") + block + mode + text;
        case EventKind::Thinking:
            return "thinking" + block + mode + text;
        case EventKind::ToolStart:
            return "tool" + block + " " + std::string(event.id) + " " + std::string(event.name) + " " +
                   std::string(conversation::executorName(event.executor));
        case EventKind::ToolArgs:
            return "args" + block + mode + text;
        case EventKind::ToolEnd:
            return "end" + block;
        case EventKind::Opaque:
            return "opaque" + block + " " + std::string(event.name);
        case EventKind::Usage:
            return "usage";
        case EventKind::Stop:
            return "stop " + std::to_string(event.choice) + " " +
                   std::string(conversation::stopReasonName(event.stopReason)) + " " + std::string(event.rawStopReason);
        case EventKind::Error:
            return "error " + std::string(event.name) + ": " + text;
        case EventKind::Keepalive:
            return "keepalive";
        case EventKind::Framing:
            return "framing";
        }
        return {};
    }

    std::unique_ptr<protocol::StreamDecoder> m_decoder;
    conversation::ResponseAssembler m_assembler;
};

} // namespace luthien::test
