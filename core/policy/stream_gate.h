// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "conversation/api.h"
#include "conversation/identity.h"
#include "conversation/stream_event.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace luthien::policy {

/// One event of a reply as it came: what a gate decides about. A whole (non-streamed) reply is one such event.
/// The views are valid during the call only.
struct GatedEvent
{
    std::uint32_t seq = 0;
    std::string_view type; ///< SSE "event:" line; empty = none, or a whole body
    std::string_view data; ///< SSE data, or the whole body
    std::string_view bytes;
    std::span<const conversation::StreamEvent> meaning;
};

enum class GateAction : std::uint8_t {
    Forward, ///< leaves as it came; never overtakes what is held before it
    Hold,    ///< stays until released; so does everything behind it
    Replace, ///< GateAnswer::replacement leaves in its place; empty = nothing does
};

struct GateAnswer
{
    GateAction action = GateAction::Forward;
    std::string replacement;
};

enum class ReleasedBy : std::uint8_t { Policy, Person };

/// Lets go of what is held.
struct GateRelease
{
    std::uint32_t throughSeq = 0; ///< this event and everything held before it
    ReleasedBy by = ReleasedBy::Policy;
    std::optional<std::string> replacement; ///< leaves instead of all of it; absent = as it came
};

/// What a gate may know of the call it guards. Views are valid during GateFactory::open only.
struct GatedCall
{
    CallId call;
    conversation::Api api = conversation::Api::Other;
    const conversation::Identity& identity;
    std::string_view upstream;
    std::string_view model;
    std::string_view requestBody; ///< decoded
    bool stream = false;
};

/// Stands between one reply and the client. Thread: the call's worker only; lives as long as the call.
class StreamGate
{
public:
    virtual ~StreamGate();

    [[nodiscard]] virtual GateAnswer judge(const GatedEvent& event) = 0;
    /// The reply is complete and nothing more will be judged: what is held now must be released in time.
    virtual void replyEnded() = 0;
};

/// Releases events of one call. May be called from any thread and after the call has ended (then it does nothing); from
/// inside judge() it takes effect after the answer.
using ReleaseFunction = std::function<void(GateRelease)>;

/// Makes the gate of each call. Immutable, part of the snapshot. Thread: any.
class GateFactory
{
public:
    virtual ~GateFactory();

    /// Null = no policy is interested in this call: its reply passes with no further cost.
    [[nodiscard]] virtual std::unique_ptr<StreamGate> open(const GatedCall& call, ReleaseFunction release) const = 0;
};

} // namespace luthien::policy
