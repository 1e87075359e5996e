// SPDX-License-Identifier: Apache-2.0
#include "desktop/call_reading.h"

#include "protocol/dialect.h"
#include "protocol/stream_framer.h"

#include <optional>

namespace luthien::desktop {

using conversation::CallStatus;
using conversation::Direction;
using conversation::WireKind;

namespace {
// A first request can carry a long history; what is beyond shows as cut.
constexpr std::uint32_t kMessages = store::Reader::kMaxPage;
constexpr std::uint32_t kEvents = store::Reader::kMaxPage;
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

/// Whether an event's bytes are a piece of the reply as the provider sent it.
bool isReplyPiece(const store::EventRow& event)
{
    switch (event.kind) {
    case WireKind::Request:
    case WireKind::End:
    case WireKind::Hold:
    case WireKind::Release:
        return false;
    case WireKind::Head: // the status and headers, as our own JSON, come before the first event
        return !event.bytes.starts_with('{');
    default:
        return event.direction == Direction::Received;
    }
}

/// The content type is not kept apart; a list shows itself by its bracket.
conversation::StreamForm formOf(conversation::Api api, std::string_view begin)
{
    const std::size_t first = begin.find_first_not_of(" \t\r\n");
    if (api == conversation::Api::Ollama)
        return conversation::StreamForm::Lines;
    const bool isList = first != std::string_view::npos && begin[first] == '[';
    return isList ? conversation::StreamForm::List : conversation::StreamForm::EventStream;
}

/// Reads a recorded stream again, as it was read when it came.
class Replay
{
public:
    Replay(conversation::Api api, CallView& view)
        : m_api(api)
        , m_decoder(protocol::dialectFor(api).makeDecoder())
        , m_view(view)
    {
    }

    void take(const store::EventRow& event)
    {
        if (!m_framer)
            m_framer.emplace(formOf(m_api, event.bytes));
        m_wire = {.call = event.call, .seq = event.seq, .at = event.at};
        std::string_view rest = event.bytes;
        while (!rest.empty()) {
            const auto step = m_framer->parse(rest);
            rest.remove_prefix(step.consumed);
            if (step.state != protocol::StreamFramer::State::Event)
                return;
            show(step.event);
        }
    }

    /// Nothing more was recorded.
    void finish()
    {
        if (!m_framer)
            return;
        if (const auto last = m_framer->finish(); last.state == protocol::StreamFramer::State::Event)
            show(last.event);
    }

private:
    void show(const protocol::SseEvent& event)
    {
        if (!event.hasData)
            return;
        for (const conversation::StreamEvent& meaning : m_decoder->decode(event.type, event.data))
            m_view.apply(live::delta(m_wire, meaning));
    }

    conversation::Api m_api;
    std::unique_ptr<protocol::StreamDecoder> m_decoder;
    std::optional<protocol::StreamFramer> m_framer;
    conversation::WireEvent m_wire; ///< without its bytes
    CallView& m_view;
};

Result<void> replayReply(store::Reader& reader, const store::CallRow& call, CallView& view)
{
    Replay replay(call.api, view);
    for (std::uint32_t from = 0;;) {
        const auto events = reader.events(call.id, from, kEvents);
        if (!events)
            return events.error();
        for (const store::EventRow& event : *events) {
            if (call.stream && isReplyPiece(event))
                replay.take(event);
            view.setLastSeq(event.seq);
        }
        if (events->size() < kEvents) {
            replay.finish();
            return {};
        }
        from = events->back().seq + 1;
    }
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

} // namespace luthien::desktop
