// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"
#include "conversation/call_event.h"
#include "conversation/response.h"
#include "conversation/stream_event.h"
#include "conversation/stream_form.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::protocol {

/// What the proxy must know of a request, as views into its body.
struct RequestView
{
    std::string model; ///< unescaped; empty = not named, or more than once
    bool stream = false;
    std::vector<conversation::Span> messages; ///< one for each message or input item; see RequestRecorded
    std::string preview;                      ///< first real user text, at most 200 bytes, cut at a character
    /// What a session is derived from when the client names none: the system text's beginning and the first user
    /// message, each bounded.
    std::string systemPrefix;
    std::string firstUserText;
    // Identity hints of the body, as they came; identity.h orders and checks them.
    std::string userId;             ///< Anthropic metadata.user_id, OpenAI user / safety_identifier
    std::string sessionHint;        ///< metadata.session_id, session_id, litellm_session_id, conversation (id), ...
    std::string promptCacheKey;     ///< OpenAI
    std::string previousResponseId; ///< OpenAI Responses: the history is not in the request
};

/// A reply that comes in events. One per call. Thread: one at a time.
class StreamDecoder
{
public:
    virtual ~StreamDecoder() = default;

    /// One event of the wire: its type ("event:" line, or empty) and its data. The span and all views in it are valid
    /// until the next call. Never fails: what cannot be read is Framing, and sawGarbage() turns true.
    [[nodiscard]] virtual std::span<const conversation::StreamEvent> decode(std::string_view type,
                                                                            std::string_view data) = 0;
    /// True once the reply's own terminal event was seen (message_stop, [DONE], response.completed, an error).
    [[nodiscard]] virtual bool isComplete() const noexcept = 0;
    [[nodiscard]] virtual bool sawGarbage() const noexcept = 0;
};

/// Everything that is particular to one API's wire format. Stateless and shared. Thread: any.
class Dialect
{
public:
    virtual ~Dialect() = default;

    [[nodiscard]] virtual conversation::Api api() const noexcept = 0;

    /// Reads a whole request body (already decompressed). path is the request path with query.
    /// Errors: InvalidInput for what is not one JSON object; odd members are ignored, not refused.
    [[nodiscard]] virtual Result<RequestView> parseRequest(std::string_view path, std::string_view body) const = 0;

    /// The blocks of one message span of a request, for display; what is not understood becomes Opaque.
    [[nodiscard]] virtual conversation::Role parseMessage(std::string_view json,
                                                          std::vector<conversation::Block>& blocks) const = 0;

    /// How a reply of that content type comes, read as the clients of this API read it; nothing = as a whole body.
    [[nodiscard]] virtual std::optional<conversation::StreamForm> streamForm(std::string_view contentType,
                                                                             bool isStreamAsked) const noexcept;

    [[nodiscard]] virtual std::unique_ptr<StreamDecoder> makeDecoder() const = 0;

    /// A whole (non-streamed) reply as the events its stream would have carried. Views are valid as long as decoder.
    [[nodiscard]] virtual std::unique_ptr<StreamDecoder>
    decodeBody(std::string_view body, std::vector<conversation::StreamEvent>& events) const = 0;

    /// The body of an error reply as this API's clients expect it. code is our stable word ("payload_too_large").
    [[nodiscard]] virtual std::string errorBody(unsigned httpStatus, std::string_view code, std::string_view message,
                                                std::string_view requestId) const = 0;
    /// Complete events, or lines, that end a stream already begun with an error the clients of this API notice.
    [[nodiscard]] virtual std::string errorEvent(std::string_view code, std::string_view message) const = 0;
    /// Wire bytes that keep a quiet event stream alive and mean nothing.
    [[nodiscard]] virtual std::string_view keepalive() const noexcept = 0;
};

/// The dialect of an API; a pass-through one (forwards, understands nothing) for those not read yet.
[[nodiscard]] const Dialect& dialectFor(conversation::Api api) noexcept;

} // namespace luthien::protocol
