// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/stream_event.h"

#include <string>
#include <string_view>
#include <vector>

namespace luthien::conversation {

/// What a model answered: the fold of a reply's events.
struct Response
{
    std::string id;
    std::string model;
    std::vector<Block> blocks; ///< in order of first appearance, all choices
    StopReason stopReason = StopReason::None;
    std::string rawStopReason;               ///< of the first choice
    std::vector<std::string> rawStopReasons; ///< one for each choice; size 1 unless Chat's n > 1
    Usage usage;
    std::string error; ///< message of an error inside the stream; empty = none

    bool operator==(const Response&) const = default;
};

/// The stored form: one JSON object, members in a fixed order, so that equal responses give equal bytes.
[[nodiscard]] std::string toJson(const Response& response);
/// Reads what toJson writes. Errors: InvalidInput.
[[nodiscard]] Result<Response> responseFromJson(std::string_view text);

/// A whole body, or a reply's text, beyond this is recorded but not understood.
inline constexpr std::size_t kMaxUnderstoodBytes = 16 * 1024 * 1024;

/// Folds stream events into a Response. Total: any order of events is taken. Thread: one at a time.
class ResponseAssembler
{
public:
    void apply(const StreamEvent& event);
    [[nodiscard]] const Response& response() const noexcept { return m_response; }
    /// Bytes of text held, for the caller's bound.
    [[nodiscard]] std::size_t heldBytes() const noexcept { return m_heldBytes; }

private:
    Block& blockAt(const StreamEvent& event, BlockKind kind);
    void addText(const StreamEvent& event, BlockKind kind);
    void startTool(const StreamEvent& event);
    void setOpaque(const StreamEvent& event);
    void stop(const StreamEvent& event);

    Response m_response;
    std::vector<std::size_t> m_slots; ///< canonical block number -> position in m_response.blocks
    std::size_t m_heldBytes = 0;
};

} // namespace luthien::conversation
