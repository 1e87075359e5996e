// SPDX-License-Identifier: Apache-2.0
#include "live/live_hub.h"

#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

namespace luthien::live {

namespace {
/// What an event holds that has no bound of its own.
std::size_t textBytesOf(const Event& event)
{
    if (const auto* step = std::get_if<Delta>(&event))
        return step->text.size();
    if (const auto* decided = std::get_if<Decided>(&event))
        return decided->decision.original.size() + decided->decision.final.size();
    return 0;
}
} // namespace

/// The pending events of one reader.
class SubscriberQueue
{
public:
    SubscriberQueue(std::function<void()> wake, QueueLimits limits)
        : m_wake(std::move(wake))
        , m_limits(limits)
    {
    }

    /// Returns how many events became a gap.
    std::size_t push(const Event& event)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_wake)
            return 0;
        if (const auto* step = std::get_if<Delta>(&event); step == nullptr || !join(*step))
            append(event);
        const std::size_t lost = enforceLimits();
        if (!m_isAwake) {
            m_isAwake = true;
            m_wake();
        }
        return lost;
    }

    [[nodiscard]] LiveBatch drain()
    {
        LiveBatch batch;
        const std::lock_guard lock(m_mutex);
        batch.events.swap(m_events);
        batch.gap = std::exchange(m_hasGap, false);
        m_newest.clear();
        m_textBytes = 0;
        m_isAwake = false;
        return batch;
    }

    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_wake = nullptr;
    }

private:
    /// Only the newest event of a call can grow, so that the order within a call stays.
    bool join(const Delta& step)
    {
        const auto found = m_newest.find(step.call);
        if (found == m_newest.end())
            return false;
        auto* pending = std::get_if<Delta>(&m_events[found->second]);
        if (pending == nullptr || !isContinuation(*pending, step))
            return false;
        pending->text += step.text;
        pending->seq = step.seq;
        pending->at = step.at;
        m_textBytes += step.text.size();
        return true;
    }

    void append(const Event& event)
    {
        m_events.push_back(event);
        if (const CallId call = callOf(event); !call.isNil())
            m_newest[call] = m_events.size() - 1;
        m_textBytes += textBytesOf(event);
    }

    std::size_t enforceLimits()
    {
        if (m_events.size() <= m_limits.events && m_textBytes <= m_limits.textBytes)
            return 0;
        const std::size_t lost = m_events.size();
        m_events.clear();
        m_newest.clear();
        m_textBytes = 0;
        m_hasGap = true;
        return lost;
    }

    std::mutex m_mutex;
    std::function<void()> m_wake; ///< empty = the reader has gone
    QueueLimits m_limits;
    std::vector<Event> m_events;
    std::unordered_map<CallId, std::size_t> m_newest; ///< position of each call's last pending event
    std::size_t m_textBytes = 0;
    bool m_hasGap = false;
    bool m_isAwake = false;
};

struct HubState
{
    explicit HubState(Metrics& counters)
        : metrics(counters)
    {
    }

    Metrics& metrics;
    std::atomic<std::size_t> count = 0;
    std::shared_mutex mutex; ///< guards queues
    std::vector<std::shared_ptr<SubscriberQueue>> queues;
};

Subscription::Subscription(std::shared_ptr<HubState> hub, std::shared_ptr<SubscriberQueue> queue)
    : m_hub(std::move(hub))
    , m_queue(std::move(queue))
{
}

Subscription::~Subscription()
{
    m_queue->close();
    const std::lock_guard lock(m_hub->mutex);
    std::erase(m_hub->queues, m_queue);
    m_hub->count.store(m_hub->queues.size(), std::memory_order_relaxed);
}

LiveBatch Subscription::drain()
{
    return m_queue->drain();
}

LiveHub::LiveHub(Metrics& metrics)
    : m_state(std::make_shared<HubState>(metrics))
{
}

LiveHub::~LiveHub() = default;

bool LiveHub::hasSubscribers() const noexcept
{
    return m_state->count.load(std::memory_order_relaxed) != 0;
}

void LiveHub::publish(const Event& event)
{
    if (!hasSubscribers())
        return;
    const std::shared_lock lock(m_state->mutex);
    for (const auto& queue : m_state->queues) {
        if (const std::size_t lost = queue->push(event); lost != 0)
            m_state->metrics.add(Metric::LiveEventsDropped, lost);
    }
}

std::unique_ptr<Subscription> LiveHub::subscribe(std::function<void()> wake, QueueLimits limits)
{
    auto queue = std::make_shared<SubscriberQueue>(std::move(wake), limits);
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->queues.push_back(queue);
        m_state->count.store(m_state->queues.size(), std::memory_order_relaxed);
    }
    return std::unique_ptr<Subscription>(new Subscription(m_state, std::move(queue)));
}

} // namespace luthien::live
