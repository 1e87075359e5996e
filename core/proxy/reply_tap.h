// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sha256.h"
#include "conversation/reply_account.h"
#include "policy/stream_gate.h"
#include "protocol/content_coding.h"
#include "protocol/dialect.h"
#include "protocol/http_message.h"
#include "protocol/stream_framer.h"
#include "proxy/call_recorder.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::proxy {

/// Takes each event of a reply, complete, after it was recorded.
class ReplyListener
{
public:
    virtual ~ReplyListener() = default;
    /// seq is the number it was recorded under.
    virtual void replyEvent(const policy::GatedEvent& event, std::uint32_t seq) = 0;
};

/// Watches one reply go by: splits it into events, decodes what they mean, records them, folds them into the response.
/// Compressed replies are recorded decoded (docs/decisions/0004-record-decoded-replies.md). Thread: the worker.
class ReplyTap
{
public:
    /// listener may be null: then nothing is kept but the record.
    ReplyTap(CallRecorder& recorder, const protocol::Dialect& dialect, Metrics& metrics, ReplyListener* listener);

    /// connectTime: what it took to reach the upstream, absent = a connection was there already.
    void head(const protocol::ResponseHead& head, bool isStreamAsked = false,
              std::optional<std::chrono::microseconds> connectTime = {});
    /// Some body bytes as they came from the upstream.
    void body(std::string_view bytes);
    /// The body is over, as its framing promised.
    void finish();
    /// The body stopped in the middle.
    void cut();
    /// Another reply to the same call follows: bytes, digest and usage go on from this one's, all else begins anew.
    void startAgain();

    /// True if it comes in events, whatever their form.
    [[nodiscard]] bool isEventStream() const noexcept { return m_framer.has_value(); }
    /// Of one that comes in events.
    [[nodiscard]] conversation::StreamForm streamForm() const noexcept { return m_framer->form(); }
    /// True if a stream that ends here was cut.
    [[nodiscard]] bool isInsideEvent() const noexcept { return m_framer && m_framer->isInsideEvent(); }
    /// What ends a stream after what has gone by so far; see StreamFramer.
    [[nodiscard]] std::string errorEnding(const protocol::HttpError& error) const;
    /// True if the reply ended before the API's own last event: a cut that the framing hides.
    [[nodiscard]] bool lacksItsEnd() const;
    /// True if a stream has brought the API's own last event: nothing can be missing, however the connection ends.
    [[nodiscard]] bool hasItsEnd() const;
    /// False = what goes by is not understood; a gate cannot judge it.
    [[nodiscard]] bool isReadable() const noexcept { return m_readable; }
    [[nodiscard]] bool isDecoding() const noexcept { return m_contentDecoder.has_value(); }
    /// Body bytes so far, content coding removed where we can.
    [[nodiscard]] std::uint64_t decodedBytes() const noexcept { return m_decodedBytes; }
    [[nodiscard]] const conversation::Response& response() const noexcept { return m_account.response(); }
    /// Puts in what the reply said: usage, stop, model, times, totals. Views are valid as long as the tap.
    void describe(conversation::CallEnded& ended);

private:
    void readable(std::string_view bytes);
    void streamed(std::string_view bytes);
    void streamEvent(const protocol::SseEvent& event, std::string_view bytes);
    void wholeBody(std::string_view lastPart);
    void finishStream();
    void apply(std::span<const conversation::StreamEvent> meaning);
    void stopReading();

    CallRecorder& m_recorder;
    const protocol::Dialect& m_dialect;
    Metrics& m_metrics;
    ReplyListener* m_listener;

    bool m_readable = true;                  ///< false = recorded without meaning
    std::optional<std::uint64_t> m_wholeEnd; ///< m_bytes at the end of an uncompressed whole body that announced it
    std::optional<protocol::ContentDecoder> m_contentDecoder;
    std::optional<protocol::StreamFramer> m_framer; ///< of a reply that comes in events
    std::unique_ptr<protocol::StreamDecoder> m_decoder;
    conversation::ReplyAccount m_account;
    std::string m_kept; ///< a whole body; of a stream the unfinished event, for the listener
    bool m_sawEvents = false;
    bool m_wholeDone = false;
    bool m_hasBody = false;

    Sha256 m_digest;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_decodedBytes = 0;
};

} // namespace luthien::proxy
