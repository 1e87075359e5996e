// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/response.h"
#include "protocol/dialect.h"
#include "protocol/stream_framer.h"
#include "proxy/call_recorder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace luthien::proxy {

/// Where bytes that leave come from.
enum class Source : std::uint8_t { Upstream, Proxy };

/// Reads what the client of a judged reply gets, from the bytes themselves, as a client would: records what did not
/// come so and folds all of it. Thread: the worker.
class SentReply
{
public:
    SentReply(CallRecorder& recorder, const protocol::Dialect& dialect);

    /// Before the first event of a stream of another form than server-sent events.
    void setForm(conversation::StreamForm form) { m_framer = protocol::StreamFramer(form); }
    /// The next bytes of a stream, complete events or keep-alives.
    void events(std::string_view bytes, Source source);
    void whole(std::string_view body, Source source);

    /// Wire bytes that mean nothing to the client.
    [[nodiscard]] std::string_view keepalive() const noexcept;
    /// What ends the stream after what the client got so far; see StreamFramer.
    [[nodiscard]] std::string errorEnding(const protocol::HttpError& error) const;

    /// What the client got so far; null if it is too large to be folded.
    [[nodiscard]] const conversation::Response* response() const noexcept;

private:
    void take(std::string_view bytes, Source source, std::span<const conversation::StreamEvent> meaning);

    CallRecorder& m_recorder;
    const protocol::Dialect& m_dialect;
    protocol::StreamFramer m_framer{conversation::StreamForm::EventStream};
    std::unique_ptr<protocol::StreamDecoder> m_decoder;
    conversation::ResponseAssembler m_assembler;
};

} // namespace luthien::proxy
