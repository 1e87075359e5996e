// SPDX-License-Identifier: Apache-2.0
#include "runtime/recording_sink.h"

namespace luthien::runtime {

RecordingSink::RecordingSink(std::unique_ptr<conversation::EventSink> store, live::LiveHub& hub)
    : m_store(std::move(store))
    , m_hub(hub)
{
}

void RecordingSink::opened(const conversation::CallOpened& event)
{
    m_store->opened(event);
    if (m_hub.hasSubscribers())
        m_hub.publish(live::opened(event));
}

void RecordingSink::request(const conversation::RequestRecorded& event)
{
    m_store->request(event);
    if (m_hub.hasSubscribers())
        m_hub.publish(live::requested(event));
}

void RecordingSink::wire(const conversation::WireEvent& event)
{
    m_store->wire(event);
    if (!m_hub.hasSubscribers())
        return;
    for (const conversation::StreamEvent& step : event.meaning) {
        using conversation::EventKind;
        if (step.kind != EventKind::Framing && step.kind != EventKind::Keepalive)
            m_hub.publish(live::delta(event, step));
    }
}

void RecordingSink::decided(const conversation::Decision& decision)
{
    m_store->decided(decision);
    if (m_hub.hasSubscribers())
        m_hub.publish(live::Decided{decision});
}

void RecordingSink::ended(const conversation::CallEnded& event)
{
    m_store->ended(event);
    if (m_hub.hasSubscribers())
        m_hub.publish(live::ended(event));
}

bool RecordingSink::hasRoom() const
{
    return m_store->hasRoom();
}

} // namespace luthien::runtime
