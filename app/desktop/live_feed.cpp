// SPDX-License-Identifier: Apache-2.0
#include "desktop/live_feed.h"

#include <chrono>

namespace luthien::desktop {

using namespace std::chrono_literals;

namespace {
// A clock of our own instead of the window's frames: a hidden window has none, and would never ask again.
constexpr auto kFrame = 16ms;
} // namespace

LiveFeed::LiveFeed(live::LiveHub& hub, QObject* parent)
    : QObject(parent)
{
    m_frame.setSingleShot(true);
    m_frame.setTimerType(Qt::PreciseTimer);
    m_frame.setInterval(kFrame);
    connect(&m_frame, &QTimer::timeout, this, &LiveFeed::drain);
    m_subscription =
        hub.subscribe([this] { QMetaObject::invokeMethod(this, &LiveFeed::schedule, Qt::QueuedConnection); });
}

void LiveFeed::schedule()
{
    if (!m_frame.isActive())
        m_frame.start();
}

void LiveFeed::drain()
{
    Q_EMIT arrived(m_subscription->drain());
}

} // namespace luthien::desktop
