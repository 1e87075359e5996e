// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "live/live_hub.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace luthien::desktop {

/// Brings what workers publish into the window, at most once a frame: what came in between arrives joined.
/// Thread: GUI.
class LiveFeed : public QObject
{
    Q_OBJECT

public:
    /// The hub outlives the feed.
    explicit LiveFeed(live::LiveHub& hub, QObject* parent = nullptr);

Q_SIGNALS:
    void arrived(const luthien::live::LiveBatch& batch);

private:
    void schedule();
    void drain();

    QTimer m_frame;
    std::unique_ptr<live::Subscription> m_subscription; ///< last: it ends before what wake touches
};

} // namespace luthien::desktop
