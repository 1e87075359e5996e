// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_view.h"
#include "live/live_event.h"

#include <QObject>
#include <QString>

#include <chrono>
#include <memory>
#include <vector>

namespace luthien::desktop {

/// A recorded call as what happened, and when.
struct Recording
{
    struct Step
    {
        std::chrono::microseconds at{}; ///< since the call began
        live::Event event;
    };
    live::Opened opened;
    CallView request;        ///< what was asked, as it stands at the begin
    std::vector<Step> steps; ///< in order; the last one is the end
    std::chrono::microseconds length{};
    bool isWhole = true; ///< false = it was too long to be played to its end
};

/// Reads recordings without ever making anybody wait: each request is answered by one signal, later. Thread: GUI.
class RecordingSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void loadRecording(quint64 token, CallId call) = 0;

Q_SIGNALS:
    void recordingLoaded(quint64 token, const std::shared_ptr<const luthien::desktop::Recording>& recording);
    /// One sentence.
    void failed(quint64 token, const QString& problem);
};

} // namespace luthien::desktop
