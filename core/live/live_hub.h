// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "live/live_event.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace luthien::live {

/// What one subscriber may have pending before it gets a gap instead.
struct QueueLimits
{
    std::size_t events = 4096;
    std::size_t textBytes = 4 * 1024 * 1024;
};

/// What happened since the last drain, in the order of each call.
struct LiveBatch
{
    std::vector<Event> events;
    /// Events before the first of this batch are missing: read them from the store. An event is then new to a view
    /// if its seq is greater than what the store gave; a Delta that straddles that point asks for another read.
    bool gap = false;
};

class SubscriberQueue;
struct HubState;

/// One reader's place at the hub; ends with the object. Thread: drain() from one thread at a time.
class Subscription
{
public:
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    /// Everything pending. The next event after this wakes again.
    [[nodiscard]] LiveBatch drain();

private:
    friend class LiveHub;
    Subscription(std::shared_ptr<HubState> hub, std::shared_ptr<SubscriberQueue> queue);

    std::shared_ptr<HubState> m_hub;
    std::shared_ptr<SubscriberQueue> m_queue;
};

/// Hands what workers see to whoever watches: the window, the event stream of the control port. Text of one block is
/// joined while a reader is behind; one that falls too far behind gets a gap. No reader ever blocks a worker.
/// Thread: any.
class LiveHub
{
public:
    explicit LiveHub(Metrics& metrics);
    ~LiveHub();
    LiveHub(const LiveHub&) = delete;
    LiveHub& operator=(const LiveHub&) = delete;

    /// One atomic load: a worker asks before it builds an event nobody wants.
    [[nodiscard]] bool hasSubscribers() const noexcept;
    void publish(const Event& event);

    /// wake is called by the publishing thread when something is pending after a drain; it carries no data, must only
    /// post to the reader's own thread, and is never called again once the subscription is destroyed.
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::function<void()> wake, QueueLimits limits = {});

private:
    std::shared_ptr<HubState> m_state;
};

} // namespace luthien::live
