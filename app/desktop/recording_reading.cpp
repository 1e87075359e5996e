// SPDX-License-Identifier: Apache-2.0
#include "desktop/recording_reading.h"

#include "archive/recorded_reply.h"
#include "desktop/call_reading.h"

#include <algorithm>

namespace luthien::desktop {

using namespace conversation;

namespace {
constexpr std::uint32_t kDecisions = 100;
constexpr std::size_t kMostSteps = 200'000;

live::Opened openedOf(const store::CallRow& call)
{
    return {.call = call.id,
            .at = call.startedAt,
            .identity = call.identity,
            .api = call.api,
            .upstream = call.upstream,
            .method = call.method,
            .path = call.path,
            .model = call.model,
            .preview = call.preview,
            .stream = call.stream};
}

live::Ended endedOf(const store::CallRow& call)
{
    return {.call = call.id,
            .at = call.endedAt.value_or(call.startedAt),
            .status = call.status,
            .httpStatus = call.httpStatus,
            .stopReason = call.stopReason,
            .rawStopReason = call.rawStopReason,
            .usage = call.usage,
            .model = call.model,
            .error = call.error};
}

/// The steps a stream would have had.
std::vector<StreamEvent> stepsOf(const Block& block, std::uint32_t index)
{
    StreamEvent step;
    step.block = index;
    step.executor = block.executor;
    step.isRefusal = block.isRefusal;
    step.text = block.text;
    switch (block.kind) {
    case BlockKind::Text:
        step.kind = EventKind::Text;
        return {step};
    case BlockKind::Thinking:
        step.kind = EventKind::Thinking;
        return {step};
    case BlockKind::ToolUse: {
        StreamEvent begin = step;
        begin.kind = EventKind::ToolStart;
        begin.id = block.id;
        begin.name = block.name;
        begin.text = {};
        step.kind = EventKind::ToolArgs;
        StreamEvent end = begin;
        end.kind = EventKind::ToolEnd;
        return {begin, step, end};
    }
    default:
        step.kind = EventKind::Opaque;
        step.name = block.name;
        return {step};
    }
}

/// Gathers what happened.
class Recorder
{
public:
    Recorder(store::Reader& reader, const store::CallRow& call, Recording& recording)
        : m_reader(reader)
        , m_call(call)
        , m_recording(recording)
    {
    }

    Result<void> run()
    {
        auto done = m_call.stream ? readStream() : readWhole();
        if (done)
            done = readDecisions();
        if (!done)
            return done;
        std::ranges::stable_sort(m_recording.steps, {}, &Recording::Step::at);
        add(m_call.endedAt.value_or(m_call.startedAt), endedOf(m_call));
        m_recording.length = m_recording.steps.back().at;
        return {};
    }

private:
    void add(TimePoint at, live::Event event)
    {
        const auto since = std::max(std::chrono::microseconds(0), at - m_call.startedAt);
        m_recording.steps.push_back({.at = since, .event = std::move(event)});
    }

    Result<void> readStream()
    {
        archive::RecordedReply reply(
            m_call.api, m_call.stream,
            [this](const WireEvent& piece, const StreamEvent& step) { add(piece.at, live::delta(piece, step)); });
        auto done = m_reader.eachEvent(m_call.id, [&](const store::EventRow& event) -> Result<bool> {
            reply.read(event);
            m_recording.isWhole = m_recording.steps.size() < kMostSteps;
            return m_recording.isWhole;
        });
        reply.finish();
        return done;
    }

    Result<void> readWhole()
    {
        const auto json = m_reader.reply(m_call.id);
        if (!json || json->empty())
            return json ? Result<void>() : json.error();
        // A reply that cannot be read says nothing, here as everywhere it is shown.
        const auto reply = responseFromJson(*json);
        WireEvent wire{.call = m_call.id, .seq = 1, .at = m_call.firstByteAt.value_or(m_call.startedAt)};
        for (std::uint32_t index = 0; reply && index < reply->blocks.size(); ++index)
            for (const StreamEvent& step : stepsOf(reply->blocks[index], index))
                add(wire.at, live::delta(wire, step));
        return {};
    }

    Result<void> readDecisions()
    {
        std::optional<store::Cursor> from;
        do {
            auto page = m_reader.decisionsOfCall(m_call.id, from, kDecisions);
            if (!page)
                return page.error();
            for (store::DecisionRow& row : page->items)
                add(row.decision.at, live::Decided{std::move(row.decision)});
            from = page->next;
        } while (from);
        return {};
    }

    store::Reader& m_reader;
    const store::CallRow& m_call;
    Recording& m_recording;
};
} // namespace

Result<Recording> readRecording(store::Reader& reader, CallId id)
{
    auto call = reader.call(id);
    if (!call)
        return call.error();
    if (call->areTextsRemoved)
        return Error{.code = ErrorCode::NotFound,
                     .message = "what was asked and answered here is past the time for which it is kept"};
    if (call->status == CallStatus::Open)
        return Error{.code = ErrorCode::Conflict, .message = "this call is still running"};
    auto request = readRequestView(reader, *call);
    if (!request)
        return request.error();
    Recording recording{.opened = openedOf(*call), .request = *std::move(request)};
    if (auto done = Recorder(reader, *call, recording).run(); !done)
        return done.error();
    return recording;
}

} // namespace luthien::desktop
