// SPDX-License-Identifier: Apache-2.0
#include "live/live_event.h"

namespace luthien::live {

using conversation::EventKind;

Opened opened(const conversation::CallOpened& event)
{
    return {.call = event.call,
            .at = event.at,
            .identity = event.identity,
            .api = event.api,
            .upstream = std::string(event.upstream),
            .method = std::string(event.method),
            .path = std::string(event.path),
            .model = std::string(event.model),
            .preview = std::string(event.preview),
            .stream = event.stream,
            .cause = event.cause,
            .causePolicy = std::string(event.causePolicy)};
}

Requested requested(const conversation::RequestRecorded& event)
{
    return {.call = event.call, .seq = event.seq, .at = event.at};
}

Delta delta(const conversation::WireEvent& wire, const conversation::StreamEvent& step)
{
    return {.call = wire.call,
            .firstSeq = wire.seq,
            .seq = wire.seq,
            .at = wire.at,
            .direction = wire.direction,
            .kind = step.kind,
            .choice = step.choice,
            .block = step.block,
            .executor = step.executor,
            .isRefusal = step.isRefusal,
            .replaces = step.replaces,
            .id = std::string(step.id),
            .name = std::string(step.name),
            .text = std::string(step.text),
            .usage = step.usage,
            .stopReason = step.stopReason,
            .rawStopReason = std::string(step.rawStopReason)};
}

Ended ended(const conversation::CallEnded& event)
{
    return {.call = event.call,
            .seq = event.seq,
            .at = event.at,
            .status = event.status,
            .httpStatus = event.httpStatus,
            .stopReason = event.stopReason,
            .rawStopReason = std::string(event.rawStopReason),
            .usage = event.usage,
            .model = std::string(event.model),
            .error = std::string(event.error),
            .costNanoUsd = event.costNanoUsd};
}

CallId callOf(const Event& event) noexcept
{
    return std::visit(
        [](const auto& known) {
            if constexpr (requires { known.call; })
                return known.call;
            else if constexpr (requires { known.decision; })
                return known.decision.call;
            else
                return CallId();
        },
        event);
}

bool isContinuation(const Delta& pending, const Delta& step) noexcept
{
    const bool growsText =
        step.kind == EventKind::Text || step.kind == EventKind::Thinking || step.kind == EventKind::ToolArgs;
    return growsText && !step.replaces && pending.kind == step.kind && pending.direction == step.direction &&
           pending.choice == step.choice && pending.block == step.block && pending.isRefusal == step.isRefusal;
}

} // namespace luthien::live
