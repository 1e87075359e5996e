// SPDX-License-Identifier: Apache-2.0
#include "desktop/call_reading.h"

#include "archive/recorded_reply.h"
#include "live/live_event.h"
#include "protocol/dialect.h"

#include <optional>

namespace luthien::desktop {

using conversation::CallStatus;

namespace {
// A first request can carry a long history; what is beyond shows as cut.
constexpr std::uint32_t kMessages = store::Reader::kMaxPage;
constexpr std::uint32_t kDecisions = 100;

/// In the place of what is past the time for which it is kept.
void tellTextsAreRemoved(const store::CallRow& call, CallView& view)
{
    Turn turn;
    turn.role = conversation::Role::System;
    const std::string begin = call.preview.empty() ? std::string() : call.preview + "\n\n";
    turn.blocks = {conversation::Block{
        .text = begin + "(What was asked and answered here is past the time for which it is kept.)"}};
    view.setRequest({turn}, call.freshFrom > 0);
}

Result<void> readRequest(store::Reader& reader, const store::CallRow& call, CallView& view)
{
    const auto stored = reader.messages(call.id, call.freshFrom, kMessages);
    if (!stored)
        return stored.error();
    const protocol::Dialect& dialect = protocol::dialectFor(call.api);
    std::vector<Turn> turns;
    for (const store::MessageRow& message : *stored) {
        Turn& turn = turns.emplace_back();
        turn.role = dialect.parseMessage(message.json, turn.blocks);
    }
    // An API whose messages we cannot tell apart still says what was asked.
    if (turns.empty() && !call.preview.empty() && call.messageCount == 0)
        turns.push_back({.blocks = {conversation::Block{.text = call.preview}}});
    if (!turns.empty() || call.messageCount > 0 || call.status != CallStatus::Open)
        view.setRequest(turns, call.freshFrom > 0);
    return {};
}

Result<void> replayReply(store::Reader& reader, const store::CallRow& call, CallView& view)
{
    archive::RecordedReply reply(call.api, call.stream,
                                 [&view](const conversation::WireEvent& piece, const conversation::StreamEvent& step) {
                                     view.apply(live::delta(piece, step));
                                 });
    std::optional<std::uint32_t> lastSeq;
    auto done = reader.eachEvent(call.id, [&](const store::EventRow& event) -> Result<bool> {
        reply.read(event);
        lastSeq = event.seq;
        return true;
    });
    reply.finish();
    if (lastSeq)
        view.setLastSeq(*lastSeq);
    return done;
}

Result<void> readReply(store::Reader& reader, const store::CallRow& call, CallView& view)
{
    const auto json = reader.reply(call.id);
    if (!json)
        return json.error();
    // A reply that cannot be read any more is shown as what it is: a call without one.
    if (auto reply = conversation::responseFromJson(*json); !json->empty() && reply)
        view.setReply(*reply);
    const auto sentJson = reader.sentReply(call.id);
    if (!sentJson)
        return sentJson.error();
    if (auto sent = conversation::responseFromJson(*sentJson); !sentJson->empty() && sent)
        view.setSent(*sent);
    return {};
}

Result<void> readDecisions(store::Reader& reader, const store::CallRow& call, CallView& view)
{
    std::optional<store::Cursor> from;
    do {
        const auto page = reader.decisionsOfCall(call.id, from, kDecisions);
        if (!page)
            return page.error();
        for (const store::DecisionRow& row : page->items)
            view.decide(row.decision);
        from = page->next;
    } while (from);
    return {};
}

Result<void> readTexts(store::Reader& reader, const store::CallRow& call, CallView& view)
{
    if (call.areTextsRemoved) {
        tellTextsAreRemoved(call, view);
        return {};
    }
    if (auto done = readRequest(reader, call, view); !done)
        return done;
    return call.status == CallStatus::Open ? replayReply(reader, call, view) : readReply(reader, call, view);
}
} // namespace

Result<CallView> readCallView(store::Reader& reader, const store::CallRow& call)
{
    CallView view(call);
    if (auto done = readTexts(reader, call, view); !done)
        return done.error();
    if (auto done = readDecisions(reader, call, view); !done)
        return done.error();
    view.settle();
    return view;
}

Result<CallView> readRequestView(store::Reader& reader, store::CallRow call)
{
    call.status = CallStatus::Open;
    call.endedAt.reset();
    CallView view(call);
    if (auto done = readRequest(reader, call, view); !done)
        return done.error();
    view.settle();
    return view;
}

} // namespace luthien::desktop
