// SPDX-License-Identifier: Apache-2.0
#include "support/recording_sink.h"

#include <set>
#include <utility>

namespace luthien::test {

using namespace conversation;

std::string RecordedCall::receivedBody() const
{
    std::string body;
    bool sawHead = false;
    for (const Wire& wire : wires) {
        if (wire.direction != Direction::Received)
            continue;
        if (std::exchange(sawHead, true)) // the first received event is the reply's head
            body += wire.bytes;
    }
    return body;
}

bool RecordedCall::hasGaplessNumbers() const
{
    std::set<std::uint32_t> numbers{requestSeq};
    for (const SentRequest& sent : sentRequests)
        numbers.insert(sent.seq);
    for (const Wire& wire : wires)
        numbers.insert(wire.seq);
    if (ended)
        numbers.insert(ended->seq);
    return *numbers.begin() == 0 && *numbers.rbegin() + 1 == numbers.size();
}

class Recording::Sink final : public EventSink
{
public:
    explicit Sink(Recording& recording)
        : m_recording(recording)
    {
    }

    void opened(const CallOpened& event) override
    {
        const std::scoped_lock lock(m_recording.m_mutex);
        m_recording.m_places[event.call] = m_recording.m_calls.size();
        RecordedCall& call = m_recording.m_calls.emplace_back();
        call.id = event.call;
        call.identity = event.identity;
        call.api = event.api;
        call.upstream = event.upstream;
        call.method = event.method;
        call.path = event.path;
        call.model = event.model;
        call.preview = event.preview;
        call.stream = event.stream;
        call.cause = event.cause;
        call.causePolicy = event.causePolicy;
    }
    void request(const RequestRecorded& event) override
    {
        const std::scoped_lock lock(m_recording.m_mutex);
        RecordedCall& call = at(event.call);
        if (event.direction == Direction::Sent) {
            call.sentRequests.push_back({event.seq, call.wires.size(), std::string(event.body)});
            return;
        }
        call.requestSeq = event.seq;
        call.requestHead = event.head;
        call.requestBody = event.body;
        call.messages.assign(event.messages.begin(), event.messages.end());
    }
    void wire(const WireEvent& event) override
    {
        const std::scoped_lock lock(m_recording.m_mutex);
        at(event.call)
            .wires.push_back({event.seq, event.direction, event.kind, event.partial, std::string(event.bytes)});
    }
    void decided(const Decision& decision) override
    {
        const std::scoped_lock lock(m_recording.m_mutex);
        RecordedCall& call = at(decision.call);
        call.decisions.push_back({decision, call.wires.size()});
    }
    void ended(const CallEnded& event) override
    {
        const std::scoped_lock lock(m_recording.m_mutex);
        RecordedCall& call = at(event.call);
        call.rawStopReason = event.rawStopReason;
        call.replyModel = event.model;
        call.reply = event.reply;
        call.sentReply = event.sentReply;
        call.error = event.error;
        call.ended = event;
        call.ended->rawStopReason = call.ended->model = call.ended->reply = call.ended->sentReply =
            call.ended->error = {};
        ++m_recording.m_ended;
        m_recording.m_changed.notify_all();
    }
    [[nodiscard]] bool hasRoom() const override
    {
        const std::scoped_lock lock(m_recording.m_mutex);
        return m_recording.m_room;
    }

private:
    RecordedCall& at(CallId id) { return m_recording.m_calls[m_recording.m_places.at(id)]; }
    Recording& m_recording;
};

std::unique_ptr<EventSink> Recording::makeSink()
{
    return std::make_unique<Sink>(*this);
}

std::vector<RecordedCall> Recording::calls() const
{
    const std::scoped_lock lock(m_mutex);
    return m_calls;
}

bool Recording::waitForEnded(std::size_t count, std::chrono::milliseconds deadline) const
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, deadline, [&] { return m_ended >= count; });
}

void Recording::setRoom(bool room)
{
    const std::scoped_lock lock(m_mutex);
    m_room = room;
}

} // namespace luthien::test
