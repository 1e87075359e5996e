// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"
#include "conversation/reply_review.h"
#include "conversation/stream_form.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace luthien::protocol {

/// One event of a reply as it came: an event of a stream (see StreamFramer), or a whole body (type empty, data ==
/// bytes).
struct ReplyEvent
{
    std::string_view type; ///< "event:" line; empty = none
    std::string_view data;
    std::string_view bytes;
    bool hasData = true; ///< false = a comment or an empty event
};

/// Where an editor puts what the client gets, in order.
class EditedReply
{
public:
    virtual ~EditedReply() = default;

    /// An event leaves exactly as it came.
    virtual void keep(const ReplyEvent& event) = 0;
    /// Something leaves that did not come so: one event of the wire, or a whole body.
    virtual void put(std::string_view type, std::string_view data, std::string_view bytes) = 0;
    /// That many received bytes do not leave as they came.
    virtual void lose(std::size_t bytes) = 0;
};

/// Carries a review's answers out on one reply, by the rules that clients of its API need: calls that were blocked
/// become text, numbers have no gaps, the stop reason fits what is left, exactly one terminal event. What no answer
/// changes leaves byte for byte. Reads every event strictly (duplicate members, invalid UTF-8, lone surrogates,
/// trailing bytes, a type that contradicts its event line): what clients could read in two ways is an error.
/// Errors mean that the reply cannot be judged: the caller ends it, and nothing that is held may leave.
/// Source: wire formats and traps in docs/policies.md. Thread: one at a time.
class ReplyEditor
{
public:
    virtual ~ReplyEditor() = default;

    [[nodiscard]] virtual Result<void> event(const ReplyEvent& event, EditedReply& out) = 0;
    /// Asks again for the answers that were not known yet.
    [[nodiscard]] virtual Result<void> resume(EditedReply& out) = 0;
    /// The reply is complete. Errors: InvalidInput if something is held that the reply never finished.
    [[nodiscard]] virtual Result<void> end(EditedReply& out) = 0;

    [[nodiscard]] virtual bool isHolding() const noexcept = 0;
    [[nodiscard]] virtual std::size_t heldBytes() const noexcept = 0;
};

/// An editor for streams of that API; null if we have none. review outlives the editor.
[[nodiscard]] std::unique_ptr<ReplyEditor>
makeStreamEditor(conversation::Api api, conversation::ReplyReview& review,
                 conversation::StreamForm form = conversation::StreamForm::EventStream);
/// An editor for whole bodies of that API, given as one event; null if we have none.
[[nodiscard]] std::unique_ptr<ReplyEditor> makeBodyEditor(conversation::Api api, conversation::ReplyReview& review);
/// True if both exist.
[[nodiscard]] bool canEdit(conversation::Api api) noexcept;

} // namespace luthien::protocol
